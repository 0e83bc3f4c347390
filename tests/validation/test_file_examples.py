"""Each rule about text, cells and keys finds its bad example, where it should, and leaves its good example alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pytest

from aistatecraft.package.storage import DirectoryStore
from aistatecraft.validation import Finding, validate
from aistatecraft.validation.cell_checks import ColumnChecker
from aistatecraft.validation.file_examples import FILE_EXAMPLES, TABLE, FileExample, Files
from aistatecraft.validation.rule_docs import TEXT_RULES, severity_of
from aistatecraft.validation.rules import RULES, Context, Problem, Rule

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


def test_a_check_that_pandera_could_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = FILE_EXAMPLES["typed"]
    package = put(tmp_path, example, {TABLE: example.good[TABLE]})
    judged = []

    def judges(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
        judged.append(len(frame))
        yield from ()

    def raises(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
        raise KeyError("jurisdiction")

    monkeypatch.setitem(RULES, "made-up", Rule("made-up", "row", "error", (), (), judges))
    assert found(validate(package).findings) == []
    assert judged == [2]
    monkeypatch.setitem(RULES, "made-up", Rule("made-up", "row", "error", (), (), raises))
    (finding,) = validate(package).findings
    assert (finding.rule, finding.place) == ("typed", example.place)
    assert finding.message == 'pandera could not run the check made-up: KeyError("jurisdiction")'


def test_what_the_text_layer_misses_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pandera is asked for constraints, too; where it finds one broken and the text layer nothing, one of the two is wrong."""
    example = FILE_EXAMPLES["maximum"]
    package = put(tmp_path, replace(example, own=True), example.bad)
    assert found(validate(package).findings) == [("maximum", example.place)]
    monkeypatch.setattr(ColumnChecker, "at", lambda *_: {})
    (finding,) = validate(package).findings
    assert (finding.rule, finding.file) == ("typed", TABLE)
    assert finding.message.startswith("pandera reports an error that the text check missed: ") and "maximum" in finding.message


def test_validation_does_not_depend_on_how_pandera_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pandera.config import CONFIG

    example = FILE_EXAMPLES["typed"]
    package = put(tmp_path, example, {TABLE: example.good[TABLE]})

    def refuses(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
        yield Problem(0, "name", "why", "what to do")

    monkeypatch.setitem(RULES, "made-up", Rule("made-up", "row", "error", (), (), refuses))
    monkeypatch.setattr(CONFIG, "validation_enabled", False)
    assert found(validate(package).findings) == [("made-up", f"{TABLE}:2:B")]
