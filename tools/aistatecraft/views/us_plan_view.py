"""The view `us-plan`: a plan as a tree of pillars, sections and measures, with bodies, legal hooks, numbers and the orders that serve it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import UsageError, nearest
from aistatecraft.views.frame import Column, numbers_of, shaped
from aistatecraft.views.labels import actor_of, cited, spoken, title_of
from aistatecraft.views.tables import RecordKey, Row, Tables, open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PLAN", "as_tree", "us_plan"]

_STATE = "USA"
_LEAVES = ("body", "hook", "instrument", "coding")
PLAN = (
    Column("plan", "string", "Identifier of the plan at the root of the tree."),
    Column("position", "Int64", "Position in the tree from top to bottom, starting at 1."),
    Column("depth", "Int64", "Depth in the tree; 0 is the plan."),
    Column("path", "string", "Identifiers from the plan down to it, joined by ' / '."),
    Column("role", "string", "Role in the tree: plan, order, body, hook (a legal basis or other record that the part names), instrument (one that carries the part out), coding, or the kind of a provision: pillar, section, measure and so on."),
    Column("relation", "string", "How it is linked to the level above: part_of, serves_pillar, responsible_body, coded, or the relation of the table relations."),
    Column("record_table", "string", "Table of the record."),
    Column("record_id", "string", "Its identifier there."),
    Column("title", "string", "What it is called."),
    Column("number", "string", "Its number as printed."),
    Column("operator", "string", "Operator of the value: how it is to be read."),
    Column("value", "Float64", "Number set by the part."),
    Column("unit", "string", "Unit of the value."),
    Column("summary", "string", "Paraphrase of its content."),
    Column("note", "string", "Note on the link: how a body takes part, or why a part is coded this way."),
)  # fmt: skip


class _Branches:
    """What stands under what."""

    def __init__(self, tables: Tables, lang: str) -> None:
        self.tables, self.lang = tables, lang
        self.parts: dict[tuple[RecordKey, str | None], list[Row]] = defaultdict(list)
        for row in tables["provisions"]:
            self.parts[(row["record_table"] or "", row["record_id"] or ""), row["parent"]].append(row)
        for rows in self.parts.values():
            rows.sort(key=lambda row: (int(row["sort_order"] or 10**6), row["id"] or ""))
        self.ties: dict[str, list[tuple[str, str, RecordKey, str | None]]] = defaultdict(list)
        self.orders: dict[str, list[RecordKey]] = defaultdict(list)
        for row in tables["relations"]:
            subject, object_ = (row["subject_table"] or "", row["subject_id"] or ""), (row["object_table"] or "", row["object_id"] or "")
            if row["relation"] == "serves_pillar" and object_[0] == "provisions":
                self.orders[object_[1]].append(subject)
            elif subject[0] == "provisions" and object_[0] != "provisions":
                self.ties[subject[1]].append(("body" if object_[0] == "actors" else "hook", row["relation"] or "", object_, row["note"]))
            elif object_[0] == "provisions" and subject[0] != "provisions":
                self.ties[object_[1]].append(("instrument", row["relation"] or "", subject, row["note"]))
        if "codings" in tables:
            for row in tables["codings"]:
                if row["record_table"] == "provisions":
                    self.ties[row["record_id"] or ""].append(("coding", "coded", ("codes", row["code"] or ""), row["reason"]))

    def leaves(self, part: Row) -> Iterator[dict[str, Any]]:
        """Bodies, hooks, instruments and codings of a provision, each once."""
        body = part["responsible_body"]
        ties = self.ties[part["id"] or ""]
        if body and not any(record == ("actors", body) for _, _, record, _ in ties):
            ties = [("body", "responsible_body", ("actors", body), None), *ties]
        order = {role: at for at, role in enumerate(_LEAVES)}
        # The body that the provision names as responsible comes first.
        for role, relation, record, note in sorted(ties, key=lambda tie: (order[tie[0]], tie[2] != ("actors", body), tie[2], tie[1])):
            yield {
                "role": role, "relation": relation, "record_table": record[0], "record_id": record[1],
                "title": title_of(self.tables, *record, self.lang), "note": note,
            }  # fmt: skip

    def walk(self, record: RecordKey, role: str, relation: str | None, path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """A record, then everything under it."""
        row = self.tables.find(*record) or {}
        here = (*path, record[1])
        yield {
            "depth": len(path), "path": here, "role": role, "relation": relation, "record_table": record[0], "record_id": record[1],
            "title": title_of(self.tables, *record, self.lang), "number": row.get("official_number"), "summary": row.get("summary"),
        }  # fmt: skip
        for part in self.parts[record, None]:
            yield from self.provision(record, part, here)

    def provision(self, record: RecordKey, part: Row, path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """A provision, what it names, the orders that serve it, and its parts."""
        name = part["id"] or ""
        if name in path:
            return  # a ring of parts: the rules of the package name it
        here = (*path, name)
        yield {
            "depth": len(path), "path": here, "role": part["kind"], "relation": "part_of", "record_table": "provisions", "record_id": name,
            "title": title_of(self.tables, "provisions", name, self.lang), "number": part["number"], "operator": part["operator"],
            "value": None if part["value"] is None else float(part["value"]), "unit": part["unit"], "summary": part["summary"], "note": part["note"],
        }  # fmt: skip
        for leaf in self.leaves(part):
            yield {**leaf, "depth": len(here), "path": (*here, leaf["record_id"])}
        for order in self.orders[name]:
            if order[1] not in here:
                yield from self.walk(order, "order", "serves_pillar", here)
        for child in self.parts[record, name]:
            yield from self.provision(record, child, here)


def _roots(tables: Tables, plan: str | None) -> list[RecordKey]:
    provisions = tables.by_id("provisions")
    if plan is None:
        served = [
            provisions[row["object_id"] or ""] for row in tables["relations"]
            if row["relation"] == "serves_pillar" and row["object_table"] == "provisions" and row["object_id"] in provisions
        ]  # fmt: skip
        found = dict.fromkeys((row["record_table"] or "", row["record_id"] or "") for row in served)
        return [record for record in found if actor_of(tables, *record) == _STATE]
    having = dict.fromkeys((row["record_table"] or "", row["record_id"] or "") for row in provisions.values())
    chosen = [record for record in having if record[1] == plan]
    if not chosen:
        raise UsageError(f"{plan!r} is not a record with provisions; {nearest(plan, sorted({record[1] for record in having}))}")
    return chosen


def us_plan(
    plan: str | None = None, *, depth: int | None = None, lang: str = "en", path: str | Path | None = None, version: str | None = None
) -> pd.DataFrame:
    """A plan as a tree: pillar, section, measure, responsible body, legal hook and number, with the orders that serve each pillar.

    Parameters
    ----------
    plan : str or None
        A record with provisions. None: the plans of the United States to whose pillars orders are tied (``serves_pillar``).
    depth : int or None
        Only what stands at most so deep.
    lang, path, version : as for `hedging`

    Returns
    -------
    pandas.DataFrame, one row a node of the tree in the order in which it is read, columns as `PLAN` lists them

    Raises
    ------
    UsageError
        Where `plan` is no record with provisions.
    """
    tables = open_tables(path, version)
    branches = _Branches(tables, lang)
    rows: list[dict[str, Any]] = []
    for root in _roots(tables, plan):
        nodes = [node for node in branches.walk(root, "plan", None, ()) if depth is None or node["depth"] <= depth]
        rows += [{**node, "plan": root[1], "position": at, "path": " / ".join(node["path"])} for at, node in enumerate(nodes, start=1)]
    sources = tables.supporting({(row["record_table"], row["record_id"]) for row in rows if row["role"] not in _LEAVES})
    return shaped(
        rows, PLAN, view="us-plan", tables=tables, title=rows[0]["title"] if rows else spoken(lang, "Plan", "计划"), lang=lang, cited=cited(tables, sources, lang)
    )  # fmt: skip


def value_text(operator: str | None, value: float | None, unit: str | None = None) -> str:
    """A value as it is read: with its operator where that is not the equals sign, and its unit."""
    if value is None:
        return ""
    said = f"{value:,.0f}" if value == int(value) else f"{value:,g}"
    return f"{'' if operator in (None, '=') else f'{operator} '}{said}{f' {unit}' if unit else ''}"


def as_tree(frame: pd.DataFrame) -> str:
    """The tree as indented lines; what a part names stands behind it on the same line."""
    lines: list[str] = []
    names = list(frame.columns)
    marks = {"body": " -> ", "hook": " | under ", "instrument": " | by ", "coding": " | coded "}
    last = ""
    for values in numbers_of(frame):
        row = dict(zip(names, values, strict=True))
        role = row["role"]
        if role in _LEAVES and lines:
            said = f"{row['relation'].replace('_', ' ')} {row['title']}" if role == "instrument" else row["title"]
            lines[-1] += (", " if role == last else marks[role]) + said
            last = role
            continue
        last = ""
        head = {"plan": f"{row['title']} ({row['record_id']})", "order": f"order: {row['title']} ({row['record_id']})"}.get(role)
        number = f"{row['number']} " if row["number"] and role not in ("plan", "order") else ""
        value = value_text(row["operator"], row["value"], row["unit"])
        lines.append("  " * row["depth"] + (head or f"{number}{row['title']}") + (f" [{value}]" if value else ""))
    return "\n".join(lines)
