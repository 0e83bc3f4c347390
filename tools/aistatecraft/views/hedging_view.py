"""The view `hedging`: who hedges on which dimension, by which means and practice; and what drives and what hampers it, as a graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aistatecraft.views.codings import CODED, axis_columns, codings_of, combined, order_of
from aistatecraft.views.edges import EDGES, claims_about, code_edges, coding_edges, edge, relation_edges
from aistatecraft.views.frame import Column, columns_of, shaped
from aistatecraft.views.labels import cited, spoken
from aistatecraft.views.tables import RecordKey, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AXES", "CODINGS", "GRAPH", "PARTS", "PRACTICES", "hedging"]

AXES = {
    "dimension": "hedging-dimension",
    "means": "hedging-means",
    "practice": "hedging-practice",
    "gradient": "technology-gradient",
    "object": "hedging-object",
}
GRAPH = ("hedging-driver", "hedging-dimension", "hedging-means", "hedging-practice", "technology-gradient", "hedging-challenge")
"""Schemes whose codes are nodes of the graph."""
_SHOWN = ("hedging-driver", "hedging-challenge")
_KINDS = ("driver", "challenge", "effect", "thesis")
PARTS = ("practices", "graph")
CODINGS = (
    Column("reason", "string", "The coder's reason for the coding on the first axis of the row."),
    Column("locator", "string", "Location in the text of the coder."),
    Column("coder", "string", "Source that assigns the code."),
)
PRACTICES = columns_of(CODED, axis_columns(AXES), CODINGS)


def hedging(
    part: Literal["practices", "graph"] | str = "practices", *, lang: str = "en", path: str | Path | None = None, version: str | None = None
) -> pd.DataFrame:
    """Hedging in artificial intelligence as the tables' codings have it.

    Parameters
    ----------
    part : {"practices", "graph"}
        ``practices``: one row a record, coder and combination of dimension, means, practice, step of the technology
        gradient and object hedged against that go together; a record with two means has two rows, so count records with
        ``nunique``. ``graph``: one row an edge between drivers, dimensions, means, practices, challenges, the claims that
        explain them and the records given as cases.
    lang : {"en", "zh", "es", "pt", "fr"}
        Language of labels and names.
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, columns as `PRACTICES` or `EDGES` list them

    Raises
    ------
    UsageError
        Where there is no such part, or the package has no codings.
    """
    tables = open_tables(path, version)
    tables.known(part, PARTS, "a part of this view")
    if part == "practices":
        rows = combined(tables, AXES, lang)
        title = spoken(lang, "Hedging: dimension, means and practice", "对冲：维度、手段与实践")
        return shaped(
            rows, PRACTICES, view="hedging", tables=tables, title=title, lang=lang, part=part,
            cited=cited(tables, [row["coder"] for row in rows], lang), axes=dict(AXES), order=order_of(tables, AXES),
        )  # fmt: skip
    codes = {str(row["id"]) for row in tables["codes"] if row["scheme"] in GRAPH}
    claims, claim_edges = claims_about(tables, codes, _KINDS)
    nodes: set[RecordKey] = {("codes", code) for code in codes} | claims
    # A claim that a relation ties to a driver or challenge belongs to the graph, too: the thesis that the drivers lead to.
    for row in tables["relations"]:
        ends = [(row[f"{end}_table"] or "", row[f"{end}_id"] or "") for end in ("subject", "object")]
        for one, other in (ends, ends[::-1]):
            if one[0] == "codes" and one[1] in codes and other[0] == "claims":
                nodes.add(other)
    codings = codings_of(tables, _SHOWN)
    edges = [
        *code_edges(tables, GRAPH, lang),
        *relation_edges(tables, nodes, lang),
        *(edge(tables, subject, relation, object_, origin=origin, lang=lang) for subject, relation, object_, origin in claim_edges),
        *coding_edges(tables, codings, lang),
    ]
    sources = [row["source"] for row in tables["schemes"] if row["id"] in GRAPH]
    title = spoken(lang, "Hedging: what drives it and what hampers it", "对冲：动因与挑战")
    return shaped(
        edges, EDGES, view="hedging", tables=tables, title=title, lang=lang, part=part,
        cited=cited(tables, sources if edges else [], lang), order=order_of(tables, {scheme: scheme for scheme in GRAPH}),
    )  # fmt: skip
