"""The site in Chromium: tasks by mouse and by keyboard, from a folder and from a server, and what axe finds on every kind of page."""

from __future__ import annotations

import csv
import functools
import http.server
import io
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.api import find
from aistatecraft.citations import cite
from aistatecraft.package import open_package
from tests.conftest import ROOT
from tests.site.conftest import Rows

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if os.environ.get("CI") == "true":
    import playwright.sync_api as playwright
    from axe_playwright_python.sync_playwright import Axe

    assert CHROMIUM, "continuous integration must have Chromium: apt-get install chromium"
else:
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
    Axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the browser tests need axe-playwright-python").Axe
    if not CHROMIUM:
        pytest.skip("the browser tests need Chromium: apt-get install chromium", allow_module_level=True)
pytestmark = [pytest.mark.real, pytest.mark.xdist_group("browser")]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
KINDS = [
    "index.html", "actors/PAN.html", "strategies/bra-ebia-2021.html", "sources/cenia-2025-ilia.html", "tables/index.html",
    "tables/signatories.html?role=declined", "search.html?q=brasil", "questions/index.html", "questions/signed-not.html",
    "questions/camps.html", "questions/ranks.html", "questions/plan.html", "changes/index.html", "method.html",
    "compare.html?a=BRA&b=CHL", "cite.html", "download.html", "accessibility.html", "404.html", "embed/questions/camps.html",
    "embed/strategies/bra-ebia-2021.html",
]  # fmt: skip

"""One page of each kind. Those that are much larger than others of their kind (coverage, codebook) are among the narrow ones, once."""
NARROW = [
    "index.html", "actors/PAN.html", "declarations/bletchley-2023.html", "tables/signatories.html?role=declined", "search.html?q=brasil", "questions/signed-not.html",
    "questions/ranks.html", "changes/index.html", "indicators/bra-data-centres-2024.html", "embed/questions/camps.html", "coverage.html",
]  # fmt: skip


class Visit:
    """A page of the browser that notes every message, every request to another host and every report of the policy."""

    def __init__(self, browser: Any, root: str, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "accept_downloads": True, **options})
        self.page = self.context.new_page()
        self.root = root
        self.noise: list[str] = []
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on(
            "request",
            lambda request: None if request.url.startswith((root, "blob:", "data:")) else self.noise.append(f"request to {request.url}"),
        )

    def open(self, path: str) -> Any:
        self.page.goto(f"{self.root}/latest/{path}")
        return self.page

    def close(self) -> None:
        self.context.close()
        assert self.noise == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        )
        yield chromium
        chromium.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(params=["folder", "server"])
def visit(request: pytest.FixtureRequest, browser: Any, site: Path) -> Iterator[Visit]:
    root = site.as_uri() if request.param == "folder" else request.getfixturevalue("served")
    one = Visit(browser, root)
    yield one
    one.close()


def wait(page: Any, text: str) -> None:
    playwright.expect(page.locator("[role=status]").first).to_contain_text(text, timeout=8_000)


# Task 1 and 2: search


def test_search_in_every_script(visit: Visit) -> None:
    page = visit.open("index.html")
    found = find("人工智能行动计划", path=ROOT)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("人工智能行动计划")
    links = page.locator("#found a")
    playwright.expect(links).to_have_count(min(12, len(found)))
    assert "usa-ai-action-plan-2025" in str(links.first.get_attribute("href"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/strategies/usa-ai-action-plan-2025.html")
    for word in ("perou", "Pérou", "秘鲁"):
        page.fill("#q", word)
        playwright.expect(page.locator("#found a").first).to_contain_text("Peru")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/actors/PER.html")
    names = page.locator(".names [lang]").evaluate_all("all => Object.fromEntries(all.map(one => [one.lang, one.textContent]))")
    assert names == {"zh": "秘鲁", "es": "Perú", "pt": "Peru", "fr": "Pérou"}
    page.fill("#q", "no such name at all")
    wait(page, "no record has such a name")


# Task 4: filters, reload, back, downloads


def test_filter_download_and_back(visit: Visit, rows: Rows) -> None:
    every = rows("signatories")
    declined = [row for row in every if row["declaration"] == "cartagena-2024" and row["role"] == "declined"]
    page = visit.open("tables/signatories.html")
    page.get_by_role("button", name="Filter, sort and download these rows").click()
    page.fill('[data-control="declaration"]', "cartagena-2024")  # too many declarations for a list
    page.press('[data-control="declaration"]', "Tab")
    wait(page, f"{sum(row['declaration'] == 'cartagena-2024' for row in every)} of {len(every)} rows")
    page.select_option('[data-control="role"]', "declined")
    wait(page, f"{len(declined)} of {len(every)} rows")
    assert page.url.endswith("?declaration=cartagena-2024&role=declined")
    assert page.locator("#table tbody tr").count() == len(declined)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of these rows").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    readme, _, table = text.partition("\n")
    assert readme.startswith("# aistatecraft ") and "role=declined" in readme and "Creative Commons" in readme
    read = list(csv.DictReader(io.StringIO(table)))
    assert [(row["declaration"], row["actor"], row["role"]) for row in read] == [
        (row["declaration"], row["actor"], row["role"]) for row in declined
    ]
    assert {row["actor_label"] for row in read} == {"Mexico", "Venezuela"}
    with page.expect_download() as download:
        page.get_by_role("button", name="XLSX of these rows").click()
    openpyxl = pytest.importorskip("openpyxl")
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
    sheet = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))["rows"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["cartagena-2024"] * len(declined)
    page.reload()
    wait(page, f"{len(declined)} of {len(every)} rows")
    page.go_back()
    wait(page, f"{sum(row['declaration'] == 'cartagena-2024' for row in every)} of {len(every)} rows")
    page.goto(page.url.partition("?")[0] + "?role=declined&q=nowhere")
    wait(page, f"0 of {len(every)} rows: remove role=declined or words=nowhere")
    page.get_by_role("button", name="remove words=nowhere").focus()
    page.keyboard.press("Enter")
    wait(page, f"{sum(row['role'] == 'declined' for row in every)} of")


def test_sort_and_dates_by_keyboard(visit: Visit, rows: Rows) -> None:
    page = visit.open("tables/declarations.html?from=2024-08&to=2024-09")
    dates = {"2024", "2024-08", "2024-09"}
    dated = [row for row in rows("declarations") if {row["date"][:7], row["status_as_of"][:7]} & dates]
    wait(page, f"{len(dated)} of")
    head = page.locator('#table thead button[data-name="date"]')
    head.focus()
    page.keyboard.press("Enter")
    assert page.locator('#table th[aria-sort="ascending"]').count() == 1
    assert page.evaluate("document.activeElement.dataset.name") == "date"
    column = page.evaluate("document.querySelector('#table thead button[data-name=date]').closest('th').cellIndex + 1")
    shown = page.locator(f"#table tbody tr > :nth-child({column})").all_text_contents()
    assert len(shown) > 3 and shown == sorted(shown)


# Task 3, 5, 6, 7, 8


def test_questions_can_be_asked_otherwise(visit: Visit, rows: Rows) -> None:
    agrees = {"signed", "endorsed", "adhered", "ratified", "co_sponsored", "voted_for"}
    signed = {
        name: {row["actor"] for row in rows("signatories") if row["declaration"] == name and row["role"] in agrees}
        for name in ("santiago-2023", "bletchley-2023")
    }
    first, second = signed.values()
    page = visit.open("questions/signed-not.html")
    page.select_option("#pair-a", "santiago-2023")
    page.select_option("#pair-b", "bletchley-2023")
    wait(page, f"{len(first - second)} of {len(first)} stand behind the first and are not named behind the second")
    assert page.locator("#answer tbody tr").count() == len(first)
    page.reload()
    wait(page, f"{len(first - second)} of {len(first)}")
    page = visit.open("questions/in-force.html")
    page.fill("#day-on", "2024-01-01")
    wait(page, "had begun by 2024-01-01")
    begins = page.locator("#answer tbody tr:not([hidden]) th").all_text_contents()
    assert begins and all(one[:4] <= "2024" for one in begins)


def test_states_side_by_side(visit: Visit, rows: Rows) -> None:
    page = visit.open("compare.html?a=BRA&b=CHL")
    wait(page, "rows differ")
    agrees = {"signed", "endorsed", "adhered", "ratified", "co_sponsored", "voted_for"}
    behind = {
        actor: {row["declaration"] for row in rows("signatories") if row["actor"] == actor and row["role"] in agrees}
        for actor in ("BRA", "CHL")
    }
    both = page.locator("#answer tbody tr", has_text="Stands behind").locator("td").first
    assert both.locator("li").count() + both.locator("p:not(.quiet)").count() == len(behind["BRA"])
    page.select_option("#compare-c", "PER")
    assert page.locator("#answer thead th").all_text_contents()[1:] == ["Brazil", "Chile", "Peru"]
    assert page.url.endswith("?a=BRA&b=CHL&c=PER")
    page.go_back()
    playwright.expect(page.locator("#answer thead th")).to_have_count(3)


def test_a_tile_leads_to_its_state(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator('a.tile[href$="actors/PAN.html"]').click()
    page.wait_for_url("**/actors/PAN.html")
    playwright.expect(page.locator(".looked")).to_contain_text("national AI strategy")


def test_disputes_are_seen_without_a_click(visit: Visit) -> None:
    page = visit.open("strategies/bra-ebia-2021.html")
    assert page.locator(".disputes .sides").first.is_visible()
    assert page.locator(".disputes").get_by_text("June 4, 2021").first.is_visible()


# Task 9: cite and embed


def test_cite_and_embed(visit: Visit, tmp_path: Path) -> None:
    if visit.root.startswith("http"):
        visit.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visit.root)
    page = visit.open("strategies/bra-ebia-2021.html")
    page.locator("#cite summary", has_text="BibTeX").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copy BibTeX").click()
    playwright.expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    if visit.root.startswith("http"):
        copied = page.evaluate("navigator.clipboard.readText()").strip()
        if f"aistatecraft-{open_package(ROOT).version}-" in copied:  # else the data are those of the last release, whose number is cited
            assert copied == cite("bibtex", table="strategies", id="bra-ebia-2021", path=ROOT).strip()
        assert copied.startswith("@misc{aistatecraft-") and "bra-ebia-2021" in copied
        code = str(page.locator("#embed-code").text_content())
        assert code.startswith(f'<iframe src="{visit.root}/latest/embed/strategies/bra-ebia-2021.html" title="')
        page.route("**/host.html", lambda route: route.fulfill(content_type="text/html", body=f'<link rel="icon" href="data:,">{code}'))
        page.goto(f"{visit.root}/host.html")
        frame = page.frame_locator("iframe")
        playwright.expect(frame.locator("h1")).to_contain_text("Brazilian Artificial Intelligence Strategy")
        playwright.expect(frame.locator("footer")).to_contain_text("Source: aistatecraft, version")


# Ten of our own


def test_without_script_everything_reads(browser: Any, site: Path) -> None:
    one = Visit(browser, site.as_uri(), java_script_enabled=False)
    page = one.open("tables/signatories.html")
    assert page.locator("#table tbody tr").count() == 50 and page.locator("#controls").is_hidden()
    page.locator("nav.menu a", has_text="Coverage").click()
    assert page.locator("h1").text_content() == "What was looked up"
    one.close()


def test_single_file_explorer(browser: Any, tmp_path: Path, rows: Rows) -> None:
    from aistatecraft.package import open_package
    from aistatecraft.site.single_file import write_single_file

    assert write_single_file(tmp_path / "explorer.html", package=open_package(ROOT)) > 1_000_000
    one = Visit(browser, tmp_path.as_uri())
    one.page.goto((tmp_path / "explorer.html").as_uri())
    wait(one.page.locator("main"), f"{len(rows('actors'))} of {len(rows('actors'))} rows")
    one.page.select_option("#choose", "strategies")
    wait(one.page.locator("main"), f"{len(rows('strategies'))} of")
    one.page.fill("#q", "秘鲁")
    one.page.locator("#found a").first.click()
    playwright.expect(one.page.locator("#table tbody tr").first).to_contain_text("Peru")
    one.close()


def test_hostile_package_runs_nothing(browser: Any, tmp_path: Path, make: Any) -> None:
    from aistatecraft.site import build_site
    from tests.site.test_site import hostile

    build_site(tmp_path / "out", path=hostile(make))
    one = Visit(browser, (tmp_path / "out").as_uri())
    page = one.page
    page.goto((tmp_path / "out/latest/tables/~data.html").as_uri() + "?q=a")
    wait(page, "of 12 rows")
    assert "pwned" not in page.title().split("·")[-1] and page.evaluate("window.pwned") is None
    assert page.locator("img, b").count() == 0
    page.fill("#q", "onerror")
    page.locator("#found a").first.wait_for()
    assert page.locator("#found img").count() == 0
    one.close()


# Access


@pytest.mark.parametrize(("scheme", "width", "kinds"), [("light", 1280, KINDS), ("dark", 320, NARROW)])
def test_axe_finds_nothing_on_any_kind_of_page(browser: Any, served: str, scheme: str, width: int, kinds: list[str]) -> None:
    one = Visit(browser, served, viewport={"width": width, "height": 900}, color_scheme=scheme)
    axe = Axe()
    found = []
    for kind in dict.fromkeys([*kinds, *KINDS]):
        page = one.open(kind)
        if "?" in kind:
            playwright.expect(page.locator("[role=status]").first).not_to_be_empty()
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{kind}: {wide} pixels wide")
        if kind in kinds:
            result = axe.run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
            assert result.response["testEngine"]["version"]
            found += [f"{kind}: {violation['id']}: {violation['nodes'][0]['html'][:160]}" for violation in result.response["violations"]]
    one.close()
    assert found == []


def test_keyboard_focus_is_seen_and_regions_are_reached(browser: Any, served: str) -> None:
    one = Visit(browser, served, viewport={"width": 320, "height": 800})
    page = one.open("actors/BRA.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip" and page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"
    regions = page.locator(".region").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth && one.tabIndex !== 0).length"
    )
    assert regions == 0
    one.close()


def test_paper_and_large_text(browser: Any, served: str) -> None:
    one = Visit(browser, served, viewport={"width": 640, "height": 800})
    page = one.open("strategies/bra-ebia-2021.html")
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.emulate_media(media="print")
    assert page.locator("nav.menu").is_hidden() and page.locator("section.disputes").is_visible()
    page.emulate_media(media="screen", forced_colors="active")
    assert page.locator("h1").is_visible()
    one.close()


def test_rows_of_a_page_can_be_opened_in_their_table(visit: Visit, rows: Rows) -> None:
    page = visit.open("actors/BRA.html")
    page.locator("#signatories-actor").get_by_role("link", name="Filter, sort and download these rows").click()
    own = [row for row in rows("signatories") if row["actor"] == "BRA"]
    wait(page, f"{len(own)} of {len(rows('signatories'))} rows")
    page = visit.open("strategies/bra-ebia-2021.html")
    page.locator("#provisions-record_id").get_by_role("link", name="Filter, sort and download these rows").click()
    wait(page, f"{sum(row['record_id'] == 'bra-ebia-2021' for row in rows('provisions'))} of")
