"""`aistatecraft show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat

SHORT = "Rows of a table."
EXAMPLES = """\b
Examples:
  aistatecraft show strategies --where jurisdiction=BRA
  aistatecraft show index_scores --where index=ilia-2025 --where 'score>=60' --format csv
  aistatecraft show signatories --where declaration=santiago-2023 --fields actor,role --format md
"""


def command(
    table: Annotated[str, typer.Argument(help="Name of the table; see 'aistatecraft info'.")],
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="Condition: field=value, field!=value, field~text, field>value, field<=value; field= for blank. May be given several times; all must hold."
        ),
    ] = None,
    fields: Annotated[str | None, typer.Option(help="Fields to show, separated by commas.")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most so many rows.")] = None,
    format: Annotated[
        TableFormat, typer.Option(help="How to print them. On a terminal a table leaves out columns that are blank throughout.")
    ] = TableFormat.table,
    path: Annotated[
        Path | None, typer.Option(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="A released version, such as 0.1.0.")] = None,
) -> None:
    """Show rows of a table as a table, CSV, JSON or Markdown."""
    from aistatecraft.cli.output import emit_table
    from aistatecraft.package.query import select, typed
    from aistatecraft.releases.resolve import package_at

    package = package_at(path, version)
    wanted = [name.strip() for name in fields.split(",") if name.strip()] if fields else []
    columns, rows = select(package, package.resource(table), where or [], wanted, limit)
    emit_table(
        [column.name for column in columns],
        rows,
        format,
        lambda row: [typed(column, cell) for column, cell in zip(columns, row, strict=True)],
    )
