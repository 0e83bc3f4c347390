"""The archive of a release: the data package as one zip file.

It holds plain CSV, JSON and Markdown, entries sorted, stored without compression (two machines have two builds of zlib,
and then two different archives), with one fixed time stamp: the same data give the same bytes anywhere.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from typing import Any

from aistatecraft.errors import ReadError
from aistatecraft.package import Package, Resource, clean_records

__all__ = ["archive_name", "build_archive", "stamped_companion"]

_COMPANIONS = ("CITATION.cff", "LICENSE-DATA", "suppressions.csv", "exceptions.csv")
_STAMP = (1980, 1, 1, 0, 0, 0)


def archive_name(package: Package, version: str) -> str:
    """Name of the archive of a package in a version."""
    # The standard allows slashes in the name of a package; in that of a file they would lead elsewhere.
    return f"{re.sub('[^A-Za-z0-9._-]+', '-', str(package.descriptor.get('name') or 'package'))}-{version}.zip"


def _table(package: Package, resource: Resource) -> tuple[bytes, int]:
    """The table as canonical CSV (UTF-8, LF, minimal quoting, fields in schema order), and its number of rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(resource.schema.names)
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
            entries[name] = stamped_companion(name, package.store.read(name).replace(b"\r\n", b"\n"), version, released)
    try:
        entries["datapackage.json"] = (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
    except UnicodeEncodeError:  # JSON can say such a thing as "\ud800"
        raise ReadError(
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


def stamped_companion(name: str, data: bytes, version: str, released: str) -> bytes:
    """A file that stands beside the tables as it is released: the citation states version and day, the others stay as they are.

    A version in the making (0.4.0-dev) has no day of release.
    """
    if name != "CITATION.cff":
        return data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"{name}: byte {error.start + 1} is not UTF-8; save the file as UTF-8.") from None
    text = re.sub(r"(?m)^date-released:.*(\n|\Z)", "", text)
    day = "" if "-" in version else f"\ndate-released: {released}"
    return re.sub(r"(?m)^version: .*$", f"version: {version}{day}", text, count=1).encode("utf-8")
