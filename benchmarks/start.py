"""What it takes to begin: ``python benchmarks/start.py [--pairs 9] [--cold] [--keep]``.

Processor time of ``import gridgeo`` and ``gridgeo --help`` beside that of ``import geopandas``, in turn, each in a process of its
own; with ``--cold`` also of ``gridgeo demo`` where nothing is compiled yet, beside the next one. Medians of the pairs' ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from keeping import keep

HELP = "from gridgeo.cli import main; main(['--help'], standalone_mode=False)"
DEMO = "from gridgeo.cli import main; main(['demo', '-o', {folder!r}, '--overwrite'], standalone_mode=False)"


def seconds(program: str, cache: Path | None = None) -> float:
    """Processor time of a program in a process of its own [s]."""
    environment = os.environ | ({} if cache is None else {"XDG_CACHE_HOME": str(cache)})
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    process = os.posix_spawn(sys.executable, [sys.executable, "-c", program], environment, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"failed: {program}")
    return usage.ru_utime + usage.ru_stime


def beside_geopandas(pairs: int) -> dict[str, object]:
    """Ratios of a bare start."""
    programs = {"geopandas": "import geopandas", "import": "import gridgeo", "help": HELP}
    for program in programs.values():
        seconds(program)
    runs = [{name: seconds(program) for name, program in programs.items()} for _ in range(pairs)]
    ratios = {
        f"{name}_ratio": round(statistics.median(run[name] / run["geopandas"] for run in runs), 3)
        for name in ("import", "help")
    }
    return {"what": "start", "geopandas_s": round(statistics.median(run["geopandas"] for run in runs), 2)} | ratios


def cold_demo() -> dict[str, object]:
    """Seconds of the demo with nothing compiled, and of the next one."""
    with tempfile.TemporaryDirectory() as folder:
        program = DEMO.format(folder=f"{folder}/demo")
        cold, warm = (seconds(program, Path(folder) / "cache") for _ in range(2))
    return {"what": "demo", "cold_s": round(cold, 1), "warm_s": round(warm, 1), "ratio": round(cold / warm, 1)}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--cold", action="store_true", help="the demo too, compiling")
    parser.add_argument("--keep", action="store_true", help="add a line to results/start.jsonl")
    wishes = parser.parse_args()
    for figures in [beside_geopandas(wishes.pairs)] + ([cold_demo()] if wishes.cold else []):
        print("  ".join(f"{name} {value}" for name, value in figures.items()), flush=True)
        if wishes.keep:
            keep("start", figures)


if __name__ == "__main__":
    main()
