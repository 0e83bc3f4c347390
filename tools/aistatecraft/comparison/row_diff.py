"""Which rows of two versions of a table differ. Rows that stand in both are dropped before anything else is asked of them.

Two ways to the same answer. Where both files are written alike (the same columns in the same order, no row twice) the
bytes of their records are compared (`differing_records`). In every other case both files are parsed, and their rows brought to one
order of fields first.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, compress, repeat
from operator import itemgetter, not_
from typing import Protocol

from aistatecraft.package import Package, Resource
from aistatecraft.package.csv_reader import MAX_CELL, clean_rows, row_taker

__all__ = [
    "NotPlain",
    "RowCells",
    "RowDifferences",
    "SharedFields",
    "TwinRows",
    "Twins",
    "cell_picker",
    "differing_records",
    "differing_rows",
]

RowCells = tuple[str, ...]


@dataclass
class RowDifferences:
    """Rows of the old and the new table that have no twin in the other, cells in the order of the fields of each schema.

    `standing` are those of their keys under which a row stands, too, that both tables have; none where the tables have
    different keys. Old rows are in the order of the old file, new ones in that of the new file. Cells of fields that only one
    table has do not make a row differ: `twins` are the rows that are the same but for those.
    """

    old: list[RowCells] = field(default_factory=list)
    new: list[RowCells] = field(default_factory=list)
    standing: set[RowCells] = field(default_factory=set)
    twins: Twins | None = None
    """Only where the tables have different fields."""


class Twins(Protocol):
    """Rows that are the same but for the fields that only one of the tables has."""

    @property
    def count(self) -> int:
        """How many there are."""

    def keys(self, width: int) -> list[RowCells]:
        """The first `width` shared cells of each row."""

    def gone(self, at: int) -> list[str]:
        """The cells of the field number `at` of those that only the old table has."""

    def come(self, at: int) -> list[str]:
        """The same of the new table."""


class TwinRows:
    """Twins as rows of Python: the shared cells of each as one text, and those of the fields that one table has."""

    def __init__(self) -> None:
        self.shared: list[str] = []
        self.old: list[RowCells] = []
        self.new: list[RowCells] = []

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.shared)

    def keys(self, width: int) -> list[RowCells]:
        """The first `width` shared cells of each row."""
        if width == 1:
            return [(cells.partition(_BETWEEN)[0],) for cells in self.shared]
        return [tuple(cells.split(_BETWEEN, width)[:width]) if width else () for cells in self.shared]

    def gone(self, at: int) -> list[str]:
        """The cells of the field number `at` of those that only the old table has."""
        return [cells[at] for cells in self.old]

    def come(self, at: int) -> list[str]:
        """The same of the new table."""
        return [cells[at] for cells in self.new]


class SharedFields:
    """The fields of two tables, as far as both have them.

    Attributes
    ----------
    old, new : names of the shared fields in either table, the key first
    gone, come : names of those that only the old, or only the new table has
    """

    def __init__(self, before: Resource, after: Resource, renamed: Mapping[str, str]) -> None:
        was, now = before.schema.names, after.schema.names
        known = set(now)
        self.old = [name for name in dict.fromkeys([*before.schema.primary_key, *was]) if renamed.get(name, name) in known]
        self.new = [renamed.get(name, name) for name in self.old]
        self.gone = [name for name in was if renamed.get(name, name) not in known]
        self.come = [name for name in now if name not in set(self.new)]


def cell_picker(names: Sequence[str], wanted: Sequence[str]) -> Callable[[Sequence[str]], RowCells]:
    """A function that takes the cells `wanted` out of a row with the fields `names`, in the order wanted."""
    place = {name: at for at, name in enumerate(names)}
    positions = [place[name] for name in wanted]
    return tuple if positions == list(range(len(names))) else row_taker(positions)


_BLOCK = 1 << 18
"""Small enough that the second look at a record finds it in the cache of the processor."""
# Of bytes, `in` first tries whether they are a number, which takes longer than to find them; so records are asked by `find`.
_BREAK = b"\0"
"""Stands for a line break inside quotes; no sound table holds it."""


class NotPlain(Exception):
    """The files cannot be compared as bytes."""


class _File:
    """A table as the bytes of its records."""

    def __init__(self, package: Package, resource: Resource) -> None:
        self.package, self.resource = package, resource
        self.delimiter, self.quote = resource.dialect.delimiter.encode(), resource.dialect.quote.encode()
        if len(self.quote) != 1 or len(self.delimiter) != 1:
            raise NotPlain
        self.only: list[bytes] | None = None
        """All records, where they are one block: most tables are, and need to be read and cut but once."""
        with closing(self._blocks()) as blocks:
            first = next(blocks, [b""])
            self.only = first if next(blocks, None) is None else None
        header = first[0]
        self.names = self._read(header) if header else []
        if sorted(self.names) != sorted(resource.schema.names):
            raise NotPlain
        self.ordered = cell_picker(self.names, resource.schema.names)
        self.key = cell_picker(self.names, resource.schema.primary_key)

    def records(self) -> Iterator[list[bytes]]:
        """The records behind the header, some at a time; those with quoted line breaks have `_BREAK` in their place."""
        blocks = self._blocks() if self.only is None else iter([self.only])
        yield next(blocks, [b""])[1:]
        yield from blocks

    def _blocks(self) -> Generator[list[bytes]]:
        with self.package.store.open(self.resource.path) as handle:
            rest = b""
            while read := handle.read(_BLOCK):
                block = rest + read
                cut = block.rfind(b"\n") + 1
                if self.quote in block:
                    cut = self._cut(block, cut)
                rest = block[cut:]
                if cut:
                    yield self._split(block[:cut])
                elif len(rest) > 64 * _BLOCK:  # a quote that is never closed
                    raise NotPlain
            if rest:
                yield self._split(rest + b"\n")

    def _cut(self, block: bytes, cut: int) -> int:
        """The last line break before `cut` that stands in no quotes."""
        odd = block.count(self.quote, 0, cut) & 1
        while odd:  # from quote to quote: a cell can have millions of lines
            earlier = block.rfind(b"\n", 0, block.rfind(self.quote, 0, cut)) + 1
            odd ^= block.count(self.quote, earlier, cut) & 1
            cut = earlier
        return cut

    def _split(self, block: bytes) -> list[bytes]:
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n")
        if _BREAK in block or b"\r" in block:
            raise NotPlain
        if self.quote not in block:
            return block[:-1].split(b"\n")
        pieces = block.split(self.quote)  # by turns outside and inside of quotes; a doubled quote has an empty piece between
        outside = pieces[::2]
        edges = {piece[-1:] for piece in outside[:-1]} | {piece[:1] for piece in outside[1:]}
        if len(pieces) % 2 == 0 or not edges <= {self.delimiter, b"\n", b""}:
            raise NotPlain  # a quote in the middle of a cell
        pieces[1::2] = [piece.replace(b"\n", _BREAK) for piece in pieces[1::2]]
        return self.quote.join(pieces)[:-1].split(b"\n")

    def _read(self, record: bytes) -> list[str]:
        return next(iter(self._csv(record)), [])

    def _csv(self, text: bytes) -> list[list[str]]:
        csv.field_size_limit(MAX_CELL)
        lines = io.StringIO(text.replace(_BREAK, b"\n").decode("utf-8"), newline="")
        dialect = self.resource.dialect
        return list(csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True))

    def parsed(self, records: list[bytes]) -> list[list[str]]:
        """Cells of records in the order of the file; each must be one row, and all must be as wide as the table."""
        rows = self._csv(b"\n".join(records))
        if len(rows) != len(records) or any(len(row) != len(self.names) for row in rows):
            raise NotPlain
        return rows

    def heads(self, records: list[bytes]) -> list[bytes]:
        """The cells of the key as they are written, where they lead the record; a quote, which tells nothing, where they do not."""
        width = len(self.resource.schema.primary_key)
        if self.names[:width] != list(self.resource.schema.primary_key) or width == len(self.names):
            return [self.quote] * len(records)
        if width == 1:
            return [record.partition(self.delimiter)[0] for record in records]
        return [self.delimiter.join(record.split(self.delimiter, width)[:width]) for record in records]


def differing_records(
    old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str], keyed: bool
) -> RowDifferences:
    """As `records.differing`.

    Raises
    ------
    NotPlain, csv.Error, UnicodeDecodeError
        Where the two files cannot be compared in this way.
    """
    was, now = _File(old, before), _File(new, after)
    if [renamed.get(name, name) for name in was.names] != now.names:
        raise NotPlain
    left: set[bytes] = set()
    total = 0
    for block in was.records():
        total += len(block)
        left.update(block)
    if len(left) != total:
        raise NotPlain  # a row stands there twice
    come: list[bytes] = []
    for block in now.records():
        total -= len(block)
        come += [record for record in block if record not in left]
        left.difference_update(block)
    if len(left) - len(come) != total:
        raise NotPlain  # a row stands in the new one twice
    if not left and not come:
        return RowDifferences()
    gone, new_rows = list(left), now.parsed(come)
    parsed = dict(zip(gone, was.parsed(gone), strict=True))
    keys = _Keys(was, parsed, now, dict(zip(come, new_rows, strict=True))) if keyed else None
    old_rows: list[list[str]] = []
    for block in was.records():
        if left:
            old_rows += [parsed[record] for record in block if record in left]  # a set has forgotten the order
        if keys is not None:
            keys.look_at(block)
    standing = set() if keys is None else keys.standing
    if old_rows and new_rows and any(record.find(was.quote) >= 0 for record in chain(gone, come)):
        # Quotes that are not needed make two records of one row.
        twins = Counter(map(tuple, old_rows)) & Counter(map(tuple, new_rows))
        old_rows, new_rows = _without(old_rows, twins), _without(new_rows, twins)
        standing |= set(map(was.key, twins)) if keyed else set()
    return RowDifferences(list(map(was.ordered, old_rows)), list(map(now.ordered, new_rows)), standing)


class _Keys:
    """Looks for records of the old file that stand in both and have the key of one that does not."""

    def __init__(self, was: _File, gone: dict[bytes, list[str]], now: _File, come: dict[bytes, list[str]]) -> None:
        self.was, self.gone = was, gone
        self.standing: set[RowCells] = set()
        self._rows = [(was.key, gone), (now.key, come)]
        self.texts: set[bytes] = set()
        for file, records in ((was, gone), (now, come)):
            for head, row in zip(file.heads(list(records)), records.values(), strict=True):
                # A cell that is written without quotes is its own text; one with quotes is to be found without, too.
                self.texts.add(head if head.find(was.quote) < 0 else was.delimiter.join(part.encode() for part in file.key(row)))

    @cached_property
    def wanted(self) -> set[RowCells]:
        """The keys of the records that do not stand in both."""
        return {key(row) for key, records in self._rows for row in records.values()}

    def look_at(self, block: list[bytes]) -> None:
        """Look at some records of the old file."""
        texts, quote, gone = self.texts, self.was.quote, self.gone
        heads = zip(block, self.was.heads(block), strict=True)
        maybe = [record for record, head in heads if (head in texts or head.find(quote) >= 0) and record not in gone]
        if maybe:
            self.standing.update(key for key in map(self.was.key, self.was.parsed(maybe)) if key in self.wanted)


def _without(rows: list[list[str]], twins: Counter[RowCells]) -> list[list[str]]:
    left = twins.copy()
    out = []
    for row in rows:
        if left[tuple(row)] > 0:
            left[tuple(row)] -= 1
        else:
            out.append(row)
    return out


_BETWEEN = "\0"
"""Stands between the cells of a row that is kept as one text, which takes a quarter of the memory; no sound table holds it."""


class _KeyedTwins(TwinRows):
    """Twins that are told by their keys."""

    def __init__(self) -> None:
        super().__init__()
        self.key: list[RowCells] = []

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.key)

    def keys(self, width: int) -> list[RowCells]:
        """The cells of the key of each row."""
        return self.key


def _pick_from(names: Sequence[str], wanted: Sequence[str]) -> Callable[[Sequence[Sequence[str]]], Iterable[RowCells]]:
    """As `cell_picker`, for many rows at a time."""
    if len(wanted) == 1:
        cell = itemgetter(names.index(wanted[0]))
        return lambda rows: zip(map(cell, rows), strict=True)  # tuples of one cell, without a call for each
    pick = cell_picker(names, wanted)
    return lambda rows: map(pick, rows)


def _differing_unique(old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str]) -> RowDifferences | None:
    """As `differing_rows`, for tables with the same key many rows at a time; None where rows are equal, or a key that stands twice does not tell twins apart."""
    shared, key = SharedFields(before, after, renamed), after.schema.primary_key
    was, now = before.schema.names, after.schema.names
    old_shared, new_shared, new_key = _pick_from(was, shared.old), _pick_from(now, shared.new), _pick_from(now, key)
    old_only, new_only = _pick_from(was, shared.gone), _pick_from(now, shared.come)
    left: dict[str, RowCells] = {}
    count = 0
    for rows in clean_rows(old, before):
        left.update(zip(map(_BETWEEN.join, old_shared(rows)), old_only(rows) if shared.gone else repeat(()), strict=False))
        count += len(rows)
    if len(left) < count:
        return None
    out, twins = RowDifferences(), _KeyedTwins()
    for rows in clean_rows(new, after):
        found = list(map(left.pop, map(_BETWEEN.join, new_shared(rows)), repeat(None)))
        if None in found:
            there = [tail is not None for tail in found]
            out.new += map(tuple, compress(rows, map(not_, there)))
            rows = list(compress(rows, there))
        twins.key += new_key(rows)
        if shared.gone:
            twins.old += [tail for tail in found if tail is not None]
        if shared.come:
            twins.new += new_only(rows)
    if len(set(twins.key)) < len(twins.key):
        return None
    restored = cell_picker([*shared.old, *shared.gone], was)
    out.old = [restored([*_cells(cells, shared.old), *tail]) for cells, tail in left.items()]
    old_keys, new_keys = list(map(cell_picker(was, before.schema.primary_key), out.old)), list(map(cell_picker(now, key), out.new))
    out.standing = {*old_keys, *new_keys}.intersection(twins.key)
    if shared.gone or shared.come:
        if out.standing or len(set(old_keys)) < len(old_keys) or len(set(new_keys)) < len(new_keys):
            return None  # twins are then told by all of their cells
        out.twins = twins
    return out


def differing_rows(
    old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str], keyed: bool
) -> RowDifferences:
    """Rows that are not the same in both, in the way that always works; `keyed` says whether both tables have the same primary key."""
    if keyed and (found := _differing_unique(old, before, new, after, renamed)) is not None:
        return found
    shared = SharedFields(before, after, renamed)
    was, now = before.schema.names, after.schema.names
    old_shared, old_only = cell_picker(was, shared.old), cell_picker(was, shared.gone)
    new_shared, new_only = cell_picker(now, shared.new), cell_picker(now, shared.come)
    unlike = bool(shared.gone or shared.come)
    restored = cell_picker([*shared.old, *shared.gone], was)
    left: dict[str, int] = {}
    aside: dict[str, list[RowCells]] = {}
    for row in _rows(old, before):
        cells = _BETWEEN.join(old_shared(row))
        left[cells] = left.get(cells, 0) + 1
        if shared.gone:
            aside.setdefault(cells, []).append(old_only(row))
    out = RowDifferences()
    twins = TwinRows()
    partly: set[str] = set()
    for row in _rows(new, after):
        cells = _BETWEEN.join(new_shared(row))
        count = left.get(cells, 0)
        if not count:
            out.new.append(tuple(row))
            continue
        left[cells] = count - 1
        if count > 1:
            partly.add(cells)
        if unlike:
            twins.shared.append(cells)
            if shared.gone:
                twins.old.append(aside[cells].pop(0))
            if shared.come:
                twins.new.append(new_only(row))
    out.twins = twins if unlike else None
    for cells, count in left.items():
        tails = aside[cells] if shared.gone else [()] * count
        out.old += [restored([*_cells(cells, shared.old), *tail]) for tail in tails]
    if keyed and (out.old or out.new):
        key_of, width = cell_picker(was, before.schema.primary_key), len(before.schema.primary_key)
        wanted = {*map(key_of, out.old), *map(cell_picker(now, after.schema.primary_key), out.new)}
        heads = {_BETWEEN.join(key): key for key in wanted}
        for cells, count in left.items():
            if not count or cells in partly:
                head = _BETWEEN.join(cells.split(_BETWEEN, width)[:width])
                if head in heads:
                    out.standing.add(heads[head])
    return out


def _cells(text: str, names: Sequence[str]) -> RowCells:
    """The cells that were put together as one text."""
    return tuple(text.split(_BETWEEN)) if names else ()


def _rows(package: Package, resource: Resource) -> Iterator[Sequence[str]]:
    for rows in clean_rows(package, resource):
        yield from rows
