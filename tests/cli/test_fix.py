"""`validate --fix`: the fixes that are safe, and then the findings that are left."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.package import Package, Resource, open_package
from aistatecraft.package.csv_reader import clean_rows
from tests.conftest import Make, Run, edit, tree

SCHEMA: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "name", "type": "string"}],
    "primaryKey": ["id"],
}


def test_safe_fixes_are_made_and_the_rest_is_reported(run: Run, make: Make) -> None:
    package = make({"t": (SCHEMA, "\ufeffid,name\r\nb,Bo  B\r\n a,Ada\r\n"), "u": (SCHEMA, "id,name\na, Ada\nb\n")}, own=True)
    before = json.loads(run("validate", package, "--fast", "--format", "json").out)["findings"]
    done = run("validate", package, "--fast", "--fix", "--format", "json")
    assert done.code == 1
    assert done.err.splitlines() == [
        "fixed data/t.csv: 1 byte order mark, 3 lines that did not end with LF, 1 row out of order, 1 cell with white space at its ends",
        "not fixed: data/u.csv:3: the row has 1 cells, the header has 2, so a cell could be lost and nothing was written; "
        "add the missing cells (a blank cell needs its comma, too).",
    ]
    after = json.loads(done.out)["findings"]
    assert [(item["file"], item["line"], item["rule"]) for item in after] == [
        ("data/t.csv", 3, "white-space"),
        ("data/u.csv", 2, "white-space"),
        ("data/u.csv", 3, "ragged-row"),
    ]
    assert (package / "data/t.csv").read_bytes() == b"id,name\na,Ada\nb,Bo  B\n"
    assert (package / "data/u.csv").read_bytes() == b"id,name\na, Ada\nb\n"

    def kinds(findings: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
        return {(item["file"], item["rule"], item["value"]) for item in findings}

    assert kinds(before) - kinds(after) == kinds([item for item in before if item["fixable"]]), "what is said to be fixable is fixed"


def test_nothing_to_fix(run: Run, make: Make) -> None:
    package = make({"t": (SCHEMA, "id,name\na,Ada\n")})
    before = tree(package)
    assert run("validate", package, "--fix") == (0, f"0 problems in {package}/ (0.1.0, 1 table, 1 row)\n", "")
    assert tree(package) == before


def test_archive_is_refused(run: Run, make: Make, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name, data in tree(make({"t": (SCHEMA, "id,name\n")})).items():
            archive.writestr(name, data)
    done = run("validate", tmp_path / "p.zip", "--fix")
    assert (done.code, done.out) == (2, "")
    assert "an archive is never rewritten" in done.err


def test_missing_table_is_a_finding_not_the_end(run: Run, make: Make) -> None:
    package = make({"t": (SCHEMA, "id,name\n\na, Ada\n"), "u": (SCHEMA, None)})
    done = run("validate", package, "--fix", "--format", "json")
    assert [item["rule"] for item in json.loads(done.out)["findings"]] == ["missing-file"]
    assert (package / "data/t.csv").read_text() == "id,name\na, Ada\n"


# Packages of other people

VALID = {
    "order": (SCHEMA, "id,name\nb,2\na,1\n"),
    "space": (SCHEMA, "id,name\na, x \nb,\u00a0\nc,\u200bd\n"),
    "key": (SCHEMA, 'id,name\na,1\n"a ",2\n'),
    "quotes": (SCHEMA, '"id","name"\n"a","1"\n'),
    "letters": (SCHEMA, "id,name\ne\u0301,x\n\u00e9,y\n"),
}


@pytest.mark.parametrize("case", VALID)
def test_a_valid_package_of_other_people_stays_as_it_is(case: str, run: Run, make: Make) -> None:
    package = make({"t": VALID[case]})
    before = tree(package)
    rows = VALID[case][1].count("\n") - 1
    assert run("validate", package, "--fix") == (
        0,
        f"0 problems in {package}/ (0.1.0, 1 table, {rows} row{'s' if rows != 1 else ''})\n",
        "",
    )
    assert tree(package) == before


@pytest.mark.parametrize("case", VALID)
def test_the_canonical_form_of_other_peoples_tables_changes_no_value(case: str, run: Run, make: Make) -> None:
    package = make({"t": VALID[case]})
    before = sorted(row for rows in clean_rows(*table(package)) for row in map(tuple, rows))
    assert run("fmt", package).code == 0
    assert sorted(row for rows in clean_rows(*table(package)) for row in map(tuple, rows)) == before
    assert run("validate", package).code == 0


def table(package: Path) -> tuple[Package, Resource]:
    opened = open_package(package)
    return opened, opened.resource("t")


def test_only_what_is_reported_is_repaired(run: Run, make: Make) -> None:
    package = make({"t": (SCHEMA, 'id,name\nb,x \n\n"a ","1"\n\u00a0,\n'), "u": (SCHEMA, "id,name\nz,\u00a0\ny,\n")})
    before = json.loads(run("validate", package, "--format", "json").out)["findings"]
    assert [(item["line"], item["rule"], item["fixable"]) for item in before] == [(3, "blank-row", True)]
    assert run("validate", package, "--fix") == (
        0,
        f"0 problems in {package}/ (0.1.0, 2 tables, 5 rows)\n",
        "fixed data/t.csv: 1 blank row\n",
    )
    assert (package / "data/t.csv").read_text() == 'id,name\nb,x \n"a ","1"\n\u00a0,\n'
    assert (package / "data/u.csv").read_text() == "id,name\nz,\u00a0\ny,\n"


DESCRIBED = """\ufeff{ "name" : "other", "resources": [
  {"name": "t", "path": "data/t.csv", "bytes":  18 , "hash": "9", "more": {"bytes": 1, "hash": "z"}, "schema": %s,
   "note": "\u00e9, \\"hash\\": \\"x\\""},
  {"hash": "SHA1:%s", "name": "u", "path": "data/u.csv", "schema": %s } ] ,
  "bytes": 5, "hash": "x" }
"""


@pytest.mark.parametrize("words", [("validate", "--fix"), ("fmt",), ("new",)])
def test_hash_and_bytes_follow_and_nothing_else_in_the_descriptor(words: tuple[str, ...], run: Run, make: Make) -> None:
    schema = json.dumps(SCHEMA)
    start = "id,name\na,Ada\n" if words == ("new",) else "id,name\na,Ada\n\n"
    package = make({"t": (SCHEMA, start), "u": (SCHEMA, "id,name\n")})
    (package / "datapackage.json").write_text(DESCRIBED % (schema, "0" * 40, schema), encoding="utf-8")
    command, *options = words
    done = run("new", "t", "--set", "id=b", "--path", package) if command == "new" else run(command, package, *options)
    assert done.code == 0
    data = (package / "data/t.csv").read_bytes()
    assert data == b"id,name\na,Ada\n" + (b"b,\n" if words == ("new",) else b"")
    expected = DESCRIBED.replace('"9"', f'"{hashlib.md5(data).hexdigest()}"').replace('"bytes":  18', f'"bytes":  {len(data)}')
    assert (package / "datapackage.json").read_text(encoding="utf-8") == expected % (schema, "0" * 40, schema)


def test_a_hash_that_cannot_be_computed_keeps_the_table_as_it_is(run: Run, make: Make) -> None:
    package = make({"t": (SCHEMA, "id,name\n\na,Ada\n")})
    edit(package / "datapackage.json", '"path"', '"hash": "crc99:1", "path"')
    before = tree(package)
    done = run("validate", package, "--fix")
    assert (
        done.code,
        "not fixed: datapackage.json: resource t: its hash of the kind 'crc99' cannot be computed" in done.err,
    ) == (1, True)
    assert run("fmt", package).code == 1
    assert tree(package) == before
