"""docs/contributing.md names commands, options, formats and rules as they are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from aistatecraft.cli.app import app
from aistatecraft.validation.reporters import ReportFormat
from aistatecraft.validation.rule_docs import meaning_of
from tests.conftest import Run
from tests.contributing.test_workflows import options

TEXT = (Path(__file__).resolve().parents[2] / "docs/contributing.md").read_text(encoding="utf-8")
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


def test_all_formats_are_told_of() -> None:
    table = TEXT.partition("| `--format` | for |")[2].partition("\n\n")[0]
    rows = [row.partition("|")[2].partition("|")[0] for row in table.splitlines()]
    assert [name for row in rows for name in re.findall("`([a-z]+)`", row)] == list(ReportFormat)


def test_new_record_of_the_example_is_valid(run: Run, copy: Path) -> None:
    (words,) = (words for words in CALLS if "--dry-run" in words)
    done = run(*words, "--path", copy)
    assert (done.code, done.err) == (0, "")
    assert "  id: pry-enia-2026\n" in done.out
