"""Land: streets, borders and buildings become blocks and cells, an exact coverage in which nothing is lost.

::

    site -> survey: what several steps need of its layers; each makes its own if it is given none
    site -> blocks: lines noded once, footprints that cross them kept whole
    site, blocks -> cells: each metre to the nearest footprint of its block, borders shared point by point
"""

from gridgeo.bounding import UNBOUNDING
from gridgeo.land.accounting import account, accounted
from gridgeo.land.apportioning import cells
from gridgeo.land.enclosing import blocks, dangles
from gridgeo.land.estates import compounds_of
from gridgeo.land.institutions import without_land
from gridgeo.land.survey import surveyed

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
