"""Which package is meant: found upwards from a directory, and never an installed one where something is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aistatecraft import UsageError
from aistatecraft.package import locate
from aistatecraft.package.locate import package_above, refuse_installed


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A directory above which nothing is looked for."""
    (tmp_path / ".git").mkdir()
    return tmp_path


def put(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text("{}")
    return folder


def test_nearest_package_upwards(top: Path) -> None:
    outer, inner = put(top / "outer"), put(top / "outer" / "parts" / "inner")
    (inner / "data" / "deep").mkdir(parents=True)
    assert package_above(inner / "data" / "deep") == package_above(inner) == inner
    assert package_above(outer / "parts") == outer
    assert package_above(top) is None


def test_a_folder_of_that_name_is_no_descriptor(top: Path) -> None:
    (top / "a" / "datapackage.json").mkdir(parents=True)
    assert package_above(top / "a") is None


@pytest.mark.parametrize("kind", ["directory", "file"])
def test_search_ends_with_the_repository(top: Path, kind: str) -> None:
    put(top)
    inside = top / "module" / "deep"
    inside.mkdir(parents=True)
    assert package_above(inside) == top
    # A submodule and a second work tree have a file of that name.
    (top / "module" / ".git").mkdir() if kind == "directory" else (top / "module" / ".git").write_text("gitdir: elsewhere")
    assert package_above(inside) is None
    put(top / "module")
    assert package_above(inside) == top / "module"


def test_home_directory_counts_only_where_one_stands_in_it(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = put(top / "home")
    (home / "work").mkdir()
    assert package_above(home / "work") == home
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert package_above(home / "work") is None
    assert package_above(home) == home


def test_directory_for_everybodys_files_counts_only_where_one_stands_in_it(top: Path) -> None:
    shared = put(top / "tmp")
    (shared / "mine").mkdir()
    shared.chmod(0o1777)
    assert package_above(shared / "mine") is None
    assert package_above(shared) == shared


def test_directory_that_was_deleted(tmp_path: Path) -> None:
    assert package_above(tmp_path / "gone") is None


@pytest.mark.parametrize("folder", ["site-packages", "dist-packages"])
def test_installed_packages_are_not_written(tmp_path: Path, folder: str) -> None:
    place = put(tmp_path / "lib" / folder / "aistatecraft" / "dataset")
    with pytest.raises(
        UsageError, match=r"this is an installed package, which is never changed; give the directory of a checkout with --path\."
    ):
        refuse_installed(place)
    (tmp_path / "link").symlink_to(place)
    with pytest.raises(UsageError, match="installed package"):
        refuse_installed(tmp_path / "link")


def test_data_of_this_installation_are_not_written_unless_it_is_a_checkout(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_installed(root)  # the tests run from a checkout
    own = put(tmp_path / "target" / "aistatecraft" / "dataset")
    refuse_installed(shutil.copytree(own, tmp_path / "aistatecraft" / "dataset"))
    monkeypatch.setattr(locate, "home", lambda: own)  # as after pip install --target
    with pytest.raises(UsageError, match="installed package"):
        refuse_installed(own)
