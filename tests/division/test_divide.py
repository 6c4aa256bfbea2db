"""The verb divide, from a site to a plan."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, Phase, given, settings

import gridgeo as gg
from gridgeo.errors import InputError
from gridgeo.model import Preferences, Scheme, Site, Tier
from gridgeo.partition import OBJECTIVE
from tests.made import SCHEME, Town, assert_sound, build, shuffled, towns

PLAIN = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@PLAIN
@given(towns())
def test_every_plan_is_sound(town: Town) -> None:
    assert_sound(gg.divide(build(town), SCHEME, seed=town.seed))


@settings(PLAIN, max_examples=6)
@given(towns())
def test_row_order_does_not_matter(town: Town) -> None:
    site = build(town)
    one, two = gg.divide(site, SCHEME, seed=3), gg.divide(shuffled(site, town.seed), SCHEME, seed=3)
    assert_geodataframe_equal(one.cells.drop(columns="members"), two.cells.drop(columns="members"))
    assert list(one.cells["members"]) == list(two.cells["members"])
    pd.testing.assert_frame_equal(one.site.account, two.site.account)


@settings(PLAIN, max_examples=6)
@given(towns())
def test_check_finds_no_error_in_a_plan_that_was_made_here(town: Town) -> None:
    report = gg.check(gg.divide(build(town), SCHEME, seed=town.seed), lang="en")
    assert report.errors.empty, report.errors[["rule", "code", "message"]].to_string()


def test_limits_are_kept_where_they_can_be() -> None:
    plan = gg.divide(build(Town(seed=1, columns=6, rows=4, per_block=8)), SCHEME, seed=1)
    for tier in SCHEME:
        zones = plan.zones(tier.name)
        assert zones["households"].map(tier.admits).all(), zones["households"].tolist()
    assert plan.notes.empty


def test_a_school_becomes_a_dedicated_zone_along_its_outline() -> None:
    site = build(Town(seed=2, school=True))
    outline = site.layer("institutions").geometry.iloc[0]
    whole = site.buildings[~site.buildings.intersects(outline.exterior)]
    site = Site({**site.layers, "buildings": whole}, site.unit_households, site.account)
    plan = gg.divide(site, SCHEME, seed=2)
    grids, micros = plan.zones("grid"), plan.zones("micro")
    school = grids[grids["kind"] == "dedicated"]
    assert school.index.str[12:].tolist() == ["901"]
    assert school["name"].tolist() == ["小学"]
    assert shapely.symmetric_difference(school.geometry.iloc[0], outline).area == pytest.approx(0, abs=0.5)
    below = micros[micros["parent"] == school.index[0]]
    assert below.index.str[12:].tolist() == ["90100"]


def test_a_tower_is_divided_by_its_units() -> None:
    site = build(Town(seed=5, towers=True))
    plan = gg.divide(site, SCHEME, seed=5)
    units = plan.buildings[plan.buildings["unit"].notna()]
    assert (units.groupby("id")["households"].sum() == 90).all()
    assert (units.groupby("id").size() == 3).all()
    assert units["households"].max() <= SCHEME.finest.high


def test_one_tier_and_three_tiers() -> None:
    site = build(Town(seed=7, columns=4, rows=3, per_block=8, school=True))
    single = gg.divide(site, Scheme((Tier("micro", 15, 40, width=3),)), seed=7)
    assert_sound(single)
    assert single.zones("micro").index.str[12:].isin(["901"]).sum() == 1
    three = gg.divide(site, Scheme((Tier("area", 200, 500, width=2), *SCHEME.tiers)), seed=7)
    assert_sound(three)
    school = three.zones("grid").query("kind == 'dedicated'")
    assert school.index.str[14:].tolist() == ["901"]
    assert school["parent"].isin(three.zones("area").index).all()


@pytest.mark.parametrize("parts", [1, 2])
def test_institutions_may_cover_all_the_land(parts: int) -> None:
    site = build(Town(seed=2))
    land = site.communities.geometry.iloc[0]
    west, south, east, north = land.bounds
    cuts = [west, east] if parts == 1 else [west, west + 150, east]
    shapes = [shapely.box(a, south, b, north) for a, b in itertools.pairwise(cuts)]
    institutions = gpd.GeoDataFrame(
        {"name": ["大学"] * parts, "class": ["university"] * parts},
        index=pd.Index([f"i{k}" for k in range(parts)], name="id"),
        geometry=shapes,
        crs=site.crs,
    ).astype({"name": "string", "class": "string"})
    plan = gg.divide(Site({**site.layers, "institutions": institutions}, site.unit_households, site.account), SCHEME)
    assert_sound(plan)
    assert plan.zones("grid").index.str[12:].tolist() == ["901", "902"][:parts]
    assert (plan.zones("grid")["kind"] == "dedicated").all()


def test_another_seed_may_give_another_plan_the_same_seed_never() -> None:
    site = build(Town(seed=10, columns=9, rows=7, per_block=8))
    codes = [tuple(gg.divide(site, SCHEME, seed=seed).cells["code"]) for seed in (1, 1, 2, 3, 4)]
    assert codes[0] == codes[1]
    assert len(set(codes)) > 1


def test_preferences_change_the_plan_and_are_kept_in_its_file(tmp_path: Path) -> None:
    site = build(Town(seed=1, columns=6, rows=4, per_block=8))
    plain = gg.divide(site, SCHEME, seed=1)
    wishes = (Preferences(equal=10), Preferences(compact=10, streets=0))
    even, short = (gg.divide(site, replace(SCHEME, prefer=wish), seed=1, cells=plain.cells) for wish in wishes)
    border = [plan.zones("micro").length.sum() for plan in (short, plain, even)]
    off_target = [
        sum((plan.zones(tier.name)["households"] - tier.aim).abs().sum() / tier.aim for tier in SCHEME)
        for plan in (even, plain)
    ]
    assert border[0] < border[1] < border[2]
    assert off_target[0] < off_target[1]
    assert gg.Plan.load(short.save(tmp_path / "short.gpkg")).scheme == short.scheme
    with pytest.raises(InputError, match="beauty=2"):
        Preferences.parse(["beauty=2"])
    with pytest.raises(InputError, match="equal"):
        Preferences(equal=0)


def test_a_plan_is_had_again_from_its_manifest_and_cells() -> None:
    site = build(Town(seed=5, columns=5, rows=4, per_block=8))
    first = gg.divide(site, SCHEME, seed=1, split_large=True)
    assert (first.manifest["keep"], first.manifest["cells_passed"], first.manifest["split_large"]) == (
        "",
        "false",
        "true",
    )
    kept = [first.zones("micro").index[0], first.zones("grid").index[-1]]
    wished = replace(SCHEME, prefer=Preferences(compact=3, streets=0.5))
    plan = gg.divide(
        first.site, wished, seed=4, cells=first.cells, keep=kept, keep_compounds=True, split_large=True, effort="fast"
    )
    told = plan.manifest
    assert told["keep"] == ",".join(sorted(kept))
    # cells that were passed were not cut here, whatever was asked for
    assert (told["cells_passed"], told["split_large"]) == ("true", "false")
    weights = dict(part.split("=") for part in told["objective"].split())
    assert {name: float(weight) for name, weight in weights.items()} == OBJECTIVE.weights()
    scheme = replace(Scheme.parse(told["tiers"].split()), prefer=Preferences.parse(told["prefer"].split()))
    assert scheme == wished
    again = gg.divide(
        first.site,
        scheme,
        seed=int(told["seed"]),
        cells=first.cells,
        keep=told["keep"].split(","),
        keep_compounds=told["keep_compounds"] == "true",
        effort=told["effort"],
    )
    assert again.cells["code"].equals(plan.cells["code"])
    assert dict(again.manifest) == dict(told)
