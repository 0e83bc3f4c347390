"""Frames of views in the form for reading: fewer columns, labels instead of identifiers, several values of one record in one cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aistatecraft.views.frame import numbers_of
from aistatecraft.views.labels import spoken
from aistatecraft.views.us_plan_view import as_tree, value_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Reading", "edges_read", "events_read", "folded", "overlaps_read", "pairs_read", "readable", "scores_read", "slopes_read", "south_read", "texts_of",
    "tree_read", "values_read",
]  # fmt: skip

Reading = tuple[list[str], list[list[str]]]
"""Names of the columns, and the rows."""


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(frame.columns, values, strict=True)) for values in numbers_of(frame)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else f"{value:.15g}" if isinstance(value, float) else str(value)


def texts_of(frame: pd.DataFrame) -> list[list[str]]:
    """Cells of a frame as texts, as a CSV file has them; missing ones are empty."""
    return [[_text(value) for value in row] for row in numbers_of(frame)]


def folded(frame: pd.DataFrame, keys: Sequence[str], joined: Sequence[str]) -> Reading:
    """Records under their labels on the axes `keys`, those on the axes `joined` in one cell each."""
    place = {code: at for at, code in enumerate(frame.attrs["order"])}

    def order(code: str | None) -> int:
        return place.get(code or "", len(place))

    found: dict[tuple[str, ...], list[dict[str, str]]] = {}
    shown: dict[tuple[str, ...], list[str]] = {}
    for row in sorted(_rows(frame), key=lambda row: [order(row[axis]) for axis in keys]):
        labels = [row[f"{axis}_label"] or "" for axis in keys]
        key = (*labels, row["record_table"], row["record_id"], row["coder"])
        shown[key] = [*labels, row["title"], "" if row["actor_name"] == row["title"] else row["actor_name"] or ""]
        for axis, cell in zip(joined, found.setdefault(key, [{} for _ in joined]), strict=True):
            if row[axis]:
                cell[row[axis]] = row[f"{axis}_label"]
    several = len({key[-1] for key in found}) > 1
    rows = [
        [*shown[key], *("; ".join(cell[code] for code in sorted(cell, key=order)) for cell in cells), *([key[-1]] if several else [])]
        for key, cells in found.items()
    ]
    return [*keys, "record", "actor", *joined, *(["coder"] if several else [])], rows


def edges_read(frame: pd.DataFrame) -> Reading:
    """Edges by what they are called."""
    rows = [[row["subject_label"], row["relation"].replace("_", " "), row["object_label"], row["note"] or ""] for row in _rows(frame)]
    return ["from", "relation", "to", "note"], rows


def tree_read(frame: pd.DataFrame) -> Reading:
    """The tree, a line a row."""
    text = as_tree(frame)
    return [spoken(frame.attrs["lang"], "plan", "计划")], [[line] for line in text.splitlines()] if text else []


def south_read(frame: pd.DataFrame) -> Reading:
    """What each row tells, under its label."""
    rows = [
        [
            row["part"],
            row["label"] or "",
            row["title"],
            row["status"] or row["kind"] or "",
            row["actor_name"] or "",
            row["role"] or "",
            row["text"] or "",
        ]
        for row in _rows(frame)
    ]
    return ["part", "code", "record", "status or kind", "actor", "role", "text"], rows


def scores_read(frame: pd.DataFrame) -> Reading:
    """Rank, score with its operator, groups, and the change."""
    told = frame.attrs
    tiers, before = bool(told["tiers"]), told["before"]
    mark = " ‡" if told["comparable"] is False else ""
    rows = []
    for row in _rows(frame):
        change = "" if row["change"] is None else f"{row['change']:+.2f}{mark}"
        tier = "" if row["tier_label"] is None else row["tier_label"] + (" (stated)" if row["tier_basis"] == "stated" else "")
        rows.append(
            [
                _text(row["rank"]), row["actor_name"] or "", _score(row["operator"], row["score"]), row["category"] or "", *([tier] if tiers else []),
                *([_score(row["previous_operator"], row["previous_score"]), change] if before else []),
            ]
        )  # fmt: skip
    return ["rank", "actor", "score", "category", *(["tier"] if tiers else []), *([str(before), "change"] if before else [])], rows


def _score(operator: str | None, score: float | None) -> str:
    return "" if score is None else value_text(operator, None if score is None else round(score, 6))


def events_read(frame: pd.DataFrame) -> Reading:
    """Date, event, record and who acted."""
    rows = [
        [row["date"], row["event"].replace("_", " "), row["title"], row["actor_name"] or "", row["description"] or ""]
        for row in _rows(frame)
    ]
    return ["date", "event", "record", "actor", "what happened"], rows


def values_read(frame: pd.DataFrame) -> Reading:
    """States with their values in words; those of which nothing is known say so."""
    unknown = spoken(frame.attrs["lang"], "not known", "未知")
    numeric = frame.attrs["numeric"]
    rows = [
        [row["state"], row["name"] or "", _text(row["value"]) or unknown if numeric else row["group"] or unknown] for row in _rows(frame)
    ]
    return ["state", "name", "value"], rows


def overlaps_read(frame: pd.DataFrame) -> Reading:
    """Combinations with their states."""
    return ["in all of these and in no other", "states", "names"], [[row["label"], str(row["size"]), row["names"]] for row in _rows(frame)]


def pairs_read(frame: pd.DataFrame) -> Reading:
    """Pairs, those with the most in common first."""
    ordered = sorted(_rows(frame), key=lambda row: (-row["common"], -row["jaccard"], row["a"], row["b"]))
    return ["state", "other", "common", "jaccard"], [
        [row["a_name"], row["b_name"], str(row["common"]), f"{row['jaccard']:.2f}"] for row in ordered
    ]


def slopes_read(frame: pd.DataFrame) -> Reading:
    """A line an actor, a column an edition."""
    editions = [(name, edition + (" ‡" if comparable is False else "")) for name, edition, comparable in frame.attrs["editions"]]
    found: dict[str, dict[str, str]] = {}
    for row in _rows(frame):
        found.setdefault(row["actor_name"], {})[row["index"]] = _text(row["score"])
    return ["actor", *(label for _, label in editions)], [
        [actor, *(cells.get(name, "") for name, _ in editions)] for actor, cells in found.items()
    ]


def readable(reading: Reading) -> pd.DataFrame:
    """The form for reading as a frame of strings."""
    import pandas as pd

    return pd.DataFrame(reading[1], columns=reading[0], dtype="string")
