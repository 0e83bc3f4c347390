"""XLSX: every cell comes back with its type, and a worksheet that cannot hold a table is not written."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from aistatecraft.api import missing
from aistatecraft.errors import RefusedError
from aistatecraft.export import xlsx
from aistatecraft.package import Package, open_package
from aistatecraft.package.codebook import field_rows
from tests.conftest import Make
from tests.export.conftest import loaded, one
from tests.export.test_typed_columns import EVERYTHING, ROWS

File = Callable[[str], bytes]
TEXT = {"fields": [{"name": "x", "type": "string"}]}


def workbook(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), rich_text=False)


def sheet(book: Workbook, name: str) -> list[list[Any]]:
    """Values of a sheet, with the escapes that Excel itself undoes undone."""
    return [[unescape(cell) if isinstance(cell, str) else cell for cell in row] for row in book[name].iter_rows(values_only=True)]


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.real
def test_every_cell_of_every_table(file: File, package: Package, root: Path) -> None:
    book = workbook(file("xlsx"))
    assert book.sheetnames == ["About", "codebook", *package.resources, "missing"]
    for name, resource in package.resources.items():
        head, *rows = sheet(book, name)
        assert tuple(head) == resource.schema.names
        expected = loaded(name, root)
        for at, column in enumerate(resource.schema.fields):
            values = [row[at].date() if isinstance(row[at], dt.datetime) else row[at] for row in rows]
            assert values == expected[column.name], f"{name}.{column.name}"
            kinds = {"boolean": {bool}, "integer": {int}, "year": {int}, "number": {int, float}, "date": {dt.date}}
            wanted = {str} if column.categories else kinds.get(column.type, {str})
            assert {type(value) for value in values if value is not None} <= wanted


@pytest.mark.real
def test_heads_stay_in_sight_and_filter(file: File, package: Package) -> None:
    book = workbook(file("xlsx"))
    for name in (*package.resources, "codebook", "missing"):
        page = book[name]
        assert (page.freeze_panes, page.auto_filter.ref) == ("B2", page.dimensions)
        assert all(cell.font.bold for cell in page[1])
        assert all(8 <= page.column_dimensions[cell.column_letter].width <= 41 for cell in page[1])
        assert page.print_title_rows == "$1:$1"
        assert page.print_area.replace("$", "").endswith(f"!{page.dimensions}")
    for page in book:
        setup = page.page_setup
        assert (setup.orientation, int(setup.paperSize), page.sheet_properties.pageSetUpPr.fitToPage, int(setup.fitToHeight)) == (
            "landscape",
            9,
            True,
            0,
        )
    places = {cell.value: cell.column_letter for cell in book["sources"][1]}
    page = book["sources"]
    assert {cell.number_format for cell in page[places["accessed"]][1:] if cell.value} == {"yyyy-mm-dd"}
    # Text stays text when a cell is edited: m49 076, the operator "=".
    assert page.column_dimensions[places["id"]].number_format == "@"


@pytest.mark.real
def test_first_sheet_says_what_it_is(file: File, package: Package, root: Path) -> None:
    book = workbook(file("xlsx"))
    page = book["About"]
    said = {row[0].value: row[2].value for row in page.iter_rows() if row[0].value and row[2].value}
    assert page["A1"].value == package.title
    assert (said["Version"], said["Released"]) == ("0.2.0", "2026-12-01")
    assert said["Cite"].startswith("aistatecraft contributors. (2026).") and "creativecommons.org/licenses/by/4.0" in said["Licence"]
    assert not {"Address", "DOI"} & set(said)
    listed = {row[0].value: (row[1].value, row[0].hyperlink.location) for row in page.iter_rows() if row[0].hyperlink}
    counts = {name: len(next(iter(loaded(name, root).values()))) for name in package.resources}
    assert listed == {name: (counts.get(name), f"'{name}'!A1") for name in book.sheetnames[1:]}
    assert book.properties.created == book.properties.modified == dt.datetime(2026, 12, 1)
    assert (book.properties.title, book.properties.creator) == (package.title, "aistatecraft contributors")


@pytest.mark.real
def test_codebook_and_reasons(file: File, package: Package, root: Path) -> None:
    book = workbook(file("xlsx"))
    _, *rows = sheet(book, "codebook")
    words = [row for resource in package.resources.values() for row in field_rows(resource.schema)]
    assert [[*row[:10], row[11]] for row in rows] == [
        [row[key] for key in ("table", "field", "title", "type", "dtype", "key", "required", "references", "description", "values", "example")]
        for row in words
    ]  # fmt: skip
    told = [[name, *map(str, row)] for name in package.resources for row in missing(name, path=root).itertuples(index=False)]
    assert sheet(book, "missing") == [["table", "record", "field", "reason"], *told]


@pytest.mark.real
def test_no_formula_and_no_way_out(file: File, package: Package) -> None:
    for name, text in parts(file("xlsx")).items():
        root = ElementTree.fromstring(text)
        assert not [element for element in root.iter() if element.tag.endswith(("}f", "}externalReference", "}oleObject"))]
        assert 'TargetMode="External"' not in text
        if name.startswith("xl/worksheets/") and not name.endswith("/sheet1.xml"):  # the first sheet links to the others
            assert "hyperlink" not in text.lower()


@pytest.mark.real
def test_the_archive_is_stored_with_one_time_stamp(file: File) -> None:
    with zipfile.ZipFile(io.BytesIO(file("xlsx"))) as archive:
        assert {(info.compress_type, info.date_time) for info in archive.infolist()} == {(zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))}


def test_each_type(make: Make) -> None:
    book = workbook(one("xlsx", open_package(make({"everything": (EVERYTHING, ROWS)}))))
    _, full, old, blank, said = sheet(book, "everything")
    assert full == [
        "full", "9223372036854775807", 0.30000000000000004, True, dt.datetime(2024, 2, 29), "2024-02-29T12:00:00+00:00", 2024, "2024-02",
        '["a", "b"]', "[1, 2]", '["2024-01-01", "2024-01-02"]', "it's", "b", "2", "076", "https://host.invalid/", "2024-02",
    ]  # fmt: skip
    assert old[:7] == ["old", -9, -1.5e-300, False, "0999-12-31", "2024-02-29T12:00:00", -44]
    assert (blank[1:], said[1:]) == ([None] * 16, [None] * 16)
    assert sheet(book, "missing")[1] == ["everything", "said", "whole", "not applicable"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0.1", 0.1),
        ("2.2250738585072014e-308", 2.2250738585072014e-308),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        ("9007199254740993.5", 9007199254740994.0),
        ("123456789.12345678", 123456789.12345678),
        ("-0.0", 0.0),
        ("NaN", "NaN"),
        ("INF", "INF"),
        ("-INF", "-INF"),
    ],
)
def test_numbers_keep_all_their_digits(make: Make, written: str, read: float | str) -> None:
    schema = {"fields": [{"name": "x", "type": "number"}]}
    assert sheet(workbook(one("xlsx", open_package(make({"t": (schema, f"x\n{written}\n")})))), "t")[1] == [read]


@pytest.mark.parametrize(("written", "read"), [("999999999999999", 999999999999999), ("-1000000000000000", "-1000000000000000")])
def test_whole_numbers_that_excel_would_round_are_text(make: Make, written: str, read: int | str) -> None:
    schema = {"fields": [{"name": "x", "type": "integer"}]}
    assert sheet(workbook(one("xlsx", open_package(make({"t": (schema, f"x\n{written}\n")})))), "t")[1] == [read]


@pytest.mark.parametrize(("written", "read"), [("1900-02-28", "1900-02-28"), ("1900-03-01", dt.datetime(1900, 3, 1)), ("9999-12-31", dt.datetime(9999, 12, 31))])  # fmt: skip
def test_days_that_programs_count_differently_are_text(make: Make, written: str, read: object) -> None:
    schema = {"fields": [{"name": "x", "type": "date"}]}
    assert sheet(workbook(one("xlsx", open_package(make({"t": (schema, f"x\n{written}\n")})))), "t")[1] == [read]


# Limits of a worksheet


@pytest.mark.parametrize("text", ["x" * 32_767, "😀" * 16_383 + "x", "波" * 32_767])
def test_the_longest_text(make: Make, text: str) -> None:
    assert sheet(workbook(one("xlsx", open_package(make({"t": (TEXT, f"x\n{text}\n")})))), "t")[1] == [text]


@pytest.mark.parametrize(("text", "length"), [("x" * 32_768, "32,768"), ("😀" * 16_384, "32,768")])
def test_a_text_that_is_too_long(make: Make, text: str, length: str) -> None:
    with pytest.raises(RefusedError, match=rf"^t: row 2, column 1: a cell of a worksheet holds at most 32,767 characters, this text has {length}; shorten it, or omit the format xlsx\.$"):  # fmt: skip
        one("xlsx", open_package(make({"t": (TEXT, f"x\n{text}\n")})))


def test_too_many_rows_and_columns(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (xlsx.MAX_ROWS, xlsx.MAX_COLUMNS) == (1_048_576, 16_384)
    monkeypatch.setattr(xlsx, "MAX_ROWS", 4)
    assert len(sheet(workbook(one("xlsx", open_package(make({"t": (TEXT, "x\n1\n2\n3\n")})))), "t")) == 4
    with pytest.raises(RefusedError, match=r"^t: a worksheet has at most 4 rows with the head, the table has 4; split it"):
        one("xlsx", open_package(make({"t": (TEXT, "x\n1\n2\n3\n4\n")}, "more")))
    monkeypatch.setattr(xlsx, "MAX_COLUMNS", 1)
    wide = {"fields": [{"name": "x", "type": "string"}, {"name": "y", "type": "string"}]}
    with pytest.raises(RefusedError, match=r"^t: a worksheet has at most 1 columns, the table has 2; split it"):
        one("xlsx", open_package(make({"t": (wide, "x,y\n1,2\n")}, "wide")))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a" * 32], r"the name of a sheet has at most 31 characters, this table's has 32; rename it"),
        (["History"], r"^History: Excel reserves this sheet name; rename the table"),
        (["Aa", "aA"], r"a workbook treats the tables 'Aa' and 'aA' as the same"),
    ],
)
def test_names_that_no_sheet_can_have(make: Make, names: list[str], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        one("xlsx", open_package(make(dict.fromkeys(names, (TEXT, "x\n1\n")))))


def test_tables_with_the_names_of_our_sheets(make: Make) -> None:
    names = ["about", "codebook", "Missing", "_missing", "a" * 31, "a.b-c"]
    book = workbook(one("xlsx", open_package(make({name: (TEXT, f"x\n{name}\n") for name in names}))))
    assert book.sheetnames == ["_About", "_codebook", *names, "__missing"]
    assert [sheet(book, name)[1] for name in names] == [[name] for name in names]
    assert {row[0].hyperlink.location for row in book["_About"].iter_rows() if row[0].hyperlink} >= {"'a.b-c'!A1"}


def test_an_empty_table(make: Make) -> None:
    book = workbook(one("xlsx", open_package(make({"t": (TEXT, "x\n")}))))
    assert sheet(book, "t") == [["x"]] and book["t"].auto_filter.ref == "A1"


def test_properties_are_cut_where_excel_would_call_them_damaged(make: Make) -> None:
    package = open_package(make({"t": (TEXT, "x\n1\n")}, title="long " * 100))
    book = workbook(one("xlsx", package))
    assert book.properties.title == ("long " * 100)[:255] and book["About"]["A1"].value == ("long " * 100).strip()
