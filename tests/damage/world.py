"""The undamaged tables, and how a damaged copy is judged: one mutant at a time, files in memory, the rest as it is."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, NamedTuple

from aistatecraft.package import Package, open_package
from aistatecraft.package.schema import Field, TableSchema
from aistatecraft.package.storage import DirectoryStore
from aistatecraft.validation import Finding, validate_package
from aistatecraft.validation.report import column_letter

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 30)


class Overlay(DirectoryStore):
    """A directory of which some files are replaced, or taken away (None)."""

    def __init__(self, root: Path, files: Mapping[str, bytes | None]) -> None:
        super().__init__(root)
        self.files = files

    def read(self, path: str) -> bytes:
        found = self.files.get(path)
        return super().read(path) if found is None else found

    def exists(self, path: str) -> bool:
        return self.files[path] is not None if path in self.files else super().exists(path)

    def open(self, path: str) -> BinaryIO:
        found = self.files.get(path)
        return super().open(path) if found is None else io.BytesIO(found)

    def size(self, path: str) -> int:
        found = self.files.get(path)
        return super().size(path) if found is None else len(found)

    def stamp(self, path: str) -> tuple[int, int]:
        return (0, 0) if path in self.files else super().stamp(path)

    def names(self, folder: str) -> list[str]:
        own = {Path(path).name for path, data in self.files.items() if data is not None and Path(path).parent.as_posix() == folder}
        gone = {Path(path).name for path, data in self.files.items() if data is None and Path(path).parent.as_posix() == folder}
        return sorted({*super().names(folder), *own} - gone)


class Cell(NamedTuple):
    """A cell of a real table: its table, number of its row (from 0), its field, its position and its text."""

    table: str
    row: int
    column: Field
    at: int
    text: str


class Place(NamedTuple):
    """Where a finding must stand. An empty column: the row or file as a whole, in whatever column."""

    file: str
    line: int
    column: str = ""


@dataclass(frozen=True)
class Mutant:
    """A damaged copy: the files that differ, and the places at one of which the damage must be found."""

    files: Mapping[str, bytes | None]
    places: tuple[Place, ...]
    what: str


@dataclass
class World:
    """The tables of a package as plain rows. No cell of the real tables has a line break, so row n stands on line n + 2."""

    root: Path = ROOT
    _cells: dict[object, list[Cell]] = field(default_factory=dict)

    @cached_property
    def package(self) -> Package:
        return open_package(self.root)

    @cached_property
    def schemas(self) -> dict[str, TableSchema]:
        return {name: resource.schema for name, resource in self.package.resources.items()}

    @cached_property
    def raw(self) -> dict[str, bytes]:
        return {name: self.package.store.read(self.path(name)) for name in self.schemas}

    @cached_property
    def tables(self) -> dict[str, list[list[str]]]:
        return {name: list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""))) for name, data in self.raw.items()}

    @cached_property
    def full(self) -> list[str]:
        """Tables with at least three rows."""
        return [name for name in self.schemas if len(self.rows(name)) >= 3]

    def path(self, table: str) -> str:
        return self.package.resources[table].path

    def header(self, table: str) -> list[str]:
        return self.tables[table][0]

    def rows(self, table: str) -> list[list[str]]:
        return self.tables[table][1:]

    def records(self, table: str) -> list[dict[str, str]]:
        return [dict(zip(self.header(table), row, strict=True)) for row in self.rows(table)]

    def key(self, table: str, row: list[str]) -> str:
        return "/".join(row[self.header(table).index(name)] for name in self.schemas[table].primary_key)

    def each(self, table: str = "") -> Iterator[Cell]:
        for name in [table] if table else self.schemas:
            for number, row in enumerate(self.rows(name)):
                for at, text in enumerate(row):
                    yield Cell(name, number, self.schemas[name].fields[at], at, text)

    def cells(self, fits: Callable[[Cell], bool]) -> list[Cell]:
        """All cells that fit, once looked for."""
        if fits not in self._cells:
            self._cells[fits] = [cell for cell in self.each() if fits(cell)]
        return self._cells[fits]

    def pick(self, rng: random.Random, fits: Callable[[Cell], bool]) -> Cell:
        """A cell that fits; every column that has one is equally likely."""
        found = self.cells(fits)
        columns = sorted({(cell.table, cell.at) for cell in found})
        table, at = rng.choice(columns)
        return rng.choice([cell for cell in found if (cell.table, cell.at) == (table, at)])

    def place(self, table: str, row: int, name: str = "") -> Place:
        return Place(self.path(table), row + 2, column_letter(self.header(table).index(name)) if name else "")

    def render(self, table: str, rows: list[list[str]], header: list[str] | None = None) -> dict[str, bytes | None]:
        """The table with other rows, as a file."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.header(table) if header is None else header)
        writer.writerows(rows)
        return {self.path(table): out.getvalue().encode("utf-8", "surrogateescape")}

    def changed(self, table: str, changes: Mapping[tuple[int, str], str]) -> dict[str, bytes | None]:
        """The table with other texts in some cells, given by row and field."""
        rows = [list(row) for row in self.rows(table)]
        for (row, name), text in changes.items():
            rows[row][self.header(table).index(name)] = text
        return self.render(table, rows)

    def judge(self, files: Mapping[str, bytes | None], fast: bool) -> list[Finding]:
        """All findings of the package with some files replaced."""
        package = Package(Overlay(self.root, files), self.package.descriptor, self.package.resources, self.package.descriptor_path)
        report = validate_package(package, fast=fast, today=TODAY)
        return [*report.findings, *(note for note in getattr(report, "notes", []) if note not in self._noted)]

    @cached_property
    def _noted(self) -> list[Finding]:
        """What the undamaged tables have of notes, which come with time."""
        return getattr(validate_package(self.package, today=TODAY), "notes", [])
