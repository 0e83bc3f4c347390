"""The command line: what each command prints, how it ends, and how it behaves in pipes, locales and under Ctrl-C."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aistatecraft import cite
from aistatecraft.api import diff
from aistatecraft.cli.app import app
from aistatecraft.comparison.reporters import ChangeFormat, render
from aistatecraft.export.release import release
from aistatecraft.package import open_package
from aistatecraft.package.codebook import codebook_markdown, table_markdown
from tests.conftest import Install, Make, Run, edit, env, tree, write_package, write_project

COMMANDS = [str(command.name) for command in app.registered_commands]
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF-level0"
PEOPLE: dict[str, Any] = {
    "description": "Who is meant.",
    "aistatecraft:evidence": "required",
    "missingValues": ["", "not applicable"],
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "name", "type": "string", "description": "Name."},
        {"name": "born", "type": "string", "rdfType": EDTF},
        {"name": "score", "type": "number"},
        {"name": "member", "type": "boolean"},
        {"name": "kind", "type": "string", "categories": ["state", "body"]},
    ],
    "primaryKey": ["id"],
}
ROWS = "id,name,born,score,member,kind\nada,Ada | L.,1815-12,107.50,true,state\nbo,波,not applicable,,,body\ncy,,2001,-3,false,\n"
SOURCES: dict[str, Any] = {
    "fields": [
        {"name": name, "type": "date" if name == "accessed" else "string"}
        for name in ("id", "kind", "title", "publisher", "published", "url", "doi", "accessed")
    ],
    "primaryKey": ["id"],
}
EVIDENCE: dict[str, Any] = {
    "fields": [
        *({"name": name, "type": "string"} for name in ("record_table", "record_id", "field", "source", "locator", "stated", "quote")),
        {"name": "stance", "type": "string", "categories": ["supports", "disputes"]},
    ],
    "primaryKey": ["record_table", "record_id", "field", "source", "locator"],
}
NAMES = ("id", "name", "born", "score", "member", "kind")


@pytest.fixture
def package(make: Make) -> Path:
    """A small package with evidence."""
    evidence = "".join(f"people,{person},*,book,p. 1,,,supports\n" for person in ("ada", "bo", "cy"))
    return make(
        {
            "people": (PEOPLE, ROWS),
            "sources": (
                SOURCES,
                "id,kind,title,publisher,published,url,doi,accessed\nbook,primary,人名录,Press,2024,https://e.org/b,,2024-05-06\n",
            ),
            "evidence": (
                EVIDENCE,
                f"record_table,record_id,field,source,locator,stated,quote,stance\n{evidence}people,ada,born,book,p. 2,1816,born in 1816,disputes\n",
            ),
        },
        title="People",
    )


def spawn(*words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "aistatecraft", *map(str, words)],
        env={**env(), **settings},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


# Help


def test_help_names_every_command(run: Run) -> None:
    done = run("--help")
    assert (done.code, done.err) == (0, "")
    assert re.findall(r"(?m)^  ([a-z]+)  +[A-Z]", done.out.partition("Commands:")[2]) == COMMANDS
    assert {"info", "show", "codebook", "sources", "cite", "validate", "diff", "release"} <= set(COMMANDS)
    assert "Exit codes: 0 success, 1 problems found, 2 wrong usage or unreadable input." in done.out
    assert run("-h").out == done.out


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    done = run()
    assert (done.code, done.out) == (2, "")
    assert done.err == run("--help").out


def examples(text: str) -> list[list[str]]:
    """The commands that a help text gives as examples, as a shell would split them."""
    lines = text.partition("Examples:\n")[2].splitlines()
    return [shlex.split(line)[1:] for line in lines if line.strip().startswith("aistatecraft ")]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: aistatecraft {command}")
    found = examples(done.out)
    assert found
    for words in found:
        assert words[0] == command
        assert all(re.search(rf"(?m)^  (-\w, )?{word}\b", done.out) for word in words if word.startswith("--")), words
    options = re.findall(r"(?m)^  (?:-\w, )?(--[a-z-]+)(.*(?:\n {5,}.*)*)", done.out)
    assert all(re.search(r"  +[A-Z]|\n +\S", text) for _, text in options), "an option has no help"


def test_help_needs_no_heavy_library(root: Path) -> None:
    code = (
        "import sys; from aistatecraft.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(sorted({'pandas', 'pandera', 'frictionless', 'numpy', 'rich'} & set(sys.modules)), file=sys.stderr)"
    )
    for words in (["--help"], ["show", "--help"], ["show", "sources", "--format", "csv", "--path", str(root)]):
        done = subprocess.run([sys.executable, "-c", code, *words], env=env(), capture_output=True, text=True, check=True)
        assert done.stderr.strip() == "[]", words


@pytest.mark.real
def test_real_examples_of_the_help_work(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    for command in ("info", "show", "codebook", "sources", "cite", "validate"):
        for words in examples(run(command, "--help").out):
            if not any("/" in word and ("zip" in word or word.startswith("path")) for word in words):
                done = run(*(words[: words.index(">")] if ">" in words else words))
                assert done.code == 0 and (not done.err or re.fullmatch(r"(.* was read as .*\n)?(read \./ \(.* tables\)\n)?", done.err)), (
                    words
                )
                if command in ("show", "sources"):  # a header, and a row at least
                    assert len([line for line in done.out.splitlines() if line.strip(" ─|-")]) > 1, words


# show


def test_show_as_table(run: Run, package: Path) -> None:
    done = run("show", "people", "--path", package, "--fields", "id,name,score")
    assert (done.code, done.err) == (0, "")
    assert [line.strip() for line in done.out.splitlines() if line.strip()] == [
        "id    name       score",
        "───────────────────────",
        "ada   Ada | L.   107.50",
        "bo    波",
        "cy               -3",
        f"read {package}/ (0.1.0, 3 tables)",
    ]


def test_show_as_csv_is_the_table(run: Run, package: Path) -> None:
    assert run("show", "people", "--path", package, "--format", "csv") == (0, ROWS, "")


def test_show_as_json_is_typed(run: Run, package: Path) -> None:
    done = run("show", "people", "--path", package, "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == [
        {"id": "ada", "name": "Ada | L.", "born": "1815-12", "score": 107.5, "member": True, "kind": "state"},
        {"id": "bo", "name": "波", "born": None, "score": None, "member": None, "kind": "body"},
        {"id": "cy", "name": None, "born": "2001", "score": -3, "member": False, "kind": None},
    ]


def test_show_as_markdown(run: Run, package: Path) -> None:
    assert run("show", "people", "--path", package, "--format", "md", "--fields", "id,name") == (
        0,
        "| id | name |\n|---|---|\n| ada | Ada \\| L. |\n| bo | 波 |\n| cy |  |\n",
        "",
    )


def test_json_is_json_where_a_number_is_none(run: Run, make: Make) -> None:
    schema = {"fields": [{"name": "x", "type": "number"}]}
    done = run("show", "t", "--path", make({"t": (schema, "x\n1.5\nNaN\n-INF\n")}), "--format", "json")

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    assert json.loads(done.out, parse_constant=refuse) == [{"x": 1.5}, {"x": "NaN"}, {"x": "-INF"}]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["--where", "kind=state"], ["ada"]),
        (["--where", "kind!=state"], ["bo", "cy"]),
        (["--where", "kind="], ["cy"]),
        (["--where", "born="], []),
        (["--where", "born=not applicable"], ["bo"]),
        (["--where", "name~L."], ["ada"]),
        (["--where", "score>0"], ["ada"]),
        (["--where", "score>=-3", "--where", "member=false"], ["cy"]),
        (["--where", "score=107.5"], ["ada"]),
        (["--where", "born<1900"], ["ada"]),
        (["--where", "born>=2001"], ["cy"]),
        (["--limit", "2"], ["ada", "bo"]),
        (["--limit", "0"], []),
        (["--where", "name=nobody"], []),
    ],
)
def test_show_where(run: Run, package: Path, words: list[str], ids: list[str]) -> None:
    done = run("show", "people", "--path", package, "--format", "csv", "--fields", "id", *words)
    assert (done.code, done.out) == (0, "".join(f"{line}\n" for line in ["id", *ids]))
    assert bool(done.err) is (not ids and "--where" in words)  # says why there is nothing


def test_fields_come_in_the_order_asked_for(run: Run, package: Path) -> None:
    assert run("show", "people", "--path", package, "--format", "csv", "--fields", "kind, id", "--limit", "1").out == "kind,id\nstate,ada\n"


def test_released_version_is_shown_as_it_was(run: Run, project: Path, tmp_path: Path, install: Install) -> None:
    release(path=project, out=tmp_path / "dist", date="2024-05-01")
    edit(project / "data" / "people.csv", "107.5", "108")
    install(project)
    words = ("show", "people", "--format", "csv", "--fields", "score")
    assert run(*words, "--version", "0.1.0").out == "score\n107.5\n3\n"
    assert run(*words).out == "score\n108\n3\n"
    assert run(*words, "--path", tmp_path / "dist" / "people-0.1.0.zip").out == "score\n107.5\n3\n"
    assert run(*words, "--path", project / "datapackage.json").out == "score\n108\n3\n"


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=("Cs",)), max_size=10)


@settings(max_examples=35, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(width=st.integers(1, 3), data=st.data())
def test_show_as_csv_gives_back_any_table(run: Run, width: int, data: st.DataObject) -> None:
    names = ["a", "b", "c"][:width]
    rows = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=5))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([names, *rows])
    folder = Path(tempfile.mkdtemp())
    try:
        made = write_package(folder / "p", {"t": ({"fields": [{"name": name, "type": "string"} for name in names]}, text.getvalue())})
        shown = run("show", "t", "--path", made, "--format", "csv")
        assert (shown.code, shown.err) == (0, "")
        assert list(csv.reader(io.StringIO(shown.out, newline=""))) == [names, *rows]
        typed = json.loads(run("show", "t", "--path", made, "--format", "json").out)
        assert typed == [{name: cell or None for name, cell in zip(names, row, strict=True)} for row in rows]
        # What is shown can be put in the place of the table.
        (made / "data" / "t.csv").write_text(shown.out, encoding="utf-8", newline="")
        assert run("show", "t", "--path", made, "--format", "csv").out == shown.out
    finally:
        shutil.rmtree(folder)


# The other commands


def test_info(run: Run, package: Path) -> None:
    done = run("info", "--path", package)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"People\nversion 0.1.0 (not released), in {package}/\n")
    assert [line.split() for line in done.out.splitlines()[4:] if line.strip(" ─")] == [
        ["people", "3", "3", "0", "1"],
        ["sources", "1"],
        ["evidence", "4"],
        ["total", "8", "3", "0", "1"],
    ]
    assert json.loads(run("info", "--path", package, "--json").out) == {
        "name": "made",
        "version": "0.1.0",
        "state": "not released",
        "releases": [],
        "tables": [
            {"table": "people", "rows": 3, "supported": 3, "corroborated": 0, "disputed": 1},
            {"table": "sources", "rows": 1, "supported": None, "corroborated": None, "disputed": None},
            {"table": "evidence", "rows": 4, "supported": None, "corroborated": None, "disputed": None},
        ],
    }


def test_info_of_a_release(run: Run, project: Path, tmp_path: Path) -> None:
    release(path=project, out=tmp_path / "dist", date="2024-05-01")
    assert "version 0.2.0-dev (the data as released in 0.1.0 on 2024-05-01), in" in run("info", "--path", project).out
    found = json.loads(run("info", "--json", "--path", project).out)
    assert (found["state"], found["releases"]) == ("the data as released in 0.1.0 on 2024-05-01", ["0.1.0"])
    assert "(a release archive of 2024-05-01), in" in run("info", "--path", tmp_path / "dist" / "people-0.1.0.zip").out


def test_codebook(run: Run, package: Path) -> None:
    opened = open_package(package)
    assert run("codebook", "people", "--path", package, "--format", "md") == (
        0,
        table_markdown(opened.resources["people"].schema) + "\n",
        "",
    )
    assert run("codebook", "--path", package, "--format", "md") == (0, codebook_markdown(opened), "")
    rows = list(csv.DictReader(io.StringIO(run("codebook", "--path", package, "--format", "csv").out)))
    assert [(row["table"], row["field"], row["required"]) for row in rows[:2]] == [("people", "id", "true"), ("people", "name", "false")]
    assert len(rows) == len(json.loads(run("codebook", "--path", package, "--format", "json").out)) == 6 + 8 + 8
    table = run("codebook", "people", "--path", package).out
    assert [line.split()[0] for line in table.splitlines() if line.strip(" ─")] == ["field", *NAMES, "read"]


def test_sources(run: Run, package: Path) -> None:
    done = run("sources", "people", "ada", "--path", package, "--format", "csv")
    assert (done.code, done.err) == (0, "")
    shared = {
        "source": "book",
        "kind": "primary",
        "title": "人名录",
        "publisher": "Press",
        "published": "2024",
        "url": "https://e.org/b",
        "doi": "",
    }
    assert list(csv.DictReader(io.StringIO(done.out))) == [
        {"field": "*", "stance": "supports", "stated": "", "quote": "", "locator": "p. 1", **shared, "accessed": "2024-05-06"},
        {
            "field": "born",
            "stance": "disputes",
            "stated": "1816",
            "quote": "born in 1816",
            "locator": "p. 2",
            **shared,
            "accessed": "2024-05-06",
        },
    ]
    assert json.loads(run("sources", "people", "ada", "--path", package, "--format", "json").out)[0]["accessed"] == "2024-05-06"


def test_sources_of_a_record_without_any(run: Run, make: Make) -> None:
    head = "record_table,record_id,field,source,locator,stated,quote,stance\n"
    books = "id,kind,title,publisher,published,url,doi,accessed\n"
    package = make({"people": (PEOPLE, ROWS), "sources": (SOURCES, books), "evidence": (EVIDENCE, head)})
    done = run("sources", "people", "bo", "--path", package, "--format", "csv")
    assert (done.code, done.out, done.err) == (
        0,
        "field,stance,stated,quote,locator,source,kind,title,publisher,published,url,doi,accessed\n",
        "",
    )


@pytest.mark.parametrize("style", ["apa", "bibtex", "csl-json", "ris"])
def test_cite(run: Run, package: Path, style: str) -> None:
    assert run("cite", "--path", package, "--style", style) == (0, cite(style, path=package) + "\n", "")
    assert (
        run("cite", "people", "ada", "--path", package, "--style", style).out == cite(style, table="people", id="ada", path=package) + "\n"
    )


def test_validate(run: Run, package: Path) -> None:
    done = run("validate", package)
    assert (done.code, done.out, done.err) == (0, f"0 problems in {package}/ (0.1.0, 3 tables, 8 rows)\n", "")
    edit(package / "data" / "people.csv", "107.50", "many")
    for words in ([], ["--fast"]):
        done = run("validate", package, *words)
        assert (done.code, done.err) == (1, "")
        assert re.search(r"(?m)^error: data/people\.csv:2:D: ada \(score\): 'many' .*\[type\]$", done.out)
        assert re.search(r"(?m)^1 problem ", done.out)
    assert json.loads(run("validate", package, "--format", "json").out)["errors"] == 1
    assert len(run("validate", package, "--format", "jsonl").out.splitlines()) == 1
    assert run("validate", package, "--format", "github").out.startswith("::error file=data/people.csv,line=2,title=type::")
    assert run("validate", package, "--format", "markdown").out.count("\n| ") == 2


def test_validate_prints_nothing_where_there_is_nothing_to_say_line_by_line(run: Run, package: Path) -> None:
    assert run("validate", package, "--format", "jsonl") == (0, "", "")
    assert run("validate", package, "--format", "github") == (0, "", "")


@pytest.mark.parametrize("form", list(ChangeFormat))
def test_diff(run: Run, project: Path, tmp_path: Path, form: ChangeFormat) -> None:
    shutil.copytree(project, tmp_path / "new")
    edit(tmp_path / "new" / "data" / "people.csv", "107.5", "108")
    expected = render(form, diff(project, tmp_path / "new"))
    assert run("diff", project, tmp_path / "new", "--format", form) == (0, expected + "\n", "")
    assert run("diff", project, tmp_path / "new", "--exit-code").code == 1
    same = run("diff", project, project, "--exit-code")
    assert (same.code, same.err) == (0, "")
    assert "no changes" in same.out


def test_diff_with_the_package_that_is_installed(run: Run, project: Path, tmp_path: Path, install: Install) -> None:
    release(path=project, out=tmp_path / "dist", date="2024-05-01")
    edit(project / "data" / "people.csv", "107.5", "108")
    install(project)
    assert "~ people ada \"Ada\" score '107.5' -> '108'\n" in run("diff", "0.1.0").out


def test_release(run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("release", "0.2.0", "--path", project, "--date", "2024-05-01")
    assert (done.code, done.err) == (0, "")
    first, second, *table = done.out.splitlines()
    assert (
        first
        == "dist/people-0.2.0.zip: version 0.2.0, released now (the changes since the last release require: none); from now on the package is 0.3.0-dev"
    )
    assert re.fullmatch(r"[\d,]+ bytes, SHA-256 [0-9a-f]{64}", second)
    shown = [line.split() for line in table if line.strip(" ─")]
    assert shown[:3] == [["table", "rows"], ["people", "2"], ["file", "bytes"]]
    assert {name for name, _ in shown[3:-1]} == set(tree(tmp_path / "dist"))
    assert table[-1] == f"released {project}/ (0.3.0-dev, 1 table)"
    again = run("release", "--path", project, "--out", "again").out.splitlines()
    assert again[:2] == ["again/people-0.2.0.zip: version 0.2.0, the same as released on 2024-05-01", second]
    assert (tmp_path / "dist" / "people-0.2.0.zip").read_bytes() == (tmp_path / "again" / "people-0.2.0.zip").read_bytes()


def test_reading_commands_write_nothing(run: Run, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = tree(tmp_path)
    for words in (["info"], ["show", "people"], ["codebook"], ["sources", "people", "ada"], ["cite"]):
        assert run(*words, "--path", package).code == 0
    assert run("validate", package).code == 0
    assert run("diff", package, package).code == 0
    assert tree(tmp_path) == before


@pytest.mark.real
def test_real_package_through_every_reading_command(run: Run, root: Path, install: Install) -> None:
    install(root)
    tables = list(open_package(root).resources)
    for words in (["info"], ["info", "--json"], ["codebook"], ["codebook", "--format", "md"], ["cite"], ["validate"]):
        done = run(*words, *([] if words == ["validate"] else ["--path", "installed"]))
        assert (done.code, done.err) == (0, ""), words
    for table in tables:
        shown = run("show", table, "--format", "csv", "--path", "installed")
        assert (shown.code, shown.err) == (0, "")
        assert shown.out.encode() == (root / open_package(root).resource(table).path).read_bytes(), table
        rows = json.loads(run("show", table, "--format", "json").out)
        assert len(rows) == len(list(csv.reader(io.StringIO(shown.out)))) - 1


# Pipes, terminals, locales


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """More than a pipe holds."""
    rows = "".join(f"p{number},{'x' * 60}\n" for number in range(4000))
    return write_package(
        tmp_path / "big", {"evidence": ({"fields": [{"name": "id"}, {"name": "x"}], "primaryKey": ["id"]}, f"id,x\n{rows}")}
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_reader_that_goes_ends_it_quietly(big: Path, form: str, unbuffered: str) -> None:
    words = [sys.executable, "-m", "aistatecraft", "show", "evidence", "--path", str(big), "--format", form]
    process = subprocess.Popen(words, env={**env(), "PYTHONUNBUFFERED": unbuffered}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read()
    assert (process.returncode, error) == (0, b"")


def test_head_in_a_shell(big: Path) -> None:
    line = f"{shlex.quote(sys.executable)} -m aistatecraft show evidence --path {shlex.quote(str(big))} --format csv | head -1; echo ${{PIPESTATUS[*]}}"
    done = subprocess.run(["bash", "-c", line], env={**env(), "PYTHONUNBUFFERED": ""}, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("id,x\n0 0\n", "")


def test_reader_that_goes_before_a_note_ends_it_quietly(package: Path) -> None:
    """Both streams lead to a reader that has gone, as in 2>&1 | head: the note on which package was read is no failure."""
    line = f"({shlex.quote(sys.executable)} -m aistatecraft show people --format csv; echo $? >&3) 2>&1 3>code | true; cat code"
    done = subprocess.run(["bash", "-c", line], cwd=package, env=env(), capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_device_that_is_full(package: Path) -> None:
    for form in ("table", "csv", "json"):
        with Path("/dev/full").open("w") as full:
            words = [sys.executable, "-m", "aistatecraft", "show", "people", "--path", str(package), "--format", form]
            done = subprocess.run(words, env={**env(), "PYTHONUNBUFFERED": ""}, stdout=full, stderr=subprocess.PIPE, text=True)
        assert (done.returncode, done.stderr) == (2, "aistatecraft: output: No space left on device; check space and permissions.\n")


def test_standard_output_that_is_closed(package: Path) -> None:
    line = f"{shlex.quote(sys.executable)} -m aistatecraft show people --path {shlex.quote(str(package))} >&-"
    done = subprocess.run(["bash", "-c", line], env=env(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def on_a_terminal(*words: object, **settings: str) -> str:
    """What the command line prints where its output is a terminal."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    drop = {name: value for name, value in env().items() if name not in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "CI")}
    command = [sys.executable, "-m", "aistatecraft", *map(str, words)]
    with subprocess.Popen(command, env={**drop, "TERM": "xterm-256color", "COLUMNS": "120", **settings}, stdout=slave, stderr=slave):
        os.close(slave)
        out = b""
        while True:
            try:
                part = os.read(master, 65_536)
            except OSError:  # Linux says so where the other end is closed
                break
            if not part:
                break
            out += part
    os.close(master)
    return out.decode()


def test_escapes_only_on_a_terminal_that_wants_colour(package: Path) -> None:
    words = ("show", "people", "--path", package)
    assert "\x1b[1m" in on_a_terminal(*words)
    for setting in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown = on_a_terminal(*words, **setting)
        assert "Ada | L." in shown
        assert "\x1b" not in shown
    assert "\x1b" not in spawn(*words).stdout


@pytest.mark.parametrize(
    "words",
    [["info"], ["show", "people"], ["codebook"], ["sources", "people", "ada"], ["cite"], ["validate", "nowhere"], ["--help"], ["show"]],
    ids=" ".join,
)
def test_no_escapes_in_a_pipe(run: Run, package: Path, words: list[str]) -> None:
    done = run(*words, *([] if words[0] in ("validate", "--help") else ["--path", package]))
    assert "\x1b" not in done.out + done.err


def test_escapes_in_cells_stay_text(run: Run, make: Make) -> None:
    hostile = "\x1b[31mred\x1b]8;;https://evil.example\x07"
    package = make({"t": ({"fields": [{"name": "id"}, {"name": "x"}], "primaryKey": ["id"]}, f"id,x\na,{hostile}\n")})
    shown = run("show", "t", "--path", package)
    assert shown.code == 0
    assert "\x1b" not in shown.out
    assert "\\u001b[31mred" in shown.out
    assert "\x1b" not in run("show", "t", "--path", package, "--format", "md").out
    assert "\x1b" not in run("show", "t", "--path", package, "--format", "json").out
    error = run("show", "t", "--path", package, "--where", f"{hostile}=1")
    assert (error.code, "\x1b" in error.err) == (2, False)


LOCALES = [
    {"LC_ALL": "C", "LANG": "C"},
    {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
]


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: ",".join(f"{name}={value}" for name, value in locale.items()))
def test_chinese_titles_in_any_locale(package: Path, locale: dict[str, str]) -> None:
    for words in (["show", "sources", "--path", package], ["cite", "sources", "book", "--path", package]):
        done = spawn(*words, **locale)
        assert (done.returncode, done.stderr) == (0, "")
        assert "人名录" in done.stdout or r"\u4eba\u540d\u5f55" in done.stdout
    shown = spawn("show", "sources", "--path", package, "--format", "json", **locale)
    assert json.loads(shown.stdout)[0]["title"] == "人名录"
    assert "人名录" in spawn("show", "sources", "--path", package, "--format", "csv", **locale).stdout
    unknown = spawn("cite", "sources", "书", "--path", package, **locale)
    assert (unknown.returncode, unknown.stderr.count("\n")) == (2, 1)
    assert any(words in unknown.stderr for words in ("'书'", r"'\u4e66'", r"'\udce4\udcb9\udca6'", "what is not text in UTF-8"))


def test_characters_beyond_the_first_plane_are_json_in_ascii(make: Make) -> None:
    package = make({"t": ({"fields": [{"name": "id"}]}, "id\né😀𠀀\n")})
    done = spawn("show", "t", "--path", package, "--format", "json", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout) == [{"id": "é😀𠀀"}]


# Ctrl-C

STRIKE = """
import os, signal, sys, threading, time
main_thread, place = threading.main_thread().ident, sys.argv.pop(1)

def watch():
    while True:
        frame, codes = sys._current_frames().get(main_thread), []
        while frame is not None:
            codes.append(frame.f_code)
            frame = frame.f_back
        at_work = any(place in code.co_filename and code.co_name != "<module>" for code in codes)
        if at_work and any(code is main.__code__ for code in codes):
            os.kill(os.getpid(), signal.SIGINT)
            return
        time.sleep(0)

from aistatecraft.cli import main
sys.setswitchinterval(1e-5)
threading.Thread(target=watch, daemon=True).start()
main()
"""


@pytest.mark.parametrize("place", ["validation/table_check.py", "package/csv_reader.py", "pandera/backends", "pandera/api"])
def test_ctrl_c_during_validate(tmp_path: Path, place: str) -> None:
    """Struck while the main thread is at work in `place`, as a person would who has waited long enough."""
    schema: dict[str, Any] = {
        "fields": [{"name": "id", "type": "string", "constraints": {"pattern": "[a-z0-9]+"}}, {"name": "x", "type": "integer"}],
        "primaryKey": ["id"],
    }
    # pandera takes its turn where a rule is broken, as by a day that is still to come.
    schema["fields"].append({"name": "adopted", "type": "string", "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF-level0"})
    rows = "".join(f"p{number},{number},2999\n" for number in range(4000))
    # Types and rules are for packages of this name.
    package = write_package(tmp_path / "big", {"numbers": (schema, f"id,x,adopted\n{rows}")}, name="aistatecraft")
    words = [sys.executable, "-c", STRIKE, place, "validate", str(package)]
    done = subprocess.run(words, env=env(), capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "aistatecraft: interrupted; no file was partly written.\n",
    )


def test_ctrl_c_during_release_leaves_nothing(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    before = tree(tmp_path)
    words = [sys.executable, "-c", STRIKE, "package/writing.py", "release", "--path", str(project), "--out", str(tmp_path / "dist")]
    done = subprocess.run(words, env=env(), capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    if done.returncode:  # else it was done before the blow fell
        assert (done.returncode, tree(tmp_path)) == (1, before)


# Completion


def test_completion_script_for_bash() -> None:
    script = spawn(_AISTATECRAFT_COMPLETE="source_bash")
    assert (script.returncode, script.stderr) == (0, "")
    assert "complete -o default -F _aistatecraft_completion aistatecraft" in script.stdout
    assert "_AISTATECRAFT_COMPLETE=complete_bash" in script.stdout
    shown = spawn("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert (shown.returncode, shown.stdout.split()) == (0, script.stdout.split())
    checked = subprocess.run(["bash", "-n"], input=script.stdout, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("aistatecraft s", ["show", "sources", "site"]),
        ("aistatecraft show t --fo", ["--format"]),
        ("aistatecraft show t --format j", ["json"]),
    ],
)
def test_completion_completes(words: str, expected: list[str]) -> None:
    done = spawn(_AISTATECRAFT_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1))
    assert (done.returncode, done.stdout.split()) == (0, expected)
