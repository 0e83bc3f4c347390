"""Change sets for people at a terminal: by table, one line a change, repeated ones counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.reporters import RenderOptions
from aistatecraft.comparison.reporters.summary import (
    SIGNS,
    by_table,
    called,
    demanded,
    kept,
    location_of,
    rows_of,
    subject,
    tally,
    versions,
)
from aistatecraft.comparison.reporters.word_diff import Part, WordDiff, excerpt
from aistatecraft.errors import plural
from aistatecraft.package.escape import printable

__all__ = ["SHOWN_IN_TEXT", "text"]

SHOWN_IN_TEXT = 40
"""Changes of one table that are shown where not every one is asked for."""
_STYLES = {"breaking": "1;31", "addition": "32", "correction": "33", "metadata": "2"}
_CODES = {"+": "32", "-": "31", "~": "33", ">": "36"}
_SPACE = re.compile(r"\s")


def text(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """Which versions, how much changed and what that demands; then the changes by table."""
    if not changes.changes:
        return "no changes"
    colour = _coloured if look.colour else _plain
    lines = [*_head(changes, look)]
    counts, words = changes.counts(), WordDiff()
    for table, found in by_table(changes.changes).items():
        rows = rows_of(counts[table]) if table else ""
        others = sum(change.level not in ("row", "cell") for change in found)
        told = ", ".join(
            part for part in (rows, plural(others, "change", "changes") + " of structure or description" if others else "") if part
        )
        lines += ["", colour(printable(table or "package"), "1") + f": {told}"]
        shown = found if look.every else kept(found, SHOWN_IN_TEXT)
        lines += [_line(change, look, words) for change in shown]
        if len(shown) < len(found):
            left = Counter(change.kind for change in found)
            left.subtract(change.kind for change in shown)
            lines.append(f"  ... and {len(found) - len(shown):,} more ({tally(left)}); --all shows them")
    return "\n".join(lines)


def _head(changes: ChangeSet, look: RenderOptions) -> list[str]:
    colour = _coloured if look.colour else _plain
    old, new = (printable(name) for name in versions(changes))
    places = "" if (old, new) == (changes.old, changes.new) else f"  ({printable(changes.old)} -> {printable(changes.new)})"
    bump, worst, more = demanded(changes)
    why = f": {printable(location_of(worst))}: {printable(worst.reason)}" if worst else ""
    return [
        colour(f"{old} -> {new}", "1") + places,
        f"{plural(len(changes), 'change', 'changes')}: {tally(changes.classes())}",
        f"the version number must increase by at least: {colour(bump, '1')}{why}{f' (and {more:,} more)' if more else ''}",
    ]


def _line(change: Change, look: RenderOptions, words: WordDiff) -> str:
    colour = _coloured if look.colour else _plain
    sign = SIGNS[change.action]
    told = f"[{change.kind}: {printable(change.reason)}{'; proposed, to be confirmed' if change.proposed else ''}]"
    parts = [
        f"  {colour(sign, _CODES[sign])}",
        printable(subject(change), 200),
        _values(change, look, words),
        colour(told, _STYLES[change.kind]),
    ]
    return " ".join(part for part in parts if part)


def _values(change: Change, look: RenderOptions, words: WordDiff) -> str:
    """What it was and what it is; for a row, field or table that came or went what it is called."""
    name = called(change)
    if name is not None:
        return f"'{printable(name, 120)}'" if name else ""
    if change.action == "renamed":
        return f"-> '{printable(change.new or '', 120)}'"
    if change.old is None or change.new is None:
        return " -> ".join("(blank)" if value is None else f"'{printable(value, 120)}'" for value in (change.old, change.new))
    was, now = words.marked(change.old, change.new)
    # One word for another needs no marks: all of it changed.
    marks = look.colour or bool(_SPACE.search(change.old.strip()) or _SPACE.search(change.new.strip()))
    return f"'{_marked(was, look, marks, '1;31', '[-', '-]')}' -> '{_marked(now, look, marks, '1;32', '{+', '+}')}'"


def _marked(parts: Sequence[Part], look: RenderOptions, marks: bool, code: str, begin: str, end: str) -> str:
    whole = all(mark for piece, mark in parts if piece)
    out = []
    for piece, mark in excerpt(parts, 24, 80, 240):
        shown = printable(piece)
        if mark and marks and piece:
            shown = _coloured(shown, code) if look.colour else shown if whole else begin + shown + end
        out.append(shown)
    return "".join(out)


def _plain(value: str, code: str) -> str:
    return value


def _coloured(value: str, code: str) -> str:
    return f"\x1b[{code}m{value}\x1b[0m"
