"""Checks of the text layer: each cell against its field, each row against the keys. No heavy library is imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from aistatecraft.reading import Package, Record, Resource, read_table
from aistatecraft.reading.plan import FieldPlan
from aistatecraft.validation.finding import ERROR, Finding, column_letter

__all__ = ["CheckedTable", "check_foreign_keys", "check_table"]

_REQUIRED = ("required", "", "")
_SAID = ("", "", "")  # wrong, and reported already
_UNREADABLE = frozenset(chr(code) for code in range(0xDC80, 0xDD00)) | {"\ufffd"}


@dataclass
class CheckedTable:
    """A table after the text layer: what the later layers need of it."""

    resource: Resource
    records: list[Record] = field(default_factory=list)
    """Whole records only."""
    values: list[list[Any]] = field(default_factory=list)
    """Typed values of `records`, column by column in schema order; None where missing or already reported."""
    keys: dict[tuple[str, ...], dict[tuple[Any, ...], int]] = field(default_factory=dict)
    """For each set of fields that a key is about: the keys found, with the line of the first."""
    rows: int = 0
    readable: bool = True
    """False where the file is missing or nothing in it could be read."""
    rejected: set[tuple[int, int]] = field(default_factory=set)
    """(record number, field number) of cells that were reported, so that later layers do not report them again."""

    def finding(self, rule: str, number: int, name: str, message: str, mend: str, *, severity: str = ERROR) -> Finding:
        """A finding about the field `name` of record `number`; about the row where `name` is empty."""
        record = self.records[number]
        plan = self.resource.plan
        if not name:
            return Finding(
                rule, severity, self.resource.path, record.line, "", "", record_id(plan.names, plan.primary_key, record), "", message, mend
            )
        at = plan.names.index(name)
        return _finding(self.resource, rule, record, at, message, mend, severity)


def record_id(names: tuple[str, ...], key: tuple[str, ...], record: Record) -> str:
    """Identifier of a record: its key fields joined by a slash."""
    return "/".join(record.cells[names.index(name)] or "" for name in key)


def _finding(resource: Resource, rule: str, record: Record, at: int, message: str, mend: str, severity: str = ERROR) -> Finding:
    plan = resource.plan
    column = record.columns[at]
    value = record.cells[at] or ""
    line = record.line_of(column) if column >= 0 else record.line
    return Finding(
        rule,
        severity,
        resource.path,
        line,
        column_letter(column) if column >= 0 else "",
        plan.fields[at].name,
        record_id(plan.names, plan.primary_key, record),
        value,
        message,
        mend,
    )


def _judge(column: FieldPlan, text: str) -> tuple[Any, tuple[str, str, str] | None]:
    """Value of a cell that is not missing, and (rule, message, mend) where it is wrong."""
    try:
        value = column.parse(text)
    except ValueError as error:
        return None, ("type", f"{text!r} {error}", _type_mend(column))
    for constraint in column.constraints:
        if not constraint.holds(text, value):
            if constraint.rule == "category":
                return None, ("category", f"{text!r} is not in the vocabulary of {column.name}", "write " + constraint.expected)
            if constraint.rule == "partial-date":
                from aistatecraft.reading import edtf

                return None, (
                    "partial-date",
                    edtf.check(text) or f"{text!r} is no date",
                    "write a day that exists, or only the month or year that the source gives",
                )
            if constraint.rule == "pattern":
                return None, (
                    "pattern",
                    f"{text!r} does not have the form {column.limits['pattern']}",
                    f"write it like {column.example}" if column.example else "write it in that form",
                )
            return None, (
                constraint.rule,
                f"{text!r} is not {constraint.expected}",
                f"write {constraint.expected}" + (f", such as {column.example}" if column.example is not None else ""),
            )
    return value, None


def _type_mend(column: FieldPlan) -> str:
    example = "true" if column.example is True else "false" if column.example is False else column.example
    return ("write an address" if column.format == "uri" else f"write a value of type {column.type}") + (
        f", such as {example}" if example is not None else ""
    )


def _key_of(fields: Sequence[FieldPlan], positions: Sequence[int], record: Record, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """A key of a record, None where a part of it is missing. Numbers and dates count as what they mean: 1.0 is 1."""
    parts: list[Any] = []
    for at in positions:
        text = record.cells[at]
        if text is None or text in fields[at].missing:
            return None
        value = values[at]
        parts.append(text if value is None or isinstance(value, (str, list)) else value)
    return tuple(parts)


def check_table(package: Package, resource: Resource, *, keep: bool, keys: set[tuple[str, ...]]) -> tuple[CheckedTable, list[Finding]]:
    """Check the text of one table.

    Parameters
    ----------
    package, resource : the table
    keep : whether to keep records and typed values for the later layers
    keys : sets of fields of this table that foreign keys refer to

    Returns
    -------
    (CheckedTable, list of Finding)
    """
    plan = resource.plan
    out = CheckedTable(resource)
    findings: list[Finding] = []
    if not package.store.exists(resource.path):
        findings.append(
            Finding(
                "missing-file",
                ERROR,
                resource.path,
                0,
                "",
                "",
                "",
                "",
                "the file is missing",
                f"add it, or take the resource {resource.name} out of {package.descriptor_path}",
            )
        )
        out.readable = False
        return out, findings
    table = read_table(package.store.read(resource.path), plan.names, resource.dialect, resource.path)
    fields = plan.fields
    unique: dict[tuple[str, ...], str] = {(column.name,): "unique" for column in fields if column.unique}
    unique.update(dict.fromkeys(plan.unique_keys, "unique-key"))
    if plan.primary_key:
        unique.pop(plan.primary_key, None)
        unique[plan.primary_key] = "primary-key"
    positions = {key: [plan.names.index(name) for name in key] for key in {*unique, *keys}}
    out.keys = {key: {} for key in positions}
    out.values = [[] for _ in fields]
    required = [column.required or column.name in plan.primary_key for column in fields]
    # What a text means does not depend on the row: each distinct text of a column is judged once.
    known: list[dict[str, tuple[Any, tuple[str, str, str] | None]]] = [{} for _ in fields]

    for record in table.records:
        out.rows += 1
        values: list[Any] = [None] * len(fields)
        wrong_at: set[int] = set()
        untyped: set[int] = set()
        if record.whole:
            for at, text in enumerate(record.cells):
                if text is None:
                    continue  # the column is missing: said once, at the header
                column = fields[at]
                if text in column.missing:
                    wrong = _REQUIRED if required[at] else None
                else:
                    judged = known[at].get(text)
                    if judged is None:
                        judged = known[at][text] = (None, _SAID) if not _UNREADABLE.isdisjoint(text) else _judge(column, text)
                    values[at], wrong = judged
                if wrong is not None:
                    wrong_at.add(at)
                    if wrong is _REQUIRED:
                        message = (
                            f"{column.name} is blank and must not be" if not text else f"{column.name} is {text!r}, and a value is needed"
                        )
                        findings.append(_finding(resource, "required", record, at, message, "fill it in"))
                    elif wrong is not _SAID:
                        if wrong[0] == "type":
                            untyped.add(at)
                        findings.append(_finding(resource, wrong[0], record, at, wrong[1], wrong[2]))
            if keep:
                out.rejected.update((len(out.records), at) for at in wrong_at)
                out.records.append(record)
                for at, value in enumerate(values):
                    out.values[at].append(value)
        for key, at_key in positions.items():
            parts = _key_of(fields, at_key, record, values)
            if parts is None:
                continue
            first = out.keys[key].setdefault(parts, record.line)
            # A cell that has no value of its type cannot be the same as another.
            if first != record.line and key in unique and not (unique[key] == "unique" and at_key[0] in untyped):
                rule = unique[key]
                shown = " / ".join(record.cells[at] or "" for at in at_key)
                what = {"primary-key": "the key", "unique": "the value", "unique-key": "the combination of " + ", ".join(key)}[rule]
                message = f"{what} {shown!r} stands already on line {first}"
                findings.append(
                    _finding(resource, rule, record, at_key[0], message, "delete one of the two rows, or give this one a key of its own")
                )
    out.readable = table.usable
    for fault in table.faults:
        letter = column_letter(fault.column) if fault.column is not None else ""
        name = table.header[fault.column] if fault.column is not None and fault.column < len(table.header) else ""
        findings.append(Finding(fault.rule, ERROR, resource.path, fault.line, letter, name, "", fault.value, fault.message, fault.mend))
    return out, findings


def check_foreign_keys(tables: dict[str, CheckedTable]) -> Iterator[Finding]:
    """Each foreign key of each table against the table that it refers to.

    A key with a missing part refers to nothing, as SQL has it. Where the target could not be read, the keys into it are
    not judged: every one of them would be reported for one mistake.
    """
    from aistatecraft.errors import nearest

    for table in tables.values():
        plan = table.resource.plan
        for key in plan.foreign_keys:
            target = tables[key.resource or table.resource.name]
            there = target.keys.get(key.references, {})
            if not target.readable:
                continue
            at_key = [plan.names.index(name) for name in key.fields]
            candidates: list[str] | None = None
            for number, record in enumerate(table.records):
                parts = _key_of(plan.fields, at_key, record, [column[number] for column in table.values])
                if parts is None or parts in there:
                    continue
                candidates = candidates if candidates is not None else [" / ".join(map(str, known)) for known in there]
                shown = " / ".join(map(str, parts))
                mend = f"add the row to {target.resource.path}"
                if candidates:
                    mend = f"correct it, or {mend}; {nearest(shown, candidates).rstrip('.?')}"
                message = f"{shown!r} is not in {target.resource.name}.{'/'.join(key.references)}"
                yield _finding(table.resource, "foreign-key", record, at_key[0], message, mend)
