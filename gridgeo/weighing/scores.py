"""How good one plan is by the scheme's own measure: zones outside their limits, then the objective of the division."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridgeo.division.borders import edges_of
from gridgeo.loads import cell_loads
from gridgeo.plan import Plan, is_dedicated
from gridgeo.scheme import COMMUNITY_DIGITS, Preferences, Tier
from gridgeo.weighing.terrain import Ints, Terrain

MISSING = 10.0
"""A household missing below the lower limit costs as much as this many beside the target; see `scheme.Preferences`."""


def codes_in(plan: Plan, tier: Tier) -> pd.Series:
    """Code of each cell in a tier."""
    return plan.cells["code"].str[: plan.scheme.digits(tier.name)]


def numbers(plan: Plan, tier: Tier) -> Ints:
    """Number of the zone of each cell in a tier, 0 for the first code."""
    return pd.factorize(codes_in(plan, tier), sort=True)[0].astype(np.int64)


def held(plan: Plan, tier: Tier, load: str) -> pd.Series:
    """What ordinary zones of a tier hold of a load, by code."""
    loads = cell_loads(plan.cells, plan.site.buildings, load).fillna(0).astype("int64")
    loads = loads.groupby(codes_in(plan, tier), sort=True).sum()
    return loads[~is_dedicated(loads.index.to_series(), tier)]


def sizes(plan: Plan, tier: Tier) -> pd.DataFrame:
    """Ordinary zones of a tier, indexed by code: load, target.

    Where the tier's count is fixed, the target is what is divided by it in each community.
    """
    load = held(plan, tier, tier.load)
    target = pd.Series(float(tier.aim), index=load.index)
    if tier.count is not None:
        target = load.groupby(load.index.str[:COMMUNITY_DIGITS]).transform("sum") / tier.count
    return pd.DataFrame({"load": load, "target": target})


def outside_limits(plan: Plan) -> int:
    """Number of ordinary zones, of all tiers, outside their limits; hard limits of a second load count too."""
    hard = [(tier, limits) for tier in plan.scheme for limits in tier.limits if limits.hard]
    return sum(int((~held(plan, tier, limits.load).between(limits.low, limits.high)).sum()) for tier, limits in hard)


def priced(terrain: Terrain, prefer: Preferences) -> pd.DataFrame:
    """Price of each border between two cells, as the division reckons it: at, to (positions of cells), price."""
    cells = terrain.cells.assign(compound=terrain.compound)
    tables = []
    for _, group in cells.groupby("community", sort=True):
        at = cells.index.get_indexer(group.index)
        edges = edges_of(group, terrain.borders[terrain.borders["a"].isin(group.index)], prefer)
        tables.append(pd.DataFrame({"at": at[edges.a], "to": at[edges.b], "price": edges.price}))
    return pd.concat(tables, ignore_index=True)


def objective(plan: Plan, prices: pd.DataFrame) -> float:
    """What the division minimises, per unit of `equal`; see `scheme.Preferences`.

    Parameters
    ----------
    prices
        Borders of the plan's cells, from `priced`.
    """
    total = 0.0
    for tier in plan.scheme:
        zones = sizes(plan, tier)
        missing = (tier.low - zones["load"]).clip(lower=0)
        total += float((((zones["load"] - zones["target"]).abs() + MISSING * missing) / zones["target"]).sum())
        total += _second(plan, tier)
        number = numbers(plan, tier)
        ordinary = ~is_dedicated(codes_in(plan, tier), tier).to_numpy(dtype=bool)
        at, to = prices["at"].to_numpy(), prices["to"].to_numpy()
        ended = (number[at] != number[to]) & ordinary[at] & ordinary[to]
        total += float(np.sum(prices["price"].to_numpy()[ended]))
    return total


def _second(plan: Plan, tier: Tier) -> float:
    """Price of what is outside the limits of a second load."""
    if tier.also is None:
        return 0.0
    load, low, high = held(plan, tier, tier.also.load), tier.also.low, tier.also.high
    off = (low - load).clip(lower=0) + (load - high).clip(lower=0)
    return float((MISSING * off / ((low + high) / 2)).sum())
