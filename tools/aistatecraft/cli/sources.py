"""`aistatecraft sources`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat
from aistatecraft.cli.package import PathOption, VersionOption

SHORT = "Which sources say so, for one record."
EXAMPLES = """\b
Examples:
  aistatecraft sources strategies bra-ebia-2021
  aistatecraft sources signatories cartagena-2024/CUB/signed
"""


def command(
    table: Annotated[str, typer.Argument(help="Table of the record.")],
    id: Annotated[str, typer.Argument(help="Identifier of the record; where the key has several fields, their values joined by a slash.")],
    format: Annotated[TableFormat, typer.Option(help="How to print them.")] = TableFormat.table,
    path: PathOption = None,
    version: VersionOption = None,
) -> None:
    """Show the evidence of a record: what each source states, where, and whether it supports the value in the table."""
    from aistatecraft.api import sources_of
    from aistatecraft.cli.output import emit_table
    from aistatecraft.cli.package import choose, note

    chosen = choose(path, version)
    frame = sources_of(table, id, path=chosen.place)
    if frame["accessed"].dtype.kind == "M":  # a package may keep its days as text
        frame = frame.assign(accessed=frame["accessed"].dt.strftime("%Y-%m-%d"))
    texts = frame.astype("object")
    rows = texts.where(frame.notna(), "").astype(str).to_numpy().tolist()
    emit_table(list(frame.columns), rows, format)
    note(chosen, format)
