"""Status of a document against its dates, its events, and what replaces it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aistatecraft.package.edtf import first_and_last
from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd

BEFORE_ADOPTION = frozenset({"proposed", "announced", "pending", "planned", "draft", "in_preparation"})
"""Statuses of what nobody has adopted yet."""
STANDING = BEFORE_ADOPTION | {"adopted", "in_force", "operating", "open"}
"""Statuses of what has not ended."""

ADOPTING = frozenset({"adopted", "entered_into_force", "applied", "opened_for_signature"})
ENDING = frozenset({"rescinded", "lapsed", "vetoed", "abandoned"})
REPLACING = frozenset({"supersedes", "rescinds"})
SUCCEEDING = REPLACING | {"merged_with", "follows_up", "amends"}


@rule("status-agrees", scope="package", tables=("strategies", "declarations", "instruments"))
def status_agrees(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The status agrees with dates, events and relations: what is proposed, pending, planned or a draft was not adopted and does not
    apply yet; what is adopted or in force has not ended, been rescinded or been replaced; and what is in force has begun."""
    events: dict[str, set[str]] = defaultdict(set)
    for _, table, record, event in context.rows("events", "record_table", "record_id", "event"):
        if table == context.table:
            events[record].add(event)
    replaced = {
        record
        for _, relation, table, record in context.rows("relations", "relation", "object_table", "object_id")
        if relation in REPLACING and table == context.table
    }
    dates = [name for name in ("adopted", "date", "in_force_from", "ended") if name in frame.columns]
    for number, identifier, status, *values in rows(frame, "id", "status", *dates, only=frame["status"].isin(STANDING)):
        dated = {name: first_and_last(value) for name, value in zip(dates, values, strict=True) if value}
        past = {name for name, (_, last) in dated.items() if last < context.today}
        of = events.get(identifier, set())
        # A strategy that is a draft with a date of adoption is reported by `adopted-needs-date`.
        early = status in BEFORE_ADOPTION and (
            ("adopted" if "adopted" in dated and context.table != "strategies" else "")
            or next((name for name in ("in_force_from", "date") if name in past), "")
            or next((f"the event {event!r}" for event in sorted(ADOPTING & of)), "")
        )
        if early:
            hint = "correct the status, or move the date to proposed or to events"
            yield Problem(number, "status", f"it has the status {status!r}, but also {early}", hint)
        elif "ended" in past:
            yield Problem(number, "status", f"it has the status {status!r}, but ended in the past", "correct the status, or clear ended")
        elif ending := sorted(ENDING & of):
            hint = "correct the status, or the event"
            yield Problem(number, "status", f"it has the status {status!r}, but also the event {ending[0]!r}", hint)
        elif identifier in replaced:
            hint = "correct the status, or the relation"
            yield Problem(number, "status", f"it has the status {status!r}, but a relation says that another record replaces it", hint)
        elif status == "in_force" and "in_force_from" in dated and dated["in_force_from"][0] > context.today:
            hint = "set status to adopted until then"
            yield Problem(number, "status", "it is in force, but in_force_from is a day to come", hint)


@rule("superseded-needs-successor", scope="package", tables=("strategies", "declarations", "instruments"))
def superseded_needs_successor(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """What is superseded has a successor: a record that names it in `supersedes`, or a relation (supersedes, rescinds, follows_up, amends,
    merged_with) that says what came after it."""
    superseded = frame["status"] == "superseded"
    if not superseded.to_numpy(dtype=bool, na_value=False).any():
        return
    followed = set(frame["supersedes"].dropna()) if "supersedes" in frame.columns else set()
    fields = ("subject_table", "subject_id", "relation", "object_table", "object_id")
    for _, table, record, relation, other_table, other in context.rows("relations", *fields):
        if relation in SUCCEEDING and other_table == context.table:
            followed.add(other)
        if relation == "merged_with" and table == context.table:
            followed.add(record)
    for number, identifier in rows(frame, "id", only=superseded & frame["id"].notna()):
        if identifier not in followed:
            hint = "add the relation supersedes or follows_up from its successor, or correct the status"
            yield Problem(number, "status", f"{identifier!r} is superseded, but nothing says by what", hint)
