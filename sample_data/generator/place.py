"""The layers of the sample community, on the ground."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from sample_data.generator import layout
from sample_data.generator.layout import Point
from sample_data.generator.paper import CRS, Points, bend, knots, patches
from sample_data.generator.stock import building_ids, on_paper

_GATE = 6.0
"""Width of an opening in a wall [m]."""


def layers() -> dict[str, pd.DataFrame]:
    """All layers of the sample community, by role, as they stand in its file.

    Returns
    -------
    layers
        Tables with geometry in `CRS` and the columns of their role; `unit_households` has no geometry (id, unit,
        households).
    """
    meets = knots()
    return {
        "communities": _table(
            bend([shapely.Polygon(layout.BORDER)], meets), code=[layout.COMMUNITY], name=[layout.NAME]
        ),
        "buildings": buildings(),
        "streets": _streets(meets),
        "water": _water(),
        "waterways": _lines(
            [layout.CANAL, layout.STREAM],
            meets,
            id=["C1", "C2"],
            name=["兰溪渠", "清水沟"],
            waterway=["canal", "stream"],
        ),
        "railways": _lines([layout.RAILWAY], meets, id=["R1"], name=["兰溪专用线"], railway=["rail"]),
        "barriers": _walls(meets),
        "compounds": _grounds("X", [shapely.Polygon(compound.grounds) for compound in layout.COMPOUNDS]).assign(
            name=[compound.name for compound in layout.COMPOUNDS]
        ),
        "institutions": _institutions(meets),
        "landuse": _landuse(),
        "unit_households": _entrances(),
    }


def buildings() -> gpd.GeoDataFrame:
    """Buildings on the ground: id, name, levels, units, households, geometry; in the order of `on_paper`."""
    rows = on_paper()
    return _table(
        bend([row.shape for row in rows]),
        id=building_ids(),
        name=[row.name for row in rows],
        levels=pd.array([row.levels for row in rows], dtype="Int64"),
        units=pd.array([row.units for row in rows], dtype="Int64"),
        households=pd.array([row.households for row in rows], dtype="Int64"),
    )


def _streets(meets: Points) -> gpd.GeoDataFrame:
    rows = layout.STREETS
    lines = bend([shapely.LineString(row.line) for row in rows], meets)
    return _table(
        [_shortened(line, row.short) for line, row in zip(lines, rows, strict=True)],
        id=_ids("S", len(rows)),
        name=[row.name for row in rows],
        highway=[row.highway for row in rows],
        bridge=[row.structure == "bridge" for row in rows],
        tunnel=[row.structure == "tunnel" for row in rows],
    )


def _shortened(line: shapely.LineString, by: float) -> shapely.LineString:
    """The line without its last centimetres, as if it had been drawn without snapping."""
    points = shapely.get_coordinates(line)
    step = points[-2] - points[-1]
    points[-1] += step * by / np.hypot(*step)
    return shapely.LineString(np.round(points, 2))


def _walls(meets: Points) -> gpd.GeoDataFrame:
    pieces, names = [], []
    for compound in layout.COMPOUNDS:
        if not compound.gates:
            continue
        ring = shapely.LinearRing(compound.grounds)
        gates = shapely.union_all(shapely.buffer(shapely.points(compound.gates), _GATE / 2))
        parts = shapely.get_parts(shapely.line_merge(shapely.difference(ring, gates)))
        pieces += bend(list(parts), meets)
        names += [f"{compound.name}围墙"] * len(parts)
    return _table(pieces, id=_ids("F", len(pieces)), name=names, barrier=["wall"] * len(pieces))


def _lines(lines: list[tuple[Point, ...]], meets: Points, **columns: object) -> gpd.GeoDataFrame:
    return _table(bend([shapely.LineString(line) for line in lines], meets), **columns)


def _water() -> gpd.GeoDataFrame:
    """Ponds, with rounded shores."""
    shores = [shapely.Polygon(shore) for shore in layout.WATER.values()]
    rounded = shapely.buffer(shapely.buffer(shores, -8, quad_segs=4), 8, quad_segs=4)
    return _grounds("W", list(rounded)).assign(name=list(layout.WATER))


def _institutions(meets: Points) -> gpd.GeoDataFrame:
    land = {patch.grid: shape for patch, shape in zip(layout.PATCHES, patches(), strict=True)}
    places = layout.INSTITUTIONS
    return _table(
        bend([land[key] for key in places], meets),
        id=_ids("J", len(places)),
        name=[place.name for place in places.values()],
        **{"class": [place.kind for place in places.values()]},
    )


def _landuse() -> gpd.GeoDataFrame:
    names, kinds, grounds = zip(*layout.LANDUSE, strict=True)
    return _grounds("L", [shapely.Polygon(points) for points in grounds]).assign(name=names, **{"class": kinds})


def _grounds(letter: str, shapes: list[shapely.Polygon]) -> gpd.GeoDataFrame:
    """Areas that follow no other line: long edges are bent all the same."""
    return _table(bend(shapes, np.empty((0, 2))), id=_ids(letter, len(shapes)))


def _ids(letter: str, count: int) -> list[str]:
    return [f"{letter}{number:02d}" for number in range(1, count + 1)]


def _entrances() -> pd.DataFrame:
    counted = {tower.estate for tower in layout.TOWERS if tower.counted}
    rows = [
        (key, str(number), count)
        for key, building in zip(building_ids(), on_paper(), strict=True)
        if building.name.removesuffix("1号楼") in counted
        for number, count in enumerate(building.entrances, start=1)
    ]
    return pd.DataFrame(rows, columns=["id", "unit", "households"])


def _table(shapes: Sequence[shapely.Geometry], **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
