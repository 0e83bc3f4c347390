"""What was looked up, and what was found: the grid of tiles, and the list behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from aistatecraft.site.cells import Shown, clean, href
from aistatecraft.site.context import Edition, Page
from aistatecraft.site.dataset import Row
from aistatecraft.site.findings import STRATEGY, Finding, Findings
from aistatecraft.site.pictures import tiles
from aistatecraft.site.words import ABSENCES

__all__ = ["coverage", "grid_of", "key_of", "line_of"]


def _areas(edition: Edition, found: Findings) -> list[Row]:
    """Actors beside the member states: unions, and states and areas for which something is known."""
    rows = edition.data.rows("actors", "kind", "un_member")
    known = found.looked_up | {row.get("jurisdiction") for row in edition.data.rows("strategies", "jurisdiction")}
    return [
        row for row in rows
        if row.get("un_member") != "true" and (row.get("kind") in ("state", "union") or (row.get("kind") == "territory" and row.id in known))
    ]  # fmt: skip


def line_of(edition: Edition, row: Row, one: Finding) -> dict[str, Any]:
    """A line of the list."""
    return {
        "actor": edition.show.link(row),
        "state": one.state,
        "words": clean(one.words),
        "day": one.day,
        "source": edition.show.source(one.source) if one.source else Shown(edition.words("our own search") if one.looked else ""),
        "documents": [
            (edition.show.link(each), edition.show.cell(each, each.table.by_name["status"], wide=False).text) for each in one.strategies
        ],
        "note": clean(one.note),
    }


def key_of(edition: Edition, counts: Counter[str]) -> list[dict[str, Any]]:
    """What the signs mean, and how many members have each."""
    return [
        {"state": state, "word": edition.words(state.word), "count": counts[kind]}
        for kind, state in ABSENCES.items()
        if kind not in ("unknown", "none-exists", "not-applicable") and (counts[kind] or kind != "found")
    ]


def grid_of(edition: Edition, topic: str = STRATEGY) -> dict[str, Any] | None:
    """The grid of one topic with its key and its list; None where the package has no states or nothing was looked up."""
    found = Findings(edition.data, edition.words)
    if not found.members or topic not in found.topics:
        return None
    members = [(row, found.of(row.id, topic)) for row in found.members]
    others = [(row, found.of(row.id, topic)) for row in _areas(edition, found)]
    counts = Counter(one.state.kind for _, one in members)
    placed = {}
    for row, one in [*members, *others]:
        name = edition.data.title(row)[0]
        placed[row.id] = (one.state, clean(f"{name}: {one.words}"), href(edition.data.address(row)))
    known = len(members) - counts["not-looked-up"]
    label = edition.words(
        "{known} of {all} member states of the United Nations were looked up or have a document here", known=known, all=len(members)
    )
    return {
        "topic": clean(found.topics[topic]),
        "svg": tiles(placed, label),
        "label": label,
        "key": key_of(edition, counts),
        "lines": [line_of(edition, row, one) for row, one in members],
        "areas": [line_of(edition, row, one) for row, one in others],
        "counts": counts,
        "known": known,
        "all": len(members),
    }


def coverage(edition: Edition) -> Iterator[Page]:
    """The page, where the package says what was looked up."""
    found = Findings(edition.data, edition.words)
    grids = [grid for topic in found.topics if (grid := grid_of(edition, topic)) is not None]
    if grids:
        yield Page(
            "coverage.html",
            "coverage.html",
            edition.words("What was looked up"),
            {"grids": grids},
            edition.words("For each state: found, in preparation, none found, unsettled, or not looked up."),
        )
