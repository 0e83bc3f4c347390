"""Questions to the SQLite file that Datasette shows as forms: search, who signed one and not another, who says so, disputes, in force, coverage.

Each is there where the package has the tables and fields that it asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aistatecraft.export.sqlite_schema import literal, quoted
from aistatecraft.package import Package, TableSchema

__all__ = ["AGREES", "queries"]

AGREES = ("signed", "endorsed", "adhered", "ratified", "co_sponsored", "voted_for")
"""Roles by which an actor stands behind a text."""
_STATED = ("stated", "quote", "locator")


def queries(package: Package, names: str) -> dict[str, dict[str, Any]]:
    """The queries by name, as Datasette reads them; `names` is the table of names in the database."""
    order = " ".join(f"WHEN {literal(table)} THEN {place}" for place, table in enumerate(package.resources))
    found = {
        "search": _query(
            "Search by name",
            "Records by any of their names, in any language and without regard to accents; Chinese as a part of the name.",
            f"SELECT record_table, record_id, min(name) AS name FROM {quoted(names)}\n"
            "WHERE folded LIKE '%' || lower(:text) || '%' OR name LIKE '%' || :text || '%'\n"
            f"GROUP BY record_table, record_id\nORDER BY min(folded <> lower(:text)), CASE record_table {order} ELSE 999 END, min(length(name)), record_id",
        ),
        "who_says_so": _who_says_so(package),
    }
    if _has(package, "signatories", "declaration", "actor", "role"):
        roles = ", ".join(map(literal, AGREES))
        behind = f"SELECT actor FROM signatories WHERE declaration = :{{}} AND role IN ({roles})"
        found["signed_but_not"] = _query(
            "Who signed one declaration and not another",
            "Actors that stand behind the first declaration and not behind the second. A missing row is no refusal where a list is incomplete.",
            f"SELECT DISTINCT actor FROM signatories WHERE actor IN ({behind.format('first')})\nAND actor NOT IN ({behind.format('second')}) ORDER BY actor",
        )
    if _has(package, "evidence", "record_table", "record_id", "field", "source", "stance", *_STATED):
        found["disputed"] = _query(
            "What sources dispute",
            "Every statement that disputes a value.",
            "SELECT record_table, record_id, field, stated, quote, locator, source FROM evidence WHERE stance = 'disputes' ORDER BY 1, 2, 3, source",
        )
    if _has(package, "instruments", "id", "adopted", "in_force_from", "ended", "status"):
        begins = "coalesce(in_force_from, adopted)"
        first, last = f"{begins} || substr('-01-01', length({begins}) - 3)", "ended || substr('-12-31', length(ended) - 3)"
        found["in_force"] = _query(
            "What was in force on a day",
            "Instruments that had begun by a day (YYYY-MM-DD) and are not known to have ended before. No end known is not the same as in force today.",
            f"SELECT id, {begins} AS begins, ended, status FROM instruments\nWHERE {first} <= :day AND (ended IS NULL OR {last} >= :day) ORDER BY begins DESC, id",
        )
    if _has(package, "coverage", "actor", "topic", "finding", "as_of") and _has(package, "actors", "id", "name_en", "un_member"):
        found["coverage"] = _query(
            "What was looked up",
            "For each member state of the United Nations what was found on a topic, and 'not looked up' where nobody searched.",
            "SELECT a.id AS actor, a.name_en AS name, coalesce(c.finding, 'not looked up') AS finding, c.as_of\n"
            "FROM actors AS a LEFT JOIN coverage AS c ON c.actor = a.id AND c.topic = :topic\nWHERE a.un_member = 1 ORDER BY a.name_en",
        )
    return {name: query for name, query in found.items() if query}


def _query(title: str, description: str, sql: str) -> dict[str, Any]:
    return {"title": title, "description": description, "sql": sql}


def _has(package: Package, table: str, *fields: str) -> bool:
    resource = package.resources.get(table)
    return resource is not None and set(fields) <= set(resource.schema.names)


def _who_says_so(package: Package) -> dict[str, Any]:
    """The statements of evidence on a record, and the sources that rows name themselves."""
    parts = []
    if _has(package, "evidence", "record_table", "record_id", "field", "source", "stance", *_STATED):
        parts.append("SELECT field, stance, stated, quote, locator, source FROM evidence WHERE record_table = :table AND record_id = :id")
    for name, resource in package.resources.items():
        schema = resource.schema
        named = [key.fields[0] for key in schema.foreign_keys if key.resource == "sources" and len(key.fields) == 1]
        if name == "evidence" or not schema.primary_key:
            continue
        parts += [
            f"SELECT {literal(field)}, 'supports', {_columns(schema, _STATED)}, {quoted(field)} FROM {quoted(name)}\n"
            f"  WHERE :table = {literal(name)} AND {_key(schema)} = :id AND {quoted(field)} IS NOT NULL"
            for field in named
        ]
    if not parts:
        return {}
    return _query(
        "Who says so",
        "What each source states about a record. The key of a record with several fields: their values joined by a slash.",
        "\nUNION ALL\n".join(parts) + "\nORDER BY 1, 2, 6",
    )


def _columns(schema: TableSchema, names: Sequence[str]) -> str:
    return ", ".join(quoted(name) if name in schema.by_name else "NULL" for name in names)


def _key(schema: TableSchema) -> str:
    return " || '/' || ".join(quoted(name) for name in schema.primary_key)
