"""Floors: what the last release had and this state has not. Data must not quietly go missing."""

from __future__ import annotations

from collections.abc import Iterator

from aistatecraft.validation.rules.base import WHOLE, Problem, RuleContext, rule

_ROWS = 0.95
"""At least this share of the rows of the last release."""
_POINTS = 0.10
"""By how much the share of rows with a value may fall, new rows not counted."""


@rule("rows-lost", scope="package")
def rows_lost(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A table has at least 95 % of the rows of the last release, not counting those listed in `retired`."""
    earlier = tables.earlier
    if earlier is None or name not in earlier.rows or name not in tables.frames:
        return
    withdrawn = sum(row["table"] == name for row in tables.rows("retired"))
    before, now = earlier.rows[name], len(tables.frames[name])
    if now < _ROWS * (before - withdrawn):
        yield Problem(
            WHOLE,
            "",
            f"the table has {now:,} rows, and {before:,} in release {earlier.version}",
            "restore the rows, or say in retired why they were withdrawn",
        )


@rule("values-lost", scope="package")
def values_lost(name: str, tables: RuleContext) -> Iterator[Problem]:
    """The share of rows with a value in a field is at most 10 percentage points lower than in the last release. New rows may leave the
    field blank."""
    earlier = tables.earlier
    frame = tables.frames.get(name)
    if earlier is None or frame is None or not len(frame) or not earlier.rows.get(name):
        return
    filled = frame.notna().sum()
    for field, before in earlier.filled.get(name, {}).items():
        # Measured on as many rows as there were, or are left: what more rows there are is new.
        rows = earlier.rows[name]
        left = min(len(frame), rows)
        if field in filled.index and filled[field] / left < before / rows - _POINTS:
            yield Problem(
                WHOLE,
                field,
                f"{field} has a value in {int(filled[field]):,} rows, and in {before:,} of release {earlier.version}",
                "restore the values",
            )


@rule("identifier-lost", scope="package", needs=("id",))
def identifier_lost(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Every identifier of the last release still exists, or is listed in `retired` with the reason."""
    earlier = tables.earlier
    if earlier is None or name == "retired" or name not in tables.frames:
        return
    known = {row["id"] for row in tables.rows(name)} | {row["id"] for row in tables.rows("retired") if row["table"] == name}
    for identifier in sorted(earlier.identifiers.get(name, frozenset()) - known):
        yield Problem(
            WHOLE,
            "id",
            f"{identifier!r} of release {earlier.version} is gone",
            f"restore it, or add it to retired with table {name}, the reason, the day and what replaces it",
        )
