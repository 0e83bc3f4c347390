"""The wheel and the sdist carry the data and the schemas, and work from a directory that is not the repository."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from aistatecraft.package import open_package
from tests.conftest import env


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheel and sdist built from the repository, with the build backend that the test environment has."""
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(root)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def installed(request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, and the sdist, installed without their dependencies, which are those of the test environment."""
    target = tmp_path_factory.mktemp("site")
    (file,) = built.glob("*.whl" if request.param == "wheel" else "*.tar.gz")
    if importlib.util.find_spec("pip") is None:  # an environment that another pip installed into
        if request.param == "sdist":
            work = tmp_path_factory.mktemp("sdist")
            with tarfile.open(file) as archive:
                archive.extractall(work, filter="data")
            command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(work), str(next(work.iterdir()))]
            assert subprocess.run(command, capture_output=True, check=False).returncode == 0
            (file,) = work.glob("*.whl")
        with zipfile.ZipFile(file) as archive:
            archive.extractall(target)
        return target
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
        "--target",
        str(target),
        str(file),
    ]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def run(installed: Path, where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=where, env={**env(), "PYTHONPATH": str(installed)}, capture_output=True, text=True, check=False
    )


def test_the_sdist_carries_everything(built: Path, root: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    wanted = {
        "datapackage.json",
        "LICENSE",
        "LICENSE-DATA",
        "CITATION.cff",
        "README.md",
        "CHANGELOG.md",
        "tools/aistatecraft/__init__.py",
        "tests/conftest.py",
    }
    wanted |= {resource.path for resource in open_package(root).resources.values()}
    wanted |= {str(resource.schema_path) for resource in open_package(root).resources.values()}
    assert wanted <= names


def test_it_works_from_another_directory(installed: Path, tmp_path: Path, root: Path) -> None:
    code = "import aistatecraft as ai; f = ai.load('strategies'); print(ai.version, len(f), f['adopted'].dtype, ai.__file__)"
    done = run(installed, tmp_path, "-c", code)
    assert done.returncode == 0, done.stderr
    version, rows, dtype, place = done.stdout.split()
    package = open_package(root)
    assert version == package.version and int(rows) > 0 and dtype == "string"
    assert place.startswith(str(installed)), "another installation was imported"


def test_it_validates_and_knows_where_it_is(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-m", "aistatecraft", "validate")
    # Notes on searches that have become old can stand before it.
    assert done.returncode == 0 and done.stdout.splitlines()[-1].startswith("0 problems"), done.stdout + done.stderr
    done = run(installed, tmp_path, "-m", "aistatecraft", "info")
    assert done.returncode == 0 and str(installed) in done.stdout


def test_the_wheel_has_the_typing_marker_and_licences(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "aistatecraft/py.typed" in names
    assert {"aistatecraft/site/templates/base.html", "aistatecraft/site/assets/site.js", "aistatecraft/site/assets/tiles.csv"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names) and any(name.endswith("licenses/LICENSE-DATA") for name in names)
    assert not any(name.startswith("tests/") or name.endswith("make.py") for name in names)
