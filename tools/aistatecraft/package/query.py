"""Choosing rows and fields of a table by conditions such as ``jurisdiction=BRA`` or ``adopted>=2024``. No pandas."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aistatecraft.errors import DataError, UsageError, nearest
from aistatecraft.package import Field, Package, Resource, TableSchema, clean_records, edtf

__all__ = ["Condition", "parse_condition", "select", "typed"]

_CONDITION = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*(!=|>=|<=|!~|=|~|>|<)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    """A test on one field of a row."""

    field: str
    holds: Callable[[str], bool]
    """Test on the text of the cell."""


def parse_condition(text: str, schema: TableSchema) -> Condition:
    """The condition that `text` states.

    ``field=value`` and ``field!=value`` compare (``field=`` holds where the cell is blank), ``field~text`` and
    ``field!~text`` look for a text inside, upper and lower case alike; ``<``, ``<=``, ``>``, ``>=`` are for numbers and
    dates, and a cell without a value never holds. Against a date less precise than it, a cell counts as inside: 2024-05
    is ``<=2024`` and ``>=2024``, but neither ``<2024`` nor ``>2024``. A period counts by its first day, and so does a cell
    less precise than the date that it is compared with.
    """
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise UsageError(f"--where {text!r} is not a condition; write field=value, field!=value, field~text, field>value or field<value.")
    name, operator, value = match[1], match[2], match[3].strip()
    column = schema.by_name.get(name)
    if column is None:
        raise UsageError(f"--where {text!r}: {schema.name} has no field {name!r}; {nearest(name, list(schema.names))}")
    if operator in ("~", "!~"):
        low, want = value.casefold(), operator == "~"
        return Condition(name, lambda cell: (low in cell.casefold()) is want)
    if operator in ("=", "!="):
        if value and column.categories and value not in column.missing | {category.value for category in column.categories}:
            raise UsageError(
                f"--where {text!r}: {value!r} is not in the vocabulary of {name}; {nearest(value, [category.value for category in column.categories])}"
            )
        want = operator == "="
        return Condition(name, lambda cell: _same(column, cell, value) is want)
    if not column.kind.ordered and not column.partial_date:
        raise UsageError(
            f"--where {text!r}: {name} is of the type {column.type}, and {operator} is for numbers and dates; write {name}={value} or {name}~{value}."
        )
    if column.partial_date:
        first, last = _period(value, text)
        bound: Any = last if operator in ("<=", ">") else first
    else:
        bound = _value(column, value, text)
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    test = compare[operator]

    def holds(cell: str) -> bool:
        if cell in column.missing:
            return False
        try:
            return test(edtf.first_and_last(cell)[0] if column.partial_date else column.parse(cell), bound)
        except TypeError:  # a time with a zone against one without: no order, so the condition does not hold
            return False
        except ValueError as error:
            raise _no_value(column, cell, error) from None

    return Condition(name, holds)


def _no_value(column: Field, cell: str, error: ValueError) -> DataError:
    reason = str(error) if column.partial_date else f"{cell!r} {error}"
    return DataError(f"{column.name}: {reason}; run 'aistatecraft validate' to see every problem.")


def _period(value: str, text: str) -> tuple[dt.date, dt.date]:
    try:
        return edtf.first_and_last(value)
    except ValueError as error:
        raise UsageError(f"--where {text!r}: {error}.") from None


def _value(column: Field, value: str, text: str) -> Any:
    try:
        return column.parse(value)
    except ValueError as error:
        raise UsageError(f"--where {text!r}: {value!r} {error}.") from None


def _same(column: Field, cell: str, value: str) -> bool:
    if cell == value:
        return True
    if column.kind.textual or cell in column.missing or not value:
        return False  # a cell that says "not applicable" is not blank
    try:
        return bool(column.kind.identity(column.parse(cell)) == column.kind.identity(column.parse(value)))
    except ValueError:
        return False


def select(
    package: Package, resource: Resource, where: Sequence[str] = (), fields: Sequence[str] = (), limit: int | None = None
) -> tuple[list[Field], Iterator[list[str]]]:
    """Fields and rows of a table.

    Parameters
    ----------
    package, resource : the table
    where : conditions, all of which must hold
    fields : names of the fields to keep; all where empty
    limit : at most so many rows; all where None

    Returns
    -------
    (list of Field, iterator over rows as lists of texts)
    """
    schema = resource.schema
    conditions = [(schema.names.index(made.field), made.holds) for made in (parse_condition(text, schema) for text in where)]
    for name in fields:
        if name not in schema.by_name:
            raise UsageError(f"{schema.name} has no field {name!r}; {nearest(name, list(schema.names))}")
    chosen = [schema.by_name[name] for name in fields] or list(schema.fields)
    positions = [schema.names.index(column.name) for column in chosen]

    def rows() -> Iterator[list[str]]:
        given = 0
        for record in clean_records(package, resource):
            if limit is not None and given >= limit:
                return
            cells = ["" if cell is None else cell for cell in record.cells]
            if all(holds(cells[at]) for at, holds in conditions):
                given += 1
                yield [cells[at] for at in positions]

    return chosen, rows()


def typed(column: Field, cell: str) -> Any:
    """Value of a cell for JSON: None where missing, numbers, booleans, lists and objects as such, dates as text."""
    if cell in column.missing:
        return None
    try:
        value = column.parse(cell)
    except ValueError as error:
        raise _no_value(column, cell, error) from None
    return column.kind.json(value, cell)
