"""The colour of each kind of event, fixed for good: the same event has the same colour in every timeline, whatever else is in it."""

from __future__ import annotations

from typing import NamedTuple

from aistatecraft.views.charts.theme import BLACK

__all__ = ["EVENT_FAMILIES", "OTHER", "EventFamily", "family_of"]


class EventFamily(NamedTuple):
    """Events that share a colour: what the key calls them in English and Chinese, the colour, and their names in the tables."""

    en: str
    zh: str
    colour: str
    events: tuple[str, ...]


OTHER = EventFamily("other", "其他", "#999999", ())
"""Whatever is in no family."""
EVENT_FAMILIES = (
    EventFamily("drafted, proposed", "起草、提出", "#E69F00", ("drafted", "proposed", "presented", "referred", "authored")),
    EventFamily("voted on", "表决", "#F0E442", ("passed_committee", "passed_chamber", "voted")),
    EventFamily("adopted, published", "通过、发布", "#0072B2", ("adopted", "agreed", "published", "launched", "founded", "opened_for_signature", "promoted")),
    EventFamily("in force, applied", "生效、适用", "#009E73", ("entered_into_force", "applied", "completed", "is_bound")),
    EventFamily(
        "joined, signed", "加入、签署", "#56B4E9",
        ("joined", "signed", "endorsed", "adhered", "ratified", "acceded", "accepted", "approved", "co_sponsored", "sponsored", "supported", "supports", "voted_for"),
    ),
    EventFamily("amended, delayed", "修订、推迟", "#CC79A7", ("amended", "merged", "postponed", "challenged")),
    EventFamily(
        "ended, left, declined", "终止、退出、拒绝", "#D55E00",
        ("ended", "rescinded", "lapsed", "rejected", "vetoed", "abandoned", "withdrawn", "left", "withdrew", "declined", "dissociated", "objected", "opposed", "reserved", "voted_against"),
    ),
    EventFamily("met", "会议", BLACK, ("met", "chaired", "participated", "hosts", "attended")),
)  # fmt: skip
"""In the order of the key, which is about that of the life of a text. The palette is that of Okabe and Ito (2008) with black and grey."""
_FAMILY = {event: family for family in EVENT_FAMILIES for event in family.events}


def family_of(event: str) -> EventFamily:
    """The family of an event; `OTHER` where it is in none."""
    return _FAMILY.get(event, OTHER)
