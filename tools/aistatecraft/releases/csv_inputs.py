"""Single tables, from a file or from standard input, as packages that can be compared."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aistatecraft.comparison.schemas import raw_schema
from aistatecraft.errors import ReadError, UsageError, nearest
from aistatecraft.package import Dialect, Package, Resource, compile_schema
from aistatecraft.package.csv_lines import opening_faults
from aistatecraft.package.csv_reader import MAX_CELL
from aistatecraft.package.memory_storage import FileStore, MemoryStore
from aistatecraft.package.storage import Store
from aistatecraft.releases.resolve import STDIN, named_package

__all__ = ["single_pair"]

_DELIMITERS = (",", ";", "\t", "|")


def single_pair(
    old: str | Path, new: str | Path, single: Sequence[bool], tables: Sequence[str], key: Sequence[str], of: Package | None = None
) -> tuple[Package, Package, tuple[str, ...]]:
    """Two packages of which at least one is a single table, and the name of the table.

    Parameters
    ----------
    old, new : what the user named
    single : which of them are single tables
    tables : the table that the other one is to be compared with; its name tells where there is none
    key : fields that identify a row, where both are single
    of : as for `named_pair`

    Raises
    ------
    ReadError, UsageError
        Where a file cannot be read, or it is not clear which table it is.
    """
    if str(old) == str(new) == STDIN:
        raise UsageError("standard input can be one of the two tables only; name a file for the other.")
    if all(single):
        name = next(Path(word).stem for word in (new, old) if str(word) != STDIN)
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", name) or "table"
        return _alone(old, name, key), _alone(new, name, key), (name,)
    at = single.index(True)
    package = named_package((new, old)[at], of=of)
    name = _table_of((old, new)[at], package, tables)
    part = _fitted((old, new)[at], package, name)
    return (part, package, (name,)) if at == 0 else (package, part, (name,))


def _table_of(word: str | Path, package: Package, tables: Sequence[str]) -> str:
    if len(tables) > 1:
        raise UsageError("a single file is one table; give --table once.")
    name = tables[0] if tables else Path(word).stem
    if name not in package.resources and not tables:
        raise UsageError(
            f"which table is {str(word)!r} to be compared with? Say it with --table; there are: {', '.join(package.resources)}."
        )
    return package.resource(name).name


def _stored(word: str | Path, path: str) -> Store:
    if str(word) == STDIN:
        return MemoryStore("standard input", {path: sys.stdin.buffer.read()})
    return FileStore(Path(word), path)


def _fitted(word: str | Path, whole: Package, name: str) -> Package:
    """A single file as the table `name` of a package like `whole`."""
    resource = whole.resources[name]
    store = _stored(word, resource.path)
    dialect, _ = _header(store, resource.path, resource.schema.names)
    descriptor = {**resource.descriptor, "schema": raw_schema(whole, resource)}
    return Package(store, whole.descriptor, {name: Resource(name, resource.path, None, dialect, descriptor, resource.schema)}, "")


def _alone(word: str | Path, name: str, key: Sequence[str]) -> Package:
    """A single file as a package of its own; every field is a text."""
    path = f"{name}.csv"
    store = _stored(word, path)
    dialect, head = _header(store, path, key)
    for number, field in enumerate(head, 1):
        if not field:
            raise ReadError(f"{store.label}:1: column {number} has no name; write one into the first row.")
    for field in key:
        if field not in head:
            raise UsageError(f"{store.label}: there is no field {field!r}; {nearest(field, head)}")
    schema: dict[str, Any] = {"fields": [{"name": field, "type": "string"} for field in head]}
    if key:
        schema["primaryKey"] = list(key)
    plan = compile_schema(schema, where=store.label, name=name)
    descriptor = {"name": name, "path": path, "schema": schema}
    return Package(store, {"name": name, "resources": [descriptor]}, {name: Resource(name, path, None, dialect, descriptor, plan)}, "")


def _header(store: Store, path: str, names: Sequence[str]) -> tuple[Dialect, list[str]]:
    """How a file is written, and its first row: the delimiter that finds most of `names` and then most cells, a comma rather."""
    csv.field_size_limit(MAX_CELL)
    with store.open(path) as handle:
        start, faults = opening_faults(handle)
    if start is None:
        raise ReadError(f"{store.label}: {faults[0].message}; {faults[0].hint}.")
    found: list[tuple[int, int, Dialect, list[str]]] = []
    reason = "it is blank"
    for delimiter in _DELIMITERS:
        # Bytes that are no UTF-8 are said with their line by those who read the rows.
        with io.TextIOWrapper(store.open(path), "utf-8-sig", "surrogateescape", newline="") as lines:
            try:
                head = next(csv.reader(lines, delimiter=delimiter), [])
            except csv.Error as error:
                reason = str(error)
                continue
        if head:
            found.append((len(set(names) & set(head)), len(head), Dialect(delimiter), head))
    if not found:
        raise ReadError(f"{store.label}:1: the header cannot be read ({reason}); fix the first line.")
    *_, dialect, head = max(found, key=lambda one: one[:2])
    if any("\udc80" <= letter <= "\udcff" for name in head for letter in name):
        raise ReadError(f"{store.label}:1: the header is not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV UTF-8).")
    return dialect, head
