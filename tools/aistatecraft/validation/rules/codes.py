"""Coding schemes: codes stay within their scheme, codings within its terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd


def _other_than_parent(frame: pd.DataFrame, field: str) -> Iterator[tuple[int, str, str, str]]:
    """Record number, parent, value of the parent and own value, where the two values of a field differ."""
    own = {identifier: value for _, identifier, value in rows(frame, "id", field)}
    for number, parent, value in rows(frame, "parent", field, only=frame["parent"].notna()):
        if parent in own and own[parent] != value:
            yield number, parent, own[parent], value


@rule("parent-same-scheme", scope="table", tables=("codes",))
def parent_same_scheme(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A code and its parent belong to the same scheme."""
    for number, parent, theirs, own in _other_than_parent(frame, "scheme"):
        message = f"the parent {parent!r} belongs to the scheme {theirs!r}, not to {own!r}"
        yield Problem(number, "parent", message, "correct the parent or the scheme")


@rule("order-once", scope="table", tables=("codes",))
def order_once(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """Codes of a scheme with the same parent have different positions in `sort_order`."""
    seen: dict[tuple[object, ...], str] = {}
    for number, identifier, *place in rows(frame, "id", "scheme", "parent", "sort_order"):
        key = tuple(place)
        if key in seen:
            message = f"{identifier!r} has the same position {place[-1]} as {seen[key]!r}"
            yield Problem(number, "sort_order", message, "renumber the codes")
        seen.setdefault(key, identifier)


@rule("exclusive-scheme", scope="package", tables=("codings",))
def exclusive_scheme(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A coder assigns at most one code of an exclusive scheme to a record."""
    exclusive = {scheme for _, scheme, alone in context.rows("schemes", "id", "exclusive") if alone}
    scheme_of = {code: scheme for _, code, scheme in context.rows("codes", "id", "scheme") if scheme in exclusive}
    given: dict[tuple[object, ...], str] = {}
    for number, code, table, record, coder in rows(frame, "code", "record_table", "record_id", "coder"):
        if code not in scheme_of:
            continue
        key = (table, record, coder, scheme_of[code])
        if key in given:
            message = f"{record!r} is coded {given[key]!r} and {code!r}, but codes of {scheme_of[code]!r} exclude each other"
            yield Problem(number, "code", message, "keep one")
        given.setdefault(key, code)


@rule("claim-parent-same-source", scope="table", tables=("claims",))
def claim_parent_same_source(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A claim and its parent claim come from the same source."""
    for number, parent, theirs, own in _other_than_parent(frame, "source"):
        message = f"the parent {parent!r} is a claim of {theirs!r}, not of {own!r}"
        yield Problem(number, "parent", message, "correct the parent or the source")


@rule("recommendation-has-addressee", scope="row", tables=("claims",))
def recommendation_has_addressee(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A recommendation has an addressee."""
    for number in frame.index[(frame["kind"] == "recommendation") & frame["addressee"].isna()]:
        yield Problem(number, "addressee", "the recommendation has no addressee", "fill in addressee")
