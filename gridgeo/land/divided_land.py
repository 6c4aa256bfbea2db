"""Land of a site in one run: inputs, blocks, cells; and the verbs that give a part of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from gridgeo.barriers import UNBOUNDING
from gridgeo.land.account import account_table, named_lines
from gridgeo.land.enclosures import dangling_lines, enclose, enclosure_lines
from gridgeo.land.inputs import MIN_WIDTH_M, LandInputs, input_lines, read_inputs
from gridgeo.land.tessellation import Tessellation, cell_lines, tessellate
from gridgeo.land.towers import TowerLimit
from gridgeo.model import Land, Site


class LandOptions(NamedTuple):
    """How land is divided."""

    max_households: int | None = None
    """Buildings above this are cut; None: none is."""
    split_large: bool = False
    """Whether also those that nothing tells how to cut are, into equal parts."""
    along: Callable[[gpd.GeoDataFrame], gpd.GeoSeries | None] | None = None
    """Called with the blocks: gives lines along which cells are cut, if there are any."""


_AS_THEY_ARE = LandOptions()
"""No building is cut."""


def divide_land(site: Site, options: LandOptions = _AS_THEY_ARE) -> Land:
    """Divide the land of a site into cells.

    Parameters
    ----------
    site
        Layers in metres.

    Raises
    ------
    LandError
        If the land could not be divided.
    """
    inputs = read_inputs(site)
    blocks = enclose(inputs)
    along = options.along(blocks) if options.along else None
    return _tessellated(inputs, blocks, TowerLimit(options.max_households, options.split_large), along=along)


def _tessellated(
    inputs: LandInputs, blocks: gpd.GeoDataFrame, limit: TowerLimit, *, along: gpd.GeoSeries | None
) -> Land:
    """Land whose blocks are known."""
    found = tessellate(inputs, blocks, limit, along=along)
    account = account_of(inputs, blocks, found)
    return Land(found.cells, found.members, blocks, inputs.compounds, inputs.walls, account)


def account_of(inputs: LandInputs, blocks: gpd.GeoDataFrame, cells: Tessellation) -> pd.DataFrame:
    """What each stage wrote, as `account_table` gives it."""
    named = named_lines(inputs.site)
    stages = input_lines(inputs), enclosure_lines(inputs, blocks, named), cell_lines(inputs, blocks, cells, named=named)
    return account_table([line for lines in stages for line in lines])


def blocks(
    site: Site, *, unbounding: Collection[str] = UNBOUNDING, min_width_m: float = MIN_WIDTH_M
) -> gpd.GeoDataFrame:
    """Enclose land by lines that people do not just walk across.

    Borders are those of communities; streets, railways, rivers and canals, walls and fences, closed across their gates
    and holes (see `gridgeo.barriers.walls`); outlines of water, of railway land and of institutions. Bridges and tunnels do not
    bound; where a street leads across water or railway land a strip of it is land, a block by itself, so that both
    banks are neighbours. A building that crosses a line stays whole: the border goes round its footprint, on the side
    of its largest share, but never leaves its community.
    Water or railway land with buildings is land, but where up to a dozen cover less than a hundredth of it: then each
    of them is a block by itself (a building given as a point: with a square round it).

    Parameters
    ----------
    site
        Layers in metres.
    unbounding
        Classes of streets (`highway`) that do not bound a block; streets without a class do.
    min_width_m
        Land without buildings in which no circle of this size fits, such as the strip between two carriageways, joins
        the neighbour in its community with the longest common edge on streets or openings of walls; water, railway and
        institutions' land neither joins nor takes any, and no land joins across a railway, waterway or barrier.

    Returns
    -------
    blocks
        Exact coverage of the communities by single polygons, indexed by block (community's code and a point inside
        [cm]). Columns: community (code), kind (land, water, railway, institution), institution (id), absorbed
        (number of narrow strips that joined it), deck (whether it is a strip across water or railway land), crossed
        (buildings round which its border goes: tuple of id and share of the footprint beyond the line), geometry.

    Raises
    ------
    LandError
        If no land is left on the precision grid.
    """
    return enclose(read_inputs(site), unbounding=unbounding, min_width_m=min_width_m)


def cells(
    site: Site,
    blocks: gpd.GeoDataFrame,
    *,
    max_households: int | None = None,
    split_large: bool = False,
    along: gpd.GeoSeries | None = None,
) -> Land:
    """Give all land of each block to its nearest building, by the distance to the footprint.

    Overlapping footprints: the smallest owns the land. A building without land of its own, or of which no cell would
    hold more than half, is a member of a cell with others. Land of a block without buildings is a cell without
    members; where it is long and thin, several.

    Parameters
    ----------
    site
        Layers in metres; reads buildings (levels, units, households), unit_households, institutions.
    blocks
        What `blocks` gives. Reads: community, kind, institution, geometry.
    max_households
        Buildings above this are cut into their entrances, or ranges of floors; None: none is cut.
    split_large
        Cut also buildings that nothing tells how to cut, into equal parts.
    along
        Lines along which cells are cut, and footprints too; an end that hangs inside a block cuts nothing.

    Returns
    -------
    land
        `cells`: exact coverage of `blocks` by single polygons, indexed by cell: id of the building whose land it is (of a
        part: its building's id, ``#`` and a number), or kind and a point inside [cm]. Columns: community, block,
        kind, institution, households (sum of the known figures), n_unknown (members without figure), members (tuple
        of Member), geometry. `members`: one row a building, or a part of a divided one. `account`: what that did to the layers.

    Raises
    ------
    LandError
        If outlines cannot be closed; `where` is a point nearby.
    """
    return _tessellated(read_inputs(site), blocks, TowerLimit(max_households, split_large), along=along)


def dangles(site: Site, *, unbounding: Collection[str] = UNBOUNDING) -> gpd.GeoDataFrame:
    """Lines that should bound blocks and do not, as an end of them meets no other line or outline: a dead end, or a gap.

    A line that goes on over a bridge, or in a tunnel, has no loose end there.

    Parameters
    ----------
    site
        Layers in metres.
    unbounding
        Classes of streets (`highway`) that do not bound a block.

    Returns
    -------
    dangles
        Numbered from 0. Columns: community (code), layer (streets, railways, waterways, barriers), length_m, geometry (the
        part of a line from its loose end to where it meets another, inside a community).
    """
    return dangling_lines(read_inputs(site), unbounding=unbounding)
