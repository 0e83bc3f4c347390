"""Words for differences between two texts that look the same, or nearly so."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["NAMED_SPACES", "invisible_difference"]

NAMED_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
"""Spaces that look like the space between words."""

_SPACES = {
    "\u00a0": "a no-break space (U+00A0)",
    "\u202f": "a narrow no-break space (U+202F)",
    "\u2009": "a thin space (U+2009)",
    "\u3000": "a wide space (U+3000)",
    "\t": "a tab",
    "\n": "a line break",
    " ": "a space",
}
_NOT_SEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\ufeff"
_FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")


def invisible_difference(old: str, new: str) -> str:
    """What differs between two unequal texts, where one does not see it; empty where one does, or where one of them is blank."""
    if not old or not new or (old.isascii() and new.isascii() and old.split() != new.split()):
        return ""
    import unicodedata  # the tables of Unicode are loaded only where two such texts differ

    if unicodedata.normalize("NFC", old) == unicodedata.normalize("NFC", new):
        forms = [next((name for name in _FORMS if unicodedata.is_normalized(name, text)), "mixed forms") for text in (old, new)]
        return f"same letters, composed differently ({forms[0]} to {forms[1]})"
    bare = [text.translate(dict.fromkeys(map(ord, _NOT_SEEN))) for text in (old, new)]
    if bare[0] == bare[1]:
        return f"same letters, but {_invisible(old, new)}"
    spaced = [" ".join(text.split()) for text in bare]
    if spaced[0] == spaced[1]:
        return _spaces(old, new)
    if unicodedata.normalize("NFKC", spaced[0]) == unicodedata.normalize("NFKC", spaced[1]):
        return "same letters in another width or form (NFKC)"
    return ""


def _invisible(old: str, new: str) -> str:
    import unicodedata

    came = [letter for letter in _NOT_SEEN if new.count(letter) > old.count(letter)]
    went = [letter for letter in _NOT_SEEN if new.count(letter) < old.count(letter)]
    named = [
        f"{unicodedata.name(letter, 'a character').lower()} (U+{ord(letter):04X}) {what}"
        for letters, what in ((came, "added"), (went, "removed"))
        for letter in letters
    ]
    return ", ".join(named) or "characters that are not seen stand elsewhere"


def _spaces(old: str, new: str) -> str:
    if old.strip() == new.strip() != "":
        return "only white space at the beginning or end differs"
    was, now = ([letter for letter in text if letter.isspace()] for text in (old, new))
    if len(was) == len(now):
        pairs = dict.fromkeys((earlier, later) for earlier, later in zip(was, now, strict=True) if earlier != later)
        named = [f"{_space(later)} instead of {_space(earlier)}" for earlier, later in pairs]
        if named:
            return ", ".join(named)
    return "only white space differs"


def _space(letter: str) -> str:
    return _SPACES.get(letter, f"U+{ord(letter):04X}")
