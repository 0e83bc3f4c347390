"""The register of releases: what it holds, and what is said where it or an archive is damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.api import diff
from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.export.release import release
from aistatecraft.package import open_package
from aistatecraft.package.register import Register, RegisterEntry
from aistatecraft.releases.release_state import released_as, state_of
from tests.conftest import Install, Make, Run, edit, tree

DAY = "2024-05-01"


@pytest.fixture
def released(project: Path, tmp_path: Path) -> Path:
    """The project after the release of 0.1.0."""
    release(path=project, out=tmp_path / "dist", date=DAY)
    return project


def test_package_without_a_register(make: Make) -> None:
    package = open_package(make({"t": ({"fields": [{"name": "a"}]}, "a\n1\n")}))
    register = Register.of(package)
    assert (register.entries, register.versions, register.last, register.find("0.1.0"), register.archive("0.1.0")) == (
        [],
        [],
        None,
        None,
        None,
    )
    assert (state_of(package), released_as(package)) == ("not released", None)


def test_register_is_written_as_it_is_read(released: Path) -> None:
    register = Register.of(open_package(released))
    assert register.as_json() == (released / "releases" / "register.json").read_text(encoding="utf-8")
    assert register.last == register.find("0.1.0") == register.entries[0]
    assert isinstance(register.last, RegisterEntry)
    assert register.archive("0.1.0") == released / "releases" / "people-0.1.0.zip"
    assert (register.find("0.2.0"), register.archive("0.2.0")) == (None, None)


def test_state(released: Path) -> None:
    entry = Register.of(open_package(released)).entries[0]
    assert (state_of(open_package(released)), released_as(open_package(released))) == (
        f"the data as released in 0.1.0 on {DAY}",
        ("0.1.0", DAY, entry.sha256),
    )
    archive = open_package(released / "releases" / "people-0.1.0.zip")
    assert (state_of(archive), released_as(archive)) == (f"a release archive of {DAY}", ("0.1.0", DAY, entry.sha256))
    edit(released / "data" / "people.csv", "107.5", "108")
    assert (state_of(open_package(released)), released_as(open_package(released))) == ("not released; the last release is 0.1.0", None)
    edit(released / "datapackage.json", '"0.2.0-dev"', '"0.1.0"')
    assert (state_of(open_package(released)), released_as(open_package(released))) == (f"changed since the release of 0.1.0 on {DAY}", None)
    edit(released / "data" / "people.csv", "108", "107.5")
    assert state_of(open_package(released)) == f"as released on {DAY}"


# Damage


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_damaged_archive_is_seen_wherever_it_is_used(released: Path, tmp_path: Path, install: Install, run: Run) -> None:
    install(released)
    damage(released / "releases" / "people-0.1.0.zip")
    match = r"releases/people-0\.1\.0\.zip: the archive is not the one that was released as 0\.1\.0; restore it, its SHA-256 must be [0-9a-f]{64}\."
    with pytest.raises(RefusedError, match=match):
        Register.of(open_package(released)).archive("0.1.0")
    with pytest.raises(RefusedError, match=match):
        diff("0.1.0", released)
    edit(released / "data" / "people.csv", "107.5", "108")
    before = tree(tmp_path)
    with pytest.raises(RefusedError, match=match):
        release("0.2.0", path=released, out=tmp_path / "dist")
    for words in (("show", "people", "--version", "0.1.0"), ("cite", "--version", "0.1.0"), ("diff", "0.1.0")):
        done = run(*words)
        assert (done.code, done.out, "is not the one that was released" in done.err) == (1, "", True)
    assert tree(tmp_path) == before


def test_missing_archive(released: Path, tmp_path: Path) -> None:
    (released / "releases" / "people-0.1.0.zip").unlink()
    edit(released / "data" / "people.csv", "107.5", "108")
    before = tree(tmp_path)
    with pytest.raises(
        RefusedError, match=r"releases/people-0\.1\.0\.zip is missing, so the changes since 0\.1\.0 cannot be determined; restore it"
    ):
        release("0.2.0", path=released, out=tmp_path / "dist")
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "releases/register.json: the file is empty"),
        (b'{"releases": [', r"releases/register.json:1:15: this is not JSON"),
        (b"<<<<<<< HEAD\n{}\n", r"releases/register.json:1:1: this is not JSON"),
        (b'{"releases": "\xff"}', "releases/register.json: byte 15 is not UTF-8"),
    ],
    ids=["empty", "cut off", "merge conflict", "not UTF-8"],
)
def test_register_that_is_not_json(released: Path, tmp_path: Path, content: bytes, words: str) -> None:
    (released / "releases" / "register.json").write_bytes(content)
    before = tree(tmp_path)
    with pytest.raises(ReadError, match=words):
        release("0.2.0", path=released, out=tmp_path / "dist")
    assert tree(tmp_path) == before


ENTRY = {"version": "0.1.0", "released": DAY, "archive": "people-0.1.0.zip", "sha256": "0" * 64, "bytes": 1, "rows": {"people": 2}}


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        None,
        "releases",
        {"releases": None},
        {"releases": 5},
        {"releases": "abc"},
        {"releases": ["0.1.0"]},
        {"releases": [[]]},
        {"releases": [{"version": "0.1.0"}]},
        {"releases": [{**ENTRY, "more": 1}]},
        {"releases": [{**ENTRY, "version": 1}]},
        {"releases": [{**ENTRY, "version": "one"}]},
        {"releases": [{**ENTRY, "version": None}]},
        {"releases": [{**ENTRY, "released": "May"}]},
        {"releases": [{**ENTRY, "archive": None}]},
        {"releases": [{**ENTRY, "archive": "../../other.zip"}]},
        {"releases": [{**ENTRY, "archive": "/etc/passwd"}]},
        {"releases": [{**ENTRY, "sha256": None}]},
        {"releases": [{**ENTRY, "bytes": "1"}]},
        {"releases": [{**ENTRY, "rows": [1]}]},
        {"releases": [{**ENTRY, "rows": {"people": "two"}}]},
    ],
    ids=repr,
)
def test_register_of_another_form(released: Path, tmp_path: Path, run: Run, content: Any) -> None:
    (released / "releases" / "register.json").write_text(json.dumps(content))
    before = tree(tmp_path)
    with pytest.raises(ReadError, match=r"releases/register\.json: this is not a register of releases; restore it"):
        Register.of(open_package(released))
    for words in (["release", "0.2.0", "--out", tmp_path / "dist"], ["info"], ["cite"]):
        done = run(*words, "--path", released)
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert tree(tmp_path) == before


@pytest.mark.real
def test_real_register_and_archives_agree(root: Path) -> None:
    package = open_package(root)
    register = Register.of(package)
    for entry in register.entries:
        archive = register.archive(entry.version)
        assert archive is not None
        assert (archive.stat().st_size, open_package(archive).version) == (entry.bytes, entry.version)
        assert state_of(open_package(archive)) == f"a release archive of {entry.released}"
    numbers = [tuple(map(int, version.split("."))) for version in register.versions]
    assert numbers == sorted(set(numbers))
