"""The drawing of the view `index`: a bar an actor, coloured by tier, with the score of the edition before and the change since."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aistatecraft.views.charts.canvas import Canvas
from aistatecraft.views.charts.theme import BLACK, COLOURS, GREY, LIGHT, Spec, framed, text_width, wrapped
from aistatecraft.views.frame import numbers_of, short_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["score_bars", "steps"]

_ROW = 21
_AVERAGE = "#BBBBBB"
_WORDS = {
    "en": {
        "score": "score", "change": "change since {}", "before": "score in {}", "none": "no tier", "break": "‡ The method changed after {}: the scores cannot be compared.",
        "unknown": "No source was seen that says whether the scores can be compared with those of {}.",
        "computed": "A country is in a tier where a source places it there ({}) or its score lies within the bounds ({}).",
        "of": "{} of {} actors that the edition declares", "actors": "{} actors",
    },
    "zh": {
        "score": "得分", "change": "较{}年变化", "before": "{}年得分", "none": "未分梯队", "break": "‡ {}年之后方法有变，得分不可比。",
        "unknown": "未见资料说明得分与{}年是否可比。", "computed": "国家所属梯队由资料指明（{}个）或按得分区间得出（{}个）。",
        "of": "该版声明的{1}个评分对象中的{0}个", "actors": "{}个评分对象",
    },
}  # fmt: skip


def steps(low: float, high: float, most: int) -> Iterator[float]:
    """Round numbers from `low` to `high`, at most `most` of them."""
    raw = (high - low) / max(1, most - 1) or 1
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw - 1e-9)
    at = math.ceil(low / step - 1e-9) * step
    while at <= high + 1e-9:
        yield round(at, 6)
        at += step


def _change(row: Mapping[str, Any], comparable: bool | None) -> str:
    if row["change"] is None:
        return ""
    said = "0" if row["change"] == 0 else f"{row['change']:+.2f}".replace("-", "−")
    return said + (" ‡" if comparable is False else "")


@dataclass(frozen=True)
class _Scale:
    """Where the bars lie: their left end, the width of the plot, and the scores at its ends."""

    left: float
    plot: float
    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a score lies."""
        return self.left + (min(max(value, self.low), self.high) - self.low) / (self.high - self.low or 1) * self.plot


def score_bars(frame: pd.DataFrame, width: int) -> Spec:
    """The specification; `width` in pixels is that of the whole drawing."""
    told, words = frame.attrs, _WORDS.get(frame.attrs["lang"], _WORDS["en"])
    rows = [row for row in (dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)) if row["score"] is not None]
    for row in rows:
        row["short"] = short_of(frame, "actors", row["actor"], row["actor_name"])
    # An average stands last, whatever its score.
    rows.sort(key=lambda row: row["actor_kind"] == "region")
    tiers = told["tiers"] if any(row["tier"] for row in rows) else ()
    groups = list(dict.fromkeys([label for _, label, _, _ in tiers] if tiers else [row["category"] for row in rows if row["category"]]))
    colour_of = dict(zip(groups, COLOURS, strict=False))
    for row in rows:
        row["group"] = row["tier_label" if tiers else "category"]
        row["colour"] = colour_of.get(row["group"], _AVERAGE if groups or row["actor_kind"] == "region" else COLOURS[0])
    names = min(max([text_width(row["short"], 11) for row in rows], default=0) + 6, 200, width * 0.34) + 24
    change = any(row["change"] is not None for row in rows)
    before = any(row["previous_score"] is not None for row in rows)
    seen = [value for row in rows for value in (row["score"], row["previous_score"]) if value is not None]
    scale = _Scale(
        names, width - names - 60 - (78 if change else 0), told["scale"][0] or 0, told["scale"][1] or max(seen, default=1) * 1.05
    )
    labels = [wrapped(row["short"], names - 24, 11) for row in rows]
    heights = [max(_ROW, 14 * len(lines) + 5) for lines in labels]

    canvas = Canvas(width, 0)
    entries = _key_entries(rows, {label: colour_of.get(label, _AVERAGE) for label in groups}, words, told["before"] if before else None)
    y = canvas.key(0, 8, entries, width) + 22 if entries else 22.0
    canvas.text(names + scale.plot + 52, y - 10, words["score"], align="right", colour=GREY)
    if change:
        lines = wrapped(words["change"].format(told["before"]), 72, 11)
        canvas.text(width, y - 10 - (len(lines) - 1) * 6, lines, align="right", colour=GREY)
    bottom = y + sum(heights)
    _ticks_and_bounds(canvas, scale, [(operator, value) for _, _, operator, value in tiers], y, bottom)
    for row, lines, height in zip(rows, labels, heights, strict=True):
        _bar(canvas, scale, row, lines, y, height, told["comparable"])
        y += height
    canvas.height = bottom + 22
    return framed(frame, canvas.spec(), width, subtitle=_subtitle(rows, told, words), notes=_notes(rows, told, words, bool(tiers), before))


def _key_entries(
    rows: Sequence[Mapping[str, Any]], groups: Mapping[str, str], words: Mapping[str, str], before: str | None
) -> list[tuple[str, dict[str, Any]]]:
    """What the key explains: the colours of the groups, and the mark of the edition `before` where it is drawn."""
    entries: list[tuple[str, dict[str, Any]]] = [
        (label, {"colour": colour, "shape": "square", "size": 110}) for label, colour in groups.items()
    ]
    if entries and any(not row["group"] for row in rows):
        entries.append((words["none"], {"colour": _AVERAGE, "shape": "square", "size": 110}))
    if before is not None:
        entries.append((words["before"].format(before), {"colour": BLACK, "shape": "M0,-0.7V0.7", "size": 110}))
    return entries


def _ticks_and_bounds(canvas: Canvas, scale: _Scale, bounds: Sequence[tuple[str, float]], top: float, bottom: float) -> None:
    """The grid with its numbers below, and the bounds of the tiers with theirs above."""
    for tick in steps(scale.low, scale.high, max(3, int(scale.plot / 60))):
        canvas.line([(scale.at(tick), top), (scale.at(tick), bottom + 4)], colour=LIGHT, width=1, level=0)
        canvas.text(scale.at(tick), bottom + 13, f"{tick:g}", align="center", colour=GREY)
    lowers = sorted(scale.at(value) for operator, value in bounds if operator.startswith(">"))
    close = any(other - one < 40 for one, other in pairwise(lowers))
    for operator, value in bounds:
        canvas.line([(scale.at(value), top - 4), (scale.at(value), bottom)], colour=GREY, dash=(4, 3), level=3)
        if operator.startswith(">"):
            said = f"{value:g}" if close else f"{operator.replace('>=', '≥')} {value:g}"
            canvas.text(scale.at(value), top - 10, said, align="center", colour=GREY, size=10.5)


def _bar(canvas: Canvas, scale: _Scale, row: Mapping[str, Any], lines: list[str], y: float, height: float, comparable: bool | None) -> None:
    """One actor: rank, name, bar, score, change, and the mark of its score in the edition before."""
    middle = y + height / 2
    canvas.text(16, middle, str(row["rank"] or ""), align="right", colour=GREY)
    canvas.text(24, middle, lines)
    tip = f"{row['actor_name']}: {row['score']:g}"
    canvas.box(scale.left, y + 2.5, scale.at(row["score"]) - scale.left, height - 5, fill=row["colour"], radius=0, tip=tip)
    operator = "" if row["operator"] in (None, "=") else f"{row['operator']} "
    canvas.text(scale.left + scale.plot + 52, middle, f"{operator}{row['score']:.2f}", align="right")
    canvas.text(canvas.width, middle, _change(row, comparable), align="right")
    if row["previous_score"] is not None:
        x = scale.at(row["previous_score"])
        canvas.line([(x, y + 1), (x, y + height - 1)], colour=BLACK, width=2, level=4)


def _subtitle(rows: list[dict[str, Any]], told: Mapping[Any, Any], words: Mapping[str, str]) -> str:
    scored = sum(row["actor_kind"] != "region" for row in rows)
    number = words["of"].format(scored, told["declared"]) if told["declared"] not in (None, scored) else words["actors"].format(scored)
    return f"{told['dimension'].replace('-', ' ')}, {number}" if told["dimension"] != "total" else number


def _notes(rows: list[dict[str, Any]], told: Mapping[Any, Any], words: Mapping[str, str], tiers: bool, before: bool) -> list[str]:
    notes = []
    if tiers:
        notes.append(words["computed"].format(*(sum(row["tier_basis"] == basis for row in rows) for basis in ("stated", "computed"))))
    if before and told["comparable"] is not True:
        notes.append(words["break" if told["comparable"] is False else "unknown"].format(told["before"]))
    return notes
