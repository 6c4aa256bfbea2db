"""Rules of land: every square metre of every community in one zone of each tier, and none beyond."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.findings import RuleFault, area_fault, land_words, tier_label, tier_labels
from gridgeo.checks.footprint_overlay import footprint_overlay
from gridgeo.checks.parent_zones import parent_zones
from gridgeo.checks.polygon_measures import EMPTY, HAIRLINE_M, Shapes, positions, thick_parts
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import say

THIN_M = 0.2
"""Gaps and overlaps nowhere wider than this [m] come of one border that was drawn twice."""

_TOGETHER = 3
"""So many of them along one border are one finding."""


class ThinBorder(NamedTuple):
    """A border of two zones, or of a zone and the outside, with many thin gaps and overlaps."""

    codes: str
    gaps: tuple[Any, ...]
    overlaps: tuple[Any, ...]

    @property
    def shape(self) -> Any:
        """All of them."""
        return shapely.union_all([*self.gaps, *self.overlaps])


@derived
def lacking_parts(given: CheckInput) -> dict[str, Shapes]:
    """Land of the communities in no zone, for each tier; empty without a site."""
    if given.communities is None:
        return {tier.name: np.array([], dtype=object) for tier in given.tiers}
    return {tier.name: thick_parts(shapely.difference(given.land, tier.land)) for tier in given.tiers}


@derived
def thin_borders(given: CheckInput) -> dict[str, tuple[ThinBorder, ...]]:
    """For each tier, borders along which thin gaps and overlaps are many."""
    return {tier.name: tuple(_thin_borders(tier, lacking_parts(given)[tier.name])) for tier in given.tiers}


def _thin_borders(tier: TierZones, lacking: Shapes) -> Iterator[ThinBorder]:
    gaps: dict[tuple[int, ...], list[Any]] = {}
    overlaps: dict[tuple[int, ...], list[Any]] = {}
    thin = lacking[_are_thin(lacking)]
    zone, part = tier.tree.query(thin, predicate="dwithin", distance=HAIRLINE_M)[::-1]
    for k, shape in enumerate(thin):
        near = zone[part == k]
        shared = shapely.length(shapely.intersection(shapely.boundary(tier.shapes[near]), shapely.buffer(shape, 1e-3)))
        pair = tuple(sorted(int(row) for row in near[np.argsort(-shared, kind="stable")[:2]]))
        gaps.setdefault(pair, []).append(shape)
    for i, j, common in tier.overlaps:
        parts = shapely.get_parts(common)
        overlaps.setdefault((i, j), []).extend(parts[_are_thin(parts)])
    for pair in sorted({*gaps, *overlaps}):
        one, two = gaps.get(pair, []), overlaps.get(pair, [])
        if len(one) + len(two) >= _TOGETHER:
            yield ThinBorder(", ".join(tier.codes[row] for row in pair), tuple(one), tuple(two))


def _are_thin(parts: Shapes) -> Any:
    """Which parts a circle of this diameter fits nowhere into."""
    return shapely.is_empty(shapely.buffer(parts, -THIN_M / 2, quad_segs=4)) if len(parts) else np.zeros(0, dtype=bool)


def hairline(given: CheckInput) -> Iterator[RuleFault]:
    """Borders of two zones that do not fit, by many thin gaps and overlaps: one finding a border; fine tiers first."""
    reported = EMPTY
    for tier in reversed(given.tiers):
        borders = thin_borders(given)[tier.name]
        for border in borders:
            parts = thick_parts(shapely.difference(border.shape, reported))
            if len(parts):
                shape = shapely.multipolygons(parts)
                counts = {"gaps": len(border.gaps), "overlaps": len(border.overlaps)}
                words = {"tier": tier_label(tier.name), "codes": border.codes, **counts, **land_words(parts, shape)}
                yield area_fault(tier, border.codes, say("check_hairline", **words), shape=shape)
        reported = shapely.union_all([reported, *(border.shape for border in borders)])


def gap(given: CheckInput) -> Iterator[RuleFault]:
    """Land of the communities in no zone of a tier.

    Fine tiers first: land that a finer tier lacks already is not reported again, nor is land under a building that is reported
    as uncovered.
    """
    if given.communities is None:
        return
    lacking = {name: shapely.multipolygons(parts) for name, parts in lacking_parts(given).items()}
    footprints = footprint_overlay(given)
    reported: Any = EMPTY if footprints is None else shapely.union_all(footprints.shapes[footprints.uncovered])
    for tier in reversed(given.tiers):
        coarser = {up.name: lacking[up.name] for up in given.tiers[: tier.depth]}
        told = {id(part) for border in thin_borders(given)[tier.name] for part in border.gaps}
        for part in (part for part in lacking_parts(given)[tier.name] if id(part) not in told):
            fresh = thick_parts(shapely.difference(part, reported))
            if len(fresh):
                yield _gap(given.communities, tier, fresh, coarser=coarser)
        reported = shapely.union(reported, lacking[tier.name])


def _gap(communities: TierZones, tier: TierZones, parts: Shapes, *, coarser: dict[str, Any]) -> RuleFault:
    shape = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    point = shapely.point_on_surface(shape)
    at = communities.meeting(point)
    code = communities.codes[int(at[0])] if len(at) else ""
    also = [name for name, lacks in coarser.items() if shapely.intersects(lacks, point)]
    text = say("check_gap", tiers=tier_labels([*also, tier.name]), code=code, **land_words(parts, shape))
    return area_fault(tier, code, text, shape=shape)


def overlap(given: CheckInput) -> Iterator[RuleFault]:
    """Land in two zones of the same tier; fine tiers first, and the same land once."""
    reported = EMPTY
    for tier in reversed(given.tiers):
        thin = shapely.union_all([shape for border in thin_borders(given)[tier.name] for shape in border.overlaps])
        reported = shapely.union(reported, thin)
        found = [(i, j, thick_parts(shapely.difference(common, reported))) for i, j, common in tier.overlaps]
        reported = shapely.union_all([reported, *(part for _, _, parts in found for part in parts)])
        for i, j, parts in found:
            if len(parts):
                shape, codes = shapely.multipolygons(parts), f"{tier.codes[i]}, {tier.codes[j]}"
                words = {"tier": tier_label(tier.name), "codes": codes, **land_words(parts, shape)}
                yield area_fault(tier, codes, say("check_overlap", **words), shape=shape)


def outside(given: CheckInput) -> Iterator[RuleFault]:
    """Land of zones beyond the communities; fine tiers first, and the same land once."""
    if given.communities is None:
        return
    reported = EMPTY
    for tier in reversed(given.tiers):
        beyond = shapely.difference(shapely.difference(tier.land, given.land), reported)
        beyond = shapely.union_all(thick_parts(beyond))
        reported = shapely.union(reported, beyond)
        for row in tier.meeting(beyond):
            parts = thick_parts(shapely.intersection(tier.shapes[row], beyond))
            if len(parts):
                shape, code = shapely.multipolygons(parts), tier.codes[row]
                words = {"tier": tier_label(tier.name), "code": code, **land_words(parts, shape)}
                yield area_fault(tier, code, say("check_outside", **words), shape=shape)


def nesting(given: CheckInput) -> Iterator[RuleFault]:
    """Land of a zone that belongs to another parent than the zone does.

    The parent is the one in which most of the zone lies, whatever its code says; the communities are the parents of the coarsest
    tier. Land of the zone that is reported as an overlap is not reported again.
    """
    for tier, parents in zip(given.tiers, parent_zones(given), strict=True):
        up = given.above(tier)
        if up is None or parents is None:
            continue
        twice = shapely.union_all([common for _, _, common in tier.overlaps] if parents.doubtful.any() else [])
        for row in positions(parents.doubtful & (parents.row >= 0)):
            parent = int(parents.row[row])
            strange = shapely.difference(tier.shapes[row], shapely.union(up.shapes[parent], twice))
            parts = thick_parts(shapely.intersection(strange, shapely.union_all(up.shapes[up.meeting(strange)])))
            if len(parts):
                yield _nesting((tier, row), (up, parent), parts)


def _nesting(zone: tuple[TierZones, int], parent: tuple[TierZones, int], parts: Shapes) -> RuleFault:
    (tier, row), (up, at) = zone, parent
    shape, code = shapely.multipolygons(parts), tier.codes[row]
    others = [up.codes[other] for other in up.meeting(shapely.buffer(shape, -1e-3)) if other != at]
    words = {"tier": tier_label(tier.name), "code": code, "parent": up.codes[at], "others": ", ".join(others)}
    return area_fault(tier, code, say("check_nesting", **words, **land_words(parts, shape)), shape=shape)
