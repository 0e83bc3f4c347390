"""RIS, which reference managers import."""

from __future__ import annotations

from collections.abc import Mapping

from aistatecraft.citations.csl_parts import Item, date_parts

__all__ = ["ris"]

_TYPES = {
    "dataset": "DATA", "article-journal": "JOUR", "report": "RPRT", "article-newspaper": "NEWS", "article-magazine": "MGZN", "webpage": "ELEC", "document": "GEN",
}  # fmt: skip
_TAGS = (
    ("TT", "translated-title"),
    ("T2", "container-title"),
    ("PB", "publisher"),
    ("VL", "volume"),
    ("IS", "issue"),
    ("ET", "version"),
    ("DO", "DOI"),
    ("UR", "URL"),
    ("LA", "language"),
    ("N1", "note"),
)


def ris(item: Item) -> str:
    """The item as a record of RIS: one line a field, ``TY`` first and ``ER`` last."""
    lines = [("TY", _TYPES[item["type"]])]
    lines += [("AU", _name(person)) for person in item.get("author", [])]
    lines.append(("TI", item["title"]))
    issued = date_parts(item, "issued")
    if issued:
        lines += [("PY", str(issued[0])), ("DA", _date(issued) + "/" * (3 - len(issued)))]
    lines += [(tag, str(item[name])) for tag, name in _TAGS if item.get(name)]
    if "page" in item:
        first, _, last = item["page"].partition("-")
        lines += [("SP", first)] + ([("EP", last)] if last else [])
    accessed = date_parts(item, "accessed")
    if accessed:
        lines.append(("Y2", _date(accessed) + "/"))
    return "\n".join(f"{tag}  - {' '.join(value.split())}" for tag, value in lines) + "\nER  - "


def _name(person: Mapping[str, str]) -> str:
    return person["literal"] if "literal" in person else f"{person['family']}, {person['given']}"


def _date(parts: list[int]) -> str:
    return "/".join(f"{part:02d}" if at else str(part) for at, part in enumerate(parts))
