"""A seeded sample of the damage corpus; the whole is run by ``python -m tests.damage.run``."""

from __future__ import annotations

import random

import pytest

from tests.damage.corpus import KINDS, Case, outcome
from tests.damage.world import World

WORLD = World()
SEED = "sample"
MEANING = [name for name, kind in KINDS.items() if not kind.fast]
SAMPLE = [name for name, kind in KINDS.items() if kind.fast] + random.Random(SEED).sample(MEANING, 20)


def test_there_are_kinds_of_every_scope() -> None:
    assert len(KINDS) >= 60
    assert {kind.scope for kind in KINDS.values()} == {"cell", "row", "column", "file"}


@pytest.mark.real
def test_no_false_alarm_in_the_undamaged_tables() -> None:
    assert [finding.sentence for finding in WORLD.judge({}, fast=False)] == []


@pytest.mark.real
@pytest.mark.parametrize("name", SAMPLE)
def test_found_at_its_place_by_its_rule(name: str) -> None:
    kind = KINDS[name]
    result = outcome(Case(0, kind, kind.make(random.Random(f"{SEED}/{name}"), WORLD)), WORLD)
    assert result.verdict == "found", f"{result.what} at {result.places[:3]}: {[finding.sentence for finding in result.findings]}"


def test_the_rules_that_are_expected_exist() -> None:
    from aistatecraft.validation.rule_docs import meaning_of

    assert sorted({rule for kind in KINDS.values() for rule in kind.rules if not meaning_of(rule)}) == []
