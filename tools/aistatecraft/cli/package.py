"""The package that a command reads or writes: how it is found (see `package.locate`), and how output names it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aistatecraft.cli.output import TableFormat, aside, emit

if TYPE_CHECKING:
    from aistatecraft.package import Package

__all__ = ["INSTALLED", "Chosen", "aside", "choose", "choose_to_write", "hint", "identify", "note", "phrase"]


@dataclass(frozen=True)
class Chosen:
    """The package that a command works on.

    Attributes
    ----------
    package : the package, opened
    place : what the functions of Python take as `path` to read the same
    label : how output names it, such as ``./``, ``the installed package`` or what the user typed
    named : whether the user named it, rather than that it was found
    table : name of the table, where a single file was named
    """

    package: Package
    place: Path
    label: str
    named: bool
    table: str | None = None


INSTALLED = "installed"
"""The word for ``--path`` that names the installed package, whatever the current directory is."""
_INSTALLED_LABEL = "the installed package"
_chosen: list[Chosen] = []
"""The last choice of this process, for the hint of an error message."""


def choose(path: Path | None = None, version: str | None = None, *, allow_remote: bool = False) -> Chosen:
    """The package to read: the one at `path`, else that of the current directory, else the installed one; or a release of it.

    Raises
    ------
    UsageError, ReadError, RefusedError
        Where there is none, or it was not released as `version`.
    """
    found = _found(path, allow_remote)
    if version is not None:
        from aistatecraft.errors import UsageError
        from aistatecraft.releases.catalog import releases_of

        if found.named and found.package.root is None:
            raise UsageError("an archive has only one version; give either the archive or --version, not both.")
        package = releases_of(found.package).opened(version)
        found = Chosen(package, Path(package.store.label), f"release {version} of {found.label}", found.named)
    _chosen[:] = [found]
    return found


def choose_to_write(path: Path | None = None, *, allow_remote: bool = False) -> Chosen:
    """The package to write: the one at `path`, else that of the current directory; never an installed one.

    Raises
    ------
    UsageError
        Where none is named and the user stands in none, or it is an installed one or an archive.
    """
    from aistatecraft.fixing.package import root_of
    from aistatecraft.package.locate import refuse_installed

    found = _found(path, allow_remote, reading=False)
    refuse_installed(root_of(found.package))
    _chosen[:] = [found]
    return found


def _found(path: Path | None, allow_remote: bool, *, reading: bool = True) -> Chosen:
    from aistatecraft.errors import UsageError
    from aistatecraft.package import open_package
    from aistatecraft.package.installed import installed
    from aistatecraft.package.locate import package_above

    if path is None:
        above = package_above(Path())
        if above is not None:
            place = _relative(above)
            return Chosen(open_package(place, allow_remote=allow_remote), place, _folder(place), named=False)
        if not reading:
            raise UsageError(
                "there is no datapackage.json in this directory or above it; change to a checkout, or give its directory with --path."
            )
    if path is None or (str(path) == INSTALLED and not path.exists()):
        package = installed()
        return Chosen(package, Path(package.store.label), _INSTALLED_LABEL, named=path is not None)
    table = _table_at(path)
    if table is not None:
        place, name = table
        return Chosen(open_package(place, allow_remote=allow_remote), place, str(path), named=True, table=name)
    return Chosen(open_package(path, allow_remote=allow_remote), path, _folder(path) if path.is_dir() else str(path), named=True)


def _relative(folder: Path) -> Path:
    """Path from the current directory to one above it, which is shorter to read than the absolute one."""
    try:
        return Path(os.path.relpath(folder, Path.cwd().resolve()))
    except OSError:  # the current directory was deleted
        return folder


def _folder(path: Path) -> str:
    return f"{path.as_posix().rstrip('/')}/"


def _table_at(path: Path) -> tuple[Path, str] | None:
    """The package above a file that is one of its tables, and the name of the table; None where the path is no such file.

    Raises
    ------
    UsageError
        Where the file looks like a table, and there is no package above it, or none that names it.
    """
    from aistatecraft.errors import UsageError
    from aistatecraft.package import open_package
    from aistatecraft.package.locate import DESCRIPTOR, package_above

    if not path.is_file() or path.suffix.lower() not in (".csv", ".tsv", ".tab", ".txt"):
        return None
    above = package_above(path.absolute().parent)
    if above is None:
        raise UsageError(f"{path}: this is a table, but no {DESCRIPTOR} beside it or above it describes it; write one, or give a package.")
    place = _relative(above)
    file = path.resolve()
    for name, resource in open_package(place).resources.items():
        if (above / resource.path).resolve() == file:
            return place, name
    raise UsageError(f"{path}: no resource of {_folder(place)}{DESCRIPTOR} names this file; add a resource for it, or name the package.")


def phrase(chosen: Chosen, rows: int | None = None) -> str:
    """How output names a package: ``./ (0.4.0-dev, 22 tables, 12,861 rows)``."""
    from aistatecraft.package.escape import printable
    from aistatecraft.validation.report import measured

    return printable(measured(chosen.label, chosen.package.version, len(chosen.package.resources), rows), 500)


def note(chosen: Chosen, form: TableFormat | None = None) -> None:
    """Say which package was read: below a table for people, otherwise on standard error, so that data stay data.

    There it is said only where the user did not name the package.
    """
    if form is TableFormat.table:
        emit(f"read {phrase(chosen)}")
    elif not chosen.named:
        aside(f"read {phrase(chosen)}")


def identify(chosen: Chosen, table: str, word: str) -> str:
    """The identifier of the record that `word` means; where it is a name, it is said on standard error what it was taken for."""
    from aistatecraft.package.lookup import record_label, resolve

    found = resolve(chosen.package, table, word)
    if found != word:
        aside(f"{word} was read as {record_label(chosen.package, chosen.package.resource(table), found)}")
    return found


def hint(error: Exception) -> str:
    """What to add to an error about a table that is not there, where the user did not say which package is meant."""
    from aistatecraft.errors import UnknownTable

    if not isinstance(error, UnknownTable) or not _chosen or _chosen[-1].named:
        return ""
    chosen = _chosen[-1]
    other = "--path names another" if chosen.label == _INSTALLED_LABEL else f"for the installed one add --path {INSTALLED}"
    return f" This is {phrase(chosen)}; {other}."
