"""`aistatecraft sources`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.options import NoPagerOption, PathOption, VersionOption, complete_record, complete_table
from aistatecraft.cli.output import TableFormat

SHORT = "List the sources for a record."
EXAMPLES = """\b
Examples:
  aistatecraft sources strategies bra-ebia-2021
  aistatecraft sources signatories cartagena-2024/CUB/signed
"""

_MAIN = ("source", "field", "stance", "stated", "quote", "locator", "title")
"""Columns that are shown where not all are asked for; the source first."""


def command(
    table: Annotated[str, typer.Argument(help="Table of the record.", autocompletion=complete_table)],
    id: Annotated[
        str,
        typer.Argument(
            help="Identifier of the record, or a name that no other record has. Join the values of a key of several fields with slashes.",
            autocompletion=complete_record,
        ),
    ],
    format: Annotated[TableFormat, typer.Option(help="Output format.")] = TableFormat.table,
    path: PathOption = None,
    every: Annotated[bool, typer.Option("--all", help="Show all columns, not only the main ones. CSV and JSON always have all.")] = False,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """List the evidence for a record: what each source states, where, and whether it supports the value in the table."""
    from aistatecraft.api import sources_of
    from aistatecraft.cli.output import emit_table
    from aistatecraft.cli.package import choose, identify, note

    chosen = choose(path, version)
    frame = sources_of(table, identify(chosen, table, id), path=chosen.place)
    if frame["accessed"].dtype.kind == "M":  # a package may keep its days as text
        frame = frame.assign(accessed=frame["accessed"].dt.strftime("%Y-%m-%d"))
    if format in (TableFormat.table, TableFormat.md) and not every:
        frame = frame[[name for name in _MAIN if name in frame.columns]]
    texts = frame.astype("object")
    rows = texts.where(frame.notna(), "").astype(str).to_numpy().tolist()
    emit_table(list(frame.columns), rows, format)
    note(chosen, format)
