"""The place from which releases come that this installation does not carry: a folder at an address, or a directory."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from aistatecraft.errors import AistatecraftError, ReadError, RefusedError, UsageError
from aistatecraft.package import Package
from aistatecraft.package.memory_storage import MemoryStore
from aistatecraft.package.register import FOLDER, Register, RegisterEntry
from aistatecraft.package.storage import MAX_ARCHIVE_BYTES, is_address

__all__ = ["CACHE", "RELEASES", "Origin", "origin_at", "place_of", "releases_from"]

RELEASES = "AISTATECRAFT_RELEASES"
"""The environment variable that holds an address or a directory."""

_chosen: list[str] = []


def releases_from(place: str | Path | None) -> None:
    """Set where releases are looked for that this installation does not carry, for this run of the program.

    Parameters
    ----------
    place : str, Path or None
        An http or https address of a folder, or a directory, in which ``register.json`` and the archives lie; empty for
        none. Where it is None, the environment variable ``AISTATECRAFT_RELEASES`` counts again. A server that is not public
        must be listed in ``AISTATECRAFT_ALLOW_PRIVATE_HOSTS``.
    """
    _chosen[:] = [] if place is None else [str(place)]


def place_of(place: str | Path | None = None) -> str:
    """`place`, else what `releases_from` set, else what the environment variable holds; empty where that is nothing."""
    if place is not None:
        return str(place).strip()
    return (_chosen[0] if _chosen else os.environ.get(RELEASES, "")).strip()


CACHE = "AISTATECRAFT_CACHE"
"""The environment variable that holds the directory for what was fetched; where it is not set, the cache of the user."""
MAX_REGISTER = 4 * 1024**2
REGISTER_SECONDS = 30.0
MAX_DOWNLOAD_SECONDS, SLOWEST = 60.0, 50_000
"""An archive may take so many seconds, and one more for each so many bytes."""
_REGISTER = "register.json"


class Origin(ABC):
    """A place with a register of releases and their archives."""

    label: str
    """How messages name it."""

    @abstractmethod
    def register(self) -> list[RegisterEntry]:
        """The releases that it knows; `ReadError` where its register cannot be read."""

    @abstractmethod
    def remembered(self) -> list[RegisterEntry] | None:
        """The same without network, as it was when it was read last; None where that is not known."""

    @abstractmethod
    def archive(self, entry: RegisterEntry) -> Path:
        """The archive of a release, on this machine and checked.

        Raises
        ------
        ReadError
            Where it is not there or cannot be had.
        RefusedError
            Where it is not the one that the entry means.
        """

    def holds(self, entry: RegisterEntry) -> bool:
        """Whether the archive of a release was fetched before, as far as its name and size tell."""
        return False


def origin_at(place: str) -> Origin | None:
    """The origin at an address or in a directory; None where the place is empty."""
    if not place:
        return None
    if is_address(place):
        return _Web(place)
    if "://" in place:
        raise UsageError(f"{place!r} is neither an http or https address nor a directory; correct {RELEASES} or --releases.")
    return _Folder(Path(place).expanduser())


def _entries(data: bytes, where: str) -> list[RegisterEntry]:
    """The entries of a register from elsewhere, as sound as one of our own."""
    store = MemoryStore(where, {f"{FOLDER}/{_REGISTER}": data})
    try:
        entries = Register.of(Package(store, {}, {}, "datapackage.json")).entries
    except ReadError:
        entries = None
    if entries is None or len({entry.version for entry in entries}) < len(entries):
        raise ReadError(f"{where}: this is not a register of releases; correct {RELEASES} or --releases, or inform its maintainer.")
    return entries


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


class _Folder(Origin):
    def __init__(self, path: Path) -> None:
        self.path = path
        self.label = str(path)

    def register(self) -> list[RegisterEntry]:
        file = self.path / _REGISTER
        try:
            if not file.is_file():
                inside = self.path / FOLDER
                hint = f"name {inside}" if (inside / _REGISTER).is_file() else f"correct {RELEASES} or --releases"
                raise ReadError(f"{self.label}: there is no {_REGISTER} in this directory; {hint}.")
            with file.open("rb") as handle:
                return _entries(handle.read(MAX_REGISTER), str(file))
        except OSError as error:
            raise ReadError(f"{file}: cannot be read ({error.strerror or error}); check the path and its permissions.") from None

    def remembered(self) -> list[RegisterEntry] | None:
        with contextlib.suppress(AistatecraftError):
            return self.register()
        return None

    def archive(self, entry: RegisterEntry) -> Path:
        file = self.path / entry.archive
        try:
            if not file.is_file():
                raise ReadError(
                    f"{self.label}: the archive {entry.archive} of {entry.version} is missing; add it, or correct {RELEASES} or --releases."
                )
            sound = file.stat().st_size == entry.bytes and _sha256(file) == entry.sha256
        except OSError as error:
            raise ReadError(f"{file}: cannot be read ({error.strerror or error}); check its permissions.") from None
        if not sound:
            raise RefusedError(f"{file}: this is not the archive released as {entry.version}; its SHA-256 must be {entry.sha256}.")
        return file


class _Web(Origin):
    def __init__(self, address: str) -> None:
        from aistatecraft.package.fetching import shown

        self.address = address.rstrip("/")
        self.label = shown(self.address)
        self._read: list[RegisterEntry] | None = None
        try:
            sound = bool(urlsplit(self.address).hostname)
        except ValueError:
            sound = False
        if not sound or "?" in address or "#" in address:
            raise UsageError(f"{self.label!r} is not the address of a folder; correct {RELEASES} or --releases.")

    def register(self) -> list[RegisterEntry]:
        if self._read is None:
            sink = io.BytesIO()
            self._fetch(_REGISTER, sink, MAX_REGISTER, REGISTER_SECONDS)
            self._read = _entries(sink.getvalue(), f"{self.label}/{_REGISTER}")
            self._remember(sink.getvalue())
        return self._read

    def _fetch(self, name: str, sink: BinaryIO, most: int, seconds: float) -> int:
        from aistatecraft.package.fetching import NotFetched, fetch

        try:
            return fetch(f"{self.address}/{name}", sink, most=most, seconds=seconds)
        except NotFetched as reason:
            raise self._not_fetched(name, str(reason)) from None

    def _not_fetched(self, name: str, reason: str) -> ReadError:
        return ReadError(f"{self.label}/{name} cannot be fetched: {reason}; check the network, or correct {RELEASES} or --releases.")

    def _memory(self) -> Path:
        return _cache() / f"register-{hashlib.sha256(self.address.encode()).hexdigest()[:16]}.json"

    def _remember(self, data: bytes) -> None:
        from aistatecraft.package.writing import write_all

        # It only saves a way next time.
        with contextlib.suppress(AistatecraftError, OSError):
            write_all({self._memory(): data})

    def remembered(self) -> list[RegisterEntry] | None:
        if self._read is None:
            file = self._memory()
            with contextlib.suppress(AistatecraftError, OSError):
                if file.stat().st_size <= MAX_REGISTER:
                    return _entries(file.read_bytes(), str(file))
        return self._read

    @staticmethod
    def _name(entry: RegisterEntry) -> str:
        return f"{entry.version}-{entry.sha256}.zip"

    def _kept(self, entry: RegisterEntry) -> Path | None:
        file = _cache() / self._name(entry)
        with contextlib.suppress(OSError):
            if file.is_file() and file.stat().st_size == entry.bytes:
                return file
        return None

    def holds(self, entry: RegisterEntry) -> bool:
        return self._kept(entry) is not None

    def archive(self, entry: RegisterEntry) -> Path:
        kept = self._kept(entry)
        with contextlib.suppress(OSError):
            if kept is not None and _sha256(kept) == entry.sha256:
                return kept
        return self._fetched(entry)

    def _fetched(self, entry: RegisterEntry) -> Path:
        if not 0 < entry.bytes <= MAX_ARCHIVE_BYTES:
            raise RefusedError(
                f"{self.label}: the archive of {entry.version} has {entry.bytes:,} bytes; the limit is {MAX_ARCHIVE_BYTES:,}."
            )
        folder = _cache()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
            part = Path(name)
            try:
                with os.fdopen(handle, "wb") as sink:
                    got = self._fetch(entry.archive, sink, entry.bytes, MAX_DOWNLOAD_SECONDS + entry.bytes / SLOWEST)
                if got < entry.bytes:
                    raise self._not_fetched(entry.archive, f"only {got:,} of {entry.bytes:,} bytes were received")
                if _sha256(part) != entry.sha256:
                    raise RefusedError(
                        f"{self.label}/{entry.archive}: the download is not the archive released as {entry.version}, so it was discarded; its SHA-256 must be {entry.sha256}."
                    )
                return part.replace(folder / self._name(entry))
            finally:
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)
        except OSError as error:
            raise ReadError(
                f"{folder}: the archive of {entry.version} cannot be cached there ({error.strerror or error}); free some space, or set {CACHE} to a writable directory."
            ) from None


def _cache() -> Path:
    """The directory for what was fetched: as it is set, or else the one that the system has for it."""
    named = os.environ.get(CACHE, "").strip()
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("aistatecraft")
