"""Plans: what is derived from cells, what a file holds, zones read from drawings."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from geopandas.testing import assert_geodataframe_equal

import gridgeo as gg
from gridgeo.errors import InputError
from gridgeo.files.atomic import write_layers
from gridgeo.files.drawing import read_zones
from gridgeo.files.plan_file import scheme_table
from gridgeo.model.members import Member, members_of
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Scheme
from gridgeo.model.site import Site
from tests.conftest import COMMUNITY, box


def test_zones_are_unions_of_cells(plan: Plan) -> None:
    grids, micros = plan.zones("grid"), plan.zones("micro")
    assert list(grids.index) == [COMMUNITY + "001", COMMUNITY + "002"]
    assert list(grids["households"]) == [120, 60]
    assert list(grids["area_m2"]) == [40_000.0, 20_000.0]
    assert list(grids["parent"]) == [COMMUNITY, COMMUNITY]
    assert list(micros["parent"]) == [COMMUNITY + "001", COMMUNITY + "001", COMMUNITY + "002"]
    assert list(micros["n_buildings"]) == [2, 2, 2]
    assert grids.geometry.iloc[0].equals(box(0, 0, 200, 200))


def test_all_zones_are_one_table_from_coarse_to_fine(plan: Plan) -> None:
    zones = plan.zones()
    assert zones.tiers == ("grid", "micro")
    assert len(zones.table) == 5
    assert zones.summary()["zones"].tolist() == [2, 3]
    assert "micro" in zones._repr_html_()


def test_households_of_tiers_agree_and_unknown_is_not_zero(plan: Plan) -> None:
    cells = plan.cells.copy()
    cells.at["c1", "households"] = 0
    cells.at["c1", "n_unknown"] = 1
    cells.at["c1", "members"] = (Member("b1", None, None, None),)
    changed = replace(plan, cells=cells, members=members_of(cells))
    assert changed.zones("grid")["households"].sum() == changed.zones("micro")["households"].sum() == 150
    assert changed.zones("micro")["n_unknown"].tolist() == [0, 1, 0]
    assert pd.isna(changed.buildings.at["b1", "households"])


def test_an_institution_makes_a_dedicated_zone(plan: Plan, site: Site) -> None:
    institutions = gpd.GeoDataFrame(
        {"name": ["第一小学"], "class": ["school"]},
        index=pd.Index(["s1"], name="id"),
        geometry=[box(200, 0, 300, 200)],
        crs=site.crs,
    )
    cells = plan.cells.copy()
    cells.loc[["c3", "c6"], "institution"] = "s1"
    cells.loc[["c3", "c6"], "code"] = COMMUNITY + "90100"
    changed = replace(
        plan,
        cells=cells,
        members=members_of(cells),
        site=Site({**site.layers, "institutions": institutions}, site.unit_households, site.account),
    )
    grids = changed.zones("grid")
    assert list(grids["kind"]) == ["grid", "dedicated"]
    assert grids["name"].iloc[1] == "第一小学"


def test_a_unit_is_a_member_with_the_part_of_the_footprint_in_its_cell(plan: Plan, site: Site) -> None:
    buildings = site.buildings.copy()
    buildings.at["b1", "geometry"] = box(90, 40, 110, 60)
    cells = plan.cells.copy()
    cells.at["c1", "members"] = (Member("b1", "1", 20, "units"),)
    cells.at["c2", "members"] = (Member("b1", "2", 10, "units"), Member("b2", None, 30, None))
    changed = replace(
        plan,
        cells=cells,
        members=members_of(cells),
        site=Site({**site.layers, "buildings": buildings}, site.unit_households, site.account),
    )
    units = changed.buildings.loc[["b1/1", "b1/2"]]
    assert list(units["households"]) == [20, 10]
    assert list(units.area) == [200.0, 200.0]


def test_a_plan_cannot_be_changed(plan: Plan) -> None:
    with pytest.raises(FrozenInstanceError):
        plan.scheme = Scheme.preset("wide")  # type: ignore[misc]
    with pytest.raises(TypeError):
        plan.manifest["seed"] = "8"  # type: ignore[index]


def test_a_plan_and_a_site_can_be_sent_to_another_process(plan: Plan) -> None:
    plan.zones()
    sent = copy.deepcopy(plan)
    assert_geodataframe_equal(sent.zones("micro"), plan.zones("micro"))
    assert dict(sent.manifest) == dict(plan.manifest)
    with pytest.raises(TypeError):
        sent.site.layers["water"] = plan.site.buildings  # type: ignore[index]


def test_maps_of_something_else_are_refused(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="GeoDataFrame"):
        gg.explore(plan.zones("grid"))
    with pytest.raises(InputError, match="GeoDataFrame"):
        gg.atlas(plan.zones("grid"), tmp_path / "plan.pdf")


def test_layers_of_a_drawing_are_matched_to_given_tiers(plan: Plan, tmp_path: Path) -> None:
    layers = {"网格": plan.zones("grid").reset_index(), "微网格": plan.zones("micro").reset_index()}
    path = write_layers(tmp_path / "drawn.gpkg", layers)
    assert read_zones(path, scheme=plan.scheme).tiers == ("grid", "micro")
    short = {name: table.assign(code=table["code"].str[12:]) for name, table in layers.items()}
    assert read_zones(write_layers(tmp_path / "short.gpkg", short), scheme=plan.scheme).tiers == ("grid", "micro")


def test_an_unknown_tier_is_named(plan: Plan) -> None:
    with pytest.raises(InputError, match="grid, micro"):
        plan.zones("block")


def test_a_saved_plan_comes_back(plan: Plan, tmp_path: Path) -> None:
    loaded = Plan.load(plan.save(tmp_path / "plan.gpkg"))
    assert loaded.scheme == plan.scheme
    assert dict(loaded.manifest) == dict(plan.manifest)
    assert_geodataframe_equal(loaded.cells.drop(columns="members"), plan.cells.drop(columns="members"), check_like=True)
    assert list(loaded.cells["members"]) == list(plan.cells["members"])
    assert_geodataframe_equal(loaded.zones("micro"), plan.zones("micro"))
    (tmp_path / "again").mkdir()
    assert loaded.save(tmp_path / "again" / "plan.gpkg").read_bytes() == (tmp_path / "plan.gpkg").read_bytes()


def test_a_plan_file_holds_what_its_description_says(plan: Plan, tmp_path: Path) -> None:
    path = plan.save(tmp_path / "plan.gpkg")
    names = {str(name) for name, _ in pyogrio.list_layers(path)}
    assert {"grid", "micro", "cells", "buildings", "communities", "account", "registry", "scheme", "manifest"} <= names
    micro = gpd.read_file(path, layer="micro")
    assert {"code", "parent", "kind", "households", "area_m2", "n_buildings"} <= set(micro.columns)
    assert {"id", "block", "code", "kind"} <= set(gpd.read_file(path, layer="cells").columns)
    assert {"id", "unit", "households", "code", "cell"} <= set(gpd.read_file(path, layer="buildings").columns)
    assert all(isinstance(code, str) and len(code) == 17 for code in micro["code"])


def test_what_is_no_plan_is_refused(tmp_path: Path, plan: Plan) -> None:
    with pytest.raises(InputError, match="no file"):
        Plan.load(tmp_path / "missing.gpkg")
    (tmp_path / "text.gpkg").write_text("hello")
    with pytest.raises(InputError, match="not a plan file"):
        Plan.load(tmp_path / "text.gpkg")
    write_layers(tmp_path / "other.gpkg", {"cells": plan.cells.drop(columns="members").reset_index()})
    with pytest.raises(InputError, match="buildings"):
        Plan.load(tmp_path / "other.gpkg")


def test_zones_of_a_plan_file_are_read_as_drawn(plan: Plan, tmp_path: Path) -> None:
    zones = read_zones(plan.save(tmp_path / "plan.gpkg"))
    assert zones.scheme == plan.scheme
    assert_geodataframe_equal(zones.tier("micro"), plan.zones("micro"))
    assert zones.buildings is not None
    assert sorted(zones.buildings["id"]) == [f"b{k}" for k in range(1, 7)]


def test_a_drawing_may_have_chinese_columns_and_any_layer_names(plan: Plan, tmp_path: Path) -> None:
    grids = plan.zones("grid").reset_index()[["code", "households", "geometry"]]
    micros = plan.zones("micro").reset_index()[["code", "geometry"]]
    path = write_layers(
        tmp_path / "drawn.gpkg",
        {
            "微网格": micros.rename(columns={"code": "统一编码"}),
            "三级网格": grids.rename(columns={"code": "网格编码", "households": "户数"}),
            "底图": micros[["geometry"]],
        },
    )
    zones = read_zones(path)
    assert zones.tiers == ("三级网格", "微网格")
    assert list(zones.tier("三级网格")["households"]) == [120, 60]
    named = read_zones(path, layers={"grid": "三级网格", "micro": "微网格"}, scheme=plan.scheme)
    assert named.tiers == ("grid", "micro")


def test_codes_that_came_as_numbers_are_text_again(plan: Plan, tmp_path: Path) -> None:
    grids = plan.zones("grid").reset_index()[["code", "geometry"]]
    path = write_layers(tmp_path / "drawn.gpkg", {"grid": grids.assign(code=grids["code"].astype("int64"))})
    assert list(read_zones(path).table["code"]) == [COMMUNITY + "001", COMMUNITY + "002"]


def test_a_drawing_without_codes_is_refused(plan: Plan, tmp_path: Path) -> None:
    path = write_layers(tmp_path / "drawn.gpkg", {"area": plan.zones("grid").reset_index()[["geometry"]]})
    with pytest.raises(InputError, match="layers="):
        read_zones(path)
    with pytest.raises(InputError, match="统一编码"):
        read_zones(path, layers={"grid": "area"})
    with pytest.raises(InputError, match="no file"):
        read_zones(tmp_path / "missing.gpkg")


def test_the_scheme_of_a_file_comes_back_whole() -> None:
    table = scheme_table(Scheme.parse(["grid:300-500x11@320", "micro:50-70:3"]))
    assert table["count"].tolist() == [11, pd.NA]
    assert table["width"].tolist() == [3, 3]
