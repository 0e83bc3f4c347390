"""The text layer: each cell against its field, each row against the keys, in one pass over the file.

No heavy library is imported, and nothing is kept of a row that is fine unless a later layer asks for it: a table of a
million rows takes the memory of its keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from aistatecraft.errors import nearest
from aistatecraft.reading import Package, Record, Resource, Table, read_table
from aistatecraft.reading.edtf import check as check_date
from aistatecraft.reading.plan import FieldPlan, ForeignKey
from aistatecraft.reading.records import Batch
from aistatecraft.validation.finding import ERROR, CellProblem, Finding, column_letter
from aistatecraft.validation.hygiene import faults_of_text
from aistatecraft.validation.quick import quick_look
from aistatecraft.validation.spreadsheet import recognise, shifted, suspect
from aistatecraft.validation.watch import Watch

__all__ = ["CheckedTable", "check_table", "resolve"]

MAX_BYTES = 512 * 1024**2
_KNOWN = 20_000
"""How many distinct texts of a column are remembered: what a text means does not depend on its row."""
_FEW = 4
_CANDIDATES = 2_000
"""Among how many keys the nearest is looked for; among more it would take longer than the table itself."""
_UNREADABLE = frozenset(chr(code) for code in range(0xDC80, 0xDD00))
_MOVED = 200
"""How many rows with several wrong cells are looked at for a shift."""

Problem = CellProblem
_SAID = Problem("", "", "")  # wrong, and reported already with the line


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


_FORMS = frozenset({"category", "partial-date", "pattern"})
"""Constraints on how a value is written: where one fails, the ways of spreadsheets are looked through."""


def judge(column: FieldPlan, text: str) -> list[Problem]:
    """What is wrong with a text that is not missing. The first constraint that fails is named: the others follow from it."""
    try:
        value = column.parse(text)
    except ValueError as error:
        known = recognise(column, text)
        return [known._replace(typed=False) if known else Problem("type", f"{text!r} {error}", _type_mend(column), typed=False)]
    for constraint in column.constraints:
        if not constraint.holds(text, value):
            if constraint.rule in _FORMS and (known := recognise(column, text)):
                return [known]
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


class Look:
    """The look at the cells of a table, column by column. What a text means does not depend on its row, so it is remembered."""

    def __init__(self, resource: Resource, hygiene: bool) -> None:
        plan = resource.plan
        self.fields, self.hygiene = plan.fields, hygiene
        self.missing = [column.missing for column in plan.fields]
        self.quick = [quick_look(column, hygiene) for column in plan.fields]
        self.fine: list[set[str]] = []
        self.wrong: list[dict[str, list[Problem]]] = []
        for column in plan.fields:
            needed = column.required or column.name in plan.primary_key
            self.fine.append(set() if needed else set(column.missing))
            self.wrong.append({text: [_required(column, text)] for text in column.missing} if needed else {})

    def at(self, at: int, texts: Sequence[str]) -> dict[str, list[Problem]]:
        """Which of the texts of field number `at` are wrong, and how."""
        fine, wrong, quick = self.fine[at], self.wrong[at], self.quick[at]
        if quick is None:
            return {text: wrong[text] for text in wrong if text in texts}
        if len(fine) >= _KNOWN and self.missing[at].isdisjoint(texts) and quick(texts):
            return {}  # a column of ever new texts: what was seen before does not help
        new = set(texts) - fine
        if not new:
            return {}
        fresh = new - wrong.keys() if wrong else new
        if fresh and quick(fresh):
            if len(fine) < _KNOWN:
                fine |= fresh
            return {text: wrong[text] for text in new - fresh}
        bad = {text: wrong[text] for text in new - fresh}
        for text in self._doubtful(at, list(fresh)):
            problems = self._judged(at, text)
            if problems:
                bad[text] = problems
                if len(wrong) < _KNOWN:
                    wrong[text] = problems
        if len(fine) < _KNOWN:
            fine |= fresh - bad.keys()
        return bad

    def _doubtful(self, at: int, texts: list[str]) -> Iterator[str]:
        """Texts that no quick look cleared: halves of halves are looked at, so that a few wrong ones do not cost all."""
        waiting = [texts]
        quick = self.quick[at]
        while waiting:
            part = waiting.pop()
            if len(part) <= _FEW:
                yield from part
            else:
                half = len(part) // 2
                waiting += [piece for piece in (part[:half], part[half:]) if quick is None or not quick(piece)]

    def _judged(self, at: int, text: str) -> list[Problem]:
        if not _UNREADABLE.isdisjoint(text):
            return [_SAID]
        problems = judge(self.fields[at], text)
        if not problems and self.hygiene:
            odd = suspect(self.fields[at], text)
            problems = [odd] if odd else list(faults_of_text(text))
        return problems


def _taken(fields: Sequence[FieldPlan], positions: Sequence[int], columns: Sequence[Sequence[str] | None], rows: int) -> list[Any]:
    """The keys of some rows; None where a part is missing.

    Numbers and dates count as what they mean: 1.0 is 1. A key of one text is that text alone, which saves its tuple.
    """
    parts: list[list[Any]] = []
    for at in positions:
        texts, column = columns[at], fields[at]
        if texts is None:
            return [None] * rows
        missing = column.missing
        if column.type in ("string", "any", "list"):
            parts.append(list(texts) if missing.isdisjoint(texts) else [None if text in missing else text for text in texts])
        else:
            parts.append([None if text in missing else _value(column, text) for text in texts])
    if len(parts) == 1:
        return parts[0]
    return [None if None in key else key for key in zip(*parts, strict=True)]


def _value(column: FieldPlan, text: str) -> Any:
    try:
        return column.parse(text)
    except ValueError:
        return text


def twice(rule: str, key: tuple[str, ...], parts: Any, first: int) -> Problem:
    """What is wrong with a key that stands already on the line `first`."""
    what = {"primary-key": "the key", "unique": "the value", "unique-key": "the combination of " + ", ".join(key)}[rule]
    return Problem(
        rule, f"{what} {shown_key(parts)!r} stands already on line {first}", "delete one of the two rows, or give this one a key of its own"
    )


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
    hygiene: bool,
    watch: Watch,
) -> tuple[CheckedTable, list[Finding]]:
    """Check the text of one table.

    Parameters
    ----------
    package, resource : the table
    keep : whether to keep the records for the later layers
    wanted : sets of fields of this table that foreign keys refer to
    done : tables that were checked before; references into others are left pending
    hygiene : whether to look for faults of the text that a reader does not see
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
    keys = {key: [position[name] for name in key] for key in {*unique, *wanted}}
    out.keys = {key: {} for key in keys}
    references: list[tuple[ForeignKey, list[int], Mapping[Any, int] | None]] = []
    for foreign in plan.foreign_keys:
        target = out if (foreign.resource or resource.name) == resource.name else done.get(foreign.resource)
        if target is None or target.readable:
            there = target.keys[foreign.references] if target is not None else None
            references.append((foreign, [position[name] for name in foreign.fields], there))

    look = Look(resource, hygiene)
    several = 0
    label = f"{resource.path}, with a pattern of {resource.schema_path or package.descriptor_path}"
    with package.store.open(resource.path) as handle:
        table = read_table(handle, plan.names, resource.dialect, resource.path)
        for batch in table.batches:
            out.rows += len(batch.rows) + len(batch.ragged)
            watch.count, watch.doing = out.rows, label
            columns: list[Sequence[str]] = list(zip(*batch.rows, strict=True)) or [()] * len(table.header)
            untyped: set[tuple[int, int]] = set()
            wrong: dict[int, list[int]] = {}
            for at, where in enumerate(table.columns):
                bad = look.at(at, columns[where]) if where >= 0 else {}
                if not bad:
                    continue
                for number, text in [(number, text) for number, text in enumerate(columns[where]) if text in bad]:
                    wrong.setdefault(number, []).append(at)
                    for problem in bad[text]:
                        if problem is not _SAID:
                            record = table.record(batch.lines[number], batch.rows[number])
                            found.append(place(resource, record, at, problem))
                        if not problem.typed:
                            untyped.add((number, at))
                        if keep:
                            out.rejected.add((len(out.records) + number, at))
            if table.header in batch.rows:
                found += [header_again(resource, line) for line, row in zip(batch.lines, batch.rows, strict=True) if row == table.header]
            if table.plain:
                found += moved_rows(resource, wrong, partial(_record, table, batch), several)
                several += sum(len(positions) > 1 for positions in wrong.values())
            if keep:
                out.records.extend(map(table.record, batch.lines, batch.rows))
            by_field = [columns[where] if where >= 0 else None for where in table.columns]
            for key, positions in keys.items():
                taken = _taken(fields, positions, by_field, len(batch.rows))
                met = out.keys[key]
                if key not in unique:
                    met.update((parts, line) for parts, line in zip(taken, batch.lines, strict=True) if parts is not None)
                elif None not in taken and len(set(taken)) == len(taken) and met.keys().isdisjoint(taken):
                    met.update(zip(taken, batch.lines, strict=True))
                else:
                    for number, parts in enumerate(taken):
                        line = batch.lines[number]
                        first = met.setdefault(parts, line) if parts is not None else line
                        # A cell that has no value of its type cannot be the same as another.
                        if first != line and not (unique[key] == "unique" and (number, positions[0]) in untyped):
                            found.append(
                                place(resource, table.record(line, batch.rows[number]), positions[0], twice(unique[key], key, parts, first))
                            )
                for ragged in batch.ragged:
                    (parts,) = _taken(fields, positions, [(cell,) if cell is not None else None for cell in ragged.cells], 1)
                    first = met.setdefault(parts, ragged.line) if parts is not None else ragged.line
                    if first != ragged.line and key in unique:
                        found.append(place(resource, ragged, positions[0], twice(unique[key], key, parts, first)))
            for foreign, positions, known in references:
                taken = _taken(fields, positions, by_field, len(batch.rows))
                unmet = set(taken) - {None}
                if known is not None:
                    unmet -= known.keys()
                if unmet:
                    for number, parts in enumerate(taken):
                        if parts in unmet:
                            record = table.record(batch.lines[number], batch.rows[number])
                            out.pending.append(
                                Pending(foreign, parts, place(resource, record, positions[0], Problem("foreign-key", "", "")))
                            )
            watch.doing = ""  # reading the next rows may take long, and is no pattern
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


def _record(table: Table, batch: Batch, number: int) -> Record:
    return table.record(batch.lines[number], batch.rows[number])


def header_again(resource: Resource, line: int) -> Finding:
    """The finding for a row that is the header once more."""
    return Finding("header-again", ERROR, resource.path, line, "", "", "", "", "the header stands here once more", "delete the row")


def moved_rows(
    resource: Resource, wrong: Mapping[int, Sequence[int]], record: Callable[[int], Record], before: int = 0
) -> Iterator[Finding]:
    """Findings for rows whose cells moved by one column.

    `wrong` has for each row the columns whose cells do not fit; `before` is how many rows with several such were seen already.
    """
    several = sorted(number for number, positions in wrong.items() if len(positions) > 1)
    for number in several[: max(0, _MOVED - before)]:
        found = record(number)
        moved = shifted(resource.plan.fields, [cell or "" for cell in found.cells], wrong[number])
        if moved:
            yield place(resource, found, *moved)


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
