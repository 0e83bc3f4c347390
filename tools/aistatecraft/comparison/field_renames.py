"""Fields that went and fields that came, paired where they are one field under another name."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from aistatecraft.comparison.row_diff import RowCells, cell_picker
from aistatecraft.comparison.similarity import text_similarity
from aistatecraft.package import Package, Resource
from aistatecraft.package.csv_reader import clean_rows
from aistatecraft.package.schema import FORMERLY

__all__ = ["FORMERLY", "renamed_fields"]

_ROWS = 2_000
"""Rows that are looked at; more would not change the answer."""
_SEARCHED = 50_000
"""Rows of the new table among which those of the old one are looked for."""
_SAMPLE = 12
"""Rows in which a pair of fields is looked for among many; a field that is the same in nine of ten rows is so in most of them."""
_MANY = 40
"""So many fields that nothing but their name tells apart are not paired by it."""
_ENOUGH = 0.9
_SAID = 0.95
_TELLING = 2
"""Two columns that hold no more than so many values, or next to nothing, can be equal by chance."""

RawField = Mapping[str, Any]
ColumnTexts = Mapping[str, Sequence[str]]


def renamed_fields(
    old: Package, before: Resource, was: RawField, new: Package, after: Resource, now: RawField
) -> dict[str, tuple[str, bool]]:
    """Fields of the old table that have another name in the new one: old name -> new name, and whether it is only proposed.

    Parameters
    ----------
    old, before, was : the old package, its table, and the schema of it as parsed JSON
    new, after, now : the same of the new one
    """
    gone = {entry["name"]: entry for entry in was["fields"] if entry["name"] not in after.schema.by_name}
    come = {entry["name"]: entry for entry in now["fields"] if entry["name"] not in before.schema.by_name}
    out: dict[str, tuple[str, bool]] = {}
    for name in list(come):
        earlier = after.schema.by_name[name].formerly
        if earlier and gone.pop(earlier, None) is not None:
            out[earlier] = (name, False)
            del come[name]
    if gone and come:
        known = {name: name for name in before.schema.names if name in after.schema.by_name} | {name: to for name, (to, _) in out.items()}
        rows = _Rows(old, before, new, after)
        # First the fields of the key, without which no row of one table can be told to be one of the other.
        for only in (set(before.schema.primary_key), None):
            left = {name: entry for name, entry in gone.items() if only is None or name in only}
            free = {name: entry for name, entry in come.items() if only is None or name in after.schema.primary_key}
            if left and free:
                for name, to in _paired(left, free, *rows.values(known, left, free)):
                    out[name] = (to, True)
                    known[name] = to
                    del gone[name], come[to]
    return {name: out[name] for name in before.schema.names if name in out}


class _Rows:
    """The first rows of both tables."""

    def __init__(self, old: Package, before: Resource, new: Package, after: Resource) -> None:
        self.old, self.before, self.new, self.after = old, before, new, after

    def values(self, known: Mapping[str, str], left: Iterable[str], free: Iterable[str]) -> tuple[ColumnTexts, ColumnTexts, bool]:
        """The values of the fields `left` of the old and `free` of the new table, and whether they belong together row by row.

        `known` are the fields of the old table that the new one has, and what it calls them.
        """
        key, new_key = self.before.schema.primary_key, self.after.schema.primary_key
        first = list(islice(_flat(self.old, self.before), _ROWS))
        if not key or [known.get(name) for name in key] != list(new_key):
            return _columns(first, self.before, left), _columns(list(islice(_flat(self.new, self.after), _ROWS)), self.after, free), False
        by_key = dict(zip(map(cell_picker(self.before.schema.names, key), first), first, strict=True))
        key_of = cell_picker(self.after.schema.names, new_key)
        pairs: list[tuple[Sequence[str], Sequence[str]]] = []
        for row in islice(_flat(self.new, self.after), _SEARCHED):
            found = by_key.pop(key_of(row), None)
            if found is not None:
                pairs.append((found, row))
                if not by_key:
                    break
        return _columns([one for one, _ in pairs], self.before, left), _columns([other for _, other in pairs], self.after, free), True


def _flat(package: Package, resource: Resource) -> Iterator[Sequence[str]]:
    return chain.from_iterable(clean_rows(package, resource))


def _columns(rows: Sequence[Sequence[str]], resource: Resource, names: Iterable[str]) -> dict[str, RowCells]:
    place = {name: at for at, name in enumerate(resource.schema.names)}
    return {name: tuple(row[place[name]] for row in rows) for name in names}


def _paired(
    left: Mapping[str, RawField], free: Mapping[str, RawField], olds: ColumnTexts, news: ColumnTexts, together: bool
) -> Iterator[tuple[str, str]]:
    """Pairs of names that are one field, the surest first; no name twice."""
    offers: dict[tuple[str, str], float] = {}
    for name, other in chain(_by_values(olds, news, together), _by_definition(left, free)):
        if (name, other) not in offers:
            offers[name, other] = _score(left[name], free[other], olds[name], news[other], together)
    taken_names: set[str] = set()
    taken_others: set[str] = set()
    for (name, other), score in sorted(offers.items(), key=lambda offer: (-offer[1], offer[0])):
        if score >= _ENOUGH and name not in taken_names and other not in taken_others:
            taken_names.add(name)
            taken_others.add(other)
            yield name, other


def _by_values(olds: ColumnTexts, news: ColumnTexts, together: bool) -> Iterator[tuple[str, str]]:
    """Pairs that hold the same in most of some rows. The work grows with the number of fields, not with its square."""
    if not together:
        same: dict[frozenset[str], list[str]] = defaultdict(list)
        for other, values in news.items():
            same[frozenset(values)].append(other)
        for name, values in olds.items():
            yield from ((name, other) for other in same[frozenset(values)][:_MANY])
        return
    length = len(next(iter(olds.values()), ()))
    rows = range(0, length, max(1, length // _SAMPLE))
    holders: dict[tuple[int, str], list[str]] = defaultdict(list)
    for other, values in news.items():
        for row in rows:
            if values[row]:
                holders[row, values[row]].append(other)
    for name, values in olds.items():
        votes: Counter[str] = Counter()
        for row in rows:
            votes.update(holders.get((row, values[row]), ())[:_MANY])
        yield from ((name, other) for other, _ in votes.most_common(3))


def _by_definition(left: Mapping[str, RawField], free: Mapping[str, RawField]) -> Iterator[tuple[str, str]]:
    """Pairs that are described in the same words."""
    same: dict[str, list[str]] = defaultdict(list)
    for other, entry in free.items():
        same[_definition(entry)].append(other)
    for name, entry in left.items():
        others = same.get(_definition(entry), [])
        if len(others) <= _MANY:
            yield from ((name, other) for other in others)


def _definition(entry: RawField) -> str:
    return json.dumps({name: value for name, value in entry.items() if name not in ("name", FORMERLY)}, sort_keys=True)


def _score(earlier: RawField, later: RawField, olds: Sequence[str], news: Sequence[str], together: bool) -> float:
    """From 0 to 1: how surely two fields are one; those of different types can be by their values alone."""
    if together:
        filled = [(was, now) for was, now in zip(olds, news, strict=True) if was or now]
        if len({was for was, _ in filled}) > _TELLING:
            return sum(was == now for was, now in filled) / len(filled)
    elif len(was := set(olds)) > _TELLING and was == set(news):
        return _SAID
    if _definition(earlier) != _definition(later):
        return 0.0
    if earlier.get("description") or earlier.get("title"):
        return _SAID
    return _ENOUGH if text_similarity(earlier["name"], later["name"]) >= 0.6 else 0.0
