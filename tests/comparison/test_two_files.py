"""Two files, or tables that are damaged or whose key does not tell rows apart: what is said, and what is compared all the same."""

from __future__ import annotations

import gzip
import json
import os
import threading
from pathlib import Path

import pytest

from aistatecraft.comparison import ChangeSet, compare
from aistatecraft.comparison.apply import apply
from aistatecraft.errors import DataError, UsageError
from aistatecraft.releases.resolve import named_pair
from tests.comparison.described import HEAD, PEOPLE, Told, memory, text_fields, told
from tests.conftest import Run

KEYED = text_fields("id", "n", key="id")


@pytest.fixture
def pair(tmp_path: Path) -> object:
    def made(old: str, new: str, key: str = "", names: tuple[str, str] = ("old.csv", "new.csv")) -> ChangeSet:
        for name, text in zip(names, (old, new), strict=True):
            data = text.encode()
            (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        fields = key.split(",") if key else []
        return named_pair(tmp_path / names[0], tmp_path / names[1], key=fields).compared(keep_going=True)

    return made


class TestNames:
    @pytest.mark.parametrize(
        ("old", "new", "key", "expected"),
        [
            ("ID,n\na,1\n", "id,n\na,2\n", "id", [("renamed", "new ID", "ID", "id", "field-renamed"), ("changed", "new a n", "1", "2", "value-corrected")]),
            ("id,Full Name\na,x\n", "id,full name\na,y\n", "id", [("renamed", "new Full Name", "Full Name", "full name", "field-renamed"), ("changed", "new a full name", "x", "y", "value-corrected")]),
            ("code,n\na,1\n", "iso,n\na,2\n", "code=iso", [("renamed", "new code", "code", "iso", "field-renamed"), ("changed", "new a n", "1", "2", "value-corrected")]),
            (",id,n\n0,a,1\n", ",id,n\n0,a,2\n", "id", [("changed", "new a n", "1", "2", "value-corrected")]),
            ("id,n,,\na,1,,\n", "id,n\na,2\n", "id", [("changed", "new a n", "1", "2", "value-corrected")]),
            ("id,n,\na,1,x\n", "id,n,\na,1,y\n", "id", [("changed", "new a column 3", "x", "y", "value-corrected")]),
            ("id,n,n\na,1,2\n", "id,n,n\na,1,3\n", "id", [("changed", "new a n (2)", "2", "3", "value-corrected")]),
        ],
    )  # fmt: skip
    def test_are_found(self, pair: object, old: str, new: str, key: str, expected: Told) -> None:
        assert told(pair(old, new, key)) == expected  # type: ignore[operator]

    @pytest.mark.parametrize("names", [("old.txt", "new.TSV"), ("old.csv.gz", "new.tab.gz"), ("old.tsv", "new.csv")])
    def test_of_files(self, pair: object, names: tuple[str, str]) -> None:
        assert told(pair("id\tn\na\t1\n", "id,n\na,2\n", "id", names)) == [("changed", "new a n", "1", "2", "value-corrected")]  # type: ignore[operator]

    def test_a_pipe(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        (tmp_path / "new.csv").write_text("id,n\na,2\n")
        writer = threading.Thread(target=lambda: pipe.write_text("id,n\na,1\n"))
        writer.start()
        found = named_pair(pipe, tmp_path / "new.csv", key=["id"]).compared()
        writer.join(10)
        assert told(found) == [("changed", "new a n", "1", "2", "value-corrected")]

    def test_a_compressed_file_that_is_cut_off(self, pair: object, tmp_path: Path, run: Run) -> None:
        (tmp_path / "old.csv").write_text("id\n")
        (tmp_path / "new.csv.gz").write_bytes(gzip.compress(b"id\na\n" * 1000)[:40])
        code, _, err = run("diff", str(tmp_path / "old.csv"), str(tmp_path / "new.csv.gz"))
        assert code == 2
        assert "new.csv.gz: the compressed file cannot be read" in err


class TestColumns:
    def test_one_that_came_is_one_change_with_its_values(self, pair: object) -> None:
        (change,) = pair("id,n\na,1\nb,2\n", "id,n,m\na,1,x\nb,2,\n", "id").changes  # type: ignore[operator]
        assert (change.rule, change.field, change.column) == ("field-added", "m", (("id",), [("a",)], ["x"], 2))

    def test_one_that_went_keeps_its_values(self, pair: object) -> None:
        (change,) = pair("id,n,memo\na,1,keep me\n", "id,n\na,1\n", "id").changes  # type: ignore[operator]
        assert (change.rule, change.field, change.column) == ("field-removed", "memo", (("id",), [("a",)], ["keep me"], 1))
        assert change.as_dict()["column"] == {"by": ["id"], "keys": [["a"]], "values": ["keep me"], "rows": 1}

    def test_without_a_key_rows_are_compared_by_what_both_have(self, pair: object) -> None:
        found = pair("id,n\na,1\nb,2\n", "id,n,m\nb,2,y\na,1,x\n")  # type: ignore[operator]
        assert [(change.rule, change.column) for change in found.changes] == [
            ("field-added", (("id", "n"), [("b", "2"), ("a", "1")], ["y", "x"], 2))
        ]
        assert found.hints == ["Rows have no key, so each is compared as a whole; --key id tells them apart."]

    def test_can_be_applied_and_turned_round(self) -> None:
        wide = text_fields("id", "n", "m", key="id")
        one, other = memory({"t": (KEYED, "id,n\na,1\nb,2\n")}), memory({"t": (wide, "id,n,m\nb,3,y\nc,4,z\n")})
        for old, new in ((one, other), (other, one)):
            changes = ChangeSet.from_dict(json.loads(json.dumps(compare(old, new).as_dict())))
            assert compare(apply(old, changes), new).changes == []


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("a,b\n1,x\n1,y\n", "a,b\n1,x\n1,z\n", "Rows have no key, so each is compared as a whole; --key b tells them apart."),
        ("a,b\n1,x\n1,y\n2,x\n", "a,b\n1,x\n1,y\n2,y\n", "Rows have no key, so each is compared as a whole; --key a,b tells them apart."),
        ("n,iso code\n1,x\n2,y\n", "n,iso code\n1,x\n3,y\n", "Rows have no key, so each is compared as a whole; --key 'iso code' tells them apart."),
        (
            "a\n1\n1\n", "a\n1\n",
            "Rows have no key, so each is compared as a whole, and no one or two fields tell them apart; name the fields that do with --key.",
        ),
    ],
)  # fmt: skip
def test_a_key_is_proposed(pair: object, old: str, new: str, hint: str) -> None:
    assert pair(old, new).hints == [hint]  # type: ignore[operator]


class TestProblems:
    def test_a_key_that_stands_twice_is_said_with_its_lines(self, pair: object, tmp_path: Path) -> None:
        found = pair("lake,depth\nVan,451\nSevan,79\n", "lake,depth\nVan,451\nVan,450\nSevan,80\n", "lake")  # type: ignore[operator]
        (problem,) = found.problems
        assert (problem.side, problem.kind, problem.location) == ("new", "duplicate-key", f"{tmp_path / 'new.csv'}:2")
        assert "the key Van stands twice (lines 2, 3)" in problem.message
        assert [(change.action, change.key, change.old, change.new) for change in found.changes] == [
            ("changed", "Sevan", "79", "80"),
            ("added", "", None, None),
        ]

    @pytest.mark.parametrize("side", ["old", "new"])
    def test_damage_has_its_side(self, side: str) -> None:
        sound = {"t": (KEYED, "id,n\na,1\n"), "u": (KEYED, "id,n\nc,3\n")}
        damaged = {"t": (KEYED, "id,n\na,1,\n"), "u": (KEYED, "id,n\nc,4\n")}
        packages = [memory(damaged), memory(sound)] if side == "old" else [memory(sound), memory(damaged)]
        found = compare(*packages, keep_going=True)
        (problem,) = found.problems
        assert (problem.side, problem.table, problem.location) == (side, "t", "data/t.csv:2")
        assert problem.lines == (("-a,1,", "+a,1") if side == "old" else ("-a,1", "+a,1,"))
        assert [change.key for change in found.changes] == ["c"]
        with pytest.raises(DataError, match="the row has 3 cells"):
            compare(*packages)

    def test_on_the_command_line(self, tmp_path: Path, run: Run) -> None:
        old, new = tmp_path / "old.csv", tmp_path / "new.csv"
        old.write_text("k,a,b\nx,1\ny,2,3\n")
        new.write_text("k,a,b\nx,1,1\ny,2,3\n")
        code, out, err = run("diff", str(old), str(new), "--key", "k")
        assert code == 1
        assert "OLD" in out
        assert f"{old}:2: the row has 2 cells" in out
        assert err == "aistatecraft: 1 table could not be compared; see above.\n"
        assert "no changes" not in out


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("Bogota\u0301", "Bogotá", "same letters, composed differently (NFD to NFC)"),
        ("San Juan", "San\u00a0Juan", "a no-break space (U+00A0) instead of a space"),
        ("San Juan", "San Juan ", "only white space at the beginning or end differs"),
        ("San Juan", "San  Juan", "only white space differs"),
        ("SanJuan", "San\u200bJuan", "same letters, but zero width space (U+200B) added"),
        ("ＡＩ", "AI", "same letters in another width or form (NFKC)"),
        ("Ada", "ada", ""),
        ("a", "b", ""),
    ],
)
def test_what_cannot_be_seen_is_said(old: str, new: str, note: str) -> None:
    (change,) = compare(memory({"t": (KEYED, f"id,n\na,{old}\n")}), memory({"t": (KEYED, f"id,n\na,{new}\n")})).changes
    assert change.note == note


def test_keys_are_compared_by_their_value() -> None:
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "n", "type": "string"}], "primaryKey": "id"}
    old, new = memory({"t": (schema, "id,n\n7,x\n8,y\n")}), memory({"t": (schema, "id,n\n007,z\n8,y\n")})
    found = compare(old, new)
    assert told(found) == [("renamed", "t 7", "7", "007", "key-rewritten"), ("changed", "t 007 n", "x", "z", "value-corrected")]
    assert compare(apply(old, found), new).changes == []


def test_what_need_not_count() -> None:
    schema = text_fields("id", "name", "score", key="id")
    old = memory({"t": (schema, "id,name,score\na,Ada  L,1.00\nb,BO,2\n")})
    new = memory({"t": (schema, "id,name,score\na,Ada L,1.004\nb,Bo,3\n")})
    assert [change.new for change in compare(old, new, ignore=["space"]).changes] == ["1.004", "Bo", "3"]
    assert [change.new for change in compare(old, new, ignore=["space", "case"], tolerance=0.01).changes] == ["3"]


def test_only_some_changes(tmp_path: Path, run: Run) -> None:
    (tmp_path / "old.csv").write_text("id,n\na,1\nb,2\n")
    (tmp_path / "new.csv").write_text("id,n\na,2\nc,3\n")
    words = ("diff", str(tmp_path / "old.csv"), str(tmp_path / "new.csv"), "--key", "id", "--format", "json")
    classes = [change["class"] for change in json.loads(run(*words)[1])["changes"]]
    assert classes == ["correction", "breaking", "addition"]
    assert [change["class"] for change in json.loads(run(*words, "--class", "correction")[1])["changes"]] == ["correction"]
    assert [change["key"] for change in json.loads(run(*words, "--action", "added", "--action", "removed")[1])["changes"]] == ["b", "c"]


def test_a_change_set_of_two_files_is_applied_to_a_file(tmp_path: Path, run: Run) -> None:
    old, new, out = tmp_path / "old.csv", tmp_path / "new.csv", tmp_path / "applied.csv"
    old.write_text("id,n\na,1\n")
    new.write_text("id,n\na,2\nb,3\n")
    assert run("diff", str(old), str(new), "--key", "id", "--format", "json", "--out", str(tmp_path / "ch.json"))[0] == 0
    assert run("diff", str(old), "--apply", str(tmp_path / "ch.json"), "--out", str(out))[0] == 0
    assert out.read_text() == new.read_text()
    code, _, err = run("diff", str(old), "--apply", str(tmp_path / "ch.json"), "--out", str(out))
    assert (code, "already exists" in err, out.read_text()) == (1, True, new.read_text())


def test_a_file_of_a_revision(pair: object) -> None:
    with pytest.raises(UsageError, match="there is no field 'nothing'"):
        pair("id\na\n", "id\nb\n", "nothing")  # type: ignore[operator]


def test_a_renamed_table_is_the_same_table() -> None:
    def link(table: str) -> dict[str, object]:
        foreign = [{"fields": ["who"], "reference": {"resource": table, "fields": ["id"]}}]
        return {**text_fields("id", "who", key="id"), "foreignKeys": foreign}

    old = memory({"people": (PEOPLE, HEAD + "ada,Ada,,,\n"), "link": (link("people"), "id,who\n1,ada\n")})
    later = {**PEOPLE, "aistatecraft:formerly": "people"}
    new = memory({"persons": (later, HEAD + "ada,Ada L.,,,\n"), "link": (link("persons"), "id,who\n1,ada\n")})
    found = compare(old, new)
    assert told(found) == [
        ("renamed", "persons", "people", "persons", "table-renamed"),
        ("added", "persons aistatecraft:formerly", None, "people", "schema-metadata"),
        ("changed", "persons ada name", "Ada", "Ada L.", "value-corrected"),
    ]
    assert compare(apply(old, found), new).changes == []
