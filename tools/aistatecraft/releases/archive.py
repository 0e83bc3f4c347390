"""The archive of a release: the data package as one zip file.

It holds plain CSV, JSON and Markdown, and says in README.txt and codebook.md what it is; entries are sorted, stored without compression (two machines have two builds of zlib,
and then two different archives), with one fixed time stamp: the same data give the same bytes anywhere.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import textwrap
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from aistatecraft.errors import ReadError
from aistatecraft.package import Package, Resource, clean_records
from aistatecraft.package.codebook import codebook_markdown

__all__ = ["archive_name", "build_archive", "stamped_companion"]

_COMPANIONS = ("CITATION.cff", "LICENSE-DATA", "suppressions.csv", "exceptions.csv")
_DIALECT = {"header": True, "delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}
"""How `_table` writes."""
_STAMP = (1980, 1, 1, 0, 0, 0)


def archive_name(package: Package, version: str) -> str:
    """Name of the archive of a package in a version."""
    # The standard allows slashes in the name of a package; in that of a file they would lead elsewhere.
    return f"{re.sub('[^A-Za-z0-9._-]+', '-', str(package.descriptor.get('name') or 'package'))}-{version}.zip"


def _table(package: Package, resource: Resource) -> tuple[bytes, int, list[str]]:
    """The table as canonical CSV (UTF-8, LF, minimal quoting, fields in schema order), its number of rows, and its codes of digits.

    These are the fields of text that a program which guesses types would take for numbers.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(resource.schema.names)
    rows = 0
    texts = {at: column.missing for at, column in enumerate(resource.schema.fields) if column.type in ("string", "any")}
    filled: set[int] = set()
    for record in clean_records(package, resource):
        writer.writerow("" if cell is None else cell for cell in record.cells)
        rows += 1
        for at, missing in list(texts.items()):
            cell = record.cells[at] or ""
            if cell not in missing:
                filled.add(at)
                if not (cell.isascii() and cell.isdigit()):
                    del texts[at]
    codes = [resource.schema.names[at] for at in texts if at in filled]
    return out.getvalue().encode("utf-8"), rows, codes


def build_archive(package: Package, version: str, released: str) -> tuple[bytes, dict[str, int]]:
    """The archive of a package as `version`, released on the day `released`; and the rows of each table."""
    descriptor: dict[str, Any] = json.loads(json.dumps(dict(package.descriptor)))
    descriptor["version"] = version
    descriptor["created"] = f"{released}T00:00:00Z"
    entries: dict[str, bytes] = {}
    rows: dict[str, int] = {}
    codes: list[str] = []
    for entry in descriptor["resources"]:
        resource = package.resource(entry["name"])
        data, rows[resource.name], digits = _table(package, resource)
        codes += [f"{resource.name}.{name}" for name in digits]
        entries[resource.path] = data
        entry["bytes"] = len(data)
        entry["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
        entry["rowCount"] = rows[resource.name]
        # The archive holds the canonical form, whatever the dialect of the file it was made from; it is stated in full, for there
        # are readers that assume nothing.
        entry |= {"encoding": "utf-8", "dialect": dict(_DIALECT)}
        entry |= {name: value for name, value in (("format", "csv"), ("mediatype", "text/csv")) if name in entry}
        if resource.schema_path:
            entries[resource.schema_path] = package.store.read(resource.schema_path).replace(b"\r\n", b"\n")
    for name in _COMPANIONS:
        if package.store.exists(name):
            entries[name] = stamped_companion(name, package.store.read(name).replace(b"\r\n", b"\n"), version, released)
    entries.setdefault("README.txt", _readme(package, version, released, rows, codes).encode("utf-8", "replace"))
    entries.setdefault("codebook.md", codebook_markdown(package).encode("utf-8", "replace"))
    try:
        entries["datapackage.json"] = (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
    except UnicodeEncodeError:  # JSON can say such a thing as "\ud800"
        raise ReadError(
            f"{package.descriptor_path}: it or a schema contains an incomplete character (a lone surrogate); write the complete character."
        ) from None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, _STAMP)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, entries[name])
    return out.getvalue(), rows


def _readme(package: Package, version: str, released: str, rows: Mapping[str, int], codes: Sequence[str]) -> str:
    """What somebody who has unpacked the archive must know, as plain text."""

    def line(text: object) -> str:
        return " ".join(text.split()) if isinstance(text, str) else ""

    schemas = [resource.schema for resource in package.resources.values()]
    words = sorted({word for schema in schemas for column in schema.fields for word in column.missing if word})
    stated = package.descriptor.get("licenses")
    licences = [entry for entry in stated if isinstance(entry, Mapping)] if isinstance(stated, list) else []
    parts = [
        f"{line(package.title)}\nVersion {version}, {'state of ' if '-' in version else ''}{released}",
        *_wrapped(line(package.descriptor.get("description"))),
        "Tables\n" + "\n".join(
            textwrap.fill(f"{package.resource(name).path}: {count:,} rows. {line(package.resource(name).schema.description)}".strip(), 100, initial_indent="  ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
            for name, count in rows.items()
        ),
        "Reading them\n" + textwrap.fill(
            "CSV, UTF-8, commas, double quotes around cells that need them, one header row. codebook.md says what each field means;"
            " datapackage.json and schemas/ do so in machine-readable form."
            " A blank cell means that the value is not known" + (f"; also treat as missing: {', '.join(words)}, which state the reason." if words else ".")
            + (f" Read codes of digits as text, or 004 becomes 4: {', '.join(codes)}." if codes else ""),
            100, break_long_words=False, break_on_hyphens=False,
        ),
        *("Licence: " + " ".join(filter(None, (line(entry.get("title")) or line(entry.get("name")), line(entry.get("path"))))) for entry in licences),
        *(["How to cite it: see CITATION.cff."] if package.store.exists("CITATION.cff") else []),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str) -> list[str]:
    return [textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)] if text else []


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
