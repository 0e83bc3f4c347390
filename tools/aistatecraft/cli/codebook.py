"""`aistatecraft codebook`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat

SHORT = "What each field means."
EXAMPLES = """\b
Examples:
  aistatecraft codebook strategies
  aistatecraft codebook --format md > codebook.md
"""


def command(
    table: Annotated[str | None, typer.Argument(help="One table; all where it is left out.")] = None,
    format: Annotated[TableFormat, typer.Option(help="How to print it.")] = TableFormat.table,
    path: Annotated[
        Path | None, typer.Option(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
) -> None:
    """Show the fields of a table, or of all: type, meaning, values, example."""
    from aistatecraft.cli.output import emit, emit_table
    from aistatecraft.package.codebook import codebook_markdown, field_rows, table_markdown
    from aistatecraft.releases.resolve import package_at

    package = package_at(path)
    schemas = [package.resource(table).schema] if table else [resource.schema for resource in package.resources.values()]
    if format is TableFormat.md:
        emit(table_markdown(schemas[0]) if table else codebook_markdown(package))
        return
    rows = [row for schema in schemas for row in field_rows(schema)]
    names = (
        ["table", "field", "type", "required", "references", "description", "values", "example"]
        if format is not TableFormat.table or not table
        else ["field", "type", "required", "references", "description", "values", "example"]
    )
    cells = [
        ["" if row[name] is None else str(row[name]).lower() if isinstance(row[name], bool) else str(row[name]) for name in names]
        for row in rows
    ]
    emit_table(names, cells, format)
