"""Several good plans that differ: many divisions, of which the best that are apart are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd

from gridgeo.division import divide
from gridgeo.errors import InputError
from gridgeo.messages import Text, say
from gridgeo.plan import Plan
from gridgeo.scheme import MOST_PREFERRED, Preferences, Scheme
from gridgeo.site import Site
from gridgeo.weighing.overlap import difference
from gridgeo.weighing.scores import objective, outside_limits, priced
from gridgeo.weighing.terrain import Terrain
from gridgeo.zones import Zones

TRIES = 4
"""Divisions tried for each plan asked for."""

LEANING = 4.0
"""Factor by which one preference is stressed. Search converges: on the sample community seeds alone gave plans 0.01 to 0.1 apart;
with this factor two thirds of all pairs of tried plans were 0.1 or more apart, on two real towns nine tenths and all."""


def variants(
    site: Site,
    scheme: Scheme,
    *,
    n: int = 3,
    seed: int = 0,
    apart: float = 0.1,
    cells: gpd.GeoDataFrame | None = None,
    within: Zones | gpd.GeoDataFrame | None = None,
    keep_compounds: bool = False,
    effort: str = "standard",
    split_large: bool = False,
    progress: Callable[[Text], None] | None = None,
) -> list[Plan]:
    """Several good and truly different plans of one place.

    The land is cut into cells once. Then 4 n divisions are tried, each with its own seed (`seed`, `seed` + 1, ...): in turn with
    the preferences of the scheme as they are, and with one of them stressed (equal, compact, streets, compounds). They are ranked
    by the zones outside their limits, then by the objective of the scheme's own preferences, so that all are measured by one
    yardstick. The best is taken, then always the next best that differs from all taken ones by at least `apart`.

    Parameters
    ----------
    site
        The place.
    scheme
        Tiers and preferences.
    n
        Number of plans wanted.
    seed
        Start of chance; the same seed gives the same plans.
    apart
        Least `difference` of any two plans, 0 to 1, in the tier in which they differ most: plans with the same micro-grids in other
        grids are as different to those who work in them as plans with other micro-grids in the same grids.
    cells, within, keep_compounds, effort, split_large, progress
        As in `divide`.

    Returns
    -------
    plans
        Best first. Fewer than `n` if not so many are apart; a lower `apart` gives more. `plan.scheme.prefer` and
        `plan.manifest["seed"]` tell how each was made.

    Raises
    ------
    InputError
        If `n` or `apart` make no sense, and as `divide`.
    LandError
        If the land could not be divided.
    """
    if n < 1:
        raise InputError(say("weigh_number", n=n))
    if not 0 <= apart <= 1:
        raise InputError(say("weigh_apart", apart=apart))
    tell = progress or (lambda _: None)
    tried: list[Plan] = []
    for k, prefer in enumerate(leanings(scheme.prefer, TRIES * n), start=1):
        tell(say("step_variant", k=k, n=TRIES * n, prefer=prefer))
        plan = divide(
            site,
            replace(scheme, prefer=prefer),
            seed=seed + k - 1,
            cells=cells,
            within=within,
            keep_compounds=keep_compounds,
            effort=effort,
            split_large=split_large,
            progress=progress,
        )
        cells = plan.cells if cells is None else cells
        tried.append(plan)
        if plan.manifest.get("interrupted") == "true":
            break
    tell(say("step_weigh"))
    return _apart(_best_first(tried, scheme.prefer), n, apart)


def leanings(prefer: Preferences, count: int) -> list[Preferences]:
    """Preferences to try: as asked, then with one after the other stressed, and from the start again.

    What shall have no regard (0) is not stressed.
    """
    names = [name for name in Preferences.names() if getattr(prefer, name) > 0]
    stressed = [replace(prefer, **{name: min(MOST_PREFERRED, LEANING * getattr(prefer, name))}) for name in names]
    cycle = [prefer, *stressed]
    return [cycle[k % len(cycle)] for k in range(count)]


def _best_first(plans: list[Plan], prefer: Preferences) -> list[Plan]:
    prices = priced(Terrain(plans[0].cells, plans[0].site), prefer)
    # The objective is rounded, for its last bits hang on the order of sums; of equals the first tried stands first.
    keys = [(outside_limits(plan), round(objective(plan, prices), 6)) for plan in plans]
    return [plans[k] for k in sorted(range(len(plans)), key=lambda k: keys[k])]


def _apart(plans: list[Plan], n: int, apart: float) -> list[Plan]:
    taken: list[Plan] = []
    for plan in plans:
        if len(taken) < n and all(difference(plan, other) >= apart for other in taken):
            taken.append(plan)
    return taken
