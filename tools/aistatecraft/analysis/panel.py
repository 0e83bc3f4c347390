"""Country-year and dyad-year panels from the tables, with the definition of every column in one place.

A count is 0 only where the tables cover what is counted; else it is missing. States are in the panel as long as a list of states has them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from aistatecraft.analysis.acts import LEADERS, Act, Acts, year_of
from aistatecraft.analysis.as_of import Histories, membership_on
from aistatecraft.analysis.rows import MEMBERS, Row, Rows, framed, open_rows, whole_number
from aistatecraft.errors import UsageError, nearest
from aistatecraft.package.installed import installed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BLOCS", "DYAD_COLUMNS", "STATE_COLUMNS", "PanelColumn", "panel"]

BLOCS = ("G7", "G20", "BRICS", "OECD", "EU", "SCO", "GPAI", "AISI-NETWORK")
"""Blocs whose membership the panel has."""
SYSTEMS = {"gleditsch-ward": "gleditsch_ward", "correlates-of-war": "correlates_of_war"}
_LAWS = frozenset(("law", "decree", "regulation", "control"))
_FIRST, _LAST = 1816, 2100


@dataclass(frozen=True)
class PanelColumn:
    """A column of the panel.

    Attributes
    ----------
    name, dtype, meaning : what it is called, its pandas dtype, and what it says, with its formula
    tables : the tables that it comes from
    zero : what 0 or False means, and when the value is missing
    """

    name: str
    dtype: str
    meaning: str
    tables: str = ""
    zero: str = ""


_ACT_ZERO = "0 where every list of the year is complete and does not name the state, or no text of that kind is known in the period; missing where a list is partial. Else the number of acts that are known, a lower bound where acts_complete is false."
STATE_COLUMNS = (
    PanelColumn("state", "string", "Identifier of the state, ISO 3166-1 alpha-3 (XKX for Kosovo).", "actors"),
    PanelColumn("name", "string", "English name.", "actors"),
    PanelColumn("year", "Int64", "Year."),
    PanelColumn("iso2", "string", "ISO 3166-1 alpha-2.", "actors"),
    PanelColumn("cow_code", "Int64", "Correlates of War code.", "actors"),
    PanelColumn("gw_code", "Int64", "Gleditsch-Ward code.", "actors"),
    PanelColumn("vdem_id", "Int64", "V-Dem country identifier.", "actors"),
    PanelColumn("un_region", "string", "UN region.", "actors"),
    PanelColumn("strategies_in_force", "Int64", "Strategies of the state that were in force on 31 December, as `in_force` has it.", "strategies, events", "0 only where has_strategy is false, or all its strategies began later or had ended; missing where the state of one is unknown and none is in force."),
    PanelColumn("strategies_presumed", "Int64", "The same, with those that had begun and are not known to have ended.", "strategies, events", "As for strategies_in_force."),
    PanelColumn("first_strategy", "Int64", "Year in which the first strategy of the state was adopted, whenever that was.", "strategies", "Missing where no adopted strategy with a year is known."),
    PanelColumn("has_strategy", "boolean", "Whether a strategy was adopted in the year or before.", "strategies, coverage", "False only where one came later, or a search (coverage: none_found, in_preparation) that ended in that year or later found none; else missing."),
    PanelColumn("acts_joined", "Int64", "Declarations that the state joined (signed, endorsed, adhered, ratified) in the year.", "signatories, declarations", _ACT_ZERO),
    PanelColumn("acts_supported", "Int64", "Declarations that it supported otherwise (co-sponsored, voted for, where signatories has that).", "signatories, declarations", _ACT_ZERO),
    PanelColumn("acts_against", "Int64", "Declarations that it declined, opposed or left.", "signatories, declarations", "The number that is known; lists of those who decline are nowhere complete, so it is missing where none is known."),
    *(PanelColumn(f"acts_{leader}", "Int64", f"Declarations led by {words} that the state joined or supported in the year.", "signatories, declarations, codings", _ACT_ZERO) for leader, words in zip(LEADERS, ("the United States", "the European Union", "China", "the United Nations", "BRICS", "others"), strict=True)),
    PanelColumn("acts_covered", "Int64", "Declarations of the year which only a bloc of the state joined; no act of its own.", "signatories, memberships", "0 where no such bloc is known."),
    PanelColumn("texts", "Int64", "Declarations of the year that could be joined.", "declarations", "0 where none is known in the period."),
    PanelColumn("acts_complete", "boolean", "Whether the lists of all of these are complete.", "declarations", "Missing where there is no text."),
    *(PanelColumn(f"votes_{how}", "Int64", f"Recorded votes of the UN General Assembly on AI in the year in which the state {words}.", "state_votes", "0 where it voted otherwise in all votes of the year of which names are known; missing where there was none.") for how, words in (("for", "voted for"), ("against", "voted against"), ("abstained", "abstained"), ("absent", "did not vote"))),
    PanelColumn("instruments_adopted", "Int64", "Instruments of the state that were adopted in the year.", "instruments", "0 where others of the state are known; missing where none is, because instruments were not searched for all states."),
    PanelColumn("instruments_legal", "Int64", "Of these, laws, decrees, regulations and controls.", "instruments", "As for instruments_adopted."),
    PanelColumn("instruments_in_force", "Int64", "Instruments of the state known to be in force on 31 December.", "instruments, events, relations", "As for instruments_adopted; a lower bound."),
    *(PanelColumn(f"in_{bloc.lower().replace('-', '_')}", "boolean", f"Whether it was a full member of {bloc} on 31 December.", "memberships", "False where the table rosters says that all members of the bloc are in memberships and this state is not among them; missing where rosters says that some are lacking or does not tell (as in versions before 0.4.0), where the date is not known or covers the day in part, and before the first known beginning.") for bloc in BLOCS),
)  # fmt: skip
"""The columns of the state panel; after them come `score_` and `rank_` of each index."""
DYAD_COLUMNS = (
    PanelColumn("state_a", "string", "Identifier of the first state.", "actors"),
    PanelColumn("state_b", "string", "Identifier of the second state; every pair stands in both directions.", "actors"),
    PanelColumn("year", "Int64", "Year."),
    PanelColumn("cow_a", "Int64", "Correlates of War code of the first.", "actors"),
    PanelColumn("cow_b", "Int64", "Correlates of War code of the second.", "actors"),
    PanelColumn("gw_a", "Int64", "Gleditsch-Ward code of the first.", "actors"),
    PanelColumn("gw_b", "Int64", "Gleditsch-Ward code of the second.", "actors"),
    PanelColumn("joined_both", "Int64", "Declarations that both joined in the year.", "signatories", "0 where all lists of the year are complete or no text is known in the period; missing where a list is partial and no common text is known."),
    PanelColumn("joined_only_a", "Int64", "Declarations that the first joined and the second is known not to have joined.", "signatories", "0 where there is none in the period."),
    PanelColumn("joined_only_b", "Int64", "The same with the states exchanged.", "signatories", "As for joined_only_a."),
    PanelColumn("votes_same", "Int64", "Recorded votes of the UN General Assembly on AI in which both voted alike (for, against or abstained).", "state_votes", "0 where both voted in the year and never alike; missing where there was no vote in which both took a side."),
    PanelColumn("votes_both", "Int64", "Votes in which both took a side.", "state_votes", "0 where names of a vote are known and one took no side; missing where there was none."),
    PanelColumn("blocs_both", "Int64", f"Of the blocs {', '.join(BLOCS)}, those of which both were full members on 31 December.", "memberships", "A lower bound where a membership is unknown."),
    PanelColumn("instruments_toward", "Int64", "Instruments of the first that were adopted in the year and in which the second has a role.", "instruments, instrument_actors", "0 where instruments of the first are known; else missing."),
)  # fmt: skip
"""The columns of the dyad panel. All but the identifiers, joined_only_ and instruments_toward are the same in both directions."""


def panel(
    unit: Literal["state", "dyad"] = "state",
    freq: Literal["year"] = "year",
    *,
    start: int | None = None,
    end: int | None = None,
    system: str | None = "gleditsch-ward",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """A panel of states, or of pairs of states, by year.

    Parameters
    ----------
    unit : "state" or "dyad"
        State-years; or dyad-years in both directions, of the pairs of states that both acted, voted or had a role at all.
    freq : "year"
    start, end : int or None
        First and last year; where they are None, the years of the first and the last dated declaration.
    system : "gleditsch-ward", "correlates-of-war" or None
        The list of states (table state_systems): a state is in the panel in every year in which it belongs to it on some day. With None, all
        actors that are states (the Vatican and Palestine among them), in every year.
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, sorted by state and year
        The columns of `STATE_COLUMNS` and for each index ``score_NAME`` (Float64) and ``rank_NAME`` (Int64) of the edition published in the
        year (the last, if several); or those of `DYAD_COLUMNS`. docs/analyses.md explains each. ``attrs`` hold version, system and
        ``coverage``: for each column the first and the last year of which the tables have anything; outside of it the value is missing.

    Raises
    ------
    UsageError
        Where there is no such unit, system or version, or the years are none.
    """
    if unit not in ("state", "dyad"):
        raise UsageError(f"unit={unit!r} is not possible; {nearest(unit, ['state', 'dyad'])}")
    if freq != "year":
        raise UsageError(f"freq={freq!r} is not possible; there is: year.")
    if system is not None and system not in SYSTEMS:
        raise UsageError(f"system={system!r} is not possible; {nearest(system, list(SYSTEMS))}")
    start, end = whole_number(start, "start"), whole_number(end, "end")
    made = _Panel(open_rows(path, version), system)
    first, last = made.spans.get("texts", (2017, 2017))
    start, end = first if start is None else start, last if end is None else end
    if not _FIRST <= start <= end <= _LAST:
        raise UsageError(f"the years {start} to {end} are no period; give start and end between {_FIRST} and {_LAST}, the earlier first.")
    return made.states(range(start, end + 1)) if unit == "state" else made.dyads(range(start, end + 1))


class _Panel:
    def __init__(self, rows: Rows, system: str | None) -> None:
        self.rows, self.system = rows, system
        self.known = Acts(rows)
        self.histories = Histories(rows)
        self.actors = rows.by_id("actors")
        self.votes = self._votes()
        self.scores = self._scores()
        self.strategies = self._of("strategies")
        self.instruments = self._of("instruments")
        self.memberships = rows.grouped("memberships", "bloc", "member")

    def _of(self, table: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for record, row in self.rows.by_id(table).items():
            found[row.get("jurisdiction", "")].append(record)
        return found

    def _votes(self) -> dict[tuple[int, str], dict[str, str]]:
        """How states voted in the plenary of the General Assembly: (year, vote) -> state -> for, against, abstained or absent."""
        found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
        for row in self.rows["state_votes"]:
            when = self.rows.bounds("state_votes", "date", row.get("date"))
            if row.get("body") == "UNGA" and when is not None and when[0].year == when[1].year:
                vote = "/".join(row.get(name, "") for name in ("record_table", "record_id", "date", "seq"))
                found[when[0].year, vote][row.get("actor", "")] = row.get("vote", "")
        return found

    def _scores(self) -> dict[str, dict[tuple[str, int], tuple[str, Row]]]:
        """Total scores: index -> state and year of publication -> edition and row."""
        found: dict[str, dict[tuple[str, int], tuple[str, Row]]] = {}
        editions = self.rows.by_id("indices")
        for row in self.rows["index_scores"]:
            edition = editions.get(row.get("index_id", ""), {})
            when = self.rows.bounds("indices", "published", edition.get("published"))
            if row.get("dimension") == "total" and when is not None and when[0].year == when[1].year and "index_name" in edition:
                scores, key = found.setdefault(edition["index_name"], {}), (row.get("actor", ""), when[0].year)
                if key not in scores or scores[key][0] < edition.get("edition", ""):
                    scores[key] = edition.get("edition", ""), row
        return found

    @cached_property
    def periods(self) -> dict[str, tuple[int, int]]:
        """First and last year of each state in the list of states."""
        if self.system is None:
            return {actor: (_FIRST, _LAST) for actor, row in self.actors.items() if row.get("kind") == "state"}
        own = self.rows.package.descriptor.get("name") == installed().descriptor.get("name")
        listed = self.rows if "state_systems" in self.rows.package.resources or not own else Rows(installed())
        found: dict[str, tuple[int, int]] = {}
        for row in listed["state_systems"]:
            actor = row.get("actor", "")
            if row.get("system") == SYSTEMS[self.system] and actor in self.actors:
                begun, ended = (listed.bounds("state_systems", name, row.get(name)) for name in ("from_date", "to_date"))
                found[actor] = (begun[0].year if begun else _FIRST, ended[1].year if ended else _LAST)
        return found

    @cached_property
    def acts(self) -> dict[tuple[str, int], list[Act]]:
        """Acts by state and year."""
        found: dict[tuple[str, int], list[Act]] = defaultdict(list)
        for (_, actor), act in self.known.found.items():
            year = year_of(act)
            if year is not None:
                found[actor, year].append(act)
        return found

    @cached_property
    def texts(self) -> dict[int, list[str]]:
        """Declarations that can be joined, by the year of their adoption."""
        found: dict[int, list[str]] = defaultdict(list)
        for text in self.known.texts:
            when = self.known.when(text)
            if when is not None and when[0].year == when[1].year and self.known.listed(text) != "none":
                found[when[0].year].append(text)
        return found

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """First and last year of which the tables have anything, by what is counted."""

        def span(years: Iterator[int]) -> tuple[int, int] | None:
            found = set(years)
            return (min(found), max(found)) if found else None

        def dated(table: str, field: str) -> Iterator[int]:
            for row in self.rows[table]:
                when = self.rows.bounds(table, field, row.get(field))
                if when is not None:
                    yield when[0].year

        made = {
            "texts": span(iter([*self.texts, *(year for _, year in self.acts)])),
            "votes": span(year for year, _ in self.votes),
            "strategies": span(dated("strategies", "adopted")),
            "instruments": span(dated("instruments", "adopted")),
            **{bloc: span(self._begun(bloc)) for bloc in BLOCS},
            **{f"score {name}": span(year for _, year in scores) for name, scores in self.scores.items()},
        }
        return {name: found for name, found in made.items() if found is not None}

    def _begun(self, bloc: str) -> Iterator[int]:
        for (one, _), rows in self.memberships.items():
            for row in rows if one == bloc else ():
                when = self.rows.bounds("memberships", "from_date", row.get("from_date"))
                if when is not None:
                    yield when[0].year

    def within(self, what: str, year: int) -> bool:
        """Whether the tables have anything of a year; memberships and what is in force go on after the last."""
        span = self.spans.get(what)
        open_ended = what in BLOCS or what in ("strategies", "instruments")
        return span is not None and span[0] <= year and (open_ended or year <= span[1])

    # -- states

    def states(self, years: range) -> pd.DataFrame:
        """The state panel."""
        rows = []
        for state in sorted(self.periods):
            first, last = self.periods[state]
            rows += [self._state(state, year) for year in years if first <= year <= last]
        columns = {column.name: column.dtype for column in STATE_COLUMNS}
        for name in self.scores:
            columns |= {f"score_{name}": "Float64", f"rank_{name}": "Int64"}
        return self._framed([[row.get(name) for name in columns] for row in rows], columns)

    def _framed(self, rows: list[list[Any]], columns: dict[str, str]) -> pd.DataFrame:
        frame = framed(rows, columns)
        frame.attrs.update(version=self.rows.package.version, system=self.system, coverage=self._coverage(list(columns)))
        return frame

    def _coverage(self, columns: list[str]) -> dict[str, tuple[int, int]]:
        blocs = {f"in_{bloc.lower().replace('-', '_')}": bloc for bloc in BLOCS}
        found = {}
        for column in columns:
            stem = column.partition("_")[0]
            what = {"acts": "texts", "texts": "texts", "joined": "texts", "votes": "votes", "strategies": "strategies", "first": "strategies", "has": "strategies", "instruments": "instruments"}.get(stem)  # fmt: skip
            what = blocs.get(column, f"score {column.partition('_')[2]}" if stem in ("score", "rank") else what)
            if what in self.spans:
                found[column] = self.spans[what]
        return found

    def _state(self, state: str, year: int) -> dict[str, Any]:
        actor = self.actors.get(state, {})
        codes = {name: int(actor[name]) if name in actor else None for name in ("cow_code", "gw_code", "vdem_id")}
        made: dict[str, Any] = {
            "state": state,
            "name": actor.get("name_en"),
            "year": year,
            "iso2": actor.get("iso2"),
            "un_region": actor.get("un_region"),
            **codes,
        }
        made |= self._strategies(state, year) | self._acts(state, year) | self._state_votes(state, year) | self._instruments(state, year)
        for bloc in BLOCS:
            made[f"in_{bloc.lower().replace('-', '_')}"] = self.member(bloc, state, year)
        for name, scores in self.scores.items():
            row = scores.get((state, year), ("", {}))[1]
            exact = row.get("operator", "=") == "="
            made[f"score_{name}"] = float(row["score"]) if "score" in row and exact else None
            made[f"rank_{name}"] = int(row["score_rank"]) if "score_rank" in row else None
        return made

    def _strategies(self, state: str, year: int) -> dict[str, Any]:
        day, own = dt.date(year, 12, 31), self.strategies.get(state, [])
        answers = [self.histories.answer("strategies", record, day) for record in own]
        sure = sum(answer.state == "in_force" for answer in answers)
        presumed = sure + sum(answer.state == "unknown" and bool(answer.presumed) for answer in answers)
        unknown = any(answer.state == "unknown" for answer in answers)
        has = self._has_strategy(state, year)
        none = has is False or (bool(answers) and not unknown)
        return {
            "strategies_in_force": sure if sure or none else None,
            "strategies_presumed": presumed if presumed or none else None,
            "first_strategy": self._first_strategy(state),
            "has_strategy": has,
        }

    def _first_strategy(self, state: str) -> int | None:
        rows = [self.rows.by_id("strategies")[record] for record in self.strategies.get(state, ())]
        years = []
        for row in rows:
            when = self.rows.bounds("strategies", "adopted", row.get("adopted"))
            if when is not None and row.get("status") not in ("draft", "in_preparation"):
                years.append(when[0].year)
        return min(years, default=None)

    def _has_strategy(self, state: str, year: int) -> bool | None:
        first = self._first_strategy(state)
        if first is not None and first <= year:
            return True
        searched = [row for row in self.rows["coverage"] if row.get("actor") == state and row.get("topic") == "national-ai-strategy"]
        for row in searched:
            seen = self.rows.bounds("coverage", "as_of", row.get("as_of"))
            if row.get("finding") in ("none_found", "in_preparation") and seen is not None and year <= seen[0].year:
                return False
        # One that came later is the first only if none is known before.
        return False if first is not None else None

    def _acts(self, state: str, year: int) -> dict[str, Any]:
        if not self.within("texts", year):
            return {}
        own, texts = self.acts.get((state, year), []), self.texts.get(year, [])
        by_leader: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            by_leader[self.known.leaders.get(text, "")].append(text)

        def count(stances: tuple[str, ...], leader: str | None = None) -> int | None:
            found = sum(act.stance in stances and leader in (None, self.known.leaders.get(act.declaration)) for act in own)
            open_lists = [text for text in (texts if leader is None else by_leader[leader]) if self.known.listed(text) == "partial" and (text, state) not in self.known.found]  # fmt: skip
            return found if found or not open_lists else None

        against = sum(act.stance == "against" for act in own)
        return {
            "acts_joined": count(("joined",)),
            "acts_supported": count(("supported",)),
            "acts_against": against or None,
            **{f"acts_{leader}": count(("joined", "supported"), leader) for leader in LEADERS},
            "acts_covered": sum((text, state) not in self.known.found and bool(self.known.covered(text, state)) for text in texts),
            "texts": len(texts),
            "acts_complete": all(self.known.listed(text) == "complete" for text in texts) if texts else None,
        }

    def _state_votes(self, state: str, year: int) -> dict[str, Any]:
        votes = [states[state] for (one, _), states in self.votes.items() if one == year and state in states]
        return {f"votes_{how}": votes.count(how) for how in ("for", "against", "abstained", "absent")} if votes else {}

    def _instruments(self, state: str, year: int) -> dict[str, Any]:
        own = self.instruments.get(state)
        if not own or not self.within("instruments", year):
            return {}
        adopted = [record for record in own if self._adopted(record) == year]
        kinds = [self.rows.by_id("instruments")[record].get("kind") for record in adopted]
        day = dt.date(year, 12, 31)
        return {
            "instruments_adopted": len(adopted),
            "instruments_legal": sum(kind in _LAWS for kind in kinds),
            "instruments_in_force": sum(self.histories.answer("instruments", record, day).state == "in_force" for record in own),
        }

    def _adopted(self, record: str) -> int | None:
        when = self.rows.bounds("instruments", "adopted", self.rows.by_id("instruments")[record].get("adopted"))
        return when[0].year if when is not None and when[0].year == when[1].year else None

    def member(self, bloc: str, state: str, year: int) -> bool | None:
        """Whether a state was a full member of a bloc at the end of a year; None where that is not known."""
        if not self.within(bloc, year):
            return None
        day = dt.date(year, 12, 31)
        held = [membership_on(self.rows, row, day)[0] for row in self.memberships.get((bloc, state), ()) if row.get("role") in MEMBERS]
        whole = self.rosters.get(bloc) == "complete"
        return True if "member" in held else False if whole and "unknown" not in held else None

    @cached_property
    def rosters(self) -> dict[str, str]:
        """Whether all members of a bloc are in memberships, where a table says so; else an absent row proves nothing."""
        return {row.get("bloc", ""): row.get("completeness", "") for row in self.rows["rosters"] if row.get("members") == "member"}

    # -- dyads

    def dyads(self, years: range) -> pd.DataFrame:
        """The dyad panel."""
        voted = {state for states in self.votes.values() for state in states}
        acted = {state for _, state in self.known.found}
        roles = self._roles()
        chosen = sorted(
            state for state in self.periods if state in voted or state in acted or state in roles.states or state in self.instruments
        )
        codes = {state: [int(self.actors[state][name]) if name in self.actors.get(state, {}) else None for name in ("cow_code", "gw_code")] for state in chosen}  # fmt: skip
        rows: list[list[Any]] = []
        for year in years:
            present = [state for state in chosen if self.periods[state][0] <= year <= self.periods[state][1]]
            sides = self._sides(year)
            joined = {state: {act.declaration for act in self.acts.get((state, year), ()) if act.stance == "joined"} for state in present}
            texts = self.texts.get(year, [])
            closed = {text for text in texts if self.known.listed(text) == "complete"}
            partial = self.within("texts", year) and any(text not in closed for text in texts)
            blocs = {state: {bloc for bloc in BLOCS if self.member(bloc, state, year)} for state in present}
            for a in present:
                for b in present:
                    if a == b:
                        continue
                    both = len(joined[a] & joined[b])
                    only_a = len((joined[a] & closed) - joined[b])
                    only_b = len((joined[b] & closed) - joined[a])
                    known = self.within("texts", year)
                    same = [sides[vote][a] == sides[vote][b] for vote in sides if a in sides[vote] and b in sides[vote]]
                    toward = roles.found[a, b, year] if a in self.instruments and self.within("instruments", year) else None
                    rows.append([
                        a, b, year, codes[a][0], codes[b][0], codes[a][1], codes[b][1], both if both or (known and not partial) else None,
                        only_a if known else None, only_b if known else None, sum(same) if same else None, len(same) if sides else None,
                        len(blocs[a] & blocs[b]), toward,
                    ])  # fmt: skip
        rows.sort(key=lambda row: row[:3])
        return self._framed(rows, {column.name: column.dtype for column in DYAD_COLUMNS})

    def _sides(self, year: int) -> dict[str, dict[str, str]]:
        return {
            vote: {state: how for state, how in states.items() if how != "absent"}
            for (one, vote), states in self.votes.items()
            if one == year
        }

    def _roles(self) -> _Roles:
        """Instruments by jurisdiction, actor with a role (or whose body or company has one), and year."""
        pairs: set[tuple[str, str, str, int]] = set()
        for row in self.rows["instrument_actors"]:
            record, actor = row.get("instrument", ""), row.get("actor", "")
            instrument = self.rows.by_id("instruments").get(record, {})
            year = self._adopted(record) if record in self.rows.by_id("instruments") else None
            if year is not None and actor in self.actors and "jurisdiction" in instrument:
                pairs.add((record, instrument["jurisdiction"], actor, year))
        return _Roles(Counter((a, b, year) for _, a, b, year in pairs), {state for _, a, b, _ in pairs for state in (a, b)})


@dataclass(frozen=True)
class _Roles:
    found: Counter[tuple[str, str, int]]
    states: set[str]
