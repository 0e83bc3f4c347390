"""Addresses and DOIs of sources and documents: those of the publisher's page, and nothing else."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from aistatecraft.validation.rules.base import Context, Problem, rule

if TYPE_CHECKING:
    import pandas as pd

_PARTS = re.compile(r"https?://(?:(?P<user>[^/@?#]*)@)?(?P<host>[^/:?#]*)(?::[0-9]*)?", re.IGNORECASE)
_TRACKING = re.compile(
    r"[?&#;](?:utm_[a-z_]+|fbclid|gclid|dclid|msclkid|yclid|igshid|twclid|li_fat_id|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|wt_mc|s_cid|ref_src|ref_url|vero_id"
    r"|_ga|_gl|spm|share_token|sessionid|jsessionid|phpsessid|sid)=|;jsessionid=|#:~:text=",
    re.IGNORECASE,
)
_SHORTENERS = frozenset(
    ["bit.ly", "t.co", "lnkd.in", "goo.gl", "tinyurl.com", "ow.ly", "buff.ly", "is.gd", "t.ly", "rb.gy", "cutt.ly", "dlvr.it", "ift.tt", "shorturl.at", "rebrand.ly", "tiny.cc", "trib.al", "amzn.to", "fb.me", "youtu.be", "wp.me", "l.facebook.com", "lm.facebook.com", "l.instagram.com", "out.reddit.com", "href.li", "safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com", "link.springernature.com", "t.cn", "dwz.cn"]
)  # fmt: skip
_REDIRECTS = re.compile(
    r"/(?:url|amp/s|redirect|redir|link|away|out)(?:\.php)?/?\?(?:[^#]*&)?(?:q|u|url|target|to|dest)=(?:https?:|https?%3A|www\.)",
    re.IGNORECASE,
)
_SEARCH = re.compile(
    r"(?:www\.)?(?:google\.[a-z.]+/(?:search|url|amp)|bing\.com/(?:search|ck)|duckduckgo\.com/(?:\?|l/)|baidu\.com/(?:s|link)\?)",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"(?:.*\.)?(?:example\.(?:com|org|net|edu)|(?:.*\.)?(?:test|example|invalid|localhost|local|internal|lan|corp|home|onion))",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"https?:(?:%2F%2F|//)", re.IGNORECASE)
"""Within an address only after a slash or an equals sign, as in those of archives."""
_SECOND_HOST = re.compile(r"[,;|](?:www\.[a-z]|[a-z0-9-]+\.(?:com|org|net|gov|int)/)", re.IGNORECASE)
_ENDS = (".", ",", ";", ":", '"', "'", ">", "]", "}", "”", "’", "»", "，", "。", "、", "*", "|", "\\", "%20", "…")


def _host(address: str) -> str:
    found = _PARTS.match(address)
    return found["host"].lower() if found else ""


@rule("address-form", scope="cell", needs=("url",))
def address_form(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A URL is one address on a public host, without user and password, and does not end with punctuation copied from a sentence. Hosts of
    documentation and tests (example.com, localhost, 127.0.0.1) are none."""
    for number, address in context.present("url"):
        if wrong := _malformed(address):
            yield Problem(number, "url", *wrong)


def _malformed(address: str) -> tuple[str, str] | tuple[()]:
    """What is wrong with the form of an address, and a hint; empty where it is sound."""
    if address.endswith(_ENDS) or (address.endswith(")") and "(" not in address):
        return f"the address ends with {address[-1]!r}", "delete it if it is punctuation of the surrounding text"
    found = _PARTS.match(address)
    host = found["host"].lower() if found else ""
    if found and found["user"] is not None:
        return "the address contains a user or a password", "delete what stands before the @"
    if "." not in host or _RESERVED.fullmatch(host) or _is_private(host) or ".." in host or host.startswith("."):
        return f"{address!r} is not on a public host", "give the public address of the page"
    if any(each.start() and address[each.start() - 1] not in "/=" for each in _SCHEME.finditer(address)) or _SECOND_HOST.search(address):
        return "the cell contains two addresses", "keep that of the publisher's page; add another source for the other"
    return ()


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


@rule("address-detour", scope="cell", needs=("url",))
def address_detour(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A URL leads to the page itself: no tracking parameters (utm_source, fbclid), session identifiers or highlighted text, no result page
    of a search engine, and no redirecting or shortened address (google.com/url, bit.ly, lnkd.in)."""
    for number, address in context.present("url"):
        if wrong := _detour(address):
            yield Problem(number, "url", *wrong)


def _detour(address: str) -> tuple[str, str] | tuple[()]:
    if found := _TRACKING.search(address):
        return f"the address contains {found[0].strip('?&;=')!r}, which follows the reader and not the page", "delete the parameter"
    host = _host(address).removeprefix("www.")
    if host in _SHORTENERS or _SEARCH.search(address) or _REDIRECTS.search(address):
        return f"the address at {host} only leads on to the page", "open it, and give the address of the page"
    return ()


@rule("doi-form", scope="cell", needs=("doi",))
def doi_form(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A DOI has no resolver before it, and no punctuation of the surrounding sentence after it."""

    def odd(doi: str) -> bool:
        return (
            doi.endswith((".", ",", ";", ":", "]", ">", '"', "'", "}", "/"))
            or doi.count(")") > doi.count("(")
            or "doi.org" in doi.lower()
            or "doi:" in doi.lower()
        )

    for number, doi in context.present("doi"):
        if odd(doi):
            hint = "write the DOI alone, from 10. to its last letter or digit"
            yield Problem(number, "doi", f"{doi!r} has a resolver or punctuation attached", hint)


@cache
def ruled_out() -> Mapping[str, str]:
    """The hosts that docs/method.md rules out, with what each is: `hosts.csv`, the only list of them."""
    text = (Path(__file__).parent / "hosts.csv").read_text(encoding="utf-8")
    return {row["host"]: row["kind"] for row in csv.DictReader(text.splitlines())}


_SITES = {
    "encyclopedia": "an encyclopedia",
    "copy": "a site for copies",
    "code hosting": "a code hosting site",
    "staging": "a staging host",
}


@rule("host-ruled-out", scope="row", tables=("sources",), severity="warning")
def host_ruled_out(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A source is cited at its publisher, not at a copy: no encyclopedia, no site for shared documents, no staging host, and code hosting
    only for a dataset that its authors publish there. The hosts are listed in `validation/rules/hosts.csv`; a source for which no better
    page was found is kept as a suppression, with the reason."""
    hosts = ruled_out()

    def of(address: str) -> str:
        labels = _host(address).split(".")
        return next((hosts[name] for at in range(len(labels) - 1) if (name := ".".join(labels[at:])) in hosts), "")

    for number, address, kind in context.rows("sources", "url", "kind"):
        what = of(address) if address is not None else ""
        if not what or (what == "code hosting" and kind == "dataset"):
            continue
        message = f"{_host(address)} is {_SITES.get(what, what)}, not the publisher"
        yield Problem(number, "url", message, "cite the page of the publisher, or add a suppression with the reason")
