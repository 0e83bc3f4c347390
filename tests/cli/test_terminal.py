"""What reaches a terminal: text, and nothing that it obeys or that is not seen, whatever a package holds."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.citations.styles import Style
from aistatecraft.cli.app import COMMANDS, main
from aistatecraft.cli.output import TableFormat, Terminal, guarded, progress
from aistatecraft.comparison.reporters import ChangeFormat as DiffFormat
from aistatecraft.package.escape import escape_terminal, printable
from aistatecraft.validation.reporters import ReportFormat
from tests.conftest import Run, env, write_package

OBEYED = "\x1b[5mdata\x1b]0;owned\x07\x9b31m\x85\u202e\u2066\u200f\u061c\u200b\u00ad\ufeff\U000e0041\x7f"
NASTY = OBEYED + "[/red] [b]x [link=https://e.org]y @all <b>z</b> ![i](https://e.org/i.png) ::error::w"
SEEN = "波 e\u0301 می\u200cخواهم क्\u200dष 👨\u200d👩\u200d👧 ❤\ufe0f 葛\U000e0100"
"""Text that is spelled with invisible characters, and stays as it is."""

Session = Callable[..., str]


@pytest.fixture
def at_terminal(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A function that runs the command line with a terminal as output and error output; gives what the terminal got."""

    class Tty(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    def call(*words: object) -> str:
        got = io.BytesIO()
        tty = Tty(got, encoding="utf-8", errors="surrogateescape", write_through=True)
        monkeypatch.setattr(sys, "argv", ["aistatecraft", *map(str, words)])
        monkeypatch.setattr(sys, "stdout", tty)
        monkeypatch.setattr(sys, "stderr", tty)
        with pytest.raises(SystemExit):
            main()
        return got.getvalue().decode("utf-8", "surrogateescape")

    monkeypatch.setenv("TERM", "xterm-256color")
    return call


def obeyed(got: str) -> list[str]:
    """What a terminal would obey, other than our own colours, or would not show."""
    own = re.sub(r"\x1b\[(?!5m)[0-9;]*m", "", got)
    return re.findall(
        "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e00ff]",
        own,
    )


def hostile(folder: Path, n: object = 1, **words: Any) -> Path:
    """A package that says NASTY in every place where it may say anything; `n` is a number in it."""
    field = {"type": "string", "title": NASTY, "description": NASTY}
    schema = {
        "title": NASTY,
        "description": NASTY,
        "aistatecraft:evidence": "required",
        "fields": [
            {**field, "name": "id", "example": NASTY, "constraints": {"required": True}},
            {**field, "name": f"f {NASTY}"},
            {**field, "name": "kind", "categories": [{"value": NASTY, "label": NASTY}]},
            {**field, "name": "name_en"},
            {"name": "n", "type": "integer"},
        ],
        "primaryKey": ["id"],
    }
    sources = {
        "fields": [
            {"name": name, "type": "string"} for name in ("id", "kind", "title", "publisher", "published", "url", "doi", "accessed")
        ],
        "primaryKey": ["id"],
    }
    fields = ("record_table", "record_id", "field", "source", "locator", "stated", "quote", "stance")
    evidence = {
        "fields": [{"name": name, "type": "string"} for name in fields],
        "primaryKey": ["record_table", "record_id", "source", "stance"],
    }
    return write_package(
        folder,
        {
            "t": (schema, table(("id", f"f {NASTY}", "kind", "name_en", "n"), (f"a{NASTY}", NASTY, NASTY, NASTY, n), ("b", NASTY, "", NASTY, n))),
            "sources": (sources, table(("id", "kind", "title", "publisher", "published", "url", "doi", "accessed"), (NASTY, NASTY, NASTY, NASTY, NASTY, NASTY, NASTY, NASTY))),
            "evidence": (evidence, table(fields, *(("t", f"a{NASTY}", "name_en", NASTY, NASTY, NASTY, NASTY, each) for each in ("supports", "disputes")))),
        },
        title=NASTY,
        description=NASTY,
        contributors=[{"title": NASTY}],
        licenses=[{"name": NASTY, "title": NASTY}],
        sources=[{"title": NASTY}],
        **words,
    )  # fmt: skip


def table(*rows: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def calls(old: Path, new: Path, broken: Path, clean: Path, out: Path) -> list[list[object]]:
    """Every command that looks at packages, in each of its forms."""
    forms = [["--format", form] for form in TableFormat]
    at, key = ["--path", old], f"a{NASTY}"
    return [
        ["info", *at], ["info", "--json", *at], ["explain"], ["explain", "key"], ["explain", NASTY], ["show", NASTY, *at], ["cite", NASTY, *at], ["show", "t", "--where", f"{NASTY}=1", *at],
        ["fmt", old, "--check"], ["fmt", old, "--diff"], ["validate", old, "--changed", NASTY], ["validate", old / NASTY],
        ["fmt", clean], ["new", "t", "--path", clean, "--dry-run", "--set", f"id={NASTY}", "--source", NASTY, "--locator", NASTY],
        ["new", "t", "--path", clean, "--dry-run", "--set", f"n={NASTY}", "--source", NASTY, "--locator", "p. 1"],
        ["new", "t", "--path", clean, "--dry-run", "--set", "id=new", "--set", f"name_en={NASTY}", "--source", "b", "--locator", "p. 1"],
        ["diff", old, new, "--bump"], ["diff", old, new, "--out", out / "x.html", "--format", "html"], ["diff", old, new, "--all"], ["diff", old, broken],
        ["verify", old], ["release", "1.0.0", *at, "--out", out], ["release", "1.0.0", "--path", broken, "--out", out], ["history", "t", key, *at],
        ["view", "timeline", *at], ["view", NASTY, *at], ["versions", "--releases", out / NASTY], [NASTY], ["show", f"--{NASTY}"],
        ["ask", "in-force", *at], ["ask", "status", NASTY, *at], ["ask", "members", NASTY, *at], ["ask", NASTY, *at], ["chart", *at], ["chart", NASTY, *at], ["chart", "overlap", NASTY, *at], ["panel", *at], ["acts", *at], ["acts", "--actor", NASTY, *at],
        ["identify", old / NASTY, "--column", "id", *at], ["identify", old / "data/t.csv", "--column", NASTY, "--path", "installed"],
        *(["identify", old / "data/t.csv", "--column", "name_en", "--path", "installed", *form] for form in forms),
        *(["show", "t", *at, *form] for form in forms), *(["find", "data", *at, *form] for form in forms), *(["codebook", *at, *form] for form in forms),
        *(["codebook", "t", *at, *form] for form in forms), *(["sources", "t", key, *at, *form] for form in forms), *(["disputes", *at, *form] for form in forms),
        *(["cite", "--style", style, *at] for style in Style), *(["cite", "t", key, "--sources", "--style", style, *at] for style in Style),
        *(["cite", "sources", NASTY, "--style", style, *at] for style in Style), *(["validate", broken, "--format", form] for form in ReportFormat),
        *(["diff", old, new, "--format", form] for form in DiffFormat), ["site", *at, "--out", out / "site", "--version", NASTY], ["site", *at, "--out", out / f"{NASTY}"],
    ]  # fmt: skip


def test_no_command_sends_what_a_terminal_obeys(at_terminal: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    old, new = hostile(tmp_path / "old"), hostile(tmp_path / "new", n=2, version="0.2.0")
    broken, clean = hostile(tmp_path / "broken", n=NASTY), hostile(tmp_path / "clean")
    ran = set()
    for words in calls(old, new, broken, clean, tmp_path / "out"):
        got = at_terminal(*words)
        ran.add(words[0])
        assert got and "Traceback" not in got, words
        assert obeyed(got) == [], words
    assert ran >= set(COMMANDS)


@pytest.mark.parametrize(
    "descriptor",
    [
        {"name": NASTY, "resources": [{"name": NASTY, "path": f"{NASTY}.csv", "schema": {"fields": [{"name": "id"}]}}]},
        {"name": NASTY, "resources": [{"name": "t", "path": f"../{NASTY}.csv", "schema": f"{NASTY}.json"}]},
        {"name": NASTY, "version": NASTY, "resources": [{"name": "t", "path": "t.csv", "encoding": NASTY, "schema": {"fields": [{"name": "id", "type": NASTY}]}}]},
        {"name": NASTY, "profile": NASTY, "resources": {NASTY: NASTY}, NASTY: NASTY},
    ],
)  # fmt: skip
def test_no_error_sends_what_a_terminal_obeys(at_terminal: Session, tmp_path: Path, descriptor: dict[str, Any]) -> None:
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (tmp_path / "t.csv").write_text(f"{OBEYED}\nx\n", encoding="utf-8")
    for words in (
        ["info", "--path"],
        ["show", "t", "--path"],
        ["codebook", "--path"],
        ["cite", "--path"],
        ["validate"],
        ["validate", "--format", "github"],
    ):
        got = at_terminal(*words, tmp_path)
        assert got and "Traceback" not in got, words
        assert obeyed(got) == [], words


@pytest.mark.parametrize("name", ["[/red]", "[/i]", "[link=x]", "[bold]"])
def test_markup_is_text(at_terminal: Session, tmp_path: Path, name: str) -> None:
    package = write_package(tmp_path / "p", {"t": ({"fields": [{"name": "id"}, {"name": name}]}, f"id,{name}\na,{name}x\n")})
    got = re.sub("\x1b\\[[0-9;]*m", "", at_terminal("show", "t", "--path", package))
    assert [line.split() for line in got.splitlines() if line.strip(" ─")][:2] == [["id", name], ["a", f"{name}x"]]


def test_a_file_or_pipe_gets_the_data(run: Run, tmp_path: Path) -> None:
    package = hostile(tmp_path / "p")
    got = list(csv.DictReader(io.StringIO(run("show", "t", "--path", package, "--format", "csv").out)))
    assert got[0] == {"id": f"a{NASTY}", f"f {NASTY}": NASTY, "kind": NASTY, "name_en": NASTY, "n": "1"}
    (first, _) = json.loads(run("show", "t", "--path", package, "--format", "json").out)
    assert first["name_en"] == NASTY
    assert json.loads(run("cite", "--style", "csl-json", "--path", package).out)[0]["title"] == NASTY


def test_json_on_a_terminal_is_still_json(at_terminal: Session, tmp_path: Path) -> None:
    (first, _) = json.loads(at_terminal("show", "t", "--path", hostile(tmp_path / "p"), "--format", "json"))
    assert first["name_en"] == NASTY


@pytest.mark.parametrize(
    "text", [SEEN, "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "1\ufe0f\u20e3", "🏳\ufe0f\u200d🌈", "Zoë – “ñ” 中文"]
)
def test_text_stays_as_it_is_spelled(text: str) -> None:
    assert (printable(text), escape_terminal(text)) == (text, text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pass\u200dword", "pass\\u200dword"),
        ("中\u200c文", "中\\u200c文"),
        ("A\ufe0f", "A\\ufe0f"),
        ("❤\ufe0f\ufe0e\ufe01", "❤\ufe0f\\ufe0e\\ufe01"),
        ("x\U000e0041\U000e0042", "x\\udb40\\udc41\\udb40\\udc42"),
        ("🏴\U000e0041", "🏴\\udb40\\udc41"),
        ("a\u3164b\u2062c", "a\\u3164b\\u2062c"),
        ("\u202ecod.exe", "\\u202ecod.exe"),
        ("\udc9b", "\\udc9b"),
    ],
)
def test_what_is_not_seen_is_written_out(text: str, shown: str) -> None:
    assert (printable(text), escape_terminal(text)) == (shown, shown)


def test_lines_and_own_colours_stay() -> None:
    assert escape_terminal("a\tb\r\nc\rd\n\x1b[1mx\x1b[0m") == "a\tb\r\nc\\u000dd\n\\u001b[1mx\\u001b[0m"
    assert escape_terminal("\x1b[1;31mx\x1b[0m\x1b[2Jy\x1b]0;z\x07", styled=True) == "\x1b[1;31mx\x1b[0m\\u001b[2Jy\\u001b]0;z\\u0007"


def test_whatever_writes_to_a_terminal_goes_through_it(tmp_path: Path) -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    file, tty = io.StringIO(), Tty()
    assert guarded(file) is file
    stream = guarded(tty)
    assert isinstance(stream, Terminal) and guarded(stream) is stream and not hasattr(stream, "buffer")
    print(NASTY, file=stream)
    assert obeyed(tty.getvalue()) == []


def test_progress_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    tty = Tty()
    monkeypatch.setattr(sys, "stderr", guarded(tty))
    monkeypatch.setattr("aistatecraft.cli.output.time.monotonic", iter(range(0, 100, 5)).__next__)
    monkeypatch.setenv("COLUMNS", "400")
    with progress() as tell:
        tell(NASTY, 1, 3)
        tell("[/red]", 2, 3)
    own = re.sub("\x1b\\[[0-9;?]*[A-Za-ln-z]", "", tty.getvalue()).replace("\r", "")
    assert obeyed(own) == [] and "\\u001b[5mdata" in own and "[/red]" in own


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("locale", ["C.UTF-8", "POSIX"])
def test_at_a_real_terminal(tmp_path: Path, locale: str) -> None:
    package = hostile(tmp_path / "p")
    ours, theirs = os.openpty()
    words = [
        sys.executable,
        "-c",
        "import sys, warnings\nfrom aistatecraft.cli import main\ntry:\n    main()\nfinally:\n    warnings.warn(chr(27) + '[5mdata')",
    ]
    settings = {**env(), "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.Popen([*words, "info", "--path", str(package)], stdin=theirs, stdout=theirs, stderr=theirs, env=settings)
    os.close(theirs)
    got = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while part := os.read(ours, 65_536):
            got += part
    os.close(ours)
    assert done.wait(60) == 0
    shown = got.decode("utf-8").replace("\r\n", "\n")
    assert obeyed(shown) == []
    assert shown.startswith("\\u001b[5mdata\\u001b]0;owned\\u0007") and "UserWarning: \\u001b[5mdata" in shown
