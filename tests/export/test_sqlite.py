"""SQLite: the whole package comes back, keys and constraints are enforced, and no writer leaves its mark."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.api import load, missing
from aistatecraft.errors import RefusedError, UsageError
from aistatecraft.export.sqlite import APPLICATION_ID
from aistatecraft.export.sqlite_bytes import normalised
from aistatecraft.package import Package, open_package
from aistatecraft.package.codebook import field_rows
from tests.conftest import PEOPLE, Make
from tests.export.conftest import database, loaded, one
from tests.export.test_typed_columns import EVERYTHING, EVERYTHING_NAMES, ROWS

File = Callable[[str], bytes]


def rows(base: sqlite3.Connection, text: str) -> list[tuple[Any, ...]]:
    return base.execute(text).fetchall()


# What comes back


@pytest.mark.real
def test_every_cell_of_every_table(file: File, package: Package, root: Path) -> None:
    with database(file("sqlite")) as base:
        for name, resource in package.resources.items():
            found = base.execute(f'SELECT * FROM "{name}"')
            assert tuple(column[0] for column in found.description) == resource.schema.names
            listed = found.fetchall()
            frame = loaded(name, root)
            for at, column in enumerate(resource.schema.fields):
                values = [row[at] for row in listed]
                if column.type == "boolean":
                    values = [None if value is None else {0: False, 1: True}[value] for value in values]
                if column.type == "date":
                    frame[column.name] = [None if day is None else day.isoformat() for day in frame[column.name]]
                assert values == frame[column.name], f"{name}.{column.name}"


@pytest.mark.real
def test_it_is_whole_and_says_what_it_is(file: File, package: Package) -> None:
    with database(file("sqlite")) as base:
        assert rows(base, "PRAGMA integrity_check") == [("ok",)]
        assert rows(base, "PRAGMA foreign_key_check") == []
        assert rows(base, "PRAGMA application_id") == [(APPLICATION_ID,)]
        assert rows(base, "PRAGMA user_version") == [(2000,)]
        assert {strict for (strict,) in rows(base, "SELECT strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%'")} == {1}  # fmt: skip
        said = dict(rows(base, "SELECT * FROM _package"))
    assert (said["name"], said["version"], said["released"], said["title"]) == ("aistatecraft", "0.2.0", "2026-12-01", package.title)
    assert said["citation"].startswith("aistatecraft contributors. (2026).") and "CC" not in said["citation"]
    assert said["licence"] == "Creative Commons Attribution 4.0 International (https://creativecommons.org/licenses/by/4.0/)"
    assert "homepage" not in said and "doi" not in said


@pytest.mark.real
def test_codebook_categories_and_reasons(file: File, package: Package, root: Path) -> None:
    schemas = [resource.schema for resource in package.resources.values()]
    with database(file("sqlite")) as base:
        book = rows(base, "SELECT table_name, field, title, type, in_key, required, refers_to, description, categories, example FROM _codebook ORDER BY rowid")  # fmt: skip
        words = [row for plan in schemas for row in field_rows(plan)]
        keys = ("table", "field", "title", "type", "key", "required", "references", "description", "values", "example")
        assert book == [tuple(row[key] for key in keys) for row in words]
        limits = {(table, field): json.loads(text) for table, field, text in rows(base, "SELECT table_name, field, constraints FROM _codebook WHERE constraints IS NOT NULL")}  # fmt: skip
        assert limits == {(plan.name, column.name): dict(column.limits) for plan in schemas for column in plan.fields if column.limits}
        listed = rows(base, "SELECT table_name, field, position, value, label FROM _categories ORDER BY rowid")
        assert listed == [
            (plan.name, column.name, place, category.value, category.label)
            for plan in schemas for column in plan.fields for place, category in enumerate(column.categories, 1)
        ]  # fmt: skip
        told = [(name, *map(str, row)) for name in package.resources for row in missing(name, path=root).itertuples(index=False)]
        assert rows(base, "SELECT * FROM _missing") == told


@pytest.mark.real
def test_meaning_of_each_field_stands_in_the_statement_that_makes_it(file: File, package: Package) -> None:
    with database(file("sqlite")) as base:
        for name, resource in package.resources.items():
            ((text,),) = rows(base, f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{name}'")
            assert f"-- {resource.schema.title}. {resource.schema.description}" in text
            for column in resource.schema.fields:
                said = "" if column.title == column.name else f"{column.title}. "
                assert re.search(rf'-- {re.escape(said + column.description)}\n  "{column.name}" ', text)


# Keys and constraints


@pytest.mark.real
def test_all_keys_of_the_schemas_are_there(file: File, package: Package) -> None:
    with database(file("sqlite")) as base:
        for name, resource in package.resources.items():
            key = [row[1] for row in sorted(rows(base, f'PRAGMA table_info("{name}")'), key=lambda row: row[5]) if row[5]]
            assert tuple(key) == resource.schema.primary_key
            found: dict[int, tuple[str, list[str], list[str]]] = {}
            for number, _, table, here, there, *_ in rows(base, f'PRAGMA foreign_key_list("{name}")'):
                _, fields, references = found.setdefault(number, (table, [], []))
                fields.append(here)
                references.append(there)
            assert sorted(found.values()) == sorted((key.resource or name, list(key.fields), list(key.references)) for key in resource.schema.foreign_keys)  # fmt: skip


@pytest.mark.real
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE strategies SET jurisdiction = 'ATLANTIS' WHERE id = 'bra-ebia-2021'", "FOREIGN KEY"),
        ("UPDATE strategies SET supersedes = 'no-such-strategy' WHERE id = 'bra-ebia-2021'", "FOREIGN KEY"),
        ("DELETE FROM actors WHERE id = 'BRA'", "FOREIGN KEY"),
        ("UPDATE strategies SET id = 'col-conpes-3975-2019' WHERE id = 'bra-ebia-2021'", "UNIQUE constraint failed: strategies.id"),
        ("UPDATE strategies SET title_en = NULL", "NOT NULL constraint failed: strategies.title_en"),
        ("UPDATE strategies SET kind = 'poem'", "CHECK constraint failed: kind: category"),
        ("UPDATE strategies SET budget = -1", "CHECK constraint failed: budget: minimum"),
        ("UPDATE strategies SET period_start = 'soon'", "cannot store TEXT value in INTEGER column strategies.period_start"),
        ("UPDATE evidence SET quote = printf('%.121c', 'x')", "CHECK constraint failed: quote: maxLength"),
        ("UPDATE sources SET accessed = '2025-02-30'", "CHECK constraint failed: accessed: date"),
        ("UPDATE indices SET higher_is_better = 2", "CHECK constraint failed: higher_is_better: boolean"),
        ("UPDATE actors SET iso2 = 'AR' WHERE id = 'BRA'", "UNIQUE constraint failed: actors.iso2"),
        ("INSERT INTO memberships SELECT * FROM memberships LIMIT 1", "UNIQUE constraint failed: memberships.bloc, memberships.member"),
    ],
)  # fmt: skip
def test_what_the_schemas_forbid_is_refused(file: File, statement: str, reason: str) -> None:
    with database(file("sqlite")) as base, pytest.raises(sqlite3.IntegrityError, match=reason):
        base.execute(statement)


def test_keys_of_several_fields_and_to_the_table_itself(make: Make) -> None:
    def text(name: str) -> dict[str, Any]:
        return {"name": name, "type": "string"}

    place = {"fields": [text("land"), text("town"), text("of_land"), text("of_town")], "primaryKey": ["land", "town"], "foreignKeys": [{"fields": ["of_land", "of_town"], "reference": {"resource": "", "fields": ["land", "town"]}}]}  # fmt: skip
    visit = {"fields": [text("to_town"), text("to_land")], "foreignKeys": [{"fields": ["to_town", "to_land"], "reference": {"resource": "place", "fields": ["town", "land"]}}]}  # fmt: skip
    data = one("sqlite", open_package(make({"visit": (visit, "to_town,to_land\nParis,FR\n"), "place": (place, "land,town,of_land,of_town\nFR,Paris,,\nFR,Orly,FR,Paris\nUS,Paris,,\n")})))  # fmt: skip
    with database(data) as base:
        for statement in (
            "INSERT INTO visit VALUES ('Orly', 'US')",
            "INSERT INTO place VALUES ('FR', 'Nice', 'US', 'Nice')",
            "DELETE FROM place WHERE town = 'Paris' AND land = 'FR'",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
                base.execute(statement)
        base.execute("DELETE FROM place WHERE land = 'US'")
        assert rows(base, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1") == [
            ("index_place_of_land_of_town",),
            ("index_visit_to_town_to_land",),
        ]


def test_a_reference_to_what_is_no_key_is_left_out(make: Make) -> None:
    """SQL has no foreign keys to fields that are not unique; a table with one could not be written to."""
    child = {"fields": [{"name": "colour", "type": "string"}], "foreignKeys": [{"fields": ["colour"], "reference": {"resource": "parent", "fields": ["colour"]}}]}  # fmt: skip
    parent = {"fields": [{"name": "colour", "type": "string"}]}
    with database(one("sqlite", open_package(make({"child": (child, "colour\nred\n"), "parent": (parent, "colour\nred\nred\n")})))) as base:  # fmt: skip
        assert rows(base, "PRAGMA foreign_key_list(child)") == []
        base.execute("INSERT INTO child VALUES ('blue')")


@pytest.mark.real
def test_what_is_looked_up_has_an_index(file: File, package: Package) -> None:
    with database(file("sqlite")) as base:
        for name, resource in package.resources.items():
            pairs = [("record_table", "record_id"), ("subject_table", "subject_id"), ("object_table", "object_id")]
            wanted = [key.fields for key in resource.schema.foreign_keys] + [
                pair for pair in pairs if set(pair) <= set(resource.schema.names)
            ]
            for fields in wanted:
                where = " AND ".join(f'"{field}" = ?' for field in fields)
                plan = base.execute(f'EXPLAIN QUERY PLAN SELECT * FROM "{name}" WHERE {where}', ["x"] * len(fields)).fetchall()
                assert all("USING" in step[3] and "INDEX" in step[3] for step in plan), (name, fields)


# Types, and what SQLite cannot hold


def test_each_type(make: Make) -> None:
    with database(one("sqlite", open_package(make({"everything": (EVERYTHING, ROWS)})))) as base:
        kinds = {row[1]: row[2] for row in rows(base, "PRAGMA table_info(everything)")}
        others = {"whole": "INTEGER", "real": "REAL", "yes": "INTEGER", "year": "INTEGER", "grade": "INTEGER"}
        assert kinds == dict.fromkeys(EVERYTHING_NAMES, "TEXT") | others
        assert rows(base, "SELECT * FROM everything")[:2] == [
            (
                "full", 9223372036854775807, 0.30000000000000004, 1, "2024-02-29", "2024-02-29T12:00:00+00:00", 2024, "2024-02", '["a", "b"]',
                "[1, 2]", '["2024-01-01", "2024-01-02"]', "it's", "b", 2, "076", "https://host.invalid/", "2024-02",
            ),
            (
                "old", -9, -1.5e-300, 0, "0999-12-31", "2024-02-29T12:00:00", -44, "0001-01", '["a"]', "[7]", '["1999-12-31"]', "x", "a", 1,
                "004", None, "2024",
            ),
        ]  # fmt: skip
        for column, value in [("real", -1e300), ("day", "0998-12-31"), ("month", "2031-01"), ("words", '["a","b","c","d"]'), ("words", "a"), ("anything", "y"), ("code", "12"), ("grade", 3)]:  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed"):
                base.execute(f"UPDATE everything SET {column} = ? WHERE id = 'full'", [value])


def test_rows_keep_their_order_whatever_the_key(make: Make) -> None:
    schema = {"fields": [{"name": "n", "type": "integer"}], "primaryKey": ["n"]}
    with database(one("sqlite", open_package(make({"t": (schema, "n\n30\n10\n20\n")})))) as base:
        assert rows(base, "SELECT n FROM t") == [(30,), (10,), (20,)]


def test_not_a_number_is_told_among_the_missing(make: Make) -> None:
    schema = {"fields": [{"name": "id", "type": "string"}, {"name": "x", "type": "number"}], "primaryKey": ["id"]}
    with database(one("sqlite", open_package(make({"t": (schema, "id,x\na,NaN\nb,INF\nc,-INF\nd,\n")})))) as base:
        assert rows(base, "SELECT x FROM t") == [(None,), (float("inf"),), (float("-inf"),), (None,)]
        assert rows(base, "SELECT * FROM _missing") == [("t", "a", "x", "NaN")]


def test_tables_and_fields_with_the_names_of_ours(make: Make) -> None:
    """Whatever a package calls its tables, they keep their names and ours give way."""
    people = {**PEOPLE, "fields": [*PEOPLE["fields"], {"name": "boss", "type": "string"}, {"name": "boss_name", "type": "string"}], "foreignKeys": [{"fields": ["boss"], "reference": {"resource": "", "fields": ["id"]}}]}  # fmt: skip
    names = ("people", "people_labelled", "_package", "index_people_boss", "Support")
    tables = {name: (people if name == "people" else PEOPLE, "id,name,born,score\nada,Ada,,\n" if name != "people" else "id,name,born,score,boss,boss_name\nada,Ada,,,ada,own\n") for name in names}  # fmt: skip
    with database(one("sqlite", open_package(make(tables)))) as base:
        found = dict(rows(base, "SELECT name, type FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
        assert {name: found[name] for name in names} == dict.fromkeys(names, "table")
        assert (found["__package"], found["_index_people_boss"], found["_people_labelled"]) == ("table", "index", "view")
        assert rows(base, 'SELECT boss, boss_name, _boss_name FROM "_people_labelled"') == [("ada", "own", "Ada")]


@pytest.mark.parametrize(
    ("table", "schema", "text", "message"),
    [
        ("sqlite_t", {"fields": [{"name": "a", "type": "string"}]}, "a\nx\n", r"^sqlite_t: SQLite cannot create the table \(object name reserved"),
        ("t", {"fields": [{"name": "a", "type": "string"}, {"name": "A", "type": "string"}]}, "a,A\nx,y\n", r"^t: SQLite cannot create the table \(duplicate column name: A\); rename"),
        ("t", {"fields": [{"name": "a", "type": "string", "constraints": {"required": True}}]}, 'a\nx\n""\n', r"^data/t.csv: row 2 does not fit its schema \(NOT NULL constraint failed: t.a\); run 'aistatecraft validate'"),
        ("t", {"fields": [{"name": "a", "type": "string"}], "primaryKey": ["a"], "foreignKeys": [{"fields": ["a"], "reference": {"resource": "u", "fields": ["b"]}}]}, "a\nx\n", r"^t: row 1 refers to a record that u does not have; run 'aistatecraft validate'"),
    ],
)  # fmt: skip
def test_what_it_cannot_hold_is_refused(make: Make, table: str, schema: dict[str, Any], text: str, message: str) -> None:
    other = {"fields": [{"name": "b", "type": "string"}], "primaryKey": ["b"]}
    with pytest.raises(RefusedError, match=message):
        one("sqlite", open_package(make({table: (schema, text), "u": (other, "b\ny\n")})))


def test_an_old_sqlite(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(UsageError, match=r"^the format sqlite needs SQLite 3\.37 or later"):
        one("sqlite", open_package(project))


# Its bytes


@pytest.mark.real
def test_what_the_writer_leaves_behind_is_taken_out(file: File) -> None:
    """Header and empty space are as another version of SQLite would leave them; afterwards the bytes are the same."""
    data = file("sqlite")
    other = bytearray(data)
    other[24:28] = other[92:96] = (77).to_bytes(4, "big")
    other[40:44] = (5).to_bytes(4, "big")
    other[96:100] = (3_054_001).to_bytes(4, "big")
    filled = 0
    for start in range(4096, len(other), 4096):
        if other[start] in (2, 5, 10, 13):
            cells, first = (int.from_bytes(other[start + at : start + at + 2], "big") for at in (3, 5))
            free = start + (12 if other[start] in (2, 5) else 8) + 2 * cells
            other[free : start + first] = b"\xaa" * (start + first - free)
            filled += start + first > free
    assert filled > 100 and bytes(other) != data
    with database(bytes(other)) as base:
        assert rows(base, "PRAGMA integrity_check") == [("ok",)]
    assert normalised(bytes(other), page_size=4096, version=3_037_000) == data
    assert normalised(data, page_size=4096, version=3_037_000) == data


@pytest.mark.real
def test_it_opens_from_disk_in_another_process(file: File, tmp_path: Path, package: Package) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(file("sqlite"))
    code = "import sqlite3, sys; base = sqlite3.connect(sys.argv[1]); print(*base.execute('SELECT count(*) FROM actors').fetchone(), *base.execute('PRAGMA journal_mode').fetchone(), *base.execute('PRAGMA freelist_count').fetchone()); base.execute('CREATE TABLE own (x)'); base.execute('INSERT INTO own VALUES (1)'); base.commit(); print(*base.execute('PRAGMA integrity_check').fetchone())"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(load("actors", path=package.root))), "delete", "0", "ok"]
