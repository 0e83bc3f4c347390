"""From the text of a cell to its value, type by type, as Table Schema v2 defines them and stricter where readers differ.

Only ASCII digits, no padding, no digit separators, exact ISO dates: what one program reads as a number and another as
text is refused. Each parser takes the text of a cell that is not missing and returns its value, or raises `ValueError`
whose message completes the sentence "<value> ...".
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

__all__ = ["PARSERS", "Parser", "parser"]

Parser = Callable[[str], Any]

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_YEAR = re.compile(r"(?!-0+$)-?(?:0[0-9]{3}|[1-9][0-9]{3,})")
_YEARMONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_SPACE = re.compile(r"\s")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x20\x7f-\x9f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")


def _string(text: str) -> str:
    return text


def _integer(text: str) -> int:
    if _INTEGER.fullmatch(text) is None:
        raise ValueError("is not a whole number")
    return _within_64_bits(text)


def _within_64_bits(text: str) -> int:
    # Looked at before it is made a number: Python refuses thousands of digits with words of its own.
    value = int(text) if len(text.lstrip("+-0")) <= 19 else 2**63
    if not -(2**63) <= value < 2**63:
        raise ValueError("is outside -9223372036854775808 to 9223372036854775807, the whole numbers that data frames and databases hold")
    return value


def _number(text: str) -> float:
    if _NUMBER.fullmatch(text) is None:
        special = {"NaN": math.nan, "INF": math.inf, "-INF": -math.inf}.get(text)
        if special is None:
            raise ValueError("is not a number written with a decimal point")
        return special
    value = float(text)
    if math.isinf(value):
        raise ValueError("is larger than the numbers that data frames and databases hold")
    return value


def _boolean(true: frozenset[str], false: frozenset[str]) -> Parser:
    def parse(text: str) -> bool:
        if text in true:
            return True
        if text in false:
            return False
        raise ValueError(f"is neither {' or '.join(sorted(true))} nor {' or '.join(sorted(false))}")

    return parse


def _date(text: str) -> dt.date:
    if _DATE.fullmatch(text) is None:
        raise ValueError("is not a date written as YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"is not a day that exists ({error})") from None


def _datetime(text: str) -> dt.datetime:
    if _DATETIME.fullmatch(text) is None:
        raise ValueError("is not a time written as YYYY-MM-DDThh:mm:ss, with Z or an offset where the zone is known")
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"is not a time that exists ({error})") from None


def _year(text: str) -> int:
    if _YEAR.fullmatch(text) is None:
        raise ValueError("is not a year of four digits")
    return _within_64_bits(text)


def _yearmonth(text: str) -> tuple[int, int]:
    if _YEARMONTH.fullmatch(text) is None:
        raise ValueError("is not a month written as YYYY-MM")
    year, month = int(text[:4]), int(text[5:])
    if not 1 <= month <= 12:
        raise ValueError(f"names month {month}, which does not exist")
    return year, month


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


def _list(delimiter: str, item: Parser) -> Parser:
    def parse(text: str) -> list[Any]:
        return [item(part) for part in text.split(delimiter)]

    return parse


PARSERS: dict[str, dict[str, Parser]] = {
    "string": {"default": _string, "email": _email, "uri": _uri, "uuid": _uuid},
    "integer": {"default": _integer},
    "number": {"default": _number},
    "date": {"default": _date},
    "datetime": {"default": _datetime},
    "year": {"default": _year},
    "yearmonth": {"default": _yearmonth},
    "any": {"default": _string},
}
"""Parsers by type and format; `boolean` and `list` are built from further properties of the field."""


def parser(kind: str, form: str, *, true: frozenset[str], false: frozenset[str], delimiter: str, item: str) -> Parser | None:
    """Parser for a field of type `kind` and format `form`, or None where there is none."""
    if kind == "boolean":
        return _boolean(true, false) if form == "default" else None
    if kind == "list":
        inner = PARSERS.get(item, {}).get("default")
        return _list(delimiter, inner) if inner and form == "default" else None
    return PARSERS.get(kind, {}).get(form)
