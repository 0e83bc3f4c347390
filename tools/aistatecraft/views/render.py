"""What one does with the frame of a view: read it, draw it, write the drawing."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import RefusedError, UsageError
from aistatecraft.views.catalogue import view_of
from aistatecraft.views.charts.rendering import Page, Rendered, form_of, rendered
from aistatecraft.views.charts.theme import Spec
from aistatecraft.views.readable_frames import readable as _readable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MIN_WIDTH", "WIDTH", "chart", "draw", "picture", "readable", "spec"]

WIDTH = 760
MIN_WIDTH = 320


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """A view in the form for reading, as the command line prints it: labels instead of identifiers, several values in one cell.

    Returns
    -------
    pandas.DataFrame of strings; for ``strategy-features`` strategies down and features across, for ``us-plan`` a line of the tree a row

    Raises
    ------
    UsageError
        Where `frame` is not that of a view.
    """
    return _readable(view_of(frame).read(frame))


def spec(frame: pd.DataFrame, *, width: int = WIDTH) -> Spec:
    """The drawing of a view, or of rows of it, as a Vega-Lite specification.

    Parameters
    ----------
    frame : what a function of this module gave, or rows of it
    width : int
        Width of the drawing in pixels, at least 320. Graphs need at least 640 and are drawn so wide.

    Returns
    -------
    dict
        Plain values alone; the data are inside. The same frame gives the same specification.

    Raises
    ------
    UsageError
        Where `frame` is not that of a view, the view is not drawn, or `width` is too small.
    RefusedError
        Where the frame has no rows.
    """
    view = view_of(frame)
    if view.draw is None:
        raise UsageError(f"{view.name} is a table and cannot be drawn; print it instead.")
    if width < MIN_WIDTH:
        raise UsageError(f"a drawing must be at least {MIN_WIDTH} pixels wide, not {width}.")
    if not len(frame):
        raise RefusedError(f"there is nothing to draw: {view.nothing}.")
    return view.draw(frame, width)


def chart(frame: pd.DataFrame, *, width: int = WIDTH) -> Any:
    """The drawing of a view as an Altair chart, which a notebook shows; parameters as for `spec`.

    Returns
    -------
    altair.VConcatChart

    Raises
    ------
    UsageError
        Where Altair is not installed (extra ``plots``), and as `spec` does.
    """
    from aistatecraft.package.extras import library

    altair = library("altair", format="chart", extra="plots")
    return altair.VConcatChart.from_dict(spec(frame, width=width))


def picture(frame: pd.DataFrame, to: Path, *, width: int = WIDTH) -> Rendered:
    """The drawing in the form that the name of the file `to` asks for, not yet written."""
    names, rows = view_of(frame).read(frame)
    return rendered(spec(frame, width=width), form_of(to), Page(frame.attrs["lang"], names, rows))


def draw(frame: pd.DataFrame, to: str | Path, *, width: int = WIDTH) -> None:
    """Write the drawing of a view to a file.

    Parameters
    ----------
    frame, width : as for `spec`
    to : str or Path
        Its ending says the form: ``.svg``, ``.png``, ``.html`` (a page with the table under the drawing, that needs no network), or ``.json`` (the specification).

    Raises
    ------
    UsageError
        Where the ending is another, or the library that draws is not installed (extra ``plots``), and as `spec` does.
    ReadError
        Where the file cannot be written.

    Warns
    -----
    UserWarning
        Where a PNG has characters that no font on this machine draws. An SVG keeps text as text.
    """
    from aistatecraft.package.writing import write_all

    target = Path(to)
    made = picture(frame, target, width=width)
    write_all({target: made.data})
    if made.lacks:
        warnings.warn(f"{target}: {made.lacks}.", UserWarning, stacklevel=2)
