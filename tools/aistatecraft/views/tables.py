"""The rows of a package's tables as views read them: texts by field name, None where a value is missing for whatever reason.

Numbers and dates are looked at when the table is read, so that a view can rely on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from aistatecraft.errors import DataError, UsageError, nearest
from aistatecraft.package import edtf
from aistatecraft.package.csv_reader import clean_records
from aistatecraft.package.descriptor import Package
from aistatecraft.package.installed import renamed_since
from aistatecraft.package.schema import Field
from aistatecraft.package.statements import SUPPORTS, statements
from aistatecraft.releases.resolve import package_at

__all__ = ["RecordKey", "Row", "Tables", "open_tables"]

Row = Mapping[str, str | None]
RecordKey = tuple[str, str]
"""A record: its table and its identifier."""


class _Fields(dict[str, str | None]):
    """A row; asked for a field that its table does not have, it says so."""

    def __missing__(self, name: str) -> str | None:
        raise UsageError(f"a table of this package has no field {name!r}; views need a package with the same structure as this one.")


def _fault(field: Field, text: str) -> str | None:
    """Why a text is no value of its field; None where it is one. Texts are not looked at, but dates of mixed precision are."""
    if field.partial_date:
        problem = edtf.check(text)
        return None if problem is None else "is not a date: " + problem.partition(" ")[2]
    if field.kind.textual:
        return None
    try:
        field.parse(text)
    except ValueError as error:
        return str(error)
    return None


class Tables:
    """The tables of a package, each read once, when it is first asked for."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._rows: dict[str, list[Row]] = {}
        self._by_id: dict[str, dict[str, Row]] = {}
        self._statements: list[Row] | None = None

    def __contains__(self, table: str) -> bool:
        return table in self.package.resources

    def __getitem__(self, table: str) -> list[Row]:
        """Rows of a table in the order of the file; `UsageError` where the package has no such table, `DataError` where a number or date in it is none."""
        if table not in self._rows:
            resource = self.package.resource(table)
            fields = resource.schema.fields
            renamed = renamed_since(resource)  # views know the names of this version, and read earlier ones, too
            names = [renamed.get(field.name, field.name) for field in fields]
            rows: list[Row] = [
                _Fields(
                    (name, None if cell is None or cell == "" or cell in field.missing else cell)
                    for name, field, cell in zip(names, fields, record.cells, strict=True)
                )
                for record in clean_records(self.package, resource)
            ]
            for name, field in zip(names, fields, strict=True):
                for text in {row[name] for row in rows}:
                    fault = None if text is None else _fault(field, text)
                    if fault:
                        raise DataError(
                            f"{resource.path}: {field.name} {text!r} {fault}; run 'aistatecraft validate' to see every problem."
                        )
            self._rows[table] = rows
        return self._rows[table]

    def by_id(self, table: str) -> Mapping[str, Row]:
        """Rows of a table by identifier: the values of its key joined by a slash."""
        if table not in self._by_id:
            key = self.primary_key(table)
            self._by_id[table] = {"/".join(row[name] or "" for name in key): row for row in self[table]}
        return self._by_id[table]

    def statements(self) -> list[Row]:
        """What sources state about records, as rows of `evidence`: those, and what rows of other tables state themselves."""
        if self._statements is None:
            self._statements = [_Fields((name, value or None) for name, value in one._asdict().items()) for one in statements(self.package)]
        return self._statements

    def supporting(self, records: Collection[RecordKey]) -> list[str | None]:
        """The sources that support some records, once for each statement."""
        return [
            row["source"]
            for row in self.statements()
            if row["stance"] == SUPPORTS and (row["record_table"] or "", row["record_id"] or "") in records
        ]

    def primary_key(self, table: str) -> list[str]:
        """Fields of the primary key, as the rows name them."""
        resource = self.package.resource(table)
        renamed = renamed_since(resource)
        return [renamed.get(name, name) for name in resource.schema.primary_key]

    def references(self, table: str) -> dict[str, str]:
        """Tables that single fields refer to, by field, as the rows name them."""
        resource = self.package.resource(table)
        renamed = renamed_since(resource)
        keys = [key for key in resource.schema.foreign_keys if len(key.fields) == 1]
        return {renamed.get(key.fields[0], key.fields[0]): key.resource or table for key in keys}

    def find(self, table: str, record: str) -> Row | None:
        """The row of a record; None where there is none, or no such table."""
        return self.by_id(table).get(record) if table in self else None

    def existing(self, tables: Iterable[str]) -> Iterator[str]:
        """Those of `tables` that the package has."""
        return (table for table in tables if table in self)

    def children(self, table: str, parent: str = "parent") -> Mapping[str | None, list[Row]]:
        """Rows of a table by what stands in the field `parent`."""
        found: dict[str | None, list[Row]] = defaultdict(list)
        for row in self[table]:
            found[row[parent]].append(row)
        return found

    def known(self, word: str, choices: Sequence[str], what: str) -> str:
        """`word` where it is one of `choices`; else `UsageError` with the nearest, in which `what` names it."""
        if word not in choices:
            raise UsageError(f"{word!r} is not {what}; {nearest(word, list(choices))}")
        return word


def open_tables(path: str | Path | None = None, version: str | None = None) -> Tables:
    """Tables of the package at `path`, of the released `version`, or of this installation where both are None."""
    return Tables(package_at(path, version))
