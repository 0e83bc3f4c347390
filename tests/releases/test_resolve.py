"""What the words of a user name: packages, revisions, versions, and single tables in files or on standard input."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aistatecraft.api import diff
from aistatecraft.comparison import compare
from aistatecraft.errors import DataError, ReadError, UsageError
from aistatecraft.releases.resolve import named_package, named_pair
from tests.comparison.described import HEAD, NO_KEY, PEOPLE, Told, told
from tests.conftest import Install, Make

Csv = Any


@pytest.fixture
def csv(tmp_path: Path) -> Csv:
    """A function that writes a file and gives its path."""

    def write(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


def found(old: str | Path, new: str | Path, **options: Any) -> Told:
    return told(compare(*named_pair(old, new, **options)))


CHANGED = [
    ("changed", "new a n", "1", "2", "value-corrected"),
    ("removed", "new b", "b,1", None, "identifier-withdrawn"),
    ("added", "new c", None, "c,9", "row-added"),
]


class TestTwoFiles:
    def test_by_key(self, csv: Csv) -> None:
        old, new = csv("old.csv", "id,n\na,1\nb,1\n"), csv("new.csv", "id,n\nc,9\na,2\n")
        assert found(old, new, key=["id"]) == CHANGED
        assert found(Path(old), Path(new), key=["id"]) == CHANGED

    def test_by_a_key_of_several_fields(self, csv: Csv) -> None:
        old, new = csv("old.csv", "a,b,n\nx,1,p\nx,2,p\n"), csv("new.csv", "a,b,n\nx,2,q\nx,1,p\n")
        assert found(old, new, key=["a", "b"]) == [("changed", "new x/2 n", "p", "q", "value-corrected")]

    def test_without_a_key(self, csv: Csv) -> None:
        found_ = found(csv("old.csv", "id,n\na,1\nb,1\n"), csv("new.csv", "id,n\nb,1\na,2\n"))
        assert found_ == [("removed", "new", "a,1", None, "row-removed"), ("added", "new", None, "a,2", "row-added")]
        assert [change.kind for change in diff(csv("old.csv", "id\na\n"), csv("new.csv", "id\n")).changes] == ["correction"]

    def test_every_field_is_a_text(self, csv: Csv) -> None:
        assert found(csv("old.csv", "id,n\na,1.0\n"), csv("new.csv", "id,n\na,1.00\n"), key=["id"])[0][4] == "value-corrected"

    def test_other_columns(self, csv: Csv) -> None:
        assert found(csv("old.csv", "id,n,gone\na,1,x\n"), csv("new.csv", "come,n,id\ny,1,a\n"), key=["id"]) == [
            ("removed", "new gone", '{"name": "gone", "type": "string"}', None, "field-removed"),
            ("added", "new come", None, '{"name": "come", "type": "string"}', "field-added"),
        ]

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("new.csv", "id;n\nc;9\na;2\n"),
            ("new.csv", "id|n\nc|9\na|2\n"),
            ("new.tsv", "id\tn\nc\t9\na\t2\n"),
            ("new.CSV", "id\tn\nc\t9\na\t2\n"),
            ("new.csv", "\ufeffid;n\r\nc;9\r\na;2\r\n"),
            ("new.csv", '"id","n"\n"c","9"\n"a","2"'),
        ],
    )
    def test_however_they_are_written(self, csv: Csv, name: str, content: str) -> None:
        assert found(csv("old.csv", "id,n\na,1\nb,1\n"), csv(name, content), key=["id"]) == CHANGED

    def test_one_column_with_a_semicolon_in_a_cell(self, csv: Csv) -> None:
        assert found(csv("old.csv", "word\na;b\n"), csv("new.csv", "word\na;b\nc\n")) == [("added", "new", None, "c", "row-added")]

    def test_a_file_whose_name_is_no_name_of_a_table(self, csv: Csv) -> None:
        assert found(csv("o.csv", "id\n"), csv("été 2024 (2).csv", "id\nx\n"), key=["id"]) == [
            ("added", "-t-2024-2- x", None, "x", "row-added")
        ]

    @pytest.mark.parametrize(
        ("content", "error", "message"),
        [
            ("", ReadError, r"new\.csv: the file is empty and has no header; write the header row, or restore the file\."),
            ("\n\n", ReadError, "the file is empty"),
            ("\nid,n\n", ReadError, r"new\.csv:1: the header cannot be read \(it is blank\); fix the first line\."),
            (b"id,\xe9\n", ReadError, r"new\.csv:1: the header is not UTF-8; save the file as UTF-8"),
            ("key,n\n", UsageError, r"new\.csv: there is no field 'id'; there are: key, n\."),
            ("id,n\na\n", DataError, r"new\.csv:2: the row has 1 cells, the header has 2"),
            ("id,n\na,\"\n", DataError, r"new\.csv:2: the row that begins here has unbalanced quotes"),
            (b"id,n\na,\xe9\n", DataError, r"new\.csv:2: byte 3 of the line is not UTF-8"),
            (b"PK\x03\x04\xff\xff", ReadError, r"new\.csv: this is a zip archive or an Excel or LibreOffice workbook, not CSV"),
            (b"\xff\xfei\0d\0", ReadError, "this is UTF-16 text"),
        ],
    )  # fmt: skip
    def test_that_cannot_be_read(self, csv: Csv, content: str | bytes, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            found(csv("old.csv", "id,n\n"), csv("new.csv", content), key=["id"])

    def test_that_are_not_there(self, csv: Csv, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"none\.csv: there is no such file; check the path\."):
            found(csv("old.csv", "id\n"), tmp_path / "none.csv")
        with pytest.raises(UsageError, match=r"'nothing' is neither a path nor"):
            found("nothing", tmp_path / "none.csv")


class TestStandardInput:
    @pytest.fixture
    def given(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        return lambda text: monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text)))

    def test_as_either_side(self, csv: Csv, given: Any) -> None:
        given(b"id,n\na,1\nb,1\n")
        assert found("-", csv("new.csv", "id,n\nc,9\na,2\n"), key=["id"]) == CHANGED
        given(b"id,n\nc,9\na,2\n")
        pair = named_pair(csv("old.csv", "id,n\na,1\nb,1\n"), "-", key=["id"])
        assert (pair.new.store.label, pair.tables) == ("standard input", ("old",))
        assert len(compare(*pair).changes) == 3

    def test_against_a_table_of_a_package(self, make: Make, given: Any) -> None:
        package = make({"people": (PEOPLE, HEAD + "ada,Ada,,1.0,\n"), "words": (NO_KEY, "word,note\n")})
        given(b"id,name,born,score,member\nada,Ada,,1,\n")
        assert found(package, "-", tables=["people"]) == [("changed", "people ada score", "1.0", "1", "value-rewritten")]

    def test_cannot_be_both(self) -> None:
        with pytest.raises(UsageError, match="only one of the two tables can come from standard input"):
            found("-", "-")


class TestFileAndPackage:
    @pytest.fixture
    def package(self, make: Make) -> Path:
        return make({"people": (PEOPLE, HEAD + "ada,Ada,1815,1.0,\n"), "words": (NO_KEY, "word,note\na,b\n")}, title="Made")

    def test_the_name_says_which_table(self, csv: Csv, package: Path) -> None:
        """Its schema tells what the cells of the file are; no other table is looked at."""
        file = csv("sub/people.csv", HEAD + "ada,Ada,1815-12,1,\nbo,,,,\n")
        assert found(package, file) == [
            ("changed", "people ada born", "1815", "1815-12", "date-refined"),
            ("changed", "people ada score", "1.0", "1", "value-rewritten"),
            ("added", "people bo", None, "bo", "row-added"),
        ]
        assert found(file, package)[-1] == ("removed", "people bo", "bo", None, "identifier-withdrawn")

    def test_another_delimiter(self, csv: Csv, package: Path) -> None:
        assert found(package, csv("sub/people.csv", (HEAD + "ada,Ada,1815,1.0,\n").replace(",", ";"))) == []

    def test_or_it_is_said(self, csv: Csv, package: Path) -> None:
        file = csv("x.csv", "word,note\na,c\n")
        assert [rule for *_, rule in found(package, file, tables=["words"])] == ["row-removed", "row-added"]
        with pytest.raises(UsageError, match="which table is '.*' to be compared with.*there are: people, words"):
            found(package, file)
        with pytest.raises(UsageError, match="give --table once"):
            found(package, file, tables=["people", "words"])
        with pytest.raises(UsageError, match="'peopel' is not a table of this package; did you mean people"):
            found(package, file, tables=["peopel"])

    def test_other_columns_are_not_in_the_schema(self, csv: Csv, package: Path) -> None:
        with pytest.raises(DataError, match="people.csv:1: the column 'x' is not in the schema"):
            found(package, csv("sub/people.csv", HEAD.strip() + ",x\n"))

    def test_the_key_stands_in_the_schema(self, csv: Csv, package: Path) -> None:
        with pytest.raises(UsageError, match="the key of a package is defined in its schemas; omit --key"):
            found(package, csv("sub/people.csv", HEAD), key=["id"])


class TestPackages:
    def test_some_tables(self, make: Make) -> None:
        old = make({"people": (PEOPLE, HEAD), "words": (NO_KEY, "word,note\n")}, "old", title="A")
        new = make({"people": (PEOPLE, HEAD + "ada,,,,\n"), "words": (NO_KEY, "word,note\na,b\n")}, "new", title="B")
        assert found(old, new, tables=["words"]) == [("added", "words", None, "a,b", "row-added")]
        assert len(found(old, new, tables=["words", "people"])) == 2
        with pytest.raises(UsageError, match="'wordz' is not a table of either package; did you mean words"):
            found(old, new, tables=["wordz"])

    def test_some_tables_and_what_the_others_say_of_them(self, make: Make) -> None:
        """Why an identifier went is told by another table, which is read, though its changes are not asked for."""
        retired = {"fields": [{"name": name} for name in ("id", "table", "replaced_by", "reason")]}
        old = make({"people": (PEOPLE, HEAD + "ada,,,,\n"), "retired": (retired, "id,table,replaced_by,reason\n")}, "old")
        new = make({"people": (PEOPLE, HEAD), "retired": (retired, "id,table,replaced_by,reason\nada,people,,a double\n")}, "new")
        assert [change.note for change in compare(*named_pair(old, new, tables=["people"])).changes] == ["a double"]

    def test_directory_named_like_a_version_or_a_table_is_a_directory(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        package = make({"people": (PEOPLE, HEAD)}, "1.0.0")
        other = make({"people": (PEOPLE, HEAD + "ada,,,,\n")}, "data.csv")
        monkeypatch.chdir(package.parent)
        assert found("1.0.0", package) == []
        assert len(found("1.0.0", other)) == 1

    def test_that_of_this_installation(self, project: Path, install: Install) -> None:
        install(project)
        assert named_package("installed").root == project

    @pytest.mark.parametrize(
        ("word", "error"),
        [
            ("x" * 5_000, UsageError), ("a\0b", UsageError), ("nothing.zip", ReadError), ("nothing.json", ReadError), ("./nothing", ReadError),
            ("-x", ReadError), ("https://evil.example/x.zip", ReadError), ("9.9.9", UsageError), ("9.9.9-dev", UsageError), ("nothing", UsageError), (":", UsageError),
        ],
    )  # fmt: skip
    def test_nothing(self, word: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(error):
            named_package(word)
