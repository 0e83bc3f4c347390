"""What sources state about records: the rows of `evidence`, and what rows that name their source state about themselves.

A link such as a signature has the statement that supports it best in its own row; `evidence` has further sources, statements
about single fields, and disputes. The sources of a record are in both, so everything that asks for them asks here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from aistatecraft.package.descriptor import Package
from aistatecraft.package.lookup import records_of
from aistatecraft.package.schema import TableSchema

__all__ = ["EVIDENCE", "SUPPORTS", "Statement", "own_fields", "statements"]

EVIDENCE = "evidence"
"""The table whose rows are statements about records of any table."""
SUPPORTS = "supports"
"""Stance of what a row states itself."""
_OWN = ("source", "locator", "stated", "quote")


class Statement(NamedTuple):
    """What a source states about a record: the fields of `evidence`, empty where nothing is given."""

    record_table: str
    record_id: str
    field: str
    """``*`` for the record as a whole."""
    source: str
    locator: str = ""
    stated: str = ""
    quote: str = ""
    stance: str = SUPPORTS
    note: str = ""


def own_fields(schema: TableSchema) -> list[str]:
    """The fields in which the rows of a table state what supports them; empty where it is only in `evidence`."""
    return [name for name in _OWN if name in schema.by_name] if schema.names_source else []


def statements(package: Package, table: str | None = None) -> Iterator[Statement]:
    """Statements about the records of one table, or of all: the rows of `evidence`, then what rows state themselves.

    Where `evidence` repeats a row's own statement, because that table has no room for a quote, it says more and counts alone.
    In versions before 0.4.0, and in packages of others, all may be in `evidence`. A package without that table has none there.
    """
    known: set[tuple[str, ...]] = set()
    for one in _evidence(package):
        if table in (None, one.record_table):
            if one.stance == SUPPORTS:
                known.add(one[:5])
            yield one
    for name, resource in package.resources.items():
        own = own_fields(resource.schema) if table in (None, name) else []
        for identifier, values in records_of(package, resource) if own else ():
            if "source" in values:
                about = resource.schema.stated_field
                one = Statement(name, identifier, about, **{field: values[field] for field in own if field in values})
                if one[:5] not in known:
                    yield one


def _evidence(package: Package) -> Iterator[Statement]:
    resource = package.resources.get(EVIDENCE)
    if resource is None or not {"record_table", "record_id", "source"} <= set(resource.schema.names):
        return
    for _, values in records_of(package, resource):
        known = {name: values[name] for name in Statement._fields if name in values}
        yield Statement(**{"record_table": "", "record_id": "", "field": "*", "source": "", **known})
