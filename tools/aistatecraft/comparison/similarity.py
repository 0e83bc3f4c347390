"""Rows that went and rows that came, paired where they are so much alike that one is likely the other under a new key.

A conclusion, not a fact: what is paired here is marked as proposed. The work grows with the number of rows, not with
their product: only rows that share a telling value, one that few rows have, are compared; and texts are compared letter by
letter only until a budget is used up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

__all__ = ["similar_rows", "text_similarity"]

RowCells = tuple[str, ...]
_ENOUGH = 0.6
"""Share of the cells that must be equal, or nearly so."""
_ALONE = 0.85
"""The same, where the two rows share no more than one telling value."""
_CLEAR = 0.1
"""By how much the best partner must be better than the next."""
_FEW = 4
"""A value that more rows than this have tells nothing."""
_NEAR = 0.8
_LEAST, _LONG = 8, 400
_BUDGET = 200_000_000
"""Letters of one text times letters of the other, of all texts together: some seconds."""


def similar_rows(gone: Mapping[RowCells, RowCells], come: Mapping[RowCells, RowCells]) -> Iterator[tuple[RowCells, RowCells]]:
    """Pairs of keys, old and new, whose rows are alike.

    Parameters
    ----------
    gone, come : rows by key, cells in the same order; the key cells are to be among them only where they say something
    """
    telling: list[dict[str, list[RowCells]]] = []
    for key, row in come.items():
        for at, cell in enumerate(row):
            while len(telling) <= at:
                telling.append(defaultdict(list))
            if cell:
                telling[at][cell].append(key)
    offers: list[tuple[float, RowCells, RowCells]] = []
    texts = _Texts()
    for key, row in gone.items():
        votes: dict[RowCells, int] = defaultdict(int)
        for at, cell in enumerate(row):
            near = telling[at].get(cell, ()) if cell and at < len(telling) else ()
            if len(near) <= _FEW:
                for other in near:
                    votes[other] += 1
        best = sorted(votes, key=lambda one: (-votes[one], one))[:_FEW]
        scored = sorted(
            ((_similarity(row, come[other], _ENOUGH if votes[other] > 1 else _ALONE, texts), other) for other in best), reverse=True
        )
        if not scored or not scored[0][0]:
            continue
        if len(scored) == 1 or scored[0][0] - scored[1][0] >= _CLEAR:
            offers.append((scored[0][0], key, scored[0][1]))
    taken: set[RowCells] = set()
    for _, key, other in sorted(offers, key=lambda offer: (-offer[0], offer[1], offer[2])):
        if other not in taken:
            taken.add(other)
            yield key, other


def _similarity(old: RowCells, new: RowCells, enough: float, texts: _Texts) -> float:
    """How many of the cells that either row fills are equal, from 0 to 1, near texts counted in part; 0 where that is not enough."""
    filled = equal = 0
    differ: list[tuple[str, str]] = []
    for was, now in zip(old, new, strict=True):
        if was or now:
            filled += 1
            if was == now:
                equal += 1
            elif _LEAST <= len(was) <= _LONG and _LEAST <= len(now) <= _LONG:
                differ.append((was, now))
    # Texts are compared only where they can still turn the scales, and never without a good part of the cells being equal.
    if not filled or equal + len(differ) < enough * filled or equal < filled / 2:
        return 0.0
    share = (equal + sum(texts.near(was, now) for was, now in differ)) / filled
    return share if share >= enough else 0.0


class _Texts:
    """Compares texts letter by letter, as long as there is a budget for it."""

    def __init__(self) -> None:
        self.left = _BUDGET

    def near(self, was: str, now: str) -> float:
        """How alike two texts are, 0 where not enough to count."""
        self.left -= len(was) * len(now)
        if self.left < 0:
            return 0.0
        matcher = SequenceMatcher(None, was, now, autojunk=False)
        return ratio if matcher.quick_ratio() > _NEAR and (ratio := matcher.ratio()) > _NEAR else 0.0


def text_similarity(one: str, other: str) -> float:
    """How alike two short texts are, from 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
