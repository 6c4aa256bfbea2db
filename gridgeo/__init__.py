"""gridgeo divides a community's land into grids with unique codes, proves that nothing is left out, draws the maps.

::

    read_site -> blocks -> cells -> adjacency -> divide -> check -> explore | atlas

Names are imported when they are first used, for the rooms behind them need compilers and map libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gridgeo._version import VERSION as __version__  # noqa: N811 (Python's own name for it)

if TYPE_CHECKING:
    from gridgeo.checks import check
    from gridgeo.division import divide, with_institutions
    from gridgeo.errors import GridgeoError
    from gridgeo.graph import adjacency
    from gridgeo.land import blocks, cells, dangles
    from gridgeo.load import read_site
    from gridgeo.page import explore
    from gridgeo.plan import Plan
    from gridgeo.report import Report
    from gridgeo.scheme import Also, Preferences, Scheme, Tier
    from gridgeo.sheets import atlas
    from gridgeo.site import Site
    from gridgeo.weighing import compare, difference, variants
    from gridgeo.zones import Zones, read_zones

__all__ = [
    "Also",
    "GridgeoError",
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
    "difference",
    "divide",
    "explore",
    "read_site",
    "read_zones",
    "variants",
    "with_institutions",
]

_HOME = {
    "Also": "scheme",
    "GridgeoError": "errors",
    "Plan": "plan",
    "Preferences": "scheme",
    "Report": "report",
    "Scheme": "scheme",
    "Site": "site",
    "Tier": "scheme",
    "Zones": "zones",
    "adjacency": "graph",
    "atlas": "sheets",
    "blocks": "land",
    "cells": "land",
    "check": "checks",
    "compare": "weighing",
    "dangles": "land",
    "difference": "weighing",
    "divide": "division",
    "explore": "page",
    "read_site": "load",
    "read_zones": "zones",
    "variants": "weighing",
    "with_institutions": "division",
}
"""Public name -> module that holds it."""


def __getattr__(name: str) -> object:
    """Import a public name at its first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Public names."""
    return list(__all__)
