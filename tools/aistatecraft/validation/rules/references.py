"""References that a foreign key cannot express: a table and an identifier in two columns."""

from __future__ import annotations

from collections.abc import Iterator

from aistatecraft.errors import nearest
from aistatecraft.validation.rules.base import Problem, RuleContext, rule


def _missing(name: str, tables: RuleContext, prefix: str) -> Iterator[Problem]:
    for row in tables.rows(name):
        target, identifier = row[f"{prefix}_table"], row[f"{prefix}_id"]
        if target is None or identifier is None:
            continue
        if target not in tables.schemas:
            yield Problem(row["_row"], f"{prefix}_table", f"{target!r} is not a table", nearest(target, list(tables.schemas)).rstrip(".?"))
        elif target in tables.frames and identifier not in tables.records.get(target, {}):
            near = nearest(identifier, list(tables.records.get(target, {}))).rstrip(".?")
            yield Problem(
                row["_row"], f"{prefix}_id", f"{target} has no record {identifier!r}", f"correct the identifier, or add the record; {near}"
            )


@rule("record-exists", scope="package", needs=("record_table", "record_id"))
def record_exists(name: str, tables: RuleContext) -> Iterator[Problem]:
    """The record that a row refers to by table and identifier exists. The parts of a key with several fields are joined by slashes."""
    yield from _missing(name, tables, "record")


@rule("subject-exists", scope="package", tables=("relations",))
def subject_exists(name: str, tables: RuleContext) -> Iterator[Problem]:
    """The record that a relation starts from exists."""
    yield from _missing(name, tables, "subject")


@rule("object-exists", scope="package", tables=("relations",))
def object_exists(name: str, tables: RuleContext) -> Iterator[Problem]:
    """The record that a relation points to exists."""
    yield from _missing(name, tables, "object")


@rule("relation-to-itself", scope="row", tables=("relations",))
def relation_to_itself(name: str, tables: RuleContext) -> Iterator[Problem]:
    """No record is related to itself."""
    for row in tables.rows(name):
        if (row["subject_table"], row["subject_id"]) == (row["object_table"], row["object_id"]):
            yield Problem(row["_row"], "object_id", f"{row['subject_id']!r} is related to itself", "correct one of the two identifiers")


@rule("parent-without-cycle", scope="table", needs=("id", "parent"))
def parent_without_cycle(name: str, tables: RuleContext) -> Iterator[Problem]:
    """No record is its own parent, directly or through other records."""
    parent = {row["id"]: row["parent"] for row in tables.rows(name)}
    for row in tables.rows(name):
        seen = [row["id"]]
        step = row["parent"]
        while step is not None and step not in seen:
            seen.append(step)
            step = parent.get(step)
        if step == row["id"]:
            yield Problem(row["_row"], "parent", f"{' -> '.join([*seen, step])}: the parents run in a circle", "correct one of the parents")
