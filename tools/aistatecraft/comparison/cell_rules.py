"""What the change of one cell means: which rule of `meaning` it falls under."""

from __future__ import annotations

from aistatecraft.package import Field

__all__ = ["cell_rule"]


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
