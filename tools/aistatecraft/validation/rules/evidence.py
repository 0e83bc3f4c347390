"""Evidence: every row that states a fact has some, and it is about a field that exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from aistatecraft.errors import nearest
from aistatecraft.package.schema import Field
from aistatecraft.package.summary import DISPUTES, SUPPORTS
from aistatecraft.validation.evidence_match import agrees, key_of, readings
from aistatecraft.validation.rules.base import WHOLE, Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd


@rule("evidence-required", scope="package")
def evidence_required(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Every row of a core table is supported by at least one row in evidence: one with the stance supports."""
    evidence = context.frame("evidence")
    if not context.schema.evidence_required or evidence is None:
        return
    table = context.table
    supported = context.once(
        "supported", lambda: {record[1:] for record in rows(evidence, "record_table", "record_id", only=evidence["stance"] == SUPPORTS)}
    )
    known = frame[list(context.schema.primary_key)].notna().all(axis=1)  # a broken key is reported, what follows from it is not
    for number, identifier in enumerate(context.identifiers(table)):
        if (table, identifier) not in supported and known.iloc[number]:
            hint = f"add one to evidence with record_table {table} and record_id {identifier}"
            yield Problem(number, "", f"no row of evidence supports {identifier!r}", hint)


@rule("evidence-field", scope="package", tables=("evidence",))
def evidence_field(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Evidence refers to an existing field of the record, or to the record as a whole (*)."""
    for number, table, field in rows(frame, "record_table", "field", only=frame["field"].notna() & (frame["field"] != "*")):
        schema = context.schemas.get(table)
        if schema is not None and field not in schema.by_name:
            yield Problem(number, "field", f"{table} has no field {field!r}", nearest(field, list(schema.names)).rstrip(".?"))


@rule("dispute-states-value", scope="row", tables=("evidence",))
def dispute_states_value(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Evidence that disputes a value, or differs from it for another reason (any stance but supports), gives what the source states
    instead, or a quote."""
    differs = frame["stance"].notna() & (frame["stance"] != SUPPORTS)
    for number, stance in rows(frame, "stance", only=differs & frame["stated"].isna() & frame["quote"].isna()):
        does = "disputes a value" if stance == DISPUTES else f"has the stance {stance}"
        yield Problem(number, "stated", f"the row {does} but does not give the value in its source", "fill in stated")


@rule("disputed-value-differs", scope="package", tables=("evidence",))
def disputed_value_differs(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Evidence that disputes a value states a different value; so does evidence that is outdated or a variant of it. Another measure
    may well give the same number, and what a source omits is no value."""
    for statement in _statements(frame, context, DISPUTES, "outdated", "variant"):
        if str(statement.value) == statement.stated:
            message = f"the source states {statement.stated!r}, the same value as in {statement.table}"
            yield Problem(statement.number, "stance", message, "set stance to supports, or correct stated")


@rule("evidence-contradicts", scope="package", tables=("evidence",))
def evidence_contradicts(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Evidence that supports a value states a compatible value: a date in any format and precision, the number or a rounded form, a code,
    or a name that differs only in spelling."""
    for statement in _supporting(context):
        if agrees(statement.field, statement.value, statement.stated) is False:
            shown = statement.value.date() if hasattr(statement.value, "date") else statement.value
            message = f"the source is recorded as supporting {statement.field.name} {shown} but states {statement.stated}"
            yield Problem(
                statement.number, "stated", message, "correct one of the two, or set stance to disputes, outdated, other_measure or variant"
            )


@rule("spreadsheet-sorted", scope="package")
def spreadsheet_sorted(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The values of a column are in the right rows. If evidence states the values found in other rows, the column was sorted or moved
    separately."""
    hint = "take the column from the last version, and sort the whole table"
    here, elsewhere = context.once("matches", lambda: _matches(context))
    if context.table == "evidence" and elsewhere.total() >= _ENOUGH and elsewhere.total() > here.total():
        message = f"{elsewhere.total()} rows state the value of another record: stated was sorted or moved without the other columns"
        yield Problem(WHOLE, "stated", message, hint)
    for (table, field), times in elsewhere.items():
        if table == context.table and times >= _ENOUGH and times > here[table, field]:
            message = (
                f"in {times} of {times + here[table, field]} rows evidence states the value of another row: "
                f"{field} was sorted or moved without the other columns"
            )
            yield Problem(WHOLE, field, message, hint)


_ENOUGH = 3
"""So many statements that fit another row are no chance."""

_Counts = Counter[tuple[str, str]]


class _Statement(NamedTuple):
    """What a row of evidence states of a value, and the value that stands there."""

    number: int
    table: str
    field: Field
    value: Any
    stated: str


def _statements(frame: pd.DataFrame | None, context: Context, *stances: str) -> Iterator[_Statement]:
    """Statements of these stances about a field that exists and has a value."""
    if frame is None:
        return
    chosen = frame["stance"].isin(stances) & frame["stated"].notna()
    for number, table, record, name, stated in rows(frame, "record_table", "record_id", "field", "stated", only=chosen):
        schema = context.schemas.get(table)
        field = schema.by_name.get(name) if schema is not None else None
        at = context.records(table).get(record)
        if field is None or at is None:
            continue
        value = context.column(table, name)[at]
        if value is not None:
            yield _Statement(number, table, field, value, stated)


def _supporting(context: Context) -> list[_Statement]:
    return context.once("supporting", lambda: list(_statements(context.frame("evidence"), context, SUPPORTS)))


def _matches(context: Context) -> tuple[_Counts, _Counts]:
    """For each table and field how many supporting statements fit their own row, and how many only the value of another."""
    here, elsewhere = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    keys: dict[tuple[str, str], set[str]] = {}
    for statement in _supporting(context):
        place, texts = (statement.table, statement.field.name), readings(statement.field, statement.stated)
        if place not in keys:
            keys[place] = {key_of(statement.field, value) for value in context.column(*place) if value is not None}
        # "1972" is right of 1972-08-16, whatever another row holds.
        if key_of(statement.field, statement.value) in texts or agrees(statement.field, statement.value, statement.stated):
            here[place] += 1
        elif not keys[place].isdisjoint(texts):
            elsewhere[place] += 1
    return here, elsewhere


@rule("source-used", scope="package", tables=("sources",), severity="warning")
def source_used(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Every source is referred to by another table."""
    used: set[Any] = set()
    for schema in context.schemas.values():
        for key in schema.foreign_keys:
            if key.resource == "sources":
                used.update(context.column(schema.name, key.fields[0]))
    for table, prefix in (("evidence", "record"), ("codings", "record"), ("relations", "subject"), ("relations", "object")):
        used.update(record for _, target, record in context.rows(table, f"{prefix}_table", f"{prefix}_id") if target == "sources")
    for number, identifier in rows(frame, "id", only=~frame["id"].isin(used)):
        yield Problem(number, "id", f"nothing refers to the source {identifier!r}", "use it in evidence, or delete it")
