"""What each rule asks for, and how grave a break is: those of the text, of cells and keys here, the semantic ones by themselves."""

from __future__ import annotations

from aistatecraft.validation.report import ERROR, WARNING
from aistatecraft.validation.rules import RULES

__all__ = ["RULES", "TEXT_RULES", "meaning_of", "severity_of"]

TEXT_RULES = {
    "missing-file": "Every table in the descriptor has a file.",
    "stray-table": "Every table in data/ is listed in the descriptor.",
    "descriptor": "Package, resources and schemas are described as the Data Package standard requires.",
    "misplaced-property": "A property of the standard is spelled correctly and is in a place where it has an effect.",
    "changed": "A file does not change while it is being read.",
    "too-large": "A file has at most 512 MiB.",
    "not-csv": "A table is CSV text, not a workbook, archive, PDF or database, and not UTF-16.",
    "empty-file": "A table has at least a header.",
    "encoding": "A table is encoded in UTF-8.",
    "byte-order-mark": "A table has no byte order mark.",
    "line-ends": "Lines end with LF.",
    "last-line": "The last line ends with a line break; without it the file may be truncated.",
    "nul": "A table contains no NUL character.",
    "delimiter": "Cells are separated by the delimiter of the dialect, a comma by default.",
    "quoting": 'Every opening quote is closed; a quote inside a cell is written "".',
    "header": "The first row is the header.",
    "missing-column": "Every field of the schema has a column.",
    "extra-column": "Every column is a field of the schema.",
    "duplicate-column": "No column appears twice.",
    "column-order": "Columns are in the order of the schema.",
    "ragged-row": "Every row has as many cells as the header.",
    "blank-row": "No row is blank.",
    "type": "A cell contains a value of the type of its field, in the notation of Table Schema: ASCII digits, decimal point, ISO dates.",
    "required": "A required cell has a value.",
    "category": "A cell with a closed vocabulary contains one of its values.",
    "enum": "A cell contains one of the values listed in the schema.",
    "pattern": "The whole text of a cell matches the pattern in the schema.",
    "partial-date": "A date of mixed precision is a year, month or day that exists.",
    "minimum": "A value is not less than its minimum.",
    "maximum": "A value is not greater than its maximum.",
    "exclusiveMinimum": "A value is greater than its exclusive minimum.",
    "exclusiveMaximum": "A value is less than its exclusive maximum.",
    "minLength": "A text has at least the minimum length.",
    "maxLength": "A text has at most the maximum length; a quote has at most 120 characters.",
    "jsonSchema": "JSON in a cell is valid for the JSON Schema of its field.",
    "unique": "A value of a unique field appears only once in its column.",
    "unique-key": "A combination of values of a unique key appears only once.",
    "primary-key": "A primary key appears only once in its table.",
    "foreign-key": "The row that a cell refers to exists.",
    "white-space": "A cell has no white space at its ends and no double spaces inside.",
    "line-break": "A cell contains no line break.",
    "control-character": "A cell contains no control characters or other invisible characters.",
    "not-nfc": "Text is in the Unicode normalization form NFC.",
    "mojibake": "No text was decoded with a wrong encoding and saved again, and no character is replaced by its code (\\u00e9, %C3%A9, <U+00E9>) or by question marks.",
    "look-alike": "A word does not mix scripts that look alike: no Cyrillic, Greek or full-width letters among Latin ones.",
    "markup": "Text contains no HTML entities or tags.",
    "null-word": "A cell without a value is blank: no NaN, None, NULL, N/A, TODO or -999, and no zero date of a spreadsheet.",
    "stray-quotes": "Quotes are not doubled, and quotes and brackets come in pairs; an excerpt of limited length may be cut between the two.",
    "repeated-text": "No text stands twice in a cell, whole or as a sentence.",
    "float-noise": "A number has the digits of its source, not those that arithmetic with binary fractions leaves, as in 0.30000000000000004.",
    "not-a-number": "A number is neither NaN nor infinite.",
    "header-again": "The header appears only once.",
    "spreadsheet-date": "A date is written as YYYY, YYYY-MM or YYYY-MM-DD, not in a local format, as a serial number or with the name of a month, and no other value was turned into a date.",
    "spreadsheet-zeros": "A code made of digits keeps its leading zeros.",
    "spreadsheet-exponent": "Numbers are written in full, not as 1.23E+05.",
    "spreadsheet-decimal": "Numbers have a decimal point and no thousands separator; integers and codes have no decimals.",
    "spreadsheet-boolean": "Booleans are written as true or false, not as TRUE, VRAI or WAHR.",
    "spreadsheet-quotes": "Codes and identifiers have hyphens and no quotes: no dashes, curly quotes or apostrophes inserted by a program.",
    "spreadsheet-formula": "No cell is a formula or the error value of a formula.",
    "spreadsheet-truncated": "No text is truncated at 255 or 32,767 characters or ends with an ellipsis.",
    "spreadsheet-shifted": "The cells of a row are not shifted into other columns.",
    "release-unreadable": "The register of releases and the last archive are readable and unchanged since the release.",
    "suppression-unused": "Every suppression applies to a finding; one that no longer does should be deleted.",
    "suppression-unsound": "A suppression names an existing rule and file, its own reason, and the date on which it was made.",
    "typed": "Every check could be run by pandera.",
}
"""What the checks of text, single cells and keys require."""

_WARNINGS = frozenset({"stray-table", "misplaced-property"})


def meaning_of(name: str) -> str:
    """What the rule `name` requires, on one line; empty if there is no such rule."""
    return " ".join(RULES[name].meaning.split()) if name in RULES else TEXT_RULES.get(name, "")


def severity_of(name: str) -> str:
    """Whether a break of the rule `name` is an error or a warning."""
    return RULES[name].severity if name in RULES else WARNING if name in _WARNINGS else ERROR
