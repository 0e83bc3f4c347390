"""`aistatecraft explain` and docs/rules.md: every rule of the code is told of, with its examples."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from aistatecraft.validation.rule_docs import TEXT_RULES, meaning_of
from aistatecraft.validation.rule_examples import EXAMPLES
from aistatecraft.validation.rule_pages import Page, SmallTable, page, rules_markdown
from aistatecraft.validation.rules import RULES
from tests.conftest import Run


def rules_in_the_code(root: Path) -> set[str]:
    """First arguments of everything that is found, as far as they are written out."""
    found = set()
    for folder in ("package", "validation"):
        for path in (root / "tools/aistatecraft" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in ("Fault", "Finding", "Problem", "CellProblem", "fault")
                ):
                    first = node.args[0] if node.args else None
                    if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                        found.add(first.value)
    return found


def test_every_rule_in_the_code_is_told_of(root: Path) -> None:
    found = rules_in_the_code(root)
    assert {"ragged-row", "category", "missing-file", "foreign-key"} <= found
    assert [name for name in sorted(found) if not meaning_of(name)] == []


def test_documentation_is_that_of_the_code(root: Path) -> None:
    assert (root / "docs/rules.md").read_text(encoding="utf-8") == rules_markdown(), "run python3 tools/docs.py"


def test_documentation_has_a_section_with_both_examples_for_every_rule() -> None:
    text = rules_markdown()
    sections = dict(re.findall(r"(?ms)^### (\S+)\n(.*?)(?=^### |\Z)", text))
    assert list(sections) == [*TEXT_RULES, *RULES]
    assert [name for name, section in sections.items() if section.count("\nGood:\n") != 1 or section.count("\nBad:\n") != 1] == []
    assert [name for name in sections if f"| [`{name}`](#{name.lower()}) |" not in text] == []
    pointed = [name for name in RULES if EXAMPLES[name].field and not re.search(r"\| \*\*[^|]+\*\* \|", sections[name])]
    assert [name for name in pointed if EXAMPLES[name].bad[EXAMPLES[name].table]] == []


def test_page_of_a_rule() -> None:
    told = page("order-once")
    assert told == Page(
        "order-once",
        "Codes of a scheme with the same parent have different positions in `sort_order`.",
        "table",
        "error",
        "codes",
        "sort_order",
        good=(
            SmallTable(
                "codes", ("id", "scheme", "label_en", "sort_order"), (("tier.1", "tier", "First", "1"), ("tier.2", "tier", "Second", "2"))
            ),
        ),
        bad=(
            SmallTable(
                "codes",
                ("id", "scheme", "label_en", "sort_order"),
                (("tier.1", "tier", "First", "1"), ("tier.2", "tier", "Second", "1")),
                (1, 3),
            ),
        ),
    )


def test_page_of_a_rule_about_text() -> None:
    told = page("maximum")
    lines = (("1", "id,score"), ("2", "BRA,67.39"))
    assert told == Page(
        "maximum",
        "A value is not greater than its maximum.",
        "cell",
        "error",
        "all, of any package",
        "line 2, column B",
        good=(SmallTable("data/t.csv", ("line", "text"), lines),),
        bad=(SmallTable("data/t.csv", ("line", "text"), (lines[0], ("2", "BRA,6739")), (1, 1)),),
        beside=(
            SmallTable(
                "schema",
                ("name", "type", "more"),
                (("id", "string", ""), ("score", "number", '"constraints": {"maximum": 100}')),
            ),
        ),
    )


def test_what_does_not_show_is_written_out_and_what_is_not_there_is_said() -> None:
    def text(name: str) -> list[str]:
        return [line for table in page(name).bad for _, line in table.rows]

    assert text("line-ends")[0] == "id,name\\u000d"
    assert text("byte-order-mark")[0] == "\\ufeffid,name"
    assert text("encoding")[1] == "PER,Per\\xfa"
    assert text("control-character")[1] == "BRA,Bra\\u200bsil"
    assert text("last-line")[-1] == "CHL,Chile (no line break)"
    assert text("empty-file") == ["(empty)"]
    assert text("missing-file") == ["(no such file)"]
    assert page("too-large").bad == (SmallTable("data/t.csv", ("size",), (("536,870,913 bytes",),)),)


def test_documentation_shows_the_lines_of_a_file_and_where_the_finding_stands() -> None:
    section = rules_markdown().partition("### white-space\n")[2].partition("\n### ")[0]
    assert section.split("\n") == [
        "",
        "error, checks one cell, tables: all of this dataset",
        "",
        "A cell has no white space at its ends and no double spaces inside.",
        "",
        "The finding is reported at `data/t.csv:2:B`.",
        "",
        "Good:",
        "",
        "`data/t.csv`",
        "",
        "```text",
        "id,name",
        "BRA,República do Brasil",
        "```",
        "",
        "Bad:",
        "",
        "`data/t.csv`",
        "",
        "```text",
        "id,name",
        "BRA,República  do Brasil",
        "```",
        "",
    ]


def test_explain_says_what_the_examples_do_not_show(run: Run) -> None:
    assert "\n\nThe file is as it was when reading began, and as it is at the end.\n\nValid" in run("explain", "changed").out


def test_explain_a_rule(run: Run) -> None:
    done = run("explain", "order-once")
    assert (done.code, done.err) == (0, "")
    assert [line.strip() for line in done.out.splitlines() if line.strip(" ─")] == [
        "order-once",
        "Codes of a scheme with the same parent have different positions in `sort_order`.",
        "severity: error",
        "scope: table",
        "tables: codes",
        "Valid, in codes",
        "id       scheme   label_en   sort_order",
        "tier.1   tier     First      1",
        "tier.2   tier     Second     2",
        "Invalid, in codes, and the finding points at sort_order",
        "id       scheme   label_en   sort_order",
        "tier.1   tier     First      1",
        "tier.2   tier     Second     > 1 <",
    ]


def test_explain_shows_that_rows_are_missing(run: Run) -> None:
    assert "Invalid, in evidence: no such row\n" in run("explain", "evidence-required").out


@pytest.mark.parametrize("name", [*TEXT_RULES, *RULES])
def test_explain_every_rule(run: Run, name: str) -> None:
    done = run("explain", name)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{name}\n\n{meaning_of(name)}\n\nseverity: ")


def test_explain_lists_all(run: Run) -> None:
    done = run("explain")
    assert (done.code, done.err) == (0, "")
    listed = [line.split()[0] for line in done.out.splitlines() if line.strip(" ─")][1:]
    assert listed == list(dict.fromkeys([*TEXT_RULES, *RULES]))


def test_explain_a_rule_that_is_none(run: Run) -> None:
    done = run("explain", "rank-agre")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("aistatecraft: there is no rule 'rank-agre'; did you mean rank-agrees")
