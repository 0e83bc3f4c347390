"""`aistatecraft panel`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from aistatecraft.cli.analysis_output import FormatOption, OutOption, give
from aistatecraft.cli.options import NoPagerOption, PathOption, VersionOption
from aistatecraft.cli.output import TableFormat

SHORT = "Make a country-year or dyad-year panel."
EXAMPLES = """\b
Examples:
  aistatecraft panel --out panel.csv
  aistatecraft panel --from 2019 --to 2025 --out panel.parquet
  aistatecraft panel --unit dyad --from 2023 --to 2025 --out dyads.csv
  aistatecraft panel --system none --format csv > panel.csv
"""


class Unit(StrEnum):
    """Units of analysis."""

    state = "state"
    dyad = "dyad"


class System(StrEnum):
    """Lists of states."""

    gleditsch_ward = "gleditsch-ward"
    correlates_of_war = "correlates-of-war"
    none = "none"


def command(
    unit: Annotated[Unit, typer.Option(help="A row a state and year, or a pair of states and year.")] = Unit.state,
    start: Annotated[int | None, typer.Option("--from", help="First year. Default: that of the first dated declaration.")] = None,
    end: Annotated[int | None, typer.Option("--to", help="Last year. Default: that of the last dated declaration.")] = None,
    system: Annotated[
        System, typer.Option(help="The list of states, which enter and leave the panel as it has them; none: all states, in all years.")
    ] = System.gleditsch_ward,
    format: FormatOption = TableFormat.csv,
    out: OutOption = None,
    path: PathOption = None,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Make a panel: strategies, acts by leading power, votes, instruments, memberships and index scores, by state and year.

    A count is 0 only where the tables cover what is counted; else the cell is blank. docs/analyses.md explains every column.
    """
    from aistatecraft.analysis import panel as panels
    from aistatecraft.cli.package import choose

    chosen = choose(path, version)
    listed = None if system is System.none else str(system.value)
    frame = panels.panel("dyad" if unit is Unit.dyad else "state", start=start, end=end, system=listed, path=chosen.place)
    give(frame, chosen, format, out)
