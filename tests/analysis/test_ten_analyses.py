"""The ten analyses: with plain pandas and with the package the answers are the same."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from tests.conftest import ROOT

_SPEC = importlib.util.spec_from_file_location("ten_analyses", ROOT / "benchmarks/ten_analyses.py")
assert _SPEC is not None and _SPEC.loader is not None
TEN: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(TEN)


@pytest.mark.real
@pytest.mark.parametrize("name", TEN.NAMES)
def test_plain_pandas_gives_the_same_answer(name: str) -> None:
    plain, now = TEN.pair(name)
    answer = now()
    assert answer and plain() == answer
    assert TEN.lines_of(now) < TEN.lines_of(plain)
