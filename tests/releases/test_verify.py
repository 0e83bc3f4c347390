"""Whether an archive is the one that was released, and how far it differs where it is not."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from aistatecraft import ReadError, RefusedError, UsageError, verify
from aistatecraft.package import open_package
from aistatecraft.releases.archive import build_archive
from aistatecraft.releases.verify import altered
from tests.conftest import Install, Run
from tests.releases.shelf import carrying, put_release, served, three_versions, write_people

DAY = "2021-01-01"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AISTATECRAFT_RELEASES", raising=False)
    monkeypatch.setenv("AISTATECRAFT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AISTATECRAFT_ALLOW_PRIVATE_HOSTS", "127.0.0.1")


@pytest.fixture
def archive(project: Path, install: Install, tmp_path: Path) -> Path:
    """A copy of the archive of 0.1.0, which the installation carries."""
    put_release(install(project), "0.1.0", DAY)
    return shutil.copy(project / "releases" / "people-0.1.0.zip", tmp_path / "downloaded.zip")


def repacked(archive: Path, compression: int = zipfile.ZIP_STORED, **changed: bytes) -> None:
    """Write the archive anew, some files replaced; their names are the keywords, with __ for a dot and _ for a slash."""
    replaced = {name.replace("__", ".").replace("_", "/"): data for name, data in changed.items()}
    with zipfile.ZipFile(archive) as old:
        content = {info.filename: replaced.pop(info.filename, old.read(info)) for info in old.infolist()}
    assert not replaced
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as new:
        for name, data in content.items():
            new.writestr(name, data)
    archive.write_bytes(out.getvalue())


def entry_of(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name)


def test_archive_as_it_was_released(archive: Path, project: Path, run: Run) -> None:
    data = archive.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    found = verify(archive)
    assert (found.good, found.exit_code, found.version, found.released, found.sha256, found.bytes) == (
        True,
        0,
        "0.1.0",
        DAY,
        digest,
        len(data),
    )
    sentence = f"{archive}: this is the archive released as 0.1.0 on {DAY} ({len(data):,} bytes, SHA-256 {digest})."
    read = "read the installed package (0.1.0, 1 table)\n"
    assert run("verify", archive) == (0, sentence + "\n" + read, "")
    assert run("verify", "0.1.0") == (
        0,
        f"0.1.0: the archive is the one released on {DAY} ({len(data):,} bytes, SHA-256 {digest}): releases/people-0.1.0.zip.\n" + read,
        "",
    )
    assert json.loads(run("verify", archive, "--json").out) == json.loads(json.dumps(found.as_dict()))


def test_only_the_container_differs(archive: Path, run: Run) -> None:
    size = archive.stat().st_size
    repacked(archive, zipfile.ZIP_DEFLATED)
    found = verify(archive)
    assert (found.good, found.differing, found.altered, found.version, found.registered_bytes) == (False, (), (), "0.1.0", size)
    assert found.bytes != size
    done = run("verify", archive)
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        f"{archive}: it claims to be 0.1.0 but is not the archive released on {DAY} (its SHA-256 is {found.sha256} instead of "
        f"{found.registered_sha256}, {found.bytes:,} bytes instead of {size:,}), but every file in it is identical to that of the release; only the ZIP container differs.\n"
        "read the installed package (0.1.0, 1 table)\n"
    )


def test_table_that_was_changed(archive: Path) -> None:
    repacked(archive, data_people__csv=entry_of(archive, "data/people.csv").replace(b"107.5", b"107.6"))
    found = verify(archive)
    assert (found.exit_code, found.altered, found.differing) == (1, ("people",), ("data/people.csv",))
    assert found.sentence.endswith(
        ", and its tables differ from those of the release: data/people.csv; its hashes do not match its tables: people."
    )


def test_table_that_was_changed_and_its_hash_with_it(archive: Path, project: Path) -> None:
    """The hashes inside an archive prove nothing against someone who writes it anew; the register does."""
    write_people(project, "ada,Ada,1815-12-10,1")
    archive.write_bytes(build_archive(open_package(project), "0.1.0", DAY)[0])
    found = verify(archive)
    assert (found.exit_code, found.altered, found.differing) == (1, (), ("README.txt", "data/people.csv", "datapackage.json"))
    assert found.sentence.endswith(", and its tables differ from those of the release: data/people.csv.")


def test_other_file_that_was_changed(archive: Path) -> None:
    repacked(archive, CITATION__cff=b"cff-version: 1.2.0\n")
    found = verify(archive)
    assert (found.exit_code, found.altered, found.differing) == (1, (), ("CITATION.cff",))
    assert found.sentence.endswith(", but its tables are identical to those of the release; other files differ: CITATION.cff.")


def test_carried_archive_that_was_damaged(archive: Path, project: Path, run: Run) -> None:
    carried = project / "releases" / "people-0.1.0.zip"
    carried.write_bytes(carried.read_bytes()[:-1] + b"x")
    done = run("verify", "0.1.0")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith(f"0.1.0: the archive is not the one released on {DAY}; restore releases/people-0.1.0.zip: its SHA-256 is ")
    assert verify(archive).good, "the copy is sound"
    repacked(archive, zipfile.ZIP_DEFLATED)
    assert verify(archive).differing is None, "there is nothing sound to compare it with"


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("0.9.0", "it claims to be 0.9.0, which is a version that was never released."),
        ("0.2.0-dev", "it claims to be 0.2.0-dev, which is a snapshot between two releases."),
        ("", "it states no version."),
    ],
)
def test_version_that_the_register_does_not_know(archive: Path, project: Path, version: str, words: str) -> None:
    archive.write_bytes(build_archive(open_package(project), version, DAY)[0])
    found = verify(archive)
    assert (found.exit_code, found.version, found.released, found.registered_sha256) == (1, version, "", "")
    assert found.sentence == f"{archive}: {words}"


def test_archive_of_another_package(archive: Path, make: object, root: Path) -> None:
    found = verify(next((root / "releases").glob("*.zip")))
    assert (found.exit_code, found.released) == (1, "")
    assert found.sentence.endswith(": this package is named 'aistatecraft', but the register is that of 'people'.")


def test_what_is_no_archive(archive: Path, project: Path, tmp_path: Path, run: Run) -> None:
    archive.write_bytes(archive.read_bytes()[:-30])
    (tmp_path / "page.html").write_text("<html>")
    for path, words in (
        (archive, "this is not a readable zip archive"),
        (tmp_path / "page.html", "this is not a readable zip archive"),
        (tmp_path / "nothing.zip", "this is neither an existing file nor a version number"),
        (project, "this is a directory, but verify expects an archive"),
        (project / "datapackage.json", "this is the descriptor of a directory, but verify expects an archive"),
        ("0.9.0", "version '0.9.0' was never released"),
        ("a" * 5_000, "this is not a valid file name"),
    ):
        done = run("verify", path)
        assert (done.code, done.out, done.err.count("\n"), words in done.err) == (2, "", 1, True), done
    with pytest.raises(ReadError):
        verify(archive)
    with pytest.raises(UsageError):
        verify(project)


def test_later_version_is_checked_against_the_place_that_the_user_set(project: Path, tmp_path: Path, install: Install) -> None:
    entries = three_versions(project)
    install(carrying(project, tmp_path / "installed", "0.1.0"))
    file = project / "releases" / "people-0.3.0.zip"
    assert verify(file).sentence == f"{file}: it claims to be 0.3.0, which is a version that was never released."
    with served(project / "releases") as server:
        found = verify(file, releases=server.address)
        assert (found.good, found.version, found.sha256) == (True, "0.3.0", entries[2].sha256)
        assert server.asked == ["/register.json"]
        found = verify("0.2.0", releases=server.address)
        assert (found.good, found.file) == (True, "people-0.2.0.zip")
        server.folder = tmp_path
        assert verify(project / "releases" / "people-0.1.0.zip", releases=server.address + "/gone").good, "what is known here needs nobody"


def test_place_that_vouches_for_another_archive_of_a_known_version_is_not_believed(
    archive: Path, project: Path, tmp_path: Path, install: Install
) -> None:
    shutil.copytree(project, tmp_path / "forged")
    write_people(tmp_path / "forged", "eve,Eve,,1")
    shutil.rmtree(tmp_path / "forged" / "releases")
    put_release(tmp_path / "forged", "0.1.0", DAY)
    put_release(tmp_path / "forged", "0.2.0", DAY)
    forged = tmp_path / "forged" / "releases"
    assert not verify(forged / "people-0.1.0.zip", releases=forged).good
    with pytest.raises(RefusedError, match=r"names another archive for 0\.1\.0"):
        verify(forged / "people-0.2.0.zip", releases=forged)


def test_hashes_inside_an_archive(project: Path, tmp_path: Path) -> None:
    def told(stated: object) -> tuple[str, ...]:
        descriptor = json.loads((project / "datapackage.json").read_text())
        descriptor["resources"][0]["hash"] = stated
        (project / "datapackage.json").write_text(json.dumps(descriptor))
        return altered(open_package(project))

    data = (project / "data" / "people.csv").read_bytes()
    assert told(hashlib.md5(data).hexdigest()) == told(f"sha256:{hashlib.sha256(data).hexdigest()}") == ()
    assert told("0" * 32) == told("sha256:" + "0" * 64) == told("SHA512:" + "0" * 128) == ("people",)
    assert told("") == told(None) == told("crc:1") == told("shake_128:00") == ()


@pytest.mark.real
def test_real_releases_are_what_the_register_says(root: Path, install: Install) -> None:
    install(root)
    archives = sorted((root / "releases").glob("*.zip"))
    assert archives
    for archive in archives:
        assert verify(archive).good
        assert altered(open_package(archive)) == ()
