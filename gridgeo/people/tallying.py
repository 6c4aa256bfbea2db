"""What a table of events adds up to in each zone. Totals are conserved: what lies in no zone is a row of its own."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import Floats, Ints, brought_to
from gridgeo.errors import CrsError, InputError
from gridgeo.messages import say
from gridgeo.model import Plan, refuse_no_plan
from gridgeo.people.placing import locate

OUT = "outside"
"""Code of the last row: what lies in no community, or nowhere."""

N, DATE = "n", "date_unknown"
"""Columns: how many; how many without a date that can be read."""

_LINE, _AREA = 1, 2
"""Dimensions of geometry."""
_DIGITS = 9
"""Of shares; beyond is the rounding of lengths."""
_PERIODS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W", "day": "D"}


class _Shares(NamedTuple):
    """What each row of a table gives to each zone."""

    row: Ints
    zone: Ints
    """Place of the zone; the number of zones for what is outside."""
    share: Floats
    """Shares of one row add up to one."""


def tally(
    plan: Plan,
    table: pd.DataFrame,
    *,
    tier: str | None = None,
    by: str | None = None,
    time: str | None = None,
    every: str = "month",
    value: str | None = None,
    share: bool = False,
    building: str | None = None,
    hide_below: int | None = None,
) -> pd.DataFrame:
    """Count the rows of a table, or add up one of its columns, in each zone of a tier.

    Parameters
    ----------
    table
        Points, lines or areas in any reference system; or a table whose column `building` names buildings.
    tier
        The finest one if left out.
    by
        Column whose values become columns: the state of an event, say. Rows without a value are counted under ``-``.
    time, every
        Column of dates, and the period (year, quarter, month, week, day) that becomes a column. A date that is none is counted
        under ``date_unknown``.
    value
        Column to add up in place of counting rows; empty values count as 0. Whole numbers stay whole.
    share
        Whether a line or an area is shared out by length or area; else it counts whole where most of it lies. A point always
        counts whole.
    building
        Column with ids or names of buildings, for a table without geometry.
    hide_below
        Numbers above 0 and below this become `<NA>`; where only one of the zones of a parent is hidden, the next smallest is hidden
        too, so that it cannot be worked out from the sum.

    Returns
    -------
    sums
        One row a zone of the tier, by code, and a last one, ``outside``: code, n (all), and a column for each value or period. Sums
        over rows are those of the table, to the unit.

    Raises
    ------
    InputError
        If there is no such column, or a value is no number.
    CrsError
        If geometry states no reference system.
    """
    refuse_no_plan(plan)
    tier = plan.scheme.names[-1] if tier is None else tier
    codes = sorted(plan.cells["code"].str[: plan.scheme.digits(tier)].unique())
    _refuse_missing(table, (by, time, value, building))
    if every not in _PERIODS:
        raise InputError(say("tally_every", every=every, known=", ".join(_PERIODS)))
    pieces = _pieces(plan, table, _Wishes(tier, codes, share, building))
    amounts = _amounts(table, value)
    heads = _heads(table, by, (time, every))
    columns = {N: _sums(pieces, amounts, len(codes))}
    for head in sorted(set(heads)) if by or time else ():
        columns[head] = _sums(pieces, np.where(heads == head, amounts, 0), len(codes))
    if len(columns) > 1:
        # shared rows are rounded value by value, and what a zone has is the sum of its values
        columns[N] = sum((columns[head] for head in columns if head != N), start=columns[N] * 0)
    out = pd.DataFrame({"code": pd.array([*codes, OUT], dtype="string"), **columns})
    return (
        out if hide_below is None else _hidden(out, hide_below, plan.scheme.digits(tier) - plan.scheme.tier(tier).width)
    )


def _refuse_missing(table: pd.DataFrame, columns: tuple[str | None, ...]) -> None:
    for name in columns:
        if name is not None and name not in table.columns:
            there = ", ".join(str(column) for column in table.columns if column != "geometry")
            raise InputError(say("tally_column", column=name, known=there or "-"))


class _Wishes(NamedTuple):
    """How rows are brought to zones."""

    tier: str
    codes: list[str]
    share: bool
    building: str | None


def _pieces(plan: Plan, table: pd.DataFrame, wishes: _Wishes) -> _Shares:
    tier, codes, share, building = wishes
    place = {code: at for at, code in enumerate(codes)}
    rows = np.arange(len(table))
    if building is not None or not isinstance(table, gpd.GeoDataFrame):
        if building is None:
            raise InputError(say("tally_no_place"))
        found = locate(plan, table[building])[tier]
        return _Shares(rows, _places(found, place), np.ones(len(rows)))
    if table.crs is None:
        raise CrsError(say("places_no_crs"))
    flat = shapely.get_dimensions(table.geometry.to_numpy()) < _LINE
    found = locate(plan, table.geometry)[tier]
    zone, one = _places(found, place), np.ones(len(rows))
    if flat.all():
        return _Shares(rows, zone, one)
    large = _overlaps(plan, table[~flat], (tier, codes))
    large = large if share else _most(large)
    return _Shares(
        np.concatenate([rows[flat], rows[~flat][large.row]]),
        np.concatenate([zone[flat], large.zone]),
        np.concatenate([one[flat], large.share]),
    )


def _places(found: pd.Series, place: dict[str, int]) -> Ints:
    return np.asarray(found.map(place).fillna(len(place)), dtype=np.int64)


def _overlaps(plan: Plan, table: gpd.GeoDataFrame, zones: tuple[str, list[str]]) -> _Shares:
    """Shares of lines by length, of areas by area, in zones; what is left is outside."""
    tier, codes = zones
    outlines = plan.zones(tier).geometry.reindex(codes).to_numpy()
    shapes = shapely.make_valid(brought_to(table[["geometry"]], plan.cells.crs).geometry.to_numpy())
    row, zone = shapely.STRtree(outlines).query(shapes, predicate="intersects")
    inside = _measure(shapely.intersection(shapes[row], outlines[zone]), shapes[row])
    whole = _measure(shapes, shapes)
    known = whole > 0
    share = np.divide(inside, whole[row], out=np.zeros(len(row)), where=known[row])
    keep = share > 0
    row, zone, share = row[keep], zone[keep], share[keep]
    # A line along a border lies in two zones: its shares are made to be one line's.
    held = np.bincount(row, share, minlength=len(shapes))
    share = share / np.maximum(held, 1)[row]
    rest = 1 - np.minimum(held, 1)
    rest = np.where(rest < 1e-9, 0, rest)
    left = np.flatnonzero(rest > 0)
    return _Shares(
        np.concatenate([row, left]),
        np.concatenate([zone, np.full(len(left), len(codes))]),
        np.concatenate([share, rest[left]]),
    )


def _measure(shapes: Floats, like: Floats) -> Floats:
    """Area of what was an area, length of what was a line."""
    return np.where(shapely.get_dimensions(like) == _AREA, shapely.area(shapes), shapely.length(shapes))


def _most(pieces: _Shares) -> _Shares:
    """Each row whole where most of it is; of zones as large, the one with the smaller code."""
    order = np.lexsort((pieces.zone, -pieces.share, pieces.row))
    row = pieces.row[order]
    first = order[np.append(True, row[1:] != row[:-1])[: len(row)]]
    return _Shares(pieces.row[first], pieces.zone[first], np.ones(len(first)))


def _amounts(table: pd.DataFrame, value: str | None) -> Floats:
    if value is None:
        return np.ones(len(table))
    numbers = pd.to_numeric(table[value], errors="coerce")
    odd = table[value].notna() & (numbers.isna() | ~np.isfinite(numbers.astype("float64")))
    if odd.any():
        rows = ", ".join(str(at + 1) for at in np.flatnonzero(odd)[:5])
        raise InputError(say("tally_number", column=value, rows=rows, n=int(odd.sum())))
    return np.asarray(numbers.fillna(0), dtype=np.float64)


def _heads(
    table: pd.DataFrame, by: str | None, dates: tuple[str | None, str]
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Column that each row is counted in."""
    parts = []
    time, every = dates
    if time is not None:
        when = dates_of(table[time])
        period = when.dt.tz_localize(None).dt.to_period(_PERIODS[every]).astype(str)
        parts.append(period.where(when.notna(), DATE).to_numpy(dtype=object))
    if by is not None:
        parts.append(table[by].map(_word).to_numpy(dtype=object))
    if not parts:
        return np.full(len(table), "", dtype=object)
    return np.array([" ".join(words) for words in zip(*parts, strict=True)], dtype=object)


def dates_of(values: pd.Series) -> pd.Series:
    """Dates as they are written in any usual way; NaT where there is none."""
    return pd.to_datetime(values, errors="coerce", format="mixed")


def _word(value: object) -> str:
    if value is None or value is pd.NA or value != value or not str(value).strip():  # noqa: PLR0124 (no number)
        return "-"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _sums(pieces: _Shares, amounts: Floats, zones: int) -> pd.Series:
    """Sums of zones and of what is outside, in whole numbers where all amounts are: by largest remainder."""
    held = np.bincount(pieces.zone, pieces.share * amounts[pieces.row], minlength=zones + 1)
    if not (amounts == np.floor(amounts)).all():
        return pd.Series(held, dtype="Float64")
    whole = np.floor(np.round(held, _DIGITS)).astype(np.int64)
    short = int(amounts.sum()) - int(whole.sum())
    whole[np.argsort(whole - held, kind="stable")[:short]] += 1
    return pd.Series(whole, dtype="Int64")


def _hidden(table: pd.DataFrame, least: int, parent_digits: int) -> pd.DataFrame:
    """Small numbers left out, and of each parent with a single one the next smallest."""
    out = table.copy()
    parent = pd.factorize(table["code"].str[:parent_digits])[0]
    for name in table.columns.drop("code"):
        column = table[name].to_numpy(dtype=float)
        small = (column > 0) & (column < least)
        for group in range(parent.max() + 1):
            rows = np.flatnonzero(parent == group)
            others = rows[~small[rows] & (column[rows] > 0)]
            if small[rows].sum() == 1 and len(others):
                small[others[column[others].argmin()]] = True
        out.loc[small, name] = pd.NA
    return out
