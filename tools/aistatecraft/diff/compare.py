"""Comparing two packages: descriptors, schemas, then rows by primary key, then cells.

Neither pandas nor any other heavy library is imported. Records that are the same to the letter are dropped before
anything else is asked of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aistatecraft.diff.changes import Change, ChangeSet
from aistatecraft.diff.schemas import compare_schemas
from aistatecraft.errors import Unreadable
from aistatecraft.reading import Package, Resource, clean_records, open_package

__all__ = ["compare", "diff", "named_package"]

_DERIVED = {"resources", "version", "created", "$schema"}
_STAMPED = {"bytes", "hash", "rowCount", "schema", "path", "dialect", "encoding", "format", "mediatype", "type", "name"}


def named_package(name: str | Path) -> Package:
    """The package that a word names: a path, or else a released version such as ``0.1.0``."""
    from aistatecraft.reading.installed import installed, package_at

    if str(name) in ("installed", ""):
        return installed()
    if not Path(name).exists() and str(name)[:1].isdigit() and str(name).count(".") == 2:
        return package_at(version=str(name))
    return open_package(name)


def diff(old: str | Path, new: str | Path | None = None) -> ChangeSet:
    """What changed from one package to another.

    Parameters
    ----------
    old, new : str or Path
        A directory, datapackage.json, zip archive or released version; `new` is the package of this installation where
        it is None.

    Raises
    ------
    Unreadable, Damaged, WrongUse
        Where one of the two cannot be read.
    """
    return compare(named_package(old), named_package(new if new is not None else "installed"))


def compare(old: Package, new: Package) -> ChangeSet:
    """As `diff`, for two packages that are open."""
    out = ChangeSet(old.store.label, new.store.label, old.version, new.version)
    out.changes.extend(_metadata("package", "", old.descriptor, new.descriptor, _DERIVED))
    for name, resource in old.resources.items():
        if name not in new.resources:
            out.changes.append(Change("resource", name, "", "", "removed", resource.path, None, "breaking", "a table was removed"))
            out.changes.extend(_whole(old, resource, "removed"))
    for name, resource in new.resources.items():
        before = old.resources.get(name)
        if before is None:
            out.changes.append(Change("resource", name, "", "", "added", None, resource.path, "addition", "a table was added"))
            out.changes.extend(_whole(new, resource, "added"))
            continue
        out.changes.extend(_metadata("resource", name, before.descriptor, resource.descriptor, _STAMPED))
        out.changes.extend(compare_schemas(before.plan, resource.plan))
        out.changes.extend(_rows(old, before, new, resource))
    return out


def _plain(value: Any) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _metadata(level: str, table: str, old: Mapping[str, Any], new: Mapping[str, Any], derived: set[str]) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        if name in derived or old.get(name) == new.get(name):
            continue
        action = "added" if name not in old else "removed" if name not in new else "changed"
        yield Change(
            level,
            table,
            "",
            name,
            action,
            None if name not in old else _plain(old[name]),
            None if name not in new else _plain(new[name]),
            "metadata",
            "the description changed, not the data",
        )


Row = tuple[str, ...]


def _read(package: Package, resource: Resource) -> list[Row]:
    return [tuple(cell or "" for cell in record.cells) for record in clean_records(package, resource)]


def _key(resource: Resource) -> list[int]:
    plan = resource.plan
    return [plan.names.index(name) for name in plan.primary_key] or list(range(len(plan.names)))


def _by_key(rows: list[Row], key: list[int], resource: Resource, label: str) -> dict[Row, Row]:
    out: dict[Row, Row] = {}
    for row in rows:
        identifier = tuple(row[at] for at in key)
        if identifier in out:
            raise Unreadable(
                f"{label}: {resource.path} has the key {'/'.join(identifier)!r} twice, so its rows cannot be told apart; run 'aistatecraft validate' on it first."
            )
        out[identifier] = row
    return out


def _whole(package: Package, resource: Resource, action: str) -> Iterator[Change]:
    key = _key(resource)
    kind, reason = ("addition", "a row was added") if action == "added" else ("breaking", "a row was removed")
    for row in _read(package, resource):
        yield Change("row", resource.name, "/".join(row[at] for at in key), "", action, None, None, kind, reason)


def _rows(old: Package, before: Resource, new: Package, after: Resource) -> Iterator[Change]:
    if old.store.read(before.path) == new.store.read(after.path) and before.plan.names == after.plan.names:
        return
    old_rows, new_rows = _read(old, before), _read(new, after)
    shared = [name for name in before.plan.names if name in after.plan.by_name]
    name = after.name
    if before.plan.primary_key != after.plan.primary_key or not after.plan.primary_key:
        yield from _without_key(name, before, after, old_rows, new_rows, shared)
        return
    olds = _by_key(old_rows, _key(before), before, old.store.label)
    news = _by_key(new_rows, _key(after), after, new.store.label)
    if before.plan.names == after.plan.names:
        # What stands in both to the letter is no change; usually that is nearly everything.
        same = {identifier for identifier, row in news.items() if olds.get(identifier) == row}
        olds = {identifier: row for identifier, row in olds.items() if identifier not in same}
        news = {identifier: row for identifier, row in news.items() if identifier not in same}
    replaced = _replacements(new, after) if olds.keys() - news.keys() else {}
    for identifier in olds:
        if identifier not in news:
            joined = "/".join(identifier)
            by = replaced.get(joined)
            if by:
                yield Change(
                    "row", name, joined, "", "removed", joined, by, "addition", f"the identifier was replaced by {by}, as retired says"
                )
            else:
                yield Change(
                    "row", name, joined, "", "removed", None, None, "breaking", "an identifier was withdrawn without a replacement"
                )
    columns = [(field, before.plan.names.index(field), after.plan.names.index(field)) for field in shared]
    for identifier, row in news.items():
        earlier = olds.get(identifier)
        if earlier is None:
            yield Change("row", name, "/".join(identifier), "", "added", None, None, "addition", "a row was added")
            continue
        for field, was_at, is_at in columns:
            was, now = earlier[was_at], row[is_at]
            if was != now:
                yield Change("cell", name, "/".join(identifier), field, *_cell(after, field, was, now))


def _cell(resource: Resource, name: str, was: str, now: str) -> tuple[str, str | None, str | None, str, str]:
    """Action, old, new, kind and reason of a changed cell."""
    column = resource.plan.by_name[name]
    if was in column.missing and now not in column.missing:
        return "added", was or None, now, "addition", "a value that was missing was filled in"
    if now in column.missing and was not in column.missing:
        return "removed", was, now or None, "correction", "a value was taken out"
    try:
        same = column.type != "string" and column.parse(was) == column.parse(now)
    except ValueError:
        same = False
    if same:
        return "changed", was, now, "metadata", "the same value, written otherwise"
    if column.partial_date and now.startswith(f"{was}-") and "/" not in now:
        return "changed", was, now, "correction", "a date was given more precisely"
    return "changed", was, now, "correction", "a value was corrected"


def _without_key(
    name: str, before: Resource, after: Resource, old_rows: list[Row], new_rows: list[Row], shared: list[str]
) -> Iterator[Change]:
    """Rows of tables whose key changed or that have none: counted as they are, since none can be told to be another's successor."""
    was = Counter(tuple(row[before.plan.names.index(field)] for field in shared) for row in old_rows)
    now = Counter(tuple(row[after.plan.names.index(field)] for field in shared) for row in new_rows)
    for row, times in (was - now).items():
        for _ in range(times):
            yield Change("row", name, "/".join(row), "", "removed", None, None, "breaking", "a row was removed")
    for row, times in (now - was).items():
        for _ in range(times):
            yield Change("row", name, "/".join(row), "", "added", None, None, "addition", "a row was added")


def _replacements(package: Package, table: Resource) -> dict[str, str]:
    """Identifiers of a table that the package's `retired` says were replaced, and by which record that the table holds."""
    resource = package.resources.get("retired")
    if resource is None or not {"id", "table", "replaced_by"} <= set(resource.plan.names):
        return {}
    at = {field: resource.plan.names.index(field) for field in ("id", "table", "replaced_by")}
    blank = resource.plan.by_name["replaced_by"].missing
    steps = {
        row[at["id"]]: row[at["replaced_by"]]
        for row in _read(package, resource)
        if row[at["table"]] == table.name and row[at["replaced_by"]] not in blank
    }
    key = _key(table)
    there = {"/".join(row[part] for part in key) for row in _read(package, table)}
    out: dict[str, str] = {}
    for first, by in steps.items():
        # The replacement may have been replaced in its turn.
        seen = {first}
        while by not in there and by in steps and by not in seen:
            seen.add(by)
            by = steps[by]
        if by in there:
            out[first] = by
    return out
