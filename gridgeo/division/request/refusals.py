"""What is refused: requests that no division can meet, told before land is cut where that needs none, else before the search.

What is wrong with one value by itself is refused where that is read: options in `asked`, efforts in `search_effort`, the geometry
of drawn zones in `zone_drawings`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from gridgeo.coverage import PRECISION_M, is_exact
from gridgeo.errors import DivisionError, InputError
from gridgeo.messages import Text, say
from gridgeo.model import NOTE_COLUMNS, Land, Plan, Scheme, Site, Tier, amount, building_loads

NAMED = 5
"""Buildings, compounds or zones named in one text; the others are counted."""


class CommunityTotals(NamedTuple):
    """What the ordinary cells of a community, or of a given zone, hold: how many they are, and the sum of each load."""

    community: str
    cells: int
    loads: Mapping[str, int]


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


def refuse_narrow_codes(most: float, scheme: Scheme) -> None:
    """Refuse a scheme whose digits cannot number the expected children of a parent.

    The parent of any tier but the coarsest is as large as its own upper limit allows, and no larger than all the land.

    Parameters
    ----------
    most
        Load of the largest land that is divided: a community, or a given zone.

    Raises
    ------
    InputError
        Saying which width would do.
    """
    for depth, tier in enumerate(scheme):
        expected = math.ceil(most / max(1, tier.aim))
        if tier.count is not None:
            expected = min(tier.count, expected) if depth else tier.count
        if expected > tier.capacity:
            enough = _enough(tier, expected)
            raise InputError(
                say("code_too_narrow", tier=tier.name, n=expected, room=tier.capacity, width=tier.width, enough=enough)
            )
        most = min(most, tier.high)


def refuse_many_institutions(institutions: pd.Series, above: pd.Series, tier: Tier) -> None:
    """Refuse a tier whose digits cannot number the dedicated zones of a parent: one an institution at least.

    Parameters
    ----------
    institutions
        Institution of each cell, missing for most.
    above
        Code of the parent of each cell.
    tier
        At which dedicated zones stand.

    Raises
    ------
    InputError
        Saying which width would do.
    """
    for parent, n in institutions.groupby(above, sort=True).nunique().items():
        if n > tier.reserved:
            enough = _enough(tier, 9 * (n + 1))  # a tenth of the numbers, without the one that ends in zeros
            told = {"parent": parent, "tier": tier.name, "n": n, "room": tier.reserved, "first": tier.capacity + 1}
            raise InputError(say("code_dedicated", **told, width=tier.width, enough=enough))


def refuse_given_counts(given: gpd.GeoDataFrame, tier: Tier) -> None:
    """Refuse a count of the given tier that is not the number of zones given in each community."""
    for community, zones in given.groupby("community", sort=True):
        if tier.count not in (None, len(zones)):
            raise InputError(say("count_given", tier=tier.name, count=tier.count, n=len(zones), community=community))


def refuse_few_zones(tier: Tier, lands: int) -> None:
    """Refuse a fixed number of zones of a tier that is less than the number of given zones of a community."""
    if tier.count is not None and tier.count < lands:
        raise InputError(say("count_too_few", tier=tier.name, count=tier.count, n=lands))


def refuse_unknown_codes(codes: Iterable[str], scheme: Scheme) -> None:
    """Refuse to keep zones whose codes are none of the scheme."""
    lengths = {scheme.digits(tier.name): tier.name for tier in scheme}
    odd = sorted({code for code in codes if len(code) not in lengths or not code.isdigit()})
    if odd:
        tiers = ", ".join(f"{name} {digits}" for digits, name in lengths.items())
        raise InputError(say("keep_code", codes=", ".join(odd[:NAMED]), tiers=tiers))


def refuse_cells(land: Land, site: Site) -> None:
    """Refuse passed cells that lack columns, do not fit edge to edge, or are not those of the site."""
    missing = {"community", "block", "kind", "institution", "households", "n_unknown", "members"} - set(
        land.cells.columns
    )
    if missing:
        raise InputError(say("cells_columns", columns=", ".join(sorted(missing))))
    if not is_exact(land.cells.geometry.to_numpy()):
        raise InputError(say("cells_not_exact"))
    lacking_m2 = abs(float(land.cells.area.sum()) - float(site.communities.area.sum()))
    others = set(land.members["building"]) != set(site.buildings.index)
    if lacking_m2 > float(site.communities.length.sum()) * PRECISION_M or others:
        raise InputError(say("cells_of_another_site"))


def refuse_keep_without_codes(land: Land | None) -> None:
    """Refuse to keep zones by their codes where no cells are passed that bear codes."""
    if land is None or "code" not in land.cells:
        raise InputError(say("keep_needs_cells"))


def refuse_missing_zones(wanted: set[str], there: pd.Series) -> None:
    """Refuse to keep zones of a tier that are not among the codes that cells bear in it."""
    missing = sorted(wanted - set(there.dropna()))
    if missing:
        raise InputError(say("keep_no_zone", codes=", ".join(missing)))


def refuse_impossible_counts(wanted: Iterable[tuple[CommunityTotals, Tier, Text]]) -> None:
    """Raise `DivisionError` if totals do not let tiers have their counts within their limits; `blocking` tells each place.

    Parameters
    ----------
    wanted
        What each place holds, the tier with the count of its ordinary zones, and the place in words.
    """
    found = [
        (own.community, text) for own, tier, place in wanted if (text := impossible_count(own, tier, place)) is not None
    ]
    if found:
        rows = [(text.reason, "warning", code, text.render("zh"), text.render("en")) for code, text in found]
        blocking = pd.DataFrame(rows, columns=list(NOTE_COLUMNS)).astype(NOTE_COLUMNS)
        raise DivisionError(
            reduce(lambda one, other: say("one_and", one=one, other=other), (t for _, t in found)), blocking
        )


def impossible_count(totals: CommunityTotals, tier: Tier, place: Text) -> Text | None:
    """Why a community cannot have as many zones within limits as asked for; None if its totals do not forbid it."""
    for limits in (limits for limits in tier.limits if limits.hard):
        total = totals.loads[limits.load]
        least = max(1, -(-total // limits.high))
        most = min(totals.cells, total // limits.low if limits.low else totals.cells)
        # Where no number at all is possible, the sizes of zones tell why.
        if tier.count is not None and least <= most and not least <= tier.count <= most:
            asked = {"tier": tier.name, "count": tier.count, "place": place}
            bounds = {"least": least, "most": most, "low": limits.low, "high": limits.high}
            return say("count_impossible", **asked, amount=amount(limits.load, total), **bounds)
    return None


def named(names: Sequence[str]) -> str:
    """The first names, and how many more there are.

    Parameters
    ----------
    names
        In the order in which they matter.
    """
    return ", ".join(names[:NAMED]) + (f" +{len(names) - NAMED}" if len(names) > NAMED else "")


def refuse_misfits(plan: Plan) -> None:
    """Raise `DivisionError` if any zone is outside its limits, or there are not as many as asked for."""
    misfits = plan.notes[plan.notes["reason"].str.startswith(("size_", "count_"))]
    if len(misfits):
        first = "; ".join((misfits["code"] + ": " + misfits["en"]).head(NAMED))
        raise DivisionError(say("division_misfits", n=len(misfits), first=first), misfits.reset_index(drop=True), plan)


def _enough(tier: Tier, expected: int) -> int:
    width = tier.width
    while 9 * 10 ** (width - 1) < expected:
        width += 1
    return width
