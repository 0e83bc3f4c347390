"""A value of each state, to be drawn as a grid of tiles or as a map."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from aistatecraft.errors import UsageError, nearest
from aistatecraft.views.charts.theme import COLOURS
from aistatecraft.views.frame import Column, shaped
from aistatecraft.views.labels import actor_name, spoken
from aistatecraft.views.tables import Tables, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STATE_VALUES", "STRATEGY", "state_map", "tiles"]

STATE_VALUES = (
    Column("state", "string", "Identifier of the state, of an area (such as TWN), or of the European Union."),
    Column("name", "string", "Its name."),
    Column("value", "Float64", "The value, where the column has numbers; missing where it is not known."),
    Column("group", "string", "The value in words: a category, yes or no, or the class of the number; missing where it is not known."),
    Column("column", "Int64", "Place in the grid of tiles, from the left; missing where it has none."),
    Column("row", "Int64", "Place in the grid, from above."),
)
STRATEGY = "strategy"
"""The name of the map of national strategies, which no single column has."""
_FINDINGS = {
    "found": ("strategy found by a search", "检索到战略"),
    "in_preparation": ("in preparation", "制定中"),
    "none_found": ("none found by a search", "检索未见"),
    "unsettled": ("sources disagree", "资料不一"),
}
_COLOURS = {
    "adopted": COLOURS[0],
    "found": COLOURS[4],
    "proposed": COLOURS[6],
    "in_preparation": COLOURS[1],
    "none_found": COLOURS[5],
    "unsettled": COLOURS[3],
}
"""Colours of the map of strategies, fixed like those of events."""
_ADOPTED, _PROPOSED = ("adopted", "已通过"), ("proposed", "已提出")
_NO_STRATEGY = frozenset(("guide", "principles", "report"))
_CLASSES = 5


@cache
def tiles() -> dict[str, tuple[int, int]]:
    """Column and row of each state in the grid. The places are about those of a map, and say nothing of area or borders."""
    text = files("aistatecraft.views.charts").joinpath("tiles.csv").read_text(encoding="utf-8")
    return {row["actor"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(text.splitlines())}


def state_map(
    values: str | pd.Series[Any] = STRATEGY,
    *,
    form: Literal["tiles", "world"] = "tiles",
    year: int | None = None,
    title: str | None = None,
    lang: str = "en",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """A value of each state, to be drawn as tiles, one of the same size for each, or on a map of the world.

    Parameters
    ----------
    values : str or pandas.Series
        ``"strategy"`` (whether a national strategy is known, and where a search found none), a column of the state panel
        (``"acts_joined"``), or values of your own with identifiers of states as the index: numbers, truth values or texts.
    form : "tiles" or "world"
        What `draw` makes of it. Small states are too small for the map of the world; the drawing names them.
    year : int or None
        Year of a column of the panel; the last one that the tables cover where it is None.
    title : str or None
        Title of the drawing.
    lang, path, version : as for `hedging`

    Returns
    -------
    pandas.DataFrame, one row a state, columns as `STATE_VALUES` lists them
        A value that is not known is missing, and is drawn as such: it is not zero, and not "none". Numbers with more than five values
        are put into five classes of the same width.

    Raises
    ------
    UsageError
        Where there is no such column, form, year or state.
    """
    if form not in ("tiles", "world"):
        raise UsageError(f"form={form!r} is not possible; there are: tiles, world.")
    tables = open_tables(path, version)
    actors = {str(row["id"]): row for row in tables["actors"]}
    areas = [actor for actor in actors if actors[actor]["kind"] == "state" or actor in tiles()]
    if not isinstance(values, str):
        found, named = _own(values, actors), str(values.name or "value")
    elif values == STRATEGY:
        if year is not None:
            raise UsageError("the map of strategies has no year; leave it out, or use the column has_strategy.")
        found, named = _strategies(tables, lang), spoken(lang, "National AI strategies", "国家人工智能战略")
    else:
        found, named = _of_panel(values, year, path, version)
    groups, words = _grouped(found, lang)
    said = {"adopted": _ADOPTED, "proposed": _PROPOSED, **_FINDINGS}
    colours = (
        {spoken(lang, *said[name]): colour for name, colour in _COLOURS.items()} if isinstance(values, str) and values == STRATEGY else {}
    )
    rows: list[dict[str, Any]] = []
    for actor in areas if found else []:
        value = found.get(actor)
        column, row = tiles().get(actor, (None, None))
        number = None if value is None or isinstance(value, str | bool) else float(value)
        rows.append(
            {
                "state": actor,
                "name": actor_name(tables, actor, lang),
                "value": number,
                "group": words.get(actor),
                "column": column,
                "row": row,
            }
        )
    return shaped(
        rows, STATE_VALUES, view="map", tables=tables, title=title or named, lang=lang, form=form, groups=tuple(groups), colours=colours,
        numeric=any(row["value"] is not None for row in rows), m49=tuple(sorted((str(actors[area]["m49"]), area) for area in areas if actors[area]["m49"])),
    )  # fmt: skip


def _own(values: pd.Series[Any], actors: Iterable[str]) -> dict[str, Any]:
    import pandas as pd

    known, found = set(actors), {}
    for state, value in values.items():
        if state not in known:
            raise UsageError(
                f"{state!r} in the index of the values is no identifier of an actor; {nearest(str(state), sorted(known))} 'convert' turns names into identifiers."
            )
        if state in found:
            raise UsageError(f"{state} is in the index of the values twice; give one value for each state.")
        if not pd.isna(value):
            found[str(state)] = value.item() if hasattr(value, "item") else value
    return found


def _strategies(tables: Tables, lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in tables["coverage"]:
        if row["topic"] == "national-ai-strategy" and row["finding"] in _FINDINGS:
            found[str(row["actor"])] = spoken(lang, *_FINDINGS[str(row["finding"])])
    own = [row for row in tables["strategies"] if row["kind"] not in _NO_STRATEGY]
    for words, rows in ((_PROPOSED, [row for row in own if not row["adopted"]]), (_ADOPTED, [row for row in own if row["adopted"]])):
        for row in rows:
            if words is _ADOPTED or row["status"] in ("draft", "proposed"):
                found[str(row["jurisdiction"])] = spoken(lang, *words)
    return found


def _of_panel(column: str, year: int | None, path: str | Path | None, version: str | None) -> tuple[dict[str, Any], str]:
    import pandas as pd

    from aistatecraft.analysis.panel import panel

    last = year
    if last is None:
        covered = panel(start=2024, end=2024, system=None, path=path, version=version).attrs["coverage"]
        last = covered.get(column, (2024, 2024))[1]
    frame = panel(start=last, end=last, system=None, path=path, version=version)
    shown = [name for name in frame.columns if name not in ("state", "name", "year", "iso2", "cow_code", "gw_code", "vdem_id")]
    if column not in shown:
        raise UsageError(f"{column!r} is not a column of the panel; {nearest(column, [STRATEGY, *shown])}")
    values = {
        str(state): value.item() if hasattr(value, "item") else value
        for state, value in zip(frame["state"], frame[column], strict=True)
        if not pd.isna(value)
    }
    return values, f"{column}, {last}"


def _grouped(found: dict[str, Any], lang: str) -> tuple[list[str], dict[str, str]]:
    """The groups in order, and that of each state."""
    if any(isinstance(value, str) for value in found.values()):
        words = {state: str(value) for state, value in found.items()}
        ordered = [spoken(lang, *one) for one in (_ADOPTED, _FINDINGS["found"], _PROPOSED, *list(_FINDINGS.values())[1:])]
        groups = sorted(set(words.values()), key=lambda word: (ordered.index(word) if word in ordered else -1, word))
        return groups, words
    if found and all(isinstance(value, bool) for value in found.values()):
        yes, no = spoken(lang, "yes", "是"), spoken(lang, "no", "否")
        words = {state: yes if value else no for state, value in found.items()}
        return [word for word in (yes, no) if word in words.values()], words
    numbers = {state: float(value) for state, value in found.items()}
    distinct = sorted(set(numbers.values()))
    if len(distinct) <= _CLASSES:
        rounded = [f"{value:.3g}" for value in distinct]
        said = dict(zip(distinct, rounded if len(set(rounded)) == len(distinct) else [f"{value:g}" for value in distinct], strict=True))
        return list(said.values()), {state: said[value] for state, value in numbers.items()}
    low, high = distinct[0], distinct[-1]
    whole = all(value == int(value) for value in distinct)
    size = (high - low) / _CLASSES
    labels = []
    for at in range(_CLASSES):
        first, last = low + at * size, low + (at + 1) * size
        if whole:
            # Whole numbers from the first in the class to the last.
            first, last = -(-first // 1), (high if at == _CLASSES - 1 else -(-last // 1) - 1)
        labels.append(f"{first:g}" if first == last else f"{first:.4g}–{last:.4g}")
    words = {state: labels[min(_CLASSES - 1, int((value - low) / size))] for state, value in numbers.items()}
    return [label for label in labels if label in words.values()], words
