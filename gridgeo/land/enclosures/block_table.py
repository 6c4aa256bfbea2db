"""Blocks as a table: faces of which narrow ones have joined others, and whose borders go round footprints."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import UNBOUNDING
from gridgeo.coverage import Flags, Shapes, polygon_at, rows_by
from gridgeo.land.account import noticed
from gridgeo.land.enclosures.block_faces import BlockFaces, block_faces
from gridgeo.land.enclosures.crossing_footprints import PlacedFootprints, place_footprints
from gridgeo.land.enclosures.narrow_faces import HardLines, join_narrow
from gridgeo.land.inputs import (
    MIN_WIDTH_M,
    Generators,
    LandInputs,
    MemberFootprints,
    bounding_lines,
    is_point,
    place_names,
    unique_names,
)
from gridgeo.model import LAND, RAILWAY, WATER


def enclose(
    inputs: LandInputs, *, unbounding: Collection[str] = UNBOUNDING, min_width_m: float = MIN_WIDTH_M
) -> gpd.GeoDataFrame:
    """The land of communities as blocks; options and what is given back as those of `gridgeo.blocks`."""
    buildings, lines = inputs.buildings, bounding_lines(inputs.site, unbounding, inputs.walls)
    hard = HardLines(np.concatenate([lines["railways"], lines["waterways"]]), inputs.walls)
    faces = block_faces(inputs, np.concatenate(list(lines.values())))
    faces = join_narrow(faces, buildings.shapes, hard, min_width_m=min_width_m)
    drawn = ~is_point(buildings.shapes)[inputs.generators.member]
    footprints = Generators(inputs.generators.shapes[drawn], inputs.generators.member[drawn])
    placed = place_footprints(footprints, faces.polygons, faces.community)
    return _table(inputs, faces, placed, crossed=_crossed(placed, footprints, buildings))


def _table(inputs: LandInputs, faces: BlockFaces, placed: PlacedFootprints, *, crossed: Shapes) -> gpd.GeoDataFrame:
    """Columns of the blocks, by the faces that they come from."""
    of = placed.origin
    kind = faces.kind[of]
    kind[_built_on(placed, inputs.buildings) & np.isin(kind, (WATER, RAILWAY))] = LAND
    institution = np.array([*inputs.institutions.ids, None], dtype=object)[faces.institution[of]]  # row -1 is None
    community = inputs.communities.index.to_numpy()[faces.community[of]]
    geometry = shapely.normalize(placed.blocks)
    table = {
        "community": pd.array(community, dtype="string"),
        "kind": pd.array(kind, dtype="string"),
        "institution": pd.array(institution, dtype="string"),
        "absorbed": pd.array(faces.absorbed[of], dtype="Int64"),
        "deck": pd.array(faces.crossing[of], dtype="boolean"),
        "crossed": crossed,
    }
    index = pd.Index(unique_names(place_names(community, geometry), geometry), name="block", dtype="str")
    return gpd.GeoDataFrame(table, index=index, geometry=geometry, crs=inputs.site.crs).sort_index()


def _built_on(placed: PlacedFootprints, buildings: MemberFootprints) -> Flags:
    """Blocks in which a building has its largest share, or that hold a building given as a point."""
    built = np.zeros(len(placed.blocks), dtype=bool)
    built[placed.block_of[placed.block_of >= 0]] = True
    at = polygon_at(buildings.shapes[is_point(buildings.shapes)], placed.blocks)
    built[at[at >= 0]] = True
    return built


def _crossed(placed: PlacedFootprints, footprints: Generators, buildings: MemberFootprints) -> Shapes:
    """For each block the buildings that a line crosses and that it holds whole, each with the share that lies beyond."""
    beyond = np.bincount(footprints.member, placed.gained, minlength=len(buildings.ids)).astype(np.float64)
    whole = shapely.area(buildings.snapped)
    block_of = np.full(len(buildings.ids), -1)
    there = placed.block_of >= 0
    block_of[footprints.member[there]] = placed.block_of[there]
    told = np.flatnonzero(noticed(beyond, whole) & (block_of >= 0))
    out = np.empty(len(placed.blocks), dtype=object)
    for block, rows in enumerate(rows_by(block_of[told], len(out))):
        out[block] = tuple((buildings.ids[k], float(beyond[k] / whole[k])) for k in told[rows])
    return out
