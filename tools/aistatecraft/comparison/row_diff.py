"""Which rows of two versions of a table differ. Rows that stand in both are dropped before anything else is asked of them.

Two ways to the same answer. Where both files are written alike (the same columns in the same order, no row twice) the
bytes of their records are compared: `raw_records`. In every other case both files are parsed, and their rows brought to one
order of fields first.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence

from aistatecraft.comparison.row_diff_bytes import NotPlain, differing_records
from aistatecraft.comparison.row_differences import RowCells, RowDifferences, cell_picker
from aistatecraft.package import Package, Resource
from aistatecraft.package.csv_reader import clean_rows

__all__ = ["differing", "differing_rows"]

_BETWEEN = "\0"
"""Stands between the cells of a row that is kept as one text, which takes a quarter of the memory; no sound table holds it."""


def differing(old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str]) -> RowDifferences:
    """Rows that are not the same in both.

    Parameters
    ----------
    old, before : the old package and its table
    new, after : the new package and its table
    renamed : fields of the old table that have another name in the new one

    Raises
    ------
    DataError
        Where one of the two is not sound as text. Damage that stands in both to the letter may go unseen.
    """
    keyed = (
        bool(after.schema.primary_key) and tuple(renamed.get(name, name) for name in before.schema.primary_key) == after.schema.primary_key
    )
    if before.dialect == after.dialect and len(before.schema.fields) == len(after.schema.fields):
        try:
            return differing_records(old, before, new, after, renamed, keyed)
        except (NotPlain, csv.Error, UnicodeDecodeError):
            pass  # the other way says what is wrong, and where
    return differing_rows(old, before, new, after, renamed, keyed)


def differing_rows(
    old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str], keyed: bool
) -> RowDifferences:
    """As `differing`, in the way that always works; `keyed` says whether both tables have the same primary key."""
    shared = _Shared(before, after, renamed)
    left: dict[str, int] = {}
    aside: dict[str, list[str]] = {}
    for row in _rows(old, before):
        cells = shared.old(row)
        left[cells] = left.get(cells, 0) + 1
        if shared.gone:
            aside.setdefault(cells, []).append(shared.aside(row))
    out = RowDifferences()
    partly: set[str] = set()
    for row in _rows(new, after):
        cells = shared.new(row)
        count = left.get(cells, 0)
        if not count:
            out.new.append(tuple(row))
            continue
        left[cells] = count - 1
        if count > 1:
            partly.add(cells)
    for cells, count in left.items():
        out.old += [shared.whole(cells, tail) for tail in aside.get(cells, [""] * count)[:count]]
    if keyed and (out.old or out.new):
        key_of, width = cell_picker(before.schema.names, before.schema.primary_key), len(before.schema.primary_key)
        wanted = {*map(key_of, out.old), *map(cell_picker(after.schema.names, after.schema.primary_key), out.new)}
        heads = {_BETWEEN.join(key): key for key in wanted}
        for cells, count in left.items():
            if not count or cells in partly:
                head = _BETWEEN.join(cells.split(_BETWEEN, width)[:width])
                if head in heads:
                    out.standing.add(heads[head])
    return out


def _rows(package: Package, resource: Resource) -> Iterator[Sequence[str]]:
    for rows in clean_rows(package, resource):
        yield from rows


class _Shared:
    """Brings the rows of two tables to one order of fields, the key first: what is new in one of the two is blank in the other."""

    def __init__(self, before: Resource, after: Resource, renamed: Mapping[str, str]) -> None:
        was, now = before.schema.names, after.schema.names
        known = set(now)
        kept = [name for name in dict.fromkeys([*before.schema.primary_key, *was]) if renamed.get(name, name) in known]
        later = [renamed.get(name, name) for name in kept]
        come = sorted(known - set(later))
        self.gone = [name for name in was if renamed.get(name, name) not in known]
        """Fields that the new table has no more."""
        self._kept, self._gone, self._new = cell_picker(was, kept), cell_picker(was, self.gone), cell_picker(now, [*later, *come])
        self._blank = _BETWEEN * (len(come) if kept else len(come) - 1)
        self._width = len(kept)
        self._restored = cell_picker([*kept, *self.gone], was)

    def old(self, row: Sequence[str]) -> str:
        """The cells of an old row that can stand in the new table, as one text."""
        return _BETWEEN.join(self._kept(row)) + self._blank

    def aside(self, row: Sequence[str]) -> str:
        """The others, so that a row that was removed can be told whole."""
        return _BETWEEN.join(self._gone(row))

    def new(self, row: Sequence[str]) -> str:
        """The cells of a new row as `old` gives them."""
        return _BETWEEN.join(self._new(row))

    def whole(self, cells: str, aside: str) -> RowCells:
        """The old row again."""
        tail = aside.split(_BETWEEN) if self.gone else []
        return self._restored([*cells.split(_BETWEEN)[: self._width], *tail])
