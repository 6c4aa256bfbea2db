"""All notes on a plan."""

from __future__ import annotations

import pandas as pd

from gridgeo.division.explain.institution_notes import note_in_parts, note_residents, note_without_land
from gridgeo.division.explain.note import NumberedLand, note_table
from gridgeo.division.explain.place_notes import (
    note_compounds,
    note_counts,
    note_each_community,
    note_lost_codes,
    note_pockets,
)
from gridgeo.division.explain.sizes import note_estimates, note_sizes
from gridgeo.division.prepare import wanted_counts
from gridgeo.division.request import Request, effort_text
from gridgeo.messages import say
from gridgeo.partition import Effort


def notes_of(land: NumberedLand, request: Request, steps: str | Effort, *, interrupted: bool) -> pd.DataFrame:
    """What is not as asked in land that has its codes: columns of `NOTE_COLUMNS`, by code.

    Parameters
    ----------
    steps
        The effort that was spent.
    interrupted
        Whether the search was ended early.
    """
    notes = [
        *note_pockets(land),
        *note_compounds(land),
        *note_counts(land, wanted_counts(land.ground, request)),
        *note_lost_codes(land),
        *note_sizes(land, split=land.ground.split),
        *note_estimates(land),
        *note_residents(land),
        *note_in_parts(land),
        *note_without_land(land),
    ]
    if interrupted:
        notes += note_each_community(land, "warning", say("interrupted"))
    elif isinstance(request.effort, float):
        told = {"seconds": f"{request.effort:g}", "effort": effort_text(steps)}
        notes += note_each_community(land, "note", say("effort_seconds", **told))
    return note_table(notes, land)
