"""Whether a field admits more, less or other values than before: the value sets themselves are compared.

Constraints that limit the same thing are one group: the lower bound, the upper bound, the shortest and the longest text,
the vocabulary with the pattern. `minimum: 1` and `exclusiveMinimum: 0` of whole numbers are the same bound, and a bound
that cuts nothing off a vocabulary is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aistatecraft.comparison.regex_order import pattern_order, pattern_width
from aistatecraft.package import Field

__all__ = ["GROUPS", "admitted"]

GROUPS: dict[str, tuple[str, ...]] = {
    "lower": ("minimum", "exclusiveMinimum"),
    "upper": ("maximum", "exclusiveMaximum"),
    "shortest": ("minLength",),
    "longest": ("maxLength",),
    "required": ("required",),
    "unique": ("unique",),
    "values": ("enum", "pattern"),
}
"""Constraints by what they limit."""

_OPPOSITE = {"wider": "narrower", "narrower": "wider"}


def admitted(group: str, old: Field, new: Field) -> str:
    """How the values that `new` admits relate to those that `old` does, as far as one group goes.

    Returns
    -------
    "same", "wider", "narrower", or "other" where neither contains the other or it cannot be told
    """
    if group in ("required", "unique"):
        was, now = bool(old.limits.get(group)), bool(new.limits.get(group))
        return "same" if was == now else "narrower" if now else "wider"
    first, second = _finite(old), _finite(new)
    if first is not None and second is not None:
        # Both sets can be written down: what the group says counts only where the sets agree with it.
        whole = _sets(bool(second.keys() - first.keys()), bool(first.keys() - second.keys()))
        alone = whole if group == "values" or whole == "same" else _alone(group, old, new)
        return "same" if alone == _OPPOSITE.get(whole) else whole if alone == "other" else alone
    if group == "values":
        return _vocabularies(old, first, new, second)
    return _alone(group, old, new)


def _alone(group: str, old: Field, new: Field) -> str:
    """As `admitted`, for a bound."""
    upper = group in ("upper", "longest")
    bound: Callable[[Field, bool], Any] = _length if group in ("shortest", "longest") else _bound
    try:
        was, now = bound(old, upper), bound(new, upper)
        if was == now:
            return "same"
        if was is None or now is None:
            return "wider" if now is None else "narrower"
        return "narrower" if bool(now < was) == upper else "wider"
    except (TypeError, ValueError, OverflowError):  # of another type than before: that breaks anyway
        return "other"


def _length(field: Field, upper: bool) -> int | None:
    """The number of characters that length and pattern together ask for."""
    stated = field.limits.get("maxLength" if upper else "minLength", None if upper else 0)
    least, most = pattern_width(field.limits.get("pattern"))
    if not upper:
        return max(int(stated), least)
    return most if stated is None else int(stated) if most is None else min(int(stated), most)


def _bound(field: Field, upper: bool) -> tuple[Any, int] | None:
    """The tighter of the inclusive and the exclusive bound, as a value and a step beyond it."""
    inclusive, exclusive = GROUPS["upper" if upper else "lower"]
    found: list[tuple[Any, int]] = []
    for name, step in ((inclusive, 0), (exclusive, -1 if upper else 1)):
        if name in field.limits:
            found.append(field.kind.stepped(field.kind.literal(field.limits[name]), step))
    return (min if upper else max)(found) if found else None


def _finite(field: Field) -> dict[str, str] | None:
    """The values of a closed vocabulary that all constraints admit, in one form and as a cell holds them; None where the field is open."""
    sets = [[_written(field, value) for value in field.limits.get("enum") or ()], [category.value for category in field.categories]]
    forms = [{_form(field, text): text for text in texts} for texts in sets if texts]
    if not forms:
        return None
    return {form: text for form, text in forms[0].items() if all(form in other for other in forms) and _holds(field, text)}


def _written(field: Field, value: Any) -> str:
    """An entry of an enumeration as a cell would hold it."""
    return value if isinstance(value, str) else field.kind.write(field.kind.literal(value))


def _form(field: Field, text: str) -> str:
    """The same for all ways to write a value."""
    try:
        return repr(field.kind.identity(field.parse(text)))
    except ValueError:
        return ""


def _holds(field: Field, text: str) -> bool:
    try:
        value = field.parse(text)
    except ValueError:
        return False
    return all(constraint.holds(text, value) for constraint in field.constraints)


def _vocabularies(old: Field, first: dict[str, str] | None, new: Field, second: dict[str, str] | None) -> str:
    """As `admitted`, for vocabulary and pattern, where at least one of the fields is open."""
    if first is not None:
        return "wider" if all(_holds(new, text) for text in first.values()) else "other"
    if second is not None:
        return "narrower" if all(_holds(old, text) for text in second.values()) else "other"
    return pattern_order(old.limits.get("pattern"), new.limits.get("pattern")) or "other"


def _sets(more: bool, less: bool) -> str:
    return {(False, False): "same", (True, False): "wider", (False, True): "narrower", (True, True): "other"}[more, less]
