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
        {"error": expected, "warning": [(name, None, None)], "note": []}[RULES[name].severity]
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
        (
            "coverage-agrees",
            "coverage",
            {"coverage": [{"topic": "national-ai-strategy", "finding": "none_found"}], "strategies": [{"status": "adopted"}]},
        ),
        (
            "coverage-search",
            "coverage",
            {"coverage": [{"finding": "none_found", "source": "s", "search": "s", "languages": "es"}], "sources": [{"kind": "search"}]},
        ),
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


def test_what_a_score_row_states_itself_is_compared_with_its_score() -> None:
    def scored(stated: str) -> Rows:
        own = {"source": "paper", "locator": "table 1", "stated": stated}
        return {"index_scores": [{"index_id": "x-1", "actor": "CHL", "dimension": "total", "score": "70.56", **own}], "evidence": []}

    assert judge("evidence-contradicts", "index_scores", scored("70.6 points")) == []
    assert judge("evidence-contradicts", "index_scores", scored("76.05")) == [(0, "stated")]
    assert judge("evidence-contradicts", "evidence", scored("76.05")) == []  # reported once, where it is stated


def test_scores_sorted_away_from_what_their_rows_state() -> None:
    scores = ("10", "20", "30", "40")
    rows = [{"index_id": "x-1", "actor": actor, "dimension": "total", "source": "paper", "locator": "p. 1", "stated": score}
            for actor, score in zip(("ARG", "BOL", "BRA", "CHL"), scores, strict=True)]  # fmt: skip
    for order, found in ((scores, []), (reversed(scores), [(WHOLE, "score")])):
        moved = [{**row, "score": score} for row, score in zip(rows, order, strict=True)]
        assert judge("spreadsheet-sorted", "index_scores", {"index_scores": moved, "evidence": []}) == found


def test_a_statement_is_repeated_only_where_the_row_has_room_for_all_of_it() -> None:
    said = {"field": "*", "source": "paper", "locator": "p. 1", "quote": "words", "stance": "supports"}
    vote = {"record_table": "instruments", "record_id": "a", "body": "b", "date": "2024", "seq": "1", "source": "paper", "locator": "p. 1"}
    about = {**said, "record_table": "votes", "record_id": "instruments/a/b/2024/1"}
    for change, found in (
        ({}, [(0, "source")]),
        ({"locator": "p. 2"}, []),
        ({"source": "other"}, []),
        ({"field": "outcome"}, []),
        ({"stance": "disputes"}, []),
    ):
        assert judge("statement-once", "evidence", {"votes": [vote], "evidence": [{**about, **change}]}) == found
    claim = {"id": "c", "source": "paper", "locator": "p. 1"}
    assert (
        judge("statement-once", "evidence", {"claims": [claim], "evidence": [{**said, "record_table": "claims", "record_id": "c"}]}) == []
    )
    score = {"index_id": "x-1", "actor": "CHL", "dimension": "total", "source": "paper", "locator": "p. 1"}
    about = {**said, "record_table": "index_scores", "record_id": "x-1/CHL/total", "field": "score"}
    assert judge("statement-once", "evidence", {"index_scores": [score], "evidence": [about]}) == [(0, "source")]


def test_a_link_without_source_is_a_missing_value_and_not_missing_evidence() -> None:
    assert (
        judge("evidence-required", "signatories", {"signatories": [{"declaration": "d", "actor": "CHL", "role": "signed"}], "evidence": []})
        == []
    )


def test_a_strategy_that_was_found_need_not_be_in_strategies_yet() -> None:
    row = {"actor": "CHL", "topic": "national-ai-strategy", "finding": "found"}
    assert judge("coverage-agrees", "coverage", {"coverage": [row], "strategies": []}) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"source": "paper"}, []),
        ({"finding": "unsettled", "languages": "en"}, []),
        ({"source": "paper", "search": "", "languages": ""}, []),
        ({"search": "paper"}, [(0, "search")]),
        ({"search": ""}, [(0, "search")]),
        ({"languages": ""}, [(0, "languages")]),
        ({"source": "other"}, [(0, "search")]),
        ({"finding": "found"}, [(0, "source")]),
        ({"finding": "in_preparation"}, [(0, "source")]),
        ({"languages": "en"}, [(0, "languages")]),
        ({"source": "paper", "languages": "en"}, []),
    ],
)
def test_what_a_finding_may_take_from_our_own_search(changed: dict[str, str], found: list[tuple[int, str]]) -> None:
    row = {"actor": "CHL", "topic": "ai-law", "finding": "none_found", "source": "search", "search": "search", "languages": "en;es"}
    sources = [{"id": "search", "kind": "search"}, {"id": "other", "kind": "search"}, {"id": "paper", "kind": "press"}]
    assert judge("coverage-search", "coverage", {"coverage": [{**row, **changed}], "sources": sources}) == found


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


def test_the_replacement_of_an_identifier_may_stand_in_another_table() -> None:
    strategy = {"id": "s", "jurisdiction": "CHL", "title_en": "S", "kind": "plan"}

    def found(replaced_by: str, table: str, *more: dict[str, str]) -> list[tuple[int, str]]:
        gone = {"id": "old", "record_table": "instruments", "reason": "Moved.", "retired": "2026-11-30"}
        rows = [{**gone, "replaced_by": replaced_by, "replaced_by_table": table}, *({**gone, **row} for row in more)]
        return judge("replacement-exists", "retired", {"retired": rows, "strategies": [strategy], "instruments": []})

    assert [found("s", "strategies"), found("", ""), found("s", ""), found("x", "strategies")] == [
        [],
        [],
        [(0, "replaced_by")],
        [(0, "replaced_by")],
    ]
    assert [found("s", "nowhere"), found("", "strategies"), found("old", "")] == [
        [(0, "replaced_by_table")],
        [(0, "replaced_by")],
        [(0, "replaced_by")],
    ]
    # The replacement was replaced in its turn.
    assert found("later", "", {"id": "later", "replaced_by": "s", "replaced_by_table": "strategies"}) == []


def test_the_completeness_of_a_list_agrees_with_its_rows() -> None:
    def found(word: str, declared: str, *actors: str) -> list[tuple[int, str]]:
        declaration = {"id": "d", "title_en": "D", "kind": "declaration", "status": "adopted", "signatories_declared": declared}
        # A second act of the same actor, and a refusal, do not count.
        acts = [*((actor, "signed") for actor in actors), *((actor, "ratified") for actor in actors), ("USA", "declined")]
        signed = [{"declaration": "d", "actor": actor, "role": role} for actor, role in acts]
        return judge(
            "signatories-counted", "declarations", {"declarations": [{**declaration, "signatory_list": word}], "signatories": signed}
        )

    one, number, word = ("CHL",), [(0, "signatories_declared")], [(0, "signatory_list")]
    assert [found("complete", "1", *one), found("complete", "", *one), found("complete", "17", *one)] == [[], [], number]
    assert [found("partial", "17", *one), found("partial", "", *one), found("partial", "1", *one)] == [[], [], number]
    assert [found("not_seen", "17"), found("not_seen", "17", *one), found("not_seen", "", *one)] == [[], word, word]
    assert [found("not_applicable", ""), found("not_applicable", "", *one)] == [[], word]
    assert [found("disputed", "17", *one), found("disputed", "1", "CHL", "BRA")] == [[], []]


def test_existence_rests_on_the_status_and_the_sources() -> None:
    def found(existence: str, status: str, *kinds: str) -> bool:
        said = {"record_table": "instruments", "record_id": "i", "field": "*", "locator": "text", "stance": "supports"}
        rows: Rows = {
            "instruments": [{"id": "i", "jurisdiction": "CHL", "title_en": "I", "kind": "law", "existence": existence, "status": status}],
            "evidence": [
                *({**said, "source": f"s{at}"} for at in range(len(kinds))),
                # What another source denies, and what it says of a record of the same name, do not count.
                {**said, "source": "other", "stance": "disputes"},
                {**said, "source": "other", "record_table": "strategies"},
            ],
            "sources": [{"id": f"s{at}", "kind": kind, "title": "T", "read": "read"} for at, kind in enumerate(kinds)],
        }
        problems_found = judge("existence-agrees", "instruments", rows)
        assert problems_found in ([], [(0, "existence")])
        return bool(problems_found)

    assert not any((found("exists", "in_force", "primary"), found("exists", "", "press", "press"), found("named_only", "", "press")))
    assert not any((found("proposed", "pending", "press"), found("proposed", "lapsed", "primary"), found("proposed", "", "press")))
    assert all((found("exists", "in_force", "press"), found("named_only", "", "primary"), found("named_only", "", "press", "press")))
    assert all((found("exists", "pending", "primary"), found("proposed", "in_force", "primary"), found("named_only", "announced", "press")))


def test_a_roster_agrees_with_the_memberships_of_its_day() -> None:
    spells = [
        ("ARG", "founding_member", "1991", ""), ("BRA", "member", "1991", ""), ("BOL", "associate", "1996", "2024-08-07"), ("BOL", "member", "2024-08-07", ""),
        ("VEN", "member", "2012-08-12", "2016-12"), ("VEN", "suspended", "2016-12", ""),
    ]  # fmt: skip
    memberships = [
        {"bloc": "X", "member": member, "spell": str(at), "role": role, "from_date": start, "to_date": end}
        for at, (member, role, start, end) in enumerate(spells, start=1)
    ]

    def found(completeness: str, declared: str, as_of: str, members: str = "member", **more: str) -> list[tuple[int, str]]:
        row = {"bloc": "X", "members": members, "completeness": completeness, "declared": declared, "as_of": as_of, **more}
        return judge("rosters-counted", "rosters", {"rosters": [{**row, "source": "s", "locator": "text"}], "memberships": memberships})

    number, word = [(0, "declared")], [(0, "completeness")]
    assert [found("complete", "3", ""), found("complete", "4", ""), found("complete", "4", "", counts_suspended="true")] == [[], number, []]
    assert [found("complete", "2", "2024-08-06"), found("complete", "3", "2024-08-07"), found("complete", "3", "2024")] == [[], [], []]
    assert [found("complete", "3", "2016-12-15"), found("complete", "2", "2016-12-15"), found("complete", "4", "2016-12-15")] == [
        [],
        [],
        number,
    ]
    assert [found("partial", "4", ""), found("partial", "", ""), found("partial", "3", "")] == [[], [], number]
    assert [found("not_seen", "9", "", "observer"), found("not_seen", "", "")] == [[], word]
    assert [found("complete", "1", "2020", "associate"), found("complete", "0", "", "associate")] == [[], []]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], ""),
        ([("", "")], ""),
        ([("", "2026-11-26")], "2026-11-26"),  # where it is not known when it was published: when it was read
        ([("2024-05-01", "2026-11-26")], "2024-05-01"),
        ([("2024", ""), ("2024-05", ""), ("2023-12-31", "")], "2024-05"),  # 2024 may be before May
    ],
)
def test_status_as_of_is_the_date_of_the_latest_source(sources: list[tuple[str, str]], expected: str) -> None:
    strategy = {"id": "s", "jurisdiction": "CHL", "title_en": "S", "kind": "plan", "status": "adopted"}
    said = {"record_table": "strategies", "record_id": "s", "field": "status", "locator": "text", "stance": "supports"}
    rows: Rows = {
        "sources": [
            {"id": f"s{at}", "kind": "press", "title": "T", "read": "read", "published": published, "accessed": accessed}
            for at, (published, accessed) in enumerate([*sources, ("2026-01-01", "")])
        ],
        # Another field and another stance show nothing of the status.
        "evidence": [
            *({**said, "source": f"s{at}"} for at in range(len(sources))),
            {**said, "source": f"s{len(sources)}", "field": "adopted"},
            {**said, "source": f"s{len(sources)}", "stance": "disputes"},
        ],
    }
    for value in ("", "2024-05", "2024-05-01", "2026-11-26", "2026-01-01"):
        found = judge("status-as-of", "strategies", {**rows, "strategies": [{**strategy, "status_as_of": value}]})
        assert found == ([] if value == expected else [(0, "status_as_of")])


def test_a_status_is_overtaken_by_later_steps_alone() -> None:
    def found(status: str, seen: str, event: str, date: str, **more: str) -> list[tuple[int, str]]:
        row = {"id": "b", "jurisdiction": "CHL", "title_en": "B", "kind": "bill", "status": status, "status_as_of": seen, **more}
        events = [{"record_table": "instruments", "record_id": "b", "date": date, "event": event, "seq": "1"}]
        return judge("status-overtaken", "instruments", {"instruments": [row], "events": events})

    wrong = [(0, "status")]
    assert found("pending", "2026-03", "adopted", "2026-06-01") == wrong
    assert found("pending", "2026-03", "adopted", "2026-03-15") == []  # the source may be of the end of March
    assert found("pending", "", "adopted", "2026-06-01") == []
    assert found("pending", "2026-03", "referred", "2026-06-01") == []
    assert found("in_force", "2026-03", "adopted", "2026-06-01") == []
    assert found("in_force", "2026-03", "amended", "2026-06-01") == []
    assert found("in_force", "2026-03", "referred", "2026-06-01", ended="2026-07-01") == wrong
    assert found("in_force", "2026-03", "referred", "2026-06-01", ended="2027-07-01") == []  # ahead of today
    assert found("adopted", "2026-03", "entered_into_force", "2026-06-01") == wrong


def test_a_state_does_not_leave_a_system_before_it_enters() -> None:
    row = {"actor": "ARG", "system": "correlates_of_war", "code": "160", "from_date": "1841-01-01"}
    for end, found in [("", []), ("1841", []), ("1990-10-03", []), ("1830-01-01", [(0, "to_date")])]:
        assert judge("dates-in-order", "state_systems", {"state_systems": [{**row, "to_date": end}]}) == found, end


def test_a_vote_is_the_one_that_its_source_states() -> None:
    counted = {"votes_for": "152", "votes_against": "4", "votes_abstained": "11", "method": "recorded", "outcome": "passed"}
    for stated, wrong in [
        ("152-4-11; 26 did not vote", []),
        ("152-4", []),
        ("142-4-11", [(0, "votes_for")]),
        ("152-11-4", [(0, "votes_against"), (0, "votes_abstained")]),
        ("2023-12-22", []),
        ("152 for; document 142-4-11", []),
    ]:
        assert judge("vote-agrees", "votes", {"votes": [{**counted, "stated": stated}]}) == wrong, stated
    for stated, vote, fine in [("Y", "for", True), ("N", "for", False), ("Abstain", "abstained", True), ("Non-voting", "against", False), ("sí", "for", True), ("", "absent", True)]:  # fmt: skip
        assert judge("vote-agrees", "state_votes", {"state_votes": [{"actor": "CHL", "vote": vote, "stated": stated}]}) == (
            [] if fine else [(0, "vote")]
        ), stated


def test_a_side_of_a_vote_is_named_whole_or_not_at_all() -> None:
    key = {"record_table": "declarations", "record_id": "d", "body": "UNGA", "date": "2023-12-22", "seq": "1"}
    counts = {"votes_for": "2", "votes_against": "1", "votes_abstained": "0"}

    def found(counts: dict[str, str], **sides: str) -> list[tuple[int, str]]:
        voted = [
            {**key, "actor": actor, "vote": side, "source": "s", "locator": "l"} for side, who in sides.items() for actor in who.split()
        ]
        other = {**key, "seq": "2", "actor": "URY", "vote": "for", "source": "s", "locator": "l"}
        return judge("state-votes-counted", "votes", {"votes": [{**key, **counts}], "state_votes": [*voted, other]})

    assert found(counts) == []
    assert found(counts, against="RUS") == []
    assert found(counts, **{"for": "AUT BEL", "against": "RUS", "absent": "FJI"}) == []
    assert found(counts, **{"for": "AUT"}) == [(0, "votes_for")]
    assert found(counts, against="RUS BLR", abstained="CHN") == [(0, "votes_against"), (0, "votes_abstained")]
    assert found(counts, against="RUS", absent="FJI") == [(0, "votes_for")], "who was absent follows from a whole roll call only"
    assert found({}, against="RUS") == [(0, "votes_against")], "a side that is named is counted"


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
