"""docs/versions.md and docs/changes.md say what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator

from aistatecraft.comparison.change_rules import BUMPS, CHANGE_RULES, CLASSES, raised
from aistatecraft.comparison.changes import ChangeSet
from aistatecraft.comparison.reporters import ChangeFormat, render
from aistatecraft.comparison.reporters import html as pages
from aistatecraft.comparison.reporters.csv import COLUMNS
from aistatecraft.comparison.reporters.markdown import _BUDGET
from aistatecraft.comparison.reporters.text import SHOWN_ADDITIONS, SHOWN_IN_TEXT
from aistatecraft.comparison.versions_page import versions_markdown
from tests.comparison.test_changes_schema import SCHEMA


def rows(text: str, first: str) -> list[list[str]]:
    """The cells of the table of a page whose header begins with `first`, without header and rule."""
    (table,) = re.findall(rf"(?m)^\| {re.escape(first)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()]


def test_versions_are_those_of_the_code(root: Path) -> None:
    assert (root / "docs/versions.md").read_text(encoding="utf-8") == versions_markdown(), "run python3 tools/docs.py"


def test_versions_list_every_rule_and_every_class() -> None:
    text = versions_markdown()
    assert rows(text, "rule") == [[f"`{rule.id}`", rule.level, rule.kind, BUMPS[rule.kind], rule.reason] for rule in CHANGE_RULES.values()]
    assert rows(text, "class | meaning for users | part that must increase") == [
        [kind, meaning, BUMPS[kind], raised("1.4.2", BUMPS[kind])] for kind, meaning in CLASSES.items()
    ]
    assert dict(rows(text, "class | version after 0.4.2")) == {
        "breaking": "0.5.0",
        "addition": "0.5.0",
        "correction": "0.4.3",
        "metadata": "0.4.3",
    }


def test_departures_from_the_recipe_name_rules_that_depart() -> None:
    said = {recipe: here for recipe, here, _ in rows(versions_markdown(), "the recipe")}
    assert said["Add a field: major"] == "minor (`field-added`)"
    named = [rule for here in said.values() for rule in re.findall("`(.*?)`", here)]
    assert named == [rule for rule in named if rule in CHANGE_RULES] != []


def test_page_on_change_sets_has_every_form_property_and_column(root: Path) -> None:
    text = (root / "docs/changes.md").read_text(encoding="utf-8")
    assert [row[0] for row in rows(text, "`--format`")] == [f"`{form.value}`" for form in ChangeFormat]
    whole, change = re.findall(r"(?m)^\| property \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text)

    def named(table: str) -> set[str]:
        return {name for line in table.splitlines() for name in re.findall("`([a-z_]+)`", line.split("|")[1])}

    assert named(whole) == set(SCHEMA["properties"])
    assert named(change) == set(SCHEMA["$defs"]["change"]["properties"])
    assert [name for row in rows(text, "column") for name in re.findall("`([a-z_]+)`", row[0])] == list(COLUMNS)


def test_example_on_the_page_is_a_change_set(root: Path) -> None:
    text = (root / "docs/changes.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    plain = json.loads(example)
    assert list(Draft202012Validator(SCHEMA).iter_errors(plain)) == []
    assert ChangeSet.from_dict(plain).as_dict() == plain
    lines = [line for line in render(ChangeFormat.json, ChangeSet.from_dict(plain)).split("\n") if line.startswith("    {")]
    assert [line.strip() for line in lines] == [line.strip() for line in example.split("\n") if '"level"' in line]


def test_bounds_on_the_page_are_those_of_the_code(root: Path) -> None:
    text = (root / "docs/changes.md").read_text(encoding="utf-8")
    assert f"at most {SHOWN_IN_TEXT} breaking changes and {SHOWN_IN_TEXT} corrections, and {SHOWN_ADDITIONS} additions" in text
    assert f"at most {_BUDGET:,} characters" in text
    assert f"At most {pages.TABLE:,} changes per table and {pages.PAGE:,} in total" in text
