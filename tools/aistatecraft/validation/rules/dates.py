"""Dates against each other and against today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from aistatecraft.package.edtf import first_and_last
from aistatecraft.validation.rules.base import Problem, RuleContext, rule

SEQUENCES: dict[str, tuple[str, ...]] = {
    "instruments": ("proposed", "adopted", "in_force_from", "ended"),
    "memberships": ("from_date", "to_date"),
}
"""Fields whose dates follow one another. Dates of mixed precision are out of order when even their bounds are."""

_TOOK_FOR_DAYS = ("1905-06-01", "1905-09-01")
"""What the years 1980 to 2070 become where a spreadsheet takes them for a count of days."""

MAY_BE_AHEAD: dict[str, frozenset[str]] = {
    "instruments": frozenset({"in_force_from", "ended"}),
    "indicators": frozenset({"period"}),
    "memberships": frozenset({"to_date"}),
}
"""Fields that may name a day to come."""


@rule("dates-in-order", scope="row", tables=tuple(SEQUENCES))
def dates_in_order(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Dates of successive steps are in order: proposed, adopted, in force, ended; from, to."""
    for row in tables.rows(name):
        dated = [(step, row[step]) for step in SEQUENCES[name] if row.get(step)]
        for (before, first), (after, second) in pairwise(dated):
            if first_and_last(second)[1] < first_and_last(first)[0]:
                yield Problem(
                    row["_row"],
                    after,
                    f"{after} {second} comes before {before} {first}",
                    "look the two dates up again; day and month may be swapped",
                )


@rule("period-in-order", scope="row", needs=("period_start", "period_end"))
def period_in_order(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A period does not end before it begins."""
    for row in tables.rows(name):
        if row["period_start"] is not None and row["period_end"] is not None and row["period_end"] < row["period_start"]:
            yield Problem(
                row["_row"],
                "period_end",
                f"the period ends in {row['period_end']}, before it begins in {row['period_start']}",
                "look the period up again",
            )


@rule("period-against-adoption", scope="row", tables=("strategies",), severity="warning")
def period_against_adoption(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A strategy is adopted before the end of the period that it covers, and at most five years before its start."""
    for row in tables.rows(name):
        if not row["adopted"]:
            continue
        year = int(row["adopted"][:4])
        if row["period_end"] is not None and year > row["period_end"]:
            yield Problem(
                row["_row"], "adopted", f"adopted in {year}, after its period ended in {row['period_end']}", "look the dates up again"
            )
        if row["period_start"] is not None and year < row["period_start"] - 5:
            yield Problem(
                row["_row"],
                "period_start",
                f"the period begins in {row['period_start']}, more than five years after the adoption in {year}",
                "look the dates up again",
            )


@rule("date-ahead", scope="cell")
def date_ahead(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Dates of past events are not in the future. Only planned events may have future dates."""
    schema = tables.schemas[name]
    fields = [
        column.name
        for column in schema.fields
        if (column.partial_date or column.type == "date") and column.name not in MAY_BE_AHEAD.get(name, ())
    ]
    for row in tables.rows(name):
        for field in fields:
            value = row[field]
            if value is None:
                continue
            first = first_and_last(value)[0] if isinstance(value, str) else value.date()
            if first > tables.today:
                yield Problem(
                    row["_row"],
                    field,
                    f"{field} {value} lies ahead of today ({tables.today})",
                    "look the date up again; for what is only planned leave it blank and say so in note",
                )


@rule("year-plausible", scope="cell")
def year_plausible(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A year is between 1850 and 2100, and no date is in mid-1905: such a date is a year that a spreadsheet read as a serial number of
    days."""
    fields = [column for column in tables.schemas[name].fields if column.partial_date or column.type in ("date", "year")]
    for row in tables.rows(name) if fields else ():
        for column in fields:
            value = row[column.name]
            if value is None:
                continue
            text = str(value)[:10]
            if not 1850 <= int(text.split("-")[0].split("/")[0]) <= 2100:
                yield Problem(
                    row["_row"], column.name, f"{text} is no year of this dataset", "look the year up again; two digits may be exchanged"
                )
            elif _TOOK_FOR_DAYS[0] <= text <= _TOOK_FOR_DAYS[1]:
                days = (dt.date.fromisoformat(text) - dt.date(1899, 12, 30)).days
                yield Problem(row["_row"], column.name, f"{text} is what a spreadsheet makes of the year {days}", f"write {days}")


@rule("read-before-published", scope="row", tables=("sources",))
def read_before_published(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A source is not read before its publication."""
    for row in tables.rows(name):
        if row["published"] and row["accessed"] is not None and row["accessed"].date() < first_and_last(row["published"])[0]:
            yield Problem(
                row["_row"],
                "accessed",
                f"read on {row['accessed'].date()}, before it was published ({row['published']})",
                "look both dates up again",
            )
