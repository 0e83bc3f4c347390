"""Maps, overlaps, pairs and slopes: missing is not zero, every mark is explained in words, and nothing hides what it cannot show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aistatecraft.errors import RefusedError, UsageError
from aistatecraft.views import cosignature, overlap, readable, slope, spec, state_map, timeline
from aistatecraft.views.charts.event_colours import EVENT_FAMILIES, OTHER, family_of
from aistatecraft.views.charts.map_chart import shapes
from aistatecraft.views.charts.overlap_chart import spread
from aistatecraft.views.charts.rendering import texts_in
from aistatecraft.views.charts.theme import BLACK, COLOURS
from aistatecraft.views.charts.timeline_chart import axis_start
from aistatecraft.views.labels import short_citation
from aistatecraft.views.state_map_view import tiles
from aistatecraft.views.tables import open_tables
from tests.conftest import ROOT, Run
from tests.views.sample import SCHEMAS, package
from tests.views.test_charts import boxes

AREA = {"un_region": "Americas", "un_subregion": "South America"}
WORLD: dict[str, Any] = {
    "actors": [
        {"id": "BRA", "kind": "state", "name_en": "Brazil", "name_zh": "巴西", "m49": "076", **AREA},
        {"id": "CHL", "kind": "state", "name_en": "Chile", "m49": "152", **AREA},
        {"id": "SGP", "kind": "state", "name_en": "Singapore", "m49": "702", "un_region": "Asia", "un_subregion": "South-eastern Asia"},
        {"id": "TUV", "kind": "state", "name_en": "Tuvalu", "m49": "798"},
        {"id": "TWN", "kind": "territory", "name_en": "Taiwan"},
        {"id": "BRICS", "kind": "bloc", "name_en": "BRICS", "acronym": "BRICS"},
        {"id": "G20", "kind": "bloc", "name_en": "G20", "acronym": "G20"},
    ],
    "strategies": [
        {"id": "s", "jurisdiction": "BRA", "title_en": "Plan", "kind": "plan", "status": "adopted", "adopted": "2021"},
        {"id": "g", "jurisdiction": "TUV", "title_en": "Guide", "kind": "guide", "status": "adopted", "adopted": "2021"},
    ],
    "coverage": [{"actor": "CHL", "topic": "national-ai-strategy", "finding": "none_found", "as_of": "2025"}, {"actor": "SGP", "topic": "ai-law", "finding": "none_found", "as_of": "2025"}],
    "memberships": [
        {"bloc": "BRICS", "member": "BRA", "spell": 1, "role": "member", "from_date": "2009"},
        {"bloc": "BRICS", "member": "CHL", "spell": 1, "role": "observer", "from_date": "2009"},
        {"bloc": "G20", "member": "BRA", "spell": 1, "role": "member", "from_date": "1999"},
        {"bloc": "G20", "member": "SGP", "spell": 1, "role": "member", "from_date": "2025"},
    ],
    "declarations": [
        {"id": f"d{number}", "title_en": f"Text {number}", "kind": "declaration", "status": "adopted", "date": f"2024-0{number}-01", "signatory_list": "complete" if number == 1 else "partial"}
        for number in (1, 2)
    ],
    "signatories": [
        *({"declaration": "d1", "actor": actor, "role": "signed"} for actor in ("BRA", "CHL", "SGP")), *({"declaration": "d2", "actor": actor, "role": "signed"} for actor in ("BRA", "CHL")),
    ],
    "indices": [
        {"id": f"x-{year}", "index_name": "x", "edition": year, "title_en": f"Index {year}", "published": year, "method_break": said} for year, said in (("2022", None), ("2023", "true"), ("2024", None), ("2025", "false"))
    ],
    "index_scores": [
        {"index_id": f"x-{year}", "actor": "BRA", "dimension": "total", "operator": "=", "score": score} for year, score in (("2022", "50"), ("2023", "40"), ("2024", "45.5"), ("2025", "47"))
    ] + [{"index_id": "x-2025", "actor": "CHL", "dimension": "total", "operator": ">", "score": "60"}],
}  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Path:
    return package(tmp_path / "p", WORLD)


def groups(frame: pd.DataFrame) -> dict[str, str | None]:
    return {state: None if pd.isna(group) else str(group) for state, group in zip(frame["state"], frame["group"], strict=True)}


def test_a_strategy_that_was_not_found_is_told_from_one_that_is_not_known(world: Path) -> None:
    frame = state_map(path=world)
    found = {"BRA": "adopted", "CHL": "none found by a search", "SGP": None, "TUV": None, "TWN": None}
    assert groups(frame) == found
    assert readable(frame)["value"].tolist() == ["adopted", "none found by a search", *["not known"] * 3]
    texts = set(texts_in(spec(frame)))
    assert {"A  adopted (1)", "N  none found by a search (1)", "?  not known (3)", "TWN"} <= texts
    assert "a value is known for 2 of 5 states and areas; ? is neither zero nor none" in texts
    assert any("places are approximate" in text for text in texts)


def test_values_of_ones_own(world: Path) -> None:
    zero = state_map(pd.Series({"BRA": 0, "CHL": 12.5}, name="mine"), path=world)
    assert groups(zero) == {"BRA": "0", "CHL": "12.5", "SGP": None, "TUV": None, "TWN": None} and zero.attrs["title"] == "mine"
    assert zero["value"].tolist()[:2] == [0.0, 12.5] and zero["value"].isna().sum() == 3
    assert groups(state_map(pd.Series({"BRA": True, "CHL": False}), path=world))["CHL"] == "no"
    many = pd.Series({"BRA": 1, "CHL": 2, "SGP": 3, "TUV": 9, "TWN": 40, "G20": 41})
    assert list(state_map(many, path=world).attrs["groups"]) == ["1–8", "9–16", "33–41"]
    assert len(state_map(pd.Series({"BRA": None}, dtype="Float64"), path=world)) == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"values": "acts_joind"}, "'acts_joind' is not a column of the panel; did you mean acts_joined"),
        ({"form": "globe"}, "form='globe' is not possible; there are: tiles, world."),
        ({"year": 2024}, "the map of strategies has no year; leave it out, or use the column has_strategy."),
        ({"values": pd.Series({"BR": 1})}, "'BR' in the index of the values is no identifier of an actor; did you mean BRA"),
        ({"values": pd.Series([1, 2], index=["BRA", "BRA"])}, "BRA is in the index of the values twice; give one value for each state."),
    ],
)
def test_maps_that_cannot_be_made(world: Path, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as error:
        state_map(**asked, path=world)
    assert str(error.value).startswith(said)


def test_the_map_of_the_world_names_what_it_cannot_draw(world: Path) -> None:
    frame = state_map(pd.Series({"BRA": 1, "SGP": 2, "TUV": 0}), form="world", path=world)
    drawing = spec(frame)
    under = " ".join(drawing["title"]["text"])
    assert "Disputed areas and borders are as that source draws them" in under and "(2): Singapore, Tuvalu." in under
    topology = drawing["vconcat"][0]["vconcat"][1]["layer"][0]["data"]["values"]
    drawn = {shape["properties"]["tip"]: shape["properties"]["fill"] for shape in topology["objects"]["countries"]["geometries"]}
    assert drawn["Brazil: 1"] not in ("white", drawn["Chile: not known"]) and "Antarctica" not in drawn
    assert len(drawn) == len(json.loads(shapes())["objects"]["countries"]["geometries"]) - 1


@pytest.mark.real
def test_every_state_has_a_tile_of_its_own() -> None:
    frame = state_map(path=ROOT)
    assert frame["column"].notna().all() and len(set(tiles().values())) == len(tiles()) >= 195
    assert {"EU", "TWN", "HKG", "MAC", "XKX"} <= set(frame["state"])


def test_each_state_is_in_one_combination(world: Path) -> None:
    frame = overlap("BRICS", "G20", "d1", "d2", on="2025-06-01", path=world)
    assert frame[["combination", "size", "names"]].to_numpy().tolist() == [
        ["d1", 1, "Singapore"],
        ["d1; d2", 1, "Chile"],
        ["BRICS; G20; d1; d2", 1, "Brazil"],
    ]
    assert frame.attrs["sets"] == (("BRICS", "BRICS", 1), ("G20", "G20", 1), ("d1", "Text 1", 3), ("d2", "Text 2", 2))
    under = " ".join(spec(frame)["title"]["text"])
    # Singapore joined the G20 on some day of the year.
    assert "1 memberships that are not known for the day are left out." in under
    assert "The list is not complete, so that states may be missing: Text 2." in under
    assert overlap("d2", on="2024-01-01", path=world).empty
    with pytest.raises(UsageError, match=r"^'CHL' is neither a bloc with members nor a declaration; "):
        overlap("CHL", path=world)
    with pytest.raises(RefusedError, match="no state is in any of these"):
        spec(overlap("d2", on="2024-01-01", path=world))


def test_pairs_by_region(world: Path) -> None:
    frame = cosignature(path=world)
    assert frame[["a", "b", "common"]].to_numpy().tolist() == [["BRA", "CHL", 2], ["BRA", "SGP", 1], ["CHL", "SGP", 1]]
    assert [(state, region, joined) for state, _, region, joined in frame.attrs["order"]] == [
        ("BRA", "South America", 2), ("CHL", "South America", 2), ("SGP", "South-eastern Asia", 1),
    ]  # fmt: skip
    assert {"South America", "South-eastern Asia", "1 in common", "2"} <= set(texts_in(spec(frame)))
    assert len(cosignature(most=2, path=world)) == 1
    with pytest.raises(UsageError, match=r"^most=1 is too few; a matrix needs two states\.$"):
        cosignature(most=1, path=world)


def test_a_break_of_method_cuts_the_line(world: Path) -> None:
    frame = slope("x", path=world)
    assert frame[["actor", "edition"]].to_numpy().tolist() == [
        *(["BRA", year] for year in ("2022", "2023", "2024", "2025")),
        ["CHL", "2025"],
    ]
    assert frame["score"].isna().tolist() == [False] * 4 + [True]
    assert readable(frame).columns.tolist() == ["actor", "2022", "2023 ‡", "2024", "2025"]
    drawing = spec(frame)
    lines = [
        layer["mark"]["strokeDash"]
        for layer in drawing["vconcat"][0]["layer"]
        if layer["mark"]["type"] == "line" and layer["mark"]["strokeWidth"] == 1.6
    ]
    assert sorted(lines) == [[], [4, 3]]  # nothing from 2022 to 2023
    under = " ".join(drawing["title"]["text"])
    assert "the line is cut" in under and "Dashed: no source was seen" in under
    with pytest.raises(UsageError, match=r"^'y' is not an index; "):
        slope("y", path=world)


@pytest.mark.real
def test_no_label_of_the_real_charts_is_cut() -> None:
    for frame in (state_map(path=ROOT), overlap(on="2025-12-31", path=ROOT), cosignature(path=ROOT), slope("ilia", path=ROOT)):
        assert [text for text in texts_in(spec(frame)) if text.endswith("…")] == [], frame.attrs["view"]


def test_labels_are_moved_apart() -> None:
    assert spread([1, 2, 30], 10, 0, 100) == [1, 11, 30]
    assert spread([95, 96], 10, 0, 100) == [90, 100]
    assert spread([], 10, 0, 100) == []


@pytest.mark.parametrize("width", [360, 760])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_text_of_a_chart_falls_on_another(world: Path, width: int, lang: str) -> None:
    frames = [
        state_map(path=world, lang=lang),
        overlap("BRICS", "G20", "d1", path=world, lang=lang),
        cosignature(path=world, lang=lang),
        slope("x", path=world, lang=lang),
    ]
    for frame in frames:
        found = boxes(spec(frame, width=width))
        unit = spec(frame, width=width)["vconcat"][0]
        for at, (left, top, right, bottom, text) in enumerate(found):
            assert left >= -1 and top >= -1 and right <= unit["width"] + 4 and bottom <= unit["height"] + 4, (frame.attrs["view"], text)
            for other in found[at + 1 :]:
                assert min(right, other[2]) - max(left, other[0]) <= 1 or min(bottom, other[3]) - max(top, other[1]) <= 1, (
                    frame.attrs["view"],
                    text,
                    other,
                )


def test_the_colour_of_an_event_is_fixed() -> None:
    assert (family_of("adopted").colour, family_of("entered_into_force").colour, family_of("signed").colour) == (
        COLOURS[0],
        COLOURS[2],
        COLOURS[4],
    )
    assert family_of("something else") is OTHER
    assert len({family.colour for family in (*EVENT_FAMILIES, OTHER)}) == len(EVENT_FAMILIES) + 1
    assert {family.colour for family in EVENT_FAMILIES} == {*COLOURS, BLACK}
    named = [event for family in EVENT_FAMILIES for event in family.events]
    assert len(named) == len(set(named))
    (events,) = (field for field in SCHEMAS["events"]["fields"] if field["name"] == "event")
    assert [category["value"] for category in events["categories"] if family_of(category["value"]) is OTHER] == []


def test_a_scale_of_time_does_not_begin_long_before_most_events() -> None:
    assert axis_start([1956.5, 2020, 2021, 2022, 2023, 2024]) == 2020
    assert axis_start([1956.5, 1990, 2020, 2021]) == 1956.5  # too many lie before
    assert axis_start([2020.0]) == 2020.0


def test_an_event_before_the_scale_is_a_triangle(tmp_path: Path) -> None:
    events = [
        {"record_table": "actors", "record_id": "BRA", "date": date, "event": "met", "seq": 1}
        for date in ("1956-01-01", *(f"2024-0{month}-01" for month in range(1, 8)))
    ]
    drawing = spec(timeline(path=package(tmp_path / "p", {"actors": WORLD["actors"], "events": events})))
    marks = [
        layer["mark"]
        for layer in drawing["vconcat"][0]["layer"]
        if layer["mark"]["type"] == "point" and layer["mark"]["shape"] == "triangle-left"
    ]
    assert len(marks) == 1 and {"2024-03", "met"} <= set(texts_in(drawing))
    assert any("a triangle where it lies before the scale" in text for text in texts_in(drawing))


def test_authors_are_romanised_in_pictures_that_are_not_chinese(tmp_path: Path) -> None:
    sources = [
        {
            "id": "s",
            "kind": "scholarly",
            "title": "纸",
            "authors": "蔡佳峻; 侯乐轩",
            "authors_latin": "Cai, Jiajun; Hou, Lexuan",
            "published": "2025",
        },
        {"id": "t", "authors": "蔡佳峻", "published": "2025"},
    ]
    tables = open_tables(package(tmp_path / "p", {"sources": sources}), None)
    assert [short_citation(tables, source, lang) for source, lang in (("s", "en"), ("s", "zh"), ("t", "en"))] == [
        "Cai & Hou 2025",
        "蔡佳峻 & 侯乐轩 2025",
        "蔡佳峻 2025",
    ]


def test_the_command(run: Run, world: Path, tmp_path: Path) -> None:
    assert [row["chart"] for row in json.loads(run("chart", "--format", "json").out)] == ["map", "overlap", "cosignature", "slope"]
    rows = json.loads(run("chart", "map", "--path", world, "--format", "json").out)
    assert (rows[0]["state"], rows[0]["group"], rows[4]["group"]) == ("BRA", "adopted", None)
    done = run("chart", "overlap", "BRICS", "d1", "--on", "2025-06-01", "--path", world, "--draw", tmp_path / "x.json")
    assert (done.code, done.err) == (0, "") and json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["vconcat"]
    assert run("chart", "slope", "x", "--path", world, "--format", "md").out.startswith("| actor | 2022 |")
    for words, said in [
        (["chart", "slop"], "'slop' is not a chart; did you mean slope?"),
        (["chart", "slope"], "wrong number of arguments; the usage is: aistatecraft chart slope INDEX."),
        (["chart", "map", "--on", "2025-01-01"], "the chart map has no option --on; it takes --form, --year."),
    ]:
        done = run(*words, "--path", world)
        assert (done.code, done.err) == (2, f"aistatecraft: {said}\n")
