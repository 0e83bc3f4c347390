"""Sections of a page: rows that refer to a record, as a table or a tree, and what sources state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from aistatecraft.site.cells import Shown, clean, href
from aistatecraft.site.context import Edition
from aistatecraft.site.dataset import CAP, Column, Reference, Row, Statement, Table

__all__ = ["Group", "Line", "Said", "Section", "TreeNode", "essential", "grid", "said", "sections_of", "tree_of"]

_WIDEST = 9
"""Columns of a table on a page for reading; all of them are on the page of the table."""
_FIRST = ("strategies", "signatories", "instruments", "memberships", "index_scores")
"""Tables whose sections come first; the others follow in their order."""
_USUAL = {"seq": "1", "spell": "1", "operator": "="}
"""Fields that qualify a neighbour, and what they hold in most rows, which is not worth a column."""


@dataclass(frozen=True)
class Said:
    """A statement of a source as a page shows it."""

    number: int
    field: str
    """Name of the field; empty where it is about the record as a whole."""
    title: str
    source: Shown
    stance: str
    stance_label: str
    stated: str
    quote: str
    quote_lang: str
    locator: str
    note: str
    read: str
    """How far the source was read."""


@dataclass(frozen=True)
class Line:
    """A row of a table on a page."""

    anchor: str
    cells: Sequence[Shown]
    said: Sequence[Said] = ()


@dataclass(frozen=True)
class Group:
    """Lines under a heading of their own; the heading is empty where a section has one group."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class TreeNode:
    """A record with those below it."""

    anchor: str
    link: Shown
    kind: str
    text: str
    below: Sequence[TreeNode]


@dataclass(frozen=True)
class Section:
    """Rows of one table that refer to the record of the page."""

    id: str
    title: str
    table: str
    heads: Sequence[str] = ()
    groups: Sequence[Group] = ()
    tree: Sequence[TreeNode] = ()
    count: int = 0
    more: str = ""
    """Address of the same rows on the page of their table."""
    about: str = ""

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Heads, and whether a column has numbers."""
        lines = [line for group in self.groups for line in group.lines]
        return [(head, any(line.cells[at].numeric for line in lines)) for at, head in enumerate(self.heads)]

    @property
    def has_sources(self) -> bool:
        """Whether a line has statements of its own."""
        return any(line.said for group in self.groups for line in group.lines)

    @property
    def shown(self) -> int:
        """Rows on the page."""
        return min(self.count, CAP)


def essential(column: Column) -> bool:
    """Whether a field says what a record is, rather than explains it: vocabularies, references, dates, numbers, what is required."""
    kind = column.field
    plain = kind.partial_date or kind.type not in ("string", "any")
    return bool(kind.categories or column.target or column.pair or plain or column.field.required)


def listed_columns(table: Table, rows: Sequence[Row], skip: Sequence[str] = ()) -> list[Column]:
    """The columns of a table on a page for reading: essential ones that hold something in these rows."""
    pairs = {column.pair for column in table.columns if column.pair}
    own = {*table.names, *table.key} if table.paged else set()
    found = []
    for column in table.columns:
        name = column.name
        if name in skip or name in own or (name in pairs) or (table.paged and not essential(column)):
            continue
        values = {row.get(name) for row in rows} - {""}
        stated = any(row.reason(name) for row in rows)
        if not values and not stated:
            continue
        if name in _USUAL and values <= {_USUAL[name]}:
            continue
        if name == "sort_order" or (column.field.format == "uri" and table.paged):
            continue
        found.append(column)
    return found[:_WIDEST] if table.paged else found


def said(edition: Edition, row: Row) -> list[Said]:
    """What sources state about a record, numbered."""
    known: list[Said] | None = edition.said.get(row.key)
    if known is None:
        known = edition.said[row.key] = [
            _said(edition, row, number, one) for number, one in enumerate(edition.data.statements.get(row.key, ()), 1)
        ]
    return known


def _said(edition: Edition, row: Row, number: int, one: Statement) -> Said:
    column = row.table.by_name.get(one.field)
    stances = edition.data.tables["evidence"].by_name.get("stance") if "evidence" in edition.data.tables else None
    label = next((each.label for each in stances.field.categories if each.value == one.stance), one.stance) if stances else one.stance
    source = edition.data.find("sources", one.source)
    read = ""
    if source is not None and source.get("read"):
        reading = source.table.by_name["read"].field
        read = next((each.label for each in reading.categories if each.value == source.get("read")), source.get("read"))
    return Said(
        number,
        "" if one.field == "*" else one.field,
        edition.words("the record") if one.field == "*" else clean(column.field.title if column else one.field),
        edition.show.source(one.source),
        one.stance,
        clean(label),
        clean(one.stated),
        clean(
            one.quote.strip('\u201c\u201d\u201e"')
            if one.quote[:1] in ("\u201c", "\u201e", '"') and one.quote[-1:] in ("\u201d", "\u201c", '"')
            else one.quote
        ),
        source.get("language") if source is not None else "",
        clean(one.locator),
        clean(one.note),
        clean(read),
    )


def grid(
    edition: Edition, table: Table, rows: Sequence[Row], *, by: Column | None = None, skip: Sequence[str] = ()
) -> tuple[list[str], list[Line]]:
    """Rows as a table for reading: heads, and a line for each row. `by` is the column that is the same in all."""
    hidden = [*skip, *([by.name, by.pair] if by is not None else [])]
    if (
        not table.paged
        and (by is None or by.name != "source")
        and "source" in table.by_name
        and table.by_name["source"].target == "sources"
    ):
        hidden += ["source", "locator", "stated", "quote"]  # they are what the last column says
    columns = listed_columns(table, rows, hidden)
    heads = [clean(column.field.title) for column in columns]
    if table.paged:
        heads.insert(0, edition.words("Name"))
    lines = []
    for row in rows:
        cells = [edition.show.cell(row, column, wide=False) for column in columns]
        if table.paged:
            cells.insert(0, edition.show.link(row))
        stated = [] if table.paged else [one for one in said(edition, row) if not one.field or not _names_source(table, one.field)]
        lines.append(Line(edition.data.anchor(row, by) if by is not None else "", cells, stated))
    return heads, lines


def _names_source(table: Table, field: str) -> bool:
    """Whether a statement only repeats a column that refers to a source, such as the coder."""
    column = table.by_name.get(field)
    return column is not None and column.target == "sources"


def sections_of(edition: Edition, row: Row) -> list[Section]:
    """Everything that refers to a record, a section for each table and column."""
    grouped: dict[tuple[str, str], list[Reference]] = defaultdict(list)
    for reference in edition.data.referring.get(row.key, ()):
        grouped[reference.row.table.name, reference.column.name].append(reference)
    tables = [name for name, _ in grouped]
    found: list[Section] = []
    for (name, _), references in grouped.items():
        table, column = edition.data.tables[name], references[0].column
        title = clean(table.title)
        if tables.count(name) > 1 or (table.paged and not _first(column, table)):
            role = clean(column.field.title).lower().removesuffix(" identifier")
            title = edition.words("{table}: {role}", table=title, role=role)
        found.append(section(edition, table, [one.row for one in references], column, title, row))
    order = {name: place for place, name in enumerate(_FIRST)}
    return sorted(found, key=lambda one: order.get(one.table, len(order)))


def _first(column: Column, table: Table) -> bool:
    return bool(table.referring) and table.referring[0].name == column.name


def section(edition: Edition, table: Table, rows: list[Row], column: Column, title: str, of: Row) -> Section:
    """The section of the rows of one table that refer to the record `of` by `column`."""
    shown = _arranged(table, rows[:CAP])
    place = f"{table.folder}-{column.name}"
    query = of.id if not column.pair else f"{of.table.name}/{of.id}"
    more = f"{href(table.page)}?{quote(column.name, safe='')}={quote(query, safe='', errors='replace')}" if len(query) < 200 else ""
    parent = next((one for one in table.columns if one.target == table.name and table.paged), None)
    if parent is not None and any(one.get(parent.name) in {each.id for each in shown} for one in shown):
        return Section(
            place,
            title,
            table.name,
            tree=tree_of(edition, shown, parent, column),
            count=len(rows),
            more=more,
            about=clean(table.resource.schema.description),
        )
    about = clean(table.resource.schema.description)
    kind = _grouping(table, column, shown)
    if kind is None:
        heads, lines = grid(edition, table, shown, by=column)
        return Section(place, title, table.name, heads, [Group("", lines)], count=len(rows), more=more, about=about)
    heads, lines = grid(edition, table, shown, by=column, skip=[kind.name])
    groups = []
    for category in kind.field.categories:
        those = [line for line, row in zip(lines, shown, strict=True) if row.get(kind.name) == category.value]
        if those:
            groups.append(Group(f"{clean(category.label)} ({len(those):,})", those))
    return Section(place, title, table.name, heads, groups, count=len(rows), more=more, about=about)


def _grouping(table: Table, column: Column, rows: Sequence[Row]) -> Column | None:
    """The vocabulary by which rows under their first record are told apart, such as who signed and who declined; None where there is none."""
    if not _first(column, table):
        return None
    for name in table.key:
        kind = table.by_name[name]
        values = {row.get(name) for row in rows}
        if (
            kind.field.categories
            and len(values) > 1
            and values <= {category.value for category in kind.field.categories}
            and "_table" not in name
        ):
            return kind if not any(one.field.partial_date for one in table.columns if one.name in table.key) else None
    return None


def _arranged(table: Table, rows: list[Row]) -> list[Row]:
    """Rows by their order, else by date, else by name; those without either come last."""
    date = next((column.name for column in table.columns if column.field.partial_date), "")
    if "sort_order" in table.by_name:
        return sorted(rows, key=lambda row: (len(row.get("sort_order")) or 99, row.get("sort_order")))
    if date:
        return sorted(rows, key=lambda row: (not row.get(date), row.get(date)))
    return rows


def tree_of(edition: Edition, rows: Sequence[Row], parent: Column, by: Column | None) -> list[TreeNode]:
    """Rows below each other, as their column `parent` says."""
    ids = {row.id for row in rows}
    below: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        above = row.get(parent.name)
        below[above if above in ids and above != row.id else ""].append(row)
    seen: set[str] = set()

    def nodes(above: str, depth: int) -> list[TreeNode]:
        made = []
        for row in below.get(above, ()):
            if row.id in seen:
                continue
            seen.add(row.id)
            made.append(node(row, depth))
        return made

    def node(row: Row, depth: int) -> TreeNode:
        kind = row.table.by_name.get("kind")
        words = " ".join(filter(None, (row.get("number"), row.get("value") and f"{row.get('value')} {row.get('unit')}".strip())))
        text = row.get("summary") or row.get("statement") or row.get("definition") or row.get("description")
        label = edition.show.cell(row, kind, wide=False).text if kind is not None and row.get("kind") else ""
        link = edition.show.link(row)
        return TreeNode(
            edition.data.anchor(row, by) if by is not None else "",
            link,
            " · ".join(filter(None, (label, clean(words)))),
            clean(text) if text != link.text else "",
            nodes(row.id, depth + 1) if depth < 30 else (),
        )

    found = nodes("", 0)
    # What is its own ancestor hangs from nothing and is still shown.
    found += [node(row, 30) for row in rows if row.id not in seen and not seen.add(row.id)]  # type: ignore[func-returns-value]
    return found
