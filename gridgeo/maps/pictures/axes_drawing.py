"""Zones, buildings, water, streets and borders on matplotlib's axes, from what lies below to what lies above."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from gridgeo.model import Plan
from gridgeo.style import (
    BUILDING_FAR,
    ROLE_STROKES,
    STREET_EDGE,
    TIER_LINE,
    Stroke,
    tier_colours,
    tier_weight,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINES = ("waterways", "streets", "railways", "barriers")
"""Context drawn as lines."""
_FINE = 0.55
"""Share of the width of lines on paper, for a picture shows more ground."""


def draw_ground(axes: Axes, plan: Plan, tier: str) -> None:
    """Zones of a tier in colours of which no two neighbours have the same, and all that is drawn on them, but for text."""
    zones = plan.zones(tier)
    zones.plot(ax=axes, color=_fills(plan, tier), aspect=None)
    _draw_areas(axes, plan.site.layer("water").geometry, ROLE_STROKES["water"])
    _draw_areas(axes, plan.buildings.geometry, BUILDING_FAR)
    for role in _LINES:
        for stroke in _line_strokes(role):
            _draw_lines(axes, plan.site.layer(role).geometry, stroke)
    for depth, name in reversed(list(enumerate(plan.scheme.names[: plan.scheme.depth(tier) + 1]))):
        weight = tier_weight(depth, plan.scheme.depth(tier) + 1) * _FINE
        _draw_lines(axes, plan.zones(name).boundary, Stroke(TIER_LINE, weight))
    border = shapely.line_merge(shapely.union_all(plan.site.communities.boundary.to_numpy()))
    _draw_lines(axes, gpd.GeoSeries([border], crs=plan.site.crs), ROLE_STROKES["communities"])


def _fills(plan: Plan, tier: str) -> list[str]:
    """Colour of each zone, as on all maps."""
    tiers = [plan.zones(name) for name in plan.scheme.names[: plan.scheme.depth(tier) + 1]]
    return list(tier_colours(tiers)[-1])


def _line_strokes(role: str) -> Iterator[Stroke]:
    stroke = ROLE_STROKES[role]
    if role == "streets":  # they are white, and would be lost on light fills
        yield stroke._replace(line=STREET_EDGE, weight=stroke.weight + 0.6)
    yield stroke


def _draw_areas(axes: Axes, shapes: gpd.GeoSeries, stroke: Stroke) -> None:
    areas = shapes[np.isin(shapely.get_type_id(shapes.to_numpy()), (3, 6))]
    if len(areas):
        areas.plot(ax=axes, facecolor=stroke.fill, edgecolor=stroke.line, linewidth=stroke.weight * _FINE, aspect=None)


def _draw_lines(axes: Axes, shapes: gpd.GeoSeries, stroke: Stroke) -> None:
    lines = shapes[np.isin(shapely.get_type_id(shapes.to_numpy()), (1, 2, 5))]
    if len(lines):
        dashes = (0, stroke.dash) if stroke.dash else "solid"
        lines.plot(ax=axes, color=stroke.line, linewidth=stroke.weight * _FINE, linestyle=dashes, aspect=None)
