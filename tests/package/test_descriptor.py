"""A data package opened: what is read from datapackage.json, and why it may be refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.errors import ReadError, UsageError
from aistatecraft.package import Dialect, open_package
from aistatecraft.package import descriptor as descriptor_module
from aistatecraft.package.storage import DirectoryStore
from tests.conftest import Make

SCHEMA: dict[str, Any] = {"fields": [{"name": "id", "type": "string"}, {"name": "boss", "type": "string"}], "primaryKey": "id"}
PEOPLE: dict[str, Any] = {"name": "people", "path": "data/people.csv", "schema": SCHEMA}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, descriptor: Any) -> Path:
    """A package with that descriptor: a value to be written as JSON, or text or bytes as they are."""
    raw = descriptor if isinstance(descriptor, bytes) else (descriptor if isinstance(descriptor, str) else json.dumps(descriptor)).encode()
    (folder / "datapackage.json").write_bytes(raw)
    return folder


def with_resource(folder: Path, **changes: Any) -> Path:
    """A package whose only resource is `PEOPLE` with some of its properties changed; those that are ... are taken out."""
    return write(folder, {"resources": [{name: value for name, value in {**PEOPLE, **changes}.items() if value is not ...}]})


def with_key(folder: Path, reference: dict[str, Any]) -> Path:
    schema = {**SCHEMA, "foreignKeys": [{"fields": "boss", "reference": reference}]}
    return write(folder, {"resources": [{**PEOPLE, "schema": schema}, {"name": "places", "path": "places.csv", "schema": SCHEMA}]})


class TestOpened:
    def test_what_a_package_says_of_itself(self, make: Make) -> None:
        path = make({"people": (SCHEMA, "id,boss\n"), "places": (SCHEMA, "id,boss\n")}, title="People and places")
        package = open_package(path)
        assert (package.title, package.version, package.root, package.descriptor_path) == (
            "People and places",
            "0.1.0",
            path,
            "datapackage.json",
        )
        assert list(package.resources) == ["people", "places"]
        people = package.resource("people")
        assert (people.name, people.path, people.schema_path, people.dialect) == ("people", "data/people.csv", None, Dialect(",", '"'))
        assert people.schema.names == ("id", "boss")

    def test_the_title_falls_back_to_the_name_and_then_to_the_place(self, folder: Path) -> None:
        assert open_package(write(folder, {"name": "p", "resources": [PEOPLE]})).title == "p"
        package = open_package(write(folder, {"resources": [PEOPLE]}))
        assert (package.title, package.version) == (str(folder), "")

    def test_no_table_is_read(self, make: Make) -> None:
        assert list(open_package(make({"people": (SCHEMA, None)})).resources) == ["people"]

    def test_a_schema_in_a_file_of_its_own(self, folder: Path) -> None:
        (folder / "schemas").mkdir()
        (folder / "schemas" / "people.json").write_text(json.dumps(SCHEMA))
        resource = open_package(with_resource(folder, schema="schemas/people.json")).resource("people")
        assert (resource.schema_path, resource.schema.names) == ("schemas/people.json", ("id", "boss"))

    def test_directory_descriptor_and_archive_are_the_same_package(self, make: Make, tmp_path: Path) -> None:
        path = make({"people": (SCHEMA, "id,boss\n1,2\n")})
        archive = tmp_path / "made.zip"
        with zipfile.ZipFile(archive, "w") as out:
            for file in ("datapackage.json", "data/people.csv"):
                out.write(path / file, file)
        found = [open_package(at) for at in (path, str(path), path / "datapackage.json", archive)]
        assert [(package.version, list(package.resources), package.store.read("data/people.csv")) for package in found] == [
            ("0.1.0", ["people"], b"id,boss\n1,2\n")
        ] * 4
        assert [package.root for package in found] == [path, path, path, None]

    def test_a_byte_order_mark_is_let_pass(self, folder: Path) -> None:
        assert open_package(write(folder, b"\xef\xbb\xbf" + json.dumps({"resources": [PEOPLE]}).encode())).resource("people")

    def test_a_list_of_one_path_is_one_path(self, folder: Path) -> None:
        assert open_package(with_resource(folder, path=["data/people.csv"])).resource("people").path == "data/people.csv"

    @pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "utf8"])
    def test_utf_8_however_it_is_spelled(self, folder: Path, encoding: str) -> None:
        assert open_package(with_resource(folder, encoding=encoding)).resource("people")

    def test_the_dialect(self, folder: Path) -> None:
        dialect = {
            "$schema": "x",
            "delimiter": ";",
            "quoteChar": "'",
            "doubleQuote": True,
            "lineTerminator": "\r\n",
            "header": True,
            "skipInitialSpace": False,
        }
        assert open_package(with_resource(folder, dialect=dialect)).resource("people").dialect == Dialect(";", "'")

    def test_a_table_that_is_not_there(self, make: Make) -> None:
        package = open_package(make({"people": (SCHEMA, None), "towns": (SCHEMA, None)}))
        with pytest.raises(UsageError, match=r"^'peeple' is not a table of this package; did you mean people\?$"):
            package.resource("peeple")
        with pytest.raises(UsageError, match=r"there are: people, towns\.$"):
            package.resource("xyz")

    def test_the_package_of_this_installation(self, root: Path) -> None:
        package = open_package()
        assert package.root == root
        assert {"actors", "evidence", "sources"} <= set(package.resources)

    @pytest.mark.parametrize("reference", [{"resource": "places", "fields": "id"}, {"resource": "", "fields": ["id"]}, {"fields": "id"}])
    def test_a_foreign_key_to_another_table_or_to_itself(self, folder: Path, reference: dict[str, Any]) -> None:
        assert open_package(with_key(folder, reference)).resource("people").schema.foreign_keys[0].references == ("id",)


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ('{"resources": [\n  {"name": "people",}\n]}', r"datapackage\.json:2:2[01]: this is not JSON \(.*\); fix it there\."),
            ("{", r"datapackage\.json:1:2: this is not JSON"),
            ("id,name\n1,a\n", r"datapackage\.json:1:1: this is not JSON"),
            ('{"resources": []} x', r"datapackage\.json:1:19: this is not JSON \(Extra data\)"),
            ("", r"datapackage\.json: the file is empty; it must hold a JSON object"),
            (" \n", r"datapackage\.json: the file is empty"),
            (b'{"title": "S\xe3o Paulo"}', r"datapackage\.json: byte 13 is not UTF-8; save the file as UTF-8"),
            ('{"resources": ' + "[" * 100_000 + "]" * 100_000 + "}", r"datapackage\.json: the JSON is nested too deeply to be read"),
            ('{"a":' * 100_000 + "1" + "}" * 100_000, r"datapackage\.json: the JSON is nested too deeply to be read"),
            ('{"a":' * 101 + "1" + "}" * 101, r"datapackage\.json: the JSON is nested too deeply to be read"),
            ('{"version": ' + "1" * 5_000 + "}", r"datapackage\.json: the JSON contains a value that cannot be read \(Exceeds the limit"),
            ('{"n": 1e999}', r"datapackage\.json: the JSON contains a value that cannot be read \(the number 1e999 is too large to be represented\)"),
            ('{"n": [-Infinity]}', r"datapackage\.json: the JSON contains a value that cannot be read \(-Infinity is not a JSON value\)"),
            ('{"n": NaN}', r"datapackage\.json: the JSON contains a value that cannot be read \(NaN is not a JSON value\); correct it\.$"),
            ('{"a": [{"b": 1, "c": 2, "b": 1}]}', r"datapackage\.json: .* \(the name 'b' appears twice in an object\); correct it\.$"),
        ],
        ids=["comma", "cut off", "csv", "more after it", "empty", "blank", "latin-1", "nested lists", "nested objects", "a hundred and one",
             "long number", "large number", "infinity", "not a number", "name twice"],
    )  # fmt: skip
    def test_what_is_not_json(self, folder: Path, text: str | bytes, reason: str) -> None:
        with pytest.raises(ReadError, match=f"^{reason}"):
            open_package(write(folder, text))

    @pytest.mark.parametrize("large", ["datapackage.json", "schema.json"])
    @pytest.mark.parametrize("archived", [False, True])
    def test_a_description_that_is_too_large_is_not_read(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, large: str, archived: bool
    ) -> None:
        monkeypatch.setattr(descriptor_module, "MAX_DESCRIPTION", 1_000)
        files = {"datapackage.json": json.dumps({"resources": [{**PEOPLE, "schema": "schema.json"}]}), "schema.json": json.dumps(SCHEMA)}
        path = folder / "p.zip" if archived else folder
        for more, refused in ((1_000, False), (1_001, True)):
            padded = {name: text.ljust(more) if name == large else text for name, text in files.items()}
            if archived:
                with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                    for name, text in padded.items():
                        archive.writestr(name, text)
            else:
                for name, text in padded.items():
                    (folder / name).write_text(text)
            if refused:
                with pytest.raises(ReadError, match=rf"^{large}: the file has 1,001 bytes, more than the limit of 1,000; "):
                    open_package(path)
            else:
                assert list(open_package(path).resources) == ["people"]

    def test_of_a_file_that_grows_while_it_is_read_no_more_is_read(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(descriptor_module, "MAX_DESCRIPTION", 1_000)
        monkeypatch.setattr(DirectoryStore, "size", lambda self, path: 10)
        with pytest.raises(ReadError, match=r"^datapackage\.json: the file has 1,001 bytes"):
            open_package(write(folder, " " * 5_000))

    @pytest.mark.parametrize(
        "descriptor", [[], "x", 5, None, {}, {"resources": []}, {"resources": {}}, {"resources": None}, {"resources": "people"}]
    )
    def test_a_descriptor_without_resources(self, folder: Path, descriptor: Any) -> None:
        with pytest.raises(ReadError, match=r"^datapackage\.json: a data package needs a list of resources\.$"):
            open_package(write(folder, json.dumps(descriptor)))

    def test_no_descriptor(self, folder: Path) -> None:
        with pytest.raises(ReadError, match=r"it contains no datapackage\.json; give the directory or archive of a data package"):
            open_package(folder)

    def test_an_archive_without_descriptor_at_its_top(self, folder: Path) -> None:
        with zipfile.ZipFile(folder / "p.zip", "w") as archive:
            archive.writestr("p/datapackage.json", "{}")
        with pytest.raises(ReadError, match=r"p\.zip: it contains no datapackage\.json"):
            open_package(folder / "p.zip")

    @pytest.mark.parametrize("path", ["nothing", "https://example.org/datapackage.json"])
    def test_no_package(self, folder: Path, path: str) -> None:
        with pytest.raises(ReadError, match=r"there is no such directory, datapackage\.json or zip archive"):
            open_package(folder / path)

    @pytest.mark.parametrize("entry", ["people.json", 5, None, ["people"], [[[]]]])
    def test_a_resource_that_is_no_object(self, folder: Path, entry: Any) -> None:
        with pytest.raises(ReadError, match=r"^datapackage\.json: resource 2: a resource must be an object, not "):
            open_package(write(folder, {"resources": [PEOPLE, entry]}))

    @pytest.mark.parametrize("name", [..., None, "", " ", 5, ["people"], "menschen\n", "a\x1b[31m"])
    def test_a_resource_without_a_name(self, folder: Path, name: Any) -> None:
        with pytest.raises(
            ReadError, match=r"^datapackage\.json: resource 1: it needs a name, a text without line breaks and control characters, not "
        ):
            open_package(with_resource(folder, name=name))

    @pytest.mark.parametrize("name", ["two words", "a/b", "../up", "人", "x'y", "%41"])
    def test_any_text_is_a_name(self, folder: Path, name: str) -> None:
        assert list(open_package(with_resource(folder, name=name)).resources) == [name]

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"path": ...}, r"its path must name one file; tables inside the descriptor or in several files are not supported"),
            ({"path": ["a.csv", "b.csv"]}, r"its path must name one file"),
            ({"path": []}, r"its path must name one file"),
            ({"path": ..., "data": [["id"], ["1"]]}, r"its path must name one file; tables inside the descriptor"),
            ({"data": [["id"], ["1"]]}, r"its path must name one file; tables inside the descriptor"),
            ({"path": "../people.csv"}, r"the path '\.\./people\.csv' points outside the package"),
            ({"path": ["../people.csv"]}, r"the path '\.\./people\.csv' points outside the package"),
            ({"path": "/etc/passwd"}, r"the path '/etc/passwd' points outside the package"),
            ({"path": "data\\people.csv"}, r"the path 'data\\\\people\.csv' points outside the package; write it .* with forward slashes"),
            ({"path": "C:/people.csv"}, r"the path 'C:/people\.csv' points outside the package"),
            ({"path": ""}, r"the path '' points outside the package"),
            ({"path": "https://example.org/people.csv"}, r"the path 'https://example\.org/people\.csv' is an address; packages are read from disk only"),
            ({"encoding": "latin-1"}, r"the encoding 'latin-1' is not supported; save the table as UTF-8"),
            ({"encoding": "cp1252"}, r"the encoding 'cp1252' is not supported"),
            ({"encoding": None}, r"the encoding 'none' is not supported"),
            ({"schema": ...}, r"it has no schema; name one, such as schemas/people\.json"),
            ({"schema": None}, r"it has no schema"),
            ({"schema": "schemas/people.json"}, r"its schema schemas/people\.json is missing; add the file or correct the path"),
            ({"schema": "../people.json"}, r"the path '\.\./people\.json' points outside the package"),
            ({"schema": "https://example.org/people.json"}, r"the path 'https://example\.org/people\.json' is an address"),
            ({"schema": "a" * 5_000}, r"its schema a+ is missing"),
            ({"schema": []}, r"a Table Schema needs a list of fields"),
            ({"schema": {"fields": [{"name": "id", "type": "text"}]}}, r"field id: the type 'text' is not supported"),
            ({"dialect": "dialect.json"}, r"the dialect must be an object"),
            ({"dialect": {"commentChar": "#"}}, r"the dialect property 'commentChar' is not supported; remove it, or write the table as plain CSV"),
            ({"dialect": {"header": False}}, r"the dialect sets header to False; only True is supported"),
            ({"dialect": {"doubleQuote": False}}, r"the dialect sets doubleQuote to False; only True is supported"),
            ({"dialect": {"skipInitialSpace": True}}, r"the dialect sets skipInitialSpace to True; only False is supported"),
            ({"dialect": {"delimiter": "||"}}, r"the dialect's delimiter must be one character, not '\|\|'"),
            ({"dialect": {"delimiter": "\n"}}, r"the dialect's delimiter must be one character, not '\\n'"),
            ({"dialect": {"delimiter": 5}}, r"the dialect's delimiter must be one character, not 5"),
            ({"dialect": {"quoteChar": ""}}, r"the dialect's quoteChar must be one character, not ''"),
            ({"dialect": {"quoteChar": ","}}, r"the dialect's delimiter and quoteChar are both ','; they must differ"),
        ],
    )  # fmt: skip
    def test_a_resource_that_is_not_supported(self, folder: Path, changes: dict[str, Any], reason: str) -> None:
        with pytest.raises(ReadError, match=rf"^datapackage\.json: resource people: {reason}"):
            open_package(with_resource(folder, **changes))

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", r"people\.json: the file is empty; it must hold a JSON object"),
            (b'{\n"fields": ]', r"people\.json:2:11: this is not JSON"),
            (b'{"title": "\xff"}', r"people\.json: byte 12 is not UTF-8"),
            (b"[]", r"people\.json: a Table Schema needs a list of fields"),
            (b'{"fields": [{"name": "id", "type": "text"}]}', r"people\.json: field id: the type 'text' is not supported"),
        ],
    )
    def test_a_schema_file_is_named_where_it_is_wrong(self, folder: Path, content: bytes, reason: str) -> None:
        (folder / "people.json").write_bytes(content)
        with pytest.raises(ReadError, match=f"^{reason}"):
            open_package(with_resource(folder, schema="people.json"))

    def test_half_a_surrogate_is_no_text(self, folder: Path) -> None:
        with pytest.raises(ReadError, match="half a surrogate pair"):
            open_package(write(folder, '{"resources": [{"name": "people", "path": "p.csv", "schema": "\\ud800"}]}'))

    def test_a_link_to_a_schema_outside(self, folder: Path) -> None:
        package = folder / "package"
        package.mkdir()
        (folder / "secret.json").write_text(json.dumps(SCHEMA))
        (package / "people.json").symlink_to(folder / "secret.json")
        with pytest.raises(ReadError, match=r"^people\.json: this link leads outside the package"):
            open_package(with_resource(package, schema="people.json"))

    def test_two_resources_of_one_name(self, folder: Path) -> None:
        with pytest.raises(ReadError, match=r"^datapackage\.json: two resources are named people; give one of them another name\.$"):
            open_package(write(folder, {"resources": [PEOPLE, {**PEOPLE, "path": "other.csv"}]}))

    def test_more_than_a_thousand_resources(self, folder: Path) -> None:
        thousand = [{**PEOPLE, "name": f"t{number}"} for number in range(1_000)]
        assert len(open_package(write(folder, {"resources": thousand})).resources) == 1_000
        with pytest.raises(ReadError, match=r"^datapackage\.json: it lists 1,001 resources, more than the limit of 1,000\.$"):
            open_package(write(folder, {"resources": [*thousand, PEOPLE]}))

    @pytest.mark.parametrize(
        ("reference", "reason"),
        [
            (
                {"resource": "place", "fields": "id"},
                r"a foreign key refers to the table 'place', which the package does not have; did you mean places",
            ),
            ({"resource": "places", "fields": "idd"}, r"a foreign key refers to places\.idd, which does not exist; did you mean id\?"),
            ({"resource": "", "fields": "xyz"}, r"a foreign key refers to people\.xyz, which does not exist; there are: id, boss\."),
        ],
    )
    def test_a_foreign_key_into_nothing(self, folder: Path, reference: dict[str, Any], reason: str) -> None:
        with pytest.raises(ReadError, match=rf"^datapackage\.json: {reason}"):
            open_package(with_key(folder, reference))

    @pytest.mark.parametrize("depth", range(700, 1_000, 20))
    def test_however_deep_the_nesting_it_is_one_sentence(self, folder: Path, depth: int) -> None:
        with pytest.raises(
            ReadError, match=r"^datapackage\.json: (resource 1: a resource must be an object|the JSON is nested too deeply)"
        ):
            open_package(write(folder, '{"resources": [' + "[" * depth + "]" * depth + "]}"))
