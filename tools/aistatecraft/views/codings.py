"""Records under the codes of several schemes at once: the axes of a framework, and which codes of them go together.

A framework that says which dimension uses which means says so by relations between codes, or by coding one code under
another. A record that carries two dimensions and two means gets only those of the four combinations that these allow; nothing is
paired that the source does not pair. Each combination holds as many of the record's codes as go together; a code that goes with none
of those on the first axis stands in a row of its own, so that no coding is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from aistatecraft.views.frame import Column
from aistatecraft.views.labels import actor_name, actor_of, title_of
from aistatecraft.views.tables import Row, Tables

__all__ = ["CODED", "Links", "axis_columns", "code_label", "codes_in_order", "codings_of", "combined", "order_of", "top_of", "upwards"]

_PAIRING = frozenset({"draws_on", "uses_means", "part_of"})
CODED = (
    Column("record_table", "string", "Table of the record that is coded."),
    Column("record_id", "string", "Identifier of the record in that table."),
    Column("title", "string", "What it is called."),
    Column("actor", "string", "Actor that it belongs to: jurisdiction, host, or the actor itself."),
    Column("actor_name", "string", "Name of that actor."),
)


def axis_columns(axes: Mapping[str, str]) -> tuple[Column, ...]:
    """For each axis a column with the code and one with its label."""
    made: list[Column] = []
    for axis, scheme in axes.items():
        made += [
            Column(axis, "string", f"Code of the scheme {scheme}; missing if the record has none that belongs to the others in the row."),
            Column(f"{axis}_label", "string", "Its label."),
        ]
    return tuple(made)


def codes_in_order(tables: Tables, scheme: str) -> list[Row]:
    """Codes of a scheme in its order."""
    return sorted(
        (row for row in tables["codes"] if row["scheme"] == scheme), key=lambda row: (int(row["sort_order"] or 0), row["id"] or "")
    )


def upwards(tables: Tables, code: str) -> Iterator[str]:
    """A code, then the one of which it is a part, and so on to the top; ends where codes are parts of each other in a ring."""
    seen: set[str] = set()
    at: str | None = code
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        row = tables.find("codes", at)
        at = row["parent"] if row else None


def top_of(tables: Tables, code: str) -> str:
    """The code at the top of which this one is a part."""
    return list(upwards(tables, code))[-1]


def code_label(tables: Tables, code: str | None, lang: str) -> str | None:
    """Label of a code; None for None."""
    return None if code is None else title_of(tables, "codes", code, lang)


def codings_of(tables: Tables, schemes: Iterable[str]) -> list[Row]:
    """Codings under the codes of some schemes, of records other than codes, in the order of the file."""
    of = {row["id"] for row in tables["codes"] if row["scheme"] in set(schemes)}
    return [row for row in tables["codings"] if row["code"] in of and row["record_table"] != "codes"]


class Links:
    """Which codes of different schemes go together."""

    def __init__(self, tables: Tables) -> None:
        self._scheme_of = {row["id"] or "": row["scheme"] or "" for row in tables["codes"]}
        self._above = {code: tuple(upwards(tables, code)) for code in self._scheme_of}
        self._pairs: set[frozenset[str]] = set()
        self._toward: dict[str, set[str]] = defaultdict(set)
        tied = [
            (row["subject_id"] or "", row["object_id"] or "") for row in tables["relations"]
            if row["relation"] in _PAIRING and row["subject_table"] == row["object_table"] == "codes"
        ]  # fmt: skip
        tied += [(row["record_id"] or "", row["code"] or "") for row in tables["codings"] if row["record_table"] == "codes"]
        for one, other in tied:
            scheme, of = self._scheme_of.get(one), self._scheme_of.get(other)
            if scheme and of and scheme != of:
                self._pairs.add(frozenset((one, other)))
                self._toward[one].add(of)
                self._toward[other].add(scheme)

    def allow(self, one: str, other: str) -> bool:
        """Whether two codes go together: they or codes above them are tied, or neither is tied to the scheme of the other at all."""
        ones, others = self._above.get(one, (one,)), self._above.get(other, (other,))
        if any(frozenset((above, beside)) in self._pairs for above in ones for beside in others):
            return True
        out = any(self._scheme_of.get(other) in self._toward.get(above, ()) for above in ones)
        back = any(self._scheme_of.get(one) in self._toward.get(beside, ()) for beside in others)
        return not (out or back)


def combined(tables: Tables, axes: Mapping[str, str], lang: str = "en") -> list[dict[str, Any]]:
    """One row a record, coder and combination of codes that go together.

    Parameters
    ----------
    axes : scheme by the name of the axis; schemes that the package does not have give empty columns

    Returns
    -------
    rows with the columns of `CODED`, those of `axis_columns`, and reason, locator and coder of the coding on the first
    axis that the row has; in the order of the codes, then of the records
    """
    axis_of = {scheme: axis for axis, scheme in axes.items()}
    position = {row["id"]: at for scheme in axes.values() for at, row in enumerate(codes_in_order(tables, scheme))}
    scheme_of = {row["id"]: row["scheme"] or "" for row in tables["codes"]}
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in codings_of(tables, axes.values()):
        groups[row["record_table"] or "", row["record_id"] or "", row["coder"] or ""].append(row)
    links = Links(tables)
    made: list[tuple[Any, dict[str, Any]]] = []
    for (table, record, coder), codings in groups.items():
        by_axis: dict[str, list[str]] = {axis: [] for axis in axes}
        by_code = {row["code"] or "": row for row in codings}
        for code in sorted(by_code, key=lambda code: position[code]):
            by_axis[axis_of[scheme_of[code]]].append(code)
        actor = actor_of(tables, table, record)
        about = {
            "record_table": table, "record_id": record, "title": title_of(tables, table, record, lang), "actor": actor,
            "actor_name": actor_name(tables, actor, lang), "coder": coder,
        }  # fmt: skip
        for codes in _rows(by_axis, links):
            first = by_code[next(code for code in codes if code)]
            row = {**about, "reason": first["reason"], "locator": first["locator"]}
            for axis, given in zip(axes, codes, strict=True):
                row |= {axis: given, f"{axis}_label": code_label(tables, given, lang)}
            made.append((([position.get(code, -1) if code else len(position) for code in codes], table, record, coder), row))
    return [row for _, row in sorted(made, key=lambda item: item[0])]


def order_of(tables: Tables, axes: Mapping[str, str]) -> tuple[str, ...]:
    """All codes of the schemes of some axes, in order."""
    return tuple(str(row["id"]) for scheme in axes.values() for row in codes_in_order(tables, scheme))


def _rows(by_axis: Mapping[str, Sequence[str]], links: Links) -> list[tuple[str | None, ...]]:
    """Combinations of codes, at most one an axis, that go together: those with a code on the first axis on which the record has any, to which none can be added.

    Then a row for each code that is in none of them.
    """
    axes = list(by_axis.values())
    first = next(at for at, codes in enumerate(axes) if codes)

    def fits(code: str, codes: Sequence[str | None], at: int) -> bool:
        return all(other is None or links.allow(code, other) for place, other in enumerate(codes) if place != at)

    kept: list[tuple[str | None, ...]] = [()]
    for at, codes in enumerate(axes):
        choices: Sequence[str | None] = codes if at == first else (*codes, None)
        kept = [(*before, code) for before in kept for code in choices if code is None or fits(code, before, at)]
    kept = [
        made for made in kept if not any(code is None and any(fits(other, made, at) for other in axes[at]) for at, code in enumerate(made))
    ]
    placed = {code for made in kept for code in made}
    alone = [(at, code) for at, codes in enumerate(axes) for code in codes if code not in placed]
    return kept + [tuple(code if place == at else None for place in range(len(axes))) for at, code in alone]
