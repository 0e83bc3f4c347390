"""Change sets in short, and the small tables that the tests of comparing share."""

from __future__ import annotations

import json
from typing import Any

from aistatecraft.comparison import ChangeSet, compare
from aistatecraft.comparison.changes import Change
from aistatecraft.package import Package
from aistatecraft.package.descriptor import open_in
from aistatecraft.package.memory_storage import MemoryStore

Told = list[tuple[str, str, str | None, str | None, str]]

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF-level0"
PEOPLE: dict[str, Any] = {
    "missingValues": ["", "none exists"],
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "name", "type": "string"},
        {"name": "born", "type": "string", "rdfType": EDTF},
        {"name": "score", "type": "number"},
        {"name": "member", "type": "boolean"},
    ],
    "primaryKey": ["id"],
}
HEAD = "id,name,born,score,member\n"
VOTES: dict[str, Any] = {
    "fields": [{"name": "body", "type": "string"}, {"name": "day", "type": "date"}, {"name": "yes", "type": "integer"}],
    "primaryKey": ["body", "day"],
}
NO_KEY: dict[str, Any] = {"fields": [{"name": "word", "type": "string"}, {"name": "note", "type": "string"}]}


def text_fields(*names: str, key: str | list[str] | None = None) -> dict[str, Any]:
    """A schema of fields that are texts."""
    return {"fields": [{"name": name, "type": "string"} for name in names], **({"primaryKey": key} if key else {})}


def memory(tables: dict[str, tuple[dict[str, Any], str | bytes]], label: str = "made", **descriptor: Any) -> Package:
    """A package in memory: for each table its schema and the text of its CSV; `dialects` may say how some are written."""
    dialects = descriptor.pop("dialects", {})
    files = {f"data/{name}.csv": text.encode() if isinstance(text, str) else text for name, (_, text) in tables.items()}
    resources = [
        {"name": name, "path": f"data/{name}.csv", "schema": schema, **({"dialect": dialects[name]} if name in dialects else {})}
        for name, (schema, _) in tables.items()
    ]
    files["datapackage.json"] = json.dumps({"name": "made", "version": "0.1.0", **descriptor, "resources": resources}).encode()
    return open_in(MemoryStore(label, files), "datapackage.json")


def place(change: Change) -> str:
    """Table, key, field and property of a change, as far as it has them."""
    return " ".join(part for part in (change.table, change.key, change.field, change.property) if part)


def told(changes: ChangeSet) -> Told:
    """The changes: action, place, old, new and rule; for a row that came or went its cells stand in new or in old."""
    out: Told = []
    for change in changes.changes:
        old, new = change.old, change.new
        if change.values is not None and change.level == "row":
            cells = ",".join(change.values.values())
            old, new = (cells, None) if change.action == "removed" else (None, cells)
        out.append((change.action, place(change), old, new, change.rule))
    return out


def between(
    schema: dict[str, Any],
    old: str | bytes,
    new: str | bytes,
    later: dict[str, Any] | None = None,
    dialects: tuple[dict[str, Any], dict[str, Any]] = ({}, {}),
) -> Told:
    """The changes of one table `t` between two texts; `later` is its schema in the new package, where that is another."""
    one = memory({"t": (schema, old)}, "old", dialects={"t": dialects[0]})
    return told(compare(one, memory({"t": (later or schema, new)}, "new", dialects={"t": dialects[1]})))


def people(old: str, new: str) -> Told:
    """The changes of the table of people."""
    return between(PEOPLE, HEAD + old, HEAD + new)
