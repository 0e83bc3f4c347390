"""Repairs of a table of other people: exactly what validation reported, and not a byte more.

The table keeps its dialect, the order of its rows, its quotes and every character of its cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from aistatecraft.errors import RefusedError
from aistatecraft.fixing.tables import WORDS, FixedTable, moves, without_carriage_returns
from aistatecraft.package import Dialect, Resource, Table, read_table
from aistatecraft.validation.report import Finding

__all__ = ["repair_table"]

_MARK = b"\xef\xbb\xbf"


def repair_table(raw: bytes, resource: Resource, findings: Iterable[Finding]) -> FixedTable:
    """A table after the repairs that `findings` ask for.

    Parameters
    ----------
    raw : bytes of the file
    resource : the table that it holds
    findings : fixable findings about this file (see `fixable`); those about cells are not repaired

    Raises
    ------
    RefusedError
        Where the repair would change a cell.
    """
    findings = list(findings)
    rules = {finding.rule for finding in findings}
    blank = {finding.line for finding in findings if finding.rule == "blank-row"}
    counts: Counter[str] = Counter()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError(f"{resource.path}: the file is not in UTF-8, so nothing was written; edit it by hand.") from None
    mark, text = (_MARK, raw[len(_MARK) :]) if raw.startswith(_MARK) else (b"", raw)
    if mark and "byte-order-mark" in rules:
        mark, counts["byte-order-mark"] = b"", 1
    ending = b"\r\n" if re.match(rb"[^\n]*\r\n", text) else b"\n"
    if "line-ends" in rules:
        text, counts["line-ends"] = without_carriage_returns(text)
        ending = b"\n"
    before = read_table(raw, resource.schema.names, resource.dialect, resource.path)
    if "column-order" in rules:
        text = _in_order(text, resource, before)
        counts["column-order"] = moves(before.columns)
        before = read_table(raw, resource.schema.names, resource.dialect, resource.path)
    if blank:
        lines = text.split(b"\n")
        text = b"\n".join(line for number, line in enumerate(lines, 1) if number not in blank)
        counts["blank-row"] = len(blank)
    if "last-line" in rules and not text.endswith(b"\n"):
        text += ending
        counts["last-line"] = 1
    after = mark + text
    if after != raw:
        _must_be_the_same(before, read_table(after, resource.schema.names, resource.dialect, resource.path), resource)
    return FixedTable(resource.path, raw, after, {rule: counts[rule] for rule in WORDS if counts[rule]})


def _in_order(text: bytes, resource: Resource, table: Table) -> bytes:
    """The text with the cells of each row in the order of the schema, each as it was written."""
    lines = text.decode("utf-8").split("\n")
    out: list[str] = []
    done = 0
    header = table.header
    for line, row in [(1, header), *((record.line, record.raw) for record in table.records)]:
        out += lines[done : line - 1]  # blank rows
        done = line + sum(cell.count("\n") for cell in row)
        whole = "\n".join(lines[line - 1 : done])
        body = whole.removesuffix("\r")
        cells = _split(body, resource.dialect)
        if len(cells) != len(header):
            raise RefusedError(
                f"{resource.path}:{line}: the cells of the row cannot be distinguished, so the columns are not reordered; reorder them by hand."
            )
        out.append(resource.dialect.delimiter.join(cells[at] for at in table.columns) + whole[len(body) :])
    return "\n".join([*out, *lines[done:]]).encode("utf-8")


def _split(row: str, dialect: Dialect) -> list[str]:
    """The cells of a row with their quotes."""
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    cell = re.compile(f"(?:{quote}(?:[^{quote}]|{quote}{quote})*{quote}|[^{delimiter}]*)(?={delimiter}|\\Z)")
    cells: list[str] = []
    at = 0
    while at <= len(row):
        found = cell.match(row, at)
        if found is None:
            return []
        cells.append(found[0])
        at = found.end() + 1
    return cells


def _must_be_the_same(before: Table, after: Table, resource: Resource) -> None:
    """`RefusedError` where a cell is another than it was."""
    if [record.cells for record in before.records] != [record.cells for record in after.records]:
        raise RefusedError(f"{resource.path}: a repair would change a cell, so nothing was written; edit the file by hand.")
