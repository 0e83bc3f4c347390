"""Tables as DataFrames and what is known about them, on a small package whose every answer can be written down, and on the real one."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandera.errors import SchemaError, SchemaErrors

from aistatecraft.api import codebook, describe, diff, find, load, missing, schema, sources_of, support, tables
from aistatecraft.citations import cite
from aistatecraft.errors import AistatecraftError, DataError, ReadError, UsageError
from aistatecraft.package import open_package
from aistatecraft.package.edtf import URI, bounds
from aistatecraft.releases.history import history
from aistatecraft.releases.verify import verify
from aistatecraft.validation import validate
from tests.conftest import Make, edit

MISSING = ["", "not applicable", "none exists"]


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", **more}


PEOPLE: dict[str, Any] = {
    "title": "People",
    "description": "One row a person.",
    "aistatecraft:evidence": "required",
    "missingValues": MISSING,
    "fields": [
        text("id", title="Identifier", description="Short name.", example="ana", constraints={"required": True, "pattern": "[a-z]+"}),
        text("rank", title="Rank", categories=[{"value": "low", "label": "Low rank"}, "high"], categoriesOrdered=True),
        {"name": "age", "type": "integer", "description": "In years.", "constraints": {"minimum": 0}},
        {"name": "pay", "type": "number", "missingValues": ["", "secret"]},
        {"name": "retired", "type": "boolean", "example": True},
        {"name": "born", "type": "date", "constraints": {"minimum": "1900-01-01"}},
        text("joined", rdfType=URI),
        text("boss"),
        text("page", format="uri"),
        {"name": "tags", "type": "list"},
    ],
    "primaryKey": "id",
    "foreignKeys": [{"fields": "boss", "reference": {"resource": "", "fields": "id"}}],
}
VOTES: dict[str, Any] = {
    "title": "Votes",
    "aistatecraft:evidence": "required",
    "missingValues": MISSING,
    "fields": [text("person"), {"name": "round", "type": "integer"}, {"name": "day", "type": "date"}, text("vote")],
    "primaryKey": ["person", "round", "day"],
    "foreignKeys": [{"fields": "person", "reference": {"resource": "people", "fields": "id"}}],
}
TO_SOURCES = {"reference": {"resource": "sources", "fields": "id"}}
CLAIMS: dict[str, Any] = {
    "missingValues": MISSING,
    "fields": [text("id"), text("source"), text("locator"), text("statement")],
    "primaryKey": "id",
    "foreignKeys": [{"fields": "source", **TO_SOURCES}],
}
SCHEMES: dict[str, Any] = {**CLAIMS, "fields": [text("id"), text("source"), text("locator")]}
CODES: dict[str, Any] = {
    "missingValues": MISSING,
    "fields": [text("id"), text("scheme"), text("locator")],
    "primaryKey": "id",
    "foreignKeys": [{"fields": "scheme", "reference": {"resource": "schemes", "fields": "id"}}],
}
EVIDENCE: dict[str, Any] = {
    "missingValues": MISSING,
    "fields": [text(name) for name in ("record_table", "record_id", "field", "source", "locator", "stated", "quote")] + [text("stance", categories=["supports", "disputes"])],
    "primaryKey": ["record_table", "record_id", "field", "source", "locator"],
    "foreignKeys": [{"fields": "source", **TO_SOURCES}],
}  # fmt: skip
SOURCES: dict[str, Any] = {
    "missingValues": MISSING,
    "fields": [
        text("id"), text("kind", categories=["primary", "scholarly", "press", "reference"]), text("title"), text("publisher"), text("published", rdfType=URI),
        text("url", format="uri"), text("doi"), {"name": "accessed", "type": "date"},
    ],
    "primaryKey": "id",
}  # fmt: skip
TABLES: dict[str, tuple[dict[str, Any], str]] = {
    "people": (
        PEOPLE,
        "id,rank,age,pay,retired,born,joined,boss,page,tags\n"
        'ana,high,40,1.5,true,1984-02-29,2010,,https://example.org/ana,"a,b"\n'
        "bo,low,not applicable,secret,not applicable,,2011-05,ana,none exists,\n"
        "cy,,7,,false,2017-01-01,none exists,ana,,a\n"
        'di,low,40,2.5,,,,bo,,"a,b"\n',
    ),
    "votes": (VOTES, "person,round,day,vote\nana,1,2024-01-01,yes\nana,2,2024-01-01,no\nbo,1,2024-01-01,not applicable\n"),
    "claims": (CLAIMS, "id,source,locator,statement\nc1,book,p. 3,It is so.\n"),
    "schemes": (SCHEMES, "id,source,locator\ns1,book,ch. 2\n"),
    "codes": (CODES, "id,scheme,locator\ns1.a,s1,p. 9\ns1.b,s1,\n"),
    "evidence": (
        EVIDENCE,
        "record_table,record_id,field,source,locator,stated,quote,stance\n"
        "people,ana,*,book,p. 1,,,supports\n"
        "people,ana,age,paper,p. 2,41,she is 41,disputes\n"
        "people,ana,age,book,p. 1,40,,supports\n"
        "people,bo,*,book,p. 1,,,supports\n"
        "people,bo,joined,paper,p. 5,2011-05,,supports\n"
        "people,cy,*,act,s. 1,,,supports\n"
        "votes,ana/1/2024-01-01,vote,register,no. 1,yes,,supports\n"
        "claims,c1,statement,paper,p. 4,It is not so.,,disputes\n",
    ),
    "sources": (
        SOURCES,
        "id,kind,title,publisher,published,url,doi,accessed\n"
        "act,primary,The Act,Parliament,2020-01,https://example.org/act,,2024-05-01\n"
        "book,scholarly,The Book,,2021,,10.1000/1,\n"
        "paper,press,The Paper,Press,2022-02-03,,,\n"
        "register,reference,The Register,,,,,\n",
    ),
}


@pytest.fixture
def small(make: Make) -> Path:
    return make(dict(TABLES))


NO_TEXT: list[Any] = [5, 1.5, True, b"strategies", [], {}, ("a", "b"), object(), Path]


@pytest.mark.parametrize("word", NO_TEXT, ids=[type(word).__name__ for word in NO_TEXT])
def test_arguments_of_other_types_are_refused_in_a_sentence(small: Path, word: Any) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: load(word, path=small),
        lambda: schema(word, path=small),
        lambda: codebook(word, path=small),
        lambda: describe(word, path=small),
        lambda: history(word, "a", path=small),
        lambda: load("people", path=word),
        lambda: validate(word),
        lambda: verify(word),
        lambda: diff(word, small),
        lambda: tables(version=word),
        lambda: find(word, path=small),
        lambda: cite(word),
        lambda: cite(sources=True, limit=word if word is not True and word != 5 else 0),
        lambda: sources_of("people", word, path=small),
    ]
    for number, call in enumerate(calls):
        with pytest.raises(AistatecraftError) as caught:
            call()
        assert str(caught.value).endswith((".", "?")), number
        assert "\n" not in str(caught.value), number


def records(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Rows of a frame with None for everything that is missing."""
    return [tuple(None if pd.isna(value) else value for value in row) for row in frame.astype(object).itertuples(index=False)]


class TestLoad:
    def test_names_and_their_order(self, small: Path) -> None:
        assert tables(path=small) == list(TABLES)

    def test_dtypes_and_attrs(self, small: Path) -> None:
        found = load("people", path=small)
        assert found.dtypes.astype(str).to_dict() == {
            "id": "string", "rank": "category", "age": "Int64", "pay": "Float64", "retired": "boolean", "born": "datetime64[s]", "joined": "string",
            "boss": "string", "page": "string", "tags": "object",
        }  # fmt: skip
        assert found.attrs == {"table": "people", "title": "People", "version": "0.1.0"}
        pd.testing.assert_index_equal(found.index, pd.RangeIndex(4))
        assert found["rank"].cat.categories.tolist() == ["low", "high"]
        assert (found["rank"] == "high").tolist() == [True, False, False, False]

    def test_missing_is_missing_whatever_the_reason(self, small: Path) -> None:
        found = load("people", path=small)
        assert {name: found.index[found[name].isna()].tolist() for name in found.columns} == {
            "id": [], "rank": [2], "age": [1], "pay": [1, 2], "retired": [1, 3], "born": [1, 3], "joined": [2, 3], "boss": [0], "page": [1, 2, 3], "tags": [1],
        }  # fmt: skip

    def test_dates_of_mixed_precision_have_bounds(self, small: Path) -> None:
        found = bounds(load("people", path=small)["joined"])
        assert found["latest"].tolist()[:2] == [pd.Timestamp(2010, 12, 31), pd.Timestamp(2011, 5, 31)]
        assert found["precision"].tolist()[:2] == ["year", "month"]

    def test_the_same_from_directory_descriptor_and_archive(self, small: Path, tmp_path: Path) -> None:
        archive = tmp_path / "small.zip"
        with zipfile.ZipFile(archive, "w") as out:
            for file in small.rglob("*"):
                out.write(file, file.relative_to(small).as_posix())
        for path in (str(small), small / "datapackage.json", archive):
            pd.testing.assert_frame_equal(load("votes", path=path), load("votes", path=small))

    @pytest.mark.parametrize("ask", [load, missing, codebook, describe, schema, support])
    def test_a_table_that_is_not_there(self, small: Path, ask: Any) -> None:
        with pytest.raises(UsageError, match=r"^'peopel' is not a table of this package; did you mean people\?$"):
            ask("peopel", path=small)
        with pytest.raises(LookupError):
            ask("peopel", path=small)

    def test_a_version_that_is_not_there(self) -> None:
        with pytest.raises(UsageError, match=r"^version '99\.0\.0' was never released or is not in this installation"):
            load("actors", version="99.0.0")

    def test_a_path_and_a_version(self, small: Path) -> None:
        with pytest.raises(UsageError, match=r"^name either a path or a version, not both\.$"):
            load("people", path=small, version="0.1.0")

    def test_a_package_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"there is no such directory, datapackage\.json or zip archive"):
            load("people", path=tmp_path / "nothing")

    def test_a_cell_that_has_no_value(self, small: Path) -> None:
        edit(small / "data" / "people.csv", "cy,,7,", "cy,,seven,")
        with pytest.raises(
            DataError, match=r"^data/people\.csv: age 'seven' is not a whole number; run 'aistatecraft validate' to see every problem\.$"
        ):
            load("people", path=small)


class TestMissing:
    def test_cells_that_say_why_they_are_missing(self, small: Path) -> None:
        expected = pd.DataFrame(
            {
                "record": pd.array(["bo", "bo", "bo", "bo", "cy"], dtype="string"),
                "field": pd.array(["age", "pay", "retired", "page", "joined"], dtype="string"),
                "reason": pd.Categorical(
                    ["not applicable", "secret", "not applicable", "none exists", "none exists"],
                    categories=["not applicable", "none exists", "secret"],
                ),
            }
        )
        pd.testing.assert_frame_equal(missing("people", path=small), expected)

    def test_records_with_a_key_of_several_fields(self, small: Path) -> None:
        assert records(missing("votes", path=small)) == [("bo/1/2024-01-01", "vote", "not applicable")]

    def test_none(self, small: Path) -> None:
        found = missing("claims", path=small)
        assert (found.shape, found.dtypes.astype(str).to_dict()) == ((0, 3), {"record": "string", "field": "string", "reason": "category"})

    def test_a_word_that_is_a_value_of_its_field_is_no_reason(self, make: Make) -> None:
        fields = [text("id"), text("a", missingValues=["", "-"]), text("b")]
        path = make({"t": ({"fields": fields, "missingValues": ["", "n/a"], "primaryKey": "id"}, "id,a,b\n1,n/a,n/a\n2,-,-\n")})
        assert records(missing("t", path=path)) == [("1", "b", "n/a"), ("2", "a", "-")]


class TestCodebook:
    def test_of_one_table(self, small: Path) -> None:
        found = codebook("people", path=small)
        assert found.dtypes.astype(str).to_dict() == dict.fromkeys(
            ["table", "field", "title", "type", "dtype"], "string"
        ) | {"key": "boolean", "required": "boolean"} | dict.fromkeys(["references", "description", "values", "example"], "string")  # fmt: skip
        assert records(found) == [
            ("people", "id", "Identifier", "string", "string", True, True, None, "Short name.", None, "ana"),
            ("people", "rank", "Rank", "string", "category", False, False, None, "", "low: Low rank; high: high", None),
            ("people", "age", "age", "integer", "Int64", False, False, None, "In years.", None, None),
            ("people", "pay", "pay", "number", "Float64", False, False, None, "", None, None),
            ("people", "retired", "retired", "boolean", "boolean", False, False, None, "", None, "true"),
            ("people", "born", "born", "date", "datetime64[s]", False, False, None, "", None, None),
            ("people", "joined", "joined", "string", "string", False, False, None, "", None, None),
            ("people", "boss", "boss", "string", "string", False, False, "people.id", "", None, None),
            ("people", "page", "page", "string (uri)", "string", False, False, None, "", None, None),
            ("people", "tags", "tags", "list", "object", False, False, None, "", None, None),
        ]

    def test_of_all_tables(self, small: Path) -> None:
        found = codebook(path=small)
        assert found["table"].unique().tolist() == list(TABLES)
        assert len(found) == sum(len(plan["fields"]) for plan, _ in TABLES.values())

    def test_needs_no_data(self, make: Make) -> None:
        assert len(codebook("people", path=make({"people": (PEOPLE, None)}))) == 10

    def test_says_the_dtype_that_load_gives(self, small: Path) -> None:
        for table in TABLES:
            assert codebook(table, path=small)["dtype"].tolist() == load(table, path=small).dtypes.astype(str).tolist()


class TestDescribe:
    def test_how_far_a_table_is_filled(self, small: Path) -> None:
        found = describe("people", path=small)
        assert found.columns.tolist() == [
            "title",
            "dtype",
            "key",
            "required",
            "references",
            "filled",
            "distinct",
            "description",
            "values",
            "example",
        ]
        assert found.index.name == "field"
        assert found[["filled", "distinct"]].dtypes.astype(str).to_dict() == {"filled": "Float64", "distinct": "Int64"}
        assert {name: (row["filled"], row["distinct"]) for name, row in found.iterrows()} == {
            "id": (1.0, 4), "rank": (0.75, 2), "age": (0.75, 2), "pay": (0.5, 2), "retired": (0.5, 2), "born": (0.5, 2), "joined": (0.5, 2), "boss": (0.75, 2),
            "page": (0.25, 1), "tags": (0.75, 2),
        }  # fmt: skip
        assert found.attrs == {"table": "people", "title": "People", "description": "One row a person.", "rows": 4, "primary_key": ["id"]}
        assert found.loc["boss", "references"] == "people.id"

    def test_a_table_without_rows(self, make: Make) -> None:
        found = describe("people", path=make({"people": (PEOPLE, TABLES["people"][1].splitlines()[0] + "\n")}))
        assert found.attrs["rows"] == 0
        assert (found["filled"].tolist(), found["distinct"].tolist()) == ([0.0] * 10, [0] * 10)


class TestSourcesOf:
    COLUMNS = (
        "field",
        "stance",
        "stated",
        "quote",
        "locator",
        "source",
        "kind",
        "title",
        "publisher",
        "published",
        "url",
        "doi",
        "accessed",
    )
    BOOK = ("book", "scholarly", "The Book", None, "2021", None, "10.1000/1", None)
    PAPER = ("paper", "press", "The Paper", "Press", "2022-02-03", None, None, None)

    def test_evidence_of_a_record_with_what_is_known_of_each_source(self, small: Path) -> None:
        found = sources_of("people", "ana", path=small)
        assert tuple(found.columns) == self.COLUMNS
        assert records(found) == [
            ("*", "supports", None, None, "p. 1", *self.BOOK),
            ("age", "supports", "40", None, "p. 1", *self.BOOK),
            ("age", "disputes", "41", "she is 41", "p. 2", *self.PAPER),
        ]
        assert found["stance"].cat.categories.tolist() == ["supports", "disputes"]
        assert found["kind"].dtype == load("sources", path=small)["kind"].dtype
        assert found["accessed"].dtype == "datetime64[s]"
        pd.testing.assert_index_equal(found.index, pd.RangeIndex(3))

    def test_of_a_record_with_a_key_of_several_fields(self, small: Path) -> None:
        found = sources_of("votes", "ana/1/2024-01-01", path=small)
        assert records(found) == [
            ("vote", "supports", "yes", None, "no. 1", "register", "reference", "The Register", None, None, None, None, None)
        ]

    def test_of_a_record_without_evidence(self, small: Path) -> None:
        found = sources_of("people", "di", path=small)
        assert (len(found), tuple(found.columns)) == (0, self.COLUMNS)
        assert found["stance"].cat.categories.tolist() == ["supports", "disputes"]

    def test_a_source_that_the_row_names_itself(self, small: Path) -> None:
        assert records(sources_of("claims", "c1", path=small)) == [
            ("*", "supports", None, None, "p. 3", *self.BOOK),
            ("statement", "disputes", "It is not so.", None, "p. 4", *self.PAPER),
        ]

    def test_a_code_has_the_source_of_its_scheme(self, small: Path) -> None:
        assert records(sources_of("codes", "s1.a", path=small)) == [("source", "supports", None, None, "p. 9", *self.BOOK)]
        assert records(sources_of("codes", "s1.b", path=small)) == [("source", "supports", None, None, None, *self.BOOK)]

    def test_a_source_that_is_not_in_the_list_is_shown_without_title(self, small: Path) -> None:
        edit(small / "data" / "sources.csv", "book,", "tome,")
        assert records(sources_of("people", "bo", path=small)) == [
            ("*", "supports", None, None, "p. 1", "book", None, None, None, None, None, None, None),
            ("joined", "supports", "2011-05", None, "p. 5", *self.PAPER),
        ]

    def test_a_table_or_record_that_is_not_there(self, small: Path) -> None:
        with pytest.raises(UsageError, match=r"^'peple' is not a table of this package; did you mean people\?$"):
            sources_of("peple", "ana", path=small)
        with pytest.raises(UsageError, match=r"^people has no record 'zz'; there are: ana, bo, cy, di\.$"):
            sources_of("people", "zz", path=small)


class TestSupport:
    def test_of_all_tables_that_need_evidence(self, small: Path) -> None:
        found = support(path=small)
        assert records(found) == [
            ("people", "ana", 1, False, True, "single source"),
            ("people", "bo", 2, False, False, "corroborated"),
            ("people", "cy", 1, True, False, "primary"),
            ("people", "di", 0, False, False, "none"),
            ("votes", "ana/1/2024-01-01", 1, True, False, "primary"),
            ("votes", "ana/2/2024-01-01", 0, False, False, "none"),
            ("votes", "bo/1/2024-01-01", 0, False, False, "none"),
        ]
        assert found.dtypes.astype(str).to_dict() == {
            "table": "string", "record": "string", "sources": "Int64", "primary": "boolean", "disputed": "boolean", "level": "category",
        }  # fmt: skip
        assert found["level"].cat.categories.tolist() == ["none", "single source", "corroborated", "primary"]
        assert (found["level"] >= "corroborated").tolist() == [False, True, True, False, True, False, False]

    def test_of_one_table(self, small: Path) -> None:
        assert records(support("votes", path=small)) == records(support(path=small))[4:]
        assert records(support("claims", path=small)) == [("claims", "c1", 1, False, True, "single source")]

    @pytest.mark.parametrize("rows", ["", "people,ana,*,paper,p. 1,,,disputes\n"])
    def test_without_evidence_that_supports(self, small: Path, rows: str) -> None:
        (small / "data" / "evidence.csv").write_text("record_table,record_id,field,source,locator,stated,quote,stance\n" + rows)
        assert records(support("people", path=small)) == [
            ("people", name, 0, False, name == "ana" and bool(rows), "none") for name in ("ana", "bo", "cy", "di")
        ]

    def test_of_a_table_without_rows(self, small: Path) -> None:
        (small / "data" / "votes.csv").write_text("person,round,day,vote\n")
        found = support("votes", path=small)
        assert len(found) == 0
        assert found.dtypes.astype(str).to_dict() == support("people", path=small).dtypes.astype(str).to_dict()

    def test_of_a_package_where_no_table_needs_evidence(self, make: Make) -> None:
        found = support(path=make({name: TABLES[name] for name in ("evidence", "sources")}))
        assert (len(found), found.columns.tolist()) == (0, ["table", "record", "sources", "primary", "disputed", "level"])

    def test_of_a_table_without_key(self, make: Make) -> None:
        path = make({"t": ({"fields": [text("a")]}, "a\n1\n"), **{name: TABLES[name] for name in ("evidence", "sources")}})
        with pytest.raises(UsageError, match=r"^t has no primary key, so its rows have no identifier\.$"):
            support("t", path=path)


class TestSchema:
    def test_takes_what_load_gives(self, small: Path) -> None:
        for table in TABLES:
            frame = load(table, path=small)
            pd.testing.assert_frame_equal(schema(table, path=small).validate(frame, lazy=True), frame)

    @pytest.mark.parametrize(
        ("column", "value", "check"),
        [
            ("id", "ANA", "pattern"),
            ("id", pd.NA, "not_nullable"),
            ("age", -1, "minimum"),
            ("born", pd.Timestamp(1899, 12, 31), "minimum"),
            ("joined", "2024-02-30", "partial-date"),
        ],
    )
    def test_finds_a_broken_value(self, small: Path, column: str, value: Any, check: str) -> None:
        frame = load("people", path=small)
        frame.loc[2, column] = value
        with pytest.raises(SchemaErrors) as caught:
            schema("people", path=small).validate(frame, lazy=True)
        assert [tuple(row) for row in caught.value.failure_cases[["column", "check", "index"]].itertuples(index=False)] == [
            (column, check, 2)
        ]

    def test_finds_a_key_that_stands_twice(self, small: Path) -> None:
        frame = load("votes", path=small)
        frame.loc[2, ["person", "round"]] = ["ana", 1]
        with pytest.raises(SchemaErrors, match="not unique"):
            schema("votes", path=small).validate(frame, lazy=True)

    @pytest.mark.parametrize(
        ("column", "dtype"), [("age", "Float64"), ("age", "string"), ("retired", "object"), ("rank", "string"), ("born", "string")]
    )
    def test_finds_a_wrong_dtype_and_coerces_nothing(self, small: Path, column: str, dtype: str) -> None:
        frame = load("people", path=small)
        with pytest.raises(SchemaErrors) as caught:
            schema("people", path=small).validate(frame.astype({column: dtype}), lazy=True)
        assert set(caught.value.failure_cases["column"]) == {column}

    def test_finds_a_column_missing_or_too_many(self, small: Path) -> None:
        frame = load("people", path=small)
        with pytest.raises(SchemaErrors, match="column 'age' not in dataframe"):
            schema("people", path=small).validate(frame.drop(columns="age"), lazy=True)
        with pytest.raises(SchemaErrors, match="column 'extra' not in TableFrameSchema"):
            schema("people", path=small).validate(frame.assign(extra=1), lazy=True)

    def test_finds_a_value_that_stands_twice_in_a_unique_field(self, make: Make) -> None:
        path = make({"t": ({"fields": [text("id"), text("code", constraints={"unique": True})]}, "id,code\n1,a\n2,b\n")})
        with pytest.raises(SchemaErrors) as caught:
            schema("t", path=path).validate(load("t", path=path).assign(code=pd.array(["a", "a"], dtype="string")), lazy=True)
        assert caught.value.failure_cases[["column", "index", "failure_case"]].to_numpy().tolist() == [["code", 1, "a"]]

    def test_a_unique_field_may_be_blank_more_than_once(self, make: Make) -> None:
        path = make({"t": ({"fields": [text("id"), text("code", constraints={"unique": True})]}, "id,code\n1,a\n2,\n3,\n")})
        frame = load("t", path=path)
        pd.testing.assert_frame_equal(schema("t", path=path).validate(frame, lazy=True), frame)

    @pytest.mark.parametrize(
        ("field", "cell"),
        [
            ({"type": "yearmonth", "constraints": {"minimum": "2020-01"}}, "2024-02"),
            ({"type": "datetime", "constraints": {"maximum": "2030-01-01T00:00:00Z"}}, "2024-02-29T10:00:00Z"),
            ({"type": "integer", "categories": [1, 2], "constraints": {"minimum": 1}}, "2"),
        ],
        ids=["month", "time", "numbered category"],
    )
    def test_takes_values_within_bounds_whatever_the_dtype(self, make: Make, field: dict[str, Any], cell: str) -> None:
        path = make({"t": ({"fields": [text("id"), {"name": "x", **field}]}, f"id,x\n1,{cell}\n")})
        frame = load("t", path=path)
        pd.testing.assert_frame_equal(schema("t", path=path).validate(frame, lazy=True), frame)


class TestSchemaOfOwnFrames:
    """Frames that other programs made, and what a schema says of them."""

    def test_foreign_keys_and_unique_keys_are_checked(self, make: Make) -> None:
        places = {
            "fields": [text("id"), text("near")],
            "uniqueKeys": [["near"]],
            "foreignKeys": [{"fields": "near", "reference": {"resource": "towns", "fields": "id"}}],
        }
        path = make({"towns": ({"fields": [text("id")]}, "id\na\nb\n"), "places": (places, "id,near\n1,a\n2,\n3,\n")})  # fmt: skip
        frame = load("places", path=path)
        pd.testing.assert_frame_equal(schema("places", path=path).validate(frame, lazy=True), frame)
        with pytest.raises(SchemaErrors) as caught:
            schema("places", path=path).validate(frame.assign(near=pd.array(["a", "a", "c"], dtype="string")), lazy=True)
        cases = caught.value.failure_cases.assign(failure_case=lambda each: each["failure_case"].map(str))
        assert cases[["check", "column", "index", "failure_case"]].to_numpy().tolist() == [
            ["unique-key", "near", 1, "the combination of near 'a' already appears in another row; delete one of the two rows, or give this one another key"],
            ["foreign-key", "near", 2, "'c' is not in towns.id; correct it, or add the row to towns"],
        ]  # fmt: skip

    def test_other_tables_can_be_frames_too(self, small: Path) -> None:
        votes, people = load("votes", path=small), load("people", path=small)
        votes.loc[0, "person"] = "zoe"
        with pytest.raises(SchemaErrors):
            schema("votes", path=small).validate(votes, lazy=True)
        people.loc[0, "id"] = "zoe"
        people.loc[len(people)] = {**people.iloc[0].to_dict(), "id": "ana"}
        schema("votes", path=small, frames={"people": people}).validate(votes, lazy=True)
        with pytest.raises(UsageError, match=r"^frames: people lacks the columns age; add them\.$"):
            schema("votes", path=small, frames={"people": people.drop(columns="age")})
        with pytest.raises(UsageError, match="^'poeple' is not a table of this package; did you mean people"):
            schema("votes", path=small, frames={"poeple": people})

    def test_wrong_dtypes_are_named_in_one_sentence(self, small: Path) -> None:
        frame = load("people", path=small)
        frame = frame.astype({"age": "Float64", "rank": "object", "joined": "object", "born": "string"})
        with pytest.raises(SchemaError) as caught:
            schema("people", path=small).validate(frame)
        assert str(caught.value) == (
            "people: rank is object, not category with the values of the schema; age is Float64, not Int64; born is string, not datetime64[s]; "
            "joined is object, not string. Read the columns with these dtypes, or use schema('people', coerce=True)."
        )

    def test_after_a_conversion_the_hint_is_to_read_the_file_again(self, small: Path) -> None:
        frame = load("people", path=small).assign(age=["old"] * len(load("people", path=small)))
        with pytest.raises(SchemaError) as caught:
            schema("people", path=small, coerce=True).validate(frame)
        assert str(caught.value).endswith(
            ", not Int64, and cannot be converted without loss. Read the file with dtype={'age': 'string'}, or correct the values."
        )

    @pytest.mark.parametrize("coerce", [False, True])
    @pytest.mark.parametrize("lazy", [False, True])
    def test_a_column_twice_is_refused(self, small: Path, coerce: bool, lazy: bool) -> None:
        frame = load("people", path=small)
        with pytest.raises((SchemaError, SchemaErrors)):
            schema("people", path=small, coerce=coerce).validate(pd.concat([frame, frame[["id"]]], axis=1), lazy=lazy)

    @pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
    def test_full_dates_may_have_any_unit(self, small: Path, unit: str) -> None:
        frame = load("people", path=small).astype({"born": f"datetime64[{unit}]"})
        pd.testing.assert_frame_equal(schema("people", path=small).validate(frame, lazy=True), frame)

    def test_full_dates_have_no_time_of_day(self, small: Path) -> None:
        frame = load("people", path=small)
        frame["born"] = frame["born"] + pd.Timedelta(hours=3)
        with pytest.raises(SchemaErrors) as caught:
            schema("people", path=small).validate(frame, lazy=True)
        assert set(zip(caught.value.failure_cases["column"], caught.value.failure_cases["check"], strict=True)) == {("born", "type")}

    @pytest.mark.parametrize("table", ["people", "votes", "claims", "evidence", "sources"])
    def test_coerce_takes_what_pandas_reads(self, small: Path, table: str) -> None:
        resource = open_package(small).resource(table)
        read = pd.read_csv(small / resource.path, keep_default_na=False, na_values=["", "not applicable", "none exists", "secret"])
        pd.testing.assert_frame_equal(schema(table, path=small, coerce=True).validate(read, lazy=True), load(table, path=small))

    @pytest.mark.parametrize(
        ("column", "values", "said"),
        [
            ("age", [1.5, 2, 3], "age is float64, not Int64"),
            ("age", ["1", "2", "x"], "age is (object|str), not Int64"),
            ("age", [True, False, True], "age is bool, not Int64"),
            ("rank", ["low", "high", "highest"], "rank is (object|str), not category"),
            ("retired", [0, 1, 1], "retired is int64, not boolean"),
            ("born", [19900101, 2, 3], r"born is int64, not datetime64\[s\]"),
            ("born", pd.to_datetime(["1990-01-01T10:00Z"] * 3), "born is datetime64.*UTC.*, not datetime64"),
            ("id", [1, 2, 3], "id is int64, not string"),
            ("joined", [["2020"], ["2021"], ["2022"]], "joined is object, not string"),
        ],
    )
    def test_coerce_loses_nothing(self, small: Path, column: str, values: Any, said: str) -> None:
        frame = load("people", path=small).iloc[:3].assign(**{column: values})
        with pytest.raises(SchemaError, match=f"^people: {said}"):
            schema("people", path=small, coerce=True).validate(frame)

    def test_coerce_makes_digits_of_numbers_where_no_zeros_can_be_lost(self, make: Make) -> None:
        path = make({"t": ({"fields": [text("id"), text("m49", constraints={"pattern": "[0-9]{3}"})]}, "id,m49\n1,152\n2,\n")})
        coerced = schema("t", path=path, coerce=True)
        read = pd.read_csv(path / "data/t.csv")
        assert read.dtypes.astype(str).tolist() == ["int64", "float64"]
        pd.testing.assert_frame_equal(coerced.validate(read), load("t", path=path))
        with pytest.raises(SchemaError, match="^t: m49 is float64, not string"):
            coerced.validate(read.assign(m49=[76.0, None]))

    @pytest.mark.parametrize(("method", "form"), [("to_yaml", "YAML"), ("to_json", "JSON"), ("to_script", "a script")])
    def test_is_not_written_with_a_loss(self, small: Path, method: str, form: str) -> None:
        with pytest.raises(UsageError) as caught:
            getattr(schema("people", path=small), method)()
        assert str(caught.value) == (
            f"the schema of people cannot be written as {form}, which would lose its constraints, keys and rules; "
            "the fields, constraints and keys are in schemas/people.json, the rules in docs/rules.md."
        )

    def test_a_frame_that_is_changed_in_place_is_judged_anew(self, small: Path) -> None:
        frame, made = load("votes", path=small), schema("votes", path=small)
        made.validate(frame, inplace=True)
        frame.loc[0, "person"] = "zoe"
        with pytest.raises(SchemaError, match="'zoe' is not in people.id"):
            made.validate(frame, inplace=True)

    def test_rows_are_named_by_the_index_of_the_frame(self, small: Path) -> None:
        frame = load("votes", path=small)
        frame.loc[1, "person"] = "zoe"
        frame.index = pd.Index([f"row {number}" for number in range(len(frame))])
        with pytest.raises(SchemaErrors) as caught:
            schema("votes", path=small).validate(frame, lazy=True)
        assert caught.value.failure_cases["index"].tolist() == ["row 1"]


class TestRealTables:
    def test_the_rules_of_a_table_are_in_its_schema(self) -> None:
        frame = load("strategies")
        frame.loc[1, "adopted"] = "2121-02-03"
        with pytest.raises(SchemaError, match="date-ahead failure cases: adopted 2121-02-03 is in the future"):
            schema("strategies").validate(frame)
        with pytest.raises(SchemaErrors) as caught:
            schema("strategies", today=dt.date(2026, 11, 30)).validate(frame, lazy=True)
        found = caught.value.failure_cases[["check", "column", "index"]].to_numpy().tolist()
        assert [case for case in found if case[0] != "evidence-contradicts"] == [
            ["date-ahead", "adopted", 1],
            ["year-plausible", "adopted", 1],
        ]

    def test_rules_are_not_judged_where_a_constraint_is_broken(self) -> None:
        frame = load("strategies")
        frame.loc[1, "adopted"] = "soon"
        with pytest.raises(SchemaErrors) as caught:
            schema("strategies").validate(frame, lazy=True)
        assert {tuple(case) for case in caught.value.failure_cases[["column", "index"]].to_numpy().tolist()} == {("adopted", 1)}
        assert set(caught.value.failure_cases["check"]) <= {"partial-date", "pattern"}

    def test_every_table_loads_with_the_dtypes_of_the_codebook(self) -> None:
        assert {"actors", "strategies", "declarations", "signatories", "evidence", "sources"} <= set(tables())
        for table in tables():
            frame, book = load(table), codebook(table)
            assert frame.columns.tolist() == book["field"].tolist()
            assert frame.dtypes.astype(str).tolist() == book["dtype"].tolist()

    def test_every_table_passes_its_schema(self) -> None:
        for table in tables():
            frame = load(table)
            pd.testing.assert_frame_equal(schema(table).validate(frame, lazy=True), frame)

    def test_the_iso_code_of_namibia_is_not_missing(self) -> None:
        actors = load("actors").set_index("id")
        assert actors.loc["NAM", "iso2"] == "NA"
        assert actors.loc["BRA", ["iso2", "name_en", "kind", "m49"]].tolist() == ["BR", "Brazil", "state", "076"]

    def test_keys_are_complete_and_unique(self) -> None:
        for table in tables():
            key = describe(table).attrs["primary_key"]
            frame = load(table)
            assert not frame[key].isna().any(axis=None), table
            assert not frame.duplicated(key).any(), table

    def test_brazil_has_sources(self) -> None:
        found = sources_of("actors", "BRA")
        assert len(found) > 0
        assert found["title"].notna().all()
        level = support("actors").set_index("record").loc["BRA"]
        assert level["sources"] == found.loc[found["stance"] == "supports", "source"].nunique()

    def test_every_record_with_evidence_is_found_by_its_identifier(self) -> None:
        found = support()
        counted = found.loc[found["sources"] > 0].groupby("table").head(1)
        for table, record in zip(counted["table"], counted["record"], strict=True):
            assert sources_of(table, record)["source"].notna().all()

    def test_reasons_of_missing_values_are_those_of_the_schema(self) -> None:
        for table in tables():
            found = missing(table)
            assert set(found["reason"].dropna()) <= {"not applicable", "none exists"}
            assert set(found["field"]) <= set(load(table).columns)
