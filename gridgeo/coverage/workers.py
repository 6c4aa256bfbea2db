"""Work at the same time. Results come in the order of the jobs, so their number changes nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import numpy.typing as npt

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")

_MOST = 8
"""More threads than this wait for each other more than they work."""
_WORTH = 500
"""Shapes worth a thread's time."""


def in_order(function: Callable[[_Job], _Result], jobs: Sequence[_Job]) -> list[_Result]:
    """The result of each job; on as many threads as there are processors, since what takes time here lets others run."""
    count = min(processors(), _MOST, len(jobs))
    if count < 2:
        return [function(job) for job in jobs]
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(function, jobs))


def at_once(one: Callable[[], _Job], other: Callable[[], _Result]) -> tuple[_Job, _Result]:
    """The results of two functions, of which the second runs on a thread of its own."""
    if processors() < 2:
        return one(), other()
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(other)
        return one(), second.result()


def portions(count: int, shapes: int) -> list[npt.NDArray[np.int64]]:
    """The numbers from 0 to `count` - 1 in some portions, if so many shapes are worth it."""
    some = min(4 * processors(), count, shapes // _WORTH)
    return np.array_split(np.arange(count), max(some, 1))


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
