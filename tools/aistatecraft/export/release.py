"""Building a release: all its formats, the register, and the files that state the version, changed as one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aistatecraft.errors import ReadError, RefusedError, UsageError, nearest, plural
from aistatecraft.fixing.package import open_to_write
from aistatecraft.package import Package, open_package
from aistatecraft.package.locate import home, is_installed, refuse_installed
from aistatecraft.package.register import FOLDER, Register, RegisterEntry
from aistatecraft.package.transaction import Change, changing, commit, made_folder
from aistatecraft.releases.archive import archive_name, build_archive
from aistatecraft.releases.bump import DEV, changes_since, checked_version, is_dev, lowest_version, next_dev, refuse_too_low
from aistatecraft.releases.release_state import is_release
from aistatecraft.validation.run import Progress, validate_package

if TYPE_CHECKING:
    from aistatecraft.comparison.changes import ChangeSet

__all__ = ["BuiltRelease", "build_archive", "release"]

CHANGES = "changes.json"
"""File of a release that holds the change set from the version before it."""


@dataclass(frozen=True)
class BuiltRelease:
    """A release that was built."""

    version: str
    released: str
    archive: Path
    sha256: str
    bytes: int
    rows: dict[str, int]
    new: bool
    """Whether the version was registered now; False where it was released before and the archive is the same."""
    bump: str
    """What the changes since the last release demand: major, minor, patch or none."""
    snapshot: bool = False
    """Whether the tables have changed since the version that they state, so that this is no release but a snapshot."""
    files: tuple[Path, ...] = ()
    """All files that were written to the directory of the release."""
    left_out: Mapping[str, str] | None = None
    """Formats that were not built, and the extra that each needs."""
    coming: str = ""
    """The version in the making that the package states after a new release."""


def release(
    version: str | None = None,
    *,
    path: str | Path | None = None,
    out: str | Path = "dist",
    date: str | None = None,
    formats: Iterable[str] | None = None,
    base_url: str = "",
    progress: Progress | None = None,
) -> BuiltRelease:
    """Release a package: validate it, compare it with the last release, build all formats and register it.

    Parameters
    ----------
    version : str or None
        The new version. Where it is None that of the descriptor: if that is one in the making (``0.4.0-dev``), or was
        released with other content, a snapshot is built, which is not registered; where the data are still those of the
        last release, that is built again.
    path : str, Path or None
        Directory of the package; that of this installation where it is None, which must be a checkout.
    out : str or Path
        Directory for the files of the release.
    date : str or None
        Day of the release as YYYY-MM-DD; today (UTC) where it is None. A version that was released keeps its day.
    formats : names of formats, or None
        Which to build, the archive always among them. Where it is None: all; a version that is new needs the libraries for
        them, otherwise those whose library is missing are left out.
    base_url : str
        Address of the folder where the files will be found; empty, and then in none of them.
    progress : callable or None
        Told of the validation as it goes.

    Returns
    -------
    Built

    Raises
    ------
    RefusedError
        Where validation finds errors, the number is too low for the changes, or the version was released with other content.
    ReadError, UsageError
        Where the package cannot be read, the directory cannot be written, the version is none, or a library is missing.
    """
    with _held(path) as (package, change):
        return _released(package, change, version, Path(out), date, formats, base_url, progress)


@contextmanager
def _held(path: str | Path | None) -> Iterator[tuple[Package, Change | None]]:
    """A package, and the right to change it where it can be changed at all: what was released already is built from anywhere."""
    place = home() if path is None else Path(path)
    root = place.parent if place.suffix == ".json" and place.is_file() else place
    if root.is_dir() and not is_installed(root) and os.access(root, os.W_OK | os.X_OK):
        with open_to_write(place) as (package, change):
            yield package, change
    else:
        yield open_package(path), None


def _released(
    package: Package,
    change: Change | None,
    version: str | None,
    out: Path,
    date: str | None,
    formats: Iterable[str] | None,
    base_url: str,
    progress: Progress | None,
) -> BuiltRelease:
    """As `release`, for a package that is open."""
    asked = version is not None
    if version is None:
        version = package.version
        checked_version(version.removesuffix(DEV))
    else:
        checked_version(version)
    if not package.resources:
        raise ReadError(f"{package.store.label}: the package has no tables.")
    if date is not None:
        _check_day(date)
    register = Register.of(package)
    report = validate_package(package, progress=progress)
    if not report.fine:
        raise RefusedError(
            f"{package.store.label}: validation finds {plural(report.errors, 'error')}, so nothing is released; see them with 'aistatecraft validate'. The first: {report.findings[0].sentence}"
        )
    known = register.last if is_dev(version) else register.find(version)
    work = _Work(package, change, register, out, formats, base_url)
    if known and is_release(package, register, known):
        return work.again(known)
    if known and asked:
        raise RefusedError(
            f"{version} was released on {known.released} with other content; a released version never changes, so choose a higher number: aistatecraft release VERSION."
        )
    if known or is_dev(version):
        return work.snapshot(version)
    return work.new(version, date or dt.datetime.now(dt.UTC).date().isoformat())


def _check_day(date: str) -> None:
    try:
        exact = dt.date.fromisoformat(date).isoformat() == date  # 20261125 and 2026-W48-3 are ISO dates as well
    except ValueError:
        exact = False
    if not exact:
        raise UsageError(f"{date!r} is not a day written as YYYY-MM-DD.")


class _Work:
    """One run of `release`, once it is known what is to be built."""

    def __init__(
        self, package: Package, change: Change | None, register: Register, out: Path, formats: Iterable[str] | None, base_url: str
    ) -> None:
        self.package = package
        self.change = change
        self.register = register
        self.out = out
        self.formats = None if formats is None else list(formats)
        self.base_url = base_url
        self.rows: dict[str, int] = {}

    def again(self, known: RegisterEntry) -> BuiltRelease:
        """A version that was released before, with the same content: the archive is the registered one, whatever would be built today."""
        archive = self.register.archive(known.version)
        data, self.rows = build_archive(self.package, known.version, known.released)
        if archive is not None:
            data = archive.read_bytes()
        at = self.register.versions.index(known.version)
        changes = None
        if at:
            changes = changes_since(self.package, self.register, self.register.versions[at - 1], known.version, known.released)
        files, left_out = self._files(known.version, known.released, data, changes, all_needed=False)
        self._write(files)
        return self._built(known.version, known.released, files, data, False, "none", left_out)

    def snapshot(self, version: str) -> BuiltRelease:
        """The package as it is, between two releases; under the lowest number that may come next where its own was released."""
        last = self.register.last
        day = str(self.package.descriptor.get("created", ""))[:10] or "1980-01-01"
        changes = changes_since(self.package, self.register, last.version, version, day) if last else None
        bump = changes.bump if changes else "none"
        if last and not is_dev(version):
            version = f"{lowest_version(last.version, bump)}{DEV}"
            changes = changes_since(self.package, self.register, last.version, version, day)
        data, self.rows = build_archive(self.package, version, day)
        files, left_out = self._files(version, day, data, changes, all_needed=False)
        self._write(files)
        return self._built(version, "", files, data, False, bump, left_out, snapshot=True)

    def new(self, version: str, released: str) -> BuiltRelease:
        """A version that was not released before."""
        from aistatecraft.releases.version_files import stamped

        data, self.rows = build_archive(self.package, version, released)

        changes = None
        last = self.register.last
        if last is not None:
            changes = changes_since(self.package, self.register, last.version, version, released)
            refuse_too_low(version, last.version, changes)
        root = self.package.root
        if root is None:
            raise RefusedError(f"{self.package.store.label}: an archive cannot be released again; unpack it into a directory first.")
        refuse_installed(root)
        if self.change is None:
            raise ReadError(f"{root}: cannot be written (no permission), but a release is registered there; check the permissions.")
        name = archive_name(self.package, version)
        files, left_out = self._files(version, released, data, changes, all_needed=True)
        entry = RegisterEntry(version, released, name, hashlib.sha256(data).hexdigest(), len(data), self.rows)
        register = Register(self.package, [*self.register.entries, entry])
        self._write(
            files,
            {
                root / FOLDER / name: data,
                **stamped(self.package, version, released, changes),
                root / FOLDER / "register.json": register.as_json().encode("utf-8"),
            },
        )
        return self._built(version, released, files, data, True, changes.bump if changes is not None else "none", left_out)

    def _files(
        self, version: str, released: str, data: bytes, changes: ChangeSet | None, *, all_needed: bool
    ) -> tuple[dict[Path, bytes], dict[str, str]]:
        """The files of the directory of a release, and the formats that were left out."""
        from aistatecraft.export import EXPORT_FORMATS, SUMS, build, file_name, missing_extra
        from aistatecraft.export.checksums import sha256sums

        for name in self.formats or []:
            if name not in EXPORT_FORMATS:
                raise UsageError(f"{name!r} is not a format; {nearest(name, list(EXPORT_FORMATS))}")
        built = {file_name(self.package, version, "csv"): data}
        left_out: dict[str, str] = {}
        for name in EXPORT_FORMATS if self.formats is None else self.formats:
            if name == "csv" or (self.formats is None and not EXPORT_FORMATS[name].fits(self.package)):
                continue
            extra = missing_extra(name)
            if extra is not None and self.formats is None and not all_needed:
                left_out[name] = extra
                continue
            built |= build(name, self.package, version=version, released=released, base_url=self.base_url, files=built)
        if changes is not None:
            built[CHANGES] = (json.dumps(changes.as_dict(), ensure_ascii=False, indent=1) + "\n").encode("utf-8")
        built[SUMS] = sha256sums(built)
        return {self.out / name: content for name, content in built.items()}, left_out

    def _write(self, files: Mapping[Path, bytes], own: Mapping[Path, bytes] | None = None) -> None:
        """Write `files`, which lie in the directory of the release, and `own`, which lie in the package: all, or none.

        A directory outside of the package is a change of its own, so that recovery in a package never writes anywhere else. The
        package is changed first: where the other change is then cut off, building the release again gives its files.
        """
        if self.change is not None and self.change.takes(self.out):
            self.change.commit({**files, **(own or {})})
            return
        with made_folder(self.out), changing(self.out) as beside:
            parts = [(beside, files)]
            if self.change is not None and own:
                parts.insert(0, (self.change, own))
            commit(*parts)

    def _built(
        self,
        version: str,
        released: str,
        files: Mapping[Path, bytes],
        data: bytes,
        new: bool,
        bump: str,
        left_out: dict[str, str],
        *,
        snapshot: bool = False,
    ) -> BuiltRelease:
        archive = self.out / archive_name(self.package, version)
        digest = hashlib.sha256(data).hexdigest()
        coming = next_dev(version) if new else ""
        return BuiltRelease(version, released, archive, digest, len(data), self.rows, new, bump, snapshot, tuple(files), left_out, coming)
