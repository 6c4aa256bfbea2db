"""The verb divide, from a site to a plan."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, Phase, given, settings

import gridgeo as gg
from gridgeo.division.borders import Edges
from gridgeo.division.leaves import attach
from gridgeo.errors import DivisionError, InputError
from gridgeo.scheme import Scheme, Tier
from gridgeo.site import Site
from tests.made import SCHEME, Town, assert_sound, build, shuffled, towns

PLAIN = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@PLAIN
@given(towns())
def test_every_plan_is_sound(town: Town) -> None:
    assert_sound(gg.divide(build(town), SCHEME, seed=town.seed))


@settings(PLAIN, max_examples=6)
@given(towns())
def test_row_order_does_not_matter(town: Town) -> None:
    site = build(town)
    one, two = gg.divide(site, SCHEME, seed=3), gg.divide(shuffled(site, town.seed), SCHEME, seed=3)
    assert_geodataframe_equal(one.cells.drop(columns="members"), two.cells.drop(columns="members"))
    assert list(one.cells["members"]) == list(two.cells["members"])


@settings(PLAIN, max_examples=6)
@given(towns())
def test_check_finds_no_error_in_a_plan_that_was_made_here(town: Town) -> None:
    report = gg.check(gg.divide(build(town), SCHEME, seed=town.seed), lang="en")
    assert report.errors.empty, report.errors[["rule", "code", "message"]].to_string()


def test_limits_are_kept_where_they_can_be() -> None:
    plan = gg.divide(build(Town(seed=1, columns=6, rows=4, per_block=8)), SCHEME, seed=1)
    for tier in SCHEME:
        zones = plan.zones(tier.name)
        assert zones["households"].map(tier.admits).all(), zones["households"].tolist()
    assert plan.notes.empty


def test_a_school_becomes_a_dedicated_zone_along_its_outline() -> None:
    site = build(Town(seed=2, school=True))
    outline = site.layer("institutions").geometry.iloc[0]
    whole = site.buildings[~site.buildings.intersects(outline.exterior)]
    site = Site({**site.layers, "buildings": whole}, site.unit_households, site.account)
    plan = gg.divide(site, SCHEME, seed=2)
    grids, micros = plan.zones("grid"), plan.zones("micro")
    school = grids[grids["kind"] == "dedicated"]
    assert school.index.str[12:].tolist() == ["901"]
    assert school["name"].tolist() == ["小学"]
    assert shapely.symmetric_difference(school.geometry.iloc[0], outline).area == pytest.approx(0, abs=0.5)
    below = micros[micros["parent"] == school.index[0]]
    assert below.index.str[12:].tolist() == ["90100"]


def test_a_railway_is_not_crossed_unless_one_side_is_too_small() -> None:
    town = Town(seed=4, columns=4, rows=2, per_block=8, railway=True)
    plan = gg.divide(build(town), SCHEME, seed=4)
    railway = plan.site.layer("railways").geometry.iloc[0]
    inner = plan.zones("grid").geometry.buffer(-0.5)
    assert not inner.intersects(railway).any()
    small = gg.divide(
        build(replace(town, columns=1)), Scheme((Tier("grid", 90, 200, width=3), Tier("micro", 15, 40))), seed=4
    )
    assert "pocket_joined" in set(small.notes["reason"])


def test_an_underpass_links_the_land_beyond_the_railway() -> None:
    site = build(Town(seed=4, columns=1, rows=2, per_block=6, railway=True))
    under = gpd.GeoDataFrame(
        {"name": ["地道"], "highway": ["residential"], "bridge": [False], "tunnel": [True]},
        geometry=[shapely.affinity.translate(shapely.LineString([(50, 60), (50, 130)]), 463_000, 3_845_000)],
        index=pd.Index(["u1"], name="id"),
        crs=site.crs,
    ).astype({"name": "string", "highway": "string", "bridge": "boolean", "tunnel": "boolean"})
    streets = gpd.GeoDataFrame(pd.concat([site.layer("streets"), under]), crs=site.crs)
    linked = Site({**site.layers, "streets": streets}, site.unit_households, site.account)
    scheme = Scheme((Tier("grid", 60, 200, width=3), Tier("micro", 15, 40)))
    assert "pocket_joined" in set(gg.divide(site, scheme, seed=4).notes["reason"])
    assert "pocket_joined" not in set(gg.divide(linked, scheme, seed=4).notes["reason"])


def test_a_tower_is_divided_by_its_units() -> None:
    site = build(Town(seed=5, towers=True))
    plan = gg.divide(site, SCHEME, seed=5)
    units = plan.buildings[plan.buildings["unit"].notna()]
    assert (units.groupby("id")["households"].sum() == 90).all()
    assert (units.groupby("id").size() == 3).all()
    assert units["households"].max() <= SCHEME.finest.high


def test_a_large_building_without_units_stays_whole_and_is_named() -> None:
    site = build(Town(seed=6))
    buildings = site.buildings.copy()
    buildings.loc["b004", "households"] = 95
    site = Site({**site.layers, "buildings": buildings}, site.unit_households, site.account)
    plan = gg.divide(site, SCHEME, seed=6)
    notes = plan.notes[plan.notes["reason"] == "size_building"]
    assert notes["en"].str.contains("b004").any()
    split = gg.divide(site, SCHEME, seed=6, split_large=True)
    assert "cut_equal" in set(split.notes["reason"])
    assert split.zones("micro")["households"].max() <= SCHEME.finest.high
    with pytest.raises(DivisionError, match="b004") as caught:
        gg.divide(site, SCHEME, seed=6, strict=True)
    assert caught.value.blocking is not None
    assert caught.value.blocking["en"].str.contains("b004").any()


def test_one_tier_and_three_tiers() -> None:
    site = build(Town(seed=7, columns=4, rows=3, per_block=8, school=True))
    single = gg.divide(site, Scheme((Tier("micro", 15, 40, width=3),)), seed=7)
    assert_sound(single)
    assert single.zones("micro").index.str[12:].isin(["901"]).sum() == 1
    three = gg.divide(site, Scheme((Tier("area", 200, 500, width=2), *SCHEME.tiers)), seed=7)
    assert_sound(three)
    school = three.zones("grid").query("kind == 'dedicated'")
    assert school.index.str[14:].tolist() == ["901"]
    assert school["parent"].isin(three.zones("area").index).all()


def test_codes_too_narrow_are_refused_before_anything_is_solved() -> None:
    site = build(Town(seed=8, columns=4, rows=3, per_block=8))
    with pytest.raises(InputError, match="3 digits"):
        gg.divide(site, Scheme((Tier("micro", 1, 4, 2, width=2),)))


def test_cells_made_by_hand_are_taken_and_checked() -> None:
    site = build(Town(seed=9))
    cells = gg.cells(site, gg.blocks(site), max_households=SCHEME.finest.high)
    one, two = gg.divide(site, SCHEME, cells=cells, seed=9), gg.divide(site, SCHEME, seed=9)
    assert_geodataframe_equal(one.cells.drop(columns="members"), two.cells.drop(columns="members"))
    with pytest.raises(InputError, match="members"):
        gg.divide(site, SCHEME, cells=cells.drop(columns="members"))
    moved = cells.copy()
    moved.iloc[0, moved.columns.get_loc("geometry")] = shapely.affinity.translate(moved.geometry.iloc[0], 1, 0)
    with pytest.raises(InputError, match="edge to edge"):
        gg.divide(site, SCHEME, cells=moved)


def test_another_seed_may_give_another_plan_the_same_seed_never() -> None:
    site = build(Town(seed=10, columns=5, rows=4, per_block=8))
    codes = [tuple(gg.divide(site, SCHEME, seed=seed).cells["code"]) for seed in (1, 1, 2, 3, 4)]
    assert codes[0] == codes[1]
    assert len(set(codes)) > 1


def edges_of(pairs: list[tuple[int, int, float]]) -> Edges:
    import numpy as np

    a, b, metres = (np.array(column) for column in zip(*pairs, strict=True))
    return Edges(a, b, metres.astype(float), metres.astype(float), np.ones(len(a), dtype=bool))


def test_leaves_go_to_the_longest_border_and_never_connect_two() -> None:
    import numpy as np

    # 0 and 1 are zones, 2 touches both, 3 touches only 2, 4 touches only the closed zone 5, 6 touches nothing.
    edges = edges_of([(0, 2, 10.0), (1, 2, 20.0), (2, 3, 5.0), (4, 5, 3.0)])
    closed = np.array([False] * 5 + [True, False])
    out = attach(np.array([0, 1, -1, -1, -1, 5, -1]), edges, closed=closed)
    assert out.tolist()[:6] == [0, 1, 1, 1, 5, 5]
    assert out[6] not in {0, 1, 5}
