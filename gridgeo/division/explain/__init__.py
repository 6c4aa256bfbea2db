"""What is not as asked, and why: notes.

Steps
-----
note
    One note, and the land that notes are about.
sizes
    Zones outside their limits.
place_notes
    Communities, compounds, pockets, kept zones.
institution_notes
    Who lives in dedicated zones, and which institutions have none.
all_notes
    All of them, as the table of a plan.
"""

from gridgeo.division.explain.all_notes import notes_of
from gridgeo.division.explain.note import NumberedLand

__all__ = ["NumberedLand", "notes_of"]
