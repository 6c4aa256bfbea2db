"""What is not as asked in whole communities, compounds, pockets and kept zones."""

from __future__ import annotations

import pandas as pd

from gridgeo.division.explain.note import Note, NumberedLand
from gridgeo.division.request import impossible_count, named
from gridgeo.messages import Text, say
from gridgeo.model import amount, is_dedicated


def note_each_community(land: NumberedLand, severity: str, text: Text) -> list[Note]:
    """The same note for each community."""
    return [Note(text.reason, severity, int(cell), text, None) for cell in land.first_cells]


def note_counts(land: NumberedLand) -> list[Note]:
    """One note for each tier and community with another number of ordinary zones than asked for."""
    totals = {own.community: own for own in land.ground.totals()}
    notes = []
    for tier in (tier for tier in land.scheme if tier.count is not None):
        codes = land.codes(tier)
        codes = codes[~is_dedicated(codes, tier)]
        found = codes.groupby(land.cells["community"][codes.index]).nunique()
        for community, cell in land.first_cells.items():
            n = int(found.get(community, 0))
            if tier.count != n:
                missed = {"tier": tier.name, "count": tier.count, "n": n, "community": community, "longer": land.longer}
                text = impossible_count(totals[str(community)], tier) or say("count_missed", **missed)
                notes.append(Note("count_missed", "warning", int(cell), text, None))
    return notes


def note_pockets(land: NumberedLand) -> list[Note]:
    """One note for each pocket with a load that was joined across a barrier."""
    load, first = land.scheme.finest.load, land.ground.sums.first
    return [
        Note("pocket_joined", "warning", at, say("pocket_joined", amount=amount(load, held), building=first[at]))
        for at, held in land.parts.joined
    ]


def note_lost_codes(land: NumberedLand) -> list[Note]:
    """One note for each kept zone that had to change its code, because the zone above is another."""
    kept = land.ground.kept.code
    changed = kept[(kept != "") & (land.code != kept)]
    return [
        Note("kept_code_lost", "warning", int(cell), say("kept_code_lost", code=code))
        for code, cell in land.first_of(changed).items()
    ]


def note_compounds(land: NumberedLand) -> list[Note]:
    """One note for each community in which compounds are divided between finest zones: how many, and the first by name.

    Of compounds one in another each counts.
    """
    ground, tier = land.ground, land.scheme.finest
    held = ground.compounds
    lived_in = (ground.sums.built & ground.cells["institution"].isna().to_numpy(dtype=bool))[held["cell"]]
    at = held["cell"].to_numpy()
    homes = held.assign(
        code=land.code.to_numpy()[at],
        community=ground.cells["community"].to_numpy()[at],
        load=ground.sums.loads[tier.load][at],
    )[lived_in]
    notes = []
    for _, group in homes.groupby("community", sort=True):
        of = group.groupby("compound", sort=True)
        divided = of["code"].nunique().gt(1)
        load = of["load"].sum()[divided]
        if len(load):
            text = _divided(load, of["name"].first()[divided], high=tier.high, of_load=tier.load)
            notes.append(Note("compounds_divided", "note", int(group["cell"].iloc[0]), text, None))
    return notes


def _divided(load: pd.Series, names: pd.Series, *, high: int, of_load: str) -> Text:
    """How many compounds are divided, by what they hold; those that would have fitted into one zone are named first."""
    words = names.astype("object")
    words = words.where(words.notna(), load.index.to_series())
    order = pd.DataFrame({"large": load > high, "name": words}).sort_values(["large", "name"], kind="stable")
    large = int(order["large"].sum())
    reason = "compounds_large" if large == len(load) else "compounds_divided"
    held = {"n": len(load), "large": large, "high": amount(of_load, high)}
    return say(reason, **held, compounds=named(order["name"].tolist()))
