"""The command compare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import gridgeo as gg
from gridgeo import comparison
from gridgeo.cli import main
from gridgeo.model import Plan


def run(*arguments: object) -> Result:
    return CliRunner(env={"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}).invoke(
        main, list(map(str, arguments))
    )


@pytest.fixture(scope="module")
def saved(three: list[Plan], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("plans")
    return [plan.save(folder / f"{name}.gpkg") for plan, name in zip(three[:2], ("first", "second"), strict=True)]


def test_the_command_prints_and_writes_the_table(saved: list[Path], three: list[Plan], tmp_path: Path) -> None:
    out = tmp_path / "figures.csv"
    result = run("compare", *saved, "--csv", out, "--lang", "en")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].split() == ["grid", "first", "second"]
    assert next(row for row in lines if row.startswith("zones")).split()[1:] == [
        str(len(plan.zones("grid"))) for plan in three[:2]
    ]
    assert len({len(row) for row in lines[:16]}) == 1  # columns end below each other
    table = pd.read_csv(out).set_index(["tier", "plan"])
    expected = gg.compare(three[:2], ["first", "second"])
    assert table.columns.tolist() == expected.columns.tolist()
    assert table.pop("balanced load").tolist() == expected.pop("balanced load").tolist()
    assert np.allclose(table.to_numpy(dtype=float), expected.to_numpy(dtype=float, na_value=np.nan), equal_nan=True)


def test_the_command_speaks_chinese_and_keeps_files(
    saved: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "figures.csv"
    assert "网格数" in run("compare", *saved, "--csv", out, "--lang", "zh").stderr
    # the terminal speaks English, the file is written in Chinese, and the figures are worked out once
    calls, measured = [], comparison.measured

    def counted(*given: Any) -> Any:
        calls.append(1)
        return measured(*given)

    monkeypatch.setattr(comparison, "measured", counted)
    plain = run("compare", *saved, "--csv", out, "--overwrite")
    assert "inner borders in all [m]" in plain.stderr
    assert "内部界线总长" in out.read_text(encoding="utf-8")
    assert calls == [1]
    assert out.read_bytes().startswith("\ufeff网格级".encode())
    again = run("compare", *saved, "--csv", out)
    assert again.exit_code == 2
    assert "--overwrite" in again.stderr
    assert run("compare", *saved, "--csv", out, "--overwrite").exit_code == 0


def test_plans_of_one_name_in_two_folders_are_told_apart(saved: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / saved[0].name
    copy.write_bytes(saved[0].read_bytes())
    result = run("compare", saved[0], copy)
    assert result.exit_code == 0
    assert str(copy) in result.stderr
    assert run("compare", saved[0], tmp_path / "none.gpkg").exit_code == 2
