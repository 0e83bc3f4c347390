"""Rows of each table, and on how many sources they rest: counted from the text alone, without pandas."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from aistatecraft.package import Package, clean_records

__all__ = ["summarise"]


def summarise(package: Package) -> list[dict[str, Any]]:
    """For each table its rows; for tables whose rows need evidence also how many records are supported, by two sources
    or more, and how many have a disputed value (None for the others)."""
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    disputed: set[tuple[str, str]] = set()
    needed = ("record_table", "record_id", "source", "stance")
    resource = package.resources.get("evidence")
    if resource is not None and set(needed) <= set(resource.schema.names):
        at = {name: resource.schema.names.index(name) for name in needed}
        for record in clean_records(package, resource):
            key = (record.cells[at["record_table"]] or "", record.cells[at["record_id"]] or "")
            if record.cells[at["stance"]] == "disputes":
                disputed.add(key)
            else:
                sources[key].add(record.cells[at["source"]] or "")
    out: list[dict[str, Any]] = []
    for name, resource in package.resources.items():
        key_at = [resource.schema.names.index(field) for field in resource.schema.primary_key]
        keys = [(name, "/".join(record.cells[position] or "" for position in key_at)) for record in clean_records(package, resource)]
        row: dict[str, Any] = {"table": name, "rows": len(keys), "supported": None, "corroborated": None, "disputed": None}
        if resource.schema.evidence_required:
            row["supported"] = sum(bool(sources.get(key)) for key in keys)
            row["corroborated"] = sum(len(sources.get(key, ())) > 1 for key in keys)
            row["disputed"] = sum(key in disputed for key in keys)
        out.append(row)
    return out
