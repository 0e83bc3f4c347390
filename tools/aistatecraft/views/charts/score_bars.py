"""The drawing of the view `index`: a bar an actor, coloured by tier, with the score of the edition before and the change since."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aistatecraft.views.charts.canvas import Canvas
from aistatecraft.views.charts.theme import BLACK, COLOURS, GREY, LIGHT, Spec, framed, text_width, wrapped
from aistatecraft.views.frame import numbers_of

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


def score_bars(frame: pd.DataFrame, width: int) -> Spec:
    """The specification; `width` in pixels is that of the whole drawing."""
    told, words = frame.attrs, _WORDS.get(frame.attrs["lang"], _WORDS["en"])
    rows = [row for row in (dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)) if row["score"] is not None]
    # An average stands last, whatever its score.
    rows.sort(key=lambda row: row["actor_kind"] == "region")
    tiers = told["tiers"] if any(row["tier"] for row in rows) else ()
    group = "tier_label" if tiers else "category"
    groups = list(dict.fromkeys([label for _, label, _, _ in tiers] if tiers else [row["category"] for row in rows if row["category"]]))
    colour_of = dict(zip(groups, COLOURS, strict=False))
    names = min(max([text_width(row["actor_name"], 11) for row in rows], default=0) + 6, 200, width * 0.34) + 24
    change = any(row["change"] is not None for row in rows)
    plot = width - names - 60 - (78 if change else 0)
    low = told["scale"][0] or 0
    seen = [value for row in rows for value in (row["score"], row["previous_score"]) if value is not None]
    high = told["scale"][1] or max(seen, default=1) * 1.05
    labels = [wrapped(row["actor_name"], names - 24, 11) for row in rows]
    heights = [max(_ROW, 14 * len(lines) + 5) for lines in labels]

    canvas = Canvas(width, 0)
    entries: list[tuple[str, dict[str, Any]]] = [
        (label, {"colour": colour_of.get(label, _AVERAGE), "shape": "square", "size": 110}) for label in groups
    ]
    if entries and any(not row[group] for row in rows):
        entries.append((words["none"], {"colour": _AVERAGE, "shape": "square", "size": 110}))
    before = any(row["previous_score"] is not None for row in rows)
    if before:
        entries.append((words["before"].format(told["before"]), {"colour": BLACK, "shape": "M0,-0.7V0.7", "size": 110}))
    y = canvas.key(0, 8, entries, width) + 22 if entries else 22.0

    def x_of(value: float) -> float:
        return names + (min(max(value, low), high) - low) / (high - low or 1) * plot

    head = y - 10
    canvas.text(names + plot + 52, head, words["score"], align="right", colour=GREY)
    if change:
        lines = wrapped(words["change"].format(told["before"]), 72, 11)
        canvas.text(width, head - (len(lines) - 1) * 6, lines, align="right", colour=GREY)
    bottom = y + sum(heights)
    for tick in steps(low, high, max(3, int(plot / 60))):
        canvas.line([(x_of(tick), y), (x_of(tick), bottom + 4)], colour=LIGHT, width=1, level=0)
        canvas.text(x_of(tick), bottom + 13, f"{tick:g}", align="center", colour=GREY)
    bounds = [(operator, value) for _, _, operator, value in tiers]
    lowers = sorted(x_of(value) for operator, value in bounds if operator.startswith(">"))
    close = any(other - one < 40 for one, other in pairwise(lowers))
    for operator, value in bounds:
        canvas.line([(x_of(value), y - 4), (x_of(value), bottom)], colour=GREY, dash=(4, 3), level=3)
        if operator.startswith(">"):
            said = f"{value:g}" if close else f"{operator.replace('>=', '≥')} {value:g}"
            canvas.text(x_of(value), head, said, align="center", colour=GREY, size=10.5)
    for row, lines, height in zip(rows, labels, heights, strict=True):
        middle = y + height / 2
        tip = f"{row['actor_name']}: {row['score']:g}"
        canvas.text(16, middle, str(row["rank"] or ""), align="right", colour=GREY)
        canvas.text(24, middle, lines)
        canvas.box(
            names,
            y + 2.5,
            x_of(row["score"]) - names,
            height - 5,
            fill=colour_of.get(row[group], _AVERAGE if groups or row["actor_kind"] == "region" else COLOURS[0]),
            radius=0,
            tip=tip,
        )
        operator = "" if row["operator"] in (None, "=") else f"{row['operator']} "
        canvas.text(names + plot + 52, middle, f"{operator}{row['score']:.2f}", align="right")
        canvas.text(width, middle, _change(row, told["comparable"]), align="right")
        if row["previous_score"] is not None:
            canvas.line(
                [(x_of(row["previous_score"]), y + 1), (x_of(row["previous_score"]), y + height - 1)], colour=BLACK, width=2, level=4
            )
        y += height
    canvas.height = bottom + 22
    return framed(frame, canvas.spec(), width, subtitle=_subtitle(rows, told, words), notes=_notes(rows, told, words, bool(tiers), before))


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
