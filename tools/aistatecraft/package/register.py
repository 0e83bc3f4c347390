"""The register: which versions were released, when, and the hash of each archive. It only ever grows."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.package import Package
from aistatecraft.package.descriptor import parse_json

__all__ = ["FOLDER", "Register", "RegisterEntry"]

FOLDER = "releases"
_FILE = f"{FOLDER}/register.json"


@dataclass(frozen=True)
class RegisterEntry:
    """One released version."""

    version: str
    released: str
    """Day of the release, YYYY-MM-DD."""
    archive: str
    """Name of the archive in the folder of the register."""
    sha256: str
    bytes: int
    rows: dict[str, int] = field(default_factory=dict)
    """Rows of each table."""


def _sound(entry: RegisterEntry) -> bool:
    """Whether an entry that was read from disk holds what an entry holds."""
    texts = (
        (entry.version, r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}"),
        (entry.released, r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        (entry.archive, r"[A-Za-z0-9._-]+"),
        (entry.sha256, r"[0-9a-f]{64}"),
    )
    numbers = [entry.bytes, *(entry.rows.values() if isinstance(entry.rows, dict) else [None])]
    return all(isinstance(text, str) and re.fullmatch(pattern, text) for text, pattern in texts) and all(
        isinstance(number, int) for number in numbers
    )


class Register:
    """The releases that a package knows of."""

    def __init__(self, package: Package, entries: list[RegisterEntry]) -> None:
        self.package = package
        self.entries = entries

    @classmethod
    def of(cls, package: Package) -> Register:
        """The register of a package; empty where it has none."""
        if not package.store.exists(_FILE):
            return cls(package, [])
        found = parse_json(package.store, _FILE)
        try:
            entries = [RegisterEntry(**entry) for entry in found["releases"]]
        except (TypeError, KeyError):
            entries = None
        if entries is None or not all(_sound(entry) for entry in entries):
            raise ReadError(f"{_FILE}: this is not a register of releases; restore it from the last release.")
        return cls(package, entries)

    @property
    def versions(self) -> list[str]:
        """Released versions, oldest first."""
        return [entry.version for entry in self.entries]

    def find(self, version: str) -> RegisterEntry | None:
        """The entry of a version, or None."""
        return next((entry for entry in self.entries if entry.version == version), None)

    @property
    def last(self) -> RegisterEntry | None:
        """The latest release, or None."""
        return self.entries[-1] if self.entries else None

    def archive(self, version: str) -> Path | None:
        """Path of the archive of a version; None where it was not released or lies elsewhere.

        Raises
        ------
        RefusedError
            Where the archive is not the one that was released.
        """
        entry = self.find(version)
        root = self.package.root
        if entry is None or root is None or not (root / FOLDER / entry.archive).is_file():
            return None
        path = root / FOLDER / entry.archive
        if hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256:
            raise RefusedError(
                f"{FOLDER}/{entry.archive}: the archive is not the one that was released as {version}; restore it, its SHA-256 must be {entry.sha256}."
            )
        return path

    def as_json(self) -> str:
        """The register as it is written to disk."""
        return json.dumps({"releases": [asdict(entry) for entry in self.entries]}, ensure_ascii=False, indent=2) + "\n"
