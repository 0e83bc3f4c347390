"""The releases that are known here: those that a package carries, and those at the place that the user set; and their list."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aistatecraft.errors import ReadError, RefusedError, UsageError, nearest
from aistatecraft.package.descriptor import Package, open_package
from aistatecraft.package.escape import Rows
from aistatecraft.package.installed import installed
from aistatecraft.package.register import FOLDER, Register, RegisterEntry
from aistatecraft.releases.remote import RELEASES, origin_at, place_of

__all__ = ["LATEST", "Releases", "Version", "listed", "number", "releases_of", "versions"]

CARRIED, CACHED, AWAY, NOWHERE = "carried", "in the cache", "at the address", "not here"
"""Where the archive of a release is."""

LATEST = "latest"
_WITH_V = re.compile(r"v[0-9]+\.[0-9]+\.[0-9]+")


def number(version: str) -> tuple[int, ...]:
    """A version number to sort by; what stands behind the three numbers is left out, and what is none comes last."""
    match = re.match(r"([0-9]+)\.([0-9]+)\.([0-9]+)", version)
    return tuple(map(int, match.groups())) if match else (1 << 62,)


class Releases:
    """The releases of a package.

    The register of the package is believed before that at the place: what the place says of a version that the package
    knows must be the same, and otherwise the place is not used at all.
    """

    def __init__(self, package: Package | None = None, place: str | Path | None = None) -> None:
        """Find the releases.

        Parameters
        ----------
        package : the package whose releases are meant; that of this installation where it is None
        place : an address or directory; where it is None, what the user set (see `place`)
        """
        self.package = installed() if package is None else package
        self.keeper = "this installation" if package is None else f"{package.store.label}/" if package.root else package.store.label
        """Whose releases they are, in messages."""
        self.register = Register.of(self.package)
        self.origin = origin_at(place_of(place))
        self.unreached = ""
        """Why the register at the place could not be read, after `entries` did without; else empty."""

    def entries(self) -> list[RegisterEntry]:
        """All releases, oldest first. The register at the place is read; where it cannot be, as it was when it was read last.

        Raises
        ------
        ReadError
            Where the register at the place cannot be read, and never was.
        RefusedError
            Where it contradicts the register of the package.
        """
        if self.origin is None:
            return self._merged([])
        try:
            return self._merged(self.origin.register())
        except ReadError as error:
            remembered = self.origin.remembered()
            if remembered is None:
                raise
            self.unreached = str(error)
            return self._merged(remembered)

    def at_hand(self) -> list[RegisterEntry]:
        """As `entries`, without network: what the place says is taken as it was when it was read last, if it ever was."""
        remembered = None if self.origin is None else self.origin.remembered()
        return self._merged(remembered or [])

    def _merged(self, offered: list[RegisterEntry]) -> list[RegisterEntry]:
        own = {entry.version: entry for entry in self.register.entries}
        for entry in offered:
            known = own.get(entry.version)
            if known is not None and known.sha256 != entry.sha256:
                raise RefusedError(
                    f"{self._place}: its register names another archive for {entry.version} (SHA-256 {entry.sha256[:12]}...) than the local register ({known.sha256[:12]}...); a release never changes, so that place is not used."
                )
        return sorted({**{entry.version: entry for entry in offered}, **own}.values(), key=lambda entry: number(entry.version))

    @property
    def _place(self) -> str:
        return "" if self.origin is None else self.origin.label

    @cached_property
    def carried(self) -> set[str]:
        """Versions whose archive the package carries."""
        root = self.package.root
        return {entry.version for entry in self.register.entries if root is not None and (root / FOLDER / entry.archive).is_file()}

    def where(self, entry: RegisterEntry) -> str:
        """Where the archive of a release is: carried, in the cache, at the address, or not here."""
        if entry.version in self.carried:
            return CARRIED
        if self.origin is None:
            return NOWHERE
        return CACHED if self.origin.holds(entry) else AWAY

    def meant(self, version: str) -> str:
        """The number that a word means: ``latest`` is the highest version released, ``v0.4.0`` is 0.4.0; other words mean themselves."""
        if version == LATEST:
            known = self.entries()
            if not known:
                raise UsageError(f"no version was released yet, so there is no {LATEST!r} one; leave out the version.")
            return known[-1].version
        return version[1:] if isinstance(version, str) and _WITH_V.fullmatch(version) else version

    def find(self, version: str) -> RegisterEntry:
        """The entry of a version (see `meant`); `UsageError` where it was never released. The network is asked last."""
        version = self.meant(version)
        entry = self.register.find(version)
        if entry is None and self.origin is not None:
            entry = next((one for one in self.at_hand() if one.version == version and self.origin.holds(one)), None)
            if entry is None:
                entry = next((one for one in self.entries() if one.version == version), None)
        if entry is not None:
            return entry
        known = [one.version for one in (self.register.entries if self.origin is None else self.entries())]
        also = "" if self.origin is None else f", and {self._place} does not list it"
        raise UsageError(f"version {version!r} was never released or is not in {self.keeper}{also}; {nearest(version, known)}")

    def archive(self, version: str) -> Path:
        """The archive of a version on this machine, checked; fetched where it has to be.

        Raises
        ------
        UsageError
            Where the version was never released, or its archive is not here and no place is set.
        ReadError, RefusedError
            Where it cannot be had, or is not the one that was released.
        """
        entry = self.find(version)
        version = entry.version
        own = self.register.archive(version)
        if own is not None:
            return own
        if self.origin is None:
            raise UsageError(
                f"version {version!r} was released on {entry.released}, but its archive is not in {self.keeper}; set {RELEASES} to the address or directory of the releases."
            )
        return self.origin.archive(entry)

    def opened(self, version: str) -> Package:
        """The package of a version.

        Raises
        ------
        UsageError, ReadError, RefusedError
            As for `archive`; and where the archive holds another package or version.
        """
        version = self.meant(version)
        package = open_package(self.archive(version))
        name = self.package.descriptor.get("name")
        if package.version != version or package.descriptor.get("name") != name:
            raise RefusedError(
                f"{package.store.label}: this holds {package.descriptor.get('name')!r} version {package.version!r}, and not {name!r} version {version!r} as the register says; use another source of releases."
            )
        return package


def releases_of(package: Package, place: str | Path | None = None) -> Releases:
    """The releases of a package: those that it keeps itself, else, for the dataset of this installation (an archive, a copy), those that the
    installation carries.
    """
    own = package.root is not None and package.store.exists(f"{FOLDER}/register.json")
    same = package.descriptor.get("name") == installed().descriptor.get("name")
    return Releases(package if package is not installed() and (own or not same) else None, place)


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
    known, told = Releases(None, releases) if package is None else releases_of(package, releases), ""
    try:
        entries, told = known.entries(), known.unreached
    except ReadError as error:
        entries, told = known.at_hand(), str(error)
    return [
        Version(entry.version, entry.released, sum(entry.rows.values()), entry.bytes, entry.sha256, known.where(entry), entry.rows)
        for entry in entries
    ], told
