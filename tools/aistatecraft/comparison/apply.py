"""Applying a change set: the old package and the changes give the new one, or say where they do not fit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from aistatecraft.comparison.apply_table import Revised, StoredRow, set_property
from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.schemas import raw_schema, unlike
from aistatecraft.errors import ReadError, RefusedError, plural
from aistatecraft.package import Package, open_package
from aistatecraft.package.csv_reader import clean_rows
from aistatecraft.package.descriptor import open_in, parsed_json
from aistatecraft.package.locate import refuse_installed
from aistatecraft.package.memory_storage import MemoryStore
from aistatecraft.package.storage import PENDING
from aistatecraft.package.transaction import changing, made_folder

__all__ = ["apply", "apply_file", "apply_table", "read_changes"]

MAX_BYTES = 512 * 1024**2
"""How many bytes a change set may have."""
_STORED = ("bytes", "hash", "rowCount", "dialect", "schema")


def apply(package: Package, changes: ChangeSet) -> Package:
    """The package that `changes` lead to, in memory; nothing is written.

    Parameters
    ----------
    package : what the changes start from
    changes : what `compare(package, other)` gave

    Returns
    -------
    Package
        ``compare(apply(a, compare(a, b)), b)`` is empty. Tables are in canonical form, rows in the order of the old table,
        new ones behind them; files beside tables and schemas are not carried along.

    Raises
    ------
    RefusedError
        Where the package is not what the changes were made from: a value, row, field or table stands there otherwise.
    DataError
        Where one of its tables is not sound as text.
    """
    by_table: dict[str, list[Change]] = {}
    for change in changes.changes:
        by_table.setdefault(change.table, []).append(change)
    descriptor: dict[str, Any] = {name: value for name, value in package.descriptor.items() if name != "resources"}
    place = "the package"
    try:
        for change in by_table.pop("", []):
            set_property(descriptor, change.property, change, place)
        for name, value in (("version", changes.new_version), ("created", changes.new_created)):
            descriptor.pop(name, None)
            descriptor |= {name: value} if value else {}
        tables = {name: _table(package, name) for name in package.resources}
        for place, found in by_table.items():
            _reshape(tables, place, found)
        for place, found in by_table.items():
            if place in tables:
                for change in (change for change in found if change.level == "schema" and change.action == "renamed"):
                    for table in tables.values():
                        table.rename_field(place, change)
        for place, found in by_table.items():
            if place in tables:
                tables[place].revise(found)
        place = "the package"
        files = _files(package, descriptor, tables)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise RefusedError(
            f"{place}: the change set is inconsistent ({type(error).__name__}: {error}); create the change set again."
        ) from None
    try:
        return open_in(MemoryStore(package.store.label, files), "datapackage.json")
    except ReadError as error:
        raise RefusedError(f"applying the changes does not give a valid data package: {error}") from None


def _table(package: Package, name: str) -> Revised:
    """A table as it stands, its schema copied."""
    resource = package.resources[name]
    kept = {key: value for key, value in resource.descriptor.items() if key not in _STORED}
    names = resource.schema.names
    rows = [{field: cell for field, cell in zip(names, row, strict=True) if cell} for rows in clean_rows(package, resource) for row in rows]
    return Revised(name, {**kept, "path": resource.path}, json.loads(json.dumps(raw_schema(package, resource))), rows)


def _reshape(tables: dict[str, Revised], name: str, changes: list[Change]) -> None:
    """Add or take out a table, take out rows, and set what is said of it."""
    head = changes[0]
    whole = head.level == "resource" and not head.property
    if whole and head.action == "renamed":
        if str(head.old) not in tables or name in tables:
            raise RefusedError(f"{name}: the package has no table {head.old!r} to be renamed; the changes were made from another version.")
        tables[name] = tables.pop(str(head.old))
        for one in tables.values():
            one.rename_table(str(head.old), name)
    if whole and head.action == "added":
        if name in tables:
            raise RefusedError(f"{name}: the package already has this table; the changes were made from another version.")
        described = json.loads(str(head.new))
        tables[name] = Revised(name, {key: value for key, value in described.items() if key not in _STORED}, described["schema"], [])
    if name not in tables:
        raise RefusedError(f"{name}: the package has no such table; the changes were made from another version.")
    table = tables[name]
    for change in changes:
        if change.level == "resource" and change.property:
            set_property(table.descriptor, change.property, change, name)
    table.remove([change for change in changes if change.level == "row" and change.action == "removed"])
    if whole and head.action == "removed":
        if any(table.whole_rows()) or unlike(json.loads(str(head.old))["schema"], table.schema):
            raise RefusedError(f"{name}: the table to be removed does not match the change set, which was made from another version.")
        del tables[name]


def _files(package: Package, descriptor: dict[str, Any], tables: Mapping[str, Revised]) -> dict[str, bytes]:
    """The files of the package that comes out, by path."""
    files: dict[str, bytes] = {}
    entries = []
    # As the package keeps its schemas, so those of new tables.
    apart = all(resource.schema_path for resource in package.resources.values())
    for name, table in tables.items():
        known = package.resources.get(name)  # a renamed table gets files of its new name
        listed = table.descriptor["path"]
        path = _free(files, listed[0] if isinstance(listed, list) else str(listed), f"data/{name}", ".csv")
        files[path] = _csv([entry["name"] for entry in table.schema["fields"]], table.whole_rows())
        schema: Any = table.schema
        if apart or (known and known.schema_path):
            data = _json(schema)
            wanted = (known and known.schema_path) or f"schemas/{name}.json"
            # Two tables can share a schema until one of them changes.
            schema = wanted if files.get(wanted) == data else _free(files, wanted, f"schemas/{name}", ".json")
            files[schema] = data
        entries.append({**table.descriptor, "path": path, "schema": schema})
    descriptor["resources"] = entries
    if "datapackage.json" in files:
        raise RefusedError("the change set puts a table at the path of datapackage.json; create the change set again.")
    files["datapackage.json"] = _json(descriptor)
    return files


def _free(files: Mapping[str, bytes], wanted: str, stem: str, ending: str) -> str:
    """`wanted`, or where a file stands there a path like it that is free."""
    number = 1
    while wanted in files:
        wanted = f"{stem}{f'-{number}' if number > 1 else ''}{ending}"
        number += 1
    return wanted


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(names: list[str], rows: Iterable[StoredRow]) -> bytes:
    out = io.StringIO()
    writer: Callable[[Iterable[str]], Any] = csv.writer(out, lineterminator="\n").writerow
    writer(names)
    for row in rows:
        writer([row.get(name, "") for name in names])
    return out.getvalue().encode()


def read_changes(path: Path) -> ChangeSet:
    """The change set in a JSON file; `ReadError` where it holds none."""
    try:
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror or error}); check the path.") from None
    if len(raw) > MAX_BYTES:
        raise ReadError(f"{path}: the file is larger than {MAX_BYTES:,} bytes, the limit for a change set; apply the changes in parts.")
    try:
        found = parsed_json(raw, str(path))
    except ReadError as error:
        raise ReadError(f"{str(error).rstrip('.')}, or create it with 'aistatecraft diff OLD NEW --format json --out FILE'.") from None
    return ChangeSet.from_dict(found, str(path))


def apply_file(word: str, path: Path, out: Path, opened: Callable[[str], Package] = open_package) -> str:
    """Apply the change set in `path` to the package that `word` names; write the result to `out`, and say so.

    The files in `out` are written all or none. The package is `opened` while the lock of `out` is held.

    Raises
    ------
    RefusedError
        Where `out` holds another package, or the changes do not fit.
    """
    refuse_installed(out)
    changes = read_changes(path)
    there = RefusedError(f"{out}: this already exists; name a new directory, or the directory of the package itself.")
    itself = Path(word).exists() and out.resolve() in (Path(word).resolve(), Path(word).resolve().parent)
    # What was cut off while it was written to `out` does not stand in the way of doing it again.
    if out.exists() and (not out.is_dir() or not (itself or (out / PENDING).exists() or not any(out.iterdir()))):
        raise there
    with made_folder(out), changing(out) as change:
        package = opened(word)
        made = apply(package, changes)
        files: dict[str, bytes] = getattr(made.store, "files", {})
        if (package.root is None or change.root != package.root.resolve()) and _holds_other(change.root, files):
            raise there
        change.commit({change.root / name: data for name, data in files.items()})
    left = [resource.path for resource in package.resources.values() if resource.path not in files and (out / resource.path).exists()]
    told = f"; no longer part of the package, can be deleted: {', '.join(left)}" if left else ""
    return f"{out}: {plural(len(changes), 'change')} applied, {len(made.resources):,} tables{told}"


def apply_table(path: Path, out: Path, opened: Callable[[ChangeSet, str], Package]) -> str:
    """Apply the change set in `path`, which two single tables gave, to a table; write the result to the new file `out`.

    `opened` gives the table as a package, with the key of the change set and the name that it gives the table.

    Raises
    ------
    RefusedError
        Where there is something at `out`, or the changes are not those of one table, or do not fit.
    """
    from aistatecraft.package.writing import write_all

    changes = read_changes(path)
    names = {change.table for change in changes.changes}
    if len(names) > 1 or "" in names:
        raise RefusedError(f"{path}: these are changes of a package, not of a single table; give the package as OLD.")
    if out.exists():
        raise RefusedError(f"{out}: this already exists; name a new file.")
    made = apply(opened(changes, next(iter(names), "")), changes)
    (resource,) = made.resources.values()
    write_all({out: made.store.read(resource.path)})
    return f"{out}: {plural(len(changes), 'change')} applied"


def _holds_other(root: Path, files: Mapping[str, bytes]) -> bool:
    """Whether a directory holds anything but `files`."""
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if (
            not name.startswith(PENDING)
            and not path.is_dir()
            and not (name in files and path.is_file() and path.read_bytes() == files[name])
        ):
            return True
    return False
