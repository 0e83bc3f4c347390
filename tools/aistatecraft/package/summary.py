"""Rows of each table, and on how many sources they rest: counted from the text alone, without pandas."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aistatecraft.package import Package, clean_records

__all__ = ["DISPUTES", "NO_SUPPORT", "SUPPORTS", "Support", "count_support", "summarise"]

SUPPORTS, DISPUTES = "supports", "disputes"
"""The two stances of evidence that count for or against a value. The others (outdated, other_measure, omits, variant) say why a
statement that differs contradicts nothing; they count for neither."""


@dataclass
class Support:
    """What the evidence for a record amounts to: the sources that support it, and whether one disputes a value of it."""

    sources: set[str] = field(default_factory=set)
    disputed: bool = False


NO_SUPPORT = Support()
"""That of a record without evidence."""


def count_support(package: Package) -> dict[tuple[str, str], Support]:
    """The support of each record that has evidence, by table and identifier; empty for packages without such a table."""
    needed = ("record_table", "record_id", "source", "stance")
    resource = package.resources.get("evidence")
    found: dict[tuple[str, str], Support] = {}
    if resource is None or not set(needed) <= set(resource.schema.names):
        return found
    at = [resource.schema.names.index(name) for name in needed]
    for record in clean_records(package, resource):
        table, identifier, source, stance = (record.cells[position] or "" for position in at)
        support = found.setdefault((table, identifier), Support())
        if stance == DISPUTES:
            support.disputed = True
        elif stance == SUPPORTS:
            support.sources.add(source)
    return found


def summarise(package: Package) -> list[dict[str, Any]]:
    """For each table its rows; for tables whose rows need evidence also how many records are supported, by two sources
    or more, and how many have a disputed value (None for the others)."""
    support = count_support(package)
    out: list[dict[str, Any]] = []
    for name, resource in package.resources.items():
        found = [support.get((name, resource.identifier(record.cells)), NO_SUPPORT) for record in clean_records(package, resource)]
        row: dict[str, Any] = {"table": name, "rows": len(found), "supported": None, "corroborated": None, "disputed": None}
        if resource.schema.evidence_required:
            row["supported"] = sum(bool(one.sources) for one in found)
            row["corroborated"] = sum(len(one.sources) > 1 for one in found)
            row["disputed"] = sum(one.disputed for one in found)
        out.append(row)
    return out
