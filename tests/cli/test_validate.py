"""`aistatecraft validate` at a terminal and in a pipe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import on_a_terminal, spawn
from tests.conftest import Make

SCHEMA: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "score", "type": "number"}],
    "primaryKey": ["id"],
}


@pytest.fixture
def package(make: Make) -> Path:
    return make({"t": (SCHEMA, "id,score\n\x1b[2Ja,many\n")})


def test_cell_is_underlined_in_colour_on_a_terminal(package: Path) -> None:
    shown = on_a_terminal("validate", package)
    assert "\x1b[1;31merror\x1b[0m: data/t.csv:2:B: " in shown
    assert "\x1b[4;31mmany\x1b[0m" in shown
    assert "^" not in shown
    assert "\x1b[2J" not in shown


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_no_escapes_where_no_colour_is_wanted(package: Path, setting: dict[str, str]) -> None:
    shown = on_a_terminal("validate", package, **setting)
    assert "\x1b" not in shown
    assert shown.splitlines()[2:4] == ["      2 | \\u001b[2Ja,many", "        |            ^^^^"]


def test_rows_are_cut_to_the_terminal(make: Make) -> None:
    package = make({"t": (SCHEMA, f"id,score\n{'a' * 500},many\n")})
    shown = on_a_terminal("validate", package, NO_COLOR="1", COLUMNS="70").splitlines()
    (row,) = (line for line in shown if line.startswith("      2 | "))
    assert len(row) < 70
    assert row.endswith("aaa,many")


def test_no_escapes_in_a_pipe(package: Path) -> None:
    done = spawn("validate", package, FORCE_COLOR="1")
    assert (done.returncode, done.stderr) == (1, "")
    assert "\x1b" not in done.stdout
