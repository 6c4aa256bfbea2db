"""All divisions of small graphs, one by one: what no search can beat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
import pytest

from gridgeo.partition import Bounds, Graph, Limits
from gridgeo.partition.engine import search_prices
from tests.partition.graphs import (
    more_price,
    part_price,
)


class Exhaustive:
    """All divisions of a small graph: the least price, and the fewest parts under the lower limit."""

    def __init__(self, graph: Graph, limits: Limits) -> None:
        self.graph, self.limits, self.n = graph, limits, len(graph)
        self.near = [0] * self.n
        for a, b in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
            self.near[a] |= 1 << b
            self.near[b] |= 1 << a
        self.load, self.more = graph.load.tolist(), graph.second.tolist()
        self.dear = search_prices(graph, limits).size.short
        self.firm = limits.more if limits.more is not None and limits.more.hard else Bounds(0, 10**9)

    def connected(self, nodes: int) -> bool:
        seen = nodes & -nodes
        while True:
            more = seen
            for v in range(self.n):
                if seen >> v & 1:
                    more |= self.near[v] & nodes
            if more == seen:
                return seen == nodes
            seen = more

    def parts(self) -> list[tuple[int, int, int]]:
        found = []
        for nodes in range(1, 1 << self.n):
            load, more = (sum(each[v] for v in range(self.n) if nodes >> v & 1) for each in (self.load, self.more))
            alone = nodes & (nodes - 1) == 0
            fits = load <= self.limits.high and more <= self.firm.high
            if (fits or alone) and self.connected(nodes):
                found.append((nodes, load, more))
        return found

    def short(self, load: int, more: int) -> int:
        """How many lower limits a part misses."""
        return (load < self.limits.low) + (more < self.firm.low)

    def least(self, cost: dict[int, float]) -> float:
        """Least sum over the parts of a division."""
        by_lowest: dict[int, list[int]] = {}
        for nodes in cost:
            by_lowest.setdefault(nodes & -nodes, []).append(nodes)

        @cache
        def rest(left: int) -> float:
            if left == 0:
                return 0.0
            return min(cost[p] + rest(left & ~p) for p in by_lowest[left & -left] if p & ~left == 0)

        return rest((1 << self.n) - 1)

    def least_price(self) -> float:
        limits, halves = self.limits, {}
        for nodes, load, more in self.parts():
            a, b = nodes >> self.graph.a & 1, nodes >> self.graph.b & 1
            border = float(self.graph.cost[a != b].sum())
            missing = max(0, limits.low - load)
            price = (abs(load - limits.target) + 10 * missing) / max(1, limits.target) + more_price(limits, more)
            halves[nodes] = price + border / 2 + self.dear * self.short(load, more)
        return self.least(halves)

    def fewest_short_of(self, count: int) -> float:
        """Fewest short parts in a division into so many parts; infinite if there is none."""
        by_lowest: dict[int, list[tuple[int, bool]]] = {}
        for nodes, load, more in self.parts():
            by_lowest.setdefault(nodes & -nodes, []).append((nodes, self.short(load, more) > 0))

        @cache
        def rest(left: int, more: int) -> float:
            if left == 0 or more == 0:
                return 0.0 if left == more == 0 else np.inf
            ways = (short + rest(left & ~p, more - 1) for p, short in by_lowest[left & -left] if p & ~left == 0)
            return min(ways, default=np.inf)

        return rest((1 << self.n) - 1, count)

    def fewest_short(self) -> int:
        return int(self.least({nodes: float(self.short(load, more) > 0) for nodes, load, more in self.parts()}))


class ExhaustiveOfShape(Exhaustive):
    """The least price of all divisions into a number of parts, shape included."""

    def least_price_of(self, count: int) -> float:
        limits, by_lowest = self.limits, dict[int, list[tuple[int, float]]]()
        for nodes, load, _ in self.parts():
            own = np.array([nodes >> v & 1 for v in range(self.n)]) > 0
            border = float(self.graph.cost[own[self.graph.a] != own[self.graph.b]].sum())
            shape = part_price(self.graph, own, limits)
            missing = max(0, limits.low - load)
            price = (abs(load - limits.target) + 10 * missing) / limits.target + border / 2 + shape
            by_lowest.setdefault(nodes & -nodes, []).append((nodes, price + self.dear * (missing > 0)))

        @cache
        def rest(left: int, more: int) -> float:
            if left == 0 or more == 0:
                return 0.0 if left == more == 0 else np.inf
            ways = (price + rest(left & ~p, more - 1) for p, price in by_lowest[left & -left] if p & ~left == 0)
            return min(ways, default=np.inf)

        return rest((1 << self.n) - 1, count)


@contextmanager
def searched(really: bool) -> Iterator[None]:
    """Small graphs are searched like large ones, instead of all their divisions being weighed."""
    with pytest.MonkeyPatch.context() as patch:
        if really:
            patch.setattr("gridgeo.partition.tier_search.MOST_NODES", -1)
        yield


either_way = pytest.mark.parametrize("annealed", [False, True])
