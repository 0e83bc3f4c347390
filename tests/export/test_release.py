"""Releases: the same bytes anywhere, readable by anyone, and no number that the changes contradict."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.api import diff
from aistatecraft.errors import ReadError, RefusedError, UsageError
from aistatecraft.export.release import BuiltRelease, release
from aistatecraft.package import clean_records, open_package
from aistatecraft.package.codebook import codebook_markdown
from aistatecraft.package.register import Register
from aistatecraft.releases.archive import build_archive
from aistatecraft.releases.release_state import state_of
from tests.conftest import Make, edit, env, tree, write_package, write_project

DAY = "2024-05-01"
GROWN = "id,name,born,score\nada,Ada,1815-12-10,107.5\nbo,波,1990,3\ncy,Cy,,\n"


def rows_of(path: Path, table: str) -> list[list[str | None]]:
    package = open_package(path)
    return [list(record.cells) for record in clean_records(package, package.resource(table))]


def entries(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as found:
        return {name: found.read(name) for name in found.namelist()}


def put(project: Path, people: str) -> None:
    (project / "data" / "people.csv").write_text(people, encoding="utf-8")


# The same bytes anywhere

BUILD = """
import hashlib, sys
from aistatecraft.package import open_package
from aistatecraft.releases.archive import build_archive
print(hashlib.sha256(build_archive(open_package(sys.argv[1]), "0.1.0", "2024-05-01")[0]).hexdigest())
"""


@pytest.mark.parametrize(
    ("machine", "umask"),
    [
        ({"TZ": "Pacific/Kiritimati"}, None),
        ({"TZ": "America/Los_Angeles"}, None),
        ({"PYTHONHASHSEED": "1"}, None),
        ({"PYTHONHASHSEED": "4242"}, None),
        ({"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, None),
        ({"LC_ALL": "tr_TR.UTF-8"}, None),
        ({"PYTHONOPTIMIZE": "2"}, None),
        ({}, 0o077),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_same_bytes_under_other_settings(project: Path, tmp_path: Path, machine: dict[str, str], umask: int | None) -> None:
    expected = hashlib.sha256(build_archive(open_package(project), "0.1.0", DAY)[0]).hexdigest()
    elsewhere = tmp_path / "Ünder a path" / "deep"
    shutil.copytree(project, elsewhere)
    for path in elsewhere.rglob("*"):
        os.utime(path, (1, 1))
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(elsewhere)],
        env={**env(), **machine},
        cwd=tmp_path,
        umask=-1 if umask is None else umask,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected


def test_same_release_by_two_people(project: Path, tmp_path: Path) -> None:
    """The whole command, in two places, on machines that are set up otherwise: archive, register and stamps are the same."""
    other = tmp_path / "other"
    shutil.copytree(project, other)
    machines = {
        project: {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"},
        other: {"TZ": "America/New_York", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
    }
    for place, (folder, machine) in enumerate(machines.items()):
        words = ["release", "0.2.0", "--path", str(folder), "--out", str(folder / "dist"), "--date", DAY]
        done = subprocess.run(
            [sys.executable, "-m", "aistatecraft", *words], env={**env(), **machine}, umask=0o077 * place, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert tree(project) == tree(other)


def test_same_bytes_whatever_the_file_looks_like(project: Path) -> None:
    """The archive holds the canonical form: quotes that are not needed and the order of the columns do not matter."""
    expected, _ = build_archive(open_package(project), "0.1.0", DAY)
    put(project, '"name","id","born","score"\n"Ada","ada","1815-12-10",107.5\n"波",bo,1990,"3"\n')
    assert build_archive(open_package(project), "0.1.0", DAY)[0] == expected


# What stands in the archive


def test_what_a_release_gives(project: Path, tmp_path: Path) -> None:
    built = release(path=project, out=tmp_path / "dist", date=DAY)
    data = built.archive.read_bytes()
    names = sorted(path.name for path in (tmp_path / "dist").iterdir())
    assert names == [
        "SHA256SUMS", "people-0.1.0-parquet.zip", "people-0.1.0.croissant.json", "people-0.1.0.datacite.json",
        "people-0.1.0.datasette.json", "people-0.1.0.jsonld",
        "people-0.1.0.sqlite", "people-0.1.0.xlsx", "people-0.1.0.zenodo.json", "people-0.1.0.zip",
    ]  # fmt: skip
    assert sorted(path.name for path in built.files) == names
    assert built == BuiltRelease(
        "0.1.0", DAY, tmp_path / "dist" / "people-0.1.0.zip", hashlib.sha256(data).hexdigest(), len(data), {"people": 2}, True, "none",
        files=built.files, left_out={}, coming="0.2.0-dev",
    )  # fmt: skip
    assert (project / "releases" / "people-0.1.0.zip").read_bytes() == data
    assert list(entries(built.archive)) == [
        "CITATION.cff",
        "LICENSE-DATA",
        "README.txt",
        "codebook.md",
        "data/people.csv",
        "datapackage.json",
        "schemas/people.json",
    ]
    with zipfile.ZipFile(built.archive) as archive:
        forms = {(info.date_time, info.compress_type, info.external_attr >> 16, info.create_system) for info in archive.infolist()}
    assert forms == {((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 0o100644, 3)}


def test_archive_is_a_package_with_the_same_rows(project: Path, tmp_path: Path) -> None:
    archive = release(path=project, out=tmp_path / "dist", date=DAY).archive
    package = open_package(archive)
    assert (package.version, package.descriptor["created"], package.title) == ("0.1.0", f"{DAY}T00:00:00Z", "People: a small package")
    assert rows_of(archive, "people") == rows_of(project, "people") == [["ada", "Ada", "1815-12-10", "107.5"], ["bo", "波", "1990", "3"]]
    assert diff(project, archive).changes == []
    assert state_of(package) == f"a release archive of {DAY}"


def test_bytes_hash_and_rows_of_each_table(project: Path, tmp_path: Path) -> None:
    found = entries(release(path=project, out=tmp_path / "dist", date=DAY).archive)
    (resource,) = json.loads(found["datapackage.json"])["resources"]
    table = found["data/people.csv"]
    assert table == "id,name,born,score\nada,Ada,1815-12-10,107.5\nbo,波,1990,3\n".encode()
    assert (resource["bytes"], resource["hash"], resource["rowCount"]) == (len(table), f"sha256:{hashlib.sha256(table).hexdigest()}", 2)


def frictionless_report(archive: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import frictionless

        return frictionless.Package(str(archive)).validate()


def test_archive_is_read_and_found_right_by_frictionless(project: Path, tmp_path: Path) -> None:
    archive = release(path=project, out=tmp_path / "dist", date=DAY).archive
    report = frictionless_report(archive)
    assert (report.valid, [(task.name, task.stats["rows"]) for task in report.tasks]) == (True, [("people", 2)])


def test_frictionless_sees_a_table_that_was_altered(project: Path, tmp_path: Path) -> None:
    archive = release(path=project, out=tmp_path / "dist", date=DAY).archive
    found = entries(archive)
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(altered, "w") as out:
        for name, data in found.items():
            out.writestr(name, data.replace(b"107.5", b"107.6") if name == "data/people.csv" else data)
    report = frictionless_report(altered)
    assert (report.valid, [row[0] for row in report.flatten(["type"])]) == (False, ["hash-count"])
    assert state_of(open_package(altered)) == "an archive whose tables are not those that were released"


def test_table_with_another_dialect_is_written_as_plain_csv(project: Path, tmp_path: Path) -> None:
    put(project, "id;name;born;score\nada;'A;B, C';1815;1\n")
    edit(project / "datapackage.json", '"type": "table",', '"type": "table", "dialect": {"delimiter": ";", "quoteChar": "\'"},')
    archive = release(path=project, out=tmp_path / "dist", date=DAY).archive
    assert entries(archive)["data/people.csv"] == b'id,name,born,score\nada,"A;B, C",1815,1\n'
    assert rows_of(archive, "people") == [["ada", "A;B, C", "1815", "1"]]
    assert frictionless_report(archive).valid


def test_descriptor_states_in_full_how_the_tables_are_written(project: Path, tmp_path: Path) -> None:
    """Some readers assume no delimiter and no quote character."""
    put(project, "id;name;born;score\nada;Ada;1815;1\n")
    edit(
        project / "datapackage.json",
        '"type": "table",',
        '"type": "table", "format": "tsv", "mediatype": "text/tab-separated-values", "dialect": {"delimiter": ";"},',
    )
    (resource,) = json.loads(entries(release(path=project, out=tmp_path / "dist", date=DAY).archive)["datapackage.json"])["resources"]
    assert resource["dialect"] == {
        "header": True, "delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False,
    }  # fmt: skip
    assert (resource["encoding"], resource["format"], resource["mediatype"]) == ("utf-8", "csv", "text/csv")


def test_archive_says_in_words_what_it_is(make: Make, tmp_path: Path) -> None:
    schema = {
        "description": "Who\nis meant.",
        "missingValues": ["", "not applicable"],
        "fields": [{"name": "id", "type": "string", "description": "Its name."}, {"name": "m49", "type": "string"}, {"name": "n", "type": "integer"}],
    }  # fmt: skip
    package = make(
        {"people": (schema, "id,m49,n\nalb,008,1\nxxx,not applicable,2\n")},
        title="People", description="All  of them.", licenses=[{"name": "CC0-1.0"}], contributors=[5],
    )  # fmt: skip
    data, _ = build_archive(open_package(package), "0.2.0", DAY)
    (tmp_path / "x.zip").write_bytes(data)
    found = entries(tmp_path / "x.zip")
    assert found["README.txt"].decode() == (
        "People\nVersion 0.2.0, 2024-05-01\n\nAll of them.\n\nTables\n  data/people.csv: 2 rows. Who is meant.\n\nReading them\n"
        "CSV, UTF-8, commas, double quotes around cells that need them, one header row. codebook.md says what\n"
        "each field means; datapackage.json and schemas/ do so in machine-readable form. A blank cell means\n"
        "that the value is not known; also treat as missing: not applicable, which state the reason. Read\n"
        "codes of digits as text, or 004 becomes 4: people.m49.\n\nLicence: CC0-1.0\n"
    )
    assert found["codebook.md"].decode() == codebook_markdown(open_package(package))


def test_unpacked_archive_builds_the_same_archive(project: Path, tmp_path: Path) -> None:
    built = release(path=project, out=tmp_path / "dist", date=DAY)
    with zipfile.ZipFile(built.archive) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert release(path=tmp_path / "unpacked", out=tmp_path / "again", date=DAY).sha256 == built.sha256


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=("Cs",)), max_size=10)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5), narrow=st.lists(CELL, max_size=5))
def test_any_text_survives_the_archive(rows: list[list[str]], narrow: list[str]) -> None:
    def text(names: list[str], lines: list[list[str]]) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([names, *lines])
        return out.getvalue()

    def schema(names: list[str]) -> dict[str, Any]:
        return {"fields": [{"name": name, "type": "string"} for name in names]}

    single = [[cell] for cell in narrow]
    folder = Path(tempfile.mkdtemp())
    try:
        package = write_package(
            folder / "p", {"t": (schema(["a", "b"]), text(["a", "b"], rows)), "u": (schema(["c"]), text(["c"], single))}
        )
        (folder / "p.zip").write_bytes(build_archive(open_package(package), "0.1.0", DAY)[0])
        assert rows_of(folder / "p.zip", "t") == rows
        assert rows_of(folder / "p.zip", "u") == single
    finally:
        shutil.rmtree(folder)


# Stamps


def test_version_and_day_are_stamped_everywhere(project: Path, tmp_path: Path) -> None:
    before = tree(project)
    built = release("0.2.0", path=project, out=tmp_path / "dist", date=DAY)
    after = tree(project)
    assert set(after) - set(before) == {"releases/people-0.2.0.zip", "releases/register.json"}
    assert {name for name in before if before[name] != after[name]} == {"datapackage.json", "CITATION.cff"}
    expected = json.loads(before["datapackage.json"]) | {"version": "0.3.0-dev", "created": f"{DAY}T00:00:00Z"}
    assert json.loads(after["datapackage.json"]) == expected
    assert after["datapackage.json"].decode().count("\n") == before["datapackage.json"].decode().count("\n")
    citation = yaml.safe_load(entries(built.archive)["CITATION.cff"])
    assert (citation["version"], citation["date-released"], citation["cff-version"]) == ("0.2.0", dt.date(2024, 5, 1), "1.2.0")
    coming = yaml.safe_load(after["CITATION.cff"])
    assert coming == {name: value for name, value in citation.items() if name != "date-released"} | {"version": "0.3.0-dev"}
    assert open_package(built.archive).version == built.version == "0.2.0"
    assert json.loads(after["releases/register.json"]) == {
        "releases": [
            {
                "version": "0.2.0",
                "released": DAY,
                "archive": "people-0.2.0.zip",
                "sha256": built.sha256,
                "bytes": built.bytes,
                "rows": {"people": 2},
            }
        ]
    }


def test_day_is_today_where_none_is_given(project: Path, tmp_path: Path) -> None:
    before = dt.datetime.now(dt.UTC).date().isoformat()
    built = release(path=project, out=tmp_path / "dist")
    assert before <= built.released <= dt.datetime.now(dt.UTC).date().isoformat()


def test_descriptor_with_a_byte_order_mark_is_stamped(project: Path, tmp_path: Path) -> None:
    descriptor = project / "datapackage.json"
    descriptor.write_bytes(b"\xef\xbb\xbf" + descriptor.read_bytes())
    release("0.2.0", path=project, out=tmp_path / "dist", date=DAY)
    assert open_package(project).version == "0.3.0-dev"


def test_version_that_cannot_be_stamped_is_refused(project: Path, tmp_path: Path) -> None:
    descriptor = project / "datapackage.json"
    descriptor.write_text(json.dumps(json.loads(descriptor.read_text())))
    before = tree(project)
    with pytest.raises(RefusedError, match=r'datapackage.json: the version cannot be updated; put it on its own line.*"version": "0.1.0"'):
        release("0.2.0", path=project, out=tmp_path / "dist")
    assert (tree(project), (tmp_path / "dist").exists()) == (before, False)


def test_name_with_slashes_leads_nowhere(project: Path, tmp_path: Path) -> None:
    edit(project / "datapackage.json", '"name": "people",', '"name": "../../org/people",')
    built = release(path=project, out=tmp_path / "a" / "dist", date=DAY)
    assert built.archive == tmp_path / "a" / "dist" / "..-..-org-people-0.1.0.zip"
    assert sorted(path.name for path in tmp_path.rglob("*.zip")) == [
        *["..-..-org-people-0.1.0-parquet.zip"],
        *["..-..-org-people-0.1.0.zip"] * 2,
    ]
    assert release(path=project, out=tmp_path / "again").new is False


# Which version


@pytest.fixture
def released(project: Path, tmp_path: Path) -> Path:
    """The project after the release of 0.1.0."""
    release(path=project, out=tmp_path / "dist", date=DAY)
    return project


def refused(project: Path, version: str | None, tmp_path: Path, match: str) -> None:
    """The release is refused with these words, and nothing is written."""
    before = tree(tmp_path)
    with pytest.raises(RefusedError, match=match):
        release(version, path=project, out=tmp_path / "other", date="2025-01-01")
    assert tree(tmp_path) == before
    assert not (tmp_path / "other").exists()


def test_released_version_is_built_again_to_the_byte(released: Path, tmp_path: Path) -> None:
    before = tree(released)
    again = release(path=released, out=tmp_path / "again", date="2030-01-01")
    assert (again.new, again.released, again.bump) == (False, DAY, "none")
    assert again.archive.read_bytes() == (tmp_path / "dist" / "people-0.1.0.zip").read_bytes()
    assert tree(released) == before
    assert state_of(open_package(released)) == f"the data as released in 0.1.0 on {DAY}"


def test_released_version_with_other_content_is_refused(released: Path, tmp_path: Path) -> None:
    edit(released / "data" / "people.csv", "107.5", "108")
    refused(released, "0.1.0", tmp_path, rf"0\.1\.0 was released on {DAY} with other content; .*choose a higher number")
    assert state_of(open_package(released)) == "not released; the last release is 0.1.0"


def test_between_releases_a_snapshot_is_built_and_nothing_registered(released: Path, tmp_path: Path) -> None:
    edit(released / "data" / "people.csv", "107.5", "108")
    before = tree(released)
    built = release(path=released, out=tmp_path / "out")
    assert (built.version, built.snapshot, built.new, built.bump) == ("0.2.0-dev", True, False, "patch")
    assert built.archive.name.endswith("-0.2.0-dev.zip")
    assert tree(released) == before
    assert open_package(built.archive).version == "0.2.0-dev"
    assert release(path=released, out=tmp_path / "again").sha256 == built.sha256


@pytest.mark.parametrize("version", ["0.0.9", "0.0.99"])
def test_lower_version_is_refused(released: Path, tmp_path: Path, version: str) -> None:
    put(released, GROWN)
    refused(released, version, tmp_path, rf"{version} is not higher than 0\.1\.0, the last release")


def test_version_numbers_are_numbers(released: Path, tmp_path: Path) -> None:
    put(released, GROWN)
    release("0.9.0", path=released, out=tmp_path / "dist", date=DAY)
    edit(released / "data" / "people.csv", "Cy", "Cyd")
    release("0.10.0", path=released, out=tmp_path / "dist", date=DAY)
    refused(released, "0.9.1", tmp_path, r"0\.9\.1 is not higher than 0\.10\.0")
    assert Register.of(open_package(released)).versions == ["0.1.0", "0.9.0", "0.10.0"]


@pytest.mark.parametrize(
    ("people", "too_low", "needed", "bump", "reason"),
    [
        (GROWN.replace("cy,Cy,,\n", "").replace("107.5", "108"), None, "0.1.1", "patch", ""),
        (GROWN, "0.1.9", "0.2.0", "minor", r"a row was added \(people cy\)"),
        (GROWN.replace("bo,波,1990,3\n", ""), "0.1.9", "0.2.0", "minor", r"withdrawn without a replacement \(people bo\)"),
        (GROWN.replace("cy,Cy,,\n", ""), None, "0.1.1", "none", ""),
    ],
    ids=["patch", "minor", "major before 1.0.0", "none"],
)
def test_version_too_low_for_the_changes(
    released: Path, tmp_path: Path, people: str, too_low: str | None, needed: str, bump: str, reason: str
) -> None:
    put(released, people)
    if too_low:
        refused(
            released, too_low, tmp_path, rf"{too_low} is too low for the changes since 0\.1\.0: .*{reason}; it must be {needed} or higher"
        )
    built = release(needed, path=released, out=tmp_path / "dist", date=DAY)
    assert (built.version, built.new, built.bump) == (needed, True, bump)


def test_after_1_0_0_what_breaks_raises_the_first_number(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project", version="1.4.2")
    release(path=project, out=tmp_path / "dist", date=DAY)
    put(project, "id,name,born,score\nada,Ada,1815-12-10,107.5\n")
    refused(project, "1.5.0", tmp_path, r"1\.5\.0 is too low for the changes since 1\.4\.2.*it must be 2\.0\.0 or higher")
    assert release("2.0.0", path=project, out=tmp_path / "dist", date=DAY).bump == "major"


def test_change_of_a_schema_counts(released: Path, tmp_path: Path) -> None:
    edit(released / "schemas" / "people.json", '"type": "number"', '"type": "string"')
    refused(released, "0.1.1", tmp_path, r"the type of a field changed \(people score type\); it must be 0\.2\.0 or higher")


def test_releases_follow_one_another_and_none_is_touched_again(released: Path, tmp_path: Path) -> None:
    first = (released / "releases" / "people-0.1.0.zip").read_bytes()
    put(released, GROWN)
    assert release("0.2.0", path=released, out=tmp_path / "dist", date="2024-06-01").bump == "minor"
    edit(released / "data" / "people.csv", "Cy", "Cyd")
    assert release("0.2.1", path=released, out=tmp_path / "dist", date="2024-07-01").bump == "patch"
    register = Register.of(open_package(released))
    assert [(entry.version, entry.released, entry.rows) for entry in register.entries] == [
        ("0.1.0", DAY, {"people": 2}),
        ("0.2.0", "2024-06-01", {"people": 3}),
        ("0.2.1", "2024-07-01", {"people": 3}),
    ]
    assert (released / "releases" / "people-0.1.0.zip").read_bytes() == first
    assert open_package(released).version == "0.3.0-dev"


# What is not released


@pytest.mark.parametrize("version", ["1.2", "v1.0.0", "1.0.0-rc1", "01.0.0", "1.0.0.0", "", "1.0.0\n", "١.0.0"])
def test_version_of_another_form(project: Path, tmp_path: Path, version: str) -> None:
    before = tree(project)
    with pytest.raises(UsageError, match=r"is not a version number of the form 1\.2\.3"):
        release(version, path=project, out=tmp_path / "dist")
    assert (tree(project), (tmp_path / "dist").exists()) == (before, False)


@pytest.mark.parametrize("date", ["2024-13-01", "20240501", "2024-W18-3", "today", "2024-5-1", ""])
def test_day_of_another_form(project: Path, tmp_path: Path, date: str) -> None:
    before = tree(project)
    with pytest.raises(UsageError, match="is not a day written as YYYY-MM-DD"):
        release(path=project, out=tmp_path / "dist", date=date)
    assert (tree(project), (tmp_path / "dist").exists()) == (before, False)


@pytest.mark.parametrize(
    "damage",
    [
        "id,name,born,score\nada,Ada,1815-12-10,107.5\nada,Bo,,\n",
        "id,name,born,score\nada,Ada,1815-13-10,107.5\n",
        "id,name,born,score\nada,Ada,1815,much\n",
        "id,name,born,score\n,Ada,1815,1\n",
        "id,name,born\nada,Ada,1815\n",
        "",
    ],
    ids=["key twice", "no such month", "no number", "no key", "no column", "empty"],
)
def test_nothing_is_written_where_validation_fails(project: Path, tmp_path: Path, damage: str) -> None:
    put(project, damage)
    refused(project, None, tmp_path, r"validation finds \d+ errors?, so nothing is released.*The first: data/people.csv")


def test_archive_cannot_be_released_anew(released: Path, tmp_path: Path) -> None:
    refused(tmp_path / "dist" / "people-0.1.0.zip", "0.2.0", tmp_path, "an archive cannot be released again; unpack it")


def test_citation_that_is_not_utf8(project: Path, tmp_path: Path) -> None:
    (project / "CITATION.cff").write_bytes(b"version: 0.1.0\ntitle: caf\xe9\n")
    before = tree(project)
    with pytest.raises(ReadError, match=r"CITATION.cff: byte 26 is not UTF-8"):
        release(path=project, out=tmp_path / "dist")
    assert tree(project) == before


def test_descriptor_with_half_of_a_character(project: Path, tmp_path: Path) -> None:
    edit(project / "datapackage.json", "People: a small", r"People: \ud83d a small")
    before = tree(project)
    with pytest.raises(ReadError, match=r"datapackage.json: .*(surrogate|half of a character)"):
        release(path=project, out=tmp_path / "dist")
    assert tree(project) == before


# The real package


@pytest.mark.real
def test_real_package_can_be_released_and_read_by_frictionless(copy: Path, tmp_path: Path) -> None:
    shutil.rmtree(copy / "releases")
    built = release(path=copy, out=tmp_path / "dist", date="2026-11-25")
    package = open_package(built.archive)
    day = str(package.descriptor["created"])[:10]  # a snapshot between releases keeps that of its descriptor
    assert built.sha256 == hashlib.sha256(build_archive(open_package(copy), built.version, day)[0]).hexdigest()
    assert built.rows == {name: len(rows_of(built.archive, name)) for name in package.resources}
    assert diff(copy, built.archive).bump == "none"
    report = frictionless_report(built.archive)
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "type", "note"])[:5]


# The files of a release


@pytest.mark.real
def test_files_of_a_release_are_the_same_anywhere(copy: Path, tmp_path: Path) -> None:
    """Two people build one commit of the real package: every file, under another zone, locale, umask, hash seed and directory."""
    other = shutil.copytree(copy, tmp_path / "Ünder another path" / "package")
    for path in other.rglob("*"):
        os.utime(path, (1, 1))
    sums = []
    for place, (folder, machine) in enumerate(
        {
            copy: {
                "TZ": "Pacific/Kiritimati",
                "PYTHONHASHSEED": "1",
                "LC_ALL": "C.UTF-8",
                "ARROW_DEFAULT_MEMORY_POOL": "system",
                "OMP_NUM_THREADS": "1",
            },
            other: {
                "TZ": "America/New_York",
                "PYTHONHASHSEED": "2",
                "LC_ALL": "C",
                "LANG": "C",
                "PYTHONUTF8": "0",
                "PYTHONCOERCECLOCALE": "0",
            },
        }.items()
    ):
        out = folder / "dist"
        done = subprocess.run(
            [sys.executable, "-m", "aistatecraft", "release", "--path", str(folder), "--out", str(out)],
            env={**env(), **machine}, umask=0o077 * place, capture_output=True, text=True,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        files = tree(out)
        listed = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
        assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "SHA256SUMS"}
        sums.append(listed)
    assert sums[0] == sums[1]
    assert len(sums[0]) >= 8


def test_changes_since_the_last_release(released: Path, tmp_path: Path) -> None:
    put(released, GROWN)
    built = release("0.2.0", path=released, out=tmp_path / "new", date="2024-06-01")
    told = json.loads((tmp_path / "new" / "changes.json").read_text(encoding="utf-8"))
    assert (told["old"], told["new"], told["bump"]) == (
        {"package": "people-0.1.0.zip", "version": "0.1.0", "created": f"{DAY}T00:00:00Z"},
        {"package": "people-0.2.0.zip", "version": "0.2.0", "created": "2024-06-01T00:00:00Z"},
        "minor",
    )
    assert [(change["rule"], change["key"]) for change in told["changes"]] == [("row-added", "cy")]
    assert "changes.json" in {path.name for path in built.files}
    again = release(path=released, out=tmp_path / "again")
    assert (again.new, tree(tmp_path / "again")) == (False, tree(tmp_path / "new"))


def test_changelog_gets_its_part_on_the_data(released: Path, tmp_path: Path) -> None:
    (released / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n\n### Code\n- Faster.\n\n## 0.1.0 (2024-05-01)\n\n- First.\n", encoding="utf-8"
    )
    put(released, GROWN)
    release("0.2.0", path=released, out=tmp_path / "dist", date="2024-06-01", formats=["csv"])
    text = (released / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.startswith(
        "# Changelog\n\n## 0.2.0 (2024-06-01)\n\n### Data\n\n1 change; `changes.json` of this release lists all of them.\n\n- 1 addition: "
    )
    assert text.endswith("\n\n### Code\n- Faster.\n\n## 0.1.0 (2024-05-01)\n\n- First.\n")


def test_only_the_formats_that_were_asked_for(project: Path, tmp_path: Path) -> None:
    release(path=project, out=tmp_path / "dist", date=DAY, formats=["sqlite"])
    assert sorted(tree(tmp_path / "dist")) == ["SHA256SUMS", "people-0.1.0.sqlite", "people-0.1.0.zip"]
    with pytest.raises(UsageError, match="'sqlit' is not a format; did you mean sqlite"):
        release(path=project, out=tmp_path / "other", date=DAY, formats=["sqlit"])


def test_library_that_is_missing(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new version has all its formats; a version that was released is built as far as it goes, and says what was left out."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    before = tree(project)
    with pytest.raises(UsageError, match=r"xlsx needs the library xlsxwriter.*pip install 'aistatecraft\[xlsx\]'"):
        release(path=project, out=tmp_path / "dist", date=DAY)
    assert tree(project) == before
    monkeypatch.undo()
    release(path=project, out=tmp_path / "dist", date=DAY)
    from aistatecraft import export

    monkeypatch.setattr(export, "missing_extra", lambda name: "xlsx" if name == "xlsx" else None)
    built = release(path=project, out=tmp_path / "again")
    assert built.left_out == {"xlsx": "xlsx"}
    assert "people-0.1.0.xlsx" not in tree(tmp_path / "again")


# One version everywhere


def other_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on archives are written in another form: packed, with a file more."""
    from aistatecraft.export import release
    from aistatecraft.releases import release_state

    def packed(package: Any, version: str, released: str) -> tuple[bytes, dict[str, int]]:
        data, rows = build_archive(package, version, released)
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
            new.writestr("README", "new")
        return out.getvalue(), rows

    for module in (release, release_state):
        monkeypatch.setattr(module, "build_archive", packed)


def test_released_data_stay_released_whatever_form_archives_have(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aistatecraft import cite, verify

    first = (released / "releases" / "people-0.1.0.zip").read_bytes()
    before = tree(released)
    states = state_of(open_package(released)), state_of(open_package(released / "releases" / "people-0.1.0.zip")), cite(path=released)
    other_form(monkeypatch)
    assert (
        state_of(open_package(released)), state_of(open_package(released / "releases" / "people-0.1.0.zip")), cite(path=released)
    ) == states  # fmt: skip
    assert states[:2] == (f"the data as released in 0.1.0 on {DAY}", f"a release archive of {DAY}")
    for version in (None, "0.1.0"):
        again = release(version, path=released, out=tmp_path / "again", formats=["csv"])
        assert (again.version, again.new, again.snapshot, again.archive.read_bytes()) == ("0.1.0", False, False, first)
    assert tree(released) == before
    assert verify(released / "releases" / "people-0.1.0.zip").sha256 == hashlib.sha256(first).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        '"name","id","born","score"\r\n"Ada","ada","1815-12-10",107.5\r\n"波",bo,1990,"3"\r\n',
        "id,name,born,score\nbo,波,1990,3\nada,Ada,1815-12-10,107.5\n",
    ],
    ids=["written otherwise", "in another order"],
)
def test_the_same_data_are_the_release_however_they_are_written(released: Path, tmp_path: Path, text: str) -> None:
    (released / "data" / "people.csv").write_bytes(text.encode())
    if "\r" not in text:  # line ends are found by validation
        assert release(path=released, out=tmp_path / "again", formats=["csv"]).version == "0.1.0"
    assert state_of(open_package(released)) == f"the data as released in 0.1.0 on {DAY}"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/people.csv", "107.5", "107.6"),
        ("schemas/people.json", '"Points."', '"Points, from 0."'),
        ("datapackage.json", "a small package", "a package"),
    ],
)
def test_what_diff_sees_is_not_the_release(released: Path, tmp_path: Path, file: str, old: str, new: str) -> None:
    edit(released / file, old, new)
    assert state_of(open_package(released)) == "not released; the last release is 0.1.0"
    built = release(path=released, out=tmp_path / "out", formats=["csv"])
    assert (built.version, built.snapshot) == ("0.2.0-dev", True)
    refused(released, "0.1.0", tmp_path, r"0\.1\.0 was released on .* with other content; .*choose a higher number")


def test_release_of_the_version_in_the_making(project: Path, tmp_path: Path) -> None:
    edit(project / "datapackage.json", '"0.1.0"', '"0.4.0-dev"')
    built = release(path=project, out=tmp_path / "first", formats=["csv"])
    assert (built.version, built.snapshot, built.new, Register.of(open_package(project)).entries) == ("0.4.0-dev", True, False, [])
    assert yaml.safe_load(entries(built.archive)["CITATION.cff"]).get("date-released") is None
    twin = shutil.copytree(project, tmp_path / "twin")
    for place in (project, twin):
        release("0.4.0", path=place, out=place / "dist", date=DAY, formats=["csv"])
    assert tree(project) == tree(twin)
    assert (open_package(project).version, Register.of(open_package(project)).versions) == ("0.5.0-dev", ["0.4.0"])
    edit(project / "data" / "people.csv", "107.5", "108")
    release("0.4.1", path=project, out=tmp_path / "dist", date=DAY, formats=["csv"])
    assert (open_package(project).version, Register.of(open_package(project)).versions) == ("0.5.0-dev", ["0.4.0", "0.4.1"])


@pytest.mark.parametrize(("version", "coming"), [("0.4.0", "0.5.0-dev"), ("0.4.7", "0.5.0-dev"), ("1.2.3", "1.3.0-dev")])
def test_version_in_the_making_after_a_release(project: Path, tmp_path: Path, version: str, coming: str) -> None:
    assert (
        release(version, path=project, out=tmp_path / "dist", date=DAY, formats=["csv"]).coming == coming == open_package(project).version
    )


def test_an_installed_package_is_not_released(tmp_path: Path) -> None:
    project = write_project(tmp_path / "site-packages" / "dataset")
    before = tree(tmp_path)
    with pytest.raises(UsageError, match="this is an installed package, which is never changed"):
        release("0.2.0", path=project, out=tmp_path / "dist")
    assert tree(tmp_path) == before


@pytest.mark.real
def test_one_version_wherever_it_is_stated(copy: Path, root: Path, tmp_path: Path, install: Any) -> None:
    from packaging.version import Version

    import aistatecraft as ai

    # A state that is not a release, even right after one.
    table = copy / "data/actors.csv"
    first, *rest = table.read_text(encoding="utf-8").splitlines(keepends=True)
    row = next(line for line in rest if line.startswith("ABW,") and line.endswith(",\n"))
    table.write_text(first + "".join(row.removesuffix("\n") + "Changed.\n" if line == row else line for line in rest), encoding="utf-8")
    install(copy)
    version = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))["version"]
    built = release(path=copy, out=tmp_path / "dist", formats=["csv"])
    assert {
        ai.version, ai.load("strategies").attrs["version"], ai.views.hedging().attrs["version"], open_package(copy).version,
        json.loads(ai.cite("csl-json"))[0]["version"], yaml.safe_load((copy / "CITATION.cff").read_text(encoding="utf-8"))["version"],
        built.version, open_package(built.archive).version, yaml.safe_load(entries(built.archive)["CITATION.cff"])["version"],
    } == {version}  # fmt: skip
    released = Register.of(open_package(root)).last
    assert released is not None and Version(released.version) < Version(version)
    assert str(Version(version)) == version.replace("-dev", ".dev0")
    assert ai.verify(root / "releases" / released.archive).good
