"""How far two plans are apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gridgeo as gg
from gridgeo.errors import InputError
from gridgeo.model import CELL_COLUMNS, Member, Plan, Scheme, Tier
from tests.comparison.tiny_plans import PAIRS, coded, square, with_cells
from tests.conftest import CODES, COMMUNITY, CRS, box


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
        with_cells(base, cells.assign(members=members, code=[f"{COMMUNITY}{k:03d}" for k in labels]))
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
    cut = with_cells(plan, gpd.GeoDataFrame(rows, crs=CRS).rename_axis("cell").astype(CELL_COLUMNS))
    assert gg.difference(plan, cut, "micro") == pytest.approx(10 / 180)
    assert gg.difference(cut, plan, "micro") == pytest.approx(10 / 180)
    assert gg.difference(cut, cut) == 0


def test_where_nobody_lives_land_counts(plan: Plan) -> None:
    empty = with_cells(plan, plan.cells.assign(members=[()] * 6, households=pd.array([0] * 6, dtype="Int64")))
    other = coded(empty, {**CODES, "c6": "00101"})
    assert gg.difference(empty, empty) == 0
    assert gg.difference(empty, other, "micro") == pytest.approx(1 / 6)
    # Other cells: the zones are laid over each other.
    renamed = with_cells(other, other.cells.rename(index=lambda cell: f"{cell}x"))
    assert gg.difference(empty, renamed, "micro") == pytest.approx(1 / 6)


def test_what_cannot_be_compared_is_refused(plan: Plan) -> None:
    with pytest.raises(InputError, match="no tier 'street'"):
        gg.difference(plan, plan, "street")
    scheme = Scheme((Tier("ring", 60, 120, 100, width=3), Tier("cell", 50, 70, 60)))
    with pytest.raises(InputError, match=r"no tier of the same name \(grid, micro; ring, cell\)"):
        gg.difference(plan, replace(plan, scheme=scheme))
    cells = plan.cells.set_geometry(plan.cells.translate(5000)).rename(index=lambda cell: f"{cell}y")
    cells["members"] = [tuple(m._replace(building=f"other {m.building}") for m in held) for held in cells["members"]]
    elsewhere = with_cells(plan, cells)
    with pytest.raises(InputError, match="no building in common"):
        gg.difference(plan, elsewhere)
