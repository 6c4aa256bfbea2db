"""The one table of people, and the sums over it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gridgeo as gg
from gridgeo.errors import InputError
from gridgeo.files.atomic import write_layers
from gridgeo.model.land import Land, land_of
from gridgeo.model.members import MEMBER_COLUMNS, Member, cell_sums, members_of, members_table, sums, with_members
from gridgeo.model.plan import Plan
from tests.conftest import box

ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from([None, "1", "2"]), st.sampled_from("xyz"), st.none() | st.integers(0, 9)
    ),
    max_size=12,
    unique_by=lambda row: row[:3],
)


def table(rows: list[tuple[str, str | None, str, int | None]]) -> pd.DataFrame:
    building, unit, cell, households = zip(*rows, strict=True) if rows else ((), (), (), ())
    return members_table({"building": building, "unit": unit, "cell": cell, "households": households})


def cells_of(names: str) -> gpd.GeoDataFrame:
    index = pd.Index(list(names), name="cell", dtype="str")
    return gpd.GeoDataFrame({"kind": "land"}, index=index, geometry=[box(k, 0, k + 1, 1) for k in range(len(names))])


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_sums_are_those_of_a_count_by_hand(rows: list[tuple[str, str | None, str, int | None]]) -> None:
    found = cell_sums(table(rows), pd.Index(list("wxyz")))
    for cell in "wxyz":
        mine = [row for row in rows if row[2] == cell]
        assert found.loc[cell, "households"] == sum(row[3] or 0 for row in mine)
        assert found.loc[cell, "n_unknown"] == sum(row[3] is None for row in mine)
        assert found.loc[cell, "n_buildings"] == len({row[0] for row in mine})


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_the_column_of_members_says_the_same_as_the_table(rows: list[tuple[str, str | None, str, int | None]]) -> None:
    members = table(rows)
    shown = with_members(cells_of("wxyz"), members)
    assert all(isinstance(member, Member) for group in shown["members"] for member in group)
    pd.testing.assert_frame_equal(members_of(shown), members)


def test_rows_stand_by_cell_building_and_unit_whatever_their_order() -> None:
    rows = [("b", "2", "x", 1), ("a", None, "y", 2), ("b", "1", "x", 3), ("a", "1", "x", None)]
    assert table(rows).equals(table(rows[::-1]))
    assert table(rows)["building"].tolist() == ["a", "b", "b", "a"]
    assert dict(table(rows).dtypes.astype(str)) == MEMBER_COLUMNS


def test_rows_without_a_group_are_in_no_sum() -> None:
    members = table([("a", None, "x", 1), ("b", None, "y", 2)])
    assert sums(members, pd.Series([pd.NA, "one"], dtype="string", name="code")).to_dict("index") == {
        "one": {"households": 2, "n_unknown": 0, "n_buildings": 1}
    }


def test_a_plan_of_an_earlier_version_is_read_by_its_list_of_buildings(plan: Plan, tmp_path: Path) -> None:
    """Its file has no table of members."""
    path = plan.save(tmp_path / "plan.gpkg")
    layers = {str(name): pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)}
    earlier = {name: layer for name, layer in layers.items() if name not in ("members", "layer_styles")}
    old = write_layers(tmp_path / "old.gpkg", earlier)
    pd.testing.assert_frame_equal(Plan.load(old).members, Plan.load(path).members)
    assert Plan.load(old).zones("micro").equals(plan.zones("micro"))


def test_what_a_file_shows_of_members_beside_their_table_is_not_read(plan: Plan, tmp_path: Path) -> None:
    path = plan.save(tmp_path / "plan.gpkg")
    layers = {str(name): pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)}
    del layers["layer_styles"]
    layers["cells"]["households"] = 999
    layers["buildings"]["households"] = 999
    assert Plan.load(write_layers(tmp_path / "other.gpkg", layers)).members.equals(plan.members)


def test_verbs_take_land_a_plan_or_a_bare_table(plan: Plan) -> None:
    land = land_of(plan)
    assert land.members is plan.members
    assert land_of(land) is land
    pd.testing.assert_frame_equal(land_of(plan.cells).members, plan.members)
    with pytest.raises(InputError, match="members"):
        land_of(plan.cells.drop(columns="members"))


def test_land_names_its_tables_to_whom_takes_it_for_one(plan: Plan) -> None:
    land = Land(plan.cells, plan.members)
    with pytest.raises(AttributeError, match=r"\.cells"):
        _ = land.geometry
    with pytest.raises(TypeError, match=r"\.members"):
        land["households"]
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = land.nonsense


def test_members_of_a_divided_place_hold_all_its_people(site: gg.Site) -> None:
    plan = gg.divide(site, gg.Scheme.preset("wide"), seed=1, effort="fast")
    assert plan.members["households"].sum() == site.buildings["households"].sum()
    assert set(plan.members["building"]) == set(site.buildings.index)
    assert np.isin(plan.members["cell"], plan.cells.index).all()
