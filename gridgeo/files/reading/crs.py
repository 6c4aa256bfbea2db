"""Reference systems: which one a layer is in, whether its coordinates agree, and the metric one of the site."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj import CRS

from gridgeo.coverage import brought_to
from gridgeo.errors import CrsError
from gridgeo.files.reading.datum import DATUMS
from gridgeo.files.reading.reading_log import LayerLog, places
from gridgeo.messages import say

_SCALE = 0.002
"""How far the areas of a metric system may be from the truth [share]."""
_MARGIN = 5.0
"""How far outside its area of use a system is still believed [degrees]."""
_CHINA = (73.0, 3.0, 136.0, 54.0)
"""Box in which CGCS2000 is used: west, south, east, north [degrees]."""
_SWAPPED_WEST = (27.0, 73.0, 50.0, 90.0)
"""Where western China lands with its axes swapped: in the Arctic Ocean, where nobody keeps a community."""
_WIDE = 3.0
"""No community or building is as wide in degrees, and hardly any row of a layer is narrower in metres."""
_NARROW = frozenset({"communities", "buildings"})
"""Layers whose rows are narrow; a river or sea may be many degrees wide."""
_LONGEST_EDGE = 1e6
"""No street, railway or footprint has a straight piece as long as this [m]."""
_WORLD = 2e7
"""No two points on Earth are farther apart [m]."""
_DEGREE_M = 111_320.0
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


def georeference(
    table: gpd.GeoDataFrame, given: str | CRS | None, log: LayerLog, *, communities: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame | None:
    """Give a layer the system its coordinates are in; None, with the problem noted, if that cannot be told.

    `given` counts where a layer has none, or where its coordinates are no degrees though it says so. A layer is judged by most of
    its rows; those whose coordinates lie outside all bounds are set aside. Where numbers could be degrees or metres, the
    `communities` decide, as far as they are known.
    """
    look = _look(table)
    label = _known(table.crs)
    if look is None:
        return table.set_crs(label or _WGS84, allow_override=True)
    if isinstance(given, str):
        plain = georeference(table.set_crs(_WGS84, allow_override=True), None, log, communities=None)
        return None if plain is None else _from_datum(plain, given)
    degrees = label is not None and label.is_geographic
    wide = degrees and log.role in _NARROW and _are_wide(table)
    if given is not None and (label is None or _metres_as_degrees(label, look, wide=wide)):
        label = given
    fault = "crs_missing" if label is None else _fault_of_most(label, table, look, communities=communities, wide=wide)
    if fault is not None:
        x, y = (f"{value:.6g}" for value in look.middle)
        log.problem(fault, crs=label and _name(label), x=x, y=y, candidates=candidates(look))
        return None
    return _in_range(table.set_crs(label, allow_override=True), log)


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


class _Look(NamedTuple):
    """What the numbers of a layer look like, whatever they say they are."""

    middle: Bounds
    """Where most of its rows lie; a few with wild coordinates do not move it."""
    size: float
    """Median width of its rows, or how far points are spread; NaN where that says nothing."""

    @property
    def small_numbers(self) -> bool:
        """Whether these could be degrees."""
        x, y = np.abs(self.middle)
        return bool(x <= 180 and y <= 90)


def _look(table: gpd.GeoDataFrame) -> _Look | None:
    shapes = table.geometry.to_numpy()
    bounds = shapely.bounds(shapes)
    finite = np.isfinite(bounds).all(axis=1)
    shapes, bounds = shapes[finite], bounds[finite]
    if not len(shapes):
        return None
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    widths = (bounds[:, 2:] - bounds[:, :2]).max(axis=1)[shapely.get_dimensions(shapes) > 0]
    if len(widths):
        size = float(np.median(widths))
    else:
        west_south, east_north = np.quantile(middles, (0.1, 0.9), axis=0, method="nearest")
        spread = float((east_north - west_south).max())
        size = spread if spread > 0 else np.nan
    return _Look(np.quantile(middles, 0.5, axis=0, method="lower"), size)


def _are_wide(table: gpd.GeoDataFrame) -> bool:
    """Whether nearly all rows are too wide for degrees; of a row the middle half of its points counts, for one may be absurd."""
    bounds = shapely.bounds(table.geometry.to_numpy())
    if not np.quantile((bounds[:, 2:] - bounds[:, :2]).max(axis=1), 0.25, method="lower") >= _WIDE:
        return False
    points = [np.unique(shapely.get_coordinates(shape), axis=0) for shape in table.geometry]
    halves = [np.ptp(np.quantile(xy, (0.25, 0.75), axis=0, method="nearest"), axis=0).max() for xy in points]
    return bool(np.quantile(halves, 0.25, method="lower") >= _WIDE)


def _metres_as_degrees(crs: CRS, look: _Look, *, wide: bool) -> bool:
    """Whether coordinates are no degrees: out of their range, or every community or building is far too wide."""
    return bool(crs.is_geographic and (wide or (np.abs(look.middle) > 180).any()))


def _fault_of_most(
    crs: CRS, table: gpd.GeoDataFrame, look: _Look, *, communities: gpd.GeoDataFrame | None, wide: bool
) -> str | None:
    """Reason why most rows cannot be in this system: what the layer looks like, unless a closer look at its rows says otherwise."""
    fault = _fault(crs, look, wide=wide)
    if not look.small_numbers:
        return None if fault is None or _mostly_in_use(crs, table) else fault
    if fault is None and crs.is_projected and not _on_communities(crs, look, communities):
        return "crs_degrees"
    return fault


def _fault(crs: CRS, look: _Look, *, wide: bool) -> str | None:
    """Reason why coordinates cannot be in this system, if there is one."""
    x, y = look.middle
    if crs.is_geographic:
        if look.small_numbers:
            swapped = _within(look.middle, _SWAPPED_WEST, 0)
            return "crs_metres" if wide else "crs_swapped" if swapped else None
        return "crs_swapped" if abs(y) <= 180 and abs(x) <= 90 else "crs_metres"
    if look.small_numbers:
        # A plane system may have its origin in the place; there a house is metres wide, in degrees it is next to nothing.
        return None if _in_use(crs, look.middle) and not look.size < _WIDE else "crs_degrees"
    if _in_use(crs, look.middle):
        return None
    return "crs_swapped" if _in_use(crs, look.middle[::-1]) else "crs_place"


def _mostly_in_use(crs: CRS, table: gpd.GeoDataFrame) -> bool:
    """Whether at least half of the rows have at least half of their points where the system is used."""
    points, row = shapely.get_coordinates(table.geometry.to_numpy(), return_index=True)
    small = (np.abs(points) <= (180, 90)).all(axis=1)
    used = small & ~_are_within(points, _SWAPPED_WEST, 0) if crs.is_geographic else ~small & _are_in_use(crs, points)
    counts = np.bincount(row, minlength=len(table))
    good = np.bincount(row, used, minlength=len(table)) >= counts / 2
    return bool(2 * good.sum() >= len(table))


def _on_communities(crs: CRS, look: _Look, communities: gpd.GeoDataFrame | None) -> bool:
    """Whether small numbers are rather metres in this system than degrees, by where the communities lie.

    They are degrees if only as degrees they lie there; numbers that tell nothing of their size are believed only there.
    """
    if communities is None or not len(communities):
        return True
    box = communities.to_crs(crs).total_bounds
    margin = max(box[2] - box[0], box[3] - box[1])
    degrees = np.array(pyproj.Transformer.from_crs(_WGS84, crs, always_xy=True).transform(*look.middle))
    if _within(look.middle, box, margin):
        return True
    return not _within(degrees, box, margin) and bool(np.isfinite(look.size))


def _within(point: Bounds, box: tuple[float, ...] | Bounds, margin: float) -> bool:
    return bool(_are_within(point[np.newaxis], box, margin)[0])


def _are_within(points: Bounds, box: tuple[float, ...] | Bounds, margin: float) -> npt.NDArray[np.bool_]:
    low, high = np.array(box[:2]) - margin, np.array(box[2:]) + margin
    return np.asarray(((low <= points) & (points <= high)).all(axis=1))


def _in_use(crs: CRS, point: Bounds) -> bool:
    return bool(_are_in_use(crs, point[np.newaxis])[0])


def _are_in_use(crs: CRS, points: Bounds) -> npt.NDArray[np.bool_]:
    """Which points lie where the system is used, or at least somewhere if it does not say where."""
    try:
        lonlat = _lonlat(crs, points)
    except pyproj.exceptions.ProjError:
        return np.zeros(len(points), dtype=bool)
    finite = np.asarray(np.isfinite(lonlat).all(axis=1))
    area = crs.area_of_use
    return finite if area is None else finite & _are_within(lonlat, area.bounds, _MARGIN)


def _lonlat(crs: CRS, points: Bounds) -> Bounds:
    """Degrees of points on the system's own datum, which is near enough to tell a place by; infinite where there is none."""
    if crs.is_geographic:
        return points
    return np.column_stack(pyproj.Proj(crs)(points[:, 0], points[:, 1], inverse=True))


def candidates(look: _Look) -> str:
    """Systems whose coordinates look like these: degrees, or Gauss-Kruger with or without the zone before the easting."""
    x, y = look.middle
    if look.small_numbers:
        return "-" if look.size >= _WIDE else "EPSG:4326, EPSG:4490, GCJ-02, BD-09"
    if 24.5e6 < x < 45.7e6 and 3e5 < y < 6.2e6:
        return f"EPSG:{4513 + int(x // 1e6) - 25}"
    if 2.5e5 < x < 7.5e5 and 3e5 < y < 6.2e6:
        return "EPSG:4534-4554, EPSG:32643-32653"
    return "EPSG:3857" if abs(x) > 7.5e6 else "-"


def _in_range(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """Set rows aside that reach where nothing is: beyond the range of degrees, or by one edge across half a country."""
    if table.crs.is_geographic:
        bounds = shapely.bounds(table.geometry.to_numpy())
        wild = np.asarray((np.abs(bounds) > np.array([180, 90, 180, 90]) + 1e-9).any(axis=1))
        table = drop_wild(table, wild, log)
    unit = _DEGREE_M if table.crs.is_geographic else table.crs.axis_info[0].unit_conversion_factor
    bounds = shapely.bounds(table.geometry.to_numpy()) * unit
    vast = np.flatnonzero((bounds[:, 2:] - bounds[:, :2] > _LONGEST_EDGE).any(axis=1))
    ends = {at: _far_end(table.geometry.iloc[at], unit, water=log.role == "water") for at in vast}
    far = np.zeros(len(table), dtype=bool)
    far[[at for at, end in ends.items() if end is not None]] = True
    return drop_wild(table, far, log, ends=np.array([end for end in ends.values() if end is not None]))


def _far_end(shape: Any, unit: float, *, water: bool) -> Any:
    """The point of a shape that lies farthest off, if an edge or the whole is longer than any on Earth; else None.

    Edges of a sea may be the edges of a map, so only its whole extent counts.
    """
    parts = shapely.get_parts(shape)
    lines = shapely.get_rings(parts) if shapely.get_dimensions(shape) == 2 else parts
    points, line = shapely.get_coordinates(lines, return_index=True)
    edges = np.hypot(*(np.diff(points, axis=0) * unit).T)[line[1:] == line[:-1]]
    whole = np.ptp(points, axis=0).max() * unit
    if whole <= _WORLD and (water or edges.max(initial=0) <= _LONGEST_EDGE):
        return None
    return shapely.Point(points[np.hypot(*(points - np.median(points, axis=0)).T).argmax()])


def drop_wild(
    table: gpd.GeoDataFrame,
    wild: npt.NDArray[Any],
    log: LayerLog,
    *,
    ends: npt.NDArray[Any] | None = None,
) -> gpd.GeoDataFrame:
    """Set rows aside whose coordinates lie nowhere, told with these points or else their middles; never a community's land."""
    if not wild.any():
        return table
    if log.role == "communities":
        log.problem("boundary_wild", rows=table.index[wild])
    else:
        told = table.geometry.to_numpy()[wild] if ends is None else ends
        log.set_aside(table.index[wild], "coordinates", places(told))
    return table[~wild]


def choose_crs(communities: gpd.GeoDataFrame) -> CRS:
    """The site's metric system: that of the communities if its areas are true there, else CGCS2000 in China, else UTM."""
    own = communities.crs.to_2d()
    bounds = communities.total_bounds
    middle = (bounds[:2] + bounds[2:]) / 2
    if _true_to_scale(own, middle):
        code = own.to_epsg()
        return CRS.from_epsg(code) if code else own
    lonlat = _lonlat(own, middle[np.newaxis])[0]
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


def to_metric(table: gpd.GeoDataFrame, target: CRS, log: LayerLog) -> gpd.GeoDataFrame | None:
    """The layer in the site's system; None, with the problem noted, if most of it cannot be brought there."""
    if len(table) == 0 or table.crs.equals(target, ignore_axis_order=True):
        # A detour over degrees and back would only shake the last digits.
        return table.set_crs(target, allow_override=True)
    moved = brought_to(table, target)
    wild = ~np.asarray(np.isfinite(shapely.bounds(moved.geometry.to_numpy())).all(axis=1))
    if 2 * wild.sum() > len(moved):
        first = places(table.geometry.to_numpy()[wild][:1])[0]
        log.problem("crs_infinite", crs=_name(table.crs), target=_name(target), where=first)
        return None
    drop_wild(table, wild, log)
    return moved[~wild]
