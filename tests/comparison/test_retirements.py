"""What became of identifiers that went: as the table of retired ones says, else by likeness, marked as proposed."""

from __future__ import annotations

from typing import Any

import pytest

from aistatecraft.comparison import ChangeSet, compare
from tests.comparison.described import HEAD, PEOPLE, VOTES, between, memory, text_fields, told

RETIRED = {
    "missingValues": ["", "none exists"],
    "fields": [{"name": name, "type": "string"} for name in ("id", "table", "replaced_by", "reason")],
    "primaryKey": ["table", "id"],
}
ENTRIES = "id,table,replaced_by,reason\n"


def compared(old: str, new: str, retired: str, tables: tuple[str, ...] | None = ("people",)) -> ChangeSet:
    """The changes of the table of people, where `retired` came into the other table."""
    before = memory({"people": (PEOPLE, HEAD + old), "retired": (RETIRED, ENTRIES)})
    return compare(before, memory({"people": (PEOPLE, HEAD + new), "retired": (RETIRED, ENTRIES + retired)}), tables)


OLD = "ada,Ada,1815,9.5,true\nbo,Bo,1990,3,false\n"
NEW = "bo,Bo,1990,3,false\ncy,Cyril,2001,1,false\n"
REMOVED = ("removed", "people ada", "ada,Ada,1815,9.5,true", None)
ADDED = ("added", "people cy", None, "cy,Cyril,2001,1,false", "row-added")
CELLS = [
    ("changed", "people cy name", "Ada", "Cyril", "value-corrected"),
    ("changed", "people cy born", "1815", "2001", "value-corrected"),
    ("changed", "people cy score", "9.5", "1", "value-corrected"),
    ("changed", "people cy member", "true", "false", "value-corrected"),
]


class TestRetired:
    @pytest.mark.parametrize(
        ("retired", "note"),
        [("ada,people,cy,\n", ""), ("ada,people,cy,misspelt\n", "misspelt"), ("ada,people,mid,first\nmid,people,cy,then\n", "first")],
        ids=["replaced", "and why", "twice"],
    )
    def test_replaced_by_a_record_that_came(self, retired: str, note: str) -> None:
        """It is the same record, whatever changed in it: it has another key."""
        found = compared(OLD, NEW, retired)
        assert told(found) == [("renamed", "people ada", "ada", "cy", "identifier-replaced"), *CELLS]
        first = found.changes[0]
        assert (first.parts, first.new_parts, first.proposed, first.note) == (("ada",), ("cy",), False, note)
        assert found.bump == "minor"

    @pytest.mark.parametrize(
        ("retired", "note"),
        [("ada,people,bo,\n", "by bo"), ("ada,people,bo,twice\n", "by bo; twice"), ("ada,people,mid,\nmid,people,bo,\n", "by bo")],
    )
    def test_replaced_by_a_record_that_was_there_before(self, retired: str, note: str) -> None:
        found = compared(OLD, NEW, retired)
        assert told(found) == [(*REMOVED, "identifier-replaced"), ADDED]
        assert found.changes[0].reason.endswith(f": {note}")
        assert found.bump == "minor"

    @pytest.mark.parametrize(
        ("retired", "note"),
        [
            ("", ""),
            ("ada,votes,cy,of another table\n", ""),
            ("ada,people,,no strategy\n", "no strategy"),
            ("ada,people,none exists,no strategy\n", "no strategy"),
            ("ada,people,ghost,no such\n", "no such"),
            ("ada,people,mid,a\nmid,people,ada,b\n", "a"),
            ("ada,people,ada,itself\n", "itself"),
            ("ada,people,,\n", ""),
        ],
        ids=["unsaid", "another table", "no word", "none exists", "by nothing", "in a circle", "by itself", "nothing said"],
    )
    def test_withdrawn(self, retired: str, note: str) -> None:
        found = compared(OLD, NEW, retired)
        assert told(found) == [(*REMOVED, "identifier-withdrawn"), ADDED]
        assert (found.changes[0].note, found.bump) == (note, "minor")

    def test_two_records_put_together(self) -> None:
        """One of them is the new record, the other was replaced by it; not two records under one key."""
        found = compared("ada,Ada,1815,9.5,true\nbo,Ada,1815,9.5,true\n", "cy,Ada,1815,9.5,true\n", "ada,people,cy,\nbo,people,cy,\n")
        assert told(found) == [
            ("renamed", "people ada", "ada", "cy", "identifier-replaced"),
            ("removed", "people bo", "bo,Ada,1815,9.5,true", None, "identifier-replaced"),
        ]
        assert found.changes[1].note == "by cy"

    def test_what_the_table_of_retired_identifiers_itself_became_is_a_change_too(self) -> None:
        assert told(compared(OLD, NEW, "ada,people,cy,\n", None))[-1] == ("added", "retired people/ada", None, "ada,people,cy", "row-added")

    def test_a_table_of_that_name_with_other_fields_says_nothing(self) -> None:
        other = text_fields("what", key="what")
        packages = [memory({"people": (PEOPLE, HEAD + rows), "retired": (other, "what\nada\n")}) for rows in (OLD, NEW)]
        assert told(compare(*packages)) == [(*REMOVED, "identifier-withdrawn"), ADDED]


class TestVocabulary:
    """Rows of link tables whose key holds a value that the new schema calls otherwise."""

    @staticmethod
    def schema(*categories: tuple[str, str]) -> dict[str, Any]:
        listed = [{"value": value, "label": value, **({"aistatecraft:formerly": was} if was else {})} for value, was in categories]
        roles = {"name": "role", "type": "string", "categories": listed}
        return {"fields": [{"name": "law", "type": "string"}, {"name": "actor", "type": "string"}, roles, {"name": "note", "type": "string"}], "primaryKey": ["law", "actor", "role"]}  # fmt: skip

    def compared(self, old: str, new: str) -> ChangeSet:
        before = self.schema(("leads", ""), ("targets", ""))
        after = self.schema(("leads", ""), ("is_target", "targets"), ("is_named", "targets"), ("is_tasked", "leads"))
        head = "law,actor,role,note\n"
        return compare(memory({"t": (before, head + old)}), memory({"t": (after, head + new)}), None)

    def rows(self, old: str, new: str) -> list[tuple[str, str, str | None, bool, str]]:
        found = [change for change in self.compared(old, new).changes if change.level == "row"]
        return [
            (change.action, change.key, change.new if change.action == "renamed" else None, change.proposed, change.note)
            for change in found
        ]

    def test_a_value_that_was_renamed_or_split(self) -> None:
        """A fact that the schema states, however little the rows say besides: nothing is proposed."""
        old, new = (
            "a,x,targets,\na,y,targets,\na,z,leads,one\na,w,leads,\n",
            "a,x,is_target,\na,y,is_named,\na,z,is_tasked,two\na,w,leads,\n",
        )
        assert self.rows(old, new) == [
            ("renamed", "a/x/targets", "a/x/is_target", False, "targets became is_target in the vocabulary"),
            ("renamed", "a/y/targets", "a/y/is_named", False, "targets became is_named in the vocabulary"),
            ("renamed", "a/z/leads", "a/z/is_tasked", False, "leads became is_tasked in the vocabulary"),
        ]
        (cell,) = [change for change in self.compared(old, new).changes if change.level == "cell"]
        assert (cell.key, cell.field, cell.old, cell.new) == ("a/z/is_tasked", "note", "one", "two")

    def test_a_row_that_became_two_and_a_role_that_went(self) -> None:
        assert self.rows("a,x,targets,\na,y,targets,\n", "a,x,is_target,\na,x,is_named,\n") == [
            ("removed", "a/x/targets", None, False, ""),
            ("removed", "a/y/targets", None, False, ""),
            ("added", "a/x/is_target", None, False, ""),
            ("added", "a/x/is_named", None, False, ""),
        ]

    def test_a_row_with_another_code_is_proposed(self) -> None:
        """Not where several went or came: which became which is not known."""
        assert self.rows("a,x,leads,\n", "a,x,is_target,\n") == [("renamed", "a/x/leads", "a/x/is_target", True, "")]
        assert {action for action, *_ in self.rows("a,x,leads,\na,y,leads,\n", "a,x,is_target,\na,x,is_named,\nb,y,is_named,\n")} == {"removed", "added"}  # fmt: skip

    def test_a_value_that_stays_beside_its_part(self) -> None:
        assert self.rows("a,z,leads,\n", "a,z,leads,\na,z,is_tasked,\n") == [("added", "a/z/is_tasked", None, False, "")]


class TestLikeness:
    def test_an_identifier_that_seems_to_have_changed_is_proposed(self) -> None:
        found = compared(OLD, "bo,Bo,1990,3,false\nada-lovelace,Ada,1815,9.5,false\n", "")
        assert told(found) == [
            ("renamed", "people ada", "ada", "ada-lovelace", "identifier-changed"),
            ("changed", "people ada-lovelace member", "true", "false", "value-corrected"),
        ]
        assert [change.proposed for change in found.changes] == [True, False]
        assert (found.weight, found.bump) == ("major", "minor")

    def test_what_the_table_of_retired_identifiers_says_comes_first(self) -> None:
        found = compared(OLD, "bo,Bo,1990,3,false\nx,Ada,1815,9.5,true\ny,Other,2001,1,false\n", "ada,people,y,\n")
        assert next(change[:4] for change in told(found)) == ("renamed", "people ada", "ada", "y")
        assert told(found)[-1] == ("added", "people x", None, "x,Ada,1815,9.5,true", "row-added")

    def test_a_row_of_a_table_of_links_stands_under_another_key(self) -> None:
        old, new = "body,day,yes\nUN,2024-03-12,193\nEU,2024-01-01,27\n", "body,day,yes\nUN,2024-03-21,193\nEU,2024-01-01,27\n"
        found = compare(memory({"votes": (VOTES, old)}), memory({"votes": (VOTES, new)}))
        (change,) = found.changes
        assert (change.action, change.old, change.new, change.rule, change.proposed) == (
            "renamed", "UN/2024-03-12", "UN/2024-03-21", "row-rekeyed", True,
        )  # fmt: skip
        assert (change.parts, change.new_parts, found.bump) == (("UN", "2024-03-12"), ("UN", "2024-03-21"), "patch")

    def test_rows_that_are_not_alike_come_and_go(self) -> None:
        assert told(compared(OLD, NEW, "")) == [(*REMOVED, "identifier-withdrawn"), ADDED]

    def test_under_a_renamed_key(self) -> None:
        old = {"fields": [{"name": "id"}, {"name": "a"}, {"name": "b"}], "primaryKey": "id"}
        new = {"fields": [{"name": "code", "aistatecraft:formerly": "id"}, {"name": "a"}, {"name": "b"}], "primaryKey": "code"}
        found = between(old, "id,a,b\nx,one,two\ny,three,four\n", "code,a,b\nz,one,two\ny,three,five\n", new)
        assert found[2:] == [
            ("renamed", "t x", "x", "z", "identifier-changed"),
            ("changed", "t y b", "four", "five", "value-corrected"),
        ]
