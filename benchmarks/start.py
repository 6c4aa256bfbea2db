"""What a newcomer waits for: ``python benchmarks/start.py [--runs 7] [--demo 3] [--keep]``.

Processor time of processes of their own: `import gridgeo`, `gridgeo --help` and `gridgeo demo` with kernels that are compiled,
beside importing geopandas alone. A run of geopandas follows each, so that a busy machine slows both; medians of the ratios.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from keeping import keep

YARDSTICK = "import geopandas"
STARTS = {
    "import gridgeo": "import gridgeo",
    "gridgeo --help": "from gridgeo.cli import main; main(['--help'])",
}
DEMO = "from gridgeo.cli import main; main(['demo', '-o', {folder!r}])"


def seconds(code: str) -> float:
    """Processor time of a Python process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def paired(code: str, runs: int) -> tuple[float, float]:
    """Median processor time, and median ratio to the yardstick; a first run of both, which fills caches, does not count."""
    seconds(YARDSTICK)
    seconds(code)
    pairs = [(seconds(code), seconds(YARDSTICK)) for _ in range(runs)]
    return statistics.median(own for own, _ in pairs), statistics.median(own / other for own, other in pairs)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Start of the package, the program and the demo.")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--demo", type=int, default=3)
    parser.add_argument("--keep", action="store_true")
    wishes = parser.parse_args()
    figures = {name: paired(code, wishes.runs) for name, code in STARTS.items()}
    with tempfile.TemporaryDirectory() as folder:
        demos = [seconds(DEMO.format(folder=str(Path(folder) / str(run)))) for run in range(wishes.demo + 1)][1:]
    for name, (own, ratio) in figures.items():
        print(f"{name:16} {own:6.2f} s  {ratio:5.2f} times importing geopandas")
    if demos:
        print(f"{'gridgeo demo':16} {statistics.median(demos):6.2f} s")
    if wishes.keep:
        keep("start", {"start": {name: [round(x, 3) for x in pair] for name, pair in figures.items()}, "demo_s": demos})


if __name__ == "__main__":
    main()
