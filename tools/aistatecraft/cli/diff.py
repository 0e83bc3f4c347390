"""`aistatecraft diff`."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aistatecraft.cli.options import NoPagerOption
from aistatecraft.comparison.reporters import ChangeFormat

if TYPE_CHECKING:
    from aistatecraft.comparison.changes import ComparisonProblem
    from aistatecraft.errors import AistatecraftError

SHORT = "Show what changed between two packages."
EXAMPLES = """\b
Examples:
  aistatecraft diff 0.1.0
  aistatecraft diff 0.1.0 . --table strategies
  aistatecraft diff HEAD~3 . --format html --out changes.html
  aistatecraft diff old.csv new.csv --key id
  aistatecraft diff 0.1.0 . --bump
  aistatecraft diff 0.1.0 . --format json --out changes.json
  aistatecraft diff 0.1.0 --apply changes.json --out rebuilt
"""


class ChangeClass(StrEnum):
    """Classes of changes."""

    breaking = "breaking"
    addition = "addition"
    correction = "correction"
    metadata = "metadata"


class ChangeAction(StrEnum):
    """What became of what changed."""

    added = "added"
    removed = "removed"
    changed = "changed"
    renamed = "renamed"


class Ignored(StrEnum):
    """Differences of cells that need not count."""

    space = "space"
    case = "case"


def command(
    old: Annotated[
        str,
        typer.Argument(
            help="Directory, datapackage.json, zip archive, released version, git revision (REVISION or REVISION:FOLDER), CSV file (also .tsv, .txt, .gz, a pipe, or REVISION:FILE), or - for standard input."
        ),
    ],
    new: Annotated[
        str | None, typer.Argument(help="The same kinds. Default: the package of the current directory, else the installed one.")
    ] = None,
    format: Annotated[ChangeFormat, typer.Option(help="Output format.")] = ChangeFormat.text,
    table: Annotated[
        list[str] | None, typer.Option(help="Compare only this table. Repeatable. For a single CSV file: the table to which it belongs.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(help="For two CSV files: the fields that identify a row, separated by commas; OLD=NEW if a field was renamed."),
    ] = None,
    only_class: Annotated[list[ChangeClass] | None, typer.Option("--class", help="Show only changes of this class. Repeatable.")] = None,
    action: Annotated[list[ChangeAction] | None, typer.Option(help="Show only changes of this kind. Repeatable.")] = None,
    ignore: Annotated[
        list[Ignored] | None,
        typer.Option(help="Differences of cells that are not a change: white space, or upper and lower case. Repeatable."),
    ] = None,
    tolerance: Annotated[float | None, typer.Option(min=0, help="Numbers that differ by no more than this are equal.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Print all changes, even for tables with many.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if there are changes.")] = False,
    bump: Annotated[
        bool,
        typer.Option(
            "--bump",
            help="Print only which part of the version number must be raised (major, minor, patch or none), and the lowest possible next version.",
        ),
    ] = False,
    apply: Annotated[
        Path | None, typer.Option(help="Change set in JSON: apply it to OLD and write the resulting package to --out.")
    ] = None,
    no_pager: NoPagerOption = False,
    out: Annotated[
        Path | None, typer.Option(help="Write to this file instead of standard output; with --apply, to this directory.")
    ] = None,
) -> None:
    """Show what changed from OLD to NEW (schemas, rows by key, cells) and which version number the changes require."""
    from aistatecraft.cli.output import emit
    from aistatecraft.cli.package import INSTALLED, choose, note
    from aistatecraft.errors import DataError, UsageError, plural
    from aistatecraft.package.installed import installed
    from aistatecraft.releases.resolve import is_release, named_package, named_pair

    if apply is not None:
        if new is not None or out is None:
            raise UsageError("--apply changes OLD into another package; give only OLD, and a directory to write to with --out.")
        from aistatecraft.comparison.apply import apply_file, apply_table
        from aistatecraft.releases.single_table import is_table, single_table

        if is_table(old):
            emit(apply_table(apply, out, lambda changes, name: single_table(old, changes.key, name=name)))
            return
        of = choose().package if is_release(old) else None
        emit(apply_file(old, apply, out, lambda word: named_package(word, of=of)))
        return
    # Two files are compared wherever one stands, even in a package that cannot be read.
    here = choose() if new is None or is_release(old) or is_release(new) else None
    other = new if new is not None else INSTALLED if here is None or here.package is installed() else here.place
    fields = [name.strip() for name in (key or "").split(",") if name.strip()]
    pair = named_pair(old, other, tables=table or [], key=fields, of=here.package if here else None)
    if new is None and here is not None and pair.words is not None:
        pair = pair._replace(words=(pair.words[0], here.label))
    changes = pair.compared(keep_going=True, ignore=ignore or [], tolerance=tolerance)
    changes = changes.only(only_class or [], action or [])
    damage = [one for one in changes.problems if one.kind in ("damage", "unreadable")]
    if damage and not changes.changes and len(damage) == 1 and not damage[0].lines:
        raise _damaged(damage)  # nothing else to show
    if bump:
        from aistatecraft.comparison.reporters.summary import bump_of

        emit(bump_of(changes))
    elif out is not None:
        from aistatecraft.comparison.reporters import RenderOptions, render
        from aistatecraft.package.writing import write_all

        write_all({out: (render(format, changes, RenderOptions(every=every)) + "\n").encode()})
        emit(f"{out}: {plural(len(changes), 'change')}")
    else:
        from aistatecraft.cli.output import terminal
        from aistatecraft.comparison.reporters import RenderOptions, render

        emit(render(format, changes, RenderOptions(every=every, colour=terminal()[1])), styled=format is ChangeFormat.text)
    if new is None and here is not None and (bump or out is not None or format is not ChangeFormat.text):
        note(here)
    if damage and out is None and not bump and format is ChangeFormat.text:
        raise DataError(f"{plural(len({one.table for one in damage}), 'table')} could not be compared; see above.")
    if damage:
        raise _damaged(damage)
    raise typer.Exit(1 if exit_code and changes else 0)


def _damaged(found: Sequence[ComparisonProblem]) -> AistatecraftError:
    """The error that ends the command where a table could not be compared."""
    from aistatecraft.errors import DataError, ReadError

    kind = ReadError if all(one.kind == "unreadable" for one in found) else DataError
    return kind(f"{found[0].sentence}{f' (and {len(found) - 1} more)' if len(found) > 1 else ''}.")
