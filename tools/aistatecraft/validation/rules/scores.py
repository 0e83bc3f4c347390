"""Scores, ranks and votes: numbers that must agree with each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from aistatecraft.validation.rules.base import Problem, RuleContext, rule


@rule("score-in-scale", scope="package", tables=("index_scores",))
def score_in_scale(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A score is within the scale of its edition."""
    editions = tables.records.get("indices", {})
    for row in tables.rows(name):
        edition = editions.get(row["index"])
        if edition is None or row["score"] is None:
            continue
        low, high = edition["scale_min"], edition["scale_max"]
        if (low is not None and row["score"] < low) or (high is not None and row["score"] > high):
            yield Problem(
                row["_row"],
                "score",
                f"the score {row['score']} is off the scale {low} to {high} of {row['index']}",
                "look the score up again; the decimal point may be lost",
            )


@rule("rank-agrees", scope="table", tables=("index_scores",))
def rank_agrees(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Within an edition and dimension, a better score does not have a worse rank, equal ranks have equal scores, and no rank exceeds the
    number of actors."""
    declared = {row["id"]: row["actors_declared"] for row in tables.rows("indices")}
    for row in tables.rows(name):
        if row["rank"] is not None and declared.get(row["index"]) is not None and row["rank"] > declared[row["index"]]:
            yield Problem(
                row["_row"],
                "rank",
                f"the rank {row['rank']} is beyond the {declared[row['index']]} actors of {row['index']}",
                "look the rank up again",
            )
    higher = {row["id"]: row["higher_is_better"] for row in tables.rows("indices")}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in tables.rows(name):
        if row["score"] is not None and row["rank"] is not None and row["operator"] in (None, "="):
            groups[row["index"], row["dimension"]].append(row)
    for (edition, _), rows in groups.items():
        better = -1 if higher.get(edition, True) is not False else 1
        rows.sort(key=lambda row, better=better: (better * row["score"], row["rank"]))  # type: ignore[misc]
        for above, below in pairwise(rows):
            if below["rank"] > above["rank"] or (below["rank"] == above["rank"] and below["score"] == above["score"]):
                continue
            # Either of the two may be the wrong one, so both are named.
            for row, other in ((above, below), (below, above)):
                yield Problem(
                    row["_row"],
                    "rank",
                    f"{row['actor']} has rank {row['rank']} with {row['score']}, and {other['actor']} rank {other['rank']} with {other['score']}",
                    "look both up again",
                )


@rule("scores-counted", scope="package", tables=("indices",))
def scores_counted(name: str, tables: RuleContext) -> Iterator[Problem]:
    """An edition has at most as many scored states as it declares, and exactly as many if its full table is included. Regional averages in
    index_scores are not counted."""
    regions = {row["id"] for row in tables.rows("actors") if row["kind"] in ("region", "bloc", "organisation")}
    scored: dict[str, set[str]] = defaultdict(set)
    for row in tables.rows("index_scores"):
        if row["actor"] not in regions:
            scored[row["index"]].add(row["actor"])
    for row in tables.rows(name):
        declared, found = row["actors_declared"], len(scored[row["id"]])
        if declared is not None and found > declared:
            yield Problem(
                row["_row"],
                "actors_declared",
                f"it declares {declared} actors, and index_scores has {found}",
                "look the number up again, or take out the rows that are too many",
            )
        if row["scores_scope"] == "full" and declared is not None and found < declared:
            yield Problem(
                row["_row"],
                "scores_scope",
                f"its scores are said to be complete, and {found} of {declared} actors stand in index_scores",
                "add the rest, or set scores_scope to press_totals",
            )
        if row["scores_scope"] == "none" and found:
            yield Problem(
                row["_row"],
                "scores_scope",
                f"its scores are said not to stand here, and index_scores has {found}",
                "correct scores_scope, or take the scores out",
            )


@rule("tier-agrees", scope="package", tables=("codings",))
def tier_agrees(name: str, tables: RuleContext) -> Iterator[Problem]:
    """An actor that is coded into a tier of an index has a score within the published bounds of the tier. The tier is the provision of the
    edition whose identifier is that of the code with a hyphen instead of the dot. Its value is the lower bound (operator >= or >) or the
    upper bound (< or <=)."""
    bounds = {
        row["id"]: row
        for row in tables.rows("provisions")
        if row["kind"] == "tier" and row["record_table"] == "indices" and row["value"] is not None
    }
    totals = {
        (row["index"], row["actor"]): row["score"]
        for row in tables.rows("index_scores")
        if row["dimension"] == "total" and row["operator"] in (None, "=")
    }
    test = {">=": lambda a, b: a >= b, ">": lambda a, b: a > b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}
    for row in tables.rows(name):
        tier = bounds.get((row["code"] or "").replace(".", "-"))
        if row["record_table"] != "actors" or tier is None or tier["operator"] not in test:
            continue
        score = totals.get((tier["record_id"], row["record_id"]))
        if score is not None and not test[tier["operator"]](score, tier["value"]):
            yield Problem(
                row["_row"],
                "code",
                f"{row['record_id']} has the score {score} and is coded into {tier['title_en']!r} ({tier['operator']} {tier['value']})",
                "look the score and the tier up again",
            )


@rule("vote-agrees", scope="row", tables=("votes",))
def vote_agrees(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A recorded vote has counts, and a vote that passed does not have more votes against than for."""
    for row in tables.rows(name):
        if row["method"] == "recorded" and row["votes_for"] is None and row["votes_against"] is None:
            yield Problem(
                row["_row"], "votes_for", "the vote is said to be recorded and has no counts", "fill in the counts, or correct method"
            )
        if (
            row["outcome"] == "passed"
            and row["votes_for"] is not None
            and row["votes_against"] is not None
            and row["votes_for"] <= row["votes_against"]
        ):
            yield Problem(
                row["_row"],
                "outcome",
                f"it passed with {row['votes_for']} for and {row['votes_against']} against",
                "look the counts up again; the two may be swapped",
            )
