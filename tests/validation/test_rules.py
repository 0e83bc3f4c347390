"""Each rule finds its bad example, where it should, and leaves its good example alone."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from aistatecraft.reading import open_package
from aistatecraft.reading.frame import frame_of_values
from aistatecraft.reading.plan import TablePlan
from aistatecraft.validation.examples import EXAMPLES, Rows
from aistatecraft.validation.rules import RULES, WHOLE, Earlier, Tables

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 25)


@cache
def plans() -> dict[str, TablePlan]:
    return {name: resource.plan for name, resource in open_package(ROOT).resources.items()}


def tables(rows: Rows, earlier: Rows | None = None) -> Tables:
    """The rows as typed tables; every cell must be one that its schema admits."""
    frames = {}
    for name, given in rows.items():
        plan = plans()[name]
        for row in given:
            assert set(row) <= set(plan.names), f"{name} has no field {set(row) - set(plan.names)}"
        values = [[None if row.get(column.name, "") == "" else column.parse(row[column.name]) for row in given] for column in plan.fields]
        frames[name] = frame_of_values(plan, values)
    return Tables(plans(), frames, TODAY, state(earlier) if earlier is not None else None)


def state(rows: Rows) -> Earlier:
    """What is kept in mind of a release that had these rows."""
    return Earlier(
        "1.0.0",
        {name: len(given) for name, given in rows.items()},
        {name: {field: sum(bool(row.get(field)) for row in given) for field in plans()[name].names} for name, given in rows.items()},
        {name: frozenset(row["id"] for row in given) for name, given in rows.items() if plans()[name].primary_key == ("id",)},
    )


def test_every_rule_has_an_example() -> None:
    assert set(EXAMPLES) == set(RULES)


def test_every_rule_says_what_it_asks_for() -> None:
    assert [rule.id for rule in RULES.values() if len(rule.meaning.split()) < 5] == []


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_example(name: str) -> None:
    example, rule = EXAMPLES[name], RULES[name]
    assert rule.judges(plans()[example.table])
    assert list(rule.check(example.table, tables(example.good, example.earlier))) == []
    found = list(rule.check(example.table, tables(example.bad, example.earlier)))
    assert found, "the bad example is not found"
    assert {problem.field for problem in found} == {example.field}
    last = len(example.bad[example.table]) - 1
    assert {last, WHOLE} & {problem.row for problem in found}, "the finding is not at the row that was made bad"
    for problem in found:
        assert problem.message and problem.mend
        assert not problem.message.endswith(".")


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_rules_bear_tables_without_rows_and_without_each_other(name: str) -> None:
    example, rule = EXAMPLES[name], RULES[name]
    assert list(rule.check(example.table, tables({example.table: []}))) == []
    for table in example.bad:
        # A table that could not be read is absent: no rule may fall over it.
        list(rule.check(example.table, tables({other: rows for other, rows in example.bad.items() if other != table})))


def judge(name: str, table: str, rows: Rows) -> list[tuple[int, str]]:
    return [(problem.row, problem.field) for problem in RULES[name].check(table, tables(rows))]


def test_dates_of_mixed_precision_are_out_of_order_only_beyond_doubt() -> None:
    def instrument(proposed: str, adopted: str) -> Rows:
        return {"instruments": [{"id": "a", "proposed": proposed, "adopted": adopted}]}

    assert judge("dates-in-order", "instruments", instrument("2023-05-03", "2023")) == []
    assert judge("dates-in-order", "instruments", instrument("2023-05", "2023-05-01")) == []
    assert judge("dates-in-order", "instruments", instrument("2023-05-03", "2023-04")) == [(0, "adopted")]


def test_ties_share_a_rank_and_lower_can_be_better() -> None:
    def scores(higher: str, *rows: tuple[str, str, str]) -> Rows:
        return {
            "indices": [{"id": "x-1", "index": "x", "edition": "1", "title_en": "X", "higher_is_better": higher, "scores_scope": "full"}],
            "index_scores": [
                {"index": "x-1", "actor": actor, "dimension": "total", "score": score, "rank": rank} for actor, score, rank in rows
            ],
        }

    assert (
        judge("rank-agrees", "index_scores", scores("true", ("CHL", "9", "1"), ("BRA", "8", "2"), ("URY", "8", "2"), ("ARG", "7", "4")))
        == []
    )
    assert judge("rank-agrees", "index_scores", scores("false", ("CHL", "1", "1"), ("BRA", "2", "2"))) == []
    assert judge("rank-agrees", "index_scores", scores("true", ("CHL", "1", "1"), ("BRA", "2", "2"))) == [(1, "rank"), (0, "rank")]
    assert judge("rank-agrees", "index_scores", scores("true", ("CHL", "9", "1"), ("BRA", "8", "1"))) == [(0, "rank"), (1, "rank")]


def test_known_gaps_in_a_list_of_signatories_are_said_by_name() -> None:
    declaration = {"id": "d", "title_en": "D", "kind": "declaration", "status": "adopted", "signatories_declared": "17"}
    signed = [{"declaration": "d", "actor": "CHL", "role": "signed"}]
    for word, found in (("complete", [(0, "signatories_declared")]), ("incomplete", []), ("disputed", []), ("not_seen", [])):
        assert (
            judge("signatories-counted", "declarations", {"declarations": [{**declaration, "signatory_list": word}], "signatories": signed})
            == found
        )
