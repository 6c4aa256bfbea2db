"""Land: streets, borders and buildings become blocks and cells, an exact coverage in which nothing is lost.

Steps
-----
account
    Lines of the account, written by each of the stages.
inputs
    What layers say: who gets land, what bounds it, which land is none to build on.
enclosures
    Blocks: lines noded once, footprints that cross them kept whole.
voronoi
    Each metre of a block to the nearest of its footprints, borders shared point by point.
tessellation
    Cells: that land with its members, kinds and institutions.
towers
    Buildings with too many households are cut before they get land.
divided_land
    All of that in one run.
compound_cells
    Which cells lie in which compounds.
"""

from gridgeo.barriers import UNBOUNDING
from gridgeo.land.account import with_account
from gridgeo.land.compound_cells import held_by_compounds, seats
from gridgeo.land.divided_land import LandOptions, blocks, cells, dangles, divide_land
from gridgeo.land.inputs import compounds_of
from gridgeo.land.tessellation import without_land

__all__ = [
    "UNBOUNDING",
    "LandOptions",
    "blocks",
    "cells",
    "compounds_of",
    "dangles",
    "divide_land",
    "held_by_compounds",
    "seats",
    "with_account",
    "without_land",
]
