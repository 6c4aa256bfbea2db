"""Who is together in two plans: the zones of one matched to those of the other, and the share that changes zone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model import Plan


def difference(one: Plan, other: Plan, tier: str | None = None) -> float:
    """How different two plans of one place are: 0 if they group everybody alike, near 1 if hardly anybody.

    It is the share of households that would change zone if each zone of one plan became a zone of the other, in the best way:

        1 - (largest sum of h(i, m(i)) over all one-to-one assignments m) / (sum of h)

    where h(i, j) are the households in zone i of one plan and zone j of the other. Where nobody lives, area takes the place of
    households. Codes play no part, only who is together. The same buildings are looked for by their ids, so the plans may have
    different cells; a building that is cut differently counts by the shares of its parts; one that only one plan has does
    not count.

    Parameters
    ----------
    tier
        Tier in which zones are matched. If left out, the tier in which the plans differ most, of those that both have: the same
        micro-grids may be grouped into other grids, and the same grids divided into other micro-grids.

    Raises
    ------
    InputError
        If a plan lacks the tier, or they have neither a building nor land in common.

    Notes
    -----
    The measure is the partition distance of D. Gusfield, Partition-distance: a problem and class of perfect graphs arising in
    clustering, 2002, with weights. The assignment is found by R. Jonker and A. Volgenant's algorithm for sparse matrices.
    """
    tiers = [tier] if tier is not None else [name for name in one.scheme.names if name in other.scheme.names]
    if not tiers:
        raise InputError(
            say("weigh_no_common_tier", one=", ".join(one.scheme.names), other=", ".join(other.scheme.names))
        )
    digits = [(one.scheme.digits(name), other.scheme.digits(name)) for name in tiers]
    held = in_common(one, other)
    return max(_changed(cut_codes(held, *pair)) for pair in digits)


def in_common(one: Plan, other: Plan) -> pd.DataFrame:
    """What lies in each pair of zones: `one`, `other` (codes of finest zones), `weight` [households, or m2 where there are none].

    Raises
    ------
    InputError
        If the plans have nothing in common.
    """
    held = _households(one, other)
    if held["weight"].sum() == 0:
        held = land_in_common(one, other)
    if held["weight"].sum() == 0:
        raise InputError(say("weigh_nothing_common"))
    return held


def cut_codes(held: pd.DataFrame, one: int, other: int) -> pd.DataFrame:
    """The same for coarser tiers, whose codes have so many digits; no pair stands twice."""
    codes = {"one": held["one"].str[:one], "other": held["other"].str[:other]}
    coarse = held.assign(**codes).groupby(["one", "other"], sort=True)["weight"].sum().reset_index()
    return coarse[coarse["weight"] > 0].reset_index(drop=True)


def matched(held: pd.DataFrame) -> pd.DataFrame:
    """Rows of an assignment of zones to zones, each at most once, that keeps the largest weight together.

    Parameters
    ----------
    held
        one, other, weight; no pair twice, no weight 0.
    """
    row, ones = pd.factorize(held["one"], sort=True)
    column, others = pd.factorize(held["other"], sort=True)
    # The solver matches every row. A spare column for each lets it stay alone: real pairs are worth their weight and 1 more.
    alone = np.arange(len(ones))
    worth = np.concatenate([held["weight"].to_numpy() + 1.0, np.ones(len(ones))])
    ends = (np.concatenate([row, alone]), np.concatenate([column, len(others) + alone]))
    graph = coo_array((worth, ends), shape=(len(ones), len(others) + len(ones))).tocsr()
    chosen = min_weight_full_bipartite_matching(graph, maximize=True)
    pairs = pd.MultiIndex.from_arrays(chosen)
    return held[pd.MultiIndex.from_arrays([row, column]).isin(pairs)]


def _changed(held: pd.DataFrame) -> float:
    total = float(held["weight"].sum())
    return max(0.0, 1.0 - float(matched(held)["weight"].sum()) / total)


def _households(one: Plan, other: Plan) -> pd.DataFrame:
    left, right = one.buildings, other.buildings
    odd = left.index.symmetric_difference(right.index)
    cut_otherwise = set(left["id"].reindex(odd).dropna()) | set(right["id"].reindex(odd).dropna())
    keyed = [_by_key(members, cut_otherwise) for members in (left, right)]
    held = keyed[0].merge(keyed[1], on="key", suffixes=("_one", "_other"))
    mean = (held["whole_one"] + held["whole_other"]) / 2
    weight = held["part_one"] * held["part_other"] * mean
    return pd.DataFrame({"one": held["code_one"], "other": held["code_other"], "weight": weight})


def _by_key(members: gpd.GeoDataFrame, cut_otherwise: set[str]) -> pd.DataFrame:
    """Members by what tells them in both plans (themselves, or their building): key, code, whole [households], part of it."""
    key = members["id"].where(members["id"].isin(cut_otherwise), members.index.to_series())
    households = members["households"].fillna(0).astype(float)
    whole = households.groupby(key).transform("sum")
    part = (households / whole.where(whole > 0)).fillna(0.0)
    return pd.DataFrame({"key": key, "code": members["code"], "whole": whole, "part": part}).reset_index(drop=True)


def land_in_common(one: Plan, other: Plan) -> pd.DataFrame:
    """Land that lies in each pair of zones: `one`, `other` (codes of finest zones), `weight` [m2]."""
    if set(one.cells.index) == set(other.cells.index):
        codes = {"one": one.cells["code"], "other": other.cells["code"].reindex(one.cells.index)}
        return pd.DataFrame({**codes, "weight": one.cells.area}).reset_index(drop=True)
    return outlines_in_common(
        one.zones(one.scheme.finest.name).geometry, other.zones(other.scheme.finest.name).geometry
    )


def outlines_in_common(one: gpd.GeoSeries, other: gpd.GeoSeries) -> pd.DataFrame:
    """The same of outlines, indexed by code."""
    left, right = one.to_numpy(), other.to_crs(one.crs).to_numpy()
    at, beside = shapely.STRtree(right).query(left, predicate="intersects")
    area = shapely.area(shapely.intersection(left[at], right[beside]))
    return pd.DataFrame({"one": one.index[at], "other": other.index[beside], "weight": area})
