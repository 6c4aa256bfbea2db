"""Faces of all lines and outlines: blocks before narrow ones join others and borders go round footprints."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Flags, Ints, Shapes, first_by, noded_faces, polygon_at, smallest_over, united
from gridgeo.errors import LandError
from gridgeo.land.inputs import InstitutionLand, LandInputs, WaterRailwayLand
from gridgeo.messages import say
from gridgeo.model import INSTITUTION, LAND, RAILWAY, WATER


class BlockFaces(NamedTuple):
    """Blocks as lines and outlines alone make them."""

    polygons: Shapes
    community: Ints
    institution: Ints
    """Row of the institution whose land it is; -1: none."""
    kind: Shapes
    absorbed: Ints
    """Number of narrow faces that joined each."""
    crossing: Flags
    """Land cut out of water or railway land below a way that leads across."""


def block_faces(inputs: LandInputs, lines: Shapes) -> BlockFaces:
    """Faces of lines, of borders of communities, and of outlines of institutions, of water and railway land.

    Parameters
    ----------
    lines
        What bounds blocks, on the precision grid.

    Raises
    ------
    LandError
        If no land is left on the precision grid.
    """
    institutions, water = inputs.institutions, inputs.water
    faces, community = _faces(np.asarray(inputs.communities.array, dtype=object), lines, inputs)
    institution = _institution_of(faces, community, institutions)
    crossing = _crossing_of(faces, community, water)
    # An institution's land, or a crossing, is one block whatever lines run through it; any other face is a block of its own.
    count = len(institutions.ids)
    key = np.where(crossing >= 0, count + crossing, count + len(faces) + np.arange(len(faces)))
    polygons, key = united(faces, np.where(institution >= 0, institution, key))
    at = polygon_at(polygons, faces)
    kind = _kinds(polygons, water)
    kind[crossing[at] >= 0] = LAND
    kind[institution[at] >= 0] = INSTITUTION
    absorbed = np.zeros(len(polygons), dtype=np.int64)
    is_crossing = (crossing[at] >= 0) & (institution[at] < 0)
    return BlockFaces(polygons, community[at], institution[at], kind, absorbed, is_crossing)


def _faces(communities: Shapes, lines: Shapes, inputs: LandInputs) -> tuple[Shapes, Ints]:
    """Faces in communities, and the community of each."""
    outlines = shapely.boundary(np.concatenate([communities, inputs.institutions.shapes, inputs.water.outlines]))
    lines = np.concatenate([lines, outlines])
    near, _ = shapely.STRtree(communities).query(lines, predicate="intersects")
    faces = noded_faces(lines[np.unique(near)])
    community = polygon_at(faces, communities)
    faces, community = faces[community >= 0], community[community >= 0]
    if len(faces) == 0:
        raise LandError(say("land_none"))
    return faces, community


def _kinds(polygons: Shapes, water: WaterRailwayLand) -> Shapes:
    """Kind of each polygon by what it lies in."""
    kind = np.full(len(polygons), LAND, dtype=object)
    kind[polygon_at(polygons, water.railway) >= 0] = RAILWAY
    kind[polygon_at(polygons, water.water) >= 0] = WATER
    kind[polygon_at(polygons, water.afloat) >= 0] = LAND
    return kind


def _institution_of(faces: Shapes, community: Ints, institutions: InstitutionLand) -> Ints:
    """Institution in whose land each face lies, the smallest of several; only in the community with most of that land."""
    institution = smallest_over(faces, institutions.shapes)
    rows = np.flatnonzero(institution >= 0)
    pair, where = np.unique(np.stack([institution[rows], community[rows]]), axis=1, return_inverse=True)
    share = np.bincount(where.ravel(), shapely.area(faces[rows]), minlength=pair.shape[1])
    best = first_by(pair[0], -share, pair[1])
    home = np.full(len(institutions.ids), -1)
    home[pair[0, best]] = pair[1, best]
    elsewhere = rows[home[institution[rows]] != community[rows]]
    institution[elsewhere] = -1
    return institution


def _crossing_of(faces: Shapes, community: Ints, water: WaterRailwayLand) -> Ints:
    """Number of the crossing, in one community, of which each face is a part; -1: none, or a building stands there alone."""
    crossing = polygon_at(faces, water.crossings)
    rows = np.flatnonzero((crossing >= 0) & (polygon_at(faces, water.afloat) < 0))
    out = np.full(len(faces), -1)
    _, number = np.unique(np.stack([crossing[rows], community[rows]]), axis=1, return_inverse=True)
    out[rows] = number.ravel()
    return out
