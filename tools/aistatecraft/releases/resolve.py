"""From the words of a user to packages: paths, released versions, revisions of git, single tables."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aistatecraft.errors import ReadError, UsageError, nearest
from aistatecraft.package import Dialect, Package, Resource, compile_schema, open_package
from aistatecraft.package.csv_lines import opening_faults
from aistatecraft.package.csv_reader import MAX_CELL
from aistatecraft.package.descriptor import open_in
from aistatecraft.package.installed import installed
from aistatecraft.package.storage import as_path
from aistatecraft.releases.catalog import LATEST, Releases, releases_of

if TYPE_CHECKING:
    from aistatecraft.package.storage import Store

__all__ = ["Pair", "is_release", "named_package", "named_pair", "package_at"]

_VERSION = re.compile(rf"v?[0-9]+\.[0-9]+\.[0-9]+(-dev)?|{LATEST}")
STDIN = "-"
_DELIMITERS = (",", ";", "\t", "|")


def package_at(path: str | Path | None = None, version: str | None = None) -> Package:
    """The package at `path`, the released `version` (``latest`` and ``v0.4.0`` are understood), or that of this installation where both are None.

    A version comes from the archive that this installation carries, else from the place that the user set (see
    `aistatecraft.versions`).

    Raises
    ------
    UsageError
        Where both are given, or the version was never released or is not to be had.
    ReadError, RefusedError
        Where the package cannot be read or fetched, or an archive is not the one that was released.
    """
    if path is not None and version is not None:
        raise UsageError("name either a path or a version, not both.")
    if version is not None:
        return Releases().opened(version)
    return installed() if path is None else open_package(path)


class Pair(NamedTuple):
    """Two packages, the tables of them that are compared (all where it is None), and what they were called. What `compare` takes."""

    old: Package
    new: Package
    tables: tuple[str, ...] | None = None
    words: tuple[str, str] | None = None


def named_pair(old: str | Path, new: str | Path, *, tables: Sequence[str] = (), key: Sequence[str] = (), of: Package | None = None) -> Pair:
    """The two packages that two words name.

    Parameters
    ----------
    old, new : str or Path
        A directory, datapackage.json or zip archive; a released version; ``installed``; a git revision, or
        ``REVISION:FOLDER``; or a single table: a CSV file, or ``-`` for CSV on standard input.
    tables : names of the tables to look at; all where there are none
    key : fields that identify a row, for two single tables, which have no schema that could say it
    of : the package whose releases are meant by version numbers; that of this installation where it is None

    Raises
    ------
    ReadError, UsageError
        Where a word names nothing, or nothing that can be read.
    """
    single = [_is_table(word) for word in (old, new)]
    if key and not all(single):
        raise UsageError("the key of a package is defined in its schemas; omit --key.")
    # Where a release or the installation lies on this machine is nobody's business who reads a page of changes.
    words = _word(old), _word(new)
    if any(single):
        return Pair(*_single_pair(old, new, single, tables, key, of), words)
    places = [Path(word) if _exists(word) else None for word in (old, new)]
    pair = Pair(named_package(old, near=places[1], of=of), named_package(new, near=places[0], of=of), tuple(tables) or None, words)
    known = list(dict.fromkeys([*pair.old.resources, *pair.new.resources]))
    for table in tables:
        if table not in known:
            raise UsageError(f"{table!r} is not a table of either package; {nearest(table, known)}")
    return pair


def is_release(word: str | Path) -> bool:
    """Whether a word is taken for the number of a released version."""
    return _VERSION.fullmatch(str(word)) is not None and not _exists(word)


def _is_table(word: str | Path) -> bool:
    return str(word) == STDIN or (str(word).lower().endswith((".csv", ".tsv")) and not (_exists(word) and Path(word).is_dir()))


def _word(word: str | Path) -> str:
    return "standard input" if str(word) == STDIN else str(word) or "installed"


def _exists(word: str | Path) -> bool:
    try:
        return as_path(word).exists()
    except (OSError, ValueError):  # longer than names of files can be
        return False


def named_package(word: str | Path, *, near: Path | None = None, of: Package | None = None) -> Package:
    """The package that one word names; a revision is looked for in the repository of `near`, or of the current directory, a version
    among the releases of the package `of`, or of this installation.
    """
    text = str(word)
    if _exists(word):
        return open_package(word)
    if text in ("installed", ""):
        return installed()
    if isinstance(word, Path) or text.endswith((".zip", ".json")) or text.startswith(("-", "/", "./", "../")):
        return open_package(word)  # says that there is none
    if not _VERSION.fullmatch(text):
        return _at_revision(text, near)
    try:
        return releases_of(installed() if of is None else of).opened(text)
    except UsageError as error:
        try:
            return _at_revision(text, near)  # a tag can look like a version
        except (ReadError, UsageError):
            raise error from None


def _at_revision(text: str, near: Path | None) -> Package:
    from aistatecraft.package.git import GitStore

    revision, colon, folder = text.partition(":")
    directory = near if near is not None and near.is_dir() else near.parent if near is not None else Path()
    return open_in(GitStore(directory, revision, folder if colon else None), "datapackage.json")


def _single_pair(
    old: str | Path, new: str | Path, single: Sequence[bool], tables: Sequence[str], key: Sequence[str], of: Package | None
) -> tuple[Package, Package, tuple[str, ...]]:
    """Two packages of which at least one is a `single` table, and the name of the table; see `named_pair`."""
    if str(old) == str(new) == STDIN:
        raise UsageError("only one of the two tables can come from standard input; give a file for the other.")
    if all(single):
        name = next(Path(word).stem for word in (new, old) if str(word) != STDIN)
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", name) or "table"
        return _alone(old, name, key), _alone(new, name, key), (name,)
    at = single.index(True)
    package = named_package((new, old)[at], of=of)
    name = _table_of((old, new)[at], package, tables)
    part = _fitted((old, new)[at], package, name)
    return (part, package, (name,)) if at == 0 else (package, part, (name,))


def _table_of(word: str | Path, package: Package, tables: Sequence[str]) -> str:
    if len(tables) > 1:
        raise UsageError("a single file contains one table; give --table once.")
    name = tables[0] if tables else Path(word).stem
    if name not in package.resources and not tables:
        raise UsageError(
            f"which table is {str(word)!r} to be compared with? Name it with --table; there are: {', '.join(package.resources)}."
        )
    return package.resource(name).name


def _stored(word: str | Path, path: str) -> Store:
    from aistatecraft.package.memory_storage import FileStore, MemoryStore

    if str(word) == STDIN:
        return MemoryStore("standard input", {path: sys.stdin.buffer.read()})
    return FileStore(Path(word), path)


def _fitted(word: str | Path, whole: Package, name: str) -> Package:
    """A single file as the table `name` of a package like `whole`."""
    from aistatecraft.comparison.schemas import raw_schema

    resource = whole.resources[name]
    store = _stored(word, resource.path)
    dialect, _ = _header(store, resource.path, resource.schema.names)
    descriptor = {**resource.descriptor, "schema": raw_schema(whole, resource)}
    return Package(store, whole.descriptor, {name: Resource(name, resource.path, None, dialect, descriptor, resource.schema)}, "")


def _alone(word: str | Path, name: str, key: Sequence[str]) -> Package:
    """A single file as a package of its own; every field is a text."""
    path = f"{name}.csv"
    store = _stored(word, path)
    dialect, head = _header(store, path, key)
    for number, field in enumerate(head, 1):
        if not field:
            raise ReadError(f"{store.label}:1: column {number} has no name; add one to the first row.")
    for field in key:
        if field not in head:
            raise UsageError(f"{store.label}: there is no field {field!r}; {nearest(field, head)}")
    schema: dict[str, Any] = {"fields": [{"name": field, "type": "string"} for field in head]}
    if key:
        schema["primaryKey"] = list(key)
    compiled = compile_schema(schema, where=store.label, name=name)
    descriptor = {"name": name, "path": path, "schema": schema}
    return Package(store, {"name": name, "resources": [descriptor]}, {name: Resource(name, path, None, dialect, descriptor, compiled)}, "")


def _header(store: Store, path: str, names: Sequence[str]) -> tuple[Dialect, list[str]]:
    """How a file is written, and its first row: the delimiter that finds most of `names` and then most cells, a comma rather."""
    csv.field_size_limit(MAX_CELL)
    with store.open(path) as handle:
        start, faults = opening_faults(handle)
    if start is None:
        raise ReadError(f"{store.label}: {faults[0].message}; {faults[0].hint}.")
    found: list[tuple[int, int, Dialect, list[str]]] = []
    reason = "it is blank"
    for delimiter in _DELIMITERS:
        # Bytes that are no UTF-8 are said with their line by those who read the rows.
        with io.TextIOWrapper(store.open(path), "utf-8-sig", "surrogateescape", newline="") as lines:
            try:
                head = next(csv.reader(lines, delimiter=delimiter), [])
            except csv.Error as error:
                reason = str(error)
                continue
        if head:
            found.append((len(set(names) & set(head)), len(head), Dialect(delimiter), head))
    if not found:
        raise ReadError(f"{store.label}:1: the header cannot be read ({reason}); fix the first line.")
    *_, dialect, head = max(found, key=lambda one: one[:2])
    if any("\udc80" <= letter <= "\udcff" for name in head for letter in name):
        raise ReadError(f"{store.label}:1: the header is not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV UTF-8).")
    return dialect, head
