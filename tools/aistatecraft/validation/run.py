"""One run of validation: text first, then keys, then types and rules, all findings in one report."""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aistatecraft.package import Package, Resource, open_package
from aistatecraft.package.storage import is_address
from aistatecraft.validation.consequences import consequences
from aistatecraft.validation.report import ERROR, NOTE, WARNING, Finding, Report
from aistatecraft.validation.table_check import MAX_TABLE_BYTES, CheckedTable, check_table, resolve

__all__ = ["validate", "validate_package"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def validate(
    path: str | Path | None = None,
    *,
    fast: bool = False,
    today: dt.date | None = None,
    progress: Progress | None = None,
    allow_remote: bool = False,
) -> Report:
    """Validate a data package.

    Parameters
    ----------
    path : str, Path or None
        A directory, datapackage.json or zip archive; the package of this installation where it is None.
    fast : bool
        Text checks and keys alone, without pandas and pandera: every cell, but no rule across columns and tables.
    today : datetime.date or None
        The day against which dates are judged; the current day where it is None.
    progress : callable or None
        Called as the work goes on.
    allow_remote : bool
        Whether tables and schemas at http and https addresses are fetched: at most 512 MiB within 120 seconds, kept in memory,
        from public servers and those hosts that the environment variable ``AISTATECRAFT_ALLOW_PRIVATE_HOSTS`` lists.

    Returns
    -------
    Report
        All findings, sorted by place.

    Raises
    ------
    ReadError
        Where the package itself cannot be read, or an address cannot be fetched.
    """
    return validate_package(open_package(path, allow_remote=allow_remote), fast=fast, today=today, progress=progress)


@contextmanager
def _without_collection() -> Iterator[None]:
    """No garbage collection: a run makes millions of small lists, none in a circle, and going through them takes a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_without_collection()
def validate_package(package: Package, *, fast: bool = False, today: dt.date | None = None, progress: Progress | None = None) -> Report:
    """As `validate`, for a package that is open already."""
    begun = time.perf_counter()
    tell = progress or (lambda what, done, total: None)
    report = Report(package.store.label, package.version)
    # The rules know the tables of this dataset; another package is judged by its schemas alone.
    own = package.descriptor.get("name") == "aistatecraft"
    rules = own and not fast
    steps = len(package.resources) + (1 if rules else 0)
    wanted: dict[str, set[tuple[str, ...]]] = {name: set() for name in package.resources}
    for resource in package.resources.values():
        for key in resource.schema.foreign_keys:
            wanted[key.resource or resource.name].add(key.references)

    checked: dict[str, CheckedTable] = {}
    for number, name in enumerate(_targets_first(package)):
        resource = package.resources[name]
        tell(resource.path, number, steps)
        before = package.store.stamp(resource.path)
        checked_by_columns = None if own else _by_columns(package, resource, wanted[name], checked)
        table, findings = checked_by_columns or check_table(package, resource, keep=rules, wanted=wanted[name], done=checked, hygiene=own)
        if package.store.stamp(resource.path) != before:
            table.readable = False
            findings.append(
                Finding("changed", ERROR, resource.path, 0, "", "", "", "", "the file was changed while it was read", "run validate again")
            )
        checked[name] = table
        report.add(findings)
    report.unreadable = [name for name in package.resources if not checked[name].readable]
    report.tables = {name: checked[name].rows for name in package.resources}
    report.add(resolve(checked))
    report.add(_strangers(package))
    if not fast:
        from aistatecraft.validation.descriptor_check import check_descriptors

        # frictionless takes longer to import than it takes to validate this dataset, whose descriptors the tests ask it about.
        report.add(check_descriptors(package, standard=not own))
    if rules:
        tell("types and rules", steps - 1, steps)
        from aistatecraft.validation.rule_checks import check_rules

        report.add(list(check_rules(package, checked, today or dt.date.today(), clean=not report.findings)))
    if own:
        from aistatecraft.validation.suppressions import apply_suppressions

        report.findings = apply_suppressions(package, report.findings, rules=rules)
    report.notes = [finding for finding in report.findings if finding.severity == NOTE]
    if report.notes:
        report.findings = [finding for finding in report.findings if finding.severity != NOTE]
    report.consequences = consequences(package, report.findings)
    report.finish([resource.path for resource in package.resources.values()])
    tell("done", steps, steps)
    report.seconds = time.perf_counter() - begun
    return report


def _by_columns(
    package: Package, resource: Resource, wanted: set[tuple[str, ...]], done: dict[str, CheckedTable]
) -> tuple[CheckedTable, list[Finding]] | None:
    """As `columnar.check_columns`, which is not imported for the tables of this dataset: they are looked at more closely."""
    from aistatecraft.validation import arrow_engine

    if package.store.exists(resource.path) and package.store.size(resource.path) > MAX_TABLE_BYTES:
        return None  # not even to be read
    return arrow_engine.check_columns(package, resource, wanted, done)


def _targets_first(package: Package) -> list[str]:
    """Tables in an order in which a table comes after those that it refers to, as far as there are no circles."""
    order: dict[str, None] = {}
    waiting: set[str] = set()

    def visit(name: str) -> None:
        if name in order or name in waiting:
            return
        waiting.add(name)
        for key in package.resources[name].schema.foreign_keys:
            visit(key.resource or name)
        waiting.discard(name)
        order[name] = None

    for name in package.resources:
        visit(name)
    return list(order)


def _strangers(package: Package) -> list[Finding]:
    """Tables that lie beside the others and that no resource names: a new table that was forgotten in the descriptor."""
    known = {resource.path for resource in package.resources.values() if not is_address(resource.path)}
    folders = {str(Path(path).parent.as_posix()) for path in known} - {"."}
    return [
        Finding("stray-table", WARNING, f"{folder}/{name}", 0, "", "", "", "", f"no resource of {package.descriptor_path} names this file", "add a resource for it, or delete it")
        for folder in sorted(folders)
        for name in package.store.names(folder)
        if name.endswith(".csv") and f"{folder}/{name}" not in known
    ]  # fmt: skip
