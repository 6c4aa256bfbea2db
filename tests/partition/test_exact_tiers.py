"""Two tiers together, against a search of all divisions by other code: none that exists is missed, so that no claim is false."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.spatial import Delaunay

from gridgeo.partition import Graph, Limits, is_weighed, recheck, solve
from gridgeo.partition.exact import cheapest_nested
from gridgeo.partition.problem import numbered

from .graphs import CHEAP, graph_of


def is_feasible(graph: Graph, fine: Limits, coarse: Limits) -> bool:
    """Whether some division keeps all parts of both tiers within limits: sets of nodes are tried one after the other."""
    n = len(graph)
    near = [0] * n
    for a, b in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        near[a] |= 1 << b
        near[b] |= 1 << a

    def hangs_together(own: int) -> bool:
        reached = own & -own
        while True:
            grown = reached
            for v in range(n):
                if reached >> v & 1:
                    grown |= near[v] & own
            if grown == reached:
                return reached == own
            reached = grown

    load = [sum(int(graph.load[v]) for v in range(n) if own >> v & 1) for own in range(1 << n)]
    small = [own for own in range(1, 1 << n) if fine.low <= load[own] <= fine.high and hangs_together(own)]

    @cache
    def divides(own: int) -> bool:
        first = own & -own
        return own == 0 or any(part & first and not part & ~own and divides(own ^ part) for part in small)

    large = [
        own
        for own in range(1, 1 << n)
        if coarse.low <= load[own] <= coarse.high and hangs_together(own) and divides(own)
    ]

    @cache
    def covers(own: int) -> bool:
        first = own & -own
        return own == 0 or any(part & first and not part & ~own and covers(own ^ part) for part in large)

    return covers((1 << n) - 1)


def made(seed: int, most: int) -> tuple[Graph, Limits, Limits]:
    """A small town whose zones may or may not be within limits."""
    chance = np.random.default_rng(seed)
    n = int(chance.integers(6, most + 1))
    sides = Delaunay(chance.random((n, 2))).simplices[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2)
    pairs = np.unique(np.sort(sides, axis=1), axis=0)
    kept = chance.random(len(pairs)) < chance.uniform(0.4, 0.9)
    kept[0] = True
    low, wide = int(chance.integers(15, 26)), chance.uniform(1.25, 2.0)
    above = int(low * chance.uniform(1.8, 3))
    graph = graph_of(chance.integers(0, 22, n), pairs[kept], np.full(int(kept.sum()), 0.05))
    return graph, Limits(low, int(low * wide), low * (1 + wide) / 2), Limits(above, int(above * 1.5), above * 1.2)


def missed(seeds: range, most: int) -> tuple[int, list[int]]:
    """Feasible towns among these, and the seeds of those that were not solved, or solved where nothing is feasible."""
    feasible, wrong = 0, []
    for seed in seeds:
        graph, *limits = made(seed, most)
        found = tuple(numbered(labels) for labels in cheapest_nested(graph, *limits))
        expected = is_feasible(graph, *limits)
        feasible += expected
        if (not recheck(graph, found, limits)) != expected:
            wrong.append(seed)
    return feasible, wrong


def test_every_feasible_division_into_two_tiers_is_found() -> None:
    feasible, wrong = missed(range(150), 10)
    assert wrong == []
    assert feasible >= 15


@pytest.mark.long
def test_every_feasible_division_of_many_towns_is_found() -> None:
    assert missed(range(10_000, 12_000), 13)[1] == []


def test_what_the_tiers_miss_one_by_one_is_solved_together() -> None:
    # a row of houses: tier by tier the coarse zones come out wrong
    load = [30, 34, 27, 36, 39]
    graph = graph_of(load, [(k, k + 1) for k in range(4)])
    limits = [Limits(26, 39, 32), Limits(73, 101, 87)]
    assert is_feasible(graph, *limits)
    assert is_weighed(graph, limits)
    solution = solve(graph, limits, seed=1, effort=CHEAP)
    assert not recheck(graph, solution.labels, limits)
    assert np.bincount(solution.labels[1], load).tolist() == [91, 75]


def test_a_part_over_its_limit_and_empty_land_are_parts_of_both_tiers() -> None:
    graph = graph_of([500, 0, 30, 30, 60], [(0, 1), (2, 3), (3, 4), (0, 2)])
    limits = [Limits(30, 60, 60), Limits(100, 130, 120)]
    labels = solve(graph, limits, seed=1, effort=CHEAP).labels
    # the tower stands alone, with the empty land that borders on nothing else
    assert [flaw.kind for flaw in recheck(graph, labels, limits)] == ["over", "over"]
    assert labels[1].tolist() == [0, 0, 1, 1, 1]


def test_numbers_that_are_asked_for_and_other_tiers_are_not_weighed_together() -> None:
    graph, limits = graph_of([40, 40], [(0, 1)]), Limits(30, 100, 60)
    assert is_weighed(graph, [limits, limits])
    assert not is_weighed(graph, [limits])
    assert not is_weighed(graph, [limits, Limits(30, 100, 60, count=1)])
    assert not is_weighed(graph_of([40] * 16, []), [limits, limits])
