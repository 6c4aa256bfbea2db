"""Shape: outlines of parts, and compact ones where that has a price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.partition import Graph, Limits, recheck, solve
from gridgeo.partition.problem import numbered
from tests.partition.graphs import (
    CHEAP,
    COARSE,
    FINE,
    NARROW,
    loads_of,
    numbers_of,
    outlines_of,
    shape_price,
    squares,
    walled,
)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_outline_of_a_part_is_what_is_drawn_of_it(data: st.DataObject) -> None:
    graph = data.draw(walled(4, 5))
    labels = numbered(np.array(data.draw(st.lists(st.integers(0, 3), min_size=20, max_size=20))))
    merged = graph.kept(np.arange(len(graph.a)) % 2 == 0).merged(labels)
    assert merged.shape is not None
    assert merged.shape.outline.tolist() == outlines_of(labels, 4, 5)
    assert merged.shape.area.tolist() == np.bincount(labels).tolist()
    again = numbered(np.arange(len(merged)) % 2)
    twice, once = merged.merged(again).shape, graph.merged(again[labels]).shape
    assert twice is not None
    assert once is not None
    for name in ("area", "outline", "a", "b", "shared"):
        assert np.array_equal(getattr(twice, name), getattr(once, name))


@pytest.mark.parametrize(("compact", "labels"), [(0.0, [0] * 4 + [1] * 4), (1.0, [0, 0, 1, 1] * 2)])
def test_long_strip_is_refused_where_shape_has_a_price(compact: float, labels: list[int]) -> None:
    # a street between the rows is the cheapest border of all
    graph = squares(2, 4, [15] * 8)
    graph = replace(graph, cost=np.where(graph.b - graph.a == 4, 0.05, 0.3))
    assert solve(graph, [replace(NARROW, compact=compact)], seed=1, effort="fast").labels[0].tolist() == labels


def test_wall_inside_a_part_is_no_outline() -> None:
    # all but one crossing of the middle is walled up, and the two halves are one square for all that
    graph = squares(4, 4, [4] * 16, walls=[(4, 8), (5, 9), (6, 10)])
    whole = graph.merged(np.zeros(16, np.int64)).shape
    assert whole is not None
    assert (whole.area.tolist(), whole.outline.tolist()) == ([16], [16])


def test_no_limit_is_traded_for_shape() -> None:
    graph = squares(2, 4, [29, 1, 15, 15, 30, 15, 15, 0])
    for compact in (0.0, 1.0, 100.0):
        labels = solve(graph, [Limits(60, 60, 60, compact=compact)], seed=1, effort="fast").labels[0]
        assert loads_of(graph, labels).tolist() == [60, 60]


def test_shape_without_a_price_changes_nothing(shaped: Graph) -> None:
    priced = [FINE, replace(COARSE, compact=9.0)]
    plain = solve(replace(shaped, shape=None), [FINE, COARSE], seed=5, effort=CHEAP).labels
    for graph, limits in ((shaped, [FINE, COARSE]), (replace(shaped, shape=None), priced)):
        found = solve(graph, limits, seed=5, effort=CHEAP).labels
        assert all(np.array_equal(a, b) for a, b in zip(plain, found, strict=True))


def test_price_of_shape_makes_a_tier_compact_and_keeps_its_number_and_limits(shaped: Graph) -> None:
    compact, numbers = [], []
    for weight in (0.0, 3.0, 10.0):
        limits = [FINE, replace(COARSE, compact=weight)]
        labels = solve(shaped, limits, seed=7, effort="fast").labels
        assert recheck(shaped, labels, limits) == []
        compact.append(1 - shape_price(shaped, labels[1], replace(COARSE, compact=1.0)) / numbers_of(labels)[1])
        numbers.append(numbers_of(labels))
    assert compact[0] + 0.05 < compact[1] < compact[2]
    assert [number for _, number in numbers[1:]] == [round(int(shaped.load.sum()) / COARSE.target)] * 2


def test_same_seed_same_compact_labels_in_any_order_of_borders(shaped: Graph) -> None:
    assert shaped.shape is not None
    mixed = np.random.default_rng(0).permutation(len(shaped.shape.a))
    names = ("a", "b", "shared")
    other = replace(shaped.shape, **{name: getattr(shaped.shape, name)[mixed] for name in names})
    limits = [replace(FINE, compact=2.0), replace(COARSE, compact=9.0)]
    found = [
        solve(graph, limits, seed=5, effort=CHEAP).labels for graph in (shaped, shaped, replace(shaped, shape=other))
    ]
    assert all(np.array_equal(a, b) and np.array_equal(a, c) for a, b, c in zip(*found, strict=True))


def test_fixed_number_and_shape_go_together(shaped: Graph) -> None:
    limits = [FINE, replace(COARSE, count=45, compact=9.0)]
    labels = solve(shaped, limits, seed=7, effort="fast").labels
    assert recheck(shaped, labels, limits) == []
