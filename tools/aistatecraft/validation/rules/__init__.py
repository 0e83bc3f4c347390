"""Semantic rules: what a Table Schema cannot say.

A rule is a small function with a docstring, bound to the tables that it is about. It gets the typed frame of one table and a
`Context` (other tables, the day, the last release), and yields a `Problem` for each row that breaks it. The pandera schema of
a table runs its rules as checks: in `validate`, and on frames of users.

To add one: write the function in the module of its subject, decorate it with `@rule`, and add a good and a bad example to
`validation/rule_examples.py`, which are its test and its page. Nothing else needs to know of it.
"""

from aistatecraft.validation.rules import (
    addresses,
    bibliography,
    codes,
    columns,
    dates,
    duplicates,
    evidence,
    floors,
    identifiers,
    iso,
    languages,
    official_numbers,
    places,
    references,
    scores,
    signatories,
    statements,
    status,
    status_as_of,
    strategies,
)
from aistatecraft.validation.rules.base import RULES, WHOLE, Baseline, Context, Problem, Rule, rows, where

__all__ = [
    "RULES",
    "WHOLE",
    "Baseline",
    "Context",
    "Problem",
    "Rule",
    "addresses",
    "bibliography",
    "codes",
    "columns",
    "dates",
    "duplicates",
    "evidence",
    "floors",
    "identifiers",
    "iso",
    "languages",
    "official_numbers",
    "places",
    "references",
    "rows",
    "scores",
    "signatories",
    "statements",
    "status",
    "status_as_of",
    "strategies",
    "where",
]
