"""Parquet: every cell, every type, every description comes back."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aistatecraft.api import load, missing
from aistatecraft.errors import RefusedError
from aistatecraft.package import Package, open_package
from tests.conftest import Make
from tests.export.conftest import loaded, one, parquet
from tests.export.test_typed_columns import EVERYTHING, ROWS

KINDS = {"string": pa.string(), "Int64": pa.int64(), "Float64": pa.float64(), "boolean": pa.bool_(), "datetime64[s]": pa.date32()}


@pytest.mark.real
def test_every_cell_of_every_table(file: Callable[[str], bytes], package: Package, root: Path) -> None:
    tables = parquet(file("parquet"))
    assert set(tables) == {*package.resources, "missing"}
    for name in package.resources:
        assert {column: tables[name][column].to_pylist() for column in tables[name].column_names} == loaded(name, root)


@pytest.mark.real
def test_types_are_those_of_load(file: Callable[[str], bytes], package: Package, root: Path) -> None:
    tables = parquet(file("parquet"))
    for name, resource in package.resources.items():
        frame = load(name, path=root)
        for column in resource.schema.fields:
            type_ = tables[name].schema.field(column.name).type
            if column.categories:
                assert type_ == pa.dictionary(pa.int32(), pa.string(), ordered=column.ordered)
                if len(frame):
                    assert list(tables[name].to_pandas()[column.name].cat.categories) == [category.value for category in column.categories]
            else:
                assert type_ == KINDS[str(frame[column.name].dtype)], column.name


@pytest.mark.real
def test_it_says_what_it_is(file: Callable[[str], bytes], package: Package) -> None:
    schema = parquet(file("parquet"))["strategies"].schema
    said = {key.decode(): text.decode() for key, text in schema.metadata.items()}
    assert (said["package"], said["version"], said["released"], said["table"]) == ("aistatecraft", "0.2.0", "2026-12-01", "strategies")
    assert said["table_description"] == package.resource("strategies").schema.description
    assert json.loads(said["primary_key"]) == ["id"]
    assert {"fields": ["supersedes"], "reference": {"table": "strategies", "fields": ["id"]}} in json.loads(said["foreign_keys"])
    assert "(Version 0.2.0) [Data set]" in said["citation"] and "creativecommons.org" in said["licence"]
    for column in package.resource("strategies").schema.fields:
        told = {key.decode(): text.decode() for key, text in schema.field(column.name).metadata.items() if not key.startswith(b"PARQUET")}
        assert (told["title"], told["description"], told["type"]) == (column.title, column.description, column.type)
        assert [entry["label"] for entry in json.loads(told.get("categories", "[]"))] == [category.label for category in column.categories]
        assert json.loads(told.get("constraints", "{}")) == dict(column.limits)


@pytest.mark.real
def test_reasons_of_missing_cells(file: Callable[[str], bytes], package: Package, root: Path) -> None:
    expected = [
        {"table": name, "record": row.record, "field": row.field, "reason": str(row.reason)}
        for name in package.resources
        for row in missing(name, path=root).itertuples()
    ]
    assert parquet(file("parquet"))["missing"].to_pylist() == expected


@pytest.mark.real
def test_the_archive_opens_with_pandas_alone_and_names_its_writer(file: Callable[[str], bytes], root: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(file("parquet"))) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        assert {(info.compress_type, info.date_time) for info in archive.infolist()} == {(zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))}
        data = archive.read("actors/actors.parquet")
    frame = pd.read_parquet(io.BytesIO(data))
    assert len(frame) == len(load("actors", path=root)) and frame.loc[frame["id"] == "BRA", "m49"].item() == "076"
    assert pq.read_metadata(io.BytesIO(data)).created_by == f"parquet-cpp-arrow version {pa.__version__}"


def test_each_type(make: Make) -> None:
    table = parquet(one("parquet", open_package(make({"everything": (EVERYTHING, ROWS)}))))["everything"]
    assert [(field.name, str(field.type)) for field in table.schema] == [
        ("id", "string"), ("whole", "int64"), ("real", "double"), ("yes", "bool"), ("day", "date32[day]"), ("instant", "string"), ("year", "int64"),
        ("month", "string"), ("words", "list<element: string>"), ("numbers", "list<element: int64>"), ("days", "list<element: string>"),
        ("anything", "string"), ("kind", "dictionary<values=string, indices=int32, ordered=1>"),
        ("grade", "dictionary<values=string, indices=int32, ordered=0>"), ("code", "string"), ("address", "string"), ("since", "string"),
    ]  # fmt: skip
    first = table.to_pylist()[0]
    assert (first["whole"], first["real"], first["day"]) == (9223372036854775807, 0.30000000000000004, dt.date(2024, 2, 29))
    assert (first["words"], first["numbers"], first["days"]) == (["a", "b"], [1, 2], ["2024-01-01", "2024-01-02"])
    assert (first["kind"], first["grade"], first["code"]) == ("b", "2", "076")
    assert set(table.to_pylist()[2].values()) == {"blank", None}


def test_a_table_without_rows_keeps_its_types(make: Make) -> None:
    table = parquet(one("parquet", open_package(make({"everything": (EVERYTHING, ROWS.splitlines()[0] + "\n")}))))["everything"]
    assert table.num_rows == 0 and str(table.schema.field("kind").type).startswith("dictionary<values=string")


def test_not_a_number_is_not_missing(make: Make) -> None:
    schema = {"fields": [{"name": "x", "type": "number"}]}
    values = parquet(one("parquet", open_package(make({"t": (schema, 'x\nNaN\nINF\n""\n')}))))["t"]["x"]
    assert values.null_count == 1 and str(values.to_pylist()) == "[nan, inf, None]"


def test_tables_whose_files_would_be_one(make: Make) -> None:
    schema = {"fields": [{"name": "x", "type": "string"}]}
    package = open_package(make({"Aa": (schema, "x\n1\n"), "aA": (schema, "x\n1\n")}))
    with pytest.raises(RefusedError, match="an archive treats the tables 'Aa' and 'aA' as the same"):
        one("parquet", package)


def test_a_table_named_missing_keeps_its_name(make: Make) -> None:
    schema = {"fields": [{"name": "x", "type": "string"}], "missingValues": ["", "none"]}
    tables = parquet(one("parquet", open_package(make({"missing": (schema, "x\nnone\n")}))))
    assert tables["missing"].to_pylist() == [{"x": None}]
    assert tables["xmissing"].to_pylist() == [{"table": "missing", "record": "1", "field": "x", "reason": "none"}]


def test_nothing_that_spark_hides_or_cannot_read(make: Make) -> None:
    """Spark, Hive and Trino pass over what begins with an underscore or a dot, and take every other file for a table."""
    schema = {"fields": [{"name": "x", "type": "string"}]}
    names = ["_hidden", ".dot", "table_hidden", "plain"]
    package = open_package(make({name: (schema, f"x\n{name}\n") for name in names}))
    with zipfile.ZipFile(io.BytesIO(one("parquet", package))) as archive:
        assert archive.namelist() == [
            "missing/missing.parquet", "plain/plain.parquet", "table.dot/table.dot.parquet", "table_hidden/table_hidden.parquet",
            "xtable_hidden/xtable_hidden.parquet",
        ]  # fmt: skip
    found = parquet(one("parquet", package))
    assert found["xtable_hidden"].to_pylist() == [{"x": "_hidden"}] and found["table_hidden"].to_pylist() == [{"x": "table_hidden"}]
    content = json.loads(one("croissant", package))
    assert {entry["contentUrl"] for entry in content["distribution"]} >= {"xtable_hidden/xtable_hidden.parquet", "plain/plain.parquet"}


@pytest.mark.real
def test_the_folder_of_a_table_is_a_table(file: Callable[[str], bytes], root: Path, tmp_path: Path) -> None:
    import pyarrow.dataset as ds

    with zipfile.ZipFile(io.BytesIO(file("parquet"))) as archive:
        archive.extractall(tmp_path)
    count = len(load("actors", path=root))
    assert len(pd.read_parquet(tmp_path / "actors")) == ds.dataset(tmp_path / "actors").count_rows() == count
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as base:
        rows = base.execute("SELECT count(*), min(m49) FROM read_parquet(?)", [f"{tmp_path}/actors/*.parquet"]).fetchall()
    assert rows == [(count, "001")]
