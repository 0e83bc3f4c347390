"""Codes of ISO 3166-1, UN M49, ISO 639-1 and ISO 4217: those that exist, and that belong together."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import astuple
from pathlib import Path

import pytest

from aistatecraft.validation.rules import iso
from tests.validation.test_rules import problems


def places(*rows: str) -> list[tuple[int, str, str, str]]:
    """What is wrong with actors, each written ``kind id iso2 m49``, a hyphen where there is none."""
    made = [dict(zip(("kind", "id", "iso2", "m49"), ("" if part == "-" else part for part in row.split()), strict=True)) for row in rows]
    return [astuple(problem) for problem in problems("place-codes", "actors", {"actors": made})]


def codes(rule: str, table: str, field: str, *values: str) -> list[tuple[int, str, str, str]]:
    return [
        astuple(problem)
        for problem in problems(rule, table, {table: [{"id": f"r{number}", field: value} for number, value in enumerate(values)]})
    ]


def test_codes_that_exist_and_belong_together() -> None:
    assert (
        places("state CHL CL 152", "territory TWN TW 158", "state NAM NA 516", "territory ABW AW -", "region LAC - 419", "bloc G20 - -")
        == []
    )


def test_kosovo_has_user_assigned_codes() -> None:
    assert places("territory XKX XK -") == []
    assert places("territory XKX KO 412") == [
        (0, "iso2", "the two-letter code of XKX is XK, not KO, which does not exist", "write XK"),
        (0, "m49", "XKX has no code in UN M49, and 412 does not exist", "leave it blank"),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("state CHI CL 152", ("id", "'CHI' is not a code of ISO 3166-1", "write CHL, to which CL and 152 belong")),
        ("state CHI CL -", ("id", "'CHI' is not a code of ISO 3166-1", "write CHL, to which CL belongs")),
        ("state COI CL 384", ("id", "'COI' is not a code of ISO 3166-1", "did you mean MCO or CRI or COM")),
        ("state XQZ XQ 998", ("id", "'XQZ' is not a code of ISO 3166-1", "look it up in ISO 3166-1")),
        ("state BRA CL 152", ("id", "CL and 152 are the codes of CHL, not of BRA", "write CHL, or correct the two others")),
        ("state AUS AT 036", ("iso2", "the two-letter code of AUS is AU, not AT, which is that of AUT", "write AU")),
        ("state CHL CI -", ("iso2", "the two-letter code of CHL is CL, not CI, which is that of CIV", "write CL")),
        ("state CHL XQ 152", ("iso2", "the two-letter code of CHL is CL, not XQ, which does not exist", "write CL")),
        ("state CHL CL 125", ("m49", "the M49 code of CHL is 152, not 125, which does not exist", "write 152")),
        ("state CHL CL 076", ("m49", "the M49 code of CHL is 152, not 076, which is that of BRA", "write 152")),
        ("state CHL CL 419", ("m49", "the M49 code of CHL is 152, not 419, which is that of a region", "write 152")),
        ("region LAC - 418", ("m49", "418 is not the code of a region in UN M49", "did you mean 419 or 018")),
        ("region LAC - 152", ("m49", "152 is not the code of a region in UN M49", None)),
        ("company acme - 152", ("m49", "a company has no code in UN M49", "leave it blank")),
    ],
)
def test_codes_that_do_not(row: str, problem: tuple[str, str, str | None]) -> None:
    ((number, *found),) = places(row)
    assert (number, *found[:2]) == (0, *problem[:2])
    assert problem[2] in (None, found[2])


def test_what_another_rule_reports_is_not_reported_twice() -> None:
    assert places("state chl-x CL 152", "state CHL - 152") == [], "state-code asks for three letters, and for a two-letter code"


def test_two_exchanged_codes_are_both_found() -> None:
    found = places("state AUS AT 036", "state AUT AU 040", "state CHL CL 152")
    assert [(problem[0], problem[1]) for problem in found] == [(0, "iso2"), (1, "iso2")]


@pytest.mark.parametrize("table", ["strategies", "sources"])
def test_languages(table: str) -> None:
    assert codes("language-code", table, "language", "es", "", "pt", "zh", "qq", "cn", "ez") == [
        (4, "language", "'qq' is not a code of ISO 639-1", "did you mean sq or qu"),
        (5, "language", "'cn' is not a code of ISO 639-1", "write zh, if Chinese is meant"),
        (6, "language", "'ez' is not a code of ISO 639-1", "did you mean zu or zh or za"),
    ]


def test_currencies() -> None:
    assert codes("currency-code", "strategies", "budget_currency", "BRL", "", "CLF", "XOF", "HRK", "XQX", "BLR", "XTS") == [
        (5, "budget_currency", "'XQX' is not the code of a currency in ISO 4217", "look it up in ISO 4217"),
        (6, "budget_currency", "'BLR' is not the code of a currency in ISO 4217", "did you mean LRD or LKR or BRL"),
        (7, "budget_currency", "'XTS' is not the code of a currency in ISO 4217", "did you mean TZS or TJS"),
    ]


def column(name: str, field: str) -> list[str]:
    with Path(iso.__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return [row[field] for row in csv.DictReader(file)]


def test_the_lists_are_those_of_pycountry() -> None:
    """pycountry is kept up with the standards: where this fails after an update, a code came or went."""
    pycountry = pytest.importorskip("pycountry")
    listed = zip(*(column("iso3166.csv", field) for field in ("alpha3", "alpha2", "numeric")), strict=True)
    assert sorted(listed) == sorted((place.alpha_3, place.alpha_2, place.numeric) for place in pycountry.countries)
    assert column("iso639.csv", "alpha2") == sorted(language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2"))
    # Codes that begin with X are metals, units of account, tests and no currency, but for those of several states.
    shared = {"XAF", "XCD", "XCG", "XDR", "XOF", "XPF"}
    current = sorted(currency.alpha_3 for currency in pycountry.currencies)
    assert column("iso4217.csv", "alpha3") == [code for code in current if code[0] != "X" or code in shared]
    assert shared <= set(current)
    assert set(current).isdisjoint(iso.WITHDRAWN)


def test_the_codes_of_regions_are_no_codes_of_places() -> None:
    assert iso.REGIONS.isdisjoint(set(column("iso3166.csv", "numeric")) - {"010"}), "Antarctica is both"


def test_wheels_carry_the_lists(tmp_path: Path, root: Path) -> None:
    pytest.importorskip("hatchling")
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"aistatecraft/validation/rules/{name}.csv" for name in ("iso3166", "iso639", "iso4217")} <= names
