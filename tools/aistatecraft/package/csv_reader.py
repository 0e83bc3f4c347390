"""From the bytes of a CSV file to its records, with the physical line of each and every fault of the text.

The text is judged before anything is typed: encoding, byte order mark, line ends, NUL, delimiter, quoting, header,
ragged and blank rows. A fault does not end the reading where the rest can still be read; each is kept with its line.
"""

from __future__ import annotations

import contextlib
import csv
import heapq
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple

from aistatecraft.errors import DataError
from aistatecraft.package.csv_lines import Fault, Lines, ended_by_carriage_returns, opening_faults
from aistatecraft.package.descriptor import Dialect, Package, Resource

__all__ = ["Batch", "Fault", "Record", "Table", "clean_records", "clean_rows", "read_table", "row_taker"]

MAX_CELL = 8 * 1024**2
_RESTARTS = 1_000
_ROWS = 512
"""Rows that are looked at together: few enough to stay in the cache of the processor, which is worth a third of the time."""
_OTHER_DELIMITERS = (";", "\t", "|", ",")


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


class Batch(NamedTuple):
    """Some records that follow one another."""

    lines: Sequence[int]
    """Physical line on which each of `rows` begins."""
    rows: Sequence[Sequence[str]]
    """Cells of the rows that have as many as the header, as they stand in the file."""
    columns: Sequence[Sequence[str]]
    """The same cells, column by column."""
    ragged: Sequence[Record]
    """The other rows among them."""


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
    _batches: Iterator[Batch] | None = None

    @property
    def batches(self) -> Iterator[Batch]:
        """The records in batches, once. For those who look at many cells of a column together."""
        return self._batches or iter(())

    @property
    def records(self) -> Iterator[Record]:
        """The records one by one, once."""
        for batch in self.batches:
            whole = (self.record(line, row) for line, row in zip(batch.lines, batch.rows, strict=True))
            yield from heapq.merge(whole, batch.ragged, key=lambda record: record.line) if batch.ragged else whole

    def record(self, line: int, row: Sequence[str]) -> Record:
        """The record of a row of a batch."""
        return Record(line, row if self.plain else [row[at] if at >= 0 else None for at in self.columns], True, self.columns, row)

    @property
    def plain(self) -> bool:
        """Whether the columns of the file are the fields of the schema, in that order."""
        return self.columns == list(range(len(self.header)))


def _header(lines: Lines, table: Table, names: Sequence[str], dialect: Dialect) -> tuple[str, Any]:
    """Read and judge the header row. Gives the delimiter that the file really uses, and the reader that read the header."""
    faults = table.faults
    delimiter = dialect.delimiter

    def read(separator: str) -> tuple[list[str], Any]:
        rows = csv_reader(lines.of(1), separator, dialect.quote)
        return next(rows, []), rows

    header: list[str] = []
    rows: Any = None
    misfit: csv.Error | None = None
    try:
        header, rows = read(delimiter)
    except csv.Error as error:  # perhaps only because the cells are quoted and separated otherwise: "id";"name"
        misfit = error
    if len(header) <= 1 and len(names) > 1:
        for other in _OTHER_DELIMITERS:
            with contextlib.suppress(csv.Error):
                found, others = read(other)
                if other != delimiter and len(set(found) & set(names)) > len(names) // 2:
                    message = f"the cells are separated by {other!r}, not by {delimiter!r}"
                    hint = f"save the file with {delimiter!r} between cells"
                    faults.append(Fault("delimiter", 1, None, other.join(found)[:60], message, hint))
                    delimiter, header, rows, misfit = other, found, others, None
                    break
    if misfit is not None:
        raise misfit
    table.header = header
    known = set(names)
    # A row of values can hold a word that is also the name of a field, such as adopted.
    if len(known & set(header)) * 8 < min(len(names), len(header)) or not known & set(header) or len(header) > 10 * len(names) + 100:
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
        return delimiter, rows
    places = {name: position for position, name in reversed(list(enumerate(header)))}
    for position, name in enumerate(header):
        if places[name] != position:
            faults.append(
                Fault("duplicate-column", 1, position, name, f"the column {name!r} appears twice in the header", "delete one of the two")
            )
        elif name not in known:
            near = [other for other in names if other not in header and other.strip().lower() == name.strip().lower()]
            hint = f"write it {near[0]!r}" if near else "delete the column, or add the field to the schema"
            faults.append(Fault("extra-column", 1, position, name, f"the column {name!r} is not in the schema", hint))
    table.columns = [places.get(name, -1) for name in names]
    for position, name in enumerate(names):
        if name not in places:
            faults.append(Fault("missing-column", 1, None, name, f"the column {name!r} is missing", f"add it as column {position + 1}"))
    present = [name for name in dict.fromkeys(header) if name in known]
    ordered = [name for name in names if name in places]
    if present != ordered:
        first = header.index(next(name for name, right in zip(present, ordered, strict=True) if name != right))
        faults.append(
            Fault(
                "column-order",
                1,
                first,
                header[first],
                "the columns are not in the order of the schema",
                f"use this order: {dialect.delimiter.join(names)}",
            )
        )
    return delimiter, rows


def csv_reader(lines: Iterator[str], delimiter: str, quote: str) -> Any:
    """Rows of a table as the csv module gives them; `csv.Error` where its quotes do not fit."""
    return csv.reader(lines, delimiter=delimiter, quotechar=quote, doublequote=True, strict=True)


def _batches(lines: Lines, table: Table, rows: Any, delimiter: str, quote: str) -> Iterator[Batch]:
    width, faults = len(table.header), table.faults
    base = restarts = 0
    while True:
        begun = base + rows.line_num
        read: list[list[str]] = []
        error: csv.Error | None = None
        try:
            read.extend(islice(rows, _ROWS))  # what was read before an error stays in the list
        except csv.Error as misfit:
            error = misfit
        if not read and error is None:
            return
        whole = set(map(len, read)) <= {width}
        columns = list(zip(*read, strict=True)) if whole else list(zip_longest(*read, fillvalue=""))
        starts, after = _lines_of(len(read), columns, begun, None if error else base + rows.line_num)
        if whole:
            yield Batch(starts, read, columns or [()] * width, ())
        else:
            yield _sorted_out(read, starts, width, delimiter, table)
        if error is not None:
            faults.append(_misfit(after + 1, error))
            restarts += 1
            if restarts > _RESTARTS:
                message = f"more than {_RESTARTS:,} rows have unbalanced quotes; the rest was not read"
                faults.append(Fault("quoting", after + 1, None, "", message, "save the file as CSV again"))
                return
            # Begin again on the next line: a stray quote must not hide the rows after it.
            base = after + 1
            rows = csv_reader(lines.of(base + 1), delimiter, quote)


def _lines_of(rows: int, columns: list[tuple[str, ...]], begun: int, ended: int | None) -> tuple[Sequence[int], int]:
    """Physical line on which each row begins, and the line on which the last one ends.

    `begun` is the last line before the first row, `ended` the last line read, where that is known.
    """
    if ended is not None and ended - begun == rows:
        return range(begun + 1, ended + 1), ended  # as many lines as rows: no cell has a line break
    breaks = [0] * rows
    for column in columns:
        if "\n" in "".join(column):
            breaks = [more + cell.count("\n") for more, cell in zip(breaks, column, strict=True)]
    starts, line = [], begun
    for more in breaks:
        starts.append(line + 1)
        line += 1 + more
    return starts, line


def _sorted_out(rows: list[list[str]], starts: Sequence[int], width: int, delimiter: str, table: Table) -> Batch:
    """Rows as a batch, blank and ragged ones among them reported."""
    lines: list[int] = []
    whole: list[list[str]] = []
    ragged: list[Record] = []
    for start, row in zip(starts, rows, strict=True):
        if len(row) == width:
            lines.append(start)
            whole.append(row)
        elif not any(row) and len(row) < width:
            table.faults.append(Fault("blank-row", start, None, "", "the row is blank", "delete it"))
        else:
            more = len(row) > width
            message = f"the row has {len(row)} cells, the header has {width}"
            hint = "add the missing cells (a blank cell needs its comma, too)"
            if more:
                hint = "quote a cell that contains a comma, or delete the extra cells"
            table.faults.append(Fault("ragged-row", start, width if more else None, delimiter.join(row)[:80], message, hint))
            cells = [row[at] if 0 <= at < len(row) else None for at in table.columns]
            ragged.append(Record(start, cells, False, table.columns, row))
    return Batch(lines, whole, list(zip(*whole, strict=True)) or [()] * width, ragged)


def _misfit(line: int, error: csv.Error) -> Fault:
    if "field larger" in str(error):
        message = f"a cell of the row that begins here has more than {MAX_CELL:,} characters"
        return Fault("quoting", line, None, "", message, "close its quote, or move the text elsewhere")
    message = f"the row that begins here has unbalanced quotes ({error})"
    return Fault("quoting", line, None, "", message, 'close the quote, and write a quote inside a cell as ""')


def read_table(file: bytes | BinaryIO, names: Sequence[str], dialect: Dialect, path: str) -> Table:
    """The table in `file`.

    Parameters
    ----------
    file : bytes of the file, or the file itself, open at its beginning
    names : names of the fields of its schema, in order
    dialect : how it should be written
    path : how messages name the file

    Returns
    -------
    Table
        Its `records` are an iterator that reads as it goes; `faults` grow with it.
    """
    table = Table(path)
    handle = io.BytesIO(file) if isinstance(file, bytes) else file
    start, table.faults = opening_faults(handle)
    if start is None:
        table.usable = False
        return table
    old_mac = ended_by_carriage_returns(handle)
    if old_mac is not None:
        handle = io.BytesIO(old_mac)
    lines = Lines(handle, start, table.faults)
    if old_mac is not None:
        lines.carriage_returns, lines.first_carriage_return = old_mac.count(b"\n"), 1
    csv.field_size_limit(MAX_CELL)
    try:
        delimiter, rows = _header(lines, table, names, dialect)
    except csv.Error as error:
        table.faults.append(Fault("quoting", 1, None, "", f"the header has unbalanced quotes ({error})", "fix the header row"))
        table.usable = False
        return table

    def run() -> Iterator[Batch]:
        if table.usable:
            yield from _batches(lines, table, rows, delimiter, dialect.quote)
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
        if table.usable and not lines.ended:
            table.faults.append(
                Fault(
                    "last-line",
                    lines.last,
                    None,
                    "",
                    "the last line does not end with a line break: the file may be truncated",
                    "end the file with a line break",
                )
            )

    table._batches = run()
    return table


def _sound(table: Table, path: str, seen: int) -> int:
    """Judge the faults of a table that were found since there were `seen`; `DataError` at one that hides what its cells are."""
    for fault in table.faults[seen:]:
        if fault.rule not in ("last-line", "line-ends", "byte-order-mark", "column-order"):
            raise DataError(f"{path}:{fault.line}: {fault.message}; {fault.hint}.")
    return len(table.faults)


def clean_records(package: Package, resource: Resource) -> Iterator[Record]:
    """Records of a table that must be free of faults of the text; `DataError` at the first fault.

    For those who read a table to use it (load, diff, release) rather than to judge it.
    """
    table = read_table(package.store.read(resource.path), resource.schema.names, resource.dialect, resource.path)
    seen = _sound(table, resource.path, 0)
    for record in table.records:
        if len(table.faults) > seen:
            seen = _sound(table, resource.path, seen)
        yield record
    _sound(table, resource.path, seen)


def clean_rows(package: Package, resource: Resource) -> Iterator[Sequence[Sequence[str]]]:
    """As `clean_records`, for those who need no lines: the cells of some rows at a time, in the order of the schema.

    The file is not in memory as a whole.
    """
    with package.store.open(resource.path) as handle:
        table = read_table(handle, resource.schema.names, resource.dialect, resource.path)
        seen = _sound(table, resource.path, 0)
        # Every field has its column: a table without one is not sound.
        arranged = None if table.plain else row_taker(table.columns)
        for batch in table.batches:
            seen = _sound(table, resource.path, seen)
            yield batch.rows if arranged is None else list(map(arranged, batch.rows))
        _sound(table, resource.path, seen)


def row_taker(positions: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """A function that takes the cells at `positions` out of a row, in that order."""
    if len(positions) > 1:
        take: Any = itemgetter(*positions)
        return take  # type: ignore[no-any-return]
    return lambda row: tuple(row[position] for position in positions)
