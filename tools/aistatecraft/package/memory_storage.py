"""Packages without a directory: in memory (from standard input, or computed), or in a single file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from aistatecraft.errors import ReadError
from aistatecraft.package.storage import Store, safe_path

__all__ = ["FileStore", "MemoryStore"]


class MemoryStore(Store):
    """Files by path."""

    def __init__(self, label: str, files: Mapping[str, bytes]) -> None:
        self.label = label
        self.files = dict(files)

    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`."""
        try:
            return self.files[str(safe_path(path, of=self.label))]
        except KeyError:
            raise ReadError(f"{path}: the file is missing in {self.label}.") from None

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return str(safe_path(path, of=self.label)) in self.files

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in `folder`."""
        parent = safe_path(folder, of=self.label)
        return sorted(path.name for path in (safe_path(name, of=self.label) for name in self.files) if path.parent == parent)

    def size(self, path: str) -> int:
        """Size of the file at `path`, in bytes."""
        return len(self.read(path))


class FileStore(Store):
    """One file, wherever it lies, under the path that it has in the package."""

    def __init__(self, file: Path, path: str) -> None:
        self.label = str(file)
        self.file, self.path = file, path

    def read(self, path: str) -> bytes:
        """Bytes of the file."""
        with self.open(path) as handle:
            return handle.read()

    def open(self, path: str) -> BinaryIO:
        """The file, open at its beginning."""
        if not self.exists(path):
            raise ReadError(f"{path}: the file is missing in {self.label}.")
        try:
            return self.file.open("rb")
        except FileNotFoundError:
            raise ReadError(f"{self.label}: there is no such file; check the path.") from None
        except OSError as error:
            raise ReadError(f"{self.label}: cannot be read ({error.strerror or error}); check its permissions.") from None

    def exists(self, path: str) -> bool:
        """Whether `path` is that of the file."""
        return path == self.path

    def names(self, folder: str) -> list[str]:
        """The name of the file, where it is in `folder`."""
        place = safe_path(self.path, of=self.label)
        return [place.name] if place.parent == safe_path(folder, of=self.label) else []

    def size(self, path: str) -> int:
        """Size of the file, in bytes."""
        with self.open(path) as handle:
            return handle.seek(0, 2)
