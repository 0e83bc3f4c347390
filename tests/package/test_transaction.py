"""A change of several files, cut off wherever it may be: the old state is there, or the new one."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.package import open_package
from aistatecraft.package.transaction import PENDING, commit, recover
from tests.conftest import env, tree, write_project

KILLED = """
import os, signal, sys
at, count = int(sys.argv[1]), 0
WRITES = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree")

def hook(event, arguments):
    global count
    writes = event in WRITES or (event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa+"))
    if armed and writes:
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

armed = False
sys.addaudithook(hook)
"""
"""Kills the process right before its Nth step that writes, be it in Python or below."""
COMMIT = (
    KILLED
    + """
from pathlib import Path
from aistatecraft.package.transaction import commit
root = Path(sys.argv[2])
armed = True
commit(root, {root / "a": b"new a", root / "deep" / "er" / "b": b"new b", root.parent / "beside" / "c": b"new c"})
print(count)
"""
)
RELEASE = (
    KILLED
    + """
import aistatecraft.export.release as build
from aistatecraft.package.transaction import commit
def late(root, files):
    global armed
    armed = True
    commit(root, files)
build.commit = late
build.release("0.2.0", path=sys.argv[2], out=sys.argv[2] + "/dist", date="2024-06-01", formats=["csv"])
print(count)
"""
)


def run_killed(script: str, at: int, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-c", script, str(at), str(folder)], env=env(), capture_output=True, text=True, check=False
    )


@pytest.fixture
def before(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a").write_bytes(b"old a")
    return root


NEW = {"root/a": b"new a", "root/deep/er/b": b"new b", "beside/c": b"new c"}


def test_all_files_are_written_and_nothing_is_left(before: Path) -> None:
    commit(before, {before / "a": b"new a", before / "deep" / "er" / "b": b"new b", before.parent / "beside" / "c": b"new c"})
    assert tree(before.parent) == NEW
    assert sorted(path.name for path in before.iterdir()) == ["a", "deep"]


def test_killed_at_every_step(before: Path, tmp_path: Path) -> None:
    """After the next look at the package, all files are old, or all are new."""
    whole = run_killed(COMMIT, 0, shutil.copytree(before, tmp_path / "count" / "root"))
    steps = int(whole.stdout)
    assert steps > 10
    seen = set()
    for at in range(1, steps + 1):
        place = tmp_path / f"at-{at}"
        root = shutil.copytree(before, place / "root")
        assert run_killed(COMMIT, at, root).returncode == -9
        recover(root)
        left = tree(place)
        assert left in ({"root/a": b"old a"}, NEW), f"killed before step {at}"
        assert not (root / PENDING).exists()
        seen.add(len(left))
    assert seen == {1, 3}


def test_release_killed_at_every_step(tmp_path: Path) -> None:
    """A whole release: register, archive, descriptor, citation, changelog and dist belong together."""
    project = write_project(tmp_path / "project")
    (project / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n### Code\n- Better.\n", encoding="utf-8")
    old = tree(project)
    finished = shutil.copytree(project, tmp_path / "finished")
    steps = int(run_killed(RELEASE, 0, finished).stdout)
    new = tree(finished)
    assert set(new) - set(old) == {
        "dist/people-0.2.0.zip", "dist/SHA256SUMS", "releases/people-0.2.0.zip", "releases/register.json",
    }  # fmt: skip
    states = []
    for at in range(1, steps + 1, 2):
        root = shutil.copytree(project, tmp_path / f"at-{at}")
        assert run_killed(RELEASE, at, root).returncode == -9
        assert open_package(root).version in ("0.1.0", "0.2.0")  # opening it is enough
        left = tree(root)
        assert left in (old, new), f"killed before step {at}: {sorted(left)}"
        states.append(left == new)
    assert states == sorted(states)
    assert set(states) == {False, True}


def test_a_release_goes_on_after_one_that_was_killed(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    assert run_killed(RELEASE, 4, project).returncode == -9
    done = subprocess.run(
        [sys.executable, "-m", "aistatecraft", "release", "0.2.0", "--path", str(project), "--out", str(tmp_path / "dist"), "--format", "csv"],
        env=env(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert open_package(project).version == "0.2.0"


Failing = Callable[..., Any]


def failing(real: Failing, at: int, error: BaseException) -> Failing:
    count = 0

    def call(*words: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        if count == at:
            raise error
        return real(*words, **named)

    return call


@pytest.mark.parametrize("at", range(1, 6))
def test_disk_full(before: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    old = tree(before.parent)
    monkeypatch.setattr(os, "fsync", failing(os.fsync, at, OSError(errno.ENOSPC, "No space left on device")))
    files = {before / "a": b"new a", before / "deep" / "er" / "b": b"new b", before.parent / "beside" / "c": b"new c"}
    with pytest.raises(ReadError, match=r"cannot be written \(No space left on device\); .* Nothing was changed\."):
        commit(before, files)
    assert tree(before.parent) == old
    assert [path.name for path in before.iterdir()] == ["a"]
    monkeypatch.undo()
    commit(before, files)
    assert tree(before.parent) == NEW


@pytest.mark.parametrize("at", range(1, 9))
def test_interrupted(before: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Ctrl-C falls between any two steps; what was decided is finished by whoever comes next."""
    monkeypatch.setattr(Path, "replace", failing(Path.replace, at, KeyboardInterrupt()))
    files = {before / "a": b"new a", before / "deep" / "er" / "b": b"new b", before.parent / "beside" / "c": b"new c"}
    try:
        commit(before, files)
    except KeyboardInterrupt:
        monkeypatch.undo()
        recover(before)
    assert tree(before.parent) in ({"root/a": b"old a"}, NEW)


def test_another_process_at_work_is_left_alone(before: Path) -> None:
    pending = before / PENDING
    pending.mkdir()
    (pending / "owner").write_text(str(os.getppid()), encoding="ascii")
    assert recover(before) is False
    with pytest.raises(RefusedError, match="another process is changing this package; wait until it is done"):
        commit(before, {before / "a": b"new a"})
    assert pending.is_dir()
    assert (before / "a").read_bytes() == b"old a"


@pytest.mark.parametrize("place", ["a/b", "."])
def test_places_that_cannot_be_written(before: Path, place: str) -> None:
    old = tree(before)
    with pytest.raises(ReadError, match=r"cannot be written \(a f(ile|older) stands in (the place of its folder|its place)\)"):
        commit(before, {before / "x": b"new", before / place: b"new"})
    assert tree(before) == old


def test_mode_of_a_file_is_kept(before: Path) -> None:
    (before / "a").chmod(0o640)
    commit(before, {before / "a": b"new a"})
    assert (before / "a").stat().st_mode & 0o777 == 0o640


def test_what_waits_is_found_by_the_descriptor_too(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    (project / PENDING).mkdir()
    assert open_package(project / "datapackage.json").version == "0.1.0"
    assert not (project / PENDING).exists()
