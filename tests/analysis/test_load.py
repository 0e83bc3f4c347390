"""What `load` gives beside the plain table: labels, bounds of dates, other kinds of frames; and schemas for polars frames."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import aistatecraft as ai
from aistatecraft.package import open_package
from aistatecraft.package.edtf import URI
from tests.conftest import Make
from tests.export.conftest import database, one
from tests.export.test_sqlite import rows


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", **more}


def refers(fields: str | list[str], table: str, there: str | list[str]) -> dict[str, Any]:
    return {"fields": fields, "reference": {"resource": table, "fields": there}}


TABLES: dict[str, Any] = {
    "actors": (
        {"fields": [text("id"), text("name_en"), text("name_es"), text("short_name")], "primaryKey": "id"},
        "id,name_en,name_es,short_name\nBRA,Brazil,Brasil,\nUSA,United States of America,,US\n",
    ),
    "texts": (
        {
            "fields": [text("id"), text("language"), text("title_en"), text("title_original"), text("short_title")],
            "primaryKey": "id",
        },
        "id,language,title_en,title_original,short_title\na,es,First,Primera,\nb,en,Second,,2nd\n",
    ),
    "parts": (
        {"fields": [text("text"), {"name": "number", "type": "integer"}, text("title")], "primaryKey": ["text", "number"]},
        "text,number,title\na,1,Preamble\n",
    ),
    "acts": (
        {
            "fields": [
                text("text"),
                {"name": "part", "type": "integer"},
                text("actor", constraints={"required": True}),
                text("actor_name"),
                text("role", categories=[{"value": "signed", "label": "signed it"}, {"value": "left", "label": "left"}]),
                text("date", rdfType=URI),
                text("record_table"),
                text("record_id"),
                {"name": "day", "type": "date"},
                {"name": "tags", "type": "list"},
                {"name": "share", "type": "number", "constraints": {"maximum": 1}},
                {"name": "sure", "type": "boolean"},
            ],
            "foreignKeys": [refers("actor", "actors", "id"), refers("text", "texts", "id"), refers(["text", "part"], "parts", ["text", "number"])],
        },
        "text,part,actor,actor_name,role,date,record_table,record_id,day,tags,share,sure\n"
        'a,1,BRA,own,signed,2024-02,texts,b,2024-01-02,"x,y",0.5,true\n'
        "b,,USA,,,2023/2024,actors,BRA,,,,\n"
        "b,,USA,,,,nowhere,BRA,,,,\n",
    ),
}  # fmt: skip


@pytest.fixture
def small(make: Make) -> Path:
    return make(TABLES)


def plain(frame: pd.DataFrame) -> list[list[Any]]:
    return [[None if value is pd.NA or value is pd.NaT else value for value in frame[name].tolist()] for name in frame.columns]


class TestLabels:
    def test_stand_after_their_fields(self, small: Path) -> None:
        frame = ai.load("acts", path=small, labels=True)
        # The composite key leads to a title for the last of its fields; a name that is taken gets an underscore.
        added = {"text_title": ["First", "Second", "Second"], "part_title": ["Preamble", None, None], "_actor_name": ["Brazil", *["United States of America"] * 2],
                 "role_label": ["signed it", None, None], "record_label": ["Second", "Brazil", None]}  # fmt: skip
        names = list(ai.load("acts", path=small).columns)
        assert list(frame.columns) == ["text", "text_title", "part", "part_title", "actor", "_actor_name", "actor_name", "role", "role_label", "date", "record_table", "record_id", "record_label", "day", "tags", "share", "sure"]  # fmt: skip
        assert dict(zip(added, plain(frame[list(added)]), strict=True)) == added
        assert {str(frame[name].dtype) for name in added} == {"string"}
        pd.testing.assert_frame_equal(frame[names], ai.load("acts", path=small))
        assert frame.attrs["table"] == "acts"

    @pytest.mark.parametrize(
        ("lang", "actors", "texts"),
        [
            ("es", ["Brasil", "United States of America"], ["Primera", "Second"]),
            ("fr", ["Brazil", "United States of America"], ["First", "Second"]),
        ],
    )
    def test_in_a_language_or_english(self, small: Path, lang: str, actors: list[str], texts: list[str]) -> None:
        frame = ai.load("acts", path=small, labels=True, lang=lang)
        assert frame["_actor_name"].tolist()[:2] == actors and frame["text_title"].tolist()[:2] == texts

    def test_short(self, small: Path) -> None:
        frame = ai.load("acts", path=small, labels="short")
        assert frame["_actor_name"].tolist()[:2] == ["Brazil", "US"] and frame["text_title"].tolist()[:2] == ["First", "2nd"]

    def test_are_those_of_the_database(self, small: Path) -> None:
        frame = ai.load("acts", path=small, labels=True)
        with database(one("sqlite", open_package(small))) as base:
            cursor = base.execute("SELECT * FROM acts_labelled")
            assert [column[0] for column in cursor.description] == list(frame.columns)
            assert rows(base, "SELECT text_title, part_title, _actor_name, role_label, record_label FROM acts_labelled") == [
                tuple(row) for row in zip(*plain(frame[["text_title", "part_title", "_actor_name", "role_label", "record_label"]]), strict=True)
            ]  # fmt: skip

    @pytest.mark.parametrize("version", [None, "0.1.0", "0.2.0", "v0.3.0", "latest"])
    def test_of_the_real_tables_in_every_version(self, version: str | None) -> None:
        for table in ai.tables(version=version):
            frame, own = ai.load(table, version=version, labels=True), ai.load(table, version=version)
            assert len(frame) == len(own) and set(own.columns) <= set(frame.columns)
        signed = ai.load("signatories", version=version, labels=True)
        assert signed["actor_name"].notna().all() and signed["declaration_title"].notna().all()


class TestDates:
    def test_bounds_stand_after_dates_of_mixed_precision(self, small: Path) -> None:
        frame = ai.load("acts", path=small, dates="bounds")
        at = list(frame.columns).index("date")
        assert list(frame.columns[at : at + 4]) == ["date", "date_earliest", "date_latest", "date_year"]
        assert frame.dtypes.astype(str).to_dict() | {"date_earliest": "datetime64[s]", "date_latest": "datetime64[s]", "date_year": "Int64"} == frame.dtypes.astype(str).to_dict()  # fmt: skip
        assert plain(frame[["date_earliest", "date_latest", "date_year"]]) == [
            [pd.Timestamp(2024, 2, 1), pd.Timestamp(2023, 1, 1), None],
            [pd.Timestamp(2024, 2, 29), pd.Timestamp(2024, 12, 31), None],
            [2024, None, None],  # an interval of two years has no year
        ]

    @pytest.mark.parametrize("dates", ["2024-02", ["2024-02"], pd.Series(["2024-02"], dtype="string")])
    def test_of_one_date_a_list_or_a_series(self, dates: Any) -> None:
        assert ai.bounds(dates).to_dict("list") == {"earliest": [pd.Timestamp(2024, 2, 1)], "latest": [pd.Timestamp(2024, 2, 29)], "precision": ["month"]}  # fmt: skip

    def test_a_date_that_is_none(self, make: Make) -> None:
        path = make({"t": ({"fields": [text("id"), text("d", rdfType=URI)], "primaryKey": "id"}, "id,d\na,2024-13\n")})
        with pytest.raises(ai.DataError, match="t: d: '2024-13' names month 13, which does not exist; run 'aistatecraft validate'"):
            ai.load("t", path=path, dates="bounds")


def test_missing_values_of_categories_are_na_in_lists(small: Path) -> None:
    role = ai.load("acts", path=small)["role"]
    assert role.tolist() == ["signed", pd.NA, pd.NA] and role.dtype.categories.dtype == "string"


def test_versions_by_other_words() -> None:
    newest = ai.versions()[-1].version
    assert ai.load("actors", version="latest").attrs["version"] == newest
    assert ai.load("actors", version=f"v{newest}").attrs["version"] == newest
    with pytest.raises(ai.UsageError, match="version '9.9.9' was never released"):
        ai.load("actors", version="v9.9.9")
    assert not ai.diff("latest", f"v{newest}")


VALUES: dict[str, list[Any]] = {
    "text": ["a", "b", "b"], "part": [1, None, None], "actor": ["BRA", "USA", "USA"], "actor_name": ["own", None, None],
    "role": ["signed", None, None], "date": ["2024-02", "2023/2024", None], "record_table": ["texts", "actors", "nowhere"],
    "record_id": ["b", "BRA", "BRA"], "day": [dt.date(2024, 1, 2), None, None], "tags": [["x", "y"], None, None],
    "share": [0.5, None, None], "sure": [True, None, None],
}  # fmt: skip


class TestBackends:
    def test_arrow(self, small: Path) -> None:
        pa = pytest.importorskip("pyarrow")
        table = ai.load("acts", path=small, backend="arrow")
        assert table.to_pydict() == VALUES
        closed = pa.dictionary(pa.int32(), pa.string())
        assert table.schema.types == [pa.string(), pa.int64(), *[pa.string()] * 2, closed, *[pa.string()] * 3, pa.date32(), pa.list_(pa.string()), pa.float64(), pa.bool_()]  # fmt: skip
        assert table.schema.metadata == {b"table": b"acts", b"title": b"acts", b"version": b"0.1.0"}

    def test_polars(self, small: Path) -> None:
        pl = pytest.importorskip("polars")
        frame = ai.load("acts", path=small, backend="polars")
        assert frame.to_dict(as_series=False) == VALUES
        assert frame.schema["role"] == pl.Enum(["signed", "left"]) and frame.schema["day"] == pl.Date
        bounded = ai.load("acts", path=small, backend="polars", dates="bounds", labels=True)
        assert bounded["date_earliest"].to_list() == [dt.date(2024, 2, 1), dt.date(2023, 1, 1), None]
        assert bounded["record_label"].to_list() == ["Second", "Brazil", None]

    def test_duckdb(self, small: Path) -> None:
        pytest.importorskip("duckdb")
        relation = ai.load("acts", path=small, backend="duckdb")
        assert relation.columns == list(VALUES)
        assert relation.fetchall() == list(zip(*VALUES.values(), strict=True))

    @pytest.mark.parametrize("backend", ["arrow", "polars", "duckdb"])
    def test_real_tables_hold_the_same_values(self, backend: Any) -> None:
        pytest.importorskip(backend.replace("arrow", "pyarrow"))
        for table in ("strategies", "index_scores", "evidence"):
            own = [tuple(None if value is pd.NA else value for value in row) for row in ai.load(table).astype(object).itertuples(index=False, name=None)]  # fmt: skip
            made = ai.load(table, backend=backend)
            found = made.rows() if backend == "polars" else made.fetchall() if backend == "duckdb" else list(zip(*made.to_pydict().values(), strict=True))  # fmt: skip
            assert [tuple(value.year if isinstance(value, dt.date) else value for value in row) for row in found] == own

    @pytest.mark.parametrize("backend", ["arrow", "polars", "duckdb"])
    def test_a_library_that_is_missing(self, small: Path, backend: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        library = backend.replace("arrow", "pyarrow")
        for name in [name for name in sys.modules if name.partition(".")[0] == library]:
            monkeypatch.setitem(sys.modules, name, None)
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(ai.UsageError, match=rf"^the backend {backend} needs the library {library}, which is not installed; install it: pip install 'aistatecraft\[{backend}\]'\.$"):  # fmt: skip
            ai.load("acts", path=small, backend=backend)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"backend": "spark"}, r"backend='spark' is not possible; did you mean polars\?"),
            ({"dates": "bound"}, r"dates='bound' is not possible; did you mean bounds\?"),
            ({"labels": "long"}, "labels='long' is not possible; "),
            ({"labels": True, "lang": "de"}, "'de' is not a language of the tables; "),
        ],
    )
    def test_what_is_not_possible(self, small: Path, options: dict[str, Any], message: str) -> None:
        with pytest.raises(ai.UsageError, match=message):
            ai.load("acts", path=small, **options)


class TestPolarsSchema:
    pl = pytest.importorskip("polars")

    def failures(self, table: str, frame: Any, path: Path | None = None) -> list[tuple[str, str, int]]:
        import pandera.errors

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pytest.raises(pandera.errors.SchemaErrors) as caught:
                ai.schema(table, path=path, backend="polars").validate(frame, lazy=True)
        return sorted((row["column"], row["check"], row["index"]) for row in caught.value.failure_cases.to_dicts())

    @pytest.mark.real
    def test_takes_every_real_table(self) -> None:
        for table in ai.tables():
            frame = ai.load(table, backend="polars")
            assert ai.schema(table, backend="polars").validate(frame, lazy=True).equals(frame)

    def test_refuses_what_breaks_a_constraint_or_a_key(self, small: Path) -> None:
        pl = self.pl
        frame = ai.load("acts", path=small, backend="polars")
        bad = frame.with_columns(
            actor=pl.Series(["XXX", None, "BRA"]), share=pl.Series([2.0, 1.0, None]), date=pl.Series(["2024", "2024-13", None])
        )
        assert self.failures("acts", bad, small) == [
            ("actor", "not_nullable", 1), ("acts", "foreign-key", 0), ("date", "partial-date", 1), ("share", "maximum", 0),
        ]  # fmt: skip
        actors = ai.load("actors", path=small, backend="polars")
        assert self.failures("actors", pl.concat([actors, actors.head(1)]), small) == [("actors", "primary-key", 2)]

    def test_frames_replace_tables(self, small: Path) -> None:
        frame = ai.load("acts", path=small, backend="polars")
        actors = ai.load("actors", path=small, backend="polars").filter(self.pl.col("id") == "BRA")
        with pytest.raises(Exception, match="foreign-key"):
            ai.schema("acts", path=small, backend="polars", frames={"actors": actors}).validate(frame)

    def test_what_is_not_possible(self, small: Path) -> None:
        with pytest.raises(ai.UsageError, match="coerce and today are for backend='pandas'"):
            ai.schema("acts", path=small, backend="polars", coerce=True)
        with pytest.raises(ai.UsageError, match="backend='spark' is not possible; there are: pandas, polars, pyspark"):
            ai.schema("acts", path=small, backend="spark")  # type: ignore[call-overload,unused-ignore,arg-type]


def test_pyspark_schema(small: Path) -> None:
    """On a local Spark; needs PySpark, Java and, for pandera's backend, pandas 2."""
    if shutil.which("java") is None:
        pytest.skip("no Java")
    if find_spec("pyspark") is None:
        pytest.skip("PySpark is not installed")
    if int(pd.__version__.partition(".")[0]) > 2:
        pytest.skip("pandera's backend for PySpark needs pandas 2")
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StructField, StructType

    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        schema = ai.schema("acts", path=small, backend="pyspark")
        rows = ai.load("acts", path=small, backend="arrow").to_pylist()
        types = {name: column.dtype.type for name, column in schema.columns.items()}
        kinds = StructType([StructField(name, kind) for name, kind in types.items()])
        assert not schema.validate(spark.createDataFrame(rows, kinds)).pandera.errors
        bad = [{**rows[0], "share": 2.0, "actor": "XXX", "role": "wrote"}, {**rows[1], "actor": None}]
        found = schema.validate(spark.createDataFrame(bad, kinds)).pandera.errors
        assert {error["check"] for errors in (*found["DATA"].values(), *found["SCHEMA"].values()) for error in errors} == {"maximum", "foreign-key", "category", "not_nullable"}  # fmt: skip
    finally:
        spark.stop()
