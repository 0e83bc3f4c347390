"""The constraint jsonSchema: JSON Schema asked of values that are JSON. jsonschema is imported only where a field has the constraint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from aistatecraft.package.matching import Form, form_of

__all__ = ["json_schema_test"]


def _references(found: Any) -> Iterator[str]:
    waiting = [found]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            yield from (
                value for name, value in item.items() if name in ("$ref", "$dynamicRef", "$recursiveRef") and isinstance(value, str)
            )
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


@lru_cache(maxsize=128)
def _within(pattern: str) -> Form:
    # JSON Schema looks for a pattern anywhere in a text. Matching is bounded as that of the constraint pattern is.
    return form_of(f"(?s:.*)(?:{pattern})(?s:.*)")


def json_schema_test(schema: Any) -> Callable[[Any], bool]:
    """A test on parsed JSON: whether it fits `schema`.

    `ValueError` where that is no JSON Schema, or refers to another document: nothing is fetched. The message is a clause that stands
    after the constraint.
    """
    if not isinstance(schema, Mapping):
        raise ValueError(f"must be a JSON Schema, an object, not {schema!r}")
    if far := [name for name in _references(schema) if not name.startswith("#")]:
        raise ValueError(f"refers to {far[0]!r}, which is not fetched; include that schema under $defs")
    import jsonschema
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    def by_pattern(_validator: Any, pattern: Any, value: Any, _schema: Any) -> Iterator[Any]:
        if isinstance(value, str) and not _within(pattern).fits(value, "jsonSchema"):
            yield jsonschema.ValidationError("the text does not have the form")

    def by_names(validator: Any, patterns: Any, value: Any, _schema: Any) -> Iterator[Any]:
        for pattern, inner in patterns.items() if isinstance(value, Mapping) else ():
            for name, part in value.items():
                if _within(pattern).fits(name, "jsonSchema"):
                    yield from validator.descend(part, inner, path=name, schema_path=pattern)

    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        kind.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ValueError(f"is not a JSON Schema ({error.message[:200]})") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    bounded = jsonschema.validators.extend(kind, {"pattern": by_pattern, "patternProperties": by_names})
    validator = bounded(schema, registry=Registry())

    def holds(value: Any) -> bool:
        try:
            return bool(validator.is_valid(value))
        except (Unresolvable, RecursionError, re.error, OverflowError):  # a reference that leads nowhere or into a circle
            return False

    return holds
