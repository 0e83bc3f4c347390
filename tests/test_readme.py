"""The README and the generated pages are up to date, and their commands and examples run."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
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


HEADINGS = [
    "Quick start", "Dataset card", "Examples", "On the command line", "Other tools", "Versions", "Contributing and development", "Dependencies",
]  # fmt: skip


def test_readme_is_short_and_in_the_readers_order(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    assert len(text.split()) < 900
    assert re.findall("(?m)^## (.+)", text) == HEADINGS
    before = text.partition("## Quick start")[0]
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", before)
    assert (root / picture).is_file()


def test_examples_of_the_readme_print_something(root: Path) -> None:
    # test_generated_pages_are_up_to_date runs them and compares what they print.
    outputs = re.findall(r"```python\n[^`]*```\n```text\n([^`]*)```", (root / "README.md").read_text(encoding="utf-8"))
    assert len(outputs) == 3 and all(output.strip() for output in outputs)


def test_each_dependency_is_explained(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (root / "README.md").read_text(encoding="utf-8").partition("## Dependencies")[2]
    needed = {re.split(r"[\[<>=]", requirement)[0] for requirement in project["dependencies"]}
    explained = {name for line in re.findall("(?m)^- (.+?):", text) for name in re.findall("`([a-z]+)`", line)}
    assert explained == needed
    extras = set(re.findall("`([a-z]+)`", text.partition("Extras:")[2]))
    assert extras <= set(project["optional-dependencies"])


def test_numbers_of_the_dataset_card_are_those_of_the_tables(root: Path) -> None:
    sys.path.insert(0, str(root / "tools"))
    try:
        import docs
    finally:
        sys.path.pop(0)
    card = docs.dataset_card(root)

    def rows(table: str) -> int:
        with (root / f"data/{table}.csv").open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.reader(file)) - 1

    tables = [path.stem for path in (root / "data").glob("*.csv")]
    assert f"| {sum(map(rows, tables)):,} rows in {len(tables)} tables; {rows('actors')} actors" in card
    strategies, others = (int(number) for number in re.findall(r"(\d+) strategies and (\d+) guides or reports", card)[0])
    assert strategies + others == rows("strategies") and f"{rows('memberships')} memberships" in card
    assert card in (root / "README.md").read_text(encoding="utf-8")


WRITTEN = ["README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md", ".github/pull_request_template.md"]


def test_pages_and_schemas_say_fix(root: Path) -> None:
    pages = [
        *(root / name for name in WRITTEN),
        *root.glob("docs/*.md"),
        *root.glob("schemas/*.json"),
        *root.glob(".github/ISSUE_TEMPLATE/*"),
    ]
    old = re.compile(r"\bmend(?:s|ed|ing)?\b", re.IGNORECASE)
    assert [page.name for page in pages if old.search(page.read_text(encoding="utf-8"))] == []


def test_no_page_claims_hosting_that_does_not_exist(root: Path) -> None:
    for page in [root / "README.md", root / "CITATION.cff", root / "datapackage.json", root / "pyproject.toml"]:
        assert not re.search(r"zenodo|readthedocs|github\.com/|doi\.org", page.read_text(encoding="utf-8"), flags=re.IGNORECASE), page.name
