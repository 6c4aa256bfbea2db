"""Graphs that many tests divide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gridgeo.partition import Graph
from tests.partition.graphs import (
    squares,
    town,
)


@pytest.fixture(scope="session")
def mesh() -> Graph:
    return town(30, 30, 0, 40)


@pytest.fixture(scope="session")
def shaped() -> Graph:
    graph = squares(30, 30, np.random.default_rng(3).integers(0, 40, 900))
    return replace(graph, cost=np.random.default_rng(4).uniform(0.05, 0.3, len(graph.a)))
