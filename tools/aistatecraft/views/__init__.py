"""The frameworks of the founding documents as data frames: `ai.views.hedging()`, `ai.views.index("ilia", "2025")` and so on.

Each function gives a tidy frame, one row a fact, with the identifiers of the records, so that it can be merged with what `load`
gives. `state_map`, `overlap`, `cosignature` and `slope` are maps and charts of any states, blocs and indices. `readable` puts a frame into the form for reading, `chart` draws it for a notebook, `draw` writes the drawing to a file,
`spec` is the drawing as a Vega-Lite specification. They take rows of a frame as well: filter, then draw.

>>> import aistatecraft as ai
>>> scores = ai.views.index("ilia", "2025")
>>> ai.views.draw(scores, "ilia.svg")
"""

from aistatecraft.views.catalogue import CHARTS, VIEWS, View
from aistatecraft.views.disputes_view import DISPUTES, disputes
from aistatecraft.views.hedging_view import hedging
from aistatecraft.views.index_view import index
from aistatecraft.views.overlap_view import cosignature, overlap, slope
from aistatecraft.views.render import chart, draw, readable, spec
from aistatecraft.views.south_south_view import south_south
from aistatecraft.views.state_map_view import state_map
from aistatecraft.views.strategy_features_view import strategy_features
from aistatecraft.views.technological_power_view import technological_power
from aistatecraft.views.timeline_view import timeline
from aistatecraft.views.us_plan_view import us_plan

__all__ = [
    "CHARTS",
    "DISPUTES",
    "VIEWS",
    "View",
    "chart",
    "cosignature",
    "disputes",
    "draw",
    "hedging",
    "index",
    "overlap",
    "readable",
    "slope",
    "south_south",
    "spec",
    "state_map",
    "strategy_features",
    "technological_power",
    "timeline",
    "us_plan",
]


def __dir__() -> list[str]:
    """The views, and what is done with their frames."""
    return sorted(name for name in __all__ if name.islower())
