"""A package as the site reads it: rows of texts, the references between them in both directions, and what sources state.

Everything is driven by the schemas: which tables have a page for each record, what a cell refers to, what a record is called. Fields that
an earlier version names otherwise have the names of this one.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from aistatecraft.citations.cited_state import CitedState, state_of
from aistatecraft.package import Field, Package, Resource, clean_records
from aistatecraft.package.installed import renamed_since
from aistatecraft.package.lookup import name_fields

__all__ = ["CAP", "Column", "Dataset", "Reference", "Row", "Statement", "Table", "slug"]

CAP = 400
"""Rows of one section of a page; the rest is on the page of the table."""
RESERVED = {
    "assets", "changes", "data", "embed", "latest", "questions", "tables", "v", "con", "prn", "aux", "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}  # fmt: skip
"""Names of folders and files that the site, or Windows, uses otherwise."""
_PLAIN = re.compile(r"[A-Za-z0-9._-]")
_LANGUAGE = re.compile(r"_([a-z]{2})$")
_OWN_NAMES = ("short_title", "short_name", "acronym")


@lru_cache(maxsize=65_536)
def slug(text: str) -> str:
    """A text as part of the name of a file: itself where it is plain, else with every other character written as its code."""
    out = "".join(char if _PLAIN.fullmatch(char) else f"~{ord(char):x}~" for char in text) or "~"
    out = f"~{out}" if out.startswith(".") or out.partition(".")[0].lower() in RESERVED or out.lower() == "index" else out
    return out if len(out) <= 120 else f"{out[:80]}~{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


@dataclass(frozen=True)
class Column:
    """A field of a table, under the name that it has in this version of the package.

    Attributes
    ----------
    name : its name
    field : what the schema says of it
    target : the table to whose records it refers by a foreign key; empty where to none
    pair : the column that names the table, where this one holds the identifier of a record of any table; empty for others
    """

    name: str
    field: Field
    target: str = ""
    pair: str = ""

    @property
    def language(self) -> str:
        """Language of its texts, where its name says it."""
        match = _LANGUAGE.search(self.name)
        return match[1] if match else ""


@dataclass(eq=False)
class Row:
    """One row: its table, its identifier, its cells as they stand in the file, and the line on which it begins."""

    table: Table
    id: str
    cells: Mapping[str, str]
    line: int
    place: int

    def get(self, name: str) -> str:
        """The value of a field; empty where it is missing for whatever reason, or the table has no such field."""
        text = self.cells.get(name, "")
        column = self.table.by_name.get(name)
        return "" if column is None or text in column.field.missing else text

    def reason(self, name: str) -> str:
        """Why a value is missing, where the cell states it: ``not applicable``, say; empty for a blank cell and for a value."""
        column = self.table.by_name.get(name)
        text = self.cells.get(name, "")
        return column.field.missing_labels.get(text, text) if column is not None and text in column.field.missing else ""

    @property
    def key(self) -> tuple[str, str]:
        """Table and identifier."""
        return self.table.name, self.id


@dataclass(eq=False)
class Table:
    """One table with its rows."""

    name: str
    resource: Resource
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    folder: str
    rows: list[Row] = field(default_factory=list)
    by_id: dict[str, Row] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """Name of the file of each record, without its ending."""

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def paged(self) -> bool:
        """Whether each record has a page of its own: where the key is one field, or says that."""
        return len(self.key) == 1

    @property
    def title(self) -> str:
        """Its title."""
        return self.resource.schema.title or self.name

    @property
    def page(self) -> str:
        """Address of its page."""
        return f"tables/{self.folder}.html"

    @cached_property
    def names(self) -> list[str]:
        """Columns that say what a record is called, the one to show first."""
        renamed = renamed_since(self.resource)
        return [renamed.get(name, name) for name in name_fields(self.resource.schema)]

    @cached_property
    def referring(self) -> list[Column]:
        """Columns that refer to a record, those of the key first: the first of them is where a row without a page is shown."""
        found = [column for column in self.columns if column.target or column.pair]
        return sorted(found, key=lambda column: self.key.index(column.name) if column.name in self.key else len(self.key))


@dataclass(frozen=True)
class Reference:
    """A row that refers to a record, and by which column."""

    row: Row
    column: Column


@dataclass(frozen=True)
class Statement:
    """What a source states about a record or a field of it (``*``: the record as a whole).

    `row` is that of the table of evidence, or the record itself where it names its source.
    """

    field: str
    source: str
    stance: str
    stated: str
    quote: str
    locator: str
    note: str
    row: Row


class Dataset:
    """The tables of a package, each read once."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.name = str(package.descriptor.get("name") or "package")
        self.state: CitedState = state_of(package)
        self.version = self.state.version or package.version or "0"
        self.released = bool(self.state.issued) and "-" not in self.version
        """Whether this is a release: its pages never change."""
        self._addresses: dict[int, str] = {}
        self.tables: dict[str, Table] = {}
        folders: set[str] = set()
        for resource in package.resources.values():
            self.tables[resource.name] = _table(package, resource, folders)

    def __contains__(self, table: str) -> bool:
        return table in self.tables

    def rows(self, table: str, *fields: str) -> list[Row]:
        """Rows of a table; none where the package has no such table, or it lacks one of the fields."""
        found = self.tables.get(table)
        return found.rows if found is not None and all(name in found.by_name for name in fields) else []

    def find(self, table: str, record: str) -> Row | None:
        """The row of a record; None where there is none."""
        found = self.tables.get(table)
        return None if found is None else found.by_id.get(record)

    def target(self, row: Row, column: Column) -> Row | None:
        """The record to which a cell refers."""
        text = row.get(column.name)
        if not text:
            return None
        return self.find(row.get(column.pair) if column.pair else column.target, text)

    @cached_property
    def referring(self) -> Mapping[tuple[str, str], list[Reference]]:
        """What refers to each record, in the order of the tables and their rows; what sources state is in `statements`."""
        found: dict[tuple[str, str], list[Reference]] = defaultdict(list)
        for table in self.tables.values():
            for column in table.referring:
                if table.name == "evidence":
                    continue
                for row in table.rows:
                    target = self.target(row, column)
                    if target is not None and target is not row:
                        found[target.key].append(Reference(row, column))
        return found

    @cached_property
    def statements(self) -> Mapping[tuple[str, str], list[Statement]]:
        """What sources state about each record, in the order of its fields; those about the record as a whole first."""
        found: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        for row in self.rows("evidence", "record_table", "record_id", "source"):
            of = self.tables.get(row.get("record_table"))
            said = row.get("field") or "*"
            if of is not None:
                said = renamed_since(of.resource).get(said, said)
            found[row.get("record_table"), row.get("record_id")].append(_statement(row, said, row.get("source"), row.get("stance")))
        for table in self.tables.values():
            if table.name != "evidence":
                named = [column.name for column in table.columns if column.target == "sources" and column.name not in table.key[:1]]
                for row in table.rows:
                    found[row.key] += [
                        # A field that is called so has the source of the row as a whole; others, such as a coder, say something else as well.
                        _statement(row, "*" if name == "source" else name, row.get(name), "supports")
                        for name in named
                        if row.get(name)
                    ]
        for (name, _), listed in found.items():
            order = {column: place for place, column in enumerate(self.tables[name].by_name)} if name in self.tables else {}
            listed.sort(key=lambda one: (one.field != "*", order.get(one.field, len(order)), one.stance != "supports", one.stance))
        return found

    @cached_property
    def resting(self) -> Mapping[str, list[Row]]:
        """Rows of the evidence by their source."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("evidence", "record_table", "record_id", "source"):
            found[row.get("source")].append(row)
        return found

    def title(self, row: Row, language: str = "en") -> tuple[str, str]:
        """What a record is called, and in which language that is (empty where that is not said)."""
        for name in [f"{stem}_{language}" for stem in ("title", "name", "label")] + row.table.names:
            text = row.get(name)
            if text and name in row.table.by_name and name not in _OWN_NAMES:
                return text, self.language(row, name)
        return self._by_key(row), ""

    def language(self, row: Row, name: str) -> str:
        """Language of a text of a row: what its column says, else what the row says of the document."""
        column = row.table.by_name.get(name)
        said = column.language if column is not None else ""
        return said or (row.get("language") if name in ("title", "title_original") else "")

    def _by_key(self, row: Row) -> str:
        """Words for a row without a name: what its key names."""
        parts = []
        pairs = {column.pair for column in row.table.columns if column.pair}
        for name in row.table.key or row.table.by_name:
            column = row.table.by_name[name]
            text = row.get(name)
            if name in pairs or not text or (column.field.type == "integer" and text == "1"):
                continue
            target = self.target(row, column)
            parts.append(self.title(target)[0] if target is not None and target is not row else text.replace("_", " "))
        return ", ".join(parts) or row.id or row.table.title

    def address(self, row: Row) -> str:
        """Where a row is shown: its page, else its place on the page of a record to which it refers, else the page of its table."""
        found = self._addresses.get(id(row))
        if found is None:
            found = self._addresses[id(row)] = self._address(row)
        return found

    def _address(self, row: Row) -> str:
        if row.table.paged and row.id in row.table.files:
            return f"{row.table.folder}/{row.table.files[row.id]}.html"
        for column in row.table.referring:
            target = self.target(row, column)
            if target is not None and target.table.paged:
                if row.table.name != "evidence" and self._position(target, row, column) < CAP:
                    return f"{self.address(target)}#{self.anchor(row, column)}"
                return self.address(target)
        return row.table.page

    @cached_property
    def _positions(self) -> dict[tuple[int, str], int]:
        counted: dict[tuple[str, str, str, str], int] = defaultdict(int)
        found = {}
        for of, references in self.referring.items():
            for one in references:
                section = (*of, one.row.table.name, one.column.name)
                found[id(one.row), one.column.name] = counted[section]
                counted[section] += 1
        return found

    def _position(self, _target: Row, row: Row, column: Column) -> int:
        return self._positions.get((id(row), column.name), CAP)

    def anchor(self, row: Row, column: Column) -> str:
        """Name of the place of a row on the page of the record to which `column` refers, made from its key: ``signatories.CUB.signed``."""
        first = row.table.referring[:1] == [column]
        parts = [row.cells.get(name, "") for name in row.table.key if name not in (column.name, column.pair)]
        if not row.table.key:
            parts = [str(row.place)]
        return ".".join(map(slug, [row.table.name, *([] if first else [column.name]), *parts]))

    @cached_property
    def retired(self) -> list[Row]:
        """Identifiers that were withdrawn."""
        return self.rows("retired", "record_table", "id")


def _statement(row: Row, said: str, source: str, stance: str) -> Statement:
    stated, quote, locator, note = (row.get(name) for name in ("stated", "quote", "locator", "note"))
    return Statement(said, source, stance, stated, quote, locator, note if row.table.name == "evidence" else "", row)


def _table(package: Package, resource: Resource, folders: set[str]) -> Table:
    renamed = renamed_since(resource)
    names = [renamed.get(column.name, column.name) for column in resource.schema.fields]
    targets = {
        key.fields[0]: key.resource or resource.name
        for key in resource.schema.foreign_keys
        if len(key.fields) == 1 and package.resources[key.resource or resource.name].schema.primary_key == key.references
    }
    columns = tuple(
        Column(
            name,
            column,
            targets.get(column.name, ""),
            f"{name[:-3]}_table" if name.endswith("_id") and f"{name[:-3]}_table" in names else "",
        )
        for name, column in zip(names, resource.schema.fields, strict=True)
    )
    folder = slug(resource.name)
    while folder.lower() in folders:
        folder += "~"
    folders.add(folder.lower())
    key = tuple(renamed.get(name, name) for name in resource.schema.primary_key)
    table = Table(resource.name, resource, columns, key, folder)
    taken: set[str] = set()
    for place, record in enumerate(clean_records(package, resource)):
        cells = {name: cell or "" for name, cell in zip(names, record.cells, strict=True)}
        row = Row(table, resource.identifier(record.cells), cells, record.line, place)
        table.rows.append(row)
        table.by_id.setdefault(row.id, row)
        if table.paged and row.id and table.by_id[row.id] is row:
            name = slug(row.id)
            while name.lower() in taken:  # of two identifiers that differ by capitals alone some file systems would keep one
                name += "~"
            taken.add(name.lower())
            table.files[row.id] = name
    return table


def ordered(rows: list[Row], *fields: str) -> Iterator[Row]:
    """Rows by the texts of some fields; those that lack one last."""
    return iter(sorted(rows, key=lambda row: tuple((not row.get(name), row.get(name)) for name in fields)))
