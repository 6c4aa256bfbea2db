"""Lines that should bound blocks and do not: dead ends, and gaps."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import UNBOUNDING, segments_of
from gridgeo.coverage import APART, Flags, Ints, Shapes, as_complex, first_by, lean, noded, none
from gridgeo.land.inputs import LandInputs, bounding_lines, bridge_heads


def dangling_lines(inputs: LandInputs, *, unbounding: Collection[str] = UNBOUNDING) -> gpd.GeoDataFrame:
    """Lines of which an end meets no other line or outline; what is given back and `unbounding` as `gridgeo.dangles` has them."""
    shapes, walls = np.asarray(inputs.communities.array, dtype=object), inputs.walls
    lines = bounding_lines(inputs.site, unbounding, walls)
    outlines = shapely.boundary(np.concatenate([shapes, inputs.institutions.shapes, inputs.water.outlines]))
    pieces, loose = _dangling(np.concatenate([*lines.values(), outlines]), bridge_heads(inputs.site, lines))
    parts, layer = _by_layer(pieces, lines | {"barriers": np.concatenate([walls.lines, walls.gates])})
    parts = _from_loose_end(shapely.normalize(parts), loose)
    order = np.lexsort((shapely.to_wkb(parts), *shapely.get_coordinates(shapely.get_point(parts, 0)).T[::-1], layer))
    parts, layer = parts[order], layer[order]
    middles = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    line, community = shapely.STRtree(shapes).query(middles, predicate="within")
    first = first_by(line, community)
    line, community = line[first], community[first]
    table = {
        "community": pd.array(inputs.communities.index.to_numpy()[community], dtype="string"),
        "layer": pd.array(layer[line], dtype="string"),
        "length_m": shapely.length(parts[line]),
    }
    return gpd.GeoDataFrame(table, geometry=parts[line], crs=inputs.site.crs)


def _dangling(lines: Shapes, held: Shapes) -> tuple[Shapes, Shapes]:
    """Straight pieces of lines that lead nowhere, taken away from their loose ends on until no end is loose; and loose ends.

    Parameters
    ----------
    held
        Points at which an end is not loose.
    """
    pieces = noded(lines)
    ends = np.column_stack([shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)]).ravel()
    fixed, _ = shapely.STRtree(held).query(ends, predicate="dwithin", distance=APART)
    _, first, node = np.unique(as_complex(shapely.get_coordinates(ends)), return_index=True, return_inverse=True)
    anchored = np.bincount(node[fixed], minlength=len(first)) > 0
    loose = (np.bincount(node, minlength=len(first)) == 1) & ~anchored
    gone = np.zeros(len(pieces), dtype=bool)
    count, rows, waiting = (np.zeros(len(first), dtype=np.int64) for _ in range(3))
    _peel((node.reshape(-1, 2), anchored), (count, rows, waiting), gone)
    return segments_of(pieces[gone])[0], ends[first[loose]]


@lean
def _peel(ends: tuple[Ints, Flags], memory: tuple[Ints, Ints, Ints], gone: Flags) -> None:
    """Take away pieces with an end that no other meets, and those that come loose by that.

    `ends` are the two nodes of each piece, and whether each node holds whatever ends there. Of each node the number of pieces
    that are left is known, and the exclusive or of their rows: where one is left, its row.
    """
    node, anchored = ends
    count, rows, waiting = memory
    for piece in range(len(node)):
        for end in range(2):
            count[node[piece, end]] += 1
            rows[node[piece, end]] ^= piece
    for start in range(len(anchored)):
        waiting[0] = start
        more = 1
        while more:
            more -= 1
            v = waiting[more]
            if count[v] != 1 or anchored[v]:
                continue
            piece = rows[v]
            gone[piece] = True
            for end in range(2):
                u = node[piece, end]
                count[u] -= 1
                rows[u] ^= piece
                if u != v:
                    waiting[more] = u
                    more += 1


def _by_layer(pieces: Shapes, lines: Mapping[str, Shapes]) -> tuple[Shapes, Shapes]:
    """Straight pieces merged, those of each layer for themselves, and the layer of each; what is of none is left out."""
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    of = np.full(len(pieces), "", dtype=object)
    for layer, shapes in lines.items():
        there = np.unique(shapely.STRtree(middles).query(shapes, predicate="dwithin", distance=APART)[1])
        of[there[of[there] == ""]] = layer
    merged = {
        layer: shapely.get_parts(shapely.line_merge(shapely.multilinestrings(pieces[of == layer]))) for layer in lines
    }
    parts = np.concatenate([none(), *merged.values()])
    return parts, np.repeat(list(merged), [len(own) for own in merged.values()]).astype(object)


def _from_loose_end(parts: Shapes, loose: Shapes) -> Shapes:
    """Lines that begin at a loose end, if they have one."""
    at, _ = shapely.STRtree(loose).query(shapely.get_point(parts, -1), predicate="dwithin", distance=0)
    begins, _ = shapely.STRtree(loose).query(shapely.get_point(parts, 0), predicate="dwithin", distance=0)
    backwards = np.setdiff1d(at, begins)
    out = parts.copy()
    out[backwards] = shapely.reverse(parts[backwards])
    return out
