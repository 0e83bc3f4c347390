"""Who signed: counts against rows, and acts that exclude each other. Memberships likewise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from aistatecraft.package.edtf import first_and_last
from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd

JOINED = frozenset({"signed", "endorsed", "adhered", "ratified", "co_sponsored", "voted_for"})
REFUSED = frozenset({"declined", "voted_against", "abstained", "dissociated"})


@rule("signatories-counted", scope="package", tables=("declarations",))
def signatories_counted(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """signatory_list agrees with the rows in signatories: complete has as many actors that joined as signatories_declared, partial has
    some but fewer, not_seen and not_applicable have none. Each actor is counted once, and only for an act of its own."""
    joined: dict[str, set[str]] = defaultdict(set)
    for _, declaration, actor, role in context.rows("signatories", "declaration", "actor", "role"):
        if role in JOINED:
            joined[declaration].add(actor)
    for number, declaration, declared, completeness in rows(
        frame, "id", "signatories_declared", "signatory_list", only=frame["id"].notna()
    ):
        found = len(joined[declaration])
        if completeness in ("not_seen", "not_applicable") and found:
            message = f"signatory_list is {completeness}, but signatories has {found}"
            yield Problem(number, "signatory_list", message, "set it to partial or complete, or remove the rows")
        if declared is None:
            continue
        message = f"{declared} signatories are declared, but signatories has {found}"
        if completeness == "complete" and found != declared:
            hint = "add those that are missing, or set signatory_list to partial or disputed"
            yield Problem(number, "signatories_declared", message, hint)
        if completeness == "partial" and found >= declared:
            yield Problem(number, "signatories_declared", message, "check the number, or set signatory_list to complete or disputed")


@rule("signed-and-declined", scope="table", tables=("signatories",))
def signed_and_declined(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """An actor does not both join and refuse a declaration on the same date, or without dates."""
    acts: dict[tuple[str, str], list[tuple[str, str | None]]] = defaultdict(list)
    for number, declaration, actor, role, date in rows(
        frame, "declaration", "actor", "role", "date", only=frame["declaration"].notna() & frame["actor"].notna()
    ):
        for other, day in acts[declaration, actor]:
            if day == date and ((other in JOINED and role in REFUSED) or (other in REFUSED and role in JOINED)):
                message = f"{actor} is listed as {other} and as {role} for {declaration}" + (f" on {date}" if date else "")
                hint = "keep one of the two, and add the other to evidence with stance disputes"
                yield Problem(number, "role", message, hint)
        acts[declaration, actor].append((role, date))


@rule("memberships-apart", scope="table", tables=("memberships",))
def memberships_apart(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The spells of a membership do not overlap, and are numbered in the order of their dates."""
    spells: dict[tuple[str, str], list[tuple[int, int, str | None, str | None]]] = defaultdict(list)
    known = frame["bloc"].notna() & frame["member"].notna() & frame["spell"].notna()
    for number, bloc, member, spell, start, end in rows(frame, "bloc", "member", "spell", "from_date", "to_date", only=known):
        spells[bloc, member].append((spell, number, start, end))
    for one in spells.values():
        one.sort(key=lambda each: each[:2])
        for (spell, _, _, end), (later, number, start, _) in pairwise(one):
            if not end:
                message = f"spell {later} begins but spell {spell} has no end"
                yield Problem(number, "spell", message, "fill in to_date of the earlier spell")
            elif start and first_and_last(start)[1] < first_and_last(end)[0]:
                message = f"spell {later} begins {start}, before spell {spell} ends {end}"
                yield Problem(number, "from_date", message, "correct the dates or the numbers")
