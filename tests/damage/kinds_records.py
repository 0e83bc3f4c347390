"""Damage that only other fields, tables or the calendar show: statuses, languages, evidence of another record, constants and zeros."""

from __future__ import annotations

import random
import re
from collections import Counter

from tests.damage.corpus import kind
from tests.damage.kinds_meaning import change, evidence_of, row_where
from tests.damage.world import Mutant, Place, World


def changes(world: World, table: str, row: int, texts: dict[str, str], what: str, *more: Place) -> Mutant:
    """Several cells of one row; any of them, or the row, may be named."""
    files = world.changed(table, {(row, name): text for name, text in texts.items()})
    return Mutant(files, (*(world.place(table, row, name) for name in texts), *more), what)


def place_of(world: World, table: str, record: str, name: str) -> Place:
    number = next(number for number, row in enumerate(world.rows(table)) if world.key(table, row) == record)
    return world.place(table, number, name)


# Dates and titles without evidence of their own


@kind("date-of-report-only", "row", "date-of-report", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    dated = {(table, name) for table, schema in world.schemas.items() for name, column in schema.by_name.items() if column.partial_date}
    records = world.records("evidence")
    times = Counter((row["record_table"], row["record_id"], row["field"]) for row in records if row["stance"] == "supports")
    values = {
        (table, world.key(table, cells), name): dict(zip(world.header(table), cells, strict=True))[name]
        for table, name in sorted(dated)
        for cells in world.rows(table)
    }
    number, row = rng.choice(
        [
            (number, row)
            for number, row in enumerate(records)
            if (place := (row["record_table"], row["record_id"], row["field"])) in values
            and times[place] == 1
            and row["stance"] == "supports"
            and len(values[place]) == 10
        ]
    )
    texts = {
        "locator": rng.choice(["date of the report", "dateline", "date of the article", "day of the press release", "publication date"]),
        "quote": "",
    }
    files = world.changed("evidence", {(number, name): text for name, text in texts.items()})
    return Mutant(files, (place_of(world, row["record_table"], row["record_id"], row["field"]),), str(row))


@kind("original-title-unsourced", "row", "original-title-sourced", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(["strategies", "declarations", "instruments"])
    said = {row["record_id"] for row in world.records("evidence") if row["record_table"] == table and row["field"] == "title_original"}
    number, record = row_where(rng, world, table, lambda row: row["title_original"] and row["id"] in said)
    files = world.changed(table, {(number, "title_original"): "Una traducción hecha de vuelta al idioma"})
    gone = {at for at, _ in evidence_of(world, table, record["id"], "title_original")}
    files |= world.render("evidence", [row for at, row in enumerate(world.rows("evidence")) if at not in gone])
    return Mutant(files, (world.place(table, number, "title_original"),), record["id"])


# Statuses


@kind("proposed-though-adopted", "cell", "status-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(rng, world, "instruments", lambda row: row["adopted"] and row["status"] in ("adopted", "in_force", "operating"))
    return change(world, "instruments", number, "status", rng.choice(["proposed", "announced", "pending"]))


@kind("draft-though-adopted", "cell", "adopted-needs-date", "status-agrees", "supersedes-within", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(rng, world, "strategies", lambda row: row["adopted"])
    return change(
        world, "strategies", number, "status", rng.choice(["draft", "in_preparation"]), world.place("strategies", number, "adopted")
    )


@kind("adopted-filled-for-a-draft", "cell", "adopted-needs-date", "status-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(["strategies", "instruments"])
    early = ("draft", "in_preparation") if table == "strategies" else ("proposed", "announced", "pending")
    number, _ = row_where(rng, world, table, lambda row: row["status"] in early)
    return change(world, table, number, "adopted", "2026-10-01", world.place(table, number, "status"))


@kind("in-force-though-ended", "cell", "status-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(rng, world, "instruments", lambda row: row["ended"] and row["status"] not in ("in_force", "adopted"))
    return change(world, "instruments", number, "status", rng.choice(["in_force", "adopted", "operating"]))


@kind("ended-filled-though-in-force", "cell", "status-agrees", "dates-in-order", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(
        rng, world, "instruments", lambda row: row["status"] in ("in_force", "adopted", "operating", "pending") and not row["ended"]
    )
    return change(world, "instruments", number, "ended", "2026-06-30", world.place("instruments", number, "status"))


@kind("superseded-without-successor", "cell", "superseded-needs-successor", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(["strategies", "instruments"])
    followed = {
        row["object_id"]
        for row in world.records("relations")
        if row["relation"] in ("supersedes", "rescinds", "merged_with", "follows_up", "amends")
    }
    followed |= {row["subject_id"] for row in world.records("relations") if row["relation"] == "merged_with"} | {
        row["supersedes"] for row in world.records("strategies")
    }
    number, _ = row_where(rng, world, table, lambda row: row["status"] in ("adopted", "in_force") and row["id"] not in followed)
    return change(world, table, number, "status", "superseded")


@kind("planned-though-past", "cell", "status-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(rng, world, "declarations", lambda row: row["status"] == "adopted" and len(row["date"]) == 10)
    return change(world, "declarations", number, "status", "planned")


@kind("event-against-status", "row", "status-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "instruments", lambda row: row["status"] in ("in_force", "operating", "adopted"))
    row = {
        "record_table": "instruments",
        "record_id": record["id"],
        "date": "2026-05-04",
        "event": rng.choice(["rescinded", "lapsed"]),
        "seq": "1",
    }
    rows = [*world.rows("events"), [row.get(name, "") for name in world.header("events")]]
    return Mutant(world.render("events", rows), (world.place("instruments", number, "status"),), str(row))


@kind("replaced-though-in-force", "row", "status-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "instruments", lambda row: row["status"] in ("in_force", "operating", "adopted"))
    row = {
        "subject_table": "instruments",
        "subject_id": "usa-eo-14192" if record["id"] != "usa-eo-14192" else "usa-eo-14179",
        "relation": rng.choice(["supersedes", "rescinds"]),
        "object_table": "instruments",
        "object_id": record["id"],
    }
    rows = [*world.rows("relations"), [row.get(name, "") for name in world.header("relations")]]
    return Mutant(world.render("relations", rows), (world.place("instruments", number, "status"),), str(row))


@kind("act-before-declaration", "cell", "act-before-declaration", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "signatories", lambda row: len(row["date"]) == 10)
    return change(world, "signatories", number, "date", f"{int(record['date'][:4]) - rng.randint(1, 4)}{record['date'][4:]}")


# Languages


@kind("languages-exchanged-zh-en", "row", "script-fits", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table, english, chinese = rng.choice(
        [
            ("instruments", "title_en", "title_zh"),
            ("declarations", "title_en", "title_zh"),
            ("actors", "name_en", "name_zh"),
            ("claims", "label_en", "label_zh"),
            ("codes", "label_en", "label_zh"),
            ("provisions", "title_en", "title_zh"),
        ]
    )
    number, record = row_where(rng, world, table, lambda row: re.search("[\u3400-\u9fff]", row[chinese]))
    return changes(world, table, number, {english: record[chinese], chinese: record[english]}, record[english])


@kind("chinese-in-a-european-name", "cell", "script-fits", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "actors", lambda row: row["name_zh"] and row["name_es"])
    return change(world, "actors", number, rng.choice(["name_es", "name_pt", "name_fr", "name_en"]), record["name_zh"])


@kind("english-in-a-chinese-title", "cell", "script-fits", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table, name, english = rng.choice(
        [("instruments", "title_zh", "summary"), ("claims", "label_zh", "statement"), ("schemes", "title_zh", "question")]
    )
    number, record = row_where(rng, world, table, lambda row: re.search("[\u3400-\u9fff]", row[name]) and len(row[english]) > 30)
    return change(world, table, number, name, record[english])


@kind("chinese-in-an-english-text", "cell", "script-fits", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table, name, chinese = rng.choice(
        [("claims", "statement", "label_zh"), ("instruments", "summary", "title_zh"), ("codes", "definition", "label_zh")]
    )
    number, record = row_where(rng, world, table, lambda row: re.search("[\u3400-\u9fff]{2}", row[chinese]) and row[name])
    return change(world, table, number, name, record[chinese])


@kind("language-of-another", "cell", "language-fits", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    small = {"en": {"the", "of", "and", "for", "on", "with", "to"}, "es": {"el", "la", "los", "las", "del", "y", "para", "por"}}
    number, record = row_where(
        rng,
        world,
        "sources",
        lambda row: (
            row["language"] in small and len(set(row["title"].lower().split()) & small[row["language"]]) > 2 and "[" not in row["title"]
        ),
    )
    other = {"en": ["es", "fr", "pt"], "es": ["en", "fr"]}[record["language"]]
    return change(world, "sources", number, "language", rng.choice(other), world.place("sources", number, "title"))


@kind("names-exchanged-es-fr", "row", "language-fits", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(
        rng, world, "actors", lambda row: re.search("[ñáíóú]", row["name_es"]) and row["name_es"] != row["name_en"] and row["name_fr"]
    )
    return changes(world, "actors", number, {"name_es": record["name_fr"], "name_fr": record["name_es"]}, record["name_es"])


# Evidence


@kind("evidence-of-another-actor", "cell", "evidence-elsewhere", "primary-key", "evidence-required", "evidence-contradicts", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    names = {row["name_en"]: row["id"] for row in world.records("actors") if row["kind"] == "state"}
    number, record = row_where(
        rng, world, "evidence", lambda row: row["record_table"] == "signatories" and row["stated"] in names and row["stance"] == "supports"
    )
    declaration, actor, role = record["record_id"].split("/")
    others = [
        row
        for row in world.records("signatories")
        if row["declaration"] == declaration and row["role"] == role and row["actor"] not in (actor, names[record["stated"]])
    ]
    if not others:
        others = [{"actor": name} for name in names.values() if name != actor][:1]
    other = rng.choice(others)["actor"]
    more = (world.place("evidence", number), place_of(world, "signatories", record["record_id"], "declaration")._replace(column=""))
    return Mutant(world.changed("evidence", {(number, "record_id"): f"{declaration}/{other}/{role}"}), more, f"{record} -> {other}")


@kind("evidence-of-another-entry", "cell", "evidence-elsewhere", "evidence-required", "evidence-contradicts", "primary-key", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    # Only where at least three other statements from the entry show whose it is.
    entries = Counter((row["source"], row["locator"]) for row in world.records("evidence") if row["record_table"] == "memberships")

    def is_entry(row: dict[str, str]) -> bool:
        shown = re.search(r"json$|^[A-Z]+, [a-z]{5,}$", row["locator"]) is not None
        return row["record_table"] == "memberships" and shown and entries[row["source"], row["locator"]] > 3

    number, record = row_where(rng, world, "evidence", is_entry)
    bloc, member, spell = record["record_id"].split("/")
    others = [
        row["member"] for row in world.records("memberships") if row["bloc"] == bloc and row["member"] != member and row["spell"] == spell
    ]
    other = f"{bloc}/{rng.choice(others)}/{spell}"
    return Mutant(
        world.changed("evidence", {(number, "record_id"): other}),
        (world.place("evidence", number), place_of(world, "memberships", record["record_id"], "bloc")._replace(column="")),
        f"{record} -> {other}",
    )


@kind(
    "evidence-of-another-title",
    "cell",
    "evidence-elsewhere",
    "original-title-sourced",
    "primary-key",
    "evidence-contradicts",
    "evidence-required",
    fast=False,
)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(
        rng,
        world,
        "evidence",
        lambda row: (
            row["field"] in ("title_original", "title_zh")
            and row["stance"] == "supports"
            and row["record_table"] in ("instruments", "strategies", "declarations")
        ),
    )
    others = [row["id"] for row in world.records(record["record_table"]) if row["id"] != record["record_id"] and row[record["field"]]]
    owner = place_of(world, record["record_table"], record["record_id"], "id")._replace(column="")
    return Mutant(
        world.changed("evidence", {(number, "record_id"): rng.choice(others)}), (world.place("evidence", number), owner), str(record)
    )


@kind("evidence-of-another-number", "cell", "evidence-elsewhere", "primary-key", "evidence-contradicts", "evidence-required", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(
        rng,
        world,
        "evidence",
        lambda row: (
            row["field"] == "official_number"
            and row["stance"] == "supports"
            and row["record_table"] == "instruments"
            and re.search("[0-9]{3}", row["stated"])
        ),
    )
    others = [
        row["id"]
        for row in world.records("instruments")
        if row["id"] != record["record_id"]
        and re.search("[0-9]{3}", row["official_number"])
        and not set(re.findall("[0-9]{2,}", row["official_number"])) & set(re.findall("[0-9]{2,}", record["stated"]))
    ]
    return Mutant(
        world.changed("evidence", {(number, "record_id"): rng.choice(others)}),
        (world.place("evidence", number), place_of(world, "instruments", record["record_id"], "id")._replace(column="")),
        str(record),
    )


@kind(
    "evidence-of-another-field", "cell", "evidence-elsewhere", "evidence-contradicts", "primary-key", "original-title-sourced", fast=False
)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(
        rng,
        world,
        "evidence",
        lambda row: (
            row["field"] in ("adopted", "date", "proposed")
            and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", row["stated"])
            and row["record_table"] in ("instruments", "strategies", "declarations")
            and row["stance"] == "supports"
        ),
    )
    field = rng.choice(["title_en", "summary"])
    return Mutant(world.changed("evidence", {(number, "field"): field}), (world.place("evidence", number),), f"{record} -> {field}")


# Whole columns


@kind(
    "constant-filled-down",
    "column",
    "filled-down",
    "unique",
    "evidence-contradicts",
    "spreadsheet-sorted",
    "primary-key",
    "near-duplicate-title",
    "same-address",
    "language-fits",
    "original-title-sourced",
    fast=False,
)
def _(rng: random.Random, world: World) -> Mutant:
    table, name = rng.choice(
        [
            ("instruments", "adopted"),
            ("instruments", "title_original"),
            ("sources", "published"),
            ("sources", "title"),
            ("sources", "publisher"),
            ("claims", "statement"),
            ("claims", "label_zh"),
            ("provisions", "title_en"),
            ("codes", "label_en"),
            ("events", "description"),
            ("actors", "name_es"),
            ("actors", "name_zh"),
            ("index_scores", "score"),
            ("instruments", "summary"),
            ("codes", "definition"),
        ]
    )
    rows = world.records(table)
    length = rng.randint(10, 16)
    start = rng.choice(
        [
            number
            for number in range(len(rows) - length)
            if rows[number][name] and len({row[name] for row in rows[number : number + length]} - {""}) > length * 0.6
        ]
        or [0]
    )
    cells = {(number, name): rows[start][name] for number in range(start + 1, start + length)}
    places = (
        *tuple(Place(world.path(table), number + 2) for number in range(start, start + length)),
        Place(world.path(table), 0),
        Place(world.path("evidence"), 0),
    )
    return Mutant(world.changed(table, cells), places, f"{table}.{name} {start}..{start + length}: {rows[start][name]!r}")


@kind("zeros-filled", "column", "zeros-for-unknown", "evidence-contradicts", "rank-agrees", "filled-down", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table, name = rng.choice(
        [("index_scores", "score"), ("indicators", "value"), ("provisions", "value"), ("declarations", "signatories_declared")]
    )
    rows = world.records(table)
    start = rng.randrange(len(rows) - 4)
    cells = {(number, name): "0" for number in range(start, start + 4)}
    return Mutant(
        world.changed(table, cells),
        tuple(Place(world.path(table), number + 2) for number in range(start, start + 4)),
        f"{table}.{name} {start}",
    )


@kind("scores-all-zero", "column", "zeros-for-unknown", "evidence-contradicts", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    cells = {(number, "score"): "0" for number, row in enumerate(world.records("index_scores")) if row["score"]}
    return Mutant(
        world.changed("index_scores", cells), tuple(Place(world.path("index_scores"), number + 2) for number, _ in cells), "all scores 0"
    )


# Actors and jurisdictions


@kind("un-member-wrong", "cell", "un-member-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, record = row_where(rng, world, "actors", lambda row: row["un_member"])
    return change(world, "actors", number, "un_member", "false" if record["un_member"] == "true" else "true")


@kind("un-member-blank", "cell", "un-member-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(rng, world, "actors", lambda row: row["un_member"] == "true")
    return change(world, "actors", number, "un_member", "")


@kind("jurisdiction-of-another", "cell", "jurisdiction-agrees", "supersedes-within", "coverage-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(["strategies", "instruments"])
    number, record = row_where(rng, world, table, lambda row: re.match("us-|" + row["jurisdiction"].lower() + "-", row["id"]))
    return change(
        world,
        table,
        number,
        "jurisdiction",
        rng.choice([name for name in ("BRA", "CHL", "MEX", "CHN", "USA", "EU") if name != record["jurisdiction"]]),
    )


@kind("issuing-body-of-another", "cell", "jurisdiction-agrees", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(["strategies", "instruments"])
    bodies = [row for row in world.records("actors") if row["kind"] == "government_body" and len(row["parent"]) == 3]
    number, record = row_where(
        rng, world, table, lambda row: row["issuing_body"] and re.match("us-|" + row["jurisdiction"].lower() + "-", row["id"])
    )
    body = rng.choice(
        [row["id"] for row in bodies if row["parent"] != record["jurisdiction"] and row["parent"].lower() not in record["id"].split("-")]
    )
    return change(world, table, number, "issuing_body", body, world.place(table, number, "jurisdiction"))


# The calendar, and lists that are no acts


@kind("coverage-old", "cell", "coverage-current", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    number, _ = row_where(rng, world, "coverage", lambda row: row["as_of"] >= "2026")
    return change(world, "coverage", number, "as_of", rng.choice(["2024", "2025-03", "2025-11-01", "2023-06-30"]))


@kind("members-as-acts", "row", "bloc-as-acts", "signatories-counted", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    bloc = rng.choice(["G7", "MERCOSUR", "ASEAN", "GCC", "PACIFIC-ALLIANCE"])
    members = [
        row["member"]
        for row in world.records("memberships")
        if row["bloc"] == bloc and row["role"] in ("member", "founding_member") and not row["to_date"]
    ]
    taken = {row["declaration"] for row in world.records("signatories") if row["role"] == "endorsed" and row["actor"] in members}
    declaration = rng.choice([row["id"] for row in world.records("declarations") if row["id"] not in taken])
    rows, said = list(world.rows("signatories")), list(world.rows("evidence"))
    start = len(rows)
    for member in members:
        act = {"declaration": declaration, "actor": member, "role": "endorsed"}
        rows.append([act.get(name, "") for name in world.header("signatories")])
        statement = {
            "record_table": "signatories",
            "record_id": f"{declaration}/{member}/endorsed",
            "field": "*",
            "source": "white-house-2023-g7-hiroshima-ai",
            "locator": "text",
            "stated": "the leaders of the group",
            "stance": "supports",
        }
        said.append([statement.get(name, "") for name in world.header("evidence")])
    files = world.render("signatories", rows) | world.render("evidence", said)
    return Mutant(
        files, tuple(Place(world.path("signatories"), number + 2) for number in range(start, len(rows))), f"{bloc} -> {declaration}"
    )
