"""Text that looks right and is not: composed and decomposed letters, stray white space, control characters, mojibake."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["faults_of_text"]

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
_MOJIBAKE = re.compile(
    "(?:Ã[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122]|â€|Â[\xa0-\xbf])"
)


def faults_of_text(text: str) -> Iterator[tuple[str, str, str]]:
    """(rule, message, mend) for each thing wrong with a text that a reader does not see."""
    # Plain printable ASCII without double spaces or spaces at the ends, by far the most, is fine.
    if text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]:
        return
    if text != text.strip():
        yield "white-space", f"{text!r} begins or ends with white space", "trim it"
    elif "  " in text:
        yield "white-space", f"{text!r} has two spaces in a row", "write one"
    if "\n" in text:
        yield "line-break", "the cell holds a line break", "write it as one line"
    if _CONTROL.search(text):
        found = _CONTROL.search(text)
        yield "control-character", f"the cell holds the invisible character U+{ord(found[0]):04X}", "delete it"  # type: ignore[index]
    if not unicodedata.is_normalized("NFC", text):
        yield (
            "not-nfc",
            f"{text!r} is not in Unicode form NFC: it looks the same as another text and is not equal to it",
            f"write {unicodedata.normalize('NFC', text)!r}",
        )
    if _MOJIBAKE.search(text):
        yield "mojibake", f"{text!r} looks like UTF-8 that was read as another encoding", "restore it from the source"
