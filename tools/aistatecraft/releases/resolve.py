"""From the words of a user to packages: paths, released versions, revisions of git, single tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aistatecraft.errors import ReadError, UsageError, nearest
from aistatecraft.package import Package, open_package
from aistatecraft.package.descriptor import open_in
from aistatecraft.package.installed import installed
from aistatecraft.package.loose import open_loosely
from aistatecraft.package.storage import as_path, open_store
from aistatecraft.releases.catalog import LATEST, Releases, releases_of
from aistatecraft.releases.single_table import STDIN, fitted_table, is_table, key_hint, table_pair

if TYPE_CHECKING:
    from aistatecraft.comparison.changes import ChangeSet

__all__ = ["Pair", "is_release", "named_package", "named_pair", "package_at"]

_VERSION = re.compile(rf"v?[0-9]+\.[0-9]+\.[0-9]+(-dev)?|{LATEST}")


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

    def compared(self, **options: Any) -> ChangeSet:
        """The change set of the pair, as `compare` makes it with these options; for two single tables with their key, or a hint at one."""
        from aistatecraft.comparison.compare import compare

        changes = compare(*self, **options)
        if self.tables and not self.old.descriptor_path and not self.new.descriptor_path:
            (table,) = self.tables
            changes.key = self.old.resources[table].schema.primary_key
            if not changes.key and changes.changes and (hint := key_hint(self.old, self.new, table)):
                changes.hints.append(hint)
        return changes


def named_pair(old: str | Path, new: str | Path, *, tables: Sequence[str] = (), key: Sequence[str] = (), of: Package | None = None) -> Pair:
    """The two packages that two words name.

    Parameters
    ----------
    old, new : str or Path
        A directory, datapackage.json or zip archive; a released version; ``installed``; a git revision, or
        ``REVISION:FOLDER``; or a single table, as `is_table` has it.
    tables : names of the tables to look at; all where there are none
    key : fields that identify a row, for two single tables, which have no schema that could say it; see `table_pair`
    of : the package whose releases are meant by version numbers; that of this installation where it is None

    Raises
    ------
    ReadError, UsageError
        Where a word names nothing, or nothing that can be read.
    """
    single = [is_table(word) for word in (old, new)]
    if key and not all(single):
        raise UsageError("the key of a package is defined in its schemas; omit --key.")
    # Where a release or the installation lies on this machine is nobody's business who reads a page of changes.
    words = _word(old), _word(new)
    if any(single):
        return Pair(*_single_pair(old, new, single, tables, key, of), words)
    places = [Path(word) if _exists(word) else None for word in (old, new)]
    was, now = (
        _on_side(side, word, lambda word=word, near=near: named_package(word, near=near, of=of, loosely=True))  # type: ignore[misc]
        for side, word, near in (("OLD", old, places[1]), ("NEW", new, places[0]))
    )
    pair = Pair(was, now, tuple(tables) or None, words)
    known = list(dict.fromkeys([*pair.old.resources, *pair.new.resources]))
    for table in tables:
        if table not in known:
            raise UsageError(f"{table!r} is not a table of either package; {nearest(table, known)}")
    return pair


def _on_side(side: str, word: str | Path, opened: Callable[[], Package]) -> Package:
    """The package that `opened` gives; an error that does not name the word says the side."""
    try:
        return opened()
    except ReadError as error:
        if str(word) in str(error):
            raise
        raise ReadError(f"{side} {word}: {error}") from None


def is_release(word: str | Path) -> bool:
    """Whether a word is taken for the number of a released version."""
    return _VERSION.fullmatch(str(word)) is not None and not _exists(word)


def _word(word: str | Path) -> str:
    return "standard input" if str(word) == STDIN else str(word) or "installed"


def _exists(word: str | Path) -> bool:
    try:
        return as_path(word).exists()
    except (OSError, ValueError):  # longer than names of files can be
        return False


def named_package(word: str | Path, *, near: Path | None = None, of: Package | None = None, loosely: bool = False) -> Package:
    """The package that one word names; a revision is looked for in the repository of `near`, or of the current directory, a version
    among the releases of the package `of`, or of this installation. `loosely` opens it as far as it can be read.
    """
    text = str(word)
    if _exists(word):
        return open_loosely(*open_store(as_path(word))) if loosely else open_package(word)
    if text in ("installed", ""):
        return installed()
    if isinstance(word, Path) or text.endswith((".zip", ".json")) or text.startswith(("-", "/", "./", "../")):
        return open_package(word)  # says that there is none
    if not _VERSION.fullmatch(text):
        return _at_revision(text, near, loosely)
    try:
        return releases_of(installed() if of is None else of).opened(text)
    except UsageError as error:
        try:
            return _at_revision(text, near, loosely)  # a tag can look like a version
        except (ReadError, UsageError):
            raise error from None


def _at_revision(text: str, near: Path | None, loosely: bool) -> Package:
    from aistatecraft.package.git import GitStore

    revision, colon, folder = text.partition(":")
    directory = near if near is not None and near.is_dir() else near.parent if near is not None else Path()
    opened = open_loosely if loosely else open_in
    return opened(GitStore(directory, revision, folder if colon else None), "datapackage.json")


def _single_pair(
    old: str | Path, new: str | Path, single: Sequence[bool], tables: Sequence[str], key: Sequence[str], of: Package | None
) -> tuple[Package, Package, tuple[str, ...]]:
    """Two packages of which at least one is a `single` table, and the name of the table; see `named_pair`."""
    if all(single):
        before, after, name = table_pair(old, new, key)
        return before, after, (name,)
    at = single.index(True)
    package = named_package((new, old)[at], of=of, loosely=True)
    name = _table_of((old, new)[at], package, tables)
    part = fitted_table((old, new)[at], package, name)
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
