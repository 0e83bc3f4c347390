"""What `docs/versions.md` holds: every rule of `meaning` with its class and the part of the version number that it demands."""

from __future__ import annotations

from collections.abc import Iterator

from aistatecraft.comparison.change_rules import BUMPS, CHANGE_RULES, CLASSES, raised

__all__ = ["versions_markdown"]

_HEAD = """\
# Versions of the data

Generated from the rules; do not edit.

A version number tells users of the data what to do: after a **major** change, check your code; after a **minor** one, see what is new; after a
**patch**, run it again. The number is therefore not chosen but follows from the changes. `aistatecraft diff OLD NEW` finds every change. Each
change falls under one of the rules below; the rule determines its class, and the class a part of the version number. At least the highest part
required by any change must increase. `aistatecraft diff OLD NEW --bump` prints that part and the lowest possible number, such as
`minor (0.3.0)`, and `aistatecraft release` refuses a number that is too low.

Between two releases the package has the next version number with the suffix `-dev` (`0.4.0-dev`; in Python packaging tools `0.4.0.dev0`), which
`release` writes. Whether data are those of a release depends only on their content: they are if `diff` finds no change."""

_COMPARED = """\
The following do not count as changes, because users cannot notice them: the order of tables, rows and fields, quoting and line ends, the path
of a file, and properties derived from a file (`bytes`, `hash`, `rowCount`). `version` and `created` identify the version and are not
compared."""

_EARLY = """\
## Before 1.0.0

[Semantic Versioning](https://semver.org/spec/v2.0.0.html#spec-item-4) makes no promises for versions that begin with 0, because
tables and fields may still change. Before 1.0.0, a breaking change increases the minor number, in `diff` and in `release`; everything else is as above.
A breaking change is still called breaking in `diff`, in the changelog and in `changes.json`."""

_RECIPE = """\
## Differences from the Data Package recipe

The [recipe for version numbers](https://datapackage.org/recipes/data-package-version/) of the Data Package standard is followed, with the
exceptions below. The most important is the new field: it would break code that finds columns by position, but these tables are read by name."""

_DEPARTURES = (
    (
        "Add a field: major",
        "field-added",
        "Code that reads fields by name is not affected by a new one. If every new field were a major change, the number would no longer show "
        "when code breaks.",
    ),
    (
        "Re-order fields: major",
        "no change",
        "File and schema have the same order before and after, and fields are found by name.",
    ),
    (
        "Change the name of the data package: major",
        "package-metadata",
        "The name is not part of any path or key; code refers to tables and fields. Renaming those is a major change here too.",
    ),
    (
        "Delete data that another resource refers to: major",
        "identifier-withdrawn",
        "Papers also refer to records, so removing an identifier is a major change whether or not a table refers to it.",
    ),
    (
        "The same, with a successor",
        "identifier-replaced",
        "The table of retired identifiers names the successor, so every reference can be followed and nothing is lost.",
    ),
    (
        "The same, for rows without an identifier",
        "row-removed",
        "Rows of link tables have no identifier that anyone could refer to; removing one corrects a mistake.",
    ),
    (
        "Change data to reflect changes in referenced data: minor",
        "value-corrected",
        "A cell is classified by what happened to it: filling it in is an addition and correcting it is a correction, whatever the reason.",
    ),
    (
        "Release for the first time: 1.0.0",
        "0.1.0",
        "The first release of this package is 0.1.0: it can be used, but its structure may still change.",
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
        "| class | meaning for users | part that must increase | version after 1.4.2 |",
        "|---|---|---|---|",
    )
    for kind, meaning in CLASSES.items():
        yield f"| {kind} | {meaning} | {BUMPS[kind]} | {raised('1.4.2', BUMPS[kind])} |"
    yield from ("", "Without a change, there is nothing to release.", "", "## Rules", "")
    yield from ("| rule | level | class | part | reason |", "|---|---|---|---|---|")
    for rule in CHANGE_RULES.values():
        yield f"| `{rule.id}` | {rule.level} | {rule.kind} | {BUMPS[rule.kind]} | {rule.reason} |"
    yield from ("", _COMPARED, "", _EARLY, "", "| class | version after 0.4.2 |", "|---|---|")
    for kind, part in BUMPS.items():
        yield f"| {kind} | {raised('0.4.2', 'minor' if part == 'major' else part)} |"
    yield from ("", _RECIPE, "", "| the recipe | here | why |", "|---|---|---|")
    for said, here, why in _DEPARTURES:
        yield f"| {said} | {f'{BUMPS[CHANGE_RULES[here].kind]} (`{here}`)' if here in CHANGE_RULES else here} | {why} |"
