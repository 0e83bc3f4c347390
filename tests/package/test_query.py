"""Choosing rows and fields: which conditions hold for which cells, and which are refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aistatecraft.errors import DataError, UsageError
from aistatecraft.package import compile_schema, open_package
from aistatecraft.package.edtf import URI
from aistatecraft.package.query import parse_condition, select, typed
from tests.conftest import Make

SCHEMA: dict[str, Any] = {
    "missingValues": ["", "not applicable"],
    "primaryKey": "id",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "name", "type": "string"},
        {"name": "kind", "type": "string", "categories": ["law", "plan"]},
        {"name": "count", "type": "integer"},
        {"name": "score", "type": "number"},
        {"name": "binding", "type": "boolean"},
        {"name": "adopted", "type": "string", "rdfType": URI},
        {"name": "checked", "type": "date"},
        {"name": "since", "type": "year"},
        {"name": "month", "type": "yearmonth"},
        {"name": "at", "type": "datetime"},
        {"name": "tags", "type": "list", "itemType": "date", "delimiter": ";"},
    ],
}
NAMES = [field["name"] for field in SCHEMA["fields"]]
TEXT = """\
id,name,kind,count,score,binding,adopted,checked,since,month,at,tags
a,São Paulo,law,1,1.50,true,2024,2024-01-01,2024,2024-01,2024-01-01T00:00:00Z,2024-01-01;2024-02-29
b,STRASSE,plan,10,-2,false,2024-05,2023-12-31,1999,2023-12,2023-12-31T23:00:00-02:00,2024-01-01
c,Straße,,007,1e3,,2023-12-31,,,,,
d,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable,not applicable
e,"two
lines, a comma",law,,,1,2024-05/2025,2025-06-30,2025,2025-06,2025-06-30T12:00:00,
"""
PLAN = compile_schema(SCHEMA, where="schemas/t.json", name="t")


@pytest.fixture
def made(make: Make) -> Path:
    return make({"t": (SCHEMA, TEXT)})


def ids(path: Path, *where: str) -> str:
    """Identifiers of the rows for which all conditions hold."""
    package = open_package(path)
    return "".join(row[0] for row in select(package, package.resource("t"), where, ["id"])[1])


def holds(condition: str, cell: str) -> bool:
    return parse_condition(condition, PLAN).holds(cell)


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "found"),
        [
            # equal and not equal, by value and not by spelling
            ("id=a", "a"),
            ("id!=a", "bcde"),
            (" id = a ", "a"),
            ("name=São Paulo", "a"),
            ("name=são paulo", ""),
            ("name=two\nlines, a comma", "e"),
            ("count=7", "c"),
            ("count=007", "c"),
            ("count!=7", "abde"),
            ("score=1.5", "a"),
            ("score=1000", "c"),
            ("score=-2.0", "b"),
            ("binding=true", "ae"),
            ("binding=TRUE", "ae"),
            ("binding=false", "b"),
            ("kind=law", "ae"),
            ("kind!=law", "bcd"),
            ("adopted=2024", "a"),
            ("checked=2024-01-01", "a"),
            ("since=2024", "a"),
            # blank is not known, which is not the same as not applicable
            ("kind=", "c"),
            ("kind!=", "abde"),
            ("count=", "e"),
            ("binding=", "c"),
            ("name=", ""),
            ("kind=not applicable", "d"),
            ("count=not applicable", "d"),
            ("count!=not applicable", "abce"),
            # text inside, upper and lower case alike
            ("name~PAULO", "a"),
            ("name~strasse", "bc"),
            ("name!~strasse", "ade"),
            ("name~", "abcde"),
            ("kind~LA", "abe"),
            ("kind~AW", "ae"),
            ("adopted~2024", "abe"),
            # order, where a cell without a value never holds
            ("count>1", "bc"),
            ("count>=1", "abc"),
            ("count<10", "ac"),
            ("count<=7", "ac"),
            ("score>1.5", "c"),
            ("score>=1.5", "ac"),
            ("score<1e3", "ab"),
            ("checked>2023-12-31", "ae"),
            ("checked<=2024-01-01", "ab"),
            ("since<2000", "b"),
            ("month>=2024-01", "ae"),
            ("month<2024-01", "b"),
            # dates of mixed precision
            ("adopted>=2024", "abe"),
            ("adopted>2024", ""),
            ("adopted<=2024", "abce"),
            ("adopted<2024", "c"),
            ("adopted<2024-05", "ac"),
            ("adopted>=2024-05", "be"),
            ("adopted>2024-04", "be"),
            ("adopted<=2024-05-01", "abce"),
            ("adopted<=2023-12-31", "c"),
            ("adopted>2023/2024-04", "be"),
        ],
    )
    def test_which_rows_hold(self, made: Path, condition: str, found: str) -> None:
        assert ids(made, condition) == found

    def test_all_must_hold(self, made: Path) -> None:
        assert ids(made, "kind=law", "adopted>=2024", "name~paulo") == "a"
        assert ids(made, "count>1", "count<1") == ""
        assert ids(made) == "abcde"

    def test_times_with_a_zone_compare_as_moments_and_not_with_those_without(self, made: Path) -> None:
        assert ids(made, "at>=2024-01-01T01:00:00Z") == "b"  # 23:00 two hours west of Greenwich is 01:00 there
        assert ids(made, "at<2024-01-01T01:00:00Z") == "a"
        assert ids(made, "at>2024-01-01T00:00:00") == "e"

    def test_an_operator_inside_the_value_belongs_to_the_value(self) -> None:
        assert holds("name=a>b", "a>b")
        assert holds("name~<=", "x <= y")
        assert holds("name!==", "x")
        assert not holds("name!==", "=")

    @pytest.mark.parametrize(
        ("condition", "reason"),
        [
            ("", "is not a condition; write field=value, field!=value, field~text, field>value or field<value"),
            ("name", "is not a condition"),
            ("=x", "is not a condition"),
            ("two words=x", "has no field 'two words'"),
            ("name is x", "is not a condition"),
            ("nme=x", r"t has no field 'nme'; did you mean name"),
            ("Name=x", r"t has no field 'Name'; did you mean name"),
            ("zzz=x", r"t has no field 'zzz'; there are: id, name, kind"),
            ("kind=lwa", r"'lwa' is not in the vocabulary of kind; did you mean law"),
            ("kind!=Law", r"'Law' is not in the vocabulary of kind; did you mean law"),
            ("name>x", "name is of the type string, but > is for numbers and dates; write name=x or name~x"),
            ("kind<=law", "kind is of the type string, but <= is for numbers and dates"),
            ("binding>false", "binding is of the type boolean, but > is for numbers and dates"),
            ("tags>2024-01-01", "tags is of the type list, but > is for numbers and dates"),
            ("count>x", "'x' is not a whole number"),
            ("count>1.5", "'1.5' is not a whole number"),
            ("count>", "'' is not a whole number"),
            ("score<1,5", "'1,5' is not a number written with a decimal point"),
            ("checked>2024", "'2024' is not a date written as YYYY-MM-DD"),
            ("since>=24", "'24' is not a year of four digits"),
            ("adopted>=last year", "'last year' is not a date written as YYYY, YYYY-MM or YYYY-MM-DD"),
            ("adopted>2024-02-30", "'2024-02-30' names day 30, but 2024-02 has 29 days"),
            ("adopted<", "'' is not a date"),
        ],
    )
    def test_a_condition_that_makes_no_sense_is_refused_before_any_row_is_read(self, make: Make, condition: str, reason: str) -> None:
        package = open_package(make({"t": (SCHEMA, None)}))
        with pytest.raises(UsageError, match=f"^--where .*{reason}"):
            select(package, package.resource("t"), [condition])

    @pytest.mark.parametrize("condition", ["count>1", "checked<=2024-01-01", "adopted>2024", "since<2024"])
    def test_a_cell_without_a_value_of_its_type_is_an_error_and_not_left_out(self, make: Make, condition: str) -> None:
        cells = {"count": "many", "checked": "1.1.2024", "adopted": "2024-13", "since": "24"}
        row = ",".join("x" if name == "id" else cells.get(name, "") for name in NAMES)
        path = make({"t": (SCHEMA, f"{','.join(NAMES)}\n{row}\n")})
        with pytest.raises(
            DataError,
            match=r"^(count: 'many' is not|checked: '1\.1\.2024' is not|adopted: '2024-13' names|since: '24' is not).*; run 'aistatecraft validate'",
        ):
            ids(path, condition)

    def test_equality_bears_such_a_cell(self) -> None:
        assert not holds("count=1", "many")
        assert holds("count=many", "many")

    @given(st.sampled_from(["<", "<=", ">", ">="]), st.integers(-100, 100), st.integers(-100, 100))
    def test_whole_numbers_compare_as_numbers(self, operator: str, cell: int, bound: int) -> None:
        expected = {"<": cell < bound, "<=": cell <= bound, ">": cell > bound, ">=": cell >= bound}[operator]
        assert holds(f"count{operator}{bound}", str(cell)) == expected

    @given(st.dates(), st.dates(), st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
    def test_dates_of_any_precision_are_before_within_or_after(
        self, cell: dt.date, bound: dt.date, cell_size: int, bound_size: int
    ) -> None:
        left, right = cell.isoformat()[:cell_size], bound.isoformat()[:bound_size]
        before, after = holds(f"adopted<{right}", left), holds(f"adopted>{right}", left)
        assert holds(f"adopted>={right}", left) is not before
        assert holds(f"adopted<={right}", left) is not after
        assert not (before and after)
        if cell_size >= bound_size:  # then text order of as many characters is the order of the days
            assert (before, after) == (left[:bound_size] < right, left[:bound_size] > right)


class TestSelect:
    def rows(self, path: Path, **how: Any) -> tuple[list[str], list[list[str]]]:
        package = open_package(path)
        columns, found = select(package, package.resource("t"), **how)
        return [column.name for column in columns], list(found)

    def test_all_fields_in_the_order_of_the_schema(self, made: Path) -> None:
        names, rows = self.rows(made)
        assert names == NAMES
        assert rows[2] == ["c", "Straße", "", "007", "1e3", "", "2023-12-31", "", "", "", "", ""]
        assert rows[4][1] == "two\nlines, a comma"

    def test_fields_in_the_order_asked_for(self, made: Path) -> None:
        assert self.rows(made, fields=["count", "id"], where=["count>1"]) == (["count", "id"], [["10", "b"], ["007", "c"]])

    def test_a_condition_on_a_field_that_is_not_shown(self, made: Path) -> None:
        assert self.rows(made, fields=["id"], where=["kind=plan"]) == (["id"], [["b"]])

    @pytest.mark.parametrize(("limit", "found"), [(0, ""), (1, "a"), (2, "ae"), (9, "ae"), (None, "ae")])
    def test_at_most_so_many_rows_that_hold(self, made: Path, limit: int | None, found: str) -> None:
        assert "".join(row[0] for row in self.rows(made, where=["kind=law"], limit=limit)[1]) == found

    def test_columns_of_the_file_in_another_order(self, make: Make) -> None:
        fields = [{"name": "id", "type": "string"}, {"name": "x", "type": "integer"}]
        path = make({"t": ({"fields": fields}, "x,id\n1,a\n2,b\n")})
        assert self.rows(path, where=["x>1"]) == (["id", "x"], [["b", "2"]])

    def test_a_field_that_is_not_there(self, made: Path) -> None:
        with pytest.raises(UsageError, match=r"^t has no field 'coutn'; did you mean count"):
            self.rows(made, fields=["id", "coutn"])

    def test_a_damaged_table_is_told_when_its_rows_are_read(self, make: Make) -> None:
        package = open_package(make({"t": (SCHEMA, "id\n1\n")}))
        _, rows = select(package, package.resource("t"))
        with pytest.raises(DataError, match=r"^data/t\.csv:1: the column 'name' is missing"):
            list(rows)


class TestTyped:
    @pytest.mark.parametrize(
        ("name", "cell", "value"),
        [
            ("name", "x", "x"),
            ("name", "", None),
            ("name", "not applicable", None),
            ("kind", "law", "law"),
            ("count", "007", 7),
            ("score", "1.50", 1.5),
            ("score", "NaN", "NaN"),
            ("score", "-INF", "-INF"),
            ("binding", "1", True),
            ("binding", "false", False),
            ("adopted", "2024-05", "2024-05"),
            ("checked", "2024-02-29", "2024-02-29"),
            ("since", "2024", 2024),
            ("month", "2024-02", "2024-02"),
            ("at", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
            ("tags", "2024-01-01;2024-02-29", ["2024-01-01", "2024-02-29"]),
        ],
    )
    def test_a_value_that_json_can_hold(self, name: str, cell: str, value: Any) -> None:
        found = typed(PLAN.by_name[name], cell)
        assert found == value
        assert type(found) is type(value)
        assert json.loads(json.dumps(found, allow_nan=False)) == value

    def test_a_cell_without_a_value_of_its_type(self) -> None:
        with pytest.raises(DataError, match=r"^count: 'many' is not a whole number; run 'aistatecraft validate' to see every problem\.$"):
            typed(PLAN.by_name["count"], "many")


@pytest.mark.parametrize("name", ["currency-code", "Land (ISO)", "Größe"])
def test_a_field_may_have_any_name_without_an_operator(name: str) -> None:
    plan = compile_schema({"fields": [{"name": name, "type": "string"}]}, where="schemas/t.json", name="t")
    condition = parse_condition(f" {name} !~ EU", plan)
    assert (condition.field, condition.holds("EUR"), condition.holds("USD")) == (name, False, True)


def test_on_the_real_actors(root: Path) -> None:
    package = open_package(root)

    def found(where: Sequence[str], fields: Sequence[str]) -> list[list[str]]:
        return list(select(package, package.resource("actors"), where, fields)[1])

    assert found(["id=BRA"], ["name_en", "m49"]) == [["Brazil", "076"]]
    assert found(["iso2=NA"], ["id", "name_en"]) == [["NAM", "Namibia"]]
