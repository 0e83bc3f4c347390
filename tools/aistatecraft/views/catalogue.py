"""The views: what each is called, which arguments and options it takes, how its frame is read and drawn.

Nothing heavy is imported here: the command line shows this list before it makes a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import UsageError, nearest
from aistatecraft.views.charts.dot_matrix import element_dots, record_dots
from aistatecraft.views.charts.dot_rows import plan_rows, south_rows
from aistatecraft.views.charts.graphs import hedging_graph, power_graph
from aistatecraft.views.charts.map_chart import map_drawn
from aistatecraft.views.charts.overlap_chart import matrix_drawn, slopes_drawn, upset_drawn
from aistatecraft.views.charts.score_bars import score_bars
from aistatecraft.views.charts.theme import Spec
from aistatecraft.views.charts.timeline_chart import events_drawn
from aistatecraft.views.disputes_view import DISPUTES, by_field, disputes
from aistatecraft.views.edges import EDGES
from aistatecraft.views.frame import Column
from aistatecraft.views.hedging_view import PRACTICES, hedging
from aistatecraft.views.index_view import SCORES, index
from aistatecraft.views.labels import spoken
from aistatecraft.views.overlap_view import OVERLAPS, PAIRS, SLOPES, cosignature, overlap, slope
from aistatecraft.views.readable_frames import (
    Reading,
    edges_read,
    events_read,
    folded,
    overlaps_read,
    pairs_read,
    scores_read,
    slopes_read,
    south_read,
    tree_read,
    values_read,
)
from aistatecraft.views.south_south_view import SOUTH, south_south
from aistatecraft.views.state_map_view import STATE_VALUES, state_map
from aistatecraft.views.strategy_features_view import FEATURES, by_strategy, strategy_features
from aistatecraft.views.technological_power_view import COMPETITION_COLUMNS, TYPE_COLUMNS, technological_power
from aistatecraft.views.timeline_view import EVENTS, timeline
from aistatecraft.views.us_plan_view import PLAN, as_tree, us_plan

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CHARTS", "OPTIONS", "VIEWS", "View", "called", "view_of"]

OPTIONS = ("actor", "kind", "start", "end", "dimension", "depth")
"""Options that only some views take; all take the language, the package and its version."""


@dataclass(frozen=True)
class View:
    """A view."""

    name: str
    about: str
    """What it shows, in one sentence."""
    usage: str
    """Arguments that follow the name, as the help shows them."""
    most: int | None
    """How many arguments it takes at most; any number where it is None."""
    make: Callable[..., pd.DataFrame]
    columns: Callable[[Any], Sequence[Column]]
    """Columns of the frame, by the part that the frame shows."""
    read: Callable[[pd.DataFrame], Reading]
    draw: Callable[[pd.DataFrame, int], Spec] | None
    nothing: str
    """What is said where the frame is empty."""
    options: tuple[str, ...] = ()
    least: int = 0
    text: Callable[[pd.DataFrame], str] | None = None
    """The form for reading as a text, where it is not a table."""


def _read_hedging(frame: pd.DataFrame) -> Reading:
    if frame.attrs["part"] == "graph":
        return edges_read(frame)
    return folded(frame, ("dimension", "practice"), ("means", "gradient", "object"))


def _draw_hedging(frame: pd.DataFrame, width: int) -> Spec:
    if frame.attrs["part"] == "graph":
        return hedging_graph(frame, width)
    lang = frame.attrs["lang"]
    heads = {
        "means": spoken(lang, "Means", "手段"),
        "gradient": spoken(lang, "Technology gradient", "技术梯度"),
        "object": spoken(lang, "Hedged against", "对冲对象"),
    }
    return record_dots(
        frame, width, list(heads), heads, ["dimension", "practice"], spoken(lang, "not placed under a dimension", "未归入维度")
    )


def _read_power(frame: pd.DataFrame) -> Reading:
    part = frame.attrs["part"]
    if part == "framework":
        return edges_read(frame)
    return (
        folded(frame, ("type",), ("source", "layer", "mode", "means")) if part == "types" else folded(frame, ("competition",), ("source",))
    )


def _draw_power(frame: pd.DataFrame, width: int) -> Spec:
    part, lang = frame.attrs["part"], frame.attrs["lang"]
    if part == "framework":
        return power_graph(frame, width)
    heads = {
        "source": spoken(lang, "Source", "权力来源"),
        "layer": spoken(lang, "Layer", "层次"),
        "mode": spoken(lang, "Mode", "作用方式"),
        "means": spoken(lang, "Means", "手段"),
    }
    empty = spoken(lang, "not placed under a type", "未归入类型")
    if part == "competition":
        return record_dots(frame, width, ["source"], heads, ["competition"], empty)
    return record_dots(frame, width, list(heads), heads, ["type"], empty)


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            "strategy-features", "What national AI strategies show on R&D input, application, regulation and cooperation (Table 1 of Cai and Hou 2026).",
            "[STRATEGY or JURISDICTION ...]", None, strategy_features, lambda part: FEATURES, by_strategy, element_dots,
            "no strategy is coded for its features in this package",
        ),
        View(
            "hedging", "Who hedges on which dimension, by which means and practice; with 'graph' what drives and hampers hedging.",
            "[practices | graph]", 1, hedging, lambda part: EDGES if part == "graph" else PRACTICES, _read_hedging, _draw_hedging,
            "nothing is coded for hedging in this package",
        ),
        View(
            "technological-power", "Type of power, source, layer, mode and means, with the records under each; with 'competition' or 'framework' the paper's figures.",
            "[types | competition | framework]", 1, technological_power,
            lambda part: EDGES if part == "framework" else COMPETITION_COLUMNS if part == "competition" else TYPE_COLUMNS, _read_power, _draw_power,
            "nothing is coded for technological power in this package",
        ),
        View(
            "us-plan", "The US plan as a tree of pillars, sections and measures, with bodies, legal hooks, numbers and orders.",
            "[RECORD]", 1, us_plan, lambda part: PLAN, tree_read, plan_rows,
            "no order is linked to a pillar of a US plan in this package (relation serves_pillar)", ("depth",), text=as_tree,
        ),
        View(
            "south-south", "Cooperation of China and the Global South: areas, mechanisms, paths, partners, proposals.",
            "[PART]", 1, south_south, lambda part: SOUTH, south_read, south_rows,
            "nothing is coded for cooperation with the Global South in this package",
        ),
        View(
            "index", "Scores of an edition of an index with tiers, and the change since the previous edition.",
            "INDEX [EDITION]", 2, index, lambda part: SCORES, scores_read, score_bars,
            "the edition has no scores in this package", ("dimension",), least=1,
        ),
        View(
            "timeline", "Dated events of all records.",
            "", 0, timeline, lambda part: EVENTS, events_read, events_drawn,
            "no dated event in this package matches", ("actor", "kind", "start", "end"),
        ),
    )
}  # fmt: skip
"""The views that `aistatecraft view` knows, by name."""

CHARTS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            "map", "A value of each state, as tiles of one size or on a map of the world.",
            "[COLUMN]", 1, state_map, lambda part: STATE_VALUES, values_read, map_drawn, "no value of a state is known in this package", ("form", "year"),
        ),
        View(
            "overlap", "States that are in several blocs and initiatives at once (an UpSet picture).",
            "[BLOC or DECLARATION ...]", None, overlap, lambda part: OVERLAPS, overlaps_read, upset_drawn, "no state is in any of these on that day", ("on",),
        ),
        View(
            "cosignature", "Pairs of states by the declarations that both joined, as a matrix in order of region.",
            "", 0, cosignature, lambda part: PAIRS, pairs_read, matrix_drawn, "no two states joined the same declaration in this package", ("leader", "most"),
        ),
        View(
            "slope", "Scores of an index from edition to edition.",
            "INDEX", 1, slope, lambda part: SLOPES, slopes_read, slopes_drawn, "the index has no scores in this package", ("dimension",), least=1,
        ),
    )
}  # fmt: skip
"""The charts that `aistatecraft chart` knows, by name; their functions are `state_map`, and those of the other names."""

_DISPUTES = View(
    "disputes",
    "Every value over which sources disagree.",
    "",
    0,
    disputes,
    lambda part: DISPUTES,
    by_field,
    None,
    "no source disputes a value there",
)


def called(name: str, among: Mapping[str, View] = VIEWS, what: str = "view") -> View:
    """The view called `name`; `UsageError` with the nearest where there is none."""
    if name not in among:
        raise UsageError(f"{name!r} is not a {what}; {nearest(name, list(among))}")
    return among[name]


def view_of(frame: pd.DataFrame) -> View:
    """The view that made a frame; `UsageError` where none did."""
    found = {**VIEWS, **CHARTS, "disputes": _DISPUTES}.get(str(frame.attrs.get("view")))
    if found is None:
        raise UsageError(
            "this frame was not made by a view, or has lost its attrs; pass the result of a function of aistatecraft.views, or rows of it."
        )
    return found
