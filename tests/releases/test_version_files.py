"""The changelog at a release: what was noted by hand stays, what the change set tells is added, nothing is written twice."""

from __future__ import annotations

from aistatecraft.releases.version_files import entry_added

HEAD = "# Changelog\n\nVersions follow the data.\n\n"
FIRST = "## 0.1.0 (2024-01-01)\n\n### Data\n- First release.\n"
DATA = "### Data\n\n#### Added\n\n- `people`: 2 rows: `cy`, `di`."


def test_notes_become_the_entry() -> None:
    text = f"{HEAD}## Unreleased\n\n### Data\n- Dates of three decrees were corrected.\n\n### Code\n- `view`.\n\n{FIRST}"
    assert entry_added(text, "0.2.0", "2024-06-01", DATA) == (
        f"{HEAD}## 0.2.0 (2024-06-01)\n\n### Data\n- Dates of three decrees were corrected.\n\n"
        f"#### Added\n\n- `people`: 2 rows: `cy`, `di`.\n\n### Code\n- `view`.\n\n{FIRST}"
    )


def test_notes_on_code_only() -> None:
    text = f"{HEAD}## Unreleased\n\n### Code\n- `view`.\n\n{FIRST}"
    assert entry_added(text, "0.2.0", "2024-06-01", DATA) == f"{HEAD}## 0.2.0 (2024-06-01)\n\n{DATA}\n\n### Code\n- `view`.\n\n{FIRST}"


def test_no_notes() -> None:
    assert entry_added(HEAD + FIRST, "0.2.0", "2024-06-01", DATA) == f"{HEAD}## 0.2.0 (2024-06-01)\n\n{DATA}\n\n{FIRST}"


def test_first_entry_of_all() -> None:
    assert entry_added("# Changelog\n", "0.1.0", "2024-01-01", "") == "# Changelog\n\n## 0.1.0 (2024-01-01)\n"
    assert entry_added("# Changelog\n\n## Unreleased\n\n### Data\n- All.\n", "0.1.0", "2024-01-01", "") == (
        "# Changelog\n\n## 0.1.0 (2024-01-01)\n\n### Data\n- All.\n"
    )


def test_version_that_has_its_entry_keeps_it() -> None:
    text = f"{HEAD}## Unreleased\n\n### Code\n- Later.\n\n{FIRST}"
    assert entry_added(text, "0.1.0", "2024-01-01", DATA) == text


def test_nothing_else_is_touched() -> None:
    older = "## 0.0.1 (2020-01-01)\n\n### Data\n- ## no heading\n"
    added = entry_added(f"{HEAD}{FIRST}\n{older}", "0.2.0", "2024-06-01", DATA)
    assert added.endswith(f"\n{FIRST}\n{older}")
    assert added.startswith(HEAD)
