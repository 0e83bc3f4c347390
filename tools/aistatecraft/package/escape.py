"""Values from the data as text that nothing takes for more than text."""

from __future__ import annotations

import re

__all__ = ["AT", "escape_json", "escape_markdown", "printable"]

AT = "<code>&#64;</code>"
"""An at sign that mentions nobody: GitHub looks for mentions after the Markdown was read, where an entity is a plain sign, but not in code."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]")


def _written_out(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def printable(text: str, limit: int = 400) -> str:
    """`text` on one line, control characters written out, cut to `limit` characters."""
    shown = _CONTROL.sub(_written_out, text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def escape_json(text: str) -> str:
    """JSON without a character that a terminal obeys; the line breaks of its layout stay."""
    return re.sub(_CONTROL.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"), _written_out, text)


def escape_markdown(value: str, limit: int = 200) -> str:
    """`value` as text in Markdown: no markup, no mention, no link, one line."""
    escaped = printable(value, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"([\\`*_{}\[\]()#+!|~$])", r"\\\1", escaped)
    # A dash or a number with a dot opens a list, dashes alone draw a line.
    escaped = re.sub(
        r"^([-=]+(?=\s|$))|^([0-9]+)([.)](?=\s|$))", lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped
    )
    return escaped.replace("@", AT).replace("://", "&#58;//")
