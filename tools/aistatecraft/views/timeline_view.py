"""The view `timeline`: what happened when, from every table that dates something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import UsageError
from aistatecraft.package import edtf
from aistatecraft.package.lookup import resolve
from aistatecraft.views.frame import Column, shaped
from aistatecraft.views.labels import actor_name, actor_of, cited, spoken, title_of
from aistatecraft.views.tables import Row, Tables, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EVENTS", "find_actor", "timeline"]

EVENTS = (
    Column("date", "string", "Date at the precision that the source gives: year, month or day."),
    Column("earliest", "datetime64[s]", "First possible day of the date."),
    Column("latest", "datetime64[s]", "Last possible day of the date."),
    Column("precision", "string", "year, month or day."),
    Column("event", "string", "What happened: an event of the table events, what a dated field means (adopted, proposed, entered_into_force, ended, published), the role of a signatory or actor, joined, left or voted."),
    Column("record_table", "string", "Table of the record that the event concerns."),
    Column("record_id", "string", "Its identifier."),
    Column("title", "string", "What it is called."),
    Column("actor", "string", "Actor named by the table; otherwise the actor that the record belongs to."),
    Column("actor_name", "string", "Name of that actor."),
    Column("owner", "string", "Actor that the record belongs to."),
    Column("description", "string", "Paraphrase of what happened."),
    Column("origin_table", "string", "Table that contains the date."),
    Column("origin_id", "string", "Identifier of the row that contains it."),
    Column("origin_field", "string", "Field that contains it; together with the two columns before, it leads to the evidence for the date."),
)  # fmt: skip
_FIELDS: dict[str, dict[str, str]] = {
    "strategies": {"adopted": "adopted"},
    "declarations": {"date": "adopted"},
    "instruments": {"proposed": "proposed", "adopted": "adopted", "in_force_from": "entered_into_force", "ended": "ended"},
    "indices": {"published": "published"},
}
_ISSUED = {"release": "published", "opening": "opened_for_signature", "meeting": "met"}
"""What adopted_by says of the date of adoption, where that is another event."""
_ISSUED_STRATEGY = {**_ISSUED, "publication": "published", "gazette": "published"}
"""The same for strategies, whose adoption is an act of its own where there was one."""
_TIES = {
    "signatories": ("declarations", "declaration", "actor", {"date": "role"}),
    "instrument_actors": ("instruments", "instrument", "actor", {"date": "role"}),
    "memberships": ("actors", "bloc", "member", {"from_date": "joined", "to_date": "left"}),
}


def find_actor(tables: Tables, word: str) -> str:
    """The actor that `word` means: its identifier, or one of its names in any language, its acronym or two-letter code.

    Raises
    ------
    UsageError
        Where none or several are called so.
    """
    return resolve(tables.package, "actors", word)


def _with_parts(tables: Tables, actor: str) -> set[str]:
    """An actor and those that are a part of it, at any depth."""
    children = tables.children("actors")
    found, todo = {actor}, [actor]
    while todo:
        for row in children.get(todo.pop(), ()):
            name = str(row["id"])
            if name not in found:
                found.add(name)
                todo.append(name)
    return found


def _row(
    tables: Tables,
    table: str,
    record: str,
    event: str,
    date: str,
    origin: tuple[str, str, str],
    actor: str | None = None,
    description: str | None = None,
) -> dict[str, Any]:
    first, last = edtf.first_and_last(date)
    owner = actor_of(tables, table, record)
    return {
        "date": date, "first": first, "last": last, "event": event, "record_table": table, "record_id": record, "actor": actor or owner, "acted": actor,
        "owner": owner, "description": description, "origin_table": origin[0], "origin_id": origin[1], "origin_field": origin[2],
    }  # fmt: skip


def _identifier(tables: Tables, table: str, row: Row) -> str:
    return "/".join(row[name] or "" for name in tables.primary_key(table))


def _dated(tables: Tables) -> Iterator[dict[str, Any]]:
    """Every dated statement of the tables; events first."""
    for table in tables.existing(["events", "votes"]):
        for row in tables[table]:
            event = row["event"] or "" if table == "events" else "voted"
            origin = table, _identifier(tables, table, row), "date"
            yield _row(
                tables, row["record_table"] or "", row["record_id"] or "", event, row["date"] or "", origin, row.get("actor") or row.get("body"),
                row.get("description") or _count(row),
            )  # fmt: skip
    for table in tables.existing(_FIELDS):
        issued = _ISSUED_STRATEGY if table == "strategies" else _ISSUED
        for row in tables[table]:
            for field, event in _FIELDS[table].items():
                if row[field]:
                    said = issued.get(row.get("adopted_by") or "", event) if event == "adopted" else event
                    yield _row(tables, table, row["id"] or "", said, row[field] or "", (table, row["id"] or "", field))
    for table in tables.existing(_TIES):
        of, record, who, fields = _TIES[table]
        for row in tables[table]:
            for field, event in fields.items():
                if row[field]:
                    said = (row["role"] or "") if event == "role" else event
                    yield _row(
                        tables, of, row[record] or "", said, row[field] or "", (table, _identifier(tables, table, row), field), row[who]
                    )


def _count(row: Row) -> str | None:
    counts = [f"{row[f'votes_{name}']} {name}" for name in ("for", "against", "abstained") if row.get(f"votes_{name}")]
    return ", ".join(counts) or None


def _once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows less those that tell again what another tells as precisely or more so: the same event of the same record, by nobody else."""
    kept: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        same = kept.setdefault((row["record_table"], row["record_id"], row["event"]), [])
        for other in same:
            if row["origin_table"] == other["origin_table"] or (row["acted"] and other["acted"] and row["acted"] != other["acted"]):
                continue
            if row["first"] <= other["first"] and other["last"] <= row["last"]:
                break  # the other is as precise, or more so
            if other["first"] <= row["first"] and row["last"] <= other["last"] and not row["acted"]:
                other.update({key: value for key, value in row.items() if key not in ("actor", "acted", "description") or not other[key]})
                break
        else:
            same.append(row)
    return [row for rows in kept.values() for row in rows]


def _bound(word: str | None, option: str, last: bool) -> dt.date | None:
    if word is None:
        return None
    try:
        return edtf.first_and_last(word)[1 if last else 0]
    except ValueError as error:
        raise UsageError(f"{option}: {error}.") from None


def timeline(
    *,
    actor: str | None = None,
    kind: str | Sequence[str] | None = None,
    start: str | None = None,
    end: str | None = None,
    lang: str = "en",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """What happened when: the table of events, and the dated fields of strategies, declarations, instruments, indices, signatories, actors of instruments, memberships and votes.

    Parameters
    ----------
    actor : str or None
        Only what this actor or a part of it did, and the steps in the life of their records; an identifier or a name in any language.
    kind : str, sequence of str or None
        Only these events (``"adopted"``), or events of records of these tables (``"strategies"``).
    start, end : str or None
        Only what may have happened from the first day of `start` to the last of `end`; dates as the tables have them.
    lang, path, version : as for `hedging`

    Returns
    -------
    pandas.DataFrame, one row an event, by first and last day that it may have been, columns as `EVENTS` lists them
        A dated field that tells what an event tells already, less or as precisely, has no row of its own.

    Raises
    ------
    UsageError
        Where there is no such actor or event, or a date cannot be read.
    """
    tables = open_tables(path, version)
    meant = None if actor is None else _with_parts(tables, find_actor(tables, actor))
    first, last = _bound(start, "start", False), _bound(end, "end", True)
    rows = _once(_dated(tables))
    kinds = [kind] if isinstance(kind, str) else list(kind or ())
    events, of = {row["event"] for row in rows}, {row["record_table"] for row in rows}
    for word in kinds:
        tables.known(word, sorted(events | of), "an event, or a table with dated records")
    wanted_events, wanted_tables = events & set(kinds), of & set(kinds)
    shown = [
        row for row in rows
        # What others did toward a record of the actor, such as signing a declaration that it hosted, is theirs.
        if (meant is None or row["actor"] in meant or (row["owner"] in meant and row["origin_table"] not in _TIES))
        and (not wanted_events or row["event"] in wanted_events) and (not wanted_tables or row["record_table"] in wanted_tables)
        and (first is None or row["last"] >= first) and (last is None or row["first"] <= last)
    ]  # fmt: skip
    shown.sort(key=lambda row: (row["first"], row["last"], row["record_table"], row["record_id"], row["event"], str(row["actor"])))
    names = {10: "day", 7: "month", 4: "year"}
    made = [
        {
            **row, "earliest": row["first"], "latest": row["last"], "precision": names[len(row["date"])],
            "title": title_of(tables, row["record_table"], row["record_id"], lang), "actor_name": actor_name(tables, row["actor"], lang),
        }
        for row in shown
    ]  # fmt: skip
    supporting = tables.supporting({(row["origin_table"], row["origin_id"]) for row in shown})
    of_whom = "" if actor is None else f": {actor_name(tables, find_actor(tables, actor), lang)}"
    return shaped(
        made,
        EVENTS,
        view="timeline",
        tables=tables,
        title=spoken(lang, "Timeline", "大事记") + of_whom,
        lang=lang,
        cited=cited(tables, supporting, lang),
        focus=None if actor is None else find_actor(tables, actor),
    )
