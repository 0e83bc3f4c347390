"""Validation against frictionless and pandera, on generated tables, good and with known errors. Whole processes, interleaved.

    python benchmarks/validate.py [ROWS ...] [--runs N]

For each tool: median seconds by the clock and of the processor (which other work on the machine disturbs less), the largest
memory of any run, the ratio to ours by the clock, and how many of the known errors it finds at their physical line. Each error of
the bad table is known by rule, line and field.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource as usage
import shutil
import tempfile
from pathlib import Path

from processes import Run, medians, run
from tables import write

OURS = """
import json, sys
from aistatecraft.validation import validate
report = validate(sys.argv[1])
print(json.dumps([[f.line, f.field, f.rule] for f in report.findings]))
"""
CORE = "from aistatecraft.validation import arrow_engine; arrow_engine.MIN_BYTES = 10**12  # as without the extra\n" + OURS
FRICTIONLESS = """
import json, sys, frictionless
report = frictionless.validate(sys.argv[1], limit_errors=1_000_000)
print(json.dumps([[row, field or "", kind] for row, field, kind in report.flatten(["rowNumber", "fieldName", "type"])]))
"""
PANDERA = """
import json, sys
import pandas as pd, pandera.pandas as pa
from aistatecraft.package import open_package
import datetime
from aistatecraft.validation.pandera_schemas import context_of, frame_schema
package = open_package(sys.argv[1])
plan = package.resource("records").schema
# As its users have to: read as text, typed with errors coerced to missing, then the same constraints as ours.
frame = pd.read_csv(sys.argv[1].replace("datapackage.json", "records.csv"), dtype="string", keep_default_na=False, na_values=[""])
for column in plan.fields:
    if column.dtype in ("Int64", "Float64"):
        frame[column.name] = pd.to_numeric(frame[column.name], errors="coerce").round(9).astype("Float64")
        if column.dtype == "Int64":
            frame[column.name] = frame[column.name].where(frame[column.name] % 1 == 0).astype("Int64")
    elif column.dtype == "boolean":
        frame[column.name] = frame[column.name].map({"true": True, "false": False}).astype("boolean")
    elif column.dtype == "datetime64[s]":
        frame[column.name] = pd.to_datetime(frame[column.name], errors="coerce", format="%Y-%m-%d")
try:
    frame_schema(context_of(package, "records", today=datetime.date.today(), frames={})).validate(frame, lazy=True)
    found = []
except pa.errors.SchemaErrors as error:
    cases = error.failure_cases.drop_duplicates(["index", "column"])
    found = [[int(i) + 2, str(c), str(k)] for i, c, k in zip(cases["index"], cases["column"], cases["check"]) if i == i and i is not None]
print(json.dumps(found))
"""
PARSE = {
    "parse only: csv": "import csv, sys; n = sum(1 for _ in csv.reader(open(sys.argv[1].replace('datapackage.json', 'records.csv'), newline='')))\nprint('[]')",
    "parse only: pyarrow": "import sys, pyarrow.csv as c; c.read_csv(sys.argv[1].replace('datapackage.json', 'records.csv'), parse_options=c.ParseOptions(newlines_in_values=True), convert_options=c.ConvertOptions(column_types=dict.fromkeys(open(sys.argv[1].replace('datapackage.json', 'records.csv')).readline().strip().split(','), 'string')))\nprint('[]')",
}
TOOLS = {"aistatecraft": CORE, "aistatecraft[arrow]": OURS, "frictionless": FRICTIONLESS, "pandera, coerced": PANDERA, **PARSE}


def many_errors(rows: int, runs: int) -> None:
    """A table in which every tenth row has an error, against the same table without."""
    print(f"\n{rows:,} rows, medians of {runs}: one error in ten rows against none (goal: at most 1.5 times)")
    for name, code in (("aistatecraft", CORE), ("aistatecraft[arrow]", OURS)):
        taken: dict[int, list[Run]] = {0: [], rows // 10: []}
        with tempfile.TemporaryDirectory() as folder:
            for errors in taken:
                write(rows, Path(folder) / str(errors), errors)
            for _ in range(runs):
                for errors, done in taken.items():
                    done.append(run("-c", code, str(Path(folder) / str(errors) / "datapackage.json")))
        (good, good_cpu), (bad, bad_cpu) = map(medians, taken.values())
        print(f"  {name:20} {bad:6.2f} s against {good:.2f} s: {bad / good:.2f} times (processor: {bad_cpu / good_cpu:.2f} times)")


def own_package(runs: int) -> None:
    """The real package, whole and with --fast."""
    for words, goal in ((["validate"], 1.2), (["validate", "--fast"], 0.3)):
        wall, cpu = medians([run("-m", "aistatecraft", *words) for _ in range(runs)])
        print(f"  aistatecraft {' '.join(words):18} {wall:.2f} s, processor {cpu:.2f} s (goal: {goal} s)")


def many_rows(runs: int, times: int = 8) -> None:
    """The real package against one whose evidence stands there several times, each with locators of its own."""
    print(f"\nEvidence {times} times (goal: linear in its rows, at most 200 MiB)")
    root = Path(__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("data", "schemas", "releases"):
            shutil.copytree(root / name, Path(folder) / name)
        for name in ("datapackage.json", "suppressions.csv"):
            shutil.copy(root / name, folder)
        table = Path(folder) / "data/evidence.csv"
        for repeated in (1, times):
            with table.open(encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
            at = header.index("locator")
            again = [[*row[:at], f"{row[at]}, reading {number}", *row[at + 1 :]] for number in range(1, repeated) for row in rows]
            with table.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *rows, *again])
            done = [run("-m", "aistatecraft", "validate", folder) for _ in range(runs)]
            wall, cpu = medians(done)
            print(f"  {len(rows) + len(again):8,} rows  {wall:6.2f} s  processor {cpu:.2f} s {max(each.memory for each in done):7.0f} MiB")


def compare(rows: int, runs: int, errors: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        truth = write(rows, Path(folder), errors)
        path = str(Path(folder) / "datapackage.json")
        lines = {(line, field) for _, line, field in truth}
        taken: dict[str, list[Run]] = {name: [] for name in TOOLS}
        for _ in range(runs):
            for name, code in TOOLS.items():
                taken[name].append(run("-c", code, path))
        own = medians(taken["aistatecraft"])[0]
        print(f"\n{rows:,} rows, {len(truth)} known errors, medians of {runs}")
        for name, done in taken.items():
            wall, cpu = medians(done)
            output, exact = done[-1].output, ""
            if output is None:
                exact = "failed"
            elif lines and not name.startswith("parse"):
                exact = f"{len(lines & {(line, field) for line, field, _ in json.loads(output)})} of {len(lines)}"
            memory = max(each.memory for each in done)
            print(f"  {name:20} {wall:8.2f} s  processor {cpu:7.2f} s {memory:7.0f} MiB   {wall / own:6.2f} times ours   {exact}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=[1_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    usage.setrlimit(usage.RLIMIT_CORE, (0, 0))
    print(f"The real package, medians of {max(arguments.runs, 5)}")
    own_package(max(arguments.runs, 5))
    many_rows(arguments.runs)
    many_errors(max(arguments.rows), arguments.runs)
    for rows in arguments.rows:
        for errors in (0, min(100, rows // 10)):
            compare(rows, arguments.runs, errors)


if __name__ == "__main__":
    main()
