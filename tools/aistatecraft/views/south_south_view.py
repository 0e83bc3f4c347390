"""The view `south-south`: cooperation with the Global South: areas, mechanisms, partners, proposals, and what else the schemes code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.views.codings import code_label, codes_in_order, upwards
from aistatecraft.views.frame import Column, shaped
from aistatecraft.views.labels import actor_name, actor_of, cited, spoken, title_of
from aistatecraft.views.tables import Row, Tables, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SOUTH", "south_south"]

_PREFIX = "gs-cooperation-"
_CLAIMS = ("proposal", "recommendation")
_LAST = ("partner", "proposal")
SOUTH = (
    Column("part", "string", "What the row contains: the scheme of the coding without its prefix (area, mechanism, path, demand, supply, challenge, feature ...), partner, or proposal."),
    Column("code", "string", "Code of the scheme that is assigned to the record or claim."),
    Column("label", "string", "Its label."),
    Column("record_table", "string", "Table of the record: what is coded, the instrument that has the partner, or what is proposed."),
    Column("record_id", "string", "Its identifier."),
    Column("title", "string", "What it is called."),
    Column("status", "string", "Status of an instrument, strategy or declaration."),
    Column("kind", "string", "Kind of the record; of a proposal: proposal or recommendation for a claim."),
    Column("actor", "string", "Actor that the record belongs to; for a partner, that partner; for a claim the addressee."),
    Column("actor_name", "string", "Name of that actor."),
    Column("role", "string", "Role of a partner in the instrument; addressee for a claim."),
    Column("date", "string", "Date on which the partner's tie began."),
    Column("text", "string", "Reason of a coding, statement of a claim, summary of a proposed instrument."),
    Column("source", "string", "Source of the judgement, statement, tie or proposal; missing where the table stores its evidence separately."),
    Column("locator", "string", "Location in that source."),
)  # fmt: skip


def south_south(part: str | None = None, *, lang: str = "en", path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """Cooperation between China and the Global South as the tables have it.

    Parameters
    ----------
    part : str or None
        One of the values of the column ``part``; all where it is None.
    lang, path, version : as for `hedging`

    Returns
    -------
    pandas.DataFrame, one row a fact, columns as `SOUTH` lists them
        Codings under the schemes that begin with ``gs-cooperation-``; the actors of the instruments coded there; and what is
        only proposed: instruments of that status, and the proposals and recommendations of the sources that code.

    Raises
    ------
    UsageError
        Where there is no such part.
    """
    tables = open_tables(path, version)
    schemes = [str(row["id"]) for row in tables["schemes"] if (row["id"] or "").startswith(_PREFIX)]
    names = [scheme.removeprefix(_PREFIX) for scheme in schemes]
    if part is not None:
        tables.known(part, [*names, *_LAST], "a part of this view")
    order = {str(row["id"]): at for scheme in schemes for at, row in enumerate(codes_in_order(tables, scheme))}
    codings = [row for row in tables["codings"] if row["code"] in order]
    rows = [_coding(tables, row, lang) for row in sorted(codings, key=lambda row: order[row["code"] or ""])]
    instruments = {str(row["record_id"]) for row in codings if row["record_table"] == "instruments"}
    rows += [_partner(tables, row, lang) for row in tables["instrument_actors"] if row["instrument"] in instruments]
    rows += [_proposed(tables, row, lang) for row in tables["instruments"] if row["id"] in instruments and row["status"] == "proposed"]
    said_by = {row["source"] for row in tables["schemes"] if row["id"] in schemes} | {row["coder"] for row in codings}
    claims = [
        row
        for row in tables["claims"]
        if row["source"] in said_by and row["kind"] in _CLAIMS and (row["code"] is None or row["code"] in order)
    ]
    rows += [
        _claim(tables, row, lang) for row in sorted(claims, key=lambda row: (order.get(row["code"] or "", len(order)), row["id"] or ""))
    ]
    place = {name: at for at, name in enumerate([*names, *_LAST])}
    rows = sorted((row for row in rows if part in (None, row["part"])), key=lambda row: place[row["part"]])
    return shaped(
        rows, SOUTH, view="south-south", tables=tables, title=spoken(lang, "AI cooperation of China and the Global South", "中国与全球南方人工智能合作"), lang=lang, part=part,
        cited=cited(tables, [row.get("source") for row in rows], lang),
        parts=tuple((scheme.removeprefix(_PREFIX), title_of(tables, "schemes", scheme, lang)) for scheme in schemes),
        codes=tuple((code, code_label(tables, code, lang), tuple(upwards(tables, code)), (tables.by_id("codes")[code]["scheme"] or "").removeprefix(_PREFIX)) for code in order),
    )  # fmt: skip


def _coding(tables: Tables, row: Row, lang: str) -> dict[str, Any]:
    table, record, code = row["record_table"] or "", row["record_id"] or "", row["code"] or ""
    found: Row = tables.find(table, record) or {}
    actor = actor_of(tables, table, record)
    return {
        "part": (tables.by_id("codes")[code]["scheme"] or "").removeprefix(_PREFIX), "code": code, "label": code_label(tables, code, lang),
        "record_table": table, "record_id": record, "title": title_of(tables, table, record, lang), "status": found.get("status"), "kind": found.get("kind"),
        "actor": actor, "actor_name": actor_name(tables, actor, lang), "text": row["reason"], "source": row["coder"], "locator": row["locator"],
    }  # fmt: skip


def _partner(tables: Tables, row: Row, lang: str) -> dict[str, Any]:
    instrument = row["instrument"] or ""
    found: Row = tables.find("instruments", instrument) or {}
    return {
        "part": "partner", "record_table": "instruments", "record_id": instrument, "title": title_of(tables, "instruments", instrument, lang),
        "status": found.get("status"), "kind": found.get("kind"), "actor": row["actor"], "actor_name": actor_name(tables, row["actor"], lang),
        "role": row["role"], "date": row["date"], "text": row["note"], "source": row.get("source"), "locator": row.get("locator"),
    }  # fmt: skip


def _proposed(tables: Tables, row: Row, lang: str) -> dict[str, Any]:
    name = row["id"] or ""
    actor = actor_of(tables, "instruments", name)
    return {
        "part": "proposal", "record_table": "instruments", "record_id": name, "title": title_of(tables, "instruments", name, lang), "status": row["status"],
        "kind": row["kind"], "actor": actor, "actor_name": actor_name(tables, actor, lang), "text": row["summary"],
    }  # fmt: skip


def _claim(tables: Tables, row: Row, lang: str) -> dict[str, Any]:
    return {
        "part": "proposal", "code": row["code"], "label": code_label(tables, row["code"], lang), "record_table": "claims", "record_id": row["id"],
        "title": title_of(tables, "claims", row["id"] or "", lang), "kind": row["kind"], "actor": row["addressee"],
        "actor_name": actor_name(tables, row["addressee"], lang), "role": "addressee" if row["addressee"] else None, "text": row["statement"],
        "source": row["source"], "locator": row["locator"],
    }  # fmt: skip
