"""What new rules must leave alone, beside what they must find: small tables, and every finding in them."""

from __future__ import annotations

import pytest

from aistatecraft.validation.report import Finding, Report
from aistatecraft.validation.reporters.text import text
from aistatecraft.validation.rules.addresses import ruled_out
from aistatecraft.validation.rules.signatories import NOT_MEMBERS
from aistatecraft.validation.rules.status import ADOPTING, ENDING, STANDING, SUCCEEDING
from tests.validation.test_rules import judge, schemas

SOURCE = {"id": "s", "kind": "report", "title": "Report", "read": "read"}


@pytest.mark.parametrize(
    ("rule", "url", "fine"),
    [
        ("address-form", "https://web.archive.org/web/2020/https://www.gov.cl/plan", True),
        ("address-form", "https://oecd.ai/en/dashboards/http:%2F%2Faipo.oecd.org%2F2021-data", True),
        ("address-form", "https://www.bcn.cl/norma(2024)", True),
        ("address-form", "https://www.testing.gov/example.com", True),
        ("address-form", "https://8.8.8.8/plan", True),
        ("address-form", "https://user:secret@www.gov.cl/plan", False),
        ("address-form", "https://www.gov.cl/plan,https://www.gov.br", False),
        ("address-form", "https://www.gov.cl/planhttps://www.gov.br", False),
        ("address-form", "https://www.example.org/plan", False),
        ("address-form", "http://127.0.0.1/plan", False),
        ("address-form", "http://192.168.1.7:8080/plan", False),
        ("address-form", "http://staging.test/plan", False),
        ("address-form", "https://www.gov.cl/plan。", False),
        ("address-detour", "https://www.gov.cl/plan?id=7&page=2", True),
        ("address-detour", "https://www.gov.cl/link?q=inteligencia", True),
        ("address-detour", "https://www.gov.cl/search?q=https", True),
        ("address-detour", "https://www.gov.cl/plan?utm_source=x", False),
        ("address-detour", "https://www.gov.cl/plan?id=7&fbclid=IwAR0", False),
        ("address-detour", "https://www.gov.cl/plan;jsessionid=07A", False),
        ("address-detour", "https://www.google.com/url?q=https://www.gov.cl/plan", False),
        ("address-detour", "https://bit.ly/3xY", False),
        ("address-detour", "https://www.gov.cl/plan#:~:text=IA", False),
        ("host-ruled-out", "https://www.notwikipedia.org/plan", True),
        ("host-ruled-out", "https://pt.m.wikipedia.org/wiki/Plano", False),
        ("host-ruled-out", "https://github.com/someone/law", False),
    ],
)
def test_addresses(rule: str, url: str, fine: bool) -> None:
    assert judge(rule, "sources", {"sources": [{**SOURCE, "url": url}]}) == ([] if fine else [(0, "url")])


def test_a_data_set_may_be_published_by_its_authors_on_a_code_hosting_site() -> None:
    url = "https://github.com/authors/dataset"
    assert judge("host-ruled-out", "sources", {"sources": [{**SOURCE, "kind": "dataset", "url": url}]}) == []


def test_hosts_are_listed_once_and_without_their_subdomains() -> None:
    hosts = ruled_out()
    assert {"wikipedia.org", "github.com"} <= hosts.keys()
    assert set(hosts.values()) == {"encyclopedia", "copy", "code hosting", "staging"}
    assert [host for host in hosts if host.startswith("www.") or host != host.lower()] == []


@pytest.mark.parametrize(
    ("doi", "fine"),
    [
        ("10.1016/S0140-6736(20)30183-5", True),
        ("10.1093/ia/iiae123", True),
        ("10.1093/ia/iiae123).", False),
        ("10.1093/ia/iiae123)", False),
        ("10.1000/https://doi.org/10.1093/ia", False),
    ],
)
def test_dois(doi: str, fine: bool) -> None:
    assert judge("doi-form", "sources", {"sources": [{**SOURCE, "doi": doi}]}) == ([] if fine else [(0, "doi")])


@pytest.mark.parametrize(
    ("field", "text", "fine"),
    [
        ("pages", "1-23", True),
        ("pages", "S12-S19", True),
        ("pages", "iv-xii", True),
        ("pages", "March supplement", True),
        ("issue", "3-4", True),
        ("issue", "Spring", True),
        ("issue", "May", True),
        ("volume", "44", True),
        ("pages", "Jan-23", False),
        ("pages", "1月23日", False),
        ("issue", "2024-01-02", False),
        ("volume", "45293", False),
    ],
)
def test_pages_and_issues(field: str, text: str, fine: bool) -> None:
    assert judge("number-not-date", "sources", {"sources": [{**SOURCE, field: text}]}) == ([] if fine else [(0, field)])


@pytest.mark.parametrize(
    ("pages", "fine"), [("1-23", True), ("123-45", True), ("7-7", True), ("e12-e3", True), ("109-90", False), ("45-12", False)]
)
def test_ranges_of_pages(pages: str, fine: bool) -> None:
    assert judge("pages-in-order", "sources", {"sources": [{**SOURCE, "pages": pages}]}) == ([] if fine else [(0, "pages")])


@pytest.mark.parametrize(
    ("status", "dates", "fine"),
    [
        ("proposed", {"proposed": "2024-05"}, True),
        ("pending", {"in_force_from": "2027-01-01"}, True),
        ("adopted", {"adopted": "2024", "in_force_from": "2027"}, True),
        ("in_force", {"adopted": "2024", "ended": "2027-06"}, True),
        ("in_force", {"adopted": "2024", "ended": "2026"}, True),
        ("lapsed", {"adopted": "2024", "ended": "2025"}, True),
        ("proposed", {"adopted": "2024"}, False),
        ("pending", {"in_force_from": "2025-01-01"}, False),
        ("in_force", {"ended": "2025"}, False),
        ("in_force", {"in_force_from": "2027-01-01"}, False),
    ],
)
def test_status_against_dates(status: str, dates: dict[str, str], fine: bool) -> None:
    rows = {"instruments": [{"id": "a", "status": status, **dates}]}
    assert judge("status-agrees", "instruments", rows) == ([] if fine else [(0, "status")])


def test_status_against_events_and_relations() -> None:
    instrument = {"id": "a", "status": "in_force"}
    event = {"record_table": "instruments", "record_id": "a", "date": "2025", "seq": "1"}
    relation = {"subject_table": "instruments", "subject_id": "b", "object_table": "instruments", "object_id": "a"}
    for word, fine in (("amended", True), ("rescinded", False)):
        rows = {"instruments": [instrument], "events": [{**event, "event": word}]}
        assert judge("status-agrees", "instruments", rows) == ([] if fine else [(0, "status")])
    for word, fine in (("amends", True), ("supersedes", False)):
        rows = {"instruments": [instrument], "relations": [{**relation, "relation": word}]}
        assert judge("status-agrees", "instruments", rows) == ([] if fine else [(0, "status")])
    merged = {**relation, "subject_id": "a", "object_id": "b", "relation": "merged_with"}
    superseded = {"instruments": [{**instrument, "status": "superseded"}], "relations": [merged]}
    assert judge("superseded-needs-successor", "instruments", superseded) == []


@pytest.mark.parametrize(
    ("field", "text", "fine"),
    [
        ("title_zh", "Latam-GPT", True),
        ("title_zh", "NVIDIA AI Enterprise", True),
        ("title_zh", "美国AI行动计划", True),
        ("title_zh", "Artificial intelligence action plan", False),
        ("summary", "AI assistant tied into WeChat (微信).", True),
        ("summary", "人工智能行动计划", False),
    ],
)
def test_scripts(field: str, text: str, fine: bool) -> None:
    assert judge("script-fits", "instruments", {"instruments": [{"id": "a", field: text}]}) == ([] if fine else [(0, field)])


def test_names_that_are_equal_in_two_languages_are_left_alone() -> None:
    actor = {"id": "CIV", "kind": "state", "iso2": "CI", "name_en": "Côte d’Ivoire", "name_es": "Curaçao", "name_fr": "Côte d’Ivoire"}
    assert judge("language-fits", "actors", {"actors": [actor]}) == []
    assert judge("language-fits", "actors", {"actors": [{**actor, "name_fr": "España"}]}) == [(0, "name_fr")]


STRATEGY = {"id": "a", "adopted": "2021-09-20"}
SAID = {"record_table": "strategies", "record_id": "a", "field": "adopted", "source": "s", "stated": "2021-09-20", "stance": "supports"}


@pytest.mark.parametrize(
    ("adopted", "statements", "fine"),
    [
        ("2021-09-20", [{"locator": "date of the report"}], False),
        ("2021-09-20", [{"locator": "dateline"}], False),
        ("2021-09-20", [{"locator": "first line"}], False),  # the day on which the report was published
        ("2021-09-20", [{"locator": "date of the report", "quote": "adopted this morning"}], True),
        ("2021-09-20", [{"locator": "dateline and text"}], True),
        ("2021-09-20", [{"locator": "dateline"}, {"locator": "text", "stated": "20 September 2021"}], True),
        ("2021-09", [{"locator": "date of the report"}], True),
    ],
)
def test_the_day_of_a_report(adopted: str, statements: list[dict[str, str]], fine: bool) -> None:
    rows = {
        "strategies": [{**STRATEGY, "adopted": adopted}],
        "evidence": [{**SAID, **each} for each in statements],
        "sources": [{**SOURCE, "published": "2021-09-20"}],
    }
    assert judge("date-of-report", "strategies", rows) == ([] if fine else [(0, "adopted")])


@pytest.mark.parametrize(
    ("where", "fine"),
    [
        ({"field": "title_original", "stated": "Plan Nacional de IA"}, True),
        ({"field": "*", "stated": "the Plan Nacional de IA of 2024"}, True),
        ({"field": "*", "quote": "presentó el Plan Nacional de IA"}, True),
        ({"field": "*", "source": "title"}, True),
        ({"field": "*", "stated": "national AI plan"}, False),
    ],
)
def test_where_an_original_title_may_stand(where: dict[str, str], fine: bool) -> None:
    rows = {
        "strategies": [{"id": "a", "title_original": "Plan Nacional de IA"}],
        "evidence": [{"record_table": "strategies", "record_id": "a", "source": "s", "locator": "text", "stance": "supports", **where}],
        "sources": [SOURCE, {**SOURCE, "id": "title", "title": "PLAN NACIONAL DE IA, 2024"}],
    }
    assert judge("original-title-sourced", "strategies", rows) == ([] if fine else [(0, "title_original")])


ACTORS = [
    {"id": "CHL", "kind": "state", "iso2": "CL", "name_en": "Chile", "name_zh": "智利"},
    {"id": "BRA", "kind": "state", "iso2": "BR", "name_en": "Brazil", "name_pt": "Brasil"},
]


@pytest.mark.parametrize(
    ("record", "locator", "stated", "found"),
    [
        ("d/CHL/signed", "list", "Chile", []),
        ("d/CHL/signed", "list", "智利", []),
        ("d/CHL/signed", "list", "signed with Brazil", []),
        ("d/CHL/signed", "list", "Brasil", [(0, "stated")]),
        ("d/CHL/signed", "row Brazil", "in the list", [(0, "locator")]),
    ],
)
def test_statements_about_another_actor(record: str, locator: str, stated: str, found: list[tuple[int, str]]) -> None:
    said = {"record_table": "signatories", "record_id": record, "field": "*", "source": "s", "locator": locator, "stated": stated, "stance": "supports"}  # fmt: skip
    assert judge("evidence-elsewhere", "evidence", {"evidence": [said], "actors": ACTORS}) == found


def test_a_short_name_can_belong_to_two_actors() -> None:
    actors = [
        {"id": "chn-state-council", "name_zh": "国务院"},
        {"id": "usa-dos", "name_zh": "美国国务院"},
        {"id": "usa-doe", "name_zh": "美国能源部"},
    ]
    said = {"record_table": "actors", "field": "*", "source": "s", "locator": "text", "stated": "国务院", "stance": "supports"}
    rows = [{**said, "record_id": "usa-dos"}, {**said, "record_id": "usa-doe"}]
    assert judge("evidence-elsewhere", "evidence", {"evidence": rows, "actors": actors}) == [(1, "stated")]


def test_the_entry_of_an_actor_is_that_of_the_others_who_cite_it() -> None:
    said = [
        {"record_table": "memberships", "record_id": f"{bloc}/{member}/1", "field": "*", "source": "s", "locator": "south-america/ci.json", "stated": bloc, "stance": "supports"}
        for bloc, member in (("UN", "CHL"), ("OECD", "CHL"), ("APEC", "CHL"), ("CELAC", "BRA"))
    ]  # fmt: skip
    assert judge("evidence-elsewhere", "evidence", {"evidence": said}) == [(3, "locator")]
    assert judge("evidence-elsewhere", "evidence", {"evidence": [{**each, "locator": "text"} for each in said]}) == []


@pytest.mark.parametrize(
    ("field", "value", "stated", "fine"),
    [
        ("title_zh", "人工智能法案", "《人工智能法》", True),
        ("title_zh", "人工智能法案", "Artificial Intelligence Act", True),
        ("title_zh", "人工智能法案", "国家环境政策法", False),
        ("official_number", "EO 14179; 90 FR 8741", "Executive Order 14179", True),
        ("official_number", "Lei 13.709/2018", "Law No.13709", True),
        ("official_number", "EO 14179", "Executive Order 14110", False),
        ("title_en", "Artificial Intelligence Act", "2024-06-13", False),
    ],
)
def test_statements_about_another_value(field: str, value: str, stated: str, fine: bool) -> None:
    said = {"record_table": "instruments", "record_id": "a", "field": field, "source": "s", "locator": "text", "stated": stated, "stance": "supports"}  # fmt: skip
    rows = {"evidence": [said], "instruments": [{"id": "a", field: value}]}
    assert judge("evidence-elsewhere", "evidence", rows) == ([] if fine else [(0, "stated")])


@pytest.mark.parametrize(
    ("row", "fine"),
    [
        ({"id": "usa-jpn-mext-doe-2024", "jurisdiction": "USA", "issuing_body": "jpn-mext"}, True),
        ({"id": "usa-gpt-4o-2024", "jurisdiction": "USA", "issuing_body": "openai"}, True),
        ({"id": "gs-ai-colleges", "jurisdiction": "CHN"}, False),
        ({"id": "jpn-ai-act-2025", "jurisdiction": "USA"}, False),
        ({"id": "ai-act", "jurisdiction": "USA", "issuing_body": "jpn-mext"}, False),
    ],
)
def test_jurisdictions(row: dict[str, str], fine: bool) -> None:
    actors = [
        {"id": "USA", "kind": "state"},
        {"id": "JPN", "kind": "state"},
        {"id": "jpn-mext", "kind": "government_body", "parent": "JPN"},
        {"id": "openai", "kind": "company"},
    ]
    assert judge("jurisdiction-agrees", "instruments", {"instruments": [row], "actors": actors}) == ([] if fine else [(0, "jurisdiction")])


def test_members_of_a_bloc_that_a_source_names_are_acts() -> None:
    states = ("CAN", "FRA", "JPN")
    members = [{"bloc": "G7", "member": member, "spell": "1", "role": "member"} for member in states]
    acts = [{"declaration": "d", "actor": actor, "role": "endorsed"} for actor in states]
    said = [{"record_table": "signatories", "record_id": f"d/{actor}/endorsed", "field": "*", "source": "s", "locator": "text", "stated": "the G7", "stance": "supports"} for actor in states]  # fmt: skip
    assert judge("bloc-as-acts", "signatories", {"signatories": acts, "memberships": members, "evidence": said}) == [(row, "actor") for row in range(3)]  # fmt: skip
    named = [*said, {**said[0], "source": "t", "stated": "Canada"}]
    assert judge("bloc-as-acts", "signatories", {"signatories": acts, "memberships": members, "evidence": named}) == []
    assert judge("bloc-as-acts", "signatories", {"signatories": acts[:2], "memberships": members, "evidence": said}) == []


@pytest.mark.parametrize(
    ("as_of", "fine"), [("2025-11-30", True), ("2025-11-29", False), ("2025", True), ("2025-11", True), ("2025-10", False), ("2024", False)]
)
def test_a_search_is_current_for_a_year(as_of: str, fine: bool) -> None:
    assert judge("coverage-current", "coverage", {"coverage": [{"actor": "CHL", "as_of": as_of}]}) == ([] if fine else [(0, "as_of")])


def test_the_usual_code_is_not_filled_down() -> None:
    votes = [
        {"record_table": "instruments", "record_id": f"i{n:02}", "body": f"b{n}", "date": f"{1980 + n}", "seq": "1", "outcome": "passed"}
        for n in range(40)
    ]
    filled = [{**row, "outcome": "rejected"} if n < 4 or n > 35 else row for n, row in enumerate(votes)]
    assert judge("filled-down", "votes", {"votes": filled}) == [(row, "outcome") for row in range(5, 36)]
    usual = [{**row, "outcome": "rejected"} if n in (2, 36) else row for n, row in enumerate(votes)]
    assert judge("filled-down", "votes", {"votes": usual}) == []


def test_a_series_of_one_publisher_is_not_filled_down() -> None:
    sources = [{**SOURCE, "id": f"s{number}", "title": f"T{number}", "container": f"C{number}"} for number in range(20)]
    filled = [{**row, "container": "Nature"} if number > 12 else row for number, row in enumerate(sources)]
    assert judge("filled-down", "sources", {"sources": filled}) == [(row, "container") for row in range(14, 20)]
    of_one = [{**row, "publisher": "Springer"} if number > 12 else row for number, row in enumerate(filled)]
    assert judge("filled-down", "sources", {"sources": of_one}) == []
    assert judge("filled-down", "sources", {"sources": sources}) == []


def test_one_zero_among_other_numbers_is_a_number() -> None:
    scores = [{"index_id": "x", "actor": f"A{number}", "dimension": "total", "score": str(number)} for number in range(4)]
    assert judge("zeros-for-unknown", "index_scores", {"index_scores": scores}) == []
    zeros = [{**row, "score": "0"} if number > 1 else row for number, row in enumerate(scores)]
    assert judge("zeros-for-unknown", "index_scores", {"index_scores": zeros}) == [(2, "score"), (3, "score")]


def test_notes_are_listed_and_not_counted() -> None:
    report = Report("made", "1.0.0")
    report.notes = [Finding("coverage-current", "note", "data/coverage.csv", 2, "D", "as_of", "CHL", "2024", "it is old", "search again")]
    sentence = "note: data/coverage.csv:2:D: CHL (as_of): it is old; search again. [coverage-current]"
    assert text(report) == f"{sentence}\n\n0 problems in made (1.0.0, 0 tables, 0 rows); 1 note"
    assert (report.exit_code, report.findings, report.as_dict()["notes"][0]["rule"]) == (0, [], "coverage-current")


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (STANDING, ("strategies.status", "declarations.status", "instruments.status")),
        (ADOPTING | ENDING, ("events.event",)),
        (SUCCEEDING, ("relations.relation",)),
        (NOT_MEMBERS, ("memberships.role",)),
    ],
)
def test_the_words_that_rules_look_for_are_in_a_vocabulary(words: frozenset[str], places: tuple[str, ...]) -> None:
    fields = [schemas()[table].by_name[name] for table, name in (place.split(".") for place in places)]
    assert words - {category.value for field in fields for category in field.categories} == set()
