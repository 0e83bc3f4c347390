"""Values from the data as text that nothing takes for more than text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import TypeVar

__all__ = ["AT", "Rows", "escape_json", "escape_markdown", "escape_terminal", "html_table", "printable"]

AT = "<code>&#64;</code>"
"""An at sign that mentions nobody: GitHub looks for mentions after the Markdown was read, where an entity is a plain sign, but not in code."""

T = TypeVar("T")
_LAYOUT = "\x00-\x1f"
_INVISIBLE = (
    "\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Beside the control characters: what sets the direction of text, what is not seen, and what is no character (some of it not in XML)."""
_ONE_LINE = re.compile(f"[{_LAYOUT}{_INVISIBLE}]")
_JSON = re.compile(f"[\x00-\x09\x0b-\x1f{_INVISIBLE}]")
_TERMINAL = re.compile(f"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f{_INVISIBLE}]")
_STYLE = re.compile("(\x1b\\[[0-9;]*m)")

# Invisible characters that belong to a text where they stand:
_JOINED = re.compile(
    "[\u0600-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
"""Letters of scripts that are written with joiners and non-joiners, such as Persian, Hindi, Sinhala and Mongolian."""
_EMOJI = re.compile("[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,8}\U000e007f")


_WWW = re.compile(r"(?<![\w/.])(www)\.", re.IGNORECASE)
"""What GitHub makes a link of, though nothing marks it as one."""


def _belongs(text: str, at: int) -> bool:
    """Whether an invisible character is part of how its neighbours are written: never two of them in a row, which could hide a message."""
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if char in "\u200c\u200d":
        return bool(_JOINED.match(before) or (char == "\u200d" and _EMOJI.match(before) and _EMOJI.match(after)))
    if "\u180b" <= char <= "\u180f":
        return "\u1820" <= before <= "\u18aa"
    if "\ufe00" <= char <= "\ufe0f":
        return after == "\u20e3" or (before > "\x7f" and not _ONE_LINE.match(before))
    if char >= "\U000e0100":
        return bool(_HAN.match(before))
    return any(found.start() < at < found.end() for found in _FLAG.finditer(text, max(at - 10, 0), at + 10))


def _written_out(found: re.Match[str]) -> str:
    """As JSON writes a character, so that JSON stays JSON: one beyond U+FFFF as two."""
    char = found[0]
    if char > "\x9f" and _belongs(found.string, found.start()):
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True))


def printable(text: str, limit: int = 400) -> str:
    """`text` on one line, control and invisible characters written out, cut to `limit` characters.

    What belongs to the spelling stays: joiners in the scripts that need them and in emoji, and variants of Chinese characters.
    """
    shown = _ONE_LINE.sub(_written_out, text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def escape_json(text: str) -> str:
    """JSON without a character that a terminal obeys; the line breaks of its layout stay."""
    return _JSON.sub(_written_out, text)


def escape_terminal(text: str, styled: bool = False) -> str:
    """Lines of text without a character that a terminal obeys or that is not seen; line breaks and tabs stay.

    With `styled` the codes for colours stay, too: for text whose values from the data went through `printable`.
    """
    if styled:
        return "".join(part if at % 2 else escape_terminal(part) for at, part in enumerate(_STYLE.split(text)))
    return _TERMINAL.sub(_written_out, text)


def html_table(caption: str, names: Sequence[str], rows: Sequence[Sequence[object]], most: int = 100) -> str:
    """A plain table in HTML for a notebook, of at most so many rows; values stay text, and there is no script in it."""
    import html

    def cells(tag: str, values: Sequence[object]) -> str:
        return "".join(f"<{tag}>{html.escape(printable('' if value is None else str(value)))}</{tag}>" for value in values)

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows[:most])
    more = f"<p>... and {len(rows) - most:,} more</p>" if len(rows) > most else ""
    table = f"<table><thead><tr>{cells('th', names)}</tr></thead><tbody>{body}</tbody></table>" if rows else ""
    return f"<div><p>{html.escape(printable(caption))}</p>{table}{more}</div>"


class Rows(list[T]):
    """A list of dataclass values that a notebook shows as a table."""

    def _repr_html_(self) -> str:
        """The list for a notebook."""
        names = [each.name for each in fields(self[0])] if self else []  # type: ignore[arg-type]
        shown = [name for name in names if any(isinstance(getattr(one, name), str | int) and getattr(one, name) != "" for one in self)]
        return html_table(
            f"{len(self):,} row{'s' if len(self) != 1 else ''}", shown, [[getattr(one, name) for name in shown] for one in self]
        )


def escape_markdown(value: str, limit: int = 200) -> str:
    """`value` as text in Markdown: no markup, no mention, no link, one line."""
    escaped = printable(value, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"([\\`*_{}\[\]()#+!|~$])", r"\\\1", escaped)
    # A dash or a number with a dot opens a list, dashes alone draw a line.
    escaped = re.sub(
        r"^([-=]+(?=\s|$))|^([0-9]+)([.)](?=\s|$))", lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped
    )
    return _WWW.sub(r"\1&#46;", escaped.replace("@", AT).replace("://", "&#58;//"))
