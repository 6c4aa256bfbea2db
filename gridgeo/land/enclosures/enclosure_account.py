"""Lines of the account that enclosing land writes: what became of lines, of narrow land, and of buildings that lines cross."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import are_closed, shapes_of
from gridgeo.coverage import APART
from gridgeo.land.account import AccountLine, NamedLines, names_across, percent, places
from gridgeo.land.enclosures.dead_ends import dangling_lines
from gridgeo.land.inputs import LandInputs, MemberFootprints


def enclosure_lines(inputs: LandInputs, blocks: gpd.GeoDataFrame, named: NamedLines) -> Iterator[AccountLine]:
    """Dead ends, holes of walls, narrow land that joined a block, land below crossings, buildings round which a border goes.

    Parameters
    ----------
    blocks
        What `enclose` gives. Reads: absorbed, deck, crossed, geometry.
    """
    yield from _dead_ends(inputs)
    yield from _holes(inputs, blocks)
    joined = blocks[blocks["absorbed"] > 0].sort_index()
    for place, count in zip(places(joined.representative_point()), joined["absorbed"], strict=True):
        yield AccountLine("streets", "strips_joined", None, f"{place} {count}")
    crossings = blocks[blocks["deck"].to_numpy(dtype=bool)].sort_index()
    for place, area in zip(places(crossings.representative_point()), crossings.area, strict=True):
        yield AccountLine("streets", "deck_cut", None, f"{place} {area:.0f} m2")
    yield from _crossed(inputs.buildings, blocks, named)


def _dead_ends(inputs: LandInputs) -> Iterable[AccountLine]:
    ends = dangling_lines(inputs)
    starts = places(shapely.get_point(np.asarray(ends.geometry.array, dtype=object), 0))
    for layer, place, metres in zip(ends["layer"], starts, ends["length_m"], strict=True):
        yield AccountLine(layer, "dead_ends", None, f"{place} {metres:.1f} m")


def _holes(inputs: LandInputs, blocks: gpd.GeoDataFrame) -> Iterable[AccountLine]:
    """Holes of walls across which the border of a block leads, where no line of `links` says that one cannot pass."""
    links, holes = inputs.site.layer("links"), inputs.walls.holes
    shut, _ = shapely.STRtree(shapes_of(links, are_closed(links))).query(holes, predicate="intersects")
    holes = np.delete(holes, shut)
    middles = shapely.line_interpolate_point(holes, 0.5, normalized=True)
    borders = shapely.boundary(np.asarray(blocks.geometry.array, dtype=object))
    closed = np.unique(shapely.STRtree(middles).query(borders, predicate="dwithin", distance=APART)[1])
    for place, width in zip(places(middles[closed]), shapely.length(holes[closed]), strict=True):
        yield AccountLine("barriers", "hole_closed", None, f"{place} {width:.2f} m")


def _crossed(buildings: MemberFootprints, blocks: gpd.GeoDataFrame, named: NamedLines) -> Iterable[AccountLine]:
    """Buildings that a border goes round, so that they stay whole."""
    crossed = dict(sorted(one for those in blocks["crossed"] for one in those))
    rows = pd.Index(buildings.ids).get_indexer(pd.Index(list(crossed), dtype=object))
    names = names_across(buildings.snapped[rows], named)
    for (building, share), where in zip(crossed.items(), names, strict=True):
        told = f"{percent(1 - share)}; {percent(share)} {where}"
        yield AccountLine("buildings", "footprint_crossed", building, told)
