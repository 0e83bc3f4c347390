"""Rows that differ, matched: by primary key, by the table of retired identifiers, by likeness; then cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from aistatecraft.comparison.change_rules import cell_rule
from aistatecraft.comparison.changes import Change
from aistatecraft.comparison.retirements import Retirement, RowIdentity, retirements
from aistatecraft.comparison.row_diff import RowCells, differing
from aistatecraft.package import Field, Package, Resource
from aistatecraft.package.csv_reader import clean_rows

__all__ = ["compare_rows", "whole_table"]


def whole_table(package: Package, resource: Resource, action: str) -> Iterator[Change]:
    """All rows of a table that only one of the packages has."""
    rows = [tuple(row) for batch in clean_rows(package, resource) for row in batch]
    shape = RowIdentity(resource.schema)
    _, plain = _by_key(rows, shape, _doubled(rows, shape))
    untold = Counter(plain)
    for row in rows:
        yield _row(shape, action, row, _row_rule(shape, action), told=not untold[row])


def _row_rule(shape: RowIdentity, action: str) -> str:
    return "row-added" if action == "added" else "identifier-withdrawn" if shape.identified else "row-removed"


def _row(shape: RowIdentity, action: str, row: RowCells, rule: str, note: str = "", *, told: bool = True) -> Change:
    """A row that came or went; `told` says whether its key tells it from the others."""
    key = shape.key_of(row) if told else ()
    return Change(
        "row", action, shape.name, "/".join(key), rule=rule, note=note, parts=key,
        values={name: cell for name, cell in zip(shape.names, row, strict=True) if cell},
    )  # fmt: skip


def compare_rows(old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str]) -> Iterator[Change]:
    """Changes of the rows and cells of a table.

    Parameters
    ----------
    old, before, new, after : the two packages and the table in each
    renamed : fields of the old table that have another name in the new one

    Rows are matched by the primary key. Rows of a table without one, or with another than before, and rows whose key
    stands in a table more than once, are told by their cells alone: they come and go as a whole.
    """
    found = differing(old, before, new, after, renamed)
    if not found.old and not found.new:
        return
    was, now = RowIdentity(before.schema), RowIdentity(after.schema)
    if tuple(renamed.get(name, name) for name in before.schema.primary_key) != after.schema.primary_key:
        was.forget_key()
        now.forget_key()
    doubled = found.standing | _doubled(found.old, was) | _doubled(found.new, now)
    olds, plain_old = _by_key(found.old, was, doubled)
    news, plain_new = _by_key(found.new, now, doubled)
    columns = _columns(was, now, renamed)
    gone = {key: row for key, row in olds.items() if key not in news}
    come = {key: row for key, row in news.items() if key not in olds}
    became = retirements(new, was, now, gone, come, {name: renamed.get(name, name) for name in was.names}) if gone else {}
    there = found.standing | {now.key_of(row) for row in plain_new}
    for row in plain_old:
        # An identifier under which another row still stands was not withdrawn.
        rule = "row-removed" if was.key_of(row) in there else _row_rule(was, "removed")
        yield _row(was, "removed", row, rule, told=False)
    for key, row in olds.items():
        fate = became.get(key, Retirement(_row_rule(was, "removed")))
        if key in news:
            yield from _cells(now, columns, row, news[key], key)
        elif fate.to is None:
            yield _row(was, "removed", row, fate.rule, fate.note)
        else:
            yield Change(
                "row", "renamed", now.name, "/".join(key), old="/".join(key), new="/".join(fate.to), rule=fate.rule, proposed=fate.proposed,
                note=fate.note, parts=key, new_parts=fate.to,
            )  # fmt: skip
            yield from _cells(now, columns, row, news[fate.to], fate.to)
    successors = {fate.to for fate in became.values()}
    for key, row in come.items():
        if key not in successors:
            yield _row(now, "added", row, "row-added")
    for row in plain_new:
        yield _row(now, "added", row, "row-added", told=False)


def _doubled(rows: Iterable[RowCells], shape: RowIdentity) -> set[RowCells]:
    """Keys that stand in the rows more than once."""
    if not shape.keyed:
        return set()
    times = Counter(map(shape.key_of, rows))
    return {key for key, count in times.items() if count > 1}


def _by_key(rows: Iterable[RowCells], shape: RowIdentity, doubled: set[RowCells]) -> tuple[dict[RowCells, RowCells], list[RowCells]]:
    """Rows by their key, and those that no key tells apart."""
    if not shape.keyed:
        return {}, list(rows)
    out: dict[RowCells, RowCells] = {}
    plain: list[RowCells] = []
    for row in rows:
        key = shape.key_of(row)
        if key in doubled:
            plain.append(row)
        else:
            out[key] = row
    return out, plain


Columns = list[tuple[str, Field | None, Field, int | None, int]]


def _columns(was: RowIdentity, now: RowIdentity, renamed: Mapping[str, str]) -> Columns:
    """The fields of the new table but those of its key: name, definitions in both, positions in both (None where the old one has it not).

    The key of a row that was renamed is no cell that changed: the row says it.
    """
    earlier = {renamed.get(name, name): at for at, name in enumerate(was.names)}
    return [
        (name, was.schema.fields[earlier[name]] if name in earlier else None, field, earlier.get(name), at)
        for at, (name, field) in enumerate(zip(now.names, now.schema.fields, strict=True))
        if name not in now.key
    ]


def _cells(now: RowIdentity, columns: Columns, old: RowCells, new: RowCells, key: RowCells) -> Iterator[Change]:
    for name, before, after, was_at, is_at in columns:
        earlier, later = "" if was_at is None else old[was_at], new[is_at]
        if earlier != later:
            action, rule = cell_rule(before, after, earlier, later)
            yield Change("cell", action, now.name, "/".join(key), name, old=earlier or None, new=later or None, rule=rule, parts=key)
