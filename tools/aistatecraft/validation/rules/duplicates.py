"""Records that appear twice under two identifiers."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd

_NEAR = 0.92
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_DATES = ("adopted", "date", "proposed", "in_force_from")
_SPACE = re.compile(r"[\W_]+")


@rule("near-duplicate-title", scope="table", tables=("strategies", "declarations", "instruments"), severity="warning")
def near_duplicate_title(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Two documents of the same jurisdiction and year do not have nearly the same title, unless one replaces the other."""
    fields = [name for name in ("id", "title_en", "jurisdiction", "supersedes", *_DATES) if name in frame.columns]
    groups: dict[tuple[Any, Any], list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for number, *cells in rows(frame, *fields):
        row = dict(zip(fields, cells, strict=True), number=number)
        groups[row.get("jurisdiction"), _year(row)].append((_plain(row["title_en"] or ""), row))
    for alike in groups.values():
        for place, (title, row) in enumerate(alike):
            for other_title, other in alike[:place]:
                if _near(title, other_title) and other["id"] != row.get("supersedes") and row["id"] != other.get("supersedes"):
                    message = f"{row['title_en']!r} is almost the same title as that of {other['id']!r} in the same year"
                    yield Problem(row["number"], "title_en", message, "merge the two, or give them distinct titles")
                    break


def _near(first: str, second: str) -> bool:
    if first == second:
        return True
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= _NEAR and matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title.casefold())
    return _SPACE.sub(" ", "".join(letter for letter in letters if not unicodedata.combining(letter))).strip()


def _year(row: Mapping[str, Any]) -> str:
    dated = next((str(row[field])[:4] for field in _DATES if row.get(field)), "")
    return dated or (_YEAR.findall(row["id"] or "") or [""])[-1]
