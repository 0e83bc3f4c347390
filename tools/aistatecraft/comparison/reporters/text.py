"""Change sets for people at a terminal: first what matters, one line a change, repeated ones counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.invisible import NAMED_SPACES
from aistatecraft.comparison.reporters import RenderOptions
from aistatecraft.comparison.reporters.summary import (
    HEADINGS,
    PLAIN,
    SIGNS,
    by_table,
    called,
    cells_of,
    demanded,
    filled_in,
    inside,
    is_versionless,
    kept,
    location_of,
    rows_of,
    sides,
    tally,
)
from aistatecraft.comparison.reporters.word_diff import Part, WordDiff, excerpt
from aistatecraft.errors import plural
from aistatecraft.package.escape import printable

__all__ = ["SHOWN_IN_TEXT", "text"]

SHOWN_IN_TEXT = 40
"""Changes of one class that are shown where not every one is asked for."""
SHOWN_ADDITIONS = 25
"""The same for additions, of which a release can have thousands, and for metadata."""
_STYLES = {"breaking": "1;31", "addition": "32", "correction": "33", "metadata": "2"}
_CODES = {"+": "32", "-": "31", "~": "33", ">": "36"}
_SPACE = re.compile(r"\s")


def text(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """Problems; which versions, how much changed and what that demands; what breaks, corrections, counts by table, additions, metadata."""
    colour = _coloured if look.colour else _plain
    lines = [*_problems(changes, look)]
    if not changes.changes:
        return "\n".join([*lines, *([] if lines else ["no changes"]), *_hints(changes)]).rstrip("\n")
    lines += _head(changes, look)
    words = WordDiff()
    for kind, heading in HEADINGS.items():
        found = [change for change in changes.changes if change.kind == kind]
        if kind == "addition":
            lines += ["", *_counts(changes, look)]
        if not found:
            continue
        lines += ["", colour(f"{heading} ({len(found):,})", "1")]
        shown = found if look.every else kept(found, SHOWN_ADDITIONS if kind in ("addition", "metadata") else SHOWN_IN_TEXT)
        lines += [_line(change, look, words) for change in shown]
        if len(shown) < len(found):
            lines.append(f"  ... and {len(found) - len(shown):,} more; --all shows them")
    return "\n".join([*lines, *_hints(changes)]).rstrip("\n")


def _problems(changes: ChangeSet, look: RenderOptions) -> list[str]:
    colour = _coloured if look.colour else _plain
    out = []
    for problem in changes.problems:
        out.append(f"{colour('!', '1;31')} {printable(problem.sentence)}.")
        out += [f"    {printable(line)}" for line in problem.lines]
    return [*out, ""] if out and changes.changes else out


def _hints(changes: ChangeSet) -> list[str]:
    return ["", *(printable(hint) for hint in changes.hints)] if changes.hints else []


def _head(changes: ChangeSet, look: RenderOptions) -> list[str]:
    colour = _coloured if look.colour else _plain
    old, new = (f"{printable(word)}{f' ({printable(version)})' if version else ''}" for word, version in sides(changes))
    bump, worst, more = demanded(changes)
    why = f": {printable(location_of(worst))}: {printable(worst.reason)}" if worst else ""
    out = [colour(f"{old} -> {new}", "1"), f"{plural(len(changes), 'change', 'changes')}: {tally(changes.classes())}"]
    if is_versionless(changes):
        return out
    return [
        *out,
        f"the version number must increase by at least: {colour(bump, '1')}{why}{f' (and {more:,} more)' if more else ''}",
    ]


def _counts(changes: ChangeSet, look: RenderOptions) -> list[str]:
    """How much changed in each table."""
    colour = _coloured if look.colour else _plain
    counts, out = changes.counts(), []
    for table, found in by_table(changes.changes).items():
        rows = rows_of(counts[table]) if table else ""
        others = sum(change.level not in ("row", "cell") for change in found)
        told = [part for part in (rows, plural(others, "change", "changes") + " of structure or description" if others else "") if part]
        out.append(f"  {printable(table or 'package')}: {', '.join(told)}")
    return [colour("By table", "1"), *out]


def _line(change: Change, look: RenderOptions, words: WordDiff) -> str:
    colour = _coloured if look.colour else _plain
    sign = SIGNS[change.action]
    # The class stands above; the reason is said where it says more than the signs do.
    told = (
        ""
        if change.rule in PLAIN and not change.note
        else f"[{printable(change.reason)}{'; proposed, to be confirmed' if change.proposed else ''}]"
    )
    parts = [
        f"  {colour(sign, _CODES[sign])}",
        printable(" ".join(part for part in (change.table or "package", change.key) if part), 200),
        f'"{printable(change.label, 60)}"' if change.label else "",
        printable(inside(change), 200),
        _values(change, look, words),
        colour(told, _STYLES[change.kind]) if told else "",
    ]
    return " ".join(part for part in parts if part)


def _values(change: Change, look: RenderOptions, words: WordDiff) -> str:
    """What it was and what it is; for a row, field or table that came or went what it is called."""
    if change.level == "row" and change.values is not None:
        # Cells that stand in the key are said already; a row without a key is told by all of them.
        return printable(cells_of(change), 240)
    name = called(change)
    if name is not None:
        filled = f"filled in {filled_in(change)}" if change.column is not None else ""
        return ", ".join(part for part in (f"'{printable(name, 120)}'" if name else "", filled) if part)
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
    for piece, mark in excerpt(parts, 24, 60, 160):
        shown = NAMED_SPACES.sub(lambda found: f"<U+{ord(found[0]):04X}>", printable(piece))
        if mark and marks and piece:
            shown = _coloured(shown, code) if look.colour else shown if whole else begin + shown + end
        out.append(shown)
    return "".join(out)


def _plain(value: str, code: str) -> str:
    return value


def _coloured(value: str, code: str) -> str:
    return f"\x1b[{code}m{value}\x1b[0m"
