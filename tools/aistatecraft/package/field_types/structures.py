"""Values with parts: `list`, `array`, `object`, `geopoint`, `geojson`.

All but lists are JSON, read strictly: no name twice in an object, no NaN, no infinity. In exports lists and points are lists, and
JSON stays text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from aistatecraft.package.field_types.base import FieldType
from aistatecraft.package.strict_json import strict_json

__all__ = ["ArrayType", "GeojsonType", "GeopointType", "ListType", "ObjectType"]

_COORDINATE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def _parsed(text: str) -> Any:
    try:
        return strict_json(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON ({error.msg} at character {error.pos + 1})") from None
    except UnicodeEncodeError:
        raise ValueError("is JSON with half a surrogate pair, which is not a character") from None
    except RecursionError:
        raise ValueError("is JSON nested too deeply to be read") from None
    except ValueError as error:
        raise ValueError(f"is not JSON that all programs read the same way ({error})") from None


def _numeric(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class _Json(FieldType):
    """What the types written as JSON share."""

    dtype = "object"
    structured = True
    wanted: type = object
    said = ""

    def parse(self, text: str) -> Any:
        return self._checked(_parsed(text))

    def _checked(self, found: Any) -> Any:
        if not isinstance(found, self.wanted):
            raise ValueError(f"is JSON but not an {self.said}")
        return found

    def literal(self, value: Any) -> Any:
        return self._checked(value) if isinstance(value, (dict, list)) else super().literal(value)

    def text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def identity(self, value: Any) -> Any:
        return json.dumps(value, sort_keys=True)

    def json(self, value: Any, text: str) -> Any:
        return value

    def sql_check(self, name: str) -> str:
        return f"{name} IS NULL OR json_valid({name})"


class ObjectType(_Json):
    """JSON objects."""

    name = "object"
    sized = "properties"
    json_schema = True
    wanted = dict
    said = "object"


class ArrayType(_Json):
    """JSON arrays."""

    name = "array"
    sized = "items"
    sql_size = "json_array_length"
    json_schema = True
    wanted = list
    said = "array"


class GeojsonType(_Json):
    """GeoJSON or TopoJSON objects, judged by the profiles that come with frictionless."""

    name = "geojson"
    formats = ("default", "topojson")
    json_schema = True
    wanted = dict
    said = "object"

    @cached_property
    def _reader(self) -> Callable[[Any], Any]:
        from frictionless.fields import GeojsonField

        made: Callable[[Any], Any] = GeojsonField(name="value", format=self.format).create_value_reader()  # type: ignore[no-untyped-call]
        return made

    def _checked(self, found: Any) -> Any:
        if self._reader(super()._checked(found)) is None:
            raise ValueError(f"is JSON but not {'TopoJSON' if self.format == 'topojson' else 'GeoJSON'}")
        return found


class GeopointType(_Json):
    """Points of longitude and latitude in degrees; their values are pairs of floats."""

    name = "geopoint"
    formats = ("default", "array", "object")
    arrow = "list_"
    croissant = "sc:Float"
    array_shape = "2"

    def parse(self, text: str) -> tuple[float, float]:
        if self.format != "default":
            return self._checked(_parsed(text))
        parts = [part.strip(" ") for part in text.split(",")]
        if len(parts) != 2 or text != text.strip() or not all(map(_COORDINATE.fullmatch, parts)):
            raise ValueError("is not a point written as LONGITUDE,LATITUDE")
        return self._checked([float(part) for part in parts])

    def _checked(self, found: Any) -> tuple[float, float]:
        if isinstance(found, dict) and found.keys() == {"lon", "lat"} and self.format == "object":
            found = [found["lon"], found["lat"]]
        elif isinstance(found, dict) or self.format == "object":
            raise ValueError('is not a point written as {"lon": LONGITUDE, "lat": LATITUDE}')
        if not isinstance(found, list) or len(found) != 2 or not all(map(_numeric, found)):
            raise ValueError("is not a point of two numbers, longitude and latitude")
        # Compared before they become floats, which a whole number of hundreds of digits cannot.
        if not (-180 <= found[0] <= 180 and -90 <= found[1] <= 90):
            raise ValueError("is outside longitudes -180 to 180 and latitudes -90 to 90")
        return float(found[0]), float(found[1])

    def text(self, value: Any) -> str:
        return ",".join(repr(part).removesuffix(".0") for part in value)

    def write(self, value: Any) -> str:
        if self.format == "default":
            return self.text(value)
        return json.dumps(list(value) if self.format == "array" else {"lon": value[0], "lat": value[1]})

    def identity(self, value: Any) -> Any:
        return value

    def export(self, value: Any) -> Any:
        return list(value)

    def json(self, value: Any, text: str) -> Any:
        return list(value)

    def arrow_type(self, pa: Any) -> Any:
        return pa.list_(pa.float64())


class ListType(FieldType):
    """Values of one type, separated by a delimiter."""

    name = "list"
    properties = ("delimiter", "itemType")
    dtype = "object"
    sized = "items"
    sql_size = "json_array_length"
    structured = True
    array_shape = "-1"

    def read_properties(self, properties: Mapping[str, Any]) -> None:
        from aistatecraft.package.field_types import FIELD_TYPES

        delimiter, item = properties.get("delimiter", ","), properties.get("itemType", "string")
        for name, value in (("delimiter", delimiter), ("itemType", item)):
            if not isinstance(value, str) or not value:
                raise ValueError(f"{name} must be a text, not {value!r}")
        items = [name for name, kind in FIELD_TYPES.items() if not kind.structured]
        if item not in items:
            raise ValueError(f"the item type {item!r} is not supported; supported are {', '.join(items)}")
        self.delimiter = delimiter
        self.item = FIELD_TYPES[item]()
        self.croissant = self.item.croissant if self._keeps_items else "sc:Text"  # type: ignore[misc]

    @property
    def _keeps_items(self) -> bool:
        """Whether items keep their type in exports: numbers and truth do; dates become text, as they are in JSON."""
        return self.item.spreadsheet in ("number", "boolean")

    def parse(self, text: str) -> list[Any]:
        return [self.item.parse(part) for part in text.split(self.delimiter)]

    def literal(self, value: Any) -> Any:
        return [self.item.literal(part) for part in value] if isinstance(value, list) else super().literal(value)

    def text(self, value: Any) -> str:
        return str(self.delimiter.join(map(self.item.text, value)))

    def identity(self, value: Any) -> Any:
        return tuple(map(self.item.identity, value))

    def export(self, value: Any) -> Any:
        return [self.item.export(part) if self._keeps_items else self.item.text(part) for part in value]

    def json(self, value: Any, text: str) -> Any:
        return [self.item.json(part, self.item.text(part)) for part in value]

    def sql_check(self, name: str) -> str:
        return f"{name} IS NULL OR json_valid({name})"

    def arrow_type(self, pa: Any) -> Any:
        return pa.list_(self.item.arrow_type(pa) if self._keeps_items else pa.string())
