"""Comparing two packages: what is found, how it is classed, and that nothing else is."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.diff import ChangeSet, diff
from aistatecraft.diff.changes import raised
from aistatecraft.errors import AistatecraftError, Damaged, Unreadable, WrongUse
from aistatecraft.release import release
from tests.conftest import Install, Make, edit, write_package, write_project

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF-level0"
PEOPLE: dict[str, Any] = {
    "missingValues": ["", "none exists"],
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "name", "type": "string"},
        {"name": "born", "type": "string", "rdfType": EDTF},
        {"name": "score", "type": "number"},
        {"name": "member", "type": "boolean"},
    ],
    "primaryKey": ["id"],
}
HEAD = "id,name,born,score,member\n"
VOTES: dict[str, Any] = {
    "fields": [{"name": "body", "type": "string"}, {"name": "day", "type": "date"}, {"name": "yes", "type": "integer"}],
    "primaryKey": ["body", "day"],
}
NO_KEY: dict[str, Any] = {"fields": [{"name": "word", "type": "string"}, {"name": "note", "type": "string"}]}
RETIRED: dict[str, Any] = {
    "missingValues": ["", "none exists"],
    "fields": [{"name": name, "type": "string"} for name in ("id", "table", "replaced_by")],
    "primaryKey": ["table", "id"],
}


def said(changes: ChangeSet) -> list[tuple[str | None, ...]]:
    """The changes without their reasons: level, table, key, field, action, old, new, kind."""
    return [(c.level, c.table, c.key, c.field, c.action, c.old, c.new, c.kind) for c in changes.changes]


def people(make: Make, old: str, new: str) -> ChangeSet:
    return diff(make({"people": (PEOPLE, HEAD + old)}, "old"), make({"people": (PEOPLE, HEAD + new)}, "new"))


# Rows and cells


def test_rows_and_cells_by_single_key(make: Make) -> None:
    found = people(make, "ada,Ada,1815,9.5,true\nbo,Bo,1990,3,false\n", "ada,Ada L.,1815,9.5,false\ncy,Cy,2001,1,true\n")
    assert said(found) == [
        ("row", "people", "bo", "", "removed", None, None, "breaking"),
        ("cell", "people", "ada", "name", "changed", "Ada", "Ada L.", "correction"),
        ("cell", "people", "ada", "member", "changed", "true", "false", "correction"),
        ("row", "people", "cy", "", "added", None, None, "addition"),
    ]
    assert found.counts() == {"people": {"added": 1, "removed": 1, "changed": 1, "cells": 2}}
    assert (found.bump, found.old_version, found.new_version) == ("major", "0.1.0", "0.1.0")


def test_rows_and_cells_by_composite_key(make: Make) -> None:
    old = make({"votes": (VOTES, "body,day,yes\nUN,2024-03-21,193\nUN,2024-07-01,140\n")}, "old")
    new = make({"votes": (VOTES, "body,day,yes\nUN,2024-03-21,192\nEU,2024-07-01,140\n")}, "new")
    assert said(diff(old, new)) == [
        ("row", "votes", "UN/2024-07-01", "", "removed", None, None, "breaking"),
        ("cell", "votes", "UN/2024-03-21", "yes", "changed", "193", "192", "correction"),
        ("row", "votes", "EU/2024-07-01", "", "added", None, None, "addition"),
    ]


def test_keys_whose_joined_texts_are_equal_are_still_two_keys(make: Make) -> None:
    pair = {"fields": [{"name": name, "type": "string"} for name in ("a", "b", "c")], "primaryKey": ["a", "b"]}
    old = make({"t": (pair, "a,b,c\nx/y,z,1\nx,y/z,2\n")}, "old")
    new = make({"t": (pair, "a,b,c\nx,y/z,2\nx/y,z,3\n")}, "new")
    assert said(diff(old, new)) == [("cell", "t", "x/y/z", "c", "changed", "1", "3", "correction")]


def test_order_of_rows_and_columns_is_no_change(make: Make) -> None:
    old = make({"people": (PEOPLE, HEAD + "ada,Ada,1815,9,true\nbo,Bo,,3,\n")}, "old")
    new = make({"people": (PEOPLE, "score,id,member,born,name\n3,bo,,,Bo\n9,ada,true,1815,Ada\n")}, "new")
    assert said(diff(old, new)) == []


def test_order_of_fields_in_the_schema_is_metadata_and_hides_no_cell(make: Make) -> None:
    turned = {**PEOPLE, "fields": [PEOPLE["fields"][at] for at in (3, 0, 1, 2, 4)]}
    old = make({"people": (PEOPLE, HEAD + "ada,Ada,1815,9,true\n")}, "old")
    new = make({"people": (turned, "score,id,name,born,member\n8,ada,Ada,1815,true\n")}, "new")
    order, cell = said(diff(old, new))
    assert (order[0], order[7]) == ("schema", "metadata")
    assert cell == ("cell", "people", "ada", "score", "changed", "9", "8", "correction")


@pytest.mark.parametrize(
    ("field", "old", "new", "action", "was", "now", "kind", "reason"),
    [
        ("name", "", "Ada", "added", None, "Ada", "addition", "a value that was missing was filled in"),
        ("name", "none exists", "Ada", "added", "none exists", "Ada", "addition", "a value that was missing was filled in"),
        ("name", "Ada", "", "removed", "Ada", None, "correction", "a value was taken out"),
        ("name", "", "none exists", "changed", "", "none exists", "correction", "a value was corrected"),
        ("name", "Ada", "ada", "changed", "Ada", "ada", "correction", "a value was corrected"),
        ("name", "1.0", "1.00", "changed", "1.0", "1.00", "correction", "a value was corrected"),
        ("score", "107.50", "107.5", "changed", "107.50", "107.5", "metadata", "the same value, written otherwise"),
        ("score", "1e3", "1000", "changed", "1e3", "1000", "metadata", "the same value, written otherwise"),
        ("score", "107.5", "107.6", "changed", "107.5", "107.6", "correction", "a value was corrected"),
        ("member", "true", "TRUE", "changed", "true", "TRUE", "metadata", "the same value, written otherwise"),
        ("member", "true", "false", "changed", "true", "false", "correction", "a value was corrected"),
        ("born", "2024", "2024-10", "changed", "2024", "2024-10", "correction", "a date was given more precisely"),
        ("born", "2024-10", "2024-10-03", "changed", "2024-10", "2024-10-03", "correction", "a date was given more precisely"),
        ("born", "2024", "2024/2026", "changed", "2024", "2024/2026", "correction", "a value was corrected"),
        ("born", "2024", "2024-02/2026", "changed", "2024", "2024-02/2026", "correction", "a value was corrected"),
        ("born", "2024-10", "2024", "changed", "2024-10", "2024", "correction", "a value was corrected"),
        ("born", "2024", "2025-01", "changed", "2024", "2025-01", "correction", "a value was corrected"),
        ("born", "", "2024", "added", None, "2024", "addition", "a value that was missing was filled in"),
        ("born", "", "none exists", "changed", "", "none exists", "correction", "a value was corrected"),
    ],
)
def test_one_cell(
    make: Make, field: str, old: str, new: str, action: str, was: str | None, now: str | None, kind: str, reason: str
) -> None:
    names = HEAD.strip().split(",")

    def row(value: str) -> str:
        return ",".join({"id": "ada", field: value}.get(name, "") for name in names) + "\n"

    (change,) = people(make, row(old), row(new)).changes
    assert (change.level, change.key, change.field) == ("cell", "ada", field)
    assert (change.action, change.old or None, change.new, change.kind, change.reason) == (action, was or None, now, kind, reason)


# Tables


def test_table_added_and_removed(make: Make) -> None:
    old = make({"people": (PEOPLE, HEAD), "votes": (VOTES, "body,day,yes\nUN,2024-03-21,193\n")}, "old")
    new = make({"people": (PEOPLE, HEAD), "words": (NO_KEY, "word,note\nhedge,a\n")}, "new")
    found = diff(old, new)
    assert said(found) == [
        ("resource", "votes", "", "", "removed", "data/votes.csv", None, "breaking"),
        ("row", "votes", "UN/2024-03-21", "", "removed", None, None, "breaking"),
        ("resource", "words", "", "", "added", None, "data/words.csv", "addition"),
        ("row", "words", "hedge/a", "", "added", None, None, "addition"),
    ]
    assert found.bump == "major"
    assert diff(make({"people": (PEOPLE, HEAD)}, "less"), old).bump == "minor"


def test_empty_tables(make: Make) -> None:
    empty = make({"people": (PEOPLE, HEAD)}, "empty")
    full = make({"people": (PEOPLE, HEAD + "ada,Ada,,,\n")}, "full")
    assert said(diff(empty, make({"people": (PEOPLE, HEAD)}, "other"))) == []
    assert said(diff(empty, full)) == [("row", "people", "ada", "", "added", None, None, "addition")]
    assert said(diff(full, empty)) == [("row", "people", "ada", "", "removed", None, None, "breaking")]


def test_table_without_key_counts_rows_as_often_as_they_stand(make: Make) -> None:
    old = make({"words": (NO_KEY, "word,note\nhedge,a\nhedge,a\npower,b\n")}, "old")
    new = make({"words": (NO_KEY, "word,note\npower,b\nhedge,a\nvoice,c\nvoice,c\n")}, "new")
    assert said(diff(old, new)) == [
        ("row", "words", "hedge/a", "", "removed", None, None, "breaking"),
        ("row", "words", "voice/c", "", "added", None, None, "addition"),
        ("row", "words", "voice/c", "", "added", None, None, "addition"),
    ]


@pytest.mark.parametrize("side", ["old", "new"])
@pytest.mark.parametrize("twin", ["ada,Other,,,\n", "ada,Ada,,,\n"], ids=["other cells", "the same row"])
def test_duplicate_keys_give_a_clear_error(make: Make, side: str, twin: str) -> None:
    rows = {"old": "ada,Ada,,,\n", "new": "ada,Ada,,,\nbo,Bo,,,\n"}
    rows[side] += twin
    with pytest.raises(Unreadable, match=rf"{side}: data/people.csv has the key 'ada' twice.*aistatecraft validate"):
        people(make, rows["old"], rows["new"])


def test_changed_key_compares_whole_rows(make: Make) -> None:
    old = make({"votes": (VOTES, "body,day,yes\nUN,2024-03-21,193\n")}, "old")
    new = make({"votes": ({**VOTES, "primaryKey": ["body"]}, "body,day,yes\nUN,2024-03-21,192\n")}, "new")
    assert said(diff(old, new)) == [
        ("schema", "votes", "", "primaryKey", "changed", "body, day", "body", "breaking"),
        ("row", "votes", "UN/2024-03-21/193", "", "removed", None, None, "breaking"),
        ("row", "votes", "UN/2024-03-21/192", "", "added", None, None, "addition"),
    ]


def test_descriptor_is_metadata_and_what_a_release_stamps_is_nothing(make: Make) -> None:
    old = make({"people": (PEOPLE, HEAD)}, "old", title="People", created="2024-01-01T00:00:00Z", version="0.1.0", licenses=[{"name": "A"}])
    new = make({"people": (PEOPLE, HEAD)}, "new", title="Persons", created="2025-01-01T00:00:00Z", version="0.2.0", keywords=["x"])
    found = diff(old, new)
    assert said(found) == [
        ("package", "", "", "title", "changed", "People", "Persons", "metadata"),
        ("package", "", "", "licenses", "removed", '[{"name": "A"}]', None, "metadata"),
        ("package", "", "", "keywords", "added", None, '["x"]', "metadata"),
    ]
    assert (found.bump, found.old_version, found.new_version) == ("patch", "0.1.0", "0.2.0")


# Identifiers that were replaced


@pytest.mark.parametrize(
    ("retired", "rows", "removal"),
    [
        ("", "new-name,Ada,,,\n", (None, "breaking")),
        ("ada,people,new-name\n", "new-name,Ada,,,\n", ("new-name", "addition")),
        ("ada,votes,new-name\n", "new-name,Ada,,,\n", (None, "breaking")),
        ("ada,people,\n", "new-name,Ada,,,\n", (None, "breaking")),
        ("ada,people,none exists\n", "new-name,Ada,,,\n", (None, "breaking")),
        ("ada,people,ghost\n", "new-name,Ada,,,\n", (None, "breaking")),
        ("ada,people,mid\nmid,people,new-name\n", "new-name,Ada,,,\n", ("new-name", "addition")),
        ("ada,people,mid\nmid,people,ada\n", "new-name,Ada,,,\n", (None, "breaking")),
    ],
    ids=["unsaid", "replaced", "another table", "no word", "none exists", "by nothing", "twice", "in a circle"],
)
def test_identifier_replaced_through_retired(make: Make, retired: str, rows: str, removal: tuple[str | None, str]) -> None:
    head = "id,table,replaced_by\n"
    old = make({"people": (PEOPLE, HEAD + "ada,Ada,,,\n"), "retired": (RETIRED, head)}, "old")
    new = make({"people": (PEOPLE, HEAD + rows), "retired": (RETIRED, head + retired)}, "new")
    found = diff(old, new)
    by, kind = removal
    assert said(found)[:2] == [
        ("row", "people", "ada", "", "removed", "ada" if by else None, by, kind),
        ("row", "people", "new-name", "", "added", None, None, "addition"),
    ]
    assert found.bump == ("minor" if by else "major")


def test_composite_identifier_replaced(make: Make) -> None:
    old = make({"votes": (VOTES, "body,day,yes\nUN,2024-03-12,193\n"), "retired": (RETIRED, "id,table,replaced_by\n")}, "old")
    new = make(
        {
            "votes": (VOTES, "body,day,yes\nUN,2024-03-21,193\n"),
            "retired": (RETIRED, "id,table,replaced_by\nUN/2024-03-12,votes,UN/2024-03-21\n"),
        },
        "new",
    )
    assert diff(old, new).changes[0].reason == "the identifier was replaced by UN/2024-03-21, as retired says"
    assert diff(old, new).bump == "minor"


# Version numbers


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ("ada,Ada,,,\n", "ada,Ada,,,\n", "none"),
        ("ada,Ada,,1,\n", "ada,Ada,,1.0,\n", "patch"),
        ("ada,Ada,,1,\n", "ada,Ada,,2,\n", "patch"),
        ("ada,Ada,,1,\n", "ada,Ada,,,\n", "patch"),
        ("ada,Ada,,,\n", "ada,Ada,,2,\n", "minor"),
        ("ada,Ada,,,\n", "ada,Ada L,,,\nbo,Bo,,,\n", "minor"),
        ("ada,Ada,,,\nbo,Bo,,,\n", "ada,Ada L,,,\ncy,Cy,,,\n", "major"),
    ],
)
def test_bump(make: Make, old: str, new: str, bump: str) -> None:
    assert people(make, old, new).bump == bump


@pytest.mark.parametrize(
    ("version", "bump", "expected"),
    [
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "none", "1.2.3"),
        ("0.9.9", "minor", "0.10.0"),
    ],
)
def test_raised(version: str, bump: str, expected: str) -> None:
    assert raised(version, bump) == expected


# Where the two packages lie


def test_directory_zip_descriptor_and_released_version_are_the_same(tmp_path: Path, install: Install) -> None:
    project = install(write_project(tmp_path / "project"))
    built = release(path=project, out=tmp_path / "dist", date="2024-05-01")
    edit(project / "data" / "people.csv", "107.5", "108")
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(built.archive) as archive:
        archive.extractall(unpacked)
    expected = [("cell", "people", "ada", "score", "changed", "107.5", "108", "correction")]
    for old in ("0.1.0", built.archive, str(built.archive), unpacked, unpacked / "datapackage.json"):
        assert said(diff(old, project)) == expected, old
        assert said(diff(old)) == expected, old
        assert said(diff(old, "installed")) == expected, old
    assert said(diff("0.1.0", built.archive)) == []


def test_version_that_was_never_released(project: Path, install: Install) -> None:
    install(project)
    with pytest.raises(WrongUse, match=r"version '9\.9\.9' was never released"):
        diff("9.9.9")


def test_directory_named_like_a_version_is_a_directory(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    package = make({"people": (PEOPLE, HEAD)}, "1.0.0")
    monkeypatch.chdir(package.parent)
    assert said(diff("1.0.0", package)) == []


def test_path_that_does_not_exist(make: Make, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="nowhere: there is no such directory"):
        diff(tmp_path / "nowhere", make({"people": (PEOPLE, HEAD)}))


def test_damaged_table_is_said_with_its_line(make: Make) -> None:
    with pytest.raises(Damaged, match=r"data/people.csv:3: the row has 2 cells, the header has 5"):
        people(make, "ada,Ada,,,\n", "ada,Ada,,,\nbo,Bo\n")


def test_neither_pandas_nor_pandera_is_imported(root: Path, make: Make) -> None:
    import subprocess
    import sys

    a, b = make({"people": (PEOPLE, HEAD + "ada,Ada,,,\n")}, "a"), make({"people": (PEOPLE, HEAD + "ada,,,,\n")}, "b")
    code = "import sys; from aistatecraft.diff import diff; diff(*sys.argv[1:]); print(sorted({'pandas', 'pandera', 'frictionless'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(a), str(b)], env={"PYTHONPATH": str(root / "tools")}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# Properties

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=("Cs",)), max_size=8)
KEY = st.text(st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=("Cs",)), min_size=1, max_size=4)
NAMES = ("id", "one", "two", "three")
Rows = dict[str, list[str]]
"""Key of each row, and its other cells."""


def table(rows: Rows, order: list[str], columns: list[int]) -> str:
    """The CSV of rows in some order of rows and columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([NAMES[at] for at in columns])
    writer.writerows([[key, *rows[key]][at] for at in columns] for key in order)
    return out.getvalue()


def compared(old: str, new: str, schema: dict[str, Any]) -> ChangeSet:
    folder = Path(tempfile.mkdtemp())
    try:
        return diff(write_package(folder / "old", {"t": (schema, old)}), write_package(folder / "new", {"t": (schema, new)}))
    finally:
        shutil.rmtree(folder)


TEXTS = {"fields": [{"name": name, "type": "string"} for name in NAMES], "primaryKey": ["id"]}
ROWS = st.dictionaries(KEY, st.lists(CELL, min_size=3, max_size=3), max_size=6)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, data=st.data())
def test_a_package_does_not_differ_from_itself_in_any_order(rows: Rows, data: st.DataObject) -> None:
    old = table(rows, list(rows), [0, 1, 2, 3])
    new = table(rows, data.draw(st.permutations(list(rows))), data.draw(st.permutations([0, 1, 2, 3])))
    found = compared(old, new, TEXTS)
    assert (said(found), found.bump, found.counts()) == ([], "none", {})


@settings(max_examples=80, deadline=None)
@given(rows=ROWS, more=ROWS, data=st.data())
def test_the_changes_name_exactly_what_a_random_edit_changed(rows: Rows, more: Rows, data: st.DataObject) -> None:
    kept = [key for key in rows if data.draw(st.booleans(), label=f"keep {key!r}")]
    after = {key: list(rows[key]) for key in kept}
    for key in kept:
        for at in data.draw(st.sets(st.integers(0, 2)), label=f"edit {key!r}"):
            after[key][at] = data.draw(CELL)
    added = {key: cells for key, cells in more.items() if key not in rows}
    after.update(added)
    found = compared(
        table(rows, list(rows), [0, 1, 2, 3]),
        table(after, data.draw(st.permutations(list(after))), data.draw(st.permutations([0, 1, 2, 3]))),
        TEXTS,
    )
    cells = {(key, NAMES[at + 1]): (rows[key][at], after[key][at]) for key in kept for at in range(3) if rows[key][at] != after[key][at]}
    assert {(c.key, c.field): (c.old or "", c.new or "") for c in found.changes if c.level == "cell"} == cells
    assert {c.key for c in found.changes if c.level == "row" and c.action == "added"} == set(added)
    assert {c.key for c in found.changes if c.level == "row" and c.action == "removed"} == set(rows) - set(kept)
    assert len(found.changes) == len(cells) + len(added) + len(rows) - len(kept)
    wanted = {
        "major": len(kept) < len(rows),
        "minor": bool(added) or any(not was for was, _ in cells.values()),
        "patch": bool(cells),
        "none": True,
    }
    assert found.bump == next(part for part, holds in wanted.items() if holds)


@settings(max_examples=40, deadline=None)
@given(before=st.lists(st.tuples(CELL, CELL), max_size=6), after=st.lists(st.tuples(CELL, CELL), max_size=6))
def test_without_a_key_rows_are_counted(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> None:
    from collections import Counter

    def text(rows: list[tuple[str, str]]) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("word", "note"), *rows])
        return out.getvalue()

    # A row of blank cells alone is a fault of the text in a table of one column only; here it has its comma.
    found = compared(text(before), text(after), NO_KEY)
    was, now = Counter(before), Counter(after)
    assert (
        found.counts().get("t", {"added": 0, "removed": 0}).items()
        >= {
            "added": (now - was).total(),
            "removed": (was - now).total(),
        }.items()
    )


@settings(max_examples=60, deadline=None)
@given(value=st.decimals(-(10**6), 10**6, places=3), zeros=st.integers(0, 3))
def test_a_number_written_otherwise_is_the_same(value: Any, zeros: int) -> None:
    schema = {"fields": [{"name": "id", "type": "string"}, {"name": "n", "type": "number"}], "primaryKey": ["id"]}
    found = compared(f"id,n\na,{value:f}\n", f"id,n\na,{value:f}{'0' * zeros}\n", schema)
    assert [c.kind for c in found.changes] == ["metadata"] * bool(zeros)


def test_errors_of_diff_are_of_this_package(make: Make, tmp_path: Path) -> None:
    """Whatever lies in the place of a package, the error is one of ours."""
    package = make({"people": (PEOPLE, HEAD)})
    for name, content in (("a.zip", b"PK\x03\x04broken"), ("b.json", b"[]"), ("c", b""), ("d.json", b'{"resources": 3}')):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(AistatecraftError):
            diff(package, tmp_path / name)
