"""Notes on what is not as asked."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest
import shapely

import gridgeo as gg
from gridgeo.division.request.search_effort import longer_search
from gridgeo.errors import DivisionError
from gridgeo.model import Scheme, Site, Tier
from tests.conftest import box, make_site
from tests.division.places import in_a_row
from tests.made import SCHEME, Town, build


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


def test_what_strictness_refuses_is_there_to_be_looked_at() -> None:
    with pytest.raises(DivisionError, match="limits or counts are not met") as caught:
        gg.divide(in_a_row(20, 90, 90), Scheme((Tier("micro", 30, 100, width=3),)), strict=True)
    zones = caught.value.plan.zones("micro")["households"]
    assert caught.value.blocking is not None
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
    for effort, advice in (("fast", "--effort best"), ("best", "--effort max"), ("max", "Widen the limits")):
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
    assert ("they are in " + ", ".join(zones) + ".") in note["en"]
    assert ("分属 " + ", ".join(zones) + "。") in note["zh"]


NARROW = Scheme((Tier("micro", 30, 100, width=3),))


def told_of(households: Mapping[str, tuple[shapely.Geometry, int]], scheme: Scheme, **known: int) -> pd.DataFrame:
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
    assert "p (60), q (50). Separate their footprints or points" in notes["en"].iloc[0]
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
    assert "t (1000). Enter their number of entrances in the column units" in notes["size_component"]
    assert "links" not in notes["size_component"]


@pytest.mark.parametrize(
    ("shape", "known", "words"),
    [
        # too small for as many parts
        (box(50, 50, 51, 51), {"units": 40, "levels": 2}, "Its footprint is too small"),
        (box(50, 50, 51, 51), {"units": 40}, "Its footprint is too small"),
        (box(50, 50, 90, 60), {"units": 1}, "enter the floors in the column levels"),
        (box(50, 50, 90, 60), {"units": 1, "levels": 2}, "only a higher limit helps"),
    ],
)
def test_a_tower_that_was_not_cut_tells_why(shape: shapely.Polygon, known: dict[str, int], words: str) -> None:
    notes = told_of({"t": (shape, 1000)}, NARROW, **known)
    assert set(notes["reason"]) == {"size_indivisible" if "higher limit" in words else "size_building"}
    assert notes["en"].str.contains(words, regex=False).all()


@pytest.mark.parametrize(
    ("low", "high", "held"),
    [
        (50, 70, 71),
        (50, 70, 99),
        (50, 70, 100),
        (50, 70, 142),
        (50, 70, 150),
        (30, 100, 101),
        (60, 100, 119),
        (60, 100, 120),
    ],
)
def test_no_cut_is_advised_of_which_the_parts_are_below_the_limit(low: int, high: int, held: int) -> None:
    notes = told_of({"t": (box(50, 50, 90, 60), held)}, Scheme((Tier("micro", low, high, width=3),)))
    parts = next(k for k in range(1, held) if -(-held // k) <= high)
    vain = min(held // parts, held - (parts - 1) * -(-held // parts)) < low
    assert notes["reason"].tolist() == ["size_indivisible" if vain else "size_building"]
    assert notes["en"].str.contains("--split-large").all() != vain


@pytest.mark.parametrize(
    ("households", "words"),
    [
        ([30], "has 30 households, fewer than one zone needs"),
        ([20] * 4, "has 80 households, fewer than one zone needs"),
        ([60] * 9, "has 540 households, which no number of zones divides"),
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
