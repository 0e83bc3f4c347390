"""Generated packages shaped like ours: ten columns, a foreign key, 0.1 % of the free-text cells with a line break; good and bad.

python benchmarks/tables.py ROWS DIRECTORY [--errors N]
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from pathlib import Path

STATES = [
    "BRA",
    "CHL",
    "COL",
    "ARG",
    "MEX",
    "URY",
    "PER",
    "CRI",
    "NAM",
    "CUB",
    "DOM",
    "ECU",
    "GTM",
    "JAM",
    "PAN",
    "TTO",
    "VEN",
    "BOL",
    "PRY",
    "SLV",
]
STATUS = ["draft", "adopted", "superseded", "abandoned", "repealed"]
FIELDS = [
    {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "[a-z0-9]+(-[a-z0-9]+)*"}},
    {"name": "state", "type": "string", "constraints": {"required": True, "pattern": "[A-Z]{3}"}},
    {"name": "title", "type": "string", "constraints": {"required": True, "maxLength": 200}},
    {"name": "status", "type": "string", "constraints": {"enum": STATUS}},
    {"name": "adopted", "type": "date", "constraints": {"minimum": "1990-01-01", "maximum": "2030-12-31"}},
    {"name": "start", "type": "year", "constraints": {"minimum": 1990}},
    {"name": "budget", "type": "number", "constraints": {"minimum": 0}},
    {"name": "measures", "type": "integer", "constraints": {"minimum": 0, "maximum": 1000}},
    {"name": "in_force", "type": "boolean"},
    {"name": "url", "type": "string", "constraints": {"pattern": "https://[^ ]+"}},
]
SCHEMA = {
    "fields": FIELDS,
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["state"], "reference": {"resource": "states", "fields": ["code"]}}],
}
SHARED = {"format": "csv", "encoding": "utf-8"}
ERRORS = [  # kind, column, what the cell becomes
    ("spreadsheet-date", 4, "31/12/2024"),
    ("type", 7, "12.5"),
    ("spreadsheet-decimal", 6, "1,5"),
    ("type", 8, "yes"),
    ("enum", 3, "Adopted"),
    ("pattern", 9, "http:/x"),
    ("minimum", 5, "1066"),
    ("foreign-key", 1, "ZZZ"),
    ("required", 2, ""),
    ("primary-key", 0, "r-0000000"),
]


def record(row: int, chance: random.Random) -> list[str]:
    """The cells of one row."""
    broken = chance.random() < 0.01  # of one cell in ten
    title = f"National strategy {row} for AI,\nsecond line" if broken else f"Estratégia nacional {row} of AI"
    return [
        f"r-{row:07d}", chance.choice(STATES), title, chance.choice(STATUS),
        f"{chance.randint(1991, 2029)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}", str(chance.randint(1991, 2029)),
        f"{chance.random() * 1e6:.2f}", str(chance.randint(0, 999)), chance.choice(["true", "false", ""]), f"https://www.gov.br/doc/{row}",
    ]  # fmt: skip


def write(rows: int, target: Path, errors: int = 0, seed: int = 7) -> list[tuple[str, int, str]]:
    """Write a package; gives rule, physical line and field of each error put in."""
    chance = random.Random(seed)
    target.mkdir(parents=True, exist_ok=True)
    wrong = {row: ERRORS[number % len(ERRORS)] for number, row in enumerate(sorted(chance.sample(range(1, rows), errors)))}
    truth: list[tuple[str, int, str]] = []
    line = 2
    with (target / "records.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(field["name"] for field in FIELDS)
        for row in range(rows):
            cells = record(row, chance)
            if row in wrong:
                rule, column, text = wrong[row]
                at = line + sum(cell.count("\n") for cell in cells[:column])
                cells[column] = text
                truth.append((rule, at, str(FIELDS[column]["name"])))
            writer.writerow(cells)
            line += 1 + sum(cell.count("\n") for cell in cells)
    (target / "states.csv").write_text("code\n" + "".join(f"{code}\n" for code in STATES), encoding="utf-8")
    states = {"fields": [{"name": "code", "type": "string"}], "primaryKey": ["code"]}
    resources = [
        {"name": "states", "type": "table", "path": "states.csv", **SHARED, "schema": states},
        {"name": "records", "type": "table", "path": "records.csv", **SHARED, "schema": SCHEMA},
    ]
    (target / "datapackage.json").write_text(json.dumps({"name": "made", "resources": resources}, indent=1), encoding="utf-8")
    return truth


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    arguments = parser.parse_args()
    write(arguments.rows, arguments.directory, arguments.errors)
