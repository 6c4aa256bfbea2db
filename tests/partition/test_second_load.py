"""A second load: soft bounds pull, hard ones bind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridgeo.partition import Bounds, Graph, explain, recheck, solve
from tests.partition.graphs import (
    CHEAP,
    COARSE,
    FINE,
    doubled,
    graph_of,
    more_of,
)


def test_second_load_without_bounds_changes_nothing(mesh: Graph) -> None:
    one, two = (solve(graph, [FINE, COARSE], seed=5, effort=CHEAP) for graph in (mesh, doubled(mesh, 0.5)))
    assert all(np.array_equal(a, b) for a, b in zip(one.labels, two.labels, strict=True))


def test_soft_bounds_pull_the_second_load_inside(mesh: Graph) -> None:
    graph, outside = doubled(mesh, 0.3), []
    for more in (None, Bounds(2, 7, weight=0.1), Bounds(2, 7)):
        limits = replace(FINE, more=more)
        labels = solve(graph, [limits], seed=7, effort="fast").labels
        assert recheck(graph, labels, [limits]) == []
        second = more_of(graph, labels[0])
        outside.append(int(np.maximum(0, np.maximum(2 - second, second - 7)).sum()))
    assert outside[0] > 3 * outside[1] > 0
    assert outside[1] > outside[2]


def test_hard_bounds_are_kept_in_each_tier_that_has_them(mesh: Graph) -> None:
    graph = doubled(mesh, 0.3)
    limits = [replace(FINE, more=Bounds(0, 9, hard=True)), replace(COARSE, more=Bounds(10, 40, hard=True))]
    fine, coarse = solve(graph, limits, seed=7).labels
    assert recheck(graph, [fine, coarse], limits) == []
    assert explain(graph, limits[0]) == []
    free = solve(graph, [FINE, COARSE], seed=7).labels
    kinds = {(f.kind, f.tier, f.second) for f in recheck(graph, free, limits)}
    assert ("over", 0, True) in kinds
    assert kinds <= {("over", 0, True), ("over", 1, True), ("under", 1, True)}


def test_node_over_a_hard_bound_stands_alone() -> None:
    graph = replace(graph_of([20] * 9, [(i, i + 1) for i in range(8)]), more=np.array([0, 0, 0, 0, 99, 0, 0, 0, 0]))
    limits = replace(FINE, more=Bounds(0, 10, hard=True))
    labels = solve(graph, [limits], seed=1).labels
    assert np.count_nonzero(labels[0] == labels[0][4]) == 1
    faults = {(f.kind, f.measure, f.second) for f in recheck(graph, labels, [limits])}
    assert faults == {("under", 20, False), ("over", 99, True)}
    assert [(o.kind, o.nodes.tolist(), o.total, o.second) for o in explain(graph, limits)] == [("over", [4], 99, True)]
    soft = solve(graph, [replace(FINE, more=Bounds(0, 10))], seed=1).labels
    assert np.count_nonzero(soft[0] == soft[0][4]) > 1
