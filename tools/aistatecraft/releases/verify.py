"""Whether an archive is the one that was released: checked against the register, and where it is not, how far it differs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import AistatecraftError, ReadError, UsageError
from aistatecraft.package import Package, open_package
from aistatecraft.package.storage import as_path

if TYPE_CHECKING:
    from aistatecraft.package.register import RegisterEntry
    from aistatecraft.releases.catalog import Releases

__all__ = ["Verdict", "altered", "verified", "verify"]

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-[A-Za-z0-9.-]+)?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of an archive.

    Attributes
    ----------
    good : whether it is, to the byte, an archive that was released
    sentence : what was found, in words
    file : the archive: the path that was given, or its name among the releases
    version : the version that it is, or says that it is
    released : day on which that version was released; empty where it never was
    sha256, bytes : hash and size of the file
    registered_sha256, registered_bytes : those of the register; empty and None where the version was never released
    altered : tables that do not fit the hashes inside the archive
    differing : files of the archive that are not those of the release; None where that could not be told, or need not be
    """

    good: bool
    sentence: str
    file: str
    version: str
    released: str
    sha256: str
    bytes: int
    registered_sha256: str = ""
    registered_bytes: int | None = None
    altered: tuple[str, ...] = ()
    differing: tuple[str, ...] | None = None

    @property
    def exit_code(self) -> int:
        """0 where it is good, else 1."""
        return 0 if self.good else 1

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def verify(what: str | Path, *, releases: str | Path | None = None) -> Verdict:
    """Check an archive against the register of releases.

    Parameters
    ----------
    what : str or Path
        A file, or a released version, whose archive is then looked for as `load` does.
    releases : str, Path or None
        As for `versions`: the register there is asked about what that of this installation does not know.

    Returns
    -------
    Verdict

    Raises
    ------
    ReadError
        Where there is no such file, it is no archive of a data package, or it is one that must not be opened.
    UsageError
        Where the version was never released, or is not to be had.
    """
    from aistatecraft.releases.catalog import Releases

    return verified(what, Releases(None, releases))


def verified(what: str | Path, known: Releases) -> Verdict:
    """As `verify`, against releases that are known."""
    file = as_path(what)
    try:
        there = file.exists()
    except (OSError, ValueError):  # longer than names of files can be
        raise ReadError(f"{str(what)[:200]!r}: this is not a valid file name; check the path.") from None
    if not there and _VERSION.fullmatch(str(what)):
        return _of_version(known, str(what))
    if file.is_dir():
        raise UsageError(f"{file}: this is a directory, but verify expects an archive; 'aistatecraft info --path {file}' shows its state.")
    if not file.is_file():
        raise ReadError(f"{file}: this is neither an existing file nor a version number; check the path.")
    digest, size = _measured(file)
    entry = _with(known.register.entries, digest)
    if entry is not None:
        return _good(entry, file)
    package = open_package(file)
    if package.root is not None:
        raise UsageError(
            f"{file}: this is the descriptor of a directory, but verify expects an archive; 'aistatecraft info --path {file}' shows its state."
        )
    if known.register.find(package.version) is None:
        # Only a place that the user set can know it.
        entry = _with(known.entries(), digest)
    return (
        _unlike(known, package, Verdict(False, "", str(file), package.version, "", digest, size)) if entry is None else _good(entry, file)
    )


def _with(entries: Iterable[RegisterEntry], digest: str) -> RegisterEntry | None:
    return next((entry for entry in entries if entry.sha256 == digest), None)


def _good(entry: RegisterEntry, file: Path) -> Verdict:
    sentence = (
        f"{file}: this is the archive released as {entry.version} on {entry.released} ({entry.bytes:,} bytes, SHA-256 {entry.sha256})."
    )
    return Verdict(True, sentence, str(file), entry.version, entry.released, entry.sha256, entry.bytes, entry.sha256, entry.bytes)


def _measured(file: Path) -> tuple[str, int]:
    try:
        with file.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            return digest, handle.tell()
    except OSError as error:
        raise ReadError(f"{file}: cannot be read ({error.strerror or error}); check its permissions.") from None


def _of_version(known: Releases, version: str) -> Verdict:
    from aistatecraft.package.register import FOLDER

    entry = known.find(version)
    root = known.package.root
    file = root / FOLDER / entry.archive if root is not None and version in known.carried else known.archive(version)
    digest, size = _measured(file)
    # Not where it lies on this machine: what is printed here is passed on.
    name = f"{FOLDER}/{entry.archive}" if version in known.carried else entry.archive
    found = Verdict(digest == entry.sha256, "", name, version, entry.released, digest, size, entry.sha256, entry.bytes)
    if found.good:
        told = f"the archive is the one released on {entry.released} ({size:,} bytes, SHA-256 {digest}): {name}."
    else:
        told = f"the archive is not the one released on {entry.released}; restore {name}: {_hashes(found)}."
    return _said(found, f"{version}: {told}")


def _unlike(known: Releases, package: Package, found: Verdict) -> Verdict:
    """What is to be said of an archive that no register knows."""
    name, own = package.descriptor.get("name"), known.package.descriptor.get("name")
    version, wrong = package.version, altered(package)
    inside = f"; its hashes do not match its tables: {_few(wrong)}" if wrong else ""
    found = replace(found, altered=wrong)
    if name != own:
        return _said(found, f"{found.file}: this package is named {name!r}, but the register is that of {own!r}.")
    entry = known.register.find(version) or next((one for one in known.entries() if one.version == version), None)
    if entry is None:
        kind = "a snapshot between two releases" if "-" in version else "a version that was never released"
        return _said(
            found, f"{found.file}: {f'it claims to be {version}, which is {kind}' if version else 'it states no version'}{inside}."
        )
    return _against(known, package, found, entry, inside)


def _against(known: Releases, package: Package, found: Verdict, entry: RegisterEntry, inside: str) -> Verdict:
    found = replace(found, released=entry.released, registered_sha256=entry.sha256, registered_bytes=entry.bytes)
    head = f"{found.file}: it claims to be {entry.version} but is not the archive released on {entry.released}"
    try:
        released = known.opened(entry.version)
    except AistatecraftError:
        return _said(found, f"{head}: {_hashes(found)}{inside}.")
    differing = tuple(sorted(path for path in _files(package) | _files(released) if _bytes(package, path) != _bytes(released, path)))
    tables = {resource.path for resource in (*package.resources.values(), *released.resources.values())}
    if not differing:
        what = "but every file in it is identical to that of the release; only the ZIP container differs"
    elif tables & set(differing):
        what = f"and its tables differ from those of the release: {_few(sorted(tables & set(differing)))}"
    else:
        what = f"but its tables are identical to those of the release; other files differ: {_few(differing)}"
    return _said(found, f"{head} ({_hashes(found)}), {what}{inside}.", differing)


def _said(found: Verdict, sentence: str, differing: tuple[str, ...] | None = None) -> Verdict:
    return replace(found, sentence=sentence, differing=differing)


def _hashes(found: Verdict) -> str:
    size = "" if found.bytes == found.registered_bytes else f", {found.bytes:,} bytes instead of {found.registered_bytes:,}"
    return f"its SHA-256 is {found.sha256} instead of {found.registered_sha256}{size}"


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:5]) + (f" and {len(listed) - 5} more" if len(listed) > 5 else "")


def _files(package: Package) -> set[str]:
    out = {package.descriptor_path, *package.store.names(".")}
    for resource in package.resources.values():
        out |= {resource.path} | ({resource.schema_path} if resource.schema_path else set())
    return out


def _bytes(package: Package, path: str) -> bytes | None:
    return package.store.read(path) if package.store.exists(path) else None


def altered(package: Package) -> tuple[str, ...]:
    """Tables of an archive whose bytes do not fit the hash that its own descriptor states; those without one are not judged."""
    out = []
    for name, resource in package.resources.items():
        algorithm, _, stated = str(resource.descriptor.get("hash") or "").rpartition(":")
        algorithm = (algorithm or "md5").lower()  # as the Data Package standard has it
        if stated and algorithm in hashlib.algorithms_guaranteed and not algorithm.startswith("shake"):
            found = hashlib.new(algorithm, package.store.read(resource.path), usedforsecurity=False)
            if found.hexdigest() != stated.lower():
                out.append(name)
    return tuple(out)
