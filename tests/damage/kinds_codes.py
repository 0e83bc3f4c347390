"""Damage to codes of standards: those that do not exist, and those of another place."""

from __future__ import annotations

import random
import string

from aistatecraft.validation.rules import iso
from tests.damage.corpus import cell_kind, kind
from tests.damage.kinds_cells import CODES, LANGUAGES
from tests.damage.kinds_meaning import change, row_where
from tests.damage.kinds_rows import rearranged
from tests.damage.world import Cell, Mutant, World

TAKEN = frozenset(code for name in ("iso3166.csv", "iso639.csv", "iso4217.csv") for row in iso.listed(name) for code in row) | iso.WITHDRAWN


def invented(rng: random.Random, text: str) -> str:
    """A code of the same length that no standard has, in the same case; XK and XKX are those of Kosovo."""
    while True:
        made = "".join(rng.choices(string.ascii_uppercase, k=len(text)))
        if not {made, made.lower()} & (TAKEN | {"XK", "XKX"}):
            return made if text.isupper() else made.lower()


def _is_iso2(cell: Cell) -> bool:
    return CODES(cell) and cell.column.name == "iso2"


def _is_currency(cell: Cell) -> bool:
    return CODES(cell) and cell.column.name == "budget_currency"


cell_kind("two-letter-code-invented", _is_iso2, invented, "place-codes", fast=False)
cell_kind("language-invented", LANGUAGES, invented, "language-code", fast=False)
cell_kind("currency-invented", _is_currency, invented, "currency-code", fast=False)


def _is_place(row: dict[str, str]) -> bool:
    return row["kind"] in ("state", "territory") and bool(row["m49"])


@kind("three-letter-code-invented", "cell", "place-codes", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "actors", _is_place)
    return change(world, "actors", number, "id", invented(rng, record["id"]))


@kind("place-invented", "row", "place-codes", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "actors", _is_place)
    codes = {"id": invented(rng, record["id"]), "iso2": invented(rng, record["iso2"]), "m49": "998"}
    files = world.changed("actors", {(number, name): text for name, text in codes.items()})
    return Mutant(files, (world.place("actors", number, "id"),), f"{record['id']} -> {codes}")


@kind("codes-exchanged", "row", "place-codes", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    name = rng.choice(["iso2", "m49"])
    number, record = row_where(rng, world, "actors", _is_place)
    other, second = row_where(rng, world, "actors", lambda row: _is_place(row) and row["id"] != record["id"])
    files = world.changed("actors", {(number, name): second[name], (other, name): record[name]})
    places = (world.place("actors", number, name), world.place("actors", other, name))
    return Mutant(files, places, f"{name} of {record['id']} and {second['id']}")


@kind("codes-sorted", "column", "place-codes", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    at = world.header("actors").index("iso2")
    return rearranged(world, "actors", "iso2", sorted((row[at] for row in world.rows("actors")), reverse=rng.random() < 0.5))
