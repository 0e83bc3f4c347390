"""`aistatecraft codebook`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.options import NoPagerOption, PathOption, complete_table
from aistatecraft.cli.output import TableFormat

SHORT = "Describe the fields of the tables."
EXAMPLES = """\b
Examples:
  aistatecraft codebook strategies
  aistatecraft codebook --format md > codebook.md
"""


def command(
    table: Annotated[str | None, typer.Argument(help="Table to describe. Default: all tables.", autocompletion=complete_table)] = None,
    format: Annotated[TableFormat, typer.Option(help="Output format.")] = TableFormat.table,
    path: PathOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Describe the fields of one table or of all: type, meaning, allowed values and an example. CSV and JSON have more columns."""
    from aistatecraft.cli.output import emit, emit_table
    from aistatecraft.cli.package import choose, note
    from aistatecraft.package.codebook import codebook_markdown, field_rows, table_markdown

    chosen = choose(path)
    package = chosen.package
    schemas = [package.resource(table).schema] if table else [resource.schema for resource in package.resources.values()]
    if format is TableFormat.md:
        emit(table_markdown(schemas[0]) if table else codebook_markdown(package))
        note(chosen, format)
        return
    if format is TableFormat.table:
        from aistatecraft.package.codebook import reading_rows

        names = [*(() if table else ("table",)), "field", "type", "meaning", "example"]
        emit_table(names, [[row[name] for name in names] for schema in schemas for row in reading_rows(schema)], format)
        note(chosen, format)
        return
    names = ["table", "field", "type", "required", "references", "description", "values", "example"]
    cells = [
        ["" if row[name] is None else str(row[name]).lower() if isinstance(row[name], bool) else str(row[name]) for name in names]
        for schema in schemas
        for row in field_rows(schema)
    ]
    emit_table(names, cells, format)
    note(chosen, format)
