"""A plan as a tree: parts in order, bodies, hooks, numbers, orders under their pillar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aistatecraft.errors import UsageError
from aistatecraft.views import readable, us_plan
from aistatecraft.views.tables import open_tables
from aistatecraft.views.us_plan_view import PLAN, _Branches, as_tree
from tests.conftest import ROOT
from tests.views.sample import PAPER, STATES, code, coding, package, tie


def part(identifier: str, kind: str, order: int, parent: str = "", record: str = "usa-plan", **more: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "record_table": "instruments",
        "record_id": record,
        "kind": kind,
        "parent": parent,
        "title_en": identifier.title(),
        "sort_order": order,
        **more,
    }


WORLD: dict[str, Any] = {
    "actors": [*STATES, {"id": "usa-omb", "kind": "government_body", "name_en": "OMB"}, {"id": "usa-nist", "kind": "government_body", "name_en": "NIST"}],
    "sources": [PAPER],
    "instruments": [
        {"id": "usa-plan", "jurisdiction": "USA", "title_en": "The Plan", "kind": "plan"},
        {"id": "usa-order", "jurisdiction": "USA", "title_en": "The Order", "kind": "decree", "official_number": "EO 1"},
        {"id": "usa-act", "jurisdiction": "USA", "title_en": "The Act", "kind": "law"},
        {"id": "bra-plan", "jurisdiction": "BRA", "title_en": "Plano", "kind": "plan"},
    ],
    "provisions": [
        part("p1", "pillar", 1, number="Pillar I"), part("p1-s2", "section", 2, "p1"), part("p1-s1", "section", 1, "p1"),
        part("p1-s1-m", "measure", 1, "p1-s1", responsible_body="usa-nist", operator=">=", value="2", unit="meetings a year"),
        part("p2", "pillar", 2), part("o1", "measure", 1, record="usa-order", number="sec. 1"), part("b1", "pillar", 1, record="bra-plan"),
        # A ring, as a damaged table may have one.
        part("x1", "section", 1, "x2", record="usa-act"), part("x2", "section", 2, "x1", record="usa-act"),
    ],
    "relations": [
        tie("instruments/usa-order", "serves_pillar", "provisions/p1"), tie("instruments/bra-plan", "serves_pillar", "provisions/b1"),
        tie("provisions/p1-s1-m", "mandates", "actors/usa-omb", note="leads"), tie("provisions/p1-s1-m", "mandates", "actors/usa-nist"),
        tie("provisions/p1-s1-m", "draws_on", "instruments/usa-act"), tie("instruments/usa-order", "implements", "provisions/p1-s2"),
    ],
    "codes": [code("lines.containment")],
    "codings": coding("provisions", "p1-s2", "lines.containment"),
    "evidence": [{"record_table": "instruments", "record_id": "usa-plan", "field": "*", "source": "paper", "locator": "p. 1", "stance": "supports"}],
}  # fmt: skip
TREE = """\
The Plan (usa-plan)
  Pillar I P1
    order: The Order (usa-order)
      sec. 1 O1
    P1-S1
      P1-S1-M [>= 2 meetings a year] -> NIST, OMB | under The Act
    P1-S2 | by implements The Order | coded lines containment
  P2"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return package(tmp_path / "small", WORLD)


def test_the_tree(small: Path) -> None:
    found = us_plan(path=small)
    assert as_tree(found) == TREE
    assert found.columns.tolist() == [column.name for column in PLAN]
    assert found["position"].tolist() == list(range(1, len(found) + 1))
    assert (found["path"].str.count(" / ") == found["depth"]).all()
    rows = {row["record_id"]: row for row in found.to_dict("records") if row["role"] in ("body", "hook", "instrument", "coding")}
    assert {name: (row["role"], row["relation"]) for name, row in rows.items()} == {
        "usa-nist": ("body", "mandates"), "usa-omb": ("body", "mandates"), "usa-act": ("hook", "draws_on"),
        "usa-order": ("instrument", "implements"), "lines.containment": ("coding", "coded"),
    }  # fmt: skip
    assert rows["usa-omb"]["path"] == "usa-plan / p1 / p1-s1 / p1-s1-m / usa-omb"
    assert rows["usa-omb"]["note"] == "leads"
    assert found.attrs["cited"] == ("Cai & Hou 2026, Paper",)


def test_a_body_that_only_the_provision_names(tmp_path: Path) -> None:
    found = us_plan("usa-plan", path=package(tmp_path / "p", {**WORLD, "relations": []}))
    assert found[found["role"] == "body"][["record_id", "relation"]].to_numpy().tolist() == [["usa-nist", "responsible_body"]]


def test_only_so_deep(small: Path) -> None:
    found = us_plan(path=small, depth=1)
    assert readable(found)["plan"].tolist() == ["The Plan (usa-plan)", "  Pillar I P1", "  P2"]


def test_any_record_with_provisions(small: Path) -> None:
    assert as_tree(us_plan("bra-plan", path=small)) == "Plano (bra-plan)\n  B1"
    assert as_tree(us_plan("usa-order", path=small)) == "The Order (usa-order)\n  sec. 1 O1"
    # Parts that are parts of each other hang on nothing, and do not hang the view.
    assert as_tree(us_plan("usa-act", path=small)) == "The Act (usa-act)"
    with pytest.raises(UsageError, match=r"^'usa-plam' is not a record with provisions; did you mean usa-plan"):
        us_plan("usa-plam", path=small)


@pytest.mark.real
def test_every_provision_of_a_plan_is_once_in_its_tree() -> None:
    tables = open_tables(ROOT)
    branches = _Branches(tables, "en")
    own: dict[tuple[str, str], list[str]] = {}
    for row in tables["provisions"]:
        own.setdefault((str(row["record_table"]), str(row["record_id"])), []).append(str(row["id"]))
    for record, parts in own.items():
        shown = [node["record_id"] for node in branches.walk(record, "plan", None, ()) if node["relation"] == "part_of"]
        assert sorted(part for part in shown if part in parts) == sorted(parts), record


@pytest.mark.real
def test_orders_stand_under_the_pillar_that_they_serve() -> None:
    tables = open_tables(ROOT)
    found = us_plan(path=ROOT)
    shown = {
        (path.split(" / ")[-2], record)
        for path, record, role in found[["path", "record_id", "role"]].itertuples(index=False)
        if role == "order"
    }
    assert shown == {(row["object_id"], row["subject_id"]) for row in tables["relations"] if row["relation"] == "serves_pillar"}
