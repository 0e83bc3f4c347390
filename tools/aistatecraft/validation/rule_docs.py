"""What each rule asks for, and how grave a break is: those of the text, of cells and keys here, the semantic ones by themselves."""

from __future__ import annotations

from aistatecraft.validation.report import ERROR, WARNING
from aistatecraft.validation.rules import RULES

__all__ = ["RULES", "TEXT_RULES", "meaning_of", "severity_of"]

TEXT_RULES = {
    "missing-file": "A table that the descriptor names has its file.",
    "stray-table": "A table that lies in data/ is named by the descriptor.",
    "descriptor": "Package, resources and schemas are described as the Data Package standard asks.",
    "misplaced-property": "A property of the standard stands where it has a meaning, in the letters of the standard.",
    "changed": "A file is not changed while it is read.",
    "too-large": "A file has at most 512 MiB.",
    "not-csv": "A table is CSV text: no workbook, archive, PDF or database, and not UTF-16.",
    "empty-file": "A table has at least its header.",
    "encoding": "A table is UTF-8.",
    "byte-order-mark": "A table has no byte order mark.",
    "line-ends": "Lines end with LF.",
    "last-line": "The last line ends with a line break, too; without it the file may be cut off.",
    "nul": "No NUL character.",
    "delimiter": "Cells are separated as the dialect says, by a comma.",
    "quoting": 'Quotes are opened and closed; a quote inside a cell is written "".',
    "header": "The first row is the header.",
    "missing-column": "Every field of the schema has its column.",
    "extra-column": "Every column is a field of the schema.",
    "duplicate-column": "No column stands twice.",
    "column-order": "Columns stand in the order of the schema.",
    "ragged-row": "Every row has as many cells as the header.",
    "blank-row": "No row is blank.",
    "type": "A cell holds a value of the type of its field, written as Table Schema has it: ASCII digits, decimal point, ISO dates.",
    "required": "A required cell has a value.",
    "category": "A cell of a closed vocabulary holds one of its values.",
    "enum": "A cell holds one of the values that the schema lists.",
    "pattern": "The whole text of a cell has the form that the schema gives.",
    "partial-date": "A date of mixed precision names a year, month or day that exists.",
    "minimum": "A value is not below its minimum.",
    "maximum": "A value is not above its maximum.",
    "exclusiveMinimum": "A value is above its bound.",
    "exclusiveMaximum": "A value is below its bound.",
    "minLength": "A text is not too short.",
    "maxLength": "A text is not too long; a quote has at most 120 characters.",
    "jsonSchema": "JSON in a cell fits the JSON Schema of its field.",
    "unique": "A value that identifies stands once in its column.",
    "unique-key": "A combination of values that identifies stands once.",
    "primary-key": "A key stands once in its table.",
    "foreign-key": "A row that a cell refers to exists.",
    "white-space": "No white space at the ends of a cell, and none doubled inside.",
    "line-break": "A cell is one line.",
    "control-character": "No invisible character.",
    "not-nfc": "Text is in Unicode form NFC.",
    "mojibake": "No text that was read in the wrong encoding and saved.",
    "look-alike": "A word is written in the letters that it seems to have: no Cyrillic, Greek or full-width letters among Latin ones.",
    "markup": "No entities and tags of web pages.",
    "not-a-number": "A number is one: not NaN, not infinite.",
    "header-again": "The header stands once.",
    "spreadsheet-date": "A date is written as YYYY, YYYY-MM or YYYY-MM-DD, and nothing else became one: no local form, no count of days, no name of a month.",
    "spreadsheet-zeros": "A code of digits keeps its leading zeros.",
    "spreadsheet-exponent": "Numbers are written out, not as 1.23E+05.",
    "spreadsheet-decimal": "Decimals have a point, thousands no separator, whole numbers and codes no decimals.",
    "spreadsheet-boolean": "Truth is written true or false, not TRUE, VRAI or WAHR.",
    "spreadsheet-quotes": "Codes and identifiers have hyphens and no quotes: no dashes, curly quotes or apostrophes put in by a program.",
    "spreadsheet-formula": "No cell is a formula or the result of one that failed.",
    "spreadsheet-truncated": "No text is cut off: at 255 or 32,767 characters, or with an ellipsis at its end.",
    "spreadsheet-shifted": "The cells of a row stand in their own columns.",
    "release-unreadable": "The register of releases and the last archive are as they were released.",
    "suppression-unused": "A suppression silences a finding; one that silences nothing any more is deleted.",
    "suppression-unsound": "A suppression names a rule and a file that exist, a reason of its own and the day on which it was made.",
    "typed": "pandera could run every check.",
}
"""What the checks of the text, of single cells and of keys ask for."""

_WARNINGS = frozenset({"stray-table", "misplaced-property"})


def meaning_of(name: str) -> str:
    """What the rule `name` asks for, on one line; empty where there is no such rule."""
    return " ".join(RULES[name].meaning.split()) if name in RULES else TEXT_RULES.get(name, "")


def severity_of(name: str) -> str:
    """Whether a break of the rule `name` is an error or a warning."""
    return RULES[name].severity if name in RULES else WARNING if name in _WARNINGS else ERROR
