"""What happened when: every dated cell is there, nothing is told twice, actors and intervals filter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aistatecraft.errors import UsageError
from aistatecraft.package.edtf import first_and_last
from aistatecraft.views import readable, timeline
from aistatecraft.views.tables import open_tables
from aistatecraft.views.timeline_view import EVENTS, _dated, _once
from tests.conftest import ROOT
from tests.views.sample import STATES, package

WORLD: dict[str, Any] = {
    "actors": [*STATES, {"id": "MERCOSUR", "kind": "bloc", "name_en": "Mercosur"}],
    "strategies": [{"id": "bra-plan", "jurisdiction": "BRA", "title_en": "Plan", "adopted": "2024-07", "adopted_by": "publication", "kind": "plan"}],
    "declarations": [{"id": "chl-decl", "title_en": "Declaration", "kind": "declaration", "status": "adopted", "signatory_list": "complete", "host": "CHL", "date": "2023-10-24"}],
    "instruments": [{"id": "usa-act", "jurisdiction": "USA", "title_en": "Act", "kind": "law", "proposed": "2021", "adopted": "2022-08-09", "in_force_from": "2023", "ended": "none exists"}],
    "signatories": [{"declaration": "chl-decl", "actor": "BRA", "role": "signed", "date": "2023-10-24"}, {"declaration": "chl-decl", "actor": "USA", "role": "declined"}],
    "instrument_actors": [{"instrument": "usa-act", "actor": "CHL", "role": "joined", "date": "2024"}],
    "memberships": [{"bloc": "MERCOSUR", "member": "BRA", "spell": 1, "role": "member", "from_date": "1991-03-26"}],
    "votes": [{"record_table": "instruments", "record_id": "usa-act", "body": "USA", "date": "2022-07-28", "seq": 1, "votes_for": 243, "votes_against": 187}],
    "events": [
        {"record_table": "strategies", "record_id": "bra-plan", "date": "2024-07-30", "event": "published", "seq": 1, "actor": "bra-mcti", "description": "It came out."},
        {"record_table": "instruments", "record_id": "usa-act", "date": "2022", "event": "adopted", "seq": 1, "description": "It was signed."},
        {"record_table": "instruments", "record_id": "usa-act", "date": "2021-06", "event": "amended", "seq": 1},
    ],
}  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return package(tmp_path / "small", WORLD)


def told(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(frame[["date", "event", "record_id", "actor", "origin_table"]].itertuples(index=False, name=None))


ALL = [
    ("1991-03-26", "joined", "MERCOSUR", "BRA", "memberships"),
    ("2021", "proposed", "usa-act", "USA", "instruments"),
    ("2021-06", "amended", "usa-act", "USA", "events"),
    ("2022-07-28", "voted", "usa-act", "USA", "votes"),
    # The event gives the year and the field the day: the day stays, and what the event says.
    ("2022-08-09", "adopted", "usa-act", "USA", "instruments"),
    ("2023", "entered_into_force", "usa-act", "USA", "instruments"),
    ("2023-10-24", "adopted", "chl-decl", "CHL", "declarations"),
    ("2023-10-24", "signed", "chl-decl", "BRA", "signatories"),
    ("2024", "joined", "usa-act", "CHL", "instrument_actors"),
    # The field gives the month and the event the day: the event stays.
    ("2024-07-30", "published", "bra-plan", "bra-mcti", "events"),
]


def test_what_the_date_of_adoption_is_is_told_by_its_act(tmp_path: Path) -> None:
    acts = ("signature", "publication", "opening", "meeting", "release")
    law = {"jurisdiction": "USA", "title_en": "X", "kind": "law", "adopted": "2022"}
    world = {"actors": STATES, "instruments": [{**law, "id": f"by-{act}", "adopted_by": act} for act in acts]}
    found = timeline(path=package(tmp_path / "p", world))
    assert dict(zip(found["record_id"], found["event"], strict=True)) == {
        "by-signature": "adopted", "by-publication": "adopted", "by-opening": "opened_for_signature", "by-meeting": "met", "by-release": "published",
    }  # fmt: skip


def test_all_that_is_dated(small: Path) -> None:
    found = timeline(path=small)
    assert sorted(told(found)) == sorted(ALL)
    assert found["earliest"].is_monotonic_increasing
    act = found[found["event"] == "adopted"].iloc[0]
    assert (act["description"], act["origin_id"], act["origin_field"]) == ("It was signed.", "usa-act", "adopted")
    assert found.columns.tolist() == [column.name for column in EVENTS]
    assert found.dtypes.astype(str)[["earliest", "latest", "date"]].tolist() == ["datetime64[s]", "datetime64[s]", "string"]
    assert readable(found).loc[3].tolist() == ["2022-07-28", "voted", "Act", "United States", "243 for, 187 against"]


def test_precision_and_the_days_that_a_date_may_mean(small: Path) -> None:
    found = timeline(path=small, kind=["proposed", "amended", "published"])
    assert found[["date", "precision"]].to_numpy().tolist() == [["2021", "year"], ["2021-06", "month"], ["2024-07-30", "day"]]
    assert [(a.date(), b.date()) for a, b in zip(found["earliest"], found["latest"], strict=True)][:2] == [
        (dt.date(2021, 1, 1), dt.date(2021, 12, 31)),
        (dt.date(2021, 6, 1), dt.date(2021, 6, 30)),
    ]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        # A ministry is a part of its state; what others did toward a declaration that it hosted is not the host's.
        ({"actor": "BRA"}, [0, 7, 9]), ({"actor": "巴西"}, [0, 7, 9]), ({"actor": "brasil"}, [0, 7, 9]), ({"actor": "CL"}, [6, 8]),
        ({"kind": "strategies"}, [9]), ({"kind": ["declarations", "signed"]}, [7]), ({"kind": ["adopted", "signed"]}, [4, 6, 7]),
        # A date that may lie in the interval is in it.
        ({"start": "2022-08", "end": "2023-10"}, [4, 5, 6, 7]), ({"start": "2021-12-31", "end": "2021"}, [1]), ({"end": "2000"}, [0]),
        ({"actor": "USA", "kind": "voted", "start": "2022"}, [3]), ({"actor": "LAC"}, []),
    ],
)  # fmt: skip
def test_filters(small: Path, asked: dict[str, Any], wanted: list[int]) -> None:
    assert sorted(told(timeline(path=small, **asked))) == sorted(ALL[at] for at in wanted)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"actor": "Brazi"}, "actors has no record 'Brazi'; did you mean BRA (Brazil)?"),
        ({"kind": "adoptd"}, "'adoptd' is not an event, or a table with dated records; did you mean adopted or voted?"),
        ({"start": "2024-13"}, "start: '2024-13' names month 13, which does not exist."),
        ({"end": "soon"}, "end: 'soon' is not a date written as YYYY, YYYY-MM or YYYY-MM-DD."),
    ],
)
def test_bad_words(small: Path, asked: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as error:
        timeline(path=small, **asked)
    assert str(error.value) == said


def test_a_name_of_two_actors(tmp_path: Path) -> None:
    twice = [{"id": "MIN-A", "kind": "organisation", "name_en": "Ministry"}, {"id": "MIN-B", "kind": "organisation", "name_en": "ministry"}]
    with pytest.raises(
        UsageError, match=r"^'Ministry' may be MIN-A \(Ministry\) or MIN-B \(ministry\); give the identifier of the intended record\.$"
    ):
        timeline(actor="Ministry", path=package(tmp_path / "p", {"actors": twice}))


def test_actors_that_are_parts_of_each_other_do_not_hang(tmp_path: Path) -> None:
    ring = [{"id": "A", "kind": "bloc", "name_en": "A", "parent": "B"}, {"id": "B", "kind": "bloc", "name_en": "B", "parent": "A"}]
    assert len(timeline(actor="A", path=package(tmp_path / "p", {"actors": ring}))) == 0


DATES = st.sampled_from(["2023", "2024", "2024-05", "2024-05-06", "2024-05-07", "2024-06"])
DATED = st.lists(
    st.tuples(DATES, st.sampled_from(["adopted", "signed"]), st.sampled_from([None, "A", "B"]), st.sampled_from(["events", "fields"])),
    max_size=8,
)


@given(DATED)
def test_no_dated_cell_is_lost(cells: list[tuple[str, str, str | None, str]]) -> None:
    """Each cell has a row of the same event that lies within its days."""
    rows = []
    for at, (date, event, acted, origin) in enumerate(cells):
        first, last = first_and_last(date)
        rows.append(
            {
                "record_table": "t", "record_id": "r", "event": event, "date": date, "first": first, "last": last, "acted": acted, "actor": acted or "owner",
                "description": None, "origin_table": origin, "origin_id": str(at), "origin_field": "date",
            }
        )  # fmt: skip
    kept = _once([dict(row) for row in rows])
    for row in rows:
        assert any(
            other["event"] == row["event"]
            and row["first"] <= other["first"]
            and other["last"] <= row["last"]
            and (row["acted"] in (None, other["acted"]) or other["acted"] is None)
            for other in kept
        )
    assert len(kept) <= len(rows)


@pytest.mark.real
def test_every_dated_cell_of_the_real_package_is_covered() -> None:
    found = timeline(path=ROOT)
    shown: dict[tuple[str, str, str], list[tuple[dt.date, dt.date]]] = {}
    for table, record, event, first, last in found[["record_table", "record_id", "event", "earliest", "latest"]].itertuples(index=False):
        shown.setdefault((table, record, event), []).append((first.date(), last.date()))
    for row in _dated(open_tables(ROOT)):
        days = shown[row["record_table"], row["record_id"], row["event"]]
        assert any(row["first"] <= first and last <= row["last"] for first, last in days), row
    assert len(found[["record_table", "record_id", "event", "date", "actor", "origin_id"]].drop_duplicates()) == len(found)
