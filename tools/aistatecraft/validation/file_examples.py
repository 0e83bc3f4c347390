"""A good and a bad example for each rule about text, cells and keys: what its page shows, and what its test runs.

An example is a small package: a table `t` in data/t.csv with its schema, and sometimes a file beside it. The bad one differs
from the good one in one thing and has one finding, which stands at `place`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["FILE_EXAMPLES", "TABLE", "FileExample", "Files"]

TABLE = "data/t.csv"
Files = Mapping[str, bytes | int]
"""Content of each file by path; a number stands for a file of so many bytes."""


@dataclass(frozen=True)
class FileExample:
    """Files that follow a rule, files that break it, the schema of the table, and the place of the finding."""

    good: Files
    bad: Files
    place: str
    """file:line:column, as far as the finding has them."""
    fields: tuple[Mapping[str, Any], ...]
    keys: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the schema."""
    own: bool = False
    """Whether the rule is one of this dataset alone; any other package is judged by its schemas."""
    note: str = ""
    """What the files alone do not show."""


_ID: Mapping[str, Any] = {"name": "id", "type": "string"}
_NAME: Mapping[str, Any] = {"name": "name", "type": "string"}
_TWO = (_ID, _NAME)
_GOOD = "id,name\nBRA,Brasil\nCHL,Chile\n"
_EDTF = "http://id.loc.gov/datatypes/edtf/EDTF-level0"


def _raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8")


def _text(bad: str | bytes, place: str, *, good: str | bytes = _GOOD, own: bool = False) -> FileExample:
    """The same two fields, written well and badly."""
    return FileExample({TABLE: _raw(good)}, {TABLE: _raw(bad)}, f"{TABLE}:{place}", _TWO, own=own)


def _cell(good: str, bad: str, name: str, kind: str = "string", *, own: bool = False, **more: Any) -> FileExample:
    """One cell of a field `name`, after the identifier; other keywords are properties of the field, or constraints."""
    constraints = {word: more.pop(word) for word in list(more) if word not in ("categories", "rdfType", "example")}
    described = {"name": name, "type": kind, **more, **({"constraints": constraints} if constraints else {})}
    head = f"id,{name}\nBRA,"
    return FileExample({TABLE: _raw(f"{head}{good}\n")}, {TABLE: _raw(f"{head}{bad}\n")}, f"{TABLE}:2:B", (_ID, described), own=own)


def _rows(good: str, bad: str, place: str, **keys: Any) -> FileExample:
    """Rows under the header `id,parent`, with keys in the schema."""
    fields = (_ID, {"name": "parent", "type": "string"})
    return FileExample({TABLE: _raw(f"id,parent\n{good}")}, {TABLE: _raw(f"id,parent\n{bad}")}, f"{TABLE}:{place}", fields, keys)


def _described(good: str, bad: str, other: str = "id") -> FileExample:
    """A property of the field `other` of the descriptor, written well and badly."""

    def files(word: str) -> Files:
        fields = ",\n  ".join(f'{{"name": "{name}", "type": "string"{f", {word}" if name == other else ""}}}' for name in ("id", "name"))
        resource = f'{{"name": "t", "path": "{TABLE}", "schema": {{"fields": [\n  {fields}\n]}}}}'
        return {TABLE: _raw(_GOOD), "datapackage.json": _raw(f'{{"name": "made", "resources": [{resource}]}}\n')}

    return FileExample(files(good), files(bad), "datapackage.json", _TWO)


_SUPPRESSION_HEADER = "rule,file,record,field,reason,date\n"
_SUPPRESSED = f"{_SUPPRESSION_HEADER}white-space,{TABLE},BRA,name,Written so in the source.,2026-11-25\n"
_DOUBLED = _raw("id,name\nBRA,República  do Brasil\n")

FILE_EXAMPLES: dict[str, FileExample] = {
    "missing-file": FileExample({TABLE: _raw(_GOOD)}, {}, TABLE, _TWO),
    "stray-table": FileExample({TABLE: _raw(_GOOD)}, {TABLE: _raw(_GOOD), "data/new.csv": _raw(_GOOD)}, "data/new.csv", _TWO),
    "descriptor": _described('"rdfType": "http://schema.org/name"', '"rdfType": 3166', other="name"),
    "misplaced-property": _described('"constraints": {"unique": true}', '"unique": true'),
    "changed": FileExample(
        {TABLE: _raw(_GOOD)}, {TABLE: _raw(_GOOD + "CUB,Cuba\n")}, TABLE, _TWO, note="The file is as it was when reading began, and as it is at the end."
    ),
    "too-large": FileExample({TABLE: _raw(_GOOD)}, {TABLE: 512 * 1024**2 + 1}, TABLE, _TWO),
    "not-csv": _text(b"PK\x03\x04\x14\x00\x06\x00 xl/worksheets/sheet1.xml", "1"),
    "empty-file": _text("", "1"),
    "encoding": _text("id,name\nPER,Perú\n".encode("cp1252"), "2", good="id,name\nPER,Perú\n"),
    "byte-order-mark": _text("\ufeff" + _GOOD, "1"),
    "line-ends": _text(_GOOD.replace("\n", "\r\n"), "1"),
    "last-line": _text(_GOOD.rstrip("\n"), "3"),
    "nul": _text(_GOOD.replace("Brasil", "Bra\0sil"), "2"),
    "delimiter": _text(_GOOD.replace(",", ";"), "1"),
    "quoting": _text('id,name\nBRA,"Brasil\nCHL,Chile\n', "2", good='id,name\nBRA,"Brasil"\nCHL,Chile\n'),
    "header": _text("BRA,Brasil\nCHL,Chile\n", "1"),
    "missing-column": _text("id\nBRA\nCHL\n", "1"),
    "extra-column": _text("id,name,capital\nBRA,Brasil,Brasília\n", "1:C", good="id,name\nBRA,Brasil\n"),
    "duplicate-column": _text("id,name,name\nBRA,Brasil,Brazil\n", "1:C", good="id,name\nBRA,Brasil\n"),
    "column-order": _text("name,id\nBrasil,BRA\n", "1:A", good="id,name\nBRA,Brasil\n"),
    "ragged-row": _text("id,name\nBRA\nCHL,Chile\n", "2"),
    "blank-row": _text("id,name\nBRA,Brasil\n\nCHL,Chile\n", "3"),
    "type": _cell("2021-09-20", "in September 2021", "adopted", "date", example="2021-09-20"),
    "required": _cell("Brasil", "", "name", required=True),
    "category": _cell("adopted", "enacted", "status", categories=["draft", "adopted", "repealed"]),
    "enum": _cell("low", "none", "risk", enum=["low", "high"]),
    "pattern": _cell("pt", "Portuguese", "language", pattern="[a-z]{2}", example="es"),
    "partial-date": _cell("2024-12", "2024-13", "adopted", rdfType=_EDTF),
    "minimum": _cell("2021", "1021", "adopted", "year", minimum=1900),
    "maximum": _cell("67.39", "6739", "score", "number", maximum=100),
    "exclusiveMinimum": _cell("1", "0", "rank", "integer", exclusiveMinimum=0),
    "exclusiveMaximum": _cell("0.99", "1", "share", "number", exclusiveMaximum=1),
    "minLength": _cell("Chile", "C", "name", minLength=2),
    "maxLength": _cell("Chile", "Republic of Chile", "name", maxLength=8),
    "jsonSchema": _cell('"{""seats"": 3}"', '"{""seats"": ""3""}"', "more", "object", jsonSchema={"properties": {"seats": {"type": "integer"}}}),
    "unique": FileExample(
        {TABLE: _raw("id,iso2\nBRA,BR\nCHL,CL\n")}, {TABLE: _raw("id,iso2\nBRA,BR\nCHL,BR\n")}, f"{TABLE}:3:B",
        (_ID, {"name": "iso2", "type": "string", "constraints": {"unique": True}}),
    ),
    "unique-key": _rows("a,x\na,y\n", "a,x\na,x\n", "3:A", uniqueKeys=[["id", "parent"]]),
    "primary-key": _rows("a,\nb,\n", "a,\na,\n", "3:A", primaryKey=["id"]),
    "foreign-key": _rows("a,\nb,a\n", "a,\nb,c\n", "3:B", primaryKey=["id"], foreignKeys=[{"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}}]),
    "white-space": _cell("República do Brasil", "República  do Brasil", "name", own=True),
    "line-break": FileExample(
        {TABLE: _raw("id,name\nBRA,República do Brasil\n")}, {TABLE: _raw('id,name\nBRA,"República\ndo Brasil"\n')}, f"{TABLE}:2:B", _TWO, own=True
    ),
    "control-character": _cell("Brasil", "Bra\u200bsil", "name", own=True),
    "not-nfc": _cell("Perú", "Peru\u0301", "name", own=True),
    "mojibake": _cell("Perú", "PerÃº", "name", own=True),
    "look-alike": _cell("Peru", "Реru", "name", own=True),
    "markup": _cell("Science & Technology", "Science &amp; Technology", "name", own=True),
    "null-word": _cell("Ministerio de Ciencia", "N/A", "body", own=True),
    "stray-quotes": _cell("Ley de IA (proyecto)", "Ley de IA (proyecto", "title", own=True),
    "repeated-text": _cell("Plan nacional de IA", "Plan nacional de IA Plan nacional de IA", "title", own=True),
    "float-noise": _cell("0.3", "0.30000000000000004", "score", "number", own=True),
    "not-a-number": _cell("67.39", "NaN", "score", "number", own=True),
    "header-again": _text("id,name\nBRA,Brasil\nid,name\nCHL,Chile\n", "3"),
    "spreadsheet-date": _cell("2021-09-20", "20/09/2021", "adopted", "date"),
    "spreadsheet-zeros": _cell("076", "76", "m49", pattern="[0-9]{3}"),
    "spreadsheet-exponent": _cell("23000000000", "2.3E+10", "budget", "integer"),
    "spreadsheet-decimal": _cell("67.39", '"67,39"', "score", "number"),
    "spreadsheet-boolean": _cell("true", "VRAI", "member", "boolean"),
    "spreadsheet-quotes": _cell("bra-ebia-2021", "bra–ebia–2021", "of", pattern="[a-z0-9]+(-[a-z0-9]+)*"),
    "spreadsheet-formula": _cell("12", "=A2+1", "measures", "integer"),
    "spreadsheet-truncated": _cell("Estratégia Brasileira", "Estratégia Brasil…", "title", own=True),
    "spreadsheet-shifted": FileExample(
        {TABLE: _raw("id,adopted,measures,url\nBRA,2021-04-06,73,\n")}, {TABLE: _raw("id,adopted,measures,url\nBRA,,2021-04-06,73\n")}, f"{TABLE}:2:B",
        (_ID, {"name": "adopted", "type": "date"}, {"name": "measures", "type": "integer"}, {"name": "url", "type": "string", "format": "uri"}),
        note="The cells that fit no longer are reported, too.",
    ),
    "release-unreadable": FileExample(
        {TABLE: _raw(_GOOD), "releases/register.json": b'{"releases": []}\n'}, {TABLE: _raw(_GOOD), "releases/register.json": b'{"releases": ["0.1.0"]}\n'},
        "releases/register.json", _TWO, own=True,
    ),
    "suppression-unused": FileExample(
        {TABLE: _DOUBLED, "suppressions.csv": _raw(_SUPPRESSED)}, {TABLE: _DOUBLED.replace(b"  ", b" "), "suppressions.csv": _raw(_SUPPRESSED)},
        "suppressions.csv:2", _TWO, {"primaryKey": ["id"]}, own=True,
    ),
    "suppression-unsound": FileExample(
        {TABLE: _DOUBLED, "suppressions.csv": _raw(_SUPPRESSED)}, {TABLE: _DOUBLED, "suppressions.csv": _raw(_SUPPRESSED.replace("Written so in the source.", "fine"))},
        "suppressions.csv:2:E", _TWO, {"primaryKey": ["id"]}, own=True, note="The finding that it was to suppress is reported, too.",
    ),
    "typed": FileExample(
        {TABLE: _raw(_GOOD), "check": b"judged the rows\n"}, {TABLE: _raw(_GOOD), "check": b"raised KeyError\n"},
        TABLE, _TWO, own=True, note="No table should break it: a check that raises an exception has judged nothing, which is an error of this program.",
    ),
}  # fmt: skip
"""One example for each rule in `TEXT_RULES`."""
