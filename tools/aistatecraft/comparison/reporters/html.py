"""Change sets as one HTML page that needs nothing else: side by side, with marks, filters, search and keys.

The page holds no reference to anything outside itself, and its security policy admits the one script and the one style
sheet that stand in it, by their hashes: even markup that slipped into the page would run nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from itertools import groupby
from json import dumps
from urllib.parse import quote

from aistatecraft.comparison.change_rules import CLASSES
from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.reporters import RenderOptions
from aistatecraft.comparison.reporters.summary import (
    by_table,
    called,
    demanded,
    filled_in,
    is_versionless,
    kept,
    location_of,
    rows_of,
    sides,
    structure,
    subject,
    tally,
)
from aistatecraft.comparison.reporters.word_diff import Part, WordDiff, excerpt
from aistatecraft.errors import plural
from aistatecraft.package.escape import escape_json

__all__ = ["PAGE", "TABLE", "html"]

TABLE = 2_000
"""Changes of one table that are written where not every one is asked for."""
PAGE = 20_000
"""The same for the page."""
_LONGEST = 4_000
_VALUES = 50
"""Values of a field that came or went that are written."""
_ACTIONS = ("added", "removed", "changed", "renamed")


def html(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """The page: which versions, how much changed and what that demands, the counts, then every table."""
    script, style = (_asset(name) for name in ("page.js", "page.css"))
    old, new = (f"{_text(word)}{f' ({_text(version)})' if version else ''}" for word, version in sides(changes))
    policy = f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; base-uri 'none'; form-action 'none'"
    groups = by_table(changes.changes)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>Changes from {old} to {new}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#changes">Skip to the changes</a>',
            *_head(changes, old, new),
            *_controls(changes, groups),
            '<main id="changes" tabindex="-1">',
            *_counts(changes, groups),
            *_tables(changes, groups, look),
            '<p id="none" hidden>No change matches the filters.</p>',
            *(f'<p class="note">{_text(hint)}</p>' for hint in changes.hints),
            "</main>",
            f"<script>{script}</script>",
            "</body>",
            "</html>",
        ]
    )


def _asset(name: str) -> str:
    return files("aistatecraft.comparison.reporters").joinpath(name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _text(text: str) -> str:
    """A text of the data: no markup, and characters that cannot be seen or that turn the reading round are written out."""
    return escape(escape_json(text))


def _head(changes: ChangeSet, old: str, new: str) -> Iterator[str]:
    yield f"<header>\n<h1>Changes from {old} to {new}</h1>"
    days = [day[:10] for day in (changes.old_created, changes.new_created)]
    if any(days):
        yield f'<p class="quiet">{" → ".join(_text(day) or "without a day" for day in days)}</p>'
    for problem in changes.problems:
        yield f'<p class="bump major"><strong>{_text(problem.side.upper())}</strong> <code>{_text(problem.location)}</code>: {_text(problem.message)}.</p>'
        yield from (f'<p class="quiet"><code>{_text(line)}</code></p>' for line in problem.lines)
    if not changes.changes:
        yield "</header>" if changes.problems else "<p>No changes.</p>\n</header>"
        return
    bump, worst, more = demanded(changes)
    why = f": <code>{_text(location_of(worst))}</code>, {_text(worst.reason)}" if worst else ""
    yield f"<p><strong>{plural(len(changes), 'change', 'changes')}</strong>: {tally(changes.classes())}</p>"
    others = f" (and {more:,} more)" if more else ""
    if is_versionless(changes):
        yield "</header>"
        return
    yield f'<p class="bump {changes.bump}">The version number must increase by at least: <strong>{bump}</strong>{why}{others}</p>\n</header>'


def _controls(changes: ChangeSet, groups: Mapping[str, Sequence[Change]]) -> Iterator[str]:
    classes = changes.classes()
    actions = {action: sum(change.action == action for change in changes.changes) for action in _ACTIONS}
    yield '<form id="controls" role="search" aria-label="Filter the changes" hidden>'
    yield '<label>Search <input type="search" id="search" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"></label>'
    yield '<label>Table <select id="choice">'
    yield '<option value="">all</option>'
    # The sign before the name: the package is the table without a name, and is chosen, too.
    for table, found in groups.items():
        yield f'<option value="={_text(table)}">{_text(table or "package")} ({len(found):,})</option>'
    yield "</select></label>"
    yield from _buttons("class", "Class", {kind: classes[kind] for kind in CLASSES})
    yield from _buttons("action", "Action", actions)
    yield '<button type="button" id="reset">Show all</button> <button type="button" id="theme">Dark</button>'
    yield '<span id="status" class="quiet" role="status" aria-live="polite"></span>'
    yield '<span class="quiet"><kbd>j</kbd> <kbd>k</kbd> next, previous change · <kbd>/</kbd> search</span>\n</form>'


def _buttons(name: str, label: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield f"<fieldset><legend>{label}</legend>"
    for value, count in counts.items():
        if count:
            yield f'<button type="button" data-filter="{name}" value="{value}" aria-pressed="false">{value} {count:,}</button>'
    yield "</fieldset>"


def _link(table: str) -> str:
    return f'<a href="#table={quote(table, safe="", errors="replace")}">{_text(table or "package")}</a>'


def _counts(changes: ChangeSet, groups: Mapping[str, Sequence[Change]]) -> Iterator[str]:
    """How much changed in each table."""
    if not groups:
        return
    names = ("added", "removed", "renamed", "changed", "cells")
    counts = changes.counts()
    yield '<details open><summary>Counts by table</summary>\n<div class="scroll"><table class="counts">'
    heads = ["table", "rows added", "removed", "renamed", "changed", "cells", "structure", *CLASSES]
    yield "<thead><tr>" + "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead>\n<tbody>"
    for table, found in groups.items():
        rows = counts.get(table, dict.fromkeys(names, 0))
        structure = sum(change.level in ("resource", "schema", "package") for change in found)
        kinds = [sum(change.kind == kind for change in found) for kind in CLASSES]
        cells = "".join(f"<td>{count:,}</td>" if count else "<td></td>" for count in [*(rows[name] for name in names), structure, *kinds])
        yield f'<tr><th scope="row">{_link(table)}</th>{cells}</tr>'
    yield "</tbody></table></div>\n</details>"


def _tables(changes: ChangeSet, groups: Mapping[str, Sequence[Change]], look: RenderOptions) -> Iterator[str]:
    counts, words, room = changes.counts(), WordDiff(), PAGE
    for table, found in groups.items():
        shown = found if look.every else kept(found, min(TABLE, room))
        room -= len(shown)
        told = rows_of(counts[table]) if table else ""
        name = _text(table)
        yield f'<section class="table" id="table={name}" data-table="{name}">'
        yield f'<h2>{_link(table)} <span class="quiet">{told}</span></h2>'
        if len(shown) < len(found):
            yield (
                f'<p class="note">Of {len(found):,} changes in this table {len(shown):,} are on this page: breaking ones first, then '
                "some of every kind. <code>--all</code> and <code>--format csv</code> write all of them.</p>"
            )
        yield '<table class="changes">\n<colgroup><col class="what"><col><col><col class="why"></colgroup>'
        yield "<thead><tr>" + "".join(f'<th scope="col">{head}</th>' for head in ("what", "before", "after", "why")) + "</tr></thead>"
        for key, group in groupby(shown, key=lambda change: change.key):
            yield "<tbody>"
            if key:
                listed = list(group)
                label = next((change.label for change in listed if change.label), "")
                name = f' <span class="quiet">{_text(label)}</span>' if label else ""
                yield f'<tr class="record"><th colspan="4" scope="rowgroup"><code>{_text(key)}</code>{name}</th></tr>'
                group = iter(listed)
            yield from (_change(change, words) for change in group)
            yield "</tbody>"
        yield "</table>\n</section>"


def _change(change: Change, words: WordDiff) -> str:
    what = subject(change)[len(change.key) :].strip() if change.key else subject(change)
    if not change.key and change.level == "row":
        what = "row"
    old, new = _sides(change, words)
    proposed = ' <span class="proposed">proposed, to be confirmed</span>' if change.proposed else ""
    return (
        f'<tr class="change" tabindex="-1" data-class="{change.kind}" data-action="{change.action}"><th scope="row">'
        f'<span class="action">{change.action}</span> {_text(what or "row")}</th>'
        f'<td class="old" dir="auto">{old}</td><td class="new" dir="auto">{new}</td>'
        f'<td class="why"><span class="kind {change.kind}">{change.kind}</span> {_text(change.reason)}{proposed}</td></tr>'
    )


def _sides(change: Change, words: WordDiff) -> tuple[str, str]:
    """What stands before and after, as HTML."""
    whole = structure(change) if change.level != "row" else change.values
    if whole is not None:
        entries = ((name, value if isinstance(value, str) else dumps(value, ensure_ascii=False)) for name, value in whole.items())
        listed = "".join(_entry(name, value) for name, value in entries)
        name = called(change) or plural(len(whole), "value", "values")
        if change.column is not None:
            name += f", filled in {filled_in(change)}"
            pairs = [("/".join(key), value) for key, value in zip(change.column.keys, change.column.values, strict=True)]
            more = f'<p class="quiet">and {len(pairs) - _VALUES:,} more</p>' if len(pairs) > _VALUES else ""
            listed += "<dt>values</dt><dd><dl>" + "".join(_entry(key, value) for key, value in pairs[:_VALUES]) + f"</dl>{more}</dd>"
        row = f"<details><summary>{_text(name)}</summary><dl>{listed}</dl></details>"
        return (row, "") if change.action == "removed" else ("", row)
    if change.old is not None and change.new is not None:
        was, now = words.marked(change.old, change.new)
        return _cut(was, "del"), _cut(now, "ins")
    blank = '<span class="blank">(blank)</span>' if change.level == "cell" else ""
    old = blank if change.old is None else _cut([(change.old, True)], "del")
    new = blank if change.new is None else _cut([(change.new, True)], "ins")
    return old, new


def _entry(name: str, value: str) -> str:
    return f'<dt>{_text(name)}</dt><dd dir="auto">{_cut([(value, False)])}</dd>'


def _cut(parts: Sequence[Part], tag: str = "") -> str:
    """The parts of a text with their marks; a text that is very long is shown around its marks alone."""
    size = sum(len(piece) for piece, _ in parts)
    if size > _LONGEST:
        parts = [(parts[0][0][:_LONGEST] + "…", parts[0][1])] if len(parts) == 1 else excerpt(parts, 200, _LONGEST // 2, _LONGEST)
    out = "".join(f"<{tag}>{_text(piece)}</{tag}>" if mark and tag else _text(piece) for piece, mark in parts if piece)
    return f'{out}<p class="quiet">shortened; {size:,} characters in all</p>' if size > _LONGEST else out
