"""What sources are recorded as stating, against the record that it is recorded for.

A statement stands in `evidence`, or in the row that it supports, in tables that have the fields source, locator, stated and quote
themselves.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from aistatecraft.validation.evidence_match import normal
from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd


class Statement(NamedTuple):
    """One statement: the table and row in which it stands, and what it is about."""

    place: str
    number: int
    table: str
    record: str
    field: str
    source: str | None
    locator: str
    stated: str
    quote: str
    stance: str


def statements(context: Context) -> list[Statement]:
    """All statements of the package, of every stance."""
    return context.once("statements", lambda: list(_statements(context)))


def _statements(context: Context) -> Iterator[Statement]:
    fields = ("record_table", "record_id", "field", "source", "locator", "stated", "quote", "stance")
    for number, table, record, field, source, locator, stated, quote, stance in context.rows("evidence", *fields):
        if table is not None and record is not None and field is not None:
            yield Statement("evidence", number, table, record, field, source, locator or "", stated or "", quote or "", stance or "")
    for name, schema in context.schemas.items():
        if name != "evidence" and {"source", "locator", "stated"} <= schema.by_name.keys() and context.frame(name) is not None:
            records = context.identifiers(name)
            for number, source, locator, stated, quote in context.rows(name, "source", "locator", "stated", "quote"):
                if source is not None:
                    field = schema.stated_field
                    yield Statement(
                        name, number, name, records[number], field, source, locator or "", stated or "", quote or "", "supports"
                    )


def _supporting(context: Context) -> dict[tuple[str, str, str], list[Statement]]:
    """Supporting statements by table, record and field."""

    def make() -> dict[tuple[str, str, str], list[Statement]]:
        found: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
        for each in statements(context):
            if each.stance == "supports":
                found[each.table, each.record, each.field].append(each)
        return found

    return context.once("supporting statements", make)


_REPORT_DAY = re.compile(
    r"\b(?:date|day) of (?:the |its |this )?(?:\w+ )?(?:report|release|article|page|post|publication|news|story|press|issue|note|entry)\b"
    r"|\b(?:date|by)line\b|\b(?:publication|report|press|release|article|posting) (?:date|day)\b|\bdate of publication\b|\bdated? (?:on )?the (?:report|article|page)\b",
    re.IGNORECASE,
)


_IN_TEXT = re.compile(r"\b(?:text|paragraph|section|page|table|list|title|row|entry|article|note)\b", re.IGNORECASE)
"""A place within a source, which says more than when the source was published."""


@rule("date-of-report", scope="package")
def date_of_report(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The day of an event is not taken from the day of the report about it: evidence of a date says more than the date of the report, and
    more than the day on which a source that is not primary was published."""
    dated = [column.name for column in context.schema.fields if column.partial_date]
    if not dated or context.table in ("evidence", "sources", "coverage"):
        return
    supporting = _supporting(context)
    sources = context.once(
        "published",
        lambda: {source: (kind, published) for _, source, kind, published in context.rows("sources", "id", "kind", "published")},
    )
    records = context.identifiers(context.table)
    for name in dated if records else ():
        for number, value in context.present(name):
            # A month or year is not made of a day.
            found = supporting.get((context.table, records[number], name)) if len(value) == 10 else None
            if found and all(_is_report_day(each, sources.get(each.source or "", ("", None))) for each in found):
                message = f"{name} {value} rests only on the day of a report ({found[0].source}: {found[0].locator})"
                hint = "find a source that dates the event itself, or write only the month or year"
                yield Problem(number, name, message, hint)


def _is_report_day(statement: Statement, source: tuple[str, str | None]) -> bool:
    kind, published = source
    day = _REPORT_DAY.search(statement.locator)
    if statement.quote or _IN_TEXT.search(_REPORT_DAY.sub("", statement.locator)):
        return False
    if day:
        return True
    return kind != "primary" and published is not None and statement.stated == published


@rule("original-title-sourced", scope="package", tables=("strategies", "declarations", "instruments"))
def original_title_sourced(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A title in the original language comes from a source: evidence about `title_original` supports it, or it stands in a statement about
    the record, in the title of one of its sources, or in its URL. A title that was translated back does not exist."""
    if context.frame("evidence") is None:
        return
    supporting = _supporting(context)
    bare = {
        identifier: (number, title, normal(url or ""))
        for number, identifier, title, url in rows(frame, "id", "title_original", "url", only=frame["title_original"].notna())
        if identifier is not None and (context.table, identifier, "title_original") not in supporting
    }
    if not bare:
        return
    titles = {source: normal(title or "") for _, source, title in context.rows("sources", "id", "title")}
    of: dict[str, set[str]] = defaultdict(set)
    for each in statements(context):
        if each.table == context.table and each.record in bare:
            of[each.record] |= {normal(each.stated), normal(each.quote), titles.get(each.source or "", "")}
    for identifier, (number, title, url) in bare.items():
        plain = normal(title)
        # The other way round: what is stated may be the title without the name of the series before it.
        if plain not in url and not any(plain in text or (len(text) > len(plain) / 2 and text in plain) for text in of[identifier]):
            hint = "add evidence for title_original, or leave it blank"
            yield Problem(number, "title_original", f"no source is recorded as stating the title {title[:80]!r}", hint)


_ENTRY = re.compile(r"(?:(?:row|entry|territory) |[^,]*, )(?P<name>[^,]+)")
_ENTRY_OF_ONE = re.compile(r"(?:row|entry|territory|sub-region|code) .+|[^ ]+/[^ ]+\.[a-z]+|[^,]+, [a-z]+")
_ENOUGH = 3
_SHINGLE = 3
_HAN = re.compile("[\u3400-\u9fff]")
_NUMBER = re.compile("[0-9]{2,}")
_GROUPED = re.compile(r"(?<=[0-9])[.,](?=[0-9]{3})")
_FULL_DATE = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


@rule("evidence-elsewhere", scope="package", needs=("source", "locator", "stated"))
def evidence_elsewhere(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A statement is about its record and field. It is not when it states the name of another record, when its locator is the entry of
    another actor, when a title or number has nothing in common with the value of its field, or when a field of text is supported by a date."""
    hint = "correct record, field or stated; the row may have been moved from another record"
    actors, titled = context.once("names", lambda: _names(context))
    owners = context.once("entries", lambda: _owners(context))
    for each in statements(context):
        if each.place != context.table or each.stance != "supports":
            continue
        parts = _actors_of(each)
        if parts:
            named = actors.get(normal(each.stated)) if each.stated else None
            if named and named.isdisjoint(parts) and not _short_for(each.stated, parts, actors):
                yield Problem(
                    each.number, "stated", f"it states {each.stated!r}, which is the name of {min(named)}, not of {each.record}", hint
                )
                continue
            entry = _ENTRY.fullmatch(each.locator)
            named = actors.get(normal(entry["name"])) if entry and len(entry["name"]) > 3 else None
            owner = owners.get((each.source, each.locator))
            if (named and named.isdisjoint(parts)) or (owner and owner not in parts):
                whose = owner if owner and owner not in parts else min(named or {""})
                yield Problem(each.number, "locator", f"{each.locator!r} is the entry of {whose}, not of {each.record}", hint)
                continue
        elif each.stated and each.field in ("*", "title_en", "title_original", "title_zh"):
            others = titled.get(normal(each.stated))
            if others and (each.table, each.record) not in others and any(table == each.table for table, _ in others):
                message = f"it states {each.stated[:60]!r}, which is the title of {min(others)[1]!r}, not of {each.record!r}"
                yield Problem(each.number, "stated", message, hint)
                continue
        if each.field != "*" and each.stated and (reason := _misplaced(each, context)):
            yield Problem(each.number, "stated", reason, hint)


_WITH_ACTORS = {"actors": (0,), "memberships": (0, 1), "signatories": (0, 1), "instrument_actors": (0, 1), "index_scores": (0, 1)}
"""Tables whose key names actors, and where."""


def _actors_of(statement: Statement) -> set[str]:
    at = _WITH_ACTORS.get(statement.table)
    return set(statement.record.split("/")[: len(at)]) if at else set()


def _short_for(stated: str, parts: set[str], actors: dict[str, set[str]]) -> bool:
    """Whether a name that is also another actor's is part of one of the record's own: 国务院 stands for 美国国务院, too."""
    wanted = normal(stated)
    return any(wanted in name and not parts.isdisjoint(ids) for name, ids in actors.items())


def _names(context: Context) -> tuple[dict[str, set[str]], dict[str, set[tuple[str, str]]]]:
    """Actors by each of their names, and records with titles by each of their titles, in plain letters."""
    actors: dict[str, set[str]] = defaultdict(set)
    titled: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for table in ("actors", "strategies", "declarations", "instruments"):
        schema = context.schemas.get(table)
        fields = [name for name in schema.names if name.startswith(("name_", "title_", "short_")) or name == "acronym"] if schema else []
        for _, identifier, *names in context.rows(table, "id", *fields):
            for name in filter(None, names):
                if table == "actors":
                    actors[normal(name)].add(identifier)
                else:
                    titled[normal(name)].add((table, identifier))
    # An actor and an instrument may share a name: GPAI is both.
    for name in titled.keys() & actors.keys():
        del actors[name]
    actors.pop("", None)
    titled.pop("", None)
    return actors, titled


def _owners(context: Context) -> dict[tuple[str | None, str], str]:
    """Whose entry a place in a source is, where all of at least three statements from it but one are about the same actor."""
    about: dict[tuple[str | None, str], Counter[str]] = defaultdict(Counter)
    for each in statements(context):
        if each.table in ("actors", "memberships") and _ENTRY_OF_ONE.fullmatch(each.locator):
            about[each.source, each.locator][each.record.split("/")[each.table == "memberships"]] += 1
    return {
        place: counts.most_common(1)[0][0]
        for place, counts in about.items()
        if counts.total() >= _ENOUGH and counts.most_common(1)[0][1] >= counts.total() - 1
    }


def _misplaced(each: Statement, context: Context) -> str:
    """Why what is stated of a text cannot be about it; empty where it can."""
    schema = context.schemas.get(each.table)
    column = schema.by_name.get(each.field) if schema else None
    if schema is None or column is None or column.partial_date or not column.kind.takes_any_text or column.categories:
        return ""
    at = context.records(each.table).get(each.record)
    value: Any = context.column(each.table, each.field)[at] if at is not None else None
    if not isinstance(value, str) or value == each.stated:
        return ""
    if _FULL_DATE.fullmatch(each.stated) and each.field != "note" and each.stated not in value:
        return f"it states the date {each.stated} for {each.field}, which holds none"
    if each.field.endswith(("_original", "_zh")) or each.field == "official_number":
        if each.field == "official_number":
            first, second = (set(_NUMBER.findall(_GROUPED.sub("", text))) for text in (value, each.stated))
        else:
            first, second = set(_shingles(value)), set(_shingles(each.stated))
        same_script = each.field == "official_number" or bool(_HAN.search(value)) == bool(_HAN.search(each.stated))
        if first and second and same_script and first.isdisjoint(second):
            return f"it states {each.stated[:60]!r}, which has nothing in common with {each.field} {value[:60]!r}"
    return ""


@lru_cache(maxsize=4_000)
def _shingles(text: str) -> frozenset[str]:
    """All strings of three letters of a text, of two where it is Chinese."""
    plain = normal(text)
    size = 2 if _HAN.search(plain) else _SHINGLE
    return frozenset(plain[at : at + size] for at in range(max(1, len(plain) - size + 1))) if plain else frozenset()
