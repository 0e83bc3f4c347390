"""The canonical form of all tables of a package, written all together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from aistatecraft.errors import ReadError, RefusedError, UsageError
from aistatecraft.fixing.tables import FixedTable, fix_table
from aistatecraft.package import Package
from aistatecraft.package.storage import is_address
from aistatecraft.package.writing import write_all
from aistatecraft.validation.table_check import MAX_TABLE_BYTES

__all__ = ["FixedTable", "fix_package", "root_of", "write"]


def root_of(package: Package) -> Path:
    """Directory of a package that is to be written; `UsageError` for an archive."""
    if package.root is None:
        raise UsageError(f"{package.store.label}: an archive is never rewritten; name the directory of the package.")
    return package.root


def fix_package(package: Package, *, refused: Callable[[str], None] | None = None) -> list[FixedTable]:
    """The canonical form of every table of a package. Nothing is written.

    Parameters
    ----------
    package : the package
    refused : is told why a table is left as it is; where it is None, the first such table ends it all

    Raises
    ------
    RefusedError
        Where a repair could lose or move a cell.
    ReadError
        Where a file cannot be read.
    """
    done: dict[str, FixedTable] = {}
    for resource in package.resources.values():
        try:
            if is_address(resource.path):
                raise RefusedError(f"{resource.path}: a file at an address cannot be written; fix it where it comes from.")
            if package.store.exists(resource.path) and package.store.size(resource.path) > MAX_TABLE_BYTES:
                raise RefusedError(f"{resource.path}: the file has more than the {MAX_TABLE_BYTES:,} bytes that are read; split the table.")
            fixed = fix_table(package.store.read(resource.path), resource)
            if resource.path in done and done[resource.path].after != fixed.after:
                raise RefusedError(f"{resource.path}: two resources describe this file, and not alike; give each table a file of its own.")
        except (RefusedError, ReadError) as error:
            if refused is None:
                raise
            refused(str(error))
        else:
            done[resource.path] = fixed
    return list(done.values())


def write(package: Package, tables: Sequence[FixedTable]) -> None:
    """Write the tables that are not in canonical form yet, all or none.

    Raises
    ------
    RefusedError
        Where a file is no longer what it was when it was fixed.
    ReadError
        Where one cannot be written.
    """
    root = root_of(package)
    files: dict[Path, bytes] = {}
    for table in tables:
        if table.changed:
            if package.store.read(table.path) != table.before:
                raise RefusedError(f"{table.path}: the file was changed meanwhile, so nothing was written; run the command again.")
            # Where a link leads, so that the link stays one.
            files[(root / table.path).resolve()] = table.after
    if files:
        write_all(files)
