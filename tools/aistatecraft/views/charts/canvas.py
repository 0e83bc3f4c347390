"""Drawing to the pixel: boxes, lines, dots and texts at places of our own, as layers of one Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aistatecraft.views.charts.theme import BLACK, GREY, WIDE, Spec, has_wide, text_width

__all__ = ["Canvas"]

_Style = tuple[tuple[str, Any], ...]


class Canvas:
    """What is drawn so far. x runs to the right and y down, both in pixels; what lies lower in the list of layers is drawn first."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._layers: dict[tuple[int, str, _Style], list[dict[str, Any]]] = {}
        self._lines = 0

    def _add(self, level: int, mark: str, style: Mapping[str, Any], *values: dict[str, Any]) -> None:
        self._layers.setdefault((level, mark, tuple(sorted(style.items()))), []).extend(values)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "white",
        stroke: str | None = None,
        radius: float = 3,
        level: int = 2,
        opacity: float = 1,
        tip: str = "",
    ) -> None:
        """A rectangle; (x, y) is its upper left corner."""
        style = {"fill": fill, "stroke": stroke, "cornerRadius": radius, "fillOpacity": opacity, "strokeWidth": 1.2}
        self._add(
            level,
            "rect",
            style,
            {"x": round(x, 1), "y": round(y, 1), "x2": round(x + width, 1), "y2": round(y + height, 1), **({"tip": tip} if tip else {})},
        )

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: str = GREY,
        width: float = 1.2,
        dash: tuple[int, ...] = (),
        curve: bool = False,
        level: int = 1,
        opacity: float = 1,
    ) -> None:
        """A line through points; with `curve` a smooth one that they pull at."""
        self._lines += 1
        style = {
            "stroke": colour,
            "strokeWidth": width,
            "strokeDash": dash,
            "interpolate": "basis" if curve else "linear",
            "opacity": opacity,
        }
        self._add(
            level, "line", style, *({"x": round(x, 1), "y": round(y, 1), "n": self._lines, "o": at} for at, (x, y) in enumerate(points))
        )

    def dot(
        self,
        x: float,
        y: float,
        *,
        colour: str = BLACK,
        size: float = 70,
        shape: str = "circle",
        filled: bool = True,
        level: int = 3,
        tip: str = "",
    ) -> None:
        """A mark; `shape` is a name of Vega's."""
        style = {"fill": colour if filled else "white", "stroke": colour, "strokeWidth": 1.4, "size": size, "shape": shape, "opacity": 1}
        self._add(level, "point", style, {"x": round(x, 1), "y": round(y, 1), **({"tip": tip} if tip else {})})

    def text(
        self,
        x: float,
        y: float,
        lines: str | Sequence[str],
        *,
        size: float = 11,
        bold: bool = False,
        align: str = "left",
        colour: str = BLACK,
        angle: float = 0,
        line_height: float | None = None,
    ) -> None:
        """A text, in one or several lines; (x, y) is the middle of them all in height, and their start, middle or end across."""
        listed = [lines] if isinstance(lines, str) else list(lines)
        height = line_height or round(size * 1.22, 1)
        look = {
            "fontSize": size,
            "fontWeight": "bold" if bold else "normal",
            "align": align,
            "baseline": "middle",
            "color": colour,
            "angle": angle,
        }
        first = y - (len(listed) - 1) * height / 2
        for at, line in enumerate(listed):
            if line:
                style = {**look, "font": WIDE} if has_wide(line) else look
                self._add(4, "text", style, {"x": round(x, 1), "y": round(first + at * height, 1), "text": line})

    def key(self, x: float, y: float, entries: Sequence[tuple[str, Mapping[str, Any]]], width: float) -> float:
        """A legend in rows no wider than `width`: each entry a label and the look of its dot or line; gives the y under it."""
        at, start = x, x
        for label, look in entries:
            space = 34 + text_width(label, 11)
            if at > start and at + space > start + width:
                at, y = start, y + 18
            if "line" in look:
                self.line([(at, y), (at + 18, y)], **look["line"])
            else:
                self.dot(at + 9, y, **look)
            self.text(at + 23, y, label)
            at += space
        return y + 18

    def spec(self) -> Spec:
        """The layers."""
        axis = {"axis": None, "type": "quantitative"}
        across = {**axis, "field": "x", "scale": {"domain": [0, round(self.width, 1)], "nice": False, "zero": False}}
        down = {**axis, "field": "y", "scale": {"domain": [0, round(self.height, 1)], "nice": False, "zero": False, "reverse": True}}
        layers = []
        for (_, mark, style), values in sorted(self._layers.items(), key=lambda item: item[0][0]):
            look: dict[str, Any] = {name: list(value) if isinstance(value, tuple) else value for name, value in style}
            encoding: dict[str, Any] = {"x": across, "y": down}
            if mark == "rect":
                encoding |= {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
            elif mark == "line":
                encoding |= {"detail": {"field": "n", "type": "nominal"}, "order": {"field": "o", "type": "quantitative"}}
            elif mark == "text":
                encoding["text"] = {"field": "text", "type": "nominal"}
            if any("tip" in value for value in values):
                encoding["tooltip"] = {"field": "tip", "type": "nominal"}
            layers.append({"data": {"values": values}, "mark": {"type": mark, **look}, "encoding": encoding})
        return {"width": round(self.width, 1), "height": round(self.height, 1), "layer": layers}
