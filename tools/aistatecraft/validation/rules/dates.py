"""Dates against each other and against today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aistatecraft.package.edtf import first_and_last
from aistatecraft.validation.rules.base import Context, Problem, rows, rule, where

if TYPE_CHECKING:
    import pandas as pd

SEQUENCES: dict[str, tuple[str, ...]] = {
    "instruments": ("proposed", "adopted", "in_force_from", "ended"),
    "memberships": ("from_date", "to_date"),
    "state_systems": ("from_date", "to_date"),
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
def dates_in_order(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Dates of successive steps are in order: proposed, adopted, in force, ended; from, to."""
    steps = SEQUENCES[context.table]
    for number, *dates in rows(frame, *steps):
        dated = [(step, date) for step, date in zip(steps, dates, strict=True) if date]
        for (before, first), (after, second) in pairwise(dated):
            if first_and_last(second)[1] < first_and_last(first)[0]:
                message = f"{after} {second} comes before {before} {first}"
                yield Problem(number, after, message, "check both dates; day and month may be swapped")


@rule("period-in-order", scope="row", needs=("period_start", "period_end"))
def period_in_order(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A period does not end before it begins."""
    for number, start, end in rows(frame, "period_start", "period_end", only=frame["period_end"] < frame["period_start"]):
        message = f"the period ends in {end}, before it begins in {start}"
        yield Problem(number, "period_end", message, "check the period")


@rule("period-against-adoption", scope="row", tables=("strategies",), severity="warning")
def period_against_adoption(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A strategy is adopted before the end of the period that it covers, and at most five years before its start."""
    for number, adopted, start, end in rows(frame, "adopted", "period_start", "period_end", only=frame["adopted"].notna()):
        year = int(adopted[:4])
        if end is not None and year > end:
            yield Problem(number, "adopted", f"adopted in {year}, after its period ended in {end}", "check the dates")
        if start is not None and year < start - 5:
            message = f"the period begins in {start}, more than five years after the adoption in {year}"
            yield Problem(number, "period_start", message, "check the dates")


@rule("date-ahead", scope="cell")
def date_ahead(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Dates of past events are not in the future. Only planned events may have future dates."""
    planned = MAY_BE_AHEAD.get(context.table, ())
    hint = "check the date; for a planned event leave it blank and add a note"

    def ahead(value: Any) -> bool:
        first: dt.date = first_and_last(value)[0] if isinstance(value, str) else value.date()
        return first > context.today

    for column in context.schema.fields:
        if (column.partial_date or column.type == "date") and column.name not in planned:
            for number, value in rows(frame, column.name, only=where(frame[column.name], ahead)):
                yield Problem(number, column.name, f"{column.name} {value} is in the future ({context.today})", hint)


@rule("year-plausible", scope="cell")
def year_plausible(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A year is between 1850 and 2100, and no date is in mid-1905 or the first day that a spreadsheet knows: such dates are a year
    that a spreadsheet read as a number of days, and a blank that it read as 0. The list of states begins in 1816,
    and some states on the first of January 1900 or 1901, or in 1905."""
    historic = context.table == "state_systems"
    first, zero_days = (1816, frozenset[str]()) if historic else (1850, _ZERO_DAYS)

    def no_year(value: Any) -> bool:
        return not first <= int(str(value)[:10].split("-")[0].split("/")[0]) <= 2100

    def took_for_days(value: Any) -> bool:
        return not historic and _TOOK_FOR_DAYS[0] <= str(value)[:10] <= _TOOK_FOR_DAYS[1]

    for column in context.schema.fields:
        if not (column.partial_date or column.type in ("date", "year")):
            continue
        odd = where(frame[column.name], lambda value: no_year(value) or took_for_days(value) or str(value)[:10] in zero_days)
        for number, value in rows(frame, column.name, only=odd):
            text = str(value)[:10]
            if text in zero_days:
                message, hint = f"{text} is what spreadsheets and databases make of a blank date", "leave it blank"
            elif no_year(value):
                message, hint = f"{text} is outside the years of this dataset", "check the year; two digits may be swapped"
            else:
                days = (dt.date.fromisoformat(text) - dt.date(1899, 12, 30)).days
                message, hint = f"{text} is what a spreadsheet turns the year {days} into", f"write {days}"
            yield Problem(number, column.name, message, hint)


_ZERO_DAYS = frozenset({"1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01", "1901-01-01", "0001-01-01", "9999-12-31"})
"""Day 0 or 1 of spreadsheets and databases, and the last day that they know."""


@rule("read-before-published", scope="row", tables=("sources",))
def read_before_published(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A source is not read before its publication."""
    dated = frame["published"].notna() & frame["accessed"].notna()
    for number, published, accessed in rows(frame, "published", "accessed", only=dated):
        if accessed.date() < first_and_last(published)[0]:
            message = f"read on {accessed.date()}, before it was published ({published})"
            yield Problem(number, "accessed", message, "check both dates")
