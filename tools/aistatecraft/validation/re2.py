"""A pattern of Python written for RE2, the engine of Arrow, where it is proven to mean no more there.

The text of a pattern is never handed on: ``[[:alpha:]]``, ``(?P)``, ``\\Q`` and much else mean something else there, or nothing.
Python's own parser reads the pattern, and what is known of its parts is written anew, character by character. The result may match
less (``\\d``, ``\\w`` and ``\\s`` only in ASCII) but never more: a cell that it matches is fine, any other is judged by Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from typing import Any

from aistatecraft.package.matching import parse_pattern

__all__ = ["for_re2"]

_SIZE = 500
"""Characters and ranges of a pattern with its repetitions written out: a larger one needs memory that RE2 does not have."""
_LAST, _ASCII = 0x10FFFF, 0x7F
_CLASSES = {
    codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_SPACE: r"\s", codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w", codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip

Ranges = list[tuple[int, int]]


class _Other(Exception):
    """The pattern has a part that is not known to mean the same."""


@lru_cache(maxsize=256)
def for_re2(pattern: str) -> str | None:
    """A pattern for RE2 that matches nothing but texts that `pattern` matches as a whole; None where there is none."""
    try:
        parsed = parse_pattern(pattern)
        if parsed.state.flags != re.UNICODE:
            return None
        written, _, _ = _sequence(list(parsed), True, True)
    except (_Other, re.error, RecursionError, OverflowError):
        return None
    return rf"\A{written}\z"


def _sequence(items: list[Any], first: bool, last: bool) -> tuple[str, int, bool]:
    """Items one after the other: as RE2 has them, their size, and whether they match the empty text.

    `first` and `last` say whether nothing stands before and behind them in the whole pattern.
    """
    written, size, nullable = "", 0, True
    for at, (code, argument) in enumerate(items):
        text, more, empty = _item(code, argument, first and at == 0, last and at == len(items) - 1)
        written, size, nullable = written + text, size + more, nullable and empty
    if size > _SIZE:
        raise _Other
    return f"(?:{written})", size, nullable


def _item(code: Any, argument: Any, first: bool, last: bool) -> tuple[str, int, bool]:
    if code in (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN):
        ranges = _ranges(code, argument)
        return _set(ranges), len(ranges), False
    if code is codes.SUBPATTERN:
        _, added, removed, inner = argument
        if added or removed:
            raise _Other
        return _sequence(list(inner), first, last)
    if code is codes.BRANCH:
        parts = [_sequence(list(branch), first, last) for branch in argument[1]]
        return f"(?:{'|'.join(part[0] for part in parts)})", sum(part[1] for part in parts), any(part[2] for part in parts)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        least, most, inner = argument
        return _repeated(int(least), None if most is codes.MAXREPEAT else int(most), inner)
    if code is codes.AT and (
        (first and argument in (codes.AT_BEGINNING, codes.AT_BEGINNING_STRING))
        or (last and argument in (codes.AT_END, codes.AT_END_STRING))
    ):
        return "", 0, True  # the whole text is matched anyway
    raise _Other


def _repeated(least: int, most: int | None, inner: Any) -> tuple[str, int, bool]:
    text, size, nullable = _sequence(list(inner), False, False)
    # What repeats the empty text ends here and there by different rules.
    if nullable or max(least, most or 1) * size > _SIZE:
        raise _Other
    return f"{text}{{{least},{'' if most is None else most}}}", max(least, most or 1) * size, least == 0


def _ranges(code: Any, argument: Any) -> Ranges:
    """The characters of a set, of some sets only those that are ASCII."""
    if code is codes.ANY:
        return _but([(10, 10)], _LAST)
    if code is codes.LITERAL:
        return [(argument, argument)]
    if code is codes.NOT_LITERAL:
        return _but([(argument, argument)], _LAST)
    found: Ranges = []
    negated, last = False, _LAST
    for kind, value in argument:
        if kind is codes.NEGATE:
            negated = True
        elif kind is codes.LITERAL:
            found.append((value, value))
        elif kind is codes.RANGE:
            found.append(value)
        elif kind is codes.CATEGORY and value in _CLASSES:
            found += [(letter, letter) for letter in range(_ASCII + 1) if re.match(_CLASSES[value], chr(letter))]
            last = _ASCII
        else:
            raise _Other
    return _but(found, last) if negated else _joined(found)


def _joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    out: Ranges = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out


def _but(ranges: Iterable[tuple[int, int]], last: int) -> Ranges:
    """All other characters up to `last`."""
    out: Ranges = []
    begin = 0
    for low, high in _joined(ranges):
        if begin <= min(low - 1, last):
            out.append((begin, min(low - 1, last)))
        begin = high + 1
    return [*out, (begin, last)] if begin <= last else out


def _set(ranges: Ranges) -> str:
    if not ranges:
        raise _Other
    return "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in ranges) + "]"
