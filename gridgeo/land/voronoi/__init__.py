"""All land of a block to its nearest footprint.

Steps
-----
faces
    Footprints become disjoint faces.
nearest
    Which footprint is nearest to a point.
envelope
    Where along an edge that changes.
batching
    Blocks with their footprints, some at a time.
mesh
    Triangles between borders and footprints.
sheet, sides, cutting
    Triangles are cut where the nearest footprint changes.
sharing
    Land of a batch, and what is done where that fails.
nearland
    Land of all blocks.
"""

from gridgeo.land.voronoi.nearland import share_land
from gridgeo.land.voronoi.sharing import Retried, Shares

__all__ = ["Retried", "Shares", "share_land"]
