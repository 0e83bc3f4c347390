"""Four commands that change one package at the same time. Run as a program, so that each command can be a fork.

``python -m tests.releases.together FOLDER TRIALS`` prints for each trial how the commands ended and what the package holds.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from pathlib import Path

from aistatecraft.cli import main
from tests.conftest import write_project


def command(words: tuple[object, ...]) -> int:
    """Run the command line in this process, without a word; its exit code."""
    sys.argv = ["aistatecraft", *map(str, words)]
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def at_once(commands: list[tuple[object, ...]]) -> list[int]:
    """Run each command in a process of its own, all begun together; their exit codes."""
    gate, opener = os.pipe()
    children = []
    for words in commands:
        child = os.fork()
        if not child:
            os.close(opener)
            os.read(gate, 1)  # until all are there
            code = 3
            try:
                code = command(words)
            finally:
                os._exit(code)
        children.append(child)
    os.close(gate)
    os.close(opener)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def main_program(folder: Path, trials: int) -> None:
    """Print what came of each trial, one after the other as JSON."""
    package = folder / "package"
    os.fsync = lambda handle: None  # no machine fails here
    told = []
    new: list[tuple[object, ...]] = [("new", "people", "--set", f"id=r{number}", "--path", package) for number in range(4)]
    for trial in range(trials):
        shutil.rmtree(package, ignore_errors=True)
        # In every other trial a row is out of order, and one puts it right while others add rows, which they then may not yet.
        mixed = trial % 2 == 1
        write_project(package, "id,name,born,score\nbo,Bo,,\nada,Ada,,\n" if mixed else "id,name,born,score\nada,Ada,,\nbo,Bo,,\n")
        if trial == 0:
            command((*new[0], "--dry-run"))  # so that the forks need not import anything
        codes = at_once([*new[:3], ("fmt", package)] if mixed else new)
        ids = [line.split(",")[0] for line in (package / "data/people.csv").read_text().splitlines()[1:]]
        added = [f"r{number}" for number, code in enumerate(codes[:3] if mixed else codes) if code == 0]
        told.append({"codes": codes, "added": added, "there": ids, "files": sorted(path.name for path in package.iterdir())})
    print(json.dumps(told))


if __name__ == "__main__":
    main_program(Path(sys.argv[1]), int(sys.argv[2]))
