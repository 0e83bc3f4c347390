"""The text layer: each cell against its field, each row against the keys, in one pass over the file.

No heavy library is imported, and nothing is kept of a row that is fine unless a later layer asks for it: a table of a
million rows takes the memory of its keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aistatecraft.errors import nearest
from aistatecraft.reading import Package, Record, Resource, read_table
from aistatecraft.reading.edtf import check as check_date
from aistatecraft.reading.plan import FieldPlan, ForeignKey
from aistatecraft.validation.finding import ERROR, Finding, column_letter
from aistatecraft.validation.hygiene import faults_of_text
from aistatecraft.validation.watch import Watch

__all__ = ["CheckedTable", "check_table", "resolve"]

MAX_BYTES = 512 * 1024**2
_KNOWN = 5_000
"""How many distinct texts of a column are remembered: what a text means does not depend on its row."""
_CANDIDATES = 2_000
"""Among how many keys the nearest is looked for; among more it would take longer than the table itself."""
_UNREADABLE = frozenset(chr(code) for code in range(0xDC80, 0xDD00)) | {"\ufffd"}


class Problem(NamedTuple):
    """What is wrong with a text in a field."""

    rule: str
    message: str
    mend: str


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

    def finding(self, rule: str, number: int, name: str, message: str, mend: str, *, severity: str = ERROR) -> Finding:
        """A finding about the field `name` of record `number`; about the row where `name` is empty."""
        record = self.records[number]
        plan = self.resource.plan
        if not name:
            identifier = record_id(plan.names, plan.primary_key, record)
            return Finding(rule, severity, self.resource.path, record.line, "", "", identifier, "", message, mend)
        return place(self.resource, record, plan.names.index(name), Problem(rule, message, mend), severity)

    def values(self) -> list[list[Any]]:
        """Typed values of `records`, column by column in schema order; None where missing or already reported."""
        out: list[list[Any]] = []
        for at, column in enumerate(self.resource.plan.fields):
            known: dict[str | None, Any] = {None: None, **dict.fromkeys(column.missing)}
            values: list[Any] = []
            for number, record in enumerate(self.records):
                text = record.cells[at]
                if (number, at) in self.rejected:
                    values.append(None)
                    continue
                if text not in known:
                    known[text] = column.parse(text)  # type: ignore[arg-type]
                values.append(known[text])
            out.append(values)
        return out


def record_id(names: Sequence[str], key: Sequence[str], record: Record) -> str:
    """Identifier of a record: its key fields joined by a slash."""
    return "/".join(record.cells[names.index(name)] or "" for name in key)


def place(resource: Resource, record: Record, at: int, problem: Problem, severity: str = ERROR) -> Finding:
    """A finding about field number `at` of a record."""
    plan = resource.plan
    column = record.columns[at]
    line = record.line_of(column) if column >= 0 else record.line
    return Finding(
        problem.rule, severity, resource.path, line, column_letter(column) if column >= 0 else "", plan.fields[at].name,
        record_id(plan.names, plan.primary_key, record), record.cells[at] or "", problem.message, problem.mend,
    )  # fmt: skip


def judge(column: FieldPlan, text: str) -> list[Problem]:
    """What is wrong with a text that is not missing. The first constraint that fails is named: the others follow from it."""
    try:
        value = column.parse(text)
    except ValueError as error:
        return [Problem("type", f"{text!r} {error}", _type_mend(column))]
    for constraint in column.constraints:
        if not constraint.holds(text, value):
            if constraint.rule == "category":
                near = nearest(text, [category.value for category in column.categories])
                return [
                    Problem(
                        "category",
                        f"{text!r} is not in the vocabulary of {column.name}",
                        f"write {constraint.expected}" if "there" in near else near.rstrip("?"),
                    )
                ]
            if constraint.rule == "partial-date":
                return [
                    Problem(
                        "partial-date",
                        check_date(text) or f"{text!r} is no date",
                        "write a day that exists, or only the month or year that the source gives",
                    )
                ]
            if constraint.rule == "pattern":
                mend = f"write it like {column.example}" if column.example else "write it in that form"
                return [Problem("pattern", f"{text!r} does not have the form {column.limits['pattern']}", mend)]
            example = f", such as {column.example}" if column.example is not None else ""
            return [Problem(constraint.rule, f"{text!r} is not {constraint.expected}", f"write {constraint.expected}{example}")]
    return []


def _type_mend(column: FieldPlan) -> str:
    example = "true" if column.example is True else "false" if column.example is False else column.example
    return ("write an address" if column.format == "uri" else f"write a value of type {column.type}") + (
        f", such as {example}" if example is not None else ""
    )


def _required(column: FieldPlan, text: str) -> Problem:
    return Problem(
        "required", f"{column.name} is {text!r}, and a value is needed" if text else f"{column.name} is blank and must not be", "fill it in"
    )


Extract = Callable[[Sequence[str | None]], Any]


def _extractor(fields: Sequence[FieldPlan], positions: Sequence[int]) -> Extract:
    """A function that takes a key out of the cells of a record; None where a part of it is missing.

    Numbers and dates count as what they mean: 1.0 is 1. A key of one text is that text alone, which saves its tuple.
    """
    if len(positions) == 1 and fields[positions[0]].type in ("string", "any"):
        (at,) = positions
        missing = fields[at].missing
        return lambda cells: None if cells[at] is None or cells[at] in missing else cells[at]

    def take(cells: Sequence[str | None]) -> tuple[Any, ...] | None:
        parts: list[Any] = []
        for at in positions:
            text, column = cells[at], fields[at]
            if text is None or text in column.missing:
                return None
            try:
                value = text if column.type in ("string", "any", "list") else column.parse(text)
            except ValueError:
                value = text
            parts.append(value)
        return tuple(parts)

    return take


def shown_key(key: Any) -> str:
    """A key as it is shown in messages."""
    return " / ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def check_table(
    package: Package,
    resource: Resource,
    *,
    keep: bool,
    wanted: set[tuple[str, ...]],
    done: Mapping[str, CheckedTable],
    hygiene: str,
    watch: Watch,
) -> tuple[CheckedTable, list[Finding]]:
    """Check the text of one table.

    Parameters
    ----------
    package, resource : the table
    keep : whether to keep the records for the later layers
    wanted : sets of fields of this table that foreign keys refer to
    done : tables that were checked before; references into others are left pending
    hygiene : severity of faults of the text that a reader does not see
    watch : is told of every cell that is judged

    Returns
    -------
    (CheckedTable, list of Finding)
    """
    plan = resource.plan
    out = CheckedTable(resource)
    found: list[Finding] = []
    fault = _unreadable(package, resource)
    if fault is not None:
        out.readable = False
        return out, [fault]
    fields = plan.fields
    unique: dict[tuple[str, ...], str] = {(column.name,): "unique" for column in fields if column.unique}
    unique.update(dict.fromkeys(plan.unique_keys, "unique-key"))
    if plan.primary_key:
        unique[plan.primary_key] = "primary-key"
    position = {name: at for at, name in enumerate(plan.names)}
    keys = {key: _extractor(fields, [position[name] for name in key]) for key in {*unique, *wanted}}
    out.keys = {key: {} for key in keys}
    references: list[tuple[ForeignKey, Extract, Mapping[Any, int] | None, int]] = []
    for foreign in plan.foreign_keys:
        target = out if (foreign.resource or resource.name) == resource.name else done.get(foreign.resource)
        if target is None or target.readable:
            there = target.keys[foreign.references] if target is not None else None
            references.append(
                (foreign, _extractor(fields, [position[name] for name in foreign.fields]), there, position[foreign.fields[0]])
            )

    fine: list[set[str | None]] = [{None} for _ in fields]
    wrong: list[dict[str, list[tuple[Problem, str]]]] = [{} for _ in fields]
    for at, column in enumerate(fields):
        if column.required or column.name in plan.primary_key:
            wrong[at] = {text: [(_required(column, text), ERROR)] for text in column.missing}
        else:
            fine[at].update(column.missing)

    def judged(at: int, text: str) -> list[tuple[Problem, str]]:
        watch.count += 1
        watch.doing = f"{resource.schema_path or resource.name}: field {fields[at].name}"
        if not _UNREADABLE.isdisjoint(text):
            return [(_SAID, ERROR)]
        problems = [(problem, ERROR) for problem in judge(fields[at], text)]
        return problems or [(Problem(*fault), hygiene) for fault in faults_of_text(text)]

    table = read_table(package.store.buffer(resource.path), plan.names, resource.dialect, resource.path)
    for record in table.records:
        out.rows += 1
        cells = record.cells
        untyped: set[int] = set()
        if record.whole:
            at = -1
            for text, known in zip(cells, fine, strict=True):
                at += 1
                if text in known:
                    continue
                problems = wrong[at].get(text)  # type: ignore[arg-type]
                if problems is None:
                    problems = judged(at, text)  # type: ignore[arg-type]
                    if not problems:
                        if len(known) < _KNOWN:
                            known.add(text)
                        continue
                    if len(wrong[at]) < _KNOWN:
                        wrong[at][text] = problems  # type: ignore[index]
                for problem, severity in problems:
                    if problem is not _SAID:
                        found.append(place(resource, record, at, problem, severity))
                        if problem.rule == "type":
                            untyped.add(at)
                if keep and any(severity == ERROR for _, severity in problems):
                    out.rejected.add((len(out.records), at))
            if keep:
                out.records.append(record)
        for key, extract in keys.items():
            parts = extract(cells)
            if parts is None:
                continue
            first = out.keys[key].setdefault(parts, record.line)
            # A cell that has no value of its type cannot be the same as another.
            if first != record.line and key in unique and not (unique[key] == "unique" and position[key[0]] in untyped):
                what = {"primary-key": "the key", "unique": "the value", "unique-key": "the combination of " + ", ".join(key)}[unique[key]]
                problem = Problem(
                    unique[key],
                    f"{what} {shown_key(parts)!r} stands already on line {first}",
                    "delete one of the two rows, or give this one a key of its own",
                )
                found.append(place(resource, record, position[key[0]], problem))
        if record.whole:
            for foreign, extract, known_keys, at in references:
                parts = extract(cells)
                if parts is not None and (known_keys is None or parts not in known_keys):
                    out.pending.append(Pending(foreign, parts, place(resource, record, at, Problem("foreign-key", "", ""))))
    watch.doing = ""
    out.readable = table.usable
    for fault_of_text in table.faults:
        letter = column_letter(fault_of_text.column) if fault_of_text.column is not None else ""
        name = table.header[fault_of_text.column] if fault_of_text.column is not None and fault_of_text.column < len(table.header) else ""
        found.append(
            Finding(
                fault_of_text.rule,
                ERROR,
                resource.path,
                fault_of_text.line,
                letter,
                name,
                "",
                fault_of_text.value,
                fault_of_text.message,
                fault_of_text.mend,
            )
        )
    return out, found


_SAID = Problem("", "", "")  # wrong, and reported already with the line


def _unreadable(package: Package, resource: Resource) -> Finding | None:
    """Why the file cannot be read at all, as a finding of the whole file."""

    def fault(rule: str, message: str, mend: str) -> Finding:
        return Finding(rule, ERROR, resource.path, 0, "", "", "", "", message, mend)

    if not package.store.exists(resource.path):
        return fault(
            "missing-file", "the file is missing", f"add it, or take the resource {resource.name} out of {package.descriptor_path}"
        )
    size = package.store.size(resource.path)
    if size > MAX_BYTES:
        return fault(
            "too-large", f"the file has {size:,} bytes, more than the {MAX_BYTES:,} that are read", "split the table, or take the file away"
        )
    return None


def resolve(tables: Mapping[str, CheckedTable]) -> Iterator[Finding]:
    """Findings for the references that lead nowhere, once all tables are read.

    A key with a missing part refers to nothing, as SQL has it. Where the target could not be read, the keys into it are
    not judged: every one of them would be reported for one mistake.
    """
    mends: dict[tuple[str, tuple[str, ...], Any], str] = {}
    for table in tables.values():
        for pending in table.pending:
            target = tables[pending.key.resource or table.resource.name]
            there = target.keys.get(pending.key.references, {})
            if not target.readable or pending.parts in there:
                continue
            shown = shown_key(pending.parts)
            memo = (target.resource.name, pending.key.references, pending.parts)
            if memo not in mends:
                mend = f"add the row to {target.resource.path}"
                if 0 < len(there) <= _CANDIDATES and len(mends) < _CANDIDATES:
                    mend = f"correct it, or {mend}; {nearest(shown, [shown_key(known) for known in there]).rstrip('.?')}"
                mends[memo] = mend
            message = f"{shown!r} is not in {target.resource.name}.{'/'.join(pending.key.references)}"
            found = pending.finding
            yield Finding(
                found.rule, ERROR, found.file, found.line, found.column, found.field, found.record, found.value, message, mends[memo]
            )
