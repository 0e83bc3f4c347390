"""The text layer: every kind of wrong cell, row and key, at its physical place, all in one run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from aistatecraft.validation import Report, validate
from tests.conftest import Make

PEOPLE: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+"}},
        {"name": "born", "type": "integer", "constraints": {"minimum": 1900, "maximum": 2026}},
        {"name": "weight", "type": "number", "constraints": {"exclusiveMinimum": 0}},
        {"name": "kind", "type": "string", "categories": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
        {"name": "since", "type": "string", "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF-level0"},
        {"name": "note", "type": "string", "constraints": {"maxLength": 20}},
        {"name": "boss", "type": "string"},
    ],
    "primaryKey": "id",
    "missingValues": ["", "n/a"],
    "foreignKeys": [{"fields": "boss", "reference": {"resource": "", "fields": "id"}}],
}
HEADER = "id,born,weight,kind,since,note,boss\n"
TODAY = dt.date(2026, 11, 30)


def places(report: Report) -> list[tuple[str, str]]:
    return [(finding.rule, finding.place.removeprefix("data/people.csv:")) for finding in report.findings]


def run(make: Make, body: str, name: str = "made", **options: Any) -> Report:
    return validate(make({"people": (PEOPLE, HEADER + body)}, name=name), today=TODAY, **options)


def test_a_good_table(make: Make) -> None:
    report = run(make, "ann,1980,60.5,a,2024-02-29,,\nbob,n/a,,b,2024,hello,ann\n")
    assert report.fine and report.findings == []
    assert report.tables == {"people": 2}


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (",1980,,,,,", "required", "A"),
        ("n/a,1980,,,,,", "required", "A"),
        ("Ann,1980,,,,,", "pattern", "A"),
        ("ann1,1980,,,,,", "pattern", "A"),
        ("cat,19x0,,,,,", "type", "B"),
        ("cat,1_980,,,,,", "type", "B"),
        ("cat,\uff11\uff19\uff18\uff10,,,,,", "look-alike", "B"),
        ("cat, 1980,,,,,", "type", "B"),
        ("cat,1899,,,,,", "minimum", "B"),
        ("cat,2027,,,,,", "maximum", "B"),
        ('cat,1980,"60,5",,,,', "spreadsheet-decimal", "C"),
        ("cat,1980,0,,,,", "exclusiveMinimum", "C"),
        ("cat,1980,,c,,,", "category", "D"),
        ("cat,1980,,A,,,", "category", "D"),
        ("cat,1980,,,2023-02-29,,", "partial-date", "E"),
        ("cat,1980,,,24.10.2023,,", "spreadsheet-date", "E"),
        ("cat,1980,,,,a note that is far too long,", "maxLength", "F"),
        ("cat,1980,,,,,nobody", "foreign-key", "G"),
        ("ann,1981,,,,,", "primary-key", "A"),
        ("cat,1980,,,", "ragged-row", ""),
        ("cat,1980,,,,a,b,c", "ragged-row", "H"),
        (",,,,,,", "required", "A"),
        ("", "blank-row", ""),
        ('cat,1980,,,,"a" b,', "quoting", ""),
    ],
)
@pytest.mark.parametrize("fast", [True, False])
def test_one_wrong_cell(make: Make, row: str, rule: str, column: str, fast: bool) -> None:
    report = run(make, f"ann,1980,60.5,a,2024,,\n{row}\nzoe,1990,,b,,,ann\n", fast=fast)
    assert places(report) == [(rule, f"3:{column}".rstrip(":"))]
    (finding,) = report.findings
    assert finding.message and finding.hint and finding.severity == "error"


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ("cat,1980,,,, note,", "white-space", "F"),
        ("cat,1980,,,,two  spaces,", "white-space", "F"),
        ("cat,1980,,,,Jose\u0301,", "not-nfc", "F"),
        ("cat,1980,,,,JosÃ©,", "mojibake", "F"),
        ("cat,1980,,,,zero\u200bwidth,", "control-character", "F"),
        ('cat,1980,,,,"two\nlines",', "line-break", "F"),
    ],
)
@pytest.mark.parametrize("fast", [True, False])
def test_what_a_reader_does_not_see(make: Make, row: str, rule: str, column: str, fast: bool) -> None:
    body = f"ann,1980,60.5,a,2024,,\n{row}\nzoe,1990,,b,,,ann\n"
    found = validate(make({"people": (PEOPLE, HEADER + body)}, own=True), fast=fast, today=TODAY)
    assert places(found) == [(rule, f"3:{column}")]
    # In the tables of others line breaks and spaces may be meant.
    assert run(make, body, name="other").findings == []


def test_lines_are_physical_also_after_cells_with_line_breaks(make: Make) -> None:
    report = run(make, 'ann,1980,,,,"a\nb\nc",\nbob,x,,,,"d\ne",nobody\ncat,y,,,,,\n')
    assert [place for place in places(report) if place[0] != "line-break"] == [("type", "5:B"), ("foreign-key", "6:G"), ("type", "7:B")]


def test_everything_in_one_run(make: Make) -> None:
    body = 'ann,x,y,z,2024-13,a note that is far too long,nobody\r\nbob,1980\n"cat,1980,,,,,\ndan,x,,,,,\nann,1980,,,,,\n'
    assert set(places(run(make, body))) == {
        ("line-ends", "2"), ("type", "2:B"), ("type", "2:C"), ("category", "2:D"), ("partial-date", "2:E"), ("maxLength", "2:F"), ("foreign-key", "2:G"),
        ("ragged-row", "3"), ("quoting", "4"), ("type", "5:B"), ("primary-key", "6:A"),
    }  # fmt: skip


def test_a_missing_column_is_said_once(make: Make) -> None:
    report = validate(make({"people": (PEOPLE, "id,born,weight,kind,since,note\nann,1980,,,,\nbob,x,,,,\n")}), today=TODAY)
    assert places(report) == [("missing-column", "1"), ("type", "3:B")]


def test_a_reordered_column_is_said_and_the_rest_is_judged_by_name(make: Make) -> None:
    report = validate(make({"people": (PEOPLE, "born,id,weight,kind,since,note,boss\nx,ann,,,,,\n")}), today=TODAY)
    assert places(report) == [("column-order", "1:A"), ("type", "2:A")]


def test_keys_into_a_table_that_cannot_be_read_are_not_judged(make: Make) -> None:
    club = {
        "fields": [{"name": "who", "type": "string"}],
        "foreignKeys": [{"fields": "who", "reference": {"resource": "people", "fields": "id"}}],
    }
    report = validate(make({"people": (PEOPLE, None), "club": (club, "who\nann\nbob\n")}), today=TODAY)
    assert [finding.rule for finding in report.findings] == ["missing-file"]


def test_keys_into_an_empty_table_are_judged(make: Make) -> None:
    club = {
        "fields": [{"name": "who", "type": "string"}],
        "foreignKeys": [{"fields": "who", "reference": {"resource": "people", "fields": "id"}}],
    }
    report = validate(make({"people": (PEOPLE, HEADER), "club": (club, "who\nann\nn/a\n")}), today=TODAY)
    assert [(finding.rule, finding.place) for finding in report.findings] == [
        ("foreign-key", "data/club.csv:2:A"),
        ("foreign-key", "data/club.csv:3:A"),
    ]


def test_composite_keys(make: Make) -> None:
    member = {
        "fields": [{"name": "bloc", "type": "string"}, {"name": "member", "type": "string"}, {"name": "spell", "type": "integer"}],
        "primaryKey": ["bloc", "member", "spell"], "uniqueKeys": [["member", "spell"]],
    }  # fmt: skip
    report = validate(make({"member": (member, "bloc,member,spell\nA,x,1\nB,x,1\nA,x,1\nA,x,2\n")}), today=TODAY)
    assert [(finding.rule, finding.line) for finding in report.findings] == [("unique-key", 3), ("primary-key", 4), ("unique-key", 4)]


def test_composite_foreign_keys_with_a_missing_part_refer_to_nothing(make: Make) -> None:
    place = {"fields": [{"name": "state", "type": "string"}, {"name": "town", "type": "string"}], "primaryKey": ["state", "town"]}
    event = {
        "fields": [{"name": "state", "type": "string"}, {"name": "town", "type": "string"}],
        "foreignKeys": [{"fields": ["state", "town"], "reference": {"resource": "place", "fields": ["state", "town"]}}],
    }  # fmt: skip
    path = make({"place": (place, "state,town\nCHL,Santiago\n"), "event": (event, "state,town\nCHL,Santiago\nCHL,\nBRA,Santiago\n")})
    assert [(finding.rule, finding.line, finding.value) for finding in validate(path, today=TODAY).findings] == [("foreign-key", 4, "BRA")]


def test_bytes_that_are_not_utf8_are_found_with_what_they_may_have_been(make: Make) -> None:
    path = make({"people": (PEOPLE, (HEADER + "ann,1980,,,,José,\nbob,x,,,,,\n").encode("cp1252"))})
    report = validate(path, today=TODAY)
    assert places(report) == [("encoding", "2"), ("type", "3:B")]
    assert "José" in report.findings[0].message


def test_a_table_that_no_resource_names(make: Make) -> None:
    path = make({"people": (PEOPLE, HEADER)})
    (path / "data/people copy.csv").write_text("id\n")
    (finding,) = validate(path, today=TODAY).findings
    assert (finding.rule, finding.severity, finding.file) == ("stray-table", "warning", "data/people copy.csv")


def test_a_file_changed_while_it_is_read(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from aistatecraft.package.storage import DirectoryStore

    path = make({"people": (PEOPLE, HEADER + "ann,1980,,,,,\n")})
    opened = DirectoryStore.open

    def open_and_change(self: DirectoryStore, name: str) -> BinaryIO:
        if name.endswith(".csv"):
            with (Path(self.root) / name).open("a") as out:
                out.write("bob,1980,,,,,\n")
        return opened(self, name)

    monkeypatch.setattr(DirectoryStore, "open", open_and_change)
    assert [finding.rule for finding in validate(path, today=TODAY).findings] == ["changed"]


def test_repeated_findings_are_counted_and_folded(make: Make) -> None:
    from aistatecraft.validation.reporters import REPORTERS

    report = run(make, "".join(f"{'a' * number},x,,,,,\n" for number in range(1, 201)))
    assert report.errors == 200
    shown = REPORTERS["text"](report).splitlines()
    assert len(shown) == 9 and "195 more of type" in shown[6] and shown[8].startswith("200 problems (200 errors, 0 warnings)")
