"""A matrix of dots: rows and columns in groups, a dot where a row has what the column names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from aistatecraft.views.charts.canvas import Canvas
from aistatecraft.views.charts.theme import COLOURS, LIGHT, Spec, framed, pieces, text_width, wrapped
from aistatecraft.views.frame import numbers_of, short_of
from aistatecraft.views.labels import spoken

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Across", "Down", "dots", "element_dots", "record_dots"]

_TALLEST = 150


class Across(NamedTuple):
    """A group of columns: heading, and key and label of each column."""

    heading: str
    columns: Sequence[tuple[str, str]]


class Down(NamedTuple):
    """A group of rows: heading, and label and marks of each row; a mark is the key of a column, with what to say when one points at it and whether it is filled."""

    heading: str
    rows: Sequence[tuple[str, Mapping[str, tuple[str, bool]]]]


def dots(width: float, across: Sequence[Across], down: Sequence[Down]) -> Canvas:
    """The matrix, as wide as `width` allows and as high as it needs to be."""
    count = sum(len(group.columns) for group in across)
    longest = max([text_width(label, 11) for group in down for label, _ in group.rows], default=0) + 8
    gap = 10 * max(0, len(across) - 1)
    cell = min(34.0, max(15.0, (width - min(longest, max(130.0, width * 0.46)) - gap) / max(1, count)))
    names = min(longest, width - gap - cell * count)
    x_of: dict[str, float] = {}
    x = names
    spans = []
    for at, group in enumerate(across):
        start = x
        for key, _ in group.columns:
            x_of[key] = x + cell / 2
            x += cell
        spans.append((group.heading, start, x, COLOURS[at % len(COLOURS)]))
        x += 10
    # Where columns are too narrow for two lines, one may be longer.
    two = cell >= 20
    heads = {
        key: wrapped(label, _TALLEST if two else _TALLEST * 1.5, 9.5, most=2 if two else 1)
        for group in across
        for key, label in group.columns
    }
    tall = max([text_width(line, 9.5) for lines in heads.values() for line in lines], default=0)
    # A heading over a narrow group may be broken into several lines.
    titles = [
        wrapped(heading, max([end - start - 4, *(text_width(piece.strip(), 11, bold=True) for piece in pieces(heading))]), 11, bold=True)
        for heading, start, end, _ in spans
    ]  # fmt: skip
    top = max([14 * len(lines) for lines in titles], default=0) + 8
    canvas = Canvas(width, 0)
    for (_, start, end, colour), lines in zip(spans, titles, strict=True):
        for at, line in enumerate(lines):
            canvas.text(start + 2, top - 14 - (len(lines) - 1 - at) * 13, line, bold=True)
        canvas.line([(start + 2, top - 4), (end - 2, top - 4)], colour=colour, width=3)
    y = top + tall + 8
    for key, lines in heads.items():
        for at, line in enumerate(lines):
            canvas.text(x_of[key] + (at - (len(lines) - 1) / 2) * 10, y - 4, line, size=9.5, angle=270)
    colours = {key: colour for group, (_, _, _, colour) in zip(across, spans, strict=True) for key, _ in group.columns}
    end = spans[-1][2] if spans else width
    for block in down:
        if block.heading:
            for line in wrapped(block.heading, end, 11, bold=True):
                y += 20
                canvas.text(0, y - 8, line, bold=True)
        for label, marks in block.rows:
            lines = wrapped(label, names - 8, 11)
            height = max(19, 13.5 * len(lines) + 5)
            canvas.line([(0, y + height), (end, y + height)], colour=LIGHT, width=1, level=0)
            canvas.text(0, y + height / 2, lines)
            for key, (tip, filled) in marks.items():
                canvas.dot(x_of[key], y + height / 2, colour=colours[key], size=85, tip=tip, filled=filled)
            y += height
        y += 6
    canvas.height = y
    return canvas


def record_dots(
    frame: pd.DataFrame, width: int, axes: Sequence[str], headings: Mapping[str, str], groups: Sequence[str], empty: str
) -> Spec:
    """Records down, in groups by their labels on the axes `groups`; across the codes of the other `axes` that any of them has.

    Where our own curators code a record that a source codes as well, their dots are hollow and stand in the row of the record.
    """
    rows = [dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)]
    labels: dict[str, dict[str, str]] = {axis: {} for axis in axes}
    blocks: dict[str, dict[tuple[str, str], tuple[str, dict[str, tuple[str, bool]]]]] = {}
    placed: dict[tuple[str, str], set[str]] = {}
    own = frame.attrs["own"]
    ours = False
    for row in sorted(rows, key=lambda row: row["coder"] == own):
        record = row["record_table"], row["record_id"]
        heading = ": ".join(dict.fromkeys(row[f"{axis}_label"] for axis in groups if row[f"{axis}_label"]))
        into = {heading} if heading else placed.get(record, set()) if row["coder"] == own else set()
        for block in into or {empty}:
            placed.setdefault(record, set()).update(into)
            title = short_of(frame, *record, row["title"])
            name = title if row["actor_name"] in (None, row["title"]) else f"{title} ({row['actor']})"
            marks = blocks.setdefault(block, {}).setdefault(record, (name, {}))[1]
            for axis in axes:
                if row[axis]:
                    labels[axis][row[axis]] = row[f"{axis}_label"]
                    ours = ours or row["coder"] == own
                    marks.setdefault(row[axis], (f"{name}: {row[f'{axis}_label']}", row["coder"] != own))
    across = [
        Across(headings[axis], sorted(labels[axis].items(), key=lambda item: _place(frame, item[0]))) for axis in axes if labels[axis]
    ]
    named = sorted(blocks, key=lambda label: (label == empty, list(blocks).index(label)))
    down = [Down(label, sorted(blocks[label].values(), key=lambda item: item[0])) for label in named]
    lang = frame.attrs["lang"]
    said = spoken(lang, "{} records; a dot where the source places the record under the code", "{}条记录；圆点表示资料将其归入该编码")
    said += spoken(lang, ", a ring where our curators do", "，圆圈表示由本数据集编码") if ours else ""
    return framed(frame, dots(width, across, down).spec(), width, subtitle=said.format(len(placed)))


def _place(frame: pd.DataFrame, code: str) -> int:
    order: Sequence[str] = frame.attrs["order"]
    return order.index(code) if code in order else len(order)


def element_dots(frame: pd.DataFrame, width: int) -> Spec:
    """The view `strategy-features`: elements of each feature down, strategies across."""
    rows = [dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)]
    order: Sequence[str] = frame.attrs["elements"]
    owners: dict[str, str] = {}
    marks: dict[str, dict[str, dict[str, tuple[str, bool]]]] = {}
    labels: dict[str, str] = {}
    for row in rows:
        owners[row["jurisdiction"] or row["strategy"]] = row["jurisdiction_name"] or row["title"]
        if row["element"]:
            labels[row["element"]] = row["element_label"]
            marks.setdefault(row["feature"], {}).setdefault(row["element"], {})[row["jurisdiction"] or row["strategy"]] = (
                row["said"] or "",
                True,
            )
    features: Sequence[tuple[str, str]] = frame.attrs["features"]
    many = [(code, label) for code, label in features if code in marks]
    down = []
    left_out = 0
    for code, label in many:
        listed = sorted(marks[code].items(), key=lambda item: order.index(item[0]))
        shared = [(labels[element], found) for element, found in listed if len(found) > 1]
        left_out += len(listed) - len(shared)
        down.append(Down(label, sorted(shared, key=lambda item: -len(item[1]))))
    lang = frame.attrs["lang"]
    said = spoken(
        lang,
        "elements that the strategies of two states or more share; {} more stand for one state alone",
        "至少两国战略共有的要素；另有{}项只见于一国",
    )
    across = [Across(spoken(lang, "states", "国家"), sorted(owners.items(), key=lambda item: item[1]))]
    return framed(frame, dots(width, across, [block for block in down if block.rows]).spec(), width, subtitle=said.format(left_out))
