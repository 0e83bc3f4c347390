"""`aistatecraft show`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat
from aistatecraft.cli.package import PathOption, VersionOption

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
    path: PathOption = None,
    version: VersionOption = None,
) -> None:
    """Show rows of a table as a table, CSV, JSON or Markdown."""
    from aistatecraft.cli.output import emit_table
    from aistatecraft.cli.package import choose, note
    from aistatecraft.package.query import select, typed

    chosen = choose(path, version)
    package = chosen.package
    wanted = [name.strip() for name in fields.split(",") if name.strip()] if fields else []
    columns, rows = select(package, package.resource(table), where or [], wanted, limit)
    emit_table(
        [column.name for column in columns],
        rows,
        format,
        lambda row: [typed(column, cell) for column, cell in zip(columns, row, strict=True)],
    )
    note(chosen, format)
