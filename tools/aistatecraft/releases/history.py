"""The history of a record: when it came, what changed, under which identifiers it stood, when it went and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import dropwhile, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import DataError, UsageError, nearest
from aistatecraft.package import Package
from aistatecraft.package.escape import Rows
from aistatecraft.package.installed import package_at

if TYPE_CHECKING:
    from aistatecraft.comparison.changes import Change
    from aistatecraft.releases.record_changes import Key, TableState, Transition

__all__ = ["NOT_RELEASED", "Step", "history"]

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
    replaced_by : identifier of the record that replaces one that went; empty where there is none
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
    from aistatecraft.releases.record_changes import Transition, key_in, keys_over

    package = package_at(path)
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
        raise UsageError(f"{table} never had a record {id!r}; {nearest(id, list(ever))}")
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
    from aistatecraft.releases.record_changes import TableState

    whole = package.root is not None
    known = releases_of(package, place)
    entries = known.entries()
    file = Path(package.store.label)
    if not whole and file.is_file():
        with file.open("rb") as handle:
            sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        at = next((at for at, entry in enumerate(entries) if entry.sha256 == sha256), None)
        if at is not None:
            yield from (TableState(entry.version, entry.released, known.opened(entry.version), table) for entry in entries[: at + 1])
            return
    for entry in entries:
        yield TableState(entry.version, entry.released, known.opened(entry.version), table)
    # A package that is older than the last release is no state after it.
    if not entries or number(package.version) >= number(entries[-1].version):
        yield TableState(NOT_RELEASED, "", package, table)


def _first(state: TableState, key: Key | None) -> Iterator[Step]:
    if key is not None:
        when = "it stands in the first release" if state.released else "it was not released yet"
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
        if resource is None or not {"id", "table"} <= set(resource.schema.names):
            continue
        for _, values in records_of(state.package, resource):
            if (values.get("table"), values.get("id")) == (change.table, step.record):
                why = values.get("reason", "")
                reason = step.reason if not why or why in step.reason else f"{step.reason}: {why}"
                return replace(step, reason=reason, replaced_by=values.get("replaced_by", ""))
    return step
