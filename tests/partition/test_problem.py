"""Graphs: merged, cut down, renumbered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridgeo.partition.problem import numbered
from tests.partition.graphs import (
    graph_of,
    squares,
)


def test_merged_adds_second_loads() -> None:
    graph = replace(graph_of([1, 2, 4], [(0, 1), (1, 2)]), more=np.array([5, 6, 7]))
    assert graph.merged(np.array([0, 1, 1])).second.tolist() == [5, 13]
    assert graph.kept(np.array([True, False])).second.tolist() == [5, 6, 7]
    assert graph_of([1, 2], [(0, 1)]).merged(np.array([0, 0])).more is None


def test_some_nodes_keep_their_shape() -> None:
    graph = squares(2, 3, [1, 2, 3, 4, 5, 6], walls=[(1, 4)])
    some = graph.among(np.array([True, True, False, True, True, False]))
    assert (some.load.tolist(), some.a.tolist(), some.b.tolist()) == ([1, 2, 4, 5], [0, 2, 0], [1, 3, 2])
    assert some.shape is not None
    assert list(zip(some.shape.a.tolist(), some.shape.b.tolist(), strict=True)) == [(0, 1), (2, 3), (0, 2), (1, 3)]
    assert some.shape.area.sum() == 4


def test_merged_adds_loads_and_parallel_costs() -> None:
    graph = graph_of([1, 2, 4, 8], [(0, 1), (0, 2), (1, 3), (2, 3)], [1.0, 2.0, 3.0, 4.0])
    merged = graph.merged(np.array([1, 1, 0, 0]))
    assert merged.load.tolist() == [12, 3]
    assert (merged.a.tolist(), merged.b.tolist(), merged.cost.tolist()) == ([0], [1], [5.0])


def test_numbered_starts_at_the_first_node() -> None:
    assert numbered(np.array([9, 9, 2, 9, 5, 2])).tolist() == [0, 0, 1, 0, 2, 1]
