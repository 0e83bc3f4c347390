"""The constraint jsonSchema: what holds, what is no schema; nothing is fetched, no pattern takes for ever."""

from __future__ import annotations

from typing import Any

import pytest

from aistatecraft.package.json_schema import json_schema_test

PERSON = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "pattern": "^[A-Z]"}, "friends": {"type": "array", "items": {"$ref": "#"}}},
    "patternProperties": {"^n_": {"type": "integer"}},
}


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ({"name": "Ada"}, True),
        ({"name": "Ada", "friends": [{"name": "Bo"}], "n_1": 1}, True),
        ({"name": "ada"}, False),
        ({"name": "Ada", "friends": [{"name": "bo"}]}, False),
        ({"name": "Ada", "n_1": "x"}, False),
        ({}, False),
        ([], False),
    ],
)
def test_what_holds(value: Any, holds: bool) -> None:
    assert json_schema_test(PERSON)(value) is holds


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (True, "^must be a JSON Schema, an object, not True$"),
        ("https://host.invalid/s.json", "^must be a JSON Schema, an object, not 'https://host.invalid/s.json'$"),
        ({"type": "thing"}, r"^is not a JSON Schema \('thing' is not valid under any of the given schemas\)$"),
        (
            {"items": {"$ref": "other.json#/x"}},
            r"^refers to 'other\.json#/x', which is not fetched; include that schema under \$defs$",
        ),
    ],
)
def test_what_is_no_schema(schema: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        json_schema_test(schema)


@pytest.mark.parametrize(
    "schema", [{"$ref": "#"}, {"$ref": "#/nowhere"}, {"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/a"}}}]
)
def test_a_reference_that_leads_nowhere_holds_of_nothing(schema: dict[str, Any]) -> None:
    assert json_schema_test(schema)({"a": 1}) is False
