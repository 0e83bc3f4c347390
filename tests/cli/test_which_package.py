"""One rule for every command: the package that is named, else the one in which one stands, else, for reading only, the installed one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.cli.app import COMMANDS
from aistatecraft.export.release import release
from tests.conftest import Install, Make, Run, edit, tree, write_project

LAKES: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "depth", "type": "integer"}],
    "primaryKey": ["id"],
}
RIVERS: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "lake", "type": "string"}, {"name": "length", "type": "integer"}],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["lake"], "reference": {"resource": "lakes", "fields": ["id"]}}],
}


@pytest.fixture
def installed(tmp_path: Path, install: Install) -> Path:
    """The installed package: other people than in the checkout."""
    return install(write_project(tmp_path / "lib" / "site-packages" / "dataset", "id,name,born,score\ninstalled,I,,1\n"))


@pytest.fixture
def checkout(tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of the same package, in whose directory data one stands."""
    made = write_project(tmp_path / "checkout", "id,name,born,score\nedited,E,,2\n", version="0.2.0-dev")
    (made / ".git").mkdir()
    monkeypatch.chdir(made / "data")
    return made


READING = {
    "info": ["info"],
    "show": ["show", "people"],
    "find": ["find", "edited"],
    "codebook": ["codebook"],
    "cite": ["cite"],
    "validate": ["validate"],
    "history": ["history", "people", "edited"],
    "versions": ["versions"],
}


@pytest.mark.parametrize("words", READING.values(), ids=READING)
@pytest.mark.usefixtures("checkout")
def test_the_package_in_which_one_stands_is_read_and_named(run: Run, words: list[str]) -> None:
    done = run(*words)
    assert done.code == 0, done.err
    assert "../ (0.2.0-dev, 1 table" in done.out + done.err or "version 0.2.0-dev (not released), in ../\n" in done.out
    assert "installed" not in done.out + done.err


@pytest.mark.parametrize("words", READING.values(), ids=READING)
def test_where_one_stands_in_none_the_installed_one_is_read_and_named(run: Run, installed: Path, words: list[str]) -> None:
    done = run(*(word.replace("edited", "installed") for word in words))
    assert done.code == 0, done.err
    assert "the installed package" in done.out + done.err


@pytest.mark.usefixtures("checkout")
def test_validate_says_what_it_checked(run: Run, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("validate") == (0, "0 problems in ../ (0.2.0-dev, 1 table, 1 row)\n", "")
    edit(checkout / "data" / "people.csv", ",2", ",two")
    assert run("validate").code == 1
    monkeypatch.chdir(checkout)
    done = run("validate")
    assert (done.code, done.out.splitlines()[-1]) == (1, "1 problem (1 error, 0 warnings) in ./ (0.2.0-dev, 1 table, 1 row)")
    assert run("validate", "installed") == (0, "0 problems in the installed package (0.1.0, 1 table, 1 row)\n", "")


@pytest.mark.usefixtures("checkout")
def test_data_in_a_pipe_stay_data(run: Run) -> None:
    read = "read ../ (0.2.0-dev, 1 table)\n"
    assert run("show", "people", "--fields", "id", "--format", "csv") == (0, "id\nedited\n", read)
    assert run("show", "people", "--fields", "id", "--format", "json") == (0, '[\n  {\n    "id": "edited"\n  }\n]\n', read)
    assert run("show", "people", "--fields", "id", "--format", "csv", "--path", "installed") == (0, "id\ninstalled\n", "")


def test_a_folder_called_installed_is_a_path(run: Run, nowhere: Path) -> None:
    write_project(nowhere / "installed", version="0.7.0")
    assert run("validate", "installed").out == "0 problems in installed/ (0.7.0, 1 table, 2 rows)\n"


def test_table_of_another_package_is_told_how_to_be_had(run: Run, make: Make, installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make({"lakes": (LAKES, "id,depth\nvan,450\n")}))
    done = run("show", "people")
    assert (done.code, done.out, done.err) == (
        2,
        "",
        "aistatecraft: 'people' is not a table of this package; there are: lakes. This is ./ (0.1.0, 1 table); for the installed one add --path installed.\n",
    )
    monkeypatch.chdir(installed.parents[3])
    assert "This is the installed package (0.1.0, 1 table); --path names another." in run("show", "lakes").err
    assert "This is" not in run("show", "lakes", "--path", installed).err


def test_a_release_of_the_package_in_which_one_stands(run: Run, checkout: Path, tmp_path: Path) -> None:
    release("0.2.0", path=checkout, out=tmp_path / "dist", date="2024-05-01", formats=["csv"])
    done = run("show", "people", "--version", "0.2.0", "--fields", "id", "--format", "csv")
    assert done == (0, "id\nedited\n", "read release 0.2.0 of ../ (1 table)\n")
    assert run("diff", "0.2.0", "--format", "json").code == 0
    done = run("show", "people", "--version", "0.2.0", "--path", "installed")
    assert "version '0.2.0' was never released" in done.err
    assert run("verify", "0.2.0").code == 0


# Writing


WRITING: dict[str, list[object]] = {
    "fmt": ["fmt"],
    "fmt --check": ["fmt", "--check"],
    "validate --fix": ["validate", "--fix"],
    "new": ["new", "people", "--set", "id=cy"],
    "release": ["release", "0.3.0"],
    "snapshot": ["release"],
}


@pytest.mark.parametrize("words", WRITING.values(), ids=WRITING)
def test_where_one_stands_in_none_nothing_is_written(run: Run, installed: Path, nowhere: Path, words: list[str]) -> None:
    before = tree(installed)
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "aistatecraft: there is no datapackage.json in this directory or above it; change to a checkout, or give its directory with --path.\n"
    )
    assert (tree(installed), tree(nowhere)) == (before, {})


@pytest.mark.parametrize("words", WRITING.values(), ids=WRITING)
def test_an_installed_package_is_never_written(run: Run, installed: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    edit(installed / "data" / "people.csv", "I,", " I,")
    before = tree(installed)
    for place in ([installed], ["--path", installed], ["installed"], []):
        if (place and place[0] == "--path") is not (words[0] in ("new", "release")) and place:
            continue
        monkeypatch.chdir(installed)
        done = run(*words, *place)
        assert (done.code, done.out) == (2, ""), done
        assert "this is an installed package, which is never changed; give the directory of a checkout with --path." in done.err
    assert tree(installed) == before


def test_diff_does_not_apply_changes_to_an_installed_package(run: Run, installed: Path, tmp_path: Path) -> None:
    changes = tmp_path / "changes.json"
    assert run("diff", installed, installed, "--format", "json", "--out", changes).code == 0
    before = tree(installed)
    done = run("diff", installed, "--apply", changes, "--out", installed)
    assert (done.code, "installed package" in done.err, tree(installed)) == (2, True, before)


def test_release_is_that_of_the_checkout(run: Run, checkout: Path, installed: Path, tmp_path: Path) -> None:
    before = tree(installed)
    done = run("release", "0.3.0", "--date", "2024-05-01", "--format", "csv")
    assert (done.code, done.out.splitlines()[-1]) == (0, "released ../ (0.4.0-dev, 1 table)")
    assert sorted(path.name for path in (checkout / "dist").iterdir()) == ["SHA256SUMS", "people-0.3.0.zip"]
    assert tree(installed) == before


def test_new_and_fmt_write_where_one_stands(run: Run, checkout: Path, installed: Path) -> None:
    before = tree(installed)
    done = run("new", "people", "--set", "id=cy", "--set", "name=Cy")
    assert (done.code, done.out.splitlines()[-1]) == (0, "in ../ (0.2.0-dev, 1 table)"), done.err
    edit(checkout / "data" / "people.csv", "cy,Cy", '"cy",Cy')
    assert run("fmt").out.splitlines()[-1] == "1 file rewritten, 0 already in canonical form, in ../ (0.2.0-dev, 1 table)"
    assert (checkout / "data" / "people.csv").read_text() == "id,name,born,score\ncy,Cy,,\nedited,E,,2\n"
    assert tree(installed) == before


# One table


@pytest.fixture
def waters(make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return make(
        {
            "lakes": (LAKES, "id,depth\nvan,deep\n"),
            "rivers": (RIVERS, "id,lake,length\nr1,van,long\nr2,gone,3\n"),
            "springs": (LAKES, "id,depth\ns,x\n"),
        }
    )


def found(run: Run, *words: object) -> list[str]:
    findings = json.loads(run("validate", *words, "--format", "json").out)["findings"]
    return [f"{finding['file']}:{finding['line']} {finding['rule']}" for finding in findings]


def test_a_table_is_validated_in_its_package(run: Run, waters: Path) -> None:
    done = run("validate", "made/data/springs.csv")
    assert (done.code, done.err) == (1, "3 problems of other tables not shown\n")
    assert done.out.splitlines()[-1] == "1 problem (1 error, 0 warnings) in made/data/springs.csv (0.1.0, 1 table, 1 row)"
    edit(waters / "data" / "springs.csv", "s,x", "s,1")
    assert run("validate", "made/data/springs.csv").out == "0 problems in made/data/springs.csv (0.1.0, 1 table, 1 row)\n"


def test_what_other_tables_say_of_it_is_reported_too(run: Run, waters: Path) -> None:
    assert found(run, "made/data/rivers.csv") == ["data/rivers.csv:2 type", "data/rivers.csv:3 foreign-key"]
    assert found(run, "made/data/lakes.csv") == ["data/lakes.csv:2 type", "data/rivers.csv:3 foreign-key"]


def test_fmt_and_fix_of_one_table_leave_the_others(run: Run, waters: Path) -> None:
    for name, words in (("lakes", ["fmt"]), ("springs", ["validate", "--fix"])):
        for table in ("lakes", "springs"):
            path = waters / "data" / f"{table}.csv"
            path.write_text(path.read_text().rstrip("\n"))
        run(*words, f"made/data/{name}.csv")
        other = {"lakes": "springs", "springs": "lakes"}[name]
        assert (waters / "data" / f"{name}.csv").read_text().endswith("\n")
        assert not (waters / "data" / f"{other}.csv").read_text().endswith("\n")


@pytest.mark.real
def test_a_record_that_went_is_seen_from_its_table(run: Run, copy: Path) -> None:
    table = copy / "data" / "strategies.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if not line.startswith("bra-ebia-2021,")), encoding="utf-8")
    rules = {line.split()[1] for line in found(run, table) if line.startswith("data/evidence.csv")}
    assert rules == {"record-exists"}
    assert {line.split(":")[0] for line in found(run, copy / "data" / "votes.csv")} <= {"data/votes.csv"}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("made/data/notes.csv", "made/data/notes.csv: no resource of made/datapackage.json names this file; add a resource for it, or name the package."),
        ("alone.csv", "alone.csv: this is a table, but no datapackage.json beside it or above it describes it; write one, or give a package."),
        ("none.csv", "none.csv: there is no such directory, datapackage.json or zip archive; check the path."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_of_a_package(run: Run, waters: Path, file: str, words: str) -> None:
    for name in ("alone.csv", "made/data/notes.csv"):
        Path(name).write_text("id\na\n")
    assert run("validate", file) == (2, "", f"aistatecraft: {words}\n")


# All commands


def test_every_command_that_reads_a_package_has_the_option(run: Run) -> None:
    """`explain` speaks of rules and reads no package; `fmt` and `validate` take it as an argument, `diff` as OLD and NEW."""
    for command in COMMANDS:
        words = run(command, "--help").out
        named = "--path" in words or (
            command in ("fmt", "validate") and "package of the current directory" in " ".join(words.replace("│", " ").split())
        )
        assert named or command in ("diff", "explain"), command


def test_two_files_are_compared_wherever_one_stands(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datapackage.json").write_text("not JSON")
    for name, text in (("old.csv", "id,n\na,1\n"), ("new.csv", "id,n\na,2\n")):
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    done = run("diff", "old.csv", "new.csv", "--key", "id", "--exit-code")
    assert (done.code, done.err) == (1, "")
    assert "datapackage.json:1:1: this is not JSON" in run("validate").err


def test_current_directory_that_was_deleted(run: Run, installed: Path, nowhere: Path) -> None:
    (nowhere / ".git").rmdir()
    nowhere.rmdir()
    assert run("validate") == (0, "0 problems in the installed package (0.1.0, 1 table, 1 row)\n", "")
    assert (run("fmt").code, run("fmt").out) == (2, "")


def test_table_named_from_a_directory_that_was_deleted(run: Run, installed: Path, nowhere: Path) -> None:
    (nowhere / ".git").rmdir()
    nowhere.rmdir()
    table = installed / "data" / "people.csv"
    assert run("validate", table) == (0, f"0 problems in {table} (0.1.0, 1 table, 1 row)\n", "")


# Labels of a diff


@pytest.mark.parametrize("form", ["text", "json", "csv", "spreadsheet", "markdown", "html", "changelog"])
def test_a_diff_names_what_was_typed_and_no_local_path(run: Run, installed: Path, tmp_path: Path, form: str) -> None:
    release(path=shutil.copytree(installed, tmp_path / "work"), out=tmp_path / "dist", date="2024-05-01", formats=["csv"])
    shutil.copytree(tmp_path / "work" / "releases", installed / "releases")
    shutil.copytree(tmp_path / "work", tmp_path / "new")
    edit(tmp_path / "new" / "data" / "people.csv", "installed,I", "installed,J")
    for words in (["0.1.0"], ["0.1.0", "installed"], ["0.1.0", "0.1.0"]):
        done = run("diff", *words, "--format", form)
        assert done.code == 0
        assert str(tmp_path) not in done.out + done.err, words


@pytest.mark.usefixtures("checkout")
def test_json_of_a_diff_calls_the_sides_as_they_were_typed(run: Run, checkout: Path, tmp_path: Path) -> None:
    release("0.2.0", path=checkout, out=tmp_path / "dist", date="2024-05-01", formats=["csv"])
    for words, sides in (
        (["0.2.0"], ("0.2.0", "../")),
        (["0.2.0", ".."], ("0.2.0", "..")),
        (["installed", "0.2.0"], ("installed", "0.2.0")),
    ):
        plain = json.loads(run("diff", *words, "--format", "json").out)
        assert (plain["old"]["package"], plain["new"]["package"]) == sides
    assert run("diff", "installed", "0.2.0", "--bump").out == "minor (0.2.0)\n"
    assert run("diff", "0.2.0", "0.2.0", "--bump").out == "none\n"
    assert json.loads(run("verify", "0.2.0", "--json").out)["file"] == "releases/people-0.2.0.zip"
