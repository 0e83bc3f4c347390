"""Codings under several schemes at once: what goes together, and that nothing is lost or made up."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aistatecraft.errors import UsageError
from aistatecraft.views import hedging, readable, technological_power
from aistatecraft.views.codings import combined
from aistatecraft.views.hedging_view import AXES, PRACTICES
from aistatecraft.views.tables import Tables, open_tables
from aistatecraft.views.technological_power_view import COMPETITION_AXES, TYPE_AXES
from tests.conftest import ROOT
from tests.views.sample import PAPER, STATES, code, coding, package, tie

HEDGING = {
    "actors": STATES,
    "sources": [PAPER, {"id": "aistatecraft", "kind": "dataset", "title": "aistatecraft", "read": "read"}],
    "schemes": [{"id": scheme, "title_en": scheme, "question": "?", "coded": "x", "exclusive": "false", "source": "paper", "locator": "p. 1"} for scheme in [*AXES.values(), "hedging-driver"]],
    "codes": [
        code("hedging-dimension.tech"), code("hedging-dimension.rules", 2), code("hedging-means.buy"), code("hedging-means.bind", 2),
        code("hedging-means.resist", 3), code("hedging-practice.tiers"), code("hedging-practice.law", 2), code("hedging-practice.law-local", 3, parent="hedging-practice.law"),
        code("technology-gradient.chips"), code("hedging-object.usa"), code("hedging-driver.fear"), code("hedging-driver.memory", 2, parent="hedging-driver.fear", label_zh="记忆"),
    ],
    "relations": [
        tie("codes/hedging-dimension.tech", "uses_means", "codes/hedging-means.buy"),
        tie("codes/hedging-dimension.rules", "uses_means", "codes/hedging-means.bind"),
        tie("codes/hedging-practice.tiers", "part_of", "codes/hedging-dimension.tech"),
        tie("codes/hedging-practice.law", "part_of", "codes/hedging-dimension.rules"),
        tie("codes/technology-gradient.chips", "part_of", "codes/hedging-dimension.tech"),
        tie("codes/hedging-driver.fear", "causes", "claims/paper-thesis", note="first", source="paper", locator="text"),
    ],
    "instruments": [{"id": "bra-law", "jurisdiction": "BRA", "title_en": "The law", "title_zh": "法", "kind": "law"}],
    "claims": [
        {"id": "paper-thesis", "source": "paper", "locator": "p. 1", "kind": "thesis", "label_en": "They hedge", "statement": "They do."},
        {"id": "paper-fear", "source": "paper", "locator": "p. 2", "kind": "driver", "label_en": "Fear", "statement": "Fear.", "code": "hedging-driver.fear", "parent": "paper-drivers"},
        {"id": "paper-drivers", "source": "paper", "locator": "p. 2", "kind": "driver", "label_en": "Drivers", "statement": "Several."},
        {"id": "paper-aside", "source": "paper", "locator": "p. 3", "kind": "finding", "label_en": "Aside", "statement": "Aside.", "code": "hedging-driver.fear"},
    ],
    "codings": [
        *coding("actors", "CHL", "hedging-dimension.tech", "hedging-dimension.rules", "hedging-means.buy", "hedging-means.bind", "hedging-practice.tiers", "technology-gradient.chips"),
        *coding("instruments", "bra-law", "hedging-dimension.rules", "hedging-means.bind", "hedging-means.resist", "hedging-practice.law-local"),
        *coding("instruments", "bra-law", "hedging-object.usa", coder="aistatecraft"),
        *coding("actors", "BRA", "hedging-driver.memory"),
    ],
}  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return package(tmp_path / "small", HEDGING)


def cells(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Rows of some columns with None for what is missing, codes without their scheme."""
    found = frame[list(columns)].astype(object).itertuples(index=False, name=None)
    return [tuple(None if pd.isna(value) else str(value).rpartition(".")[2] for value in row) for row in found]


def test_codes_are_paired_as_the_framework_pairs_them(small: Path) -> None:
    found = hedging(path=small)
    assert cells(found, "record_id", "dimension", "means", "practice", "gradient", "object", "coder") == [
        ("CHL", "tech", "buy", "tiers", "chips", None, "paper"),
        ("bra-law", "rules", "bind", "law-local", None, None, "paper"),
        ("CHL", "rules", "bind", None, None, None, "paper"),
        # No dimension uses this means, so it is paired with none; and our own curators' judgement is kept apart.
        ("bra-law", None, "resist", None, None, None, "paper"),
        ("bra-law", None, None, None, None, "usa", "aistatecraft"),
    ]
    assert found.dtypes.astype(str).unique().tolist() == ["string"]
    assert found.columns.tolist() == [column.name for column in PRACTICES]
    law = found.loc[1]
    assert (law["title"], law["actor"], law["actor_name"], law["means_label"], law["reason"]) == (
        "The law", "BRA", "Brazil", "hedging-means bind", "bra-law is hedging-dimension.rules",
    )  # fmt: skip


def test_the_form_for_reading_has_a_row_a_record(small: Path) -> None:
    assert readable(hedging(path=small)).astype(object).to_dict("records")[:2] == [
        {"dimension": "hedging-dimension tech", "practice": "hedging-practice tiers", "record": "Chile", "actor": "", "means": "hedging-means buy", "gradient": "technology-gradient chips", "object": "", "coder": "paper"},
        {"dimension": "hedging-dimension rules", "practice": "hedging-practice law-local", "record": "The law", "actor": "Brazil", "means": "hedging-means bind", "gradient": "", "object": "", "coder": "paper"},
    ]  # fmt: skip


def test_two_records_of_one_title_stay_two(tmp_path: Path) -> None:
    twin = {"id": "bra-law-2", "jurisdiction": "BRA", "title_en": "The law", "kind": "law"}
    codings = [
        *HEDGING["codings"],
        *coding("instruments", "bra-law-2", "hedging-dimension.rules", "hedging-means.bind", "hedging-practice.law-local"),
    ]
    found = readable(hedging(path=package(tmp_path / "p", {**HEDGING, "instruments": [*HEDGING["instruments"], twin], "codings": codings})))
    assert found["record"].tolist().count("The law") == 4
    assert found[found["practice"] == "hedging-practice law-local"]["record"].tolist() == ["The law", "The law"]


def test_names_in_the_language_asked_for(small: Path) -> None:
    found = hedging(path=small, lang="zh")
    assert found.loc[1, ["title", "actor_name"]].tolist() == ["法", "巴西"]
    assert hedging(path=small, lang="es").loc[1, ["title", "actor_name"]].tolist() == ["The law", "Brasil"]


def test_the_graph_has_parts_relations_claims_and_cases(small: Path) -> None:
    found = hedging("graph", path=small)
    assert cells(found[found["subject_group"].isin(["hedging-driver", "driver", "actors"])], "subject_id", "relation", "object_id", "note", "source", "locator", "origin") == [
        ("memory", "part_of", "fear", None, None, None, "parent"),
        ("fear", "causes", "paper-thesis", "first", "paper", "text", "relations"),
        ("paper-fear", "part_of", "paper-drivers", None, None, None, "parent"),
        ("paper-fear", "about", "fear", None, None, None, "code"),
        ("BRA", "coded", "memory", "memory", "paper", None, "codings"),
    ]  # fmt: skip
    # A finding is neither driver, challenge, effect nor thesis.
    assert "paper-aside" not in set(found["subject_id"])


def test_a_part_that_is_not_there(small: Path) -> None:
    for view in (hedging, technological_power):
        with pytest.raises(UsageError, match=r"^'grap' is not a part of this view; "):
            view("grap", path=small)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Codes of three schemes, some ties between them, and codings."""
    schemes = {"a": 3, "b": 3, "c": 2}
    codes = [code(f"{scheme}.{number}", number + 1) for scheme, count in schemes.items() for number in range(count)]
    names = [row["id"] for row in codes]
    pairs = draw(st.lists(st.sampled_from(list(combinations(names, 2))), max_size=6, unique=True))
    given_codes = draw(
        st.lists(
            st.tuples(st.sampled_from(["BRA", "CHL", "USA"]), st.sampled_from(names), st.sampled_from(["paper", "aistatecraft"])),
            max_size=14,
            unique=True,
        )
    )
    return {
        "actors": STATES, "sources": HEDGING["sources"], "codes": codes,
        "relations": [tie(f"codes/{one}", "uses_means", f"codes/{other}") for one, other in pairs],
        "codings": [row for actor, name, coder in given_codes for row in coding("actors", actor, name, coder=coder)],
    }  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
def test_every_coding_is_there_and_nothing_is_paired_against_the_framework(world: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tables = open_tables(package(Path(folder) / "p", world))
        rows = combined(tables, {"x": "a", "y": "b", "z": "c"})
    coded = {(row["record_id"], row["coder"], row["code"]) for row in world["codings"]}
    assert {(row["record_id"], row["coder"], row[axis]) for row in rows for axis in "xyz" if row[axis]} == coded
    assert len({(row["record_id"], row["coder"], row["x"], row["y"], row["z"]) for row in rows}) == len(rows)
    ties = {frozenset((row["subject_id"], row["object_id"])) for row in world["relations"]}
    bound = defaultdict(set)
    for pair in ties:
        one, other = sorted(pair)
        bound[one].add(other[0])
        bound[other].add(one[0])
    for row in rows:
        for one, other in combinations([row[axis] for axis in "xyz" if row[axis]], 2):
            assert frozenset((one, other)) in ties or not (other[0] in bound[one] or one[0] in bound[other])


@pytest.mark.real
@pytest.mark.parametrize("axes", [AXES, TYPE_AXES, COMPETITION_AXES])
def test_every_coding_of_the_real_package_is_there(axes: dict[str, str]) -> None:
    tables: Tables = open_tables(ROOT)
    codes = {row["id"] for row in tables["codes"] if row["scheme"] in axes.values()}
    coded = {
        (row["record_table"], row["record_id"], row["coder"], row["code"])
        for row in tables["codings"]
        if row["code"] in codes and row["record_table"] != "codes"
    }
    rows = combined(tables, axes)
    assert {(row["record_table"], row["record_id"], row["coder"], row[axis]) for row in rows for axis in axes if row[axis]} == coded


@pytest.mark.real
def test_hedging_of_the_paper() -> None:
    found = hedging(path=ROOT)
    sandbox = found[found["record_id"] == "bra-anpd-sandbox-2025"]
    assert set(sandbox["means_label"]) == {"Binding engagement", "Limited balancing"}
    assert set(sandbox["dimension_label"]) == {"Institutional hedging"}
    gpt = found[(found["record_id"] == "chl-latam-gpt") & (found["coder"] == "cai-hou-2026-hedging")]
    assert gpt[["dimension_label", "means_label", "gradient_label"]].drop_duplicates().to_numpy().tolist() == [
        ["Technological hedging", "Limited balancing", "Strategic technology: autonomous control"]
    ]
    # The three dimensions, and the means that the paper's section 2(3) gives each.
    graph = hedging("graph", path=ROOT)
    uses = graph[(graph["relation"] == "uses_means") & (graph["subject_group"] == "hedging-dimension")]
    assert uses.groupby("subject_label")["object_label"].apply(set).to_dict() == {
        "Technological hedging": {"Economic-pragmatic cooperation", "Power deflection", "Limited balancing"},
        "Institutional hedging": {"Binding engagement", "Limited balancing"},
        "Alliance hedging": {"Limited balancing"},
    }
