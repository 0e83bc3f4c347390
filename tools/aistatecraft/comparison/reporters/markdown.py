"""Change sets as Markdown, for a comment at a pull request: never longer than such a comment may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice

from aistatecraft.comparison.change_rules import CHANGE_RULES
from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.reporters import RenderOptions
from aistatecraft.comparison.reporters.markdown_text import as_code, as_words, escaped
from aistatecraft.comparison.reporters.summary import (
    HEADINGS,
    PLAIN,
    SIGNS,
    by_table,
    called,
    demanded,
    filled_in,
    inside,
    is_versionless,
    kept,
    location_of,
    sides,
    tally,
)
from aistatecraft.comparison.reporters.word_diff import Part, WordDiff, excerpt
from aistatecraft.errors import plural
from aistatecraft.package.escape import printable

__all__ = ["BREAKING", "LIMIT", "SHOWN_IN_MARKDOWN", "TABLES", "markdown"]

LIMIT = 65_536
"""Characters that GitHub admits in a comment."""
_BUDGET = LIMIT - 1_536
"""What is written at most: who posts it may put a heading of his own above."""
BREAKING = 50
"""Breaking changes that stand above the others, unfolded."""
CORRECTIONS = 25
"""The same for corrections."""
UNFOLDED = 25
"""Changes that stand unfolded in all, those that break and corrections apart."""
SHOWN_IN_MARKDOWN = 40
"""Folded changes of one table that are shown."""
TABLES = 60
"""Tables that are counted, and folded, one by one."""
_CELLS = 6
"""Cells of a row that came or went that are shown."""
_RESERVE = 1_000
"""Room for what is always written: the lines that say how much is left out, and the ends of what is folded."""


class _Page:
    """Lines up to a number of characters."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.left = _BUDGET - _RESERVE

    def add(self, *lines: str) -> bool:
        """Write the lines if all of them have room; whether they had."""
        size = sum(len(line) + 1 for line in lines)
        if size > self.left:
            return False
        self.left -= size
        self.lines += lines
        return True

    def end(self, *lines: str) -> None:
        """Write what must stand; it comes out of the reserve."""
        self.lines += lines


def markdown(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """Problems; which versions, how much changed and what that demands; what breaks, corrections, counts by table, additions, metadata.

    The first `UNFOLDED` changes stand open, the others of a class in a section that can be unfolded.
    """
    old, new = (f"{as_code(word)}{f' ({as_words(version)})' if version else ''}" for word, version in sides(changes))
    page = _Page()
    page.add(f"### Changes of the data from {old} to {new}", "")
    for problem in changes.problems[:BREAKING]:
        page.add(f"> **{problem.side.upper()}** {as_code(problem.location)}: {as_words(problem.message, 400)}.", "")
        if problem.lines:
            lines = [printable(line, 400) for line in problem.lines]
            fence = "`" * max(3, *(len(run) + 1 for line in lines for run in re.findall("`+", line)), 3)
            page.add(f"{fence}diff", *lines, fence, "")
    if not changes.changes:
        page.add(*([] if changes.problems else ["No changes."]), *_hints(changes))
        return "\n".join(page.lines).rstrip("\n")
    bump, worst, more = demanded(changes)
    page.add(f"**{plural(len(changes), 'change', 'changes')}**: {tally(changes.classes())}.", "")
    why = f": {as_code(location_of(worst))} · {_reason(worst)}" if worst else ""
    if not is_versionless(changes):
        page.add(f"The version number must increase by at least: **{bump}**{why}{f' (and {more:,} more)' if more else ''}.", "")
    words = WordDiff()
    room = UNFOLDED
    for kind, heading in HEADINGS.items():
        found = [change for change in changes.changes if change.kind == kind]
        if kind == "addition":
            page.add("")
            _counts(page, changes)
        if not found:
            continue
        page.add(*([""] if page.lines[-1] else []), f"#### {heading} ({len(found):,})", "")
        # What breaks and what was corrected stands open, and whatever there is room for.
        most = BREAKING if kind == "breaking" else max(room, CORRECTIONS) if kind == "correction" else room
        if len(found) <= most:
            _list(page, found, most, words)
            room = max(0, room - len(found))
            continue
        if most:
            _list(page, shown := kept(found, most), most, words)
            left = set(map(id, shown))
            found = [change for change in found if id(change) not in left]
            room = 0
        _folded(page, found, words)
    page.add(*_hints(changes))
    return "\n".join(page.lines).rstrip("\n")


def _hints(changes: ChangeSet) -> list[str]:
    return ["", *(as_words(hint, 400) for hint in changes.hints)] if changes.hints else []


def _folded(page: _Page, changes: Sequence[Change], words: WordDiff) -> None:
    """Changes by table, each table in a section that can be unfolded."""
    tables = by_table(changes)
    for number, (table, found) in enumerate(tables.items()):
        # Up to the blank line all is HTML, and no Markdown.
        heading = f"<details><summary><code>{escape(printable(table or 'package'))}</code> ({len(found):,})</summary>"
        # Where one table of many has no room, the later ones are not looked at: they are counted together.
        if number >= TABLES or not page.add("", heading, ""):
            rest = list(tables.values())[number:]
            left = sum(map(len, rest))
            page.end("", f"And {left:,} more in {plural(len(rest), 'table', 'tables')}: `aistatecraft diff` shows all of them.")
            break
        _list(page, found, SHOWN_IN_MARKDOWN, words)
        page.end("", "</details>")
        page.left -= len("\n\n</details>")


def _counts(page: _Page, changes: ChangeSet) -> None:
    """How much changed in each table."""
    counts, found = changes.counts(), by_table(changes.changes)
    if not counts:
        return
    table = []
    for name, rows in islice(counts.items(), TABLES):
        structure = sum(change.level in ("resource", "schema") for change in found[name])
        breaking = sum(change.kind == "breaking" for change in found[name])
        table.append([name, *(rows[what] for what in ("added", "removed", "renamed", "changed", "cells")), structure, breaking])
    heads = ["table", "rows added", "removed", "renamed", "changed", "cells", "structure", "breaking"]
    kept_columns = [at for at in range(1, len(heads)) if any(row[at] for row in table)]  # a column of blanks says nothing
    page.add("| " + " | ".join(heads[at] for at in (0, *kept_columns)) + " |", "|---|" + "---:|" * len(kept_columns))
    for row in table:
        page.add(f"| {as_code(str(row[0]))} | " + " | ".join(f"{row[at]:,}" if row[at] else "" for at in kept_columns) + " |")
    if len(counts) > TABLES:
        page.add(f"| and {len(counts) - TABLES:,} more tables |" + " |" * len(kept_columns))


def _list(page: _Page, found: Sequence[Change], most: int, words: WordDiff) -> None:
    shown = 0
    for change in kept(found, most):
        if not page.add(_line(change, words)):
            break
        shown += 1
    if shown < len(found):
        page.end(f"- and {len(found) - shown:,} more")
        page.left -= 30


def _line(change: Change, words: WordDiff) -> str:
    # The sign as code: a bare + or - would begin a list in the list.
    place = " ".join(part for part in (change.table or "package", change.key) if part)
    told = inside(change)
    reason = "" if change.rule in PLAIN and not change.note else f"· {_reason(change)}"
    parts = [
        f"- `{SIGNS[change.action]}`",
        as_code(place),
        f"({as_words(change.label, 80)})" if change.label else "",
        as_code(told) if told else "",
        _change(change, words),
        reason,
    ]
    return " ".join(part for part in parts if part)


def _reason(change: Change) -> str:
    told = f"{CHANGE_RULES[change.rule].reason}: {as_code(change.note)}" if change.note else change.reason
    return f"{told} (proposed, to be confirmed)" if change.proposed else told


def _change(change: Change, words: WordDiff) -> str:
    if change.level == "row" and change.values is not None:
        cells = [(name, value) for name, value in change.values.items() if change.key and value not in change.parts]
        more = ["…"] if len(cells) > _CELLS else []
        return ", ".join(
            [*(f"{name}: {as_code(value, 120)}" for name, value in [(as_code(name), value) for name, value in cells[:_CELLS]]), *more]
        )
    name = called(change)
    if name is not None:
        filled = f"filled in {filled_in(change)}" if change.column is not None else ""
        return ", ".join(part for part in (as_code(name) if name else "", filled) if part)
    if change.action == "renamed":
        return f"→ {as_code(change.new or '')}"
    if change.old is None or change.new is None:
        return " → ".join("(blank)" if value is None else as_code(value) for value in (change.old, change.new))
    was, now = words.marked(change.old, change.new)
    return f"{_marked(was, 'del')} → {_marked(now, 'ins')}"


def _marked(parts: Sequence[Part], tag: str) -> str:
    whole = all(mark for piece, mark in parts if piece)
    return "<code>" + "".join(_pieces(excerpt(parts, 24, 80, 240), "" if whole else tag)) + "</code>"


def _pieces(parts: Iterable[Part], tag: str) -> Iterator[str]:
    for piece, mark in parts:
        if piece:
            yield f"<{tag}>{escaped(piece)}</{tag}>" if mark and tag else escaped(piece)
