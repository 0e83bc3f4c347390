"""The history of a record over several versions: came, changed, renamed, went; and why."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from aistatecraft import DataError, ReadError, UsageError, history, releases_from
from aistatecraft.releases.history import Step
from tests.conftest import Install, Make, Run
from tests.releases.shelf import put_release, served, three_versions

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF-level0"
FIELDS = ("id", "name", "born", "score", "town")
PEOPLE: dict[str, Any] = {
    "fields": [
        {"name": name, "type": "number" if name == "score" else "string", **({"rdfType": EDTF} if name == "born" else {})}
        for name in FIELDS
    ],
    "primaryKey": ["id"],
}
VOTES: dict[str, Any] = {
    "fields": [{"name": "body"}, {"name": "day", "type": "date"}, {"name": "note"}],
    "primaryKey": ["body", "day"],
}
RETIRED: dict[str, Any] = {
    "missingValues": ["", "none exists"],
    "fields": [{"name": name} for name in ("id", "table", "reason", "retired", "replaced_by")],
    "primaryKey": ["table", "id"],
}
NOTES: dict[str, Any] = {"fields": [{"name": "text"}]}
DAYS = {"0.1.0": "2021-01-01", "0.2.0": "2022-01-01", "0.3.0": "2023-01-01", "0.4.0": "2024-01-01"}


def write(package: Path, table: str, rows: list[str]) -> None:
    names = {"people": FIELDS, "votes": ("body", "day", "note"), "retired": ("id", "table", "reason", "retired", "replaced_by")}[table]
    (package / "data" / f"{table}.csv").write_text("".join(f"{line}\n" for line in [",".join(names), *rows]), encoding="utf-8")


ADA, BO, CY, DI = "ada,Ada,1815,107.5,London", "bo,Bo,1990,3,Oslo", "cy-old,Cy Young,1867,511,Gilmore", "di,Di,1961,7,Sandringham"
GONE = ["cy-old,people,Named by the surname.,2022-01-01,cy", "di,people,Never existed.,2022-01-01,none exists"]


@pytest.fixture
def package(make: Make, install: Install) -> Path:
    """Three releases and a state after the last; it is that of the installation."""
    made = make({"people": (PEOPLE, ""), "votes": (VOTES, ""), "retired": (RETIRED, ""), "notes": (NOTES, "text\nx\n")})
    write(made, "people", [ADA, BO, CY, DI])
    write(made, "votes", ["UN,2024-03-21,x", "EP,2024-03-13,y"])
    write(made, "retired", [])
    put_release(made, "0.1.0", DAYS["0.1.0"])
    write(made, "people", ["ada,Ada Lovelace,1815-12-10,108,London", BO, CY.replace("cy-old", "cy").replace("511", "")])
    write(made, "votes", ["UN,2024-03-21,z"])
    write(made, "retired", GONE)
    put_release(made, "0.2.0", DAYS["0.2.0"])
    write(made, "people", ["ada,Ada Lovelace,1815-12-10,108,", "young,Cy Young,1867,,Gilmore"])
    write(made, "votes", ["EP,2024-03-13,y", "UN,2024-03-21,z"])
    write(made, "retired", [*GONE, "bo,people,The same as Ada.,2023-01-01,ada"])
    put_release(made, "0.3.0", DAYS["0.3.0"])
    write(made, "people", ["ada,Ada Lovelace,1815-12-10,108.0,", "young,Cy Young,1867,,Gilmore", "zed,Zed,,,"])
    return install(made)


def told(steps: list[Step]) -> list[tuple[object, ...]]:
    """The steps without what repeats: version, event, record, field, old, new, class."""
    assert all(step.released == DAYS.get(step.version, "") for step in steps)
    return [(step.version, step.event, step.record, step.field, step.old, step.new, step.kind) for step in steps]


@pytest.mark.usefixtures("package")
def test_every_change_of_a_cell_with_its_class_and_reason() -> None:
    steps = history("people", "ada")
    assert told(steps) == [
        ("0.1.0", "added", "ada", "", None, None, "addition"),
        ("0.2.0", "changed", "ada", "name", "Ada", "Ada Lovelace", "correction"),
        ("0.2.0", "changed", "ada", "born", "1815", "1815-12-10", "correction"),
        ("0.2.0", "changed", "ada", "score", "107.5", "108", "correction"),
        ("0.3.0", "changed", "ada", "town", "London", None, "correction"),
        ("unreleased", "changed", "ada", "score", "108", "108.0", "metadata"),
    ]
    assert [step.reason for step in steps] == [
        "present in the first release",
        "a value was corrected",
        "a date was given more precisely",
        "a value was corrected",
        "a value was removed",
        "the same value is written differently",
    ]


@pytest.mark.usefixtures("package")
def test_identifiers_are_followed_backwards_and_forwards_from_any_of_them() -> None:
    expected = [
        ("0.1.0", "added", "cy-old", "", None, None, "addition"),
        ("0.2.0", "renamed", "cy", "", "cy-old", "cy", "addition"),
        ("0.2.0", "changed", "cy", "score", "511", None, "correction"),
        ("0.3.0", "renamed", "young", "", "cy", "young", "breaking"),
    ]
    for name in ("cy-old", "cy", "young"):
        steps = history("people", name)
        assert told(steps) == expected
        assert [step.proposed for step in steps] == [False, False, False, True], "found by likeness, confirmed by nobody"
        assert steps[1].reason == "an identifier was replaced, as recorded in the table of retired identifiers: Named by the surname."


@pytest.mark.usefixtures("package")
def test_why_a_record_went_and_what_replaces_it() -> None:
    merged, gone = history("people", "bo")[-1], history("people", "di")[-1]
    assert merged == Step(
        "0.3.0", DAYS["0.3.0"], "removed", "bo", kind="addition", replaced_by="ada",
        reason="an identifier was replaced, as recorded in the table of retired identifiers: by ada; The same as Ada.",
    )  # fmt: skip
    assert gone == Step(
        "0.2.0",
        DAYS["0.2.0"],
        "removed",
        "di",
        kind="breaking",
        reason="an identifier was withdrawn without a replacement: Never existed.",
    )
    assert [len(history("people", name)) for name in ("bo", "di")] == [2, 2]


@pytest.mark.usefixtures("package")
def test_state_that_was_not_released() -> None:
    assert history("people", "zed") == [Step("unreleased", "", "added", "zed", kind="addition", reason="a row was added")]


@pytest.mark.usefixtures("package")
def test_composite_key_that_went_and_came_again() -> None:
    assert told(history("votes", "EP/2024-03-13")) == [
        ("0.1.0", "added", "EP/2024-03-13", "", None, None, "addition"),
        ("0.2.0", "removed", "EP/2024-03-13", "", None, None, "correction"),
        ("0.3.0", "added", "EP/2024-03-13", "", None, None, "addition"),
    ]
    assert told(history("votes", "UN/2024-03-21"))[1:] == [("0.2.0", "changed", "UN/2024-03-21", "note", "x", "z", "correction")]


@pytest.mark.usefixtures("package")
def test_reason_that_was_given_only_later(package: Path) -> None:
    write(package, "people", ["young,Cy Young,1867,,Gilmore"])
    put_release(package, "0.4.0", "2024-01-01")
    write(package, "retired", ["ada,people,She asked for it.,2024-02-01,"])
    step = history("people", "ada")[-1]
    assert (step.version, step.event, step.reason) == (
        "0.4.0",
        "removed",
        "an identifier was withdrawn without a replacement: She asked for it.",
    )


def test_identifier_that_never_was(package: Path) -> None:
    with pytest.raises(UsageError, match=r"^people has never had a record 'cy-odl'; did you mean cy-old or cy"):
        history("people", "cy-odl")
    with pytest.raises(UsageError, match=r"^'peple' is not a table of this package; did you mean people"):
        history("peple", "ada")
    with pytest.raises(UsageError, match=r"^notes has no primary key, so its rows have no identifier"):
        history("notes", "x")


def test_history_ends_with_the_archive_that_is_asked(package: Path, tmp_path: Path) -> None:
    for version, steps in (("0.1.0", 1), ("0.2.0", 4), ("0.3.0", 5)):
        assert history("people", "ada", path=package / "releases" / f"made-{version}.zip") == history("people", "ada")[:steps]
    with pytest.raises(UsageError, match="has never had a record 'zed'"):
        history("people", "zed", path=package / "releases" / "made-0.3.0.zip")


def test_package_that_keeps_its_own_releases(package: Path, install: Install, project: Path) -> None:
    install(project)
    assert told(history("people", "zed", path=package)) == [("unreleased", "added", "zed", "", None, None, "addition")]
    assert len(history("people", "ada", path=package)) == 6
    assert history("people", "ada") == [Step("unreleased", "", "added", "ada", kind="addition", reason="not released yet")]


def test_package_older_than_the_last_release_is_no_state_after_it(project: Path, tmp_path: Path, install: Install) -> None:
    from tests.releases.shelf import carrying

    three_versions(project)
    install(carrying(project, tmp_path / "old", "0.1.0"))
    (tmp_path / "old" / "datapackage.json").write_bytes((project / "datapackage.json").read_bytes().replace(b'"0.3.0"', b'"0.1.0"'))
    (tmp_path / "old" / "data" / "people.csv").write_text("id,name,born,score\nada,Ada,,\n")
    with served(project / "releases") as server:
        releases_from(server.address)
        assert [step.version for step in history("people", "eve")] == ["0.3.0"]
        assert [step.version for step in history("people", "ada")] == ["0.1.0"]
        releases_from("")
        assert told_plain(history("people", "ada")) == ["0.1.0 added", "unreleased changed", "unreleased changed"]
        releases_from(server.address)
        server.folder = tmp_path
        with pytest.raises(ReadError, match=r"register\.json cannot be fetched"):
            history("people", "ada", releases=server.address + "/nowhere")


def told_plain(steps: list[Step]) -> list[str]:
    return [f"{step.version} {step.event}" for step in steps]


# Structure that changes under the record


def restructured(package: Path, table: str, change: Any) -> None:
    descriptor = json.loads((package / "datapackage.json").read_text())
    (entry,) = [one for one in descriptor["resources"] if one["name"] == table]
    change(descriptor, entry)
    (package / "datapackage.json").write_text(json.dumps(descriptor))


def test_record_that_went_to_another_table(package: Path) -> None:
    restructured(package, "retired", lambda _, entry: entry["schema"]["fields"].append({"name": "replaced_by_table"}))
    write(package, "people", ["young,Cy Young,1867,,Gilmore"])
    rows = ["id,table,reason,retired,replaced_by,replaced_by_table", "ada,people,An engine.,2024-01-01,ada-1,votes"]
    (package / "data" / "retired.csv").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    assert history("people", "ada")[-1] == Step(
        "unreleased", "", "removed", "ada", kind="addition", replaced_by="votes/ada-1",
        reason="an identifier was replaced, as recorded in the table of retired identifiers: by votes/ada-1; An engine.",
    )  # fmt: skip


def test_field_with_another_name_and_field_that_went(package: Path) -> None:
    put_release(package, "0.4.0", "2024-01-01")

    def change(_: Any, entry: Any) -> None:
        fields = entry["schema"]["fields"]
        fields[1]["name"] = "full_name"
        del fields[2]

    restructured(package, "people", change)
    (package / "data" / "people.csv").write_text("id,full_name,score,town\nada,Ada Lovelace,108.0,\nyoung,Cy Young,,Gilmore\nzed,Zed,5,\n")
    assert set(told(history("people", "ada"))[-2:]) == {
        ("unreleased", "renamed", "ada", "name", "name", "full_name", "breaking"),
        ("unreleased", "removed", "ada", "born", "1815-12-10", None, "breaking"),
    }
    assert [(step.event, step.field, step.old, step.new) for step in history("people", "zed")[1:]] == [
        ("renamed", "name", "name", "full_name"),
        ("changed", "score", None, "5"),
    ]


def test_other_fields_identify_a_record(package: Path) -> None:
    put_release(package, "0.4.0", "2024-01-01")

    def change(_: Any, entry: Any) -> None:
        entry["schema"]["primaryKey"] = ["id", "name"]

    restructured(package, "people", change)
    write(package, "people", ["ada,Adam,1815-12-10,108.0,", "zed,Zed,,,"])
    for name in ("zed", "zed/Zed"):
        added, renamed = history("people", name)
        assert told([added, renamed]) == [
            ("0.4.0", "added", "zed", "", None, None, "addition"),
            ("unreleased", "renamed", "zed/Zed", "", "zed", "zed/Zed", "breaking"),
        ]
        assert renamed.reason == "the fields that identify a record changed"
    assert told_plain(history("people", "ada"))[-1] == "unreleased removed", "what changed besides cannot be followed"
    assert told_plain(history("people", "ada/Adam")) == ["unreleased added"]


def test_key_that_stands_twice(package: Path) -> None:
    put_release(package, "0.4.0", "2024-01-01")
    write(package, "people", ["zed,Zed the first,,,", "zed,Zed the second,,,"])
    assert [(step.version, step.event, step.field, step.old, step.new) for step in history("people", "zed")] == [
        ("0.4.0", "added", "", None, None),
        ("unreleased", "changed", "name", "Zed", "Zed the first"),
    ]


def test_table_that_came_late_and_went(package: Path) -> None:
    def come(descriptor: Any, _: Any) -> None:
        descriptor["resources"].append(
            {"name": "towns", "path": "data/towns.csv", "schema": {"fields": [{"name": "id"}], "primaryKey": "id"}}
        )

    def go(descriptor: Any, _: Any) -> None:
        descriptor["resources"] = [entry for entry in descriptor["resources"] if entry["name"] != "towns"]

    restructured(package, "people", come)
    (package / "data" / "towns.csv").write_text("id\noslo\n")
    put_release(package, "0.4.0", "2024-01-01")
    restructured(package, "people", go)
    assert told_plain(history("towns", "oslo")) == ["0.4.0 added", "unreleased removed"]


def test_identifier_that_another_record_took(package: Path) -> None:
    """It must not be, and where it is, the two are kept apart."""
    write(package, "people", ["lovelace,Ada Lovelace,1815-12-10,108.0,", "young,Cy Young,1867,,Gilmore", "zed,Zed,,,"])
    write(package, "retired", ["ada,people,Surname.,2024-01-01,lovelace"])
    put_release(package, "0.4.0", "2024-01-01")
    write(package, "people", ["lovelace,Ada Lovelace,1815-12-10,108.0,", "young,Cy Young,1867,,Gilmore", "ada,Adam,,,Paris"])
    assert told_plain(history("people", "ada")) == ["unreleased added"]
    assert told_plain(history("people", "lovelace"))[-2:] == ["0.4.0 renamed", "0.4.0 changed"]


def test_table_that_cannot_be_read(package: Path) -> None:
    (package / "data" / "people.csv").write_text("id,name,born,score,town\nada,Ada\n")
    with pytest.raises(DataError, match=r"data/people\.csv:2"):
        history("people", "ada")
    assert len(history("votes", "UN/2024-03-21")) == 2, "only the table that is asked for is read"


# Command line


@pytest.mark.usefixtures("package")
def test_command(run: Run) -> None:
    done = run("history", "people", "bo", "--format", "csv")
    assert (done.code, done.err) == (0, "read the installed package (0.3.0, 4 tables)\n")
    assert list(csv.reader(io.StringIO(done.out)))[1:] == [
        ["0.1.0", "2021-01-01", "added", "bo", "", "", "", "addition", "present in the first release", ""],
        ["0.3.0", "2023-01-01", "removed", "bo", "", "", "", "addition",
         "an identifier was replaced, as recorded in the table of retired identifiers: by ada; The same as Ada.", "ada"],
    ]  # fmt: skip
    found = json.loads(run("history", "people", "young", "--format", "json").out)
    assert found == [step.as_dict() for step in history("people", "young")]
    assert found[-1]["proposed"] is True
    table = run("history", "people", "young").out
    assert table.splitlines()[1].split() == ["version", "released", "event", "record", "field", "old", "new", "class", "reason"]
    assert "(proposed)" in table
    done = run("history", "people", "nobody")
    assert (done.code, done.out, done.err.startswith("aistatecraft: people has never had a record 'nobody'")) == (2, "", True)


@pytest.mark.real
def test_real_records_have_a_history(root: Path, install: Install) -> None:
    install(root)
    steps = history("strategies", "bra-ebia-2021")
    assert (steps[0].version, steps[0].event, steps[0].record) == ("0.1.0", "added", "bra-ebia-2021")
    assert history("signatories", "cartagena-2024/CUB/signed")[0].version == "0.1.0"
