"""The site of the real package, built once for all tests that read it."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

BASE = "https://data.example"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, which the workers of a run share."""
    from filelock import FileLock

    from aistatecraft.site import build as building

    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    out = shared / "built-site"
    with FileLock(shared / "built-site.lock"):
        if not out.exists():
            with pytest.MonkeyPatch.context() as patch:
                # Both take long and are tried with a small package in a test of their own.
                patch.setattr(building, "previews", lambda *_: ())
                patch.setattr(building, "_workbooks", lambda *_: ())
                building.build_site(out, path=ROOT, base_url=BASE)
    return out


Rows = Callable[[str], list[dict[str, str]]]


@pytest.fixture(scope="session")
def rows() -> Rows:
    """Rows of a table of the real package, as the CSV has them."""

    def read(table: str) -> list[dict[str, str]]:
        with (ROOT / f"data/{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read
