"""Identifiers proposed for new records: jurisdiction, short name, year, as DESIGN has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from aistatecraft.package import TableSchema
from aistatecraft.validation.cell_checks import check_cell

__all__ = ["propose"]

_SMALL = frozenset(
    {
        "a", "an", "and", "at", "by", "for", "from", "in", "its", "national", "of", "on", "or", "the", "to", "with",
        "da", "de", "del", "des", "do", "du", "e", "el", "en", "et", "la", "las", "le", "les", "los", "nacional", "para", "por", "y",
    }
)  # fmt: skip
"""Words that tell records of one jurisdiction not apart."""
_ACRONYM = re.compile(r"\(([A-Za-z]{0,20}[A-Z][A-Z0-9][A-Za-z0-9-]{0,40})\)")
_YEARS = ("adopted", "date", "proposed", "published", "in_force_from", "period_start", "period", "edition")
_NAMES = ("title_en", "name_en", "label_en", "title")
_BEFORE = {
    "strategies": "jurisdiction",
    "instruments": "jurisdiction",
    "indicators": "actor",
    "provisions": "record_id",
    "claims": "source",
}
"""The field that an identifier begins with."""


def propose(schema: TableSchema, row: Mapping[str, str], taken: Collection[str]) -> str:
    """An identifier for a row that is not `taken` yet; empty where the row says too little, or the table has no `id`."""
    if schema.primary_key != ("id",):
        return ""
    parts, joint = _parts(schema.name, row), "." if schema.name == "codes" else "-"
    made = joint.join(part for part in parts if part)
    if schema.name == "actors" and row.get("kind") in ("union", "bloc", "organisation"):
        made = made.upper()
    if not made or check_cell(schema.by_name["id"], made):
        return ""
    number, free = 1, made
    while free in taken:
        number += 1
        free = f"{made}-{number}"
    return free


def _parts(table: str, row: Mapping[str, str]) -> list[str]:
    title = next((row[name] for name in _NAMES if row.get(name)), "")
    year = next((found[0] for name in _YEARS if (found := re.match("[0-9]{4}", row.get(name, "")))), "")
    if table == "indices":
        return [_slug(row.get("index_name", "")), _slug(row.get("edition", ""))]
    if table == "codes":
        return [row.get("scheme", ""), _slug(title)]
    if table == "sources":
        author = re.split(r"[,;]", row.get("authors") or row.get("publisher") or "")[0]
        return [_slug(author, 2), year, _slug(title, 2)]
    if table == "actors":
        if row.get("kind") in ("state", "territory"):
            return []  # their codes are those of ISO 3166, not ours to propose
        return [row.get("parent", "").lower().partition("-")[0], _slug(row.get("acronym", "") or title)]
    acronym = _ACRONYM.search(title)
    short = acronym[1].lower() if acronym else _slug(title)
    if not short:
        return []
    return [row.get(_BEFORE.get(table, ""), "").lower(), short, "" if table in ("provisions", "claims") else year]


def _slug(text: str, words: int = 4) -> str:
    """The first words of a text that tell it apart, in plain lower-case letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("artificial intelligence", "ai")
    found = re.findall("[a-z0-9]+", plain.replace("'", ""))
    return "-".join([word for word in found if word not in _SMALL][:words] or found[:words])
