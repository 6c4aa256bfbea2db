"""The objective as a value: what it says of parts and of whole divisions, against the formula written out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gridgeo.partition import OBJECTIVE, Bounds, Evenness, Graph, Limits, Objective, Shape, TotalsTable
from gridgeo.partition.objective import (
    NumberTerm,
    PartTotals,
    Row,
    SecondTerm,
    ShapeTerm,
    SizeTerm,
    TierPrices,
    empty_totals,
    fits,
    joined,
    part_price,
    put_totals,
    totals_of,
    without,
)
from gridgeo.partition.problem import ANYTHING

LIMITS = Limits(30, 100, 60, more=Bounds(2, 6, weight=0.5), compact=3.0)


def row() -> Graph:
    """Four unit squares in a row."""
    ends = np.arange(3), np.arange(1, 4)
    shape = Shape(np.ones(4), np.full(4, 4.0), *ends, np.ones(3))
    return Graph(np.array([10, 15, 50, 40]), *ends, np.array([0.1, 0.2, 0.4]), np.array([0, 1, 4, 4]), shape)


def test_price_of_a_division_is_the_sum_of_its_terms() -> None:
    size = 35 / 60 + 10 * 5 / 60 + 30 / 60
    second = 0.5 * 10 * (1 + 2) / 4
    shape = 2 * 3.0 * (1 - 4 * np.pi * 2 / 6**2)
    found = OBJECTIVE.of_division(row(), [np.array([0, 0, 1, 1])], [LIMITS])
    assert found == pytest.approx(size + second + shape + 0.2)


def test_terms_that_no_tier_asks_for_cost_nothing() -> None:
    plain = replace(LIMITS, more=None, compact=0.0)
    labels = np.array([0, 0, 1, 1])
    for graph in (row(), replace(row(), more=None, shape=None)):
        assert OBJECTIVE.of_division(graph, [labels], [plain]) == pytest.approx((35 + 50 + 30) / 60 + 0.2)


def test_tiers_are_added_and_a_fixed_number_sets_the_target() -> None:
    graph = replace(row(), shape=None, more=None)
    tiers = [np.array([0, 0, 1, 1]), np.zeros(4, np.int64)]
    limits = [Limits(30, 100, 60), Limits(100, 200, 150, count=1)]
    assert OBJECTIVE.of_division(graph, tiers, limits) == pytest.approx((35 + 50 + 30) / 60 + 0.2)


def test_parts_may_have_any_target_and_come_from_frozen_arrays() -> None:
    load = np.array([25, 90])
    load.flags.writeable = False
    nothing = np.zeros(2)
    held = TotalsTable(load, np.zeros(2, np.int64), nothing, nothing)
    found = OBJECTIVE.of_parts(held, Limits(30, 100, 57.5))
    assert found == pytest.approx([(32.5 + 50) / 57.5, 32.5 / 57.5])


def test_an_even_tier_gives_each_part_its_share_back_and_holds_the_number() -> None:
    graph, labels = replace(row(), shape=None, more=None), np.array([0, 0, 1, 1])
    even = replace(Limits(30, 100, 60), even=Evenness(weight=4.0, credit=0.75, wanted=5, stray=2.5))
    expected = (4 * 35 + 50 + 4 * 30) / 60 - 2 * 0.75 + 0.2 + 2.5 * 3
    assert OBJECTIVE.of_division(graph, [labels], [even]) == pytest.approx(expected)
    # a number that is asked for comes before all prices, and sets the target
    asked = OBJECTIVE.of_division(graph, [labels], [replace(even, count=2)])
    target = 58  # what is divided by two, as whole households
    size = 4 * (abs(25 - target) + abs(90 - target)) / target + 10 * 5 / target
    assert asked == pytest.approx(size - 2 * 0.75 + 0.2)


def test_weights_are_told_by_name() -> None:
    even = {"even": 2.0, "least_even": 3.0, "given_back": 0.5, "stray": 2.0}
    assert OBJECTIVE.weights() == {"missing": 10.0, "outside": 10.0, **even}
    dearer = Objective(missing=20.0).of_parts(TotalsTable(*np.array([[25], [0], [0], [0]])), Limits(30, 100, 60))
    assert dearer == pytest.approx([(35 + 100) / 60])


def plain(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel as it is written, without compiling it."""
    return getattr(kernel, "py_func", kernel)


PRICES = TierPrices(
    SizeTerm(30, 100, 60.0, 1 / 60, 10.0, 0.0),
    SecondTerm(True, 2, 6, 8, 0.5, 0.0),
    ShapeTerm(True, 3.0),
    NumberTerm(0, 0.0),
)
WHOLE = PartTotals(60, 4, 0.0, 0.0)
"""A part that costs nothing: on target, within bounds, without an outline."""


def test_shape_counts_where_it_is_known_and_asked_for() -> None:
    assert OBJECTIVE.prices(LIMITS, shaped=True).shape == ShapeTerm(True, 3.0)
    assert not OBJECTIVE.prices(LIMITS, shaped=False).shape.counts
    assert not OBJECTIVE.prices(replace(LIMITS, compact=0.0), shaped=True).shape.counts
    assert not OBJECTIVE.prices(replace(LIMITS, compact=0.0), shaped=False).shape.counts


def test_prices_are_told_in_targets_and_in_means_of_bounds() -> None:
    prices = OBJECTIVE.prices(LIMITS, shaped=True)
    assert prices.size == SizeTerm(30, 100, 60.0, 1 / 60, 10.0, 0.0)
    assert prices.second == SecondTerm(True, 2, 6, ANYTHING.high, 10 * 0.5 / 4, 0.0)
    assert prices.number == NumberTerm(0, 0.0)
    assert not OBJECTIVE.prices(replace(LIMITS, more=None), shaped=True).second.counts


def test_targets_and_means_below_one_count_as_one() -> None:
    prices = OBJECTIVE.prices(Limits(0, 1, 1, more=Bounds(0, 1)), shaped=False)
    assert prices.size.each == 1.0
    assert prices.second.each == 10.0
    assert OBJECTIVE.prices(Limits(0, 1, 0.25), shaped=False).size.each == 1.0


def test_hard_bounds_are_a_wall() -> None:
    hard = replace(LIMITS, more=Bounds(2, 6, hard=True))
    assert OBJECTIVE.prices(hard, shaped=False).second.wall == 6


def test_shape_that_nobody_knows_costs_nothing() -> None:
    unknown = replace(row(), shape=None)
    whole = np.zeros(4, np.int64)
    with_weight = OBJECTIVE.of_division(unknown, [whole], [LIMITS])
    assert with_weight == OBJECTIVE.of_division(unknown, [whole], [replace(LIMITS, compact=0.0)])


@pytest.mark.parametrize(
    ("part", "price"),
    [
        (WHOLE, 0.0),
        (WHOLE._replace(load=70), 10 / 60),
        (WHOLE._replace(load=30), 30 / 60),
        (WHOLE._replace(load=29), 31 / 60 + 1000 + 10 / 60),
        (WHOLE._replace(second=2), 0.0),
        (WHOLE._replace(second=1), 7.0 + 0.5),
        (WHOLE._replace(second=6), 0.0),
        (WHOLE._replace(second=8), 2 * 0.5),
        (WHOLE._replace(area=1.0, outline=4.0), 3 * (1 - np.pi / 4)),
        (WHOLE._replace(area=1.0, outline=3.0), 0.0),
        (WHOLE._replace(area=0.0, outline=4.0), 3.0),
    ],
)
def test_a_part_pays_for_each_term(part: PartTotals, price: float) -> None:
    dear = PRICES._replace(size=PRICES.size._replace(short=1000.0), second=PRICES.second._replace(short=7.0))
    assert plain(part_price)(part, dear) == pytest.approx(price)


def test_terms_that_do_not_count_are_free() -> None:
    free = PRICES._replace(second=PRICES.second._replace(counts=False), shape=PRICES.shape._replace(counts=False))
    assert plain(part_price)(PartTotals(60, 99, 1.0, 99.0), free) == 0.0


def test_a_part_fits_up_to_both_walls() -> None:
    fit = plain(fits)
    assert fit(PartTotals(100, 8, 0.0, 0.0), PRICES) is True
    assert fit(PartTotals(101, 8, 0.0, 0.0), PRICES) is False
    assert fit(PartTotals(100, 9, 0.0, 0.0), PRICES) is False


def test_parts_are_joined_and_parted_along_their_border() -> None:
    one, other = PartTotals(10, 1, 3.0, 8.0), PartTotals(25, 4, 5.0, 12.0)
    both = PartTotals(35, 5, 8.0, 14.0)
    assert plain(joined)(one, other, 3.0) == both
    assert plain(without)(both, other, 3.0) == one
    assert plain(without)(both, one, 3.0) == other


def test_a_table_is_read_and_written_as_far_as_terms_count() -> None:
    table = empty_totals(3)
    assert [array.tolist() for array in table] == 4 * [[0, 0, 0]]
    part = PartTotals(10, 2, 3.0, 8.0)
    plain(put_totals)(Row(table, 1), part, PRICES)
    assert [array.tolist() for array in table] == [[0, 10, 0], [0, 2, 0], [0.0, 3.0, 0.0], [0.0, 8.0, 0.0]]
    assert plain(totals_of)(table, 1, PRICES) == part
    blind = PRICES._replace(second=PRICES.second._replace(counts=False), shape=PRICES.shape._replace(counts=False))
    assert plain(totals_of)(table, 1, blind) == PartTotals(10, 0, 0.0, 0.0)
    plain(put_totals)(Row(table, 2), part, blind)
    assert [array.tolist()[2] for array in table] == [10, 0, 0.0, 0.0]
