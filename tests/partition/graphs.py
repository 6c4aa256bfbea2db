"""Graphs that the tests divide, and what divisions of them cost, as the room's docstring has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from gridgeo.coverage import Flags, Ints
from gridgeo.partition import Bounds, Effort, Graph, Limits, Shape, recheck
from gridgeo.partition.engine import search_prices
from gridgeo.partition.problem import numbered, summed

FINE, COARSE = Limits(30, 100, 60), Limits(300, 500, 400)


NARROW = Limits(50, 70, 60)


TINY = Limits(4, 8, 6)


CHEAP = Effort(sweeps=60, coarse_sweeps=120, passes=1)


BROKEN = {"incomplete", "torn", "not_nested"}


Pairs = list[tuple[int, int]]


def graph_of(load: npt.ArrayLike, pairs: npt.ArrayLike, cost: npt.ArrayLike | None = None) -> Graph:
    """A graph from pairs of nodes in any order."""
    ends = np.sort(np.asarray(pairs, np.int64).reshape(-1, 2), axis=1)
    price = np.ones(len(ends)) if cost is None else np.asarray(cost, np.float64)
    return Graph(np.asarray(load, np.int64), ends[:, 0], ends[:, 1], price)


def mesh_pairs(rows: int, columns: int) -> Pairs:
    """Edges of a rectangular mesh with one diagonal in each square; node = row * columns + column."""
    at = np.arange(rows * columns).reshape(rows, columns)
    steps = [(at[:, :-1], at[:, 1:]), (at[:-1], at[1:]), (at[:-1, :-1], at[1:, 1:])]
    return [pair for a, b in steps for pair in zip(a.ravel().tolist(), b.ravel().tolist(), strict=True)]


def zigzag(rows: int, columns: int) -> Ints:
    """Place of each node of a mesh when squares of 8 x 8 nodes come one after the other."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    order = np.lexsort((column, row, column // 8, row // 8))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def town(rows: int, columns: int, low: int, high: int, seed: int = 1) -> Graph:
    """A mesh in canonical order with loads drawn between low and high, and streets (cheap edges) every sixth row."""
    chance = np.random.default_rng(seed)
    ends = np.array(mesh_pairs(rows, columns))
    street = (ends // columns // 6)[:, 0] != (ends // columns // 6)[:, 1]
    cost = chance.uniform(0.05, 0.3, len(ends)) * np.where(street, 0.2, 1.0)
    return graph_of(chance.integers(low, high + 1, rows * columns), zigzag(rows, columns)[ends], cost)


def loads_of(graph: Graph, labels: Ints) -> Ints:
    return summed(graph.load, labels, int(labels.max()) + 1)


def more_of(graph: Graph, labels: Ints) -> Ints:
    return summed(graph.second, labels, int(labels.max()) + 1)


LONG = np.arange(99_999)


SHAPES = {
    "no nodes": graph_of([], []),
    "single node": graph_of([7], []),
    "single node over": graph_of([700], []),
    "no edges": graph_of([5] * 50, []),
    "pair without load": graph_of([0, 0], [(0, 1)]),
    "star": graph_of([1] * 3_000, [(0, i) for i in range(1, 3_000)]),
    "star without load": graph_of([0] * 3_000, [(0, i) for i in range(1, 3_000)]),
    "wheel": graph_of([20] * 2_000, [(0, i) for i in range(1, 2_000)] + [(i, i + 1) for i in range(1, 1_999)]),
    "ladder": graph_of([5] * 2_000, [(i, i + 2) for i in range(1_998)] + [(i, i + 1) for i in range(0, 2_000, 2)]),
    "all without load": graph_of([0] * 2_500, mesh_pairs(50, 50)),
    "load is rare": graph_of((np.arange(2_500) % 50 == 0) * 30, mesh_pairs(50, 50)),
    "edges cost nothing": graph_of([23] * 400, mesh_pairs(20, 20), [0.0] * len(mesh_pairs(20, 20))),
    "one node has nearly all": graph_of(
        [100_000] + [1] * 999, [(0, i) for i in range(1, 1_000, 9)] + [(i, i + 1) for i in range(1, 999)]
    ),
    "unconnected": graph_of([20] * 300, [(i, i + 1) for i in range(299) if i % 10 != 9]),
    "dumb-bell": graph_of(
        [10] * 60,
        [(i, j) for k in (0, 50) for i in range(k, k + 10) for j in range(i) if j >= k]
        + [(i, i + 1) for i in range(9, 50)],
    ),
    "one node has 99 % amid a mesh": graph_of(
        np.where(np.arange(2_500) == 1_275, 250_000, 1), mesh_pairs(50, 50), [0.1] * len(mesh_pairs(50, 50))
    ),
    "complete": graph_of([9] * 60, [(i, j) for i in range(60) for j in range(i)]),
    "loads beyond 32 bits": graph_of([10**12] * 40, [(i, i + 1) for i in range(39)]),
}


def numbers_of(labels: tuple[Ints, ...]) -> list[int]:
    return [int(tier.max()) + 1 for tier in labels]


def share_within(graph: Graph, labels: Ints, limits: Limits) -> float:
    load = loads_of(graph, labels)
    return float(((load >= limits.low) & (load <= limits.high)).mean())


def price(graph: Graph, labels: Ints, limits: Limits) -> float:
    """The objective as the room's docstring states it."""
    load = loads_of(graph, labels)
    short = np.maximum(0, limits.low - load)
    cut = labels[graph.a] != labels[graph.b]
    second = sum(more_price(limits, more) for more in more_of(graph, labels).tolist())
    weight, credit = (1.0, 0.0) if limits.even is None else limits.even[:2]
    size = (weight * np.abs(load - limits.target) + 10 * short) / limits.target - credit
    return second + float(size.sum() + graph.cost[cut].sum())


def more_price(limits: Limits, more: int) -> float:
    if limits.more is None:
        return 0.0
    low, high = limits.more.low, limits.more.high
    return limits.more.weight * 10 * max(0, low - more, more - high) / max(1, (low + high) / 2)


def faults_of(graph: Graph, labels: tuple[Ints, ...], limits: list[Limits]) -> set[str]:
    return {fault.kind for fault in recheck(graph, labels, limits)}


def counted(limits: Limits, count: int) -> Limits:
    return replace(limits, count=count)


def doubled(graph: Graph, share: float, seed: int = 1) -> Graph:
    """The graph with a second load that a share of the nodes bears, 1 to 9 each."""
    chance = np.random.default_rng(seed)
    more = np.where(chance.random(len(graph)) < share, chance.integers(1, 10, len(graph)), 0)
    return replace(graph, more=more)


def squares(rows: int, columns: int, load: npt.ArrayLike, walls: Sequence[tuple[int, int]] = ()) -> Graph:
    """Unit squares side by side; where there is a wall they touch, but nothing leads across."""
    at = np.arange(rows * columns).reshape(rows, columns)
    a, b = (
        np.concatenate(ends) for ends in ((at[:, :-1].ravel(), at[:-1].ravel()), (at[:, 1:].ravel(), at[1:].ravel()))
    )
    shape = Shape(np.ones(at.size), np.full(at.size, 4.0), a, b, np.ones(len(a)))
    ways = [pair for pair in zip(a.tolist(), b.tolist(), strict=True) if pair not in walls]
    return replace(graph_of(load, ways), shape=shape)


def outlines_of(labels: Ints, rows: int, columns: int) -> list[int]:
    """Sides of squares that are not between two of one part, counted one by one."""
    framed = np.full((rows + 2, columns + 2), -1)
    framed[1:-1, 1:-1] = labels.reshape(rows, columns)
    own = framed[1:-1, 1:-1]
    sides = sum(
        (framed[1 + i : rows + 1 + i, 1 + j : columns + 1 + j] != own).astype(int)
        for i, j in ((0, 1), (1, 0), (0, -1), (-1, 0))
    )
    return [int(sides[own == part].sum()) for part in range(labels.max() + 1)]


def shape_price(graph: Graph, labels: Ints, limits: Limits) -> float:
    return sum(part_price(graph, labels == part, limits) for part in range(int(labels.max()) + 1))


def part_price(graph: Graph, own: Flags, limits: Limits) -> float:
    """Price of the shape of some nodes, straight from the docstring of the room."""
    assert graph.shape is not None
    inside = graph.shape.shared[own[graph.shape.a] & own[graph.shape.b]].sum()
    outline = graph.shape.outline[own].sum() - 2 * inside
    return limits.compact * float(1 - 4 * np.pi * graph.shape.area[own].sum() / outline**2)


def whole_price(graph: Graph, labels: Ints, limits: Limits) -> float:
    """All that the search minimises."""
    labels, prices = numbered(labels), search_prices(graph, limits)
    short = (loads_of(graph, labels) < limits.low).sum() + (more_of(graph, labels) < limits.firm.low).sum()
    number = prices.number.each * abs(int(labels.max()) + 1 - prices.number.wanted)
    return price(graph, labels, limits) + shape_price(graph, labels, limits) + prices.size.short * float(short) + number


@st.composite
def graphs(draw: st.DrawFn, most: int) -> Graph:
    """Small graphs of any shape: sparse ones often fall apart or have cut nodes."""
    n = draw(st.integers(1, most))
    load = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    pairs = [(i, j) for i in range(n) for j in range(i)]
    tree = [(i, draw(st.integers(max(0, i - 3), i - 1))) for i in range(1, n) if draw(st.integers(0, 9)) > 0]
    extra = draw(st.lists(st.sampled_from(pairs), max_size=n // 2)) if pairs else []
    chosen = sorted(set(tree) | set(extra))
    cost = [draw(st.integers(0, 8)) / 8 for _ in chosen]
    return graph_of(load, chosen, cost)


@st.composite
def small_limits(draw: st.DrawFn) -> Limits:
    low = draw(st.integers(1, 10))
    high = draw(st.integers(max(low, 4), 14))
    return Limits(low, high, (low + high) // 2)


@st.composite
def doubled_graphs(draw: st.DrawFn, most: int) -> Graph:
    graph = draw(graphs(most))
    more = draw(st.lists(st.integers(0, 9), min_size=len(graph), max_size=len(graph)))
    return replace(graph, more=np.array(more, np.int64))


@st.composite
def double_limits(draw: st.DrawFn) -> Limits:
    low = draw(st.integers(0, 6))
    bounds = Bounds(
        low, draw(st.integers(max(low, 4), 20)), draw(st.booleans()), draw(st.sampled_from([0.5, 1.0, 2.0]))
    )
    return replace(draw(small_limits()), more=bounds)


@st.composite
def walled(draw: st.DrawFn, rows: int, columns: int) -> Graph:
    """Squares with loads, costs and walls at random."""
    number = st.integers(0, 9)
    graph = squares(rows, columns, draw(st.lists(number, min_size=rows * columns, max_size=rows * columns)))
    stays = np.array(draw(st.lists(st.integers(0, 5), min_size=len(graph.a), max_size=len(graph.a)))) > 0
    cost = np.array(draw(st.lists(number, min_size=len(graph.a), max_size=len(graph.a)))) / 8
    more = np.array(draw(st.lists(number, min_size=len(graph), max_size=len(graph))), np.int64)
    return replace(graph, cost=cost, more=more).kept(stays)
