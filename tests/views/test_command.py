"""`aistatecraft view` and `aistatecraft disputes`: forms, options, bad words, exit codes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import aistatecraft
from aistatecraft.api import load
from aistatecraft.cli import layout
from aistatecraft.views import VIEWS, index, timeline
from tests.conftest import ROOT, Run, env
from tests.views import test_codings, test_plan, test_scores, test_timeline
from tests.views.sample import package
from tests.views.test_disputes import WORLD as DISPUTED
from tests.views.test_plan import TREE


def test_without_a_name_the_views_are_listed(run: Run) -> None:
    done = run("view", "--format", "json")
    assert (done.code, done.err) == (0, "")
    listed = json.loads(done.out)
    assert (
        [row["view"] for row in listed]
        == ["strategy-features", "hedging", "technological-power", "us-plan", "south-south", "index", "timeline"]
        == list(VIEWS)
    )
    assert listed[-1]["options"] == "--actor --kind --from --to"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return package(tmp_path / "small", test_scores.world())


def test_csv_and_json_are_the_tidy_rows(run: Run, small: Path) -> None:
    done = run("view", "index", "x", "2024", "--path", small, "--format", "csv")
    assert (done.code, done.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert list(rows[0]) == index("x", path=small).columns.tolist()
    assert [(row["actor"], row["operator"], row["score"], row["change"], row["comparable"]) for row in rows][:2] == [
        ("CHL", ">", "61", "", "false"),
        ("BRA", "=", "59.99", "-0.11", "false"),
    ]
    rows = json.loads(run("view", "index", "x", "2024", "--path", small, "--format", "json").out)
    assert (rows[0]["rank"], rows[0]["change"], rows[1]["change"], rows[0]["comparable"]) == (1, None, -0.11, False)
    days = json.loads(run("view", "timeline", "--path", package(small.parent / "t", test_timeline.WORLD), "--format", "json").out)
    assert (days[0]["earliest"], days[0]["latest"]) == ("1991-03-26", "1991-03-26")


def test_tables_and_markdown_are_for_reading(run: Run, small: Path) -> None:
    done = run("view", "index", "x", "2024", "--path", small, "--format", "md")
    assert done.out.splitlines()[:3] == [
        "| rank | actor | score | category | tier | 2022 | change |",
        "|---|---|---|---|---|---|---|",
        "| 1 | Chile | &gt; 61 |  | High | &gt; 50 |  |",
    ]
    assert "Chile" in run("view", "index", "x", "--path", small).out


def test_the_tree_is_indented(run: Run, tmp_path: Path) -> None:
    path = package(tmp_path / "p", test_plan.WORLD)
    done = run("view", "us-plan", "--path", path)
    assert (done.code, done.out, done.err) == (0, f"{TREE}\nread {path}/ (0.1.0, 22 tables)\n", "")
    assert run("view", "us-plan", "--depth", "1", "--path", path, "--format", "md").out.splitlines()[:2] == [
        r"- The Plan \(usa-plan\)",
        "  - Pillar I P1",
    ]


def test_control_characters_do_not_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    parts = [{**row, "title_en": "Pillar \x1b[31mred"} if row["id"] == "p2" else row for row in test_plan.WORLD["provisions"]]
    path = package(tmp_path / "p", {**test_plan.WORLD, "provisions": parts})
    for form in ("table", "md"):
        out = run("view", "us-plan", "--path", path, "--format", form).out
        assert "\x1b" not in out and "red" in out


def test_a_drawing_is_written(run: Run, small: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "x.json"
    done = run("view", "index", "x", "2024", "--path", small, "--draw", target, "--width", "500")
    assert (done.code, done.out, done.err) == (0, f"{target}: drawn from {small}/ (0.1.0, 22 tables)\n", "")
    assert json.loads(target.read_text(encoding="utf-8"))["vconcat"][0]["width"] == 500


def test_what_is_empty_is_said(run: Run, tmp_path: Path) -> None:
    empty = package(tmp_path / "empty", {})
    for name, view in VIEWS.items():
        if name == "index":
            continue
        done = run("view", name, "--path", empty)
        assert (done.code, done.out, done.err) == (0, f"read {empty}/ (0.1.0, 22 tables)\n", f"aistatecraft: {view.nothing}.\n")
        assert json.loads(run("view", name, "--path", empty, "--format", "json").out) == []
        drawn = run("view", name, "--path", empty, "--draw", tmp_path / "x.svg")
        assert (drawn.code, drawn.err) == (1, f"aistatecraft: there is nothing to draw: {view.nothing}.\n")
    assert not (tmp_path / "x.svg").exists()
    assert run("view", "index", "ilia", "--path", empty).err == "aistatecraft: 'ilia' is not an index; there are none yet.\n"
    assert run("disputes", "--path", empty).err == "aistatecraft: no source disputes a value there.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["hegding"], "'hegding' is not a view; did you mean hedging?"),
        (["hedging", "grap"], "'grap' is not a part of this view; did you mean graph?"),
        (["hedging", "graph", "more"], "wrong number of arguments; the usage is: aistatecraft view hedging [practices | graph]."),
        (["index"], "wrong number of arguments; the usage is: aistatecraft view index INDEX [EDITION]."),
        (["index", "x", "2024", "CHL"], "wrong number of arguments; the usage is: aistatecraft view index INDEX [EDITION]."),
        (["timeline", "BRA"], "wrong number of arguments; the usage is: aistatecraft view timeline."),
        (["hedging", "--actor", "BRA"], "the view hedging has no option --actor; it takes none of its own."),
        (["index", "x", "--from", "2024"], "the view index has no option --from; it takes --dimension."),
        (["hedging", "--lang", "de"], "'de' is not a language of the tables; did you mean es or en?"),
        (
            ["index", "x", "2024", "--draw", "x.bmp"],
            "x.bmp: a drawing can be written as svg, png, html or json; use one of them as the file extension.",
        ),
        (["index", "x", "2024", "--draw", "x.svg", "--width", "20"], "a drawing must be at least 320 pixels wide, not 20."),
    ],
)
def test_bad_words(run: Run, small: Path, words: list[str], said: str) -> None:
    done = run("view", *words, "--path", small)
    assert (done.code, done.out, done.err) == (2, "", f"aistatecraft: {said}\n")


def test_a_missing_library_names_its_extra(run: Run, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    done = run("view", "index", "x", "--path", small, "--draw", tmp_path / "x.svg")
    assert (done.code, done.out) == (2, "")
    assert (
        done.err
        == "aistatecraft: the format svg needs the library vl_convert, which is not installed; install it: pip install 'aistatecraft[plots]'.\n"
    )


def test_a_font_that_is_missing_is_said(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    world = test_scores.world()
    world["indices"][1]["title_en"] = "X \U0010abcd"
    done = run("view", "index", "x", "--path", package(tmp_path / "p", world), "--draw", tmp_path / "x.png")
    assert done.code == 0 and done.err.startswith(f"aistatecraft: {tmp_path / 'x.png'}: no installed font has ")


def test_disputes(run: Run, tmp_path: Path) -> None:
    path = package(tmp_path / "p", DISPUTED)
    rows = list(csv.DictReader(io.StringIO(run("disputes", "--table", "strategies", "--path", path, "--format", "csv").out)))
    assert [(row["field"], row["stance"], row["source"], row["whole"]) for row in rows] == [
        ("adopted", "supports", "paper", "false"), ("adopted", "disputes", "news", "false"), ("kind", "supports", "paper", "true"), ("kind", "disputes", "news", "false"),
    ]  # fmt: skip
    lines = run("disputes", "--table", "strategies", "--path", path, "--format", "md").out.splitlines()
    assert lines[0] == "| record | field | in the table | supported by | disputed by |"
    assert len(lines) == 4
    rows = list(csv.DictReader(io.StringIO(run("disputes", "--stance", "omits", "--path", path, "--format", "csv").out)))
    assert [(row["record_id"], row["stance"]) for row in rows] == [("d/CHL/signed", "supports"), ("d/CHL/signed", "omits")]
    done = run("disputes", "--stance", "omitted", "--path", path)
    assert (done.code, done.err) == (
        2,
        "aistatecraft: 'omitted' is not a stance of evidence other than supports; did you mean outdated or omits?\n",
    )
    done = run("disputes", "--table", "strategis", "--path", path)
    assert (done.code, done.err) == (
        2,
        "aistatecraft: 'strategis' is not a table of this package; did you mean strategies or relations or sources?\n",
    )


@pytest.mark.parametrize(
    ("table", "cell", "said"),
    [
        ("index_scores", {"score": "many"}, "data/index_scores.csv: score 'many' is not a number written with a decimal point"),
        ("provisions", {"sort_order": "first"}, "data/provisions.csv: sort_order 'first' is not a whole number"),
        ("indices", {"published": "2024-13"}, "data/indices.csv: published '2024-13' is not a date: names month 13, which does not exist"),
    ],
)
def test_a_damaged_cell_is_one_sentence(run: Run, tmp_path: Path, table: str, cell: dict[str, str], said: str) -> None:
    world = test_scores.world()
    world[table][-1].update(cell)
    path = package(tmp_path / "p", world)
    for words in (("view", "index", "x", "2024"), ("view", "timeline")) if table == "indices" else (("view", "index", "x", "2024"),):
        done = run(*words, "--path", path)
        assert (done.code, done.out, done.err) == (1, "", f"aistatecraft: {said}; run 'aistatecraft validate' to see every problem.\n")


def test_a_package_of_another_make(run: Run, project: Path) -> None:
    done = run("view", "hedging", "--path", project)
    assert (done.code, done.err) == (2, "aistatecraft: 'codes' is not a table of this package; there are: people.\n")


def test_on_a_narrow_terminal_each_field_has_its_line(run: Run, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_widths", lambda names, rows, room: None)
    monkeypatch.setattr(layout, "at_terminal", lambda: True)
    lines = run("view", "index", "x", "2024", "--path", small).out.splitlines()
    assert [line.rstrip() for line in lines[:5]] == ["1", "  actor: Chile", "  score: > 61", "  tier: High", "  2022: > 50"]


def test_public_names() -> None:
    assert aistatecraft.views.hedging.__module__ == "aistatecraft.views.hedging_view"
    assert aistatecraft.disputes is aistatecraft.views.disputes
    assert "Returns\n" in (aistatecraft.disputes.__doc__ or "")
    for name in aistatecraft.views.__all__:
        assert hasattr(aistatecraft.views, name)
    for view in VIEWS.values():
        assert "Returns\n" in (view.make.__doc__ or ""), view.name


def test_names_of_a_part_of_the_graph_stay_apart_in_each_view(tmp_path: Path) -> None:
    """A frame knows its view, also when rows were taken from it."""
    path = package(tmp_path / "p", test_codings.HEDGING)
    found = aistatecraft.views.hedging("graph", path=path)
    some = found[found["relation"] == "part_of"]
    assert some.attrs == found.attrs
    assert aistatecraft.views.readable(some).columns.tolist() == ["from", "relation", "to", "note"]


@pytest.mark.real
def test_identifiers_of_a_view_are_those_of_the_tables() -> None:
    """So that frames can be merged: no row is lost."""
    events = timeline(path=ROOT)
    for table in ("strategies", "declarations", "instruments", "actors"):
        own = events[events["record_table"] == table]
        merged = own.merge(load(table, path=ROOT)[["id"]], left_on="record_id", right_on="id", how="left")
        assert len(merged) == len(own) and merged["id"].notna().all()
    actors = set(load("actors", path=ROOT)["id"])
    assert set(events["actor"].dropna()) <= actors


def test_the_list_of_views_and_the_help_need_no_heavy_library() -> None:
    code = (
        "import contextlib, io, sys\nfrom aistatecraft.cli import main\nimport aistatecraft\naistatecraft.views\n"
        "for words in (['view', '--help'], ['view', '--format', 'json'], ['disputes', '--help']):\n"
        "    sys.argv = ['aistatecraft', *words]\n"
        "    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as out: main()\n"
        "    assert out.getvalue()\n"
        "print(*[name for name in ('pandas', 'numpy', 'pandera', 'frictionless', 'altair', 'vl_convert') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env(), check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")
