"""What a planner has to know of institutions: who lives in dedicated zones, and which institutions have none."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gridgeo.division.reasons import Note, institution_names, named
from gridgeo.land import without_land
from gridgeo.messages import say
from gridgeo.model.codes import is_dedicated
from gridgeo.model.loads import amount
from gridgeo.model.scheme import Scheme
from gridgeo.model.site import Site

TO_MEND = ("institution_homes", "institution_in_building", "institution_in_water", "institution_small")
"""Why an institution has no land, where a planner can mend it: not where another has its land, or it is outside."""


def note_housed(cells: gpd.GeoDataFrame, given: pd.Series, scheme: Scheme, site: Site) -> list[Note]:
    """Notes on households in dedicated zones: those on an institution's land, and those on land that is shut in by it.

    Parameters
    ----------
    cells
        With code. Reads: institution, members and the load of the finest tier.
    given
        Cells of given dedicated zones, about which there is nothing to tell.
    """
    tier = scheme.finest
    names = institution_names(site)
    load = cells[tier.load].fillna(0)
    dedicated = is_dedicated(cells["code"], tier) & ~given
    institution = cells["institution"].groupby(cells["code"]).transform("first")
    notes = []
    own = cells["institution"].notna()
    for reason, chosen in (("dedicated_homes", own), ("pocket_dedicated", ~own)):
        homes = cells[dedicated & chosen & (load > 0)]
        for zone, group in homes.groupby("code", sort=True):
            held = load[group.index]
            ordered = group.loc[held.sort_values(ascending=False, kind="stable").index]
            buildings = dict.fromkeys(member.building for members in ordered["members"] for member in members)
            text = say(
                reason,
                amount=amount(tier.load, int(held.sum())),
                buildings=named(list(buildings)),
                institution=names[institution[group.index[0]]],
                zone=zone,
                low=tier.low,
            )
            severity = "note" if reason == "dedicated_homes" else "warning"
            notes.append(Note(reason, severity, str(group.index[0]), text))
    return notes


def note_in_parts(cells: gpd.GeoDataFrame, scheme: Scheme, site: Site) -> list[Note]:
    """One note for each institution whose land does not hang together, so that it is more than one dedicated zone.

    Parameters
    ----------
    cells
        With code. Reads: institution.
    """
    own = cells[cells["institution"].notna()]
    code = own["code"].str[: scheme.digits(scheme.dedicated.name)]
    names = institution_names(site)
    notes = []
    for institution, zones in code.groupby(own["institution"], sort=True):
        apart = sorted(set(zones))
        if len(apart) > 1:
            text = say("dedicated_parts", institution=names[institution], n=len(apart), zones=named(apart))
            notes.append(Note("dedicated_parts", "note", str(zones.index[0]), text))
    return notes


def note_without_land(cells: gpd.GeoDataFrame, site: Site) -> list[Note]:
    """One note for each community with institutions that got no land and could get some: how many, and the first by name.

    Parameters
    ----------
    cells
        Reads: community, kind, institution, members, households, geometry.
    """
    lost = without_land(site, cells)
    lost = lost[lost["reason"].isin(TO_MEND)]
    names = institution_names(site)
    notes = []
    for _, group in lost.groupby("community", sort=True):
        text = say("institutions_without_land", n=len(group), institutions=named(sorted(names[group.index])))
        cell = cells.index[(cells["community"] == group["community"].iloc[0]).to_numpy()][0]
        notes.append(Note("institutions_without_land", "warning", str(cell), text, None))
    return notes
