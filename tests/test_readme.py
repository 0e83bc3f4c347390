"""The README and the generated pages say what is true now."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run, env


def test_generated_pages_are_up_to_date(root: Path) -> None:
    done = subprocess.run([sys.executable, "tools/docs.py", "--check"], cwd=root, env=env(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_links_lead_to_files(root: Path) -> None:
    for page in [root / "README.md", root / "CONTRIBUTING.md", *(root / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def commands(root: Path) -> list[str]:
    lines = re.findall(r"^\$ aistatecraft ([^#\n]*?)\s*(?:#.*)?$", (root / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(lines) >= 7
    return lines


def test_commands_of_the_readme_run(run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    for line in commands(root):
        if line.startswith("release"):
            continue  # it would release; tests/release does that on a copy
        line = re.sub(r"--out (\S+)", rf"--out {tmp_path}/\1", line)
        done = run(*line.split())
        assert done.code == 0, f"{line}: {done.err}"
        assert done.out.strip()


@pytest.mark.parametrize("name", ["release", "test", "check", "docs", "bench"])
def test_the_readmes_two_commands_name_tasks_that_exist(root: Path, name: str) -> None:
    sys.path.insert(0, str(root / "tools"))
    try:
        import make
    finally:
        sys.path.pop(0)
    assert name in make.EXTRAS
    if name in ("release", "test"):
        assert f"$ python3 tools/make.py {name}" in (root / "README.md").read_text(encoding="utf-8")


def test_no_page_speaks_of_hosting_that_does_not_exist(root: Path) -> None:
    for page in [root / "README.md", root / "CITATION.cff", root / "datapackage.json", root / "pyproject.toml"]:
        assert not re.search(r"zenodo|readthedocs|github\.com/|doi\.org", page.read_text(encoding="utf-8"), flags=re.IGNORECASE), page.name
