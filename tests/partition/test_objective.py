"""The objective as a value: what it says of parts and of whole divisions, against the formula written out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gridgeo.partition import OBJECTIVE, Bounds, Graph, Limits, Objective, Shape, TotalsTable

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


def test_weights_are_told_by_name() -> None:
    assert OBJECTIVE.weights() == {"missing": 10.0, "outside": 10.0}
    dearer = Objective(missing=20.0).of_parts(TotalsTable(*np.array([[25], [0], [0], [0]])), Limits(30, 100, 60))
    assert dearer == pytest.approx([(35 + 100) / 60])
