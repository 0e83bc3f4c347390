"""Descriptors: what the standard asks of them is found, at its place; what it allows is no finding; nothing is fetched."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.package import open_package
from aistatecraft.validation import validate
from aistatecraft.validation.descriptor_check import check_descriptors

FIELD: dict[str, Any] = {"name": "id", "type": "string"}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def described(folder: Path, package: Any = None, resource: Any = None, schema: Any = None, field: Any = None) -> Path:
    """A package with a table `t`, with further properties."""
    inner = {"fields": [{**FIELD, **(field or {})}], **(schema or {})}
    whole = {"name": "made", "resources": [{"name": "t", "path": "t.csv", "schema": inner, **(resource or {})}], **(package or {})}
    (folder / "datapackage.json").write_text(json.dumps(whole), encoding="utf-8")
    (folder / "t.csv").write_text("id\na\n", encoding="utf-8")
    return folder


def found(path: Path) -> list[tuple[str, str, str, str]]:
    return [(finding.rule, finding.severity, finding.message, finding.hint) for finding in validate(path).findings]


ASKED = "write it as the Data Package standard asks"


@pytest.mark.parametrize(
    ("parts", "message", "hint"),
    [
        ({"package": {"title": 5}}, "title: 5 is not of type 'string'", "write a value of type string"),
        ({"package": {"licenses": [{"title": "Free"}]}}, "license requires \"path\" or \"name\": {'title': 'Free'}", ASKED),
        ({"package": {"created": "yesterday"}}, 'property "created" is not valid "datetime"', ASKED),
        ({"package": {"contributors": [{"title": 5}]}}, "contributors/0/title: 5 is not of type 'string'", "write a value of type string"),
        ({"resource": {"bytes": "many"}}, "resource t: bytes: 'many' is not of type 'integer'", "write a value of type integer"),
        ({"resource": {"mediatype": 5}}, "resource t: mediatype: 5 is not of type 'string'", "write a value of type string"),
        ({"field": {"rdfType": 5}}, "resource t, field id: rdfType: 5 is not of type 'string'", "write a value of type string"),
    ],
)
def test_what_the_standard_asks(tmp_path: Path, parts: dict[str, Any], message: str, hint: str) -> None:
    assert found(described(tmp_path, **parts)) == [("descriptor", "error", message, hint)]


@pytest.mark.parametrize(
    ("parts", "message", "hint"),
    [
        ({"package": {"missingValues": ["-"]}}, "missingValues has no effect here", "move it into schema"),
        ({"resource": {"primaryKey": "id"}}, "resource t: primaryKey has no effect here", "move it into schema"),
        ({"schema": {"primarykey": "id"}}, "resource t: primarykey has no effect with this spelling", "write primaryKey"),
        ({"field": {"required": True}}, "resource t, field id: required has no effect here", "move it into constraints"),
        ({"field": {"minLength": 3}}, "resource t, field id: minLength has no effect here", "move it into constraints"),
        (
            {"field": {"missingvalues": ["-"]}},
            "resource t, field id: missingvalues has no effect with this spelling",
            "write missingValues",
        ),
    ],
)
def test_what_changes_nothing_where_it_stands(tmp_path: Path, parts: dict[str, Any], message: str, hint: str) -> None:
    assert found(described(tmp_path, **parts)) == [("misplaced-property", "warning", message, hint)]


@pytest.mark.parametrize(
    "parts",
    [
        {"package": {"$schema": "https://host.invalid/profile.json", "profile": "https://host.invalid/other.json"}},
        {"package": {"profile": "tabular-data-package"}, "resource": {"profile": "tabular-data-resource"}},
        {"package": {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "Any name, in any letters"}},
        {"package": {"mine": {"a": [1]}, "id": "x", "unit": None, "created": "2024-02-29T10:00:00Z", "keywords": ["a"], "licenses": [{"name": "CC0-1.0"}]}},
        {"package": {"contributors": [{"title": "A", "givenName": "B", "roles": ["author"], "organization": "C"}], "sources": [{"title": "S", "path": "https://host.invalid/"}]}},
        {"resource": {"mine": 5, "type": "table", "bytes": 5, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}},
        {"schema": {"mine": 5, "primaryKey": "id", "uniqueKeys": [["id"]], "foreignKeys": [{"fields": "id", "reference": {"fields": "id"}}]}},
        {"schema": {"missingValues": ["", {"value": ".", "label": "refused"}], "$schema": "https://host.invalid/s.json"}},
        {"field": {"unit": "kg", "examples": ["a"], "example": "b", "constraints": {"pattern": "[a-z]", "maxLength": 3}, "rdfType": "https://host.invalid/t"}},
        {"field": {"type": "any", "constraints": {"pattern": "a", "enum": ["a"]}, "categories": [{"value": "a", "label": "A"}]}},
        {"field": {"type": "list", "itemType": "string", "delimiter": ";"}},
    ],
)  # fmt: skip
def test_what_the_standard_allows(tmp_path: Path, parts: dict[str, Any]) -> None:
    assert found(described(tmp_path, **parts)) == []


def test_a_schema_of_two_tables_is_spoken_of_once(tmp_path: Path) -> None:
    table = {"schema": "s.json"}
    (tmp_path / "s.json").write_text(json.dumps({"fields": [{**FIELD, "required": True}]}), encoding="utf-8")
    path = described(tmp_path, {"resources": [{"name": "t", "path": "t.csv", **table}, {"name": "u", "path": "t.csv", **table}]})
    (finding,) = validate(path).findings
    assert (finding.rule, finding.file, finding.message) == (
        "misplaced-property",
        "s.json",
        "field id: required has no effect here",
    )


def test_this_dataset_is_described_as_the_standard_asks(root: Path) -> None:
    assert check_descriptors(open_package(root), standard=True) == []


@pytest.mark.parametrize("words", ["validate(PATH, fast=True)", "load('t', path=PATH)"])
def test_frictionless_is_not_imported_where_nobody_asked(tmp_path: Path, words: str) -> None:
    path = described(tmp_path)
    code = f"import sys; from aistatecraft import load, validate; PATH = {str(path)!r}; {words}; print('frictionless' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
