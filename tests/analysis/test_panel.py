"""Acts, networks, panels and the measure of hedging, on a world of four states whose every number can be counted by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import aistatecraft as ai
from aistatecraft.analysis.hedging import evenness
from aistatecraft.analysis.panel import BLOCS, DYAD_COLUMNS, STATE_COLUMNS
from tests.analysis.sample import package
from tests.conftest import Make

WORLD = package(
    actors=[
        "AAA state Aland AA 001 1 11 21 Asia -", "BBB state Bland BB 002 2 12 22 Asia -", "CCC state Cland CC 003 3 13 - Africa -", "NEW state New NN 004 4 14 24 Asia -",
        "VAT state Holy VA 336 - - - Europe -", "G7 bloc G7 - - - - - - -", "EU union EU - - - - - - -",
    ],
    state_systems=["AAA gleditsch_ward 11 1900 -", "BBB gleditsch_ward 12 1900 2024-03-01", "CCC gleditsch_ward 13 1900 -", "NEW gleditsch_ward 14 2024-07-09 -", "AAA correlates_of_war 1 1900 -"],
    memberships=["G7 AAA 1 member 2000 -", "G7 BBB 1 member 2024 -", "G7 CCC 1 observer 2000 -", "EU CCC 1 founding_member 2000 -"],
    rosters=["EU member partial 27", "G7 member complete 2"],
    strategies=["s-a AAA S plan adopted 2026 2023-05-01 -", "s-b BBB S plan adopted - 2022 -", "s-c CCC S plan draft 2026 - -"],
    coverage=["NEW national-ai-strategy none_found 2024", "CCC national-ai-strategy in_preparation 2025"],
    declarations=[
        "us-2023 U declaration non_binding adopted AAA 2023-02 3 complete", "cn-2023 C declaration - adopted BBB 2023-06 - partial", "eu-2024 E declaration - adopted EU 2024-05-01 2 disputed",
        "un-2024 N declaration - adopted - 2024 - not_applicable", "us-2025 V declaration - adopted AAA 2025 - complete",
    ],
    codes=["initiative-leader.us initiative-leader"],
    codings=["declarations us-2023 initiative-leader.us own", "declarations cn-2023 initiative-leader.china own", "declarations eu-2024 initiative-leader.eu own", "declarations us-2025 initiative-leader.us own", "declarations un-2024 initiative-leader.un own"],
    signatories=[
        "us-2023 AAA signed 2023-02", "us-2023 BBB signed -", "us-2023 CCC declined 2023", "cn-2023 AAA co_sponsored 2023-06", "cn-2023 BBB endorsed 2023-06", "eu-2024 EU signed 2024-05-01",
        "eu-2024 AAA signed 2024-05-01", "us-2025 AAA signed 2025", "us-2025 AAA withdrew 2025-12",
    ],
    state_votes=["declarations un-2024 UNGA 2024-12-02 1 AAA for", "declarations un-2024 UNGA 2024-12-02 1 BBB for", "declarations un-2024 UNGA 2024-12-02 1 CCC absent", "declarations un-2024 committee 2024-11-02 1 AAA against"],
    instruments=["i-a AAA I law in_force 2026 2023-03 2023-06 -", "j-a AAA J programme operating 2024 2024 - -"],
    instrument_actors=["i-a BBB is_target"],
    indices=["x-2023 x 2023 2023-09"],
    index_scores=["x-2023 AAA total 61.5 1", "x-2023 AAA part 9 1"],
)  # fmt: skip


@pytest.fixture
def world(make: Make) -> Path:
    return make(WORLD)


def cells(frame: pd.DataFrame) -> list[list[Any]]:
    return [[None if value is pd.NA else value for value in row] for row in frame.astype(object).to_numpy().tolist()]


class TestActs:
    def test_list(self, world: Path) -> None:
        found = ai.acts(path=world)
        assert cells(found.loc[found["declaration"] == "us-2025", ["actor", "leader", "stance", "roles", "year", "completeness"]]) == [
            ["AAA", "us", "against", "signed; withdrew", 2025, "complete"]
        ]
        assert len(found) == 8 and found["completeness"].astype(str).tolist()[-2:] == [
            "complete",
            "complete",
        ]  # eu-2024 is disputed, and names both that are declared
        assert ai.acts(path=world, actors=["Bland"], leader="us")["declaration"].tolist() == ["us-2023"]

    def test_matrix(self, world: Path) -> None:
        found = ai.acts(matrix=True, path=world, actors=["AAA", "BBB", "CCC", "NEW"])
        assert found.astype(str).T.to_dict("list") == {
            "AAA": ["joined", "supported", "joined", "none", "against"],
            "BBB": ["joined", "joined", "none", "none", "none"],
            "CCC": ["against", "unknown", "covered", "none", "none"],
            "NEW": ["none", "unknown", "none", "none", "none"],
        }

    def test_cosignature(self, world: Path) -> None:
        found = ai.cosignature(path=world)
        assert cells(found) == [["AAA", "BBB", "Aland", "Bland", 1, 2, 2, 1 / 3]]
        assert len(ai.cosignature(path=world, least=2)) == 0 and len(ai.cosignature(path=world, leader="china")) == 0
        nx = pytest.importorskip("networkx")
        graph = ai.cosignature(path=world, graph=True)
        assert isinstance(graph, nx.Graph) and dict(graph.nodes["AAA"]) == {"name": "Aland", "joined": 2}
        assert list(graph.edges(data=True)) == [("AAA", "BBB", {"common": 1, "jaccard": 1 / 3, "weight": 1})]

    def test_alignment(self, world: Path) -> None:
        found = ai.alignment(path=world)
        numbers = ["joined", "supported", "neutral", "against", "covered", "unknown", "texts", "net"]
        by = {(row["state"], row["leader"]): [row[name] for name in numbers] for row in found.to_dict("records")}
        assert by["AAA", "us"] == [1, 0, 0, 1, 0, 0, 2, 0]
        assert by["AAA", "china"] == [0, 1, 0, 0, 0, 0, 1, 1]
        assert by["CCC", "china"] == [0, 0, 0, 0, 0, 1, 1, 0]
        assert by["CCC", "eu"] == [0, 0, 0, 0, 1, 0, 1, 0]
        assert by["AAA", "un"] == [0] * 8  # nobody signs it
        assert {state for state, _ in by} == {"AAA", "BBB", "CCC"}
        only = ai.alignment(path=world, start=2025, end=2025)
        assert set(only["state"]) == {"AAA"} and int(only.set_index("leader").loc["us", "net"]) == -1
        pytest.importorskip("networkx")
        assert ai.alignment(path=world, graph=True)["AAA"]["us"] == {
            "joined": 1,
            "supported": 0,
            "neutral": 0,
            "against": 1,
            "net": 0,
            "weight": 0,
        }

    def test_what_is_not_there(self, world: Path) -> None:
        for call in (lambda: ai.acts(leader="usa", path=world), lambda: ai.cosignature(leader=["usa"], path=world)):
            with pytest.raises(ai.UsageError, match=r"leader='usa' is not one; did you mean us"):
                call()
        with pytest.raises(ai.UsageError, match="start=2025 is after end=2024"):
            ai.alignment(start=2025, end=2024, path=world)


class TestStatePanel:
    @pytest.fixture
    def frame(self, world: Path) -> pd.DataFrame:
        return ai.panel(start=2022, end=2025, path=world)

    def row(self, frame: pd.DataFrame, state: str, year: int) -> dict[str, Any]:
        (found,) = frame[(frame["state"] == state) & (frame["year"] == year)].to_dict("records")
        return {name: None if value is pd.NA else value for name, value in found.items()}

    def test_columns_are_those_that_are_explained(self, frame: pd.DataFrame) -> None:
        assert list(frame.columns) == [*(column.name for column in STATE_COLUMNS), "score_x", "rank_x"]
        assert {column.name: column.dtype for column in STATE_COLUMNS}.items() <= frame.dtypes.astype(str).to_dict().items()
        assert frame.attrs["coverage"]["acts_us"] == (2023, 2025) and frame.attrs["coverage"]["score_x"] == (2023, 2023)
        assert all(column.meaning for column in (*STATE_COLUMNS, *DYAD_COLUMNS))

    def test_states_enter_and_leave(self, frame: pd.DataFrame, world: Path) -> None:
        assert frame.groupby("state")["year"].agg(list).to_dict() == {
            "AAA": [2022, 2023, 2024, 2025],
            "BBB": [2022, 2023, 2024],
            "CCC": [2022, 2023, 2024, 2025],
            "NEW": [2024, 2025],
        }
        assert set(ai.panel(start=2024, end=2024, system=None, path=world)["state"]) == {"AAA", "BBB", "CCC", "NEW", "VAT"}
        assert ai.panel(start=2024, end=2024, system="correlates-of-war", path=world)["state"].tolist() == ["AAA"]
        assert set(ai.panel(path=world)["year"]) == {2023, 2024, 2025}

    def test_acts(self, frame: pd.DataFrame) -> None:
        names = [
            "acts_joined",
            "acts_supported",
            "acts_against",
            "acts_us",
            "acts_eu",
            "acts_china",
            "acts_covered",
            "texts",
            "acts_complete",
        ]
        assert {
            key: [self.row(frame, *key)[name] for name in names]
            for key in [("AAA", 2022), ("AAA", 2023), ("BBB", 2023), ("CCC", 2023), ("CCC", 2024), ("NEW", 2024), ("AAA", 2025)]
        } == {
            ("AAA", 2022): [None] * 9,  # before the first text
            ("AAA", 2023): [1, 1, None, 1, 0, 1, 0, 2, False],
            ("BBB", 2023): [2, 0, None, 1, 0, 1, 0, 2, False],
            ("CCC", 2023): [None, None, 1, 0, 0, None, 0, 2, False],  # the list of China's text is partial
            ("CCC", 2024): [0, 0, None, 0, 0, 0, 1, 1, True],
            ("NEW", 2024): [0, 0, None, 0, 0, 0, 0, 1, True],
            ("AAA", 2025): [0, 0, 1, 0, 0, 0, 0, 1, True],
        }

    def test_strategies(self, frame: pd.DataFrame) -> None:
        names = ["strategies_in_force", "strategies_presumed", "first_strategy", "has_strategy"]
        assert {
            key: [self.row(frame, *key)[name] for name in names]
            for key in [("AAA", 2022), ("AAA", 2023), ("BBB", 2024), ("CCC", 2024), ("NEW", 2024), ("NEW", 2025)]
        } == {
            ("AAA", 2022): [0, 0, 2023, False],
            ("AAA", 2023): [1, 1, 2023, True],
            ("BBB", 2024): [None, 1, 2022, True],  # nobody says of which day its status is
            ("CCC", 2024): [0, 0, None, False],
            ("NEW", 2024): [0, 0, None, False],
            ("NEW", 2025): [None, None, None, None],  # the search was of 2024
        }

    def test_votes_instruments_memberships_and_scores(self, frame: pd.DataFrame) -> None:
        votes = [f"votes_{how}" for how in ("for", "against", "abstained", "absent")]
        assert [
            [self.row(frame, *key)[name] for name in votes] for key in [("AAA", 2024), ("CCC", 2024), ("NEW", 2024), ("AAA", 2023)]
        ] == [[1, 0, 0, 0], [0, 0, 0, 1], [None] * 4, [None] * 4]
        names = ["instruments_adopted", "instruments_legal", "instruments_in_force"]
        assert [[self.row(frame, *key)[name] for name in names] for key in [("AAA", 2023), ("AAA", 2024), ("BBB", 2023)]] == [
            [1, 1, 1],
            [1, 0, 1],
            [None] * 3,
        ]
        assert [self.row(frame, *key)["in_g7"] for key in [("AAA", 2022), ("BBB", 2023), ("BBB", 2024), ("CCC", 2024)]] == [
            True,
            False,
            True,
            False,
        ]
        assert [self.row(frame, *key)["in_eu"] for key in [("AAA", 2024), ("CCC", 2024)]] == [None, True]  # not all members are there
        assert [self.row(frame, *key)["in_brics"] for key in [("AAA", 2022)]] == [None]  # the table has nothing on it
        assert [self.row(frame, *key)["score_x"] for key in [("AAA", 2023), ("AAA", 2024), ("BBB", 2023)]] == [61.5, None, None]

    def test_without_a_roster_an_absent_membership_is_missing(self, make: Make) -> None:
        """Releases before 0.4.0 have no rosters and held a few members of a bloc; the others were not outside of it."""
        actors = ["AAA state Aland AA 001 1 11 21 Asia -", "BBB state Bland BB 002 2 12 22 Asia -", "G20 bloc G20 - - - - - - -"]
        systems = ["AAA gleditsch_ward 11 1900 -", "BBB gleditsch_ward 12 1900 -"]
        path = make(package(actors=actors, state_systems=systems, memberships=["G20 AAA 1 member 1999 -"]))
        frame = ai.panel(start=2024, end=2024, path=path)
        assert cells(frame[["state", "in_g20", "in_g7"]]) == [["AAA", True, None], ["BBB", None, None]]

    def test_what_is_not_possible(self, world: Path) -> None:
        for options, message in [
            ({"unit": "region"}, "unit='region'"),
            ({"freq": "month"}, "freq='month'"),
            ({"system": "gw"}, "system='gw'"),
            ({"start": 2025, "end": 2020}, "the years 2025 to 2020"),
        ]:
            with pytest.raises(ai.UsageError, match=message):
                ai.panel(**options, path=world)  # type: ignore[arg-type]


def test_dyad_panel(world: Path) -> None:
    frame = ai.panel("dyad", start=2023, end=2024, path=world)
    assert list(frame.columns) == [column.name for column in DYAD_COLUMNS]
    found = {(row[0], row[1], row[2]): row[7:] for row in cells(frame)}
    assert found["AAA", "BBB", 2023] == [1, 0, 0, None, None, 1 if "G7" not in BLOCS else 0, 1]
    assert found["BBB", "AAA", 2023] == [1, 0, 0, None, None, 0, None]
    assert found["AAA", "CCC", 2023] == [None, 1, 0, None, None, 0, 0]
    assert found["AAA", "BBB", 2024] == [0, 1, 0, 1, 1, 1, 0]
    assert found["AAA", "CCC", 2024] == [0, 1, 0, None, 0, 0, 0]
    assert set(found) == {(b, a, year) for a, b, year in found}  # in both directions


class TestHedging:
    def test_evenness(self) -> None:
        assert [evenness(counts) for counts in ([0, 0], [3, 0], [2, 2], [1, 1, 1], [5])] == [None, 0.0, 1.0, pytest.approx(1.0), None]
        assert evenness([2, 1]) == pytest.approx((-2 / 3 * math.log(2 / 3) - 1 / 3 * math.log(1 / 3)) / math.log(2))

    def test_by_state_and_year(self, world: Path) -> None:
        frame = ai.hedging_measure(path=world, states=["AAA", "BBB", "CCC", "NEW"]).set_index(["state", "year"])
        names = ["acts_us", "unknown_us", "acts_eu", "unknown_eu", "acts_china", "unknown_china", "total"]
        assert cells(frame.loc[[("AAA", 2023), ("AAA", 2024), ("BBB", 2025), ("CCC", 2025), ("NEW", 2025)], names]) == [
            [1, 0, 0, 0, 1, 0, 2], [1, 0, 1, 0, 1, 0, 3], [1, 0, 0, 0, 1, 0, 2], [0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1, 0],
        ]  # fmt: skip
        half = math.log(2) / math.log(3)
        row = frame.loc[("AAA", 2023)]
        assert [row["measure"], row["low"], row["high"], row["us_china"], row["balance"]] == pytest.approx([half, half, half, 1, 1])
        assert row["joined_only"] == 0.0  # it only sponsored China's text
        assert frame.loc[("AAA", 2024), "measure"] == pytest.approx(1.0)
        # Nothing is known of their acts, which is not the same as none.
        assert frame.loc["NEW", ["measure", "low", "high", "balance"]].isna().all(axis=None)
        assert frame.attrs["derived"].startswith("derived by this project")

    def test_unknown_acts_widen_the_range(self, make: Make) -> None:
        declarations = ["u U declaration - adopted - 2023 - complete", "c C declaration - adopted - 2023 - partial"]
        codings = ["declarations u initiative-leader.us own", "declarations c initiative-leader.china own"]
        path = make(
            package(
                actors=["AAA state A - - - - - - -"],
                declarations=declarations,
                codings=codings,
                codes=["initiative-leader.us initiative-leader"],
                signatories=["u AAA signed 2023"],
            )
        )
        (row,) = ai.hedging_measure(path=path, powers=("us", "china")).to_dict("records")
        assert (row["measure"], row["low"], row["high"], row["unknown_china"]) == (0.0, 0.0, 1.0, 1)

    def test_sensitivity(self, world: Path) -> None:
        found = ai.hedging_sensitivity(2024, path=world).set_index("variant")
        assert list(found.index) == ["measure", "joined_only", "with_covered", "us_china", "with_brics", "recent", "balance"]
        assert found["states"].to_dict() == {
            "measure": 2,
            "joined_only": 2,
            "with_covered": 3,
            "us_china": 2,
            "with_brics": 2,
            "recent": 2,
            "balance": 2,
        }
        assert (
            found.loc["joined_only", ["both", "switched"]].tolist() == [2, 0] and found["spearman"].isna().all()
        )  # two states have no rank correlation

    def test_what_is_not_possible(self, world: Path) -> None:
        with pytest.raises(ai.UsageError, match="powers: 'usa' is not one"):
            ai.hedging_measure(powers=("usa", "china"), path=world)
        with pytest.raises(ai.UsageError, match="evenness needs two powers or more"):
            ai.hedging_measure(powers=("us",), path=world)


@pytest.mark.real
@pytest.mark.parametrize("version", [None, "0.1.0", "0.2.0", "0.3.0"])
def test_the_real_tables_of_every_version(version: str | None) -> None:
    frame = ai.panel(start=2023, end=2024, version=version)
    assert not frame.duplicated(["state", "year"]).any() and frame["gw_code"].notna().mean() > (0.9 if version is None else -1)
    measured = ai.hedging_measure(start=2024, end=2024, version=version)
    inside = measured.dropna(subset=["measure"])
    assert ((inside["low"] <= inside["measure"]) & (inside["measure"] <= inside["high"])).all()
    matrix = ai.acts(matrix=True, version=version)
    assert matrix.shape[1] == len(ai.load("declarations", version=version)) and matrix.notna().all(axis=None)
    assert len(ai.alignment(version=version)) and len(ai.cosignature(version=version))


@pytest.mark.real
def test_every_declaration_has_a_leader() -> None:
    coded = ai.load("codings").query("record_table == 'declarations' and code.str.startswith('initiative-leader.')")
    assert coded["record_id"].is_unique
    assert set(coded["code"].str.removeprefix("initiative-leader.")) <= {"us", "eu", "china", "un", "brics", "other"}


@pytest.mark.real
def test_columns_are_no_attributes_of_frames_and_no_words_of_sql() -> None:
    frames = [ai.acts(), ai.alignment(), ai.cosignature(), ai.panel(), ai.panel("dyad", start=2024, end=2024), ai.hedging_measure(), ai.hedging_sensitivity(2025),
              ai.in_force("2025-01-01"), ai.members("G7"), ai.signatories("bletchley-2023"), ai.identify(["x"])]  # fmt: skip
    words = {"all", "and", "as", "between", "by", "case", "check", "from", "group", "in", "index", "is", "join", "limit", "not", "null", "on", "or", "order", "select", "set", "table", "then", "to", "union", "values", "when", "where"}  # fmt: skip
    odd = {name for frame in frames for name in frame.columns if hasattr(pd.DataFrame, name) or name in words}
    assert odd == set()
