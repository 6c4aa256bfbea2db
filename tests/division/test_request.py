"""What is asked, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

import gridgeo as gg
from gridgeo.division.request.search_effort import effort_text, read_effort
from gridgeo.errors import DivisionError, InputError
from gridgeo.model import Scheme, Site, Tier
from gridgeo.partition import Effort
from tests.conftest import box
from tests.division.places import in_a_row
from tests.made import SCHEME, Town, build


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
    with pytest.raises(InputError, match="edges do not match"):
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


def test_more_institutions_than_digits_can_number_are_refused_before_the_search() -> None:
    site = in_a_row(*[30] * 6)
    spots = [box(5 + 50 * k, 5, 15 + 50 * k, 15) for k in range(10)]
    columns = {"class": ["park"] * 10, "name": [None] * 10}
    parks = gpd.GeoDataFrame(columns, index=[f"p{k}" for k in range(10)], geometry=spots, crs=site.crs)
    crowded = Site({**site.layers, "institutions": parks}, site.unit_households, site.account)
    told: list[str] = []
    with pytest.raises(
        InputError, match=r"10 institutions, each a dedicated zone.* number only 9 .*from 91\).* 3 digits"
    ):
        gg.divide(crowded, Scheme((Tier("micro", 30, 100, width=2),)), progress=lambda text: told.append(text.reason))
    assert "step_partition" not in told
    zones = gg.divide(crowded, Scheme((Tier("micro", 30, 100, width=3),)), effort="fast").zones("micro")
    assert zones.index.str[12:].str.startswith("9").sum() == 10


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"keep": [410102013190003]}, "keep: must be a text, not 410102013190003"),
        ({"keep": None}, "keep: must be a text, not None"),
        ({"effort": None}, "effort: must be a number, not None"),
        ({"effort": "30"}, "Write 30s for seconds"),
        ({"seed": "7"}, "seed: must be a whole number, not '7'"),
        ({"scheme": "zhengzhou"}, "scheme: must be Scheme, not 'zhengzhou'"),
        ({"within": ["410102013190001"]}, "within: must be GeoDataFrame"),
    ],
)
def test_arguments_of_another_kind_are_refused_in_plain_words(wrong: dict[str, Any], words: str) -> None:
    arguments: dict[str, Any] = {"site": in_a_row(20, 20), "scheme": SCHEME, **wrong}
    with pytest.raises(InputError, match=re.escape(words)):
        gg.divide(**arguments)


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


@pytest.mark.parametrize(("effort", "seconds"), [("30s", 30.0), ("1.5 min", 90.0), (12, 12.0), (0.5, 0.5)])
def test_efforts_in_seconds(effort: str | float, seconds: float) -> None:
    assert read_effort(effort) == seconds


def test_efforts_by_name_and_in_steps() -> None:
    assert read_effort("best") == "best"
    steps = Effort(sweeps=5, coarse_sweeps=10, passes=2)
    assert read_effort(effort_text(steps)) == steps
    assert effort_text("fast") == "fast"


@pytest.mark.parametrize("effort", ["heroic", "0s", "-3s", -3, 0, float("nan"), float("inf"), "sweeps=3", ""])
def test_efforts_that_mean_nothing_are_refused(effort: str | float) -> None:
    with pytest.raises(InputError, match="standard"):
        read_effort(effort)
