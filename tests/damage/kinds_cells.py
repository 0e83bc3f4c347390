"""Damage to a cell that has a type, a form, a vocabulary or a target."""

from __future__ import annotations

import calendar
import datetime as dt
import random
import re

from tests.damage.corpus import cell_kind
from tests.damage.kinds_text import CYRILLIC, FOREIGN, IDENTIFIERS, REFERENCES, swapped
from tests.damage.world import Cell

DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_day(cell: Cell) -> bool:
    return (cell.column.partial_date or cell.column.type == "date") and DAY.fullmatch(cell.text) is not None


def is_late_day(cell: Cell) -> bool:
    return is_day(cell) and int(cell.text[8:]) > 12


def is_month(cell: Cell) -> bool:
    return cell.column.partial_date and re.fullmatch("[0-9]{4}-[0-9]{2}", cell.text) is not None


def is_partial(cell: Cell) -> bool:
    return cell.column.partial_date and bool(cell.text)


def is_typed(kind: str) -> type[bool] | object:
    return FITS[kind]


def _typed(kind: str):  # type: ignore[no-untyped-def]
    return lambda cell: cell.column.type == kind and bool(cell.text)


FITS = {kind: _typed(kind) for kind in ("integer", "number", "boolean", "year")}
FITS["boolean"] = lambda cell: cell.column.type == "boolean" and cell.text in ("true", "false")
DECIMALS = {"fits": lambda cell: FITS["number"](cell) and "." in cell.text}
MONTHS = {"en": calendar.month_abbr, "es": ("", "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def serial(text: str) -> str:
    return str((day(text) - dt.date(1899, 12, 30)).days)


DATE = "spreadsheet-date"
cell_kind("date-localised", is_day, lambda rng, text: f"{day(text):%d.%m.%Y}", DATE)
cell_kind("date-american", is_day, lambda rng, text: f"{day(text):%m/%d/%Y}", DATE)
cell_kind("date-british", is_day, lambda rng, text: f"{day(text):%d/%m/%Y}", DATE)
cell_kind("date-slashes", is_day, lambda rng, text: f"{day(text):%Y/%m/%d}", DATE)
cell_kind("date-dashes-day-first", is_day, lambda rng, text: f"{day(text):%d-%m-%Y}", DATE)
cell_kind("date-short-year", is_day, lambda rng, text: f"{day(text):%d/%m/%y}", DATE)
cell_kind("date-without-zeros", is_day, lambda rng, text: f"{day(text).year}-{rng.randint(1, 9)}-{rng.randint(1, 9)}", DATE)
cell_kind("date-compact", is_day, lambda rng, text: text.replace("-", ""), DATE)
cell_kind("date-serial-number", is_day, lambda rng, text: serial(text) + rng.choice(["", ".0", ",5"]), DATE)
cell_kind("date-with-time", is_day, lambda rng, text: text + rng.choice([" 00:00:00", "T00:00:00", " 0:00", "T00:00:00Z"]), DATE)
cell_kind("date-english", is_day, lambda rng, text: f"{day(text):%B} {day(text).day}, {day(text).year}", DATE)
cell_kind("date-spanish", is_day, lambda rng, text: f"{day(text).day} de abril de {day(text).year}", DATE)
cell_kind("date-chinese", is_day, lambda rng, text: f"{day(text).year}年{day(text).month}月{day(text).day}日", DATE)
cell_kind("month-to-name", is_month, lambda rng, text: f"{rng.choice(['Oct', 'oct', 'Jan', 'ene', 'Apr'])}-{text[2:4]}", DATE)
cell_kind("month-to-slash", is_month, lambda rng, text: f"{text[5:]}/{text[:4]}", DATE)
cell_kind(
    "year-to-day-of-1905",
    lambda cell: is_partial(cell) and len(cell.text) == 4,
    lambda rng, text: "1905-07-15",
    "year-plausible",
    fast=False,
)
cell_kind("day-and-month-exchanged", is_late_day, lambda rng, text: f"{text[:4]}-{text[8:]}-{text[5:7]}", DATE)
cell_kind(
    "day-that-does-not-exist",
    is_day,
    lambda rng, text: f"{text[:4]}-{rng.choice(['02-30', '04-31', '11-31', '06-00'])}",
    "partial-date",
    "type",
)
cell_kind("month-thirteen", is_month, lambda rng, text: f"{text[:4]}-{rng.choice(['13', '00', '14'])}", "partial-date", DATE)
cell_kind(
    "date-typing-slip", is_day, lambda rng, text: text.replace("-", rng.choice(["--", "", " ", "-O", "."]), 1), "partial-date", "type", DATE
)
cell_kind("date-uncertain", is_partial, lambda rng, text: text + rng.choice(["?", "~", " (approx.)", " ca."]), "partial-date")
cell_kind("year-to-date", FITS["year"], lambda rng, text: f"{text}-01-01", DATE)
cell_kind("year-two-digits", FITS["year"], lambda rng, text: text[2:], "type")
cell_kind("year-with-decimals", FITS["year"], lambda rng, text: text + rng.choice([".0", ",0", ".00"]), "spreadsheet-decimal")
cell_kind("year-serial-number", FITS["year"], lambda rng, text: str(44197 + rng.randint(0, 2000)), DATE)
cell_kind(
    "year-digits-exchanged",
    FITS["year"],
    lambda rng, text: text[0] + text[2] + text[1] + text[3] if text[1] != text[2] else text[::-1],
    "year-plausible",
    "period-in-order",
    fast=False,
)
cell_kind("date-year-digits-exchanged", is_day, lambda rng, text: text[1] + text[0] + text[2:], "year-plausible", fast=False)
cell_kind("integer-with-decimals", FITS["integer"], lambda rng, text: text + rng.choice([".0", ",0", ".00"]), "spreadsheet-decimal")
cell_kind("integer-exponent", FITS["integer"], lambda rng, text: f"{int(text):.1E}", "spreadsheet-exponent")
cell_kind(
    "integer-thousands", FITS["integer"], lambda rng, text: text + rng.choice([",000", ".000", " 000", "'000"]), "spreadsheet-decimal"
)
cell_kind(
    "integer-to-date", FITS["integer"], lambda rng, text: rng.choice(["1900-01-12", "12/01/1900", "12-Jan", "00:00:00"]), DATE, "type"
)
cell_kind("integer-with-unit", FITS["integer"], lambda rng, text: text + rng.choice(["%", " countries", "th", "*"]), "type")
cell_kind("integer-negative", FITS["integer"], lambda rng, text: f"-{int(text) + 1}", "minimum")
cell_kind("integer-letter-for-digit", FITS["integer"], lambda rng, text: rng.choice("OlI") + text, "type")
cell_kind("number-decimal-comma", DECIMALS["fits"], lambda rng, text: text.replace(".", ","), "spreadsheet-decimal")
cell_kind("number-thousands", FITS["number"], lambda rng, text: "1," + text.split(".")[0].zfill(3)[-3:] + ".5", "spreadsheet-decimal")
cell_kind("number-exponent", FITS["number"], lambda rng, text: f"{float(text):.2E}", "spreadsheet-exponent")
cell_kind("number-to-date", DECIMALS["fits"], lambda rng, text: rng.choice(["05-Jul", "5.7.2024", "2024-05-07"]), DATE)
cell_kind("number-with-sign", FITS["number"], lambda rng, text: rng.choice(["%s%%", "$%s", "R$ %s", "€%s", "%s bn"]) % text, "type")
cell_kind("number-plus", FITS["number"], lambda rng, text: "+" + text, "spreadsheet-formula")
cell_kind(
    "number-formula-result",
    FITS["number"],
    lambda rng, text: rng.choice(["#REF!", "#DIV/0!", "=A2+1", "####", "NaN", "INF"]),
    "spreadsheet-formula",
    "not-a-number",
    "minimum",
)
cell_kind("boolean-capitals", FITS["boolean"], lambda rng, text: rng.choice([text.upper(), text.title()]), "spreadsheet-boolean")
cell_kind(
    "boolean-translated", FITS["boolean"],
    lambda rng, text: rng.choice(["VRAI", "FAUX", "WAHR", "FALSCH", "VERDADERO", "FALSO", "VERDADEIRO", "wahr", "faux"]), "spreadsheet-boolean",
)  # fmt: skip
cell_kind("boolean-digit", FITS["boolean"], lambda rng, text: "1" if text == "true" else "0", "spreadsheet-boolean", "type")
cell_kind("boolean-word", FITS["boolean"], lambda rng, text: rng.choice(["yes", "no", "Y", "n", "sí", "x", "ja"]), "type")


def _named(*names: str):  # type: ignore[no-untyped-def]
    return lambda cell: cell.column.name in names and bool(cell.text)


def has_leading_zero(cell: Cell) -> bool:
    return cell.column.name == "m49" and cell.text.startswith("0")


CODES = _named("iso2", "budget_currency")
LANGUAGES = _named("language")
ADDRESSES = _named("url")
DOIS = _named("doi")
M49 = _named("m49")
cell_kind("leading-zeros-lost", has_leading_zero, lambda rng, text: text.lstrip("0"), "spreadsheet-zeros")
cell_kind("code-as-number", M49, lambda rng, text: text + ".0", "spreadsheet-decimal", "pattern")
cell_kind("code-with-apostrophe", M49, lambda rng, text: "'" + text, "spreadsheet-quotes")
cell_kind("code-exponent", M49, lambda rng, text: f"{int(text):.2E}", "spreadsheet-exponent")
cell_kind("code-lower-case", CODES, lambda rng, text: text.lower(), "pattern")
cell_kind("language-upper-case", LANGUAGES, lambda rng, text: text.upper(), "pattern")
cell_kind("language-three-letters", LANGUAGES, lambda rng, text: text + rng.choice("agn"), "pattern")


def is_vocabulary(cell: Cell) -> bool:
    return bool(cell.column.categories) and bool(cell.text)


def is_worded(cell: Cell) -> bool:
    return is_vocabulary(cell) and cell.text.isidentifier() and len(cell.text) > 3


cell_kind("vocabulary-capitalised", is_worded, lambda rng, text: text.upper() if text[0].isupper() else text.capitalize(), "category")
cell_kind(
    "vocabulary-slip", is_worded, lambda rng, text: text[:-2] + text[-1] + text[-2] if text[-1] != text[-2] else text + "x", "category"
)
cell_kind("vocabulary-space", is_worded, lambda rng, text: text.replace("_", " ") if "_" in text else text + " ", "category")
cell_kind("vocabulary-invented", is_vocabulary, lambda rng, text: rng.choice(["other", "unknown", "n/a", "-", "none"]) + "?", "category")
cell_kind("vocabulary-look-alike", is_worded, lambda rng, text: swapped(rng, text, CYRILLIC), "look-alike")


def is_identifier(cell: Cell) -> bool:
    return cell.column.name == "id" and "pattern" in cell.column.limits and bool(re.search("[a-z]-", cell.text))


def is_reference(cell: Cell) -> bool:
    return cell.column.name in FOREIGN[cell.table] and bool(cell.text)


def is_hyphened_reference(cell: Cell) -> bool:
    return is_reference(cell) and "-" in cell.text


def slip(rng: random.Random, text: str) -> str:
    """One typing slip: a letter lost, doubled, or two exchanged."""
    if len(text) < 3:
        return text + text[-1]
    at = rng.randrange(1, len(text) - 1)
    return rng.choice(
        [text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:], text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]]
    )


def strange_slip(rng: random.Random, text: str) -> str:
    """A slip that does not happen to be the name of another record, as ECLAC is for CELAC: nobody could see that one."""
    made = slip(rng, text)
    return text if made in IDENTIFIERS else made


cell_kind("identifier-upper-case", is_identifier, lambda rng, text: text.title(), "pattern")
cell_kind("identifier-underscore", is_identifier, lambda rng, text: text.replace("-", "_", 1), "pattern")
cell_kind("identifier-space", is_identifier, lambda rng, text: text.replace("-", " ", 1), "pattern")
cell_kind("identifier-smart-quotes", is_identifier, lambda rng, text: f"“{text}”", "spreadsheet-quotes")
cell_kind("identifier-en-dash", is_identifier, lambda rng, text: text.replace("-", "–", 1), "spreadsheet-quotes")
cell_kind("identifier-look-alike", is_identifier, lambda rng, text: swapped(rng, text, CYRILLIC), "look-alike")
cell_kind("identifier-blanked", is_identifier, lambda rng, text: "", "required")
cell_kind("identifier-ellipsis", is_identifier, lambda rng, text: text[:6] + "…", "spreadsheet-truncated")
cell_kind("reference-slip", is_reference, strange_slip, "foreign-key", "pattern")
cell_kind("reference-cut", is_hyphened_reference, lambda rng, text: text[: text.rindex("-")] + "-", "foreign-key", "pattern")
cell_kind("reference-case", is_reference, lambda rng, text: text.swapcase(), "foreign-key")
cell_kind("reference-smart-quotes", is_reference, lambda rng, text: f"‘{text}’", "spreadsheet-quotes", "foreign-key")
cell_kind("reference-en-dash", is_hyphened_reference, lambda rng, text: text.replace("-", "–", 1), "spreadsheet-quotes", "foreign-key")
cell_kind("reference-to-name", is_reference, lambda rng, text: rng.choice(["Brazil", "Chile", "中国", "See note"]), "foreign-key")
cell_kind("reference-two", is_reference, lambda rng, text: f"{text}; {text}", "foreign-key")
cell_kind("required-blanked", lambda cell: cell.column.required and bool(cell.text), lambda rng, text: "", "required")
cell_kind("required-dash", lambda cell: cell.column.required and is_vocabulary(cell), lambda rng, text: "-", "category")
cell_kind(
    "record-slip",
    lambda cell: cell.column.name in REFERENCES and cell.column.name.endswith("_id"),
    slip,
    "record-exists",
    "subject-exists",
    "object-exists",
    fast=False,
)
cell_kind(
    "record-table-slip",
    lambda cell: cell.column.name in REFERENCES and cell.column.name.endswith("_table"),
    lambda rng, text: text[:-1],
    "record-exists",
    "subject-exists",
    "object-exists",
    fast=False,
)
cell_kind(
    "evidence-field-slip",
    lambda cell: cell.table == "evidence" and cell.column.name == "field" and len(cell.text) > 3,
    slip,
    "evidence-field",
    fast=False,
)
cell_kind("address-without-scheme", ADDRESSES, lambda rng, text: text.split("://")[1], "type")
cell_kind(
    "address-scheme-slip",
    ADDRESSES,
    lambda rng, text: rng.choice(["htps://", "https:/", "http//", "https:", "https:\\\\"]) + text.split("://")[1],
    "type",
    "pattern",
)
cell_kind("address-space", ADDRESSES, lambda rng, text: text.replace("/", "/ ", 3), "type")
cell_kind("address-two", ADDRESSES, lambda rng, text: f"{text} {text}", "type")
cell_kind("address-markdown", ADDRESSES, lambda rng, text: f"[link]({text})", "type")
cell_kind("address-cut", ADDRESSES, lambda rng, text: text[: text.index("//") + 6] + "…", "spreadsheet-truncated")
cell_kind(
    "address-sentence-end", ADDRESSES, lambda rng, text: text + rng.choice([".", ",", ";", ")", ">", '"']), "address-form", fast=False
)
cell_kind(
    "address-local",
    ADDRESSES,
    lambda rng, text: rng.choice(["http://localhost:8000/x", "file:///C:/Users/me/a.pdf", "C:\\a.pdf", "https://intranet/a"]),
    "type",
    "pattern",
    "address-form",
    fast=False,
)
cell_kind("doi-as-address", DOIS, lambda rng, text: "https://doi.org/" + text, "pattern")
cell_kind("doi-labelled", DOIS, lambda rng, text: rng.choice(["doi:", "DOI ", "doi.org/"]) + text, "pattern")
cell_kind("doi-dot-lost", DOIS, lambda rng, text: text.replace("10.", "10", 1), "pattern")
cell_kind("quote-too-long", _named("quote"), lambda rng, text: (text + " ") * 20 + "end", "maxLength")
