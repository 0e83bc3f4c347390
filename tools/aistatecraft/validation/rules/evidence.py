"""Evidence: every row that states a fact has some, and it is about a field that exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aistatecraft.errors import nearest
from aistatecraft.package.schema import Field
from aistatecraft.validation.evidence_match import agrees, key_of, readings
from aistatecraft.validation.rules.base import WHOLE, Problem, RuleContext, rule


@rule("evidence-required", scope="package")
def evidence_required(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Every row of a core table is supported by at least one row in evidence."""
    if not tables.schemas[name].evidence_required or "evidence" not in tables.frames:
        return
    supported = tables._cache.get("supported")
    if supported is None:
        supported = {(row["record_table"], row["record_id"]) for row in tables.rows("evidence") if row["stance"] == "supports"}
        tables._cache["supported"] = supported
    for row in tables.rows(name):
        identifier = tables.identify(name, row)
        if (name, identifier) not in supported:
            yield Problem(
                row["_row"],
                "",
                f"no row of evidence supports {identifier!r}",
                f"add one to evidence with record_table {name} and record_id {identifier}",
            )


@rule("evidence-field", scope="package", tables=("evidence",))
def evidence_field(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Evidence refers to an existing field of the record, or to the record as a whole (*)."""
    for row in tables.rows(name):
        schema = tables.schemas.get(row["record_table"] or "")
        if schema is not None and row["field"] not in (None, "*") and row["field"] not in schema.by_name:
            yield Problem(
                row["_row"], "field", f"{schema.name} has no field {row['field']!r}", nearest(row["field"], list(schema.names)).rstrip(".?")
            )


@rule("dispute-states-value", scope="row", tables=("evidence",))
def dispute_states_value(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Evidence that disputes a value gives the value that the source states instead, or a quote."""
    for row in tables.rows(name):
        if row["stance"] == "disputes" and not (row["stated"] or row["quote"]):
            yield Problem(row["_row"], "stated", "the row disputes a value and does not say what its source states", "fill in stated")


@rule("disputed-value-differs", scope="package", tables=("evidence",))
def disputed_value_differs(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Evidence that disputes a value states a different value."""
    for row in tables.rows(name):
        record = tables.records.get(row["record_table"], {}).get(row["record_id"])
        if row["stance"] == "disputes" and record is not None and row["field"] in record and row["stated"] is not None:
            value = record[row["field"]]
            if value is not None and str(value) == row["stated"]:
                yield Problem(
                    row["_row"],
                    "stance",
                    f"the source states {row['stated']!r}, which is what {row['record_table']} holds",
                    "set stance to supports, or correct stated",
                )


@rule("evidence-contradicts", scope="package", tables=("evidence",))
def evidence_contradicts(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Evidence that supports a value states a compatible value: a date in any format and precision, the number or a rounded form, a code,
    or a name that differs only in spelling."""
    for row in tables.rows(name):
        found = _held(row, tables)
        if found is None:
            continue
        column, value = found
        if agrees(column, value, row["stated"]) is False:
            shown = value if not hasattr(value, "date") else value.date()
            yield Problem(
                row["_row"],
                "stated",
                f"the source is said to support {column.name} {shown} and states {row['stated']}",
                "correct one of the two, or set stance to disputes",
            )


@rule("spreadsheet-sorted", scope="package")
def spreadsheet_sorted(name: str, tables: RuleContext) -> Iterator[Problem]:
    """The values of a column are in the right rows. If evidence states the values found in other rows, the column was sorted or moved
    separately."""
    moved = {key: counts for key, counts in _matches(tables).items() if counts.elsewhere >= _ENOUGH and counts.elsewhere > counts.here}
    hint = "take the column from the last version, and sort the whole table"
    here, times = (sum(getattr(counts, which) for counts in _matches(tables).values()) for which in ("here", "elsewhere"))
    if name == "evidence" and times >= _ENOUGH and times > here:
        yield Problem(
            WHOLE, "stated", f"{times} rows state the value of another record: stated was sorted or moved without the other columns", hint
        )
    for (table, field), counts in moved.items():
        if table == name:
            yield Problem(
                WHOLE,
                field,
                f"in {counts.elsewhere} of {counts.elsewhere + counts.here} rows evidence states the value of another row: "
                f"{field} was sorted or moved without the other columns",
                hint,
            )


_ENOUGH = 3
"""So many statements that fit another row are no chance."""


@dataclass
class _Counts:
    """How many statements about a column fit their own row, and how many only another."""

    here: int = 0
    elsewhere: int = 0


def _matches(tables: RuleContext) -> dict[tuple[str, str], _Counts]:
    """Counts for each table and field; made once."""
    made: dict[tuple[str, str], _Counts] | None = tables._cache.get("matches")
    if made is not None:
        return made
    made = tables._cache["matches"] = {}
    keys: dict[tuple[str, str], set[str]] = {}
    for row in tables.rows("evidence"):
        found = _held(row, tables)
        if found is None:
            continue
        (column, value), place = found, (row["record_table"], row["field"])
        texts = readings(column, row["stated"])
        if place not in keys:
            keys[place] = {key_of(column, other[column.name]) for other in tables.rows(place[0]) if other[column.name] is not None}
            made[place] = _Counts()
        if key_of(column, value) in texts:
            made[place].here += 1
        elif not keys[place].isdisjoint(texts):
            made[place].elsewhere += 1
    return made


def _held(row: Mapping[str, Any], tables: RuleContext) -> tuple[Field, Any] | None:
    """The field that a row of evidence supports and states, and the value that stands there."""
    if row["stance"] != "supports" or not row["stated"]:
        return None
    schema = tables.schemas.get(row["record_table"] or "")
    column = schema.by_name.get(row["field"] or "") if schema else None
    record = tables.records.get(row["record_table"], {}).get(row["record_id"])
    if column is None or record is None or record[column.name] is None:
        return None
    return column, record[column.name]


@rule("source-used", scope="package", tables=("sources",), severity="warning")
def source_used(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Every source is referred to by another table."""
    used: dict[str, bool] = defaultdict(bool)
    for schema in tables.schemas.values():
        for key in schema.foreign_keys:
            if key.resource == "sources":
                for row in tables.rows(schema.name):
                    used[row[key.fields[0]]] = True
    for plan_name, table, identifier in (
        ("evidence", "record_table", "record_id"),
        ("codings", "record_table", "record_id"),
        ("relations", "subject_table", "subject_id"),
        ("relations", "object_table", "object_id"),
    ):
        for row in tables.rows(plan_name):
            if row[table] == "sources":
                used[row[identifier]] = True
    for row in tables.rows(name):
        if not used[row["id"]]:
            yield Problem(row["_row"], "id", f"nothing refers to the source {row['id']!r}", "use it in evidence, or delete it")
