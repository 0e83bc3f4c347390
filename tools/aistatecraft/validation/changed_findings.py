"""Findings that a change can have caused: those in what changed since a revision, and in what depends on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from aistatecraft.errors import UsageError
from aistatecraft.package import Package, Resource, read_table
from aistatecraft.package.storage import is_address
from aistatecraft.validation.git_changes import Changes, changes_since
from aistatecraft.validation.report import Finding, Report
from aistatecraft.validation.rules import RULES

__all__ = ["Narrowed", "narrow"]

_OF_TABLES = frozenset({"primary-key", "unique-key", "unique"})
"""Rules about cells and keys that compare rows of one table: which of two rows they name does not say which one changed."""
_REFERENCES = (("record_table", "record_id"), ("subject_table", "subject_id"), ("object_table", "object_id"))

RowTexts = dict[str, str]
RecordIds = dict[str, set[str]]
"""Identifiers of records, by table."""


@dataclass(frozen=True)
class Narrowed:
    """A report with the findings alone that a change can have caused."""

    report: Report
    changed: int
    """Records that are new, other or gone."""
    left_out: int
    """Findings elsewhere."""


class _Rows(NamedTuple):
    now: list[tuple[str, RowTexts]]
    changed: list[tuple[str, RowTexts]]
    """Rows that are new, other or gone, with the identifier of each."""


def narrow(report: Report, package: Package, revision: str) -> Narrowed:
    """Leave out of a report what was there before a change.

    Kept are findings in lines that changed since `revision`, in records that changed, that refer to one that changed or is
    gone, or to which one refers; about tables and the package as a whole; and all of a table whose schema changed.

    Raises
    ------
    UsageError
        Where the package is an archive, git is missing, or there is no such revision.
    """
    if package.root is None:
        raise UsageError(f"{package.store.label}: an archive has no revisions; name the directory of the package.")
    paths = [package.descriptor_path]
    for resource in package.resources.values():
        paths += [path for path in (resource.path, resource.schema_path) if path and not is_address(path)]
    changes = changes_since(package.root, revision, paths)
    rows = {name: _rows(package, resource, changes) for name, resource in package.resources.items()}
    concerned = _concerned(package, rows)
    tables = {resource.path: resource for resource in package.resources.values()}
    kept = [finding for finding in report.findings if _keeps(finding, package, tables, changes, concerned, report)]
    number = sum(len({identifier for identifier, _ in each.changed}) for each in rows.values())
    return Narrowed(replace(report, findings=kept), number, len(report.findings) - len(kept))


def _keeps(
    finding: Finding, package: Package, tables: Mapping[str, Resource], changes: Changes, concerned: RecordIds, report: Report
) -> bool:
    resource = tables.get(finding.file)
    if resource is None or is_address(finding.file) or not finding.line or resource.name in report.unreadable:
        return True
    if package.descriptor_path in changes.lines or resource.schema_path in changes.lines:
        return True
    if finding.line in changes.lines.get(finding.file, ()) or finding.record in concerned[resource.name]:
        return True
    of_table = finding.rule in _OF_TABLES or (finding.rule in RULES and RULES[finding.rule].scope == "table")
    return of_table and finding.file in changes.lines


def _rows(package: Package, resource: Resource, changes: Changes) -> _Rows:
    now = list(_read(package.store.read(resource.path), resource)) if package.store.exists(resource.path) else []
    if resource.path not in changes.lines:
        return _Rows(now, [])
    before = list(_read(changes.before[resource.path], resource))
    old, new = ({(identifier, *row.items()) for identifier, row in side} for side in (before, now))
    return _Rows(now, [(identifier, row) for identifier, row in [*before, *now] if (identifier, *row.items()) in old ^ new])


def _read(raw: bytes, resource: Resource) -> Iterator[tuple[str, RowTexts]]:
    names, key = resource.schema.names, resource.schema.primary_key
    for record in read_table(raw, names, resource.dialect, resource.path).records:
        row = {name: cell or "" for name, cell in zip(names, record.cells, strict=True)}
        yield "/".join(row[name] for name in key), row


def _concerned(package: Package, rows: Mapping[str, _Rows]) -> RecordIds:
    """Records that changed, and those one reference away from them, in either direction."""
    changed: RecordIds = defaultdict(set)
    for name, table in rows.items():
        changed[name] |= {identifier for identifier, _ in table.changed}
    concerned: RecordIds = defaultdict(set, {name: set(found) for name, found in changed.items()})
    for name, table in rows.items():
        for identifier, row in table.now:
            if any(target in changed[other] for other, target in _by_name(row)):
                concerned[name].add(identifier)
        for _, row in table.changed:
            for other, target in _by_name(row):
                concerned[other].add(target)
        for key in package.resources[name].schema.foreign_keys:
            other = key.resource or name
            values = {tuple(row[part] for part in key.references) for _, row in rows[other].changed}
            concerned[name] |= {identifier for identifier, row in table.now if tuple(row[part] for part in key.fields) in values}
            values = {tuple(row[part] for part in key.fields) for _, row in table.changed}
            concerned[other] |= {identifier for identifier, row in rows[other].now if tuple(row[part] for part in key.references) in values}
    return concerned


def _by_name(row: RowTexts) -> Iterator[tuple[str, str]]:
    """The records to which a row refers by table and identifier."""
    for table, record in _REFERENCES:
        if row.get(table) and row.get(record):
            yield row[table], row[record]
