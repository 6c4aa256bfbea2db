"""What stands on the screen, in two languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

import gridgeo as gg
from gridgeo.files.atomic import write_layers
from tests.cli.running import COMMUNITY, run
from tests.conftest import EAST, NORTH
from tests.made import Town, build


def test_data_go_to_files_and_words_to_stderr(plan: Path, tmp_path: Path) -> None:
    for arguments in (
        ("check", plan),
        ("map", plan, "-o", tmp_path / "plan.html"),
        ("atlas", plan, "-o", tmp_path / "plan.pdf"),
    ):
        result = run(*arguments)
        assert result.exit_code == 0, result.stderr
        assert result.stdout == ""
        assert result.stderr != ""


def test_the_account_on_the_screen_counts_what_it_is_about_and_names_the_first(tmp_path: Path) -> None:
    site = build(Town(seed=5, columns=2, rows=2, per_block=8, overlaps=True, crossing=True))
    layers = {role: site.layer(role).reset_index() for role in ("communities", "buildings", "streets")}
    homes = layers["buildings"]
    sheds = homes.iloc[:7].assign(id=[f"shed {k}" for k in range(7)])
    sheds["geometry"] = [shapely.box(x, NORTH + 96, x + 1.5, NORTH + 98) for x in EAST + 3.0 * np.arange(7)]
    layers["buildings"] = pd.concat([homes, sheds, homes.iloc[8:9].assign(id=None)], ignore_index=True)
    path = write_layers(tmp_path / "site.gpkg", layers)
    told = run("divide", path, "--effort", "fast", "-o", tmp_path / "plan.gpkg").stderr.splitlines()
    account = [line.removeprefix("account, ") for line in told if line.startswith("account, ")]
    assert any(line.startswith("buildings: rows accepted: 7; a footprint under 4 m2") for line in account)
    few = " | ".join(f"shed {k} 3.00 m2" for k in range(5))
    assert any(line.endswith(f": {few} ...") for line in account)
    assert "buildings: rows accepted: 1; no id; one was made by place: 1" in account
    assert any(line.startswith("buildings: cases: 2; a footprint is the same") and " | " in line for line in account)
    assert any(line.startswith("buildings: cases: 1; a street") for line in account)
    assert any(line.startswith("streets: a street, wall") and line.endswith(" 20.0 m") for line in account)


def test_a_problem_is_told_once(tmp_path: Path) -> None:
    result = run("divide", COMMUNITY, "--households", "hoseholds", "-o", tmp_path / "plan.gpkg")
    assert result.stderr.count("hoseholds") <= 2


def test_messages_speak_the_language_of_the_terminal_or_as_asked(plan: Path) -> None:
    assert "check: " in run("check", plan).stderr
    assert "核查：" in run("check", plan, LANG="zh_CN.UTF-8").stderr
    assert "核查：" in run("check", plan, "--lang", "zh").stderr


def test_notes_of_the_plan_and_findings_of_the_check_are_counted_apart(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    result = run("divide", COMMUNITY, "--tier", "micro:50-52:3", "--effort", "fast", "-o", path)
    made = gg.Plan.load(path)
    warnings = int((made.notes["severity"] == "warning").sum())
    assert warnings
    assert f"notes of the division (warnings {warnings}, notes {len(made.notes) - warnings})" in result.stderr
    found = gg.check(made).findings
    assert f"(findings: errors 0, warnings {len(found)}, notes 0)" in result.stderr
    assert f"size {(found['rule'] == 'size').sum()}" in result.stderr
