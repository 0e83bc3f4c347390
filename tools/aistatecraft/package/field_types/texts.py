"""Texts: `string` with its formats, and `any`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from aistatecraft.package.field_types.base import FieldType

__all__ = ["AnyType", "StringType"]

_SPACE = re.compile(r"\s")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x20\x7f-\x9f]")
_USUAL_ADDRESS = r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:[/?#][!-{}~]*)?"
"""Most addresses: a host of plain letters, and behind it anything of ASCII that can be seen, but for `|`."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")


def _any_text(text: str) -> str:
    return text


def _email(text: str) -> str:
    name, _, host = text.partition("@")
    if not name or "@" in host or "." not in host[1:-1] or _SPACE.search(text):
        raise ValueError("is not an e-mail address")
    return text


def _uri(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise ValueError(f"is not an address ({error})") from None
    if _SCHEME.fullmatch(parts.scheme) is None or _NOT_IN_ADDRESS.search(text):
        raise ValueError("is not an address with a scheme such as https and without spaces")
    if parts.scheme in ("http", "https", "ftp") and not parts.hostname:
        raise ValueError("is an address without a host")
    return text


def _uuid(text: str) -> str:
    if _UUID.fullmatch(text) is None:  # uuid.UUID() takes full-width digits, underscores, braces and no hyphens at all
        raise ValueError("is not a UUID written as 8-4-4-4-12 hexadecimal digits")
    return text


def _binary(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not base64") from None
    return text


class AnyType(FieldType):
    """Cells of which nothing is said: each text is its own value."""

    name = "any"
    textual = True
    sized = "characters"
    sql_size = "length"
    categorical = True

    @property
    def takes_any_text(self) -> bool:
        return type(self).parse is AnyType.parse

    def parse(self, text: str) -> Any:
        return text


class StringType(AnyType):
    """Texts. `binary` is base64 and stays a text."""

    name = "string"
    _forms: ClassVar[dict[str, Callable[[str], str]]] = {
        "default": _any_text,
        "email": _email,
        "uri": _uri,
        "uuid": _uuid,
        "binary": _binary,
    }
    formats = tuple(_forms)

    @property
    def takes_any_text(self) -> bool:
        return self.format == "default"

    @property
    def quick_text(self) -> str:
        return _USUAL_ADDRESS if self.format == "uri" else ""

    def parse(self, text: str) -> str:
        return self._forms[self.format](text)
