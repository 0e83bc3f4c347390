"""`aistatecraft find`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.options import NoPagerOption, PathOption, VersionOption, complete_table
from aistatecraft.cli.output import TableFormat

SHORT = "Find records by name, in any language."
EXAMPLES = """\b
Examples:
  aistatecraft find 人工智能行动计划
  aistatecraft find "estrategia brasileira"
  aistatecraft find "EO 14179" --table instruments
"""


def command(
    text: Annotated[
        str, typer.Argument(help="Part of a name, title, label, acronym, official number or identifier. Several words may be in any order.")
    ],
    table: Annotated[str | None, typer.Option(help="Search only this table.", autocompletion=complete_table)] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Maximum number of records.")] = None,
    format: Annotated[TableFormat, typer.Option(help="Output format.")] = TableFormat.table,
    path: PathOption = None,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Find records by their names in English, Chinese, Spanish, Portuguese or French. Accents and case are ignored."""
    from aistatecraft.api import find
    from aistatecraft.cli.output import emit, emit_table
    from aistatecraft.cli.package import choose, note

    chosen = choose(path, version)
    found = find(text, table=table, path=chosen.place)
    if not found and format is TableFormat.table:
        emit(f"no record has {text!r} in its name; try fewer words or another language.")
        note(chosen, format)
        return
    rows = [[one.table, one.id, one.name, "" if one.text == one.name else one.text] for one in found[:limit]]
    emit_table(["table", "id", "name", "found in"], rows, format)
    note(chosen, format)
