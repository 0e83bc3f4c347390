"""States and territories: regions that must agree with one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aistatecraft.errors import nearest
from aistatecraft.package.edtf import first_and_last
from aistatecraft.validation.rules.base import Context, Problem, rows, rule
from aistatecraft.validation.rules.signatories import NOT_MEMBERS

if TYPE_CHECKING:
    import pandas as pd


@rule("un-member-agrees", scope="package", tables=("actors",))
def un_member_agrees(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The states with `un_member` are those that are members of the UN today according to `memberships`, the only list of them."""
    members: set[str] = set()
    listed = False
    for _, bloc, member, role, end in context.rows("memberships", "bloc", "member", "role", "to_date"):
        if bloc == "UN":
            listed = True
            if role not in NOT_MEMBERS and (end is None or first_and_last(end)[1] >= context.today):
                members.add(member)
    if not listed:
        return
    for number, identifier, said in rows(frame, "id", "un_member", only=frame["id"].notna()):
        if (identifier in members) != bool(said):
            shown = "is blank" if said is None else f"is {str(said).lower()}"
            message = f"un_member {shown}, but memberships says that {identifier} is {'a' if identifier in members else 'no'} member of the UN today"
            yield Problem(number, "un_member", message, "correct one of the two")


@rule("region-agrees", scope="table", tables=("actors",))
def region_agrees(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """All places of a sub-region are in the same region, and every sub-region has more than one place."""
    placed = frame["un_subregion"].notna()
    regions: dict[str, Counter[str]] = defaultdict(Counter)
    for _, subregion, region in rows(frame, "un_subregion", "un_region", only=placed):
        regions[subregion][region or ""] += 1
    for number, identifier, subregion, region in rows(frame, "id", "un_subregion", "un_region", only=placed):
        found = regions[subregion]
        usual, times = found.most_common(1)[0]
        if (region or "") != usual or (len(found) > 1 and times * 2 == found.total()):
            message = f"{identifier} is in {subregion}, which is in {usual}, not in {region}"
            yield Problem(number, "un_region", message, "correct one of the two")
        elif found.total() == 1 and len(regions) > 1:
            others = [other for other in regions if other != subregion]
            message = f"{subregion!r} is not the sub-region of any other place"
            yield Problem(number, "un_subregion", message, nearest(subregion, others).rstrip(".?"))
