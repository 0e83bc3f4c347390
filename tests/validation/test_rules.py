"""Each rule finds its bad example, where it should, and leaves its good example alone."""

from __future__ import annotations

import datetime as dt
import warnings
from functools import cache
from pathlib import Path

import pytest
from pandera.errors import SchemaErrors

from aistatecraft.package import open_package
from aistatecraft.package.dataframe import frame_of_values
from aistatecraft.package.schema import TableSchema
from aistatecraft.validation.pandera_schemas import frame_schema
from aistatecraft.validation.rule_examples import EXAMPLES, Rows
from aistatecraft.validation.rules import RULES, WHOLE, Baseline, Context, Problem

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 30)


@cache
def schemas() -> dict[str, TableSchema]:
    return {name: resource.schema for name, resource in open_package(ROOT).resources.items()}


def context_for(table: str, rows: Rows, earlier: Rows | None = None) -> Context:
    """The rows as typed tables; every cell must be one that its schema admits."""
    frames = {}
    for name, given in rows.items():
        schema = schemas()[name]
        for row in given:
            assert set(row) <= set(schema.names), f"{name} has no field {set(row) - set(schema.names)}"
        values = [[None if row.get(column.name, "") == "" else column.parse(row[column.name]) for row in given] for column in schema.fields]
        frames[name] = frame_of_values(schema, values)
    return Context(table, schemas(), frames, TODAY, lambda: state(earlier) if earlier is not None else None)


def problems(name: str, table: str, rows: Rows, earlier: Rows | None = None) -> list[Problem]:
    context = context_for(table, rows, earlier)
    frame = context.frame(table)
    assert frame is not None
    return list(RULES[name].check(frame, context))


def state(rows: Rows) -> Baseline:
    """What is kept in mind of a release that had these rows."""
    return Baseline(
        "1.0.0",
        {name: len(given) for name, given in rows.items()},
        {name: {field: sum(bool(row.get(field)) for row in given) for field in schemas()[name].names} for name, given in rows.items()},
        {name: frozenset(row["id"] for row in given) for name, given in rows.items() if schemas()[name].primary_key == ("id",)},
    )


def test_every_rule_has_an_example() -> None:
    assert set(EXAMPLES) == set(RULES)


def test_every_rule_says_what_it_asks_for() -> None:
    assert [rule.id for rule in RULES.values() if len(rule.meaning.split()) < 5] == []


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_example(name: str) -> None:
    example, rule = EXAMPLES[name], RULES[name]
    assert rule.judges(schemas()[example.table])
    assert problems(name, example.table, example.good, example.earlier) == []
    found = problems(name, example.table, example.bad, example.earlier)
    assert found, "the bad example is not found"
    assert {problem.field for problem in found} == {example.field}
    last = len(example.bad[example.table]) - 1
    assert {last, WHOLE} & {problem.row for problem in found}, "the finding is not at the row that was made bad"
    for problem in found:
        assert problem.message and problem.hint
        assert not problem.message.endswith(".")


def failed_checks(table: str, rows: Rows, earlier: Rows | None) -> list[tuple[str, str | None, int | None]]:
    """(check, column, index) of the failure cases of the pandera schema of a table that are of rules."""
    context = context_for(table, rows, earlier)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            frame_schema(context, rules=RULES.values()).validate(context.frame(table), lazy=True)
            cases = []
        except SchemaErrors as error:
            cases = error.failure_cases[["check", "column", "index"]].astype(object).itertuples(index=False, name=None)
    found = [(check, column, index) for check, column, index in cases if check in RULES]
    # A rule that is a warning is one line of text: "... number 3: source-used failure cases: ...".
    warned = [(name, None, None) for each in told for name in RULES if f": {name} failure cases: " in str(each.message)]
    return [*found, *warned]


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_the_pandera_schema_of_the_table_refuses_the_bad_example_and_no_other(name: str) -> None:
    example = EXAMPLES[name]
    assert name not in {check for check, _, _ in failed_checks(example.table, example.good, example.earlier)}
    found = [case for case in failed_checks(example.table, example.bad, example.earlier) if case[0] == name]
    expected = [
        (name, problem.field or None, None if problem.row == WHOLE else problem.row)
        for problem in problems(name, example.table, example.bad, example.earlier)
    ]
    assert [tuple(None if part != part else part for part in case) for case in found] == (
        expected if RULES[name].severity == "error" else [(name, None, None)]
    )


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_rules_bear_tables_without_rows_and_without_each_other(name: str) -> None:
    example = EXAMPLES[name]
    assert problems(name, example.table, {example.table: []}) == []
    for table in example.bad.keys() - {example.table}:
        # A table that could not be read is absent: no rule may fall over it.
        problems(name, example.table, {other: rows for other, rows in example.bad.items() if other != table})


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_rules_bear_every_missing_cell(name: str) -> None:
    """Cells that break a constraint are handed on as missing, required ones too."""
    example = EXAMPLES[name]
    for table, rows in example.bad.items():
        for field in dict.fromkeys(field for row in rows for field in row):
            blank = {**example.bad, table: [{**row, field: ""} for row in rows] * 2}
            problems(name, example.table, blank, example.earlier)


@pytest.mark.parametrize(
    ("name", "table", "rows"),
    [
        ("evidence-required", "strategies", {"strategies": [{"id": "", "jurisdiction": "CHL"}], "evidence": []}),
        ("coverage-agrees", "coverage", {"coverage": [{"topic": "national-ai-strategy", "finding": "found"}], "strategies": []}),
        ("ended-needs-event", "strategies", {"strategies": [{"status": "repealed"}]}),
        ("signatories-counted", "declarations", {"declarations": [{"signatories_declared": "2", "signatory_list": "complete"}]}),
        ("scores-counted", "indices", {"indices": [{"actors_declared": "2", "scores_scope": "full"}]}),
        ("signed-and-declined", "signatories", {"signatories": [{"actor": "CHL", "role": "signed"}, {"actor": "CHL", "role": "declined"}]}),
        ("memberships-apart", "memberships", {"memberships": [{"bloc": "CELAC", "spell": "1"}, {"bloc": "CELAC", "spell": "2"}]}),
    ],
)
def test_what_follows_from_a_broken_key_is_not_reported_too(name: str, table: str, rows: Rows) -> None:
    assert problems(name, table, rows) == []


def judge(name: str, table: str, rows: Rows) -> list[tuple[int, str]]:
    return [(problem.row, problem.field) for problem in problems(name, table, rows)]


def test_dates_of_mixed_precision_are_out_of_order_only_beyond_doubt() -> None:
    def instrument(proposed: str, adopted: str) -> Rows:
        return {"instruments": [{"id": "a", "proposed": proposed, "adopted": adopted}]}

    assert judge("dates-in-order", "instruments", instrument("2023-05-03", "2023")) == []
    assert judge("dates-in-order", "instruments", instrument("2023-05", "2023-05-01")) == []
    assert judge("dates-in-order", "instruments", instrument("2023-05-03", "2023-04")) == [(0, "adopted")]


def test_ties_share_a_rank_and_lower_can_be_better() -> None:
    def scores(higher: str, *rows: tuple[str, str, str]) -> Rows:
        return {
            "indices": [
                {"id": "x-1", "index_name": "x", "edition": "1", "title_en": "X", "higher_is_better": higher, "scores_scope": "full"}
            ],
            "index_scores": [
                {"index_id": "x-1", "actor": actor, "dimension": "total", "score": score, "score_rank": rank} for actor, score, rank in rows
            ],
        }

    assert (
        judge("rank-agrees", "index_scores", scores("true", ("CHL", "9", "1"), ("BRA", "8", "2"), ("URY", "8", "2"), ("ARG", "7", "4")))
        == []
    )
    assert judge("rank-agrees", "index_scores", scores("false", ("CHL", "1", "1"), ("BRA", "2", "2"))) == []
    assert judge("rank-agrees", "index_scores", scores("true", ("CHL", "1", "1"), ("BRA", "2", "2"))) == [
        (1, "score_rank"),
        (0, "score_rank"),
    ]
    assert judge("rank-agrees", "index_scores", scores("true", ("CHL", "9", "1"), ("BRA", "8", "1"))) == [
        (0, "score_rank"),
        (1, "score_rank"),
    ]


@pytest.mark.parametrize(
    ("stance", "required", "differs"),
    [("supports", 0, 0), ("disputes", 1, 1), ("outdated", 1, 1), ("variant", 1, 1), ("other_measure", 1, 0), ("omits", 1, 0)],
)
def test_what_each_stance_of_evidence_asks_for(stance: str, required: int, differs: int) -> None:
    """Whatever does not support says what it states; the same value cannot be disputed, outdated or a variant."""
    said = {"record_table": "strategies", "record_id": "a", "field": "adopted", "source": "s", "locator": "text", "stance": stance}
    rows: Rows = {"evidence": [said], "strategies": [{"id": "a", "adopted": "2021-09-20"}]}
    assert judge("dispute-states-value", "evidence", rows) == [(0, "stated")] * required
    rows["evidence"] = [{**said, "stated": "2021-09-20"}]
    assert judge("disputed-value-differs", "evidence", rows) == [(0, "stance")] * differs
    rows["evidence"] = [{**said, "stated": "2020-12-03"}]
    assert judge("evidence-contradicts", "evidence", rows) == [(0, "stated")] * (stance == "supports")
    assert len(judge("evidence-required", "strategies", rows)) == (stance != "supports")


def test_known_gaps_in_a_list_of_signatories_are_said_by_name() -> None:
    declaration = {"id": "d", "title_en": "D", "kind": "declaration", "status": "adopted", "signatories_declared": "17"}
    signed = [{"declaration": "d", "actor": "CHL", "role": "signed"}]
    for word, found in (("complete", [(0, "signatories_declared")]), ("incomplete", []), ("disputed", []), ("not_seen", [])):
        assert (
            judge("signatories-counted", "declarations", {"declarations": [{**declaration, "signatory_list": word}], "signatories": signed})
            == found
        )


@pytest.mark.parametrize(
    ("number", "fine"),
    [
        ("EO 14179", True),
        ("Executive Order 14110", True),
        ("EO 1417", False),
        ("EO 14.179", False),
        ("87 FR 62186; FR Doc. 2022-21658", True),
        ("87 FR 62186; FR Doc. 2022-2165", False),
        ("78 FR 62186", False),
        ("FR 62186", False),
        ("Regulation (EU) 2024/1689 (CELEX 32024R1689)", True),
        ("Regulation (EU) 2024/1689 (CELEX 3202R1689)", False),
        ("Regulation (EU) 1689", False),
        ("A/RES/78/265", True),
        ("A/RES/78265", False),
        ("Ley 21.719", True),
        ("FRAMEWORK 12", True),
        ("Lei 13.709/2018", True),
    ],
)
def test_official_numbers_are_judged_where_they_say_what_they_are(number: str, fine: bool) -> None:
    rows: Rows = {"instruments": [{"id": "a", "adopted": "2022-10-07", "official_number": number}]}
    assert judge("official-number", "instruments", rows) == ([] if fine else [(0, "official_number")])


@pytest.mark.parametrize(
    ("field", "texts", "found"),
    [
        ("adopted", ["2021-04-06", "2021-04-07", "2021-04-08", "2021-04-09"], [1, 2, 3]),
        ("adopted", ["2021-02-27", "2021-02-28", "2021-03-01", "2021-03-02"], [1, 2, 3]),
        ("adopted", ["2021-04-06", "2021-04-07", "2021-04-08", "2021-05-09"], []),
        ("period_end", ["2030", "2025", "2026", "2027", "2028", "2030"], [2, 3, 4]),
        ("budget", ["1.5", "7", "9.5", "12", "3"], [2, 3]),
        ("budget", ["7", "7", "7", "7"], []),
        ("url", ["https://a.cl/9", "https://a.cl/10", "https://a.cl/11", "https://a.cl/7"], [1, 2]),
        ("url", ["https://a.cl/9", "https://a.cl/10", "https://b.cl/11"], []),
        ("official_number", ["Ley 8", "Ley 9", "Ley 10"], [1, 2]),
    ],
)
def test_series_dragged_down(field: str, texts: list[str], found: list[int]) -> None:
    rows: Rows = {"strategies": [{"id": f"s{number}", field: text} for number, text in enumerate(texts)]}
    assert judge("counted-up", "strategies", rows) == [(row, field) for row in found]


def test_evidence_that_was_sorted_alone_is_blamed_on_evidence() -> None:
    strategies = [{"id": f"s{year}", "adopted": f"{year}-01-05", "period_end": f"{year + 9}"} for year in range(2015, 2021)]
    evidence = [
        {"record_table": "strategies", "record_id": row["id"], "field": field, "source": "x", "locator": "y", "stated": row[field], "stance": "supports"}
        for row in strategies
        for field in ("adopted", "period_end")
    ]  # fmt: skip
    assert judge("spreadsheet-sorted", "evidence", {"strategies": strategies, "evidence": evidence}) == []
    stated = [row["stated"] for row in evidence]
    moved = [{**row, "stated": text} for row, text in zip(evidence, [*stated[2:], *stated[:2]], strict=True)]
    assert judge("spreadsheet-sorted", "evidence", {"strategies": strategies, "evidence": moved}) == [(WHOLE, "stated")]
    shifted = [{**row, "adopted": text["adopted"]} for row, text in zip(strategies, [strategies[-1], *strategies[:-1]], strict=True)]
    assert judge("spreadsheet-sorted", "strategies", {"strategies": shifted, "evidence": evidence}) == [(WHOLE, "adopted")]
    assert judge("spreadsheet-sorted", "evidence", {"strategies": shifted, "evidence": evidence}) == []


def test_a_year_is_right_of_a_day_in_it_whatever_another_row_holds() -> None:
    """Two of three statements give the year alone, which a third row holds as its whole value."""
    days = {"BOL": "1972-08-16", "BRA": "1972-03-02", "CHL": "1972-11-30", "PER": "1972"}
    rows = [{"bloc": "CAN", "member": member, "spell": "1", "role": "member", "from_date": day} for member, day in days.items()]
    evidence = [
        {"record_table": "memberships", "record_id": f"CAN/{member}/1", "field": "from_date", "source": "x", "locator": "y", "stated": "1972", "stance": "supports"}
        for member in days
    ]  # fmt: skip
    assert judge("spreadsheet-sorted", "memberships", {"memberships": rows, "evidence": evidence}) == []
    assert judge("spreadsheet-sorted", "evidence", {"memberships": rows, "evidence": evidence}) == []


def test_titles_that_are_alike_by_right() -> None:
    law = {"id": "bra-a", "jurisdiction": "BRA", "adopted": "2024-01-05", "title_en": "National Artificial Intelligence Policy"}
    other = {**law, "id": "bra-b", "title_en": "National Artificial Intelligence Policy."}
    assert judge("near-duplicate-title", "strategies", {"strategies": [law, other]}) == [(1, "title_en")]
    for change in ({"jurisdiction": "CHL"}, {"adopted": "2025-01-05"}, {"supersedes": "bra-a"}, {"title_en": "National Data Policy"}):
        assert judge("near-duplicate-title", "strategies", {"strategies": [law, {**other, **change}]}) == []
