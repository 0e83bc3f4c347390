"""Where sources disagree: every disputed value with both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aistatecraft.site.cells import clean
from aistatecraft.site.context import Edition, Page
from aistatecraft.site.pages.sections import Said, said

__all__ = ["disputed", "disputes"]

_MOST = 2_000
"""Disputed values on the page."""


def disputed(edition: Edition) -> Iterator[dict[str, Any]]:
    """Every disputed field: its record, its value, the statements for and against it."""
    evidence = {
        (row.get("record_table"), row.get("record_id")): None
        for row in edition.data.rows("evidence", "record_table", "record_id", "stance")
        if row.get("stance") == "disputes"
    }
    for table, record in evidence:
        row = edition.data.find(table, record)
        if row is None:
            continue
        by_field: dict[str, list[Said]] = {}
        for one in said(edition, row):
            by_field.setdefault(one.field, []).append(one)
        for name, listed in by_field.items():
            against = [one for one in listed if one.stance == "disputes"]
            if against:
                column = row.table.by_name.get(name)
                support = [one for one in listed if one.stance == "supports"]
                yield {
                    "table": clean(row.table.title),
                    "record": edition.show.link(row),
                    "field": clean(column.field.title) if column else edition.words("the record"),
                    "value": edition.show.cell(row, column) if column else None,
                    "supports": support or [one for one in by_field.get("", []) if one.stance == "supports"],
                    "disputes": against,
                }


def disputes(edition: Edition) -> Iterator[Page]:
    """The page, where the package has evidence."""
    if not edition.data.rows("evidence", "record_table", "record_id", "stance"):
        return
    listed = list(disputed(edition))
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in listed[:_MOST]:
        groups.setdefault(one["table"], []).append(one)
    yield Page(
        "disputes.html", "disputes.html", edition.words("Where sources disagree"), {"groups": groups, "total": len(listed), "most": _MOST},
        edition.words("Every value that a source disputes, with what each source states."),
    )  # fmt: skip
