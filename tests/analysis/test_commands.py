"""The commands ask, panel, acts and identify: what they print and write, and how they refuse."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

import aistatecraft as ai
from tests.analysis.test_panel import WORLD
from tests.conftest import Make, Run


@pytest.fixture
def world(make: Make) -> Path:
    return make(WORLD)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_in_force(run: Run, world: Path) -> None:
    done = run("ask", "in-force", "--on", "2024-12-31", "--jurisdiction", "Aland", "--kind", "law", "--format", "csv", "--path", world)
    assert (done.code, done.err) == (0, "")
    assert [(row["id"], row["state"], row["presumed"], row["reason"]) for row in table(done.out)] == [
        ("i-a", "in_force", "true", "in_force_from 2023-06; status in_force as of 2026")
    ]
    shown = run("ask", "in-force", "--on", "2024-12-31", "--path", world).out
    assert "in_force_from 2023-06" in shown and "until" not in shown and "read" in shown


def test_status_members_signatories_and_hedging(run: Run, world: Path) -> None:
    status = json.loads(run("ask", "status", "s-a", "i-a", "--on", "2023-01-01", "--format", "json", "--path", world).out)
    assert [(row["record_table"], row["id"], row["state"], row["day"]) for row in status] == [("strategies", "s-a", "not_yet", "2023-01-01"), ("instruments", "i-a", "not_yet", "2023-01-01")]  # fmt: skip
    members = table(run("ask", "members", "G7", "--on", "2024-06-01", "--format", "csv", "--path", world).out)
    assert [(row["member"], row["state"]) for row in members] == [("AAA", "member"), ("BBB", "unknown")]
    acts = table(run("ask", "signatories", "us-2023", "--on", "2023-12-31", "--format", "csv", "--path", world).out)
    assert [(row["actor"], row["state"]) for row in acts] == [("AAA", "acted"), ("BBB", "unknown"), ("CCC", "acted")]
    hedging = json.loads(run("ask", "hedging", "--state", "NEW", "--from", "2024", "--to", "2024", "--format", "json", "--path", world).out)
    assert [(row["state"], row["total"], row["measure"]) for row in hedging] == [("NEW", 0, None)]


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet"])
def test_panel_into_a_file(run: Run, world: Path, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"panel.{suffix}"
    done = run("panel", "--from", "2023", "--to", "2024", "--out", file, "--path", world)
    assert (done.code, done.err, done.out.startswith(f"{file}: 7 rows from ")) == (0, "", True)
    expected = ai.panel(start=2023, end=2024, path=world)
    if suffix == "csv":
        rows = table(file.read_text(encoding="utf-8"))
        assert list(rows[0]) == list(expected.columns) and [row["acts_us"] for row in rows] == ["1", "0", "1", "0", "0", "0", "0"]
        assert [row["has_strategy"] for row in rows][:2] == ["true", "true"]
    elif suffix == "json":
        rows = json.loads(file.read_text(encoding="utf-8"))
        assert [row["acts_china"] for row in rows] == [1, 0, 1, 0, None, 0, 0]
    else:
        pq = pytest.importorskip("pyarrow.parquet")
        made = pq.read_table(file)
        assert made.column("year").to_pylist() == expected["year"].tolist() and str(made.schema.field("has_strategy").type) == "bool"


@pytest.mark.parametrize("suffix", ["dta", "sav"])
def test_panel_for_stata_and_spss(run: Run, world: Path, tmp_path: Path, suffix: str) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    file = tmp_path / f"panel.{suffix}"
    assert run("panel", "--from", "2023", "--to", "2024", "--out", file, "--path", world).code == 0
    read = pyreadstat.read_dta if suffix == "dta" else pyreadstat.read_sav
    found, about = read(str(file))
    expected = ai.panel(start=2023, end=2024, path=world)
    assert list(about.column_labels) == list(expected.columns) and max(map(len, found.columns)) <= 32
    assert found["state"].tolist() == expected["state"].tolist()
    for name in ("acts_china", "has_strategy", "score_x"):
        mine = [None if value is pd.NA else float(value) for value in expected[name].astype(object)]
        assert [None if value != value else value for value in found[name]] == mine


def test_acts(run: Run, world: Path) -> None:
    rows = table(run("acts", "--actor", "CCC", "--format", "csv", "--path", world).out)
    assert [(row["declaration"], row["stance"]) for row in rows] == [("us-2023", "against")]
    matrix = table(run("acts", "matrix", "--leader", "china", "--actor", "NEW", "--format", "csv", "--path", world).out)
    assert matrix == [{"actor": "NEW", "cn-2023": "unknown"}]
    edges = table(run("acts", "cosignature", "--format", "csv", "--path", world).out)
    assert [(row["a"], row["b"], row["common"]) for row in edges] == [("AAA", "BBB", "1")]
    assert len(json.loads(run("acts", "alignment", "--format", "json", "--path", world).out)) == 18


def test_identify(run: Run, world: Path, tmp_path: Path) -> None:
    file = tmp_path / "trade.csv"
    file.write_text("\ufeffcountry;match\nAland;1\nBlnd;2\nbb;3\n;4\n", encoding="utf-8")
    done = run("identify", file, "--column", "country", "--to", "cow", "--path", world)
    assert done.code == 0 and done.err == "aistatecraft: unmatched: 'Blnd'.\n"
    assert [list(row.values()) for row in table(done.out)] == [
        ["Aland", "1", "1", "AAA", "Aland", "name", "", ""], ["Blnd", "2", "", "", "", "unmatched", "", "BBB"],
        ["bb", "3", "2", "BBB", "Bland", "code", "", ""], ["", "4", "", "", "", "missing", "", ""],
    ]  # fmt: skip
    assert list(table(done.out)[0]) == ["country", "match", "cow", "actor_id", "actor_name", "_match", "candidates", "proposals"]
    out = tmp_path / "coded.json"
    assert run("identify", file, "--column", "country", "--out", out, "--path", world).out == f"{out}: 4 rows\n"
    assert json.loads(out.read_text(encoding="utf-8"))[2]["actor_id"] == "BBB"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "in-force", "--on", "2024-13-01"], "on='2024-13-01': '2024-13-01' names month 13, which does not exist."),
        (
            ["ask", "in-force", "--from", "2024"],
            "ask in-force has no option --from; it takes --jurisdiction, --kind, --on, --only, --table.",
        ),
        (["ask", "members"], "ask members takes exactly one name after it."),
        (["ask", "in-force", "AAA"], "ask in-force takes no name after it."),
        (["ask", "status"], "ask status takes one or more records after it."),
        (
            ["panel", "--from", "2025", "--to", "2020"],
            "the years 2025 to 2020 are no period; give start and end between 1816 and 2100, the earlier first.",
        ),
        (
            ["panel", "--out", "panel.xls"],
            "panel.xls: the format .xls is not known; give a name that ends with .csv, .json, .parquet, .dta or .sav.",
        ),
        (["acts", "alignment", "--leader", "us"], "acts alignment has no option --leader; it takes --from, --to."),
        (["identify", "nowhere.csv", "--column", "x"], "nowhere.csv: No such file or directory; give a table that can be read."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(run: Run, world: Path, arguments: list[str], message: str) -> None:
    done = run(*arguments, "--path", world)
    assert (done.code, done.out, done.err) == (2, "", f"aistatecraft: {message}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1\n", "record 2 has 1 cells, the header has 2; put cells that hold ',' between quotes."),
        (b"a,a\n1,2\n", "the column 'a' stands twice; rename one of them."),
        (b"a\n\xff\n", "byte 2 is not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)."),
        (b"", "this is not a table of text; give a CSV or Parquet file."),
        (b'a,b\n"1,2\n', "unexpected end of data; save it as CSV again."),
        (b"a,b\n1,2\n", "there is no column 'c'; there are: a, b."),
    ],
)
def test_files_that_are_no_tables(run: Run, world: Path, tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    done = run("identify", file, "--column", "c", "--path", world)
    assert (done.code, done.out, done.err) == (2, "", f"aistatecraft: {file}: {message}\n")


def test_help_imports_nothing_heavy(run: Run) -> None:
    for command in ("ask", "panel", "acts", "identify"):
        assert "Examples:" in run(command, "--help").out


def test_files_of_stata_and_spss_have_no_time_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    readstat = pytest.importorskip("pyreadstat")
    from aistatecraft.export.statistics import spss_bytes, stata_bytes

    frame = pd.DataFrame({"state": pd.array(["BRA", None], dtype="string"), "acts": pd.array([1, None], dtype="Int64")})
    made = spss_bytes(frame)
    write = readstat.write_sav

    def later(plain: pd.DataFrame, path: str, **options: object) -> None:
        write(plain, path, **options)
        data = Path(path).read_bytes()
        Path(path).write_bytes(data[:92] + b"31 Dec 3023:59:59" + data[109:])

    monkeypatch.setattr(readstat, "write_sav", later)
    assert spss_bytes(frame) == made and made[92:109] == b"01 Jan 8000:00:00"
    assert stata_bytes(frame) == stata_bytes(frame)
