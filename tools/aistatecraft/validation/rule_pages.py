"""Rule pages: meaning, scope, severity, tables, and an example that follows the rule and one that breaks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from aistatecraft.errors import UsageError, nearest
from aistatecraft.package.escape import escape_markdown, printable
from aistatecraft.validation.file_examples import FILE_EXAMPLES, FileExample, Files
from aistatecraft.validation.rule_docs import TEXT_RULES, meaning_of, severity_of
from aistatecraft.validation.rule_examples import EXAMPLES, Example, Rows
from aistatecraft.validation.rules import RULES

__all__ = ["LINES", "Page", "SmallTable", "page", "rules_markdown"]

LINES = ("line", "text")
"""Fields of a small table that shows the lines of a file."""


@dataclass(frozen=True)
class SmallTable:
    """Some rows of a table, with the fields that matter; or the lines of a file, under the fields of `LINES`."""

    name: str
    fields: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wrong: tuple[int, int] | None = None
    """Row and field that a finding points at."""


@dataclass(frozen=True)
class Page:
    """The page of one rule."""

    rule: str
    meaning: str
    scope: str
    severity: str
    tables: str
    field: str
    """Field that a finding points at, or line and column of a file; empty where it is the row, or the file."""
    good: tuple[SmallTable, ...] = ()
    bad: tuple[SmallTable, ...] = ()
    beside: tuple[SmallTable, ...] = ()
    """Tables that both examples need and that are alike in both."""
    note: str = ""
    """What the examples alone do not show."""


def page(name: str) -> Page:
    """The page of the rule `name`; `UsageError` with the nearest names where there is none."""
    if name in TEXT_RULES and name not in RULES:
        return _page_of_files(name, FILE_EXAMPLES[name])
    if name not in RULES:
        raise UsageError(f"there is no rule {name!r}; {nearest(name, [*RULES, *TEXT_RULES])}")
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


def _page_of_files(name: str, example: FileExample) -> Page:
    path, _, place = example.place.partition(":")
    line, _, column = place.partition(":")
    scope = "cell" if column else "line" if line else "file"
    tables = "all of this dataset" if example.own else "all, of any package"
    where = f"line {line}" + (f", column {column}" if column else "") if line else ""
    other = sorted({*example.good, *example.bad} - {file for file in example.good if example.good[file] == example.bad.get(file)})
    same = [file for file in example.good if file not in other]
    return Page(
        name, meaning_of(name), scope, severity_of(name), tables, where,
        good=tuple(_file(file, example.good, "") for file in other if file in example.good or file == path),
        bad=tuple(_file(file, example.bad, line if file == path else "") for file in other),
        beside=(*(_file(file, example.good, line if file == path else "") for file in same), *_schema(example)),
        note=example.note,
    )  # fmt: skip


def _file(path: str, files: Files, line: str) -> SmallTable:
    """The lines of a file with their numbers; `line` is the one that a finding points at."""
    content = files.get(path)
    if content is None:
        return SmallTable(path, LINES, (("", "(no such file)"),))
    if isinstance(content, int):
        return SmallTable(path, ("size",), ((f"{content:,} bytes",),))
    text = content.decode("utf-8", "backslashreplace")
    lines = text.removesuffix("\n").split("\n") if text else ["(empty)"]
    if text and not text.endswith("\n"):
        lines[-1] += " (no line break)"
    rows = tuple((str(number), printable(shown, 2_000)) for number, shown in enumerate(lines, 1))
    return SmallTable(path, LINES, rows, (int(line) - 1, 1) if line else None)


def _schema(example: FileExample) -> Iterator[SmallTable]:
    """The schema of the table of an example, where it says more than that cells are texts: fields with their properties, and keys."""
    rows = []
    for described in example.fields:
        more = {word: value for word, value in described.items() if word not in ("name", "type")}
        rows.append((described["name"], described["type"], json.dumps(more, ensure_ascii=False)[1:-1]))
    rows += [(word, "", json.dumps(value, ensure_ascii=False)) for word, value in example.keys.items()]
    if any(row[1:] != ("string", "") for row in rows):
        yield SmallTable("schema", ("name", "type", "more"), tuple(rows))


def _markdown(table: SmallTable) -> Iterator[str]:
    yield f"`{table.name}`" + ("" if table.rows else ": no such row")
    if table.fields == LINES:
        yield ""
        yield "```text"
        yield from (text for _, text in table.rows)
        yield "```"
    elif table.rows:
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
    yield f"{told.severity}, checks one {told.scope}, tables: {told.tables}"
    yield ""
    yield told.meaning
    yield ""
    if name in FILE_EXAMPLES:
        yield f"The finding is reported at `{FILE_EXAMPLES[name].place}`." + (f" {told.note}" if told.note else "")
        yield ""
    for title, tables in (("Good:", told.good), ("Bad:", told.bad), ("In both:", told.beside)):
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
        "Generated from the rules; do not edit. Each finding gives file, line, column, record, value, reason and hint.",
        "`aistatecraft explain RULE` prints the same in a terminal.",
        "",
        "The text of each file is judged first: encoding, cells, keys. Then the cells are typed, and the pandera schema of each table runs on",
        'its frame; it has the rules under [Meaning](#meaning) as checks. `aistatecraft.schema("strategies").validate(frame)` runs the same schema',
        "on your own frame. [How to add a rule](contributing.md#add-a-rule).",
        "",
        "## Text, cells and keys",
        "",
        "The good and the bad example of each rule, here and below, are also its test. Invisible characters are written as escapes.",
        "",
        "| rule | requirement | tables |",
        "|---|---|---|",
        *(f"| [`{name}`](#{name.lower()}) | {meaning} | {page(name).tables} |" for name, meaning in TEXT_RULES.items()),
        "",
    ]
    for name in TEXT_RULES:
        lines += _section(name)
    lines += [
        "## Meaning",
        "",
        "In a bad example, the cell that the finding points to is **bold**.",
        "",
        "| rule | tables | scope | severity |",
        "|---|---|---|---|",
        *(f"| [`{name}`](#{name}) | {page(name).tables} | {rule.scope} | {rule.severity} |" for name, rule in RULES.items()),
        "",
    ]
    for name in RULES:
        lines += _section(name)
    return "\n".join(lines).rstrip("\n") + "\n"
