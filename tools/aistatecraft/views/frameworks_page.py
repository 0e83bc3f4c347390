"""What `docs/frameworks.md` holds: each view with its call, its output, its picture and its columns, all from the data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.package.escape import escape_markdown
from aistatecraft.views.catalogue import CHARTS, VIEWS, View
from aistatecraft.views.charts.rendering import digest, rendered
from aistatecraft.views.charts.theme import Spec
from aistatecraft.views.disputes_view import DISPUTES, by_field, disputes
from aistatecraft.views.frame import Column
from aistatecraft.views.tables import open_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frameworks_pages", "picture_of_page"]

_HEAD = """\
# The frameworks of the literature

Generated from the data by `python3 tools/make.py docs`; do not edit.

The founding papers develop frameworks: hedging, technological power, the US plan, South-South cooperation, features of strategies, tiers of
an index. The tables contain their codes, codings, relations and provisions, so that the frameworks can be queried:
`aistatecraft view NAME` prints one, `--draw FILE.svg` (or `.png`, `.html`, `.json`) draws it, and in Python `ai.views` returns it as a tidy
data frame with one row per fact and the identifiers of the records. Drawing needs the extra `plots`: `pip install 'aistatecraft[plots]'`.

```python
import aistatecraft as ai

frame = ai.views.index("ilia", "2025")  # tidy, to merge and to count
ai.views.readable(frame)  # as printed below
ai.views.chart(frame)  # an Altair chart, for a notebook
ai.views.draw(frame, "ilia.svg")  # or .png, .html, .json
```

A coding is the judgement of its coder, named in each row; the dataset takes no side. Labels and names come in English, Chinese,
Spanish, Portuguese and French (`--lang zh`), where the tables have them."""

_CUT = 60
"""A table that is longer is shown so far."""


@dataclass(frozen=True)
class _Shot:
    """A call of a view that the page shows."""

    view: str
    words: tuple[str, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    picture: str | None = None
    table: bool = True
    most: int = _CUT

    @property
    def command(self) -> str:
        """The call as one types it."""
        flags = {"start": "from", "end": "to"}
        said = [word for name, value in self.options for word in (f"--{flags.get(name, name)}", str(value))]
        draw = ["--draw", f"{self.picture}.svg"] if self.picture else []
        return " ".join(["aistatecraft view", self.view, *self.words, *said, *draw])


def _shots(path: Path) -> Iterator[_Shot]:
    yield _Shot("strategy-features", picture="strategy-features")
    yield _Shot("strategy-features", options=(("lang", "zh"),))
    yield _Shot("hedging", picture="hedging")
    yield _Shot("hedging", ("graph",), picture="hedging-graph", most=25)
    yield _Shot("hedging", ("graph",), (("lang", "zh"),), picture="hedging-graph-zh", table=False)
    yield _Shot("technological-power", picture="technological-power")
    yield _Shot("technological-power", ("competition",))
    yield _Shot("technological-power", ("framework",), picture="technological-power-framework")
    yield _Shot("us-plan", options=(("depth", 2),), picture=None)
    yield _Shot("us-plan", picture="us-plan", table=False)
    for part in ("area", "mechanism", "partner", "proposal"):
        yield _Shot("south-south", (part,), most=40)
    yield _Shot("south-south", picture="south-south", table=False)
    tables = open_tables(path)
    scored = {row["index_id"] for row in tables["index_scores"] if row["dimension"] == "total"}
    for row in tables["indices"]:
        if row["id"] in scored:
            yield _Shot(
                "index",
                (str(row["index_name"]), str(row["edition"])),
                picture=f"index-{row['id']}",
                table=row["id"] == max(scored, key=str),
            )
    yield _Shot("timeline", options=(("kind", "strategies"), ("start", "2024")), picture="timeline-strategies", most=30)
    yield _Shot("timeline", picture="timeline", table=False)


def _code(text: str, language: str = "text") -> str:
    return f"```{language}\n{text}\n```"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> str:
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(escape_markdown(cell, 2_000) for cell in row) + " |" for row in rows[:most]]
    more = [f"\n… and {len(rows) - most:,} more rows."] if len(rows) > most else []
    return "\n".join([*lines, *more])


def _columns(columns: Sequence[Column]) -> str:
    rows = [f"| `{column.name}` | {column.dtype} | {escape_markdown(column.meaning, 2_000)} |" for column in columns]
    return "\n".join(
        [
            "<details><summary>Columns of the data frame</summary>",
            "",
            "| column | dtype | meaning |",
            "|---|---|---|",
            *rows,
            "",
            "</details>",
        ]
    )


def _shown(shot: _Shot, view: View, frame: pd.DataFrame) -> Iterator[str]:
    yield _code(shot.command, "console")
    if not len(frame):
        yield f"Nothing to show: {view.nothing}."
        return
    if shot.picture:
        yield f"![{frame.attrs['title']}](pictures/{shot.picture}.svg)"
    if not shot.table:
        return
    if view.text:
        yield _code(view.text(frame))
        return
    names, rows = view.read(frame)
    yield _table(names, rows, shot.most)


def picture_of_page(spec: Spec, file: Path, *, render: bool = True) -> str:
    """The SVG of a specification: that of the file, if it was made from the same one; else drawn again, or an empty text without `render`."""
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    made_from = re.search(r"<!-- specification ([0-9a-f]{64}) -->", old)
    if made_from and made_from[1] == digest(spec):
        return old
    return rendered(spec, "svg").data.decode() if render else ""


def frameworks_pages(docs: Path, package: Path, *, render: bool = True) -> dict[Path, str]:
    """The page and its pictures.

    A picture that was made from the specification that the data give now is kept as it is: what it looks like in detail depends on
    fonts and libraries, what it shows does not.

    Parameters
    ----------
    docs : the folder of the page
    package : the package to show
    render : whether a picture that is out of date is drawn again; else it stands for an empty text, which no picture is

    Returns
    -------
    dict from path to content
    """
    pictures: dict[Path, str] = {}
    parts = [_HEAD]
    seen: set[str] = set()
    told: set[tuple[Column, ...]] = set()
    for shot in _shots(package):
        view = VIEWS[shot.view]
        frame = view.make(*shot.words, **dict(shot.options), path=package)
        if shot.view not in seen:
            parts += [f"## `{view.name}`", view.about]
            seen.add(shot.view)
        parts += _shown(shot, view, frame)
        columns = tuple(view.columns(frame.attrs.get("part")))
        if columns not in told:
            parts.append(_columns(columns))
            told.add(columns)
        if shot.picture and len(frame) and view.draw:
            frame.attrs["version"] = None  # a picture of the page is not out of date with each release
            spec = view.draw(frame, 760)
            file = docs / "pictures" / f"{shot.picture}.svg"
            pictures[file] = picture_of_page(spec, file, render=render)
    frame = disputes(path=package)
    names, rows = by_field(frame)
    parts += [
        "## Disputes",
        "Where sources disagree, both statements are kept. `aistatecraft disputes`, in Python `ai.disputes()`, lists every disputed field with what each source states. With `--stance`, in Python `stance=`, it lists the statements that differ without disputing: `outdated`, `other_measure`, `omits`, `variant`.",
        _code("aistatecraft disputes", "console"),
        _table(names, rows, 15),
        _columns(DISPUTES),
    ]
    parts += [
        "## Maps and charts",
        "Charts of any states, blocs and indices: `aistatecraft chart NAME` prints what one shows, `--draw FILE` draws it. In Python they are `ai.views.state_map`, `overlap`, `cosignature` and `slope`; `ai.views.draw` takes their frames, too. [questions.md](questions.md) has pictures. Colours of events in timelines are fixed: the same event has the same colour in every drawing. A drawing written as `.html` is a whole page, for dark and small screens too, with the table under the drawing.",
    ]
    for view in CHARTS.values():
        options = " ".join(f"[--{option}]" for option in view.options)
        parts += [
            f"### `{view.name}`",
            view.about,
            _code(" ".join(["aistatecraft chart", view.name, *([view.usage] if view.usage else []), options]), "console"),
            _columns(view.columns(None)),
        ]
    parts.append(
        "The grid of tiles is this project's own: places are approximate, and a tile says nothing of area or borders. The map of the world has the shapes of Natural Earth 1:110m (public domain), as world-atlas 2.0.2 (ISC licence) has them. Disputed areas are as that source draws them, about which this project takes no position; states that are too small for it are named under the drawing."
    )
    return {docs / "frameworks.md": "\n\n".join(parts) + "\n", **pictures}
