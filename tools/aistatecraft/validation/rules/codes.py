"""Coding schemes: codes stay within their scheme, codings within its terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from aistatecraft.validation.rules.base import Problem, RuleContext, rule


@rule("parent-same-scheme", scope="table", tables=("codes",))
def parent_same_scheme(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A code and its parent belong to the same scheme."""
    records = tables.records[name]
    for row in tables.rows(name):
        parent = records.get(row["parent"] or "")
        if parent is not None and parent["scheme"] != row["scheme"]:
            yield Problem(
                row["_row"],
                "parent",
                f"the parent {row['parent']!r} belongs to the scheme {parent['scheme']!r}, not to {row['scheme']!r}",
                "correct the parent or the scheme",
            )


@rule("order-once", scope="table", tables=("codes",))
def order_once(name: str, tables: RuleContext) -> Iterator[Problem]:
    """Codes of a scheme with the same parent have different positions in `order`."""
    seen: dict[tuple[object, object, object], str] = {}
    for row in tables.rows(name):
        key = (row["scheme"], row["parent"], row["order"])
        if key in seen:
            yield Problem(
                row["_row"], "order", f"{row['id']!r} has the place {row['order']} that {seen[key]!r} has too", "number the codes anew"
            )
        seen.setdefault(key, row["id"])


@rule("exclusive-scheme", scope="package", tables=("codings",))
def exclusive_scheme(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A coder assigns at most one code of an exclusive scheme to a record."""
    exclusive = {row["id"] for row in tables.rows("schemes") if row["exclusive"]}
    scheme = {row["id"]: row["scheme"] for row in tables.rows("codes")}
    given: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for row in tables.rows(name):
        own = scheme.get(row["code"])
        if own in exclusive:
            key = (row["record_table"], row["record_id"], row["coder"], own)
            if given[key]:
                yield Problem(
                    row["_row"],
                    "code",
                    f"{row['record_id']!r} is coded {given[key][0]!r} and {row['code']!r}, and codes of {own!r} exclude each other",
                    "keep one",
                )
            given[key].append(row["code"])


@rule("claim-parent-same-source", scope="table", tables=("claims",))
def claim_parent_same_source(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A claim and its parent claim come from the same source."""
    records = tables.records[name]
    for row in tables.rows(name):
        parent = records.get(row["parent"] or "")
        if parent is not None and parent["source"] != row["source"]:
            yield Problem(
                row["_row"],
                "parent",
                f"the parent {row['parent']!r} is a claim of {parent['source']!r}, not of {row['source']!r}",
                "correct the parent or the source",
            )


@rule("recommendation-has-addressee", scope="row", tables=("claims",))
def recommendation_has_addressee(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A recommendation has an addressee."""
    for row in tables.rows(name):
        if row["kind"] == "recommendation" and row["addressee"] is None:
            yield Problem(row["_row"], "addressee", "the recommendation has no addressee", "fill in addressee")
