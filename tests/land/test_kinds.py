"""Kinds of places, and places made to break land, by name; a failure leaves a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, affinity, box

from gridgeo.division import divide as divide_site
from gridgeo.land import blocks, cells
from gridgeo.model.scheme import Scheme, Tier
from gridgeo.model.site import Site
from tests import made
from tests.conftest import EAST, NORTH
from tests.land.test_cells import _rect, assert_all, assert_same, divide, housed, layer, make_site, shapes_of, shuffled
from tests.made import assert_sound, faults, pictured

SCHEME = Scheme((Tier("grid", 40, 120, 80, width=3), Tier("micro", 10, 40, 25)))


def _lots(x0: float, y0: float, columns: int, rows: int, *, step: float = 25, side: float = 12) -> list[Polygon]:
    return [_rect(x0 + step * i, y0 + step * j, side, side) for i in range(columns) for j in range(rows)]


def _homes(shapes: list[Any], figure: int = 4) -> gpd.GeoDataFrame:
    return housed(shapes, [figure] * len(shapes))


def grid_town() -> Site:
    streets = [LineString([(k, -5), (k, 305)]) for k in (100, 200)] + [
        LineString([(-5, k), (305, k)]) for k in (100, 200)
    ]
    return make_site(_homes(_lots(7, 7, 12, 12)), communities=[box(0, 0, 300, 300)], streets=streets)


def radburn_courts() -> Site:
    """Houses round dead ends, with footways behind."""
    spine = LineString([(150, -5), (150, 305)])
    courts = [LineString([(150, y), (150 + way * 110, y)]) for y in range(30, 300, 60) for way in (-1, 1)]
    paths = [LineString([(150 + way * 130, -5), (150 + way * 130, 305)]) for way in (-1, 1)]
    homes = [
        _rect(150 + way * x - 5, y + side * 14 - 5)
        for y in range(30, 300, 60)
        for way in (-1, 1)
        for x in (30, 60, 90)
        for side in (-1, 1)
    ]
    names = ["residential"] * 11 + ["footway"] * 2
    streets = layer("streets", [spine, *courts, *paths], highway=names)
    return make_site(_homes(homes), communities=[box(0, 0, 300, 300)], streets=streets)


def hutong_lanes() -> Site:
    """Narrow lanes, houses wall to wall around courtyards."""
    lanes = [LineString([(-5, y), (205, y + 1)]) for y in range(20, 200, 36)]
    court = box(0, 0, 16, 30).difference(box(4, 6, 12, 24))
    homes = [affinity.translate(court, 16 * i, 22 + 36 * j) for i in range(12) for j in range(5)]
    return make_site(_homes(homes), communities=[box(0, 0, 200, 205)], streets=lanes)


def towers() -> Site:
    shapes = [_rect(20 + 60 * i, 20 + 60 * j, 30, 12) for i in range(3) for j in range(3)]
    homes = housed(shapes, [96, 130, 60] * 3, units=[3, None, 2] * 3, levels=[None, 30.0, None] * 3)
    return make_site(homes, communities=[box(0, 0, 200, 200)])


def village() -> Site:
    random = np.random.default_rng(7)
    homes = [affinity.rotate(_rect(x, y, 9, 7), a) for x, y, a in random.uniform((0, 0, 0), (390, 390, 90), (70, 3))]
    lane = LineString([(-5, 100), (150, 180), (210, 260), (405, 300)])
    return make_site(_homes(homes), communities=[box(0, 0, 400, 400)], streets=[lane])


def river_cut() -> Site:
    river = shapely.buffer(LineString([(-20, 60), (120, 140), (180, 150), (320, 260)]), 12)
    streets = [LineString([(60, -5), (60, 305)]), LineString([(230, -5), (230, 305)])]
    homes = [lot for lot in _lots(7, 7, 12, 12) if not lot.intersects(river)]
    return make_site(
        _homes(homes),
        communities=[box(0, 0, 300, 300)],
        water=[river],
        waterways=layer("waterways", [LineString([(-20, 60), (120, 140), (180, 150), (320, 260)])], waterway=["river"]),
        streets=layer("streets", streets, bridge=[True, None]),
    )


def exclave() -> Site:
    land = MultiPolygon([box(0, 0, 100, 200), box(150, 50, 200, 150)])
    return make_site(
        _homes(_lots(7, 7, 8, 8)), communities=[land, box(100, 0, 300, 200).difference(box(150, 50, 200, 150))]
    )


def holes() -> Site:
    land = box(0, 0, 200, 200).difference(box(60, 60, 90, 140)).difference(box(120, 120, 121, 121))
    streets = [LineString([(-5, 100), (205, 101)])]
    return make_site(_homes(_lots(7, 7, 8, 8)), communities=[land], streets=streets)


def giant_mall() -> Site:
    streets = [LineString([(100, -5), (100, 205)]), LineString([(-5, 100), (205, 100)])]
    homes = housed([box(5, 5, 195, 195), *_lots(30, 30, 2, 2)], [0, 30, 30, 30, 30])
    return make_site(homes, communities=[box(0, 0, 200, 200)], streets=streets)


def superblock() -> Site:
    return make_site(_homes(_lots(10, 10, 15, 15)), communities=[box(0, 0, 400, 400)])


def nested() -> Site:
    rings = [affinity.scale(box(20, 20, 180, 180), f, f) for f in (1, 0.8, 0.6, 0.4, 0.2)]
    return make_site(
        _homes(rings, 16), communities=[box(0, 0, 200, 200)], streets=[LineString([(100, -5), (101, 205)])]
    )


def duplicates() -> Site:
    lots = _lots(7, 7, 5, 5)
    return make_site(_homes([*lots, *lots, *[lot.centroid for lot in lots]]), communities=[box(0, 0, 140, 140)])


def millimetre_gaps() -> Site:
    """Houses, lines and communities that miss each other by a millimetre."""
    homes = [box(x + 0.001, y + 0.001, x + 20, y + 20) for x in range(0, 200, 20) for y in range(0, 200, 20)]
    streets = [LineString([(100.001, -5), (100, 99.999)]), LineString([(100, 100), (99.999, 205)])]
    streets += [LineString([(-5, 60), (205, 60.001)])]
    land = [box(0, 0, 120, 200), box(120.0005, 0, 200, 200)]
    return make_site(_homes(homes), communities=land, streets=streets)


def collinear_streets() -> Site:
    parts: list[list[tuple[float, float]]] = [
        [(-5, 50), (60, 50)],
        [(30, 50), (120, 50)],
        [(100, 50.0004), (205, 50)],
        [(205, 50), (-5, 50)],
    ]
    return make_site(
        _homes(_lots(7, 7, 8, 8)), communities=[box(0, 0, 200, 200)], streets=[LineString(p) for p in parts]
    )


def star() -> Site:
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radius = np.where(np.arange(24) % 2, 20, 150)
    land = Polygon(np.column_stack([150 + radius * np.cos(turns), 150 + radius * np.sin(turns)]))
    homes = [
        Point(150 + r * np.cos(t), 150 + r * np.sin(t)).buffer(3, 2) for t in turns[::2] for r in (10, 40, 70, 100, 125)
    ]
    return make_site(_homes(homes), communities=[land], streets=[LineString([(-5, 150), (305, 151)])])


def ladder() -> Site:
    """Two rails of land and rungs between them, over water."""
    rungs = [box(20, y, 80, y + 8) for y in range(10, 200, 30)]
    water = box(20, -5, 80, 205).difference(shapely.union_all(rungs))
    homes = [_rect(x, y, 6, 6) for x in (5, 88) for y in range(4, 200, 12)]
    return make_site(_homes(homes), communities=[box(0, 0, 100, 200)], water=list(shapely.get_parts(water)))


def dumb_bell() -> Site:
    land = shapely.union_all([box(0, 0, 100, 100), box(100, 48, 200, 52), box(200, 0, 300, 100)])
    return make_site(_homes([*_lots(7, 7, 4, 4), *_lots(207, 7, 4, 4), _rect(148, 49, 2, 2)]), communities=[land])


def one_tower() -> Site:
    shapes, rest = [*_lots(7, 7, 5, 5), _rect(150, 60, 40, 20)], [None] * 25
    homes = housed(shapes, [1] * 25 + [2500], units=[*rest, 4], levels=[*rest, 33.0])
    return make_site(homes, communities=[box(0, 0, 200, 140)])


KINDS: dict[str, Callable[[], Site]] = {
    kind.__name__: kind
    for kind in (
        *(grid_town, radburn_courts, hutong_lanes, towers, village, river_cut, exclave, holes, giant_mall, superblock),
        *(nested, duplicates, millimetre_gaps, collinear_streets, star, ladder, dumb_bell, one_tower),
    )
}


def turned(site: Site, angle: float) -> Site:
    """The same place, turned, so that no line is true to the axes and no corner is on the grain."""
    layers = {
        role: table.set_geometry(table.geometry.rotate(angle, origin=(EAST, NORTH)))
        for role, table in site.layers.items()
    }
    return Site(layers, site.unit_households, site.account)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_place_is_covered_exactly_and_divided_soundly(kind: str) -> None:
    site = KINDS[kind]()
    enclosed, table = divide(site)
    with pictured(kind, site, table):
        assert_all(site, enclosed, table)
    plan = divide_site(site, SCHEME, effort="fast", split_large=True)
    with pictured(kind, site, plan.cells):
        assert_sound(plan)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.sampled_from(sorted(KINDS)), st.floats(0.5, 89.5), st.integers(0, 1000))
def test_each_kind_of_place_can_be_turned_and_its_rows_shuffled(kind: str, angle: float, seed: int) -> None:
    site = turned(KINDS[kind](), angle)
    enclosed, table = divide(site, max_households=40, split_large=True)
    with pictured(f"{kind}_turned", site, table):
        assert_all(site, enclosed, table)
        other = shuffled(site, seed)
        again = blocks(other)
        assert_same(enclosed, again)
        assert_same(table, cells(other, again, max_households=40, split_large=True).cells)


def test_a_failure_keeps_a_picture_with_the_fault_in_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "PICTURES", tmp_path / "pictures")
    site = superblock()
    table = divide(site)[1].iloc[1:]
    with (
        pytest.raises(AssertionError, match=r"land is lacking\npicture: .*superblock\.svg"),
        pictured("superblock", site, table),
    ):
        raise AssertionError("land is lacking")
    assert "#ff0000" in (tmp_path / "pictures/superblock.svg").read_text(encoding="utf-8")
    assert faults(site, shapes_of(table))[0].area > 100
    assert faults(site, shapes_of(divide(site)[1]))[0].is_empty
