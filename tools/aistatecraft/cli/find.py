"""`aistatecraft find`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat
from aistatecraft.cli.package import PathOption, VersionOption

SHORT = "Records by a name in any language."
EXAMPLES = """\b
Examples:
  aistatecraft find 人工智能行动计划
  aistatecraft find "estrategia brasileira"
  aistatecraft find "EO 14179" --table instruments
"""


def command(
    text: Annotated[
        str, typer.Argument(help="Part of a name, title, label, acronym, official number or identifier; several words in any order.")
    ],
    table: Annotated[str | None, typer.Option(help="Only in this table.")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most so many records.")] = None,
    format: Annotated[TableFormat, typer.Option(help="How to print them.")] = TableFormat.table,
    path: PathOption = None,
    version: VersionOption = None,
) -> None:
    """Find records by what they are called in English, Chinese, Spanish, Portuguese or French; accents and capitals do not matter."""
    from aistatecraft.api import find
    from aistatecraft.cli.output import emit, emit_table
    from aistatecraft.cli.package import choose, note

    chosen = choose(path, version)
    found = find(text, table=table, path=chosen.place)
    if not found and format is TableFormat.table:
        emit(f"no record is called {text!r}; try fewer words, or another language.")
        note(chosen, format)
        return
    rows = [[one.table, one.id, one.name, "" if one.text == one.name else one.text] for one in found[:limit]]
    emit_table(["table", "id", "name", "found in"], rows, format)
    note(chosen, format)
