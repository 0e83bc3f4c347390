"""`changes.schema.json` describes the JSON form of a change set: it admits what is one and refuses what is not."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from aistatecraft.api import diff
from aistatecraft.comparison.change_rules import BUMPS, CHANGE_RULES, CLASSES
from aistatecraft.comparison.changes import CHANGES_FORMAT, ChangeSet, ComparisonProblem
from aistatecraft.comparison.reporters import ChangeFormat, render
from tests.comparison.sample import any_change_set, made, story
from tests.conftest import Make

SCHEMA = json.loads(files("aistatecraft.comparison").joinpath("changes.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

OLD: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "name", "type": "string", "constraints": {"maxLength": 40}},
        {"name": "kind", "type": "string", "categories": ["a", "b"]},
        {"name": "born", "type": "string"},
    ],
    "primaryKey": ["id"],
}
NEW: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "name", "type": "string", "constraints": {"maxLength": 20}, "title": "Name"},
        {"name": "kind", "type": "string", "categories": ["a", "c"]},
        {"name": "born_on", "type": "string"},
        {"name": "score", "type": "number"},
    ],
    "primaryKey": ["id"],
}
LINKS: dict[str, Any] = {"fields": [{"name": "one", "type": "string"}, {"name": "two", "type": "string"}], "primaryKey": ["one", "two"]}
NOTES: dict[str, Any] = {"fields": [{"name": "note", "type": "string"}]}


@pytest.fixture
def found(make: Make) -> ChangeSet:
    """A change set of two packages between which nearly everything changed."""
    old = make(
        {
            "people": (OLD, "id,name,kind,born\nada,Ada,a,1815\nbo,Bo,b,1990\n,Cy,,\n"),
            "links": (LINKS, "one,two\nada,bo\na/b,c\n"),
            "notes": (NOTES, "note\nx\nx\ny\n"),
            "gone": (LINKS, "one,two\np,q\n"),
        },
        "old",
        title="People",
    )
    new = make(
        {
            "people": (NEW, "id,name,kind,born_on,score\nada,Ada L.,a,1815,\nbob,Bo,c,1990,2\n,Cy,,1999,\n"),
            "links": (LINKS, "one,two\nada,cy\na/b,c\n"),
            "notes": (NOTES, "note\nx\nz\n"),
            "come": (LINKS, "one,two\n"),
        },
        "new",
        version="0.2.0",
        keywords=["people"],
    )
    return diff(old, new)


def faults(plain: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(plain)]


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_real_change_sets_are_admitted(found: ChangeSet, root: Path) -> None:
    levels = {change.level for change in found.changes}
    assert levels == {"package", "resource", "schema", "row", "cell"}
    for changes in (found, story(), made(), diff("0.1.0", root)):
        assert faults(json.loads(render(ChangeFormat.json, changes))) == []


@settings(max_examples=200, deadline=None)
@given(any_change_set())
def test_any_change_set_is_admitted(changes: ChangeSet) -> None:
    assert faults(json.loads(json.dumps(changes.as_dict()))) == []


def test_schema_names_what_the_code_names() -> None:
    change = SCHEMA["$defs"]["change"]
    assert SCHEMA["properties"]["format"]["const"] == CHANGES_FORMAT
    some = made()
    some.problems, some.hints, some.key = [ComparisonProblem("old", "damage", "t", "t.csv:2", "x")], ["y"], ("id",)
    assert list(SCHEMA["properties"]) == list(some.as_dict())
    assert change["properties"]["rule"]["enum"] == list(CHANGE_RULES)
    assert change["properties"]["class"]["enum"] == list(CLASSES) == SCHEMA["properties"]["classes"]["required"]
    assert set(SCHEMA["properties"]["bump"]["enum"]) == {*BUMPS.values(), "none"}
    assert {rule: branch["then"]["properties"] for branch in change["allOf"] for rule in branch["if"]["properties"].get("rule", {}).get("enum", [])
            if "class" in branch["then"]["properties"]} == {rule.id: {"class": {"const": rule.kind}} for rule in CHANGE_RULES.values()}  # fmt: skip
    assert {rule: branch["then"]["properties"] for branch in change["allOf"] for rule in branch["if"]["properties"].get("rule", {}).get("enum", [])
            if "level" in branch["then"]["properties"]} == {rule.id: {"level": {"const": rule.level}} for rule in CHANGE_RULES.values()}  # fmt: skip


def broken(path: str, value: Any) -> dict[str, Any]:
    """The story with the property at `path` set to `value`, or taken out where that is `...`."""
    plain = copy.deepcopy(replace(story(), old_version="1.1.0").as_dict())
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    target: Any = plain
    for part in way:
        target = target[part]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return plain


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "aistatecraft-changes/2"),
        ("format", ...),
        ("old", ...),
        ("new.version", ...),
        ("new.package", None),
        ("old.hash", "x"),
        ("bump", "minor"),
        ("bump", "huge"),
        ("bump", ...),
        ("classes.breaking", 0),
        ("classes.breaking", -1),
        ("classes.addition", "6"),
        ("classes.metadata", ...),
        ("classes.other", 1),
        ("counts", []),
        ("counts.votes.cells", ...),
        ("counts.votes.added", 1.5),
        ("changes", {}),
        ("changes", ...),
        ("more", 1),
        ("changes.0", "a change"),
        ("changes.0.property", ...),
        ("changes.0.table", "strategies"),
        ("changes.0.level", "resource"),
        ("changes.0.level", "file"),
        ("changes.0.action", "moved"),
        ("changes.0.old", ...),
        ("changes.0.old", 3),
        ("changes.0.rule", "row-added"),
        ("changes.0.rule", "none-such"),
        ("changes.0.class", "breaking"),
        ("changes.0.class", "odd"),
        ("changes.0.reason", ""),
        ("changes.0.proposed", True),
        ("changes.0.colour", "red"),
        ("changes.1.table", ...),
        ("changes.1.key", "x"),
        ("changes.1.values", {"id": "x"}),
        ("changes.2.proposed", False),
        ("changes.2.new", None),
        ("changes.6.values", ...),
        ("changes.6.values.id", None),
        ("changes.6.old", "x"),
        ("changes.6.note", ""),
        ("changes.6.field", "id"),
        ("changes.6.action", "changed"),
        ("changes.7.old", None),
        ("changes.7.values", {"id": "x"}),
        ("changes.8.field", ...),
        ("changes.8.values", {"id": 1}),
        ("changes.3.column", {"by": ["id"], "keys": [["a"]], "values": ["x"]}),
        ("changes.8.column", {"by": ["id"], "keys": [["a"]], "values": ["x"], "rows": 1}),
        ("changes.8.property", "title"),
        ("changes.8.key", ""),
        ("changes.8.action", "renamed"),
        ("changes.11.parts", []),
        ("changes.11.parts", ["ilia-2025", 3]),
        ("changes.11.new_parts", ["x"]),
    ],
)
def test_what_is_no_change_set_is_refused(path: str, value: Any) -> None:
    assert faults(story().as_dict()) == []
    assert faults(broken(path, value)) != []


def test_before_1_0_0_what_breaks_is_minor() -> None:
    plain = story().as_dict()
    assert (plain["old"]["version"], plain["bump"], plain["next_version"], faults(plain)) == ("0.1.0", "minor", "0.2.0", [])
    assert faults({**plain, "bump": "major"}) != []
    after = replace(story(), old_version="1.1.0").as_dict()
    assert (after["bump"], after["next_version"], faults(after)) == ("major", "2.0.0", [])


def test_a_bump_without_changes_is_refused() -> None:
    assert faults({**made().as_dict(), "bump": "patch"}) != []
    assert faults({**made().as_dict(), "changes": story().as_dict()["changes"][:1]}) != []
