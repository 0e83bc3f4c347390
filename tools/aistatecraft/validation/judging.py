"""What is wrong with the text of a cell: judged once for each distinct text, and most of them at a quick look."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import compress

from aistatecraft.errors import nearest
from aistatecraft.reading import Resource
from aistatecraft.reading.edtf import check as check_date
from aistatecraft.reading.plan import FieldPlan
from aistatecraft.validation.finding import CellProblem
from aistatecraft.validation.hygiene import faults_of_text
from aistatecraft.validation.quick import quick_look
from aistatecraft.validation.spreadsheet import recognise, suspect

__all__ = ["SAID", "Look", "Problem", "holds_any", "judge", "places_of"]

_KNOWN = 20_000
"""How many distinct texts of a column are remembered: what a text means does not depend on its row."""
_FEW = 4
_UNREADABLE = frozenset(chr(code) for code in range(0xDC80, 0xDD00))

Problem = CellProblem
SAID = Problem("", "", "")  # wrong, and reported already with the line


_FORMS = frozenset({"category", "partial-date", "pattern"})
"""Constraints on how a value is written: where one fails, the ways of spreadsheets are looked through."""


def judge(column: FieldPlan, text: str) -> list[Problem]:
    """What is wrong with a text that is not missing. The first constraint that fails is named: the others follow from it."""
    try:
        value = column.parse(text)
    except ValueError as error:
        known = recognise(column, text)
        return [known._replace(typed=False) if known else Problem("type", f"{text!r} {error}", _type_mend(column), typed=False)]
    for constraint in column.constraints:
        if not constraint.holds(text, value):
            if constraint.rule in _FORMS and (known := recognise(column, text)):
                return [known]
            if constraint.rule == "category":
                near = nearest(text, [category.value for category in column.categories])
                return [
                    Problem(
                        "category",
                        f"{text!r} is not in the vocabulary of {column.name}",
                        f"write {constraint.expected}" if "there" in near else near.rstrip("?"),
                    )
                ]
            if constraint.rule == "partial-date":
                return [
                    Problem(
                        "partial-date",
                        check_date(text) or f"{text!r} is no date",
                        "write a day that exists, or only the month or year that the source gives",
                    )
                ]
            if constraint.rule == "pattern":
                mend = f"write it like {column.example}" if column.example else "write it in that form"
                return [Problem("pattern", f"{text!r} does not have the form {column.limits['pattern']}", mend)]
            example = f", such as {column.example}" if column.example is not None else ""
            return [Problem(constraint.rule, f"{text!r} is not {constraint.expected}", f"write {constraint.expected}{example}")]
    return []


def _type_mend(column: FieldPlan) -> str:
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


def _required(column: FieldPlan, text: str) -> Problem:
    return Problem(
        "required", f"{column.name} is {text!r}, and a value is needed" if text else f"{column.name} is blank and must not be", "fill it in"
    )


class Look:
    """The look at the cells of a table, column by column. What a text means does not depend on its row, so it is remembered."""

    def __init__(self, resource: Resource, hygiene: bool) -> None:
        plan = resource.plan
        self.fields, self.hygiene = plan.fields, hygiene
        self.missing = [column.missing for column in plan.fields]
        self.quick = [quick_look(column, hygiene) for column in plan.fields]
        self.doubted = [False] * len(plan.fields)
        self.fine: list[set[str]] = []
        self.wrong: list[dict[str, list[Problem]]] = []
        for column in plan.fields:
            needed = column.required or column.name in plan.primary_key
            self.fine.append(set() if needed else set(column.missing))
            self.wrong.append({text: [_required(column, text)] for text in column.missing} if needed else {})

    def at(self, at: int, texts: Sequence[str]) -> dict[str, list[Problem]]:
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

    def _judged(self, at: int, text: str) -> list[Problem]:
        if not _UNREADABLE.isdisjoint(text):
            return [SAID]
        problems = judge(self.fields[at], text)
        if not problems and self.hygiene:
            odd = suspect(self.fields[at], text)
            problems = [odd] if odd else list(faults_of_text(text))
        return problems
