"""gridgeo divides a community's land into grids with unique codes, proves that nothing is left out, draws the maps.

::

    read_site -> blocks -> cells -> adjacency -> divide -> check -> explore | atlas | draw | export

Names are imported when they are first used, for the rooms behind them need compilers and map libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gridgeo._version import VERSION as __version__  # noqa: N811 (Python's own name for it)

if TYPE_CHECKING:
    from gridgeo import edits as edits
    from gridgeo.changes import diff
    from gridgeo.checks import check
    from gridgeo.comparison import compare, difference
    from gridgeo.contiguity import adjacency
    from gridgeo.division import divide, variants, with_institutions
    from gridgeo.errors import GridgeoError
    from gridgeo.exporting import export
    from gridgeo.files import read_zones
    from gridgeo.files.reading import read_roster, read_site
    from gridgeo.land import blocks, cells, dangles
    from gridgeo.maps.pdf import atlas
    from gridgeo.maps.pictures import draw
    from gridgeo.maps.web import explore
    from gridgeo.mending import Mended, repair
    from gridgeo.model import Also, Changes, Plan, Preferences, Report, Scheme, Site, Tier, Zones
    from gridgeo.people import locate, posts_needed, reach, tally

__all__ = [
    "Also",
    "Changes",
    "GridgeoError",
    "Mended",
    "Plan",
    "Preferences",
    "Report",
    "Scheme",
    "Site",
    "Tier",
    "Zones",
    "__version__",
    "adjacency",
    "atlas",
    "blocks",
    "cells",
    "check",
    "compare",
    "dangles",
    "diff",
    "difference",
    "divide",
    "draw",
    "explore",
    "export",
    "locate",
    "posts_needed",
    "reach",
    "read_roster",
    "read_site",
    "read_zones",
    "repair",
    "tally",
    "variants",
    "with_institutions",
]

_HOME = {
    "Also": "model",
    "Changes": "model",
    "GridgeoError": "errors",
    "Mended": "mending",
    "Plan": "model",
    "Preferences": "model",
    "Report": "model",
    "Scheme": "model",
    "Site": "model",
    "Tier": "model",
    "Zones": "model",
    "adjacency": "contiguity",
    "atlas": "maps.pdf",
    "blocks": "land",
    "cells": "land",
    "check": "checks",
    "compare": "comparison",
    "dangles": "land",
    "diff": "changes",
    "difference": "comparison",
    "divide": "division",
    "draw": "maps.pictures",
    "explore": "maps.web",
    "export": "exporting",
    "locate": "people",
    "posts_needed": "people",
    "reach": "people",
    "read_roster": "files.reading",
    "read_site": "files.reading",
    "read_zones": "files",
    "repair": "mending",
    "tally": "people",
    "variants": "division",
    "with_institutions": "division",
}
"""Public name -> module that holds it."""


def __getattr__(name: str) -> object:
    """Import a public name, or the room of edits, at its first use."""
    if name == "edits":
        return import_module(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Public names."""
    return list(__all__)
