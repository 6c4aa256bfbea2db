"""Buildings with too many households, cut into parts of given size.

Steps
-----
tower_parts
    Which buildings are cut, and into which entrances, ranges of floors or equal parts.
footprint_cuts
    A footprint is cut along its length into pieces of given shares of its area.
footprint_mesh
    Triangles of a footprint that is no simple block.
harmonic_field
    A field from end to end of such a footprint, along isolines of which it is cut.
"""

from gridgeo.land.towers.tower_parts import TowerLimit, cut_towers

__all__ = ["TowerLimit", "cut_towers"]
