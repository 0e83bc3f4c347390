"""What the change of one cell means: filled, taken out, corrected, refined, or only written otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.comparison.described import EDTF, HEAD, PEOPLE, between, people


@pytest.mark.parametrize(
    ("field", "old", "new", "action", "rule"),
    [
        ("name", "", "Ada", "added", "value-filled"),
        ("name", "none exists", "Ada", "added", "value-filled"),
        ("name", "Ada", "", "removed", "value-emptied"),
        ("name", "Ada", "none exists", "removed", "value-emptied"),
        ("name", "", "none exists", "changed", "absence-explained"),
        ("name", "none exists", "", "changed", "absence-explained"),
        ("name", "Ada", "ada", "changed", "value-corrected"),
        ("name", "Ada", "Ada ", "changed", "value-corrected"),
        ("name", "1.0", "1.00", "changed", "value-corrected"),
        ("score", "107.50", "107.5", "changed", "value-rewritten"),
        ("score", "1e3", "1000", "changed", "value-rewritten"),
        ("score", "107.5", "107.6", "changed", "value-corrected"),
        ("score", "107.5", "107,5", "changed", "value-corrected"),
        ("member", "true", "TRUE", "changed", "value-rewritten"),
        ("member", "true", "1", "changed", "value-rewritten"),
        ("member", "true", "false", "changed", "value-corrected"),
        ("born", "2024", "2024-10", "changed", "date-refined"),
        ("born", "2024-10", "2024-10-03", "changed", "date-refined"),
        ("born", "2024", "2024-10-03", "changed", "date-refined"),
        ("born", "2024-10", "2024", "changed", "date-coarsened"),
        ("born", "2024", "2024/2026", "changed", "value-corrected"),
        ("born", "2024", "2024-02/2026", "changed", "value-corrected"),
        ("born", "2024", "2025-01", "changed", "value-corrected"),
        ("born", "", "2024", "added", "value-filled"),
        ("born", "", "none exists", "changed", "absence-explained"),
    ],
)
def test_one_cell(field: str, old: str, new: str, action: str, rule: str) -> None:
    names = HEAD.strip().split(",")

    def row(value: str) -> str:
        return ",".join({"id": "ada", field: f'"{value}"'}.get(name, "") for name in names) + "\n"

    assert people(row(old), row(new)) == [(action, f"t ada {field}", old or None, new or None, rule)]


@pytest.mark.parametrize(
    ("old", "new", "was", "now", "rule"),
    [
        ({"type": "integer"}, {"type": "number"}, "107", "107.0", "value-rewritten"),
        ({"type": "boolean"}, {"type": "integer"}, "true", "1", "value-corrected"),
        ({"type": "string"}, {"type": "number"}, "107.50", "107.5", "value-corrected"),
        ({"type": "boolean", "trueValues": ["yes"]}, {"type": "boolean"}, "yes", "true", "value-rewritten"),
        ({"type": "string", "missingValues": ["-"]}, {"type": "string"}, "-", "Ada", "value-filled"),
        ({"type": "string"}, {"type": "string", "missingValues": ["", "-"]}, "Ada", "-", "value-emptied"),
        ({"type": "date"}, {"type": "string", "rdfType": EDTF}, "2024-10-03", "2024-10", "value-corrected"),
        ({"type": "list"}, {"type": "list", "delimiter": ";"}, "a,b", "a;b", "value-rewritten"),
    ],
)
def test_each_side_is_read_as_its_own_schema_says(old: dict[str, Any], new: dict[str, Any], was: str, now: str, rule: str) -> None:
    schemas = [{"fields": [{"name": "id"}, {"name": "x", **entry}], "primaryKey": "id"} for entry in (old, new)]
    found = between(schemas[0], f'id,x\na,"{was}"\n', f'id,x\na,"{now}"\n', schemas[1])
    assert found[-1][1:] == ("t a x", was, now, rule)


def test_cells_of_a_renamed_field_stand_under_its_new_name() -> None:
    new = {
        **PEOPLE,
        "fields": [
            {**entry, "name": "called", "aistatecraft:formerly": "name"} if entry["name"] == "name" else entry for entry in PEOPLE["fields"]
        ],
    }
    found = between(PEOPLE, HEAD + "ada,Ada,,,\nbo,,,,\n", HEAD.replace("name", "called") + "ada,Ada L.,,,\nbo,Bo,,,\n", new)
    assert found[2:] == [
        ("changed", "t ada called", "Ada", "Ada L.", "value-corrected"),
        ("added", "t bo called", None, "Bo", "value-filled"),
    ]


@settings(max_examples=60, deadline=None)
@given(value=st.decimals(-(10**6), 10**6, places=3), zeros=st.integers(0, 3))
def test_a_number_written_otherwise_is_the_same(value: Any, zeros: int) -> None:
    found = people(f"a,,,{value:f},\n", f"a,,,{value:f}{'0' * zeros},\n")
    assert [rule for *_, rule in found] == ["value-rewritten"] * bool(zeros)
