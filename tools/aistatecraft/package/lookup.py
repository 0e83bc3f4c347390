"""One record by its identifier, as text. Neither pandas nor types are needed for it."""

from __future__ import annotations

from collections.abc import Iterator

from aistatecraft.errors import UsageError, nearest
from aistatecraft.package.csv_reader import clean_records
from aistatecraft.package.descriptor import Package, Resource

__all__ = ["identifiers_of", "record_of", "records_of"]

RecordValues = dict[str, str]
"""The cells of a record that hold a value, by field, as they stand in the file."""


def records_of(package: Package, resource: Resource) -> Iterator[tuple[str, RecordValues]]:
    """Identifier and values of each record: the identifier is the values of the key joined by a slash, empty without a key."""
    schema = resource.schema
    for record in clean_records(package, resource):
        cells = [cell or "" for cell in record.cells]
        values = {field.name: cell for field, cell in zip(schema.fields, cells, strict=True) if cell and cell not in field.missing}
        yield resource.identifier(cells), values


def identifiers_of(package: Package, resource: Resource) -> list[str]:
    """Identifiers of all records of a table, in its order; `UsageError` where the table has no key."""
    if not resource.schema.primary_key:
        raise UsageError(f"{resource.name} has no primary key, so its rows have no identifier.")
    return [resource.identifier(record.cells) for record in clean_records(package, resource)]


def record_of(package: Package, table: str, identifier: str) -> RecordValues:
    """Values of one record.

    Raises
    ------
    UsageError
        Where there is no such table or record (then the nearest are named), or the table has no key.
    DataError
        Where the table is not sound as text.
    """
    resource = package.resource(table)
    if resource.schema.primary_key:
        for name, values in records_of(package, resource):
            if name == identifier:
                return values
    raise UsageError(f"{table} has no record {identifier!r}; {nearest(identifier, identifiers_of(package, resource))}")
