"""Land of institutions: their own polygons, or the compound, the building or the cell under a point.

An institution given as a polygon has the land in its outline. Of overlapping ones the smallest has it; across a border of
communities, the community with most of it; and a footprint on the outline stays whole. One given as a point takes the cell of the
building under it, if nobody else lives there; where there is none, its compound, if nobody lives in it; else the cell in which it
lies (of the nearest building, or open land), if nobody lives in that. So it never takes land on which others live.
"""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from gridgeo.coverage import Flags, Ints, Shapes, first_by
from gridgeo.land.inputs.layer_geometry import polygons_of_layer
from gridgeo.land.inputs.member_footprints import MemberFootprints, is_point
from gridgeo.model import Site

PICKED = ("landuse", "pois")
"""Layers from which institutions are picked by class; their ids begin with the layer's name and a colon."""


class InstitutionLand(NamedTuple):
    """Polygons that are cut out as the land of institutions."""

    ids: Shapes
    shapes: Shapes


class InstitutionPoints(NamedTuple):
    """Institutions given as points, sorted by id."""

    ids: Shapes
    shapes: Shapes


def institution_land_of(site: Site, members: MemberFootprints, compounds: gpd.GeoDataFrame) -> InstitutionLand:
    """Polygons of institutions, and compounds that an institution given as a point takes.

    A compound is taken by the first point in it under which there is no building, if no household lives in the compound.

    Parameters
    ----------
    site
        Reads: institutions.
    members
        Whole buildings.
    compounds
        What `compounds_of` gives.
    """
    given = polygons_of_layer(site.layer("institutions"))
    points = institution_points(site.layer("institutions"))
    if len(points.ids) == 0:
        return InstitutionLand(given.index.to_numpy(dtype=object), np.asarray(given.array, dtype=object))
    footprints = members.shapes[~is_point(members.shapes)]
    in_building, _ = shapely.STRtree(footprints).query(points.shapes, predicate="intersects")
    free = np.delete(np.arange(len(points.ids)), np.unique(in_building))
    shapes = np.asarray(polygons_of_layer(compounds).array, dtype=object)
    shapes = shapes[~_lived_in(shapes, members)]
    point, compound = shapely.STRtree(shapes).query(points.shapes[free], predicate="intersects")
    smallest = first_by(point, shapely.area(shapes)[compound], compound)
    point, compound = point[smallest], compound[smallest]
    taken = first_by(compound, point)
    ids = np.concatenate([given.index.to_numpy(dtype=object), points.ids[free[point[taken]]]])
    return InstitutionLand(ids, np.concatenate([np.asarray(given.array, dtype=object), shapes[compound[taken]]]))


def institution_points(institutions: gpd.GeoDataFrame) -> InstitutionPoints:
    """Institutions given as points."""
    rows = institutions[institutions.geom_type == "Point"].sort_index(kind="stable")
    return InstitutionPoints(rows.index.to_numpy(dtype=object), np.asarray(rows.geometry.array, dtype=object))


def _lived_in(compounds: Shapes, members: MemberFootprints) -> Flags:
    """Compounds in which at least half of a building with households lies."""
    lived = np.zeros(len(compounds), dtype=bool)
    homes = members.shapes[members.counted() > 0]
    home, compound = shapely.STRtree(compounds).query(homes, predicate="intersects")
    share = shapely.area(shapely.intersection(homes[home], compounds[compound]))
    lived[compound[2 * share >= shapely.area(homes[home])]] = True
    return lived


def building_under(points: InstitutionPoints, shapes: Shapes) -> tuple[Ints, Ints]:
    """Rows of points and of the smallest footprint under each, where there is one."""
    polygons = np.flatnonzero(~is_point(shapes))
    point, k = shapely.STRtree(shapes[polygons]).query(points.shapes, predicate="intersects")
    smallest = first_by(point, shapely.area(shapes[polygons])[k], k)
    return point[smallest], polygons[k[smallest]]


def layer_and_id(institution: str) -> tuple[str, str]:
    """The layer in which an institution stands, and its id there: one picked by class bears both (``pois:17``)."""
    layer, colon, key = institution.partition(":")
    return (layer, key) if colon and layer in PICKED else ("institutions", institution)
