"""A graph in layers from left to right: boxes in columns, and edges of several kinds between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from aistatecraft.views.charts.canvas import Canvas
from aistatecraft.views.charts.theme import COLOURS, GREY, wrapped

__all__ = ["LOOKS", "MIN_GRAPH_WIDTH", "Edge", "Node", "layered"]

MIN_GRAPH_WIDTH = 640
"""Narrower than this the boxes of a graph have no room for words; the picture is drawn so wide, and can be scaled."""
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "causes": {"colour": COLOURS[5], "width": 1.8},
    "weakens": {"colour": COLOURS[1], "width": 1.8, "dash": (6, 3)},
    "supports": {"colour": COLOURS[2], "width": 1.5},
    "depends_on": {"colour": COLOURS[3], "width": 1.5, "dash": (2, 3)},
    "draws_on": {"colour": COLOURS[0], "width": 1.5},
    "uses_means": {"colour": COLOURS[2], "width": 1.5, "dash": (7, 3)},
    "part_of": {"colour": "#AAAAAA", "width": 1},
    "feeds": {"colour": COLOURS[0], "width": 1.5},
}
"""How edges look; by the colour alone nothing is told apart that dashes do not tell apart as well, or the place in the graph."""
_OTHER: Mapping[str, Any] = {"colour": GREY, "width": 1.2, "dash": (1, 3)}
_GAP, _LINE = 14.0, 13.0


@dataclass
class Node:
    """A box: its key, label, and smaller lines under it."""

    key: str
    label: str
    under: Sequence[str] = ()
    colour: str = GREY
    x: float = 0
    y: float = 0
    height: float = 0
    lines: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Edge:
    """An arrow from one box to another; `both`: with a head at either end."""

    start: str
    end: str
    relation: str
    both: bool = False


def _crossings(layers: Sequence[Sequence[Node]], edges: Sequence[Edge]) -> int:
    """How many pairs of edges between the same two columns cross."""
    place = {node.key: (at, index) for at, layer in enumerate(layers) for index, node in enumerate(layer)}
    between: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for edge in edges:
        (left, one), (right, other) = sorted((place[edge.start], place[edge.end]))
        between[left, right].append((one, other))
    return sum(
        (first[0] - second[0]) * (first[1] - second[1]) < 0 for ends in between.values() for first, second in combinations(ends, 2)
    )  # fmt: skip


def _ordered(layers: Sequence[list[Node]], edges: Sequence[Edge]) -> None:
    """Order the nodes of each column so that fewer edges cross: each goes where the middle of its neighbours is, to and fro.

    The order that was given stays where no other has fewer crossings.
    """
    beside: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        beside[edge.start].append(edge.end)
        beside[edge.end].append(edge.start)
    best, least = [list(layer) for layer in layers], _crossings(layers, edges)
    for turn in range(8):
        for at in range(len(layers)) if turn % 2 == 0 else reversed(range(len(layers))):
            near = [layers[other] for other in (at - 1, at + 1) if 0 <= other < len(layers)]
            place = {node.key: (index + 0.5) / len(layer) for layer in near for index, node in enumerate(layer)}
            middle = {}
            for index, node in enumerate(layers[at]):
                found = [place[key] for key in beside[node.key] if key in place]
                middle[node.key] = sum(found) / len(found) if found else (index + 0.5) / len(layers[at])
            layers[at].sort(key=lambda node: middle[node.key])
        found_now = _crossings(layers, edges)
        if found_now < least:
            best, least = [list(layer) for layer in layers], found_now
    for layer, order in zip(layers, best, strict=True):
        layer[:] = order


def merged(edges: Sequence[Edge]) -> list[Edge]:
    """Edges with two of the same kind that run opposite ways as one with two heads."""
    seen = {(edge.start, edge.end, edge.relation) for edge in edges}
    out: list[Edge] = []
    for edge in edges:
        back = edge.end, edge.start, edge.relation
        if back in seen:
            if edge.start < edge.end:
                out.append(Edge(edge.start, edge.end, edge.relation, both=True))
        else:
            out.append(edge)
    return out


def layered(
    width: float,
    layers: Sequence[Sequence[Node]],
    edges: Sequence[Edge],
    words: Mapping[str, str],
    headings: Sequence[str] = (),
    *,
    keep: bool = False,
) -> Canvas:
    """Draw the graph.

    Parameters
    ----------
    layers : nodes of each column, from left to right
    edges : arrows between nodes; those to a node that is in no layer are left out
    words : what the key calls each relation
    headings : one for each column, or none
    keep : whether nodes stay in the order given, however many edges cross
    """
    columns = [list(layer) for layer in layers if layer]
    titles = [heading for heading, layer in zip(headings, layers, strict=False) if layer]
    where = {node.key: at for at, layer in enumerate(columns) for node in layer}
    drawn = merged([edge for edge in dict.fromkeys(edges) if edge.start in where and edge.end in where and edge.start != edge.end])
    if not keep:
        _ordered(columns, [edge for edge in drawn if where[edge.start] != where[edge.end]])
    canvas = Canvas(width, 0)
    kinds = [name for name in [*LOOKS, *words] if any(edge.relation == name for edge in drawn)]
    entries = [(words.get(name, name.replace("_", " ")), {"line": LOOKS.get(name, _OTHER)}) for name in dict.fromkeys(kinds)]
    top = canvas.key(0, 8, entries, width) + 6 if entries else 0
    room = 46.0 if len(columns) > 4 else 60.0
    box = (width - room * (len(columns) - 1)) / max(1, len(columns))
    top += _headings(canvas, titles, top, box, room)
    tall = _place(columns, top, box, room)
    nodes = {node.key: node for layer in columns for node in layer}
    for node in nodes.values():
        _box(canvas, node, box)
    inner = [_inner_side(at, len(columns), drawn, where) for at in range(len(columns))]
    ports = _ports(drawn, nodes, where, inner)
    for at, edge in enumerate(drawn):
        _arrow(canvas, edge, nodes, where, box, room, (ports[at, edge.start], ports[at, edge.end]), inner)
    canvas.height = top + tall + 2
    return canvas


def _headings(canvas: Canvas, titles: Sequence[str], top: float, box: float, room: float) -> float:
    """Write the headings of the columns; gives the height that they take."""
    if not titles:
        return 0
    heads = [wrapped(title, box, 11, bold=True) for title in titles]
    tallest = max(len(lines) for lines in heads)
    for at, lines in enumerate(heads):
        canvas.text(at * (box + room) + box / 2, top + 8 + (tallest - 1) * 6.5, lines, bold=True, align="center")
    return tallest * 13 + 10


def _place(columns: Sequence[Sequence[Node]], top: float, box: float, room: float) -> float:
    """Give each box its lines, size and place; gives the height of the tallest column."""
    for at, layer in enumerate(columns):
        for node in layer:
            node.lines = wrapped(node.label, box - 12, 10.5)
            node.small = [line for text in node.under for line in wrapped(text, box - 12, 9.5)]
            node.x, node.height = at * (box + room), _LINE * len(node.lines) + 11.5 * len(node.small) + 12
    tall = max((sum(node.height for node in layer) + _GAP * (len(layer) - 1) for layer in columns), default=0)
    for layer in columns:
        # Few boxes spread over the height of the many.
        free = tall - sum(node.height for node in layer)
        gap = min(free / (len(layer) + 1), 60.0) if len(layer) > 1 else 0
        y = top + (free - gap * (len(layer) - 1)) / 2
        for node in layer:
            node.y = y
            y += node.height + gap
    return tall


def _box(canvas: Canvas, node: Node, width: float) -> None:
    """Draw a box with its label and the smaller lines under it."""
    canvas.box(node.x, node.y, width, node.height, stroke=node.colour, tip=node.label)
    middle = node.y + node.height / 2 - 11.5 * len(node.small) / 2
    canvas.text(node.x + width / 2, middle, node.lines, size=10.5, align="center", line_height=_LINE)
    first = middle + _LINE * len(node.lines) / 2 + 7
    for at, line in enumerate(node.small):
        canvas.text(node.x + width / 2, first + at * 11.5, line, size=9.5, align="center", colour="#555555")


def _inner_side(column: int, columns: int, edges: Sequence[Edge], where: Mapping[str, int]) -> bool:
    """Whether edges within a column run on its right: on the side where fewer others are, outside of the first and last."""
    if column in (0, columns - 1):
        return column != 0
    ends = [(where[edge.start], where[edge.end]) for edge in edges if where[edge.start] != where[edge.end]]
    right = sum(min(pair) <= column < max(pair) for pair in ends)
    left = sum(min(pair) < column <= max(pair) for pair in ends)
    return right <= left


def _ports(
    edges: Sequence[Edge], nodes: Mapping[str, Node], where: Mapping[str, int], inner: Sequence[bool]
) -> dict[tuple[int, str], float]:
    """Where on the side of its box each end of an edge lies, so that ends do not fall on each other."""
    sides: dict[tuple[str, bool], list[tuple[float, int]]] = defaultdict(list)
    for at, edge in enumerate(edges):
        for key, other in ((edge.start, edge.end), (edge.end, edge.start)):
            right = inner[where[key]] if where[other] == where[key] else where[other] > where[key]
            far = nodes[other].y + nodes[other].height / 2
            sides[key, right].append((far, at))
    ports = {}
    for (key, _), ends in sides.items():
        node = nodes[key]
        for place, (_, at) in enumerate(sorted(ends)):
            ports[at, key] = node.y + node.height * (place + 1) / (len(ends) + 1)
    return ports


def _arrow(
    canvas: Canvas,
    edge: Edge,
    nodes: Mapping[str, Node],
    where: Mapping[str, int],
    box: float,
    room: float,
    ports: tuple[float, float],
    inner: Sequence[bool],
) -> None:
    look = LOOKS.get(edge.relation, _OTHER)
    start, end = nodes[edge.start], nodes[edge.end]
    y1, y2 = ports
    if where[edge.start] == where[edge.end]:
        outward = 1 if inner[where[edge.start]] else -1
        x = start.x + box if outward > 0 else start.x
        bulge = outward * min(room * 0.8, 16 + abs(y2 - y1) * 0.09)
        points = [
            (x + (outward * 7 if edge.both else 0), y1),
            (x + bulge, y1),
            (x + bulge * 1.1, (y1 + y2) / 2),
            (x + bulge, y2),
            (x + outward * 7, y2),
        ]
        shape = "triangle-left" if outward > 0 else "triangle-right"
        heads = [(x + outward * 4, y2, shape)] + ([(x + outward * 4, y1, shape)] if edge.both else [])
    else:
        right = where[edge.end] > where[edge.start]
        x1, x2 = (start.x + box, end.x) if right else (start.x, end.x + box)
        step = (x2 - x1) * 0.5 if abs(where[edge.end] - where[edge.start]) == 1 else (room * 0.5 if right else -room * 0.5)
        tip = -7 if right else 7
        points = [(x1, y1), (x1 + step, y1), (x2 - step, y2), (x2 + tip, y2)]
        heads = [(x2 + tip / 2, y2, "triangle-right" if right else "triangle-left")]
        heads += [(x1 - tip / 2, y1, "triangle-left" if right else "triangle-right")] if edge.both else []
    style = {"colour": look["colour"], "width": look["width"], "dash": look.get("dash", ())}
    canvas.line(points, curve=True, **style)
    for x, y, shape in heads:
        canvas.dot(x, y, colour=look["colour"], shape=shape, size=42)
