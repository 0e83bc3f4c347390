"""Causes before consequences: what only follows from a table that cannot be read is counted, not listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aistatecraft.validation import validate
from aistatecraft.validation.reporters import REPORTERS, ReportFormat
from tests.conftest import Make

ACTORS: dict[str, Any] = {"fields": [{"name": "id", "type": "string"}, {"name": "name", "type": "string"}], "primaryKey": ["id"]}
PLANS: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "actor", "type": "string"}, {"name": "year", "type": "integer"}],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["actor"], "reference": {"resource": "actors", "fields": ["id"]}}],
}
NAMES = "id,name\nBRA,Brazil\nPRY,Paraguay\n"
ROWS = "id,actor,year\n" + "".join(f"p{at},{'BRA' if at % 2 else 'PRY'},2020\n" for at in range(8))


def text(path: Path) -> str:
    """What a person is told of a package."""
    return REPORTERS[ReportFormat.text](validate(path))


@pytest.mark.parametrize(
    "damaged",
    [NAMES.replace(",", ";"), NAMES.replace("id,name", "ID,NAME"), NAMES.encode("utf-16"), None, NAMES.replace("id,name", "ident,name")],
)
def test_a_table_that_cannot_be_read_is_the_only_thing_listed(make: Make, damaged: str | bytes | None) -> None:
    told = text(make({"actors": (ACTORS, damaged), "plans": (PLANS, ROWS)}))
    assert "data/actors.csv" in told
    assert "[foreign-key]" not in told
    assert len([line for line in told.splitlines() if line.startswith(("error:", "warning:"))]) <= 2


def test_what_follows_is_counted(make: Make) -> None:
    path = make({"actors": (ACTORS, NAMES.replace("id,name", "ident,name")), "plans": (PLANS, ROWS)})
    report = validate(path)
    assert len(report.consequences) == 8 and {finding.rule for finding in report.consequences} == {"foreign-key"}
    assert set(report.consequences) < set(report.findings)
    assert text(path).endswith("; 8 of them may follow from the others and are not listed: fix the others first")


def test_other_findings_are_listed(make: Make) -> None:
    told = text(make({"actors": (ACTORS, NAMES.replace(",", ";")), "plans": (PLANS, ROWS.replace("p1,BRA,2020", "p1,BRA,x"))}))
    assert "[type]" in told and "[delimiter]" in told and "follow" not in told


def test_a_sound_table_with_wrong_references_has_no_consequences(make: Make) -> None:
    report = validate(make({"actors": (ACTORS, NAMES), "plans": (PLANS, ROWS.replace("BRA", "BRX"))}))
    assert report.consequences == [] and len(report.findings) == 4


def test_values_that_cannot_be_decoded_are_not_reported_as_lost(copy: Path) -> None:
    file = copy / "data" / "strategies.csv"
    file.write_text(file.read_text(encoding="utf-8"), encoding="latin-1", errors="replace")
    rules = {finding.rule for finding in validate(copy).consequences}
    assert "values-lost" in rules and "[values-lost]" not in text(copy)


def test_in_a_notebook(make: Make) -> None:
    report = validate(make({"actors": (ACTORS, "id,name\na,<script>x</script>\na,b\n"), "plans": (PLANS, "id,actor,year\n<b>,a,x\n")}))
    html = report._repr_html_()
    assert "<script" not in html and "<b>" not in html and "&lt;b&gt;" in html and html.count("<tr>") == 1 + len(report.findings)
    assert "\n" not in repr(report)
