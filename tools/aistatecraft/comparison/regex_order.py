"""Whether a regular expression admits all that another does, decided on the automata of the two.

The expressions are read by Python's own parser, so that they mean here what they mean where cells are checked: ``\\d`` and
``\\w`` are those of Unicode, and a dot is no line break. What is not regular (look-around, references), what depends on flags,
and what would take long is not decided.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined]
from typing import Any

from aistatecraft.package.matching import parse_pattern

__all__ = ["pattern_order", "pattern_width"]

_STATES, _PAIRS = 2_000, 4_000
"""States of an automaton, and pairs of sets of states, that are looked at: less than a second."""
_LAST = 0x10FFFF

Ranges = tuple[tuple[int, int], ...]
"""A set of characters: ranges of code points, both ends among them."""


class _Undecided(Exception):
    """The pattern is not regular, or too large."""


def pattern_order(old: str | None, new: str | None) -> str | None:
    """How the texts that match `new` as a whole relate to those that match `old`; None matches every text.

    Returns
    -------
    "same", "wider", "narrower" or "other"; None where it cannot be told
    """
    if old == new:
        return "same"
    try:
        more, less = _compared(_Automaton(old), _Automaton(new))
    except (_Undecided, re.error, ValueError, RecursionError, OverflowError):
        return None
    return {(False, False): "same", (True, False): "wider", (False, True): "narrower", (True, True): "other"}[more, less]


def pattern_width(pattern: str | None) -> tuple[int, int | None]:
    """The least and the most characters of the texts that match a pattern as a whole; None for no limit, or none that is known."""
    if pattern is None:
        return 0, None
    try:
        least, most = parse_pattern(pattern).getwidth()
    except (re.error, ValueError, RecursionError, OverflowError):
        return 0, None
    return int(least), int(most) if most < codes.MAXREPEAT else None


class _Automaton:
    """A pattern as an automaton: from each state steps without a character, and steps by a character of a set."""

    def __init__(self, pattern: str | None) -> None:
        self.free: list[list[int]] = []
        self.steps: list[list[tuple[Ranges, int]]] = []
        self.start = self.state()
        if pattern is None:
            self.end = self.start
            self.steps[self.start].append((((0, _LAST),), self.start))
            return
        parsed = parse_pattern(pattern)
        if parsed.state.flags & ~re.UNICODE.value:
            raise _Undecided
        self.end = self.add(parsed, self.start, True, True)

    def state(self) -> int:
        if len(self.free) >= _STATES:
            raise _Undecided
        self.free.append([])
        self.steps.append([])
        return len(self.free) - 1

    def add(self, parsed: Any, begin: int, first: bool, last: bool) -> int:
        """Add a sequence from the state `begin` on; gives the state in which it ends.

        `first` and `last` say whether nothing stands before and behind it.
        """
        items = list(parsed)
        for at, (code, argument) in enumerate(items):
            begin = self.item(code, argument, begin, first and at == 0, last and at == len(items) - 1)
        return begin

    def item(self, code: Any, argument: Any, begin: int, first: bool, last: bool) -> int:
        if code in (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY):
            end = self.state()
            self.steps[begin].append((_characters(code, argument), end))
            return end
        if code is codes.SUBPATTERN and not argument[1] and not argument[2]:
            return self.add(argument[3], begin, first, last)
        if code is codes.BRANCH:
            end = self.state()
            for branch in argument[1]:
                entry = self.state()
                self.free[begin].append(entry)
                self.free[self.add(branch, entry, first, last)].append(end)
            return end
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            least, most, inner = argument
            return self.repeated(least, most, inner, begin)
        if code is codes.AT and (
            (first and argument in (codes.AT_BEGINNING, codes.AT_BEGINNING_STRING))
            or (last and argument in (codes.AT_END, codes.AT_END_STRING))
        ):
            return begin  # the whole text is matched anyway
        raise _Undecided

    def repeated(self, least: Any, most: Any, inner: Any, begin: int) -> int:
        if int(least) > _STATES or (most is not codes.MAXREPEAT and int(most) > _STATES):
            raise _Undecided
        for _ in range(int(least)):
            begin = self.add(inner, begin, False, False)
        if most is codes.MAXREPEAT:
            loop = self.state()
            self.free[begin].append(loop)
            self.free[self.add(inner, loop, False, False)].append(loop)
            return loop
        end = self.state()
        self.free[begin].append(end)
        for _ in range(int(most) - int(least)):
            begin = self.add(inner, begin, False, False)
            self.free[begin].append(end)
        return end

    def closed(self, states: Iterable[int]) -> frozenset[int]:
        """The states that are reached from some without a character."""
        found, ahead = set(states), list(states)
        while ahead:
            for state in self.free[ahead.pop()]:
                if state not in found:
                    found.add(state)
                    ahead.append(state)
        return frozenset(found)

    def after(self, states: frozenset[int], letter: int, member: dict[Ranges, set[int]]) -> frozenset[int]:
        """The states that are reached by one character."""
        return self.closed({to for state in states for characters, to in self.steps[state] if letter in member[characters]})


def _compared(old: _Automaton, new: _Automaton) -> tuple[bool, bool]:
    """Whether the new one matches a text that the old one does not, and the other way round."""
    sets = {characters for automaton in (old, new) for steps in automaton.steps for characters, _ in steps}
    member = _letters(sets)
    letters = sorted({letter for found in member.values() for letter in found})
    first = (old.closed([old.start]), new.closed([new.start]))
    seen, ahead = {first}, [first]
    more = less = False
    while ahead and not (more and less):
        was, now = ahead.pop()
        more, less = more or (new.end in now and old.end not in was), less or (old.end in was and new.end not in now)
        for letter in letters:
            pair = (old.after(was, letter, member), new.after(now, letter, member))
            if pair not in seen and any(pair):
                seen.add(pair)
                ahead.append(pair)
        if len(seen) > _PAIRS:
            raise _Undecided
    return more, less


def _letters(sets: set[Ranges]) -> dict[Ranges, set[int]]:
    """For each set the letters in it: one letter stands for all characters that are in the same of the sets."""
    edges = sorted({0, *(edge for ranges in sets for low, high in ranges for edge in (low, high + 1))})
    inside: dict[int, list[Ranges]] = {edge: [] for edge in edges}
    for ranges in sets:
        for low, high in ranges:
            for edge in edges[bisect_left(edges, low) : bisect_left(edges, high + 1)]:
                inside[edge].append(ranges)
    kinds: dict[frozenset[Ranges], int] = {}
    member: dict[Ranges, set[int]] = {ranges: set() for ranges in sets}
    for found in inside.values():
        letter = kinds.setdefault(frozenset(found), len(kinds))
        for ranges in found:
            member[ranges].add(letter)
    return member


def _characters(code: Any, argument: Any) -> Ranges:
    if code is codes.ANY:
        return _but(((10, 10),))
    if code is codes.LITERAL:
        return ((argument, argument),)
    if code is codes.NOT_LITERAL:
        return _but(((argument, argument),))
    found: list[tuple[int, int]] = []
    negated = False
    for kind, value in argument:
        if kind is codes.NEGATE:
            negated = True
        elif kind is codes.LITERAL:
            found.append((value, value))
        elif kind is codes.RANGE:
            found.append(value)
        elif kind is codes.CATEGORY and value in _CLASSES:
            found.extend(_class(_CLASSES[value]))
        else:
            raise _Undecided
    joined = _joined(found)
    return _but(joined) if negated else joined


_CLASSES = {
    codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_SPACE: r"\s", codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w", codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


@cache
def _class(name: str) -> Ranges:
    every = "".join(map(chr, range(_LAST + 1)))
    return tuple((found.start(), found.end() - 1) for found in re.finditer(f"{name}+", every))


def _joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    out: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)


def _but(ranges: Ranges) -> Ranges:
    """All other characters."""
    out = []
    begin = 0
    for low, high in ranges:
        if begin < low:
            out.append((begin, low - 1))
        begin = high + 1
    return (*out, (begin, _LAST)) if begin <= _LAST else tuple(out)
