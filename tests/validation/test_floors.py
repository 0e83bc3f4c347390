"""Floors against the last release: rows, values and identifiers must not quietly go missing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from aistatecraft.export.release import build_archive
from aistatecraft.package import open_package
from aistatecraft.package.register import Register, RegisterEntry
from aistatecraft.validation import validate


def release(package: Path, version: str = "1.0.0", day: str = "2026-11-20") -> Path:
    """Register the state of a package as a release; gives the path of its archive."""
    opened = open_package(package)
    data, rows = build_archive(opened, version, day)
    name = f"aistatecraft-{version}.zip"
    folder = package / "releases"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    register = Register(opened, [RegisterEntry(version, day, name, hashlib.sha256(data).hexdigest(), len(data), rows)])
    (folder / "register.json").write_text(register.as_json(), encoding="utf-8")
    return folder / name


@pytest.fixture
def released(copy: Path) -> Path:
    for path in (copy / "releases").glob("*"):
        path.unlink()
    release(copy)
    return copy


def found(package: Path, *rules: str) -> list[tuple[str, str, str]]:
    return [(finding.rule, finding.place, finding.field) for finding in validate(package).findings if finding.rule in rules]


FLOORS = ("rows-lost", "values-lost", "identifier-lost", "release-unreadable")


def test_the_released_state_itself_is_fine(released: Path) -> None:
    assert [finding.sentence for finding in validate(released).findings] == []


def cut(path: Path, share: float) -> list[str]:
    """Drop the last rows of a table; gives the identifiers that are gone."""
    lines = path.read_text(encoding="utf-8").splitlines()
    keep = 1 + int((len(lines) - 1) * share)
    path.write_text("\n".join(lines[:keep]) + "\n", encoding="utf-8")
    return [line.split(",")[0] for line in lines[keep:]]


def test_rows_lost_without_a_word(released: Path) -> None:
    cut(released / "data/evidence.csv", 0.94)
    assert found(released, *FLOORS) == [("rows-lost", "data/evidence.csv", "")]


def test_few_rows_less_is_no_finding(released: Path) -> None:
    cut(released / "data/evidence.csv", 0.96)
    assert found(released, *FLOORS) == []


def test_identifiers_that_are_gone_must_be_retired(released: Path) -> None:
    gone = cut(released / "data/instruments.csv", 0.9)
    assert found(released, *FLOORS) == [
        *[("identifier-lost", "data/instruments.csv", "id")] * len(gone),
        ("rows-lost", "data/instruments.csv", ""),
    ]
    with (released / "data/retired.csv").open("a", encoding="utf-8") as out:
        out.writelines(f"{identifier},instruments,Withdrawn after a second look.,2026-11-25,,\n" for identifier in gone)
    assert found(released, *FLOORS) == []


def test_another_identifier_is_no_row_less(released: Path) -> None:
    """Records that were renamed before, and others that are now, do not make up for rows that are lost."""
    path = released / "data/instruments.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    (gone,) = [line.split(",")[0] for line in lines[1:2]]
    path.write_text("\n".join([*lines[: int(len(lines) * 0.9)]]).replace(f"\n{gone},", f"\n{gone}-again,") + "\n", encoding="utf-8")
    with (released / "data/retired.csv").open("a", encoding="utf-8") as out:
        out.write(f"{gone},instruments,Renamed.,2026-11-25,{gone}-again,\n")
    assert ("rows-lost", "data/instruments.csv", "") in found(released, *FLOORS)


def test_values_lost(released: Path) -> None:
    path = released / "data/sources.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index("url")
    for number, line in enumerate(lines[1:321], 1):
        cells = line.split(",")
        if '"' not in line:
            cells[at] = ""
        lines[number] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert found(released, *FLOORS) == [("values-lost", "data/sources.csv", "url")]


def test_all_rows_of_a_table_lost(released: Path) -> None:
    cut(released / "data/votes.csv", 0)
    assert found(released, *FLOORS) == [("rows-lost", "data/votes.csv", "")]


def test_without_the_archive_the_register_still_tells_the_rows(released: Path) -> None:
    (released / "releases/aistatecraft-1.0.0.zip").unlink()
    cut(released / "data/instruments.csv", 0.9)
    assert found(released, *FLOORS) == [("rows-lost", "data/instruments.csv", "")]


def test_an_archive_that_is_not_the_released_one(released: Path) -> None:
    archive = released / "releases/aistatecraft-1.0.0.zip"
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    assert found(released, *FLOORS) == [("release-unreadable", "releases/aistatecraft-1.0.0.zip", "")]


def test_a_register_that_is_none(released: Path) -> None:
    (released / "releases/register.json").write_text("{}", encoding="utf-8")
    assert found(released, *FLOORS) == [("release-unreadable", "releases/register.json", "")]
