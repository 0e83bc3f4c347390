"""Libraries that only some formats need."""

from __future__ import annotations

import importlib
from typing import Any

from aistatecraft.errors import UsageError

__all__ = ["library", "missing_extra"]

_LIBRARIES = {"arrow": "pyarrow", "xlsx": "xlsxwriter"}
"""The library that each extra brings."""


def library(name: str, *, format: str, extra: str) -> Any:
    """The module `name`; `UsageError` with the extra to install where it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UsageError(
            f"the format {format} needs the library {name.partition('.')[0]}, which is not installed; install it: pip install 'aistatecraft[{extra}]'."
        ) from None


def missing_extra(format: str) -> str | None:
    """The extra that has to be installed before a format can be built; None where nothing is missing."""
    from importlib.util import find_spec

    from aistatecraft.export import EXPORT_FORMATS

    extra = EXPORT_FORMATS[format].extra
    return None if extra is None or find_spec(_LIBRARIES[extra]) is not None else extra
