"""What changed in the structure of a table, and whether code that reads it can break."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from aistatecraft.diff.changes import Change
from aistatecraft.reading import FieldPlan, ForeignKey, TablePlan

__all__ = ["compare_schemas"]

_LOWER = ("minimum", "exclusiveMinimum", "minLength")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength")


def _words(value: Any) -> str | None:
    """A property of a schema as text: texts as they are, lists with commas, the rest as JSON has it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, ForeignKey):
        return f"{_words(value.fields)} -> {value.resource}({_words(value.references)})"
    if isinstance(value, (list, tuple)):
        # Lists of keys: the fields of each key in brackets, so that two keys are not read as one.
        return ", ".join(f"({_words(part)})" if isinstance(part, (list, tuple)) else str(_words(part)) for part in value)
    return json.dumps(value, ensure_ascii=False)


def compare_schemas(old: TablePlan, new: TablePlan) -> Iterator[Change]:
    """Changes from the plan of a table to its later plan."""
    name = new.name

    def change(field: str, action: str, was: Any, now: Any, kind: str, reason: str) -> Change:
        return Change("schema", name, "", field, action, _words(was), _words(now), kind, reason)

    for column in old.fields:
        if column.name not in new.by_name:
            yield change(column.name, "removed", column.type, None, "breaking", "a field was removed")
    for column in new.fields:
        before = old.by_name.get(column.name)
        if before is None:
            yield change(column.name, "added", None, column.type, "addition", "a field was added")
            continue
        for kind, field, was, now, reason in _field(before, column, old.missing_values == new.missing_values):
            yield change(f"{column.name}.{field}", "changed", was, now, kind, reason)
    common = [field for field in old.names if field in new.by_name]
    if common != [field for field in new.names if field in old.by_name]:
        yield change("", "changed", ", ".join(old.names), ", ".join(new.names), "metadata", "the order of the fields changed")
    for what, was_key, now_key in (
        ("primaryKey", old.primary_key, new.primary_key),
        ("missingValues", old.missing_values, new.missing_values),
    ):
        if was_key != now_key:
            yield change(what, "changed", was_key, now_key, "breaking", f"{what} changed")
    keys: tuple[tuple[str, Sequence[Any], Sequence[Any]], ...] = (
        ("uniqueKeys", old.unique_keys, new.unique_keys),
        ("foreignKeys", old.foreign_keys, new.foreign_keys),
    )
    for what, was_keys, now_keys in keys:
        if set(now_keys) - set(was_keys):
            yield change(what, "changed", was_keys, now_keys, "breaking", "a constraint was tightened")
        elif set(was_keys) - set(now_keys):
            yield change(what, "changed", was_keys, now_keys, "addition", "a constraint was loosened")
    if old.evidence_required != new.evidence_required:
        yield change(
            "aistatecraft:evidence",
            "changed",
            old.evidence_required,
            new.evidence_required,
            "metadata",
            "whether every row needs evidence changed",
        )
    if (old.title, old.description) != (new.title, new.description):
        yield change("description", "changed", old.description, new.description, "metadata", "the description changed, not the data")


def _field(old: FieldPlan, new: FieldPlan, same_missing: bool) -> Iterator[tuple[str, str, Any, Any, str]]:
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
            kind = "breaking" if old.ordered and new.ordered else "metadata"
            yield kind, "categories", ", ".join(was), ", ".join(now), "the order of the vocabulary changed"
    if old.ordered != new.ordered:
        kind = "breaking" if old.ordered else "addition"
        yield kind, "categoriesOrdered", old.ordered, new.ordered, "whether the vocabulary has an order changed"
    if old.partial_date != new.partial_date:
        yield "breaking", "rdfType", old.partial_date, new.partial_date, "whether it is a date of mixed precision changed"
    for name, before_texts, after_texts in (
        ("missingValues", old.missing, new.missing),
        ("trueValues", old.true_values, new.true_values),
        ("falseValues", old.false_values, new.false_values),
    ):
        if before_texts != after_texts and (same_missing or name != "missingValues"):
            yield "breaking", name, sorted(before_texts), sorted(after_texts), f"{name} changed"
    for limit in dict.fromkeys([*old.limits, *new.limits]):
        before, after = old.limits.get(limit), new.limits.get(limit)
        if before != after and not (before in (None, False) and after in (None, False)):
            if limit == "enum" and before and after and set(map(str, before)) == set(map(str, after)):
                yield "metadata", limit, before, after, "the order of the values changed"
                continue
            tighter = _tighter(limit, before, after, new)
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


def _tighter(limit: str, was: Any, now: Any, column: FieldPlan) -> bool:
    """Whether a constraint admits less than before. A pattern that changed counts as tighter: it cannot be told."""
    if now in (None, False):
        return False
    if was in (None, False):
        return True
    if limit == "enum":
        return bool(set(map(str, was)) - set(map(str, now)))
    if limit not in _LOWER + _UPPER:
        return True
    try:
        # A bound may be written as a number or as a text; what counts is its value.
        was, now = (bound if isinstance(bound, int) else column.parse(str(bound)) for bound in (was, now))
        return bool(now > was if limit in _LOWER else now < was)
    except (TypeError, ValueError):  # of another type than before: that breaks anyway
        return True
