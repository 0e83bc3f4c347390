"""Pictures as files: SVG, PNG, HTML and JSON; fonts; what is missing is said."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path, PurePath
from xml.etree import ElementTree

import pandas as pd
import pytest

from aistatecraft.errors import UsageError
from aistatecraft.views import draw, hedging, index, spec
from aistatecraft.views.charts.rendering import digest, form_of, rendered, texts_in, undrawn
from tests.conftest import ROOT
from tests.views import test_codings, test_scores
from tests.views.sample import package
from tests.views.test_charts import frames

pytest.importorskip("vl_convert")


def fonts_for_chinese() -> bool:
    """Whether fontconfig, which knows the fonts of this machine, has one for Chinese."""
    listing = shutil.which("fc-list")
    return bool(listing) and bool(subprocess.run([str(listing), ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


@pytest.fixture
def scores(tmp_path: Path) -> pd.DataFrame:
    return index("x", "2024", path=package(tmp_path / "p", test_scores.world()), lang="zh")


def shown(svg: str) -> list[str]:
    """Texts of an SVG."""
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.real
@pytest.mark.parametrize("lang", ["en", "zh", "es", "pt"])
def test_every_character_is_drawn_where_there_is_a_font_for_it(lang: str) -> None:
    text = "".join(text for frame in frames(ROOT, lang) for text in texts_in(spec(frame)))
    assert "国" in text if lang == "zh" else "ã" in text or "é" in text
    missing = undrawn(text)
    if fonts_for_chinese():
        assert missing == []
    else:
        assert all(character > "ɏ" for character in missing)


def test_a_character_that_no_font_has_is_found() -> None:
    assert undrawn("Aé\U0010abcd ñ\U0010bcde–") == ["\U0010abcd", "\U0010bcde"]


def test_png_that_lacks_a_character_says_so(tmp_path: Path) -> None:
    world = test_scores.world()
    world["indices"][1]["title_en"] = "X \U0010abcd 2024"
    found = index("x", "2024", path=package(tmp_path / "p", world))
    target = tmp_path / "out" / "x.png"
    with pytest.warns(
        UserWarning,
        match=r"x\.png: no installed font has \d+ of its characters, such as .*\U0010abcd.*; install one, such as Noto Sans CJK, or draw it as SVG",
    ):
        draw(found, target)
    data = target.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert 1400 < width < 1700 and height > 200
    draw(found, tmp_path / "x.svg")
    assert any("\U0010abcd" in text for text in shown((tmp_path / "x.svg").read_text(encoding="utf-8")))


def test_svg_keeps_text_as_text_and_names_what_it_was_made_from(scores: pd.DataFrame, tmp_path: Path) -> None:
    draw(scores, tmp_path / "a.svg")
    draw(scores, tmp_path / "b.svg")
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert svg == (tmp_path / "b.svg").read_text(encoding="utf-8")
    texts = shown(svg)
    assert {"智利", "巴西", "美国", "−0.11 ‡", "> 61.00"} <= set(texts)
    root = ElementTree.fromstring(svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", "X 2024")
    assert svg.endswith(f"<!-- specification {digest(spec(scores))} --></svg>\n")
    # Lines with Chinese characters name fonts that have them.
    fonts = {"".join(node.itertext()): node.get("font-family") for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert (fonts["智利"] or "").startswith("Noto Sans CJK SC") and fonts["59.99"] is None
    assert (root.get("font-family") or "").endswith("sans-serif")


def test_texts_cannot_break_out_of_an_svg(tmp_path: Path) -> None:
    world = test_scores.world()
    nasty = """X <script>alert(1)</script> & "q" 'a' --> ]]> </svg>"""
    world["indices"][1]["title_en"] = nasty
    world["actors"] = [{**row, "name_en": f"{row['name_en']} <b>&amp;"} for row in world["actors"]]
    draw(index("x", "2024", path=package(tmp_path / "p", world)), tmp_path / "a.svg", width=1200)
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label") == nasty
    assert {nasty, "Chile <b>&amp;"} <= set(shown(svg))
    assert not [node for node in root.iter() if node.tag.endswith("script")]


def test_json_is_the_specification_itself(scores: pd.DataFrame, tmp_path: Path) -> None:
    draw(scores, tmp_path / "a.json", width=500)
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == spec(scores, width=500)
    assert digest(spec(scores, width=500)) != digest(spec(scores))


def test_html_needs_no_network(tmp_path: Path) -> None:
    world = {
        **test_codings.HEDGING,
        "sources": [{**row, "title_en": "A <b> & </script><script>alert(1)</script> c"} for row in test_codings.HEDGING["sources"]],
    }
    draw(hedging(path=package(tmp_path / "p", world)), tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count("<title>") == 1 and "<title>Hedging: dimension, means and practice</title>" in page
    # A whole page: language, small and dark screens, the table, and no menu that leads into the network.
    assert '<html lang="en">' in page and '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert "@media (prefers-color-scheme: dark)" in page and '"actions":false' in page
    assert re.search(r"<summary>Table \(\d+ rows\)</summary>", page) and "<td>The law</td>" in page
    # As a browser splits it: two scripts, and none that was in the data.
    scripts = re.findall(r"(?s)<script([^>]*)>(.*?)</script>", page)
    assert [attributes.strip() for attributes, _ in scripts] == ['type="text/javascript"'] * 2
    assert "A \\u003cb> & \\u003c/script>\\u003cscript>alert(1)\\u003c/script> c" in scripts[1][1]
    around = re.sub(r"(?s)<script.*?</script>", "", page)
    assert not re.search(r"(?:src|href)=", around) and "alert" not in around


@pytest.mark.parametrize("name", ["x.gif", "x", "x.svgz"])
def test_a_form_that_there_is_not(name: str) -> None:
    with pytest.raises(
        UsageError,
        match=rf"^{re.escape(name)}: a drawing can be written as svg, png, html or json; use one of them as the file extension\.$",
    ):
        form_of(PurePath(name))


@pytest.mark.parametrize("form", ["svg", "png", "html"])
def test_a_missing_library_names_its_extra(scores: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(UsageError, match=r"pip install 'aistatecraft\[plots\]'"):
        rendered(spec(scores), form)
    assert rendered(spec(scores), "json").lacks is None


def test_a_missing_altair_names_its_extra(scores: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    from aistatecraft.views import chart

    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(UsageError, match=r"altair, which is not installed; install it: pip install 'aistatecraft\[plots\]'"):
        chart(scores)
