"""Numbers and truth: `integer`, `number`, `boolean`.

Digits are grouped only where the schema names a groupChar, and then before the decimals, by threes (the groups before the last may
have two digits, as in 12,34,567): "1,5" is not the number 15, and "12.345,6" is not 12.3456.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from aistatecraft.package.field_types.base import FieldType

__all__ = ["BooleanType", "IntegerType", "NumberType", "within_64_bits"]

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPECIAL = {"NaN": math.nan, "INF": math.inf, "-INF": -math.inf}
_DASHES = r"\-‐‑‒–—−"


def within_64_bits(text: str) -> int:
    """The whole number of a text of digits; `ValueError` where it needs more than 64 bits."""
    # Looked at before it is made a number: Python refuses thousands of digits with words of its own.
    value = int(text) if len(text.lstrip("+-0")) <= 19 else 2**63
    if not -(2**63) <= value < 2**63:
        raise ValueError("is outside -9223372036854775808 to 9223372036854775807, the integers that data frames and databases support")
    return value


class _Digits(FieldType):
    """What integer and number share: group characters, and signs around the number."""

    numeric = True
    ordered = True
    sql_ordered = True
    spreadsheet = "number"

    def read_properties(self, properties: Mapping[str, Any]) -> None:
        self.point = _mark(properties, "decimalChar", ".") if self.decimals else "."
        self.group = _mark(properties, "groupChar", "")
        bare = properties.get("bareNumber", True)
        if not isinstance(bare, bool):
            raise ValueError(f"bareNumber must be true or false, not {bare!r}")
        if self.group == self.point:
            raise ValueError(f"decimalChar and groupChar are both {self.point!r}; they must differ")
        self.bare = bare
        if self.standard:
            return
        point, group = re.escape(self.point), re.escape(self.group)
        whole = rf"[0-9]{{1,3}}(?:{group}[0-9]{{2,3}})*{group}[0-9]{{3}}|[0-9]+" if self.group else "[0-9]+"
        number = rf"[+-]?(?:(?:{whole})(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?" if self.decimals else rf"[+-]?(?:{whole})"
        # A dash before the number is its sign, and is never taken for something written around it.
        around = rf"[^\d{_DASHES}]*?(?P<number>{number})\D*" if not bare else rf"(?P<number>{number})"
        self._written = re.compile(around)

    @property
    def standard(self) -> bool:
        return self.point == "." and not self.group and self.bare

    def plain(self, text: str) -> str:
        """The number alone, in digits and with a decimal point; the text itself where it is not written as the field asks."""
        if text in _SPECIAL:
            return text
        match = self._written.fullmatch(text)
        if match is None:
            raise ValueError(self._reason())
        found = match["number"]
        return (found.replace(self.group, "") if self.group else found).replace(self.point, ".")

    def _reason(self) -> str:
        what = (
            f"a number written with {'a decimal point' if self.point == '.' else f'{self.point!r} before decimals'}"
            if self.decimals
            else "a whole number"
        )
        return f"is not {what}" + (f", and {self.group!r} only between thousands" if self.group else "")

    def json(self, value: Any, text: str) -> Any:
        return value if math.isfinite(value) else text  # JSON has no NaN and no infinity

    def export(self, value: Any) -> Any:
        return value


def _mark(properties: Mapping[str, Any], name: str, default: str) -> str:
    mark = properties.get(name, default)
    if not isinstance(mark, str) or any(sign.isdigit() or sign in "+-eE" for sign in mark) or (default and not mark):
        raise ValueError(f"{name} must be a text without digits and signs, not {mark!r}")
    return mark


class IntegerType(_Digits):
    """Whole numbers of 64 bits."""

    name = "integer"
    properties = ("groupChar", "bareNumber")
    dtype = "Int64"
    categorical = True
    quick = "[+-]?[0-9]{1,18}"
    quick_value = int
    arrow = "int64"
    sqlite = "INTEGER"
    croissant = "sc:Integer"

    def parse(self, text: str) -> int:
        if not self.standard:
            text = self.plain(text)
        if _INTEGER.fullmatch(text) is None:
            raise ValueError("is not a whole number")
        return within_64_bits(text)

    def stepped(self, value: Any, step: int) -> tuple[Any, int]:
        return value + step, 0


class NumberType(_Digits):
    """Numbers as floats of 64 bits; NaN, INF and -INF are numbers."""

    name = "number"
    properties = ("decimalChar", "groupChar", "bareNumber")
    dtype = "Float64"
    decimals = True
    quick = r"[+-]?[0-9]{1,100}(?:\.[0-9]{1,100})?"
    quick_value = float
    arrow = "float64"
    sqlite = "REAL"
    croissant = "sc:Float"

    def parse(self, text: str) -> float:
        if not self.standard:
            text = self.plain(text)
        if _NUMBER.fullmatch(text) is None:
            special = _SPECIAL.get(text)
            if special is None:
                raise ValueError("is not a number written with a decimal point")
            return special
        value = float(text)
        if math.isinf(value):
            raise ValueError("is larger than the numbers that data frames and databases support")
        return value

    def literal(self, value: Any) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return NumberType().parse(str(value))
        return super().literal(value)

    def text(self, value: Any) -> str:
        special = "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
        return repr(float(value)).removesuffix(".0") if math.isfinite(value) else special

    def write(self, value: Any) -> str:
        return self.text(value).replace(".", self.point)

    def rank(self, value: Any) -> Any:
        return (1, 0.0) if math.isnan(value) else (0, value)


class BooleanType(FieldType):
    """True and false, in the words of the schema."""

    name = "boolean"
    properties = ("trueValues", "falseValues")
    dtype = "boolean"
    own_texts = frozenset({"true", "false"})
    arrow = "bool_"
    sqlite = "INTEGER"
    croissant = "sc:Boolean"
    spreadsheet = "boolean"

    def read_properties(self, properties: Mapping[str, Any]) -> None:
        self.true = self._words(properties, "trueValues", ["true", "True", "TRUE", "1"])
        self.false = self._words(properties, "falseValues", ["false", "False", "FALSE", "0"])

    @staticmethod
    def _words(properties: Mapping[str, Any], name: str, default: list[str]) -> list[str]:
        words = properties.get(name, default)
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError(f"{name} must be a list of texts, not {words!r}")
        return words

    def parse(self, text: str) -> bool:
        if text in self.true:
            return True
        if text in self.false:
            return False
        raise ValueError(f"is neither {' or '.join(sorted(self.true))} nor {' or '.join(sorted(self.false))}")

    def literal(self, value: Any) -> Any:
        return value if isinstance(value, bool) else super().literal(value)  # whatever the words for true and false are

    def text(self, value: Any) -> str:
        return "true" if value else "false"

    def write(self, value: Any) -> str:
        words, usual = (self.true, "true") if value else (self.false, "false")
        return usual if usual in words else next(iter(words), "")

    def json(self, value: Any, text: str) -> Any:
        return value

    def export(self, value: Any) -> Any:
        return value

    def sql_check(self, name: str) -> str:
        return f"{name} IN (0, 1)"
