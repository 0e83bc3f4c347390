"""A new row made complete: fields given, asked for, counted on, or proposed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aistatecraft.editing.identifiers import propose
from aistatecraft.errors import RefusedError, UsageError, nearest
from aistatecraft.package import Field, Package, Resource, TableSchema, clean_records

__all__ = ["Ask", "Draft", "Evidence", "complete", "evidence_for", "settings", "table_named"]

RowValues = dict[str, str]
Ask = Callable[[Field, str, Sequence[str] | None], str]
"""Asks for the value of a field; given the field, a proposal (empty: none), and the values that can be meant (None: any)."""

_COUNTED = ("seq", "spell", "sort_order")
_SINGULAR = {"indices": "index", "evidence": "evidence", "coverage": "coverage", "retired": "retired"}


@dataclass(frozen=True)
class Draft:
    """A row that is to be added to a table."""

    resource: Resource
    row: RowValues

    @property
    def identifier(self) -> str:
        """Its key fields joined by a slash."""
        return "/".join(self.row.get(name, "") for name in self.resource.schema.primary_key)


class Evidence(NamedTuple):
    """What a source says of a new record."""

    source: str
    locator: str
    field: str
    stated: str
    quote: str


def _singular(name: str) -> str:
    return _SINGULAR.get(name) or (f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s"))


def table_named(package: Package, word: str) -> Resource:
    """The table that `word` names, as its name or its singular; `UsageError` with the nearest where there is none."""
    names = {name: name for name in package.resources} | {_singular(name): name for name in package.resources}
    found = names.get(word.replace("-", "_"))
    if found is None:
        raise UsageError(f"{word!r} is not a table of this package; {nearest(word, [_singular(name) for name in package.resources])}")
    return package.resources[found]


def settings(schema: TableSchema, given: Sequence[str], option: str) -> RowValues:
    """Fields and values of options such as ``--set kind=plan``; `UsageError` where one is not of that form, or no field."""
    row: RowValues = {}
    for entry in given:
        name, sign, value = entry.partition("=")
        if not sign:
            raise UsageError(f"{option} {entry!r}: a field and its value are needed, such as {option} {schema.names[0]}=value.")
        if name not in schema.by_name:
            raise UsageError(f"{option} {entry!r}: {schema.name} has no field {name!r}; {nearest(name, list(schema.names))}")
        if name in row:
            raise UsageError(f"{option} {entry!r}: {name} is given twice; give it once.")
        row[name] = value
    return row


def _rows(package: Package, resource: Resource) -> list[RowValues]:
    names = resource.schema.names
    return [dict(zip(names, (cell or "" for cell in record.cells), strict=True)) for record in clean_records(package, resource)]


def complete(package: Package, resource: Resource, given: RowValues, ask: Ask | None, *, option: str) -> Draft:
    """A row with all that it needs.

    Numbers in order (seq, spell, order) are counted on, the identifier is proposed, what else is required is asked for.

    Parameters
    ----------
    package, resource : the table
    given : fields with their values
    ask : asks the user; None where there is nobody to ask
    option : how the user gives a field, for messages

    Raises
    ------
    UsageError
        Where something is missing and there is nobody to ask.
    RefusedError
        Where the identifier exists already, or was retired.
    """
    schema, row = resource.schema, dict(given)
    there = _rows(package, resource)
    needed = [column for column in schema.fields if column.required or column.name in schema.primary_key]
    blank = [column for column in needed if not row.get(column.name) and column.name not in (*_COUNTED, "id")]
    if blank and ask is None:
        wanted = ", ".join(f"{option} {column.name}=... ({_what(column)})" for column in blank)
        raise UsageError(f"{schema.name}: {'a field is' if len(blank) == 1 else 'fields are'} missing; give {wanted}.")
    for column in blank:
        assert ask is not None
        row[column.name] = ask(column, "", _choices(package, resource, column))
    for column in needed:
        if column.name in _COUNTED and not row.get(column.name):
            row[column.name] = str(_next(there, schema, row, column.name))
    if "id" in schema.by_name and not row.get("id"):
        retired = {gone["id"] for gone in _retired(package) if gone["record_table"] == schema.name}
        proposal = propose(schema, row, {other["id"] for other in there} | retired)
        if ask is not None:
            proposal = ask(schema.by_name["id"], proposal, None)
        if not proposal:
            raise UsageError(
                f"{schema.name}: no identifier can be derived from these fields; give {option} id=..., such as {schema.by_name['id'].example}."
            )
        row["id"] = proposal
    draft = Draft(resource, {name: row[name] for name in schema.names if row.get(name)})
    _must_be_new(package, draft, there)
    return draft


def _what(column: Field) -> str:
    values = [category.value for category in column.categories]
    if values:
        return f"one of {', '.join(values)}"
    return f"such as {column.example}" if column.example is not None else column.type


def _choices(package: Package, resource: Resource, column: Field) -> list[str] | None:
    """Values of a field that refers to another table."""
    for key in resource.schema.foreign_keys:
        if key.fields == (column.name,):
            target = package.resources[key.resource or resource.name]
            return [row[key.references[0]] for row in _rows(package, target)]
    return None


def _next(there: list[RowValues], schema: TableSchema, row: RowValues, name: str) -> int:
    """The number after those of the rows that this one stands in a line with."""
    others = [part for part in schema.primary_key if part != name] if name in schema.primary_key else ["scheme", "parent"]
    beside = [other.get(name, "") for other in there if all(other.get(part, "") == row.get(part, "") for part in others)]
    return 1 + max((int(number) for number in beside if number.isdecimal()), default=0)


def _retired(package: Package) -> list[RowValues]:
    resource = package.resources.get("retired")
    if resource is None or not {"id", "record_table", "reason"} <= set(resource.schema.names):
        return []
    return _rows(package, resource)


def _must_be_new(package: Package, draft: Draft, there: list[RowValues]) -> None:
    schema = draft.resource.schema
    key = [draft.row.get(name, "") for name in schema.primary_key]
    if key and any([row[name] for name in schema.primary_key] == key for row in there):
        hint = "choose another" if schema.primary_key == ("id",) else "edit that row, or give another key"
        raise RefusedError(f"{schema.name}: the record {draft.identifier!r} already exists, and identifiers are never reused; {hint}.")
    for row in _retired(package):
        if (row["record_table"], row["id"]) == (schema.name, draft.identifier):
            reason = row["reason"].rstrip(".")
            raise RefusedError(
                f"{schema.name}: the identifier {draft.identifier!r} was retired ({reason}), and identifiers are never reused; choose another."
            )


def evidence_for(package: Package, draft: Draft, evidence: Evidence) -> Draft:
    """The row of `evidence` for a new record."""
    row = {
        "record_table": draft.resource.name, "record_id": draft.identifier, "field": evidence.field, "source": evidence.source,
        "locator": evidence.locator, "stated": evidence.stated, "quote": evidence.quote, "stance": "supports",
    }  # fmt: skip
    return Draft(package.resources["evidence"], {name: value for name, value in row.items() if value})
