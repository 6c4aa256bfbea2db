"""The division by hand with one fault of each kind, each in a place of its own: exercise and proof of the checks."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.coverage.dissolve import unite
from gridgeo.model.zones import Zones
from sample_data.generator.drawing import coded_land, draw
from sample_data.generator.layout import COMMUNITY, Point
from sample_data.generator.paper import CRS, bend, knots, patches
from sample_data.generator.stock import building_ids, on_paper


class Fault(NamedTuple):
    """A fault that was planted."""

    rule: str
    tier: str
    spot: Point
    """Where it shows, on paper."""
    culprit: Point
    """A point on paper in the patch whose zone is at fault."""
    what: str
    what_en: str


FAULTS = (
    Fault(
        *("gap", "micro", (770, 100), (730, 60)),
        "两个微网格之间漏画一条地块，成了没人管的死角",
        "a strip between two micro-grids was left out: a blind spot",
    ),
    Fault(
        *("overlap", "micro", (693, 180), (650, 180)),
        "微网格画过街道中线，与对面的微网格重叠",
        "a micro-grid was drawn beyond the middle of the street, over its neighbour",
    ),
    Fault(
        *("outside", "grid", (-6, 65), (36, 65)),
        "网格西界画到社区界线之外",
        "the western border of a grid was drawn beyond the community",
    ),
    Fault(
        *("invalid_ring", "micro", (240, 462), (200, 460)),
        "描边时多点了几下，边界在此自相交",
        "a few clicks too many: the outline crosses itself here",
    ),
    Fault(
        *("multipart", "micro", (318, 655), (200, 600)),
        "微网格有一块落在邻格的河边角上，与本体不相连",
        "a piece of a micro-grid lies in the far corner of its neighbour, cut off from the rest",
    ),
    Fault(
        *("enclave", "micro", (47, 345), (47, 345)),
        "微网格四周都是同一个微网格，成了飞地",
        "a micro-grid lies wholly inside another one",
    ),
    Fault(
        *("nesting", "micro", (205, 143), (230, 200)),
        "微网格画过街，伸进了另一个网格",
        "a micro-grid reaches across the street into another grid",
    ),
    Fault(
        *("building_uncovered", "micro", (233, 766), (200, 690)),
        "一栋楼被抠掉，占地不在任何微网格内",
        "a building was cut out: its footprint is in no micro-grid",
    ),
    Fault(
        *("building_split", "micro", (936, 364), (870, 330)),
        "微网格边界从楼栋中间穿过",
        "the border of a micro-grid runs through a building",
    ),
    Fault(
        *("building_unassigned", "micro", (1038, 507), (1038, 507)),
        "楼栋表中这栋楼没有填编码，其住户不归任何微网格",
        "this building has no code in the list, so its households belong to no micro-grid",
    ),
    Fault(
        *("member_elsewhere", "micro", (899, 82), (940, 60)),
        "这栋楼登记到了隔壁微网格名下",
        "this building is listed under the micro-grid next door",
    ),
    Fault(
        *("households_unassigned", "micro", (730, 330), (730, 330)),
        "微网格填报的户数比其楼栋户数之和少9户，漏计",
        "the micro-grid states 9 households fewer than its buildings have",
    ),
    Fault(
        *("households_twice", "micro", (840, 440), (840, 440)),
        "微网格填报的户数比其楼栋户数之和多7户，重计",
        "the micro-grid states 7 households more than its buildings have",
    ),
    Fault(
        *("code_malformed", "micro", (328, 60), (328, 60)),
        "编码少了一位",
        "a digit of the code is missing",
    ),
    Fault(
        *("code_repeated", "micro", (112, 450), (112, 450)),
        "与西邻微网格用了同一个编码",
        "this micro-grid and its western neighbour bear the same code",
    ),
    Fault(
        *("code_parent", "micro", (640, 600), (640, 600)),
        "编码中的网格段写成了别的网格",
        "the code begins with the code of another grid",
    ),
    Fault(
        *("size", "micro", (330, 262), (330, 200)),
        "边界画过了街，划走两户院落，剩余户数低于下限50户",
        "the border was drawn beyond the street, and two houses with it: fewer than 50 households are left",
    ),
)
"""What `plant` breaks: one of each rule, apart from one another."""

_BY_RULE = {fault.rule: fault for fault in FAULTS}

FAULT_COLUMNS = ("rule", "tier", "code", "what", "what_en", "x", "y")


class _Move(NamedTuple):
    """A piece of land that changes hands on paper."""

    piece: shapely.Geometry
    loses: tuple[Point, ...]
    gains: Point | None = None


_OUTSIDE = shapely.box(-11, 37.5, 0, 112.5)
"""Land beyond the border of the community, on paper; it ends at points that the border has anyhow."""

_MOVES = {
    "gap": _Move(shapely.box(767, 84, 773, 116), ((730, 60), (810, 60))),
    "overlap": _Move(shapely.box(690, 160, 696, 200), (), (650, 180)),
    "multipart": _Move(shapely.box(305, 642, 330, 672), ((280, 600),), (200, 600)),
    "enclave": _Move(shapely.box(0, 290, 95, 400) - shapely.box(14, 303, 86, 388), ((47, 345),), (140, 345)),
    "nesting": _Move(shapely.box(195, 136, 215, 150), ((205, 100),), (230, 200)),
    "building_split": _Move(shapely.box(925, 346, 944, 384), ((950, 300),), (870, 330)),
    "size": _Move(shapely.box(342, 228, 365, 290), ((330, 200),), (400, 250)),
}
"""By rule; the piece that `building_uncovered` takes is a footprint."""

_OVERLAPPED: Point = (730, 180)
_REPEATED: Point = (36, 450)
_ASTRAY = ("a", "09")
"""Grid under whose code the code of the wrong parent stands, and a number that is free there."""

_MISSTATED = {"households_unassigned": -9, "households_twice": 7}
"""By how much the stated households of a micro-grid are wrong."""


def plant() -> tuple[Zones, pd.DataFrame]:
    """The drawing of `draw` with the faults of `FAULTS`.

    Returns
    -------
    zones
        As `draw`, broken.
    faults
        Columns of `FAULT_COLUMNS`: `code` is what the rule names (a zone, two that overlap, a building, or the
        community whose land is in no zone), `x` and `y` a point nearby [m].
    """
    good, land = draw(), coded_land()
    codes, slips = land["micro"], _slips(land)
    members = _listed(good, codes)
    table = _counted(_outlined(good.table, codes), members)
    for rule, error in _MISSTATED.items():
        table.loc[table["code"] == _code(rule, codes), "households"] += error
    table["code"] = table["code"].replace(slips)
    # Who writes the code of another grid believes in that grid.
    astray = table["code"] == slips[_code("code_parent", codes)]
    table.loc[astray, "parent"] = table.loc[astray, "code"].str[:-2]
    return Zones(table, members, good.scheme), _list_of_faults(codes, slips)


def _code(rule: str, codes: pd.Series) -> str:
    """Right code of the micro-grid that is at fault."""
    return str(codes[_patch_at(_BY_RULE[rule].culprit)])


def _patch_at(point: Point) -> int:
    return int(np.flatnonzero(shapely.intersects_xy(patches(), *point))[0])


def _building_at(rule: str) -> int:
    spot = shapely.Point(_BY_RULE[rule].spot)
    return int(np.argmin(shapely.distance([building.shape for building in on_paper()], spot)))


def _outlined(table: gpd.GeoDataFrame, codes: pd.Series) -> gpd.GeoDataFrame:
    """The zones along the redrawn patches; grids keep to the old ones, but for what lies outside."""
    micros, grids = _redrawn(), patches().copy()
    wide = _patch_at(_BY_RULE["outside"].culprit)
    grids[wide] = shapely.union(grids[wide], _OUTSIDE)
    meets = knots(shapely.boundary([*micros, *grids]))
    outlines = pd.Series(bend(list(micros), meets), index=codes)
    crossed = _code("invalid_ring", codes)
    outlines[crossed] = _crossed(outlines[crossed])
    whole = unite(gpd.GeoSeries(bend(list(grids), meets), crs=CRS), codes.str[:-2], exact=True)
    shapes = pd.concat([outlines, pd.Series(whole)]).reindex(table["code"])
    return table.set_geometry(gpd.GeoSeries(shapes.to_numpy(), crs=CRS))


def _redrawn() -> npt.NDArray[np.object_]:
    """Patches on paper after all moves."""
    land = patches().copy()
    footprint = on_paper()[_building_at("building_uncovered")].shape
    for move in (*_MOVES.values(), _Move(footprint, (_BY_RULE["building_uncovered"].culprit,))):
        losers = [_patch_at(point) for point in move.loses]
        piece = shapely.intersection(shapely.union_all(land[losers]), move.piece) if losers else move.piece
        land[losers] = shapely.difference(land[losers], piece)
        if move.gains is not None:
            gainer = _patch_at(move.gains)
            land[gainer] = shapely.union(land[gainer], piece)
    return land


def _crossed(outline: shapely.Polygon) -> shapely.Polygon:
    """The outline with two clicks in the wrong order, inwards of the edge nearest to the spot."""
    spot = bend([shapely.Point(_BY_RULE["invalid_ring"].spot)])[0]
    points = shapely.get_coordinates(outline.exterior)
    edges = np.asarray(shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)))
    at = int(np.argmin(shapely.distance(edges, spot)))
    along = (points[at + 1] - points[at]) / shapely.length(edges[at])
    inward = np.array([-along[1], along[0]]) * (1 if outline.exterior.is_ccw else -1)
    middle = (points[at] + points[at + 1]) / 2 + 5 * inward
    clicks = np.round([middle + 4 * along, middle - 4 * along], 2)
    return shapely.Polygon(np.insert(points, at + 1, clicks, axis=0))


def _listed(good: Zones, codes: pd.Series) -> pd.DataFrame:
    """The list of members, after the moved border and the clerk's slips."""
    assert good.buildings is not None
    members, ids = good.buildings.copy(), np.array(building_ids())
    move = _MOVES["size"]
    assert move.gains is not None
    middles = shapely.centroid([building.shape for building in on_paper()])
    members.loc[members["id"].isin(ids[shapely.intersects(middles, move.piece)]), "code"] = codes[_patch_at(move.gains)]
    members.loc[members["id"] == ids[_building_at("building_unassigned")], "code"] = pd.NA
    wrong = members["id"] == ids[_building_at("member_elsewhere")]
    members.loc[wrong, "code"] = _code("member_elsewhere", codes)
    return members


def _counted(table: gpd.GeoDataFrame, members: pd.DataFrame) -> gpd.GeoDataFrame:
    """Figures of the zones, from their members and outlines."""
    counted = table.assign(area_m2=table.area.astype("Float64"))
    for digits, rows in table.groupby(table["code"].str.len()).groups.items():
        groups = members.groupby(members["code"].str[: int(digits)])
        codes = table.loc[rows, "code"]
        counted.loc[rows, "households"] = groups["households"].sum().reindex(codes, fill_value=0).to_numpy()
        counted.loc[rows, "n_buildings"] = groups["id"].nunique().reindex(codes, fill_value=0).to_numpy()
    return counted


def _slips(land: gpd.GeoDataFrame) -> dict[str, str]:
    """Codes that were miswritten on the map, by the right ones; the list of members keeps those."""
    codes, (grid, number) = land["micro"], _ASTRAY
    short = _code("code_malformed", codes)
    return {
        short: short[:-2] + short[-1],
        _code("code_repeated", codes): codes[_patch_at(_REPEATED)],
        _code("code_parent", codes): land.loc[land["key"] == grid, "grid"].iloc[0] + number,
    }


def _list_of_faults(codes: pd.Series, slips: dict[str, str]) -> pd.DataFrame:
    points = shapely.get_coordinates(bend([shapely.Point(fault.spot) for fault in FAULTS]))
    rows = [
        (fault.rule, fault.tier, _blamed(fault, codes, slips), fault.what, fault.what_en, x, y)
        for fault, (x, y) in zip(FAULTS, points, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(FAULT_COLUMNS))


def _blamed(fault: Fault, codes: pd.Series, slips: dict[str, str]) -> str:
    """What the rule names."""
    if fault.rule.startswith(("building_", "member_")):
        return building_ids()[_building_at(fault.rule)]
    if fault.rule == "gap":
        return COMMUNITY
    code = _code(fault.rule, codes)
    if fault.rule == "overlap":
        return ", ".join(sorted([code, codes[_patch_at(_OVERLAPPED)]]))
    return code[:-2] if fault.tier == "grid" else slips.get(code, code)
