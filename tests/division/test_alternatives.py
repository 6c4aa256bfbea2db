"""Several good plans that differ."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import gridgeo as gg
from gridgeo.division import alternatives
from gridgeo.division.alternatives import LEANING, TRIES, leanings
from gridgeo.division.request.asked import Request
from gridgeo.errors import InputError
from gridgeo.model import Plan, Preferences, Site
from tests.made import SCHEME, Town, build, shuffled


def fast(site: Site, **options: Any) -> list[Plan]:
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
    outside = [
        sum(
            int((~plan.zones(tier.name).query("kind == 'grid'")["households"].map(tier.admits)).sum())
            for tier in SCHEME
        )
        for plan in three
    ]
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

    def counted(*arguments: Any) -> pd.DataFrame:
        calls.append(1)
        return gg.adjacency(*arguments)

    monkeypatch.setattr("gridgeo.division.prepare.prepared.adjacency", counted)
    gg.variants(town, SCHEME, n=1, effort="fast")
    assert len(calls) == 1


def test_kept_zones_are_the_same_in_all_variants(town: Site, three: list[Plan]) -> None:
    kept = three[0].zones("grid").index[0]
    one, other = fast(town, n=2, cells=three[0].cells, keep=[kept], apart=0.01)
    before = three[0].cells["code"]
    held = before[before.str.startswith(kept)]
    for plan in (one, other):
        assert plan.cells["code"][held.index].equals(held)
        assert plan.manifest["keep"] == kept
    assert gg.difference(one, other) >= 0.01


def test_fewer_come_if_not_so_many_are_apart(town: Site, three: list[Plan]) -> None:
    with pytest.warns(UserWarning, match="^1 of 2 plans found: of 8 divisions tried, no more differ by 1"):
        assert len(fast(town, n=2, apart=1.0, cells=three[0].cells)) == 1


def test_plans_with_the_same_zones_are_told_where_nothing_keeps_them_apart() -> None:
    # what fits into one zone can be divided in one way only
    with pytest.warns(UserWarning, match="^Plans A=B have the same micro"):
        assert len(fast(build(Town(1, 1, 1, per_block=4, school=False)), n=2, apart=0.0)) == 2


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
    assert told[-1] == "comparing plans"


def test_an_interruption_ends_the_trying(town: Site, three: list[Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def interrupted(_: object, request: Request, **_others: object) -> Plan:
        calls.append(request.seed)
        return replace(three[0], manifest={**three[0].manifest, "interrupted": "true"})

    def pressed_again(plans: list[Plan], *_: object) -> list[Plan]:
        os.kill(os.getpid(), signal.SIGINT)
        return plans

    monkeypatch.setattr(alternatives, "divide_ground", interrupted)
    monkeypatch.setattr(alternatives, "_best_first", pressed_again)
    with pytest.warns(UserWarning, match="of 1 divisions tried"):
        assert len(fast(town)) == 1
    assert calls == [0]


def test_numbers_that_make_no_sense_are_refused(town: Site) -> None:
    with pytest.raises(InputError, match="above 0, not 0"):
        fast(town, n=0)
    with pytest.raises(InputError, match="0 to 1, not 2"):
        fast(town, apart=2)
