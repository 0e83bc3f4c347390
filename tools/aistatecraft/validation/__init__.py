"""Validation: text first, then keys, then types and rules; each finding at its place, with a hint how to fix it.

What is exported here is imported when it is asked for: printing a table escapes it as a report does, and needs no checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aistatecraft.validation.report import Finding, Report
    from aistatecraft.validation.run import validate, validate_package

__all__ = ["Finding", "Report", "validate", "validate_package"]

_HOMES = {"Finding": "report", "Report": "report", "validate": "run", "validate_package": "run"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
