"""docs/formats.md names files, types and queries as they are, and its code runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from aistatecraft import export
from aistatecraft.api import load
from aistatecraft.package import open_package
from aistatecraft.package.field_types import FIELD_TYPES
from tests.conftest import Make
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


@pytest.mark.real
@pytest.mark.filterwarnings("ignore")
def test_its_python_runs(files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CROISSANT_CACHE", str(tmp_path / "cache"))
    first, last = blocks("python")
    found: dict[str, Any] = {}
    exec(compile(first, "docs/formats.md", "exec"), found)
    assert len(found["strategies"]) == len(found["named"]) == len(load("strategies", path=root))
    assert found["actors"].loc[found["actors"]["iso2"] == "NA", "name_en"].tolist() == ["Namibia"]
    exec(compile(last, "docs/formats.md", "exec"), found)
    assert len(list(found["records"])) == len(found["strategies"])


@pytest.mark.real
def test_its_sql_gives_rows(file: Callable[[str], bytes]) -> None:
    (text,) = blocks("sql")
    statements = [statement for statement in re.sub("(?m)^--.*", "", text).split(";") if statement.strip()]
    with database(file("sqlite")) as base:
        assert len(statements) == 6 and all(base.execute(statement).fetchone() for statement in statements)
        told = {name for row in table("there is") for name in re.findall("`([A-Za-z_]+)`", row[0])}
        others = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        assert told - {"TABLE", "TABLE_labelled"} <= others and "strategies_labelled" in others
        assert base.execute('SELECT "order" FROM provisions').fetchone()


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
