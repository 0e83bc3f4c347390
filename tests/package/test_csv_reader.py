"""From the bytes of a table to its records: every fault of the text with its line, and no row lost for the fault of another."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aistatecraft.errors import DataError, ReadError
from aistatecraft.package import Dialect, Table, clean_records, open_package, read_table
from tests.conftest import Make

NAMES = ("id", "name", "note")
SCHEMA: dict[str, Any] = {"fields": [{"name": name, "type": "string"} for name in NAMES], "primaryKey": "id"}


def read(
    text: str | bytes, names: Sequence[str] = NAMES, dialect: Dialect | None = None
) -> tuple[list[tuple[int, list[str | None]]], Table]:
    """(line, cells) of each record, and the table with all its faults."""
    table = read_table(text.encode() if isinstance(text, str) else text, names, dialect or Dialect(), "data/people.csv")
    return [(record.line, list(record.cells)) for record in table.records], table


def rows(text: str | bytes, names: Sequence[str] = NAMES) -> list[list[str | None]]:
    return [cells for _, cells in read(text, names)[0]]


def faults(text: str | bytes, names: Sequence[str] = NAMES, dialect: Dialect | None = None) -> list[tuple[str, int]]:
    """(rule, line) of each fault."""
    return [(fault.rule, fault.line) for fault in read(text, names, dialect)[1].faults]


def told(text: str | bytes, names: Sequence[str] = NAMES) -> list[str]:
    """Message and hint of each fault."""
    return [f"{fault.message}; {fault.hint}" for fault in read(text, names)[1].faults]


class TestSound:
    def test_a_table(self) -> None:
        records, table = read("id,name,note\n1,Ana,\n2,李,x\n")
        assert records == [(2, ["1", "Ana", ""]), (3, ["2", "李", "x"])]
        assert (table.header, table.columns, table.faults, table.usable) == (["id", "name", "note"], [0, 1, 2], [], True)

    def test_a_table_without_rows(self) -> None:
        assert read("id,name,note\n")[0] == []
        assert faults("id,name,note\n") == []

    def test_what_is_between_quotes_is_text(self) -> None:
        assert rows('id,name,note\n1,"a, b","said ""no"""\n2,"","two\nlines"\n') == [["1", "a, b", 'said "no"'], ["2", "", "two\nlines"]]
        assert faults('id,name,note\n1,"a, b","said ""no"""\n') == []

    def test_a_quote_inside_an_unquoted_cell_is_a_character(self) -> None:
        assert rows('id,name,note\n1,5" disk,x\n') == [["1", '5" disk', "x"]]

    def test_blanks_are_kept(self) -> None:
        assert rows("id,name,note\n1, a , \n") == [["1", " a ", " "]]

    def test_another_dialect(self) -> None:
        records, table = read("id;name;note\n1;'a;b';it''s\n", dialect=Dialect(";", "'"))
        assert (records, table.faults) == ([(2, ["1", "a;b", "it''s"])], [])

    def test_a_table_of_one_column(self) -> None:
        assert rows('id\n1\n""\n2\n', ["id"]) == [["1"], [""], ["2"]]
        assert faults("id\n1\n\n2\n", ["id"]) == [("blank-row", 3)]

    def test_a_header_between_quotes(self) -> None:
        assert rows('"id","name","note"\n"1","a","b"\n') == [["1", "a", "b"]]
        assert faults('"id","name","note"\n"1","a","b"\n') == []

    def test_unicode_line_separators_do_not_end_a_line(self) -> None:
        records, table = read("id,name,note\n1,a\u2028b,c\x85d\x0be\n2,x,y\n")
        assert records == [(2, ["1", "a\u2028b", "c\x85d\x0be"]), (3, ["2", "x", "y"])]
        assert table.faults == []

    @given(
        st.lists(
            st.lists(
                st.text(alphabet=st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=6), min_size=3, max_size=3
            ),
            max_size=6,
        )
    )
    def test_whatever_the_csv_module_writes_comes_back_at_its_line(self, table: list[list[str]]) -> None:
        out, lines = io.StringIO(), []
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(NAMES)
        for row in table:
            lines.append(out.getvalue().count("\n") + 1)
            writer.writerow(row)
        records, read_back = read(out.getvalue())
        assert records == list(zip(lines, table, strict=True))
        assert read_back.faults == []


class TestLines:
    TEXT = 'id,name,note\n1,"one\ntwo\nthree",x\n2,"a ""b""\n","c\nd"\n3,y,z\n'

    def test_records_begin_on_physical_lines(self) -> None:
        assert [line for line, _ in read(self.TEXT)[0]] == [2, 5, 8]

    def test_line_of_is_the_line_on_which_the_cell_begins(self) -> None:
        table = read_table(self.TEXT.encode(), NAMES, Dialect(), "t.csv")
        assert [[record.line_of(column) for column in range(3)] for record in table.records] == [[2, 2, 4], [5, 5, 6], [8, 8, 8]]

    def test_line_of_counts_by_the_columns_of_the_file(self) -> None:
        text = 'note,id,name\n"a\nb",1,"c\nd"\n'
        record = next(read_table(text.encode(), NAMES, Dialect(), "t.csv").records)
        assert (record.cells, record.columns, record.raw) == (["1", "c\nd", "a\nb"], [1, 2, 0], ["a\nb", "1", "c\nd"])
        assert {name: record.line_of(record.columns[at]) for at, name in enumerate(NAMES)} == {"id": 3, "name": 3, "note": 2}

    def test_line_breaks_with_carriage_return_count_once(self) -> None:
        record = next(read_table(self.TEXT.replace("\n", "\r\n").encode(), NAMES, Dialect(), "t.csv").records)
        assert (record.cells[1], record.line_of(2)) == ("one\ntwo\nthree", 4)

    def test_faults_after_quoted_line_breaks_stand_on_their_physical_line(self) -> None:
        assert faults('id,name,note\n1,"a\nb\nc",x\n2,y\n\n3,y,z,w\n') == [("ragged-row", 5), ("blank-row", 6), ("ragged-row", 7)]


class TestBytes:
    def test_a_byte_order_mark_is_told_and_is_not_in_the_header(self) -> None:
        records, table = read("\ufeffid,name,note\n1,a,b\n")
        assert (records, table.header) == ([(2, ["1", "a", "b"])], ["id", "name", "note"])
        assert told("\ufeffid,name,note\n1,a,b\n") == ["the file begins with a byte order mark; save it as UTF-8 without BOM"]

    def test_carriage_return_and_line_feed(self) -> None:
        assert read("id,name,note\r\n1,a,b\r\n2,c,d\r\n")[0] == [(2, ["1", "a", "b"]), (3, ["2", "c", "d"])]
        assert told("id,name,note\r\n1,a,b\r\n2,c,d\r\n") == [
            "the line ends with a carriage return (and on 2 more lines); save the file with LF line ends"
        ]
        assert told("id,name,note\n1,a,b\r\n") == ["the line ends with a carriage return; save the file with LF line ends"]
        assert faults("id,name,note\n1,a,b\n2,c,d\r\n3,e,f\n") == [("line-ends", 3)]

    @pytest.mark.parametrize("end", ["\r", ""])
    def test_carriage_returns_alone_end_the_lines_of_a_file_that_has_no_line_feed(self, end: str) -> None:
        text = f"id,name,note\r1,a,b\r2,c,d{end}"
        assert read(text)[0] == [(2, ["1", "a", "b"]), (3, ["2", "c", "d"])]
        assert faults(text) == [("line-ends", 1)] + ([] if end else [("last-line", 3)])

    @pytest.mark.parametrize(
        "text", ["id,name,note\n1,a\rb,c\n2,d,e\n", 'id,name,note\n1,"a\rb",c\n2,d,e\n', "id,name,note\n1,a\rb,c\r\n2,d,e\r\n"]
    )
    def test_a_carriage_return_inside_a_line_is_told_on_its_line_and_does_not_end_the_row(self, text: str) -> None:
        records, table = read(text)
        assert records == [(2, ["1", "a b", "c"]), (3, ["2", "d", "e"])]
        assert [(fault.rule, fault.line) for fault in table.faults if fault.rule != "line-ends"] == [("control-character", 2)]

    def test_a_carriage_return_too_many(self) -> None:
        assert faults("id,name,note\r\r\n1,a,b\n") == [
            ("control-character", 1),
            ("extra-column", 1),
            ("missing-column", 1),
            ("line-ends", 1),
        ]
        assert faults("id,name,note\n1,a,b\r\r\n") == [("control-character", 2), ("line-ends", 2)]

    def test_bytes_of_another_encoding_are_shown_as_what_they_probably_mean(self) -> None:
        raw = "id,name,note\n1,São Paulo,x\n2,ok,y\n3,Bogotá,z\n".encode("cp1252")
        records, table = read(raw)
        assert [fault[:2] for fault in table.faults] == [("encoding", 2), ("encoding", 4)]
        assert (table.faults[0].value, table.faults[0].message) == (
            "1,São Paulo,x",
            "byte 4 of the line is not UTF-8; read as Windows-1252 it would be '1,São Paulo,x'",
        )
        assert [cells[1] for _, cells in records] == ["S\udce3o Paulo", "ok", "Bogot\udce1"]

    def test_a_character_cut_in_two(self) -> None:
        raw = "id,name,note\n1,é".encode()[:-1] + b"\n"
        assert faults(raw) == [("encoding", 2), ("ragged-row", 2)]

    def test_nul_is_told_and_the_row_is_kept(self) -> None:
        records, table = read("id,name,note\n1,a\0b,c\n2,d,e\n")
        assert records == [(2, ["1", "a\ufffdb", "c"]), (3, ["2", "d", "e"])]
        assert [fault[:2] for fault in table.faults] == [("nul", 2)]

    def test_a_last_line_without_line_break(self) -> None:
        assert read("id,name,note\n1,a,b")[0] == [(2, ["1", "a", "b"])]
        assert told("id,name,note\n1,a,b") == [
            "the last line does not end with a line break: the file may be cut off; end the file with a line break"
        ]
        assert faults('id,name,note\n1,"a\nb",c') == [("last-line", 3)]
        assert faults("id,name,note") == [("last-line", 1)]

    @pytest.mark.parametrize(
        ("raw", "what"),
        [
            (b"PK\x03\x04\x14\x00\x06\x00", "a zip archive or an Excel or LibreOffice workbook"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
            ("id,name,note\n".encode("utf-16"), "UTF-16 text"),
            (b"\xfe\xff\x00i\x00d", "UTF-16 text"),
            (b"%PDF-1.7\n", "a PDF"),
            (b"PAR1\x15\x04", "a Parquet file"),
            (b"SQLite format 3\x00", "an SQLite database"),
            (b"\x1f\x8b\x08\x00", "a gzip archive"),
        ],
    )
    def test_a_file_of_another_kind_is_told_by_its_first_bytes(self, raw: bytes, what: str) -> None:
        records, table = read(raw)
        assert (records, table.usable) == ([], False)
        assert told(raw) == [f"this is {what}, not CSV text in UTF-8; export the table as CSV in UTF-8"]

    @pytest.mark.parametrize("raw", [b"", b"\n", b" \n\t\r\n"])
    def test_an_empty_file(self, raw: bytes) -> None:
        records, table = read(raw)
        assert (records, table.usable, [fault.rule for fault in table.faults]) == ([], False, ["empty-file"])

    @given(st.binary(max_size=80))
    def test_whatever_the_bytes_they_are_read_or_told(self, raw: bytes) -> None:
        for text in (raw, b"id,name,note\n" + raw):
            records, table = read(text)
            assert table.usable or table.faults
            assert all(len(cells) == 3 for _, cells in records)
            assert [line for line, _ in records] == sorted({line for line, _ in records})

    @given(st.text(alphabet='a,"\n\r;', max_size=40))
    def test_whatever_the_quotes_every_line_is_in_a_record_or_told(self, text: str) -> None:
        raw = f"id,name,note\n{text}\n".replace("\r\n", "\n")
        if "\r" in raw:
            return
        table = read_table(raw.encode(), NAMES, Dialect(), "t.csv")
        seen: set[int] = {1}
        for record in table.records:
            seen |= set(range(record.line, record.line_of(len(record.raw)) + 1))
        assert seen | {fault.line for fault in table.faults} >= set(range(1, raw.count("\n") + 1))


class TestHeader:
    def test_columns_in_another_order_are_told_and_set_right(self) -> None:
        records, table = read("name,id,note\na,1,x\n")
        assert (records, table.columns) == ([(2, ["1", "a", "x"])], [1, 0, 2])
        assert told("name,id,note\na,1,x\n") == ["the columns are not in the order of the schema; order them: id,name,note"]

    def test_the_first_column_out_of_order_is_named(self) -> None:
        fault = read("id,note,name\n")[1].faults[0]
        assert (fault.rule, fault.column, fault.value) == ("column-order", 1, "note")

    def test_a_missing_column_has_no_cells(self) -> None:
        records, table = read("id,note\n1,x\n")
        assert (records, table.columns) == ([(2, ["1", None, "x"])], [0, -1, 1])
        assert told("id,note\n1,x\n") == ["the column 'name' is missing; add it as column 2"]

    def test_a_column_too_many(self) -> None:
        records, table = read("id,extra,name,note\n1,?,a,x\n")
        assert records == [(2, ["1", "a", "x"])]
        assert [fault[:4] for fault in table.faults] == [("extra-column", 1, 1, "extra")]
        assert told("id,extra,name,note\n") == [
            "the column 'extra' is not in the schema; delete the column, or add the field to the schema"
        ]

    def test_a_column_spelled_otherwise(self) -> None:
        assert told("id, Name,note\n") == [
            "the column ' Name' is not in the schema; write it 'name'",
            "the column 'name' is missing; add it as column 2",
        ]

    @pytest.mark.parametrize(
        ("header", "found"),
        [
            ("id,name,note,name", [("duplicate-column", 3, "name")]),
            ("id,id,name,note", [("duplicate-column", 1, "id")]),
            ("id,name,name", [("duplicate-column", 2, "name"), ("missing-column", None, "note")]),
            ("name,id,note,id", [("duplicate-column", 3, "id"), ("column-order", 0, "name")]),
            ("id,name,note,x,x", [("extra-column", 3, "x"), ("duplicate-column", 4, "x")]),
        ],
    )
    def test_a_column_that_stands_twice(self, header: str, found: list[tuple[str, int | None, str]]) -> None:
        table = read(f"{header}\n")[1]
        assert [(fault.rule, fault.column, fault.value) for fault in table.faults] == found

    def test_of_a_column_that_stands_twice_the_first_counts(self) -> None:
        assert rows("id,name,name,note\n1,a,b,c\n") == [["1", "a", "c"]]

    @pytest.mark.parametrize("text", ["1,a,b\n2,c,d\n", "\nid,name,note\n1,a,b\n", "Id,Name,Note\n1,a,b\n"])
    def test_a_first_row_that_is_no_header(self, text: str) -> None:
        records, table = read(text)
        assert (records, table.usable) == ([], False)
        assert told(text) == ["the first row is not the header; put the header first: id,name,note"]

    @pytest.mark.parametrize("delimiter", [";", "\t", "|"])
    def test_another_delimiter_is_told_once_and_the_rows_are_read(self, delimiter: str) -> None:
        text = "id,name,note\n1,a,b\n2,c,d\n".replace(",", delimiter)
        assert read(text)[0] == [(2, ["1", "a", "b"]), (3, ["2", "c", "d"])]
        assert told(text) == [f"the cells are separated by {delimiter!r}, not by ','; save the file with ',' between cells"]

    def test_another_delimiter_with_every_cell_between_quotes(self) -> None:
        text = '"id";"name";"note"\n"1";"a;b";"c"\n'
        assert read(text)[0] == [(2, ["1", "a;b", "c"])]
        assert faults(text) == [("delimiter", 1)]

    def test_commas_where_the_dialect_has_semicolons(self) -> None:
        assert faults("id,name,note\n1,a,b\n", dialect=Dialect(";", '"')) == [("delimiter", 1)]

    @pytest.mark.parametrize("header", ['"id,name,note\n1,a,b\n', '"id"x,name,note\n1,a,b\n'])
    def test_quotes_of_the_header_that_do_not_fit(self, header: str) -> None:
        records, table = read(header)
        assert (records, table.usable) == ([], False)
        assert [(fault.rule, fault.line, fault.hint) for fault in table.faults] == [("quoting", 1, "fix the header row")]

    @given(st.lists(st.sampled_from([*NAMES, "x", " id", "NAME", ""]), max_size=6))
    def test_whatever_the_header_each_name_that_is_there_gives_its_cells(self, header: list[str]) -> None:
        if not set(header) & set(NAMES):
            return
        text = ",".join(header) + "\n" + ",".join(str(number) for number in range(len(header))) + "\n"
        assert rows(text) == [[str(header.index(name)) if name in header else None for name in NAMES]]
        assert (faults(text) == []) == (header == list(NAMES))


class TestRows:
    def test_rows_too_short_and_too_long(self) -> None:
        table = read_table(b"id,name,note\n1,a\n2,b,c,d\n3,e,f\n", NAMES, Dialect(), "t.csv")
        assert [(record.line, record.cells, record.whole) for record in table.records] == [
            (2, ["1", "a", None], False),
            (3, ["2", "b", "c"], False),
            (4, ["3", "e", "f"], True),
        ]
        assert [fault[:3] for fault in table.faults] == [("ragged-row", 2, None), ("ragged-row", 3, 3)]
        assert [f"{fault.message}; {fault.hint}" for fault in table.faults] == [
            "the row has 2 cells, the header has 3; add the cells that are missing (a blank cell needs its comma too)",
            "the row has 4 cells, the header has 3; put a cell that holds a comma between quotes, or delete the cells that are too many",
        ]

    def test_blank_rows_are_told_and_are_no_records(self) -> None:
        assert read("id,name,note\n\n1,a,b\n,\n\n2,c,d\n\n")[0] == [(3, ["1", "a", "b"]), (6, ["2", "c", "d"])]
        assert faults("id,name,note\n\n1,a,b\n,\n\n2,c,d\n\n") == [("blank-row", 2), ("blank-row", 4), ("blank-row", 5), ("blank-row", 7)]

    def test_a_row_of_blank_cells_is_a_record(self) -> None:
        assert read("id,name,note\n,,\n")[0] == [(2, ["", "", ""])]

    def test_a_row_of_blanks_is_not_blank(self) -> None:
        assert faults("id,name,note\n \n") == [("ragged-row", 2)]


class TestQuotes:
    def test_a_stray_quote_does_not_hide_the_rows_after_it(self) -> None:
        records, table = read('id,name,note\n1,"a,b\n2,c,d\n3,e,f\n')
        assert records == [(3, ["2", "c", "d"]), (4, ["3", "e", "f"])]
        assert [fault[:2] for fault in table.faults] == [("quoting", 2)]
        assert table.faults[0].message.startswith("the quotes of the row that begins here do not fit (")

    def test_a_stray_quote_that_meets_another_later(self) -> None:
        records, table = read('id,name,note\n1,"a,b\n2,c,d\n3,"e",f\n4,g,h\n')
        assert records == [(3, ["2", "c", "d"]), (4, ["3", "e", "f"]), (5, ["4", "g", "h"])]
        assert [fault[:2] for fault in table.faults] == [("quoting", 2)]

    def test_text_after_a_closing_quote(self) -> None:
        records, table = read('id,name,note\n1,"a"b,c\n2,d,e\n')
        assert (records, [fault[:2] for fault in table.faults]) == ([(3, ["2", "d", "e"])], [("quoting", 2)])

    def test_a_quote_that_is_not_closed_at_the_end(self) -> None:
        assert read('id,name,note\n1,a,b\n2,c,"d\n')[0] == [(2, ["1", "a", "b"])]
        assert faults('id,name,note\n1,a,b\n2,c,"d\n') == [("quoting", 3)]
        assert faults('id,name,note\n1,a,b\n2,c,"d') == [("quoting", 3), ("last-line", 3)]

    def test_each_row_with_stray_quotes_is_told(self) -> None:
        text = "id,name,note\n" + "".join(f'{number},"a"b,c\n{number},ok,x\n' for number in range(5))
        assert faults(text) == [("quoting", 2 * number + 2) for number in range(5)]
        assert [line for line, _ in read(text)[0]] == [3, 5, 7, 9, 11]

    def test_what_was_read_in_vain_is_not_judged_twice(self) -> None:
        text = b'id,name,note\r\n1,"a,b\r\n2,\xe3,d\0\r\n3,e,f\r\n'
        assert faults(text) == [("encoding", 3), ("nul", 3), ("quoting", 2), ("line-ends", 1)]
        assert told(text)[-1] == "the line ends with a carriage return (and on 3 more lines); save the file with LF line ends"

    def test_what_comes_after_a_stray_quote_is_judged_too(self) -> None:
        text = b'id,name,note\n1,"a"b,c\n2,\xe3,d\n3,e\0,f\n4,g\rh,i\r\n5,j,k\n'
        assert faults(text) == [("quoting", 2), ("encoding", 3), ("nul", 4), ("control-character", 5), ("line-ends", 5)]

    def test_a_stray_quote_does_not_hide_a_last_row_without_line_break(self) -> None:
        assert read('id,name,note\n1,"a,b\n2,c,d')[0] == [(3, ["2", "c", "d"])]
        assert read('id,name,note\r\n1,"a,b\r\n2,c,d')[0] == [(3, ["2", "c", "d"])]

    def test_in_a_file_of_megabytes_faults_stand_on_their_lines_and_hide_nothing(self) -> None:
        lines = [f"{number},{'x' * 60},y" for number in range(40_000)]
        lines[5_000:5_000] = ['a,"two\nlines",z']
        lines[12_000], lines[25_000], lines[39_000] = '1,"stray"quote,z', "2,Bogot\xe1,z", "3,b"
        raw = ("id,name,note\n" + "\n".join(lines) + "\n").encode("latin-1")
        assert len(raw) > 2.5e6
        records, table = read(raw)
        assert [fault[:2] for fault in table.faults] == [("quoting", 12_003), ("encoding", 25_003), ("ragged-row", 39_003)]
        assert len(records) == 40_000
        assert [records[at] for at in (0, 5_000, 12_000, 39_999)] == [
            (2, ["0", "x" * 60, "y"]),
            (5_002, ["a", "two\nlines", "z"]),
            (12_004, ["12000", "x" * 60, "y"]),
            (40_003, ["39999", "x" * 60, "y"]),
        ]

    def test_a_file_full_of_stray_quotes_ends(self) -> None:
        text = "id,name,note\n" + 'x,"a"b,c\n' * 1_500
        found = read(text)[1].faults
        assert len(found) < 1_500
        assert {fault.rule for fault in found} == {"quoting"}
        assert found[-1].message.endswith(" rows have quotes that do not fit; the rest was not read")


class TestClean:
    """What `load`, `diff` and `release` read: the records, or the first fault as an error."""

    def records(self, make: Make, text: str | bytes) -> list[list[str | None]]:
        package = open_package(make({"people": (SCHEMA, text)}))
        return [list(record.cells) for record in clean_records(package, package.resource("people"))]

    @pytest.mark.parametrize(
        "text",
        [
            "id,name,note\n1,a,b\n2,c,d\n",
            "id,name,note\n1,a,b\n2,c,d",
            "id,name,note\r\n1,a,b\r\n2,c,d\r\n",
            "id,name,note\r1,a,b\r2,c,d\r",
            "\ufeffid,name,note\n1,a,b\n2,c,d\n",
            "note,name,id\nb,a,1\nd,c,2\n",
        ],
        ids=["sound", "no break at the end", "CRLF", "CR", "byte order mark", "other order"],
    )
    def test_what_changes_no_cell_is_let_pass(self, make: Make, text: str) -> None:
        assert self.records(make, text) == [["1", "a", "b"], ["2", "c", "d"]]

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", r"1: the file is empty and has no header; write the header row, or restore the file"),
            (b"PK\x03\x04", r"1: this is a zip archive or an Excel or LibreOffice workbook, not CSV text in UTF-8"),
            ("1,a,b\n", r"1: the first row is not the header"),
            ('"id,name,note\n', r"1: the quotes of the header do not fit"),
            ("id;name;note\n1;a;b\n", r"1: the cells are separated by ';', not by ','"),
            ("id,name\n1,a\n", r"1: the column 'note' is missing"),
            ("id,name,note,x\n1,a,b,c\n", r"1: the column 'x' is not in the schema"),
            ("id,name,note,note\n1,a,b,c\n", r"1: the column 'note' stands in the header twice"),
            (b"id,name,note\n1,a,b\n2,\xe3,d\n", r"3: byte 3 of the line is not UTF-8; read as Windows-1252 it would be '2,ã,d'"),
            ("id,name,note\n1,a\0,b\n", r"2: the line holds a NUL character"),
            ("id,name,note\n1,a\rb,c\n", r"2: a carriage return stands inside the line"),
            ("id,name,note\n1,a,b\n\n2,c,d\n", r"3: the row is blank; delete it"),
            ("id,name,note\n1,a,b\n2,c\n", r"3: the row has 2 cells, the header has 3"),
            ("id,name,note\n1,a,b\n2,c,d,e\n", r"3: the row has 4 cells, the header has 3"),
            ('id,name,note\n1,a,b\n2,"c,d\n', r"3: the quotes of the row that begins here do not fit"),
            ('id,name,note\n1,"x\ny",b\n2,c\n', r"4: the row has 2 cells, the header has 3"),
        ],
    )  # fmt: skip
    def test_what_could_change_a_cell_is_an_error_that_names_file_and_line(self, make: Make, text: str | bytes, reason: str) -> None:
        with pytest.raises(DataError, match=rf"^data/people\.csv:{reason}"):
            self.records(make, text)

    def test_no_record_is_given_that_stands_beside_or_after_a_fault(self, make: Make) -> None:
        package = open_package(make({"people": (SCHEMA, "id,name,note\n1,a,b\n2,c\n3,d,e\n")}))
        given_records = clean_records(package, package.resource("people"))
        with pytest.raises(DataError, match=r"^data/people\.csv:3: the row has 2 cells"):
            list(given_records)

    def test_a_missing_file(self, make: Make) -> None:
        package = open_package(make({"people": (SCHEMA, None)}))
        with pytest.raises(ReadError, match=r"^data/people\.csv: the file is missing"):
            list(clean_records(package, package.resource("people")))
