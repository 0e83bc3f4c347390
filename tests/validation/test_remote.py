"""Tables and schemas at addresses: fetched only where that is allowed, from a server on this machine that stops by itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.errors import ReadError
from aistatecraft.package import open_package, remote
from aistatecraft.validation import Report, validate
from tests.conftest import Run, tree

SCHEMA: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "score", "type": "number"}, {"name": "of", "type": "string"}],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["of"], "reference": {"resource": "", "fields": ["id"]}}],
}
GOOD = b"id,score,of\na,1.5,\nb,2,a\n"
BAD = b'id,score,of\na,1.5,\n"b\nc",many,z\n'

Answer = Callable[[BaseHTTPRequestHandler], None]


def gives(body: bytes, status: int = 200, **headers: str) -> Answer:
    """An answer with a body and headers; underscores in their names are hyphens."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


class Server:
    """Answers by path, and the paths that were asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.stopping = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.answers.get(self.path, gives(b"nothing here", 404))(self)

            def log_message(self, *words: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.http.server_port}"

    def at(self, path: str, answer: Answer | bytes) -> str:
        """The address of a path that is answered so from now on."""
        self.answers[path] = gives(answer) if isinstance(answer, bytes) else answer
        return self.root + path


@pytest.fixture(autouse=True)
def directly(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, and the servers of these tests are allowed."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("AISTATECRAFT_ALLOW_PRIVATE_HOSTS", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.stopping.set()
    made.http.shutdown()
    made.http.server_close()
    thread.join(5)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little patience, and little room."""
    monkeypatch.setattr(remote, "MAX_FETCH_SECONDS", 0.5)
    monkeypatch.setattr(remote, "MAX_FETCHED_BYTES", 1_000)
    monkeypatch.setattr(remote, "MAX_SCHEMA", 600)


def package(folder: Path, *paths: Any, schema: Any = SCHEMA, name: str = "made") -> Path:
    """A package in `folder` with a table at each of the paths."""
    folder.mkdir(exist_ok=True)
    resources = [{"name": f"t{number or ''}", "path": path, "schema": schema} for number, path in enumerate(paths)]
    (folder / "datapackage.json").write_text(json.dumps({"name": name, "resources": resources}))
    return folder


def found(report: Report) -> list[tuple[str, str]]:
    return [(finding.rule, finding.place) for finding in report.findings]


def test_a_good_table_and_its_schema(server: Server, tmp_path: Path) -> None:
    address, schema = server.at("/t.csv", GOOD), server.at("/t.json", json.dumps(SCHEMA).encode())
    (tmp_path / "here.csv").write_bytes(GOOD)
    made = package(tmp_path, address, [address + "#2"], "here.csv", schema=schema)
    before = tree(tmp_path)
    report = validate(made, allow_remote=True)
    assert (report.findings, report.tables, report.exit_code) == ([], {"t": 2, "t1": 2, "t2": 2}, 0)
    assert server.asked == ["/t.json", "/t.csv", "/t.csv"], "each is fetched once"
    assert tree(tmp_path) == before, "nothing is kept on disk"


@pytest.mark.parametrize("fast", [False, True])
def test_findings_name_the_address(server: Server, tmp_path: Path, fast: bool) -> None:
    address = server.at("/t.csv", BAD)
    report = validate(package(tmp_path, address), allow_remote=True, fast=fast)
    assert found(report) == [("type", f"{address}:4:B"), ("foreign-key", f"{address}:4:C")]
    assert report.findings[1].hint.startswith(f"correct it, or add the row to {address}")


def test_without_the_option_nothing_is_fetched_and_the_option_is_named(server: Server, tmp_path: Path) -> None:
    address = server.at("/t.csv", GOOD)
    for made in (package(tmp_path / "a", address), package(tmp_path / "b", "t.csv", schema=address)):
        with pytest.raises(ReadError, match=r"is an address.*copy the file into the package.*aistatecraft validate --allow-remote\.$"):
            validate(made)
        with pytest.raises(ReadError, match="--allow-remote"):
            open_package(made)
    assert server.asked == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/t.csv", "s3://bucket/t.csv", "data://x"])
def test_other_schemes_are_refused_whatever_is_allowed(tmp_path: Path, address: str) -> None:
    with pytest.raises(ReadError, match="is an address; packages are read from disk only"):
        validate(package(tmp_path, address), allow_remote=True)


def test_paths_that_lead_outside_are_refused_whatever_is_allowed(tmp_path: Path) -> None:
    for path in ("../t.csv", "/etc/passwd"):
        with pytest.raises(ReadError, match="points outside the package"):
            validate(package(tmp_path / "made", path), allow_remote=True)


def test_the_tables_of_this_dataset_stay_local(server: Server, tmp_path: Path) -> None:
    address = server.at("/t.csv", GOOD)
    with pytest.raises(ReadError, match=r"^datapackage\.json: resource t: .* the tables of aistatecraft must be in the package"):
        validate(package(tmp_path, address, name="aistatecraft"), allow_remote=True)
    assert server.asked == []


def drips(request: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for as long as somebody listens."""
    request.send_response(200)
    request.end_headers()
    try:
        while not request.server.stopping.wait(0.05):  # type: ignore[attr-defined]
            request.wfile.write(b"x")
            request.wfile.flush()
    except OSError:
        pass


FAILURES: dict[str, tuple[Answer, str]] = {
    "missing": (gives(b"", 404), "the server answers 404 Not Found"),
    "no access": (gives(b"", 403), "the server answers 403 Forbidden"),
    "broken server": (gives(b"", 503), "the server answers 503 Service Unavailable"),
    "too long, and says so": (gives(b"", Content_Length="1001"), "it exceeds the limit of 1,000 bytes"),
    "too long, and says nothing": (
        lambda request: (request.send_response(200), request.end_headers(), request.wfile.write(b"x" * 2_000))[0],
        "it exceeds the limit of 1,000 bytes",
    ),
    "cut off": (gives(b"id,score", Content_Length="100"), "the connection was lost after 8 of 100 bytes"),
    "to a file": (gives(b"", 302, Location="file:///etc/passwd"), "it redirects to a location that is neither http nor https"),
    "to another scheme": (gives(b"", 301, Location="ftp://127.0.0.1/t.csv"), "it redirects to a location that is neither http nor https"),
    "with a password": (
        gives(b"", 307, Location="http://ada:secret@127.0.0.1/t.csv"),
        "it redirects to a location that contains a user name or password",
    ),
    "to no address": (gives(b"", 302, Location="http://[::1/t.csv"), "it redirects to a location that is not a valid address"),
    "to a port that is none": (gives(b"", 302, Location="http://127.0.0.1:x/"), "it redirects to a location that is not a valid address"),
    "round and round": (gives(b"", 302, Location="/round"), "it redirects too often"),
    "to nowhere": (gives(b"", 302), "the server answers 302 Found"),
    "no http": (lambda request: request.wfile.write(b"hello\n" * 3) and None, "the server does not answer as a web server"),
    "hangs": (lambda request: request.server.stopping.wait(5) and None, "NOTHING CAME"),  # type: ignore[attr-defined]
    "drips": (drips, "NOTHING CAME"),
    "secret": (lambda request: request.wfile.write(b"SSH-2.0 secret\r\n") and None, "the server does not answer as a web server"),
    "part": (gives(b"id", 206), "the server answers 206 Partial Content"),
}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", FAILURES)
def test_what_cannot_be_fetched(server: Server, tmp_path: Path, run: Run, name: str) -> None:
    answer, words = FAILURES[name]
    server.http.stopping = server.stopping  # type: ignore[attr-defined]
    address = server.at("/round", answer)
    package(tmp_path, address)
    done = run("validate", tmp_path, "--allow-remote")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"aistatecraft: {done.err[14:].strip()}\n"
    assert "secret" not in done.err, "nothing that the server says is repeated"
    # Which of the two clocks strikes first is the machine's to say.
    either = ("it was not completely received within 0.5 seconds", "the server sent nothing for 0.5 seconds")
    said = either if words == "NOTHING CAME" else (words,)
    assert done.err.startswith(tuple(f"aistatecraft: datapackage.json: resource t: {address!r} cannot be fetched: {one}" for one in said))
    assert done.err.endswith("; correct the address, or copy the file into the package and use its path.\n")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:1/t.csv", "cannot be fetched: the server cannot be reached"),
        ("http://user:secret@127.0.0.1/t.csv", "contains a user name or password"),
        ("http://127.0.0.1/a b.csv", "is not a valid address"),
        ("http://127.0.0.1/a\nb.csv", "is not a valid address"),
        ("http://127.0.0.1/\u00e9.csv", "is not a valid address"),
        ("http://127.0.0.1:port/t.csv", "is not a valid address"),
        ("http://[::1/t.csv", "is not a valid address"),
        ("http:///t.csv", "is not a valid address"),
    ],
)
def test_addresses_that_are_none(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, address: str, words: str) -> None:
    monkeypatch.setenv("no_proxy", "*")
    done = run("validate", package(tmp_path, address), "--allow-remote")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert words in done.err
    assert "secret" not in done.err


@pytest.mark.usefixtures("quick")
def test_the_bound_is_that_of_all_addresses_together(server: Server, tmp_path: Path) -> None:
    rows = GOOD + b"c,1,\n" * 100
    made = package(tmp_path, server.at("/a.csv", rows), server.at("/b.csv", rows))
    with pytest.raises(ReadError, match=r"resource t1: .* it exceeds the limit of 475 bytes"):
        validate(made, allow_remote=True)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"x" * 601, "exceeds the limit of 600 bytes"),
        (b"", "/t.json: the file is empty"),
        (b"{", r"/t\.json:1:2: this is not JSON"),
        (b"[]", "/t.json: a Table Schema needs a list of fields"),
    ],
)
def test_schemas_that_are_none(server: Server, tmp_path: Path, body: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        validate(package(tmp_path, "t.csv", schema=server.at("/t.json", body)), allow_remote=True)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"<!doctype html>\n<title>Not found</title>\n", "header"),
        (b"PK\x03\x04" + b"\0" * 40, "not-csv"),
        (b"\x1f\x8b\x08" + b"\0" * 40, "not-csv"),
        (b"", "empty-file"),
    ],
)
def test_what_is_no_csv(server: Server, tmp_path: Path, run: Run, body: bytes, rule: str) -> None:
    address = server.at("/t.csv", body)
    done = run("validate", package(tmp_path, address), "--allow-remote")
    assert (done.code, done.err) == (2, "")
    assert f"error: {address}:1" in done.out
    assert f"[{rule}]" in done.out


def test_redirects_within_the_web_are_followed(server: Server, tmp_path: Path) -> None:
    server.at("/there.csv", BAD)
    address = server.at("/here.csv", gives(b"", 301, Location="/there.csv"))
    assert found(validate(package(tmp_path, address), allow_remote=True))[0] == ("type", f"{address}:4:B"), "as the package names it"


def test_large_tables_go_the_columnar_way(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is an extra")
    from aistatecraft.validation import arrow_engine

    schema = {"fields": SCHEMA["fields"], "primaryKey": ["id"]}
    address = server.at("/t.csv", b"id,score,of\na,1.5,\nb,many,z\n")
    made = package(tmp_path, address, schema=schema)
    rows = validate(made, allow_remote=True)
    monkeypatch.setattr(arrow_engine, "MIN_BYTES", 0)
    assert validate(made, allow_remote=True).findings == rows.findings
    assert found(rows) == [("type", f"{address}:3:B")]


class TestBeside:
    """What goes along with the findings knows of addresses, too."""

    def test_row_and_marks_are_shown(self, server: Server, tmp_path: Path, run: Run) -> None:
        address = server.at("/t.csv", BAD)
        done = run("validate", package(tmp_path, address), "--allow-remote")
        assert done.out.splitlines()[:4] == [
            f"{address}: 2 errors",
            f"error: {address}:4:B: b\\u000ac (score): 'many' is not a number written with a decimal point; write a value of type number. [type]",
            '      4 | c",many,z',
            "        |    ^^^^",
        ]

    def test_sarif_has_the_address_itself(self, server: Server, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        address = server.at("/t%20a.csv", BAD)
        done = run("validate", package(tmp_path / "p", address), "--allow-remote", "--format", "sarif")
        places = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in json.loads(done.out)["runs"][0]["results"]]
        assert places == [{"uri": address}] * 2

    def test_annotations_of_github_name_no_file_of_the_repository(
        self, server: Server, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        address = server.at("/t.csv", BAD)
        done = run("validate", package(tmp_path / "p", address), "--allow-remote", "--format", "github")
        assert done.out.splitlines()[0] == (
            f"::error title=type::{address}:4:B: b\\u000ac: 'many' is not a number written with a decimal point; write a value of type number"
        )

    def test_fix_leaves_what_it_cannot_write(self, server: Server, tmp_path: Path, run: Run) -> None:
        address = server.at("/t.csv", GOOD.replace(b"\n", b"\r\n"))
        (tmp_path / "p").mkdir()
        (tmp_path / "p" / "here.csv").write_bytes(GOOD.replace(b"\n", b"\r\n"))
        done = run("validate", package(tmp_path / "p", address, "here.csv"), "--allow-remote", "--fix")
        assert done.code == 1
        assert done.err.splitlines() == [
            "fixed here.csv: 3 lines that did not end with LF",
            f"not fixed: {address}: a file at an address cannot be written; fix it at its source.",
        ]
        assert set(tree(tmp_path)) == {"p/datapackage.json", "p/here.csv"}

    def test_changed_keeps_findings_of_which_git_knows_nothing(
        self, server: Server, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import subprocess

        address = server.at("/t.csv", BAD)
        made = package(tmp_path, address)
        git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.cl"]
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
            subprocess.run([*git, *words], check=True)
        done = run("validate", made, "--allow-remote", "--changed", "HEAD")
        assert (done.code, done.err) == (1, "0 records changed since HEAD; 0 problems elsewhere not shown\n")


def test_a_package_is_opened_from_disk(run: Run) -> None:
    done = run("validate", "https://127.0.0.1/datapackage.json", "--allow-remote")
    assert (done.code, done.out) == (2, "")
    assert "packages are opened from disk" in done.err
