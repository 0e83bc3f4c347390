"""SQLite: one database with everything that SQL can hold of the package, and no library needed to write it.

Tables are STRICT and in the order of the files, with primary and foreign keys, unique keys, constraints as CHECK, and what
each field means as a comment in the text of CREATE TABLE. Beside them stand views with labels, and tables that begin with
an underscore: the codebook, the categories, the reasons why cells are missing, and what the package is.

The database is made in memory and rebuilt by VACUUM; what its bytes tell of the version of SQLite that wrote it is taken out.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from aistatecraft.citations.metadata import about
from aistatecraft.citations.styles import Style
from aistatecraft.errors import RefusedError, UsageError
from aistatecraft.export.sqlite_bytes import normalised
from aistatecraft.export.sqlite_schema import create_index, create_table, indices_of, quoted
from aistatecraft.export.sqlite_views import views
from aistatecraft.export.typed_columns import TypedColumns, read_values, refuse_alike
from aistatecraft.package import Package, Resource
from aistatecraft.package.codebook import field_rows
from aistatecraft.package.labels import free_name
from aistatecraft.package.lookup import fold_text, name_fields, records_of

__all__ = ["APPLICATION_ID", "build", "own_tables"]

APPLICATION_ID = 0x41495343
"""Number by which programs recognise such a database ("AISC")."""
_PAGE = 4096
_OLDEST = (3, 37, 0)
"""Version of SQLite that first had STRICT tables; both writing and reading need it."""


def build(package: Package, *, version: str, released: str) -> bytes:
    """The bytes of the database.

    Raises
    ------
    UsageError
        Where the SQLite of this Python is too old.
    RefusedError
        Where SQLite cannot hold the package, or its rows break a key or a constraint.
    """
    if sqlite3.sqlite_version_info < _OLDEST or not hasattr(sqlite3.Connection, "serialize"):
        raise UsageError(
            f"the format sqlite needs SQLite 3.37 or later with all standard features, but this Python has {sqlite3.sqlite_version}; use another Python."
        )
    refuse_alike(package.resources, where=package.descriptor_path, what="tables", format="SQLite")
    own = own_tables(package)
    taken = {name.lower() for name in (*package.resources, *own.values())}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.execute(f"PRAGMA page_size = {_PAGE}")
        base.execute("PRAGMA secure_delete = ON")  # else texts that were moved stay behind in places that hold nothing
        base.execute("PRAGMA foreign_keys = OFF")  # tables are filled in their own order, and checked when all are
        base.execute("PRAGMA auto_vacuum = NONE")
        base.execute("PRAGMA encoding = 'UTF-8'")
        base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        base.execute(f"PRAGMA user_version = {_number(version)}")
        base.execute("BEGIN")
        _describe(base, package, own, version, released)
        missing: list[tuple[str, str, str, str]] = []
        for resource in package.resources.values():
            missing += _fill(base, package, resource)
        _insert(base, own["_missing"], missing)
        for resource in package.resources.values():
            _insert(base, own["names"], _names(package, resource))
        for resource in package.resources.values():
            for fields in indices_of(resource.schema):
                name = free_name("_".join(["index", resource.name, *fields]), taken)
                base.execute(create_index(name, resource.name, fields))
        for text in views(package, own["_categories"], taken):
            base.execute(text)
        _refuse_broken_keys(base)
        base.execute("COMMIT")
        base.execute("VACUUM")
        return normalised(base.serialize(), page_size=_PAGE, version=_OLDEST[0] * 1_000_000 + _OLDEST[1] * 1_000 + _OLDEST[2])


def own_tables(package: Package) -> dict[str, str]:
    """The tables that describe the others: what they are, and the names that they have beside those of the package."""
    taken = {name.lower() for name in package.resources}
    return {name: free_name(name, taken) for name in ("_package", "_codebook", "_categories", "_missing", "names")}


def _number(version: str) -> int:
    """The version as a whole number that grows with it: 1.2.3 is 1002003."""
    match = re.match(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9])", version)
    return sum(int(part) * unit for part, unit in zip(match.groups(), (1_000_000, 1_000, 1), strict=True)) if match else 0


def _insert(base: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        base.execute(f"INSERT INTO {quoted(table)} VALUES ({', '.join('?' * len(row))})", row)


def _describe(base: sqlite3.Connection, package: Package, own: dict[str, str], version: str, released: str) -> None:
    """Make and fill the tables that describe the others; only that of the missing cells stays empty for now."""
    release = about(package, version, released)
    base.execute(f"CREATE TABLE {quoted(own['_package'])} (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT")
    facts = {
        "name": release.name, "title": release.title, "description": release.description, "version": version, "released": released,
        "licence": release.licence_text, "citation": release.cited(Style.apa), "homepage": release.homepage, "doi": release.doi,
        "keywords": "; ".join(release.keywords), "contributors": "; ".join(person.name for person in release.people),
    }  # fmt: skip
    _insert(base, own["_package"], [(name, value) for name, value in facts.items() if value])
    base.execute(
        f"CREATE TABLE {quoted(own['_codebook'])} (table_name TEXT NOT NULL, position INTEGER NOT NULL, field TEXT NOT NULL, title TEXT NOT NULL,"
        " type TEXT NOT NULL, in_key INTEGER NOT NULL, required INTEGER NOT NULL, refers_to TEXT, description TEXT NOT NULL,"
        " constraints TEXT, categories TEXT, example TEXT, PRIMARY KEY (table_name, field)) STRICT"
    )
    base.execute(
        f"CREATE TABLE {quoted(own['_categories'])} (table_name TEXT NOT NULL, field TEXT NOT NULL, position INTEGER NOT NULL,"
        " value TEXT NOT NULL, label TEXT NOT NULL, PRIMARY KEY (table_name, field, value)) STRICT"
    )
    base.execute(
        f"CREATE TABLE {quoted(own['_missing'])} (table_name TEXT NOT NULL, record_id TEXT NOT NULL, field TEXT NOT NULL, reason TEXT NOT NULL) STRICT"
    )
    # A plain table, since the text indices of SQLite find neither a Chinese word inside of a title nor a name without its accents.
    base.execute(
        f"CREATE TABLE {quoted(own['names'])} (record_table TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL,"
        " folded TEXT NOT NULL) STRICT"
    )
    for resource in package.resources.values():
        _insert(base, own["_codebook"], _codebook(resource))
        for column in resource.schema.fields:
            labels = [(category.value, category.label) for category in column.categories]
            _insert(base, own["_categories"], [(resource.name, column.name, place, *both) for place, both in enumerate(labels, 1)])


def _codebook(resource: Resource) -> list[tuple[Any, ...]]:
    rows = []
    for place, (column, words) in enumerate(zip(resource.schema.fields, field_rows(resource.schema), strict=True), 1):
        limits = json.dumps(dict(column.limits), ensure_ascii=False) if column.limits else None
        rows.append(
            (
                resource.name, place, column.name, words["title"], words["type"], int(words["key"]), int(words["required"]), words["references"],
                words["description"], limits, words["values"], words["example"],
            )
        )  # fmt: skip
    return rows


def _names(package: Package, resource: Resource) -> Iterable[tuple[str, str, str, str, str]]:
    """Every name of the records of a table whose key is one field, once each: with its language where that is known, and folded, as it is
    compared in a search (see `fold_text`)."""
    if len(resource.schema.primary_key) != 1:
        return
    fields = name_fields(resource.schema)
    for identifier, values in records_of(package, resource):
        found = {values[name]: _language(name, values) for name in reversed(fields) if name in values}
        for name, language in [(identifier, ""), *reversed(found.items())]:
            yield resource.name, identifier, language, name, fold_text(name)


def _language(field: str, values: Mapping[str, str]) -> str:
    match = re.search("_([a-z]{2})$", field)
    return match[1] if match else values.get("language", "") if field in ("title", "title_original") else ""


def _stored(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else int(value) if isinstance(value, bool) else value


def _fill(base: sqlite3.Connection, package: Package, resource: Resource) -> list[tuple[str, str, str, str]]:
    """Make and fill a table; gives its cells that are missing for a stated reason."""
    values = read_values(package, resource)
    name, schema = resource.name, resource.schema
    try:
        base.execute(create_table(package, resource))
    except (sqlite3.Error, ValueError) as error:
        raise RefusedError(
            f"{resource.schema_path or name}: SQLite cannot create the table ({error}); rename the table or field, or omit the format sqlite."
        ) from None
    text = f"INSERT INTO {quoted(name)} VALUES ({', '.join('?' * len(schema.fields))})"
    for number, row in enumerate(values.rows, 1):
        try:
            base.execute(text, [_stored(value) for value in row])
        except (sqlite3.Error, ValueError) as error:
            raise RefusedError(
                f"{resource.path}: row {number} does not fit its schema ({error}); run 'aistatecraft validate' to see every problem."
            ) from None
    stated = [(name, cell.record, cell.field, cell.reason) for cell in values.missing]
    return stated + _not_numbers(values, resource)


def _not_numbers(values: TypedColumns, resource: Resource) -> list[tuple[str, str, str, str]]:
    """SQLite has no NaN and stores NULL for it: the table of the missing cells says that it was one."""
    found = []
    for at, column in enumerate(resource.schema.fields):
        if column.kind.sqlite == "REAL":
            for number, value in enumerate(values.columns[at]):
                if value is not None and math.isnan(value):
                    key = "/".join(str(values.columns[place][number]) for place in resource.key_positions) or str(number + 1)
                    found.append((resource.name, key, column.name, "NaN"))
    return found


def _refuse_broken_keys(base: sqlite3.Connection) -> None:
    for table, row, parent, _ in base.execute("PRAGMA foreign_key_check"):
        raise RefusedError(
            f"{table}: row {row} refers to a record that {parent} does not have; run 'aistatecraft validate' to see every problem."
        )
