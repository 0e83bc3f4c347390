"""The types of fields that Table Schema v2 defines, one class each: from the text of a cell to its value and on to every format.

A type stands in `FIELD_TYPES` and nowhere else: schemas, checks, data frames, diffs and exports ask its class. Where this package is
stricter than other readers is listed in docs/limits.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from aistatecraft.package.field_types.base import FieldType
from aistatecraft.package.field_types.numbers import BooleanType, IntegerType, NumberType
from aistatecraft.package.field_types.structures import ArrayType, GeojsonType, GeopointType, ListType, ObjectType
from aistatecraft.package.field_types.texts import AnyType, StringType
from aistatecraft.package.field_types.times import DatetimeType, DateType, Duration, DurationType, TimeType, YearmonthType, YearType

__all__ = ["FIELD_TYPES", "Duration", "FieldType", "StringType"]

_ALL: tuple[type[FieldType], ...] = (
    StringType, IntegerType, NumberType, BooleanType, DateType, DatetimeType, TimeType, YearType, YearmonthType, DurationType,
    ListType, ArrayType, ObjectType, GeopointType, GeojsonType, AnyType,
)  # fmt: skip
FIELD_TYPES: Mapping[str, type[FieldType]] = {kind.name: kind for kind in _ALL}
"""Field types by name."""
