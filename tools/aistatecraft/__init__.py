"""aistatecraft: how states compete, cooperate and hedge over artificial intelligence, as tidy tables with evidence.

>>> import aistatecraft as ai
>>> ai.load("strategies")            # a pandas DataFrame
>>> ai.sources_of("strategies", "bra-ebia-2021")
>>> ai.views.index("ilia", "2025")   # the frameworks of the founding documents
>>> print(ai.cite())

Importing this package imports nothing else: pandas and the rest come when a function needs them.
"""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aistatecraft import views as views
    from aistatecraft.citing import cite as cite
    from aistatecraft.diff import diff as diff
    from aistatecraft.errors import AistatecraftError as AistatecraftError
    from aistatecraft.errors import Damaged as Damaged
    from aistatecraft.errors import Refused as Refused
    from aistatecraft.errors import Unreadable as Unreadable
    from aistatecraft.errors import WrongUse as WrongUse
    from aistatecraft.finding import find as find
    from aistatecraft.reading.edtf import bounds as bounds
    from aistatecraft.release.verify import verify as verify
    from aistatecraft.tables import codebook as codebook
    from aistatecraft.tables import describe as describe
    from aistatecraft.tables import load as load
    from aistatecraft.tables import missing as missing
    from aistatecraft.tables import schema as schema
    from aistatecraft.tables import sources_of as sources_of
    from aistatecraft.tables import support as support
    from aistatecraft.tables import tables as tables
    from aistatecraft.validation import validate as validate
    from aistatecraft.versions import history as history
    from aistatecraft.versions import releases_from as releases_from
    from aistatecraft.versions import versions as versions
    from aistatecraft.views.disputed import disputes as disputes

    version: str
    __version__: str

_HOMES = {
    "cite": "aistatecraft.citing",
    "diff": "aistatecraft.diff",
    "AistatecraftError": "aistatecraft.errors",
    "Damaged": "aistatecraft.errors",
    "Refused": "aistatecraft.errors",
    "Unreadable": "aistatecraft.errors",
    "WrongUse": "aistatecraft.errors",
    "bounds": "aistatecraft.reading.edtf",
    "find": "aistatecraft.finding",
    "verify": "aistatecraft.release.verify",
    "codebook": "aistatecraft.tables",
    "describe": "aistatecraft.tables",
    "load": "aistatecraft.tables",
    "missing": "aistatecraft.tables",
    "schema": "aistatecraft.tables",
    "sources_of": "aistatecraft.tables",
    "support": "aistatecraft.tables",
    "tables": "aistatecraft.tables",
    "validate": "aistatecraft.validation",
    "disputes": "aistatecraft.views.disputed",
    "history": "aistatecraft.versions",
    "releases_from": "aistatecraft.versions",
    "versions": "aistatecraft.versions",
}

__all__ = [*_HOMES, "__version__", "version", "views"]


def __getattr__(name: str) -> Any:
    if name in ("version", "__version__"):
        from aistatecraft.reading.installed import installed

        return installed().version
    import importlib

    if name == "views":
        return importlib.import_module("aistatecraft.views")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'aistatecraft' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    # Kept, so that the next look-up is a plain one; also where a subpackage has the name of the function.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(types.ModuleType):
    """This package: its functions keep their names where a module of the same name is imported (diff, tables, codebook)."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, types.ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
