"""What changed in the structure of a table, and whether code that reads it can break."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aistatecraft.diff.changes import Change
from aistatecraft.reading import FieldPlan, TablePlan

__all__ = ["compare_schemas"]

_LOWER = ("minimum", "exclusiveMinimum", "minLength")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength")


def compare_schemas(old: TablePlan, new: TablePlan) -> Iterator[Change]:
    """Changes from the plan of a table to its later plan."""
    name = new.name

    def change(field: str, action: str, was: Any, now: Any, kind: str, reason: str) -> Change:
        return Change("schema", name, "", field, action, None if was is None else str(was), None if now is None else str(now), kind, reason)

    for column in old.fields:
        if column.name not in new.by_name:
            yield change(column.name, "removed", column.type, None, "breaking", "a field was removed")
    for column in new.fields:
        before = old.by_name.get(column.name)
        if before is None:
            yield change(column.name, "added", None, column.type, "addition", "a field was added")
            continue
        for kind, field, was, now, reason in _field(before, column):
            yield change(f"{column.name}.{field}", "changed", was, now, kind, reason)
    common = [field for field in old.names if field in new.by_name]
    if common != [field for field in new.names if field in old.by_name]:
        yield change("", "changed", ", ".join(old.names), ", ".join(new.names), "metadata", "the order of the fields changed")
    for what, was_key, now_key in (
        ("primaryKey", old.primary_key, new.primary_key),
        ("uniqueKeys", old.unique_keys, new.unique_keys),
        ("foreignKeys", old.foreign_keys, new.foreign_keys),
        ("missingValues", old.missing_values, new.missing_values),
    ):
        if was_key != now_key:
            kind = "breaking" if what in ("primaryKey", "missingValues") else "metadata"
            yield change(what, "changed", was_key, now_key, kind, f"{what} changed")
    if (old.title, old.description) != (new.title, new.description):
        yield change("description", "changed", old.description, new.description, "metadata", "the description changed, not the data")


def _field(old: FieldPlan, new: FieldPlan) -> Iterator[tuple[str, str, Any, Any, str]]:
    if (old.type, old.format, old.dtype) != (new.type, new.format, new.dtype):
        yield "breaking", "type", f"{old.type} ({old.dtype})", f"{new.type} ({new.dtype})", "a field has another type"
    was, now = [category.value for category in old.categories], [category.value for category in new.categories]
    if was and now and was != now:
        gone, come = [value for value in was if value not in now], [value for value in now if value not in was]
        if gone:
            yield "breaking", "categories", ", ".join(gone), None, "a value left the vocabulary"
        if come:
            yield "addition", "categories", None, ", ".join(come), "a value joined the vocabulary"
        if not gone and not come:
            yield "metadata", "categories", ", ".join(was), ", ".join(now), "the order of the vocabulary changed"
    for limit in dict.fromkeys([*old.limits, *new.limits]):
        before, after = old.limits.get(limit), new.limits.get(limit)
        if before != after and not (before in (None, False) and after in (None, False)):
            tighter = _tighter(limit, before, after)
            yield (
                "breaking" if tighter else "addition",
                limit,
                before,
                after,
                "a constraint was tightened" if tighter else "a constraint was loosened",
            )
    if (old.title, old.description, old.example) != (new.title, new.description, new.example) or (
        [c.label for c in old.categories] != [c.label for c in new.categories] and was == now
    ):
        yield "metadata", "description", old.description, new.description, "the description changed, not the data"


def _tighter(limit: str, was: Any, now: Any) -> bool:
    """Whether a constraint admits less than before. A pattern that changed counts as tighter: it cannot be told."""
    if now in (None, False):
        return False
    if was in (None, False):
        return True
    if limit == "enum":
        return bool(set(map(str, was)) - set(map(str, now)))
    if limit in _LOWER:
        return bool(now > was)
    if limit in _UPPER:
        return bool(now < was)
    return True
