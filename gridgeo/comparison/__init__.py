"""Rounds of weighing: plans side by side, how they differ, and what each is good at.

A division is settled by people. This room only reads plans: figures side by side (`compare`), one number for how far two plans are
apart (`difference`), and small maps side by side (`sketch`).

Steps
-----
common_cells
    Cells that several plans group, and what is worked out of them once.
zone_sizes
    What zones hold, and what they should.
borders_along_lines
    How much of the borders runs along streets, railways and water.
walking_distances
    How far it is inside a zone from one building to another.
figures_table
    All figures side by side.
sketches
    Small maps side by side.
"""

from gridgeo.comparison.figures_table import compare, measured, worded
from gridgeo.comparison.sketches import Sketch, sketch
from gridgeo.matching import difference

__all__ = ["Sketch", "compare", "difference", "measured", "sketch", "worded"]
