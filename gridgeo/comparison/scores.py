"""How good one plan is by the scheme's own measure: zones outside their limits, then the objective of the division."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridgeo.comparison.terrain import Terrain
from gridgeo.coverage.dissolve import compactness
from gridgeo.coverage.precision import Ints
from gridgeo.division.borders import edges_of
from gridgeo.division.search import price_of_shape
from gridgeo.model.codes import COMMUNITY_DIGITS, is_dedicated
from gridgeo.model.loads import cell_loads
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Preferences, Tier
from gridgeo.partition.objective import MISSING


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
    """Price of each border of two cells, as the division reckons it: community, at, to (positions of cells), shared_m, price."""
    cells = terrain.cells.assign(compound=terrain.compound)
    tables = []
    for community, group in cells.groupby("community", sort=True):
        at = cells.index.get_indexer(group.index)
        edges = edges_of(group, terrain.borders[terrain.borders["a"].isin(group.index)], prefer)
        columns = {"at": at[edges.a], "to": at[edges.b], "shared_m": edges.shared_m, "price": edges.price}
        tables.append(pd.DataFrame(columns).assign(community=community))
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
        total += _shape(plan, tier, prices) if tier is not plan.scheme.finest else 0.0
    return total


def _shape(plan: Plan, tier: Tier, prices: pd.DataFrame) -> float:
    """Price of how far the zones of a tier are from round (Polsby and Popper 1991)."""
    zones = plan.zones(tier.name)
    zones = zones[~is_dedicated(zones.index.to_series(), tier)]
    land = plan.cells[plan.cells["institution"].isna()]
    load = cell_loads(land, plan.site.buildings, tier.load).fillna(0).groupby(land["community"]).sum()
    area = land.area.groupby(land["community"]).sum() * tier.aim / load.clip(lower=1)
    borders = prices.groupby("community")[["price", "shared_m"]].sum()
    per_m = borders["price"] / borders["shared_m"] / 2
    each = pd.Series({code: price_of_shape(per_m[code], area[code]) for code in area.index})
    flat = 1 - compactness(zones.geometry.to_numpy())
    return float((flat * each.reindex(zones.index.str[:COMMUNITY_DIGITS]).to_numpy()).sum())


def _second(plan: Plan, tier: Tier) -> float:
    """Price of what is outside the limits of a second load."""
    if tier.also is None:
        return 0.0
    load, low, high = held(plan, tier, tier.also.load), tier.also.low, tier.also.high
    off = (low - load).clip(lower=0) + (load - high).clip(lower=0)
    return float((MISSING * off / ((low + high) / 2)).sum())
