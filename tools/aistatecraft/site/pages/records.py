"""A page for each record: what it is, who says so, what refers to it, its history, how to cite it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from aistatecraft.package.escape import escape_json
from aistatecraft.site.cells import Shown, clean, href
from aistatecraft.site.context import Edition, Page
from aistatecraft.site.dataset import CAP, Column, Row, Table
from aistatecraft.site.pages.profile import profile_of
from aistatecraft.site.pages.sections import Group, Line, Said, Section, essential, said, sections_of

__all__ = ["embedded", "record_files", "records"]

_LEADS = ("summary", "statement", "definition", "description", "question")
_ASIDE = ("note", *_LEADS)
_LANGUAGES = {
    "en": "English", "zh": "Chinese", "es": "Spanish", "pt": "Portuguese", "fr": "French", "ar": "Arabic", "ru": "Russian", "de": "German", "ja": "Japanese", "ko": "Korean", "it": "Italian",
}  # fmt: skip


def records(edition: Edition) -> Iterator[Page]:
    """The pages of all records of tables whose key is one field."""
    for table in edition.data.tables.values():
        if table.paged:
            for identifier in table.files:
                yield _page(edition, table.by_id[identifier])


def _page(edition: Edition, row: Row) -> Page:
    title, lang = edition.data.title(row)
    sources = said(edition, row)
    numbers: dict[str, list[int]] = defaultdict(list)
    for one in sources:
        numbers[one.field].append(one.number)
    table = row.table
    shown_names = set(table.names)
    facts = [_fact(edition, row, column, numbers) for column in table.columns]
    lead = next((name for name in _LEADS if row.get(name) and row.get(name) != title), "")
    values: dict[str, Any] = {
        "row": row,
        "identifier": clean(row.id),
        "table": table,
        "heading": clean(title),
        "heading_lang": lang if lang != edition.words.language else "",
        "heading_notes": [number for name in ("", *table.names[:1]) for number in numbers[name]][:6],
        "names": _names(edition, row, title),
        "answer": profile_of(edition, row),
        "lead": clean(row.get(lead)) if lead else "",
        "lead_lang": edition.data.language(row, lead) if lead else "",
        "note": clean(row.get("note")),
        "facts": [
            fact
            for column, fact in zip(table.columns, facts, strict=True)
            if (
                essential(column)
                or column.field.format == "uri"
                or column.name in ("official_number", "locator", "authors", "container", "publisher")
            )
            and column.name not in {*shown_names, *table.key, *_ASIDE, "sort_order"}
            and not any(other.pair == column.name for other in table.columns)
            and (row.get(column.name) or row.reason(column.name))
            and not (column.name == "operator" and row.get("operator") == "=")
        ],
        "all_fields": facts,
        "disputes": _disputes(edition, row, sources, facts),
        "sources": sources,
        "sections": [*_resting(edition, row), *sections_of(edition, row)],
        "steps": edition.history.steps(table.name, row.id),
        "citations": edition.citations(table.name, row),
        "line": row.line,
        "facts_last": table.name == "actors",
        "embed": table.resource.schema.evidence_required,
    }
    about = values["lead"] or "; ".join(f"{fact['title']}: {fact['shown'].text}" for fact in values["facts"][:4])
    return Page(edition.data.address(row), "record.html", clean(title), values, about[:300], row.key)


def _fact(edition: Edition, row: Row, column: Column, numbers: Mapping[str, list[int]]) -> dict[str, Any]:
    return {
        "name": column.name,
        "title": clean(column.field.title),
        "about": clean(column.field.description),
        "shown": edition.show.cell(row, column, notes=tuple(numbers.get(column.name, ()))),
        "key": column.name in row.table.key,
    }


def _names(edition: Edition, row: Row, title: str) -> list[dict[str, str]]:
    """The other names of a record, each with its language."""
    found: dict[str, dict[str, str]] = {}
    for name in row.table.names:
        text, lang = row.get(name), edition.data.language(row, name)
        if not text or (text == title and lang in ("", edition.words.language)) or text in found or name in ("doi", "official_number"):
            continue
        label = edition.words(_LANGUAGES[lang]) if lang in _LANGUAGES else clean(row.table.by_name[name].field.title)
        found[f"{lang}:{text}"] = {"text": clean(text), "lang": lang, "label": label}
    return list(found.values())


def _disputes(edition: Edition, row: Row, sources: list[Said], facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fields on which sources disagree: what the table has, who supports it, who disputes it. Supporters of the record as a whole stand in
    where nobody supports the field."""
    by_field: dict[str, list[Said]] = defaultdict(list)
    for one in sources:
        by_field[one.field].append(one)
    shown = {fact["name"]: fact for fact in facts}
    found = []
    for name, listed in by_field.items():
        against = [one for one in listed if one.stance == "disputes"]
        if not against:
            continue
        support = [one for one in listed if one.stance == "supports"]
        whole = not support
        fact = shown.get(name)
        found.append(
            {
                "name": name,
                "title": fact["title"] if fact else listed[0].title,
                "value": fact["shown"] if fact else Shown(clean(edition.data.title(row)[0])),
                "supports": support or [one for one in by_field.get("", ()) if one.stance == "supports"],
                "whole": whole,
                "disputes": against,
            }
        )
    return found


def _resting(edition: Edition, row: Row) -> list[Section]:
    """What rests on a source: the records and fields about which it states something."""
    evidence = edition.data.tables.get("evidence")
    if row.table.name != "sources" or evidence is None or "record_id" not in evidence.by_name:
        return []
    rows = edition.data.resting.get(row.id, [])
    if not rows:
        return []
    heads = [edition.words(head) for head in ("Record", "Table", "Field", "Stated", "Quote", "Stance", "Where")]
    lines = []
    for one in rows[:CAP]:
        of = edition.data.find(one.get("record_table"), one.get("record_id"))
        table = edition.data.tables.get(one.get("record_table"))
        column = table.by_name.get(one.get("field")) if table else None
        cells = [
            edition.show.link(of) if of is not None else Shown(clean(one.get("record_id"))),
            Shown(clean(table.title if table else one.get("record_table"))),
            Shown(clean(column.field.title) if column else edition.words("the record")),
            *(edition.show.cell(one, evidence.by_name[name], wide=False) if one.get(name) else Shown("") for name in ("stated", "quote")),
            Shown(clean(one.get("stance").replace("_", " "))),
            Shown(clean(one.get("locator"))),
        ]
        lines.append(Line("", cells))
    more = f"{href(evidence.page)}?source={href(row.id)}" if len(row.id) < 200 else ""
    section = Section(
        "rests", edition.words("What rests on this source"), "evidence", heads, [Group("", lines)], count=len(rows), more=more
    )
    return [section]


def record_files(edition: Edition, table: Table, row: Row) -> bytes:
    """A record as JSON: its values, why others are missing, and what sources state."""
    columns = [column for column in table.columns if row.cells.get(column.name)]
    content = {
        "package": edition.data.name,
        "version": edition.data.version,
        "table": table.name,
        "id": row.id,
        "values": {column.name: row.get(column.name) for column in columns if row.get(column.name)},
        "missing": {column.name: row.reason(column.name) for column in columns if row.reason(column.name)},
        "statements": [
            {
                name: value
                for name, value in (
                    ("field", one.field), ("stance", one.stance), ("source", one.source), ("locator", one.locator),
                    ("stated", one.stated), ("quote", one.quote), ("note", one.note),
                )
                if value
            }
            for one in edition.data.statements.get(row.key, ())
        ],
    }  # fmt: skip
    return (escape_json(json.dumps(content, ensure_ascii=False, indent=1)) + "\n").encode("utf-8", "replace")


def embedded(page: Page) -> Page:
    """The page of a record as other sites show it in a frame: its facts alone."""
    return Page(f"embed/{page.path}", "embed_record.html", page.title, page.values, page.about)
