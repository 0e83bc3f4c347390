"""frictionless as the reference: on generated schemas and tables, good and bad, the two agree cell by cell.

Where frictionless is lax, or checks nothing, the generator does not go; these differences are listed and tested below.
exclusiveMinimum and exclusiveMaximum, which frictionless 5.21 refuses as "not supported", have tests of their own.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aistatecraft.package.schema import compile_schema
from aistatecraft.validation import validate
from aistatecraft.validation.cell_checks import check_cell
from aistatecraft.validation.fast_path import fast_check, nothing_hidden
from aistatecraft.validation.text_quality import faults_of_text

TEXTS = {
    "string": ["a", "b", "abc", "abcdef", "São Paulo", "x y", "1", "2024"],
    "integer": ["0", "1", "-1", "7", "42", "1000", "x", "1.5", "", "--1", "1e3"],
    "number": ["0", "1", "-1.5", "7.25", "42", "1e3", "x", "1,5", "", "1.2.3"],
    "boolean": ["true", "false", "yes", "", "TRUE", "0", "wahr"],
    "date": ["2024-02-29", "2023-02-29", "2024-12-31", "31.12.2024", "2024-13-01", "", "2024"],
    "year": ["2024", "1999", "x", "20x4", ""],
    "yearmonth": ["2024-02", "2024-13", "x", ""],
    "datetime": ["2024-02-29T10:00:00Z", "2024-02-30T10:00:00Z", "x", ""],
    "time": ["09:15:00", "24:75:00", "09:15", "x", ""],
    "duration": ["P1Y2M", "PT36H", "P2W", "1 day", "P", ""],
    "geopoint": ["90.5, 45.5", "-180,90", "200,1", "1", "x,y", ""],
    "array": ["[]", '[1, "a"]', "{}", "[1", "x", ""],
    "object": ["{}", '{"a": 1}', "[]", "{", "x", ""],
    "geojson": ['{"type": "Point", "coordinates": [1, 2]}', '{"type": "Dot"}', "[]", "x", ""],
}
LIMITS: dict[str, list[dict[str, Any]]] = {
    "string": [{}, {"minLength": 2}, {"maxLength": 3}, {"pattern": "[a-z]+"}, {"pattern": "(a|abc)"}, {"enum": ["a", "b", "abc"]}],
    "integer": [{}, {"minimum": 1}, {"maximum": 7}, {"enum": [1, 7]}],
    "number": [{}, {"minimum": 0}, {"maximum": 7.25}],
    "boolean": [{}],
    "date": [{}, {"minimum": "2024-03-01"}, {"maximum": "2024-03-01"}],
    "year": [{}, {"minimum": 2000}],
    "yearmonth": [{}],
    "datetime": [{}],
    "time": [{}, {"minimum": "10:00:00"}],
    "duration": [{}],
    "geopoint": [{}],
    "array": [{}, {"minLength": 1}],
    "object": [{}, {"maxLength": 0}],
    "geojson": [{}],
}


@st.composite
def packages(draw: st.DrawFn) -> tuple[dict[str, Any], list[list[str]]]:
    kinds = draw(st.lists(st.sampled_from(list(TEXTS)), min_size=1, max_size=4))
    fields = [{"name": "id", "type": "string"}]
    for number, kind in enumerate(kinds):
        limits = dict(draw(st.sampled_from(LIMITS[kind])))
        if draw(st.booleans()):
            limits["required"] = True
        if draw(st.integers(0, 3)) == 0:
            limits["unique"] = True
        fields.append({"name": f"f{number}", "type": kind, **({"constraints": limits} if limits else {})})
        # frictionless keeps values in sets to tell whether they are unique, and JSON has no hash.
        if kind in ("array", "object", "geojson"):
            limits.pop("unique", None)
    schema: dict[str, Any] = {
        "fields": [*fields, {"name": "ref", "type": "string"}],
        "missingValues": draw(st.sampled_from([[""], ["", "x"], ["", "n/a"]])),
    }
    if draw(st.booleans()):
        schema["primaryKey"] = ["id"]
    if draw(st.booleans()):
        schema["foreignKeys"] = [{"fields": ["ref"], "reference": {"resource": "", "fields": ["id"]}}]
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from("pqrstuvw"), *(st.sampled_from(TEXTS[kind]) for kind in kinds), st.sampled_from(["", "p", "q", "z"])),
            max_size=8,
        )
    )
    return schema, [list(row) for row in rows]


def write(schema: dict[str, Any], rows: list[list[str]], target: Path) -> Path:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field["name"] for field in schema["fields"])
    writer.writerows(rows)
    (target / "t.csv").write_text(out.getvalue(), encoding="utf-8")
    descriptor = {
        "name": "p",
        "resources": [{"name": "t", "type": "table", "path": "t.csv", "format": "csv", "encoding": "utf-8", "schema": schema}],
    }
    (target / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return target / "datapackage.json"


NAMES = {"type-error": "type", "unique-error": "unique", "primary-key": "primary-key", "foreign-key": "foreign-key"}


def theirs(path: Path) -> set[tuple[int, str, str]]:
    """(line, field, rule); constraint errors of frictionless name the constraint in their note."""
    import frictionless

    found = set()
    for error in frictionless.validate(str(path)).flatten(["type", "rowNumber", "fieldName", "note"]):
        kind, row, field, note = error
        if kind == "constraint-error":
            rule = next(
                word for word in ("required", "minLength", "maxLength", "pattern", "enum", "minimum", "maximum") if f'"{word}' in note
            )
        else:
            rule = NAMES[kind]
        found.add((row, field or "", rule))
    return found


def ours(path: Path) -> set[tuple[int, str, str]]:
    found = set()
    for finding in validate(path).findings:
        if finding.rule == "spreadsheet-shifted":
            continue  # said of the row, beside what is said of its cells
        field = "" if finding.rule in ("primary-key", "foreign-key") else finding.field
        # Where we say what a spreadsheet did to the cell, frictionless says only that it is not of its type.
        rule = "type" if finding.rule.startswith("spreadsheet-") else finding.rule
        found.add((finding.line, field, rule))
    return found


def at(found: set[tuple[int, str, str]]) -> set[tuple[int, str, bool]]:
    """(line, field, whether of a key): of several broken constraints of one cell we name the first, frictionless each."""
    return {(line, field, rule in ("unique", "primary-key", "foreign-key")) for line, field, rule in found}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(packages())
def test_agrees_with_frictionless_cell_by_cell(made: tuple[dict[str, Any], list[list[str]]]) -> None:
    schema, rows = made
    with tempfile.TemporaryDirectory() as folder:
        path = write(schema, rows, Path(folder))
        reference, own = theirs(path), ours(path)
    assert at(own) == at(reference)
    # And where we name a constraint, it is one of those that frictionless names.
    assert {found for found in own if found[2] not in ("unique",)} <= reference | {found for found in own if found[2] == "unique"}


DIFFERENCES = {
    "digit separators": ({"type": "integer"}, "1_000", "Python's int() takes them; no other reader does"),
    "full-width digits": ({"type": "integer"}, "\uff11\uff12", "look like digits and break every other reader"),
    "padded number": ({"type": "integer"}, " 1", "white space is part of the text in CSV"),
    "short date": ({"type": "date"}, "2001-1-1", "Table Schema asks for ISO 8601"),
    "alternatives": ({"type": "string", "constraints": {"pattern": "a|abc"}}, "abcdef", "frictionless reads it as ^a|abc$"),
    "groups of two digits": ({"type": "number", "groupChar": ","}, "1,5", "it is the number 15 where all separators are dropped"),
    "separators among decimals": ({"type": "number", "groupChar": ","}, "12.345,6", "it is a number with a decimal comma"),
    "two numbers": ({"type": "integer", "bareNumber": False}, "\u22125", "a minus sign is no decoration"),
    "part of a day": ({"type": "date", "format": "any"}, "March 2020", "the day would be taken from today"),
    "decimals of years": ({"type": "duration"}, "P0.5Y", "only seconds have decimals in XML Schema"),
    "name twice in an object": ({"type": "object"}, '{"a": 1, "a": 2}', "readers keep the first, the last or both"),
    "no number of JSON": ({"type": "array"}, "[NaN]", "not JSON"),
    "texts as coordinates": ({"type": "geopoint", "format": "array"}, '["1", "2"]', "not numbers"),
    "not base64": ({"type": "string", "format": "binary"}, "YQ?==", "Python drops what is not base64"),
    "categories": ({"type": "string", "categories": ["a", "b"]}, "c", "not checked by frictionless 5.21"),
}


@pytest.mark.parametrize("name", list(DIFFERENCES))
def test_known_differences_are_ones_in_which_we_are_stricter(name: str, tmp_path: Path) -> None:
    field, text, _reason = DIFFERENCES[name]
    schema = {"fields": [{"name": "id", "type": "string"}, {"name": "f", **field}]}
    path = write(schema, [["p", text]], tmp_path)
    assert theirs(path) == set()
    assert [(line, column) for line, column, _ in ours(path)] == [(2, "f")]


@settings(max_examples=150, deadline=None)
@given(packages())
def test_the_quick_look_says_yes_only_where_nothing_is_wrong(made: tuple[dict[str, Any], list[list[str]]]) -> None:
    schema, rows = made
    plan = compile_schema(schema, where="t", name="t")
    for at, column in enumerate(plan.fields):
        texts = [row[at] for row in rows if row[at] not in column.missing]
        for hygiene in (False, True):
            quick = fast_check(column, hygiene)
            if texts and (quick is None or quick(texts)):
                assert [problem for text in texts for problem in check_cell(column, text)] == []
                assert not hygiene or [fault for text in texts for fault in faults_of_text(text)] == []


@given(st.lists(st.text(max_size=8), min_size=1, max_size=6))
def test_the_quick_look_overlooks_nothing_hidden(texts: list[str]) -> None:
    if nothing_hidden(texts):
        assert [fault for text in texts for fault in faults_of_text(text)] == []
