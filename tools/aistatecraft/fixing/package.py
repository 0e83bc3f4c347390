"""The canonical form of all tables of a package, written all together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from aistatecraft.errors import ReadError, RefusedError, UsageError
from aistatecraft.fixing.cells import fix_text
from aistatecraft.fixing.tables import FixedTable, fix_table
from aistatecraft.package import Package
from aistatecraft.package.storage import is_address
from aistatecraft.package.writing import write_all
from aistatecraft.validation.report import Finding, Report
from aistatecraft.validation.table_check import MAX_TABLE_BYTES
from aistatecraft.validation.text_quality import faults_of_text

__all__ = ["SAFE", "FixedTable", "fix_package", "fixable", "root_of", "write"]


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
