"""Which state of a package a citation names: a release, an archive, or tables that changed since the last release."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aistatecraft.errors import AistatecraftError
from aistatecraft.package import Package

if TYPE_CHECKING:
    from aistatecraft.package.register import Register

__all__ = ["CitedState", "state_of"]


@dataclass(frozen=True, slots=True)
class CitedState:
    """A state of a package, as a citation says it."""

    version: str
    """Empty where no number can be given."""
    issued: str
    """Day, YYYY-MM-DD; empty where none is known: the day of the last release is not that of a later state."""
    note: str = ""
    """What a reader needs to be sure of having the same: the hash, and that it is no release where it is none."""


def state_of(package: Package) -> CitedState:
    """The state that a package is in. What was not released never passes for the release."""
    day = str(package.descriptor.get("created", ""))[:10]
    if package.root is None:
        return _of_archive(package, day)
    from aistatecraft.package.register import Register

    register = Register.of(package)
    if register.last is None:
        return CitedState(package.version, day)  # a package that keeps no register is what it says
    from aistatecraft.releases.release_state import released_as

    released = released_as(package)
    if released is not None:
        same = "" if released.version == package.version else f"Data as released in version {released.version}; "
        return CitedState(_own_number(package, register), released.day, f"{same}SHA-256 of the release archive: {released.sha256}")
    return _unreleased(package, register, "" if day in {entry.released for entry in register.entries} else day)


def _of_archive(package: Package, day: str) -> CitedState:
    file = Path(package.store.label)
    if not file.is_file():  # in memory, or of a revision
        return CitedState(package.version, day)
    with file.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    from aistatecraft.releases.catalog import releases_of

    if sha256 in {entry.sha256 for entry in releases_of(package).at_hand()}:
        return CitedState(package.version, day, f"SHA-256 of the release archive: {sha256}")
    from aistatecraft.releases.verify import altered

    what = "Changed after it was built" if altered(package) else "Unreleased state" if "-" in package.version else ""
    return CitedState(package.version, day, f"{what}; SHA-256 of the archive: {sha256}" if what else f"SHA-256 of the archive: {sha256}")


def _own_number(package: Package, register: Register) -> str:
    """The version of the descriptor; as one in the making where somebody wrote a number there that was not released yet."""
    from aistatecraft.releases.bump import DEV

    return package.version if "-" in package.version or register.find(package.version) else f"{package.version}{DEV}"


def _unreleased(package: Package, register: Register, day: str) -> CitedState:
    """The tables as they are between two releases, under the version and the hash that `release` gives their snapshot."""
    from aistatecraft.releases.archive import build_archive
    from aistatecraft.releases.bump import DEV, changes_since, is_dev, lowest_version

    assert register.last is not None
    last = register.last.version
    note = f"Unreleased state after version {last}"
    if register.find(package.version) is None and not is_dev(package.version):
        return CitedState(_own_number(package, register), day, note)
    stamp = str(package.descriptor.get("created", ""))[:10] or "1980-01-01"
    try:
        version = package.version
        if not is_dev(version):
            version = f"{lowest_version(last, changes_since(package, register, last, last, stamp).bump)}{DEV}"
        data, _ = build_archive(package, version, stamp)
    except AistatecraftError:  # a table that cannot be read, or the archive of the last release is not there
        return CitedState("", day, note)
    return CitedState(version, day, f"{note}; SHA-256 of its archive: {hashlib.sha256(data).hexdigest()}")
