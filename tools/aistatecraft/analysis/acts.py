"""Acts of states toward declarations: the matrix, networks of states that sign the same texts, and alignment with those who lead them.

An act is a row of the table signatories. That a bloc to which a state belongs signed is no act of the state: it is *covered*. Where the list
of a declaration is not complete, that a state is not named says nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.analysis.as_of import membership_on, stance_of
from aistatecraft.analysis.rows import Row, Rows, framed, open_rows, whole_number, words_of
from aistatecraft.errors import UsageError, nearest
from aistatecraft.package.extras import imported
from aistatecraft.package.installed import installed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEADERS", "VALUES", "Act", "Acts", "acts", "alignment", "cosignature", "counted", "leaders", "states_of", "year_of"]

LEADERS = ("us", "eu", "china", "un", "brics", "other")
"""Who leads a declaration: codes of the scheme initiative-leader."""
_SCHEME = "initiative-leader."
VALUES = ["joined", "supported", "neutral", "against", "covered", "none", "unknown"]
_STRONGEST = {"against": 3, "joined": 2, "supported": 1, "neutral": 0}
COMPLETE = frozenset(("complete",))
"""Completeness of a list of signatories from which it follows that who is not in it did not act."""
_NO_LIST = frozenset(("not_applicable",))


def leaders(rows: Rows) -> dict[str, str]:
    """Who leads each declaration, as this project codes it (scheme initiative-leader); versions before that scheme take today's codings."""
    known = any(row.get("scheme") == _SCHEME[:-1] for row in rows["codes"])
    own = rows.package.descriptor.get("name") == installed().descriptor.get("name")
    coded = rows if known or not own else Rows(installed())
    return {
        row["record_id"]: row["code"].removeprefix(_SCHEME)
        for row in coded["codings"]
        if row.get("record_table") == "declarations" and row.get("code", "").startswith(_SCHEME)
    }


@dataclass(frozen=True)
class Act:
    """What an actor did about a declaration: the strongest of its acts, with the year in which it may have happened."""

    declaration: str
    actor: str
    roles: tuple[str, ...]
    stance: str
    first: dt.date | None
    last: dt.date | None


@dataclass
class Acts:
    """Acts of a package, and what is known of the lists in which they stand."""

    rows: Rows
    found: dict[tuple[str, str], Act] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.texts = self.rows.by_id("declarations")
        self.leaders = leaders(self.rows)
        self.kinds = {actor: row.get("kind", "") for actor, row in self.rows.by_id("actors").items()}
        for (declaration, actor), rows in self.rows.grouped("signatories", "declaration", "actor").items():
            self.found[declaration, actor] = self._act(declaration, actor, rows)

        self._joined = Counter(declaration for (declaration, _), act in self.found.items() if act.stance in ("joined", "supported"))

    def _act(self, declaration: str, actor: str, rows: Sequence[Row]) -> Act:
        strongest = max(rows, key=lambda row: _STRONGEST[stance_of(row.get("role"))])
        stance = stance_of(strongest.get("role"))
        when = self.rows.bounds("signatories", "date", strongest.get("date")) or self.when(declaration)
        roles = tuple(row.get("role", "") for row in rows)
        return Act(declaration, actor, roles, stance, *(when or (None, None)))

    def when(self, declaration: str) -> tuple[dt.date, dt.date] | None:
        """First and last day on which a declaration may have been adopted; None where that is not known."""
        return self.rows.bounds("declarations", "date", self.texts[declaration].get("date"))

    def listed(self, declaration: str) -> str:
        """What is known of the list of a declaration: complete, none (nobody signs it) or partial.

        A disputed list counts as complete where it names as many as are declared, or more.
        """
        said = self.texts[declaration].get("signatory_list", "")
        declared = self.texts[declaration].get("signatories_declared")
        if said == "disputed" and declared and self._joined[declaration] >= int(declared):
            return "complete"
        return "complete" if said in COMPLETE else "none" if said in _NO_LIST else "partial"

    def covered(self, declaration: str, actor: str) -> list[str]:
        """Blocs that joined or supported a declaration and of which the actor was a full member on that day."""
        when = self.when(declaration)
        if when is None:
            return []
        return [
            bloc
            for bloc in self._acting_blocs.get(declaration, ())
            if any(
                row.get("role") in ("member", "founding_member") and membership_on(self.rows, row, when[1])[0] == "member"
                for row in self._memberships.get((bloc, actor), ())
            )
        ]

    @property
    def _memberships(self) -> dict[tuple[str, ...], list[Row]]:
        if not hasattr(self, "_held"):
            self._held = self.rows.grouped("memberships", "bloc", "member")
        return self._held

    @property
    def _acting_blocs(self) -> dict[str, list[str]]:
        if not hasattr(self, "_blocs"):
            self._blocs: dict[str, list[str]] = defaultdict(list)
            for (declaration, actor), act in self.found.items():
                if act.stance in ("joined", "supported") and self.kinds.get(actor) in ("union", "bloc", "organisation"):
                    self._blocs[declaration].append(actor)
        return self._blocs

    def value(self, declaration: str, actor: str) -> str:
        """The cell of the matrix: one of `VALUES`."""
        act = self.found.get((declaration, actor))
        if act is not None:
            return act.stance
        if self.covered(declaration, actor):
            return "covered"
        return "unknown" if self.listed(declaration) == "partial" else "none"


def states_of(rows: Rows) -> list[str]:
    """Identifiers of the states and territories that act or are states."""
    return [actor for actor, row in rows.by_id("actors").items() if row.get("kind") == "state"]


def acts(
    matrix: bool = False,
    *,
    actors: Sequence[str] | None = None,
    leader: str | Sequence[str] | None = None,
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """Acts of actors toward declarations.

    Parameters
    ----------
    matrix : bool
        Whether to give states x declarations instead of one row an act.
    actors : list of str or None
        Actors, by identifier or name; where it is None, all that acted, and for the matrix all states.
    leader : str, list of str or None
        Only declarations led by these: us, eu, china, un, brics, other.
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame
        One row an actor and declaration: declaration, title, leader (category; missing where it is not coded), actor, name, kind (string);
        ``stance`` (category: joined, supported, neutral, against; the strongest where an actor did several things, and a later
        withdrawal before all); ``roles`` (string, joined by "; "); ``year`` (Int64; missing where the date covers several); ``completeness`` (of the list; category:
        complete, partial, none).

        As a matrix: index ``actor``, one column a declaration (category), each cell the stance, or ``covered`` (a bloc of which it was a
        full member on the day joined or supported the text; no act of its own), ``none`` (the list is complete, or there is none, and it is not in
        it) or ``unknown`` (the list is partial, disputed or was not seen).

    Raises
    ------
    UsageError
        Where there is no such actor, leader or version.
    """
    known = Acts(open_rows(path, version))
    rows = known.rows
    wanted = None if actors is None else [rows.resolve("actors", actor) for actor in words_of(actors, "actors")]
    texts = [name for name in known.texts if leader is None or known.leaders.get(name) in _led(leader)]
    if matrix:
        return _matrix(known, texts, wanted if wanted is not None else states_of(rows))
    found = []
    for (declaration, actor), act in known.found.items():
        if declaration in texts and (wanted is None or actor in wanted):
            title = known.texts[declaration].get("title_en")
            who = [actor, rows.actor_name(actor), known.kinds.get(actor)]
            found.append([declaration, title, known.leaders.get(declaration), *who, act.stance, "; ".join(act.roles), year_of(act), known.listed(declaration)])  # fmt: skip
    columns = {"declaration": "string", "title": "string", "leader": "category", "actor": "string", "name": "string", "kind": "string", "stance": "category", "roles": "string", "year": "Int64", "completeness": "category"}  # fmt: skip
    frame = framed(found, columns, {"leader": list(LEADERS), "stance": VALUES[:4], "completeness": ["complete", "partial", "none"]})
    frame.attrs["version"] = rows.package.version
    return frame


def _led(leader: str | Iterable[str]) -> set[str]:
    chosen = set(words_of(leader, "leader"))
    for one in chosen - set(LEADERS):
        raise UsageError(f"leader={one!r} is not one; {nearest(one, list(LEADERS))}")
    return chosen


def year_of(act: Act) -> int | None:
    """The year of an act; None where it is not known."""
    return act.first.year if act.first is not None and act.last is not None and act.first.year == act.last.year else None


def _matrix(known: Acts, texts: list[str], actors: list[str]) -> pd.DataFrame:
    import pandas as pd

    kinds = pd.Index(VALUES, dtype="string")
    made = {text: pd.Categorical([known.value(text, actor) for actor in actors], categories=kinds) for text in texts}
    frame = pd.DataFrame(made, index=pd.Index(actors, name="actor", dtype="string"))
    frame.attrs["version"] = known.rows.package.version
    return frame


def cosignature(
    *,
    states_only: bool = True,
    leader: str | Sequence[str] | None = None,
    least: int = 1,
    graph: bool = False,
    path: str | Path | None = None,
    version: str | None = None,
) -> Any:
    """The network of actors that joined the same declarations.

    Parameters
    ----------
    states_only : whether only states count, and no blocs, organisations and companies
    leader : only declarations led by these: us, eu, china, un, brics, other; all where it is None
    least : the least number of common declarations
    graph : bool
        Whether to give a ``networkx.Graph`` (extra networks) with the same edges and the attributes ``name`` and ``joined`` of its nodes.
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, one row an unordered pair (``a`` < ``b``), or networkx.Graph
        a, b, a_name, b_name (string); ``common`` (Int64, declarations that both joined); ``a_joined``, ``b_joined`` (Int64, those that each joined);
        ``jaccard`` (Float64, 0 to 1: common / (a_joined + b_joined - common); Jaccard 1912). Both numbers are of the names that the tables have:
        where lists are partial, pairs are missing.

    Raises
    ------
    UsageError
        Where there is no such leader or version, or networkx is not installed.
    """
    least = whole_number(least, "least") or 1
    known = Acts(open_rows(path, version))
    wanted = None if leader is None else _led(leader)
    joined: dict[str, list[str]] = defaultdict(list)
    for (declaration, actor), act in known.found.items():
        counts = act.stance == "joined" and (not states_only or known.kinds.get(actor) == "state")
        if counts and (wanted is None or known.leaders.get(declaration) in wanted):
            joined[declaration].append(actor)
    total = Counter(actor for actors in joined.values() for actor in actors)
    pairs = Counter(pair for actors in joined.values() for pair in combinations(sorted(set(actors)), 2))
    name = known.rows.actor_name
    rows = [
        [a, b, name(a), name(b), common, total[a], total[b], common / (total[a] + total[b] - common)]
        for (a, b), common in sorted(pairs.items())
        if common >= least
    ]
    columns = {"a": "string", "b": "string", "a_name": "string", "b_name": "string", "common": "Int64", "a_joined": "Int64", "b_joined": "Int64", "jaccard": "Float64"}  # fmt: skip
    frame = framed(rows, columns)
    frame.attrs["version"] = known.rows.package.version
    if not graph:
        return frame
    nx = imported("networkx", "graph=True needs the library networkx", extra="networks")
    made = nx.Graph(version=known.rows.package.version)
    made.add_nodes_from((actor, {"name": name(actor), "joined": count}) for actor, count in sorted(total.items()))
    made.add_edges_from((row[0], row[1], {"common": row[4], "jaccard": row[7], "weight": row[4]}) for row in rows)
    return made


def alignment(
    *,
    start: int | None = None,
    end: int | None = None,
    graph: bool = False,
    path: str | Path | None = None,
    version: str | None = None,
) -> Any:
    """What states did toward initiatives of each leading power.

    Parameters
    ----------
    start, end : int or None
        First and last year of acts; without them all, also those whose year is not known.
    graph : bool
        Whether to give a ``networkx.DiGraph`` (extra networks) from states to powers, with an edge where a state acted.
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, one row a state and power, of all states that acted at all, or networkx.DiGraph
        state, name (string); ``leader`` (category: us, eu, china, un, brics, other); ``joined``, ``supported``, ``neutral``, ``against`` (Int64, numbers of
        declarations); ``covered`` (Int64, declarations which only a bloc of the state joined); ``unknown`` (Int64, declarations whose list is
        partial and does not name it: each may hide an act); ``texts`` (Int64, declarations of the power in the period that can be joined);
        ``net`` (Int64: joined + supported - against). With `start` or `end` declarations count by their own year where there is no act.

    Raises
    ------
    UsageError
        Where the period is none, there is no such version, or networkx is not installed.
    """
    start, end = whole_number(start, "start"), whole_number(end, "end")
    if start is not None and end is not None and start > end:
        raise UsageError(f"start={start} is after end={end}; exchange them.")
    known = Acts(open_rows(path, version))
    counts = counted(known, start, end)
    acting = sorted({state for (state, _), found in counts.items() if any(found[key] for key in VALUES[:4])})
    rows = []
    for state in acting:
        for leader in LEADERS:
            found = counts[state, leader]
            net = found["joined"] + found["supported"] - found["against"]
            rows.append(
                [state, known.rows.actor_name(state), leader, *(found[key] for key in VALUES[:5]), found["unknown"], found["texts"], net]
            )
    columns = {
        "state": "string",
        "name": "string",
        "leader": "category",
        **dict.fromkeys((*VALUES[:5], "unknown", "texts", "net"), "Int64"),
    }
    frame = framed(rows, columns, {"leader": list(LEADERS)})
    frame.attrs["version"] = known.rows.package.version
    if not graph:
        return frame
    nx = imported("networkx", "graph=True needs the library networkx", extra="networks")
    made = nx.DiGraph(version=known.rows.package.version)
    for row in rows:
        numbers = dict(zip((*VALUES[:4],), row[3:7], strict=True))
        if any(numbers.values()):
            made.add_edge(row[0], row[2], **numbers, net=row[10], weight=row[10])
    return made


def counted(
    known: Acts, start: int | None = None, end: int | None = None, states: Sequence[str] | None = None
) -> dict[tuple[str, str], Counter[str]]:
    """Numbers of declarations by state and leader: of each value of the matrix, and all that can be joined (texts). Those whose leader is
    not coded are left out."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    everyone = states_of(known.rows) if states is None else list(states)
    for text in known.texts:
        leader = known.leaders.get(text)
        if leader is None:
            continue
        opened = known.when(text)
        for state in everyone:
            act = known.found.get((text, state))
            span = (act.first, act.last) if act is not None and act.first is not None else opened
            if not _within(span, start, end) or (act is None and known.listed(text) == "none"):
                continue
            found[state, leader]["texts"] += 1
            found[state, leader][known.value(text, state)] += 1
    return found


def _within(span: Any, start: int | None, end: int | None) -> bool:
    if start is None and end is None:
        return True
    if span is None or span[0] is None:
        return False
    return (start is None or span[0].year >= start) and (end is None or span[1].year <= end)
