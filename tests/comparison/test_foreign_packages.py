"""Packages made elsewhere are compared by names, keys and text, whatever else their descriptors say."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.comparison.changes import ChangeSet
from aistatecraft.releases.resolve import named_pair

OLD, NEW = "id,d,n\na,x,1\nb,y,2\n", "id,d,n\na,x,1\nb,y,3\n"
FIELDS: list[Any] = [{"name": "id", "type": "string"}, {"name": "d", "type": "string"}, {"name": "n", "type": "integer"}]
KEYED: dict[str, Any] = {"fields": FIELDS, "primaryKey": "id"}


def package(root: Path, name: str, resources: list[Any], files: dict[str, bytes], **more: Any) -> Path:
    folder = root / name
    folder.mkdir()
    (folder / "datapackage.json").write_text(json.dumps({"name": "p", "resources": resources, **more}), encoding="utf-8")
    for path, data in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def compared(
    tmp_path: Path, resources: list[Any], old: dict[str, bytes], new: dict[str, bytes], later: list[Any] | None = None
) -> ChangeSet:
    was = package(tmp_path, "old", resources, old)
    now = package(tmp_path, "new", resources if later is None else later, new)
    return named_pair(was, now).compared(keep_going=True)


def told(changes: ChangeSet) -> list[tuple[str, str, str, str | None, str | None]]:
    return [(change.table, change.key, change.field, change.old, change.new) for change in changes.changes]


def field(**more: Any) -> dict[str, Any]:
    """The schema of the table, its field d with more properties."""
    return {**KEYED, "fields": [FIELDS[0], {**FIELDS[1], **more}, FIELDS[2]]}


@pytest.mark.parametrize(
    ("entry", "hint"),
    [
        ({"schema": field(type="datetime", format="fmt:%d-%m")}, ""),
        ({"schema": field(type="datum")}, "t: compared as text: d (the type 'datum' is not supported"),
        ({"schema": field(type=["string", "null"])}, "t: compared as text: d"),
        ({"schema": field(format={"is": "odd"})}, "t: compared as text: d"),
        ({"schema": field(constraints={"near": 3})}, "t: compared as text: d"),
        ({"schema": field(constraints={"pattern": "("})}, "t: compared as text: d"),
        ({"schema": field(constraints=["required"])}, ""),
        ({"schema": field(categories={"x": "X"})}, ""),
        ({"schema": field(missingValues="-")}, "t: compared as text: d"),
        ({"schema": {**KEYED, "missingValues": "-"}}, "t: compared as text"),
        ({"schema": {**KEYED, "fieldsMatch": ["subset"]}}, ""),
        ({"schema": {**KEYED, "foreignKeys": [{"fields": "d", "reference": {"resource": "gone", "fields": "id"}}]}}, ""),
        ({"schema": {**KEYED, "foreignKeys": "d"}}, ""),
        ({"schema": {**KEYED, "uniqueKeys": [["q"]]}}, ""),
        ({"schema": {**KEYED, "title": {"en": "T"}}}, ""),
        ({"schema": {**KEYED, "fields": [FIELDS[0], FIELDS[2]]}}, ""),
        ({"schema": {**KEYED, "fields": [*FIELDS, {"name": "more"}]}}, "t: its file has no column more, which its schema lists"),
        ({"schema": {**KEYED, "fields": [*FIELDS, FIELDS[2]]}}, ""),
        ({"schema": {**KEYED, "fields": ["id", "d", {"title": "no name"}, 3, "n"]}}, ""),
        ({"schema": KEYED, "dialect": {"caseSensitiveHeader": False, "lineTerminator": "\r\n", "csvddfVersion": 1.2}}, ""),
        ({"schema": KEYED, "dialect": {"csv": {"delimiter": ","}}}, ""),
        ({"schema": KEYED, "dialect": {"delimiter": "\\t", "quoteChar": "none"}}, ""),
        ({"schema": KEYED, "dialect": "gone.json"}, "t: its dialect gone.json is missing."),
        ({"schema": KEYED, "dialect": ["odd"]}, ""),
        ({"schema": KEYED, "encoding": "windows-1252"}, ""),
        ({"schema": KEYED, "path": ["t.csv"]}, ""),
        ({"schema": KEYED, "name": None}, ""),
        ({"schema": KEYED, "name": "a\nb"}, ""),
        ({"schema": KEYED, "format": 3}, ""),
    ],
)  # fmt: skip
def test_what_the_validator_does_not_know_is_compared_as_text(tmp_path: Path, entry: dict[str, Any], hint: str) -> None:
    resource = {"name": "t", "path": "t.csv", **entry}
    changes = compared(tmp_path, [resource], {"t.csv": OLD.encode()}, {"t.csv": NEW.encode()})
    assert [change[1:] for change in told(changes)] == [("b", "n", "2", "3")]
    assert changes.problems == []
    assert [one for one in changes.hints if one.startswith(hint)] if hint else changes.hints == []


@pytest.mark.parametrize("schema", [None, "gone.json", "https://example.org/schema.json", {}, {"fields": {}}, {"fields": []}, ["id"], 3])
def test_a_table_without_a_schema_has_the_fields_of_its_header(tmp_path: Path, schema: Any) -> None:
    resource = {"name": "t", "path": "t.csv", **({} if schema is None else {"schema": schema})}
    changes = compared(tmp_path, [resource], {"t.csv": OLD.encode()}, {"t.csv": NEW.encode()})
    assert [(change.action, dict(change.values or {})) for change in changes.changes] == [
        ("removed", {"id": "b", "d": "y", "n": "2"}),
        ("added", {"id": "b", "d": "y", "n": "3"}),
    ]


@pytest.mark.parametrize(
    "resource",
    [
        {"name": "guide", "path": "guide.md"},
        {"name": "map", "path": "map.geojson"},
        {"name": "tree", "path": "tree.json"},
        {"name": "book", "path": "book.xlsx", "schema": KEYED},
        {"name": "web", "path": "https://example.org/t.csv", "schema": KEYED},
        {"name": "up", "path": "../t.csv", "schema": KEYED},
        {"name": "none", "path": 3},
        {"name": "nothing"},
        {"name": "object", "data": {"a": 1}},
        {"name": "blank", "path": "blank.csv"},
        "not an object",
        None,
    ],
)
def test_what_is_no_table_is_named_once_and_the_rest_is_compared(tmp_path: Path, resource: Any) -> None:
    files = {
        "guide.md": b"# A",
        "map.geojson": b'{"type": "FeatureCollection"}',
        "tree.json": b'{"a": 1}',
        "book.xlsx": b"PK\3\4",
        "blank.csv": b"",
    }
    listed = [resource, {"name": "t", "path": "t.csv", "schema": KEYED}]
    changes = compared(tmp_path, listed, {"t.csv": OLD.encode(), **files}, {"t.csv": NEW.encode(), **files})
    assert told(changes) == [("t", "b", "n", "2", "3")]
    assert len(changes.hints) == 1
    assert changes.hints[0].endswith("it is not compared.")


def rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


def test_tables_that_are_not_plain_csv_are_read_all_the_same(tmp_path: Path) -> None:
    def entries(text: str) -> list[dict[str, Any]]:
        head, *body = rows(text)
        return [
            {"name": "lists", "data": rows(text), "schema": KEYED},
            {"name": "objects", "data": [dict(zip(head, one, strict=True)) for one in body], "schema": KEYED},
            {"name": "json", "path": "t.json", "schema": KEYED},
            {"name": "packed", "path": "t.csv.gz", "schema": KEYED},
            {"name": "parts", "path": ["one.csv", "two.csv"], "schema": KEYED},
            {"name": "parts-without-header", "path": ["one.csv", "bare.csv"], "schema": KEYED},
            {"name": "latin", "path": "latin.csv", "encoding": "latin-1", "schema": KEYED},
            {"name": "wide", "path": "wide.csv", "encoding": "utf-16", "schema": KEYED},
            {"name": "bare", "path": "bare.csv", "dialect": {"header": False}, "schema": KEYED},
            {"name": "remarks", "path": "remarks.csv", "dialect": {"commentChar": "#", "skipInitialSpace": True}, "schema": KEYED},
            {"name": "tabs", "path": "t.tsv", "schema": KEYED},
        ]

    def files(text: str) -> dict[str, bytes]:
        head, first, last = text.splitlines(keepends=True)
        objects = [dict(zip(rows(text)[0], one, strict=True)) for one in rows(text)[1:]]
        return {
            "t.json": json.dumps(objects).encode(),
            "t.csv.gz": gzip.compress(text.encode(), mtime=0),
            "one.csv": (head + first).encode(),
            "two.csv": (head + last).encode(),
            "bare.csv": last.encode(),
            "latin.csv": text.replace("x", "é").encode("latin-1"),
            "wide.csv": text.encode("utf-16"),
            "remarks.csv": f"# a remark, of, four, cells\n{text.replace(',', ', ')}".encode(),
            "t.tsv": text.replace(",", "\t").encode(),
        }

    changes = compared(tmp_path, entries(OLD), files(OLD), files(NEW), entries(NEW))
    assert changes.problems == []
    assert told(changes) == [(str(entry["name"]), "b", "n", "2", "3") for entry in entries(OLD)]
    assert changes.hints == []


def test_what_is_unknown_on_one_side_only_says_which(tmp_path: Path) -> None:
    was = [{"name": "t", "path": "t.csv", "schema": field(type="datum")}]
    now = [{"name": "t", "path": "t.csv", "schema": KEYED}]
    changes = compared(tmp_path, was, {"t.csv": OLD.encode()}, {"t.csv": NEW.encode()}, now)
    assert [(change.level, change.field, change.old, change.new) for change in changes.changes] == [
        ("schema", "d", "datum", "string"),
        ("cell", "n", "2", "3"),
    ]
    assert [hint.split(":")[0] for hint in changes.hints] == ["OLD t"]


def test_a_file_that_is_missing_on_one_side_is_a_problem_and_the_rest_is_compared(tmp_path: Path) -> None:
    listed = [{"name": "t", "path": "t.csv", "schema": KEYED}, {"name": "u", "path": "u.csv", "schema": KEYED}]
    changes = compared(tmp_path, listed, {"t.csv": OLD.encode(), "u.csv": OLD.encode()}, {"u.csv": NEW.encode()})
    assert told(changes) == [("u", "b", "n", "2", "3")]
    assert [(one.side, one.table, one.location) for one in changes.problems] == [("new", "t", "t.csv")]


def test_two_resources_of_one_name_are_both_compared(tmp_path: Path) -> None:
    listed = [{"name": "t", "path": "t.csv", "schema": KEYED}, {"name": "t", "path": "u.csv", "schema": KEYED}]
    both = {"t.csv": OLD.encode(), "u.csv": OLD.encode()}
    changes = compared(tmp_path, listed, both, {**both, "u.csv": NEW.encode()})
    assert told(changes) == [("t (2)", "b", "n", "2", "3")]
