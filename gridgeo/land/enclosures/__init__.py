"""Blocks: land enclosed by borders, streets, railways, hard waterways and barriers.

Steps
-----
block_faces
    Faces of all lines and outlines.
narrow_faces
    Narrow land without buildings joins a neighbour.
block_borders
    Edges of all blocks; both blocks of an edge see the same points.
crossing_footprints
    Borders go round footprints that they would cross.
block_table
    Blocks with their names, kinds and institutions.
dead_ends
    Lines that bound nothing.
enclosure_account
    What that did to the layers.
"""

from gridgeo.land.enclosures.block_borders import Borders, EdgePoints, borders_of, undirected, with_breaks
from gridgeo.land.enclosures.block_table import enclose
from gridgeo.land.enclosures.crossing_footprints import PlacedFootprints, place_footprints
from gridgeo.land.enclosures.dead_ends import dangling_lines
from gridgeo.land.enclosures.enclosure_account import enclosure_lines

__all__ = [
    "Borders",
    "EdgePoints",
    "PlacedFootprints",
    "borders_of",
    "dangling_lines",
    "enclose",
    "enclosure_lines",
    "place_footprints",
    "undirected",
    "with_breaks",
]
