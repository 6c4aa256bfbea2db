"""Identity of rows: ids as texts, one for each row."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.files.reading.columns import Columns, normal, one_column
from gridgeo.files.reading.reading_log import LayerLog

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_EXACT = 2.0**53
"""Above this a float no longer holds every whole number."""


def read_ids(columns: Columns, log: LayerLog) -> pd.Series:
    """Ids as trimmed texts, `<NA>` where the file has none; for buildings a repeated one is a problem."""
    found = columns.found("id")
    for name in found:
        _refuse_floats(one_column(columns.table, name), log)
    ids = columns.texts("id").rename(found[0] if found else "id")
    if log.role == "buildings":
        _refuse_repeated(ids, log)
    _refuse_control(ids, log)
    return ids


def _refuse_floats(values: pd.Series, log: LayerLog) -> None:
    """Numbers that went through a float may have lost their last digits, so that two ids became one."""
    if not pd.api.types.is_float_dtype(values.dtype):
        return
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    lost = np.isfinite(numbers) & ((np.abs(numbers) >= _EXACT) | (numbers != np.floor(numbers)))
    if lost.any():
        log.problem("id_float", rows=values.index[lost], values=values[lost], column=str(values.name))


def _refuse_repeated(ids: pd.Series, log: LayerLog) -> None:
    known = ids.dropna()
    repeated = known[known.duplicated(keep=False)]
    if len(repeated):
        log.problem("id_repeated", rows=repeated.index, values=repeated, column=str(ids.name))
    single = known.drop_duplicates()
    alike = single[single.map(normal).duplicated(keep=False)]
    if len(alike):
        log.problem("id_alike", rows=alike.index, values=alike.map(repr), column=str(ids.name))


def _refuse_control(ids: pd.Series, log: LayerLog) -> None:
    known = ids.dropna()
    bad = known[known.str.contains(_CONTROL)]
    if len(bad):
        log.problem("id_control", rows=bad.index, values=bad.map(repr), column=str(ids.name))


def complete_ids(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """An id for each row.

    Rows without one are numbered by place, from west to east, so that the order of the file does not matter. A repeated one of a
    layer that is not referred to by id gets a number after it.
    """
    ids = table["id"].to_numpy(dtype=object, na_value=None).copy()
    if not table["id"].isna().any() and table["id"].is_unique:
        return table
    order = _by_place(table)
    blank = np.array([value is None for value in ids], dtype=bool)
    ids[order[blank[order]]] = _fresh(log.role, int(blank.sum()), set(ids[~blank]))
    log.accepted_all(table.index[blank], "id_made", str(int(blank.sum())))
    taken = set(ids)
    seen: dict[str, int] = {}
    for at in order if len(taken) < len(ids) else ():
        seen[ids[at]] = seen.get(ids[at], 0) + 1
        if seen[ids[at]] > 1:
            ids[at] = _free(ids[at], taken)
    return table.assign(id=pd.Series(ids, index=table.index, dtype="string"))


def _free(stem: str, taken: set[str]) -> str:
    """The id with the first free number after it, which is taken by that."""
    number = 2
    while f"{stem}#{number}" in taken:
        number += 1
    taken.add(f"{stem}#{number}")
    return f"{stem}#{number}"


def _by_place(table: gpd.GeoDataFrame) -> npt.NDArray[Any]:
    """Positions of rows by the place of their shape; equal shapes by what else the rows say."""
    shapes = table.geometry.to_numpy()
    keys = [*shapely.bounds(shapes).T.round(3), shapely.to_wkb(shapes)]
    keys += [table[name].astype("string").fillna("").to_numpy(str) for name in table.columns if name != "geometry"]
    frame = pd.DataFrame(dict(enumerate(keys)))
    return frame.sort_values(list(frame.columns), kind="stable").index.to_numpy()


def _fresh(role: str, count: int, taken: set[str]) -> list[str]:
    """New ids: the layer's name and a number, as many digits as the last one has."""
    out: list[str] = []
    number, width = 0, max(4, len(str(count)))
    while len(out) < count:
        number += 1
        candidate = f"{role}-{number:0{width}d}"
        if candidate not in taken:
            out.append(candidate)
    return out
