"""Keys of records: collected column by column, shown in messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aistatecraft.package.schema import Field
from aistatecraft.validation.cell_checks import CellProblem, holds_any

__all__ = ["key_values", "shown_key", "twice"]


def key_values(fields: Sequence[Field], positions: Sequence[int], columns: Sequence[Sequence[str] | None], rows: int) -> list[Any]:
    """The keys of some rows; None where a part is missing.

    Numbers and dates count as what they mean: 1.0 is 1. A key of one text is that text alone, which saves its tuple.
    """
    parts: list[list[Any]] = []
    for at in positions:
        texts, column = columns[at], fields[at]
        if texts is None:
            return [None] * rows
        missing = column.missing
        if column.kind.textual:
            parts.append([*texts] if not holds_any(texts, missing) else [None if text in missing else text for text in texts])
        else:
            parts.append([None if text in missing else _value(column, text) for text in texts])
    if len(parts) == 1:
        return parts[0]
    return [None if None in key else key for key in zip(*parts, strict=True)]


def _value(column: Field, text: str) -> Any:
    try:
        return column.kind.identity(column.parse(text))
    except ValueError:
        return text


def twice(rule: str, key: tuple[str, ...], parts: Any, first: int) -> CellProblem:
    """The problem of a key that already appears on the line `first`."""
    what = {"primary-key": "the key", "unique": "the value", "unique-key": "the combination of " + ", ".join(key)}[rule]
    return CellProblem(
        rule, f"{what} {shown_key(parts)!r} already appears on line {first}", "delete one of the two rows, or give this one another key"
    )


def shown_key(key: Any) -> str:
    """A key as it is shown in messages."""
    return " / ".join(map(str, key)) if isinstance(key, tuple) else str(key)
