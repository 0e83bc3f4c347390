"""Changes of structure, and whether code that reads the table can break."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.diff import ChangeSet, diff
from aistatecraft.diff.schemas import compare_schemas
from aistatecraft.reading import compile_schema
from tests.conftest import Make

Said = list[tuple[str, str, str | None, str | None, str, str]]


def said(old: dict[str, Any], new: dict[str, Any]) -> Said:
    """The changes from one schema to another: field, action, old, new, kind, reason."""
    plans = [compile_schema(schema, where="schema", name="t") for schema in (old, new)]
    return [(c.field, c.action, c.old, c.new, c.kind, c.reason) for c in compare_schemas(*plans)]


def of(*fields: dict[str, Any], **schema: Any) -> dict[str, Any]:
    return {"fields": [{"name": "id", "type": "string"}, *fields], "primaryKey": ["id"], **schema}


def one(**properties: Any) -> dict[str, Any]:
    """A schema with one field besides its key."""
    return of({"name": "x", "type": "string", **properties})


def limited(kind: str, **constraints: Any) -> dict[str, Any]:
    return one(type=kind, constraints=constraints)


TIGHTER = ("breaking", "a constraint was tightened")
LOOSER = ("addition", "a constraint was loosened")


def test_field_added_removed_and_renamed() -> None:
    a, b = {"name": "a", "type": "integer"}, {"name": "b", "type": "integer"}
    assert said(of(), of(a)) == [("a", "added", None, "integer", "addition", "a field was added")]
    assert said(of(a), of()) == [("a", "removed", "integer", None, "breaking", "a field was removed")]
    assert said(of(a), of(b)) == [
        ("a", "removed", "integer", None, "breaking", "a field was removed"),
        ("b", "added", None, "integer", "addition", "a field was added"),
    ]


def test_field_added_or_removed_leaves_the_cells_of_the_others_alone(make: Make) -> None:
    narrow, wide = of({"name": "a", "type": "integer"}), of({"name": "b", "type": "string"}, {"name": "a", "type": "integer"})
    old = make({"t": (narrow, "id,a\nx,1\ny,2\n")}, "old")
    new = make({"t": (wide, "id,b,a\nx,new,1\ny,new,3\n")}, "new")

    def told(changes: ChangeSet) -> list[tuple[str | None, ...]]:
        return [(c.level, c.key, c.field, c.action, c.old, c.new) for c in changes.changes]

    assert told(diff(old, new)) == [("schema", "", "b", "added", None, "string"), ("cell", "y", "a", "changed", "2", "3")]
    assert diff(old, new).bump == "minor"
    assert told(diff(new, old)) == [("schema", "", "b", "removed", "string", None), ("cell", "y", "a", "changed", "3", "2")]
    assert diff(new, old).bump == "major"


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [
        (one(type="integer"), one(type="number"), "integer (Int64)", "number (Float64)"),
        (one(type="string"), one(type="string", categories=["a"]), "string (string)", "string (category)"),
        (one(type="string", categories=["a"]), one(type="string"), "string (category)", "string (string)"),
        (one(type="string"), one(type="string", format="uri"), "string (string)", "string (string)"),
        (one(type="year"), one(type="integer"), "year (Int64)", "integer (Int64)"),
    ],
)
def test_field_retyped(old: dict[str, Any], new: dict[str, Any], was: str, now: str) -> None:
    assert said(old, new) == [("x.type", "changed", was, now, "breaking", "a field has another type")]


@pytest.mark.parametrize(
    ("kind", "limit", "old", "new", "was", "now", "verdict"),
    [
        ("string", "required", None, True, None, "true", TIGHTER),
        ("string", "required", False, True, "false", "true", TIGHTER),
        ("string", "required", True, None, "true", None, LOOSER),
        ("string", "required", True, False, "true", "false", LOOSER),
        ("string", "unique", None, True, None, "true", TIGHTER),
        ("string", "unique", True, None, "true", None, LOOSER),
        ("integer", "minimum", None, 1, None, "1", TIGHTER),
        ("integer", "minimum", 1, 2, "1", "2", TIGHTER),
        ("integer", "minimum", 2, 1, "2", "1", LOOSER),
        ("integer", "minimum", "9", "10", "9", "10", TIGHTER),
        ("integer", "minimum", 9, "10", "9", "10", TIGHTER),
        ("integer", "minimum", "10", 9, "10", "9", LOOSER),
        ("number", "maximum", 1.5, 1.25, "1.5", "1.25", TIGHTER),
        ("number", "maximum", 1.5, 2, "1.5", "2", LOOSER),
        ("number", "exclusiveMinimum", 0, 0.5, "0", "0.5", TIGHTER),
        ("number", "exclusiveMaximum", 100, 90, "100", "90", TIGHTER),
        ("date", "minimum", "2024-02-01", "2024-10-01", "2024-02-01", "2024-10-01", TIGHTER),
        ("date", "maximum", "2024-02-01", "2024-10-01", "2024-02-01", "2024-10-01", LOOSER),
        ("string", "minLength", 2, 10, "2", "10", TIGHTER),
        ("string", "maxLength", 2, 10, "2", "10", LOOSER),
        ("string", "pattern", None, "[a-z]+", None, "[a-z]+", TIGHTER),
        ("string", "pattern", "[a-z]+", None, "[a-z]+", None, LOOSER),
        ("string", "pattern", "[a-z]+", "[a-z]*", "[a-z]+", "[a-z]*", TIGHTER),
        ("string", "enum", ["a"], ["a", "b"], "a", "a, b", LOOSER),
        ("string", "enum", ["a", "b"], ["a"], "a, b", "a", TIGHTER),
        ("string", "enum", ["a", "b"], ["a", "c"], "a, b", "a, c", TIGHTER),
        ("string", "enum", ["a", "b"], ["b", "a"], "a, b", "b, a", ("metadata", "the order of the values changed")),
        ("string", "enum", None, ["a"], None, "a", TIGHTER),
    ],
)
def test_constraint(kind: str, limit: str, old: Any, new: Any, was: str | None, now: str | None, verdict: tuple[str, str]) -> None:
    before, after = (limited(kind, **({} if value is None else {limit: value})) for value in (old, new))
    assert said(before, after) == [(f"x.{limit}", "changed", was, now, *verdict)]


def test_constraint_that_says_nothing_is_no_change() -> None:
    assert said(limited("string"), limited("string", required=False, unique=False)) == []


def test_bound_that_the_other_type_cannot_compare() -> None:
    found = said(limited("integer", minimum=1), limited("date", minimum="2024-01-01"))
    assert [(field, kind) for field, _, _, _, kind, _ in found] == [("x.type", "breaking"), ("x.minimum", "breaking")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["a"], ["a", "b"], [(None, "b", "addition", "a value joined the vocabulary")]),
        (["a", "b"], ["a"], [("b", None, "breaking", "a value left the vocabulary")]),
        (["a", "b"], ["b", "a"], [("a, b", "b, a", "metadata", "the order of the vocabulary changed")]),
        (
            ["a", "b"],
            ["a", "c", "d"],
            [("b", None, "breaking", "a value left the vocabulary"), (None, "c, d", "addition", "a value joined the vocabulary")],
        ),
    ],
)
def test_category(old: list[str], new: list[str], expected: list[tuple[str | None, str | None, str, str]]) -> None:
    assert said(one(categories=old), one(categories=new)) == [("x.categories", "changed", *change) for change in expected]


def test_label_of_a_category_is_metadata() -> None:
    (change,) = said(one(categories=[{"value": "a", "label": "A"}]), one(categories=[{"value": "a", "label": "Aa"}]))
    assert (change[0], change[4]) == ("x.description", "metadata")


def test_order_of_the_vocabulary() -> None:
    plain, ordered = one(categories=["low", "high"]), one(categories=["low", "high"], categoriesOrdered=True)
    reason = "whether the vocabulary has an order changed"
    assert said(plain, ordered) == [("x.categoriesOrdered", "changed", "false", "true", "addition", reason)]
    assert said(ordered, plain) == [("x.categoriesOrdered", "changed", "true", "false", "breaking", reason)]
    turned = one(categories=["high", "low"], categoriesOrdered=True)
    assert [change[4] for change in said(ordered, turned)] == ["breaking"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (of(), of(primaryKey=None), ("primaryKey", "id", "", "breaking", "primaryKey changed")),
        (of(), of(missingValues=["", "n/a"]), ("missingValues", "", ", n/a", "breaking", "missingValues changed")),
        (one(), one(missingValues=["", "-"]), ("x.missingValues", "", ", -", "breaking", "missingValues changed")),
        (
            one(type="boolean"),
            one(type="boolean", trueValues=["yes"]),
            ("x.trueValues", "1, TRUE, True, true", "yes", "breaking", "trueValues changed"),
        ),
        (
            one(),
            one(rdfType="http://id.loc.gov/datatypes/edtf/EDTF-level0"),
            ("x.rdfType", "false", "true", "breaking", "whether it is a date of mixed precision changed"),
        ),
        (one(), {**one(), "uniqueKeys": [["id", "x"]]}, ("uniqueKeys", "", "(id, x)", *TIGHTER)),
        ({**one(), "uniqueKeys": [["id", "x"], ["x"]]}, {**one(), "uniqueKeys": [["x"]]}, ("uniqueKeys", "(id, x), (x)", "(x)", *LOOSER)),
        (
            one(),
            {**one(), "foreignKeys": [{"fields": ["x"], "reference": {"resource": "people", "fields": ["id"]}}]},
            ("foreignKeys", "", "x -> people(id)", *TIGHTER),
        ),
        (
            {**one(), "foreignKeys": [{"fields": ["x"], "reference": {"resource": "people", "fields": ["id"]}}]},
            one(),
            ("foreignKeys", "x -> people(id)", "", *LOOSER),
        ),
        (of(description="a"), of(description="b"), ("description", "a", "b", "metadata", "the description changed, not the data")),
        (one(description="a"), one(description="b"), ("x.description", "a", "b", "metadata", "the description changed, not the data")),
    ],
)
def test_keys_missing_values_and_descriptions(
    old: dict[str, Any], new: dict[str, Any], expected: tuple[str, str | None, str | None, str, str]
) -> None:
    field, was, now, kind, reason = expected
    assert said(old, new) == [(field, "changed", was, now, kind, reason)]


def test_missing_values_of_the_table_are_not_said_again_for_each_field() -> None:
    assert len(said(one(), {**one(), "missingValues": ["", "none exists"]})) == 1


FIELD = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b", "c"]), "type": st.just("string")},
    optional={
        "description": st.text(max_size=3),
        "categories": st.lists(st.sampled_from(["x", "y", "z"]), min_size=1, unique=True),
        "categoriesOrdered": st.booleans(),
        "constraints": st.fixed_dictionaries(
            {}, optional={"required": st.booleans(), "unique": st.booleans(), "enum": st.just(["x"]), "maxLength": st.integers(0, 3)}
        ),
    },
)
SCHEMA = st.builds(
    lambda fields, missing: of(*fields, missingValues=missing),
    st.lists(FIELD, max_size=3, unique_by=lambda field: field["name"]),
    st.sampled_from([[""], ["", "none exists"]]),
)


@settings(max_examples=100, deadline=None)
@given(schema=SCHEMA)
def test_a_schema_does_not_differ_from_itself(schema: dict[str, Any]) -> None:
    assert said(schema, schema) == []


@settings(max_examples=200, deadline=None)
@given(old=SCHEMA, new=SCHEMA)
def test_what_is_tightened_one_way_is_loosened_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    forth, back = said(old, new), said(new, old)
    assert bool(forth) == bool(back)
    tightened = {field for field, *_, kind, reason in forth if (kind, reason) == TIGHTER}
    loosened = {field for field, *_, kind, reason in back if (kind, reason) == LOOSER}
    assert tightened == loosened
    assert {field for field, action, *_ in forth if action == "added"} == {field for field, action, *_ in back if action == "removed"}
