"""Several good plans that differ: many divisions, of which the best that are apart are kept."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from string import ascii_uppercase
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.coverage import Ints
from gridgeo.division.heeding import Interrupted, heeded
from gridgeo.division.pipeline import divide_ground, prepared_for
from gridgeo.division.prepare import Prepared, Tell
from gridgeo.division.request import Keep, Request
from gridgeo.division.solve import (
    DividedLand,
    LandCells,
    PricedBorders,
    cells_of,
    evenness_of,
    grouped,
    price_of_shape,
    priced_borders,
)
from gridgeo.errors import InputError
from gridgeo.matching import difference
from gridgeo.messages import Text, locale_lang, say
from gridgeo.model import MOST_PREFERRED, Land, Plan, Preferences, Scheme, Site, Tier, Zones, is_dedicated
from gridgeo.partition import OBJECTIVE, Bounds, Evenness, Limits, Shape, TotalsTable
from gridgeo.progress import told

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
    counts: Mapping[str, int] | None = None,
    keep: Keep = (),
    keep_compounds: bool = False,
    effort: str | float = "standard",
    split_large: bool = False,
    progress: Callable[[Text], None] | None = None,
    interrupted: Callable[[], bool] | None = None,
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
    cells, within, counts, keep, keep_compounds, effort, split_large, progress, interrupted
        As in `divide`; `effort` is that of each division. Once interrupted, no further division is tried.

    Returns
    -------
    plans
        Best first. Fewer than `n` if not so many are apart, with a `UserWarning` that says so; another one says which of them have
        the same finest zones. `plan.scheme.prefer` and
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
    request = Request(scheme, seed, effort, within, keep, keep_compounds, split_large, counts=counts or {})
    with told(progress) as tell:
        ground = prepared_for(site, request, cells, tell=tell)

        def found(stopped: Interrupted) -> tuple[list[Plan], int]:
            tried = _tried(ground, request, TRIES * n, tell=tell, stopped=stopped)
            tell(say("step_weigh"))
            return _apart(_best_first(tried, ground, scheme), n, apart), len(tried)

        chosen, tried = heeded(found, interrupted)
    texts = [say("weigh_fewer", found=len(chosen), n=n, tried=tried, apart=f"{apart:g}")] if len(chosen) < n else []
    for text in [*texts, *_alike(chosen, scheme.finest.name)]:
        warnings.warn(text.render(locale_lang()), stacklevel=2)
    return chosen


def _alike(plans: list[Plan], finest: str) -> list[Text]:
    """What to say of plans with the same finest zones; they are called A, B, C as in tables."""
    names = list(zip(ascii_uppercase, plans, strict=False))
    pairs = [f"{a}={b}" for (a, one), (b, other) in combinations(names, 2) if difference(one, other, finest) == 0]
    return [say("weigh_alike", pairs=", ".join(pairs), tier=finest)] if pairs else []


def leanings(prefer: Preferences, count: int) -> list[Preferences]:
    """Preferences to try: as asked, then with one after the other stressed, and from the start again.

    What shall have no regard (0) is not stressed.
    """
    names = [name for name in Preferences.names() if getattr(prefer, name) > 0]
    stressed = [replace(prefer, **{name: min(MOST_PREFERRED, LEANING * getattr(prefer, name))}) for name in names]
    cycle = [prefer, *stressed]
    return [cycle[k % len(cycle)] for k in range(count)]


def _tried(ground: Prepared, request: Request, count: int, *, tell: Tell, stopped: Interrupted) -> list[Plan]:
    """Divisions with seeds and preferences of their own; after an interruption no more."""
    tried: list[Plan] = []
    for k, prefer in enumerate(leanings(request.scheme.prefer, count)):
        tell(say("step_variant", k=k + 1, n=count, prefer=prefer))
        leaning = replace(request, scheme=replace(request.scheme, prefer=prefer), seed=request.seed + k)
        tried.append(divide_ground(ground, leaning, tell=tell, stopped=stopped))
        if tried[-1].manifest["interrupted"] == "true":
            break
    return tried


def _best_first(plans: list[Plan], ground: Prepared, scheme: Scheme) -> list[Plan]:
    """Plans by the zones outside limits, then by the objective of the preferences that were asked for."""
    communities = communities_of(ground, scheme)
    # The objective is rounded, for its last bits hang on the order of sums; of equals the first tried stands first.
    found = [faults_of(plan.cells["code"].reindex(ground.cells.index), scheme, communities) for plan in plans]
    return [plans[k] for k in sorted(range(len(plans)), key=lambda k: (found[k].outside, round(found[k].price, 6)))]


class CommunityCells(NamedTuple):
    """One community as it is for all plans: positions of its cells, what they are, their borders, loads by name.

    And the finest tier of the scheme, with what makes its sizes even.
    """

    rows: Ints
    cells: LandCells
    borders: PricedBorders
    loads: dict[str, Ints]
    finest: Tier
    even: Evenness | None

    def shape(self) -> Shape:
        """Areas and outlines of its cells."""
        borders = self.borders
        return Shape(self.cells.area_m2, self.cells.outline_m, borders.a, borders.b, borders.shared_m)

    def limits(self, tier: Tier, load: Ints) -> Limits:
        """What ordinary zones of a tier may hold; where their number is fixed, the target is what is divided by it.

        Parameters
        ----------
        load
            What each of them holds.
        """
        target = tier.aim if tier.count is None else load.sum() / tier.count
        more = None if tier.also is None else Bounds(tier.also.low, tier.also.high)
        own = Limits(tier.low, tier.high, target, more=more)
        if tier is self.finest:
            return replace(own, even=self.even)
        if not self.borders.shared_m.any():
            return own
        per_m = self.borders.price.sum() / self.borders.shared_m.sum() / 2
        land = self.cells.institution.isna().to_numpy(dtype=bool)
        area = self.cells.area_m2[land].sum() * tier.aim / max(1, self.loads[tier.load][land].sum())
        return replace(own, compact=price_of_shape(per_m, area))


def communities_of(ground: Prepared, scheme: Scheme) -> list[CommunityCells]:
    """Each community, priced by the preferences of a scheme."""
    out = []
    for code, rows in grouped(ground, ground.cells["community"], np.ones(len(ground.cells), dtype=bool)):
        cells = cells_of(ground, DividedLand(code, scheme, *rows))
        loads = {load: figures[rows.cells] for load, figures in ground.sums.loads.items()}
        priced = priced_borders(cells, scheme.prefer)
        out.append(CommunityCells(rows.cells, cells, priced, loads, scheme.finest, evenness_of(cells, scheme)))
    return out


class Faults(NamedTuple):
    """Number of ordinary zones, of all tiers, outside hard limits; and what the division minimises, per unit of `equal`."""

    outside: int
    price: float


def faults_of(code: pd.Series, scheme: Scheme, communities: list[CommunityCells]) -> Faults:
    """What makes a plan the worse one; see `scheme.Preferences`.

    Parameters
    ----------
    code
        Of the finest zone of each cell, in the order of the cells that were prepared.
    """
    codes = [code.str[: scheme.digits(tier.name)] for tier in scheme]
    found = [
        _faults_in(own.iloc[community.rows], tier, community)
        for community in communities
        for tier, own in zip(scheme, codes, strict=True)
    ]
    return Faults(sum(one.outside for one in found), sum(one.price for one in found))


def _faults_in(code: pd.Series, tier: Tier, community: CommunityCells) -> Faults:
    """Of the zones of one tier in one community, by the code of each cell in that tier."""
    number, zones = pd.factorize(code, sort=True)
    ordinary = ~is_dedicated(pd.Series(zones), tier).to_numpy(dtype=bool)
    count = len(zones)
    held = {load: np.bincount(number, own, count).astype(np.int64)[ordinary] for load, own in community.loads.items()}
    hard = [limits for limits in tier.limits if limits.hard]
    outside = sum(int(((held[own.load] < own.low) | (held[own.load] > own.high)).sum()) for own in hard)
    second = np.zeros_like(held[tier.load]) if tier.also is None else held[tier.also.load]
    limits = community.limits(tier, held[tier.load])
    shape = community.shape().merged(number.astype(np.int64), count)
    table = TotalsTable(held[tier.load], second, shape.area[ordinary], shape.outline[ordinary])
    a, b, borders = number[community.borders.a], number[community.borders.b], community.borders
    ended = (a != b) & ordinary[a] & ordinary[b]
    price = OBJECTIVE.of_parts(table, limits).sum() + borders.price[ended].sum()
    return Faults(outside, float(price) + OBJECTIVE.of_number(int(ordinary.sum()), limits))


def _apart(plans: list[Plan], n: int, apart: float) -> list[Plan]:
    taken: list[Plan] = []
    for plan in plans:
        if len(taken) < n and all(difference(plan, other) >= apart for other in taken):
            taken.append(plan)
    return taken
