"""Weighing plans against each other: how different they are, what each is good at, several to choose from."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import gridgeo as gg
from gridgeo.cli import main
from gridgeo.comparison import choosing, sketch
from gridgeo.comparison import table as weighing_table
from gridgeo.comparison.choosing import LEANING, TRIES, leanings
from gridgeo.comparison.scores import outside_limits
from gridgeo.errors import InputError
from gridgeo.model.members import Member
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Preferences, Scheme, Tier
from gridgeo.model.site import Site
from gridgeo.model.tables import CELL_COLUMNS, ROLES
from tests.conftest import CODES, COMMUNITY, CRS, EAST, NORTH, box, make_site
from tests.made import SCHEME, Town, build, shuffled

PAIRS = {"c1": "00101", "c4": "00101", "c2": "00102", "c5": "00102", "c3": "00201", "c6": "00201"}
"""The tiny place again, with its two western micro-grids upright."""


def coded(plan: Plan, codes: Mapping[str, str]) -> Plan:
    """The same cells with other codes (behind the community's)."""
    values = [COMMUNITY + codes[cell] for cell in plan.cells.index]
    return replace(plan, cells=plan.cells.assign(code=pd.array(values, dtype="string")))


def with_layer(plan: Plan, role: str, shapes: Sequence[shapely.Geometry], **columns: object) -> Plan:
    """The same plan, whose site has this layer; coordinates as in `box`."""
    table = pd.DataFrame(columns, index=pd.Index([f"x{k}" for k in range(len(shapes))], dtype="str", name="id"))
    for name, dtype in ROLES[role].columns.items():
        table[name] = (table[name] if name in table else pd.Series(pd.NA, index=table.index)).astype(dtype)
    moved = [shapely.transform(shape, lambda points: points + np.array([EAST, NORTH])) for shape in shapes]
    layer = gpd.GeoDataFrame(table, geometry=moved, crs=CRS)
    site = plan.site
    return replace(plan, site=Site({**site.layers, role: layer}, site.unit_households, site.account))


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


def square(side: int, codes: Sequence[str], scheme: Scheme, households: int = 1) -> Plan:
    """A square of cells of 10 m, each with one building; codes from west to east, row by row from the south."""
    spots = [(10 * (k % side), 10 * (k // side)) for k in range(side * side)]
    names = [f"{k:04d}" for k in range(len(spots))]
    footprints = {
        f"b{n}": (box(x + 3, y + 3, x + 7, y + 7), households) for n, (x, y) in zip(names, spots, strict=True)
    }
    cells = gpd.GeoDataFrame(
        {
            "community": COMMUNITY,
            "block": "one",
            "code": [COMMUNITY + code for code in codes],
            "kind": "land",
            "institution": pd.NA,
            "households": households,
            "n_unknown": 0,
            "members": [(Member(f"b{n}", None, households, None),) for n in names],
        },
        index=pd.Index([f"c{n}" for n in names], name="cell"),
        geometry=[box(x, y, x + 10, y + 10) for x, y in spots],
        crs=CRS,
    ).astype(CELL_COLUMNS)
    registry = pd.DataFrame({"code": [], "tier": [], "kind": [], "status": []}, dtype="string").set_index("code")
    return Plan(make_site(footprints, box(0, 0, 10 * side, 10 * side)), cells, scheme, registry)


# ---------------------------------------------------------------- difference


def test_codes_and_rows_make_no_difference(plan: Plan) -> None:
    swapped = {"00101": "00207", "00102": "00101", "00201": "00109"}
    other = coded(plan, {cell: swapped[code] for cell, code in CODES.items()})
    other = replace(other, cells=other.cells.iloc[::-1])
    assert gg.difference(plan, other, "micro") == 0
    # In the coarser tier the codes say that others are together.
    assert gg.difference(plan, other, "grid") == pytest.approx(1 / 3)


def test_a_difference_counted_by_hand(plan: Plan) -> None:
    # Rows {c1 c2} {c4 c5} become columns {c1 c4} {c2 c5}: two of these four have to move; c3 and c6 stay together.
    other = coded(plan, PAIRS)
    assert gg.difference(plan, other, "micro") == pytest.approx(60 / 180)
    assert gg.difference(plan, other, "grid") == 0


def test_without_a_tier_the_one_counts_that_differs_most(plan: Plan) -> None:
    other = coded(plan, PAIRS)
    assert gg.difference(plan, other) == gg.difference(plan, other, "micro") > 0
    # The same micro-grids, one of which went over to the other grid.
    regrouped = coded(plan, {cell: {"00102": "00202"}.get(code, code) for cell, code in CODES.items()})
    assert gg.difference(plan, regrouped, "micro") == 0
    assert gg.difference(plan, regrouped) == gg.difference(plan, regrouped, "grid") == pytest.approx(60 / 180)


def test_rows_against_columns_are_as_different_as_can_be() -> None:
    one_tier = Scheme((Tier("zone", 1, 100, width=3),))
    rows = square(10, [f"{k // 10 + 1:03d}" for k in range(100)], one_tier)
    columns = square(10, [f"{k % 10 + 1:03d}" for k in range(100)], one_tier)
    assert gg.difference(rows, columns) == pytest.approx(0.9)


@st.composite
def three_groupings(draw: st.DrawFn) -> list[list[int]]:
    return [draw(st.lists(st.integers(1, 4), min_size=6, max_size=6)) for _ in range(3)]


@given(three_groupings(), st.lists(st.integers(1, 40), min_size=6, max_size=6))
@settings(max_examples=25, deadline=None)
def test_it_is_the_best_assignment_symmetric_and_a_distance(groupings: list[list[int]], households: list[int]) -> None:
    scheme = Scheme((Tier("zone", 1, 500, width=3),))
    base = square(3, ["001"] * 9, scheme)
    cells = base.cells.iloc[:6]
    members = [
        tuple(member._replace(households=figure) for member in held)
        for held, figure in zip(cells["members"], households, strict=True)
    ]
    a, b, c = (
        replace(base, members=None, cells=cells.assign(members=members, code=[f"{COMMUNITY}{k:03d}" for k in labels]))
        for labels in groupings
    )
    table = np.zeros((4, 4))
    for left, right, figure in zip(groupings[0], groupings[1], households, strict=True):
        table[left - 1, right - 1] += figure
    best = max(sum(table[k, to] for k, to in enumerate(order)) for order in permutations(range(4)))
    assert gg.difference(a, b) == pytest.approx(1 - best / sum(households))
    assert gg.difference(a, b) == pytest.approx(gg.difference(b, a))
    assert gg.difference(a, a) == 0
    assert gg.difference(a, c) <= gg.difference(a, b) + gg.difference(b, c) + 1e-9


def test_buildings_cut_otherwise_count_by_their_parts(plan: Plan) -> None:
    # b1 is cut into two units, one of which went to the micro-grid in the north.
    west, east = plan.cells.loc["c1"].copy(), plan.cells.loc["c1"].copy()
    west["members"], west["households"] = (Member("b1", "1", 20, "units"),), 20
    east["members"], east["households"] = (Member("b1", "2", 10, "units"),), 10
    west["geometry"], east["geometry"], east["code"] = box(0, 0, 50, 100), box(50, 0, 100, 100), COMMUNITY + "00101"
    rest = plan.cells.drop("c1")
    rows = pd.concat([pd.DataFrame([west, east], index=["c1#1", "c1#2"]), rest])
    cut = replace(plan, members=None, cells=gpd.GeoDataFrame(rows, crs=CRS).rename_axis("cell").astype(CELL_COLUMNS))
    assert gg.difference(plan, cut, "micro") == pytest.approx(10 / 180)
    assert gg.difference(cut, plan, "micro") == pytest.approx(10 / 180)
    assert gg.difference(cut, cut) == 0


def test_where_nobody_lives_land_counts(plan: Plan) -> None:
    empty = replace(
        plan, members=None, cells=plan.cells.assign(members=[()] * 6, households=pd.array([0] * 6, dtype="Int64"))
    )
    other = coded(empty, {**CODES, "c6": "00101"})
    assert gg.difference(empty, empty) == 0
    assert gg.difference(empty, other, "micro") == pytest.approx(1 / 6)
    # Other cells: the zones are laid over each other.
    renamed = replace(other, members=None, cells=other.cells.rename(index=lambda cell: f"{cell}x"))
    assert gg.difference(empty, renamed, "micro") == pytest.approx(1 / 6)


def test_what_cannot_be_compared_is_refused(plan: Plan) -> None:
    with pytest.raises(InputError, match="no tier 'street'"):
        gg.difference(plan, plan, "street")
    scheme = Scheme((Tier("ring", 60, 120, 100, width=3), Tier("cell", 50, 70, 60)))
    with pytest.raises(InputError, match=r"no tier of the same name \(grid, micro; ring, cell\)"):
        gg.difference(plan, replace(plan, scheme=scheme))
    cells = plan.cells.set_geometry(plan.cells.translate(5000)).rename(index=lambda cell: f"{cell}y")
    cells["members"] = [tuple(m._replace(building=f"other {m.building}") for m in held) for held in cells["members"]]
    elsewhere = replace(plan, cells=cells, members=None)
    with pytest.raises(InputError, match="no building in common"):
        gg.difference(plan, elsewhere)


# ---------------------------------------------------------------- compare


def figures(plan: Plan, tier: str) -> pd.Series:
    return gg.compare([plan]).loc[(tier, "A")]


def test_figures_of_the_tiny_plan_by_hand(plan: Plan) -> None:
    table = gg.compare([plan, coded(plan, PAIRS)], ["now", "upright"])
    assert table.index.tolist() == [("grid", "now"), ("grid", "upright"), ("micro", "now"), ("micro", "upright")]
    assert table.loc[("grid", "now")].tolist() == [
        2,  # zones
        0,  # dedicated
        "households",
        100.0,  # within limits
        60,
        90.0,
        120,
        30.0,  # |120 - 100| and |60 - 100| of 100
        0.74,  # a square, pi / 4, and a rectangle of 1 by 2, 2 pi / 9
        200,  # x = 200
        0.0,  # no streets at all
        0,
        0,
        200,  # from c1 by c2 to c5
        0.0,
    ]
    micro = [3, 0, "households", 100.0, 60, 60.0, 60, 0.0, 0.7, 400, 0.0, 0, 0, 100, 0.0]
    assert table.loc[("micro", "now")].tolist() == micro
    assert table.loc[("micro", "upright")].iloc[-1] == 33.3
    assert table.loc[("grid", "upright")].iloc[-1] == 0


def test_limits_are_inclusive_and_counts_make_targets(plan: Plan) -> None:
    strict = replace(plan, scheme=Scheme((Tier("grid", 61, 120, 100, width=3), Tier("micro", 60, 60, 60))))
    assert figures(strict, "grid")["zones within limits [%]"] == 50
    assert figures(strict, "micro")["zones within limits [%]"] == 100
    counted = replace(plan, scheme=Scheme((Tier("grid", 60, 120, 100, width=3, count=2), Tier("micro", 50, 70, 60))))
    assert figures(counted, "grid")["mean deviation from target [%]"] == pytest.approx(33.3)  # 30 of 90


@pytest.mark.parametrize(("off", "grid", "micro"), [(0, 100, 50), (2.9, 100, 50), (3.2, 0, 0)])
def test_borders_follow_streets_within_3_m(plan: Plan, off: float, grid: float, micro: float) -> None:
    # Borders of micro-grids: x = 200, and y = 100 west of it, 200 m each.
    street = with_layer(plan, "streets", [line((200 + off, -5), (200 + off, 205))], highway=["residential"])
    label = "inner borders along streets, railways, water [%]"
    assert figures(street, "grid")[label] == grid
    assert figures(street, "micro")[label] == micro


def test_a_street_that_is_crossed_or_out_of_sight_is_not_followed(plan: Plan) -> None:
    label = "inner borders along streets, railways, water [%]"
    across = with_layer(plan, "streets", [line((-5, 50), (305, 50))], highway=["residential"])
    assert figures(across, "grid")[label] == 0
    tunnel = with_layer(plan, "streets", [line((200, -5), (200, 205))], highway=["primary"], tunnel=[True])
    assert figures(tunnel, "grid")[label] == 0
    railway = with_layer(plan, "railways", [line((200, -5), (200, 205))], railway=["rail"])
    assert figures(railway, "grid")[label] == 100


def test_a_border_beside_water_is_followed(plan: Plan) -> None:
    kinds = pd.Series("land", index=plan.cells.index).where(plan.cells.index != "c6", "water").astype("string")
    river = replace(plan, cells=plan.cells.assign(kind=kinds))
    assert figures(river, "grid")["inner borders along streets, railways, water [%]"] == 50


def test_divided_compounds_inside_the_community(plan: Plan) -> None:
    shapes = [shapely.box(5, 5, 195, 95), shapely.box(5, 5, 95, 195), shapely.box(205, 5, 390, 195)]
    for shape, grid, micro in ((shapes[0], 0, 0), (shapes[1], 0, 1), (shapely.box(105, 5, 295, 95), 1, 1)):
        place = with_layer(plan, "compounds", [shape], name=["小区"])
        assert figures(place, "grid")["compounds divided"] == grid
        assert figures(place, "micro")["compounds divided"] == micro
    # One that reaches out of the community is not for this plan to keep whole.
    crossing = coded(with_layer(plan, "compounds", shapes[2:], name=["小区"]), {**CODES, "c6": "00202"})
    assert figures(crossing, "micro")["compounds divided"] == 0


def test_a_zone_on_both_sides_of_a_wall_is_cut(plan: Plan) -> None:
    blocks = pd.Series("one", index=plan.cells.index).where(plan.cells.index != "c6", "two").astype("string")
    walled = replace(plan, cells=plan.cells.assign(block=blocks))
    label, walk = "zones cut by a wall, railway, motorway or river", "longest walk inside a zone [m]"
    wall = with_layer(walled, "barriers", [line((200, 100), (305, 100))], barrier=["wall"])
    assert figures(wall, "grid")[label] == figures(wall, "micro")[label] == 1
    assert figures(wall, "micro")[walk] == 100
    hedge = with_layer(walled, "barriers", [line((200, 100), (305, 100))], barrier=["hedge"])
    assert figures(hedge, "micro")[label] == 0
    # In one zone there is a way round the wall, by a street west of it: longer, but the zone is whole.
    street = with_layer(wall, "streets", [line((200, 100), (200, 205))], highway=["residential"])
    whole = coded(street, dict.fromkeys(CODES, "00101"))
    assert figures(whole, "micro")[label] == 0
    assert figures(whole, "micro")[walk] == 300
    to_c6 = coded(street, {**dict.fromkeys(CODES, "00102"), "c3": "00101", "c2": "00101", "c5": "00101", "c6": "00101"})
    assert figures(to_c6, "grid")[label] == figures(to_c6, "micro")[label] == 0
    assert figures(to_c6, "micro")[walk] == 300  # from c3 by c2 and c5 to c6; without the wall 100


def test_one_zone_has_no_inner_border_and_one_building_no_walk(plan: Plan) -> None:
    label, walk = "inner borders along streets, railways, water [%]", "longest walk inside a zone [m]"
    whole = coded(plan, dict.fromkeys(CODES, "00101"))
    assert figures(whole, "micro")[label] is pd.NA
    assert figures(whole, "micro")["inner borders in all [m]"] == 0
    each = coded(plan, {cell: f"0010{cell[1]}" for cell in CODES})
    assert figures(each, "micro")[walk] == 0
    nobody = replace(plan, members=None, cells=plan.cells.assign(members=[()] * 6))
    assert figures(nobody, "micro")[walk] == 0


def test_walks_are_the_longest_of_the_shortest() -> None:
    scheme = Scheme((Tier("zone", 1, 100, width=3),))
    # A ring of eight cells round one that is another zone: the opposite corner is four steps away.
    ring = square(3, ["001"] * 4 + ["002"] + ["001"] * 4, scheme)
    assert figures(ring, "zone")["longest walk inside a zone [m]"] == 40
    assert figures(square(30, ["001"] * 900, scheme), "zone")["longest walk inside a zone [m]"] == 580


def test_tables_are_typed_named_and_spoken(plan: Plan) -> None:
    table = gg.compare([plan, plan])
    assert {str(dtype) for dtype in table.dtypes} == {"Int64", "Float64", "string"}
    assert table.index.names == ["tier", "plan"]
    assert table.index.get_level_values("plan").unique().tolist() == ["A", "B"]
    chinese = gg.compare([plan], ["现状"], lang="zh")
    assert chinese.index.tolist() == [("三级网格", "现状"), ("微网格", "现状")]
    assert chinese.index.names == ["网格级", "方案"]
    assert chinese.columns[0] == "网格数"
    assert len(set(chinese.columns)) == len(chinese.columns) == len(table.columns)
    assert chinese.pop("平衡的负荷").tolist() == ["户数", "户数"]
    assert (chinese.to_numpy() == table.xs("A", level="plan").drop(columns="balanced load").to_numpy()).all()


def test_a_tier_that_the_first_plan_lacks_has_no_difference(plan: Plan) -> None:
    scheme = Scheme((Tier("grid", 60, 120, 100, width=3), Tier("pico", 50, 70, 60)))
    table = gg.compare([plan, replace(plan, scheme=scheme)])
    label = table.columns[-1]
    assert table.loc[("grid", "B"), label] == 0
    assert table.loc[("pico", "B"), label] is pd.NA
    assert table.index.get_level_values("tier").unique().tolist() == ["grid", "micro", "pico"]


def test_names_must_fit_and_there_must_be_plans(plan: Plan) -> None:
    with pytest.raises(InputError, match="no plans"):
        gg.compare([])
    with pytest.raises(InputError, match="2 different names, not: one"):
        gg.compare([plan, plan], ["one"])
    with pytest.raises(InputError, match="different names"):
        gg.compare([plan, plan], ["one", "one"])
    assert gg.compare([plan] * 27).index[-1] == ("micro", "27")


def test_dedicated_zones_are_counted_but_not_judged() -> None:
    plan = gg.divide(build(Town(3, 3, 2, school=True, pond=True, railway=True)), SCHEME, effort="fast")
    table = gg.compare([plan])
    micro = plan.zones("micro")
    assert table.loc[("micro", "A"), "of them dedicated"] == (micro["kind"] == "dedicated").sum() == 1
    ordinary = micro.loc[micro["kind"] == "grid", "households"]
    assert table.loc[("micro", "A"), "smallest load"] == ordinary.min()
    assert table.loc[("micro", "A"), "largest load"] == ordinary.max()


# ---------------------------------------------------------------- variants


def fast(site: Site, **options: object) -> list[Plan]:
    return gg.variants(site, SCHEME, effort="fast", **options)


@pytest.fixture(scope="module")
def town() -> Site:
    return build(Town(5, 4, 3, per_block=8, school=True))


@pytest.fixture(scope="module")
def three(town: Site) -> list[Plan]:
    return fast(town)


def test_variants_are_apart_and_best_first(three: list[Plan]) -> None:
    assert len(three) == 3
    for k, one in enumerate(three):
        assert all(gg.difference(one, other) >= 0.1 for other in three[:k])
    outside = [outside_limits(plan) for plan in three]
    assert outside == sorted(outside)
    seeds = [int(plan.manifest["seed"]) for plan in three]
    assert len(set(seeds)) == 3
    tried = leanings(SCHEME.prefer, TRIES * 3)
    assert [plan.scheme.prefer for plan in three] == [tried[seed] for seed in seeds]
    assert all(plan.scheme.tiers == SCHEME.tiers for plan in three)


def test_variants_are_the_same_again_and_in_any_order_of_rows(town: Site, three: list[Plan]) -> None:
    for again in (fast(town), fast(shuffled(town, 3))):
        assert [plan.manifest["seed"] for plan in again] == [plan.manifest["seed"] for plan in three]
        for one, other in zip(again, three, strict=True):
            assert one.cells["code"].to_dict() == other.cells["code"].to_dict()


def test_cells_are_made_once_and_each_plan_can_be_had_again(
    town: Site, three: list[Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    last = three[-1]
    alone = gg.divide(town, last.scheme, seed=int(last.manifest["seed"]), effort="fast")
    assert alone.cells["code"].to_dict() == last.cells["code"].to_dict()
    monkeypatch.setattr("gridgeo.land.cells", None)
    passed = gg.variants(town, SCHEME, n=1, effort="fast", cells=three[0].cells)
    assert gg.difference(passed[0], three[0]) < 1
    assert (three[0].manifest["cells_passed"], passed[0].manifest["cells_passed"]) == ("false", "true")


def test_neighbours_are_found_once(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counted(*arguments: object) -> pd.DataFrame:
        calls.append(1)
        return gg.adjacency(*arguments)

    monkeypatch.setattr("gridgeo.division.ground.adjacency", counted)
    gg.variants(town, SCHEME, n=1, effort="fast")
    assert len(calls) == 1


def test_kept_zones_are_the_same_in_all_variants(town: Site, three: list[Plan]) -> None:
    kept = three[0].zones("grid").index[0]
    plans = fast(town, n=2, cells=three[0].cells, keep=[kept], apart=0.01)
    before = three[0].cells["code"]
    held = before[before.str.startswith(kept)]
    for plan in plans:
        assert plan.cells["code"][held.index].equals(held)
        assert plan.manifest["keep"] == kept
    assert gg.difference(*plans) >= 0.01


def test_fewer_come_if_not_so_many_are_apart(town: Site, three: list[Plan]) -> None:
    with pytest.warns(UserWarning, match="^1 of the 2 plans asked for: of 8 divisions tried no more are 1 apart"):
        assert len(fast(town, n=2, apart=1.0, cells=three[0].cells)) == 1
    assert len(fast(town, n=2, apart=0.0, cells=three[0].cells)) == 2


def test_given_grids_stay_and_the_tier_inside_them_varies(town: Site, three: list[Plan]) -> None:
    plans = fast(town, n=2, within=three[0].zones(), apart=0.05)
    assert plans
    for plan in plans:
        assert sorted(plan.zones("grid").index) == sorted(three[0].zones("grid").index)
    assert all(gg.difference(plans[0], plan, "grid") == 0 for plan in plans)


def test_what_has_no_regard_is_not_stressed() -> None:
    tried = leanings(Preferences(compact=0, compounds=5), 6)
    assert tried[0] == tried[4] == Preferences(compact=0, compounds=5)
    assert tried[1] == Preferences(equal=LEANING, compact=0, compounds=5)
    assert tried[3] == Preferences(compact=0, compounds=10)  # no more than can be asked for
    assert len(set(leanings(Preferences(), 12))) == 5


def test_progress_tells_what_is_tried(town: Site, three: list[Plan]) -> None:
    told: list[str] = []
    fast(town, n=1, cells=three[0].cells, progress=lambda text: told.append(str(text)))
    assert [text for text in told if "trying" in text][-1].startswith(
        "trying division 4 of 4 (equal=1 compact=1 streets=4"
    )
    assert told[-1] == "weighing the plans"


def test_an_interruption_ends_the_trying(town: Site, three: list[Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def interrupted(*_: object, **options: object) -> Plan:
        calls.append(options["seed"])
        return replace(three[0], manifest={**three[0].manifest, "interrupted": "true"})

    def pressed_again(plans: list[Plan], *_: object) -> list[Plan]:
        os.kill(os.getpid(), signal.SIGINT)
        return plans

    monkeypatch.setattr(choosing, "divide_ground", interrupted)
    monkeypatch.setattr(choosing, "_best_first", pressed_again)
    with pytest.warns(UserWarning, match="of 1 divisions tried"):
        assert len(fast(town)) == 1
    assert calls == [0]


def test_numbers_that_make_no_sense_are_refused(town: Site) -> None:
    with pytest.raises(InputError, match="above 0, not 0"):
        fast(town, n=0)
    with pytest.raises(InputError, match="0 to 1 apart, not 2"):
        fast(town, apart=2)


# ---------------------------------------------------------------- sketch

SVG = "{http://www.w3.org/2000/svg}"


def fills_of(picture: str) -> list[list[str]]:
    """Colours of the zones of each map."""
    root = ET.fromstring(picture)
    maps = [group for group in root if group.tag == f"{SVG}g"]
    return [[path.attrib["fill"] for path in group.iter(f"{SVG}path") if "fill" in path.attrib] for group in maps]


def test_a_sketch_shows_each_plan_with_its_households(plan: Plan) -> None:
    picture = sketch([plan, coded(plan, PAIRS)], "micro", names=["<now>", "B & C"]).svg
    texts = [text.text for text in ET.fromstring(picture).iter(f"{SVG}text")]
    assert texts[:2] == ["<now>", "3 个微网格，每格 60-60 户"]
    assert "3 个微网格，每格 60-60 户 · 33% 的户与 <now> 分法不同" in texts
    assert texts.count("60") == 6
    assert "3 x micro, 60-60 households each" in sketch([plan], "micro", lang="en").svg


def peopled(plan: Plan) -> Plan:
    """The same place, whose micro-grids balance people, of whom there are as many in each building as its number."""
    site = plan.site
    buildings = site.buildings.assign(people=pd.array(range(1, 7), dtype="Int64"))
    scheme = Scheme((plan.scheme.tiers[0], Tier("micro", 1, 9, load="people")))
    return replace(
        plan,
        site=Site({**site.layers, "buildings": buildings}, site.unit_households, site.account),
        scheme=scheme,
    )


def test_figures_and_maps_are_of_the_load_that_the_tier_balances(plan: Plan) -> None:
    people = peopled(plan)
    table = gg.compare([people])
    assert table["balanced load"].tolist() == ["households", "people"]
    assert table.loc[("micro", "A"), ["smallest load", "median load", "largest load"]].tolist() == [3, 9, 9]
    assert gg.compare([people], lang="zh")["平衡的负荷"].tolist() == ["户数", "people"]
    picture = sketch([people], "micro", lang="en").svg
    assert "3 x micro, 3-9 (people) each" in picture
    texts = [text.text for text in ET.fromstring(picture).iter(f"{SVG}text")]
    assert sorted(texts[2:]) == ["3", "9", "9"]


def test_zones_that_match_have_the_same_colour(plan: Plan) -> None:
    swapped = {"00101": "00102", "00102": "00101", "00201": "00201"}
    first, second = fills_of(sketch([plan, coded(plan, {c: swapped[k] for c, k in CODES.items()})], "micro").svg)
    assert second == [first[1], first[0], first[2]]
    # All three zones border each other, whatever their colours were.
    for fills in fills_of(sketch([plan, coded(plan, PAIRS)], "micro").svg):
        assert len(set(fills)) == 3


def test_a_sketch_runs_nothing_and_asks_nobody(plan: Plan) -> None:
    street = with_layer(plan, "streets", [line((-50, 50), (350, 50))], highway=["residential"])
    shown = sketch([street])
    assert "<script" not in shown.svg
    assert shown.svg.count("http") == 2  # names of the format
    assert shown._repr_html_().startswith("<img ")
    assert sketch([street]).svg == shown.svg
    assert sketch([replace(street, cells=street.cells.iloc[::-1])]).svg == shown.svg


def test_a_sketch_is_saved_by_the_writer(plan: Plan, tmp_path: Path) -> None:
    shown = sketch([plan] * 4)
    assert shown.save(tmp_path / "maps.svg").read_text(encoding="utf-8") == shown.svg
    root = ET.fromstring(shown.svg)
    groups = [group.attrib["transform"] for group in root if group.tag == f"{SVG}g"]
    assert groups[0] == "translate(0 0)"
    assert groups[3].startswith("translate(0 ")  # the fourth begins a new row
    assert groups[3] != groups[0]


def test_made_towns_are_sketched_small(three: list[Plan]) -> None:
    for tier in ("grid", "micro"):
        picture = sketch(three, tier).svg
        assert len(picture) < 60_000
        counts = [len(fills) for fills in fills_of(picture)]
        assert counts == [len(plan.zones(tier)) for plan in three]


# ---------------------------------------------------------------- the command


def run(*arguments: object) -> Result:
    return CliRunner(env={"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}).invoke(
        main, list(map(str, arguments))
    )


@pytest.fixture(scope="module")
def saved(three: list[Plan], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("plans")
    return [plan.save(folder / f"{name}.gpkg") for plan, name in zip(three[:2], ("first", "second"), strict=True)]


def test_the_command_prints_and_writes_the_table(saved: list[Path], three: list[Plan], tmp_path: Path) -> None:
    out = tmp_path / "figures.csv"
    result = run("compare", *saved, "--csv", out, "--lang", "en")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].split() == ["grid", "first", "second"]
    assert next(row for row in lines if row.startswith("zones")).split()[1:] == [
        str(len(plan.zones("grid"))) for plan in three[:2]
    ]
    assert len({len(row) for row in lines[:16]}) == 1  # columns end below each other
    table = pd.read_csv(out).set_index(["tier", "plan"])
    expected = gg.compare(three[:2], ["first", "second"])
    assert table.columns.tolist() == expected.columns.tolist()
    assert table.pop("balanced load").tolist() == expected.pop("balanced load").tolist()
    assert np.allclose(table.to_numpy(dtype=float), expected.to_numpy(dtype=float, na_value=np.nan), equal_nan=True)


def test_the_command_speaks_chinese_and_keeps_files(
    saved: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "figures.csv"
    assert "网格数" in run("compare", *saved, "--csv", out, "--lang", "zh").stderr
    # the terminal speaks English, the file is written in Chinese, and the figures are worked out once
    calls, measured = [], weighing_table.measured
    monkeypatch.setattr(weighing_table, "measured", lambda *given: calls.append(1) or measured(*given))
    plain = run("compare", *saved, "--csv", out, "--overwrite")
    assert "inner borders in all [m]" in plain.stderr
    assert "内部界线总长" in out.read_text(encoding="utf-8")
    assert calls == [1]
    assert out.read_bytes().startswith("\ufeff网格级".encode())
    again = run("compare", *saved, "--csv", out)
    assert again.exit_code == 2
    assert "--overwrite" in again.stderr
    assert run("compare", *saved, "--csv", out, "--overwrite").exit_code == 0


def test_plans_of_one_name_in_two_folders_are_told_apart(saved: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / saved[0].name
    copy.write_bytes(saved[0].read_bytes())
    result = run("compare", saved[0], copy)
    assert result.exit_code == 0
    assert str(copy) in result.stderr
    assert run("compare", saved[0], tmp_path / "none.gpkg").exit_code == 2
