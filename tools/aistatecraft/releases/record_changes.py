"""How a record went from one state of a table to the next: the changes of a table, found by the key of the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from aistatecraft.comparison.cell_rules import cell_rule
from aistatecraft.comparison.changes import Change
from aistatecraft.comparison.compare import compare
from aistatecraft.package import Package, TableSchema, clean_records

__all__ = ["TableState", "Transition", "key_in", "keys_over"]

Key = tuple[str, ...]


@dataclass(frozen=True)
class TableState:
    """A table as it stood in one version of a package."""

    version: str
    released: str
    """Day of the release; empty where it was not released."""
    package: Package
    table: str

    @property
    def schema(self) -> TableSchema | None:
        """Schema of the table; None where this version did not have it."""
        resource = self.package.resources.get(self.table)
        return None if resource is None else resource.schema

    def all_keys(self) -> Iterator[Key]:
        """Keys of all records."""
        resource = self.package.resources.get(self.table)
        if resource is not None:
            for record in clean_records(self.package, resource):
                yield tuple(record.cells[at] or "" for at in resource.key_positions)

    def values(self, key: Key) -> dict[str, str]:
        """Cells of the first record with this key; empty where there is none."""
        resource = self.package.resources.get(self.table)
        if resource is not None:
            for record in clean_records(self.package, resource):
                if tuple(record.cells[at] or "" for at in resource.key_positions) == key:
                    return {name: cell for name, cell in zip(resource.schema.names, record.cells, strict=True) if cell}
        return {}


def key_in(state: TableState, identifier: str) -> Key | None:
    """Key of the record with this identifier, its parts joined by a slash; None where the state has no such record."""
    return next((key for key in state.all_keys() if "/".join(key) == identifier), None)


class Transition:
    """What happened to the records of a table from one state to the next."""

    def __init__(self, old: TableState, new: TableState) -> None:
        self.old, self.new = old, new

    @cached_property
    def changes(self) -> list[Change]:
        """Changes of the table; nothing else of the two packages is read, but for the table of retired identifiers."""
        return compare(self.old.package, self.new.package, (self.new.table,)).changes

    def _rows(self, action: str, schema: TableSchema | None) -> dict[Key, Change]:
        out: dict[Key, Change] = {}
        for change in self.changes:
            if change.level == "row" and change.action == action:
                # Where the fields of the key changed, rows are told by their values alone.
                key = change.parts or tuple((change.values or {}).get(name, "") for name in (schema.primary_key if schema else ()))
                out.setdefault(key, change)
        return out

    @cached_property
    def added(self) -> dict[Key, Change]:
        """Rows that came, by key."""
        return self._rows("added", self.new.schema)

    @cached_property
    def removed(self) -> dict[Key, Change]:
        """Rows that went, by key."""
        return self._rows("removed", self.old.schema)

    @cached_property
    def renamed(self) -> dict[Key, Change]:
        """Rows that stand under another key, by the old one."""
        return self._rows("renamed", None)

    @cached_property
    def fields(self) -> list[Change]:
        """Fields that were renamed or removed."""
        return [
            change
            for change in self.changes
            if change.level == "schema" and change.field and not change.property and change.action != "added"
        ]

    @cached_property
    def rekeyed(self) -> Change | None:
        """The change that other fields identify a record than before; None where the same do."""
        return next((change for change in self.changes if change.level == "schema" and change.property == "primaryKey"), None)

    def _other_key(self, state: TableState, key: Key, schema: TableSchema | None, names: Mapping[str, str]) -> Key:
        """Key of an unchanged row by the fields that identify it in the other state; `names` are their names in this one."""
        values = state.values(key)
        return tuple(values.get(names.get(name, name), "") for name in (schema.primary_key if schema else ()))

    def after(self, key: Key) -> Key | None:
        """Under which key a record stands after it; None where it is gone."""
        if self.rekeyed is not None:
            earlier = {str(change.new): str(change.old) for change in self.fields if change.action == "renamed"}
            return None if key in self.removed else self._other_key(self.old, key, self.new.schema, earlier)
        if key in self.renamed:
            return self.renamed[key].new_parts
        return None if key in self.removed and key not in self.added else key

    def before(self, key: Key) -> Key | None:
        """Under which key a record stood before it; None where it came with it."""
        if self.rekeyed is not None:
            later = {str(change.old): str(change.new) for change in self.fields if change.action == "renamed"}
            return None if key in self.added else self._other_key(self.new, key, self.old.schema, later)
        for old, change in self.renamed.items():
            if change.new_parts == key:
                return old
        return None if key in self.added and key not in self.removed else key

    def cells(self, key: Key) -> Iterator[Change]:
        """Cells of the record under its new key that changed."""
        for change in self.changes:
            if change.level == "cell" and change.parts == key:
                yield change
        if key in self.removed and key in self.added:  # the key stands there twice, so that no cells were compared
            yield from self._between(key, self.removed[key].values or {}, self.added[key].values or {})

    def _between(self, key: Key, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
        assert self.new.schema is not None
        for field in self.new.schema.fields:
            before, after = was.get(field.name, ""), now.get(field.name, "")
            if before != after:
                earlier = self.old.schema.by_name.get(field.name) if self.old.schema else None
                action, rule = cell_rule(earlier, field, before, after)
                yield Change(
                    "cell", action, self.new.table, "/".join(key), field.name, old=before or None, new=after or None, rule=rule, parts=key
                )


def keys_over(passages: Sequence[Transition], at: int, key: Key) -> list[Key | None]:
    """Keys under which a record stands in each state, None where it is not there.

    Parameters
    ----------
    passages : from each state to the next, so one less than there are states
    at : a state in which it stands
    key : under which key it stands there

    A row that went and came again under the same key is the same record; one that took a key which another had given up is not.
    """
    out: list[Key | None] = [None] * (len(passages) + 1)
    out[at] = key
    there: Key | None = key
    watched = key
    for number in range(at, len(passages)):
        passage = passages[number]
        if there is not None:
            watched = there
            there = passage.after(there)
        elif watched in passage.added:
            there = watched
        out[number + 1] = there
    there, watched = key, key
    for number in range(at - 1, -1, -1):
        passage = passages[number]
        if there is not None:
            watched = there
            there = passage.before(there)
        elif watched in passage.removed:
            there = watched
        if there is None and watched in passage.renamed:
            break
        out[number] = there
    return out
