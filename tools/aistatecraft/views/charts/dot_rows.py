"""Rows of dots in groups, one dot a record: the drawings of `us-plan` and `south-south`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from aistatecraft.views.charts.canvas import Canvas
from aistatecraft.views.charts.theme import COLOURS, GREY, LIGHT, Spec, framed, text_width, wrapped
from aistatecraft.views.frame import numbers_of
from aistatecraft.views.labels import spoken

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dot", "DotRow", "Group", "plan_rows", "rows_of_dots", "south_rows"]

_STEP = 12.0


class Dot(NamedTuple):
    """A dot: the look that the key explains, and what to say when one points at it."""

    look: str
    tip: str


class DotRow(NamedTuple):
    """A row: label, how far it is set in, its dots."""

    label: str
    depth: int
    dots: Sequence[Dot]


class Group(NamedTuple):
    """Rows under a heading, with smaller lines under it."""

    heading: str
    under: Sequence[str]
    rows: Sequence[DotRow]


def rows_of_dots(width: float, groups: Sequence[Group], looks: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Canvas:
    """Draw the groups one under the other; `looks` gives for each look of a dot what the key calls it, and its colour, shape and filling."""
    canvas = Canvas(width, 0)
    used = {dot.look for group in groups for row in group.rows for dot in row.dots}
    entries = [(said, look) for name, (said, look) in looks.items() if name in used]
    y = canvas.key(0, 8, entries, width) + 4 if entries else 0
    longest = max([text_width(row.label, 11) + 14 * row.depth for group in groups for row in group.rows], default=0) + 12
    many = max([len(row.dots) for group in groups for row in group.rows], default=0)
    names = max(min(longest, width - many * _STEP - 30), width * 0.45)
    across = max(1, int((width - names - 24) / _STEP))
    for group in groups:
        for at, line in enumerate(wrapped(group.heading, width, 12, bold=True)):
            y += 22 if at == 0 else 15
            canvas.text(0, y - 9, line, size=12, bold=True)
        for text in group.under:
            for line in wrapped(text, width - 14, 10.5):
                y += 14
                canvas.text(14, y - 8, line, size=10.5, colour="#555555")
        for row in group.rows:
            lines = wrapped(row.label, names - 14 * row.depth - 12, 11)
            deep = -(-len(row.dots) // across)
            height = max(18.0, 13.5 * len(lines) + 4, 13.0 * deep + 5)
            canvas.line([(0, y + height), (width, y + height)], colour=LIGHT, width=1, level=0)
            canvas.text(14 * row.depth, y + height / 2, lines)
            for at, dot in enumerate(row.dots):
                canvas.dot(
                    names + 6 + (at % across) * _STEP,
                    y + height / 2 + (at // across - (deep - 1) / 2) * 13,
                    size=62,
                    tip=dot.tip,
                    **looks[dot.look][1],
                )
            if row.dots:
                canvas.text(width, y + height / 2, str(len(row.dots)), align="right", colour=GREY, size=10)
            y += height
        y += 8
    canvas.height = y
    return canvas


def _listed(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)]


def plan_rows(frame: pd.DataFrame, width: int) -> Spec:
    """Sections of each pillar with a dot a measure, and the orders that serve the pillar."""
    lang = frame.attrs["lang"]
    rows = _listed(frame)
    bodies = {row["path"].rpartition(" / ")[0] for row in rows if row["role"] == "body"}
    groups: list[Group] = []
    leaves = ("plan", "order", "body", "hook", "instrument", "coding")
    orders = {row["path"] for row in rows if row["role"] == "order"}

    def inside(path: str) -> bool:
        return any(path.startswith(f"{order} / ") for order in orders)

    parts = [row for row in rows if row["role"] not in leaves and not inside(row["path"])]
    below: dict[str, list[dict[str, Any]]] = {}
    for row in parts:
        below.setdefault(row["path"].rpartition(" / ")[0], []).append(row)

    def dots(row: Mapping[str, Any]) -> list[Dot]:
        measures = [child for child in below.get(row["path"], []) if child["path"] not in below] or [dict(row)]
        return [Dot("body" if measure["path"] in bodies else "none", measure["title"]) for measure in measures]

    roots = {row["path"] for row in rows if row["role"] == "plan"}
    for row in parts:
        if row["path"].rpartition(" / ")[0] not in roots or row["path"] not in below:
            continue
        served = [order for order in rows if order["role"] == "order" and order["path"].rpartition(" / ")[0] == row["path"]]
        by = spoken(lang, "served by ", "配套行政令：")
        under = [by + order["title"] + (f" ({order['number']})" if order["number"] else "") for order in served]
        heading = f"{row['number']}: {row['title']}" if row["number"] else row["title"]
        groups.append(Group(heading, under, [DotRow(child["title"], 1, dots(child)) for child in below[row["path"]]]))
    looks: dict[str, tuple[str, Mapping[str, Any]]] = {
        "body": (spoken(lang, "measure, a body is named", "措施，指明负责机构"), {"colour": COLOURS[0]}),
        "none": (spoken(lang, "measure, no body is named", "措施，未指明机构"), {"colour": COLOURS[0], "filled": False}),
    }
    total = sum(len(row.dots) for group in groups for row in group.rows)
    said = spoken(lang, "{} pillars, {} sections, {} measures", "{}大支柱，{}节，{}项措施").format(
        len(groups), sum(len(group.rows) for group in groups), total
    )
    return framed(frame, rows_of_dots(width, groups, looks).spec(), width, subtitle=said)


def south_rows(frame: pd.DataFrame, width: int) -> Spec:
    """Codes of each scheme with a dot a record that stands under it, and the claims that propose something under it."""
    lang = frame.attrs["lang"]
    rows = _listed(frame)
    looks: dict[str, tuple[str, Mapping[str, Any]]] = {
        "instrument": (spoken(lang, "instrument that exists", "已有机制、项目"), {"colour": COLOURS[0]}),
        "proposed": (spoken(lang, "instrument only proposed", "仅为提议的机制、项目"), {"colour": COLOURS[0], "filled": False}),
        "document": (spoken(lang, "strategy, declaration", "战略、宣言"), {"colour": COLOURS[2], "shape": "square"}),
        "actor": (spoken(lang, "actor", "行为体"), {"colour": COLOURS[1], "shape": "triangle-up"}),
        "claim": (spoken(lang, "recommendation or proposal of a source", "文献的建议"), {"colour": COLOURS[3], "shape": "diamond"}),
    }  # fmt: skip
    by_code: dict[str, list[Dot]] = {}
    for row in rows:
        if row["code"] is None or row["part"] == "partner":
            continue
        if row["record_table"] == "claims":
            look = "claim"
        elif row["record_table"] == "instruments":
            look = "proposed" if row["status"] == "proposed" else "instrument"
        else:
            look = "actor" if row["record_table"] == "actors" else "document"
        by_code.setdefault(row["code"], []).append(Dot(look, row["title"]))
    order = list(looks)
    # A code without dots is shown where one under it has some.
    shown = {above for code, _, chain, _ in frame.attrs["codes"] if code in by_code for above in chain}
    groups = []
    for part, heading in frame.attrs["parts"]:
        listed = [
            DotRow(label, len(chain) - 1, sorted(by_code.get(code, []), key=lambda dot: order.index(dot.look)))
            for code, label, chain, of in frame.attrs["codes"]
            if of == part and code in shown
        ]
        if any(row.dots for row in listed):
            groups.append(Group(heading, (), listed))
    return framed(
        frame,
        rows_of_dots(width, groups, looks).spec(),
        width,
        subtitle=spoken(lang, "a dot a record or claim under the code", "每点为该编码下的一条记录或论点"),
    )
