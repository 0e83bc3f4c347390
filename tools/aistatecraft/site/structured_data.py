"""What search engines read: schema.org in JSON-LD, for the dataset on its start page and for each record as a part of it."""

from __future__ import annotations

import json
from typing import Any

from aistatecraft.package.escape import escape_json
from aistatecraft.site.cells import clean
from aistatecraft.site.context import Edition, Page

__all__ = ["structured"]


def structured(edition: Edition, page: Page) -> str:
    """JSON-LD of a page, safe to stand inside of an element; empty where there is none to say."""
    known = edition.about
    whole: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": known.title,
        "description": known.description,
        "version": edition.data.version,
        "url": edition.canonical_address("index.html"),
        "license": [licence.address for licence in known.licences if licence.address],
        "creator": [{"@type": "Organization", "name": person.name} for person in known.creators],
        "keywords": list(known.keywords),
    }
    if edition.data.state.issued:
        whole["datePublished"] = edition.data.state.issued
    if page.path == "index.html":
        content = whole | {"isAccessibleForFree": True}
    elif page.key is not None:
        content = {
            "@context": "https://schema.org",
            "@type": "CreativeWork",
            "name": page.title,
            "identifier": clean("/".join(page.key)),
            "url": edition.canonical_address(page.path),
            "isPartOf": {
                "@type": "Dataset",
                "name": known.title,
                "url": edition.canonical_address("index.html"),
                "version": edition.data.version,
            },
        }
        if page.about:
            content["description"] = page.about
    else:
        return ""
    text = escape_json(json.dumps({name: value for name, value in content.items() if value}, ensure_ascii=False))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
