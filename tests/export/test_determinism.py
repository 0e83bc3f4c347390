"""The same package gives the same bytes, in whatever place and on a machine set up in whatever way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aistatecraft import export
from aistatecraft.package import open_package
from tests.conftest import env
from tests.export.conftest import DAY, VERSION

BUILD = """
import sys
from aistatecraft.export import build_all
from aistatecraft.package import open_package
sys.stdout.buffer.write(build_all(open_package(sys.argv[1]), version=sys.argv[2], released=sys.argv[3])["SHA256SUMS"])
"""


def sums(package: Path, cwd: Path, machine: dict[str, str], umask: int = -1) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(package), VERSION, DAY], env={**env(), **machine}, cwd=cwd, umask=umask, capture_output=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.real
def test_same_bytes_elsewhere(files: dict[str, bytes], copy: Path, tmp_path: Path) -> None:
    """More of the kind in tests/export/test_release.py."""
    machine = {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "PYTHONOPTIMIZE": "2"}
    elsewhere = tmp_path / "Ünder a path" / "deep"
    shutil.copytree(copy, elsewhere)
    for path in elsewhere.rglob("*"):
        os.utime(path, (1, 1))
    assert sums(elsewhere, tmp_path, machine, 0o000) == files["SHA256SUMS"].decode()


@pytest.mark.real
def test_same_bytes_from_the_archive(files: dict[str, bytes], tmp_path: Path) -> None:
    """Who has the archive of a release can build all its other files."""
    archive = tmp_path / "release.zip"
    archive.write_bytes(files[f"aistatecraft-{VERSION}.zip"])
    built = export.build_all(open_package(archive), version=VERSION, released=DAY)
    assert {name for name in files if built[name] != files[name]} == set()


def test_same_bytes_whatever_the_file_looks_like(project: Path) -> None:
    """Quotes that are not needed and the order of the columns do not matter."""
    expected = export.build_all(open_package(project), version=VERSION, released=DAY)
    (project / "data" / "people.csv").write_text(
        '"name","id","born","score"\n"Ada","ada","1815-12-10",107.5\n"波",bo,1990,"3"\n', encoding="utf-8"
    )
    assert export.build_all(open_package(project), version=VERSION, released=DAY) == expected


def test_another_day_or_version_is_another_file(project: Path) -> None:
    package = open_package(project)
    files = [
        export.build_all(package, version=version, released=day) for version, day in (("1.0.0", "2024-05-01"), ("1.0.0", "2024-05-02"))
    ]
    assert all(files[0][name] != files[1][name] for name in files[0])
