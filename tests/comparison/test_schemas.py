"""Changes of structure: fields, keys, vocabularies and descriptions, and whether code that reads the table can break."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.comparison import compare
from aistatecraft.comparison.change_rules import CHANGE_RULES
from aistatecraft.comparison.changes import Change
from aistatecraft.comparison.schemas import as_text, compare_schemas, from_text
from aistatecraft.package import compile_schema
from tests.comparison.described import EDTF, Told, between, memory, text_fields, told
from tests.comparison.packages import field

Renamed = dict[str, dict[str, tuple[str, bool]]]


def changes_of(old: dict[str, Any], new: dict[str, Any], renamed: Renamed | None = None) -> list[Change]:
    """The changes from one schema to another."""
    schemas = [compile_schema(schema, where="schema", name="t") for schema in (old, new)]
    return list(compare_schemas(old, schemas[0], new, schemas[1], renamed or {}))


def said(old: dict[str, Any], new: dict[str, Any], renamed: Renamed | None = None) -> Told:
    """The same in short: action, field and property, old, new, rule."""
    found = changes_of(old, new, renamed)
    return [(c.action, " ".join(part for part in (c.field, c.property) if part), c.old, c.new, c.rule) for c in found]


def of(*fields: dict[str, Any], **schema: Any) -> dict[str, Any]:
    return {"fields": [{"name": "id", "type": "string"}, *fields], "primaryKey": ["id"], **schema}


def one(**properties: Any) -> dict[str, Any]:
    """A schema with one field besides its key."""
    return of({"name": "x", "type": "string", **properties})


class TestFields:
    def test_added_and_removed(self) -> None:
        a = {"name": "a", "type": "integer"}
        assert said(of(), of(a)) == [("added", "a", None, '{"name": "a", "type": "integer"}', "field-added")]
        assert said(of(a), of()) == [("removed", "a", '{"name": "a", "type": "integer"}', None, "field-removed")]

    def test_renamed_with_what_else_changed(self) -> None:
        old, new = of({"name": "a", "type": "integer", "title": "A"}), of({"name": "b", "type": "number", "title": "B"})
        assert said(old, new, {"t": {"a": ("b", False)}}) == [
            ("renamed", "a", "a", "b", "field-renamed"),
            ("changed", "b type", "integer", "number", "field-retyped"),
            ("changed", "b title", "A", "B", "schema-metadata"),
        ]

    def test_added_or_removed_leaves_the_cells_of_the_others_alone(self) -> None:
        narrow, wide = of({"name": "a", "type": "integer"}), of({"name": "b", "type": "string"}, {"name": "a", "type": "integer"})
        old, new = "id,a\nx,1\ny,2\n", "id,b,a\nx,new,1\ny,,3\n"
        assert between(narrow, old, new, wide) == [
            ("added", "t b", None, '{"name": "b", "type": "string"}', "field-added"),
            ("changed", "t y a", "2", "3", "value-corrected"),
        ]
        assert between(wide, new, old, narrow) == [
            ("removed", "t b", '{"name": "b", "type": "string"}', None, "field-removed"),
            ("changed", "t y a", "3", "2", "value-corrected"),
        ]

    def test_order_is_no_change_and_hides_no_cell(self) -> None:
        old, new = text_fields("id", "a", "b", key="id"), text_fields("b", "a", "id", key="id")
        assert between(old, "id,a,b\n1,x,y\n2,x,y\n", "b,a,id\ny,x,1\nz,x,2\n", new) == [("changed", "t 2 b", "y", "z", "value-corrected")]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (one(type="integer"), one(type="number"), [("changed", "x type", "integer", "number", "field-retyped")]),
            (one(), one(categories=["a"]), [("added", "x categories", None, '["a"]', "field-retyped")]),
            (one(categories=["a"]), one(), [("removed", "x categories", '["a"]', None, "field-retyped")]),
            (one(), one(format="uri"), [("added", "x format", None, "uri", "field-retyped")]),
            (one(), one(format="default"), [("added", "x format", None, "default", "schema-metadata")]),
            (one(type="year"), one(type="integer"), [("changed", "x type", "year", "integer", "field-retyped")]),
        ],
    )
    def test_retyped(self, old: dict[str, Any], new: dict[str, Any], expected: Told) -> None:
        assert said(old, new) == expected

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (one(missingValues=["", "-"]), one(), ("removed", "x missingValues", '["", "-"]', None)),
            (one(type="boolean"), one(type="boolean", trueValues=["yes"]), ("added", "x trueValues", None, '["yes"]')),
            (one(type="list"), one(type="list", delimiter=";"), ("added", "x delimiter", None, ";")),
            (one(), one(rdfType=EDTF), ("added", "x rdfType", None, EDTF)),
            (of(), of(missingValues=["", "n/a"]), ("added", "missingValues", None, '["", "n/a"]')),
        ],
    )
    def test_same_text_read_otherwise(self, old: dict[str, Any], new: dict[str, Any], expected: tuple[str, ...]) -> None:
        assert said(old, new) == [(*expected, "reading-changed")]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (one(title="A"), one(title="B"), ("changed", "x title", "A", "B")),
            (one(), one(example=1), ("added", "x example", None, "1")),
            (one(example="1"), one(), ("removed", "x example", '"1"', None)),
            (one(rdfType="https://schema.org/name"), one(), ("removed", "x rdfType", "https://schema.org/name", None)),
            (of(description="a"), of(description="b"), ("changed", "description", "a", "b")),
            (of(), {**of(), "aistatecraft:evidence": "required"}, ("added", "aistatecraft:evidence", None, "required")),
        ],
    )
    def test_descriptions_are_metadata(self, old: dict[str, Any], new: dict[str, Any], expected: tuple[str, ...]) -> None:
        assert said(old, new) == [(*expected, "schema-metadata")]


class TestVocabularies:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (["a"], ["a", "b"], [("added", "x categories.b", None, "b", "category-added")]),
            (["a", "b"], ["a"], [("removed", "x categories.b", "b", None, "category-removed")]),
            (["a", "b"], ["b", "a"], [("changed", "x categories.", '["a", "b"]', '["b", "a"]', "schema-metadata")]),
            (
                ["a", "b"],
                ["a", "c", "d"],
                [
                    ("removed", "x categories.b", "b", None, "category-removed"),
                    ("added", "x categories.c", None, "c", "category-added"),
                    ("added", "x categories.d", None, "d", "category-added"),
                ],
            ),
            (
                ["a"],
                [{"value": "b", "label": "B"}, "a"],
                [
                    ("added", "x categories.b", None, '{"label": "B", "value": "b"}', "category-added"),
                    ("changed", "x categories.", '["a", "b"]', '["b", "a"]', "schema-metadata"),
                ],
            ),
            (
                [{"value": "a", "label": "A"}],
                [{"value": "a", "label": "Aa"}],
                [("changed", "x categories.a", '{"label": "A", "value": "a"}', '{"label": "Aa", "value": "a"}', "schema-metadata")],
            ),
            (["a"], ["a", ""], [("added", "x categories.", None, "", "category-added")]),
        ],
        ids=["added", "removed", "turned", "both", "first", "relabelled", "blank"],
    )
    def test_values(self, old: list[Any], new: list[Any], expected: Told) -> None:
        assert said(one(categories=old), one(categories=new)) == expected

    def test_a_value_that_was_renamed_or_split_names_its_successors(self) -> None:
        def value(name: str, was: Any) -> dict[str, Any]:
            return {"value": name, "label": name, "aistatecraft:formerly": was}

        old = one(categories=["a", "b", "c"])
        new = one(categories=["c", value("d", "a"), value("e", "a"), value("f", "b"), value("g", "c"), value("h", ["b"])])
        notes = {change.property: change.note for change in changes_of(old, new) if change.rule == "category-removed"}
        assert notes == {"categories.a": "replaced by d or e", "categories.b": "replaced by f"}

    def test_of_whole_numbers(self) -> None:
        found = said(one(type="integer", categories=[1]), one(type="integer", categories=[1, 2]))
        assert found == [("added", "x categories.2", None, "2", "category-added")]

    def test_order(self) -> None:
        plain, ordered = one(categories=["low", "high"]), one(categories=["low", "high"], categoriesOrdered=True)
        turned = one(categories=["high", "low"], categoriesOrdered=True)
        more = one(categories=["low", "middle", "high"], categoriesOrdered=True)
        assert said(plain, ordered) == [("added", "x categoriesOrdered", None, "true", "category-order")]
        assert said(ordered, plain) == [("removed", "x categoriesOrdered", "true", None, "category-order")]
        assert said(ordered, turned) == [("changed", "x categories.", '["low", "high"]', '["high", "low"]', "category-order")]
        # A value between two others leaves their order as it was.
        assert said(ordered, more) == [
            ("added", "x categories.middle", None, "middle", "category-added"),
            ("changed", "x categories.", '["low", "high", "middle"]', '["low", "middle", "high"]', "schema-metadata"),
        ]


class TestKeys:
    def test_primary(self) -> None:
        assert said(of(), {"fields": of()["fields"]}) == [("removed", "primaryKey", '["id"]', None, "key-changed")]
        assert said(one(), {**one(), "primaryKey": ["id", "x"]}) == [("changed", "primaryKey", '["id"]', '["id", "x"]', "key-changed")]
        assert said(of(), {**of(), "primaryKey": "id"}) == []

    def test_a_key_of_fields_that_came_with_it_breaks_nothing(self) -> None:
        foreign = {"reference": {"resource": "people", "fields": ["id"]}}
        came = [{"name": "x", "type": "string"}, {"name": "y", "type": "string"}]
        for key, expected in (({"fields": ["x"], **foreign}, "field-added"), ({"fields": "id", **foreign}, "constraint-tightened")):
            new = {**of(), "fields": [*of()["fields"], *came], "foreignKeys": [key]}
            assert [change[-1] for change in said(of(), new) if change[1] == "foreignKeys"] == [expected]
        mixed = {**of(), "fields": [*of()["fields"], *came], "uniqueKeys": [["x", "y"], ["id", "x"]]}
        assert [change[-1] for change in said(of(), mixed) if change[1] == "uniqueKeys"] == ["field-added", "constraint-tightened"]

    def test_of_renamed_fields_are_the_same(self) -> None:
        foreign = {"reference": {"resource": "people", "fields": ["id"]}}
        old = {**text_fields("a", "b", key="a"), "uniqueKeys": [["a", "b"]], "foreignKeys": [{"fields": "a", **foreign}]}
        new = {**text_fields("c", "b", key=["c"]), "uniqueKeys": [["b", "c"]], "foreignKeys": [{"fields": ["c"], **foreign}]}
        assert said(old, new, {"t": {"a": ("c", False)}}) == [("renamed", "a", "a", "c", "field-renamed")]

    def test_foreign_ones_to_a_field_that_was_renamed_are_the_same(self) -> None:
        def package(name: str, **formerly: str) -> Any:
            key = {"fields": ["who"], "reference": {"resource": "people", "fields": [name]}}
            people = {"fields": [{"name": name, "type": "string", **formerly}], "primaryKey": name}
            return memory({"votes": ({**text_fields("who"), "foreignKeys": [key]}, "who\n"), "people": (people, f"{name}\n")})

        found = compare(package("id"), package("code", **{"aistatecraft:formerly": "id"}))
        assert told(found) == [
            ("renamed", "people id", "id", "code", "field-renamed"),
            ("added", "people code aistatecraft:formerly", None, "id", "schema-metadata"),
        ]
        assert [change.proposed for change in found.changes] == [False, False]

    @pytest.mark.parametrize(
        ("old", "new", "was", "now"),
        [
            ({"uniqueKeys": []}, {"uniqueKeys": [["id", "x"]]}, None, '["id", "x"]'),
            ({"uniqueKeys": [["id", "x"], ["x"]]}, {"uniqueKeys": ["x"]}, '["id", "x"]', None),
            (
                {},
                {"foreignKeys": [{"fields": ["x"], "reference": {"resource": "people", "fields": ["id"]}}]},
                None,
                '{"fields": ["x"], "reference": {"fields": ["id"], "resource": "people"}}',
            ),
            (
                {"foreignKeys": [{"fields": "x", "reference": {"resource": "", "fields": "id"}}]},
                {},
                '{"fields": "x", "reference": {"fields": "id", "resource": ""}}',
                None,
            ),
        ],
    )
    def test_unique_and_foreign(self, old: dict[str, Any], new: dict[str, Any], was: str | None, now: str | None) -> None:
        name = next(iter(new or old))
        action, rule = ("added", "constraint-tightened") if was is None else ("removed", "constraint-loosened")
        assert said({**one(), **old}, {**one(), **new}) == [(action, name, was, now, rule)]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ({"uniqueKeys": ["x"]}, {"uniqueKeys": [["x"]]}),
            ({"uniqueKeys": [["id", "x"]]}, {"uniqueKeys": [["x", "id"], ["id", "x"]]}),
            (
                {"foreignKeys": [{"fields": "x", "reference": {"resource": "", "fields": "id"}}]},
                {"foreignKeys": [{"fields": ["x"], "reference": {"resource": "t", "fields": ["id"]}}]},
            ),
            (
                {"foreignKeys": [{"fields": ["x", "id"], "reference": {"resource": "p", "fields": ["a", "b"]}}]},
                {"foreignKeys": [{"fields": ["id", "x"], "reference": {"resource": "p", "fields": ["b", "a"]}}]},
            ),
        ],
    )
    def test_the_same_written_otherwise(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        assert said({**one(), **old}, {**one(), **new}) == []


class TestTexts:
    @pytest.mark.parametrize(
        "value", ["a", "", "1", "null", "true", '"x"', "[", "[" * 100_000, "1" * 5_000, "NaN", 1, 1.5, True, [], {"b": 1, "a": [None]}]
    )
    def test_a_property_is_the_same_after_being_a_text(self, value: Any) -> None:
        assert from_text(as_text(value)) == value

    def test_texts_are_told_from_json(self) -> None:
        assert [as_text(value) for value in ("a", "1", 1, None, {"b": 1, "a": 2})] == ["a", '"1"', "1", None, '{"a": 2, "b": 1}']


SCHEMA = st.lists(st.sampled_from(["x", "y"]).flatmap(field), max_size=2, unique_by=lambda entry: str(entry["name"])).map(
    lambda fields: of(*fields)
)
MIRRORED = {"constraint-tightened": "constraint-loosened", "category-removed": "category-added", "field-removed": "field-added"}


@settings(max_examples=150, deadline=None)
@given(old=SCHEMA, new=SCHEMA)
def test_back_and_forth(old: dict[str, Any], new: dict[str, Any]) -> None:
    """What breaks one way is an addition the other way, and a schema does not differ from itself."""
    assert said(old, old) == []
    forth, back = said(old, new), said(new, old)
    turned = {**MIRRORED, **{now: was for was, now in MIRRORED.items()}}

    def without_order(found: Told, rules: dict[str, str]) -> list[tuple[str, str]]:
        # That of a vocabulary is told of what is left of it, which depends on where one begins.
        return sorted((where, rules.get(rule, rule)) for _, where, _, _, rule in found if not where.endswith("categories."))

    assert without_order(forth, turned) == without_order(back, {})
    assert all(CHANGE_RULES[rule].level == "schema" for *_, rule in forth)
