"""Building a release.

The archive is a zip of plain CSV, JSON and Markdown, entries sorted, stored without compression (two machines have two
builds of zlib, and then two different archives), with one fixed time stamp: the same data give the same bytes anywhere.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import Refused, Unreadable, WrongUse
from aistatecraft.reading import Package, Resource, clean_records, open_package
from aistatecraft.release.register import FOLDER, Entry, Register
from aistatecraft.release.write import write_all
from aistatecraft.validation.run import Progress, validate_package

if TYPE_CHECKING:
    from aistatecraft.diff.changes import ChangeSet

__all__ = ["Built", "build_archive", "release"]

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_COMPANIONS = ("CITATION.cff", "LICENSE-DATA", "exceptions.csv")
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Built:
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


def _table(package: Package, resource: Resource) -> tuple[bytes, int]:
    """The table as canonical CSV (UTF-8, LF, minimal quoting, fields in schema order), and its number of rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(resource.plan.names)
    rows = 0
    for record in clean_records(package, resource):
        writer.writerow("" if cell is None else cell for cell in record.cells)
        rows += 1
    return out.getvalue().encode("utf-8"), rows


def build_archive(package: Package, version: str, released: str) -> tuple[bytes, dict[str, int]]:
    """The archive of a package as `version`, released on the day `released`; and the rows of each table."""
    descriptor: dict[str, Any] = json.loads(json.dumps(dict(package.descriptor)))
    descriptor["version"] = version
    descriptor["created"] = f"{released}T00:00:00Z"
    entries: dict[str, bytes] = {}
    rows: dict[str, int] = {}
    for entry in descriptor["resources"]:
        resource = package.resource(entry["name"])
        data, rows[resource.name] = _table(package, resource)
        entries[resource.path] = data
        entry["bytes"] = len(data)
        entry["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
        entry["rowCount"] = rows[resource.name]
        # The archive holds the canonical form, whatever the dialect of the file it was made from.
        entry.get("dialect", {}).pop("delimiter", None)
        entry.get("dialect", {}).pop("quoteChar", None)
        if resource.schema_path:
            entries[resource.schema_path] = package.store.read(resource.schema_path).replace(b"\r\n", b"\n")
    for name in _COMPANIONS:
        if package.store.exists(name):
            entries[name] = _stamped_companion(name, package.store.read(name).replace(b"\r\n", b"\n"), version, released)
    try:
        entries["datapackage.json"] = (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
    except UnicodeEncodeError:  # JSON can say such a thing as "\ud800"
        raise Unreadable(
            f"{package.descriptor_path}: it or a schema holds half of a character (a lone surrogate); write the whole one."
        ) from None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, _STAMP)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, entries[name])
    return out.getvalue(), rows


def _stamped_companion(name: str, data: bytes, version: str, released: str) -> bytes:
    if name != "CITATION.cff":
        return data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name}: byte {error.start + 1} is not UTF-8; save the file as UTF-8.") from None
    text = re.sub(r"(?m)^version: .*$", f"version: {version}", text)
    return re.sub(r"(?m)^date-released: .*$", f"date-released: {released}", text).encode("utf-8")


def _checked_version(version: str, package: Package) -> str:
    if not _VERSION.fullmatch(version):
        raise WrongUse(f"{version!r} is not a version number of the form 1.2.3.")
    if not package.resources:
        raise Unreadable(f"{package.store.label}: the package has no tables.")
    return version


def release(
    version: str | None = None,
    *,
    path: str | Path | None = None,
    out: str | Path = "dist",
    date: str | None = None,
    progress: Progress | None = None,
) -> Built:
    """Release a package: validate it, compare it with the last release, build the archive and register it.

    Parameters
    ----------
    version : str or None
        The new version. Where it is None that of the descriptor; if that was released with other content, a snapshot is
        built under the next version with ``-dev`` behind it, and is not registered.
    path : str, Path or None
        Directory of the package; that of this installation where it is None.
    out : str or Path
        Directory into which the archive is put as well.
    date : str or None
        Day of the release (YYYY-MM-DD); today where it is None. A version that was released keeps its day.
    progress : callable or None
        Called as the work goes on.

    Returns
    -------
    Built

    Raises
    ------
    Refused
        Where validation finds errors, the version was released with other content, or it is too low for the changes.
        Nothing was written then.
    Unreadable, WrongUse
        Where the package cannot be read, the directory cannot be written, or the version is none.
    """
    package = open_package(path)
    asked = version is not None
    version = _checked_version(version if version is not None else package.version, package)
    if date is not None:
        try:
            exact = dt.date.fromisoformat(date).isoformat() == date  # 20261125 and 2026-W48-3 are ISO dates as well
        except ValueError:
            exact = False
        if not exact:
            raise WrongUse(f"{date!r} is not a day written as YYYY-MM-DD.")
    register = Register.of(package)
    report = validate_package(package, progress=progress)
    if not report.fine:
        raise Refused(
            f"{package.store.label}: validation finds {report.errors:,} error{'s' if report.errors != 1 else ''}, so nothing is released; see them with 'aistatecraft validate'. The first: {report.findings[0].sentence}"
        )
    known = register.find(version)
    released = known.released if known else date or dt.datetime.now(dt.UTC).date().isoformat()
    data, rows = build_archive(package, version, released)
    digest = hashlib.sha256(data).hexdigest()
    if known and known.sha256 == digest:
        target = Path(out) / _archive_name(package, version)
        write_all({target: data})
        return Built(version, released, target, digest, len(data), rows, False, "none")
    if known and asked:
        raise Refused(
            f"{version} was released on {known.released} with other content (SHA-256 {known.sha256[:12]}..., now {digest[:12]}...); a released version never changes, so choose a higher number: aistatecraft release VERSION."
        )
    if known:
        return _snapshot(package, register, out)
    bump = _checked_bump(package, register, version)
    if package.root is None:
        raise Refused(f"{package.store.label}: an archive cannot be released anew; unpack it into a directory first.")
    name = _archive_name(package, version)
    target = Path(out) / name
    entry = Entry(version, released, name, digest, len(data), rows)
    register.entries.append(entry)
    write_all(
        {
            target: data,
            package.root / FOLDER / name: data,
            **_stamped(package, version, released),
            package.root / FOLDER / "register.json": register.as_json().encode("utf-8"),
        }
    )
    return Built(version, released, target, digest, len(data), rows, True, bump)


def _archive_name(package: Package, version: str) -> str:
    # The standard allows slashes in the name of a package; in that of a file they would lead elsewhere.
    return f"{re.sub('[^A-Za-z0-9._-]+', '-', str(package.descriptor.get('name') or 'package'))}-{version}.zip"


def _snapshot(package: Package, register: Register, out: str | Path) -> Built:
    """The package as it is, between two releases."""
    changes, needed = _changes(package, register)
    version, day = f"{needed}-dev", str(package.descriptor.get("created", ""))[:10] or "1980-01-01"
    data, rows = build_archive(package, version, day)
    target = Path(out) / _archive_name(package, version)
    write_all({target: data})
    return Built(version, "", target, hashlib.sha256(data).hexdigest(), len(data), rows, False, changes.bump, snapshot=True)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _changes(package: Package, register: Register) -> tuple[ChangeSet, str]:
    """What changed since the last release, and the lowest version that this demands."""
    from aistatecraft.diff import compare
    from aistatecraft.diff.changes import raised

    last = register.entries[-1]
    archive = register.archive(last.version)
    if archive is None:
        raise Refused(f"{FOLDER}/{last.archive} is missing, so the changes since {last.version} cannot be told; restore it.")
    changes = compare(open_package(archive), package)
    # Before 1.0.0 nothing is promised yet, and what breaks raises the minor number.
    early = changes.bump == "major" and _number(last.version)[0] == 0
    bump = "minor" if early else "patch" if changes.bump == "none" else changes.bump
    return changes, raised(last.version, bump)


def _checked_bump(package: Package, register: Register, version: str) -> str:
    """What the changes since the last release demand; `Refused` where `version` is lower than that."""
    last = register.last
    if last is None:
        return "none"
    if _number(version) <= _number(last.version):
        raise Refused(f"{version} is not higher than {last.version}, which was released last; choose a higher number.")
    changes, needed = _changes(package, register)
    if _number(version) < _number(needed):
        wanted = {"major": "breaking", "minor": "addition"}
        worst = next(change for change in changes.changes if changes.bump in ("none", "patch") or change.kind == wanted[changes.bump])
        raise Refused(
            f"{version} is too low for the changes since {last.version}: {worst.reason} ({worst.table} {worst.key} {worst.field}".rstrip()
            + f"); it must be {needed} or higher."
        )
    return changes.bump


def _stamped(package: Package, version: str, released: str) -> dict[Path, bytes]:
    """Files that state the version, with the new one. The Python version is read from datapackage.json at build time."""
    root = package.root
    assert root is not None
    text = package.store.read(package.descriptor_path).decode("utf-8-sig")
    text = re.sub(r'(?m)^(  "version": )"[^"]*"', rf'\g<1>"{version}"', text, count=1)
    text = re.sub(r'(?m)^(  "created": )"[^"]*"', rf'\g<1>"{released}T00:00:00Z"', text, count=1)
    if json.loads(text).get("version") != version:
        raise Refused(
            f'{package.descriptor_path}: the version cannot be stamped; write it as a line of its own, two spaces and "version": "{package.version}".'
        )
    files = {root / package.descriptor_path: text.encode("utf-8")}
    citation = root / "CITATION.cff"
    if citation.is_file():
        files[citation] = _stamped_companion("CITATION.cff", citation.read_bytes(), version, released)
    return files
