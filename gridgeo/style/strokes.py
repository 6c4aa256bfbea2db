"""How each kind of thing is drawn: colours and widths of lines, fills, dashes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from gridgeo.style.palette import WATER


class Stroke(NamedTuple):
    """How a kind of thing is drawn."""

    line: str
    """Colour of lines and outlines."""
    weight: float
    """Width of lines [pt on paper, px on screen]."""
    fill: str | None = None
    """Colour of areas."""
    dash: tuple[float, ...] = ()
    """Lengths of dashes and gaps [in units of `weight`]."""


ROLE_STROKES: Mapping[str, Stroke] = MappingProxyType(
    {
        "landuse": Stroke("#d6dfcc", 0.3, "#eef3e8"),
        "compounds": Stroke("#a08f78", 0.5, None, (4, 2)),
        "water": Stroke("#3f7fb8", 0.4, WATER),
        "waterways": Stroke(WATER, 1.0),
        "streets": Stroke("#ffffff", 1.4),
        "railways": Stroke("#6b6b6b", 1.0, None, (4, 3)),
        "barriers": Stroke("#7a5c46", 0.7),
        "buildings": Stroke("#5f5a55", 0.4, "#d5cec6"),
        "communities": Stroke("#8b1a1a", 2.2, None, (6, 2, 1.5, 2)),
    }
)
"""Context of a map, from what lies below to what lies above."""

STREET_EDGE = "#b9b2a8"
"""Edge of streets, which are white."""

STREET_TEXT = "#3d4f66"
"""Names of streets."""

BUILDING_ON_ZONE = ROLE_STROKES["buildings"]._replace(fill="#ffffff")
"""Buildings on coloured zones."""

BUILDING_FAR = BUILDING_ON_ZONE._replace(line="#8a857f", weight=0.1)
"""The same on a small scale, where outlines would hide the zone."""

SUBJECT = Stroke("#000000", 2.0)
"""The zone that a sheet is about."""

NEIGHBOUR = Stroke("#9a9a9a", 0.5, "#ececec")
"""Zones that surround the one that a sheet is about."""

SEVERITY_STROKES: Mapping[str, Stroke] = MappingProxyType(
    {
        "error": Stroke("#c1121f", 2.4, "#e63946"),
        "warning": Stroke("#d9730d", 3.4),
        "note": Stroke("#5b6c9e", 2.0),
    }
)
"""Faults of a report. What is no error often concerns whole zones: a thick outline, and the map below it can be read."""

TIER_LINE = "#333333"


def tier_weight(depth: int, tiers: int) -> float:
    """Width of the borders of a tier [pt]: the finest thin, each coarser one stronger; `depth` counts from 0, the coarsest."""
    return 0.6 + 1.1 * (tiers - 1 - depth)
