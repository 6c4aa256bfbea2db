"""Rules of land: every square metre of every community in one zone of each tier, and none beyond."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from gridgeo.checks.case import Case
from gridgeo.checks.findings import Finding, number, place, tier_label, tier_labels
from gridgeo.checks.level import Level
from gridgeo.checks.shapes import Rows, Shapes, wide, widths
from gridgeo.messages import say

_NONE = shapely.MultiPolygon()


def gap(case: Case) -> Iterator[Finding]:
    """Land of the communities in no zone of a tier.

    Fine tiers first: land that a finer tier lacks already is not reported again, nor is land under a building that is reported
    as uncovered.
    """
    if case.communities is None:
        return
    lacking = {
        level.name: shapely.multipolygons(wide(shapely.difference(case.land, level.land))) for level in case.levels
    }
    footings = case.footings
    seen = _NONE if footings is None else shapely.union_all(footings.shapes[footings.uncovered])
    for level in reversed(case.levels):
        coarser = {up.name: lacking[up.name] for up in case.levels[: level.depth]}
        for part in shapely.get_parts(lacking[level.name]):
            fresh = wide(shapely.difference(part, seen))
            if len(fresh):
                yield _gap(case.communities, level, fresh, coarser)
        seen = shapely.union(seen, lacking[level.name])


def _gap(communities: Level, level: Level, parts: Shapes, coarser: dict[str, Any]) -> Finding:
    shape = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    point = shapely.point_on_surface(shape)
    at = communities.tree.query(point, predicate="intersects")
    code = communities.codes[int(at.min())] if len(at) else ""
    also = [name for name, lacks in coarser.items() if shapely.intersects(lacks, point)]
    area = float(shape.area)
    text = say(
        "check_gap",
        tiers=tier_labels([*also, level.name]),
        code=code,
        area=number(area),
        width=number(widths(parts).max()),
        where=place(shape),
    )
    return Finding("gap", "error", level.depth, code, area, "area_m2", text, shape)


def overlap(case: Case) -> Iterator[Finding]:
    """Land in two zones of the same tier; fine tiers first, and the same land once."""
    seen = _NONE
    for level in reversed(case.levels):
        found = [(i, j, wide(shapely.difference(common, seen))) for i, j, common in level.overlaps]
        seen = shapely.union_all([seen, *(part for _, _, parts in found for part in parts)])
        for i, j, parts in found:
            if not len(parts):
                continue
            shape, codes = shapely.multipolygons(parts), f"{level.codes[i]}, {level.codes[j]}"
            text = say(
                "check_overlap",
                tier=tier_label(level.name),
                codes=codes,
                area=number(shape.area),
                width=number(widths(parts).max()),
                where=place(shape),
            )
            yield Finding("overlap", "error", level.depth, codes, float(shape.area), "area_m2", text, shape)


def outside(case: Case) -> Iterator[Finding]:
    """Land of zones beyond the communities; fine tiers first, and the same land once."""
    if case.communities is None:
        return
    seen = _NONE
    for level in reversed(case.levels):
        beyond = shapely.union_all(wide(shapely.difference(shapely.difference(level.land, case.land), seen)))
        seen = shapely.union(seen, beyond)
        for row in _meeting(level, beyond):
            parts = wide(shapely.intersection(level.shapes[row], beyond))
            if not len(parts):
                continue
            shape, code = shapely.multipolygons(parts), level.codes[row]
            text = say(
                "check_outside",
                tier=tier_label(level.name),
                code=code,
                area=number(shape.area),
                width=number(widths(parts).max()),
                where=place(shape),
            )
            yield Finding("outside", "error", level.depth, code, float(shape.area), "area_m2", text, shape)


def nesting(case: Case) -> Iterator[Finding]:
    """Land of a zone that belongs to another parent than the zone does.

    The parent is the one in which most of the zone lies, whatever its code says; the communities are the parents of the coarsest
    tier. Land of the zone that is reported as an overlap is not reported again.
    """
    for level, kin in zip(case.levels, case.kin, strict=True):
        up = case.above(level)
        if up is None or kin is None:
            continue
        double = shapely.union_all([common for _, _, common in level.overlaps] if kin.astray.any() else [])
        for row in np.flatnonzero(kin.astray & (kin.parent >= 0)):
            own = shapely.union(up.shapes[kin.parent[row]], double)
            strange = shapely.difference(level.shapes[row], own)
            others = _meeting(up, strange)
            parts = wide(shapely.intersection(strange, shapely.union_all(up.shapes[others])))
            if len(parts):
                yield _nesting(level, int(row), up, int(kin.parent[row]), parts)


def _nesting(level: Level, row: int, up: Level, parent: int, parts: Shapes) -> Finding:
    shape, code = shapely.multipolygons(parts), level.codes[row]
    holders = [up.codes[other] for other in _meeting(up, shapely.buffer(shape, -1e-3)) if other != parent]
    text = say(
        "check_nesting",
        tier=tier_label(level.name),
        code=code,
        parent=up.codes[parent],
        others=", ".join(holders),
        area=number(shape.area),
        width=number(widths(parts).max()),
        where=place(shape),
    )
    return Finding("nesting", "error", level.depth, code, float(shape.area), "area_m2", text, shape)


def _meeting(level: Level, shape: Any) -> Rows:
    rows: Rows = np.sort(level.tree.query(shape, predicate="intersects"))
    return rows
