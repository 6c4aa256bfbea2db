"""The wheel holds all that the program needs, and nothing of what makes its data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.long


def run(*arguments: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as a wheel installs it."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    source.mkdir()
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "gridgeo", source / "gridgeo", ignore=shutil.ignore_patterns("__pycache__"))
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps")
    run("-m", "pip", "wheel", ".", *quiet, "--no-build-isolation", "--no-index", "-w", place, cwd=source)
    (wheel,) = place.glob("*.whl")
    run("-m", "pip", "install", wheel, *quiet, "--no-index", "--target", place / "site", cwd=place)
    return place / "site"


def test_an_installed_wheel_does_the_whole_job(installed: Path, tmp_path: Path) -> None:
    code = "import gridgeo; print(gridgeo.__file__); from gridgeo.cli import main; main(['demo', '-o', 'demo'])"
    told = run("-c", code, cwd=tmp_path, PYTHONPATH=str(installed))
    assert told.startswith(str(installed))
    made = {path.name for path in (tmp_path / "demo").iterdir()}
    assert made == {
        *("community.gpkg", "drawn.gpkg", "drawn_faults.csv"),
        *("plan.gpkg", "plan.html", "plan.pdf", "report.json"),
    }


def test_a_wheel_holds_the_files_of_the_package_and_no_others(installed: Path) -> None:
    def held(folder: Path) -> set[str]:
        paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(folder).as_posix() for path in paths}

    assert held(installed / "gridgeo") == held(ROOT / "gridgeo")
    assert not (installed / "sample_data").exists()
