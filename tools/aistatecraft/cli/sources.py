"""`aistatecraft sources`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat

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
    path: Annotated[
        Path | None, typer.Option(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="A released version, such as 0.1.0.")] = None,
) -> None:
    """Show the evidence of a record: what each source states, where, and whether it supports the value in the table."""
    from aistatecraft.api import sources_of
    from aistatecraft.cli.output import emit_table

    frame = sources_of(table, id, path=path, version=version)
    texts = frame.assign(accessed=frame["accessed"].dt.strftime("%Y-%m-%d")).astype("object")
    rows = texts.where(frame.notna(), "").astype(str).to_numpy().tolist()
    emit_table(list(frame.columns), rows, format)
