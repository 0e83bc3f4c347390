"""Which words of two texts are marked as different, and how long texts are shown around them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.comparison.reporters.word_diff import Part, WordDiff, excerpt


def shown(parts: list[Part]) -> str:
    return "".join(f"[{text}]" if mark else text for text, mark in parts)


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [
        ("the old plan", "the new plan", "the [old] plan", "the [new] plan"),
        ("one plan", "one national plan", "one []plan", "one [national ]plan"),
        ("2024", "2024-10", "2024[]", "2024[-10]"),
        ("67.50", "67.5", "67.[50]", "67.[5]"),
        ("国家人工智能规划", "国家人工智能计划（ArgenIA）", "国家人工智能[规]划", "国家人工智能[计]划[（ArgenIA）]"),
        ("Inteligencia Artificial", "Inteligência Artificial", "[Inteligencia] Artificial", "[Inteligência] Artificial"),
        ("人工智能", "人工知能", "人工[智]能", "人工[知]能"),
        ("a, b, c and d", "x, y, z or w", "[a, b, c and d]", "[x, y, z or w]"),
        ("abc", "xyz", "[abc]", "[xyz]"),
        ("skills and work", "skills, work", "skills[ and] work", "skills[,] work"),
        ("e\u0301t\u00e9 here", "e\u0301te here", "[e\u0301t\u00e9] here", "[e\u0301te] here"),
        ("same", "same", "same[]", "same[]"),
        ("", "x", "[]", "[x]"),
    ],
)
def test_marks(old: str, new: str, was: str, now: str) -> None:
    found = WordDiff().marked(old, new)
    assert (shown(found[0]), shown(found[1])) == (was, now)


@settings(max_examples=300, deadline=None)
@given(st.text("ab ,中文\n", max_size=30), st.text("ab ,中文\n", max_size=30))
def test_parts_are_the_texts_again_and_what_is_not_marked_is_in_both(old: str, new: str) -> None:
    was, now = WordDiff().marked(old, new)
    assert ("".join(text for text, _ in was), "".join(text for text, _ in now)) == (old, new)
    assert "".join(text for text, mark in was if not mark) == "".join(text for text, mark in now if not mark)


def test_what_is_too_long_to_match_is_marked_from_the_first_to_the_last_difference() -> None:
    def many(word: str) -> str:
        return "head " + " ".join(f"{word}{number} same" for number in range(200)) + " tail"

    was, now = WordDiff().marked(many("a"), many("b"))
    assert [(text[:8], mark) for text, mark in was] == [("head ", False), ("a0 same ", True), (" same ta", False)]
    assert [mark for _, mark in now] == [False, True, False]


def test_texts_past_the_budget_are_marked_from_the_first_to_the_last_difference() -> None:
    words = WordDiff(budget=60)
    assert shown(words.marked("a b c d", "x b c y")[0]) == "[a] b c [d]"
    assert words.left == 60 - 7 * 7
    assert shown(words.marked("z a b c d", "z x b c y")[0]) == "z [a b c d]"


@pytest.mark.parametrize(
    ("parts", "cut"),
    [
        ([("short", False), ("x", True)], "short[x]"),
        ([("a long way before it ", False), ("x", True), (" a long way behind it", False)], "… before it [x] a long way …"),
        ([("x", True), (" a long way between the two ", False), ("y", True)], "[x] a long way … the two [y]"),
        ([("x" * 30, True)], f"[{'x' * 19}…]"),
        ([("国家人工智能规划国家人工智能规划", False), ("计", True)], "…智能规划国家人工智能规划[计]"),
    ],
)
def test_excerpts(parts: list[Part], cut: str) -> None:
    assert shown(excerpt(parts, 12, 20, 200)) == cut


def test_an_excerpt_with_very_many_marks_ends_somewhere() -> None:
    parts = [(f"{number}", number % 2 == 0) for number in range(10_000)]
    found = excerpt(parts, 12, 20, 100)
    assert shown(found[-1:]) == "…"
    assert len(shown(found)) < 250
