"""Change sets as JSON: the whole of it, one change a line, so that tools for text can be used on it."""

from __future__ import annotations

from json import JSONEncoder
from typing import Any

from aistatecraft.comparison.changes import ChangeSet
from aistatecraft.comparison.reporters import RenderOptions
from aistatecraft.package.escape import escape_json

__all__ = ["json"]

_written = JSONEncoder(ensure_ascii=False).encode


def json(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """The change set in the form that `changes.schema.json` describes. Characters that a terminal obeys are escaped."""
    whole: dict[str, Any] = changes.as_dict()
    rows = ",\n    ".join(map(_written, whole.pop("changes")))
    head = "".join(f"  {_written(name)}: {_written(value)},\n" for name, value in whole.items())
    listed = f"[\n    {rows}\n  ]" if rows else "[]"
    return escape_json(f'{{\n{head}  "changes": {listed}\n}}')
