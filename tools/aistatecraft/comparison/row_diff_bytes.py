"""Which records of two files differ, looked at as bytes: only what is not in both to the letter is ever parsed.

For files with the same columns in the same order, in which no record stands twice. Memory is taken by the records of the
old file, by one block of each, and by what differs.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from functools import cached_property
from itertools import chain

from aistatecraft.comparison.row_differences import RowCells, RowDifferences, cell_picker
from aistatecraft.package import Package, Resource
from aistatecraft.package.csv_reader import MAX_CELL

__all__ = ["NotPlain", "differing_records"]

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
