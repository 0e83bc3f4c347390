"""Pages and forms for contributors name commands, options, formats, rules and hooks that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from aistatecraft.cli.app import app
from aistatecraft.validation.reporters import ReportFormat
from aistatecraft.validation.rule_docs import meaning_of
from tests.conftest import SLOW, Run
from tests.contributing.test_workflows import options

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
CALLS = [
    shlex.split(line.partition("  #")[0])[1:]
    for block in re.findall(r"(?s)```text\n(.*?)```", TEXT)
    for line in block.replace("\\\n", " ").splitlines()
]


def test_commands_and_options_exist() -> None:
    assert {words[0] for words in CALLS} == {"new", "fmt", "validate", "explain"} <= {command.name for command in app.registered_commands}
    for name, *words in CALLS:
        assert {word for word in words if word.startswith("--")} <= options(name)
    rules = [words[1] for words in CALLS if words[0] == "explain"]
    assert rules and all(meaning_of(rule) for rule in rules)


def test_all_formats_are_documented() -> None:
    table = TEXT.partition("| `--format` | for |")[2].partition("\n\n")[0]
    rows = [row.partition("|")[2].partition("|")[0] for row in table.splitlines()]
    assert [name for row in rows for name in re.findall("`([a-z]+)`", row)] == list(ReportFormat)


@pytest.mark.parametrize(
    ("table", "shown", "tables", "aside"),
    [
        ("strategy", "  id: pry-enia-2026\n", ["sources", "strategies", "evidence"], ""),
        ("signatory", "  stated: Ecuador\n", ["signatories"], "actor=Ecuador was read as ECU (Ecuador)\n"),
    ],
)
def test_new_records_of_the_examples_are_valid(run: Run, copy: Path, table: str, shown: str, tables: list[str], aside: str) -> None:
    (words,) = (words for words in CALLS if words[:2] == ["new", table] and "--dry-run" in words)
    done = run(*words, "--path", copy)
    assert (done.code, done.err) == (0, aside)
    assert shown in done.out
    assert re.findall(r"would write data/(\w+)\.csv", done.out) == tables


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_contributing_starts_with_the_standard_commands() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = [line.partition("#")[0].strip() for line in text.partition("```sh\n")[2].partition("```")[0].splitlines()]
    assert text.startswith("# Contributing\n\n```sh\n")
    assert lines == ["pip install -e '.[test]'", "pytest", "ruff check", "mypy"]


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/contributing.md"])
def test_the_pre_commit_snippet_can_be_pasted(page: str) -> None:
    (snippet,) = [block for block in re.findall(r"(?s)```yaml\n(.*?)```", (ROOT / page).read_text(encoding="utf-8")) if "hooks:" in block]
    (repository,) = yaml.safe_load(snippet)["repos"]
    assert set(repository) == {"repo", "rev", "hooks"}
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in read(".pre-commit-hooks.yaml")]


def test_own_hooks_are_those_for_others_run_from_the_checkout() -> None:
    (repository,) = read(".pre-commit-config.yaml")["repos"]
    own = {hook["id"]: hook for hook in repository["hooks"]}
    assert repository["repo"] == "local" and {hook["language"] for hook in own.values()} == {"system"}
    for hook in read(".pre-commit-hooks.yaml"):
        assert sorted(own[hook["id"]]["entry"].split()) == sorted([*hook["entry"].split(), *hook["args"]])
        for path in ("data/actors.csv", "schemas/actors.json", "datapackage.json", "README.md", "tools/aistatecraft/api.py"):
            assert bool(re.search(own[hook["id"]]["files"], path)) == bool(re.search(hook["files"], path))


def test_issue_forms_are_valid() -> None:
    forms = sorted(path.name for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
    assert forms == ["bug.yml", "config.yml", "data-correction.yml", "new-record.yml"]
    for name in set(forms) - {"config.yml"}:
        form = read(f".github/ISSUE_TEMPLATE/{name}")
        assert form["name"] and form["description"]
        assert {part["type"] for part in form["body"]} <= {"input", "textarea", "dropdown"}
        assert len({part["id"] for part in form["body"]}) == len(form["body"])
        assert all(part["attributes"]["label"] for part in form["body"])


def test_slow_tests_are_listed_by_names_that_exist() -> None:
    assert [name for name in SLOW if not (ROOT / "tests" / name).exists()] == []
