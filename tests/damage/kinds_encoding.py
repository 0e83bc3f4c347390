"""Damage to the text of a cell by encodings, by programs that write something where there is nothing, and by hasty hands."""

from __future__ import annotations

import random
import re

from tests.damage.corpus import cell_kind, kind
from tests.damage.kinds_text import inside, is_accented, is_latin, is_long, is_phrase, is_prose
from tests.damage.world import Cell, Mutant, World

_HAN = "[\u3400-\u9fff]"
_ACCENT = "(?<=[a-z])[áéíóúãõçñàèôü](?=[a-z])"


def is_chinese(cell: Cell) -> bool:
    return is_prose(cell) and len(re.findall(_HAN, cell.text)) >= 4


def is_accented_inside(cell: Cell) -> bool:
    return is_prose(cell) and re.search(_ACCENT, cell.text) is not None


def is_optional(cell: Cell) -> bool:
    """A prose cell that may be blank, such as a note."""
    return is_prose(cell) and not cell.column.required


def is_sentence(cell: Cell) -> bool:
    return is_prose(cell) and len(cell.text) >= 40 and cell.text.endswith(".") and "://" not in cell.text


def is_number(cell: Cell) -> bool:
    return cell.column.type == "number" and bool(cell.text)


def is_bracketed(cell: Cell) -> bool:
    return is_prose(cell) and cell.column.name != "quote" and re.search(r"\([^()]+\)", cell.text) is not None


def read_as(wrong: str, right: str = "utf-8"):  # type: ignore[no-untyped-def]
    """A change: the bytes of one encoding read as another; letters that it does not have are left out."""
    return lambda rng, text: text.encode(right, "ignore").decode(wrong, "ignore")


cell_kind("question-marks-for-chinese", is_chinese, lambda rng, text: re.sub(_HAN, "?", text), "mojibake")
cell_kind("chinese-read-as-gbk", is_chinese, lambda rng, text: text.encode().decode("gbk", "ignore"), "mojibake")
cell_kind("chinese-read-as-gbk-with-losses", is_chinese, lambda rng, text: text.encode().decode("gbk", "replace"), "mojibake")
cell_kind("chinese-read-as-latin-1", is_chinese, read_as("cp1252"), "mojibake")
cell_kind("accents-read-as-mac-roman", is_accented_inside, read_as("mac_roman"), "mojibake")
cell_kind("accents-read-as-cp850", is_accented_inside, read_as("cp850"), "mojibake")
cell_kind("accents-read-as-cp437", is_accented_inside, read_as("cp437"), "mojibake")
cell_kind("accents-read-as-latin-2", is_accented_inside, read_as("iso8859-2"), "mojibake", "control-character", "white-space")
cell_kind("accents-read-as-cp1251", is_accented_inside, read_as("cp1251"), "mojibake", "look-alike", "control-character")
cell_kind("accents-read-as-shift-jis", is_accented_inside, read_as("shift_jis"), "mojibake")
cell_kind(
    "cp1252-read-as-mac-roman",
    lambda cell: is_prose(cell) and re.search("(?<=[a-z])[éíñ](?=[a-z])", cell.text) is not None,
    read_as("mac_roman", "cp1252"),
    "mojibake",
)
cell_kind(
    "cp1252-read-as-cp850",
    lambda cell: is_prose(cell) and re.search("(?<=[a-z])[éíóñã](?=[a-z])", cell.text) is not None,
    read_as("cp850", "cp1252"),
    "mojibake",
)
cell_kind(
    "cp850-read-as-cp1252",
    lambda cell: is_prose(cell) and re.search("(?<=[a-z])[íóúñçé](?=[a-z])", cell.text) is not None,
    read_as("cp1252", "cp850"),
    "mojibake",
)
cell_kind("dotless-i", lambda cell: is_latin(cell) and "i" in cell.text, lambda rng, text: text.replace("i", "ı"), "mojibake")
cell_kind("dotted-i", lambda cell: is_latin(cell) and "i" in cell.text, lambda rng, text: text.replace("i", "i\u0307", 1), "mojibake")
cell_kind("escapes-of-json", is_chinese, lambda rng, text: text.encode("ascii", "backslashreplace").decode(), "mojibake")
cell_kind(
    "escapes-of-python-bytes",
    is_accented,
    lambda rng, text: "".join(f"\\x{ord(c):02x}" if 127 < ord(c) < 256 else c for c in text),
    "mojibake",
)
cell_kind("escapes-of-r", is_chinese, lambda rng, text: "".join(f"<U+{ord(c):04X}>" if ord(c) > 127 else c for c in text), "mojibake")
cell_kind(
    "escapes-of-addresses",
    lambda cell: is_accented(cell) and "://" not in cell.text,
    lambda rng, text: re.sub("[^\x00-\x7f]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), text),
    "mojibake",
)
cell_kind(
    "escapes-of-mail",
    lambda cell: is_accented(cell) and "://" not in cell.text,
    lambda rng, text: re.sub("[^\x00-\x7f]", lambda m: "".join(f"={b:02X}" for b in m[0].encode()), text),
    "mojibake",
)
cell_kind("line-break-escaped", is_phrase, lambda rng, text: text.replace(" ", rng.choice(["\\n", "\\t", "\\r\\n"]), 1), "mojibake")
cell_kind("quote-escaped", is_phrase, lambda rng, text: text.replace(" ", ' \\"', 1) + '\\"', "mojibake", "stray-quotes")
cell_kind(
    "entity-twice",
    is_phrase,
    lambda rng, text: text.replace(" ", rng.choice(["&amp;amp;", "&amp;nbsp;", "&#8217;", "&#xe9;"]), 1),
    "markup",
)
cell_kind("emoji-as-surrogates", is_phrase, lambda rng, text: text + " \\ud83d\\ude00", "mojibake")

cell_kind(
    "null-word",
    is_optional,
    lambda rng, text: rng.choice(["nan", "NaN", "None", "none", "NULL", "null", "N/A", "n/a", "NA", "nil", "<NA>", "NaT", "undefined"]),
    "null-word",
)
cell_kind(
    "work-not-done",
    is_optional,
    lambda rng, text: rng.choice(["TODO", "TBD", "tbc", "xxx", "FIXME", "tba", "Lorem ipsum", "test", "?"]),
    "null-word",
)
cell_kind("dash-for-nothing", is_optional, lambda rng, text: rng.choice(["-", "--", "—", "–", ".", "/"]), "null-word")
cell_kind(
    "zero-date-in-text",
    is_optional,
    lambda rng, text: rng.choice(["1899-12-30", "1900-01-00", "0000", "0000-00-00", "00:00:00", "1899-12-31"]),
    "null-word",
)
cell_kind("number-for-nothing-in-text", is_optional, lambda rng, text: rng.choice(["-999", "-99", "-9999", "-999.0"]), "null-word")
cell_kind(
    "number-for-nothing",
    is_number,
    lambda rng, text: rng.choice(["-999", "-9999", "-99", "-999.0", "2147483647", "4294967295"]),
    "null-word",
    "minimum",
    "score-in-scale",
)
cell_kind(
    "zero-date",
    lambda cell: cell.column.partial_date and bool(cell.text) and cell.table != "evidence",
    lambda rng, text: rng.choice(["1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01"]),
    "year-plausible",
    fast=False,
)
cell_kind(
    "float-noise",
    is_number,
    lambda rng, text: rng.choice(["0.30000000000000004", f"{float(text) + 1e-9:.9f}", f"{float(text):.2f}000000001", "67.38999999999999"]),
    "float-noise",
)

cell_kind("quotes-doubled", is_phrase, lambda rng, text: text.replace(" ", ' ""', 1).replace(" ", '"" ', 2), "stray-quotes")
cell_kind("quote-alone", is_phrase, lambda rng, text: rng.choice([text + '"', '"' + text]), "stray-quotes")
cell_kind("apostrophes-for-quotes", is_phrase, lambda rng, text: text.replace(" ", " ''", 1), "stray-quotes")
cell_kind("bracket-lost", is_bracketed, lambda rng, text: text.replace(rng.choice("()"), "", 1), "stray-quotes")
cell_kind(
    "curly-quote-alone",
    lambda cell: is_phrase(cell) and cell.column.name != "quote",
    lambda rng, text: inside(rng, text, rng.choice("“”«»"), "(?<= )"),
    "stray-quotes",
)

cell_kind("pasted-twice", is_long, lambda rng, text: text + rng.choice(["", " ", "; "]) + text, "repeated-text", "maxLength")
cell_kind("sentence-twice", is_sentence, lambda rng, text: f"{text} {text}", "repeated-text", "maxLength")
cell_kind(
    "sentence-again-later", is_sentence, lambda rng, text: f"{text} Another remark stands between. {text}", "repeated-text", "maxLength"
)


@kind("text-far-too-long", "cell", "text-too-long", "maxLength", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    cell = world.pick(rng, is_prose)
    while sum(bool(row[cell.at]) for row in world.rows(cell.table)) < 30:
        cell = world.pick(rng, is_prose)
    longest = max(len(row[cell.at]) for row in world.rows(cell.table))
    words = [
        f"{word}{number}"
        for number, word in enumerate(["the", "text", "of", "a", "whole", "page", "stands", "here", "now"] * (longest // 8 + 20))
    ]
    files = world.changed(cell.table, {(cell.row, cell.column.name): " ".join(words) + "."})
    return Mutant(files, (world.place(cell.table, cell.row, cell.column.name),), f"{longest} -> {len(' '.join(words))} characters")
