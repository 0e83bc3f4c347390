"""BibTeX and BibLaTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from aistatecraft.citations.csl_parts import ET_AL, MONTHS, Item, date_parts, in_whole, translated

__all__ = ["biblatex", "bibtex", "key_of"]

# BibTeX counts braces whether or not a backslash stands before them, so these two have names. The three last are other
# characters in the encoding that LaTeX begins with.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
_ARTICLES = {"article-journal": "article", "article-newspaper": "article", "article-magazine": "article"}
_LIGATURES = re.compile(r"([-'`,])(?=\1)|([?!])(?=`)")
"""What TeX would set as one other character, such as two hyphens as a dash."""


def _tex(text: str) -> str:
    apart = _LIGATURES.sub(lambda found: found[0] + "\0", " ".join(text.replace("\0", "").split()))
    return "".join("{}" if character == "\0" else _TEX.get(character, character) for character in apart)


def key_of(item: Item) -> str:
    """The key under which the item is cited: its identifier in the characters that BibTeX takes in a key."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", item["id"]) if not unicodedata.combining(mark))
    return re.sub("[^A-Za-z0-9:.-]+", "-", plain)


def bibtex(item: Item) -> str:
    """The item as an entry of BibTeX. Titles are in double braces, so that styles keep their capitals."""
    kind, medium = item["type"], item.get("container-title")
    held = str(medium or item.get("publisher") or "")
    entry = {**_ARTICLES, "report": "techreport"}.get(kind, "misc")
    if (entry == "article" and not held) or (entry == "techreport" and not item.get("publisher")):
        entry = "misc"  # those need a journal, or an institution
    fields = _common(item)
    if not fields["author"]:
        # By this BibTeX sorts and labels what has no author; BibLaTeX takes the title.
        fields["key"] = _tex(held or str(item["title"]))
    if kind == "dataset":
        fields["howpublished"] = f"In: {_tex(item['container-title'])}. Data set" if in_whole(item) else "Data set"
    elif entry == "article":
        fields["journal"] = _tex(held)
    elif held and entry == "misc":
        fields["howpublished"] = _tex(held)  # styles print no publisher of such an entry
    if item.get("publisher") and (entry == "techreport" or kind == "dataset" or medium):
        fields["institution" if entry == "techreport" else "publisher"] = _tex(item["publisher"])
    issued = date_parts(item, "issued")
    if issued:
        fields["year"] = str(issued[0])
    months = {"month": MONTHS[issued[1] - 1][:3].lower()} if issued[1:] else {}
    return _entry(entry, item, fields | _numbers(item), macros=months)


def biblatex(item: Item) -> str:
    """The item as an entry of BibLaTeX: types and dates as it has them, such as ``@dataset`` and ``date = {2026-01-04}``."""
    kind, medium = item["type"], item.get("container-title")
    entry = {**_ARTICLES, "report": "report", "dataset": "dataset"}.get(kind)
    if entry is None:
        entry = "online" if "URL" in item else "misc"
    fields = _common(item)
    publisher = item.get("publisher")
    if kind == "dataset":
        if in_whole(item):
            fields["titleaddon"] = f"In: {_tex(item['container-title'])}"
    elif entry == "article":
        fields["journaltitle"] = _tex(str(medium or publisher or ""))
        publisher = publisher if medium else None
    elif medium:
        fields["titleaddon"] = _tex(medium)
    if publisher:
        fields["publisher" if kind == "dataset" or entry == "article" else "institution" if entry == "report" else "organization"] = _tex(
            publisher
        )
    for name, key in (("issued", "date"), ("accessed", "urldate")):
        parts = date_parts(item, name)
        if parts and (key == "date" or "URL" in item):
            fields[key] = "-".join(f"{part:02d}" if at else f"{part:04d}" for at, part in enumerate(parts))
    return _entry(entry, item, fields | _numbers(item))


def _common(item: Item) -> dict[str, str]:
    people = [_name(person) for person in item.get("author", [])]
    return {"author": " and ".join(people), "title": f"{{{_tex(translated(item))}}}"}


def _name(person: Mapping[str, str]) -> str:
    """A name as BibTeX takes it apart; what would be taken for a border in it is in braces."""
    if "literal" in person:
        return "others" if person["literal"] == ET_AL else f"{{{_tex(person['literal'])}}}"
    parts = [_tex(part) for part in (person["family"], person["given"])]
    shut = [f"{{{part}}}" if re.search(r"(?i)\band\b|,", part) else part for part in parts]
    return ", ".join(part for part in shut if part)


def _numbers(item: Item) -> dict[str, str]:
    out = {}
    for name, key in (("volume", "volume"), ("issue", "number"), ("version", "version"), ("note", "note")):
        if item.get(name):
            out[key] = _tex(str(item[name]))
    if "page" in item:
        out["pages"] = "--".join(map(_tex, item["page"].split("-")))
    for name, key in (("DOI", "doi"), ("URL", "url")):
        if name in item:
            out[key] = item[name].replace("{", "%7B").replace("}", "%7D")
    return out


def _entry(kind: str, item: Item, fields: Mapping[str, str], macros: Mapping[str, str] | None = None) -> str:
    lines: list[str] = []
    for name, value in fields.items():
        if value:
            lines.append(f"  {name} = {{{value}}}")
        if name == "year":
            lines += [f"  {macro} = {text}" for macro, text in (macros or {}).items()]
    body = ",\n".join(lines)
    return f"@{kind}{{{key_of(item)},\n{body}\n}}"
