"""Every field type with everything that reads or writes tables.

The cases come from the registry: a type without an entry in `CASES` fails, so that a new type cannot be forgotten anywhere.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sqlite3
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from aistatecraft import api, export, load
from aistatecraft.api import describe, diff, missing
from aistatecraft.errors import RefusedError
from aistatecraft.export.release import release
from aistatecraft.package import open_package
from aistatecraft.package.field_types import FIELD_TYPES
from aistatecraft.validation import validate
from tests.conftest import Make, Run, edit

VERSION, DAY = "0.1.0", "2026-12-01"


@dataclass(frozen=True)
class Case:
    """A type: a text of it, the same value in another spelling, another value, no value; and what formats make of the first."""

    text: str
    same: str
    """Empty where each value has one spelling only."""
    other: str
    bad: str
    """Empty where every text is a value."""
    loaded: Any
    stored: Any
    """In SQLite, and in Parquet where that is not said apart."""
    parquet: Any = None
    xlsx: Any = None
    croissant: str = "sc:Text"
    properties: dict[str, Any] = field(default_factory=dict)


CASES: dict[str, Case] = {
    "string": Case("a", "", "b", "", "a", "a"),
    "any": Case("a", "", "b", "", "a", "a"),
    "integer": Case("7", "+7", "8", "7.5", 7, 7, croissant="sc:Integer"),
    "number": Case("7.5", "7.50", "8", "7,5", 7.5, 7.5, croissant="sc:Float"),
    "boolean": Case("true", "TRUE", "false", "yes", True, 1, parquet=True, xlsx=True, croissant="sc:Boolean"),
    "date": Case("2024-02-29", "", "2024-03-01", "2024-02-30", pd.Timestamp("2024-02-29"), "2024-02-29", dt.date(2024, 2, 29), dt.datetime(2024, 2, 29), "sc:Date"),
    "datetime": Case("2024-02-29T10:00:00Z", "2024-02-29T10:00:00+00:00", "2024-02-29T11:00:00Z", "2024-02-29", "2024-02-29T10:00:00+00:00", "2024-02-29T10:00:00+00:00"),
    "time": Case("09:15:00", "09:15:00.0", "09:16:00", "24:75:00", "09:15:00", "09:15:00"),
    "year": Case("2024", "", "2025", "24", 2024, 2024, croissant="sc:Integer"),
    "yearmonth": Case("2024-02", "", "2024-03", "2024-13", "2024-02", "2024-02"),
    "duration": Case("PT36H", "P1DT12H", "P2D", "36 hours", "P1DT12H", "P1DT12H"),
    "list": Case("1;2", "01;2", "2;1", "1;x", [1, 2], "[1, 2]", [1, 2], "[1, 2]", "sc:Integer", {"delimiter": ";", "itemType": "integer"}),
    "array": Case('[1, "a"]', '[1,"a"]', '["a", 1]', "[1", [1, "a"], '[1, "a"]'),
    "object": Case('{"a": 1, "b": 2}', '{"b":2,"a":1}', '{"a": 2, "b": 2}', "[1]", {"a": 1, "b": 2}, '{"a": 1, "b": 2}'),
    "geopoint": Case("90.5, 45.5", "90.50,45.5", "45.5,90", "200,1", (90.5, 45.5), "[90.5, 45.5]", [90.5, 45.5], "[90.5, 45.5]", "sc:Float"),
    "geojson": Case('{"type": "Point", "coordinates": [1, 2]}', '{"coordinates":[1,2],"type":"Point"}', '{"type": "Point", "coordinates": [2, 1]}', '{"type": "Dot"}',
                    {"type": "Point", "coordinates": [1, 2]}, '{"type": "Point", "coordinates": [1, 2]}'),
}  # fmt: skip
NAMES = list(FIELD_TYPES)


def test_every_type_has_a_case() -> None:
    assert sorted(CASES) == sorted(FIELD_TYPES)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def schema_of(*names: str) -> dict[str, Any]:
    fields = [{"name": f"{name}_value", "type": name, **CASES[name].properties} for name in names]
    return {"fields": [{"name": "id", "type": "string"}, *fields], "primaryKey": ["id"]}


def rows_of(*names: str, text: str = "text") -> str:
    texts = [getattr(CASES[name], text) or CASES[name].text for name in names]
    header = ",".join(["id", *(f"{name}_value" for name in names)])
    return f"{header}\na,{','.join(map(quoted, texts))}\nb{',' * len(names)}\n"


@pytest.fixture
def all_types(make: Make) -> Path:
    """A package with one table that has a field of every type."""
    return make(
        {"everything": (schema_of(*NAMES), rows_of(*NAMES))},
        "everything",
        version=VERSION,
        licenses=[{"name": "CC0-1.0", "title": "CC0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}],
    )


def built(format: str, path: Path) -> bytes:
    (data,) = export.build(format, open_package(path), version=VERSION, released=DAY).values()
    return data


class TestReading:
    @pytest.mark.parametrize("name", NAMES)
    def test_load(self, make: Make, name: str) -> None:
        case, column = CASES[name], load("t", path=make({"t": (schema_of(name), rows_of(name))}))[f"{name}_value"]
        assert str(column.dtype) == FIELD_TYPES[name].dtype
        assert column[0] == case.loaded
        assert column.isna().tolist() == [False, True]

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("text", ["text", "same", "other"])
    def test_good_cells(self, make: Make, name: str, text: str) -> None:
        assert validate(make({"t": (schema_of(name), rows_of(name, text=text))})).findings == []

    @pytest.mark.parametrize("name", [name for name in NAMES if CASES[name].bad])
    @pytest.mark.parametrize("fast", [False, True])
    def test_a_bad_cell(self, make: Make, name: str, fast: bool) -> None:
        (finding,) = validate(make({"t": (schema_of(name), rows_of(name, text="bad"))}), fast=fast).findings
        assert (finding.line, finding.column, finding.field, finding.value) == (2, "B", f"{name}_value", CASES[name].bad)
        assert CASES[name].bad in finding.message

    @pytest.mark.parametrize("name", [name for name in NAMES if CASES[name].same])
    def test_values_of_one_meaning_are_one_key(self, make: Make, name: str) -> None:
        case = CASES[name]
        schema = {"fields": [{"name": "k", "type": name, **case.properties}, {"name": "n", "type": "string"}], "primaryKey": ["k"]}
        (finding,) = validate(make({"t": (schema, f"k,n\n{quoted(case.text)},x\n{quoted(case.same)},y\n")})).findings
        assert (finding.rule, finding.line) == ("primary-key", 3)

    @pytest.mark.parametrize("name", NAMES)
    def test_an_enumeration_compares_values(self, make: Make, name: str) -> None:
        case, schema = CASES[name], schema_of(name)
        schema["fields"][1]["constraints"] = {"enum": [case.text]}
        assert validate(make({"t": (schema, rows_of(name, text="same"))}, "same")).findings == []
        assert [finding.rule for finding in validate(make({"t": (schema, rows_of(name, text="other"))}, "other")).findings] == ["enum"]

    @pytest.mark.parametrize("name", NAMES)
    def test_the_pandera_schema_takes_what_load_gives(self, make: Make, name: str) -> None:
        case, schema = CASES[name], schema_of(name)
        schema["fields"][1]["constraints"] = {"enum": [case.text]}
        path = make({"t": (schema, rows_of(name))})
        frame = load("t", path=path)
        api.schema("t", path=path).validate(frame)

    @pytest.mark.parametrize("name", [name for name, kind in FIELD_TYPES.items() if kind.ordered])
    def test_bounds(self, make: Make, name: str) -> None:
        case, schema = CASES[name], schema_of(name)
        schema["fields"][1]["constraints"] = {"maximum": case.text}
        assert validate(make({"t": (schema, rows_of(name))}, "at")).findings == []
        assert [finding.rule for finding in validate(make({"t": (schema, rows_of(name, text="other"))}, "above")).findings] == ["maximum"]

    def test_describe(self, all_types: Path) -> None:
        assert describe("everything", path=all_types)["distinct"].tolist() == [2] + [1] * len(NAMES)


class TestShow:
    @pytest.mark.parametrize("name", NAMES)
    def test_show(self, make: Make, run: Run, name: str) -> None:
        case, path = CASES[name], make({"t": (schema_of(name), rows_of(name))})
        for format in ("table", "csv", "md"):
            shown = run("show", "t", "--path", path, "--format", format)
            assert (shown.code, shown.err) == (0, "")
        first, second = json.loads(run("show", "t", "--path", path, "--format", "json").out)
        assert first[f"{name}_value"] is not None and second[f"{name}_value"] is None
        found = json.loads(run("show", "t", "--path", path, "--format", "json", "--where", f"{name}_value={case.same or case.text}").out)
        assert [row["id"] for row in found] == ["a"]

    @pytest.mark.parametrize("name", [name for name, kind in FIELD_TYPES.items() if kind.ordered])
    def test_where(self, make: Make, run: Run, name: str) -> None:
        path = make({"t": (schema_of(name), rows_of(name))})
        found = json.loads(run("show", "t", "--path", path, "--format", "json", "--where", f"{name}_value<{CASES[name].other}").out)
        assert [row["id"] for row in found] == ["a"]


class TestDiff:
    @pytest.mark.parametrize("name", NAMES)
    def test_a_changed_value_and_the_same_value_in_another_spelling(self, make: Make, name: str) -> None:
        old = make({"t": (schema_of(name), rows_of(name))}, "old")
        (change,) = diff(old, make({"t": (schema_of(name), rows_of(name, text="other"))}, "new")).changes
        assert (change.rule, change.old, change.new) == ("value-corrected", CASES[name].text, CASES[name].other)
        if CASES[name].same:
            (change,) = diff(old, make({"t": (schema_of(name), rows_of(name, text="same"))}, "same")).changes
            assert change.rule == "value-rewritten"

    @pytest.mark.parametrize("name", NAMES)
    def test_a_tighter_enumeration(self, make: Make, name: str) -> None:
        schemas = [schema_of(name), schema_of(name)]
        for schema, texts in zip(schemas, ([CASES[name].text, CASES[name].other], [CASES[name].text]), strict=True):
            schema["fields"][1]["constraints"] = {"enum": texts}
        old, new = (make({"t": (schema, rows_of(name))}, f"p{at}") for at, schema in enumerate(schemas))
        assert [change.rule for change in diff(old, new).changes] == ["constraint-tightened"]


class TestWriting:
    @pytest.mark.parametrize("name", NAMES)
    def test_text_and_value(self, name: str) -> None:
        case = CASES[name]
        kind = FIELD_TYPES[name]("default", case.properties)
        value = kind.parse(case.text)
        for text in (kind.write(value), kind.text(value), case.same or case.text):
            assert kind.identity(kind.parse(text)) == kind.identity(value)
        assert kind.identity(kind.parse(case.other)) != kind.identity(value)
        (cell,) = kind.column([value])
        held = kind.of_frame(cell.date() if isinstance(cell, pd.Timestamp) else cell)
        assert kind.identity(held) == kind.identity(value)

    @pytest.mark.parametrize("name", NAMES)
    def test_fmt_leaves_values_alone_and_sorts_by_value(self, make: Make, run: Run, name: str) -> None:
        case = CASES[name]
        schema = {"fields": [{"name": "k", "type": name, **case.properties}, {"name": "n", "type": "string"}], "primaryKey": ["k"]}
        path = make({"t": (schema, f"k,n\n{quoted(case.other)},x\n{quoted(case.text)},y\n")})
        before = load("t", path=path)
        assert run("fmt", path).code == 0
        after = load("t", path=path)
        assert sorted(after["n"]) == ["x", "y"]
        if FIELD_TYPES[name].ordered:
            assert after["n"].tolist() == ["y", "x"]
        by_name = [frame.set_index("n")["k"].map(repr).to_dict() for frame in (before, after)]
        assert by_name[0] == by_name[1]


class TestExports:
    def test_csv(self, all_types: Path) -> None:
        with zipfile.ZipFile(io.BytesIO(built("csv", all_types))) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith("everything.csv")]
            packed = list(csv.reader(io.StringIO(archive.read(name).decode())))
        assert packed == list(csv.reader(io.StringIO(rows_of(*NAMES))))

    def test_parquet(self, all_types: Path) -> None:
        with zipfile.ZipFile(io.BytesIO(built("parquet", all_types))) as archive:
            table = pq.read_table(io.BytesIO(archive.read("everything/everything.parquet")))
        first, second = table.to_pylist()
        wanted = {name: CASES[name].stored if CASES[name].parquet is None else CASES[name].parquet for name in NAMES}
        assert {name: first[f"{name}_value"] for name in NAMES} == wanted
        assert second == {"id": "b", **dict.fromkeys(f"{name}_value" for name in NAMES)}

    def test_sqlite(self, all_types: Path, tmp_path: Path) -> None:
        (tmp_path / "t.sqlite").write_bytes(built("sqlite", all_types))
        base = sqlite3.connect(tmp_path / "t.sqlite")
        base.row_factory = sqlite3.Row
        first, second = map(dict, base.execute('SELECT * FROM "everything" ORDER BY id'))
        base.close()
        assert {name: first[f"{name}_value"] for name in NAMES} == {name: CASES[name].stored for name in NAMES}
        assert second == {"id": "b", **dict.fromkeys(f"{name}_value" for name in NAMES)}

    @pytest.mark.parametrize("name", NAMES)
    def test_sqlite_with_constraints(self, make: Make, name: str) -> None:
        kind, schema = FIELD_TYPES[name], schema_of(name)
        bounds = {"minimum": CASES[name].text, "maximum": CASES[name].other} if kind.ordered else {}
        sizes = {"minLength": 1, "maxLength": 9} if kind.sized else {}
        schema["fields"][1]["constraints"] = {"enum": [CASES[name].text], **bounds, **sizes}
        assert built("sqlite", make({"t": (schema, rows_of(name))}))[:15] == b"SQLite format 3"

    def test_xlsx(self, all_types: Path) -> None:
        sheet = openpyxl.load_workbook(io.BytesIO(built("xlsx", all_types)))["everything"]
        _, first, _ = sheet.iter_rows(values_only=True)
        wanted = [CASES[name].stored if CASES[name].xlsx is None else CASES[name].xlsx for name in NAMES]
        assert list(first) == ["a", *wanted]

    def test_croissant(self, all_types: Path) -> None:
        (records,) = json.loads(built("croissant", all_types))["recordSet"]
        assert {item["name"]: item["dataType"] for item in records["field"]} == {
            "id": "sc:Text",
            **{f"{name}_value": CASES[name].croissant for name in NAMES},
        }

    @pytest.mark.parametrize("format", sorted(name for name, one in export.EXPORT_FORMATS.items() if not one.table))
    def test_every_format_is_built_twice_alike(self, all_types: Path, format: str) -> None:
        assert built(format, all_types) == built(format, all_types) != b""

    def test_a_release(self, all_types: Path, tmp_path: Path) -> None:
        text = (all_types / "datapackage.json").read_text(encoding="utf-8")
        (all_types / "datapackage.json").write_text(json.dumps(json.loads(text), indent=2) + "\n", encoding="utf-8")
        release(VERSION, path=all_types, out=tmp_path / "dist", date=DAY)
        assert validate(tmp_path / "dist" / f"made-{VERSION}.zip").findings == []


def test_formats_of_one_type_are_one_value(make: Make) -> None:
    """Days written otherwise than ISO 8601 come out as days everywhere."""
    fields = [{"name": "id", "type": "string"}, {"name": "d", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "01/01/2020"}}, {"name": "n", "type": "number", "decimalChar": ",", "groupChar": "."}]  # fmt: skip
    path = make({"t": ({"fields": fields, "primaryKey": ["id"]}, 'id,d,n\na,21/03/2020,"12.345,6"\n')})
    assert validate(path).findings == []
    frame = load("t", path=path)
    assert (frame["d"][0], frame["n"][0]) == (pd.Timestamp("2020-03-21"), 12345.6)
    api.schema("t", path=path).validate(frame)
    base = sqlite3.connect(":memory:")
    base.deserialize(built("sqlite", path))
    assert base.execute("SELECT d, n FROM t").fetchall() == [("2020-03-21", 12345.6)]
    base.close()
    edit(path / "data/t.csv", "21/03/2020", "31/04/2020")
    assert [(finding.line, finding.column) for finding in validate(path).findings] == [(2, "B")]


def test_labels_of_missing_values(make: Make) -> None:
    schema = {"fields": [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}], "primaryKey": ["id"], "missingValues": ["", {"value": ".", "label": "refused"}]}  # fmt: skip
    path = make({"t": (schema, "id,n\na,.\nb,1\n")})
    assert validate(path).findings == []
    assert load("t", path=path)["n"].isna().tolist() == [True, False]
    assert missing("t", path=path).to_dict("records") == [{"record": "a", "field": "n", "reason": "refused"}]
    base = sqlite3.connect(":memory:")
    base.deserialize(built("sqlite", path))
    assert base.execute("SELECT field, reason FROM _missing").fetchall() == [("n", "refused")]
    base.close()


@pytest.mark.parametrize("name", ["sea levels", "a/b", "../up", ".hidden", "人"])
def test_any_text_is_a_name_of_a_table(tmp_path: Path, name: str) -> None:
    """Version 2 of the standard takes any text; no file of an export leads out of its archive by it."""
    schema = {"fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"]}
    resource = {"name": name, "path": "t.csv", "schema": schema}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "made", "version": VERSION, "resources": [resource]}), encoding="utf-8")
    (tmp_path / "t.csv").write_text("id\na\n", encoding="utf-8")
    assert validate(tmp_path).findings == []
    assert load(name, path=tmp_path)["id"].tolist() == ["a"]
    with zipfile.ZipFile(io.BytesIO(built("parquet", tmp_path))) as archive:
        tables = [entry for entry in archive.namelist() if entry.endswith(".parquet") and entry != "missing/missing.parquet"]
        assert len(tables) == 1
        folder, _, file = tables[0].partition("/")
        assert file == f"{folder}.parquet" and not {"/", "\\"} & set(folder) and not folder.startswith(".")
        assert pq.read_table(io.BytesIO(archive.read(tables[0]))).to_pylist() == [{"id": "a"}]
    base = sqlite3.connect(":memory:")
    base.deserialize(built("sqlite", tmp_path))
    assert base.execute(f'SELECT id FROM "{name}"').fetchall() == [("a",)]
    base.close()
    for format in ("csv", "croissant", "jsonld", "datacite", "zenodo"):
        assert built(format, tmp_path)
    if "/" in name:
        with pytest.raises(RefusedError, match="the name of a sheet has none of"):
            built("xlsx", tmp_path)
    else:
        assert name in openpyxl.load_workbook(io.BytesIO(built("xlsx", tmp_path))).sheetnames
