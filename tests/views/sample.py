"""Small packages with the real schemas, of which a test writes only the rows and cells that matter."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, write_package

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
SCHEMAS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "schemas").glob("*.json"))}


def package(target: Path, rows: Rows, name: str = "aistatecraft") -> Path:
    """A package with all tables; those that `rows` does not name are empty, and cells that a row does not name blank."""
    tables = {}
    for table, schema in SCHEMAS.items():
        names = [field["name"] for field in schema["fields"]]
        out = io.StringIO()
        writer = csv.DictWriter(out, names, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows.get(table, ()))
        tables[table] = (schema, out.getvalue())
    return write_package(target, tables, name=name)


def code(identifier: str, order: int = 1, **more: Any) -> dict[str, Any]:
    """A code; its scheme stands before the dot."""
    scheme = identifier.partition(".")[0]
    return {"id": identifier, "scheme": scheme, "label_en": identifier.replace(".", " "), "sort_order": order, **more}


def coding(table: str, record: str, *codes: str, coder: str = "paper", **more: Any) -> list[dict[str, Any]]:
    """Codings of a record."""
    return [
        {"record_table": table, "record_id": record, "code": name, "coder": coder, "reason": f"{record} is {name}", **more}
        for name in codes
    ]


def tie(subject: str, relation: str, object_: str, **more: Any) -> dict[str, Any]:
    """A relation; its ends are written ``table/identifier``."""
    ends = [end.partition("/") for end in (subject, object_)]
    return {
        "subject_table": ends[0][0],
        "subject_id": ends[0][2],
        "relation": relation,
        "object_table": ends[1][0],
        "object_id": ends[1][2],
        **more,
    }


PAPER = {
    "id": "paper",
    "kind": "scholarly",
    "title": "纸",
    "title_en": "Paper",
    "authors": "Cai, Ana; Hou, Bo",
    "published": "2026-01",
    "language": "zh",
    "read": "read",
}
STATES = [
    {"id": "BRA", "kind": "state", "name_en": "Brazil", "name_zh": "巴西", "name_es": "Brasil", "iso2": "BR"},
    {"id": "CHL", "kind": "state", "name_en": "Chile", "name_zh": "智利", "iso2": "CL"},
    {"id": "USA", "kind": "state", "name_en": "United States", "name_zh": "美国", "iso2": "US"},
    {"id": "LAC", "kind": "region", "name_en": "Latin America and the Caribbean"},
    {"id": "bra-mcti", "kind": "government_body", "name_en": "Ministry of Science", "parent": "BRA"},
]  # fmt: skip
