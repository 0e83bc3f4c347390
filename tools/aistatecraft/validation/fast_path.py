"""A quick look at many texts of a column at once.

By far the most cells are fine, and must not pay for the care that a wrong one gets. A quick look says yes only where
`judge` (and, where that is asked for, the look at hidden faults) would find nothing in any of the texts; otherwise it says
no, and each is judged alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any
from unicodedata import is_normalized

from aistatecraft.package.schema import Constraint, Field
from aistatecraft.validation.homoglyphs import MAY_LOOK_ALIKE
from aistatecraft.validation.spreadsheet import MAY_BE_SPREADSHEET
from aistatecraft.validation.text_quality import (
    ESCAPE,
    MARKS,
    MOJIBAKE,
    NULL_WORDS,
    any_repeated,
    any_stray_quotes,
    any_wrong_han,
    markup,
)

__all__ = ["FastCheck", "fast_check"]

FastCheck = Callable[[Collection[str]], bool]

_NOISE = re.compile(r"\+|-9{2,}|9{5,}|2147483|4294967295|775807|709551615|\.[0-9]*(?:0000|9999)")
"""Found in numbers that are joined by `|` wherever `suspect` finds one that no source gives."""
_BETWEEN = "|"  # printable, and in no number or date
_CUT = frozenset({255, 32767})
"""Lengths at which spreadsheets cut texts off."""


@cache
def _many(one: str) -> re.Pattern[str]:
    return re.compile(rf"{one}(?:\|{one})*+")


def nothing_hidden(texts: Collection[str], excerpt: bool = False) -> bool:
    """Whether `faults_of_text` finds nothing in any text."""
    joined = f"|{_BETWEEN.join(texts)}|"
    if not joined.isprintable() or "  " in joined or " |" in joined or "| " in joined:
        return False
    if "…|" in joined or "...|" in joined or MAY_BE_SPREADSHEET.search(joined):
        return False
    marks = [mark for mark in MARKS if mark in joined]
    if marks and any(True for text in texts if any(mark in text for mark in marks) for _ in markup(text)):
        return False
    if len(joined) > 255 and not _CUT.isdisjoint(map(len, texts)):
        return False
    if not NULL_WORDS.isdisjoint(texts) or any_repeated(texts):
        return False
    if any_stray_quotes(texts, joined, excerpt):
        return False
    if ESCAPE.search(joined) and any("://" not in text and ESCAPE.search(text) for text in texts):
        return False
    if joined.isascii():
        return True
    if "ı" in joined or "i\u0307" in joined or any_wrong_han(texts, joined):
        return False
    return not MOJIBAKE.search(joined) and not MAY_LOOK_ALIKE.search(joined) and is_normalized("NFC", joined)


def _all_hold(constraint: Constraint, texts: Sequence[str], values: Sequence[Any]) -> bool:
    holds = constraint.holds
    # What holds of the least (the shortest) holds of the others too.
    if constraint.rule in ("minimum", "exclusiveMinimum"):
        return holds("", min(values))
    if constraint.rule in ("maximum", "exclusiveMaximum"):
        return holds("", max(values))
    if constraint.rule == "minLength":
        return holds("", min(values, key=len))
    if constraint.rule == "maxLength":
        return holds("", max(values, key=len))
    if constraint.all_fit is not None:
        return constraint.all_fit(texts)
    return all(map(holds, texts, values))


def fast_check(column: Field, hygiene: bool) -> FastCheck | None:
    """The quick look at a column; None where every text is fine. It is given at least one text, and none that is missing.

    `hygiene` asks also for the look at what a reader does not see.
    """
    constraints = column.constraints
    if column.kind.takes_any_text:
        if not constraints:
            return nothing_hidden if hygiene else None

        excerpt = "maxLength" in column.limits

        def strings(texts: Collection[str]) -> bool:
            as_list = list(texts)
            return (not hygiene or nothing_hidden(as_list, excerpt)) and all(
                _all_hold(constraint, as_list, as_list) for constraint in constraints
            )

        return strings
    if column.kind.quick and column.kind.standard:
        pattern, convert = _many(column.kind.quick), type(column.kind).quick_value

        def numbers(texts: Collection[str]) -> bool:
            as_list = list(texts)
            joined = _BETWEEN.join(as_list)
            if pattern.fullmatch(joined) is None or (hygiene and _NOISE.search(joined)):
                return False
            try:
                values = list(map(convert, as_list))
            except ValueError:  # a day that does not exist
                return False
            return all(_all_hold(constraint, as_list, values) for constraint in constraints)

        return numbers

    def others(texts: Collection[str]) -> bool:
        as_list = list(texts)
        if hygiene and column.kind.own_texts and not column.kind.own_texts.issuperset(as_list):
            return False
        try:
            values = [column.parse(text) for text in as_list]
        except ValueError:
            return False
        return (not hygiene or nothing_hidden(as_list)) and all(all(map(constraint.holds, as_list, values)) for constraint in constraints)

    if not column.kind.quick_text:
        return others
    form = _many(column.kind.quick_text)

    def formed(texts: Collection[str]) -> bool:
        as_list = list(texts)
        if form.fullmatch(_BETWEEN.join(as_list)) is None:
            return others(as_list)
        return (not hygiene or nothing_hidden(as_list)) and all(_all_hold(constraint, as_list, as_list) for constraint in constraints)

    return formed
