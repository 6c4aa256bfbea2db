"""Land of institutions: their own polygons, or the compound or building under a point."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from gridgeo.land.items import Items, is_point
from gridgeo.land.lines import polygons_of_layer
from gridgeo.land.planar import Flags, Ints, Shapes, first_by
from gridgeo.site import Site


class Grounds(NamedTuple):
    """Polygons that are cut out as the land of institutions."""

    ids: Shapes
    shapes: Shapes


class Posts(NamedTuple):
    """Institutions given as points, sorted by id."""

    ids: Shapes
    points: Shapes


def grounds_of(site: Site, items: Items) -> Grounds:
    """Polygons of institutions, and compounds that an institution given as a point takes.

    A compound is taken by the first point in it, if no building under that point takes it and no household lives in
    the compound.
    """
    given = polygons_of_layer(site.layer("institutions"))
    posts = posts_of(site.layer("institutions"))
    if len(posts.ids) == 0:
        return Grounds(given.index.to_numpy(dtype=object), np.asarray(given.array, dtype=object))
    footprints = items.shapes[~is_point(items.shapes)]
    in_building, _ = shapely.STRtree(footprints).query(posts.points, predicate="intersects")
    free = np.delete(np.arange(len(posts.ids)), np.unique(in_building))
    compounds = polygons_of_layer(site.layer("compounds"))
    shapes = np.asarray(compounds.array, dtype=object)
    shapes = shapes[~_lived_in(shapes, items)]
    post, compound = shapely.STRtree(shapes).query(posts.points[free], predicate="intersects")
    smallest = first_by(post, shapely.area(shapes)[compound], compound)
    post, compound = post[smallest], compound[smallest]
    taken = first_by(compound, post)
    ids = np.concatenate([given.index.to_numpy(dtype=object), posts.ids[free[post[taken]]]])
    return Grounds(ids, np.concatenate([np.asarray(given.array, dtype=object), shapes[compound[taken]]]))


def posts_of(institutions: gpd.GeoDataFrame) -> Posts:
    """Institutions given as points."""
    rows = institutions[institutions.geom_type == "Point"].sort_index(kind="stable")
    return Posts(rows.index.to_numpy(dtype=object), np.asarray(rows.geometry.array, dtype=object))


def _lived_in(compounds: Shapes, items: Items) -> Flags:
    """Compounds in which at least half of a building with households lies."""
    lived = np.zeros(len(compounds), dtype=bool)
    homes = items.shapes[items.counted() > 0]
    home, compound = shapely.STRtree(compounds).query(homes, predicate="intersects")
    share = shapely.area(shapely.intersection(homes[home], compounds[compound]))
    lived[compound[2 * share >= shapely.area(homes[home])]] = True
    return lived


def building_under(posts: Posts, shapes: Shapes) -> tuple[Ints, Ints]:
    """Rows of posts and of the smallest footprint under each; at most one post a footprint."""
    polygons = np.flatnonzero(~is_point(shapes))
    post, k = shapely.STRtree(shapes[polygons]).query(posts.points, predicate="intersects")
    smallest = first_by(post, shapely.area(shapes[polygons])[k], k)
    post, k = post[smallest], k[smallest]
    taken = first_by(k, post)
    return post[taken], polygons[k[taken]]
