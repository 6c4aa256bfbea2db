"""Reference systems: which one a layer is in, whether its coordinates agree, and the metric one of the site."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj import CRS

from gridgeo.errors import CrsError
from gridgeo.files.reading.book import SET_ASIDE, Book, places
from gridgeo.files.reading.datum import DATUMS
from gridgeo.messages import say

_SCALE = 0.002
"""How far the areas of a metric system may be from the truth [share]."""
_MARGIN = 5.0
"""How far outside its area of use a system is still believed [degrees]."""
_CHINA = (73.0, 3.0, 136.0, 54.0)
"""Box in which CGCS2000 is used: west, south, east, north [degrees]."""
_SWAPPED_WEST = (27.0, 73.0, 50.0, 90.0)
"""Where western China lands with its axes swapped: in the Arctic Ocean, where nobody keeps a community."""
_WGS84 = CRS.from_epsg(4326)
_MERCATOR = "Popular Visualisation Pseudo Mercator"

Bounds = npt.NDArray[np.float64]


def read_crs(text: str | None) -> str | CRS | None:
    """The system that the user names: a datum of `DATUMS`, or what pyproj reads."""
    if text is None:
        return None
    datum = text.upper().replace("-", "").strip()
    if datum in DATUMS:
        return datum
    try:
        return CRS.from_user_input(text)
    except pyproj.exceptions.CRSError as error:
        raise CrsError(say("load_crs_unreadable", text=text)) from error


def settle(table: gpd.GeoDataFrame, layer: str, given: str | CRS | None, book: Book) -> gpd.GeoDataFrame | None:
    """Give a layer the system its coordinates are in; None, with the problem noted, if that cannot be told.

    `given` counts where a layer has none, or where its coordinates are no degrees though it says so. Rows whose coordinates lie
    outside all bounds are set aside.
    """
    middle = _middle(table)
    label = _known(table.crs)
    if middle is None:
        return table.set_crs(label or _WGS84, allow_override=True)
    if isinstance(given, str):
        plain = settle(table.set_crs(_WGS84, allow_override=True), layer, None, book)
        return None if plain is None else _from_datum(plain, given)
    if given is not None and (label is None or _metres_as_degrees(label, middle)):
        label = given
    if label is None:
        book.problem("crs_missing", layer, candidates=candidates(middle))
        return None
    fault = _fault(label, middle)
    if fault is not None:
        book.problem(
            fault, layer, crs=_name(label), x=f"{middle[0]:.6g}", y=f"{middle[1]:.6g}", candidates=candidates(middle)
        )
        return None
    return _in_range(table.set_crs(label, allow_override=True), layer, book)


def _from_datum(table: gpd.GeoDataFrame, datum: str) -> gpd.GeoDataFrame:
    return table.set_geometry(shapely.transform(table.geometry.to_numpy(), DATUMS[datum]), crs=_WGS84)


def vague(table: gpd.GeoDataFrame, *, says_wgs84: bool) -> bool:
    """Whether a layer's system is unknown, or WGS84 only because its format (`says_wgs84`) can say nothing else."""
    return _known(table.crs) is None or (says_wgs84 and bool(table.crs.is_geographic))


def _known(crs: CRS | None) -> CRS | None:
    """The system a file names, without the shift to WGS84 some add to it; None for one that says it is undefined."""
    if crs is None or crs.is_engineering or crs.name.startswith("Undefined"):
        return None
    return crs.source_crs if crs.is_bound else crs


def _name(crs: CRS) -> str:
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def _middle(table: gpd.GeoDataFrame) -> Bounds | None:
    """Where most of a layer lies; a few rows with wild coordinates do not move it."""
    bounds = shapely.bounds(table.geometry.to_numpy())
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    return np.quantile((bounds[:, :2] + bounds[:, 2:]) / 2, 0.5, axis=0, method="lower") if len(bounds) else None


def _metres_as_degrees(crs: CRS, middle: Bounds) -> bool:
    return bool(crs.is_geographic) and bool((np.abs(middle) > 180).any())


def _fault(crs: CRS, middle: Bounds) -> str | None:
    """Reason why coordinates cannot be in this system, if there is one."""
    x, y = middle
    if crs.is_geographic:
        if abs(x) <= 180 and abs(y) <= 90:
            return "crs_swapped" if _within(middle, _SWAPPED_WEST, 0) else None
        return "crs_swapped" if abs(y) <= 180 and abs(x) <= 90 else "crs_metres"
    if abs(x) <= 180 and abs(y) <= 90:
        return "crs_degrees"
    if _in_use(crs, middle):
        return None
    return "crs_swapped" if _in_use(crs, middle[::-1]) else "crs_place"


def _within(point: Bounds, box: tuple[float, ...], margin: float) -> bool:
    west, south, east, north = box
    return bool(west - margin <= point[0] <= east + margin and south - margin <= point[1] <= north + margin)


def _in_use(crs: CRS, point: Bounds) -> bool:
    try:
        lonlat = _lonlat(crs, point)
    except pyproj.exceptions.ProjError:
        return False
    if not np.isfinite(lonlat).all():
        return False
    return crs.area_of_use is None or _within(lonlat, crs.area_of_use.bounds, _MARGIN)


def _lonlat(crs: CRS, point: Bounds) -> Bounds:
    """Degrees of a point on the system's own datum, which is near enough to tell a place by."""
    if crs.is_geographic:
        return point
    return np.array(pyproj.Proj(crs)(point[0], point[1], inverse=True))


def candidates(middle: Bounds) -> str:
    """Systems whose coordinates look like these: degrees, or Gauss-Kruger with or without the zone before the easting."""
    x, y = middle
    if abs(x) <= 180 and abs(y) <= 90:
        return "EPSG:4326, EPSG:4490, GCJ-02, BD-09"
    if 24.5e6 < x < 45.7e6 and 3e5 < y < 6.2e6:
        return f"EPSG:{4513 + int(x // 1e6) - 25}"
    if 2.5e5 < x < 7.5e5 and 3e5 < y < 6.2e6:
        return "EPSG:4534-4554, EPSG:32643-32653"
    return "EPSG:3857" if abs(x) > 7.5e6 else "-"


def _in_range(table: gpd.GeoDataFrame, layer: str, book: Book) -> gpd.GeoDataFrame:
    if not table.crs.is_geographic:
        return table
    bounds = shapely.bounds(table.geometry.to_numpy())
    wild = (np.abs(bounds) > np.array([180, 90, 180, 90]) + 1e-9).any(axis=1)
    return drop_wild(table, wild, layer, book)


def drop_wild(table: gpd.GeoDataFrame, wild: npt.NDArray[Any], layer: str, book: Book) -> gpd.GeoDataFrame:
    """Set rows aside whose coordinates lie nowhere; a community's land is never set aside so."""
    if not wild.any():
        return table
    if layer == "communities":
        book.problem("boundary_wild", layer, rows=table.index[wild])
    else:
        book.note(layer, table.index[wild], SET_ASIDE, "coordinates", places(table.geometry.to_numpy()[wild]))
    return table[~wild]


def choose_crs(communities: gpd.GeoDataFrame) -> CRS:
    """The site's metric system: that of the communities if its areas are true there, else CGCS2000 in China, else UTM."""
    own = communities.crs.to_2d()
    bounds = communities.total_bounds
    middle = (bounds[:2] + bounds[2:]) / 2
    if _true_to_scale(own, middle):
        code = own.to_epsg()
        return CRS.from_epsg(code) if code else own
    lonlat = _lonlat(own, middle)
    if _within(lonlat, _CHINA, 0):
        zone = min(max(round(lonlat[0] / 3), 25), 45)
        return CRS.from_epsg(4534 + zone - 25)
    return communities.estimate_utm_crs()


def _true_to_scale(crs: CRS, middle: Bounds) -> bool:
    if not crs.is_projected or any(axis.unit_conversion_factor != 1 for axis in crs.axis_info):
        return False
    if crs.coordinate_operation is not None and crs.coordinate_operation.method_name == _MERCATOR:
        return False
    projection = pyproj.Proj(crs)
    scale = projection.get_factors(*projection(middle[0], middle[1], inverse=True)).areal_scale
    return bool(abs(scale - 1) <= _SCALE)


def swapped_against(table: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> bool:
    """Whether a layer lies on the communities only with its axes swapped."""
    there = communities.to_crs(table.crs).total_bounds
    own = table.total_bounds
    return not _overlap(own, there) and _overlap(own[[1, 0, 3, 2]], there)


def _overlap(a: Bounds, b: Bounds) -> bool:
    return bool((a[:2] <= b[2:]).all() and (b[:2] <= a[2:]).all())


def to_metric(table: gpd.GeoDataFrame, target: CRS, layer: str, book: Book) -> gpd.GeoDataFrame | None:
    """The layer in the site's system; None, with the problem noted, if most of it cannot be brought there."""
    if len(table) == 0 or table.crs.equals(target, ignore_axis_order=True):
        # A detour over degrees and back would only shake the last digits.
        return table.set_crs(target, allow_override=True)
    moved = table.to_crs(target)
    wild = ~np.isfinite(shapely.bounds(moved.geometry.to_numpy())).all(axis=1)
    if 2 * wild.sum() > len(moved):
        first = places(table.geometry.to_numpy()[wild][:1])[0]
        book.problem("crs_infinite", layer, crs=_name(table.crs), target=_name(target), where=first)
        return None
    drop_wild(table, wild, layer, book)
    return moved[~wild]
