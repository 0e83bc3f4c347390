"""Styles, one item each: what stands where; and BibTeX and RIS as programs read them that are not ours."""

from __future__ import annotations

import json
import re
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from aistatecraft.citations.styles import STYLES, Style, apa, biblatex, bibtex, chicago, render, ris

ADA, BO, OECD = {"family": "Doe", "given": "Jane Ann"}, {"family": "Roe-Smith", "given": "Li"}, {"literal": "OECD"}
CAI = {"family": "蔡", "given": "翠红"}
DATASET: dict[str, Any] = {
    "id": "made-0.1.0", "type": "dataset", "title": "People", "version": "0.1.0", "author": [{"literal": "Society"}],
    "issued": {"date-parts": [[2024, 5, 1]]}, "note": "SHA-256 of the release archive: ab12", "URL": "https://example.org/people",
}  # fmt: skip
RECORD = {**DATASET, "id": "made-0.1.0-people-ada", "title": "Ada [people/ada]", "container-title": "People"}
ARTICLE: dict[str, Any] = {
    "id": "doe-2024", "type": "article-journal", "title": 'Who "rules"?', "author": [ADA, BO, OECD], "container-title": "Journal", "volume": "3",
    "issue": "2", "page": "1-25", "DOI": "10.1000/ab", "issued": {"date-parts": [[2024, 2]]},
}  # fmt: skip
NEWS: dict[str, Any] = {
    "id": "news", "type": "article-newspaper", "title": "A headline", "publisher": "Daily", "issued": {"date-parts": [[2025, 3, 9]]},
    "URL": "https://example.org/n", "accessed": {"date-parts": [[2025, 4, 1]]},
}  # fmt: skip
REPORT: dict[str, Any] = {"id": "r", "type": "report", "title": "A report", "publisher": "OECD", "issued": {"date-parts": [[2019]]}}
DECREE: dict[str, Any] = {
    "id": "d",
    "type": "document",
    "title": "A decree",
    "URL": "https://example.org/d",
    "accessed": {"date-parts": [[2025, 4, 1]]},
}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (DATASET, "Society. 2024. “People.” Version 0.1.0. Data set. SHA-256 of the release archive: ab12. https://example.org/people."),
        (RECORD, "Society. 2024. “Ada [people/ada].” In “People.” Version 0.1.0. Data set. SHA-256 of the release archive: ab12. https://example.org/people."),
        (ARTICLE, "Doe, Jane Ann, Li Roe-Smith, and OECD. 2024. “Who ‘rules’?” Journal 3 (2): 1–25. https://doi.org/10.1000/ab."),
        ({**ARTICLE, "volume": "", "page": ""}, "Doe, Jane Ann, Li Roe-Smith, and OECD. 2024. “Who ‘rules’?” Journal, no. 2. https://doi.org/10.1000/ab."),
        ({**ARTICLE, "author": [CAI, ADA], "DOI": "x"}, "蔡翠红, and Jane Ann Doe. 2024. “Who ‘rules’?” Journal 3 (2): 1–25. https://doi.org/x."),
        (NEWS, "Daily. 2025. “A headline.” March 9. https://example.org/n."),
        ({**NEWS, "author": [ADA]}, "Doe, Jane Ann. 2025. “A headline.” Daily, March 9. https://example.org/n."),
        (REPORT, "“A report.” 2019. OECD."),
        ({**REPORT, "author": [OECD], "issued": {"date-parts": [[2019, 5]]}}, "OECD. 2019. “A report.” OECD. May."),
        (DECREE, "“A decree.” n.d. Accessed April 1, 2025. https://example.org/d."),
        ({**DECREE, "title": "“Quoted”!"}, "“‘Quoted’!” n.d. Accessed April 1, 2025. https://example.org/d."),
    ],
)  # fmt: skip
def test_chicago(item: dict[str, Any], expected: str) -> None:
    assert chicago(item) == expected


def test_many_authors() -> None:
    people = [{"family": f"F{number}", "given": "Ada"} for number in range(1, 23)]
    assert chicago({**REPORT, "author": people[:6]}).startswith("F1, Ada, Ada F2, Ada F3, Ada F4, Ada F5, and Ada F6. 2019.")
    assert chicago({**REPORT, "author": people[:7]}).startswith("F1, Ada, Ada F2, Ada F3, et al. 2019.")
    assert apa({**REPORT, "author": people[:20]}).startswith(", ".join(f"F{number}, A." for number in range(1, 20)) + ", & F20, A. (2019)")
    assert apa({**REPORT, "author": people}).startswith(", ".join(f"F{number}, A." for number in range(1, 20)) + ", . . . F22, A. (2019)")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (DATASET, ["@dataset{made-0.1.0,", "  author = {{Society}},", "  title = {{People}},", "  date = {2024-05-01},", "  version = {0.1.0},",
                   "  note = {SHA-256 of the release archive: ab12},", "  url = {https://example.org/people}", "}"]),
        (RECORD, ["@dataset{made-0.1.0-people-ada,", "  author = {{Society}},", "  title = {{Ada [people/ada]}},", "  titleaddon = {In: People},",
                  "  date = {2024-05-01},", "  version = {0.1.0},", "  note = {SHA-256 of the release archive: ab12},",
                  "  url = {https://example.org/people}", "}"]),
        (ARTICLE, ["@article{doe-2024,", "  author = {Doe, Jane Ann and Roe-Smith, Li and {OECD}},", '  title = {{Who "rules"?}},',
                   "  journaltitle = {Journal},", "  date = {2024-02},", "  volume = {3},", "  number = {2},", "  pages = {1--25},",
                   "  doi = {10.1000/ab}", "}"]),
        (NEWS, ["@article{news,", "  title = {{A headline}},", "  journaltitle = {Daily},", "  date = {2025-03-09},", "  urldate = {2025-04-01},",
                "  url = {https://example.org/n}", "}"]),
        (REPORT, ["@report{r,", "  title = {{A report}},", "  institution = {OECD},", "  date = {2019}", "}"]),
        (DECREE, ["@online{d,", "  title = {{A decree}},", "  urldate = {2025-04-01},", "  url = {https://example.org/d}", "}"]),
        ({"id": "x", "type": "document", "title": "A", "publisher": "P"}, ["@misc{x,", "  title = {{A}},", "  organization = {P}", "}"]),
    ],
)  # fmt: skip
def test_biblatex(item: dict[str, Any], expected: list[str]) -> None:
    assert biblatex(item).split("\n") == expected


def test_entry_of_bibtex_has_what_its_type_demands() -> None:
    assert [bibtex({**item, "publisher": ""}).partition("{")[0] for item in (NEWS, REPORT)] == ["@misc", "@misc"]
    assert bibtex({**ARTICLE, "publisher": "Press"}).split("\n")[3:5] == ["  journal = {Journal},", "  publisher = {Press},"]


def test_several_items_are_one_file_and_no_key_stands_twice() -> None:
    same = [{**DECREE, "id": "a b"}, {**DECREE, "id": "a_b"}, {**DECREE, "id": "a-b"}, {**DECREE, "id": "a b"}]
    for style in (Style.bibtex, Style.biblatex):
        found = bibtexparser.parse_string(render(style, same))
        assert [entry.key for entry in found.entries] == ["a-b", "a-b-2", "a-b-3", "a-b-4"] and not found.failed_blocks
    assert [item["id"] for item in json.loads(render(Style.csl_json, same))] == ["a b", "a_b-2", "a-b-3", "a b-4"]
    assert len(rispy.loads(render(Style.ris, same))) == 4
    assert render(Style.apa, [ARTICLE, DECREE]).split("\n") == [apa(ARTICLE), apa(DECREE)]
    assert render(Style.chicago, [ARTICLE, DECREE]).split("\n") == [chicago(ARTICLE), chicago(DECREE)]
    for style in Style:
        assert render(style, [ARTICLE]) == STYLES[style](ARTICLE)


# As other programs read it


def decoded(text: str) -> str:
    """LaTeX as pylatexenc reads it, which does not know all names that LaTeX itself has for characters."""
    names = {"braceleft": "{", "braceright": "}", "less": "<", "greater": ">", "bar": "|", "asciicircum": "^"}
    for at, name in enumerate(names):
        text = text.replace(rf"\text{name}{{}}", chr(0xE000 + at))
    text = str(LatexNodes2Text(strict_latex_spaces=True).latex_to_text(text))
    return text.translate({0xE000 + at: character for at, character in enumerate(names.values())})


def parsed(entry: str) -> dict[str, Any]:
    """Fields of the entry as bibtexparser reads it: names taken apart, LaTeX decoded."""
    stack = [middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()]
    found = bibtexparser.parse_string(entry, append_middleware=stack)
    assert not found.failed_blocks and len(found.entries) == 1, found.failed_blocks
    (one,) = found.entries
    out: dict[str, Any] = {"type": one.entry_type, "key": one.key}
    for field in one.fields:
        if field.key == "author":
            out["author"] = [tuple(decoded(" ".join(part)) for part in (name.first, name.von, name.last, name.jr)) for name in field.value]
        else:
            out[field.key] = decoded(field.value)
    return out


def test_bibtex_as_a_parser_reads_it() -> None:
    entry = parsed(bibtex({**ARTICLE, "title": r"50% of #1_{x} & $2 ~^\ <a|b> -- ``c''", "container-title": "Journal of AI & Society"}))
    assert tuple(entry[name] for name in ("type", "key", "year", "number", "pages")) == ("article", "doe-2024", "2024", "2", "1–25")
    assert entry["title"] == r"50% of #1_{x} & $2 ~^\ <a|b> -- ``c''"
    assert entry["journal"] == "Journal of AI & Society"
    assert entry["author"] == [("Jane Ann", "", "Doe", ""), ("Li", "", "Roe-Smith", ""), ("", "", "OECD", "")]


@pytest.mark.parametrize(
    "person",
    [
        {"family": "Smith and Sons", "given": "Ann"},
        {"family": "Smith", "given": "Ann, Jr."},
        {"family": "and", "given": "And"},
        {"family": "van der Berg", "given": "Jan"},
        {"literal": "Ministry of Science, Technology and Innovation"},
        {"literal": "Smith & Sons"},
    ],
)
def test_name_is_one_name_whatever_stands_in_it(person: dict[str, str]) -> None:
    for style in (bibtex, biblatex):
        names = parsed(style({**ARTICLE, "author": [person, ADA]}))["author"]
        assert len(names) == 2
        whole = " ".join(part for part in names[0] if part)
        assert whole == (person["literal"] if "literal" in person else f"{person['given']} {person['family']}")


PLAIN = st.text(
    st.one_of(st.characters(min_codepoint=32, max_codepoint=126), st.sampled_from("éñ波-'`{}\\%&$#_~^<>|")), min_size=1, max_size=25
)


@settings(max_examples=300, deadline=None)
@given(title=PLAIN, note=PLAIN, style=st.sampled_from([bibtex, biblatex]))
def test_any_text_comes_out_of_the_parser_as_it_went_in(title: str, note: str, style: Any) -> None:
    entry = parsed(style({**DATASET, "title": title, "note": note, "version": note}))
    for name, text in (("title", title), ("note", note), ("version", note)):
        if text.strip():
            assert entry[name].strip() == " ".join(text.split())


@settings(max_examples=200, deadline=None)
@given(title=PLAIN, container=PLAIN)
def test_any_text_comes_out_of_ris_as_it_went_in(title: str, container: str) -> None:
    (found,) = rispy.loads(ris({**ARTICLE, "title": title, "container-title": container}))
    assert (found.get("title", ""), found.get("secondary_title", "")) == (" ".join(title.split()), " ".join(container.split()))
    assert (found["type_of_reference"], found["authors"], found["doi"]) == (
        "JOUR",
        ["Doe, Jane Ann", "Roe-Smith, Li", "OECD"],
        "10.1000/ab",
    )
    assert (found["year"], found["date"], found["start_page"], found["end_page"]) == ("2024", "2024/02/", "1", "25")


ANY = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from('\n\r“”"{}')), min_size=1, max_size=20)


@settings(max_examples=200, deadline=None)
@given(
    title=ANY, publisher=ANY, kind=st.sampled_from(["dataset", "article-journal", "report", "article-newspaper", "document"]), literal=ANY
)
def test_new_styles_take_any_text(title: str, publisher: str, kind: str, literal: str) -> None:
    item = {"id": "x", "type": kind, "title": title, "publisher": publisher, "author": [{"literal": literal}]}
    assert literal in chicago(item)
    entry = biblatex(item)
    assert re.match(r"@[a-z]+\{x,\n  ", entry) and entry.count("{") == entry.count("}")
