"""Which words of two texts differ, for the marks of the text, Markdown and HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby

__all__ = ["Part", "WordDiff", "excerpt"]

Part = tuple[str, bool]
"""A piece of a text, and whether it stands in this text alone."""

_BY_CHARACTER = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts without spaces between words (Chinese, Japanese), and Hangul, whose particles are written to the word."""
_WORD = re.compile(r"\w")
_LIMIT = 10_000
"""Tokens of one text times tokens of the other that are still matched one by one; what is longer is marked as one stretch."""


@cache
def _token() -> re.Pattern[str]:
    # Compiled when two texts are compared, not before: it takes longer than all of the rest of the module.
    return re.compile(rf"[{_BY_CHARACTER}]|(?:[^\W{_BY_CHARACTER}]|[\u0300-\u036f])+|\s+|.", re.DOTALL)


class WordDiff:
    """Marks the words that differ.

    Matching takes time by the product of two lengths, so one text is matched only up to a size, and all texts together only
    up to `budget`: past it what lies between the first and the last difference is marked as one. Time stays linear in the
    number of changes.
    """

    def __init__(self, budget: int = 10_000_000) -> None:
        self.left = budget

    def marked(self, old: str, new: str) -> tuple[list[Part], list[Part]]:
        """Both texts in parts; joined they are the texts again. An empty mark stands where only the other text has more."""
        was, now = _token().findall(old), _token().findall(new)
        start = 0
        while start < min(len(was), len(now)) and was[start] == now[start]:
            start += 1
        end = 0
        while end < min(len(was), len(now)) - start and was[-1 - end] == now[-1 - end]:
            end += 1
        was_marks, now_marks = [False] * len(was), [False] * len(now)
        was_middle, now_middle = range(start, len(was) - end), range(start, len(now) - end)
        for marks, middle in ((was_marks, was_middle), (now_marks, now_middle)):
            marks[middle.start : middle.stop] = [True] * len(middle)
        work = len(was_middle) * len(now_middle)
        if 1 < work <= min(_LIMIT, self.left):
            self.left -= work
            _unmark(was, now, was_middle.start, was_middle.stop, now_middle.stop, was_marks, now_marks)
        if not any(_WORD.match(token) and not mark for token, mark in zip(was, was_marks, strict=True)):
            # No word in common: commas that agree by chance are no likeness.
            was_marks, now_marks = [True] * len(was), [True] * len(now)
        return _joined(was, was_marks, start), _joined(now, now_marks, start)


def _unmark(
    was: Sequence[str], now: Sequence[str], start: int, was_end: int, now_end: int, was_marks: list[bool], now_marks: list[bool]
) -> None:
    """Take the marks off what both middles share."""
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, was[start:was_end], now[start:now_end], autojunk=False).get_matching_blocks()
    for at, other, size in blocks:
        # A space or a comma between two changed words is read with them.
        if any(_WORD.match(token) for token in was[start + at : start + at + size]):
            was_marks[start + at : start + at + size] = [False] * size
            now_marks[start + other : start + other + size] = [False] * size


def _joined(tokens: Sequence[str], marks: Sequence[bool], start: int) -> list[Part]:
    if not any(marks):
        # Something was put into the other text alone: an empty mark says where.
        return [("".join(tokens[:start]), False), ("", True), ("".join(tokens[start:]), False)]
    pairs = zip(tokens, marks, strict=True)
    return [("".join(token for token, _ in group), mark) for mark, group in groupby(pairs, key=lambda pair: pair[1])]


def excerpt(parts: Sequence[Part], around: int, longest: int, whole: int) -> list[Part]:
    """`parts` made short, with … for what is cut.

    What is alike is cut to `around` characters beside a mark, a marked stretch to `longest`, and the whole to about `whole`.
    """
    out: list[Part] = []
    for number, (text, mark) in enumerate(parts):
        first, last = number == 0, number == len(parts) - 1
        before = 0 if mark or first else around  # follows a mark
        after = 0 if mark or last else around  # precedes one
        if mark and len(text) > longest:
            text = text[: longest - 1] + "…"
        elif not mark and len(text) > before + after + 1:
            text = _to_a_space(text[:before]) + "…" + _from_a_space(text[len(text) - after :])
        out.append((text, mark))
        whole -= len(text)
        if whole < 0 and not last:
            return [*out, ("…", False)]
    return out


def _to_a_space(text: str) -> str:
    """`text` without the word that is cut at its end, if there is one to see."""
    at = text.rfind(" ") + 1
    return text[:at] if at > len(text) // 2 else text


def _from_a_space(text: str) -> str:
    """The same at its beginning."""
    at = text.find(" ")
    return text[at:] if 0 <= at < len(text) // 2 else text
