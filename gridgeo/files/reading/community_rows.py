"""Communities: which rows count, their codes, and land that two of them claim."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.files.reading.columns import Columns, normal, one_column, texts
from gridgeo.files.reading.reading_log import LayerLog, places
from gridgeo.model import BORDER_M, are_community_codes, placeholder, reading_order

Pairs = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[Any]]


def read_codes(columns: Columns) -> pd.Series:
    """Community codes as texts, as they are written."""
    return columns.texts("code").map(normal, na_action="ignore").astype("string")


def clean_communities(table: gpd.GeoDataFrame, columns: Columns, log: LayerLog) -> gpd.GeoDataFrame:
    """One row a community, none over another; `id` is the code. A code that is none is told as it stands in its column."""
    table = _number(_finest(table, log), columns, log)
    table = table.sort_values("id", kind="stable")
    return _cut_overlaps(table, log)


def _overlaps(shapes: npt.NDArray[Any]) -> Pairs:
    """Pairs of rows, first the earlier, that share an area."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    ahead = first < second
    first, second = first[ahead], second[ahead]
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    shared = shapely.intersection(shapes[first], shapes[second])
    real = shapely.area(shared) > 0
    return first[real], second[real], shared[real]


def _wide(shared: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which overlaps hold a disc wider than a sliver."""
    return ~shapely.is_empty(shapely.buffer(shared, -BORDER_M / 2))


def _finest(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """Rows of the finest level that covers all land, if some rows hold others; else all."""
    shapes = table.geometry.to_numpy()
    first, second, shared = _overlaps(shapes)
    wide = _wide(shared)
    if not wide.any():
        return table
    levels = _levels(table, (first[wide], second[wide], shared[wide]))
    land = shapely.union_all(shapes)
    sizes = pd.Series(shapely.area(shapes)).groupby(levels).median().sort_values(kind="stable")
    for level in sizes.index if len(sizes) > 1 else ():
        mine = levels == level
        if _covers(shapely.union_all(shapes[mine]), land):
            log.set_aside(table.index[~mine], "level_not_used", [str(x) for x in levels[~mine]])
            return table[mine]
    return table


def _levels(table: gpd.GeoDataFrame, overlaps: Pairs) -> npt.NDArray[Any]:
    """Level of each row: as it is written, or the number of rows that hold it."""
    first, second, pieces = overlaps
    shared = shapely.area(pieces)
    written = table["level"]
    if written.notna().all() and (written != written.iloc[0]).any():
        return written.to_numpy(dtype=str)
    area, rim = shapely.area(table.geometry.to_numpy()), shapely.length(table.geometry.to_numpy()) * BORDER_M
    depth = np.zeros(len(table), dtype=int)
    for inner, outer in ((first, second), (second, first)):
        held = (shared >= area[inner] - rim[inner]) & (area[outer] > area[inner] + rim[inner])
        np.add.at(depth, inner[held], 1)
    return depth


def _covers(part: Any, land: Any) -> bool:
    """Whether no piece of land wider than a sliver is missing from a part of it."""
    return bool(shapely.is_empty(shapely.buffer(shapely.difference(land, part), -BORDER_M / 2)))


def _number(table: gpd.GeoDataFrame, columns: Columns, log: LayerLog) -> gpd.GeoDataFrame:
    """Placeholder codes in reading order for rows whose code is missing, malformed or repeated."""
    codes = table["id"]
    valid = are_community_codes(codes).to_numpy(dtype=bool)
    lacking = ~valid | codes.duplicated(keep=False).to_numpy()
    if not lacking.any():
        return table
    at = np.flatnonzero(lacking)[reading_order(table.geometry.to_numpy()[lacking])]
    made = [placeholder(number) for number in range(1, len(at) + 1)]
    out = codes.to_numpy(dtype=object)
    out[at] = made
    log.accepted(table.index[at], "code_placeholder", _as_written(columns, table.index[at]))
    if not columns.found("code"):
        log.noted("code_columns", ", ".join(columns.names("code")))
    return table.assign(id=pd.Series(out, index=table.index, dtype="string"))


def _as_written(columns: Columns, rows: pd.Index) -> list[str | None]:
    """What stands in the columns of codes of these rows, as ``column: text``."""
    found = {name: texts(one_column(columns.table, name)).reindex(rows) for name in columns.found("code")}
    told = pd.DataFrame({name: f"{name}: " + column.fillna("-") for name, column in found.items()}, index=rows)
    return [" | ".join(row) or None for row in told.itertuples(index=False, name=None)]


def _cut_overlaps(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """Give a sliver that two communities claim to the one with the lower code; wider overlaps are a problem."""
    shapes = table.geometry.to_numpy().copy()
    first, second, shared = _overlaps(shapes)
    wide = _wide(shared)
    ids = table["id"].to_numpy(dtype=object)
    if wide.any():
        values = [
            f"{ids[a]} / {ids[b]}: {area:.2f} m2 {place}"
            for a, b, area, place in zip(
                first[wide], second[wide], shapely.area(shared[wide]), places(shared[wide]), strict=True
            )
        ]
        log.problem("communities_overlap", rows=table.index[second[wide]], values=values)
        return table
    for a, b in zip(first, second, strict=True):
        shapes[b] = shapely.difference(shapes[b], shapes[a])
    rows = table.index[second]
    areas = [
        f"{area:.4f} m2 {ids[a]} {p}" for area, a, p in zip(shapely.area(shared), first, places(shared), strict=True)
    ]
    log.repaired(rows, "overlap_cut", areas)
    return table.set_geometry(shapes, crs=table.crs)
