"""`load` of the largest table against `pandas.read_csv` of the same file with the same dtypes. Medians, interleaved."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pandas as pd

import aistatecraft as ai
from aistatecraft.package.installed import installed

RUNS = 25


def main() -> None:
    package = installed()
    largest = max(package.resources.values(), key=lambda resource: len(package.store.read(resource.path)))
    path = package.root / largest.path  # type: ignore[operator]
    expected = ai.load(largest.name)
    dtypes: dict[str, Any] = {
        str(name): dtype for name, dtype in expected.dtypes.items() if not pd.api.types.is_datetime64_any_dtype(dtype)
    }
    dates = [name for name in expected.columns if name not in dtypes]
    missing = [text for text in largest.schema.missing_values if text]

    def rival() -> pd.DataFrame:
        return pd.read_csv(path, dtype=dtypes, parse_dates=dates or None, keep_default_na=False, na_values=["", *missing])

    def ours() -> pd.DataFrame:
        return ai.load(largest.name)

    assert rival().astype("object").fillna("").equals(ours().astype("object").fillna("")), "the two frames differ"
    taken: dict[str, list[float]] = {"load": [], "read_csv": []}
    for _ in range(RUNS):
        for name, function in (("load", ours), ("read_csv", rival)):
            begun = time.perf_counter()
            function()
            taken[name].append((time.perf_counter() - begun) * 1000)
    own, other = statistics.median(taken["load"]), statistics.median(taken["read_csv"])
    print(f"{largest.name}: {len(expected):,} rows, {len(expected.columns)} columns")
    print(f"aistatecraft.load {own:.1f} ms, pandas.read_csv {other:.1f} ms: {own / other:.2f} times (goal: at most 1.5)")


if __name__ == "__main__":
    main()
