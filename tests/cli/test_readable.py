"""What a person reads at a terminal: tables that fit, blocks where they do not, the pager, names for identifiers, completion."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aistatecraft import diff, history
from aistatecraft.cli import pager
from aistatecraft.cli.app import main
from aistatecraft.cli.layout import laid_out
from aistatecraft.cli.options import complete_record, complete_rule, complete_table, complete_view
from aistatecraft.cli.output import Terminal, guarded
from aistatecraft.package.escape import Rows
from aistatecraft.package.query import default_fields
from aistatecraft.package.schema import compile_schema
from aistatecraft.releases.catalog import Version
from tests.conftest import Make, Run

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF-level0"
TEXT: dict[str, Any] = {"type": "string"}
ACTORS: dict[str, Any] = {
    "fields": [{**TEXT, "name": name} for name in ("id", "name_en", "name_zh", "name_pt", "acronym", "iso2")],
    "primaryKey": ["id"],
}
PLANS: dict[str, Any] = {
    "fields": [
        {**TEXT, "name": "id"},
        {**TEXT, "name": "jurisdiction", "constraints": {"required": True}},
        {**TEXT, "name": "title_en", "constraints": {"required": True}},
        {**TEXT, "name": "title_zh"},
        {**TEXT, "name": "kind", "categories": ["plan", "law"]},
        {**TEXT, "name": "adopted", "rdfType": EDTF},
        {**TEXT, "name": "summary"},
        {**TEXT, "name": "note"},
    ],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["jurisdiction"], "reference": {"resource": "actors", "fields": ["id"]}}],
}
LAWS: dict[str, Any] = {
    "fields": [{**TEXT, "name": "actor"}, {"name": "year", "type": "integer"}],
    "primaryKey": ["actor", "year"],
    "foreignKeys": [{"fields": ["actor"], "reference": {"resource": "actors", "fields": ["id"]}}],
}
PEOPLE = """\
id,name_en,name_zh,name_pt,acronym,iso2
BRA,Brazil,巴西,Brasil,,BR
PRY,Paraguay,巴拉圭,Paraguai,,PY
PRK,North Korea,朝鲜,Coreia do Norte,,KP
CAN,Canada,加拿大,Canadá,,CA
ANDEAN,Andean Community,,,CAN-A,
A1,Same Name,,,,
A2,Same name,,,,
"""


@pytest.fixture
def package(make: Make) -> Path:
    """Three tables, of which two refer to the first."""
    long = "A sentence that goes on and on, as summaries do. " * 6
    return make(
        {
            "actors": (ACTORS, PEOPLE),
            "plans": (
                PLANS,
                f"id,jurisdiction,title_en,title_zh,kind,adopted,summary,note\nbra-plan-2021,BRA,Plan of Brazil,巴西计划,plan,2021,{long!r},\nprk-plan,PRK,A plan,,law,,,x\n".replace(
                    "'", '"'
                ),
            ),
            "laws": (LAWS, "actor,year\nBRA,2020\nPRY,2021\n"),
        }
    )


Session = Callable[..., str]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A function that gives what a terminal of some width shows for a command."""

    class Tty(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    def call(width: int, *words: object) -> str:
        out, err = Tty(), io.StringIO()
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr(sys, "argv", ["aistatecraft", *map(str, words)])
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit):
            main()
        return re.sub("\x1b\\[[0-9;]*m", "", out.getvalue())

    return call


def shown(monkeypatch: pytest.MonkeyPatch, width: int, names: list[str], rows: list[list[str]]) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("aistatecraft.cli.layout.at_terminal", lambda: True)
    return re.sub("\x1b\\[[0-9;]*m", "", laid_out(names, rows))


# Layout


def test_a_table_that_fits_is_a_table_without_blank_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, 80, ["id", "note", "name"], [["a", "", "中国"], ["bb", "", "x"]]) == "id  name\n────────\na   中国\nbb  x\n"


def test_no_cell_is_narrower_than_twelve_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"identifier-{at}", "word " * 20, "中文" * 15, "x"] for at in range(3)]
    for width in (40, 60, 80, 120):
        text = shown(monkeypatch, width, ["id", "meaning", "chinese", "n"], rows)
        if text.startswith("id"):
            rule = text.splitlines()[1]
            assert len(rule) <= width and "identifier-2" in text
        else:
            assert text.startswith("identifier-0\n  meaning: word") and width < 80


def test_where_the_columns_do_not_fit_records_are_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"column_{at}" for at in range(9)]
    assert shown(monkeypatch, 40, names, [[f"{at}-long-value-{row}" if at != 4 or row else "" for at in range(9)] for row in range(2)]) == (
        "0-long-value-0\n" + "".join(f"  column_{at}: {at}-long-value-0\n" for at in (1, 2, 3, 5, 6, 7, 8)) + "\n"
        "0-long-value-1\n" + "".join(f"  column_{at}: {at}-long-value-1\n" for at in range(1, 9))
    )


def test_blocks_under_one_heading_say_once_what_they_share(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["source", "adopted", "supports", "2021", "T"], ["source", "kind", "disputes", "plan", "T"]]
    monkeypatch.setattr("aistatecraft.cli.layout._widths", lambda names, rows, room: None)
    assert shown(monkeypatch, 80, ["source", "field", "stance", "stated", "title"], rows) == (
        "source\n  title: T\n  field: adopted\n    stance: supports\n    stated: 2021\n  field: kind\n    stance: disputes\n    stated: plan\n"
    )


# show


def test_default_columns_come_from_the_schema() -> None:
    made = compile_schema(PLANS, where="schemas/plans.json", name="plans")
    assert default_fields(made) == ["id", "jurisdiction", "title_en", "kind", "adopted", "summary"]
    plain = compile_schema({"fields": [{"name": name} for name in "abcdefghi"]}, where="t.json", name="t")
    assert default_fields(plain) == list("abcdefg")


def test_show_has_the_main_fields_and_all_on_demand(run: Run, package: Path) -> None:
    words = ("show", "plans", "--path", package)
    lines = run(*words).out.splitlines()
    assert lines[1].split() == ["id", "jurisdiction", "title_en", "kind", "adopted", "summary"]
    assert "6 of 8 fields; --all shows the others" in lines
    assert run(*words, "--all").out.splitlines()[1].split()[-2:] == ["summary", "note"]
    assert run(*words, "--columns", "id,note").out.splitlines()[1].split() == ["id", "note"]
    assert run(*words, "--format", "csv").out.splitlines()[0].count(",") == 7
    assert run(*words, "--all", "--columns", "id").err == "aistatecraft: give either --columns or --all, not both.\n"


def test_two_records_at_80_columns(terminal: Session, package: Path) -> None:
    text = terminal(80, "show", "plans", "--all", "--path", package)
    assert max(map(len, text.splitlines()[:-1])) <= 80 and len(text.splitlines()) < 30
    assert text.startswith("bra-plan-2021\n  jurisdiction: BRA\n  title_en: Plan of Brazil\n  title_zh: 巴西计划\n")


# Names for identifiers


@pytest.mark.parametrize("name", ["Brazil", "brasil", "巴西", "BR", "BRAZIL", "bra"])
def test_where_takes_a_name(run: Run, package: Path, name: str) -> None:
    done = run("show", "plans", "--where", f"jurisdiction={name}", "--columns", "id", "--format", "csv", "--path", package)
    assert done == (0, "id\nbra-plan-2021\n", f"jurisdiction={name} was read as BRA (Brazil)\n")
    done = run("show", "plans", "--where", f"jurisdiction!={name}", "--columns", "id", "--format", "csv", "--path", package)
    assert done.out == "id\nprk-plan\n"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (["jurisdiction=Brazl"], "0 of 2 rows; did you mean jurisdiction=BRA (Brazil)?"),
        (["jurisdiction=Paragua"], "0 of 2 rows; did you mean jurisdiction=PRY (Paraguay)?"),
        (["jurisdiction=Paraguay"], "0 of 2 rows have jurisdiction=PRY (Paraguay)."),
        (["title_en=Plan of Brasil"], "0 of 2 rows; did you mean title_en=Plan of Brazil?"),
        (["kind=law", "jurisdiction=BRA"], "0 of 2 rows meet all conditions."),
        (["id~zzz"], "0 of 2 rows meet the condition."),
    ],
)
def test_nothing_found_says_what_was_looked_for(run: Run, package: Path, where: list[str], said: str) -> None:
    words = ["show", "plans", "--path", package, *(word for each in where for word in ("--where", each))]
    done = run(*words)
    assert done.code == 0 and done.out.splitlines()[0] == said
    assert said in run(*words, "--format", "csv").err


def test_an_ambiguous_name_gives_the_candidates(run: Run, package: Path) -> None:
    done = run("show", "plans", "--where", "jurisdiction=same name", "--path", package)
    assert (done.code, done.err) == (
        2,
        "aistatecraft: --where 'jurisdiction=same name': 'same name' may be A1 (Same Name) or A2 (Same name); give the identifier of the intended record.\n",
    )


def test_commands_about_a_record_take_its_name(run: Run, package: Path) -> None:
    done = run("cite", "actors", "Paraguai", "--path", package)
    assert done.code == 0 and "PRY" in done.out and done.err == "Paraguai was read as PRY (Paraguay)\n"
    done = run("cite", "laws", "巴西/2020", "--path", package)
    assert done.code == 0 and "BRA/2020" in done.out
    done = run("history", "actors", "Canadá", "--path", package)
    assert done.code == 0 and "added" in done.out and done.err == "Canadá was read as CAN (Canada)\n"
    done = run("cite", "actors", "Paragay", "--path", package)
    assert (done.code, done.err) == (2, "aistatecraft: actors has no record 'Paragay'; did you mean PRY (Paraguay)?\n")


# Version, forms, suggestions


def test_version_at_the_top(run: Run, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(package)
    assert re.fullmatch(r"aistatecraft \S+ \(data 0\.1\.0 of \./, package \S+\)\n", run("--version").out)


def test_info_as_json(run: Run, package: Path) -> None:
    assert run("info", "--format", "json", "--path", package) == run("info", "--json", "--path", package)
    assert "--json" not in run("info", "--help").out


@pytest.mark.parametrize(("words", "near"), [(("shwo",), "show"), (("show", "plans", "--wher", "x"), "--where")])
def test_unknown_words_have_suggestions(run: Run, words: tuple[str, ...], near: str) -> None:
    done = run(*words)
    assert done.code == 2
    assert re.search(rf"(Did you mean|Possible options).*{near}", done.err)


# Completion


class Context:
    """What completion is told of the words so far."""

    def __init__(self, **params: object) -> None:
        self.params = params


def test_completion(package: Path) -> None:
    here: Any = Context(path=str(package), table="actors")
    assert complete_table(here, "p") == [("plans", "plans")]
    assert complete_record(here, "P") == [("PRY", "Paraguay"), ("PRK", "North Korea")]
    nowhere: Any = Context(path=str(package / "none"), table="actors")
    assert (list(complete_table(nowhere, "")), list(complete_record(nowhere, ""))) == ([], [])
    assert ("foreign-key", "") in list(complete_rule("foreign"))
    assert [name for name, _ in complete_view("time")] == ["timeline"]


# Pager


@pytest.mark.skipif(os.name == "nt", reason="needs a pager")
class TestPager:
    def screen(self, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
        class Tty(io.StringIO):
            encoding, errors = "utf-8", "strict"

            def isatty(self) -> bool:
                return True

        out = Tty()
        monkeypatch.setattr(sys, "stdout", guarded(out))
        monkeypatch.setattr(sys, "stdin", Tty())
        monkeypatch.setenv("TERM", "xterm")
        assert isinstance(sys.stdout, Terminal)
        return out

    def pages(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        script = tmp_path / "my pager"
        script.write_text(f"#!/bin/sh\ncat > '{tmp_path}/paged'\n")
        script.chmod(0o755)
        monkeypatch.setenv("PAGER", f"'{script}' --option")
        return tmp_path / "paged"

    def test_long_output_is_paged(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        screen = self.screen(monkeypatch)
        paged = self.pages(tmp_path, monkeypatch)
        with pager.paged():
            pager.write("line\x1b[2J\n" * 60)
        assert (paged.read_text(), screen.getvalue()) == ("line\\u001b[2J\n" * 60, "")

    def test_short_output_is_not(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        screen = self.screen(monkeypatch)
        paged = self.pages(tmp_path, monkeypatch)
        with pager.paged():
            pager.write("line\n" * 3)
        assert (paged.exists(), screen.getvalue()) == (False, "line\n" * 3)

    @pytest.mark.parametrize(
        "setting", [("PAGER", ""), ("PAGER", "cat"), ("NO_PAGER", "1"), ("TERM", "dumb"), ("PAGER", "/no/such/pager"), ("PAGER", "'")]
    )
    def test_whoever_wants_none_gets_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: tuple[str, str]) -> None:
        screen = self.screen(monkeypatch)
        paged = self.pages(tmp_path, monkeypatch)
        monkeypatch.setenv(*setting)
        with pager.paged():
            pager.write("line\n" * 60)
        assert (paged.exists(), screen.getvalue()) == (False, "line\n" * 60)

    def test_the_option_switches_it_off(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        screen = self.screen(monkeypatch)
        paged = self.pages(tmp_path, monkeypatch)
        with pager.paged():
            pager.write("a\n")
            pager.switch_off()
            pager.write("line\n" * 60)
        assert (paged.exists(), screen.getvalue()) == (False, "a\n" + "line\n" * 60)

    def test_an_error_does_not_swallow_what_was_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        screen = self.screen(monkeypatch)
        monkeypatch.setenv("PAGER", "/no/such/pager")

        def fail() -> None:
            with pager.paged():
                pager.write("before\n")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert screen.getvalue() == "before\n"


# Notebooks


def test_in_a_notebook(package: Path, make: Make) -> None:
    other = make({"actors": (ACTORS, PEOPLE.replace("Brazil,", "<b>Brazil</b>,"))}, "other")
    changes = diff(package, other)
    html = changes._repr_html_()
    assert "<b>" not in html and "&lt;b&gt;Brazil" in html and html.startswith("<div><p>ChangeSet ")
    assert "\n" not in repr(changes) and f"{len(changes):,} changes" in repr(changes)
    steps = history("actors", "Canada", path=package)
    assert "<td>CAN</td>" in steps._repr_html_() and list(steps) == steps  # type: ignore[attr-defined]
    rows = Rows([Version("1", "2024-01-01", 3, 5, "ab", "<i>", {"t": 3})])
    assert rows._repr_html_() == (
        "<div><p>1 row</p><table><thead><tr><th>version</th><th>released</th><th>rows</th><th>bytes</th><th>sha256</th><th>where</th></tr></thead>"
        "<tbody><tr><td>1</td><td>2024-01-01</td><td>3</td><td>5</td><td>ab</td><td>&lt;i&gt;</td></tr></tbody></table></div>"
    )
    assert Rows()._repr_html_() == "<div><p>0 rows</p></div>"
