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
from aistatecraft.comparison.changes import Change, ChangeSet, Column, ComparisonProblem
from aistatecraft.comparison.reporters import ChangeFormat, RenderOptions, render
from aistatecraft.comparison.reporters import changelog as changelogs
from aistatecraft.comparison.reporters import markdown as comments
from aistatecraft.comparison.reporters.csv import COLUMNS
from aistatecraft.comparison.reporters.summary import kept
from aistatecraft.comparison.reporters.text import SHOWN_ADDITIONS
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
        f"{found.old} (0.1.0) -> {found.new} (0.2.0)",
        "4 changes: 1 breaking, 2 additions, 1 correction",
        "the version number must increase by at least: minor (0.2.0): people bo: an identifier was withdrawn without a replacement",
        "",
        "Breaking (1)",
        "  - people bo name=Bo [an identifier was withdrawn without a replacement]",
        "",
        "Corrections (1)",
        "  ~ people ada \"Ada L.\" name 'Ada' -> 'Ada{+ L.+}'",
        "",
        "By table",
        "  people: 1 row added, 1 removed, 1 changed in 1 cell, 1 change of structure or description",
        "",
        "Additions (2)",
        "  + people score 'number'",
        "  + people cy name=Cy",
    ]


def test_text() -> None:
    assert render(ChangeFormat.text, story()).split("\n") == [
        "old.zip (0.1.0) -> new (0.2.0)",
        "15 changes: 4 breaking, 6 additions, 3 corrections, 2 metadata",
        "the version number must increase by at least: minor (0.2.0): strategies currency: a field was renamed (and 3 more)",
        "",
        "Breaking (4)",
        "  > strategies currency -> 'budget_currency' [a field was renamed; proposed, to be confirmed]",
        "  ~ strategies note constraints.maxLength '2000' -> '400' [a constraint became stricter]",
        "  - strategies bra-note-2019 title_en=Note on AI, kind=note [an identifier was withdrawn without a replacement: a press note, no strategy]",
        "  > strategies mex-2018 -> 'mex-agenda-2018' [an identifier seems to have changed, but the table of retired identifiers does not record it; proposed, to be confirmed]",
        "",
        "Corrections (3)",
        "  ~ strategies bra-ebia-2021 title_original 'Estratégia Brasileira de [-Inteligencia-] Artificial' -> 'Estratégia Brasileira de {+Inteligência+} Artificial{+ (EBIA)+}'",
        "  ~ strategies arg-argenia-2019 title_zh '国家人工智能规划' -> '国家人工智能计划'",
        "  - index_scores ilia-2025/URY/overall rank '3' -> (blank)",
        "",
        "By table",
        "  package: 1 change of structure or description",
        "  strategies: 1 row removed, 1 renamed, 2 changed in 3 cells, 5 changes of structure or description",
        "  index_scores: 1 row changed in 1 cell",
        "  votes: 2 rows added, 1 change of structure or description",
        "",
        "Additions (6)",
        "  + strategies title_pt 'string, Title in Portuguese'",
        "  + strategies status categories.ended 'ended by law' [a value was added to the vocabulary]",
        "  + strategies arg-argenia-2019 adopted (blank) -> '2019'",
        "  + votes table 'Votes'",
        "  + votes unga-78-265",
        "  + votes unga-78-311 label_en=On capacity | <b>building</b>",
        "",
        "Descriptions and spelling (2)",
        "  ~ package description 'Strategies.' -> 'Strategies{+ and votes+}.' [the description of the package changed, not the data]",
        "  ~ strategies title 'Strategies' -> 'National strategies'",
    ]


def test_text_marks_the_changed_words_in_colour() -> None:
    changes = made(one(old="国家人工智能规划", new="国家人工智能计划"))
    assert "  \x1b[33m~\x1b[0m people ada name '国家人工智能\x1b[1;31m规\x1b[0m划' -> '国家人工智能\x1b[1;32m计\x1b[0m划'" in render(
        ChangeFormat.text, changes, RenderOptions(colour=True)
    ).split("\n")


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
    assert [line for line in lines if line and not line.startswith("  +")] == [
        "old.zip (0.1.0) -> new (0.2.0)",
        "304 changes: 1 breaking, 300 additions, 3 corrections",
        "the version number must increase by at least: minor (0.2.0): people gone: an identifier was withdrawn without a replacement",
        "Breaking (1)",
        "  - people gone [an identifier was withdrawn without a replacement]",
        "Corrections (3)",
        *(f"  ~ people k{number} name 'a' -> 'b'" for number in range(3)),
        "By table",
        "  people: 300 rows added, 1 removed, 3 changed in 3 cells",
        "Additions (300)",
        f"  ... and {300 - SHOWN_ADDITIONS} more; --all shows them",
    ]
    assert sum(line.startswith("  + people k") for line in lines) == SHOWN_ADDITIONS
    everything = render(ChangeFormat.text, made(*rows), RenderOptions(every=True)).split("\n")
    assert sum(line.startswith("  ") for line in everything) == 304 + 1


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
    assert render(ChangeFormat.text, made(change)).split("\n")[-1] == "  + notes who=ada, what=a note, when=1843, where=London"


def test_long_texts_are_shown_around_what_changed() -> None:
    before = "the first of many words " * 40
    lines = render(ChangeFormat.text, made(one(old=before + "old end", new=before + "new end"))).split("\n")
    assert "  ~ people ada name '… first of many words [-old-] end' -> '… first of many words {+new+} end'" in lines


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
        "table,key,field,action,old,new,class,reason,level,property,rule,proposed,parts,new_parts,label,values,column",
        'strategies,,status,added,,"{""label"": ""ended by law"", ""value"": ""ended""}",addition,a value was added to the vocabulary,schema,'
        "categories.ended,category-added,false,,,,,",
        'strategies,bra-note-2019,,removed,"{""id"": ""bra-note-2019"", ""title_en"": ""Note on AI"", ""kind"": ""note""}",,breaking,'
        '"an identifier was withdrawn without a replacement: a press note, no strategy",row,,identifier-withdrawn,false,,,,,',
        "strategies,mex-2018,,renamed,mex-2018,mex-agenda-2018,breaking,"
        '"an identifier seems to have changed, but the table of retired identifiers does not record it",row,,identifier-changed,true,,,,,',
        "strategies,bra-ebia-2021,title_original,changed,Estratégia Brasileira de Inteligencia Artificial,"
        "Estratégia Brasileira de Inteligência Artificial (EBIA),correction,a value was corrected,cell,,value-corrected,false,,,,,",
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
    plain["label"] = entry["label"] or ""
    plain |= {name: json.loads(entry[name] or "") for name in ("values", "column") if entry[name]}
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
        "### Changes of the data from `old.zip` (0.1.0) to `new` (0.2.0)",
        "",
        "**15 changes**: 4 breaking, 6 additions, 3 corrections, 2 metadata.",
        "",
        "The version number must increase by at least: **minor (0.2.0)**: `strategies currency` · a field was renamed (proposed, to be confirmed) (and 3 more).",
        "",
        "#### Breaking (4)",
        "",
        "- `>` `strategies` `currency` → `budget_currency` · a field was renamed (proposed, to be confirmed)",
        "- `~` `strategies` `note constraints.maxLength` <code>2000</code> → <code>400</code> · a constraint became stricter",
        "- `-` `strategies bra-note-2019` `title_en`: `Note on AI`, `kind`: `note` · an identifier was withdrawn without a replacement: `a press note, no strategy`",
        "- `>` `strategies mex-2018` → `mex-agenda-2018` · an identifier seems to have changed, but the table of retired identifiers does not record it (proposed, to be confirmed)",
        "",
        "#### Corrections (3)",
        "",
        "- `~` `strategies bra-ebia-2021` `title_original` <code>Estratégia Brasileira de <del>Inteligencia</del> Artificial</code> → <code>Estratégia Brasileira de <ins>Inteligência</ins> Artificial<ins> \\(EBIA\\)</ins></code>",
        "- `~` `strategies arg-argenia-2019` `title_zh` <code>国家人工智能<del>规</del>划</code> → <code>国家人工智能<ins>计</ins>划</code>",
        "- `-` `index_scores ilia-2025/URY/overall` `rank` `3` → (blank)",
        "",
        "| table | rows added | removed | renamed | changed | cells | structure | breaking |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        "| `strategies` |  | 1 | 1 | 2 | 3 | 5 | 4 |",
        "| `index_scores` |  |  |  | 1 | 1 |  |  |",
        "| `votes` | 2 |  |  |  |  | 1 |  |",
        "",
        "#### Additions (6)",
        "",
        "- `+` `strategies` `title_pt` `string, Title in Portuguese`",
        "- `+` `strategies` `status categories.ended` `ended by law` · a value was added to the vocabulary",
        "- `+` `strategies arg-argenia-2019` `adopted` (blank) → `2019`",
        "- `+` `votes` `table` `Votes`",
        "- `+` `votes unga-78-265`",
        "- `+` `votes unga-78-311` `label_en`: <code>On capacity \\| &lt;b&gt;building&lt;/b&gt;</code>",
        "",
        "#### Descriptions and spelling (2)",
        "",
        "- `~` `package` `description` <code>Strategies.</code> → <code>Strategies<ins> and votes</ins>.</code> · the description of the package changed, not the data",
        "- `~` `strategies` `title` <code>Strategies</code> → <code>National strategies</code>",
    ]


def test_markdown_counts_what_it_leaves_out() -> None:
    cells = [one(key=f"k{number}") for number in range(comments.CORRECTIONS + comments.SHOWN_IN_MARKDOWN + 3)]
    gone = [row("removed", "people", "identifier-withdrawn", id=f"r{number}") for number in range(comments.BREAKING + 5)]
    lines = render(ChangeFormat.markdown, made(*cells, *gone)).split("\n")
    assert sum(line.startswith("- `~`") for line in lines) == comments.CORRECTIONS + comments.SHOWN_IN_MARKDOWN
    assert sum(line.startswith("- `-`") for line in lines) == comments.BREAKING + 5
    assert [line for line in lines if "more" in line and line.startswith("- and")] == ["- and 3 more"]


@pytest.mark.parametrize("letter", ["x", "字", "😀", "<"])
def test_markdown_fits_into_a_comment_whatever_the_size(letter: str) -> None:
    long = [
        one(table=f"t{number // 45}", key=f"k{number}", old=f"{letter * 79} a{letter * 500}", new=f"{letter * 79} b{letter * 500}")
        for number in range(4_500)
    ]
    gone = [row("removed", "t0", "identifier-withdrawn", id=letter * 300 + str(number)) for number in range(500)]
    page = render(ChangeFormat.markdown, made(*long, *gone))
    assert comments.LIMIT * 0.8 < len(page) <= comments.LIMIT - 1_000
    assert page.count("<details>") == page.count("</details>") >= 1
    listed = sum(line.startswith("- `") for line in page.split("\n"))
    left = sum(int(line.split()[2].replace(",", "")) for line in page.split("\n") if line.startswith("- and "))
    (rest,) = [line for line in page.split("\n") if line.startswith("And ")]
    assert listed + left + int(rest.split()[1].replace(",", "")) == 5_000


def test_many_tables_are_counted_together() -> None:
    page = render(ChangeFormat.markdown, made(*(one(table=f"t{number}") for number in range(1_000))))
    assert f"| and {1_000 - comments.TABLES:,} more tables |" in page
    left = 1_000 - comments.CORRECTIONS - comments.TABLES
    assert f"And {left:,} more in {left:,} tables: `aistatecraft diff` shows all of them." in page.split("\n")


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
    assert render(ChangeFormat.markdown, made()) == "### Changes of the data from `old.zip` (0.1.0) to `new` (0.2.0)\n\nNo changes."
    assert render(ChangeFormat.csv, made()) == ",".join(COLUMNS)
    assert json.loads(render(ChangeFormat.json, made()))["changes"] == []
    assert render(ChangeFormat.changelog, made()) == "### Data\n\nNo changes."
    assert "<p>No changes.</p>" in render(ChangeFormat.html, made())


def test_markdown_is_read_as_it_is_meant() -> None:
    page = MarkdownIt("gfm-like", {"linkify": False}).render(render(ChangeFormat.markdown, story()))
    assert page.count("<details>") == 0
    assert page.count("<li>") == 15
    assert "<del>Inteligencia</del>" in page
    assert page.count("<td>") + page.count("<td ") == 3 * 8


# What stands in the way of a comparison


def test_every_form_says_problems_first_and_hints_last() -> None:
    changes = made(one())
    changes.problems = [ComparisonProblem("old", "damage", "t", "t.csv:2", "the row has 3 cells", ("-a,b,c", "+a,b ```", "@nobody"))]
    changes.hints = ["Rows have no key."]
    lines = render(ChangeFormat.text, changes).split("\n")
    assert lines[:5] == ["! OLD t.csv:2: the row has 3 cells.", "    -a,b,c", "    +a,b ```", "    @nobody", ""]
    assert lines[-2:] == ["", "Rows have no key."]
    lines = render(ChangeFormat.markdown, changes).split("\n")
    assert lines[2:9] == ["> **OLD** `t.csv:2`: the row has 3 cells.", "", "````diff", "-a,b,c", "+a,b ```", "@nobody", "````"]
    assert lines[-1] == "Rows have no key."
    page = render(ChangeFormat.html, changes)
    assert page.index("the row has 3 cells") < page.index("1 change<") < page.index("Rows have no key.")
    plain = json.loads(render(ChangeFormat.json, changes))
    assert (plain["problems"][0]["side"], plain["hints"]) == ("old", ["Rows have no key."])


def test_values_of_a_field_that_came_are_counted_and_kept() -> None:
    column = Column(("id",), [("a",), ("b",)], ["x", "y"], 3)
    changes = made(Change("schema", "added", "t", field="f", new='{"name": "f", "type": "string"}', rule="field-added", column=column))
    assert render(ChangeFormat.text, changes).split("\n")[-1] == "  + t f 'string', filled in 2 of 3 rows"
    assert "filled in 2 of 3 rows" in render(ChangeFormat.markdown, changes)
    assert '<dt>b</dt><dd dir="auto">y</dd>' in render(ChangeFormat.html, changes)
    (found,) = csv.DictReader(io.StringIO(render(ChangeFormat.csv, changes)))
    assert json.loads(found["column"]) == {"by": ["id"], "keys": [["a"], ["b"]], "values": ["x", "y"], "rows": 3}


def test_a_cell_of_a_key_that_stands_twice_says_both_values() -> None:
    changes = made(one(values={"id": "ada", "name": "a"}))
    assert "  ~ people ada name 'a' -> 'b'" in render(ChangeFormat.text, changes).split("\n")
    (found,) = csv.DictReader(io.StringIO(render(ChangeFormat.csv, changes)))
    assert (found["old"], found["new"], json.loads(found["values"])) == ("a", "b", {"id": "ada", "name": "a"})
