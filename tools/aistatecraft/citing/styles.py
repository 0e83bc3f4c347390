"""Citation styles: a CSL item in, text out."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

__all__ = ["STYLES", "Style"]

Item = Mapping[str, Any]

_BIBTEX = {"dataset": "misc", "article-journal": "article", "report": "techreport", "article-newspaper": "article", "document": "misc"}
_RIS = {"dataset": "DATA", "article-journal": "JOUR", "report": "RPRT", "article-newspaper": "NEWS", "document": "GEN"}
# BibTeX counts braces whether or not a backslash stands before them, so these two have names.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "%": r"\%",
    "&": r"\&",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _parts(item: Item, name: str) -> list[int]:
    date = item.get(name)
    return list(date["date-parts"][0]) if date else []


def _year(item: Item) -> str:
    return str(_parts(item, "issued")[0]) if _parts(item, "issued") else "n.d."


def _apa_date(parts: list[int]) -> str:
    if len(parts) == 3:
        return f"{parts[0]}, {dt.date(*parts):%B} {parts[2]}"
    if len(parts) == 2:
        return f"{parts[0]}, {dt.date(parts[0], parts[1], 1):%B}"
    return str(parts[0]) if parts else "n.d."


def _apa_name(person: Mapping[str, str]) -> str:
    if "literal" in person:
        return person["literal"]
    if person["given"][:1].upper() == person["given"][:1].lower():
        # Scripts without capitals have no initials, and write the family name first: 蔡翠红.
        return person["family"] + person["given"]
    initials = " ".join(f"{part[0]}." for part in re.split(r"[\s-]+", person["given"]) if part)
    return f"{person['family']}, {initials}" if initials else person["family"]


def _sentence(text: str) -> str:
    return text if text[-1:] in ".?!" else text + "."


def apa(item: Item) -> str:
    """APA, 7th edition, as plain text."""
    people = [_apa_name(person) for person in item.get("author", [])]
    authors = people[0] if len(people) == 1 else ", ".join(people[:-1]) + f", & {people[-1]}" if people else ""
    title = str(item["title"]) + (f" (Version {item['version']})" if item.get("version") and "container-title" not in item else "")
    title += " [Data set]" if item["type"] == "dataset" and "container-title" not in item else ""
    # Journals and datasets go by year, what appears on a day by its day.
    when = _year(item) if item["type"] in ("dataset", "article-journal") else _apa_date(_parts(item, "issued"))
    out = f"{_sentence(authors)} ({when}). {_sentence(title)}" if authors else f"{title.removesuffix('.')} ({when})."
    if item["type"] == "dataset" and "container-title" in item:
        out += f" In {item['container-title']} (Version {item['version']}) [Data set]."
    elif "container-title" in item:
        out += f" {item['container-title']}"
        if "volume" in item or "issue" in item:
            out += f", {item.get('volume', '')}" + (f"({item['issue']})" if "issue" in item else "")
        out += (f", {item['page'].replace('-', '–')}" if "page" in item else "") + "."
    elif "publisher" in item:
        out += f" {_sentence(item['publisher'])}"
    if item.get("note"):
        out += f" {_sentence(item['note'])}"
    if "DOI" in item:
        out += f" https://doi.org/{item['DOI']}"
    elif "URL" in item:
        out += f" {item['URL']}"
    return out


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def bibtex(item: Item) -> str:
    """BibTeX. Titles are in double braces, so that styles keep their capitals."""
    kind = _BIBTEX[item["type"]]
    people = [
        f"{{{_tex(person['literal'])}}}" if "literal" in person else _tex(f"{person['family']}, {person['given']}")
        for person in item.get("author", [])
    ]
    fields: dict[str, str] = {"author": " and ".join(people), "title": f"{{{_tex(item['title'])}}}"}
    if item["type"] == "dataset":
        fields["howpublished"] = "Data set"
        if "container-title" in item:
            fields["howpublished"] = f"In: {_tex(item['container-title'])}. Data set"
    elif "container-title" in item:
        fields["journal" if kind == "article" else "howpublished"] = _tex(item["container-title"])
    elif kind == "article":
        fields["journal"] = _tex(item.get("publisher", ""))
    if kind == "techreport":
        fields["institution"] = _tex(item.get("publisher", ""))
    elif "publisher" in item and kind == "misc":
        fields["publisher"] = _tex(item["publisher"])
    issued = _parts(item, "issued")
    if issued:
        fields["year"] = str(issued[0])
        if len(issued) > 1:
            fields["month"] = str(issued[1])
    for name, key in (("volume", "volume"), ("issue", "number"), ("version", "version"), ("note", "note")):
        if item.get(name):
            fields[key] = _tex(str(item[name]))
    if "page" in item:
        fields["pages"] = _tex(item["page"]).replace("-", "--")
    for name, key in (("DOI", "doi"), ("URL", "url")):
        if name in item:
            fields[key] = item[name].replace("{", "%7B").replace("}", "%7D")
    key = re.sub("[^A-Za-z0-9:.-]+", "-", item["id"])
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{body}\n}}"


def csl_json(item: Item) -> str:
    """CSL JSON: a list with the item."""
    return json.dumps([item], ensure_ascii=False, indent=2)


def ris(item: Item) -> str:
    """RIS."""
    lines = [("TY", _RIS[item["type"]])]
    lines += [
        ("AU", person["literal"] if "literal" in person else f"{person['family']}, {person['given']}") for person in item.get("author", [])
    ]
    lines.append(("TI", item["title"]))
    issued = _parts(item, "issued")
    if issued:
        lines += [
            ("PY", str(issued[0])),
            ("DA", "/".join(f"{part:02d}" if at else str(part) for at, part in enumerate(issued)) + "/" * (3 - len(issued))),
        ]
    for tag, name in (
        ("T2", "container-title"),
        ("PB", "publisher"),
        ("VL", "volume"),
        ("IS", "issue"),
        ("ET", "version"),
        ("DO", "DOI"),
        ("UR", "URL"),
        ("LA", "language"),
        ("N1", "note"),
    ):
        if item.get(name):
            lines.append((tag, str(item[name])))
    if "page" in item:
        first, _, last = item["page"].partition("-")
        lines += [("SP", first)] + ([("EP", last)] if last else [])
    accessed = _parts(item, "accessed")
    if accessed:
        lines.append(("Y2", "/".join(f"{part:02d}" if at else str(part) for at, part in enumerate(accessed)) + "/"))
    return "\n".join(f"{tag}  - {' '.join(value.split())}" for tag, value in lines) + "\nER  - "


class Style(StrEnum):
    """Citation styles."""

    apa = "apa"
    bibtex = "bibtex"
    csl_json = "csl-json"
    ris = "ris"


STYLES: dict[Style, Callable[[Item], str]] = {Style.apa: apa, Style.bibtex: bibtex, Style.csl_json: csl_json, Style.ris: ris}
"""Renderers by name."""
