"""Texts that programs take for formulas, markup, links or SQL: in every format they stay what they are, and stay whole."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from aistatecraft.errors import RefusedError
from aistatecraft.package import Package, clean_records, open_package
from tests.conftest import Make
from tests.export.conftest import database, one, parquet
from tests.export.test_xlsx import parts, sheet, workbook

HARM = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://host.invalid/","click")',
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "{=1+1}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<r><t>bold</t></r>",
    "<r>",
    "<si><t>x</t></si>]]></t>",
    "&lt;b&gt; &amp;amp;",
    "javascript:alert(1)",
    "https://host.invalid/?a=1&b=<2>",
    "file:///etc/passwd",
    "internal:t!A1",
    "'; DROP TABLE t; --",
    "a \"quoted\" 'text' with \\ and `",
    "{{7*7}} ${7*7} %s %d",
    "_x0041_ _x005F_",
    "0123",
    "1e5",
    "TRUE",
    "2024-01-01",
    "  spaces around  ",
    "two\nlines\n",
    "tab\tinside",
    "NULL",
    "\u202eright to left",
    "e\u0301 é 😀 波",
    "\ufeffmark",
    "]] --> */ ); DROP TABLE t; /*",
]
CONTROL = ["bell\x07", "\x01\x02", "escape\x1b[31m", "\x7f\x85", "\ufffe\uffff", "vertical\x0b\x0c"]


def table(texts: list[str]) -> tuple[dict[str, Any], str]:
    schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "x", "type": "string"}], "primaryKey": ["n"]}
    lines = ['{},"{}"'.format(number, text.replace('"', '""')) for number, text in enumerate(texts)]
    return schema, "\n".join(["n,x", *lines]) + "\n"


@pytest.fixture
def package(make: Make) -> Package:
    found = open_package(make({"t": table(HARM + CONTROL)}))
    assert [record.cells[1] for record in clean_records(found, found.resource("t"))] == HARM + CONTROL
    return found


def from_parquet(package: Package) -> list[Any]:
    return list(parquet(one("parquet", package))["t"]["x"].to_pylist())


def from_sqlite(package: Package) -> list[Any]:
    with database(one("sqlite", package)) as base:
        return [value for (value,) in base.execute("SELECT x FROM t")]


def from_xlsx(package: Package) -> list[Any]:
    """Texts as Excel reads them: openpyxl undoes only some of the escapes of control characters."""
    files = parts(one("xlsx", package))
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    shared = [
        re.sub("_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), "".join(text.text or "" for text in entry.iter(f"{main}t")))
        for entry in ElementTree.fromstring(files["xl/sharedStrings.xml"]).iter(f"{main}si")
    ]
    cells = ElementTree.fromstring(files["xl/worksheets/sheet3.xml"]).iter(f"{main}c")  # after README and codebook
    found = [(cell.get("t"), cell.findtext(f"{main}v")) for cell in cells if str(cell.get("r")).startswith("B")][1:]
    assert {kind for kind, _ in found} == {"s"}
    return [shared[int(str(place))] for _, place in found]


def from_csv(package: Package) -> list[Any]:
    import csv

    with zipfile.ZipFile(io.BytesIO(one("csv", package))) as archive:
        return [row[1] for row in csv.reader(io.StringIO(archive.read("data/t.csv").decode(), newline=""))][1:]


@pytest.mark.parametrize("read", [from_csv, from_parquet, from_sqlite, from_xlsx])
def test_texts_are_kept(package: Package, read: Callable[[Package], list[Any]]) -> None:
    assert read(package) == HARM + CONTROL


def test_nothing_in_a_workbook_is_a_formula_link_or_number(package: Package) -> None:
    data = one("xlsx", package)
    book = workbook(data)
    assert {cell.data_type for cell in book["t"]["B"]} == {"s"}
    assert not [cell for row in book["t"].iter_rows() for cell in row if cell.hyperlink]
    for name, text in parts(data).items():
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
        assert not {"f", "script", "img", "hyperlink"} & tags or name.endswith("sheet1.xml")
        assert "host.invalid" not in text or name == "xl/sharedStrings.xml"


@pytest.mark.parametrize("text", ["<r>\x01</r>", "<r>_x0041_</r>"])
def test_a_text_that_the_writer_of_workbooks_would_damage(make: Make, text: str) -> None:
    """XlsxWriter escapes such a text twice; rather than another text there is none."""
    package = open_package(make({"t": table([text])}))
    with pytest.raises(RefusedError, match=r"^t: row 2, column 2: a text between <r> and </r> cannot also contain control characters"):
        one("xlsx", package)
    assert from_sqlite(package) == from_parquet(package) == [text]


NASTY = "</script><script>alert(1)</script> <!-- \u2028 ' \" */ ); DROP TABLE t; -- \n; DELETE FROM t; =1+1"


@pytest.fixture
def described(make: Make) -> Package:
    """A package whose names and descriptions are meant to do harm, not its cells."""
    fields = [
        {"name": NASTY, "title": NASTY, "description": NASTY, "type": "string", "categories": [{"value": NASTY, "label": NASTY}]},
        {"name": "=1+1", "type": "integer", "constraints": {"minimum": 0}},
        {"name": 'a"b', "type": "string", "constraints": {"enum": ["it's"]}},
    ]
    schema = {"title": NASTY, "description": NASTY, "fields": fields, "primaryKey": [NASTY]}
    quoted = NASTY.replace('"', '""')
    return open_package(
        make(
            {"t": (schema, f'"{quoted}",=1+1,"a""b"\n"{quoted}",7,it\'s\n')}, title=NASTY, description=NASTY, homepage="javascript:alert(1)", keywords=[NASTY],
            contributors=[{"title": NASTY, "path": "javascript:alert(1)"}], licenses=[{"name": NASTY, "title": NASTY, "path": "javascript:alert(1)"}],
            sources=[{"title": NASTY, "path": "javascript:alert(1)"}],
        )
    )  # fmt: skip


@pytest.mark.parametrize("format", ["jsonld", "croissant", "datacite", "zenodo"])
def test_metadata_cannot_leave_the_page_that_holds_them(described: Package, format: str) -> None:
    text = one(format, described, base_url="https://host.invalid/files").decode()
    assert "<" not in text and "\u2028" not in text and "javascript:" not in text
    content = json.loads(text)
    words = " ".join(NASTY.split())
    found = [" ".join(html.unescape(re.sub("</?p>", " ", value)).split()) for value in strings(content)]
    assert any(words in value for value in found)


def strings(content: Any) -> list[str]:
    if isinstance(content, dict):
        return [text for value in content.values() for text in strings(value)]
    if isinstance(content, list):
        return [text for value in content for text in strings(value)]
    return [content] if isinstance(content, str) else []


def test_html_of_a_deposit_shows_text_only(described: Package) -> None:
    description = json.loads(one("zenodo", described))["description"]
    assert re.sub("</?p>", "", description).count("<") == 0 and html.escape("<script>") in description


def test_names_and_descriptions_are_no_sql(described: Package) -> None:
    with database(one("sqlite", described)) as base:
        assert base.execute("SELECT * FROM t").fetchall() == [(NASTY, 7, "it's")]
        assert [row[1] for row in base.execute("PRAGMA table_info(t)")] == [NASTY, "=1+1", 'a"b']
        ((text,),) = base.execute("SELECT sql FROM sqlite_master WHERE name = 't'")
        comments = [line for line in text.splitlines() if line.startswith("  -- ")]
        assert comments[0].count("DROP TABLE t") == 2 and len(comments) == 2
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_names_and_descriptions_in_the_other_tables(described: Package) -> None:
    found = parquet(one("parquet", described))["t"]
    assert found.to_pylist() == [{NASTY: NASTY, "=1+1": 7, 'a"b': "it's"}]
    assert found.schema.field(0).metadata[b"description"].decode() == NASTY
    book = workbook(one("xlsx", described))
    assert sheet(book, "t") == [[NASTY, "=1+1", 'a"b'], [NASTY, 7, "it's"]]
    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row} <= {"s", "n", "b"}


def test_a_vocabulary_that_sql_cannot_say(make: Make) -> None:
    schema = {"fields": [{"name": "a", "type": "string", "categories": ["x", "a\0b"]}]}
    with pytest.raises(
        RefusedError, match=r"^t: SQLite cannot create the table \(.*null character.*\); rename the table or field, or omit"
    ):
        one("sqlite", open_package(make({"t": (schema, "a\nx\n")})))
