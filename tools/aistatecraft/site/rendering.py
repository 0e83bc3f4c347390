"""From pages to HTML: Jinja2 with autoescape; templates hold no logic but loops and conditions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from aistatecraft.package.escape import escape_json
from aistatecraft.package.extras import imported
from aistatecraft.site.cells import href
from aistatecraft.site.context import Edition, Page
from aistatecraft.site.pictures import UP
from aistatecraft.site.structured_data import structured
from aistatecraft.site.words import Words

__all__ = ["POLICY", "as_script", "asset", "environment", "render"]

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
"""What a page may load: files of the site, and nothing else."""
_NAVIGATION = (
    ("index.html", "Start"), ("questions/index.html", "Questions"), ("tables/index.html", "Tables"), ("coverage.html", "Coverage"),
    ("compare.html", "Compare"), ("disputes.html", "Disputes"), ("changes/index.html", "Changes"), ("method.html", "Method"), ("cite.html", "Cite"), ("download.html", "Download"),
)  # fmt: skip


_CONSTANT = re.compile(r'\{\{ _\("([^"]*)"\) \}\}')
"""A sentence of the interface without values, which is translated once, when the template is read."""


@cache
def environment(language: str = "en") -> Any:
    """The templates of the site in one language; `UsageError` where Jinja2 is not installed."""
    jinja = imported("jinja2", "the site needs the library jinja2", extra="site")
    words = Words(language)

    def source(name: str) -> str:
        text = files("aistatecraft.site").joinpath("templates", name).read_text(encoding="utf-8")
        return _CONSTANT.sub(lambda match: escape(words(match[1])), text)

    return jinja.Environment(
        loader=jinja.FunctionLoader(source),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja.StrictUndefined,
    )


def asset(name: str) -> bytes:
    """A style sheet or script of the site."""
    return files("aistatecraft.site").joinpath("assets", name).read_bytes()


def render(edition: Edition, page: Page, folder: str | None = None) -> bytes:
    """A page as HTML in UTF-8. `folder` is that in which it lies, where it is not that of its edition: the start page is also at the root."""
    place = edition.folder if folder is None else folder
    up = "../" * page.path.count("/")
    site_up = up + "../" * (place.count("/") + 1 if place else 0)
    if folder is not None and folder != edition.folder:
        up = f"{up}{edition.folder}/"
    newest = edition.newest
    markup = imported("markupsafe", "the site needs the library markupsafe", extra="site").Markup
    there = newest is not None and page.path in newest.paths
    values: Mapping[str, Any] = {
        "page": page,
        "edition": edition,
        "data": edition.data,
        "_": edition.words,
        "count": edition.words.count,
        "up": up,
        "site_up": site_up,
        "policy": POLICY,
        "navigation": [
            (address, edition.words(name), address == page.path) for address, name in _NAVIGATION if address in edition.expected
        ],
        "newest": newest,
        "newest_href": f"{site_up}{newest.folder}/{href(page.path if there else 'index.html')}" if newest is not None else "",
        "newest_has_it": there,
        "permanent_href": f"{site_up}{edition.permanent}/{href(page.path)}" if edition.permanent and edition.permanent != place else "",
        "permanent_address": edition.permanent_address(page.path),
        "canonical": edition.canonical_address(page.path),
        "preview": edition.preview(page.path),
        "structured": structured(edition, page) if edition.base_url else "",
        "draw": lambda svg: markup(svg.replace(UP, escape(up))),
        "show": lambda shown: markup(shown.html(up)),
        **page.values,
    }
    text = environment(edition.words.language).get_template(page.template).render(values)
    return str(text).encode("utf-8", "replace")


def as_script(function: str, *arguments: object) -> bytes:
    """Data as a script that calls a function of ours, which is how a page without server gets at them."""
    listed = ",".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in arguments)
    safe = escape_json(listed).replace("<", "\\u003c")
    return f"{function}({safe});\n".encode("utf-8", "replace")
