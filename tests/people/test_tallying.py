"""Sums of events by zone: conserved to the unit, and what an independent overlay finds."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import gridgeo as gg
from gridgeo.errors import InputError
from tests.made import SCHEME, Town, build

PLAN = gg.divide(build(Town(7, 4, 3, per_block=6)), SCHEME, effort="fast")
WEST, SOUTH, EAST, NORTH = PLAN.cells.total_bounds


def events(seed: int, kind: str, number: int = 60) -> gpd.GeoDataFrame:
    random = np.random.default_rng(seed)
    a = random.uniform((WEST - 30, SOUTH - 30), (EAST + 30, NORTH + 30), (number, 2))
    b = a + random.uniform(-150, 150, (number, 2))
    shapes = {
        "points": shapely.points(a),
        "lines": shapely.linestrings(np.stack([a, b], axis=1)),
        "areas": shapely.box(*np.minimum(a, b).T, *np.maximum(a, b).T),
    }[kind]
    columns = {"status": random.choice(["settled", "passed on"], number), "hours": random.integers(0, 9, number)}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=PLAN.cells.crs)


def measured(shapes: npt.NDArray[np.object_], kind: str) -> npt.NDArray[np.float64]:
    return {"points": np.ones(len(shapes)), "lines": shapely.length(shapes), "areas": shapely.area(shapes)}[kind]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000),
    kind=st.sampled_from(["points", "lines", "areas"]),
    share=st.booleans(),
    tier=st.sampled_from(["grid", "micro"]),
    value=st.sampled_from([None, "hours"]),
)
def test_totals_are_those_of_the_table(seed: int, kind: str, share: bool, tier: str, value: str | None) -> None:
    table = events(seed, kind)
    sums = gg.tally(PLAN, table, tier=tier, by="status", value=value, share=share)
    assert sums["code"].tolist() == [*sorted(PLAN.zones(tier).index), "outside"]
    amount = table["hours"] if value else pd.Series(1, table.index)
    assert sums["n"].sum() == amount.sum()
    for status, n in amount.groupby(table["status"]).sum().items():
        assert sums[status].sum() == n
    assert (sums["n"] == sums["settled"] + sums["passed on"]).all()


@pytest.mark.parametrize("kind", ["points", "lines", "areas"])
def test_zones_hold_what_an_overlay_finds(kind: str) -> None:
    table = events(3, kind, 400)
    zones = PLAN.zones("micro")
    shared = gg.tally(PLAN, table, share=True).set_index("code")["n"].astype(float)
    for code, outline in zones.geometry.items():
        inside = shapely.intersection(table.geometry.to_numpy(), outline)
        there = ~shapely.is_empty(inside)
        expected = (measured(inside[there], kind) / measured(table.geometry.to_numpy()[there], kind)).sum()
        assert abs(shared[code] - expected) <= 1


def test_an_event_counts_where_most_of_it_is() -> None:
    zones = PLAN.zones("micro").geometry
    middles = gpd.GeoDataFrame(geometry=zones.buffer(-2).to_numpy(), crs=PLAN.cells.crs)
    assert gg.tally(PLAN, middles)["n"].tolist() == [1] * len(zones) + [0]


def test_dates_become_periods_and_what_is_no_date_is_told() -> None:
    table = events(1, "points", 4).assign(date=["2026-01-05", "2026/1/31", "2026-13-01", None])
    sums = gg.tally(PLAN, table, time="date")
    assert sums["2026-01"].sum() == sums["date_unknown"].sum() == 2
    weeks = gg.tally(PLAN, table, time="date", every="year", by="status")
    assert {name.split()[0] for name in weeks.columns[2:]} == {"2026", "date_unknown"}


def test_small_numbers_are_hidden_and_cannot_be_worked_out() -> None:
    table = events(9, "points", 120)
    full, hidden = gg.tally(PLAN, table), gg.tally(PLAN, table, hide_below=4)
    gone = hidden["n"].isna()
    assert (full["n"][~gone] >= 4).all() or (full["n"][~gone & (full["n"] < 4)] == 0).all()
    for _, rows in hidden.groupby(hidden["code"].str[:15]):
        others = (full["n"][rows.index] > 0).sum()
        assert rows["n"].isna().sum() != 1 or others == 1


def test_buildings_may_name_the_place() -> None:
    ids = PLAN.members["building"].iloc[[0, 0, 1]]
    sums = gg.tally(PLAN, pd.DataFrame({"楼栋": [*ids, "?"]}), building="楼栋")
    assert sums["n"].sum() == 4
    assert sums["n"].iloc[-1] == 1


def test_what_cannot_be_counted_is_told() -> None:
    table = events(1, "points", 3)
    with pytest.raises(InputError, match="no column 'state'"):
        gg.tally(PLAN, table, by="state")
    with pytest.raises(InputError, match="row 2"):
        gg.tally(PLAN, table.assign(hours=["1", "two", "3"]), value="hours")
    with pytest.raises(InputError, match="no coordinates"):
        gg.tally(PLAN, pd.DataFrame({"a": [1]}))
    with pytest.raises(InputError, match="period"):
        gg.tally(PLAN, table, time="hours", every="hour")
