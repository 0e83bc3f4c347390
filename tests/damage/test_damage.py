"""A seeded sample of the damage corpus; the whole is run by ``python -m tests.damage.run``."""

from __future__ import annotations

import random

import pytest

from tests.damage.corpus import KINDS, Case, Outcome, outcome, verdict
from tests.damage.world import World

WORLD = World()
SEED = "sample"
FAST = [name for name, kind in KINDS.items() if kind.fast]
ALONE = [name for name in FAST if KINDS[name].scope not in ("cell", "row")]
MEANING = [name for name, kind in KINDS.items() if not kind.fast]
SAMPLE = ALONE + random.Random(SEED).sample(MEANING, 20)


def test_there_are_kinds_of_every_scope() -> None:
    assert len(KINDS) >= 60
    assert {kind.scope for kind in KINDS.values()} == {"cell", "row", "column", "file"}


@pytest.mark.real
def test_no_false_alarm_in_the_undamaged_tables() -> None:
    assert [finding.sentence for finding in WORLD.judge({}, fast=False)] == []


def case(name: str) -> Case:
    return Case(0, KINDS[name], KINDS[name].make(random.Random(f"{SEED}/{name}"), WORLD))


def missed(result: Outcome) -> str:
    """What was not found as it should be; empty where it was."""
    if result.verdict == "found":
        return ""
    return f"{result.kind}: {result.what} at {result.places[:3]}: {[finding.sentence for finding in result.findings]}"


@pytest.mark.real
@pytest.mark.parametrize("name", SAMPLE)
def test_found_at_its_place_by_its_rule(name: str) -> None:
    assert missed(outcome(case(name), WORLD)) == ""


@pytest.mark.real
def test_damage_to_cells_and_rows_is_found_at_its_place_by_its_rule() -> None:
    """Many at a time, each in a table of its own; what is not found among others is looked for alone."""
    groups: list[list[Case]] = []
    for one in (case(name) for name in FAST if name not in ALONE):
        free = (group for group in groups if not any(one.mutant.files.keys() & other.mutant.files.keys() for other in group))
        group = next(free, None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    told = []
    for group in groups:
        findings = WORLD.judge({path: data for each in group for path, data in each.mutant.files.items()}, fast=True)
        told += [missed(outcome(each, WORLD)) for each in group if verdict(each, findings) != "found"]
    assert [text for text in told if text] == []


def test_the_rules_that_are_expected_exist() -> None:
    from aistatecraft.validation.rule_docs import meaning_of

    assert sorted({rule for kind in KINDS.values() for rule in kind.rules if not meaning_of(rule)}) == []
