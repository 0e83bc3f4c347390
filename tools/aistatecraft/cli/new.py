"""`aistatecraft new`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from aistatecraft.editing import Ask, Draft
    from aistatecraft.package import Field, Package

SHORT = "Add a record with its source and its evidence."
EXAMPLES = """\b
Examples:
  aistatecraft new strategy
  aistatecraft new strategy --set jurisdiction=PRY --set title_en="National AI Strategy" --set kind=strategy --source oecd-paises --locator "p. 3"
  aistatecraft new source --set kind=press --set title="A title" --set read=read --dry-run
"""

Settings = list[str]


def command(
    table: Annotated[str, typer.Argument(help="What to add: strategy, declaration, instrument, actor, source ... or the name of a table.")],
    set: Annotated[Settings | None, typer.Option("--set", metavar="FIELD=VALUE", help="A field of the record. Repeatable.")] = None,
    source: Annotated[str | None, typer.Option(metavar="ID", help="The source that says so: an identifier of sources.")] = None,
    source_set: Annotated[
        Settings | None,
        typer.Option("--source-set", metavar="FIELD=VALUE", help="A field of a new source, instead of --source. Repeatable."),
    ] = None,
    locator: Annotated[str, typer.Option(help="Where in the source: page, section, table.")] = "",
    field: Annotated[str, typer.Option(help="The field that the source speaks of; * is the record as a whole.")] = "*",
    stated: Annotated[str, typer.Option(help="The value as the source states it.")] = "",
    quote: Annotated[str, typer.Option(help="The words of the source, at most 120 characters.")] = "",
    path: Annotated[Path, typer.Option(help="Directory of the package.")] = Path(),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show the rows, write nothing.")] = False,
) -> None:
    """Add a record to a table, with its source and its evidence, in one step.

    What is required and not given is asked for at a terminal; an identifier is proposed. The rows are validated where they will
    stand, and written only without errors, all or none.
    """
    from aistatecraft.cli.output import emit
    from aistatecraft.editing import Evidence, check, complete, evidence_for, settings, table_named, write
    from aistatecraft.errors import RefusedError, UsageError
    from aistatecraft.fixing.package import root_of
    from aistatecraft.package import open_package

    package = open_package(path)
    root_of(package)
    resource = table_named(package, table)
    row = settings(resource.schema, set or (), "--set")
    ask = _ask if sys.stdin.isatty() and sys.stderr.isatty() else None
    own_source = next((key.fields[0] for key in resource.schema.foreign_keys if key.resource == "sources"), None)
    needs_evidence = resource.schema.evidence_required and "evidence" in package.resources
    if not needs_evidence and (stated or quote or field != "*"):
        raise UsageError(f"{resource.name} takes no evidence; leave --field, --stated and --quote out.")
    if not needs_evidence and own_source is None and (source or source_set or locator):
        raise UsageError(f"{resource.name} names no source; leave --source, --source-set and --locator out.")
    drafts: list[Draft] = []
    if source_set:
        if source:
            raise UsageError("give either --source or --source-set, not both.")
        books = package.resource("sources")
        drafts.append(complete(package, books, settings(books.schema, source_set, "--source-set"), ask, option="--source-set"))
        source = drafts[0].identifier
    if not needs_evidence:
        about = {own_source: source, "locator": locator if "locator" in resource.schema.by_name else ""}
        row = {name: value for name, value in about.items() if name and value} | row
    record = complete(package, resource, row, ask, option="--set")
    drafts.append(record)
    if needs_evidence:
        source, locator = _evidence(package, source, locator, ask)
        drafts.append(evidence_for(package, record, Evidence(source, locator, field, stated, quote)))
    checked = check(package, drafts)
    for finding in checked.findings:
        _say(f"{finding.severity}: {finding.sentence}")
    if checked.errors:
        raise RefusedError("nothing was written, as the new rows bring errors; fix the fields and run the command again.")
    if not dry_run:
        write(package, checked)
    for draft, line in zip(drafts, checked.lines, strict=True):
        emit(_shown(draft, line, "would write" if dry_run else "wrote"))


def _evidence(package: Package, source: str | None, locator: str, ask: Ask | None) -> tuple[str, str]:
    """The source and the place in it, asked for where they are not given."""
    from aistatecraft.errors import UsageError
    from aistatecraft.package import clean_records

    schema = package.resource("evidence").schema
    if ask is None and not (source and locator):
        raise UsageError("the record needs evidence; give --source (or --source-set) and --locator.")
    if ask is not None and not source:
        books = package.resource("sources")
        known = [record.cells[books.schema.names.index("id")] or "" for record in clean_records(package, books)]
        source = ask(schema.by_name["source"], "", known)
    if ask is not None and not locator:
        locator = ask(schema.by_name["locator"], "", None)
    return source or "", locator


def _ask(column: Field, proposal: str, choices: Sequence[str] | None) -> str:
    """Ask at the terminal until the answer has the form of the field."""
    from aistatecraft.errors import nearest
    from aistatecraft.validation.cell_checks import check_cell

    values = ", ".join(category.value for category in column.categories)
    example = f", such as {column.example}" if column.example is not None and not values else ""
    _say(f"{column.title}: {column.description}{f' One of {values}.' if values else example and f' ({example[2:]})'}")
    while True:
        answer = str(typer.prompt(f"  {column.name}", default=proposal or None, err=True)).strip()
        problems = check_cell(column, answer) if answer else []
        if problems:
            _say(f"  {problems[0].message}; {problems[0].hint}")
        elif choices is not None and answer not in choices:
            _say(f"  {answer!r} is not there; {nearest(answer, list(choices))}")
        elif answer:
            return answer


def _say(sentence: str) -> None:
    from aistatecraft.package.escape import printable

    typer.echo(printable(sentence, 2_000), err=True)


def _shown(draft: Draft, line: int, verb: str) -> str:
    from aistatecraft.package.escape import printable

    fields = [f"  {name}: {printable(value, 2_000)}" for name, value in draft.row.items()]
    return "\n".join([f"{verb} {draft.resource.path}:{line}", *fields])
