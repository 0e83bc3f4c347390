"""Pictures for previews: a PNG for each question that has a picture, and one for each table, with its title and size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from aistatecraft.package.extras import installed
from aistatecraft.site.context import Edition
from aistatecraft.site.pages.questions import Question
from aistatecraft.site.pictures import standalone

__all__ = ["previews"]


def previews(edition: Edition, asked: Sequence[Question]) -> Iterator[tuple[str, bytes]]:
    """The pictures; none where the library that draws them is missing. Which page each stands for is noted in the edition."""
    if not installed("vl_convert"):
        return
    import vl_convert

    def png(name: str, svg: str, page: str) -> tuple[str, bytes]:
        edition.previews[page] = name
        return name, bytes(vl_convert.svg_to_png(svg, scale=1))

    for one in asked:
        svg = one.svg or (str(one.grid["svg"]) if one.grid else "")
        if svg:
            yield png(f"questions/{one.name}.png", standalone(svg).decode(), f"questions/{one.name}.html")
    for table in edition.data.tables.values():
        lines = [edition.about.title.partition(":")[0], table.title, f"{len(table.rows):,} rows", f"version {edition.data.version}"]
        body = "".join(
            f'<text x="60" y="{150 + 110 * place}" font-family="sans-serif" font-size="{(34, 84, 44, 34)[place]}" fill="#1d2733">{escape(line[:40])}</text>'
            for place, line in enumerate(lines)
        )
        card = f'<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"><rect width="1200" height="630" fill="#fbfaf7"/><rect width="18" height="630" fill="#0f5c7a"/>{body}</svg>'
        yield png(f"tables/{table.folder}.png", card, table.page)
