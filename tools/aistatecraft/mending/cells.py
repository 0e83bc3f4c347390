"""The repairs of a single cell: what a reader does not see, and what therefore nobody meant."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from aistatecraft.reading import FieldPlan
from aistatecraft.validation.judging import judge

__all__ = ["MendedText", "mend_cell", "mend_text"]

_ZERO_WIDTH = str.maketrans(dict.fromkeys("\u200b\ufeff"))


class MendedText(NamedTuple):
    """A text after the repairs, and the rules that asked for them."""

    text: str
    rules: tuple[str, ...]


def mend_text(text: str) -> MendedText:
    """`text` without zero-width characters (U+200B, U+FEFF), in Unicode form NFC, without white space at its ends."""
    if text.isascii() and text[:1] > " " < text[-1:]:
        return MendedText(text, ())
    rules = []
    visible = text.translate(_ZERO_WIDTH)
    if visible != text:
        rules.append("control-character")
    # Composed before it is trimmed: a part of a text in NFC is in NFC, so the result needs no second look.
    composed = unicodedata.normalize("NFC", visible)
    if composed != visible:
        rules.append("not-nfc")
    trimmed = composed.strip()
    if trimmed != composed:
        rules.append("white-space")
    return MendedText(trimmed, tuple(rules))


def mend_cell(column: FieldPlan, text: str, *, needed: bool) -> MendedText:
    """A cell after the repairs of `mend_text`; as it is where the schema gives its odd characters a meaning.

    Parameters
    ----------
    column : the field
    text : the cell as it stands in the file
    needed : whether the field must have a value
    """
    mended = mend_text(text)
    if not mended.rules:
        return mended
    same = MendedText(text, ())
    if text in column.missing or (needed and mended.text in column.missing):
        return same
    if _fits(column, text) and (
        column.categories or "enum" in column.limits or not (mended.text in column.missing or _fits(column, mended.text))
    ):
        return same
    return mended


def _fits(column: FieldPlan, text: str) -> bool:
    return not judge(column, text)
