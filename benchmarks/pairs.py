"""Pairs of generated packages of which every difference is known, for the benchmark of diff."""

from __future__ import annotations

import copy
import csv
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tables import FIELDS, SCHEMA, SHARED, record

Row = list[str]
ID, TITLE, BUDGET, URL = 0, 2, 6, 9
CHANGEABLE = (2, 3, 4, 5, 6, 7, 9)
NAMES = [str(each["name"]) for each in FIELDS]


@dataclass
class Table:
    """A table to be written."""

    names: list[str]
    rows: list[Row]
    key: list[str]
    quoted: bool = False


@dataclass
class Truth:
    """What differs: keys, and cells as key and field."""

    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    cells: set[tuple[str, str]] = field(default_factory=set)
    formatting: set[tuple[str, str]] = field(default_factory=set)
    """Cells written otherwise, with the same value."""
    identifiers: set[tuple[str, str]] = field(default_factory=set)
    """The same row under another key: old and new."""
    fields: set[str] = field(default_factory=set)
    """`+name`, `-name`, or `old>new`."""
    twice: bool = False
    """Whether a key stands twice, which must be said."""


Case = Callable[[Table, Table, Truth, random.Random], None]


def shuffled(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """The new rows in another order."""
    chance.shuffle(new.rows)


def columns_moved(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """The new columns in another order."""
    order = list(range(len(new.names)))[::-1]
    new.names = [new.names[at] for at in order]
    new.rows = [[row[at] for at in order] for row in new.rows]


def column_added(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """A field that is filled in every row."""
    new.names = [*new.names, "ministry"]
    new.rows = [[*row, chance.choice(["science", "economy", "digital"])] for row in new.rows]
    truth.fields = {"+ministry"}


def column_renamed(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """A field under another name."""
    new.names = ["budget_usd" if name == "budget" else name for name in new.names]
    truth.cells = {(key, "budget_usd" if name == "budget" else name) for key, name in truth.cells}
    truth.fields = {"budget>budget_usd"}


def columns_changed(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """A field renamed, one added and one removed."""
    column_renamed(old, new, truth, chance)
    column_added(old, new, truth, chance)
    at = new.names.index("measures")
    new.names = new.names[:at] + new.names[at + 1 :]
    new.rows = [row[:at] + row[at + 1 :] for row in new.rows]
    truth.cells = {(key, name) for key, name in truth.cells if name != "measures"}
    truth.fields = {"budget>budget_usd", "+ministry", "-measures"}


def composite_key(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """A key of two fields; one alone tells no row."""
    for table in (old, new):
        table.names = ["series", "number", *table.names[1:]]
        table.rows = [[f"s-{int(row[0][2:]) // 10}", str(int(row[0][2:]) % 10), *row[1:]] for row in table.rows]
        table.key = ["series", "number"]

    def key(one: str) -> str:
        return f"s-{int(one[2:]) // 10}/{int(one[2:]) % 10}"

    truth.added, truth.removed = set(map(key, truth.added)), set(map(key, truth.removed))
    truth.cells = {(key(one), name) for one, name in truth.cells}


def formatting(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """A twentieth of the budgets with a nought more, which says nothing new."""
    touched = {key for key, _ in truth.cells} | truth.added
    for row in new.rows:
        if row[ID] not in touched and chance.random() < 0.05:
            row[BUDGET] += "0"
            truth.formatting.add((row[ID], "budget"))


def quoted(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """All cells of the new file in quotes, as some programs write them."""
    new.quoted = True


def identifiers(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """Some rows under another key."""
    touched = {key for key, _ in truth.cells} | truth.added
    for row in [row for row in new.rows if row[ID] not in touched][:: max(1, len(new.rows) // 10)]:
        was, row[ID] = row[ID], f"n-{row[ID][2:]}"
        truth.identifiers.add((was, row[ID]))


def key_twice(old: Table, new: Table, truth: Truth, chance: random.Random) -> None:
    """One key stands in two rows, which differ."""
    touched = {key for key, _ in truth.cells} | truth.added
    at, row = next((at, row) for at, row in enumerate(new.rows) if at > len(new.rows) // 2 and row[ID] not in touched)
    twin = list(row)
    twin[TITLE] = "Another title"
    new.rows.insert(at + 1, twin)
    truth.twice = True


CASES: dict[str, Case | None] = {
    "plain": None,
    "rows shuffled": shuffled,
    "columns moved": columns_moved,
    "column added": column_added,
    "column renamed": column_renamed,
    "columns changed": columns_changed,
    "composite key": composite_key,
    "written otherwise (1.50, 1.500)": formatting,
    "all cells quoted": quoted,
    "identifier changed": identifiers,
    "key twice": key_twice,
}


def _written(table: Table, target: Path) -> None:
    target.mkdir(parents=True)
    with (target / "records.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if table.quoted else csv.QUOTE_MINIMAL)
        writer.writerow(table.names)
        writer.writerows(table.rows)
    known = {str(each["name"]): each for each in FIELDS}
    likeness = {"budget_usd": "budget"}
    fields = [{**known.get(likeness.get(name, name), {"type": "string"}), "name": name} for name in table.names]
    schema = {**copy.deepcopy(SCHEMA), "fields": fields, "primaryKey": table.key}
    del schema["foreignKeys"]
    descriptor = {"name": "made", "resources": [{"name": "records", "type": "table", "path": "records.csv", **SHARED, "schema": schema}]}
    (target / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def write_pair(case: str, rows: int, target: Path, seed: int = 11) -> tuple[list[str], Truth]:
    """Write `old` and `new`: 0.5 % of the rows added, 0.5 % removed, 1.5 % with a cell changed. Gives the key fields and what differs."""
    chance = random.Random(seed)
    made = [record(row, chance) for row in range(rows + rows // 200)]
    old = Table(NAMES, [list(row) for row in made[:rows]], ["id"])
    gone = set(chance.sample(range(rows), rows // 200))
    new = Table(NAMES, [list(row) for at, row in enumerate(made) if at not in gone], ["id"])
    truth = Truth(added={row[ID] for row in made[rows:]}, removed={made[at][ID] for at in gone})
    kept = range(len(new.rows) - rows // 200)
    for at in chance.sample(kept, rows * 3 // 200):
        column = chance.choice(CHANGEABLE)
        row = new.rows[at]
        before = row[column]
        while row[column] == before:
            row[column] = record(chance.randrange(10 * rows), chance)[column]
        truth.cells.add((row[ID], NAMES[column]))
    if change := CASES[case]:
        change(old, new, truth, chance)
    _written(old, target / "old")
    _written(new, target / "new")
    return new.key, truth
