"""The verb divide, from a site to a plan."""

from __future__ import annotations

import itertools
import os
import re
import signal
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, Phase, given, settings

import gridgeo as gg
from gridgeo.coverage.dissolve import compactness
from gridgeo.division import with_institutions
from gridgeo.division.borders import Edges
from gridgeo.division.compounds import compound_of
from gridgeo.division.effort import longer_search
from gridgeo.division.leaves import attach, with_attached
from gridgeo.division.search import COMPACT, with_shape
from gridgeo.division.stop import deaf, heeding
from gridgeo.errors import DivisionError, InputError
from gridgeo.land import compounds_of
from gridgeo.messages import Text
from gridgeo.model.scheme import Preferences, Scheme, Tier
from gridgeo.model.site import Site
from gridgeo.model.tables import ROLES
from gridgeo.partition import Graph, Limits, Shape
from tests.conftest import EAST, NORTH, box, make_site
from tests.made import SCHEME, Town, assert_sound, build, shuffled, towns

SAMPLE = Path(__file__).parents[2] / "sample_data/community.gpkg"

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
    pd.testing.assert_frame_equal(one.site.account, two.site.account)


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


def test_a_zone_that_may_hold_more_than_there_is_needs_no_more_digits() -> None:
    site = build(Town(seed=8, columns=3, rows=2, per_block=4))
    whole = Tier("area", 1, 1_000_000, width=3)
    plan = gg.divide(site, Scheme((whole, SCHEME.finest)), effort="fast")
    assert len(plan.zones("area").query("kind != 'dedicated'")) == 1


def test_cells_made_by_hand_are_taken_and_checked() -> None:
    site = build(Town(seed=9))
    cells = gg.cells(site, gg.blocks(site), max_households=SCHEME.finest.high)
    one, two = gg.divide(site, SCHEME, cells=cells, seed=9), gg.divide(site, SCHEME, seed=9)
    assert_geodataframe_equal(one.cells.drop(columns="members"), two.cells.drop(columns="members"))
    bare = gg.divide(site, SCHEME, cells=cells.cells, seed=9)
    assert_geodataframe_equal(one.cells.drop(columns="members"), bare.cells.drop(columns="members"))
    with pytest.raises(InputError, match="members"):
        gg.divide(site, SCHEME, cells=cells.cells.drop(columns="members"))
    moved = cells.cells.copy()
    moved.iloc[0, moved.columns.get_loc("geometry")] = shapely.affinity.translate(moved.geometry.iloc[0], 1, 0)
    with pytest.raises(InputError, match="edge to edge"):
        gg.divide(site, SCHEME, cells=moved)


def test_cells_of_another_place_are_refused() -> None:
    site = build(Town(seed=9))
    cells = gg.cells(site, gg.blocks(site), max_households=SCHEME.finest.high)
    with pytest.raises(InputError, match="same site"):
        gg.divide(site, SCHEME, cells=cells.cells.iloc[3:])


def test_what_the_search_does_not_know_is_refused() -> None:
    site = build(Town(seed=9))
    with pytest.raises(InputError, match="standard"):
        gg.divide(site, SCHEME, effort="heroic")
    with pytest.raises(InputError, match="area_m2"):
        gg.divide(site, Scheme((Tier("grid", 60, 140, load="area_m2"),)))


@pytest.mark.parametrize("parts", [1, 2])
def test_institutions_may_cover_all_the_land(parts: int) -> None:
    site = build(Town(seed=2))
    land = site.communities.geometry.iloc[0]
    west, south, east, north = land.bounds
    cuts = [west, east] if parts == 1 else [west, west + 150, east]
    shapes = [shapely.box(a, south, b, north) for a, b in itertools.pairwise(cuts)]
    institutions = gpd.GeoDataFrame(
        {"name": ["大学"] * parts, "class": ["university"] * parts},
        index=pd.Index([f"i{k}" for k in range(parts)], name="id"),
        geometry=shapes,
        crs=site.crs,
    ).astype({"name": "string", "class": "string"})
    plan = gg.divide(Site({**site.layers, "institutions": institutions}, site.unit_households, site.account), SCHEME)
    assert_sound(plan)
    assert plan.zones("grid").index.str[12:].tolist() == ["901", "902"][:parts]
    assert (plan.zones("grid")["kind"] == "dedicated").all()


def test_another_seed_may_give_another_plan_the_same_seed_never() -> None:
    site = build(Town(seed=10, columns=9, rows=7, per_block=8))
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


def with_layer(site: Site, role: str, shapes: dict[str, shapely.Geometry], **columns: object) -> Site:
    """The site with one more layer, drawn in metres from the town's corner."""
    table = gpd.GeoDataFrame(
        columns,
        index=pd.Index(list(shapes), dtype="str", name="id"),
        geometry=[shapely.affinity.translate(shape, EAST, NORTH) for shape in shapes.values()],
        crs=site.crs,
    )
    for name, dtype in ROLES[role].columns.items():
        table[name] = (table[name] if name in table else pd.Series(pd.NA, index=table.index)).astype(dtype)
    return Site({**site.layers, role: table}, site.unit_households, site.account)


def estates(seed: int = 11) -> Site:
    """Six blocks; in the western two a compound each of about 60 households, over the middle two one of about 120."""
    site = build(Town(seed=seed, columns=3, rows=2, per_block=8))
    boxes = {
        "west": shapely.box(4, 4, 96, 96),
        "north": shapely.box(4, 104, 96, 196),
        "tall": shapely.box(104, 4, 196, 196),
    }
    return with_layer(site, "compounds", boxes, name=["西园", "北园", None])


def divided_compounds(plan: gg.Plan, tier: str) -> set[str]:
    """Compounds with members in several zones of a tier."""
    cells = plan.cells.assign(compound=compound_of(plan.cells, plan.site))
    cells = cells[cells["members"].map(bool) & cells["compound"].notna()]
    zones = cells["code"].str[: plan.scheme.digits(tier)].groupby(cells["compound"]).nunique()
    return set(zones.index[zones > 1])


def test_cells_know_their_compound_by_their_building() -> None:
    site = estates()
    inner = shapely.box(10, 10, 40, 40)
    compounds = site.layer("compounds")
    nested = gpd.GeoDataFrame(
        {"name": ["里院"]}, index=["inner"], geometry=[shapely.affinity.translate(inner, EAST, NORTH)], crs=site.crs
    )
    site = Site(
        {**site.layers, "compounds": gpd.GeoDataFrame(pd.concat([compounds, nested]), crs=site.crs)},
        site.unit_households,
        site.account,
    )
    cells = gg.cells(site, gg.blocks(site)).cells
    of = compound_of(cells, site)
    assert of["b000"] == "inner"
    assert set(of[[f"b{k:03d}" for k in range(1, 8)]]) == {"west"}
    assert of["b016"] is pd.NA


def test_compounds_stay_whole_where_limits_allow_if_that_is_asked_for() -> None:
    site = estates()
    loads = site.buildings["households"]
    west = int(loads.iloc[:8].sum())
    scheme = Scheme((Tier("grid", 40, 260, 120, width=3), Tier("micro", 5, west + 12, 30)))
    for seed in range(4):
        plan = gg.divide(site, scheme, seed=seed, effort="fast", keep_compounds=True)
        assert_sound(plan)
        assert not divided_compounds(plan, "grid")
        large = {"tall", "north"} if int(loads.iloc[24:32].sum()) > west + 12 else {"tall"}
        assert divided_compounds(plan, "micro") <= large
        assert plan.manifest["keep_compounds"] == "true"


def test_compounds_are_rather_not_divided_and_counted_if_they_are() -> None:
    site = estates()
    scheme = Scheme((Tier("grid", 60, 200, 110, width=3), Tier("micro", 15, 60, 30)))
    plain = Site(
        {role: layer for role, layer in site.layers.items() if role != "compounds"}, site.unit_households, site.account
    )

    def pieces(plan: gg.Plan) -> int:
        cells = plan.cells.assign(compound=compound_of(plan.cells, site))
        return int(cells[cells["members"].map(bool)].groupby("compound")["code"].nunique().sum())

    weighed = [pieces(gg.divide(site, scheme, seed=seed)) for seed in range(4)]
    without = [pieces(gg.divide(plain, scheme, seed=seed)) for seed in range(4)]
    assert sum(weighed) <= sum(without)
    plan = gg.divide(site, scheme, seed=1)
    notes = plan.notes[plan.notes["reason"] == "compounds_divided"]
    divided = divided_compounds(plan, "micro")
    assert len(notes) == 1
    assert notes["code"].tolist() == [site.communities.index[0]]
    assert notes["en"].iloc[0].startswith(f"{len(divided)} compounds")
    assert "tall" in notes["en"].iloc[0]
    assert "compounds_divided" not in set(gg.divide(plain, scheme, seed=1).notes["reason"])


def test_a_wall_with_a_gate_is_left_through_it() -> None:
    town = build(Town(seed=12, columns=1, rows=1, per_block=8))
    layers = {role: layer for role, layer in town.layers.items() if role != "streets"}
    site = Site(layers, town.unit_households, town.account)
    ring = shapely.LineString([(2, 2), (98, 2), (98, 38), (2, 38), (2, 2)])
    gate = shapely.LineString([(52, 38), (2, 38), (2, 2), (98, 2), (98, 38), (58, 38)])
    scheme = Scheme((Tier("micro", 5, 400, 300, width=3),))
    low = Scheme((Tier("micro", 60, 400, 300, width=3),))
    closed = with_layer(site, "barriers", {"w": ring}, barrier=["wall"])
    opened = with_layer(site, "barriers", {"w": gate}, barrier=["wall"])
    posted = with_layer(site, "barriers", {"g": shapely.Point(50, 38), "w": ring}, barrier=["gate", "wall"])
    assert len(gg.divide(closed, scheme, seed=1).zones("micro")) == 2
    assert "pocket_joined" in set(gg.divide(closed, low, seed=1).notes["reason"])
    for site in (opened, posted):
        assert len(gg.blocks(site)) == 2
        assert len(gg.divide(site, scheme, seed=1).zones("micro")) == 1
        assert "pocket_joined" not in set(gg.divide(site, low, seed=1).notes["reason"])
        assert_sound(gg.divide(site, low, seed=1))


def walls_instead(site: Site) -> Site:
    """The same place with a fence, with a hole, round each compound in place of the layer; and one round one house."""
    lines, names = {}, []
    for name, row in site.layer("compounds").iterrows():
        corners = shapely.get_coordinates(row.geometry.exterior)
        start = corners[0] + (corners[1] - corners[0]) / np.hypot(*(corners[1] - corners[0])) * 4
        lines[f"wall {name}"] = shapely.LineString([start, *corners[1:]])
        names.append(row["name"])
    home = site.buildings.geometry.iloc[30]
    lines["garden"] = shapely.box(*shapely.buffer(home, 0.5).bounds).exterior
    moved = {key: shapely.affinity.translate(line, -EAST, -NORTH) for key, line in lines.items()}
    site = with_layer(site, "barriers", moved, name=[*names, "花园"], barrier=["fence"] * len(moved))
    layers = {role: layer for role, layer in site.layers.items() if role != "compounds"}
    return Site(layers, site.unit_households, site.account)


def test_land_inside_walls_is_a_compound_like_those_that_are_given() -> None:
    site = walls_instead(estates())
    compounds = compounds_of(site)
    assert compounds.index.tolist() == ["wall north", "wall tall", "wall west"]
    assert compounds["name"].fillna("").tolist() == ["北园", "", "西园"]
    assert (
        compounds.area.round().tolist() == estates().layer("compounds").area.round()[["north", "tall", "west"]].tolist()
    )
    given = site.layers | {"compounds": estates().layer("compounds")}
    assert compounds_of(Site(given, site.unit_households, site.account)).index.tolist() == ["north", "tall", "west"]
    scheme = Scheme((Tier("grid", 60, 200, 110, width=3), Tier("micro", 15, 60, 30)))
    plan = gg.divide(site, scheme, seed=0, effort="fast", keep_compounds=True)
    assert_sound(plan)
    assert not divided_compounds(plan, "grid")
    (note,) = plan.notes.loc[plan.notes["reason"] == "compounds_divided", "en"]
    assert "wall tall" in note


def test_an_outer_compound_that_is_divided_is_counted_too() -> None:
    site = build(Town(seed=11, columns=2, rows=1, per_block=8))
    boxes = {"outer": shapely.box(2, 2, 198, 98), "a": shapely.box(4, 4, 99, 96), "b": shapely.box(101, 4, 196, 96)}
    site = with_layer(site, "compounds", boxes, name=["大院", "甲", "乙"])
    load = site.buildings["households"].sum()
    plan = gg.divide(
        site, Scheme((Tier("micro", 1, int(load) - 1, int(load) // 2, width=3),)), seed=0, keep_compounds=True
    )
    assert set(compound_of(plan.cells, site)[plan.cells["members"].map(bool)]) == {"a", "b"}
    (note,) = plan.notes.loc[plan.notes["reason"] == "compounds_divided", "en"]
    assert "大院" in note
    assert note.startswith("1 compound")
    assert gg.compare([plan])["compounds divided"].tolist() == [1]


def test_more_institutions_than_digits_can_number_are_refused_before_the_search() -> None:
    site = in_a_row(*[30] * 6)
    spots = [box(5 + 50 * k, 5, 15 + 50 * k, 15) for k in range(10)]
    columns = {"class": ["park"] * 10, "name": [None] * 10}
    parks = gpd.GeoDataFrame(columns, index=[f"p{k}" for k in range(10)], geometry=spots, crs=site.crs)
    crowded = Site({**site.layers, "institutions": parks}, site.unit_households, site.account)
    told: list[str] = []
    with pytest.raises(
        InputError, match=r"10 institutions, each a dedicated zone.* number only 9 .*from 91 on.* 3 digits"
    ):
        gg.divide(crowded, Scheme((Tier("micro", 30, 100, width=2),)), progress=lambda text: told.append(text.reason))
    assert "step_partition" not in told
    zones = gg.divide(crowded, Scheme((Tier("micro", 30, 100, width=3),)), effort="fast").zones("micro")
    assert zones.index.str[12:].str.startswith("9").sum() == 10


def test_institutions_are_picked_by_class_where_no_layer_gives_them() -> None:
    site = build(Town(seed=13, columns=3, rows=2, per_block=8, school=True))
    site = with_layer(
        site,
        "landuse",
        {
            "1": shapely.box(22, 17, 68, 58),
            "2": shapely.box(205, 5, 250, 40),
            "3": shapely.box(105, 105, 195, 195),
            "4": shapely.box(101, 5, 190, 90),
        },
        **{"class": ["school", "Park", "school", "residential"]},
        name=["小学", "公园", "中学", None],
    )
    site = with_layer(
        site,
        "pois",
        {
            "1": shapely.Point(220, 20),
            "2": shapely.Point(150, 150),
            "3": shapely.Point(120, 20),
            "4": shapely.Point(230, 20),
        },
        **{"class": ["park", "school", "hospital", "cafe"]},
    )
    picked = with_institutions(site, ["school", "park", "hospital"])
    layer = picked.layer("institutions")
    assert list(layer.index) == ["school", "landuse:2", "landuse:3", "pois:3"]
    assert list(layer["name"].fillna("-")) == ["小学", "公园", "中学", "-"]
    assert list(site.layer("institutions").index) == ["school"]
    assert with_institutions(site, []).layer("institutions").equals(site.layer("institutions"))
    plan = gg.divide(picked, SCHEME, seed=1)
    dedicated = plan.zones("grid").query("kind == 'dedicated'")
    assert {"小学", "公园", "中学"} <= set(dedicated["name"].dropna())
    assert dedicated.index.str[12].isin(["9"]).all()


def test_a_count_is_met_or_its_miss_is_said() -> None:
    site = build(Town(seed=14, columns=4, rows=3, per_block=8))
    for count in (20, 24):
        scheme = Scheme((SCHEME.tiers[0], Tier("micro", 10, 60, 25, count=count)))
        plan = gg.divide(site, scheme, seed=1, effort="fast")
        missed = plan.notes[plan.notes["reason"] == "count_missed"]
        assert (len(plan.zones("micro")) == count) == missed.empty
    impossible = Scheme((Tier("grid", 60, 140, 100, width=3, count=60), SCHEME.finest))
    plan = gg.divide(site, impossible, seed=1, effort="fast")
    notes = plan.notes[plan.notes["reason"] == "count_missed"]
    assert len(notes) == 1
    assert "60" in notes["en"].iloc[0]
    assert notes["zh"].iloc[0] != notes["en"].iloc[0]
    with pytest.raises(DivisionError, match="60"):
        gg.divide(site, impossible, seed=1, effort="fast", strict=True)


def test_ctrl_c_ends_the_search_with_the_best_so_far() -> None:
    site = build(Town(seed=1, columns=6, rows=4, per_block=8))

    def press(text: Text) -> None:
        if text.reason in {"step_partition", "step_codes"}:
            os.kill(os.getpid(), signal.SIGINT)

    plan = gg.divide(site, SCHEME, seed=1, progress=press)
    assert plan.manifest["interrupted"] == "true"
    assert (plan.notes["reason"] == "interrupted").sum() == len(site.communities)
    assert gg.check(plan, lang="en").counts()["error"] == 0
    assert gg.divide(site, SCHEME, seed=1).manifest["interrupted"] == "false"


def test_a_second_ctrl_c_changes_nothing_and_the_first_handler_is_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with heeding() as interrupted:
        assert not interrupted()
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGINT)
            assert interrupted()
    assert signal.getsignal(signal.SIGINT) is before
    with deaf(really=True):
        os.kill(os.getpid(), signal.SIGINT)
    with deaf(really=False), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_preferences_change_the_plan_and_are_kept_in_its_file(tmp_path: Path) -> None:
    site = build(Town(seed=1, columns=6, rows=4, per_block=8))
    plain = gg.divide(site, SCHEME, seed=1)
    wishes = (Preferences(equal=10), Preferences(compact=10, streets=0))
    even, short = (gg.divide(site, replace(SCHEME, prefer=wish), seed=1, cells=plain.cells) for wish in wishes)
    border = [plan.zones("micro").length.sum() for plan in (short, plain, even)]
    off_target = [
        sum((plan.zones(tier.name)["households"] - tier.aim).abs().sum() / tier.aim for tier in SCHEME)
        for plan in (even, plain)
    ]
    assert border[0] < border[1] < border[2]
    assert off_target[0] < off_target[1]
    assert gg.Plan.load(short.save(tmp_path / "short.gpkg")).scheme == short.scheme
    with pytest.raises(InputError, match="beauty=2"):
        Preferences.parse(["beauty=2"])
    with pytest.raises(InputError, match="equal"):
        Preferences(equal=0)


def in_a_row(*households: int) -> Site:
    """Buildings from west to east in one block."""
    footprints = {f"r{k}": (box(100 * k + 30, 30, 100 * k + 70, 70), n) for k, n in enumerate(households)}
    return make_site(footprints, box(0, 0, 100 * len(households), 100))


@pytest.mark.parametrize(
    ("households", "reason", "words"),
    [
        # 20 fits with no neighbour
        ((20, 90, 90), "size_wedged", "with any neighbour"),
        # 25 and 25 are too small alone and must join the 70 between them
        ((25, 60, 25), "size_pocket_forced", "110 households in all"),
    ],
)
def test_why_no_division_fits_is_certain_and_told(households: tuple[int, ...], reason: str, words: str) -> None:
    scheme = Scheme((Tier("micro", 30, 100, width=3),))
    site = in_a_row(*households)
    plan = gg.divide(site, scheme, seed=1)
    assert reason in set(plan.notes["reason"]), plan.notes[["reason", "en"]].to_string()
    with pytest.raises(DivisionError) as caught:
        gg.divide(site, scheme, seed=1, strict=True)
    assert caught.value.blocking is not None
    assert caught.value.blocking["en"].str.contains(words).any()


def test_land_whose_total_cannot_be_cut_is_told() -> None:
    scheme = Scheme((Tier("micro", 50, 70, width=3),))
    plan = gg.divide(in_a_row(*[15] * 6), scheme, seed=1)
    assert set(plan.notes["reason"]) == {"size_component"}
    assert plan.notes["en"].str.contains("90 households").any()


def test_a_plan_is_had_again_from_its_manifest_and_cells() -> None:
    site = build(Town(seed=5, columns=5, rows=4, per_block=8))
    first = gg.divide(site, SCHEME, seed=1, split_large=True)
    assert (first.manifest["keep"], first.manifest["cells_passed"], first.manifest["split_large"]) == (
        "",
        "false",
        "true",
    )
    kept = [first.zones("micro").index[0], first.zones("grid").index[-1]]
    wished = replace(SCHEME, prefer=Preferences(compact=3, streets=0.5))
    plan = gg.divide(
        first.site, wished, seed=4, cells=first.cells, keep=kept, keep_compounds=True, split_large=True, effort="fast"
    )
    told = plan.manifest
    assert told["keep"] == ",".join(sorted(kept))
    # cells that were passed were not cut here, whatever was asked for
    assert (told["cells_passed"], told["split_large"]) == ("true", "false")
    scheme = replace(Scheme.parse(told["tiers"].split()), prefer=Preferences.parse(told["prefer"].split()))
    assert scheme == wished
    again = gg.divide(
        first.site,
        scheme,
        seed=int(told["seed"]),
        cells=first.cells,
        keep=told["keep"].split(","),
        keep_compounds=told["keep_compounds"] == "true",
        effort=told["effort"],
    )
    assert again.cells["code"].equals(plan.cells["code"])
    assert dict(again.manifest) == dict(told)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"keep": [410102013190003]}, "keep: must be a text, not 410102013190003"),
        ({"keep": None}, "keep: must be a text, not None"),
        ({"effort": None}, "effort: must be a number, not None"),
        ({"effort": "30"}, "write 30s for seconds"),
        ({"seed": "7"}, "seed: must be a whole number, not '7'"),
        ({"scheme": "zhengzhou"}, "scheme: must be Scheme, not 'zhengzhou'"),
        ({"within": ["410102013190001"]}, "within: must be GeoDataFrame"),
    ],
)
def test_arguments_of_another_kind_are_refused_in_plain_words(wrong: dict[str, object], words: str) -> None:
    site = in_a_row(20, 20)
    with pytest.raises(InputError, match=re.escape(words)):
        gg.divide(**{"site": site, "scheme": SCHEME, **wrong})


def test_totals_that_forbid_a_count_are_told_and_stop_before_the_search() -> None:
    site = in_a_row(*[30] * 6)
    scheme = Scheme((Tier("micro", 50, 70, width=3, count=5),))
    told: list[str] = []
    with pytest.raises(DivisionError, match=r"5 zones.*180 households, which make 3 to 3 zones of 50-70") as caught:
        gg.divide(site, scheme, strict=True, progress=lambda text: told.append(text.reason))
    assert "step_partition" not in told
    assert caught.value.plan is None
    assert caught.value.blocking is not None
    assert caught.value.blocking[["reason", "code"]].to_numpy().tolist() == [
        ["count_impossible", site.communities.index[0]]
    ]
    notes = gg.divide(site, scheme).notes
    assert notes.loc[notes["reason"] == "count_missed", "en"].str.contains("make 3 to 3 zones").all()
    assert "count_missed" in set(notes["reason"])
    # three are possible by the totals, and here they are found
    assert len(gg.divide(site, Scheme((replace(scheme.finest, count=3),)), strict=True).zones("micro")) == 3


def test_what_no_search_can_mend_is_told_before_it_begins() -> None:
    scheme, told = Scheme((Tier("micro", 30, 100, width=3),)), list[Text]()
    site = in_a_row(20, 90, 90, 60, 250)
    gg.divide(site, scheme, progress=told.append)
    reasons = [text.reason for text in told]
    assert reasons.index("step_partition") < reasons.index("step_certain") < reasons.index("step_codes")
    words = told[reasons.index("step_certain")].render("en")
    assert words.startswith(f"{site.communities.index[0]}: 2 places")
    assert "r4 (250), r0 (20)" in words
    told.clear()
    gg.divide(in_a_row(40, 40, 60, 60), scheme, progress=told.append)
    assert "step_certain" not in [text.reason for text in told]


def test_what_strictness_refuses_is_there_to_be_looked_at() -> None:
    with pytest.raises(DivisionError, match="limits or counts are not met") as caught:
        gg.divide(in_a_row(20, 90, 90), Scheme((Tier("micro", 30, 100, width=3),)), strict=True)
    zones = caught.value.plan.zones("micro")["households"]
    assert len(caught.value.blocking) == (~zones.between(30, 100)).sum() > 0


@pytest.mark.parametrize(
    ("effort", "stopped", "advice"),
    [
        ("fast", False, "--effort best"),
        ("standard", False, "--effort best"),
        ("best", False, "--effort max"),
        ("max", False, ""),
        (30.0, False, "longer than 30 s"),
        ("max", True, "to its end"),
    ],
)
def test_advice_fits_what_was_done(effort: str | float, stopped: bool, advice: str) -> None:
    text = str(longer_search(effort, stopped=stopped))
    assert advice in text
    assert bool(text) == bool(advice)


def test_advice_stands_in_the_notes() -> None:
    site = build(Town(seed=1, columns=3, rows=2, per_block=6))
    scheme = Scheme((Tier("micro", 24, 25, width=3),))
    for effort, advice in (("fast", "--effort best"), ("best", "--effort max"), ("max", "cut large buildings")):
        notes = gg.divide(site, scheme, seed=1, effort=effort).notes
        ends = notes.loc[notes["reason"] == "size_no_better", "en"]
        assert len(ends)
        assert ends.str.contains(advice).all()
    assert not ends.str.contains("--effort").any()


def test_parts_by_estimate_name_all_their_zones() -> None:
    plan = gg.divide(in_a_row(20, 95, 20), Scheme((Tier("micro", 15, 40, width=3),)), seed=6, split_large=True)
    note = plan.notes[plan.notes["reason"] == "cut_equal"].iloc[0]
    zones = sorted(set(plan.buildings.loc[plan.buildings["id"] == "r1", "code"]))
    assert len(zones) > 1
    assert note["en"].endswith("they are in " + ", ".join(zones))
    assert note["zh"].endswith("分属 " + ", ".join(zones))


def test_leaves_see_what_was_attached_before_them() -> None:
    import numpy as np

    # by land 2 borders 0 most, but 3, which belongs to 1, lies along it
    edges = edges_of([(0, 2, 5.0), (1, 2, 4.0), (2, 3, 10.0), (1, 3, 20.0)])
    assert attach(np.array([0, 1, -1, -1]), edges, closed=np.zeros(4, dtype=bool)).tolist() == [0, 1, 1, 1]


def test_a_canal_is_no_end_of_the_land_beside_it_for_the_search() -> None:
    import numpy as np

    # 0 and 1 are squares of 10 m with a canal (2) of 2 m between them; 3 is a pond in an institution (4)
    edges = edges_of([(0, 2, 10.0), (1, 2, 10.0), (3, 4, 8.0), (1, 4, 10.0)])
    area, outline = np.array([100.0, 100.0, 20.0, 4.0, 96.0]), np.array([40.0, 40.0, 24.0, 8.0, 48.0])
    searched, closed = np.array([True, True, False, False, False]), np.array([False] * 4 + [True])
    shape = with_attached(Shape(area, outline, edges.a, edges.b, edges.shared_m), edges, searched, closed=closed).among(
        searched
    )
    assert (shape.area.tolist(), shape.outline.tolist()) == ([120.0, 100.0], [44.0, 40.0])
    assert (shape.a.tolist(), shape.b.tolist(), shape.shared.tolist()) == ([0], [1], [10.0])


def test_shape_costs_the_same_however_finely_land_is_cut() -> None:
    import numpy as np

    limits = [Limits(1, 9, 4), Limits(16, 40, 25)]

    def prices(side: int, cost: float) -> list[float]:
        """Of side² squares that fill one square of 60 m, each metre of border at a cost."""
        at = np.arange(side**2).reshape(side, side)
        a, b = np.r_[at[:, :-1].ravel(), at[:-1].ravel()], np.r_[at[:, 1:].ravel(), at[1:].ravel()]
        metres = np.full(len(a), 60 / side)
        shape = Shape(np.full(side**2, (60 / side) ** 2), np.full(side**2, 240 / side), a, b, metres)
        load = np.full(side**2, 3_600 // side**2)
        return [limit.compact for limit in with_shape(limits, Graph(load, a, b, cost * metres, shape=shape))]

    # the border of a square of 25 m2 is 20 m, of which half is paid by each side
    assert prices(12, 0.1) == pytest.approx([0.0, COMPACT * 0.1 * 10])
    assert prices(60, 0.1) == pytest.approx(prices(12, 0.1))
    assert prices(12, 0.3) == pytest.approx([3 * price for price in prices(12, 0.1)])
    assert prices(1, 0.1) == [0.0, 0.0]


def test_coarse_zones_are_compact_and_no_less_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    site, scheme = gg.read_site(SAMPLE), Scheme.preset("zhengzhou")
    cells = gg.cells(site, gg.blocks(site), max_households=scheme.finest.high)
    mean = []
    for weight in (0.0, COMPACT):
        monkeypatch.setattr("gridgeo.division.search.COMPACT", weight)
        grids = [gg.divide(site, scheme, seed=seed, cells=cells).zones("grid") for seed in (1, 2, 3)]
        grids = [zones[zones["kind"] != "dedicated"] for zones in grids]
        mean.append(sum(compactness(zones.geometry.to_numpy()).mean() for zones in grids) / len(grids))
        assert all(zones["households"].map(scheme.tiers[0].admits).all() for zones in grids)
    assert mean[1] > mean[0] + 0.02


NARROW = Scheme((Tier("micro", 30, 100, width=3),))


def told_of(households: dict[str, tuple[shapely.Geometry, int]], scheme: Scheme, **known: int) -> pd.DataFrame:
    """Reasons and texts about sizes of a plan of these buildings, with what is known of the first."""
    site = make_site({name: (shape, n) for name, (shape, n) in households.items()}, box(0, 0, 200, 200))
    for column, figure in known.items():
        site.buildings.loc[next(iter(households)), column] = figure
    notes = gg.divide(site, scheme, seed=1).notes
    assert not notes["zh"].str.contains("{", regex=False).any()
    return notes[notes["reason"].str.startswith("size_")]


def test_buildings_that_share_a_cell_are_named_where_they_are_too_many() -> None:
    spot = box(50, 50, 50, 50).centroid
    rest = {f"r{k}": (box(20 + 40 * k, 120, 40 + 40 * k, 140), 40) for k in range(4)}
    notes = told_of({"p": (spot, 60), "q": (spot, 50), **rest}, NARROW)
    assert notes["reason"].tolist() == ["size_together"]
    assert "p (60), q (50); separate their footprints or points" in notes["en"].iloc[0]
    # parts of two towers with one footprint share cells two by two
    tower = box(20, 20, 80, 35)
    site = make_site({"t": (tower, 160), "u": (tower, 160), **rest}, box(0, 0, 200, 200))
    site.buildings.loc[["t", "u"], "units"] = 2
    notes = gg.divide(site, NARROW, seed=1).notes
    assert set(notes["reason"]) == {"size_together"}
    assert notes["en"].str.contains("t/1 (80), u/", regex=False).any()


def test_land_shut_in_by_a_building_over_the_limit_names_it() -> None:
    scheme = Scheme((Tier("grid", 300, 500, width=3), Tier("micro", 30, 100)))
    homes = {"n0": (box(130, 60, 150, 80), 100), "n1": (box(130, 120, 150, 140), 100)}
    notes = told_of({"t": (box(40, 60, 80, 100), 1000), **homes}, scheme).set_index("reason")["en"]
    assert "t (1000); give their entrances (units)" in notes["size_component"]
    assert "links" not in notes["size_component"]


@pytest.mark.parametrize(
    ("shape", "known", "words"),
    [
        # too small for as many parts
        (box(50, 50, 51, 51), {"units": 40, "levels": 2}, "its footprint is too small"),
        (box(50, 50, 51, 51), {"units": 40}, "its footprint is too small"),
        (box(50, 50, 90, 60), {"units": 1}, "give the floors (levels)"),
        (box(50, 50, 90, 60), {"units": 1, "levels": 2}, "only a higher limit helps"),
    ],
)
def test_a_tower_that_was_not_cut_tells_why(shape: shapely.Polygon, known: dict[str, int], words: str) -> None:
    notes = told_of({"t": (shape, 1000)}, NARROW, **known)
    assert set(notes["reason"]) == {"size_building"}
    assert notes["en"].str.contains(words, regex=False).all()


@pytest.mark.parametrize(
    ("households", "words"),
    [
        ([30], "holds 30 households, fewer than one zone of this tier needs"),
        ([20] * 4, "holds 80 households, fewer than one zone of this tier needs"),
        ([60] * 9, "holds 540 households, which no number of zones divides"),
    ],
)
def test_a_community_that_limits_do_not_suit_is_told_so(households: list[int], words: str) -> None:
    scheme = Scheme((Tier("grid", 300, 500, width=3), Tier("micro", 30, 100)))
    homes = {f"r{k}": (box(20 + 60 * (k % 3), 20 + 60 * (k // 3), 40 + 60 * (k % 3), 40 + 60 * (k // 3)), n)
             for k, n in enumerate(households)}  # fmt: skip
    notes = told_of(homes, scheme)
    assert len(notes)
    assert notes["en"].str.contains(words).all()
    assert notes["en"].str.contains("the whole community").all()
    assert not notes["en"].str.contains("links").any()
