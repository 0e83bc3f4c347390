"""SQL of a table: what its schema says, as far as SQL can say it.

Patterns cannot be said, for SQLite has no regular expressions of its own; they stand in the codebook. A foreign key is made
where it refers to fields that are a key of the other table, which is the only kind that SQL has.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from typing import Any

from aistatecraft.package import Field, ForeignKey, Package, Resource, TableSchema
from aistatecraft.package.labels import record_references

__all__ = ["create_index", "create_table", "indices_of", "literal", "quoted"]

_COMPARED = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """A value as an SQL literal."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and math.isinf(value):
        return "9e999" if value > 0 else "-9e999"
    if isinstance(value, (int, float)):
        return repr(value)
    text = value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)
    return "'" + text.replace("'", "''") + "'"


def _comment(*parts: str) -> str:
    # One line: a line break would end the comment and begin SQL.
    words = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", part).strip() for part in parts if part.strip())
    return f"-- {words}" if words else ""


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(map(quoted, names))


def _value(column: Field, written: Any) -> Any:
    """A bound or entry of a schema as the table stores it."""
    return column.kind.export(column.kind.literal(written))


def _checks(column: Field) -> Iterator[tuple[str, str]]:
    """The constraints of a field, and what each demands as SQL."""
    name, limits = quoted(column.name), column.limits
    if column.categories:
        yield "category", f"{name} IN ({', '.join(literal(_value(column, category.value)) for category in column.categories)})"
    if "enum" in limits and not column.kind.structured:
        yield "enum", f"{name} IN ({', '.join(literal(_value(column, value)) for value in limits['enum'])})"
    if check := column.kind.sql_check(name):
        yield column.type, check
    for word, sign in _COMPARED.items():
        if word in limits and column.kind.sql_ordered:  # as text, times of different zones have no order
            yield word, f"{name} {sign} {literal(_value(column, limits[word]))}"
    size = column.kind.sql_size
    for word, sign in (("minLength", ">="), ("maxLength", "<=")):
        if word in limits and size:
            yield word, f"{size}({name}) {sign} {limits[word]}"


def _column(column: Field, schema: TableSchema) -> str:
    kind = column.kind.sqlite
    if kind == "INTEGER" and schema.primary_key == (column.name,):
        kind = "INT"  # an INTEGER key would put the rows in its own order
    parts = [quoted(column.name), kind]
    if column.required or column.name in schema.primary_key:
        parts.append("NOT NULL")
    if column.unique and schema.primary_key != (column.name,):
        parts.append("UNIQUE")
    # SQLite names the constraint that a change breaks; without a name of its own it would quote half of its text.
    checks = [f"CONSTRAINT {quoted(f'{column.name}: {word}')} CHECK ({check})" for word, check in _checks(column)]
    return " ".join(parts + checks)


def _keys_of(schema: TableSchema) -> set[frozenset[str]]:
    keys = {frozenset(key) for key in schema.unique_keys} | {frozenset([column.name]) for column in schema.fields if column.unique}
    return keys | ({frozenset(schema.primary_key)} if schema.primary_key else set())


def _holdable(package: Package, schema: TableSchema, key: ForeignKey) -> bool:
    """Whether SQLite can hold a foreign key: what it refers to must be a key of the other table."""
    target = package.resources[key.resource or schema.name].schema
    return len(set(key.references)) == len(key.references) and frozenset(key.references) in _keys_of(target)


def create_table(package: Package, resource: Resource) -> str:
    """The statement that makes the table, with what it and its fields mean as comments."""
    schema = resource.schema
    lines: list[tuple[str, str]] = []  # a comment and the definition after it
    for column in schema.fields:
        said = "" if column.title == column.name else f"{column.title}."
        lines.append((_comment(said, column.description), _column(column, schema)))
    if schema.primary_key:
        lines.append(("", f"PRIMARY KEY ({_list(schema.primary_key)})"))
    for names in dict.fromkeys(schema.unique_keys):
        if frozenset(names) != frozenset(schema.primary_key):
            lines.append(("", f"UNIQUE ({_list(names)})"))
    for key in schema.foreign_keys:
        if _holdable(package, schema, key):
            table = quoted(key.resource or schema.name)
            lines.append(("", f"FOREIGN KEY ({_list(key.fields)}) REFERENCES {table} ({_list(key.references)})"))
    body = ",\n".join((f"  {comment}\n" if comment else "") + f"  {definition}" for comment, definition in lines)
    return f"CREATE TABLE {quoted(resource.name)} (\n  {_comment(f'{schema.title}.', schema.description)}\n{body}\n) STRICT"


def indices_of(schema: TableSchema) -> list[tuple[str, ...]]:
    """Fields by which rows are looked up from elsewhere and that no key begins with: foreign keys and references to records."""
    found = dict.fromkeys([*(key.fields for key in schema.foreign_keys), *record_references(schema)])
    begun = [schema.primary_key, *schema.unique_keys, *((column.name,) for column in schema.fields if column.unique)]
    return [fields for fields in found if not any(key[: len(fields)] == fields for key in begun)]


def create_index(name: str, table: str, fields: tuple[str, ...]) -> str:
    """The statement that makes an index."""
    return f"CREATE INDEX {quoted(name)} ON {quoted(table)} ({_list(fields)})"
