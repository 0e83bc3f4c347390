"""The values of a table, typed, column by column; and why those that are missing are.

Read from the text alone, so that no format needs pandas. What comes out equals what `load` gives, value by value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aistatecraft.errors import DataError, RefusedError
from aistatecraft.package import Field, Package, Resource, clean_records

__all__ = ["MissingValue", "TypedColumns", "read_values", "refuse_alike"]


@dataclass(frozen=True, slots=True)
class MissingValue:
    """A cell that is missing for a stated reason; a blank one is not known, and needs none."""

    record: str
    """Identifier of the record, its parts joined by a slash; the number of the row, from 1, where the table has no key."""
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class TypedColumns:
    """A table in memory."""

    columns: tuple[list[Any], ...]
    """For each field its values, None where missing: str, int, float, bool, datetime.date, list; what has no type of its own
    elsewhere is text: times, months and durations in ISO 8601, objects and arrays in JSON."""
    missing: tuple[MissingValue, ...]

    @property
    def rows(self) -> Iterable[tuple[Any, ...]]:
        """The values row by row."""
        return zip(*self.columns, strict=True)

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.columns[0])


def _value(column: Field, text: str, resource: Resource) -> Any:
    try:
        value = column.parse(text)
    except ValueError as error:
        raise DataError(f"{resource.path}: {column.name} {text!r} {error}; run 'aistatecraft validate' to see every problem.") from None
    return column.kind.export(value)


def read_values(package: Package, resource: Resource) -> TypedColumns:
    """The values of a table.

    Raises
    ------
    ReadError
        Where the file is missing or not to be read.
    DataError
        Where a cell has no value of its type, or the text is not that of a table.
    """
    schema = resource.schema
    columns: tuple[list[Any], ...] = tuple([] for _ in schema.fields)
    missing: list[MissingValue] = []
    known: list[dict[str, Any]] = [{} for _ in schema.fields]  # each text is parsed once
    for number, record in enumerate(clean_records(package, resource), 1):
        for at, column in enumerate(schema.fields):
            text = record.cells[at] or ""
            if text in column.missing:
                if text:
                    key = resource.identifier(record.cells) or str(number)
                    missing.append(MissingValue(key, column.name, column.missing_labels.get(text, text)))
                columns[at].append(None)
                continue
            if text not in known[at]:
                known[at][text] = _value(column, text, resource)
            columns[at].append(known[at][text])
    return TypedColumns(columns, tuple(missing))


def refuse_alike(names: Iterable[str], *, where: str, what: str, format: str) -> None:
    """`RefusedError` where two names differ in capitals only, which the format takes for the same name."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            raise RefusedError(f"{where}: {format} treats the {what} {other!r} and {name!r} as the same; rename one of them.")
