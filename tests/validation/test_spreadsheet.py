"""What spreadsheets, editors and encodings do to cells is recognised for what it is, and what is fine is left alone."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aistatecraft.package.edtf import URI
from aistatecraft.package.schema import Field, compile_schema
from aistatecraft.validation.cell_checks import check_cell
from aistatecraft.validation.evidence_match import agrees, one_slip
from aistatecraft.validation.fast_path import fast_check, nothing_hidden
from aistatecraft.validation.homoglyphs import LookAlike, look_alike
from aistatecraft.validation.loose_parsing import dates_written, numbers_written
from aistatecraft.validation.spreadsheet import shifted, suspect
from aistatecraft.validation.text_quality import faults_of_text

FIELDS: dict[str, dict[str, Any]] = {
    "partial": {"type": "string", "rdfType": URI},
    "date": {"type": "date"},
    "year": {"type": "year"},
    "integer": {"type": "integer", "constraints": {"minimum": 0}},
    "number": {"type": "number"},
    "boolean": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    "m49": {"type": "string", "constraints": {"pattern": "[0-9]{3}"}},
    "id": {"type": "string", "constraints": {"pattern": "[a-z0-9]+(-[a-z0-9]+)*"}},
    "status": {"type": "string", "categories": ["adopted", "draft"]},
    "text": {"type": "string"},
}


@cache
def schema() -> dict[str, Field]:
    made = compile_schema({"fields": [{"name": name, **field} for name, field in FIELDS.items()]}, where="t", name="t")
    return dict(made.by_name)


@pytest.mark.parametrize(
    ("field", "text", "rule", "hint"),
    [
        ("partial", "24.10.2023", "spreadsheet-date", "write 2023-10-24"),
        ("partial", "10/24/2023", "spreadsheet-date", "write 2023-10-24"),
        ("partial", "04/06/2021", "spreadsheet-date", "write 2021-06-04 or 2021-04-06, as in the source"),
        ("partial", "45223", "spreadsheet-date", "write 2023-10-24"),
        ("partial", "2023-24-10", "spreadsheet-date", "write 2023-10-24"),
        ("partial", "2023-1-5", "spreadsheet-date", "write 2023-01-05"),
        ("partial", "2023-10-24 00:00:00", "spreadsheet-date", "write 2023-10-24"),
        ("partial", "Oct-23", "spreadsheet-date", "write it as YYYY, YYYY-MM or YYYY-MM-DD"),
        ("partial", "24 de octubre de 2023", "spreadsheet-date", "write 2023-10-24"),
        ("partial", "2023-13", "partial-date", "write a day that exists, or only the month or year that the source gives"),
        ("date", "20231024", "spreadsheet-date", "write 2023-10-24"),
        ("date", "2023-02-30", "type", "write a value of type date"),
        ("year", "2021-01-01", "spreadsheet-date", "write 2021"),
        ("year", "2021.0", "spreadsheet-decimal", "write 2021"),
        ("integer", "1.23E+05", "spreadsheet-exponent", "write 123000, or all digits as in the source"),
        ("integer", "12.0", "spreadsheet-decimal", "write 12"),
        ("integer", "12,500", "spreadsheet-decimal", "write digits only, with a point for decimals"),
        ("integer", "12-Jan", "spreadsheet-date", "look it up in the source and write it again; set the column to text in the spreadsheet"),
        ("integer", "12.5", "type", "write a value of type integer"),
        ("integer", "-3", "minimum", "write at least 0"),
        ("number", "67,39", "spreadsheet-decimal", "write 67.39"),
        ("number", "#DIV/0!", "spreadsheet-formula", "write the value itself, without a leading =, + or @"),
        ("number", "45%", "type", "write a value of type number"),
        ("boolean", "VRAI", "spreadsheet-boolean", "write true"),
        ("boolean", "FALSE", "spreadsheet-boolean", "write false"),
        ("boolean", "yes", "type", "write a value of type boolean"),
        ("m49", "76", "spreadsheet-zeros", "write 076; set the column to text in the spreadsheet"),
        ("m49", "76.0", "spreadsheet-decimal", "write 076; set the column to text in the spreadsheet"),
        ("m49", "'076", "spreadsheet-quotes", "write 076"),
        ("m49", "7.60E+01", "spreadsheet-exponent", "write 76, or all digits as in the source"),
        ("m49", "O76", "pattern", "write it in that form"),
        ("id", "“bra-ebia-2021”", "spreadsheet-quotes", "write bra-ebia-2021"),
        ("id", "bra–ebia–2021", "spreadsheet-quotes", "write bra-ebia-2021"),
        ("id", "br\u0430-ebia", "look-alike", "write 'bra-ebia'"),
        ("id", "bra-ebi…", "spreadsheet-truncated", "write the whole text; mark an omission in a quote with […]"),
        ("id", "=A2", "spreadsheet-formula", "write the value itself, without a leading =, + or @"),
        ("id", "Bra Ebia", "pattern", "write it in that form"),
        ("status", "\u0430dopted", "look-alike", "write 'adopted'"),
        ("status", "#####", "spreadsheet-formula", "write the value itself, without a leading =, + or @"),
    ],
)
def test_a_wrong_text_is_recognised(field: str, text: str, rule: str, hint: str) -> None:
    (problem,) = check_cell(schema()[field], text)
    assert (problem.rule, problem.hint) == (rule, hint)
    assert problem.message and not problem.message.endswith(".")


@pytest.mark.parametrize(
    ("field", "text", "rule"),
    [("boolean", "true", ""), ("number", "1e5", "spreadsheet-exponent"), ("number", "NaN", "not-a-number"), ("number", "0.", "spreadsheet-decimal"), ("year", "44292", "spreadsheet-date"), ("year", "2021", "")],
)  # fmt: skip
def test_a_text_of_the_right_type_may_still_be_suspect(field: str, text: str, rule: str) -> None:
    assert check_cell(schema()[field], text) == []
    found = suspect(schema()[field], text)
    assert (found.rule if found else "") == rule


HIDDEN = {
    " a": "white-space",
    "a  b": "white-space",
    "a\u00a0b": "white-space",
    "a\tb": "white-space",
    "a\nb": "line-break",
    "a\u200db": "control-character",
    "inter\u00adnational": "control-character",
    "Sa\u0303o": "not-nfc",
    "SÃ£o": "mojibake",
    "S\ufffdo": "mojibake",
    "S?o Paulo": "mojibake",
    "é˜¿é²\x81": "mojibake control-character",
    "人???": "mojibake",
    "人?智能": "mojibake",
    "Inteligencia Artificial y ?tica": "mojibake",
    "浜哄伐鏅鸿兘": "mojibake",
    "pol√≠tica": "mojibake",
    "pol├¡tica": "mojibake",
    "polÌtica": "mojibake",
    "pol¡tica": "mojibake",
    "pol穩tica": "mojibake",
    "artıfıcıal": "mojibake",
    "caf\\u00e9": "mojibake",
    "caf%C3%A9": "mojibake",
    "caf=C3=A9": "mojibake",
    "<U+4EBA><U+5DE5>": "mojibake",
    "line one\\nline two": "mojibake",
    "N/A": "null-word",
    "TODO": "null-word",
    "1899-12-30": "null-word",
    'the ""plan"" of 2024': "stray-quotes",
    'the plan" of 2024': "stray-quotes",
    "José”—and more": "stray-quotes",
    "Law (2024": "stray-quotes",
    "National planNational plan": "repeated-text",
    "人工智能计划；人工智能计划": "repeated-text",
    "The plan was adopted in May. Another sentence stands here. The plan was adopted in May.": "repeated-text",
    "R&amp;D": "markup",
    "a<br>b": "markup",
    "Сhile": "look-alike",
    "２０２４年": "look-alike",
    "=SUM(A1:A9)": "spreadsheet-formula",
    "+56 2 2345": "spreadsheet-formula",
    "#N/A": "spreadsheet-formula",
    "'076": "spreadsheet-quotes",
    "cut off in the mid...": "spreadsheet-truncated",
    "x" * 255: "spreadsheet-truncated",
    "14-Dec": "spreadsheet-date",
    "mar-08": "spreadsheet-date",
    "2024-12-14 00:00:00": "spreadsheet-date",
    "TRUE": "spreadsheet-boolean",
    "4.6E+03": "spreadsheet-exponent",
}
FINE = [
    "São Paulo",
    "R&D; the core stress is on development",
    "What is AI? An answer",
    "https://www.bcn.cl/leychile/navegar?idNorma=1169399&amp",
    "“Para promover una IA ética”",
    "国家人工智能战略（2024—2028）",
    "Вестник МГИМО",
    "О развитии AI в России",
    "μm and β-carotene",
    "13 March",
    "20 dic",
    "pages 14-16",
    "'quoted' text",
    "=",
    "x" * 254 + ".",
    "EU",
    "12-14",
    "true",
    "“José”—and more",
    "5 < 6 and 7 > 6",
    "Baden-Baden",
    "Pago Pago",
    "多边机构／国际多边机构",
    "Großbritannien und Ísland",
    "Kılavuzu: Yapay Zekâ Eğitimi",
    "L’Équipe; l'Île; d’Ávila; «citation» (note)",
    "What next? and why",
    "5 % of GDP, 20 % of exports",
    "鲁传颖; 约翰·马勒里",
    "在 GPT 与 AI 之间",
    "NANO, Nonesuch and N/A-free",
    "first sentence of the note. Second sentence of the note. Third sentence of the note.",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_what_is_hidden_in_a_text_is_found(text: str) -> None:
    assert {fault.rule for fault in faults_of_text(text)} == set(HIDDEN[text].split())
    assert not nothing_hidden([text]) and not nothing_hidden(["a", text, "b"])


@pytest.mark.parametrize("text", FINE)
def test_what_is_fine_is_left_alone(text: str) -> None:
    assert [fault.message for fault in faults_of_text(text)] == []


PIECES = sorted(
    {
        *"=+@#'|E.,-: ?&;<>b1x9aéÃ£",
        "…",
        "...",
        "Dec",
        "TRUE",
        "\u0430",
        "\u03bf",
        "\uff11",
        "&amp;",
        "<br>",
        "14-",
        "-08",
        "é˜",
        "\u00a0",
        "#N/A",
        "00:00",
        *"\"'()“”?\\%ı√├",
        "\\u00e9",
        "%C3%A9",
        "nan",
        "浜哄伐",
        "智",
        "polit",
    }
)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=1, max_size=5))
def test_the_quick_look_overlooks_no_damage(texts: list[str]) -> None:
    if nothing_hidden(texts):
        assert [fault for text in texts for fault in faults_of_text(text)] == []


@given(
    st.sampled_from(sorted(FIELDS)), st.lists(st.text(alphabet="0123456789+-.eETtrueNaIF", min_size=1, max_size=6), min_size=1, max_size=4)
)
def test_the_quick_look_overlooks_nothing_suspect(field: str, texts: list[str]) -> None:
    column = schema()[field]
    quick = fast_check(column, hygiene=True)
    assert quick is not None
    if quick(texts):
        assert [
            found for text in texts for found in (*check_cell(column, text), suspect(column, text), *faults_of_text(text)) if found
        ] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Сhile", LookAlike("Сhile", "С", "CYRILLIC CAPITAL LETTER ES", "Chile")),
        ("in АI of", LookAlike("АI", "А", "CYRILLIC CAPITAL LETTER A", "AI")),
        ("the СОР meets", LookAlike("СОР", "С", "CYRILLIC CAPITAL LETTER ES", "COP")),
        ("Νorway", LookAlike("Νorway", "Ν", "GREEK CAPITAL LETTER NU", "Norway")),
        ("Ａ1", LookAlike("Ａ1", "Ａ", "FULLWIDTH LATIN CAPITAL LETTER A", "A1")),
        ("Вестник", None),
        ("Αθήνα, Athens", None),
        ("São", None),
        ("人工智能", None),
    ],
)
def test_look_alikes(text: str, expected: LookAlike | None) -> None:
    assert look_alike(text) == expected


ROW = [schema()[name] for name in ("id", "text", "partial", "status", "number", "text")]


@pytest.mark.parametrize(
    ("cells", "wrong", "expected"),
    [
        (["a", "", "Title", "2024", "draft", "7"], [2, 3, 4], (1, "right")),
        (["a", "2024", "draft", "7", "note", ""], [2, 3, 4], (2, "left")),
        (["a", "Title", "x", "y", "z", ""], [2, 3, 4], None),
        (["a", "Title", "24.10.2023", "Adopted", "", ""], [2, 3], None),
    ],
)
def test_shifted_rows(cells: list[str], wrong: list[int], expected: tuple[int, str] | None) -> None:
    found = shifted(ROW, cells, wrong)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        at, problem = found
        assert (at, problem.rule, problem.message.rsplit(" ", 1)[1]) == (expected[0], "spreadsheet-shifted", expected[1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("April 6, 2021", ["2021-04-06"]),
        ("6th of April 2021", ["2021-04-06"]),
        ("6 de abril de 2021", ["2021-04-06"]),
        ("1er mars 2024", ["2024-03-01"]),
        ("2021年4月6日", ["2021-04-06"]),
        ("2024年", ["2024"]),
        ("August 2023", ["2023-08"]),
        ("06.04.2021", ["2021-04-06"]),
        ("04/06/2021", ["2021-06-04", "2021-04-06"]),
        ("12/2011", ["2011-12"]),
        ("30 February 2021", []),
        ("este viernes", []),
        ("44292", []),
    ],
)
def test_dates_as_they_are_written(text: str, expected: list[str]) -> None:
    assert dates_written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("31,05", [31.05]), ("1.12%", [1.12]), ("25.000", [25.0, 25000.0]), ("1,234,567", [1234567.0]), ("1.2.3", []), ("at most 100", [])]
)  # fmt: skip
def test_numbers_as_they_are_written(text: str, expected: list[float]) -> None:
    assert numbers_written(text) == expected


@pytest.mark.parametrize(
    ("field", "value", "stated", "expected"),
    [
        ("partial", "2021-04-06", "April 6, 2021", True),
        ("partial", "2021-04-06", "June 4, 2021", False),
        ("partial", "2021", "April 6, 2021", True),
        ("partial", "2021-04-06", "last Friday", None),
        ("number", 67.39, "67,3", True),
        ("number", 67.39, "67.4", True),
        ("number", 67.39, "67.93", False),
        ("number", 67.39, "60 or above", None),
        ("integer", 12, "12", True),
        ("integer", 12, "21", False),
        ("m49", "076", "076", True),
        ("m49", "076", "067", False),
        ("text", "Mongolia", "Mongolia", True),
        ("text", "Mogolia", "Mongolia", False),
        ("text", "Côte d’Ivoire", "Cote d'Ivoire", True),
        ("text", "Brazil", "Brasil", False),
        ("text", "Andean Community", "Andean Community (CAN)", None),
        ("status", "draft", "a draft", None),
    ],
)
def test_what_is_stated_against_what_is_held(field: str, value: Any, stated: str, expected: bool | None) -> None:
    assert agrees(schema()[field], value, stated) is expected


def test_one_slip() -> None:
    assert [one_slip("mongolia", other) for other in ("mongola", "mongoliia", "mongplia", "mognolia", "mongolei", "mo")] == [True] * 4 + [
        False
    ] * 2
