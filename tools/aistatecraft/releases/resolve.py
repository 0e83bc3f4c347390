"""The two packages that the words of a user name: paths, released versions, revisions of git, single tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from aistatecraft.errors import ReadError, UsageError, nearest
from aistatecraft.package import Package, open_package
from aistatecraft.package.descriptor import open_in
from aistatecraft.package.storage import as_path

__all__ = ["Pair", "is_release", "named_package", "named_pair"]

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-dev)?")
STDIN = "-"


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
        raise UsageError("the key of a package stands in its schemas; leave --key out.")
    # Where a release or the installation lies on this machine is nobody's business who reads a page of changes.
    words = _word(old), _word(new)
    if any(single):
        from aistatecraft.releases.csv_inputs import single_pair

        return Pair(*single_pair(old, new, single, tables, key, of), words)
    places = [Path(word) if _exists(word) else None for word in (old, new)]
    pair = Pair(named_package(old, near=places[1], of=of), named_package(new, near=places[0], of=of), tuple(tables) or None, words)
    known = list(dict.fromkeys([*pair.old.resources, *pair.new.resources]))
    for table in tables:
        if table not in known:
            raise UsageError(f"{table!r} is a table of neither package; {nearest(table, known)}")
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
    from aistatecraft.package.installed import installed
    from aistatecraft.releases.catalog import releases_of

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
