"""Semantic rules: what a Table Schema cannot say.

A rule is a small function with a docstring, bound to the tables that it is about. It gets the typed frame of one table
and a view of all tables, and yields a `Problem` for each row that breaks it. Rules run as checks of the pandera schema
of their table, so that users can run them on frames of their own.

To add one: write the function in the module of its subject, decorate it with `@rule`, and add a good and a bad row to
its test. Nothing else needs to know of it.
"""

from aistatecraft.validation.rules import (
    codes,
    dates,
    duplicates,
    evidence,
    floors,
    identifiers,
    iso,
    official_numbers,
    places,
    references,
    scores,
    signatories,
    strategies,
)
from aistatecraft.validation.rules.base import RULES, WHOLE, Baseline, Problem, Rule, RuleContext

__all__ = [
    "RULES",
    "WHOLE",
    "Baseline",
    "Problem",
    "Rule",
    "RuleContext",
    "codes",
    "dates",
    "duplicates",
    "evidence",
    "floors",
    "identifiers",
    "iso",
    "official_numbers",
    "places",
    "references",
    "scores",
    "signatories",
    "strategies",
]
