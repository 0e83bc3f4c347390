"""Two to four states side by side: the same rows for each, and in words where they differ."""

from __future__ import annotations

from collections.abc import Iterator

from aistatecraft.site.cells import clean
from aistatecraft.site.context import Edition, Page
from aistatecraft.site.dataset import Row
from aistatecraft.site.findings import AGREES, Findings
from aistatecraft.site.rendering import as_script

__all__ = ["comparison", "profiles_file"]

_MOST = 4
_KINDS = ("state", "union")


def _compared(edition: Edition) -> list[Row]:
    """States and unions for which the dataset has more than codes: a document, an act or a search; by name."""
    found = Findings(edition.data, edition.words)
    known = found.looked_up | {row.get("actor") for row in edition.data.rows("signatories", "actor")}
    known |= {row.get("jurisdiction") for table in ("strategies", "instruments") for row in edition.data.rows(table, "jurisdiction")}
    rows = [row for row in edition.data.rows("actors", "kind") if row.get("kind") in _KINDS and row.id in known]
    return sorted(rows, key=lambda row: (edition.data.title(row)[0], row.id))


def comparison(edition: Edition) -> Iterator[Page]:
    """The page, where there are two to compare."""
    rows = _compared(edition)
    if len(rows) < 2:
        return
    choices = [(row.id, clean(edition.data.title(row)[0])) for row in rows]
    by_acts = sorted(rows, key=lambda row: (-len(edition.data.referring.get(row.key, ())), row.id))
    chosen = [row.id for row in by_acts[:2]]
    yield Page(
        "compare.html",
        "compare.html",
        edition.words("Compare states"),
        {"choices": choices, "chosen": chosen, "places": [(chr(ord("a") + at), chosen[at] if at < 2 else "") for at in range(_MOST)]},
        edition.words("Two to four states side by side."),
    )


def profiles_file(edition: Edition) -> bytes:
    """What is compared, as a script: heads, then for each actor its name, its address, and a list of values for each head."""
    words, data = edition.words, edition.data
    found = Findings(data, words)
    index = max(data.rows("indices", "index_name", "edition"), key=lambda row: (row.get("published"), row.id), default=None)
    heads = [
        words("National AI strategy"), words("Strategies"), words("Stands behind"), words("Declined or dissociated from"), words("Member of"),
        *([clean(data.title(index)[0])] if index is not None else []), words("Policy instruments"),
    ]  # fmt: skip
    actors = {}
    for row in _compared(edition):
        refers = data.referring.get(row.key, ())

        def listed(table: str, column: str, name: str, keep: object = None, refers: object = refers) -> list[str]:
            assert isinstance(refers, (list, tuple))
            rows = [one.row for one in refers if one.row.table.name == table and one.column.name == column]
            if isinstance(keep, frozenset):
                rows = [one for one in rows if (one.get("role") in AGREES) == (True in keep)]
            if table == "memberships":
                rows = [one for one in rows if not one.get("to_date")]
            targets = [one if not name else data.target(one, one.table.by_name[name]) for one in rows]
            return sorted({clean(data.title(one)[0]) for one in targets if one is not None})

        rank = data.find("index_scores", f"{index.id}/{row.id}/total") if index is not None else None
        values = [
            [clean(found.of(row.id).words)], listed("strategies", "jurisdiction", ""), listed("signatories", "actor", "declaration", frozenset({True})),
            listed("signatories", "actor", "declaration", frozenset({False})), listed("memberships", "member", "bloc"),
            *([[words("rank {rank}, score {score}", rank=rank.get("score_rank") or "?", score=rank.get("score"))] if rank is not None else []] if index is not None else []),
            listed("instruments", "jurisdiction", ""),
        ]  # fmt: skip
        actors[row.id] = [clean(data.title(row)[0]), data.address(row), values]
    return as_script("aistatecraft.profiles", heads, actors)
