"""Writers that are killed at any moment leave the old file or the new one, and the next run sweeps what they left."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gridgeo.files import atomic, replacing

KILLS = 1_000
ENDINGS = ("dbf", "shp", "shx")

pytestmark = pytest.mark.long


def text(path: Path, age: str) -> None:
    atomic.write_text(path, age * 300_000, overwrite=True)


def layers(path: Path, age: str) -> None:
    boxes = [shapely.box(k, 0, k + 1, 1) for k in range(200)]
    shapes = gpd.GeoDataFrame({"age": [age] * 200}, geometry=boxes, crs=4547)
    atomic.write_layers(path, {"grid": shapes}, overwrite=True, backup=True)


def together(path: Path, age: str) -> None:
    replacing.write_files(path, {f"{path.stem}.{ending}": age.encode() * 50_000 for ending in ENDINGS}, overwrite=True)


def forever(write: Callable[[Path, str], None], path: Path) -> None:
    """Write in turn two contents of a file until killed."""
    for _ in range(10_000):
        write(path, "b")
        write(path, "a")


def kill(write: Callable[[Path, str], None], path: Path, after_s: float) -> None:
    """Let another process write, and kill it."""
    child = os.fork()
    if child == 0:
        try:
            forever(write, path)
        finally:
            os._exit(0)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.parametrize(("write", "name", "kills"), [(text, "plan.html", KILLS), (layers, "plan.gpkg", KILLS)])
def test_a_killed_writer_leaves_old_or_new(
    tmp_path: Path, write: Callable[[Path, str], None], name: str, kills: int
) -> None:
    path, contents = tmp_path / name, []
    for age in "ab":
        write(path, age)
        contents.append(path.read_bytes())
    chance = np.random.default_rng(7)
    for _ in range(kills):
        kill(write, path, float(chance.uniform(0.001, 0.06)))
        assert path.read_bytes() in contents
    write(path, "a")
    backup = {f"{name}.bak"} if write is layers else set()
    assert {file.name for file in tmp_path.iterdir()} == {name} | backup


def test_a_killed_set_is_whole_or_cannot_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "grid.shp"
    together(path, "a")
    chance = np.random.default_rng(7)
    for _ in range(KILLS):
        kill(together, path, float(chance.uniform(0.001, 0.03)))
        if path.exists():
            assert len({(tmp_path / f"grid.{ending}").read_bytes() for ending in ENDINGS}) == 1
        else:
            kept = [tmp_path / f"grid.{ending}{replacing.BACKUP}" for ending in ENDINGS]
            assert all(file.exists() or file.with_suffix("").exists() for file in kept)
    together(path, "a")
    assert {file.name for file in tmp_path.iterdir()} == {f"grid.{ending}" for ending in ENDINGS}
