"""What is not as asked in whole communities, compounds, pockets and kept zones."""

from __future__ import annotations

import pandas as pd

from gridgeo.division.explain.note import Note, NumberedLand
from gridgeo.division.prepare import WantedCount
from gridgeo.division.request import impossible_count, named
from gridgeo.messages import Text, say
from gridgeo.model import COMMUNITY_DIGITS, amount, is_dedicated


def note_each_community(land: NumberedLand, severity: str, text: Text) -> list[Note]:
    """The same note for each community."""
    return [Note(text.reason, severity, int(cell), text, None) for cell in land.first_cells]


def note_counts(land: NumberedLand, wanted: list[WantedCount]) -> list[Note]:
    """One note for each tier, and community or given zone, with another number of ordinary zones than asked for."""
    notes = []
    for one in wanted:
        tier, totals, asked = one
        code = totals.community
        inside = land.code[land.code.str.startswith(code)]
        found = inside.str[: land.scheme.digits(tier.name)]
        apart = is_dedicated(found, tier)
        n = found[~apart].nunique()
        if tier.count != n and len(inside):
            shown = n + asked - (tier.count or 0)
            missed = {"tier": tier.name, "count": asked, "n": shown, "place": one.place, "longer": land.longer}
            text = impossible_count(totals, tier, one.place) or say("count_missed", **missed)
            cell = int(land.places(inside.index[:1])[0])
            depth = None if len(code) == COMMUNITY_DIGITS else 0
            notes.append(Note("count_missed", "warning", cell, text, depth))
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
