"""References that a foreign key cannot express: a table and an identifier in two columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from aistatecraft.errors import nearest
from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd


def _missing(frame: pd.DataFrame, context: Context, prefix: str) -> Iterator[Problem]:
    table_field, record_field = f"{prefix}_table", f"{prefix}_id"
    named = frame[table_field].notna() & frame[record_field].notna()
    for number, table, record in rows(frame, table_field, record_field, only=named):
        if table not in context.schemas:
            yield Problem(number, table_field, f"{table!r} is not a table", nearest(table, list(context.schemas)).rstrip(".?"))
        elif record not in context.records(table) and context.frame(table) is not None:
            near = nearest(record, list(context.records(table))).rstrip(".?")
            message = f"{table} has no record {record!r}"
            yield Problem(number, record_field, message, f"correct the identifier, or add the record; {near}")


@rule("record-exists", scope="package", needs=("record_table", "record_id"))
def record_exists(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The record that a row refers to by table and identifier exists. The parts of a key with several fields are joined by slashes."""
    yield from _missing(frame, context, "record")


@rule("subject-exists", scope="package", tables=("relations",))
def subject_exists(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The record that a relation starts from exists."""
    yield from _missing(frame, context, "subject")


@rule("object-exists", scope="package", tables=("relations",))
def object_exists(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The record that a relation points to exists."""
    yield from _missing(frame, context, "object")


@rule("relation-to-itself", scope="row", tables=("relations",))
def relation_to_itself(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """No record is related to itself."""
    for number, table, record, other_table, other in rows(frame, "subject_table", "subject_id", "object_table", "object_id"):
        if (table, record) == (other_table, other):
            yield Problem(number, "object_id", f"{record!r} is related to itself", "correct one of the two identifiers")


@rule("parent-without-cycle", scope="table", needs=("id", "parent"))
def parent_without_cycle(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """No record is its own parent, directly or through other records."""
    for number, circle in circles(frame, "parent"):
        yield Problem(number, "parent", f"{circle}: the parents form a cycle", "correct one of the parents")


def circles(frame: pd.DataFrame, field: str) -> Iterator[tuple[int, str]]:
    """Record number, and the way back to itself, of each record that leads to itself by a field with an identifier."""
    linked = list(rows(frame, "id", field, only=frame["id"].notna() & frame[field].notna()))
    following: Mapping[str, str] = {identifier: other for _, identifier, other in linked}
    for number, identifier, step in linked:
        way = [identifier]
        while step is not None and step not in way:
            way.append(step)
            step = following.get(step)
        if step == identifier:
            yield number, " -> ".join([*way, step])
