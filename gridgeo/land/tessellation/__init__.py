"""Cells: all land of each block to its nearest building.

Steps
-----
cell_members
    Which cell each building is a member of, and which cells must be one for that.
linear_features
    Long land without buildings is cut in pieces.
land_ownership
    What of each building lies on land of others.
cell_table
    Cells with their names, kinds, institutions and members.
institution_losses
    Institutions that got less land than they were drawn with.
cell_account
    What that did to the layers.
"""

from gridgeo.land.tessellation.cell_account import cell_lines
from gridgeo.land.tessellation.cell_table import Tessellation, tessellate
from gridgeo.land.tessellation.institution_losses import without_land

__all__ = ["Tessellation", "cell_lines", "tessellate", "without_land"]
