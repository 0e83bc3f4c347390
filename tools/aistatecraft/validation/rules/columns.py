"""Columns as a whole: constants filled down, zeros for what is unknown, and cells far longer than all others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from heapq import nlargest
from itertools import groupby
from operator import eq
from typing import TYPE_CHECKING, Any

from aistatecraft.package.schema import Field
from aistatecraft.validation.evidence_match import agrees
from aistatecraft.validation.rules.base import Context, Problem, rule

if TYPE_CHECKING:
    import pandas as pd

_RUN = 5
"""So many equal cells in a row, and three times as many as elsewhere in the column, are no chance ..."""
_SHARE = 0.45
"""... where at least this share of the other values is distinct."""
_CODED_RUN = 12
"""The same for closed vocabularies, whose values come back often: so many, and four times as many as elsewhere."""
_CELLS = 20
"""A column with fewer values has no usual length."""
_LONG = 100
_MOST = 0.8


def _own_text(column: Field) -> bool:
    return not column.categories and column.type != "boolean"


@rule("filled-down", scope="table")
def filled_down(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A column whose values mostly differ does not have the same value in many consecutive rows, as it has after a fill-down in a
    spreadsheet, unless another text of these rows is the same too or evidence states the value."""
    schema = context.schema
    if len(frame) < 2 * _RUN or context.table in ("evidence", "retired"):
        return
    referring = {name for key in schema.foreign_keys for name in key.fields}
    pairs = {part for column in schema.names if column.endswith("_table") for part in (column, column.removesuffix("_table") + "_id")}
    texts = [
        column.name
        for column in schema.fields
        if column.type == "string"
        and not column.categories
        and column.name not in referring | pairs | {"language"}
        and column.name not in schema.primary_key
    ]
    keys = [column.name for column in schema.fields if column.type == "string" and not column.name.endswith("_table")]
    for column in schema.fields:
        name = column.name
        if name in schema.primary_key or name in pairs or name in referring or column.type == "boolean":
            continue
        values = context.column(context.table, name)
        least = _RUN if _own_text(column) else _CODED_RUN
        # NaN is not equal to itself: two blank cells are no run.
        filled = [math.nan if value is None else value for value in values]
        if b"\1" * (least - 1) not in bytes(map(eq, filled, filled[1:])):
            continue
        runs = _runs(values)
        coded = not _own_text(column)
        lengths = sorted((length for _, length, _ in runs), reverse=True)
        second = lengths[1] if len(lengths) > 1 else 0
        if lengths[0] < (4 if coded else 3) * max(second, 1):
            continue
        start, length, _ = max(runs, key=lambda run: run[1])
        rest = sum(times for _, times, _ in runs) - length
        distinct = len({each for _, _, each in runs})
        usual = sum(times for at, times, each in runs if each == values[start] and at != start)
        if coded and (distinct == 1 or usual > rest / 2):
            continue  # most other rows have the value, too
        if not coded and (rest < length or (distinct - 1) / rest < _SHARE):
            continue
        if _same_beside(context, keys if coded else texts, name, start, length) or _stated(context, column, start, length):
            continue
        for number in range(start + 1, start + length):
            yield Problem(
                number,
                name,
                f"{name} has the same value in {length} rows, from {start + 1} on",
                "restore it from the source; it looks filled down",
            )


def _runs(values: list[Any]) -> list[tuple[int, int, Any]]:
    """Start, length and value of each run of equal values."""
    found, at = [], 0
    for value, group in groupby(values):
        length = sum(1 for _ in group)
        if value is not None:
            found.append((at, length, value))
        at += length
    return found


def _same_beside(context: Context, names: list[str], name: str, start: int, length: int) -> bool:
    """Whether another text is the same in all these rows: then they belong together."""
    for other in names:
        part = context.column(context.table, other)[start : start + length]
        if other != name and part[0] is not None and all(value == part[0] for value in part):
            return True
    return False


def _stated(context: Context, column: Field, start: int, length: int) -> bool:
    """Whether evidence states the value for at least half of these rows."""
    names = context.identifiers(context.table)
    stated = context.once(
        "stated",
        lambda: {
            (table, record, field): text
            for _, table, record, field, text in context.rows("evidence", "record_table", "record_id", "field", "stated")
            if field != "*"
        },
    )
    if not names:
        return False
    value = context.column(context.table, column.name)[start]
    texts = [stated.get((context.table, names[number], column.name)) for number in range(start, start + length)]
    return 2 * sum(text is not None and agrees(column, value, text) is not False for text in texts) >= length


@rule("text-too-long", scope="table", severity="warning")
def text_too_long(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """No text is more than twice as long as the longest other text of its column: it may hold the text of several cells, or of a whole
    page."""
    for column in context.schema.fields:
        if column.type != "string" or column.categories or column.name in context.schema.primary_key:
            continue
        texts = [text for text in context.column(context.table, column.name) if text is not None]
        if len(texts) < _CELLS:
            continue
        most, other = nlargest(2, map(len, texts))
        if most > 2 * max(other, _LONG):
            for number, text in context.present(column.name):
                if len(text) == most:
                    message = f"{most:,} characters, but no other {column.name} has more than {other:,}"
                    yield Problem(number, column.name, message, "check whether the text of other cells or pages is in it")


@rule("zeros-for-unknown", scope="table")
def zeros_for_unknown(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A number that is not known is blank, not 0: a column in which zeros are rare does not have several of them in a row, and no actor
    has 0 in all scores of an edition."""
    for column in context.schema.fields:
        if column.type not in ("number", "integer") or column.name in context.schema.primary_key or column.name.startswith("votes_"):
            continue
        zeros = frame[column.name] == 0
        if not zeros.any():
            continue
        runs = [run for run in _runs(context.column(context.table, column.name)) if run[2] == 0]
        several = [run for run in runs if run[1] > 1]
        if several and zeros.sum() <= _MOST * frame[column.name].count():
            for start, length, _ in several:
                for number in range(start, start + length):
                    yield Problem(number, column.name, f"{column.name} is 0 in {length} rows in a row", _BLANK)
        elif zeros.sum() > _MOST * frame[column.name].count() and frame[column.name].count() > 1:
            for number in frame.index[zeros.to_numpy(dtype=bool, na_value=False)]:
                yield Problem(number, column.name, f"{column.name} is 0 in most rows", _BLANK)


_BLANK = "leave it blank where the number is not known"
