"""aistatecraft: how states compete, cooperate and hedge over artificial intelligence, as tidy tables with evidence.

Example
-------
>>> import aistatecraft as ai
>>> ai.load("strategies")            # a pandas DataFrame
>>> ai.sources_of("strategies", "bra-ebia-2021")
>>> ai.views.index("ilia", "2025")   # the frameworks of the founding documents
>>> print(ai.cite())

Importing this package imports nothing else: pandas and the rest come when a function needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aistatecraft import views as views
    from aistatecraft.analysis.acts import acts as acts
    from aistatecraft.analysis.acts import alignment as alignment
    from aistatecraft.analysis.acts import cosignature as cosignature
    from aistatecraft.analysis.as_of import in_force as in_force
    from aistatecraft.analysis.as_of import members as members
    from aistatecraft.analysis.as_of import signatories as signatories
    from aistatecraft.analysis.as_of import status as status
    from aistatecraft.analysis.hedging import hedging_measure as hedging_measure
    from aistatecraft.analysis.hedging import hedging_sensitivity as hedging_sensitivity
    from aistatecraft.analysis.names import convert as convert
    from aistatecraft.analysis.names import identify as identify
    from aistatecraft.analysis.panel import panel as panel
    from aistatecraft.api import codebook as codebook
    from aistatecraft.api import describe as describe
    from aistatecraft.api import diff as diff
    from aistatecraft.api import find as find
    from aistatecraft.api import load as load
    from aistatecraft.api import missing as missing
    from aistatecraft.api import schema as schema
    from aistatecraft.api import sources_of as sources_of
    from aistatecraft.api import support as support
    from aistatecraft.api import tables as tables
    from aistatecraft.citations import cite as cite
    from aistatecraft.errors import AistatecraftError as AistatecraftError
    from aistatecraft.errors import DataError as DataError
    from aistatecraft.errors import ReadError as ReadError
    from aistatecraft.errors import RefusedError as RefusedError
    from aistatecraft.errors import UsageError as UsageError
    from aistatecraft.package.edtf import bounds as bounds
    from aistatecraft.releases.catalog import versions as versions
    from aistatecraft.releases.history import history as history
    from aistatecraft.releases.remote import releases_from as releases_from
    from aistatecraft.releases.verify import verify as verify
    from aistatecraft.validation import validate as validate
    from aistatecraft.views.disputes_view import disputes as disputes

    Damaged = DataError
    Refused = RefusedError
    Unreadable = ReadError
    WrongUse = UsageError

    version: str
    __version__: str

_HOMES = {
    "cite": "aistatecraft.citations",
    "diff": "aistatecraft.api",
    "AistatecraftError": "aistatecraft.errors",
    "DataError": "aistatecraft.errors",
    "RefusedError": "aistatecraft.errors",
    "ReadError": "aistatecraft.errors",
    "UsageError": "aistatecraft.errors",
    "bounds": "aistatecraft.package.edtf",
    "convert": "aistatecraft.analysis.names",
    "identify": "aistatecraft.analysis.names",
    "acts": "aistatecraft.analysis.acts",
    "alignment": "aistatecraft.analysis.acts",
    "cosignature": "aistatecraft.analysis.acts",
    "hedging_measure": "aistatecraft.analysis.hedging",
    "hedging_sensitivity": "aistatecraft.analysis.hedging",
    "panel": "aistatecraft.analysis.panel",
    "in_force": "aistatecraft.analysis.as_of",
    "members": "aistatecraft.analysis.as_of",
    "signatories": "aistatecraft.analysis.as_of",
    "status": "aistatecraft.analysis.as_of",
    "find": "aistatecraft.api",
    "verify": "aistatecraft.releases.verify",
    "codebook": "aistatecraft.api",
    "describe": "aistatecraft.api",
    "load": "aistatecraft.api",
    "missing": "aistatecraft.api",
    "schema": "aistatecraft.api",
    "sources_of": "aistatecraft.api",
    "support": "aistatecraft.api",
    "tables": "aistatecraft.api",
    "validate": "aistatecraft.validation",
    "disputes": "aistatecraft.views.disputes_view",
    "history": "aistatecraft.releases.history",
    "releases_from": "aistatecraft.releases.remote",
    "versions": "aistatecraft.releases.catalog",
}

_FORMER = {"Damaged": "DataError", "Refused": "RefusedError", "Unreadable": "ReadError", "WrongUse": "UsageError"}
"""Names of errors before 0.5.0, which stay for one release more."""

_FUNCTIONS = {
    "Read the tables": {
        "load": "one table as a pandas DataFrame",
        "tables": "the tables with their rows and descriptions",
        "find": "records by a name in any language",
        "missing": "why cells have no value, such as: not applicable",
        "bounds": "first and last day of dates of mixed precision",
        "views": "the frameworks of the literature: views.hedging()",
    },
    "Understand and check them": {
        "codebook": "the fields of the tables as a DataFrame",
        "describe": "the fields of one table, and how they are filled",
        "schema": "the pandera schema of a table, for your own frames",
        "validate": "every error of a data package, with a fix",
    },
    "Names and codes of your own frame": {
        "identify": "the actors that names or codes mean",
        "convert": "names or codes as codes of another scheme",
    },
    "As of a day": {
        "in_force": "what was in force, and of what that is not known",
        "status": "whether a record was in force, and why",
        "members": "the members of a bloc",
        "signatories": "what actors had done about a declaration",
    },
    "Panels, networks and measures": {
        "panel": "states or pairs of states by year",
        "acts": "what actors did about declarations, also as a matrix",
        "cosignature": "the network of those who sign the same texts",
        "alignment": "acts toward the initiatives of each power",
        "hedging_measure": "how evenly states spread their acts (our own)",
        "hedging_sensitivity": "how far that depends on its choices",
    },
    "Sources and citations": {
        "sources_of": "the sources for a record, and what each states",
        "support": "how well each record is supported",
        "disputes": "the values on which sources disagree",
        "cite": "a citation of the package, a record or a source",
    },
    "Versions": {
        "version": "the version of the data of this installation",
        "versions": "the released versions",
        "history": "the history of a record",
        "diff": "what changed between two packages or versions",
        "verify": "whether an archive is identical to the released one",
        "releases_from": "where other releases are fetched from",
    },
}
"""The public functions by what they are for, each in a line; `help(aistatecraft)` begins with them."""


def _overview() -> str:
    lines = []
    for group, functions in _FUNCTIONS.items():
        lines += ["", group, *(f"    {name:<20}{summary}" for name, summary in functions.items())]
    return "\n".join(lines)


# Without docstrings (python -OO) there is none to add to.
__doc__ = __doc__ and __doc__.replace("\n\nExample", f"\n{_overview()}\n\nExample", 1)

__all__ = [*_HOMES, "__version__", "version", "views"]


def __getattr__(name: str) -> Any:
    if name in ("version", "__version__"):
        from aistatecraft.package.installed import installed

        return installed().version
    import importlib

    if name == "views":
        return importlib.import_module("aistatecraft.views")
    name = _FORMER.get(name, name)
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'aistatecraft' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    # Kept, so that the next look-up is a plain one.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
