"""States and territories: regions that must agree with one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from aistatecraft.errors import nearest
from aistatecraft.validation.rules.base import Problem, RuleContext, rule


@rule("region-agrees", scope="table", tables=("actors",))
def region_agrees(name: str, tables: RuleContext) -> Iterator[Problem]:
    """All places of a sub-region are in the same region, and every sub-region has more than one place."""
    regions: dict[str, Counter[str]] = defaultdict(Counter)
    for row in tables.rows(name):
        if row["un_subregion"] is not None:
            regions[row["un_subregion"]][row["un_region"] or ""] += 1
    for row in tables.rows(name):
        found = regions.get(row["un_subregion"] or "")
        if found is None:
            continue
        usual, times = found.most_common(1)[0]
        if (row["un_region"] or "") != usual or (len(found) > 1 and times * 2 == found.total()):
            yield Problem(
                row["_row"],
                "un_region",
                f"{row['id']} lies in {row['un_subregion']}, which is in {usual}, not in {row['un_region']}",
                "correct one of the two",
            )
        elif found.total() == 1 and len(regions) > 1:
            others = [subregion for subregion in regions if subregion != row["un_subregion"]]
            yield Problem(
                row["_row"],
                "un_subregion",
                f"{row['un_subregion']!r} is the sub-region of no other place",
                nearest(row["un_subregion"], others).rstrip(".?"),
            )
