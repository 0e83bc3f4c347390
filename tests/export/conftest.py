"""The real package in every format, built once; and tables as plain values, to compare what was read back."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aistatecraft import export
from aistatecraft.api import load
from aistatecraft.package import Package, open_package

VERSION, DAY = "0.2.0", "2026-12-01"
Cells = dict[str, list[Any]]


@pytest.fixture(scope="session")
def package(root: Path) -> Package:
    """The real package."""
    return open_package(root)


@pytest.fixture(scope="session")
def files(package: Package) -> dict[str, bytes]:
    """All files of a release of the real package."""
    return export.build_all(package, version=VERSION, released=DAY)


@pytest.fixture(scope="session")
def file(files: dict[str, bytes], package: Package) -> Callable[[str], bytes]:
    """A function that gives the file of the real package in a format."""
    return lambda format: files[export.file_name(package, VERSION, format)]


def one(format: str, package: Package, **options: Any) -> bytes:
    """A package in one format."""
    ((_, data),) = export.build(format, package, version=VERSION, released=DAY, **options).items()
    return data


def plain(value: Any) -> Any:
    """A value of a data frame as Python has it; None where missing."""
    if isinstance(value, list):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def loaded(table: str, path: Path) -> Cells:
    """Values of a table as `load` gives them."""
    frame = load(table, path=path)
    return {str(name): [plain(value) for value in frame[name]] for name in frame.columns}


def parquet(archive: bytes) -> dict[str, pa.Table]:
    """Tables of an archive of Parquet files, by the names of their folders."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = [name for name in opened.namelist() if name.endswith(".parquet")]
        return {name.partition("/")[0]: pq.read_table(io.BytesIO(opened.read(name))) for name in names}


@contextmanager
def database(data: bytes) -> Iterator[sqlite3.Connection]:
    """A database in memory, its foreign keys enforced."""
    base = sqlite3.connect(":memory:")
    try:
        base.deserialize(data)
        base.execute("PRAGMA foreign_keys = ON")
        yield base
    finally:
        base.close()
