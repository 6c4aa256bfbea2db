"""What a planner has to know of institutions: who lives in dedicated zones, and which institutions have none."""

from __future__ import annotations

from gridgeo.division.explain.note import Note, NumberedLand
from gridgeo.division.request import named
from gridgeo.land import without_land
from gridgeo.messages import say
from gridgeo.model import amount, is_dedicated

TO_MEND = ("institution_homes", "institution_in_building", "institution_in_water", "institution_small")
"""Why an institution has no land, where a planner can mend it: not where another has its land, or it is outside."""


def note_residents(land: NumberedLand) -> list[Note]:
    """Notes on households in dedicated zones: those on an institution's land, and those on land that is shut in by it.

    About given dedicated zones there is nothing to tell.
    """
    tier, ground = land.scheme.finest, land.ground
    load, own = land.load(tier.load), ground.cells["institution"]
    given = ~ground.divided & (ground.kept.code == "")
    housed = is_dedicated(land.code, tier) & ~given & (load > 0)
    institution = own.groupby(land.code).transform("first")
    members = land.members(tier.load)
    notes = []
    for reason, chosen in (("dedicated_homes", own.notna()), ("pocket_dedicated", own.isna())):
        code = land.code[housed & chosen]
        for zone, cells in code.groupby(code, sort=True).groups.items():
            held = load[cells].sort_values(ascending=False, kind="stable")
            buildings = members[members["cell"].isin(held.index)].set_index("cell").loc[held.index, "building"]
            text = say(
                reason,
                amount=amount(tier.load, int(held.sum())),
                buildings=named(list(dict.fromkeys(buildings))),
                institution=land.institutions[institution[cells[0]]],
                zone=zone,
                low=tier.low,
            )
            severity = "note" if reason == "dedicated_homes" else "warning"
            notes.append(Note(reason, severity, int(land.places(cells[:1])[0]), text))
    return notes


def note_in_parts(land: NumberedLand) -> list[Note]:
    """One note for each institution whose land does not hang together, so that it is more than one dedicated zone."""
    own = land.cells["institution"].dropna()
    code = land.codes(land.scheme.dedicated)[own.index]
    notes = []
    for institution, zones in code.groupby(own, sort=True):
        apart = sorted(set(zones))
        if len(apart) > 1:
            told = {"institution": land.institutions[institution], "n": len(apart), "zones": named(apart)}
            cell = int(land.places(zones.index[:1])[0])
            notes.append(Note("dedicated_parts", "note", cell, say("dedicated_parts", **told)))
    return notes


def note_without_land(land: NumberedLand) -> list[Note]:
    """One note for each community with institutions that got no land and could get some: how many, and the first by name."""
    lost = without_land(land.site, land.cells)
    lost = lost[lost["reason"].isin(TO_MEND)]
    notes = []
    for community, group in lost.groupby("community", sort=True):
        names = named(sorted(land.institutions[group.index]))
        text = say("institutions_without_land", n=len(group), institutions=names)
        notes.append(Note("institutions_without_land", "warning", int(land.first_cells[community]), text, None))
    return notes
