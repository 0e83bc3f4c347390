"""Damage that only the last release tells: data that quietly went missing."""

from __future__ import annotations

import random

from aistatecraft.validation.baseline import read_baseline
from aistatecraft.validation.rules import Baseline
from tests.damage.corpus import kind
from tests.damage.world import Mutant, Place, World


def last(world: World) -> Baseline:
    """The last release, which the real package has."""
    found, faults = read_baseline(world.package)
    assert found is not None and not faults
    return found


@kind("rows-lost", "file", "rows-lost", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    release = last(world)
    table = rng.choice([name for name in world.full if release.rows.get(name, 0) >= 10])
    keep = int(release.rows[table] * rng.uniform(0.1, 0.9))
    rows = world.rows(table)
    kept = sorted(rng.sample(range(len(rows)), keep))
    return Mutant(
        world.render(table, [rows[number] for number in kept]), (Place(world.path(table), 0),), f"{table}: {keep} of {len(rows)} rows"
    )


@kind("values-lost", "column", "values-lost", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    release = last(world)
    places = [
        (table, column.name)
        for table in world.full
        for column in world.schemas[table].fields
        if not column.required and release.filled.get(table, {}).get(column.name, 0) > 0.3 * release.rows.get(table, 0)
    ]
    table, name = rng.choice(places)
    files = world.changed(table, {(row, name): "" for row in range(len(world.rows(table)))})
    return Mutant(files, (Place(world.path(table), 0),), f"{table}.{name}")


@kind("identifier-lost", "row", "identifier-lost", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    release = last(world)
    table = rng.choice([name for name in world.full if name in release.identifiers])
    rows = world.rows(table)
    at = world.header(table).index("id")
    gone = rng.choice([number for number, row in enumerate(rows) if row[at] in release.identifiers[table]])
    return Mutant(world.render(table, rows[:gone] + rows[gone + 1 :]), (Place(world.path(table), 0),), f"{table}/{rows[gone][at]}")
