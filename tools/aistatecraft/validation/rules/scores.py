"""Scores, ranks and votes: numbers that must agree with each other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd


@rule("score-in-scale", scope="package", tables=("index_scores",))
def score_in_scale(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A score is within the scale of its edition."""
    scales = {edition: (low, high) for _, edition, low, high in context.rows("indices", "id", "scale_min", "scale_max")}
    for number, edition, score in rows(frame, "index_id", "score", only=frame["score"].notna()):
        low, high = scales.get(edition, (None, None))
        if (low is not None and score < low) or (high is not None and score > high):
            message = f"the score {score} is outside the scale {low} to {high} of {edition}"
            yield Problem(number, "score", message, "check the score; the decimal point may be lost")


@rule("rank-agrees", scope="table", tables=("index_scores",))
def rank_agrees(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Within an edition and dimension, a better score does not have a worse rank, equal ranks have equal scores, and no rank exceeds the
    number of actors."""
    editions = {
        edition: (declared, higher) for _, edition, declared, higher in context.rows("indices", "id", "actors_declared", "higher_is_better")
    }
    ranked = frame["score_rank"].notna()
    for number, edition, rank in rows(frame, "index_id", "score_rank", only=ranked):
        declared, _ = editions.get(edition, (None, None))
        if declared is not None and rank > declared:
            message = f"the rank {rank} exceeds the {declared} actors of {edition}"
            yield Problem(number, "score_rank", message, "check the rank")
    exact = ranked & frame["score"].notna() & (frame["operator"].isna() | (frame["operator"] == "="))
    groups: dict[tuple[str, str], list[tuple[float, int, int, str]]] = defaultdict(list)
    for number, edition, dimension, score, rank, actor in rows(frame, "index_id", "dimension", "score", "score_rank", "actor", only=exact):
        groups[edition, dimension].append((score, rank, number, actor))
    for (edition, _), scores in groups.items():
        _, higher = editions.get(edition, (None, None))
        better = 1 if higher is False else -1
        scores.sort(key=lambda each, better=better: (better * each[0], each[1]))  # type: ignore[misc]
        for above, below in pairwise(scores):
            if below[1] > above[1] or (below[1] == above[1] and below[0] == above[0]):
                continue
            # Either of the two may be the wrong one, so both are named.
            for (score, rank, number, actor), (other_score, other_rank, _, other) in ((above, below), (below, above)):
                message = f"{actor} has rank {rank} with {score}, and {other} rank {other_rank} with {other_score}"
                yield Problem(number, "score_rank", message, "check both")


@rule("scores-counted", scope="package", tables=("indices",))
def scores_counted(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """An edition has at most as many scored states as it declares, and exactly as many if its full table is included. Regional averages in
    index_scores are not counted."""
    regions = {actor for _, actor, kind in context.rows("actors", "id", "kind") if kind in ("region", "bloc", "organisation")}
    scored: dict[str, set[str]] = defaultdict(set)
    for _, edition, actor in context.rows("index_scores", "index_id", "actor"):
        if actor not in regions:
            scored[edition].add(actor)
    for number, edition, declared, scope in rows(frame, "id", "actors_declared", "scores_scope", only=frame["id"].notna()):
        found = len(scored[edition])
        if declared is not None and found > declared:
            message = f"it declares {declared} actors, but index_scores has {found}"
            yield Problem(number, "actors_declared", message, "check the number, or remove the extra rows")
        if scope == "full" and declared is not None and found < declared:
            message = f"its scores are marked as complete, but index_scores has {found} of {declared} actors"
            yield Problem(number, "scores_scope", message, "add the rest, or set scores_scope to press_totals")
        if scope == "none" and found:
            message = f"its scores are marked as not included, but index_scores has {found}"
            yield Problem(number, "scores_scope", message, "correct scores_scope, or remove the scores")


_TESTS: dict[str, Callable[[float, float], bool]] = {">=": ge, ">": gt, "<": lt, "<=": le}


@rule("tier-agrees", scope="package", tables=("codings",))
def tier_agrees(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """An actor that is coded into a tier of an index has a score within the published bounds of the tier. The tier is the provision of the
    edition whose identifier is that of the code with a hyphen instead of the dot. Its value is the lower bound (operator >= or >) or the
    upper bound (< or <=)."""
    tiers = {
        identifier: (edition, operator, bound, title)
        for _, identifier, kind, table, edition, operator, bound, title in context.rows(
            "provisions", "id", "kind", "record_table", "record_id", "operator", "value", "title_en"
        )
        if kind == "tier" and table == "indices" and bound is not None and operator in _TESTS
    }
    totals = {
        (edition, actor): score
        for _, edition, actor, dimension, operator, score in context.rows(
            "index_scores", "index_id", "actor", "dimension", "operator", "score"
        )
        if dimension == "total" and operator in (None, "=")
    }
    for number, actor, code in rows(frame, "record_id", "code", only=(frame["record_table"] == "actors") & frame["code"].notna()):
        if (name := code.replace(".", "-")) not in tiers:
            continue
        edition, operator, bound, title = tiers[name]
        score = totals.get((edition, actor))
        if score is not None and not _TESTS[operator](score, bound):
            message = f"{actor} has the score {score} but is coded as {title!r} ({operator} {bound})"
            yield Problem(number, "code", message, "check the score and the tier")


_COUNTED = re.compile(r"([0-9]{1,3})-([0-9]{1,3})(?:-([0-9]{1,3}))?(?![-0-9])")
"""A vote as records write it, at the beginning of what the source states: for, against, abstained."""

_CAST = {
    "y": "for", "yes": "for", "n": "against", "no": "against", "a": "abstained", "abstain": "abstained", "non-voting": "absent",
}  # fmt: skip
"""What the words of roll calls mean."""


@rule("vote-agrees", scope="row", tables=("votes", "state_votes"))
def vote_agrees(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A recorded vote has counts, a vote that passed does not have more votes against than for, and a vote is the one that its source
    states (152-4-11 of a vote; Y, N, A or Non-voting of a state)."""
    if context.table == "state_votes":
        for number, vote, stated in rows(frame, "vote", "stated", only=frame["vote"].notna() & frame["stated"].notna()):
            meant = _CAST.get(stated.strip().lower())
            if meant not in (None, vote):
                yield Problem(
                    number, "vote", f"the vote is {vote!r}, but its source states {stated!r}", f"set it to {meant}, or correct stated"
                )
        return
    if "stated" in frame:
        sides = ("votes_for", "votes_against", "votes_abstained")
        for number, stated, *counts in rows(frame, "stated", *sides, only=frame["stated"].notna()):
            match = _COUNTED.match(stated)
            for side, count, figure in zip(sides, counts, match.groups() if match else (None,) * 3, strict=True):
                if figure is not None and count is not None and int(figure) != count:
                    message = f"it counts {count}, but its source states {stated!r}"
                    yield Problem(number, side, message, f"set it to {int(figure)}, or correct stated")
    for number in frame.index[(frame["method"] == "recorded") & frame["votes_for"].isna() & frame["votes_against"].isna()]:
        message = "the vote is marked as recorded but has no counts"
        yield Problem(number, "votes_for", message, "fill in the counts, or correct method")
    lost = (frame["outcome"] == "passed") & (frame["votes_for"] <= frame["votes_against"])
    for number, votes_for, against in rows(frame, "votes_for", "votes_against", only=lost):
        message = f"it passed with {votes_for} for and {against} against"
        yield Problem(number, "outcome", message, "check the counts; the two may be swapped")


@rule("state-votes-counted", scope="package", tables=("votes",))
def state_votes_counted(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A side of a vote (for, against, abstained) has either no state in state_votes or as many as votes counts. If state_votes lists who
    was absent, the roll call is whole, and every side has as many states as votes counts."""
    key = ("record_table", "record_id", "body", "date", "seq")
    named: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for _, vote, *which in context.rows("state_votes", "vote", *key):
        named[tuple(which)][vote] += 1
    for number, *values in rows(frame, *key, "votes_for", "votes_against", "votes_abstained", only=frame[list(key)].notna().all(axis=1)):
        found = named.get(tuple(values[: len(key)]), Counter[str]())
        for side, counted in zip(("for", "against", "abstained"), values[len(key) :], strict=True):
            if found[side] == (counted or 0) or not (found[side] or found["absent"]):
                continue
            message = f"it counts {'no number' if counted is None else counted} for {side!r}, but state_votes names {found[side]}"
            yield Problem(number, f"votes_{side}", message, "correct the count, or name every state of this side or none")
