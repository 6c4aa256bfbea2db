"""Small maps side by side: the same land divided by several plans, zones that match in the same colour."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.comparison.figures_table import named, tier_words
from gridgeo.comparison.zone_sizes import sizes
from gridgeo.coverage import Shapes
from gridgeo.files import write_text
from gridgeo.matching import cut_codes, difference, land_in_common, matched
from gridgeo.messages import Lang, say
from gridgeo.model import Plan, Tier, amount, is_dedicated
from gridgeo.style import ROLE_STROKES, TIER_LINE, colours, fill, neighbours, tier_weight

ACROSS = 3
"""Maps in a row."""

_WIDTH, _GAP, _HEAD = 300, 14, 40
"""Of a map [px]: its width, the space beside it, the room for its title."""

_FINE_PX = 0.6
"""Detail smaller than this is left out [px]; borders of neighbours stay the same line."""

_DIGIT_PX = 0.62
"""Width of a digit, as a share of the size of the letters."""

_SIZES = (11.0, 9.0, 7.5)
"""Sizes of the numbers in zones, the first that fits [px]."""

_STYLE = (
    "text{font-family:sans-serif;fill:#111}.t{font-size:15px;font-weight:bold}.s{font-size:11px}"
    ".n{text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:2px;stroke-opacity:.6}"
    f".b{{fill:none;stroke:{TIER_LINE};stroke-linejoin:round}}"
    f".r{{fill:none;stroke:{ROLE_STROKES['streets'].line};stroke-width:8}}"
)


@dataclass(frozen=True)
class Sketch:
    """A picture that Jupyter shows, also in a notebook that is not trusted: nothing in it runs or asks for anything.

    Parameters
    ----------
    svg
        The picture as text.
    """

    svg: str = field(repr=False)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the picture (SVG); errors as `files.write_text`."""
        return write_text(path, self.svg, overwrite=overwrite)

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.svg.encode("utf-8")).decode("ascii")
        return f'<img alt="" style="max-width: 100%" src="data:image/svg+xml;base64,{data}"/>'


def sketch(
    plans: Sequence[Plan], tier: str | None = None, *, names: Sequence[str] | None = None, lang: Lang = "zh"
) -> Sketch:
    """Small maps of plans side by side, with what each zone holds: households, or the load that the tier balances.

    Zones are matched one to one to those of the first plan, so that they share as much land as can be, and have their colours as
    long as no two neighbours are alike: what changed stands out.

    Parameters
    ----------
    plans
        Of one place.
    tier
        Tier to draw; the coarsest of the first plan if left out. Borders of coarser tiers are drawn stronger.
    names
        Of the plans; A, B, C ... if left out.
    lang
        Language of the titles.

    Raises
    ------
    InputError
        If there are no plans, names do not fit, or a plan lacks the tier.
    """
    names = named(plans, names)
    tier = tier or plans[0].scheme.names[0]
    window = _window(plans[0])
    first = colours(plans[0].zones(tier))
    maps = []
    for k, (plan, name) in enumerate(zip(plans, names, strict=True)):
        fills = first if k == 0 else _carried((plans[0], plan), tier, first)
        lines = _title(plan, plan.scheme.tier(tier), lang)
        if k:
            share = round(100 * difference(plans[0], plan, tier))
            lines += " · " + say("sketch_difference", name=names[0], share=share).render(lang)
        row, column = divmod(k, ACROSS)
        x, y = column * (_WIDTH + _GAP), row * (window.height + _HEAD + _GAP)
        picture = _PlanMap(plan, plan.scheme.tier(tier), window).picture(fills, (name, lines))
        maps.append(f'<g transform="translate({x} {y})">{picture}</g>')
    wide = min(len(plans), ACROSS) * (_WIDTH + _GAP) - _GAP
    high = -(-len(plans) // ACROSS) * (window.height + _HEAD + _GAP) - _GAP
    return Sketch(_page(maps, _streets(plans[0], window), (wide, high)))


class Window(NamedTuple):
    """Ground in view: `west` and `north` [m], metres a pixel, height of the map [px]."""

    west: float
    north: float
    metres: float
    height: int

    def path(self, shapes: Shapes) -> str:
        """Outlines of polygons, or lines, as path data in tenths of a pixel."""
        parts = shapely.get_parts(shapely.get_parts(shapes))
        kinds = shapely.get_type_id(parts)
        data = [self._line(ring, "z") for ring in shapely.get_rings(parts[kinds == 3])]
        return "".join(data + [self._line(line, "") for line in parts[kinds == 1]])

    def _line(self, line: shapely.Geometry, end: str) -> str:
        tenths = np.round((shapely.get_coordinates(line) - (self.west, self.north)) / self.metres * (10, -10))
        steps = np.diff(tenths.astype(np.int64), axis=0, prepend=0)
        steps = steps[np.r_[True, (steps[1:] != 0).any(axis=1)]]
        (x, y), rest = steps[0], steps[1:]
        return f"M{x} {y}l{' '.join(f'{a} {b}' for a, b in rest)}{end}" if len(rest) else ""

    def at(self, point: shapely.Point) -> tuple[float, float]:
        """A point [px]."""
        return (point.x - self.west) / self.metres, (self.north - point.y) / self.metres


def _window(plan: Plan) -> Window:
    west, south, east, north = plan.cells.total_bounds
    metres = max(east - west, (north - south) / 2) / (_WIDTH - 6)
    middle = (west + east) / 2
    return Window(middle - metres * _WIDTH / 2, north + 3 * metres, metres, round((north - south) / metres) + 6)


def _title(plan: Plan, tier: Tier, lang: Lang) -> str:
    loads = sizes(plan, tier)["load"]
    words = tier_words(tier.name, lang)
    if loads.empty:
        return say("sketch_empty", n=len(plan.zones(tier.name)), tier=words).render(lang)
    spread = amount(tier.load, f"{int(loads.min())}-{int(loads.max())}")
    return say("sketch_sizes", n=len(plan.zones(tier.name)), tier=words, amount=spread).render(lang)


def _carried(plans: tuple[Plan, Plan], tier: str, known: pd.Series) -> pd.Series:
    """Colours of zones of the second plan by those of the first, largest match first; no two neighbours alike."""
    first, plan = plans
    zones = plan.zones(tier)
    held = cut_codes(land_in_common(first, plan), first.scheme.digits(tier), plan.scheme.digits(tier))
    pairs = matched(held).sort_values(["weight", "other"], ascending=[False, True])
    wanted = pd.Series(known.reindex(pairs["one"]).to_numpy(), index=pairs["other"].to_numpy())
    order = [*wanted.index, *zones.index.difference(wanted.index)]
    beside: dict[str, list[str]] = {code: [] for code in zones.index}
    for left, right in neighbours(zones.geometry.to_numpy()):
        beside[zones.index[left]].append(zones.index[right])
        beside[zones.index[right]].append(zones.index[left])
    given: dict[str, str] = {}
    for code in order:
        taken = {given[other] for other in beside[code] if other in given}
        free = (fill(number) for number in range(len(zones)) if fill(number) not in taken)
        given[code] = wanted[code] if code in wanted.index and wanted[code] not in taken else next(free)
    return pd.Series(given).reindex(zones.index)


@dataclass(frozen=True)
class _PlanMap:
    """One map: zones of a tier of a plan, in a window."""

    plan: Plan
    tier: Tier
    window: Window

    @cached_property
    def zones(self) -> gpd.GeoDataFrame:
        """Zones of the tier."""
        return self.plan.zones(self.tier.name)

    @cached_property
    def drawn(self) -> Shapes:
        """Their outlines without detail that nobody sees."""
        shapes = shapely.normalize(self.zones.geometry.to_numpy())
        simple: Shapes = shapely.coverage_simplify(shapes, _FINE_PX * self.window.metres)
        return simple

    def picture(self, fills: pd.Series, title: tuple[str, str]) -> str:
        """The map with its title."""
        areas = [
            f'<path fill="{colour}" d="{self.window.path(np.array([shape]))}"/>'
            for shape, colour in zip(self.drawn, fills.reindex(self.zones.index), strict=True)
        ]
        levels = range(self.plan.scheme.depth(self.tier.name) + 1)
        borders = [self._border(level) for level in reversed(levels)]
        return (
            f'<text class="t" y="14">{escape(title[0])}</text><text class="s" y="30">{escape(title[1])}</text>'
            f'<g transform="translate(0 {_HEAD}) scale(.1)">{"".join(areas)}<use xlink:href="#streets"/>{"".join(borders)}</g>'
            f'<g transform="translate(0 {_HEAD})">{"".join(self._figures())}</g>'
        )

    def _border(self, level: int) -> str:
        """Borders of a tier, the stronger the coarser it is."""
        scheme = self.plan.scheme
        lines = _borders(self.drawn, self.zones.index.to_series().str[: scheme.digits(scheme.names[level])])
        width = 7 * tier_weight(level, len(scheme))
        return f'<path class="b" stroke-width="{width:.0f}" d="{self.window.path(lines)}"/>'

    def _figures(self) -> list[str]:
        """What ordinary zones hold of the load that the tier balances, in the middle of their widest room, where they fit."""
        ordinary = self.zones[~is_dedicated(self.zones.index.to_series(), self.tier)]
        texts = []
        for shape, held in zip(ordinary.geometry, ordinary[self.tier.load].fillna(0), strict=True):
            circle = shapely.maximum_inscribed_circle(shape, tolerance=self.window.metres)
            room = 2 * shapely.length(circle) / self.window.metres
            text = f"{int(held)}"
            size = next((size for size in _SIZES if np.hypot(len(text) * _DIGIT_PX * size, size) <= room), None)
            if size is not None:
                x, y = self.window.at(shapely.get_point(circle, 0))
                texts.append(
                    f'<text class="n" x="{x:.1f}" y="{y + 0.36 * size:.1f}" font-size="{size:g}">{text}</text>'
                )
        return texts


def _borders(drawn: Shapes, codes: pd.Series) -> Shapes:
    """Borders, each once, of zones as they are drawn, united by these codes."""
    groups = pd.Series(drawn).groupby(codes.to_numpy(), sort=True)
    united = np.array([shapely.coverage_union_all(group.to_numpy()) for _, group in groups], dtype=object)
    return np.array([shapely.line_merge(shapely.union_all(shapely.boundary(united)))])


def _streets(plan: Plan, window: Window) -> str:
    """Streets, drawn once for all maps."""
    streets = plan.site.layer("streets")
    tunnel = streets["tunnel"].fillna(value=False).to_numpy(dtype=bool)
    land = shapely.union_all(plan.site.communities.geometry.to_numpy())
    lines = shapely.line_merge(shapely.union_all(shapely.intersection(streets.geometry.to_numpy()[~tunnel], land)))
    parts = shapely.simplify(shapely.get_parts(lines), _FINE_PX * window.metres)
    return window.path(parts[shapely.length(parts) > 4 * window.metres])


def _page(maps: Sequence[str], streets: str, pixels: tuple[int, int]) -> str:
    wide, high = pixels
    size = f'width="{wide}" height="{high}"'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{size} viewBox="0 0 {wide} {high}"><style>{_STYLE}</style>'
        f'<defs><path id="streets" class="r" d="{streets}"/></defs><rect {size} fill="#fff"/>{"".join(maps)}</svg>'
    )
