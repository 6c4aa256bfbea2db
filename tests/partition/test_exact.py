"""Small graphs: every division is weighed, and the search finds as good ones."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.coverage import Ints
from gridgeo.partition import Graph, Limits, solve
from gridgeo.partition.engine import search_prices
from gridgeo.partition.exact import cheapest
from gridgeo.partition.problem import numbered
from tests.partition.exhaustive import Exhaustive, ExhaustiveOfShape, either_way, searched
from tests.partition.graphs import (
    BROKEN,
    COARSE,
    FINE,
    double_limits,
    doubled_graphs,
    faults_of,
    graphs,
    loads_of,
    more_of,
    numbers_of,
    price,
    small_limits,
    town,
    walled,
    whole_price,
)


@either_way
@settings(deadline=None, max_examples=60, derandomize=True)  # the search is good, not perfect: same examples each time
@given(graphs(8), small_limits())
def test_small_graphs_are_solved_to_the_optimum(annealed: bool, graph: Graph, limits: Limits) -> None:
    with searched(annealed):
        labels = solve(graph, [limits], seed=1, effort="fast").labels[0]
    exhaustive, fixed = Exhaustive(graph, limits), np.count_nonzero(loads_of(graph, labels) < limits.low)
    found, least = price(graph, labels, limits) + exhaustive.dear * fixed, exhaustive.least_price()
    if (graph.load > limits.high).any():
        # Here empty land may join what is over its limit alone, which the exhaustive search does not consider.
        assert found <= least + 1e-9
    else:
        assert found == pytest.approx(least)


@settings(deadline=None, max_examples=40)
@given(graphs(15), small_limits(), st.integers(0, 99))
def test_no_search_finds_better_than_every_division_weighed(graph: Graph, limits: Limits, seed: int) -> None:
    short = search_prices(graph, limits).size.short

    def cost(labels: Ints) -> float:
        return price(graph, labels, limits) + short * np.count_nonzero(loads_of(graph, labels) < limits.low)

    best = cost(numbered(cheapest(graph, limits)))
    with searched(True):
        found = cost(solve(graph, [limits], seed=seed, effort="fast").labels[0])
    if not limits.is_over(graph).any():
        assert best <= found + 1e-9


def test_tiny_graphs_need_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridgeo.partition.tier_search.improve", None)
    graph = town(3, 5, 20, 40)
    labels = solve(graph, [FINE, COARSE], seed=1, effort="max").labels
    assert faults_of(graph, labels, [FINE, COARSE]) == set()


@either_way
@settings(deadline=None, max_examples=60, derandomize=True)
@given(doubled_graphs(8), double_limits())
def test_small_graphs_with_a_second_load_are_solved_to_the_optimum(
    annealed: bool, graph: Graph, limits: Limits
) -> None:
    with searched(annealed):
        labels = solve(graph, [limits], seed=1, effort="fast").labels
    exhaustive = Exhaustive(graph, limits)
    loads = zip(loads_of(graph, labels[0]).tolist(), more_of(graph, labels[0]).tolist(), strict=True)
    fixed = exhaustive.dear * sum(exhaustive.short(*each) for each in loads)
    found, least = price(graph, labels[0], limits) + fixed, exhaustive.least_price()
    if limits.is_over(graph).any():
        assert found <= least + 1e-9
    else:
        assert found == pytest.approx(least)
    assert faults_of(graph, labels, [limits]) & BROKEN == set()


def loads_of_pieces(graph: Graph) -> list[Ints]:
    whole = nx.Graph(zip(graph.a.tolist(), graph.b.tolist(), strict=True))
    whole.add_nodes_from(range(len(graph)))
    return [graph.load[list(piece)] for piece in nx.connected_components(whole)]


def suiting(loads: Ints, limits: Limits) -> int:
    """The number of parts with the mean load nearest to the target, of those that limits and loads of nodes allow."""
    total = int(loads.sum())
    least = max(1, -(-total // limits.high))
    return min(max(round(total / limits.target), least), max(least, min(total // limits.low, int((loads > 0).sum()))))


@either_way
@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.data(), small_limits(), st.sampled_from([0.5, 4.0, 40.0]))
def test_small_maps_are_solved_to_the_optimum_of_their_number(
    annealed: bool, data: st.DataObject, limits: Limits, compact: float
) -> None:
    graph = replace(data.draw(walled(2, 4)), more=None)
    limits = replace(limits, high=max(limits.high, int(graph.load.max(initial=0))), compact=compact)
    with searched(annealed):
        labels = solve(graph, [limits], seed=1, effort="fast").labels[0]
        plain = solve(graph, [replace(limits, compact=0.0)], seed=1, effort="fast").labels
    number = numbers_of((labels,))[0]
    least = ExhaustiveOfShape(graph, limits).least_price_of(number)
    found = whole_price(graph, labels, replace(limits, count=number))
    if annealed:  # the search is good, not perfect
        assert least - 1e-9 <= found <= 1.01 * least
        return
    held, wanted = np.bincount(plain[0], graph.load), sum(suiting(loads, limits) for loads in loads_of_pieces(graph))
    short = [np.count_nonzero(loads < limits.low) for loads in (np.bincount(labels, graph.load), held)]
    assert number == wanted or (number == len(held) and short[0] <= short[1])
    assert found == pytest.approx(least)
