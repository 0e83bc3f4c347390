"""Damage to rows and columns: cells lost, shifted, sorted, dragged, pasted twice."""

from __future__ import annotations

import csv
import random
import re
from decimal import Decimal

from tests.damage.corpus import kind
from tests.damage.world import Mutant, Place, World


def lines(world: World, table: str) -> list[str]:
    """Lines of the file, without their line breaks."""
    return world.raw[table].decode("utf-8").split("\n")[:-1]


def joined(world: World, table: str, found: list[str]) -> dict[str, bytes | None]:
    return {world.path(table): ("\n".join(found) + "\n").encode("utf-8", "surrogateescape")}


def pick_line(rng: random.Random, world: World) -> tuple[str, int]:
    """A table and the number of a row in it."""
    table = rng.choice(world.full)
    return table, rng.randrange(len(world.rows(table)))


def edited(name: str, *rules: str, at: int = 0):  # type: ignore[no-untyped-def]
    """Register a damage that makes one line into one or several; the finding is expected on line `at` of these."""

    def register(change):  # type: ignore[no-untyped-def]
        def make(rng: random.Random, world: World) -> Mutant:
            for _ in range(100):
                table, row = pick_line(rng, world)
                found = lines(world, table)
                new = change(rng, found[row + 1])
                if new is not None:
                    found[row + 1 : row + 2] = new
                    return Mutant(joined(world, table, found), (Place(world.path(table), row + 2 + at),), f"line {row + 2} of {table}")
            raise AssertionError(f"{name}: no line can be damaged so")

        kind(name, "row", *rules)(make)
        return change

    return register


@edited("row-twice", "primary-key", at=1)
def _(rng: random.Random, line: str) -> list[str]:
    return [line, line]


@edited("row-blank", "blank-row", at=1)
def _(rng: random.Random, line: str) -> list[str]:
    return [line, ""]


@edited("row-of-commas", "required", "blank-row", at=1)
def _(rng: random.Random, line: str) -> list[str]:
    return [line, "," * (len(next(csv.reader([line]))) - 1)]


@edited("row-cut", "ragged-row", "quoting")
def _(rng: random.Random, line: str) -> list[str]:
    return [line[: line.rindex(",")]]


@edited("row-cell-too-many", "ragged-row")
def _(rng: random.Random, line: str) -> list[str]:
    return [line + rng.choice([",", ",,", ",x", ", see note"])]


@edited("row-comma-unquoted", "ragged-row")
def _(rng: random.Random, line: str) -> list[str] | None:
    return [line.replace(" ", ", ", 1)] if " " in line and '"' not in line else None


@edited("row-quote-stray", "quoting")
def _(rng: random.Random, line: str) -> list[str] | None:
    match = re.search(r',"[^"]*', line)
    return [line[: match.end()] + '" x' + line[match.end() :]] if match and '""' not in line else None


@edited("row-quote-unclosed", "quoting", "ragged-row")
def _(rng: random.Random, line: str) -> list[str] | None:
    places = [match.end() for match in re.finditer(",(?=[a-zA-Z])", line)]
    return [line[: rng.choice(places)] + '"' + line[places[-1] :]] if places and '"' not in line else None


@edited("row-broken-in-two", "ragged-row", "quoting")
def _(rng: random.Random, line: str) -> list[str]:
    at = line.index(",", len(line) // 3)
    return [line[:at], line[at:]]


@edited("row-joined-with-next", "ragged-row", "quoting")
def _(rng: random.Random, line: str) -> list[str]:
    return [line + line]


@edited("row-semicolons", "ragged-row")
def _(rng: random.Random, line: str) -> list[str]:
    return [line.replace(",", ";")]


@edited("row-conflict-mark", "ragged-row")
def _(rng: random.Random, line: str) -> list[str]:
    return [rng.choice(["<<<<<<< HEAD", "=======", ">>>>>>> main"]), line]


@edited("row-nul", "nul")
def _(rng: random.Random, line: str) -> list[str]:
    at = rng.randrange(len(line))
    return [line[:at] + "\0" + line[at:]]


@edited("row-bad-byte", "encoding")
def _(rng: random.Random, line: str) -> list[str]:
    at = rng.randrange(len(line))
    return [line[:at] + rng.choice("\udcff\udcc3\udce9") + line[at:]]


@edited("row-carriage-return-inside", "control-character")
def _(rng: random.Random, line: str) -> list[str]:
    at = rng.randrange(1, len(line) - 1)
    return [line[:at] + "\r" + line[at:]]


@edited("row-carriage-return", "line-ends")
def _(rng: random.Random, line: str) -> list[str]:
    return [line + "\r"]


@kind("row-header-again", "row", "header-again")
def _(rng: random.Random, world: World) -> Mutant:
    table, row = pick_line(rng, world)
    found = lines(world, table)
    found.insert(row + 1, found[0])
    return Mutant(joined(world, table, found), (Place(world.path(table), row + 2),), f"header on line {row + 2} of {table}")


@kind("row-key-of-another", "row", "primary-key")
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(world.full)
    first, second = sorted(rng.sample(range(len(world.rows(table))), 2))
    header, rows = world.header(table), world.rows(table)
    changes = {(second, name): rows[first][header.index(name)] for name in world.schemas[table].primary_key}
    return Mutant(
        world.changed(table, changes), (Place(world.path(table), second + 2),), f"{table}: row {second + 2} has the key of {first + 2}"
    )


def shifted(row: list[str], at: int, way: int) -> list[str] | None:
    """The row with its cells from `at` on moved by one, where a blank cell makes room for it."""
    if way > 0:
        return [*row[:at], "", *row[at:-1]] if row[-1] == "" and row[at] else None
    return [*row[:at], *row[at + 1 :], ""] if row[at] == "" else None


def shift_kind(name: str, way: int) -> None:
    @kind(name, "row", "spreadsheet-shifted")
    def _(rng: random.Random, world: World) -> Mutant:
        while True:
            table, number = pick_line(rng, world)
            row, schema = world.rows(table)[number], world.schemas[table]
            at = rng.randrange(1, len(row) - 2)
            new = shifted(row, at, way)
            if new is None:
                continue
            # A shift among free texts is one of those that nobody can see; two cells that do not fit must show it.
            wrong = sum(bool(text) and misfit(schema, place, text) for place, text in enumerate(new))
            if wrong >= 2:
                rows = [list(found) for found in world.rows(table)]
                rows[number] = new
                return Mutant(world.render(table, rows), (world.place(table, number),), f"{table}, row {number + 2}, from cell {at + 1} on")


def misfit(schema, at: int, text: str) -> bool:  # type: ignore[no-untyped-def]
    column = schema.fields[at]
    if text == "":
        return bool(column.required)
    try:
        value = column.parse(text)
    except ValueError:
        return True
    return not all(constraint.holds(text, value) for constraint in column.constraints)


shift_kind("row-shifted-right", 1)
shift_kind("row-shifted-left", -1)


# Columns.


def header_kind(name: str, *rules: str):  # type: ignore[no-untyped-def]
    """Register a damage of the header row alone; the finding is expected on line 1."""

    def register(change):  # type: ignore[no-untyped-def]
        def make(rng: random.Random, world: World) -> Mutant:
            table = rng.choice(world.full)
            header = list(world.header(table))
            rows, place = change(rng, header, [list(row) for row in world.rows(table)])
            files = world.render(table, rows, header)
            return Mutant(files, (Place(world.path(table), 1, place),), f"{table}: {','.join(header)}")

        kind(name, "column", *rules)(make)
        return change

    return register


Rows = list[list[str]]


def letter(at: int) -> str:
    from aistatecraft.validation.report import column_letter

    return column_letter(at)


@header_kind("header-slip", "extra-column")
def _(rng: random.Random, header: list[str], rows: Rows) -> tuple[Rows, str]:
    at = rng.randrange(len(header))
    header[at] = header[at] + "s"
    return rows, letter(at)


@header_kind("header-case", "extra-column")
def _(rng: random.Random, header: list[str], rows: Rows) -> tuple[Rows, str]:
    at = rng.randrange(len(header))
    header[at] = header[at].title()
    return rows, letter(at)


@header_kind("header-space", "extra-column")
def _(rng: random.Random, header: list[str], rows: Rows) -> tuple[Rows, str]:
    at = rng.randrange(len(header))
    header[at] = rng.choice([" ", "“"]) + header[at]
    return rows, letter(at)


@header_kind("header-blanked", "extra-column")
def _(rng: random.Random, header: list[str], rows: Rows) -> tuple[Rows, str]:
    at = rng.randrange(len(header))
    header[at] = ""
    return rows, letter(at)


@header_kind("column-dropped", "missing-column")
def _(rng: random.Random, header: list[str], rows: Rows) -> tuple[Rows, str]:
    at = rng.randrange(len(header))
    del header[at]
    return [row[:at] + row[at + 1 :] for row in rows], ""


@header_kind("column-twice", "duplicate-column")
def _(rng: random.Random, header: list[str], rows: Rows) -> tuple[Rows, str]:
    at = rng.randrange(len(header))
    header.insert(at + 1, header[at])
    return [[*row[: at + 1], row[at], *row[at + 1 :]] for row in rows], letter(at + 1)


@header_kind("column-added", "extra-column")
def _(rng: random.Random, header: list[str], rows: Rows) -> tuple[Rows, str]:
    header.append(rng.choice(["comment", "Column1", "Unnamed: 0", "_merge"]))
    return [[*row, ""] for row in rows], letter(len(header) - 1)


@header_kind("columns-exchanged", "column-order")
def _(rng: random.Random, header: list[str], rows: Rows) -> tuple[Rows, str]:
    at = rng.randrange(len(header) - 1)
    for row in [header, *rows]:
        row[at], row[at + 1] = row[at + 1], row[at]
    return rows, letter(at)


@header_kind("headers-exchanged", "column-order")
def _(rng: random.Random, header: list[str], rows: Rows) -> tuple[Rows, str]:
    at = rng.randrange(len(header) - 1)
    header[at], header[at + 1] = header[at + 1], header[at]
    return rows, letter(at)


@kind("column-blanked", "column", "required")
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(world.full)
    name = rng.choice([column.name for column in world.schemas[table].fields if column.required])
    files = world.changed(table, {(row, name): "" for row in range(len(world.rows(table)))})
    return Mutant(files, (world.place(table, 0, name),), f"{table}.{name}")


def dragged(world: World, table: str, name: str, first: int, count: int) -> dict[tuple[int, str], str] | None:
    """A cell dragged down over `count` rows, its last number counting up; None where the cell has none."""
    at = world.header(table).index(name)
    text = world.rows(table)[first][at]
    if world.schemas[table].by_name[name].type == "number":  # of a number the whole counts up: 52.98, 53.98
        fits = text and first + count <= len(world.rows(table))
        return {(first + step, name): str(Decimal(text) + step) for step in range(1, count)} if fits else None
    match = re.fullmatch(r"(.*?)([0-9]+)", text)
    if match is None or len(match[2]) > 12 or first + count > len(world.rows(table)):
        return None
    return {(first + step, name): f"{match[1]}{int(match[2]) + step:0{len(match[2])}d}" for step in range(1, count)}


def drag_kind(name: str, *rules: str, fields: tuple[tuple[str, str], ...], fast: bool = False) -> None:
    @kind(name, "column", *rules, fast=fast)
    def _(rng: random.Random, world: World) -> Mutant:
        while True:
            table, field = rng.choice(fields)
            first, count = rng.randrange(len(world.rows(table))), rng.randint(4, 8)
            changes = dragged(world, table, field, first, count)
            if changes:
                # An identifier that counts up shows in what is then missing, too: in the row as a whole.
                return Mutant(
                    world.changed(table, changes),
                    tuple(world.place(table, row, "" if field == "id" else field) for row, _ in changes),
                    f"{table}.{field}, {count} rows from {first + 2}",
                )


drag_kind("dragged-address", "counted-up", fields=(("sources", "url"), ("instruments", "url")))
drag_kind("dragged-doi", "counted-up", fields=(("sources", "doi"),))
drag_kind("dragged-year", "counted-up", fields=(("strategies", "period_start"), ("strategies", "period_end")))
drag_kind(
    "dragged-date", "counted-up", "partial-date",
    fields=(("strategies", "adopted"), ("instruments", "adopted"), ("memberships", "from_date"), ("events", "date"), ("sources", "published"), ("signatories", "date")),
)  # fmt: skip
drag_kind("dragged-code", "counted-up", "unique", fields=(("actors", "m49"),))
drag_kind("dragged-number", "counted-up", fields=(("indicators", "value"), ("provisions", "value"), ("index_scores", "score")))
drag_kind("dragged-official-number", "counted-up", fields=(("instruments", "official_number"), ("strategies", "official_number")))
drag_kind(
    "dragged-reference",
    "foreign-key",
    "primary-key",
    fields=(("evidence", "source"), ("index_scores", "index_id"), ("coverage", "source")),
    fast=True,
)
drag_kind(
    "dragged-identifier",
    "counted-up",
    "evidence-required",
    "code-prefix",
    fields=(("strategies", "id"), ("declarations", "id"), ("instruments", "id"), ("indicators", "id")),
)


@kind("column-pasted-over", "column", "unique", "primary-key")
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice([name for name in world.full if world.schemas[name].primary_key == ("id",)])
    first, count = rng.randrange(len(world.rows(table)) - 2), 3
    text = world.rows(table)[first][0]
    return Mutant(
        world.changed(table, {(first + step, "id"): text for step in range(1, count)}),
        (Place(world.path(table), first + 3),),
        f"{table}: {text}",
    )


@kind("table-pasted-twice", "row", "primary-key", "header-again")
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(world.full)
    found = lines(world, table)
    return Mutant(joined(world, table, found + found[1:]), (Place(world.path(table), len(found) + 1),), table)


_SORTED = tuple((table, name) for table, name in (
    ("actors", "m49"), ("actors", "name_en"), ("actors", "un_subregion"), ("strategies", "adopted"), ("instruments", "adopted"), ("memberships", "from_date"),
    ("index_scores", "score"), ("index_scores", "score_rank"), ("indicators", "value"), ("declarations", "date"),
))  # fmt: skip
"""Columns of which enough is told elsewhere (evidence, other columns) to see that they no longer match."""


def rearranged(world: World, table: str, name: str, texts: list[str]) -> Mutant:
    files = world.changed(table, {(row, name): text for row, text in enumerate(texts)})
    anywhere = tuple(Place(world.path(table), line) for line in (0, *range(2, len(texts) + 2)))
    return Mutant(files, anywhere, f"{table}.{name}")


@kind("column-sorted", "column", "spreadsheet-sorted", "region-agrees", "rank-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table, name = rng.choice(_SORTED)
    at = world.header(table).index(name)
    return rearranged(
        world, table, name, sorted((row[at] for row in world.rows(table)), key=lambda text: (text == "", text), reverse=rng.random() < 0.5)
    )


@kind("column-moved-by-one", "column", "spreadsheet-sorted", "region-agrees", "rank-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table, name = rng.choice(_SORTED)
    texts = [row[world.header(table).index(name)] for row in world.rows(table)]
    return rearranged(world, table, name, [texts[-1], *texts[:-1]] if rng.random() < 0.5 else [*texts[1:], texts[0]])


@kind("evidence-column-sorted", "column", "spreadsheet-sorted", "record-exists", "evidence-field", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    name = rng.choice(["record_id", "field", "stated", "record_table"])
    # The table is sorted by record_table as it is; so is record_id, nearly.
    texts = sorted((row[world.header("evidence").index(name)] for row in world.rows("evidence")), reverse=name.startswith("record"))
    files = world.changed("evidence", {(row, name): text for row, text in enumerate(texts)})
    path, letter_of = world.path("evidence"), world.place("evidence", 0, name).column
    anywhere = tuple(Place(path, line) for line in (0, *range(2, len(texts) + 2)))
    return Mutant(files, anywhere, f"evidence.{name} ({letter_of})")
