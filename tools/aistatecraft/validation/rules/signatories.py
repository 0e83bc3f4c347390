"""Who signed: counts against rows, and acts that exclude each other. Memberships and rosters likewise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from aistatecraft.package.edtf import first_and_last
from aistatecraft.validation.rules.base import Context, Problem, rows, rule
from aistatecraft.validation.rules.statements import statements

if TYPE_CHECKING:
    import pandas as pd

JOINED = frozenset({"signed", "endorsed", "adhered", "ratified", "co_sponsored", "voted_for"})
NOT_MEMBERS = frozenset({"associate", "partner", "observer", "candidate", "suspended"})
"""Roles of memberships whose actor is beside the bloc, not in it."""
REFUSED = frozenset({"declined", "voted_against", "abstained", "dissociated"})


@rule("signatories-counted", scope="package", tables=("declarations",))
def signatories_counted(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """signatory_list agrees with the rows in signatories: complete has as many actors that joined as signatories_declared, partial has
    some but fewer, not_seen and not_applicable have none. Each actor is counted once, and only for an act of its own. Those that adhered
    later may be counted or not: a number can be that of the day of the declaration."""
    joined: dict[str, set[str]] = defaultdict(set)
    first: dict[str, set[str]] = defaultdict(set)
    for _, declaration, actor, role in context.rows("signatories", "declaration", "actor", "role"):
        if role in JOINED:
            joined[declaration].add(actor)
        if role in JOINED and role != "adhered":
            first[declaration].add(actor)
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
        if completeness == "complete" and declared not in (found, len(first[declaration])):
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


@rule("act-before-declaration", scope="package", tables=("signatories",))
def act_before_declaration(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """No actor signs, endorses or joins a declaration before the date of the declaration."""
    dates = {identifier: date for _, identifier, date in context.rows("declarations", "id", "date") if date}
    for number, declaration, actor, role, date in rows(frame, "declaration", "actor", "role", "date", only=frame["date"].notna()):
        made = dates.get(declaration)
        if made and first_and_last(date)[1] < first_and_last(made)[0]:
            message = f"{actor} is listed as {role} on {date}, before the date of {declaration} ({made})"
            yield Problem(number, "date", message, "check both dates")


@rule("bloc-as-acts", scope="package", tables=("signatories",))
def bloc_as_acts(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The acts of a declaration are those of actors that a source names. All members of a bloc, entered from one place in a source that
    does not name them one by one, are its membership list and not acts: "the G7 leaders" is an act of the G7."""
    blocs: dict[str, set[str]] = defaultdict(set)
    for _, bloc, member, role, end in context.rows("memberships", "bloc", "member", "role", "to_date"):
        if role not in NOT_MEMBERS and (end is None or first_and_last(end)[1] >= context.today):
            blocs[bloc].add(member)
    records = context.identifiers("signatories")
    # How each act is stated: the places that state it, each with the words.
    stated: dict[str, set[tuple[str | None, str, str]]] = defaultdict(set)
    for each in statements(context):
        if each.table == "signatories" and each.stance == "supports":
            stated[each.record].add((each.source, each.locator, each.stated))
    acts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for number, declaration, actor, role in rows(
        frame, "declaration", "actor", "role", only=frame["declaration"].notna() & frame["actor"].notna()
    ):
        if role in JOINED:
            acts[declaration, role][actor] = number
    for numbers in acts.values():
        for bloc, members in blocs.items():
            if len(members) < _FEW or not members <= numbers.keys():
                continue
            said = [stated.get(records[numbers[member]], set()) for member in members] if records else []
            if said and all(len(words) == 1 for words in said) and len(set.union(*said)) == 1:
                source, locator, words = said[0].copy().pop()
                for member in sorted(members):
                    message = f"all {len(members)} members of {bloc} are entered from one place ({source}: {locator}) that states {words or 'nothing'!r}"
                    yield Problem(numbers[member], "actor", message, f"enter {bloc} instead, or a source that names {member}")


_FEW = 3
"""A bloc with fewer members is no list."""


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


_FULL_MEMBERS = frozenset({"member", "founding_member"})


@rule("rosters-counted", scope="package", tables=("rosters",))
def rosters_counted(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The completeness of a roster agrees with memberships on the date in as_of, or today if it is blank: complete has as many members as
    declared, partial has some but fewer, not_seen has none. Memberships whose dates are too imprecise to tell count either way."""
    if context.frame("memberships") is None:
        return
    spells: dict[tuple[str, str], list[tuple[str, str | None, str | None]]] = defaultdict(list)
    for _, bloc, member, role, start, end in context.rows("memberships", "bloc", "member", "role", "from_date", "to_date"):
        if bloc and member and role:
            spells[bloc, "member" if role in _FULL_MEMBERS else role].append((member, start, end))
    fields = ("bloc", "members", "completeness", "declared", "counts_suspended", "as_of")
    judged = frame["bloc"].notna() & frame["members"].notna()
    for number, bloc, members, completeness, declared, counts_suspended, as_of in rows(frame, *fields, only=judged):
        day = first_and_last(as_of)[1] if as_of else context.today
        kinds = [members, *(["suspended"] if counts_suspended and members == "member" else [])]
        listed = [spell for kind in kinds for spell in spells[bloc, kind]]
        surely = {
            member for member, start, end in listed
            if (not start or first_and_last(start)[1] <= day) and (not end or day < first_and_last(end)[0])
        }  # fmt: skip
        perhaps = {
            member for member, start, end in listed
            if (not start or first_and_last(start)[0] <= day) and (not end or day <= first_and_last(end)[1])
        }  # fmt: skip
        found = f"{len(surely)}" if len(surely) == len(perhaps) else f"between {len(surely)} and {len(perhaps)}"
        message = f"{declared} {members}s of {bloc} are declared, but memberships has {found} on {day}"
        if completeness == "not_seen" and surely:
            message = f"completeness is not_seen, but memberships has {found} {members}s of {bloc} on {day}"
            yield Problem(number, "completeness", message, "set it to partial or complete")
        elif declared is None:
            continue
        elif completeness == "complete" and not len(surely) <= declared <= len(perhaps):
            yield Problem(number, "declared", message, "add those that are missing, or set completeness to partial")
        elif completeness == "partial" and len(surely) >= declared:
            yield Problem(number, "declared", message, "check the number, or set completeness to complete")
