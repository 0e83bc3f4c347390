"""The drawings of a map: a tile of the same size for each state, or the shapes of Natural Earth."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from aistatecraft.views.charts.canvas import Canvas
from aistatecraft.views.charts.theme import COLOURS, GREY, Spec, framed, text_width
from aistatecraft.views.frame import numbers_of
from aistatecraft.views.labels import spoken

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SHADES", "ink_on", "map_drawn", "shapes"]

SHADES = ("#DCE9F6", "#A9CCE8", "#6BA8D6", "#2F7DB8", "#0A4C86")
"""Shades for numbers, from low to high."""
_UNKNOWN = "?"
_LEAST = 640
"""So wide at least must a map be, to be read."""
_NOT_BY_NUMBER = {"Kosovo": "XKX"}
"""Shapes without a number of UN M49."""


def ink_on(colour: str) -> str:
    """Black or white, whichever can be read on a colour; not the neutral ones, which change on a dark page."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#111111" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#FFFFFF"


def map_drawn(frame: pd.DataFrame, width: int) -> Spec:
    """The specification; `width` in pixels is that of the whole drawing, 640 at least."""
    rows = [dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)]
    width = max(width, _LEAST)
    return _world(frame, rows, width) if frame.attrs["form"] == "world" else _tiles(frame, rows, width)


def _signs(groups: Sequence[str]) -> dict[str, str]:
    """A letter for each group of words, so that they are told apart without colour."""
    signs: dict[str, str] = {}
    for group in groups:
        free = [letter.upper() for letter in group if letter.isalnum() and letter.upper() not in signs.values()]
        signs[group] = free[0] if free else str(len(signs) + 1)
    return signs


class _Look:
    """Colours, signs and the key of the groups of a frame."""

    def __init__(self, frame: pd.DataFrame, rows: Sequence[dict[str, Any]]) -> None:
        self.lang: str = frame.attrs["lang"]
        there = {row["group"] for row in rows}
        groups = [group for group in frame.attrs["groups"] if group in there]
        self.numeric: bool = frame.attrs["numeric"]
        if self.numeric:
            picked = [SHADES[round(at * (len(SHADES) - 1) / max(1, len(groups) - 1))] for at in range(len(groups))]
        else:
            fixed = frame.attrs["colours"]
            picked = [fixed.get(group, COLOURS[at % len(COLOURS)]) for at, group in enumerate(groups)]
        self.colours = dict(zip(groups, picked, strict=True))
        self.signs = {} if self.numeric else _signs(groups)
        self.rows = rows

    def sign(self, row: dict[str, Any]) -> str:
        """What stands in a tile: the number, or the letter of the group."""
        if row["group"] is None:
            return _UNKNOWN
        return _short(row["value"]) if self.numeric else self.signs[row["group"]]

    def key(self, canvas: Canvas, y: float, width: float) -> float:
        """The key, in words with the number of states; gives the y under it."""
        entries: list[tuple[str, dict[str, Any]]] = []
        for group, colour in self.colours.items():
            count = sum(row["group"] == group for row in self.rows)
            letter = f"{self.signs[group]}  " if self.signs else ""
            entries.append((f"{letter}{group} ({count})", {"colour": colour, "shape": "square", "size": 110}))
        unknown = sum(row["group"] is None for row in self.rows)
        if unknown:
            words = spoken(self.lang, "not known", "未知")
            entries.append((f"{_UNKNOWN}  {words} ({unknown})", {"colour": GREY, "shape": "square", "size": 110, "filled": False}))
        return canvas.key(0, y, entries, width)

    def subtitle(self) -> str:
        """How many states have a value."""
        known = sum(row["group"] is not None for row in self.rows)
        said = "a value is known for {} of {} states and areas; ? is neither zero nor none"
        return spoken(self.lang, said, "{1}个国家和地区中有{0}个的数值已知；?既非零也非无").format(known, len(self.rows))


def _short(value: float) -> str:
    if value >= 1000:
        return f"{value / 1000:.0f}k"
    return f"{value:.0f}" if value == int(value) or value >= 100 else f"{value:.3g}" if value >= 10 else f"{value:.2g}"


def _tiles(frame: pd.DataFrame, rows: list[dict[str, Any]], width: float) -> Spec:
    look, canvas = _Look(frame, rows), Canvas(width, 0)
    placed = [row for row in rows if row["column"] is not None]
    across = max((row["column"] for row in placed), default=0) + 1
    cell = width / across
    top = look.key(canvas, 8, width) + 6
    size = min([9.0, *((cell - 4) / text_width(row["state"], 1) for row in placed)])
    for row in placed:
        x, y = row["column"] * cell, top + row["row"] * cell
        colour = look.colours.get(row["group"])
        ink = ink_on(colour) if colour else GREY
        tip = f"{row['name']}: {row['group'] or spoken(look.lang, 'not known', '未知')}"
        if look.numeric and row["value"] is not None:
            tip = f"{row['name']}: {row['value']:g}"
        canvas.box(x + 0.8, y + 0.8, cell - 1.6, cell - 1.6, fill=colour or "white", stroke=colour or "#BBBBBB", radius=2, tip=tip)
        canvas.text(x + cell / 2, y + cell * 0.32, row["state"], size=round(size, 1), align="center", colour=ink)
        sign = look.sign(row)
        canvas.text(x + cell / 2, y + cell * 0.7, sign, size=round(min(9.5, (cell - 3) / text_width(sign, 1)), 1), bold=True, align="center", colour=ink)  # fmt: skip
    canvas.height = top + (max((row["row"] for row in placed), default=0) + 1) * cell
    left_out = [row["name"] for row in rows if row["column"] is None]
    notes = [spoken(look.lang, "One tile a state or area, and one for the European Union: places are approximate, sizes and borders say nothing.", "每国或地区一格，欧盟另一格；位置为近似，大小与边界无意义。")]  # fmt: skip
    if left_out:
        notes.append(spoken(look.lang, "Without a tile: ", "未列：") + ", ".join(left_out))
    return framed(frame, canvas.spec(), width, subtitle=look.subtitle(), notes=notes)


@cache
def shapes() -> str:
    """Natural Earth's countries 1:110m (version 4.1, public domain) in the TopoJSON of world-atlas 2.0.2, as text."""
    return files("aistatecraft.views.charts").joinpath("countries-110m.json").read_text(encoding="utf-8")


def _world(frame: pd.DataFrame, rows: list[dict[str, Any]], width: float) -> Spec:
    look = _Look(frame, rows)
    by_state = {row["state"]: row for row in rows}
    states = dict(frame.attrs["m49"])
    topology = json.loads(shapes())
    del topology["objects"]["land"]
    kept, drawn, letters = [], set(), []
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        if name == "Antarctica":
            continue
        state = states.get(str(shape.pop("id", ""))) or _NOT_BY_NUMBER.get(name)
        row = by_state.get(state or "")
        fill = look.colours.get(row["group"], "white") if row else "white"
        tip = name
        if row:
            drawn.add(row["state"])
            said = row["group"] or spoken(look.lang, "not known", "未知")
            tip = f"{row['name']}: {row['value']:g}" if look.numeric and row["value"] is not None else f"{row['name']}: {said}"
            spot = _middle(topology, shape)
            if spot and row["group"] is not None and look.signs:
                letters.append({"x": spot[0], "y": spot[1], "text": look.sign(row), "ink": ink_on(fill)})
        shape["properties"] = {"fill": fill, "tip": tip}
        kept.append(shape)
    topology["objects"]["countries"]["geometries"] = kept
    small = [row["name"] for row in rows if row["state"] not in drawn and row["group"] is not None]
    canvas = Canvas(width, 0)
    canvas.height = look.key(canvas, 8, width)
    notes = [spoken(look.lang, "Shapes: Natural Earth 1:110m. Disputed areas and borders are as that source draws them; this project takes no position on them.", "底图：Natural Earth 1:110m。争议地区和边界按其来源绘制，不代表本项目立场。")]  # fmt: skip
    if small:
        notes.append(spoken(look.lang, f"Too small to be drawn, or without a shape there, but with a value ({len(small)}): ", f"有数值但过小未绘（{len(small)}）：") + ", ".join(small) + ".")  # fmt: skip
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": topology, "format": {"type": "topojson", "feature": "countries"}},
            "mark": {"type": "geoshape", "stroke": GREY, "strokeWidth": 0.5},
            "encoding": {"fill": {"field": "properties.fill", "type": "nominal", "scale": None}, "tooltip": {"field": "properties.tip", "type": "nominal"}},
        }
    ]  # fmt: skip
    if letters:
        layers.append(
            {
                "data": {"values": letters},
                "mark": {"type": "text", "fontSize": 8.5, "fontWeight": "bold"},
                "encoding": {
                    "longitude": {"field": "x", "type": "quantitative"}, "latitude": {"field": "y", "type": "quantitative"},
                    "text": {"field": "text", "type": "nominal"}, "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            }
        )  # fmt: skip
    globe = {"width": round(width, 1), "height": round(width * 0.46, 1), "projection": {"type": "equalEarth"}, "layer": layers}
    return framed(frame, {"vconcat": [canvas.spec(), globe], "spacing": 4}, width, subtitle=look.subtitle(), notes=notes)


def _rings(topology: dict[str, Any], shape: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """Outer rings of a shape, in degrees."""
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for polygon in polygons:
        ring: list[tuple[float, float]] = []
        for arc in polygon[0]:
            x = y = 0
            points = []
            for dx, dy in topology["arcs"][arc if arc >= 0 else ~arc]:
                x, y = x + dx, y + dy
                points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
            ring += points if arc >= 0 else points[::-1]
        yield ring


def _middle(topology: dict[str, Any], shape: dict[str, Any]) -> tuple[float, float] | None:
    """The centre of the largest part of a shape; None where it is too small for a letter."""
    best: tuple[float, float, float] | None = None
    for ring in _rings(topology, shape):
        area = x = y = 0.0
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            cross = x1 * y2 - x2 * y1
            area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
        if area and (best is None or abs(area) > abs(best[0])):
            best = area, x / (3 * area), y / (3 * area)
    if best is None or abs(best[0]) / 2 * math.cos(math.radians(best[2])) < 18:
        return None
    return round(best[1], 2), round(best[2], 2)
