"""The drawings of sets, pairs and editions: an UpSet picture, a matrix in order of region, and a slope chart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from aistatecraft.views.charts.canvas import Canvas
from aistatecraft.views.charts.map_chart import SHADES, ink_on
from aistatecraft.views.charts.score_bars import steps
from aistatecraft.views.charts.theme import BLACK, COLOURS, GREY, LIGHT, Spec, framed, text_width, wrapped
from aistatecraft.views.frame import numbers_of, short_of
from aistatecraft.views.labels import spoken

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["matrix_drawn", "slopes_drawn", "spread", "upset_drawn"]


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)]


def upset_drawn(frame: pd.DataFrame, width: int) -> Spec:
    """An UpSet picture (Lex et al. 2014): a bar a combination of sets, and under it the sets that it is of."""
    rows, lang = _rows(frame), frame.attrs["lang"]
    sets: Sequence[tuple[str, str, int]] = frame.attrs["sets"]
    labels = {name: wrapped(f"{short} ({size})", min(220.0, width * 0.34), 11) for name, short, size in sets}
    names = max([text_width(line, 11) for lines in labels.values() for line in lines], default=0) + 12
    room = max(1, int((width - names) / 17))
    shown = rows[:room]
    step = min(34.0, (width - names) / max(1, len(shown)))
    canvas, tall, top = Canvas(width, 0), 170.0, 18.0
    most = max((row["size"] for row in shown), default=1)
    for tick in steps(0, most, 5):
        if tick == int(tick):
            y = top + tall * (1 - tick / most)
            canvas.line([(names, y), (names + step * len(shown), y)], colour=LIGHT, width=1, level=0)
            canvas.text(names - 5, y, f"{tick:g}", align="right", colour=GREY, size=10.5)
    y = top + tall + 12
    middle: dict[str, float] = {}
    for at, (name, _, _) in enumerate(sets):
        height = max(19.0, 13.5 * len(labels[name]) + 5)
        if at % 2 == 0:
            canvas.box(0, y, names + step * len(shown), height, fill=LIGHT, radius=0, opacity=0.45, level=0)
        canvas.text(0, y + height / 2, labels[name])
        middle[name] = y + height / 2
        y += height
    for at, row in enumerate(shown):
        x = names + (at + 0.5) * step
        inside = row["combination"].split("; ")
        height = tall * row["size"] / most
        canvas.box(
            x - step * 0.32, top + tall - height, step * 0.64, height, fill=COLOURS[0], radius=0, tip=f"{row['label']}: {row['names']}"
        )
        canvas.text(x, top + tall - height - 7, str(row["size"]), align="center", size=10)
        for name in middle:
            canvas.dot(x, middle[name], colour=BLACK if name in inside else LIGHT, size=62, tip=row["label"] if name in inside else "")
        ends = [middle[name] for name in inside]
        if len(ends) > 1:
            canvas.line([(x, min(ends)), (x, max(ends))], colour=BLACK, width=1.6, level=2)
    canvas.height = y
    notes = []
    if len(rows) > len(shown):
        left = len(rows) - len(shown)
        notes.append(spoken(lang, f"{left} smaller combinations are not drawn; the table has them.", f"另有{left}种较小的组合未绘，见表。"))
    if frame.attrs["unknown"]:
        said = f"{frame.attrs['unknown']} memberships that are not known for the day are left out."
        notes.append(spoken(lang, said, f"当日情况未知的{frame.attrs['unknown']}项成员身份未计入。"))
    if frame.attrs["partial"]:
        listed = ", ".join(frame.attrs["partial"])
        notes.append(
            spoken(lang, f"The list is not complete, so that states may be missing: {listed}.", f"名单不完整，可能有遗漏：{listed}。")
        )
    subtitle = spoken(lang, "{} states; each is counted once, in the bar of exactly its sets", "{}个国家；每国只计入与其完全对应的组合")
    return framed(frame, canvas.spec(), width, subtitle=subtitle.format(sum(row["size"] for row in rows)), notes=notes)


def matrix_drawn(frame: pd.DataFrame, width: int) -> Spec:
    """The matrix of pairs; states of a region lie together, and the darker a cell, the more they have in common."""
    lang = frame.attrs["lang"]
    common = {frozenset((row["a"], row["b"])): row for row in _rows(frame)}
    there = {row[end] for row in common.values() for end in ("a", "b")}
    order = [entry for entry in frame.attrs["order"] if entry[0] in there]
    called = {state: short_of(frame, "actors", state, name) for state, name, _, _ in order}
    names = min(max([text_width(name, 10.5) for name in called.values()], default=0) + 32, width * 0.4)
    gap = 5.0
    blocks = [(region, list(group)) for region, group in groupby(order, key=lambda entry: entry[2])]
    cell = (width - names - gap * (len(blocks) - 1)) / max(1, len(order))
    heads = 18.0
    canvas = Canvas(width, 0)
    place: dict[str, float] = {}
    at = 0.0
    for _, group in blocks:
        for state, *_ in group:
            place[state] = at
            at += cell
        at += gap
    most = max((row["common"] for row in common.values()), default=1)
    top = _shades_key(canvas, most, lang) + heads + 10
    y = top
    tall = max(cell, 12.5)
    for region, group in blocks:
        canvas.text(0, y + 9, wrapped(region or "–", width, 10.5, bold=True)[0], size=10.5, bold=True)
        y += 19
        for state, _, _, joined in group:
            canvas.text(names - 24, y + tall / 2, wrapped(called[state], names - 26, 10.5, most=1), size=10.5, align="right")
            canvas.text(names - 5, y + tall / 2, str(joined), size=9.5, align="right", colour=GREY)
            for other in place:
                x = names + place[other]
                if other == state:
                    canvas.box(x + 0.5, y + 0.5, cell - 1, tall - 1, fill=LIGHT, radius=0)
                    continue
                row = common.get(frozenset((state, other)))
                number = row["common"] if row else 0
                fill = _shade(number, most) if number else "white"
                tip = f"{called[state]}, {called[other]}: {number}"
                canvas.box(x + 0.5, y + 0.5, cell - 1, tall - 1, fill=fill, stroke=LIGHT if not number else None, radius=0, tip=tip)
                if number and cell >= 10:
                    canvas.text(x + cell / 2, y + tall / 2, str(number), size=8, align="center", colour=ink_on(fill))
            y += tall
    for state, x in place.items():
        if cell >= 10:
            canvas.text(names + x + cell / 2, top - 3 - heads / 2 + 6, state, size=8, align="center", angle=270, colour=GREY)
    canvas.height = y
    said = "{} states that joined most, by UN subregion; the grey number beside a name counts what it joined"
    subtitle = spoken(lang, said, "加入宣言最多的{}国，按联合国次区域排列；灰色数字为加入总数").format(len(order))
    note = spoken(
        lang,
        "Where lists of signatories are partial, pairs are missing. Blank: no common declaration is known.",
        "名单不完整之处会缺少国家对；空白表示未知有共同宣言。",
    )
    return framed(frame, canvas.spec(), width, subtitle=subtitle, notes=[note])


def _shade(number: int, most: int) -> str:
    return SHADES[min(len(SHADES) - 1, int((number - 1) * len(SHADES) / max(1, most)))]


def _shades_key(canvas: Canvas, most: int, lang: str) -> float:
    classes: dict[str, list[int]] = {}
    for number in range(1, most + 1):
        classes.setdefault(_shade(number, most), []).append(number)
    entries = [
        (
            (f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}")
            + (spoken(lang, " in common", "项共同") if at == 0 else ""),
            {"colour": colour, "shape": "square", "size": 110},
        )
        for at, (colour, numbers) in enumerate(classes.items())
    ]
    return canvas.key(0, 8, entries, canvas.width)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places moved as little as this simple way can, so that they lie `gap` apart between `low` and `high`, in the same order."""
    moved = [*places]
    for at in range(1, len(moved)):
        moved[at] = max(moved[at], moved[at - 1] + gap)
    limit = high
    for at in range(len(moved) - 1, -1, -1):
        moved[at] = min(moved[at], limit)
        limit = moved[at] - gap
    return [max(place, low + at * gap) for at, place in enumerate(moved)]


def slopes_drawn(frame: pd.DataFrame, width: int) -> Spec:
    """A line an actor from edition to edition. It is cut where the method changed, and dashed where no source says whether it did."""
    rows, lang = _rows(frame), frame.attrs["lang"]
    editions: Sequence[tuple[str, str, bool | None]] = frame.attrs["editions"]
    scores: dict[str, dict[str, float]] = {}
    called: dict[str, str] = {}
    for row in rows:
        if row["score"] is not None:
            scores.setdefault(row["actor"], {})[row["index"]] = row["score"]
        called[row["actor"]] = short_of(frame, "actors", row["actor"], row["actor_name"])
    last, first = editions[-1][0], editions[0][0]
    left = [actor for actor in scores if first in scores[actor]]
    right = [actor for actor in scores if last in scores[actor]]
    before, after = (
        min(max([text_width(called[actor], 11) for actor in actors], default=0) + 62, width * 0.38) for actors in (left, right)
    )
    change = 48.0
    step = (width - before - after - change) / max(1, len(editions) - 1)
    x_of = {name: before + at * step for at, (name, _, _) in enumerate(editions)}
    values = [value for found in scores.values() for value in found.values()]
    low, high = min(values, default=0.0), max(values, default=1.0)
    tall, top = max(300.0, 24.0 * max(len(left), len(right))), 34.0

    def y_of(score: float) -> float:
        return top + (high - score) / ((high - low) or 1) * tall

    canvas = Canvas(width, top + tall + 14)
    for name, edition, comparable in editions:
        canvas.line([(x_of[name], top - 6), (x_of[name], top + tall + 6)], colour=LIGHT, width=1, level=0)
        canvas.text(x_of[name], 10, edition, bold=True, align="center")
        if comparable is False:
            canvas.text(x_of[name], 24, spoken(lang, "method changed ‡", "方法有变 ‡"), size=10, align="center", colour=GREY)
    for actor, found in scores.items():
        colour = _moved(found, editions)[1]
        for (one, _, _), (other, _, comparable) in pairwise(editions):
            if one in found and other in found and comparable is not False:
                dash = () if comparable else (4, 3)
                canvas.line([(x_of[one], y_of(found[one])), (x_of[other], y_of(found[other]))], colour=colour, width=1.6, dash=dash)
        for name, value in found.items():
            canvas.dot(x_of[name], y_of(value), colour=colour, size=34, tip=f"{called[actor]}: {value:g}")
    _ends(canvas, [(called[actor], scores[actor][first], "") for actor in left], y_of, x_of[first] - 8, "right", top)
    ends = [(called[actor], scores[actor][last], _moved(scores[actor], editions)[0]) for actor in right]
    _ends(canvas, ends, y_of, x_of[last] + 8, "left", top)
    notes = []
    if any(comparable is False for _, _, comparable in editions):
        notes.append(
            spoken(
                lang,
                "‡ The method changed: the line is cut, because scores on its two sides cannot be compared.",
                "‡ 方法有变：线在此断开，两侧得分不可比。",
            )
        )
    if any(comparable is None for _, _, comparable in editions[1:]):
        notes.append(
            spoken(lang, "Dashed: no source was seen that says whether the editions can be compared.", "虚线：未见资料说明两版是否可比。")
        )
    said = "{} actors; + and − are the change from the first edition shown to the last, where the line is not cut"
    return framed(
        frame,
        canvas.spec(),
        width,
        subtitle=spoken(lang, said, "{}个评分对象；＋－为首末两版之差（线未断开时）").format(len(scores)),
        notes=notes,
    )


def _moved(found: dict[str, float], editions: Sequence[tuple[str, str, bool | None]]) -> tuple[str, str]:
    """The change of an actor from the first edition to the last, and the colour of its line; grey where it cannot be compared."""
    cut = any(comparable is False for _, _, comparable in editions[1:])
    if cut or editions[0][0] not in found or editions[-1][0] not in found or len(editions) < 2:
        return "", GREY
    change = found[editions[-1][0]] - found[editions[0][0]]
    return f"{change:+.1f}".replace("-", "−"), COLOURS[0] if change > 0 else COLOURS[5]


def _ends(canvas: Canvas, labels: Sequence[tuple[str, float, str]], y_of: Any, x: float, align: str, top: float) -> None:
    """Names and scores at an end of the lines, moved apart where they would lie on each other."""
    ordered = sorted(labels, key=lambda label: (-label[1], label[0]))
    places = spread([y_of(score) for _, score, _ in ordered], 14.0, top, canvas.height - 8)
    room = (x if align == "right" else canvas.width - x - 48) - 14
    for (name, score, change), y in zip(ordered, places, strict=True):
        said = wrapped(name, room - 36, 11, most=1)[0]
        text = f"{said} {score:.1f}" if align == "right" else f"{score:.1f} {said}"
        out = -12 if align == "right" else 12
        canvas.line([(x, y_of(score)), (x + out, y)], colour=LIGHT, width=1, level=0)
        canvas.text(x + out + out / 6, y, text, align=align)
        if change:
            canvas.text(canvas.width, y, change, align="right", colour=GREY)
