"""What is known of a state and a topic: found, in preparation, none found, unsettled, or not looked up. One function decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from aistatecraft.export.datasette_queries import AGREES as _AGREES
from aistatecraft.site.dataset import Dataset, Row
from aistatecraft.site.words import ABSENCES, Absence, Words, absence, day_in_words

__all__ = ["AGREES", "Finding", "Findings"]

AGREES = frozenset(_AGREES)
"""Roles by which an actor stands behind a text. Whoever declined, abstained, withdrew or only took part does not."""
STRATEGY = "national-ai-strategy"
"""The topic of `coverage` that the table of strategies answers."""
_IN_FORCE = {"adopted", "in_force"}
_ENDED = {"superseded", "abandoned", "repealed", "ended", "expired"}
_COMING = {"in_preparation", "draft", "planned", "proposed"}
_NO_STRATEGY = {"report"}
"""Kinds of documents that are no strategy of the state."""


@dataclass(frozen=True)
class Finding:
    """The state of knowledge on one actor and topic.

    Attributes
    ----------
    actor, topic : whom and what it is about
    state : what is known, with sign and word
    words : the same as a sentence part: ``none found (21 September 2025)``
    day : as of when, as the table has it; empty where nobody looked
    source : who says so; empty for none
    strategies : the documents of the actor, for the topic of strategies
    note : what a reader needs to know
    looked : the row of `coverage`; None where nobody looked
    """

    actor: str
    topic: str
    state: Absence
    words: str
    day: str = ""
    source: str = ""
    strategies: Sequence[Row] = ()
    note: str = ""
    looked: Row | None = None


class Findings:
    """The findings of a dataset."""

    def __init__(self, data: Dataset, words: Words) -> None:
        self.data = data
        self.words = words

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """What can be looked up, with labels."""
        table = self.data.tables.get("coverage")
        column = table.by_name.get("topic") if table is not None else None
        return {each.value: each.label for each in column.field.categories} if column is not None else {}

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], Row]:
        return {(row.get("actor"), row.get("topic")): row for row in self.data.rows("coverage", "actor", "topic", "finding")}

    @cached_property
    def _strategies(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.data.rows("strategies", "jurisdiction", "status"):
            if row.get("kind") not in _NO_STRATEGY:
                found.setdefault(row.get("jurisdiction"), []).append(row)
        return found

    @cached_property
    def members(self) -> list[Row]:
        """The member states of the United Nations, by name."""
        states = [row for row in self.data.rows("actors", "kind", "un_member") if row.get("un_member") == "true"]
        return sorted(states, key=lambda row: self.data.title(row)[0])

    @property
    def looked_up(self) -> set[str]:
        """Actors for which somebody looked for something."""
        return {actor for actor, _ in self._rows}

    def of(self, actor: str, topic: str = STRATEGY) -> Finding:
        """What is known of an actor and a topic.

        A stated finding that the sources do not settle it outweighs the documents; documents in force outweigh every other finding,
        and what was ended or is in preparation outweighs that nothing was found.
        """
        looked = self._rows.get((actor, topic))
        finding = looked.get("finding") if looked is not None else ""
        strategies = self._strategies.get(actor, []) if topic == STRATEGY else []
        by_state: dict[str, list[Row]] = {"in-force": [], "ended": [], "in-preparation": [], "found": []}
        for row in strategies:
            status = row.get("status")
            kind = (
                "in-force" if status in _IN_FORCE else "ended" if status in _ENDED else "in-preparation" if status in _COMING else "found"
            )
            by_state[kind].append(row)
        kind = (
            "unsettled" if finding == "unsettled" else next((kind for kind in by_state if by_state[kind] and kind != "in-preparation"), "")
        )
        if not kind or (kind == "ended" and by_state["in-preparation"]):
            kind = "in-preparation" if by_state["in-preparation"] else kind
        kind = kind or finding.replace("_", "-") or "not-looked-up"
        state = ABSENCES.get(kind) or absence(kind)
        return Finding(
            actor,
            topic,
            state,
            self._said(state, by_state.get(kind, []), looked),
            looked.get("as_of") if looked is not None else "",
            looked.get("source") if looked is not None else "",
            strategies,
            looked.get("note") if looked is not None else "",
            looked,
        )

    def _said(self, state: Absence, documents: Sequence[Row], looked: Row | None) -> str:
        word = self.words(state.word)
        if state.kind == "in-force":
            years = sorted(row.get("adopted")[:4] for row in documents if row.get("adopted"))
            return self.words("adopted in {year}", year=years[0]) if years else word
        if looked is not None and state.kind != "ended":
            return f"{word} ({day_in_words(looked.get('as_of'), self.words)})"
        return word
