"""A plan changed by hand: each verb takes a plan and gives a new one, with a row more in its history.

An edit is a change of labels: cells get other codes, and coverage cannot break.

Steps
-----
named_land
    Zones by code or label, land by buildings, cells and compounds.
allowed_codes
    Which cells may get which codes: locks, dedicated zones, codes already used up.
touched_zones
    What became of the zones whose land changed.
recorded_edits
    New codes of some cells, or another name or lock, to a new plan that can be taken back.
single_edits
    The verbs move, merge, rename, lock, unlock and undo.
move_scripts
    Many edits from a file.
"""

from __future__ import annotations

from gridgeo.edits.move_scripts import replay
from gridgeo.edits.single_edits import lock, merge, move, rename, undo, unlock
from gridgeo.edits.touched_zones import outcome_of

__all__ = ["lock", "merge", "move", "outcome_of", "rename", "replay", "undo", "unlock"]
