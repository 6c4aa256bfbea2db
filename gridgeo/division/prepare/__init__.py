"""From a request to land that can be grouped.

Steps
-----
given_lines
    Lines along which cells are cut, so that given zones are unions of cells.
zones_of_cells
    Which given or kept zone each cell lies in.
cell_sums
    What the members of cells come to.
prepared
    Cells in place order, their borders, and the land above them, as one value.
zone_counts
    How many zones are asked for, in communities and given zones.
"""

from gridgeo.division.prepare.cell_sums import CellSums, mean_load, most_households
from gridgeo.division.prepare.given_lines import outlines
from gridgeo.division.prepare.prepared import WEIGHTS, CellBorders, Prepared, Tell, prepare
from gridgeo.division.prepare.zone_counts import WantedCount, counts_of, ordinary_tier, wanted_counts
from gridgeo.division.prepare.zones_of_cells import KeptCells

__all__ = [
    "WEIGHTS",
    "CellBorders",
    "CellSums",
    "KeptCells",
    "Prepared",
    "Tell",
    "WantedCount",
    "counts_of",
    "mean_load",
    "most_households",
    "ordinary_tier",
    "outlines",
    "prepare",
    "wanted_counts",
]
