"""The rows around findings: the line as in the file, and the position of the cell in it."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from aistatecraft.package import Dialect, Package
from aistatecraft.validation.report import Finding

__all__ = ["Excerpt", "excerpts"]

KEPT = 400
"""Characters of a line that are kept on either side of a cell, and of a cell."""
_LINES = 1_000


class Excerpt(NamedTuple):
    """A line of a file around a cell."""

    before: str
    cell: str
    after: str
    start: int
    """Where the cell begins, in characters from the beginning of the line, its quotes included."""
    end: int
    """Where it ends on that line."""
    marked: bool
    """Whether the place of the cell is known; otherwise `after` is the beginning of the line."""


def excerpts(package: Package, findings: Iterable[Finding]) -> dict[Finding, Excerpt]:
    """An excerpt for each finding that has a line in a table that can be read."""
    by_path = {resource.path: resource.dialect for resource in package.resources.values()}
    by_file: dict[str, dict[int, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        if finding.line and finding.file in by_path:
            by_file[finding.file][finding.line].append(finding)
    out: dict[Finding, Excerpt] = {}
    for file, wanted in by_file.items():
        if package.store.exists(file):
            with package.store.open(file) as handle:
                out.update(_of_file(handle, wanted, by_path[file]))
    return out


def _of_file(handle: BinaryIO, wanted: dict[int, list[Finding]], dialect: Dialect) -> Iterator[tuple[Finding, Excerpt]]:
    quote = dialect.quote.encode()
    last = max(wanted)
    record: list[bytes] = []  # lines of the record so far: those since the last one that began outside of quotes
    inside = False
    for number, line in enumerate(_lines(handle), 1):
        if not inside or len(record) > _LINES:
            record = []
        record.append(line)
        inside = inside != bool(line.count(quote) % 2)
        if number in wanted:
            lines = [part.decode("utf-8", "replace").rstrip("\r\n") for part in record]
            if number == len(record):
                lines[0] = lines[0].removeprefix("\ufeff")
            last_cell = max(_position(finding.column) for finding in wanted[number])
            cells = _cells(lines, dialect, last_cell)
            for finding in wanted[number]:
                yield finding, _excerpt(lines[-1], cells, finding, dialect)
        if number >= last:
            return


def _lines(handle: BinaryIO) -> Iterator[bytes]:
    head = handle.read(1024**2)
    handle.seek(0)
    if b"\r" in head and b"\n" not in head:  # perhaps lines that end as on an old Macintosh
        text = handle.read()
        handle = io.BytesIO(text if b"\n" in text else text.replace(b"\r", b"\n"))
    return iter(handle)


def _position(letters: str) -> int:
    """Position of a column, from 0; -1 where there are no letters."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def _cells(lines: list[str], dialect: Dialect, last: int) -> dict[int, tuple[int, int]]:
    """Where each cell that begins on the last of the lines of a record begins and ends there, up to cell number `last`."""
    text = "\n".join(lines)
    begin = len(text) - len(lines[-1])
    found: dict[int, tuple[int, int]] = {}
    at = number = 0
    while at <= len(text) and number <= last:
        end = at
        if text.startswith(dialect.quote, at):
            end = text.find(dialect.quote, at + 1)
            while end >= 0 and text.startswith(dialect.quote, end + 1):
                end = text.find(dialect.quote, end + 2)
            end = len(text) if end < 0 else end + 1
        end = _next(text, dialect.delimiter, end)
        if at >= begin:
            found[number] = (at - begin, end - begin)
        at, number = end + 1, number + 1
    return found


def _next(text: str, delimiter: str, start: int) -> int:
    at = text.find(delimiter, start)
    return len(text) if at < 0 else at


def _excerpt(line: str, cells: dict[int, tuple[int, int]], finding: Finding, dialect: Dialect) -> Excerpt:
    position = _position(finding.column)
    start, end = cells.get(position, (0, 0))
    cell = line[start:end]
    known = position in cells and (not finding.field or _begins(cell, finding.value, dialect))
    if not known:  # quotes that do not fit, or another delimiter: better no mark than a wrong one
        return Excerpt("", "", line[:KEPT], 0, 0, False)
    return Excerpt(line[max(start - KEPT, 0) : start], cell[:KEPT], line[end : end + KEPT], start, end, True)


def _begins(cell: str, value: str, dialect: Dialect) -> bool:
    """Whether the text of a cell is the value of the finding, as far as it stands on this line."""
    first = value.split("\n")[0]
    quoted = dialect.quote + first.replace(dialect.quote, dialect.quote * 2)
    return cell in (first, quoted, quoted + dialect.quote)
