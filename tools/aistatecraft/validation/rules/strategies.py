"""Strategies: what replaces what, and what the status of a document rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aistatecraft.package.edtf import first_and_last
from aistatecraft.validation.rules.base import Context, Problem, rows, rule
from aistatecraft.validation.rules.references import circles

if TYPE_CHECKING:
    import pandas as pd


@rule("supersedes-within", scope="package", tables=("strategies",))
def supersedes_within(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A strategy supersedes only a strategy of the same jurisdiction that is not more recent and has the status superseded."""
    fields = ("jurisdiction", "status", "adopted")
    records = {identifier: values for _, identifier, *values in rows(frame, "id", *fields)}
    for number, before, jurisdiction, adopted in rows(frame, "supersedes", "jurisdiction", "adopted", only=frame["supersedes"].notna()):
        if before not in records:
            continue
        its_jurisdiction, its_status, its_adoption = records[before]
        if its_jurisdiction != jurisdiction:
            yield Problem(number, "supersedes", f"{before!r} is of {its_jurisdiction}, not of {jurisdiction}", "correct supersedes")
        if its_status not in (None, "superseded", "repealed", "abandoned"):
            message = f"{before!r} is replaced but has the status {its_status!r}"
            yield Problem(number, "supersedes", message, "set its status to superseded, or clear supersedes")
        if adopted and its_adoption and first_and_last(adopted)[1] < first_and_last(its_adoption)[0]:
            message = f"it was adopted {adopted}, before {before!r} ({its_adoption})"
            yield Problem(number, "supersedes", message, "correct supersedes or the dates")


@rule("supersedes-without-cycle", scope="table", tables=("strategies",))
def supersedes_without_cycle(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """No strategy supersedes itself, directly or through other strategies."""
    for number, circle in circles(frame, "supersedes"):
        yield Problem(number, "supersedes", f"{circle}: the documents replace each other in a cycle", "correct one of them")


@rule("adopted-needs-date", scope="row", tables=("strategies",), severity="warning")
def adopted_needs_date(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """An adopted strategy has a date of adoption, or a note that none was found. A draft has none."""
    for number in frame.index[(frame["status"] == "adopted") & frame["adopted"].isna() & frame["note"].isna()]:
        message = "the strategy is adopted but has no date"
        yield Problem(number, "adopted", message, "fill in adopted, or state in note that no date was found")
    for number, status in rows(frame, "status", only=frame["status"].isin(["draft", "in_preparation"]) & frame["adopted"].notna()):
        message = f"a strategy with the status {status!r} has an adoption date"
        yield Problem(number, "adopted", message, "move the date to events, or correct the status")


@rule("ended-needs-event", scope="package", tables=("strategies", "instruments"))
def ended_needs_event(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A repealed document has an event that records this, or the date on which it ended."""
    events = context.rows("events", "record_table", "record_id", "event")
    ends = {record for _, table, record, event in events if table == context.table and event in ("rescinded", "vetoed")}
    open_ended = (frame["status"] == "repealed") & frame["id"].notna() & ~frame["id"].isin(ends)
    if "ended" in frame.columns:
        open_ended &= frame["ended"].isna()
    for number in frame.index[open_ended]:
        message = "it is repealed, but has no event with the date"
        yield Problem(number, "status", message, "add an event 'rescinded', or correct the status")


@rule("coverage-agrees", scope="package", tables=("coverage",))
def coverage_agrees(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """If coverage says that no strategy was found, no adopted strategy exists. A strategy that was found may still lack a row in strategies."""
    strategies = context.frame("strategies")
    if strategies is None:
        return
    adopted = set(strategies["jurisdiction"][strategies["status"].isin(["adopted", "superseded", "repealed"])].dropna())
    denied = (frame["topic"] == "national-ai-strategy") & (frame["finding"] == "none_found") & frame["actor"].isin(adopted)
    for number, actor in rows(frame, "actor", only=denied):
        message = f"coverage says that none was found for {actor}, but strategies has an adopted one"
        yield Problem(number, "finding", message, "correct the finding")


@rule("coverage-current", scope="row", tables=("coverage",), severity="note")
def coverage_current(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """What `coverage` says of an actor is at most 365 days old: as_of is the date of its source, and an older one says little about today.
    A date that is a year or month counts from its last day."""
    for number, actor, date in rows(frame, "actor", "as_of", only=frame["as_of"].notna()):
        days = (context.today - first_and_last(date)[1]).days
        if days > _CURRENT:
            message = f"the finding on {actor} is as of {date}, {days:,} days ago"
            yield Problem(number, "as_of", message, "look for a newer source, and update as_of and finding")


_CURRENT = 365


@rule("coverage-search", scope="package", tables=("coverage",))
def coverage_search(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A search is a source of kind search, and its languages are given. A finding that is based only on a search names it in both fields; it is
    none_found or unsettled, and none_found needs a search in two languages or more."""
    kinds = {identifier: kind for _, identifier, kind in context.rows("sources", "id", "kind") if identifier is not None}
    fields = ("finding", "source", "search", "languages")
    for number, finding, source, search, languages in rows(frame, *fields):
        if search in kinds and kinds[search] != "search":
            yield Problem(number, "search", f"{search!r} is not a source of kind search", "name it in source, or correct search")
        elif (search is None) != (languages is None):
            blank = "languages" if languages is None else "search"
            yield Problem(number, blank, "a search and its languages must both be given, but one of them is blank", "fill in the other")
        elif kinds.get(source) == "search" and source != search:
            yield Problem(
                number, "search", f"the finding is based on the search {source!r}, but search is {search!r}", "name the same search in both"
            )
        elif kinds.get(source) == "search" and finding in ("found", "in_preparation"):
            message = f"the finding {finding!r} is based only on our own search"
            yield Problem(number, "source", message, "name the source that shows it, or correct the finding")
        elif kinds.get(source) == "search" and finding == "none_found" and languages is not None and ";" not in languages:
            message = f"the finding is based on a search in one language only ({languages})"
            yield Problem(number, "languages", message, "search in a second language, or name another source")


@rule("budget-with-currency", scope="row", tables=("strategies",))
def budget_with_currency(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A budget has a currency, and a currency has a budget."""
    alone = frame["budget"].isna() != frame["budget_currency"].isna()
    for number, budget in rows(frame, "budget", only=alone):
        blank = "budget_currency" if budget is not None else "budget"
        yield Problem(number, blank, "budget and currency must both be given, but one of them is blank", "fill in the other")
