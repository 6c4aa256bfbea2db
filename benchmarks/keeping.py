"""Results of benchmarks, kept as lines of JSON with the commit and the machine, in `results`."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("numpy", "scipy", "numba", "shapely", "pythoncdt", "geopandas")


def keep(benchmark: str, figures: dict[str, object]) -> None:
    """Add a line to the results of a benchmark."""
    line = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit_of(Path(__file__).parent),
        **figures,
        "machine": machine(),
    }
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / f"{benchmark}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def commit_of(tree: Path) -> str:
    """Short name of the commit of a tree, with a plus where files differ from it."""
    command = ["git", "-C", str(tree), "describe", "--always", "--dirty=+", "--abbrev=10"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def machine() -> dict[str, object]:
    """Processor, cores, memory [GB], system and libraries."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"
