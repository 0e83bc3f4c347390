"""Change sets as flat CSV, one change a row: exact, and for spreadsheets. docs/changes.md tells what stands in each column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONEncoder

from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.reporters import RenderOptions

__all__ = ["COLUMNS", "csv", "disarmed", "rearmed", "spreadsheet"]

COLUMNS = (
    "table", "key", "field", "action", "old", "new", "class", "reason", "level", "property", "rule", "proposed", "parts", "new_parts",
    "label", "values", "column",
)  # fmt: skip
"""The columns: first what a person reads."""

_written = JSONEncoder(ensure_ascii=False).encode
_TO_QUOTE = re.compile('[",\r\n]|^ | $')
_DANGER = "=+\\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"
"""What makes a spreadsheet take a cell for a formula, full-width forms among them (some Japanese ones obey those, too)."""
_PLACE = r"(?:\A|(?<=[,;|\t\r\n]))"
# Where the separator of a list is a semicolon, Excel cuts a row there, whatever the quotes say: a formula may begin in mid-cell.
_ARMED = re.compile(rf"{_PLACE}(?=['\"]*[{_DANGER}])")
_DISARMED = re.compile(rf"{_PLACE}'(?=['\"]*[{_DANGER}])")


def csv(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """Every change as it is: comma, UTF-8, LF. Nothing is an empty cell; an empty text, which is not nothing, is ``""``."""
    return "\n".join([",".join(COLUMNS), *(",".join(map(_cell, _row(change))) for change in changes.changes)])


def spreadsheet(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """As `csv`, to be opened in a spreadsheet: a byte order mark, CRLF, all cells quoted, and no cell that is a formula."""
    rows = (",".join('""' if text is None else _quoted(disarmed(text)) for text in _row(change)) for change in changes.changes)
    return "\ufeff" + "\r\n".join([",".join(map(_quoted, COLUMNS)), *rows])


def disarmed(text: str) -> str:
    """`text` with an apostrophe before everything that a spreadsheet would run as a formula; `rearmed` takes it off again."""
    return _ARMED.sub("'", text)


def rearmed(text: str) -> str:
    """The text that `disarmed` was given."""
    return _DISARMED.sub("", text)


def _row(change: Change) -> Iterator[str | None]:
    """The cells of a change in the order of `COLUMNS`; the cells of a row that came or went stand as JSON in new or old."""
    plain = change.as_dict()
    cells = _written(plain["values"]) if change.level == "row" and change.values is not None else None
    yield from (change.table or None, change.key or None, change.field or None, change.action)
    yield cells if cells and change.action == "removed" else change.old
    yield cells if cells and change.action != "removed" else change.new
    yield from (change.kind, change.reason, change.level, change.property or None, change.rule, "true" if change.proposed else "false")
    for name in ("parts", "new_parts"):
        yield _written(plain[name]) if name in plain else None
    yield change.label or None
    yield _written(plain["values"]) if change.level == "cell" and change.values is not None else None
    yield _written(plain["column"]) if change.column is not None else None


def _cell(text: str | None) -> str:
    if text is None:
        return ""
    return _quoted(text) if not text or _TO_QUOTE.search(text) else text


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
