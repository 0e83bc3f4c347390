"""Datasette starts with the metadata of the release and shows the tables as it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.api import find, load, sources_of
from aistatecraft.export.datasette_queries import AGREES
from aistatecraft.package import Package, open_package
from aistatecraft.package.edtf import bounds
from tests.conftest import Make
from tests.export.conftest import database, one

NAME = "aistatecraft-0.2.0"


def test_what_it_says_of_a_table(make: Make) -> None:
    fields = [
        {"name": "id", "type": "string"}, {"name": "name_en", "type": "string", "title": "Name", "description": "What it is called."},
        {"name": "open", "type": "boolean"}, {"name": "kind", "type": "string", "title": "Kind", "categories": ["a", "b"]},
    ]  # fmt: skip
    schema = {"title": "Laws", "description": "All of them.", "fields": fields, "primaryKey": ["id"]}
    package = open_package(make({"laws": (schema, "id,name_en,open,kind\nx,X,true,a\n"), "_missing": (schema, None)}, title="Made"))
    content = json.loads(one("datasette", package))
    assert content["title"] == "Made (0.2.0)" and not {"license", "about_url"} & set(content)
    tables = content["databases"]["made-0.2.0"]["tables"]
    assert tables["laws"] == {
        "title": "Laws", "description": "All of them.", "columns": {"name_en": "Name: What it is called.", "kind": "Kind"},
        "label_column": "name_en", "facets": ["open", "kind"],
    }  # fmt: skip
    assert {name for name, table in tables.items() if table.get("hidden")} == {"_package", "_codebook", "_categories", "__missing", "names"}


@pytest.mark.real
def test_it_names_only_what_the_database_has(file: Callable[[str], bytes], package: Package) -> None:
    tables = json.loads(file("datasette"))["databases"][NAME]["tables"]
    with database(file("sqlite")) as base:
        for name, table in tables.items():
            columns = {row[1] for row in base.execute(f'PRAGMA table_info("{name}")')}
            assert columns and {*table.get("columns", {}), *table.get("facets", [])} <= columns
            assert table.get("label_column", "") in {"", *columns}
        views = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert [name for name, table in tables.items() if "title" in table] == list(package.resources)
    assert {name for name, table in tables.items() if "title" not in table and not table.get("hidden")} == views


@pytest.mark.real
@pytest.mark.filterwarnings("ignore")
def test_datasette_shows_a_table(files: dict[str, bytes], tmp_path: Path) -> None:
    app = pytest.importorskip("datasette.app")
    (tmp_path / f"{NAME}.sqlite").write_bytes(files[f"{NAME}.sqlite"])
    metadata = json.loads(files[f"{NAME}.datasette.json"])

    async def pages(*paths: str) -> list[Any]:
        served = app.Datasette([str(tmp_path / f"{NAME}.sqlite")], metadata=metadata)
        await served.invoke_startup()
        return [await served.client.get(served.urls.path(path)) for path in paths]  # asked in memory: no port is opened

    base = "/aistatecraft-0~2E2~2E0"
    front, table, row, raw = asyncio.run(pages(base, f"{base}/strategies", f"{base}/strategies/bra-ebia-2021", f"{base}.json"))
    assert {page.status_code for page in (front, table, row, raw)} == {200}
    assert "Strategy documents of states" in table.text and "Document status" not in front.text
    assert "data-facet-column" in table.text or "facet-info" in table.text
    hidden = {entry["name"] for entry in raw.json()["tables"] if entry["hidden"]}
    assert hidden >= {"_package", "_codebook", "_categories", "_missing"} and "strategies" not in hidden


@pytest.mark.real
@pytest.mark.filterwarnings("ignore")
def test_each_query_answers_as_python_does(root: Path, tmp_path: Path) -> None:
    """Datasette is started with the file of today's tables; what each form answers is computed again without SQL."""
    app = pytest.importorskip("datasette.app")
    package = open_package(root)
    built = {format: one(format, package) for format in ("sqlite", "datasette")}
    (tmp_path / f"{NAME}.sqlite").write_bytes(built["sqlite"])
    metadata = json.loads(built["datasette"])
    served = app.Datasette([str(tmp_path / f"{NAME}.sqlite")], metadata=metadata, settings={"max_returned_rows": 20_000})

    async def asked(name: str, **values: str) -> list[dict[str, Any]]:
        await served.invoke_startup()
        page = await served.client.get(served.urls.path(f"/aistatecraft-0~2E2~2E0/{name}"), params=values)
        answer = await served.client.get(
            served.urls.path(f"/aistatecraft-0~2E2~2E0/{name}.json"), params={**values, "_shape": "array", "_size": "max"}
        )
        assert (page.status_code, answer.status_code) == (200, 200), answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    def ask(name: str, **values: str) -> list[dict[str, Any]]:
        return asyncio.run(asked(name, **values))

    assert set(metadata["databases"][NAME]["queries"]) == {"search", "who_says_so", "signed_but_not", "disputed", "in_force", "coverage"}
    for text in ("秘鲁", "perou", "Pérou", "人工智能行动"):
        named = {(hit.table, hit.id) for hit in find(text, path=root) if hit.field != "authors"}
        assert {(row["record_table"], row["record_id"]) for row in ask("search", text=text)} == named
    assert ask("search", text="perou")[0]["record_id"] == "PER"
    said = sources_of("strategies", "bra-ebia-2021", path=root)
    answer = ask("who_says_so", table="strategies", id="bra-ebia-2021")
    assert sorted((row["field"], row["stance"], row["source"], row["locator"]) for row in answer) == sorted(
        said[["field", "stance", "source", "locator"]].astype(str).itertuples(index=False, name=None)
    )
    signatories = load("signatories", path=root)
    behind = signatories[signatories["role"].isin(AGREES)].groupby("declaration")["actor"].agg(lambda actors: frozenset(actors))
    answer = ask("signed_but_not", first="bletchley-2023", second="cartagena-2024")
    assert {row["actor"] for row in answer} == behind["bletchley-2023"] - behind["cartagena-2024"]
    disputes = load("evidence", path=root).query("stance == 'disputes'")
    assert len(ask("disputed")) == len(disputes)
    acts = load("instruments", path=root)
    begins = bounds(acts["in_force_from"].fillna(acts["adopted"]))["earliest"]
    ends = bounds(acts["ended"])["latest"]
    there = acts.loc[(begins <= "2023-06-30") & ~(ends < "2023-06-30"), "id"]
    assert {row["id"] for row in ask("in_force", day="2023-06-30")} == set(there)
    looked = load("coverage", path=root).query("topic == 'national-ai-strategy'").set_index("actor")["finding"]
    members = load("actors", path=root).query("un_member == True")["id"]
    answer = ask("coverage", topic="national-ai-strategy")
    assert {row["actor"]: row["finding"] for row in answer} == {actor: looked.get(actor, "not looked up") for actor in members}
