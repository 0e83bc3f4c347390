"""What stands in the way of comparing two tables, with its side and its line: damage, and keys that stand twice."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from aistatecraft.comparison.changes import ComparisonProblem
from aistatecraft.errors import AistatecraftError, ReadError
from aistatecraft.package import Package, Resource
from aistatecraft.package.csv_reader import clean_records, clean_rows

__all__ = ["Notes"]

_LINES = 20
"""Lines of a damaged table that are shown."""
_COMPARED = 20_000
"""Lines of a damaged table up to which it is compared line by line."""
_NAMED = 20
"""Keys that stand twice, and lines of each, that are named one by one."""


class Notes:
    """What is found while two packages are compared, besides the changes.

    Attributes
    ----------
    keep_going : whether damage is noted, and not raised
    ignore : differences of cells that do not count: space, case
    tolerance : by how much two numbers may differ and count as equal; None where they may not
    problems, hints : as in a `ChangeSet`
    """

    def __init__(self, keep_going: bool = False, ignore: Collection[str] = (), tolerance: float | None = None) -> None:
        self.keep_going, self.ignore, self.tolerance = keep_going, frozenset(ignore), tolerance
        self.problems: list[ComparisonProblem] = []
        self.hints: list[str] = []

    def equal(self, old: str, new: str) -> bool:
        """Whether two cells that are not the same text count as the same."""
        if self.tolerance is not None:
            try:
                return abs(float(old) - float(new)) <= self.tolerance
            except ValueError:
                pass
        if "space" in self.ignore:
            old, new = " ".join(old.split()), " ".join(new.split())
        if "case" in self.ignore:
            old, new = old.casefold(), new.casefold()
        return old == new

    def damage(self, old: Package, before: Resource, new: Package, after: Resource) -> bool:
        """Note what is wrong with either side of a table; whether anything is."""
        faults = [
            (side, package, resource, _fault(package, resource)) for side, package, resource in (("old", old, before), ("new", new, after))
        ]
        found = [fault for fault in faults if fault[3] is not None]
        lines = tuple(_unlike_lines(old, before, new, after)) if found else ()
        for number, (side, package, resource, error) in enumerate(found):
            if error is not None:
                self._add(side, package, resource, error, lines if number == 0 else ())
        return bool(found)

    def damaged(self, side: str, package: Package, resource: Resource, error: AistatecraftError) -> None:
        """Note what is wrong with a table that only one side has."""
        self._add(side, package, resource, error, ())

    def _add(self, side: str, package: Package, resource: Resource, error: AistatecraftError, lines: tuple[str, ...]) -> None:
        place = _place(package, resource)
        files = "|".join(map(re.escape, (resource.path, *resource.path.split(", "))))  # a table can lie in several
        told = re.fullmatch(rf"({files})(:\d+)?: (.*)", str(error), re.DOTALL)
        if told:
            place = place if told[1] == resource.path else told[1]
        location, message = (place + (told[2] or ""), told[3].rstrip(".")) if told else (place, str(error).rstrip("."))
        kind = "unreadable" if isinstance(error, ReadError) else "damage"
        self.problems.append(ComparisonProblem(side, kind, resource.name, location, message, lines))

    def doubled(self, side: str, package: Package, resource: Resource, keys: Collection[tuple[str, ...]]) -> bool:
        """Note which of the keys stand more than once in a table, and in which lines; whether any does."""
        where: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for record in clean_records(package, resource):
            key = tuple(record.cells[at] or "" for at in resource.key_positions)
            if key in keys:
                where[key].append(record.line)
        twice = {key: lines for key, lines in where.items() if len(lines) > 1}
        place = _place(package, resource)
        for key, lines in list(twice.items())[:_NAMED]:
            shown = ", ".join(map(str, lines[:_NAMED])) + (" ..." if len(lines) > _NAMED else "")
            times = "twice" if len(lines) == 2 else f"{len(lines):,} times"
            called = "/".join(key) or "(blank)"
            message = f"the key {called} stands {times} (lines {shown}); its rows are compared by their other cells as far as possible; give each row a key of its own"
            self.problems.append(ComparisonProblem(side, "duplicate-key", resource.name, f"{place}:{lines[0]}", message))
        if len(twice) > _NAMED:
            message = f"and {len(twice) - _NAMED:,} more keys that stand more than once"
            self.problems.append(ComparisonProblem(side, "duplicate-key", resource.name, place, message))
        return bool(twice)


def _place(package: Package, resource: Resource) -> str:
    """How a user finds the file: a single table by the name that was typed, a table of a package by its path there."""
    return resource.path if package.descriptor_path else package.store.label


def _fault(package: Package, resource: Resource) -> AistatecraftError | None:
    try:
        for _ in clean_rows(package, resource):
            pass
    except AistatecraftError as error:
        return error
    return None


def _unlike_lines(old: Package, before: Resource, new: Package, after: Resource) -> Iterator[str]:
    """The lines in which two files differ, as far as both can be read as text."""
    try:
        was = old.store.read(before.path).decode("utf-8", "replace").splitlines()
        now = new.store.read(after.path).decode("utf-8", "replace").splitlines()
    except ReadError:
        return
    if max(len(was), len(now)) > _COMPARED:
        return
    shown = 0
    for line in difflib.unified_diff(was, now, n=0, lineterm=""):
        if line.startswith(("---", "+++", "@@")):
            continue
        if shown == _LINES:
            yield "..."
            return
        shown += 1
        yield line
