"""Questions that a reader asks, each with its answer as a sentence, a picture, the table that it is made of, its sources and a file."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from aistatecraft.site.cells import Shown, clean
from aistatecraft.site.context import Edition, Page
from aistatecraft.site.dataset import Row
from aistatecraft.site.findings import AGREES
from aistatecraft.site.pages.coverage_page import grid_of
from aistatecraft.site.pages.disagreements import disputed
from aistatecraft.site.pages.sections import TreeNode, tree_of
from aistatecraft.site.pictures import bars_by_year, overlaps, slopes, standalone

__all__ = ["Question", "question_files", "question_pages", "questions"]

CAMPS = (
    ("waico-2025", "pax-silica-2025", "frontier-call-2025", "opportunity-statement-2025"),
    ("bletchley-2023", "cartagena-2024", "santiago-2023", "eu-lac-digital-alliance-2023"),
)
"""Initiatives that divide states, in order of preference; where the dataset lacks them, the longest lists take their place."""
_SINCE = 2015
_SETS = 4
_NAME = 52
"""Characters of a name in sentences and heads of columns; longer ones are cut at a word."""
_MATRIX = 24
"""Actors in the matrix of who signs with whom: those with most common texts."""


@dataclass(frozen=True)
class Question:
    """A question and its answer.

    Attributes
    ----------
    name : part of its address
    question, answer : what is asked, and the finding as a sentence
    unit : what is counted, and of what
    caveat : what the answer does not say
    heads, lines : the table
    svg : the picture; empty for none
    sources : the sources of what is counted
    records : rows as a program reads them, the first with the names of the columns
    live : name of the part of the script that lets a reader choose; empty for none
    tree : for a question about the parts of a document
    grid : for the grid of tiles
    choices, chosen : for a question with choices: value and label of each, and the two that are shown first
    agrees : the roles by which an actor stands behind a text, for the script
    """

    name: str
    question: str
    answer: str
    unit: str
    caveat: str = ""
    heads: Sequence[str] = ()
    lines: Sequence[Sequence[Shown]] = ()
    svg: str = ""
    sources: Sequence[Shown] = ()
    records: Sequence[Sequence[str]] = ()
    live: str = ""
    tree: Sequence[TreeNode] = ()
    grid: Mapping[str, Any] | None = None
    choices: Sequence[tuple[str, str]] = ()
    chosen: tuple[str, str] = ("", "")
    agrees: str = ""

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Heads, and whether a column has numbers."""
        return [(head, any(line[at].numeric for line in self.lines)) for at, head in enumerate(self.heads)]


def questions(edition: Edition) -> list[Question]:
    """Those questions that the tables of the package can answer."""
    asked: list[Callable[[Edition], Question | None]] = [
        _strategies, _signed_not, _camps, _when, _ranks, _hedging, _together, _plan, _disagree, _in_force,
    ]  # fmt: skip
    return [answer for ask in asked if (answer := ask(edition)) is not None]


def question_pages(edition: Edition, asked: Sequence[Question]) -> Iterator[Page]:
    """The page of each question, its embedded form, and the list of them."""
    if not asked:
        return
    listed = [{"href": f"questions/{one.name}.html", "question": one.question, "answer": one.answer} for one in asked]
    yield Page(
        "questions/index.html",
        "questions.html",
        edition.words("Questions"),
        {"questions": listed},
        edition.words("Questions with their answers."),
    )
    for one in asked:
        values = {"question": one, "citations": edition.citations()}
        yield Page(f"questions/{one.name}.html", "question.html", one.question, values, one.answer)
        yield Page(f"embed/questions/{one.name}.html", "embed_question.html", one.question, values, one.answer)


def question_files(edition: Edition, asked: Sequence[Question]) -> Iterator[tuple[str, bytes]]:
    """The table of each question as CSV and its picture as SVG."""
    for one in asked:
        if one.records:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(one.records)
            yield f"questions/{one.name}.csv", text.getvalue().encode("utf-8", "replace")
        svg = one.svg or (str(one.grid["svg"]) if one.grid else "")
        if svg:
            yield f"questions/{one.name}.svg", standalone(svg)


def _name(edition: Edition, table: str, record: str) -> str:
    row = edition.data.find(table, record)
    if row is None:
        return clean(record)
    name = clean(row.get("short_title") or row.get("short_name") or edition.data.title(row)[0])
    return name if len(name) <= _NAME else f"{name[:_NAME].rpartition(' ')[0].rstrip(',;: ')}…"


def _link(edition: Edition, table: str, record: str) -> Shown:
    row = edition.data.find(table, record)
    return edition.show.link(row) if row is not None else Shown(clean(record))


def _sources(edition: Edition, rows: Sequence[Row], most: int = 12) -> list[Shown]:
    """The sources of rows, those on which most rests first."""
    counted = Counter(one.source for row in rows for one in edition.data.statements.get(row.key, ()) if one.source)
    return [edition.show.source(source) for source, _ in sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:most]]


def _listing(names: Sequence[str], edition: Edition, most: int = 6) -> str:
    if len(names) > most:
        return edition.words("{names} and {more} more", names=", ".join(names[:most]), more=len(names) - most)
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1] if names else "")))


def _strategies(edition: Edition) -> Question | None:
    grid = grid_of(edition)
    if grid is None:
        return None
    words, counts = edition.words, grid["counts"]
    parts = [
        (counts["in-force"], words("{number} have adopted a national AI strategy that is in this dataset", number=counts["in-force"])),
        (counts["found"], words("for {number} a search found one", number=counts["found"])),
        (counts["ended"], words("{number} have only one that was abandoned or superseded", number=counts["ended"])),
        (counts["in-preparation"], words("{number} are preparing one", number=counts["in-preparation"])),
        (counts["none-found"], words("for {number} none was found", number=counts["none-found"])),
        (counts["unsettled"], words("for {number} the sources do not settle it", number=counts["unsettled"])),
        (counts["not-looked-up"], words("for {number} nobody has looked yet", number=counts["not-looked-up"])),
    ]
    said = ", ".join(part for number, part in parts if number)
    answer = words("Of {all} member states of the United Nations {said}.", all=grid["all"], said=said)
    heads = [words(head) for head in ("State", "Finding", "As of", "Source", "Documents")]
    records = [["actor", "name", "state", "words", "as_of", "source"]]
    lines = []
    for line in [*grid["lines"], *grid["areas"]]:
        documents = "; ".join(f"{shown.text} ({status})" for shown, status in line["documents"])
        lines.append([line["actor"], Shown(line["words"], absent=line["state"]), Shown(line["day"]), line["source"], Shown(documents)])
        records.append(
            [
                line["actor"].href.rpartition("/")[2].removesuffix(".html"),
                line["actor"].text,
                line["state"].word,
                line["words"],
                line["day"],
                line["source"].text,
            ]
        )
    return Question(
        "strategies", words("Who has a national AI strategy, and since when?"), answer,
        words("Unit: member states of the United Nations; documents and searches in the dataset, not in the world."),
        words("Not looked up means that nobody has searched yet; it is not a sign that there is none. The place of a tile is approximate, and no borders are drawn."),
        heads, lines, "", _sources(edition, edition.data.rows("strategies")), records, grid=grid,
    )  # fmt: skip


def _acts(edition: Edition) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in edition.data.rows("signatories", "declaration", "actor", "role"):
        if row.get("role") in AGREES:
            found[row.get("declaration")].append(row)
    return found


def _signed_not(edition: Edition) -> Question | None:
    acts = _acts(edition)
    if len(acts) < 2:
        return None
    words = edition.words
    order = sorted(acts, key=lambda one: (_name(edition, "declarations", one), one))
    longest = sorted(acts, key=lambda one: (-len({act.get("actor") for act in acts[one]}), one))
    first, second = next((pair[:2] for pair in CAMPS if pair[0] in acts and pair[1] in acts), longest[:2])
    a, b = ({act.get("actor"): act for act in acts[one]} for one in (first, second))
    only = [actor for actor in a if actor not in b]
    both = [actor for actor in a if actor in b]
    answer = words(
        "{only} of the {all} that stand behind {first} are not named behind {second}; behind both: {both}.",
        only=len(only), all=len(a), first=_name(edition, "declarations", first), second=_name(edition, "declarations", second),
        both=_listing([_name(edition, "actors", one) for one in both], edition) or words("nobody"),
    )  # fmt: skip
    others = {(row.get("declaration"), row.get("actor")): row for row in edition.data.rows("signatories", "declaration", "actor", "role")}
    listed = edition.data.find("declarations", second)
    whole = listed is not None and listed.get("signatory_list") == "complete"
    lines, records = [], [["actor", "name", "first", "second", "why"]]
    for actor in sorted(a, key=lambda one: _name(edition, "actors", one)):
        other = others.get((second, actor))
        why = (
            b[actor].get("role")
            if actor in b
            else other.get("role")
            if other is not None
            else "no record, list complete"
            if whole
            else "no record, list not known to be complete"
        )
        role = a[actor].get("role").replace("_", " ")
        lines.append([_link(edition, "actors", actor), Shown(role), Shown(words(why.replace("_", " ")))])
        records.append([actor, _name(edition, "actors", actor), role, "yes" if actor in b else "no", why])
    return Question(
        "signed-not", words("Who signed one declaration and not another?"), answer,
        words("Unit: actors with an act toward a declaration. Signed, endorsed, adhered, ratified, co-sponsored and voted for count as standing behind a text."),
        words("Where the list of a declaration is not known to be complete, a missing row does not mean that nobody signed."),
        [words("Actor"), _name(edition, "declarations", first), _name(edition, "declarations", second)], lines, "",
        _sources(edition, [*acts[first], *acts[second]]), records, "pair",
        choices=[(one, _name(edition, "declarations", one)) for one in order], chosen=(first, second), agrees=" ".join(sorted(AGREES)),
    )  # fmt: skip


def _camps(edition: Edition) -> Question | None:
    acts = _acts(edition)
    members = {one: {act.get("actor") for act in rows} for one, rows in acts.items()}
    chosen = next((list(camp) for camp in CAMPS if all(len(members.get(one, ())) > 1 for one in camp)), [])
    if not chosen:
        chosen = sorted(members, key=lambda one: (-len(members[one]), one))[:_SETS]
    if len(chosen) < 2:
        return None
    words = edition.words
    actors = sorted(set().union(*(members[one] for one in chosen)), key=lambda one: (_name(edition, "actors", one), one))
    groups: dict[tuple[bool, ...], list[str]] = defaultdict(list)
    for actor in actors:
        groups[tuple(actor in members[one] for one in chosen)].append(actor)
    order = sorted(groups, key=lambda having: (-sum(having), -len(groups[having]), having))
    names = [_name(edition, "declarations", one) for one in chosen]
    listed = {one: edition.data.find("declarations", one) for one in chosen}
    # A row that is missing from a list that is not known to be whole proves nothing.
    absent = ["no" if (row := listed[one]) is not None and row.get("signatory_list") == "complete" else "not named" for one in chosen]
    every = [_name(edition, "actors", actor) for actor in groups.get((True,) * len(chosen), [])]
    most = max(map(sum, order))
    answer = (
        words("{names} stand behind all {number} initiatives.", number=len(chosen), names=_listing(every, edition))
        if every
        else words("Nobody is behind all {number}; at most {most}: {names}.", number=len(chosen), most=most, names=_listing([_name(edition, "actors", actor) for having in order if sum(having) == most for actor in groups[having]], edition))
    )  # fmt: skip
    lines = [
        [_link(edition, "actors", actor), *(Shown(words("yes" if has else no)) for has, no in zip(having, absent, strict=True))] for having in order for actor in groups[having]
    ]  # fmt: skip
    records = [
        ["actor", "name", *chosen],
        *(
            [actor, _name(edition, "actors", actor), *("yes" if has else no for has, no in zip(having, absent, strict=True))]
            for having in order
            for actor in groups[having]
        ),
    ]
    svg = overlaps(
        [name if len(name) <= 48 else f"{name[:47]}…" for name in names],
        [(having, [_name(edition, "actors", one) for one in groups[having]]) for having in order],
        answer,
    )
    return Question(
        "camps", words("Which states are in which camp?"), answer,
        words("Unit: actors that stand behind at least one of: {names}.", names="; ".join(names)),
        words("Lists can be incomplete; the page of each declaration says how many signatories were declared."),
        [words("Actor"), *names], lines, svg, _sources(edition, [act for one in chosen for act in acts[one]]), records,
    )  # fmt: skip


def _when(edition: Edition) -> Question | None:
    words, series = edition.words, {}
    rows: list[Row] = []
    for table, name in (("strategies", "adopted"), ("declarations", "date"), ("instruments", "adopted")):
        dated = [row for row in edition.data.rows(table, name) if row.get(name)[:4].isdigit()]
        rows += dated
        if dated:
            series[clean(edition.data.tables[table].title)] = Counter(int(row.get(name)[:4]) for row in dated)
    years = sorted({year for counts in series.values() for year in counts if year >= _SINCE})
    if not years:
        return None
    years = list(range(years[0], years[-1] + 1))
    totals = {year: sum(counts[year] for counts in series.values()) for year in years}
    peak = max(years, key=lambda year: (totals[year], year))
    before = sum(count for counts in series.values() for year, count in counts.items() if year < years[0])
    answer = words(
        "{number} of the documents in the dataset that have a date are of {year}, more than of any other year.",
        number=totals[peak],
        year=peak,
    )
    heads = [words("Year"), *series, words("Together")]
    lines = [
        [Shown(str(year)), *(Shown(str(counts[year]), numeric=True) for counts in series.values()), Shown(str(totals[year]), numeric=True)]
        for year in years
    ]
    records = [
        ["year", *series, "together"],
        *([str(year), *(str(counts[year]) for counts in series.values()), str(totals[year])] for year in years),
    ]
    return Question(
        "when", words("When were strategies, declarations and instruments adopted?"), answer,
        words("Unit: dated records in the dataset, not in the world, by year of adoption; {before} earlier ones are left out.", before=before),
        words("The last year is not over in the data, and what was found depends on where somebody looked."),
        heads, lines, bars_by_year(years, series, answer), _sources(edition, rows), records,
    )  # fmt: skip


def _ranks(edition: Edition) -> Question | None:
    scores = edition.data.rows("index_scores", "index_id", "actor", "dimension", "score_rank")
    editions: dict[str, list[Row]] = defaultdict(list)
    for row in edition.data.rows("indices", "index_name", "edition"):
        editions[row.get("index_name")].append(row)
    name, listed = max(editions.items(), key=lambda one: (len(one[1]), one[0]), default=("", []))
    listed = sorted(listed, key=lambda row: (row.get("published") or row.get("edition"), row.id))
    ids = [row.id for row in listed]
    total = [row for row in scores if row.get("index_id") in ids and row.get("dimension") == "total"]
    ranks: dict[str, list[int | None]] = {}
    values: dict[tuple[str, str], Row] = {(row.get("actor"), row.get("index_id")): row for row in total}
    for row in total:
        if row.get("score_rank"):
            ranks.setdefault(row.get("actor"), [None] * len(ids))[ids.index(row.get("index_id"))] = int(row.get("score_rank"))
    if len(ids) < 2 or not ranks:
        return None
    words = edition.words
    order = sorted(ranks, key=lambda actor: (ranks[actor][-1] or 999, actor))
    breaks = [row.get("method_break") == "true" for row in listed]
    unsure = [row.get("edition") for row in listed[1:] if row.get("method_break") not in ("true", "false")]
    moved = {actor: known[-1] - known[0] for actor in order if len(known := [rank for rank in ranks[actor] if rank]) > 1}
    leader = _name(edition, "actors", order[0])
    firsts = [listed[place].get("edition") for place, rank in enumerate(ranks[order[0]]) if rank == 1]
    answer = words(
        "{leader} is first in {editions} of the {title}.",
        leader=leader,
        editions=_listing(firsts, edition),
        title=clean(listed[-1].get("title_en") or name),
    )
    far = max(moved, key=lambda actor: (abs(moved[actor]), actor), default="")
    if far and moved[far]:
        answer += " " + words(
            "The longest way {way}: {name}, from {first} to {last}.",
            way=words("up") if moved[far] < 0 else words("down"),
            name=_name(edition, "actors", far),
            first=next(rank for rank in ranks[far] if rank),
            last=[rank for rank in ranks[far] if rank][-1],
        )
    heads = [
        words("Actor"),
        *(f"{row.get('edition')}: {words('rank')}" for row in listed),
        *(f"{row.get('edition')}: {words('score')}" for row in listed),
    ]
    unknown = Shown(words("no row"))
    lines, records = [], [["actor", "name", *(f"rank_{one}" for one in ids), *(f"score_{one}" for one in ids)]]
    for actor in order:
        found = [values.get((actor, one)) for one in ids]
        scored = [row.get("score") if row is not None else "" for row in found]
        lines.append(
            [
                _link(edition, "actors", actor),
                *(Shown(str(rank), numeric=True) if rank else unknown for rank in ranks[actor]),
                *(Shown(one, numeric=True) if one else unknown for one in scored),
            ]
        )
        records.append([actor, _name(edition, "actors", actor), *(str(rank or "") for rank in ranks[actor]), *scored])
    caveat = words("A line is cut where the method changed before an edition.")
    if unsure:
        caveat += " " + words(
            "For {editions} no source says whether the edition can be compared with the one before.", editions=_listing(unsure, edition)
        )
    return Question(
        "ranks", words("Whose rank in an index moved?"), answer, words("Unit: actors ranked by the {title}, whole index, ranks as published.", title=clean(listed[-1].get("title_en") or name)),
        caveat, heads, lines, slopes([row.get("edition") for row in listed], breaks, {_name(edition, "actors", actor): ranks[actor] for actor in order}, answer), _sources(edition, total), records,
    )  # fmt: skip


def _hedging(edition: Edition) -> Question | None:
    data, words = edition.data, edition.words
    rows = [row for row in data.rows("codings", "record_table", "record_id", "code") if row.get("code").startswith("hedging-")]
    schemes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    coders: dict[str, None] = {}
    for row in rows:
        code = data.find("codes", row.get("code"))
        record = data.find(row.get("record_table"), row.get("record_id"))
        if code is None or record is None:
            continue
        owner = record.id if record.table.name == "actors" else record.get("jurisdiction") or record.get("actor") or record.get("about")
        label = data.title(code)[0]
        if owner and label not in schemes[code.get("scheme")][owner]:
            schemes[code.get("scheme")][owner].append(clean(label))
        coders[row.get("coder")] = None
    actors = sorted({actor for by_actor in schemes.values() for actor in by_actor}, key=lambda one: (_name(edition, "actors", one), one))
    if not actors:
        return None
    order = sorted(schemes)
    most = max(actors, key=lambda actor: (sum(len(schemes[one][actor]) for one in order), actor))
    answer = words("{number} actors are coded as hedging, {most} in most ways.", number=len(actors), most=_name(edition, "actors", most))
    heads = [words("Actor"), *(_name(edition, "schemes", one) for one in order)]
    blank = Shown(words("not coded"))
    lines = [
        [_link(edition, "actors", actor), *(Shown("; ".join(schemes[one][actor])) if schemes[one].get(actor) else blank for one in order)]
        for actor in actors
    ]
    records = [
        ["actor", "name", *order],
        *([actor, _name(edition, "actors", actor), *("; ".join(schemes[one].get(actor, [])) for one in order)] for actor in actors),
    ]
    return Question(
        "hedging", words("Who hedges how?"), answer, words("Unit: actors with a coding in one of the schemes on hedging. Coder: {coder}.", coder=_listing([edition.show.source(one).text for one in coders], edition)),
        words("A coding is the reading of its coder, not a finding of this dataset; not coded does not mean that an actor does not hedge."),
        heads, lines, "", [edition.show.source(one) for one in coders], records,
    )  # fmt: skip


def _together(edition: Edition) -> Question | None:
    acts = _acts(edition)
    pairs: Counter[tuple[str, str]] = Counter()
    for rows in acts.values():
        pairs.update(combinations(sorted({row.get("actor") for row in rows}), 2))
    if not pairs:
        return None
    words = edition.words
    weight: Counter[str] = Counter()
    for (one, other), number in pairs.items():
        weight[one] += number
        weight[other] += number

    def region(actor: str) -> str:
        row = edition.data.find("actors", actor)
        return (row.get("un_subregion") or row.get("un_region") or "~") if row is not None else "~"

    actors = sorted(
        sorted(weight, key=lambda one: (-weight[one], one))[:_MATRIX], key=lambda one: (region(one), _name(edition, "actors", one))
    )
    first = max(pairs, key=lambda pair: (pairs[pair], pair))
    answer = words(
        "{one} and {other} stand together behind {number} texts, more than any other two.",
        one=_name(edition, "actors", first[0]),
        other=_name(edition, "actors", first[1]),
        number=pairs[first],
    )

    def common(one: str, other: str) -> int:
        return pairs[min(one, other), max(one, other)]

    lines = [
        [_link(edition, "actors", one), *(Shown("·" if one == other else str(common(one, other)), numeric=True) for other in actors)]
        for one in actors
    ]
    records = [
        ["actor_1", "actor_2", "common_declarations"],
        *([one, other, str(count)] for (one, other), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))),
    ]
    return Question(
        "together", words("Who signs with whom?"), answer,
        words("Unit: pairs of actors; the number of declarations behind which both stand. Shown are the {number} actors with most; all pairs are in the CSV.", number=len(actors)),
        words("Ordered by region. A pair without a common text in the dataset can have one that nobody entered."),
        [words("Actor"), *actors], lines, "", _sources(edition, [row for rows in acts.values() for row in rows]), records,
    )  # fmt: skip


def _plan(edition: Edition) -> Question | None:
    rows = edition.data.rows("provisions", "record_table", "record_id", "parent")
    counted = Counter((row.get("record_table"), row.get("record_id")) for row in rows)
    if not counted:
        return None
    key = max(counted, key=lambda one: (counted[one], one))
    of = edition.data.find(*key)
    if of is None:
        return None
    words = edition.words
    own = sorted(
        (row for row in rows if (row.get("record_table"), row.get("record_id")) == key),
        key=lambda row: (int(row.get("sort_order") or 0), row.id),
    )
    name = _name(edition, *key)
    # Chapters first: what stands alone is mostly what others say of the document.
    tree = sorted(tree_of(edition, own, own[0].table.by_name["parent"], None), key=lambda node: not node.below)
    answer = words(
        "{name} has {number} parts in the dataset, {first} of them at the first level.", name=name, number=len(own), first=len(tree)
    )
    records = [
        ["id", "parent", "kind", "title", "summary"],
        *([row.id, row.get("parent"), row.get("kind"), clean(edition.data.title(row)[0]), clean(row.get("summary"))] for row in own),
    ]
    return Question(
        "plan",
        words("What is in {name}?", name=name),
        answer,
        words("Unit: provisions of {name}.", name=name),
        words("Summaries are in our own words."),
        tree=tree,
        sources=_sources(edition, own),
        records=records,
    )


def _disagree(edition: Edition) -> Question | None:
    listed = list(disputed(edition))
    if not listed:
        return None
    words = edition.words
    counted = Counter(one["table"] for one in listed)
    answer = words(
        "Sources disagree on {number} values in {tables} tables, most of them in {first}.",
        number=len(listed),
        tables=len(counted),
        first=counted.most_common(1)[0][0],
    )
    lines = [[Shown(name), Shown(f"{number:,}", numeric=True)] for name, number in counted.most_common()]
    fields = Counter((one["table"], one["field"]) for one in listed)
    records = [
        ["table", "field", "disputed_values"],
        *([table, name, str(number)] for (table, name), number in sorted(fields.items(), key=lambda one: (-one[1], one[0]))),
    ]
    return Question(
        "disagree",
        words("Where do sources disagree?"),
        answer,
        words("Unit: fields of a record that at least one source disputes. All are on the page of disputes."),
        "",
        [words("Table"), words("Disputed values")],
        lines,
        records=records,
    )


def _in_force(edition: Edition) -> Question | None:
    """What was in force on a day, of documents whose first and last day are known as far as the day is."""
    words = edition.words
    found = []
    for table, begins, ends in (("instruments", ("in_force_from", "adopted"), ("ended",)), ("strategies", ("adopted",), ())):
        for row in edition.data.rows(table, "status"):
            begun = next((row.get(name) for name in begins if row.get(name)), "")
            over = next((row.get(name) for name in ends if row.get(name)), "")
            if begun:
                found.append((begun, over, row))
    if not found:
        return None
    found.sort(key=lambda one: (one[0], one[2].id), reverse=True)
    unknown, open_end = words("not known"), words("no end known")
    lines = [
        [
            Shown(one[0]),
            Shown(one[1] or open_end),
            edition.show.link(one[2]),
            edition.show.cell(one[2], one[2].table.by_name["jurisdiction"]) if "jurisdiction" in one[2].table.by_name else Shown(unknown),
            edition.show.cell(one[2], one[2].table.by_name["status"], wide=False),
        ]
        for one in found
    ]
    records = [
        ["begins", "ends", "table", "id", "title", "status"],
        *([begun, over, row.table.name, row.id, clean(edition.data.title(row)[0]), row.get("status")] for begun, over, row in found),
    ]
    answer = words(
        "{number} instruments and strategies have a first day in the dataset; for {open} of them no last day is known.",
        number=len(found),
        open=sum(not over for _, over, _ in found),
    )
    return Question(
        "in-force", words("What was in force on a day?"), answer, words("Unit: instruments and strategies with a date of entry into force, else of adoption."),
        words("No end known is not the same as in force: a status is that of the day of its latest source. Choose a day to see what had begun and was not known to have ended."),
        [words("Begins"), words("Ends"), words("Document"), words("Of"), words("Status")], lines, records=records, live="day",
    )  # fmt: skip
