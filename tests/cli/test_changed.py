"""`validate --changed REV`: findings that a change can have caused, and no others."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Run, edit, tree

TEXT: dict[str, Any] = {"type": "string"}
SCHEMAS: dict[str, dict[str, Any]] = {
    "actors": {"fields": [{"name": "id", **TEXT}, {"name": "born", "type": "integer"}], "primaryKey": ["id"]},
    "works": {
        "fields": [{"name": "id", **TEXT}, {"name": "actor", **TEXT}, {"name": "year", "type": "integer"}],
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["actor"], "reference": {"resource": "actors", "fields": ["id"]}}],
    },
    "notes": {
        "fields": [{"name": "record_table", **TEXT}, {"name": "record_id", **TEXT}, {"name": "page", "type": "integer"}],
        "primaryKey": ["record_table", "record_id"],
    },
}
# Each row has a mistake that was there before: a number that is none.
TABLES = {
    "actors": "id,born\nada,x\nbo,x\ncy,x\n",
    "works": "id,actor,year\nw1,ada,x\nw2,bo,x\nw3,cy,x\n",
    "notes": "record_table,record_id,page\nactors,ada,x\nactors,bo,x\nworks,w3,x\n",
}


def git(folder: Path, *words: str) -> str:
    settings = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", "-C", str(folder), *settings, *words], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def package(make: Make) -> Path:
    """A package in a repository, committed, in a folder of it."""
    folder = make({name: (schema, TABLES[name]) for name, schema in SCHEMAS.items()}, name="repo/package")
    git(folder.parent, "init", "-q")
    git(folder.parent, "add", ".")
    git(folder.parent, "commit", "-q", "-m", "first")
    return folder


Places = Callable[..., list[str]]


@pytest.fixture
def places(run: Run) -> Places:
    """Places and rules of the findings that `validate --changed REV` reports."""

    def found(package: Path, revision: str = "HEAD") -> list[str]:
        done = run("validate", package, "--changed", revision, "--format", "json")
        assert done.out, done.err
        return [f"{Path(item['file']).stem}:{item['line']} {item['rule']}" for item in json.loads(done.out)["findings"]]

    return found


def test_nothing_changed(run: Run, package: Path) -> None:
    before = tree(package.parent)
    done = run("validate", package, "--changed", "HEAD")
    assert done == (
        0,
        f"0 problems in {package}/ (0.1.0, 3 tables, 9 rows)\n",
        "0 records changed since HEAD; 9 problems elsewhere not shown\n",
    )
    assert tree(package.parent) == before, "neither the work tree nor the index of the repository is touched"


def test_changed_record_with_those_that_refer_to_it_and_those_it_refers_to(places: Places, package: Path) -> None:
    edit(package / "data/actors.csv", "bo,x", "bo,y")
    assert places(package) == ["actors:3 type", "works:3 type", "notes:3 type"]
    git(package, "commit", "-q", "-a", "-m", "second")
    assert places(package) == []
    assert places(package, "HEAD~1") == ["actors:3 type", "works:3 type", "notes:3 type"]
    edit(package / "data/works.csv", "w3,cy,x", "w3,cy,z")
    assert places(package) == ["actors:4 type", "works:4 type", "notes:4 type"]


def test_new_row_does_not_drag_in_the_rows_that_it_moves(places: Places, package: Path) -> None:
    edit(package / "data/actors.csv", "id,born\n", "id,born\naa,y\n")
    assert places(package) == ["actors:2 type"]


def test_row_that_is_gone_shows_what_referred_to_it(places: Places, package: Path) -> None:
    edit(package / "data/actors.csv", "bo,x\n", "")
    assert places(package) == ["works:3 foreign-key", "works:3 type", "notes:3 type"]


def test_renamed_key_shows_both_ends(places: Places, package: Path) -> None:
    edit(package / "data/actors.csv", "ada,x", "adá,1")
    edit(package / "data/works.csv", "w2,bo,x", "w2,adá,1")
    assert places(package) == ["actors:3 type", "works:2 foreign-key", "works:2 type", "notes:2 type"]


def test_twin_of_a_changed_row_is_named_wherever_it_stands(places: Places, package: Path) -> None:
    edit(package / "data/actors.csv", "id,born\n", "id,born\ncy,1\n")
    assert "actors:5 primary-key" in places(package)


def test_faults_of_whole_files_are_always_shown(places: Places, package: Path) -> None:
    (package / "data/works.csv").unlink()
    assert [place for place in places(package) if place.startswith("works")] == ["works:0 missing-file"]
    git(package, "checkout", "-q", ".")
    (package / "data/stray.csv").write_text("id\n")
    assert places(package) == ["stray:0 stray-table"]


def test_table_that_cannot_be_read_is_never_fine(run: Run, package: Path) -> None:
    (package / "data/works.csv").write_bytes(b"PK\x03\x04")
    git(package, "commit", "-q", "-a", "-m", "second")
    done = run("validate", package, "--changed", "HEAD", "--format", "json")
    assert [item["rule"] for item in json.loads(done.out)["findings"]] == ["not-csv"]
    assert done.code != 0


def test_new_table_counts_as_changed_before_it_is_added(places: Places, package: Path) -> None:
    descriptor = json.loads((package / "datapackage.json").read_text())
    git(package, "rm", "-q", "--cached", "data/notes.csv")
    git(package, "commit", "-q", "-m", "without notes")
    assert descriptor["resources"][2]["name"] == "notes"
    assert [place for place in places(package) if place.startswith("notes")] == ["notes:2 type", "notes:3 type", "notes:4 type"]


def test_changed_descriptor_shows_all(places: Places, package: Path) -> None:
    edit(package / "datapackage.json", '"version": "0.1.0"', '"version": "0.2.0"')
    assert len(places(package)) == 9


def test_multi_line_cells_and_lines_that_look_like_a_patch(places: Places, make: Make) -> None:
    schema = {"fields": [{"name": "id", **TEXT}, {"name": "text", **TEXT}, {"name": "n", "type": "integer"}], "primaryKey": ["id"]}
    rows = 'a,"one\n++ b/data/t.csv\n@@ -1 +9 @@",x\nb,plain,x\nc,"-- a\ntwo",x\n'
    folder = make({"t": (schema, f"id,text,n\n{rows}")}, name="repo2/package")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    edit(folder / "data/t.csv", "one", "uno")
    assert places(folder) == ["t:4 type"]
    edit(folder / "data/t.csv", "-- a\ntwo", "++ b\n-- b\nthree")
    assert places(folder) == ["t:4 type", "t:8 type"]


def test_configuration_of_the_user_changes_nothing(places: Places, package: Path) -> None:
    for name, value in (
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("color.ui", "always"),
        ("diff.external", "false"),
        ("diff.context", "9"),
        ("diff.renames", "copies"),
        ("diff.interHunkContext", "9"),
        ("diff.submodule", "log"),
        ("diff.orderFile", "nowhere"),
    ):
        git(package, "config", name, value)
    edit(package / "data/actors.csv", "ada,x", "ada,y")
    edit(package / "data/actors.csv", "cy,x", "cy,y")
    assert places(package) == ["actors:2 type", "actors:4 type", "works:2 type", "works:4 type", "notes:2 type"]


@pytest.mark.parametrize(
    ("revision", "reason"),
    [
        ("nowhere", ""),
        ("--output=owned", " (it begins with '-', as an option does)"),
        ("HEAD:package", " (':' makes it a file of a revision, or a search)"),
        ("", " (it is empty)"),
        ("HEAD..HEAD", " ('..' makes it a range of commits)"),
        ("^HEAD", " (it begins with '^', which excludes commits)"),
        ("HEAD\nHEAD", " (it contains a control character)"),
    ],
)
def test_revision_that_is_none(run: Run, package: Path, revision: str, reason: str) -> None:
    edit(package / "data/actors.csv", "bo,x\n", "bo,x\n\n")
    before = tree(package.parent)
    done = run("validate", package, "--fix", f"--changed={revision}")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"aistatecraft: {revision!r} is not a revision of the repository{reason}; give a commit, tag or branch such as origin/main (a shallow clone knows only the last commits).\n"
    )
    assert tree(package.parent) == before, "nothing is repaired before the word is understood"


def test_directory_in_no_repository(run: Run, make: Make) -> None:
    folder = make({"actors": (SCHEMAS["actors"], TABLES["actors"])})
    done = run("validate", folder, "--changed", "HEAD")
    assert (done.code, done.out) == (2, "")
    assert "not in a git repository, so nothing can have changed since 'HEAD'; leave --changed out." in done.err


def test_git_that_is_missing(run: Run, package: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run("validate", package, "--changed", "HEAD")
    assert (done.code, done.out, done.err) == (
        2,
        "",
        "aistatecraft: git was not found, but is needed to read a revision; install it, or leave the revision out.\n",
    )


class TestBytes:
    """The files are compared with the revision as they are, whatever git would make of them."""

    def test_table_that_git_ignores_is_compared_too(self, places: Places, package: Path) -> None:
        git(package, "rm", "-q", "--cached", "data/notes.csv")
        (package / ".gitignore").write_text("notes.csv\n")
        git(package, "commit", "-q", "-a", "-m", "without notes")
        assert [place for place in places(package) if place.startswith("notes")] == ["notes:2 type", "notes:3 type", "notes:4 type"]
        assert [place for place in places(package, "HEAD~1") if place.startswith("notes")] == []

    @pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
    def test_flags_of_the_index_hide_nothing(self, places: Places, package: Path, flag: str) -> None:
        git(package, "update-index", flag, "data/actors.csv")
        edit(package / "data/actors.csv", "bo,x", "bo,y")
        assert places(package) == ["actors:3 type", "works:3 type", "notes:3 type"]

    def test_rows_that_only_moved(self, places: Places, package: Path) -> None:
        (package / "data/actors.csv").write_text("id,born\ncy,x\nada,x\nbo,x\n")
        assert places(package) == []

    def test_table_that_was_a_link(self, places: Places, package: Path) -> None:
        (package / "data/notes.csv").rename(package / "data/kept.txt")
        (package / "data/notes.csv").symlink_to("kept.txt")
        git(package, "add", ".")
        git(package, "commit", "-q", "-m", "a link")
        (package / "data/notes.csv").unlink()
        (package / "data/kept.txt").rename(package / "data/notes.csv")
        assert [place for place in places(package) if place.startswith("notes")] == ["notes:2 type", "notes:3 type", "notes:4 type"]

    def test_table_that_is_too_long_now_or_was(self, run: Run, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from aistatecraft.package import git as reading
        from aistatecraft.validation import git_changes, table_check

        edit(package / "data/works.csv", "w3,cy,x", "w3,cy,x" + "x" * 1_000)
        for module in (table_check, git_changes):
            monkeypatch.setattr(module, "MAX_TABLE_BYTES", 500)
        done = run("validate", package, "--changed", "HEAD", "--format", "json")
        assert [item["rule"] for item in json.loads(done.out)["findings"] if item["file"] == "data/works.csv"] == ["too-large"]
        monkeypatch.setattr(reading, "_MAX_BYTES", 30)
        done = run("validate", package, "--changed", "HEAD")
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert "bytes in this revision, more than the limit of 30; give another revision." in done.err

    def test_object_that_is_missing(self, run: Run, package: Path) -> None:
        blob = git(package, "rev-parse", "HEAD:./data/works.csv").strip()
        (package.parent / ".git/objects" / blob[:2] / blob[2:]).unlink()
        done = run("validate", package, "--changed", "HEAD")
        assert (done.code, done.out) == (2, "")
        assert (
            "data/works.csv: git does not have this version of the file (a partial clone lacks some objects); fetch it first." in done.err
        )

    @pytest.mark.parametrize(
        ("attributes", "settings", "converts"),
        [
            ("", {"core.autocrlf": "true"}, True),
            ("* text=auto\n", {"core.eol": "crlf"}, True),
            ("*.csv text eol=crlf\n", {}, True),
            ("*.csv text eol=crlf\n", {"core.autocrlf": "false", "core.eol": "lf"}, True),
            ("", {}, False),
            ("", {"core.autocrlf": "input"}, False),
            ("", {"core.eol": "crlf"}, False),
            ("*.csv -text\n", {"core.autocrlf": "true"}, False),
            ("*.csv text eol=lf\n", {"core.autocrlf": "true"}, False),
        ],
    )
    def test_line_ends_that_a_checkout_writes_are_no_change(
        self, places: Places, package: Path, attributes: str, settings: dict[str, str], converts: bool
    ) -> None:
        (package.parent / ".git/info/attributes").write_text(attributes)
        for name, value in settings.items():
            git(package, "config", name, value)
        table = package / "data/actors.csv"
        table.unlink()
        git(package, "checkout", "--", "data/actors.csv")
        assert table.read_bytes().count(b"\r\n") == (4 if converts else 0), "as git itself writes it"
        assert places(package) == []
        table.write_bytes(table.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        found = [place for place in places(package) if place.startswith("actors")]
        assert found == ([] if converts else ["actors:1 line-ends", "actors:2 type", "actors:3 type", "actors:4 type"])
        edit_bytes = table.read_bytes().replace(b"bo,x", b"bo,y")
        table.write_bytes(edit_bytes)
        found = [place for place in places(package) if place.startswith("actors")]
        assert found == (["actors:3 type"] if converts else ["actors:1 line-ends", "actors:2 type", "actors:3 type", "actors:4 type"])
