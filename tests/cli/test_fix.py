"""`validate --fix`: the repairs that are safe, and then the findings that are left."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from tests.conftest import Make, Run, tree

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
        "not fixed: data/u.csv:3: the row has 1 cells, the header has 2, so that a cell could be lost, and nothing was written; "
        "add the cells that are missing (a blank cell needs its comma too).",
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
    assert run("validate", package, "--fix") == (0, "0 problems in 1 tables with 1 rows\n", "")
    assert tree(package) == before


def test_archive_is_refused(run: Run, make: Make, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name, data in tree(make({"t": (SCHEMA, "id,name\n")})).items():
            archive.writestr(name, data)
    done = run("validate", tmp_path / "p.zip", "--fix")
    assert (done.code, done.out) == (2, "")
    assert "an archive is never rewritten" in done.err


def test_missing_table_is_a_finding_not_the_end(run: Run, make: Make) -> None:
    package = make({"t": (SCHEMA, "id,name\na, Ada\n"), "u": (SCHEMA, None)})
    done = run("validate", package, "--fix", "--format", "json")
    assert [item["rule"] for item in json.loads(done.out)["findings"]] == ["missing-file"]
    assert (package / "data/t.csv").read_text() == "id,name\na,Ada\n"
