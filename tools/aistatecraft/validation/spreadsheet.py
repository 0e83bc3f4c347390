"""What a spreadsheet does to cells, recognised as such: a finding that says what happened beats "is not a date".

`recognise` is asked about texts that are wrong, and only then: nothing here slows down a table that is fine. `suspect` is
asked about texts that have the right type and are not written as this dataset writes them. `shifted` looks at whole rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from aistatecraft.package.schema import Field
from aistatecraft.validation.homoglyphs import as_latin, look_alike
from aistatecraft.validation.loose_parsing import MONTHS, dates_written
from aistatecraft.validation.report import CellProblem

__all__ = ["MAY_BE_SPREADSHEET", "cell_damage", "recognise", "shifted", "suspect"]

_RESULT = re.compile(r"#{2,}|#[¡¿]?[A-ZÄÖÜÉÍÓ]{1,9}(?:/[A-Z0-9]{1,3})?[!?]|#N/[ADVF]|#(?:DIV|ÜBERLAUF|SPILL)\S*|(?:Err|Fehler):[0-9]{3}")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_DECIMALS = re.compile(r"([+-]?[0-9]+)[.,]0+")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:([,.'’ \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_STAND_IN = re.compile(r"-9{2,}(?:\.0+)?|-?(?:2147483647|2147483648|4294967295|9223372036854775807|18446744073709551615|9{5,})(?:\.0+)?")
"""Numbers for nothing, and the largest that computers know."""
_FLOAT_NOISE = re.compile(r"[+-]?[0-9]+\.[0-9]*(?:0000|9999)[0-9]{1,4}")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_SHORT_DATE = re.compile(r"(?:(?P<day>[0-9]{1,2})-)?(?P<name>[^\W\d_]{3,5})\.?(?:-(?P<year>[0-9]{2}))?")
_BOOLEANS = {
    **dict.fromkeys(("true", "vrai", "wahr", "verdadero", "verdadeiro", "vero", "waar"), "true"),
    **dict.fromkeys(("false", "faux", "falsch", "falso", "onwaar"), "false"),
}
_SHOUTED = re.compile("TRUE|FALSE|VRAI|FAUX|WAHR|FALSCH|VERDADERO|FALSO|VERDADEIRO|VERO|WAAR|ONWAAR")
_TYPOGRAPHIC = str.maketrans({**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys("‐‑‒–—−", "-")})
_OPENED = re.compile(r"'(?!.*'(?:\W|$))")
_WITH_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_LIMITS = {255: "text cells of old spreadsheets and databases", 32767: "cells of Excel"}
_SENTENCE_ENDS = tuple(".!?)]”’»\"'。！？）》…")

MAY_BE_SPREADSHEET = re.compile(
    r"\|(?:[=+@#']|(?:Err|Fehler):|TRUE|FALSE|VRAI|FAUX|WAHR|FALSCH|VERDADE|FALSO|VERO|WAAR|ONWAAR|[+-]?[0-9]+[0-9.,]*E[+-]?[0-9]+\|"
    r"|[0-9]{1,2}-[^\W\d_]{3,5}\.?(?:-[0-9]{2})?\||[^\W\d_]{3,5}\.?-[0-9]{2}\||[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]+\|)"
)
"""Found in texts that are joined by `|`, with one before and one after, wherever `cell_damage` finds anything but a cut."""

_LOOK = "look it up in the source and write it again; set the column to text in the spreadsheet"


def cell_damage(text: str) -> Iterator[CellProblem]:
    """What a spreadsheet left in a cell, whatever the column: each thing that shows in the text alone."""
    if (text[:1] in "=+@" and text[1:]) or _RESULT.fullmatch(text):
        yield _formula(text)
    elif _OPENED.match(text):
        yield CellProblem(
            "spreadsheet-quotes", f"{text!r} begins with the apostrophe that marks a cell as text in a spreadsheet", "delete the apostrophe"
        )
    elif text.endswith(("…", "...")):
        yield _cut(text)
    elif len(text) in _LIMITS and not text.endswith(_SENTENCE_ENDS):
        yield CellProblem(
            "spreadsheet-truncated",
            f"the cell has exactly {len(text)} characters, the length at which {_LIMITS[len(text)]} are truncated",
            "write the whole text",
        )
    elif _SHOUTED.fullmatch(text):
        yield CellProblem(
            "spreadsheet-boolean", f"{text!r} is a spreadsheet's spelling of true or false", "write true, false, or the text of the source"
        )
    elif "E" in text and _EXPONENT.fullmatch(text):
        yield _exponent(text)
    elif _WITH_TIME.fullmatch(text):
        yield CellProblem(
            "spreadsheet-date", f"{text!r} is a date with a time of day added by a program", f"write {text[:10]}, or the intended text"
        )
    elif (short := _SHORT_DATE.fullmatch(text)) and (short["day"] or short["year"]) and short["name"].lower() in MONTHS:
        yield CellProblem(
            "spreadsheet-date", f"{text!r} is what a spreadsheet makes of a text such as 12-14, which it reads as a date", _LOOK
        )


def recognise(column: Field, text: str) -> CellProblem | None:
    """What a spreadsheet or an editor did to a text that is wrong in its column; None where it is not one of their ways."""
    if (text[:1] in "=+@" and text[1:] and " " not in text) or _RESULT.fullmatch(text):
        return _formula(text)
    if text.endswith(("…", "...")):
        return _cut(text)
    if not text.isascii() and (found := look_alike(text)):
        return CellProblem(
            "look-alike",
            f"{found.word!r} contains {found.name}, which only looks like a Latin letter or digit",
            f"write {as_latin(text)!r}",
        )
    plain = text.translate(_TYPOGRAPHIC)
    for candidate in (plain, plain.strip("\"'")):
        if candidate != text and candidate and _fits(column, candidate):
            return CellProblem(
                "spreadsheet-quotes",
                f"{text!r} has quotes, dashes or an apostrophe inserted by a word processor or spreadsheet",
                f"write {candidate}",
            )
    if column.kind.own_texts and (meant := _BOOLEANS.get(text.lower())):
        return CellProblem("spreadsheet-boolean", f"{text!r} is how a spreadsheet writes {meant}", f"write {meant}")
    return _number(column, plain.strip("\"'")) or _date(column, text)


def suspect(column: Field, text: str) -> CellProblem | None:
    """What is wrong with a text that its type admits and that this dataset does not write so."""
    if column.kind.own_texts and text not in column.kind.own_texts:
        meant = column.kind.text(column.parse(text))
        return CellProblem("spreadsheet-boolean", f"{text!r} is not how this dataset writes {meant}", f"write {meant}")
    if column.kind.decimals and text[-1:] == ".":
        return CellProblem(
            "spreadsheet-decimal", f"{text!r} has a decimal point but no decimals", f"write {text[:-1]}, or the whole number"
        )
    if column.kind.decimals and not text[-1:].isdigit():
        return CellProblem(
            "not-a-number", f"{text!r} is not a number that a source can give", "leave the cell blank, and give the reason in note"
        )
    if column.kind.decimals and _EXPONENT.fullmatch(text):
        return _exponent(text)
    if column.kind.numeric and _STAND_IN.fullmatch(text):
        return CellProblem(
            "null-word", f"{text!r} is what programs write where there is no number", "leave the cell blank, and give the reason in note"
        )
    if column.kind.decimals and _FLOAT_NOISE.fullmatch(text):
        return CellProblem(
            "float-noise",
            f"{text!r} is a number after arithmetic with binary fractions",
            f"write {float(text):.6g}, or all digits as in the source",
        )
    if column.kind.numeric and column.kind.calendar and len(text) > 4:
        days = dates_written(text, serial=True)
        return CellProblem(
            "spreadsheet-date",
            f"{text!r} is not a year but a spreadsheet's serial number for a date",
            f"write {days[0][:4] if days else 'the year'}",
        )
    return None


def _formula(text: str) -> CellProblem:
    what = "the result of a formula that failed" if text[0] == "#" else "read as a formula by a spreadsheet"
    return CellProblem("spreadsheet-formula", f"{text[:40]!r} is {what}", "write the value itself, without a leading =, + or @")


def _cut(text: str) -> CellProblem:
    return CellProblem(
        "spreadsheet-truncated",
        f"the text ends in {text[-12:]!r}: it was truncated",
        "write the whole text; mark an omission in a quote with […]",
    )


def _exponent(text: str) -> CellProblem:
    plain = f"{float(text.replace(',', '.')):f}".rstrip("0").rstrip(".")
    return CellProblem(
        "spreadsheet-exponent",
        f"{text!r} is in scientific notation, and digits may be lost",
        f"write {plain}, or all digits as in the source",
    )


def _number(column: Field, text: str) -> CellProblem | None:
    """Ways in which numbers and codes of digits are spoiled."""
    if _EXPONENT.fullmatch(text):
        return _exponent(text)
    if column.kind.textual:
        form = column.limits.get("pattern")
        whole = _DECIMALS.fullmatch(text)
        digits = whole[1] if whole else text
        if form and digits.isdecimal():
            for width in range(len(digits), 16):
                if _fits(column, digits.zfill(width)):
                    rule, what = ("spreadsheet-decimal", "became a number") if whole else ("spreadsheet-zeros", "lost its leading zeros")
                    return CellProblem(rule, f"{text!r} {what}", f"write {digits.zfill(width)}; set the column to text in the spreadsheet")
        return None
    if column.kind.numeric and column.kind.standard:
        if whole := _DECIMALS.fullmatch(text):
            return CellProblem("spreadsheet-decimal", f"{text!r} has decimals, but {column.name} takes none", f"write {whole[1]}")
        if _THOUSANDS.fullmatch(text) and not column.kind.calendar:
            return CellProblem(
                "spreadsheet-decimal",
                f"{text!r} has a separator, which can be read as a decimal or a thousands separator",
                "write digits only, with a point for decimals",
            )
        if _COMMA.fullmatch(text) and column.kind.decimals:
            return CellProblem("spreadsheet-decimal", f"{text!r} has a decimal comma", f"write {text.replace(',', '.')}")
    return None


def _date(column: Field, text: str) -> CellProblem | None:
    dated = column.partial_date or (column.kind.calendar and column.kind.standard)
    short = _SHORT_DATE.fullmatch(text)
    named = short is not None and bool(short["day"] or short["year"]) and short["name"].lower() in MONTHS
    days = dates_written(text, serial=dated)
    if dated:
        if column.kind.numeric:
            days = list(dict.fromkeys(day[:4] for day in days))
        days = [day for day in days if _fits(column, day)]
        if days:
            choice = " or ".join(days) + (", as in the source" if len(days) > 1 else "")
            what = (
                "a spreadsheet's serial number for a date"
                if text.partition(".")[0].partition(",")[0].isdecimal() and len(text) != 8
                else "a date in another format"
            )
            return CellProblem(
                "spreadsheet-date", f"{text!r} is {what}, not {'a year' if column.kind.numeric else 'YYYY-MM-DD'}", f"write {choice}"
            )
        if named or _CLOCK.fullmatch(text):
            return CellProblem(
                "spreadsheet-date", f"{text!r} is a date in a spreadsheet's format", "write it as YYYY, YYYY-MM or YYYY-MM-DD"
            )
    elif column.kind.numeric and column.kind.standard and (days or named or _CLOCK.fullmatch(text)):
        return CellProblem("spreadsheet-date", f"{text!r} is a number that a spreadsheet turned into a date", _LOOK)
    return None


def _fits(column: Field, text: str) -> bool:
    try:
        value = column.parse(text)
    except ValueError:
        return False
    return all(constraint.holds(text, value) for constraint in column.constraints)


def shifted(fields: Sequence[Field], cells: Sequence[str], wrong: Collection[int]) -> tuple[int, CellProblem] | None:
    """Whether the cells of a row moved one column to the right or left: from which column on, and the problem.

    `wrong` are the columns whose cells do not fit. Cells have moved where moving them back leaves none of these, or at
    least two fewer and gives one of the columns, one that does not take every text, a text that it takes.
    """
    best: tuple[int, int, str] | None = None
    first = min(wrong)
    several = sum(cells[place] != "" for place in wrong) > 1
    for at in range(len(cells)):
        moved = []
        if cells[at] == "":
            moved.append(("right", [*cells[:at], *cells[at + 1 :], ""]))
        if cells[-1] == "":
            moved.append(("left", [*cells[:at], "", *cells[at:-1]]))
        for way, back in moved:
            misfits = {place for place, text in enumerate(back) if not _suits(fields[place], text)}
            fixed = any(back[place] and place not in misfits and _asks(fields[place]) for place in wrong)
            if (fixed or (not misfits and several)) and (best is None or len(misfits) < best[0] + (at <= first)):
                best = (len(misfits), at, way)
    if best is None or not (best[0] == 0 or best[0] <= len(wrong) - 2):
        return None
    name = fields[best[1]].name
    return best[1], CellProblem(
        "spreadsheet-shifted",
        f"from {name} on, the cells of the row are one column too far to the {best[2]}",
        "move them back by one column",
    )


def _suits(column: Field, text: str) -> bool:
    return not column.required if text in column.missing else _fits(column, text)


def _asks(column: Field) -> bool:
    """Whether a column does not take every text."""
    return bool(column.constraints) or not column.kind.takes_any_text
