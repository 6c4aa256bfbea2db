"""Where points, buildings and addresses are: the cell, the building, the zone of each tier."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import Asking, Floats, Grouped, Ints, brought_to, nearest_of, rows_at
from gridgeo.errors import CrsError
from gridgeo.messages import say
from gridgeo.model import BORDER_M, Plan, plain_name, refuse_no_plan

INSIDE, BORDER, OUTSIDE, UNKNOWN = range(4)
"""In a cell; on a border that cells share; in no community; not to be found."""

WHERE = ("inside", "border", "outside", "unknown")
"""The same in the column `where`."""

SIMILAR, NOT_FOUND = "similar", "unknown"
"""Of the column `match`, besides id and name."""

_DIGITS = 3
"""Of distances: millimetres."""

_SIMILAR = 0.75
"""How alike a name must be to be taken for what is meant [0-1]; difflib's ratio."""
_UNIT = re.compile(r"^(?P<name>.+?)[/\s,，]*(?P<unit>\d+)\s*(?:单元|unit)$", re.IGNORECASE)


class _Found(NamedTuple):
    """What was found for each row, before names and codes are looked up."""

    cell: Ints
    """Row of the cell; -1: none."""
    building: Ints
    """Row among the names of buildings; -1: none."""
    distance_m: Floats
    where: Ints
    """Place in `WHERE`."""


def locate(plan: Plan, points: gpd.GeoDataFrame | gpd.GeoSeries | pd.Series | Iterable[str]) -> pd.DataFrame:
    """Find the cell, the building and the zones of points, buildings or addresses.

    Parameters
    ----------
    points
        Points in any reference system; of a line or a polygon a point inside counts. Or texts: the id of a building (``B017``, or
        ``B017/2`` for one of its units), or its name, with a unit (``永安苑 3 号楼 2 单元``) if it is divided.

    Returns
    -------
    places
        One row a point, in their order and with their index: cell, building (of those in the cell, the nearest), distance_m (to
        its footprint, 0 inside; outside all communities to their border), where (inside, border, outside, unknown), for texts
        match (id, name, similar) and alike [0-1], and the code of each tier. On a border that zones share, the zone with the
        smaller code has the point. Codes of a divided building of which no unit is named are `<NA>` where its parts differ.

    Raises
    ------
    CrsError
        If points state no reference system.
    """
    refuse_no_plan(plan)
    if isinstance(points, gpd.GeoDataFrame | gpd.GeoSeries):
        names = plan.buildings["id"]
        return _as_table(plan, _of_points(plan, points.geometry), names).set_axis(points.index)
    texts = points if isinstance(points, pd.Series) else pd.Series(list(points), dtype="object")
    return _of_texts(plan, texts)


def _as_table(plan: Plan, found: _Found, buildings: pd.Series) -> pd.DataFrame:
    """Names and codes in place of rows."""
    codes = plan.cells["code"]
    table = {
        "cell": _taken(plan.cells.index.to_series(), found.cell),
        "building": _taken(buildings, found.building),
        "distance_m": found.distance_m,
        "where": _taken(pd.Series(WHERE), found.where),
    }
    for name in plan.scheme.names:
        table[name] = _taken(codes.str[: plan.scheme.digits(name)], found.cell)
    return pd.DataFrame(table)


def _taken(values: pd.Series, rows: Ints) -> pd.api.extensions.ExtensionArray:
    """Texts by row, `<NA>` for -1."""
    return values.astype("string").array.take(rows, allow_fill=True)


def _of_points(plan: Plan, shapes: gpd.GeoSeries) -> _Found:
    points = _coordinates(plan, shapes)
    outlines = plan.cells.geometry.to_numpy()
    cell, unsure = rows_at(outlines, points)
    where = np.where(cell >= 0, INSIDE, OUTSIDE)
    where[np.isnan(points).any(axis=1)] = UNKNOWN
    rows = np.flatnonzero(unsure & (where != UNKNOWN))
    if len(rows):
        cell[rows], where[rows] = _decided(plan, points[rows])
    outside = np.flatnonzero(where == OUTSIDE)
    far = np.full(len(points), np.nan)
    if len(outside):
        at, far[outside] = _nearest_land(outlines, points[outside])
        close = far[outside] <= BORDER_M
        cell[outside[close]], where[outside[close]] = at[close], BORDER
    members = plan.buildings
    group = plan.cells.index.get_indexer(pd.Index(members["cell"]))
    near = nearest_of(Grouped(members.geometry.to_numpy(), group), Asking(points, cell))
    distance: Floats = np.where(cell >= 0, near.distance_m, far)
    return _Found(cell, near.row, np.round(distance, _DIGITS), where)


def _coordinates(plan: Plan, shapes: gpd.GeoSeries) -> Floats:
    """x, y in the system of the plan; NaN where there is none."""
    if shapes.crs is None:
        raise CrsError(say("places_no_crs"))
    inside = gpd.GeoSeries(shapes)
    flat = shapely.get_dimensions(shapes.to_numpy()) > 0
    if flat.any():
        inside = inside.where(~flat, shapes.representative_point())
    moved = brought_to(gpd.GeoDataFrame(geometry=inside), plan.cells.crs).geometry.to_numpy()
    out = np.full((len(moved), 2), np.nan)
    there = np.flatnonzero(~(shapely.is_missing(moved) | shapely.is_empty(moved)))
    several = shapely.get_type_id(moved[there]) != shapely.GeometryType.POINT
    if several.any():
        moved[there[several]] = shapely.centroid(moved[there[several]])
    out[there] = shapely.get_coordinates(moved[there])
    out[~np.isfinite(out).all(axis=1)] = np.nan
    return out


def _decided(plan: Plan, points: Floats) -> tuple[Ints, Ints]:
    """Cells of points at borders: of those that touch a point, the one with the smallest code, then id."""
    cells = plan.cells
    by_code = np.lexsort((cells.index.to_numpy(dtype=str), cells["code"].fillna("").to_numpy(dtype=str)))
    rank = np.argsort(by_code)
    at = np.full(len(points), -1, dtype=np.int64)
    point, cell = shapely.STRtree(cells.geometry.to_numpy()).query(shapely.points(points), predicate="intersects")
    order = np.lexsort((rank[cell], point))[::-1]
    at[point[order]] = cell[order]
    touching = np.bincount(point, minlength=len(points))
    return at, np.select([touching > 1, touching == 1], [BORDER, INSIDE], OUTSIDE)


def _nearest_land(outlines: Floats, points: Floats) -> tuple[Ints, Floats]:
    """The cell nearest to each point, and how far it is [m]."""
    tree = shapely.STRtree(outlines)
    pairs, far = tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
    at, distance = np.full(len(points), -1, dtype=np.int64), np.full(len(points), np.nan)
    at[pairs[0]], distance[pairs[0]] = pairs[1], far
    return at, distance


class _Names:
    """Buildings by what people call them."""

    def __init__(self, plan: Plan) -> None:
        """Index ids and names."""
        members = plan.members
        self.rows = members.groupby("building", sort=True).indices
        self.unit = members["unit"].fillna("").to_numpy(dtype=object)
        self.cell = plan.cells.index.get_indexer(pd.Index(members["cell"]))
        names = plan.site.buildings["name"].dropna()
        self.by_name: dict[str, str] = {}
        for building, name in names[names.index.isin(self.rows)].sort_index(kind="stable").items():
            self.by_name.setdefault(plain_name(str(name)), str(building))

    def building(self, text: str) -> tuple[str | None, str, float]:
        """The building that a text means, how it was found, and how alike it is."""
        if text in self.rows:
            return text, "id", 1.0
        plain = plain_name(text)
        if plain in self.by_name:
            return self.by_name[plain], "name", 1.0
        close = difflib.get_close_matches(plain, self.by_name, n=1, cutoff=_SIMILAR)
        if not close:
            return None, NOT_FOUND, 0.0
        return self.by_name[close[0]], SIMILAR, round(difflib.SequenceMatcher(None, plain, close[0]).ratio(), 2)

    def meant(self, text: str) -> tuple[str | None, str | None, str, float]:
        """Building, unit (None: the whole), how it was found, how alike."""
        whole = self.building(text)
        stem, slash, unit = text.rpartition("/")
        named = _UNIT.match(text)
        if whole[1] in {NOT_FOUND, SIMILAR} and (slash or named is not None):
            if not slash and named is not None:
                stem, unit = named["name"], named["unit"]
            part = self.building(stem.strip())
            if part[0] is not None and part[2] >= whole[2]:
                return part[0], unit.strip(), part[1], part[2]
        return whole[0], None, whole[1], whole[2]


def _of_texts(plan: Plan, texts: pd.Series) -> pd.DataFrame:
    names = _Names(plan)
    meant = [names.meant("" if pd.isna(text) else str(text).strip()) for text in texts]
    cells = [_cells_of(names, building, unit) for building, unit, _, _ in meant]
    first = np.array([rows[0] if len(rows) else -1 for rows in cells], dtype=np.int64)
    known = first >= 0
    names_found = pd.Series([one[0] for one in meant], dtype="object")
    at = np.where(known, np.arange(len(meant)), -1)
    found = _Found(first, at, np.where(known, 0.0, np.nan), np.where(known, INSIDE, UNKNOWN))
    table = _as_table(plan, found, names_found).set_axis(texts.index)
    table.insert(4, "match", pd.Series([one[2] for one in meant], texts.index, dtype="string"))
    table.insert(5, "alike", [one[3] for one in meant])
    codes = plan.cells["code"].to_numpy(dtype=object)
    apart = np.array([len(several) > 1 for several in cells], dtype=bool)
    table["cell"] = table["cell"].mask(apart)
    for name in plan.scheme.names:
        digits = plan.scheme.digits(name)
        differ = [len({codes[at][:digits] for at in several}) > 1 for several in cells]
        table[name] = table[name].mask(np.array(differ, dtype=bool))
    return table


def _cells_of(names: _Names, building: str | None, unit: str | None) -> list[int]:
    """Rows of the cells of a building, or of one of its units."""
    if building is None:
        return []
    rows = names.rows[building]
    of_unit = [row for row in rows if unit and names.unit[row] == unit]
    return sorted({int(names.cell[row]) for row in of_unit or rows if names.cell[row] >= 0})
