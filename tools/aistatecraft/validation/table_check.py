"""The text layer: each cell against its field, each row against the keys, in one pass over the file.

No heavy library is imported, and nothing is kept of a row that is fine unless a later layer asks for it: a table of a
million rows takes the memory of its keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from itertools import compress
from operator import ne
from typing import Any, NamedTuple

from aistatecraft.errors import nearest
from aistatecraft.package import Fault, Field, Package, Record, Resource, Table, read_table
from aistatecraft.package.csv_reader import Batch
from aistatecraft.package.schema import ForeignKey
from aistatecraft.validation.cell_checks import REPORTED, CellProblem, ColumnChecker, places_of
from aistatecraft.validation.keys import key_values, shown_key, twice
from aistatecraft.validation.locations import finding_at, header_again, moved_rows, record_id, several_wrong
from aistatecraft.validation.report import ERROR, Finding, column_letter

__all__ = ["CheckedTable", "check_table", "resolve"]

MAX_TABLE_BYTES = 512 * 1024**2
_CANDIDATES = 2_000
"""Among how many keys the nearest is looked for; among more it would take longer than the table itself."""


class Pending(NamedTuple):
    """A reference to a key that was not met yet."""

    key: ForeignKey
    parts: Any
    finding: Finding


@dataclass
class CheckedTable:
    """A table after the text layer: what the later layers need of it."""

    resource: Resource
    rows: int = 0
    readable: bool = True
    """False where the file is missing or nothing in it could be read."""
    keys: dict[tuple[str, ...], dict[Any, int]] = field(default_factory=dict)
    """For each set of fields that a key is about: the keys found, with the line of the first."""
    pending: list[Pending] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    """Whole records, where they are kept."""
    rejected: set[tuple[int, int]] = field(default_factory=set)
    """(record number, field number) of cells that were reported, so that later layers do not report them again."""

    def finding(self, rule: str, number: int, name: str, message: str, hint: str, *, severity: str = ERROR) -> Finding:
        """A finding about the field `name` of record `number`; about the row where `name` is empty."""
        record = self.records[number]
        schema = self.resource.schema
        if not name:
            identifier = record_id(self.resource, record)
            return Finding(rule, severity, self.resource.path, record.line, "", "", identifier, "", message, hint)
        return finding_at(self.resource, record, schema.names.index(name), CellProblem(rule, message, hint), severity)

    def values(self) -> list[list[Any]]:
        """Typed values of `records`, column by column in schema order; None where missing or already reported."""
        out: list[list[Any]] = []
        for at, column in enumerate(self.resource.schema.fields):
            texts = [record.cells[at] for record in self.records]
            known = {text: _typed(column, text) for text in set(texts)}
            out.append([known[text] for text in texts])
        for number, at in self.rejected:
            out[at][number] = None
        return out


def _typed(column: Field, text: str | None) -> Any:
    """Value of the text of a cell; None where it is missing, or has none of its type, which was reported."""
    try:
        return None if text is None or text in column.missing else column.parse(text)
    except ValueError:
        return None


def check_table(
    package: Package,
    resource: Resource,
    *,
    keep: bool,
    wanted: set[tuple[str, ...]],
    done: Mapping[str, CheckedTable],
    hygiene: bool,
) -> tuple[CheckedTable, list[Finding]]:
    """Check the text of one table.

    Parameters
    ----------
    package, resource : the table
    keep : whether to keep the records for the later layers
    wanted : sets of fields of this table that foreign keys refer to
    done : tables that were checked before; references into others are left pending
    hygiene : whether to look for faults of the text that a reader does not see

    Returns
    -------
    (CheckedTable, list of Finding)
    """
    schema = resource.schema
    out = CheckedTable(resource)
    found: list[Finding] = []
    fault = _unreadable(package, resource)
    if fault is not None:
        out.readable = False
        return out, [fault]
    fields = schema.fields
    unique: dict[tuple[str, ...], str] = {(column.name,): "unique" for column in fields if column.unique}
    unique.update(dict.fromkeys(schema.unique_keys, "unique-key"))
    if schema.primary_key:
        unique[schema.primary_key] = "primary-key"
    position = {name: at for at, name in enumerate(schema.names)}
    keys = {key: [position[name] for name in key] for key in {*unique, *wanted}}
    out.keys = {key: {} for key in keys}
    references = _references(resource, out, done)

    look = ColumnChecker(resource, hygiene)
    several = 0
    with package.store.open(resource.path) as handle:
        table = read_table(handle, schema.names, resource.dialect, resource.path)
        for batch in table.batches:
            out.rows += len(batch.rows) + len(batch.ragged)
            columns, lines, rows = batch.columns, list(batch.lines), batch.rows
            record = partial(_plain_record, lines, rows, table.columns) if table.plain else partial(_record, table, lines, rows)
            untyped: set[tuple[int, int]] = set()
            wrong: dict[int, list[int]] = {}
            for at, where in enumerate(table.columns):
                bad = look.at(at, columns[where]) if where >= 0 else {}
                if not bad:
                    continue
                texts = columns[where]
                wrong[at] = places_of(texts, bad)
                for number in wrong[at]:
                    for problem in bad[texts[number]]:
                        if problem is not REPORTED:
                            found.append(finding_at(resource, record(number), at, problem))
                        if not problem.typed:
                            untyped.add((number, at))
                        if keep:
                            out.rejected.add((len(out.records) + number, at))
            if table.header in rows:
                found += [header_again(resource, line) for line, row in zip(lines, rows, strict=True) if row == table.header]
            if table.plain and len(wrong) > 1:
                together = several_wrong(wrong)
                found += moved_rows(resource, together, record, several)
                several += len(together)
            if keep:
                out.records.extend(map(record, range(len(rows))))
            by_field = [columns[where] if where >= 0 else None for where in table.columns]
            for key, positions in keys.items():
                for line_record, problem in _repeated(out.keys[key], unique.get(key), key, positions, fields, batch, by_field, untyped):
                    at_record = record(line_record) if isinstance(line_record, int) else line_record
                    found.append(finding_at(resource, at_record, positions[0], problem))
            for foreign, positions, known in references:
                found_keys = key_values(fields, positions, by_field, len(lines))
                unmet = set(found_keys) - {None}
                if known is not None:
                    unmet -= known.keys()
                for number in places_of(found_keys, unmet):
                    finding = finding_at(resource, record(number), positions[0], CellProblem("foreign-key", "", ""))
                    out.pending.append(Pending(foreign, found_keys[number], finding))
    out.readable = table.usable
    found += [_of_fault(table, resource, fault) for fault in table.faults]
    return out, found


Reference = tuple[ForeignKey, list[int], Mapping[Any, int] | None]
"""A foreign key, the positions of its fields, and the keys that it may refer to; None where they are not known yet."""


def _references(resource: Resource, own: CheckedTable, done: Mapping[str, CheckedTable]) -> list[Reference]:
    """The foreign keys of a table that can be judged: not those into a table that could not be read."""
    position = {name: at for at, name in enumerate(resource.schema.names)}
    references: list[Reference] = []
    for foreign in resource.schema.foreign_keys:
        target = own if (foreign.resource or resource.name) == resource.name else done.get(foreign.resource)
        if target is None or target.readable:
            there = target.keys[foreign.references] if target is not None else None
            references.append((foreign, [position[name] for name in foreign.fields], there))
    return references


def _repeated(
    met: dict[Any, int],
    rule: str | None,
    key: tuple[str, ...],
    positions: Sequence[int],
    fields: Sequence[Field],
    batch: Batch,
    by_field: Sequence[Sequence[str] | None],
    untyped: Set[tuple[int, int]],
) -> Iterator[tuple[int | Record, CellProblem]]:
    """Enter the keys of a batch into `met`; gives those that break `rule`, by number in the batch, or the record itself of a ragged row."""
    lines = list(batch.lines)
    found = key_values(fields, positions, by_field, len(lines))
    firsts = list(map(met.setdefault, found, lines))
    met.pop(None, None)
    if rule is not None and firsts != lines:
        for number in compress(range(len(lines)), map(ne, firsts, lines)):
            # A cell that has no value of its type cannot be the same as another.
            if found[number] is not None and not (rule == "unique" and (number, positions[0]) in untyped):
                yield number, twice(rule, key, found[number], firsts[number])
    for ragged in batch.ragged:
        (parts,) = key_values(fields, positions, [(cell,) if cell is not None else None for cell in ragged.cells], 1)
        first = met.setdefault(parts, ragged.line) if parts is not None else ragged.line
        if first != ragged.line and rule is not None:
            yield ragged, twice(rule, key, parts, first)


def _of_fault(table: Table, resource: Resource, fault: Fault) -> Finding:
    """A fault of the text as a finding."""
    letter = column_letter(fault.column) if fault.column is not None else ""
    name = table.header[fault.column] if fault.column is not None and fault.column < len(table.header) else ""
    return Finding(fault.rule, ERROR, resource.path, fault.line, letter, name, "", fault.value, fault.message, fault.hint)


def _record(table: Table, lines: Sequence[int], rows: Sequence[Sequence[str]], number: int) -> Record:
    return table.record(lines[number], rows[number])


def _plain_record(lines: Sequence[int], rows: Sequence[Sequence[str]], columns: Sequence[int], number: int) -> Record:
    """As `_record`, for a table whose columns stand in the order of the schema: without asking for each record whether they do."""
    row = rows[number]
    return Record(lines[number], row, True, columns, row)


def _unreadable(package: Package, resource: Resource) -> Finding | None:
    """Why the file cannot be read at all, as a finding of the whole file."""

    def fault(rule: str, message: str, hint: str) -> Finding:
        return Finding(rule, ERROR, resource.path, 0, "", "", "", "", message, hint)

    if not package.store.exists(resource.path):
        return fault(
            "missing-file", "the file is missing", f"add it, or remove the resource {resource.name} from {package.descriptor_path}"
        )
    size = package.store.size(resource.path)
    if size > MAX_TABLE_BYTES:
        return fault(
            "too-large",
            f"the file has {size:,} bytes, more than the limit of {MAX_TABLE_BYTES:,}",
            "split the table, or delete the file",
        )
    return None


def resolve(tables: Mapping[str, CheckedTable]) -> Iterator[Finding]:
    """Findings for the references that lead nowhere, once all tables are read.

    A key with a missing part refers to nothing, as SQL has it. Where the target could not be read, the keys into it are
    not judged: every one of them would be reported for one mistake.
    """
    fixes: dict[tuple[str, tuple[str, ...], Any], str] = {}
    for table in tables.values():
        for pending in table.pending:
            target = tables[pending.key.resource or table.resource.name]
            there = target.keys.get(pending.key.references, {})
            if not target.readable or pending.parts in there:
                continue
            shown = shown_key(pending.parts)
            memo = (target.resource.name, pending.key.references, pending.parts)
            if memo not in fixes:
                hint = f"add the row to {target.resource.path}"
                if 0 < len(there) <= _CANDIDATES and len(fixes) < _CANDIDATES:
                    hint = f"correct it, or {hint}; {nearest(shown, [shown_key(known) for known in there]).rstrip('.?')}"
                fixes[memo] = hint
            message = f"{shown!r} is not in {target.resource.name}.{'/'.join(pending.key.references)}"
            found = pending.finding
            yield Finding(
                found.rule, ERROR, found.file, found.line, found.column, found.field, found.record, found.value, message, fixes[memo]
            )
