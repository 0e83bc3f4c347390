"""What `docs/versions.md` holds: every rule of `meaning` with its class and the part of the version number that it demands."""

from __future__ import annotations

from collections.abc import Iterator

from aistatecraft.comparison.change_rules import BUMPS, CHANGE_RULES, CLASSES, raised

__all__ = ["versions_markdown"]

_HEAD = """\
# Versions of the data

Made from the rules themselves; not edited by hand.

A version number says what a reader has to do: after a **major** change look at one's code, after a **minor** one see what is new, after a
**patch** run it again. So the number is not chosen: it follows from what changed. `aistatecraft diff OLD NEW` finds every change, each
falls under one of the rules below, the rule gives its class and the class a part of the number. The highest part that any change
demands must rise; a higher one may. `aistatecraft diff OLD NEW --bump` prints the part and the lowest number that may come, such as
`minor (0.3.0)`, and `aistatecraft release` refuses a number that is too low.

Between two releases the package states the number that comes next with `-dev` behind it (`0.4.0-dev`; in Python package tools
`0.4.0.dev0`): `release` writes it. Whether data are those of a release is decided by what they are: where `diff` finds no change, they are."""

_COMPARED = """\
No change at all, as no reader can tell it: the order of tables, rows and fields, quoting and line ends, where a file lies, and what
the descriptor derives from a file (`bytes`, `hash`, `rowCount`). `version` and `created` say which version this is and are not
compared."""

_EARLY = """\
## Before 1.0.0

[Semantic Versioning](https://semver.org/spec/v2.0.0.html#spec-item-4) promises nothing for a number that begins with 0: tables and
fields still find their shape. There, what breaks raises the minor number, in `diff` as in `release`; everything else is as above. A change that breaks is called
so at any number, in `diff`, in the changelog and in `changes.json`."""

_RECIPE = """\
## Where this departs from the Data Package recipe

The [recipe for version numbers](https://datapackage.org/recipes/data-package-version/) of the Data Package standard is followed but for
these cases. The weightiest, the new field, would break a reader who finds columns by their position; these tables are read by name."""

_DEPARTURES = (
    (
        "Add a field: major",
        "field-added",
        "Code that names the fields it reads does not see a new one. Were every new field a major change, the number would tell nobody any more "
        "when code breaks.",
    ),
    (
        "Re-order fields: major",
        "no change",
        "File and schema stand in the same order before and after; whoever asks for a field by its name finds it.",
    ),
    (
        "Change the name of the data package: major",
        "package-metadata",
        "The name stands in no path and no key; code asks for tables and fields. Renaming those is a major change here, too.",
    ),
    (
        "Delete data that another resource refers to: major",
        "identifier-withdrawn",
        "Papers name records, too, so an identifier that goes is a major change whether or not a table refers to it.",
    ),
    (
        "The same, where a successor is named",
        "identifier-replaced",
        "Where the table of retired identifiers names the successor, every reference can be followed, so nothing is lost.",
    ),
    (
        "The same, of rows without an identifier",
        "row-removed",
        "Rows of tables of links have no name of their own that anyone could refer to; one too many was a mistake.",
    ),
    (
        "Change data to reflect changes in referenced data: minor",
        "value-corrected",
        "A cell is judged by what became of it: filled in is an addition, corrected a correction, for whatever reason.",
    ),
    (
        "Release for the first time: 1.0.0",
        "0.1.0",
        "The first release of this package is 0.1.0: it is out for use, and its structure may still change.",
    ),
)
"""What the recipe says; the rule that applies here, or in words what holds; and why."""


def versions_markdown() -> str:
    """How a version number follows from the changes, as Markdown: what `docs/versions.md` holds."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from (
        _HEAD,
        "",
        "## Classes",
        "",
        "| class | what it means to a reader | part that must rise | after 1.4.2 comes |",
        "|---|---|---|---|",
    )
    for kind, meaning in CLASSES.items():
        yield f"| {kind} | {meaning} | {BUMPS[kind]} | {raised('1.4.2', BUMPS[kind])} |"
    yield from ("", "Without a change there is nothing to release.", "", "## Rules", "")
    yield from ("| rule | level | class | part | reason |", "|---|---|---|---|---|")
    for rule in CHANGE_RULES.values():
        yield f"| `{rule.id}` | {rule.level} | {rule.kind} | {BUMPS[rule.kind]} | {rule.reason} |"
    yield from ("", _COMPARED, "", _EARLY, "", "| class | after 0.4.2 comes |", "|---|---|")
    for kind, part in BUMPS.items():
        yield f"| {kind} | {raised('0.4.2', 'minor' if part == 'major' else part)} |"
    yield from ("", _RECIPE, "", "| the recipe | here | why |", "|---|---|---|")
    for said, here, why in _DEPARTURES:
        yield f"| {said} | {f'{BUMPS[CHANGE_RULES[here].kind]} (`{here}`)' if here in CHANGE_RULES else here} | {why} |"
