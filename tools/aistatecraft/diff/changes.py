"""A change set: plain values, the same for the Python interface and for every renderer."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["BUMPS", "Change", "ChangeSet", "raised"]

BUMPS = {"breaking": "major", "addition": "minor", "correction": "patch", "metadata": "patch"}
"""The part of the version number that a class of change demands."""

_ORDER = ("major", "minor", "patch", "none")


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    `level` is package, resource, schema, row or cell; `action` added, removed or changed. `key` identifies the record
    (its key fields joined by a slash). `kind` is the class: breaking, addition, correction or metadata; `reason` the
    rule behind it, in words.
    """

    level: str
    table: str
    key: str
    field: str
    action: str
    old: str | None
    new: str | None
    kind: str
    reason: str


@dataclass
class ChangeSet:
    """All changes from one package to another."""

    old: str
    new: str
    old_version: str
    new_version: str
    changes: list[Change] = field(default_factory=list)

    @property
    def bump(self) -> str:
        """The part of the version number that the changes demand: major, minor, patch or none."""
        found = {BUMPS[change.kind] for change in self.changes}
        return next((part for part in _ORDER if part in found), "none")

    def counts(self) -> dict[str, dict[str, int]]:
        """For each table how many rows were added, removed and changed, and how many cells."""
        rows: Counter[tuple[str, str]] = Counter()
        changed: set[tuple[str, str]] = set()
        for change in self.changes:
            if change.level == "row":
                rows[change.table, change.action] += 1
            elif change.level == "cell":
                rows[change.table, "cells"] += 1
                changed.add((change.table, change.key))
        for table, _ in changed:
            rows[table, "changed"] += 1
        tables = dict.fromkeys(change.table for change in self.changes if change.table)
        return {table: {name: rows[table, name] for name in ("added", "removed", "changed", "cells")} for table in tables}

    def as_dict(self) -> dict[str, Any]:
        """The change set as plain values, for JSON."""
        return {
            "format": "aistatecraft-changes/1", "old": {"package": self.old, "version": self.old_version}, "new": {"package": self.new, "version": self.new_version},
            "bump": self.bump, "counts": self.counts(), "changes": [asdict(change) for change in self.changes],
        }  # fmt: skip


def raised(version: str, bump: str) -> str:
    """`version` (major.minor.patch) raised by `bump`."""
    parts = [int(part) for part in version.split(".")]
    at = {"major": 0, "minor": 1, "patch": 2}.get(bump)
    return version if at is None else ".".join(map(str, [*parts[:at], parts[at] + 1, *([0] * (2 - at))]))
