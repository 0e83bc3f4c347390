"""States and territories: codes and regions that must agree with one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from aistatecraft.errors import nearest
from aistatecraft.validation.rules.base import Problem, Tables, rule

_ODD = 0.25
"""Of the two-letter codes about one in ten is not made of letters of the three-letter one; of codes that were moved most are not."""


@rule("region-agrees", scope="table", tables=("actors",))
def region_agrees(name: str, tables: Tables) -> Iterator[Problem]:
    """All places of a sub-region lie in one region, and no sub-region has one place only."""
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


@rule("codes-fit", scope="table", tables=("actors",))
def codes_fit(name: str, tables: Tables) -> Iterator[Problem]:
    """The two-letter code of a place is made of letters of its three-letter code, but for a few; where many are not, a column was moved."""
    places = [row for row in tables.rows(name) if row["iso2"] is not None and len(row["id"]) == 3]
    odd = [row for row in places if row["iso2"][0] != row["id"][0] and not set(row["iso2"]) <= set(row["id"])]
    if len(odd) > _ODD * len(places):
        for row in odd:
            yield Problem(
                row["_row"],
                "iso2",
                f"{row['iso2']} does not look like the code of {row['id']}, nor do {len(odd) - 1} others",
                "take the column from the last version",
            )
