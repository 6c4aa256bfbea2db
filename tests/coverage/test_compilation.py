"""Compiled kernels are kept for the user: a copy of the package finds them, a changed one does not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import gridgeo

PACKAGE = Path(gridgeo.__file__).parent
PROGRAM = """
import numpy as np, shapely
from gridgeo.coverage import edge_matching
edge_matching.directed_edges(np.array([shapely.box(0, 0, 1, 1)]))
stats = edge_matching._direct.stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""


def hits_and_misses(copy: Path, cache: Path) -> tuple[int, int]:
    """How often a copy of the package found a kernel on disk, and how often it compiled it."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA")}
    environment |= {"PYTHONPATH": str(copy), "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, cwd=copy)
    hits, misses = map(int, done.stdout.split())
    return hits, misses


def copied(folder: Path) -> Path:
    """A folder that holds the package's sources."""
    shutil.copytree(PACKAGE, folder / "gridgeo", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_copies_of_one_state_share_kernels(tmp_path: Path) -> None:
    one, other, cache = copied(tmp_path / "one"), copied(tmp_path / "other"), tmp_path / "cache"
    assert hits_and_misses(one, cache) == (0, 1)
    assert hits_and_misses(other, cache) == (1, 0)
    # a module that the kernel's own module may use, not the kernel's own: numba alone would run what is stale
    beside = other / "gridgeo" / "coverage" / "precision.py"
    beside.write_text(beside.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert hits_and_misses(other, cache) == (0, 1)
    assert hits_and_misses(one, cache) == (1, 0)


def test_kernels_run_where_nothing_can_be_kept(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file, so no folder can be made here", encoding="utf-8")
    copy = copied(tmp_path / "copy")
    assert hits_and_misses(copy, cache) == (0, 1)


def test_unused_kernels_go(tmp_path: Path) -> None:
    copy, cache = copied(tmp_path / "copy"), tmp_path / "cache"
    hits_and_misses(copy, cache)
    (kept,) = (cache / "gridgeo").glob("*/coverage-*")
    long_ago = 1_000_000_000
    os.utime(kept / "used", (long_ago, long_ago))
    beside = copy / "gridgeo" / "coverage" / "precision.py"
    beside.write_text(beside.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    hits_and_misses(copy, cache)
    (newer,) = (cache / "gridgeo").glob("*/coverage-*")
    assert newer != kept
