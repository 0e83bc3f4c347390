"""Floors: what the last release had and this state has not. Data must not quietly go missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aistatecraft.validation.rules.base import WHOLE, Context, Problem, rule

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 0.95
"""At least this share of the rows of the last release."""
_POINTS = 0.10
"""By how much the share of rows with a value may fall, new rows not counted."""


@rule("rows-lost", scope="package")
def rows_lost(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A table has at least 95 % of the rows of the last release, not counting those listed in `retired`."""
    release = context.baseline
    if release is None or context.table not in release.rows:
        return
    before, known = release.rows[context.table], release.identifiers.get(context.table, frozenset())
    # A record that got another identifier is still there, and one that was withdrawn before the last release was not in it.
    withdrawn = sum(
        table == context.table and (by is None or by in known or other is not None) and (identifier in known or not known)
        for _, identifier, table, by, other in context.rows("retired", "id", "record_table", "replaced_by", "replaced_by_table")
    )
    if len(frame) < _ROWS * (before - withdrawn):
        message = f"the table has {len(frame):,} rows, but {before:,} in release {release.version}"
        yield Problem(WHOLE, "", message, "restore the rows, or add them to retired with the reason")


@rule("values-lost", scope="package")
def values_lost(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The share of rows with a value in a field is at most 10 percentage points lower than in the last release. New rows may leave the
    field blank."""
    release = context.baseline
    if release is None or not len(frame) or not release.rows.get(context.table):
        return
    filled = frame.notna().sum()
    for field, before in release.filled.get(context.table, {}).items():
        # Measured on as many rows as there were, or are left: what more rows there are is new.
        rows_before = release.rows[context.table]
        left = min(len(frame), rows_before)
        if field in filled.index and filled[field] / left < before / rows_before - _POINTS:
            message = f"{field} has a value in {int(filled[field]):,} rows, but in {before:,} of release {release.version}"
            yield Problem(WHOLE, field, message, "restore the values")


@rule("identifier-lost", scope="package", needs=("id",))
def identifier_lost(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Every identifier of the last release still exists, or is listed in `retired` with the reason."""
    release = context.baseline
    if release is None or context.table == "retired":
        return
    withdrawn = {identifier for _, identifier, table in context.rows("retired", "id", "record_table") if table == context.table}
    for identifier in sorted(release.identifiers.get(context.table, frozenset()) - withdrawn - set(frame["id"])):
        hint = f"restore it, or add it to retired with table {context.table}, the reason, the date and its replacement"
        yield Problem(WHOLE, "id", f"{identifier!r} of release {release.version} is missing", hint)
