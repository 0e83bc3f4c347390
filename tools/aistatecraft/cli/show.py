"""`aistatecraft show`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.options import NoPagerOption, PathOption, VersionOption, complete_table
from aistatecraft.cli.output import TableFormat

SHORT = "Show rows of a table."
EXAMPLES = """\b
Examples:
  aistatecraft show strategies --where jurisdiction=Brazil
  aistatecraft show index_scores --where index_id=ilia-2025 --where 'score>=60' --format csv
  aistatecraft show signatories --where declaration=santiago-2023 --columns actor,role --format md
"""


def command(
    table: Annotated[str, typer.Argument(help="Name of the table; 'aistatecraft info' lists them.", autocompletion=complete_table)],
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="Condition: field=value, field!=value, field~text, field>value, field<=value; field= matches blank cells. Where a field refers to a record, "
            "its name in any language will do. Repeatable; all conditions must hold."
        ),
    ] = None,
    columns: Annotated[str | None, typer.Option("--columns", "--fields", help="Fields to show, separated by commas.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Show all fields, not only the main ones. CSV and JSON always have all.")] = False,
    limit: Annotated[int | None, typer.Option(min=0, help="Maximum number of rows.")] = None,
    format: Annotated[TableFormat, typer.Option(help="Output format.")] = TableFormat.table,
    path: PathOption = None,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Show rows of a table as a table, CSV, JSON or Markdown.

    Without --columns or --all, a table or Markdown has the main fields only. On a terminal, columns that are blank throughout are left out, and
    records that do not fit into the width are printed one below the other.
    """
    from aistatecraft.cli.output import aside, emit, emit_table
    from aistatecraft.cli.package import choose, note
    from aistatecraft.errors import UsageError
    from aistatecraft.package.escape import printable
    from aistatecraft.package.query import default_fields, none_found, parse_conditions, select, typed

    if columns is not None and every:
        raise UsageError("give either --columns or --all, not both.")
    chosen = choose(path, version)
    package = chosen.package
    resource = package.resource(table)
    conditions = parse_conditions(package, resource, where or [])
    wanted = [name.strip() for name in columns.split(",") if name.strip()] if columns else []
    if not wanted and not every and format in (TableFormat.table, TableFormat.md):
        wanted = default_fields(resource.schema)
    fields, found = select(package, resource, conditions, wanted, limit)
    rows = list(found)
    for condition in conditions:
        if condition.taken:
            aside(condition.taken)
    if not rows and conditions and limit != 0:
        (emit if format is TableFormat.table else aside)(printable(none_found(package, resource, conditions), 2_000))
    if rows or format is not TableFormat.table or not conditions:
        emit_table(
            [field.name for field in fields],
            rows,
            format,
            lambda row: [typed(field, cell) for field, cell in zip(fields, row, strict=True)],
        )
    if rows and columns is None and len(fields) < len(resource.schema.fields):
        (emit if format is TableFormat.table else aside)(f"{len(fields)} of {len(resource.schema.fields)} fields; --all shows the others")
    note(chosen, format)
