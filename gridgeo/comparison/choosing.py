"""Several good plans that differ: many divisions, of which the best that are apart are kept."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd

from gridgeo.comparison.overlap import difference
from gridgeo.comparison.scores import objective, outside_limits, priced
from gridgeo.comparison.terrain import Terrain
from gridgeo.division import divide_ground
from gridgeo.division.effort import read_effort
from gridgeo.division.ground import prepare
from gridgeo.division.kept import Keep
from gridgeo.division.stop import deaf
from gridgeo.errors import InputError
from gridgeo.messages import Text, say
from gridgeo.model.land import Land
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import MOST_PREFERRED, Preferences, Scheme
from gridgeo.model.site import Site
from gridgeo.model.zones import Zones

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
    cells: Land | Plan | gpd.GeoDataFrame | None = None,
    within: Zones | gpd.GeoDataFrame | None = None,
    keep: Keep = (),
    keep_compounds: bool = False,
    effort: str | float = "standard",
    split_large: bool = False,
    progress: Callable[[Text], None] | None = None,
) -> list[Plan]:
    """Several good and truly different plans of one place.

    The land is cut into cells, and their neighbours are found, once. Then 4 n divisions are tried, each with its own seed
    (`seed`, `seed` + 1, ...): in turn with the preferences of the scheme as they are, and with one of them stressed (equal,
    compact, streets, compounds). They are ranked by the zones outside their limits, then by the objective of the scheme's own
    preferences, so that all are measured by one yardstick. The best is taken, then always the next best that differs from all
    taken ones by at least `apart`.

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
    cells, within, keep, keep_compounds, effort, split_large, progress
        As in `divide`; `effort` is that of each division.

    Returns
    -------
    plans
        Best first. Fewer than `n` if not so many are apart, with a `UserWarning` that says so. `plan.scheme.prefer` and
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
    read_effort(effort)
    ground = prepare(site, scheme, cells=cells, within=within, keep=keep, split_large=split_large, tell=tell)
    tried: list[Plan] = []
    for k, prefer in enumerate(leanings(scheme.prefer, TRIES * n), start=1):
        tell(say("step_variant", k=k, n=TRIES * n, prefer=prefer))
        leaning = replace(scheme, prefer=prefer)
        tried.append(
            divide_ground(ground, leaning, seed=seed + k - 1, keep_compounds=keep_compounds, effort=effort, tell=tell)
        )
        if tried[-1].manifest["interrupted"] == "true":
            break
    tell(say("step_weigh"))
    with deaf(tried[-1].manifest["interrupted"] == "true"):
        chosen = _apart(_best_first(tried, scheme.prefer), n, apart)
    if len(chosen) < n:
        text = say("weigh_fewer", found=len(chosen), n=n, tried=len(tried), apart=f"{apart:g}")
        warnings.warn(str(text), stacklevel=2)
    return chosen


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
