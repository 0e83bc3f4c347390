"""What the renderers share: the changes by table, the choice of those that are shown, and the sentences on the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aistatecraft.comparison.change_rules import BUMPS, CHANGE_RULES, CLASSES
from aistatecraft.comparison.changes import LABELS, Change, ChangeSet
from aistatecraft.errors import plural

__all__ = [
    "HEADINGS",
    "PLAIN",
    "SIGNS",
    "bump_of",
    "by_table",
    "called",
    "cells_of",
    "demanded",
    "filled_in",
    "inside",
    "is_versionless",
    "kept",
    "location_of",
    "rows_of",
    "sides",
    "structure",
    "subject",
    "tally",
]

SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": ">"}
HEADINGS = {"breaking": "Breaking", "correction": "Corrections", "addition": "Additions", "metadata": "Descriptions and spelling"}
"""What the classes are called above their changes, in the order in which a reviewer wants them."""
PLAIN = frozenset(
    {"row-added", "value-filled", "value-corrected", "value-emptied", "field-added", "table-added", "schema-metadata", "table-metadata"}
)
"""Rules whose reason says no more than the class and the values do."""
_PLURAL = {"breaking": "breaking", "addition": "additions", "correction": "corrections", "metadata": "metadata"}


def by_table(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """The changes of each table, tables in the order in which they come; the package is the table with no name."""
    out: dict[str, list[Change]] = {}
    for change in changes:
        out.setdefault(change.table, []).append(change)
    return out


def kept(changes: Sequence[Change], limit: int) -> list[Change]:
    """At most `limit` of the changes, in their order: first what breaks, then a fair share of every rule.

    What is left over of one rule's share goes to the others, so that a thousand added rows do not hide three corrections.
    """
    if len(changes) <= limit:
        return list(changes)
    count = Counter(change.rule for change in changes)
    share: dict[str, int] = {}
    for breaking in (True, False):
        rules = sorted(
            (rule for rule in count if (CHANGE_RULES[rule].kind == "breaking") is breaking), key=lambda rule: (count[rule], rule)
        )
        for number, rule in enumerate(rules):
            share[rule] = min(count[rule], (limit - sum(share.values())) // (len(rules) - number))
    out = []
    for change in changes:
        if share[change.rule]:
            share[change.rule] -= 1
            out.append(change)
    return out


def called(change: Change) -> str | None:
    """What a row, field, table or value of a vocabulary that came or went is called; empty where nothing says so, None for others."""
    if change.level == "row" and change.values is not None:
        return next((change.values[name] for name in LABELS if change.values.get(name)), "")
    if change.level == "row" and change.action != "renamed":
        return ""
    found = structure(change)
    if found is None:
        return None
    name = next((str(found[part]) for part in ("label", "title", "description", "path") if found.get(part)), "")
    kind = str(found.get("type", "")) if change.level == "schema" else ""
    return ", ".join(part for part in (kind, name) if part)


def structure(change: Change) -> dict[str, Any] | None:
    """The properties of a field, a table or a value of a vocabulary that came or went."""
    if change.level not in ("resource", "schema") or change.action not in ("added", "removed"):
        return None
    if change.property and not change.property.startswith("categories."):
        return None
    from json import loads

    try:
        found = loads(change.new or change.old or "")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def cells_of(change: Change) -> str:
    """``title_en=A plan, adopted=2024``: the cells of a row that came or went, without those of its key.

    Of a row that no key tells it is empty: `subject` gives its cells.
    """
    told = set(change.parts)
    return ", ".join(f"{name}={value}" for name, value in (change.values or {}).items() if change.key and value not in told)


def filled_in(change: Change) -> str:
    """``2 of 3 rows``: how many of the rows that both tables have hold a value of a field that came or went."""
    column = change.column
    return "" if column is None else f"{sum(map(bool, column.values)):,} of {plural(column.rows, 'row')}"


def is_versionless(changes: ChangeSet) -> bool:
    """Whether no side has a version number that could rise, as single tables have none."""
    return not changes.old_version and not changes.new_version


def sides(changes: ChangeSet) -> tuple[tuple[str, str], tuple[str, str]]:
    """The two sides as they were typed, each with its version, which is empty where it says no more."""
    old, new = (
        (word, "" if version in word else version)
        for word, version in ((changes.old, changes.old_version), (changes.new, changes.new_version))
    )
    return old, new


def subject(change: Change) -> str:
    """What changed inside its table: record, field and property."""
    key = change.key
    if change.level == "row" and not key and change.values:
        key = ", ".join(f"{name}={value}" for name, value in list(change.values.items())[:4])
    whole = "table" if change.level == "resource" and not change.property else ""
    return " ".join(part for part in (key, change.field, change.property, whole) if part)


def inside(change: Change) -> str:
    """What changed inside its record: field and property; the cells of a row that no key tells; empty for a row with a key."""
    return "" if change.level == "row" and change.key else subject(change._replace(key=""))


def tally(classes: Mapping[str, int]) -> str:
    """``2 breaking, 1 addition``: how many changes there are of each class."""
    return ", ".join(plural(classes[kind], kind, _PLURAL[kind]) for kind in CLASSES if classes.get(kind))


def rows_of(counts: Mapping[str, int]) -> str:
    """``2 rows added, 1 removed, 3 changed in 5 cells`` from the counts of one table; empty where no row changed."""
    parts = [f"{counts[name]:,} {name}" for name in ("added", "removed", "renamed") if counts[name]]
    if counts["changed"]:
        parts.append(f"{counts['changed']:,} changed in {plural(counts['cells'], 'cell', 'cells')}")
    if not parts:
        return ""
    first, rest = parts[0].split(" ", 1)
    return ", ".join([f"{first} {'row' if first == '1' else 'rows'} {rest}", *parts[1:]])


def demanded(changes: ChangeSet) -> tuple[str, Change | None, int]:
    """What the version number must be, as ``minor (0.3.0)``; the first of the changes that demand it, and how many more there are."""
    kinds = [kind for kind, part in BUMPS.items() if part == changes.weight]
    first = next((change for change in changes.changes if change.kind in kinds), None)
    return bump_of(changes), first, sum(changes.classes()[kind] for kind in kinds) - (first is not None)


def bump_of(changes: ChangeSet) -> str:
    """``minor (0.3.0)``: the part of the version number that must rise, and the lowest number that may come; only the part where no number is known."""
    return f"{changes.bump} ({changes.next_version})" if changes.next_version else changes.bump


def location_of(change: Change) -> str:
    """Table, record, field and property of a change, as far as it has them."""
    return " ".join(part for part in (change.table or "package", subject(change)) if part)
