"""Compounds and walls in a division."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

import gridgeo as gg
from gridgeo.land import compounds_of
from gridgeo.model import Scheme, Site, Tier
from tests.conftest import EAST, NORTH
from tests.division.places import compound_of, divided_compounds, estates, walls_instead, with_layer
from tests.made import Town, assert_sound, build


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


def test_land_inside_walls_is_a_compound_like_those_that_are_given() -> None:
    site = walls_instead(estates())
    compounds = compounds_of(site)
    assert compounds.index.tolist() == ["wall north", "wall tall", "wall west"]
    assert compounds["name"].fillna("").tolist() == ["北园", "", "西园"]
    assert (
        compounds.area.round().tolist() == estates().layer("compounds").area.round()[["north", "tall", "west"]].tolist()
    )
    given = {**site.layers, "compounds": estates().layer("compounds")}
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
