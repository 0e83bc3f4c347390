"""Drawings: nothing overlaps, nothing is cut, the same data give the same drawing, and it shows what the frame has."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aistatecraft.errors import RefusedError, UsageError
from aistatecraft.views import (
    chart,  # fmt: skip
    disputes,
    hedging,
    index,
    readable,
    south_south,
    spec,
    strategy_features,
    technological_power,
    timeline,
    us_plan,
)
from aistatecraft.views.charts.layered_graph import Edge, merged
from aistatecraft.views.charts.rendering import texts_in
from aistatecraft.views.charts.score_bars import steps
from aistatecraft.views.charts.theme import COLOURS, has_wide, text_width, wrapped
from tests.conftest import ROOT
from tests.views import test_codings, test_plan, test_scores, test_south, test_timeline
from tests.views.sample import package


def frames(path: Path, lang: str = "en") -> Iterator[pd.DataFrame]:
    """Everything that is drawn, of the real package; what it has nothing for is left out."""
    common: dict[str, Any] = {"path": path, "lang": lang}
    made = [
        strategy_features(**common), hedging(**common), hedging("graph", **common), technological_power(**common), technological_power("competition", **common),
        technological_power("framework", **common), us_plan(**common), south_south(**common), timeline(**common), timeline(actor="BRA", start="2024", **common),
        *(index(edition, **common) for edition in ("ilia-2023", "ilia-2024", "ilia-2025")),
    ]  # fmt: skip
    yield from (frame for frame in made if len(frame))


def boxes(drawing: dict[str, Any]) -> list[tuple[float, float, float, float, str]]:
    """Left, top, right and bottom of each text of a canvas, as wide as the theme takes it to be."""
    found = []
    for layer in drawing["vconcat"][0]["layer"]:
        mark = layer["mark"]
        if mark["type"] != "text":
            continue
        for value in layer["data"]["values"]:
            # The estimate is on the wide side; a little less must fit in any case.
            width = text_width(value["text"], mark["fontSize"], mark["fontWeight"] == "bold") * 0.93
            height = mark["fontSize"] * 0.8
            start = {"left": 0.0, "right": -width, "center": -width / 2}[mark["align"]]
            x, y = value["x"], value["y"]
            if mark["angle"] == 270:
                found.append((x - height / 2, y - start - width, x + height / 2, y - start, value["text"]))
            else:
                found.append((x + start, y - height / 2, x + start + width, y + height / 2, value["text"]))
    return found


@pytest.mark.real
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [360, 760])
def test_no_text_falls_on_another_or_out_of_the_picture(lang: str, width: int) -> None:
    for frame in frames(ROOT, lang):
        drawing = spec(frame, width=width)
        unit = drawing["vconcat"][0]
        found = boxes(drawing)
        assert found
        for left, top, right, bottom, text in found:
            assert left >= -1 and top >= -1 and right <= unit["width"] + 4 and bottom <= unit["height"] + 4, (frame.attrs["view"], text)
        for one, other in combinations(found, 2):
            across, down = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
            assert across <= 1 or down <= 1, (frame.attrs["view"], lang, width, one, other)


@pytest.mark.real
def test_no_label_is_cut_at_the_usual_width() -> None:
    for frame in frames(ROOT):
        titles = " ".join(str(value) for value in frame.select_dtypes("string").to_numpy().ravel())
        assert [text for text in texts_in(spec(frame)) if text.endswith("…") and "…" not in titles] == [], frame.attrs["view"]


@pytest.mark.real
def test_title_sources_and_version_stand_around_each() -> None:
    for frame in frames(ROOT):
        drawing = spec(frame)
        assert " ".join(drawing["vconcat"][0]["title"]["text"]) == frame.attrs["title"]
        under = " ".join(drawing["title"]["text"])
        assert "Sources: " in under and frame.attrs["cited"][0].split(",")[0] in under.replace("’", "'")
        assert f"Data: aistatecraft {frame.attrs['version']}" in under


@pytest.mark.real
def test_the_same_frame_gives_the_same_drawing_and_plain_values() -> None:
    for one, other in zip(frames(ROOT), frames(ROOT), strict=True):
        drawing = spec(one)
        assert drawing == spec(other)
        assert json.loads(json.dumps(drawing)) == drawing


def test_colours_are_those_of_okabe_and_ito_and_can_be_told_apart() -> None:
    """Also by their lightness, for those who see no colours at all: neighbours in the palette differ."""

    def lightness(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 116 * (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]) ** (1 / 3) - 16

    assert set(COLOURS) == {"#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
    assert all(abs(lightness(one) - lightness(other)) > 5 for one, other in combinations(COLOURS[:3], 2))


def bars(frame: pd.DataFrame) -> dict[str, str]:
    """Fill of the bar of each actor."""
    layers = spec(frame)["vconcat"][0]["layer"]
    return {
        value["tip"].partition(":")[0]: layer["mark"]["fill"]
        for layer in layers
        if layer["mark"]["type"] == "rect"
        for value in layer["data"]["values"]
    }


def test_bars_have_the_colour_of_their_tier(tmp_path: Path) -> None:
    found = index("x", "2024", path=package(tmp_path / "p", test_scores.world()))
    assert bars(found) == {
        "Chile": COLOURS[0],
        "Brazil": COLOURS[0],
        "United States": COLOURS[1],
        "Latin America and the Caribbean": "#BBBBBB",
    }
    texts = set(texts_in(spec(found)))
    # Operators, changes with the mark of a break, and what the mark means.
    assert {"> 61.00", "59.99", "~ 35.00", "−0.11 ‡", "≥ 60"} <= texts
    assert any(text.startswith("‡ The method changed after 2022") for text in texts)
    assert "3 of 9 actors that the edition declares" in texts


def test_rows_of_a_frame_can_be_drawn(tmp_path: Path) -> None:
    found = index("x", "2024", path=package(tmp_path / "p", test_scores.world()))
    assert set(bars(found[found["actor"] != "LAC"])) == {"Chile", "Brazil", "United States"}


def test_dots_of_our_own_curators_are_rings(tmp_path: Path) -> None:
    layers = spec(hedging(path=package(tmp_path / "p", test_codings.HEDGING)))["vconcat"][0]["layer"]
    looks = {
        value["tip"]: layer["mark"]["fill"] for layer in layers if layer["mark"]["type"] == "point" for value in layer["data"]["values"]
    }
    assert looks["The law (BRA): hedging-object usa"] == "white"
    assert looks["The law (BRA): hedging-means bind"] == COLOURS[0]


def test_orders_and_measures_of_the_plan(tmp_path: Path) -> None:
    drawing = spec(us_plan(path=package(tmp_path / "p", test_plan.WORLD)))
    texts = list(texts_in(drawing))
    assert {"Pillar I: P1", "served by The Order (EO 1)", "P1-S1", "1 pillars, 2 sections, 2 measures"} <= set(texts)
    filled = {
        value["tip"]: layer["mark"]["fill"]
        for layer in drawing["vconcat"][0]["layer"]
        if layer["mark"]["type"] == "point"
        for value in layer["data"]["values"]
        if "tip" in value
    }
    assert filled == {"P1-S1-M": COLOURS[0], "P1-S2": "white"}


def test_proposals_are_told_from_what_exists(tmp_path: Path) -> None:
    layers = spec(south_south(path=package(tmp_path / "p", test_south.WORLD)))["vconcat"][0]["layer"]
    found = {value["tip"]: (layer["mark"]["shape"], layer["mark"]["fill"] != "white") for layer in layers if layer["mark"]["type"] == "point" for value in layer["data"]["values"] if "tip" in value}  # fmt: skip
    assert found == {
        "Brazil": ("triangle-up", True),
        "Cloud": ("circle", True),
        "Summit": ("circle", False),
        "paper-hold-summits": ("diamond", True),
    }


def test_a_date_of_a_year_is_a_bar_and_that_of_a_day_a_dot(tmp_path: Path) -> None:
    layers = spec(timeline(path=package(tmp_path / "p", test_timeline.WORLD)))["vconcat"][0]["layer"]
    marks = {value["tip"]: layer["mark"]["type"] for layer in layers for value in layer["data"]["values"] if "tip" in value}
    assert {tip: mark for tip, mark in marks.items() if "Act" in tip} == {
        "2021 proposed: Act": "rect", "2021-06 amended: Act": "rect", "2022-07-28 voted: Act": "point", "2022-08-09 adopted: Act": "point",
        "2023 entered into force: Act": "rect", "2024 joined: Act": "rect",
    }  # fmt: skip


def test_many_events_are_counted_by_year(tmp_path: Path) -> None:
    events = [{"record_table": "actors", "record_id": "BRA", "date": f"{1900 + at}", "event": "met", "seq": 1} for at in range(0, 126)]
    found = timeline(path=package(tmp_path / "p", {**test_timeline.WORLD, "events": events}))
    drawing = spec(found)
    tips = [value["tip"] for layer in drawing["vconcat"][0]["layer"] for value in layer["data"]["values"] if "tip" in value]
    assert sum(int(tip.partition(": ")[2].partition(" ")[0]) for tip in tips) == len(found)
    # There is room for the last years one by one; the earlier ones share a bar.
    assert any(tip.startswith("to 19") and tip.endswith(" met") for tip in tips)


def test_what_cannot_be_drawn(tmp_path: Path) -> None:
    small = package(tmp_path / "p", test_timeline.WORLD)
    with pytest.raises(RefusedError, match=r"^there is nothing to draw: no dated event in this package matches\.$"):
        spec(timeline(actor="LAC", path=small))
    with pytest.raises(UsageError, match=r"^disputes is a table and cannot be drawn; print it instead\.$"):
        spec(disputes(path=small))
    with pytest.raises(UsageError, match=r"^a drawing must be at least 320 pixels wide, not 100\.$"):
        spec(timeline(path=small), width=100)
    for use in (spec, readable):
        with pytest.raises(UsageError, match=r"^this frame was not made by a view"):
            use(pd.DataFrame({"a": [1]}))


def test_altair_takes_each(tmp_path: Path) -> None:
    pytest.importorskip("altair")
    hedge, plan, south, scores, times = (
        package(tmp_path / str(at), world)
        for at, world in enumerate([test_codings.HEDGING, test_plan.WORLD, test_south.WORLD, test_scores.world(), test_timeline.WORLD])
    )
    for frame in (
        hedging(path=hedge),
        hedging("graph", path=hedge),
        us_plan(path=plan),
        south_south(path=south),
        index("x", path=scores),
        timeline(path=times),
    ):
        # Altair validates against the schema of Vega-Lite.
        assert chart(frame).to_dict()["vconcat"][0]["title"]["text"] == spec(frame)["vconcat"][0]["title"]["text"]


TEXT = st.text(st.sampled_from("ab W.'-/ 国语，。é"), max_size=60)


@given(TEXT, st.integers(30, 200))
def test_a_broken_text_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = wrapped(text, width, 11)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 11) <= width for line in lines)


@given(TEXT, st.integers(40, 200), st.integers(1, 3))
def test_a_text_that_is_cut_says_so(text: str, width: int, most: int) -> None:
    lines, whole = wrapped(text, width, 11, most=most), wrapped(text, width, 11)
    assert len(lines) <= most
    assert lines == whole if len(whole) <= most else lines[-1].endswith("…")


def test_chinese_is_broken_between_characters_and_latin_between_words() -> None:
    assert wrapped("多元对冲战略研究", 50, 11) == ["多元对冲", "战略研究"]
    assert wrapped("in the long run", 45, 11) == ["in the", "long run"]
    # Punctuation does not begin a line.
    assert wrapped("技术，制度", 26, 11) == ["技", "术，", "制度"]
    assert has_wide("a国") and not has_wide("São “é” – ’")


@given(st.floats(-1000, 1000), st.floats(0.01, 1000), st.integers(2, 12))
def test_steps_are_round_few_and_within(low: float, span: float, most: int) -> None:
    found = list(steps(low, low + span, most))
    assert len(found) <= most
    assert all(low - 1e-5 <= tick <= low + span + 1e-5 for tick in found)
    assert math.isclose(len({round(other - one, 5) for one, other in pairwise(found)}), 1) if len(found) > 2 else True


def test_two_edges_of_a_kind_that_run_opposite_ways_are_one_with_two_heads() -> None:
    edges = [Edge("a", "b", "supports"), Edge("b", "a", "supports"), Edge("b", "a", "causes")]
    assert merged(edges) == [Edge("a", "b", "supports", both=True), Edge("b", "a", "causes")]


def test_drawings_use_short_titles_and_names(tmp_path: Path) -> None:
    world = {
        "actors": [
            {"id": "USA", "kind": "state", "name_en": "United States of Everything", "short_name": "US", "iso2": "US"},
            {"id": "usa-senate", "kind": "government_body", "name_en": "Senate of Everything", "short_name": "US Senate", "parent": "USA"},
        ],
        "instruments": [
            {
                "id": "act",
                "jurisdiction": "USA",
                "title_en": "An Act for a Purpose",
                "short_title": "Purpose Act",
                "kind": "law",
                "adopted": "2022",
            },
            {"id": "rule", "jurisdiction": "USA", "title_en": "A Rule", "kind": "law", "adopted": "2023"},
        ],
        "events": [
            {"record_table": "instruments", "record_id": "act", "date": "2021", "event": "proposed", "seq": 1, "actor": "usa-senate"}
        ],
    }
    path = package(tmp_path / "p", world)
    drawn = {text for *_, text in boxes(spec(timeline(path=path)))}
    assert {"Purpose Act (US Senate)", "Purpose Act (US)", "A Rule (US)"} <= drawn and not any("Everything" in text for text in drawn)
    # In other languages the names in that language stand, and the frame itself has the whole titles.
    assert any("An Act for a Purpose" in text for *_, text in boxes(spec(timeline(path=path, lang="es"))))
    assert set(timeline(path=path)["title"]) == {"An Act for a Purpose", "A Rule"}
