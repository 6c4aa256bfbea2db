"""What separates land: classes of lines that bound blocks, and walls with the openings where one can pass them.

Steps
-----
classes
    Which rows of a layer bound, link or close, by their class; and their geometry as lines on the precision grid.
walls
    Walls and fences with their gates, and with holes no wider than a gateway.
"""

from gridgeo.barriers.classes import (
    GATES,
    HARD_BARRIERS,
    LINES,
    UNBOUNDING,
    are_bounding,
    are_closed,
    are_gates,
    are_walked,
    line_parts,
    lines_of,
    off_ground,
    segments_of,
    shapes_of,
)
from gridgeo.barriers.walls import GATE_M, GATEWAY_M, Walls, walls_of

__all__ = [
    "GATES",
    "GATEWAY_M",
    "GATE_M",
    "HARD_BARRIERS",
    "LINES",
    "UNBOUNDING",
    "Walls",
    "are_bounding",
    "are_closed",
    "are_gates",
    "are_walked",
    "line_parts",
    "lines_of",
    "off_ground",
    "segments_of",
    "shapes_of",
    "walls_of",
]
