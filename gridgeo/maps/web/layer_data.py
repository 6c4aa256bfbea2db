"""What a page holds: for each layer its shapes, its look and its declared columns; no other column leaves the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.maps.web.safe_text import esc
from gridgeo.messages import Lang, has_text, say
from gridgeo.model import GRID, SEVERITIES, Plan, Report
from gridgeo.style import (
    BUILDING_ON_ZONE,
    ROLE_STROKES,
    SEVERITY_STROKES,
    STREET_EDGE,
    TIER_LINE,
    WHITE,
    Stroke,
    colours,
    label,
    nested_colours,
)

PRECISION_DEGREES = 1e-6
"""Coordinates are whole multiples of this [degrees], a tenth of a metre. Neighbours share their points, also afterwards."""

_WGS84 = "EPSG:4326"
_CONTEXT = ("water", "waterways", "streets", "railways", "barriers")
_POINT, _LINE, _AREA = 0, 1, 2
_KINDS = {0: _POINT, 4: _POINT, 1: _LINE, 2: _LINE, 5: _LINE, 3: _AREA, 6: _AREA}


class PageLayer(NamedTuple):
    """A layer of a page."""

    key: str
    title: str
    """As it stands in the layer control, escaped."""
    data: Mapping[str, Any]
    """What the page's script draws; every text in it is escaped."""
    show: bool = True


def page_layers(plan: Plan, report: Report | None, lang: Lang) -> Iterator[PageLayer]:
    """All layers, from what is drawn first to what is drawn last."""
    names = plan.scheme.names
    outer = colours(plan.zones(names[0]))
    for depth, name in enumerate(names):
        fills = outer if depth == 0 else nested_colours(plan.zones(name), outer)
        yield _tier(plan, depth, fills, lang=lang)
    for role in _CONTEXT:
        table = plan.site.layer(role)
        if len(table):
            yield PageLayer(
                role, _words(f"role_{role}", lang), _quiet(table, ROLE_STROKES[role]), show=role != "barriers"
            )
    yield _buildings(plan, lang)
    borders = plan.site.communities
    data = _quiet(borders, ROLE_STROKES["communities"]) | {"level": "over"}
    yield PageLayer("communities", _words("role_communities", lang), data)
    if report is not None:
        yield from _faults(report, lang)


def tier_title(name: str, lang: Lang) -> str:
    """A tier by the name that planners use, escaped."""
    return _words(f"tier_{name}", lang) if has_text(f"tier_{name}") else esc(name)


def bounds(plan: Plan) -> list[list[float]]:
    """South-west and north-east corner [degrees]."""
    west, south, east, north = plan.cells.geometry.to_crs(_WGS84).total_bounds
    return [[float(south), float(west)], [float(north), float(east)]]


def _tier(plan: Plan, depth: int, fills: pd.Series, *, lang: Lang) -> PageLayer:
    name, tiers = plan.scheme.names[depth], len(plan.scheme)
    # Where a ring begins depends on the order of the cells; a page may not.
    zones = plan.zones(name)
    zones = zones.set_geometry(zones.geometry.normalize())
    heads = ["map_code", "map_kind", "map_name", "map_households", "map_buildings", "map_area"]
    kinds = [tier_title(name, lang) if kind == GRID else _words(f"kind_{kind}", lang) for kind in zones["kind"]]
    data = _features(zones) | {
        "style": _style(Stroke(TIER_LINE, 0.4, WHITE), 0.85),
        "level": "low",
        "fills": fills.tolist(),
        "outline": _style(Stroke(TIER_LINE, 0.7 + 1.6 * (tiers - 1 - depth)), 0),
        "heads": [_words(head, lang) for head in heads],
        "rows": _zone_rows(zones, kinds, lang),
        "labels": _labels(zones, _short(plan, depth)),
        "rank": depth,
    }
    return PageLayer(name, tier_title(name, lang), data)


def _zone_rows(zones: gpd.GeoDataFrame, kinds: list[str], lang: Lang) -> list[list[str]]:
    """What a click on each zone tells: code, kind, name, households, buildings, hectares."""
    columns = [zones[name] for name in ("name", "households", "n_unknown", "n_buildings", "area_m2")]
    return [
        [esc(code), kind, esc(name), _households(households, unknown, lang), esc(buildings), f"{area / 1e4:.2f}"]
        for code, kind, name, households, unknown, buildings, area in zip(zones.index, kinds, *columns, strict=True)
    ]


def _short(plan: Plan, depth: int) -> list[str]:
    """Short labels of a tier; none where the coarser zone of a dedicated one says the same."""
    zones, scheme = plan.zones(plan.scheme.names[depth]), plan.scheme
    labels = [label(code, scheme) for code in zones.index]
    if depth == 0:
        return [esc(own) for own in labels]
    return [
        "" if own == label(parent, scheme) else esc(own) for own, parent in zip(labels, zones["parent"], strict=True)
    ]


def _buildings(plan: Plan, lang: Lang) -> PageLayer:
    members = plan.buildings
    heads = ["map_id", "map_name", "map_unit", "map_households", "map_code"]
    columns = [members[name].tolist() for name in ("id", "name", "unit", "households", "code")]
    data = _features(members) | {
        "level": "over",
        "style": _style(BUILDING_ON_ZONE._replace(weight=0.8), 0.65),
        "heads": [_words(head, lang) for head in heads],
        "rows": [[esc(value) for value in row] for row in zip(*columns, strict=True)],
    }
    return PageLayer("buildings", _words("role_buildings", lang), data)


def _faults(report: Report, lang: Lang) -> Iterator[PageLayer]:
    placed = report.findings[~(report.findings.geometry.isna() | report.findings.geometry.is_empty)]
    for severity in SEVERITIES[::-1]:
        found = placed[placed["severity"] == severity]
        if len(found):
            data = _features(found) | {
                "level": "over",
                "style": _style(SEVERITY_STROKES[severity], 0.25),
                "heads": [_words("map_rule", lang), _words("map_message", lang)],
                "rows": [[esc(rule), esc(text)] for rule, text in zip(found["rule"], found["message"], strict=True)],
            }
            title = esc(say("map_faults", severity=say(f"severity_{severity}")).render(lang))
            yield PageLayer(f"faults_{severity}", title, data, show=severity != "note")


def _quiet(table: gpd.GeoDataFrame, stroke: Stroke) -> dict[str, Any]:
    """Context: drawn, but nothing happens on a click and no column goes along."""
    edge = _style(Stroke(STREET_EDGE, stroke.weight + 1.4), 0) if stroke == ROLE_STROKES["streets"] else None
    return _features(table) | {"level": "low", "style": _style(stroke, 0.9), "edge": edge}


def _style(stroke: Stroke, opacity: float) -> dict[str, Any]:
    """Options of a path in Leaflet."""
    style: dict[str, Any] = {
        "color": stroke.line,
        "weight": round(stroke.weight * 1.2, 2),
        "fill": stroke.fill is not None,
    }
    if stroke.fill is not None:
        style |= {"fillColor": stroke.fill, "fillOpacity": opacity}
    if stroke.dash:
        style["dashArray"] = " ".join(f"{part * stroke.weight:g}" for part in stroke.dash)
    return style


def _features(table: gpd.GeoDataFrame) -> dict[str, Any]:
    """Shapes of a table: `shapes` holds, for each part, its row, its kind and its rings of delta-coded coordinates."""
    shapes = table.geometry.to_crs(_WGS84).to_numpy()
    found = []
    for row, shape in enumerate(shapes):
        if shape is None or shape.is_empty:
            continue
        parts = shapely.get_parts(shapely.get_parts(shape))
        kinds = np.array([_KINDS[kind] for kind in shapely.get_type_id(parts)])
        found += [
            [row, kind, [_part(part, kind) for part in parts[kinds == kind]]] for kind in np.unique(kinds).tolist()
        ]
    return {"shapes": found}


def _part(part: shapely.Geometry, kind: int) -> list[Any]:
    """A point or line as one list of numbers, a polygon as a list of its rings."""
    if kind != _AREA:
        return _deltas(shapely.get_coordinates(part), kind)
    return [_deltas(shapely.get_coordinates(ring)[:-1], kind) for ring in shapely.get_rings(part)]


def _deltas(points: npt.NDArray[np.float64], kind: int) -> list[int]:
    """Longitude and latitude in multiples of the precision, each from the point before; points that fall together are one."""
    whole = np.round(points / PRECISION_DEGREES).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=0)
    moved = (steps != 0).any(axis=1)
    moved[0] = True
    fewest = {_POINT: 1, _LINE: 2, _AREA: 3}[kind]
    kept = steps if moved.sum() < fewest else steps[moved]
    return [int(step) for step in kept.ravel()]


def _labels(zones: gpd.GeoDataFrame, texts: Sequence[str]) -> list[list[Any]]:
    """For each zone the middle of its widest room [degrees], the room's radius [m] and the text."""
    shapes = zones.geometry.to_numpy()
    sizes = np.sqrt(shapely.area(shapes))
    circles = np.array(
        [shapely.maximum_inscribed_circle(s, tolerance=t / 25) for s, t in zip(shapes, sizes, strict=True)]
    )
    centres = gpd.GeoSeries(shapely.get_point(circles, 0), crs=zones.crs).to_crs(_WGS84)
    radii = shapely.length(circles)
    return [
        [round(float(x), 6), round(float(y), 6), round(float(radius), 1), text]
        for x, y, radius, text in zip(centres.x, centres.y, radii, texts, strict=True)
    ]


def _households(households: object, unknown: object, lang: Lang) -> str:
    """The sum of the known figures, and how many are not known."""
    known = esc(households)
    missing = 0 if pd.isna(unknown) else int(unknown)  # type: ignore[call-overload]
    return f"{known} ({esc(say('page_unknown', n=missing).render(lang))})" if missing else known


def _words(reason: str, lang: Lang) -> str:
    return esc(say(reason).render(lang))
