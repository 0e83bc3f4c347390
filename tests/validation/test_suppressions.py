"""suppressions.csv: it suppresses what it names and nothing else, and is itself judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from aistatecraft.validation import validate
from tests.conftest import edit

HEADER = "rule,file,record,field,reason,date\n"
GOOD = "m49-of-nobody,data/actors.csv,ABW,name_en,Spelled so in the source,2026-11-25\n".replace("m49-of-nobody", "white-space")


def found(package: Path, *, fast: bool = True) -> list[tuple[str, str]]:
    return [(finding.rule, finding.place) for finding in validate(package, fast=fast).findings]


@pytest.fixture
def damaged(copy: Path) -> Path:
    edit(copy / "data/actors.csv", "ABW,territory,Aruba,", "ABW,territory,Aruba ,")
    return copy


def test_suppresses_the_finding_that_it_names(damaged: Path) -> None:
    assert found(damaged) == [("white-space", "data/actors.csv:2:C")]
    (damaged / "suppressions.csv").write_text(HEADER + GOOD, encoding="utf-8")
    assert found(damaged) == []


@pytest.mark.parametrize("cell", ["white-space", "data/actors.csv", "ABW", "name_en"])
def test_suppresses_nothing_else(damaged: Path, cell: str) -> None:
    other = {"white-space": "mojibake", "data/actors.csv": "data/codes.csv", "ABW": "AFG", "name_en": "name_zh"}[cell]
    (damaged / "suppressions.csv").write_text(HEADER + GOOD.replace(cell, other), encoding="utf-8")
    assert found(damaged) == [("suppression-unused", "suppressions.csv:2"), ("white-space", "data/actors.csv:2:C")]


def test_one_that_suppresses_nothing_is_an_error(copy: Path) -> None:
    (copy / "suppressions.csv").write_text(HEADER + GOOD, encoding="utf-8")
    assert found(copy) == [("suppression-unused", "suppressions.csv:2")]


def test_one_for_a_rule_that_was_not_run_is_not_called_unused(copy: Path) -> None:
    (copy / "suppressions.csv").write_text(HEADER + GOOD.replace("white-space", "date-ahead"), encoding="utf-8")
    assert found(copy) == []
    unused = [one for one in found(copy, fast=False) if one[0].startswith("suppression")]
    assert unused == [("suppression-unused", "suppressions.csv:2")]


def test_suppresses_a_semantic_rule(copy: Path) -> None:
    edit(
        copy / "data/actors.csv",
        "ABW,territory,Aruba,阿鲁巴,Aruba,Aruba,Aruba,,Aruba,AW,533,,,,Americas",
        "ABW,territory,Aruba,阿鲁巴,Aruba,Aruba,Aruba,,Aruba,AW,533,,,,Asia",
    )
    assert found(copy, fast=False) == [("region-agrees", "data/actors.csv:2:O")]
    (copy / "suppressions.csv").write_text(
        (copy / "suppressions.csv").read_text(encoding="utf-8")
        + "region-agrees,data/actors.csv,ABW,un_region,As the source has it,2026-11-25\n",
        encoding="utf-8",
    )
    assert found(copy, fast=False) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (GOOD.replace("white-space", "white"), ["suppressions.csv:2:A"]),
        (GOOD.replace("white-space", "suppression-unused"), ["suppressions.csv:2:A"]),
        (GOOD.replace("data/actors.csv", "actors.csv"), ["suppressions.csv:2:B"]),
        (GOOD.replace("Spelled so in the source", "fine"), ["suppressions.csv:2:E"]),
        (GOOD.replace("2026-11-25", "25.11.2026"), ["suppressions.csv:2:F"]),
        (GOOD + GOOD, ["suppressions.csv:3:A"]),
    ],
)
def test_is_judged_itself(damaged: Path, row: str, expected: list[str]) -> None:
    (damaged / "suppressions.csv").write_text(HEADER + row, encoding="utf-8")
    assert [place for rule, place in found(damaged) if rule == "suppression-unsound"] == expected
    assert ("white-space", "data/actors.csv:2:C") in found(damaged) or row == GOOD + GOOD


def test_faults_of_its_text_are_found(copy: Path) -> None:
    (copy / "suppressions.csv").write_text(HEADER + "white-space,data/actors.csv\n", encoding="utf-8")
    assert ("ragged-row", "suppressions.csv:2") in found(copy)


def test_suppressions_of_the_real_package_all_hold(root: Path) -> None:
    assert [finding.sentence for finding in validate(root).findings if finding.file == "suppressions.csv"] == []


def test_the_former_name_of_the_file_is_read_where_there_is_no_other(damaged: Path) -> None:
    (damaged / "suppressions.csv").rename(damaged / "exceptions.csv")
    (damaged / "exceptions.csv").write_text(HEADER + GOOD + GOOD.replace("ABW", "AFG"), encoding="utf-8")
    assert found(damaged) == [("suppression-unused", "exceptions.csv:3")]
    (damaged / "suppressions.csv").write_text(HEADER, encoding="utf-8")
    assert found(damaged) == [("white-space", "data/actors.csv:2:C")]
