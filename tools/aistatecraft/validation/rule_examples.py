"""A good and a bad example for each semantic rule: what its page shows, and what its test runs.

An example is a few rows, as they stand in the tables, with the fields that matter. The bad one differs from the good one in
one thing; `field` is where the finding points.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EXAMPLES", "Example", "Rows"]

Rows = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Example:
    """Rows that keep a rule, rows that break it, and the table and field that the finding points at."""

    table: str
    field: str
    good: Rows
    bad: Rows
    earlier: Rows | None = None
    """Rows of the last release, where the rule looks at them."""


def _one(table: str, field: str, good: dict[str, str], bad: dict[str, str], **beside: list[dict[str, str]]) -> Example:
    return Example(table, field, {table: [good], **beside}, {table: [{**good, **bad}], **beside})


def _add(table: str, field: str, rows: list[dict[str, str]], bad: dict[str, str], **beside: list[dict[str, str]]) -> Example:
    """The bad example changes the last row."""
    return Example(table, field, {table: rows, **beside}, {table: [*rows[:-1], {**rows[-1], **bad}], **beside})


_CHILE = {"id": "CHL", "kind": "state", "name_en": "Chile", "iso2": "CL"}
_EVIDENCE = {
    "record_table": "strategies",
    "record_id": "chl-ai-policy-2021",
    "field": "adopted",
    "source": "decree-20",
    "locator": "text",
    "stated": "2021-09-20",
    "stance": "supports",
}
_STRATEGY = {
    "id": "chl-ai-policy-2021",
    "jurisdiction": "CHL",
    "title_en": "National AI Policy",
    "kind": "policy",
    "status": "superseded",
    "adopted": "2021-09-20",
}
_UPDATE = {
    "id": "chl-ai-policy-2024",
    "jurisdiction": "CHL",
    "title_en": "National AI Policy (updated)",
    "kind": "policy",
    "status": "adopted",
    "adopted": "2025-01-28",
    "supersedes": "chl-ai-policy-2021",
}
_EDITION = {
    "id": "ilia-2025",
    "index_name": "ilia",
    "edition": "2025",
    "title_en": "ILIA 2025",
    "scale_min": "0",
    "scale_max": "100",
    "higher_is_better": "true",
    "actors_declared": "2",
    "scores_scope": "full",
}
_SCORES = [
    {"index_id": "ilia-2025", "actor": "CHL", "dimension": "total", "score": "70.56", "score_rank": "1"},
    {"index_id": "ilia-2025", "actor": "BRA", "dimension": "total", "score": "67.39", "score_rank": "2"},
]
_DECLARATION = {
    "id": "santiago-2023",
    "title_en": "Santiago Declaration",
    "kind": "declaration",
    "status": "adopted",
    "signatories_declared": "2",
    "signatory_list": "complete",
}
_SIGNED = [
    {"declaration": "santiago-2023", "actor": "CHL", "role": "signed"},
    {"declaration": "santiago-2023", "actor": "BRA", "role": "signed"},
]
_SIGNED_SAID = {
    "record_table": "signatories",
    "record_id": "santiago-2023/CHL/signed",
    "field": "*",
    "source": "decree-20",
    "locator": "p. 7",
    "stance": "supports",
}
_SOURCE = {"id": "decree-20", "kind": "primary", "title": "Decree 20", "published": "2021-12-03", "read": "read"}
_CODES = [
    {"id": "tier.1", "scheme": "tier", "label_en": "First", "sort_order": "1"},
    {"id": "tier.2", "scheme": "tier", "label_en": "Second", "sort_order": "2"},
]
_PAPER = {"id": "paper", "kind": "scholarly", "title": "Paper", "read": "read"}
_SOUTH = {"un_region": "Americas", "un_subregion": "Latin America and the Caribbean"}
_LAW = {"id": "bra-pl-2338-2023", "jurisdiction": "BRA", "proposed": "2023-05-03", "title_en": "Bill on the Use of Artificial Intelligence"}
_JOINED = [
    {"bloc": "MERCOSUR", "member": member, "spell": "1", "role": "member", "from_date": date}
    for member, date in (("BOL", "2024-07-08"), ("BRA", "1991-03-26"), ("VEN", "2012-08-12"))
]
_JOINED_SAID = [
    {
        "record_table": "memberships", "record_id": f"MERCOSUR/{row['member']}/1", "field": "from_date", "source": "paper", "locator": "text",
        "stated": row["from_date"], "stance": "supports",
    }
    for row in _JOINED
]  # fmt: skip

_SIGNED_EVIDENCE = {"record_table": "signatories", "field": "*", "source": "paper", "locator": "list of states", "stance": "supports"}
_G7 = ("CAN", "FRA", "JPN")
_G7_MEMBERS = [{"bloc": "G7", "member": member, "spell": "1", "role": "member"} for member in _G7]
_G7_ACTS = [{"declaration": "hiroshima-2023", "actor": actor, "role": "endorsed"} for actor in _G7]
_G7_SAID = [
    {**_SIGNED_EVIDENCE, "record_id": f"hiroshima-2023/{actor}/endorsed", "stated": name}
    for actor, name in zip(_G7, ("Canada", "France", "Japan"), strict=True)
]
_NATION = {"id": "BRA", "kind": "state", "name_en": "Brazil", "iso2": "BR"}
_SENATE = {"id": "bra-senate", "kind": "government_body", "name_en": "Federal Senate", "parent": "BRA"}
_ARTICLES = [
    {**_PAPER, "id": f"paper-{number}", "title": f"Paper {number}", "container": container}
    for number, container in enumerate(
        (
            "Foreign Affairs",
            "Nature",
            "Science",
            "Telecommunications Policy",
            "Government Information Quarterly",
            "International Security",
            "Survival",
            "World Development",
            "Third World Quarterly",
            "AI & Society",
            "Minds and Machines",
            "Daedalus",
        )
    )
]

EXAMPLES: dict[str, Example] = {
    "dates-in-order": _one("instruments", "adopted", {"id": "bra-pl-2338-2023", "proposed": "2023-05-03", "adopted": "2024-12-10"}, {"adopted": "2022-12-10"}),
    "period-in-order": _one("strategies", "period_end", {**_STRATEGY, "period_start": "2021", "period_end": "2031"}, {"period_end": "2013"}),
    "period-against-adoption": _one("strategies", "adopted", {**_STRATEGY, "period_start": "2021", "period_end": "2031"}, {"adopted": "2032"}),
    "date-ahead": _one("strategies", "adopted", _STRATEGY, {"adopted": "2121-09-20"}),
    "year-plausible": _one("strategies", "adopted", _STRATEGY, {"adopted": "1905-07-13"}),
    "read-before-published": _one("sources", "accessed", {**_SOURCE, "accessed": "2025-11-06"}, {"accessed": "2021-06-11"}),
    "record-exists": _one("evidence", "record_id", _EVIDENCE, {"record_id": "chl-ai-policy-2012"}, strategies=[_STRATEGY]),
    "subject-exists": _one(
        "relations", "subject_id",
        {"subject_table": "strategies", "subject_id": "chl-ai-policy-2024", "relation": "supersedes", "object_table": "strategies", "object_id": "chl-ai-policy-2021"},
        {"subject_id": "chl-ai-policy-2025"}, strategies=[_STRATEGY, _UPDATE],
    ),
    "object-exists": _one(
        "relations", "object_id",
        {"subject_table": "strategies", "subject_id": "chl-ai-policy-2024", "relation": "supersedes", "object_table": "strategies", "object_id": "chl-ai-policy-2021"},
        {"object_id": "chl-ai-policy-2012"}, strategies=[_STRATEGY, _UPDATE],
    ),
    "relation-to-itself": _one(
        "relations", "object_id",
        {"subject_table": "strategies", "subject_id": "chl-ai-policy-2024", "relation": "supersedes", "object_table": "strategies", "object_id": "chl-ai-policy-2021"},
        {"object_id": "chl-ai-policy-2024"},
    ),
    "parent-without-cycle": _add("actors", "parent", [{**_CHILE}, {"id": "chl-minciencia", "kind": "government_body", "name_en": "Ministry of Science", "parent": "CHL"}], {"parent": "chl-minciencia"}),
    "evidence-required": Example("strategies", "", {"strategies": [_STRATEGY], "evidence": [_EVIDENCE]}, {"strategies": [_STRATEGY], "evidence": []}),
    "statement-once": _one("evidence", "source", _SIGNED_SAID, {"locator": "p. 2"}, signatories=[{**_SIGNED[0], "source": "decree-20", "locator": "p. 2"}]),
    "evidence-field": _one("evidence", "field", _EVIDENCE, {"field": "adoption"}, strategies=[_STRATEGY]),
    "dispute-states-value": _one("evidence", "stated", {**_EVIDENCE, "stance": "disputes", "stated": "2021-12-03"}, {"stated": ""}),
    "disputed-value-differs": _one("evidence", "stance", {**_EVIDENCE, "stance": "disputes", "stated": "2021-12-03"}, {"stated": "2021-09-20"}, strategies=[_STRATEGY]),
    "evidence-contradicts": _one("evidence", "stated", {**_EVIDENCE, "stated": "2021-09"}, {"stated": "2021-12-03"}, strategies=[_STRATEGY]),
    "spreadsheet-sorted": Example(
        "memberships", "from_date",
        {"memberships": _JOINED, "evidence": _JOINED_SAID},
        {"memberships": [{**row, "from_date": date} for row, date in zip(_JOINED, ("1991-03-26", "2012-08-12", "2024-07-08"), strict=True)], "evidence": _JOINED_SAID},
    ),
    "source-used": Example("sources", "id", {"sources": [_SOURCE], "evidence": [_EVIDENCE]}, {"sources": [_SOURCE], "evidence": []}),
    "retired-identifier": _one("strategies", "id", _STRATEGY, {"id": "chl-ai-policy"}, retired=[{"id": "chl-ai-policy", "record_table": "strategies", "reason": "Year added.", "retired": "2026-11-25"}]),
    "replacement-exists": _one(
        "retired", "replaced_by",
        {"id": "chl-plan-2021", "record_table": "instruments", "reason": "It is a strategy.", "retired": "2026-11-25", "replaced_by": "chl-ai-policy-2021", "replaced_by_table": "strategies"},
        {"replaced_by": "chl-ai-policy-2012"}, strategies=[_STRATEGY], instruments=[],
    ),
    "state-code": _one("actors", "iso2", _CHILE, {"iso2": ""}),
    "national-prefix": _add("actors", "id", [_CHILE, {"id": "chl-minciencia", "kind": "government_body", "name_en": "Ministry of Science", "parent": "CHL"}], {"id": "minciencia"}),
    "code-prefix": _one("codes", "id", _CODES[0], {"id": "level.1"}),
    "same-address": _add(
        "sources", "url",
        [{**_SOURCE, "url": "https://www.bcn.cl/leychile/navegar?idNorma=1169399"}, {**_PAPER, "url": "https://link.cnki.net/urlid/11.1160.C.20260104.1036.002"}],
        {"url": "https://www.bcn.cl/leychile/navegar?idNorma=1169399"},
    ),
    "address-detour": _one("sources", "url", {**_SOURCE, "url": "https://www.bcn.cl/leychile/navegar?idNorma=1169399"}, {"url": "https://www.bcn.cl/leychile/navegar?idNorma=1169399&utm_source=x"}),
    "doi-form": _one("sources", "doi", {**_PAPER, "doi": "10.1093/ia/iiae123"}, {"doi": "10.1093/ia/iiae123."}),
    "host-ruled-out": _one("sources", "url", {**_SOURCE, "url": "https://www.bcn.cl/leychile/navegar?idNorma=1169399"}, {"url": "https://es.wikipedia.org/wiki/Decreto_20"}),
    "number-not-date": _one("sources", "pages", {**_PAPER, "pages": "1-23"}, {"pages": "1月23日"}),
    "pages-in-order": _one("sources", "pages", {**_PAPER, "pages": "123-45"}, {"pages": "145-123"}),
    "filled-down": Example(
        "sources", "container", {"sources": _ARTICLES}, {"sources": [*_ARTICLES[:6], *({**row, "container": "Survival"} for row in _ARTICLES[6:])]}
    ),
    "text-too-long": Example(
        "sources", "title", {"sources": [{**_PAPER, "id": f"paper-{number}"} for number in range(20)]},
        {"sources": [*({**_PAPER, "id": f"paper-{number}"} for number in range(19)), {**_PAPER, "id": "paper-19", "title": "Abstract. " + "This paper asks how states hedge. " * 7}]},
    ),
    "zeros-for-unknown": Example("index_scores", "score", {"index_scores": _SCORES}, {"index_scores": [{**row, "score": "0"} for row in _SCORES]}),
    "script-fits": _one("instruments", "title_zh", {**_LAW, "title_zh": "人工智能法案"}, {"title_zh": "Bill on the Use of Artificial Intelligence"}),
    "language-fits": _one("sources", "language", {**_SOURCE, "title": "Política Nacional de Inteligencia Artificial para el Desarrollo y las Personas del País", "language": "es"}, {"language": "fr"}),
    "date-of-report": Example(
        "strategies", "adopted", {"strategies": [_STRATEGY], "evidence": [_EVIDENCE]}, {"strategies": [_STRATEGY], "evidence": [{**_EVIDENCE, "locator": "date of the report"}]},
    ),
    "original-title-sourced": Example(
        "strategies", "title_original",
        {"strategies": [{**_STRATEGY, "title_original": "Política Nacional de Inteligencia Artificial"}], "evidence": [{**_EVIDENCE, "field": "title_original", "stated": "Política Nacional de Inteligencia Artificial"}]},
        {"strategies": [{**_STRATEGY, "title_original": "Política Nacional de Inteligencia Artificial"}], "evidence": [_EVIDENCE]},
    ),
    "evidence-elsewhere": _one(
        "evidence", "stated", {**_SIGNED_EVIDENCE, "record_id": "santiago-2023/CHL/signed", "stated": "Chile"}, {"stated": "Brazil"}, actors=[_CHILE, _NATION],
    ),
    "status-agrees": _one("instruments", "status", {**_LAW, "status": "in_force", "adopted": "2024-12-10"}, {"status": "pending"}),
    "superseded-needs-successor": Example("strategies", "status", {"strategies": [_STRATEGY, _UPDATE]}, {"strategies": [{**_UPDATE, "supersedes": ""}, _STRATEGY]}),
    "act-before-declaration": _one("signatories", "date", {**_SIGNED[0], "date": "2023-10-24"}, {"date": "2022-10-24"}, declarations=[{**_DECLARATION, "date": "2023-10-24"}]),
    "bloc-as-acts": Example(
        "signatories", "actor", {"signatories": _G7_ACTS, "memberships": _G7_MEMBERS, "evidence": _G7_SAID},
        {"signatories": _G7_ACTS, "memberships": _G7_MEMBERS, "evidence": [{**row, "stated": "the leaders of the G7"} for row in _G7_SAID]},
    ),
    "jurisdiction-agrees": _one("instruments", "jurisdiction", {**_LAW, "issuing_body": "bra-senate"}, {"jurisdiction": "CHL"}, actors=[_CHILE, _NATION, _SENATE]),
    "un-member-agrees": _one("actors", "un_member", {**_CHILE, "un_member": "true"}, {"un_member": "false"}, memberships=[{"bloc": "UN", "member": "CHL", "spell": "1", "role": "member", "from_date": "1945-10-24"}]),
    "coverage-current": _one("coverage", "as_of", {"actor": "CHL", "topic": "national-ai-strategy", "finding": "found", "as_of": "2026-08"}, {"as_of": "2024-08"}),
    "counted-up": Example(
        "sources", "url",
        {"sources": [{**_SOURCE, "id": f"s{number}", "url": f"https://www.bcn.cl/norma/{code}"} for number, code in enumerate((1169399, 1209272, 1141599))]},
        {"sources": [{**_SOURCE, "id": f"s{number}", "url": f"https://www.bcn.cl/norma/{code}"} for number, code in enumerate((1169399, 1169400, 1169401))]},
    ),
    "address-form": _one("sources", "url", {**_SOURCE, "url": "https://www.bcn.cl/leychile/navegar?idNorma=1169399"}, {"url": "https://www.bcn.cl/leychile/navegar?idNorma=1169399."}),
    "official-number": _one("instruments", "official_number", {"id": "usa-bis-2022-ifr", "adopted": "2022-10-07", "official_number": "87 FR 62186"}, {"official_number": "78 FR 62186"}),
    "near-duplicate-title": Example(
        "instruments", "title_en",
        {"instruments": [_LAW, {**_LAW, "id": "bra-pl-21-2020", "title_en": "Legal Framework for Artificial Intelligence"}]},
        {"instruments": [_LAW, {**_LAW, "id": "bra-pl-21-2020", "title_en": "Bill on the Use of Artificial Intelligence."}]},
    ),
    "region-agrees": _add("actors", "un_region", [{**_CHILE, **_SOUTH}, {"id": "BRA", "kind": "state", "name_en": "Brazil", "iso2": "BR", **_SOUTH}, {"id": "PER", "kind": "state", "name_en": "Peru", "iso2": "PE", **_SOUTH}], {"un_region": "Africa"}),
    "place-codes": _one("actors", "iso2", {**_CHILE, "m49": "152"}, {"iso2": "CI"}),
    "language-code": _one("strategies", "language", {**_STRATEGY, "language": "es"}, {"language": "sp"}),
    "currency-code": _one("strategies", "budget_currency", {**_STRATEGY, "budget": "1000000", "budget_currency": "CLP"}, {"budget_currency": "CHP"}),
    "rows-lost": Example("declarations", "", {"declarations": [_DECLARATION]}, {"declarations": []}, earlier={"declarations": [_DECLARATION]}),
    "values-lost": Example("strategies", "adopted", {"strategies": [_STRATEGY, _UPDATE]}, {"strategies": [_STRATEGY, {**_UPDATE, "adopted": ""}]}, earlier={"strategies": [_STRATEGY, _UPDATE]}),
    "identifier-lost": Example(
        "strategies", "id",
        {"strategies": [_UPDATE], "retired": [{"id": "chl-ai-policy-2021", "record_table": "strategies", "reason": "One record with the update.", "retired": "2026-11-25", "replaced_by": "chl-ai-policy-2024"}]},
        {"strategies": [_UPDATE], "retired": []}, earlier={"strategies": [_STRATEGY, _UPDATE]},
    ),
    "supersedes-within": _add("strategies", "supersedes", [_STRATEGY, _UPDATE], {"jurisdiction": "BRA"}),
    "supersedes-without-cycle": _add("strategies", "supersedes", [_STRATEGY, _UPDATE], {"supersedes": "chl-ai-policy-2024"}),
    "adopted-needs-date": _one("strategies", "adopted", {**_STRATEGY, "status": "adopted"}, {"adopted": ""}),
    "ended-needs-event": _one(
        "strategies", "status", _STRATEGY, {"status": "repealed"}, events=[{"record_table": "strategies", "record_id": "chl-ai-policy-2021", "date": "2025-01-28", "event": "published", "seq": "1"}],
    ),
    "coverage-agrees": _one("coverage", "finding", {"actor": "CHL", "topic": "national-ai-strategy", "finding": "found", "as_of": "2026"}, {"finding": "none_found"}, strategies=[_STRATEGY]),
    "budget-with-currency": _one("strategies", "budget_currency", {**_STRATEGY, "budget": "1000000", "budget_currency": "CLP"}, {"budget_currency": ""}),
    "score-in-scale": _one("index_scores", "score", _SCORES[0], {"score": "7056"}, indices=[_EDITION]),
    "rank-agrees": _add("index_scores", "score_rank", _SCORES, {"score": "76.39"}, indices=[_EDITION]),
    "scores-counted": Example("indices", "scores_scope", {"indices": [_EDITION], "index_scores": _SCORES}, {"indices": [_EDITION], "index_scores": _SCORES[:1]}),
    "tier-agrees": _one(
        "codings", "code", {"record_table": "actors", "record_id": "CHL", "code": "ilia-2025-tier.1", "coder": "paper"}, {"record_id": "BRA"}, index_scores=_SCORES,
        provisions=[{"id": "ilia-2025-tier-1", "record_table": "indices", "record_id": "ilia-2025", "kind": "tier", "title_en": "First tier", "operator": ">=", "value": "70"}],
    ),
    "vote-agrees": _one(
        "votes", "outcome",
        {"record_table": "instruments", "record_id": "chl-ai-bill-2024", "body": "chl-chamber-of-deputies", "date": "2025-08-04", "seq": "1", "method": "recorded", "votes_for": "63", "votes_against": "47", "outcome": "passed"},
        {"votes_for": "47", "votes_against": "63"},
    ),
    "status-as-of": _one(
        "strategies", "status_as_of", {**_STRATEGY, "status_as_of": "2025-01-29"}, {"status_as_of": "2025"},
        evidence=[{**_EVIDENCE, "field": "status", "source": "paper", "stated": "replaced"}], sources=[{**_PAPER, "published": "2025-01-29"}],
    ),
    "status-overtaken": _one(
        "instruments", "status", {**_LAW, "status": "in_force", "status_as_of": "2026-03"}, {"status": "pending"},
        events=[{"record_table": "instruments", "record_id": _LAW["id"], "date": "2026-06-01", "event": "adopted", "seq": "1"}],
    ),
    "existence-agrees": _one(
        "instruments", "existence", {**_LAW, "existence": "named_only", "status": "adopted"}, {"existence": "exists"},
        evidence=[{**_EVIDENCE, "record_table": "instruments", "record_id": _LAW["id"], "source": "paper"}], sources=[_PAPER],
    ),
    "adopted-by-dated": _one("strategies", "adopted_by", {**_STRATEGY, "adopted_by": "gazette"}, {"adopted": ""}),
    "rosters-counted": _one(
        "rosters", "declared",
        {"bloc": "MERCOSUR", "members": "member", "completeness": "complete", "declared": "2", "as_of": "2020", "source": "paper", "locator": "text"},
        {"declared": "4"}, memberships=_JOINED, sources=[_PAPER],
    ),
    "signatories-counted": Example("declarations", "signatories_declared", {"declarations": [_DECLARATION], "signatories": _SIGNED}, {"declarations": [_DECLARATION], "signatories": _SIGNED[:1]}),
    "signed-and-declined": _add("signatories", "role", [_SIGNED[0], {**_SIGNED[1], "role": "declined"}], {"actor": "CHL"}),
    "memberships-apart": _add(
        "memberships", "from_date",
        [
            {"bloc": "CELAC", "member": "BRA", "spell": "1", "role": "member", "from_date": "2011", "to_date": "2020-01"},
            {"bloc": "CELAC", "member": "BRA", "spell": "2", "role": "member", "from_date": "2023-01"},
        ],
        {"from_date": "2019"},
    ),
    "parent-same-scheme": _add("codes", "parent", [{"id": "level.1", "scheme": "level", "label_en": "One", "sort_order": "1"}, {"id": "level.1.a", "scheme": "level", "label_en": "One a", "sort_order": "1", "parent": "level.1"}], {"id": "tier.1", "scheme": "tier"}),
    "order-once": _add("codes", "sort_order", _CODES, {"sort_order": "1"}),
    "exclusive-scheme": _add(
        "codings", "code",
        [{"record_table": "actors", "record_id": "CHL", "code": "tier.1", "coder": "paper"}, {"record_table": "actors", "record_id": "BRA", "code": "tier.2", "coder": "paper"}],
        {"record_id": "CHL"}, codes=_CODES, schemes=[{"id": "tier", "title_en": "Tier", "question": "Which tier?", "coded": "states", "exclusive": "true", "source": "paper", "locator": "text"}],
    ),
    "claim-parent-same-source": _add(
        "claims", "parent",
        [
            {"id": "paper-driver", "source": "paper", "locator": "3", "kind": "driver", "label_en": "Pressure", "statement": "Pressure drives hedging."},
            {"id": "paper-driver-example", "source": "paper", "locator": "3", "kind": "example", "label_en": "Example", "statement": "One case.", "parent": "paper-driver"},
        ],
        {"source": "decree-20"},
    ),
    "recommendation-has-addressee": _one(
        "claims", "addressee",
        {"id": "paper-advice", "source": "paper", "locator": "6", "kind": "recommendation", "label_en": "Coordinate", "statement": "States should coordinate.", "addressee": "LAC"}, {"addressee": ""},
    ),
}  # fmt: skip
"""One example for each rule in `RULES`."""
