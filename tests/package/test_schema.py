"""A Table Schema compiled: what the plan says of it, and every refusal, by name."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aistatecraft.errors import ReadError
from aistatecraft.package import Field, ForeignKey, TableSchema, compile_schema
from aistatecraft.package.edtf import URI
from aistatecraft.package.field_types import FIELD_TYPES
from aistatecraft.package.schema import Category


def plan_of(*fields: Any, **schema: Any) -> TableSchema:
    return compile_schema({"fields": list(fields), **schema}, where="schemas/t.json", name="t")


def field_of(kind: str = "string", **more: Any) -> Field:
    return plan_of({"name": "f", "type": kind, **more}).fields[0]


def breaks(column: Field, text: str) -> list[str]:
    """Rules of the constraints that the value written as `text` breaks."""
    value = column.parse(text)
    return [constraint.rule for constraint in column.constraints if not constraint.holds(text, value)]


def expected(column: Field) -> list[tuple[str, str]]:
    return [(constraint.rule, constraint.expected) for constraint in column.constraints]


class TestTable:
    def test_everything_that_a_schema_says_is_in_the_plan(self) -> None:
        plan = compile_schema(
            {
                "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
                "name": "people",
                "title": "People",
                "description": "Who is who.",
                "aistatecraft:evidence": "required",
                "missingValues": ["", "n/a"],
                "fields": [
                    {"name": "id", "type": "integer", "title": "Identifier", "description": "A number.", "example": 7, "constraints": {"required": True, "unique": True}},
                    {"name": "boss", "type": "integer", "missingValues": ["-"]},
                    {"name": "town"},
                    {"name": "born", "rdfType": URI, "type": "string"},
                ],
                "primaryKey": "id",
                "uniqueKeys": [["town", "born"], "boss"],
                "foreignKeys": [
                    {"fields": "boss", "reference": {"fields": "id"}},
                    {"fields": ["town", "born"], "reference": {"resource": "towns", "fields": ["name", "year"]}},
                ],
            },
            where="schemas/people.json",
            name="people",
        )  # fmt: skip
        assert (plan.name, plan.title, plan.description, plan.evidence_required) == ("people", "People", "Who is who.", True)
        assert plan.names == ("id", "boss", "town", "born")
        assert plan.primary_key == ("id",)
        assert plan.unique_keys == (("town", "born"), ("boss",))
        assert plan.foreign_keys == (ForeignKey(("boss",), "", ("id",)), ForeignKey(("town", "born"), "towns", ("name", "year")))
        assert plan.missing_values == ("", "n/a")
        assert {name: sorted(column.missing) for name, column in plan.by_name.items()} == {
            "id": ["", "n/a"],
            "boss": ["-"],
            "town": ["", "n/a"],
            "born": ["", "n/a"],
        }
        first = plan.by_name["id"]
        assert (first.type, first.format, first.title, first.description, first.example) == (
            "integer",
            "default",
            "Identifier",
            "A number.",
            7,
        )
        assert (first.required, first.unique, first.limits) == (True, True, {"required": True, "unique": True})
        assert (plan.by_name["town"].type, plan.by_name["town"].title) == ("any", "town")
        assert [column.partial_date for column in plan.fields] == [False, False, False, True]

    def test_what_a_schema_leaves_out(self) -> None:
        plan = plan_of({"name": "a"})
        assert (plan.title, plan.description, plan.primary_key, plan.unique_keys, plan.foreign_keys, plan.missing_values, plan.evidence_required) == ("t", "", (), (), (), ("",), False)  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "fields", "reference", "expected"),
        [
            ("t", ("source", "locator"), "sources", True),
            ("t", ("source",), "sources", False),
            ("t", ("source", "locator"), "books", False),
            ("t", ("coder", "locator"), "sources", False),
            ("evidence", ("source", "locator"), "sources", False),
        ],
    )
    def test_whether_rows_name_their_source(self, name: str, fields: tuple[str, ...], reference: str, expected: bool) -> None:
        key = {"fields": fields[0], "reference": {"resource": reference, "fields": "id"}}
        plan = compile_schema({"fields": [{"name": field} for field in fields], "foreignKeys": [key]}, where="schemas/t.json", name=name)
        assert (plan.names_source, plan.stated_field) == (expected, "*")

    def test_the_dtype_of_each_type(self) -> None:
        assert {kind: field_of(kind).dtype for kind in FIELD_TYPES} == {
            "string": "string",
            "integer": "Int64",
            "number": "Float64",
            "boolean": "boolean",
            "date": "datetime64[s]",
            "datetime": "string",
            "time": "string",
            "year": "Int64",
            "yearmonth": "string",
            "duration": "string",
            "list": "object",
            "array": "object",
            "object": "object",
            "geopoint": "object",
            "geojson": "object",
            "any": "string",
        }
        assert field_of(categories=["a"]).dtype == field_of("integer", categories=[1]).dtype == "category"

    def test_names_with_a_colon_belong_to_whoever_prefixed_them(self) -> None:
        plan = plan_of({"name": "a", "mine:unit": "kg", "constraints": {"mine:soft": 1}}, **{"mine:colour": "red"})
        assert plan.fields[0].limits == {"mine:soft": 1}

    @pytest.mark.parametrize("schema", [None, [], "schemas/t.json", 5, {}, {"fields": None}, {"fields": []}, {"fields": {"name": "a"}}])
    def test_what_is_no_schema(self, schema: Any) -> None:
        with pytest.raises(ReadError, match=r"^schemas/t\.json: a Table Schema needs a list of fields\.$"):
            compile_schema(schema, where="schemas/t.json", name="t")

    @pytest.mark.parametrize(
        ("schema", "reason"),
        [
            ({"fieldsMatch": "subset"}, r"fieldsMatch 'subset' is not supported; list the fields exactly as the table has them"),
            ({"title": 5}, r"title must be a text, not 5"),
            ({"description": None}, r"description must be a text, not None"),
            ({"missingValues": ""}, r"missingValues must be a list of texts, or of values with labels, not ''"),
            ({"missingValues": [None]}, r"missingValues must be a list of texts, or of values with labels, not \[None\]"),
            ({"missingValues": [{"value": 9, "label": "unknown"}]}, r"missingValues must be a list of texts, or of values with labels"),
            ({"missingValues": [{"label": "unknown"}]}, r"missingValues must be a list of texts, or of values with labels"),
            ({"primaryKey": "x"}, r"primaryKey names the field 'x', which the schema does not have"),
            ({"primaryKey": ["a", "x"]}, r"primaryKey names the field 'x'"),
            ({"primaryKey": [1]}, r"primaryKey must be the name of a field or a list of names, not \[1\]"),
            ({"primaryKey": {"a": 1}}, r"primaryKey must be the name of a field or a list of names"),
            ({"uniqueKeys": [["a", "x"]]}, r"uniqueKeys names the field 'x'"),
            ({"uniqueKeys": [[]]}, r"uniqueKeys must be the name of a field or a list of names, not \[\]"),
            ({"uniqueKeys": "a"}, r"uniqueKeys must be a list, not 'a'"),
            ({"uniqueKeys": 5}, r"uniqueKeys must be a list, not 5"),
            ({"aistatecraft:states": "x"}, r"aistatecraft:states names the field 'x', which the schema does not have"),
            ({"aistatecraft:states": ["a"]}, r"aistatecraft:states must be the name of a field, not \['a'\]"),
            ({"foreignKeys": None}, r"foreignKeys must be a list, not None"),
            ({"foreignKeys": {"fields": "a", "reference": {"fields": "a"}}}, r"foreignKeys must be a list, not \{"),
            ({"foreignKeys": ["a"]}, r"a foreign key needs fields and a reference with fields, not 'a'"),
            ({"foreignKeys": [{"fields": "a"}]}, r"a foreign key needs fields and a reference with fields"),
            ({"foreignKeys": [{"fields": "a", "reference": "b"}]}, r"a foreign key needs fields and a reference with fields"),
            ({"foreignKeys": [{"reference": {"fields": "a"}}]}, r"a foreign key needs fields and a reference with fields"),
            ({"foreignKeys": [{"fields": "x", "reference": {"fields": "a"}}]}, r"a foreign key names the field 'x', which the schema does not have"),
            ({"foreignKeys": [{"fields": "a", "reference": {"fields": ["a", "b"]}}]}, r"the foreign key of a refers to 2 fields; the numbers of fields must be equal"),
            ({"foreignKeys": [{"fields": ["a", "b"], "reference": {"fields": "a"}}]}, r"the foreign key of a, b refers to 1 fields; the numbers of fields must be equal"),
            ({"foreignKeys": [{"fields": "a", "reference": {"resource": ["b"], "fields": "a"}}]}, r"a foreign key must name the table that it refers to, not \['b'\]"),
        ],
    )  # fmt: skip
    def test_a_schema_that_is_not_understood_is_refused(self, schema: dict[str, Any], reason: str) -> None:
        with pytest.raises(ReadError, match=rf"^schemas/t\.json: {reason}"):
            plan_of({"name": "a"}, {"name": "b"}, **schema)

    def test_two_fields_of_one_name(self) -> None:
        with pytest.raises(ReadError, match=r"^schemas/t\.json: two fields have the same name\.$"):
            plan_of({"name": "a"}, {"name": "b"}, {"name": "a"})

    @pytest.mark.parametrize("field", ["a", None, {}, {"name": ""}, {"name": 5}, {"type": "string"}, ["name"]])
    def test_a_field_without_a_name(self, field: Any) -> None:
        with pytest.raises(ReadError, match=r"^schemas/t\.json: a field needs a name, but .* has none\.$"):
            plan_of(field)


class TestFieldRefusals:
    @pytest.mark.parametrize(
        ("field", "reason"),
        [
            ({"type": "text"}, r"the type 'text' is not supported; supported are string, integer, number, boolean, date, datetime, time, year, yearmonth, duration, list, array, object, geopoint, geojson, any"),
            ({"type": ["string"]}, r"the type \['string'\] is not supported"),
            ({"type": None}, r"the type None is not supported"),
            ({"type": "date", "format": "DD.MM.YYYY"}, r"the format 'DD\.MM\.YYYY' of the type date is not supported; supported are default, any and patterns such as %d/%m/%Y"),
            ({"type": "date", "format": "%Q"}, r"the format '%Q' of the type date is not supported"),
            ({"type": "string", "format": "markdown"}, r"the format 'markdown' of the type string is not supported; supported are default, email, uri, uuid, binary"),
            ({"type": "integer", "format": "email"}, r"the format 'email' of the type integer is not supported; supported are default"),
            ({"type": "string", "format": ["uri"]}, r"format must be a text, not \['uri'\]"),
            ({"type": "list", "itemType": "object"}, r"the item type 'object' is not supported; supported are string, integer"),
            ({"type": "list", "itemType": ["string"]}, r"itemType must be a text"),
            ({"type": "list", "delimiter": 5}, r"delimiter must be a text, not 5"),
            ({"type": "list", "delimiter": ""}, r"delimiter must be a text, not ''"),
            ({"title": ["a"]}, r"title must be a text"),
            ({"description": 5}, r"description must be a text, not 5"),
            ({"type": "number", "decimalChar": ""}, r"decimalChar must be a text without digits and signs, not ''"),
            ({"type": "number", "decimalChar": 5}, r"decimalChar must be a text without digits and signs, not 5"),
            ({"type": "number", "groupChar": "."}, r"decimalChar and groupChar are both '\.'; they must differ"),
            ({"type": "integer", "groupChar": "-"}, r"groupChar must be a text without digits and signs, not '-'"),
            ({"type": "integer", "bareNumber": "no"}, r"bareNumber must be true or false, not 'no'"),
            ({"type": "boolean", "trueValues": "yes"}, r"trueValues must be a list of texts, not 'yes'"),
            ({"type": "boolean", "falseValues": [0]}, r"falseValues must be a list of texts, not \[0\]"),
            ({"missingValues": "-"}, r"missingValues must be a list of texts, or of values with labels, not '-'"),
            ({"type": "integer", "rdfType": URI}, r"a date of mixed precision is kept as a string, not as integer"),
            ({"type": "date", "rdfType": URI}, r"a date of mixed precision is kept as a string, not as date"),
            ({"constraints": []}, r"constraints must be an object"),
            ({"constraints": {"jsonSchema": {}}}, r"the constraint jsonSchema is for objects and arrays, not for the type any"),
            ({"type": "object", "constraints": {"jsonSchema": "https://host.invalid/s.json"}}, r"the constraint jsonSchema must be a JSON Schema, an object, not 'https://host.invalid/s.json'"),
            ({"type": "object", "constraints": {"jsonSchema": {"type": "thing"}}}, r"the constraint jsonSchema is not a JSON Schema \("),
            ({"type": "object", "constraints": {"jsonSchema": {"items": [{"$ref": "https://host.invalid/s.json"}]}}}, r"the constraint jsonSchema refers to 'https://host.invalid/s.json', which is not fetched"),
            ({"constraints": {"minimun": 1}}, r"the constraint 'minimun' is unknown"),
            ({"constraints": {"required": "true"}}, r"the constraint required must be true or false, not 'true'"),
            ({"constraints": {"unique": 1}}, r"the constraint unique must be true or false, not 1"),
            ({"constraints": {"enum": []}}, r"the constraint enum must be a list of values"),
            ({"constraints": {"enum": "a"}}, r"the constraint enum must be a list of values"),
            ({"type": "string", "constraints": {"enum": [None]}}, r"the constraint enum is None; it must be a value of type string"),
            ({"type": "integer", "constraints": {"enum": [1, "x"]}}, r"the constraint enum is 'x', which is not a whole number; it must be a value of type integer"),
            ({"type": "date", "constraints": {"enum": [["a", "b"]]}}, r"the constraint enum is \['a', 'b'\]; it must be a value of type date"),
            ({"type": "object", "constraints": {"enum": [["a"]]}}, r"the constraint enum is \['a'\], which is JSON but not an object; it must be a value of type object"),
            ({"constraints": {"pattern": "["}}, r"the pattern '\[' is not a regular expression"),
            ({"constraints": {"pattern": 5}}, r"the pattern 5 is not a regular expression"),
            ({"type": "integer", "constraints": {"pattern": "[0-9]"}}, r"the constraint pattern is for texts, not for the type integer"),
            ({"type": "string", "constraints": {"minimum": 1}}, r"the constraint minimum is for numbers and dates, not for the type string"),
            ({"type": "boolean", "constraints": {"maximum": True}}, r"the constraint maximum is for numbers and dates, not for the type boolean"),
            ({"type": "integer", "constraints": {"minimum": "x"}}, r"the constraint minimum is 'x', which is not a whole number; it must be a value of type integer"),
            ({"type": "integer", "constraints": {"maximum": 1.5}}, r"the constraint maximum is 1\.5, which is not a whole number"),
            ({"type": "integer", "constraints": {"minimum": True}}, r"the constraint minimum is True, which is not a whole number"),
            ({"type": "integer", "constraints": {"minimum": None}}, r"the constraint minimum is None; it must be a value of type integer"),
            ({"type": "date", "constraints": {"exclusiveMinimum": "2024-02-30"}}, r"the constraint exclusiveMinimum is '2024-02-30', which is not a day that exists"),
            ({"type": "year", "constraints": {"exclusiveMaximum": 24}}, r"the constraint exclusiveMaximum is 24, which is not a year of four digits"),
            ({"type": "string", "constraints": {"minLength": -1}}, r"the constraint minLength must be a number of characters and is for texts and lists, not -1 for the type string"),
            ({"constraints": {"maxLength": "5"}}, r"the constraint maxLength must be a number of characters"),
            ({"constraints": {"maxLength": True}}, r"the constraint maxLength must be a number of characters"),
            ({"type": "integer", "constraints": {"maxLength": 5}}, r"the constraint maxLength .* not 5 for the type integer"),
            ({"categories": "ab"}, r"categories must be a list, not 'ab'"),
            ({"categories": {"a": "A"}}, r"categories must be a list, not \{"),
            ({"categories": [None]}, r"a category must be a value or have a value and a label, not None"),
            ({"categories": [True]}, r"a category must be a value or have a value and a label, not True"),
            ({"categories": [{"label": "A"}]}, r"a category must be a value or have a value and a label, not \{'label': 'A'\}"),
            ({"categories": ["a", {"value": "a", "label": "A"}]}, r"a category is listed twice"),
            ({"type": "integer", "categories": [1, "1"]}, r"a category is listed twice"),
            ({"type": "integer", "categories": ["x"]}, r"the constraint categories is 'x', which is not a whole number"),
            ({"type": "integer", "categories": ["01"]}, r"the category '01' must be written without plus sign and leading zeros"),
            ({"type": "boolean", "categories": ["true"]}, r"categories are for texts and whole numbers, not for the type boolean"),
            ({"type": "number", "categories": ["1.5"]}, r"categories are for texts and whole numbers, not for the type number"),
            ({"categories": ["a"], "categoriesOrdered": "yes"}, r"categoriesOrdered must be true or false, not 'yes'"),
        ],
    )  # fmt: skip
    def test_a_field_that_is_not_understood_is_refused(self, field: dict[str, Any], reason: str) -> None:
        with pytest.raises(ReadError, match=rf"^schemas/t\.json: field f: {reason}"):
            plan_of({"name": "f", **field})

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.sampled_from(["", "a", "string", "integer", "list", "f", "true"]),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "label", "fields", "reference", "resource", "enum", "pattern", "minimum", "maxLength", "required"]), inner, max_size=3),
            max_leaves=6,
        ),
        st.sampled_from(["type", "format", "title", "description", "example", "rdfType", "constraints", "categories", "categoriesOrdered", "missingValues"]),
        st.sampled_from(["title", "missingValues", "fields", "primaryKey", "uniqueKeys", "foreignKeys", "name"]),
        st.sampled_from(sorted(FIELD_TYPES)),
    )  # fmt: skip
    def test_whatever_stands_in_a_schema_it_is_compiled_or_refused(self, value: Any, field_word: str, schema_word: str, kind: str) -> None:
        fields = [{"name": "f", "type": kind}, {"name": "a"}]
        for schema in ({"fields": [{**fields[0], field_word: value}]}, {"fields": fields, schema_word: value}, value):
            try:
                plan = compile_schema(schema, where="schemas/t.json", name="t")
            except ReadError:
                continue
            assert plan.names


class TestConstraints:
    def test_required_and_unique(self) -> None:
        column = field_of(constraints={"required": True, "unique": True})
        assert (column.required, column.unique, column.constraints) == (True, True, ())

    def test_enum_compares_values_not_texts(self) -> None:
        column = field_of("number", constraints={"enum": [1, 2.5, "3.0"]})
        assert {text: breaks(column, text) for text in ("1", "1.00", "2.5", "25e-1", "3", "4")} == {
            "1": [],
            "1.00": [],
            "2.5": [],
            "25e-1": [],
            "3": [],
            "4": ["enum"],
        }
        assert expected(column) == [("enum", "one of 1, 2.5, 3.0")]

    def test_enum_of_a_boolean_holds_whatever_the_words_for_true_are(self) -> None:
        column = field_of("boolean", trueValues=["ja"], falseValues=["nein"], constraints={"enum": [True]})
        assert (breaks(column, "ja"), breaks(column, "nein")) == ([], ["enum"])

    def test_pattern_must_fit_the_whole_text(self) -> None:
        column = field_of(constraints={"pattern": "foo|bar"})
        assert {text: breaks(column, text) for text in ("foo", "bar", "fooX", "Xbar", "foo\n", "")} == {
            "foo": [], "bar": [], "fooX": ["pattern"], "Xbar": ["pattern"], "foo\n": ["pattern"], "": ["pattern"],
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("kind", "bound", "below", "at", "above"),
        [
            ("integer", 5, "4", "5", "6"),
            ("integer", "5", "-10", "05", "10"),
            ("number", 2.5, "2.49", "2.50", "25"),
            ("date", "2024-02-29", "2024-02-28", "2024-02-29", "2024-03-01"),
            ("year", 2000, "0999", "2000", "12000"),
            ("yearmonth", "2024-02", "2023-12", "2024-02", "2024-11"),
            ("datetime", "2024-02-29T12:00:00Z", "2024-02-29T12:30:00+01:00", "2024-02-29T13:00:00+01:00", "2024-02-29T12:00:01Z"),
        ],
    )
    def test_bounds_compare_values_not_texts(self, kind: str, bound: Any, below: str, at: str, above: str) -> None:
        for rule, words, allowed in (
            ("minimum", "at least", {at, above}),
            ("maximum", "at most", {below, at}),
            ("exclusiveMinimum", "more than", {above}),
            ("exclusiveMaximum", "less than", {below}),
        ):
            column = field_of(kind, constraints={rule: bound})
            assert {text for text in (below, at, above) if not breaks(column, text)} == allowed
            assert expected(column) == [(rule, f"{words} {bound}")]

    def test_a_time_without_zone_is_not_within_a_bound_with_one(self) -> None:
        column = field_of("datetime", constraints={"minimum": "2024-01-01T00:00:00Z"})
        assert breaks(column, "2025-01-01T00:00:00") == ["minimum"]

    def test_nan_is_within_no_bounds(self) -> None:
        column = field_of("number", constraints={"minimum": 0, "maximum": 100})
        assert breaks(column, "NaN") == ["minimum", "maximum"]
        assert breaks(column, "INF") == ["maximum"]

    def test_lengths_count_characters_of_a_text_and_items_of_a_list(self) -> None:
        text = field_of(constraints={"minLength": 2, "maxLength": 3})
        assert {value: breaks(text, value) for value in ("中", "中国", "São", "abcd", "")} == {
            "中": ["minLength"], "中国": [], "São": [], "abcd": ["maxLength"], "": ["minLength"],
        }  # fmt: skip
        assert expected(text) == [("minLength", "at least 2 characters"), ("maxLength", "at most 3 characters")]
        items = field_of("list", constraints={"minLength": 2, "maxLength": 3})
        assert {value: breaks(items, value) for value in ("long-word", "a,b", "a,b,c", "a,b,c,d")} == {
            "long-word": ["minLength"], "a,b": [], "a,b,c": [], "a,b,c,d": ["maxLength"],
        }  # fmt: skip
        assert expected(items) == [("minLength", "at least 2 items"), ("maxLength", "at most 3 items")]

    def test_several_constraints_are_all_judged_in_a_fixed_order(self) -> None:
        column = field_of("integer", constraints={"maximum": 10, "enum": [1, 20], "minimum": 5})
        assert breaks(column, "1") == ["minimum"]
        assert breaks(column, "30") == ["enum", "maximum"]
        assert [rule for rule, _ in expected(column)] == ["enum", "minimum", "maximum"]

    def test_a_date_of_mixed_precision_is_judged_before_its_pattern(self) -> None:
        column = field_of(rdfType=URI, constraints={"pattern": "[0-9]{4}(-[0-9]{2})?"})
        assert {text: breaks(column, text) for text in ("2024", "2024-13", "2024-02-29", "24")} == {
            "2024": [], "2024-13": ["partial-date"], "2024-02-29": ["pattern"], "24": ["partial-date", "pattern"],
        }  # fmt: skip

    @given(st.dates(), st.dates())
    def test_a_minimum_holds_exactly_for_dates_not_before_it(self, bound: dt.date, value: dt.date) -> None:
        column = field_of("date", constraints={"minimum": bound.isoformat()})
        assert (not breaks(column, value.isoformat())) == (value >= bound)


class TestCategories:
    def test_values_with_and_without_label(self) -> None:
        column = field_of(categories=["a", {"value": "b"}, {"value": "c", "label": "The letter c"}], categoriesOrdered=True)
        assert column.categories == (Category("a", "a"), Category("b", "b"), Category("c", "The letter c"))
        assert column.ordered
        assert {text: breaks(column, text) for text in ("a", "c", "C", "The letter c", " a")} == {
            "a": [], "c": [], "C": ["category"], "The letter c": ["category"], " a": ["category"],
        }  # fmt: skip
        assert expected(column) == [("category", "one of a, b, c")]

    def test_numbers(self) -> None:
        column = field_of("integer", categories=[1, {"value": 2, "label": "two"}])
        assert column.categories == (Category("1", "1"), Category("2", "two"))
        assert {text: breaks(column, text) for text in ("1", "2", "3", "01")} == {"1": [], "2": [], "3": ["category"], "01": ["category"]}

    def test_none_is_no_vocabulary(self) -> None:
        assert (field_of(categories=[]).categories, field_of(categories=[]).constraints, field_of(categories=[]).dtype) == (
            (),
            (),
            "string",
        )


def test_the_schemas_of_the_dataset_compile(root: Path) -> None:
    for path in sorted((root / "schemas").glob("*.json")):
        plan = compile_schema(json.loads(path.read_text(encoding="utf-8")), where=path.name, name=path.stem)
        assert plan.name == path.stem
        assert plan.primary_key
        assert all(column.description for column in plan.fields)
        for column in plan.fields:
            if column.example is not None and column.type != "boolean":
                assert breaks(column, str(column.example)) == [], f"the example of {path.stem}.{column.name} breaks its own field"
