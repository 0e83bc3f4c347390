"""Identifiers and addresses: shaped as promised, never used again, never counted up by a drag of the mouse."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from aistatecraft.package.schema import Field
from aistatecraft.validation.rules.base import Problem, RuleContext, rule

_HOST = re.compile(r"https?://(?:[^/@?#]*@)?([^/:?#]+)")
_RUNS = {
    "url": 3, "doi": 3, "official_number": 3, "m49": 4, "value": 4, "score": 4, "period_start": 4, "period_end": 4, "adopted": 4, "date": 4,
    "from_date": 4, "published": 4, "budget": 3, "in_force_from": 4, "proposed": 4,
}  # fmt: skip
"""Fields whose values stand for themselves, and how many of them in a row are too many to count up by chance."""


@rule("retired-identifier", scope="package", needs=("id",))
def retired_identifier(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A withdrawn identifier is not used again."""
    if name == "retired":
        return
    retired = {row["id"]: row["retired"] for row in tables.rows("retired") if row["table"] == name}
    for row in tables.rows(name):
        if row["id"] in retired:
            yield Problem(
                row["_row"],
                "id",
                f"{row['id']!r} was withdrawn on {retired[row['id']].date()} and must not come back",
                "give the record a new identifier",
            )


@rule("state-code", scope="row", tables=("actors",))
def state_code(name: str, tables: RuleContext) -> Iterator[Problem]:
    """The identifier of a state or territory has three capital letters, and only states and territories have a two-letter code."""
    for row in tables.rows(name):
        place = row["kind"] in ("state", "territory")
        if place and not re.fullmatch("[A-Z]{3}", row["id"] or ""):
            yield Problem(
                row["_row"],
                "id",
                f"a {row['kind']} is identified by its ISO 3166-1 alpha-3 code, not by {row['id']!r}",
                "write the code, or another kind",
            )
        if place != (row["iso2"] is not None):
            yield Problem(
                row["_row"],
                "iso2",
                f"a {row['kind']} {'has no' if place else 'has an'} ISO 3166-1 alpha-2 code",
                "fill it in" if place else "take it out",
            )


@rule("national-prefix", scope="row", tables=("actors",))
def national_prefix(name: str, tables: RuleContext) -> Iterator[Problem]:
    """The identifier of a body whose parent is a state begins with the code of that state."""
    states = {row["id"] for row in tables.rows(name) if row["kind"] in ("state", "territory")}
    for row in tables.rows(name):
        if row["parent"] in states and row["kind"] == "government_body" and not row["id"].startswith(row["parent"].lower() + "-"):
            yield Problem(
                row["_row"],
                "id",
                f"{row['id']!r} is a body of {row['parent']} and does not begin with {row['parent'].lower()}-",
                "correct the identifier or the parent",
            )


@rule("code-prefix", scope="row", tables=("codes",))
def code_prefix(name: str, tables: RuleContext) -> Iterator[Problem]:
    """The identifier of a code begins with that of its scheme and a dot."""
    for row in tables.rows(name):
        if row["scheme"] is not None and not row["id"].startswith(row["scheme"] + "."):
            yield Problem(
                row["_row"], "id", f"{row['id']!r} does not begin with {row['scheme'] + '.'!r}", "correct the identifier or the scheme"
            )


@rule("same-address", scope="table", tables=("sources",), severity="warning")
def same_address(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Two sources do not have the same URL, unless their note explains why."""
    first: dict[str, str] = {}
    for row in tables.rows(name):
        address = (row["url"] or "").rstrip("/")
        if not address:
            continue
        if address in first and not row["note"]:
            yield Problem(
                row["_row"],
                "url",
                f"the address stands already at {first[address]!r}",
                "merge the two sources, or say in note why there are two",
            )
        first.setdefault(address, row["id"])


@rule("address-form", scope="cell", needs=("url",))
def address_form(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A URL has a public host and does not end with punctuation copied from a sentence."""
    for row in tables.rows(name):
        address = row["url"]
        if address is None:
            continue
        host = _HOST.match(address)
        if address.endswith((".", ",", ";", ":", '"', "'", ">", "]", "}")) or (address.endswith(")") and "(" not in address):
            yield Problem(
                row["_row"], "url", f"the address ends with {address[-1]!r}", "delete it, if it belongs to the sentence around the address"
            )
        elif host is None or "." not in host[1] or host[1].endswith((".local", ".localhost", ".internal")):
            yield Problem(row["_row"], "url", f"{address!r} is not on a public host", "give the public address of the page")


@rule("counted-up", scope="table")
def counted_up(name: str, tables: RuleContext) -> Iterator[Problem]:
    """URLs, codes, years and dates in consecutive rows do not increase by one, nor numbers by a constant step, as they do after a
    fill-down in a spreadsheet."""
    for field, length in _RUNS.items():
        column = tables.schemas[name].by_name.get(field)
        if column is None:
            continue
        run: list[int] = []
        before: tuple[str, Decimal] | None = None
        last = Decimal(0)
        for row in [*tables.rows(name), None]:
            counted = _counted(column, row[field]) if row is not None else None
            step = counted[1] - before[1] if counted and before and counted[0] == before[0] else Decimal(0)
            counts = row is not None and counted is not None and (step != 0 if counted[0] == "number" else step == 1)
            if not counts or (run and step != last):
                if len(run) >= length - 1:
                    for number in run:
                        yield Problem(
                            number,
                            field,
                            f"{field} counts up from the row above",
                            "restore it from the source; it looks dragged down in a spreadsheet",
                        )
                run = []
            if row is not None and counts:
                run.append(row["_row"])
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
