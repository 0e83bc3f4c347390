"""A change of several files, cut off wherever it may be: the old state is there, or the new one. And nobody else's file is touched."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.api import diff
from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.package import open_package, transaction
from aistatecraft.package.storage import PENDING
from aistatecraft.package.transaction import changing, commit
from tests.conftest import ROOT, Run, edit, env, tree, write_project

NEW = {"root/a": b"new a", "root/deep/er/b": b"new b"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "root"
    made.mkdir()
    (made / "a").write_bytes(b"old a")
    return made


def files(root: Path) -> dict[Path, bytes]:
    return {root / "a": b"new a", root / "deep" / "er" / "b": b"new b"}


def put(root: Path) -> None:
    with changing(root) as change:
        change.commit(files(root))


def test_all_files_are_written_and_nothing_is_left(root: Path) -> None:
    put(root)
    assert tree(root.parent) == NEW
    assert sorted(path.name for path in root.iterdir()) == ["a", "deep"]


# Killed, interrupted, disk full


@pytest.mark.parametrize("writer", ["commit_one", "fmt", "fix", "new", "apply", "release"])
def test_killed_at_every_step(writer: str, tmp_path: Path) -> None:
    """Whatever moment it is, the next writer leaves all files old or all new, and nothing beside them."""
    told = killed(writer, tmp_path)
    assert len(told["changed"]) > 1
    assert told["states"] == sorted(told["states"], reverse=True) and set(told["states"]) == {"old", "new"}


def test_two_directories_killed_at_every_step(tmp_path: Path) -> None:
    """Each directory is whole; the first one, the package, is never behind the second."""
    states = killed("commit_two", tmp_path)["states"]
    assert set(states) == {"old", "neither: ['beside/a', 'package/a']", "new"}


def killed(writer: str, tmp_path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-B", "-m", "tests.releases.killed", writer, str(tmp_path)],
        cwd=ROOT,
        env=env(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


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


@pytest.mark.parametrize("at", range(1, 4))
def test_disk_full(root: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    old = tree(root.parent)
    monkeypatch.setattr(os, "fsync", failing(os.fsync, at, OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(ReadError, match=r"cannot be written \(No space left on device\); .* Nothing was changed\."):
        put(root)
    assert tree(root.parent) == old
    assert [path.name for path in root.iterdir()] == ["a"]
    monkeypatch.undo()
    put(root)
    assert tree(root.parent) == NEW


@pytest.mark.parametrize("at", range(1, 4))
def test_interrupted(root: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Ctrl-C falls between any two steps: what was decided is still done, what was not is taken back."""
    monkeypatch.setattr(Path, "replace", failing(Path.replace, at, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        put(root)
    assert tree(root.parent) == ({"root/a": b"old a"} if at == 1 else NEW)
    assert not (root / PENDING).exists()


def test_a_disk_that_fails_once_it_is_decided(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Path, "replace", failing(Path.replace, 3, OSError(errno.EIO, "Input/output error")))
    with pytest.raises(ReadError, match=r"deep/er/b: a prepared change cannot be written .* run the command again"):
        put(root)
    monkeypatch.undo()
    with changing(root):
        assert tree(root)["deep/er/b"] == b"new b"
    assert tree(root.parent) == NEW
    assert (
        capsys.readouterr().err == f"aistatecraft: {root}: completed a change that an earlier command had left unfinished: a, deep/er/b\n"
    )


@pytest.mark.parametrize("name", ["a/b", "."])
def test_places_that_cannot_be_written(root: Path, name: str) -> None:
    old = tree(root)
    with pytest.raises((ReadError, RefusedError)), changing(root) as change:
        change.commit({root / "x": b"new", root / name: b"new"})
    assert tree(root) == old


@pytest.mark.parametrize("name", ["../b", ".git/hooks/pre-commit", ".gitmodules", ".hidden/b", "out/b"])
def test_places_outside_are_refused(root: Path, name: str) -> None:
    (root.parent / "outside").mkdir()
    (root / "out").symlink_to("../outside")
    with pytest.raises(RefusedError, match=r"only files inside the package are written"), changing(root) as change:
        change.commit({root / "x": b"new", root / name: b"new"})
    assert tree(root.parent) == {"root/a": b"old a"}


def test_mode_of_a_file_is_kept_and_a_link_stays_one(root: Path) -> None:
    (root / "a").chmod(0o640)
    (root / "link").symlink_to("a")
    with changing(root) as change:
        change.commit({root / "link": b"new a"})
    assert ((root / "a").stat().st_mode & 0o777, (root / "a").read_bytes(), (root / "link").is_symlink()) == (0o640, b"new a", True)


def test_nothing_is_written_in_two_places_where_one_cannot_be(root: Path, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    (beside / "b").mkdir(parents=True)
    with (
        changing(root) as one,
        changing(beside) as two,
        pytest.raises(ReadError, match=r"beside/b: cannot be written \(a folder exists at its path\).* Nothing was changed"),
    ):
        commit((one, files(root)), (two, {beside / "b": b"new"}))
    assert tree(tmp_path) == {"root/a": b"old a"}


def test_a_release_goes_on_where_its_own_directory_was_cut_off(project: Path, run: Run, tmp_path: Path) -> None:
    """The directory of the release lies elsewhere: the package never writes there, and building again does."""
    dist = tmp_path / "dist"
    words = ("release", "0.2.0", "--path", project, "--out", dist, "--date", "2024-06-01", "--format", "csv")
    assert run(*words).code == 0
    whole = tree(dist)
    (dist / "people-0.2.0.zip").unlink()
    (dist / PENDING).mkdir()
    (dist / PENDING / "0").write_bytes(b"half")
    assert run(*words).code == 0
    assert tree(dist) == whole


# One writer at a time

HOLD = """
import sys
from pathlib import Path
from aistatecraft.package.transaction import changing
with changing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(root: Path) -> Any:
    """A process that holds the lock of `root`."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(root)], env=env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_who_waits_too_long_is_told_for_whom(root: Path, holder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "WAIT", 0.1)
    with pytest.raises(
        RefusedError, match=rf"root: another command is changing this package \(-c, process {holder.pid} on .*\); wait until it is done"
    ):
        put(root)
    (root / PENDING / "holder.json").write_text("[" * 100_000)
    with pytest.raises(
        RefusedError, match=r"another command is changing this package; wait until it is done, then run the command again\."
    ):
        put(root)
    assert tree(root)["a"] == b"old a"
    holder.communicate("")
    put(root)
    assert tree(root.parent) == NEW


def test_a_lock_ends_with_its_process(root: Path, holder: Any) -> None:
    """Whoever has its number by now."""
    holder.kill()
    holder.wait()
    told = json.loads((root / PENDING / "holder.json").read_text())
    (root / PENDING / "holder.json").write_text(json.dumps({**told, "process": os.getpid()}))
    put(root)
    assert sorted(path.name for path in root.iterdir()) == ["a", "deep"]


def test_four_at_once_lose_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-m", "tests.releases.together", str(tmp_path), "6"],
        cwd=ROOT,
        env=env(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for trial, told in enumerate(json.loads(done.stdout)):
        assert told["there"] == ["ada", "bo", *told["added"]]
        assert told["codes"][3] == 0 and (trial % 2 or told["codes"] == [0] * 4)
        assert told["files"] == ["CITATION.cff", "LICENSE-DATA", "data", "datapackage.json", "schemas"]


def test_threads_take_turns(root: Path) -> None:
    def add() -> None:
        with changing(root) as change:
            change.commit({root / "a": (root / "a").read_bytes() + b"+"})

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tree(root.parent) == {"root/a": b"old a++++++++"}
    assert [path.name for path in root.iterdir()] == ["a"]


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"nowhere: cannot be written \(No such file or directory\)"), changing(tmp_path / "nowhere"):
        pass
    assert list(tmp_path.iterdir()) == []


# A package that brings an unfinished change


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def listed(path: str, before: bytes | None, after: bytes = b"planted", source: str = "0") -> dict[str, Any]:
    return {"source": source, "path": path, "before": None if before is None else digest(before), "after": digest(after)}


TABLE = b"id,name,born,score\nada,Ada,1815-12-10,107.5\nbo,\xe6\xb3\xa2,1990,3\n"
PATHS = {
    "above": ("../victim/rc", b"mine"),
    "above, deeper": ("data/../../victim/rc", b"mine"),
    "by a linked folder": ("link/rc", b"mine"),
    "by a linked file": ("linked", b"mine"),
    "a hook of git": (".git/hooks/pre-commit", None),
    "a hook of git, in capitals": (".GIT/hooks/pre-commit", None),
    "the short name of .git": ("GIT~1/config", None),
    "a home": ("~/rc", None),
    "the folder itself": (f"{PENDING}/list.json", None),
    "NUL": ("data/t\0.csv", None),
    "half a character": ("data/\ud800.csv", None),
    "a backslash": ("..\\victim\\rc", None),
    "a drive": ("C:rc", None),
    "two slashes": ("data//t.csv", None),
    "nothing": ("", None),
    "dots": ("data/.", None),
    "too long": ("a" * 300, None),
    "too deep": ("a/" * 1_500 + "a", None),
    "no text": (5, None),
    "a folder in its place": ("data", None),
    "a file as a folder": ("data/people.csv/x", None),
    "edited since": ("data/people.csv", b"id\na\n"),
    "made since": ("data/people.csv", None),
    "gone since": ("data/other.csv", b"id\na\n"),
}
"""What a planted list names, and the content that it claims was there."""


def plant_path(package: Path, victim: Path, case: str) -> None:
    path, before = PATHS[case]
    pending = package / PENDING
    pending.mkdir()
    (package / "link").symlink_to("../victim")
    (package / "linked").symlink_to("../victim/rc")
    (pending / "0").write_bytes(b"planted")
    (pending / "list.json").write_text(json.dumps({"format": 2, "files": [listed(path, before)]}))  # type: ignore[arg-type]


def good(pending: Path, data: bytes = b"planted") -> None:
    pending.mkdir(exist_ok=True)
    (pending / "list.json").write_text(json.dumps({"format": 2, "files": [listed("data/people.csv", TABLE, data)]}))


def linked_folder(package: Path, victim: Path) -> None:
    good(victim)
    (victim / "0").write_bytes(b"planted")
    (package / PENDING).symlink_to("../victim")


def linked_source(package: Path, victim: Path) -> None:
    good(package / PENDING, b"secret")
    (package / PENDING / "0").symlink_to("../../victim/key")


def hard_source(package: Path, victim: Path) -> None:
    good(package / PENDING, b"secret")
    (package / PENDING / "0").hardlink_to(victim / "key")


def folder_source(package: Path, victim: Path) -> None:
    good(package / PENDING)
    (package / PENDING / "0").mkdir()


def pipe_source(package: Path, victim: Path) -> None:
    good(package / PENDING)
    os.mkfifo(package / PENDING / "0")


def no_source(package: Path, victim: Path) -> None:
    good(package / PENDING)


def damaged_source(package: Path, victim: Path) -> None:
    good(package / PENDING)
    (package / PENDING / "0").write_bytes(b"planted and more")


def linked_list(package: Path, victim: Path) -> None:
    good(victim)
    (package / PENDING).mkdir()
    (package / PENDING / "list.json").symlink_to("../../victim/list.json")


def pipe_list(package: Path, victim: Path) -> None:
    (package / PENDING).mkdir()
    os.mkfifo(package / PENDING / "list.json")


def no_folder(package: Path, victim: Path) -> None:
    (package / PENDING).write_bytes(b"")


def other_file(package: Path, victim: Path) -> None:
    (package / PENDING).mkdir()
    (package / PENDING / "notes.txt").write_bytes(b"mine")


def linked_leftover(package: Path, victim: Path) -> None:
    (package / PENDING).mkdir()
    (package / PENDING / "0").symlink_to("../../victim/key")


def lock(kind: Callable[[Path], None]) -> Callable[[Path, Path], None]:
    def plant(package: Path, victim: Path) -> None:
        (package / PENDING).mkdir()
        kind(package / PENDING / "lock")

    return plant


def content(text: str) -> Callable[[Path, Path], None]:
    def plant(package: Path, victim: Path) -> None:
        (package / PENDING).mkdir()
        (package / PENDING / "0").write_bytes(b"planted")
        (package / PENDING / "list.json").write_text(text)

    return plant


def twice(package: Path, victim: Path) -> None:
    plant_path(package, victim, "edited since")
    both = [listed("data/x", None), listed("data/x", None, source="1")]
    (package / PENDING / "list.json").write_text(json.dumps({"format": 2, "files": both}))


PLANTED: dict[str, Callable[[Path, Path], None]] = {
    **{case: (lambda package, victim, case=case: plant_path(package, victim, case)) for case in PATHS},  # type: ignore[misc]
    **{
        maker.__name__.replace("_", " "): maker
        for maker in (
            linked_folder, linked_source, hard_source, folder_source, pipe_source, no_source, damaged_source, linked_list, pipe_list,
            no_folder, other_file, linked_leftover, twice,
        )
    },
    "linked lock": lock(lambda path: path.symlink_to("../../victim/rc")),
    "hard lock": lock(lambda path: path.hardlink_to(path.parent.parent.parent / "victim" / "rc")),
    "pipe as lock": lock(os.mkfifo),
    "folder as lock": lock(Path.mkdir),
    "as 0.3.0 had it": content('[["0", "data/people.csv"]]'),
    "as 0.3.0 had it, above": content('[["0", "../victim/rc"], ["../../victim/key", "data/stolen.txt"]]'),
    **{text: content(text) for text in ("", "null", "5", "[1]", '"x"', "{}", '{"format": 2, "files": 5}', '{"format": 2, "files": [null]}', '{"format": 2, "files": [{"path": "x"}]}', "{")},
    "deep": content("[" * 100_000),
    "huge": content(" " * 5_000_000),
    "huge number": content("1" * 10_000),
    "no hash": content(json.dumps({"format": 2, "files": [{**listed("data/x", None), "after": "x"}]})),
    "other source": content(json.dumps({"format": 2, "files": [{**listed("data/x", None), "source": "../../victim/key"}]})),
}  # fmt: skip


def snapshot(folder: Path) -> dict[str, Any]:
    """Everything below a folder: kind, mode, number of links, and content or target."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        content: Any = path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else None
        found[path.relative_to(folder).as_posix()] = (oct(state.st_mode), state.st_nlink if path.is_file() else 0, content)
    return found


@pytest.fixture
def world(tmp_path: Path) -> Callable[[str], Path]:
    """A function that makes a package with something planted in it, beside files that are none of its business."""

    def make(case: str) -> Path:
        package = write_project(tmp_path / "package")
        later = write_project(tmp_path / "later", "id,name,born,score\nada,Ada L.,1815-12-10,107.5\n")
        (tmp_path / "changes.json").write_text(json.dumps(diff(package, later).as_dict()))
        (tmp_path / "victim").mkdir()
        (tmp_path / "victim" / "rc").write_bytes(b"mine")
        (tmp_path / "victim" / "key").write_bytes(b"secret")
        edit(package / "data" / "people.csv", "ada,Ada,1815-12-10,107.5\nbo,波,1990,3", "bo,波,1990,3\nada,Ada,1815-12-10,107.5")
        PLANTED[case](package, tmp_path / "victim")
        return package

    return make


@pytest.mark.parametrize("case", PLANTED)
def test_nobody_believes_what_a_package_brings(case: str, world: Callable[[str], Path], run: Run, tmp_path: Path) -> None:
    package = world(case)
    before = snapshot(tmp_path)
    readers = [("validate", package), ("show", "people", "--path", package), ("fmt", package, "--check")]
    for words in readers:
        done = run(*words)
        assert done.code in (0, 1) and done.err.count("\n") == (done.err != ""), words
        assert snapshot(tmp_path) == before, words
    assert open_package(package).version == "0.1.0"
    writers = [
        ("fmt", package),
        ("validate", package, "--fix"),
        ("new", "people", "--set", "id=cy", "--path", package),
        ("diff", package, "--apply", tmp_path / "changes.json", "--out", package),
        ("release", "--path", package, "--out", package / "dist", "--format", "csv"),
    ]
    for words in writers:
        done = run(*words)
        assert (done.code, done.out) == (1, ""), words
        assert done.err.splitlines()[-1].startswith(
            f"aistatecraft: {package / PENDING}: this unfinished change to the package cannot be completed safely"
        ), done.err
        assert done.err.endswith("delete the folder, then run the command again.\n")
        assert snapshot(tmp_path) == before, words


def test_a_reader_says_once_that_a_change_is_not_finished(project: Path, run: Run) -> None:
    good(project / PENDING)
    (project / PENDING / "0").write_bytes(b"planted")
    done = run("show", "people", "--path", project)
    assert (done.code, done.err) == (
        0,
        f"aistatecraft: {project}: a change to this package is unfinished (see .aistatecraft-pending), so its files are read as they are; "
        "the next command that writes to the package completes the change or reports why it cannot.\n",
    )
    assert run("validate", project / "datapackage.json").err == ""


def test_a_change_that_fits_is_completed_by_the_next_writer(project: Path, run: Run) -> None:
    new = b"id,name,born,score\nada,Ada,1815-12-10,1\n"
    (project / PENDING).mkdir()
    entries = [
        listed("data/people.csv", TABLE, new),
        listed("new/a.txt", None, b"a", "1"),
        listed("LICENSE-DATA", b"", b"CC BY 4.0\n", "2"),
    ]
    (project / PENDING / "list.json").write_text(json.dumps({"format": 2, "files": entries}))
    (project / PENDING / "0").write_bytes(new)
    (project / PENDING / "1").write_bytes(b"a")  # 2 is in place already
    done = run("fmt", project)
    assert done == (
        0,
        f"0 files rewritten, 1 already in canonical form, in {project}/ (0.1.0, 1 table)\n",
        f"aistatecraft: {project}: a change to this package is unfinished (see .aistatecraft-pending), so its files are read as they are; "
        "the next command that writes to the package completes the change or reports why it cannot.\n"
        f"aistatecraft: {project}: completed a change that an earlier command had left unfinished: data/people.csv, new/a.txt, LICENSE-DATA\n",
    )
    assert (project / "data/people.csv").read_bytes() == new and (project / "new/a.txt").read_bytes() == b"a"
    assert not (project / PENDING).exists()


def test_what_was_never_decided_is_deleted_by_the_next_writer(project: Path, run: Run) -> None:
    before = tree(project)
    (project / PENDING).mkdir()
    for name in ("lock", "owner", "holder.json", "0", "1", "list.json.new"):
        (project / PENDING / name).write_bytes(b"half")
    assert run("validate", project) == (0, f"0 problems in {project}/ (0.1.0, 1 table, 2 rows)\n", "")
    assert (project / PENDING).exists()
    assert run("fmt", project).err == ""
    assert tree(project) == before and not (project / PENDING).exists()


def test_edit_after_a_crash_stays_and_is_named(project: Path, run: Run) -> None:
    good(project / PENDING)
    (project / PENDING / "0").write_bytes(b"planted")
    edit(project / "data" / "people.csv", "107.5", "108")
    before = tree(project)
    done = run("fmt", project)
    assert done.code == 1
    assert "data/people.csv was changed after that; its intended content is .aistatecraft-pending/0. Nothing was changed;" in done.err
    assert tree(project) == before
