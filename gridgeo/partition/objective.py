"""What a division costs: the one formula, for the search, the exact search, comparisons of plans, and manifests.

`Objective` holds the weights that are the same for every tier. `Objective.prices` makes of it and of a tier's limits the terms of
J, each a named value: size, second load, shape, number. `part_price` adds up the first three for one part; compiled searches have
it in their innermost loops, `Objective.of_parts` and `Objective.of_division` ask it for tables. A new term is a new field of
`TierPrices`, and a line there.

What the search alone wants, as the price of a missed limit, is added to the terms by `engine.context.search_prices`; here such
surcharges are 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, inlined, lean
from gridgeo.partition.counts import with_target
from gridgeo.partition.problem import ANYTHING, Evenness, Graph, Limits, number_of, summed

CIRCLE = 4 * np.pi
"""Square of the outline of a circle, for each unit of its area."""


PLAIN = Evenness(weight=1.0, credit=0.0, wanted=0, stray=0.0)
"""A target's worth of deviation costs 1, and the number of parts nothing."""


class SizeTerm(NamedTuple):
    """Price of a part's load: `each` for every unit away from `target`, `missing` times that for every unit under `low`.

    `short` is paid once by a part under `low`, `credit` is given back to each part. What is over `high` is forbidden, not priced.
    """

    low: int
    high: int
    target: float
    each: float
    missing: float
    short: float
    credit: float = 0.0


class SecondTerm(NamedTuple):
    """Price of a part's second load, if it `counts`: `each` for every unit under `low` or over `high`.

    `short` is paid once by a part under `low`. What is over `wall` is forbidden, not priced.
    """

    counts: bool
    low: int
    high: int
    wall: int
    each: float
    short: float


class ShapeTerm(NamedTuple):
    """Price of a part's shape, if it `counts`: `weight` for a part without area, nothing for a circle."""

    counts: bool
    weight: float


class NumberTerm(NamedTuple):
    """Price of the number of parts: `each` for every one more or less than `wanted`; 0 where the number is free."""

    wanted: int
    each: float


class TierPrices(NamedTuple):
    """The terms of J for one tier."""

    size: SizeTerm
    second: SecondTerm
    shape: ShapeTerm
    number: NumberTerm


class PartTotals(NamedTuple):
    """What a node, a part or any set of nodes holds: loads, area, outline. What no term looks at is 0."""

    load: int
    second: int
    area: float
    outline: float


class TotalsTable(NamedTuple):
    """What each of many nodes, parts or sets of nodes holds, as `PartTotals` has it; one row each."""

    load: Ints
    second: Ints
    area: Floats
    outline: Floats


class Row(NamedTuple):
    """A place in a table."""

    table: TotalsTable
    k: int


def empty_totals(rows: int) -> TotalsTable:
    """A table of parts that hold nothing.

    Parameters
    ----------
    rows
        Number of parts.
    """
    return TotalsTable(np.zeros(rows, np.int64), np.zeros(rows, np.int64), np.zeros(rows), np.zeros(rows))


@dataclass(frozen=True)
class Objective:
    """Weights of what makes a division a bad one, the same in every tier.

    A target's worth of deviation costs 1; all other prices are told in that unit. Costs of borders come with the edges of a graph,
    the weight of shape with `Limits.compact`, that of a second load with `Bounds.weight`.

    Parameters
    ----------
    missing
        Price of a target's worth of load that is missing at the lower limit.
    outside
        Price of a second load outside its bounds, for as much of it as their mean.
    even
        Price of a target's worth of deviation in borders of a zone, where it is weighed against these (`evenness`).
    least_even
        Least price of a target's worth of deviation there.
    given_back
        Share of its border that each part gets back there.
    stray
        Least price of a part more or less there.
    """

    missing: float = 10.0
    outside: float = 10.0
    even: float = 2.0
    least_even: float = 3.0
    given_back: float = 0.5
    stray: float = 2.0

    def weights(self) -> dict[str, float]:
        """The weights by name, for those who write down how a division was made."""
        return asdict(self)

    def prices(self, limits: Limits, *, shaped: bool) -> TierPrices:
        """The terms of J for one tier, without any surcharge of a search.

        Parameters
        ----------
        limits
            What a part may hold; the target is taken as it is, whatever number of parts is fixed.
        shaped
            Whether areas and outlines are known.
        """
        bounds = limits.more or ANYTHING
        even = limits.even or PLAIN
        each = even.weight / max(1, limits.target)
        missing = self.missing / even.weight
        size = SizeTerm(limits.low, limits.high, float(limits.target), each, missing, 0.0, even.credit)
        outside = self.outside * bounds.weight / max(1.0, (bounds.low + bounds.high) / 2)
        second = SecondTerm(limits.more is not None, bounds.low, bounds.high, limits.firm.high, outside, 0.0)
        shape = ShapeTerm(shaped and limits.compact > 0, float(limits.compact))
        return TierPrices(size, second, shape, NumberTerm(even.wanted, even.stray))

    def of_parts(self, held: TotalsTable, limits: Limits) -> Floats:
        """What each part of a tier costs for what it holds, without its borders.

        Parameters
        ----------
        held
            One row a part; areas and outlines in any unit of length, 0 where nobody asks for shape.
        limits
            What a part may hold; `target` need not be whole.
        """
        price = np.zeros(len(held.load))
        # copies, for arrays that may not be written are another type to the compiler
        loads, sizes = (np.array(held[:2], np.int64), np.array(held[2:], np.float64))
        _price_parts(TotalsTable(*loads, *sizes), self.prices(limits, shaped=True), price)
        return price

    def of_number(self, parts: int, limits: Limits) -> float:
        """What the number of a tier's parts costs; nothing where it is free, or fixed.

        Parameters
        ----------
        parts
            Their number.
        limits
            What a part may hold.
        """
        return (
            0.0
            if limits.even is None or limits.count is not None
            else limits.even.stray * abs(parts - limits.even.wanted)
        )

    def of_division(self, graph: Graph, labels: Sequence[Ints], limits: Sequence[Limits]) -> float:
        """Sum over the tiers of J.

        Parameters
        ----------
        graph
            Nodes and edges.
        labels, limits
            For each tier: part of each node, numbered from 0; what a part may hold. Where the number is fixed, the target follows
            from it.
        """
        return sum(self._of_tier(graph, *tier) for tier in zip(labels, limits, strict=True))

    def _of_tier(self, graph: Graph, label: Ints, limits: Limits) -> float:
        parts = number_of(label)
        held = empty_totals(parts)._replace(
            load=summed(graph.load, label, parts), second=summed(graph.second, label, parts)
        )
        shape = graph.shape.merged(label, parts) if graph.shape is not None and limits.compact > 0 else None
        if shape is not None:
            held = held._replace(area=shape.area, outline=shape.outline)
        border = graph.cost[label[graph.a] != label[graph.b]].sum()
        return float(self.of_parts(held, with_target(graph, limits)).sum() + border + self.of_number(parts, limits))


OBJECTIVE = Objective()
"""What gridgeo minimises."""


@lean
def _price_parts(held: TotalsTable, prices: TierPrices, price: Floats) -> None:
    """Put into `price` what each part costs."""
    for k in range(len(price)):
        price[k] = part_price(totals_of(held, k, prices), prices)


@inlined
def part_price(part: PartTotals, prices: TierPrices) -> float:
    """Price of a part for what it holds, without its border. Never called for a part that does not fit."""
    size, second, shape = prices.size, prices.second, prices.shape
    price = abs(part.load - size.target) * size.each - size.credit
    if part.load < size.low:
        price += size.short + size.missing * (size.low - part.load) * size.each
    if second.counts:
        if part.second < second.low:
            price += second.short + (second.low - part.second) * second.each
        elif part.second > second.high:
            price += (part.second - second.high) * second.each
    if shape.counts:
        circle, square = CIRCLE * part.area, part.outline * part.outline
        # rounding, or figures of nothing, may leave an outline shorter than that of the circle: no prize for that
        if circle < square:
            price += shape.weight * (1.0 - circle / square)
    return price


@inlined
def fits(part: PartTotals, prices: TierPrices) -> bool:
    """Whether both loads are within what is never exceeded."""
    return part.load <= prices.size.high and part.second <= prices.second.wall


@inlined
def totals_of(table: TotalsTable, k: int, prices: TierPrices) -> PartTotals:
    """What row k holds.

    What no term looks at is 0 and not read, for each array read is a line of cache taken from the others.
    """
    second = table.second[k] if prices.second.counts else 0
    area, outline = (table.area[k], table.outline[k]) if prices.shape.counts else (0.0, 0.0)
    return PartTotals(table.load[k], second, area, outline)


@inlined
def put_totals(row: Row, part: PartTotals, prices: TierPrices) -> None:
    """Write what a row holds now; what no term looks at stays as it was."""
    table, k = row
    table.load[k] = part.load
    if prices.second.counts:
        table.second[k] = part.second
    if prices.shape.counts:
        table.area[k] = part.area
        table.outline[k] = part.outline


@inlined
def joined(one: PartTotals, other: PartTotals, shared: float) -> PartTotals:
    """Both together; the border that they share lies inside, and is taken off the outlines of both."""
    outline = one.outline + other.outline - 2.0 * shared
    return PartTotals(one.load + other.load, one.second + other.second, one.area + other.area, outline)


@inlined
def without(whole: PartTotals, part: PartTotals, shared: float) -> PartTotals:
    """What is left if a part is taken off along a border of some length; `joined` the other way."""
    outline = whole.outline - part.outline + 2.0 * shared
    return PartTotals(whole.load - part.load, whole.second - part.second, whole.area - part.area, outline)
