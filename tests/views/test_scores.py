"""Scores of an index: editions, tiers, operators, changes, breaks of method."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aistatecraft.api import load
from aistatecraft.errors import UsageError
from aistatecraft.views import index, readable
from aistatecraft.views.index_view import _Tier, _within
from tests.conftest import ROOT
from tests.views.sample import PAPER, STATES, code, coding, package


def score(edition: str, actor: str, value: str, operator: str = "=", **more: Any) -> dict[str, Any]:
    return {"index_id": edition, "actor": actor, "dimension": "total", "score": value, "operator": operator, **more}


def tier(name: str, operator: str, value: str, order: int) -> dict[str, Any]:
    return {
        "id": name,
        "record_table": "indices",
        "record_id": "x-2024",
        "kind": "tier",
        "title_en": name.title(),
        "operator": operator,
        "value": value,
        "sort_order": order,
    }


def world(**more: Any) -> dict[str, Any]:
    edition = {"index_name": "x", "scale_max": "100", "higher_is_better": "true", "scores_scope": "full"}
    return {
        "actors": STATES,
        "sources": [PAPER],
        "indices": [
            {**edition, "id": "x-2022", "edition": "2022", "title_en": "X 2022", "published": "2022"},
            {**edition, "id": "x-2024", "edition": "2024", "title_en": "X 2024", "published": "2024-05", "method_break": "true", "actors_declared": "9", **more},
        ],
        "index_scores": [
            score("x-2022", "BRA", "60.10"), score("x-2022", "CHL", "50", ">"),
            score("x-2024", "BRA", "59.99", score_rank=2), score("x-2024", "CHL", "61", ">", score_rank=1), score("x-2024", "USA", "35", "~"), score("x-2024", "LAC", "40"),
        ],
        "codes": [code("x-2024-tier.1", label_en="High"), code("x-2024-tier.2", 2, label_en="Mid", label_zh="中"), code("x-2024-tier.3", 3, label_en="Low")],
        "provisions": [tier("high", ">=", "60", 1), tier("mid", ">=", "35", 2), tier("low", "<", "35", 3), tier("leaders", ">", "90", 1)],
        "codings": coding("actors", "BRA", "x-2024-tier.1"),
    }  # fmt: skip


def plain(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return [
        tuple(None if pd.isna(value) else value for value in row) for row in frame[list(columns)].astype(object).itertuples(index=False)
    ]


def test_scores_tiers_and_changes(tmp_path: Path) -> None:
    found = index("x", "2024", path=package(tmp_path / "p", world()))
    assert plain(
        found,
        "actor",
        "operator",
        "score",
        "rank",
        "tier_label",
        "tier_basis",
        "previous_operator",
        "previous_score",
        "change",
        "comparable",
    ) == [
        ("CHL", ">", 61.0, 1, "High", "computed", ">", 50.0, None, False),
        # A source places Brazil in the first tier although its score lies under the bound.
        ("BRA", "=", 59.99, 2, "High", "stated", "=", 60.1, -0.11, False),
        # An average of a region has no tier.
        ("LAC", "=", 40.0, None, None, None, None, None, None, False),
        ("USA", "~", 35.0, None, "Mid", "computed", None, None, None, False),
    ]
    assert found.dtypes.astype(str)[["score", "rank", "comparable", "tier_basis"]].tolist() == ["Float64", "Int64", "boolean", "category"]
    assert readable(found).to_numpy().tolist()[:2] == [
        ["1", "Chile", "> 61", "", "High", "> 50", ""],
        ["2", "Brazil", "59.99", "", "High (stated)", "60.1", "-0.11 ‡"],
    ]


def test_editions_are_found_by_name_identifier_or_as_the_last(tmp_path: Path) -> None:
    path = package(tmp_path / "p", world())
    for words in (("x",), ("x", "2024"), ("x", "x-2024"), ("x-2024",), ("x-2024", "2024")):
        assert index(*words, path=path).attrs["edition"] == "2024"
    assert index("x-2022", path=path)["previous"].isna().all()
    assert index("x-2022", path=path)["comparable"].isna().all()


@pytest.mark.parametrize(("broken", "comparable"), [("true", False), ("false", True), ("", None), ("not applicable", None)])
def test_break_in_method(tmp_path: Path, broken: str, comparable: bool | None) -> None:
    found = index("x", "2024", path=package(tmp_path / "p", world(method_break=broken)))
    assert {row[0] for row in plain(found, "comparable")} == {comparable}
    assert ("‡" in "".join(readable(found)["change"])) == (comparable is False)


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        (("y",), {}, "'y' is not an index; there are: x, x-2022, x-2024."),
        (("x-2023",), {}, "'x-2023' is not an index; did you mean x-2024 or x-2022?"),
        (("x", "2023"), {}, "'x' has no edition '2023'; did you mean 2024 or 2022?"),
        (("x-2024", "2022"), {}, "'x-2024' is the edition 2024; use the index x to select the edition '2022'."),
        (("x", "2024"), {"dimension": "totals"}, "x-2024 has no scores on 'totals'; did you mean total?"),
    ],
)
def test_bad_words(tmp_path: Path, words: tuple[str, ...], options: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as error:
        index(*words, **options, path=package(tmp_path / "p", world()))
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("value", "operator", "bound", "inside"),
    [
        ("60", "=", ">=60", True), ("60", "=", ">60", False), ("60", ">", ">60", True), ("59", ">", ">=60", None), ("59", "<", ">=60", False),
        ("61", "<", ">=60", None), ("60", "<", ">=60", False), ("35", "<", "<35", True), ("34", "<", "<35", True), ("36", "<", "<35", None),
        ("35", ">", "<35", False), ("34", ">", "<35", None), ("34.99", "~", "<35", True), ("60", ">=", ">=60", True), ("60", "<=", "<=60", True),
            ("60", ">=", ">60", None), ("60", "<=", "<60", None), ("60", "<=", ">=60", None), ("60", ">=", "<60", False), ("60", "<=", ">60", False), ("60", ">=", "<=60", None),
    ],
)  # fmt: skip
def test_where_a_score_with_an_operator_lies(value: str, operator: str, bound: str, inside: bool | None) -> None:
    sign = bound.rstrip("0123456789.")
    assert _within(Decimal(value), operator, _Tier(None, "", sign, Decimal(bound.removeprefix(sign)))) is inside


@pytest.mark.real
def test_tiers_of_the_paper() -> None:
    """Section 5(2): only three countries with 60 points or more, eight under 35, the lowest 24.65."""
    found = index("ilia", "2025", path=ROOT)
    states = found[found["actor_kind"] == "state"]
    assert set(states[states["tier_label"] == "First tier"]["actor"]) == {"CHL", "BRA", "URY"}
    third = states[states["tier_label"] == "Third tier"]
    assert len(third) == 8
    assert third.nsmallest(1, "score")[["actor", "score"]].to_numpy().tolist() == [["VEN", 24.65]]
    assert set(states["tier_label"]) == {"First tier", "Second tier", "Third tier"}
    assert states["tier"].notna().all()


@pytest.mark.real
def test_every_total_of_every_edition_is_there() -> None:
    scores = load("index_scores", path=ROOT)
    for edition in load("indices", path=ROOT)["id"]:
        own = scores[(scores["index_id"] == edition) & (scores["dimension"] == "total")]
        found = index(edition, path=ROOT)
        assert sorted(zip(found["actor"], found["score"], strict=True)) == sorted(zip(own["actor"], own["score"], strict=True))
