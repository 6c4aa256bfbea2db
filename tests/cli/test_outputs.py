"""No command writes onto what it reads."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.running import COMMUNITY, run


@pytest.fixture
def own(plan: Path, tmp_path: Path) -> Path:
    """A plan of the test's own."""
    return Path(shutil.copy(plan, tmp_path / "plan.gpkg"))


@pytest.mark.parametrize(
    "command",
    [
        ("divide", "{town}", "-o", "{town}"),
        ("divide", "--buildings", "{town}:buildings", "--communities", "{town}:communities", "-o", "{town}"),
        ("divide", "--from", "{plan}", "-o", "{plan}"),
        ("check", "{plan}", "-o", "{plan}"),
        ("check", "{plan}", "--json", "{plan}"),
        ("check", "{plan}", "--site", "{town}", "-o", "{town}"),
        ("map", "{plan}", "-o", "{plan}"),
        ("atlas", "{plan}", "-o", "{plan}"),
        ("compare", "{plan}", "{plan}", "--csv", "{plan}"),
        ("export", "{plan}", "-o", "{plan}"),
        ("check", "{plan}", "--json", "{link}"),
        ("map", "{plan}", "-o", "{hard}"),
    ],
)
def test_inputs_are_never_written_to(command: tuple[str, ...], own: Path, tmp_path: Path) -> None:
    town = Path(shutil.copy(COMMUNITY, tmp_path / "town.gpkg"))
    link, hard = tmp_path / "link.json", tmp_path / "hard.html"
    link.symlink_to(own)
    os.link(own, hard)
    before = own.read_bytes(), town.read_bytes()
    result = run(*(part.format(town=town, plan=own, link=link, hard=hard) for part in command), "--overwrite")
    assert result.exit_code == 2
    assert "which is read" in result.stderr
    assert (own.read_bytes(), town.read_bytes()) == before


def test_two_products_need_two_names(own: Path, tmp_path: Path) -> None:
    result = run("check", own, "--json", tmp_path / "faults.gpkg", "-o", tmp_path / "faults.gpkg")
    assert result.exit_code == 2
    assert "twice" in result.stderr


def test_a_table_of_figures_has_no_formula(own: Path, tmp_path: Path) -> None:
    live = Path(shutil.copy(own, tmp_path / "=1+1.gpkg"))
    assert run("compare", live, own, "--csv", tmp_path / "figures.csv").exit_code == 0
    text = (tmp_path / "figures.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1" in text
    assert not any(cell.startswith(("=", "+", "@")) for line in text.splitlines() for cell in line.split(","))
