"""docs/formats.md names files, types and queries as they are, and its code runs."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aistatecraft import export
from aistatecraft.api import load
from aistatecraft.package import open_package
from aistatecraft.package.field_types import FIELD_TYPES
from tests.conftest import Make, Run
from tests.export.conftest import VERSION, database, one, parquet
from tests.export.test_typed_columns import EVERYTHING, ROWS

TEXT = (Path(__file__).resolve().parents[2] / "docs/formats.md").read_text(encoding="utf-8").replace("-VERSION", f"-{VERSION}")


def table(head: str) -> list[list[str]]:
    """Rows of the table whose first head is `head`."""
    body = TEXT.partition(f"\n| {head} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines()[2:]]


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?s)```{language}\n(.*?)```", TEXT)


def test_every_file_is_told_of() -> None:
    listed = {row[0].strip("`"): row[2] for row in table("file")}
    expected = {f"NAME-{VERSION}{format.suffix}": f"`pip install 'aistatecraft[{format.extra}]'`" if format.extra else "the core" for format in export.EXPORT_FORMATS.values()}  # fmt: skip
    assert listed == {**expected, "changes.json": "the core", "SHA256SUMS": "the core"}


PYTHON = {"sqlite3": "pandas", "read_csv": "pandas, CSV", "ExcelFile": "pandas, XLSX"} | {
    name: name for name in ("polars", "duckdb", "openpyxl", "frictionless", "pyspark", "pyarrow.dataset", "mlcroissant")
}
"""A word of each block of Python, and what the block shows."""


def python(word: str) -> str:
    (found,) = [block for block in blocks("python") if word in block]
    return found


@pytest.fixture(scope="module")
def place(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the release, the archives unpacked as the page does it."""
    folder = tmp_path_factory.mktemp("release")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for archive, target in (("-parquet.zip", "tables"), (".zip", "csv")):
        with zipfile.ZipFile(folder / f"aistatecraft-{VERSION}{archive}") as opened:
            opened.extractall(folder / target)
    return folder


def test_every_block_of_python_is_tried() -> None:
    assert sorted(python(word) for word in PYTHON) == sorted(blocks("python"))


def codes(found: dict[str, Any]) -> tuple[int, Any, Any]:
    """How many actors a block read, with the code of Afghanistan, which is 004, and the one of Namibia, which is NA."""
    actors = found["actors"]
    if hasattr(actors, "select") and hasattr(actors, "to_pandas"):
        actors = actors.to_pandas()
    if isinstance(actors, list):
        names = found.get("names") or list(load("actors").columns)
        rows = [row.to_dict() if hasattr(row, "to_dict") else dict(zip(names, row, strict=False)) for row in actors]
        by_id = {row["id"]: row for row in rows}
        return len(rows), by_id["AFG"]["m49"], by_id["NAM"].get("iso2", "NA")
    by_id = actors.set_index("id")
    return len(actors), by_id.loc["AFG", "m49"], by_id.loc["NAM", "iso2"]


@pytest.mark.real
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("word", [word for word in PYTHON if word not in ("sqlite3", "mlcroissant", "pyspark")], ids=PYTHON.get)
def test_its_python_keeps_codes_of_digits(word: str, place: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    for library in re.findall(r"(?m)^import (\w+)", python(word)):
        pytest.importorskip(library)
    monkeypatch.chdir(place)
    found: dict[str, Any] = {}
    exec(compile(python(word), "docs/formats.md", "exec"), found)
    if word == "duckdb":
        found["names"] = ["id", "m49"]
    assert codes(found) == (len(load("actors", path=root)), "004", "NA")


@pytest.mark.real
@pytest.mark.filterwarnings("ignore")
def test_its_python_runs(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("CROISSANT_CACHE", str(tmp_path / "cache"))
    found: dict[str, Any] = {}
    exec(compile(python("sqlite3"), "docs/formats.md", "exec"), found)
    assert len(found["strategies"]) == len(found["labelled"]) == len(load("strategies", path=root))
    exec(compile(python("mlcroissant"), "docs/formats.md", "exec"), found)
    assert len(list(found["records"])) == len(found["strategies"])


@pytest.mark.real
def test_a_single_column_can_be_kept_as_text(place: Path) -> None:
    assert '`dtype={"m49": str}`' in TEXT
    frame = pd.read_excel(
        place / f"aistatecraft-{VERSION}.xlsx", sheet_name="actors", dtype={"m49": str}, keep_default_na=False, na_values=[""]
    )
    assert frame.loc[frame["id"] == "AFG", "m49"].item() == "004"


@pytest.mark.real
def test_what_r_and_spark_are_told_to_open_is_there(place: Path) -> None:
    """Both are run where they are installed."""
    (code,) = blocks("r")
    for path in re.findall(r'"((?:tables|csv|aistatecraft-)[^"]*[./][^"]*)"', code + python("pyspark")):
        assert (place / path).exists(), path
    assert pq.read_table(place / "tables/strategies/strategies.parquet").num_rows
    book = openpyxl.load_workbook(place / f"aistatecraft-{VERSION}.xlsx", read_only=True)
    assert {*re.findall('sheet = "(.*?)"', code)} <= {*book.sheetnames}
    book.close()
    with (place / "csv/data/actors.csv").open(encoding="utf-8") as file:
        assert "m49" in file.readline()
    if (
        shutil.which("Rscript")
        and not subprocess.run(
            ["Rscript", "-e", "for (p in c('arrow', 'RSQLite', 'readr', 'readxl')) library(p, character.only = TRUE)"],
            capture_output=True,
            check=False,
        ).returncode
    ):
        code += '\nstopifnot(actors$m49[actors$id == "AFG"] == "004")\n'
        assert subprocess.run(["Rscript", "-e", code], cwd=place, capture_output=True, check=False, timeout=120).returncode == 0
    if importlib.util.find_spec("pyspark") and shutil.which("java"):
        code = python("pyspark") + "\nassert actors.filter(\"id = 'AFG'\").first().m49 == '004'\n"
        assert subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, check=False, timeout=120).returncode == 0


@pytest.mark.real
def test_its_sql_gives_rows(file: Callable[[str], bytes]) -> None:
    (text,) = blocks("sql")
    statements = [statement for statement in re.sub("(?m)^--.*", "", text).split(";") if statement.strip()]
    with database(file("sqlite")) as base:
        assert len(statements) == 7 and all(base.execute(statement).fetchone() for statement in statements)
        told = {name for row in table("name") for name in re.findall("`([A-Za-z_]+)`", row[0])}
        others = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        assert told - {"TABLE", "TABLE_labelled"} <= others and "strategies_labelled" in others
        assert base.execute("SELECT sort_order FROM provisions").fetchone()


def test_types_are_as_told(make: Make, tmp_path: Path) -> None:
    place = make({"everything": (EVERYTHING, ROWS)})
    package = open_package(place)
    frame = load("everything", path=place)
    arrow = parquet(one("parquet", package))["everything"].schema
    with database(one("sqlite", package)) as base:
        sql = {row[1]: row[2] for row in base.execute("PRAGMA table_info(everything)")}
    (tmp_path / "x.xlsx").write_bytes(one("xlsx", package))
    page = openpyxl.load_workbook(tmp_path / "x.xlsx")["everything"]
    cells = {head.value: page.cell(3, head.column) for head in page[1]}
    cells["day"] = page.cell(2, cells["day"].column)  # the other one is too old for a spreadsheet

    def short(type_: pa.DataType) -> str:
        return re.split("[<]", str(type_))[0]

    def shown(name: str) -> str:
        return {"s": "text", "n": "number", "b": "boolean", "d": "date"}[cells[name].data_type]

    of = {"string": "id", "any": "anything", "string with categories": "kind", "integer with categories": "grade", "integer": "whole", "number": "real", "boolean": "yes", "date": "day", "datetime": "instant", "year": "year", "yearmonth": "month", "list": "words"}  # fmt: skip
    told = {kind: row[1:] for row in table("in the schema") for kind in (row[0].split(", ") if row[0] == "string, any" else [row[0]])}
    others = [name for name in FIELD_TYPES if name not in of]
    kinds = {name: FIELD_TYPES[name]() for name in others}
    assert {name: told.pop(name) for name in others} == {
        name: [kind.dtype, short(kind.arrow_type(pa)), kind.sqlite, kind.spreadsheet] for name, kind in kinds.items()
    }
    assert told == {kind: [str(frame[name].dtype), short(arrow.field(name).type), sql[name], shown(name)] for kind, name in of.items()}


@pytest.mark.real
def test_the_page_for_users_of_r_runs_where_r_is(place: Path, root: Path, run: Run) -> None:
    code = "\n".join(re.findall(r"(?s)```r\n(.*?)```", (root / "docs/r.md").read_text(encoding="utf-8"))).replace("VERSION", VERSION)
    for archive in re.findall(r'"(aistatecraft-[^"]*)"', code):
        assert (place / archive).exists(), archive
    script = "for (p in c('RSQLite', 'dplyr')) library(p, character.only = TRUE)"
    if not shutil.which("Rscript") or subprocess.run(["Rscript", "-e", script], capture_output=True, check=False).returncode:
        return
    assert run("panel", "--from", "2023", "--to", "2025", "--out", place / "panel.csv", "--path", root).code == 0
    done = subprocess.run(["Rscript", "-e", code], cwd=place, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
