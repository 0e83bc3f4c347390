"""The part of a changelog entry that tells of the data, in the words of those who use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from aistatecraft.comparison.change_rules import CHANGE_RULES
from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.reporters import RenderOptions
from aistatecraft.comparison.reporters.markdown_text import as_code, as_words
from aistatecraft.comparison.reporters.summary import by_table, called
from aistatecraft.errors import plural

__all__ = ["GROUPS", "LINES", "NAMED", "PHRASES", "changelog", "group_of"]

GROUPS = ("Breaking", "Added", "Changed", "Corrected", "Removed")
"""Headings, in their order."""
LINES = 60
"""Lines under one heading."""
NAMED = 12
"""Records, fields or properties that one line names."""
_DETAILED = 3
"""So many short values that one table had corrected are told one by one."""
_TOLD_ONE_BY_ONE = ("value-corrected", "date-refined", "date-coarsened")

PHRASES = {
    "row-added": ("row", "rows"),
    "row-removed": ("row", "rows"),
    "row-rekeyed": ("row stands under another key", "rows stand under other keys"),
    "identifier-withdrawn": ("identifier withdrawn without a replacement", "identifiers withdrawn without a replacement"),
    "identifier-replaced": ("identifier replaced", "identifiers replaced"),
    "identifier-changed": ("identifier changed, as it seems", "identifiers changed, as it seems"),
    "value-filled": ("missing value filled in", "missing values filled in"),
    "value-emptied": ("value taken out", "values taken out"),
    "value-corrected": ("value corrected", "values corrected"),
    "absence-explained": ("reason for a missing value restated", "reasons for missing values restated"),
    "date-refined": ("date given more precisely", "dates given more precisely"),
    "date-coarsened": ("date given less precisely", "dates given less precisely"),
    "value-rewritten": ("value written otherwise", "values written otherwise"),
}
"""What one change and several changes of a rule are called, for rows and cells."""


def changelog(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """Under the heading Data: what breaks, what was added, changed, corrected and removed; of bounded length."""
    lines = {name: list[str]() for name in GROUPS}
    for table, found in by_table(changes.changes).items():
        whole = {change.rule for change in found if change.rule in ("table-added", "table-removed")}
        rules: dict[str, list[Change]] = {}
        for change in found:
            # The rows of a table that came or went as a whole are counted with it.
            if not (whole and change.level == "row"):
                rules.setdefault(change.rule, []).append(change)
        rows = len(found) - sum(map(len, rules.values()))
        for rule, group in rules.items():
            lines[group_of(rule)] += _told(table, rule, group, rows)
    out = ["### Data", ""]
    if not changes.changes:
        return "\n".join([*out, "No changes."])
    for name, entries in lines.items():
        if entries:
            left = [f"- And {plural(len(entries) - LINES, 'entry', 'entries')} more."] if len(entries) > LINES else []
            out += [f"#### {name}", "", *entries[:LINES], *left, ""]
    return "\n".join(out).rstrip("\n")


def group_of(rule: str) -> str:
    """The heading under which the changes of a rule stand."""
    kind, level = CHANGE_RULES[rule].kind, CHANGE_RULES[rule].level
    if kind == "breaking":
        return "Breaking"
    if rule == "row-removed":
        return "Removed"
    if kind == "correction":
        return "Corrected"
    return "Added" if kind == "addition" and (rule.endswith("-added") or level == "cell") else "Changed"


def _told(table: str, rule: str, group: Sequence[Change], rows: int) -> Iterator[str]:
    """The lines on all changes of one rule in one table; `rows` came or went with the table as a whole."""
    name, level = as_code(table) if table else "The package", CHANGE_RULES[rule].level
    if level == "row" and len(group) > NAMED and all(len(change.parts) > 1 for change in group):
        # Keys made of several fields tell a reader nothing by the dozen.
        yield f"- {name}: {plural(len(group), *PHRASES[rule])}."
    elif level == "row":
        yield f"- {name}: {plural(len(group), *PHRASES[rule])}: {_list(group, _record)}."
    elif level == "cell" and rule in _TOLD_ONE_BY_ONE and len(group) <= _DETAILED and all(map(_short, group)):
        for change in group:
            yield f"- {name}: {_values(change)} in {as_code(change.field)} of {_key(change)}."
    elif level == "cell":
        fields = Counter(change.field for change in group)
        told = ", ".join(f"{as_code(field)} {count:,}" for field, count in list(fields.items())[:NAMED])
        more = f" and {len(fields) - NAMED:,} more fields" if len(fields) > NAMED else ""
        records = list({change.key: change for change in group}.values())
        yield f"- {name}: {plural(len(group), *PHRASES[rule])} ({told}{more}) in {_list(records, _key)}."
    elif level == "resource" and rule in ("table-added", "table-removed"):
        with_rows = f", with {plural(rows, 'row', 'rows')}" if rows else ""
        yield f"- {name}: {CHANGE_RULES[rule].reason}{with_rows}: {_list(group, _property)}."
    else:
        yield f"- {name}: {CHANGE_RULES[rule].reason}: {_list(group, _property)}."


def _list(group: Sequence[Change], told: Callable[[Change], str]) -> str:
    shown = ", ".join(map(told, group[:NAMED]))
    return f"{shown} and {len(group) - NAMED:,} more" if len(group) > NAMED else shown


def _key(change: Change) -> str:
    if change.key:
        return as_code(change.key)
    first = next(iter((change.values or {}).values()), "")
    return as_code(first) if first else "a row without a key"


def _record(change: Change) -> str:
    """The key of a row; the new one and how sure that is where it has changed; its title; why it went."""
    out = _key(change)
    if change.action == "renamed":
        out += f" → {as_code(change.new or '')}" + (" (proposed)" if change.proposed else "")
    told = "; ".join(as_words(text) for text in (called(change), change.note) if text and text != change.key)
    return f"{out} ({told})" if told else out


def _values(change: Change) -> str:
    return " → ".join("(blank)" if value is None else as_code(value, 80) for value in (change.old, change.new))


def _property(change: Change) -> str:
    """The field or property of a schema or descriptor; before and after where that is short."""
    parts = (change.field, change.property.removeprefix("categories."))
    out = " ".join(as_code(part) for part in parts if part) or as_code(change.table or "package")
    if change.action == "renamed" and change.field:
        return f"{out} → {as_code(change.new or '')}" + (" (proposed)" if change.proposed else "")
    name = called(change)
    if name and name != parts[1]:
        return f"{out} ({as_words(name)})"
    if change.kind == "metadata" or change.property.startswith("categories.") or not _short(change):
        return out
    if change.old is None or change.new is None:
        return f"{out} ({as_code(change.old or change.new or '')})"
    return f"{out} ({_values(change)})"


def _short(change: Change) -> bool:
    return all(len(value or "") <= 60 for value in (change.old, change.new))
