"""The sources behind a record, a table and the package: which, how often, and how they follow a citation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy

from aistatecraft import DataError, UsageError, cite, load, sources_of
from aistatecraft.citations import STYLES
from aistatecraft.citations.provenance import supporting_sources
from aistatecraft.package import open_package
from tests.conftest import Make, Run, edit

TO_SOURCES = {"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}}
SCHEMAS: dict[str, dict[str, Any]] = {
    "people": {"title": "People", "fields": [{"name": "id"}, {"name": "name_en"}], "primaryKey": ["id"]},
    "schemes": {"fields": [{"name": "id"}, {"name": "source"}], "primaryKey": ["id"], "foreignKeys": [TO_SOURCES]},
    "codes": {"fields": [{"name": "id"}, {"name": "scheme"}], "primaryKey": ["id"]},
    "claims": {"fields": [{"name": "id"}, {"name": "source"}], "primaryKey": ["id"], "foreignKeys": [TO_SOURCES]},
    "sources": {"missingValues": ["", "none exists"], "fields": [{"name": "id"}, {"name": "kind"}, {"name": "title"}, {"name": "published"}], "primaryKey": ["id"]},
    "evidence": {
        "fields": [{"name": name} for name in ("record_table", "record_id", "field", "source", "locator")],
        "primaryKey": ["record_table", "record_id", "field", "source", "locator"],
        "foreignKeys": [TO_SOURCES],
    },
}  # fmt: skip
TABLES = {
    "people": "id,name_en\nada,Ada\nbo,Bo\n",
    "schemes": "id,source\ncolours,book\n",
    "codes": "id,scheme\nred,colours\nblue,colours\n",
    "claims": "id,source\none,paper\ntwo,paper\n",
    "sources": "id,kind,title,published\npaper,report,A paper,2020\nbook,report,A book,2019\nsite,primary,A site,none exists\nunused,press,Never named,2018\n",
    "evidence": "record_table,record_id,field,source,locator\npeople,ada,*,book,p. 1\npeople,ada,name_en,book,p. 2\npeople,ada,*,site,text\n"
    "people,bo,*,site,text\nclaims,one,*,site,text\nsources,book,*,site,text\n",
}
PAPER, BOOK, SITE, UNUSED = "A paper. (2020).", "A book. (2019).", "A site. (n.d.).", "Never named. (2018)."


@pytest.fixture
def library(make: Make) -> Path:
    return make({name: (schema, TABLES[name]) for name, schema in SCHEMAS.items()}, title="Library", created="2024-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("table", "record", "expected"),
    [
        ("people", "ada", {"book": 2, "site": 1}),
        ("people", "bo", {"site": 1}),
        ("people", None, {"book": 2, "site": 2}),
        ("claims", "one", {"paper": 1, "site": 1}),
        ("claims", None, {"paper": 2, "site": 1}),
        ("codes", "red", {"book": 1}),
        ("codes", None, {"book": 2}),
        ("schemes", None, {"book": 1}),
        ("evidence", "people/bo/*/site/text", {"site": 1}),
        ("sources", "book", {"site": 1, "book": 0}),
        ("sources", None, {"site": 1, "book": 0, "paper": 0, "unused": 0}),
        (None, None, {"book": 5, "site": 4, "paper": 2, "unused": 0}),
    ],
)
def test_sources_and_how_much_rests_on_each(library: Path, table: str | None, record: str | None, expected: dict[str, int]) -> None:
    assert dict(supporting_sources(open_package(library), table, record)) == expected


def test_sources_follow_the_citation_once_each_in_the_order_of_their_identifiers(library: Path) -> None:
    head = cite(table="people", id="ada", path=library)
    assert cite(table="people", id="ada", path=library, sources=True).split("\n") == [head, BOOK, SITE]
    assert cite(table="claims", path=library, sources=True).split("\n")[1:] == [PAPER, SITE]
    assert cite(path=library, sources=True).split("\n")[1:] == [BOOK, PAPER, SITE, UNUSED]
    assert cite(table="sources", id="book", path=library, sources=True).split("\n") == [BOOK, SITE]
    assert cite(table="sources", id="paper", path=library, sources=True) == PAPER


def test_limit_keeps_those_on_which_most_rests(library: Path) -> None:
    assert cite(path=library, sources=True, limit=2).split("\n")[1:] == [BOOK, SITE]
    assert cite(path=library, sources=True, limit=3).split("\n")[1:] == [BOOK, PAPER, SITE]
    assert cite(path=library, sources=True, limit=99) == cite(path=library, sources=True)
    for wrong in ({"limit": 0, "sources": True}, {"limit": 5}):
        with pytest.raises(UsageError, match="limit applies to sources and must be at least 1"):
            cite(path=library, **wrong)  # type: ignore[arg-type]


def test_each_style_writes_them_as_one_file(library: Path) -> None:
    def text(style: str) -> str:
        return cite(style, table="people", path=library, sources=True)

    assert [item["id"] for item in json.loads(text("csl-json"))] == ["made-0.1.0-people", "book", "site"]
    for style in ("bibtex", "biblatex"):
        found = bibtexparser.parse_string(text(style))
        assert [entry.key for entry in found.entries] == ["made-0.1.0-people", "book", "site"] and not found.failed_blocks
    assert [entry["title"] for entry in rispy.loads(text("ris"))] == ["People [people]", "A book", "A site"]
    assert text("chicago").split("\n")[1:] == ["“A book.” 2019.", "“A site.” n.d."]


def test_command_says_what_a_limit_left_out(library: Path, run: Run) -> None:
    for style in STYLES:
        done = run("cite", "people", "ada", "--sources", "--style", style, "--path", library)
        assert done == (0, cite(style, table="people", id="ada", path=library, sources=True) + "\n", "")
    done = run("cite", "--sources", "--limit", "1", "--path", library)
    assert (done.code, done.out) == (0, cite(path=library, sources=True, limit=1) + "\n")
    assert done.err == "1 of 4 sources, the most used first; leave out --limit for all\n"
    done = run("cite", "--limit", "1", "--path", library)
    assert (done.code, done.out, done.err) == (2, "", "aistatecraft: --limit applies to the sources; add --sources.\n")


def test_package_without_sources_or_with_one_that_is_missing(library: Path, make: Make) -> None:
    bare = make({"people": (SCHEMAS["people"], TABLES["people"])}, name="bare")
    with pytest.raises(UsageError, match="this package has no table 'sources', so it does not record what supports its rows"):
        cite(table="people", id="ada", path=bare, sources=True)
    edit(library / "data" / "evidence.csv", "people,bo,*,site", "people,bo,*,gone")
    with pytest.raises(DataError, match="sources: there is no 'gone', which other tables refer to; see 'aistatecraft validate'"):
        cite(table="people", id="bo", path=library, sources=True)
    assert cite(table="people", id="ada", path=library, sources=True)
    with pytest.raises(UsageError, match="people has no record 'adaa'"):
        supporting_sources(open_package(library), "people", "adaa")


@pytest.mark.real
def test_real_sources_are_those_that_the_table_of_sources_tells(root: Path) -> None:
    """The same as `sources_of`, which is written otherwise."""
    package = open_package(root)
    for table, record in (("strategies", "bra-ebia-2021"), ("signatories", "cartagena-2024/CUB/signed")):
        assert set(supporting_sources(package, table, record)) == set(sources_of(table, record, path=root)["source"])
    for table in ("claims", "codes", "codings", "coverage"):
        frame = load(table, path=root)
        keys = package.resource(table).schema.primary_key
        for at in range(0, len(frame), max(1, len(frame) // 5)):
            record = "/".join(str(frame[name].iloc[at]) for name in keys)
            assert set(supporting_sources(package, table, record)) == set(sources_of(table, record, path=root)["source"]), (table, record)
    assert len(supporting_sources(package)) == len(load("sources", path=root))
