"""What the citation styles share: names of things in a CSL item, and its dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["ET_AL", "MONTHS", "Item", "capitals", "date_parts", "in_whole", "joined", "month_and_day", "sentence", "translated", "year"]

Item = Mapping[str, Any]
"""An item in the terms of CSL JSON: https://github.com/citation-style-language/schema"""

ET_AL = "et al."
"""The last of the authors, where the source names no more of them."""

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def date_parts(item: Item, name: str) -> list[int]:
    """Year, month and day of a date, as far as they are known; empty where the item has no such date."""
    date = item.get(name)
    return list(date["date-parts"][0]) if date else []


def month_and_day(parts: list[int]) -> str:
    """Month in words, and the day where it is known; empty where only the year is."""
    return " ".join([MONTHS[parts[1] - 1], *map(str, parts[2:])]) if parts[1:] else ""


def year(item: Item) -> str:
    """Year in which it was issued, or ``n.d.``."""
    parts = date_parts(item, "issued")
    return str(parts[0]) if parts else "n.d."


def in_whole(item: Item) -> bool:
    """Whether the item is a part of a dataset: a table or a record."""
    return item["type"] == "dataset" and "container-title" in item


def capitals(name: str) -> bool:
    """Whether a name is in a script that has capitals; scripts without them write the family name first, with nothing between."""
    return name[:1].upper() != name[:1].lower()


def translated(item: Item) -> str:
    """The title, and after it the English one in brackets where there is one."""
    return f"{item['title']} [{item['translated-title']}]" if item.get("translated-title") else str(item["title"])


def sentence(text: str) -> str:
    """`text` with a full stop, unless it ends already, be it inside of quotation marks."""
    return text if text.rstrip("\"'’”»」』")[-1:] in tuple(".?!。？！") else text + "."


def joined(names: list[str], last: str) -> str:
    """Names with commas between them, and `last` before the last one, unless that is "et al."."""
    if names[-1:] == [ET_AL]:
        last = ", "
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f"{last}{names[-1]}" if names else ""
