"""Text that looks right and is not: composed and decomposed letters, stray white space, control characters, mojibake,
letters of other scripts, markup, and what spreadsheets leave behind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from aistatecraft.validation.homoglyphs import as_latin, look_alike
from aistatecraft.validation.report import CellProblem
from aistatecraft.validation.spreadsheet import cell_damage

__all__ = ["MARKS", "MOJIBAKE", "faults_of_text", "markup"]

_CONTINUATION = "\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122"
MOJIBAKE = re.compile(f"Ã[{_CONTINUATION}]|â€|Â[\xa0-\xbf]|[\xe3-\xe9][{_CONTINUATION}]{{2}}(?<![’”–—]{{2}})|\ufffd")
_LOST = re.compile(r"(?<=[A-Za-z\xc0-\xff])\?(?=[a-z\xdf-\xff])")
_ENTITY = re.compile(
    r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|(?:nbsp|amp|lt|gt|quot|apos|[lr][sd]quo|[nm]dash|hellip|shy|[a-zA-Z](?:acute|grave|circ|uml|tilde|cedil|ring)));"
)
MARKS = "&<?"
"""Characters without which `markup` finds nothing."""
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,9}(?:\s[^<>]*)?/?>")


def faults_of_text(text: str) -> Iterator[CellProblem]:
    """Each thing wrong with a text that a reader does not see, or that no author wrote."""
    yield from _white_space(text)
    yield from cell_damage(text)
    if "\n" in text:
        yield CellProblem("line-break", "the cell contains a line break", "write it on one line")
    if not text.isprintable():
        for letter in text:
            if letter not in "\t\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"):
                yield CellProblem("control-character", f"the cell contains the invisible character U+{ord(letter):04X}", "delete it")
                break
    yield from markup(text)
    if text.isascii():
        return
    if not unicodedata.is_normalized("NFC", text):
        yield CellProblem(
            "not-nfc",
            f"{text!r} is not in Unicode form NFC: it looks like another text but is not equal to it",
            f"write {unicodedata.normalize('NFC', text)!r}",
        )
    if "\ufffd" in text:
        yield CellProblem("mojibake", f"{text!r} contains the replacement character of a lost letter", "restore it from the source")
    elif MOJIBAKE.search(text):
        yield CellProblem("mojibake", f"{text!r} looks like UTF-8 that was read as another encoding", "restore it from the source")
    found = look_alike(text)
    if found is not None:
        yield CellProblem(
            "look-alike",
            f"{found.word!r} contains {found.name}, which only looks like a Latin letter or digit",
            f"write {as_latin(text)!r}",
        )


def _white_space(text: str) -> Iterator[CellProblem]:
    if text != text.strip():
        yield CellProblem("white-space", f"{text!r} begins or ends with white space", "trim it")
    elif "  " in text:
        yield CellProblem("white-space", f"{text!r} has two spaces in a row", "write one")
    elif not text.isprintable():
        for letter in text:
            if letter == "\t" or (letter != " " and unicodedata.category(letter) == "Zs"):
                yield CellProblem(
                    "white-space",
                    f"{text!r} contains a {unicodedata.name(letter, 'tab').lower()}, which looks like a space but is not",
                    "write a space",
                )
                break


def markup(text: str) -> Iterator[CellProblem]:
    """What is wrong with a text that has one of the characters &, < and ?: entities, tags, and letters that were lost."""
    if _ENTITY.search(text) or _TAG.search(text):
        yield CellProblem("markup", f"{text!r} contains the markup of a web page", "write the character itself, and remove tags")
    if "://" not in text and "=" not in text and _LOST.search(text):
        yield CellProblem("mojibake", f"{text!r} has a question mark inside a word: a letter was lost", "restore it from the source")
