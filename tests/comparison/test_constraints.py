"""Whether a field admits more or less than before, decided on the sets of values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.comparison.constraints import GROUPS, admitted
from aistatecraft.comparison.schemas import compare_schemas
from aistatecraft.package import compile_schema


def rules(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """For each constraint that changed the rule; without the part that all have in common."""
    schemas = [{"fields": [{"name": "x", **entry}]} for entry in (old, new)]
    plans = [compile_schema(schema, where="schema", name="t") for schema in schemas]
    found = compare_schemas(schemas[0], plans[0], schemas[1], plans[1], {})
    return {change.property.removeprefix("constraints."): change.rule.removeprefix("constraint-") for change in found}


def limited(kind: str, **constraints: Any) -> dict[str, Any]:
    return {"type": kind, "constraints": constraints}


@pytest.mark.parametrize(
    ("kind", "limit", "old", "new", "verdict"),
    [
        ("string", "required", None, True, "tightened"),
        ("string", "required", False, True, "tightened"),
        ("string", "required", True, None, "loosened"),
        ("string", "required", True, False, "loosened"),
        ("string", "required", None, False, "rewritten"),
        ("string", "unique", None, True, "tightened"),
        ("string", "unique", True, None, "loosened"),
        ("integer", "minimum", None, 1, "tightened"),
        ("integer", "minimum", 1, 2, "tightened"),
        ("integer", "minimum", 2, 1, "loosened"),
        ("integer", "minimum", 1, None, "loosened"),
        ("integer", "minimum", "9", "10", "tightened"),
        ("integer", "minimum", 9, "9", "rewritten"),
        ("integer", "minimum", "10", 9, "loosened"),
        ("number", "maximum", 1.5, 1.25, "tightened"),
        ("number", "maximum", 1.5, 2, "loosened"),
        ("number", "minimum", 1, "1.0", "rewritten"),
        ("number", "exclusiveMinimum", 0, 0.5, "tightened"),
        ("number", "exclusiveMaximum", 100, 90, "tightened"),
        ("date", "minimum", "2024-02-01", "2024-10-01", "tightened"),
        ("date", "maximum", "2024-02-01", "2024-10-01", "loosened"),
        ("year", "minimum", "0900", "1000", "tightened"),
        ("yearmonth", "maximum", "2024-02", "2023-11", "tightened"),
        ("datetime", "minimum", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "rewritten"),
        ("datetime", "minimum", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00", "changed"),
        ("string", "minLength", 2, 10, "tightened"),
        ("string", "minLength", None, 0, "rewritten"),
        ("string", "maxLength", 2, 10, "loosened"),
        ("list", "maxLength", 10, 2, "tightened"),
        ("string", "pattern", None, "[a-z]+", "tightened"),
        ("string", "pattern", "[a-z]+", None, "loosened"),
        ("string", "pattern", "[a-z]+", "[a-z]*", "loosened"),
        ("string", "pattern", "[a-z0-9]+", "[a-z]+", "tightened"),
        ("string", "pattern", "[a-z]+", "[0-9]+", "changed"),
        ("string", "pattern", "(a|b)c", "^[ab]c$", "rewritten"),
        ("string", "pattern", "a(?=b)", "a", "changed"),
        ("string", "enum", ["a"], ["a", "b"], "loosened"),
        ("string", "enum", ["a", "b"], ["a"], "tightened"),
        ("string", "enum", ["a", "b"], ["a", "c"], "changed"),
        ("string", "enum", ["a", "b"], ["b", "a"], "rewritten"),
        ("string", "enum", None, ["a"], "tightened"),
        ("string", "enum", ["a"], None, "loosened"),
        ("number", "enum", [1, 2], ["1.0", "2.00"], "rewritten"),
        ("boolean", "enum", [True], [False], "changed"),
    ],
)
def test_one_constraint(kind: str, limit: str, old: Any, new: Any, verdict: str) -> None:
    before, after = (limited(kind, **({} if value is None else {limit: value})) for value in (old, new))
    assert rules(before, after) == {limit: verdict}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (limited("integer", minimum=1), limited("integer", exclusiveMinimum=0), {"minimum": "rewritten", "exclusiveMinimum": "rewritten"}),
        (limited("integer", maximum=9), limited("integer", exclusiveMaximum=9), {"maximum": "tightened", "exclusiveMaximum": "tightened"}),
        (limited("number", minimum=1), limited("number", exclusiveMinimum=1), {"minimum": "tightened", "exclusiveMinimum": "tightened"}),
        (limited("number", minimum=1), limited("number", minimum=1, exclusiveMinimum=0), {"exclusiveMinimum": "rewritten"}),
        (
            limited("date", maximum="2024-12-31"),
            limited("date", exclusiveMaximum="2025-01-01"),
            {"maximum": "rewritten", "exclusiveMaximum": "rewritten"},
        ),
        (
            limited("yearmonth", minimum="2024-01"),
            limited("yearmonth", exclusiveMinimum="2023-12"),
            {"minimum": "rewritten", "exclusiveMinimum": "rewritten"},
        ),
        # A vocabulary inside a pattern, and a pattern around a vocabulary.
        (limited("string", pattern="[a-z]+"), limited("string", enum=["a", "b"]), {"pattern": "tightened", "enum": "tightened"}),
        (limited("string", enum=["a", "b"]), limited("string", pattern="[a-z]+"), {"enum": "loosened", "pattern": "loosened"}),
        (limited("string", enum=["a", "B"]), limited("string", pattern="[a-z]+"), {"enum": "changed", "pattern": "changed"}),
        (limited("string", pattern="[a-z]+"), limited("string", enum=["a", "B"]), {"pattern": "changed", "enum": "changed"}),
        # What a bound cuts off a vocabulary counts, and nothing else.
        (limited("integer", enum=[1, 2, 3]), limited("integer", enum=[1, 2, 3], minimum=2), {"minimum": "tightened"}),
        (limited("integer", enum=[5, 6]), limited("integer", enum=[5, 6], minimum=2), {"minimum": "rewritten"}),
        (limited("integer", enum=[1, 2], maximum=9), limited("integer", enum=[1, 2, 3], maximum=5), {"enum": "loosened", "maximum": "rewritten"}),
        (
            {"type": "string", "categories": ["a", "b"], "constraints": {"enum": ["a", "b", "c"]}},
            {"type": "string", "categories": ["a", "b"], "constraints": {"enum": ["a", "b"]}},
            {"enum": "rewritten"},
        ),
        # A length that the pattern asks for anyway.
        (limited("string", pattern="[a-z]{3}"), limited("string", pattern="[a-z]{3}", maxLength=5, minLength=3), {"maxLength": "rewritten", "minLength": "rewritten"}),
        (limited("string", pattern="[a-z]{3,9}"), limited("string", pattern="[a-z]{3,9}", maxLength=5), {"maxLength": "tightened"}),
        (limited("string", pattern="[a-z]+"), limited("string", pattern="[a-z]+", minLength=1), {"minLength": "rewritten"}),
        (limited("boolean", enum=[True]), {**limited("boolean", enum=["yes"]), "trueValues": ["yes"]}, {"enum": "rewritten", "trueValues": "reading-changed"}),
    ],
)  # fmt: skip
def test_several_constraints(old: dict[str, Any], new: dict[str, Any], expected: dict[str, str]) -> None:
    assert rules(old, new) == expected


def test_bound_that_the_other_type_cannot_compare() -> None:
    assert rules(limited("integer", minimum=1), limited("date", minimum="2024-01-01")) == {"type": "field-retyped", "minimum": "changed"}


def test_vocabulary_of_a_retyped_field() -> None:
    assert rules(limited("string", enum=["1", "x"]), limited("integer", enum=[1])) == {"type": "field-retyped", "enum": "changed"}


NUMBERS = st.fixed_dictionaries(
    {},
    optional={
        "minimum": st.integers(0, 4),
        "exclusiveMinimum": st.integers(0, 4),
        "maximum": st.integers(3, 7),
        "exclusiveMaximum": st.integers(3, 7),
        "enum": st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True),
    },
)
TEXTS = st.fixed_dictionaries(
    {},
    optional={
        "pattern": st.sampled_from(["[ab]*", "[ab]{1,2}", "a+", "a?b?", "[ab]{2}"]),
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(1, 3),
        "enum": st.lists(st.sampled_from(["a", "b", "aa", "ab", ""]), min_size=1, unique=True),
    },
)
WORDS = ["", *"ab", "aa", "ab", "ba", "bb", "aaa", "abb", "aaaa"]


def agree(kind: str, old: dict[str, Any], new: dict[str, Any], texts: list[str]) -> None:
    """Where no group says that something was cut off, nothing is; and the other way round."""
    schemas = [{"fields": [{"name": "x", **limited(kind, **limits)}]} for limits in (old, new)]
    plans = [compile_schema(schema, where="schema", name="t").fields[0] for schema in schemas]
    before, after = ({text for text in texts if all(one.holds(text, plan.parse(text)) for one in plan.constraints)} for plan in plans)
    said = {admitted(group, *plans) for group, names in GROUPS.items() if any(old.get(name) != new.get(name) for name in names)}
    assert said & {"narrower", "other"} or before <= after
    assert said & {"wider", "other"} or after <= before


@settings(max_examples=200, deadline=None)
@given(old=NUMBERS, new=NUMBERS)
def test_verdicts_on_numbers_do_not_contradict_the_values(old: dict[str, Any], new: dict[str, Any]) -> None:
    agree("integer", old, new, [str(number) for number in range(-1, 10)])


@settings(max_examples=200, deadline=None)
@given(old=TEXTS, new=TEXTS)
def test_verdicts_on_texts_do_not_contradict_the_values(old: dict[str, Any], new: dict[str, Any]) -> None:
    agree("string", old, new, WORDS)
