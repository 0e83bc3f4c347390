"""Packages that lie in no directory of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from aistatecraft.errors import ReadError
from aistatecraft.package.memory_storage import FileStore, MemoryStore


class TestMemory:
    def test_files_by_path(self) -> None:
        given = {"datapackage.json": b"{}", "data/b.csv": b"b", "data/a.csv": b"aa", "data/sub/c.csv": b""}
        store = MemoryStore("standard input", given)
        given.clear()  # what is done to the dictionary later is nothing to the store
        assert (store.label, store.root) == ("standard input", None)
        assert store.read("data/a.csv") == store.open("./data//a.csv").read() == b"aa"
        assert (store.size("data/a.csv"), store.size("data/sub/c.csv")) == (2, 0)
        assert [store.exists(path) for path in ("data/b.csv", "data", "data/x.csv")] == [True, False, False]
        assert (store.names("data"), store.names("."), store.names("none")) == (["a.csv", "b.csv"], ["datapackage.json"], [])

    @pytest.mark.parametrize("path", ["../x", "/x", "https://x.example/y", "a\\b", ""])
    def test_nothing_outside(self, path: str) -> None:
        with pytest.raises(ReadError):
            MemoryStore("m", {"x": b""}).read(path)

    def test_missing(self) -> None:
        with pytest.raises(ReadError, match=r"x\.csv: the file is missing in m\."):
            MemoryStore("m", {}).read("x.csv")


class TestOneFile:
    def test_under_the_path_that_it_has_in_the_package(self, tmp_path: Path) -> None:
        (tmp_path / "my.csv").write_bytes(b"id\n1\n")
        store = FileStore(tmp_path / "my.csv", "data/t.csv")
        assert store.label == str(tmp_path / "my.csv")
        with store.open("data/t.csv") as handle:
            assert handle.read(2) == b"id"
        assert (store.read("data/t.csv"), store.size("data/t.csv")) == (b"id\n1\n", 5)
        assert (store.exists("data/t.csv"), store.exists("my.csv")) == (True, False)
        assert (store.names("data"), store.names(".")) == (["t.csv"], [])
        with pytest.raises(ReadError, match=r"other\.csv: the file is missing in .*my\.csv"):
            store.read("other.csv")

    def test_a_link_is_followed(self, tmp_path: Path) -> None:
        """The user named it; a package that names one that leads outside is another matter."""
        (tmp_path / "a").mkdir()
        (tmp_path / "my.csv").write_bytes(b"id\n")
        (tmp_path / "a" / "link.csv").symlink_to(tmp_path / "my.csv")
        assert FileStore(tmp_path / "a" / "link.csv", "t.csv").read("t.csv") == b"id\n"

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="there is no such file; check the path"):
            FileStore(tmp_path / "my.csv", "t.csv").size("t.csv")
        with pytest.raises(ReadError, match="cannot be read"):
            FileStore(tmp_path, "t.csv").read("t.csv")
