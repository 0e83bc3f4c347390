"""XLSX: a workbook for those who read tables in a spreadsheet.

One sheet a table, a sheet that says what the workbook is, one with the codebook, and one with the reasons why cells are
missing. Whole numbers, numbers, booleans and full dates are typed; all else is text that stays text: nothing that a cell holds
becomes a formula, a link or a number. What a worksheet cannot hold is refused, for XlsxWriter cuts it off.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from aistatecraft.citations.metadata import About, about
from aistatecraft.citations.styles import Style
from aistatecraft.errors import RefusedError
from aistatecraft.export.stored_zip import stored_zip
from aistatecraft.export.typed_columns import TypedColumns, read_values, refuse_alike
from aistatecraft.package import Field, Package, Resource
from aistatecraft.package.codebook import field_rows
from aistatecraft.package.extras import library
from aistatecraft.package.labels import free_name

__all__ = ["build"]

MAX_ROWS, MAX_COLUMNS, MAX_TEXT, MAX_NAME = 1_048_576, 16_384, 32_767, 31
"""What a worksheet holds: rows with the head, columns, characters (UTF-16 units) of a cell, characters of the name of a sheet."""
_WRAPPED = 110
"""Width of the column of words in the first sheet, in digits."""
_EXACT = 999_999_999_999_999
"""Largest whole number that Excel shows with all its digits."""
_FIRST_DAY = dt.date(1900, 3, 1)
"""Days before it are counted differently by different programs: Excel takes 1900 for a leap year."""
_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_")


class _Exact(float):
    """A number that is written with all its digits, where XlsxWriter asks for sixteen."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self))


def build(package: Package, *, version: str, released: str) -> bytes:
    """The bytes of the workbook.

    Raises
    ------
    UsageError
        Where XlsxWriter is not installed.
    RefusedError
        Where a worksheet cannot hold a table: too many rows or columns, too long a text or name.
    """
    xlsxwriter = library("xlsxwriter", format="xlsx", extra="xlsx")
    _refuse_names(package)
    release = about(package, version, released)
    out = io.BytesIO()
    book = _Book(
        xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    )
    book.properties(release)
    taken = {name.lower() for name in package.resources}
    own = {name: free_name(name, taken) for name in ("About", "codebook", "missing")}
    tables = {name: read_values(package, resource) for name, resource in package.resources.items()}
    missing = [(name, cell.record, cell.field, cell.reason) for name, values in tables.items() for cell in values.missing]
    book.about(own, release, [(name, values.count, package.resources[name].schema.description) for name, values in tables.items()])
    book.texts(own["codebook"], _CODEBOOK, _codebook(package))
    for name, values in tables.items():
        book.table(package.resources[name], values)
    book.texts(own["missing"], ("table", "record", "field", "reason"), missing)
    book.close()
    with zipfile.ZipFile(out) as written:
        return stored_zip({name: written.read(name) for name in written.namelist()})


def _refuse_names(package: Package) -> None:
    refuse_alike(package.resources, where=package.descriptor_path, what="tables", format="a workbook")
    for name, resource in package.resources.items():
        if len(name) > MAX_NAME:
            raise RefusedError(
                f"{name}: the name of a sheet has at most {MAX_NAME} characters, this table's has {len(name)}; rename it, or omit the format xlsx."
            )
        if re.search(r"[\[\]:*?/\\]|^'|'$", name):
            raise RefusedError(
                f"{name}: the name of a sheet has none of [ ] : * ? / \\ and no apostrophe at its ends; rename the table, or omit the format xlsx."
            )
        if name.lower() == "history":
            raise RefusedError(f"{name}: Excel reserves this sheet name; rename the table, or omit the format xlsx.")
        if len(resource.schema.fields) > MAX_COLUMNS:
            raise RefusedError(
                f"{name}: a worksheet has at most {MAX_COLUMNS:,} columns, the table has {len(resource.schema.fields):,}; split it, or omit the format xlsx."
            )


_CODEBOOK = ("table", "field", "title", "type", "dtype", "key", "required", "refers to", "meaning", "values", "constraints", "example")


def _codebook(package: Package) -> list[tuple[str | bool | None, ...]]:
    rows: list[tuple[str | bool | None, ...]] = []
    for resource in package.resources.values():
        for column, words in zip(resource.schema.fields, field_rows(resource.schema), strict=True):
            limits = json.dumps(dict(column.limits), ensure_ascii=False) if column.limits else None
            rows.append(
                (
                    resource.name, column.name, words["title"], words["type"], words["dtype"], words["key"], words["required"], words["references"],
                    words["description"], words["values"], limits, words["example"],
                )
            )  # fmt: skip
    return rows


def _width(text: str) -> int:
    """Width of a text on the screen, in digits."""
    if text.isascii() and "\n" not in text:
        return len(text)
    return max((sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in line[:80]) for line in text.splitlines()), default=0)


def _shown(column: Field, value: Any) -> Any:
    """What stands in the cell: a bool, a number, a date, or a text."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return value
    if column.categories:
        return str(value)
    if isinstance(value, int):
        return value if abs(value) <= _EXACT else str(value)
    if isinstance(value, float):
        return _Exact(value) if math.isfinite(value) else "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    if isinstance(value, dt.date):
        return value if value >= _FIRST_DAY else value.isoformat()
    return value


def _place(sheet: Any, row: int, at: int) -> str:
    return f"{sheet.get_name()}: row {row + 1}, column {at + 1}"


class _Book:
    """The workbook in the making. Every text goes through `put`, which refuses what a cell cannot hold."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bg_color": "#E7E9F0", "bottom": 1, "num_format": "@"})
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.top = book.add_format({"valign": "top", "num_format": "#,##0"})
        self.link = book.add_format({"hyperlink": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "indent": 1})

    def properties(self, release: About) -> None:
        """Properties of the document. Its time is the day of the release, not now."""
        people = "; ".join(person.name for person in release.creators)
        self.book.set_properties(
            {
                "title": _property(release.title), "author": _property(people), "keywords": _property("; ".join(release.keywords)),
                "comments": _property(release.cited(Style.apa)), "created": dt.datetime.fromisoformat(release.released),
            }
        )  # fmt: skip

    def close(self) -> None:
        """Write it."""
        self.book.close()

    def put(self, sheet: Any, row: int, at: int, value: Any, style: Any = None) -> None:
        """Write a value into a cell, typed by its own type; None leaves it blank."""
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, at, value, style)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, at, value, style)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, at, value, self.day)
        else:
            self._put_text(sheet, row, at, value, style)

    def _put_text(self, sheet: Any, row: int, at: int, text: str, style: Any) -> None:
        length = len(text) if len(text) * 2 <= MAX_TEXT else len(text.encode("utf-16-le")) // 2
        if length > MAX_TEXT:
            raise RefusedError(
                f"{_place(sheet, row, at)}: a cell of a worksheet holds at most {MAX_TEXT:,} characters, this text has {length:,}; shorten it, or omit the format xlsx."
            )
        if not (text.startswith("<r>") and text.endswith("</r>")):
            sheet.write_string(row, at, text, style)
            return
        # XlsxWriter takes such a text for markup of its own and would write it raw. Given in pieces it is escaped, but twice.
        if _ESCAPED.search(text):
            raise RefusedError(
                f"{_place(sheet, row, at)}: a text between <r> and </r> cannot also contain control characters or sequences such as _x0041_; remove one of the two, or omit the format xlsx."
            )
        sheet.write_rich_string(row, at, text[:1], self.text, text[1:], style or self.text)

    def _put_wrapped(self, sheet: Any, row: int, text: str) -> None:
        """A text in the wide column, in a row as high as it needs: not every program finds that out when it opens the file."""
        self.put(sheet, row, 2, text, self.wrapped)
        lines = -(-_width(text) // (_WRAPPED - 5))  # words at the end of a line leave room
        if lines > 1:
            sheet.set_row(row, 15 * lines)

    def about(self, own: dict[str, str], release: About, tables: list[tuple[str, int, str]]) -> None:
        """The first sheet: what this is, how to cite it, and where the tables are."""
        sheet = self.book.add_worksheet(own["About"])
        sheet.set_column(0, 0, 24, self.text)
        sheet.set_column(1, 1, 10)
        sheet.set_column(2, 2, _WRAPPED, self.wrapped)
        self.put(sheet, 0, 0, release.title, self.title)
        facts = (
            ("Version", release.version), ("Released", release.released), ("Cite", release.cited(Style.apa)), ("Licence", release.licence_text),
            ("About", release.description), ("Address", release.homepage), ("DOI", release.doi),
        )  # fmt: skip
        row = 2
        for name, text in facts:
            if text:
                self.put(sheet, row, 0, name, self.bold)
                self._put_wrapped(sheet, row, text)
                row += 1
        row += 1
        for at, name in enumerate(("Sheet", "Rows", "Contents")):
            self.put(sheet, row, at, name, self.head)
        others = [(own["codebook"], None, "What each field means."), (own["missing"], None, "Cells that are missing for a stated reason.")]
        for name, count, words in [others[0], *tables, others[1]]:
            row += 1
            sheet.write_url(row, 0, "internal:'" + name.replace("'", "''") + "'!A1", self.link, string=name)
            self.put(sheet, row, 1, count, self.top)
            self._put_wrapped(sheet, row, words)
        self.put(
            sheet, row + 2, 0, f"A blank cell means that the value is not known, unless the sheet {own['missing']} names another reason for it."
        )  # fmt: skip
        self.put(sheet, row + 3, 0, "Identifiers, codes, and dates of which only the year or month is known are stored as text.")
        self._printed(sheet)

    def texts(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[str | bool | None]]) -> None:
        """A sheet of words."""
        listed = list(rows)
        sheet = self._sheet(name, heads, len(listed), [self.text] * len(heads), [[row[at] for row in listed] for at in range(len(heads))])
        for number, row in enumerate(listed, 1):
            for at, value in enumerate(row):
                self.put(sheet, number, at, value)

    def table(self, resource: Resource, values: TypedColumns) -> None:
        """The sheet of a table."""
        schema = resource.schema
        if values.count >= MAX_ROWS:
            raise RefusedError(
                f"{resource.name}: a worksheet has at most {MAX_ROWS:,} rows with the head, the table has {values.count:,}; split it, or omit the format xlsx."
            )
        shown = [
            [None if value is None else _shown(column, value) for value in values.columns[at]] for at, column in enumerate(schema.fields)
        ]
        styles = [None if column.kind.spreadsheet != "text" and not column.categories else self.text for column in schema.fields]
        sheet = self._sheet(resource.name, schema.names, values.count, styles, shown)
        for at, cells in enumerate(shown):
            for number, value in enumerate(cells, 1):
                self.put(sheet, number, at, value)

    @staticmethod
    def _printed(sheet: Any) -> None:
        """On paper: A4 across, all columns on one page, as many pages as the rows need, and on each which sheet it is."""
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")

    def _sheet(self, name: str, heads: Sequence[str], count: int, styles: Sequence[Any], columns: Sequence[Sequence[Any]]) -> Any:
        """A sheet with a head that stays in sight, filters, and columns as wide as what they hold, within reason."""
        sheet = self.book.add_worksheet(name)
        for at, head in enumerate(heads):
            widest = max((_width(text) for text in {str(value) for value in columns[at] if value is not None}), default=0)
            sheet.set_column(at, at, min(40, max(8, _width(head) + 4, widest + 1)), styles[at])
            self.put(sheet, 0, at, head, self.head)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, count, len(heads) - 1)
        self._printed(sheet)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, count, len(heads) - 1)  # or a long text in the last column makes the page, and all else on it, tiny
        # Codes such as 076 are text on purpose.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS}"})
        return sheet


def _property(text: str) -> str:
    return text[:255]  # more than that Excel calls damaged
