"""`aistatecraft new`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from aistatecraft.cli.options import WritePathOption, complete_table

if TYPE_CHECKING:
    from aistatecraft.editing import Ask, CheckedRows, Draft
    from aistatecraft.package import Field, Package, Resource

SHORT = "Add a record with its source and evidence."
EXAMPLES = """\b
Examples:
  aistatecraft new strategy
  aistatecraft new strategy --set jurisdiction=PRY --set title_en="National AI Strategy" --set kind=strategy --source oecd-paises --locator "p. 3"
  aistatecraft new source --set kind=press --set title="A title" --set read=read --dry-run
"""

Settings = list[str]
_WANTED = "the record needs evidence; give --source (or --source-set) and --locator."


def command(
    table: Annotated[
        str,
        typer.Argument(
            help="What to add: strategy, declaration, instrument, actor, source ..., or the name of a table.", autocompletion=complete_table
        ),
    ],
    set: Annotated[
        Settings | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="Set a field of the record; a field that refers to a record also takes its name. Repeatable.",
        ),
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="ID", help="Identifier of the source that supports the record.")] = None,
    source_set: Annotated[
        Settings | None,
        typer.Option("--source-set", metavar="FIELD=VALUE", help="Set a field of a new source, instead of --source. Repeatable."),
    ] = None,
    locator: Annotated[str, typer.Option(help="Place in the source: page, section or table.")] = "",
    field: Annotated[str, typer.Option(help="Field that the source supports; * is the record as a whole.")] = "*",
    stated: Annotated[str, typer.Option(help="Value as the source states it.")] = "",
    quote: Annotated[str, typer.Option(help="Words of the source, at most 120 characters.")] = "",
    path: WritePathOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show the new rows, but write nothing.")] = False,
) -> None:
    """Add a record to a table, with its source and evidence, in one step.

    On a terminal, required fields that are not given are asked for, and an identifier is proposed. The new rows are validated in
    place and written only if they have no errors, all or none.
    """
    from aistatecraft.cli.output import emit
    from aistatecraft.cli.package import choose_to_write, phrase
    from aistatecraft.editing import check, write
    from aistatecraft.errors import RefusedError
    from aistatecraft.fixing import open_to_write

    def drafted(package: Package, ask: Ask | None) -> list[Draft]:
        return _drafts(package, table, set or (), source, source_set or (), locator, field, stated, quote, ask)

    def checked(package: Package, drafts: list[Draft]) -> CheckedRows:
        found = check(package, drafts)
        for finding in found.findings:
            _say(f"{finding.severity}: {finding.sentence}")
        if found.errors:
            raise RefusedError("nothing was written because the new rows cause errors; correct the fields and run the command again.")
        return found

    chosen = choose_to_write(path)
    ask: Ask | None = None
    if sys.stdin.isatty() and sys.stderr.isatty():
        if not dry_run:
            with open_to_write(chosen.place):
                pass  # what an earlier command left unfinished is completed before anybody is asked
            chosen = choose_to_write(path)
        # Nobody else has to wait while somebody thinks: the answers are given again below, where the tables can no longer change.
        answers = _Answers(_ask)
        drafted(chosen.package, answers)
        ask = answers.again
    if dry_run:
        drafts = drafted(chosen.package, ask)
        result = checked(chosen.package, drafts)
    else:
        with open_to_write(chosen.place) as (package, change):
            drafts = drafted(package, ask)
            result = checked(package, drafts)
            write(package, result, change)
    for draft, line in zip(drafts, result.lines, strict=True):
        emit(_shown(draft, line, "would write" if dry_run else "wrote"))
    emit(f"in {phrase(chosen)}")


class _Answers:
    """Asks, and keeps the answers, so that they can be given once more without asking."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._given: list[tuple[str, str]] = []

    def __call__(self, column: Field, proposal: str, choices: Sequence[str] | None) -> str:
        answer = self._ask(column, proposal, choices)
        self._given.append((column.name, answer))
        return answer

    def again(self, column: Field, _proposal: str, _choices: Sequence[str] | None) -> str:
        """The answer that was given when this was asked before; `RefusedError` where it was not."""
        from aistatecraft.errors import RefusedError

        name, answer = self._given.pop(0) if self._given else ("", "")
        if name != column.name:
            raise RefusedError(f"{column.name}: the schemas were changed in the meantime, so nothing was written; run the command again.")
        return answer


def _drafts(
    package: Package,
    table: str,
    set: Sequence[str],
    source: str | None,
    source_set: Sequence[str],
    locator: str,
    field: str,
    stated: str,
    quote: str,
    ask: Ask | None,
) -> list[Draft]:
    """The rows that the options ask for: a source where it is new, the record, its evidence where the record's own row does not have it."""
    from aistatecraft.editing import Evidence, complete, evidence_for, settings, table_named
    from aistatecraft.errors import UsageError
    from aistatecraft.package.statements import own_fields

    resource = table_named(package, table)
    row = _records_named(package, resource, settings(resource.schema, set, "--set"))
    own = own_fields(resource.schema)
    own_source = "source" if own else next((key.fields[0] for key in resource.schema.foreign_keys if key.resource == "sources"), None)
    needs_evidence = resource.schema.evidence_required and "evidence" in package.resources
    # Where rows have room for all that a source states, it is in the row, and not in evidence.
    in_row = "stated" in own and "quote" in own and field in ("*", resource.schema.stated_field)
    if not needs_evidence and not in_row and (stated or quote or field != "*"):
        raise UsageError(f"{resource.name} takes no evidence; leave --field, --stated and --quote out.")
    if not needs_evidence and own_source is None and (source or source_set or locator):
        raise UsageError(f"{resource.name} names no source; leave --source, --source-set and --locator out.")
    drafts: list[Draft] = []
    if source_set:
        if source:
            raise UsageError("give either --source or --source-set, not both.")
        books = package.resource("sources")
        drafts.append(
            complete(
                package,
                books,
                _records_named(package, books, settings(books.schema, source_set, "--source-set")),
                ask,
                option="--source-set",
            )
        )
        source = drafts[0].identifier
    elif source and "sources" in package.resources:
        (source,) = _records_named(package, package.resource("evidence" if needs_evidence else resource.name), {"source": source}).values()
    if own or not needs_evidence:
        about = {own_source: source, "locator": locator if "locator" in resource.schema.by_name else ""}
        about |= {"stated": stated, "quote": quote} if in_row else {}
        row = {name: value for name, value in about.items() if name and value} | row
        if needs_evidence and ask is None and not (row.get("source") and row.get("locator")):
            raise UsageError(_WANTED)
    record = complete(package, resource, row, ask, option="--set")
    drafts.append(record)
    if own:
        source, locator = record.row.get("source"), record.row.get("locator", "")
    if needs_evidence and not in_row:
        source, locator = _evidence(package, source, locator, ask)
        drafts.append(evidence_for(package, record, Evidence(source, locator, field, stated, quote)))
    return drafts


def _records_named(package: Package, resource: Resource, row: dict[str, str]) -> dict[str, str]:
    """The row with identifiers where it has names of records, and says what they were taken for; what names none is left for the check."""
    from aistatecraft.errors import DataError, UsageError
    from aistatecraft.package.lookup import AmbiguousName, record_label, referenced_table, resolve

    out = dict(row)
    for field, value in row.items():
        target = referenced_table(package, resource, field)
        if not value or target is None or (target is resource and resource.schema.primary_key == (field,)):
            continue
        try:
            out[field] = resolve(package, target.name, value)
        except AmbiguousName as error:
            raise UsageError(f"{field}={value}: {error}") from None
        except (DataError, UsageError):
            continue
        if out[field] != value:
            _say(f"{field}={value} was read as {record_label(package, target, out[field])}")
    return out


def _evidence(package: Package, source: str | None, locator: str, ask: Ask | None) -> tuple[str, str]:
    """The source and the place in it, asked for where they are not given."""
    from aistatecraft.errors import UsageError
    from aistatecraft.package import clean_records

    schema = package.resource("evidence").schema
    if ask is None and not (source and locator):
        raise UsageError(_WANTED)
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
            _say(f"  {answer!r} does not exist; {nearest(answer, list(choices))}")
        elif answer:
            return answer


def _say(sentence: str) -> None:
    from aistatecraft.cli.output import aside

    aside(sentence)


def _shown(draft: Draft, line: int, verb: str) -> str:
    from aistatecraft.package.escape import printable

    fields = [f"  {printable(name)}: {printable(value, 2_000)}" for name, value in draft.row.items()]
    return "\n".join([printable(f"{verb} {draft.resource.path}:{line}", 2_000), *fields])
