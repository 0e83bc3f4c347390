"""Storage of a package: a directory or a zip archive, read through one small interface.

A store hands out the bytes of files below its root and nothing else. Paths that are absolute, climb with ``..``, are
addresses, or lead outside through a link are refused, whoever wrote them.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import sys
import weakref
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from aistatecraft.errors import ReadError, UsageError

__all__ = ["DirectoryStore", "Store", "ZipStore", "as_path", "is_address", "open_store", "safe_path"]

MAX_ARCHIVE_BYTES = 2 * 1024**3
MAX_ARCHIVE_ENTRIES = 20_000
MAX_ARCHIVE_LISTING = 256 * MAX_ARCHIVE_ENTRIES
"""Bytes of the list of entries at the end of an archive; each has 46, and its name."""
PENDING = ".aistatecraft-pending"
"""Folder in a package where a writer prepares its change; see `aistatecraft.package.transaction`."""


def is_address(path: str) -> bool:
    """Whether a path is an address of the web, which can be fetched where that is allowed (see `remote`)."""
    return path.lower().startswith(("http://", "https://"))


def as_path(given: object) -> Path:
    """What a caller names a place by, as a path; `UsageError` where it is neither text nor a path."""
    if not isinstance(given, (str, os.PathLike)) or not isinstance(os.fspath(given), str):
        raise UsageError(f"{given!r:.200} is not a path; give the location of a package as a string or Path.")
    return Path(given)


def safe_path(path: str, *, of: str) -> PurePosixPath:
    """`path` as a relative POSIX path, or `ReadError` where it could leave the root of `of`."""
    if "://" in path:
        raise ReadError(
            f"{of}: the path {path!r} is an address; packages are read from disk only, so copy the file into the package and use its path."
        )
    parts = PurePosixPath(path)
    if not path or "\\" in path or "\0" in path or parts.is_absolute() or ".." in parts.parts or (len(path) > 1 and path[1] == ":"):
        raise ReadError(
            f"{of}: the path {path!r} points outside the package; write it relative to datapackage.json, with forward slashes and without '..'."
        )
    return parts


class Store(ABC):
    """Bytes of a package, by path relative to its root."""

    label: str
    """How messages name the store: the path that the user gave."""
    root: Path | None = None
    """Directory of the package; None for an archive."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`; `ReadError` where it is missing, no file, or outside the root."""

    @abstractmethod
    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """Names of the files directly in `folder`, sorted; empty where there is no such folder."""

    @abstractmethod
    def size(self, path: str) -> int:
        """Size of the file at `path`, in bytes; `ReadError` as for `read`."""

    def open(self, path: str) -> BinaryIO:
        """The file at `path`, open at its beginning, for those who need not have it in memory whole; `ReadError` as for `read`."""
        return io.BytesIO(self.read(path))

    def stamp(self, path: str) -> tuple[int, int]:
        """What changes when the file at `path` does. An archive does not change while it is open."""
        return (0, 0)

    def where(self, path: str) -> str:
        """How messages name the file at `path`."""
        return path


class DirectoryStore(Store):
    """A package in a directory."""

    root: Path

    def __init__(self, root: Path) -> None:
        self.root = root
        self.label = str(root)

    @cached_property
    def _resolved(self) -> Path:
        return self.root.resolve()

    def _inside(self, path: str) -> Path:
        target = self.root / safe_path(path, of=self.label)
        try:
            resolved = target.resolve()
            root = self._resolved
        except (OSError, RuntimeError, ValueError) as error:  # ValueError: half a surrogate pair, which JSON can hold and no file name can
            raise ReadError(f"{path!r}: the path cannot be followed ({error}); fix the path or the link.") from None
        if not resolved.is_relative_to(root):
            raise ReadError(f"{path}: this link leads outside the package; replace it with the file.")
        return target

    def _file(self, path: str) -> tuple[Path, int]:
        """The file at `path` and its size; `ReadError` where there is none."""
        target = self._inside(path)
        try:
            state = target.stat()
        except FileNotFoundError:
            raise ReadError(f"{path}: the file is missing in {self.label}; add it, or remove it from datapackage.json.") from None
        except OSError as error:
            raise self._unread(path, error) from None
        if stat.S_ISDIR(state.st_mode):
            raise ReadError(f"{path}: this is a directory, not a file; correct the path.")
        if not stat.S_ISREG(state.st_mode):  # a pipe would be waited for without end
            raise ReadError(f"{path}: this is a pipe, socket or device, not a file; correct the path.")
        return target, state.st_size

    @staticmethod
    def _unread(path: str, error: OSError) -> ReadError:
        return ReadError(f"{path}: the file cannot be read ({error.strerror or error}); check its permissions.")

    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`."""
        target, _ = self._file(path)
        try:
            return target.read_bytes()
        except OSError as error:
            raise self._unread(path, error) from None

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        target = self._inside(path)
        try:
            return target.is_file()
        except OSError:  # a name longer than the file system allows
            return False

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in `folder`."""
        directory = self._inside(folder)
        return sorted(entry.name for entry in directory.iterdir() if entry.is_file()) if directory.is_dir() else []

    def size(self, path: str) -> int:
        """Size of the file at `path`, in bytes."""
        return self._file(path)[1]

    def open(self, path: str) -> BinaryIO:
        """The file at `path`, open at its beginning."""
        target, _ = self._file(path)
        try:
            return target.open("rb")
        except OSError as error:
            raise self._unread(path, error) from None

    def stamp(self, path: str) -> tuple[int, int]:
        """Size and modification time of the file at `path`; zeros where there is none."""
        try:
            state = self._inside(path).stat()
        except OSError:
            return (0, 0)
        return state.st_size, state.st_mtime_ns


class _Opening:
    """An archive while it is opened: its list of entries is not read where it is too long, as each becomes an object of Python."""

    def __init__(self, file: BinaryIO, label: str) -> None:
        self._file, self._label = file, label
        self.bounded = True

    def read(self, size: int = -1) -> bytes:
        if self.bounded:
            here = self._file.tell()
            left = self._file.seek(0, io.SEEK_END) - here
            self._file.seek(here)
            if min(left, size if size >= 0 else left) > MAX_ARCHIVE_LISTING:
                raise ReadError(
                    f"{self._label}: the archive has more entries than the limit of {MAX_ARCHIVE_ENTRIES:,}; it is not a release of a data package."
                )
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class ZipStore(Store):
    """A package in a zip archive. Its entries are judged when it is opened; nothing is ever extracted to disk."""

    def __init__(self, path: Path) -> None:
        self.label = str(path)
        try:
            file = path.open("rb")
            weakref.finalize(self, file.close)
            opening: Any = _Opening(file, self.label)
            self._zip = zipfile.ZipFile(opening)
            opening.bounded = False
        except FileNotFoundError:
            raise ReadError(f"{path}: there is no such archive; check the path.") from None
        except (zipfile.BadZipFile, OSError, RuntimeError, ValueError) as error:  # RuntimeError: a version of the format that is not known
            raise ReadError(f"{path}: this is not a readable zip archive ({error}); fetch or build it again.") from None
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for info in self._judged(self._zip.infolist()):
            self._entries[self._key(info.filename)] = info

    def _key(self, path: str) -> str:
        # "./data/a.csv" and "data//a.csv" name the file that they name in a directory.
        return str(safe_path(path, of=self.label))

    def _judged(self, infos: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
        if len(infos) > MAX_ARCHIVE_ENTRIES:
            raise ReadError(
                f"{self.label}: the archive has {len(infos):,} entries, more than the limit of {MAX_ARCHIVE_ENTRIES:,}; it is not a release of a data package."
            )
        if sum(info.file_size for info in infos) > MAX_ARCHIVE_BYTES:
            raise ReadError(
                f"{self.label}: the archive unpacks to more than {MAX_ARCHIVE_BYTES // 1024**2:,} MiB, the limit; use a smaller archive."
            )
        seen: set[str] = set()
        for info in infos:
            if info.filename.endswith("/"):  # is_dir() fails on an entry without a name, at least in Python 3.11
                continue
            key = self._key(info.filename)
            if stat.S_ISLNK(info.external_attr >> 16):
                raise ReadError(f"{self.label}: the entry {info.filename!r} is a link; archives with links are not read.")
            if key in seen:
                raise ReadError(f"{self.label}: the entry {info.filename!r} appears twice in the archive; build it again.")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                # The other methods are unpacked without a bound: 10 KB of bzip2 give 10 GB, whatever size the entry states.
                raise ReadError(
                    f"{self.label}: the entry {info.filename!r} is compressed by a method that is not supported; build the archive with the default method (deflate)."
                )
            if info.flag_bits & 1:
                raise ReadError(f"{self.label}: the entry {info.filename!r} is encrypted; build the archive without a password.")
            seen.add(key)
            yield info

    def _entry(self, path: str) -> zipfile.ZipInfo:
        info = self._entries.get(self._key(path))
        if info is None:
            raise ReadError(f"{path}: the file is missing in {self.label}; the archive is incomplete.")
        return info

    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`."""
        info = self._entry(path)
        try:
            # One byte more than declared shows an entry that lies about its size before it fills the memory.
            with self._zip.open(info) as handle:
                data = handle.read(info.file_size + 1)
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError) as error:
            raise ReadError(f"{self.label}: the entry {path!r} is damaged ({error}); fetch or build the archive again.") from None
        except Exception as error:  # zlib.error has no public base but Exception
            raise ReadError(f"{self.label}: the entry {path!r} cannot be unpacked ({error}); fetch or build the archive again.") from None
        if len(data) != info.file_size:
            raise ReadError(f"{self.label}: the entry {path!r} does not have the length stated in the archive; fetch or build it again.")
        return data

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return self._key(path) in self._entries

    def size(self, path: str) -> int:
        """Size of the entry at `path` once it is unpacked, in bytes."""
        return self._entry(path).file_size

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in `folder`."""
        parent = safe_path(folder, of=self.label)
        return sorted(path.name for path in map(PurePosixPath, self._entries) if path.parent == parent)


_noted: set[Path] = set()


def _note_unfinished(root: Path) -> None:
    """Say once on standard error that a change of the package is not finished. A reader neither completes nor believes it."""
    if not os.path.lexists(root / PENDING / "list.json") or root.absolute() in _noted:
        return
    from aistatecraft.package.escape import printable

    _noted.add(root.absolute())
    sentence = (
        f"{root}: a change to this package is unfinished (see {PENDING}), so its files are read as they are; "
        "the next command that writes to the package completes the change or reports why it cannot."
    )
    with contextlib.suppress(OSError, AttributeError):  # a stream that is closed
        print(f"aistatecraft: {printable(sentence, 2_000)}", file=sys.stderr)


def open_store(path: Path) -> tuple[Store, str]:
    """The store at `path` (a directory, a descriptor file or a zip archive) and the name of the descriptor in it."""
    try:
        if path.is_dir():
            _note_unfinished(path)
            return DirectoryStore(path), "datapackage.json"
        if path.suffix == ".json" and path.is_file():
            _note_unfinished(path.parent)
            return DirectoryStore(path.parent), path.name
        if path.is_file():
            return ZipStore(path), "datapackage.json"
    except OSError as error:
        raise ReadError(f"{path}: cannot be opened ({error.strerror or error}); check the path and its permissions.") from None
    if path.parts[:1] in (("http:",), ("https:",)):
        raise ReadError(
            f"{path}: this is an address, and packages are opened from disk; download the package and give its directory or archive."
        )
    raise ReadError(f"{path}: there is no such directory, datapackage.json or zip archive; check the path.")
