"""What all tests share: copies of the real package, and small packages made on the spot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("datapackage.json", "data", "schemas", "releases", "CITATION.cff", "LICENSE-DATA")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the real package, to be damaged."""
    target = tmp_path / "package"
    target.mkdir()
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        elif source.exists():
            shutil.copy(source, target / name)
    return target


Make = Callable[..., Path]
Tables = dict[str, tuple[dict[str, Any], str | bytes | None]]


def write_package(target: Path, tables: Tables, **descriptor: Any) -> Path:
    """Write a small package into `target`; see `make`."""
    (target / "data").mkdir(parents=True)
    resources = []
    for table, (schema, text) in tables.items():
        if text is not None:
            (target / "data" / f"{table}.csv").write_bytes(text.encode() if isinstance(text, str) else text)
        resources.append({"name": table, "path": f"data/{table}.csv", "schema": schema})
    content = {"name": "made", "version": "0.1.0", "resources": resources, **descriptor}
    (target / "datapackage.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return target


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A function that writes a small package and gives its directory.

    ``make({"people": (schema, "id,name\\n...")})``: for each table its Table Schema and the text or bytes of its CSV (None:
    no file). ``name`` is the folder, further keywords go into the descriptor.
    """

    def build(tables: Tables, name: str = "made", **descriptor: Any) -> Path:
        return write_package(tmp_path / name, tables, **descriptor)

    return build


def edit(path: Path, old: str, new: str, count: int = 1) -> None:
    """Replace `old` by `new` in a file; fails where it does not stand there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {path}"
    path.write_text(text.replace(old, new, count), encoding="utf-8")
