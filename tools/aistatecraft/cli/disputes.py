"""`aistatecraft disputes`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat
from aistatecraft.cli.package import PathOption, VersionOption

SHORT = "Values over which sources disagree, with both sides."
EXAMPLES = """\b
Examples:
  aistatecraft disputes
  aistatecraft disputes --table strategies
  aistatecraft disputes --format csv > disputes.csv
"""


def command(
    table: Annotated[str | None, typer.Option(help="Only records of this table.")] = None,
    format: Annotated[
        TableFormat, typer.Option(help="How to print it: table and md one row a disputed field, csv and json one row a piece of evidence.")
    ] = TableFormat.table,
    path: PathOption = None,
    version: VersionOption = None,
) -> None:
    """Show every disputed field: what the table has, who supports it, who disputes it and with what."""
    from aistatecraft.cli.frame_output import show_frame
    from aistatecraft.cli.package import choose, note
    from aistatecraft.views.disputes_view import disputes

    chosen = choose(path, version)
    show_frame(disputes(table, path=chosen.place), format)
    note(chosen, format)
