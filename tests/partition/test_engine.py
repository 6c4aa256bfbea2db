"""Moves and crossover: each tells the change of the price that it made, and keeps what kernels rely on."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.partition import Effort, Evenness, Graph, Limits, solve
from gridgeo.partition.engine import make_net, search_prices
from gridgeo.partition.engine.bookkeeping import enlist
from gridgeo.partition.engine.context import Context, Proposal, make_context
from gridgeo.partition.engine.crossover import by_first, keep_cheaper
from gridgeo.partition.engine.dissolve_zone import dissolve
from gridgeo.partition.engine.flip import flip
from gridgeo.partition.engine.recombine import recombine
from gridgeo.partition.problem import numbered
from tests.partition.graphs import (
    BROKEN,
    FINE,
    NARROW,
    double_limits,
    faults_of,
    graph_of,
    outlines_of,
    small_limits,
    walled,
    whole_price,
)

ANY_PRICE = 1e9


def context_of(graph: Graph, limits: Limits, seed: int = 0) -> Context:
    return make_context(make_net(graph), search_prices(graph, limits), seed)


def make_move(name: str, context: Context, v: int) -> float:
    """Let one move happen at a node, whatever it costs; returns what it says that it changed."""
    edges, label = context.net.edges, context.zones.label
    near = edges.near[edges.start[v] : edges.start[v + 1]]
    others, alone = near[label[near] != label[v]], Proposal(v, -1, ANY_PRICE)
    if name == "dissolve":
        return _dissolve(context, alone)
    if name == "split" or not len(others):
        return _recombine(context, alone)
    move = _flip if name == "flip" else _recombine
    return move(context, Proposal(v, int(others[0]), ANY_PRICE))


# The doors that kernels do without. They are not kept on disk, where a change in another file would not be noticed.
door = numba.njit(_nrt=False, error_model="numpy")


@door
def _enlist(context: Context) -> None:
    enlist(context)


@door
def _flip(context: Context, proposal: Proposal) -> float:
    return flip(context, proposal)


@door
def _recombine(context: Context, proposal: Proposal) -> float:
    return recombine(context, proposal)


@door
def _dissolve(context: Context, proposal: Proposal) -> float:
    return dissolve(context, proposal)


@st.composite
def shaped_limits(draw: st.DrawFn) -> Limits:
    limits = draw(st.one_of(small_limits(), double_limits()))
    count = draw(st.one_of(st.none(), st.integers(1, 6)))
    even = draw(st.sampled_from([None, Evenness(3.0, 0.5, 4, 2.0)]))
    return replace(limits, count=count, compact=draw(st.sampled_from([0.5, 4.0, 40.0])), even=even)


@settings(deadline=None, max_examples=150)
@given(st.data(), shaped_limits(), st.integers(0, 99))
def test_every_move_tells_the_change_of_the_price(data: st.DataObject, limits: Limits, seed: int) -> None:
    graph = data.draw(walled(4, 5))
    context = context_of(graph, limits, seed)
    zones = context.zones
    zones.label[:] = solve(graph, [replace(limits, compact=0.0)], seed=seed, effort=Effort(0, 0, 0)).labels[0]
    _enlist(context)
    for name in data.draw(
        st.lists(st.sampled_from(["flip", "dissolve", "recombine", "split"]), min_size=1, max_size=9)
    ):
        before = whole_price(graph, zones.label, limits)
        change = make_move(name, context, data.draw(st.integers(0, 19)))
        assert change == pytest.approx(whole_price(graph, zones.label, limits) - before, abs=1e-6)
        labels = numbered(zones.label)
        named = zones.label[np.unique(labels, return_index=True)[1]]
        assert zones.held.outline[named] == pytest.approx(outlines_of(labels, 4, 5))
        assert zones.held.area[named] == pytest.approx(np.bincount(labels))
        assert faults_of(graph, (labels,), [limits]) & BROKEN == set()


@settings(deadline=None, max_examples=60)
@given(st.data(), shaped_limits())
def test_crossing_tells_the_change_of_the_price(data: st.DataObject, limits: Limits) -> None:
    graph = data.draw(walled(4, 5))
    one, other = (by_first(solve(graph, [limits], seed=k, effort=Effort(k, 0, 0)).labels[0]) for k in (0, 40))
    before = whole_price(graph, one, limits)
    gain = keep_cheaper(context_of(graph, limits), one, other)
    assert gain == pytest.approx(before - whole_price(graph, one, limits), abs=1e-6)
    assert gain >= 0


def test_a_zone_is_split_where_only_the_credit_pays_for_it() -> None:
    graph = graph_of([30, 30], [(0, 1)], [0.1])
    for credit, split in ((2.0, True), (0.0, False)):
        context = context_of(graph, replace(FINE, even=Evenness(1.0, credit, 1, 0.0)))
        context.zones.label[:] = 0
        _enlist(context)
        change = _recombine(context, Proposal(0, -1, 0.0))
        assert change == pytest.approx(1.1 - credit if split else 0.0)
        assert len(set(context.zones.label.tolist())) == 1 + split


def test_crossing_keeps_the_better_side_of_each_region() -> None:
    # two separate pairs; one division is good on the left, the other on the right
    graph = graph_of([30, 30, 30, 30], [(0, 1), (2, 3)], [1.0, 1.0])
    labels = by_first(np.array([0, 0, 2, 3]))
    gain = keep_cheaper(context_of(graph, NARROW), labels, by_first(np.array([0, 1, 2, 2])))
    assert labels.tolist() == [0, 0, 2, 2]
    assert gain == pytest.approx(2 * (10 + 30 / 60 + 200 / 60) + 1.0)
