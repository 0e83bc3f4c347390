"""Codes of standards: they exist, and those of one place belong together.

The lists beside this module hold the codes of ISO 3166-1 (with the numbers of UN M49, which are the same), ISO 639-1 and
ISO 4217. A test compares them with pycountry, which is kept up with the standards.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aistatecraft.errors import nearest
from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REGIONS", "WITHDRAWN", "listed"]

REGIONS = frozenset(
    {
        "001", "002", "003", "005", "009", "010", "011", "013", "014", "015", "017", "018", "019", "021", "029", "030", "034",
        "035", "039", "053", "054", "057", "061", "142", "143", "145", "150", "151", "154", "155", "202", "419",
    }
)  # fmt: skip
"""Codes of the world, continents and sub-regions in UN M49."""
WITHDRAWN = frozenset({"ANG", "BGN", "BYR", "CUC", "HRK", "MRO", "SLL", "STD", "VEF", "ZWL"})
"""Currencies withdrawn since 2016, when the first strategies were made: a budget of that time is stated in them."""
_KOSOVO = ("XKX", "XK", "")
"""Not in ISO 3166-1 nor in UN M49. These are user-assigned codes, which the standard leaves free and which most users agree on."""
_MEANT = {
    "cn": ("zh", "Chinese"), "jp": ("ja", "Japanese"), "cz": ("cs", "Czech"), "dk": ("da", "Danish"), "gr": ("el", "Greek"),
    "ua": ("uk", "Ukrainian"), "sp": ("es", "Spanish"), "mx": ("es", "Spanish"),
}  # fmt: skip
"""Codes of states that are taken for those of languages."""


class _Codes(NamedTuple):
    """The codes of a place; its M49 code is empty where it has none."""

    alpha3: str
    alpha2: str
    m49: str


@cache
def listed(name: str) -> tuple[tuple[str, ...], ...]:
    """Rows of the list `name` beside this module, without its header."""
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return tuple(map(tuple, csv.reader(file)))[1:]


@cache
def _places() -> tuple[Mapping[str, _Codes], Mapping[str, _Codes]]:
    """The places by three-letter code, and by each of their other codes."""
    places = [_Codes(*row) for row in (*listed("iso3166.csv"), _KOSOVO)]
    return {place.alpha3: place for place in places}, {code: place for place in places for code in place[1:] if code}


@rule("place-codes", scope="row", tables=("actors",))
def place_codes(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A state or territory has existing codes of ISO 3166-1 and UN M49 that belong together, and a region has the code of a region.
    Kosovo, which is in neither list, is XKX and XK."""
    for number, identifier, kind, iso2, m49 in rows(frame, "id", "kind", "iso2", "m49"):
        if kind in ("state", "territory"):
            yield from _place(number, identifier, iso2, m49)
        elif m49 is not None and kind != "region":
            yield Problem(number, "m49", f"a {kind} has no code in UN M49", "leave it blank")
        elif m49 is not None and m49 not in REGIONS:
            yield Problem(number, "m49", f"{m49} is not the code of a region in UN M49", _near(m49, REGIONS, "UN M49"))


def _place(number: int, identifier: str | None, iso2: str | None, m49: str | None) -> Iterator[Problem]:
    places, by_code = _places()
    if identifier is None:
        return
    codes = [code for code in (iso2, m49) if code is not None]
    others = [by_code.get(code) for code in codes]
    one = others[0] if others and others.count(others[0]) == len(others) else None
    own = places.get(identifier)
    if own is None:
        # Other shapes are for the rule state-code.
        if len(identifier) == 3 and identifier.isupper():
            belong = f"write {one.alpha3}, to which {' and '.join(codes)} belong{'s' if len(codes) == 1 else ''}" if one else ""
            hint = belong or _near(identifier, places, "ISO 3166-1")
            yield Problem(number, "id", f"{identifier!r} is not a code of ISO 3166-1", hint)
        return
    if one is not None and one != own and len(codes) == 2:
        hint = f"write {one.alpha3}, or correct the two others"
        yield Problem(number, "id", f"{codes[0]} and {codes[1]} are the codes of {one.alpha3}, not of {identifier}", hint)
        return
    for field, code, right, what in (("iso2", iso2, own.alpha2, "two-letter"), ("m49", m49, own.m49, "M49")):
        if code is None or code == right:
            continue
        if not right:
            yield Problem(number, field, f"{identifier} has no code in UN M49, and {code} {_owner(code)}", "leave it blank")
        else:
            yield Problem(number, field, f"the {what} code of {identifier} is {right}, not {code}, which {_owner(code)}", f"write {right}")


def _near(code: str, known: Iterable[str], standard: str) -> str:
    near = nearest(code, sorted(known)).rstrip("?.")
    return near if near.startswith("did you mean") else f"look it up in {standard}"


def _owner(code: str) -> str:
    other = _places()[1].get(code)
    return f"is that of {other.alpha3}" if other else "is that of a region" if code in REGIONS else "does not exist"


@rule("language-code", scope="cell", needs=("language",))
def language_code(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A language is an existing ISO 639-1 code."""
    known = {code for (code,) in listed("iso639.csv")}
    for number, code in rows(frame, "language", only=~frame["language"].isin(known) & frame["language"].notna()):
        meant = _MEANT.get(code)
        hint = f"write {meant[0]}, if {meant[1]} is meant" if meant else _near(code, known, "ISO 639-1")
        yield Problem(number, "language", f"{code!r} is not a code of ISO 639-1", hint)


@rule("currency-code", scope="cell", needs=("budget_currency",))
def currency_code(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A currency is an ISO 4217 code that exists or was withdrawn since 2016. Codes for metals, tests and bank units of account are not
    accepted."""
    known = {code for (code,) in listed("iso4217.csv")}
    currency = frame["budget_currency"]
    for number, code in rows(frame, "budget_currency", only=~currency.isin(known | WITHDRAWN) & currency.notna()):
        message = f"{code!r} is not the code of a currency in ISO 4217"
        yield Problem(number, "budget_currency", message, _near(code, known, "ISO 4217"))
