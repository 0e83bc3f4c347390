"""Change sets as text, JSON, CSV and Markdown: what a cell holds stays text."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aistatecraft.diff import Change, ChangeSet, diff
from aistatecraft.diff.render import FORMATS, SHOWN, Format, changelog_section
from tests.conftest import Make

PEOPLE: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "name", "type": "string"}, {"name": "born", "type": "string"}],
    "primaryKey": ["id"],
}
HOSTILE = [
    "a | b | c",
    "`code` ``two``",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</details><h1>out</h1>",
    "@everyone and @octocat",
    "#1 and octo/cat#2",
    "one\ntwo\n\n# three\n- four",
    "\x1b[31mred\x1b[0m\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "![x](https://evil.example/x.png) [y](javascript:alert(1))",
    "https://evil.example/?a=1",
    "**bold** _it_ ~~gone~~ $x$",
    "\u202eright to left\u2066",
    "&lt;b&gt; &#64;",
    "\\| \\` \\<",
    "+ plus\n- minus\n1. one\n> quoted",
    "=cmd|'/C calc'!A0",
    "::error file=x::y",
]


def one(table: str = "people", key: str = "ada", field: str = "name", old: str | None = "a", new: str | None = "b") -> Change:
    return Change("cell", table, key, field, "changed", old, new, "correction", "a value was corrected")


def made(*changes: Change) -> ChangeSet:
    return ChangeSet("old", "new", "0.1.0", "0.2.0", list(changes))


@pytest.fixture
def changes(make: Make) -> ChangeSet:
    wide = {**PEOPLE, "fields": [*PEOPLE["fields"], {"name": "score", "type": "number"}]}
    old = make({"people": (PEOPLE, "id,name,born\nada,Ada,1815\nbo,Bo,\n")}, "old")
    new = make({"people": (wide, "id,name,born,score\nada,Ada L.,1815,\ncy,Cy,,\n")}, "new", version="0.2.0")
    return diff(old, new)


def test_text(changes: ChangeSet) -> None:
    assert FORMATS[Format.text](changes).split("\n") == [
        "+ people score: (blank) -> 'number'  [addition: a field was added]",
        "- people/bo  [breaking: an identifier was withdrawn without a replacement]",
        "~ people/ada name: 'Ada' -> 'Ada L.'  [correction: a value was corrected]",
        "+ people/cy  [addition: a row was added]",
        "4 changes: 1 rows added, 1 removed, 1 changed in 1 cells; the version number must rise by major",
    ]


def test_json_holds_the_whole_change_set(changes: ChangeSet) -> None:
    found = json.loads(FORMATS[Format.json](changes))
    assert list(found) == ["format", "old", "new", "bump", "counts", "changes"]
    assert (found["format"], found["old"]["version"], found["new"]["version"], found["bump"]) == (
        "aistatecraft-changes/1",
        "0.1.0",
        "0.2.0",
        "major",
    )
    assert found["counts"] == {"people": {"added": 1, "removed": 1, "changed": 1, "cells": 1}}
    assert [Change(**change) for change in found["changes"]] == changes.changes


def test_csv_has_a_row_for_each_change(changes: ChangeSet) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS[Format.csv](changes))))
    assert rows == [{name: value or "" for name, value in asdict(change).items()} for change in changes.changes]


def test_markdown(changes: ChangeSet) -> None:
    assert FORMATS[Format.markdown](changes).split("\n") == [
        "**4 changes: 1 rows added, 1 removed, 1 changed in 1 cells; the version number must rise by major**",
        "",
        "| table | rows added | removed | changed | cells |",
        "|---|---:|---:|---:|---:|",
        "| people | 1 | 1 | 1 | 1 |",
        "",
        "<details><summary>people (4)</summary>",
        "",
        "- `+` people score: \\(blank\\) -&gt; 'number'",
        "- `-` people/bo",
        "- `~` people/ada name: 'Ada' -&gt; 'Ada L.'",
        "- `+` people/cy",
        "",
        "</details>",
    ]


def test_no_changes() -> None:
    assert FORMATS[Format.text](made()) == "no changes"
    assert FORMATS[Format.markdown](made()) == "**no changes**"
    assert FORMATS[Format.csv](made()) == "level,table,key,field,action,old,new,kind,reason"
    assert json.loads(FORMATS[Format.json](made()))["changes"] == []
    assert changelog_section(made()) == "- No changes to the data."


def test_long_lists_are_counted_in_markdown() -> None:
    found = FORMATS[Format.markdown](made(*(one(key=f"k{number}") for number in range(SHOWN + 3))))
    assert found.count("\n- `~` people/k") == SHOWN
    assert "\n- and 3 more\n" in found


def test_replaced_identifier_names_its_successor() -> None:
    change = Change(
        "row", "people", "ada", "", "removed", "ada", "lovelace", "addition", "the identifier was replaced by lovelace, as retired says"
    )
    assert FORMATS[Format.text](made(change)).startswith("- people/ada -> lovelace  [addition: the identifier was replaced by lovelace")


def test_changelog_section(make: Make) -> None:
    wide = {**PEOPLE, "fields": [*PEOPLE["fields"], {"name": "score", "type": "number"}]}
    old = make({"people": (PEOPLE, "id,name,born\nada,Ada,1815\nbo,Bo,\n"), "gone": (PEOPLE, "id,name,born\n")}, "old")
    new = make({"people": (wide, "id,name,born,score\nada,Ada L.,1815,\ncy,Cy,,\ndo,Do,,\n"), "come": (PEOPLE, "id,name,born\n")}, "new")
    assert changelog_section(diff(old, new)).split("\n") == [
        "- `people`: 2 rows added, 1 row removed, 1 row changed.",
        "- `gone`: a table was removed.",
        "- `people`: a field was added (score).",
        "- `come`: a table was added.",
    ]


# Hostile text

PLACES = ["key", "field", "old", "new", "by", "package"]


def hostile(place: str, text: str) -> ChangeSet:
    """A change set with `text` in one place."""
    if place == "by":
        return made(
            Change(
                "row", "people", "ada", "", "removed", "ada", text, "addition", f"the identifier was replaced by {text}, as retired says"
            )
        )
    if place == "package":
        return made(Change("package", "", "", text, "changed", text, text, "metadata", "the description changed, not the data"))
    return made(one(**{place: text}))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_on_its_line(place: str, text: str) -> None:
    found = FORMATS[Format.text](hostile(place, text))
    assert found.count("\n") == 1
    assert found.replace("\n", "").isprintable()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_text_and_makes_nothing_of_it(place: str, text: str) -> None:
    source = FORMATS[Format.markdown](hostile(place, text))
    page = MarkdownIt("gfm-like", {"linkify": False}).render(source)
    tags = re.findall(r"</?([a-z0-9]+)", page)
    allowed = {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "ul", "li", "code"}
    assert set(tags) <= allowed
    assert tags.count("li") == 2
    assert tags.count("details") == 2
    assert re.findall("<code>(.*?)</code>", page) == ["~" if place != "by" else "-"]
    assert not re.search(r"(?<![\w;])@\w", source)
    assert "://" not in source


@pytest.mark.parametrize("text", HOSTILE)
def test_json_and_csv_keep_the_text_as_it_is(text: str) -> None:
    changes = made(one(old=text, new=None))
    assert json.loads(FORMATS[Format.json](changes))["changes"][0]["old"] == text
    (row,) = csv.DictReader(io.StringIO(FORMATS[Format.csv](changes), newline=""))
    assert row["old"] == text


TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("|`<>@#*_[]()!\\\n\r\t\x1b&~$-+ ")), max_size=30)


@settings(max_examples=150, deadline=None)
@given(key=TEXT, old=st.none() | TEXT, new=st.none() | TEXT)
def test_any_text_stays_text(key: str, old: str | None, new: str | None) -> None:
    changes = made(one(key=key, old=old, new=new))
    assert [Change(**change) for change in json.loads(FORMATS[Format.json](changes))["changes"]] == changes.changes
    (row,) = csv.DictReader(io.StringIO(FORMATS[Format.csv](changes), newline=""))
    assert (row["key"], row["old"], row["new"]) == (key, old or "", new or "")
    assert FORMATS[Format.text](changes).count("\n") == 1
    page = MarkdownIt("commonmark").render(FORMATS[Format.markdown](changes))
    assert set(re.findall(r"</?([a-z0-9]+)", page)) <= {"p", "strong", "details", "summary", "ul", "li", "code"}
    assert page.count("<li>") == page.count("<code>") == 1
