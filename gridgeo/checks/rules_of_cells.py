"""Rule of cells: their land is nearer to their own buildings than to others of the block."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import RuleFault, number, place
from gridgeo.checks.polygon_measures import Shapes
from gridgeo.messages import say

_BY_DISTANCE, _ONE_CELL = "block_without_walls", "block_one_cell"
"""Reasons of the lines of an account that name a block whose land may not be that of the nearest building."""
_FARTHER = 0.25
"""Land counts if it is farther from its own building than from another by more than this; borders of cells are as exact [m]."""
_POINTS = 2500
"""Points, about, by which a cell is judged, spread evenly over the square round it."""
UNNOTICED_M2 = 1.0
"""Less land than this is not told [m2]."""


def not_nearest(given: CheckInput) -> Iterator[RuleFault]:
    """Land nearer to another building of its block than to that of its cell, in blocks that could not be shared out as usual.

    The account names these blocks; how much land it is, is measured. A block that is one cell is the land of its largest building.
    """
    plan = given.plan
    if plan is None:
        return
    lines = plan.site.account
    told = lines[lines["reason"].isin([_BY_DISTANCE, _ONE_CELL]).fillna(value=False)]
    for reason, block in sorted(set(zip(told["reason"], told["id"], strict=True))):
        cells = plan.cells[(plan.cells["block"] == block).fillna(value=False)].to_crs(given.crs)
        members = plan.buildings[plan.buildings["cell"].isin(cells.index)].to_crs(given.crs)
        yield from _in_block(
            given, cells, members[~members.geometry.isna()], block=str(block), whole=reason == _ONE_CELL
        )


def _in_block(
    given: CheckInput, cells: gpd.GeoDataFrame, members: gpd.GeoDataFrame, *, block: str, whole: bool
) -> Iterator[RuleFault]:
    shapes = members.geometry.to_numpy()
    for cell, shape, code in zip(cells.index, cells.geometry, cells["code"], strict=True):
        own = shapes[(members["cell"] == cell).to_numpy(dtype=bool)]
        if len(own) == 0:
            continue
        area = _farther_area(shape, own[[np.argmax(shapely.area(own))]] if whole else own, shapes)
        if area < UNNOTICED_M2:
            continue
        text = say("check_not_nearest", block=block, cell=cell, area=number(area), where=place(shape))
        yield RuleFault(given.finest.depth, str(code), area, "area_m2", text, shape)


def _farther_area(cell: shapely.Geometry, own: Shapes, others: Shapes) -> float:
    """Land of a cell that is farther from its own buildings than from others [m2]."""
    points = _points_in(cell)
    nearest = shapely.STRtree(others).query_nearest(points, all_matches=False)[1]
    apart = shapely.distance(points, shapely.geometrycollections(own)) - shapely.distance(points, others[nearest])
    return float(shapely.area(cell) * (apart > _FARTHER).mean())


def _points_in(cell: shapely.Geometry) -> Shapes:
    """Points of a lattice inside a shape, or one at least."""
    x0, y0, x1, y1 = shapely.bounds(cell)
    step = max(x1 - x0, y1 - y0) / np.sqrt(_POINTS)
    x, y = np.meshgrid(_between(x0, x1, step), _between(y0, y1, step))
    inside = shapely.contains_xy(cell, x.ravel(), y.ravel())
    if not inside.any():
        return np.array([shapely.point_on_surface(cell)], dtype=object)
    return np.asarray(shapely.points(x.ravel()[inside], y.ravel()[inside]), dtype=object)


def _between(low: float, high: float, step: float) -> npt.NDArray[np.float64]:
    """Middles of steps from one number to another."""
    return np.arange(low + step / 2, max(high, low + step), step)
