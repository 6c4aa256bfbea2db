"""Every rule finds its own fault, once, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box
from shapely.affinity import scale, translate

from gridgeo.checks import RULES, check
from gridgeo.errors import CoverageError, CrsError, InputError
from gridgeo.files.drawing import read_zones
from gridgeo.files.reading import read_site
from gridgeo.model.members import Member
from gridgeo.model.plan import Plan
from gridgeo.model.report import COLUMNS, Report
from gridgeo.model.scheme import Also, Scheme, Tier
from gridgeo.model.site import Site
from gridgeo.model.tables import ACCOUNT_COLUMNS
from gridgeo.model.zones import Zones

CRS = "EPSG:4547"
COMMUNITY = "410105001001"
LEFT, RIGHT = COMMUNITY + "001", COMMUNITY + "002"
SCHEME = Scheme((Tier("grid", 40, 80, width=3), Tier("micro", 8, 12, width=2)))
LAX = Scheme((Tier("grid", 1, 900, width=3), Tier("micro", 1, 90, width=2)))
EAST, NORTH = 460000.0, 3845000.0


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def site_of(footprints: dict[str, object], households: dict[str, int | None], land: object = None) -> Site:
    land = rectangle(0, 0, 400, 300) if land is None else land
    communities = gpd.GeoDataFrame(
        {"name": ["花园社区"], "level": [pd.NA]}, index=pd.Index([COMMUNITY], name="code"), geometry=[land], crs=CRS
    )
    buildings = gpd.GeoDataFrame(
        {
            "name": pd.array([pd.NA] * len(footprints), dtype="string"),
            "levels": pd.array([6.0] * len(footprints), dtype="Float64"),
            "units": pd.array([pd.NA] * len(footprints), dtype="Int64"),
            "households": pd.array([households[key] for key in footprints], dtype="Int64"),
        },
        index=pd.Index(list(footprints), name="id"),
        geometry=list(footprints.values()),
        crs=CRS,
    )
    units = pd.DataFrame({"building": [], "unit": [], "households": []}).astype(
        {"building": "string", "unit": "string", "households": "Int64"}
    )
    account = pd.DataFrame(columns=list(ACCOUNT_COLUMNS)).astype(ACCOUNT_COLUMNS)
    return Site({"communities": communities, "buildings": buildings}, units, account)


def make_plan() -> Plan:
    """Two grids side by side, each of 2 x 3 micro-grids of 100 m, each of two cells with one building of 5 households.

    ::

        300 +----+----+----+----+      micro-grids are numbered from the north-west
            | 01 | 02 | 01 | 02 |
        200 +----+----+----+----+      buildings: b<column><row>, columns 0-7 from the west, rows 0-2 from the south
            | 03 | 04 | 03 | 04 |
        100 +----+----+----+----+
            | 05 | 06 | 05 | 06 |
          0 +----+----+----+----+
            0   100  200  300  400
    """
    rows, footprints = [], {}
    for column in range(8):
        for row in range(3):
            name = f"b{column}{row}"
            footprints[name] = rectangle(50 * column + 15, 100 * row + 40, 50 * column + 35, 100 * row + 60)
            number = 1 + (column // 2) % 2 + 2 * (2 - row)
            rows.append(
                {
                    "cell": f"c{column}{row}",
                    "community": COMMUNITY,
                    "block": "block",
                    "code": f"{LEFT if column < 4 else RIGHT}{number:02d}",
                    "kind": "land",
                    "institution": pd.NA,
                    "households": 5,
                    "n_unknown": 0,
                    "members": (Member(name, None, 5, None),),
                    "geometry": rectangle(50 * column, 100 * row, 50 * column + 50, 100 * row + 100),
                }
            )
    cells = gpd.GeoDataFrame(rows, crs=CRS).set_index("cell")
    cells = cells.astype({"code": "string", "institution": "string", "households": "Int64", "n_unknown": "Int64"})
    registry = pd.DataFrame({"tier": [], "kind": [], "status": []}, index=pd.Index([], name="code"))
    return Plan(site_of(footprints, dict.fromkeys(footprints, 5)), cells, SCHEME, registry)


PLAN = make_plan()
SITE = PLAN.site
ZONES = PLAN.zones()
PEOPLED = replace(
    PLAN,
    site=Site({**SITE.layers, "buildings": SITE.buildings.assign(people=10)}, SITE.unit_households, SITE.account),
    scheme=Scheme((LAX.tiers[0], replace(LAX.finest, also=Also("people", 1, 90)))),
)
"""The same with 10 people in each building, who are limited too."""


def rules(report: Report) -> list[str]:
    return list(report.findings["rule"])


def at(code: str, tier: str = "micro", zones: Zones = ZONES) -> int:
    table = zones.table
    return int(table.index[(table["tier"] == tier) & (table["code"] == code)][0])


def changed(row: int, zones: Zones = ZONES, **values: object) -> Zones:
    table = zones.table.copy()
    for column, value in values.items():
        if column == "geometry":
            shapes = table.geometry.to_numpy().copy()
            shapes[row] = value
            table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
        else:
            table.loc[row, column] = value
    return replace(zones, table=table)


def shape(row: int, zones: Zones = ZONES) -> Polygon:
    return zones.table.geometry.iloc[row]


def listed(*rows: dict[str, object], without: tuple[str, ...] = (), zones: Zones = ZONES) -> Zones:
    members = zones.buildings[~zones.buildings["id"].isin(without)]
    members = pd.concat([members, pd.DataFrame(list(rows))], ignore_index=True) if rows else members
    return replace(zones, buildings=members.astype(zones.buildings.dtypes.to_dict()))


def test_a_good_plan_has_no_findings() -> None:
    report = check(PLAN)
    assert rules(report) == []
    assert report.state == "pass"
    assert tuple(report.findings.columns) == COLUMNS
    assert report.findings.crs == SITE.crs
    assert rules(check(ZONES, SITE)) == []
    assert rules(check(replace(ZONES, buildings=None), SITE)) == []
    assert rules(check(replace(ZONES, scheme=None), SITE)) == []


# --- each fault is found by its rule, once ------------------------------------------------------------------------------

M1, M2, M3, M5 = f"{LEFT}01", f"{LEFT}02", f"{LEFT}03", f"{LEFT}05"
R1, R2 = f"{RIGHT}01", f"{RIGHT}02"


def with_cells(*, code: dict[str, str] | None = None, geometry: dict[str, Polygon] | None = None) -> Plan:
    """The plan with other codes or shapes of cells, and limits that admit almost everything."""
    cells = PLAN.cells.copy()
    cells["code"] = [(code or {}).get(cell, old) for cell, old in cells["code"].items()]
    cells["geometry"] = [(geometry or {}).get(cell, old) for cell, old in cells.geometry.items()]
    return replace(PLAN, cells=cells.astype({"code": "string"}), scheme=LAX)


def with_buildings(extra: dict[str, object], households: int | None = 0) -> Site:
    table = SITE.buildings
    rows = gpd.GeoDataFrame(
        {"households": pd.array([households] * len(extra), dtype="Int64")},
        index=pd.Index(list(extra), name="id"),
        geometry=list(extra.values()),
        crs=CRS,
    )
    return replace(SITE, layers={**SITE.layers, "buildings": pd.concat([table, rows])})


def hole_in(row: int, hole: Polygon, zones: Zones = ZONES) -> Zones:
    return changed(row, zones, geometry=shape(row, zones).difference(hole))


def bow_tie() -> Polygon:
    west, south, east, north = shape(at(M3)).bounds
    return Polygon([(west, south), (east, north), (east, south), (west, north)])


def ring_inside() -> Zones:
    """Micro-grid 01 of the left grid becomes a block in the middle of 03, and 03 takes its land."""
    inner = rectangle(40, 120, 60, 130)
    outer = shape(at(M1)).union(shape(at(M3))).difference(inner)
    return changed(at(M3), changed(at(M1), geometry=inner), geometry=outer)


def row_added(**values: object) -> Zones:
    row = ZONES.table.iloc[[at(M1)]].assign(**{k: v for k, v in values.items() if k != "geometry"})
    row = row.set_geometry(gpd.GeoSeries([values["geometry"]], index=row.index, crs=CRS))
    return replace(ZONES, table=pd.concat([ZONES.table, row]))


def with_figure(name: str, households: int | None) -> Site:
    """The site with another household figure for one building."""
    table = SITE.buildings.copy()
    table.loc[name, "households"] = pd.NA if households is None else households
    return replace(SITE, layers={**SITE.layers, "buildings": table})


def grown(name: str, households: int) -> Zones:
    """Zones whose sums fit another figure for one building."""
    cells = PLAN.cells.copy()
    cells.loc[f"c{name[1:]}", "households"] = households
    cells["members"] = [
        tuple(m._replace(households=households) if m.building == name else m for m in group)
        for group in cells["members"]
    ]
    return replace(PLAN, cells=cells, members=None).zones()


def renamed(site: Site, code: str) -> Site:
    return replace(site, layers={**site.layers, "communities": site.communities.rename({COMMUNITY: code})})


CASES = {
    "gap: a hole": (hole_in(at(M1), rectangle(40, 210, 48, 215)), SITE, "gap", COMMUNITY, 40.0),
    "gap: a strip of 2 cm": (hole_in(at(M1), rectangle(0, 299.98, 100, 300)), SITE, "gap", COMMUNITY, 2.0),
    "gap: in the coarse tier alone": (
        hole_in(at(LEFT, "grid"), rectangle(40, 210, 48, 215)),
        SITE,
        "gap",
        COMMUNITY,
        40.0,
    ),
    "gap: a plan whose cell lost some land, in both tiers": (
        with_cells(geometry={"c00": rectangle(10, 0, 50, 100)}),
        None,
        "gap",
        COMMUNITY,
        1000.0,
    ),
    "overlap: a zone over its neighbour": (
        changed(at(M1), geometry=shape(at(M1)).union(rectangle(100, 210, 105, 230))),
        SITE,
        "overlap",
        f"{M1}, {M2}",
        100.0,
    ),
    "overlap: across grids it is no nesting": (
        changed(at(M2), geometry=shape(at(M2)).union(rectangle(200, 210, 205, 230))),
        SITE,
        "overlap",
        f"{M2}, {R1}",
        100.0,
    ),
    "outside: a zone beyond the community": (
        changed(at(M1), geometry=shape(at(M1)).union(rectangle(-5, 210, 0, 230))),
        SITE,
        "outside",
        M1,
        100.0,
    ),
    "invalid ring: a bow-tie": (changed(at(M3), geometry=bow_tie()), SITE, "invalid_ring", M3, 5000.0),
    "invalid ring: a spike": (
        changed(
            at(M1),
            geometry=Polygon(
                [*shape(at(M1)).exterior.coords[:2], (EAST + 90, NORTH + 310), *shape(at(M1)).exterior.coords[1:]]
            ),
        ),
        SITE,
        "invalid_ring",
        M1,
        0.0,
    ),
    "multipart: a cell of the plan goes to a zone far off": (with_cells(code={"c31": M1}), None, "multipart", M1, 2.0),
    "multipart: parts that touch in a point": (with_cells(code={"c11": M2}), None, "multipart", M2, 2.0),
    "enclave": (ring_inside(), None, "enclave", M1, 200.0),
    "nesting: a border between grids is moved in one tier": (
        changed(
            at(R1),
            changed(at(M2), geometry=rectangle(100, 200, 205, 300)),
            geometry=rectangle(205, 200, 300, 300),
        ),
        SITE,
        "nesting",
        M2,
        500.0,
    ),
    "code malformed: a letter": (changed(at(M1), code=M1[:-1] + "A"), SITE, "code_malformed", M1[:-1] + "A", 17.0),
    "code malformed: too short": (changed(at(M1), code=M1[:-1]), SITE, "code_malformed", M1[:-1], 16.0),
    "code malformed: missing": (changed(at(M1), code=pd.NA), SITE, "code_malformed", "", 0.0),
    "code malformed: of a grid": (changed(at(LEFT, "grid"), code="x"), SITE, "code_malformed", "x", 1.0),
    "code malformed: full-width digits": (
        changed(at(M1), code=M1[:-1] + "１"),
        SITE,
        "code_malformed",
        M1[:-1] + "１",
        17.0,
    ),
    "code malformed: length without a scheme": (
        replace(changed(at(M1), code=M1 + "0"), scheme=None),
        SITE,
        "code_malformed",
        M1 + "0",
        18.0,
    ),
    "code repeated": (changed(at(M1), code=M2), SITE, "code_repeated", M2, 2.0),
    "code repeated: in another grid": (changed(at(M1), code=R2), SITE, "code_repeated", R2, 2.0),
    "code repeated: of grids": (changed(at(LEFT, "grid"), code=RIGHT), SITE, "code_repeated", RIGHT, 2.0),
    "code parent: another grid's code": (changed(at(M1), code=f"{RIGHT}77"), SITE, "code_parent", f"{RIGHT}77", 1.0),
    "code parent: all zones of a grid disagree": (
        changed(at(LEFT, "grid"), code=COMMUNITY + "009"),
        SITE,
        "code_parent",
        COMMUNITY + "009",
        6.0,
    ),
    "code parent: stated": (changed(at(M1), parent=RIGHT), SITE, "code_parent", M1, 1.0),
    "code parent: community": (ZONES, renamed(SITE, "410105001009"), "code_parent", "410105001009", 2.0),
    "building uncovered: a hole as large as the building": (
        hole_in(at(M1), SITE.buildings.geometry["b02"]),
        SITE,
        "building_uncovered",
        "b02",
        400.0,
    ),
    "building uncovered: a point": (
        hole_in(at(M1), rectangle(40, 210, 48, 215)),
        with_buildings({"p": Point(EAST + 44, NORTH + 212)}),
        "building_uncovered gap",
        "p",
        1.0,
    ),
    "building unassigned": (listed(without=("b02",)), SITE, "building_unassigned", "b02", 5.0),
    "building unassigned: to a zone that does not exist": (
        listed({"id": "b02", "households": 5, "code": LEFT + "99"}, without=("b02",)),
        SITE,
        "building_unassigned",
        "b02",
        5.0,
    ),
    "building misplaced": (
        listed({"id": "b02", "households": 5, "code": M2}, without=("b02",)),
        SITE,
        "building_misplaced",
        "b02",
        0.0,
    ),
    "building split": (
        replace(ZONES, buildings=None),
        with_buildings({"long": rectangle(94, 240, 104, 250)}),
        "building_split",
        "long",
        40.0,
    ),
    "households unassigned: a zone states too few": (
        changed(at(M1), households=8),
        SITE,
        "households_unassigned",
        M1,
        2.0,
    ),
    "households unassigned: a zone and its grid state too few": (
        changed(at(LEFT, "grid"), changed(at(M1), households=8), households=58),
        SITE,
        "households_unassigned",
        M1,
        2.0,
    ),
    "households unassigned: without a list": (
        replace(changed(at(M1), households=8), buildings=None),
        SITE,
        "households_unassigned",
        M1,
        2.0,
    ),
    "households unassigned: a grid states too few": (
        changed(at(LEFT, "grid"), households=59),
        SITE,
        "households_unassigned",
        LEFT,
        1.0,
    ),
    "households unassigned: the list has fewer than the site": (
        listed({"id": "b02", "households": 3, "code": M1}, without=("b02",)),
        SITE,
        "households_unassigned",
        "b02",
        2.0,
    ),
    "households twice: a zone states too many": (changed(at(M1), households=12), SITE, "households_twice", M1, 2.0),
    "households twice: a member stands twice in one zone": (
        listed({"id": "b02", "households": 5, "code": M1}),
        SITE,
        "households_twice",
        "b02",
        5.0,
    ),
    "households twice: a member stands in two zones, and both count it": (
        changed(at(M2), listed({"id": "b02", "households": 5, "code": M2}), households=15),
        SITE,
        "households_twice size",
        "b02",
        5.0,
    ),
    "households twice: whole, and in units": (
        listed({"id": "b02", "unit": "1", "households": 5, "code": M1}),
        SITE,
        "households_twice",
        "b02",
        5.0,
    ),
    "load differs: a zone that states more people than live in it": (
        changed(at(M1), PEOPLED.zones(), people=33),
        PEOPLED.site,
        "load_differs",
        M1,
        13.0,
    ),
    "size: a zone with too many": (grown("b02", 8), with_figure("b02", 8), "size", M1, 13.0),
    "size: a single building above the limit": (grown("b02", 70), with_figure("b02", 70), "size size", LEFT, 125.0),
    "code placeholder": (
        replace(
            ZONES,
            table=ZONES.table.assign(
                code="0" * 12 + ZONES.table["code"].str[12:], parent="0" * 12 + ZONES.table["parent"].str[12:]
            ),
            buildings=ZONES.buildings.assign(code="0" * 12 + ZONES.buildings["code"].str[12:]),
        ),
        renamed(SITE, "0" * 12),
        "code_placeholder",
        "0" * 12,
        2.0,
    ),
}


@cache
def report_of(name: str) -> Report:
    return check(*CASES[name][:2])


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_found_once_by_its_rule(name: str) -> None:
    _, _, rule, code, value = CASES[name]
    report = report_of(name)
    assert rules(report) == rule.split(), report.findings["message"].tolist()
    row = report.findings.iloc[0]
    assert row["code"] == code
    assert row["value"] == pytest.approx(value, rel=1e-3, abs=1e-3)


def test_every_rule_is_broken_above() -> None:
    of_a_file = {"interrupted", "layers_differ", "tier_missing"}
    assert {case[2].split()[0] for case in CASES.values()} | of_a_file == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize("tier", ["grid", "micro"])
def test_a_tier_without_a_zone_is_one_fault(tier: str) -> None:
    zones = PLAN.zones()
    rest = replace(zones, table=zones.table[zones.table["tier"] != tier])
    report = check(rest, SITE)
    assert rules(report) == ["tier_missing"], report.findings["message"].tolist()
    assert report.findings["code"].tolist() == [tier]


def test_layers_of_a_plan_that_differ_from_its_cells() -> None:
    zones = PLAN.zones()
    assert rules(check(zones, SITE, cells=PLAN)) == []
    codes = PLAN.cells["code"].copy()
    moved = codes[codes == M1].index[0]
    codes[moved] = M2
    report = check(zones, SITE, cells=replace(PLAN, cells=PLAN.cells.assign(code=codes)), lang="en")
    assert set(report.findings["rule"]) == {"layers_differ"}
    assert {M1, M2} <= set(report.findings["code"])
    assert report.findings["message"].str.contains("one truth").all()
    assert report.state == "fail"


def test_a_building_above_the_limit_is_named() -> None:
    report = check(grown("b02", 70), with_figure("b02", 70), lang="en")
    micro = report.findings[report.findings["code"] == M1]
    assert "b02 (70)" in micro["message"].item()


# --- what the two fences do ---------------------------------------------------------------------------------------------


def test_hairlines_are_no_faults() -> None:
    thin = changed(at(M1), geometry=rectangle(0.004, 200, 100.004, 300))
    assert rules(check(thin, SITE)) == []


def test_a_hole_on_a_hairline_keeps_its_own_area() -> None:
    hole = rectangle(0, 240, 8, 245).union(rectangle(0, 200, 0.002, 300))
    report = check(hole_in(at(M1), hole), SITE)
    assert rules(report) == ["gap"]
    assert report.findings["value"].item() == pytest.approx(40, abs=0.05)


def test_land_lost_in_both_tiers_is_one_finding_that_names_both() -> None:
    hole = rectangle(40, 210, 48, 215)
    report = check(hole_in(at(LEFT, "grid"), hole, hole_in(at(M1), hole)), SITE, lang="en")
    assert rules(report) == ["gap"]
    assert "no grid and micro-grid" in report.findings["message"].item()


def test_two_holes_are_two_findings_with_their_widths() -> None:
    zones = hole_in(at(M1), rectangle(40, 210, 48, 215), hole_in(at(R1), rectangle(240, 205, 250, 206)))
    report = check(zones, SITE, lang="en")
    assert rules(report) == ["gap", "gap"]
    assert sorted(report.findings["value"]) == pytest.approx([10, 40])
    assert "at most 1 m" in report.findings["message"][report.findings["value"] < 20].item()


def test_a_deleted_cell_is_a_gap_and_its_building_is_uncovered() -> None:
    cells = PLAN.cells.drop(index="c00")
    report = check(replace(PLAN, cells=cells, members=None, scheme=LAX))
    assert rules(report) == ["building_uncovered", "gap"]
    assert report.findings["value"].tolist() == pytest.approx([400, 5000 - 400])


def test_a_cell_without_code_is_a_gap() -> None:
    cells = PLAN.cells.copy()
    cells.loc["c00", "code"] = pd.NA
    assert rules(check(replace(PLAN, cells=cells, members=None, scheme=LAX))) == ["building_uncovered", "gap"]


def test_a_deleted_zone_leaves_no_trace_but_its_land_and_buildings() -> None:
    table = ZONES.table.drop(index=at(M1))
    report = check(replace(ZONES, table=table, scheme=LAX), SITE)
    assert rules(report) == ["building_uncovered", "building_uncovered", "gap"]


def test_a_zone_without_shape_is_named_and_its_land_is_a_gap() -> None:
    with np.errstate(invalid="ignore"):
        unmeasured = Polygon([(EAST, NORTH), (EAST + 1, np.nan), (EAST, NORTH + 1)])
    for empty in (None, Polygon(), Point(EAST, NORTH), unmeasured):
        report = check(changed(at(M1), geometry=empty), SITE)
        assert rules(report) == ["building_uncovered", "building_uncovered", "gap", "invalid_ring"]


def test_swapped_codes_in_two_grids_are_two_findings() -> None:
    zones = changed(at(R1), changed(at(M1), code=R1, parent=RIGHT), code=M1, parent=LEFT)
    assert rules(check(zones, SITE)) == ["code_parent", "code_parent"]


def test_swapped_codes_in_one_grid_put_buildings_on_the_wrong_list() -> None:
    zones = changed(at(M2), changed(at(M1), code=M2), code=M1)
    assert rules(check(zones, SITE)) == ["building_misplaced"] * 4


def test_swapped_codes_of_cells_in_one_grid_are_a_good_plan() -> None:
    swap = {M1: M2, M2: M1}
    plan = with_cells(code={cell: swap.get(code, code) for cell, code in PLAN.cells["code"].items()})
    assert rules(check(plan)) == []


def test_a_zone_that_reaches_across_a_corner_overlaps_all_three() -> None:
    """The zone over the corner fits its own neighbours vertex by vertex, so it is not conspicuous by itself."""
    report = check(changed(at(M1), geometry=shape(at(M1)).union(rectangle(97, 197, 103, 203))), SITE)
    assert list(report.findings["code"]) == [f"{M1}, {M2}", f"{M1}, {M3}", f"{M1}, {LEFT}04"]
    assert report.findings["value"].tolist() == pytest.approx([9, 9, 9])


def test_a_gap_round_a_building_is_one_finding() -> None:
    """A building across the gap leaves two pieces of it, but there is one blind spot."""
    zones = hole_in(at(M1), rectangle(10, 242, 40, 258))
    report = check(zones, with_buildings({"hall": rectangle(20, 241, 30, 259)}, None))
    assert rules(report) == ["building_uncovered", "building_uncovered", "gap"]


def test_an_overlap_in_both_tiers_is_reported_once() -> None:
    strip = rectangle(200, 210, 205, 230)
    zones = changed(at(M2), geometry=shape(at(M2)).union(strip))
    zones = changed(at(LEFT, "grid"), zones, geometry=shape(at(LEFT, "grid")).union(strip))
    report = check(zones, SITE)
    assert rules(report) == ["overlap"]
    assert report.findings["code"].item() == f"{M2}, {R1}"


def test_a_bundle_of_shapes_is_no_polygon() -> None:
    bundle = shapely.GeometryCollection([shape(at(M1)), shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)])])
    assert rules(check(changed(at(M1), geometry=bundle), SITE)) == ["invalid_ring"]


def test_height_is_ignored() -> None:
    raised = replace(ZONES, table=ZONES.table.set_geometry(shapely.force_3d(ZONES.table.geometry, 5.0)))
    assert rules(check(raised, SITE)) == []


def test_codes_and_figures_are_judged_without_a_site() -> None:
    assert rules(check(changed(at(M1), households=8))) == ["households_unassigned"]
    assert rules(check(changed(at(M1), code=M2))) == ["code_repeated"]
    assert rules(check(changed(at(M1), code=f"{RIGHT}77"))) == ["code_parent"]


def test_a_zone_drawn_twice_is_an_overlap_and_a_repeated_code() -> None:
    for row in (at(M1), at(LEFT, "grid")):
        twice = replace(ZONES, table=pd.concat([ZONES.table, ZONES.table.loc[[row]]], ignore_index=True))
        twice = replace(twice, table=twice.table.sort_values("tier", kind="stable").reset_index(drop=True))
        assert rules(check(twice, SITE)) == ["code_repeated", "overlap"]


def test_a_grid_grown_over_a_micro_grid_of_the_next_is_one_overlap() -> None:
    grown = shape(at(RIGHT, "grid")).union(shape(at(M2)))
    report = check(changed(at(RIGHT, "grid"), geometry=grown), SITE)
    assert rules(report) == ["overlap"]
    assert report.findings["code"].item() == f"{LEFT}, {RIGHT}"


def test_a_shifted_vertex_of_two_tiers_is_reported_once() -> None:
    hole = Polygon([(EAST, NORTH + 300), (EAST + 20, NORTH + 300), (EAST, NORTH + 280)])
    report = check(hole_in(at(LEFT, "grid"), hole, hole_in(at(M1), hole)), SITE)
    assert rules(report) == ["gap"]


def test_an_invalid_ring_beside_a_hole_does_not_hide_it() -> None:
    zones = hole_in(at(M5), rectangle(40, 80, 48, 85), changed(at(M3), geometry=bow_tie()))
    report = check(zones, SITE)
    assert rules(report) == ["gap", "invalid_ring"]
    assert report.findings["value"].tolist() == pytest.approx([40, 5000])


def test_one_tier_alone_is_judged_against_the_communities() -> None:
    micro = replace(ZONES, table=ZONES.table[ZONES.table["tier"] == "micro"], scheme=None)
    assert rules(check(micro, SITE)) == []
    assert rules(check(micro, renamed(SITE, "410105001009"))) == ["code_parent"]


def test_nothing_to_check_is_refused() -> None:
    with pytest.raises(InputError, match="no zones"):
        check(replace(ZONES, table=ZONES.table.iloc[:0]), SITE)
    with pytest.raises(InputError, match="no zones"):
        check(replace(PLAN, cells=PLAN.cells.assign(code=pd.array([pd.NA] * len(PLAN.cells), dtype="string"))))


def test_an_enclave_of_two_tiers_is_reported_once() -> None:
    """A grid of one micro-grid in the middle of a grid of one micro-grid."""
    inner = rectangle(100, 100, 150, 170)
    shapes = [rectangle(0, 0, 400, 300).difference(inner), inner] * 2
    codes = [LEFT, RIGHT, M1, R1]
    table = ZONES.table.iloc[[at(LEFT, "grid"), at(RIGHT, "grid"), at(M1), at(R1)]].reset_index(drop=True)
    table = table.assign(code=codes, households=pd.array([pd.NA] * 4, "Int64"), geometry=shapes)
    report = check(Zones(table.set_crs(CRS), None, LAX), SITE)
    assert rules(report) == ["enclave"]
    assert report.findings["code"].item() == R1


# --- buildings on borders -----------------------------------------------------------------------------------------------


def test_an_overlap_of_footprints_explains_a_split() -> None:
    """A long building over a border whose eastern part is another building's."""
    site = with_buildings({"long": rectangle(90, 240, 110, 250), "east": rectangle(100, 240, 112, 250)})
    report = check(replace(ZONES, buildings=None), site)
    assert rules(report) == ["building_split"]
    assert report.findings["severity"].item() == "note"
    assert report.state == "pass"


def two_communities() -> tuple[Zones, Site]:
    """The two grids as two communities."""
    east = COMMUNITY[:-1] + "2"
    communities = gpd.GeoDataFrame(
        {"name": ["西", "东"], "level": [pd.NA, pd.NA]},
        index=pd.Index([COMMUNITY, east], name="code"),
        geometry=[rectangle(0, 0, 200, 300), rectangle(200, 0, 400, 300)],
        crs=CRS,
    )
    new = lambda codes: codes.str.replace(RIGHT, east + "001").where(codes != COMMUNITY, COMMUNITY)  # noqa: E731
    table = ZONES.table.assign(code=new(ZONES.table["code"]), parent=new(ZONES.table["parent"]))
    table.loc[table["code"] == east + "001", "parent"] = east
    zones = replace(ZONES, table=table, buildings=ZONES.buildings.assign(code=new(ZONES.buildings["code"])))
    return zones, replace(SITE, layers={**SITE.layers, "communities": communities})


def test_a_community_border_explains_a_split() -> None:
    zones, site = two_communities()
    assert rules(check(zones, site)) == []
    layers = {**site.layers, "buildings": with_buildings({"long": rectangle(190, 240, 205, 250)}).buildings}
    report = check(replace(zones, buildings=None), replace(site, layers=layers))
    assert rules(report) == ["building_split"]
    assert report.findings["severity"].item() == "note"


def test_a_grid_in_the_next_community_is_nesting() -> None:
    zones, site = two_communities()
    grids = zones.table.index[zones.table["tier"] == "grid"]
    moved = changed(
        grids[1], changed(grids[0], zones, geometry=rectangle(0, 0, 210, 300)), geometry=rectangle(210, 0, 400, 300)
    )
    report = check(moved, site)
    assert rules(report) == ["nesting"] * 4
    assert report.findings["value"].sum() == pytest.approx(3000 + 3000)


def test_units_of_a_tower_may_lie_in_several_zones() -> None:
    site = with_buildings({"tower": rectangle(90, 240, 110, 250)}, 0)
    rows = [{"id": "tower", "unit": str(k), "households": 0, "code": code} for k, code in enumerate((M1, M2))]
    assert rules(check(listed(*rows), site)) == []


def test_a_unit_is_misplaced_where_nothing_of_its_building_stands() -> None:
    site = with_buildings({"tower": rectangle(90, 240, 110, 250)}, 0)
    rows = [{"id": "tower", "unit": str(k), "households": 0, "code": code} for k, code in enumerate((M1, R1))]
    report = check(listed(*rows), site)
    assert rules(report) == ["building_misplaced"]
    assert report.findings["code"].item() == "tower/1"


def test_buildings_outside_the_communities_are_not_judged() -> None:
    site = with_buildings(
        {"far": rectangle(500, 0, 520, 20), "edge": rectangle(398, 40, 418, 60), "p": Point(0, 0)}, None
    )
    report = check(ZONES, site)
    assert rules(report) == []
    assert report.state == "pass"


def test_a_point_on_a_border_stands_in_either_zone() -> None:
    site = with_buildings({"p": Point(EAST + 100, NORTH + 250)}, 0)
    for code in (M1, M2):
        assert rules(check(listed({"id": "p", "households": 0, "code": code}), site)) == []


# --- what is missing ----------------------------------------------------------------------------------------------------


def test_without_a_site_the_report_is_incomplete() -> None:
    report = check(ZONES, lang="en")
    assert rules(report) == []
    assert report.state == "incomplete"
    assert "no site" in report.missing[0]
    broken = check(changed(at(M1), code="x"))
    assert rules(broken) == ["code_malformed"]
    assert broken.state == "fail"


def test_unknown_figures_make_the_report_incomplete() -> None:
    cells = PLAN.cells.copy()
    cells.loc["c02", ["households", "n_unknown"]] = (0, 1)
    cells.at["c02", "members"] = (Member("b02", None, None, None),)
    report = check(replace(PLAN, site=with_figure("b02", None), cells=cells, members=None, scheme=LAX), lang="en")
    assert rules(report) == []
    assert report.state == "incomplete"
    assert report.missing[0].startswith("1 buildings")
    assert "b02" in report.missing[0]


def test_a_building_without_shape_makes_the_report_incomplete() -> None:
    report = check(ZONES, with_buildings({"ghost": None}), lang="en")
    assert rules(report) == []
    assert report.state == "incomplete"
    assert "ghost" in report.missing[-1]


def test_a_figure_for_each_entrance_is_known_too() -> None:
    """The building itself has no figure, its two entrances have; the list shares it out."""
    units = pd.DataFrame({"building": ["b02"] * 2, "unit": ["1", "2"], "households": [2, 3]})
    units = units.astype({"building": "string", "unit": "string", "households": "Int64"})
    site = replace(with_figure("b02", None), unit_households=units)
    rows = [{"id": "b02", "unit": str(k), "households": k + 1, "code": M1} for k in (1, 2)]
    zones = listed(*rows, without=("b02",))
    assert rules(check(zones, site)) == []
    assert check(zones, site).state == "pass"
    lost = listed(rows[0], without=("b02",))
    report = check(lost, site)
    assert rules(report) == ["households_unassigned"]
    assert report.findings["value"].item() == 3


def test_a_layer_of_buildings_without_codes_is_no_list() -> None:
    members = ZONES.buildings.assign(code=pd.array([pd.NA] * len(ZONES.buildings), dtype="string"))
    assert rules(check(replace(ZONES, buildings=members), SITE)) == []


def test_a_site_without_buildings_is_incomplete() -> None:
    site = replace(SITE, layers={"communities": SITE.communities})
    report = check(replace(ZONES, buildings=None), site)
    assert report.state == "incomplete"


def test_zones_without_figures_are_not_judged() -> None:
    assert (
        rules(check(replace(ZONES, table=ZONES.table.assign(households=pd.array([pd.NA] * 14, "Int64"))), SITE)) == []
    )


# --- reference systems --------------------------------------------------------------------------------------------------


def test_zones_in_another_reference_system_are_brought_into_the_sites() -> None:
    zones = replace(hole_in(at(M1), rectangle(40, 210, 48, 215)))
    report = check(replace(zones, table=zones.table.to_crs(4326)), SITE)
    assert rules(report) == ["gap"]
    assert report.findings["value"].item() == pytest.approx(40, rel=1e-3)
    assert report.findings.crs == SITE.crs


@pytest.mark.parametrize("crs", [4326, 3857])
def test_without_a_site_area_is_measured_in_metres(crs: int) -> None:
    over = changed(at(M1), geometry=shape(at(M1)).union(rectangle(100, 210, 105, 230)))
    report = check(replace(over, table=over.table.to_crs(crs)))
    assert rules(report) == ["overlap"]
    assert report.findings["value"].item() == pytest.approx(100, rel=0.01)


def test_zones_without_a_reference_system_are_refused() -> None:
    with pytest.raises(CrsError, match="no coordinate reference system"):
        check(replace(ZONES, table=ZONES.table.set_crs(None, allow_override=True)), SITE)


def test_zones_that_do_not_fit_the_reference_system_are_refused() -> None:
    with pytest.raises(CrsError, match="cannot be brought"):
        check(replace(ZONES, table=ZONES.table.set_crs(4326, allow_override=True)), SITE)


# --- nothing depends on order; nothing is changed -----------------------------------------------------------------------


def test_the_order_of_rows_does_not_matter() -> None:
    zones = changed(at(M2), hole_in(at(M1), rectangle(40, 210, 48, 215)), households=3)
    first = check(zones, SITE).to_dict()
    rng = np.random.default_rng(7)
    for _ in range(3):
        micro = zones.table[zones.table["tier"] == "micro"]
        micro = micro.iloc[rng.permutation(len(micro))]
        table = pd.concat([zones.table[zones.table["tier"] == "grid"].iloc[::-1], micro])
        members = zones.buildings.sample(frac=1, random_state=1)
        buildings = SITE.buildings.iloc[rng.permutation(len(SITE.buildings))]
        site = replace(SITE, layers={**SITE.layers, "buildings": buildings})
        assert check(replace(zones, table=table, buildings=members), site).to_dict() == first


def test_arguments_are_not_changed() -> None:
    zones = changed(at(M1), geometry=bow_tie())
    before = (zones.table.copy(), zones.buildings.copy(), SITE.buildings.copy())
    check(zones, SITE)
    assert zones.table.equals(before[0])
    assert zones.buildings.equals(before[1])
    assert SITE.buildings.equals(before[2])


def test_findings_are_sorted_gravest_first() -> None:
    zones = changed(at(M2), changed(at(M1), code="x"), households=3)
    site = with_buildings({"long": rectangle(194, 40, 206, 60)})
    report = check(replace(zones, buildings=None), site)
    order = [("error", "code_malformed"), ("error", "households_unassigned"), ("warning", "building_split")]
    assert list(zip(report.findings["severity"], report.findings["rule"], strict=True)) == order


# --- the report ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_messages_speak_both_languages(name: str) -> None:
    broken, site, *_ = CASES[name]
    chinese, english = report_of(name), check(broken, site, lang="en")
    for message in chinese.findings["message"]:
        assert "{" not in message
        assert "，" in message
    for message in english.findings["message"]:
        assert message.isascii() or "²" in message or "１" in message
        assert "{" not in message
    assert rules(chinese) == rules(english)


def test_a_report_fails_aloud_only_when_asked() -> None:
    report = check(changed(at(M1), code="x"), SITE)
    assert report.state == "fail"
    with pytest.raises(CoverageError, match="code_malformed"):
        report.raise_if_failed()
    check(PLAN).raise_if_failed()


def test_a_report_becomes_json() -> None:
    import json

    report = check(changed(at(M1), geometry=None), SITE)
    told = json.loads(json.dumps(report.to_dict(), ensure_ascii=False))
    assert told["state"] == "fail"
    assert told["counts"] == {"error": 4, "warning": 0, "note": 0}
    assert told["findings"][0].keys() == set(COLUMNS) - {"geometry"}


def test_a_report_shown_in_a_notebook_runs_nothing() -> None:
    bad = "<img src=x onerror=alert(1)>"
    site = with_buildings({bad: rectangle(94, 240, 104, 250)}, None)
    report = check(replace(ZONES, buildings=None), site)
    assert rules(report) == ["building_split"]
    assert bad in report.missing[0]
    assert "<img" not in report._repr_html_()


# --- a drawing made by hand ---------------------------------------------------------------------------------------------

SAMPLE = Path(__file__).parents[2] / "sample_data"


@pytest.mark.skipif(not (SAMPLE / "drawn_faults.csv").exists(), reason="the sample data are not there")
def test_each_fault_of_the_drawn_sample_is_found_once_at_its_place() -> None:
    faults = pd.read_csv(SAMPLE / "drawn_faults.csv", dtype=str).sort_values(["rule", "code"]).reset_index(drop=True)
    report = check(read_zones(SAMPLE / "drawn.gpkg"), read_site(SAMPLE / "community.gpkg"))
    found = report.findings.sort_values(["rule", "code"]).reset_index(drop=True)
    assert found["rule"].tolist() == faults["rule"].tolist()
    assert found["code"].tolist() == faults["code"].tolist()
    places = shapely.points(faults["x"].astype(float), faults["y"].astype(float))
    assert (shapely.distance(places, found.geometry.to_numpy()) < 10).all()


# --- what must hold whatever is drawn -----------------------------------------------------------------------------------

FEW = settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate], database=None, derandomize=True)
MICRO = [int(row) for row in ZONES.table.index[ZONES.table["tier"] == "micro"]]


@FEW
@given(st.sampled_from(MICRO), st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 30), st.floats(0, 180))
def test_a_hole_is_found_with_its_area(row: int, x: float, y: float, size: float, angle: float) -> None:
    zone = shape(row)
    west, south, east, north = zone.bounds
    square = shapely.affinity.rotate(box(0, 0, size, size), angle)
    hole = translate(square, west + x * (east - west), south + y * (north - south)).intersection(zone)
    left = zone.difference(hole)
    report = check(
        replace(changed(row, geometry=left), buildings=None), replace(SITE, layers={"communities": SITE.communities})
    )
    found = report.findings[report.findings["rule"] == "gap"]
    assert set(rules(report)) <= {"gap", "multipart"}
    if hole.buffer(-0.006).area > 0:
        assert found["value"].sum() == pytest.approx(hole.area, rel=1e-3, abs=1e-3)
        assert shapely.union_all(found.geometry).symmetric_difference(hole).area < 1e-3 * hole.area + 1e-3


@FEW
@given(st.sampled_from(MICRO), st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]), st.floats(0.02, 40))
def test_a_zone_that_grows_overlaps_or_goes_outside(row: int, way: tuple[int, int], by: float) -> None:
    zone = shape(row)
    grown = zone.union(translate(zone, way[0] * by, way[1] * by))
    zones = replace(changed(row, geometry=grown), buildings=None)
    report = check(zones, replace(SITE, layers={"communities": SITE.communities}))
    assert len(report.findings) == 1
    inside = shapely.union_all(SITE.communities.geometry).covers(grown)
    assert rules(report) == ["overlap" if inside else "outside"]
    assert report.findings["value"].item() == pytest.approx(100 * by, rel=1e-3, abs=1e-3)


@FEW
@given(st.sampled_from(MICRO), st.integers(0, 3), st.floats(-20, 20), st.floats(-20, 20))
def test_a_shifted_vertex_is_told_to_the_square_metre(row: int, corner: int, dx: float, dy: float) -> None:
    zone = shape(row)
    points = list(zone.exterior.coords)[:-1]
    points[corner] = (points[corner][0] + dx, points[corner][1] + dy)
    moved = Polygon(points)
    zones = replace(changed(row, geometry=moved), buildings=None)
    report = check(zones, replace(SITE, layers={"communities": SITE.communities}))
    assert set(rules(report)) <= {"gap", "overlap", "outside"}
    told = report.findings.groupby("rule")["value"].sum().reindex(["gap", "overlap", "outside"], fill_value=0)
    lost, gained = zone.difference(moved).area, moved.difference(zone).area
    slack = 0.02 * zone.length
    assert told["gap"] == pytest.approx(lost, abs=slack)
    assert told["overlap"] + told["outside"] == pytest.approx(gained, abs=slack)


@FEW
@given(st.sampled_from(MICRO), st.integers(-10, 30).filter(lambda n: n != 0))
def test_a_wrong_figure_is_found_with_its_difference(row: int, by: int) -> None:
    report = check(changed(row, households=10 + by), SITE)
    assert rules(report) == ["households_unassigned" if by < 0 else "households_twice"]
    assert report.findings["value"].item() == abs(by)


@FEW
@given(st.data())
def test_cells_dealt_out_at_random_leave_no_land_out(data: st.DataObject) -> None:
    codes = sorted(set(PLAN.cells["code"]))
    code = {cell: data.draw(st.sampled_from(codes)) for cell in PLAN.cells.index[:10]}
    report = check(with_cells(code=code))
    assert set(rules(report)) <= {"multipart", "enclave", "size"}


@FEW
@given(st.floats(0.5, 2), st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_moving_the_whole_place_changes_nothing(factor: float, dx: float, dy: float) -> None:
    def moved(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = [translate(scale(s, factor, factor, origin=(EAST, NORTH)), dx, dy) for s in table.geometry]
        return table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))

    site = replace(SITE, layers={role: moved(SITE.layers[role]) for role in ("communities", "buildings")})
    assert rules(check(replace(ZONES, table=moved(ZONES.table)), site)) == []


def test_a_plan_whose_search_was_interrupted_is_told() -> None:
    plan = replace(PLAN, manifest={"interrupted": "true"})
    for report in (check(plan, lang="en"), check(ZONES, SITE, cells=plan, lang="en")):
        assert rules(report) == ["interrupted"]
        assert report.findings["severity"].tolist() == ["warning"]
        assert report.findings["code"].tolist() == [COMMUNITY]
        assert report.state == "pass"
    assert rules(check(replace(PLAN, manifest={"interrupted": "false"}))) == []


def test_a_report_is_spoken_in_another_language_without_a_second_check(monkeypatch: pytest.MonkeyPatch) -> None:
    zones = changed(at(M1), geometry=None)
    site = with_buildings({"new": rectangle(1, 1, 2, 2)}, households=None)
    english, chinese = check(zones, site, lang="en"), check(zones, site, lang="zh")
    monkeypatch.setattr("gridgeo.checks.RULES", ())
    assert len(english.findings)
    assert len(english.missing)
    for one, other in ((english.spoken("zh"), chinese), (chinese.spoken("en"), english)):
        assert one.lang == other.lang
        assert one.missing == other.missing
        assert one.findings["message"].tolist() == other.findings["message"].tolist()
        assert one.to_dict() == other.to_dict()
    few = replace(english, findings=english.findings.iloc[1:])
    assert few.spoken("zh").findings["message"].tolist() == chinese.findings["message"].tolist()[1:]
    by_hand = Report(english.findings)
    assert by_hand.spoken("en") is by_hand


def test_sizes_name_the_load_that_is_limited() -> None:
    crowd = replace(PEOPLED, scheme=Scheme((LAX.tiers[0], Tier("micro", 1, 15, load="people"))))
    found = check(crowd, lang="en").findings
    assert set(found["measure"]) == {"people"}
    assert found["message"].str.contains(r"20 \(people\)").all()
