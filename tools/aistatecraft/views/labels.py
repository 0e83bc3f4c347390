"""How views call things: records by title, codes by label, actors by name, sources by a short citation, in the language asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from aistatecraft.views.tables import Row, Tables

__all__ = ["actor_name", "actor_of", "cited", "in_language", "short_citation", "spoken", "title_of"]

_STEMS = ("title", "name", "label")
_ACTORS = ("jurisdiction", "actor", "host", "publisher", "member", "body", "about")
_ABOUT = 2
"""Up to so many sources a citation says the title as well."""


def spoken(lang: str, en: str, zh: str) -> str:
    """Words of a view's own: Chinese where that is asked for, English for every other language."""
    return zh if lang == "zh" else en


def in_language(row: Row, stem: str, lang: str) -> str | None:
    """The title, name or label of a row in `lang`; the English one where it has none in that language.

    A title in the language of the document (``title_original``) serves where that is the language asked for.
    """
    if row.get("language") == lang:
        own = row.get(f"{stem}_original") or row.get(stem)
        if own:
            return own
    return row.get(f"{stem}_{lang}") or row.get(f"{stem}_en") or row.get(stem)


def title_of(tables: Tables, table: str, record: str, lang: str = "en") -> str:
    """What a record is called. One without a title is called by what its key names, or by its identifier."""
    row = tables.find(table, record)
    if row is None:
        return record
    for stem in _STEMS:
        found = in_language(row, stem, lang)
        if found:
            return found
    return _by_key(tables, table, row, lang)


def _by_key(tables: Tables, table: str, row: Row, lang: str) -> str:
    names = tables.references(table)
    parts = []
    for name in tables.primary_key(table):
        value = row[name] or ""
        if name.endswith("_id") and row.get(f"{name[:-3]}_table"):
            parts.append(title_of(tables, row[f"{name[:-3]}_table"] or "", value, lang))
        elif name.endswith("_table") and f"{name[:-6]}_id" in row:
            continue
        elif name in ("seq", "spell"):
            parts += [f"no. {value}"] if value != "1" else []
        else:
            parts.append(title_of(tables, names[name], value, lang) if name in names else value.replace("_", " "))
    return ", ".join(part for part in parts if part)


def actor_of(tables: Tables, table: str, record: str) -> str | None:
    """Whose a record is: the jurisdiction, actor, host or publisher that it names, or that of the record that it is a part of."""
    row = tables.find(table, record)
    if row is None:
        return None
    if table == "actors":
        return record
    for name in _ACTORS:
        if row.get(name):
            return row[name]
    of = row.get("record_table"), row.get("record_id")
    return actor_of(tables, of[0], of[1]) if of[0] and of[1] else None


def actor_name(tables: Tables, actor: str | None, lang: str = "en") -> str | None:
    """Name of an actor; its identifier where it has no row, None for None."""
    if actor is None:
        return None
    row = tables.find("actors", actor)
    return (in_language(row, "name", lang) if row else None) or actor


def _people(authors: str) -> str:
    # Persons are written Family, Given, bodies in braces, and names without capitals as a whole: 蔡翠红.
    names = [part.strip().strip("{}") if "{" in part else part.partition(",")[0].strip() for part in authors.split(";") if part.strip()]
    return " & ".join(names) if len(names) <= 2 else f"{names[0]} et al."


def short_citation(tables: Tables, source: str, lang: str = "en", *, about: bool = False) -> str:
    """A source as a chart cites it: who and which year, with `about` its title as well.

    Who is the authors, else the publisher, else what it stands in.
    """
    row = tables.find("sources", source)
    if row is None:
        return source
    # In a picture that is not Chinese, Chinese names are written in Latin letters where the source is known to be signed so.
    authors = (row.get("authors_latin") or row["authors"]) if lang != "zh" else row["authors"]
    who = _people(authors) if authors else row["publisher"] or row["container"] or in_language(row, "title", lang) or source
    year = re.match("[0-9]{4}", row["published"] or "")
    said = f"{who} {year[0]}" if year and year[0] not in who else who
    title = in_language(row, "title", lang)
    return f"{said}, {title}" if about and title and title != who else said


def cited(tables: Tables, sources: Iterable[str | None], lang: str = "en") -> tuple[str, ...]:
    """Short citations of sources, the most used first; with their titles where they are few."""
    own = str(tables.package.descriptor.get("name"))  # our own judgement: a drawing names the data anyway
    counted = Counter(source for source in sources if source and source != own)
    order = sorted(counted, key=lambda source: (-counted[source], source))
    return tuple(dict.fromkeys(short_citation(tables, source, lang, about=len(order) <= _ABOUT) for source in order))
