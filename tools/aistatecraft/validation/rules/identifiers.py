"""Identifiers and addresses: shaped as promised, never used again, never counted up by a drag of the mouse."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from aistatecraft.validation.rules.base import Problem, Tables, rule

_TRAILING = re.compile(r"(.*?)([0-9]+)")


@rule("retired-identifier", scope="package", needs=("id",))
def retired_identifier(name: str, tables: Tables) -> Iterator[Problem]:
    """An identifier that was withdrawn is never used again."""
    if name == "retired":
        return
    retired = {row["id"]: row["retired"] for row in tables.rows("retired") if row["table"] == name}
    for row in tables.rows(name):
        if row["id"] in retired:
            yield Problem(
                row["_row"],
                "id",
                f"{row['id']!r} was withdrawn on {retired[row['id']].date()} and must not come back",
                "give the record a new identifier",
            )


@rule("state-code", scope="row", tables=("actors",))
def state_code(name: str, tables: Tables) -> Iterator[Problem]:
    """A state or territory is identified by three capital letters and has a two-letter code; no other actor has one."""
    for row in tables.rows(name):
        place = row["kind"] in ("state", "territory")
        if place and not re.fullmatch("[A-Z]{3}", row["id"] or ""):
            yield Problem(
                row["_row"],
                "id",
                f"a {row['kind']} is identified by its ISO 3166-1 alpha-3 code, not by {row['id']!r}",
                "write the code, or another kind",
            )
        if place != (row["iso2"] is not None):
            yield Problem(
                row["_row"],
                "iso2",
                f"a {row['kind']} {'has no' if place else 'has an'} ISO 3166-1 alpha-2 code",
                "fill it in" if place else "take it out",
            )


@rule("national-prefix", scope="row", tables=("actors",))
def national_prefix(name: str, tables: Tables) -> Iterator[Problem]:
    """A body whose parent is a state begins with the code of that state."""
    states = {row["id"] for row in tables.rows(name) if row["kind"] in ("state", "territory")}
    for row in tables.rows(name):
        if row["parent"] in states and row["kind"] == "government_body" and not row["id"].startswith(row["parent"].lower() + "-"):
            yield Problem(
                row["_row"],
                "id",
                f"{row['id']!r} is a body of {row['parent']} and does not begin with {row['parent'].lower()}-",
                "correct the identifier or the parent",
            )


@rule("code-prefix", scope="row", tables=("codes",))
def code_prefix(name: str, tables: Tables) -> Iterator[Problem]:
    """The identifier of a code begins with that of its scheme and a dot."""
    for row in tables.rows(name):
        if row["scheme"] is not None and not row["id"].startswith(row["scheme"] + "."):
            yield Problem(
                row["_row"], "id", f"{row['id']!r} does not begin with {row['scheme'] + '.'!r}", "correct the identifier or the scheme"
            )


@rule("same-address", scope="table", tables=("sources",), severity="warning")
def same_address(name: str, tables: Tables) -> Iterator[Problem]:
    """One page is one source: two sources with one address are one, or their note says why not."""
    first: dict[str, str] = {}
    for row in tables.rows(name):
        address = (row["url"] or "").rstrip("/")
        if not address:
            continue
        if address in first and not row["note"]:
            yield Problem(
                row["_row"],
                "url",
                f"the address stands already at {first[address]!r}",
                "merge the two sources, or say in note why there are two",
            )
        first.setdefault(address, row["id"])


@rule("counted-up", scope="table")
def counted_up(name: str, tables: Tables) -> Iterator[Problem]:
    """Addresses and DOIs of neighbouring rows do not count up by one, as they do when a spreadsheet cell is dragged down."""
    for field in ("url", "doi"):
        if field not in tables.plans[name].by_name:
            continue
        runs: dict[tuple[str, int], list[int]] = defaultdict(list)
        for row in tables.rows(name):
            match = _TRAILING.fullmatch(row[field] or "")
            if match:
                # In a dragged run the number minus the row stays the same.
                runs[match[1], int(match[2]) - row["_row"]].append(row["_row"])
        for (stem, _), found in runs.items():
            if len(found) >= 3 and found[-1] - found[0] == len(found) - 1:
                for number in found[1:]:
                    yield Problem(
                        number,
                        field,
                        f"{field} counts up from the row above ({stem}...)",
                        "restore it from the source; it looks dragged down in a spreadsheet",
                    )
