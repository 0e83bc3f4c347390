"""Choosing rows and fields of a table by conditions such as ``jurisdiction=BRA`` or ``adopted>=2024``. No pandas."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aistatecraft.errors import DataError, UsageError, nearest
from aistatecraft.package import Field, Package, Resource, TableSchema, clean_records, edtf
from aistatecraft.package.lookup import AmbiguousName, name_fields, record_label, referenced_table, resolve, suggestion

__all__ = ["Condition", "default_fields", "none_found", "parse_condition", "parse_conditions", "select", "typed"]

_CONDITION = re.compile(r"\s*([^\s!<>=~][^!<>=~]*?)\s*(!=|>=|<=|!~|=|~|>|<)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    """A test on one field of a row."""

    field: str
    holds: Callable[[str], bool]
    """Test on the text of the cell."""
    value: str | None = None
    """What the cell must be equal to; None for a test of another kind."""
    taken: str = ""
    """What a name was taken for, such as ``jurisdiction=Brazil was read as BRA (Brazil)``; empty where nothing was."""


def parse_condition(text: str, schema: TableSchema, package: Package | None = None) -> Condition:
    """The condition that `text` states.

    With the `package`, a field that refers to a record may be compared with a name of that record, too (``jurisdiction=Brazil``).

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
        meant, taken = ("", "") if package is None or not value else _meant(package, schema, name, value)
        if meant:
            return Condition(
                name,
                lambda cell: (cell == meant or _same(column, cell, value)) is want,
                meant if want else None,
                f"{name}={value} was read as {taken}",
            )
        return Condition(name, lambda cell: _same(column, cell, value) is want, value if want else None)
    if not column.kind.ordered and not column.partial_date:
        raise UsageError(
            f"--where {text!r}: {name} is of the type {column.type}, but {operator} is for numbers and dates; write {name}={value} or {name}~{value}."
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


def _meant(package: Package, schema: TableSchema, field: str, value: str) -> tuple[str, str]:
    """Identifier and label of the record that a name means in a field that refers to records; empty where it is an identifier itself."""
    resource = package.resources.get(schema.name)
    target = None if resource is None else referenced_table(package, resource, field)
    if target is None:
        return "", ""
    try:
        meant = resolve(package, target.name, value)
        return ("", "") if meant == value else (meant, record_label(package, target, meant))
    except DataError:  # a table of names that is not sound does not keep anybody from reading the others
        return "", ""
    except AmbiguousName as error:
        raise UsageError(f"--where '{field}={value}': {error}") from None
    except UsageError:  # no record is called so: nothing will be found, and `none_found` says what is near
        return "", ""


def parse_conditions(package: Package, resource: Resource, where: Sequence[str]) -> list[Condition]:
    """The conditions that the texts state, with names of records read as the records."""
    return [parse_condition(text, resource.schema, package) for text in where]


def none_found(package: Package, resource: Resource, conditions: Sequence[Condition]) -> str:
    """What to say where no row fulfils all conditions: of how many rows, and what may have been meant."""
    schema = resource.schema
    cells: dict[str, set[str]] = {condition.field: set() for condition in conditions}
    rows = 0
    for record in clean_records(package, resource):
        rows += 1
        for name, seen in cells.items():
            seen.add(record.cells[schema.names.index(name)] or "")
    sentence = f"0 of {rows:,} rows"
    for condition in conditions:
        if not condition.value or any(map(condition.holds, cells[condition.field])):
            continue
        target = referenced_table(package, resource, condition.field)
        said = f"{condition.field}={condition.value}"
        if target is None:
            near = nearest(condition.value, sorted(cells[condition.field] - {""})[:5_000])
        else:
            try:
                known = record_label(package, target, condition.value)
                if known:
                    return f"{sentence} have {condition.field}={known}."
                near = suggestion(package, target, condition.value, only=cells[condition.field])
                if not near.startswith("did you mean "):
                    near = suggestion(package, target, condition.value)
            except DataError:
                near = ""
        if near.startswith("did you mean "):
            return f"{sentence}; did you mean {condition.field}={near.removeprefix('did you mean ')}"
        return f"{sentence} have {said}."
    return f"{sentence} meet {'the condition' if len(conditions) == 1 else 'all conditions'}."


_MOST_FIELDS = 7
_ANY_TEXT = re.compile(r"note|notes|url|doi|.*_(original|zh|es|pt|fr)")


def default_fields(schema: TableSchema) -> list[str]:
    """The fields that say most about a row, for reading: its key, its name, then required ones, dates, categories, references and numbers.

    They are derived from the schema: plain texts, addresses and names in further languages come last. At most seven, in the order of the schema.
    """
    names = [name for name in name_fields(schema) if schema.by_name[name].type == "string"]
    referring = {name for key in schema.foreign_keys for name in key.fields}

    dates = [column.name for column in schema.fields if column.partial_date or column.type == "date"][:2]

    def rank(column: Field) -> int:
        if column.name in schema.primary_key:
            return 0
        if names and column.name == names[0]:
            return 1
        if _ANY_TEXT.fullmatch(column.name) or (column.name in names and not column.required):
            return 9
        telling = (
            column.required,
            column.name in dates,
            bool(column.categories),
            column.name in referring,
            column.kind.ordered or column.type == "boolean",
        )
        return next((at for at, holds in enumerate(telling, 2) if holds), 8)

    chosen = {column.name for column in sorted(schema.fields, key=rank)[:_MOST_FIELDS] if rank(column) < 9}
    return [name for name in schema.names if name in chosen] or list(schema.names[:_MOST_FIELDS])


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
    package: Package, resource: Resource, where: Sequence[str | Condition] = (), fields: Sequence[str] = (), limit: int | None = None
) -> tuple[list[Field], Iterator[list[str]]]:
    """Fields and rows of a table.

    Parameters
    ----------
    package, resource : the table
    where : conditions, as texts or parsed, all of which must hold
    fields : names of the fields to keep; all where empty
    limit : at most so many rows; all where None

    Returns
    -------
    (list of Field, iterator over rows as lists of texts)
    """
    schema = resource.schema
    made = [parse_condition(each, schema, package) if isinstance(each, str) else each for each in where]
    conditions = [(schema.names.index(condition.field), condition.holds) for condition in made]
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
