"""What changed between two plans: counted by hand, conserved to the household, and written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

import gridgeo as gg
from gridgeo.changes import write_changes
from gridgeo.errors import InputError
from gridgeo.model import Changes, Member, Plan, Scheme, Site, Tier, Zones
from tests.cli.running import run
from tests.comparison.tiny_plans import PAIRS, coded, square, with_cells
from tests.conftest import CODES, COMMUNITY, box
from tests.made import SCHEME, Town, build


def codes(changes: Changes, tier: str = "micro") -> dict[str, tuple[str, str, str]]:
    """Status, successor and rule by the digits behind the community's."""
    rows = changes.codes[changes.codes["tier"] == tier].fillna("")
    return {
        row.code[12:]: (row.status, row.successor[12:], row.rule)
        for row in rows.itertuples()
        if isinstance(row.code, str)
    }


def moves(changes: Changes) -> list[tuple[str, str, str, int, str]]:
    table = changes.moves.assign(**{end: changes.moves[end].str[12:].fillna("-") for end in ("from", "to")})
    return sorted(table[["building", "from", "to", "households", "why"]].itertuples(index=False, name=None))


def test_nothing_changes_between_a_plan_and_itself(plan: Plan) -> None:
    changes = gg.diff(plan, plan)
    assert changes.moves.empty
    assert set(changes.codes["status"]) == {"kept"}
    assert changes.crosswalk("micro")["households"].tolist() == [60, 60, 60]
    assert repr(changes) == "Changes(grid 0 households moved, micro 0 households moved)"


def test_two_rows_become_two_columns(plan: Plan) -> None:
    # {c4 c5} {c1 c2} become {c1 c4} {c2 c5}: halves go crosswise, the grid stays as it is.
    changes = gg.diff(plan, coded(plan, PAIRS))
    assert moves(changes) == [
        ("b1", "00102", "00101", 30, "border_moved"),
        ("b5", "00101", "00102", 30, "border_moved"),
    ]
    assert codes(changes)["00101"] == ("kept", "", "largest_part")
    assert codes(changes)["00201"] == ("kept", "", "most_households")
    assert changes.summary.set_index("tier")["households_moved"].to_dict() == {"grid": 0, "micro": 60}


def test_a_merger_a_split_and_a_code_on_other_land(plan: Plan) -> None:
    merged = gg.diff(plan, coded(plan, {**CODES, "c1": "00101", "c2": "00101"}))
    assert codes(merged)["00102"] == ("retired", "00101", "merged")
    assert {row[-1] for row in moves(merged)} == {"zone_retired"}
    split = gg.diff(plan, coded(plan, {**CODES, "c6": "00202"}))
    assert codes(split)["00202"] == ("new", "", "split_off")
    assert moves(split) == [("b6", "00201", "00202", 30, "zone_new")]
    swapped = gg.diff(plan, coded(plan, {**CODES, "c3": "00101", "c6": "00101", "c4": "00201", "c5": "00201"}))
    assert codes(swapped)["00101"] == ("moved", "00201", "other_land")
    # 40 of three parts: the largest keeps the code; a code with a smaller part than another zone is on other land
    shares = gg.diff(plan, coded(plan, {**CODES, "c1": "00103", "c2": "00103"}))
    assert codes(shares)["00103"] == ("new", "", "replaces")


def test_who_is_new_who_is_gone_and_who_has_more(plan: Plan) -> None:
    members = {"c1": (Member("b1", None, 45, None),), "c6": (), "c5": (Member("b5", None, None, None),)}
    cells = plan.cells.assign(
        members=[members.get(cell, held) for cell, held in plan.cells["members"].items()],
    )
    buildings = plan.site.buildings.drop("b6").rename(index={"b2": "x2"})
    cells.at["c2", "members"] = (Member("x2", None, 30, None),)
    site = Site({**plan.site.layers, "buildings": buildings}, plan.site.unit_households, plan.site.account)
    changes = gg.diff(plan, replace(with_cells(plan, cells), site=site))
    assert moves(changes) == [("b6", "00201", "-", 30, "gone")]
    table = changes.crosswalk("micro").fillna({"from": "", "to": ""}).set_index(["from", "to"])["households"]
    assert table[(f"{COMMUNITY}00102", f"{COMMUNITY}00102")] == 60
    assert table[("", f"{COMMUNITY}00102")] == 15
    assert set(changes.buildings["evidence"].dropna()) == {"id", "footprint"}


def test_units_of_a_building_that_is_divided_stay_where_they_can(plan: Plan) -> None:
    west, east = plan.cells.loc["c1"].copy(), plan.cells.loc["c1"].copy()
    west["members"], east["members"] = (Member("b1", "1", 20, "units"),), (Member("b1", "2", 10, "units"),)
    west["geometry"], east["geometry"], east["code"] = box(0, 0, 50, 100), box(50, 0, 100, 100), COMMUNITY + "00101"
    rows = pd.concat([pd.DataFrame([west, east], index=["c1#1", "c1#2"]), plan.cells.drop("c1")])
    cut = with_cells(
        plan, gpd.GeoDataFrame(rows, crs=plan.cells.crs).rename_axis("cell").astype({"households": "Int64"})
    )
    changes = gg.diff(plan, cut)
    assert changes.moves.assign(unit=changes.moves["unit"].fillna(""))[
        ["building", "unit", "households"]
    ].to_numpy().tolist() == [["b1", "2", 10]]
    assert changes.crosswalk("micro")["buildings"].sum() == 7


@given(
    st.lists(st.integers(1, 4), min_size=9, max_size=9), st.lists(st.integers(1, 4), min_size=9, max_size=9), st.data()
)
@settings(max_examples=10, deadline=None)
def test_margins_are_what_zones_hold_and_nobody_is_lost(one: list[int], other: list[int], data: st.DataObject) -> None:
    scheme = Scheme((Tier("zone", 1, 500, width=3),))
    plans = []
    for labels in (one, other):
        figures = data.draw(st.lists(st.one_of(st.none(), st.integers(0, 40)), min_size=9, max_size=9))
        base = square(3, [f"{k:03d}" for k in labels], scheme)
        held = [(Member(f"b{k:04d}", None, figure, None),) for k, figure in enumerate(figures)]
        plans.append(with_cells(base, base.cells.assign(members=held)))
    old, new = plans
    table = gg.diff(old, new).crosswalk("zone")
    for end, plan in (("from", old), ("to", new)):
        zones, sums = plan.zones("zone"), table.groupby(end)[["households", "buildings", "area_m2"]].sum()
        assert sums["households"].tolist() == zones["households"].tolist()
        assert sums["buildings"].tolist() == zones["n_buildings"].tolist()
        assert sums["area_m2"].tolist() == pytest.approx(zones["area_m2"].tolist())
    # an oracle: a building whose code differs is in the list, with its new figure at most
    moved = {f"b{k:04d}" for k in range(9) if one[k] != other[k]}
    assert set(gg.diff(old, new).moves["building"]) == moved


@pytest.fixture(scope="module")
def years() -> tuple[Plan, Plan]:
    """A town, and the same a year later: three buildings gone, one grown, two renumbered; divided anew."""
    site = build(Town(5, 4, 3, per_block=8, school=True, towers=True))
    buildings = site.buildings
    gone, renumbered = buildings.index[[3, 11, 20]], {name: f"{name}n" for name in buildings.index[[5, 6]]}
    later = buildings.drop(gone).rename(index=renumbered)
    later.loc[later.index[1], "households"] = 30
    site2 = Site({**site.layers, "buildings": later}, site.unit_households.iloc[:0], site.account)
    return gg.divide(site, SCHEME, effort="fast"), gg.divide(site2, SCHEME, seed=4, effort="fast")


def test_plans_of_two_years_are_conserved_in_all_tiers(years: tuple[Plan, Plan]) -> None:
    old, new = years
    changes = gg.diff(old, new)
    for tier in SCHEME.names:
        table = changes.crosswalk(tier)
        for end, plan in (("from", old), ("to", new)):
            zones, sums = plan.zones(tier), table.groupby(end)[["households", "area_m2"]].sum()
            assert sums["households"].tolist() == zones["households"].tolist()
            assert sums["area_m2"].tolist() == pytest.approx(zones["area_m2"].tolist(), abs=1)
    fates = changes.buildings.drop_duplicates("group")["fate"].value_counts()
    assert fates["demolished"] == 3
    assert (changes.buildings["evidence"] == "footprint").sum() >= 2
    backwards = gg.diff(new, old).summary
    assert backwards["households_moved"].tolist() == changes.summary["households_moved"].tolist()


def test_zones_as_drawn_say_the_same_as_the_plan(years: tuple[Plan, Plan]) -> None:
    old, new = years
    listed = gg.diff(old, new.zones(), site=new.site)
    assert listed.summary.equals(gg.diff(old, new).summary)
    # Without a list each building counts where it stands, whole, though some are divided among zones.
    drawn = Zones(new.zones().table, None, None)
    assert gg.diff(old, drawn, site=new.site).crosswalk("grid")["households"].sum() > 0
    with pytest.raises(InputError, match="--site"):
        gg.diff(drawn, drawn)
    with pytest.raises(InputError):
        gg.diff(old, cast("Plan", 7))


def test_a_drawing_without_a_list_counts_who_stands_in_its_zones(plan: Plan) -> None:
    drawn = Zones(coded(plan, PAIRS).zones().table, None, None)
    assert gg.diff(plan, drawn).summary.equals(gg.diff(plan, coded(plan, PAIRS)).summary)


def test_a_building_that_stands_in_no_zone_is_told(plan: Plan) -> None:
    drawn = plan.zones()
    table = drawn.table[drawn.table["code"] != f"{COMMUNITY}00201"]
    assert drawn.buildings is not None
    listed = drawn.buildings.assign(code=drawn.buildings["code"].mask(drawn.buildings["id"].isin(["b3", "b6"])))
    for buildings in (listed, None):
        assert moves(gg.diff(plan, Zones(table, buildings, None))) == [
            ("b3", "00201", "-", 30, "no_zone"),
            ("b6", "00201", "-", 30, "no_zone"),
        ]


def test_a_faulty_drawing_in_degrees_is_compared_all_the_same(plan: Plan) -> None:
    table = plan.zones().table
    bow = Polygon([(463_000, 3_845_000), (463_100, 3_845_100), (463_100, 3_845_000), (463_000, 3_845_100)])
    drawn = table.assign(geometry=[*table.geometry[:-1], bow]).to_crs("EPSG:4490")
    changes = gg.diff(plan, Zones(drawn, plan.zones().buildings, None))
    # Each zone holds what its own outline does: two triangles are left of the last, and their land counts in two zones.
    areas = changes.crosswalk("micro").groupby("to")["area_m2"].sum()
    assert areas.tolist() == pytest.approx([20_000, 20_000, 5_000], abs=1)


def test_tiers_of_other_names_cannot_be_compared(plan: Plan) -> None:
    other = replace(plan, scheme=Scheme((Tier("street", 60, 120, width=3), Tier("lane", 50, 70))))
    with pytest.raises(InputError, match="no tier of the same name"):
        gg.diff(plan, other)
    with pytest.raises(InputError, match="no tier 'lane'"):
        gg.diff(plan, plan).crosswalk("lane")


def test_the_command_writes_layers_tables_and_a_workbook(years: tuple[Plan, Plan], tmp_path: Path) -> None:
    old, new = (plan.save(tmp_path / f"{name}.gpkg") for plan, name in zip(years, ("old", "new"), strict=True))
    out, folder = tmp_path / "changes.gpkg", tmp_path / "lists"
    result = run("diff", old, new, "-o", out, "--csv", folder)
    assert result.exit_code == 0, result.stderr
    assert "3 are gone" not in result.stderr
    assert "demolished 3" in result.stderr
    changes = gg.diff(*years)
    assert len(pyogrio.read_dataframe(out, layer="moves")) == len(changes.moves)
    assert len(pyogrio.read_dataframe(out, layer="codes")) == len(changes.codes)
    names = {path.name for path in folder.iterdir()}
    assert names == {"moves.csv", "codes.csv", "crosswalk_grid.csv", "crosswalk_micro.csv", "same_buildings.csv"}
    written = pd.read_csv(folder / "moves.csv", dtype="string")
    assert written.columns.tolist() == ["building", "unit", "from", "to", "households", "why"]
    assert written["to"].fillna("").tolist() == changes.moves["to"].fillna("").tolist()
    assert run("diff", old, new, "--csv", folder).exit_code == 2
    again = tmp_path / "changes2.gpkg"
    write_changes(gg.diff(*years), again)
    first = pyogrio.read_dataframe(out, layer="moves")
    assert first.to_wkt().equals(pyogrio.read_dataframe(again, layer="moves").to_wkt())
    book = tmp_path / "changes.xlsx"
    assert run("diff", old, new, "-o", book).exit_code == 0
    sheets = openpyxl.load_workbook(book)
    assert "网格调整名单" in sheets.sheetnames
    assert [cell.value for cell in sheets["网格调整名单"][1]] == ["楼栋", "单元", "原网格", "新网格", "户数", "原因"]
    assert run("diff", old, new).stderr.count("changes.gpkg") == 1


def test_a_lot_of_words_for_every_word(years: tuple[Plan, Plan]) -> None:
    from gridgeo.messages import has_text

    changes = gg.diff(*years)
    for column, kind in (("status", "status"), ("rule", "rule")):
        assert all(has_text(f"change_{kind}_{value}") for value in changes.codes[column].unique())
    assert all(has_text(f"change_why_{value}") for value in changes.moves["why"].unique())
