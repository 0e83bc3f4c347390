"""What the tests of old versions share: packages with several releases, and a server on this machine that hands them out."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aistatecraft.package import open_package
from aistatecraft.package.register import Register, RegisterEntry
from aistatecraft.releases.archive import build_archive

Answer = Callable[[BaseHTTPRequestHandler], None]


def put_release(package: Path, version: str, day: str) -> RegisterEntry:
    """Release the package as it stands in its directory: archive, register and descriptor."""
    descriptor = package / "datapackage.json"
    text = re.sub(r'"version": "[^"]*"', f'"version": "{version}"', descriptor.read_text(encoding="utf-8"), count=1)
    descriptor.write_text(re.sub(r'"created": "[^"]*"', f'"created": "{day}T00:00:00Z"', text, count=1), encoding="utf-8")
    opened = open_package(package)
    data, rows = build_archive(opened, version, day)
    name = f"{opened.descriptor['name']}-{version}.zip"
    import hashlib

    entry = RegisterEntry(version, day, name, hashlib.sha256(data).hexdigest(), len(data), rows)
    register = Register(opened, [*Register.of(opened).entries, entry])
    (package / "releases").mkdir(exist_ok=True)
    (package / "releases" / name).write_bytes(data)
    (package / "releases" / "register.json").write_text(register.as_json(), encoding="utf-8")
    return entry


def write_people(package: Path, *rows: str) -> None:
    """Replace the table of the small project."""
    (package / "data" / "people.csv").write_text("id,name,born,score\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def three_versions(project: Path) -> list[RegisterEntry]:
    """Release the project three times, with one row more each time."""
    rows = ["ada,Ada,1815-12-10,107.5", "bo,波,1990,3"]
    out = []
    for number, row in enumerate(("cy,Cy,,1", "di,Di,,2", "eve,Eve,,3"), 1):
        rows.append(row)
        write_people(project, *rows)
        out.append(put_release(project, f"0.{number}.0", f"202{number}-01-01"))
    return out


def carrying(project: Path, target: Path, *versions: str, archives: bool = True) -> Path:
    """A copy of the project as an installation has it that knows only these versions, and is the last of them."""
    shutil.copytree(project, target)
    register = target / "releases" / "register.json"
    found = json.loads(register.read_text(encoding="utf-8"))
    for entry in found["releases"]:
        if entry["version"] not in versions or not archives:
            (target / "releases" / entry["archive"]).unlink()
    found["releases"] = [entry for entry in found["releases"] if entry["version"] in versions]
    register.write_text(json.dumps(found), encoding="utf-8")
    return target


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
    """Hands out the files of a folder, or answers as it is told to, and keeps the paths that were asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.stopping = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                file = outer.folder / self.path.strip("/")
                plain = gives(file.read_bytes()) if file.is_file() else gives(b"nothing here", 404)
                outer.answers.get(self.path, plain)(self)

            def log_message(self, *words: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.http.server_port}"


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """A server on this machine that hands out a folder and stops at the end."""
    made = Server(folder)
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.stopping.set()
        made.http.shutdown()
        made.http.server_close()
        thread.join(5)
