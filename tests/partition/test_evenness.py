"""What makes sizes even: the packing that tells the number, the price of a part's border, and what comes of both."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from gridgeo.coverage import Ints
from gridgeo.partition import Graph, Limits, made_even, recheck, solve
from gridgeo.partition.packing import packed_number

from .graphs import FINE, graph_of, loads_of, mesh_pairs, town


def packed(load: list[int], limits: Limits = FINE) -> int:
    return packed_number(graph_of(load, []), limits)


def test_the_number_is_that_of_the_packing_and_not_of_the_total() -> None:
    # two of 40 make a part of 80, which is off by a third of the target, as one alone is: per member half of that
    assert packed([40] * 10) == 5
    # no two of 55 fit together: each stands alone, although 10 * 55 are 9.2 targets
    assert packed([55] * 10) == 10
    assert packed([5] * 120 + [0] * 30) == 10
    # what is over the limit stands alone, and no part can be made of 20
    assert packed([250, 130, 20]) == 2
    assert packed([]) == packed([0, 0]) == 0


def fewest_off(load: Ints, limits: Limits) -> dict[int, float]:
    """Least deviation of all packings of some members into limits, for each number of parts: by trying all of them."""
    out: dict[int, float] = {}
    for part in product(range(len(load)), repeat=len(load) - 1):
        held = np.bincount([0, *part], load)
        held = held[held > 0]
        if ((held >= limits.low) & (held <= limits.high)).all():
            off = float(np.abs(held - limits.target).sum() / limits.target)
            out[len(held)] = min(off, out.get(len(held), np.inf))
    return out


def test_the_number_is_at_most_one_from_the_best_packing_of_all() -> None:
    chance, tried = np.random.default_rng(1), 0
    while tried < 12:
        load = chance.integers(15, 70, 6)
        off = fewest_off(load, FINE)
        if off:
            tried += 1
            best = min(off, key=lambda number: off[number])
            assert abs(packed(load.tolist()) - best) <= 1


def test_large_units_are_rounded_and_tell_the_same_number() -> None:
    load = np.random.default_rng(2).integers(1, 40, 300)
    people = [int(v) for v in load * 1_000]
    assert abs(packed(people, Limits(30_000, 100_000, 60_000)) - packed(load.tolist())) <= 1


@pytest.fixture(scope="module")
def houses() -> Graph:
    """One household or two a cell, 30 and more cells a part: there the border of a part outweighs its size."""
    graph = town(40, 40, 1, 2)
    return replace(graph, cost=2 * graph.cost)


def test_zones_keep_to_their_target_where_borders_are_dear(houses: Graph) -> None:
    plain, even = FINE, made_even(houses, FINE, seed=1)
    drifted, kept = (loads_of(houses, solve(houses, [one], seed=1, effort="fast").labels[0]) for one in (plain, even))
    assert drifted.mean() > 66
    assert 58.2 < kept.mean() < 61.8
    near = [(np.abs(load - 60) <= 7.2).mean() for load in (drifted, kept)]
    assert near[1] >= 0.7 > near[0]


def test_the_price_of_a_border_is_what_a_part_costs(houses: Graph) -> None:
    even = made_even(houses, FINE, seed=1).even
    assert even is not None
    labels = solve(houses, [FINE], seed=3).labels[0]
    cut = houses.cost[labels[houses.a] != labels[houses.b]].sum()
    border = cut / np.sqrt(len(loads_of(houses, labels)) * even.wanted)
    assert even.credit == pytest.approx(border / 2, rel=0.08)
    assert even.weight == pytest.approx(2 * border, rel=0.08)
    assert even.stray == 2 * even.credit
    assert even.wanted == round(int(houses.load.sum()) / 60)


def test_borders_that_are_dear_by_wish_do_not_make_sizes_dearer(houses: Graph) -> None:
    usual, dear = (
        made_even(houses, FINE, seed=1),
        made_even(replace(houses, cost=4 * houses.cost), FINE, seed=1, lean=4),
    )
    assert usual.even is not None
    assert dear.even is not None
    # fewer and shorter borders are found where they are dear, so the price of one is not quite four times as high
    assert 0.7 * usual.even.weight < dear.even.weight <= usual.even.weight
    assert 2.8 * usual.even.credit < dear.even.credit <= 4 * usual.even.credit


def test_a_number_that_is_asked_for_is_the_one_wanted(houses: Graph) -> None:
    asked = made_even(houses, replace(FINE, count=37), seed=1)
    assert asked.even is not None
    assert asked.even.wanted == 37
    labels = solve(houses, [asked], seed=1, effort="fast").labels
    assert not recheck(houses, labels, [asked])


def test_land_without_borders_or_households_is_no_fault() -> None:
    for load, pairs in (([], []), ([5], []), ([0, 0, 0], mesh_pairs(1, 3)), ([250, 250], [(0, 1)])):
        graph = graph_of(load, pairs)
        even = made_even(graph, FINE, seed=0)
        assert even.even is not None
        assert even.even.weight >= 1
        assert len(solve(graph, [even], seed=0).labels[0]) == len(load)
