"""Batches worked on at the same time. Results come in the order of the jobs, so their number changes nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")

_MOST = 8
"""More threads than this wait for each other more than they work."""


def in_order(function: Callable[[_Job], _Result], jobs: Sequence[_Job]) -> list[_Result]:
    """The result of each job; on as many threads as there are processors, since what takes time here lets others run."""
    count = min(processors(), _MOST, len(jobs))
    if count < 2:
        return [function(job) for job in jobs]
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(function, jobs))


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
