"""Tiers with a fixed number of zones: shared out among given zones, and compared with what came out."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gridgeo.division.reasons import Note
from gridgeo.errors import DivisionError, InputError
from gridgeo.messages import Text, say
from gridgeo.model.codes import COMMUNITY_DIGITS, is_dedicated
from gridgeo.model.loads import amount
from gridgeo.model.scheme import Scheme, Tier
from gridgeo.model.tables import NOTE_COLUMNS


def refuse_given_counts(given: gpd.GeoDataFrame, tier: Tier) -> None:
    """Refuse a count of the given tier that is not the number of zones given in each community."""
    for community, zones in given.groupby("community", sort=True):
        if tier.count not in (None, len(zones)):
            raise InputError(say("count_given", tier=tier.name, count=tier.count, n=len(zones), community=community))


def shared_schemes(cells: gpd.GeoDataFrame, above: pd.Series, tiers: Scheme) -> dict[str, Scheme]:
    """The tiers for each land that is divided: counts of a community are shared out among its given zones by their load.

    Parameters
    ----------
    cells
        Reads: institution and the loads of the tiers.
    above
        Code of the land in which each cell lies: a community, or a given zone. Of a community that is divided itself the counts
        stay as they are.

    Raises
    ------
    InputError
        If a tier shall have fewer zones than the community has given ones.
    """
    ordinary = cells["institution"].isna()
    loads = {
        tier.name: cells[tier.load].where(ordinary).fillna(0).groupby(above, sort=True).sum().astype("int64")
        for tier in tiers
        if tier.count is not None
    }
    codes = pd.Series(sorted(set(above)))
    out = dict.fromkeys(codes, tiers)
    for _, group in codes.groupby(codes.str[:COMMUNITY_DIGITS], sort=True):
        counts = {tier.name: _shared(tier, loads[tier.name].loc[group]) for tier in tiers if tier.count is not None}
        for place, code in enumerate(group):
            own = [
                replace(tier, count=int(counts[tier.name][place]) if tier.name in counts else None) for tier in tiers
            ]
            out[code] = replace(tiers, tiers=tuple(own))
    return out


def refuse_impossible_counts(cells: gpd.GeoDataFrame, ordinary: pd.Series, scheme: Scheme) -> None:
    """Raise `DivisionError` if totals do not let tiers have their counts within their limits; `blocking` tells each community.

    Parameters
    ----------
    cells
        Reads: community and the loads of the tiers.
    ordinary
        Cells that are in no dedicated zone.
    """
    found = [
        (str(community), text)
        for tier in scheme
        for community, own in cells[ordinary].groupby("community", sort=True)
        if (text := _impossible(own, tier, str(community))) is not None
    ]
    if found:
        rows = [(text.reason, "warning", code, text.render("zh"), text.render("en")) for code, text in found]
        blocking = pd.DataFrame(rows, columns=list(NOTE_COLUMNS)).astype(NOTE_COLUMNS)
        raise DivisionError(
            reduce(lambda one, other: say("one_and", one=one, other=other), (t for _, t in found)), blocking
        )


def note_counts(cells: gpd.GeoDataFrame, ordinary: pd.Series, scheme: Scheme, longer: Text | str) -> list[Note]:
    """One note for each tier and community with another number of ordinary zones than asked for.

    Parameters
    ----------
    cells
        Reads: community, code and the loads of the tiers.
    ordinary
        Cells that are in no dedicated zone.
    longer
        Advice to search longer.
    """
    notes = []
    for tier in scheme:
        for community, group in cells.groupby("community", sort=True):
            codes = pd.Series(group["code"].str[: scheme.digits(tier.name)].unique())
            n = int((~is_dedicated(codes, tier)).sum())
            if tier.count not in (None, n):
                missed = {"tier": tier.name, "count": tier.count, "n": n, "community": community, "longer": longer}
                text = _impossible(group[ordinary[group.index]], tier, str(community)) or say("count_missed", **missed)
                notes.append(Note("count_missed", "warning", str(group.index[0]), text, None))
    return notes


def _impossible(cells: gpd.GeoDataFrame, tier: Tier, community: str) -> Text | None:
    """Why a community cannot have as many zones within limits as asked for; None if its totals do not forbid it."""
    for limits in (limits for limits in tier.limits if limits.hard):
        total = int(cells[limits.load].fillna(0).sum())
        least, most = (
            max(1, -(-total // limits.high)),
            min(len(cells), total // limits.low if limits.low else len(cells)),
        )
        # Where no number at all is possible, the sizes of zones tell why.
        if tier.count is not None and least <= most and not least <= tier.count <= most:
            bounds = {"least": least, "most": most, "low": limits.low, "high": limits.high}
            held = amount(limits.load, total)
            return say("count_impossible", tier=tier.name, count=tier.count, community=community, amount=held, **bounds)
    return None


def _shared(tier: Tier, load: pd.Series) -> npt.NDArray[np.int64]:
    """Numbers of zones in proportion to loads, at least one each (method of Webster)."""
    count = 0 if tier.count is None else tier.count
    if count < len(load):
        raise InputError(say("count_too_few", tier=tier.name, count=count, n=len(load)))
    shares = np.ones(len(load), dtype=np.int64)
    for _ in range(count - len(load)):
        shares[np.argmax(load.to_numpy() / (2 * shares + 1))] += 1
    return shares
