"""States and territories: regions that must agree with one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aistatecraft.errors import nearest
from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd


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
