"""The data of a page in chunks: what the first view needs, the ground, buildings, findings. No other column leaves the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import Ints, Shapes
from gridgeo.maps.web.drawn_shapes import ShapeStreams, curve_order, filled
from gridgeo.maps.web.number_streams import Chunk, shown
from gridgeo.maps.web.page_subject import Subject, rows_of
from gridgeo.maps.web.page_words import both, page_texts, tier_title
from gridgeo.maps.web.web_plane import TICK_M, Plane
from gridgeo.messages import LANGS, say
from gridgeo.model import DEDICATED, HOUSEHOLDS, SEVERITIES, Report
from gridgeo.progress import Tell
from gridgeo.style import (
    FILLS,
    GREYS,
    ROLE_STROKES,
    SEVERITY_STROKES,
    TIER_LINE,
    Stroke,
    ZoneLook,
    label,
    tier_looks,
)

GROUND_LINES = ("waterways", "streets", "railways", "barriers", "compounds", "communities")
"""Layers drawn as lines; outlines of areas among them."""

_THIN_M = {"streets": 0.5, "compounds": 0.5, "communities": 0.1}
_WATER_M, _LINE_M, _FOOTPRINT_M, _FINDING_M = 0.7, 0.7, 0.3, 0.05
"""Tolerances by which shapes are thinned [m]."""

_STREET_RANKS = ("motorway", "trunk", "primary", "secondary", "tertiary", "residential", "service")
"""Classes of streets from broad to narrow; what is not named here is a path, or, without any class, residential."""

_ID = r"^(.*?)([1-9][0-9]{0,8})?$"
"""An id is a prefix and a number, where it ends with one."""


STEPS = 5
"""Steps to a page: its subject, and each of the chunks."""


def chunks_of(
    subject: Subject, plane: Plane, report: Report | None, *, tell: Tell = lambda _: None
) -> dict[str, Chunk]:
    """All chunks by name, in the order in which they are needed."""
    makers: dict[str, Callable[[], Chunk]] = {
        "first": lambda: _first(subject, plane),
        "ground": lambda: _ground(subject, plane),
    }
    if subject.members is not None:
        makers["buildings"] = lambda: _buildings(subject, plane)
    if report is not None:
        makers["findings"] = lambda: _findings(report, plane)
    found = {}
    for k, (name, make) in enumerate(makers.items(), start=2):
        tell(say("step_chunk", k=k, n=STEPS))
        found[name] = make()
    return found


def _first(subject: Subject, plane: Plane) -> Chunk:
    """Zones with their figures, and borders between pieces of land."""
    tiers = [_tier(subject, depth, look) for depth, look in enumerate(tier_looks(subject.tiers))]
    corner = plane.to_ticks(np.array([subject.tiers[-1].total_bounds[[2, 1]]]))[0]
    chunk = Chunk(
        plane=[plane.west, plane.north, plane.tick],
        ground=TICK_M,
        size=corner.tolist(),
        tiers=tiers,
        notes=_notes(subject),
        style=_style(),
        texts={lang: page_texts(lang) for lang in LANGS},
    )
    for depth, rows in enumerate(subject.pieces.zone):
        chunk.put_rising(f"zone_{depth}", rows)
    ShapeStreams(chunk, plane).arcs(subject.pieces.shapes, subject.pieces.zone[-1])
    return chunk


def _tier(subject: Subject, depth: int, look: ZoneLook) -> dict[str, Any]:
    """Columns of a tier: the declared ones."""
    zones, name = subject.tiers[depth], subject.names[depth]
    labels = [label(code, subject.scheme) for code in zones.index] if subject.scheme else list(zones.index)
    limits = [*subject.scheme.tier(name).limits] if subject.scheme and name in subject.scheme.names else []
    return {
        "key": name,
        "title": both(lambda lang: tier_title(name, lang)),
        "limits": [[limit.load, limit.low, limit.high] for limit in limits],
        "code": [shown(code) for code in zones.index],
        "label": [shown(text) for text in labels],
        "dedicated": _whole(zones["kind"] == DEDICATED),
        "name": [shown(text) for text in zones["name"]],
        "fill": [FILLS.index(colour) if colour in FILLS else colour for colour in look.colour],
        "grey": look.grey.tolist(),
        "unknown": _whole(zones["n_unknown"]),
        "buildings": _whole(zones["n_buildings"]),
        "area": [round(float(area), 1) for area in zones["area_m2"].fillna(0)],
        "loads": {load: _whole(zones[load]) for load in _loads(zones, limits)},
    }


def _loads(zones: gpd.GeoDataFrame, limits: list[Any]) -> list[str]:
    """Households, and what else the tier limits."""
    return [load for load in dict.fromkeys([HOUSEHOLDS, *(limit.load for limit in limits)]) if load in zones]


def _whole(column: pd.Series) -> list[int | None]:
    """Whole numbers, null where there is none."""
    return [None if pd.isna(value) else int(value) for value in column]


def _notes(subject: Subject) -> list[list[str]]:
    """What could not be met, of single zones: code, severity, text in both languages."""
    notes = subject.notes[subject.notes["code"].notna()]
    columns = [notes[name].map(shown) for name in ("code", "severity", "zh", "en")]
    return [list(row) for row in zip(*columns, strict=True)]


def _style() -> dict[str, Any]:
    """Looks shared by all maps."""

    def look(stroke: Stroke) -> dict[str, Any]:
        return {"line": stroke.line, "weight": stroke.weight, "fill": stroke.fill, "dash": list(stroke.dash)}

    return {
        "fills": list(FILLS),
        "greys": list(GREYS),
        "border": TIER_LINE,
        "roles": {role: look(stroke) for role, stroke in ROLE_STROKES.items()},
        "severities": {severity: look(stroke) for severity, stroke in SEVERITY_STROKES.items()},
    }


def _ground(subject: Subject, plane: Plane) -> Chunk:
    """Water, lines and outlines round about the zones, and names of streets."""
    chunk = Chunk()
    shapes = ShapeStreams(chunk, plane)
    water = _shapes(subject, "water")
    if len(water):
        shapes.areas("water", water.geometry.to_numpy(), _WATER_M)
    for role in GROUND_LINES:
        table = _shapes(subject, role)
        if len(table):
            lines = _outlines(table.geometry.to_numpy())
            rows = shapes.lines(role, lines, _THIN_M.get(role, _LINE_M))
            if role == "streets":
                chunk.put("streets_rank", _ranks(table)[rows])
                chunk.put_repeated("streets_name", table["name"].iloc[rows])
    return chunk


def _shapes(subject: Subject, role: str) -> gpd.GeoDataFrame:
    """Rows of a layer that can be drawn, in the order of a curve; those that are equal in place by their ids."""
    table = subject.layers.get(role)
    if table is None:
        return gpd.GeoDataFrame(geometry=[])
    table = table[filled(table.geometry.to_numpy())].sort_index(kind="stable")
    return table.iloc[curve_order(table.geometry.to_numpy())]


def _outlines(shapes: Shapes) -> Shapes:
    """Lines as they are, outlines of areas; points are lines without a length."""
    area, point = (np.isin(shapely.get_type_id(shapes), kinds) for kinds in ((3, 6), (0, 4)))
    lines = shapes.copy()
    lines[area] = shapely.boundary(shapes[area])
    lines[point] = None
    return lines


def _ranks(streets: gpd.GeoDataFrame) -> Ints:
    """Rank of each street by its class, 0 the broadest."""
    rank = {name: at for at, name in enumerate(_STREET_RANKS)}
    aliases = {"unclassified": "residential", "living_street": "residential", "pedestrian": "residential"}
    classes = streets["highway"].fillna("residential").str.removesuffix("_link").replace(aliases)
    return classes.map(rank).fillna(len(_STREET_RANKS)).to_numpy(dtype=np.int64)


def _buildings(subject: Subject, plane: Plane) -> Chunk:
    """Members with a shape: where they stand, id, unit, name, households, and the row of their finest zone."""
    members = subject.members
    assert members is not None
    members = members[filled(members.geometry.to_numpy())]
    members = members.iloc[curve_order(members.geometry.to_numpy())]
    chunk = Chunk()
    ShapeStreams(chunk, plane).areas("footprint", members.geometry.to_numpy(), _FOOTPRINT_M)
    chunk.put_rising("zone", rows_of(members["code"], subject.tiers[-1]))
    chunk.put("households", members["households"].add(1).fillna(0).astype(int))
    parts = members["id"].map(shown).str.extract(_ID)
    chunk.put_repeated("prefix", parts[0].fillna(""))
    chunk.put_rising("number", parts[1].fillna("0").astype(int))
    for column in ("unit", "name"):
        chunk.put_repeated(column, members[column])
    return chunk


def _findings(report: Report, plane: Plane) -> Chunk:
    """Findings with a place: their lines, outlines and points, rule, severity, code and message in both languages."""
    placed = report.findings[filled(report.findings.geometry.to_numpy())]
    spoken = [report.spoken(lang).findings["message"].reindex(placed.index) for lang in LANGS]
    columns = [placed[name].map(shown) for name in ("rule", "code")] + [text.map(shown) for text in spoken]
    severities = [SEVERITIES.index(severity) for severity in placed["severity"]]
    chunk = Chunk(rows=[list(row) for row in zip(severities, *columns, strict=True)])
    shapes = ShapeStreams(chunk, plane)
    parts, row = _simple_parts(placed.geometry.to_numpy())
    kinds = shapely.get_type_id(parts)
    for name, kind in (("points", 0), ("lines", 1), ("areas", 3)):
        own = np.flatnonzero(kinds == kind)
        chunk.put(f"{name}_row", row[own])
        (shapes.lines if kind == 1 else shapes.areas)(name, parts[own], _FINDING_M)
    return chunk


def _simple_parts(shapes: Shapes) -> tuple[Shapes, Ints]:
    """Points, lines and polygons of shapes, collections taken apart, and the row of each."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    inner, at = shapely.get_parts(parts, return_index=True)
    return inner, row[at]


def chunk_texts(chunks: dict[str, Chunk]) -> Iterator[tuple[str, str]]:
    """Names and packed texts."""
    for name, chunk in chunks.items():
        yield name, chunk.packed()
