"""Kinds of damage. Each is a function that damages one seeded random place of the real tables, with the rules meant for it.

What cannot be found in principle is not here but in docs/limits.md.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from aistatecraft.validation import Finding
from tests.damage.world import Cell, Mutant, Place, World

__all__ = ["KINDS", "Case", "Kind", "Outcome", "cell_kind", "kind", "mutants", "outcome"]

Make = Callable[[random.Random, World], Mutant]


@dataclass(frozen=True)
class Kind:
    """A kind of damage: its name, what it damages (cell, row, column, file), the rules that may name it, whether text alone shows it."""

    name: str
    scope: str
    rules: frozenset[str]
    fast: bool
    make: Make


KINDS: dict[str, Kind] = {}


def kind(name: str, scope: str, *rules: str, fast: bool = True) -> Callable[[Make], Make]:
    """Register a function as a kind of damage."""

    def register(make: Make) -> Make:
        assert name not in KINDS, name
        KINDS[name] = Kind(name, scope, frozenset(rules), fast, make)
        return make

    return register


Change = Callable[[random.Random, str], str]


def cell_kind(name: str, fits: Callable[[Cell], bool], change: Change, *rules: str, fast: bool = True) -> None:
    """Register a damage of one cell: which cells it befalls, and what becomes of the text."""

    def make(rng: random.Random, world: World) -> Mutant:
        for _ in range(200):
            cell = world.pick(rng, fits)
            text = change(rng, cell.text)
            if text != cell.text:
                files = world.changed(cell.table, {(cell.row, cell.column.name): text})
                return Mutant(files, (world.place(cell.table, cell.row, cell.column.name),), f"{cell.text!r} -> {text!r}")
        raise AssertionError(f"{name}: no cell can be damaged so")

    kind(name, "cell", *rules, fast=fast)(make)


@dataclass(frozen=True)
class Case:
    """One mutant of a kind, with its number."""

    number: int
    kind: Kind
    mutant: Mutant


def mutants(count: int, seed: int, world: World, only: str = "") -> Iterator[Case]:
    """`count` mutants, the kinds in turn; the same for the same seed."""
    kinds = [made for made in KINDS.values() if only in made.name]
    for number in range(count):
        made = kinds[number % len(kinds)]
        yield Case(number, made, made.make(random.Random(f"{seed}/{number}/{made.name}"), world))


@dataclass(frozen=True)
class Outcome:
    """How a mutant was judged: "found" at the right place by a right rule, found "elsewhere", or "missed"."""

    kind: str
    verdict: str
    what: str
    places: tuple[Place, ...]
    findings: tuple[Finding, ...]


def verdict(case: Case, findings: Sequence[Finding]) -> str:
    """Whether a mutant is among the findings: "found" at the right place by a right rule, found "elsewhere", or "missed"."""
    for found in findings:
        for place in case.mutant.places:
            if (
                found.rule in case.kind.rules
                and found.file == place.file
                and found.line == place.line
                and place.column in ("", found.column)
            ):
                return "found"
    return "elsewhere" if findings else "missed"


def outcome(case: Case, world: World) -> Outcome:
    """Judge a mutant."""
    findings = world.judge(case.mutant.files, case.kind.fast)
    return Outcome(case.kind.name, verdict(case, findings), case.mutant.what, case.mutant.places, tuple(findings[:4]))


# The kinds register themselves.
from tests.damage import (  # noqa: E402
    kinds_addresses,  # noqa: F401
    kinds_cells,  # noqa: F401
    kinds_codes,  # noqa: F401
    kinds_encoding,  # noqa: F401
    kinds_files,  # noqa: F401
    kinds_meaning,  # noqa: F401
    kinds_records,  # noqa: F401
    kinds_release,  # noqa: F401
    kinds_rows,  # noqa: F401
    kinds_text,  # noqa: F401
)
