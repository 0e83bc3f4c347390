"""Chicago, author-date, 18th edition: the entry of the reference list."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aistatecraft.citations.csl_parts import MONTHS, Item, capitals, date_parts, in_whole, joined, month_and_day, sentence, year

__all__ = ["chicago"]

_PRESS = ("article-newspaper", "article-magazine", "webpage")
_MOST, _NAMED = 6, 3
"""Of more than six authors the first three are named."""


def chicago(item: Item) -> str:
    """The item in Chicago style, author-date, 18th edition, as plain text.

    Without an author a newspaper stands in its place, and where there is none the title does.
    """
    kind = item["type"]
    medium = str(item.get("container-title") or item.get("publisher") or "") if kind in _PRESS else ""
    authors = _authors(item.get("author", []))
    title = _quoted(str(item["title"]))
    if item.get("translated-title"):
        english = str(item["translated-title"])
        title = f"“{_inner(str(item['title']))}” [{english}]" + ("" if english[-1:] in "?!." else ".")
    head = authors or medium
    out = [sentence(head), sentence(year(item)), title] if head else [title, sentence(year(item))]
    parts = date_parts(item, "issued")
    day = month_and_day(parts)
    if in_whole(item):
        out += [f"In {_quoted(item['container-title'])}", *_version(item), "Data set."]
    elif kind == "dataset":
        out += [*_version(item), "Data set."] + ([sentence(item["publisher"])] if "publisher" in item else [])
    elif kind == "article-journal":
        out.append(_journal(item))
    elif kind in _PRESS:
        told = ", ".join(part for part in (medium if authors else "", day) if part)
        out += [sentence(told)] if told else []
    else:
        out += [sentence(str(item[name])) for name in ("container-title", "publisher") if item.get(name)]
        out += [sentence(day)] if day else []
    if item.get("note"):
        out.append(sentence(str(item["note"])))
    seen = date_parts(item, "accessed")
    if not parts and len(seen) == 3 and "URL" in item:
        out.append(f"Accessed {MONTHS[seen[1] - 1]} {seen[2]}, {seen[0]}.")
    if "DOI" in item:
        out.append(f"https://doi.org/{item['DOI']}.")
    elif "URL" in item:
        out.append(f"{item['URL']}.")
    return " ".join(out)


def _version(item: Item) -> list[str]:
    return [f"Version {item['version']}."] if item.get("version") else []


def _quoted(title: str) -> str:
    """A title in quotation marks, those in it single; the full stop goes inside."""
    return f"“{sentence(_inner(title))}”"


def _inner(title: str) -> str:
    """A title as it stands inside of quotation marks."""
    return re.sub(r'"([^"]*)"', r"‘\1’", title.translate({0x201C: "‘", 0x201D: "’"}))


def _journal(item: Item) -> str:
    out = str(item.get("container-title", ""))
    if item.get("volume"):
        out += f" {item['volume']}" + (f" ({item['issue']})" if item.get("issue") else "")
    elif item.get("issue"):
        out += f", no. {item['issue']}"
    if item.get("page"):
        out += f": {item['page'].replace('-', '–')}"
    return sentence(out)


def _authors(people: list[Mapping[str, str]]) -> str:
    names = [_name(person, first=at == 0) for at, person in enumerate(people)]
    if len(names) > _MOST:
        return f"{', '.join(names[:_NAMED])}, et al."
    return joined(names, ", and ")


def _name(person: Mapping[str, str], *, first: bool) -> str:
    if "literal" in person:
        return person["literal"]
    family, given = person["family"], person["given"]
    if not given or not capitals(given):
        return family + given
    return f"{family}, {given}" if first else f"{given} {family}"
