"""What held on a day: which documents and instruments were in force, who was a member, who had signed.

The tables have dates as precise as their sources and a status as of some day. What follows from them is said with its reason and its
sources; where a date covers the day only in part, or nothing is known about the time after the last source, the answer is ``unknown``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.analysis.rows import AGAINST, JOINED, SUPPORTED, Row, Rows, day_of, framed, open_rows, words_of
from aistatecraft.errors import UsageError, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STATES", "Histories", "in_force", "members", "membership_on", "signatories", "stance_of", "status"]

TABLES = ("strategies", "declarations", "instruments")
STATES = ["in_force", "not_yet", "ended", "unknown"]
_ONGOING = frozenset(("adopted", "in_force", "operating", "open", "active"))
_ENDED = frozenset(("completed", "lapsed", "superseded", "repealed", "abandoned", "ended", "rescinded", "terminated", "closed"))
_BEFORE = frozenset(("proposed", "announced", "pending", "draft", "in_preparation", "planned"))
_STARTS = ("entered_into_force", "applied")
_ENDS = ("rescinded", "lapsed", "abandoned", "completed", "repealed", "terminated", "revoked", "expired")
_ALIVE = ("amended", "joined", "met", "chaired", "applied")
"""Events that only something that exists has."""
_BY_EFFECT = frozenset(("law", "bill", "regulation", "control", "agreement", "convention"))
"""Kinds whose adoption is not their effect: they begin when they enter into force. All others begin when they are adopted."""


@dataclass(frozen=True)
class _Change:
    """A beginning or an end of a record, or a sign that it exists: the first and the last day on which it may be."""

    first: dt.date
    last: dt.date
    kind: str  # start, end, alive
    said: str
    written: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class _Answer:
    state: str
    reason: str
    since: str | None = None
    until: str | None = None
    event: str | None = None
    sources: tuple[str, ...] = ()
    presumed: bool | None = None
    """Whether it had begun and is not known to have ended; None where that is not known either."""


class Histories:
    """The changes of records, from their own dates, their events, and what supersedes or amends them."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.events = rows.grouped("events", "record_table", "record_id")
        self.acted_on: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for row in rows["relations"]:
            if row.get("relation") in ("supersedes", "rescinds", "amends", "repeals", "replaces"):
                target = row.get("object_table", ""), row.get("object_id", "")
                self.acted_on.setdefault(target, []).append((row["relation"], row.get("subject_table", ""), row.get("subject_id", "")))
        for identifier, row in rows.by_id("strategies").items():
            if "supersedes" in row:
                self.acted_on.setdefault(("strategies", row["supersedes"]), []).append(("supersedes", "strategies", identifier))

    def _change(self, table: str, record: str, kind: str, field: str, text: str | None, said: str, *keys: str) -> Iterator[_Change]:
        found = self.rows.bounds(table, field, text)
        if found is not None:
            yield _Change(*found, kind, said, text or "", tuple(self.rows.sources(table, record, *(keys or (field,)))))

    def begun(self, table: str, record: str, row: Row) -> list[_Change]:
        """When a record began: by its date of effect, else by its adoption where that is its effect."""
        found = list(self._change(table, record, "start", "in_force_from", row.get("in_force_from"), "in_force_from"))
        for event in self.events.get((table, record), ()):
            if event.get("event") in _STARTS and not (event["event"] == "applied" and found):
                found += self._event(table, record, event, "start")
        binding = row.get("kind") in _BY_EFFECT or row.get("legal_force") == "binding"
        if not found and not binding:
            field = "date" if table == "declarations" else "adopted"
            if table != "declarations" or row.get("status") not in _BEFORE:
                found += self._change(table, record, "start", field, row.get(field), field)
        return found

    def _event(self, table: str, record: str, event: Row, kind: str) -> Iterator[_Change]:
        key = "/".join(event.get(name, "") for name in ("record_table", "record_id", "date", "event", "seq"))
        found = self.rows.bounds("events", "date", event.get("date"))
        if found is not None:
            sources = self.rows.sources("events", key) or self.rows.sources(table, record)
            yield _Change(*found, kind, f"event {event['event']}", event["date"], tuple(sources))

    def changes(self, table: str, record: str, row: Row) -> list[_Change]:
        """All changes of a record by their first day."""
        found = self.begun(table, record, row)
        found += self._change(table, record, "end", "ended", row.get("ended"), "ended")
        ended = any(change.kind == "end" for change in found)
        for event in self.events.get((table, record), ()):
            if event.get("event") in _ENDS and not ended:
                found += self._event(table, record, event, "end")
            elif event.get("event") in _ALIVE:
                found += self._event(table, record, event, "alive")
        for relation, other_table, other in self.acted_on.get((table, record), ()):
            by = self.rows.by_id(other_table).get(other, {})
            kind = "alive" if relation == "amends" else "end"
            for change in self.begun(other_table, other, by) if not (ended and kind == "end") else ():
                verb = {"amends": "amended", "supersedes": "superseded", "replaces": "replaced", "repeals": "repealed"}.get(
                    relation, "rescinded"
                )
                found.append(_Change(change.first, change.last, kind, f"{verb} by {other}", change.written, change.sources))
        return sorted(found, key=lambda change: (change.first, change.last))

    def seen(self, table: str, record: str, row: Row) -> tuple[dt.date, str] | None:
        """The day of the latest source that shows the status, and where it is from; None where that is not known."""
        stated = self.rows.bounds(table, "status_as_of", row.get("status_as_of"))
        if stated is not None:
            return stated[0], row["status_as_of"]
        days = []
        for evidence in self.rows.evidence.get((table, record, "status"), ()):
            source = self.rows.by_id("sources").get(evidence["source"], {})
            text = source.get("accessed") or source.get("published")
            found = self.rows.bounds("sources", "accessed", text)
            if found is not None:
                days.append((found[0], text or ""))
        return max(days, default=None)

    def answer(self, table: str, record: str, on: dt.date) -> _Answer:
        """Whether a record was in force on a day, and why."""
        row = self.rows.by_id(table)[record]
        changes = self.changes(table, record, row)
        steps = [change for change in changes if change.kind != "alive"]
        now, seen = row.get("status", ""), self.seen(table, record, row)
        by_status = tuple(self.rows.sources(table, record, "status"))
        for change in steps:
            if change.first <= on < change.last:
                return _Answer("unknown", f"{change.said} {change.written} covers the day", event=change.said, sources=change.sources)
        before = [change for change in steps if change.last <= on]
        after = [change for change in steps if change.first > on]
        if before and before[-1].kind == "end":
            last = before[-1]
            return _Answer("ended", f"{last.said} {last.written}", until=last.written, event=last.said, sources=last.sources)
        # A status that was seen before the day shows that it had begun, whenever that was.
        early = seen is not None and now in _ONGOING and seen[0] < on and not (after and after[0].kind == "start")
        if not before and not early:
            return self._not_begun(row, on, after, now, seen, by_status)
        known = _Change(seen[0], seen[0], "start", f"status {now} as of", seen[1], by_status) if seen is not None else None
        start = before[-1] if before or known is None else known
        begun = f"{start.said} {start.written}"
        told: dict[str, Any] = {"since": start.written if before else None, "event": start.said}
        if after and after[0].kind == "end":
            until = after[0]
            both = tuple(dict.fromkeys((*start.sources, *until.sources)))
            return _Answer("in_force", f"{begun}, and {until.said} only {until.written}", until=until.written, sources=both, **told)
        later = next((change for change in changes if change.kind == "alive" and change.first >= on), None)
        if later is not None:
            both = tuple(dict.fromkeys((*start.sources, *later.sources)))
            return _Answer("in_force", f"{begun}, and {later.said} {later.written}", sources=both, **told)
        if table == "declarations" and row.get("legal_force") != "binding":
            return _Answer("in_force", f"{begun}; an adopted text stands until it is withdrawn", sources=start.sources, **told)
        if not now:
            return _Answer("unknown", f"{begun}; no later status is known", sources=start.sources, presumed=True, **told)
        if now in _ENDED:
            if seen is not None and seen[0] <= on:
                return _Answer("ended", f"status {now} as of {seen[1]}; the day is not known", event="status", sources=by_status)
            return _Answer("unknown", f"{begun}; status {now}, but the day of the end is not known", sources=by_status, **told)
        if now in _ONGOING and seen is not None and seen[0] >= on:
            return _Answer(
                "in_force", f"{begun}; status {now} as of {seen[1]}", sources=tuple(dict.fromkeys((*start.sources, *by_status))), **told
            )
        if not before:
            return _Answer("unknown", f"{begun}, which is before the day", sources=by_status, presumed=True, event="status")
        as_of = f"as of {seen[1]}, which is before the day" if seen is not None else "of an unknown day"
        return _Answer(
            "unknown", f"{begun}; status {now} {as_of}", sources=by_status or start.sources, presumed=now in _ONGOING or None, **told
        )

    def _not_begun(
        self, row: Row, on: dt.date, after: Sequence[_Change], now: str, seen: tuple[dt.date, str] | None, by_status: tuple[str, ...]
    ) -> _Answer:
        if after and after[0].kind == "start":
            first = after[0]
            return _Answer("not_yet", f"{first.said} {first.written}", since=first.written, event=first.said, sources=first.sources)
        adopted = self.rows.bounds("", "adopted", row.get("adopted") or row.get("date"))
        if adopted is not None and adopted[0] > on:
            return _Answer("not_yet", f"adopted only {row.get('adopted') or row.get('date')}", event="adopted", sources=by_status)
        if now in _BEFORE:
            if seen is not None and seen[0] >= on:
                return _Answer("not_yet", f"status {now} as of {seen[1]}", event="status", sources=by_status)
            return _Answer("unknown", f"status {now} {f'as of {seen[1]}' if seen else 'of an unknown day'}; nothing is known of the day", event="status", sources=by_status)  # fmt: skip
        if now in _ENDED and seen is not None and seen[0] <= on:
            return _Answer("ended", f"status {now} as of {seen[1]}", event="status", sources=by_status)
        if now in _ONGOING and seen is not None and seen[0] == on:
            return _Answer("in_force", f"status {now} as of {seen[1]}", event="status", sources=by_status)
        if now:
            return _Answer("unknown", f"status {now}; no date says when it took effect", event="status", sources=by_status)
        return _Answer("unknown", "neither a status nor a date of effect is known")


_COLUMNS = {
    "record_table": "category", "id": "string", "title": "string", "jurisdiction": "string", "kind": "string", "day": "datetime64[s]", "state": "category", "presumed": "boolean", "since": "string",
    "until": "string", "reason": "string", "event": "string", "sources": "string",
}  # fmt: skip


def _row(rows: Rows, table: str, record: str, on: dt.date, answer: _Answer) -> list[Any]:
    row = rows.by_id(table)[record]
    whose = row.get("jurisdiction") or row.get("host")
    sources = "; ".join(answer.sources) or None
    presumed = answer.presumed if answer.state == "unknown" else answer.state == "in_force"
    return [table, record, row.get("title_en"), whose, row.get("kind"), on, answer.state, presumed, answer.since, answer.until, answer.reason, answer.event, sources]  # fmt: skip


def _frame(found: Iterable[list[Any]], rows: Rows, on: dt.date) -> pd.DataFrame:
    frame = framed(found, _COLUMNS, {"record_table": list(TABLES), "state": STATES})
    frame.attrs.update(version=rows.package.version, on=on.isoformat())
    return frame


def status(
    id: str | Sequence[str],
    *,
    on: str | dt.date | None = None,
    table: str | None = None,
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """Whether strategies, declarations or instruments were in force on a day, and why.

    Parameters
    ----------
    id : str or list of str
        Identifiers, or titles that no other record has.
    on : str, datetime.date or None
        The day, such as ``"2025-06-01"``; today where it is None.
    table : str or None
        strategies, declarations or instruments; where it is None, the one that has the record.
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, one row a record
        record_table (category); id, title, jurisdiction (for declarations the host), kind (string); day (datetime64[s]); ``state`` (category:
        in_force, not_yet, ended, unknown); ``presumed`` (boolean: whether it had begun and is not known to have ended; missing where the
        beginning is not known); ``since``, ``until`` (string, dates as the tables have them); ``reason`` (string, a
        sentence); ``event`` (string, the field, event or relation that decides); ``sources`` (string, identifiers of the sources of that,
        joined by "; ").

    Notes
    -----
    A record begins on ``in_force_from`` or with the event ``entered_into_force`` (else ``applied``). Where there is neither, adoption counts,
    but for laws, bills, regulations, controls, agreements and conventions. It ends on ``ended``, with an event such as ``rescinded`` or
    ``lapsed``, or when what supersedes or rescinds it begins. It is in force in between; and without a known end until the last day on
    which a source shows that: the day of its status (``status_as_of``, else that of the latest source for the status), or an event
    or amendment of later. After that day it is unknown. Where no beginning is known, the day of a status before counts as one. A declaration that is not binding stands once adopted. Where a date such as
    ``2025`` begins before the day and ends after it, the state is unknown.

    Raises
    ------
    UsageError
        Where there is no such record, table or version, or `on` is not a day.
    """
    rows, day = open_rows(path, version), day_of(on)
    histories = Histories(rows)
    found = []
    for word in words_of(id, "id"):
        where, record = _located(rows, word, table)
        found.append(_row(rows, where, record, day, histories.answer(where, record, day)))
    return _frame(found, rows, day)


def _located(rows: Rows, word: str, table: str | None) -> tuple[str, str]:
    if table is not None:
        _known_table(table)
        return table, rows.resolve(table, word)
    for one in TABLES:
        if word in rows.by_id(one):
            return one, word
    errors = []
    for one in TABLES:
        try:
            return one, rows.resolve(one, word)
        except UsageError as error:
            errors.append(str(error))
    raise UsageError(next((error for error in errors if "did you mean" in error or "may be" in error), errors[0]))


def _known_table(table: str) -> None:
    if table not in TABLES:
        raise UsageError(f"table={table!r}: nothing in it is in force or not; {nearest(table, list(TABLES))}")


def in_force(
    on: str | dt.date | None = None,
    table: str | None = "instruments",
    *,
    states: Sequence[str] = ("in_force", "unknown"),
    path: str | Path | None = None,
    version: str | None = None,
    **filters: str | Sequence[str],
) -> pd.DataFrame:
    """What was in force on a day, and of what that is not known.

    Parameters
    ----------
    on : str, datetime.date or None
        The day; today where it is None.
    table : str or None
        strategies, declarations or instruments; all three where it is None.
    states : states to keep, of in_force, not_yet, ended and unknown
    path, version : as for `load`
    **filters : str or list of str
        Values that fields must have, such as ``jurisdiction="USA"``, ``kind=["control", "decree"]``. Fields that refer to actors take
        names in any language.

    Returns
    -------
    pandas.DataFrame, one row a record, as `status` gives it, the states in the order of `states`

    Raises
    ------
    UsageError
        Where there is no such table, field, value of a vocabulary, actor or version, or `on` is not a day.
    """
    rows, day = open_rows(path, version), day_of(on)
    tables = list(TABLES) if table is None else [table]
    states = words_of(states, "states")
    for state in states:
        if state not in STATES:
            raise UsageError(f"states: {state!r} is not one; {nearest(state, STATES)}")
    for one in tables:
        _known_table(one)
    histories, found = Histories(rows), []
    for one in tables:
        wanted = _conditions(rows, one, filters, required=table is not None)
        if wanted is None:
            continue
        for record, row in rows.by_id(one).items():
            if all(row.get(field) in values for field, values in wanted.items()):
                answer = histories.answer(one, record, day)
                if answer.state in states:
                    found.append(_row(rows, one, record, day, answer))
    order = list(states)
    return _frame(sorted(found, key=lambda row: order.index(row[6])), rows, day)


def _conditions(rows: Rows, table: str, filters: dict[str, Any], *, required: bool) -> dict[str, set[str]] | None:
    resource = rows.package.resource(table)
    references = {key.fields[0]: key.resource for key in resource.schema.foreign_keys if len(key.fields) == 1}
    wanted: dict[str, set[str]] = {}
    for field, given in filters.items():
        if field not in resource.schema.by_name:
            if required:
                raise UsageError(f"{table} has no field {field!r}; {nearest(field, list(resource.schema.names))}")
            return None
        values = words_of(given, field)
        for value in values:
            rows.choice(table, field, value)
        wanted[field] = {rows.resolve("actors", value) for value in values} if references.get(field) == "actors" else set(values)
    return wanted


def members(
    bloc: str,
    *,
    on: str | dt.date | None = None,
    roles: Sequence[str] | None = ("member", "founding_member"),
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """The members of a bloc on a day.

    Parameters
    ----------
    bloc : identifier, acronym or name of the bloc
    on : the day; today where it is None
    roles : kinds of membership to list; all, such as observers and suspended members, where it is None
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, one row a membership that holds or may hold on the day
        bloc, member, name (string); role (category); ``state`` (category: member, unknown); from_date, to_date (string); ``reason`` (string).
        A membership is unknown where its beginning is not known, or a date such as ``2023`` covers the day in part. ``attrs`` hold bloc,
        on, version, ``rows`` (the number of memberships of the bloc in the table, of whatever time), and from the table rosters ``list``
        (complete, partial or not_seen) and ``declared`` (the number of members that a source states), or None.

    Raises
    ------
    UsageError
        Where there is no such bloc, role or version, or `on` is not a day.
    """
    rows, day = open_rows(path, version), day_of(on)
    bloc = rows.resolve("actors", bloc)
    own = [row for row in rows["memberships"] if row.get("bloc") == bloc]
    if not own:
        raise UsageError(
            f"memberships has no rows on {bloc}; {nearest(bloc, sorted({row.get('bloc', '') for row in rows['memberships']}))}"
        )
    roles = None if roles is None else words_of(roles, "roles")
    for role in roles or ():
        rows.choice("memberships", "role", role)
    found = []
    for row in own:
        if roles is not None and row.get("role") not in roles:
            continue
        state, reason = membership_on(rows, row, day)
        if state != "no":
            found.append([bloc, row.get("member"), rows.actor_name(row.get("member")), row.get("role"), state, row.get("from_date"), row.get("to_date"), reason])  # fmt: skip
    columns = {"bloc": "string", "member": "string", "name": "string", "role": "category", "state": "category", "from_date": "string", "to_date": "string", "reason": "string"}  # fmt: skip
    frame = framed(found, columns, {"state": ["member", "unknown"]})
    roster = next((row for row in rows["rosters"] if row.get("bloc") == bloc and row.get("members") == "member"), {})
    declared = int(roster["declared"]) if "declared" in roster else None
    frame.attrs.update(
        bloc=bloc, on=day.isoformat(), version=rows.package.version, rows=len(own), list=roster.get("completeness"), declared=declared
    )
    return frame


def membership_on(rows: Rows, row: Row, day: dt.date) -> tuple[str, str]:
    """Whether a row of memberships holds on a day: member, unknown or no; and why."""
    begun, ended = (rows.bounds("memberships", name, row.get(name)) for name in ("from_date", "to_date"))
    if ended is not None and day > ended[1]:
        return "no", f"to_date {row['to_date']}"
    if begun is not None and day < begun[0]:
        return "no", f"from_date {row['from_date']}"
    if begun is None:
        return "unknown", "the beginning is not known"
    if day < begun[1]:
        return "unknown", f"from_date {row['from_date']} covers the day"
    if ended is not None and ended[0] <= day and ended[0] != ended[1]:
        return "unknown", f"to_date {row['to_date']} covers the day"
    return "member", f"from_date {row['from_date']}" + (f", to_date {row['to_date']}" if ended is not None else "")


def signatories(
    declaration: str,
    *,
    on: str | dt.date | None = None,
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """What actors had done about a declaration by a day.

    Parameters
    ----------
    declaration : identifier or title
    on : the day; today where it is None
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, one row an act
        declaration, actor, name, kind (of actor; string); role (category); ``stance`` (category: joined, supported, neutral, against); ``date``
        (string, as the table has it); ``state`` (category: acted; unknown where the act has no date or its date covers the day in part). Acts
        of later are left out. ``attrs`` hold declaration, on, version, ``declared`` (the number of signatories that a source declares, or None)
        and ``list`` (how complete the rows are: complete, partial, ...).

    Raises
    ------
    UsageError
        Where there is no such declaration or version, or `on` is not a day.
    """
    rows, day = open_rows(path, version), day_of(on)
    declaration = rows.resolve("declarations", declaration)
    text = rows.by_id("declarations")[declaration]
    opened = rows.bounds("declarations", "date", text.get("date"))
    found = []
    for row in rows["signatories"]:
        if row.get("declaration") != declaration:
            continue
        when = rows.bounds("signatories", "date", row.get("date"))
        if (when is not None and when[0] > day) or (when is None and opened is not None and opened[0] > day):
            continue
        state = "acted" if when is not None and when[1] <= day else "unknown"
        actor = row.get("actor")
        kind = rows.by_id("actors").get(actor or "", {}).get("kind")
        found.append(
            [declaration, actor, rows.actor_name(actor), kind, row.get("role"), stance_of(row.get("role")), row.get("date"), state]
        )
    columns = {"declaration": "string", "actor": "string", "name": "string", "kind": "string", "role": "category", "stance": "category", "date": "string", "state": "category"}  # fmt: skip
    frame = framed(found, columns, {"stance": ["joined", "supported", "neutral", "against"], "state": ["acted", "unknown"]})
    declared = text.get("signatories_declared")
    frame.attrs.update(
        declaration=declaration, on=day.isoformat(), version=rows.package.version,
        declared=int(declared) if declared else None, list=text.get("signatory_list"),
    )  # fmt: skip
    return frame


def stance_of(role: str | None) -> str:
    """What an act says of a text: joined, supported, neutral or against."""
    return "joined" if role in JOINED else "supported" if role in SUPPORTED else "against" if role in AGAINST else "neutral"
