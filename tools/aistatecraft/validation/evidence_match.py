"""Compare what a source states with the value in a table: the same, another value, or not comparable."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from aistatecraft.package import edtf
from aistatecraft.package.schema import Field
from aistatecraft.validation.loose_parsing import dates_written, numbers_written

__all__ = ["agrees", "key_of", "normal", "one_slip", "readings"]

_LETTERS = 6
"""Texts shorter than this are not compared letter by letter: US is near to UK."""
_SKIP = re.compile(r"[\W_]+")


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """A text without case, accents, white space and punctuation, for comparing names and titles."""
    text = text.casefold()
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return _SKIP.sub("", text)


def agrees(column: Field, value: Any, stated: str) -> bool | None:
    """Whether `stated` says what a field holds; None where it cannot be compared.

    Dates agree where they overlap, however they are written; numbers where one is the other rounded. A code is compared
    with a code. Of words only a slip is told: names and titles that are alike but for one letter.
    """
    if column.partial_date or column.kind.spreadsheet == "date":
        return _dates_agree(str(value)[:21] if column.partial_date else _day(value), stated)
    if column.kind.numeric:
        found = numbers_written(stated)
        return any(_rounded(float(value), number, stated) for number in found) if found else None
    if not column.kind.takes_any_text or column.categories:
        return None
    for constraint in column.constraints:
        if constraint.rule == "pattern":
            return value == stated if constraint.holds(stated, stated) else None
    if value == stated:
        return True
    first, second = normal(value), normal(stated)
    if min(len(first), len(second)) < _LETTERS:
        return True if first == second else None
    if first == second:
        return True
    return False if one_slip(first, second) else None


def one_slip(first: str, second: str) -> bool:
    """Whether two texts differ by one typing slip: a letter more, less or another, or two exchanged."""
    if abs(len(first) - len(second)) > 1:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    one, other = first[start : len(first) - end], second[start : len(second) - end]
    return (len(one) <= 1 and len(other) <= 1) or (len(one) == 2 and one == other[::-1])


def readings(column: Field, stated: str) -> list[str]:
    """What a stated text may be as a value of the field, in the form of `key_of`; empty where it cannot be compared."""
    if column.partial_date or column.kind.spreadsheet == "date":
        return [stated] if edtf.check(stated) is None else dates_written(stated)
    if column.kind.numeric:
        return [f"{number:g}" for number in numbers_written(stated)]
    return [normal(stated)] if column.kind.textual and not column.categories else []


def key_of(column: Field, value: Any) -> str:
    """A value of the field as a text that is equal for what means the same."""
    if column.kind.numeric:
        return f"{float(value):g}"
    if column.kind.spreadsheet == "date":
        return _day(value)
    return str(value) if column.partial_date else normal(str(value))


def _day(value: Any) -> str:
    day: dt.date = value.date() if hasattr(value, "date") else value
    return day.isoformat()


def _dates_agree(value: str, stated: str) -> bool | None:
    found: Collection[str] = [stated] if edtf.check(stated) is None else dates_written(stated)
    if not found:
        return None
    low, high = edtf.first_and_last(value)
    return any(not (last < low or high < first) for first, last in map(edtf.first_and_last, found))


def _rounded(value: float, number: float, stated: str) -> bool:
    fraction = re.search(r"[.,]([0-9]+)\D*$", stated)
    places = len(fraction[1]) if fraction else 0
    # Rounded or merely cut: newspapers do both.
    step, more, tiny = 10.0**-places, value - number, 1e-9
    return abs(more) <= step / 2 + tiny or 0 <= more < step - tiny
