"""Typed values equal those that `load` gives; why a cell is missing is kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.api import missing
from aistatecraft.errors import DataError, RefusedError
from aistatecraft.export.typed_columns import MissingValue, read_values, refuse_alike
from aistatecraft.package import Package, open_package
from aistatecraft.package.labels import free_name
from tests.conftest import Make
from tests.export.conftest import loaded

EVERYTHING: dict[str, Any] = {
    "title": "Everything",
    "description": "One field of each type.",
    "missingValues": ["", "not applicable", "none exists"],
    "fields": [
        {"name": "id", "type": "string", "description": "Identifier.", "constraints": {"required": True}},
        {"name": "whole", "type": "integer", "constraints": {"minimum": -9, "maximum": 9_223_372_036_854_775_807}},
        {"name": "real", "type": "number", "constraints": {"exclusiveMinimum": -1e300, "exclusiveMaximum": 1e301}},
        {"name": "yes", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
        {"name": "day", "type": "date", "constraints": {"minimum": "0999-01-01"}},
        {"name": "instant", "type": "datetime"},
        {"name": "year", "type": "year"},
        {"name": "month", "type": "yearmonth", "constraints": {"maximum": "2030-12"}},
        {"name": "words", "type": "list", "delimiter": ";", "constraints": {"maxLength": 3}},
        {"name": "numbers", "type": "list", "delimiter": ";", "itemType": "integer"},
        {"name": "days", "type": "list", "delimiter": ";", "itemType": "date"},
        {"name": "anything", "type": "any", "constraints": {"enum": ["x", "it's"]}},
        {"name": "kind", "type": "string", "categories": [{"value": "a", "label": "first"}, {"value": "b", "label": "second"}, "c"], "categoriesOrdered": True},
        {"name": "grade", "type": "integer", "categories": [{"value": 1, "label": "one"}, {"value": 2, "label": "two"}]},
        {"name": "code", "type": "string", "constraints": {"unique": True, "minLength": 3, "maxLength": 3, "pattern": "[0-9]+"}},
        {"name": "address", "type": "string", "format": "uri"},
        {"name": "since", "type": "string", "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF-level0"},
    ],
    "primaryKey": ["id"],
}  # fmt: skip
EVERYTHING_NAMES = [field["name"] for field in EVERYTHING["fields"]]
ROWS = """id,whole,real,yes,day,instant,year,month,words,numbers,days,anything,kind,grade,code,address,since
full,9223372036854775807,0.30000000000000004,yes,2024-02-29,2024-02-29T12:00:00Z,2024,2024-02,a;b,1;2,2024-01-01;2024-01-02,it's,b,2,076,https://host.invalid/,2024-02
old,-9,-1.5e-300,no,0999-12-31,2024-02-29T12:00:00,-0044,0001-01,a,7,1999-12-31,x,a,1,004,,2024
blank,,,,,,,,,,,,,,,,
said,not applicable,none exists,not applicable,not applicable,none exists,none exists,none exists,none exists,none exists,none exists,none exists,not applicable,none exists,not applicable,none exists,none exists
"""


@pytest.fixture
def everything(make: Make) -> Path:
    return make({"everything": (EVERYTHING, ROWS)}, "everything")


def test_each_type(everything: Path) -> None:
    package = open_package(everything)
    values = read_values(package, package.resource("everything"))
    assert values.count == 4
    assert next(iter(values.rows)) == (
        "full", 9223372036854775807, 0.30000000000000004, True, dt.date(2024, 2, 29), "2024-02-29T12:00:00+00:00", 2024,
        "2024-02", ["a", "b"], [1, 2], ["2024-01-01", "2024-01-02"], "it's", "b", 2, "076", "https://host.invalid/", "2024-02",
    )  # fmt: skip
    assert list(values.rows)[2] == ("blank", *[None] * 16)
    assert values.missing == tuple(
        MissingValue("said", name, reason)
        for name, reason in zip(EVERYTHING_NAMES[1:], ROWS.splitlines()[4].split(",")[1:], strict=True)
    )  # fmt: skip


def test_as_load_gives_them(everything: Path) -> None:
    package = open_package(everything)
    values = read_values(package, package.resource("everything"))
    expected = loaded("everything", everything)
    for name, column in zip(EVERYTHING_NAMES, values.columns, strict=True):
        if name == "grade":  # a category of whole numbers is text in a data frame
            column = [None if value is None else str(value) for value in column]
        if name == "days":
            expected[name] = [None if value is None else [day.isoformat() for day in value] for value in expected[name]]
        assert column == expected[name], name


@pytest.mark.real
def test_reasons_are_those_that_missing_tells(package: Package, root: Path) -> None:
    for name, resource in package.resources.items():
        told = missing(name, path=root)
        found = [(cell.record, cell.field, cell.reason) for cell in read_values(package, resource).missing]
        assert found == list(told.astype("object").itertuples(index=False, name=None))


def test_rows_without_a_key_are_told_by_number(make: Make) -> None:
    schema = {"fields": [{"name": "a", "type": "integer"}], "missingValues": ["", "none"]}
    package = open_package(make({"t": (schema, "a\n1\nnone\n")}))
    assert read_values(package, package.resource("t")).missing == (MissingValue("2", "a", "none"),)


def test_a_value_of_another_type(make: Make) -> None:
    package = open_package(make({"t": ({"fields": [{"name": "d", "type": "date"}]}, "d\n2024-02-30\n")}))
    with pytest.raises(DataError, match=r"^data/t.csv: d '2024-02-30' is not a day that exists"):
        read_values(package, package.resource("t"))


def test_names_that_are_taken() -> None:
    taken = {"missing", "_missing"}
    assert [free_name("Missing", taken), free_name("missing", taken), free_name("other", taken)] == ["__Missing", "___missing", "other"]
    with pytest.raises(RefusedError, match=r"^here: SQLite treats the tables 'Aa' and 'aA' as the same; rename one of them\.$"):
        refuse_alike(["Aa", "b", "aA"], where="here", what="tables", format="SQLite")
