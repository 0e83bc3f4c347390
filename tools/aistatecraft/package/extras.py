"""Libraries that only some formats and commands need, each brought by an extra."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from aistatecraft.errors import AistatecraftError, UsageError

__all__ = ["LIBRARIES", "imported", "installed", "library", "naming_broken_libraries"]

LIBRARIES = {"arrow": "pyarrow", "xlsx": "xlsxwriter", "polars": "polars", "duckdb": "duckdb", "networks": "networkx"}
"""The library that each extra brings."""


def library(name: str, *, format: str, extra: str) -> Any:
    """The module `name`; `UsageError` with the extra to install where it is missing or cannot be imported."""
    return imported(name, f"the format {format} needs the library {name.partition('.')[0]}", extra=extra)


def imported(name: str, needed: str, *, extra: str, instead: str = "") -> Any:
    """The module `name`; `UsageError` where there is none that works.

    Parameters
    ----------
    name : the module
    needed : the beginning of the message: what needs the library, which it names last
    extra : the extra that brings it
    instead : what else can be done, such as ", or ..."
    """
    try:
        return importlib.import_module(name)
    except Exception as error:  # an installation can be broken in whatever way
        missing = isinstance(error, ModuleNotFoundError) and error.name == name.partition(".")[0]
        state = "is not installed; install it:" if missing else f"is installed but cannot be imported ({_reason(error)}); install it again:"
        again = "" if missing else " --force-reinstall"
        raise UsageError(f"{needed}, which {state} pip install{again} 'aistatecraft[{extra}]'{instead}.") from None


@contextmanager
def naming_broken_libraries() -> Iterator[None]:
    """`UsageError` in place of any error in the import of a library: pandas, say, imports pyarrow and lets its errors through."""
    try:
        yield
    except AistatecraftError:
        raise
    except Exception as error:
        name = _imported_last(error.__traceback__)
        if name is None:
            raise
        extra = next((extra for extra, library in LIBRARIES.items() if library == name), None)
        again = name if extra is None else f"'aistatecraft[{extra}]'"
        raise UsageError(
            f"the library {name} is installed but cannot be imported ({_reason(error)}); install it again: pip install --force-reinstall {again}."
        ) from None


def _imported_last(trace: TracebackType | None) -> str | None:
    """The library in whose import an error arose; None for any other error."""
    names: list[str] = []
    importing = False
    while trace is not None:
        frame = trace.tb_frame
        name = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        names.append(name)
        importing = name != "aistatecraft" and (importing or frame.f_code.co_name == "<module>")
        trace = trace.tb_next
    return names[-1] if importing else None


def _reason(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def installed(name: str) -> bool:
    """Whether there is a library of this name, which is not imported."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False
