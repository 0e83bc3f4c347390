"""Repairs of a single cell: invisible characters and spaces that are not part of the text."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from aistatecraft.package import Field
from aistatecraft.validation.cell_checks import check_cell

__all__ = ["FixedText", "fix_cell", "fix_text"]

_ZERO_WIDTH = str.maketrans(dict.fromkeys("\u200b\ufeff"))


class FixedText(NamedTuple):
    """A text after the repairs, and the rules that asked for them."""

    text: str
    rules: tuple[str, ...]


def fix_text(text: str) -> FixedText:
    """`text` without zero-width characters (U+200B, U+FEFF), in Unicode form NFC, without white space at its ends."""
    if text.isascii() and text[:1] > " " < text[-1:]:
        return FixedText(text, ())
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
    return FixedText(trimmed, tuple(rules))


def fix_cell(column: Field, text: str, *, needed: bool) -> FixedText:
    """A cell after the repairs of `fix_text`; as it is where the schema gives its odd characters a meaning.

    Parameters
    ----------
    column : the field
    text : the cell as it stands in the file
    needed : whether the field must have a value
    """
    fixed = fix_text(text)
    if not fixed.rules:
        return fixed
    same = FixedText(text, ())
    if text in column.missing or (needed and fixed.text in column.missing):
        return same
    if _fits(column, text) and (
        column.categories or "enum" in column.limits or not (fixed.text in column.missing or _fits(column, fixed.text))
    ):
        return same
    return fixed


def _fits(column: Field, text: str) -> bool:
    return not check_cell(column, text)
