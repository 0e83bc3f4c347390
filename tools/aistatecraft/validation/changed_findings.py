"""Findings that a change can have caused: those in what changed since a revision, and in what depends on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from aistatecraft.errors import UsageError
from aistatecraft.package import Package, Resource, read_table
from aistatecraft.package.git import Revision
from aistatecraft.package.storage import is_address
from aistatecraft.validation.git_changes import Changes, bytes_now, changes_since, revision_of
from aistatecraft.validation.report import Finding, Report
from aistatecraft.validation.rules import RULES

__all__ = ["Narrowed", "compared_with", "narrow", "narrow_to_table"]

_OF_TABLES = frozenset({"primary-key", "unique-key", "unique"})
"""Rules about cells and keys that compare rows of one table: which of two rows they name does not say which one changed."""
_REFERENCES = (("record_table", "record_id"), ("subject_table", "subject_id"), ("object_table", "object_id"))

_BESIDE = {
    "evidence-required": ("evidence", "sources"),
    "spreadsheet-sorted": ("evidence",),
    "retired-identifier": ("retired",),
    "rows-lost": (),
    "values-lost": (),
    "identifier-lost": (),
}
"""Rules over several tables that judge rows of many, and the tables that they look at besides; other rules follow the references."""

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


def compared_with(package: Package, revision: str) -> Revision:
    """The revision with which a package is compared.

    Raises
    ------
    UsageError
        Where the package is an archive, git is missing, or there is no such revision.
    """
    if package.root is None:
        raise UsageError(f"{package.store.label}: an archive has no revisions; name the directory of the package.")
    return revision_of(package.root, revision)


def narrow(report: Report, package: Package, revision: Revision) -> Narrowed:
    """Leave out of a report what was there before a change.

    Kept are findings in lines that changed since `revision`, in records that changed, that refer to one that changed or is
    gone, or to which one refers; about tables and the package as a whole; and all of a table whose schema changed.

    Raises
    ------
    ReadError
        Where the repository does not hold what stood in one of the files.
    """
    paths = [package.descriptor_path]
    for resource in package.resources.values():
        paths += [path for path in (resource.path, resource.schema_path) if path and not is_address(path)]
    changes = changes_since(package.store, revision, paths)
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
    found = bytes_now(package.store, resource.path)
    now = [] if found is None else list(_read(found, resource))
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


def narrow_to_table(report: Report, package: Package, table: str) -> tuple[Report, int]:
    """The part of a report that concerns one table, and how many findings that leaves out.

    Kept are the findings in the table and its schema, and those of other tables that follow from it: a reference to a record that it
    does not have, a rule over several tables where the row refers to this table or this table to the row's; and that a table which
    it refers to, or which refers to it, cannot be read.
    """
    own = package.resources[table]
    rows: dict[str, dict[str, RowTexts]] = {}
    kept = [finding for finding in report.findings if _concerns(finding, package, own, report, rows)]
    linked = [name for name in report.unreadable if name == table or _links(package.resources[name], own)]
    tables = {table: report.tables.get(table, 0)}
    narrowed = replace(report, findings=kept, unreadable=linked, tables=tables)
    return narrowed, len(report.findings) - len(kept)


def _concerns(finding: Finding, package: Package, own: Resource, report: Report, rows: dict[str, dict[str, RowTexts]]) -> bool:
    if finding.file in (own.path, own.schema_path):
        return True
    other = next((resource for resource in package.resources.values() if resource.path == finding.file), None)
    if other is None or not _links(other, own):
        return False
    if other.name in report.unreadable:
        return True
    if finding.rule == "foreign-key":
        return any(key.resource == own.name and finding.field in key.fields for key in other.schema.foreign_keys)
    if finding.rule not in RULES or RULES[finding.rule].scope != "package":
        return False
    if finding.rule in _BESIDE:
        return own.name in _BESIDE[finding.rule]
    if not _refers_by_name(other):
        return True
    if other.name not in rows:
        rows[other.name] = dict(_read(package.store.read(other.path), other))
    row = rows[other.name].get(finding.record, {})
    return any(named == own.name for named, _ in _by_name(row)) or _by_key(other, own)


def _links(other: Resource, own: Resource) -> bool:
    """Whether rows of one of two tables can refer to rows of the other."""
    return _refers_by_name(other) or _refers_by_name(own) or _by_key(other, own) or _by_key(own, other)


def _by_key(one: Resource, other: Resource) -> bool:
    return any(key.resource == other.name for key in one.schema.foreign_keys)


def _refers_by_name(resource: Resource) -> bool:
    return any({table, record} <= set(resource.schema.names) for table, record in _REFERENCES)
