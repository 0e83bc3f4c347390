"""Croissant: valid for its own library, which reads the same records as `load`; every hash is that of its file."""

from __future__ import annotations

import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.errors import RefusedError
from aistatecraft.export.croissant import CONFORMS_TO
from aistatecraft.package import Package, open_package
from tests.conftest import Make
from tests.export.conftest import loaded, one, plain
from tests.export.test_metadata import BARE
from tests.export.test_typed_columns import EVERYTHING, ROWS

File = Callable[[str], bytes]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """mlcroissant, told to keep what it unpacks in a folder of the test."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries that it imports
        patch.setenv("CROISSANT_CACHE", str(tmp_path_factory.mktemp("croissant")))
        import mlcroissant

        yield mlcroissant


@pytest.fixture(scope="module")
def release(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a release in a folder."""
    folder = tmp_path_factory.mktemp("release")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.real
@pytest.mark.filterwarnings("ignore")
def test_it_is_valid(library: Any, release: Path, package: Package) -> None:
    found = library.Dataset(release / "aistatecraft-0.2.0.croissant.json").metadata
    assert (list(found.ctx.issues.errors), list(found.ctx.issues.warnings)) == ([], [])
    assert (found.name, found.version, [str(text) for text in found.license]) == ("aistatecraft", "0.2.0", ["https://creativecommons.org/licenses/by/4.0/"])  # fmt: skip
    assert [records.id for records in found.record_sets] == list(package.resources)


@pytest.mark.real
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("table", ["actors", "indices", "signatories", "strategies", "schemes", "retired"])
def test_its_library_reads_what_load_gives(library: Any, release: Path, root: Path, table: str) -> None:
    """Codes with leading zeros, whole numbers and booleans with gaps, reasons in place of values, several foreign keys, no rows."""
    expected = loaded(table, root)
    # Each table from a set opened anew: mlcroissant 1.1.1 cannot read a table again to which another refers.
    records = list(library.Dataset(release / "aistatecraft-0.2.0.croissant.json").records(table))
    found: dict[str, list[Any]] = {name: [] for name in expected}
    for record in records:
        for identifier, value in record.items():
            found[identifier.partition("/")[2]].append(value.decode() if isinstance(value, bytes) else plain(value))
    assert found == expected


@pytest.mark.real
def test_hashes_and_sizes(file: File, files: dict[str, bytes], package: Package) -> None:
    content = json.loads(file("croissant"))
    objects = {entry["@id"]: entry for entry in content["distribution"]}
    archives = {name: zipfile.ZipFile(io.BytesIO(files[name])) for name in ("aistatecraft-0.2.0.zip", "aistatecraft-0.2.0-parquet.zip")}
    assert set(objects) == {*archives, *(f"{name}.{kind}" for name in package.resources for kind in ("csv", "parquet"))}
    for name, entry in objects.items():
        data = archives[entry["containedIn"]["@id"]].read(entry["contentUrl"]) if "containedIn" in entry else files[name]
        assert (entry["sha256"], entry["contentSize"]) == (hashlib.sha256(data).hexdigest(), f"{len(data)} B")


@pytest.mark.real
def test_fields_keys_and_references(file: File, package: Package) -> None:
    content = json.loads(file("croissant"))
    assert content["conformsTo"] == CONFORMS_TO and "url" not in content
    assert content["citeAs"].startswith("@misc{aistatecraft-0.2.0,") and content["datePublished"] == "2026-12-01"
    references = set()
    for records in content["recordSet"]:
        schema = package.resource(records["@id"]).schema
        assert [entry["@id"] for entry in records["field"]] == [f"{schema.name}/{name}" for name in schema.names]
        assert [entry["@id"] for entry in records["key"]] == [f"{schema.name}/{name}" for name in schema.primary_key]
        references |= {(entry["@id"], entry["references"]["field"]["@id"]) for entry in records["field"] if "references" in entry}
    expected = {
        (f"{resource.name}/{here}", f"{key.resource}/{there}")
        for resource in package.resources.values() for key in resource.schema.foreign_keys if key.resource
        for here, there in zip(key.fields, key.references, strict=True)
    }  # fmt: skip
    assert references == expected and ("strategies/jurisdiction", "actors/id") in references


@pytest.mark.filterwarnings("ignore")
def test_each_type(library: Any, make: Make, tmp_path: Path) -> None:
    package = open_package(make({"everything": (EVERYTHING, ROWS)}))
    for format in ("csv", "parquet", "croissant"):
        (tmp_path / {"csv": "made-0.2.0.zip", "parquet": "made-0.2.0-parquet.zip", "croissant": "c.json"}[format]).write_bytes(
            one(format, package)
        )
    kinds = {entry["name"]: entry["dataType"] for entry in json.loads((tmp_path / "c.json").read_text())["recordSet"][0]["field"]}
    others = {
        "whole": "sc:Integer", "real": "sc:Float", "yes": "sc:Boolean", "day": "sc:Date", "year": "sc:Integer", "numbers": "sc:Integer",
        "address": "sc:URL",
    }  # fmt: skip
    assert kinds == dict.fromkeys(kinds, "sc:Text") | others
    found = library.Dataset(tmp_path / "c.json").metadata
    assert list(found.ctx.issues.errors) == []


def test_addresses_where_it_is_known_where_the_files_will_be(make: Make) -> None:
    package = open_package(make({"t": (BARE, "x\n1\n")}))
    content = json.loads(one("croissant", package, base_url="https://host.invalid/v1/"))
    assert content["url"] == "https://host.invalid/v1/"
    assert content["distribution"][0]["contentUrl"] == "https://host.invalid/v1/made-0.2.0.zip"
    assert content["distribution"][2]["contentUrl"] == "data/t.csv"


@pytest.mark.filterwarnings("ignore")
def test_references_that_lead_back_are_left_out(library: Any, make: Make, tmp_path: Path) -> None:
    """Readers sort tables by their references, and cannot where these go in a circle."""

    def refers(table: str) -> dict[str, Any]:
        return {"fields": [{"name": "id", "type": "string"}, {"name": "to", "type": "string"}], "primaryKey": ["id"], "foreignKeys": [{"fields": ["to"], "reference": {"resource": table, "fields": ["id"]}}]}  # fmt: skip

    package = open_package(make({"a": (refers("b"), "id,to\n1,2\n"), "b": (refers("a"), "id,to\n2,1\n"), "c": (refers("a"), "id,to\n3,1\n"), "d": (refers(""), "id,to\n1,1\n")}))  # fmt: skip
    content = json.loads(one("croissant", package))
    assert {entry["@id"] for records in content["recordSet"] for entry in records["field"] if "references" in entry} == {"c/to"}
    for format, name in (("csv", "made-0.2.0.zip"), ("parquet", "made-0.2.0-parquet.zip"), ("croissant", "c.json")):
        (tmp_path / name).write_bytes(one(format, package))
    assert list(library.Dataset(tmp_path / "c.json").records("c")) == [{"c/id": b"3", "c/to": b"1"}]


def test_two_things_with_one_identifier(make: Make) -> None:
    package = open_package(make({"t": (BARE, "x\n1\n"), "t.csv": (BARE, "x\n1\n")}))
    with pytest.raises(RefusedError, match=r"^datapackage.json: Croissant would have two things named 't.csv'; rename"):
        one("croissant", package)
