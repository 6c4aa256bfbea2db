"""Compounds (小区, 院落): those that are given, and land that walls alone go round, closed across their openings."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import Walls, are_bounding, walls_of
from gridgeo.coverage import Ints, Shapes, first_by, noded_faces
from gridgeo.land.inputs.names_of_content import unique_names
from gridgeo.model import Site

FEWEST = 2
"""Buildings that make walled land a compound: one house in its garden is none."""

_SAME = 0.5
"""Share of walled land in one given compound from which on it is that compound."""
_ON_RING = 0.05
"""A wall this near to a ring is part of it [m]."""
_WALLED = "~wall"
"""What is added to the id of a wall that a given compound has too, so that both are told apart."""


def compounds_of(site: Site, walls: Walls | None = None) -> gpd.GeoDataFrame:
    """Compounds of a site; they may lie one in another.

    Parameters
    ----------
    site
        Layers in metres. Reads compounds, barriers, buildings, and what bounds near the holes of walls.
    walls
        Walls of the site; found if left out.

    Returns
    -------
    compounds
        Indexed by id, sorted: rows of the layer `compounds`, and land inside a ring of walls with at least `FEWEST` buildings,
        which is for the most part in none of those. Its id and name are those of the wall that is the largest part of
        the ring. Columns: name, geometry.
    """
    given = site.layer("compounds")[["name", "geometry"]]
    walled = _walled(site, walls or walls_of(site))
    return gpd.GeoDataFrame(pd.concat([given, walled]) if len(walled) else given, crs=site.crs).sort_index(
        kind="stable"
    )


def _walled(site: Site, walls: Walls) -> gpd.GeoDataFrame:
    """Land inside rings of walls that is no given compound."""
    rings = _rings(site, walls)
    wall = _longest_walls(rings, site.layer("barriers"))
    rings, wall = rings[wall >= 0], site.layer("barriers").iloc[wall[wall >= 0]]
    taken = set(site.layer("compounds").index)
    ids = [name + _WALLED if name in taken else name for name in wall.index.astype(str)]
    index = pd.Index(unique_names(ids, rings), name="id", dtype="str")
    return gpd.GeoDataFrame({"name": wall["name"].to_numpy()}, index=index, geometry=rings, crs=site.crs)


def _rings(site: Site, walls: Walls) -> Shapes:
    """Land inside rings of walls, with what further rings in it enclose."""
    faces = noded_faces(walls.closed)
    rings = shapely.normalize(np.asarray(shapely.polygons(shapely.get_exterior_ring(faces))))
    homes = np.asarray(site.buildings.geometry.array, dtype=object)
    home, ring = shapely.STRtree(rings).query(homes, predicate="intersects")
    inside = shapely.intersects(rings[ring], shapely.point_on_surface(homes[home]))
    rings = rings[np.bincount(ring[inside], minlength=len(rings)) >= FEWEST]
    given = np.asarray(site.layer("compounds").geometry.array, dtype=object)
    ring, compound = shapely.STRtree(given).query(rings, predicate="intersects")
    share = shapely.area(shapely.intersection(rings[ring], given[compound])) / shapely.area(rings[ring])
    return np.delete(rings, ring[share >= _SAME])


def _longest_walls(rings: Shapes, barriers: gpd.GeoDataFrame) -> Ints:
    """Row of the wall that each ring runs along for most of its length, the first by id of several; -1 for none."""
    shapes = np.asarray(barriers.geometry.array, dtype=object)
    lines = np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes)
    rows = np.flatnonzero(are_bounding(barriers, "barriers") & (shapely.get_dimensions(shapes) > 0))
    borders = shapely.buffer(shapely.boundary(rings), _ON_RING)
    ring, near = shapely.STRtree(lines[rows]).query(borders, predicate="intersects")
    metres = shapely.length(shapely.intersection(lines[rows[near]], borders[ring])).round(2)
    by_id = np.argsort(np.argsort(barriers.index.to_numpy(dtype=str), kind="stable"), kind="stable")
    best = first_by(ring, -metres, by_id[rows[near]])
    out = np.full(len(rings), -1)
    out[ring[best]] = rows[near[best]]
    return out
