"""The proof finds what is broken."""

from __future__ import annotations

import numpy as np
import pytest

from gridgeo.coverage import Ints
from gridgeo.partition import Graph, recheck, solve
from tests.partition.graphs import (
    CHEAP,
    COARSE,
    FINE,
)


@pytest.fixture(scope="module")
def solved(mesh: Graph) -> tuple[Ints, Ints]:
    fine, coarse = solve(mesh, [FINE, COARSE], seed=7, effort=CHEAP).labels
    return fine, coarse


def test_proof_finds_a_torn_part(mesh: Graph, solved: tuple[Ints, Ints]) -> None:
    fine = solved[0].copy()
    fine[-1] = fine[0]
    torn = [fault for fault in recheck(mesh, [fine], [FINE]) if fault.kind == "torn"]
    assert (torn[0].part, torn[0].measure) == (fine[0], 2)


def test_proof_finds_a_part_in_two_parents(mesh: Graph, solved: tuple[Ints, Ints]) -> None:
    fine, coarse = solved[0], solved[1].copy()
    members = np.flatnonzero(fine == np.argmax(np.bincount(fine)))
    coarse[members[0]] = coarse.max() + 1
    faults = [f for f in recheck(mesh, [fine, coarse], [FINE, COARSE]) if f.kind == "not_nested"]
    assert [(f.tier, f.part, f.measure) for f in faults] == [(0, int(fine[members[0]]), 2)]


def test_proof_finds_loads_outside_limits(mesh: Graph) -> None:
    singles = np.arange(len(mesh))
    assert {f.kind for f in recheck(mesh, [singles], [FINE])} == {"under"}
    assert [f.kind for f in recheck(mesh, [singles * 0], [FINE])] == ["over"]


@pytest.mark.parametrize("labels", [np.zeros(3, np.int64), np.full(900, -1, np.int64)])
def test_proof_finds_missing_labels(mesh: Graph, labels: Ints) -> None:
    assert [f.kind for f in recheck(mesh, [labels], [FINE])] == ["incomplete"]
