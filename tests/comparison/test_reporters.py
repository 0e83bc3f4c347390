"""Change sets as text, JSON, CSV, Markdown and changelog: what each form says, and how much of it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from aistatecraft.api import diff
from aistatecraft.comparison.change_rules import CHANGE_RULES
from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.reporters import ChangeFormat, RenderOptions, render
from aistatecraft.comparison.reporters import changelog as changelogs
from aistatecraft.comparison.reporters import markdown as comments
from aistatecraft.comparison.reporters.csv import COLUMNS
from aistatecraft.comparison.reporters.summary import kept
from aistatecraft.comparison.reporters.text import SHOWN_IN_TEXT
from tests.comparison.sample import any_change_set, made, one, row, story
from tests.conftest import Make, env

PEOPLE: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "name", "type": "string"}, {"name": "born", "type": "string"}],
    "primaryKey": ["id"],
}


@pytest.fixture
def found(make: Make) -> ChangeSet:
    """A change set that `diff` made of two packages."""
    wide = {**PEOPLE, "fields": [*PEOPLE["fields"], {"name": "score", "type": "number"}]}
    old = make({"people": (PEOPLE, "id,name,born\nada,Ada,1815\nbo,Bo,\n")}, "old")
    new = make({"people": (wide, "id,name,born,score\nada,Ada L.,1815,\ncy,Cy,,\n")}, "new", version="0.2.0")
    return diff(old, new)


# Text


def test_text_of_packages(found: ChangeSet) -> None:
    assert render(ChangeFormat.text, found).split("\n") == [
        f"0.1.0 -> 0.2.0  ({found.old} -> {found.new})",
        "4 changes: 1 breaking, 2 additions, 1 correction",
        "the version number must increase by at least: minor (0.2.0): people bo: an identifier was withdrawn without a replacement",
        "",
        "people: 1 row added, 1 removed, 1 changed in 1 cell, 1 change of structure or description",
        "  + score 'number' [addition: a field was added]",
        "  ~ ada name 'Ada' -> 'Ada{+ L.+}' [correction: a value was corrected]",
        "  - bo 'Bo' [breaking: an identifier was withdrawn without a replacement]",
        "  + cy 'Cy' [addition: a row was added]",
    ]


def test_text() -> None:
    assert render(ChangeFormat.text, story()).split("\n") == [
        "0.1.0 -> 0.2.0  (old.zip -> new)",
        "15 changes: 4 breaking, 6 additions, 3 corrections, 2 metadata",
        "the version number must increase by at least: minor (0.2.0): strategies currency: a field was renamed (and 3 more)",
        "",
        "package: 1 change of structure or description",
        "  ~ description 'Strategies.' -> 'Strategies{+ and votes+}.' [metadata: the description of the package changed, not the data]",
        "",
        "strategies: 1 row removed, 1 renamed, 2 changed in 3 cells, 5 changes of structure or description",
        "  ~ title 'Strategies' -> 'National strategies' [metadata: the description of the table changed, not the data]",
        "  > currency -> 'budget_currency' [breaking: a field was renamed; proposed, to be confirmed]",
        "  + title_pt 'string, Title in Portuguese' [addition: a field was added]",
        "  ~ note constraints.maxLength '2000' -> '400' [breaking: a constraint became stricter]",
        "  + status categories.ended 'ended by law' [addition: a value was added to the vocabulary]",
        "  - bra-note-2019 'Note on AI' [breaking: an identifier was withdrawn without a replacement: a press note, no strategy]",
        "  > mex-2018 -> 'mex-agenda-2018' [breaking: an identifier seems to have changed, but the table of retired "
        "identifiers does not record it; proposed, to be confirmed]",
        "  ~ bra-ebia-2021 title_original 'Estratégia Brasileira de [-Inteligencia-] Artificial' -> 'Estratégia Brasileira de "
        "{+Inteligência+} Artificial{+ (EBIA)+}' [correction: a value was corrected]",
        "  ~ arg-argenia-2019 title_zh '国家人工智能规划' -> '国家人工智能计划' [correction: a value was corrected]",
        "  + arg-argenia-2019 adopted (blank) -> '2019' [addition: a missing value was filled in]",
        "",
        "index_scores: 1 row changed in 1 cell",
        "  - ilia-2025/URY/overall rank '3' -> (blank) [correction: a value was removed]",
        "",
        "votes: 2 rows added, 1 change of structure or description",
        "  + table 'Votes' [addition: a table was added]",
        "  + unga-78-265 [addition: a row was added]",
        "  + unga-78-311 'On capacity | <b>building</b>' [addition: a row was added]",
    ]


def test_text_marks_the_changed_words_in_colour() -> None:
    changes = made(one(old="国家人工智能规划", new="国家人工智能计划"))
    assert render(ChangeFormat.text, changes, RenderOptions(colour=True)).split("\n")[-1] == (
        "  \x1b[33m~\x1b[0m ada name '国家人工智能\x1b[1;31m规\x1b[0m划' -> '国家人工智能\x1b[1;32m计\x1b[0m划' "
        "\x1b[33m[correction: a value was corrected]\x1b[0m"
    )


class Stream(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "variables", "colour"),
    [
        (True, {"TERM": "xterm"}, True),
        (True, {"TERM": "xterm", "NO_COLOR": ""}, True),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {"TERM": "xterm"}, False),
    ],
)
def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch, terminal: bool, variables: dict[str, str], colour: bool) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert RenderOptions.on(Stream(terminal), every=True) == RenderOptions(every=True, colour=colour)


def test_text_folds_long_lists_and_what_breaks_is_not_among_what_is_folded() -> None:
    rows = [row("added", "people", "row-added", id=f"k{number}") for number in range(300)]
    rows.append(row("removed", "people", "identifier-withdrawn", id="gone"))
    rows += [one(key=f"k{number}") for number in range(3)]
    lines = render(ChangeFormat.text, made(*rows)).split("\n")
    assert len(lines) == 5 + SHOWN_IN_TEXT + 1
    assert sum(line.startswith("  + k") for line in lines) == SHOWN_IN_TEXT - 4
    assert [line for line in lines if "gone" in line][1:] == ["  - gone [breaking: an identifier was withdrawn without a replacement]"]
    assert sum(line.startswith("  ~ k") for line in lines) == 3
    assert lines[-1] == f"  ... and {300 - SHOWN_IN_TEXT + 4} more ({300 - SHOWN_IN_TEXT + 4} additions); --all shows them"
    assert len(render(ChangeFormat.text, made(*rows), RenderOptions(every=True)).split("\n")) == 5 + 304


def test_what_is_kept_is_in_its_order_and_shares_the_room() -> None:
    many = [one(key=f"c{number}") for number in range(50)]
    some = [row("added", "people", "row-added", id=f"a{number}") for number in range(50)]
    gone = [row("removed", "people", "identifier-withdrawn", id=f"r{number}") for number in range(6)]
    assert kept(many + some + gone, 20) == many[:7] + some[:7] + gone
    assert kept(many + gone, 4) == gone[:4]
    assert kept(many, 50) == many


def test_a_row_without_a_key_is_told_by_its_cells() -> None:
    change = Change(
        "row", "added", "notes", rule="row-added", values={"who": "ada", "what": "a note", "when": "1843", "where": "London", "x": "y"}
    )
    assert (
        render(ChangeFormat.text, made(change)).split("\n")[-1]
        == "  + who=ada, what=a note, when=1843, where=London [addition: a row was added]"
    )


def test_long_texts_are_shown_around_what_changed() -> None:
    before = "the first of many words " * 40
    (line,) = render(ChangeFormat.text, made(one(old=before + "old end", new=before + "new end"))).split("\n")[-1:]
    assert line == (
        "  ~ ada name '… first of many words [-old-] end' -> '… first of many words {+new+} end' [correction: a value was corrected]"
    )


def test_nothing_heavy_is_imported_for_text() -> None:
    code = (
        "import sys; from aistatecraft.comparison.changes import Change, ChangeSet; before = set(sys.modules)\n"
        "from aistatecraft.comparison.reporters import ChangeFormat, render\n"
        "render(ChangeFormat.text, ChangeSet('a', 'b', changes=[Change('cell', 'added', 't', 'k', 'f', new='x', rule='value-filled')]))\n"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('aistatecraft')))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=env(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# JSON and CSV


def test_json_holds_the_whole_change_set(found: ChangeSet) -> None:
    for changes in (found, story(), made()):
        assert ChangeSet.from_dict(json.loads(render(ChangeFormat.json, changes))) == changes
        assert json.loads(render(ChangeFormat.json, changes)) == changes.as_dict()


def test_json_has_a_line_for_each_change() -> None:
    lines = render(ChangeFormat.json, story()).split("\n")
    assert [json.loads(line.strip().rstrip(",")) for line in lines if line.startswith("    {")] == story().as_dict()["changes"]


def test_csv() -> None:
    assert render(ChangeFormat.csv, made(*story().changes[5:9])).split("\n") == [
        "table,key,field,action,old,new,class,reason,level,property,rule,proposed,parts,new_parts",
        'strategies,,status,added,,"{""label"": ""ended by law"", ""value"": ""ended""}",addition,a value was added to the vocabulary,schema,'
        "categories.ended,category-added,false,,",
        'strategies,bra-note-2019,,removed,"{""id"": ""bra-note-2019"", ""title_en"": ""Note on AI"", ""kind"": ""note""}",,breaking,'
        '"an identifier was withdrawn without a replacement: a press note, no strategy",row,,identifier-withdrawn,false,,',
        "strategies,mex-2018,,renamed,mex-2018,mex-agenda-2018,breaking,"
        '"an identifier seems to have changed, but the table of retired identifiers does not record it",row,,identifier-changed,true,,',
        "strategies,bra-ebia-2021,title_original,changed,Estratégia Brasileira de Inteligencia Artificial,"
        "Estratégia Brasileira de Inteligência Artificial (EBIA),correction,a value was corrected,cell,,value-corrected,false,,",
    ]


def test_csv_keeps_the_parts_of_a_key_that_holds_a_slash() -> None:
    change = Change("cell", "added", "t", "a/b/c", "f", new="x", rule="value-filled", parts=("a/b", "c"))
    (found,) = csv.DictReader(io.StringIO(render(ChangeFormat.csv, made(change))))
    assert (found["key"], json.loads(found["parts"])) == ("a/b/c", ["a/b", "c"])


def cells_of(text: str) -> list[list[str | None]]:
    """Rows of a CSV, read with nothing but the rule for quotes: None where a cell is empty and has none."""
    rows: list[list[str | None]] = [[]]
    at = 0
    while True:
        if text.startswith('"', at):
            end = at + 1
            while text.startswith('""', end) or text[end] != '"':
                end += 2 if text.startswith('""', end) else 1
            rows[-1].append(text[at + 1 : end].replace('""', '"'))
            at = end + 1
        else:
            end = min((place for place in (text.find(",", at), text.find("\n", at)) if place >= 0), default=len(text))
            rows[-1].append(text[at:end] or None)
            at = end
        if at >= len(text):
            return rows
        if text[at] == "\n":
            rows.append([])
        at += 1


def change_of(cells: list[str | None]) -> Change:
    """The change that a row of the CSV tells."""
    entry = dict(zip(COLUMNS, cells, strict=True))
    text = {name: entry[name] or "" for name in ("level", "action", "table", "key", "field", "property", "rule")}
    reason, whole = CHANGE_RULES[text["rule"]].reason, entry["reason"] or ""
    plain: dict[str, Any] = {**{name: value for name, value in text.items() if value}, "old": entry["old"], "new": entry["new"]}
    if text["level"] == "row" and text["action"] != "renamed":
        plain["values"] = json.loads(entry["old" if text["action"] == "removed" else "new"] or "")
        plain |= {"old": None, "new": None}
    plain |= {name: json.loads(entry[name] or "") for name in ("parts", "new_parts") if entry[name]}
    plain |= {"proposed": entry["proposed"] == "true", "note": whole[len(reason) + 2 :]}
    return ChangeSet.from_dict({**made().as_dict(), "changes": [plain]}).changes[0]


@settings(max_examples=200, deadline=None)
@given(any_change_set())
def test_json_and_csv_hold_everything(changes: ChangeSet) -> None:
    assert ChangeSet.from_dict(json.loads(render(ChangeFormat.json, changes))) == changes
    rows = cells_of(render(ChangeFormat.csv, changes))
    assert rows[0] == list(COLUMNS)
    assert [change_of(cells) for cells in rows[1:]] == changes.changes


@settings(max_examples=60, deadline=None)
@given(any_change_set())
def test_every_form_is_the_same_each_time(changes: ChangeSet) -> None:
    again = ChangeSet.from_dict(json.loads(render(ChangeFormat.json, changes)))
    for form in ChangeFormat:
        assert render(form, changes) == render(form, again)
        assert not render(form, changes).endswith("\n")


# Markdown


def test_markdown() -> None:
    assert render(ChangeFormat.markdown, story()).split("\n") == [
        "### Changes of the data from `0.1.0` to `0.2.0`",
        "",
        "**15 changes**: 4 breaking, 6 additions, 3 corrections, 2 metadata.",
        "",
        "The version number must increase by at least: **minor (0.2.0)**: `strategies currency` · a field was renamed (proposed, to be confirmed) (and 3 more).",
        "",
        "| table | rows added | removed | renamed | changed | cells | structure | breaking |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        "| `strategies` |  | 1 | 1 | 2 | 3 | 5 | 4 |",
        "| `index_scores` |  |  |  | 1 | 1 |  |  |",
        "| `votes` | 2 |  |  |  |  | 1 |  |",
        "",
        "#### Breaking (4)",
        "",
        "- `>` `strategies currency` → `budget_currency` · a field was renamed (proposed, to be confirmed)",
        "- `~` `strategies note constraints.maxLength` <code>2000</code> → <code>400</code> · a constraint became stricter",
        "- `-` `strategies bra-note-2019` `Note on AI` · an identifier was withdrawn without a replacement: `a press note, no strategy`",
        "- `>` `strategies mex-2018` → `mex-agenda-2018` · an identifier seems to have changed, but the table of retired "
        "identifiers does not record it (proposed, to be confirmed)",
        "",
        "<details><summary><code>package</code> (1)</summary>",
        "",
        "- `~` `package description` <code>Strategies.</code> → <code>Strategies<ins> and votes</ins>.</code> · the description of the package "
        "changed, not the data",
        "",
        "</details>",
        "",
        "<details><summary><code>strategies</code> (6)</summary>",
        "",
        "- `~` `strategies title` <code>Strategies</code> → <code>National strategies</code> · the description of the table changed, not the data",
        "- `+` `strategies title_pt` `string, Title in Portuguese` · a field was added",
        "- `+` `strategies status categories.ended` `ended by law` · a value was added to the vocabulary",
        "- `~` `strategies bra-ebia-2021 title_original` <code>Estratégia Brasileira de <del>Inteligencia</del> Artificial</code> → "
        "<code>Estratégia Brasileira de <ins>Inteligência</ins> Artificial<ins> \\(EBIA\\)</ins></code> · a value was corrected",
        "- `~` `strategies arg-argenia-2019 title_zh` <code>国家人工智能<del>规</del>划</code> → <code>国家人工智能<ins>计</ins>划</code> · "
        "a value was corrected",
        "- `+` `strategies arg-argenia-2019 adopted` (blank) → `2019` · a missing value was filled in",
        "",
        "</details>",
        "",
        "<details><summary><code>index_scores</code> (1)</summary>",
        "",
        "- `-` `index_scores ilia-2025/URY/overall rank` `3` → (blank) · a value was removed",
        "",
        "</details>",
        "",
        "<details><summary><code>votes</code> (3)</summary>",
        "",
        "- `+` `votes table` `Votes` · a table was added",
        "- `+` `votes unga-78-265` · a row was added",
        "- `+` `votes unga-78-311` <code>On capacity \\| &lt;b&gt;building&lt;/b&gt;</code> · a row was added",
        "",
        "</details>",
    ]


def test_markdown_counts_what_it_leaves_out() -> None:
    cells = [one(key=f"k{number}") for number in range(comments.SHOWN_IN_MARKDOWN + 3)]
    gone = [row("removed", "people", "identifier-withdrawn", id=f"r{number}") for number in range(comments.BREAKING + 5)]
    lines = render(ChangeFormat.markdown, made(*cells, *gone)).split("\n")
    assert sum(line.startswith("- `~`") for line in lines) == comments.SHOWN_IN_MARKDOWN
    assert sum(line.startswith("- `-`") for line in lines) == comments.BREAKING
    assert [line for line in lines if "more" in line and line.startswith("- and")] == ["- and 5 more", "- and 3 more"]


@pytest.mark.parametrize("letter", ["x", "字", "😀", "<"])
def test_markdown_fits_into_a_comment_whatever_the_size(letter: str) -> None:
    long = [
        one(table=f"t{number // 45}", key=f"k{number}", old=f"{letter * 79} a{letter * 500}", new=f"{letter * 79} b{letter * 500}")
        for number in range(4_500)
    ]
    gone = [row("removed", "t0", "identifier-withdrawn", id=letter * 300 + str(number)) for number in range(500)]
    page = render(ChangeFormat.markdown, made(*long, *gone))
    assert comments.LIMIT * 0.8 < len(page) <= comments.LIMIT - 1_000
    assert page.count("<details>") == page.count("</details>") > 1
    listed = sum(line.startswith("- `") for line in page.split("\n"))
    left = sum(int(line.split()[2].replace(",", "")) for line in page.split("\n") if line.startswith("- and "))
    (rest,) = [line for line in page.split("\n") if line.startswith("And ")]
    assert listed + left + int(rest.split()[1].replace(",", "")) == 5_000


def test_many_tables_are_counted_together() -> None:
    page = render(ChangeFormat.markdown, made(*(one(table=f"t{number}") for number in range(1_000))))
    assert f"| and {1_000 - comments.TABLES:,} more tables |" in page
    assert page.endswith(
        f"And {1_000 - comments.TABLES:,} more in {1_000 - comments.TABLES:,} tables: `aistatecraft diff` shows all of them."
    )


# Changelog


def test_changelog() -> None:
    assert render(ChangeFormat.changelog, story()).split("\n") == [
        "### Data",
        "",
        "15 changes; `changes.json` of this release lists all of them.",
        "",
        "- 4 breaking: code that reads the tables, or a paper that cites a record, can break.",
        "- 6 additions: something was added, and existing content is unchanged.",
        "- 3 corrections: a wrong or unclear value was corrected.",
        "- 2 metadata: descriptions or spelling changed, but no values.",
        "",
        "#### By table",
        "",
        "- The package: 1 metadata.",
        "- `strategies`: 4 breaking, 3 additions, 2 corrections, 1 metadata (1 row removed, 1 renamed, 2 changed in 3 cells).",
        "- `index_scores`: 1 correction (1 row changed in 1 cell).",
        "- `votes`: 3 additions (2 rows added).",
        "",
        "#### Breaking",
        "",
        "- `strategies currency` → `budget_currency` (a field was renamed; proposed, to be confirmed).",
        "- `strategies note constraints.maxLength`: `2000` → `400` (a constraint became stricter).",
        "- `strategies bra-note-2019` (an identifier was withdrawn without a replacement: a press note, no strategy).",
        "- `strategies mex-2018` → `mex-agenda-2018` (an identifier seems to have changed, but the table of retired identifiers does not record it; proposed, to be confirmed).",
        "",
        "#### Corrected",
        "",
        "- `strategies bra-ebia-2021 title_original`: `Estratégia Brasileira de Inteligencia Artificial` → <code>Estratégia Brasileira de Inteligência Artificial \\(EBIA\\)</code> (a value was corrected).",
        "- `strategies arg-argenia-2019 title_zh`: `国家人工智能规划` → `国家人工智能计划` (a value was corrected).",
        "- `index_scores ilia-2025/URY/overall rank`: `3` → (blank) (a value was removed).",
    ]


def test_changelog_lists_few_corrections_and_counts_many() -> None:
    people = [row("added", "people", "row-added", id=f"p{number}", name_en=f"Person {number}") for number in range(15)]
    few = [one(table="people", key=f"p{number}", old="a", new="b") for number in range(changelogs.LISTED)]
    many = [*few, one(table="people", key="last", old="a", new="b")]
    assert render(ChangeFormat.changelog, made(*people, *few)).split("\n")[9:] == [
        "- `people`: 15 additions, 10 corrections (15 rows added, 10 changed in 10 cells).",
        "",
        "#### Corrected",
        "",
        *(f"- `people p{number} name`: `a` → `b` (a value was corrected)." for number in range(changelogs.LISTED)),
    ]
    assert render(ChangeFormat.changelog, made(*people, *many)).split("\n")[11:] == ["#### Corrected", "", "- a value was corrected: 11."]


def test_changelog_is_of_bounded_length() -> None:
    changes = made(*(one(table=f"t{number}", old="x" * 100, new="y" * 100) for number in range(5_000)))
    lines = render(ChangeFormat.changelog, changes).split("\n")
    assert lines[2] == "5,000 changes; `changes.json` of this release lists all of them."
    assert f"- And {5_000 - changelogs.TABLES:,} more tables." in lines
    assert len(lines) == 8 - 1 + changelogs.TABLES + 1 + 4 + 1


# No changes


def test_no_changes() -> None:
    assert render(ChangeFormat.text, made()) == "no changes"
    assert render(ChangeFormat.markdown, made()) == "### Changes of the data from `0.1.0` to `0.2.0`\n\nNo changes."
    assert render(ChangeFormat.csv, made()) == ",".join(COLUMNS)
    assert json.loads(render(ChangeFormat.json, made()))["changes"] == []
    assert render(ChangeFormat.changelog, made()) == "### Data\n\nNo changes."
    assert "<p>No changes.</p>" in render(ChangeFormat.html, made())


def test_markdown_is_read_as_it_is_meant() -> None:
    page = MarkdownIt("gfm-like", {"linkify": False}).render(render(ChangeFormat.markdown, story()))
    assert page.count("<details>") == 4
    assert page.count("<li>") == 15
    assert "<del>Inteligencia</del>" in page
    assert page.count("<td>") + page.count("<td ") == 3 * 8
