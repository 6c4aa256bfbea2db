"""What a page is about: tiers of zones, pieces of land of which they consist, members, layers; of a plan or of a drawing."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.coverage import Ints, Shapes
from gridgeo.maps.web.drawn_shapes import curve_order, filled
from gridgeo.model import NOTE_COLUMNS, Plan, Report, Scheme, Site, Zones, empty_table, refuse_no_plan, shown_zones


class Pieces(NamedTuple):
    """Polygons that are never divided on the page; every zone consists of whole ones."""

    shapes: Shapes
    zone: tuple[Ints, ...]
    """For each tier, from coarse to fine, the row of each piece's zone; -1: none."""


class Subject(NamedTuple):
    """What is drawn. Zones of each tier come in the order of their codes."""

    names: tuple[str, ...]
    """Of the tiers, from coarse to fine."""
    tiers: tuple[gpd.GeoDataFrame, ...]
    pieces: Pieces
    members: gpd.GeoDataFrame | None
    """A row a building or a part of one: id, unit, name, households, code."""
    layers: Mapping[str, gpd.GeoDataFrame]
    scheme: Scheme | None
    notes: pd.DataFrame


def subject_of(drawn: Plan | Zones, report: Report | None = None, site: Site | None = None) -> Subject:
    """The subject of a page; its pieces are the finest zones.

    Parameters
    ----------
    report, site
        Of a drawing: what its check counted, and the place that it divides.

    Raises
    ------
    InputError
        If it is neither a plan nor zones.
    """
    if isinstance(drawn, Zones):
        drawing = shown_zones(drawn, report, site)
        tiers = tuple(_in_order(drawing.zones(name)) for name in drawing.tiers)
        members, layers = (None, {}) if site is None else (drawing.buildings, site.layers)
        pieces, notes = _pieces(tiers), empty_table(NOTE_COLUMNS)
        return Subject(drawing.tiers, tiers, pieces, members, layers, drawing.scheme, notes)
    refuse_no_plan(drawn)
    names = drawn.scheme.names
    tiers = tuple(_in_order(drawn.zones(name)) for name in names)
    return Subject(names, tiers, _pieces(tiers), drawn.buildings, drawn.site.layers, drawn.scheme, drawn.notes)


def with_cells(subject: Subject, plan: Plan) -> Subject:
    """The same with cells as pieces, so that a tool can give each another zone without any geometry."""
    cells = plan.cells.sort_index()
    cells = cells.iloc[curve_order(cells.geometry.to_numpy())]
    rows = [tier.index.get_indexer(cells["code"].str[: len(tier.index[0])]) for tier in subject.tiers]
    return subject._replace(pieces=Pieces(cells.geometry.to_numpy(), tuple(rows)))


def _in_order(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Zones by code, with rings that begin where they always begin; a drawing may repeat codes."""
    shaped = zones[filled(zones.geometry.to_numpy())]
    normal = shaped.set_geometry(shaped.geometry.normalize())
    return normal.iloc[np.lexsort((normal.geometry.to_wkb().to_numpy(), normal.index.to_numpy(dtype=str)))]


def _pieces(tiers: tuple[gpd.GeoDataFrame, ...]) -> Pieces:
    """The finest zones, and those coarser ones in which no finer one lies."""
    above = [rows_of(fine["parent"], coarse) for coarse, fine in itertools.pairwise(tiers)]
    found = []
    for depth, zones in enumerate(tiers):
        rows = np.arange(len(zones))
        bare = rows if depth == len(above) else np.setdiff1d(rows, above[depth])
        found.append((zones.geometry.to_numpy()[bare], _lineage(bare, above[:depth], len(tiers))))
    shapes, zone = (np.concatenate(columns) for columns in zip(*found[::-1], strict=True))
    order = curve_order(shapes)
    return Pieces(shapes[order], tuple(zone[order].T))


def rows_of(codes: pd.Series, zones: gpd.GeoDataFrame) -> Ints:
    """Rows of zones with these codes, the first where a code is repeated; -1: none."""
    rows = pd.Series(np.arange(len(zones)), index=zones.index)
    found = rows[~rows.index.duplicated()].reindex(codes.to_numpy())
    return found.fillna(-1).to_numpy(dtype=np.int64)


def _lineage(rows: Ints, above: list[Ints], tiers: int) -> Ints:
    """For rows of a tier the rows of their zones in all tiers; `above` are the parents of the zones of each tier."""
    lines = np.full((len(rows), tiers), -1)
    lines[:, len(above)] = rows
    for depth in range(len(above), 0, -1):
        rows = np.where(rows < 0, -1, above[depth - 1][rows]) if len(above[depth - 1]) else rows
        lines[:, depth - 1] = rows
    return lines
