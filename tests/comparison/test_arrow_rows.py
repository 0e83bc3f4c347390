"""Large tables compared with pyarrow: the same changes as without it, to the letter and in the same order."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.comparison import arrow_rows, compare, row_diff, tables
from aistatecraft.comparison.apply import apply
from aistatecraft.package import Package
from tests.comparison.described import memory

pytest.importorskip("pyarrow")

CELL = st.sampled_from(["", "a", "b", "a b", "1.0", "1", "NA", "é", "e\u0301", "字", 'say "x"', "x,y", "two\nlines", " a", "null", "-"])
NAMES = ["k", "l", "m", "n", "o"]


def table(names: list[str], rows: list[list[str]], key: list[str], quoting: Any) -> Package:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=quoting)
    writer.writerow(names)
    writer.writerows(rows)
    schema: dict[str, Any] = {"fields": [{"name": name, "type": "string"} for name in names]}
    return memory({"t": ({**schema, **({"primaryKey": key} if key else {})}, out.getvalue())})


@st.composite
def pair(draw: st.DrawFn) -> tuple[Package, Package]:
    """Two tables of up to twelve rows: keys of one or two fields, some of them twice; columns and rows that came, went and moved."""
    width = draw(st.integers(1, 2))
    old_names = NAMES[:2] + draw(st.lists(st.sampled_from(NAMES[2:]), unique=True))
    new_names = NAMES[:2] + draw(st.lists(st.sampled_from(NAMES[2:]), unique=True))
    keys = draw(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=12, unique=draw(st.booleans())))
    rows = [dict(zip(NAMES, [*key, *draw(st.tuples(CELL, CELL, CELL))], strict=True)) for key in keys]
    later = [dict(row) for row in rows]
    for row in later:
        if draw(st.integers(0, 3)) == 0:
            row[draw(st.sampled_from(NAMES))] = draw(CELL)
    later = draw(st.permutations(later)) if draw(st.booleans()) else later
    later = later[draw(st.integers(0, 2)) :] or later
    new_names = draw(st.permutations(new_names))
    return (
        table(old_names, [[row[name] for name in old_names] for row in rows], NAMES[:width], csv.QUOTE_MINIMAL),
        table(new_names, [[row[name] for name in new_names] for row in later], NAMES[:width], draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))),
    )  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(pair())
def test_both_ways_give_the_same(both: tuple[Package, Package]) -> None:
    old, new = both
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "differing_records", _not_plain)
        plain = compare(old, new, keep_going=True)
        patch.setattr(arrow_rows, "MIN_BYTES", 0)
        quick = compare(old, new, keep_going=True)
    assert quick == plain
    assert not compare(apply(old, quick), new)


def _not_plain(*_arguments: object) -> None:
    raise row_diff.NotPlain


def taken(old: Package, new: Package) -> bool:
    """Whether the pair is compared with pyarrow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow_rows, "MIN_BYTES", 0)
        return arrow_rows.differing_columns(old, old.resources["t"], new, new.resources["t"], {}) is not None


ROWS = [["a", "1", "x"], ["b", "2", "y"], ["c", "3", "z"]]


@pytest.mark.parametrize(
    ("names", "rows", "key", "expected"),
    [
        (["k", "l", "m"], ROWS, ["k"], True),
        (["k", "l", "m"], ROWS, ["k", "l"], True),
        (["k", "m", "l"], ROWS, ["k"], True),
        (["k", "l", "n"], ROWS, ["k"], True),
        (["k", "l", "m"], [*ROWS, ["a", "1", "x"]], ["k"], True),
        (["k", "l", "n"], [*ROWS, ["a", "1", "x"]], ["k"], False),  # a key twice and other fields
        (["k", "l", "m"], [*ROWS, ["d", "1\n2", 'say "x"']], ["k"], True),
        (["k", "l", "m"], ROWS, [], False),  # no key
        (["k", "l", "m"], [*ROWS, ["", "", ""]], ["k"], False),  # perhaps a blank line
        (["k", "l", "m"], [], ["k"], False),
        (["k", "l", "m"], [*ROWS, ["d", "1"]], ["k"], False),  # damage, which the plain way says
    ],
)
def test_what_is_left_to_the_plain_way(names: list[str], rows: list[list[str]], key: list[str], expected: bool) -> None:
    old, new = table(["k", "l", "m"], ROWS, key, csv.QUOTE_MINIMAL), table(names, rows, key, csv.QUOTE_MINIMAL)
    assert taken(old, new) is expected
