"""Which loads a search balances, and what they come to in cells and households."""

from __future__ import annotations

import geopandas as gpd

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model.loads import HOUSEHOLDS, building_loads, cell_loads
from gridgeo.model.scheme import Scheme, Tier
from gridgeo.model.site import Site


def refuse_loads(site: Site, scheme: Scheme, searched: tuple[Tier, ...]) -> None:
    """Refuse loads that the site does not have, that hold nothing, and more than the search can balance at once.

    Parameters
    ----------
    searched
        Tiers that are not given: all of them balance one load, and limit one second load at most.

    Raises
    ------
    InputError
        Saying what would do.
    """
    for load in scheme.loads:
        if building_loads(site.buildings, load).sum() == 0:
            raise InputError(say("load_nothing", load=load))
    first = {tier.name: tier.load for tier in searched}
    second = {tier.name: tier.also.load for tier in searched if tier.also is not None}
    for reason, loads in (("loads_differ", first), ("loads_second_differ", second)):
        if len(set(loads.values())) > 1:
            raise InputError(say(reason, tiers=", ".join(loads), loads=", ".join(dict.fromkeys(loads.values()))))


def with_loads(cells: gpd.GeoDataFrame, site: Site, scheme: Scheme) -> gpd.GeoDataFrame:
    """Cells with a column for each load of the scheme: the sum of the known figures of their members."""
    return cells.assign(**{load: cell_loads(cells, site.buildings, load) for load in scheme.loads})


def most_households(site: Site, scheme: Scheme) -> int | None:
    """Households above which a building is cut: the finest tier's upper limit, be it of its own or of the second load.

    Where the tier knows no limit of households, as many as have its load on the whole site's average, for a building is cut by its
    households and gives each part its share of the load. None, so that none is cut, where no households are known.
    """
    tier = scheme.finest
    for limits in tier.limits:
        if limits.load == HOUSEHOLDS:
            return limits.high
    households = int(site.buildings[HOUSEHOLDS].sum())
    total = int(building_loads(site.buildings, tier.load).sum())
    return max(1, tier.high * households // total) if households and total else None


def mean_load(site: Site, tier: Tier) -> float:
    """What a community holds on average, of the load that a tier balances."""
    return int(building_loads(site.buildings, tier.load).sum()) / max(1, len(site.communities))
