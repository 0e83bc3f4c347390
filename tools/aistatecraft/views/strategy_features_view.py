"""The view `strategy-features`: what a strategy shows on each feature, as the coder's table has it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import UsageError, nearest
from aistatecraft.views.codings import code_label, codes_in_order, top_of
from aistatecraft.views.frame import Column, numbers_of, shaped
from aistatecraft.views.labels import actor_name, cited, spoken, title_of
from aistatecraft.views.tables import Tables, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEATURES", "SCHEME", "by_strategy", "strategy_features"]

SCHEME = "strategy-features"
FEATURES = (
    Column("strategy", "string", "Identifier of the strategy."),
    Column("title", "string", "Its title."),
    Column("adopted", "string", "Date of adoption, at the precision of the source."),
    Column("jurisdiction", "string", "Actor that it belongs to."),
    Column("jurisdiction_name", "string", "Name of that actor."),
    Column("feature", "string", "Code of the feature: a top-level code of the scheme."),
    Column("feature_label", "string", "Its label."),
    Column("element", "string", "Code of the element named in the cell; missing if the row contains the whole cell."),
    Column("element_label", "string", "Its label."),
    Column("said", "string", "Paraphrase of the coder's cell, or of what it says about the element."),
    Column("coder", "string", "Source that assigns the code."),
    Column("locator", "string", "Location in the text of the coder."),
    Column("note", "string", "What a reader needs to know to use the row correctly."),
)


def strategy_features(*names: str, lang: str = "en", path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """Features of coded strategies: Table 1 of Cai and Hou 2026 rebuilt, and the same for any other coded strategy.

    Parameters
    ----------
    names : str
        Strategies, or jurisdictions whose strategies are meant; all that are coded where none is named.
    lang, path, version : as for `hedging`; `by_strategy` puts the Chinese labels of the elements into the cells for ``zh``

    Returns
    -------
    pandas.DataFrame, one row a coding, columns as `FEATURES` lists them
        A row without ``element`` holds the whole cell, the rows with one what the cell is made of.

    Raises
    ------
    UsageError
        Where a name is not that of a coded strategy or of a jurisdiction with one.
    """
    tables = open_tables(path, version)
    codes = {str(row["id"]): at for at, row in enumerate(codes_in_order(tables, SCHEME))}
    found = [row for row in tables["codings"] if row["code"] in codes and row["record_table"] == "strategies"]
    strategies = tables.by_id("strategies")
    coded = {str(row["record_id"]) for row in found}
    owners = {name: str((strategies.get(name) or {}).get("jurisdiction") or "") for name in coded}
    for name in names:
        if name not in coded and name not in owners.values():
            raise UsageError(
                f"{name!r} is neither a strategy coded for its features nor a jurisdiction with one; {nearest(name, sorted(coded | set(owners.values())))}"
            )
    rows = []
    for row in found:
        strategy, code = str(row["record_id"]), str(row["code"])
        if names and strategy not in names and owners[strategy] not in names:
            continue
        top = top_of(tables, code)
        rows.append(
            {
                "strategy": strategy, "title": title_of(tables, "strategies", strategy, lang), "adopted": (strategies.get(strategy) or {}).get("adopted"),
                "jurisdiction": owners[strategy] or None, "jurisdiction_name": actor_name(tables, owners[strategy] or None, lang),
                "feature": top, "feature_label": code_label(tables, top, lang),
                "element": None if code == top else code, "element_label": None if code == top else code_label(tables, code, lang),
                "said": row["reason"], "coder": row["coder"], "locator": row["locator"], "note": row["note"],
            }
        )  # fmt: skip
    rows.sort(
        key=lambda row: (
            str(row["jurisdiction"]),
            str(row["strategy"]),
            str(row["coder"]),
            codes[str(row["feature"])],
            codes.get(str(row["element"]), -1),
        )
    )
    return shaped(
        rows, FEATURES, view=SCHEME, tables=tables, title=spoken(lang, "Features of national AI strategies", "国家人工智能战略的特征"), lang=lang,
        cited=cited(tables, [row["coder"] for row in rows], lang), features=tuple(_tops(tables, lang)), elements=tuple(codes),
    )  # fmt: skip


def _tops(tables: Tables, lang: str) -> list[tuple[str, str]]:
    return [(str(row["id"]), str(code_label(tables, row["id"], lang))) for row in codes_in_order(tables, SCHEME) if not row["parent"]]


def by_strategy(frame: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """The wide form for reading: strategies down, features across.

    Strategies of one jurisdiction for which the coder has the same cells share a row, as they do in the coder's table. In
    English a cell holds its summary, in every other language the labels of its elements, as the coder writes them.

    Returns
    -------
    names of the columns, and the rows
    """
    features: Sequence[tuple[str, str]] = frame.attrs["features"]
    cells: dict[tuple[str, str, str], dict[str, dict[str, Any]]] = {}
    about: dict[tuple[str, str, str], tuple[str, str]] = {}
    names = list(frame.columns)
    for values in numbers_of(frame):
        row = dict(zip(names, values, strict=True))
        key = row["jurisdiction"] or "", row["coder"], row["strategy"]
        year = (row["adopted"] or "")[:4]
        about[key] = row["jurisdiction_name"] or "", f"{row['title']} ({year})" if year else row["title"]
        cell = cells.setdefault(key, {}).setdefault(row["feature"], {"said": "", "elements": []})
        if row["element"] is None:
            cell["said"] = row["said"] or ""
        else:
            cell["elements"].append(row["element_label"])
    shared: dict[tuple[str, ...], list[str]] = {}
    english = frame.attrs["lang"] == "en"
    for key, by_feature in cells.items():
        texts = []
        for code, _ in features:
            cell = by_feature.get(code, {"said": "", "elements": []})
            parts = ("；" if frame.attrs["lang"] == "zh" else "; ").join(cell["elements"])
            texts.append((cell["said"] or parts) if english else (parts or cell["said"]))
        shared.setdefault((about[key][0], key[1], *texts), []).append(about[key][1])
    head = [*({"zh": ("国家", "战略名称")}.get(frame.attrs["lang"], ("Jurisdiction", "Strategy"))), *(label for _, label in features)]
    several = len({row[1] for row in shared}) > 1
    rows = [[row[0], "; ".join(titles), *row[2:], *([row[1]] if several else [])] for row, titles in shared.items()]
    return head + (["Coder"] if several else []), rows
