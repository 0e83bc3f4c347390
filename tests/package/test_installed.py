"""The package that is meant: that of the installation, one at a path, or a released version."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aistatecraft import RefusedError, UsageError, load, tables
from aistatecraft.package.installed import installed
from aistatecraft.releases.resolve import package_at
from tests.conftest import Install
from tests.releases.shelf import three_versions


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AISTATECRAFT_RELEASES", raising=False)


def test_package_of_the_installation_is_opened_once(project: Path, install: Install) -> None:
    install(project)
    assert package_at() is installed() is package_at()
    assert installed().root == project


def test_versions_that_are_carried(project: Path, install: Install) -> None:
    three_versions(install(project))
    assert [len(load("people", version=version)) for version in ("0.1.0", "0.2.0", "0.3.0")] == [3, 4, 5]
    assert load("people", version="0.1.0").attrs == {"table": "people", "title": "People", "version": "0.1.0"}
    assert tables(version="0.1.0") == ["people"]
    with pytest.raises(UsageError, match=r"^version '0\.1\.1' was never released or is not in this installation; did you mean 0\.1\.0"):
        package_at(version="0.1.1")
    with pytest.raises(UsageError, match="name either a path or a version, not both"):
        package_at(project, "0.1.0")


def test_archive_under_the_name_of_another_version(project: Path, install: Install) -> None:
    three_versions(install(project))
    shutil.copy(project / "releases" / "people-0.2.0.zip", project / "releases" / "people-0.1.0.zip")
    with pytest.raises(RefusedError, match=r"the archive is not the one that was released as 0\.1\.0"):
        package_at(version="0.1.0")
