"""Whether a package is what was released, decided by what it holds.

Tables and descriptions are compared with those of the archive, as `diff` does it. The bytes of an archive that would be built
today do not matter: a later version of this program may write them otherwise, and released data stay released.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from aistatecraft.comparison.compare import differ
from aistatecraft.errors import AistatecraftError
from aistatecraft.package import Package, open_package
from aistatecraft.package.register import Register, RegisterEntry
from aistatecraft.releases.archive import build_archive
from aistatecraft.releases.bump import is_dev

__all__ = ["Released", "is_release", "released_as", "state_of"]


class Released(NamedTuple):
    """The release whose data a package holds."""

    version: str
    day: str
    """YYYY-MM-DD."""
    sha256: str
    """SHA-256 of its archive."""


def is_release(package: Package, register: Register, entry: RegisterEntry) -> bool:
    """Whether a package holds what was released: `diff` finds nothing between the two.

    Where the archive is not there to compare with, the archive of the package must be the released one to the byte.

    Raises
    ------
    RefusedError, ReadError, DataError
        Where the archive is not the one that was released, or a table cannot be read.
    """
    archive = register.archive(entry.version)
    if archive is not None:
        return not differ(open_package(archive), package)
    data, _ = build_archive(package, entry.version, entry.released)
    return hashlib.sha256(data).hexdigest() == entry.sha256


def released_as(package: Package) -> Released | None:
    """The release whose data a package holds; None where it is not what was released."""
    if package.root is None:
        return _of_archive(package)
    register = Register.of(package)
    entry = register.find(package.version) or register.last
    try:
        same = entry is not None and is_release(package, register, entry)
    except AistatecraftError:  # what cannot be read is not what was released
        return None
    return Released(entry.version, entry.released, entry.sha256) if entry is not None and same else None


def _of_archive(package: Package) -> Released | None:
    if not _as_built(package):
        return None
    sha256 = hashlib.sha256(Path(package.store.label).read_bytes()).hexdigest()
    return Released(package.version, str(package.descriptor.get("created", ""))[:10], sha256)


def _as_built(package: Package) -> bool:
    return not is_dev(package.version) and all(
        str(resource.descriptor.get("hash", "")) == f"sha256:{hashlib.sha256(package.store.read(resource.path)).hexdigest()}"
        for resource in package.resources.values()
    )


def state_of(package: Package) -> str:
    """Words for the state: as released, changed since, or never released."""
    if package.root is None:
        if is_dev(package.version):
            return "the archive of a state that was not released"
        found = _of_archive(package)
        return f"a release archive of {found.day}" if found else "an archive whose tables are not those that were released"
    last = Register.of(package).last
    if last is None:
        return "not released"
    known = Register.of(package).find(package.version)
    found = released_as(package)
    if found is None:
        return (
            f"changed since the release of {known.version} on {known.released}"
            if known
            else f"not released; the last release is {last.version}"
        )
    return f"as released on {found.day}" if known else f"the data as released in {found.version} on {found.day}"
