"""Statements of sources: what rows of `evidence` and rows with a source of their own state, in one list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import aistatecraft as ai
from aistatecraft.package import open_package
from aistatecraft.package.statements import Statement, statements
from tests.conftest import Make

TO_SOURCES = {"reference": {"resource": "sources", "fields": "id"}}
OWN = [{"name": name} for name in ("source", "locator", "stated", "quote", "note")]
SIGNED: dict[str, Any] = {
    "aistatecraft:evidence": "required",
    "fields": [{"name": "text"}, {"name": "state"}, *OWN],
    "primaryKey": ["text", "state"],
    "foreignKeys": [{"fields": "source", **TO_SOURCES}],
}
SCORES: dict[str, Any] = {
    **SIGNED,
    "aistatecraft:states": "score",
    "fields": [{"name": "text"}, {"name": "state"}, {"name": "score"}, *OWN],
}
CLAIMS: dict[str, Any] = {
    "fields": [{"name": "id"}, {"name": "source"}, {"name": "locator"}], "primaryKey": "id", "foreignKeys": [{"fields": "source", **TO_SOURCES}],
}  # fmt: skip
LAWS: dict[str, Any] = {"aistatecraft:evidence": "required", "fields": [{"name": "id"}, {"name": "coder"}], "primaryKey": "id", "foreignKeys": [{"fields": "coder", **TO_SOURCES}]}  # fmt: skip
EVIDENCE: dict[str, Any] = {
    "fields": [{"name": name} for name in Statement._fields],
    "primaryKey": ["record_table", "record_id", "field", "source", "locator"],
    "foreignKeys": [{"fields": "source", **TO_SOURCES}],
}
SOURCES: dict[str, Any] = {
    "fields": [{"name": name} for name in ("id", "kind", "title", "publisher", "published", "url", "doi", "accessed")], "primaryKey": "id",
}  # fmt: skip
HEAD = ",".join(Statement._fields) + "\n"
TABLES: dict[str, tuple[dict[str, Any], str]] = {
    "signed": (SIGNED, "text,state,source,locator,stated,quote,note\na,BRA,act,p. 1,Brazil,signed by Brazil,Of the row.\na,CHL,press,text,,,\na,PER,,,,,\n"),
    "scores": (SCORES, "text,state,score,source,locator,stated,quote,note\nx,CHL,70.56,press,p. 3,70.6,,\n"),
    "claims": (CLAIMS, "id,source,locator\nc1,press,p. 9\nc2,act,p. 8\n"),
    "laws": (LAWS, "id,coder\nl1,press\n"),
    "evidence": (
        EVIDENCE,
        HEAD + "claims,c1,*,press,p. 9,,their words,supports,\nlaws,l1,*,act,s. 1,,,supports,\n"
        "signed,a/BRA,*,press,text,,,disputes,It counts 16.\nsigned,a/BRA,date,press,text,2024,,supports,\n",
    ),
    "sources": (SOURCES, "id,kind,title,publisher,published,url,doi,accessed\nact,primary,The act,,,,,\npress,press,The press,,,,,\n"),
}  # fmt: skip
FOUND = [
    Statement("claims", "c1", "*", "press", "p. 9", "", "their words"),
    Statement("laws", "l1", "*", "act", "s. 1"),
    Statement("signed", "a/BRA", "*", "press", "text", "", "", "disputes", "It counts 16."),
    Statement("signed", "a/BRA", "date", "press", "text", "2024"),
    Statement("signed", "a/BRA", "*", "act", "p. 1", "Brazil", "signed by Brazil"),
    Statement("signed", "a/CHL", "*", "press", "text"),
    Statement("scores", "x/CHL", "score", "press", "p. 3", "70.6"),
    Statement("claims", "c2", "*", "act", "p. 8"),
]


@pytest.fixture
def package(make: Make) -> Path:
    return make(TABLES)


def test_rows_of_evidence_and_what_rows_state_themselves(package: Path) -> None:
    assert list(statements(open_package(package))) == FOUND
    for table in TABLES:
        assert list(statements(open_package(package), table)) == [one for one in FOUND if one.record_table == table]


def test_support_counts_both(package: Path) -> None:
    assert ai.support("signed", path=package).to_numpy().tolist() == [
        ["signed", "a/BRA", 2, True, True, "primary"],
        ["signed", "a/CHL", 1, False, False, "single source"],
        ["signed", "a/PER", 0, False, False, "none"],
    ]
    assert ai.support("scores", path=package)["level"].tolist() == ["single source"]


def test_sources_of_a_record_are_both(package: Path) -> None:
    columns = ["field", "stance", "stated", "quote", "locator", "source", "title"]
    found = ai.sources_of("signed", "a/BRA", path=package)[columns].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        ["*", "disputes", None, None, "text", "press", "The press"],
        ["*", "supports", "Brazil", "signed by Brazil", "p. 1", "act", "The act"],
        ["date", "supports", "2024", None, "text", "press", "The press"],
    ]
    assert ai.sources_of("signed", "a/PER", path=package).empty
    assert ai.sources_of("laws", "l1", path=package)[["field", "source"]].to_numpy().tolist() == [["*", "act"], ["coder", "press"]]


def test_the_same_statements_all_in_evidence_give_the_same_support(package: Path, make: Make) -> None:
    """What was moved into a row counts as before, so earlier versions and this one can be compared."""
    names = {"signed": ["text", "state"], "scores": ["text", "state", "score"]}
    bare = {
        table: {"aistatecraft:evidence": "required", "fields": [{"name": name} for name in fields], "primaryKey": ["text", "state"]}
        for table, fields in names.items()
    }
    rows = {"signed": "text,state\na,BRA\na,CHL\na,PER\n", "scores": "text,state,score\nx,CHL,70.56\n"}
    evidence = HEAD + "".join(",".join(one) + "\n" for one in sorted(FOUND))
    before = make({**TABLES, **{table: (bare[table], rows[table]) for table in rows}, "evidence": (EVIDENCE, evidence)}, name="before")
    for table in ("signed", "scores"):
        assert ai.support(table, path=before).equals(ai.support(table, path=package))
        for record in ai.support(table, path=package)["record"]:
            assert ai.sources_of(table, record, path=before).equals(ai.sources_of(table, record, path=package))


def test_a_package_without_evidence_has_what_its_rows_state(make: Make) -> None:
    path = make({name: TABLES[name] for name in ("signed", "sources")}, name="alone")
    assert list(statements(open_package(path))) == FOUND[4:6]
    assert ai.support(path=path)["sources"].tolist() == [1, 1, 0]
    assert ai.sources_of("signed", "a/CHL", path=path)["source"].tolist() == ["press"]


@pytest.mark.real
def test_version_before_links_had_sources_is_read_as_it_was() -> None:
    found = ai.support("signatories", version="0.3.0")
    assert len(found) == len(ai.load("signatories", version="0.3.0")) and (found["sources"] > 0).all()
    assert not ai.sources_of("signatories", found["record"].iloc[0], version="0.3.0").empty
    assert ai.views.timeline(kind="declarations", version="0.3.0").attrs["cited"]


@pytest.mark.real
def test_every_link_of_the_dataset_names_its_source(root: Path) -> None:
    package = open_package(root)
    own = [name for name, resource in package.resources.items() if resource.schema.names_source and resource.schema.evidence_required]
    assert {"memberships", "signatories", "relations", "instrument_actors", "votes", "provisions", "index_scores"} <= set(own)
    for name in own:
        assert ai.load(name, path=root)[["source", "locator"]].notna().all(axis=None), name
