"""Arguments of the wrong type are refused in one sentence; one text stands for a list of one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import aistatecraft as ai
from tests.analysis.test_panel import WORLD
from tests.conftest import Make


@pytest.fixture
def world(make: Make) -> Path:
    return make(WORLD)


CALLS: dict[str, Callable[..., Any]] = {
    "values: int is no column": lambda at: ai.identify(5, path=at),  # type: ignore[arg-type]
    "values: DataFrame is no column": lambda at: ai.identify(pd.DataFrame({"a": ["x"]}), path=at),  # type: ignore[arg-type]
    "holds half of a surrogate pair": lambda at: ai.identify(["\ud800"], path=at),
    "to='None' is not possible": lambda at: ai.convert(["x"], to=None, path=at),  # type: ignore[arg-type]
    "id=5 is not possible; give a text or a list of texts": lambda at: ai.status(5, path=at),  # type: ignore[arg-type]
    "id: None is not a text": lambda at: ai.status([None], path=at),  # type: ignore[list-item]
    "kind=5 is not possible": lambda at: ai.in_force(path=at, kind=5),  # type: ignore[arg-type]
    "start='2020' is not a whole number; write it as in start=2024": lambda at: ai.panel(start="2020", path=at),  # type: ignore[arg-type]
    "end=2020.5 is not a whole number": lambda at: ai.alignment(end=2020.5, path=at),  # type: ignore[arg-type]
    "least='x' is not a whole number": lambda at: ai.cosignature(least="x", path=at),  # type: ignore[arg-type]
    "leader=5 is not possible": lambda at: ai.acts(leader=5, path=at),  # type: ignore[arg-type]
    "year='2025' is not a whole number": lambda at: ai.hedging_sensitivity("2025", path=at),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("message", CALLS)
def test_refused_in_one_sentence(world: Path, message: str) -> None:
    with pytest.raises(ai.UsageError) as caught:
        CALLS[message](world)
    assert message in str(caught.value) and "\n" not in str(caught.value) and str(caught.value).endswith((".", "?"))


def test_one_text_stands_for_a_list(world: Path) -> None:
    assert ai.acts(actors="CCC", path=world)["actor"].tolist() == ["CCC"]
    assert set(ai.hedging_measure(states="AAA", path=world)["state"]) == {"AAA"}
    assert ai.identify("Aland", path=world)["id"].tolist() == ["AAA"]
    assert ai.in_force("2024-12-31", states="in_force", path=world)["id"].tolist() == ["i-a"]
    assert ai.members("G7", on="2024-12-31", roles="member", path=world)["member"].tolist() == ["AAA", "BBB"]
