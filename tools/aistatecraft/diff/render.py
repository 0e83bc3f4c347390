"""Change sets as text."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, fields
from enum import StrEnum

from aistatecraft.diff.changes import Change, ChangeSet
from aistatecraft.validation.render import escape_markdown, printable

__all__ = ["FORMATS", "Format", "changelog_section"]

_SIGN = {"added": "+", "removed": "-", "changed": "~"}
SHOWN = 40
"""Rows of one table that Markdown shows before it only counts."""


def _what(change: Change) -> str:
    place = "/".join(part for part in (change.table, change.key) if part) or "package"
    if change.field:
        place += f" {change.field}"
    if change.level in ("cell", "schema", "package") or (change.level == "resource" and change.field):
        old = "(blank)" if change.old is None else repr(printable(change.old, 120))
        new = "(blank)" if change.new is None else repr(printable(change.new, 120))
        return f"{place}: {old} -> {new}"
    return place + (f" -> {change.new}" if change.level == "row" and change.new else "")


def _summary(changes: ChangeSet) -> str:
    counts = changes.counts()
    total = {name: sum(table[name] for table in counts.values()) for name in ("added", "removed", "changed", "cells")}
    if not changes.changes:
        return "no changes"
    return (
        f"{len(changes.changes):,} change{'s' if len(changes.changes) != 1 else ''}: {total['added']:,} rows added, {total['removed']:,} removed, "
        f"{total['changed']:,} changed in {total['cells']:,} cells; the version number must rise by {changes.bump}"
    )


def text(changes: ChangeSet) -> str:
    """One line a change, a summary at the end."""
    lines = [
        f"{_SIGN[change.action]} {printable(_what(change))}  [{change.kind}: {printable(change.reason)}]" for change in changes.changes
    ]
    return "\n".join([*lines, _summary(changes)])


def as_json(changes: ChangeSet) -> str:
    """The whole change set as one JSON object."""
    return json.dumps(changes.as_dict(), ensure_ascii=False, indent=2)


def as_csv(changes: ChangeSet) -> str:
    """One row a change."""
    out = io.StringIO()
    rows = [asdict(change) for change in changes.changes]
    # Where lines end in LF, Python before 3.13 leaves a carriage return without quotes, and readers take it for the end of a row.
    odd = any("\r" in text for row in rows for text in row.values() if text)
    names = [column.name for column in fields(Change)]
    writer = csv.DictWriter(out, names, lineterminator="\n", quoting=csv.QUOTE_ALL if odd else csv.QUOTE_MINIMAL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().rstrip("\n")


def markdown(changes: ChangeSet) -> str:
    """For a pull request: counts, then the changes of each table, folded."""
    lines = [f"**{escape_markdown(_summary(changes))}**"]
    counts = changes.counts()
    if counts:
        lines += ["", "| table | rows added | removed | changed | cells |", "|---|---:|---:|---:|---:|"]
        lines += [
            f"| {table} | {row['added']:,} | {row['removed']:,} | {row['changed']:,} | {row['cells']:,} |" for table, row in counts.items()
        ]
    groups: dict[str, list[Change]] = defaultdict(list)
    for change in changes.changes:
        groups[change.table or "package"].append(change)
    for table, rows in groups.items():
        lines += ["", f"<details><summary>{table} ({len(rows):,})</summary>", ""]
        # The sign as code: a bare + or - would begin a list in the list.
        lines += [f"- `{_SIGN[change.action]}` {escape_markdown(_what(change))}" for change in rows[:SHOWN]]
        if len(rows) > SHOWN:
            lines.append(f"- and {len(rows) - SHOWN:,} more")
        lines += ["", "</details>"]
    return "\n".join(lines)


def changelog_section(changes: ChangeSet) -> str:
    """The data part of a changelog entry."""
    lines: list[str] = []
    for table, row in changes.counts().items():
        parts = [f"{row[name]:,} row{'s' if row[name] != 1 else ''} {name}" for name in ("added", "removed", "changed") if row[name]]
        if parts:
            lines.append(f"- `{table}`: {', '.join(parts)}.")
    lines += [
        f"- `{change.table}`: {change.reason}" + (f" ({escape_markdown(change.field)})." if change.field else ".")
        for change in changes.changes
        if change.level in ("schema", "resource") and change.kind != "metadata"
    ]
    return "\n".join(lines) or "- No changes to the data."


class Format(StrEnum):
    """Forms of a change set."""

    text = "text"
    json = "json"
    csv = "csv"
    markdown = "markdown"


FORMATS: dict[Format, Callable[[ChangeSet], str]] = {Format.text: text, Format.json: as_json, Format.csv: as_csv, Format.markdown: markdown}
"""Renderers by name."""
