"""The view `index`: scores of one edition of an index with its tiers, and how they changed since the edition before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aistatecraft.errors import UsageError, nearest
from aistatecraft.views.frame import Column, shaped
from aistatecraft.views.labels import actor_name, cited, in_language
from aistatecraft.views.tables import Row, Tables, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SCORES", "index"]

SCORES = (
    Column("index", "string", "Identifier of the edition."),
    Column("edition", "string", "Edition number used by the publisher."),
    Column("actor", "string", "Actor that is scored."),
    Column("actor_name", "string", "Its name."),
    Column("actor_kind", "string", "Type of actor; region marks an average."),
    Column("dimension", "string", "Dimension scored; total is the whole index."),
    Column("operator", "string", "How the score is to be read: =, >, <, >=, <= or ~."),
    Column("score", "Float64", "Score on the scale of the edition."),
    Column("rank", "Int64", "Rank as published."),
    Column("category", "string", "Group as named by the publisher."),
    Column("tier", "string", "Code of the tier in the scheme of the edition's tiers."),
    Column("tier_label", "string", "Its label."),
    Column("tier_basis", "category", "stated: a source places the actor in the tier; computed: the score lies within the bounds that the source gives."),
    Column("previous", "string", "Identifier of the previous edition."),
    Column("previous_operator", "string", "How the score in the previous edition is to be read."),
    Column("previous_score", "Float64", "Score in the previous edition."),
    Column("change", "Float64", "Score minus the score in the previous edition; missing if either is not exact."),
    Column("comparable", "boolean", "False if the method changed since the previous edition; missing if no source says so."),
    Column("note", "string", "What a reader needs to know to use the row correctly."),
)  # fmt: skip


class _Tier(NamedTuple):
    code: str | None
    label: str
    operator: str
    value: Decimal


def _edition(tables: Tables, index: str, edition: str | None) -> Row:
    """The edition meant: by the short name of the index and its edition, by its identifier, or the last one of the index."""
    editions = tables["indices"]
    own = [row for row in editions if row["index_name"] == index]
    if not own:
        exact = [row for row in editions if row["id"] == index]
        if not exact:
            names = dict.fromkeys(str(row[field]) for field in ("index_name", "id") for row in editions)
            raise UsageError(f"{index!r} is not an index; {nearest(index, list(names))}")
        if edition not in (None, exact[0]["edition"]):
            raise UsageError(
                f"{index!r} is the edition {exact[0]['edition']}; use the index {exact[0]['index_name']} to select the edition {edition!r}."
            )
        return exact[0]
    if edition is None:
        return max(own, key=_when)
    for row in own:
        if edition in (row["edition"], row["id"]):
            return row
    raise UsageError(f"{index!r} has no edition {edition!r}; {nearest(edition, [str(row['edition']) for row in sorted(own, key=_when)])}")


def _when(row: Row) -> tuple[str, str]:
    return row["published"] or row["edition"] or "", row["id"] or ""


def _tiers(tables: Tables, edition: str, lang: str) -> list[_Tier]:
    """Tiers that the scheme of the edition's tiers names, with the bounds that stand in the provisions of the edition; the highest first."""
    scheme = f"{edition}-tier"
    codes = {row["label_en"]: row for row in tables["codes"] if row["scheme"] == scheme}
    found = []
    for row in tables["provisions"]:
        code = codes.get(row["title_en"])
        if (
            row["record_table"] == "indices"
            and row["record_id"] == edition
            and row["kind"] == "tier"
            and code
            and row["value"]
            and row["operator"]
        ):
            label = in_language(code, "label", lang) or in_language(row, "title", lang) or ""
            found.append((int(code["sort_order"] or 0), _Tier(code["id"], label, row["operator"], Decimal(row["value"]))))
    return [tier for _, tier in sorted(found)]


def _within(score: Decimal, operator: str, tier: _Tier) -> bool | None:
    """Whether a score lies within the bound of a tier; None where the operator of the score leaves it open."""
    inside = {">": score > tier.value, ">=": score >= tier.value, "<": score < tier.value, "<=": score <= tier.value}.get(tier.operator)
    if operator in ("=", "~") or inside is None:
        return inside
    lower, above = tier.operator.startswith(">"), operator.startswith(">")
    strict = operator in "<>" or tier.operator in "<>"
    beyond = score > tier.value if above else score < tier.value
    if above == lower:  # all that the score may be lies on the side of the tier: is it past the bound?
        return True if beyond or (score == tier.value and (operator in "<>" or tier.operator not in "<>")) else None
    return False if beyond or (score == tier.value and strict) else None


def _tier_of(score: str | None, operator: str | None, tiers: Sequence[_Tier]) -> _Tier | None:
    for tier in tiers:
        inside = None if score is None else _within(Decimal(score), operator or "=", tier)
        if inside is not False:
            return tier if inside else None
    return None


def index(
    index: str,
    edition: str | None = None,
    *,
    dimension: str = "total",
    lang: str = "en",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """Scores of one edition of an index, with tiers and the change since the previous edition.

    Parameters
    ----------
    index : str
        Short name of the index (``"ilia"``), or identifier of an edition (``"ilia-2025"``).
    edition : str or None
        Edition as the publisher numbers it; the last one where it is None.
    dimension : str
        Dimension scored; ``total`` is the whole index.
    lang, path, version : as for `hedging`

    Returns
    -------
    pandas.DataFrame, one row an actor, by rank and then by score, columns as `SCORES` lists them
        Where a scheme ``<edition>-tier`` names tiers and the provisions of the edition give their bounds, each state has a
        tier: as a source places it, else as its score has it.

    Raises
    ------
    UsageError
        Where there is no such index, edition or dimension.
    """
    tables = open_tables(path, version)
    meant = _edition(tables, index, edition)
    name = meant["id"] or ""
    scores = [row for row in tables["index_scores"] if row["index_id"] == name]
    dimensions = sorted({str(row["dimension"]) for row in scores})
    if dimension not in dimensions and not (dimension == "total" and not scores):
        raise UsageError(f"{name} has no scores on {dimension!r}; {nearest(dimension, dimensions)}")
    earlier = [row for row in tables["indices"] if row["index_name"] == meant["index_name"] and _when(row) < _when(meant)]
    before = max(earlier, key=_when) if earlier else None
    tiers = _tiers(tables, name, lang)
    comparable = None if before is None or meant["method_break"] is None else meant["method_break"] != "true"
    rows = [
        {**row, "comparable": comparable}
        for row in _score_rows(tables, meant, before, [row for row in scores if row["dimension"] == dimension], tiers, lang)
    ]
    upward = meant["higher_is_better"] != "false"
    sign = -1 if upward else 1
    rows.sort(key=lambda row: (row["rank"] or 10**6, sign * (row["score"] or 0), row["actor"]))
    supporting = tables.supporting({("index_scores", f"{name}/{row['actor']}/{dimension}") for row in rows})
    return shaped(
        rows, SCORES, view="index", tables=tables, title=in_language(meant, "title", lang) or name, lang=lang, cited=cited(tables, supporting, lang),
        edition=meant["edition"], dimension=dimension, before=before["edition"] if before else None, comparable=comparable,
        tiers=tuple((tier.code, tier.label, tier.operator, float(tier.value)) for tier in tiers), upward=upward,
        scale=(_number(meant["scale_min"]), _number(meant["scale_max"])), declared=None if meant["actors_declared"] is None else int(meant["actors_declared"]),
    )  # fmt: skip


def _score_rows(
    tables: Tables, meant: Row, before: Row | None, scores: Sequence[Row], tiers: Sequence[_Tier], lang: str
) -> Iterator[dict[str, Any]]:
    """Rows of the view for `scores` of one dimension, with those of the edition `before` beside them."""
    old = {
        (row["actor"], row["dimension"]): row for row in tables["index_scores"] if before is not None and row["index_id"] == before["id"]
    }
    by_code = {tier.code: tier for tier in tiers}
    stated = {
        row["record_id"]: by_code[row["code"]] for row in tables["codings"] if row["record_table"] == "actors" and row["code"] in by_code
    }
    for row in scores:
        kind = (tables.find("actors", row["actor"] or "") or {}).get("kind")
        was = old.get((row["actor"], row["dimension"]))
        tier, basis = _tier_and_basis(row, kind, tiers, stated)
        yield {
            "index": meant["id"], "edition": meant["edition"], "actor": row["actor"], "actor_name": actor_name(tables, row["actor"], lang), "actor_kind": kind,
            "dimension": row["dimension"], "operator": row["operator"], "score": _number(row["score"]), "rank": None if row["score_rank"] is None else int(row["score_rank"]),
            "category": row["category"], "tier": tier.code if tier else None, "tier_label": tier.label if tier else None, "tier_basis": basis,
            "previous": before["id"] if before else None, "previous_operator": was["operator"] if was else None,
            "previous_score": _number(was["score"]) if was else None, "change": _change(row, was), "note": row["note"],
        }  # fmt: skip


def _tier_and_basis(
    row: Row, kind: str | None, tiers: Sequence[_Tier], stated: Mapping[str | None, _Tier]
) -> tuple[_Tier | None, str | None]:
    """The tier of a score of the whole index, and whether a source states it or it is computed from the bounds."""
    if row["dimension"] != "total":
        return None, None
    if row["actor"] in stated:
        return stated[row["actor"]], "stated"
    tier = None if kind == "region" else _tier_of(row["score"], row["operator"], tiers)
    return tier, "computed" if tier else None


def _change(row: Row, was: Row | None) -> float | None:
    """The change since the edition before; None where one of the two scores is missing or not exact."""
    if was is None or not row["score"] or not was["score"] or {row["operator"] or "=", was["operator"] or "="} != {"="}:
        return None
    return float(Decimal(row["score"]) - Decimal(was["score"]))


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
