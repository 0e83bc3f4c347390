"""Packages and change sets made to harm, and tables of a size that nobody expects: all is defined, nothing crashes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.comparison import ChangeSet, compare
from aistatecraft.comparison.apply import apply
from aistatecraft.errors import AistatecraftError, DataError, ReadError, RefusedError
from aistatecraft.package.csv_reader import MAX_CELL
from tests.comparison.described import HEAD, PEOPLE, between, memory, text_fields, told


class TestSize:
    def test_ten_thousand_columns(self) -> None:
        """Added, removed, renamed and retyped at once; and applied again."""
        old_names = ["id", *(f"f{number}" for number in range(10_000))]
        new_names = ["id", *(f"{'g' if number < 5_000 else 'f'}{number}" for number in range(1, 10_001))]
        old_schema, new_schema = text_fields(*old_names, key="id"), text_fields(*new_names, key="id")
        new_schema["fields"][9_000]["type"] = "integer"
        rows = [[f"{row}-{number}" for number in range(10_001)] for row in range(15)]
        old = memory({"t": (old_schema, _csv([old_names, *([f"k{at}", *row[:10_000]] for at, row in enumerate(rows))]))})
        new = memory({"t": (new_schema, _csv([new_names, *([f"k{at}", *row[1:]] for at, row in enumerate(rows))]))})
        found = compare(old, new)
        renamed = [(change.old, change.new) for change in found.changes if change.action == "renamed"]
        assert renamed == [(f"f{number}", f"g{number}") for number in range(1, 5_000)]
        others = [(change.level, change.action, change.field) for change in found.changes if change.action != "renamed"]
        assert others[:3] == [("schema", "removed", "f0"), ("schema", "changed", "f9000"), ("schema", "added", "f10000")]
        assert others[3:] == []
        (added,) = (change for change in found.changes if change.action == "added")
        assert added.column == (("id",), [(f"k{row}",) for row in range(15)], [f"{row}-10000" for row in range(15)], 15)
        assert compare(apply(old, found), new).changes == []

    def test_a_cell_of_some_millions_of_letters(self) -> None:
        schema = text_fields("id", "n", key="id")
        long = "x" * (MAX_CELL - 1)
        (change,) = compare(memory({"t": (schema, f"id,n\na,{long}\nb,1\n")}), memory({"t": (schema, f'id,n\na,"{long}y"\nb,1\n')})).changes
        assert (change.level, change.key, change.old == long, change.new == long + "y") == ("cell", "a", True, True)
        with pytest.raises(DataError, match=r"t.csv:2: a cell of the row that begins here has more than 8,388,608 characters"):
            between(schema, "id,n\na,1\n", f"id,n\na,{long}yy\n")

    def test_a_cell_of_many_lines(self) -> None:
        """Where a record ends is found in a time that grows with its length alone."""
        schema, long = text_fields("id", "n", key="id"), "\n" * 2_000_000
        assert between(schema, f'id,n\na,"{long}"\nb,1\n', f'id,n\nb,2\na,"{long}"\n') == [
            ("changed", "t b n", "1", "2", "value-corrected")
        ]

    def test_a_quote_that_is_never_closed(self) -> None:
        schema = text_fields("id", "n", key="id")
        with pytest.raises(DataError, match=r"t.csv:2: "):
            between(schema, "id,n\na,1\n", 'id,n\na,"1\n' + "b,2\n" * 5_000_000)

    def test_a_text_nested_as_deeply_as_json_can(self) -> None:
        deep = "[" * 100_000
        found = compare(memory({"t": (PEOPLE, HEAD)}, title="x"), memory({"t": (PEOPLE, HEAD)}, title=deep))
        assert told(found) == [("changed", "title", "x", deep, "package-metadata")]
        assert apply(memory({"t": (PEOPLE, HEAD)}, title="x"), found).descriptor["title"] == deep


def _csv(rows: list[list[str]]) -> str:
    return "".join(",".join(row) + "\n" for row in rows)


OLD = memory({"people": (PEOPLE, HEAD + "ada,Ada,1815,,\nbo,Bo,,,\n"), "words": (text_fields("word"), "word\nhedge\n")}, title="A")
LATER = {**PEOPLE, "fields": [*PEOPLE["fields"], {"name": "note", "type": "string", "constraints": {"maxLength": 9}}]}
NEW = memory(
    {"people": (LATER, HEAD.strip() + ",note\nada,Ada L.,1815,,,x\ncy,Cy,,,,\n"), "votes": (text_fields("id", key="id"), "id\nv\n")},
    version="0.2.0",
)
SET: dict[str, Any] = compare(OLD, NEW).as_dict()


def changed(**properties: Any) -> dict[str, Any]:
    """A change set of one change."""
    change = {
        "level": "cell",
        "action": "changed",
        "table": "people",
        "key": "ada",
        "field": "name",
        "old": "Ada",
        "new": "x",
        "rule": "value-corrected",
    }
    return {**SET, "changes": [{**change, **properties}]}


class TestChangeSets:
    @pytest.mark.parametrize(
        "found",
        [
            None, [], "x", {}, {"format": "aistatecraft-changes/2"}, {"format": SET["format"]}, {**SET, "old": None}, {**SET, "changes": None},
            {**SET, "changes": [1]}, {**SET, "changes": [{}]}, {**SET, "old": {"package": 1, "version": "", "created": ""}},
            changed(level="galaxy"), changed(action="eaten"), changed(rule="none"), changed(rule=["x"]), changed(rule="row-added"), changed(old=1),
            changed(table=7), changed(parts=[1]), changed(parts=3), changed(values={"a": 1}), changed(values=[1]), changed(key=None),
        ],
    )  # fmt: skip
    def test_that_are_none(self, found: Any) -> None:
        with pytest.raises(ReadError, match=r"^the change set: this is not a (valid )?change set"):
            ChangeSet.from_dict(found)

    @pytest.mark.parametrize(
        ("properties", "message"),
        [
            ({"table": "nobody"}, "nobody: the package has no such table"),
            ({"key": "zoe"}, "people: the row 'zoe' with the field 'name' does not match the change set"),
            ({"old": "Eve"}, "people: the cell 'ada' name does not match the change set"),
            ({"field": "nothing", "old": None}, "people: a row with the field 'nothing', which the table does not have,"),
            ({"parts": ["ada", "bo"]}, "people: the row 'ada'"),
            ({"parts": [], "key": ""}, "people: the row ''"),
            ({"table": "words", "parts": [], "key": "", "field": "word", "old": "hedge"}, "words: the row ''"),
            ({"level": "row", "action": "renamed", "rule": "identifier-changed", "old": "ada", "new": "bo"}, "people: the key 'bo', which a row already has,"),
            ({"level": "row", "action": "renamed", "rule": "identifier-changed", "old": "ada", "new": "x", "new_parts": ["x", "y"]}, "people: the change set is inconsistent"),
            ({"level": "row", "action": "added", "rule": "row-added", "old": None, "new": None, "values": {"id": "ada"}}, "people: the row 'ada' to be added"),
            ({"level": "row", "action": "added", "rule": "row-added", "old": None, "new": None, "values": {"id": "x"}}, "people: the row 'ada' to be added"),
            ({"level": "row", "action": "removed", "rule": "row-removed", "old": None, "new": None, "values": {"id": "ada"}}, "people: the row 'ada' to be removed"),
            ({"level": "resource", "action": "added", "rule": "table-added", "table": "x", "old": None, "new": "no JSON"}, "x: the change set is inconsistent"),
            ({"level": "resource", "action": "added", "rule": "table-added", "table": "x", "old": None, "new": "{}"}, "x: the change set is inconsistent"),
            ({"level": "resource", "action": "added", "rule": "table-added", "old": None, "new": "{}"}, "people: the package already has this table"),
            ({"level": "resource", "action": "removed", "rule": "table-removed", "old": "{}", "new": None}, "people: the table to be removed does not"),
            ({"level": "resource", "rule": "table-metadata", "property": "title", "old": "Z"}, "people: title does not match"),
            ({"level": "package", "table": "", "rule": "package-metadata", "property": "title", "old": "Z"}, "the package: title does not match"),
            ({"level": "schema", "action": "added", "rule": "field-added", "field": "x", "old": None, "new": "[1]"}, "the package: the change set is inconsistent"),
            ({"level": "schema", "action": "added", "rule": "field-added", "old": None, "new": "{}"}, "people: the field 'name' to be added"),
            ({"level": "schema", "action": "removed", "rule": "field-removed", "old": "{}", "new": None}, "people: the field 'name' to be removed"),
            ({"level": "schema", "action": "removed", "rule": "field-removed", "field": "x", "old": "{}", "new": None}, "people: the field 'x' to be removed"),
            ({"level": "schema", "action": "renamed", "rule": "field-renamed", "old": "x", "new": "y"}, "people: the field 'x' to be renamed"),
            ({"level": "schema", "action": "renamed", "rule": "field-renamed", "old": "name", "new": "born"}, "people: the field 'name' to be renamed"),
            ({"level": "schema", "rule": "schema-metadata", "field": "x", "property": "title"}, "people: the field 'x' does not match"),
            ({"level": "schema", "rule": "schema-metadata", "property": "title", "old": "Z"}, "people.name: title does not match"),
            ({"level": "schema", "rule": "constraint-loosened", "property": "constraints.maxLength", "old": "9", "new": None}, "people.name: maxLength does not match"),
            ({"level": "schema", "rule": "category-removed", "property": "categories.z", "old": "z", "new": None}, "people: the value 'z' of the vocabulary of name"),
            ({"level": "schema", "rule": "key-changed", "field": "", "property": "primaryKey", "old": '["name"]', "new": '["born"]'}, "people: the primary key does not match"),
            ({"level": "schema", "rule": "key-changed", "field": "", "property": "primaryKey", "old": '["id"]', "new": '["x"]'}, "does not give a valid data package"),
            ({"level": "schema", "rule": "constraint-loosened", "field": "", "property": "uniqueKeys", "old": '["name"]', "new": None}, "people: a key in uniqueKeys"),
            ({"level": "schema", "rule": "constraint-loosened", "field": "", "property": "foreignKeys", "old": "{}", "new": None}, "people: the change set is inconsistent"),
        ],
    )  # fmt: skip
    def test_that_do_not_fit(self, properties: dict[str, Any], message: str) -> None:
        """Said with the place; the package that they were applied to is as it was."""
        before = dict(OLD.store.files)  # type: ignore[attr-defined]
        with pytest.raises(RefusedError) as refused:
            apply(OLD, ChangeSet.from_dict(changed(**properties)))
        assert message in str(refused.value)
        assert OLD.store.files == before  # type: ignore[attr-defined]

    @pytest.mark.parametrize("path", ["../outside.csv", "/etc/passwd", "datapackage.json", "C:\\x.csv", "https://evil.example/x.csv", 7])
    def test_that_would_write_elsewhere(self, path: Any) -> None:
        table = json.dumps({"name": "x", "path": path, "schema": {"fields": [{"name": "a"}]}})
        found = changed(level="resource", action="added", table="x", key="", field="", rule="table-added", old=None, new=table)
        try:
            made = apply(OLD, ChangeSet.from_dict(found))
        except RefusedError:
            return
        assert made.resources["x"].path == "7"

    def test_that_would_put_a_table_in_the_place_of_another(self) -> None:
        table = json.dumps({"name": "x", "path": "data/people.csv", "schema": {"fields": [{"name": "a"}]}})
        made = apply(
            OLD,
            ChangeSet.from_dict(
                changed(level="resource", action="added", table="x", key="", field="", rule="table-added", old=None, new=table)
            ),
        )
        assert (made.resources["x"].path, made.resources["people"].path) == ("data/x.csv", "data/people.csv")
        assert compare(OLD, made, ("people",)).changes == []

    @settings(max_examples=150, deadline=None)
    @given(data=st.data())
    def test_bent_in_any_way(self, data: st.DataObject) -> None:
        """One value of a good change set replaced by another: it leads to a package, or is refused, and never to a crash."""
        found = json.loads(json.dumps(SET))
        change = data.draw(st.sampled_from(found["changes"]))
        name = data.draw(st.sampled_from(sorted(change)))
        other = data.draw(
            st.sampled_from([entry.get(name) for entry in SET["changes"]])
            | st.sampled_from([None, "", "x", [], ["id"], {"a": "b"}, "{}", "[1]", 3])
        )
        change[name] = other
        if data.draw(st.booleans()):
            found["changes"].remove(data.draw(st.sampled_from(found["changes"])))
        try:
            made = apply(OLD, ChangeSet.from_dict(found))
        except AistatecraftError:
            return
        assert compare(made, made).changes == []
