"""Damage that leaves every cell well formed: only other cells, rows or tables tell that it is wrong."""

from __future__ import annotations

import random
import re

from tests.damage.corpus import kind
from tests.damage.kinds_cells import DAY, is_day
from tests.damage.world import Cell, Mutant, Place, World

MAY_BE_AHEAD = {("instruments", "in_force_from"), ("instruments", "ended"), ("indicators", "period"), ("memberships", "to_date")}


def row_where(rng: random.Random, world: World, table: str, fits) -> tuple[int, dict[str, str]]:  # type: ignore[no-untyped-def]
    return rng.choice([(number, record) for number, record in enumerate(world.records(table)) if fits(record)])


def evidence_of(world: World, table: str, identifier: str, field: str) -> list[tuple[int, dict[str, str]]]:
    return [
        (number, record)
        for number, record in enumerate(world.records("evidence"))
        if (record["record_table"], record["record_id"], record["field"], record["stance"]) == (table, identifier, field, "supports")
    ]


def change(world: World, table: str, row: int, name: str, text: str, *more: Place) -> Mutant:
    old = world.records(table)[row][name]
    return Mutant(world.changed(table, {(row, name): text}), (world.place(table, row, name), *more), f"{table}.{name}: {old!r} -> {text!r}")


def without(world: World, table: str, row: int) -> dict[str, bytes | None]:
    rows = world.rows(table)
    return world.render(table, rows[:row] + rows[row + 1 :])


@kind("date-ahead", "cell", "date-ahead", "year-plausible", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    cell = world.pick(rng, _is_past_day)
    return change(world, cell.table, cell.row, cell.column.name, f"2{rng.randint(1, 9)}{cell.text[2:]}")


def _is_past_day(cell: Cell) -> bool:
    return is_day(cell) and (cell.table, cell.column.name) not in MAY_BE_AHEAD and cell.text > "2000"


def stated_alike(world: World, cell: Cell) -> list[Place]:
    """Where the value of a cell is stated in so many words: in evidence, or in the row itself."""
    table, row = cell.table, world.rows(cell.table)[cell.row]
    places = [
        world.place("evidence", number, "stated")
        for number, record in evidence_of(world, table, world.key(table, row), cell.column.name)
        if record["stated"] == cell.text or is_told(cell.text, record["stated"])
    ]
    if world.schemas[table].stated_field == cell.column.name and world.records(table)[cell.row]["stated"] == cell.text:
        places.append(world.place(table, cell.row, "stated"))
    return places


def is_told(value: str, stated: str) -> bool:
    """Whether a text states a day in one of the usual ways."""
    if DAY.fullmatch(value) is None:
        return False
    year, month, day = value.split("-")
    english = ["", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
    name, number = english[int(month)], int(day)
    return stated in (f"{name} {number}, {year}", f"{number} {name} {year}", f"{day}.{month}.{year}", f"{name[:3]} {number}, {year}")


def evident(rng: random.Random, world: World, fits) -> tuple[Cell, tuple[Place, ...]]:  # type: ignore[no-untyped-def]
    """A cell that fits and whose value stands in evidence, and where."""
    found = world.cells(fits)
    while True:
        cell = rng.choice(found)
        places = stated_alike(world, cell)
        if places:
            return cell, tuple(places)


def _is_ambiguous_day(cell: Cell) -> bool:
    return (
        is_day(cell)
        and cell.table != "evidence"
        and 0 < int(cell.text[8:]) <= 12
        and cell.text[5:7] != cell.text[8:]
        and _has_evidence(cell)
    )


def _has_evidence(cell: Cell) -> bool:
    return cell.table not in ("evidence", "sources", "events", "coverage")


@kind("day-and-month-swapped", "cell", "evidence-contradicts", "dates-in-order", "date-ahead", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    cell, places = evident(rng, world, _is_ambiguous_day)
    return change(world, cell.table, cell.row, cell.column.name, f"{cell.text[:4]}-{cell.text[8:]}-{cell.text[5:7]}", *places)


@kind("day-wrong", "cell", "evidence-contradicts", "dates-in-order", "date-ahead", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    cell, places = evident(rng, world, _is_evident_day)
    day = rng.choice([number for number in range(1, 29) if number != int(cell.text[8:])])
    return change(world, cell.table, cell.row, cell.column.name, f"{cell.text[:8]}{day:02d}", *places)


def _is_evident_day(cell: Cell) -> bool:
    return is_day(cell) and _has_evidence(cell)


def _is_evident_number(cell: Cell) -> bool:
    return cell.column.type in ("number", "integer", "year") and _has_evidence(cell)


@kind(
    "digit-wrong",
    "cell",
    "evidence-contradicts",
    "rank-agrees",
    "score-in-scale",
    "vote-agrees",
    "year-plausible",
    "period-in-order",
    fast=False,
)
def _(rng: random.Random, world: World) -> Mutant:
    cell, places = evident(rng, world, _is_evident_number)
    at = rng.choice([place for place, letter in enumerate(cell.text) if letter.isdigit()])
    digit = rng.choice([letter for letter in "123456789" if letter != cell.text[at]])
    return change(world, cell.table, cell.row, cell.column.name, cell.text[:at] + digit + cell.text[at + 1 :], *places)


def _is_decimal(cell: Cell) -> bool:
    return _is_evident_number(cell) and "." in cell.text


@kind("decimal-point-lost", "cell", "evidence-contradicts", "score-in-scale", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    cell, places = evident(rng, world, _is_decimal)
    return change(world, cell.table, cell.row, cell.column.name, cell.text.replace(".", ""), *places)


def _is_m49(cell: Cell) -> bool:
    return cell.column.name == "m49" and bool(cell.text)


@kind("code-digit-wrong", "cell", "evidence-contradicts", "unique", "place-codes", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    cell = world.pick(rng, _is_m49)
    places = stated_alike(world, cell)
    return change(world, cell.table, cell.row, "m49", f"{(int(cell.text) + rng.randint(1, 998)) % 1000:03d}", *places)


def _is_name(cell: Cell) -> bool:
    return cell.table == "actors" and cell.column.name == "name_en" and len(cell.text) >= 8


@kind("name-slip", "cell", "evidence-contradicts", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    cell, places = evident(rng, world, _is_name)
    # A space or a hyphen more or less is a matter of spelling.
    at = rng.choice([place for place, letter in enumerate(cell.text) if letter.isalpha()])
    return change(world, cell.table, cell.row, "name_en", cell.text[:at] + cell.text[at + 1 :], *places)


def _pair(table: str, before: str, after: str):  # type: ignore[no-untyped-def]
    return lambda row: (
        row[before]
        and row[after]
        and row[before] != row[after]
        and not row[before].startswith(row[after])
        and not row[after].startswith(row[before])
    )


@kind("dates-exchanged", "row", "dates-in-order", "date-ahead", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table, before, after = rng.choice(
        [("instruments", "proposed", "adopted"), ("instruments", "adopted", "in_force_from"), ("memberships", "from_date", "to_date")]
    )
    number, record = row_where(rng, world, table, _pair(table, before, after))
    files = world.changed(table, {(number, before): record[after], (number, after): record[before]})
    return Mutant(files, (Place(world.path(table), number + 2),), f"{record[before]} <-> {record[after]}")


@kind("period-exchanged", "row", "period-in-order", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "strategies", _pair("strategies", "period_start", "period_end"))
    files = world.changed("strategies", {(number, "period_start"): record["period_end"], (number, "period_end"): record["period_start"]})
    return Mutant(files, (world.place("strategies", number, "period_end"),), record["id"])


@kind("score-off-scale", "cell", "score-in-scale", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "index_scores", lambda row: row["score"] not in ("", "0"))
    return change(world, "index_scores", number, "score", str(round(float(record["score"]) + 101, 2)))


@kind("rank-wrong", "cell", "rank-agrees", "evidence-contradicts", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    ranked = [row for row in world.records("index_scores") if row["score_rank"] and row["score"]]
    number, record = row_where(
        rng, world, "index_scores",
        lambda row: row["score_rank"] and row["score"] and sum(other["index_id"] == row["index_id"] and other["dimension"] == row["dimension"] for other in ranked) >= 4,
    )  # fmt: skip
    return change(world, "index_scores", number, "score_rank", str(int(record["score_rank"]) + rng.choice([20, 40])))


@kind("signatory-lost", "row", "signatories-counted", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    complete = {
        row["id"]: number
        for number, row in enumerate(world.records("declarations"))
        if row["signatory_list"] == "complete" and row["signatories_declared"]
    }
    acts = [(row["declaration"], row["actor"]) for row in world.records("signatories")]
    number, record = row_where(
        rng,
        world,
        "signatories",
        lambda row: (
            row["declaration"] in complete
            and row["role"] in ("signed", "endorsed", "adhered")
            and acts.count((row["declaration"], row["actor"])) == 1
        ),
    )
    return Mutant(
        without(world, "signatories", number),
        (world.place("declarations", complete[record["declaration"]], "signatories_declared"),),
        str(record),
    )


@kind("signatories-miscounted", "cell", "signatories-counted", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "declarations", lambda row: row["signatory_list"] == "complete" and row["signatories_declared"])
    return change(world, "declarations", number, "signatories_declared", str(int(record["signatories_declared"]) + rng.choice([-1, 1, 10])))


@kind("votes-exchanged", "row", "vote-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "votes", lambda row: row["votes_for"] and row["votes_against"] and row["outcome"] == "passed")
    files = world.changed("votes", {(number, "votes_for"): record["votes_against"], (number, "votes_against"): record["votes_for"]})
    return Mutant(files, (world.place("votes", number, "outcome"),), str(record))


@kind("replaces-itself", "cell", "supersedes-without-cycle", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "strategies", lambda row: True)
    return change(world, "strategies", number, "supersedes", record["id"])


@kind("replaces-a-stranger", "cell", "supersedes-within", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "strategies", lambda row: True)
    _, other = row_where(rng, world, "strategies", lambda row: row["jurisdiction"] != record["jurisdiction"])
    return change(world, "strategies", number, "supersedes", other["id"])


@kind("parent-in-a-circle", "cell", "parent-without-cycle", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(["actors", "codes", "claims", "provisions"])
    number, record = row_where(rng, world, table, lambda row: True)
    return change(world, table, number, "parent", record["id"])


@kind("related-to-itself", "row", "relation-to-itself", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "relations", lambda row: True)
    files = world.changed("relations", {(number, "object_id"): record["subject_id"], (number, "object_table"): record["subject_table"]})
    return Mutant(files, (world.place("relations", number, "object_id"),), str(record))


@kind("signed-and-declined", "row", "signed-and-declined", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    _, record = row_where(rng, world, "signatories", lambda row: row["role"] in ("signed", "endorsed", "adhered"))
    rows = [*world.rows("signatories"), list({**record, "role": "declined"}.values())]
    return Mutant(world.render("signatories", rows), (Place(world.path("signatories"), len(rows) + 1),), str(record))


@kind("membership-twice", "row", "memberships-apart", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    _, record = row_where(rng, world, "memberships", lambda row: row["spell"] == "1" and not row["to_date"])
    rows = [*world.rows("memberships"), list({**record, "spell": "2"}.values())]
    return Mutant(world.render("memberships", rows), (Place(world.path("memberships"), len(rows) + 1),), str(record))


@kind("record-lost", "row", "record-exists", "foreign-key", "subject-exists", "object-exists", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(
        ["strategies", "declarations", "instruments", "indices", "sources", "index_scores", "events", "memberships", "provisions", "votes"]
    )
    named = {("sources", row["source"]) for row in world.records("evidence")}
    # A link that no other row names is lost without a trace: its own source goes with it.
    named |= {(row["record_table"], row["record_id"]) for row in world.records("evidence")}
    number, record = row_where(rng, world, table, lambda row: (table, world.key(table, list(row.values()))) in named)
    key = world.key(table, list(record.values()))
    where = [
        Place(world.path("evidence"), place + 2)
        for place, row in enumerate(world.records("evidence"))
        if (row["record_table"], row["record_id"]) == (table, key) or (table == "sources" and row["source"] == key)
    ]
    return Mutant(without(world, table, number), tuple(where), f"{table}/{key}")


@kind("evidence-lost", "row", "evidence-required", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    records = world.records("evidence")
    needed = {name for name, schema in world.schemas.items() if schema.evidence_required and not schema.names_source}
    counts: dict[tuple[str, str], int] = {}
    for row in records:
        if row["stance"] == "supports":
            counts[row["record_table"], row["record_id"]] = counts.get((row["record_table"], row["record_id"]), 0) + 1
    number, record = row_where(
        rng,
        world,
        "evidence",
        lambda row: (
            row["record_table"] in needed and counts.get((row["record_table"], row["record_id"])) == 1 and row["stance"] == "supports"
        ),
    )
    table = record["record_table"]
    row = next(place for place, cells in enumerate(world.rows(table)) if world.key(table, cells) == record["record_id"])
    return Mutant(without(world, "evidence", number), (world.place(table, row),), f"{table}/{record['record_id']}")


@kind("row-copied-with-new-key", "row", "near-duplicate-title", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(["strategies", "declarations", "instruments"])
    _, record = row_where(rng, world, table, lambda row: True)
    slip = record["title_en"].replace("a", "aa", 1) if rng.random() < 0.5 else record["title_en"].upper()
    rows = [*world.rows(table), list({**record, "id": record["id"] + "-b", "title_en": slip}.values())]
    return Mutant(world.render(table, rows), (Place(world.path(table), len(rows) + 1),), f"{record['id']}: {slip}")


@kind("official-number-slip", "cell", "official-number", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(rng, world, "instruments", lambda row: True)
    text = rng.choice(["EO 1411", "EO 141790", "Executive Order 14.179", "E.O. 14O10", "90 FR", "9O FR 4544", "FR Doc. 24-28270-1", "FR Doc. 2024/28270", "CELEX 2024R1689", "CELEX 32024X1689", "78 FR 62186", "Regulation (EU) 1689", "A/RES/78265", "A/RES/78/2-65", "Executive Order 141"])  # fmt: skip
    return change(world, "instruments", number, "official_number", text)


@kind("identifier-back-from-retirement", "row", "retired-identifier", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(["strategies", "declarations", "instruments", "sources", "codes"])
    number, record = row_where(rng, world, table, lambda row: True)
    entry = {"id": record["id"], "record_table": table, "reason": "Withdrawn.", "retired": "2026-11-25"}
    files = world.render("retired", [*world.rows("retired"), [entry.get(name, "") for name in world.header("retired")]])
    return Mutant(files, (world.place(table, number, "id"),), f"{table}/{record['id']}")


@kind("code-of-another-scheme", "cell", "code-prefix", "parent-same-scheme", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "codes", lambda row: True)
    _, other = row_where(rng, world, "schemes", lambda row: not record["id"].startswith(row["id"] + "."))
    return change(world, "codes", number, "scheme", other["id"], world.place("codes", number, "id"))


@kind("state-code-slip", "cell", "state-code", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(rng, world, "actors", lambda row: row["kind"] == "state")
    return change(world, "actors", number, "iso2", "")


@kind("region-of-another", "cell", "region-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "actors", lambda row: row["un_subregion"] and row["un_region"])
    other = rng.choice([name for name in ("Africa", "Americas", "Asia", "Europe", "Oceania") if name != record["un_region"]])
    return change(world, "actors", number, "un_region", other)


@kind("subregion-slip", "cell", "region-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "actors", lambda row: row["un_subregion"])
    text = re.sub("[aeiou]", "", record["un_subregion"], count=1)
    return change(world, "actors", number, "un_subregion", text)


@kind("budget-without-currency", "cell", "budget-with-currency", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(rng, world, "strategies", lambda row: row["budget"])
    return change(world, "strategies", number, "budget_currency", "")


@kind("dispute-without-value", "row", "dispute-states-value", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "evidence", lambda row: row["stance"] == "disputes")
    files = world.changed("evidence", {(number, "stated"): "", (number, "quote"): ""})
    return Mutant(files, (world.place("evidence", number, "stated"),), str(record))


@kind("not-a-number", "cell", "not-a-number", "minimum")
def _(rng: random.Random, world: World) -> Mutant:
    cell = world.pick(rng, _is_number)
    return change(world, cell.table, cell.row, cell.column.name, rng.choice(["NaN", "INF", "-INF"]))


def _is_number(cell: Cell) -> bool:
    return cell.column.type == "number" and bool(cell.text)
