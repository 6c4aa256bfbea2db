"""Fixed numbers of parts are met, or told to be impossible."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.partition import Bounds, Effort, Graph, Limits, explain, recheck, solve
from gridgeo.partition.counts import possible_counts
from tests.partition.exhaustive import Exhaustive, either_way, searched
from tests.partition.graphs import (
    BROKEN,
    COARSE,
    FINE,
    NARROW,
    SHAPES,
    counted,
    doubled,
    faults_of,
    graph_of,
    graphs,
    numbers_of,
    price,
    small_limits,
    town,
)


@pytest.mark.parametrize("seed", range(6))
def test_a_number_that_is_possible_is_met_on_a_path(seed: int) -> None:
    load = [29, 59, 37, 0, 13, 43, 31, 0, 0, 0, 11, 38, 57, 24, 51, 45, 42, 12, 45, 5, 17, 46, 6, 47, 20, 30, 8]
    cost = [0.1, 0.3, 0.3, 0.02, 0.02, 0.3, 0.02, 0.3, 0.3, 0.02, 0.3, 0.3, 0.1]
    cost += [0.1, 0.02, 0.3, 0.3, 0.3, 0.02, 0.3, 0.1, 0.3, 0.02, 0.1, 0.3, 0.02]
    path = Graph(np.array(load), np.arange(26), np.arange(1, 27), np.array(cost))
    (labels,) = solve(path, [Limits(30, 100, 60, count=13)], seed=seed).labels
    assert recheck(path, [labels], [Limits(30, 100, 60, count=13)]) == []


@pytest.mark.parametrize("count", [90, 100, 140])
def test_no_part_is_empty_where_there_is_no_lower_limit(count: int) -> None:
    generator = np.random.default_rng(5)
    at = np.arange(400).reshape(20, 20)
    a, b = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()]), np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    load = np.where(generator.random(400) < 0.5, 0, generator.integers(1, 30, 400))
    mesh = Graph(load, a, b, generator.choice([0.02, 0.1, 0.3], len(a)))
    limits = Limits(0, 70, 40, count=count)
    assert recheck(mesh, solve(mesh, [limits], seed=1).labels, [limits]) == []


def community(seed: int, most: int = 50) -> Graph:
    """256 nodes with 3,480 households, none with more than `most`."""
    mesh = town(16, 16, 1, 40, seed)
    weight = np.random.default_rng(seed).lognormal(0, 0.6, len(mesh))
    load = np.minimum(np.round(weight / weight.sum() * 3_480), most).astype(np.int64)
    load[np.argsort(load)[: 3_480 - load.sum()]] += 1
    return Graph(load, mesh.a, mesh.b, mesh.cost)


@pytest.mark.parametrize("seed", [1, 2, 4])
@pytest.mark.parametrize("grids", [9, 10, 11])
def test_numbers_of_both_tiers_are_met(seed: int, grids: int) -> None:
    graph, limits = community(seed), [counted(NARROW, 58), counted(COARSE, grids)]
    labels = solve(graph, limits, seed=7).labels
    assert numbers_of(labels) == [58, grids]
    assert recheck(graph, labels, limits) == []


@pytest.mark.parametrize("count", [180, 200, 230, 300, 400])
def test_number_far_from_the_natural_one_is_met(mesh: Graph, count: int) -> None:
    limits = counted(Limits(30, 130, 60), count)
    labels = solve(mesh, [limits], seed=3).labels
    assert numbers_of(labels) == [count]
    assert recheck(mesh, labels, [limits]) == []


def test_number_alone_does_not_spoil_the_price(mesh: Graph) -> None:
    free = solve(mesh, [FINE], seed=3, effort="fast").labels[0]
    same = solve(mesh, [counted(FINE, numbers_of((free,))[0])], seed=3, effort="fast").labels[0]
    # the target is another one, what is divided by the number
    assert price(mesh, same, FINE) < 1.05 * price(mesh, free, FINE)


@pytest.mark.parametrize("count", [1, 40, 49, 70, 10_000])
def test_number_that_the_total_forbids_is_explained(count: int) -> None:
    graph, limits = community(1), counted(NARROW, count)
    assert [(o.kind, o.total, o.counts) for o in explain(graph, limits)] == [("count", 3_480, (50, 69))]
    labels = solve(graph, [limits], seed=7, effort="fast").labels
    faults = recheck(graph, labels, [limits])
    assert [(f.kind, f.tier, f.part) for f in faults] == [("count", 0, -1)]
    near = 50 if count < 50 else 69
    assert abs(faults[0].measure - near) <= 9


def test_nodes_over_the_limit_and_empty_land_count_as_they_end_up() -> None:
    # 0 and 4 are over the limit, 1 to 3 empty land between them; 5 to 16 are a row of 240 households
    load = [150, 0, 0, 0, 150] + [20] * 12
    graph = graph_of(load, [(v, v + 1) for v in range(16)])
    for count, parts in ((5, 3), (6, 4), (7, 5)):
        limits = counted(Limits(40, 100, 60), count)
        labels = solve(graph, [limits], seed=1).labels
        assert numbers_of(labels) == [count]
        assert len(set(labels[0][5:].tolist())) == parts
        assert not [o for o in explain(graph, limits) if o.kind == "count"]
    assert [o.counts for o in explain(graph, counted(FINE, 20)) if o.kind == "count"] == [(5, 10)]


def test_islands_are_parts_of_their_own() -> None:
    graph = SHAPES["unconnected"]
    assert possible_counts(graph, FINE) == (60, 180)
    labels = solve(graph, [counted(FINE, 75)], seed=1, effort="fast").labels
    assert numbers_of(labels) == [75]
    assert possible_counts(graph_of([0, 0, 0], []), FINE) == (3, 3)
    assert possible_counts(graph_of([], []), FINE) == (0, 0)


@either_way
@settings(deadline=None, max_examples=60, derandomize=True)
@given(graphs(8), small_limits(), st.integers(1, 6))
def test_number_is_met_wherever_a_division_has_it(annealed: bool, graph: Graph, limits: Limits, count: int) -> None:
    limits = counted(limits, count)
    possible = Exhaustive(graph, limits).fewest_short_of(count) == 0
    refused = [o for o in explain(graph, limits) if o.kind == "count"]
    with searched(annealed):
        labels = solve(graph, [limits], seed=1, effort=Effort(sweeps=600, coarse_sweeps=0, passes=0)).labels
    if (graph.load > limits.high).any():
        assert faults_of(graph, labels, [limits]) & BROKEN == set()
    else:
        assert not (possible and refused)
        assert (recheck(graph, labels, [limits]) == []) == possible


def test_number_of_parts_is_met_under_hard_bounds() -> None:
    graph = doubled(community(1), 0.5)
    bound = int(np.ceil(graph.second.sum() / 58 * 2))
    limits = [replace(NARROW, count=58, more=Bounds(1, bound, hard=True)), counted(COARSE, 10)]
    labels = solve(graph, limits, seed=7).labels
    assert numbers_of(labels) == [58, 10]
    assert recheck(graph, labels, limits) == []


def test_land_that_bears_only_the_second_load_can_be_a_part() -> None:
    graph = replace(graph_of([0, 2, 0], [(0, 1), (1, 2)]), more=np.array([5, 5, 0]))
    hard, soft = Bounds(0, 10, hard=True), Bounds(0, 10)
    for low, bounds, most in ((0, hard, 2), (0, soft, 1), (1, hard, 1)):
        assert possible_counts(graph, Limits(low, 4, 2, more=bounds))[1] == most
