"""Random patterns and packages: the columnar way finds what the plain way finds, to line and column.

AISTATECRAFT_EXAMPLES sets how many are tried.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.errors import ReadError
from aistatecraft.package import matching
from aistatecraft.validation import arrow_columns, arrow_engine, validate
from aistatecraft.validation.re2 import for_re2

pc = pytest.importorskip("pyarrow.compute", reason="pyarrow is an extra")
EXAMPLES = int(os.environ.get("AISTATECRAFT_EXAMPLES", "0"))

PIECES = [
    "a", "b", "-", "7", "é", "😀", ".", r"\.", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\b", r"\B", r"\A", r"\Z", "^", "$", r"\n", r"\t", r"\x61",
    r"\u00e9", r"\Q", r"\E", r"\C", r"\pL", r"\z", r"\07", "[ab]", "[^a]", "[a-z]", "[^a-z0-9]", r"[\d-]", r"[^\w]", r"[\W\d]", "[[:alpha:]]", "[^[:digit:]]",
    "[é-ü]", "[^é]", r"[\s\S]", "[]a]", "[^]]", "[a-]", "[a&&b]", "(?i)", "(?s)", "(?m)", "(?x)", "(?i:a)", "(?s:.)", "(?-i:a)", "(?U)", "(?P<n>a)",
    "(?P=n)", "(?P)", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)", "(a)", r"\1", "(?(1)a|b)", "(?#x)", "(?:)", "()", "|", "a|", "|a", "#", "{", "}", "]",
    "{,2}", "a{,2}", "a{2}", "a{1,3}", "a{2,}", "a{1001}", "a++", "a*+", "a?+", "a{2}+", "k", "s", "K", r"\ ", r"\-", r"\/", r"\_", r"\é",
]  # fmt: skip
PATTERNS = st.recursive(
    st.sampled_from(PIECES),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,3}", "{2,}", "*?", "+?", "??", "{1,2}?", "{0}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        inner.map(lambda part: f"({part})"),
    ),
    max_leaves=6,
)
TEXTS = st.lists(st.sampled_from([*"ab-7é😀k\u212a\u017fK. \n\t|]&\u0661\u00a0{}#^$_"]), max_size=7).map("".join)


def python_says(pattern: str, text: str) -> bool | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.fullmatch(pattern, text) is not None
        except (re.error, OverflowError):
            return None


@settings(max_examples=EXAMPLES or 400, deadline=None)
@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=12))
def test_no_pattern_means_more_to_arrow(pattern: str, texts: list[str]) -> None:
    written = for_re2(pattern)
    if written is None:
        return
    found = pc.match_substring_regex(arrow_columns.texts_array(texts), pattern=written).to_pylist()
    expected = [python_says(pattern, text) for text in texts]
    assert [text for text, by_arrow, by_python in zip(texts, found, expected, strict=True) if by_arrow and not by_python] == []
    if not re.search(r"\\[dwsDWS]", pattern):
        assert found == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "[[:alpha:]]{3}-[0-9]{7}", "(?P=x)", "(?i)a", r"\bx", r"(a)\1", "(?=a)a", "a{1001}", "(a{30}){30}", "(a*)*", "a++", "(?>a)", "(?s).", r"x\Zy",
        "(?m)^a$", "(", r"[^\w\W]", "(?:^){3}",
    ],
)  # fmt: skip
def test_what_is_not_known_to_mean_the_same_is_left_to_python(pattern: str) -> None:
    written = for_re2(pattern)
    if pattern.startswith("[["):  # Python's meaning of it: one of six characters, a bracket, and so on
        assert written is not None
        assert "alpha" not in written
    else:
        assert written is None


CELLS = st.one_of(
    st.sampled_from(
        [
            "", " ", "a", " a", "a ", "é", "😀", "+5", "-0", "+0", "007", "-007", "1e5", "1.", ".5", "NaN", "INF", "-INF", "nan", "inf", "1_000", "٣",
            "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "999999999999999999", "1000000000000000000",
            "0.1", "0.30000000000000004", "1.00000000000000000000000001", "123456789012345678901234567890", "2024", "0000", "-0000", "02024", "-2024",
            "true", "TRUE", "1", "0", "2", "yes", "2024-02-30", "2024-02-29", "2024-13", "2024-12", "2024-01-01T00:00:00Z", "a@b.c", "https://a.b",
            "https://", "a b", "\u00a0", "e\u0301", "ééé", "\u212a", "\U0010ffff", "x" * 300, "a\nb", "\n", 'a"b', "a,b", "\t", "-", "n/a",
        ]
    ),
    TEXTS,
    st.integers(-(10**20), 10**20).map(str),
    st.floats(width=32).map(str),
)  # fmt: skip
NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.sampled_from([-1, 0, 2, 2**63 - 1, -(2**63), "5"]),
    "number": st.sampled_from([-1, 0, 0.1, 0.3, 1e22, 1e300, "0.30000000000000004"]),
    "year": st.sampled_from([1999, 2024, 10000]),
}


@st.composite
def fields(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["string", "string", "any", "integer", "number", "year", "boolean", "date", "yearmonth", "datetime"]))
    limits: dict[str, Any] = draw(st.fixed_dictionaries({}, optional={"required": st.booleans()}))
    field: dict[str, Any] = {"name": name, "type": kind}
    if kind in NUMBERS:
        words = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        limits |= draw(st.fixed_dictionaries({}, optional=dict.fromkeys(words, NUMBERS[kind])))
    if kind in ("string", "any"):
        lengths = st.sampled_from([0, 1, 2, 3, 10, 2**31, 2**70])
        options = {
            "pattern": PATTERNS,
            "minLength": lengths,
            "maxLength": lengths,
            "enum": st.lists(st.sampled_from(["a", "é", "7"]), min_size=1),
        }
        limits |= draw(st.fixed_dictionaries({}, optional=options))
    if kind == "string":
        field["format"] = draw(st.sampled_from(["default", "default", "default", "email", "uri", "uuid"]))
    if draw(st.integers(0, 4)) == 0:
        field["missingValues"] = draw(st.lists(st.sampled_from(["", "a", "-", "n/a", "é"]), unique=True))
    return {**field, "constraints": limits}


@st.composite
def packages(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    names = ["k", "x", "y"]
    made = [{"name": "k", "type": "string"}, *(draw(fields(name)) for name in names[1:])]
    schema: dict[str, Any] = {"fields": made}
    if draw(st.booleans()):
        schema["primaryKey"] = ["k"]
    rows = draw(st.lists(st.tuples(st.sampled_from(["a", "b", "c", "é", "", "z"]), CELLS, CELLS), max_size=12))

    def written(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',\n"') else cell

    return schema, "\n".join([",".join(names), *(",".join(map(written, row)) for row in rows)]) + "\n"


def seen(path: Path, least: int, few: int) -> Any:
    """What is found in a package where tables from a size on are looked at column by column."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow_engine, "MIN_BYTES", least)
        patch.setattr(arrow_engine, "_FEW", few)
        patch.setattr(matching, "SECONDS", 5.0)
        try:
            report = validate(path)
        except ReadError as error:
            return str(error)
        return report.findings, report.tables


@settings(max_examples=EXAMPLES or 120, deadline=None)
@given(packages(), st.sampled_from([0, 50_000]))
def test_no_package_is_judged_otherwise(made: tuple[dict[str, Any], str], few: int) -> None:
    schema, text = made
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [{"name": "t", "path": "t.csv", "schema": schema}]}))
        (path / "t.csv").write_bytes(text.encode("utf-8"))
        assert seen(path, 0, few) == seen(path, 10**12, few)
