"""The rows of a package as analyses read them: texts by the field names of this version, of earlier versions, too."""

from __future__ import annotations

import datetime as dt
import operator
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import DataError, UsageError, nearest
from aistatecraft.package import Package, edtf
from aistatecraft.package.installed import renamed_since
from aistatecraft.package.lookup import records_of, resolve
from aistatecraft.releases.resolve import package_at

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AGAINST", "JOINED", "MEMBERS", "SUPPORTED", "Rows", "day_of", "framed", "open_rows", "whole_number", "words_of"]

Row = dict[str, str]

JOINED = frozenset(("signed", "endorsed", "adhered", "ratified", "acceded", "accepted", "approved", "adopted", "joined", "founded"))
"""Acts by which an actor makes a text its own."""
SUPPORTED = JOINED | {"co_sponsored", "sponsored", "voted_for", "supported"}
"""These, and acts that support a text without that."""
AGAINST = frozenset(("voted_against", "declined", "dissociated", "withdrew", "objected", "opposed", "reserved"))
"""Acts that withhold or withdraw support. Whatever is neither (abstained, participated, absent) is neutral."""
MEMBERS = frozenset(("member", "founding_member"))
"""Kinds of full membership."""


def day_of(day: str | dt.date | None, what: str = "on") -> dt.date:
    """A day that a user named; today where it is None.

    Raises
    ------
    UsageError
        Where it is no full date.
    """
    if day is None:
        return dt.date.today()
    if isinstance(day, dt.datetime):
        return day.date()
    if isinstance(day, dt.date):
        return day
    try:
        first, last = edtf.first_and_last(str(day))
    except ValueError as error:
        raise UsageError(f"{what}={day!r}: {error}.") from None
    if first != last:
        raise UsageError(f"{what}={day!r} is not one day; write it as YYYY-MM-DD, such as {first.isoformat()}.")
    return first


def words_of(given: Any, what: str) -> list[str]:
    """One text, or a list of texts, as a list; `UsageError` where it is neither."""
    if isinstance(given, str):
        return [given]
    if not isinstance(given, Iterable) or isinstance(given, (bytes, dict)):
        raise UsageError(f"{what}={given!r:.60} is not possible; give a text or a list of texts.")
    listed = list(given)
    for one in listed:
        if not isinstance(one, str):
            raise UsageError(f"{what}: {one!r:.60} is not a text; give a text or a list of texts.")
    return listed


def whole_number(given: Any, what: str) -> int | None:
    """A whole number, such as a year, or None; `UsageError` where it is neither."""
    if given is None:
        return None
    try:
        return operator.index(given)
    except TypeError:
        raise UsageError(f"{what}={given!r:.60} is not a whole number; write it as in {what}=2024.") from None


class Rows:
    """The rows of a package, each table read once. A value that is missing, and a field that the version lacks, is not in the row."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._rows: dict[str, dict[str, Row]] = {}

    def by_id(self, table: str) -> dict[str, Row]:
        """Rows of a table by identifier; empty where the package has no such table."""
        if table not in self._rows:
            found: dict[str, Row] = {}
            if table in self.package.resources:
                resource = self.package.resources[table]
                renamed = renamed_since(resource)
                for number, (identifier, values) in enumerate(records_of(self.package, resource)):
                    row = {renamed.get(name, name): value for name, value in values.items()}
                    found[identifier or str(number)] = row
            self._rows[table] = found
        return self._rows[table]

    def __getitem__(self, table: str) -> Iterable[Row]:
        """Rows of a table, in its order."""
        return self.by_id(table).values()

    def grouped(self, table: str, *fields: str) -> dict[tuple[str, ...], list[Row]]:
        """Rows of a table by the values of some fields; rows that lack one of them are left out."""
        found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in self[table]:
            if all(name in row for name in fields):
                found[tuple(row[name] for name in fields)].append(row)
        return found

    @cached_property
    def evidence(self) -> dict[tuple[str, ...], list[Row]]:
        """Rows of evidence that support a value, by table, record and field."""
        found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in self["evidence"]:
            if row.get("stance") == "supports" and "source" in row:
                found[row.get("record_table", ""), row.get("record_id", ""), row.get("field", "")].append(row)
        return found

    def sources(self, table: str, record: str, *fields: str) -> list[str]:
        """Sources of the first of `fields` that has any; else those of the record as a whole, or the one that its row names."""
        for field in (*fields, "*"):
            found = [row["source"] for row in self.evidence.get((table, record, field), ())]
            if found:
                return list(dict.fromkeys(found))
        own = self.by_id(table).get(record, {}).get("source")
        return [own] if own else []

    def resolve(self, table: str, word: str) -> str:
        """The identifier of the record of a table that an identifier or a name means; `UsageError` where there is none."""
        return resolve(self.package, table, word)

    def actor_name(self, actor: str | None) -> str | None:
        """English name of an actor; its identifier where it has no row."""
        return None if actor is None else self.by_id("actors").get(actor, {}).get("name_en", actor)

    def bounds(self, table: str, field: str, text: str | None) -> tuple[dt.date, dt.date] | None:
        """First and last day of a date in a table; None where there is none; `DataError` where the text is no date."""
        if not text:
            return None
        try:
            return edtf.first_and_last(text)
        except ValueError as error:
            raise DataError(f"{table}: {field}: {error}; run 'aistatecraft validate' to see every problem.") from None

    def choice(self, table: str, field: str, value: str) -> None:
        """Nothing, where a value is in the vocabulary of a field; else `UsageError` with the nearest."""
        resource = self.package.resource(table)
        known = [category.value for category in resource.schema.by_name[field].categories] if field in resource.schema.by_name else []
        if known and value not in known:
            raise UsageError(f"{value!r} is not a value of {table}.{field}; {nearest(value, known)}")


def open_rows(path: str | Path | None = None, version: str | None = None) -> Rows:
    """Rows of the package at `path`, of the released `version`, or of this installation where both are None."""
    return Rows(package_at(path, version))


def framed(rows: Iterable[Iterable[Any]], columns: dict[str, str], categories: dict[str, list[str]] | None = None) -> pd.DataFrame:
    """A frame from rows: its columns with their dtypes in order; for columns of dtype category their values."""
    import pandas as pd

    listed = [list(row) for row in rows]
    made: dict[str, Any] = {}
    for at, (name, dtype) in enumerate(columns.items()):
        values = [row[at] for row in listed]
        if dtype == "category":
            known = (categories or {}).get(name) or sorted({value for value in values if value is not None})
            made[name] = pd.Categorical(values, categories=pd.Index(known, dtype="string"))
        else:
            made[name] = pd.Series(values, dtype=dtype).array
    return pd.DataFrame(made, index=pd.RangeIndex(len(listed)))
