"""Damage to URLs, DOIs and bibliographic details."""

from __future__ import annotations

import random
import re

from tests.damage.corpus import cell_kind, kind
from tests.damage.world import Cell, Mutant, World


def is_address(cell: Cell) -> bool:
    return cell.column.name == "url" and bool(cell.text) and "#" not in cell.text


def is_source_address(cell: Cell) -> bool:
    return is_address(cell) and cell.table == "sources"


def is_doi(cell: Cell) -> bool:
    return cell.column.name == "doi" and bool(cell.text)


def is_pages(cell: Cell) -> bool:
    return cell.column.name == "pages" and re.fullmatch(r"[0-9]+[-–][0-9]+", cell.text) is not None


def with_query(text: str, query: str) -> str:
    return text + ("&" if "?" in text else "?") + query


def _on(host: str, text: str) -> str:
    return re.sub(r"//[^/]+", f"//{host}", text, count=1)


cell_kind(
    "address-tracked",
    is_address,
    lambda rng, text: with_query(
        text,
        rng.choice(
            [
                "utm_source=newsletter&utm_medium=email",
                "fbclid=IwAR0x1y2z",
                "gclid=Cj0KCQ",
                "mc_cid=9f1",
                "msclkid=77",
                "igshid=a1",
                "utm_campaign=x",
            ]
        ),
    ),
    "address-detour",
    fast=False,
)
cell_kind(
    "address-with-session",
    is_address,
    lambda rng, text: with_query(text, rng.choice(["jsessionid=0A1B2C", "PHPSESSID=93ab", "sid=77f"])),
    "address-detour",
    fast=False,
)
cell_kind("address-highlighted", is_address, lambda rng, text: text + "#:~:text=inteligencia%20artificial", "address-detour", fast=False)
cell_kind(
    "address-redirected",
    is_address,
    lambda rng, text: (
        rng.choice(
            [
                "https://www.google.com/url?sa=t&url=",
                "https://l.facebook.com/l.php?u=",
                "https://lnkd.in/redir?url=",
                "https://news.example-portal.net/redirect?url=",
                "https://href.li/?",
            ]
        )
        + text
    ),
    "address-detour",
    fast=False,
)
cell_kind(
    "address-shortened",
    is_address,
    lambda rng, text: rng.choice(
        ["https://bit.ly/3xY9ab", "https://t.co/AbC123", "https://lnkd.in/eXy12", "https://tinyurl.com/yc8", "https://goo.gl/ab"]
    ),
    "address-detour",
    fast=False,
)
cell_kind(
    "address-of-a-search",
    is_address,
    lambda rng, text: rng.choice(
        ["https://www.google.com/search?q=ai+strategy", "https://www.bing.com/search?q=ai", "https://www.baidu.com/s?wd=ai"]
    ),
    "address-detour",
    fast=False,
)
cell_kind(
    "address-with-password",
    is_address,
    lambda rng, text: text.replace("://", rng.choice(["://user:secret@", "://admin@", "://:x@"]), 1),
    "address-form",
    fast=False,
)
cell_kind(
    "addresses-two",
    is_address,
    lambda rng, text: text + rng.choice([",", ";", "|", ""]) + "https://www.gov.uk/government",
    "address-form",
    fast=False,
)
cell_kind(
    "address-of-documentation",
    is_address,
    lambda rng, text: _on(
        rng.choice(
            [
                "example.com",
                "www.example.org",
                "localhost",
                "127.0.0.1",
                "localhost:8000",
                "192.168.1.7",
                "staging.test",
                "site.invalid",
                "10.0.0.3:8080",
            ]
        ),
        text,
    ),
    "address-form",
    fast=False,
)
cell_kind(
    "address-with-punctuation",
    is_address,
    lambda rng, text: text + rng.choice([".", ",", ";", "”", "。", "%20"]),
    "address-form",
    fast=False,
)
cell_kind(
    "host-ruled-out",
    lambda cell: is_source_address(cell) and "git" not in cell.text and "wiki" not in cell.text,
    lambda rng, text: _on(
        rng.choice(
            [
                "en.wikipedia.org",
                "es.wikipedia.org",
                "baike.baidu.com",
                "www.scribd.com",
                "www.researchgate.net",
                "docplayer.es",
                "site.vercel.app",
                "my-copy.netlify.app",
            ]
        ),
        text,
    ),
    "host-ruled-out",
    fast=False,
)
cell_kind("doi-with-punctuation", is_doi, lambda rng, text: text + rng.choice([".", ",", ";", ")", "].", ":"]), "doi-form", fast=False)
cell_kind(
    "doi-with-resolver",
    is_doi,
    lambda rng, text: rng.choice(["https://doi.org/", "doi:", "DOI ", "http://dx.doi.org/"]) + text,
    "pattern",
    "doi-form",
)
cell_kind("doi-doubled", is_doi, lambda rng, text: f"10.1000/https://doi.org/{text}", "doi-form", fast=False)
cell_kind(
    "pages-to-date",
    is_pages,
    lambda rng, text: rng.choice(["1月23日", "Jan-23", "23-Jan", "2023-01-23", "1/23/2023", "44949", "23.01.2023", "January 23", "23-ene"]),
    "number-not-date",
    "spreadsheet-date",
    fast=False,
)
cell_kind(
    "issue-to-date",
    lambda cell: cell.column.name in ("issue", "volume") and bool(cell.text),
    lambda rng, text: rng.choice(["1月2日", "2-Jan", "2024-01-02", "1/2/2024", "45293", "Jan-02"]),
    "number-not-date",
    "spreadsheet-date",
    fast=False,
)
cell_kind(
    "pages-backwards",
    lambda cell: is_pages(cell) and len(set(re.findall("[0-9]+", cell.text))) == 2,
    lambda rng, text: "-".join(reversed(re.findall("[0-9]+", text))),
    "pages-in-order",
    fast=False,
)


@kind("code-hosting-for-a-report", "cell", "host-ruled-out", fast=False)
def _(rng: random.Random, world: World) -> Mutant:
    found = [
        number for number, row in enumerate(world.records("sources")) if row["url"] and row["kind"] != "dataset" and "git" not in row["url"]
    ]
    number = rng.choice(found)
    url = rng.choice(
        [
            "https://github.com/someone/copies/blob/main/law.pdf",
            "https://raw.githubusercontent.com/a/b/main/x.md",
            "https://gitlab.com/a/b",
            "https://someone.github.io/law",
        ]
    )
    return Mutant(world.changed("sources", {(number, "url"): url}), (world.place("sources", number, "url"),), url)
