"""Reading built pages: their anchors, links and texts, and whether a parser finds fault with them."""

from __future__ import annotations

import html
import os.path
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote


class Document(HTMLParser):
    """One page: its identifiers, its links, what it loads, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._script = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes += named.items()
        if "id" in named:
            self.ids.append(named["id"])
        if tag in ("a", "form"):
            self.links += [named[name] for name in ("href", "action") if name in named]
        if tag in ("script", "link", "img", "iframe", "source") and named.get("rel") not in ("canonical", "alternate"):
            self.loads += [named[name] for name in ("src", "href", "srcset") if name in named]
        self._script = tag in ("script", "style") and "src" not in named and named.get("type") != "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._script:
            self.inline.append(data)
        else:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._script = False


_ID = re.compile(r' id="([^"]*)"')
_LINK = re.compile(r' (?:href|action|src)="([^"]*)"')


def broken_links(root: Path) -> list[str]:
    """Links and anchors within a site that lead nowhere, identifiers that stand twice, and what pages load that is not there.

    The attributes are found by their form, which is that of our own templates: a parser takes a minute for all pages.
    """
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in root.rglob("*.html")}
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    ids: dict[str, set[str]] = {}
    found = []
    for name, text in texts.items():
        listed = [html.unescape(one) for one in _ID.findall(text)]
        ids[name] = set(listed)
        if len(ids[name]) < len(listed):
            found.append(f"{name}: an identifier stands twice")
    for name, text in texts.items():
        folder = name.rpartition("/")[0]
        for link in set(_LINK.findall(text)):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, place = html.unescape(link).partition("#")
            path = unquote(path.partition("?")[0])
            target = os.path.normpath(f"{folder}/{path}" if folder else path).replace("\\", "/") if path else name
            if target not in files:
                found.append(f"{name}: {link}")
            elif place and target in ids and unquote(place) not in ids[target]:
                found.append(f"{name}: {link} has no such place")
    return found
