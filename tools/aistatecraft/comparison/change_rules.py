"""What each kind of change means to those who use the tables, and the version number that it demands.

One table: the change set names these rules, `docs/versions.md` is written from them, and the release obeys them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aistatecraft.package import Field

__all__ = ["BUMPS", "CHANGE_RULES", "CLASSES", "ChangeRule", "cell_rule", "demanded_part", "raised"]

CLASSES = {
    "breaking": "code that reads the tables, or a paper that cites a record, can break",
    "addition": "something was added, and existing content is unchanged",
    "correction": "a wrong or unclear value was corrected",
    "metadata": "descriptions or spelling changed, but no values",
}
"""The four classes of change, and what each means."""

BUMPS = {"breaking": "major", "addition": "minor", "correction": "patch", "metadata": "patch"}
"""The part of the version number that a class of change demands."""


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """One kind of change: where it happens, its class, and the reason in words."""

    id: str
    level: str
    """package, resource, schema, row or cell"""
    kind: str
    """breaking, addition, correction or metadata"""
    reason: str


def _rules(*rows: tuple[str, str, str, str]) -> dict[str, ChangeRule]:
    return {row[0]: ChangeRule(*row) for row in rows}


CHANGE_RULES = _rules(
    ("package-metadata", "package", "metadata", "the description of the package changed, not the data"),
    ("licence-changed", "package", "breaking", "the licence of the data changed"),
    ("table-added", "resource", "addition", "a table was added"),
    ("table-removed", "resource", "breaking", "a table was removed"),
    ("table-renamed", "resource", "breaking", "a table was renamed"),
    ("table-licence-changed", "resource", "breaking", "the licence of the table changed"),
    ("table-metadata", "resource", "metadata", "the description of the table changed, not the data"),
    ("field-added", "schema", "addition", "a field was added"),
    ("field-removed", "schema", "breaking", "a field was removed"),
    ("field-renamed", "schema", "breaking", "a field was renamed"),
    ("field-retyped", "schema", "breaking", "the type of a field changed"),
    ("constraint-tightened", "schema", "breaking", "a constraint became stricter"),
    ("constraint-loosened", "schema", "addition", "a constraint became looser"),
    ("constraint-changed", "schema", "breaking", "a constraint allows different values"),
    ("constraint-rewritten", "schema", "metadata", "a constraint is written differently but allows the same values"),
    ("category-added", "schema", "addition", "a value was added to the vocabulary"),
    ("category-removed", "schema", "breaking", "a value was removed from the vocabulary"),
    ("category-order", "schema", "breaking", "the order of an ordered vocabulary changed"),
    ("key-changed", "schema", "breaking", "the fields that identify a record changed"),
    ("reading-changed", "schema", "breaking", "the same text in a cell is read as another value"),
    ("schema-metadata", "schema", "metadata", "the description of a field or table changed, not the data"),
    ("row-added", "row", "addition", "a row was added"),
    ("row-removed", "row", "correction", "a row without its own identifier was removed"),
    ("row-rekeyed", "row", "correction", "the key of a row without its own identifier changed"),
    ("key-rewritten", "row", "metadata", "the same key is written differently"),
    ("identifier-withdrawn", "row", "breaking", "an identifier was withdrawn without a replacement"),
    ("identifier-replaced", "row", "addition", "an identifier was replaced, as recorded in the table of retired identifiers"),
    ("identifier-changed", "row", "breaking", "an identifier seems to have changed, but the table of retired identifiers does not record it"),
    ("value-filled", "cell", "addition", "a missing value was filled in"),
    ("value-emptied", "cell", "correction", "a value was removed"),
    ("value-corrected", "cell", "correction", "a value was corrected"),
    ("absence-explained", "cell", "correction", "the reason for a missing value changed"),
    ("date-refined", "cell", "correction", "a date was given more precisely"),
    ("date-coarsened", "cell", "correction", "a date was given less precisely"),
    ("value-rewritten", "cell", "metadata", "the same value is written differently"),
)  # fmt: skip
"""All rules by identifier, in the order of `docs/versions.md`."""


_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


def demanded_part(version: str, part: str) -> str:
    """The part that must rise after `version` where `part` would have to after 1.0.0: before, what breaks raises the minor number."""
    found = _VERSION.fullmatch(version)
    return "minor" if part == "major" and found is not None and found[1] == "0" else part


def raised(version: str, bump: str) -> str:
    """`version` (major.minor.patch) raised by `bump`; as it is where that is none, empty where it is no version number.

    What comes after a version with a suffix, such as 0.4.0-dev, may be the version without it, where that is high enough.
    """
    found = _VERSION.fullmatch(version)
    if found is None:
        return ""
    parts = [int(part) for part in found.groups()[:3]]
    at = {"major": 0, "minor": 1, "patch": 2}.get(bump)
    if at is None:
        return version
    if found[4] and not any(parts[at + 1 :]):
        return ".".join(map(str, parts))
    return ".".join(map(str, [*parts[:at], parts[at] + 1, *([0] * (2 - at))]))


def cell_rule(before: Field | None, after: Field, was: str, now: str) -> tuple[str, str]:
    """Action and rule of a cell that changed.

    Parameters
    ----------
    before, after : the field in the old and the new table; None where the old one does not have it
    was, now : the two texts, which differ
    """
    before = before or after
    was_missing, now_missing = was in before.missing or not was, now in after.missing or not now
    if was_missing and now_missing:
        return "changed", "absence-explained"
    if was_missing:
        return "added", "value-filled"
    if now_missing:
        return "removed", "value-emptied"
    if _same(before, after, was, now):
        return "changed", "value-rewritten"
    if before.partial_date and after.partial_date and "/" not in was + now:
        if now.startswith(f"{was}-"):
            return "changed", "date-refined"
        if was.startswith(f"{now}-"):
            return "changed", "date-coarsened"
    return "changed", "value-corrected"


def _same(before: Field, after: Field, was: str, now: str) -> bool:
    """Whether two texts of a typed field are one value: 107.50 and 107.5, TRUE and true."""
    if before.kind.textual or after.kind.textual or not (before.type == after.type or (before.kind.numeric and after.kind.numeric)):
        return False
    try:
        return bool(before.kind.identity(before.parse(was)) == after.kind.identity(after.parse(now)))
    except ValueError:
        return False
