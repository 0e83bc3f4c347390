"""The sentence that answers first, on the pages of actors, declarations and other records with a status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aistatecraft.site.cells import Shown, clean
from aistatecraft.site.context import Edition
from aistatecraft.site.dataset import Row
from aistatecraft.site.findings import AGREES, Findings
from aistatecraft.site.words import day_in_words

__all__ = ["Profile", "findings_of", "profile_of"]

_LOOKED_UP = ("state", "union")
"""Kinds of actors for which a missing row of `coverage` is said."""


@dataclass(frozen=True)
class Profile:
    """What stands below the title: a sentence, and for states what was looked up."""

    sentence: str
    findings: list[dict[str, Any]]


def profile_of(edition: Edition, row: Row) -> Profile:
    """The answer line of a record."""
    if row.table.name == "actors":
        return _actor(edition, row)
    if row.table.name == "sources":
        return Profile(edition.citations("sources", row)[0][2], [])
    if row.table.name == "declarations":
        return Profile(_declaration(edition, row), [])
    return Profile(_status(edition, row), [])


def _status(edition: Edition, row: Row) -> str:
    """What kind of record it is, whose, and in which state."""
    parts = []
    for name in ("kind", "jurisdiction", "status"):
        column = row.table.by_name.get(name)
        if column is not None and row.get(name):
            shown = edition.show.cell(row, column).text
            if name == "status" and row.get("status_as_of"):
                shown += " " + edition.words("(as of {day})", day=day_in_words(row.get("status_as_of"), edition.words))
            parts.append(edition.words("of {whom}", whom=shown) if name == "jurisdiction" else shown)
    if not parts:
        return ""
    date = next((one for one in row.table.columns if one.field.partial_date and one.name != "status_as_of" and row.get(one.name)), None)
    if date is not None and row.get("status"):
        parts.append(f"{clean(date.field.title).lower()} {day_in_words(row.get(date.name), edition.words)}")
    first = " ".join(parts[:2]) if row.get("jurisdiction") and len(parts) > 1 else parts[0]
    rest = parts[2:] if row.get("jurisdiction") and len(parts) > 1 else parts[1:]
    sentence = "; ".join([first, *rest])
    return sentence[:1].upper() + sentence[1:] + "."


def _count(edition: Edition, number: int, one: str, many: str) -> str:
    return edition.words.count(number, one, many) if number else f"{edition.words('no')} {edition.words(one)}"


def _actor(edition: Edition, row: Row) -> Profile:
    data, words = edition.data, edition.words
    refers = data.referring.get(row.key, ())
    rows = {name: [one.row for one in refers if one.row.table.name == name] for name in {one.row.table.name for one in refers}}
    acts = rows.get("signatories", [])
    agreed = [act for act in acts if act.get("role") in AGREES]
    votes = [one.row for one in refers if "vote" in one.row.table.name]
    parts = []
    if "strategies" in data:
        own = [one for one in rows.get("strategies", []) if one.get("jurisdiction") == row.id]
        parts.append(_count(edition, len(own), "strategy", "strategies"))
    if "signatories" in data:
        toward = len({act.get("declaration") for act in acts})
        said = _count(edition, len(acts), "act", "acts")
        if acts:
            said = words("{acts} toward {declarations}", acts=said, declarations=words.count(toward, "declaration", "declarations"))
            if len(agreed) < len(acts):
                said += " " + words("({number} of them in agreement)", number=len(agreed))
        parts.append(said)
    if "instruments" in data:
        parts.append(_count(edition, len({one.id for one in rows.get("instruments", [])}), "policy instrument", "policy instruments"))
    if any("vote" in name for name in data.tables):
        parts.append(_count(edition, len(votes), "vote recorded", "votes recorded"))
    findings = findings_of(edition, row)
    days = sorted({finding["day"] for finding in findings if finding["day"]})
    looked = words("looked up {day}", day=day_in_words(days[-1], words)) if days else words("not looked up") if findings else ""
    sentence = ", ".join(parts)
    if sentence:
        sentence = f"{sentence[:1].upper()}{sentence[1:]}" + (f"; {looked}." if looked else ".")
    return Profile(sentence, findings)


def findings_of(edition: Edition, row: Row) -> list[dict[str, Any]]:
    """What was looked up for an actor, by topic; none for actors for which nobody would look."""
    found = Findings(edition.data, edition.words)
    if not found.topics or (row.get("kind") not in _LOOKED_UP and row.id not in found.looked_up):
        return []
    return [
        {
            "topic": clean(label),
            "state": finding.state,
            "words": clean(finding.words),
            "day": finding.day,
            "source": edition.show.source(finding.source)
            if finding.source
            else Shown(edition.words("our own search") if finding.looked else ""),
            "note": clean(finding.note),
            "beside": [
                (edition.show.link(one), edition.show.cell(one, one.table.by_name["status"], wide=False).text) for one in finding.strategies
            ],
            "finding": edition.show.cell(finding.looked, finding.looked.table.by_name["finding"]).text if finding.looked else "",
        }
        for topic, label in found.topics.items()
        for finding in [found.of(row.id, topic)]
    ]


def _declaration(edition: Edition, row: Row) -> str:
    """The declared number of signatories against the rows in the list."""
    data, words = edition.data, edition.words
    rows = [one.row for one in data.referring.get(row.key, ()) if one.row.table.name == "signatories"]
    agreed = len({one.get("actor") for one in rows if one.get("role") in AGREES})
    declared, listed = row.get("signatories_declared"), row.get("signatory_list")
    column = row.table.by_name.get("signatory_list")
    label = next((each.label for each in column.field.categories if each.value == listed), "") if column is not None else ""
    first = _status(edition, row)
    if declared:
        said = words("{listed} of {declared} declared signatories are listed here", listed=agreed, declared=declared)
    elif agreed or listed not in ("not_applicable", ""):
        said = words("{listed} listed here, number declared not known", listed=words.count(agreed, "signatory", "signatories"))
    else:
        said = ""
    if label and said:
        said += f": {clean(label)}"
    others = {one.get("role") for one in rows} - AGREES
    for role in sorted(others):
        number = sum(one.get("role") == role for one in rows)
        said += f"; {number} {role.replace('_', ' ')}"
    return " ".join(filter(None, (first, said and f"{said}.")))
