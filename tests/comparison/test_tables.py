"""Rows matched by key, told by their cells where no key does, and found equal however they are written."""

from __future__ import annotations

import csv
from collections import Counter
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.comparison import compare, row_diff, tables
from aistatecraft.comparison.apply import apply
from aistatecraft.errors import DataError
from aistatecraft.package import Package
from tests.comparison.described import HEAD, NO_KEY, PEOPLE, VOTES, between, memory, people, text_fields
from tests.comparison.packages import SLOW, Model, opened, sorted_out, two

PLAIN = text_fields("id", "n", key="id")


def memory_of(schema: dict[str, Any], text: str) -> Package:
    return memory({"t": (schema, text)})


class TestKeys:
    def test_single(self) -> None:
        assert people("ada,Ada,1815,9.5,true\nbo,Bo,1990,3,false\n", "ada,Ada,1815,9,true\ncy,Cy,2001,1,true\n") == [
            ("changed", "t ada score", "9.5", "9", "value-corrected"),
            ("removed", "t bo", "bo,Bo,1990,3,false", None, "identifier-withdrawn"),
            ("added", "t cy", None, "cy,Cy,2001,1,true", "row-added"),
        ]

    def test_composite(self) -> None:
        old, new = "body,day,yes\nUN,2024-03-21,193\nUN,2024-07-01,140\n", "body,day,yes\nUN,2024-03-21,192\nEU,2024-08-01,27\n"
        assert between(VOTES, old, new) == [
            ("changed", "t UN/2024-03-21 yes", "193", "192", "value-corrected"),
            ("removed", "t UN/2024-07-01", "UN,2024-07-01,140", None, "row-removed"),
            ("added", "t EU/2024-08-01", None, "EU,2024-08-01,27", "row-added"),
        ]

    def test_slashes_in_them(self) -> None:
        schema = text_fields("a", "b", "c", key=["a", "b"])
        old, new = memory_of(schema, "a,b,c\nx/y,z,1\nx,y/z,2\n"), memory_of(schema, "a,b,c\nx,y/z,2\nx/y,z,3\n")
        (change,) = compare(old, new).changes
        assert (change.key, change.parts, change.old, change.new) == ("x/y/z", ("x/y", "z"), "1", "3")

    def test_blank_ones(self) -> None:
        (change,) = compare(memory_of(PLAIN, "id,n\n,1\na,2\n"), memory_of(PLAIN, "id,n\n,2\na,2\n")).changes
        assert (change.level, change.key, change.parts, change.new) == ("cell", "", ("",), "2")
        assert change.as_dict()["parts"] == [""]

    def test_not_at_the_beginning_of_the_row(self) -> None:
        schema = text_fields("n", "id", "m", key="id")
        found = between(schema, "n,id,m\n1,a,\n2,b,\n3,b,\n", "n,id,m\n1,a,x\n2,b,\n4,b,\n")
        assert found == [
            ("changed", "t b n", "3", "4", "value-corrected"),
            ("added", "t a m", None, "x", "value-filled"),
        ]


class TestNoKey:
    def test_rows_are_counted_as_often_as_they_stand(self) -> None:
        old, new = "word,note\nhedge,a\nhedge,a\npower,b\n", "word,note\npower,b\nhedge,a\nvoice,c\nvoice,c\n"
        assert between(NO_KEY, old, new) == [
            ("removed", "t", "hedge,a", None, "row-removed"),
            ("added", "t", None, "voice,c", "row-added"),
            ("added", "t", None, "voice,c", "row-added"),
        ]

    def test_a_changed_cell_is_another_row(self) -> None:
        assert between(NO_KEY, "word,note\nhedge,a\n", "word,note\nhedge,b\n") == [
            ("removed", "t", "hedge,a", None, "row-removed"),
            ("added", "t", None, "hedge,b", "row-added"),
        ]

    def test_quotes_that_are_not_needed_make_no_other_row(self) -> None:
        assert between(NO_KEY, 'word,note\nhedge,a\n"hedge",a\n', 'word,note\n"hedge","a"\n') == [
            ("removed", "t", "hedge,a", None, "row-removed")
        ]

    def test_many_equal_rows(self) -> None:
        """Each is matched in the same time, however many there are."""
        found = between(NO_KEY, "word,note\n" + "a,b\n" * 20_000, "word,note\n" + "a,b\n" * 19_999)
        assert found == [("removed", "t", "a,b", None, "row-removed")]


class TestOtherKeyThanBefore:
    def test_rows_are_matched_by_the_old_or_the_new_key(self) -> None:
        old, new = "body,day,yes\nUN,2024-03-21,193\nEU,2024-03-21,27\n", "body,day,yes\nUN,2024-03-21,192\nEU,2024-03-21,27\n"
        assert between(VOTES, old, new, {**VOTES, "primaryKey": ["body"]}) == [
            ("changed", "t primaryKey", '["body", "day"]', '["body"]', "key-changed"),
            ("changed", "t UN yes", "193", "192", "value-corrected"),
        ]

    def test_an_identifier_that_is_no_key_any_more_is_not_withdrawn(self) -> None:
        found = between(PLAIN, "id,n\na,1\n", "id,n\nb,2\n", text_fields("id", "n"))
        assert [rule for *_, rule in found] == ["key-changed", "row-removed", "row-added"]


class TestKeyThatStandsTwice:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("a,1\na,2\n", "a,1\na,2\n", []),
            ("a,1\na,2\n", "a,2\na,1\n", []),
            ("a,1\na,2\n", "a,1\na,3\n", [("changed", "2", "value-corrected")]),
            ("a,1\na,2\n", "a,1\n", [("removed", "a,2", "row-removed")]),
            ("a,1\n", "a,1\na,2\n", [("added", "a,2", "row-added")]),
            ("a,1\n", "a,2\na,3\n", [("changed", "1", "value-corrected"), ("added", "a,3", "row-added")]),
            ("a,1\na,2\n", "a,3\n", [("changed", "1", "value-corrected"), ("removed", "a,2", "row-removed")]),
            ("a,1\na,2\n", "b,3\n", [("removed", "a,1", "identifier-withdrawn"), ("removed", "a,2", "identifier-withdrawn"), ("added", "b,3", "row-added")]),
            ("a,1\na,1\n", "a,1\n", [("removed", "a,1", "row-removed")]),
            ("a,1\n", "a,1\na,1\n", [("added", "a,1", "row-added")]),
            # A row that is like one that went, but stands under a key that was there before, is not its successor.
            ("g,long enough a text\na,1\n", "a,1\na,long enough a text\n", [("removed", "g,long enough a text", "identifier-withdrawn"), ("added", "a,long enough a text", "row-added")]),
        ],
    )  # fmt: skip
    def test_rows_are_paired_as_far_as_there_are_as_many(self, old: str, new: str, expected: list[tuple[str, str, str]]) -> None:
        found = between(PLAIN, "id,n\n" + old, "id,n\n" + new)
        assert [(action, was or now, rule) for action, _, was, now, rule in found] == expected

    def test_a_changed_cell_is_told_with_the_cells_of_its_row(self) -> None:
        found = compare(memory_of(PLAIN, "id,n\na,1\na,2\nb,1\n"), memory_of(PLAIN, "id,n\na,1\na,3\nb,2\n")).changes
        assert [(change.level, change.key, change.values) for change in found] == [
            ("cell", "a", {"id": "a", "n": "2"}),
            ("cell", "b", None),
        ]


class TestEmptyTables:
    def test_both(self) -> None:
        assert people("", "") == []

    def test_filled_and_emptied(self) -> None:
        assert people("", "ada,Ada,,,\n") == [("added", "t ada", None, "ada,Ada", "row-added")]
        assert people("ada,Ada,,,\n", "") == [("removed", "t ada", "ada,Ada", None, "identifier-withdrawn")]

    def test_header_without_a_line_break(self) -> None:
        assert between(PEOPLE, HEAD.strip(), HEAD + "ada,Ada,,,") == [("added", "t ada", None, "ada,Ada", "row-added")]


ROWS = 'ada,"Ada, of\nLovelace",1815,9,true\nbo,Bo,,3,\nquo,"a ""b""",,,\n'


class TestWaysToWrite:
    @pytest.mark.parametrize(
        "text",
        [
            (HEAD + ROWS).replace("\n", "\r\n").encode(),
            b"\xef\xbb\xbf" + (HEAD + ROWS).encode(),
            (HEAD + 'quo,"a ""b""",,,\n"bo","Bo","","3",""\nada,"Ada, of\nLovelace",1815,9,true').encode(),
            b'score,id,member,born,name\n3,bo,,,Bo\n9,ada,true,1815,"Ada, of\nLovelace"\n,quo,,,"a ""b"""\n',
        ],
        ids=["CRLF", "byte order mark", "unsorted, with needless quotes and no last line break", "other order of columns"],
    )
    def test_are_no_change(self, text: bytes) -> None:
        assert between(PEOPLE, HEAD + ROWS, text) == []
        assert between(PEOPLE, text, HEAD + ROWS) == []

    def test_other_delimiter_and_quote(self) -> None:
        old = HEAD + 'ada,"Ada; of",1815,9,true\n'
        new = "id;name;born;score;member\nada;'Ada; of';1815;9;false\n"
        dialect = {"delimiter": ";", "quoteChar": "'"}
        assert between(PEOPLE, old, new, dialects=({}, dialect)) == [("changed", "t ada member", "true", "false", "value-corrected")]
        assert between(PEOPLE, new, new.replace("false", "true"), dialects=(dialect, dialect)) == [
            ("changed", "t ada member", "false", "true", "value-corrected")
        ]

    def test_a_quote_in_mid_cell_hides_no_row(self) -> None:
        """What looks like a quoted line break is none: the rows are found to have their key twice all the same."""
        old = 'id,n\n1,a"b\n2,c"d\n2,z\n'
        found = between(PLAIN, old, old.replace("z", "y"))
        assert found == [("changed", "t 2 n", "z", "y", "value-corrected")]

    def test_a_row_that_reads_as_the_header(self) -> None:
        assert between(text_fields("id", "n"), "id,n\nid,n\n", "id,n\n") == [("removed", "t", "id,n", None, "row-removed")]

    def test_one_column(self) -> None:
        schema = text_fields("id", key="id")
        assert between(schema, 'id\na\n""\n', "id\r\na\r\nb\r\n") == [
            ("removed", "t", "", None, "identifier-withdrawn"),
            ("added", "t b", None, "b", "row-added"),
        ]

    @pytest.mark.parametrize("break_at", range(-3, 4))
    def test_records_on_the_edge_of_a_block(self, break_at: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(row_diff, "_BLOCK", 64 + break_at)
        rows = [f'k{number},"{"x" * (number % 40)}\n{number}"\n' for number in range(100)]
        found = between(PLAIN, "id,n\n" + "".join(rows), "id,n\n" + "".join(rows[:50] + rows[51:]))
        assert found == [("removed", "t k50", f"k50,{'x' * 10}\n50", None, "identifier-withdrawn")]


class TestDamage:
    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ("a,1\nb\n", "t.csv:3: the row has 1 cells, the header has 2"),
            ("a,1\nb,1,2\n", "t.csv:3: the row has 3 cells, the header has 2"),
            ('a,1\nb,"1\n', "t.csv:3: the row that begins here has unbalanced quotes"),
            ('a,1\nb,"1"x\n', "t.csv:3: the row that begins here has unbalanced quotes"),
            ("a,1\n\nb,1\n", "t.csv:3: the row is blank"),
            ("a,1\nb,x\ry\n", "t.csv:3: the line contains a carriage return"),
            ("a,1\nb,\0\n", "t.csv:3: the line contains a NUL character"),
        ],
    )
    def test_of_one_side_is_said_with_file_and_line(self, rows: str, message: str) -> None:
        for old, new in (("a,1\n", rows), (rows, "a,1\n")):
            with pytest.raises(DataError, match=message):
                between(PLAIN, "id,n\n" + old, "id,n\n" + new)

    def test_bytes_that_are_no_text(self) -> None:
        with pytest.raises(DataError, match=r"t.csv:3: byte 3 of the line is not UTF-8"):
            between(PLAIN, "id,n\na,1\n", b"id,n\na,1\nb,\xe9\n")

    @pytest.mark.parametrize(
        ("head", "message"),
        [("id,m\n", "the column 'm' is not in the schema"), ("id,n,n\n", "appears twice in the header"), ("a,b\n", "not the header")],
    )
    def test_of_the_header(self, head: str, message: str) -> None:
        with pytest.raises(DataError, match=f"t.csv:1: .*{message}"):
            between(PLAIN, "id,n\na,1\n", head)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(pair=two(), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_both_ways_to_compare_give_the_same(pair: tuple[Model, Model], quoting: int) -> None:
    """The quick one on bytes and the one that always works; and quotes are no change."""
    old, new = opened(pair[0]), opened(pair[1], quoting=quoting)
    quick = sorted_out(compare(old, new))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "differing_records", _never)
        assert sorted_out(compare(old, new)) == quick
        assert sorted_out(compare(old, old)) == []
    assert sorted_out(compare(old, old)) == sorted_out(compare(old, opened(pair[0], quoting=quoting))) == []


def _never(*_arguments: object) -> None:
    raise row_diff.NotPlain


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=4)


@settings(max_examples=80, deadline=None)
@given(before=st.dictionaries(CELL, CELL, max_size=6), after=st.dictionaries(CELL, CELL, max_size=6))
def test_the_changes_are_those_of_two_dictionaries(before: dict[str, str], after: dict[str, str]) -> None:
    """Rows as a dictionary by key: what Python says differs is what is found, renames counted as one row less and one more."""
    packages = [
        opened({"t": {"schema": PLAIN, "rows": [{"id": key, "n": n} for key, n in rows.items()], "said": {}}}) for rows in (before, after)
    ]
    found = compare(*packages).changes
    went = [change.parts[0] for change in found if change.level == "row" and change.action in ("removed", "renamed")]
    came = [(change.new_parts or change.parts)[0] for change in found if change.level == "row" and change.action in ("added", "renamed")]
    assert Counter(went) == Counter(before.keys() - after.keys())
    assert Counter(came) == Counter(after.keys() - before.keys())
    cells = {
        change.parts[0]: (change.old or "", change.new or "") for change in found if change.level == "cell" and change.parts[0] in before
    }
    assert cells == {key: (before[key], after[key]) for key in before.keys() & after.keys() if before[key] != after[key]}


class TestAnotherKey:
    """A table whose key is another than before: rows are matched by a key that tells those of both apart."""

    PLAIN: ClassVar[dict[str, Any]] = {
        "fields": [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}, {"name": "w", "type": "string"}]
    }
    OLD, NEW = "id,n,w\na,1,x\nb,2,y\nc,3,z\n", "id,n,w\na,1,x\nb,5,y\nd,4,z\n"

    @pytest.mark.parametrize(
        ("was", "now"), [([], ["id"]), (["id"], []), (["id"], ["id", "w"]), (["id", "w"], ["id"]), (["n"], ["id"])]
    )  # fmt: skip
    def test_cells_are_compared_and_can_be_applied(self, was: list[str], now: list[str]) -> None:
        def keyed(key: list[str]) -> dict[str, Any]:
            return {**self.PLAIN, **({"primaryKey": key} if key else {})}

        old, new = memory({"t": (keyed(was), self.OLD)}), memory({"t": (keyed(now), self.NEW)})
        found = compare(old, new)
        cells = [(change.field, change.old, change.new) for change in found.changes if change.level == "cell"]
        assert cells == [("n", "2", "5")]
        assert sorted((change.action, (change.values or {})["id"]) for change in found.changes if change.level == "row") == [
            ("added", "d"),
            ("removed", "c"),
        ]
        assert not compare(apply(old, found), new)

    def test_a_key_that_does_not_tell_rows_apart_is_not_used(self) -> None:
        old = memory({"t": (self.PLAIN, "id,n,w\na,1,x\na,2,y\n")})
        new = memory({"t": ({**self.PLAIN, "primaryKey": ["id"]}, "id,n,w\na,1,x\nb,2,y\n")})
        assert [change.action for change in compare(old, new).changes] == ["added", "removed", "added"]
