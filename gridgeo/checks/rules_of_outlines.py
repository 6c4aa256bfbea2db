"""Rules of outlines: valid, in one piece, and not lost inside another zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.findings import RuleFault, number, place, zone_fault, zone_words
from gridgeo.checks.polygon_measures import EMPTY, HAIRLINE_M, Mask, Rows, Shapes, is_finite, positions, thick_parts
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import Text, say

_REASONS = {
    "Self-intersection": "check_ring_crosses",
    "Ring Self-intersection": "check_ring_touches",
    "Hole lies outside shell": "check_ring_hole",
    "Holes are nested": "check_ring_hole",
    "Interior is disconnected": "check_ring_touches",
    "Too few points in geometry component": "check_ring_short",
    "Nested shells": "check_ring_shells",
    "Duplicate Rings": "check_ring_shells",
}
"""What GEOS says -> what is said here."""

_TOGETHER_M = 1.0
"""Outlines that are together for less than this [m] only cross."""


def invalid_ring(given: CheckInput) -> Iterator[RuleFault]:
    """Zones without a valid polygon."""
    for tier in given.tiers:
        for row in positions(tier.invalid):
            doubt = float(tier.doubt_m2[row])
            why, spot = _why(tier.drawn[row])
            shape = spot if spot is not None else tier.shapes[row]
            words = zone_words(tier, row) | {"where": place(shape)}
            text = say("check_invalid_ring", why=why, area=number(doubt), **words)
            yield zone_fault(tier, row, text, measured=(doubt, "area_m2"))._replace(shape=shape)


def _why(drawn: Any) -> tuple[Text, Any]:
    """What is wrong with a ring, and where, if there is a place."""
    if drawn is None or shapely.is_empty(drawn):
        return say("check_ring_missing"), None
    if shapely.get_dimensions(drawn) < 2 or drawn.geom_type == "GeometryCollection":
        return say("check_ring_no_polygon"), None
    if not is_finite(np.array([drawn]))[0]:
        return say("check_ring_infinite"), None
    said = re.fullmatch(r"(?P<what>[^\[]*)\[(?P<x>\S+) (?P<y>\S+).*\]", shapely.is_valid_reason(drawn))
    if said is None:
        return say("check_ring_other"), None
    reason = _REASONS.get(said["what"].strip(), "check_ring_other")
    return say(reason), shapely.Point(float(said["x"]), float(said["y"]))


def multipart(given: CheckInput) -> Iterator[RuleFault]:
    """Zones in several parts; parts that touch in a point are several. A zone that was given so is kept to the letter.

    Fine tiers first: a part that a finer zone has lost already is not reported again.
    """
    were_given = given.manifest.get("given_zones", "0") != "0"
    reported = EMPTY
    for tier in reversed(given.tiers):
        islands = []
        for row in positions((shapely.get_num_geometries(tier.shapes) > 1) & ~tier.invalid):
            parts = thick_parts(tier.shapes[row])
            fresh = _not_within(_all_but_largest(parts), reported)
            islands += fresh
            if fresh:
                fault = _multipart(tier, row, len(parts), apart=shapely.multipolygons(fresh))
                yield fault._replace(excused=were_given and tier.depth == 0)
        reported = shapely.union_all([reported, *islands])


def _all_but_largest(parts: Shapes) -> Shapes:
    return np.delete(parts, np.argmax(shapely.area(parts))) if len(parts) else parts


def _not_within(parts: Shapes, reported: Any) -> list[Any]:
    return [part for part in parts if len(thick_parts(shapely.difference(part, reported)))]


def _multipart(tier: TierZones, row: int, parts: int, *, apart: Any) -> RuleFault:
    words = zone_words(tier, row) | {"where": place(apart)}
    text = say("check_multipart", parts=parts, area=number(apart.area), **words)
    return zone_fault(tier, row, text, measured=(float(parts), "parts"))._replace(shape=apart)


def enclave(given: CheckInput) -> Iterator[RuleFault]:
    """Zones that share all of their outer border with one other zone of the tier.

    A dedicated zone may lie so, and a zone whose border is that of a community. Fine tiers first: a zone that consists of such
    zones of a finer tier is not reported again.
    """
    reported = EMPTY
    for tier in reversed(given.tiers):
        found = []
        for row, hole, host in _in_holes(tier):
            shape = tier.shapes[row]
            if tier.dedicated[row] or not _fills(shape, hole) or _is_at_border(given, shape):
                continue
            if len(thick_parts(shapely.difference(shape, reported))):
                found.append(shape)
                words = {"host": tier.codes[host], "area": number(shape.area), **zone_words(tier, row)}
                yield zone_fault(tier, row, say("check_enclave", **words), measured=(float(shape.area), "area_m2"))
        reported = shapely.union_all([reported, *found])


@derived
def scattered(given: CheckInput) -> tuple[Mask, ...]:
    """For each tier, whether a zone is in several parts or inside another, so that its place tells nothing."""
    return tuple(_scattered(tier) for tier in given.tiers)


def _scattered(tier: TierZones) -> Mask:
    odd = shapely.get_num_geometries(tier.shapes) > 1
    odd[[row for row, _, _ in _in_holes(tier)]] = True
    return odd & ~tier.dedicated


class _Holes(NamedTuple):
    """Holes of the zones of a tier."""

    shapes: Shapes
    zone: Rows
    """In which zone each hole is."""


def _in_holes(tier: TierZones) -> Iterator[tuple[int, Any, int]]:
    """Zones that lie in a hole of another: row of the zone, the hole, row of the other."""
    holes = _holes(tier)
    points = shapely.point_on_surface(tier.shapes)
    at, hole = shapely.STRtree(holes.shapes).query(points, predicate="intersects")
    for row, k in sorted(zip(at.tolist(), hole.tolist(), strict=True)):
        yield row, holes.shapes[k], int(holes.zone[k])


def _holes(tier: TierZones) -> _Holes:
    parts, zone = shapely.get_parts(tier.shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = np.flatnonzero(part[1:] == part[:-1]) + 1
    shapes: Any = shapely.polygons(rings[inner])
    return _Holes(shapes, zone[part[inner]])


def _fills(shape: Any, hole: Any) -> bool:
    """Whether a zone, whatever it encloses itself, is the whole of a hole."""
    filled = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(shape)))
    return len(thick_parts(shapely.symmetric_difference(shapely.union_all(filled), hole))) == 0


def _is_at_border(given: CheckInput, shape: Any) -> bool:
    """Whether part of the outline of a zone runs along the border of a community."""
    if given.communities is None:
        return False
    near = given.communities.meeting(shape)
    edges = shapely.union_all(shapely.boundary(given.communities.shapes[near]))
    runs = shapely.intersection(shapely.boundary(shape), shapely.buffer(edges, HAIRLINE_M))
    return bool(shapely.length(runs) > _TOGETHER_M)
