"""Dates at the precision that their source gives: EDTF level 0, that is ISO 8601 years, months, days and intervals.

``2024``, ``2024-10``, ``2024-10-03`` and, for periods, two of them with a slash between. Each stands for the days from
its first to its last.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["URI", "bounds", "check", "first_and_last"]

URI = "http://id.loc.gov/datatypes/edtf/EDTF-level0"
"""Value of `rdfType` that marks a field as such a date."""

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def _one(text: str) -> tuple[dt.date, dt.date]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date written as YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year:
        raise ValueError(f"{text!r} names the year 0, which does not exist")
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if not 1 <= month <= 12:
        raise ValueError(f"{text!r} names month {month}, which does not exist")
    days = calendar.monthrange(year, month)[1]
    if day is None:
        return dt.date(year, month, 1), dt.date(year, month, days)
    if not 1 <= day <= days:
        raise ValueError(f"{text!r} names day {day}, but {year}-{month:02d} has {days} days")
    return dt.date(year, month, day), dt.date(year, month, day)


def first_and_last(text: str) -> tuple[dt.date, dt.date]:
    """First and last day that `text` stands for; `ValueError` with the reason where it is no such date."""
    start, slash, end = text.partition("/")
    if not slash:
        return _one(text)
    first, last = _one(start)[0], _one(end)[1]
    if last < first:
        raise ValueError(f"{text!r} ends before it begins")
    return first, last


def check(text: str) -> str | None:
    """Why `text` is no such date, or None where it is one."""
    try:
        first_and_last(text)
    except ValueError as error:
        return str(error)
    return None


def bounds(dates: str | Sequence[str | None] | pd.Series) -> pd.DataFrame:
    """Bounds of such dates.

    Parameters
    ----------
    dates : pandas.Series of dtype string, shape (n,); or a list of n dates; or one date
        EDTF level 0 strings, as `load` gives them; missing values stay missing.

    Returns
    -------
    pandas.DataFrame, shape (n, 3), the index of the series, else 0..n-1
        ``earliest`` and ``latest`` (datetime64[s], both inclusive) and ``precision`` (category: year < month < day;
        that of the coarser end for an interval).

    Raises
    ------
    ValueError
        Where a value is no such date.
    """
    import pandas as pd

    if not isinstance(dates, pd.Series):
        dates = pd.Series(list(dates) if isinstance(dates, Iterable) and not isinstance(dates, str) else [dates], dtype="object")
    names = {4: "year", 7: "month", 10: "day"}
    first: list[dt.date | None] = []
    last: list[dt.date | None] = []
    precision: list[str | None] = []
    known: dict[str, tuple[dt.date, dt.date]] = {}
    for value in dates:
        if pd.isna(value):
            first.append(None)
            last.append(None)
            precision.append(None)
            continue
        text = str(value)
        if text not in known:
            known[text] = first_and_last(text)
        start, end = known[text]
        first.append(start)
        last.append(end)
        precision.append(names[min(len(part) for part in text.split("/"))])
    return pd.DataFrame(
        {
            "earliest": pd.Series(first, index=dates.index, dtype="datetime64[s]"),
            "latest": pd.Series(last, index=dates.index, dtype="datetime64[s]"),
            "precision": pd.Categorical(precision, categories=pd.Index(["year", "month", "day"], dtype="string"), ordered=True),
        },
        index=dates.index,
    )
