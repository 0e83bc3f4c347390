"""Every disputed field, with who supports and who disputes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import aistatecraft
from aistatecraft.api import load, support
from aistatecraft.errors import UsageError
from aistatecraft.views import DISPUTES, disputes, readable
from tests.conftest import ROOT
from tests.views.sample import PAPER, STATES, code, package


def says(table: str, record: str, field: str, source: str, stance: str, **more: Any) -> dict[str, Any]:
    return {"record_table": table, "record_id": record, "field": field, "source": source, "locator": "p. 1", "stance": stance, **more}


WORLD: dict[str, Any] = {
    "actors": STATES,
    "sources": [PAPER, {"id": "news", "kind": "press", "title": "News", "publisher": "News", "read": "read"}],
    "strategies": [{"id": "bra-plan", "jurisdiction": "BRA", "title_en": "Plan", "kind": "plan", "adopted": "2024-07-30"}],
    "schemes": [{"id": "s", "title_en": "S", "question": "?", "coded": "x", "exclusive": "true", "source": "paper", "locator": "p. 9"}],
    "codes": [code("s.direct")],
    "claims": [{"id": "paper-it", "source": "paper", "locator": "p. 3", "kind": "finding", "label_en": "It", "statement": "It is so."}],
    "signatories": [{"declaration": "d", "actor": "CHL", "role": "signed"}],
    "declarations": [{"id": "d", "title_en": "Declaration", "kind": "statement", "status": "adopted", "signatory_list": "complete"}],
    "evidence": [
        says("strategies", "bra-plan", "*", "paper", "supports"),
        says("strategies", "bra-plan", "adopted", "paper", "supports", stated="30 July 2024"),
        says("strategies", "bra-plan", "adopted", "news", "disputes", stated="29 July", quote="on 29 July", note="A slip."),
        says("strategies", "bra-plan", "kind", "news", "disputes", stated="a strategy"),
        says("claims", "paper-it", "statement", "news", "disputes", stated="not so"),
        says("codes", "s.direct", "label_en", "news", "disputes", stated="indirect"),
        says("signatories", "d/CHL/signed", "*", "news", "disputes", stated="it did not"),
        says("signatories", "d/CHL/signed", "*", "paper", "supports"),
        says("strategies", "bra-plan", "title_en", "news", "supports"),
        says("sources", "paper", "published", "news", "disputes", stated="2025"),
        says("strategies", "bra-plan", "adopted", "news", "other_measure", stated="30 August, the day in the gazette", locator="p. 2"),
        says("signatories", "d/CHL/signed", "*", "news", "omits", stated="not named", locator="list"),
    ],
}  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return package(tmp_path / "small", WORLD)


def test_both_sides_of_each(small: Path) -> None:
    found = disputes(path=small)
    columns = ["record_table", "record_id", "field", "value", "stance", "source", "stated", "locator", "whole"]
    assert [tuple(None if pd.isna(value) else value for value in row) for row in found[columns].astype(object).itertuples(index=False)] == [
        # A claim and a code name their own source.
        ("claims", "paper-it", "statement", "It is so.", "supports", "paper", None, "p. 3", True),
        ("claims", "paper-it", "statement", "It is so.", "disputes", "news", "not so", "p. 1", False),
        ("codes", "s.direct", "label_en", "s direct", "supports", "paper", None, "p. 9", True),
        ("codes", "s.direct", "label_en", "s direct", "disputes", "news", "indirect", "p. 1", False),
        ("signatories", "d/CHL/signed", "*", None, "supports", "paper", None, "p. 1", True),
        ("signatories", "d/CHL/signed", "*", None, "disputes", "news", "it did not", "p. 1", True),
        ("sources", "paper", "published", "2026-01", "supports", "paper", None, "the source itself", True),
        ("sources", "paper", "published", "2026-01", "disputes", "news", "2025", "p. 1", False),
        ("strategies", "bra-plan", "adopted", "2024-07-30", "supports", "paper", "30 July 2024", "p. 1", False),
        ("strategies", "bra-plan", "adopted", "2024-07-30", "disputes", "news", "29 July", "p. 1", False),
        # Nobody speaks for this field, so those stand who speak for the record.
        ("strategies", "bra-plan", "kind", "plan", "supports", "paper", None, "p. 1", True),
        ("strategies", "bra-plan", "kind", "plan", "disputes", "news", "a strategy", "p. 1", False),
    ]
    assert found.columns.tolist() == [column.name for column in DISPUTES]
    assert found["title"].tolist()[4] == "Declaration, Chile, signed"


def test_the_form_for_reading(small: Path) -> None:
    assert readable(disputes("strategies", path=small)).to_numpy().tolist() == [
        ["strategies/bra-plan", "adopted", "2024-07-30", "Cai & Hou 2026 (p. 1): 30 July 2024", "News (p. 1): 29 July “on 29 July”"],
        ["strategies/bra-plan", "kind", "plan", "Cai & Hou 2026 (p. 1, the record)", "News (p. 1): a strategy"],
    ]


def test_statements_that_differ_without_disputing(small: Path) -> None:
    columns = ["record_id", "field", "stance", "source", "stated"]

    def found(stance: str | list[str]) -> list[tuple[str | None, ...]]:
        frame = disputes(stance=stance, path=small)[columns].astype(object)
        return [tuple(None if pd.isna(value) else value for value in row) for row in frame.itertuples(index=False)]

    omitted = [("d/CHL/signed", "*", "supports", "paper", None), ("d/CHL/signed", "*", "omits", "news", "not named")]
    measured = [
        ("bra-plan", "adopted", "supports", "paper", "30 July 2024"),
        ("bra-plan", "adopted", "other_measure", "news", "30 August, the day in the gazette"),
    ]
    assert found("omits") == omitted
    assert found(["other_measure", "omits"]) == omitted + measured
    assert found("outdated") == []
    assert found("disputes") == [row for row in found("all") if row not in (omitted[1], measured[1])]
    assert readable(disputes("signatories", stance="all", path=small)).to_dict("list") == {
        "record": ["signatories/d/CHL/signed"], "field": ["*"], "in the table": [""], "supported by": ["Cai & Hou 2026 (p. 1, the record)"],
        "stated otherwise by": ["News (p. 1, the record): it did not; omits: News (list, the record): not named"],
    }  # fmt: skip
    assert disputes(stance="omits", path=small).attrs["title"] == "What sources state otherwise"


def test_other_stances_count_neither_for_nor_against(small: Path) -> None:
    world = {**WORLD, "evidence": [says("strategies", "bra-plan", "*", "paper", "supports"), says("strategies", "bra-plan", "adopted", "news", "outdated", stated="2023")]}  # fmt: skip
    made = support("strategies", path=package(small.parent / "other", world))
    assert made.to_dict("records") == [
        {"table": "strategies", "record": "bra-plan", "sources": 1, "primary": False, "disputed": False, "level": "single source"}
    ]


@pytest.mark.parametrize("stance", ["dispute", "supports", ["omits", ""]])
def test_a_stance_that_is_not_there(small: Path, stance: str | list[str]) -> None:
    with pytest.raises(UsageError, match="is not a stance of evidence other than supports"):
        disputes(stance=stance, path=small)


@pytest.mark.real
def test_a_version_with_two_stances() -> None:
    assert len(disputes("claims", version="0.3.0"))
    with pytest.raises(UsageError, match=r"^'outdated' is not a stance of evidence other than supports"):
        disputes(stance="outdated", version="0.3.0")


def test_a_table_that_is_not_there(small: Path) -> None:
    with pytest.raises(UsageError, match=r"^'strategy' is not a table of this package; did you mean strategies"):
        disputes("strategy", path=small)
    assert len(disputes("actors", path=small)) == 0


@pytest.mark.real
def test_every_disputing_row_of_the_real_evidence_is_there_once() -> None:
    found = aistatecraft.disputes(path=ROOT)
    key = ["record_table", "record_id", "field", "source", "locator"]
    evidence = load("evidence", path=ROOT)
    against = evidence[evidence["stance"] == "disputes"]
    assert sorted(map(tuple, found[found["stance"] == "disputes"][key].to_numpy())) == sorted(map(tuple, against[key].to_numpy()))
    assert not found[[*key, "stance"]].duplicated().any()
    # Each side of each has somebody who says so.
    sides = found.groupby(["record_table", "record_id", "field"])["stance"].nunique()
    assert (sides == 2).all(), sides[sides != 2]
