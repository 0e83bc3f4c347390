"""Writers killed before every step that they take on the disk. Run as a program, so that each run can be a fork.

``python -m tests.releases.killed WRITER FOLDER`` prints, for each step, what was left after the next writer came.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aistatecraft.api import diff
from aistatecraft.cli import main
from aistatecraft.package.transaction import changing, commit
from tests.conftest import edit, tree, write_package, write_project

STEPS = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "fcntl.flock")
ROWS: dict[str, Any] = {"fields": [{"name": "id", "type": "string"}, {"name": "note", "type": "string"}], "primaryKey": ["id"]}
SOURCES: dict[str, Any] = {"fields": [{"name": "id", "type": "string"}, {"name": "title", "type": "string"}], "primaryKey": ["id"]}
ABOUT: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "source", "type": "string"}],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}}],
}


def command(*words: object) -> None:
    """Run the command line in this process."""
    sys.argv = ["aistatecraft", *map(str, words)]
    with contextlib.suppress(SystemExit):
        main()


def tables(place: Path, first: str, second: str) -> Path:
    """A package of two tables, the hash of one of them declared."""
    package = write_package(place / "package", {"a": (ROWS, first), "b": (ROWS, second)})
    edit(package / "datapackage.json", '"path": "data/b.csv"', '"path": "data/b.csv", "bytes": 1, "hash": "0"')
    return package


def commit_one(place: Path) -> Callable[[], None]:
    root = place / "package"
    root.mkdir()
    (root / "a").write_bytes(b"old a")

    def work() -> None:
        with changing(root) as change:
            change.commit({root / "a": b"new a", root / "deep" / "er" / "b": b"new b"})

    return work


def commit_two(place: Path) -> Callable[[], None]:
    for name in ("package", "beside"):
        (place / name).mkdir()
        (place / name / "a").write_bytes(b"old")

    def work() -> None:
        with changing(place / "package") as one, changing(place / "beside") as two:
            commit((one, {place / "package" / "a": b"new"}), (two, {place / "beside" / "a": b"new"}))

    return work


def fmt(place: Path) -> Callable[[], None]:
    package = tables(place, "id,note\nb,\na,\n", "id,note\nd,\nc,\n")
    return lambda: command("fmt", package)


def fix(place: Path) -> Callable[[], None]:
    package = tables(place, "id,note\n\nb,\na,\n", "id,note\nd,\n\nc,\n")
    return lambda: command("validate", package, "--fix")


def new(place: Path) -> Callable[[], None]:
    package = write_package(place / "package", {"sources": (SOURCES, "id,title\nb,Book\n"), "things": (ABOUT, "id,source\nx,b\n")})
    return lambda: command("new", "thing", "--set", "id=a", "--source-set", "id=c", "--source-set", "title=C", "--path", package)


def apply(place: Path) -> Callable[[], None]:
    package, other = write_project(place / "package"), write_project(place / "other", "id,name,born,score\nada,Ada L.,1815-12-10,\n")
    edit(other / "schemas" / "people.json", '"title": "People"', '"title": "Persons"')
    edit(other / "datapackage.json", '"version": "0.1.0"', '"version": "0.2.0"')
    changes = place / "changes.json"
    changes.write_text(json.dumps(diff(package, other).as_dict()))
    return lambda: command("diff", package, "--apply", changes, "--out", package)


def release(place: Path) -> Callable[[], None]:
    package = write_project(place / "package")
    (package / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n### Code\n- Better.\n", encoding="utf-8")
    words = ("--date", "2024-06-01", "--format", "csv")
    return lambda: command("release", "0.2.0", "--path", package, "--out", package / "dist", *words)


WRITERS = {maker.__name__: maker for maker in (commit_one, commit_two, fmt, fix, new, apply, release)}


def run(work: Callable[[], None], at: int) -> tuple[int, int]:
    """Run `work` in a process of its own that is killed before its step number `at`; the signal, and how many steps were taken."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader) as told:
            count = told.read()
        return os.WTERMSIG(os.waitpid(child, 0)[1]), int(count or 0)
    taken = 0

    def step(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal taken
        opened = (
            event == "open"
            and isinstance(arguments[2], int)
            and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            and str(arguments[0]) != os.devnull
        )
        if event in STEPS or opened:
            taken += 1
            if taken == at:
                os.kill(os.getpid(), signal.SIGKILL)

    os.fsync = lambda handle: step("fcntl.flock", ())  # it raises no event
    sys.stdout = sys.stderr = io.StringIO()
    sys.addaudithook(step)
    try:
        work()
    finally:
        count, taken = taken, -1_000_000
        os.write(writer, str(count).encode())
        os._exit(0)


def recovered(place: Path) -> None:
    """What the next writer does before anything else."""
    for root in (place / "package", place / "beside"):
        if root.is_dir():
            with changing(root):
                pass


def main_program(writer: str, folder: Path) -> None:
    """Print what is left: for each step whether old, new, or neither."""
    place = folder / "now"
    os.fsync = lambda handle: None  # what is killed is the process, not the machine

    def fresh() -> Callable[[], None]:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        return WRITERS[writer](place)

    with contextlib.redirect_stdout(io.StringIO()):
        fresh()()  # so that the forks need not import anything
    work = fresh()
    old = tree(place)
    _, steps = run(work, 0)
    new = tree(place)
    states = []
    for at in range(1, steps + 1):
        work = fresh()
        killed, _ = run(work, at)
        assert killed == signal.SIGKILL, f"step {at} of {steps} was not reached"
        with contextlib.redirect_stderr(io.StringIO()):
            recovered(place)
        left = tree(place)
        whole = "old" if left == old else "new" if left == new else f"neither: {sorted(left)}"
        states.append(whole if not list(place.rglob(".aistatecraft-pending")) else "leftovers")
    print(json.dumps({"changed": sorted(name for name in new if new[name] != old.get(name)), "states": states}))


if __name__ == "__main__":
    main_program(sys.argv[1], Path(sys.argv[2]))
