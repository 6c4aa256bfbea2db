"""A project of QGIS for the layers of one file: opened from the file, it shows them in order, styled and labelled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gridgeo.style.qml import Kind, LayerLook

_KINDS: Mapping[Kind, tuple[int, str, str]] = {
    "fill": (2, "Polygon", "Polygon"),
    "line": (1, "Line", "LineString"),
    "marker": (0, "Point", "Point"),
}
"""Kind of symbol -> dimension of the shapes, what QGIS calls them, and what its sources call them."""

_RIM = 0.05
"""Share of the ground left free at each side."""


class ProjectLayer(NamedTuple):
    """A layer of a project: all shapes of one kind of a layer of the file, or a table."""

    key: str
    source: str
    look: LayerLook
    kind: Kind | None
    """None of a table."""


def project_xml(layers: Mapping[str, pd.DataFrame], looks: Mapping[str, LayerLook], file: str) -> str:
    """The project of a file.

    Parameters
    ----------
    layers
        What is in the file, by name.
    looks
        How layers look, from above to below; those without a look are not shown.
    file
        Name of the file, for QGIS finds layers by it even in the file that holds the project.

    Returns
    -------
    project
        Text of a .qgs; empty if none of the layers has shapes and a look.
    """
    shown = [
        part for name, look in looks.items() if name in layers for part in _parts(name, layers[name], look, file=file)
    ]
    shapes = [layers[name] for name in looks if isinstance(layers.get(name), gpd.GeoDataFrame)]
    shapes = [table for table in shapes if len(table) and table.crs is not None]
    if not shapes:
        return ""
    crs = _crs_xml(CRS.from_user_input(shapes[0].crs))
    tree = "".join(_group(group, list(parts)) for group, parts in groupby(shown, key=lambda part: part.look.group))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis projectname="gridgeo" version="3.22.0"><title>gridgeo</title>'
        f"<projectCrs>{crs}</projectCrs>"
        f"<layer-tree-group><customproperties/>{tree}</layer-tree-group>"
        f'<mapcanvas name="theMapCanvas" annotationsVisible="1"><units>meters</units>{_extent(shapes)}<rotation>0</rotation>'
        f"<destinationsrs>{crs}</destinationsrs></mapcanvas>"
        f"<projectlayers>{''.join(_layer(part, crs) for part in shown)}</projectlayers>"
        '<properties><Paths><Absolute type="bool">false</Absolute></Paths>'
        '<SpatialRefSys><ProjectionsEnabled type="int">1</ProjectionsEnabled></SpatialRefSys>'
        '<PAL><PlacementEngineVersion type="int">1</PlacementEngineVersion></PAL></properties></qgis>'
    )


def _parts(name: str, table: pd.DataFrame, look: LayerLook, *, file: str) -> Iterator[ProjectLayer]:
    """A layer of the file, once for each kind of shapes in it."""
    source = f"./{file}|layername={name}"
    if not isinstance(table, gpd.GeoDataFrame):
        yield ProjectLayer(f"gridgeo_{name}", source, look, None)
        return
    there = set(np.unique(shapely.get_dimensions(table.geometry.to_numpy())).tolist())
    kinds = [kind for kind, (dimension, *_) in _KINDS.items() if dimension in there]
    for kind in kinds:
        of_kind = source if len(kinds) == 1 else f"{source}|geometrytype={_KINDS[kind][2]}"
        yield ProjectLayer(f"gridgeo_{name}_{kind}", of_kind, look, kind)


def _group(title: str, parts: list[ProjectLayer]) -> str:
    layers = "".join(
        f"<layer-tree-layer id={quoteattr(part.key)} name={quoteattr(part.look.title)} source={quoteattr(part.source)} "
        f'providerKey="ogr" checked="{_checked(part.look.shown)}" expanded="0"><customproperties/></layer-tree-layer>'
        for part in parts
    )
    shown = any(part.look.shown for part in parts)
    head = f'name={quoteattr(title)} checked="{_checked(shown)}" expanded="{int(shown)}"'
    return f"<layer-tree-group {head}><customproperties/>{layers}</layer-tree-group>"


def _checked(shown: bool) -> str:
    return "Qt::Checked" if shown else "Qt::Unchecked"


def _layer(part: ProjectLayer, crs: str) -> str:
    geometry = "No geometry" if part.kind is None else _KINDS[part.kind][1]
    drawn = "" if part.kind is None else part.look.drawn(part.kind)
    labels = int(part.look.label is not None)
    return (
        f'<maplayer type="vector" geometry="{geometry}" labelsEnabled="{labels}" hasScaleBasedVisibilityFlag="0">'
        f"<id>{escape(part.key)}</id><datasource>{escape(part.source)}</datasource>"
        f"<layername>{escape(part.look.title)}</layername>"
        f'<srs>{crs if part.kind else ""}</srs><provider encoding="UTF-8">ogr</provider>{drawn}</maplayer>'
    )


def _crs_xml(crs: CRS) -> str:
    authority = ":".join(crs.to_authority() or ())
    known = f"<wkt>{escape(crs.to_wkt())}</wkt><authid>{escape(authority)}</authid>"
    return f"<spatialrefsys>{known}</spatialrefsys>"


def _extent(tables: list[gpd.GeoDataFrame]) -> str:
    bounds = np.array([table.total_bounds for table in tables])
    (west, south), (east, north) = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    rim = _RIM * max(east - west, north - south)
    sides = {"xmin": west - rim, "ymin": south - rim, "xmax": east + rim, "ymax": north + rim}
    return "<extent>" + "".join(f"<{side}>{value:.2f}</{side}>" for side, value in sides.items()) + "</extent>"
