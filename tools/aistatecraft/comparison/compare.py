"""Comparing two packages: descriptors, then schemas, then rows by primary key, then cells.

Neither pandas nor any other heavy library is imported. What is the same to the letter is dropped before anything else is
asked of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aistatecraft.comparison.changes import Change, ChangeSet, Column
from aistatecraft.comparison.problems import Notes
from aistatecraft.comparison.schemas import as_text, compare_schemas, raw_schema, unlike
from aistatecraft.errors import DataError, ReadError
from aistatecraft.package import Package, Resource

__all__ = ["compare", "differ", "renamed_tables"]

STATED = ("version", "created")
"""Properties of a package that say which one it is: the change set names them, and they are no changes."""
DERIVED = ("resources", "$schema", *STATED)
"""Properties of a package that are compared elsewhere or nowhere."""
STORED = ("bytes", "hash", "rowCount", "schema", "path", "data", "dialect", "encoding", "format", "mediatype", "type", "name")
"""Properties of a table that say how it is stored, not what it holds."""


def compare(
    old: Package,
    new: Package,
    tables: Collection[str] | None = None,
    words: tuple[str, str] | None = None,
    *,
    keep_going: bool = False,
    ignore: Collection[str] = (),
    tolerance: float | None = None,
) -> ChangeSet:
    """What changed from one open package to another; of some `tables` only, without the package around them, where they are named.

    Parameters
    ----------
    old, new : the two packages
    tables : names of tables; all where it is None
    words : what the change set calls the packages; where they lie if it is None
    keep_going : whether a table that is damaged on one side becomes a problem of the change set, and the others are compared all the
        same; otherwise it is an error
    ignore : differences of cells that are no change: ``space`` (white space), ``case`` (capital and small letters)
    tolerance : by how much two numbers may differ without being a change; None for not at all

    Raises
    ------
    DataError, ReadError
        Where a table is damaged, or its file is missing; with `keep_going` only where a descriptor or schema is.
    """
    created = [str(one.descriptor.get("created", "")) for one in (old, new)]
    called = words or (old.store.label, new.store.label)
    notes = Notes(keep_going, ignore, tolerance)
    changes = list(_changes(old, new, tables, notes))
    for note in dict.fromkeys([*old.notes, *new.notes]):
        sides = [side for side, package in (("OLD ", old), ("NEW ", new)) if note in package.notes]
        notes.hints.append(f"{sides[0] if len(sides) == 1 else ''}{note}.")
    return ChangeSet(*called, old.version, new.version, created[0], created[1], changes, notes.problems, notes.hints)


def differ(old: Package, new: Package) -> bool:
    """Whether anything changed from one package to another; the first change is enough."""
    return next(_changes(old, new, None, Notes()), None) is not None


def _changes(old: Package, new: Package, tables: Collection[str] | None, notes: Notes) -> Iterator[Change]:
    if tables is None:
        yield from _metadata("package", "", old.descriptor, new.descriptor, DERIVED)
    pairs = []
    called = renamed_tables(old, new)
    for name, resource in old.resources.items():
        if name not in new.resources and name not in called and (tables is None or name in tables):
            yield Change("resource", "removed", name, old=as_text(_described(old, resource)), rule="table-removed")
            yield from _whole(old, resource, "removed", notes)
    for name, resource in new.resources.items():
        if tables is None or name in tables:
            before = old.resources.get(name) or next((old.resources[was] for was, now in called.items() if now == name), None)
            pairs.append(_Pair(old, before, new, resource, notes))
    # Foreign keys name fields of other tables: all that were renamed must be known before the first schema is compared.
    renamed = {pair.after.name: pair.renamed for pair in pairs if pair.renamed}
    for pair in pairs:
        yield from pair.changes(renamed, called)


def renamed_tables(old: Package, new: Package) -> dict[str, str]:
    """Tables of the old package that the new one calls otherwise, as its schemas state: name there -> name here."""
    return {
        resource.schema.formerly: name
        for name, resource in new.resources.items()
        if resource.schema.formerly in old.resources and resource.schema.formerly not in new.resources and name not in old.resources
    }


def _described(package: Package, resource: Resource) -> dict[str, Any]:
    """The descriptor of a table with its schema in it, as `apply` needs it."""
    kept = {name: value for name, value in resource.descriptor.items() if name not in ("bytes", "hash", "rowCount", "dialect")}
    return {**kept, "schema": raw_schema(package, resource)}


def _whole(package: Package, resource: Resource, action: str, notes: Notes) -> Iterator[Change]:
    from aistatecraft.comparison.tables import whole_table

    try:
        yield from list(whole_table(package, resource, action))
    except (DataError, ReadError) as error:
        if not notes.keep_going:
            raise
        notes.damaged("old" if action == "removed" else "new", package, resource, error)


class _Pair:
    """A table of the new package, and the same of the old one where it has it."""

    def __init__(self, old: Package, before: Resource | None, new: Package, after: Resource, notes: Notes) -> None:
        self.old, self.before, self.new, self.after, self.notes = old, before, new, after, notes
        self.renamed: dict[str, tuple[str, bool]] = {}
        self.schemas: tuple[dict[str, Any], dict[str, Any]] | None = None
        self.damaged = False
        if before is not None and not _same_schema(old, before, new, after):
            self.schemas = raw_schema(old, before), raw_schema(new, after)
            if before.schema.names != after.schema.names:
                from aistatecraft.comparison.field_renames import renamed_fields

                with self._going_on():
                    self.renamed = renamed_fields(old, before, self.schemas[0], new, after, self.schemas[1])

    @contextmanager
    def _going_on(self) -> Iterator[None]:
        """Where the table is damaged on either side, note it and go on, if that is wanted."""
        try:
            yield
        except (DataError, ReadError):
            if not self.notes.keep_going or self.before is None:
                raise
            if not self.damaged:
                self.damaged = self.notes.damage(self.old, self.before, self.new, self.after)
                if not self.damaged:
                    raise

    def changes(self, renamed: Mapping[str, Mapping[str, tuple[str, bool]]], called: Mapping[str, str]) -> Iterator[Change]:
        """What changed, where `renamed` are the fields of all tables that were, and `called` the tables that have another name."""
        old, before, new, after = self.old, self.before, self.new, self.after
        if before is None:
            yield Change("resource", "added", after.name, new=as_text(_described(new, after)), rule="table-added")
            yield from _whole(new, after, "added", self.notes)
            return
        if before.name != after.name:
            yield Change("resource", "renamed", after.name, old=before.name, new=after.name, rule="table-renamed")
        yield from _metadata("resource", after.name, before.descriptor, after.descriptor, STORED)
        with self._going_on():
            if self.schemas is None and before.dialect == after.dialect and _same_bytes(old, before.path, new, after.path):
                return
        rows: list[Change] = []
        columns: dict[tuple[str, str], Column] = {}
        if not self.damaged:
            from aistatecraft.comparison.tables import compare_rows

            with self._going_on():
                rows, columns = compare_rows(old, before, new, after, {name: to for name, (to, _) in self.renamed.items()}, self.notes)
        if self.schemas is not None:
            for change in compare_schemas(self.schemas[0], before.schema, self.schemas[1], after.schema, renamed, called):
                whole = change.rule in ("field-added", "field-removed")
                yield change._replace(column=columns.get((change.action, change.field))) if whole else change
        yield from rows


def _same_schema(old: Package, before: Resource, new: Package, after: Resource) -> bool:
    if before.schema_path is None or after.schema_path is None:
        return raw_schema(old, before) == raw_schema(new, after)
    # As bytes first: most schemas are, and need no reading then.
    return _same_bytes(old, before.schema_path, new, after.schema_path) or raw_schema(old, before) == raw_schema(new, after)


def _same_bytes(old: Package, was: str, new: Package, now: str) -> bool:
    if old.store.size(was) != new.store.size(now):
        return False
    with old.store.open(was) as one, new.store.open(now) as other:
        while block := one.read(1 << 20):
            if block != other.read(len(block)):
                return False
    return True


def _metadata(level: str, table: str, old: Mapping[str, Any], new: Mapping[str, Any], left_out: tuple[str, ...]) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if name in left_out or not unlike(was, now):
            continue
        action = "added" if was is None else "removed" if now is None else "changed"
        rule = "package-metadata" if level == "package" else "table-metadata"
        yield Change(level, action, table, property=name, old=as_text(was), new=as_text(now), rule=rule)
