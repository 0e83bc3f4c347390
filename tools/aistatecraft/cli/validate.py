"""`aistatecraft validate`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aistatecraft.cli.options import NoPagerOption, PathArgument
from aistatecraft.cli.output import aside
from aistatecraft.validation.reporters import REPORTERS, ReportFormat

if TYPE_CHECKING:
    from aistatecraft.cli.package import Chosen
    from aistatecraft.package import Package
    from aistatecraft.package.git import Revision
    from aistatecraft.validation import Report

SHORT = "Report every error with its location and a suggested fix."
EXAMPLES = """\b
Examples:
  aistatecraft validate
  aistatecraft validate data/strategies.csv
  aistatecraft validate path/to/package --format json
  aistatecraft validate --fast
  aistatecraft validate path/to/package --fix
  aistatecraft validate path/to/package --changed origin/main
  aistatecraft validate path/to/package --allow-remote
"""


def command(
    path: PathArgument = None,
    format: Annotated[ReportFormat, typer.Option(help="Output format.")] = ReportFormat.text,
    fast: Annotated[
        bool, typer.Option("--fast", help="Check only text, single cells and keys, without the rules across columns and tables.")
    ] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="First fix what can be fixed without losing a cell; in other packages only what is reported as fixable."
        ),
    ] = False,
    changed: Annotated[
        str | None,
        typer.Option(
            metavar="REV",
            help="Report only findings in records that changed since a git revision, and in records that they refer to or that refer to them.",
        ),
    ] = None,
    allow_remote: Annotated[
        bool,
        typer.Option(
            "--allow-remote",
            help="Fetch tables and schemas that the package names by an http or https URL, from public servers only, within limits of size and time.",
        ),
    ] = False,
    no_pager: NoPagerOption = False,
) -> None:
    """Validate a data package. Exit code 0 without errors, 1 with errors, 2 if the package cannot be read."""
    from dataclasses import replace

    from aistatecraft.cli.output import emit, progress
    from aistatecraft.cli.package import choose, note
    from aistatecraft.validation import validate_package

    chosen = choose(path, allow_remote=allow_remote)
    since = _revision(chosen.package, changed)  # before anything is written: a word that is no revision stops here
    # Validated while the lock is held: another writer must not change what was just fixed.
    with _fixed(path, allow_remote) if fix else nullcontext(chosen) as chosen, progress() as tell:
        package = chosen.package
        report = replace(validate_package(package, fast=fast, progress=tell), package=chosen.label)
    if changed is not None and since is not None:
        report = _narrowed(report, package, since, changed)
    if chosen.table is not None:
        report = _of_table(report, package, chosen.table)
    text = _rendered(report, package, format)
    if text:
        emit(text, styled=format is ReportFormat.text)
    if format not in (ReportFormat.text, ReportFormat.markdown):
        note(chosen)
    raise typer.Exit(report.exit_code)


@contextmanager
def _fixed(path: Path | None, allow_remote: bool) -> Iterator[Chosen]:
    """Fix what can be fixed and say so on standard error; the package as it is then, while no other writer can change it."""
    from aistatecraft.cli.package import choose, choose_to_write
    from aistatecraft.fixing import fix_package, is_own, open_to_write, repair_package, write
    from aistatecraft.validation import validate_package

    chosen = choose_to_write(path, allow_remote=allow_remote)
    refused: list[str] = []
    with open_to_write(chosen.place, allow_remote=allow_remote) as (package, change):
        if is_own(package):
            tables = fix_package(package, only=chosen.table, refused=refused.append)
        else:  # what other people's schemas allow is theirs to decide: only what is reported is changed
            tables = repair_package(package, validate_package(package, fast=True), only=chosen.table, refused=refused.append)
        write(package, tables, change)
        for table in tables:
            if table.changed:
                aside(f"fixed {table.sentence}")
        for reason in refused:
            aside(f"not fixed: {reason}")
        # The descriptor may have changed, too.
        yield choose(path, allow_remote=allow_remote)


def _revision(package: Package, word: str | None) -> Revision | None:
    from aistatecraft.validation.changed_findings import compared_with

    return None if word is None else compared_with(package, word)


def _narrowed(report: Report, package: Package, since: Revision, word: str) -> Report:
    from aistatecraft.errors import plural
    from aistatecraft.validation.changed_findings import narrow

    narrowed = narrow(report, package, since)
    records = f"{plural(narrowed.changed, 'record')} changed since {word}"
    aside(f"{records}; {plural(narrowed.left_out, 'problem')} elsewhere not shown")
    return narrowed.report


def _of_table(report: Report, package: Package, table: str) -> Report:
    from aistatecraft.validation.changed_findings import narrow_to_table

    narrowed, left_out = narrow_to_table(report, package, table)
    if left_out:
        aside(f"{left_out:,} problem{'s' if left_out != 1 else ''} of other tables not shown")
    return narrowed


def _rendered(report: Report, package: Package, format: ReportFormat) -> str:
    """The report in the form that was asked for; in a workflow of GitHub also its summary, where not all fits into annotations."""
    from aistatecraft.cli.output import terminal
    from aistatecraft.fixing.package import fixable
    from aistatecraft.validation.excerpts import excerpts
    from aistatecraft.validation.reporters import with_rows
    from aistatecraft.validation.reporters.context import RenderContext

    width, colour = terminal()
    files = {name: resource.path for name, resource in package.resources.items()}
    shown = excerpts(package, with_rows(format, report))
    repairs = fixable(report) if format in (ReportFormat.json, ReportFormat.jsonl) else set()
    if format is ReportFormat.github:
        _summarise(report)
    return REPORTERS[format](report, RenderContext(shown, _folder(package), files, repairs, colour, width))


def _folder(package: Package) -> str:
    """Path from the current directory to the package, where it lies in it: services look for files from there."""
    if package.root is None:
        return ""
    try:
        root, here = package.root.resolve(), Path.cwd().resolve()
    except FileNotFoundError:  # the current directory was deleted
        return ""
    return "" if root == here or not root.is_relative_to(here) else root.relative_to(here).as_posix()


def _summarise(report: Report) -> None:
    """Append the report to the summary of the step, if GitHub keeps one."""
    import os

    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target and report.findings:
        with Path(target).open("a", encoding="utf-8") as out:
            out.write(REPORTERS[ReportFormat.markdown](report) + "\n")
