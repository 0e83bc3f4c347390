"""One table while changes are applied to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from aistatecraft.comparison.changes import Change, Column
from aistatecraft.comparison.schemas import from_text, key_of, unlike
from aistatecraft.errors import RefusedError

__all__ = ["Revised", "StoredRow", "set_property"]

StoredRow = dict[str, str]
"""The cells of a row that are not blank, by field."""


def set_property(target: dict[str, Any], name: str, change: Change, where: str) -> None:
    """Set, change or take out one property of a descriptor or schema; `RefusedError` where it is not what the change starts from."""
    if unlike(target.get(name), from_text(change.old)):
        raise RefusedError(f"{where}: {name} does not match the change set, which was made from another version.")
    target.pop(name, None) if change.new is None else target.update({name: from_text(change.new)})


class Revised:
    """A table: its descriptor, its schema and its rows, all of which are changed in place."""

    def __init__(self, name: str, descriptor: dict[str, Any], schema: dict[str, Any], rows: list[StoredRow]) -> None:
        self.name, self.descriptor, self.schema = name, descriptor, schema
        self.rows: list[StoredRow | None] = list(rows)
        self.fields: dict[str, dict[str, Any]] = {str(entry["name"]): entry for entry in schema["fields"]}
        self.renamed: dict[str, dict[str, str]] = {}
        """For each table the fields that have another name by now."""
        self.touched: list[StoredRow] = []

    def whole_rows(self) -> Iterator[StoredRow]:
        """The rows that are there."""
        return (row for row in self.rows if row is not None)

    def remove(self, changes: list[Change]) -> None:
        """Take out rows, which are told by all of their cells."""
        wanted = Counter(frozenset((change.values or {}).items()) for change in changes)
        for at, row in enumerate(self.rows if wanted else ()):
            whole = frozenset((row or {}).items())
            if wanted[whole] > 0:
                wanted[whole] -= 1
                self.rows[at] = None
        for change in changes:
            if wanted[frozenset((change.values or {}).items())] > 0:
                raise self._other(f"the row {_called(change)} to be removed")

    def rename_table(self, old: str, new: str) -> None:
        """Give a table, which need not be this one, its new name wherever it is named."""
        if self.name == old:
            self.name = new
            self.descriptor["name"] = new
        for foreign in self.schema.get("foreignKeys") or []:
            if foreign["reference"].get("resource") == old:
                foreign["reference"]["resource"] = new

    def rename_field(self, table: str, change: Change) -> None:
        """Give a field of `table`, which need not be this one, its new name wherever it is named."""
        old, new = str(change.old), str(change.new)
        self.renamed.setdefault(table, {})[old] = new
        for foreign in self.schema.get("foreignKeys") or []:
            if (foreign["reference"].get("resource") or self.name) == table:
                foreign["reference"]["fields"] = _with_name(foreign["reference"]["fields"], old, new)
        if table != self.name:
            return
        if old not in self.fields or new in self.fields:
            raise self._other(f"the field {old!r} to be renamed")
        self.fields[old]["name"] = new
        self.fields[new] = self.fields.pop(old)
        for row in self.whole_rows():
            if old in row:
                row[new] = row.pop(old)
        for name in ("primaryKey", "uniqueKeys"):
            if self.schema.get(name):
                found = self.schema[name]
                self.schema[name] = _with_name(found, old, new) if name == "primaryKey" else [_with_name(key, old, new) for key in found]
        for foreign in self.schema.get("foreignKeys") or []:
            foreign["fields"] = _with_name(foreign["fields"], old, new)

    def revise(self, changes: list[Change]) -> None:
        """Everything else: rows under another key, cells, structure, new rows."""
        rows = [change for change in changes if change.level == "row"]
        self._rekey([change for change in rows if change.action == "renamed"], [change for change in changes if change.level == "cell"])
        for change in changes:
            if change.level == "schema" and change.action != "renamed":
                self._restructure(change)
        # Those that stay in the order of the old schema, renamed ones in their place.
        there, before = set(map(id, self.fields.values())), set(map(id, self.schema["fields"]))
        self.schema["fields"] = [entry for entry in self.schema["fields"] if id(entry) in there] + [
            entry for entry in self.fields.values() if id(entry) not in before
        ]
        self._add([change for change in rows if change.action == "added"])
        for row in self.touched:
            if unknown := row.keys() - self.fields.keys():
                raise self._other(f"a row with the field {min(unknown)!r}, which the table does not have,")

    def _other(self, place: str) -> RefusedError:
        return RefusedError(f"{self.name}: {place} does not match the change set, which was made from another version.")

    def _key(self) -> list[str]:
        key = self.schema.get("primaryKey") or []
        return [key] if isinstance(key, str) else list(key)

    def _places(self) -> dict[tuple[str, ...], int | None]:
        """Where the row of each key stands; None for a key that several have."""
        key = self._key()
        out: dict[tuple[str, ...], int | None] = {}
        for at, row in enumerate(self.rows if key else ()):
            if row is not None:
                parts = tuple(row.get(field, "") for field in key)
                out[parts] = None if parts in out else at
        return out

    def _rekey(self, renamed: list[Change], cells: list[Change]) -> None:
        places = self._places() if renamed or cells else {}
        moved: dict[tuple[str, ...], int | None] = {}
        for change in renamed:
            row = self._row(places, change, "to be renamed")
            for field, part in zip(self._key(), change.new_parts, strict=True):
                _put(row, field, part or None)
            moved[change.new_parts] = places.pop(change.parts)
        if clash := moved.keys() & places.keys():
            raise self._other(f"the key {'/'.join(min(clash))!r}, which a row already has,")
        places |= moved
        whole: dict[frozenset[tuple[str, str]], StoredRow] = {}
        if any(change.values is not None for change in cells):
            # Rows whose key stands more than once are told by the cells that they had before any of them changed.
            whole = {frozenset(row.items()): row for row in self.whole_rows()}
        for change in cells:
            if change.values is None:
                row = self._row(places, change, f"with the field {change.field!r}")
            else:
                named = self.renamed.get(self.name, {})
                had = frozenset((named.get(name, name), cell) for name, cell in change.values.items())
                if had not in whole:
                    raise self._other(f"the row {_called(change)} with the field {change.field!r}")
                row = whole[had]
            if row.get(change.field, "") != (change.old or ""):
                raise self._other(f"the cell {change.key!r} {change.field}")
            _put(row, change.field, change.new)
            self.touched.append(row)

    def _row(self, places: Mapping[tuple[str, ...], int | None], change: Change, what: str) -> StoredRow:
        at = places.get(change.parts)
        row = None if at is None else self.rows[at]
        if row is None:
            raise self._other(f"the row {_called(change)} {what}")
        return row

    def _add(self, changes: list[Change]) -> None:
        places = self._places() if changes else {}
        for change in changes:
            row = dict(change.values or {})
            parts = tuple(row.get(field, "") for field in self._key())
            if change.parts and (change.parts != parts or parts in places):
                raise self._other(f"the row {_called(change)} to be added")
            places[parts] = None
            self.rows.append(row)
            self.touched.append(row)

    def _restructure(self, change: Change) -> None:
        if not change.field:
            if change.property in ("uniqueKeys", "foreignKeys"):
                self._list(change.property, change)
            elif change.property == "primaryKey":
                self._set_primary_key(change)
            else:
                set_property(self.schema, change.property, change, self.name)
        elif not change.property:
            self._add_or_remove(change)
        elif change.field not in self.fields:
            raise self._other(f"the field {change.field!r}")
        else:
            self._set(self.fields[change.field], change)

    def _set(self, entry: dict[str, Any], change: Change) -> None:
        where = f"{self.name}.{change.field}"
        first, dot, second = change.property.partition(".")
        if first == "constraints" and dot:
            limits = entry.setdefault("constraints", {})
            set_property(limits, second, change, where)
            if not limits:
                del entry["constraints"]
        elif first == "categories" and dot:
            self._category(entry, second, change)
        else:
            set_property(entry, change.property, change, where)

    def _add_or_remove(self, change: Change) -> None:
        if (change.action == "added") == (change.field in self.fields):
            raise self._other(f"the field {change.field!r} to be {'added' if change.action == 'added' else 'removed'}")
        if change.action == "added":
            self.fields[change.field] = from_text(change.new)
            if change.column is not None:
                self._fill(change, change.column)
            return
        if unlike(self.fields.pop(change.field), from_text(change.old)):
            raise self._other(f"the field {change.field!r} to be removed")
        for row in self.whole_rows():
            row.pop(change.field, None)

    def _fill(self, change: Change, column: Column) -> None:
        """Put the values of a new field into the rows that are there."""
        rows: dict[tuple[str, ...], list[StoredRow]] = {}
        for row in self.whole_rows():
            rows.setdefault(tuple(row.get(name, "") for name in column.by), []).append(row)
        for key, value in zip(column.keys, column.values, strict=True):
            if not rows.get(key):
                raise self._other(f"the row {'/'.join(key)!r:.120} with the new field {change.field!r}")
            _put(rows[key].pop(0), change.field, value)

    def _set_primary_key(self, change: Change) -> None:
        # The change names fields as they were called before.
        old = from_text(change.old) or []
        names = self.renamed.get(self.name, {})
        if [names.get(name, name) for name in ([old] if isinstance(old, str) else old)] != self._key():
            raise self._other("the primary key")
        self.schema.pop("primaryKey", None)
        if change.new is not None:
            self.schema["primaryKey"] = from_text(change.new)

    def _list(self, name: str, change: Change) -> None:
        listed = list(self.schema.pop(name, None) or [])
        old, new = from_text(change.old), from_text(change.new)
        if old is not None:
            wanted = key_of(old, self.name, self.renamed)
            left = [entry for entry in listed if key_of(entry, self.name, {}) != wanted]
            if len(left) == len(listed):
                raise self._other(f"a key in {name}")
            listed = left
        if new is not None:
            listed.append(new)
        if listed:
            self.schema[name] = listed

    def _category(self, entry: dict[str, Any], value: str, change: Change) -> None:
        listed = list(entry.get("categories") or [])
        old, new = from_text(change.old), from_text(change.new)
        if not value and isinstance(new, list):
            order = {str(name): at for at, name in enumerate(new)}
            entry["categories"] = sorted(listed, key=lambda one: order.get(_value(one), len(order)))
            return
        at = next((at for at, one in enumerate(listed) if _value(one) == value), None)
        if unlike(None if at is None else listed[at], old):
            raise self._other(f"the value {value!r} of the vocabulary of {change.field}")
        listed[len(listed) if at is None else at : len(listed) if at is None else at + 1] = [] if new is None else [new]
        entry["categories"] = listed


def _value(entry: Any) -> str:
    return str(entry["value"] if isinstance(entry, Mapping) else entry)


def _with_name(names: Any, old: str, new: str) -> Any:
    return (new if names == old else names) if isinstance(names, str) else [new if name == old else name for name in names]


def _put(row: StoredRow, field: str, value: str | None) -> None:
    if value:
        row[field] = value
    else:
        row.pop(field, None)


def _called(change: Change) -> str:
    cells = ", ".join(f"{name}={value}" for name, value in list((change.values or {}).items())[:4])
    return f"{change.key or cells!r:.120}"
