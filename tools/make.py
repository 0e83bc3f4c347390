"""Set-up and the usual tasks. Needs only Python 3.11 or later and pip.

    python3 tools/make.py release    validate the tables, build a release and the website into dist/, summarise it
    python3 tools/make.py test       run the tests
    python3 tools/make.py check      run ruff, mypy, import-linter, and zizmor for the workflows
    python3 tools/make.py docs       rewrite the generated pages
    python3 tools/make.py bench      run the benchmarks against bare interpreters and other tools

Each creates the virtual environment that it needs (.venv, or the one named with --env) and keeps it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HELPERS = ("pairs", "processes", "rivals", "tables")
"""Modules shared by the benchmarks; the other files of benchmarks/ are run."""
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
"""import-linter cannot be run with `python -m`."""
EXTRAS = {"release": "[release,site]", "test": "[test]", "check": "[check]", "bench": "[bench]", "docs": "[plots]"}


ISOLATED = "-I"
"""Import modules only from the environment, not from the current directory (such as a file pip.py) or PYTHONPATH."""


def python_of(env: Path) -> Path:
    """The interpreter of a virtual environment."""
    return env / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_env(env: Path, extras: str) -> Path:
    """Create or update a virtual environment with the package installed from this directory; return its interpreter."""
    python = python_of(env)
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + extras.encode() + sys.version.encode()).hexdigest()
    stamp = env / f"installed-{extras.strip('[]').replace(',', '-') or 'core'}"
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    if not python.exists():
        print(f"making {env} ...", flush=True)
        made = subprocess.run([sys.executable, ISOLATED, "-m", "venv", str(env)], capture_output=True, text=True, check=False)
        if made.returncode:
            # Some systems ship venv without ensurepip; the pip that is there can install into an environment without one.
            subprocess.run([sys.executable, ISOLATED, "-m", "venv", "--clear", "--without-pip", str(env)], check=True)
    has_pip = subprocess.run([str(python), ISOLATED, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    # The pip that is there may be one for this user alone, which -I would not see.
    pip = [str(python), ISOLATED, "-m", "pip"] if has_pip else [sys.executable, "-P", "-m", "pip", "--python", str(python)]
    print(f"installing aistatecraft{extras} into {env} ...", flush=True)
    subprocess.run([*pip, "install", "--quiet", "--disable-pip-version-check", "--editable", f"{ROOT}{extras}"], check=True)
    stamp.write_text(wanted)
    return python


def need_chromium() -> None:
    """Install the browser that the tests of the website need, where it is missing and can be installed: in continuous integration it must be there."""
    if shutil.which("chromium") or shutil.which("google-chrome") or not shutil.which("apt-get"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    print("installing chromium ...", flush=True)
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run([*sudo, *command], env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    """Run the task named on the command line; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=list(EXTRAS))
    parser.add_argument("--env", type=Path, default=ROOT / ".venv", help="virtual environment to create or use")
    arguments, rest = parser.parse_known_args()
    try:
        python = make_env(arguments.env.resolve(), EXTRAS[arguments.task])
    except subprocess.CalledProcessError as error:
        print(f"make.py: set-up failed at: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 2
    isolated = [str(python), ISOLATED]
    aistatecraft = [*isolated, "-m", "aistatecraft"]
    # With a place or a package of one's own only the release is built.
    elsewhere = bool({word.partition("=")[0] for word in rest} & {"--out", "--path", "--help", "-h"})
    if arguments.task == "test" and os.environ.get("CI") == "true":
        need_chromium()
    tasks = {
        "release": [
            [*aistatecraft, "validate"],
            [*aistatecraft, "release", *rest],
            *([] if elsewhere else [[*aistatecraft, "site", "--out", "dist/site"]]),
            [*aistatecraft, "info"],
        ],
        "test": [[*isolated, "-m", "pytest", "-n", "auto", "--dist", "worksteal", *rest]],
        "docs": [[str(python), str(ROOT / "tools/docs.py"), *rest]],
        "bench": [[str(python), str(path), *rest] for path in sorted((ROOT / "benchmarks").glob("*.py")) if path.stem not in HELPERS],
        "check": [
            [*isolated, "-m", "ruff", "check", "."],
            [*isolated, "-m", "ruff", "format", "--check", "."],
            [*isolated, "-m", "mypy"],
            [*isolated, "-c", LINT_IMPORTS],
            [str(python.with_name("zizmor")), "--offline", "--no-progress", "."],
        ],
    }
    for task in tasks[arguments.task]:
        if arguments.task == "release":
            print(f"\n$ aistatecraft {' '.join(task[len(aistatecraft) :])}", flush=True)
        done = subprocess.run(task, cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    if arguments.task == "release" and not elsewhere:
        print("\nopen dist/site/index.html", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
