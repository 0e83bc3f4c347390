"""Other tools that compare tables by key, each called as its users do. Runs in an environment that has them.

    python benchmarks/rivals.py TOOL OLD.csv NEW.csv KEY [KEY ...]

Prints what the tool found as JSON: added, removed (keys), cells (key and field), fields (`+name`, `-name`, `old>new`). What a tool
cannot say is not there. A tool that cannot be asked at all ends with exit code 3.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Found = dict[str, Any]


def _key(values: Any) -> str:
    return "/".join(map(str, values))


def csv_diff(old: str, new: str, key: list[str]) -> Found:
    """csv-diff: one key field."""
    from csv_diff import compare, load_csv

    if len(key) > 1:
        sys.exit(3)
    with Path(old).open(encoding="utf-8", newline="") as before, Path(new).open(encoding="utf-8", newline="") as after:
        found = compare(load_csv(before, key=key[0]), load_csv(after, key=key[0]))
    return {
        "added": [row[key[0]] for row in found["added"]],
        "removed": [row[key[0]] for row in found["removed"]],
        "cells": [[row["key"], name] for row in found["changed"] for name in row["changes"]],
        "fields": [*(f"+{name}" for name in found["columns_added"]), *(f"-{name}" for name in found["columns_removed"])],
    }


def daff(old: str, new: str, key: list[str]) -> Found:
    """daff: keys, order of rows ignored; a renamed column is told in the row of the schema."""
    import daff as tool

    with Path(old).open(encoding="utf-8", newline="") as before, Path(new).open(encoding="utf-8", newline="") as after:
        was, now = (tool.PythonTableView(list(csv.reader(each))) for each in (before, after))
    flags = tool.CompareFlags()
    for name in key:
        flags.addPrimaryKey(name)
    flags.ordered = flags.always_show_order = flags.show_unchanged = False
    flags.unchanged_context = 0
    flags.show_unchanged_columns = True
    rows: list[list[Any]] = []
    tool.TableDiff(tool.Coopy.compareTables(was, now, flags).align(), flags).hilite(tool.PythonTableView(rows))
    head = next(row for row in rows if row[0] == "@@")
    marks = next((row for row in rows if row[0] == "!"), [""] * len(head))
    fields, names = [], list(head)
    for at, mark in enumerate(marks[1:], 1):
        if mark in ("+++", "---"):
            fields.append(f"{mark[0]}{head[at]}")
        elif mark.startswith("(") and mark != "(x)":
            fields.append(f"{mark[1:-1]}>{head[at]}")
    places = [names.index(name) for name in key]
    found: Found = {"added": [], "removed": [], "cells": [], "fields": fields}
    for row in rows:
        one = _key(row[at] for at in places)
        if row[0] in ("+++", "---"):
            found["added" if row[0] == "+++" else "removed"].append(one)
        elif row[0].endswith("->"):
            found["cells"] += [[one, head[at]] for at, cell in enumerate(row[1:], 1) if row[0] in str(cell) and not marks[at]]
            # A cell of a renamed column has its change, too.
            found["cells"] += [[one, head[at]] for at, mark in enumerate(marks) if mark.startswith("(") and row[0] in str(row[at])]
    return found


def _datacompy(compared: Any, key: list[str], rows: Callable[[Any], list[dict[str, Any]]]) -> Found:
    changed = [
        [_key(row[name] for name in key), column[: -len("_match")]]
        for row in rows(compared.intersect_rows)
        for column, same in row.items()
        if column.endswith("_match") and not same
    ]
    return {
        "added": [_key(row[name] for name in key) for row in rows(compared.df2_unq_rows)],
        "removed": [_key(row[name] for name in key) for row in rows(compared.df1_unq_rows)],
        "cells": changed,
        "fields": [*(f"+{name}" for name in compared.df2_unq_columns()), *(f"-{name}" for name in compared.df1_unq_columns())],
    }


def datacompy_polars(old: str, new: str, key: list[str]) -> Found:
    """datacompy on polars."""
    import datacompy
    import polars as pl

    was, now = (pl.read_csv(path, infer_schema=False, missing_utf8_is_empty_string=True) for path in (old, new))
    compared = datacompy.PolarsCompare(was, now, join_columns=key)
    both = compared.intersect_rows
    marks = [name for name in both.columns if name.endswith("_match")]
    differ = both.filter(~pl.all_horizontal(marks)) if marks else both.head(0)
    compared.intersect_rows = differ
    return _datacompy(compared, key, lambda frame: frame.to_dicts())


def datacompy_pandas(old: str, new: str, key: list[str]) -> Found:
    """datacompy on pandas."""
    import datacompy
    import pandas as pd

    was, now = (pd.read_csv(path, dtype="str", keep_default_na=False) for path in (old, new))
    compared = datacompy.PandasCompare(was, now, join_columns=key)
    both = compared.intersect_rows
    marks = [name for name in both.columns if name.endswith("_match")]
    compared.intersect_rows = both[~both[marks].all(axis=1)]
    return _datacompy(compared, key, lambda frame: frame.to_dict("records"))


def polars_join(old: str, new: str, key: list[str]) -> Found:
    """polars by hand: two anti joins, one inner join."""
    import polars as pl

    was, now = (pl.read_csv(path, infer_schema=False, missing_utf8_is_empty_string=True) for path in (old, new))
    added, removed = now.join(was, on=key, how="anti"), was.join(now, on=key, how="anti")
    shared = [name for name in was.columns if name in now.columns and name not in key]
    both = was.join(now, on=key, how="inner", suffix="_new")
    cells: list[list[str]] = []
    for name in shared:
        cells += [[_key(row), name] for row in both.filter(pl.col(name) != pl.col(f"{name}_new")).select(key).rows()]
    return {
        "added": list(map(_key, added.select(key).rows())),
        "removed": list(map(_key, removed.select(key).rows())),
        "cells": cells,
        "fields": [
            *(f"+{name}" for name in now.columns if name not in was.columns),
            *(f"-{name}" for name in was.columns if name not in now.columns),
        ],
    }


TOOLS = {
    "csv-diff": csv_diff,
    "daff": daff,
    "datacompy, polars": datacompy_polars,
    "datacompy, pandas": datacompy_pandas,
    "polars join": polars_join,
}

if __name__ == "__main__":
    tool, old, new, *key = sys.argv[1:]
    json.dump(TOOLS[tool](old, new, key), sys.stdout)
