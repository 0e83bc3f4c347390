"""Pictures as SVG made here: a grid of tiles, sets and their overlaps, years, slopes. Colours are classes, so that a page sets them by its style.

The same data give the same bytes on every machine: nothing is measured with fonts.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from aistatecraft.site.words import Absence

__all__ = ["UP", "bars_by_year", "overlaps", "slopes", "standalone", "tile_places", "tiles"]

UP = "\ue000"
"""Stands in the addresses of a picture for the way to the root of the version, which differs from page to page."""
_TILE = 34
_INK = {
    "ink": "#1d2733", "quiet": "#566370", "line": "#c9ced4", "s1": "#0f5c7a", "s2": "#b3541e", "s3": "#4b6b2f", "s4": "#7a3f73", "s5": "#8a6a00",
    "k-in-force": "#0f5c7a", "k-found": "#357389", "k-ended": "#8a6a00", "k-in-preparation": "#d9e8ee", "k-none-found": "#ffffff", "k-unsettled": "#f3e3c8",
    "k-not-looked-up": "#ffffff",
}  # fmt: skip


@cache
def tile_places() -> Mapping[str, tuple[int, int]]:
    """Column and row of each member state of the United Nations in the grid: roughly where it lies, and no borders."""
    text = files("aistatecraft.site").joinpath("assets", "tiles.csv").read_text(encoding="utf-8")
    return {row["id"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(io.StringIO(text))}


def _svg(width: float, height: float, label: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img"'
        f' aria-label="{escape(label)}">{body}</svg>'
    )


def tiles(found: Mapping[str, tuple[Absence, str, str]], label: str) -> str:
    """The grid: for each actor its state of knowledge, what is said of it, and the address of its page. A tile is a link with its own words.

    Every state has a sign beside its colour, and what nobody looked up is hatched.
    """
    body = [
        '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="5" height="5" class="paper"></rect><line x1="0" y1="0" x2="0" y2="5" class="hatch"></line></pattern></defs>'
    ]
    places = {actor: place for actor, place in tile_places().items() if actor in found}
    last = max((row for _, row in places.values()), default=-1)
    beside = [actor for actor in found if actor not in places]
    wide = 27
    for number, actor in enumerate(beside):
        places[actor] = (number % wide, last + 2 + number // wide)
    for actor, (column, row) in sorted(places.items(), key=lambda one: (one[1][1], one[1][0])):
        state, said, address = found[actor]
        x, y = column * _TILE + 1, row * _TILE + 1
        body.append(
            f'<a href="{UP}{escape(address)}" class="tile k-{state.kind}"><title>{escape(said)}</title>'
            f'<rect x="{x}" y="{y}" width="{_TILE - 2}" height="{_TILE - 2}" rx="3"></rect>'
            f'<text x="{x + 16}" y="{y + 14}" class="code">{escape(actor[:4])}</text><text x="{x + 16}" y="{y + 27}" class="sign">{state.sign}</text></a>'
        )
    bottom = max((row for _, row in places.values()), default=0) + 1
    # A group and not an image: the tiles in it are links, which an image would hide from readers of the screen.
    return _svg(wide * _TILE + 2, bottom * _TILE + 2, label, "".join(body)).replace('role="img"', 'role="group"', 1)


def overlaps(names: Sequence[str], groups: Sequence[tuple[tuple[bool, ...], Sequence[str]]], label: str) -> str:
    """Sets and their overlaps: a column for each combination that somebody has, a row for each set, and above the number who have it."""
    left, step, top = 12 + max((len(name) for name in names), default=0) * 6.4, 34, 118
    most = max((len(members) for _, members in groups), default=1)
    body = []
    for place, name in enumerate(names):
        y = top + 24 + place * 26
        body.append(f'<text x="{left - 12:g}" y="{y + 4}" class="end label">{escape(name)}</text>')
    for number, (having, members) in enumerate(groups):
        x = left + 12 + number * step
        height = 90 * len(members) / most
        body.append(
            f'<rect x="{x - 10:g}" y="{top - height:g}" width="20" height="{height:g}" class="s1"><title>{escape(", ".join(members))}</title></rect>'
        )
        body.append(f'<text x="{x:g}" y="{top - height - 5:g}" class="middle label">{len(members)}</text>')
        on = [place for place, has in enumerate(having) if has]
        if on:
            body.append(f'<line x1="{x:g}" x2="{x:g}" y1="{top + 24 + on[0] * 26}" y2="{top + 24 + on[-1] * 26}" class="stem"></line>')
        for place, has in enumerate(having):
            body.append(f'<circle cx="{x:g}" cy="{top + 24 + place * 26}" r="6" class="{"dot" if has else "none"}"></circle>')
    return _svg(left + 20 + step * len(groups), top + 30 + 26 * len(names), label, "".join(body))


def bars_by_year(years: Sequence[int], series: Mapping[str, Mapping[int, int]], label: str) -> str:
    """Counts by year, one bar a year, stacked by series; the number stands above."""
    step, left, top, tall = 34, 16, 26, 170
    totals = {year: sum(counts.get(year, 0) for counts in series.values()) for year in years}
    most = max(totals.values(), default=0) or 1
    body = []
    for number, year in enumerate(years):
        x, y = left + number * step, float(top + tall)
        for place, (name, counts) in enumerate(series.items()):
            height = tall * counts.get(year, 0) / most
            if height:
                y -= height
                body.append(
                    f'<rect x="{x}" y="{y:.1f}" width="24" height="{height:.1f}" class="s{place % 5 + 1}"><title>{year}: {counts[year]:,} {escape(name)}</title></rect>'
                )
        body.append(f'<text x="{x + 12}" y="{y - 5:.1f}" class="middle small">{totals[year]:,}</text>')
        body.append(
            f'<text x="{x + 12}" y="{top + tall + 16}" class="middle small">{str(year)[2:] if number and year % 100 else year}</text>'
        )
    for place, name in enumerate(series):
        x = left + place % 4 * 190
        y = top + tall + 40 + place // 4 * 20
        body.append(
            f'<rect x="{x}" y="{y - 10}" width="12" height="12" class="s{place % 5 + 1}"></rect><text x="{x + 18}" y="{y}" class="label">{escape(name)}</text>'
        )
    width = max(left * 2 + step * len(years), left + min(len(series), 4) * 190)
    return _svg(width, top + tall + 46 + (len(series) - 1) // 4 * 20, label, "".join(body))


def slopes(editions: Sequence[str], breaks: Sequence[bool], ranks: Mapping[str, Sequence[int | None]], label: str) -> str:
    """Ranks from edition to edition, one line an actor; where the method changed before an edition the line is cut."""
    left, step, row, top = 120, 190, 20, 34
    last = max((rank for listed in ranks.values() for rank in listed if rank), default=1)
    body = []
    for number, edition in enumerate(editions):
        body.append(f'<text x="{left + number * step}" y="16" class="middle label">{escape(edition)}</text>')
    for place, (name, listed) in enumerate(ranks.items()):
        style = f"s{place % 5 + 1}"
        points = [(number, rank) for number, rank in enumerate(listed) if rank]
        for (at, rank), (then, later) in itertools.pairwise(points):
            if then == at + 1 and not breaks[then]:
                body.append(
                    f'<line x1="{left + at * step + 14}" y1="{top + (rank - 1) * row}" x2="{left + then * step - 14}" y2="{top + (later - 1) * row}" class="slope {style}"><title>{escape(name)}</title></line>'
                )
        for at, rank in points:
            body.append(f'<text x="{left + at * step}" y="{top + (rank - 1) * row + 4}" class="middle label">{rank}</text>')
        if points and points[0][0] == 0:
            body.append(f'<text x="{left - 18}" y="{top + (points[0][1] - 1) * row + 4}" class="end label">{escape(name)}</text>')
        if points and points[-1][0] == len(editions) - 1:
            body.append(
                f'<text x="{left + (len(editions) - 1) * step + 18}" y="{top + (points[-1][1] - 1) * row + 4}" class="label">{escape(name)}</text>'
            )
    return _svg(left * 2 + (len(editions) - 1) * step + 40, top + last * row, label, "".join(body))


def standalone(svg: str) -> bytes:
    """A picture as a file of its own, with the colours of the light page in it."""
    rules = [
        "text{font:12px sans-serif;fill:#1d2733}.small,.code,.sign{font-size:11px}.middle,.code,.sign{text-anchor:middle}.end{text-anchor:end}",
        ".stem,.slope{stroke-width:2;stroke:#1d2733}.dot{fill:#1d2733}.none{fill:#dfe3e7}.paper{fill:#fff}.hatch{stroke:#9aa5b0;stroke-width:1.5}",
        ".tile rect{stroke:#566370}.k-in-force text,.k-found text,.k-ended text{fill:#fff}",
        *(f".{name}{{fill:{colour}}}.slope.{name}{{stroke:{colour}}}" for name, colour in _INK.items() if name.startswith("s")),
        *(f".{name} rect{{fill:{colour}}}" for name, colour in _INK.items() if name.startswith("k-")),
        ".k-not-looked-up rect{fill:url(#hatch)}",
    ]
    head, _, rest = svg.replace(UP, "").partition(">")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}><style>{"".join(rules)}</style>{rest}\n'.encode("utf-8", "replace")
