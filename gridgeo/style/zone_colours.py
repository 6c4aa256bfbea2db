"""Colours for zones, such that no two neighbours are alike."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.coverage import shared_arcs
from gridgeo.style.palette import FILLS, fill, grey, near


def colours(zones: gpd.GeoDataFrame) -> pd.Series:
    """Colour of each zone, such that no two with a common border are alike.

    Parameters
    ----------
    zones
        One tier, indexed by code; reads geometry. The order of the rows plays no part.

    Returns
    -------
    colours
        Code -> ``#rrggbb``, in the order of the rows.
    """
    return colour_numbers(zones).map(fill)


def greys(zones: gpd.GeoDataFrame) -> pd.Series:
    """Grey of each zone, for copying machines; otherwise as `colours`."""
    return colour_numbers(zones).map(grey)


def nested_colours(zones: gpd.GeoDataFrame, outer: pd.Series) -> pd.Series:
    """Colours of zones inside coarser ones: that of the coarser zone, or the most like it that no neighbour has.

    Parameters
    ----------
    zones
        One tier, indexed by code; reads geometry.
    outer
        Code of a coarser tier -> colour.
    """
    return _numbers(zones, _kindred(zones, outer), _ground(zones)).map(fill)


class ZoneLook(NamedTuple):
    """How the zones of a tier are painted."""

    colour: pd.Series
    """Code -> ``#rrggbb``."""
    grey: pd.Series
    """Code -> number of a grey, for copying machines."""


def tier_looks(tiers: Sequence[gpd.GeoDataFrame]) -> list[ZoneLook]:
    """Colours and greys of all tiers of a plan or drawing, from coarse to fine; who borders whom is asked once a tier."""
    found: list[ZoneLook] = []
    for zones in tiers:
        ground = _ground(zones)
        wishes = _kindred(zones, found[0].colour) if found else _no_wishes(zones)
        colour = _numbers(zones, wishes, ground).map(fill)
        found.append(ZoneLook(colour, _numbers(zones, _no_wishes(zones), ground)))
    return found


def tier_colours(tiers: Sequence[gpd.GeoDataFrame]) -> list[pd.Series]:
    """Colours of all tiers of a plan or drawing, from coarse to fine: the same on every map, on paper and in a plan's file.

    Parameters
    ----------
    tiers
        Zones of each tier, indexed by code; reads geometry.
    """
    return [look.colour for look in tier_looks(tiers)]


def colour_numbers(zones: gpd.GeoDataFrame) -> pd.Series:
    """Number of a colour for each zone, from 0, by greedy colouring; six are enough for zones in one piece."""
    return _numbers(zones, _no_wishes(zones), _ground(zones))


def neighbours(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Pairs of polygons (positions, smaller first, sorted) that share a border or overlap; a common corner does not count."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    # Zones that fit edge to edge are found by their edges; only what merely touches, or lies askew, takes geometry.
    arcs = shared_arcs(shapes)
    pairs, n = left * len(shapes) + right, len(shapes)
    two = arcs.right >= 0
    shared = np.isin(pairs, np.minimum(arcs.left, arcs.right)[two] * n + np.maximum(arcs.left, arcs.right)[two])
    rest = np.flatnonzero(~shared)
    borders = shapely.boundary(shapes)
    shared[rest] = shapely.length(shapely.intersection(borders[left[rest]], borders[right[rest]])) > 0
    shared[rest] |= shapely.overlaps(shapes[left[rest]], shapes[right[rest]])
    found = np.column_stack([left[shared], right[shared]])
    return found[np.lexsort((found[:, 1], found[:, 0]))].astype(np.int64)


class _Ground(NamedTuple):
    """Zones in the order of their codes, and who borders whom."""

    order: npt.NDArray[np.int64]
    beside: list[set[int]]


def _ground(zones: gpd.GeoDataFrame) -> _Ground:
    order = np.argsort(zones.index.to_numpy(dtype=str), kind="stable")
    beside: list[set[int]] = [set() for _ in order]
    for a, b in neighbours(zones.geometry.to_numpy()[order]).tolist():
        beside[a].add(b)
        beside[b].add(a)
    return _Ground(order, beside)


def _no_wishes(zones: gpd.GeoDataFrame) -> Sequence[Sequence[int]]:
    return [[]] * len(zones)


def _kindred(zones: gpd.GeoDataFrame, outer: pd.Series) -> Sequence[Sequence[int]]:
    """For each zone the palette from what is most to what is least like the colour of its coarser zone."""
    digits = len(outer.index[0]) if len(outer) else 0
    kin = {colour: near(number) for number, colour in enumerate(FILLS)}
    held = dict(zip(outer.index.astype(str), outer, strict=True))
    return [kin.get(str(held.get(str(code)[:digits])), []) for code in zones.index]


def _numbers(zones: gpd.GeoDataFrame, wishes: Sequence[Sequence[int]], ground: _Ground) -> pd.Series:
    """Number for each zone that no neighbour has: the first of its wishes that is free, else the lowest."""
    order, beside = ground
    given: dict[int, int] = {}
    for node in _smallest_last(beside):
        taken = {given[other] for other in beside[node] if other in given}
        free = [number for number in wishes[order[node]] if number not in taken]
        given[node] = free[0] if free else min(set(range(len(taken) + 1)) - taken)
    at = np.empty(len(zones), dtype=np.int64)
    at[order] = [given[rank] for rank in range(len(zones))]
    return pd.Series(at, index=zones.index)


def _smallest_last(beside: Sequence[set[int]]) -> Iterator[int]:
    """Order for greedy colouring that needs at most six colours in the plane; ties go to the higher code.

    Source: D. W. Matula, L. L. Beck, Smallest-last ordering and clustering and graph coloring algorithms, 1983.
    """
    left = {node: set(others) for node, others in enumerate(beside)}
    heap = [(len(others), -node) for node, others in left.items()]
    heapq.heapify(heap)
    last: list[int] = []
    while left:
        degree, node = heapq.heappop(heap)
        if -node not in left or degree != len(left[-node]):
            continue
        for other in sorted(left.pop(-node)):
            left[other].discard(-node)
            heapq.heappush(heap, (len(left[other]), -other))
        last.append(-node)
    return reversed(last)
