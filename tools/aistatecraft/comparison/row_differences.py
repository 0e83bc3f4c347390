"""Rows that differ between two versions of a table, as both ways to find them give them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from aistatecraft.package.csv_reader import row_taker

__all__ = ["RowCells", "RowDifferences", "cell_picker"]

RowCells = tuple[str, ...]


@dataclass
class RowDifferences:
    """Rows of the old and the new table that have no twin in the other, cells in the order of the fields of each schema.

    `standing` are those of their keys under which a row stands, too, that both tables have; none where the tables have
    different keys. Old rows are in the order of the old file, new ones in that of the new file.
    """

    old: list[RowCells] = field(default_factory=list)
    new: list[RowCells] = field(default_factory=list)
    standing: set[RowCells] = field(default_factory=set)


def cell_picker(names: Sequence[str], wanted: Sequence[str]) -> Callable[[Sequence[str]], RowCells]:
    """A function that takes the cells `wanted` out of a row with the fields `names`, in the order wanted."""
    place = {name: at for at, name in enumerate(names)}
    positions = [place[name] for name in wanted]
    return tuple if positions == list(range(len(names))) else row_taker(positions)
