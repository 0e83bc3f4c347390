"""The view `technological-power`: which type of power rests on which source, at which layer and how, and the instruments under each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aistatecraft.views.codings import CODED, axis_columns, codings_of, combined, order_of
from aistatecraft.views.edges import EDGES, code_edges, coding_edges, relation_edges
from aistatecraft.views.frame import columns_of, shaped
from aistatecraft.views.hedging_view import CODINGS
from aistatecraft.views.labels import cited, spoken
from aistatecraft.views.tables import RecordKey, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COMPETITION_AXES", "COMPETITION_COLUMNS", "FRAMEWORK", "PARTS", "TYPE_AXES", "TYPE_COLUMNS", "technological_power"]

TYPE_AXES = {"type": "power-type", "source": "power-source", "layer": "stack-layer", "mode": "power-mode", "means": "power-means"}
COMPETITION_AXES = {"competition": "competition-type", "source": "power-source"}
FRAMEWORK = ("competition-type", "power-source", "power-type", "power-mode", "power-exercise", "power-means", "power-target", "stack-layer")
"""Schemes whose codes the framework ties together."""
PARTS = ("types", "competition", "framework")
TYPE_COLUMNS = columns_of(CODED, axis_columns(TYPE_AXES), CODINGS)
COMPETITION_COLUMNS = columns_of(CODED, axis_columns(COMPETITION_AXES), CODINGS)
_WHO = ("power-type", "competition-type")


def technological_power(
    part: Literal["types", "competition", "framework"] | str = "types",
    *,
    lang: str = "en",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """Technological power as the tables' codings have it.

    Parameters
    ----------
    part : {"types", "competition", "framework"}
        ``types``: one row a record, coder and combination of power type, source, layer of the AI industry, mode and means
        that go together. ``competition``: the same for the type of competition and the source of power. ``framework``: one
        row an edge of the framework itself: which type of competition and of power draws on which source (the paper's
        first figure), by which means, in which mode and way, on whom, and who mainly uses it (its second and third).
    lang, path, version : as for `hedging`

    Returns
    -------
    pandas.DataFrame, columns as `TYPE_COLUMNS`, `COMPETITION_COLUMNS` or `EDGES` list them

    Raises
    ------
    UsageError
        Where there is no such part, or the package has no codings.
    """
    tables = open_tables(path, version)
    tables.known(part, PARTS, "a part of this view")
    if part == "framework":
        nodes: set[RecordKey] = {("codes", str(row["id"])) for row in tables["codes"] if row["scheme"] in FRAMEWORK}
        of_codes = [
            row
            for row in tables["codings"]
            if row["record_table"] == "codes" and ("codes", row["record_id"]) in nodes and ("codes", row["code"]) in nodes
        ]
        users = [row for row in codings_of(tables, _WHO) if row["record_table"] == "actors"]
        edges = [
            *relation_edges(tables, nodes, lang), *coding_edges(tables, of_codes, lang), *coding_edges(tables, users, lang), *code_edges(tables, FRAMEWORK, lang)
        ]  # fmt: skip
        sources = [row["source"] for row in tables["schemes"] if row["id"] in FRAMEWORK]
        title = spoken(lang, "Technological power: who on whom, by what and through what", "技术权力：谁对谁、凭借什么、通过什么")
        return shaped(
            edges, EDGES, view="technological-power", tables=tables, title=title, lang=lang,
            part=part, cited=cited(tables, sources if edges else [], lang), order=order_of(tables, {scheme: scheme for scheme in FRAMEWORK}),
        )  # fmt: skip
    axes = TYPE_AXES if part == "types" else COMPETITION_AXES
    rows = [row for row in combined(tables, axes, lang) if part == "types" or row["competition"]]
    title = (
        spoken(lang, "Technological power: type, source, layer, mode and means", "技术权力：类型、来源、层次、作用方式与手段")
        if part == "types"
        else spoken(lang, "Technological competition and its sources of power", "技术竞争类型与权力来源")
    )
    return shaped(
        rows, TYPE_COLUMNS if part == "types" else COMPETITION_COLUMNS, view="technological-power", tables=tables, title=title, lang=lang, part=part,
        cited=cited(tables, [row["coder"] for row in rows], lang), axes=dict(axes), order=order_of(tables, axes),
    )  # fmt: skip
