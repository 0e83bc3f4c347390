"""Rows that differ, matched: by primary key, by the table of retired identifiers, by likeness; then cell by cell."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from aistatecraft.comparison.change_rules import cell_rule
from aistatecraft.comparison.changes import LABELS, Change, Column
from aistatecraft.comparison.invisible import invisible_difference
from aistatecraft.comparison.problems import Notes
from aistatecraft.comparison.retirements import Retirement, RowIdentity, retirements
from aistatecraft.comparison.row_diff import (
    NotPlain,
    RowCells,
    RowDifferences,
    SharedFields,
    cell_picker,
    differing_records,
    differing_rows,
)
from aistatecraft.package import Field, Package, Resource
from aistatecraft.package.csv_reader import clean_rows

__all__ = ["compare_rows", "whole_table"]


Columns = list[tuple[str, Field, Field, int, int]]


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


def compare_rows(
    old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str], notes: Notes
) -> tuple[list[Change], dict[tuple[str, str], Column]]:
    """Changes of the rows and cells of a table, and the values of fields that only one of the two tables has.

    Parameters
    ----------
    old, before, new, after : the two packages and the table in each
    renamed : fields of the old table that have another name in the new one
    notes : where keys that stand more than once are noted

    Returns
    -------
    changes : of rows and cells
    columns : by action (added, removed) and field, the values in the rows that both tables have

    Rows are matched by the primary key, its values compared as those of its type; where the tables have different keys, by one of them
    that tells the rows of both apart. Rows of a table without a key are told by the cells of the fields that both tables have. Rows whose key stands in a table more than once are paired with
    those that differ least.
    """
    found = differing(old, before, new, after, renamed)
    if not found.old and not found.new and not (found.twins and found.twins.count):
        return [], {}
    was, now = RowIdentity(before.schema), RowIdentity(after.schema)
    was.name = now.name  # a table can have been renamed
    rekeyed = tuple(renamed.get(name, name) for name in before.schema.primary_key) != after.schema.primary_key
    if rekeyed:
        key, later_key = _common_key(old, before, new, after, renamed)
        was.use_key(key)
        now.use_key(later_key)
    doubled = found.standing | _doubled(found.old, was) | _doubled(found.new, now)
    twin_keys = found.twins.keys(len(was.key)) if found.twins is not None and was.keyed and not rekeyed else []
    if len(set(twin_keys)) < len(twin_keys):
        doubled |= {key for key, count in Counter(twin_keys).items() if count > 1}
    if doubled:
        said = [notes.doubled("old", old, before, doubled), notes.doubled("new", new, after, doubled)]
        doubled = doubled if any(said) else set()
    olds, plain_old = _by_key(found.old, was, doubled)
    news, plain_new = _by_key(found.new, now, doubled)
    columns = _columns(was, now, renamed)
    rewritten = {} if rekeyed else _rewritten_keys(before, after, olds, news)
    gone = {key: row for key, row in olds.items() if key not in news and key not in rewritten}
    taken = set(rewritten.values())
    come = {key: row for key, row in news.items() if key not in olds and key not in taken}
    became = retirements(new, was, now, gone, come, {name: renamed.get(name, name) for name in was.names}) if gone and not rekeyed else {}
    became |= {key: Retirement("key-rewritten", to) for key, to in rewritten.items()}
    there = found.standing | {now.key_of(row) for row in plain_new}
    out: list[Change] = []
    both: list[tuple[RowCells, RowCells]] = []
    plain_old, plain_new, pairs = _paired(was, now, columns, plain_old, plain_new)
    if rekeyed:
        # No key finds these rows in both tables: they are told by their cells, as those are whose key stands twice.
        pairs += [(row, news[key]) for key, row in olds.items() if key in news]
        olds = gone
    key_of = cell_picker(now.names, after.schema.primary_key or now.key)
    for row, later in pairs:
        values = {name: cell for name, cell in zip(was.names, row, strict=True) if cell}
        key = key_of(later)
        out += [change._replace(values=values) for change in _cells(now, columns, notes, row, later, key)]
        both.append((row, later))
    for row in plain_old:
        # An identifier under which another row still stands was not withdrawn.
        rule = "row-removed" if was.key_of(row) in there else _row_rule(was, "removed")
        out.append(_row(was, "removed", row, rule, told=False))
    for key, row in olds.items():
        fate = became.get(key, Retirement(_row_rule(was, "removed")))
        if key in news:
            out += _cells(now, columns, notes, row, news[key], key)
            both.append((row, news[key]))
        elif fate.to is None:
            out.append(_row(was, "removed", row, fate.rule, fate.note))
        else:
            out.append(
                Change(
                    "row", "renamed", now.name, "/".join(key), old="/".join(key), new="/".join(fate.to), rule=fate.rule,
                    proposed=fate.proposed, note=fate.note, parts=key, new_parts=fate.to, label=_label(now, news[fate.to]),
                )
            )  # fmt: skip
            out += _cells(now, columns, notes, row, news[fate.to], fate.to)
            both.append((row, news[fate.to]))
    successors = {fate.to for fate in became.values()}
    told = not rekeyed or now.key == after.schema.primary_key
    out += [_row(now, "added", row, "row-added", told=told) for key, row in come.items() if key not in successors]
    out += [_row(now, "added", row, "row-added", told=False) for row in plain_new]
    return out, _one_sided(before, after, renamed, found, both, keyed=was.keyed and not doubled and not rekeyed)


def differing(old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str]) -> RowDifferences:
    """Rows that are not the same in both.

    Parameters
    ----------
    old, before : the old package and its table
    new, after : the new package and its table
    renamed : fields of the old table that have another name in the new one

    Raises
    ------
    DataError
        Where one of the two is not sound as text. Damage that stands in both to the letter may go unseen.
    """
    keyed = (
        bool(after.schema.primary_key) and tuple(renamed.get(name, name) for name in before.schema.primary_key) == after.schema.primary_key
    )
    if keyed:
        from aistatecraft.comparison.arrow_rows import differing_columns

        if (found := differing_columns(old, before, new, after, renamed)) is not None:
            return found
    if before.dialect == after.dialect and len(before.schema.fields) == len(after.schema.fields):
        try:
            return differing_records(old, before, new, after, renamed, keyed)
        except (NotPlain, csv.Error, UnicodeDecodeError):
            pass  # the other way says what is wrong, and where
    return differing_rows(old, before, new, after, renamed, keyed)


def _common_key(
    old: Package, before: Resource, new: Package, after: Resource, renamed: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of tables with different keys that of the one or the other, as the old and as the new one calls its fields, if it tells the rows of both apart."""
    was, now = before.schema, after.schema
    back = {renamed.get(name, name): name for name in was.names}
    for key in (now.primary_key, tuple(renamed.get(name, name) for name in was.primary_key)):
        if key and all(name in back and name in now.by_name for name in key):
            earlier = tuple(back[name] for name in key)
            if _tells_apart(old, before, earlier) and _tells_apart(new, after, key):
                return earlier, key
    return (), ()


def _tells_apart(package: Package, resource: Resource, key: Sequence[str]) -> bool:
    key_of, seen = cell_picker(resource.schema.names, key), set()
    for rows in clean_rows(package, resource):
        for row in rows:
            found = key_of(row)
            if found in seen:
                return False
            seen.add(found)
    return True


def _rewritten_keys(before: Resource, after: Resource, olds: Collection[RowCells], news: Collection[RowCells]) -> dict[RowCells, RowCells]:
    """Keys that are only written otherwise, old to new: 7 and 007 are one integer."""
    fields = [schema.by_name[name] for schema in (before.schema, after.schema) for name in schema.primary_key]
    if not fields or all(field.kind.textual for field in fields):
        return {}
    width = len(fields) // 2
    values: dict[tuple[object, ...], list[RowCells]] = {}
    for key in news:
        if key not in olds and (value := _value(fields[width:], key)) is not None:
            values.setdefault(value, []).append(key)
    out: dict[RowCells, RowCells] = {}
    for key in olds:
        if key not in news and (value := _value(fields[:width], key)) is not None and len(values.get(value, ())) == 1:
            out[key] = values.pop(value)[0]
    return out


def _value(fields: Sequence[Field], key: RowCells) -> tuple[object, ...] | None:
    try:
        return tuple((field.kind.numeric, field.kind.identity(field.parse(cell))) for field, cell in zip(fields, key, strict=True))
    except ValueError:
        return None


def _paired(
    was: RowIdentity, now: RowIdentity, columns: Columns, olds: list[RowCells], news: list[RowCells]
) -> tuple[list[RowCells], list[RowCells], list[tuple[RowCells, RowCells]]]:
    """Of rows whose key stands more than once, those that are left on both sides, paired by how few of their cells differ."""
    if not was.keyed or not olds or not news:
        return olds, news, []
    left: dict[RowCells, list[RowCells]] = {}
    for row in olds:
        left.setdefault(was.key_of(row), []).append(row)
    alone = {row for row, times in Counter(olds).items() if times == 1}
    pairs: list[tuple[RowCells, RowCells]] = []
    rest: list[RowCells] = []
    compared = [(at, was_at) for _, _, _, was_at, at in columns]
    for later in news:
        near = [row for row in left.get(now.key_of(later), ()) if row in alone]
        if not near:
            rest.append(later)
            continue
        best = min(near, key=lambda row: sum(later[at] != row[was_at] for at, was_at in compared))
        left[was.key_of(best)].remove(best)
        pairs.append((best, later))
    taken = {row for row, _ in pairs}
    return [row for row in olds if row not in taken], rest, pairs


def _one_sided(
    before: Resource,
    after: Resource,
    renamed: Mapping[str, str],
    found: RowDifferences,
    both: Sequence[tuple[RowCells, RowCells]],
    *,
    keyed: bool,
) -> dict[tuple[str, str], Column]:
    """The values of fields that only one of the tables has, in the rows that both have."""
    shared = SharedFields(before, after, renamed)
    if not shared.gone and not shared.come:
        return {}
    width = len(before.schema.primary_key) if keyed else len(shared.old)
    of_old, of_new = cell_picker(before.schema.names, shared.old[:width]), cell_picker(after.schema.names, shared.new[:width])
    gone, come = cell_picker(before.schema.names, shared.gone), cell_picker(after.schema.names, shared.come)
    twins = found.twins
    twin_keys = twins.keys(width) if twins is not None else []
    sides: list[tuple[str, list[str], list[str], Callable[[int], list[str]], list[tuple[RowCells, RowCells]]]] = [
        ("removed", shared.gone, shared.old, twins.gone if twins else _none, [(of_old(row), gone(row)) for row, _ in both]),
        ("added", shared.come, shared.new, twins.come if twins else _none, [(of_new(row), come(row)) for _, row in both]),
    ]  # fmt: skip
    out: dict[tuple[str, str], Column] = {}
    for action, names, by, of_twins, rows in sides:
        keys = twin_keys + [key for key, _ in rows]
        told = len(set(keys)) == len(keys)
        for at, name in enumerate(names):
            values = of_twins(at) + [cells[at] for _, cells in rows]
            if not any(values):
                continue
            # Rows that nothing tells apart are told by their order, so that none may be left out.
            whole = not told or all(values)
            filled = keys if whole else [key for key, value in zip(keys, values, strict=True) if value]
            out[action, name] = Column(tuple(by[:width]), filled, values if whole else [value for value in values if value], len(keys))
    return out


def _none(at: int) -> list[str]:
    return []


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


def _columns(was: RowIdentity, now: RowIdentity, renamed: Mapping[str, str]) -> Columns:
    """The fields that both tables have but those of the key: name, definitions in both, positions in both.

    The key of a row that was renamed is no cell that changed: the row says it. Values of a field that only one table has stand beside
    the change of that field.
    """
    earlier = {renamed.get(name, name): at for at, name in enumerate(was.names)}
    return [
        (name, was.schema.fields[earlier[name]], field, earlier[name], at)
        for at, (name, field) in enumerate(zip(now.names, now.schema.fields, strict=True))
        if name not in now.key and name in earlier
    ]


def _label(shape: RowIdentity, row: RowCells) -> str:
    return next((row[at] for name in LABELS if name in shape.names and row[at := shape.names.index(name)]), "")


def _cells(now: RowIdentity, columns: Columns, notes: Notes, old: RowCells, new: RowCells, key: RowCells) -> Iterator[Change]:
    label = ""
    for name, before, after, was_at, is_at in columns:
        earlier, later = old[was_at], new[is_at]
        if earlier != later and not notes.equal(earlier, later):
            action, rule = cell_rule(before, after, earlier, later)
            label = label or _label(now, new)
            yield Change(
                "cell", action, now.name, "/".join(key), name, old=earlier or None, new=later or None, rule=rule, parts=key,
                note=invisible_difference(earlier, later), label=label,
            )  # fmt: skip
