"""The views of the database say what Python says."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from aistatecraft.api import load, support
from aistatecraft.package import Package, open_package
from aistatecraft.package.statements import statements
from tests.conftest import PEOPLE, Make
from tests.export.conftest import database, one
from tests.export.test_sqlite import File, rows


@pytest.mark.real
def test_support_is_what_python_computes(file: File, root: Path) -> None:
    frame = support(path=root)
    expected = sorted(
        (row.table, row.record, int(row.sources), int(row.primary), int(row.disputed), str(row.level)) for row in frame.itertuples()
    )  # fmt: skip
    with database(file("sqlite")) as base:
        found = rows(base, "SELECT record_table, record_id, sources, primary_source, disputed, level FROM support")
        assert sorted(found) == expected
        assert {level for *_, level in found} >= {"primary", "corroborated"}


@pytest.mark.real
def test_statements_are_those_of_evidence_and_of_the_rows_themselves(file: File, package: Package) -> None:
    with database(file("sqlite")) as base:
        found = rows(base, "SELECT record_table, record_id, field, source, locator, stated, quote, stance FROM statements")
    assert sorted(tuple(cell or "" for cell in row) for row in found) == sorted(one[:8] for one in statements(package))


@pytest.mark.real
def test_disputed_values(file: File, root: Path) -> None:
    evidence, sources = load("evidence", path=root), load("sources", path=root).set_index("id")["title"]
    expected = [(row.record_table, row.record_id, row.field, row.source, sources[row.source]) for row in evidence[evidence["stance"] == "disputes"].itertuples()]  # fmt: skip
    with database(file("sqlite")) as base:
        assert rows(base, "SELECT record_table, record_id, field, source, source_title FROM disputed") == expected


@pytest.mark.real
def test_labels_stand_beside_identifiers(file: File, package: Package, root: Path) -> None:
    with database(file("sqlite")) as base:
        base.row_factory = sqlite3.Row
        (row,) = base.execute("SELECT * FROM strategies_labelled WHERE id = 'bra-ebia-2021'").fetchall()
        assert list(row.keys())[:4] == ["id", "jurisdiction", "jurisdiction_name", "title_en"]
        assert (row["jurisdiction_name"], row["kind_label"]) == ("Brazil", "strategy")
        told = base.execute("SELECT * FROM evidence_labelled WHERE record_id = 'bra-ebia-2021' AND stance = 'supports' LIMIT 1").fetchone()
        assert told["record_label"] == row["title_en"] and told["source_title"] and told["stance_label"].startswith("supports")
        for name in package.resources:
            views = base.execute("SELECT count(*) FROM sqlite_master WHERE type = 'view' AND name = ?", [f"{name}_labelled"]).fetchone()
            if views[0]:  # a join that found several labels would multiply rows
                (made,) = base.execute(f'SELECT count(*) FROM "{name}_labelled"').fetchone()
                assert made == len(load(name, path=root))
        assert base.execute("SELECT count(*) FROM evidence_labelled WHERE record_label IS NULL AND record_table = 'strategies'").fetchone()[0] == 0  # fmt: skip


def test_views_on_evidence_need_evidence(make: Make) -> None:
    with database(one("sqlite", open_package(make({"people": (PEOPLE, "id,name,born,score\nada,Ada,1815,\n")})))) as base:
        assert rows(base, "SELECT name FROM sqlite_master WHERE type = 'view'") == []
