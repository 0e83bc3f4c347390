"""Metadata: what the descriptor states is there, nothing is invented, and the schemas of DataCite and schema.org are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aistatecraft import export
from aistatecraft.api import load
from aistatecraft.citations.metadata import about, web_address
from aistatecraft.package import Package, open_package
from tests.conftest import Make
from tests.export.conftest import DAY, VERSION, one

File = Callable[[str], bytes]
BARE = {"fields": [{"name": "x", "type": "string"}]}
FULL: dict[str, Any] = {
    "id": "https://doi.org/10.1234/ABC.5",
    "title": "People",
    "description": "Who is meant & why.",
    "homepage": "https://host.invalid/people",
    "keywords": ["people", "names", "people"],
    "licenses": [{"name": "CC-BY-4.0", "title": "Attribution", "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "contributors": [
        {"title": "Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace", "roles": ["author"], "path": "https://host.invalid/ada"},
        {"title": "Society of People", "roles": ["publisher"]},
        {"title": "Helper", "role": "contributor"},
    ],
    "sources": [{"title": "Who is who", "path": "https://host.invalid/who"}, {"title": "A book"}],
}
SOURCES: dict[str, Any] = {"fields": [{"name": name, "type": "string"} for name in ("id", "title", "url", "doi")], "primaryKey": ["id"]}
BOOKS = (
    "id,title,url,doi\na,First,https://host.invalid/1,10.5555/one\nb,Second,javascript:alert(1),\nc,Third,,https://doi.org/10.5555/three\n"
)


@pytest.fixture
def full(make: Make) -> Package:
    return open_package(make({"people": (BARE, "x\n1\n"), "sources": (SOURCES, BOOKS)}, "full", **FULL))


@pytest.fixture
def bare(make: Make) -> Package:
    return open_package(make({"t": (BARE, "x\n1\n")}, "bare"))


def test_what_is_known_of_a_package(full: Package) -> None:
    found = about(full, "1.0.0", "2024-05-01")
    assert [person.name for person in found.creators] == ["Ada Lovelace"]
    assert found.publisher is not None and found.publisher.name == "Society of People"
    assert found.doi == "10.1234/ABC.5"
    assert found.licence_text == "Attribution (https://creativecommons.org/licenses/by/4.0/)"


@pytest.mark.parametrize("odd", [5, None, [], {}, [5, None, "x", {"title": 7, "path": 8, "name": []}]])
def test_a_descriptor_with_other_things_in_it(make: Make, odd: Any) -> None:
    names = ("title", "description", "homepage", "keywords", "licenses", "contributors", "sources", "id")
    package = open_package(make({"t": (BARE, "x\n1\n")}, **dict.fromkeys(names, odd)))
    for name, format in export.EXPORT_FORMATS.items():
        assert not format.fits(package) or one(name, package)


def test_only_addresses_of_the_web_are_addresses() -> None:
    good = ["https://host.invalid/a?b=c&d#e", "http://127.0.0.1:8000/"]
    bad = ["javascript:alert(1)", "JavaScript:alert(1)", " https://host.invalid", "https://host.invalid/<x>", "//host.invalid", "data:text/html,x", 'https://a"b', 7, None, ""]  # fmt: skip
    assert [web_address(text) for text in good] == good
    assert {web_address(text) for text in bad} == {""}


# schema.org


def test_jsonld_says_all_that_is_known(full: Package) -> None:
    files = {"made-0.2.0.zip": b"abc"}
    content = json.loads(one("jsonld", full, base_url="https://host.invalid/files/", files=files))
    assert {name: content[name] for name in ("@context", "@type", "name", "alternateName", "version", "datePublished", "url", "identifier", "license")} == {
        "@context": "https://schema.org/", "@type": "Dataset", "name": "People", "alternateName": "made", "version": VERSION, "datePublished": DAY,
        "url": "https://host.invalid/people", "identifier": "https://doi.org/10.1234/ABC.5", "license": "https://creativecommons.org/licenses/by/4.0/",
    }  # fmt: skip
    assert content["creator"] == [{"@type": "Person", "name": "Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace", "url": "https://host.invalid/ada"}]  # fmt: skip
    assert content["creditText"] == "Lovelace, A. (2026). People (Version 0.2.0) [Data set]. https://doi.org/10.1234/ABC.5"
    assert content["citation"] == [
        {"@type": "CreativeWork", "name": "Who is who", "url": "https://host.invalid/who"},
        {"@type": "CreativeWork", "name": "A book"},
    ]
    assert content["isBasedOn"] == [
        {"@type": "CreativeWork", "name": "First", "url": "https://host.invalid/1", "identifier": "https://doi.org/10.5555/one"},
        {"@type": "CreativeWork", "name": "Second"},
        {"@type": "CreativeWork", "name": "Third", "identifier": "https://doi.org/10.5555/three"},
    ]
    assert [entry["name"] for entry in content["distribution"]] == ["made-0.2.0.zip", "made-0.2.0-parquet.zip", "made-0.2.0.sqlite", "made-0.2.0.xlsx"]  # fmt: skip
    assert content["distribution"][0] == {
        "@type": "DataDownload", "name": "made-0.2.0.zip", "description": export.EXPORT_FORMATS["csv"].description, "encodingFormat": "application/zip",
        "contentUrl": "https://host.invalid/files/made-0.2.0.zip", "contentSize": "3 B", "sha256": hashlib.sha256(b"abc").hexdigest(),
    }  # fmt: skip
    assert {"contentSize", "sha256"} & set(content["distribution"][1]) == set()
    assert (content["isAccessibleForFree"], content["conditionsOfAccess"]) == (
        True,
        "Attribution (https://creativecommons.org/licenses/by/4.0/)",
    )


def test_jsonld_leaves_out_what_is_not_known(bare: Package) -> None:
    content = json.loads(one("jsonld", bare))
    assert set(content) == {
        "@context",
        "@type",
        "name",
        "alternateName",
        "version",
        "datePublished",
        "isAccessibleForFree",
        "creditText",
        "distribution",
        "variableMeasured",
    }
    assert content["isAccessibleForFree"] is False  # no licence is stated
    assert not any("contentUrl" in entry for entry in content["distribution"])


@pytest.mark.real
def test_jsonld_of_the_real_package(file: File, files: dict[str, bytes], package: Package, root: Path) -> None:
    content = json.loads(file("jsonld"))
    assert content["name"] == package.title and content["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [work["name"] for work in content["isBasedOn"]] == load("sources", path=root)["title"].tolist()
    variables = [entry["name"] for entry in content["variableMeasured"]]
    assert variables == [f"{name}.{column}" for name, resource in package.resources.items() for column in resource.schema.names]
    assert {entry["name"]: entry["sha256"] for entry in content["distribution"]} == {
        name: hashlib.sha256(files[name]).hexdigest()
        for name in (export.file_name(package, VERSION, format) for format in ("csv", "parquet", "sqlite", "xlsx"))
    }
    assert "url" not in content and not any("contentUrl" in entry for entry in content["distribution"])
    assert content["inLanguage"] == ["en", "es", "fr", "pt", "zh"] and content["isAccessibleForFree"] is True
    assert {"@type": "Country", "name": "Brazil", "identifier": "BRA"} in content["spatialCoverage"]


def test_coverage_is_found_in_the_tables(make: Make) -> None:
    def refers(*names: str) -> dict[str, Any]:
        return {
            "fields": [
                *({"name": name, "type": "string"} for name in names),
                {"name": "adopted", "type": "string", "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF-level0"},
                {"name": "opened", "type": "year"}, {"name": "record_id", "type": "string"},
            ],
            "foreignKeys": [{"fields": ["actor"], "reference": {"resource": "actors", "fields": ["id"]}}],
        }  # fmt: skip

    actors = {"fields": [{"name": name, "type": "string"} for name in ("id", "kind", "name_en", "name_zh")], "primaryKey": ["id"]}
    sources = {"fields": [{"name": "id", "type": "string"}, {"name": "accessed", "type": "date"}], "primaryKey": ["id"]}
    package = open_package(
        make(
            {
                "actors": (actors, "id,kind,name_en,name_zh\nBRA,state,Brazil,\nCHL,state,Chile,\nEU,union,European Union,\n"),
                "laws": (refers("actor"), "actor,adopted,opened,record_id\nBRA,2019-05,2020,x\nEU,2018/2030,2016,x\nBRA,,,x\n"),
                "sources": (sources, "id,accessed\na,1999-01-01\n"),
            }
        )
    )
    content = json.loads(one("jsonld", package))
    assert content["temporalCoverage"] == "2016/2020"  # 2030 is not over, and 1999 is when a source was read
    assert content["spatialCoverage"] == [{"@type": "Country", "name": "Brazil", "identifier": "BRA"}]
    assert content["inLanguage"] == ["en", "zh"]


# The address of the project: none unless the descriptor states one


HOME = "https://host.invalid/people"


def test_homepage_of_the_descriptor_is_in_all_metadata(full: Package, bare: Package) -> None:
    for format in ("jsonld", "croissant", "datacite", "zenodo", "datasette"):
        assert HOME in one(format, full).decode(), format
        assert "host.invalid" not in one(format, bare).decode()


@pytest.mark.real
def test_no_address_is_invented(files: dict[str, bytes], root: Path) -> None:
    import tomllib

    assert "urls" not in tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    if "homepage" not in descriptor:
        content = json.loads(files[f"aistatecraft-{VERSION}.datasette.json"])
        assert not {"about_url", "source_url"} & set(content)


# DataCite


def valid_datacite(data: bytes) -> bool:
    from datacite import schema45

    return bool(schema45.validate(json.loads(data)))


@pytest.mark.real
def test_datacite_keeps_its_schema(file: File, full: Package, bare: Package) -> None:
    assert valid_datacite(file("datacite"))
    assert valid_datacite(one("datacite", full, base_url="https://host.invalid/"))
    assert valid_datacite(one("datacite", bare))
    broken = json.loads(file("datacite"))
    assert not valid_datacite(json.dumps({**broken, "publicationYear": "soon"}).encode())  # so the check is one
    assert not valid_datacite(json.dumps({**broken, "identifiers": []}).encode())


def test_datacite_says_all_that_is_known(full: Package) -> None:
    content = json.loads(one("datacite", full))
    assert content["doi"] == "10.1234/ABC.5" and content["url"] == "https://host.invalid/people"
    assert content["creators"] == [{"name": "Lovelace, Ada", "nameType": "Personal", "givenName": "Ada", "familyName": "Lovelace"}]
    assert (content["publisher"], content["publicationYear"]) == ({"name": "Society of People"}, "2026")
    assert content["subjects"] == [{"subject": "people"}, {"subject": "names"}]
    assert content["relatedIdentifiers"] == [
        {"relatedIdentifier": "https://host.invalid/who", "relatedIdentifierType": "URL", "relationType": "IsDerivedFrom"},
        {"relatedIdentifier": "10.5555/one", "relatedIdentifierType": "DOI", "relationType": "References"},
        {"relatedIdentifier": "10.5555/three", "relatedIdentifierType": "DOI", "relationType": "References"},
    ]


def test_datacite_without_a_doi_has_none(bare: Package) -> None:
    content = json.loads(one("datacite", bare))
    assert not {"doi", "url", "identifiers", "subjects", "rightsList", "descriptions", "relatedIdentifiers"} & set(content)
    assert (content["creators"], content["publisher"]) == ([{"name": ":unav"}], {"name": ":unav"})


# Zenodo


def test_zenodo_says_all_that_is_known(full: Package) -> None:
    assert json.loads(one("zenodo", full)) == {
        "upload_type": "dataset",
        "title": "People",
        "description": "<p>Who is meant &amp; why.</p><p>Tables: people, sources.</p>",
        "creators": [{"name": "Lovelace, Ada"}],
        "version": VERSION,
        "publication_date": DAY,
        "access_right": "open",
        "license": "cc-by-4.0",
        "keywords": ["people", "names"],
        "doi": "10.1234/ABC.5",
        "references": ["Who is who", "A book"],
        "related_identifiers": [
            {"identifier": "https://host.invalid/people", "relation": "isDocumentedBy", "scheme": "url"},
            {"identifier": "https://host.invalid/who", "relation": "isDerivedFrom", "scheme": "url"},
        ],
    }


def test_zenodo_is_not_told_that_access_is_open_without_a_licence(bare: Package) -> None:
    content = json.loads(one("zenodo", bare))
    assert set(content) == {"upload_type", "title", "description", "version", "publication_date"}


@pytest.mark.real
def test_zenodo_of_the_real_package(file: File, package: Package) -> None:
    content = json.loads(file("zenodo"))
    assert (content["title"], content["license"], content["version"]) == (package.title, "cc-by-4.0", VERSION)
    assert content["creators"] == [{"name": "aistatecraft contributors"}]
