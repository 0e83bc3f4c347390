"""Rows paired by likeness: sure enough, each with one other, in a time that grows with the rows alone."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.comparison import similarity
from aistatecraft.comparison.similarity import similar_rows, text_similarity

Rows = dict[tuple[str, ...], tuple[str, ...]]


def pairs(gone: Rows, come: Rows) -> dict[str, str]:
    """The pairs by the first part of their keys."""
    return {old[0]: new[0] for old, new in similar_rows(gone, come)}


def rows(**cells: str) -> Rows:
    """Rows by a key of one part; cells with commas between them."""
    return {(key,): tuple(row.split(",")) for key, row in cells.items()}


LONG = "National strategy for artificial intelligence of the Republic"


@pytest.mark.parametrize(
    ("gone", "come", "expected"),
    [
        (rows(a="x,y,z"), rows(b="x,y,z"), {"a": "b"}),
        (rows(a="x,y,z"), rows(b="x,y,other"), {"a": "b"}),
        (rows(a="x,y,z,w"), rows(b="x,other,different,w"), {}),
        (rows(a="x,y,z"), rows(b="p,q,r"), {}),
        (rows(a="x,,"), rows(b="x,,"), {"a": "b"}),
        (rows(a=",,"), rows(b=",,"), {}),
        (rows(a="x,y,z"), {}, {}),
        # One telling value is not enough where others speak against it.
        (rows(a=f"BRA,2021,{LONG}"), rows(b="BRA,2024,Something else that has a title"), {}),
        # A text that was corrected counts in part.
        (rows(a=f"BRA,2021,{LONG}"), rows(b=f"BRA,2021,{LONG}s"), {"a": "b"}),
        # Two candidates of which neither is clearly the better.
        (rows(a="x,y,z"), rows(b="x,y,p", c="x,y,q"), {}),
        (rows(a="x,y,z,w"), rows(b="x,y,z,w", c="x,y,q,r"), {"a": "b"}),
        # Two that went and one that came: the nearer of them.
        (rows(a="x,y,z,v,w", b="x,y,z,v,q"), rows(c="x,y,z,v,w"), {"a": "c"}),
        (rows(a="1,x,y", b="2,p,q"), rows(c="2,p,q", d="1,x,y"), {"a": "d", "b": "c"}),
    ],
)
def test_pairs(gone: Rows, come: Rows, expected: dict[str, str]) -> None:
    assert pairs(gone, come) == expected


def test_a_value_that_many_rows_have_tells_nothing() -> None:
    come = {(f"n{number}",): ("draft", f"title {number}") for number in range(50)}
    assert pairs(rows(a="draft,gone"), come) == {}


def test_thousands_of_rows_are_paired_without_comparing_all_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    real = similarity._similarity
    monkeypatch.setattr(similarity, "_similarity", lambda *given: looked.append(1) or real(*given))
    chance = random.Random(1)
    cells = {number: (f"title {number}", str(chance.randint(0, 9)), f"doi {number}", f"url {number}") for number in range(3_000)}
    gone = {(f"old{number}",): row for number, row in cells.items()}
    come = {(f"new{number}",): (*row[:3], "moved") if number % 2 else row for number, row in cells.items()}
    assert pairs(gone, come) == {f"old{number}": f"new{number}" for number in cells}
    assert len(looked) <= 4 * 3_000


def test_texts_are_compared_letter_by_letter_only_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, come = rows(a=f"BRA,2021,{LONG}"), rows(b=f"BRA,2021,{LONG}s", c=f"BRA,2020,{LONG[::-1]}")
    assert pairs(gone, come) == {"a": "b"}
    monkeypatch.setattr(similarity, "_BUDGET", 10)
    # Without the text two of three cells are the same, which is enough, and the other has one.
    assert pairs(gone, come) == {"a": "b"}
    assert pairs(rows(a=f"BRA,{LONG}"), rows(b=f"BRA,{LONG}s")) == {}


@settings(max_examples=100, deadline=None)
@given(
    gone=st.dictionaries(st.tuples(st.text("kl", min_size=1, max_size=3)), st.tuples(*[st.sampled_from("abc ")] * 3), max_size=8),
    come=st.dictionaries(st.tuples(st.text("mn", min_size=1, max_size=3)), st.tuples(*[st.sampled_from("abc ")] * 3), max_size=8),
)
def test_no_row_is_paired_twice_and_order_does_not_matter(gone: Rows, come: Rows) -> None:
    found = sorted(similar_rows(gone, come))
    assert len({old for old, _ in found}) == len({new for _, new in found}) == len(found)
    assert {old for old, _ in found} <= gone.keys() and {new for _, new in found} <= come.keys()
    assert sorted(similar_rows(dict(reversed(gone.items())), dict(reversed(come.items())))) == found


def test_nearness_of_names() -> None:
    measured = [text_similarity("title_en", other) for other in ("title_en", "title_eng", "title", "status", "xyz")]
    assert measured[0] == 1 and all(more > less for more, less in pairwise(measured))
