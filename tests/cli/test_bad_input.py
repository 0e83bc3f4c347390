"""Bad input: one sentence that says what is wrong, an exit code, no traceback, and nothing written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aistatecraft.export.release import release
from tests.conftest import Install, Outcome, Run, edit, env, tree, write_project

GOOD = "id,name,born,score\nada,Ada,1815-12-10,107.5\nbo,Élan,1990,3\n"
CLEAN = [["id", "name", "born", "score"], ["ada", "Ada", "1815-12-10", "107.5"], ["bo", "Élan", "1990", "3"]]

DAMAGED: dict[str, tuple[bytes | None, str]] = {
    "semicolons": (GOOD.replace(",", ";").encode(), "delimiter"),
    "windows-1252": (GOOD.encode("cp1252"), "encoding"),
    "utf-16": (GOOD.encode("utf-16"), "not-csv"),
    "a nul": (GOOD.replace("Ada", "A\0da").encode(), "nul"),
    "row too short": (GOOD.replace(",107.5", "").encode(), "ragged-row"),
    "row too long": (GOOD.replace("107.5", "107,5").encode(), "ragged-row"),
    "column missing": (b"id,name,born\nada,Ada,1815-12-10\n", "missing-column"),
    "column too many": (b"id,name,born,score,note\nada,Ada,1815-12-10,107.5,x\n", "extra-column"),
    "column renamed": (GOOD.replace("score", "Score").encode(), "missing-column"),
    "no header": (GOOD.partition("\n")[2].encode(), "header"),
    "empty": (b"", "empty-file"),
    "missing": (None, "missing-file"),
    "a workbook": (b"PK\x03\x04" + b"\0" * 40, "not-csv"),
    "quote not closed": (GOOD.replace("Ada", '"Ada').encode(), "quoting"),
    "blank row": (GOOD.replace("bo,", "\nbo,").encode(), "blank-row"),
}
"""What cannot be read as the table, and the rule under which validation says so."""

UNREADABLE = {"utf-16", "no header", "empty", "missing", "a workbook"}
"""Nothing in the table can be judged: validation ends with 2."""

OTHER_COLUMNS = {"column missing", "column too many", "column renamed"}
"""Damage for validation, and a change of structure for diff."""

TOLERATED: dict[str, tuple[bytes, str]] = {
    "byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), "byte-order-mark"),
    "crlf": (GOOD.replace("\n", "\r\n").encode(), "line-ends"),
    "columns in another order": ("score,id,name,born\n107.5,ada,Ada,1815-12-10\n3,bo,Élan,1990\n".encode(), "column-order"),
    "last line without a line break": (GOOD.rstrip("\n").encode(), "last-line"),
}
"""What reads as the table it is, and is still not released as it stands."""


def put(project: Path, content: bytes | None) -> None:
    table = project / "data" / "people.csv"
    if content is None:
        table.unlink()
    else:
        table.write_bytes(content)


def one_sentence(done: Outcome, *codes: int) -> None:
    """The command ended with one of these codes, and with one sentence on standard error and nothing else."""
    assert done.code in codes, done
    assert re.fullmatch(r"aistatecraft: [^\n]{10,}([.?]|\[[a-z-]+\])\n", done.err), done.err
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert done.out == ""


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_table(run: Run, project: Path, tmp_path: Path, name: str) -> None:
    content, rule = DAMAGED[name]
    shutil.copytree(project, tmp_path / "good")
    put(project, content)
    before = tree(tmp_path)
    for words in (
        ["show", "people", "--path", project],
        ["show", "people", "--path", project, "--format", "json", "--where", "id=ada"],
        ["info", "--path", project],
        ["info", "--json", "--path", project],
        ["cite", "people", "ada", "--path", project],
    ):
        done = run(*words)
        one_sentence(done, 1, 2)
        assert "data/people.csv" in done.err, done
    for words in (["diff", tmp_path / "good", project], ["diff", project, tmp_path / "good", "--format", "json"]):
        done = run(*words)
        if name in OTHER_COLUMNS:
            assert (done.code, done.err) == (0, "")
        else:
            one_sentence(done._replace(out=""), 1, 2)
            assert "data/people.csv" in done.out + done.err, done
            assert ("NEW" if words[1] != project else "old") in (done.out + done.err).replace("OLD", "old")
    done = run("release", "--path", project, "--out", tmp_path / "dist")
    one_sentence(done, 1)
    assert "validation finds" in done.err
    found = run("validate", project)
    assert (found.code, found.err) == (2 if name in UNREADABLE else 1, "")
    assert f"[{rule}]" in found.out
    assert run("codebook", "people", "--path", project).code == 0
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", TOLERATED)
def test_table_that_only_looks_otherwise(run: Run, project: Path, tmp_path: Path, name: str) -> None:
    content, rule = TOLERATED[name]
    put(project, GOOD.encode())
    shutil.copytree(project, tmp_path / "good")
    put(project, content)
    before = tree(tmp_path)
    assert run("show", "people", "--path", project, "--format", "csv") == (0, GOOD, "")
    assert run("diff", tmp_path / "good", project) == (0, "no changes\n", "")
    assert run("info", "--path", project).code == 0
    one_sentence(run("release", "--path", project, "--out", tmp_path / "dist"), 1)
    found = run("validate", project)
    assert (found.code, found.err) == (1, "")
    assert f"[{rule}]" in found.out
    assert tree(tmp_path) == before


# The descriptor

DESCRIPTORS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "not json": (b'{"name": "people", resources: []}', r"datapackage.json:1:20: this is not JSON"),
    "not utf-8": (b'{"name": "caf\xe9"}', "byte 14 is not UTF-8"),
    "a list": (b"[]", "a data package needs a list of resources"),
    "no resources": (b'{"name": "people"}', "a data package needs a list of resources"),
    "half of a character": (b'{"name": "\\ud800", "resources": 1}', "half a surrogate pair"),
    "resources of no use": (b'{"resources": [1]}', "a resource must be an object"),
    "nested too deeply": (b"[" * 100_000, "nested too deeply"),
}


def reading_commands(run: Run, project: Path) -> list[Outcome]:
    path = ["--path", project]
    return [
        run("info", *path),
        run("show", "people", "--format", "json", *path),
        run("codebook", *path),
        run("cite", *path),
        run("validate", project),
    ]


def every_command(run: Run, project: Path, tmp_path: Path) -> list[Outcome]:
    return [
        *reading_commands(run, project),
        run("sources", "people", "ada", "--path", project),
        run("validate", project, "--fast", "--format", "json"),
        run("release", "--path", project, "--out", tmp_path / "dist"),
    ]


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_descriptor(run: Run, project: Path, tmp_path: Path, name: str) -> None:
    content, words = DESCRIPTORS[name]
    (project / "datapackage.json").write_bytes(content)
    before = tree(tmp_path)
    for done in every_command(run, project, tmp_path):
        one_sentence(done, 2)
        assert re.search(words, done.err), done.err
    compared = run("diff", project, project, "--format", "json")
    if name == "resources of no use":
        assert json.loads(compared.out)["hints"] == ["resource 1: it is not described, so it is not compared."]
    else:
        one_sentence(compared, 2)
        assert re.search(words, compared.err), compared.err
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("property", "value", "words"),
    [
        ("schema", "schemas/nobody.json", r"its schema schemas/nobody\.json is missing"),
        ("schema", None, "it has no schema"),
        ("schema", "../outside.json", "points outside the package"),
        ("schema", "https://example.org/people.json", "is an address"),
        ("path", "../outside.csv", r"'\.\./outside\.csv' points outside the package"),
        ("path", "/etc/passwd", "points outside the package"),
        ("path", "data/../../outside.csv", "points outside the package"),
        ("path", "C:\\people.csv", "points outside the package"),
        ("path", "https://example.org/people.csv", "is an address"),
        ("path", ["data/people.csv", "data/more.csv"], "its path must name one file"),
        ("encoding", "cp1252", "the encoding 'cp1252' is not supported"),
        ("dialect", {"header": False}, "header"),
    ],
)
def test_resource(run: Run, project: Path, tmp_path: Path, property: str, value: Any, words: str) -> None:
    (tmp_path / "outside.csv").write_text(GOOD)
    (tmp_path / "outside.json").write_text("{}")
    descriptor = json.loads((project / "datapackage.json").read_text())
    resource = descriptor["resources"][0]
    resource[property] = value
    if value is None:
        del resource[property]
    (project / "datapackage.json").write_text(json.dumps(descriptor))
    before = tree(tmp_path)
    for done in every_command(run, project, tmp_path):
        one_sentence(done, 2)
        assert re.search(words, done.err), done.err
    compared = run("diff", project, project)  # what cannot be validated can be compared as text, or is left out
    assert compared.out.startswith(("no changes\n", "! OLD data/more.csv: the file is missing")), compared
    assert tree(tmp_path) == before


def test_links_that_lead_outside(run: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(GOOD)
    (project / "data" / "people.csv").unlink()
    (project / "data" / "people.csv").symlink_to(tmp_path / "secret.csv")
    done = run("show", "people", "--path", project)
    one_sentence(done, 2)
    assert "this link leads outside the package" in done.err


# Words of the command


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "peple"], "'peple' is not a table of this package; did you mean people"),
        (["codebook", "peple"], "'peple' is not a table of this package"),
        (["sources", "peple", "ada"], "'peple' is not a table of this package"),
        (["cite", "peple", "ada"], "'peple' is not a table of this package"),
        (["cite", "people", "adda"], "people has no record 'adda'; did you mean ada"),
        (["sources", "people", "adda"], "people has no record 'adda'"),
        (["show", "people", "--where", "nam=Ada"], "people has no field 'nam'; did you mean name"),
        (["show", "people", "--where", "name"], "'name' is not a condition; write field=value"),
        (["show", "people", "--where", ""], "'' is not a condition"),
        (["show", "people", "--where", "=Ada"], "'=Ada' is not a condition"),
        (["show", "people", "--where", "score>many"], "'many' is not a number"),
        (["show", "people", "--where", "name>A"], "name is .* but > is for numbers and dates"),
        (["show", "people", "--fields", "id,nam"], "people has no field 'nam'; did you mean name"),
        (["show", "people", "--version", "9.9.9"], r"version '9\.9\.9' was never released or is not in .*/"),
        (["cite", "--version", "9.9.9"], r"version '9\.9\.9' was never released or is not in .*/"),
        (["release", "1.0"], "'1.0' is not a version number of the form 1.2.3"),
        (["release", "--date", "tomorrow"], "'tomorrow' is not a day written as YYYY-MM-DD"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_words(run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    before = tree(tmp_path)
    done = run(*words, "--path", project)
    one_sentence(done, 2)
    assert re.search(said, done.err), done.err
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["show"],
        ["show", "people", "--format", "xml"],
        ["show", "people", "--limit", "-1"],
        ["show", "people", "--limit", "few"],
        ["show", "people", "--nope"],
        ["info", "extra"],
        ["cite", "--style", "vancouver"],
        ["validate", "--format", "xml"],
        ["diff"],
        ["diff", "a", "b", "--format", "xml"],
        ["sources", "people"],
    ],
    ids=" ".join,
)
def test_wrong_use_of_the_command_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert (done.code, done.out, tree(tmp_path)) == (2, "", {})
    assert done.err.startswith("Usage: aistatecraft")
    assert re.search(r"\nError: .+\n$", done.err)
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "words", [["diff", "9.9.9"], ["show", "people", "--version", "9.9.9"], ["cite", "--version", "0.2.0"]], ids=" ".join
)
def test_unknown_version(run: Run, project: Path, tmp_path: Path, install: Install, words: list[str]) -> None:
    install(project)
    done = run(*words)
    one_sentence(done, 2)
    assert "was never released or is not in this installation" in done.err
    release(path=project, out=tmp_path / "dist")
    assert "0.1.0" in run(*words).err


@pytest.mark.parametrize(
    "place", ["nowhere", "nowhere.zip", "nowhere/datapackage.json", "folder", "text.zip", "cut.zip", "people.md", "x" * 300]
)
def test_path_that_is_no_package(run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.zip").write_text("no archive")
    (tmp_path / "people.md").write_text(GOOD)
    archive = release(path=project, out=tmp_path / "dist").archive.read_bytes()
    (tmp_path / "cut.zip").write_bytes(archive[: len(archive) // 2])
    before = tree(tmp_path)
    for done in every_command(run, Path(place), tmp_path):
        one_sentence(done, 2)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["../evil.csv", "/evil.csv", "data/people.csv"])
def test_archive_with_an_entry_that_leads_outside_or_stands_twice(run: Run, project: Path, tmp_path: Path, name: str) -> None:
    archive = release(path=project, out=tmp_path / "dist").archive
    with warnings.catch_warnings(), zipfile.ZipFile(archive, "a") as out:
        warnings.simplefilter("ignore")  # zipfile warns of a name that stands there twice
        out.writestr(name, GOOD)
    before = tree(tmp_path)
    done = run("show", "people", "--path", archive)
    one_sentence(done, 2)
    assert tree(tmp_path) == before


# Whatever the bytes

NOISE = st.sampled_from(
    [b"", b"\0", b"\xff", b'"', b"\n", b"\r", b",", b";", b"\xef\xbb\xbf", b"\xe4\xb8", b"\x1b[31m", b"\xe2\x80\xae", b"ada,", b"1e999"]
)
EDITS = st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 3), NOISE), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_any_damage_to_a_table_ends_in_a_sentence(run: Run, edits: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(GOOD.encode())
    for at, length, noise in edits:
        data[at : at + length] = noise
    folder = Path(tempfile.mkdtemp())
    try:
        good, bad = write_project(folder / "good", GOOD), write_project(folder / "bad", GOOD)
        put(bad, bytes(data))
        before = tree(folder)
        fine = run("validate", bad)
        assert fine.code in (0, 1, 2)
        assert fine.err == ""
        for words in (
            ["show", "people", "--path", bad, "--format", "json"],
            ["info", "--path", bad],
            ["diff", good, bad],
            ["cite", "people", "ada", "--path", bad],
        ):
            done = run(*words)
            if done.code:
                one_sentence(done._replace(out="") if words[0] == "diff" else done, 1, 2)
            else:
                assert not done.err or re.fullmatch("ada was read as .*\n", done.err)  # the name is still that of one record
            # What validation lets pass can be used.
            assert not done.code or fine.code or words[0] == "cite"
        assert tree(folder) == before
    finally:
        shutil.rmtree(folder)


JUNK = st.sampled_from([None, True, 0, -1.5, "", "x", "../x", "\0", [], [1], {}, {"a": 1}, ["a", "a"], "not applicable"])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to every part of a JSON value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, part in parts for place in places(part, (*path, name)))]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_to_descriptor_or_schema_ends_in_a_sentence(run: Run, data: st.DataObject) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        project = write_project(folder / "project", GOOD)
        file = data.draw(st.sampled_from([project / "datapackage.json", project / "schemas" / "people.json"]))
        content = {"content": json.loads(file.read_text())}
        *path, last = data.draw(st.sampled_from(places(content)[1:]))
        target: Any = content
        for step in path:
            target = target[step]
        target[last] = data.draw(JUNK)
        file.write_text(json.dumps(content["content"]))
        before = tree(folder)
        for done in reading_commands(run, project):
            assert done.code in (0, 1, 2)
            if done.err:
                one_sentence(done, 1, 2)
        assert tree(folder) == before
    finally:
        shutil.rmtree(folder)


def test_a_process_of_its_own_says_the_same(project: Path) -> None:
    """As the shell sees it, not only from within."""
    edit(project / "data" / "people.csv", "107.5", "many")
    words = [sys.executable, "-m", "aistatecraft", "show", "people", "--path", str(project), "--format", "json"]
    done = subprocess.run(words, env=env(), capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("aistatecraft: ")


@pytest.mark.parametrize("error", ["OSError", "AttributeError", "ImportError"])
def test_a_library_that_breaks_another(tmp_path: Path, error: str) -> None:
    """pandas imports pyarrow where it is installed, and lets through all that is no ImportError."""
    (tmp_path / "pyarrow").mkdir()
    (tmp_path / "pyarrow" / "__init__.py").write_text(f"raise {error}('broken build')")
    code = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nsys.argv = ['aistatecraft', 'cite', '--help']\nfrom aistatecraft.cli import app\napp.made = lambda names: lambda prog_name: __import__('pandas')\napp.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env(), check=False)
    said = f"aistatecraft: the library pyarrow is installed but cannot be imported ({error}: broken build); install it again: pip install --force-reinstall 'aistatecraft[arrow]'.\n"
    assert (done.returncode, done.stderr) == ((0, "") if error == "ImportError" else (2, said))
