"""Which rows of two large tables differ, column by column with pyarrow, where that extra is installed.

It takes tables in plain shape with the same key, and gives what `row_diff.differing_rows` does; whatever it does not take is left to that:
tables without a key or with different ones, below `MIN_BYTES`, not written as plain CSV, or in which many keys stand more than once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any

from aistatecraft.comparison.row_diff import RowCells, RowDifferences, SharedFields, cell_picker
from aistatecraft.package import Package, Resource
from aistatecraft.package.extras import installed
from aistatecraft.validation import arrow_columns

if TYPE_CHECKING:
    import numpy as np

__all__ = ["MIN_BYTES", "differing_columns"]

MIN_BYTES = 12 * 1024**2
"""Below this size of both files together importing pyarrow takes longer than it saves."""
_MOST_DOUBLED = 10_000
"""Rows with a key that stands more than once are compared one by one; more of them are left to the plain way."""


def differing_columns(old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str]) -> RowDifferences | None:
    """As `row_diff.differing_rows`, for tables with the same key; None where it is left to that."""
    if not before.schema.primary_key or old.store.size(before.path) + new.store.size(after.path) < MIN_BYTES or not installed("pyarrow"):
        return None
    tables = [_read(package, resource) for package, resource in ((old, before), (new, after))]
    if tables[0] is None or tables[1] is None:
        return None
    from pyarrow import ArrowException

    try:
        return _Pair(before, tables[0], after, tables[1], renamed).differences()
    except ArrowException:  # more than Arrow can hold
        return None


def _read(package: Package, resource: Resource) -> Any:
    """A table as Arrow columns of texts, in the order of the schema; None where it is not in plain shape."""
    raw = package.store.read(resource.path)
    header = raw[: raw.find(b"\n")].decode("utf-8", "replace").split(",")
    if sorted(header) != sorted(resource.schema.names) or not arrow_columns.plain_but_for_widths(raw, header, resource.dialect):
        return None
    table = arrow_columns.parsed(raw, header, Event())
    if table is None or not table.num_rows or arrow_columns.has_blank_row(table):
        return None
    return table.select(list(resource.schema.names))


class _Twins:
    """Rows that are the same but for the fields that only one of the tables has; their cells become texts of Python when asked for."""

    def __init__(self, key: Sequence[Any], gone: Sequence[Any], come: Sequence[Any], count: int) -> None:
        self.key, self.gone_columns, self.come_columns, self._count = key, gone, come, count

    @property
    def count(self) -> int:
        """How many there are."""
        return self._count

    def keys(self, width: int) -> list[RowCells]:
        """The cells of the key of each row."""
        return list(zip(*(cells.to_pylist() for cells in self.key[:width]), strict=True))

    def gone(self, at: int) -> list[str]:
        """The cells of the field number `at` of those that only the old table has."""
        return list(self.gone_columns[at].to_pylist())

    def come(self, at: int) -> list[str]:
        """The same of the new table."""
        return list(self.come_columns[at].to_pylist())


class _Pair:
    """Two tables as Arrow columns."""

    def __init__(self, before: Resource, old: Any, after: Resource, new: Any, renamed: Mapping[str, str]) -> None:
        self.before, self.old, self.after, self.new = before, old, after, new
        self.shared = SharedFields(before, after, renamed)
        self.width = len(before.schema.primary_key)

    def differences(self) -> RowDifferences | None:
        """What `differing_columns` gives."""
        import numpy as np
        import pyarrow.compute as pc

        old_key, new_key = _joined(self.old, self.shared.old[: self.width]), _joined(self.new, self.shared.new[: self.width])
        doubled = {*arrow_columns.standing_twice(old_key), *arrow_columns.standing_twice(new_key)}
        found = pc.index_in(new_key, value_set=old_key)
        at = _as_numpy(pc.fill_null(found, arrow_columns.numbers_array([-1], "int32")[0]), np)
        old_apart, new_apart = (np.array(arrow_columns.rows_of(key, doubled), dtype=np.int64) for key in (old_key, new_key))
        if len(old_apart) + len(new_apart) > _MOST_DOUBLED:
            return None
        at[new_apart] = -1
        in_new = at >= 0
        in_old = np.zeros(len(old_key), dtype=bool)
        in_old[at[in_new]] = True
        del old_key, new_key, found
        order = at[in_new]
        straight = bool((order[1:] > order[:-1]).all())
        # Column by column, so that but one is in memory twice.
        among_old, among_new = _mask(in_old, np), _mask(in_new, np)
        differ = np.zeros(len(order), dtype=bool)
        for was, now in list(zip(self.shared.old, self.shared.new, strict=True))[self.width :]:
            earlier = self.old.column(was)
            earlier = earlier.filter(among_old) if straight else _taken(earlier, order)
            differ |= ~_bits(pc.equal(earlier, self.new.column(now).filter(among_new)), np)
        out = RowDifferences()
        # By row numbers, so that all come in the order of their file.
        left_old, left_new = ~in_old, ~in_new
        left_old[order[differ]] = True
        left_new[np.flatnonzero(in_new)[differ]] = True
        if self.shared.gone or self.shared.come:
            twins = order[~differ]
            new_twins = _mask(~left_new, np)
            gone = [
                self.old.column(name).filter(_mask(~left_old, np)) if straight else _taken(self.old.column(name), twins)
                for name in self.shared.gone
            ]
            key = [self.new.column(name).filter(new_twins) for name in self.shared.new[: self.width]]
            out.twins = _Twins(key, gone, [self.new.column(name).filter(new_twins) for name in self.shared.come], len(twins))
        if doubled:
            if out.twins is not None:
                return None  # rows of such keys are told by all of their cells
            self._sort_out(old_apart, left_old, new_apart, left_new, out, np)
        out.old, out.new = _rows(self.old.filter(_mask(left_old, np))), _rows(self.new.filter(_mask(left_new, np)))
        return out

    def _sort_out(self, old_apart: Any, left_old: Any, new_apart: Any, left_new: Any, out: RowDifferences, np: Any) -> None:
        """Of rows whose key stands more than once, those that stand in both tables are no differences."""
        olds, news = (
            (cell_picker(table.column_names, names), _rows(table.filter(_mask(_only(apart, table.num_rows, np), np))))
            for table, names, apart in ((self.old, self.shared.old, old_apart), (self.new, self.shared.new, new_apart))
        )
        left: defaultdict[RowCells, list[int]] = defaultdict(list)
        for number, row in zip(old_apart.tolist(), olds[1], strict=True):
            left[olds[0](row)].append(number)
        standing: Counter[RowCells] = Counter()
        for number, row in zip(new_apart.tolist(), news[1], strict=True):
            cells = news[0](row)
            if left[cells]:
                left_old[left[cells].pop(0)] = left_new[number] = False
                standing[cells[: self.width]] += 1
        rest = {cells[: self.width] for cells, numbers in left.items() if numbers}
        rest |= {news[0](row)[: self.width] for number, row in zip(new_apart.tolist(), news[1], strict=True) if left_new[number]}
        out.standing = {key for key in standing if key in rest}


def _joined(table: Any, names: Sequence[str]) -> Any:
    """The key of each row as one text; its cells hold no NUL."""
    import pyarrow.compute as pc

    columns = [table.column(name) for name in names]
    return columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, arrow_columns.texts_array(["\0"])[0])


def _rows(table: Any) -> list[RowCells]:
    return list(zip(*(cells.to_pylist() for cells in table.columns), strict=True))


def _mask(bits: np.ndarray[Any, Any], np: Any) -> Any:
    """A mask of numpy as one of Arrow; pyarrow would import pandas to convert it itself."""
    import pyarrow as pa

    packed = np.packbits(bits, bitorder="little").tobytes()
    return pa.Array.from_buffers(pa.bool_(), len(bits), [None, pa.py_buffer(packed)])


def _only(rows: Any, count: int, np: Any) -> Any:
    out = np.zeros(count, dtype=bool)
    out[rows] = True
    return out


def _bits(cells: Any, np: Any) -> Any:
    """An Arrow column of truth values without nulls as one of numpy."""
    return _as_numpy(cells.cast("int8"), np, np.int8).astype(bool)


def _as_numpy(numbers: Any, np: Any, kind: Any = None) -> Any:
    """An Arrow column of numbers without nulls as one of numpy, int64 where it is not said otherwise."""
    kind = kind or np.int32
    size = np.dtype(kind).itemsize
    chunks = getattr(numbers, "chunks", [numbers])
    parts = [np.frombuffer(part.buffers()[1], kind, len(part), part.offset * size) for part in chunks if len(part)]
    whole = np.concatenate(parts) if parts else np.zeros(0, kind)
    return whole.astype(np.int64) if kind is np.int32 else whole


def _taken(cells: Any, rows: Any) -> Any:
    """The cells of some rows, in the order of these. Taking from many chunks is slow, so they are made one."""
    import pyarrow as pa

    numbers = pa.Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(rows.tobytes())])
    return cells.combine_chunks().take(numbers)
