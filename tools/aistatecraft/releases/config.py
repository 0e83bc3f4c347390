"""Where releases lie that this installation does not carry: set by the user, empty unless it is."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["RELEASES", "place_of", "releases_from"]

RELEASES = "AISTATECRAFT_RELEASES"
"""The environment variable that holds an address or a directory."""

_chosen: list[str] = []


def releases_from(place: str | Path | None) -> None:
    """Set where releases are looked for that this installation does not carry, for this run of the program.

    Parameters
    ----------
    place : str, Path or None
        An http or https address of a folder, or a directory, in which ``register.json`` and the archives lie; empty for
        none. Where it is None, the environment variable ``AISTATECRAFT_RELEASES`` counts again. A server that is not public
        must be listed in ``AISTATECRAFT_ALLOW_PRIVATE_HOSTS``.
    """
    _chosen[:] = [] if place is None else [str(place)]


def place_of(place: str | Path | None = None) -> str:
    """`place`, else what `releases_from` set, else what the environment variable holds; empty where that is nothing."""
    if place is not None:
        return str(place).strip()
    return (_chosen[0] if _chosen else os.environ.get(RELEASES, "")).strip()
