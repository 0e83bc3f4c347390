"""The drawing of `timeline`: events as marks on a scale of time while they are few, as counts by year when they are many."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aistatecraft.views.charts.canvas import Canvas
from aistatecraft.views.charts.score_bars import steps
from aistatecraft.views.charts.theme import COLOURS, GREY, LIGHT, Spec, framed, wrapped
from aistatecraft.views.frame import numbers_of, short_of
from aistatecraft.views.labels import spoken

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST", "events_drawn"]

MOST = 80
"""So many events are drawn one by one."""
_OTHER = "#999999"


def _day(text: str) -> float:
    """A day as years: 2024-07-02 is about 2024.5."""
    day = dt.date.fromisoformat(text)
    return day.year + (day - dt.date(day.year, 1, 1)).days / (366 if day.year % 4 == 0 else 365)


def _kinds(rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    """A colour for each of the commonest events; the others share a grey."""
    counted = Counter(row["event"] for row in rows)
    common = sorted(counted, key=lambda event: (-counted[event], event))[: len(COLOURS)]
    return dict(zip(common, COLOURS, strict=False))


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
    return framed(
        frame,
        _one_by_one(rows, width, lang, frame.attrs.get("focus")).spec(),
        width,
        subtitle=said + spoken(lang, "; a bar where the source gives a month or year alone", "；横条表示资料只给出月份或年份"),
    )


def _key(canvas: Canvas, colours: dict[str, str], rows: Sequence[dict[str, Any]], width: float, lang: str) -> float:
    entries = [(event.replace("_", " "), {"colour": colour, "shape": "square", "size": 90}) for event, colour in colours.items()]
    if any(row["event"] not in colours for row in rows):
        entries.append((spoken(lang, "other", "其他"), {"colour": _OTHER, "shape": "square", "size": 90}))
    return canvas.key(0, 8, entries, width) + 8 if entries else 8.0


def _one_by_one(rows: list[dict[str, Any]], width: float, lang: str, focus: str | None) -> Canvas:
    canvas, colours = Canvas(width, 0), _kinds(rows)
    top = 18.0
    narrow = width < 560
    words = width * (0.62 if narrow else 0.66)
    low = min((_day(row["earliest"]) for row in rows), default=2020.0)
    high = max((_day(row["latest"]) for row in rows), default=2021.0)
    low, high = low - 0.1, max(high, low + 1) + 0.1

    def x_of(at: float) -> float:
        return words + 16 + (at - low) / (high - low) * (width - words - 24)

    y = top
    for row in rows:
        # Whoever acted is named where that is not the one that the timeline is of, nor what the record is called.
        who = "" if row["actor"] in (None, focus) or row["actor_name"] == row["title"] else f" ({row['short_name']})"
        lines = wrapped(f"{row['short_title']}{who}", words - (8 if narrow else 190), 11)
        event = row["event"].replace("_", " ")
        height = 13.5 * (len(lines) + (1 if narrow else 0)) + 5
        middle, colour = y + height / 2, colours.get(row["event"], _OTHER)
        if narrow:
            canvas.text(0, y + 9, f"{row['date']}  {event}", colour="#555555")
            canvas.text(0, y + 9 + 13.5 * (len(lines) + 1) / 2, lines, line_height=13.4)
        else:
            canvas.text(0, middle, row["date"], colour="#555555")
            canvas.text(72, middle, event, colour="#555555")
            canvas.text(182, middle, lines)
        first, last = x_of(_day(row["earliest"])), x_of(_day(row["latest"]))
        tip = f"{row['date']} {event}: {row['title']}"
        if row["earliest"] == row["latest"]:
            canvas.dot(first, middle, colour=colour, size=64, tip=tip)
        else:
            canvas.box(first, middle - 4, max(last - first, 4), 8, fill=colour, radius=2, opacity=0.7, tip=tip)
        canvas.line([(0, y + height), (width, y + height)], colour=LIGHT, width=1, level=0)
        y += height
    for year in steps(int(low), int(high) + 1, max(2, int((width - words) / 44))):
        if low <= year <= high and year == int(year):
            canvas.line([(x_of(year), top), (x_of(year), y)], colour=LIGHT, width=1, level=0)
            canvas.text(x_of(year), top - 8, f"{year:g}", align="center", colour=GREY, size=10.5)
    canvas.height = y
    return canvas


def _since(years: Sequence[int], width: float) -> int:
    """First year with a bar of its own: there is room for so many, and the few earlier ones share one."""
    room = int(width / 24)
    return max(min(years), max(years) - room + 1)


def _by_year(rows: list[dict[str, Any]], width: float, lang: str) -> Canvas:
    canvas, colours = Canvas(width, 0), _kinds(rows)
    top, tall, left = _key(canvas, colours, rows, width, lang) + 16, 260.0, 30.0
    dated = [(int(row["earliest"][:4]), row["event"] if row["event"] in colours else "") for row in rows]
    since, last = _since([year for year, _ in dated], width - left), max(year for year, _ in dated)
    early = any(year < since for year, _ in dated)
    first = since - 1 if early else since
    counts = Counter((max(year, first), event) for year, event in dated)
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
        for event in [*colours, ""]:
            number = counts.get((year, event), 0)
            if number:
                height = tall * number / most
                y -= height
                said = event.replace("_", " ") or spoken(lang, "other", "其他")
                canvas.box(
                    x + step * 0.1, y, step * 0.8, height, fill=colours.get(event, _OTHER), radius=0, tip=f"{label}: {number} {said}"
                )
        if totals[year]:
            canvas.text(x + step / 2, y - 7, str(totals[year]), align="center", size=10, colour="#555555")
        beside = early and first < year < first + every  # where the label of the first bar needs the room
        if (early and year == first) or ((last - year) % every == 0 and not beside):
            canvas.text(x + step / 2, top + tall + 12, label, align="center", colour=GREY, size=10.5)
    canvas.height = top + tall + 22
    return canvas
