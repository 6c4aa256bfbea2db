"""Household figures: read strictly, summed from units, or estimated when asked; never guessed in silence."""

from __future__ import annotations

import difflib
import math
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.files.reading.columns import Columns, by_value, form_of, normal
from gridgeo.files.reading.reading_log import LayerLog
from gridgeo.model import COLUMN_NAMES

MOST = 20_000
"""More households than any one building holds."""

_FIGURE = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.0+)?\s*户?")
_NEGATIVE = re.compile(r"[-−]\s*[\d.,]+\s*户?")
_DECIMAL = re.compile(r"\d+\.\d+\s*户?")
_NEAR = 0.5
"""How alike a column's name must be to be proposed [0-1]."""


def households_column(columns: Columns, log: LayerLog, *, other_source: bool) -> str | None:
    """Name of the column of figures; if there is none, and nothing else to take them from, the problem is noted."""
    found = columns.found("households")
    if not found and "households" not in columns.given and not other_source:
        log.problem("households_missing", near=_nearest(columns), known=columns.there)
    return found[0] if found else None


def _nearest(columns: Columns) -> str:
    """Column that may be meant; never one that is known to hold something else."""
    fields = COLUMN_NAMES[columns.role]
    others = {source for field in fields if field != "households" for source in columns.found(field)}
    there = [str(name) for name in columns.table.columns if name != "geometry" and str(name) not in others]
    speaking = [name for name in there if "户" in name or "household" in name.casefold()]
    names = columns.names("households")
    close = [match for name in names for match in difflib.get_close_matches(name, there, n=1, cutoff=_NEAR)]
    return (speaking + close + ["COLUMN"])[0]


def read_households(values: pd.Series, log: LayerLog) -> pd.Series:
    """Figures as Int64, `<NA>` where there is none or no number.

    A negative, decimal or impossible figure is a problem, for it shows that the column holds something else.
    """
    results = by_value(values, _figure)
    wrong = pd.Series([result if isinstance(result, str) else None for result in results], index=values.index)
    for reason in ("negative", "decimal", "huge"):
        rows = values.index[wrong == reason]
        if len(rows):
            log.problem(
                f"households_{reason}", rows=rows, values=map(form_of, values[rows]), column=str(values.name), most=MOST
            )
    return pd.Series([result if isinstance(result, int) else pd.NA for result in results], values.index, dtype="Int64")


def note_unknown(table: pd.DataFrame, read: pd.Series | None, log: LayerLog) -> None:
    """Note the rows that are left without a figure, with the text that is none."""
    rows = table.index[table["households"].isna()]
    written = pd.Series(pd.NA, rows, dtype="string") if read is None else read.reindex(rows).astype("string")
    log.accepted(rows, "households_unknown", [None if pd.isna(t) else form_of(t) for t in written])


def _figure(value: object) -> int | str | None:
    """A figure, or why it is none: negative, decimal, huge; None if it is no number at all."""
    if isinstance(value, (bool, np.bool_)):
        return None
    text = _plain(value)
    match = _FIGURE.fullmatch(text)
    if match:
        figure = int(match[1].replace(",", ""))
        return figure if figure <= MOST else "huge"
    if text in {"inf", "-inf"}:
        return "huge"
    if _NEGATIVE.fullmatch(text):
        return "negative"
    return "decimal" if _DECIMAL.fullmatch(text) else None


def _plain(value: object) -> str:
    """A value as text, large numbers without an exponent."""
    if isinstance(value, (float, np.floating)) and math.isfinite(value):
        value = value + 0.0  # minus zero is zero
        return f"{value:.0f}" if float(value).is_integer() else f"{value:.9f}"
    return normal(str(value))


def read_units(columns: Columns, log: LayerLog) -> pd.DataFrame:
    """Rows of the table of units: building, unit, households; one without a building or unit, or repeated, is set aside."""
    for name in ("building", "unit", "households"):
        if not columns.found(name) and name not in columns.given:
            log.problem("units_column", column=name, known=columns.there)
    out = pd.DataFrame({"building": columns.texts("building"), "unit": columns.texts("unit")})
    out["households"] = read_households(columns.texts("households"), log)
    blank = (out["building"].isna() | out["unit"].isna()).to_numpy()
    repeated = out.duplicated(["building", "unit"], keep=False).to_numpy() & ~blank
    if repeated.any():
        names = out.loc[repeated, "building"] + "/" + out.loc[repeated, "unit"]
        log.problem("unit_repeated", rows=out.index[repeated], values=names)
    log.set_aside(out.index[blank], "unit_incomplete")
    return out[~blank]


def match_units(units: pd.DataFrame, buildings: pd.DataFrame, log: LayerLog) -> pd.DataFrame:
    """Units of buildings that are there, by building and unit; the buildings are written as in their own layer."""
    ids = pd.Series(buildings["id"].to_numpy(object), index=[normal(text) for text in buildings["id"]])
    building = units["building"].map(normal).map(ids[~ids.index.duplicated()]).astype("string")
    unknown = building.isna().to_numpy()
    log.set_aside(units.index[unknown], "unit_unknown_building", units.loc[unknown, "building"])
    return units.assign(building=building)[~unknown].sort_values(["building", "unit"], kind="stable")


def compare_units(buildings: gpd.GeoDataFrame, units: pd.DataFrame, log: LayerLog) -> None:
    """Note buildings for which the table of units has another number of units, or another sum, than they state."""
    by_building = units.groupby("building")["households"]
    sums = by_building.agg(lambda figures: figures.sum(skipna=False))
    for name, reason, listed in (
        ("units", "units_differ", by_building.size()),
        ("households", "unit_sums_differ", sums),
    ):
        pairs = (
            pd.DataFrame({"listed": buildings["id"].map(listed), "stated": buildings[name]}).astype("Int64").dropna()
        )
        off = pairs[pairs["listed"] != pairs["stated"]]
        log.accepted(off.index, reason, (off["listed"].astype(str) + " / " + off["stated"].astype(str)))


def fill_from_units(buildings: gpd.GeoDataFrame, units: pd.DataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """Sum of its units for a building without a figure, if all of them are known."""
    sums = units.groupby("building")["households"].agg(lambda figures: figures.sum(skipna=False))
    filled = buildings["households"].fillna(buildings["id"].map(sums).astype("Int64"))
    new = (filled.notna() & buildings["households"].isna()).to_numpy()
    log.accepted_all(buildings.index[new], "households_from_units", str(int(filled[new].sum())))
    return buildings.assign(households=filled)


def estimate(buildings: gpd.GeoDataFrame, m2_per_household: float, log: LayerLog) -> gpd.GeoDataFrame:
    """Footprint x levels / m2 for each building without a figure, rounded half up; one level where none is given.

    A point has no footprint and stays unknown.
    """
    area = shapely.area(buildings.geometry.to_numpy())
    levels = buildings["levels"].fillna(1).clip(lower=1).to_numpy(dtype="float64")
    new = buildings["households"].isna().to_numpy() & (area > 0)
    guess = np.floor(area * levels / m2_per_household + 0.5).astype("int64")
    filled = buildings["households"].mask(new, pd.Series(guess, buildings.index, dtype="Int64"))
    detail = f"{int(filled[new].sum())} ({m2_per_household:g} m2)"
    log.accepted_all(buildings.index[new], "households_estimated", detail)
    return buildings.assign(households=filled)
