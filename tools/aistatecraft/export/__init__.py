"""The formats of a release: one pure function each, from a package to the bytes of a file.

Nothing here writes to disk, asks for the time or looks at the machine: the same package, version and day give the same
bytes anywhere. Where a library takes part in writing the bytes (Parquet, XLSX), the same version of that library is
needed, too. `EXPORT_FORMATS` tells which formats there are; their modules, and what these need, are imported when a format is built.
"""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aistatecraft.errors import RefusedError, UsageError, nearest
from aistatecraft.package.extras import LIBRARIES, installed

if TYPE_CHECKING:
    from aistatecraft.package import Package

__all__ = ["EXPORT_FORMATS", "SUMS", "ExportFormat", "build", "build_all", "file_name", "missing_extra"]

SUMS = "SHA256SUMS"
"""Name of the file that holds the hashes of all others."""


@dataclass(frozen=True)
class ExportFormat:
    """One format of a release."""

    name: str
    suffix: str
    """What follows NAME-VERSION in the name of its file."""
    extra: str | None
    """The optional dependencies that building it needs, as in ``pip install 'aistatecraft[extra]'``; None where the core is enough."""
    mediatype: str
    description: str
    """One line: what is in the file."""
    holds_tables: bool = True
    """Whether the file holds the tables; False where it only describes them."""
    table: str = ""
    """The table that it is made of; empty where it is made of all. A release of a package without that table has no such file."""

    def fits(self, package: Package) -> bool:
        """Whether the package has the table that the file is made of."""
        return not self.table or self.table in package.resources


_LISTED = (
    ExportFormat("csv", ".zip", None, "application/zip", "The data package: one CSV file per table, with datapackage.json and the schemas"),
    ExportFormat("parquet", "-parquet.zip", "arrow", "application/zip", "One typed Parquet file per table, each in a folder, with descriptions of all fields"),
    ExportFormat("sqlite", ".sqlite", None, "application/vnd.sqlite3", "A SQLite database with keys, constraints, indices and views"),
    ExportFormat(
        "xlsx", ".xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "A workbook: one sheet per table, with the codebook"
    ),
    ExportFormat("jsonld", ".jsonld", None, "application/ld+json", "Metadata for search engines: a schema.org Dataset", holds_tables=False),
    ExportFormat("croissant", ".croissant.json", "arrow", "application/ld+json", "Metadata for machine learning: Croissant 1.1", holds_tables=False),
    ExportFormat("datacite", ".datacite.json", None, "application/json", "Metadata for the registration of a DOI: DataCite 4.5", holds_tables=False),
    ExportFormat("zenodo", ".zenodo.json", None, "application/json", "Metadata for a deposit with Zenodo", holds_tables=False),
    ExportFormat("datasette", ".datasette.json", None, "application/json", "Metadata for Datasette: titles, columns, facets", holds_tables=False),
    ExportFormat(
        "sources-csl", ".sources.csl.json", None, "application/vnd.citationstyles.csl+json", "All sources as CSL JSON", holds_tables=False, table="sources"
    ),
    ExportFormat("sources-bib", ".sources.bib", None, "application/x-bibtex", "All sources as BibTeX", holds_tables=False, table="sources"),
)  # fmt: skip
EXPORT_FORMATS: Mapping[str, ExportFormat] = {format.name: format for format in _LISTED}
"""The formats by name, in the order in which they are built: those that hold tables before those that describe files."""


def missing_extra(format: str) -> str | None:
    """The extra that has to be installed before a format can be built; None where nothing is missing."""
    extra = EXPORT_FORMATS[format].extra
    return None if extra is None or installed(LIBRARIES[extra]) else extra


def file_name(package: Package, version: str, format: str) -> str:
    """Name of the file of a package in a format: NAME-VERSION and the suffix of the format."""
    # The standard allows slashes in the name of a package; in that of a file they would lead elsewhere.
    name = re.sub("[^A-Za-z0-9._-]+", "-", str(package.descriptor.get("name") or "package"))
    return f"{name}-{version}{EXPORT_FORMATS[format].suffix}"


def build(
    format: str, package: Package, *, version: str, released: str, base_url: str = "", files: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """A package in one format.

    Parameters
    ----------
    format : str
        A name of `EXPORT_FORMATS`.
    package : Package
        What is released. It must validate.
    version, released : str
        The version, and its day as YYYY-MM-DD; they stand in the file in place of those of the descriptor.
    base_url : str
        Address of the folder in which the files will be found; without it no file is given an address.
    files : mapping of file name to bytes, or None
        Files of the same release that were built before. Formats that describe files take size and hash from them; what
        Croissant cannot do without, it builds itself.

    Returns
    -------
    dict of file name to bytes, with one entry

    Raises
    ------
    UsageError
        Where there is no such format, the libraries that it needs are not installed, `base_url` is no address, or
        `released` is no day.
    RefusedError
        Where the format cannot hold the package, as a worksheet cannot hold a text of 40,000 characters, or is made of a table
        that the package does not have.
    ReadError, DataError
        Where a table cannot be read.
    """
    if format not in EXPORT_FORMATS:
        raise UsageError(f"{format!r} is not a format; {nearest(format, list(EXPORT_FORMATS))}")
    if not EXPORT_FORMATS[format].fits(package):
        raise RefusedError(
            f"{package.descriptor_path}: the format {format} is built from the table {EXPORT_FORMATS[format].table!r}, which this package does not have; omit it."
        )
    if base_url and not re.fullmatch(r"https?://[^\s<>\"]+", base_url):
        raise UsageError(f"{base_url!r} is not the web address of a folder; write it with https:// and without spaces.")
    if not _is_day(released):
        raise UsageError(f"{released!r} is not a day written as YYYY-MM-DD.")
    module = importlib.import_module(f"{__name__}.{_MODULES.get(format, format)}")
    data: bytes = (
        module.build(package, version=version, released=released)
        if EXPORT_FORMATS[format].holds_tables
        else getattr(module, _FUNCTIONS.get(format, "build"))(
            package, version=version, released=released, base_url=base_url, files=files or {}
        )
    )
    return {file_name(package, version, format): data}


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text  # 20261125 is an ISO date as well
    except ValueError:
        return False


_FUNCTIONS = {"sources-csl": "build_csl", "sources-bib": "build_bibtex"}
_MODULES = {"csv": "archive", "sources-csl": "source_files", "sources-bib": "source_files"}


def build_all(
    package: Package, *, version: str, released: str, base_url: str = "", formats: Iterable[str] | None = None
) -> dict[str, bytes]:
    """A package in several formats, with the file of their hashes: all files of a release.

    Parameters
    ----------
    package, version, released, base_url : as for `build`
    formats : names of `EXPORT_FORMATS`, or None
        All that fit the package where it is None.

    Returns
    -------
    dict of file name to bytes
        In the order of `EXPORT_FORMATS`, `SUMS` last. Metadata state size and hash of each file that holds tables.

    Raises
    ------
    UsageError, RefusedError, ReadError, DataError
        As for `build`.
    """
    from aistatecraft.export.checksums import sha256sums

    wanted = [name for name, format in EXPORT_FORMATS.items() if format.fits(package)] if formats is None else list(formats)
    for format in wanted:
        if format not in EXPORT_FORMATS:
            raise UsageError(f"{format!r} is not a format; {nearest(format, list(EXPORT_FORMATS))}")
    files: dict[str, bytes] = {}
    for format in EXPORT_FORMATS:
        if format in wanted:
            files |= build(format, package, version=version, released=released, base_url=base_url, files=files)
    return {**files, SUMS: sha256sums(files)}
