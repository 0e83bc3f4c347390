"""What the package says when it cannot go on.

Every error is one sentence that names the place, the cause and the fix. The command line prints it and ends with
``exit_code``: 2 where the input cannot be read or the command was used wrongly, 1 where it was read and is not right.
"""

from __future__ import annotations

__all__ = ["AistatecraftError", "DataError", "ReadError", "RefusedError", "UnknownTable", "UsageError", "nearest", "plural"]


class AistatecraftError(Exception):
    """Base of all errors that this package raises on purpose."""

    exit_code = 2


class ReadError(AistatecraftError):
    """A file, archive or descriptor that cannot be read, or must not be."""


class UsageError(AistatecraftError, LookupError):
    """A table, field, record, version or option that does not exist."""


class UnknownTable(UsageError):
    """A table that the package does not have: perhaps another package was meant."""


class DataError(AistatecraftError):
    """A table that can be read but does not fit its schema."""

    exit_code = 1


class RefusedError(AistatecraftError):
    """A step that was understood and is not done, because it would break a promise (a release that exists, say)."""

    exit_code = 1


def nearest(word: object, choices: list[str]) -> str:
    """Words for the end of a sentence: the nearest of `choices` to `word`, else all of them when they are few."""
    if not choices:
        return "there are none yet."
    import difflib

    near = difflib.get_close_matches(str(word), choices, n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(near)}?"
    if len(choices) <= 30:
        return f"there are: {', '.join(choices)}."
    return f"there are {len(choices)}, such as {', '.join(choices[:5])}."


def plural(count: int, one: str, many: str = "") -> str:
    """``1 row``, ``2 rows``, ``1,000 entries``; `many` where the plural is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
