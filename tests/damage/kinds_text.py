"""Damage to the text of a cell, whatever its type: what editors, web pages, encodings and spreadsheets leave in it."""

from __future__ import annotations

import random
import re
import unicodedata

from tests.damage.corpus import cell_kind
from tests.damage.world import Cell

REFERENCES = {"record_table", "record_id", "subject_table", "subject_id", "object_table", "object_id"}


def is_prose(cell: Cell) -> bool:
    """A text that is free: no form, no vocabulary, no reference."""
    column = cell.column
    return (
        bool(cell.text)
        and column.type == "string"
        and column.format == "default"
        and not column.constraints
        and column.name not in REFERENCES
        and column.name not in FOREIGN.get(cell.table, set())
        and column.name != "dimension"
    )


def _foreign() -> dict[str, set[str]]:
    from tests.damage.world import World

    # Of a reference by several fields together, none is wrong by itself.
    single = {name: {key.fields[0] for key in schema.foreign_keys if len(key.fields) == 1} for name, schema in World().schemas.items()}
    return {
        name: fields - {part for key in World().schemas[name].foreign_keys if len(key.fields) > 1 for part in key.fields}
        for name, fields in single.items()
    }


FOREIGN = _foreign()


def _identifiers() -> set[str]:
    from tests.damage.world import World

    world = World()
    return {row["id"] for name, schema in world.schemas.items() if schema.primary_key == ("id",) for row in world.records(name)}


IDENTIFIERS = _identifiers()


def is_latin(cell: Cell) -> bool:
    return is_prose(cell) and re.search("[A-Za-z]{5}", cell.text) is not None


def is_phrase(cell: Cell) -> bool:
    return is_prose(cell) and re.search("[a-z] [a-z]", cell.text) is not None


def is_accented(cell: Cell) -> bool:
    return is_prose(cell) and re.search("[áéíóúãõçñàèôüö]", cell.text) is not None


def is_long(cell: Cell) -> bool:
    return is_prose(cell) and len(cell.text) >= 60


def is_short(cell: Cell) -> bool:
    """A text such as a volume, an issue, pages, a number or an edition, which a spreadsheet may take for a number or date."""
    return is_prose(cell) and cell.column.name in ("volume", "issue", "pages", "number", "edition", "stated", "official_number", "locator")


def inside(rng: random.Random, text: str, what: str, pattern: str = r"(?<=\w)(?=\w)") -> str:
    """The text with something put in at a random place."""
    places = [match.start() for match in re.finditer(pattern, text)]
    at = rng.choice(places)
    return text[:at] + what + text[at:]


def swapped(rng: random.Random, text: str, letters: dict[str, str]) -> str:
    """The text with one letter replaced, inside a word of several."""
    places = [match.start() for match in re.finditer("[A-Za-z]", text) if text[match.start()] in letters and in_word(text, match.start())]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + letters[text[at]] + text[at + 1 :]


def in_word(text: str, at: int) -> bool:
    return any(0 <= beside < len(text) and text[beside].isalpha() and text[beside].isascii() for beside in (at - 1, at + 1))


CYRILLIC = dict(zip("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ", strict=True))
GREEK = dict(zip("oABEHIKMNOPTXYZ", "οΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", strict=True))
FULL_WIDTH = {chr(code): chr(code + 0xFEE0) for code in range(ord("A"), ord("z") + 1) if chr(code).isalpha()}

cell_kind("space-before", is_prose, lambda rng, text: " " + text, "white-space")
cell_kind("space-after", is_prose, lambda rng, text: text + " ", "white-space")
cell_kind("space-twice", is_phrase, lambda rng, text: inside(rng, text, " ", "(?<= )"), "white-space")
cell_kind("space-no-break", is_phrase, lambda rng, text: text.replace(" ", "\u00a0", 1), "white-space")
cell_kind("tab-inside", is_phrase, lambda rng, text: text.replace(" ", "\t", 1), "white-space", "control-character")
cell_kind("line-break-inside", is_phrase, lambda rng, text: text.replace(" ", "\n", 1), "line-break")
cell_kind("line-separator-inside", is_phrase, lambda rng, text: text.replace(" ", "\u2028", 1), "control-character")
cell_kind("zero-width-space", is_latin, lambda rng, text: inside(rng, text, "\u200b"), "control-character")
cell_kind("zero-width-joiner", is_latin, lambda rng, text: inside(rng, text, rng.choice("\u200c\u200d")), "control-character")
cell_kind("byte-order-mark-inside", is_prose, lambda rng, text: "\ufeff" + text, "control-character")
cell_kind("soft-hyphen", is_latin, lambda rng, text: inside(rng, text, "\u00ad"), "control-character")
cell_kind("direction-mark", is_latin, lambda rng, text: inside(rng, text, rng.choice("\u200e\u202a\u202e\u2066")), "control-character")
cell_kind("control-character", is_latin, lambda rng, text: inside(rng, text, rng.choice("\x01\x08\x0b\x1b\x7f\x85")), "control-character")
cell_kind("escape-sequence", is_latin, lambda rng, text: inside(rng, text, "\x1b[31m"), "control-character")
cell_kind("decomposed", is_accented, lambda rng, text: unicodedata.normalize("NFD", text), "not-nfc")
cell_kind(
    "mojibake",
    is_accented,
    lambda rng, text: text.encode("utf-8").decode("cp1252", "ignore"),
    "mojibake",
)
cell_kind("mojibake-latin-1", is_accented, lambda rng, text: text.encode("utf-8").decode("latin-1"), "mojibake", "control-character")
cell_kind("mojibake-twice", is_accented, lambda rng, text: text.encode().decode("latin-1").encode().decode("cp1252", "ignore"), "mojibake")
cell_kind("letter-lost", is_accented, lambda rng, text: re.sub("[áéíóúãõçñàèôüö]", "\ufffd", text, count=1), "mojibake")
cell_kind(
    "letter-as-question-mark",
    lambda cell: is_prose(cell) and re.search("(?<=[A-Za-z])[áéíóúãõçñàèôüö](?=[A-Za-z])", cell.text) is not None,
    lambda rng, text: re.sub("(?<=[A-Za-z])[áéíóúãõçñàèôüö](?=[A-Za-z])", "?", text, count=1),
    "mojibake",
)
cell_kind("cyrillic-letter", is_latin, lambda rng, text: swapped(rng, text, CYRILLIC), "look-alike")
cell_kind("greek-letter", is_latin, lambda rng, text: swapped(rng, text, GREEK), "look-alike")
cell_kind("full-width-letter", is_latin, lambda rng, text: swapped(rng, text, FULL_WIDTH), "look-alike")
cell_kind(
    "full-width-digits",
    lambda cell: is_prose(cell) and re.search("[0-9]{2}", cell.text) is not None,
    lambda rng, text: re.sub("[0-9]", lambda match: chr(ord(match[0]) + 0xFEE0), text),
    "look-alike",
)
cell_kind(
    "markup-entity", is_phrase, lambda rng, text: text.replace(" ", rng.choice(["&nbsp;", " &amp; ", "&#39;", "&quot;"]), 1), "markup"
)
cell_kind("markup-tag", is_phrase, lambda rng, text: text.replace(" ", rng.choice(["<br>", " <b>", "</p>", '<a href="x">']), 1), "markup")
cell_kind(
    "formula",
    is_prose,
    lambda rng, text: rng.choice(["=A2", "=B7&C7", "=SUM(A1:A9)", '=HYPERLINK("x")', f"={text}"]),
    "spreadsheet-formula",
)
cell_kind("formula-by-plus-or-at", is_prose, lambda rng, text: rng.choice("+@") + text, "spreadsheet-formula")
cell_kind(
    "formula-result",
    is_prose,
    lambda rng, text: rng.choice(["#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#NOM?", "#¡REF!", "#WERT!"]),
    "spreadsheet-formula",
)
cell_kind("hashes", is_prose, lambda rng, text: "#" * rng.randint(3, 10), "spreadsheet-formula")
cell_kind("text-apostrophe", is_short, lambda rng, text: "'" + text, "spreadsheet-quotes")
cell_kind("text-cut-at-255", is_long, lambda rng, text: (text * 9)[:255].rstrip().ljust(255, "x"), "spreadsheet-truncated")
cell_kind(
    "text-cut-at-32767", is_long, lambda rng, text: (text * 600)[:32767].rstrip().ljust(32767, "x"), "spreadsheet-truncated", "maxLength"
)
cell_kind("text-cut-ellipsis", is_long, lambda rng, text: text[:40].rstrip(" .") + rng.choice(["…", "..."]), "spreadsheet-truncated")
cell_kind(
    "text-to-date", is_short, lambda rng, text: rng.choice(["14-Dec", "Dec-14", "12-ene", "Mar-08", "7-May", "01-févr"]), "spreadsheet-date"
)
cell_kind(
    "text-to-day-and-time", is_short, lambda rng, text: f"20{rng.randint(10, 26)}-12-{rng.randint(10, 28)} 00:00:00", "spreadsheet-date"
)
cell_kind(
    "text-to-exponent",
    is_short,
    lambda rng, text: rng.choice(["1.23E+05", "2E+10", "4.617E+3", "1,23E+05", "1E-04"]),
    "spreadsheet-exponent",
)
cell_kind(
    "text-to-boolean",
    is_short,
    lambda rng, text: rng.choice(["TRUE", "FALSE", "VRAI", "WAHR", "FALSCH", "VERDADERO"]),
    "spreadsheet-boolean",
)
