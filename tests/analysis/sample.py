"""A small package whose every answer can be worked out by hand; tables as far as analyses read them."""

from __future__ import annotations

from typing import Any

from aistatecraft.package.edtf import URI

EVENTS = ["adopted", "entered_into_force", "applied", "amended", "rescinded", "lapsed", "met", "passed_chamber"]


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", **more}


def date(name: str) -> dict[str, Any]:
    return text(name, rdfType=URI)


def whole(name: str) -> dict[str, Any]:
    return {"name": name, "type": "integer"}


def table(fields: list[Any], key: list[str] | str = "id", **references: str) -> dict[str, Any]:
    keys = [{"fields": field, "reference": {"resource": other, "fields": "id"}} for field, other in references.items()]
    return {"fields": [text(field) if isinstance(field, str) else field for field in fields], "primaryKey": key, "foreignKeys": keys}


SCHEMAS: dict[str, dict[str, Any]] = {
    "actors": table(["id", "kind", "name_en", "iso2", "m49", whole("cow_code"), whole("gw_code"), whole("vdem_id"), "un_region", "un_subregion"]),
    "state_systems": table(["actor", "system", whole("code"), date("from_date"), date("to_date")], ["actor", "system"]),
    "memberships": table(["bloc", "member", whole("spell"), text("role", categories=["member", "founding_member", "observer"]), date("from_date"), date("to_date")], ["bloc", "member", "spell"]),
    "rosters": table(["bloc", "members", "completeness", whole("declared")], ["bloc", "members"]),
    "strategies": table(["id", "jurisdiction", "title_en", "kind", "status", date("status_as_of"), date("adopted"), "supersedes"], jurisdiction="actors"),
    "declarations": table(["id", "title_en", "kind", "legal_force", "status", "host", date("date"), whole("signatories_declared"), "signatory_list"]),
    "signatories": table(["declaration", "actor", "role", date("date")], ["declaration", "actor", "role"], declaration="declarations", actor="actors"),
    "instruments": table(
        ["id", "jurisdiction", "title_en", text("kind", categories=["law", "decree", "control", "programme", "bill"]), "status", date("status_as_of"), date("adopted"), date("in_force_from"), date("ended")],
        jurisdiction="actors",
    ),
    "instrument_actors": table(["instrument", "actor", "role"], ["instrument", "actor", "role"]),
    "state_votes": table(["record_table", "record_id", "body", date("date"), whole("seq"), "actor", "vote"], ["record_table", "record_id", "body", "date", "seq", "actor"]),
    "codes": table(["id", "scheme"]),
    "codings": table(["record_table", "record_id", "code", "coder"], ["record_table", "record_id", "code", "coder"]),
    "relations": table(["subject_table", "subject_id", "relation", "object_table", "object_id"], ["subject_table", "subject_id", "relation", "object_table", "object_id"]),
    "events": table(["record_table", "record_id", date("date"), text("event", categories=EVENTS), whole("seq"), "actor"], ["record_table", "record_id", "date", "event", "seq"]),
    "indices": table(["id", "index_name", "edition", date("published")]),
    "index_scores": table(["index_id", "actor", "dimension", {"name": "score", "type": "number"}, whole("score_rank")], ["index_id", "actor", "dimension"]),
    "coverage": table(["actor", "topic", "finding", date("as_of")], ["actor", "topic"]),
    "sources": table(["id", date("accessed"), date("published")]),
    "evidence": table(["record_table", "record_id", "field", "source", "stance"], ["record_table", "record_id", "field", "source"]),
}  # fmt: skip
"""Table Schemas."""


def csv(name: str, *rows: str) -> tuple[dict[str, Any], str]:
    """A table from lines of cells separated by blanks; ``-`` is a blank cell."""
    header = ",".join(field["name"] for field in SCHEMAS[name]["fields"])
    lines = [",".join("" if cell == "-" else cell for cell in row.split()) for row in rows]
    return SCHEMAS[name], "\n".join([header, *lines]) + "\n"


def package(**tables: list[str]) -> dict[str, Any]:
    """Tables of a package: those given, and the others without rows."""
    return {name: csv(name, *tables.get(name, [])) for name in SCHEMAS}
