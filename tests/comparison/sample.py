"""Change sets for the tests of the renderers: one that tells a story, hostile texts, and random ones of every kind."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from aistatecraft.comparison.change_rules import CHANGE_RULES
from aistatecraft.comparison.changes import Change, ChangeSet, Column, ComparisonProblem

HOSTILE = [
    "a | b | c",
    "`code` ``two``",
    "<script>document.documentElement.dataset.pwned = 1</script>",
    "<img src=x onerror=document.documentElement.dataset.pwned=1>",
    "<svg/onload=document.documentElement.dataset.pwned=1>",
    "\"><b onmouseover=alert(1)>'><i autofocus onfocus=alert(1)>",
    "</details><h1>out</h1>",
    "</code></td></tr></table></main></script></style><h1>out</h1>",
    "<!-- --><!--",
    "@everyone and @octocat, mail to someone@evil.example",
    "#1 and octo/cat#2 and GH-3 :tada:",
    "one\ntwo\n\n# three\n- four",
    "\x1b[31mred\x1b[0m\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "![x](https://evil.example/x.png) [y](javascript:alert(1))",
    "https://evil.example/?a=1 www.evil.example",
    "javascript:alert(1)",
    "**bold** _it_ ~~gone~~ $x$",
    "\u202eright to left\u2066",
    "&lt;b&gt; &#64; &amp;",
    "\\| \\` \\<",
    "+ plus\n- minus\n1. one\n> quoted",
    "=cmd|'/C calc'!A0",
    "::error file=x::y",
]


def one(table: str = "people", key: str = "ada", field: str = "name", old: str | None = "a", new: str | None = "b", **more: Any) -> Change:
    """A corrected cell."""
    return Change("cell", "changed", table, key, field, old=old, new=new, rule="value-corrected", parts=(key,), **more)


def made(*changes: Change) -> ChangeSet:
    """A change set between two versions."""
    return ChangeSet("old.zip", "new", "0.1.0", "0.2.0", "2026-11-25T00:00:00Z", "2027-01-10T00:00:00Z", list(changes))


def row(action: str, table: str, rule: str, note: str = "", **cells: str) -> Change:
    """A row that came or went; its key is its first cell."""
    key = next(iter(cells.values()))
    return Change("row", action, table, key, rule=rule, values=cells, parts=(key,), note=note)


def story() -> ChangeSet:
    """Some change of nearly every kind, as `compare` gives them."""
    field = '{"description": "The title in Portuguese.", "name": "title_pt", "title": "Title in Portuguese", "type": "string"}'
    table = '{"name": "votes", "path": "data/votes.csv", "schema": {"fields": [{"name": "id", "type": "string"}]}, "title": "Votes"}'
    key = ("ilia-2025", "URY", "overall")
    return made(
        Change("package", "changed", property="description", old="Strategies.", new="Strategies and votes.", rule="package-metadata"),
        Change("resource", "changed", "strategies", property="title", old="Strategies", new="National strategies", rule="table-metadata"),
        Change("schema", "renamed", "strategies", field="currency", old="currency", new="budget_currency", rule="field-renamed", proposed=True),
        Change("schema", "added", "strategies", field="title_pt", new=field, rule="field-added"),
        Change("schema", "changed", "strategies", field="note", property="constraints.maxLength", old="2000", new="400", rule="constraint-tightened"),
        Change(
            "schema", "added", "strategies", field="status", property="categories.ended", new='{"label": "ended by law", "value": "ended"}', rule="category-added"
        ),
        row("removed", "strategies", "identifier-withdrawn", "a press note, no strategy", id="bra-note-2019", title_en="Note on AI", kind="note"),
        Change(
            "row", "renamed", "strategies", "mex-2018", old="mex-2018", new="mex-agenda-2018", rule="identifier-changed", proposed=True,
            parts=("mex-2018",), new_parts=("mex-agenda-2018",),
        ),
        one("strategies", "bra-ebia-2021", "title_original", "Estratégia Brasileira de Inteligencia Artificial", "Estratégia Brasileira de Inteligência Artificial (EBIA)"),
        one("strategies", "arg-argenia-2019", "title_zh", "国家人工智能规划", "国家人工智能计划"),
        Change("cell", "added", "strategies", "arg-argenia-2019", "adopted", new="2019", rule="value-filled", parts=("arg-argenia-2019",)),
        Change("cell", "removed", "index_scores", "/".join(key), "rank", old="3", rule="value-emptied", parts=key),
        Change("resource", "added", "votes", new=table, rule="table-added"),
        row("added", "votes", "row-added", id="unga-78-265"),
        row("added", "votes", "row-added", id="unga-78-311", label_en="On capacity | <b>building</b>"),
    )  # fmt: skip


TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("|`<>@#*_[]()!\\\n\r\t\x1b&~$-+=;,\"' ")), max_size=30)
_NAME = TEXT.filter(bool)
_BY_LEVEL = {
    level: [rule.id for rule in CHANGE_RULES.values() if rule.level == level] for level in ("package", "resource", "schema", "row", "cell")
}
_SIDES = st.tuples(st.none() | TEXT, st.none() | TEXT)


@st.composite
def any_change(draw: st.DrawFn) -> Change:
    """A change of any kind that the form admits, with any text in it."""
    level = draw(st.sampled_from(list(_BY_LEVEL)))
    rule, note = draw(st.sampled_from(_BY_LEVEL[level])), draw(TEXT)
    table = "" if level == "package" else draw(_NAME)
    action = draw(st.sampled_from(["added", "removed", "changed"]))
    old, new = draw(_SIDES)
    if level == "cell":
        parts = tuple(draw(st.lists(TEXT, min_size=1, max_size=3)))
        values = draw(st.none() | st.dictionaries(_NAME, TEXT, max_size=3))
        return Change(
            level, action, table, "/".join(parts), draw(_NAME), old=old, new=new, rule=rule, note=note, parts=parts, values=values, label=draw(TEXT)
        )  # fmt: skip
    if level == "row":
        parts = tuple(draw(st.lists(TEXT, max_size=3)))
        key = "/".join(parts)
        if parts and draw(st.booleans()):
            later = tuple(draw(st.lists(TEXT, min_size=1, max_size=3)))
            return Change(
                level, "renamed", table, key, old=key, new="/".join(later), rule=rule, proposed=draw(st.booleans()), note=note,
                parts=parts, new_parts=later, label=draw(TEXT),
            )  # fmt: skip
        cells = draw(st.dictionaries(_NAME, TEXT, max_size=3))
        return Change(level, draw(st.sampled_from(["added", "removed"])), table, key, rule=rule, note=note, parts=parts, values=cells)
    if level == "schema" and draw(st.booleans()):
        was = draw(_NAME)
        return Change(level, "renamed", table, field=was, old=was, new=draw(_NAME), rule=rule, proposed=draw(st.booleans()), note=note)
    if level == "schema" and draw(st.booleans()):
        filled = draw(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=3))
        column = Column((draw(_NAME),), [(key,) for key, _ in filled], [value for _, value in filled], len(filled))
        sides = (None, '{"name": "f"}') if rule == "field-added" else ('{"name": "f"}', None)
        return Change(level, action, table, field=draw(_NAME), old=sides[0], new=sides[1], rule=rule, note=note, column=column)
    field = draw(TEXT) if level == "schema" else ""
    return Change(
        level, action, table, field=field, property=draw(_NAME if level == "package" else TEXT), old=old, new=new, rule=rule, note=note
    )


@st.composite
def any_change_set(draw: st.DrawFn) -> ChangeSet:
    """Up to eight such changes, and any text for the two sides, problems and hints."""
    sides = [draw(TEXT) for _ in range(6)]
    problem = st.builds(ComparisonProblem, st.sampled_from(["old", "new"]), st.just("damage"), TEXT, TEXT, TEXT, st.tuples(TEXT))
    return ChangeSet(
        *sides,
        draw(st.lists(any_change(), max_size=8)),
        draw(st.lists(problem, max_size=2)),
        draw(st.lists(TEXT, max_size=2)),
        tuple(draw(st.lists(TEXT, max_size=2))),
    )
