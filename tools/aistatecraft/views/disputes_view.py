"""Every value over which sources disagree: what the table has, who supports it and who disputes it; and statements that differ for another reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.package.summary import DISPUTES as AGAINST
from aistatecraft.package.summary import SUPPORTS
from aistatecraft.views.frame import Column, numbers_of, shaped
from aistatecraft.views.labels import short_citation, title_of
from aistatecraft.views.tables import Row, Tables, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DISPUTES", "by_field", "disputes"]

DISPUTES = (
    Column("record_table", "string", "Table of the record."),
    Column("record_id", "string", "Its identifier."),
    Column("title", "string", "What it is called."),
    Column("field", "string", "Field that the statement is about; * for the record as a whole."),
    Column("value", "string", "Value in the table, as written; missing if it is blank or if the statement is about the record as a whole."),
    Column("stance", "string", "Whether the source supports or disputes it, or why it differs: outdated, other_measure, omits, variant."),
    Column("source", "string", "The source."),
    Column("citation", "string", "Its short citation."),
    Column("source_kind", "string", "Kind of source."),
    Column("stated", "string", "The value as that source states it."),
    Column("quote", "string", "Short quote."),
    Column("locator", "string", "Location in the source."),
    Column("whole", "boolean", "Whether the evidence concerns the record as a whole and not the field: supporting sources are listed this way if none concerns the field."),
    Column("note", "string", "What a reader needs to know to use the evidence correctly."),
)  # fmt: skip


def _own_sources(tables: Tables, table: str, record: str) -> list[Row]:
    """The sources that a row names itself, as evidence: claims, codings, coverage, schemes; of a code those of its scheme; a source speaks for itself."""
    if table == "sources":
        return [{"source": record, "locator": "the source itself"}]
    row = tables.find(table, record)
    if row is None:
        return []
    if table == "codes":
        return _own_sources(tables, "schemes", row["scheme"] or "")
    named = [name for name, of in tables.references(table).items() if of == "sources"]
    return [{"source": row[name], "locator": row.get("locator")} for name in named if row[name]]


def disputes(
    table: str | None = None, *, stance: str | Sequence[str] = AGAINST, path: str | Path | None = None, version: str | None = None
) -> pd.DataFrame:
    """Every disputed field with what each source states.

    Parameters
    ----------
    table : str or None
        Only records of this table; of all where it is None.
    stance : str or sequence of str
        What counts as a statement against the table: ``"disputes"``, another stance of evidence that is not support
        (``"outdated"``, ``"other_measure"``, ``"omits"``, ``"variant"``), several of them, or ``"all"``.
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, one row a piece of evidence on a disputed field, columns as ``aistatecraft.views.DISPUTES`` lists them
        By record and field; those who support the value first. Each field has at least one row with such a stance.

    Raises
    ------
    UsageError
        Where there is no such table or stance.
    """
    tables = open_tables(path, version)
    if table is not None:
        tables.package.resource(table)
    stances = _stances(tables, [stance] if isinstance(stance, str) else stance)
    by_field: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in tables["evidence"]:
        by_field[row["record_table"] or "", row["record_id"] or "", row["field"] or ""].append(row)
    rows: list[dict[str, Any]] = []
    for (of, record, field), evidence in sorted(by_field.items()):
        against = [row for row in evidence if row["stance"] in stances]
        if not against or table not in (None, of):
            continue
        found = tables.find(of, record) or {}
        about = {"record_table": of, "record_id": record, "title": title_of(tables, of, record), "field": field, "value": found.get(field)}
        support = [row for row in evidence if row["stance"] == SUPPORTS]
        whole = not support
        if whole:
            support = [row for row in by_field.get((of, record, "*"), ()) if row["stance"] == SUPPORTS] or _own_sources(tables, of, record)
        rows += [_piece(tables, about, row, SUPPORTS, whole or field == "*") for row in support]
        rows += [_piece(tables, about, row, row["stance"] or "", field == "*") for row in against]
    return shaped(
        rows,
        DISPUTES,
        view="disputes",
        tables=tables,
        title="What sources dispute" if stances == {AGAINST} else "What sources state otherwise",
    )


def _stances(tables: Tables, words: Sequence[str]) -> set[str]:
    """The stances asked for: those of the package's evidence but for support, or all of these."""
    field = tables.package.resource("evidence").schema.by_name.get("stance")
    others = [category.value for category in field.categories if category.value != SUPPORTS] if field else []
    others = others or [AGAINST]
    for word in words:
        tables.known(word, [*others, "all"], "a stance of evidence other than supports")
    return set(others) if "all" in words else set(words)


def _piece(tables: Tables, about: dict[str, Any], row: Row, stance: str, whole: bool) -> dict[str, Any]:
    source = row["source"] or ""
    return {
        **about, "stance": stance, "source": source, "citation": short_citation(tables, source), "source_kind": (tables.find("sources", source) or {}).get("kind"),
        "stated": row.get("stated"), "quote": row.get("quote"), "locator": row["locator"], "whole": whole, "note": row.get("note"),
    }  # fmt: skip


def by_field(frame: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """The form for reading: one row a disputed field, with those who support its value and those who dispute it.

    A statement that differs without disputing has its stance before it.

    Returns
    -------
    names of the columns, and the rows
    """
    names = list(frame.columns)
    rows: dict[tuple[str, str, str], tuple[str, tuple[list[str], list[str]]]] = {}
    for values in numbers_of(frame):
        row = dict(zip(names, values, strict=True))
        key = row["record_table"], row["record_id"], row["field"]
        sides = rows.setdefault(key, (row["value"] or "", ([], [])))[1]
        said = row["stated"] or ""
        quote = f" “{row['quote']}”" if row["quote"] else ""
        why = "" if row["stance"] in (SUPPORTS, AGAINST) else f"{row['stance'].replace('_', ' ')}: "
        sides[row["stance"] != SUPPORTS].append(
            f"{why}{row['citation']} ({row['locator']}{', the record' if row['whole'] else ''}){f': {said}' if said else ''}{quote}"
        )
    differs = "stance" in names and not set(frame["stance"].dropna()) <= {SUPPORTS, AGAINST}
    return ["record", "field", "in the table", "supported by", "stated otherwise by" if differs else "disputed by"], [
        [f"{table}/{record}", field, value, "; ".join(supporting), "; ".join(others)]
        for (table, record, field), (value, (supporting, others)) in rows.items()
    ]
