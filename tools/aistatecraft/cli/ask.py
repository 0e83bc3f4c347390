"""`aistatecraft ask`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from aistatecraft.cli.analysis_output import FormatOption, OutOption, give
from aistatecraft.cli.options import NoPagerOption, PathOption, VersionOption
from aistatecraft.cli.output import TableFormat

SHORT = "Ask what held on a day: in force, members, signatories; or for hedging."
EXAMPLES = """\b
Examples:
  aistatecraft ask in-force --on 2025-06-01 --jurisdiction USA --kind control
  aistatecraft ask status usa-eo-14110 --on 2025-01-19
  aistatecraft ask members G20 --on 2023-09-09 --format csv
  aistatecraft ask signatories bletchley-2023 --on 2023-11-02
  aistatecraft ask hedging --from 2025 --to 2025 --state BRA --state CHL
"""


class Question(StrEnum):
    """What can be asked."""

    in_force = "in-force"
    status = "status"
    members = "members"
    signatories = "signatories"
    hedging = "hedging"


_OPTIONS = {
    Question.in_force: {"on", "table", "jurisdiction", "kind", "only"},
    Question.status: {"on", "table"},
    Question.members: {"on"},
    Question.signatories: {"on"},
    Question.hedging: {"from", "to", "state"},
}


def command(
    question: Annotated[Question, typer.Argument(help="What to ask.")],
    records: Annotated[list[str] | None, typer.Argument(help="For status, members and signatories: identifiers or names.")] = None,
    on: Annotated[str | None, typer.Option(help="The day, as YYYY-MM-DD. Default: today.")] = None,
    table: Annotated[
        str | None, typer.Option(help="strategies, declarations or instruments. Default for in-force: instruments; all: all three.")
    ] = None,
    jurisdiction: Annotated[
        list[str] | None, typer.Option(help="For in-force: only of this state or body, by identifier or name. Repeatable.")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="For in-force: only records of this kind, such as law. Repeatable.")] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="For in-force: states to list: in_force, unknown, not_yet, ended. Repeatable. Default: the first two."),
    ] = None,
    state: Annotated[list[str] | None, typer.Option(help="For hedging: only this state, by identifier or name. Repeatable.")] = None,
    start: Annotated[int | None, typer.Option("--from", help="For hedging: first year.")] = None,
    end: Annotated[int | None, typer.Option("--to", help="For hedging: last year.")] = None,
    format: FormatOption = TableFormat.table,
    out: OutOption = None,
    path: PathOption = None,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Say what was in force, who was a member or had signed on a day, each row with its reason and its sources.

    unknown means that the tables do not tell: a date covers the day in part, or no source shows the state that late. docs/analyses.md
    explains every column.
    """
    from aistatecraft.analysis import as_of
    from aistatecraft.analysis.hedging import hedging_measure
    from aistatecraft.cli.package import choose
    from aistatecraft.errors import UsageError

    given = {"on": on, "table": table, "jurisdiction": jurisdiction, "kind": kind, "only": only, "state": state, "from": start, "to": end}
    for name, value in given.items():
        if value and name not in _OPTIONS[question]:
            raise UsageError(
                f"ask {question} has no option --{name}; it takes {', '.join(f'--{one}' for one in sorted(_OPTIONS[question]))}."
            )
    words = records or []
    named = question in (Question.status, Question.members, Question.signatories)
    if bool(words) != named or (len(words) > 1 and question is not Question.status):
        needs = "one or more records" if question is Question.status else "exactly one name" if named else "no name"
        raise UsageError(f"ask {question} takes {needs} after it.")
    chosen = choose(path, version)
    place = chosen.place
    if question is Question.in_force:
        filters: dict[str, Any] = {name: value for name, value in (("jurisdiction", jurisdiction), ("kind", kind)) if value}
        where = None if table == "all" else table or "instruments"
        frame = as_of.in_force(on, where, states=only or ("in_force", "unknown"), path=place, **filters)
        if format in (TableFormat.table, TableFormat.md) and out is None:
            frame = frame.drop(columns=["day", "event", "until"])
    elif question is Question.status:
        frame = as_of.status(words, on=on, table=table, path=place)
    elif question is Question.members:
        frame = as_of.members(words[0], on=on, path=place)
    elif question is Question.signatories:
        frame = as_of.signatories(words[0], on=on, path=place)
    else:
        frame = hedging_measure(start=start, end=end, states=state, path=place)
    give(frame, chosen, format, out)
