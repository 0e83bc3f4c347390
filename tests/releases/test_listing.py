"""The list of versions: on the command line, and what stands in it for the real package."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from aistatecraft import versions
from aistatecraft.package import open_package
from aistatecraft.package.register import Register
from aistatecraft.releases.catalog import number
from tests.conftest import Install, Run
from tests.releases.shelf import three_versions


def test_package_without_releases(project: Path, install: Install, run: Run) -> None:
    install(project)
    assert versions() == []
    assert run("versions", "--format", "json") == (0, "[]\n", "read the installed package (0.1.0, 1 table)\n")


def test_list_as_table_csv_and_json(shelf: Path, run: Run) -> None:
    one, two, three = versions(releases=shelf)
    done = run("versions", "--releases", shelf, "--format", "csv")
    assert (done.code, done.err) == (0, "read the installed package (0.3.0, 1 table)\n")
    assert done.out.splitlines() == [
        "version,released,rows,bytes,where,sha256",
        f"0.1.0,2021-01-01,3,{one.bytes},carried,{one.sha256}",
        f"0.2.0,2022-01-01,4,{two.bytes},at the address,{two.sha256}",
        f"0.3.0,2023-01-01,5,{three.bytes},at the address,{three.sha256}",
    ]
    found = json.loads(run("versions", "--releases", shelf, "--format", "json").out)
    assert [(row["rows"], row["bytes"]) for row in found] == [(3, one.bytes), (4, two.bytes), (5, three.bytes)]
    lines = [line.split() for line in run("versions", "--releases", shelf).out.splitlines() if line.strip(" ─")]
    assert lines[1] == ["0.1.0", "2021-01-01", "3", f"{one.bytes:,}", "carried", one.sha256]


def test_a_version_is_a_value(shelf: Path) -> None:
    (one,) = versions()
    with pytest.raises(FrozenInstanceError):
        one.version = "9.9.9"  # type: ignore[misc]
    assert versions() == [one]


def test_order_is_that_of_numbers(project: Path, install: Install) -> None:
    three_versions(project)
    register = project / "releases" / "register.json"
    found = json.loads(register.read_text())
    for entry, version in zip(found["releases"], ("0.10.0", "0.9.0", "0.2.0"), strict=True):
        entry["version"] = version
    register.write_text(json.dumps(found))
    install(project)
    assert [one.version for one in versions()] == ["0.2.0", "0.9.0", "0.10.0"]
    assert sorted(["no", "0.2.0-dev", "1.0.0", "0.10.0"], key=number) == ["0.2.0-dev", "0.10.0", "1.0.0", "no"]


@pytest.mark.real
def test_real_versions_are_all_carried(root: Path, install: Install) -> None:
    install(root)
    assert [(one.version, one.where, one.sha256) for one in versions()] == [
        (entry.version, "carried", entry.sha256) for entry in Register.of(open_package(root)).entries
    ]
