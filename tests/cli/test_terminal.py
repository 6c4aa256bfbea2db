"""What stands on the screen, in two languages."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from rich.cells import cell_len

import gridgeo as gg
from gridgeo.files.atomic import write_layers
from gridgeo.files.reading import explain
from gridgeo.messages import LANGS
from tests.cli.running import COMMUNITY, DRAWN, run
from tests.conftest import EAST, NORTH
from tests.made import Town, build

SCREEN = 30
"""Lines that a terminal shows at once."""


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
    data = told[told.index("Problems in the data:") + 1 :]
    made = gg.Plan.load(tmp_path / "plan.gpkg").site.account
    made = made[made["reason"].notna()]
    kinds = [line for line in data if re.match(r"  \w+, \d+: ", line)]
    assert len(kinds) == sum(line.startswith("    → ") for line in data) == 3
    for line in kinds:
        ((layer, n, words),) = re.findall(r"^  (\w+), (\d+): ([^(]+)", line)
        of_layer = made[made["layer"] == layer]
        (reason,) = (name for name in of_layer["reason"].unique() if str(explain(name)) == words.strip())
        assert (of_layer["reason"] == reason).sum() == int(n)
    assert any(re.fullmatch(r"  kinds not shown: \d; kinds that need no action: \d", line) for line in data)


def test_a_problem_is_told_once(tmp_path: Path) -> None:
    result = run("divide", COMMUNITY, "--households", "hoseholds", "-o", tmp_path / "plan.gpkg")
    assert result.stderr.count("hoseholds") <= 2


def test_messages_speak_the_language_of_the_terminal_or_as_asked(plan: Path) -> None:
    assert "check: " in run("check", plan).stderr
    assert "核查：" in run("check", plan, LANG="zh_CN.UTF-8").stderr
    assert "核查：" in run("check", plan, "--lang", "zh").stderr


def test_the_summary_counts_what_was_not_met_by_reason_and_tells_findings_once(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    result = run("divide", COMMUNITY, "--tier", "micro:50-52:3", "--effort", "fast", "-o", path)
    made = gg.Plan.load(path)
    counts = made.notes["reason"].value_counts()
    assert counts["size_no_better"] > 1
    assert f"Not as asked ({len(made.notes)}):" in result.stderr
    assert f"  {counts['size_no_better']} zones: no better division was found (" in result.stderr
    n = gg.check(made).findings["severity"].value_counts()
    assert f"(findings: errors 0, warnings {n['warning']}, notes {n.get('note', 0)})" in result.stderr
    assert "size: " not in result.stderr
    assert f"Written: {path}" in result.stderr


def cell_rows(text: str, width: int = 100) -> int:
    return sum(max(1, -(-cell_len(line) // width)) for line in text.splitlines())


@pytest.mark.parametrize("lang", LANGS)
def test_the_summary_fits_on_one_screen(lang: str, tmp_path: Path) -> None:
    out = ("-o", tmp_path / "plan.gpkg", "--effort", "fast", "--lang", lang)
    told = run("divide", COMMUNITY, "--tier", "grid:300-320:3", "--tier", "micro:50-52", *out).stderr
    assert cell_rows(told) <= SCREEN, told
    assert cell_rows(run("check", tmp_path / "plan.gpkg", "--lang", lang).stderr) <= SCREEN
    drawn = run("check", DRAWN, "--site", COMMUNITY, "--lang", lang).stderr
    assert cell_rows(drawn) <= SCREEN, drawn
    assert not re.search(r"\(\d+\.\d+, \d+\.\d+\)", drawn)
    assert not re.search(r"\b[a-z]+_[a-z]+ \d", drawn)
