"""Diff against csv-diff, daff, datacompy and a join in polars, on the same pairs of tables: who finds what, and how fast.

    python benchmarks/diff.py [ROWS ...] [--runs N] [--slow ROWS]

First what each tool says about small pairs of which every difference is known (right, or what it got instead), then the median seconds
of whole processes at each size, the rows in the same order and shuffled, with the largest memory of any run and the ratio to ours; last
the command on the packages of this project. The rival tools are installed into an environment of their own (.venv-rivals).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from pairs import CASES, Truth, write_pair
from processes import Run, medians, run
from rivals import TOOLS

HERE = Path(__file__).resolve().parent
RIVALS = HERE.parent / ".venv-rivals"
NEEDED = ["csv-diff>=1.2", "daff>=1.4", "datacompy>=1.1", "polars>=1.33"]
OURS = "aistatecraft"


def rival_python() -> str:
    """The interpreter of the environment with the rival tools, which is made when it is missing."""
    python = RIVALS / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        print(f"making {RIVALS} ...", flush=True)
        venv.create(RIVALS, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDED], check=True)
    return str(python)


def ask(tool: str, python: str, pair: Path, key: list[str]) -> Run:
    """One process of one tool."""
    if tool == OURS:
        return run("-m", "aistatecraft", "diff", str(pair / "old"), str(pair / "new"), "--format", "json", codes=(0, 1))
    return run(str(HERE / "rivals.py"), tool, *(str(pair / side / "records.csv") for side in ("old", "new")), *key, python=python)


def ours(output: str) -> dict[str, Any]:
    """Our change set in the words of `rivals.py`, with what only it can say."""
    found: dict[str, Any] = {"added": [], "removed": [], "cells": [], "fields": [], "formatting": [], "identifiers": [], "twice": False}
    for change in json.loads(output)["changes"]:
        match change["level"], change["action"]:
            case "row", "renamed":
                found["identifiers"].append([change["old"], change["new"]])
            case "row", action:
                found["twice"] |= "key" not in change
                found[action].append(change.get("key"))
            case "cell", _:
                found["formatting" if change["class"] == "metadata" else "cells"].append([change["key"], change["field"]])
            case "schema", "renamed":
                found["fields"].append(f"{change['old']}>{change['new']}")
            case "schema", action if "field" in change and "property" not in change:
                found["fields"].append(("+" if action == "added" else "-") + change["field"])
            case _:
                pass
    # Of a field that came, the cells are told so that they can be applied; the others tell the field alone.
    found["cells"] = [[key, name] for key, name in found["cells"] if f"+{name}" not in found["fields"]]
    return found


def verdict(found: dict[str, Any] | None, truth: Truth) -> str:
    """What of the truth was found, and what else."""
    if found is None:
        return "cannot be asked"
    wrong = []
    for name in ("added", "removed", "cells"):
        seen, true = [tuple(one) if isinstance(one, list) else one for one in found[name]], getattr(truth, name)
        missed, extra = len(true - set(seen)), len(set(seen) - true) + len(seen) - len(set(seen))
        if truth.twice and name != "cells":
            missed = extra = 0  # what is to be said of twins is below
        if missed or extra:
            wrong.append(f"{name}: {' '.join(filter(None, (missed and f'{missed} missed', extra and f'{extra} too many')))}")
    if set(found["fields"]) != truth.fields:
        wrong.append(f"fields: {' '.join(sorted(found['fields'])) or 'not told'}")
    for name in ("formatting", "identifiers"):
        true = getattr(truth, name)
        if true and {tuple(one) for one in found.get(name, [])} != true:
            wrong.append(f"{name}: not told")
    if truth.twice and not found.get("twice"):
        wrong.append("not told")
    return "; ".join(wrong) or "right"


def who_is_right(python: str, rows: int) -> None:
    print(f"What each tool says of pairs with {rows:,} rows of which every difference is known\n")
    for case in CASES:
        print(case)
        with tempfile.TemporaryDirectory() as folder:
            key, truth = write_pair(case, rows, Path(folder))
            for tool in (OURS, *TOOLS):
                output = ask(tool, python, Path(folder), key).output
                found = None if output is None else ours(output) if tool == OURS else json.loads(output)
                print(f"  {tool:18} {verdict(found, truth)}", flush=True)


def how_fast(python: str, rows: int, runs: int, slow: int) -> None:
    straight = 0.0
    for case in ("plain", "rows shuffled", "columns changed"):
        with tempfile.TemporaryDirectory() as folder:
            # In a process of its own, so that its memory is not taken for that of the tools.
            with ProcessPoolExecutor(1) as elsewhere:
                key, truth = elsewhere.submit(write_pair, case, rows, Path(folder)).result()
            tools = [tool for tool in (OURS, *TOOLS) if rows <= slow or tool not in ("daff", "datacompy, pandas")]
            taken: dict[str, list[Run]] = {tool: [] for tool in tools}
            for number in range(runs):
                for tool in tools:
                    if number == 0 or tool != "daff":  # a minute and more: once is enough for a ratio like that
                        taken[tool].append(ask(tool, python, Path(folder), key))
        own = medians(taken[OURS])[0]
        shuffle = f", ours {own / straight:.2f} times the straight one" if case != "plain" and straight else ""
        straight = straight or own
        print(f"\n{rows:,} rows, {case}, medians of {runs}{shuffle}")
        for tool, done in taken.items():
            wall, cpu = medians(done)
            output = done[-1].output
            said = verdict(None if output is None else ours(output) if tool == OURS else json.loads(output), truth)
            memory = max(each.memory for each in done)
            print(
                f"  {tool:18} {wall:8.2f} s  processor {cpu:7.2f} s {memory:7.0f} MiB   {wall / own:6.2f} times ours   {said}", flush=True
            )


def own_packages(runs: int) -> None:
    """The command on two releases, and on a release and the work tree."""
    root = HERE.parent
    register = sorted(
        (path.stem.removeprefix("aistatecraft-") for path in (root / "releases").glob("*.zip")), key=lambda v: [*map(int, v.split("."))]
    )
    bare = medians([run("-c", "pass") for _ in range(runs)])[0]
    print(f"\nThe command, medians of {runs}; a bare interpreter takes {bare * 1000:.0f} ms (goal: 120 ms)")
    for old, new in ((register[-2], register[-1]), (register[-1], str(root))):
        wall, cpu = medians([run("-m", "aistatecraft", "diff", old, new) for _ in range(runs)])
        print(f"  aistatecraft diff {old} {'.' if new == str(root) else new:6} {wall * 1000:5.0f} ms, processor {cpu * 1000:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=[1_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--slow", type=int, default=100_000, help="up to how many rows daff and datacompy on pandas are asked")
    arguments = parser.parse_args()
    python = rival_python()
    own_packages(max(arguments.runs, 9))
    print()
    who_is_right(python, 1_000)
    for rows in arguments.rows:
        how_fast(python, rows, arguments.runs, arguments.slow)


if __name__ == "__main__":
    main()
