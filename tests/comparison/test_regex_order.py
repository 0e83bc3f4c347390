"""Which of two regular expressions admits more, decided on automata and checked against Python's own matching."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.comparison.regex_order import pattern_order, pattern_width


@pytest.mark.parametrize(
    ("old", "new", "order"),
    [
        ("[a-z]+", "[a-z]*", "wider"),
        ("[a-z]+", "[a-y]+", "narrower"),
        ("[a-z]+", "[0-9]+", "other"),
        ("a|b", "[ab]", "same"),
        ("(a|aa)*", "a*", "same"),
        ("^[a-z]$", "[a-z]", "same"),
        (r"\A(a|b)\Z", "^a|b$", "same"),
        ("[a-z0-9]+(-[a-z0-9]+)*", "[a-z0-9-]+", "wider"),
        ("x{0,200}", "x{0,199}", "narrower"),
        ("(a?){30}a{30}", "a{30,60}", "same"),
        ("(a|b)*a(a|b){12}", "(a|b)*a(a|b){11}", "other"),
        ("(a*)*b", "a*b", "same"),
        ("a*?b", "a*b", "same"),
        ("(?:a)(?P<n>b)", "ab", "same"),
        (None, r"[\s\S]*", "same"),
        # What Python's classes hold: digits of all scripts, and a dot that is no line break.
        (r"\d{4}", "[0-9]{4}", "narrower"),
        (r"\w", r"[\w]", "same"),
        (r"[\d\D]", r"[^\d]|\d", "same"),
        (r"\S+", r"[^ \t\n\r\f\v]+", "wider"),
        (None, ".*", "narrower"),
        ("[^x]", ".", "other"),
        ("", "^$", "same"),
        ("a", None, "wider"),
    ],
)
def test_decided(old: str | None, new: str | None, order: str) -> None:
    assert pattern_order(old, new) == order
    assert pattern_order(new, old) == {"wider": "narrower", "narrower": "wider"}.get(order, order)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(?i)a", "a|A"),
        ("a(?=b)", "a"),
        (r"(a)\1", "aa"),
        ("a^b", "ab"),
        (r"\bword", "word"),
        ("(?>a*)b", "a*b"),
        ("x{0,100000}", "x{0,99999}"),
        ("(){0,4000000000}", "a"),
        ("(a|b)*a(a|b){14}", "(b|a)*a(b|a){14}"),
        ("(" * 2_000 + ")" * 2_000, "a"),
        ("[", "a"),
    ],
    ids=["flag", "look-ahead", "reference", "anchor", "boundary", "atomic", "large", "endless", "many", "deep", "broken"],
)  # fmt: skip
def test_not_decided(old: str, new: str) -> None:
    assert pattern_order(old, new) is None
    assert pattern_order(old, old) == "same"


@pytest.mark.parametrize(
    ("pattern", "width"),
    [
        (None, (0, None)),
        ("[a-z]{3}", (3, 3)),
        ("a?b+", (1, None)),
        ("", (0, 0)),
        ("(ab|c)*", (0, None)),
        ("x{2,5}", (2, 5)),
        ("[", (0, None)),
    ],
)
def test_width(pattern: str | None, width: tuple[int, int | None]) -> None:
    assert pattern_width(pattern) == width


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(parts, parts).map("".join),
        st.tuples(parts, parts).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(parts, st.sampled_from(["*", "?", "+", "{2}", "{0,2}", "*?"])).map(lambda two: f"({two[0]}){two[1]}"),
    )


PATTERN = st.recursive(st.sampled_from(["a", "b", "c", "[ab]", "[^a]", ".", ""]), _joined, max_leaves=6)
WORDS = ["".join(letters) for length in range(5) for letters in product("abc\n", repeat=length)]


@settings(max_examples=250, deadline=None)
@given(old=PATTERN, new=PATTERN)
def test_as_python_matches(old: str, new: str) -> None:
    order = pattern_order(old, new)
    before, after = ({word for word in WORDS if re.fullmatch(pattern, word)} for pattern in (old, new))
    assert order is not None
    assert order in ("wider", "other") or after <= before
    assert order in ("narrower", "other") or before <= after
