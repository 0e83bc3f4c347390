"""What held on a day, with its reason; and unknown where the tables do not tell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import aistatecraft as ai
from tests.analysis.sample import package
from tests.conftest import Make

ACTORS = ["USA state United_States US 840 2 2 20 - -", "BRA state Brazil BR 076 140 140 19 - -", "G9 bloc G9 - - - - - - -"]
D = "2024-06-15"


def instrument(make: Make, row: str, *, events: list[str] | None = None, on: str = D, **tables: list[str]) -> tuple[str, str, str | None]:
    """State, reason and sources of one instrument on a day."""
    path = make(package(actors=ACTORS, instruments=[f"x USA X {row}", *tables.pop("more", [])], events=events or [], **tables))
    (found,) = ai.status("x", on=on, path=path).to_dict("records")
    return found["state"], found["reason"], None if found["sources"] is pd.NA else found["sources"]


CASES = [
    # kind status status_as_of adopted in_force_from ended
    ("law in_force 2025 2020 2021 -", "in_force", "in_force_from 2021; status in_force as of 2025"),
    ("law in_force 2024 2020 2021 -", "unknown", "in_force_from 2021; status in_force as of 2024, which is before the day"),
    ("law in_force - 2020 2021 -", "unknown", "in_force_from 2021; status in_force of an unknown day"),
    ("law in_force 2025 2024 2024 -", "unknown", "in_force_from 2024 covers the day"),
    ("law in_force 2025 2024 2024-06 -", "unknown", "in_force_from 2024-06 covers the day"),
    ("law in_force 2025 2024 2024-06-15 -", "in_force", "in_force_from 2024-06-15; status in_force as of 2025"),
    ("law in_force 2025 2024 2024-06-16 -", "not_yet", "in_force_from 2024-06-16"),
    ("law in_force 2025 2020 - -", "unknown", "status in_force; no date says when it took effect"),
    ("law in_force 2023 2020 - -", "unknown", "status in_force as of 2023, which is before the day"),
    ("law in_force 2023 2020 - 2025", "in_force", "status in_force as of 2023, and ended only 2025"),
    ("law in_force 2025 2025 - -", "not_yet", "adopted only 2025"),
    ("decree in_force 2025 2020 - -", "in_force", "adopted 2020; status in_force as of 2025"),
    ("law repealed 2025 2020 2021 2023", "ended", "ended 2023"),
    ("law repealed 2025 2020 2021 2024", "unknown", "ended 2024 covers the day"),
    ("law repealed 2025 2020 2021 2025-01-01", "in_force", "in_force_from 2021, and ended only 2025-01-01"),
    ("law repealed 2023 2020 2021 -", "ended", "status repealed as of 2023; the day is not known"),
    ("law repealed 2025 2020 2021 -", "unknown", "in_force_from 2021; status repealed, but the day of the end is not known"),
    ("law pending 2025 - - -", "not_yet", "status pending as of 2025"),
    ("law pending 2023 - - -", "unknown", "status pending as of 2023; nothing is known of the day"),
    ("law - - - - -", "unknown", "neither a status nor a date of effect is known"),
]


@pytest.mark.parametrize(("row", "state", "reason"), CASES, ids=[row for row, *_ in CASES])
def test_own_dates_and_status(make: Make, row: str, state: str, reason: str) -> None:
    assert instrument(make, row) == (state, reason, None)


EVENTS = [
    (["entered_into_force 2021"], "in_force_from blank", "in_force", "event entered_into_force 2021; status in_force as of 2025"),
    (["entered_into_force 2021", "rescinded 2023-05"], "", "ended", "event rescinded 2023-05"),
    (["entered_into_force 2021", "rescinded 2024-06"], "", "unknown", "event rescinded 2024-06 covers the day"),
    (["entered_into_force 2024-01-01", "lapsed 2024-03", "applied 2024-05-01"], "", "ended", "event lapsed 2024-03"),
]


@pytest.mark.parametrize(("events", "_about", "state", "reason"), EVENTS)
def test_events_begin_and_end_a_record(make: Make, events: list[str], _about: str, state: str, reason: str) -> None:
    rows = [f"instruments x {event.split()[1]} {event.split()[0]} 1 -" for event in events]
    assert instrument(make, "law in_force 2025 2020 - -", events=rows)[:2] == (state, reason)


def test_what_happens_later_shows_that_it_was_in_force(make: Make) -> None:
    found = instrument(make, "law - - 2020 2021 -", events=["instruments x 2024-09 amended 1 -", "instruments x 2025 passed_chamber 1 -"])
    assert found[:2] == ("in_force", "in_force_from 2021, and event amended 2024-09")


@pytest.mark.parametrize(
    ("relation", "day", "state", "reason"),
    [
        ("amends", "2024-12-01", "in_force", "in_force_from 2021, and amended by y 2024-12-01"),
        ("amends", "2024-01-01", "unknown", "in_force_from 2021; no later status is known"),
        ("rescinds", "2024-01-01", "ended", "rescinded by y 2024-01-01"),
        ("supersedes", "2024-12-01", "in_force", "in_force_from 2021, and superseded by y only 2024-12-01"),
    ],
)
def test_other_records_end_or_amend_it(make: Make, relation: str, day: str, state: str, reason: str) -> None:
    relations = [f"instruments y {relation} instruments x"]
    made = instrument(make, "law - - 2020 2021 -", more=[f"y USA Y decree - - {day} - -"], relations=relations)
    assert made[:2] == (state, reason)


def test_the_status_is_that_of_its_latest_source(make: Make) -> None:
    sources = ["old 2023-01-01 -", "new - 2024-07", "none - -"]
    evidence = [f"instruments x status {source} supports" for source in ("old", "new", "none")] + [
        "instruments x in_force_from old supports"
    ]
    made = instrument(make, "law in_force - 2020 2021 -", sources=sources, evidence=evidence)
    assert made == ("in_force", "in_force_from 2021; status in_force as of 2024-07", "old; new; none")


def test_presumed_is_what_began_and_is_not_known_to_have_ended(make: Make) -> None:
    rows = [
        "a USA A law in_force - 2020 2021 -",
        "b USA B law - - - - -",
        "c USA C law in_force - 2020 2025 -",
        "d USA D law in_force 2025 2020 2021 -",
    ]
    found = ai.in_force(D, path=make(package(actors=ACTORS, instruments=rows)), states=("in_force", "not_yet", "unknown"))
    assert dict(zip(found["id"], found["presumed"], strict=True)) == {"d": True, "c": False, "a": True, "b": pd.NA}
    assert found["state"].tolist() == ["in_force", "not_yet", "unknown", "unknown"]


class TestInForce:
    @pytest.fixture
    def small(self, make: Make) -> Path:
        return make(
            package(
                actors=ACTORS,
                instruments=["a USA A law in_force 2025 2020 2021 -", "b USA B control in_force - 2020 2021 -", "c BRA C law in_force 2025 2020 2021 -", "d USA D law in_force 2025 2024 2025 -"],
                strategies=["s BRA S plan adopted 2025 2021-04 -", "t BRA T plan superseded - 2018 -", "u BRA U plan adopted 2025 2020 t"],
                declarations=["e E declaration - adopted BRA 2023 2 complete", "f F convention binding open BRA 2023 2 complete"],
            )
        )  # fmt: skip

    def test_filters(self, small: Path) -> None:
        assert ai.in_force(D, path=small)["id"].tolist() == ["a", "c", "b"]
        assert ai.in_force(D, path=small, jurisdiction="United_States")["id"].tolist() == ["a", "b"]
        assert ai.in_force(D, path=small, jurisdiction="USA", kind=["law"])["id"].tolist() == ["a"]
        assert ai.in_force(D, "strategies", path=small, states=("in_force", "ended"))["id"].tolist() == ["s", "u", "t"]
        every = ai.in_force(D, None, path=small)
        assert list(zip(every["record_table"], every["id"], strict=True)) == [("strategies", "s"), ("strategies", "u"), ("declarations", "e"), ("instruments", "a"), ("instruments", "c"), ("declarations", "f"), ("instruments", "b")]  # fmt: skip

    def test_shape(self, small: Path) -> None:
        empty = ai.in_force("1999-01-01", path=small)
        full = ai.in_force(D, path=small)
        assert len(empty) == 0 and empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()
        assert full.attrs == {"version": "0.1.0", "on": D}

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"on": "2024"}, r"on='2024' is not one day; write it as YYYY-MM-DD, such as 2024-01-01\."),
            ({"on": "2024-02-30"}, "on='2024-02-30': '2024-02-30' names day 30"),
            ({"table": "votes"}, "table='votes': nothing in it is in force or not; there are: "),
            ({"kindd": "law"}, r"instruments has no field 'kindd'; did you mean kind or "),
            ({"kind": "lwa"}, r"'lwa' is not a value of instruments.kind; did you mean law"),
            ({"jurisdiction": "Atlantis"}, "actors has no record 'Atlantis'"),
            ({"states": ("ended", "over")}, "states: 'over' is not one; "),
        ],
    )
    def test_what_is_not_there(self, small: Path, options: dict[str, object], message: str) -> None:
        with pytest.raises(ai.UsageError, match=message):
            ai.in_force(**{"on": D, **options}, path=small)  # type: ignore[arg-type]

    def test_a_record_that_is_in_no_table(self, small: Path) -> None:
        with pytest.raises(ai.UsageError, match="has no record 'zzz'"):
            ai.status("zzz", on=D, path=small)


@pytest.mark.parametrize(
    ("row", "on", "state"),
    [
        ("member 2020 -", D, "member"),
        ("member 2024 -", D, "unknown"),
        ("member - -", D, "unknown"),
        ("member - 2023", D, None),
        ("member 2020 2024-06-15", D, "member"),
        ("member 2020 2024-06-14", D, None),
        ("member 2020 2024-06", D, "unknown"),
        ("member 2020 2024-05", D, None),
        ("member 2024-06-15 -", D, "member"),
        ("member 2024-06-16 -", D, None),
        ("observer 2020 -", D, None),
    ],
)
def test_members(make: Make, row: str, on: str, state: str | None) -> None:
    path = make(package(actors=ACTORS, memberships=[f"G9 USA 1 {row}"], rosters=["G9 observer complete 1", "G9 member partial 9"]))
    found = ai.members("g9", on=on, path=path)
    assert found["state"].tolist() == ([state] if state else [])
    assert found.attrs == {"bloc": "G9", "on": on, "version": "0.1.0", "rows": 1, "list": "partial", "declared": 9}
    if "observer" in row:
        assert ai.members("G9", on=on, roles=None, path=path)["member"].tolist() == ["USA"]


def test_members_of_what_has_none(make: Make) -> None:
    path = make(package(actors=ACTORS, memberships=["G9 USA 1 member 2020 -"]))
    with pytest.raises(ai.UsageError, match="memberships has no rows on BRA; there are: G9"):
        ai.members("BRA", path=path)
    with pytest.raises(ai.UsageError, match="'membr' is not a value of memberships.role; did you mean member"):
        ai.members("G9", roles=["membr"], path=path)


def test_signatories(make: Make) -> None:
    acts = ["d USA signed 2023-11-01", "d BRA ratified 2024", "d G9 withdrew -", "d CHN abstained 2025", "d FRA voted_against 2023"]
    path = make(package(actors=ACTORS, declarations=["d D declaration - adopted BRA 2023-11-01 9 partial"], signatories=acts))
    found = ai.signatories("D", on=D, path=path)
    assert found[["actor", "role", "stance", "state"]].astype(object).to_numpy().tolist() == [
        ["USA", "signed", "joined", "acted"], ["BRA", "ratified", "joined", "unknown"], ["G9", "withdrew", "against", "unknown"], ["FRA", "voted_against", "against", "acted"],
    ]  # fmt: skip
    assert found.attrs == {"declaration": "d", "on": D, "version": "0.1.0", "declared": 9, "list": "partial"}
    assert len(ai.signatories("d", on="2023-10-31", path=path)) == 1  # voted against in 2023, the day is not known


@pytest.mark.real
@pytest.mark.parametrize("version", [None, "0.1.0", "0.2.0", "0.3.0"])
def test_the_real_tables_of_every_version(version: str | None) -> None:
    every = ai.in_force("2025-06-01", None, states=("in_force", "not_yet", "ended", "unknown"), version=version)
    assert len(every) == sum(len(ai.load(table, version=version)) for table in ("strategies", "declarations", "instruments"))
    assert every["reason"].notna().all() and {"in_force", "not_yet", "ended", "unknown"} == set(every["state"])
    # The rule on the diffusion of AI was published and rescinded before it applied.
    if version is None:
        assert ai.status("usa-bis-ai-diffusion-2025", on="2025-06-01")["state"].tolist() == ["ended"]
        assert set(ai.members("G7", on="2024-01-01")["state"]) == {"member"}
