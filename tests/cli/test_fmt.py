"""`aistatecraft fmt`: what it writes, what it says, and what it leaves alone."""

from __future__ import annotations

import random
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Run, tree

SCHEMA: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "name", "type": "string"}],
    "primaryKey": ["id"],
}
GOOD = "id,name\na,Ada\nb,Bo\n"
BAD = "\ufeffid,name\r\nb,Bo \r\na,Ada\r\n"


@pytest.fixture
def package(make: Make) -> Path:
    return make({"one": (SCHEMA, BAD), "two": (SCHEMA, GOOD)}, own=True)


SAID = "data/one.csv: 1 byte order mark, 3 lines that did not end with LF, 1 row out of order, 1 cell with white space at its ends\n"


WHERE = ", in {}/ (0.1.0, 2 tables)"


def test_files_are_fixed_and_it_is_said_how(run: Run, package: Path) -> None:
    assert run("fmt", package) == (0, SAID + "1 file rewritten, 1 already in canonical form" + WHERE.format(package) + "\n", "")
    assert (package / "data/one.csv").read_bytes() == (package / "data/two.csv").read_bytes() == GOOD.encode()
    assert run("fmt", package) == (0, "0 files rewritten, 2 already in canonical form" + WHERE.format(package) + "\n", "")
    assert run("fmt", package, "--check") == (
        0,
        "0 files would be rewritten, 2 already in canonical form" + WHERE.format(package) + "\n",
        "",
    )


def test_package_of_the_current_directory_is_the_default(run: Run, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(package)
    assert run("fmt").code == 0
    assert (package / "data/one.csv").read_text() == GOOD


def test_check_writes_nothing(run: Run, package: Path) -> None:
    before = tree(package)
    assert run("fmt", package, "--check") == (
        1,
        SAID + "1 file would be rewritten, 1 already in canonical form" + WHERE.format(package) + "\n",
        "",
    )
    assert tree(package) == before


def test_diff_writes_nothing_and_shows_what_cannot_be_seen(run: Run, package: Path) -> None:
    before = tree(package)
    done = run("fmt", package, "--diff")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines() == [
        "--- data/one.csv",
        "+++ data/one.csv (canonical)",
        "@@ -1,3 +1,3 @@",
        "-\\ufeffid,name\\u000d",
        "-b,Bo \\u000d",
        "-a,Ada\\u000d",
        "+id,name",
        "+a,Ada",
        "+b,Bo",
        "1 file would be rewritten, 1 already in canonical form" + WHERE.format(package),
    ]
    assert tree(package) == before


def test_diff_is_safe_on_a_terminal(run: Run, make: Make) -> None:
    package = make({"one": (SCHEMA, "id,name\nb,\x1b[31mred\x1b]8;;https://evil.test\x07\na,x\n")})
    done = run("fmt", package, "--diff")
    assert done.code == 1
    assert "\x1b" not in done.out
    assert " b,\\u001b[31mred" in done.out


def test_diff_of_a_file_without_a_last_line_break(run: Run, make: Make) -> None:
    done = run("fmt", make({"one": (SCHEMA, GOOD[:-1])}), "--diff")
    assert done.out.splitlines()[2:6] == ["@@ -2,2 +2,2 @@", " a,Ada", "-b,Bo (no line break at the end)", "+b,Bo"]


def test_one_file_that_is_not_safe_keeps_all_from_being_written(run: Run, make: Make) -> None:
    package = make({"one": (SCHEMA, BAD), "two": (SCHEMA, "id,name\na,Ada,more\n")})
    before = tree(package)
    done = run("fmt", package)
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "aistatecraft: data/two.csv:2: the row has 3 cells, the header has 2, so a cell could be lost and nothing was written; "
        "quote a cell that contains a comma, or delete the extra cells.\n"
    )
    assert tree(package) == before


def test_archives_and_missing_files_are_refused(run: Run, package: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name, data in tree(package).items():
            archive.writestr(name, data)
    done = run("fmt", tmp_path / "p.zip")
    assert (done.code, done.out) == (2, "")
    assert "an archive is never rewritten; give the directory of the package." in done.err
    (package / "data/two.csv").unlink()
    done = run("fmt", package)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("aistatecraft: data/two.csv: the file is missing")
    assert (package / "data/one.csv").read_bytes() == BAD.encode()


def test_file_changed_meanwhile_is_not_overwritten(package: Path) -> None:
    from aistatecraft.errors import RefusedError
    from aistatecraft.fixing import fix_package, open_to_write, write

    with open_to_write(package) as (opened, change):
        tables = fix_package(opened)
        (package / "data/one.csv").write_text("id,name\nc,Cy\n")
        with pytest.raises(RefusedError, match=r"data/one\.csv: the file was changed in the meantime, so nothing was written"):
            write(opened, tables, change)
    assert (package / "data/one.csv").read_text() == "id,name\nc,Cy\n"


def test_file_behind_a_link_is_fixed_and_the_link_stays(run: Run, package: Path) -> None:
    (package / "data/one.csv").rename(package / "data/real.csv")
    (package / "data/one.csv").symlink_to("real.csv")
    assert run("fmt", package).code == 0
    assert (package / "data/one.csv").is_symlink()
    assert (package / "data/real.csv").read_text() == GOOD


@pytest.mark.real
def test_real_tables_are_in_canonical_form(run: Run, root: Path) -> None:
    done = run("fmt", root, "--check")
    assert (done.code, done.err) == (0, "")
    tables = len(list((root / "data").glob("*.csv")))
    assert done.out.startswith(f"0 files would be rewritten, {tables} already in canonical form, in {root}/ (")


@pytest.mark.parametrize("seed", range(3))
def test_real_tables_come_back_from_harmless_damage(run: Run, copy: Path, root: Path, seed: int) -> None:
    dice = random.Random(seed)
    for path in sorted((copy / "data").glob("*.csv")):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        dice.shuffle(rows)
        text = "\n".join([header, *rows]) + dice.choice(["", "\n", "\n\n"])
        text = unicodedata.normalize(dice.choice(["NFC", "NFD"]), text)
        path.write_bytes((dice.choice(["", "\ufeff"]) + text.replace("\n", dice.choice(["\n", "\r\n", "\r"]))).encode())
    assert run("fmt", copy).code == 0
    assert tree(copy / "data") == tree(root / "data")
