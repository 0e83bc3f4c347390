"""APA, 7th edition."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aistatecraft.citations.csl_parts import Item, capitals, date_parts, in_whole, joined, month_and_day, sentence, translated, year

__all__ = ["apa"]

_MOST = 20
"""Of more authors than these the first 19 and the last are named."""


def apa(item: Item) -> str:
    """The item in APA style, 7th edition, as plain text."""
    authors = _authors([_name(person) for person in item.get("author", [])])
    part = in_whole(item)
    title = translated(item)
    if item["type"] == "dataset" and not part:
        title += _version(item) + " [Data set]"
    # Journals, reports and datasets go by year, what appears on a day by its day.
    when = year(item) if item["type"] in ("dataset", "article-journal", "report") else _date(date_parts(item, "issued"))
    out = f"{sentence(authors)} ({when}). {sentence(title)}" if authors else f"{sentence(title)} ({when})."
    if part:
        out += f" In {item['container-title']}{_version(item)} [Data set]."
    elif "container-title" in item:
        out += f" {item['container-title']}"
        if "volume" in item or "issue" in item:
            out += f", {item.get('volume', '')}" + (f"({item['issue']})" if "issue" in item else "")
        out += (f", {item['page'].replace('-', '–')}" if "page" in item else "") + "."
    elif "publisher" in item and authors != item["publisher"]:  # a body that publishes its own work is named once
        out += f" {sentence(item['publisher'])}"
    if item.get("note"):
        out += f" {sentence(item['note'])}"
    if "DOI" in item:
        out += f" https://doi.org/{item['DOI']}"
    elif "URL" in item:
        out += f" {item['URL']}"
    return out


def _version(item: Item) -> str:
    return f" (Version {item['version']})" if item.get("version") else ""


def _date(parts: list[int]) -> str:
    return ", ".join(part for part in (str(parts[0]), month_and_day(parts)) if part) if parts else "n.d."


def _authors(names: list[str]) -> str:
    if len(names) > _MOST:
        return ", ".join(names[: _MOST - 1]) + f", . . . {names[-1]}"
    return joined(names, ", & ")


def _name(person: Mapping[str, str]) -> str:
    if "literal" in person:
        return person["literal"]
    if not capitals(person["given"]):
        return person["family"] + person["given"]  # 蔡翠红: there are no initials
    initials = " ".join(f"{part[0]}." for part in re.split(r"[\s-]+", person["given"]) if part)
    return f"{person['family']}, {initials}" if initials else person["family"]
