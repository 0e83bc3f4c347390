"""Days, times and durations: `date`, `datetime`, `time`, `year`, `yearmonth`, `duration`.

Formats of date, datetime and time are `default` (ISO 8601), `any`, and patterns of strptime such as ``%d/%m/%Y``. `any` is read by
dateutil, but only where the text names the whole day (or the time): what is left out would be taken from today.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aistatecraft.package.field_types.base import FieldType
from aistatecraft.package.field_types.numbers import within_64_bits

__all__ = ["DateType", "DatetimeType", "Duration", "DurationType", "TimeType", "YearType", "YearmonthType"]

_YEAR = re.compile(r"(?!-0+$)-?(?:0[0-9]{3}|[1-9][0-9]{3,})")
_YEARMONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_TIME = re.compile(_CLOCK)
_DATETIME = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}")
_DURATION = re.compile(
    r"(?P<sign>-?)P(?=[0-9T])(?:(?P<weeks>[0-9]+)W|(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]{1,6})?)S)?)?)"
)
_MOST_TEXT = 100
"""Longer texts are no time; dateutil would look at every word of them."""
_SAMPLE = dt.datetime(2001, 2, 3, 4, 5, 6, 7, dt.UTC)
_FIRST, _SECOND = dt.datetime(2000, 1, 1), dt.datetime(2001, 2, 2, 1, 1)  # alike in nothing


class _Moment(FieldType):
    """What date, datetime and time share: their formats."""

    formats = ("default", "any")
    ordered = True
    what = ""
    """What a text is not, where it is not of the default format."""

    @classmethod
    def knows(cls, format: str) -> bool:
        if format in cls.formats:
            return True
        pattern = format.removeprefix("fmt:")  # as it was written before version 1 of the standard
        try:
            return "%" in pattern and dt.datetime.strptime(_SAMPLE.strftime(pattern), pattern) != dt.datetime(1900, 1, 1)
        except (ValueError, re.error):
            return False

    @classmethod
    def known_formats(cls) -> str:
        return f"{super().known_formats()} and patterns such as %d/%m/%Y"

    def read_properties(self, properties: Mapping[str, Any]) -> None:
        self.pattern = self.format.removeprefix("fmt:") if "%" in self.format else ""

    def parse(self, text: str) -> Any:
        if self.format == "default":
            return self._iso(text)
        if any(sign.isdigit() and not sign.isascii() for sign in text) or text != text.strip() or len(text) > _MOST_TEXT:
            raise ValueError(f"is not {self.what}")
        return self._part(self._by_pattern(text) if self.pattern else self._by_any(text))

    def _by_pattern(self, text: str) -> dt.datetime:
        try:
            return dt.datetime.strptime(text, self.pattern)
        except ValueError as error:
            exists = "does not match" not in str(error) and "unconverted" not in str(error)
            raise ValueError(
                f"is not {self.what} that exists ({error})" if exists else f"is not {self.what} written as {self.pattern}"
            ) from None

    def _by_any(self, text: str) -> dt.datetime:
        from frictionless.platform import platform  # it brings dateutil, and reads this format by it

        parse: Callable[..., dt.datetime] = platform.dateutil_parser.parse
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # of a zone whose name dateutil does not know
                first: dt.datetime = parse(text, default=_FIRST)
                second: dt.datetime = parse(text, default=_SECOND)
        except (ValueError, OverflowError, TypeError, AttributeError, Warning):
            raise ValueError(f"is not {self.what} in any known form") from None
        if not self._whole(first, second):
            raise ValueError(f"does not give all of {self.what}")
        return first

    @staticmethod
    def _whole(first: dt.datetime, second: dt.datetime) -> bool:
        return first.date() == second.date()

    @abstractmethod
    def _iso(self, text: str) -> Any:
        """The value of a text in the default format."""

    def _part(self, value: dt.datetime) -> Any:
        return value

    def write(self, value: Any) -> str:
        # Years of fewer digits are padded by some systems and not by others.
        year = getattr(value, "year", 1900)
        return value.strftime(self.pattern.replace("%Y", f"{year:04d}")) if self.pattern else self.text(value)

    def text(self, value: Any) -> str:
        text: str = value.isoformat()
        return text

    def literal(self, value: Any) -> Any:
        try:
            return super().literal(value)
        except ValueError:
            if self.format == "default" or not isinstance(value, str):
                raise
            try:
                return self._iso(value)  # bounds are also written in the default format
            except ValueError:
                pass
            raise

    def of_frame(self, value: Any) -> Any:
        return self._iso(value) if isinstance(value, str) else value

    def json(self, value: Any, text: str) -> Any:
        return text if self.format == "default" else self.text(value)


class DateType(_Moment):
    """Days."""

    name = "date"
    what = "a date"
    dtype = "datetime64[s]"
    calendar = True
    quick = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    quick_value = dt.date.fromisoformat
    arrow = "date32"
    sql_ordered = True
    croissant = "sc:Date"
    spreadsheet = "date"

    def _iso(self, text: str) -> dt.date:
        if _DATE.fullmatch(text) is None:
            raise ValueError("is not a date written as YYYY-MM-DD")
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"is not a day that exists ({error})") from None

    def _part(self, value: dt.datetime) -> dt.date:
        return value.date()

    def stepped(self, value: Any, step: int) -> tuple[Any, int]:
        return value + dt.timedelta(days=step), 0

    def column(self, values: Any) -> Any:
        import pandas as pd

        return pd.array(pd.Series(list(values), dtype="datetime64[s]"))

    def export(self, value: Any) -> Any:
        return value

    def sql_check(self, name: str) -> str:
        return f"date({name}, '+0 days') IS {name}"  # without the second word SQLite lets 30 February pass


class DatetimeType(_Moment):
    """Days with a time, with or without a zone. In frames and exports they are ISO text: no other type keeps both."""

    name = "datetime"
    what = "a time"
    calendar = True

    def _iso(self, text: str) -> dt.datetime:
        if _DATETIME.fullmatch(text) is None:
            raise ValueError("is not a time written as YYYY-MM-DDThh:mm:ss, with Z or an offset where the zone is known")
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"is not a time that exists ({error})") from None

    def rank(self, value: Any) -> Any:
        return (1, value) if value.tzinfo else (0, value)  # with and without a zone there is no order


class TimeType(_Moment):
    """Times of day, with or without a zone; ISO text in frames and exports."""

    name = "time"
    what = "a time of day"

    def _iso(self, text: str) -> dt.time:
        if _TIME.fullmatch(text) is None:
            raise ValueError("is not a time of day written as hh:mm:ss")
        try:
            return dt.time.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"is not a time of day that exists ({error})") from None

    def _part(self, value: dt.datetime) -> dt.time:
        return value.timetz()

    @staticmethod
    def _whole(first: dt.datetime, second: dt.datetime) -> bool:
        return (first.hour, first.minute) == (second.hour, second.minute)

    def rank(self, value: Any) -> Any:
        return (1, value) if value.tzinfo else (0, value)


class YearType(FieldType):
    """Years of at least four digits."""

    name = "year"
    dtype = "Int64"
    numeric = True
    calendar = True
    ordered = True
    quick = "[0-9]{4}"
    quick_value = int
    arrow = "int64"
    sqlite = "INTEGER"
    sql_ordered = True
    croissant = "sc:Integer"
    spreadsheet = "number"

    def parse(self, text: str) -> int:
        if _YEAR.fullmatch(text) is None:
            raise ValueError("is not a year of four digits")
        return within_64_bits(text)

    def text(self, value: Any) -> str:
        return f"{'-' if value < 0 else ''}{abs(value):04d}"

    def stepped(self, value: Any, step: int) -> tuple[Any, int]:
        return value + step, 0

    def export(self, value: Any) -> Any:
        return value

    def json(self, value: Any, text: str) -> Any:
        return value


class YearmonthType(FieldType):
    """Months; their values are pairs of year and month, and text in frames and exports."""

    name = "yearmonth"
    calendar = True
    ordered = True
    sql_ordered = True

    def parse(self, text: str) -> tuple[int, int]:
        if _YEARMONTH.fullmatch(text) is None:
            raise ValueError("is not a month written as YYYY-MM")
        year, month = int(text[:4]), int(text[5:])
        if not 1 <= month <= 12:
            raise ValueError(f"names month {month}, which does not exist")
        return year, month

    def text(self, value: Any) -> str:
        return f"{value[0]:04d}-{value[1]:02d}"

    def stepped(self, value: Any, step: int) -> tuple[Any, int]:
        return value[0] * 12 + value[1] + step, 0


_REFERENCES = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
"""Months from which XML Schema counts to tell whether one duration is always longer than another."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time: calendar months, and microseconds. P1M and P30D are two durations, neither shorter than the other."""

    months: int
    microseconds: int

    def _lengths(self) -> list[int]:
        lengths = []
        for year, month in _REFERENCES:
            at = year * 12 + month - 1 + self.months
            days = (
                dt.date(at // 12, at % 12 + 1, 1) - dt.date(year, month, 1)
                if 12 <= at < 9999 * 12
                else dt.timedelta(self.months * 30.436875)
            )
            lengths.append(days // dt.timedelta(microseconds=1) + self.microseconds)
        return lengths

    def __lt__(self, other: Duration) -> bool:
        return self._signs(other) == {-1}

    def __gt__(self, other: Duration) -> bool:
        return self._signs(other) == {1}

    def __le__(self, other: Duration) -> bool:
        return 1 not in self._signs(other)

    def __ge__(self, other: Duration) -> bool:
        return -1 not in self._signs(other)

    def _signs(self, other: Duration) -> set[int]:
        """Whether it is shorter (-1), as long (0) or longer (1), counted from each of the months."""
        if not isinstance(other, Duration):
            raise TypeError("a duration can only be compared with a duration")
        signs = {(first > second) - (first < second) for first, second in zip(self._lengths(), other._lengths(), strict=True)}
        if {-1, 1} <= signs:
            raise TypeError("neither duration is always longer")
        return signs


class DurationType(FieldType):
    """Durations of ISO 8601: P1Y2M3DT4H5M6.5S or P2W; only seconds have decimals. Text in frames and exports."""

    name = "duration"
    ordered = True

    def parse(self, text: str) -> Duration:
        match = _DURATION.fullmatch(text)
        if match is None:
            raise ValueError("is not a duration written as P1Y2M3DT4H5M6S or P2W")
        if any(len(part) > 9 for part in re.split(r"[^0-9]+", text)):
            raise ValueError("is too long a duration for calendars")
        part = {name: int(found or 0) for name, found in match.groupdict().items() if name not in ("sign", "seconds")}
        whole, _, fraction = (match["seconds"] or "0").partition(".")
        seconds = (((part["weeks"] * 7 + part["days"]) * 24 + part["hours"]) * 60 + part["minutes"]) * 60 + int(whole)
        sign = -1 if match["sign"] else 1
        return Duration(sign * (part["years"] * 12 + part["months"]), sign * (seconds * 1_000_000 + int(fraction.ljust(6, "0"))))

    def text(self, value: Any) -> str:
        if value == Duration(0, 0):
            return "PT0S"
        seconds, micro = divmod(abs(value.microseconds), 1_000_000)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        years, months = divmod(abs(value.months), 12)
        decimals = f".{micro:06d}".rstrip("0") if micro else ""
        date = "".join(f"{number}{unit}" for number, unit in ((years, "Y"), (months, "M"), (days, "D")) if number)
        clock = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
        if seconds or decimals:
            clock += f"{seconds}{decimals}S"
        sign = "-" if value.months < 0 or value.microseconds < 0 else ""
        return f"{sign}P{date}" + (f"T{clock}" if clock else "")

    def rank(self, value: Any) -> Any:
        return sum(value._lengths()), value.months
