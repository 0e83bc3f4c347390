"""Which versions there are, and where each is."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aistatecraft.errors import ReadError
from aistatecraft.package.escape import Rows

if TYPE_CHECKING:
    from aistatecraft.package import Package

__all__ = ["Version", "listed", "versions"]


@dataclass(frozen=True, slots=True)
class Version:
    """One released version."""

    version: str
    released: str
    """Day of the release, YYYY-MM-DD."""
    rows: int
    """Rows of all tables together."""
    bytes: int
    """Size of the archive."""
    sha256: str
    """SHA-256 of the archive."""
    where: str
    """Where the archive is: ``carried`` by this installation, ``in the cache``, ``at the address`` (or in the directory)
    that the user set, or ``not here``."""
    tables: Mapping[str, int]
    """Rows of each table."""


def versions(*, releases: str | Path | None = None) -> list[Version]:
    """The released versions, oldest first.

    Parameters
    ----------
    releases : str, Path or None
        Address or directory where later or larger releases lie; where it is None, what `releases_from` or the environment
        variable ``AISTATECRAFT_RELEASES`` says; empty for none.

    Returns
    -------
    list of Version
        Where the address cannot be reached, what is known without it, and a warning says so.

    Raises
    ------
    RefusedError
        Where the register at the address contradicts that of this installation.
    ReadError, UsageError
        Where what lies there is no register, or the library to fetch it is missing.
    """
    found, told = listed(releases)
    if told:
        warnings.warn(told, stacklevel=2)
    return Rows(found)


def listed(releases: str | Path | None = None, package: Package | None = None) -> tuple[list[Version], str]:
    """As `versions`, of any package; and in one sentence why the address could not be asked, empty where it could."""
    from aistatecraft.releases.catalog import Releases, releases_of

    known, told = Releases(None, releases) if package is None else releases_of(package, releases), ""
    try:
        entries, told = known.entries(), known.unreached
    except ReadError as error:
        entries, told = known.at_hand(), str(error)
    return [
        Version(entry.version, entry.released, sum(entry.rows.values()), entry.bytes, entry.sha256, known.where(entry), entry.rows)
        for entry in entries
    ], told
