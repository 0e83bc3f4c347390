"""Views of sets, pairs and editions: who is in several blocs or initiatives, who signs with whom, and how scores moved."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.analysis.acts import Acts
from aistatecraft.analysis.acts import cosignature as _cosignature
from aistatecraft.analysis.as_of import membership_on
from aistatecraft.analysis.panel import BLOCS
from aistatecraft.analysis.rows import MEMBERS, Rows, day_of, words_of
from aistatecraft.errors import UsageError, nearest
from aistatecraft.views.frame import Column, shaped
from aistatecraft.views.labels import actor_name, cited, in_language, spoken
from aistatecraft.views.tables import Row, Tables, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OVERLAPS", "PAIRS", "SLOPES", "cosignature", "overlap", "slope"]

OVERLAPS = (
    Column("combination", "string", "Identifiers of the blocs and declarations, joined by '; ': the states below are in all of these and in none of the others."),
    Column("label", "string", "The same by their short names."),
    Column("size", "Int64", "Number of states."),
    Column("states", "string", "Identifiers of the states, joined by '; '."),
    Column("names", "string", "Their names."),
)  # fmt: skip
PAIRS = (
    Column("a", "string", "Identifier of a state."),
    Column("b", "string", "Identifier of another one."),
    Column("a_name", "string", "Name of the first."),
    Column("b_name", "string", "Name of the second."),
    Column("a_region", "string", "UN subregion of the first."),
    Column("b_region", "string", "UN subregion of the second."),
    Column("common", "Int64", "Declarations that both joined."),
    Column("jaccard", "Float64", "The same as a share of those that one of them joined (Jaccard 1912)."),
)
SLOPES = (
    Column("index", "string", "Identifier of the edition."),
    Column("edition", "string", "Edition as the publisher numbers it."),
    Column("actor", "string", "Identifier of the actor scored."),
    Column("actor_name", "string", "Its name."),
    Column("score", "Float64", "Score, where it is exact."),
    Column("comparable", "boolean", "Whether the score can be compared with that of the edition before: false after a break of method, missing where no source says so."),
)  # fmt: skip


def overlap(
    *sets: str,
    on: str | dt.date | None = None,
    lang: str = "en",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """Which states are in which of several blocs and initiatives at once.

    Parameters
    ----------
    sets : str
        Blocs and declarations, by identifier or name (``"BRICS"``, ``"bletchley-2023"``); without them the blocs of the panel.
        A state is in a bloc of which it was a full member on the day, and in a declaration that it had joined.
    on : str, datetime.date or None
        The day; today where it is None. Memberships of which the day is not known do not count.
    lang, path, version : as for `hedging`

    Returns
    -------
    pandas.DataFrame, one row a combination that some state has, the largest first, columns as `OVERLAPS` lists them
        ``attrs`` hold ``sets`` (identifier, short name and number of states of each), ``unknown`` (memberships that were left out)
        and ``partial`` (declarations whose list is not complete: some states may be missing).

    Raises
    ------
    UsageError
        Where there is no such bloc, declaration or version, or `on` is not a day.
    """
    tables = open_tables(path, version)
    rows, day = Rows(tables.package), day_of(on)
    known = Acts(rows)
    states = {actor for actor, kind in known.kinds.items() if kind == "state"}
    memberships: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows["memberships"]:
        memberships[row.get("bloc", "")].append(row)
    wanted = [_set_of(rows, known, memberships, word) for word in words_of(sets, "sets")] or [bloc for bloc in BLOCS if bloc in memberships]
    inside: dict[str, set[str]] = {}
    unknown = 0
    for name in dict.fromkeys(wanted):
        if name in memberships:
            held = [
                (row.get("member", ""), membership_on(rows, row, day)[0])
                for row in memberships[name]
                if row.get("role") in MEMBERS and row.get("member") in states
            ]
            inside[name] = {member for member, state in held if state == "member"}
            unknown += len({member for member, state in held if state == "unknown"} - inside[name])
        else:
            joined = [act for (text, _), act in known.found.items() if text == name and act.stance == "joined" and act.actor in states]
            inside[name] = {act.actor for act in joined if act.last is not None and act.last <= day}
    combinations: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for state in sorted(set().union(*inside.values())):
        combinations[tuple(name for name in inside if state in inside[name])].append(state)
    short = {name: _short(tables, name, lang) for name in inside}
    made = [
        {
            "combination": "; ".join(names), "label": " + ".join(short[name] for name in names), "size": len(found), "states": "; ".join(found),
            "names": "; ".join(str(actor_name(tables, state, lang)) for state in found),
        }
        for names, found in sorted(combinations.items(), key=lambda item: (-len(item[1]), len(item[0]), item[0]))
    ]  # fmt: skip
    return shaped(
        made, OVERLAPS, view="overlap", tables=tables, lang=lang, title=spoken(lang, f"In several blocs and initiatives, {day}", f"同时参与的集团与倡议，{day}"),
        sets=tuple((name, short[name], len(inside[name])) for name in inside), unknown=unknown,
        partial=tuple(short[name] for name in inside if name in known.texts and known.listed(name) == "partial"),
    )  # fmt: skip


def _set_of(rows: Rows, known: Acts, memberships: dict[str, Any], word: str) -> str:
    if word in known.texts or word in memberships:
        return word
    bloc = rows.resolve("actors", word)
    if bloc not in memberships:
        raise UsageError(
            f"{word!r} is neither a bloc with members nor a declaration; {nearest(word, sorted([*memberships, *known.texts]))}"
        )
    return bloc


def _short(tables: Tables, name: str, lang: str) -> str:
    actor = tables.find("actors", name)
    if actor is not None:
        return actor["acronym"] or actor.get("short_name") or in_language(actor, "name", lang) or name
    text = tables.find("declarations", name)
    return (text and ((lang == "en" and text.get("short_title")) or in_language(text, "title", lang))) or name


def cosignature(
    *,
    most: int = 36,
    leader: str | Sequence[str] | None = None,
    lang: str = "en",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """Which states join the same declarations, as a matrix in order of region: the states that joined most.

    Parameters
    ----------
    most : int
        So many states at most, those that joined the most declarations.
    leader : str, list of str or None
        Only declarations led by these: us, eu, china, un, brics, other.
    lang, path, version : as for `hedging`

    Returns
    -------
    pandas.DataFrame, one row a pair of these states, columns as `PAIRS` lists them
        Pairs without a common declaration have no row. ``attrs`` hold ``order``: identifier, name, subregion and number of declarations
        of each state, in the order of the drawing.

    Raises
    ------
    UsageError
        Where there is no such leader or version, or `most` is less than two.
    """
    if most < 2:
        raise UsageError(f"most={most} is too few; a matrix needs two states.")
    tables = open_tables(path, version)
    pairs = _cosignature(leader=leader, path=path, version=version)
    total: dict[str, int] = {}
    for row in pairs.itertuples(index=False):
        total |= {row.a: int(row.a_joined), row.b: int(row.b_joined)}
    chosen = sorted(total, key=lambda state: (-total[state], state))[:most]

    def region(state: str) -> tuple[str, str]:
        row = tables.find("actors", state) or {}
        return row.get("un_region") or "", row.get("un_subregion") or ""

    order = sorted(chosen, key=lambda state: (*region(state), -total[state], state))
    rows = [
        {
            "a": row.a, "b": row.b, "a_name": actor_name(tables, row.a, lang), "b_name": actor_name(tables, row.b, lang),
            "a_region": region(row.a)[1], "b_region": region(row.b)[1], "common": int(row.common), "jaccard": float(row.jaccard),
        }
        for row in pairs.itertuples(index=False)
        if row.a in chosen and row.b in chosen
    ]  # fmt: skip
    return shaped(
        rows, PAIRS, view="cosignature", tables=tables, lang=lang, title=spoken(lang, "Declarations that two states both joined", "两国共同加入的宣言"),
        order=tuple((state, str(actor_name(tables, state, lang)), region(state)[1], total[state]) for state in order), left_out=len(total) - len(order),
    )  # fmt: skip


def slope(
    index: str,
    *,
    dimension: str = "total",
    lang: str = "en",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """How the scores of an index moved from edition to edition.

    Parameters
    ----------
    index : str
        Short name of the index, such as ``"ilia"``.
    dimension : str
        Dimension scored; ``total`` is the whole index.
    lang, path, version : as for `hedging`

    Returns
    -------
    pandas.DataFrame, one row an actor and edition, columns as `SLOPES` lists them
        Scores that are not exact (more than 60) are missing.

    Raises
    ------
    UsageError
        Where there is no such index or dimension.
    """
    tables = open_tables(path, version)
    own = sorted((row for row in tables["indices"] if row["index_name"] == index), key=lambda row: (row["published"] or row["edition"] or "", str(row["id"])))  # fmt: skip
    if not own:
        raise UsageError(f"{index!r} is not an index; {nearest(index, sorted({str(row['index_name']) for row in tables['indices']}))}")
    editions = {str(row["id"]): row for row in own}
    scores: list[Row] = [row for row in tables["index_scores"] if row["index_id"] in editions]
    dimensions = sorted({str(row["dimension"]) for row in scores})
    if dimension not in dimensions and scores:
        raise UsageError(f"{index} has no scores on {dimension!r}; {nearest(dimension, dimensions)}")
    scores = [row for row in scores if row["dimension"] == dimension]
    order = list(editions)
    rows = [
        {
            "index": row["index_id"], "edition": editions[str(row["index_id"])]["edition"], "actor": row["actor"], "actor_name": actor_name(tables, row["actor"], lang),
            "score": float(row["score"]) if row["score"] and (row["operator"] or "=") == "=" else None,
            "comparable": _comparable(editions, order, str(row["index_id"])),
        }
        for row in sorted(scores, key=lambda row: (str(row["actor"]), order.index(str(row["index_id"]))))
    ]  # fmt: skip
    supporting = tables.supporting({("index_scores", f"{row['index']}/{row['actor']}/{dimension}") for row in rows})
    counted = Counter(str(row["index"]) for row in rows)
    shown = [name for name in order if counted[name]]
    named = str(in_language(own[-1], "title", lang) or index).removesuffix(str(own[-1]["edition"])).strip()
    return shaped(
        rows, SLOPES, view="slope", tables=tables, lang=lang, title=f"{named}, {editions[shown[0]]['edition']}–{editions[shown[-1]]['edition']}" if shown else named,
        cited=cited(tables, supporting, lang),
        dimension=dimension, editions=tuple((name, str(editions[name]["edition"]), _comparable(editions, order, name)) for name in shown),
    )  # fmt: skip


def _comparable(editions: dict[str, Row], order: list[str], name: str) -> bool | None:
    """Whether scores of an edition can be compared with those of the one before; None for the first, and where no source says so."""
    said = editions[name]["method_break"]
    return None if name == order[0] or said is None else said != "true"
