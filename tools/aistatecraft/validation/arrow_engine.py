"""The text layer for large tables, column by column with pyarrow, where that extra is installed.

It takes only text in plain shape, of which all readers give the same cells, and asks Arrow which columns are fine as a whole.
Whatever is not is judged by the same functions as in `cells`, so the findings are identical; tables that are not in shape, or
whose schema asks for what is not known here, are left to `cells`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from threading import Event
from typing import Any

from aistatecraft.package import Package, Resource
from aistatecraft.package.csv_reader import Record
from aistatecraft.package.extras import installed
from aistatecraft.validation import arrow_columns
from aistatecraft.validation.cell_checks import CellProblem, ColumnChecker
from aistatecraft.validation.keys import twice
from aistatecraft.validation.locations import header_again, moved_rows, several_wrong
from aistatecraft.validation.report import ERROR, Finding, column_letter
from aistatecraft.validation.table_check import CheckedTable, Pending

__all__ = ["check_columns"]

MIN_BYTES = 12 * 1024**2
"""Below this size importing pyarrow takes longer than it saves."""
_SAMPLE = 20_000
"""Rows of a column that are looked at first: where a text stands there ten times, the distinct texts are looked at alone."""
_FEW = 50_000
"""How many distinct texts are looked at without asking Arrow which of them are fine."""


def check_columns(
    package: Package, resource: Resource, wanted: set[tuple[str, ...]], done: Mapping[str, CheckedTable]
) -> tuple[CheckedTable, list[Finding]] | None:
    """As `cells.check_table`, without keeping records and without the look at what is hidden; None where it is left to that."""
    if not package.store.exists(resource.path) or package.store.size(resource.path) < MIN_BYTES or not installed("pyarrow"):
        return None
    schema = resource.schema
    position = {name: at for at, name in enumerate(schema.names)}
    unique: dict[tuple[str, ...], str] = {(column.name,): "unique" for column in schema.fields if column.unique}
    unique.update(dict.fromkeys(schema.unique_keys, "unique-key"))
    if schema.primary_key:
        unique[schema.primary_key] = "primary-key"
    keys = {*unique, *wanted}
    references = [key for key in schema.foreign_keys if (key.resource or resource.name) == resource.name or key.resource in done]
    single = [key[0] for key in keys if len(key) == 1] + [key.fields[0] for key in references if len(key.fields) == 1]
    if (
        len(references) != len(schema.foreign_keys)
        or any(len(key) != 1 for key in keys)
        or any(len(key.fields) != 1 or (key.resource or resource.name) == resource.name for key in references)
        or any(not schema.by_name[name].kind.textual for name in single)
    ):
        return None
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as aside:  # pyarrow is imported while the file is read
        aside.submit(_imported, "pyarrow.csv")
        raw = package.store.read(resource.path)
        begun = Event()
        parsed = aside.submit(arrow_columns.parsed, raw, schema.names, begun)
        begun.wait()  # to split all bytes does not let another thread begin
        shaped = arrow_columns.plain_but_for_widths(raw, schema.names, resource.dialect)
        usable = _imported("pyarrow.compute")
        table = parsed.result()
    del raw, parsed
    if table is None or not usable or not shaped:
        return None
    from pyarrow import ArrowException

    try:
        return None if arrow_columns.has_blank_row(table) else _Columns(resource, table).check(position, unique, wanted, references, done)
    except ArrowException:  # more than Arrow can hold
        return None


def _imported(name: str) -> bool:
    """Import a module, and say whether that went well: an installation can be broken in whatever way."""
    try:
        importlib.import_module(name)
    except Exception:
        return False
    return True


class _Columns:
    """One table as Arrow columns of texts."""

    def __init__(self, resource: Resource, table: Any) -> None:
        self.resource, self.rows = resource, table.num_rows
        self.columns = table.columns
        self.look = ColumnChecker(resource, hygiene=False)
        self._breaks: dict[int, Any] | None = None
        self._starts: Any = None
        self.distinct: dict[int, list[str]] = {}
        """The distinct texts of the columns that have few."""

    def check(
        self,
        position: Mapping[str, int],
        unique: Mapping[tuple[str, ...], str],
        wanted: set[tuple[str, ...]],
        references: Sequence[Any],
        done: Mapping[str, CheckedTable],
    ) -> tuple[CheckedTable, list[Finding]]:
        """The checks, in the order of `cells.check_table`."""
        from concurrent.futures import ThreadPoolExecutor

        import pyarrow.compute as pc

        schema = self.resource.schema
        out = CheckedTable(self.resource, rows=self.rows)
        found: list[Finding] = []
        untyped: set[tuple[int, int]] = set()
        wrong: dict[int, list[int]] = {}
        with ThreadPoolExecutor(2) as both:  # while one column is spoken of the next ones are looked at
            for at, (rows, texts) in enumerate(both.map(self._doubtful, range(len(schema.fields)))):
                bad = self.look.at(at, texts) if texts else {}
                if not bad:
                    continue
                if rows is None:
                    rows = arrow_columns.rows_of(self.columns[at], bad)
                    texts = arrow_columns.texts_at(self.columns[at], rows)
                each = [(row, text, problem) for row, text in zip(rows, texts, strict=True) if text in bad for problem in bad[text]]
                numbers, *rest = map(list, zip(*each, strict=True))
                found += self._findings(at, numbers, *rest)
                wrong[at] = numbers
                untyped.update((row, at) for row, _, problem in each if not problem.typed)
        found += moved_rows(self.resource, several_wrong(wrong), self._record)
        for row in arrow_columns.rows_of(self.columns[0], [schema.names[0]]):
            record = self._record(row)
            if tuple(record.raw) == schema.names:
                found.append(header_again(self.resource, record.line))
        for key in {*unique, *wanted}:
            at = position[key[0]]
            cells, missing = self.columns[at], schema.fields[at].missing
            # Keys are kept for those who refer to them; without such, and with all different, there is nothing to do.
            out.keys[key] = {}
            if key in wanted:
                texts = cells.to_pylist()
                out.keys[key] = {
                    text: row for row, text in zip(range(self.rows - 1, -1, -1), reversed(texts), strict=True) if text not in missing
                }
            if key in unique:
                twofold = [text for text in arrow_columns.standing_twice(cells) if text not in missing]
                rows = arrow_columns.rows_of(cells, twofold)
                first: dict[str, int] = {}
                again = [
                    (row, text)
                    for row, text in zip(rows, arrow_columns.texts_at(cells, rows), strict=True)
                    if first.setdefault(text, row) != row and not (unique[key] == "unique" and (row, at) in untyped)
                ]
                lines = dict(zip(first, self._lines_of(list(first.values())), strict=True)) if again else {}
                problems = [twice(unique[key], key, text, lines[text]) for _, text in again]
                found += self._findings(at, [row for row, _ in again], [text for _, text in again], problems)
        for key in references:
            at = position[key.fields[0]]
            cells, missing = self.columns[at], schema.fields[at].missing
            target = done[key.resource]
            if not target.readable:
                continue
            distinct = self.distinct.get(at) or pc.unique(cells).to_pylist()
            unmet = {text for text in distinct if text not in missing and text not in target.keys[key.references]}
            rows = arrow_columns.rows_of(cells, unmet)
            texts = arrow_columns.texts_at(cells, rows)
            findings = self._findings(at, rows, texts, [CellProblem("foreign-key", "", "")] * len(rows))
            out.pending += map(Pending, repeat(key), texts, findings)
        return out, found

    def _findings(self, at: int, rows: Sequence[int], texts: Iterable[str], problems: Iterable[CellProblem]) -> list[Finding]:
        """Findings about the cells of field number `at` in some rows, which are in order; as `placing.place` makes them one by one."""
        if not rows:
            return []
        schema, path = self.resource.schema, self.resource.path
        parts = [arrow_columns.texts_at(self.columns[key], rows) for key in self.resource.key_positions]
        records = map("/".join, zip(*parts, strict=True)) if parts else [""] * len(rows)
        letter, name = column_letter(at), schema.fields[at].name
        return [
            Finding(problem.rule, ERROR, path, line, letter, name, record, text, problem.message, problem.hint)
            for problem, line, record, text in zip(problems, self._lines_of(rows, at), records, texts, strict=True)
        ]

    def _record(self, row: int) -> Record:
        cells = [column[row].as_py() for column in self.columns]
        return Record(self._lines_of([row])[0], cells, True, list(range(len(cells))), cells)

    def _lines_of(self, rows: Sequence[int], at: int = 0) -> list[int]:
        """Physical lines on which the cells of column `at` begin: one for each row before, the header, and the line breaks before them."""
        import numpy as np

        if self._breaks is None:
            self._breaks = arrow_columns.line_breaks(self.columns)
            self._starts = 2 + np.arange(self.rows)
            for counts in self._breaks.values():
                self._starts[1:] += np.cumsum(counts)[:-1]
        index = np.array(rows, dtype=np.int64)
        lines = self._starts[index]
        for column, counts in self._breaks.items():
            if column < at:
                lines += counts[index]
        return list(lines.tolist())

    def _doubtful(self, at: int) -> tuple[list[int] | None, list[str]]:
        """The texts of a column that Arrow does not know to be fine, with the rows in which they stand; None for the rows of distinct texts."""
        import pyarrow.compute as pc

        column, cells = self.resource.schema.fields[at], self.columns[at]
        needed = bool(self.look.wrong[at])  # a blank cell is wrong
        if self.look.quick[at] is None:
            return None, pc.unique(cells.filter(arrow_columns.is_missing(column, cells))).to_pylist() if needed else []
        sample = cells.slice(0, _SAMPLE)
        if pc.count_distinct(sample).as_py() * 10 <= len(sample):
            distinct = pc.unique(cells)
            if len(distinct) <= _FEW:
                self.distinct[at] = distinct.to_pylist()
                return None, self.distinct[at]
        sure = arrow_columns.sure(column, cells)
        if sure is None:
            return None, pc.unique(cells).to_pylist()
        missing = arrow_columns.is_missing(column, cells)
        doubtful = pc.invert(pc.and_(sure, pc.invert(missing)) if needed else pc.or_(sure, missing))
        return pc.indices_nonzero(doubtful).to_pylist(), cells.filter(doubtful).to_pylist()
