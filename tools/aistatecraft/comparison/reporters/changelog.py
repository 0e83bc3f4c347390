"""The summary of the data changes in a changelog entry: counts by table and class, breaking changes and corrections in brief.

The complete list is in `changes.json` of the release, so this section stays short however much changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aistatecraft.comparison.change_rules import CHANGE_RULES, CLASSES
from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.reporters import RenderOptions
from aistatecraft.comparison.reporters.markdown_text import as_code, as_words
from aistatecraft.comparison.reporters.summary import by_table, location_of, rows_of, tally
from aistatecraft.errors import plural

__all__ = ["LISTED", "TABLES", "changelog"]

LISTED = 10
"""Most breaking changes, and most corrections, that are listed one by one; more are only counted."""
TABLES = 40
"""Most tables that have a line of their own."""
_HEADINGS = {"breaking": "Breaking", "correction": "Corrected"}
"""The classes whose changes are listed, since they can affect published results."""


def changelog(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """The section "Data" of a changelog entry in Markdown.

    It has the number of changes, what each class of them means, counts by table, breaking changes and corrections (listed where
    there are at most `LISTED` of a class), and a pointer to `changes.json`.
    """
    out = ["### Data", ""]
    if not changes.changes:
        return "\n".join([*out, "No changes."])
    classes = changes.classes()
    out += [f"{plural(len(changes), 'change')}; `changes.json` of this release lists all of them.", ""]
    out += [f"- {tally({kind: classes[kind]})}: {meaning}." for kind, meaning in CLASSES.items() if classes.get(kind)]
    tables = list(_tables(changes))
    left = [f"- And {plural(len(tables) - TABLES, 'more table', 'more tables')}."] if len(tables) > TABLES else []
    out += ["", "#### By table", "", *tables[:TABLES], *left]
    for kind, heading in _HEADINGS.items():
        group = [change for change in changes.changes if change.kind == kind]
        if group:
            out += ["", f"#### {heading}", "", *_listed(group)]
    return "\n".join(out)


def _tables(changes: ChangeSet) -> Iterator[str]:
    """One line for each table: its changes by class, and its rows."""
    counts = changes.counts()
    for table, found in by_table(changes.changes).items():
        kinds = tally({kind: sum(change.kind == kind for change in found) for kind in CLASSES})
        rows = rows_of(counts[table]) if table in counts else ""
        yield f"- {as_code(table) if table else 'The package'}: {kinds}{f' ({rows})' if rows else ''}."


def _listed(group: Sequence[Change]) -> list[str]:
    """The changes one by one, or the number of each kind where there are too many."""
    if len(group) <= LISTED:
        return [_line(change) for change in group]
    rules: dict[str, int] = {}
    for change in group:
        rules[change.rule] = rules.get(change.rule, 0) + 1
    return [f"- {CHANGE_RULES[rule].reason}: {count:,}." for rule, count in rules.items()]


def _line(change: Change) -> str:
    values = ""
    if change.action == "renamed":
        values = f" → {as_code(change.new or '')}"
    elif (change.level == "cell" or change.action == "changed") and all(len(value or "") <= 60 for value in (change.old, change.new)):
        values = ": " + " → ".join("(blank)" if value is None else as_code(value, 80) for value in (change.old, change.new))
    reason = as_words(change.reason, 200) + ("; proposed, to be confirmed" if change.proposed else "")
    return f"- {as_code(location_of(change))}{values} ({reason})."
