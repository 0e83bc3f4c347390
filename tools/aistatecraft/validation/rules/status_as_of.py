"""The status of a document: as of which day it was seen, whether a later step has overtaken it, and whether the document exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aistatecraft.package.edtf import first_and_last
from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd

_TABLES = ("strategies", "declarations", "instruments")
_ENDS = frozenset({"rescinded", "lapsed", "vetoed", "abandoned"})
_BEGINS = frozenset({"adopted", "opened_for_signature", "entered_into_force", "applied"})
_OVERTAKEN_BY: dict[str, frozenset[str]] = {
    "in_preparation": _BEGINS | _ENDS | {"drafted", "published", "completed"},
    **dict.fromkeys(("draft", "planned", "proposed", "announced", "pending"), _BEGINS | _ENDS | {"rejected"}),
    **dict.fromkeys(("open", "in_force"), _ENDS),
    "adopted": _ENDS,
    "operating": _ENDS | {"completed"},
}
"""Events after which a status no longer holds. In instruments `adopted` also ends with the entry into force, see below."""
_DATES = {"adopted": "adopted", "in_force_from": "entered_into_force", "ended": "lapsed"}
"""Fields that date a step of the row itself, and the event that they stand for."""


@rule("status-as-of", scope="package", needs=("status", "status_as_of"), severity="warning")
def status_as_of(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """status_as_of is the latest date among the sources that support the status in evidence: when they were published or, where that is
    not known, read. Without such a date it is blank."""
    if context.frame("evidence") is None or context.frame("sources") is None:
        return
    dated: dict[str, str] = {}
    for _, source, published, accessed in context.rows("sources", "id", "published", "accessed"):
        date = published or (accessed.date().isoformat() if accessed is not None else None)
        if source and date:
            dated[source] = date
    latest: dict[str, str] = {}
    for _, table, record, field, source, stance in context.rows("evidence", "record_table", "record_id", "field", "source", "stance"):
        if (table, field, stance) == (context.table, "status", "supports") and source in dated and record:
            # As texts: a year sorts before its months and days, so that the more precise of two dates counts as the later.
            latest[record] = max(latest.get(record, ""), dated[source])
    for number, record, status, seen in rows(frame, "id", "status", "status_as_of", only=frame["id"].notna()):
        expected = latest.get(record) if status else None
        if seen == expected or (number, "status") in context.unsound:
            continue
        if expected is None:
            cause = "no source with a date supports the status in evidence" if status else "the status is blank"
            yield Problem(number, "status_as_of", f"status_as_of is {seen}, but {cause}", "add the evidence, or clear status_as_of")
        else:
            message = f"the latest source that supports the status is of {expected}, but status_as_of is {seen or 'blank'}"
            yield Problem(number, "status_as_of", message, f"write {expected}, or correct the evidence on status")


@rule("status-overtaken", scope="package", tables=_TABLES, severity="warning")
def status_overtaken(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """No step that contradicts the status is dated later than status_as_of: neither an event of the record nor a date in its row. A bill
    that was pending in March and became law in June is no longer pending."""
    steps: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for _, table, record, date, event in context.rows("events", "record_table", "record_id", "date", "event"):
        if table == context.table and record and date and event:
            steps[record].append((date, event))
    own = [name for name in _DATES if name in frame.columns]
    judged = frame["id"].notna() & frame["status"].notna() & frame["status_as_of"].notna()
    for number, record, status, seen, *dates in rows(frame, "id", "status", "status_as_of", *own, only=judged):
        ends = _OVERTAKEN_BY.get(status, frozenset())
        if context.table == "instruments" and status == "adopted":
            ends = ends | {"entered_into_force"}
        known = steps[record] + [(date, _DATES[name]) for name, date in zip(own, dates, strict=True) if date]
        later = [
            (date, event) for date, event in known
            if event in ends and first_and_last(seen)[1] < first_and_last(date)[0] <= context.today
        ]  # fmt: skip
        if later:
            date, event = max(later)
            message = f"the status {status!r} was seen as of {seen}, but on {date} it was {event.replace('_', ' ')}"
            yield Problem(number, "status", message, "correct the status and add the evidence for it")


_PROPOSED = frozenset({"proposed", "announced", "pending", "planned"})
_DONE = frozenset({"adopted", "open", "in_force", "operating", "completed", "repealed"})


@rule("existence-agrees", scope="package", needs=("existence", "status"), severity="warning")
def existence_agrees(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """existence agrees with the status and the evidence: what is proposed, announced, pending or planned is proposed, what is adopted, in
    force or operating is not; what has no primary source and fewer than two others is named_only."""
    sources: dict[str, set[str]] = defaultdict(set)
    for _, table, record, source, stance in context.rows("evidence", "record_table", "record_id", "source", "stance"):
        if table == context.table and stance == "supports" and record and source:
            sources[record].add(source)
    primary = {source for _, source, kind in context.rows("sources", "id", "kind") if kind == "primary"}
    judged = frame["id"].notna() & frame["existence"].notna()
    for number, record, existence, status in rows(frame, "id", "existence", "status", only=judged):
        seen = sources[record]
        if existence != "proposed" and status in _PROPOSED:
            message = f"existence is {existence}, but the status is {status!r}"
            yield Problem(number, "existence", message, "set existence to proposed, or correct the status")
        elif existence == "proposed" and status in _DONE:
            message = f"existence is proposed, but the status is {status!r}"
            yield Problem(number, "existence", message, "set existence to exists, or correct the status")
        elif existence == "exists" and seen and len(seen) < 2 and not seen & primary:
            message = f"existence is exists, but only {next(iter(seen))!r} names it, which is no primary source"
            yield Problem(number, "existence", message, "add a second source or a primary one, or set existence to named_only")
        elif existence == "named_only" and (len(seen) > 1 or seen & primary):
            message = "existence is named_only, but it has a primary source, or more than one"
            yield Problem(number, "existence", message, "set existence to exists")


@rule("adopted-by-dated", scope="row", tables=_TABLES)
def adopted_by_dated(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """adopted_by says what happened on a date, so it is filled in only where there is one."""
    date = "date" if context.table == "declarations" else "adopted"
    for number, act in rows(frame, "adopted_by", only=frame["adopted_by"].notna() & frame[date].isna()):
        if (number, date) in context.unsound:
            continue
        yield Problem(number, "adopted_by", f"adopted_by is {act!r}, but {date} is blank", f"fill in {date}, or clear adopted_by")
