"""The HTML page: one file that needs nothing else, in which the data stay text, and that a keyboard and a link can work."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from aistatecraft.comparison.changes import ChangeSet
from aistatecraft.comparison.reporters import ChangeFormat, RenderOptions, render
from aistatecraft.comparison.reporters import html as pages
from aistatecraft.comparison.reporters.summary import by_table
from aistatecraft.package.escape import escape_json
from tests.comparison.sample import HOSTILE, any_change_set, made, one, row, story
from tests.comparison.test_reporters_hostile import PLACES, hostile

TAGS = {
    "html", "head", "meta", "title", "style", "script", "body", "a", "header", "h1", "h2", "p", "strong", "code", "form", "label", "input",
    "select", "option", "fieldset", "legend", "button", "span", "kbd", "main", "details", "summary", "div", "table", "thead", "tbody", "tr",
    "th", "td", "colgroup", "col", "section", "del", "ins", "dl", "dt", "dd",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "role", "aria-label", "aria-live", "aria-pressed",
    "aria-keyshortcuts", "hidden", "type", "autocomplete", "spellcheck", "value", "data-filter", "data-table", "data-class", "data-action",
    "tabindex", "scope", "colspan", "dir", "open",
}  # fmt: skip
_VOID = {"meta", "input", "col"}


class Read(HTMLParser):
    """Elements of a page: their tags, attributes, and the texts of the cells of its changes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.cells: list[dict[str, str]] = []
        self.open: list[str] = []
        self._cell = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "style", "srcset")]
        if tag not in _VOID:
            self.open.append(tag)
        named = dict(attrs).get("class") or ""
        if tag == "tr" and named == "change":
            self.cells.append({})
        if tag == "td" and named in ("old", "new", "why") and self.cells:
            self._cell = named
            self.cells[-1][named] = ""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "td":
            self._cell = ""

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.cells[-1][self._cell] += data


def read(changes: ChangeSet, look: RenderOptions = RenderOptions()) -> Read:
    found = Read(render(ChangeFormat.html, changes, look))
    assert found.open == []
    assert found.tags <= TAGS
    assert found.attributes <= ATTRIBUTES
    assert all(link.startswith("#") for link in found.links)
    return found


def test_page_holds_every_change_side_by_side() -> None:
    cells = read(story()).cells
    assert len(cells) == 15
    assert [(cell["old"], cell["new"]) for cell in cells[7:12]] == [
        ("mex-2018", "mex-agenda-2018"),
        ("Estratégia Brasileira de Inteligencia Artificial", "Estratégia Brasileira de Inteligência Artificial (EBIA)"),
        ("国家人工智能规划", "国家人工智能计划"),
        ("(blank)", "2019"),
        ("3", "(blank)"),
    ]
    assert cells[6] == {
        "old": "Note on AIidbra-note-2019title_enNote on AIkindnote",
        "new": "",
        "why": "breaking an identifier was withdrawn without a replacement: a press note, no strategy",
    }
    page = render(ChangeFormat.html, story())
    assert "国家人工智能<del>规</del>划" in page
    assert "国家人工智能<ins>计</ins>划" in page
    assert (
        '<p class="bump minor">The version number must increase by at least: <strong>minor (0.2.0)</strong>: <code>strategies currency</code>'
        in page
    )
    assert "<h1>Changes from old.zip (0.1.0) to new (0.2.0)</h1>" in page


def test_page_has_what_a_keyboard_and_a_reader_of_the_screen_need() -> None:
    page = render(ChangeFormat.html, story())
    for part in (
        '<html lang="en">',
        '<a class="skip" href="#changes">Skip to the changes</a>',
        '<main id="changes" tabindex="-1">',
        '<form id="controls" role="search" aria-label="Filter the changes" hidden>',
        'role="status" aria-live="polite"',
        '<th scope="col">before</th><th scope="col">after</th>',
        '<button type="button" data-filter="class" value="breaking" aria-pressed="false">breaking 4</button>',
        '<button type="button" data-filter="action" value="renamed" aria-pressed="false">renamed 2</button>',
        '<option value="=strategies">strategies (10)</option>',
        '<option value="=">package (1)</option>',
        '<th scope="row"><a href="#table=strategies">strategies</a></th>',
        '<section class="table" id="table=strategies" data-table="strategies">',
    ):
        assert page.count(part) >= 1, part
    for rule in (
        "prefers-color-scheme: dark",
        '[data-theme="dark"]',
        ":focus-visible",
        "@media print",
        "content-visibility: auto",
        "max-width: 46rem",
    ):
        assert rule in page


def test_policy_admits_the_script_and_the_style_of_the_page_and_nothing_else() -> None:
    page = render(ChangeFormat.html, story())
    (policy,) = re.findall('<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    sources = []
    for tag in ("script", "style"):
        (body,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
        sources.append(f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'")
    assert policy == f"default-src 'none'; script-src {sources[0]}; style-src {sources[1]}; base-uri 'none'; form-action 'none'"
    script = re.findall("<script>(.*?)</script>", page, flags=re.DOTALL)[0]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|fetch\(|XMLHttpRequest|import\(", script
    )
    assert "://" not in page
    assert not re.search(r"@import|url\(", page)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_page_shows_text_and_makes_nothing_of_it(place: str, text: str) -> None:
    found = read(hostile(place, text))
    assert len(found.cells) == 1
    if place in ("old", "new"):
        assert found.cells[0][place] == escape_json(text)


@settings(max_examples=60, deadline=None)
@given(any_change_set())
def test_any_change_set_makes_a_sound_page(changes: ChangeSet) -> None:
    found = read(changes)
    assert len(found.cells) == len(changes)
    shown = [change for group in by_table(changes.changes).values() for change in group]
    for change, cell in zip(shown, found.cells, strict=True):
        if change.level == "cell":
            told = [side if side is not None else "(blank)" for side in (change.old, change.new)]
            assert [cell["old"], cell["new"]] == [escape_json(side).replace("\r", "\n") for side in told]


def test_page_says_how_much_of_a_large_change_set_it_holds() -> None:
    cells = [one(key=f"k{number}") for number in range(pages.TABLE + 500)]
    gone = [row("removed", "people", "identifier-withdrawn", id=f"r{number}") for number in range(10)]
    changes = made(*cells, *gone, one("actors"))
    page = render(ChangeFormat.html, changes)
    assert f"Of {pages.TABLE + 510:,} changes in this table {pages.TABLE:,} are on this page" in page
    assert page.count('<p class="note">') == 1
    found = read(changes).cells
    assert len(found) == pages.TABLE + 1
    assert sum("withdrawn" in cell["why"] for cell in found) == 10
    assert len(read(changes, RenderOptions(every=True)).cells) == pages.TABLE + 511


def test_page_as_a_whole_is_bounded() -> None:
    count = pages.PAGE // pages.TABLE + 3
    changes = made(*(one(f"t{number % count}", f"k{number}") for number in range(count * (pages.TABLE + 1))))
    page = render(ChangeFormat.html, changes)
    assert page.count('<tr class="change"') == pages.PAGE
    assert page.count('<p class="note">') == count
    assert page.count("<section") == count


def test_long_text_is_shown_around_its_marks() -> None:
    before, after = "x" * 9_000 + " old", "x" * 9_000 + " new"
    (cell,) = read(made(one(old=before, new=after))).cells
    assert cell["old"] == "…" + "x" * 199 + " oldshortened; 9,004 characters in all"
    assert cell["new"] == "…" + "x" * 199 + " newshortened; 9,004 characters in all"


# In a browser

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (found := shutil.which(name))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed, so the page is not tried in a browser here")

Browse = Callable[..., str]


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    """A function that opens a page in a browser without network, and gives what it has become."""

    def dom(page: str, view: str = "", driver: str = "") -> str:
        if driver:
            page = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
            page = page.replace("</body>", f"<script>{driver}</script></body>")
        file = tmp_path / "page.html"
        file.write_text(page, encoding="utf-8")
        words = [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=3000", "--dump-dom", f"{file.as_uri()}{view}",
        ]  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True)
        return done.stdout

    return dom


def data_of(dom: str) -> dict[str, str]:
    """The data attributes of the page itself."""
    return dict(re.findall(r'data-([a-z-]+)="([^"]*)"', re.findall("<html[^>]*>", dom)[0]))


def rows_shown(dom: str) -> list[str]:
    """Why of each change that is not hidden."""
    rows = re.findall(r'<tr class="change"([^>]*)>.*?<td class="why"><span class="kind \w+">(\w+)', dom, flags=re.DOTALL)
    return [kind for attributes, kind in rows if "hidden" not in attributes]


@needs_chromium
def test_hostile_data_run_nothing_in_a_browser(browse: Browse) -> None:
    changes = made(*(change for place in PLACES for text in HOSTILE for change in hostile(place, text).changes))
    changes.old = changes.new_version = changes.old_version = "".join(HOSTILE)
    dom = browse(render(ChangeFormat.html, changes))
    assert data_of(dom) == {"shown": str(len(changes))}


@needs_chromium
def test_markup_that_slipped_into_the_page_would_run_nothing(browse: Browse) -> None:
    payload = "".join(text for text in HOSTILE if "pwned" in text)
    page = render(ChangeFormat.html, made(one()))
    slipped = page.replace('<p id="none" hidden>', payload + '<p id="none" hidden>')
    without = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", slipped)
    assert data_of(browse(without)) == {"shown": "1", "pwned": "1"}, "the harm"
    assert data_of(browse(slipped)) == {"shown": "1"}


@needs_chromium
@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("", ["metadata", "metadata", "breaking", "addition", "breaking", "addition", "breaking", "breaking", "correction", "correction"]),
        ("#class=breaking", ["breaking"] * 4),
        ("#table=strategies&class=correction,metadata", ["metadata", "correction", "correction"]),
        ("#table=", ["metadata"]),
        ("#table=votes&action=added", ["addition"] * 3),
        ("#action=renamed", ["breaking"] * 2),
        ("#q=estrategia+ebia", ["correction"]),
        ("#q=计划", ["correction"]),
        ("#q=BUILDING", ["addition"]),
        ("#q=nowhere", []),
        ("#table=none-such&class=none-such", ["metadata", "metadata", "breaking"]),
        ("#changes", ["metadata", "metadata", "breaking"]),
    ],
)
def test_a_view_can_be_linked_to(browse: Browse, view: str, shown: list[str]) -> None:
    dom = browse(render(ChangeFormat.html, story()), view)
    found = rows_shown(dom)
    whole = len(found) == 15
    assert found[: len(shown)] == shown
    assert whole or len(found) == len(shown)
    assert data_of(dom) == {"shown": str(len(found))}
    assert f"{len(found)} of 15 changes on this page shown" in dom
    assert ('<p id="none">' in dom) is (not found)
    assert ('<p id="none" hidden="">' in dom) is bool(found)


DRIVER = """
const press = (key) => (document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
const here = () => document.activeElement.textContent.slice(0, 20);
const seen = [];
const root = document.documentElement;
document.querySelector('button[value="correction"]').click();
seen.push(location.hash);
press("j"); seen.push(here());
press("j"); seen.push(here());
press("ArrowDown"); press("j"); seen.push(here());
press("k"); seen.push(here());
press("/"); seen.push(document.activeElement.id);
document.getElementById("search").value = "zh";
document.getElementById("search").dispatchEvent(new Event("input"));
setTimeout(() => {
  seen.push(location.hash);
  press("j"); seen.push(document.activeElement.id);
  press("Escape"); seen.push(location.hash); press("Escape"); seen.push(document.activeElement.tagName);
  document.getElementById("choice").value = "=index_scores";
  document.getElementById("choice").dispatchEvent(new Event("change"));
  seen.push(location.hash, root.dataset.shown);
  document.getElementById("reset").click();
  seen.push(location.hash, root.dataset.shown);
  document.getElementById("theme").click();
  seen.push(root.dataset.theme, getComputedStyle(document.body).backgroundColor, document.getElementById("theme").textContent);
  const first = document.querySelector("details:not([open])");
  dispatchEvent(new Event("beforeprint")); seen.push(first.open);
  dispatchEvent(new Event("afterprint")); seen.push(first.open);
  document.title = JSON.stringify(seen);
}, 400);
"""


@needs_chromium
def test_keys_buttons_and_search(browse: Browse) -> None:
    dom = browse(render(ChangeFormat.html, story()), driver=DRIVER)
    (title,) = re.findall("<title>(.*?)</title>", dom)
    assert json.loads(html.unescape(title)) == [
        "#class=correction",
        "changed title_origin",
        "changed title_zh国家人工",
        "removed rank3(blank)",
        "changed title_zh国家人工",
        "search",
        "#class=correction&q=zh",
        "search",
        "#class=correction",
        "BODY",
        "#table=index_scores&class=correction",
        "1",
        "",
        "15",
        "dark",
        "rgb(15, 19, 24)",
        "Light",
        True,
        False,
    ]
