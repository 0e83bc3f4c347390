"""Applying a change set: from the old package it leads to the new one, whatever both hold; and it is refused where it does not fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.api import diff
from aistatecraft.comparison import ChangeSet, compare
from aistatecraft.comparison.apply import apply, apply_file, read_changes
from aistatecraft.errors import DataError, ReadError, RefusedError
from aistatecraft.package import open_package
from aistatecraft.package.descriptor import open_in
from aistatecraft.package.memory_storage import MemoryStore
from tests.comparison.described import HEAD, NO_KEY, PEOPLE, memory, text_fields
from tests.comparison.packages import SLOW, Model, opened, plain, two
from tests.conftest import Make, edit, tree, write_project


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(pair=two(), apart=st.booleans())
def test_changes_applied_to_the_old_package_give_the_new_one(pair: tuple[Model, Model], apart: bool) -> None:
    """By way of JSON; and what is checked is read with nothing of ours but the files."""
    old = opened(pair[0], apart=apart, title="Made", keywords=["x"])
    new = opened(pair[1], version="0.2.0", created="2026-01-01", title="null", apart=not apart)
    changes = compare(old, new)
    changes = ChangeSet.from_dict(json.loads(json.dumps(changes.as_dict())))
    made = apply(old, changes)
    assert compare(made, new).changes == []
    assert plain(made) == plain(new)


def test_the_real_package_from_its_first_release(root: Path) -> None:
    old, new = open_package(root / "releases" / "aistatecraft-0.1.0.zip"), open_package(root)
    changes = compare(old, new)
    assert compare(apply(old, changes), new).changes == []
    assert compare(apply(new, compare(new, old)), old).changes == []


def package(paths: dict[str, tuple[str, Any]], files: dict[str, str]) -> Any:
    """A package: for each table path and schema, and the files."""
    resources = [{"name": name, "path": path, "schema": schema} for name, (path, schema) in paths.items()]
    made = {**files, "datapackage.json": json.dumps({"name": "made", "resources": resources})}
    return open_in(MemoryStore("made", {name: text.encode() for name, text in made.items()}), "datapackage.json")


class TestWhatComesOut:
    def test_is_in_the_order_of_the_old_package(self) -> None:
        """Rows and fields that stay stand where they stood; what came is behind them."""
        old = memory({"t": (text_fields("id", "a", "b", "c", key="id"), "id,a,b,c\n3,x,y,z\n1,x,y,z\n2,x,y,z\n")})
        later = text_fields("new", "c", "bb", "id", key="id")
        later["fields"][2]["aistatecraft:formerly"] = "b"
        new = memory({"t": (later, "new,c,bb,id\nn,w,v,4\n,z,y,2\n,z,y,3\n")})
        made = apply(old, compare(old, new))
        assert made.store.read("data/t.csv").decode() == "id,bb,c,new\n3,y,z,\n2,y,z,\n4,v,w,n\n"
        assert [entry["name"] for entry in made.resources["t"].descriptor["schema"]["fields"]] == ["id", "bb", "c", "new"]

    def test_is_in_canonical_form(self) -> None:
        old = memory({"t": (text_fields("id", "a", key="id"), 'id;a\r\n"1";x,y\r\n')}, dialects={"t": {"delimiter": ";"}})
        made = apply(old, compare(old, memory({"t": (text_fields("id", "a", key="id"), "id,a\n1,\n2,z\n")})))
        assert made.store.read("data/t.csv") == b"id,a\n1,\n2,z\n"
        assert "dialect" not in made.resources["t"].descriptor

    def test_a_new_table_does_not_take_the_place_of_another(self) -> None:
        words = text_fields("word")
        old = package({"t": ("x.csv", words)}, {"x.csv": "word\na\n"})
        new = package({"t": ("t.csv", words), "u": ("x.csv", words), "v": ("x.csv", words)}, {"t.csv": "word\na\n", "x.csv": "word\nb\n"})
        made = apply(old, compare(old, new))
        assert {name: table.path for name, table in made.resources.items()} == {"t": "x.csv", "u": "data/u.csv", "v": "data/v.csv"}
        assert compare(made, new).changes == []

    def test_two_tables_that_share_a_schema_until_one_changes(self) -> None:
        files = {"t.csv": "word\na\n", "u.csv": "word\na\n", "s.json": json.dumps(text_fields("word"))}
        old = package({"t": ("t.csv", "s.json"), "u": ("u.csv", "s.json")}, files)
        same = apply(old, compare(old, old))
        assert [table.schema_path for table in same.resources.values()] == ["s.json", "s.json"]
        new = package({"t": ("t.csv", "s.json"), "u": ("u.csv", text_fields("other"))}, {**files, "u.csv": "other\na\n"})
        made = apply(old, compare(old, new))
        assert [table.schema_path for table in made.resources.values()] == ["s.json", "schemas/u.json"]
        assert compare(made, new).changes == []

    def test_a_path_that_stands_in_a_list(self) -> None:
        old = package({"t": (["t.csv"], text_fields("word"))}, {"t.csv": "word\na\n"})  # type: ignore[dict-item]
        new = package(
            {"t": ("t.csv", text_fields("word")), "u": (["u.csv"], text_fields("word"))}, {"t.csv": "word\nb\n", "u.csv": "word\n"}
        )  # type: ignore[dict-item]
        assert compare(apply(old, compare(old, new)), new).changes == []

    def test_what_the_changes_start_from_is_left_alone(self) -> None:
        old = memory({"t": (PEOPLE, HEAD + "ada,Ada,,,\n"), "u": (NO_KEY, "word,note\n")}, title="A")
        new = memory({"t": (text_fields("id", key="id"), "id\nbo\n")}, title="B")
        before = dict(old.store.files), json.dumps(old.descriptor)  # type: ignore[attr-defined]
        apply(old, compare(old, new))
        assert (old.store.files, json.dumps(old.descriptor)) == before  # type: ignore[attr-defined]


class TestWrongBase:
    @pytest.mark.parametrize(
        ("rows", "place"),
        [
            ("ada,Eve,,,\nbo,Bo,,,\n", "the cell 'ada' name"),
            ("bo,Bo,,,\n", "the row 'ada'"),
            ("ada,Ada,,,\nbo,Bob,,,\n", "the row 'bo' to be removed"),
            ("ada,Ada,,,\nbo,Bo,,,\ncy,Cy,,,\n", "the row 'cy' to be added"),
            ("ada,Ada,,,\nada,Ada,,,\nbo,Bo,,,\n", "the row 'ada'"),
        ],
    )
    def test_is_said_with_the_place(self, rows: str, place: str) -> None:
        old, new = (memory({"people": (PEOPLE, HEAD + text)}) for text in ("ada,Ada,,,\nbo,Bo,,,\n", "ada,Ada L.,,,\ncy,Cy,,,\n"))
        with pytest.raises(RefusedError, match=f"^people: {place}"):
            apply(memory({"people": (PEOPLE, HEAD + rows)}), compare(old, new))

    def test_changes_cannot_be_applied_twice(self) -> None:
        old, new = (memory({"people": (PEOPLE, HEAD + text)}) for text in ("", "cy,Cy,,,\n"))
        changes = compare(old, new)
        with pytest.raises(RefusedError, match="^people: the row 'cy' to be added"):
            apply(apply(old, changes), changes)

    def test_table_that_is_to_be_taken_out_and_has_more_rows(self) -> None:
        tables = {"words": (NO_KEY, "word,note\na,\n"), "people": (PEOPLE, HEAD)}
        changes = compare(memory(tables), memory({"people": (PEOPLE, HEAD)}))
        with pytest.raises(RefusedError, match="^words: the table to be removed does not match"):
            apply(memory({**tables, "words": (NO_KEY, "word,note\na,\nb,\n")}), changes)

    def test_damaged(self) -> None:
        changes = compare(memory({"people": (PEOPLE, HEAD)}), memory({"people": (PEOPLE, HEAD + "ada,,,,\n")}))
        with pytest.raises(DataError, match="people.csv:2: the row has 1 cells"):
            apply(memory({"people": (PEOPLE, HEAD + "bo\n")}), changes)


class TestFiles:
    @pytest.fixture
    def changes(self, tmp_path: Path) -> Path:
        """A project, its later state, and the file of changes between them."""
        old, new = write_project(tmp_path / "old"), write_project(tmp_path / "new", "id,name,born,score\nada,Ada L.,1815-12-10,107.5\n")
        (tmp_path / "changes.json").write_text(json.dumps(diff(old, new).as_dict()), encoding="utf-8-sig")
        return tmp_path / "changes.json"

    def test_a_new_directory(self, changes: Path) -> None:
        at = changes.parent
        before = tree(at / "old")
        assert apply_file(str(at / "old"), changes, at / "made") == f"{at / 'made'}: 2 changes applied, 1 tables"
        assert sorted(tree(at / "made")) == ["data/people.csv", "datapackage.json", "schemas/people.json"]
        assert diff(at / "made", at / "new").changes == [] and tree(at / "old") == before

    def test_the_package_itself(self, changes: Path) -> None:
        at = changes.parent
        apply_file(str(at / "old"), changes, at / "old")
        assert diff(at / "old", at / "new").changes == []
        assert (at / "old" / "CITATION.cff").exists()

    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_what_was_cut_off_is_done_again(self, changes: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        """At the first renaming nothing was decided yet; after it the files that are missing come with the next try."""
        folder, real, count = changes.parent, Path.replace, iter(range(1, 9))

        def replace(path: Path, target: Path) -> Path:
            if next(count) == at:
                raise OSError(28, "No space left on device")
            return real(path, target)

        monkeypatch.setattr(Path, "replace", replace)
        with pytest.raises(ReadError, match="No space left on device"):
            apply_file(str(folder / "old"), changes, folder / "made")
        assert (folder / "made").exists() == (at > 1)
        monkeypatch.undo()
        assert apply_file(str(folder / "old"), changes, folder / "made") == f"{folder / 'made'}: 2 changes applied, 1 tables"
        assert sorted(tree(folder / "made")) == ["data/people.csv", "datapackage.json", "schemas/people.json"]
        assert diff(folder / "made", folder / "new").changes == []

    def test_tables_that_are_left_over_are_named(self, make: Make, tmp_path: Path) -> None:
        old = make({"t": (NO_KEY, "word,note\na,\n"), "u": (NO_KEY, "word,note\n")}, "old")
        (tmp_path / "c.json").write_text(json.dumps(diff(old, make({"u": (NO_KEY, "word,note\n")}, "new")).as_dict()))
        assert apply_file(str(old), tmp_path / "c.json", old).endswith(
            "1 tables; no longer part of the package, can be deleted: data/t.csv"
        )

    def test_a_directory_that_holds_something_else_is_not_written_to(self, changes: Path) -> None:
        other = changes.parent / "other"
        other.mkdir()
        (other / "mine.txt").write_text("mine")
        with pytest.raises(RefusedError, match="other: this already exists; name a new directory"):
            apply_file(str(changes.parent / "old"), changes, other)
        with pytest.raises(RefusedError, match="this already exists"):
            apply_file(str(changes.parent / "old"), changes, other / "mine.txt")
        assert tree(other) == {"mine.txt": b"mine"}

    def test_nothing_is_written_where_the_changes_do_not_fit(self, changes: Path) -> None:
        at = changes.parent
        edit(at / "old" / "data" / "people.csv", "Ada", "Eve")
        before = tree(at)
        for out in (at / "made", at / "old"):
            with pytest.raises(RefusedError, match="people: the cell 'ada' name does not match the change set"):
                apply_file(str(at / "old"), changes, out)
        assert tree(at) == before

    @pytest.mark.parametrize(
        ("content", "message"),
        [(b"", "the file is empty"), (b"\xff", "byte 1 is not UTF-8"), (b"[" * 100_000, "nested too deeply"), (b"{", "this is not JSON"), (b"[]", "this is not a change set"), (b'{"format": 1}', "found 1")],
    )  # fmt: skip
    def test_what_is_no_change_set(self, content: bytes, message: str, tmp_path: Path) -> None:
        (tmp_path / "c.json").write_bytes(content)
        with pytest.raises(ReadError, match=rf"c\.json.*: .*{message}"):
            read_changes(tmp_path / "c.json")

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="cannot be read"):
            read_changes(tmp_path / "nothing.json")
        with pytest.raises(ReadError, match="cannot be read"):
            read_changes(tmp_path)
