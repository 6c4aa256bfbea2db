"""A drawing made whole: the fewest lines that must have strayed are drawn anew, and each square metre that moves is booked.

Steps
-----
drawn_faces
    The faces between all drawn lines, and who claims them.
persons_choice
    What only a person can decide.
line_evidence
    What speaks for it that a line strayed.
fewest_lines
    Which lines must have strayed.
rebuilt_zones
    Zones are put together from faces.
mended_tier
    One tier is mended.
drawing_repair
    The verb, and the table of what moved.
"""

from gridgeo.mending.drawing_repair import NEARLY_A_TOSS, Mended, repair

__all__ = ["NEARLY_A_TOSS", "Mended", "repair"]
