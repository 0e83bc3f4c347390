"""Identifiers and addresses: shaped as promised, never used again, never counted up by a drag of the mouse."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aistatecraft.package.schema import Field
from aistatecraft.validation.rules.base import WHOLE, Context, Problem, rows, rule, where

if TYPE_CHECKING:
    import pandas as pd

_RUNS = {
    "url": 3, "doi": 3, "official_number": 3, "m49": 4, "value": 4, "score": 4, "period_start": 4, "period_end": 4, "adopted": 4, "date": 4,
    "from_date": 4, "published": 4, "budget": 3, "in_force_from": 4, "proposed": 4,
}  # fmt: skip
"""Fields whose values stand for themselves, and how many of them in a row are too many to count up by chance."""


@rule("retired-identifier", scope="package", needs=("id",))
def retired_identifier(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A withdrawn identifier is not used again."""
    if context.table == "retired":
        return
    retired = {
        identifier: day for _, identifier, table, day in context.rows("retired", "id", "record_table", "retired") if table == context.table
    }
    for number, identifier in rows(frame, "id", only=where(frame["id"], retired.__contains__)):
        day = f" on {retired[identifier].date()}" if retired[identifier] is not None else ""
        message = f"{identifier!r} was withdrawn{day} and must not be reused"
        yield Problem(number, "id", message, "give the record a new identifier")


@rule("replacement-exists", scope="package", tables=("retired",))
def replacement_exists(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """What replaces a withdrawn identifier exists, in the table that replaced_by_table names or else in the same one, or was replaced in its
    turn. An identifier does not replace itself in the same table."""
    withdrawn = {(table, identifier) for _, identifier, table in rows(frame, "id", "record_table")}
    fields = ("id", "record_table", "replaced_by", "replaced_by_table")
    for number, identifier, table, other, moved in rows(frame, *fields, only=frame["record_table"].notna()):
        target = moved or table
        if other is None:
            if moved:
                yield Problem(number, "replaced_by", f"replaced_by_table is {moved!r}, but replaced_by is blank", "fill in replaced_by")
        elif target not in context.schemas:
            yield Problem(number, "replaced_by_table" if moved else "record_table", f"{target!r} is not a table", "correct the name")
        elif (target, other) == (table, identifier):
            yield Problem(number, "replaced_by", f"{identifier!r} is replaced by itself", "correct replaced_by, or clear it")
        elif context.frame(target) is not None and other not in context.records(target) and (target, other) not in withdrawn:
            message = f"{target} has no record {other!r}"
            yield Problem(number, "replaced_by", message, "correct replaced_by or replaced_by_table")


@rule("state-code", scope="row", tables=("actors",))
def state_code(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The identifier of a state or territory has three capital letters, and only states and territories have a two-letter code."""
    for number, identifier, kind, iso2 in rows(frame, "id", "kind", "iso2"):
        place = kind in ("state", "territory")
        if place and not re.fullmatch("[A-Z]{3}", identifier or ""):
            message = f"a {kind} is identified by its ISO 3166-1 alpha-3 code, not by {identifier!r}"
            yield Problem(number, "id", message, "write the code, or correct the kind")
        if place != (iso2 is not None):
            message = f"a {kind} {'has no' if place else 'has an'} ISO 3166-1 alpha-2 code"
            yield Problem(number, "iso2", message, "fill it in" if place else "take it out")


@rule("national-prefix", scope="row", tables=("actors",))
def national_prefix(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The identifier of a body whose parent is a state begins with the code of that state."""
    states = set(frame["id"][frame["kind"].isin(["state", "territory"])].dropna())
    bodies = (frame["kind"] == "government_body") & frame["parent"].isin(states) & frame["id"].notna()
    for number, identifier, parent in rows(frame, "id", "parent", only=bodies):
        prefix = f"{parent.lower()}-"
        if not identifier.startswith(prefix):
            message = f"{identifier!r} is a body of {parent} but does not begin with {prefix}"
            yield Problem(number, "id", message, "correct the identifier or the parent")


@rule("jurisdiction-agrees", scope="package", needs=("id", "jurisdiction", "issuing_body"))
def jurisdiction_agrees(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The jurisdiction of a document is that of the public body that issued it, and its identifier begins with that of the jurisdiction."""
    actors = {identifier: (kind, parent) for _, identifier, kind, parent in context.rows("actors", "id", "kind", "parent")}
    known = frame["id"].notna() & frame["jurisdiction"].notna()
    for number, identifier, jurisdiction, body in rows(frame, "id", "jurisdiction", "issuing_body", only=known):
        home = _home(body, actors)
        # An act of two states is issued by either, and names the other.
        if (
            home
            and home != jurisdiction
            and actors[home][0] in ("state", "territory", "union")
            and home.lower() not in identifier.split("-")
        ):
            message = f"{body!r} is a body of {home}, but the jurisdiction is {jurisdiction}"
            yield Problem(number, "jurisdiction", message, "correct the jurisdiction or the issuing body")
        elif not identifier.startswith(f"{jurisdiction.lower()}-"):
            message = f"{identifier!r} does not begin with {jurisdiction.lower()!r}, its jurisdiction"
            hint = "correct the jurisdiction, or give the record another identifier and add the old one to retired"
            yield Problem(number, "jurisdiction", message, hint)


def _home(body: str | None, actors: Mapping[str, tuple[str, str | None]]) -> str:
    """The state or union that a public body belongs to, found through its parents; empty for companies and what has no parent."""
    seen: set[str] = set()
    while body is not None and body in actors and body not in seen:
        seen.add(body)
        kind, parent = actors[body]
        if kind != "government_body":
            return body if len(seen) > 1 or kind in ("state", "union") else ""
        body = parent
    return ""


@rule("code-prefix", scope="row", tables=("codes",))
def code_prefix(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The identifier of a code begins with that of its scheme and a dot."""
    for number, identifier, scheme in rows(frame, "id", "scheme", only=frame["id"].notna() & frame["scheme"].notna()):
        if not identifier.startswith(scheme + "."):
            message = f"{identifier!r} does not begin with {scheme + '.'!r}"
            yield Problem(number, "id", message, "correct the identifier or the scheme")


@rule("same-address", scope="table", tables=("sources",), severity="warning")
def same_address(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Two sources do not have the same URL, unless their note explains why."""
    first: dict[str, str] = {}
    for number, identifier, url, note in rows(frame, "id", "url", "note", only=frame["url"].notna()):
        address = url.rstrip("/")
        if address in first and not note:
            message = f"the address is already used by {first[address]!r}"
            yield Problem(number, "url", message, "merge the two sources, or explain in note why there are two")
        first.setdefault(address, identifier)


@rule("counted-up", scope="table")
def counted_up(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """URLs, codes, years and dates in consecutive rows do not increase by one, nor numbers by a constant step, as they do after a
    fill-down in a spreadsheet."""
    for field, length in _RUNS.items():
        column = context.schema.by_name.get(field)
        if column is None:
            continue
        run: list[int] = []
        before: tuple[str, Decimal] | None = None
        last = Decimal(0)
        for number, value in [*rows(frame, field), (WHOLE, None)]:  # a last row without a value ends the last run
            counted = _counted(column, value)
            step = counted[1] - before[1] if counted and before and counted[0] == before[0] else Decimal(0)
            counts = counted is not None and (step != 0 if counted[0] == "number" else step == 1)
            if not counts or (run and step != last):
                if len(run) >= length - 1:
                    message, hint = (
                        f"{field} counts up from the row above",
                        "restore it from the source; it looks like a series filled down in a spreadsheet",
                    )
                    yield from (Problem(each, field, message, hint) for each in run)
                run = []
            if counts:
                run.append(number)
            before, last = counted, step


def _counted(column: Field, value: Any) -> tuple[str, Decimal] | None:
    """What comes before the number at the end of a value, and that number; days are counted as days."""
    if value is None:
        return None
    text = str(value)
    if column.type == "number":
        return "number", Decimal(f"{value:.10g}")
    if column.partial_date and len(text) == 10:
        return "day", Decimal(dt.date.fromisoformat(text).toordinal())
    before = text.rstrip("0123456789")
    return (before, Decimal(text[len(before) :])) if before != text and "\n" not in before else None
