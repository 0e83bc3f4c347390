"""From the bytes of a CSV file to its records, with the physical line of each and every fault of the text.

The text is judged before anything is typed: encoding, byte order mark, line ends, NUL, delimiter, quoting, header,
ragged and blank rows. A fault does not end the reading where the rest can still be read; each is kept with its line.
"""

from __future__ import annotations

import contextlib
import csv
import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aistatecraft.errors import Damaged
from aistatecraft.reading.descriptor import Dialect, Package, Resource

__all__ = ["Fault", "Record", "Table", "clean_records", "read_table"]

MAX_CELL = 8 * 1024**2
_RESTARTS = 1_000
_OTHER_DELIMITERS = (";", "\t", "|", ",")
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
    mend: str


class Record(NamedTuple):
    """One record: the physical line on which it begins, and its cells in the order of the schema."""

    line: int
    cells: Sequence[str | None]
    """Text of each field; None where the file has no readable cell for it."""
    whole: bool
    """Whether the row had as many cells as the header. Cells of other rows are not to be trusted."""
    columns: Sequence[int]
    """Position in the file of each field, from 0."""
    raw: Sequence[str]
    """Cells as they stand in the file."""

    def line_of(self, column: int) -> int:
        """Physical line on which the cell at position `column` of the file begins."""
        return self.line + sum(cell.count("\n") for cell in self.raw[:column])


@dataclass
class Table:
    """A table being read. Faults are complete once `records` is exhausted."""

    path: str
    header: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    usable: bool = True
    """False where no record can be read at all."""
    columns: list[int] = field(default_factory=list)
    """For each field of the schema its position in the file, -1 where the file does not have it."""
    _records: Iterator[Record] | None = None

    @property
    def records(self) -> Iterator[Record]:
        """The records, once."""
        return self._records or iter(())


class _Lines:
    """Physical lines of a file, decoded one at a time, with the number of the line and a way back."""

    def __init__(self, raw: bytes | mmap.mmap, start: int, faults: list[Fault]) -> None:
        self.raw, self.position, self.number, self.faults = raw, start, 0, faults
        self.carriage_returns = 0
        self.first_carriage_return = 0
        self.judged = 0  # lines up to here were judged; after a restart they are not judged again

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw, start = self.raw, self.position
        if start >= len(raw):
            raise StopIteration
        end = raw.find(b"\n", start) + 1 or len(raw)
        self.position = end
        self.number += 1
        line = raw[start:end]
        fresh = self.number > self.judged
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            text = line.decode("utf-8", "surrogateescape")
            if fresh:
                self._bad_bytes(line, error)
        if fresh:
            self.judged = self.number
            if "\0" in text:
                self.faults.append(
                    Fault(
                        "nul",
                        self.number,
                        None,
                        "",
                        "the line holds a NUL character, which no text has",
                        "delete the character, or take the line from an earlier version",
                    )
                )
        if "\r" in text:
            if text.endswith(("\r\n", "\r")):
                if fresh:
                    self.carriage_returns += 1
                    self.first_carriage_return = self.first_carriage_return or self.number
                text = text.removesuffix("\n").removesuffix("\r") + "\n"
            if "\r" in text:
                if fresh:
                    self.faults.append(
                        Fault(
                            "control-character",
                            self.number,
                            None,
                            "",
                            "a carriage return stands inside the line",
                            "delete it, or put a line break there if a row should end",
                        )
                    )
                text = text.replace("\r", " ")
        return text.replace("\0", "\ufffd") if "\0" in text else text

    def _bad_bytes(self, line: bytes, error: UnicodeDecodeError) -> None:
        guess = line.decode("cp1252", "replace")
        near = guess[max(0, error.start - 12) : error.start + 12].strip()
        self.faults.append(
            Fault(
                "encoding",
                self.number,
                None,
                near,
                f"byte {error.start + 1} of the line is not UTF-8; read as Windows-1252 it would be {near!r}",
                "save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
            )
        )


def _opening_faults(raw: bytes | mmap.mmap, table: Table) -> int:
    """Judge the first bytes. Gives the position at which the text begins."""
    head = bytes(raw[:65_536])
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            table.faults.append(Fault("not-csv", 1, None, "", f"this is {name}, not CSV text in UTF-8", "export the table as CSV in UTF-8"))
            table.usable = False
            return 0
    if not head.strip() and not bytes(raw).strip():
        table.faults.append(
            Fault(
                "empty-file",
                1,
                None,
                "",
                "the file is empty, not even the header stands in it",
                "write the header row, or restore the file",
            )
        )
        table.usable = False
        return 0
    if head.startswith(b"\xef\xbb\xbf"):
        table.faults.append(Fault("byte-order-mark", 1, None, "", "the file begins with a byte order mark", "save it as UTF-8 without BOM"))
        return 3
    return 0


def _header(lines: _Lines, table: Table, names: Sequence[str], dialect: Dialect) -> str:
    """Read and judge the header row. Gives the delimiter that the file really uses."""
    faults = table.faults
    delimiter = dialect.delimiter
    begin = (lines.position, lines.number)

    def read(separator: str) -> tuple[list[str], tuple[int, int]]:
        lines.position, lines.number = begin
        return next(csv_reader(lines, separator, dialect.quote), []), (lines.position, lines.number)

    header: list[str] = []
    after, misfit = begin, None
    try:
        header, after = read(delimiter)
    except csv.Error as error:  # perhaps only because the cells are quoted and separated otherwise: "id";"name"
        misfit = error
    if len(header) <= 1 and len(names) > 1:
        for other in _OTHER_DELIMITERS:
            with contextlib.suppress(csv.Error):
                found, end = read(other)
                if other != delimiter and len(set(found) & set(names)) > len(names) // 2:
                    message = f"the cells are separated by {other!r}, not by {delimiter!r}"
                    mend = f"save the file with {delimiter!r} between cells"
                    faults.append(Fault("delimiter", 1, None, other.join(found)[:60], message, mend))
                    delimiter, header, after, misfit = other, found, end, None
                    break
    if misfit is not None:
        raise misfit
    lines.position, lines.number = after
    table.header = header
    known = set(names)
    if not known & set(header):
        faults.append(
            Fault(
                "header",
                1,
                None,
                delimiter.join(header)[:80],
                "the first row is not the header",
                f"put the header first: {dialect.delimiter.join(names)}",
            )
        )
        table.usable = False
        return delimiter
    for position, name in enumerate(header):
        if header.index(name) != position:
            faults.append(
                Fault("duplicate-column", 1, position, name, f"the column {name!r} stands in the header twice", "delete one of the two")
            )
        elif name not in known:
            near = [other for other in names if other not in header and other.strip().lower() == name.strip().lower()]
            mend = f"write it {near[0]!r}" if near else "delete the column, or add the field to the schema"
            faults.append(Fault("extra-column", 1, position, name, f"the column {name!r} is not in the schema", mend))
    table.columns = [header.index(name) if name in header else -1 for name in names]
    for position, name in enumerate(names):
        if name not in header:
            faults.append(Fault("missing-column", 1, None, name, f"the column {name!r} is missing", f"add it as column {position + 1}"))
    present = [name for name in dict.fromkeys(header) if name in known]
    ordered = [name for name in names if name in present]
    if present != ordered:
        first = header.index(next(name for name, right in zip(present, ordered, strict=True) if name != right))
        faults.append(
            Fault(
                "column-order",
                1,
                first,
                header[first],
                "the columns are not in the order of the schema",
                f"order them: {dialect.delimiter.join(names)}",
            )
        )
    return delimiter


def csv_reader(lines: Iterator[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """Rows of a table as the csv module gives them; `csv.Error` where its quotes do not fit."""
    return csv.reader(lines, delimiter=delimiter, quotechar=quote, doublequote=True, strict=True)


def _records(lines: _Lines, table: Table, delimiter: str, quote: str) -> Iterator[Record]:
    csv.field_size_limit(MAX_CELL)
    columns, width, faults = table.columns, len(table.header), table.faults
    plain = columns == list(range(width))
    rows = csv_reader(lines, delimiter, quote)
    restarts = 0
    while True:
        start, position = lines.number + 1, lines.position
        try:
            row = next(rows, None)
        except csv.Error as error:
            faults.append(
                Fault(
                    "quoting",
                    start,
                    None,
                    "",
                    f"the quotes of the row that begins here do not fit ({error})",
                    'close the quote, and write a quote inside a cell as ""',
                )
            )
            restarts += 1
            if restarts > _RESTARTS:
                faults.append(
                    Fault(
                        "quoting",
                        start,
                        None,
                        "",
                        f"more than {_RESTARTS:,} rows have quotes that do not fit; the rest was not read",
                        "save the file as CSV again",
                    )
                )
                return
            # Begin again on the next line: a stray quote must not hide the rows after it.
            lines.position = lines.raw.find(b"\n", position) + 1 or len(lines.raw)
            lines.number = start
            rows = csv_reader(lines, delimiter, quote)
            continue
        if row is None:
            return
        if not row or (len(row) < width and not any(row)):
            faults.append(Fault("blank-row", start, None, "", "the row is blank", "delete it"))
            continue
        if len(row) != width:
            more = len(row) > width
            faults.append(
                Fault("ragged-row", start, width if more else None, delimiter.join(row)[:80], f"the row has {len(row)} cells, the header has {width}",
                      "put a cell that holds a comma between quotes, or delete the cells that are too many" if more else "add the cells that are missing (a blank cell needs its comma too)")
            )  # fmt: skip
            cells = [row[at] if 0 <= at < len(row) else None for at in columns]
            yield Record(start, cells, False, columns, row)
        else:
            yield Record(start, row if plain else [row[at] if at >= 0 else None for at in columns], True, columns, row)


def read_table(raw: bytes | mmap.mmap, names: Sequence[str], dialect: Dialect, path: str) -> Table:
    """The table in `raw`.

    Parameters
    ----------
    raw : bytes of the file
    names : names of the fields of its schema, in order
    dialect : how it should be written
    path : how messages name the file

    Returns
    -------
    Table
        Its `records` are an iterator that reads as it goes; `faults` grow with it.
    """
    table = Table(path)
    start = _opening_faults(raw, table)
    if not table.usable:
        return table
    old_mac = raw.find(b"\n") < 0 <= raw.find(b"\r")
    if old_mac:  # without a single line feed the carriage returns are the line ends
        raw = bytes(raw).replace(b"\r", b"\n")
    lines = _Lines(raw, start, table.faults)
    if old_mac:
        lines.carriage_returns, lines.first_carriage_return = bytes(raw).count(b"\n"), 1
    try:
        delimiter = _header(lines, table, names, dialect)
    except csv.Error as error:
        table.faults.append(Fault("quoting", 1, None, "", f"the quotes of the header do not fit ({error})", "mend the header row"))
        table.usable = False
        return table

    def run() -> Iterator[Record]:
        if table.usable:
            yield from _records(lines, table, delimiter, dialect.quote)
        if lines.carriage_returns:
            times = f" (and on {lines.carriage_returns - 1:,} more lines)" if lines.carriage_returns > 1 else ""
            table.faults.append(
                Fault(
                    "line-ends",
                    lines.first_carriage_return,
                    None,
                    "",
                    f"the line ends with a carriage return{times}",
                    "save the file with LF line ends",
                )
            )
        if raw[-1:] != b"\n":
            table.faults.append(
                Fault(
                    "last-line",
                    lines.number,
                    None,
                    "",
                    "the last line does not end with a line break: the file may be cut off",
                    "end the file with a line break",
                )
            )

    table._records = run()
    return table


def clean_records(package: Package, resource: Resource) -> Iterator[Record]:
    """Records of a table that must be free of faults of the text; `Damaged` at the first fault.

    For those who read a table to use it (load, diff, release) rather than to judge it.
    """
    table = read_table(package.store.read(resource.path), resource.plan.names, resource.dialect, resource.path)

    def check() -> None:
        for fault in table.faults:
            if fault.rule not in ("last-line", "line-ends", "byte-order-mark", "column-order"):
                raise Damaged(f"{resource.path}:{fault.line}: {fault.message}; {fault.mend}.")

    check()
    seen = 0
    for record in table.records:
        if len(table.faults) > seen:
            check()
            seen = len(table.faults)
        yield record
    check()
