"""Patterns are matched as Python matches them, and none runs for ever."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aistatecraft as ai
from aistatecraft.errors import ReadError
from aistatecraft.package import matching
from aistatecraft.package.matching import Form, form_of, longest_at_once
from aistatecraft.validation import validate
from tests.conftest import Make, env

ENDLESS = "a" * 60
GIVEN_UP = r"table t, .*: field x: the pattern '\(a\+\)\+b' was stopped on a text for which it needs more than 0\.3 seconds"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "SECONDS", 0.3)


@pytest.mark.parametrize(
    "pattern",
    [
        "[a-z0-9]+(-[a-z0-9]+)*",
        r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?",
        r"10\.[0-9]{4,9}/[^\s]+",
        r"(abc|abd|xyz)-[a-z]+( [a-z]+)*",
        r"\w+( \w+)*",
        r".*\.csv",
        "[A-Z]{2}[A-Z0-9]{9}[0-9]",
    ],
)
def test_usual_patterns_are_matched_at_once(pattern: str) -> None:
    assert longest_at_once(pattern) >= 64


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*a){20}", "a*a*a*a*a*a*a*b", "(x+x+)+y", "(([a-z])+.)+[A-Z]([a-z])+", "(?:a?){40}a{40}", "(a*)*b",
        "(a*?)*?b", "(a?)*b", "(|a)*b", "((a{0,30}){0,30}){0,30}b", "(?:^){4294967294}", "(|)" * 60 + "x", "([aé]c|[aü]c)*b", "(?i)(a|A)*b",
        r"(?i:(k|\u212a))*b", r"(a)\1*", "(?=(a+)+b)a", r"(\dc|1c)*x", r"(\sc|\xa0c)*x", r"(?s)(.|\n)*x", "(?>a+)+b", "(?:a++)+b",
    ],
)  # fmt: skip
def test_patterns_that_may_run_for_ever_are_not(pattern: str) -> None:
    assert longest_at_once(pattern) <= 16


def test_a_pattern_that_runs_for_ever_ends(make: Make) -> None:
    schema = {"fields": [{"name": "x", "type": "string", "constraints": {"pattern": "(a+)+b"}}]}
    path = make({"t": (schema, f"x\naab\n{ENDLESS}\n")})
    with pytest.raises(ReadError, match=GIVEN_UP):
        validate(path)


def test_it_ends_in_a_thread_while_others_run(make: Make) -> None:
    schema = {"fields": [{"name": "x", "type": "string", "constraints": {"pattern": "(a+)+b"}}]}
    path, said = make({"t": (schema, f"x\n{ENDLESS}\n")}), []

    def run() -> None:
        with pytest.raises(ReadError, match=GIVEN_UP):
            validate(path)
        said.append("ended")

    thread = threading.Thread(target=run)
    thread.start()
    turns = 0
    while thread.is_alive():  # where the pattern keeps the interpreter, this has no turn at all
        thread.join(0.01)
        turns += 1
    assert said == ["ended"]
    assert turns > 3


def test_it_ends_where_a_frame_is_checked(make: Make) -> None:
    schema = {"fields": [{"name": "x", "type": "string", "constraints": {"pattern": "(a+)+b"}}], "primaryKey": ["x"]}
    path = make({"t": (schema, f"x\n{ENDLESS}\n")})
    frame = ai.load("t", path=path)
    with pytest.raises(Exception, match="was stopped on a text"):
        ai.schema("t", path=path).validate(frame)


@pytest.mark.parametrize("program", ["", None, "/nowhere/python"])
def test_a_python_that_does_not_know_where_it_lies(monkeypatch: pytest.MonkeyPatch, program: str | None) -> None:
    """As inside of another program; then the pattern is refused, and never tried where it cannot be stopped."""
    monkeypatch.setattr(matching, "_CHILD", matching._Child())
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(ReadError, match="matched in a second Python process, which cannot be started"):
        form_of("(a+)+c").fits(ENDLESS, "x")


def test_the_memory_that_a_pattern_takes_is_bounded() -> None:
    with pytest.raises(ReadError, match="was stopped"):
        form_of("(?:^){4294967294}").fits("", "x")


def test_the_next_text_is_answered_after_one_was_given_up() -> None:
    form = form_of("(a+)+b")
    with pytest.raises(ReadError, match="was stopped"):
        form.fits(ENDLESS, "x")
    assert form.fits("aab", "x")
    assert not form.all(["aab", "ac"], "x")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "unterminated"),
        ("a" * 30_000, "30,000 characters, more than the limit of 20,000"),
        ("(?i)" + "[\\0-\U0010ffff]" * 500, "more than 0.3 seconds to read it"),
        ("(?i)" + "a" * 100 + "(?<=a*)", "do not match"),
        ("(" * 9_000 + ")" * 9_000, "nested too deeply"),
        ("(?<=a*)", "fixed-width"),
    ],
)
def test_what_is_no_pattern_or_takes_long_to_read(pattern: str, reason: str) -> None:
    with pytest.raises(re.error, match=reason):
        Form(pattern)


def test_a_program_that_ends_leaves_none_behind(tmp_path: Path) -> None:
    code = "from aistatecraft.package import matching\nassert matching.form_of('(?=a)a').fits('a', 'x')\nprint(matching._CHILD.process.pid)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, env=env(), check=False)
    assert (done.returncode, done.stderr) == (0, "")
    if sys.platform != "win32":
        import os

        with pytest.raises(ProcessLookupError):
            os.kill(int(done.stdout), 0)


PARTS = st.recursive(
    st.sampled_from(["a", "b", "[ab]", ".", r"\d", r"\w", r"\s", "[^a]", "é", "^", "$", r"\b", "(?=a)", "(?<!b)", ""]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,3}", "{2,}", "*?", "+?"])).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        inner.map(lambda part: f"({part})"),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(PARTS, st.lists(st.text("ab1 é\n", max_size=12), min_size=1, max_size=4))
def test_both_ways_say_what_python_says(pattern: str, texts: list[str]) -> None:
    form = Form(pattern)
    expected = [re.fullmatch(pattern, text) is not None for text in texts]
    assert [form.fits(text, "x") for text in texts] == expected
    assert form.all(texts, "x") == all(expected)
    assert matching._CHILD.match(pattern, texts, "x") == all(expected)


def test_half_a_surrogate_pair_is_a_character_like_others() -> None:
    assert form_of("(?=.)[^a]").fits("\ud800", "x")
