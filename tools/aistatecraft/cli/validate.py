"""`aistatecraft validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aistatecraft.validation.reporters import REPORTERS, ReportFormat

if TYPE_CHECKING:
    from aistatecraft.package import Package
    from aistatecraft.validation import Report

SHORT = "Report every error with its location and a suggested fix."
EXAMPLES = """\b
Examples:
  aistatecraft validate
  aistatecraft validate path/to/package --format json
  aistatecraft validate --fast
  aistatecraft validate path/to/package --fix
  aistatecraft validate path/to/package --changed origin/main
  aistatecraft validate path/to/package --allow-remote
"""


def command(
    path: Annotated[
        Path | None, typer.Argument(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
    format: Annotated[ReportFormat, typer.Option(help="How to print the findings.")] = ReportFormat.text,
    fast: Annotated[
        bool, typer.Option("--fast", help="Text, types of single cells and keys alone; no rules across columns and tables.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="First make the repairs of fmt, in every table where no cell could be lost.")] = False,
    changed: Annotated[
        str | None,
        typer.Option(metavar="REV", help="Only findings in what changed since a git revision, in what it depends on or depends on it."),
    ] = None,
    allow_remote: Annotated[
        bool,
        typer.Option(
            "--allow-remote", help="Fetch tables and schemas that the package names by an http or https address, in bounded size and time."
        ),
    ] = False,
) -> None:
    """Validate a data package. Exit code 0 without errors, 1 with errors, 2 where the package cannot be read."""
    from aistatecraft.cli.output import emit, progress
    from aistatecraft.package import open_package
    from aistatecraft.validation import validate_package

    package = open_package(path, allow_remote=allow_remote)
    if fix:
        _fix(package)
    with progress() as tell:
        report = validate_package(package, fast=fast, progress=tell)
    if changed is not None:
        report = _narrowed(report, package, changed)
    text = _rendered(report, package, format)
    if text:
        emit(text)
    raise typer.Exit(report.exit_code)


def _fix(package: Package) -> None:
    """Make the safe repairs and list them on stderr: the report may be read by a program."""
    from aistatecraft.fixing import fix_package, write
    from aistatecraft.fixing.package import root_of

    root_of(package)
    refused: list[str] = []
    tables = fix_package(package, refused=refused.append)
    write(package, tables)
    for table in tables:
        if table.changed:
            _aside(f"fixed {table.sentence}")
    for reason in refused:
        _aside(f"not fixed: {reason}")


def _narrowed(report: Report, package: Package, revision: str) -> Report:
    from aistatecraft.errors import plural
    from aistatecraft.validation.changed_findings import narrow

    narrowed = narrow(report, package, revision)
    records = f"{plural(narrowed.changed, 'record')} changed since {revision}"
    _aside(f"{records}; {plural(narrowed.left_out, 'problem')} elsewhere not shown")
    return narrowed.report


def _aside(sentence: str) -> None:
    from aistatecraft.package.escape import printable

    typer.echo(printable(sentence, 2_000), err=True)


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
    root, here = package.root.resolve(), Path.cwd().resolve()
    return "" if root == here or not root.is_relative_to(here) else root.relative_to(here).as_posix()


def _summarise(report: Report) -> None:
    """Append the report to the summary of the step, if GitHub keeps one."""
    import os

    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target and report.findings:
        with Path(target).open("a", encoding="utf-8") as out:
            out.write(REPORTERS[ReportFormat.markdown](report) + "\n")
