"""What happened to each record from one version to the next, for all records at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.compare import compare
from aistatecraft.package import Package

__all__ = ["Passage", "RecordHistory", "RecordStep", "VersionedPackage"]


@dataclass(frozen=True)
class VersionedPackage:
    """A version of a package: its number, the day on which it was released (empty where it was not), and the package."""

    version: str
    released: str
    package: Package


@dataclass(frozen=True)
class RecordStep:
    """One thing that happened to a record: with which version, what, and to which field."""

    version: str
    released: str
    action: str
    field: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Passage:
    """From one version to the next."""

    old: VersionedPackage
    new: VersionedPackage
    changes: ChangeSet

    @cached_property
    def by_record(self) -> dict[tuple[str, str], list[Change]]:
        """Changes of rows and cells by table and identifier after them."""
        found: dict[tuple[str, str], list[Change]] = defaultdict(list)
        for change in self.changes.changes:
            if change.level in ("row", "cell"):
                renamed = change.level == "row" and change.action == "renamed"
                found[change.table, (change.new or "") if renamed else change.key].append(change)
        return found


class RecordHistory:
    """The versions of a package in order, the one that is shown last."""

    def __init__(self, versions: Sequence[VersionedPackage]) -> None:
        self.versions = list(versions)

    @cached_property
    def passages(self) -> list[Passage]:
        """Every step from one version to the next."""
        pairs = zip(self.versions, self.versions[1:], strict=False)
        return [Passage(old, new, compare(old.package, new.package, words=(old.version, new.version))) for old, new in pairs]

    def until(self, version: str) -> RecordHistory:
        """The history up to a version; comparisons that were made already are kept."""
        number = next((place for place, one in enumerate(self.versions) if one.version == version), len(self.versions) - 1)
        part = RecordHistory(self.versions[: number + 1])
        part.__dict__["passages"] = self.passages[:number]
        return part

    def steps(self, table: str, record: str) -> list[RecordStep]:
        """What happened to a record that stands in the last version, the newest first; the last says when it came."""
        found: list[RecordStep] = []
        key = record
        for passage in reversed(self.passages):
            changes = passage.by_record.get((table, key), [])
            came = False
            for change in changes:
                if change.action == "removed":
                    continue
                whole = change.level == "row"
                found.append(
                    RecordStep(
                        passage.new.version,
                        passage.new.released,
                        change.action,
                        "" if whole else change.field,
                        "" if whole and change.action == "added" else change.old or "",
                        "" if whole and change.action == "added" else change.new or "",
                        change.reason,
                    )
                )
                came |= whole and change.action == "added"
                if whole and change.action == "renamed":
                    key = change.key
            if came:
                return found
        if self.versions:
            first = self.versions[0]
            found.append(RecordStep(first.version, first.released, "added"))
        return found

    def gone(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Records that an earlier version had and the last one has not: the last version that had each, and its successor, if one is known."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for passage in self.passages:
            for change in passage.changes.changes:
                if change.level != "row" or not change.key:
                    continue
                if change.action in ("removed", "renamed"):
                    found[change.table, change.key] = (passage.old.version, (change.new or "") if change.action == "renamed" else "")
                if change.action in ("added", "renamed"):
                    found.pop((change.table, change.key if change.action == "added" else change.new or ""), None)
        return found
