"""Rows of each table, and on how many sources they rest: counted from the text alone, without pandas."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aistatecraft.package import Package, clean_records
from aistatecraft.package.statements import SUPPORTS, statements

__all__ = ["DISPUTES", "NO_SUPPORT", "Support", "count_support", "summarise"]

DISPUTES = "disputes"
"""Beside `SUPPORTS` the only stance of evidence that counts. The others (outdated, other_measure, omits, variant) say why a
statement that differs contradicts nothing; they count neither for nor against it."""


@dataclass
class Support:
    """What the statements about a record amount to: the sources that support it, and whether one disputes a value of it."""

    sources: set[str] = field(default_factory=set)
    disputed: bool = False


NO_SUPPORT = Support()
"""That of a record without evidence."""


def count_support(package: Package) -> dict[tuple[str, str], Support]:
    """The support of each record about which a source states something, by table and identifier."""
    found: dict[tuple[str, str], Support] = {}
    for one in statements(package):
        support = found.setdefault((one.record_table, one.record_id), Support())
        if one.stance == DISPUTES:
            support.disputed = True
        elif one.stance == SUPPORTS:
            support.sources.add(one.source)
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
