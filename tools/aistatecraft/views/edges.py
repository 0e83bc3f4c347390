"""The links of a framework as a table of edges: parts of codes and claims, relations, and what is coded or stated under a code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aistatecraft.views.frame import Column
from aistatecraft.views.labels import title_of
from aistatecraft.views.tables import RecordKey, Row, Tables

__all__ = ["EDGES", "claims_about", "code_edges", "coding_edges", "edge", "group_of", "relation_edges"]

EDGES = (
    Column("subject_table", "string", "Table of the record from which the edge starts."),
    Column("subject_id", "string", "Its identifier."),
    Column("subject_label", "string", "What it is called."),
    Column("subject_group", "string", "Scheme of a code, kind of a claim, table of every other record."),
    Column("relation", "string", "Relation to the other: a relation of the table relations, part_of for a parent, about for a claim's code, coded for a coding."),
    Column("object_table", "string", "Table of the record to which the edge points."),
    Column("object_id", "string", "Its identifier."),
    Column("object_label", "string", "What it is called."),
    Column("object_group", "string", "As subject_group."),
    Column("note", "string", "What the row says about the link: its note, or the reason for a coding."),
    Column("source", "string", "Source that states the link, where its row names one: of a relation, or the coder of a coding."),
    Column("locator", "string", "Location in that source."),
    Column("origin", "string", "Table, and field if there is one, that contains the edge."),
)  # fmt: skip


def group_of(tables: Tables, node: RecordKey) -> str:
    """Group of a node: the scheme of a code, the kind of a claim, else the table."""
    table, record = node
    row = tables.find(table, record) or {}
    return row.get("scheme" if table == "codes" else "kind" if table == "claims" else "") or table


def edge(
    tables: Tables,
    subject: RecordKey,
    relation: str,
    object_: RecordKey,
    *,
    origin: str,
    lang: str,
    note: str | None = None,
    source: str | None = None,
    locator: str | None = None,
) -> dict[str, Any]:
    """One row of the table of edges."""
    return {
        "subject_table": subject[0], "subject_id": subject[1], "subject_label": title_of(tables, *subject, lang), "subject_group": group_of(tables, subject),
        "relation": relation,
        "object_table": object_[0], "object_id": object_[1], "object_label": title_of(tables, *object_, lang), "object_group": group_of(tables, object_),
        "note": note, "source": source, "locator": locator, "origin": origin,
    }  # fmt: skip


def code_edges(tables: Tables, schemes: Iterable[str], lang: str) -> list[dict[str, Any]]:
    """Each code of the schemes that is a part of another."""
    wanted = set(schemes)
    return [
        edge(tables, ("codes", row["id"] or ""), "part_of", ("codes", row["parent"]), origin="codes.parent", lang=lang)
        for row in tables["codes"]
        if row["scheme"] in wanted and row["parent"]
    ]


def relation_edges(tables: Tables, nodes: set[RecordKey], lang: str, relations: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """The relations among `nodes`; only those named where `relations` is given."""
    wanted = None if relations is None else set(relations)
    made = []
    for row in tables["relations"]:
        subject = row["subject_table"] or "", row["subject_id"] or ""
        object_ = row["object_table"] or "", row["object_id"] or ""
        if subject in nodes and object_ in nodes and (wanted is None or row["relation"] in wanted):
            stated = {"source": row.get("source"), "locator": row.get("locator")}  # earlier versions have them in evidence only
            made.append(edge(tables, subject, row["relation"] or "", object_, origin="relations", lang=lang, note=row["note"], **stated))
    return made


def coding_edges(tables: Tables, codings: Sequence[Row], lang: str) -> list[dict[str, Any]]:
    """Each coding as an edge from the record to the code."""
    return [
        edge(
            tables, (row["record_table"] or "", row["record_id"] or ""), "coded", ("codes", row["code"] or ""), origin="codings", lang=lang, note=row["reason"],
            source=row["coder"], locator=row["locator"],
        )
        for row in codings
    ]  # fmt: skip


def claims_about(
    tables: Tables, codes: Mapping[str, Row] | set[str], kinds: Iterable[str]
) -> tuple[set[RecordKey], list[tuple[RecordKey, str, RecordKey, str]]]:
    """Claims of some kinds that bear on the codes, with the claims of which they are details, and their edges.

    Returns
    -------
    nodes, and (subject, relation, object, origin) of each edge
    """
    wanted, by_id = set(kinds), tables.by_id("claims")
    found = {str(row["id"]) for row in tables["claims"] if row["kind"] in wanted and row["code"] in codes}
    todo = list(found)
    while todo:
        parent = by_id[todo.pop()]["parent"]
        if parent and parent in by_id and parent not in found and by_id[parent]["kind"] in wanted:
            found.add(parent)
            todo.append(parent)
    edges: list[tuple[RecordKey, str, RecordKey, str]] = []
    for name, row in by_id.items():
        if name in found:
            if row["parent"] in found:
                edges.append((("claims", name), "part_of", ("claims", str(row["parent"])), "claims.parent"))
            if row["code"] in codes:
                edges.append((("claims", name), "about", ("codes", str(row["code"])), "claims.code"))
    return {("claims", name) for name in found}, edges
