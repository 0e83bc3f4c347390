"""The text layer for large tables, column by column with pyarrow, where that extra is installed.

It takes only text in plain shape, of which all readers give the same cells, and asks Arrow which columns are fine as a whole.
Whatever is not is judged by the same functions as in `cells`, so the findings are identical; tables that are not in shape, or
whose schema asks for what is not known here, are left to `cells`.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aistatecraft.reading import Package, Resource
from aistatecraft.reading.plan import FieldPlan
from aistatecraft.reading.records import Record
from aistatecraft.reading.shape import in_plain_shape
from aistatecraft.validation.cells import CheckedTable, Pending, header_again, moved_rows, place
from aistatecraft.validation.finding import Finding
from aistatecraft.validation.judging import Look, Problem
from aistatecraft.validation.keys import twice

__all__ = ["check_columns"]

MIN_BYTES = 32 * 1024**2
"""Below this size importing pyarrow takes longer than it saves."""
_SAFE_PATTERN = re.compile(r"(?:[^\\+*?{}]|\\[-./^$*+?()\[\]{}|]|(?:[+*?]|\{[0-9]+(?:,[0-9]*)?\})(?![+?]))*")
"""Patterns that Arrow's expressions (RE2) read as Python does: no classes by letter, no look-around, nothing lazy."""


def check_columns(
    package: Package, resource: Resource, wanted: set[tuple[str, ...]], done: Mapping[str, CheckedTable]
) -> tuple[CheckedTable, list[Finding]] | None:
    """As `cells.check_table`, without keeping records and without the look at what is hidden; None where it is left to that."""
    if (
        not package.store.exists(resource.path)
        or package.store.size(resource.path) < MIN_BYTES
        or importlib.util.find_spec("pyarrow") is None
    ):
        return None
    plan = resource.plan
    position = {name: at for at, name in enumerate(plan.names)}
    unique: dict[tuple[str, ...], str] = {(column.name,): "unique" for column in plan.fields if column.unique}
    unique.update(dict.fromkeys(plan.unique_keys, "unique-key"))
    if plan.primary_key:
        unique[plan.primary_key] = "primary-key"
    keys = {*unique, *wanted}
    references = [key for key in plan.foreign_keys if (key.resource or resource.name) == resource.name or key.resource in done]
    texts = ("string", "any")
    single = [key[0] for key in keys if len(key) == 1] + [key.fields[0] for key in references if len(key.fields) == 1]
    if (
        len(references) != len(plan.foreign_keys)
        or any(len(key) != 1 for key in keys)
        or any(len(key.fields) != 1 or (key.resource or resource.name) == resource.name for key in references)
        or any(plan.by_name[name].type not in texts for name in single)
    ):
        return None
    raw = package.store.read(resource.path)
    with ThreadPoolExecutor(1) as aside:  # Arrow reads while the shape is looked at
        parsed = aside.submit(_parsed, raw, plan.names)
        shaped = in_plain_shape(raw, plan.names, resource.dialect)
    table = parsed.result()
    del raw, parsed
    if table is None or not shaped:
        return None
    return _Columns(resource, table).check(position, unique, wanted, references, done)


def _parsed(raw: bytes, names: Sequence[str]) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    try:
        return csv.read_csv(
            pa.BufferReader(raw),
            read_options=csv.ReadOptions(block_size=16 * 1024**2),
            parse_options=csv.ParseOptions(newlines_in_values=b'"' in raw, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None


class _Columns:
    """One table as Arrow columns of texts."""

    def __init__(self, resource: Resource, table: Any) -> None:
        self.resource, self.table = resource, table
        self.look = Look(resource, hygiene=False)
        self.order = list(range(len(resource.plan.names)))
        self._lines: Any = None
        self._rows: dict[int, list[str]] = {}

    def check(
        self,
        position: Mapping[str, int],
        unique: Mapping[tuple[str, ...], str],
        wanted: set[tuple[str, ...]],
        references: Sequence[Any],
        done: Mapping[str, CheckedTable],
    ) -> tuple[CheckedTable, list[Finding]]:
        """The checks, in the order of `cells.check_table`."""
        import pyarrow.compute as pc

        plan = self.resource.plan
        out = CheckedTable(self.resource, rows=self.table.num_rows)
        found: list[Finding] = []
        untyped: set[tuple[int, int]] = set()
        wrong: dict[int, list[int]] = {}
        with ThreadPoolExecutor(2) as both:
            looked = list(both.map(self._doubtful, range(len(plan.fields)), plan.fields, self.table.columns))
        for at, doubtful in enumerate(looked):
            cells = self.table.column(at)
            bad = self.look.at(at, pc.unique(doubtful).to_pylist()) if len(doubtful) else {}
            for record, number in self._records_of(cells, bad):
                wrong.setdefault(number, []).append(at)
                for problem in bad[str(record.cells[at])]:
                    found.append(place(self.resource, record, at, problem))
                    if not problem.typed:
                        untyped.add((number, at))
        found += moved_rows(self.resource, wrong, self._record)
        for record, _ in self._records_of(self.table.column(0), [plan.names[0]]):
            if tuple(record.raw) == plan.names:
                found.append(header_again(self.resource, record.line))
        for key in {*unique, *wanted}:
            at = position[key[0]]
            cells, missing = self.table.column(at), plan.fields[at].missing
            if key in wanted:
                some: Iterable[tuple[int, str]] = enumerate(cells.to_pylist())
            elif pc.count_distinct(cells).as_py() < len(cells):
                counts = pc.value_counts(cells)
                twofold = counts.field("values").filter(pc.greater(counts.field("counts"), 1)).to_pylist()
                some = [(number, str(record.cells[at])) for record, number in self._records_of(cells, twofold)]
            else:
                some = ()
            # Keys are kept for those who refer to them; without such, and with all different, there is nothing to do.
            out.keys[key] = {}
            for number, text in some:
                if text in missing:
                    continue
                first = out.keys[key].setdefault(text, number)
                if first != number and key in unique and not (unique[key] == "unique" and (number, at) in untyped):
                    found.append(place(self.resource, self._record(number), at, twice(unique[key], key, text, self._line(first))))
        for key in references:
            at = position[key.fields[0]]
            cells, missing = self.table.column(at), plan.fields[at].missing
            target = done[key.resource]
            if not target.readable:
                continue
            unmet = {text for text in pc.unique(cells).to_pylist() if text not in missing and text not in target.keys[key.references]}
            for record, _ in self._records_of(cells, unmet):
                out.pending.append(Pending(key, record.cells[at], place(self.resource, record, at, Problem("foreign-key", "", ""))))
        return out, found

    def _rows_of(self, cells: Any, texts: Any) -> list[int]:
        """Numbers of the rows whose cell is one of `texts`, in order."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if not texts:
            return []
        return list(pc.indices_nonzero(pc.is_in(cells, value_set=pa.array(list(texts), pa.string()))).to_pylist())

    def _records_of(self, cells: Any, texts: Any) -> list[tuple[Record, int]]:
        """The records whose cell is one of `texts`, in order, with their numbers. They are taken out of Arrow together."""
        import pyarrow as pa

        numbers = self._rows_of(cells, texts)
        new = [number for number in numbers if number not in self._rows]
        if new:
            columns = [column.to_pylist() for column in self.table.take(pa.array(new, pa.int64())).columns]
            self._rows.update(zip(new, map(list, zip(*columns, strict=True)), strict=True))
        return [(self._record(number), number) for number in numbers]

    def _record(self, number: int) -> Record:
        row = self._rows.get(number) or [self.table.column(at)[number].as_py() for at in self.order]
        return Record(self._line(number), row, True, self.order, row)

    def _line(self, number: int) -> int:
        """Physical line of a row: one for each row before it, the header, and the line breaks in their cells."""
        import numpy as np
        import pyarrow.compute as pc

        if self._lines is None:
            breaks = np.zeros(self.table.num_rows + 1, dtype=np.int64)
            for at in self.order:
                breaks[1:] += pc.count_substring(self.table.column(at), "\n").to_numpy()
            self._lines = 2 + np.arange(self.table.num_rows + 1) + np.cumsum(breaks)
        return int(self._lines[number])

    def _doubtful(self, at: int, column: FieldPlan, cells: Any) -> Any:
        """The cells of a column that Arrow does not know to be fine."""
        import pyarrow as pa
        import pyarrow.compute as pc

        is_missing = pc.is_in(cells, value_set=pa.array(sorted(column.missing), pa.string()))
        if self.look.quick[at] is None:
            return cells.filter(is_missing) if self.look.wrong[at] else cells.slice(0, 0)
        sure = _sure(column, cells, is_missing)
        if sure is None:
            return cells
        fine = pc.and_(sure, pc.invert(is_missing)) if self.look.wrong[at] else pc.or_(sure, is_missing)
        return cells.filter(pc.invert(fine))


_NUMBERS = {"integer": "[+-]?[0-9]{1,18}", "number": r"[+-]?[0-9]{1,100}(?:\.[0-9]{0,100})?", "year": "[0-9]{4}"}


def _sure(column: FieldPlan, cells: Any, is_missing: Any) -> Any:
    """For each cell whether it is surely fine; None where Arrow cannot tell for this column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def fits(pattern: str) -> Any:
        return pc.match_substring_regex(cells, pattern=f"^(?:{pattern})$")

    compare = {"minimum": pc.greater_equal, "maximum": pc.less_equal, "exclusiveMinimum": pc.greater, "exclusiveMaximum": pc.less}
    rules = [constraint.rule for constraint in column.constraints]
    if column.type in ("string", "any") and column.format == "default":
        sure = pa.scalar(True)
        for rule in rules:
            limit = column.limits.get(rule)
            if rule == "pattern" and isinstance(limit, str) and _SAFE_PATTERN.fullmatch(limit):
                holds = fits(limit)
            elif rule in ("minLength", "maxLength"):
                holds = (pc.greater_equal if rule == "minLength" else pc.less_equal)(pc.utf8_length(cells), pa.scalar(limit, pa.int32()))
            else:
                return None
            sure = pc.and_(sure, holds)
        return sure
    if column.type in _NUMBERS and set(rules) <= compare.keys():
        sure = fits(_NUMBERS[column.type])
        dtype = pa.float64() if column.type == "number" else pa.int64()
        values = pc.cast(pc.utf8_ltrim(pc.if_else(sure, cells, pa.scalar("0")), characters="+"), dtype)
        for rule in rules:
            sure = pc.and_(sure, compare[rule](values, pa.scalar(column.parse(str(column.limits[rule])), dtype)))
        return sure
    return None
