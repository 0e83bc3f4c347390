"""Dates and numbers as people, gazettes and spreadsheets write them, read as what they may mean.

For comparing what a source states with what a table holds, and for saying what a damaged cell may have been. Where a text
can be read in two ways both readings are given: 04/06/2021 is a day in June and a day in April.
"""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["MONTHS", "dates_written", "numbers_written"]

MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "january jan januar enero ene janeiro janvier janv",
        "february feb februar febrero fevereiro fev février févr",
        "march mar märz marzo março mars mrz",
        "april apr abril abr avril avr",
        "may mai mayo maio",
        "june jun juni junio junho juin",
        "july jul juli julio julho juillet juil",
        "august aug agosto ago août",
        "september sep sept septiembre setiembre setembro set septembre",
        "october oct okt oktober octubre outubro out octobre",
        "november nov noviembre novembro novembre",
        "december dec dez dezember diciembre dic dezembro décembre déc",
    ),
    1,
):
    MONTHS.update(dict.fromkeys(_names.split(), _number))
"""Names and abbreviations of months in English, Spanish, Portuguese, French and German."""

_NAME = "(?P<name>[^\\W\\d_]{3,10})\\.?"
_DAY = "(?P<day>[0-9]{1,2})"
_YEAR = "(?P<year>[12][0-9]{3})"
_NAMED = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:el |on |le )?{_DAY}(?:st|nd|rd|th|º|er|\.)?[ -](?:of |de )?{_NAME},?(?:[ -]| de | del )(?:year )?{_YEAR}",
        rf"(?:on )?{_NAME} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
        rf"(?:in )?{_NAME}(?:,? | de )(?:of )?{_YEAR}",
        "(?P<year>[12][0-9]{3})年(?:(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日)?)?",
    )
]
_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?\Z")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_COMPACT = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{1,2})[-/.]([12][0-9]{3})")
_SERIAL = re.compile(r"([1-6][0-9]{4})(?:[.,][0-9]+)?")


def _iso(year: int, month: int, day: int) -> list[str]:
    try:
        return [dt.date(year, month, day).isoformat()]
    except ValueError:
        return []


def dates_written(text: str, *, serial: bool = False) -> list[str]:
    """Days, months or years in ISO 8601 that a text may mean; empty where it is not one date and nothing else.

    Parameters
    ----------
    text : such as 06.04.2021, April 6, 2021, 2021年4月6日 or 2021-04-06
    serial : whether a bare number such as 44292 may be a spreadsheet's count of days
    """
    text = _TIME.sub("", text)
    if match := _YEAR_FIRST.fullmatch(text):
        year, _, first, second = match.groups()
        return _iso(int(year), int(first), int(second)) or _iso(int(year), int(second), int(first))
    if match := _YEAR_LAST.fullmatch(text):
        first, separator, second, year = match.groups()
        whole = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)
        day_first, month_first = _iso(whole, int(second), int(first)), _iso(whole, int(first), int(second))
        return day_first if separator == "." and day_first else list(dict.fromkeys(day_first + month_first))
    if match := _COMPACT.fullmatch(text):
        return _iso(*map(int, match.groups()))
    if match := _MONTH.fullmatch(text):
        return [f"{match[2]}-{int(match[1]):02d}"] if 1 <= int(match[1]) <= 12 else []
    if serial and (match := _SERIAL.fullmatch(text)):
        return [(dt.date(1899, 12, 30) + dt.timedelta(days=int(match[1]))).isoformat()]
    return _named(text)


def _named(text: str) -> list[str]:
    for pattern in _NAMED:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        year, day = int(parts["year"]), parts.get("day")
        month = MONTHS.get((parts.get("name") or "").lower()) or int(parts.get("month") or 0)
        if not month:
            return [] if parts.get("name") else [str(year)]
        if day:
            return _iso(year, month, int(day))
        return [f"{year}-{month:02d}"] if month <= 12 else []
    return []


_AMOUNT = re.compile(r"([+-]?[0-9][0-9.,]*) ?%?")


def numbers_written(text: str) -> list[float]:
    """Numbers that a text may mean, with points or commas for decimals or thousands; empty where it is not one number."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return []
    digits, found = match[1], []
    for decimal, thousands in ((".", ","), (",", ".")):
        whole, point, rest = digits.partition(decimal)
        groups = whole.lstrip("+-").split(thousands)
        fits = len(groups) == 1 or (len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
        if fits and groups[0] and thousands not in rest and decimal not in rest and (rest or not point):
            found.append(float(whole.replace(thousands, "") + "." + (rest or "0")))
    return list(dict.fromkeys(found))
