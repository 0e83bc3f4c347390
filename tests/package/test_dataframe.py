"""From a table to a DataFrame: the dtype of each type, what is missing, and the same frame however the file is written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aistatecraft import load
from aistatecraft.errors import AistatecraftError, DataError, ReadError
from aistatecraft.package import compile_schema
from aistatecraft.package.dataframe import frame_of_values
from tests.conftest import Make

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "string"},
    {"name": "count", "type": "integer"},
    {"name": "share", "type": "number"},
    {"name": "member", "type": "boolean"},
    {"name": "day", "type": "date"},
    {"name": "since", "type": "year"},
    {"name": "month", "type": "yearmonth"},
    {"name": "at", "type": "datetime"},
    {"name": "tags", "type": "list", "delimiter": ";", "itemType": "integer"},
    {"name": "level", "type": "string", "categories": ["low", "mid", "high"], "categoriesOrdered": True},
    {"name": "grade", "type": "integer", "categories": [1, 2, 3]},
    {"name": "rest"},
]
NAMES = [field["name"] for field in FIELDS]
SCHEMA: dict[str, Any] = {"fields": FIELDS, "primaryKey": "id", "missingValues": ["", "not applicable"]}
TEXT = """\
id,count,share,member,day,since,month,at,tags,level,grade,rest
NA,1,0.5,true,2024-02-29,2024,2024-02,2024-02-29T10:00:00Z,1;2,high,2,null
076,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable
nan,,,,,,,,,,,
"a ""b"", c",-7,-INF,False,0001-01-01,-0044,0001-12,2024-02-29T10:00:00,3,low,1,"two
lines"
"""
CELLS = list(csv.reader(io.StringIO(TEXT)))


def frame(text: str, *fields: dict[str, Any], make: Make, name: str = "made", **schema: Any) -> pd.DataFrame:
    return load("t", path=make({"t": ({"fields": list(fields), **schema}, text)}, name=name))


def spelled(header: Sequence[str], rows: Sequence[Sequence[str]], *, quoting: Any = csv.QUOTE_MINIMAL, end: str = "\n") -> str:
    out = io.StringIO()
    out.write(",".join(header) + end)
    csv.writer(out, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


class TestDtypes:
    def test_every_type(self, make: Make) -> None:
        found = load("t", path=make({"t": (SCHEMA, TEXT)}))
        expected = pd.DataFrame(
            {
                "id": pd.array(["NA", "076", "nan", 'a "b", c'], dtype="string"),
                "count": pd.array([1, None, None, -7], dtype="Int64"),
                "share": pd.array([0.5, None, None, float("-inf")], dtype="Float64"),
                "member": pd.array([True, None, None, False], dtype="boolean"),
                "day": pd.Series(["2024-02-29", None, None, "0001-01-01"], dtype="datetime64[s]"),
                "since": pd.array([2024, None, None, -44], dtype="Int64"),
                "month": pd.array(["2024-02", None, None, "0001-12"], dtype="string"),
                "at": pd.array(["2024-02-29T10:00:00+00:00", None, None, "2024-02-29T10:00:00"], dtype="string"),
                "tags": pd.Series([[1, 2], None, None, [3]], dtype="object"),
                "level": pd.Categorical(
                    ["high", None, None, "low"], categories=pd.Index(["low", "mid", "high"], dtype="string"), ordered=True
                ),
                "grade": pd.Categorical(["2", None, None, "1"], categories=pd.Index(["1", "2", "3"], dtype="string")),
                "rest": pd.array(["null", None, None, "two\nlines"], dtype="string"),
            }
        )
        pd.testing.assert_frame_equal(found, expected)

    def test_a_table_without_rows_has_the_same_dtypes(self, make: Make) -> None:
        full = load("t", path=make({"t": (SCHEMA, TEXT)}))
        empty = load("t", path=make({"t": (SCHEMA, TEXT.splitlines(keepends=True)[0])}, name="empty"))
        assert len(empty) == 0
        pd.testing.assert_series_equal(empty.dtypes, full.dtypes)
        pd.testing.assert_index_equal(empty.index, pd.RangeIndex(0))

    def test_a_column_without_values_has_the_same_dtype(self, make: Make) -> None:
        rows = "\n".join([",".join(NAMES), "a" + "," * (len(NAMES) - 1), "b" + "," * (len(NAMES) - 1), ""])
        full = load("t", path=make({"t": (SCHEMA, TEXT)}))
        blank = load("t", path=make({"t": (SCHEMA, rows)}, name="blank"))
        pd.testing.assert_series_equal(blank.dtypes, full.dtypes)
        assert blank.drop(columns="id").isna().all(axis=None)

    def test_categories_are_complete_and_in_the_order_of_the_schema(self, make: Make) -> None:
        found = frame("id,c\n1,b\n", {"name": "id"}, {"name": "c", "categories": ["z", "b", {"value": "a", "label": "A"}]}, make=make)
        assert found["c"].cat.categories.tolist() == ["z", "b", "a"]
        assert not found["c"].cat.ordered

    def test_what_looks_missing_to_other_readers_is_text_here(self, make: Make) -> None:
        texts = ["NA", "N/A", "nan", "NaN", "null", "NULL", "None", "#N/A", "-", "n/a", "<NA>"]
        found = frame(
            spelled(["id", "x"], [[text, text] for text in texts]),
            {"name": "id", "type": "string"},
            {"name": "x", "categories": texts},
            make=make,
        )
        assert found["id"].tolist() == found["x"].tolist() == texts

    def test_a_field_with_missing_values_of_its_own(self, make: Make) -> None:
        found = frame(
            "id,a,b,c\n1,-,,\n2,-99,-99,-99.0\n3,x,n/a,4\n",
            {"name": "id", "type": "string"},
            {"name": "a", "type": "string", "missingValues": ["-", "-99"]},
            {"name": "b", "type": "string"},
            {"name": "c", "type": "number", "missingValues": ["", "-99"]},
            missingValues=["", "n/a"],
            make=make,
        )
        expected = pd.DataFrame(
            {
                "id": pd.array(["1", "2", "3"], dtype="string"),
                "a": pd.array([None, None, "x"], dtype="string"),
                "b": pd.array([None, "-99", None], dtype="string"),
                "c": pd.array([None, -99.0, 4.0], dtype="Float64"),  # what is missing is the text -99, not the number
            }
        )
        pd.testing.assert_frame_equal(found, expected)

    def test_without_missing_values_blank_is_text(self, make: Make) -> None:
        found = frame("id,a\n1,\n", {"name": "id", "type": "string"}, {"name": "a", "type": "string"}, missingValues=[], make=make)
        assert found["a"].tolist() == [""]

    def test_words_for_true_and_false(self, make: Make) -> None:
        field = {"name": "a", "type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}
        assert frame("id,a\n1,ja\n2,nein\n", {"name": "id"}, field, make=make)["a"].tolist() == [True, False]
        with pytest.raises(DataError, match="a 'true' is neither ja nor nein"):
            frame("id,a\n1,true\n", {"name": "id"}, field, make=make, name="other")

    def test_values_typed_elsewhere_make_the_same_frame(self, make: Make) -> None:
        plan = compile_schema(SCHEMA, where="t", name="t")
        found = load("t", path=make({"t": (SCHEMA, TEXT)}))
        values = [
            [None if text in column.missing else column.parse(text) for text in cells]
            for column, cells in zip(plan.fields, zip(*CELLS[1:], strict=True), strict=True)
        ]
        pd.testing.assert_frame_equal(frame_of_values(plan, values), found)


class TestDamaged:
    @pytest.mark.parametrize(
        ("field", "text", "reason"),
        [
            ({"type": "integer"}, "1.0", "x '1.0' is not a whole number"),
            ({"type": "integer"}, "1e3", "x '1e3' is not a whole number"),
            ({"type": "integer"}, "1_000", "x '1_000' is not a whole number"),
            ({"type": "integer"}, " 1", "x ' 1' is not a whole number"),
            ({"type": "integer"}, "NA", "x 'NA' is not a whole number"),
            ({"type": "integer"}, "INF", "x 'INF' is not a whole number"),
            ({"type": "integer"}, "9223372036854775808", "x '9223372036854775808' is outside -9223372036854775808 to 9223372036854775807"),
            ({"type": "number"}, "nan", "x 'nan' is not a number"),
            ({"type": "number"}, "Infinity", "x 'Infinity' is not a number"),
            ({"type": "number"}, "1,5", "x '1,5' is not a number written with a decimal point"),
            ({"type": "number"}, "1e999", "x '1e999' is larger than the numbers"),
            ({"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]}, "1", "x '1' is neither true nor false"),
            ({"type": "boolean"}, "yes", "x 'yes' is neither"),
            ({"type": "date"}, "2001-1-1", "x '2001-1-1' is not a date written as YYYY-MM-DD"),
            ({"type": "date"}, "2023-02-29", "x '2023-02-29' is not a day that exists"),
            ({"type": "year"}, "24", "x '24' is not a year of four digits"),
            ({"type": "year"}, "2024.0", "x '2024.0' is not a year"),
            ({"type": "yearmonth"}, "2024-13", "x '2024-13' names month 13"),
            ({"type": "datetime"}, "2024-01-01", "x '2024-01-01' is not a time"),
            ({"type": "list", "itemType": "integer"}, "1;2", "x '1;2' is not a whole number"),
            ({"type": "string", "categories": ["a", "b"]}, "c", r"x 'c' is not in its vocabulary"),
            ({"type": "string", "categories": ["a", "b"]}, " a", r"x ' a' is not in its vocabulary"),
            ({"type": "string", "categories": ["a", "b"]}, "n/a", r"x 'n/a' is not in its vocabulary"),
            ({"type": "integer", "categories": [1, 2]}, "01", r"x '01' is not in its vocabulary"),
        ],
    )
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_a_cell_without_a_value_of_its_type_is_named(self, make: Make, field: dict[str, Any], text: str, reason: str, end: str) -> None:
        with pytest.raises(DataError, match=rf"^data/t\.csv: {reason}.*; run 'aistatecraft validate' to see every problem\.$"):
            frame(spelled(["id", "x"], [["1", ""], ["2", text]], end=end), {"name": "id"}, {"name": "x", **field}, make=make)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("id,x\n1,a\n2\n", r"3: the row has 1 cells, the header has 2"),
            ("id,x\n1\n2\n", r"2: the row has 1 cells"),
            ("id,x\n1,a,b\n", r"2: the row has 3 cells"),
            ("id,x\n1,a,b\n2,c,d\n", r"2: the row has 3 cells"),
            ("id,x\n1,a,b\n2\n", r"2: the row has 3 cells"),
            ("id,x\n1,a\n\n2,b\n", r"3: the row is blank"),
            ("id,x\r\n1,a\r\n\r\n2,b\r\n", r"3: the row is blank"),
            ("id,x\n1,a\rb\n", r"2: the line contains a carriage return"),
            ('id,x\n1,"a"b\n', r"2: the row that begins here has unbalanced quotes"),
            ('id,x\n1,"a\n', r"2: the row that begins here has unbalanced quotes"),
            ("id,x \n1,a\n", r"1: the column 'x ' is not in the schema; write it 'x'"),
            ("id,x,x\n1,a,b\n", r"1: the column 'x' appears twice in the header"),
            ("id\n1\n", r"1: the column 'x' is missing"),
            ("id,x\n1,a\0\n", r"2: the line contains a NUL character"),
            ("", r"1: the file is empty"),
        ],
    )  # fmt: skip
    def test_text_that_is_not_that_of_a_table_is_not_made_one(self, make: Make, text: str, reason: str) -> None:
        with pytest.raises(DataError, match=rf"^data/t\.csv:{reason}"):
            frame(text, {"name": "id", "type": "string"}, {"name": "x", "type": "string"}, make=make)

    def test_a_missing_file(self, make: Make) -> None:
        with pytest.raises(ReadError, match=r"^data/t\.csv: the file is missing"):
            load("t", path=make({"t": ({"fields": [{"name": "id"}]}, None)}))


class TestSpelling:
    """The same table, written in another way, is the same frame."""

    @pytest.mark.parametrize(
        "again",
        [
            TEXT.replace("\n", "\r\n"),
            TEXT.replace("two\nlines", "two\r\nlines"),
            "\ufeff" + TEXT,
            TEXT.removesuffix("\n"),
            spelled(NAMES, CELLS[1:], quoting=csv.QUOTE_ALL),
            ",".join(f'"{name}"' for name in NAMES) + "\n" + TEXT.partition("\n")[2],
            spelled(NAMES[::-1], [row[::-1] for row in CELLS[1:]]),
        ],
        ids=["CRLF", "CRLF in a cell", "byte order mark", "no line break at the end", "all quoted", "header quoted", "columns turned round"],
    )  # fmt: skip
    def test_of_every_type(self, make: Make, again: str) -> None:
        plain = load("t", path=make({"t": (SCHEMA, TEXT)}))
        other = load("t", path=make({"t": (SCHEMA, again)}, name="again"))
        pd.testing.assert_frame_equal(other, plain)

    def test_another_dialect(self, make: Make) -> None:
        path = make({"t": ({"fields": [{"name": "id", "type": "string"}, {"name": "x", "type": "integer"}]}, "id;x\n'a;b';1\n")})
        descriptor = json.loads((path / "datapackage.json").read_text())
        descriptor["resources"][0]["dialect"] = {"delimiter": ";", "quoteChar": "'"}
        (path / "datapackage.json").write_text(json.dumps(descriptor))
        assert load("t", path=path).values.tolist() == [["a;b", 1]]

    def test_a_table_of_one_column(self, make: Make) -> None:
        assert frame('id\n1\n""\n2\n', {"name": "id", "type": "integer"}, make=make)["id"].tolist() == [1, pd.NA, 2]

    TEXTS = st.sampled_from(
        [
            "", "0", "1", "-1", "007", "1.0", "1e3", "1.5", ".5", "0.1", "2.675", "123456789.123456789", "9007199254740993", "9223372036854775807", "9223372036854775808",
            "1e400", "nan", "NaN", "INF", "Infinity", " 1", "1_0", "１", "-99", "-99.0", "true", "True", "false", "yes", "2024-02-29", "2023-02-29", "2024", "24",
            "2024-01", "2024-13", "2024-01-01T00:00:00Z", "a", "b", "a ", "NA", "null", "n/a", "a,b", "a\nb", 'a"b', "中国", "#", "'", "\\",
        ]
    )  # fmt: skip

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        kinds=st.lists(st.sampled_from([*({"type": kind} for kind in ("string", "integer", "number", "boolean", "date", "year", "yearmonth", "datetime", "list", "any")),
                                        {"type": "string", "categories": ["a", "NA", "1"]}, {"type": "integer", "categories": [1, -1, -99]}]), min_size=1, max_size=3),
        rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4),
        missing=st.sampled_from([[""], ["", "n/a"], ["", "-99"], ["", "1"], ["-99"], []]),
        own=st.sampled_from([None, ["", "NA"], ["-"], ["-99", ""]]),
        quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    )  # fmt: skip
    def test_of_any_table_good_or_bad(
        self,
        tmp_path: Path,
        kinds: list[dict[str, Any]],
        rows: list[tuple[str, ...]],
        missing: list[str],
        own: list[str] | None,
        quoting: Any,
    ) -> None:
        fields = [{"name": "id", "type": "string"}, *({"name": f"f{at}", **kind} for at, kind in enumerate(kinds))]
        if own is not None:
            fields[-1]["missingValues"] = own
        descriptor = {"resources": [{"name": "t", "path": "t.csv", "schema": {"fields": fields, "missingValues": missing}}]}
        (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
        cells = [[str(number), *row[: len(kinds)]] for number, row in enumerate(rows)]
        found: list[Any] = []
        for end in ("\n", "\r\n"):
            # Only the line ends differ, also those inside cells.
            text = spelled([str(field["name"]) for field in fields], cells, quoting=quoting).replace("\n", end)
            (tmp_path / "t.csv").write_bytes(text.encode())
            try:
                found.append(load("t", path=tmp_path))
            except AistatecraftError as error:
                found.append(f"{type(error).__name__}: {error}")
        if isinstance(found[0], str) or isinstance(found[1], str):
            assert found[0] == found[1]
        else:
            pd.testing.assert_frame_equal(found[0], found[1], check_exact=True)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(rows=st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1) | st.none(), st.floats(allow_nan=False) | st.none(), st.dates() | st.none(),
                                   st.text(alphabet=st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])) | st.none()), max_size=8))  # fmt: skip
    def test_values_come_back(self, tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
        rows = [(*row[:3], row[3] or None) for row in rows]  # a blank text is a missing one
        fields = [
            {"name": "id"},
            {"name": "i", "type": "integer"},
            {"name": "n", "type": "number"},
            {"name": "d", "type": "date"},
            {"name": "s", "type": "string"},
        ]
        (tmp_path / "datapackage.json").write_text(
            json.dumps({"resources": [{"name": "t", "path": "t.csv", "schema": {"fields": fields}}]})
        )
        shown = [
            ["" if value is None else "INF" if value == float("inf") else "-INF" if value == float("-inf") else str(value) for value in row]
            for row in rows
        ]
        (tmp_path / "t.csv").write_bytes(spelled(["id", "i", "n", "d", "s"], [[str(at), *row] for at, row in enumerate(shown)]).encode())
        found = load("t", path=tmp_path)
        back = [tuple(None if pd.isna(value) else value for value in row) for row in found[["i", "n", "d", "s"]].itertuples(index=False)]
        assert [(i, n, d and d.date(), s) for i, n, d, s in back] == rows
