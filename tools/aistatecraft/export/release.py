"""Building a release: all its formats, the register, and the files that state the version, changed as one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aistatecraft.errors import ReadError, RefusedError, UsageError, nearest, plural
from aistatecraft.package import Package, open_package
from aistatecraft.package.register import FOLDER, Register, RegisterEntry
from aistatecraft.package.transaction import commit
from aistatecraft.releases.archive import archive_name, build_archive
from aistatecraft.releases.bump import changes_since, checked_version, lowest_version, refuse_too_low
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
        The new version. Where it is None that of the descriptor; if that was released with other content, a snapshot is
        built under the next version with ``-dev`` behind it, and is not registered.
    path : str, Path or None
        Directory of the package; that of this installation where it is None.
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
    package = open_package(path)
    asked = version is not None
    version = checked_version(version if version is not None else package.version)
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
    known = register.find(version)
    released = known.released if known else date or dt.datetime.now(dt.UTC).date().isoformat()
    data, rows = build_archive(package, version, released)
    digest = hashlib.sha256(data).hexdigest()
    work = _Work(package, register, Path(out), formats, base_url, rows)
    if known and known.sha256 == digest:
        return work.again(known, data)
    if known and asked:
        raise RefusedError(
            f"{version} was released on {known.released} with other content (SHA-256 {known.sha256[:12]}..., now {digest[:12]}...); a released version never changes, so choose a higher number: aistatecraft release VERSION."
        )
    return work.snapshot() if known else work.new(version, released, data)


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
        self, package: Package, register: Register, out: Path, formats: Iterable[str] | None, base_url: str, rows: dict[str, int]
    ) -> None:
        self.package = package
        self.register = register
        self.out = out
        self.formats = None if formats is None else list(formats)
        self.base_url = base_url
        self.rows = rows

    def again(self, known: RegisterEntry, data: bytes) -> BuiltRelease:
        """A version that was released before, with the same content."""
        at = self.register.versions.index(known.version)
        changes = None
        if at:
            changes = changes_since(self.package, self.register, self.register.versions[at - 1], known.version, known.released)
        files, left_out = self._files(known.version, known.released, data, changes, all_needed=False)
        self._commit(self.out, files)
        return self._built(known.version, known.released, files, data, False, "none", left_out)

    def snapshot(self) -> BuiltRelease:
        """The package as it is, between two releases."""
        last = self.register.entries[-1].version
        day = str(self.package.descriptor.get("created", ""))[:10] or "1980-01-01"
        bump = changes_since(self.package, self.register, last, last, day).bump
        version = f"{lowest_version(last, bump)}-dev"
        data, self.rows = build_archive(self.package, version, day)
        changes = changes_since(self.package, self.register, last, version, day)
        files, left_out = self._files(version, day, data, changes, all_needed=False)
        self._commit(self.out, files)
        return self._built(version, "", files, data, False, bump, left_out, snapshot=True)

    def new(self, version: str, released: str, data: bytes) -> BuiltRelease:
        """A version that was not released before."""
        from aistatecraft.releases.version_files import stamped

        changes = None
        last = self.register.last
        if last is not None:
            changes = changes_since(self.package, self.register, last.version, version, released)
            refuse_too_low(version, last.version, changes)
        root = self.package.root
        if root is None:
            raise RefusedError(f"{self.package.store.label}: an archive cannot be released anew; unpack it into a directory first.")
        name = archive_name(self.package, version)
        files, left_out = self._files(version, released, data, changes, all_needed=True)
        entry = RegisterEntry(version, released, name, hashlib.sha256(data).hexdigest(), len(data), self.rows)
        register = Register(self.package, [*self.register.entries, entry])
        self._commit(
            root,
            {
                **files,
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
        from aistatecraft.export import EXPORT_FORMATS, SUMS, build, file_name
        from aistatecraft.export.checksums import sha256sums
        from aistatecraft.export.extras import missing_extra

        for name in self.formats or []:
            if name not in EXPORT_FORMATS:
                raise UsageError(f"{name!r} is not a format; {nearest(name, list(EXPORT_FORMATS))}")
        built = {file_name(self.package, version, "csv"): data}
        left_out: dict[str, str] = {}
        for name in EXPORT_FORMATS if self.formats is None else self.formats:
            if name == "csv":
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

    def _commit(self, root: Path, files: Mapping[Path, bytes]) -> None:
        if root == self.out and not root.is_dir():
            try:
                root.mkdir(parents=True)
            except OSError as error:
                first = next(iter(files))
                raise ReadError(
                    f"{first}: cannot be written ({error.strerror or error}); free some space or check the permissions. Nothing was changed."
                ) from None
        commit(root, files)

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
        return BuiltRelease(version, released, archive, digest, len(data), self.rows, new, bump, snapshot, tuple(files), left_out)
