"""The canonical form of one table."""

from __future__ import annotations

import bisect
import csv
import difflib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aistatecraft.errors import RefusedError
from aistatecraft.fixing.cells import FixedText, fix_cell
from aistatecraft.package import Dialect, Fault, Field, Record, Resource, read_table
from aistatecraft.package.escape import printable

__all__ = ["WORDS", "FixedTable", "differences", "fix_table", "moves", "without_carriage_returns"]

WORDS: Mapping[str, tuple[str, str]] = {
    "byte-order-mark": ("byte order mark", "byte order marks"),
    "line-ends": ("line that did not end with LF", "lines that did not end with LF"),
    "last-line": ("last line without a line break", "last lines without a line break"),
    "blank-row": ("blank row", "blank rows"),
    "column-order": ("column out of order", "columns out of order"),
    "row-order": ("row out of order", "rows out of order"),
    "quotes": ("row with non-canonical quotes", "rows with non-canonical quotes"),
    "control-character": ("cell with a zero-width character", "cells with a zero-width character"),
    "not-nfc": ("cell not in Unicode form NFC", "cells not in Unicode form NFC"),
    "white-space": ("cell with white space at its ends", "cells with white space at their ends"),
}
"""What each repair is about, of one and of several."""

_HARMLESS = ("byte-order-mark", "line-ends", "last-line", "blank-row", "column-order")


@dataclass(frozen=True)
class FixedTable:
    """A table in canonical form, and what was repaired on the way."""

    path: str
    before: bytes
    after: bytes
    repairs: Mapping[str, int]
    """How often each kind of repair was needed, in the order of `WORDS`."""

    @property
    def changed(self) -> bool:
        """Whether the file is not in canonical form yet."""
        return self.before != self.after

    @property
    def sentence(self) -> str:
        """The file and what was repaired in it."""
        found = [f"{count:,} {WORDS[rule][count != 1]}" for rule, count in self.repairs.items()]
        return f"{self.path}: {', '.join(found)}"


def fix_table(raw: bytes, resource: Resource, *, own: bool = True) -> FixedTable:
    """The canonical form of a table.

    UTF-8 without byte order mark, LF, only the quotes that are needed, columns as the schema has them, rows sorted by primary
    key, cells in NFC and trimmed. Blank rows, which hold no cell, go. A table of other people keeps its values: no cell is
    changed, and lines end with CRLF where its dialect says so and all of them do.

    Parameters
    ----------
    raw : bytes of the file
    resource : the table that it holds
    own : whether it belongs to a package of this name, whose texts are in NFC and trimmed

    Raises
    ------
    RefusedError
        Where a repair could lose or move a cell: at the first such fault. For a table of other people also where its dialect
        is one that is read only.
    """
    schema = resource.schema
    if not own:
        _must_be_writable(resource)
    table = read_table(raw, schema.names, resource.dialect, resource.path)
    records = list(table.records)
    for fault in sorted(table.faults, key=lambda fault: fault.line):
        if fault.rule not in _HARMLESS:
            raise RefusedError(_refusal(resource.path, fault))
    counts: Counter[str] = Counter(fault.rule for fault in table.faults if fault.rule not in ("line-ends", "column-order"))
    text = raw.decode("utf-8-sig")
    crlf = not own and _declared_crlf(resource) and re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None
    if b"\r" in raw:
        text, counts["line-ends"] = _with_line_feeds(text)
        if crlf:
            counts["line-ends"] = 0
        elif not own and any("\n" in cell for record in records for cell in record.raw):
            raise RefusedError(
                f"{resource.path}: lines and cells contain carriage returns, and the values of the cells would change; nothing was written. Save the file with one kind of line ending."
            )
    counts["column-order"] = moves(table.columns)
    counts["quotes"] = _other_quotes(text, table.header, records, resource.dialect)
    rows = _fixed_rows(resource, records, counts) if own else [[cell or "" for cell in record.cells] for record in records]
    if schema.primary_key:
        key = [(schema.names.index(name), schema.by_name[name]) for name in schema.primary_key]
        order = sorted(range(len(rows)), key=lambda number: [_rank(column, rows[number][at]) for at, column in key])
        counts["row-order"] = moves(order)
        rows = [rows[number] for number in order]
    after = _written([list(schema.names), *rows], resource.dialect).encode("utf-8")
    if crlf:
        after = after.replace(b"\n", b"\r\n")
    if not own and [[*record.cells] for record in read_table(after, schema.names, resource.dialect, resource.path).records] != rows:
        raise RefusedError(f"{resource.path}: the canonical form would change a cell, so nothing was written; leave the file as it is.")
    return FixedTable(resource.path, raw, after, {rule: counts[rule] for rule in WORDS if counts[rule]})


def _refusal(path: str, fault: Fault) -> str:
    return f"{path}:{fault.line}: {fault.message}, so a cell could be lost and nothing was written; {fault.hint}."


_DEFAULTS = {
    "$schema": None,
    "doubleQuote": True,
    "header": True,
    "headerRows": [1],
    "skipInitialSpace": False,
    "caseSensitiveHeader": True,
}


def _must_be_writable(resource: Resource) -> None:
    """`RefusedError` where the file is written in a way that could be lost when it is written again."""
    dialect = resource.descriptor.get("dialect") or {}
    odd = "dialect" if not isinstance(dialect, Mapping) else ""
    for name, value in dialect.items() if isinstance(dialect, Mapping) else ():
        if name not in ("$schema", "delimiter", "quoteChar", "lineTerminator") and (name not in _DEFAULTS or value != _DEFAULTS[name]):
            odd = f"dialect property {name}"
    if str(resource.descriptor.get("encoding", "utf-8")).lower().replace("-", "") != "utf8":
        odd = "encoding"
    if odd:
        raise RefusedError(
            f"{resource.path}: the {odd} of the table can be read but not written, so nothing was written; edit the file by hand."
        )


def _declared_crlf(resource: Resource) -> bool:
    dialect = resource.descriptor.get("dialect")
    return isinstance(dialect, Mapping) and dialect.get("lineTerminator") == "\r\n"


def without_carriage_returns(raw: bytes) -> tuple[bytes, int]:
    """The bytes of a table with LF alone at the ends of lines, and how many lines ended otherwise."""
    text, count = _with_line_feeds(raw.decode("utf-8"))
    return text.encode("utf-8"), count


def _with_line_feeds(text: str) -> tuple[str, int]:
    """The text with LF alone, as `read_table` has it, and how many lines ended otherwise."""
    if "\n" not in text:
        return text.replace("\r", "\n"), text.count("\r")
    last = text.endswith("\r")
    return (text[:-1] + "\n" if last else text).replace("\r\n", "\n"), text.count("\r\n") + last


def _fixed_rows(resource: Resource, records: Sequence[Record], counts: Counter[str]) -> list[list[str]]:
    schema = resource.schema
    columns: list[list[str]] = []
    for at, column in enumerate(schema.fields):
        needed = column.required or column.name in schema.primary_key
        known: dict[str, FixedText] = {}
        cells = []
        for record in records:
            text = record.cells[at] or ""
            if text not in known:
                known[text] = fix_cell(column, text, needed=needed)
            fixed = known[text]
            cells.append(fixed.text)
            if fixed.rules:
                counts.update(fixed.rules)
        columns.append(cells)
    return [list(row) for row in zip(*columns, strict=True)]


def _rank(column: Field, text: str) -> tuple[int, Any, str]:
    """Where a part of a key stands: missing ones, then numbers and dates by their value, then texts by their characters."""
    if text in column.missing:
        return 0, 0, text
    if column.kind.ordered:
        try:
            return 1, column.kind.rank(column.parse(text)), text
        except ValueError:
            return 2, 0, text
    return 2, 0, text


def moves(order: Sequence[int]) -> int:
    """How many numbers have to be moved so that all stand in order: those outside the longest run that rises."""
    ends: list[int] = []
    for number in order:
        at = bisect.bisect_left(ends, number)
        ends[at : at + 1] = [number]
    return len(order) - len(ends)


def _written(rows: Sequence[Sequence[str]], dialect: Dialect) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=dialect.delimiter, quotechar=dialect.quote, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _other_quotes(text: str, header: Sequence[str], records: Sequence[Record], dialect: Dialect) -> int:
    """How many rows are quoted otherwise than the csv module quotes them."""
    if _written([header, *(record.raw for record in records)], dialect) == text:
        return 0
    count, lines = 0, text.split("\n")
    for line, row in [(1, header), *((record.line, record.raw) for record in records)]:
        height = 1 + sum(cell.count("\n") for cell in row)
        count += _written([row], dialect).removesuffix("\n") != "\n".join(lines[line - 1 : line - 1 + height])
    return count


MAX_LINES = 20_000
_LINE = 10_000


def differences(table: FixedTable) -> Iterator[str]:
    """The lines of a unified diff from the file to its canonical form.

    Control characters are written out, so that a carriage return or a byte order mark is seen. Where more than 20,000 lines
    differ, they are only counted: comparing all with all would take too long.
    """
    before, after = _lines(table.before.decode("utf-8")), _lines(table.after.decode("utf-8"))
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    most = max(len(before), len(after)) - start - end
    yield f"--- {printable(table.path)}"
    yield f"+++ {printable(table.path)} (canonical)"
    if most > MAX_LINES:
        yield f"@@ {most:,} lines differ, from line {start + 1:,} on @@"
        return
    for line in list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]:
        yield line[:1] + printable(line[1:], _LINE)


def _lines(text: str) -> list[str]:
    """Lines without their line feeds; other line ends stay, as they are what differs."""
    lines = (text if "\n" in text else text.replace("\r", "\r\n")).split("\n")
    if lines[-1]:
        lines[-1] += " (no line break at the end)"
    else:
        del lines[-1]
    return lines
