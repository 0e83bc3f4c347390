"""Letters and digits of other scripts that look like Latin ones: equal to the eye, and never equal to a search or a join."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

__all__ = ["MAY_LOOK_ALIKE", "LookAlike", "as_latin", "look_alike"]

_LATIN_OF = {
    **dict(zip("АВЕЅІЈКМНОРСТХаеорсухѕіјһԁԛԝ", "ABESIJKMHOPCTXaeopcyxsijhdqw", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονϲϳ", "ABEZHIKMNOPTYXovcj", strict=True)),
    **dict(zip("ՕՍԼօոսց", "OULonug", strict=True)),
}
_TRANSLATED = str.maketrans(_LATIN_OF)
_SCRIPTS = ("GREEK", "CYRILLIC", "ARMENIAN")

MAY_LOOK_ALIKE = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u0531-\u058f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff"
    "\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0b66-\u0b6f\u0be6-\u0bef\u0c66-\u0c6f"
    "\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049\u17e0-\u17e9\u1810-\u1819]"
)
"""Without one of these characters nothing in a text can look like what it is not."""
_WORD = re.compile(r"[^\W_]+")


class LookAlike(NamedTuple):
    """A word that is not written as it looks."""

    word: str
    letter: str
    name: str
    """Unicode name of the letter."""
    meant: str
    """The word in the letters that it seems to have."""


def as_latin(text: str) -> str:
    """The text with every look-alike replaced by the Latin letter or ASCII digit that it looks like."""

    def plain(letter: str) -> str:
        if MAY_LOOK_ALIKE.match(letter) is None or letter in _LATIN_OF:
            return letter
        return str(unicodedata.decimal(letter)) if letter.isdecimal() else unicodedata.normalize("NFKC", letter)

    return "".join(map(plain, text)).translate(_TRANSLATED)


def look_alike(text: str) -> LookAlike | None:
    """The first word of a text that mixes scripts or is spelled with the look-alikes of another; None where there is none.

    A word is at fault where a Cyrillic letter, or a Greek or Armenian one that looks Latin, stands among Latin letters;
    where all its letters look Latin in a text that is otherwise Latin; and where it has full-width or styled letters, or
    digits of another script.
    """
    if MAY_LOOK_ALIKE.search(text) is None:
        return None
    words = [(word, [_script(letter) for letter in word]) for word in _WORD.findall(text)]
    latin = any("LATIN" in scripts for _, scripts in words)
    at_home = {script for word, scripts in words for letter, script in zip(word, scripts, strict=True) if letter not in _LATIN_OF}
    for word, scripts in words:
        mixed = "LATIN" in scripts
        for letter, script in zip(word, scripts, strict=True):
            odd = script == "STYLED" and not _at_home(letter, text)
            if script in _SCRIPTS and mixed:
                odd = script == "CYRILLIC" or letter in _LATIN_OF
            elif script in _SCRIPTS and latin and script not in at_home:
                odd = all(other in _LATIN_OF for other in word)
            if odd:
                return LookAlike(word, letter, unicodedata.name(letter, f"U+{ord(letter):04X}"), as_latin(word))
    return None


def _at_home(digit: str, text: str) -> bool:
    """Whether a digit of another script stands in a text of that script: २०८२ in Nepali."""
    script = unicodedata.name(digit, "").partition(" DIGIT ")[0]
    return digit.isdecimal() and script != "" and any(unicodedata.name(letter, "").startswith(f"{script} LETTER") for letter in text)


def _script(letter: str) -> str:
    """Script of a letter as far as it matters here: STYLED is full-width, mathematical, or a digit of another script."""
    if letter.isascii():
        return "LATIN" if letter.isalpha() else ""
    if letter.isdecimal():
        return "STYLED"
    name = unicodedata.name(letter, "")
    if name.startswith(("FULLWIDTH ", "MATHEMATICAL ")):
        return "STYLED"
    return name.split(" ", 1)[0] if name.startswith(("LATIN ", "GREEK ", "CYRILLIC ", "ARMENIAN ")) else ""
