"""From land to parts of every tier.

Steps
-----
lands
    Each community or given zone for itself, with its own numbers of zones.
border_prices
    Borders of its cells, and what it costs to end a zone there.
pockets
    Land behind barriers that holds too little is joined across them.
attached
    Water and railway land, which is attached last.
tiers
    The graph for the solver, and the parts of every tier.
obstacles
    What certainly keeps limits from being met.
one_land
    These steps for one community or given zone.
solved
    The same for all of them.
"""

from gridgeo.division.solve.border_prices import PricedBorders, priced_borders
from gridgeo.division.solve.lands import (
    DividedLand,
    LandCells,
    cells_of,
    grouped,
    lands_of,
    shared_schemes,
    tiers_below,
)
from gridgeo.division.solve.one_land import evenness_of
from gridgeo.division.solve.solved import Parts, solve_lands, steps_within
from gridgeo.division.solve.tiers import Search, price_of_shape

__all__ = [
    "DividedLand",
    "LandCells",
    "Parts",
    "PricedBorders",
    "Search",
    "cells_of",
    "evenness_of",
    "grouped",
    "lands_of",
    "price_of_shape",
    "priced_borders",
    "shared_schemes",
    "solve_lands",
    "steps_within",
    "tiers_below",
]
