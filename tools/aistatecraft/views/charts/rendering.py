"""From a specification to a file: SVG, PNG and HTML by vl-convert, JSON as it is."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, NamedTuple

from aistatecraft.errors import UsageError
from aistatecraft.package.extras import library
from aistatecraft.views.charts.theme import LATIN, WIDE, Spec, has_wide

__all__ = ["FORMS", "Page", "Rendered", "digest", "form_of", "rendered", "undrawn"]

FORMS = ("svg", "png", "html", "json")
_MISSING = "\U0010fffd"
"""A character that no font has a glyph for."""
_MARK = "\uf8fe"
"""A character for private use, which stands for < on the way."""


_PATH = re.compile(r'(?<= d=")[^"]+')
_LONG = re.compile(r"(\.\d)\d+")
_NOISE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events)="[^"]*"')


class Rendered(NamedTuple):
    """The bytes of a picture, and a sentence about what it lacks, if anything."""

    data: bytes
    lacks: str | None = None


def form_of(to: PurePath) -> str:
    """The form that the name of a file asks for; `UsageError` where it is none of `FORMS`."""
    form = to.suffix.lstrip(".").lower()
    if form not in FORMS:
        raise UsageError(
            f"{to}: a drawing can be written as {', '.join(FORMS[:-1])} or {FORMS[-1]}; use one of them as the file extension."
        )
    return form


def digest(spec: Spec) -> str:
    """SHA-256 of a specification: the same for the same data, whatever fonts and libraries draw it."""
    return hashlib.sha256(json.dumps(spec, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _vega_lite(convert: Any) -> str:
    """The newest Vega-Lite 5 that the library has; its newest where it has none."""
    versions = [str(version) for version in convert.get_vegalite_versions()]
    fives = [version for version in versions if version.startswith("5.")] or versions
    return max(fives, key=lambda version: [int(part) for part in version.split(".")])


@dataclass(frozen=True)
class Page:
    """What stands around a picture that is a page: its language, and the table under it."""

    lang: str = "en"
    names: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def rendered(spec: Spec, form: str, page: Page | None = None) -> Rendered:
    """A specification as a file of one of `FORMS`; `page` says what else stands on one of HTML.

    Raises
    ------
    UsageError
        Where the library that draws is not installed; the sentence names the extra to install.
    """
    if form == "json":
        return Rendered((json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode())
    convert = library("vl_convert", format=form, extra="plots")
    version = _vega_lite(convert)
    if form == "svg":
        return Rendered(_lean(convert.vegalite_to_svg(spec, vl_version=version), spec).encode())
    if form == "html":
        made = _harmless(convert.vegalite_to_html(_marked(spec), vl_version=version, bundle=True, renderer="svg"))
        return Rendered(_whole(made, spec, page or Page()).encode())
    boxes = undrawn("".join(texts_in(spec)))
    lacks = None
    if boxes:
        few = " ".join(boxes[:5])
        lacks = f"no installed font has {len(boxes)} of its characters, such as {few}; install one, such as Noto Sans CJK, or draw it as SVG, which keeps text as text"
    return Rendered(convert.vegalite_to_png(spec, vl_version=version, scale=2), lacks)


_DARK = {"#222222": "#e8e8e8", "#555555": "#bdbdbd", "#777777": "#a5a5a5", "#E3E3E3": "#3a3d42", "white": "#1b1d21"}
"""Neutral colours of drawings and what they are on a dark page. Colours that mean something stay."""
_STYLE = """\
:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; font: 1rem/1.45 "Liberation Sans", Arial, Helvetica, sans-serif; background: #fff; color: #222; }
.chart, .rows { overflow-x: auto; }
vega-chart.vega-embed, .chart .vega-embed { width: auto; display: block; }
table { border-collapse: collapse; font-size: .875rem; }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd; }
summary { cursor: pointer; margin: 1rem 0 .5rem; }
@media (prefers-color-scheme: dark) {
  body { background: #1b1d21; color: #e8e8e8; }
  .chart svg { background-color: #1b1d21 !important; }
  th, td { border-color: #3a3d42; }
"""


def _whole(made: str, spec: Spec, page: Page) -> str:
    """The page with its language and title, for small and dark screens too, and with the table under the picture."""
    dark = "".join(f'  .chart [{name}="{old}" i] {{ {name}: {new}; }}\n' for old, new in _DARK.items() for name in ("fill", "stroke"))
    head = [
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{html.escape(_title(spec))}</title>",
        f"<style>\n{_STYLE}{dark}}}\n</style>",
    ]
    cells = ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in page.rows]
    names = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in page.names)
    said = f"表格（{len(cells)}行）" if page.lang == "zh" else f"Table ({len(cells)} rows)"
    lines = "\n".join(f"<tr>{cell}</tr>" for cell in cells)
    table = f'<details open><summary>{said}</summary>\n<div class="rows"><table>\n<thead><tr>{names}</tr></thead>\n<tbody>\n{lines}\n</tbody></table></div></details>\n'
    before, body, after = made.partition('<div id="vega-chart"></div>')
    before = before.replace("<html>", f'<html lang="{html.escape(page.lang)}">', 1).replace("<title>Chart</title>", "", 1)
    before = before.replace("<head>", "<head>\n    " + "\n    ".join(head), 1)
    # The menu of the drawing library opens an editor in the network.
    after = after.replace('const opts = {"renderer":"svg"}', 'const opts = {"renderer":"svg","actions":false}', 1)
    after = after.replace("</body>", f"{table if cells else ''}</body>", 1)
    # The style of the page comes after that of the drawing library.
    return f'{before}<div class="chart" role="img" aria-label="{html.escape(_title(spec))}">{body}</div>{after}'


def _marked(value: Any) -> Any:
    """A specification with a mark for every <: the page writes texts into a script, which a text with </script> would end."""
    if isinstance(value, str):
        return value.replace(_MARK, "").replace("<", _MARK)
    if isinstance(value, dict):
        return {name: _marked(part) for name, part in value.items()}
    return [_marked(part) for part in value] if isinstance(value, list | tuple) else value


def _harmless(page: str) -> str:
    """The page with each mark as a script writes the character, which no HTML parser takes for a tag."""
    return page.replace(_MARK, "\\u003c")


def _title(spec: Spec) -> str:
    return " ".join(spec["vconcat"][0]["title"]["text"])


def _lean(svg: str, spec: Spec) -> str:
    """An SVG that names its font once, says what it shows to those who cannot see it, and tells which specification it was made from."""
    font = f'font-family="{spec["config"]["font"]}"'
    # Vega describes every mark by its place in pixels: of no use to a reader, and half of the file.
    body = _NOISE.sub("", svg.replace(f" {font}", "")).rstrip()
    # A tenth of a pixel is as much as anyone sees.
    body = _PATH.sub(lambda path: _LONG.sub(r"\1", path[0]), body)
    root = re.match(r"<svg ", body)
    if root is None or not body.endswith("</svg>"):
        return svg
    head = f'<svg {font} role="img" aria-label="{html.escape(_title(spec))}" '
    return f"{head}{body[root.end() : -len('</svg>')]}<!-- specification {digest(spec)} --></svg>\n"


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a specification."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_in(part)


def undrawn(text: str) -> list[str]:
    """Characters of a text for which no font on this machine has a glyph, in order of their code.

    A character that is drawn as one is that no font has, is drawn as a box or not at all.
    """
    convert = library("vl_convert", format="png", extra="plots")

    def drawn(character: str, font: str) -> bytes:
        said = f'<text x="1" y="15" font-size="15" font-family="{font}">{html.escape(character)}</text>'
        return bytes(convert.svg_to_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{said}</svg>'))

    boxes = {font: drawn(_MISSING, font) for font in (LATIN, WIDE)}
    beyond = [character for character in sorted(set(text)) if ord(character) > 0x7F and not character.isspace()]
    fonts = {character: WIDE if has_wide(character) else LATIN for character in beyond}
    return [character for character, font in fonts.items() if drawn(character, font) == boxes[font]]
