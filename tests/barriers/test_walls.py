"""Walls are closed across their openings, so that they go round land; there one can pass."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from gridgeo.barriers import GATEWAY_M, walls_of
from gridgeo.contiguity.rook import HARD, adjacency
from gridgeo.land import blocks, cells, dangles, divide_land
from gridgeo.model.site import Site
from tests.conftest import EAST, NORTH
from tests.land.test_cells import at, layer, make_site
from tests.made import shuffled

HOMES = [box(30, 30, 40, 40), box(60, 30, 70, 40), box(5, 80, 15, 90), box(80, 80, 90, 90)]
RING = LineString([(20, 20), (80, 20), (80, 60), (20, 60), (20, 20)])


def holed(width: float, middle: float = 50) -> LineString:
    """The ring with a hole in its north side."""
    side = [(middle - width / 2, 60), (20, 60), (20, 20), (80, 20), (80, 60), (middle + width / 2, 60)]
    return LineString(side)


def walled(*walls: Any, kinds: list[str | None] | None = None, **layers: Any) -> Site:
    kinds = ["fence"] * len(walls) if kinds is None else kinds
    layers.setdefault("buildings", HOMES)
    return make_site(layers.pop("buildings"), barriers=layer("barriers", list(walls), barrier=kinds), **layers)


def passages(site: Site) -> tuple[int, set[str]]:
    """Number of blocks, and what lies between the land inside the ring and outside it."""
    enclosed = blocks(site)
    table = cells(site, enclosed).cells
    edges = adjacency(table, site)
    block = table["block"]
    between = edges[edges["a"].map(block).to_numpy() != edges["b"].map(block).to_numpy()]
    return len(enclosed), set(between["across"])


def street(*points: tuple[float, float], highway: str = "service", **columns: Any) -> gpd.GeoDataFrame:
    return layer("streets", [LineString(points)], highway=[highway], **columns)


OPEN = {
    "a gate given as a point": walled(RING, Point(50, 60.2), kinds=["wall", "lift_gate"]),
    "a gate that is a piece of the ring": walled(holed(20), LineString([(40, 60), (60, 60)]), kinds=["wall", "gate"]),
    "a gate drawn over the ring": walled(RING, LineString([(48, 60), (52, 60)]), kinds=["wall", "gate"]),
    "a hole": walled(holed(3)),
    "a hole at a corner": walled(LineString([(75, 60), (20, 60), (20, 20), (80, 20), (80, 55)])),
    "a hole between pillars that stand inward": walled(
        LineString([(47, 57), (47, 60), (20, 60), (20, 20), (80, 20), (80, 60), (53, 60), (53, 57)])
    ),
    "a hole between two walls": walled(holed(3), LineString([(80, 60), (80, 100)])),
    "a hole with a street through it": walled(holed(6), streets=street((50, 50), (50, 100))),
    "a street": walled(RING, streets=street((50, 50), (50, 100), highway="footway")),
    "a street with a corner on the wall": walled(RING, streets=street((45, 50), (50, 60), (50, 100))),
    "a street in two rows": walled(
        RING, streets=layer("streets", [LineString([(50, 50), (50, 60)]), LineString([(50, 60), (55, 90)])])
    ),
    "a hole with a street that bounds through it": walled(
        holed(6), streets=street((50, -5), (50, 105), highway="residential")
    ),
    "a street that bounds": walled(RING, streets=street((50, -5), (50, 105), highway="residential")),
}

SHUT = {
    "nothing": walled(RING),
    "a gate elsewhere": walled(RING, Point(50, 65), kinds=["wall", "gate"]),
    "a street that ends at the wall": walled(RING, streets=street((50, 60), (50, 100))),
    "streets that end at the wall on both sides": walled(
        RING,
        streets=layer(
            "streets", [LineString([(40, 50), (40, 60)]), LineString([(60, 60), (60, 90)])], highway=["path"] * 2
        ),
    ),
    "a street that touches the wall": walled(RING, streets=street((40, 90), (50, 60), (60, 90))),
    "a street along the wall": walled(RING, streets=street((20, 70), (30, 60), (50, 60), (60, 70))),
    "a street not yet built": walled(RING, streets=street((50, 50), (50, 100), highway="proposed")),
    "a gate that is closed": walled(
        RING,
        Point(50, 60),
        kinds=["wall", "gate"],
        links=layer("links", [LineString([(50, 58), (50, 62)])], kind=["closed"]),
    ),
    "a hole that is closed": walled(
        holed(3), links=layer("links", [LineString([(50, 58), (50, 62)])], kind=["closed"])
    ),
}


@pytest.mark.parametrize("what", OPEN)
def test_land_inside_a_wall_is_left_through_its_openings(what: str) -> None:
    count, across = passages(OPEN[what])
    assert count == (4 if "that bounds" in what else 2)
    assert "link" in across


@pytest.mark.parametrize("what", SHUT)
def test_land_inside_a_wall_without_opening_is_shut_in(what: str) -> None:
    count, across = passages(SHUT[what])
    assert count == 2
    assert across <= HARD


def test_a_passage_is_as_long_as_the_hole_and_the_rest_is_wall() -> None:
    site = walled(holed(3))
    table = cells(site, blocks(site)).cells
    edges = adjacency(table, site).groupby("across")["shared_m"].sum()
    assert edges["link"] == pytest.approx(3)
    assert edges["barrier"] == pytest.approx(197)


@pytest.mark.parametrize(
    "site",
    [
        walled(holed(GATEWAY_M + 0.1)),
        walled(holed(6), buildings=[*HOMES, box(45, 58, 55, 62)]),
        walled(holed(6), buildings=[*HOMES, box(46, 60, 54, 70)]),
        walled(holed(6), railways=layer("railways", [LineString([(50, -5), (50, 105)])], railway=["rail"])),
        walled(LineString([(20, 20), (60, 20)]), LineString([(20, 30), (60, 30)])),
        walled(LineString([(20, 20), (26, 20)])),
        walled(
            LineString([(0, 20), (20, 20)]),
            LineString([(30, 20), (30, 0)]),
            streets=street((20, 0), (20, 50), highway="primary"),
        ),
    ],
    ids=[
        "wide",
        "building in it",
        "building along it",
        "railway in it",
        "side by side",
        "its own other end",
        "ends that meet others",
    ],
)
def test_what_is_no_hole_stays_open(site: Site) -> None:
    assert len(walls_of(site).holes) == 0


def test_the_nearest_ends_are_joined_first() -> None:
    ends = [LineString([(0, 50), (20, 50)]), LineString([(26, 50), (50, 50)]), LineString([(22, 58), (22, 90)])]
    (hole,) = walls_of(walled(*ends)).holes
    assert hole.length == pytest.approx(6)


def test_holes_are_told_where_they_bound_a_block() -> None:
    loose = LineString([(90, 10), (90, 30)]), LineString([(90, 35), (90, 45)])
    site = walled(holed(3), *loose)
    lines = divide_land(site).account
    assert lines is not None
    told = lines[lines["reason"] == "hole_closed"]
    assert told["layer"].tolist() == ["barriers"]
    assert told["detail"].tolist() == [f"({EAST + 50:.2f}, {NORTH + 60:.2f}) 3.00 m"]
    assert sorted(dangles(site)["length_m"]) == [10, 20]


def test_fences_between_gardens_do_not_cut_them_off_their_houses() -> None:
    """A row of gardens, closed at the far end, whose fences end a metre before the houses."""
    houses = [box(10 * k, 40, 10 * k + 10, 50) for k in range(1, 6)]
    fences = [LineString([(10 * k, 0), (10 * k, 39)]) for k in range(1, 7)]
    site = walled(*fences, buildings=houses, streets=street((0, 55), (100, 55), highway="residential"))
    assert len(blocks(site)) == 2


@settings(max_examples=15, deadline=None)
@given(width=st.floats(0.01, 12), middle=st.floats(30, 70), seed=st.integers(0, 99), turned=st.booleans())
def test_a_ring_with_any_hole_goes_round_the_same_land(width: float, middle: float, seed: int, *, turned: bool) -> None:
    ring = holed(round(width, 2), round(middle, 2))
    site = walled(ring.reverse() if turned else ring, LineString([(0, 70), (20, 70)]), LineString([(30, 70), (40, 70)]))
    enclosed = blocks(site)
    assert enclosed.loc[at(enclosed, 25, 25)].geometry.area == pytest.approx(2400, abs=0.1)
    assert (
        shapely.to_wkb(blocks(shuffled(site, seed)).geometry.to_numpy()).tolist()
        == shapely.to_wkb(enclosed.geometry.to_numpy()).tolist()
    )
    assert passages(site)[1] >= {"link"}


def test_strips_outside_a_wall_make_no_round_trip() -> None:
    """Four strips between a wall and the border, one of which lies before the gate, and streets that end at the border."""
    wall = LineString([(1, 1), (99, 1), (99, 99), (1, 99), (1, 8)])
    streets = [LineString([(50, 0), (50, 100)]), LineString([(0, 49), (100, 49)])]
    site = walled(wall, streets=layer("streets", streets, highway=["residential"] * 2))
    table = cells(site, blocks(site)).cells
    assert table.loc[table["members"].map(bool), "geometry"].length.max() < 300


def test_a_hole_that_links_close_is_no_gateway() -> None:
    closed = layer("links", [LineString([(50, 58), (50, 62)])], kind=["closed"])
    site = walled(holed(3), links=closed)
    lines = divide_land(site).account
    assert lines is not None
    assert "hole_closed" not in set(lines["reason"])


def test_an_institution_given_as_a_point_takes_walled_land_where_nobody_lives() -> None:
    school = layer("institutions", [Point(50, 55)])
    site = walled(RING, institutions=school)
    table = cells(site, blocks(site)).cells
    assert table[table["institution"].notna()].area.sum() == pytest.approx(2400, abs=1)
