"""Colours, line weights and labels shared by all maps, on screen, on paper and in QGIS.

Steps
-----
palette, strokes
    Colours; lines and areas.
zone_colours, zone_labels
    What a zone is painted in, and what stands on it.
qml, qgis_looks, qgis_project
    All of it for QGIS: its words, how each layer looks, a project of them.
"""

from __future__ import annotations

from gridgeo.style.palette import BLACK, FILLS, GREY, GREYS, WATER, WHITE, fill, grey, rgb
from gridgeo.style.qgis_looks import COLOUR, layer_looks
from gridgeo.style.qgis_project import project_xml
from gridgeo.style.qml import LayerLook
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
from gridgeo.style.zone_colours import (
    ZoneLook,
    colour_numbers,
    colours,
    greys,
    neighbours,
    nested_colours,
    tier_colours,
    tier_looks,
)
from gridgeo.style.zone_labels import code_text, label

__all__ = [
    "BLACK",
    "BUILDING_FAR",
    "BUILDING_ON_ZONE",
    "COLOUR",
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
    "LayerLook",
    "Stroke",
    "ZoneLook",
    "code_text",
    "colour_numbers",
    "colours",
    "fill",
    "grey",
    "greys",
    "label",
    "layer_looks",
    "neighbours",
    "nested_colours",
    "project_xml",
    "rgb",
    "tier_colours",
    "tier_looks",
    "tier_weight",
]
