"""Seconds become steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from gridgeo.partition import EFFORTS, Effort, Graph, Limits, budget_for, solve
from gridgeo.partition.budget import TRIAL_NODES, Rate, measure_rate
from tests.partition.graphs import (
    FINE,
    graph_of,
)


def test_effort_spends_less_on_each_node_of_a_larger_graph() -> None:
    sizes = [20, 200, 2_000, 20_000, 200_000, 1_000_000]
    sweeps = [EFFORTS["standard"].at(size).sweeps for size in sizes]
    assert sweeps == sorted(sweeps, reverse=True)
    steps = [size * number for size, number in zip(sizes, sweeps, strict=True)]
    assert steps == sorted(steps)
    assert sweeps[-1] < sweeps[2] / 6
    assert EFFORTS["standard"].at(0).passes == EFFORTS["standard"].passes


def test_seconds_become_steps() -> None:
    rate = Rate(fixed=0.25, sweep=1 / 64)
    efforts = [rate.effort(seconds) for seconds in (0.0, 0.2, 1.0, 10.0)]
    assert [effort.sweeps for effort in efforts] == [0, 0, 41, 560]
    assert efforts[-1].coarse_sweeps == 2 * efforts[-1].sweeps


def test_steps_can_be_written_down_however_little_one_takes() -> None:
    for sweep in (0.0, 1e-12):
        assert Rate(fixed=1e-4, sweep=sweep).effort(3_600.0).coarse_sweeps < 10**9


@pytest.mark.parametrize("nodes", [1, 900, 40_000])
def test_rate_is_measured_by_a_trial_on_the_graph_itself(nodes: int) -> None:
    graph = graph_of([9] * nodes, [(i, i + 1) for i in range(nodes - 1)])
    now, sizes = [0.0], []

    def solver(graph: Graph, limits: Sequence[Limits], *, seed: int, effort: Effort) -> None:
        sizes.append(len(graph))
        # loading takes the first run longer
        now[0] += (100.0 if len(sizes) == 1 else 0.0) + len(graph) * (1e-5 + 1e-7 * effort.sweeps)

    rate = measure_rate(graph, [FINE], solver=solver, clock=lambda: now[0])
    assert rate.fixed == pytest.approx(nodes * 1e-5)
    assert rate.sweep == pytest.approx(nodes * 1e-7)
    assert max(sizes) == min(nodes, TRIAL_NODES)


def test_effort_for_seconds_gives_the_same_parts_again(mesh: Graph) -> None:
    effort = budget_for(mesh, [FINE], 0.05)
    one, two = (solve(mesh, [FINE], seed=3, effort=effort).labels[0] for _ in range(2))
    assert np.array_equal(one, two)
    assert budget_for(graph_of([], []), [FINE], 1.0).sweeps > 0
