"""What `validate` refuses in the values of a table, `schema(table).validate(frame)` refuses too, in the same rows and fields."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from aistatecraft.package import Package
from aistatecraft.package.dataframe import read_frame
from aistatecraft.validation.pandera_schemas import context_of, frame_schema
from aistatecraft.validation.rules import RULES
from tests.damage.corpus import KINDS
from tests.damage.world import TODAY, Overlay, World

WORLD = World()
SEED = "parity"
CONSTRAINTS = {
    "pattern",
    "partial-date",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "required",
    "unique",
    "primary-key",
    "foreign-key",
}
"""Rules of cells and keys that a frame can break; of the others nothing is left in a frame, or it cannot be made."""
ERRORS = {name for name, rule in RULES.items() if rule.severity == "error"}
VALUES = [name for name, kind in KINDS.items() if kind.fast and kind.rules <= CONSTRAINTS and kind.scope in ("cell", "row")]
MEANING = [name for name, kind in KINDS.items() if not kind.fast and kind.rules <= ERRORS | CONSTRAINTS]
SAMPLE = random.Random(SEED).sample(VALUES, 3) + random.Random(SEED).sample(MEANING, 5)

Broken = set[tuple[str, int | None, str]]
"""Rule, line (None: the table as a whole) and field."""


def refused_by_schema(package: Package, table: str, frame: pd.DataFrame) -> Broken:
    rules = [rule for rule in RULES.values() if rule.severity == "error"]
    try:
        frame_schema(context_of(package, table, today=TODAY, frames={}), rules=rules).validate(frame, lazy=True)
    except SchemaErrors as error:
        named = {"not_nullable": "required", "multiple_fields_uniqueness": "primary-key"}
        return {
            (named.get(check, check), None if pd.isna(index) else int(index) + 2, "" if pd.isna(column) else column)
            for check, index, column in error.failure_cases[["check", "index", "column"]].itertuples(index=False, name=None)
        }
    return set()


@pytest.mark.real
@pytest.mark.parametrize("name", SAMPLE)
def test_schema_and_validate_refuse_the_same(name: str) -> None:
    files = KINDS[name].make(random.Random(f"{SEED}/{name}"), WORLD).files
    package = Package(Overlay(WORLD.root, files), WORLD.package.descriptor, WORLD.package.resources, WORLD.package.descriptor_path)
    findings = [finding for finding in WORLD.judge(files, fast=False) if finding.rule in ERRORS | CONSTRAINTS]
    assert findings
    for table in {name for name in WORLD.schemas if WORLD.path(name) in {*files, *(finding.file for finding in findings)}}:
        resource = package.resource(table)
        found = refused_by_schema(package, table, read_frame(package, resource))
        told = {(each.rule, each.line or None, each.field) for each in findings if each.file == resource.path}
        # pandera lists each column of a key that stands twice, validate the first.
        key = resource.schema.primary_key
        found = {(rule, line, key[0] if rule == "primary-key" else field) for rule, line, field in found}
        assert found == told
