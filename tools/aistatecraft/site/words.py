"""The words of the interface, and the wordings of what is not known.

English sentences stand where they are used and are their own keys, as gettext has it; `catalogue/LANGUAGE.json` translates them, and what it
lacks stays English. Nothing of the data is translated here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

__all__ = ["ABSENCES", "Absence", "Words", "absence", "day_in_words"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Words:
    """The words of one language."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        file = files("aistatecraft.site").joinpath("catalogue", f"{language}.json")
        self.known: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    def __call__(self, text: str, **values: Any) -> str:
        """`text` in the language, with values in place of ``{name}``."""
        said = self.known.get(text, text)
        return said.format(**values) if values else said

    def count(self, number: int, one: str, many: str) -> str:
        """``1 row``, ``2 rows``, ``1,000 rows``."""
        return f"{number:,} {self(one if number == 1 else many)}"


@dataclass(frozen=True)
class Absence:
    """Why there is no value: a sign and a word, which differ from each other in more than colour."""

    kind: str
    sign: str
    word: str


ABSENCES: Mapping[str, Absence] = {
    one.kind: one
    for one in (
        Absence("unknown", "?", "not known"),
        Absence("none-exists", "∅", "none exists"),
        Absence("not-applicable", "–", "not applicable"),
        Absence("found", "✓", "found by a search"),
        Absence("in-force", "●", "adopted"),
        Absence("ended", "◐", "only abandoned or superseded"),
        Absence("in-preparation", "○", "in preparation"),
        Absence("none-found", "∅", "none found"),
        Absence("unsettled", "≈", "unsettled"),
        Absence("not-looked-up", "▒", "not looked up"),
    )
}
"""Every state of knowledge that the site tells apart. No two share a word, and none is drawn as an empty cell, as 0 or as one grey."""


NO_NOTE = Absence("no-note", "–", "no note")


def absence(reason: str = "", field: str = "") -> Absence:
    """The wording for a cell without a value, or for the result of a search; blank means that it is not known, but in a note that there is none."""
    if field == "note" and not reason:
        return NO_NOTE
    kind = reason.strip().lower().replace("_", "-").replace(" ", "-")
    return ABSENCES.get(kind or "unknown") or Absence("other", "–", reason.replace("_", " "))


def day_in_words(text: str, word: Callable[[str], str] = str) -> str:
    """A date of mixed precision as it is read: ``2024-10-03`` is 3 October 2024; what is no such date stays as it is."""
    parts = text.split("-")
    if not (1 < len(parts) <= 3 and all(part.isdigit() for part in parts) and len(parts[0]) == 4 and 1 <= int(parts[1]) <= 12):
        return text
    month = word(_MONTHS[int(parts[1]) - 1])
    return f"{int(parts[2])} {month} {parts[0]}" if len(parts) == 3 else f"{month} {parts[0]}"
