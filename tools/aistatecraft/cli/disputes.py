"""`aistatecraft disputes`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.options import NoPagerOption, PathOption, VersionOption, complete_table
from aistatecraft.cli.output import TableFormat

SHORT = "List values on which sources disagree."
EXAMPLES = """\b
Examples:
  aistatecraft disputes
  aistatecraft disputes --table strategies
  aistatecraft disputes --stance outdated --stance other_measure
  aistatecraft disputes --format csv > disputes.csv
"""


def command(
    table: Annotated[str | None, typer.Option(help="Only records of this table.", autocompletion=complete_table)] = None,
    stance: Annotated[
        list[str] | None,
        typer.Option(
            help="Which statements: disputes (default), or those that differ without disputing: outdated, other_measure, omits, variant; all. Repeatable."
        ),
    ] = None,
    format: Annotated[
        TableFormat,
        typer.Option(help="Output format. table and md have one row per disputed field, csv and json one row per piece of evidence."),
    ] = TableFormat.table,
    path: PathOption = None,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """List every disputed field: the value in the table, the sources that support it, and what others state instead.

    With --stance also statements that differ for another reason: true at an earlier time, another measure, left out, another form."""
    from aistatecraft.cli.frame_output import show_frame
    from aistatecraft.cli.package import choose, note
    from aistatecraft.views.disputes_view import disputes

    chosen = choose(path, version)
    show_frame(disputes(table, stance=stance or "disputes", path=chosen.place), format)
    note(chosen, format)
