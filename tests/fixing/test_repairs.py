"""Repairs of tables of other people: what was reported goes, and every other byte stays."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.errors import RefusedError
from aistatecraft.fixing.repairs import repair_table
from aistatecraft.fixing.tables import fix_table
from aistatecraft.package import Dialect, Resource, compile_schema, read_table
from aistatecraft.validation.report import ERROR, Finding

SCHEMA: dict[str, Any] = {"fields": [{"name": name, "type": "string"} for name in ("a", "b", "c")], "primaryKey": ["a"]}
PLAIN = Dialect()


def resource(read: Dialect = PLAIN, **descriptor: Any) -> Resource:
    return Resource("t", "t.csv", None, read, descriptor, compile_schema(SCHEMA, where="t", name="t"))


def finding(rule: str, line: int = 1) -> Finding:
    return Finding(rule, ERROR, "t.csv", line, "", "", "", "", "", "")


@pytest.mark.parametrize(
    ("before", "rules", "after"),
    [
        ("\ufeffa,b,c\n", [], "\ufeffa,b,c\n"),
        ("\ufeffa,b,c\r\n2, x ,\r\n1,y,", [("byte-order-mark", 1)], "a,b,c\r\n2, x ,\r\n1,y,"),
        ("\ufeffa,b,c\r\n2, x ,\r\n1,y,", [("last-line", 3)], "\ufeffa,b,c\r\n2, x ,\r\n1,y,\r\n"),
        ("\ufeffa,b,c\r\n2, x ,\r\n1,y,", [("line-ends", 1), ("last-line", 3)], "\ufeffa,b,c\n2, x ,\n1,y,\n"),
        ("a,b,c\r2,x,\r1,y,\r", [("line-ends", 1)], "a,b,c\n2,x,\n1,y,\n"),
        ('a,b,c\n\n"2","x\n\ny",\n\n1,,\n', [("blank-row", 2), ("blank-row", 6)], 'a,b,c\n"2","x\n\ny",\n1,,\n'),
        ('a,b,c\n\n"2","x\n\ny",\n\n1,,\n', [("blank-row", 6)], 'a,b,c\n\n"2","x\n\ny",\n1,,\n'),
        ("a,b,c\n1,,\n\n", [("blank-row", 3), ("last-line", 3)], "a,b,c\n1,,\n"),
        ('c,"a",b\n\u00a0,"2","x,\n""y"\n\n ,1,\n', [("column-order", 1)], '"a",b,c\n"2","x,\n""y",\u00a0\n\n1,, \n'),
        ("c,a,b\r\n3,1,2\r\n\r\n6,4,5", [("column-order", 1), ("blank-row", 3)], "a,b,c\r\n1,2,3\r\n4,5,6"),
    ],
)
def test_repair(before: str, rules: list[tuple[str, int]], after: str) -> None:
    made = repair_table(before.encode(), resource(), [finding(*rule) for rule in rules])
    assert made.after.decode() == after
    assert set(made.repairs) <= {rule for rule, _ in rules}


def test_other_dialects_are_kept() -> None:
    raw = b"c;'a';b\n'x;y';2;''\n\n"
    made = repair_table(raw, resource(Dialect(";", "'")), [finding("column-order"), finding("blank-row", 3)])
    assert made.after == b"'a';b;c\n2;'';'x;y'\n"


@pytest.mark.parametrize("raw", [b"a,b,c\n1,\xe9,\n\n", "a,b,c\n\n".encode("utf-16")])
def test_other_encodings_are_left_alone(raw: bytes) -> None:
    with pytest.raises(RefusedError, match="not in UTF-8, so nothing was written"):
        repair_table(raw, resource(), [finding("blank-row", 3)])


def test_a_line_that_is_no_blank_row_is_not_lost() -> None:
    """Should the place of a finding not be that of the file any more."""
    with pytest.raises(RefusedError, match="a repair would change a cell"):
        repair_table(b"a,b,c\n1,2,3\n", resource(), [finding("blank-row", 2)])


CELL = st.text(st.sampled_from(["a", " ", "\u00a0", "\u200b", "e", "\u0301", '"', ",", "\n", "\ufeff"]), max_size=4)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=6),
    order=st.permutations(["a", "b", "c"]),
    blank=st.sets(st.integers(0, 6)),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    last=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_is_reported_goes_and_no_cell_changes(
    rows: list[tuple[str, str, str]], order: list[str], blank: set[int], end: str, mark: bool, last: bool, quoting: Any
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=quoting)
    writer.writerow(order)
    for number, row in enumerate(rows):
        if number in blank:
            out.write("\n")
        writer.writerow(row)
    text = ("\ufeff" if mark else "") + out.getvalue().replace("\n", end)
    raw = (text if last else text.removesuffix(end)).encode()
    before = read_table(raw, ("a", "b", "c"), PLAIN, "t.csv")
    cells = [record.cells for record in before.records]
    made = repair_table(raw, resource(), [finding(fault.rule, fault.line) for fault in before.faults])
    after = read_table(made.after, ("a", "b", "c"), PLAIN, "t.csv")
    assert [record.cells for record in after.records] == cells
    assert after.faults == []
    assert made.changed == bool(before.faults)


# The canonical form, on an explicit command


def test_values_are_not_changed_by_the_canonical_form() -> None:
    raw = "b,a,c\n\u00a0,2, x\n\ne\u0301,1,\u200b\n".encode()
    made = fix_table(raw, resource(), own=False)
    assert (made.after.decode(), dict(made.repairs)) == (
        "a,b,c\n1,e\u0301,\u200b\n2,\u00a0, x\n",
        {"blank-row": 1, "column-order": 1, "row-order": 1},
    )


def test_line_ends_that_the_dialect_declares_stay() -> None:
    made = fix_table(b'a,b,c\r\n2,"x\r\ny",\r\n1,,\r\n', resource(dialect={"lineTerminator": "\r\n"}), own=False)
    assert (made.after, dict(made.repairs)) == (b'a,b,c\r\n1,,\r\n2,"x\r\ny",\r\n', {"row-order": 1})


@pytest.mark.parametrize(
    "descriptor",
    [{"dialect": "dialect.json"}, {"dialect": {"commentChar": "#"}}, {"dialect": {"header": False}}, {"encoding": "iso-8859-1"}],
)
def test_a_form_that_is_only_read_is_left_alone(descriptor: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match=r"t\.csv: the .* of the table can be read but not written, so nothing was written"):
        fix_table(b"b,a,c\n", resource(**descriptor), own=False)


def test_line_breaks_in_cells_are_values() -> None:
    with pytest.raises(RefusedError, match="lines and cells contain carriage returns, and the values of the cells would change"):
        fix_table(b'a,b,c\r\n2,"x\r\ny",\r\n', resource(), own=False)
