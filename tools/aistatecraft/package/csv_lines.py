"""The bytes of a table as lines: what kind of file it is, how it is encoded, how its lines end. Faults are kept with their line."""

from __future__ import annotations

import bisect
import io
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

__all__ = ["Fault", "Lines", "ended_by_carriage_returns", "opening_faults"]

_BLOCK = 1024**2
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive or an Excel or LibreOffice workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x1f\x8b", "a gzip archive"),
)


class Fault(NamedTuple):
    """Something wrong with the text of a table."""

    rule: str
    line: int
    column: int | None
    """Number of the cell in its record, from 0; None where the fault is not that of one cell."""
    value: str
    message: str
    hint: str


class Lines:
    """Physical lines of a file, decoded, from any line on; faults of a line are reported once however often it is read.

    The file is read in blocks of whole lines. A block of plain UTF-8 goes through as it is; one with anything odd in it is
    looked at line by line.
    """

    def __init__(self, handle: BinaryIO, start: int, faults: list[Fault]) -> None:
        self.handle, self.faults = handle, faults
        self.carriage_returns = 0
        self.first_carriage_return = 0
        self.last = 0
        """Number of the last line read so far."""
        self.ended = True
        """Whether the last line read so far ends with a line break."""
        self._judged = 0
        """Number of the last line whose faults were reported."""
        self._blocks = [(1, start)]  # number of the first line of each block, and its offset

    def of(self, number: int) -> Iterator[str]:
        """The lines from `number` on."""
        at = bisect.bisect_right(self._blocks, number, key=lambda block: block[0]) - 1
        first, offset = self._blocks[at]
        self.handle.seek(offset)
        skip = number - first
        while True:
            self.handle.seek(offset)
            block = self.handle.read(_BLOCK) + self.handle.readline()
            if not block:
                return
            count = block.count(b"\n")
            fresh = first > self.last
            if fresh:
                self.last = first + count - (1 if block.endswith(b"\n") else 0)
                self.ended = block.endswith(b"\n")
            text = None if b"\r" in block or b"\0" in block else _decoded(block)
            if text is not None:
                yield from islice(io.StringIO(text, newline="\n"), skip, None)
            else:
                for place, line in enumerate(_split(block)):
                    odd = self._odd(line, first + place)
                    if place >= skip:
                        yield odd
            skip = 0
            first, offset = first + count, offset + len(block)
            if first > self._blocks[-1][0] and block.endswith(b"\n"):  # else this block holds the line `first`, the last one
                self._blocks.append((first, offset))

    def _odd(self, line: bytes, number: int) -> str:
        """A line that may have something odd in it, which is reported where the line is looked at for the first time."""
        # Line by line, not block by block: a reader that met a stray quote leaves the rest of its block unread.
        fresh, self._judged = number > self._judged, max(number, self._judged)
        text = _decoded(line)
        faults = self.faults if fresh else []
        if text is None:
            text = line.decode("utf-8", "surrogateescape")
            faults.append(_bad_bytes(line, number))
        if "\0" in text:
            faults.append(
                Fault(
                    "nul",
                    number,
                    None,
                    "",
                    "the line holds a NUL character, which no text has",
                    "delete the character, or take the line from an earlier version",
                )
            )
            text = text.replace("\0", "\ufffd")
        if text.endswith(("\r\n", "\r")):
            if fresh:
                self.carriage_returns += 1
                self.first_carriage_return = self.first_carriage_return or number
            text = text.removesuffix("\n").removesuffix("\r") + "\n"
        if "\r" in text:
            faults.append(
                Fault(
                    "control-character",
                    number,
                    None,
                    "",
                    "a carriage return stands inside the line",
                    "delete it, or put a line break there if a row should end",
                )
            )
            text = text.replace("\r", " ")
        return text


def _decoded(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _split(block: bytes) -> list[bytes]:
    """Lines of a block, at line feeds alone."""
    lines = [line + b"\n" for line in block.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _bad_bytes(line: bytes, number: int) -> Fault:
    try:
        line.decode("utf-8")
        start = 0
    except UnicodeDecodeError as error:
        start = error.start
    guess = line.decode("cp1252", "replace")
    near = guess[max(0, start - 12) : start + 12].strip()
    message = f"byte {start + 1} of the line is not UTF-8; read as Windows-1252 it would be {near!r}"
    return Fault("encoding", number, None, near, message, "save the file as UTF-8 (in a spreadsheet: CSV UTF-8)")


def opening_faults(handle: BinaryIO) -> tuple[int | None, list[Fault]]:
    """Judge the first bytes. Gives the position at which the text begins, None where it is no text of a table, and the faults."""
    head = handle.read(_BLOCK)
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return None, [Fault("not-csv", 1, None, "", f"this is {name}, not CSV text in UTF-8", "export the table as CSV in UTF-8")]
    if not head.strip() and not handle.read().strip():
        message = "the file is empty and has no header"
        return None, [Fault("empty-file", 1, None, "", message, "write the header row, or restore the file")]
    if head.startswith(b"\xef\xbb\xbf"):
        return 3, [Fault("byte-order-mark", 1, None, "", "the file begins with a byte order mark", "save it as UTF-8 without BOM")]
    return 0, []


def ended_by_carriage_returns(handle: BinaryIO) -> bytes | None:
    """The text with line feeds, where it has carriage returns and not a single line feed; None for all other texts."""
    handle.seek(0)
    head = handle.read(_BLOCK)
    if b"\n" in head or b"\r" not in head:
        return None
    text = head + handle.read()
    return None if b"\n" in text else text.replace(b"\r", b"\n")
