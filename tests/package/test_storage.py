"""The one door to the bytes of a package: what it hands out, and what it refuses."""

from __future__ import annotations

import io
import os
import struct
import sys
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aistatecraft.errors import ReadError
from aistatecraft.package import storage as store_module
from aistatecraft.package.storage import DirectoryStore, Store, ZipStore, open_store, safe_path

OUTSIDE = [
    "../secret",
    "data/../../secret",
    "..",
    "/etc/passwd",
    "data\\people.csv",
    "..\\secret",
    "C:/people.csv",
    "c:people.csv",
    "a\0b",
    "",
]
ADDRESSES = ["https://example.org/people.csv", "file:///etc/passwd", "s3://bucket/people.csv"]
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights that Windows does not give by default")


def archive_of(*entries: tuple[str, bytes]) -> bytearray:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a duplicate name, where that is what is tested
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries:
                archive.writestr(name, content)
    return bytearray(out.getvalue())


def people() -> bytearray:
    """An archive with one entry of 1,000 bytes, data/people.csv."""
    return archive_of(("data/people.csv", b"id\n" + b"x" * 996 + b"\n"))


def central(archive: bytearray, offset: int, form: str, value: int) -> bytearray:
    """The archive with a number in the directory record of its last entry changed."""
    at = archive.rindex(b"PK\x01\x02") + offset
    struct.pack_into(form, archive, at, value)
    return archive


@pytest.fixture
def directory(tmp_path: Path) -> DirectoryStore:
    root = tmp_path / "package"
    (root / "data").mkdir(parents=True)
    (root / "data" / "people.csv").write_bytes(b"id\n1\n")
    (root / "data" / "places.csv").write_bytes(b"id\n")
    (root / "data" / "old").mkdir()
    (tmp_path / "secret").write_bytes(b"not yours")
    return DirectoryStore(root)


def opened(tmp_path: Path, content: bytes | bytearray) -> Store:
    path = tmp_path / "package.zip"
    path.write_bytes(content)
    return open_store(path)[0]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_that_leaves_the_package_is_refused(path: str) -> None:
    with pytest.raises(ReadError, match=r"^package: the path .* points outside the package; write it relative to datapackage\.json"):
        safe_path(path, of="package")


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_is_refused(path: str) -> None:
    with pytest.raises(ReadError, match=r"^package: the path .* is an address; packages are read from disk only"):
        safe_path(path, of="package")


@given(st.text(alphabet="./\\:ab~\0", max_size=12))
def test_whatever_safe_path_lets_through_stays_below_the_root(text: str) -> None:
    try:
        path = safe_path(text, of="package")
    except ReadError:
        return
    assert os.path.normpath(f"/top/{path}").startswith("/top")
    assert "\\" not in str(path)


class TestDirectory:
    def test_gives_bytes_names_and_whether_a_file_is_there(self, directory: DirectoryStore) -> None:
        assert directory.read("data/people.csv") == b"id\n1\n"
        assert directory.size("data/people.csv") == 5
        with directory.open("data/people.csv") as handle:
            assert handle.read() == b"id\n1\n"
        assert directory.names("data") == ["people.csv", "places.csv"]
        assert directory.names("nothing") == []
        assert directory.exists("data/people.csv")
        assert not directory.exists("data")
        assert not directory.exists("data/nobody.csv")

    def test_a_missing_file_is_named(self, directory: DirectoryStore) -> None:
        missing = r"^data/nobody\.csv: the file is missing in .*; add it, or remove it from datapackage\.json\."
        for action in (directory.read, directory.open, directory.size):
            with pytest.raises(ReadError, match=missing):
                action("data/nobody.csv")

    def test_a_directory_is_no_file(self, directory: DirectoryStore) -> None:
        for action in (directory.read, directory.open, directory.size):
            with pytest.raises(ReadError, match=r"^data: this is a directory, not a file; correct the path"):
                action("data")

    @pytest.mark.parametrize("path", [*OUTSIDE, *ADDRESSES])
    def test_nothing_outside_is_read_or_looked_for(self, directory: DirectoryStore, path: str) -> None:
        for action in (directory.read, directory.open, directory.size, directory.stamp, directory.exists, directory.names):
            with pytest.raises(ReadError, match=r"outside the package|is an address"):
                action(path)

    @needs_links
    def test_a_link_that_leads_outside_is_refused(self, directory: DirectoryStore, tmp_path: Path) -> None:
        (directory.root / "data" / "leak.csv").symlink_to(tmp_path / "secret")
        (directory.root / "up").symlink_to(tmp_path)
        for path in ("data/leak.csv", "up/secret"):
            for action in (directory.read, directory.open, directory.size):
                with pytest.raises(ReadError, match=rf"^{path}: this link leads outside the package; replace it with the file\."):
                    action(path)

    @needs_links
    def test_a_link_inside_is_followed(self, directory: DirectoryStore) -> None:
        (directory.root / "data" / "again.csv").symlink_to(directory.root / "data" / "people.csv")
        assert directory.read("data/again.csv") == b"id\n1\n"

    @needs_links
    def test_a_package_reached_through_a_link_is_read(self, directory: DirectoryStore, tmp_path: Path) -> None:
        (tmp_path / "current").symlink_to(directory.root)
        assert DirectoryStore(tmp_path / "current").read("data/people.csv") == b"id\n1\n"

    @needs_links
    def test_a_link_to_itself_is_refused(self, directory: DirectoryStore) -> None:
        (directory.root / "loop").symlink_to(directory.root / "loop")
        with pytest.raises(ReadError, match="loop"):
            directory.read("loop")

    @needs_links
    def test_a_pipe_is_refused_and_not_waited_for(self, directory: DirectoryStore) -> None:
        os.mkfifo(directory.root / "data" / "pipe.csv")
        for action in (directory.read, directory.open, directory.size):
            with pytest.raises(ReadError, match=r"^data/pipe\.csv: this is a pipe, socket or device, not a file; correct the path"):
                action("data/pipe.csv")

    def test_a_name_that_no_file_can_have(self, directory: DirectoryStore) -> None:
        assert not directory.exists("a" * 5_000)
        with pytest.raises(ReadError, match="cannot be read"):
            directory.read("a" * 5_000)
        with pytest.raises(ReadError, match="cannot be followed"):
            directory.read("data/\ud800.csv")

    def test_the_stamp_tells_that_a_file_was_changed(self, directory: DirectoryStore) -> None:
        before = directory.stamp("data/people.csv")
        assert directory.stamp("data/people.csv") == before
        (directory.root / "data" / "people.csv").write_bytes(b"id\n1\n2\n")
        assert directory.stamp("data/people.csv") != before
        (directory.root / "data" / "people.csv").unlink()
        assert directory.stamp("data/people.csv") == (0, 0)


class TestZip:
    def test_gives_bytes_names_and_whether_a_file_is_there(self, tmp_path: Path) -> None:
        store = opened(
            tmp_path, archive_of(("data/", b""), ("data/places.csv", b"id\n"), ("data/people.csv", b"id\n1\n"), ("data/old/x", b""))
        )
        assert store.read("data/people.csv") == b"id\n1\n"
        assert store.size("data/people.csv") == 5
        with store.open("data/people.csv") as handle:
            assert handle.read() == b"id\n1\n"
        assert store.names("data") == store.names("data/") == ["people.csv", "places.csv"]
        assert store.names("nothing") == []
        assert store.exists("data/people.csv")
        assert not store.exists("data")
        assert not store.exists("data/nobody.csv")

    def test_an_entry_is_found_however_its_path_is_spelled_as_in_a_directory(self, tmp_path: Path, directory: DirectoryStore) -> None:
        store = opened(tmp_path, archive_of(("./data/people.csv", b"id\n1\n")))
        for path in ("data/people.csv", "./data/people.csv", "data//people.csv"):
            assert store.read(path) == directory.read(path) == b"id\n1\n"

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        store = opened(tmp_path, people())
        for action in (store.read, store.open, store.size):
            with pytest.raises(ReadError, match=r"^data/nobody\.csv: the file is missing in .*package\.zip; the archive is incomplete"):
                action("data/nobody.csv")

    @pytest.mark.parametrize("path", [*OUTSIDE, *ADDRESSES])
    def test_nothing_outside_is_read_or_looked_for(self, tmp_path: Path, path: str) -> None:
        store = opened(tmp_path, people())
        for action in (store.read, store.open, store.size, store.exists, store.names):
            with pytest.raises(ReadError, match=r"outside the package|is an address"):
                action(path)

    @pytest.mark.parametrize("name", ["../evil.csv", "data/../../evil.csv", "/etc/evil.csv", "C:/evil.csv", "https://example.org/evil.csv"])
    def test_an_entry_that_leaves_the_package_closes_the_archive(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ReadError, match=r"outside the package|is an address"):
            opened(tmp_path, archive_of(("data/people.csv", b"id\n"), (name, b"x")))

    def test_an_entry_with_backslashes_closes_the_archive(self, tmp_path: Path) -> None:
        content = archive_of(("data/evil.csv", b"x"))
        with pytest.raises(ReadError, match="outside the package"):
            opened(tmp_path, content.replace(b"data/evil.csv", b"data\\evil.csv"))

    def test_an_entry_without_a_name_closes_the_archive(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="the path '' points outside the package"):
            opened(tmp_path, archive_of(("x", b"")).replace(b"x", b"\0"))

    def test_an_entry_that_is_a_link_closes_the_archive(self, tmp_path: Path) -> None:
        out = io.BytesIO()
        info = zipfile.ZipInfo("data/people.csv")
        info.external_attr = 0o120777 << 16
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(info, "/etc/passwd")
        with pytest.raises(ReadError, match=r"the entry 'data/people\.csv' is a link; archives with links are not read"):
            opened(tmp_path, out.getvalue())

    @pytest.mark.parametrize("again", ["data/people.csv", "./data/people.csv", "data//people.csv"])
    def test_an_entry_that_stands_twice_closes_the_archive(self, tmp_path: Path, again: str) -> None:
        with pytest.raises(ReadError, match=r"appears twice in the archive; build it again"):
            opened(tmp_path, archive_of(("data/people.csv", b"id\n1\n"), (again, b"id\n2\n")))

    def test_an_encrypted_entry_closes_the_archive(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"the entry 'data/people\.csv' is encrypted; build the archive without a password"):
            opened(tmp_path, central(people(), 8, "<H", 1))

    @pytest.mark.parametrize("said", [0, 1, 500, 999, 1_001, 5_000])
    def test_an_entry_that_lies_about_its_size_is_not_read(self, tmp_path: Path, said: int) -> None:
        store = opened(tmp_path, central(people(), 24, "<I", said))
        with pytest.raises(
            ReadError, match=r"package\.zip: the entry 'data/people\.csv' (is damaged|does not have the length stated in the archive)"
        ):
            store.read("data/people.csv")

    def test_a_huge_declared_size_is_refused_before_anything_is_unpacked(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"the archive unpacks to more than 2,048 MiB, the limit"):
            opened(tmp_path, central(people(), 24, "<I", 0xFFFF_FFF0))

    def test_too_many_entries_are_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(store_module, "MAX_ARCHIVE_ENTRIES", 3)
        content = archive_of(*((f"data/{number}.csv", b"") for number in range(4)))
        with pytest.raises(ReadError, match=r"the archive has 4 entries, more than the limit of 3"):
            opened(tmp_path, content)

    def test_a_damaged_deflate_stream(self, tmp_path: Path) -> None:
        content = people()
        at = content.index(b"data/people.csv") + len(b"data/people.csv")
        content[at : at + 6] = b"\xff" * 6
        with pytest.raises(ReadError, match=r"the entry 'data/people\.csv' cannot be unpacked \(.*\); fetch or build the archive again"):
            opened(tmp_path, content).read("data/people.csv")

    def test_a_changed_byte_does_not_go_unseen(self, tmp_path: Path) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("data/people.csv", b"id\n1\n")
        with pytest.raises(ReadError, match=r"is damaged \(Bad CRC-32"):
            opened(tmp_path, out.getvalue().replace(b"id\n1\n", b"id\n2\n")).read("data/people.csv")

    def test_a_compression_that_is_not_known(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"the entry 'data/people\.csv' is compressed by a method that is not supported"):
            opened(tmp_path, central(people(), 10, "<H", 99)).read("data/people.csv")

    @pytest.mark.parametrize(
        "content",
        [b"", b"id,name\n1,a\n", bytes(people()[:-10]), bytes(people()[:60]), bytes(central(people(), 6, "<H", 100))],
        ids=["empty", "csv", "end cut off", "entry cut off", "version of the format from the future"],
    )
    def test_what_is_no_zip_archive_or_only_part_of_one(self, tmp_path: Path, content: bytes) -> None:
        with pytest.raises(ReadError, match=r"package\.zip: this is not a readable zip archive \(.*\); fetch or build it again"):
            opened(tmp_path, content)

    def test_no_archive_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"nothing\.zip: there is no such archive; check the path"):
            ZipStore(tmp_path / "nothing.zip")

    @given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 255))
    def test_whatever_the_damage_it_is_said_in_one_kind_of_error(
        self, tmp_path_factory: pytest.TempPathFactory, tail: bytes, at: int, byte: int
    ) -> None:
        content = archive_of(("datapackage.json", b"{}"), ("data/people.csv", bytes(range(200)) + tail))
        content[at % len(content)] = byte
        path = tmp_path_factory.getbasetemp() / "damaged.zip"
        path.write_bytes(content)
        said = None
        try:
            store, _ = open_store(path)
            for name in filter(store.exists, ("datapackage.json", "data/people.csv")):
                store.read(name)
        except ReadError as error:
            said = str(error)
        assert said is None or str(path) in said


class TestOpening:
    def test_a_directory_a_descriptor_and_an_archive(self, directory: DirectoryStore, tmp_path: Path) -> None:
        (directory.root / "other.json").write_text("{}")
        archive = tmp_path / "package.zip"
        archive.write_bytes(people())
        found = [open_store(path) for path in (directory.root, directory.root / "other.json", archive)]
        assert [(type(store), store.label, name) for store, name in found] == [
            (DirectoryStore, str(directory.root), "datapackage.json"),
            (DirectoryStore, str(directory.root), "other.json"),
            (ZipStore, str(archive), "datapackage.json"),
        ]

    @pytest.mark.parametrize("name", ["nothing", "nothing.json", "nothing.zip", "https://example.org/package.zip", "\ud800", "a\0b"])
    def test_what_is_not_there(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ReadError, match=r"there is no such directory, datapackage\.json or zip archive; check the path"):
            open_store(tmp_path / name)

    def test_a_name_that_no_file_can_have(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"cannot be opened \(File name too long\)"):
            open_store(tmp_path / ("a" * 5_000))
