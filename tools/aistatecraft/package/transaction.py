"""Changing a package: one writer at a time, and several files as one change. Killed at any moment, the old state or the new one is left.

Every command that writes to a package (`fmt`, `validate --fix`, `new`, `diff --apply`, `release`) does it inside `changing`:

- The lock is one of the operating system on ``.aistatecraft-pending/lock``, so it ends with the process that holds it, however
  that ends. The holder deletes the file and the folder before it lets go; a waiter that then gets the lock of a deleted file
  notices (filelock looks at the number of links) and starts again, so that the deletion is safe.
- New content is written into the same folder first. Once ``list.json`` has its name, the change is decided: the files are renamed
  into place, and if that is cut off, the next writer goes on. Before that moment nothing has happened, and the next writer deletes
  the leftovers. Temporary files never lie among the tables.
- The folder may come with the package from anywhere, so it is data that nobody trusts. Readers ignore it. A writer completes a
  change only if each file is a plain one inside the package and still has the content that it had when the change was decided.
  Everything else is left exactly as it is, and an error says what was found.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import socket
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.package.storage import PENDING

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["Change", "changing", "commit", "made_folder"]

WAIT = 30.0
"""How many seconds a writer waits for another one."""
MAX_LIST = 4 * 1024**2
"""How many bytes the list of a change may have."""
MAX_DEPTH = 100
"""How many folders may stand above a file of a change."""
_POLL = 0.02
_LOCK = "lock"
_HOLDER = "holder.json"
_LIST = "list.json"
_FORMAT = 2
_EXPECTED = re.compile(r"lock|holder\.json|list\.json(\.new)?|owner|[0-9]{1,5}")
"""Names that this version and earlier ones give to files in the folder."""
_ODD = re.compile(r"[\x00-\x1f\x7f\\:]|^git~[0-9]", re.IGNORECASE)


class _Entry(NamedTuple):
    """One file of a change, as `list.json` has it."""

    source: str
    """Name of the file with the new content, in the folder of the change."""
    path: str
    """Where it belongs, relative to the package."""
    before: str | None
    """SHA-256 of what was there when the change was decided; None where nothing was."""
    after: str
    """SHA-256 of the new content."""


class Change:
    """The right to change a package; `changing` gives it, and it ends with that block."""

    def __init__(self, root: Path) -> None:
        self.root = root
        """Directory of the package, without links in its path."""
        self._pending = root / PENDING
        self._entries: list[_Entry] = []

    def commit(self, files: Mapping[Path, bytes]) -> None:
        """Write several files, all or none; see `commit`."""
        commit((self, files))

    def takes(self, folder: Path) -> bool:
        """Whether files in `folder` can be part of the change: it lies in the package, and is not hidden."""
        path = folder.resolve()
        return path == self.root or (path.is_relative_to(self.root) and _plain_path(path.relative_to(self.root).as_posix()))

    def _stage(self, files: Mapping[Path, bytes]) -> None:
        """Write the new content of `files` into the folder of the change."""
        for path, data in files.items():
            path = path.resolve()  # where a link leads, so that the link stays one
            name = self._name_of(path)
            self._check_place(path)
            before, after = _digest(path), hashlib.sha256(data).hexdigest()
            if before == after:
                continue
            entry = _Entry(str(len(self._entries)), name, before, after)
            _write(self._pending / entry.source, data, path)
            self._entries.append(entry)
        if self._entries:
            listed = {"format": _FORMAT, "files": [entry._asdict() for entry in self._entries]}
            _write(self._pending / f"{_LIST}.new", json.dumps(listed).encode(), self._pending / _LIST)

    def _decide(self) -> None:
        if self._entries and not self._decided:
            _sync(self._pending)
            (self._pending / f"{_LIST}.new").replace(self._pending / _LIST)
            _sync(self._pending)

    @property
    def _decided(self) -> bool:
        """Whether there is no way back; asked of the disk, as Ctrl-C can fall between a step and the note of it."""
        return bool(self._entries) and (self._pending / _LIST).exists()

    def _discard(self) -> None:
        """Take back what was staged."""
        for name in (f"{_LIST}.new", *map(str, range(len(self._entries) + 1))):
            with contextlib.suppress(OSError):
                (self._pending / name).unlink()
        self._entries = []

    def _finish(self) -> None:
        """Put the files of a decided change in place. Doing it twice does no harm."""
        place = self._pending
        try:
            for entry in self._entries:
                source, place = self._pending / entry.source, self.root / entry.path
                if not source.exists():
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileNotFoundError):
                    source.chmod(place.stat().st_mode & 0o777)
                source.replace(place)
            for folder in {(self.root / entry.path).parent for entry in self._entries}:
                _sync(folder)
            (self._pending / _LIST).unlink(missing_ok=True)
        except OSError as error:
            raise ReadError(
                f"{place}: a prepared change cannot be written ({error.strerror or error}); free some space or check the permissions, "
                "then run the command again: it completes the change first."
            ) from None
        self._entries = []

    def _name_of(self, path: Path) -> str:
        name = os.path.relpath(path, self.root)
        if not _plain_path(name := name.replace(os.sep, "/")):
            raise RefusedError(
                f"{path}: only files inside the package are written, and only at a path without hidden folders; move the file, and correct its path in datapackage.json."
            )
        return name

    def _check_place(self, path: Path) -> None:
        """`OSError` where `path` cannot be written; once the change is decided, it would be too late."""
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "a folder exists at its path", str(path))
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "a pipe, socket or device exists at its path", str(path))
        nearest = next(folder for folder in path.parents if folder.exists())
        if not nearest.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "a file exists at the path of its folder", str(path))
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "no permission to write in its folder", str(path))
        if nearest.stat().st_dev != self.root.stat().st_dev:
            raise OSError(errno.EXDEV, "its folder is on another disk than the package", str(path))


def commit(*parts: tuple[Change, Mapping[Path, bytes]]) -> None:
    """Write files, all or none. With several parts, each a package or directory of its own, nothing is changed where one cannot be written.

    Parameters
    ----------
    parts : for each change the bytes by path; paths are absolute and lie in its directory, without links on the way

    Raises
    ------
    ReadError
        Where one cannot be written (no permission, disk full); then none was changed.
    RefusedError
        Where a file lies outside, or at a hidden path.
    """
    changes = [change for change, _ in parts]
    stopped: BaseException | None = None
    try:
        for change, files in parts:
            change._stage(files)
        for change in changes:
            change._decide()
    except BaseException as error:
        stopped = error
    # Once one is decided, all are put in place, also after Ctrl-C; before that, all are taken back.
    forward = any(change._decided for change in changes)
    if forward and isinstance(stopped, OSError):
        stopped = None  # it is tried again
    for change in changes:
        for _ in range(2):
            try:
                if forward:
                    change._decide()
                    change._finish()
                else:
                    change._discard()
            except (OSError, ReadError) as error:
                stopped = stopped or error
                if not change._decided:
                    change._discard()
            except BaseException as error:
                stopped = stopped or error
                continue
            break
    if isinstance(stopped, OSError):
        raise ReadError(
            f"{stopped.filename or changes[0].root}: cannot be written ({stopped.strerror or stopped}); free some space or check the permissions. "
            + ("Run the command again: other files were written." if forward else "Nothing was changed.")
        ) from None
    if stopped is not None:
        raise stopped


@contextmanager
def changing(root: Path) -> Iterator[Change]:
    """Hold the lock of the package in `root`, and complete what an earlier writer left unfinished.

    Whatever decides what is written must be read inside the block. Nothing is left in the package when it ends.

    Parameters
    ----------
    root : an existing directory

    Raises
    ------
    RefusedError
        Where another process holds the lock for more than `WAIT` seconds, or what an earlier writer left cannot be completed safely.
    ReadError
        Where the directory cannot be written.
    """
    try:
        root = root.resolve(strict=True)
        lock, made = _acquired(root)
    except OSError as error:
        raise ReadError(
            f"{root}: cannot be written ({error.strerror or error}); check the path and its permissions. Nothing was changed."
        ) from None
    except RuntimeError as error:  # a circle of links
        raise ReadError(f"{root}: the path cannot be followed ({error}); correct the link.") from None
    pending = root / PENDING
    ours = [_LOCK] if made else []
    try:
        try:
            completed = _recover(root)
            ours = [_HOLDER, _LOCK]  # the rest of the folder is empty now
            _tell_holder(pending)
        except OSError as error:
            raise ReadError(
                f"{error.filename or pending}: cannot be written ({error.strerror or error}); free some space or check the permissions. Nothing was changed."
            ) from None
        if completed:
            _say(f"{root}: completed a change that an earlier command had left unfinished: {', '.join(completed)}")
        yield Change(root)
    finally:
        _delete(pending, ours)
        lock.release()
        if os.name == "nt":  # a file that is open cannot be deleted there, so that this cannot hit the lock of another
            _delete(pending, ours)


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Make a folder that is to be written to; where the block fails, take away what was made for it and is still empty.

    Raises
    ------
    ReadError
        Where it cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ReadError(
                f"{folder}: cannot be written ({error.strerror or error}); free some space or check the permissions. Nothing was changed."
            ) from None
        yield
    except BaseException:
        for one in missing:
            with contextlib.suppress(OSError):
                one.rmdir()
        raise


def _delete(pending: Path, names: list[str]) -> None:
    for name in names:
        with contextlib.suppress(OSError):
            (pending / name).unlink()
    if names:
        with contextlib.suppress(OSError):  # a decided change that could not be put in place stays
            pending.rmdir()


def _acquired(root: Path) -> tuple[BaseFileLock, bool]:
    """The lock of a package, and whether its file was made for it."""
    from filelock import FileLock, Timeout

    path = root / PENDING / _LOCK
    deadline = time.monotonic() + WAIT
    while True:
        with contextlib.suppress(FileExistsError):
            path.parent.mkdir()
        with contextlib.suppress(FileNotFoundError):  # deleted meanwhile by the one that held the lock
            _must_be_plain(root, path.parent, folder=True)
            _must_be_plain(root, path)
        there = os.path.lexists(path)
        # No lock by mere presence of a file where the system has none: a dead process would hold it.
        lock = FileLock(path, thread_local=False, fallback_to_soft=False)
        try:
            lock.acquire(timeout=max(0.0, deadline - time.monotonic()), poll_interval=_POLL)
            return lock, not there
        except FileNotFoundError:  # the folder was deleted meanwhile, by the one that held the lock
            if time.monotonic() > deadline:
                raise
        except Timeout:
            raise RefusedError(
                f"{root}: another command is changing this package{_holder(path.parent)}; wait until it is done, then run the command again. Nothing was changed."
            ) from None
        except NotImplementedError:
            raise OSError(errno.ENOLCK, "the file system has no locks", str(path)) from None


def _tell_holder(pending: Path) -> None:
    """Who holds the lock: information for those who wait, never a reason for anything."""
    command = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    words = [word for word in sys.argv[1:2] if re.fullmatch("[a-z]+", word)]
    told = {"process": os.getpid(), "host": socket.gethostname(), "command": " ".join([command, *words])}
    (pending / _HOLDER).write_text(json.dumps(told), encoding="utf-8")


def _holder(pending: Path) -> str:
    """Words for who holds the lock; empty where that is not to be read."""
    try:
        with (pending / _HOLDER).open("rb") as handle:
            told = json.loads(handle.read(4096)) if stat.S_ISREG((pending / _HOLDER).lstat().st_mode) else {}
        return f" ({str(told['command'])[:80]}, process {int(told['process'])} on {str(told['host'])[:80]})"
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ""


def _recover(root: Path) -> list[str]:
    """Complete a change that was decided, or delete one that was not; the files that were completed."""
    pending = root / PENDING
    names = sorted(entry.name for entry in pending.iterdir())
    for name in names:
        if not _EXPECTED.fullmatch(name):
            raise _left_alone(root, f"it contains {name!r}, which no aistatecraft command creates")
        if name != _LOCK:
            _must_be_plain(root, pending / name)
    entries: list[_Entry] = []
    if _LIST in names:
        entries = _listed(root)
        for entry in entries:
            _check(root, entry, set(names))
        change = Change(root)
        change._entries = entries
        change._finish()
    for name in names:
        if name != _LOCK:
            (pending / name).unlink(missing_ok=True)
    return [entry.path for entry in entries]


def _listed(root: Path) -> list[_Entry]:
    """The files of a decided change, judged as what anybody may have written."""
    path = root / PENDING / _LIST
    odd = _left_alone(root, f"its {_LIST} was not written by this version of aistatecraft")
    if path.stat().st_size > MAX_LIST:
        raise odd
    try:
        found: Any = json.loads(path.read_bytes())
        if found["format"] != _FORMAT:
            raise odd
        entries = [_Entry(**entry) for entry in found["files"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise odd from None
    for entry in entries:
        digests = [entry.after] if entry.before is None else [entry.before, entry.after]
        if not all(isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest) for digest in digests):
            raise odd
        if not isinstance(entry.source, str) or not re.fullmatch("[0-9]{1,5}", entry.source):
            raise odd
        if not _plain_path(entry.path):
            raise _left_alone(root, f"its {_LIST} names {entry.path!r:.200}, which is not a plain path inside the package")
    paths = {entry.path for entry in entries}
    above = {str(parent) for path in paths for parent in Path(path).parents}
    if len(paths) != len(entries) or len({entry.source for entry in entries}) != len(entries) or paths & above:
        raise odd
    return entries


def _check(root: Path, entry: _Entry, names: set[str]) -> None:
    """`RefusedError` where a file of a decided change is not what it was then."""
    target = root / entry.path
    try:
        for folder in [*reversed(Path(entry.path).parents)][1:]:
            with contextlib.suppress(FileNotFoundError):
                _must_be_plain(root, root / folder, folder=True)
        with contextlib.suppress(FileNotFoundError):
            _must_be_plain(root, target, links=True)
        now = _digest(target)
        new = _digest(root / PENDING / entry.source) if entry.source in names else None
    except OSError as error:
        raise _left_alone(root, f"{entry.path!r:.200} cannot be read ({error.strerror or error})") from None
    if new is None and now == entry.after:
        return  # in place already
    if new != entry.after:
        raise _left_alone(root, f"the new content of {entry.path} is missing or damaged")
    if now not in (entry.before, entry.after):
        raise _left_alone(root, f"{entry.path} was changed after that; its intended content is {PENDING}/{entry.source}")


def _left_alone(root: Path, reason: str) -> RefusedError:
    return RefusedError(
        f"{root / PENDING}: this unfinished change to the package cannot be completed safely: {reason}. Nothing was changed; "
        "check the files in that folder, keep what you need, delete the folder, then run the command again."
    )


def _must_be_plain(root: Path, path: Path, *, folder: bool = False, links: bool = False) -> None:
    """`RefusedError` where `path` is not a plain file (or folder): no link, pipe or device, and, unless `links`, no second name elsewhere."""
    state = path.lstat()
    if folder and stat.S_ISDIR(state.st_mode):
        return
    if not folder and stat.S_ISREG(state.st_mode) and (links or state.st_nlink < 2):
        return
    raise _left_alone(root, f"{path.relative_to(root).as_posix()!r} is not a plain {'folder' if folder else 'file'}")


def _plain_path(name: object) -> bool:
    """Whether `name` is a path inside the package that can be trusted to stay there, on every system; hidden folders such as .git are none of ours."""
    if not isinstance(name, str) or len(name) > 4096:
        return False
    try:
        name.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can hold
        return False
    *folders, last = name.split("/")
    if len(folders) > MAX_DEPTH:
        return False
    if any(part.startswith(".") for part in folders) or last.lower().startswith((".git", PENDING)):
        return False
    return all(part and part[0] != "~" and part[-1] not in ". " and not _ODD.search(part) for part in (*folders, last))


def _digest(path: Path) -> str | None:
    """SHA-256 of a file; None where there is none. A folder in its place is judged elsewhere."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _write(path: Path, data: bytes, purpose: Path) -> None:
    try:
        with path.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        error.filename = str(purpose)
        raise


def _sync(folder: Path) -> None:
    """Names, too, are to be on the disk; not every system can do that for folders."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _say(sentence: str) -> None:
    from aistatecraft.package.escape import printable

    with contextlib.suppress(OSError, AttributeError):
        print(f"aistatecraft: {printable(sentence, 2_000)}", file=sys.stderr)
