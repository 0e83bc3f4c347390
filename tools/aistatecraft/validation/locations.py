"""Findings at their places: of a cell, of a row that is the header once more, of rows whose cells moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from aistatecraft.package import Record, Resource
from aistatecraft.validation.cell_checks import CellProblem
from aistatecraft.validation.report import ERROR, Finding, column_letter
from aistatecraft.validation.spreadsheet import shifted

__all__ = ["finding_at", "header_again", "moved_rows", "record_id", "several_wrong"]

_MOVED = 200
"""How many rows with several wrong cells are looked at for a shift."""


def record_id(resource: Resource, record: Record) -> str:
    """Identifier of a record: its key fields joined by a slash."""
    return resource.identifier(record.cells)


def finding_at(resource: Resource, record: Record, at: int, problem: CellProblem, severity: str = ERROR) -> Finding:
    """A finding about field number `at` of a record."""
    schema = resource.schema
    column = record.columns[at]
    line = record.line_of(column) if column > 0 else record.line
    return Finding(
        problem.rule, severity, resource.path, line, column_letter(column) if column >= 0 else "", schema.fields[at].name,
        record_id(resource, record), record.cells[at] or "", problem.message, problem.hint,
    )  # fmt: skip


def header_again(resource: Resource, line: int) -> Finding:
    """The finding for a row that is the header once more."""
    return Finding("header-again", ERROR, resource.path, line, "", "", "", "", "the header is repeated here", "delete the row")


def several_wrong(wrong: Mapping[int, Iterable[int]]) -> dict[int, list[int]]:
    """The rows that have more than one wrong cell, in order, each with the fields; `wrong` has for each field the rows."""
    once: set[int] = set()
    more: set[int] = set()
    sets = {at: set(numbers) for at, numbers in wrong.items()}
    for numbers in sets.values():
        more |= once & numbers
        once |= numbers
    return {number: [at for at, numbers in sets.items() if number in numbers] for number in sorted(more)}


def moved_rows(
    resource: Resource, several: Mapping[int, Sequence[int]], record: Callable[[int], Record], before: int = 0
) -> Iterator[Finding]:
    """Findings for rows whose cells moved by one column.

    `several` is what `several_wrong` gives; `before` is how many such rows were seen already.
    """
    for number in list(several)[: max(0, _MOVED - before)]:
        found = record(number)
        moved = shifted(resource.schema.fields, [cell or "" for cell in found.cells], several[number])
        if moved:
            yield finding_at(resource, found, *moved)
