"""docs/frameworks.md and its pictures fit the data."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from aistatecraft.views import CHARTS, VIEWS, draw, index
from aistatecraft.views.frameworks_page import frameworks_pages
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def made() -> dict[Path, str]:
    return frameworks_pages(ROOT / "docs", ROOT, render=False)


@pytest.mark.real
def test_page_and_pictures_are_up_to_date(made: dict[Path, str]) -> None:
    stale = [
        path.relative_to(ROOT).as_posix() for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run python3 tools/make.py docs"


@pytest.mark.real
def test_every_picture_is_shown_and_every_shown_picture_is_there(made: dict[Path, str]) -> None:
    shown = {
        page: set(re.findall(r"\]\((pictures/[^)]+)\)", (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")))
        for page in ("frameworks", "questions")
    }
    there = {f"pictures/{path.name}" for path in (ROOT / "docs/pictures").iterdir()}
    assert shown["frameworks"] == {path.relative_to(ROOT / "docs").as_posix() for path in made if path.suffix == ".svg"}
    front = {
        found.removeprefix("docs/")
        for found in re.findall(r"\]\((docs/pictures/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    }
    assert shown["frameworks"] | shown["questions"] | front == there
    assert all((ROOT / "docs" / picture).stat().st_size < 150_000 for picture in there)


@pytest.mark.real
def test_every_view_has_a_section(made: dict[Path, str]) -> None:
    sections = re.findall(r"^## (.+)$", made[ROOT / "docs/frameworks.md"], flags=re.MULTILINE)
    assert sections == [*(f"`{name}`" for name in VIEWS), "Disputes", "Maps and charts"]
    charts = re.findall(r"^### `(.+)`$", made[ROOT / "docs/frameworks.md"], flags=re.MULTILINE)
    assert charts == list(CHARTS)


@pytest.mark.real
def test_a_picture_of_other_data_is_drawn_again_and_one_of_the_same_is_kept(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    folder = tmp_path / "docs"
    shutil.copytree(ROOT / "docs" / "pictures", folder / "pictures")
    file = folder / "pictures" / "index-ilia-2025.svg"
    frame = index("ilia", "2025", path=ROOT)
    frame.attrs["version"] = None
    draw(frame, file)
    # Another machine has other fonts: what is drawn a little differently from the same specification is up to date.
    file.write_text(file.read_text(encoding="utf-8").replace('width="784"', 'width="785"'), encoding="utf-8")
    assert frameworks_pages(folder, ROOT, render=False)[file] == file.read_text(encoding="utf-8")
    frame = frame[frame["actor"] != "CHL"]
    draw(frame, file)
    assert frameworks_pages(folder, ROOT, render=False)[file] == ""
    assert "Chile" in frameworks_pages(folder, ROOT)[file]
