"""Fixtures of the tests of old versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aistatecraft.releases.remote import releases_from
from tests.conftest import Install
from tests.releases.shelf import Server, carrying, served, three_versions


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory for what is fetched, and no place set."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("AISTATECRAFT_RELEASES", raising=False)
    monkeypatch.setenv("AISTATECRAFT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AISTATECRAFT_ALLOW_PRIVATE_HOSTS", "127.0.0.1")
    yield tmp_path / "cache"
    releases_from(None)


@pytest.fixture
def shelf(project: Path, tmp_path: Path, install: Install) -> Path:
    """A folder with the releases 0.1.0, 0.2.0 and 0.3.0; the installation is 0.1.0 and carries no other."""
    three_versions(project)
    install(carrying(project, tmp_path / "installed", "0.1.0"))
    return project / "releases"


@pytest.fixture
def server(shelf: Path) -> Iterator[Server]:
    """A server that hands out that folder."""
    with served(shelf) as made:
        yield made
