"""How many ordinary zones of a tier are wanted: in each community, and in each given zone for which a number is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from gridgeo.coverage import components
from gridgeo.division.prepare.prepared import Prepared
from gridgeo.division.request import CommunityTotals, Request
from gridgeo.errors import InputError
from gridgeo.messages import Text, say
from gridgeo.model import COMMUNITY_DIGITS, Scheme, Tier


class WantedCount(NamedTuple):
    """A number of zones that is asked for.

    Parameters
    ----------
    tier
        With the number of its ordinary zones as count.
    totals
        What the community, or the given zone, holds.
    asked
        The number as it was asked for: with dedicated zones, if they count.
    """

    tier: Tier
    totals: CommunityTotals
    asked: int

    @property
    def place(self) -> Text:
        """The community or grid, in words."""
        code = self.totals.community
        return say("place_community" if len(code) == COMMUNITY_DIGITS else "place_grid", code=code)


def wanted_counts(ground: Prepared, request: Request) -> list[WantedCount]:
    """Every number of zones that is asked for, tier by tier; those of given zones last."""
    scheme, found = request.scheme, []
    for tier in (tier for tier in scheme if tier.count is not None):
        found += [
            WantedCount(own, totals, tier.count or 0)
            for totals in ground.totals()
            if (own := ordinary_tier(ground, scheme, tier, community=totals.community))
        ]
    totals = {own.community: own for own in ground.totals_above()}
    found += [
        WantedCount(replace(scheme.finest, count=n, count_all=False), totals[code], n)
        for code, n in counts_of(ground, request.counts).items()
    ]
    return found


def ordinary_tier(ground: Prepared, scheme: Scheme, tier: Tier, *, community: str) -> Tier:
    """A tier with the number of its ordinary zones: where dedicated ones count too, they are taken off.

    Raises
    ------
    InputError
        If nothing is left.
    """
    if tier.count is None or not tier.count_all:
        return tier
    stands = scheme.depth(tier.name) >= scheme.depth(scheme.dedicated.name)
    dedicated = dedicated_zones(ground).get(community, 0) if stands else 0
    if tier.count <= dedicated:
        raise InputError(say("count_all_dedicated", tier=tier.name, count=tier.count, n=dedicated, community=community))
    return replace(tier, count=tier.count - dedicated, count_all=False)


def dedicated_zones(ground: Prepared) -> dict[str, int]:
    """Number of dedicated zones in each community: cells of an institution that hang together, and given zones that are so."""
    owner = pd.factorize(ground.cells["institution"].to_numpy(), sort=False)[0]
    above = pd.factorize(ground.above.to_numpy())[0]
    a, b = ground.borders.a, ground.borders.b
    same = (owner[a] == owner[b]) & (above[a] == above[b]) & (owner[a] >= 0)
    part = components(a[same], b[same], len(owner))
    part = np.where(ground.dedicated, len(owner) + above, part)
    rows = np.flatnonzero((owner >= 0) | ground.dedicated)
    zones = pd.Series(part[rows]).groupby(ground.cells["community"].to_numpy(dtype=str)[rows]).nunique()
    return {str(code): int(n) for code, n in zones.items()}


def counts_of(ground: Prepared, counts: Mapping[str, int]) -> dict[str, int]:
    """Numbers by code of the land that is divided; they may be told by its last digits, where these are unique.

    Raises
    ------
    InputError
        If no land, or more than one, has such a code.
    """
    known = sorted(set(ground.above[ground.divided]))
    found: dict[str, int] = {}
    for told, n in counts.items():
        meant = [code for code in known if code == told] or [code for code in known if code.endswith(told)]
        if len(meant) != 1 or meant[0] in found:
            reason = "counts_unknown" if not meant else "counts_ambiguous"
            raise InputError(say(reason, code=told, n=len(meant), known=", ".join(known[:8])))
        found[meant[0]] = int(n)
    return found
