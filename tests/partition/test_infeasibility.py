"""Every reason why limits cannot be met is real."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.partition import Bounds, Graph, Limits, explain, recheck, solve
from gridgeo.partition.counts import possible_counts
from tests.partition.exhaustive import Exhaustive
from tests.partition.graphs import (
    FINE,
    NARROW,
    double_limits,
    doubled_graphs,
    graph_of,
    graphs,
    small_limits,
)


@settings(deadline=None, max_examples=250)
@given(graphs(7), small_limits())
def test_every_obstacle_is_real(graph: Graph, limits: Limits) -> None:
    found = explain(graph, limits)
    over = {int(o.nodes[0]) for o in found if o.kind == "over"}
    assert over == set(np.flatnonzero(graph.load > limits.high).tolist())
    if any(o.kind != "over" for o in found):
        assert Exhaustive(graph, limits).fewest_short() > 0
    for obstacle in found:
        assert obstacle.total == graph.load[obstacle.nodes].sum()
        assert len(set(obstacle.nodes.tolist())) == len(obstacle.nodes)


def test_reasons_of_each_kind() -> None:
    # 1 and 2 hang on 0 alone and are too small to stand for themselves; 6 is cut off by 7, which stands alone
    load = [30, 30, 30, 60, 60, 60, 5, 130]
    pairs = [(0, 1), (0, 2), (0, 3), (3, 4), (4, 5), (6, 7)]
    kinds = {o.kind: (o.nodes.tolist(), o.total) for o in explain(graph_of(load, pairs), NARROW)}
    assert kinds == {"over": ([7], 130), "component": ([6], 5), "pocket": ([0, 1, 2], 90)}
    beside = [o.beside.tolist() for o in explain(graph_of(load, pairs), NARROW) if len(o.beside)]
    assert beside == [[7]]


def test_node_between_large_neighbours_is_wedged() -> None:
    graph = graph_of([55, 40, 60, 65], [(0, 1), (1, 2), (2, 3)])
    assert [(o.kind, o.nodes.tolist(), o.total) for o in explain(graph, NARROW)] == [("wedged", [1], 40)]


def test_total_between_two_multiples_is_a_component_reason() -> None:
    graph = graph_of([20] * 4, [(0, 1), (1, 2), (2, 3)])
    assert [o.kind for o in explain(graph, NARROW)] == ["component"]
    assert explain(graph, Limits(30, 50, 40)) == []


def test_no_lower_limit_no_reason_but_size() -> None:
    graph = graph_of([3, 200], [(0, 1)])
    assert [o.kind for o in explain(graph, Limits(0, 100, 60))] == ["over"]


@pytest.mark.parametrize(
    ("load", "more", "bounds", "kind", "total"),
    [
        ([40] * 3, [3, 3, 3], Bounds(5, 20, hard=True), "component", 9),
        ([55, 10, 45, 60], [1, 4, 8, 1], Bounds(0, 8, hard=True), None, 0),
        ([55, 10, 45, 60], [5, 4, 8, 1], Bounds(0, 8, hard=True), "wedged", 4),
    ],
)
def test_second_load_can_be_the_reason(
    load: list[int], more: list[int], bounds: Bounds, kind: str | None, total: int
) -> None:
    graph = replace(graph_of(load, [(i, i + 1) for i in range(len(load) - 1)]), more=np.array(more))
    limits = replace(FINE, more=bounds)
    found = explain(graph, limits)
    assert [(o.kind, o.total, o.second) for o in found] == ([(kind, total, True)] if kind else [])
    assert (recheck(graph, solve(graph, [limits], seed=1).labels, [limits]) == []) == (not found)


def test_without_a_lower_limit_nothing_is_too_little() -> None:
    # 1 holds nothing of the first load, and enough of the second
    graph = replace(graph_of([9, 0, 2], [(0, 2)]), more=np.array([8, 3, 7]))
    limits = Limits(0, 4, 2, more=Bounds(2, 20, hard=True))
    assert [(o.kind, o.nodes.tolist()) for o in explain(graph, limits)] == [("over", [0])]
    assert possible_counts(graph, limits) == (3, 3)


def test_pocket_by_second_load() -> None:
    # 1 and 2 hang on 0 alone, are too small by the first load, and too much together by the second
    graph = graph_of([30, 10, 10, 60, 60], [(0, 1), (0, 2), (0, 3), (3, 4)])
    found = explain(replace(graph, more=np.array([2, 4, 4, 0, 0])), replace(NARROW, more=Bounds(0, 9, hard=True)))
    assert [(o.kind, o.nodes.tolist(), o.total, o.second) for o in found] == [("pocket", [0, 1, 2], 10, True)]


@settings(deadline=None, max_examples=250)
@given(doubled_graphs(7), double_limits(), st.booleans())
def test_every_obstacle_of_two_loads_is_real(graph: Graph, limits: Limits, lowest: bool) -> None:
    limits = replace(limits, low=limits.low if lowest else 0)
    found = explain(graph, limits)
    over = {int(o.nodes[0]) for o in found if o.kind == "over"}
    assert over == set(np.flatnonzero(limits.is_over(graph)).tolist())
    if any(o.kind != "over" for o in found):
        assert Exhaustive(graph, limits).fewest_short() > 0
    for obstacle in found:
        assert obstacle.total == (graph.second if obstacle.second else graph.load)[obstacle.nodes].sum()
