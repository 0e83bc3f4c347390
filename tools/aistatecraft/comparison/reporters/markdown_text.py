"""Texts of the data inside Markdown."""

from __future__ import annotations

import re

from aistatecraft.package.escape import AT, escape_markdown, printable

__all__ = ["as_code", "as_words", "escaped"]

_WWW = re.compile(r"(www)\.", re.IGNORECASE)
_NAME = re.compile(r"[\w./:,=+-]+( [\w./:,=+-]+)*")
_MEANT = re.compile(r"[@#<>]|:\S|www\.|GH-", re.IGNORECASE)
"""What GitHub may make a mention, an issue, an emoji or a link of."""


def escaped(text: str, limit: int = 200) -> str:
    """`text` so that GitHub makes neither markup nor a link of it, for use inside `<code>`.

    Mentions, numbers of issues and emoji are looked for after the Markdown was read, where no backslash and no entity hides
    them, but never in code. A comment that shows nothing keeps addresses of mail from becoming links.
    """
    return _WWW.sub(r"\1&#46;", escape_markdown(text, limit).replace(AT, "&#64;<!-- -->"))


def as_code(text: str, limit: int = 200) -> str:
    """`text` in the letters of code; in backticks where it has nothing to escape, so that the source reads well."""
    if len(text) <= limit and text.isprintable() and _NAME.fullmatch(text):
        return f"`{text}`"
    return f"<code>{escaped(text, limit)}</code>"


def as_words(text: str, limit: int = 100) -> str:
    """`text` as running text, with as few escapes as will do; as code where GitHub could make more of it."""
    if _MEANT.search(text) or not text.strip():
        return as_code(text, limit)
    return re.sub(r"([\\`*_\[\]|~$&])", r"\\\1", printable(text, limit))
