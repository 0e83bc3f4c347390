"""Citing: the package, a record, a source; in every style, at the exact version."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft import cite
from aistatecraft.citations import STYLES
from aistatecraft.citations.styles import Style, apa, bibtex, csl_json, ris
from aistatecraft.errors import UsageError
from aistatecraft.export.release import release
from aistatecraft.package import open_package
from aistatecraft.releases.archive import build_archive
from tests.conftest import PEOPLE, Install, Make, edit, write_project
from tests.releases.shelf import put_release

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF-level0"
SOURCE_NAMES = [
    "id",
    "kind",
    "title",
    "authors",
    "publisher",
    "container",
    "volume",
    "issue",
    "pages",
    "published",
    "url",
    "doi",
    "accessed",
    "language",
]
SOURCES: dict[str, Any] = {
    "missingValues": ["", "not applicable"],
    "fields": [
        {"name": name, "type": "date" if name == "accessed" else "string", **({"rdfType": EDTF} if name == "published" else {})}
        for name in SOURCE_NAMES
    ],
    "primaryKey": ["id"],
}
VOTES: dict[str, Any] = {"fields": [{"name": "body"}, {"name": "day", "type": "date"}, {"name": "note"}], "primaryKey": ["body", "day"]}

ARTICLE = {
    "id": "cai-hou-2026", "kind": "scholarly", "title": "拉美人工智能的多元对冲战略研究", "authors": "蔡翠红; 侯乐轩", "container": "拉丁美洲研究",
    "volume": "48", "issue": "1", "pages": "1-25", "published": "2026-01-04", "url": "https://link.cnki.net/urlid/11.1160", "language": "zh", "accessed": "2026-02-01",
}  # fmt: skip
ENGLISH = {
    "id": "doe-roe-2024", "kind": "scholarly", "title": "Hedging & power: 100% of #1_{x}", "authors": "Doe, Jane Ann; Roe-Smith, Li; {OECD}",
    "container": "Journal of AI & Society", "volume": "3", "published": "2024", "doi": "10.1000/a_b(c)",
}  # fmt: skip
REPORT = {"id": "oecd-2019", "kind": "report", "title": "Who rules?", "publisher": "OECD", "published": "2019-05"}
NEWS = {
    "id": "news-2025",
    "kind": "press",
    "title": "A headline.",
    "authors": "Smith, Ann",
    "publisher": "Daily",
    "published": "2025-03-09",
}
BARE = {"id": "bare", "kind": "primary", "title": "A decree"}


def book(*rows: dict[str, str]) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.DictWriter(out, SOURCE_NAMES, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def library(make: Make) -> Path:
    return make(
        {
            "people": (PEOPLE, "id,name,born,score\nada,Ada,1815,1\nbo,,,\n"),
            "votes": (VOTES, "body,day,note\nUN,2024-03-21,x\n"),
            "sources": (SOURCES, book(ARTICLE, ENGLISH, REPORT, NEWS, BARE)),
        },
        title="People: a small package",
        version="0.1.0",
        created="2024-05-01T00:00:00Z",
        contributors=[{"title": "Society of People"}, {"title": "Ada & Co_"}],
        homepage="https://example.org/people",
    )


# The package


def test_package_that_was_not_released(library: Path) -> None:
    assert cite(path=library) == (
        "Society of People, & Ada & Co_. (2024). People: a small package (Version 0.1.0) [Data set]. https://example.org/people"
    )
    assert cite("bibtex", path=library).split("\n") == [
        "@misc{made-0.1.0,",
        r"  author = {{Society of People} and {Ada \& Co\_}},",
        "  title = {{People: a small package}},",
        "  howpublished = {Data set},",
        "  year = {2024},",
        "  month = may,",
        "  version = {0.1.0},",
        "  url = {https://example.org/people}",
        "}",
    ]
    assert cite("ris", path=library).split("\n") == [
        "TY  - DATA",
        "AU  - Society of People",
        "AU  - Ada & Co_",
        "TI  - People: a small package",
        "PY  - 2024",
        "DA  - 2024/05/01",
        "ET  - 0.1.0",
        "UR  - https://example.org/people",
        "ER  - ",
    ]
    assert json.loads(cite("csl-json", path=library)) == [
        {
            "id": "made-0.1.0",
            "type": "dataset",
            "title": "People: a small package",
            "version": "0.1.0",
            "author": [{"literal": "Society of People"}, {"literal": "Ada & Co_"}],
            "issued": {"date-parts": [[2024, 5, 1]]},
            "URL": "https://example.org/people",
        }
    ]


def test_no_address_is_invented(project: Path) -> None:
    for style in STYLES:
        assert not re.search(r"https?://|UR  -|url =|URL", cite(style, path=project))


def test_released_package_names_the_hash_of_its_archive(project: Path, tmp_path: Path, install: Install) -> None:
    built = release(path=install(project), out=tmp_path / "dist", date="2024-05-01")
    text = f"Society of People. (2024). People: a small package (Version 0.1.0) [Data set]. SHA-256 of the release archive: {built.sha256}."
    assert cite(version="0.1.0") == cite(path=built.archive) == text
    (item,) = json.loads(cite("csl-json", version="0.1.0"))
    assert (item["issued"], item["note"]) == ({"date-parts": [[2024, 5, 1]]}, f"SHA-256 of the release archive: {built.sha256}")
    assert f"\nN1  - SHA-256 of the release archive: {built.sha256}\n" in cite("ris", version="0.1.0")
    assert f"note = {{SHA-256 of the release archive: {built.sha256}}}" in cite("bibtex", version="0.1.0")


def test_right_after_a_release_the_version_is_the_next_one_and_the_data_are_named(project: Path, tmp_path: Path, install: Install) -> None:
    built = release(path=install(project), out=tmp_path / "dist", date="2024-05-01")
    install(project)
    assert (
        cite()
        == cite(path=project)
        == (
            "Society of People. (2024). People: a small package (Version 0.2.0-dev) [Data set]. Data as released in version 0.1.0; "
            f"SHA-256 of the release archive: {built.sha256}."
        )
    )


def test_earlier_release_is_cited_as_what_it_was(project: Path, tmp_path: Path, install: Install) -> None:
    install(project)
    first = release(path=project, out=tmp_path / "dist", date="2024-05-01")
    edit(project / "data" / "people.csv", "107.5", "108")
    second = release("0.1.1", path=project, out=tmp_path / "dist", date="2025-06-01")
    install(project)
    assert "(2024)" in cite(version="0.1.0")
    assert first.sha256 in cite(version="0.1.0")
    assert "(2025)" in cite(version="0.1.1")
    assert "(Version 0.1.1)" in cite(version="0.1.1")
    assert second.sha256 in cite(version="0.1.1")


def test_state_that_changed_since_the_release_is_called_so(project: Path, tmp_path: Path, install: Install) -> None:
    """Its version and hash are those of the snapshot that `release` builds of it; its day is not that of the release."""
    put_release(install(project), "0.1.0", "2024-05-01")
    edit(project / "data" / "people.csv", "107.5", "108")
    built = release(path=project, out=tmp_path / "dist", formats=["csv"])
    note = f"Unreleased state after version 0.1.0; SHA-256 of its archive: {built.sha256}"
    assert built.snapshot and built.version == "0.1.1-dev"
    assert cite(path=project) == f"Society of People. (n.d.). People: a small package (Version 0.1.1-dev) [Data set]. {note}."
    (item,) = json.loads(cite("csl-json", table="people", id="ada", path=project))
    assert (item["version"], item["note"], item["id"]) == ("0.1.1-dev", note, "people-0.1.1-dev-people-ada")
    assert cite(path=built.archive).endswith(f"(Version 0.1.1-dev) [Data set]. Unreleased state; SHA-256 of the archive: {built.sha256}.")
    for style in STYLES:
        assert "0.1.0" not in cite(style, path=project).replace("after version 0.1.0", "")


def test_state_whose_version_cannot_be_told_claims_none(project: Path, install: Install) -> None:
    put_release(install(project), "0.1.0", "2024-05-01")
    (project / "data" / "people.csv").unlink()
    assert cite(path=project) == "Society of People. (n.d.). People: a small package [Data set]. Unreleased state after version 0.1.0."
    assert (
        cite("chicago", path=project)
        == "Society of People. n.d. “People: a small package.” Data set. Unreleased state after version 0.1.0."
    )
    assert "version" not in json.loads(cite("csl-json", path=project))[0]
    assert cite("bibtex", path=project).startswith("@misc{people-unreleased,")


def test_version_that_is_stated_and_not_released_yet(project: Path, install: Install) -> None:
    put_release(install(project), "0.1.0", "2024-05-01")
    edit(project / "datapackage.json", '"0.1.0"', '"0.2.0"')
    edit(project / "datapackage.json", "2024-05-01", "2024-06-01")
    edit(project / "data" / "people.csv", "107.5", "108")
    assert (
        cite() == "Society of People. (2024). People: a small package (Version 0.2.0-dev) [Data set]. Unreleased state after version 0.1.0."
    )
    edit(project / "datapackage.json", '"0.2.0"', '"0.2.0-rc1"')
    assert "(Version 0.2.0-rc1)" in cite(path=project)


def test_archive_is_cited_as_what_it_is(project: Path, tmp_path: Path, install: Install) -> None:
    entry = put_release(install(project), "0.1.0", "2024-05-01")
    archive = project / "releases" / entry.archive
    assert cite(path=archive).endswith(f"(Version 0.1.0) [Data set]. SHA-256 of the release archive: {entry.sha256}.")
    edit(project / "data" / "people.csv", "107.5", "108")
    other = tmp_path / "other.zip"
    other.write_bytes(build_archive(open_package(project), "0.1.0", "2024-05-01")[0])
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    assert cite(path=other).endswith(f"(Version 0.1.0) [Data set]. SHA-256 of the archive: {digest}."), "no register knows it"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(other, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(b"107.5", b"107.6"))
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    assert cite(path=other).endswith(f"[Data set]. Changed after it was built; SHA-256 of the archive: {digest}.")


def test_people_and_doi_as_the_descriptor_has_them(make: Make) -> None:
    schema = {"fields": [{"name": "id"}], "primaryKey": ["id"]}
    package = make(
        {"t": (schema, "id\na\n")},
        id="https://doi.org/10.1000/abc",
        homepage="javascript:alert(1)",
        contributors=[
            {"title": "Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace", "roles": ["creator"]},
            {"title": "Host", "roles": ["distributor"]},
        ],
    )
    assert cite(path=package) == "Lovelace, A. (n.d.). made (Version 0.1.0) [Data set]. https://doi.org/10.1000/abc"
    assert all("javascript" not in cite(style, path=package) for style in STYLES)


# Records


def test_record(library: Path) -> None:
    assert cite(table="people", id="ada", path=library) == (
        "Society of People, & Ada & Co_. (2024). [people/ada]. In People: a small package (Version 0.1.0) [Data set]. https://example.org/people"
    )
    (item,) = json.loads(cite("csl-json", table="votes", id="UN/2024-03-21", path=library))
    assert (item["id"], item["title"], item["container-title"], item["version"]) == (
        "made-0.1.0-votes-UN-2024-03-21",
        "[votes/UN/2024-03-21]",
        "People: a small package",
        "0.1.0",
    )
    assert cite("bibtex", table="votes", id="UN/2024-03-21", path=library).startswith(
        "@misc{made-0.1.0-votes-UN-2024-03-21,\n  author = {{Society of People} and"
    )
    assert "\nTI  - [votes/UN/2024-03-21]\n" in cite("ris", table="votes", id="UN/2024-03-21", path=library)
    assert "\nT2  - People: a small package\n" in cite("ris", table="votes", id="UN/2024-03-21", path=library)


def test_record_with_a_title(make: Make) -> None:
    schema = {"fields": [{"name": "id"}, {"name": "title"}, {"name": "title_en"}], "primaryKey": ["id"]}
    package = make({"laws": (schema, "id,title,title_en\na,算法规定,Algorithm rules\nb,算法规定,\n")}, title="Laws")
    assert cite(table="laws", id="a", path=package) == "Algorithm rules [laws/a]. (n.d.). In Laws (Version 0.1.0) [Data set]."
    assert cite(table="laws", id="b", path=package) == "算法规定 [laws/b]. (n.d.). In Laws (Version 0.1.0) [Data set]."


def test_table(library: Path, make: Make) -> None:
    whole = "In People: a small package (Version 0.1.0) [Data set]. https://example.org/people"
    assert cite(table="people", path=library) == f"Society of People, & Ada & Co_. (2024). People [people]. {whole}"
    assert cite(table="votes", path=library) == f"Society of People, & Ada & Co_. (2024). [votes]. {whole}"
    (item,) = json.loads(cite("csl-json", table="people", path=library))
    assert (item["id"], item["title"], item["container-title"]) == ("made-0.1.0-people", "People [people]", "People: a small package")
    with pytest.raises(UsageError, match="'peple' is not a table of this package"):
        cite(table="peple", path=library)


# Sources


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "cai-hou-2026",
            "蔡翠红, & 侯乐轩. (2026). 拉美人工智能的多元对冲战略研究. 拉丁美洲研究, 48(1), 1–25. https://link.cnki.net/urlid/11.1160",
        ),
        (
            "doe-roe-2024",
            "Doe, J. A., Roe-Smith, L., & OECD. (2024). Hedging & power: 100% of #1_{x}. Journal of AI & Society, 3. https://doi.org/10.1000/a_b(c)",
        ),
        ("oecd-2019", "Who rules? (2019). OECD."),
        ("news-2025", "Smith, A. (2025, March 9). A headline. Daily."),
        ("bare", "A decree. (n.d.)."),
    ],
)
def test_source_in_apa(library: Path, source: str, expected: str) -> None:
    assert cite(table="sources", id=source, path=library) == expected


def test_source_in_bibtex(library: Path) -> None:
    assert cite("bibtex", table="sources", id="cai-hou-2026", path=library).split("\n") == [
        "@article{cai-hou-2026,",
        "  author = {{蔡翠红} and {侯乐轩}},",
        "  title = {{拉美人工智能的多元对冲战略研究}},",
        "  journal = {拉丁美洲研究},",
        "  year = {2026},",
        "  month = jan,",
        "  volume = {48},",
        "  number = {1},",
        "  pages = {1--25},",
        "  url = {https://link.cnki.net/urlid/11.1160}",
        "}",
    ]
    assert cite("bibtex", table="sources", id="doe-roe-2024", path=library).split("\n") == [
        "@article{doe-roe-2024,",
        "  author = {Doe, Jane Ann and Roe-Smith, Li and {OECD}},",
        r"  title = {{Hedging \& power: 100\% of \#1\_\textbraceleft{}x\textbraceright{}}},",
        r"  journal = {Journal of AI \& Society},",
        "  year = {2024},",
        "  volume = {3},",
        "  doi = {10.1000/a_b(c)}",
        "}",
    ]
    assert cite("bibtex", table="sources", id="oecd-2019", path=library).split("\n") == [
        "@techreport{oecd-2019,",
        "  title = {{Who rules?}},",
        "  key = {OECD},",
        "  institution = {OECD},",
        "  year = {2019},",
        "  month = may",
        "}",
    ]
    assert cite("bibtex", table="sources", id="bare", path=library).split("\n") == [
        "@misc{bare,",
        "  title = {{A decree}},",
        "  key = {A decree}",
        "}",
    ]


def test_source_in_ris(library: Path) -> None:
    assert cite("ris", table="sources", id="cai-hou-2026", path=library).split("\n") == [
        "TY  - JOUR",
        "AU  - 蔡翠红",
        "AU  - 侯乐轩",
        "TI  - 拉美人工智能的多元对冲战略研究",
        "PY  - 2026",
        "DA  - 2026/01/04",
        "T2  - 拉丁美洲研究",
        "VL  - 48",
        "IS  - 1",
        "UR  - https://link.cnki.net/urlid/11.1160",
        "LA  - zh",
        "SP  - 1",
        "EP  - 25",
        "Y2  - 2026/02/01/",
        "ER  - ",
    ]


def test_source_in_csl_json(library: Path) -> None:
    assert json.loads(cite("csl-json", table="sources", id="doe-roe-2024", path=library)) == [
        {
            "id": "doe-roe-2024",
            "type": "article-journal",
            "title": "Hedging & power: 100% of #1_{x}",
            "author": [{"family": "Doe", "given": "Jane Ann"}, {"family": "Roe-Smith", "given": "Li"}, {"literal": "OECD"}],
            "container-title": "Journal of AI & Society",
            "volume": "3",
            "DOI": "10.1000/a_b(c)",
            "issued": {"date-parts": [[2024]]},
        }
    ]
    (item,) = json.loads(cite("csl-json", table="sources", id="cai-hou-2026", path=library))
    assert (item["accessed"], item["issued"]) == ({"date-parts": [[2026, 2, 1]]}, {"date-parts": [[2026, 1, 4]]})


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("蔡翠红", "蔡翠红. (2026)."),
        ("蔡, 翠红", "蔡翠红. (2026)."),
        ("蔡, 翠红; 侯, 乐轩", "蔡翠红, & 侯乐轩. (2026)."),
        ("Cai, Cuihong; Hou, Lexuan", "Cai, C., & Hou, L. (2026)."),
        ("Nussbaum, Émile", "Nussbaum, É. (2026)."),
        ("Достоевский, Фёдор", "Достоевский, Ф. (2026)."),
        ("{Ministry of Science, Technology}", "Ministry of Science, Technology. (2026)."),
        ("Plato", "Plato. (2026)."),
        ("Smith, Ann; ; ", "Smith, A. (2026)."),
        ("A, B; C, D; E, F", "A, B., C, D., & E, F. (2026)."),
    ],
)
def test_authors(make: Make, authors: str, expected: str) -> None:
    package = make({"sources": (SOURCES, book({**BARE, "authors": authors, "published": "2026"}))})
    assert cite(table="sources", id="bare", path=package) == f"{expected} A decree."


@pytest.mark.parametrize("published", ["2024-13", "2024-02-30", "0000", "not applicable", "soon"])
def test_date_that_does_not_exist_is_left_out(make: Make, published: str) -> None:
    """In a table that was not validated."""
    package = make({"sources": (SOURCES, book({**NEWS, "published": published}))})
    assert cite(table="sources", id="news-2025", path=package) == "Smith, A. (n.d.). A headline. Daily."
    assert "issued" not in json.loads(cite("csl-json", table="sources", id="news-2025", path=package))[0]


def test_table_of_sources_of_another_form(make: Make) -> None:
    package = make({"sources": ({"fields": [{"name": "id"}, {"name": "kind"}], "primaryKey": ["id"]}, "id,kind\na,scroll\nb,\n")})
    assert cite(table="sources", id="a", path=package) == "a. (n.d.)."
    assert cite("ris", table="sources", id="b", path=package) == "TY  - GEN\nTI  - b\nER  - "


# Wrong use


def test_unknown_style(library: Path) -> None:
    with pytest.raises(UsageError, match=r"^'bibtx' is not a citation style; did you mean bibtex"):
        cite("bibtx", path=library)
    with pytest.raises(UsageError, match=r"^'vancouver' is not a citation style; there are: apa, biblatex, bibtex, chicago, csl-json, ris"):
        cite("vancouver", path=library)


def test_unknown_table_and_record(library: Path) -> None:
    with pytest.raises(UsageError, match="'peple' is not a table of this package; did you mean people"):
        cite(table="peple", id="ada", path=library)
    with pytest.raises(UsageError, match="people has no record 'adaa'; did you mean ada"):
        cite(table="people", id="adaa", path=library)
    with pytest.raises(UsageError, match="sources has no record 'cai-hou-2025'; did you mean cai-hou-2026"):
        cite(table="sources", id="cai-hou-2025", path=library)
    with pytest.raises(UsageError, match="to cite a record, also name its table"):
        cite(path=library, id="ada")


def test_unknown_version(project: Path, install: Install) -> None:
    install(project)
    with pytest.raises(UsageError, match=r"version '9\.9\.9' was never released"):
        cite(version="9.9.9")
    with pytest.raises(UsageError, match="either a path or a version"):
        cite(version="9.9.9", path=project)


# Any text

TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("{}\\%&$#_~^\"'\n\r@;,- ")), min_size=1, max_size=20)
PERSON = st.one_of(
    st.builds(lambda name: {"literal": name}, TEXT), st.builds(lambda a, b: {"family": a, "given": b}, TEXT, st.just("") | TEXT)
)
ITEM = st.fixed_dictionaries(
    {
        "id": st.text(min_size=1, max_size=8),
        "type": st.sampled_from(["dataset", "article-journal", "report", "article-newspaper", "document"]),
        "title": TEXT,
    },
    optional={
        "author": st.lists(PERSON, max_size=4),
        "container-title": TEXT,
        "publisher": TEXT,
        "volume": TEXT,
        "issue": TEXT,
        "page": TEXT,
        "DOI": TEXT,
        "URL": TEXT,
        "note": TEXT,
        "language": TEXT,
        "issued": st.sampled_from([{"date-parts": [[2024]]}, {"date-parts": [[2024, 2]]}, {"date-parts": [[2024, 2, 29]]}]),
    },
).map(lambda item: {**item, "version": "1.0.0"} if item["type"] == "dataset" else item)


@settings(max_examples=200, deadline=None)
@given(item=ITEM)
def test_any_text_keeps_the_form_of_each_style(item: dict[str, Any]) -> None:
    assert isinstance(apa(item), str)
    assert json.loads(csl_json(item)) == [item]
    lines = ris(item).split("\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    assert [line[:2] for line in lines].count("TY") == [line[:2] for line in lines].count("ER") == 1
    assert (lines[0][:2], lines[-1]) == ("TY", "ER  - ")
    entry = bibtex(item)
    depth = 0
    for found in re.finditer("[{}]", entry):  # BibTeX counts them all, also those after a backslash
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        assert depth >= 0
        assert depth > 0 or found.end() == len(entry)
    assert depth == 0
    assert re.match(r"@[a-z]+\{[A-Za-z0-9:.-]+,\n  ", entry)


# The files of the package


def test_citation_file_is_of_the_version_of_the_descriptor(root: Path) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    assert (citation["cff-version"], citation["type"]) == ("1.2.0", "dataset")
    assert {"message", "title", "authors", "version"} <= set(citation)
    assert citation["version"] == descriptor["version"] == open_package(root).version
    assert citation["title"] == descriptor["title"]
    # What is in the making was released on no day.
    assert ("date-released" in citation) is ("-dev" not in descriptor["version"])
    assert citation["license"] in {licence["name"] for licence in descriptor["licenses"]}


def test_real_package_is_cited_at_its_version(root: Path) -> None:
    for style in Style:
        assert open_package(root).version in cite(style, path=root)


@pytest.mark.real
def test_real_sources_are_cited_in_every_style(root: Path) -> None:
    from aistatecraft.citations.csl_items import source_item
    from aistatecraft.citations.provenance import source_records

    for identifier, values in source_records(open_package(root)).items():
        item = source_item(identifier, values)
        (given,) = json.loads(STYLES[Style.csl_json](item))
        assert given["title"].startswith(item["title"]) and set(item) - set(given) <= {"translated-title"}
        assert all(STYLES[style](item) for style in Style)


def test_project_of_the_tests_is_written_as_it_says(tmp_path: Path) -> None:
    package = open_package(write_project(tmp_path / "p"))
    assert yaml.safe_load((tmp_path / "p" / "CITATION.cff").read_text(encoding="utf-8"))["version"] == package.version
