"""Ten analyses of a political scientist, with plain pandas and with this package: the same answers, and how many lines each takes.

    python benchmarks/ten_analyses.py

Each function `plain_...` reads the CSV files alone; its twin `now_...` asks the package. `tests/analysis/test_ten_analyses.py` compares the answers, and
`python3 tools/make.py docs` writes the table of lines into docs/analyses.md.
"""

from __future__ import annotations

import ast
import calendar
import inspect
import sys
import unicodedata
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

import aistatecraft as ai

DATA = Path(__file__).resolve().parent.parent / "data"
JOINED = ["signed", "endorsed", "adhered", "ratified", "acceded", "accepted", "approved", "adopted", "joined", "founded"]
AGAINST = ["voted_against", "declined", "dissociated", "withdrew", "objected", "opposed", "reserved"]


def table(name: str) -> pd.DataFrame:
    """A table as texts; a blank cell is an empty text."""
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def bounds(date: str) -> tuple[str, str]:
    """First and last day of a date of mixed precision; both plain functions on dates need it."""
    if len(date) == 4:
        return f"{date}-01-01", f"{date}-12-31"
    if len(date) == 7:
        return f"{date}-01", f"{date}-{calendar.monthrange(int(date[:4]), int(date[5:]))[1]}"
    return date, date


def plain_labels() -> Any:
    """Strategies with the names of their states and the labels of their kinds."""
    import json

    strategies, actors = table("strategies"), table("actors")
    names = actors.set_index("id")["name_en"]
    schema = json.loads((DATA.parent / "schemas/strategies.json").read_text(encoding="utf-8"))
    kinds = next(field["categories"] for field in schema["fields"] if field["name"] == "kind")
    labels = {category["value"]: category["label"] for category in kinds}
    strategies["jurisdiction_name"] = strategies["jurisdiction"].map(names)
    strategies["kind_label"] = strategies["kind"].map(labels)
    return sorted(strategies[["id", "jurisdiction_name", "kind_label"]].itertuples(index=False, name=None))


def now_labels() -> Any:
    strategies = ai.load("strategies", labels=True)
    return sorted(strategies[["id", "jurisdiction_name", "kind_label"]].itertuples(index=False, name=None))


def plain_joined() -> Any:
    """States that joined the Bletchley Declaration and are not named in the Paris statement."""
    acts, actors = table("signatories"), table("actors")
    states = actors.loc[actors["kind"] == "state", "id"]
    acts = acts[acts["actor"].isin(states)]
    strength = {**dict.fromkeys(JOINED, 1), **dict.fromkeys(AGAINST, 2)}
    acts = acts.assign(strength=acts["role"].map(strength).fillna(0))
    strongest = acts.sort_values("strength").groupby(["declaration", "actor"])["strength"].last()
    joined = strongest[strongest == 1].reset_index()
    by_text = joined.groupby("declaration")["actor"].agg(set)
    return sorted(by_text["bletchley-2023"] - by_text["paris-ai-statement-2025"])


def now_joined() -> Any:
    matrix = ai.acts(matrix=True)
    first, second = (set(matrix.index[matrix[text] == "joined"]) for text in ("bletchley-2023", "paris-ai-statement-2025"))
    return sorted(first - second)


def plain_members() -> Any:
    """Members of the G20 on 9 September 2023, with those of which the day is not known."""
    rows = table("memberships")
    rows = rows[(rows["bloc"] == "G20") & rows["role"].isin(["member", "founding_member"])]
    day, found = "2023-09-09", []
    for row in rows.itertuples():
        begun = bounds(row.from_date) if row.from_date else None
        ended = bounds(row.to_date) if row.to_date else None
        if (ended and day > ended[1]) or (begun and day < begun[0]):
            continue
        open_end = bool(ended) and ended[0] <= day and ended[0] != ended[1]
        found.append((row.member, "unknown" if not begun or day < begun[1] or open_end else "member"))
    return sorted(found)


def now_members() -> Any:
    found = ai.members("G20", on="2023-09-09")
    return sorted(found[["member", "state"]].itertuples(index=False, name=None))


def plain_ended() -> Any:
    """US controls that are known to have ended before 1 June 2025. Which were in force needs the events and the days of sources, too."""
    rows, events, day = table("instruments"), table("events"), "2025-06-01"
    rows = rows[(rows["jurisdiction"] == "USA") & (rows["kind"] == "control")]
    stops = events[(events["record_table"] == "instruments") & events["event"].isin(["rescinded", "lapsed", "abandoned"])]
    found = set()
    for row in rows.itertuples():
        dates = [row.ended] if row.ended[:1].isdigit() else []
        dates += [date for date in stops.loc[stops["record_id"] == row.id, "date"] if date]
        if any(bounds(date)[1] <= day for date in dates):
            found.add(row.id)
    return sorted(found)


def now_ended() -> Any:
    return sorted(ai.in_force("2025-06-01", jurisdiction="USA", kind="control", states=["ended"])["id"])


def plain_matrix() -> Any:
    """Of the Bletchley Declaration: which states joined, which only the EU covers, and which are not in the list."""
    acts, actors, members = table("signatories"), table("actors"), table("memberships")
    texts = table("declarations").set_index("id")
    own = acts[acts["declaration"] == "bletchley-2023"]
    joined = set(own.loc[own["role"].isin(JOINED), "actor"])
    last = bounds(texts.loc["bletchley-2023", "date"])[1]
    blocs = set(actors.loc[actors["kind"].isin(["union", "bloc", "organisation"]), "id"]) & joined
    full = members[members["bloc"].isin(blocs) & members["role"].isin(["member", "founding_member"])]
    covered = set()
    for row in full.itertuples():
        begun = bounds(row.from_date)[1] if row.from_date else "9999"
        ended = bounds(row.to_date)[0] if row.to_date else "9999"
        if begun <= last < ended:
            covered.add(row.member)
    states = set(actors.loc[actors["kind"] == "state", "id"])
    text = texts.loc["bletchley-2023"]
    # A disputed list that names as many as are declared is complete.
    disputed = text["signatory_list"] == "disputed" and text["signatories_declared"] != ""
    enough = disputed and len(joined) >= int(text["signatories_declared"])
    partial = text["signatory_list"] != "complete" and not enough
    cell = {state: "joined" if state in joined else "covered" if state in covered else "unknown" if partial else "none" for state in states}
    return pd.Series(cell).value_counts().sort_index().to_dict()


def now_matrix() -> Any:
    return ai.acts(matrix=True)["bletchley-2023"].value_counts().loc[lambda counts: counts > 0].sort_index(key=lambda index: index.astype(str)).to_dict()  # fmt: skip


def plain_pairs() -> Any:
    """Pairs of states with at least five declarations that both joined."""
    acts, actors = table("signatories"), table("actors")
    states = set(actors.loc[actors["kind"] == "state", "id"])
    strength = {**dict.fromkeys(JOINED, 1), **dict.fromkeys(AGAINST, 2)}
    acts = acts.assign(strength=acts["role"].map(strength).fillna(0))
    strongest = acts.groupby(["declaration", "actor"])["strength"].max()
    common: dict[tuple[str, str], int] = {}
    for _, group in strongest[strongest == 1].reset_index().groupby("declaration"):
        for pair in combinations(sorted(states & set(group["actor"])), 2):
            common[pair] = common.get(pair, 0) + 1
    return sorted((a, b, number) for (a, b), number in common.items() if number >= 5)


def now_pairs() -> Any:
    edges = ai.cosignature(least=5)
    return sorted((a, b, int(number)) for a, b, number in edges[["a", "b", "common"]].itertuples(index=False))


def plain_leaders() -> Any:
    """How many declarations led by China and by the United States each state joined or supported."""
    acts, actors, codings = table("signatories"), table("actors"), table("codings")
    states = set(actors.loc[actors["kind"] == "state", "id"])
    codings = codings[(codings["record_table"] == "declarations") & codings["code"].str.startswith("initiative-leader.")]
    leader = codings.set_index("record_id")["code"].str.removeprefix("initiative-leader.")
    support = [*JOINED, "co_sponsored", "sponsored", "voted_for", "supported"]
    acts = acts[acts["actor"].isin(states)]
    acts = acts.assign(yes=acts["role"].isin(support), no=acts["role"].isin(AGAINST), leader=acts["declaration"].map(leader))
    each = acts.groupby(["actor", "declaration", "leader"])[["yes", "no"]].max().reset_index()
    each = each[each["yes"] & ~each["no"] & each["leader"].isin(["china", "us"])]
    return each.groupby(["actor", "leader"]).size().to_dict()


def now_leaders() -> Any:
    acts = ai.alignment().query("leader in ['china', 'us']").assign(acted=lambda frame: frame["joined"] + frame["supported"])
    acts = acts[acts["acted"] > 0]
    return {(state, leader): int(acted) for state, leader, acted in acts[["state", "leader", "acted"]].itertuples(index=False)}


def plain_names() -> Any:
    """Correlates of War codes for the names of countries in one's own file."""
    mine = ["Brasil", "Ivory Coast", "Türkiye", "Allemagne", "Viet Nam", "Korea"]

    def folded(text: str) -> str:
        plain = unicodedata.normalize("NFKD", text.casefold())
        return "".join(character for character in plain if character.isalnum())

    actors, names = table("actors"), table("actor_names")
    states = actors[actors["kind"] == "state"]
    found: dict[str, set[str]] = {}
    for field in ("name_en", "name_es", "name_pt", "name_fr", "name_zh", "short_name", "iso2"):
        for state, name in zip(states["id"], states[field], strict=True):
            found.setdefault(folded(name), set()).add(state)
    for row in names.itertuples():
        found.setdefault(folded(row.name), set()).add(row.actor)
    codes = states.set_index("id")["cow_code"]
    matches = [found.get(folded(name), set()) for name in mine]
    return [int(codes[next(iter(match))]) if len(match) == 1 else None for match in matches]


def now_names() -> Any:
    codes = ai.convert(pd.Series(["Brasil", "Ivory Coast", "Türkiye", "Allemagne", "Viet Nam", "Korea"]), to="cow", unmatched="ignore")
    return [None if pd.isna(code) else int(code) for code in codes]


def plain_scores() -> Any:
    """Changes of the scores of an index from 2023 to 2025, of those that are exact."""
    indices, scores = table("indices"), table("index_scores")
    editions = indices[indices["index_name"] == "ilia"].set_index("id")["edition"]
    scores = scores[scores["index_id"].isin(editions.index) & (scores["dimension"] == "total")]
    scores = scores[scores["operator"].isin(["", "="]) & (scores["score"] != "")]
    scores = scores.assign(edition=scores["index_id"].map(editions), score=scores["score"].astype(float))
    wide = scores.pivot(index="actor", columns="edition", values="score")
    change = (wide["2025"] - wide["2023"]).dropna().round(2)
    return change.to_dict()


def now_scores() -> Any:
    wide = ai.views.slope("ilia").pivot(index="actor", columns="edition", values="score")
    return (wide["2025"] - wide["2023"]).dropna().astype(float).round(2).to_dict()


def plain_overlap() -> Any:
    """How many states are in BRICS, in the G20 and in both at the end of 2025."""
    rows, actors = table("memberships"), table("actors")
    states, day = set(actors.loc[actors["kind"] == "state", "id"]), "2025-12-31"
    inside: dict[str, set[str]] = {}
    for bloc in ("BRICS", "G20"):
        own = rows[(rows["bloc"] == bloc) & rows["role"].isin(["member", "founding_member"]) & rows["member"].isin(states)]
        inside[bloc] = set()
        for row in own.itertuples():
            begun = bounds(row.from_date)[1] if row.from_date else "9999"
            ended = bounds(row.to_date)[0] if row.to_date else "9999"
            if begun <= day < ended:
                inside[bloc].add(row.member)
    both = inside["BRICS"] & inside["G20"]
    return {"BRICS": len(inside["BRICS"] - both), "G20": len(inside["G20"] - both), "BRICS; G20": len(both)}


def now_overlap() -> Any:
    found = ai.views.overlap("BRICS", "G20", on="2025-12-31")
    return dict(zip(found["combination"], found["size"].astype(int), strict=True))


NAMES = ("labels", "joined", "members", "ended", "matrix", "pairs", "leaders", "names", "scores", "overlap")


def lines_of(function: Callable[[], Any]) -> int:
    """Lines of code of a function, without its head, docstring, comments and blank lines."""
    tree = ast.parse(inspect.getsource(function)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    source = inspect.getsource(function).splitlines()
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in source[body[0].lineno - 1 :])


def pair(name: str) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """The plain function and its twin."""
    return globals()[f"plain_{name}"], globals()[f"now_{name}"]


def markdown() -> str:
    """The section of docs/analyses.md."""
    rows = []
    for name in NAMES:
        plain, now = pair(name)
        rows.append((" ".join((plain.__doc__ or "").split()), lines_of(plain), lines_of(now)))
    before, after = (sum(row[at] for row in rows) for at in (1, 2))
    lines = [f"| {said} | {plain} | {now} |" for said, plain, now in rows]
    return "\n".join([
        "## Ten analyses, before and now", "",
        "Lines of code with pandas and the CSV files alone, and with this package, for the same answer: `benchmarks/ten_analyses.py` has both, and a test compares the answers.",
        "A function for dates such as `2024-07`, which four of the plain versions share, is not counted.", "",
        "| question | plain pandas | now |", "|---|---|---|", *lines, f"| all ten | {before} | {after} |", "",
    ])  # fmt: skip


def main() -> int:
    """Print the table; 1 where two answers differ."""
    print(markdown())
    differing = [name for name in NAMES if pair(name)[0]() != pair(name)[1]()]
    print("different answers:", ", ".join(differing) or "none")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
