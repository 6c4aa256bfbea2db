"""Rules of outlines: valid, in one piece, and not lost inside another zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from gridgeo.checks.case import Case
from gridgeo.checks.findings import Finding, number, place, tier_label
from gridgeo.checks.level import Level
from gridgeo.checks.shapes import HAIRLINE, is_finite, wide
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

_RUN_M = 1.0
"""Outlines that are together for less than this [m] only cross."""


def invalid_ring(case: Case) -> Iterator[Finding]:
    """Zones without a valid polygon."""
    for level in case.levels:
        for row in np.flatnonzero(level.faulty):
            code, doubt = level.codes[row], float(level.doubt_m2[row])
            why, spot = _why(level.drawn[row])
            shape = spot if spot is not None else level.shapes[row]
            text = say(
                "check_invalid_ring",
                tier=tier_label(level.name),
                code=code,
                why=why,
                where=place(shape),
                area=number(doubt),
            )
            yield Finding("invalid_ring", "error", level.depth, code, doubt, "area_m2", text, shape)


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


def multipart(case: Case) -> Iterator[Finding]:
    """Zones in several parts; parts that touch in a point are several. A zone that was given so is kept to the letter.

    Fine tiers first: a part that a finer zone has lost already is not reported again.
    """
    seen = shapely.MultiPolygon()
    for level in reversed(case.levels):
        islands = []
        for row in np.flatnonzero((shapely.get_num_geometries(level.shapes) > 1) & ~level.faulty):
            parts = wide(level.shapes[row])
            lesser = np.delete(parts, np.argmax(shapely.area(parts))) if len(parts) else parts
            fresh = [part for part in lesser if len(wide(shapely.difference(part, seen)))]
            islands += fresh
            if fresh:
                severity = "warning" if case.given and level.depth == 0 else "error"
                yield _multipart(level, int(row), len(parts), shapely.multipolygons(fresh), severity)
        seen = shapely.union_all([seen, *islands])


def _multipart(level: Level, row: int, parts: int, shape: Any, severity: str) -> Finding:
    code = level.codes[row]
    text = say(
        "check_multipart",
        tier=tier_label(level.name),
        code=code,
        parts=parts,
        area=number(shape.area),
        where=place(shape),
    )
    return Finding("multipart", severity, level.depth, code, float(parts), "parts", text, shape)


def enclave(case: Case) -> Iterator[Finding]:
    """Zones that share all of their outer border with one other zone of the tier.

    A dedicated zone may lie so, and a zone whose border is that of a community. Fine tiers first: a zone that consists of such
    zones of a finer tier is not reported again.
    """
    seen = shapely.MultiPolygon()
    for level in reversed(case.levels):
        holes, hosts = _holes(level)
        points = shapely.point_on_surface(level.shapes)
        at, hole = shapely.STRtree(holes).query(points, predicate="intersects")
        found = []
        for row, k in sorted(zip(at.tolist(), hole.tolist(), strict=True)):
            shape = level.shapes[row]
            if level.dedicated[row] or not _fills(shape, holes[k]) or _is_border(case, shape):
                continue
            if len(wide(shapely.difference(shape, seen))):
                found.append(shape)
                yield _enclave(level, row, int(hosts[k]))
        seen = shapely.union_all([seen, *found])


def _holes(level: Level) -> tuple[Any, Any]:
    parts, host = shapely.get_parts(level.shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = np.flatnonzero(part[1:] == part[:-1]) + 1
    return shapely.polygons(rings[inner]), host[part[inner]]


def _fills(shape: Any, hole: Any) -> bool:
    """Whether a zone, whatever it encloses itself, is the whole of a hole."""
    filled = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(shape)))
    return len(wide(shapely.symmetric_difference(shapely.union_all(filled), hole))) == 0


def _is_border(case: Case, shape: Any) -> bool:
    """Whether part of the outline of a zone runs along the border of a community."""
    if case.communities is None:
        return False
    near = case.communities.tree.query(shape, predicate="intersects")
    edges = shapely.union_all(shapely.boundary(case.communities.shapes[near]))
    runs = shapely.intersection(shapely.boundary(shape), shapely.buffer(edges, HAIRLINE))
    return bool(shapely.length(runs) > _RUN_M)


def _enclave(level: Level, row: int, host: int) -> Finding:
    code, shape = level.codes[row], level.shapes[row]
    text = say(
        "check_enclave",
        tier=tier_label(level.name),
        code=code,
        host=level.codes[host],
        area=number(shape.area),
        where=place(shape),
    )
    return Finding("enclave", "warning", level.depth, code, float(shape.area), "area_m2", text, shape)
