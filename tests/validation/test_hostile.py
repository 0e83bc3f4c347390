"""Input that would take for ever, or all memory, or is no table at all: one clear sentence, exit code 2."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from aistatecraft.errors import ReadError
from aistatecraft.package.storage import DirectoryStore
from aistatecraft.validation import Report, validate
from tests.conftest import Make

SCHEMA: dict[str, Any] = {"fields": [{"name": "id", "type": "string"}, {"name": "note", "type": "string"}], "primaryKey": "id"}


def only(report: Report) -> tuple[str, int]:
    (finding,) = report.findings
    assert finding.message and finding.hint
    return finding.rule, report.exit_code


def test_a_file_of_no_bytes(make: Make) -> None:
    assert only(validate(make({"t": (SCHEMA, b"")}))) == ("empty-file", 2)


def test_a_file_of_a_gibibyte(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make({"t": (SCHEMA, "id,note\n")})
    os.truncate(path / "data/t.csv", 1024**3)
    real = DirectoryStore.read
    monkeypatch.setattr(
        DirectoryStore, "read", lambda self, file: real(self, file) if file.endswith(".json") else pytest.fail("it is read")
    )
    assert only(validate(path)) == ("too-large", 2)


def test_one_line_of_30_megabytes(make: Make) -> None:
    assert only(validate(make({"t": (SCHEMA, b"id,note\n" + b"x" * 30_000_000 + b"\n")})))[0] == "quoting"


def test_a_header_of_a_million_columns(make: Make) -> None:
    text = ",".join(f"c{number}" for number in range(1_000_000))
    assert only(validate(make({"t": (SCHEMA, f"id,note,{text}\n1,2\n")}))) == ("header", 2)


@pytest.mark.parametrize(
    ("start", "word"),
    [(b"PK\x03\x04", "workbook"), (b"%PDF-1.7", "PDF"), ("id,note".encode("utf-16"), "UTF-16"), (b"\x1f\x8b\x08", "gzip")],
)
def test_what_is_no_csv_at_all(make: Make, start: bytes, word: str) -> None:
    report = validate(make({"t": (SCHEMA, start + b"\x00\x01\xff" * 100)}))
    assert only(report) == ("not-csv", 2)
    assert word in report.findings[0].message


def test_a_file_that_may_not_be_read(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make({"t": (SCHEMA, "id,note\n")})
    opened = Path.open

    def refuse(self: Path, *arguments: Any, **options: Any) -> Any:
        if self.name == "t.csv":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReadError, match=r"^data/t\.csv: the file cannot be read \(Permission denied\); check its permissions"):
        validate(path)


def test_a_file_that_changes_while_it_is_read(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make({"t": (SCHEMA, "id,note\n1,a\n")})
    opened = DirectoryStore.open

    def open_and_change(self: DirectoryStore, name: str) -> BinaryIO:
        handle = opened(self, name)
        if name.endswith(".csv"):
            with (path / name).open("a") as out:
                out.write("2,b\n")
        return handle

    monkeypatch.setattr(DirectoryStore, "open", open_and_change)
    assert only(validate(path)) == ("changed", 2)


def test_a_package_of_ten_thousand_resources(tmp_path: Path) -> None:
    resources = [{"name": f"t{number}", "path": "t.csv", "schema": SCHEMA} for number in range(10_000)]
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "many", "resources": resources}))
    with pytest.raises(ReadError, match=r"it lists 10,000 resources, more than the limit of 1,000"):
        validate(tmp_path)


@pytest.mark.parametrize("path", ["../t.csv", "/etc/passwd", "https://127.0.0.1/t.csv", "data/../../t.csv", "C:\\t.csv"])
def test_a_path_outside_the_package(tmp_path: Path, path: str) -> None:
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [{"name": "t", "path": path, "schema": SCHEMA}]}))
    with pytest.raises(ReadError, match=r"resource t: the path .* (points outside the package|is an address)"):
        validate(tmp_path)


def test_a_hundred_thousand_wrong_cells_are_all_found(make: Make) -> None:
    schema = {
        "fields": [{"name": "id", "type": "integer"}, {"name": "ref", "type": "string"}],
        "foreignKeys": [{"fields": "ref", "reference": {"resource": "", "fields": "ref"}}],
    }
    report = validate(make({"t": (schema, "id,ref\n" + "".join(f"x{number},\n" for number in range(100_000)))}))
    assert report.errors == 100_000
    assert report.findings[-1].line == 100_001


def test_a_stray_quote_at_the_top_of_a_large_file_hides_nothing(make: Make) -> None:
    text = 'id,note\n"1,a\n' + "".join(f"{number},b\n" for number in range(2, 100_000)) + "100000\n"
    found = validate(make({"t": (SCHEMA, text)})).findings
    assert [(finding.rule, finding.line) for finding in found] == [("quoting", 2), ("ragged-row", 100_001)]
