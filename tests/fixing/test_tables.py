"""The canonical form of a table: what is repaired, what is left alone, and that no cell is ever lost."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.fixing.tables import FixedTable, fix_table
from aistatecraft.package import Dialect, Resource, compile_schema, matching, read_table

PEOPLE: dict[str, Any] = {
    "fields": [
        {"name": "bloc", "type": "string"},
        {"name": "spell", "type": "integer"},
        {"name": "name", "type": "string"},
    ],
    "primaryKey": ["bloc", "spell"],
}


def resource(schema: dict[str, Any] = PEOPLE, dialect: Dialect = Dialect()) -> Resource:
    return Resource("people", "data/people.csv", None, dialect, {}, compile_schema(schema, where="people", name="people"))


def fix(text: str | bytes, schema: dict[str, Any] = PEOPLE) -> tuple[str, dict[str, int]]:
    """The canonical form and the repairs, after the proof that it is its own canonical form."""
    raw = text.encode() if isinstance(text, str) else text
    made = fix_table(raw, resource(schema))
    again = fix_table(made.after, resource(schema))
    assert (again.changed, again.repairs) == (False, {})
    return made.after.decode(), dict(made.repairs)


CANONICAL = 'bloc,spell,name\nA,1,Ada\nA,2,"Bo, of A"\n'


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        (CANONICAL, {}),
        ("\ufeff" + CANONICAL, {"byte-order-mark": 1}),
        (CANONICAL.replace("\n", "\r\n"), {"line-ends": 3}),
        (CANONICAL.replace("\n", "\r"), {"line-ends": 3}),
        (CANONICAL.replace("\n", "\r\n", 1), {"line-ends": 1}),
        (CANONICAL[:-1], {"last-line": 1}),
        (CANONICAL[:-1] + "\r", {"line-ends": 1, "last-line": 1}),
        (CANONICAL + "\n\n", {"blank-row": 2}),
        ('name,bloc,spell\nAda,A,1\n"Bo, of A",A,2\n', {"column-order": 1}),
        ('bloc,spell,name\nA,2,"Bo, of A"\nA,1,Ada\n', {"row-order": 1}),
        ('"bloc",spell,name\n"A","1",Ada\nA,2,"Bo, of A"\n', {"quotes": 2}),
        (CANONICAL.replace("Ada", "A\u200bda\ufeff"), {"control-character": 1}),
        (CANONICAL.replace("Ada", "  Ada\u00a0").replace("A,1", " A,1\t"), {"white-space": 3}),
    ],
)
def test_repair(text: str, repairs: dict[str, int]) -> None:
    assert fix(text) == (CANONICAL, repairs)


def test_decomposed_letters_are_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "bloc,spell,name\nA,1,José\n")
    assert fix(decomposed) == ("bloc,spell,name\nA,1,José\n", {"not-nfc": 1})


def test_letters_that_only_compose_once_what_stood_between_is_gone() -> None:
    assert fix("bloc,spell,name\nA,1,e\u200b\u0301 \n") == (
        "bloc,spell,name\nA,1,é\n",
        {"control-character": 1, "not-nfc": 1, "white-space": 1},
    )


def test_numbers_in_a_key_are_sorted_as_numbers_and_texts_by_their_characters() -> None:
    text = "bloc,spell,name\nb,10,x\nb,9,x\nB,1,x\né,1,x\nb,-1,x\nb,,x\nb,many,x\n"
    assert fix(text) == ("bloc,spell,name\nB,1,x\nb,,x\nb,-1,x\nb,9,x\nb,10,x\nb,many,x\né,1,x\n", {"row-order": 4})


def test_rows_of_one_key_keep_their_order_and_both_stay() -> None:
    assert fix("bloc,spell,name\nA,1,second\nA,1,first\n") == ("bloc,spell,name\nA,1,second\nA,1,first\n", {})


def test_rows_without_a_key_keep_their_order() -> None:
    schema = {"fields": PEOPLE["fields"]}
    assert fix("bloc,spell,name\nB,2,x\nA,1,x\n", schema) == ("bloc,spell,name\nB,2,x\nA,1,x\n", {})


def test_line_breaks_and_doubled_spaces_inside_a_cell_stay() -> None:
    text = 'bloc,spell,name\nA,1,"Ada\n  of  A"\n'
    assert fix(text) == (text, {})
    assert fix(text.replace("\n", "\r\n")) == (text, {"line-ends": 3})


def test_other_dialects_are_kept() -> None:
    text = b"bloc;spell;name\nB;1;'x;y'\nA;1;'plain'\n"
    made = fix_table(text, resource(dialect=Dialect(";", "'")))
    assert (made.after, dict(made.repairs)) == (b"bloc;spell;name\nA;1;plain\nB;1;'x;y'\n", {"row-order": 1, "quotes": 1})


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ({"name": "x", "type": "string", "missingValues": ["", " "]}, " "),
        ({"name": "x", "type": "string", "categories": [" a", "a"]}, " a"),
        ({"name": "x", "type": "string", "constraints": {"enum": ["a", "a "]}}, "a "),
        ({"name": "x", "type": "string", "constraints": {"pattern": "a +"}}, "a  "),
        ({"name": "x", "type": "string", "constraints": {"minLength": 3}}, "a  "),
        ({"name": "x", "type": "string", "constraints": {"required": True}}, "  "),
    ],
)
def test_white_space_to_which_the_schema_gives_a_meaning_stays(field: dict[str, Any], cell: str) -> None:
    text = f"id,x\n1,{cell}\n"
    assert fix(text, {"fields": [{"name": "id", "type": "integer"}, field], "primaryKey": ["id"]}) == (text, {})


def test_white_space_around_a_number_or_a_known_word_goes() -> None:
    fields = [{"name": "id", "type": "integer"}, {"name": "x", "type": "string", "categories": ["a"], "missingValues": ["", "none"]}]
    assert fix("id,x\n 2,none \n1, a\n", {"fields": fields, "primaryKey": ["id"]}) == (
        "id,x\n1,a\n2,none\n",
        {"row-order": 1, "white-space": 3},
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("bloc,spell,name\nA,1\n", "data/people.csv:2: the row has 2 cells, the header has 3"),
        ("bloc,spell,name\nA,1,x,y\n", "data/people.csv:2: the row has 4 cells"),
        ('bloc,spell,name\nA,1,x\nA,2,"x\n', "data/people.csv:3: the row that begins here has unbalanced quotes"),
        ('bloc,spell,name\nA,1,"x"y\n', "data/people.csv:2: the row that begins here has unbalanced quotes"),
        (b"bloc,spell,name\nA,1,Jos\xe9\n", "data/people.csv:2: byte 8 of the line is not UTF-8"),
        ("bloc,spell,name\nA,1,x\0y\n", "data/people.csv:2: the line contains a NUL character"),
        ("bloc,spell,name\nA,1,x\ry\n", "data/people.csv:2: the line contains a carriage return"),
        ("bloc,spell,name,name\nA,1,x,y\n", "data/people.csv:1: the column 'name' appears twice in the header"),
        ("bloc,spell\nA,1\n", "data/people.csv:1: the column 'name' is missing"),
        ("bloc,spell,name,more\nA,1,x,y\n", "data/people.csv:1: the column 'more' is not in the schema"),
        ("bloc;spell;name\nA;1;x\n", "data/people.csv:1: the cells are separated by ';'"),
        ("A,1,x\n", "data/people.csv:1: the first row is not the header"),
        ("", "data/people.csv:1: the file is empty"),
        (b"PK\x03\x04", "data/people.csv:1: this is a zip archive"),
    ],
)
def test_files_in_which_a_cell_could_be_lost_are_refused(text: str | bytes, words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        fix_table(text.encode() if isinstance(text, str) else text, resource())
    sentence = str(refused.value)
    assert sentence.startswith(words)
    assert "nothing was written; " in sentence
    assert sentence.endswith(".")


def test_pattern_that_runs_for_ever_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "SECONDS", 0.3)
    fields = [{"name": "id", "type": "string", "constraints": {"pattern": "(a+)+b"}}]
    with pytest.raises(
        ReadError, match=r"field id: the pattern '\(a\+\)\+b' was stopped on a text for which it needs more than 0\.3 seconds"
    ):
        fix(f"id\n{'a' * 60} \n", {"fields": fields})


# Properties

ODD = st.sampled_from(
    ["\u200b", "\ufeff", " ", "\u00a0", "\u0301", "\u2003", "\t", "\n", '"', ",", ";", "e", "A", "é", "\u1e9b\u0323", "國", "٣"]
)
CELL = st.lists(ODD | st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=("Cs",)), max_size=6).map("".join)
ROW = st.tuples(CELL, st.integers(-20, 20).map(str) | CELL, CELL)


def by_hand(cell: str) -> str:
    """The repairs of a cell, as the documentation has them."""
    return unicodedata.normalize("NFC", cell.replace("\u200b", "").replace("\ufeff", "")).strip()


@settings(max_examples=400, deadline=None)
@given(
    rows=st.lists(ROW, max_size=8),
    order=st.permutations(range(3)),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    last=st.booleans(),
)
def test_no_record_is_lost_and_twice_is_once(
    rows: list[tuple[str, str, str]], order: list[int], quoting: Any, end: str, mark: bool, last: bool
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=quoting)
    writer.writerows([[row[at] for at in order] for row in [("bloc", "spell", "name"), *rows]])
    text = ("\ufeff" if mark else "") + out.getvalue().replace("\n", end)
    raw = (text if last else text.removesuffix(end)).encode()
    made = fix_table(raw, resource())

    keys = [tuple(by_hand(cell) or cell if at < 2 else by_hand(cell) for at, cell in enumerate(row)) for row in rows]
    read = list(csv.reader(io.StringIO(made.after.decode(), newline=""), strict=True))
    assert read[0] == ["bloc", "spell", "name"]
    assert sorted(map(tuple, read[1:])) == sorted(keys)
    assert made.after.endswith(b"\n")
    assert b"\r" not in made.after
    assert made.changed == bool(made.repairs), "what changes is named, and what is named changes something"
    again = fix_table(made.after, resource())
    assert (again.after, again.repairs) == (made.after, {})


@settings(max_examples=300, deadline=None)
@given(raw=st.binary(max_size=60) | st.text(st.sampled_from('abid,"\n\r \ufeff1;\0é'), max_size=40).map(str.encode), header=st.booleans())
def test_any_bytes_are_fixed_without_loss_or_refused(raw: bytes, header: bool) -> None:
    raw = b"bloc,spell,name\n" + raw if header else raw
    try:
        made: FixedTable = fix_table(raw, resource())
    except RefusedError:
        return
    table = read_table(raw, ("bloc", "spell", "name"), Dialect(), "t")
    before = [[by_hand(cell or "") for cell in record.cells] for record in table.records]
    after = read_table(made.after, ("bloc", "spell", "name"), Dialect(), "t")
    assert sorted(before) == sorted([by_hand(cell or "") for cell in record.cells] for record in after.records)
    assert after.faults == []
