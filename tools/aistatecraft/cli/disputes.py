"""`aistatecraft disputes`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat

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
    path: Annotated[
        Path | None, typer.Option(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="A released version, such as 0.1.0.")] = None,
) -> None:
    """Show every disputed field: what the table has, who supports it, who disputes it and with what."""
    from aistatecraft.cli.frame_output import show_frame
    from aistatecraft.views.disputes_view import disputes

    show_frame(disputes(table, path=path, version=version), format)
