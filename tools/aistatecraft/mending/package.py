"""The canonical form of all tables of a package, written all together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from aistatecraft.errors import Refused, Unreadable, WrongUse
from aistatecraft.mending.tables import Mended, mend_table
from aistatecraft.reading import Package
from aistatecraft.reading.store import is_address
from aistatecraft.release.write import write_all
from aistatecraft.validation.cells import MAX_BYTES

__all__ = ["Mended", "mend_package", "root_of", "write"]


def root_of(package: Package) -> Path:
    """Directory of a package that is to be written; `WrongUse` for an archive."""
    if package.root is None:
        raise WrongUse(f"{package.store.label}: an archive is never rewritten; name the directory of the package.")
    return package.root


def mend_package(package: Package, *, only: str | None = None, refused: Callable[[str], None] | None = None) -> list[Mended]:
    """The canonical form of every table of a package, or of `only` one. Nothing is written.

    Parameters
    ----------
    package : the package
    refused : is told why a table is left as it is; where it is None, the first such table ends it all

    Raises
    ------
    Refused
        Where a repair could lose or move a cell.
    Unreadable
        Where a file cannot be read.
    """
    done: dict[str, Mended] = {}
    for resource in package.resources.values() if only is None else [package.resources[only]]:
        try:
            if is_address(resource.path):
                raise Refused(f"{resource.path}: what lies at an address cannot be written; mend it where it comes from.")
            if package.store.exists(resource.path) and package.store.size(resource.path) > MAX_BYTES:
                raise Refused(f"{resource.path}: the file has more than the {MAX_BYTES:,} bytes that are read; split the table.")
            mended = mend_table(package.store.read(resource.path), resource)
            if resource.path in done and done[resource.path].after != mended.after:
                raise Refused(f"{resource.path}: two resources describe this file, and not alike; give each table a file of its own.")
        except (Refused, Unreadable) as error:
            if refused is None:
                raise
            refused(str(error))
        else:
            done[resource.path] = mended
    return list(done.values())


def write(package: Package, tables: Sequence[Mended]) -> None:
    """Write the tables that are not in canonical form yet, all or none.

    Raises
    ------
    Refused
        Where a file is no longer what it was when it was mended.
    Unreadable
        Where one cannot be written.
    """
    root = root_of(package)
    files: dict[Path, bytes] = {}
    for table in tables:
        if table.changed:
            if package.store.read(table.path) != table.before:
                raise Refused(f"{table.path}: the file was changed meanwhile, so nothing was written; run the command again.")
            # Where a link leads, so that the link stays one.
            files[(root / table.path).resolve()] = table.after
    if files:
        write_all(files)
