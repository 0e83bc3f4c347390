"""The drawing of `timeline`: events as marks on a scale of time while they are few, as counts by year when they are many."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aistatecraft.views.charts.canvas import Canvas
from aistatecraft.views.charts.event_colours import EVENT_FAMILIES, OTHER, EventFamily, family_of
from aistatecraft.views.charts.score_bars import steps
from aistatecraft.views.charts.theme import GREY, LIGHT, Spec, framed, wrapped
from aistatecraft.views.frame import numbers_of, short_of
from aistatecraft.views.labels import spoken

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST", "events_drawn"]

MOST = 80
"""So many events are drawn one by one."""
_FEW = 0.2
"""At most this share of the events may lie before the axis begins."""
_EMPTY = 0.35
"""An axis does not begin with more than this share of it empty, if few events lie before."""


def _day(text: str) -> float:
    """A day as years: 2024-07-02 is about 2024.5."""
    day = dt.date.fromisoformat(text)
    return day.year + (day - dt.date(day.year, 1, 1)).days / (366 if day.year % 4 == 0 else 365)


def _families(rows: Sequence[dict[str, Any]]) -> list[EventFamily]:
    """Families of the events that are there, in the order of the key."""
    there = {family_of(row["event"]) for row in rows}
    return [family for family in (*EVENT_FAMILIES, OTHER) if family in there]


def axis_start(days: Sequence[float]) -> float:
    """Where a scale of time begins: at the first day, or later where few early events would leave much of it empty."""
    ordered = sorted(days)
    start = ordered[0]
    for at in range(1, int(len(ordered) * _FEW) + 1):
        if ordered[at] - ordered[at - 1] > _EMPTY * (ordered[-1] - start):
            start = ordered[at]
    return start


def events_drawn(frame: pd.DataFrame, width: int) -> Spec:
    """The specification; `width` in pixels is that of the whole drawing."""
    rows = [dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)]
    for row in rows:
        row["short_title"] = short_of(frame, row["record_table"], row["record_id"], row["title"])
        row["short_name"] = short_of(frame, "actors", row["actor"], row["actor_name"] or "")
    lang = frame.attrs["lang"]
    said = spoken(lang, "{} events", "{}个事件").format(len(rows))
    if len(rows) > MOST:
        return framed(
            frame,
            _by_year(rows, width, lang).spec(),
            width,
            subtitle=said + spoken(lang, " by year of the earliest day that each may mean", "，按最早可能日期的年份"),
        )
    days = [_day(row["earliest"]) for row in rows]
    before = any(day < axis_start(days) for day in days)
    early = spoken(lang, "; a triangle where it lies before the scale", "；三角形表示早于时间轴") if before else ""
    return framed(
        frame,
        _one_by_one(rows, width, lang, frame.attrs.get("focus")).spec(),
        width,
        subtitle=said + spoken(lang, "; a bar where the source gives a month or year alone", "；横条表示资料只给出月份或年份") + early,
    )


def _key(canvas: Canvas, families: Sequence[EventFamily], y: float, width: float, lang: str) -> float:
    entries = [(spoken(lang, family.en, family.zh), {"colour": family.colour, "shape": "square", "size": 90}) for family in families]
    return canvas.key(0, y, entries, width) + 8


def _one_by_one(rows: list[dict[str, Any]], width: float, lang: str, focus: str | None) -> Canvas:
    canvas = Canvas(width, 0)
    top = _key(canvas, _families(rows), 8, width, lang) + 18.0
    narrow = width < 560
    words = width * (0.62 if narrow else 0.66)
    high = max(_day(row["latest"]) for row in rows)
    start = axis_start([_day(row["earliest"]) for row in rows])
    pad = max(0.02, (high - start) * 0.02)
    low, high = start - pad, max(high, start + 0.25) + pad

    def x_of(at: float) -> float:
        return words + 16 + (at - low) / (high - low) * (width - words - 24)

    y = top
    for row in rows:
        # Whoever acted is named where that is not the one that the timeline is of, nor what the record is called.
        who = "" if row["actor"] in (None, focus) or row["actor_name"] == row["title"] else f" ({row['short_name']})"
        lines = wrapped(f"{row['short_title']}{who}", words - (8 if narrow else 190), 11)
        event = row["event"].replace("_", " ")
        height = 13.5 * (len(lines) + (1 if narrow else 0)) + 5
        middle, colour = y + height / 2, family_of(row["event"]).colour
        if narrow:
            canvas.text(0, y + 9, f"{row['date']}  {event}", colour="#555555")
            canvas.text(0, y + 9 + 13.5 * (len(lines) + 1) / 2, lines, line_height=13.4)
        else:
            canvas.text(0, middle, row["date"], colour="#555555")
            canvas.text(72, middle, event, colour="#555555")
            canvas.text(182, middle, lines)
        first, last = x_of(_day(row["earliest"])), x_of(_day(row["latest"]))
        tip = f"{row['date']} {event}: {row['title']}"
        if last < x_of(low):
            # Before the axis begins; its date stands beside it.
            canvas.dot(words + 10, middle, colour=colour, size=64, shape="triangle-left", tip=tip)
        elif row["earliest"] == row["latest"]:
            canvas.dot(first, middle, colour=colour, size=64, tip=tip)
        else:
            first = max(first, x_of(low))
            canvas.box(first, middle - 4, max(last - first, 4), 8, fill=colour, radius=2, opacity=0.7, tip=tip)
        canvas.line([(0, y + height), (width, y + height)], colour=LIGHT, width=1, level=0)
        y += height
    for at, label in _ticks(low, high, max(2, int((width - words) / 58))):
        canvas.line([(x_of(at), top), (x_of(at), y)], colour=LIGHT, width=1, level=0)
        canvas.text(x_of(at), top - 8, label, align="center", colour=GREY, size=10.5)
    canvas.height = y
    return canvas


def _ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Places and labels of a scale of time: years, or months where it spans few years."""
    years = [(year, f"{year:g}") for year in steps(int(low), int(high) + 1, most) if low <= year <= high and year == int(year)]
    if len(years) >= 3 or high - low > 3:
        return years
    every = next((size for size in (1, 2, 3, 6) if (high - low) * 12 / size <= most), 12)
    months = [(year, month) for year in range(int(low), int(high) + 1) for month in range(1, 13, every)]
    dated = [(_day(f"{year}-{month:02d}-01"), f"{year}-{month:02d}") for year, month in months]
    # Near an end a label would be cut.
    margin = (high - low) * 0.04
    return [(at, label) for at, label in dated if low + margin <= at <= high - margin] or years


def _since(years: Sequence[int], width: float) -> int:
    """First year with a bar of its own: there is room for so many, and the few earlier ones share one."""
    room = int(width / 24)
    later = sorted(years)[int(len(years) * 0.03) :]
    return max(min(later), max(years) - room + 1)


def _by_year(rows: list[dict[str, Any]], width: float, lang: str) -> Canvas:
    canvas, families = Canvas(width, 0), _families(rows)
    top, tall, left = _key(canvas, families, 8, width, lang) + 16, 260.0, 30.0
    dated = [(int(row["earliest"][:4]), family_of(row["event"])) for row in rows]
    since, last = _since([year for year, _ in dated], width - left), max(year for year, _ in dated)
    early = any(year < since for year, _ in dated)
    first = since - 1 if early else since
    counts = Counter((max(year, first), family) for year, family in dated)
    totals = Counter(max(year, first) for year, _ in dated)
    most = max(totals.values())
    step = (width - left) / (last - first + 1)
    for tick in steps(0, most, 6):
        if tick == int(tick):
            y = top + tall * (1 - tick / most)
            canvas.line([(left, y), (width, y)], colour=LIGHT, width=1, level=0)
            canvas.text(left - 5, y, f"{tick:g}", align="right", colour=GREY, size=10.5)
    every = max(1, int(-(-36 // step)))  # years are written as closely as they fit
    for year in range(first, last + 1):
        x, y = left + (year - first) * step, top + tall
        label = spoken(lang, f"to {since - 1}", f"{since - 1}年前") if early and year == first else str(year)
        for family in families:
            number = counts.get((year, family), 0)
            if number:
                height = tall * number / most
                y -= height
                tip = f"{label}: {number} {spoken(lang, family.en, family.zh)}"
                canvas.box(x + step * 0.1, y, step * 0.8, height, fill=family.colour, radius=0, tip=tip)
        if totals[year]:
            canvas.text(x + step / 2, y - 7, str(totals[year]), align="center", size=10, colour="#555555")
        beside = early and first < year < first + every  # where the label of the first bar needs the room
        if (early and year == first) or ((last - year) % every == 0 and not beside):
            canvas.text(x + step / 2, top + tall + 12, label, align="center", colour=GREY, size=10.5)
    canvas.height = top + tall + 22
    return canvas
