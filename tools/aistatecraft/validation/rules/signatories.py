"""Who signed: counts against rows, and acts that exclude each other. Memberships likewise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from aistatecraft.package.edtf import first_and_last
from aistatecraft.validation.rules.base import Problem, RuleContext, rule

JOINED = frozenset({"signed", "endorsed", "adhered", "ratified", "co_sponsored", "voted_for"})
REFUSED = frozenset({"declined", "voted_against", "abstained", "dissociated"})


@rule("signatories-counted", scope="package", tables=("declarations",))
def signatories_counted(name: str, tables: RuleContext) -> Iterator[Problem]:
    """If signatory_list is complete, there are exactly as many signatories as the source declares; otherwise at most as many. A list with
    known gaps has the signatory_list incomplete, disputed or not_seen."""
    joined: dict[str, set[str]] = defaultdict(set)
    for row in tables.rows("signatories"):
        if row["role"] in JOINED:
            joined[row["declaration"]].add(row["actor"])
    for row in tables.rows(name):
        declared, found = row["signatories_declared"], len(joined[row["id"]])
        if declared is None:
            continue
        if row["signatory_list"] == "complete" and found != declared:
            yield Problem(
                row["_row"],
                "signatories_declared",
                f"{declared} signatories are declared and {found} stand in signatories",
                "add those that are missing, or set signatory_list to incomplete or disputed",
            )
        if row["signatory_list"] in ("incomplete", "not_seen") and found > declared:
            yield Problem(
                row["_row"],
                "signatories_declared",
                f"{declared} signatories are declared and {found} stand in signatories",
                "look the number up again, or set signatory_list to disputed",
            )


@rule("signed-and-declined", scope="table", tables=("signatories",))
def signed_and_declined(name: str, tables: RuleContext) -> Iterator[Problem]:
    """An actor does not both join and refuse a declaration on the same date, or without dates."""
    acts: dict[tuple[str, str], list[tuple[str, str | None]]] = defaultdict(list)
    for row in tables.rows(name):
        key = (row["declaration"], row["actor"])
        for role, date in acts[key]:
            if date == row["date"] and ((role in JOINED and row["role"] in REFUSED) or (role in REFUSED and row["role"] in JOINED)):
                yield Problem(
                    row["_row"],
                    "role",
                    f"{row['actor']} stands as {role} and as {row['role']} for {row['declaration']}" + (f" on {date}" if date else ""),
                    "keep one of the two, and put the other into evidence with stance disputes",
                )
        acts[key].append((row["role"], row["date"]))


@rule("memberships-apart", scope="table", tables=("memberships",))
def memberships_apart(name: str, tables: RuleContext) -> Iterator[Problem]:
    """The spells of a membership do not overlap, and are numbered in the order of their dates."""
    spells: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in tables.rows(name):
        spells[row["bloc"], row["member"]].append(row)
    for rows in spells.values():
        rows.sort(key=lambda row: row["spell"])
        for earlier, later in pairwise(rows):
            if not earlier["to_date"]:
                yield Problem(
                    later["_row"],
                    "spell",
                    f"spell {later['spell']} begins while spell {earlier['spell']} has no end",
                    "fill in to_date of the earlier one",
                )
            elif later["from_date"] and first_and_last(str(later["from_date"]))[1] < first_and_last(str(earlier["to_date"]))[0]:
                yield Problem(
                    later["_row"],
                    "from_date",
                    f"spell {later['spell']} begins {later['from_date']}, before spell {earlier['spell']} ends {earlier['to_date']}",
                    "correct the dates or the numbers",
                )
