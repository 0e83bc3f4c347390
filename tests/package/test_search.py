"""Records by a name: in any language, whatever the capitals, accents and widths."""

from __future__ import annotations

from pathlib import Path

import pytest

from aistatecraft.api import find
from aistatecraft.errors import UsageError
from aistatecraft.package.search import Found
from tests.conftest import Make, Run

LAWS = {
    "fields": [{"name": name, "type": "string"} for name in ("id", "title_en", "title_zh", "title_original", "official_number")],
    "primaryKey": ["id"],
}
TEXT = (
    "id,title_en,title_zh,title_original,official_number\n"
    "bra-ebia,Brazilian AI strategy,巴西人工智能战略,Estratégia Brasileira de Inteligência Artificial,Portaria 4.617\n"
    "bra-plan,Brazilian AI plan,巴西人工智能计划,Plano Brasileiro de Inteligência Artificial,\n"
    "us-eo,Removing barriers,,,EO 14179\n"
)
LINKS = {"fields": [{"name": "law", "type": "string"}, {"name": "name_en", "type": "string"}], "primaryKey": ["law", "name_en"]}


@pytest.fixture
def package(make: Make) -> Path:
    return make({"laws": (LAWS, TEXT), "links": (LINKS, "law,name_en\nus-eo,Brazilian\n")})


@pytest.mark.parametrize(
    ("text", "ids", "field"),
    [
        ("巴西人工智能战略", ["bra-ebia"], "title_zh"),
        ("人工智能", ["bra-ebia", "bra-plan"], "title_zh"),
        ("ESTRATEGIA brasileira", ["bra-ebia"], "title_original"),
        ("artificial inteligencia", ["bra-ebia", "bra-plan"], "title_original"),
        ("eo 14179", ["us-eo"], "official_number"),
        ("ＥＯ 14179", ["us-eo"], "official_number"),
        ("us-eo", ["us-eo"], "id"),
        ("nothing of the kind", [], ""),
    ],
)
def test_found(package: Path, text: str, ids: list[str], field: str) -> None:
    found = find(text, path=package)
    assert [one.id for one in found] == ids
    assert {one.field for one in found} <= {field}


def test_best_first_and_what_it_says(package: Path) -> None:
    assert find("brazilian ai plan", path=package) == [Found("laws", "bra-plan", "Brazilian AI plan", "title_en", "Brazilian AI plan")]
    assert find("14179", path=package) == [Found("laws", "us-eo", "Removing barriers", "official_number", "EO 14179")]
    assert [one.id for one in find("plan", path=package)] == ["bra-plan"]


def test_one_table(package: Path) -> None:
    assert [one.id for one in find("brazil", table="laws", path=package)] == ["bra-ebia", "bra-plan"]
    with pytest.raises(UsageError, match="'law' is not a table of this package; did you mean laws"):
        find("brazil", table="law", path=package)


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_to_look_for(package: Path, text: str) -> None:
    with pytest.raises(UsageError, match="nothing to look for"):
        find(text, path=package)


@pytest.mark.real
@pytest.mark.parametrize(
    ("text", "table", "id"),
    [
        ("多元对冲", "schemes", "hedging-challenge"),
        ("巴西人工智能战略", "strategies", "bra-ebia-2021"),
        ("圣地亚哥宣言", "declarations", "santiago-2023"),
        ("阿根廷", "actors", "ARG"),
        ("estrategia brasileira de inteligencia artificial", "strategies", "bra-ebia-2021"),
    ],
)
def test_a_reader_of_the_papers_finds_it(text: str, table: str, id: str) -> None:
    assert (table, id) in {(one.table, one.id) for one in find(text)}


def test_on_the_command_line(package: Path, run: Run) -> None:
    done = run("find", "人工智能", "--path", package, "--format", "csv")
    assert (done.code, done.out.splitlines()[0]) == (0, "table,id,name,found in")
    assert done.out.splitlines()[1] == "laws,bra-ebia,Brazilian AI strategy,巴西人工智能战略"
    assert run("find", "zzz", "--path", package).out == (
        f"no record has 'zzz' in its name; try fewer words or another language.\nread {package}/ (0.1.0, 2 tables)\n"
    )
