"""What is told of a rule: meaning, scope, severity, tables, and an example that keeps it and one that breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aistatecraft.errors import WrongUse, nearest
from aistatecraft.validation.examples import EXAMPLES, Example, Rows
from aistatecraft.validation.guide import TEXT_RULES, meaning_of, severity_of
from aistatecraft.validation.rules import RULES

__all__ = ["Page", "SmallTable", "page", "rules_markdown"]


@dataclass(frozen=True)
class SmallTable:
    """Some rows of a table, with the fields that matter."""

    name: str
    fields: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wrong: tuple[int, int] | None = None
    """Row and field that a finding points at."""


@dataclass(frozen=True)
class Page:
    """All that is told of one rule."""

    rule: str
    meaning: str
    scope: str
    severity: str
    tables: str
    field: str
    """Field that a finding points at; empty where it is the row."""
    good: tuple[SmallTable, ...] = ()
    bad: tuple[SmallTable, ...] = ()
    beside: tuple[SmallTable, ...] = ()
    """Tables that both examples need and that are alike in both."""


def page(name: str) -> Page:
    """The page of the rule `name`; `WrongUse` with the nearest names where there is none."""
    if name in TEXT_RULES and name not in RULES:
        return Page(name, meaning_of(name), "text, cells and keys", severity_of(name), "all", "")
    if name not in RULES:
        raise WrongUse(f"there is no rule {name!r}; {nearest(name, [*RULES, *TEXT_RULES])}")
    rule = RULES[name]
    tables = ", ".join(rule.tables) or ("those with " + ", ".join(rule.needs) if rule.needs else "all")
    made = Page(name, meaning_of(name), rule.scope, rule.severity, tables, "")
    if name not in EXAMPLES:
        return made
    example = EXAMPLES[name]
    alike = {table for table, rows in example.good.items() if example.bad.get(table) == rows} - {example.table}
    return Page(
        name, made.meaning, made.scope, made.severity, tables, example.field,
        good=tuple(_small(example, example.good, set(example.good) - alike, mark=False)),
        bad=tuple(_small(example, example.bad, set(example.bad) - alike, mark=True)),
        beside=tuple(_small(example, example.good, alike, mark=False)),
    )  # fmt: skip


def _small(example: Example, rows: Rows, names: set[str], *, mark: bool) -> Iterator[SmallTable]:
    for name in rows:
        if name in names:
            # The same fields in both examples, so that they can be laid beside one another.
            fields = tuple(dict.fromkeys(field for side in (example.good, example.bad) for row in side.get(name, []) for field in row))
            wrong = (
                (len(rows[name]) - 1, fields.index(example.field)) if mark and name == example.table and example.field in fields else None
            )
            yield SmallTable(name, fields, tuple(tuple(row.get(field, "") for field in fields) for row in rows[name]), wrong)


def _markdown(table: SmallTable) -> Iterator[str]:
    from aistatecraft.validation.render.escape import escape_markdown

    yield f"`{table.name}`" + ("" if table.rows else ": no such row")
    if table.rows:
        yield ""
        yield "| " + " | ".join(table.fields) + " |"
        yield "|" + "---|" * len(table.fields)
        for number, row in enumerate(table.rows):
            cells = [escape_markdown(cell) for cell in row]
            if table.wrong is not None and table.wrong[0] == number:
                cells[table.wrong[1]] = f"**{cells[table.wrong[1]] or '(blank)'}**"
            yield "| " + " | ".join(cells) + " |"
    yield ""


def _section(name: str) -> Iterator[str]:
    told = page(name)
    yield f"### {name}"
    yield ""
    yield f"{told.severity}, looks at one {told.scope}, tables: {told.tables}"
    yield ""
    yield told.meaning
    yield ""
    for title, tables in (("Keeps it:", told.good), ("Breaks it:", told.bad), ("In both:", told.beside)):
        if tables:
            yield title
            yield ""
            for table in tables:
                yield from _markdown(table)


def rules_markdown() -> str:
    """All rules as Markdown: what `docs/rules.md` holds."""
    lines = [
        "# What `aistatecraft validate` checks",
        "",
        "Made from the rules themselves; not edited by hand. Each finding names file, line, column, record, value, reason and mend.",
        "`aistatecraft explain RULE` tells the same at a terminal.",
        "",
        "## Text, cells and keys",
        "",
        "| rule | what it asks for |",
        "|---|---|",
        *(f"| `{name}` | {meaning} |" for name, meaning in TEXT_RULES.items()),
        "",
        "## Meaning",
        "",
        "The good and the bad example of each rule are also its test. In a bad one the cell that the finding points at is **bold**.",
        "",
        "| rule | tables | looks at | severity |",
        "|---|---|---|---|",
        *(f"| [`{name}`](#{name}) | {page(name).tables} | {rule.scope} | {rule.severity} |" for name, rule in RULES.items()),
        "",
    ]
    for name in RULES:
        lines += _section(name)
    return "\n".join(lines).rstrip("\n") + "\n"
