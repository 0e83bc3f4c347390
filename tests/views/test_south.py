"""Cooperation with the Global South: codings, partners, proposals, each once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aistatecraft.errors import UsageError
from aistatecraft.views import south_south
from aistatecraft.views.south_south_view import SOUTH
from aistatecraft.views.tables import open_tables
from tests.conftest import ROOT
from tests.views.sample import PAPER, STATES, code, coding, package


def scheme(name: str, source: str = "paper") -> dict[str, Any]:
    return {"id": name, "title_en": name, "question": "?", "coded": "x", "exclusive": "false", "source": source, "locator": "p. 1"}


def claim(name: str, kind: str, source: str = "paper", **more: Any) -> dict[str, Any]:
    return {"id": name, "source": source, "locator": "p. 2", "kind": kind, "label_en": name, "statement": f"{name}.", **more}


WORLD: dict[str, Any] = {
    "actors": STATES,
    "sources": [PAPER, {"id": "other", "kind": "press", "title": "Other", "read": "read"}],
    "schemes": [scheme("gs-cooperation-area"), scheme("gs-cooperation-mechanism"), scheme("hedging-means", "other")],
    "codes": [code("gs-cooperation-area.health", 2), code("gs-cooperation-area.farms"), code("gs-cooperation-mechanism.summit"), code("hedging-means.buy")],
    "instruments": [
        {"id": "chn-cloud", "jurisdiction": "LAC", "title_en": "Cloud", "kind": "programme", "status": "operating"},
        {"id": "gs-summit", "jurisdiction": "LAC", "title_en": "Summit", "kind": "forum", "status": "proposed", "summary": "A summit."},
        {"id": "elsewhere", "jurisdiction": "LAC", "title_en": "Elsewhere", "kind": "forum", "status": "proposed"},
    ],
    "instrument_actors": [{"instrument": "chn-cloud", "actor": "BRA", "role": "joined", "date": "2024", "source": "other", "locator": "p. 4"}, {"instrument": "elsewhere", "actor": "CHL", "role": "joined"}],
    "codings": [
        *coding("instruments", "chn-cloud", "gs-cooperation-area.health"), *coding("instruments", "gs-summit", "gs-cooperation-mechanism.summit"),
        *coding("actors", "BRA", "gs-cooperation-area.farms"), *coding("instruments", "elsewhere", "hedging-means.buy"),
    ],
    "claims": [
        claim("paper-hold-summits", "proposal", code="gs-cooperation-mechanism.summit", addressee="USA"), claim("paper-more", "recommendation"),
        claim("paper-finding", "finding", code="gs-cooperation-area.health"), claim("paper-buy", "proposal", code="hedging-means.buy"), claim("other-more", "recommendation", "other"),
    ],
}  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return package(tmp_path / "small", WORLD)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return [
        tuple(None if pd.isna(value) else value for value in row) for row in frame[list(columns)].astype(object).itertuples(index=False)
    ]


def test_what_belongs_to_it(small: Path) -> None:
    found = south_south(path=small)
    assert rows(found, "part", "code", "record_id", "status", "actor", "role", "text", "source") == [
        ("area", "gs-cooperation-area.farms", "BRA", None, "BRA", None, "BRA is gs-cooperation-area.farms", "paper"),
        ("area", "gs-cooperation-area.health", "chn-cloud", "operating", "LAC", None, "chn-cloud is gs-cooperation-area.health", "paper"),
        (
            "mechanism",
            "gs-cooperation-mechanism.summit",
            "gs-summit",
            "proposed",
            "LAC",
            None,
            "gs-summit is gs-cooperation-mechanism.summit",
            "paper",
        ),
        ("partner", None, "chn-cloud", "operating", "BRA", "joined", None, "other"),
        ("proposal", None, "gs-summit", "proposed", "LAC", None, "A summit.", None),
        ("proposal", "gs-cooperation-mechanism.summit", "paper-hold-summits", None, "USA", "addressee", "paper-hold-summits.", "paper"),
        ("proposal", None, "paper-more", None, None, None, "paper-more.", "paper"),
    ]
    assert found.columns.tolist() == [column.name for column in SOUTH]
    assert set(south_south("partner", path=small)["part"]) == {"partner"}


def test_a_part_that_is_not_there(small: Path) -> None:
    with pytest.raises(UsageError, match=r"^'mechanisms' is not a part of this view; did you mean mechanism\?$"):
        south_south("mechanisms", path=small)


@pytest.mark.real
def test_every_coding_and_partner_of_the_real_package_is_there_once() -> None:
    tables = open_tables(ROOT)
    codes = {row["id"] for row in tables["codes"] if (row["scheme"] or "").startswith("gs-cooperation-")}
    codings = [row for row in tables["codings"] if row["code"] in codes]
    found = south_south(path=ROOT)
    coded = found[~found["part"].isin(["partner", "proposal"])]
    assert sorted(rows(coded, "record_table", "record_id", "code", "source")) == sorted(
        (row["record_table"], row["record_id"], row["code"], row["coder"]) for row in codings
    )
    instruments = {row["record_id"] for row in codings if row["record_table"] == "instruments"}
    partners = [(row["instrument"], row["actor"], row["role"]) for row in tables["instrument_actors"] if row["instrument"] in instruments]
    assert sorted(rows(found[found["part"] == "partner"], "record_id", "actor", "role")) == sorted(partners)
