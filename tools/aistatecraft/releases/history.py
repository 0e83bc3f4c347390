"""The history of a record: when it came, what changed, under which identifiers it stood, when it went and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import dropwhile, pairwise
from pathlib import Path
from typing import Any

from aistatecraft.comparison.change_rules import cell_rule
from aistatecraft.comparison.changes import Change
from aistatecraft.comparison.compare import compare
from aistatecraft.errors import DataError, UsageError, nearest
from aistatecraft.package import Package, TableSchema, clean_records
from aistatecraft.package.escape import Rows
from aistatecraft.releases.resolve import package_at

__all__ = ["NOT_RELEASED", "Step", "TableState", "Transition", "history", "key_in", "keys_over"]

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
        return compare(self.old.package, self.new.package, {self.old.table, self.new.table}).changes

    def _rows(self, action: str, schema: TableSchema | None) -> dict[Key, Change]:
        out: dict[Key, Change] = {}
        for change in self.changes:
            if change.level == "row" and change.action == action:
                # Where the fields of the key changed, the key of each state is in its values.
                key = (
                    change.parts
                    if change.parts and self.rekeyed is None
                    else tuple((change.values or {}).get(name, "") for name in (schema.primary_key if schema else ()))
                )
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
    def _paired(self) -> set[Key]:
        """Keys that stand more than once, of which one row was compared with one of the other state."""
        return {change.parts for change in self.changes if change.level == "cell" and change.values is not None}

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
        """The change that the fields that identify a record changed than before; None where the same do."""
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
        return None if key in self.removed and key not in self.added and key not in self._paired else key

    def before(self, key: Key) -> Key | None:
        """Under which key a record stood before it; None where it came with it."""
        if self.rekeyed is not None:
            later = {str(change.old): str(change.new) for change in self.fields if change.action == "renamed"}
            return None if key in self.added else self._other_key(self.new, key, self.old.schema, later)
        for old, change in self.renamed.items():
            if change.new_parts == key:
                return old
        return None if key in self.added and key not in self.removed and key not in self._paired else key

    def cells(self, key: Key) -> Iterator[Change]:
        """Cells of the record under its new key that changed."""
        for change in self.changes:
            if change.level == "cell" and change.parts == key:
                yield change
            elif change.rule == "field-added" and change.column is not None:
                for parts, value in zip(change.column.keys, change.column.values, strict=True):
                    if parts[: len(key)] == key and value:
                        yield Change("cell", "added", change.table, "/".join(key), change.field, new=value, rule="value-filled", parts=key)
                        break
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


NOT_RELEASED = "unreleased"
"""What stands for the version where a state was not released."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a record.

    Attributes
    ----------
    version : the version that shows it first, or ``unreleased``
    released : day of that version, YYYY-MM-DD; empty where it was not released
    event : ``added`` (the record came), ``changed`` (a cell), ``renamed`` (the record has another identifier, or the field
        another name), ``removed`` (the record went; or with a field, that field went and its value with it)
    record : the identifier under which the record stands after it; where it went, stood before
    field : name of the field; empty where the record as a whole is meant
    old, new : before and after, as it stands in the file; for a renamed record the two identifiers, for a renamed field the
        two names. None where there was, or is, nothing.
    kind : class of the change: breaking, addition, correction or metadata
    reason : why it is of that class, in words; where an identifier was retired, with the reason that was given
    replaced_by : identifier of the record that replaces one that went, after the name of its table and a slash if it stands in
        another table; empty where there is none
    proposed : whether the new identifier is a conclusion from likeness, which nobody has confirmed in ``retired``
    """

    version: str
    released: str
    event: str
    record: str
    field: str = ""
    old: str | None = None
    new: str | None = None
    kind: str = ""
    reason: str = ""
    replaced_by: str = ""
    proposed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def history(table: str, id: str, *, path: str | Path | None = None, releases: str | Path | None = None) -> list[Step]:
    """What happened to a record, over all released versions and, where it differs from the last, the package as it is.

    Parameters
    ----------
    table : str
        Table of the record.
    id : str
        An identifier under which it stands or ever stood, or a name that no other record has; where the key has several fields, their values joined by a slash.
    path : str, Path or None
        A package that keeps its releases, or an archive of a release, whose history then ends with it; the package of this
        installation where it is None.
    releases : str, Path or None
        As for `versions`: later releases are fetched from there.

    Returns
    -------
    list of Step
        In order of time; the first says when the record came. What became of the identifier is followed through the table
        ``retired``, and where that does not know, by likeness.

    Raises
    ------
    UsageError
        Where there was never such a table or record; the nearest identifiers of all versions are named.
    ReadError, RefusedError
        Where one of the versions cannot be had.
    """

    package = package_at(path)
    if not isinstance(table, str):
        package.resource(table)  # which says that there is none
    states = list(dropwhile(lambda state: state.schema is None, _states(package, table, releases)))
    if not states:
        package.resource(table)
    if not any(state.schema and state.schema.primary_key for state in states):
        raise UsageError(f"{table} has no primary key, so its rows have no identifier.")
    at, key = next(((at, key) for at in range(len(states) - 1, -1, -1) if (key := key_in(states[at], id)) is not None), (0, None))
    if key is None and (named := _named(package, table, id)):
        return history(table, named, path=path, releases=releases)
    if key is None:
        ever = dict.fromkeys("/".join(key) for state in states for key in state.all_keys())
        raise UsageError(f"{table} has never had a record {id!r}; {nearest(id, list(ever))}")
    passages = [Transition(old, new) for old, new in pairwise(states)]
    keys = keys_over(passages, at, key)
    steps: list[Step] = list(_first(states[0], keys[0]))
    for passage, was, now in zip(passages, keys[:-1], keys[1:], strict=True):
        steps += _steps(passage, was, now, states[-1])
    return Rows(steps)


def _named(package: Package, table: str, word: str) -> str:
    """The identifier of the record that a name means today; empty where none does."""
    from aistatecraft.package.lookup import AmbiguousName, resolve

    try:
        found = resolve(package, table, word)
    except AmbiguousName:
        raise
    except (UsageError, DataError):
        return ""
    return "" if found == word else found


def _states(package: Package, table: str, place: str | Path | None) -> Iterator[TableState]:
    from aistatecraft.releases.catalog import number, releases_of

    whole = package.root is not None
    known = releases_of(package, place)
    entries = known.entries()
    file = Path(package.store.label)
    if not whole and file.is_file():
        with file.open("rb") as handle:
            sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        at = next((at for at, entry in enumerate(entries) if entry.sha256 == sha256), None)
        if at is not None:
            for entry in entries[: at + 1]:
                earlier = known.opened(entry.version)
                yield TableState(entry.version, entry.released, earlier, _called_then(table, earlier, package))
            return
    for entry in entries:
        earlier = known.opened(entry.version)
        yield TableState(entry.version, entry.released, earlier, _called_then(table, earlier, package))
    # A package that is older than the last release is no state after it.
    if not entries or number(package.version) >= number(entries[-1].version):
        yield TableState(NOT_RELEASED, "", package, table)


def _called_then(table: str, earlier: Package, now: Package) -> str:
    """What an earlier version calls a table."""
    resource = now.resources.get(table)
    formerly = resource.schema.formerly if resource is not None else ""
    return formerly if formerly in earlier.resources and table not in earlier.resources else table


def _first(state: TableState, key: Key | None) -> Iterator[Step]:
    if key is not None:
        when = "present in the first release" if state.released else "not released yet"
        yield Step(state.version, state.released, "added", "/".join(key), kind="addition", reason=when)


def _steps(passage: Transition, was: Key | None, now: Key | None, last: TableState) -> Iterator[Step]:
    """What a passage did to a record that stood under `was` and stands under `now`."""
    state = passage.new

    def step(event: str, change: Change, record: Key, **more: Any) -> Step:
        return Step(state.version, state.released, event, "/".join(record), kind=change.kind, reason=change.reason, **more)

    if now is None:
        if was is not None:
            yield _gone(step("removed", passage.removed[was], was), passage.removed[was], state, last)
        return
    if was is None:
        yield step("added", passage.added[now], now)
        return
    if was != now:
        change = passage.renamed.get(was) or passage.rekeyed
        assert change is not None
        yield step("renamed", change, now, old="/".join(was), new="/".join(now), proposed=change.proposed)
    if passage.fields:
        values = passage.old.values(was)
        for change in passage.fields:
            if change.field in values:
                old, new = (change.old, change.new) if change.action == "renamed" else (values[change.field], None)
                yield step(change.action, change, now, field=change.field, old=old, new=new)
    for change in passage.cells(now):
        yield step("changed", change, now, field=change.field, old=change.old, new=change.new)


def _gone(step: Step, change: Change, *states: TableState) -> Step:
    """The step with the reason and successor that the table of retired identifiers gives, then or later."""
    from dataclasses import replace

    from aistatecraft.package.lookup import records_of

    for state in states:
        resource = state.package.resources.get("retired")
        if resource is None or not {"id", "reason"} <= set(resource.schema.names):
            continue
        for _, values in records_of(state.package, resource):
            if (values.get("record_table", values.get("table")), values.get("id")) == (change.table, step.record):
                why = values.get("reason", "")
                reason = step.reason if not why or why in step.reason else f"{step.reason}: {why}"
                by, elsewhere = values.get("replaced_by", ""), values.get("replaced_by_table", "")
                return replace(step, reason=reason, replaced_by=f"{elsewhere}/{by}" if by and elsewhere not in ("", change.table) else by)
    return step
