"""The teaching notebook runs, cell by cell, and its answers agree with the tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import aistatecraft as ai


@pytest.mark.real
def test_the_notebook_runs(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("altair")
    notebook = json.loads((root / "docs/teaching/hedging-in-signatures.ipynb").read_text(encoding="utf-8"))
    codes = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(codes) >= 8 and all(not cell.get("outputs") for cell in notebook["cells"])  # outputs would go stale
    names: dict[str, Any] = {}
    for number, code in enumerate(codes, 1):
        exec(compile(code, f"cell {number}", "exec"), names)
    assert names["by_hand"] == pytest.approx(float(names["row"]["measure"]))
    unknown = (ai.acts(matrix=True) == "unknown").to_numpy().mean()
    assert names["wrong_zeros"] == pytest.approx(unknown)
    assert names["chart"].to_dict()["layer"]
    assert "act toward two powers or more" in capsys.readouterr().out
