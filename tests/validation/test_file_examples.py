"""Each rule about text, cells and keys finds its bad example, where it should, and leaves its good example alone."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from aistatecraft.package import open_package
from aistatecraft.package.storage import DirectoryStore
from aistatecraft.validation import Finding, validate
from aistatecraft.validation.file_examples import FILE_EXAMPLES, TABLE, FileExample, Files
from aistatecraft.validation.rule_docs import TEXT_RULES, severity_of
from aistatecraft.validation.rules import RULES, Problem
from aistatecraft.validation.table_check import CheckedTable

MORE: Mapping[str, list[tuple[str, str]]] = {
    "spreadsheet-shifted": [("spreadsheet-date", f"{TABLE}:2:C"), ("type", f"{TABLE}:2:D")],
    "suppression-unsound": [("white-space", f"{TABLE}:2:B")],
}
"""What else is found in a bad example, as its note says."""


def put(folder: Path, example: FileExample, files: Files) -> Path:
    folder.mkdir(exist_ok=True)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else b"")
        if isinstance(content, int):
            os.truncate(folder / path, content)
    schema = {"fields": list(example.fields), **example.keys}
    resource = {"name": "t", "path": TABLE, "schema": schema}
    name = "aistatecraft" if example.own else "made"
    if "datapackage.json" not in files:
        (folder / "datapackage.json").write_text(json.dumps({"name": name, "version": "0.1.0", "resources": [resource]}))
    return folder


def found(findings: list[Finding]) -> list[tuple[str, str]]:
    assert [finding for finding in findings if not finding.message or not finding.hint or finding.message.endswith(".")] == []
    return [(finding.rule, finding.place) for finding in findings]


def test_every_rule_has_an_example() -> None:
    assert list(FILE_EXAMPLES) == list(TEXT_RULES)


def test_rules_of_this_dataset_alone_are_told_from_those_of_every_package(tmp_path: Path) -> None:
    """What breaks a rule of this dataset passes in any other package."""
    told = []
    for name, example in FILE_EXAMPLES.items():
        if example.own and name != "typed":
            path = put(tmp_path / name, example, example.bad)
            (path / "datapackage.json").write_text((path / "datapackage.json").read_text().replace('"aistatecraft"', '"made"'))
            told += [(name, finding.rule) for finding in validate(path).findings]
    assert told == []


@pytest.mark.parametrize("name", [name for name in FILE_EXAMPLES if name not in ("changed", "typed")])
def test_example(name: str, tmp_path: Path) -> None:
    example = FILE_EXAMPLES[name]
    assert example.good != example.bad
    assert found(validate(put(tmp_path / "good", example, example.good)).findings) == []
    findings = validate(put(tmp_path / "bad", example, example.bad)).findings
    assert sorted(found(findings)) == sorted([(name, example.place), *MORE.get(name, [])])
    assert {finding.severity for finding in findings if finding.rule == name} == {severity_of(name)}


def test_a_file_that_is_changed_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = FILE_EXAMPLES["changed"]
    path = put(tmp_path, example, example.good)
    real = DirectoryStore.open

    def meanwhile(self: DirectoryStore, file: str) -> BinaryIO:
        handle = real(self, file)
        content = example.bad.get(file)
        if isinstance(content, bytes):
            (path / file).write_bytes(content)
        return handle

    assert found(validate(path).findings) == []
    monkeypatch.setattr(DirectoryStore, "open", meanwhile)
    assert found(validate(path).findings) == [("changed", example.place)]


@pytest.mark.parametrize(("side", "rule"), [("good", "dates-in-order"), ("bad", "typed")])
def test_a_check_that_pandera_could_not_run(tmp_path: Path, side: str, rule: str) -> None:
    import pandas as pd

    from aistatecraft.validation.rule_checks import _findings

    example = FILE_EXAMPLES["typed"]
    files = example.good if side == "good" else example.bad
    package = open_package(put(tmp_path, example, {TABLE: files[TABLE]}))
    from aistatecraft.package import clean_records

    table = CheckedTable(package.resources["t"], records=list(clean_records(package, package.resources["t"])))
    raw = files["failure cases of pandera"]
    assert isinstance(raw, bytes)
    cases: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(raw.decode())))
    frame = pd.DataFrame([{"check": case["check"], "index": int(case["index"]) if case["index"] else None} for case in cases], dtype=object)
    findings = list(_findings(table, frame, {("dates-in-order", 0): [Problem(0, "name", "why", "what to do")]}))
    assert [(finding.rule, finding.place) for finding in findings] == [(rule, f"{TABLE}:2:B" if side == "good" else example.place)]
    assert rule in {**RULES, **TEXT_RULES}
