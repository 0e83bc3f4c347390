"""The drawings of `hedging` and `technological-power` as graphs: which nodes stand in which column, and which edges are drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aistatecraft.views.charts.layered_graph import MIN_GRAPH_WIDTH, Edge, Node, layered
from aistatecraft.views.charts.theme import COLOURS, Spec, framed
from aistatecraft.views.frame import numbers_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["hedging_graph", "power_graph"]

_WORDS = {
    "en": {"causes": "leads to", "weakens": "weakens", "supports": "strengthens", "depends_on": "depends on", "draws_on": "draws on", "uses_means": "works through", "part_of": "part of", "feeds": "is a source of"},
    "zh": {"causes": "导致", "weakens": "削弱", "supports": "支撑", "depends_on": "依赖", "draws_on": "依托", "uses_means": "手段", "part_of": "包含于", "feeds": "权力来源"},
}  # fmt: skip
_BY = {"en": "by", "zh": "手段："}
FrameRow = Mapping[str, Any]


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)]


def _ends(rows: Sequence[FrameRow]) -> dict[tuple[str, str], tuple[str, str]]:
    """Label and group of each node."""
    found = {}
    for row in rows:
        for end in ("subject", "object"):
            found[row[f"{end}_table"], row[f"{end}_id"]] = row[f"{end}_label"], row[f"{end}_group"]
    return found


def _key(row: FrameRow, end: str) -> str:
    return f"{row[f'{end}_table']}/{row[f'{end}_id']}"


def _column(
    order: Sequence[str],
    ends: Mapping[tuple[str, str], tuple[str, str]],
    group: str,
    colour: str,
    keep: Callable[[str], bool],
    under: Mapping[str, Sequence[str]] = {},
) -> list[Node]:
    return [
        Node(f"codes/{name}", ends["codes", name][0], tuple(under.get(name, ())), colour)
        for name in order
        if ("codes", name) in ends and ends["codes", name][1] == group and keep(name)
    ]


def hedging_graph(frame: pd.DataFrame, width: int) -> Spec:
    """Drivers on the left, the thesis and the dimensions that they lead to in the middle, challenges on the right."""
    lang = frame.attrs["lang"]
    words, by = _WORDS.get(lang, _WORDS["en"]), _BY.get(lang, _BY["en"])
    rows, order = _rows(frame), frame.attrs["order"]
    ends = _ends(rows)
    leaves = {row["subject_id"] for row in rows if row["origin"] == "codes.parent"}
    means: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["relation"] == "uses_means" and row["subject_group"] == "hedging-dimension":
            means[row["subject_id"]].append(row["object_label"])
    under = {
        name: [f"{by} {', '.join(dict.fromkeys(labels))}" if by == "by" else f"{by}{'、'.join(dict.fromkeys(labels))}"]
        for name, labels in means.items()
    }
    tied = {
        _key(row, end)
        for row in rows
        if row["origin"] == "relations"
        for end in ("subject", "object")
        if "codes" in (row["subject_table"], row["object_table"])
    }
    claims = [
        Node(f"claims/{name}", label, colour=COLOURS[3])
        for (table, name), (label, _) in ends.items()
        if table == "claims" and f"claims/{name}" in tied
    ]
    columns = [
        _column(order, ends, "hedging-driver", COLOURS[0], lambda name: name in leaves),
        _column(order, ends, "hedging-driver", COLOURS[0], lambda name: name not in leaves),
        claims,
        _column(order, ends, "hedging-dimension", COLOURS[2], lambda _: True, under),
        _column(order, ends, "hedging-challenge", COLOURS[5], lambda name: name not in leaves),
        _column(order, ends, "hedging-challenge", COLOURS[5], lambda name: name in leaves),
    ]
    drawn = {"causes", "weakens", "supports", "depends_on", "draws_on", "part_of"}
    edges = [
        Edge(_key(row, "subject"), _key(row, "object"), row["relation"])
        for row in rows
        if row["relation"] in drawn and row["origin"] != "claims.parent"
    ]
    heads = {"zh": ["动因", "", "论点", "维度", "挑战", ""]}.get(lang, ["Drivers", "", "Thesis", "Dimensions", "Challenges", ""])
    width = max(width, MIN_GRAPH_WIDTH)
    return framed(frame, layered(width, columns, edges, words, heads).spec(), width)


def power_graph(frame: pd.DataFrame, width: int) -> Spec:
    """Types of competition, sources of power, types of power with mode, users and targets, and means."""
    lang = frame.attrs["lang"]
    words = _WORDS.get(lang, _WORDS["en"])
    rows, order = _rows(frame), frame.attrs["order"]
    ends = _ends(rows)
    said: dict[str, list[str]] = defaultdict(list)
    users: dict[str, list[str]] = defaultdict(list)
    on: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["relation"] != "coded":
            continue
        if row["subject_table"] == "actors":
            users[row["object_id"]].append(row["subject_label"])
        elif row["object_group"] == "power-target":
            on[row["subject_id"]].append(row["object_label"])
        elif row["object_group"] in ("power-mode", "power-exercise"):
            said[row["subject_id"]].append(row["object_label"])
    used, within, toward, comma = {"zh": ("主要运用者：", "参与者：", "作用对象：", "、")}.get(lang, ("used by ", "among ", "on: ", ", "))
    of = {name: group for (_, name), (_, group) in ends.items()}
    under = {}
    for name in {*said, *users, *on}:
        under[name] = [
            *said[name],
            *([(within if of[name] == "competition-type" else used) + comma.join(users[name])] if users[name] else []),
            *([toward + comma.join(on[name])] if on[name] else []),
        ]
    columns = [
        _column(order, ends, "competition-type", COLOURS[3], lambda _: True, under),
        _column(order, ends, "power-source", COLOURS[0], lambda _: True),
        _column(order, ends, "power-type", COLOURS[5], lambda _: True, under),
        _column(order, ends, "power-means", COLOURS[2], lambda _: True),
    ]
    edges = []
    for row in rows:
        if row["relation"] == "draws_on" and row["object_group"] == "power-source":
            edges.append(Edge(_key(row, "object"), _key(row, "subject"), "feeds"))
        elif row["relation"] == "uses_means" and row["subject_group"] == "power-type":
            edges.append(Edge(_key(row, "subject"), _key(row, "object"), "uses_means"))
    heads = {"zh": ["竞争类型", "权力来源", "权力类型", "手段"]}.get(
        lang, ["Type of competition", "Source of power", "Type of power", "Means"]
    )
    width = max(width, MIN_GRAPH_WIDTH)
    return framed(frame, layered(width, columns, edges, words, heads, keep=True).spec(), width)
