"""The site as files: what is there, that it holds together, that it is the same again, and what is refused."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.citations import cite
from aistatecraft.errors import DataError, ReadError, RefusedError, UsageError
from aistatecraft.export.release import release
from aistatecraft.package import open_package
from aistatecraft.package.lookup import fold_text
from aistatecraft.package.register import Register
from aistatecraft.site import build as building
from aistatecraft.site import build_site
from aistatecraft.site.cells import web_link
from aistatecraft.site.dataset import Table, slug
from aistatecraft.site.findings import AGREES
from aistatecraft.site.pages.records import _page
from aistatecraft.site.rendering import POLICY
from aistatecraft.site.words import ABSENCES, absence, day_in_words
from tests.conftest import PEOPLE, ROOT, Make, Run, env
from tests.site.conftest import BASE, Rows
from tests.site.reading import Document, broken_links

KINDS = [
    "index.html", "search.html", "method.html", "cite.html", "download.html", "accessibility.html", "404.html", "codebook.html", "tables/index.html",
    "questions/index.html", "coverage.html", "disputes.html", "changes/index.html",
]  # fmt: skip


def text_of(page: Path) -> str:
    return " ".join(" ".join(Document(page.read_text(encoding="utf-8")).text).split())


# What is there


@pytest.mark.real
def test_every_record_has_a_page_and_a_file(site: Path) -> None:
    package = open_package(ROOT)
    for name, resource in package.resources.items():
        if len(resource.schema.primary_key) != 1:
            continue
        from aistatecraft.package.lookup import identifiers_of

        for identifier in identifiers_of(package, resource):
            page = site / "latest" / name / f"{slug(identifier)}.html"
            assert page.is_file() and page.with_suffix(".json").is_file(), page
    for kind in KINDS:
        assert (site / "latest" / kind).is_file(), kind
    for name in package.resources:
        assert (site / f"latest/data/{name}.csv").read_bytes() == (ROOT / f"data/{name}.csv").read_bytes()
        assert json.loads((site / f"latest/data/{name}.json").read_text())["table"] == name


@pytest.mark.real
def test_links_and_anchors_resolve(site: Path) -> None:
    assert broken_links(site) == []


@pytest.mark.real
def test_pages_are_sound(site: Path) -> None:
    """No page loads anything from elsewhere, has a script or style of its own, an identifier twice, or a trace of a missing value."""
    for path in sorted(site.rglob("*.html"))[::9]:
        text = path.read_text(encoding="utf-8")
        page = Document(text)
        assert not page.inline and not any(name.startswith("on") or name == "style" for name, _ in page.attributes), path
        assert all(not re.match(r"[a-z]+:|//", load) for load in page.loads), path
        assert all(re.match(r"https?://", link) or not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", link) for link in page.links), path
        assert f'content="{POLICY.replace(chr(39), "&#39;")}"' in text, path
        assert "&amp;amp;" not in text and not re.search(r">\s*(None|nan|NaN|<NA>)\s*<", text), path
        assert "<h1" in text and text.count("<h1") == 1, path


@pytest.mark.real
def test_pages_of_every_kind_are_valid_html(site: Path) -> None:
    html5lib = pytest.importorskip("html5lib")
    latest = site / "latest"
    samples = [latest / kind for kind in KINDS]
    for folder in [*latest.iterdir(), latest / "embed/questions", latest / "embed/actors"]:
        if folder.is_dir():
            samples += sorted(folder.glob("*.html"))[:: max(1, len(list(folder.glob("*.html"))) // 2)][:2]
    for path in [path for path in samples if path.stat().st_size < 120_000]:
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(path.read_text(encoding="utf-8"))
        assert [error for error in parser.errors if "namespace" not in str(error)] == [], path


# Answers


@pytest.mark.real
def test_profile_of_a_state(site: Path, rows: Rows) -> None:
    acts = [row for row in rows("signatories") if row["actor"] == "BRA"]
    own = [row for row in rows("strategies") if row["jurisdiction"] == "BRA"]
    text = text_of(site / "latest/actors/BRA.html")
    assert f"{len(own)} strateg" in text
    assert f"{len(acts)} acts toward {len({row['declaration'] for row in acts})} declarations" in text
    page = (site / "latest/actors/BRA.html").read_text(encoding="utf-8")
    for language, name in (("zh", "巴西"), ("es", "Brasil"), ("fr", "Brésil"), ("pt", "Brasil")):
        assert f'<span lang="{language}">{name}</span>' in page
    for row in acts:
        assert f'id="{".".join(["signatories", "actor", slug(row["declaration"]), slug(row["role"])])}"' in page


@pytest.mark.real
def test_profile_names_the_day_of_a_status_once(site: Path, rows: Rows) -> None:
    for table in ("strategies", "declarations", "instruments"):
        dated = [row for row in rows(table) if re.fullmatch("[0-9]{4}", row["status_as_of"])]
        for row in dated[:3]:
            text = text_of(site / f"latest/{table}/{row['id']}.html").partition("Facts")[0]
            assert text.count(f"(as of {row['status_as_of']})") == 1, row["id"]
            assert "status as of" not in text, row["id"]


@pytest.mark.real
def test_who_is_missing_from_a_list_that_may_be_partial_is_not_named(site: Path, rows: Rows) -> None:
    whole = {row["id"]: row["signatory_list"] == "complete" for row in rows("declarations")}
    with next((site / "latest").rglob("camps.csv")).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    for declaration in set(found[0]) & set(whole):
        assert {row[declaration] for row in found} == {"yes", "no" if whole[declaration] else "not named"}, declaration
    assert "are not named behind" in text_of(site / "latest/questions/signed-not.html")


@pytest.mark.real
def test_both_sides_of_a_dispute_stand_on_top(site: Path, rows: Rows) -> None:
    for table, record, field in (("strategies", "bra-ebia-2021", "adopted"), ("declarations", "cartagena-2024", "signatories_declared")):
        said = [row for row in rows("evidence") if (row["record_table"], row["record_id"], row["field"]) == (table, record, field)]
        against = [row for row in said if row["stance"] == "disputes"]
        page = (site / f"latest/{table}/{record}.html").read_text(encoding="utf-8")
        box = page.partition('<section class="disputes"')[2].partition("</section>")[0]
        shown = " ".join(" ".join(Document(box).text).split())
        assert against and box and "<details" not in box
        for row in said:
            assert row["stated"] in shown, row
        assert page.index("Sources disagree") < page.index('<h2 id="facts-h"')


def expected_state(rows: Rows, actor: str) -> str:
    """The state of knowledge, from the CSVs alone."""
    looked = {row["actor"]: row["finding"] for row in rows("coverage") if row["topic"] == "national-ai-strategy"}
    statuses = {row["status"] for row in rows("strategies") if row["jurisdiction"] == actor and row["kind"] != "report"}
    if looked.get(actor) == "unsettled":
        return "unsettled"
    if "adopted" in statuses or "in_force" in statuses:
        return "in-force"
    coming = {"in_preparation", "draft", "planned", "proposed"} & statuses
    if {"superseded", "abandoned", "repealed", "ended", "expired"} & statuses and not coming:
        return "ended"
    if statuses - {"superseded", "abandoned", "repealed", "ended", "expired"} - coming:
        return "found"
    return "in-preparation" if coming else looked.get(actor, "not_looked_up").replace("_", "-")


@pytest.mark.real
def test_grid_list_and_file_say_the_same_of_every_member(site: Path, rows: Rows) -> None:
    members = [row["id"] for row in rows("actors") if row["un_member"] == "true"]
    expected = {actor: expected_state(rows, actor) for actor in members}
    grid = (site / "latest/coverage.html").read_text(encoding="utf-8")
    tiles = dict(re.findall(r'<a href="actors/([A-Z]{3})\.html" class="tile k-([a-z-]+)"', grid))
    assert {actor: tiles[actor] for actor in members} == expected
    table = grid.partition('<table class="coverage">')[2].partition("</table>")[0]
    listed = dict(
        re.findall(r'<th scope="row"><a href="actors/([A-Z]{3})\.html">[^<]*</a></th><td><span class="absent k-([a-z-]+)">', table)
    )
    assert {actor: listed[actor] for actor in members} == expected
    with (site / "latest/questions/strategies.csv").open(encoding="utf-8", newline="") as file:
        words = {row["actor"]: row["state"] for row in csv.DictReader(file)}
    assert {actor: words[actor] for actor in members} == {actor: ABSENCES[state].word for actor, state in expected.items()}
    counts = Counter(expected.values())
    answer = text_of(site / "latest/questions/strategies.html")
    assert f"Of {len(members)} member states of the United Nations {counts['in-force']} have adopted a national AI strategy" in answer
    assert (f"for {counts['not-looked-up']} nobody has looked yet" in answer) == bool(counts["not-looked-up"])


@pytest.mark.real
def test_who_signed_one_and_not_the_other(site: Path, rows: Rows) -> None:
    agrees = {"signed", "endorsed", "adhered", "ratified", "co_sponsored", "voted_for"}
    signed = {
        name: {row["actor"] for row in rows("signatories") if row["declaration"] == name and row["role"] in agrees}
        for name in ("bletchley-2023", "cartagena-2024")
    }
    first, second = signed.values()
    text = text_of(site / "latest/questions/signed-not.html")
    assert f"{len(first - second)} of the {len(first)} that stand behind" in text
    with (site / "latest/questions/signed-not.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["actor"]: row["second"] for row in csv.DictReader(file)}
    assert listed == {actor: "yes" if actor in second else "no" for actor in first}


@pytest.mark.real
def test_ranks_stand_with_their_caveat(site: Path, rows: Rows) -> None:
    text = text_of(site / "latest/questions/ranks.html")
    with (site / "latest/questions/ranks.csv").open(encoding="utf-8", newline="") as file:
        table = {row["actor"]: row for row in csv.DictReader(file)}
    totals = [
        row for row in rows("index_scores") if row["dimension"] == "total" and row["actor"] == "CHL" and row["index_id"].startswith("ilia-")
    ]
    for row in totals:
        assert table["CHL"][f"rank_{row['index_id']}"] == row["score_rank"] and table["CHL"][f"score_{row['index_id']}"] == row["score"]
        assert row["score"] in text
    assert "no source says whether the edition can be compared" in text or "method changed" in text


def citations(style: str) -> list[str]:
    """Of the state of the checkout, and of the last release, whose number the pages carry where the data are the same."""
    released = Register.of(open_package(ROOT)).last
    assert released is not None
    made = [cite(style, table="strategies", id="bra-ebia-2021", path=path) for path in (ROOT, ROOT / "releases" / released.archive)]
    return [text.strip() for text in made]


@pytest.mark.real
def test_citation_of_a_page_is_that_of_the_command(site: Path) -> None:
    page = (site / "latest/strategies/bra-ebia-2021.html").read_text(encoding="utf-8")
    for style in ("apa", "chicago", "bibtex", "biblatex", "csl-json", "ris"):
        shown = re.search(rf'<pre id="cite-{style}"[^>]*>(.*?)</pre>', page, flags=re.DOTALL)
        assert shown is not None
        import html

        assert html.unescape(shown[1]).strip() in citations(style)


@pytest.mark.real
def test_search_names_hold_every_name(site: Path, rows: Rows) -> None:
    text = (site / "latest/data/names.js").read_text(encoding="utf-8")
    kinds, records = json.loads("[" + text[len("aistatecraft.names(") :].rstrip(";\n)") + "]")
    peru = next(record for record in records if kinds[record[0]][0] == "actors" and record[1] == "PER")
    row = next(row for row in rows("actors") if row["id"] == "PER")
    assert {row[name] for name in row if name.startswith("name_") and row[name]} <= {peru[2], *peru[3]}
    assert {fold_text("Pérou"), fold_text("秘鲁")} <= {fold_text(name) for name in peru[3]}


@pytest.mark.real
def test_withdrawn_identifiers_keep_a_page(site: Path, rows: Rows) -> None:
    package = open_package(ROOT)
    paged = [row for row in rows("retired") if len(package.resources[row["record_table"]].schema.primary_key) == 1]
    assert paged
    for row in paged:
        page = text_of(site / f"latest/{row['record_table']}/{slug(row['id'])}.html")
        assert " ".join(row["reason"].split()) in page and "was withdrawn" in page
        assert not row["replaced_by"] or row["replaced_by"] in (site / f"latest/{row['record_table']}/{slug(row['id'])}.html").read_text()


@pytest.mark.real
def test_what_machines_read(site: Path) -> None:
    import xml.etree.ElementTree as tree

    feed = tree.fromstring((site / "feed.xml").read_bytes())
    atom = "{http://www.w3.org/2005/Atom}"
    entries = {entry.findtext(f"{atom}title"): entry for entry in feed.iter(f"{atom}entry")}
    releases = json.loads((ROOT / "releases/register.json").read_text())["releases"]
    for one in releases:
        entry = entries[f"Version {one['version']}"]
        assert entry.findtext(f"{atom}updated") == f"{one['released']}T00:00:00Z"
        assert str(entry.findtext(f"{atom}id")).startswith("tag:data.example,")
    listed = [
        str(one.text)
        for one in tree.fromstring((site / "sitemap.xml").read_bytes()).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert len(listed) == len(set(listed)) and all((site / one.removeprefix(f"{BASE}/")).is_file() for one in listed)
    assert f"{BASE}/latest/actors/BRA.html" in listed
    page = (site / "latest/actors/BRA.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{BASE}/latest/actors/BRA.html">' in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert data["isPartOf"]["@type"] == "Dataset" and data["identifier"] == "actors/BRA"
    start = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', (site / "latest/index.html").read_text())[1])  # type: ignore[index]
    assert start["@type"] == "Dataset" and "isBasedOn" not in start


# Budgets


def packed(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in paths)


@pytest.mark.real
def test_budgets(site: Path) -> None:
    latest = site / "latest"
    script, style = latest / "assets/site.js", latest / "assets/site.css"
    assert packed(script) <= 15_000 and packed(style) <= 12_000
    assert packed(latest / "index.html", script, style) <= 120_000
    assert packed(latest / "data/names.js") <= 250_000
    assert all(packed(path) <= 250_000 for path in (latest / "data").glob("*.js"))
    states = {path.stem for path in (latest / "actors").glob("???.html") if path.stem.isupper()}
    assert all(packed(latest / f"actors/{state}.html", script, style) <= 80_000 for state in states)
    sizes = sorted(packed(path, script, style) for path in (latest / "strategies").glob("*.html"))
    assert sizes[-1] <= 40_000


# The same again


def test_two_builds_give_the_same_bytes(make: Make, tmp_path: Path) -> None:
    package = make({"people": (PEOPLE, "id,name,born,score\nada,Ada,1815-12-10,107.5\nbo,波,1990,3\n")}, title="People")
    sums = []
    for number, zone in ((1, "UTC"), (2, "Pacific/Kiritimati")):
        code = f"from aistatecraft.site import build_site; build_site({str(tmp_path / str(number) / 'out')!r}, path={str(package)!r}, base_url='https://a.example')"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**env(), "TZ": zone, "PYTHONHASHSEED": str(number)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        sums.append((tmp_path / str(number) / "out/SHA256SUMS").read_bytes())
    assert sums[0] == sums[1]
    for line in sums[0].decode().splitlines():
        digest, _, name = line.partition("  ")
        data = (tmp_path / "1/out" / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
        assert str(tmp_path).encode() not in data


# Versions


def test_earlier_versions_lead_to_the_newest(project: Path, tmp_path: Path) -> None:
    """Three releases: a cell is corrected, then one record goes. What is released has a permanent copy; history is told to the cell."""
    table = project / "data/people.csv"
    release(path=project, out=tmp_path / "dist", date="2024-01-01", formats=["csv"])
    table.write_text(table.read_text().replace("107.5", "108.5"))
    release("0.2.0", path=project, out=tmp_path / "dist", date="2024-02-01", formats=["csv"])
    table.write_text("\n".join(line for line in table.read_text().splitlines() if not line.startswith("bo,")) + "\n")
    release("0.3.0", path=project, out=tmp_path / "dist", date="2024-03-01", formats=["csv"])
    out = tmp_path / "out"
    built = build_site(out, path=project, versions=["all"], base_url=BASE)
    assert set(built.folders) == {"latest", "v/0.1.0", "v/0.2.0", "v/0.3.0"} and broken_links(out) == []
    old = (out / "v/0.1.0/people/ada.html").read_text(encoding="utf-8")
    assert (
        "This is version 0.1.0 of 2024-01-01." in old
        and '<a href="../../../latest/people/ada.html">The same page in the newest version' in old
    )
    newest = text_of(out / "latest/people/ada.html")
    assert "0.2.0 2024-02-01 : score changed: 107.5 → 108.5" in newest and "the record came" in newest
    gone = text_of(out / "latest/people/bo.html")
    assert (
        "This identifier was withdrawn" in gone
        and '<a href="../../v/0.2.0/people/bo.html">0.2.0</a>' in (out / "latest/people/bo.html").read_text()
    )
    assert "107.5" in text_of(out / "latest/changes/0.1.0-0.2.0.html")
    feed = (out / "feed.xml").read_text(encoding="utf-8")
    assert all(f"<title>Version {version}</title>" in feed for version in ("0.1.0", "0.2.0", "0.3.0"))


@pytest.mark.real
def test_the_first_release_can_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables whose fields had other names: the pages of one table are enough."""
    monkeypatch.setattr(Table, "paged", property(lambda table: table.name in ("strategies", "actors", "sources", "declarations")))
    monkeypatch.setattr(building, "records", lambda edition: [_page(edition, row) for row in edition.data.tables["strategies"].rows])
    monkeypatch.setattr(building, "table_files", lambda *_: ())
    monkeypatch.setattr(building, "record_files", lambda *_: b"")
    build_site(tmp_path / "out", path=ROOT / "releases/aistatecraft-0.1.0.zip")
    assert "Brazilian Artificial Intelligence Strategy" in text_of(tmp_path / "out/latest/strategies/bra-ebia-2021.html")
    assert "Chile" in text_of(tmp_path / "out/latest/questions/index.html")


# Other packages, and what is refused


HOSTILE = [
    "</script><script>document.title='pwned'</script>", "<img src=x onerror=alert(1)>", "\u202eright to left\u2066", "javascript:alert(1)",
    "\"><b onmouseover=alert(1)>", "{{ 7 * 7 }} {% raw %}", "../../../etc/passwd", "con", "a/b\\c:d", "x" * 1_000_000,
]  # fmt: skip


def hostile(make: Make) -> Path:
    fields: list[dict[str, Any]] = [
        {"name": "id", "type": "string", "constraints": {"required": True}}, {"name": "name", "type": "string", "title": HOSTILE[0], "description": HOSTILE[1]},
        {"name": "url", "type": "string", "format": "uri"}, {"name": "parent", "type": "string"},
    ]  # fmt: skip
    schema = {
        "title": HOSTILE[0],
        "description": HOSTILE[1],
        "fields": fields,
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}}],
    }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "name", "url", "parent"])
    for value in HOSTILE:
        writer.writerow([value, value, value, HOSTILE[0]])
    writer.writerow(["A", "twice", "", ""])
    writer.writerow(["a", "twice", "https://example.org/'\"><script>", "A"])
    return make(
        {"data": (schema, text.getvalue())}, title=HOSTILE[0], description=HOSTILE[2], licenses=[{"name": HOSTILE[1], "path": HOSTILE[3]}]
    )


def test_hostile_texts_are_inert(make: Make, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_site(out, path=hostile(make), base_url="https://a.example")
    assert broken_links(out) == []
    for path in out.rglob("*"):
        assert path.resolve().is_relative_to(out.resolve())
        if path.suffix == ".html":
            page = Document(path.read_text(encoding="utf-8"))
            assert not page.inline and not {"img", "b"} & set(page.tags), path
            assert not any(link.lower().startswith("javascript:") for link in page.links)
            assert "\u202e" not in path.read_text(encoding="utf-8")
            assert path.stat().st_size < 2_000_000
    pages = {path.name.lower() for path in (out / "latest/~data").glob("*.html")}
    assert len(pages) == len(HOSTILE) + 2


def test_a_package_that_is_not_ours_has_its_tables_and_records(make: Make, tmp_path: Path) -> None:
    empty = {**PEOPLE, "title": "Nobody"}
    package = make(
        {"people": (PEOPLE, "id,name,born,score\nada,Ada,1815-12-10,107.5\n"), "nobody": (empty, "id,name,born,score\n")}, title="People"
    )
    built = build_site(tmp_path / "out", path=package)
    assert "Ada" in text_of(tmp_path / "out/latest/people/ada.html")
    assert "This table has no rows in this version." in text_of(tmp_path / "out/latest/tables/nobody.html")
    assert not (tmp_path / "out/latest/coverage.html").exists() and built.pages > 10
    assert broken_links(tmp_path / "out") == []


def test_what_is_refused(make: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = make({"people": (PEOPLE, "id,name,born,score\nada,Ada,1815,1\n")})
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    with pytest.raises(RefusedError, match=r"the folder holds something else \(thesis.txt"):
        build_site(other, path=package)
    assert [path.name for path in other.iterdir()] == ["thesis.txt"]
    with pytest.raises(UsageError, match="version '9.9.9' was never released"):
        build_site(tmp_path / "none", path=package, versions=["9.9.9"])
    with pytest.raises(UsageError, match="is not the web address of a folder"):
        build_site(tmp_path / "none", path=package, base_url="example.org")
    (package / "data/people.csv").write_text("id,name\n")
    with pytest.raises((DataError, ReadError)):
        build_site(tmp_path / "none", path=package)
    assert not (tmp_path / "none").exists()
    assert run("site").err.endswith("give the folder of the site with --out, or one file with --single-file.\n")


def test_a_site_is_replaced_whole_or_not_at_all(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = make({"people": (PEOPLE, "id,name,born,score\nada,Ada,1815,1\n")})
    out = tmp_path / "deep/out"
    build_site(out, path=package)
    before = (out / "SHA256SUMS").read_bytes()
    (out / "left-over.html").write_text("old")

    class Stopped(BaseException):
        pass

    for error, seen in ((OSError(28, "No space left on device"), ReadError), (Stopped(), Stopped)):

        def fails(*_: object, error: BaseException = error) -> bytes:
            raise error

        monkeypatch.setattr(building, "search_file", fails)
        with pytest.raises(seen):
            build_site(out, path=package)
        assert (out / "SHA256SUMS").read_bytes() == before and [path.name for path in out.parent.iterdir()] == ["out"]
        fresh = tmp_path / "new/place"
        with pytest.raises(seen):
            build_site(fresh, path=package)
        assert not fresh.parent.exists()
    monkeypatch.undo()
    build_site(out, path=package)
    assert not (out / "left-over.html").exists() and (out / "SHA256SUMS").read_bytes() == before


def test_without_the_library_one_sentence(make: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = make({"people": (PEOPLE, "id,name,born,score\nada,Ada,1815,1\n")})
    monkeypatch.setitem(sys.modules, "jinja2", None)
    done = run("site", "--out", tmp_path / "out", "--path", package)
    assert done.code == 2 and "pip install" in done.err and "aistatecraft[site]" in done.err
    assert not (tmp_path / "out").exists()


def test_single_file_needs_nothing_else(make: Make, run: Run, tmp_path: Path) -> None:
    package = hostile(make)
    done = run("site", "--single-file", tmp_path / "x.html", "--path", package)
    assert done.code == 0, done.err
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    page = Document(text)
    assert page.loads == [] and "default-src 'none'" in text.replace("&#39;", "'")
    assert text.count("<script>") == 1 and text.count("</script>") == 1


# Words


def test_states_of_knowledge_are_told_apart() -> None:
    assert (
        len({(state.sign, state.word) for state in ABSENCES.values()}) == len(ABSENCES) == len({state.word for state in ABSENCES.values()})
    )
    assert [absence(text).word for text in ("", "not applicable", "none exists", "none_found", "withheld")] == [
        "not known", "not applicable", "none exists", "none found", "withheld",
    ]  # fmt: skip
    assert absence("", "note").word == "no note"


def test_days_and_names_of_files() -> None:
    assert [day_in_words(text) for text in ("2024-10-03", "2024-10", "2024", "2024-13-01", "soon")] == [
        "3 October 2024",
        "October 2024",
        "2024",
        "2024-13-01",
        "soon",
    ]
    assert [slug(text) for text in ("BRA", "a.b", "../x", "con", "a b", "", "index")] == [
        "BRA",
        "a.b",
        "~..~2f~x",
        "~con",
        "a~20~b",
        "~",
        "~index",
    ]
    assert len(slug("x" * 500)) <= 120 and slug("x" * 500) != slug("x" * 501)
    assert [
        web_link(text) for text in ("https://a.example/b?c=d", "javascript:alert(1)", 'https://a.example/"x', "ftp://a", " https://a")
    ] == ["https://a.example/b?c=d", "", "", "", ""]


def test_disk_is_left_as_it_was_when_the_place_cannot_be_written(make: Make, tmp_path: Path) -> None:
    package = make({"people": (PEOPLE, "id,name,born,score\nada,Ada,1815,1\n")})
    (tmp_path / "file").write_text("mine")
    with pytest.raises((RefusedError, ReadError)):
        build_site(tmp_path / "file", path=package)
    with pytest.raises(ReadError, match="cannot be written"):
        build_site(tmp_path / "file/out", path=package)
    assert (tmp_path / "file").read_text() == "mine"
    if os.geteuid():
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o500)
        with pytest.raises(ReadError, match="cannot be written"):
            build_site(locked / "out", path=package)
    shutil.rmtree(tmp_path / "locked", ignore_errors=True)


def test_every_role_is_known_to_agree_or_not() -> None:
    """A role that is added to the vocabulary must be placed: the pages count those who stand behind a text."""
    roles = {category.value for category in open_package(ROOT).resources["signatories"].schema.by_name["role"].categories}
    others = {"voted_against", "abstained", "declined", "dissociated", "withdrew", "participated"}
    assert roles <= AGREES | others and not AGREES & others


def test_previews_and_workbooks_are_there_where_the_libraries_are(make: Make, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    openpyxl = pytest.importorskip("openpyxl")
    package = make({"people": (PEOPLE, "id,name,born,score\nada,Ada,1815,1\n")}, title="People")
    build_site(tmp_path / "out", path=package, base_url=BASE)
    assert (tmp_path / "out/latest/tables/people.png").read_bytes().startswith(b"\x89PNG")
    assert openpyxl.load_workbook(tmp_path / "out/latest/data/people.xlsx")["people"]["B2"].value == "Ada"
    page = (tmp_path / "out/latest/tables/people.html").read_text(encoding="utf-8")
    assert '<a href="../data/people.xlsx" download>XLSX</a>' in page
    assert f'<meta property="og:image" content="{BASE}/latest/tables/people.png">' in page
