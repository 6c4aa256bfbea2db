"""Land: streets, borders and buildings become blocks and cells, an exact coverage in which nothing is lost.

::

    site -> survey: what several steps need of its layers; each makes its own if it is given none
    site -> blocks: lines noded once, footprints that cross them kept whole
    site, blocks -> cells: each metre to the nearest footprint of its block, borders shared point by point
"""

from gridgeo.barriers.classes import UNBOUNDING
from gridgeo.land.account.lines import account, accounted
from gridgeo.land.enclosures.enclosing import blocks, dangles
from gridgeo.land.inputs.estates import compounds_of
from gridgeo.land.inputs.institutions import without_land
from gridgeo.land.inputs.survey import surveyed
from gridgeo.land.tessellation.apportioning import cells

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
