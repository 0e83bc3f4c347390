"""What all tests share: copies of the real package, and small packages made on the spot."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("datapackage.json", "data", "schemas", "releases", "CITATION.cff", "LICENSE-DATA", "suppressions.csv")


_OF_THE_USER = re.compile(
    r"AISTATECRAFT_.*|GITHUB_.*|GIT_.*|XDG_.*|LC_.*|LANG|LANGUAGE|(all|ftp|https?|no)_proxy|(NO|FORCE|PY)_COLOR|PY_COLORS|CLICOLOR(_FORCE)?|COLORTERM|TERM_PROGRAM"
    r"|TTY_.*|WT_SESSION|SOURCE_DATE_EPOCH|PYTHON(?!HOME|PYCACHEPREFIX|DONTWRITEBYTECODE|HASHSEED).*",
    re.IGNORECASE,
)
"""Settings that must not decide how a test ends."""
_HOME = tempfile.TemporaryDirectory(prefix="aistatecraft-home-", ignore_cleanup_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: left out of the quick selection, -m 'not slow'; given by tests/conftest.py")
    config.addinivalue_line("markers", "real: holds for every state of the real package that validates; needs it to validate")
    # The same on every machine: time zone, language, width and colours of the terminal, settings of git, files at home, mode of new files.
    for name in [name for name in os.environ if _OF_THE_USER.fullmatch(name)]:
        del os.environ[name]
    os.environ |= {
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "COLUMNS": "80",
        "LINES": "25",
        "HOME": _HOME.name,
        "USERPROFILE": _HOME.name,
    }
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    os.umask(0o022)
    if hasattr(time, "tzset"):
        time.tzset()


SLOW = (
    "damage", "export", "test_wheel.py", "test_imports.py", "test_readme.py", "test_dataset.py", "test_api.py",
    "views/test_charts.py", "views/test_rendering.py", "views/test_frameworks_page.py", "views/test_command.py",
    "comparison/test_reporters_html.py", "comparison/test_hostile.py", "comparison/test_tables.py", "fixing/test_tables.py",
    "cli/test_commands.py", "contributing/test_workflows.py", "package/test_git.py", "package/test_git_hostile.py", "package/test_transaction.py",
    "releases/test_fetching.py", "releases/test_hostile_archives.py", "package/test_register.py", "releases/test_verify.py",
    "site", "validation/test_hostile.py", "validation/test_floors.py", "validation/test_suppressions.py", "validation/test_arrow_engine.py",
)  # fmt: skip
"""Tests that build releases, draw pictures, start programs or read large files."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what stands in `SLOW`, needs the real package, or tries many made-up inputs; `-m "not slow"` is a quick look."""
    for item in items:
        place = item.path.relative_to(ROOT / "tests")
        listed = any(place.is_relative_to(slow) for slow in SLOW)
        made_up = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if listed or made_up or item.get_closest_marker("real") or {"copy", "root"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")


def pytest_unconfigure() -> None:
    _HOME.cleanup()


@pytest.fixture(scope="session", autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The current directory is an empty one, from wherever the tests are run; a test that means another says so."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    yield
    os.chdir(before)


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
    no file). ``name`` is the folder; ``own`` gives the package the name of ours, so that our rules apply; further keywords go
    into the descriptor.
    """

    def build(tables: Tables, name: str = "made", own: bool = False, **descriptor: Any) -> Path:
        return write_package(tmp_path / name, tables, **({"name": "aistatecraft"} if own else {}), **descriptor)

    return build


PEOPLE: dict[str, Any] = {
    "title": "People",
    "description": "Who is meant.",
    "fields": [
        {"name": "id", "type": "string", "description": "Identifier.", "example": "ada", "constraints": {"required": True}},
        {"name": "name", "type": "string", "description": "Name."},
        {"name": "born", "type": "string", "description": "Date of birth.", "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF-level0"},
        {"name": "score", "type": "number", "description": "Points."},
    ],
    "primaryKey": ["id"],
}
CITATION = """cff-version: 1.2.0
message: Please cite it.
type: dataset
title: "People: a small package"
authors:
  - name: Society of People
version: 0.1.0
date-released: 2024-01-01
license: CC-BY-4.0
"""


def write_project(target: Path, people: str = "id,name,born,score\nada,Ada,1815-12-10,107.5\nbo,波,1990,3\n", **descriptor: Any) -> Path:
    """Write a small package as a maintainer keeps it: schema in a file of its own, citation and licence beside the descriptor."""
    write_package(target, {"people": (PEOPLE, people)})
    (target / "schemas").mkdir()
    (target / "schemas" / "people.json").write_text(json.dumps(PEOPLE, indent=2), encoding="utf-8")
    content = {
        "name": "people",
        "title": "People: a small package",
        "version": "0.1.0",
        "created": "2024-01-01T00:00:00Z",
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "Society of People"}],
        "resources": [{"name": "people", "type": "table", "path": "data/people.csv", "schema": "schemas/people.json"}],
        **descriptor,
    }
    (target / "datapackage.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (target / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    (target / "LICENSE-DATA").write_text("CC BY 4.0\n", encoding="utf-8")
    return target


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small package as a maintainer keeps it, never released; see `write_project`."""
    return write_project(tmp_path / "project")


Install = Callable[[Path], Path]


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The current directory of the test: one that lies in no package."""
    folder = tmp_path_factory.mktemp("nowhere")
    (folder / ".git").mkdir()  # nothing above is looked at, wherever the tests are run
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> Any:
    """A function that makes a package that of this installation, as if it had come with the wheel; one stands in no package then."""
    from aistatecraft.package import descriptor
    from aistatecraft.package.installed import installed

    def put(package: Path) -> Path:
        monkeypatch.setattr(descriptor, "home", lambda: package)
        installed.cache_clear()
        return package

    yield put
    installed.cache_clear()


class Outcome(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs the command line in this process: ``run("show", "people", "--path", package)``."""
    from aistatecraft.cli import main

    def call(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["aistatecraft", *map(str, words)])
        capsys.readouterr()
        handler, code = signal.getsignal(signal.SIGINT), 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        finally:
            signal.signal(signal.SIGINT, handler)
        return Outcome(code, *capsys.readouterr())

    return call


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder with their bytes, to see whether anything was written."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def edit(path: Path, old: str, new: str, count: int = 1) -> None:
    """Replace `old` by `new` in a file; fails where it does not stand there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {path}"
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def env() -> dict[str, str]:
    """The environment for a subprocess that imports the package from this repository."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "tools")}
