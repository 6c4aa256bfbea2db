"""Two trees in turn: ``python benchmarks/paired.py --old ../before PLACE ... [--pairs 9] [--keep]``.

Each run reads a place and divides it (`--preset wide --split-large`, seed 7), or does the job of ``--job``, in a process of its
own, with the package of one tree and then of the other. Processor time and peak memory are those of the whole process; runs before
the first pair compile what is compiled. The median of the pairs' ratios counts: new by old, so less than one is better.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

from keeping import commit_of, keep

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
JOBS = {
    "divide": "gg.divide(site, gg.Scheme.preset('wide'), seed=7, split_large=True)",
    "cells": "gg.cells(site, gg.blocks(site))",
    "read": "None",
    "check": "gg.check(gg.divide(site, gg.Scheme.preset('wide'), seed=7, split_large=True))",
}
PROGRAM = "import sys; import gridgeo as gg; site = gg.read_site(sys.argv[1], households='households'); {job}"


class Run(NamedTuple):
    """What a process took."""

    seconds: float
    megabytes: float


def run(tree: Path, place: Path, job: str) -> Run:
    """One process with the package of a tree."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    command = [sys.executable, "-c", PROGRAM.format(job=JOBS[job]), str(place)]
    process = os.posix_spawn(sys.executable, command, environment)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{tree} failed at {place.name}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(old: Path, place: str, job: str, pairs: int) -> dict[str, object]:
    """Medians of the pairs of one place."""
    path = DATA / place / f"{place}.gpkg"
    source = path if path.exists() else DATA / place
    runs: dict[Path, list[Run]] = {old: [], ROOT: []}
    for tree in runs:
        run(tree, source, job)
    for k in range(pairs):
        for tree in (old, ROOT) if k % 2 == 0 else (ROOT, old):
            runs[tree].append(run(tree, source, job))
    before, after = runs[old], runs[ROOT]
    seconds = [b.seconds / a.seconds for a, b in zip(before, after, strict=True)]
    memory = [b.megabytes / a.megabytes for a, b in zip(before, after, strict=True)]
    return {
        "place": place,
        "job": job,
        "pairs": pairs,
        "old": commit_of(old),
        "cpu_s": round(statistics.median(one.seconds for one in after), 2),
        "cpu_ratio": round(statistics.median(seconds), 4),
        "peak_mb": round(statistics.median(one.megabytes for one in after)),
        "peak_ratio": round(statistics.median(memory), 4),
    }


def main() -> None:
    """Compare the trees at each place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+")
    parser.add_argument("--old", type=Path, required=True, help="tree to compare with")
    parser.add_argument("--job", choices=sorted(JOBS), default="divide")
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--keep", action="store_true", help="add a line to results/paired.jsonl")
    wishes = parser.parse_args()
    for place in wishes.places:
        figures = compare(wishes.old.resolve(), place, wishes.job, wishes.pairs)
        print("  ".join(f"{name} {value}" for name, value in figures.items()), flush=True)
        if wishes.keep:
            keep("paired", figures)


if __name__ == "__main__":
    main()
