"""Writing: the old content or the new one, never half of it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.errors import ReadError
from aistatecraft.export.release import release
from aistatecraft.package.writing import write_all
from tests.conftest import Run, edit, tree

Everything = dict[str, bytes | None]


def everything(folder: Path) -> Everything:
    """All files and folders below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


def failing(function: Callable[..., Any], at: int, error: BaseException) -> Callable[..., Any]:
    """`function`, but its call number `at` raises `error`."""
    calls = 0

    def call(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            raise error
        return function(*arguments, **options)

    return call


def test_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    write_all({tmp_path / "old": b"new", tmp_path / "deep" / "er" / "file": b"\x00\xff", tmp_path / "empty": b""})
    assert everything(tmp_path) == {"deep": None, "deep/er": None, "deep/er/file": b"\x00\xff", "empty": b"", "old": b"new"}


def test_mode_is_that_of_the_file_before_or_of_the_umask(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "old").chmod(0o640)
    before = os.umask(0o027)
    try:
        write_all({tmp_path / "old": b"new", tmp_path / "fresh": b"new"})
    finally:
        os.umask(before)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("old", "fresh")] == [0o640, 0o640]


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("at", range(1, 6))
def test_disk_full_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Three files, two of which stand there already: at whichever the disk is full, all is as before."""
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "b").write_bytes(b"old b")
    before = everything(tmp_path)
    monkeypatch.setattr(os, "fsync", failing(os.fsync, at, FULL))
    with pytest.raises(ReadError, match=r": cannot be written \(No space left on device\); free some space.*Nothing was changed\."):
        write_all({tmp_path / "a": b"new a", tmp_path / "b": b"new b", tmp_path / "new" / "deep" / "c": b"c"})
    assert everything(tmp_path) == before


@pytest.mark.parametrize("error", [FULL, PermissionError(errno.EACCES, os.strerror(errno.EACCES)), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("at", [1, 2, 3])
def test_what_was_put_in_place_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, error: BaseException) -> None:
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "b").write_bytes(b"old b")
    before = everything(tmp_path)
    monkeypatch.setattr(Path, "replace", failing(Path.replace, at, error))
    with pytest.raises(ReadError if isinstance(error, OSError) else KeyboardInterrupt):
        write_all({tmp_path / "a": b"new a", tmp_path / "new" / "c": b"c", tmp_path / "b": b"new b"})
    assert everything(tmp_path) == before


def test_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "b").mkdir()
    before = everything(tmp_path)
    with pytest.raises(ReadError, match=r"/b: cannot be written \(Is a directory\)"):
        write_all({tmp_path / "a": b"new a", tmp_path / "b": b"new b"})
    assert everything(tmp_path) == before


def test_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old a")
    with pytest.raises(ReadError, match=r"a/deep/b: cannot be written"):
        write_all({tmp_path / "c": b"new", tmp_path / "a" / "deep" / "b": b"new b"})
    assert everything(tmp_path) == {"a": b"old a"}


def test_pipe_gets_the_bytes_and_stays(tmp_path: Path) -> None:
    """A device such as /dev/null is never replaced, nor read to its end."""
    (tmp_path / "file").write_bytes(b"old")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_all({pipe: b"said", tmp_path / "file": b"new"})
        assert os.read(reader, 10) == b"said"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert {path.name for path in tmp_path.iterdir()} == {"pipe", "file"}
    assert (tmp_path / "file").read_bytes() == b"new"


def test_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("there/file")
    write_all({tmp_path / "link": b"new"})
    assert (tmp_path / "link").is_symlink()
    assert everything(tmp_path / "there") == {"file": b"new"}


# The release


@pytest.mark.parametrize("at", range(1, 8))
def test_disk_full_during_a_release(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """A second release writes archive (twice), descriptor, citation and register, and keeps the three that it replaces."""
    release(path=project, out=tmp_path / "dist", date="2024-05-01")
    edit(project / "data" / "people.csv", "107.5", "108")
    before = everything(tmp_path)
    monkeypatch.setattr(os, "fsync", failing(os.fsync, at, FULL))
    with pytest.raises(ReadError, match="No space left on device"):
        release("0.2.0", path=project, out=tmp_path / "elsewhere" / "dist", date="2024-06-01")
    assert everything(tmp_path) == before
    monkeypatch.undo()
    assert release("0.2.0", path=project, out=tmp_path / "dist", date="2024-06-01").new


@pytest.mark.parametrize("at", range(1, 12))
def test_interrupt_during_a_release(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Ctrl-C before it is decided leaves everything as it was; after that, the release is finished."""
    before = everything(tmp_path)
    monkeypatch.setattr(Path, "replace", failing(Path.replace, at, KeyboardInterrupt()))
    with contextlib.suppress(KeyboardInterrupt):
        release("0.2.0", path=project, out=tmp_path / "dist", date="2024-06-01", formats=["csv"])
    monkeypatch.undo()
    after = everything(tmp_path)
    done = release("0.2.0", path=project, out=tmp_path / "dist", date="2024-06-01", formats=["csv"])
    if after == before:
        assert done.new
    else:
        assert not done.new
        assert after == everything(tmp_path)


@pytest.mark.parametrize("out", ["/dev/null/dist", "file/dist"])
def test_target_that_is_not_writable(project: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    """Not even root can make a folder below a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    before = everything(tmp_path)
    done = run("release", "--path", project, "--out", out)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"{out}: cannot be written" in done.err
    assert everything(tmp_path) == before


def test_folder_without_permission(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user without rights sees it; root may write anywhere, so the refusal is played."""
    real = os.access
    (project / "releases").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "releases" and real(path, mode))
    before = everything(tmp_path)
    with pytest.raises(ReadError, match=r"releases/people-0\.1\.0\.zip: cannot be written \(no permission.*check the permissions"):
        release(path=project, out=tmp_path / "dist", formats=["csv"])
    assert everything(tmp_path) == before


def test_tree_sees_files(tmp_path: Path) -> None:
    """What the tests of nothing being written rest on."""
    (tmp_path / ".hidden").write_bytes(b"1")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"2")
    assert tree(tmp_path) == {".hidden": b"1", "a/b": b"2"}


def test_nothing_to_write_is_no_error() -> None:
    write_all({})
