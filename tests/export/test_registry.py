"""Which formats there are, how they are named, and what is said where one cannot be built."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

from aistatecraft import export
from aistatecraft.errors import RefusedError, UsageError
from aistatecraft.export.checksums import sha256sums
from aistatecraft.package import Package, extras, open_package
from tests.conftest import Make, write_project
from tests.export.conftest import DAY, VERSION, one

NAMES = {
    "csv": "people-1.2.3.zip",
    "parquet": "people-1.2.3-parquet.zip",
    "sqlite": "people-1.2.3.sqlite",
    "xlsx": "people-1.2.3.xlsx",
    "jsonld": "people-1.2.3.jsonld",
    "croissant": "people-1.2.3.croissant.json",
    "datacite": "people-1.2.3.datacite.json",
    "zenodo": "people-1.2.3.zenodo.json",
    "datasette": "people-1.2.3.datasette.json",
}
OF_SOURCES = {"sources-csl": "people-1.2.3.sources.csl.json", "sources-bib": "people-1.2.3.sources.bib"}


@pytest.fixture
def people(project: Path) -> Package:
    return open_package(project)


def test_every_format_gives_one_file_with_its_name(people: Package) -> None:
    assert set(export.EXPORT_FORMATS) == set(NAMES) | set(OF_SOURCES)
    made = {name: list(export.build(name, people, version="1.2.3", released=DAY)) for name in NAMES}
    assert made == {name: [file] for name, file in NAMES.items()}


def test_all_formats_together_with_their_hashes(people: Package) -> None:
    built = export.build_all(people, version="1.2.3", released=DAY)
    assert list(built) == [*NAMES.values(), "SHA256SUMS"]
    lines = [f"{hashlib.sha256(built[name]).hexdigest()}  {name}" for name in sorted(NAMES.values())]
    assert built["SHA256SUMS"].decode() == "\n".join(lines) + "\n"
    some = export.build_all(people, version="1.2.3", released=DAY, formats=["zenodo", "csv"])
    assert list(some) == [NAMES["csv"], NAMES["zenodo"], "SHA256SUMS"]


def test_tables_do_not_depend_on_what_was_built_before(people: Package) -> None:
    built = export.build_all(people, version="1.2.3", released=DAY)
    for name, format in export.EXPORT_FORMATS.items():
        if format.holds_tables:
            assert export.build(name, people, version="1.2.3", released=DAY) == {NAMES[name]: built[NAMES[name]]}


def test_files_of_sources_need_sources(people: Package, make: Make) -> None:
    schema = {"fields": [{"name": "id", "type": "string"}, {"name": "title", "type": "string"}], "primaryKey": ["id"]}
    package = open_package(make({"sources": (schema, "id,title\nb,Second\na,First\n")}))
    built = export.build_all(package, version="1.2.3", released=DAY)
    names = {format: name.replace("people", "made") for format, name in (NAMES | OF_SOURCES).items()}
    assert list(built) == [*names.values(), "SHA256SUMS"]
    assert built[names["sources-bib"]].decode() == (
        "@misc{a,\n  title = {{First}},\n  key = {First}\n}\n\n@misc{b,\n  title = {{Second}},\n  key = {Second}\n}\n"
    )
    assert json.loads(built[names["sources-csl"]]) == [
        {"id": "a", "type": "document", "title": "First"}, {"id": "b", "type": "document", "title": "Second"},
    ]  # fmt: skip
    with pytest.raises(
        RefusedError,
        match=r"^datapackage\.json: the format sources-bib is built from the table 'sources', which this package does not have",
    ):
        one("sources-bib", people)


def test_names_with_slashes_stay_in_their_folder(project: Path, tmp_path: Path) -> None:
    package = open_package(write_project(tmp_path / "other", name="../up/and away"))
    assert export.file_name(package, "1.0.0", "sqlite") == "..-up-and-away-1.0.0.sqlite"


@pytest.mark.parametrize("call", [lambda package: one("parket", package), lambda package: export.build_all(package, version=VERSION, released=DAY, formats=["parket"])])  # fmt: skip
def test_a_format_that_there_is_not(people: Package, call: object) -> None:
    with pytest.raises(UsageError, match=r"^'parket' is not a format; did you mean parquet\?$"):
        call(people)  # type: ignore[operator]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "files/", "https://host.invalid/a b", "ftp://host.invalid/"])
def test_base_url_must_be_an_address(people: Package, address: str) -> None:
    with pytest.raises(UsageError, match="is not the web address of a folder"):
        one("jsonld", people, base_url=address)


@pytest.mark.parametrize("day", ["2024", "20240501", "2024-02-30", "", "today"])
def test_the_day_of_a_release_must_be_one(people: Package, day: str) -> None:
    with pytest.raises(UsageError, match=f"^'{day}' is not a day written as YYYY-MM-DD"):
        export.build("xlsx", people, version=VERSION, released=day)


@pytest.mark.parametrize(
    ("format", "library", "extra"),
    [("parquet", "pyarrow", "arrow"), ("croissant", "pyarrow", "arrow"), ("xlsx", "xlsxwriter", "xlsx")],
)
def test_a_library_that_is_missing(people: Package, monkeypatch: pytest.MonkeyPatch, format: str, library: str, extra: str) -> None:
    assert export.EXPORT_FORMATS[format].extra == extra
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=rf"needs the library {library}, which is not installed; install it: pip install 'aistatecraft\[{extra}\]'\.$"):  # fmt: skip
        one(format, people)


def test_formats_without_an_extra_need_no_library(people: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("pyarrow", "xlsxwriter", "pandas"):
        monkeypatch.setitem(sys.modules, library, None)
    for name, format in export.EXPORT_FORMATS.items():
        if format.extra is None and format.fits(people):
            assert one(name, people)


def test_a_table_that_cannot_be_read(make: Make) -> None:
    from aistatecraft.errors import DataError

    schema = {"fields": [{"name": "id", "type": "integer"}]}
    package = open_package(make({"t": (schema, "id\n1\nx\n")}))
    for name, format in export.EXPORT_FORMATS.items():
        if format.holds_tables and name != "csv":
            with pytest.raises(DataError, match=r"^data/t\.csv: id 'x' is not a whole number; run 'aistatecraft validate'"):
                one(name, package)


def test_sums_are_those_that_sha256sum_reads(people: Package, tmp_path: Path) -> None:
    import shutil
    import subprocess

    built = export.build_all(people, version="1.2.3", released=DAY)
    for name, data in built.items():
        (tmp_path / name).write_bytes(data)
    program = shutil.which("sha256sum") or "shasum"
    command = [program, *(["-a", "256"] if program == "shasum" else []), "-c", "SHA256SUMS"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / NAMES["sqlite"]).write_bytes(b"other")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "people-1.2.3.sqlite: FAILED" in done.stdout


@pytest.mark.parametrize("name", ["a b", "../a", "a\nb", "a\\b", "-c", ""])
def test_sums_refuse_names_that_are_read_differently(name: str) -> None:
    with pytest.raises(RefusedError, match="the name of a released file may contain only letters, digits, dots, hyphens and underscores"):
        sha256sums({name: b""})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "raise ImportError('undefined symbol')",
            r"lib_of_test, which is installed but cannot be imported \(ImportError: undefined symbol\)",
        ),
        (
            "raise OSError('libx.so:\\nnot found')",
            r"lib_of_test, which is installed but cannot be imported \(OSError: libx\.so: not found\)",
        ),
        ("import missing_of_test", r"cannot be imported \(ModuleNotFoundError: No module named 'missing_of_test'\)"),
        (None, "lib_of_test, which is not installed; install it: pip install 'aistatecraft\\[xlsx\\]'\\."),
    ],
)
def test_a_library_that_is_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str | None, words: str) -> None:
    if body is not None:
        (tmp_path / "lib_of_test.py").write_text(body)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match=words) as raised:
        extras.library("lib_of_test", format="xlsx", extra="xlsx")
    assert str(raised.value).endswith(f"pip install{' --force-reinstall' if body else ''} 'aistatecraft[xlsx]'.")
