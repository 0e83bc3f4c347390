"""One record by its identifier, as text. Neither pandas nor types are needed for it."""

from __future__ import annotations

from collections.abc import Iterator

from aistatecraft.errors import WrongUse, nearest
from aistatecraft.reading.descriptor import Package, Resource
from aistatecraft.reading.records import clean_records

__all__ = ["identifiers_of", "record_of", "records_of"]

Values = dict[str, str]
"""The cells of a record that hold a value, by field, as they stand in the file."""


def records_of(package: Package, resource: Resource) -> Iterator[tuple[str, Values]]:
    """Identifier and values of each record: the identifier is the values of the key joined by a slash, empty without a key."""
    plan, key = resource.plan, resource.key_positions
    for record in clean_records(package, resource):
        cells = [cell or "" for cell in record.cells]
        values = {field.name: cell for field, cell in zip(plan.fields, cells, strict=True) if cell and cell not in field.missing}
        yield "/".join(cells[at] for at in key), values


def identifiers_of(package: Package, resource: Resource) -> list[str]:
    """Identifiers of all records of a table, in its order; `WrongUse` where the table has no key."""
    if not resource.plan.primary_key:
        raise WrongUse(f"{resource.name} has no primary key, so its rows have no identifier.")
    key = resource.key_positions
    return ["/".join(record.cells[at] or "" for at in key) for record in clean_records(package, resource)]


def record_of(package: Package, table: str, identifier: str) -> Values:
    """Values of one record.

    Raises
    ------
    WrongUse
        Where there is no such table or record (then the nearest are named), or the table has no key.
    Damaged
        Where the table is not sound as text.
    """
    resource = package.resource(table)
    if resource.plan.primary_key:
        for name, values in records_of(package, resource):
            if name == identifier:
                return values
    raise WrongUse(f"{table} has no record {identifier!r}; {nearest(identifier, identifiers_of(package, resource))}")
