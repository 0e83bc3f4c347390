"""Bibliographic details of sources: volume, issue and pages as numbers, not as the dates that a spreadsheet makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aistatecraft.validation.loose_parsing import MONTHS
from aistatecraft.validation.rules.base import Context, Problem, rule

if TYPE_CHECKING:
    import pandas as pd

_NUMBERS = ("volume", "issue", "pages", "number", "edition", "official_number")
_NO_DATE = re.compile(
    r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?: 00:00(?::00)?)?|[0-9]{1,2}[/.][0-9]{1,2}[/.](?:19|20)?[0-9]{2}|[0-9]{1,2}月[0-9]{1,2}日|(?:19|20)?[0-9]{2}年[0-9]{1,2}月(?:[0-9]{1,2}日)?"
)
_WITH_MONTH = re.compile(r"(?:[0-9]{1,2}[- ./]?)?(?P<name>[^\W\d_]{3,9})\.?(?:[- ./]?(?:[0-9]{2}|[0-9]{4}))?")
_SERIAL = re.compile(r"4[0-9]{4}")
"""A day from 2009 to 2036 as a number of days."""


def _a_date(field: str, text: str) -> bool:
    if _NO_DATE.fullmatch(text) or (field in ("pages", "issue", "volume") and _SERIAL.fullmatch(text)):
        return True
    named = _WITH_MONTH.fullmatch(text)
    return (
        named is not None and text[-1:].isdigit() | text[:1].isdigit() and named["name"].lower() in MONTHS and field in ("pages", "volume")
    )


@rule("number-not-date", scope="cell")
def number_not_date(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Volumes, issues, pages and numbers are not dates: a spreadsheet makes 23 January of the pages 1-23, and 1月23日 where it is set to
    Chinese."""
    for name in _NUMBERS:
        if name in context.schema.by_name and context.schema.by_name[name].type == "string":
            for number, text in context.present(name):
                if _a_date(name, text):
                    message = f"{name} {text!r} is a date; a spreadsheet may have made it of a number or range such as 1-23"
                    yield Problem(number, name, message, "look it up in the source; set the column to text in the spreadsheet")


@rule("pages-in-order", scope="cell", tables=("sources",))
def pages_in_order(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A range of pages does not end before it begins, unless its end is shortened (123-45)."""
    for number, text in context.present("pages"):
        if _backwards(text):
            yield Problem(number, "pages", f"the pages {text} end before they begin", "check both numbers")


_SHORTENED = 60
"""How many pages a range with a shortened end may have: 109-90 is rather 90-109 than 109-190."""


def _backwards(text: str) -> bool:
    found = re.fullmatch(r"([0-9]+)[-–]([0-9]+)", text)
    if found is None:
        return False
    first, last = found.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
        return not 0 <= int(last) - int(first) <= _SHORTENED
    return int(last) < int(first)
