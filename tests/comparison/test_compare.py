"""Comparing two packages: levels, descriptors, tables, which version number follows, and where the packages may lie."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.api import diff
from aistatecraft.comparison import compare
from aistatecraft.comparison.change_rules import CHANGE_RULES
from aistatecraft.comparison.changes import raised
from aistatecraft.errors import AistatecraftError, DataError, ReadError, UsageError
from aistatecraft.export.release import release
from tests.comparison.described import HEAD, NO_KEY, PEOPLE, VOTES, memory, text_fields, told
from tests.conftest import Install, Make, edit, env, write_project

Tables = dict[str, tuple[dict[str, Any], str]]


def changed(old: Tables, new: Tables, tables: tuple[str, ...] | None = None) -> list[tuple[str, str, str | None, str | None, str]]:
    return told(compare(memory(old, "old"), memory(new, "new"), tables))


class TestLevels:
    def test_every_level_of_one_change_set(self) -> None:
        later = {**PEOPLE, "fields": [*PEOPLE["fields"], {"name": "note", "type": "string"}]}
        old = memory({"people": (PEOPLE, HEAD + "ada,Ada,1815,9.5,true\nbo,Bo,1990,3,false\n")}, "old", title="People")
        new = memory(
            {"people": (later, "id,name,born,score,member,note\nada,Ada L.,1815,9.5,false,\ncy,Cy,2001,1,true,\n"), "words": (NO_KEY, "word,note\nhedge,a\n")},
            "new", title="Persons",
        )  # fmt: skip
        found = compare(old, new)
        assert told(found) == [
            ("changed", "title", "People", "Persons", "package-metadata"),
            ("added", "people note", None, '{"name": "note", "type": "string"}', "field-added"),
            ("changed", "people ada name", "Ada", "Ada L.", "value-corrected"),
            ("changed", "people ada member", "true", "false", "value-corrected"),
            ("removed", "people bo", "bo,Bo,1990,3,false", None, "identifier-withdrawn"),
            ("added", "people cy", None, "cy,Cy,2001,1,true", "row-added"),
            ("added", "words", None, found.changes[6].new, "table-added"),
            ("added", "words", None, "hedge,a", "row-added"),
        ]
        assert [change.level for change in found.changes] == ["package", "schema", "cell", "cell", "row", "row", "resource", "row"]
        assert json.loads(found.changes[6].new or "") == {"name": "words", "path": "data/words.csv", "schema": NO_KEY}
        assert found.counts() == {
            "people": {"added": 1, "removed": 1, "changed": 1, "renamed": 0, "cells": 2},
            "words": {"added": 1, "removed": 0, "changed": 0, "renamed": 0, "cells": 0},
        }
        assert found.classes() == {"breaking": 1, "addition": 4, "correction": 2, "metadata": 1}
        assert (found.weight, found.bump, found.next_version, found.old, found.new) == ("major", "minor", "0.2.0", "old", "new")
        for change in found.changes:
            assert (change.kind, change.reason) == (CHANGE_RULES[change.rule].kind, CHANGE_RULES[change.rule].reason)
            assert change.level == CHANGE_RULES[change.rule].level

    def test_a_package_does_not_differ_from_itself(self, root: Path) -> None:
        assert not diff(root, root)
        assert diff(root, root).bump == "none"

    def test_two_records_whose_joined_keys_are_equal_are_counted_twice(self) -> None:
        schema = text_fields("a", "b", "c", key=["a", "b"])
        found = compare(memory({"t": (schema, "a,b,c\nx/y,z,1\nx,y/z,1\n")}), memory({"t": (schema, "a,b,c\nx/y,z,2\nx,y/z,2\n")}))
        assert found.counts()["t"] == {"added": 0, "removed": 0, "changed": 2, "renamed": 0, "cells": 2}


class TestDescriptors:
    def test_of_the_package_is_metadata_and_what_a_release_stamps_is_nothing(self) -> None:
        table = {"people": (PEOPLE, HEAD)}
        old = memory(table, title="People", created="2024-01-01T00:00:00Z", licenses=[{"name": "A"}], homepage=None)
        new = memory(table, title="Persons", created="2025-01-01T00:00:00Z", version="0.2.0", keywords=["x"], sources="null")
        found = compare(old, new)
        assert told(found) == [
            ("changed", "title", "People", "Persons", "package-metadata"),
            ("removed", "licenses", '[{"name": "A"}]', None, "package-metadata"),
            ("added", "keywords", None, '["x"]', "package-metadata"),
            ("added", "sources", None, '"null"', "package-metadata"),
        ]
        assert (found.bump, found.old_version, found.new_version) == ("patch", "0.1.0", "0.2.0")
        assert (found.old_created, found.new_created) == ("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")

    def test_of_a_table_is_metadata_and_how_it_is_stored_is_nothing(self, make: Make) -> None:
        old, new = make({"people": (PEOPLE, HEAD)}, "old"), make({"people": (PEOPLE, HEAD)}, "new")
        edit(old / "datapackage.json", '"name": "people"', '"name": "people", "title": "People", "bytes": 1, "format": "csv"')
        edit(new / "datapackage.json", '"name": "people"', '"name": "people", "title": "Persons", "hash": "x", "aistatecraft:x": [1]')
        assert told(diff(old, new)) == [
            ("changed", "people title", "People", "Persons", "table-metadata"),
            ("added", "people aistatecraft:x", None, "[1]", "table-metadata"),
        ]

    def test_a_value_that_json_cannot_hold_is_refused(self) -> None:
        table = {"people": (PEOPLE, HEAD)}
        with pytest.raises(ReadError, match="NaN is not a JSON value"):
            memory(table, x=float("nan"))


class TestTables:
    def test_added_and_removed_with_all_rows(self) -> None:
        votes, words = "body,day,yes\nUN,2024-03-21,193\n", "word,note\nhedge,a\nhedge,a\n"
        old: Tables = {"people": (PEOPLE, HEAD), "votes": (VOTES, votes)}
        new: Tables = {"people": (PEOPLE, HEAD), "words": (NO_KEY, words)}
        found = changed(old, new)
        assert [(action, where, rule) for action, where, _, _, rule in found] == [
            ("removed", "votes", "table-removed"),
            ("removed", "votes UN/2024-03-21", "row-removed"),
            ("added", "words", "table-added"),
            ("added", "words", "row-added"),
            ("added", "words", "row-added"),
        ]
        assert compare(memory(new), memory(old)).weight == "major"
        assert compare(memory({"people": (PEOPLE, HEAD)}), memory(old)).bump == "minor"

    def test_a_removed_table_withdraws_its_identifiers(self) -> None:
        found = changed({"people": (PEOPLE, HEAD + "ada,Ada,,,\n"), "words": (NO_KEY, "word,note\n")}, {"words": (NO_KEY, "word,note\n")})
        assert [(action, where, rule) for action, where, _, _, rule in found] == [
            ("removed", "people", "table-removed"),
            ("removed", "people ada", "identifier-withdrawn"),
        ]

    def test_rows_with_the_same_key_in_a_new_table_are_told_by_their_cells(self) -> None:
        found = changed(
            {"words": (NO_KEY, "word,note\n")},
            {"words": (NO_KEY, "word,note\n"), "people": (PEOPLE, HEAD + "ada,A,,,\nbo,B,,,\nada,C,,,\n")},
        )
        assert found[1:] == [
            ("added", "people", None, "ada,A", "row-added"),
            ("added", "people bo", None, "bo,B", "row-added"),
            ("added", "people", None, "ada,C", "row-added"),
        ]

    def test_order_of_tables_is_no_change(self) -> None:
        tables: Tables = {"people": (PEOPLE, HEAD), "words": (NO_KEY, "word,note\n")}
        assert changed(tables, dict(reversed(tables.items()))) == []

    def test_of_some_tables_only(self) -> None:
        old: Tables = {"people": (PEOPLE, HEAD + "ada,Ada,,,\n"), "votes": (VOTES, "body,day,yes\n"), "gone": (NO_KEY, "word,note\n")}
        new: Tables = {"people": (PEOPLE, HEAD + "ada,Bo,,,\n"), "votes": (VOTES, "body,day,yes\nUN,2024-01-01,1\n")}
        assert changed(old, new, ("votes",)) == [("added", "votes UN/2024-01-01", None, "UN,2024-01-01,1", "row-added")]
        assert told(compare(memory(old, title="A"), memory(new, title="B"), ("people",))) == [
            ("changed", "people ada name", "Ada", "Bo", "value-corrected")
        ]
        assert [where for _, where, *_ in changed(old, new, ("gone",))] == ["gone"]


class TestVersionNumbers:
    @pytest.mark.parametrize(
        ("old", "new", "bump"),
        [
            ("ada,Ada,,,\n", "ada,Ada,,,\n", "none"),
            ("ada,Ada,,1,\n", "ada,Ada,,1.0,\n", "patch"),
            ("ada,Ada,,1,\n", "ada,Ada,,2,\n", "patch"),
            ("ada,Ada,,1,\n", "ada,Ada,,,\n", "patch"),
            ("ada,Ada,,,\n", "ada,Ada,,2,\n", "minor"),
            ("ada,Ada,,,\n", "ada,Ada L,,,\nbo,Bo,,,\n", "minor"),
            ("ada,Ada,,,\nbo,Bo,,,\n", "ada,Ada L,,,\ncy,Cy,,,\n", "major"),
        ],
    )
    def test_follow_from_the_changes(self, old: str, new: str, bump: str) -> None:
        assert compare(memory({"people": (PEOPLE, HEAD + old)}), memory({"people": (PEOPLE, HEAD + new)})).weight == bump

    @pytest.mark.parametrize(
        ("version", "bump", "number"),
        [
            ("0.2.5", "minor", "0.3.0"),
            ("1.2.5", "major", "2.0.0"),
            ("0.3.0-dev", "minor", "0.3.0"),
            ("0.3.1-dev", "minor", "0.4.0"),
            ("2.0.0-dev", "major", "2.0.0"),
            ("2024", "major", ""),
            ("", "major", ""),
        ],
    )
    def test_what_breaks_raises_the_minor_number_before_1_0_0(self, version: str, bump: str, number: str) -> None:
        """As `release` has it; the version that the new side states does not matter."""
        old, new = (
            memory({"people": (PEOPLE, HEAD + rows)}, version=said) for rows, said in (("ada,Ada,,,\n", version), ("", "9.9.9-dev"))
        )
        found = compare(old, new)
        assert (found.weight, found.bump, found.next_version) == ("major", bump, number)
        assert compare(old, old).next_version == ""

    @pytest.mark.parametrize(
        ("version", "bump", "expected"),
        [("1.2.3", "major", "2.0.0"), ("1.2.3", "minor", "1.3.0"), ("1.2.3", "patch", "1.2.4"), ("1.2.3", "none", "1.2.3"), ("0.9.9", "minor", "0.10.0"), ("1.2", "minor", "")],
    )  # fmt: skip
    def test_raised(self, version: str, bump: str, expected: str) -> None:
        assert raised(version, bump) == expected


class TestPlaces:
    def test_directory_zip_descriptor_and_released_version_are_the_same(self, tmp_path: Path, install: Install) -> None:
        project = install(write_project(tmp_path / "project"))
        built = release(path=project, out=tmp_path / "dist", date="2024-05-01")
        edit(project / "data" / "people.csv", "107.5", "108")
        unpacked = tmp_path / "unpacked"
        with zipfile.ZipFile(built.archive) as archive:
            archive.extractall(unpacked)
        expected = [("changed", "people ada score", "107.5", "108", "value-corrected")]
        for old in ("0.1.0", built.archive, str(built.archive), unpacked, unpacked / "datapackage.json"):
            assert told(diff(old, project)) == expected, old
            assert told(diff(old)) == expected, old
            assert told(diff(old, "installed")) == expected, old
        assert told(diff("0.1.0", built.archive)) == []

    def test_errors_of_diff_are_of_this_package(self, make: Make, tmp_path: Path) -> None:
        """Whatever lies in the place of a package, the error is one of ours."""
        package = make({"people": (PEOPLE, HEAD)})
        for name, content in (("a.zip", b"PK\x03\x04broken"), ("b.json", b"[]"), ("c", b""), ("d.json", b'{"resources": 3}')):
            (tmp_path / name).write_bytes(content)
            for pair in itertools.permutations((package, tmp_path / name)):
                with pytest.raises(AistatecraftError):
                    diff(*pair)

    def test_path_that_does_not_exist(self, make: Make, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="nowhere: there is no such directory"):
            diff(tmp_path / "nowhere", make({"people": (PEOPLE, HEAD)}))

    def test_version_that_was_never_released(self, project: Path, install: Install) -> None:
        install(project)
        with pytest.raises(UsageError, match=r"version '9\.9\.9' was never released"):
            diff("9.9.9")

    def test_table_whose_file_is_missing(self, make: Make) -> None:
        with pytest.raises(ReadError, match=r"data/people.csv: the file is missing"):
            diff(make({"people": (PEOPLE, HEAD)}, "old"), make({"people": (PEOPLE, None)}, "new"))

    def test_damaged_table_is_said_with_its_line(self) -> None:
        with pytest.raises(DataError, match=r"data/people.csv:3: the row has 2 cells, the header has 5"):
            changed({"people": (PEOPLE, HEAD + "ada,Ada,,,\n")}, {"people": (PEOPLE, HEAD + "ada,Ada,,,\nbo,Bo\n")})


class TestTheSameEveryTime:
    def test_whatever_the_hash_seed(self, make: Make) -> None:
        """Sets of texts have another order in each process; the changes have one."""
        rows = [f"k{number},{number}\n" for number in range(200)]
        schema = text_fields("id", "n", key="id")
        old = make({"t": (schema, "id,n\n" + "".join(rows)), "u": (text_fields("id", "n"), "id,n\n" + "".join(rows))}, "old")
        new = make({"t": (schema, "id,n\n" + "".join(rows[100:]).replace(",1", ",x")), "u": (text_fields("id", "n"), "id,n\n")}, "new")
        code = "import sys, json; from aistatecraft.api import diff; print(json.dumps(diff(*sys.argv[1:]).as_dict()))"
        given = [
            subprocess.run(
                [sys.executable, "-c", code, str(old), str(new)],
                env={**env(), "PYTHONHASHSEED": seed},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        ]
        assert given[0] == given[1]
        removed = [change["key"] for change in json.loads(given[0])["changes"] if change["action"] == "removed" and change["table"] == "t"]
        assert removed == [f"k{number}" for number in range(100)]
