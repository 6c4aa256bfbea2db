"""Rule of causes: many faults of a drawing that come of one thing, told once, before the faults themselves.

A drawing that was moved, whose coordinates were rounded, or whose lines were simplified has gaps and overlaps everywhere. The
faults stay in the report; this rule says what they come of, and by how much.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import RuleFault, number
from gridgeo.checks.polygon_measures import HAIRLINE_M, widest_m
from gridgeo.checks.rules_of_cover import lacking_parts
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import say

_MANY = 5
"""Fewer faults need no common cause."""
_MOST = 0.5
"""Share of an outline, or of zones, that has to be off for all of it to have one cause."""
_LEFT = 0.1
"""Share of an outline that may still be off once a shift is undone."""
_LEAST_M = 0.1
"""Less is no shift, but the blur of coordinates [m]."""
_STEPS = 30
_DECIMALS = (6, 5, 4)
"""Coordinates rounded to so many decimals of a degree; the seventh is a centimetre."""
_ON_LATTICE, _NEAR_LATTICE = 0.95, 0.03
"""Share of corners on a lattice, and how near to it they are [steps]: by chance it is 0.4 per cent."""

Points = npt.NDArray[np.float64]


class _Shift(NamedTuple):
    """How far an outline lies off."""

    east: float
    north: float

    @property
    def metres(self) -> float:
        """Its length."""
        return float(np.hypot(self.east, self.north))


def one_cause(given: CheckInput) -> Iterator[RuleFault]:
    """A shift of the whole drawing, rounded coordinates, or simplified lines."""
    tier = given.finest
    if given.communities is None or given.plan is not None:
        return
    faults = [*lacking_parts(given)[tier.name], *(common for _, _, common in tier.overlaps)]
    decimals = _rounded_to(given) if len(faults) >= _MANY else None
    shift = None if decimals is not None else _shift(given, tier)
    if decimals is not None:
        text = say("check_one_cause_rounded", decimals=decimals, width=number(_width(faults)), n=len(faults))
        yield RuleFault(tier.depth, "", _width(faults), "tolerance_m", text, None)
    elif shift is not None:
        told = {"east": number(shift.east), "north": number(shift.north), "away": number(shift.metres)}
        yield RuleFault(tier.depth, "", shift.metres, "offset_m", say("check_one_cause", **told), None)
    elif len(faults) >= _MANY:
        yield from _simplified(tier, faults)


def _width(faults: list[Any]) -> float:
    """Width of nearly the widest fault [m]."""
    return float(np.quantile([widest_m(shapely.get_parts(fault)) for fault in faults], 0.99))


def _simplified(tier: TierZones, faults: list[Any]) -> Iterator[RuleFault]:
    """Lines that were simplified zone by zone: most zones are touched, and no corner is left that could have been spared."""
    width, touched = _width(faults), np.zeros(len(tier), dtype=bool)
    touched[tier.tree.query(faults, predicate="dwithin", distance=HAIRLINE_M)[1]] = True
    if touched.mean() > _MOST and len(tier) >= _MANY and _needless_corners(tier, width) < 0.2:
        text = say("check_one_cause_simplified", width=number(width), n=len(faults))
        yield RuleFault(tier.depth, "", width, "tolerance_m", text, None)


def _shift(given: CheckInput, tier: TierZones) -> _Shift | None:
    """The shift that brings the outline of a drawing onto that of the communities; None if none does."""
    border = shapely.boundary(given.land)
    drawn = shapely.segmentize(shapely.boundary(tier.land), 5.0)
    points = shapely.get_coordinates(drawn)
    points = points[:: max(1, len(points) // 2000)]
    if len(points) == 0 or (_off(points, border) > HAIRLINE_M).mean() < _MOST:
        return None
    shapely.prepare(border)
    moved = np.array(shapely.bounds(given.land)[:2]) - np.array(shapely.bounds(tier.land)[:2])
    for _ in range(_STEPS):
        nearest = shapely.get_coordinates(
            shapely.get_point(shapely.shortest_line(shapely.points(points + moved), border), 1)
        )
        ways = nearest - points - moved
        away = np.hypot(*ways.T)
        close = away <= np.quantile(away, 0.7)
        moved = moved + _solved(ways[close])
    left = _off(points + moved, border)
    if (left > 5 * HAIRLINE_M).mean() > _LEFT or np.hypot(*moved) < _LEAST_M:
        return None
    return _Shift(float(-moved[0]), float(-moved[1]))


def _solved(ways: Points) -> Points:
    """The step that shortens the ways to a line most: each tells only how far to go across the line (Chen, Medioni 1991)."""
    length = np.hypot(*ways.T)
    across = ways[length > 1e-9] / length[length > 1e-9, None]
    if len(across) < 2:
        return np.zeros(2)
    step: Points = np.linalg.lstsq(across, length[length > 1e-9], rcond=1e-6)[0]
    return step


def _off(points: Points, border: Any) -> npt.NDArray[np.float64]:
    distance: npt.NDArray[np.float64] = shapely.distance(shapely.points(points), border)
    return distance


def _rounded_to(given: CheckInput) -> int | None:
    """Decimals of a degree to which the corners of a drawing were rounded; None if they were not."""
    table = given.zones.table
    corners = shapely.get_coordinates(table.to_crs("EPSG:4326" if not table.crs.is_geographic else table.crs).geometry)
    corners = corners[np.isfinite(corners).all(axis=1)]
    for decimals in _DECIMALS[::-1]:
        steps = corners * 10.0**decimals
        if len(steps) and (np.abs(steps - np.round(steps)).max(axis=1) < _NEAR_LATTICE).mean() > _ON_LATTICE:
            return decimals
    return None


def _needless_corners(tier: TierZones, tolerance: float) -> float:
    """Share of corners that stand out from the line between their neighbours by less than a quarter of a tolerance [m]."""
    rings = shapely.get_rings(shapely.get_parts(tier.shapes))
    heights = []
    for ring in rings:
        points = shapely.get_coordinates(ring)[:-1]
        before, behind = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
        base, side = behind - before, points - before
        area = np.abs(base[:, 0] * side[:, 1] - base[:, 1] * side[:, 0])
        heights.append(area / np.maximum(np.hypot(*base.T), 1e-9))
    return float((np.concatenate(heights) < tolerance / 4).mean())
