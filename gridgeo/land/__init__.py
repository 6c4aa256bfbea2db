"""Land: streets, borders and buildings become blocks and cells, an exact coverage in which nothing is lost.

::

    site -> survey: what several steps need of its layers; each makes its own if it is given none
    site -> blocks: lines noded once, footprints that cross them kept whole
    site, blocks -> cells: each metre to the nearest footprint of its block, borders shared point by point
"""

from gridgeo.barriers import UNBOUNDING
from gridgeo.land.account.account_lines import account, accounted
from gridgeo.land.enclosures.block_table import blocks, dangles
from gridgeo.land.inputs.institution_land import without_land
from gridgeo.land.inputs.land_inputs import surveyed
from gridgeo.land.inputs.walled_compounds import compounds_of
from gridgeo.land.tessellation.cell_table import cells

__all__ = [
    "UNBOUNDING",
    "account",
    "accounted",
    "blocks",
    "cells",
    "compounds_of",
    "dangles",
    "surveyed",
    "without_land",
]
