"""Seconds turned into steps, by a rate that a short trial measures."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gridgeo.partition.hierarchy import solve
from gridgeo.partition.problem import Effort, Graph, Limits

TRIAL_NODES = 4_000
"""Most nodes of a trial; a larger graph takes as much longer as it has more nodes."""
TRIAL_SWEEPS = 600
TRIALS = 3
COARSE = 2
"""Sweeps of the coarser tiers for each sweep of the finest."""
PASSES = 2
RESERVE = 0.1
"""Part of the time that is kept back: a search looks at its budget only between reheats, and is never cut short."""

MOST_SWEEPS = 100_000_000
"""More than any graph can use that is searched at all; on tiny ones a sweep takes no time that the clock could tell."""

Clock = Callable[[], float]


@dataclass(frozen=True)
class Rate:
    """How long a division takes.

    Parameters
    ----------
    fixed
        Without any sweep [s].
    sweep
        More for each sweep of the finest tier, with those of the coarser ones that go with it [s].
    """

    fixed: float
    sweep: float

    def effort(self, seconds: float) -> Effort:
        """The budget in steps that takes about as long as this; none at all where that is too short for one sweep."""
        spare = max(0.0, (1 - RESERVE) * seconds - self.fixed)
        return _effort(int(min(spare / self.sweep, MOST_SWEEPS)) if self.sweep > 0 else MOST_SWEEPS)


class Solver(Protocol):
    """What is timed: `solve`."""

    def __call__(self, graph: Graph, limits: Sequence[Limits], *, seed: int, effort: Effort) -> object:
        """Divide a graph."""


def budget_for(graph: Graph, limits: Sequence[Limits], seconds: float) -> Effort:
    """The effort that takes about so many seconds on this machine, as it is now.

    The clock decides on nothing but this effort: keep it, and the same division can be had again anywhere. The trial itself, of
    about a second, comes on top.

    Parameters
    ----------
    graph, limits
        As `solve` takes them.
    seconds
        Time to spend [s].
    """
    return measure_rate(graph, limits).effort(seconds)


def measure_rate(
    graph: Graph, limits: Sequence[Limits], *, solver: Solver = solve, clock: Clock = time.perf_counter
) -> Rate:
    """Time the solver with no sweeps and with some, on the first nodes of a graph.

    Parameters
    ----------
    graph, limits
        As `solve` takes them.
    solver, clock
        What is timed, and by what.
    """
    trial = graph.among(np.arange(len(graph)) < TRIAL_NODES)
    scale = len(graph) / max(1, len(trial))

    def seconds(sweeps: int) -> float:
        start = clock()
        solver(trial, limits, seed=0, effort=_effort(sweeps))
        return clock() - start

    seconds(TRIAL_SWEEPS)  # compiles, or loads what was compiled before
    # whatever else the machine does only adds to the time
    fixed = min(seconds(0) for _ in range(TRIALS))
    spent = min(seconds(TRIAL_SWEEPS) for _ in range(TRIALS))
    return Rate(fixed * scale, max(0.0, spent - fixed) / TRIAL_SWEEPS * scale)


def _effort(sweeps: int) -> Effort:
    return Effort(sweeps, COARSE * sweeps, PASSES)
