"""Tables of a package in canonical form or repaired, written all together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aistatecraft.errors import ReadError, RefusedError, UsageError
from aistatecraft.fixing.cells import fix_text
from aistatecraft.fixing.descriptor import with_sizes
from aistatecraft.fixing.repairs import repair_table
from aistatecraft.fixing.tables import FixedTable, fix_table
from aistatecraft.package import Package, Resource, open_package
from aistatecraft.package.storage import PENDING, is_address
from aistatecraft.package.transaction import Change, changing
from aistatecraft.validation.report import Finding, Report
from aistatecraft.validation.table_check import MAX_TABLE_BYTES
from aistatecraft.validation.text_quality import faults_of_text

__all__ = ["SAFE", "FixedTable", "fix_package", "fixable", "is_own", "open_to_write", "repair_package", "root_of", "write"]


def is_own(package: Package) -> bool:
    """Whether a package is this dataset, whose texts follow rules beyond its schemas; tables of other people keep their values."""
    return package.descriptor.get("name") == "aistatecraft"


@contextmanager
def open_to_write(path: Path, *, allow_remote: bool = False) -> Iterator[tuple[Package, Change]]:
    """A package opened while its lock is held: what is read in the block stays true until it is written.

    Raises
    ------
    UsageError
        Where `path` is an archive.
    ReadError, RefusedError
        As `open_package` and `changing`.
    """
    root = path.parent if path.suffix == ".json" and path.is_file() else path
    found = root.is_dir() and ((root / "datapackage.json").exists() or root != path or (root / PENDING).exists())
    if not found:
        root = root_of(open_package(path, allow_remote=allow_remote))
    with changing(root) as change:
        yield open_package(path, allow_remote=allow_remote), change


def root_of(package: Package) -> Path:
    """Directory of a package that is to be written; `UsageError` for an archive."""
    if package.root is None:
        raise UsageError(f"{package.store.label}: an archive is never rewritten; give the directory of the package.")
    return package.root


def fix_package(package: Package, *, only: str | None = None, refused: Callable[[str], None] | None = None) -> list[FixedTable]:
    """The canonical form of every table of a package, or of `only` one. Nothing is written.

    Parameters
    ----------
    package : the package
    only : name of the one table that is meant; all where it is None
    refused : is told why a table is left as it is; where it is None, the first such table ends it all

    Raises
    ------
    RefusedError
        Where a repair could lose or move a cell.
    ReadError
        Where a file cannot be read.
    """
    own = is_own(package)
    wanted = None if only is None else {only}
    return _each(package, lambda raw, resource: fix_table(raw, resource, own=own), refused, wanted)


def repair_package(package: Package, report: Report, *, only: str | None = None, refused: Callable[[str], None]) -> list[FixedTable]:
    """The tables of a package with the repairs that its report calls fixable, and nothing else. Nothing is written.

    Parameters
    ----------
    package : the package, as it was when it was validated
    report : what validation found
    only : name of the one table that is repaired; all where it is None
    refused : is told why a table is left as it is
    """
    found = fixable(report)
    wanted = {path: [finding for finding in found if finding.file == path] for path in {finding.file for finding in found}}
    names = {name for name, resource in package.resources.items() if resource.path in wanted and only in (None, name)}
    return _each(package, lambda raw, resource: repair_table(raw, resource, wanted[resource.path]), refused, names)


def _each(
    package: Package, made: Callable[[bytes, Resource], FixedTable], refused: Callable[[str], None] | None, only: set[str] | None = None
) -> list[FixedTable]:
    done: dict[str, FixedTable] = {}
    for resource in package.resources.values():
        if only is not None and resource.name not in only:
            continue
        try:
            if is_address(resource.path):
                raise RefusedError(f"{resource.path}: a file at an address cannot be written; fix it at its source.")
            if package.store.exists(resource.path) and package.store.size(resource.path) > MAX_TABLE_BYTES:
                raise RefusedError(f"{resource.path}: the file exceeds the limit of {MAX_TABLE_BYTES:,} bytes; split the table.")
            table = made(package.store.read(resource.path), resource)
            if resource.path in done and done[resource.path].after != table.after:
                raise RefusedError(f"{resource.path}: two resources describe this file differently; give each table its own file.")
            if table.changed:
                with_sizes(package, {table.path: table.after})  # refused where its hash cannot be kept true
        except (RefusedError, ReadError) as error:
            if refused is None:
                raise
            refused(str(error))
        else:
            done[resource.path] = table
    return list(done.values())


def write(package: Package, tables: Sequence[FixedTable], change: Change) -> None:
    """Write the tables that were changed, all or none, and with them the hashes and sizes that the descriptor declares.

    Parameters
    ----------
    package, change : what `open_to_write` gave
    tables : what `fix_package` or `repair_package` gave for it

    Raises
    ------
    RefusedError
        Where a file is no longer what it was.
    ReadError
        Where one cannot be written.
    """
    root = root_of(package)
    for table in tables:
        if table.changed and package.store.read(table.path) != table.before:
            raise RefusedError(f"{table.path}: the file was changed in the meantime, so nothing was written; run the command again.")
    files = with_sizes(package, {table.path: table.after for table in tables if table.changed})
    change.commit({root / path: data for path, data in files.items()})


SAFE = frozenset({"byte-order-mark", "line-ends", "last-line", "blank-row", "column-order", "control-character", "not-nfc", "white-space"})
"""Rules whose findings `validate --fix` takes away, as far as that cannot change what a table says."""

_OF_CELLS = frozenset({"control-character", "not-nfc", "white-space"})
_UNSAFE = frozenset(
    {
        "missing-file", "too-large", "not-csv", "empty-file", "encoding", "nul", "delimiter", "quoting", "header", "missing-column",
        "extra-column", "duplicate-column", "ragged-row",
    }
)  # fmt: skip
"""Faults of a file that keep every repair away from it."""


def fixable(report: Report) -> set[Finding]:
    """The findings that `validate --fix` would take away."""
    refused = {finding.file for finding in report.findings if finding.rule in _UNSAFE or _inside_line(finding)}
    return {finding for finding in report.findings if finding.rule in SAFE and finding.file not in refused and _goes(finding)}


def _inside_line(finding: Finding) -> bool:
    """A carriage return inside a line: it is said of the line, not of a cell."""
    return finding.rule == "control-character" and not finding.column


def _goes(finding: Finding) -> bool:
    if finding.rule not in _OF_CELLS:
        return True
    fixed = fix_text(finding.value).text
    return finding.rule not in {fault[0] for fault in faults_of_text(fixed)}
