"""Decks: where a street leads across water or railway land, both banks are neighbours; and buildings in the water."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, affinity, box

from gridgeo.contiguity.rook import HARD, adjacency
from gridgeo.division import divide as divide_site
from gridgeo.land import blocks
from gridgeo.land.inputs import CROSSING_M, STAND_M
from gridgeo.model.scheme import Scheme, Tier
from gridgeo.model.site import Site
from tests.land.test_cells import (
    CARRIAGEWAYS,
    _rect,
    assert_all,
    assert_exact,
    assert_same,
    at,
    divide,
    housed,
    layer,
    make_site,
    shapes_of,
    shuffled,
)
from tests.made import pictured

DATA = Path(__file__).parents[3] / "shared/data"
RIVER = box(40, -5, 60, 105)
OVER = LineString([(20, 50), (80, 50)])
BANKS = [_rect(10, 20), _rect(10, 70), _rect(80, 20), _rect(80, 70)]


def crossed(ways: list[Any], *, leaf: shapely.Geometry = RIVER, railway: bool = False, **columns: list[Any]) -> Site:
    """A place cut in two by water, or railway land, with ways."""
    between: dict[str, Any] = {"water": [leaf]}
    if railway:
        between = {"landuse": layer("landuse", [leaf], **{"class": ["railway"]})}
    return make_site(BANKS, streets=layer("streets", ways, **columns), **between)


def banks(table: gpd.GeoDataFrame, site: Site) -> int:
    """Pieces of land that one can walk through without a leaf or a barrier."""
    edges = adjacency(table, site)
    land = set(table.index[~table["kind"].isin(["water", "railway"])])
    near: dict[str, set[str]] = {name: {name} for name in land}
    for a, b, across in edges[["a", "b", "across"]].itertuples(index=False):
        if a in land and b in land and across not in HARD and near[a] is not near[b]:
            near[a] |= near[b]
            for name in near[b]:
                near[name] = near[a]
    return len({id(group) for group in near.values()})


# ---------------------------------------------------------------- what leads across


@pytest.mark.parametrize(
    ("columns", "railway"),
    [
        ({"highway": ["residential"], "bridge": [True]}, False),
        ({"highway": ["footway"], "bridge": [True]}, False),
        ({"highway": ["residential"]}, False),
        ({}, False),
        ({"highway": ["residential"], "tunnel": [True]}, False),
        ({"highway": ["footway"], "tunnel": [True]}, True),
        ({"highway": ["primary"], "bridge": [True]}, True),
    ],
)
def test_a_way_across_makes_the_banks_neighbours(columns: dict[str, Any], *, railway: bool) -> None:
    site = crossed([OVER], railway=railway, **columns)
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    deck = enclosed.loc[at(enclosed, 50, 50.5)]
    assert deck["deck"]
    assert deck["kind"] == "land"
    assert deck.geometry.area == pytest.approx(20 * CROSSING_M, abs=0.1)
    assert (enclosed["kind"] == ("railway" if railway else "water")).sum() == 2
    assert banks(table, site) == 1
    assert enclosed["deck"].sum() == 1


@pytest.mark.parametrize("highway", ["motorway", "motorway_link", "construction", "proposed"])
def test_what_nobody_can_walk_or_drive_along_makes_no_deck(highway: str) -> None:
    site = crossed([OVER], highway=[highway], bridge=[True])
    enclosed, table = divide(site)
    assert not enclosed["deck"].any()
    assert banks(table, site) == 2


@pytest.mark.parametrize(
    "way",
    [
        LineString([(20, 50), (55, 50)]),
        LineString([(45, 50), (55, 50)]),
        LineString([(38, 20), (42, 50), (38, 80)]),
        LineString([(40, 10), (40, 90)]),
        LineString([(20, 50), (50, 50), (50, 70), (20, 70)]),
        LineString([(40, -5), (40, 50), (20, 50), (40, 50), (40, 105)]),
    ],
    ids=["pier", "raft", "clips the bank", "along the bank", "a walk out and back", "quay with a lane"],
)
def test_a_way_that_leads_to_no_other_bank_makes_no_deck(way: LineString) -> None:
    site = crossed([way], highway=["footway"])
    enclosed, table = divide(site)
    assert not enclosed["deck"].any()
    assert banks(table, site) == 2


def test_streets_in_pieces_on_the_outline_of_a_pond_make_no_deck() -> None:
    pond = box(30, 30, 70, 70)
    corners = [(30, 30), (70, 30), (70, 70), (30, 70), (30, 30)]
    ways = [LineString(pair) for pair in pairwise(corners)]
    ways += [LineString([corner, (50 + 2 * (corner[0] - 50), 50 + 2 * (corner[1] - 50))]) for corner in corners[:4]]
    assert not blocks(crossed(ways, leaf=pond))["deck"].any()


def test_round_a_small_pond_one_walks_and_to_an_island_one_does_not() -> None:
    ring = box(30, 30, 70, 70).difference(box(45, 45, 55, 55))
    across, to_the_island = LineString([(20, 36), (80, 36)]), LineString([(20, 50), (50, 50)])
    assert not blocks(crossed([across], leaf=ring))["deck"].any()
    site = crossed([to_the_island], leaf=ring)
    enclosed, table = divide(site)
    assert enclosed["deck"].sum() == 1
    assert banks(table, site) == 1


def test_lines_of_links_add_and_take_away() -> None:
    bare = make_site(BANKS, water=[RIVER], links=layer("links", [OVER], kind=["open"]))
    assert blocks(bare)["deck"].sum() == 1
    closed = make_site(
        BANKS, water=[RIVER], streets=[OVER], links=layer("links", [LineString([(50, 40), (50, 60)])], kind=["closed"])
    )
    enclosed, table = divide(closed)
    assert not enclosed["deck"].any()
    assert banks(table, closed) == 2


# ---------------------------------------------------------------- what is cut out


@pytest.mark.parametrize("slant", [0, 30, 60, 70])
def test_a_bridge_that_ends_on_a_slanted_bank_meets_it_along_an_edge(slant: float) -> None:
    river = affinity.skew(RIVER, xs=slant, origin=(50, 50))
    land = box(-300, 0, 400, 100)
    site = make_site(
        [_rect(-290, 40), _rect(390, 40)], communities=[land], water=[river], streets=[LineString([(40, 50), (60, 50)])]
    )
    enclosed, table = divide(site)
    assert_exact(site, enclosed)
    assert banks(table, site) == 1
    deck = shapes_of(enclosed[enclosed["deck"]])[0]
    for bank in shapes_of(enclosed[(enclosed["kind"] == "land") & ~enclosed["deck"]]):
        assert shapely.intersection(bank, deck).length >= CROSSING_M / 2


def test_a_bridge_in_pieces_with_a_bend_is_one_deck() -> None:
    pieces = [LineString([(20, 50), (40, 50)]), LineString([(40, 50), (50, 55)]), LineString([(50, 55), (90, 52)])]
    enclosed, _ = divide(crossed(pieces, bridge=[False, True, None]))
    assert enclosed["deck"].sum() == 1


def test_two_carriageways_and_what_lies_between_are_one_deck() -> None:
    site = crossed(CARRIAGEWAYS)
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert enclosed["deck"].sum() == 1
    assert at(enclosed, 50, 49) == at(enclosed, 50, 54.5) == at(enclosed, 50, 59)
    assert sorted(enclosed["kind"]) == ["land", "land", "land", "land", "land", "water", "water"]


def test_no_crumb_of_water_is_left_beside_a_deck() -> None:
    enclosed = blocks(crossed([LineString([(20, 8), (80, 8)])], leaf=box(40, 0.5, 44, 105)))
    assert enclosed["deck"].sum() == 1
    assert enclosed[enclosed["kind"] == "water"].area.tolist() == [pytest.approx(4 * (100 - 11), abs=0.1)]


def test_lines_inside_a_deck_do_not_bound() -> None:
    site = make_site(
        BANKS,
        water=[RIVER],
        streets=layer("streets", [OVER], highway=["residential"]),
        waterways=layer("waterways", [LineString([(50, -5), (50, 105)])], waterway=["river"]),
    )
    enclosed, table = divide(site)
    assert at(enclosed, 45, 51) == at(enclosed, 55, 49)
    assert banks(table, site) == 1


def test_each_community_has_its_own_part_of_a_deck() -> None:
    halves = [box(0, 0, 50, 100), box(50, 0, 100, 100)]
    site = make_site(BANKS, communities=halves, water=[RIVER], streets=[OVER])
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert enclosed[enclosed["deck"]].groupby("community").size().tolist() == [1, 1]


def test_an_institution_in_the_water_keeps_its_land() -> None:
    site = make_site(BANKS, water=[RIVER], streets=[OVER], institutions=layer("institutions", [box(45, 45, 55, 55)]))
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert enclosed["kind"][at(enclosed, 50.5, 50.5)] == "institution"
    assert enclosed["deck"].sum() == 2


def test_a_bridge_house_stays_whole() -> None:
    site = make_site(
        [*BANKS, box(47, 46, 53, 54)],
        communities=[box(0, -2000, 100, 2000)],
        water=[box(40, -3000, 60, 3000)],
        streets=[OVER],
    )
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert table["kind"]["b4"] == "land"
    assert banks(table, site) == 1


@pytest.mark.parametrize("bridged", [True, False])
def test_a_grid_across_a_bridge_is_one_polygon(*, bridged: bool) -> None:
    homes = housed([_rect(x, y) for x, y in ((10, 20), (10, 70), (80, 10), (80, 35), (80, 60), (80, 85))], [10] * 6)
    streets = layer("streets", [LineString([(20, 10), (80, 10)])] * bridged, bridge=[True] * bridged)
    plan = divide_site(make_site(homes, water=[RIVER], streets=streets), Scheme((Tier("grid", 15, 35, 30, width=3),)))
    zones = plan.zones("grid")
    assert (zones.geom_type == "Polygon").all()
    assert sorted(zones["households"]) == ([30, 30] if bridged else [20, 20, 20])


# ---------------------------------------------------------------- buildings in the water


LAKE_LAND, LAKE = box(0, 0, 400, 400), box(100, 100, 380, 380)


def by_the_lake(buildings: list[Any]) -> Site:
    return make_site([_rect(10, 10), *buildings], communities=[LAKE_LAND], water=[LAKE])


def test_a_point_in_a_lake_has_a_square_of_land_and_the_lake_stays_water() -> None:
    site = by_the_lake([Point(200, 200), Point(101, 300)])
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert table["kind"][at(table, 300, 150)] == "water"
    assert table["kind"]["b1"] == "land"
    assert table.geometry["b1"].area == pytest.approx(STAND_M**2, abs=0.1)
    assert table.geometry["b2"].area == pytest.approx(STAND_M * (STAND_M / 2 + 1), abs=0.1)
    assert table.geometry["b0"].area == pytest.approx(LAKE_LAND.area - LAKE.area, abs=0.1)


def test_points_side_by_side_in_a_lake_share_a_piece_of_land() -> None:
    site = by_the_lake([Point(200, 200), Point(203, 200), Point(203, 200)])
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert table["block"]["b1"] == table["block"]["b2"]
    assert [member.building for member in table["members"]["b2"]] == ["b2", "b3"]
    assert table.geometry[["b1", "b2"]].area.sum() == pytest.approx(STAND_M * (STAND_M + 3), abs=0.1)


@pytest.mark.parametrize(("count", "kind"), [(12, "water"), (13, "land")])
def test_up_to_a_dozen_points_leave_a_lake_water(count: int, kind: str) -> None:
    site = by_the_lake([Point(120 + 18 * k, 240) for k in range(count)])
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert enclosed["kind"][at(enclosed, 300, 150)] == kind


def test_no_deck_is_cut_out_of_water_that_is_land() -> None:
    site = make_site([_rect(45, 5 + 20 * k) for k in range(4)], water=[RIVER], streets=[OVER])
    enclosed = blocks(site)
    assert set(enclosed["kind"]) == {"land"}
    assert not enclosed["deck"].any()


def in_the_middle(shape: shapely.Geometry) -> shapely.Geometry:
    """The shape moved so that a point in it lies in the middle of a place of 500 m."""
    middle = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
    return shapely.transform(shape, lambda corners: corners - middle + 250)


def test_broken_water_swallows_no_building() -> None:
    path = DATA / "dirty/06_broken_water/hk_ocean.geojson"
    if not path.exists():
        pytest.skip("the dirty water polygons are not beside the project")
    ocean = gpd.read_file(path).to_crs("EPSG:32650")
    ocean = ocean.assign(area=ocean.area).sort_values("area").tail(4).geometry
    for k, shape in enumerate(ocean):
        water = in_the_middle(shape)
        assert shapely.intersection(water, box(0, 0, 500, 500)).area > 100_000
        places = np.random.default_rng(k).uniform(20, 480, (60, 2))
        homes = housed([*(_rect(x, y) for x, y in places[:50]), *(Point(*xy) for xy in places[50:])], [3] * 60)
        streets = [LineString([(-9, 250), (509, 260)]), LineString([(250, -9), (260, 509)])]
        site = make_site(homes, communities=[box(0, 0, 500, 500)], water=[water], streets=streets)
        enclosed, table = divide(site)
        assert_all(site, enclosed, table)
        assert table["households"].sum() == 180
        assert set(table.loc[table["households"] > 0, "kind"]) == {"land"}
        assert len(table) > 40


# ---------------------------------------------------------------- any delta


class _Delta:
    """A place of 300 m with arms of water and ways anyhow."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        arms = [
            LineString(random.uniform(-20, 320, (random.integers(2, 5), 2))).buffer(random.uniform(1, 30), quad_segs=2)
            for _ in range(random.integers(1, 4))
        ]
        ways = [LineString(random.uniform(-20, 320, (random.integers(2, 5), 2))) for _ in range(random.integers(1, 9))]
        ways += [LineString(shapely.get_coordinates(arms[0])[:4])]
        homes: list[shapely.Geometry] = [_rect(*random.uniform(0, 290, 2)) for _ in range(random.integers(0, 25))]
        homes += [Point(*random.uniform(0, 300, 2)) for _ in range(random.integers(0, 4))]
        flag = [None if f > 1 else bool(f) for f in random.integers(0, 3, len(ways))]
        self.site = make_site(
            homes,
            communities=[box(0, 0, 150, 300), box(150, 0, 300, 300)],
            water=arms,
            streets=layer("streets", ways, bridge=flag),
        )


@settings(deadline=None, max_examples=25, derandomize=True)
@given(st.integers(0, 100_000))
def test_in_any_delta_decks_lead_across_water_and_the_order_of_rows_does_not_matter(seed: int) -> None:
    site = _Delta(seed).site
    enclosed, table = divide(site)
    with pictured("any_delta", site, table):
        assert_all(site, enclosed, table)
    assert_same(enclosed, blocks(shuffled(site, seed)))
    water = shapely.union_all(shapes_of(site.layer("water")))
    edges = adjacency(table, site)
    decks = enclosed[enclosed["deck"]]
    assert shapely.difference(shapely.union_all(shapes_of(decks)), shapely.buffer(water, 0.01)).is_empty
    of_deck = set(table.index[table["block"].isin(decks.index)])
    assert of_deck <= set(edges["a"]) | set(edges["b"])
