"""Checks of the text of a cell: each distinct text once, most of them by a quick check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import compress

from aistatecraft.errors import nearest
from aistatecraft.package import Resource
from aistatecraft.package.edtf import check as check_date
from aistatecraft.package.schema import Field
from aistatecraft.validation.fast_path import fast_check
from aistatecraft.validation.report import CellProblem
from aistatecraft.validation.spreadsheet import recognise, suspect
from aistatecraft.validation.text_quality import faults_of_text

__all__ = ["REPORTED", "CellProblem", "ColumnChecker", "check_cell", "holds_any", "places_of"]

_KNOWN = 20_000
"""How many distinct texts of a column are remembered: what a text means does not depend on its row."""
_FEW = 4
_UNREADABLE = frozenset(chr(code) for code in range(0xDC80, 0xDD00))

REPORTED = CellProblem("", "", "")  # wrong, and reported already with the line


_FORMS = frozenset({"category", "partial-date", "pattern"})
"""Constraints on how a value is written: where one fails, the ways of spreadsheets are looked through."""


def check_cell(column: Field, text: str) -> list[CellProblem]:
    """What is wrong with a text that is not missing. The first constraint that fails is named: the others follow from it."""
    try:
        value = column.parse(text)
    except ValueError as error:
        known = recognise(column, text)
        return [known._replace(typed=False) if known else CellProblem("type", f"{text!r} {error}", _type_fix(column), typed=False)]
    for constraint in column.constraints:
        if not constraint.holds(text, value):
            if constraint.rule in _FORMS and (known := recognise(column, text)):
                return [known]
            if constraint.rule == "category":
                near = nearest(text, [category.value for category in column.categories])
                return [
                    CellProblem(
                        "category",
                        f"{text!r} is not in the vocabulary of {column.name}",
                        f"write {constraint.expected}" if "there" in near else near.rstrip("?"),
                    )
                ]
            if constraint.rule == "partial-date":
                return [
                    CellProblem(
                        "partial-date",
                        check_date(text) or f"{text!r} is not a date",
                        "write a day that exists, or only the month or year that the source gives",
                    )
                ]
            if constraint.rule == "pattern":
                hint = f"write it like {column.example}" if column.example else "write it in that form"
                return [CellProblem("pattern", f"{text!r} does not have the form {column.limits['pattern']}", hint)]
            example = f", such as {column.example}" if column.example is not None else ""
            return [CellProblem(constraint.rule, f"{text!r} is not {constraint.expected}", f"write {constraint.expected}{example}")]
    return []


def _type_fix(column: Field) -> str:
    example = "true" if column.example is True else "false" if column.example is False else column.example
    return ("write an address" if column.format == "uri" else f"write a value of type {column.type}") + (
        f", such as {example}" if example is not None else ""
    )


def holds_any(texts: Sequence[str], some: Collection[str]) -> bool:
    """Whether one of a few texts is among many. To compare costs less than the hashes of the many."""
    return any(text in texts for text in some) if len(some) <= _FEW else not frozenset(some).isdisjoint(texts)


def _known(texts: Sequence[str], wrong: Collection[str]) -> Iterable[str]:
    return (text for text in wrong if text in texts) if len(wrong) <= _FEW else set(filter(wrong.__contains__, texts))


def places_of(texts: Sequence[str], some: Collection[str]) -> list[int]:
    """Where among many texts those stand that are one of some, in order."""
    if len(some) > _FEW:
        return list(compress(range(len(texts)), map(some.__contains__, texts)))
    places: list[int] = []
    for text in some:
        at = -1
        for _ in range(texts.count(text)):
            at = texts.index(text, at + 1)
            places.append(at)
    return sorted(places)


def _required(column: Field, text: str) -> CellProblem:
    return CellProblem(
        "required", f"{column.name} is {text!r}, and a value is needed" if text else f"{column.name} is blank and must not be", "fill it in"
    )


class ColumnChecker:
    """The look at the cells of a table, column by column. What a text means does not depend on its row, so it is remembered."""

    def __init__(self, resource: Resource, hygiene: bool) -> None:
        schema = resource.schema
        self.fields, self.hygiene = schema.fields, hygiene
        self.missing = [column.missing for column in schema.fields]
        self.quick = [fast_check(column, hygiene) for column in schema.fields]
        self.doubted = [False] * len(schema.fields)
        self.fine: list[set[str]] = []
        self.wrong: list[dict[str, list[CellProblem]]] = []
        for column in schema.fields:
            needed = column.required or column.name in schema.primary_key
            self.fine.append(set() if needed else set(column.missing))
            self.wrong.append({text: [_required(column, text)] for text in column.missing} if needed else {})

    def at(self, at: int, texts: Sequence[str]) -> dict[str, list[CellProblem]]:
        """Which of the texts of field number `at` are wrong, and how."""
        fine, wrong, quick = self.fine[at], self.wrong[at], self.quick[at]
        if quick is None:
            return {text: wrong[text] for text in wrong if text in texts}
        if len(fine) >= _KNOWN:  # a column of ever new texts: what was seen before does not help
            missing = self.missing[at]
            if not self.doubted[at] and not holds_any(texts, missing) and quick(texts):
                return {}
            # Where the last rows had wrong texts these will have them too, often the same ones.
            bad = {text: wrong[text] for text in _known(texts, wrong)}
            rest = list(texts)
            for number in reversed(places_of(texts, bad)):
                del rest[number]
            if holds_any(rest, missing):
                rest = [text for text in rest if text not in missing]
            self.doubted[at] = bool(bad)
            if not rest or quick(rest):
                return bad
        new = set(texts) - fine
        if not new:
            return {}
        fresh = new - wrong.keys() if wrong else new
        if fresh and quick(fresh):
            if len(fine) < _KNOWN:
                fine |= fresh
            return {text: wrong[text] for text in new - fresh}
        bad = {text: wrong[text] for text in new - fresh}
        for text in self._doubtful(at, list(fresh)):
            problems = self._judged(at, text)
            if problems:
                bad[text] = problems
                if len(wrong) < _KNOWN:
                    wrong[text] = problems
        if len(fine) < _KNOWN:
            fine |= fresh - bad.keys()
        return bad

    def _doubtful(self, at: int, texts: list[str]) -> Iterator[str]:
        """Texts that no quick look cleared: halves of halves are looked at, so that a few wrong ones do not cost all."""
        waiting = [texts]
        quick = self.quick[at]
        while waiting:
            part = waiting.pop()
            if len(part) <= _FEW:
                yield from part
            else:
                half = len(part) // 2
                waiting += [piece for piece in (part[:half], part[half:]) if quick is None or not quick(piece)]

    def _judged(self, at: int, text: str) -> list[CellProblem]:
        if not _UNREADABLE.isdisjoint(text):
            return [REPORTED]
        column = self.fields[at]
        problems = check_cell(column, text)
        if not problems and self.hygiene:
            odd = suspect(column, text)
            coded = bool(column.categories) or "pattern" in column.limits
            problems = [odd] if odd else list(faults_of_text(text, excerpt="maxLength" in column.limits, coded=coded))
        return problems
