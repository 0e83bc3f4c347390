"""JSON read strictly, for descriptors and for cells: what programs would read differently is refused."""

from __future__ import annotations

import json
import math
from typing import Any

__all__ = ["strict_json"]


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the name {next(name for name in found if names.count(name) > 1)!r} appears twice in an object")
    return found


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not a JSON value")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"the number {text[:40]} is too large to be represented")
    return value


def strict_json(text: str) -> Any:
    """The value of a JSON text.

    Raises
    ------
    json.JSONDecodeError
        Where the text is not JSON.
    UnicodeEncodeError
        Where it contains half a surrogate pair.
    RecursionError
        Where it is nested more deeply than Python can read.
    ValueError
        Where an object has a name twice, or a number is NaN, infinite or too large.
    """
    text.encode("utf-8")
    found = json.loads(text, object_pairs_hook=_unique_names, parse_constant=_no_constant, parse_float=_finite)
    if "\\ud" in text.lower():  # half a pair can also be written as an escape
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    return found
