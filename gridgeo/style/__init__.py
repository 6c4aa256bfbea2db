"""Colours, line weights and labels shared by all maps, on screen, on paper and in QGIS.

Steps
-----
palette, strokes
    Colours; lines and areas.
zone_colours, zone_labels
    What a zone is painted in, and what stands on it.
qml
    All of it for QGIS.
"""

from __future__ import annotations

from gridgeo.style.palette import BLACK, FILLS, GREY, GREYS, WATER, WHITE, fill, grey, rgb
from gridgeo.style.qml import qgis_styles
from gridgeo.style.strokes import (
    BUILDING_FAR,
    BUILDING_ON_ZONE,
    NEIGHBOUR,
    ROLE_STROKES,
    SEVERITY_STROKES,
    STREET_EDGE,
    STREET_TEXT,
    SUBJECT,
    TIER_LINE,
    Stroke,
    tier_weight,
)
from gridgeo.style.zone_colours import colour_numbers, colours, greys, neighbours, nested_colours, tier_colours
from gridgeo.style.zone_labels import code_text, label

__all__ = [
    "BLACK",
    "BUILDING_FAR",
    "BUILDING_ON_ZONE",
    "FILLS",
    "GREY",
    "GREYS",
    "NEIGHBOUR",
    "ROLE_STROKES",
    "SEVERITY_STROKES",
    "STREET_EDGE",
    "STREET_TEXT",
    "SUBJECT",
    "TIER_LINE",
    "WATER",
    "WHITE",
    "Stroke",
    "code_text",
    "colour_numbers",
    "colours",
    "fill",
    "grey",
    "greys",
    "label",
    "neighbours",
    "nested_colours",
    "qgis_styles",
    "rgb",
    "tier_colours",
    "tier_weight",
]
