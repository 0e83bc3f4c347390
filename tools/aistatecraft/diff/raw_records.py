"""Which records of two files differ, looked at as bytes: only what is not in both to the letter is ever parsed.

For files with the same columns in the same order, in which no record stands twice. Memory is taken by the records of the
old file, by one block of each, and by what differs.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain

from aistatecraft.diff.differing import Differing, Row, taken
from aistatecraft.reading import Package, Resource
from aistatecraft.reading.records import MAX_CELL

__all__ = ["NotPlain", "differing_records"]

_BLOCK = 1 << 18
"""Small enough that the second look at a record finds it in the cache of the processor."""
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
        if sorted(self.names) != sorted(resource.plan.names):
            raise NotPlain
        self.ordered = taken(self.names, resource.plan.names)
        self.key = taken(self.names, resource.plan.primary_key)

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
        pieces[1::2] = [piece.replace(b"\n", _BREAK) if b"\n" in piece else piece for piece in pieces[1::2]]
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

    def keys(self, block: list[bytes], wanted: set[Row]) -> Iterator[Row]:
        """The keys of the records of a block that are among `wanted`."""
        delimiter, quote, width = self.delimiter, self.quote, len(self.resource.plan.primary_key)
        if self.names[:width] == list(self.resource.plan.primary_key) and width < len(self.names):
            # Cells that are written without quotes are their own text: they tell whether a record is worth parsing.
            texts = {delimiter.join(part.encode() for part in key) for key in wanted}
            if width == 1:
                block = [record for record in block if record.partition(delimiter)[0] in texts or record[:1] == quote]
            else:
                heads = (delimiter.join(record.split(delimiter, width)[:width]) for record in block)
                block = [record for record, head in zip(block, heads, strict=True) if head in texts or quote in head]
        return (key for key in map(self.key, self.parsed(block)) if key in wanted)


def differing_records(old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str], keyed: bool) -> Differing:
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
        return Differing()
    gone = list(left)
    parsed = dict(zip(gone, was.parsed(gone), strict=True))
    new_rows = now.parsed(come)
    wanted = {*map(was.key, parsed.values()), *map(now.key, new_rows)} if keyed else set()
    old_rows: list[list[str]] = []
    times: Counter[Row] = Counter()
    for block in was.records():
        if parsed:
            old_rows += [parsed[record] for record in block if record in left]  # a set has forgotten the order
        if wanted:
            times.update(was.keys(block, wanted))
    if old_rows and new_rows and any(was.quote in record for record in chain(gone, come)):
        # Quotes that are not needed make two records of one row.
        old_rows, new_rows = _without_twins(old_rows, new_rows), _without_twins(new_rows, old_rows)
    if keyed:
        times.subtract(map(was.key, old_rows))
    standing = {key for key, count in times.items() if count > 0}
    return Differing(list(map(was.ordered, old_rows)), list(map(now.ordered, new_rows)), standing)


def _without_twins(rows: Iterable[list[str]], others: Iterable[list[str]]) -> list[list[str]]:
    twins = Counter(map(tuple, others))
    out = []
    for row in rows:
        if twins[tuple(row)] > 0:
            twins[tuple(row)] -= 1
        else:
            out.append(row)
    return out
